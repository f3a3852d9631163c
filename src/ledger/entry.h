/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an entry may say. One table of types, one of members: whatever is not named here never enters the log, and no value may hold words of people
 * (values are codes, numbers, dates, digests), so an entry never needs erasing.
 */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "ledger/ledger.h"

struct entry_type {
	const char *tag;     /* the first line */
	const char *family;  /* whose ids these are: notices and their withdrawals share one */
	uint32_t needs, may; /* members, bit k: entry_members[k] */
	bool numbered;	     /* revisions are 1, 2, 3 …; else versions only grow */
};
/* NULL when the type is unknown. */
const struct entry_type *entry_type_find(struct str tag);

/* What the sequencer adds to an act. */
struct entry_fill {
	struct str id;
	int64_t revision;
	struct str time;	   /* 2026-01-31T09:00:00+08:00 */
	const struct hash *digest; /* NULL: the act has no document */
	int64_t length;
	int64_t corrects; /* −1 = nothing */
	struct hash corrects_leaf;
};
/* The entry as entry_parse would read it, index and time aside. ERR_INPUT names the member that is missing, not allowed or of the wrong form. */
MUST_CHECK bool entry_make(
    struct cx *cx, const struct act *act, const struct entry_fill *fill, struct entry *out);

/* {"index","leaf"} of an entry's member (corrects, erases). */
struct entry_target {
	int64_t index; /* −1: the entry has no such member */
	struct hash leaf;
};
struct entry_target entry_target(const struct val *meta, const char *member);
/* The digest member; false when there is none. */
bool entry_digest(const struct val *meta, struct hash *out);
/* digest = SHA-256(salt ‖ document) */
struct hash document_digest(struct str salt, struct str document);

#endif
