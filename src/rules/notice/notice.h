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

enum notice_kind {
	NOTICE_NORMAL = 1,
	NOTICE_CORRECTED = 2,
	NOTICE_REISSUED = 3,
	NOTICE_WITHDRAWN = 9
};

struct notice_row { /* one revision */
	int64_t idx, revision, kind, time,
	    superseded;	 /* superseded: index of the next revision, 0 = none */
	int64_t version; /* of the item it was made with */
	struct str id, item, sector, agency, place, title;
	struct str formed_on; /* date, absent when not stated */
	struct str public_on; /* first public: the appearance's day, else the day of log time */
	struct str platform;  /* of the appearance; absent when first published here */
	struct str
	    phase; /* "open": takes bids, applications …; "publicity": takes objections; absent when neither */
	int64_t closes; /* end of the phase or another deadline, seconds; 0 = none */
	struct str
	    brief; /* JSON: what lists show of the document, so that they need not read it (notice_brief_make) */
};
extern const struct db_col notice_cols[];

struct notice {
	struct notice_row row;
	const struct item *item;     /* the version it was made with */
	const struct agency *agency; /* NULL when the list no longer has it */
	const struct place *place;
	struct val *document; /* NULL when erased */
	struct str document_bytes, salt;
};
/* The current revision, or the given one (revision > 0). ERR_NOT_FOUND. */
MUST_CHECK bool notice_get(struct cx *cx, struct str id, int64_t revision, struct notice *out);
MUST_CHECK bool notice_get_by_index(struct cx *cx, int64_t index, struct notice *out);
/* All published revisions, oldest first. */
MUST_CHECK bool notice_revisions(
    struct cx *cx, struct str id, struct notice_row **rows_out, size_t *n_out);

/* Lists: newest first by (public_on, idx), by keys, no cap. Absent members do not filter. */
struct notice_filter {
	struct str sector, item, agency, place; /* place with its children */
	struct str from, to;			/* public_on, dates */
	struct str before_on,
	    after_on; /* keys: rows older than this one; or newer (the way back) */
	int64_t before_idx, after_idx;
	struct str phase; /* with closes_after: still in this phase at that moment */
	int64_t closes_after;
	int64_t limit;
};
MUST_CHECK bool notice_list(
    struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out);
/* How many the list has, at most max. */
MUST_CHECK bool notice_count_upto(
    struct cx *cx, const struct notice_filter *f, int64_t max, int64_t *out);
/* Current notices of f->phase that close after f->closes_after, the nearest first; sector and limit are used too. */
MUST_CHECK bool notice_closing(
    struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out);
/* Counts of current notices, within the filter's item, sector, agency and place. */
enum notice_by { NOTICE_BY_ITEM, NOTICE_BY_SECTOR, NOTICE_BY_AGENCY, NOTICE_BY_COUNTY };
struct notice_count {
	struct str key;
	int64_t n;
	struct str latest; /* newest public_on */
};
MUST_CHECK bool notice_counts(struct cx *cx, enum notice_by by, const struct notice_filter *within,
    struct notice_count **out, size_t *n_out);

/* ---- making acts ---- */
/* A publish act for a checked document tree: canonical bytes and metadata. role: the operator's role; profile: digest in hex, or absent. */
MUST_CHECK bool notice_act(struct cx *cx, const struct val *document, struct str role,
    struct str profile, struct act *out);
/* The next revision of id after `follows` (0 = whatever is newest). The document's note.kind says 2 (更正, default) or 3 (重发). */
MUST_CHECK bool notice_revise_act(
    struct cx *cx, struct str id, int64_t follows, const struct val *document, struct act *out);
struct notice_withdrawal {
	struct str id;
	struct str ground; /* a code of the list WITHDRAW_GROUND */
	struct str reason; /* in words, required */
	struct str order;  /* of whom, absent when on one's own motion */
};
MUST_CHECK bool notice_withdraw_act(
    struct cx *cx, const struct notice_withdrawal *w, struct act *out);

/* What changed between two documents: list of {field, label, before, after}, leaves; the parts, then the fields in the item's order; null = not there. */
struct val *notice_changes(
    struct cx *cx, const struct item *it, const struct val *before, const struct val *after);
/* One leaf for one value, whatever its type: a body is its name and code, a period its two ends, codes their words. NULL gives null. */
struct val *notice_leaf(struct cx *cx, const struct field *f, const struct val *value);
/* candidates[2].price → 中标候选人 第2行 报价 */
struct str notice_field_label(struct cx *cx, const struct item *it, struct str path);

/* ---- finding by what is printed ---- */
/* The verification code: the first 60 bits of the entry's digest in Crockford's base 32, "7G3K-0QWX-1M2N". digest in hex. */
struct str notice_code(struct arena *mem, struct str digest);
/* A code as people write it (small letters, no hyphens, O for 0, I and L for 1) → the first 15 hexadecimal digits of the digest; false: no code. */
bool notice_code_parse(struct arena *mem, struct str text, struct str *digest_out);
/* The revision whose entry's digest begins with these hexadecimal digits (8 … 64); *found_out. */
MUST_CHECK bool notice_find_digest(
    struct cx *cx, struct str prefix, struct notice_row *out, bool *found_out);
/* Where a document of ours, perhaps altered, belongs: by its foreign identity, else by item, title and dates. *id_out absent: nowhere. */
MUST_CHECK bool notice_find_like(struct cx *cx, const struct val *document, struct str *id_out);
/* The row of a revision (0: the current one) without its document. */
MUST_CHECK bool notice_row_find(
    struct cx *cx, struct str id, int64_t revision, struct notice_row *out, bool *found_out);

/* ---- foreign identities ---- */
struct notice_identity {
	struct str platform, day, identity;
};
/* From the document's appearance; false when it has none. */
bool notice_identity_of(struct arena *mem, const struct val *document, struct notice_identity *out);
/* SHA-256 of the canonical document without its note: equal content is the same notice. */
MUST_CHECK bool notice_content(struct cx *cx, const struct val *document, struct hash *out);
/* Where a foreign identity stands here; *id_out absent when nowhere. content_out: digest of the newest revision's content. */
MUST_CHECK bool notice_identity_find(struct cx *cx, const struct notice_identity *key,
    struct str *id_out, struct bytes *content_out);
/* Many at once, for imports: out[i] is where keys[i] stands. A key whose platform is absent stands nowhere. */
struct notice_standing {
	int64_t at;	      /* position among the keys */
	struct str id;	      /* absent: nowhere */
	int64_t idx;	      /* of the current revision; −1 when none is published yet */
	struct bytes content; /* digest of the newest revision's content */
};
MUST_CHECK bool notice_identities_find(
    struct cx *cx, const struct notice_identity *keys, size_t n, struct notice_standing *out);

extern const struct ledger_view notice_views[]; /* notice/v1, withdrawal/v1; ended by name NULL */

#endif
