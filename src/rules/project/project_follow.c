/* SPDX-License-Identifier: Apache-2.0 */
/* The follower: what an entry changes. */
#include "project/project_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "text/text.h"
#include "project_sql.h"

/* Who gives the allocation: the fields that name the tendering, purchasing, granting or transferring party. */
static const char *const giver_fields[] = {"tenderee", "purchaser", "grantor", "transferor"};

static struct str giver_of(struct arena *mem, const struct val *document)
{
	const struct val *fields = val_at(document, "fields");

	for (size_t i = 0; i < ARRAY_SIZE(giver_fields); i++) {
		const struct val *v = val_find(fields, str_of(giver_fields[i]));
		struct str name = v && v->kind == VAL_TEXT ? v->text : val_str(v, "name");

		if (name.n)
			return str_trim(text_fold(mem, name));
	}
	return STR_NONE;
}

static bool keys_put(struct cx *cx, struct str id, const struct project_keys *keys)
{
	if (!db_run(cx, &SQL_PROJECT_KEYS_CLEAR, DB_ARGS(P("id", id)), NULL))
		return false;
	for (size_t i = 0; i < keys->n; i++)
		if (!db_run(cx, &SQL_PROJECT_KEY_PUT,
			DB_ARGS(P("kind", keys->at[i].kind), P("value", keys->at[i].value),
			    P("id", id)),
			NULL))
			return false;
	return true;
}

/* When a code or stem has just become too common it stops binding: those it bound are grouped anew. */
static bool regroup_crossed(
    struct cx *cx, const struct db_sql *count, const struct db_sql *all, const struct db_arg *args)
{
	struct project_member *rows;
	int64_t n;
	size_t rows_n;

	if (!db_int(cx, count, args, &n))
		return false;
	if (n != PROJECT_SHARED_MAX + 1)
		return true;
	if (!db_all(cx, all, args, project_member_cols, sizeof *rows, (void **)&rows, &rows_n))
		return false;
	for (size_t i = 0; i < rows_n; i++)
		if (!project_regroup(cx, rows[i].id))
			return false;
	return true;
}

static bool crossed(struct cx *cx, struct str title_key, const struct project_keys *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		if (!regroup_crossed(cx, &SQL_PROJECT_KEYED_COUNT, &SQL_PROJECT_KEYED,
			DB_ARGS(P("value", keys->at[i].value),
			    P("kind", project_key_kind(&keys->at[i])))))
			return false;
	return title_key.n == 0 || regroup_crossed(cx, &SQL_PROJECT_TITLED_COUNT,
				       &SQL_PROJECT_TITLED, DB_ARGS(P("title_key", title_key)));
}

static bool apply_notice(struct cx *cx, const struct entry *e, struct str document)
{
	const struct domain *d = cx->app->domain;
	const struct item *it = domain_item(d, val_str(e->meta, "item"));
	struct project_keys keys = {0};
	struct str stem, title_key = STR_NONE,
			 public_on = date_print(cx->mem, instant_day(e->time)), time;
	struct val *doc = NULL;

	if (it == NULL || (document.p != NULL && !json_parse(cx, document, NULL, &doc)))
		return it != NULL || cx_fail(cx, ERR_CORRUPT,
					 "entry %" PRId64 ": item %.*s is not in the catalogue",
					 e->index, STR_ARG(val_str(e->meta, "item")));
	project_keys_of(cx->mem, it, doc, &keys);
	stem = project_title_stem(cx->mem, d, val_str(doc, "title"));
	time = val_str(val_at(doc, "appearance"), "time");
	if (stem.n)
		title_key = str_fmt(cx->mem, "%.*s|%.*s",
		    STR_ARG(val_str(val_at(doc, "appearance"), "platform")), STR_ARG(stem));
	if (time.n >= 10)
		public_on = str_cut(time, 0, 10);
	return db_run(cx, &SQL_PROJECT_NOTICE_PUT,
		   DB_ARGS(P("id", e->id), P("idx", e->index), P("item", it->id),
		       P("stage", it->stage), P("title_key", title_key),
		       P("tenderee", giver_of(cx->mem, doc)), P("public_on", public_on)),
		   NULL) &&
	       keys_put(cx, e->id, &keys) && project_regroup(cx, e->id) &&
	       crossed(cx, title_key, &keys);
}

static bool apply_withdrawal(struct cx *cx, const struct entry *e)
{
	struct project_member m;

	return db_run(cx, &SQL_PROJECT_NOTICE_WITHDRAW, DB_ARGS(P("id", e->id), P("idx", e->index)),
		   NULL) &&
	       db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", e->id)), project_member_cols,
		   &m, NULL) &&
	       project_mark_all(cx, m.project);
}

static bool apply(struct cx *cx, void *state, const struct entry *e, struct str document)
{
	if (str_is(e->type, "notice/v1"))
		return apply_notice(cx, e, document);
	return !str_is(e->type, "withdrawal/v1") || apply_withdrawal(cx, e);
}

static bool clear(struct cx *cx, void *state)
{
	return db_run(cx, &SQL_PROJECT_CLEAR, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_PROJECT_CLEAR_KEYS, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_PROJECT_CLEAR_MARKS, DB_NO_ARGS, NULL);
}

const struct follower project_follower = {
    .name = "project", .version = 2, .apply = apply, .clear = clear};
