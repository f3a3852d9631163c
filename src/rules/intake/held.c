/* SPDX-License-Identifier: Apache-2.0 */
/* Source rows that did not become notices: private state, kept until they do. */
#include "codec/json.h"
#include "intake/intake_priv.h"
#include "intake_sql.h"

#define KEYS_MAX 10000000

const struct db_col held_cols[] = {
    COL(struct held_row, id),
    COL(struct held_row, line),
    COL(struct held_row, rows),
    COL(struct held_row, time),
    COL(struct held_row, profile),
    COL(struct held_row, file),
    COL(struct held_row, key),
    COL(struct held_row, outcome),
    COL(struct held_row, issues),
    COL(struct held_row, raw),
    COL_END,
};

static bool save_one(struct cx *cx, const struct held_row *h)
{
	if (!h->outcome.p)
		return db_run(
		    cx, &SQL_HELD_CLEAR, DB_ARGS(P("profile", h->profile), P("key", h->key)), NULL);
	return db_run(cx, &SQL_HELD_PUT,
	    DB_ARGS(P("profile", h->profile), P("key", h->key), P("file", h->file),
		P("line", h->line), P("rows", h->rows), P("outcome", h->outcome),
		P("issues", h->issues), P("raw", h->raw), P("time", h->time)),
	    NULL);
}

static bool save_all(struct cx *cx, void *arg)
{
	const struct held_changes *changes = arg;

	for (size_t i = 0; i < changes->n; i++)
		if (!save_one(cx, &changes->at[i].row))
			return cx_note(cx, "keeping row %" PRId64 " of %.*s",
			    changes->at[i].row.line, STR_ARG(changes->at[i].row.file));
	return true;
}

bool held_save(struct cx *cx, struct held_changes *changes)
{
	return changes->n == 0 || db_tx(cx, save_all, changes);
}

struct key_row {
	struct str key;
};

static bool keep_key(struct cx *cx, const void *row, void *arg)
{
	const struct key_row *r = row;

	map_put(cx->mem, arg, r->key, NULL);
	return true;
}

bool held_keys(struct cx *cx, struct str profile, struct map *out)
{
	static const struct db_col cols[] = {COL(struct key_row, key), COL_END};
	const struct db_each each = {
	    .cols = cols, .row_size = sizeof(struct key_row), .fn = keep_key, .arg = out};

	return db_each(cx, &SQL_HELD_KEYS, DB_ARGS(P("profile", profile)), &each);
}

bool intake_held_list(struct cx *cx, struct str outcome, int64_t after, int64_t limit,
    struct held_row **rows_out, size_t *n_out)
{
	return db_all(cx, &SQL_HELD_LIST,
	    DB_ARGS(P("after", after), P("outcome", outcome), P("max_rows", limit)), held_cols,
	    sizeof(struct held_row), (void **)rows_out, n_out);
}

bool intake_held_get(struct cx *cx, int64_t id, struct held_row *out)
{
	bool found;

	if (!db_one(cx, &SQL_HELD_GET, DB_ARGS(P("id", id)), held_cols, out, &found))
		return false;
	return found || cx_fail(cx, ERR_NOT_FOUND,
			    "no held row %" PRId64 "; `gongkai held list` shows them", id);
}

static bool drop(struct cx *cx, void *arg)
{
	const int64_t *id = arg;

	return db_run(cx, &SQL_HELD_DROP, DB_ARGS(P("id", *id)), NULL);
}

bool intake_held_drop(struct cx *cx, int64_t id)
{
	struct held_row h;

	return intake_held_get(cx, id, &h) && db_tx(cx, drop, &id);
}

/* Does an issue of the row name this rule, and may it be waived? */
static bool waiver_fits(struct cx *cx, const struct held_row *h, struct str rule)
{
	struct val *issues;
	bool named = false;

	if (!json_parse(cx, h->issues, NULL, &issues))
		return cx_note(cx, "reading the issues of held row %" PRId64, h->id);
	VAL_EACH(i, issues) {
		const struct val *waivable = val_at(issues->at[i], "waivable");

		if (!str_eq(val_str(issues->at[i], "rule"), rule) ||
		    !str_is(val_str(issues->at[i], "severity"), "error"))
			continue;
		named = true;
		if (!waivable || !waivable->truth)
			return cx_fail(cx, ERR_INPUT,
			    "the rule \"%.*s\" may not be waived: correct the source, or drop the "
			    "row",
			    STR_ARG(rule));
	}
	return named ||
	       cx_fail(cx, ERR_INPUT,
		   "row %" PRId64 " is not held by a rule \"%.*s\"; `gongkai held show %" PRId64
		   "` lists its issues",
		   h->id, STR_ARG(rule), h->id);
}

bool intake_held_retry(struct cx *cx, struct ledger *l, int64_t id,
    const struct intake_options *options, struct intake_totals *out)
{
	struct intake_options again = *options;
	struct held_row h;
	struct str rest = options->waive, rule;

	if (!intake_held_get(cx, id, &h))
		return false;
	if (rest.p && !str_trim(options->waive_reason).n)
		return cx_fail(cx, ERR_INPUT, "a waiver says why: --reason is missing");
	if (!intake_reason_check(cx, "reason", options->waive_reason))
		return false;
	while (str_split(&rest, ',', &rule))
		if (!waiver_fits(cx, &h, rule))
			return false;
	again.text = (struct str){(const char *)h.raw.p, h.raw.n};
	again.file = h.file;
	again.profile_name = h.profile;
	return intake_import(cx, l, &again, out);
}
