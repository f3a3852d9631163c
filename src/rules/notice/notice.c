/* SPDX-License-Identifier: Apache-2.0 */
#include "notice/notice_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "notice_sql.h"

const struct db_col notice_cols[] = {
    COL(struct notice_row, idx),
    COL(struct notice_row, revision),
    COL(struct notice_row, kind),
    COL(struct notice_row, version),
    COL(struct notice_row, time),
    COL(struct notice_row, superseded),
    COL(struct notice_row, id),
    COL(struct notice_row, item),
    COL(struct notice_row, sector),
    COL(struct notice_row, agency),
    COL(struct notice_row, place),
    COL(struct notice_row, title),
    COL(struct notice_row, formed_on),
    COL(struct notice_row, public_on),
    COL(struct notice_row, platform),
    COL(struct notice_row, phase),
    COL(struct notice_row, closes),
    COL(struct notice_row, brief),
    COL_END,
};

/* Fills what a row points at: the item in the version it was made with, agency, place, the document. */
static bool complete(struct cx *cx, struct notice *n)
{
	const struct domain *d = cx->app->domain;
	struct str ref = str_fmt(cx->mem, "%.*s@%" PRId64, STR_ARG(n->row.item), n->row.version);

	n->item = domain_item(d, ref);
	if (n->item == NULL)
		return cx_fail(cx, ERR_CORRUPT,
		    "notice %.*s was made under %.*s, which is not in the catalogue",
		    STR_ARG(n->row.id), STR_ARG(ref));
	n->agency = domain_agency(d, n->row.agency);
	n->place = domain_place(d, n->row.place);
	if (!ledger_document_find(cx, n->row.idx, &n->document_bytes, &n->salt))
		return false;
	n->document = NULL;
	return n->document_bytes.p == NULL || json_parse(cx, n->document_bytes, NULL, &n->document);
}

bool notice_row_find(
    struct cx *cx, struct str id, int64_t revision, struct notice_row *out, bool *found_out)
{
	*out = (struct notice_row){0};
	return db_one(cx, &SQL_NOTICE_FIND,
	    DB_ARGS(P("id", id), P("published", ledger_published(cx->app->ledger)),
		db_arg_when(revision > 0, P("revision", revision))),
	    notice_cols, out, found_out);
}

bool notice_get(struct cx *cx, struct str id, int64_t revision, struct notice *out)
{
	bool found;

	*out = (struct notice){0};
	if (!notice_row_find(cx, id, revision, &out->row, &found))
		return false;
	if (!found)
		return cx_fail(cx, ERR_NOT_FOUND, "no notice %.*s", STR_ARG(id));
	return complete(cx, out);
}

bool notice_get_by_index(struct cx *cx, int64_t index, struct notice *out)
{
	int64_t published = ledger_published(cx->app->ledger);
	bool found;

	*out = (struct notice){0};
	if (!db_one(cx, &SQL_NOTICE_BY_INDEX, DB_ARGS(P("idx", index), P("published", published)),
		notice_cols, &out->row, &found))
		return false;
	if (!found)
		return cx_fail(cx, ERR_NOT_FOUND, "entry %" PRId64 " is no notice", index);
	return complete(cx, out);
}

bool notice_revisions(struct cx *cx, struct str id, struct notice_row **rows_out, size_t *n_out)
{
	int64_t published = ledger_published(cx->app->ledger);

	return db_all(cx, &SQL_NOTICE_REVISIONS, DB_ARGS(P("id", id), P("published", published)),
	    notice_cols, sizeof **rows_out, (void **)rows_out, n_out);
}

/* ---- lists ---- */

/* The optional arguments of a filter, in a buffer of their own so that absent ones are left out. */
struct args {
	struct db_arg at[16];
	size_t n;
};

static void arg_text(struct args *a, const char *name, struct str value)
{
	if (value.n)
		a->at[a->n++] = db_arg_text(name, value);
}

static void arg_int(struct args *a, const char *name, int64_t value)
{
	a->at[a->n++] = db_arg_int(name, value);
}

/* A place filters with its children: by the column of its depth, and exactly below the county. */
static void arg_place(struct cx *cx, struct args *a, struct str code)
{
	if (code.n)
		arg_text(a, place_column(domain_place(cx->app->domain, code)), code);
}

static void args_filter(struct cx *cx, struct args *a, const struct notice_filter *f)
{
	arg_int(a, "published", ledger_published(cx->app->ledger));
	arg_text(a, "item", f->item);
	arg_text(a, "sector", f->sector);
	arg_text(a, "agency", f->agency);
	arg_place(cx, a, f->place);
	arg_text(a, "from_on", f->from);
	arg_text(a, "to_on", f->to);
	arg_text(a, "phase", f->phase);
	if (f->phase.n)
		arg_int(a, "closes", f->closes_after);
	arg_int(a, "max_rows", f->limit);
}

bool notice_count_upto(struct cx *cx, const struct notice_filter *f, int64_t max, int64_t *out)
{
	struct notice_filter bounded = *f;
	struct args a = {.n = 0};

	bounded.limit = max;
	args_filter(cx, &a, &bounded);
	return db_int(cx, &SQL_NOTICE_COUNT, a.at, out);
}

