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
	struct str id, item, sector, agency, place, title, formed_on, public_on, platform;
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
	struct str before_on;                   /* key: continue after this row */
	int64_t before_idx;
	int64_t limit;
};
MUST_CHECK bool notice_list(struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out);
/* Counts of current notices by item, agency or place ("item" | "agency" | "place" | "sector"), optionally within an agency or sector or place. */
struct notice_count {
	struct str key;
	int64_t n;
	struct str latest; /* newest public_on */
};
MUST_CHECK bool notice_counts(struct cx *cx, const char *by, const struct notice_filter *within, struct notice_count **out, size_t *n_out);

/* ---- making acts ---- */
/* A publish act for a checked document tree: canonical bytes, metadata. role: operator's role; profile: digest hex or absent. */
MUST_CHECK bool notice_act(struct cx *cx, const struct val *document, struct str role, struct str profile, struct act *out);
/* The next revision of id with this document (kind NOTICE_CORRECTED or REISSUED is taken from note.kind). */
MUST_CHECK bool notice_revise_act(struct cx *cx, struct str id, const struct val *document, struct act *out);
MUST_CHECK bool notice_withdraw_act(struct cx *cx, struct str id, struct str ground, struct str reason, struct act *out);

/* What changed between two documents: list of {field, label, before, after} as display values, in the order of the item's fields. */
struct val *notice_changes(struct cx *cx, const struct item *it, const struct val *before, const struct val *after);

/* The foreign identity under which an imported notice was published here; *id_out absent when there is none. digest_out: SHA-256 of its document (without note). */
MUST_CHECK bool notice_identity_find(struct cx *cx, struct str platform, struct str date, struct str identity, struct str *id_out,
    struct str *content_out);

extern const struct ledger_view notice_views[]; /* notice/v1, withdrawal/v1; ended by name NULL */

#endif
