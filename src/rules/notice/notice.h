/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice: disclosed documents, their revisions, and withdrawal. A notice is a view of the log: rows per revision keyed by log index (table
 * notice_revision), written by notice_apply inside the commit; current is the newest revision below the published size. Documents live in
 * ledger_document. Law: 政府信息公开条例 12 (index, name, summary, date), 26 (20 working days).
 */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "ledger/ledger.h"
#include "schema/schema.h"

enum notice_kind { NOTICE_NORMAL = 1, NOTICE_CORRECTED = 2, NOTICE_REISSUED = 3, NOTICE_WITHDRAWN = 9 };

struct notice_row { /* one revision */
	int64_t idx, revision, kind, time, superseded; /* superseded: index of the next revision, 0 = none */
	int64_t version;                               /* of the item it was made with */
	struct str id, item, sector, agency, place, title;
	struct str formed_on; /* date, absent when not stated */
	struct str public_on; /* first public: the appearance's day, else the day of log time */
	struct str platform;  /* of the appearance; absent when first published here */
};
extern const struct db_col notice_cols[];

struct notice {
	struct notice_row row;
	const struct item *item;       /* the version it was made with */
	const struct agency *agency;   /* NULL when the list no longer has it */
	const struct place *place;
	struct val *document;          /* NULL when erased */
	struct str document_bytes, salt;
};
/* The current revision, or the given one (revision > 0). ERR_NOT_FOUND. */
MUST_CHECK bool notice_get(struct cx *cx, struct str id, int64_t revision, struct notice *out);
MUST_CHECK bool notice_get_by_index(struct cx *cx, int64_t index, struct notice *out);
/* All published revisions, oldest first. */
MUST_CHECK bool notice_revisions(struct cx *cx, struct str id, struct notice_row **rows_out, size_t *n_out);

/* Lists: newest first by (public_on, idx), by keys, no cap. Absent members do not filter. */
struct notice_filter {
	struct str sector, item, agency, place; /* place with its children */
	struct str from, to;                    /* public_on, dates */
	struct str before_on, after_on;         /* keys: rows older than this one; or newer (the way back) */
	int64_t before_idx, after_idx;
	int64_t limit;
};
MUST_CHECK bool notice_list(struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out);
/* Counts of current notices, within the filter's item, sector, agency and place. */
enum notice_by { NOTICE_BY_ITEM, NOTICE_BY_SECTOR, NOTICE_BY_AGENCY, NOTICE_BY_COUNTY };
struct notice_count {
	struct str key;
	int64_t n;
	struct str latest; /* newest public_on */
};
MUST_CHECK bool notice_counts(struct cx *cx, enum notice_by by, const struct notice_filter *within, struct notice_count **out, size_t *n_out);

/* ---- making acts ---- */
/* A publish act for a checked document tree: canonical bytes and metadata. role: the operator's role; profile: digest in hex, or absent. */
MUST_CHECK bool notice_act(struct cx *cx, const struct val *document, struct str role, struct str profile, struct act *out);
/* The next revision of id after `follows` (0 = whatever is newest). The document's note.kind says 2 (更正, default) or 3 (重发). */
MUST_CHECK bool notice_revise_act(struct cx *cx, struct str id, int64_t follows, const struct val *document, struct act *out);
struct notice_withdrawal {
	struct str id;
	struct str ground; /* a code of the list WITHDRAW_GROUND */
	struct str reason; /* in words, required */
	struct str order;  /* of whom, absent when on one's own motion */
};
MUST_CHECK bool notice_withdraw_act(struct cx *cx, const struct notice_withdrawal *w, struct act *out);

/* What changed between two documents: list of {field, label, before, after} as display values, in the order of the item's fields; null = not there. */
struct val *notice_changes(struct cx *cx, const struct item *it, const struct val *before, const struct val *after);

/* ---- foreign identities ---- */
struct notice_identity {
	struct str platform, day, identity;
};
/* From the document's appearance; false when it has none. */
bool notice_identity_of(struct arena *mem, const struct val *document, struct notice_identity *out);
/* SHA-256 of the canonical document without its note: equal content is the same notice. */
MUST_CHECK bool notice_content(struct cx *cx, const struct val *document, struct hash *out);
/* Where a foreign identity stands here; *id_out absent when nowhere. content_out: digest of the newest revision's content. */
MUST_CHECK bool notice_identity_find(struct cx *cx, const struct notice_identity *key, struct str *id_out, struct bytes *content_out);

extern const struct ledger_view notice_views[]; /* notice/v1, withdrawal/v1; ended by name NULL */

#endif