bool notice_closing(
    struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out)
{
	return db_all(cx, &SQL_NOTICE_CLOSING,
	    DB_ARGS(P("phase", f->phase), P("closes", f->closes_after),
		P("published", ledger_published(cx->app->ledger)), P("sector", f->sector),
		P("max_rows", f->limit)),
	    notice_cols, sizeof **rows_out, (void **)rows_out, n_out);
}

bool notice_list(
    struct cx *cx, const struct notice_filter *f, struct notice_row **rows_out, size_t *n_out)
{
	struct args a = {.n = 0};
	bool back = f->after_on.n > 0;

	args_filter(cx, &a, f);
	if (back) {
		arg_text(&a, "after_on", f->after_on);
		arg_int(&a, "after_idx", f->after_idx);
	} else if (f->before_on.n) {
		arg_text(&a, "before_on", f->before_on);
		arg_int(&a, "before_idx", f->before_idx);
	}
	if (!db_all(cx, back ? &SQL_NOTICE_AFTER : &SQL_NOTICE_LIST, a.at, notice_cols,
		sizeof **rows_out, (void **)rows_out, n_out))
		return false;
	for (size_t i = 0; back && i < *n_out / 2; i++) {
		struct notice_row swap = (*rows_out)[i];

		(*rows_out)[i] = (*rows_out)[*n_out - 1 - i];
		(*rows_out)[*n_out - 1 - i] = swap;
	}
	return true;
}

bool notice_counts(struct cx *cx, enum notice_by by, const struct notice_filter *within,
    struct notice_count **out, size_t *n_out)
{
	static const struct db_sql *const statement[] = {
	    [NOTICE_BY_ITEM] = &SQL_NOTICE_COUNT_ITEM,
	    [NOTICE_BY_SECTOR] = &SQL_NOTICE_COUNT_SECTOR,
	    [NOTICE_BY_AGENCY] = &SQL_NOTICE_COUNT_AGENCY,
	    [NOTICE_BY_COUNTY] = &SQL_NOTICE_COUNT_COUNTY,
	};
	static const struct db_col cols[] = {
	    COL(struct notice_count, key),
	    COL(struct notice_count, n),
	    COL(struct notice_count, latest),
	    COL_END,
	};
	struct args a = {.n = 0};

	arg_int(&a, "published", ledger_published(cx->app->ledger));
	if (by != NOTICE_BY_ITEM)
		arg_text(&a, "item", within->item);
	if (by == NOTICE_BY_ITEM &&
	    within->sector
		.n) { /* the items of a sector are a range: the index of items answers alone */
		arg_text(&a, "item_from", str_fmt(cx->mem, "%.*s.", STR_ARG(within->sector)));
		arg_text(&a, "item_to", str_fmt(cx->mem, "%.*s/", STR_ARG(within->sector)));
	} else if (by != NOTICE_BY_SECTOR) {
		arg_text(&a, "sector", within->sector);
	}
	if (by != NOTICE_BY_AGENCY)
		arg_text(&a, "agency", within->agency);
	if (by != NOTICE_BY_COUNTY)
		arg_place(cx, &a, within->place);
	return db_all(cx, statement[by], a.at, cols, sizeof **out, (void **)out, n_out);
}

bool notice_identity_find(
    struct cx *cx, const struct notice_identity *key, struct str *id_out, struct bytes *content_out)
{
	struct identity_row row = {0};
	bool found;

	if (!db_one(cx, &SQL_NOTICE_IDENTITY_FIND,
		DB_ARGS(
		    P("platform", key->platform), P("day", key->day), P("identity", key->identity)),
		identity_cols, &row, &found))
		return false;
	*id_out = found ? row.id : STR_NONE;
	*content_out = row.content;
	return true;
}

/* [[platform, day, identity], …]; a text with a NUL stands nowhere and no database takes it. */
static struct str identities_print(struct arena *mem, const struct notice_identity *keys, size_t n)
{
	struct buf b = buf_new(mem, (size_t)64 << 20);

	for (size_t i = 0; i < n; i++) {
		const struct str parts[] = {keys[i].platform, keys[i].day, keys[i].identity};

		buf_c(&b, i ? ",[" : "[[");
		for (size_t k = 0; k < ARRAY_SIZE(parts) && parts[0].p; k++) {
			buf_c(&b, k ? "," : "");
			json_print_text(&b, str_has(parts[k], STR("\0")) ? STR("") : parts[k]);
		}
		buf_char(&b, ']');
	}
	buf_c(&b, n ? "]" : "[]");
	return b.failed ? STR_NONE : buf_str(&b);
}

bool notice_identities_find(
    struct cx *cx, const struct notice_identity *keys, size_t n, struct notice_standing *out)
{
	static const struct db_col cols[] = {
	    COL(struct notice_standing, at),
	    COL(struct notice_standing, id),
	    COL(struct notice_standing, idx),
	    COL(struct notice_standing, content),
	    COL_END,
	};
	struct str text = identities_print(cx->mem, keys, n);
	struct notice_standing *rows;
	size_t rows_n;

	if (text.p == NULL)
		return cx_fail(cx, ERR_LIMIT, "too long identities of %zu notices", n);
	if (!db_all(cx, &SQL_NOTICE_IDENTITIES_FIND,
		DB_ARGS(P("keys", text), P("published", ledger_published(cx->app->ledger))), cols,
		sizeof *rows, (void **)&rows, &rows_n))
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct notice_standing){.idx = -1};
	for (size_t i = 0; i < rows_n; i++)
		out[rows[i].at] = rows[i];
	return true;
}
