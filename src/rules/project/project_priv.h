/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room. */
#ifndef PROJECT_PROJECT_PRIV_H
#define PROJECT_PROJECT_PRIV_H

#include "project/project.h"

/* A code or stem carried by more notices than this names no one process. */
#define PROJECT_SHARED_MAX 200

struct project_key {
	struct str kind, value;
};
struct project_keys {
	struct project_key *at;
	size_t n, cap;
};

/* The code as it is written: a platform's own code is kept as "code|platform". */
struct str project_key_code(struct str value);
/*
 * Whose code is it? A platform's own codes are told apart by kind. One that counts everywhere is the same thing in whatever field a source put it:
 * then absent, and statements leave the kind out.
 */
struct str project_key_kind(const struct project_key *key);

extern const struct db_col project_member_cols[], project_key_cols[];

/* Kinds of codes in the order in which they name a project. */
extern const char *const project_kinds[]; /* ended by NULL */

/* The codes that bind a notice, from the fields of its item that are such identifiers. */
void project_keys_of(
    struct arena *mem, const struct item *it, const struct val *document, struct project_keys *out);

/* Recomputes the project of every notice that hangs together with this one. */
MUST_CHECK bool project_regroup(struct cx *cx, struct str notice);
/* Finds the warnings between the notices of a project anew. */
MUST_CHECK bool project_mark_all(struct cx *cx, struct str project);

#endif
