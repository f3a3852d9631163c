/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wrong input is not a failure but an issue: which field, which rule, which value, and a sentence that says what would be accepted.
 * Rule codes are stable (docs, translations and tests come from them): those of the field types are in schema/rules.h, the others
 * in data/rules/.
 */
#ifndef BASE_ISSUE_H
#define BASE_ISSUE_H

#include "base/list.h"
#include "base/str.h"

enum severity {
	SEVERITY_WARNING, /* publishes and is shown */
	SEVERITY_ERROR,	  /* holds */
};

struct issue {
	struct str field; /* name, dotted for columns, "[n]" for the row: candidates[2].price */
	struct str rule;
	struct str value;   /* as it stood, cut to 200 bytes at a character boundary */
	struct str message; /* for people */
	enum severity severity;
	bool waivable; /* may an officer waive it with a reason? */
};

struct issues {
	struct issue *at;
	size_t n, cap;
};

void issue_add(struct arena *mem, struct issues *list, struct issue issue);
bool issues_hold(const struct issues *list); /* is there an error among them? */

#endif
