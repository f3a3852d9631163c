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

/* What a notice was known by before its revision. */
struct before {
	struct str title_key;
	struct project_keys keys;
};

static bool before_get(struct cx *cx, struct str id, struct before *out)
{
	struct project_member m;
	bool found;

	*out = (struct before){0};
	if (!db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", id)), project_member_cols, &m,
		&found))
		return false;
	if (found)
		out->title_key = m.title_key;
	return !found || db_all(cx, &SQL_PROJECT_KEYS, DB_ARGS(P("id", id)), project_key_cols,
			     sizeof *out->keys.at, (void **)&out->keys.at, &out->keys.n);
}

static bool has_key(const struct project_keys *keys, const struct project_key *key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (str_eq(keys->at[i].kind, key->kind) && str_eq(keys->at[i].value, key->value))
			return true;
	return false;
}

/* A code or stem, and the two statements that ask about it. */
struct bond {
	const struct db_sql *count, *all;
	const struct db_arg *args;
};

/* Regrouping a notice computes anew its whole project, as it was and as it will be: each project is taken once. */
static bool bond_regroup(struct cx *cx, const struct bond *b)
{
	struct project_member *rows, now;
	struct map done = {0};
	size_t n;

	if (!db_all(cx, b->all, b->args, project_member_cols, sizeof *rows, (void **)&rows, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", rows[i].id)),
			project_member_cols, &now, NULL))
			return false;
		if (map_has(&done, rows[i].project) || map_has(&done, now.project))
			continue;
		if (!project_regroup(cx, rows[i].id) ||
		    !db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", rows[i].id)),
			project_member_cols, &now, NULL))
			return false;
		(void)map_put(cx->mem, &done, rows[i].project, NULL);
		(void)map_put(cx->mem, &done, now.project, NULL);
	}
	return true;
}

/* A bond that came with this revision: when it has just become too common it stops binding, and those it bound are grouped anew. */
static bool bond_came(struct cx *cx, const struct bond *b)
{
	int64_t n;

	if (!db_int(cx, b->count, b->args, &n))
		return false;
	return n != PROJECT_SHARED_MAX + 1 || bond_regroup(cx, b);
}

/* A bond that went: the others may be no longer too many, or no longer disagree. */
static bool bond_went(struct cx *cx, const struct bond *b)
{
	int64_t n;

	if (!db_int(cx, b->count, b->args, &n))
		return false;
	return n > PROJECT_SHARED_MAX || bond_regroup(cx, b);
}

static bool keys_changed(struct cx *cx, const struct project_keys *of,
    const struct project_keys *unless, bool (*fn)(struct cx *, const struct bond *))
{
	for (size_t i = 0; i < of->n; i++) {
		const struct project_key *k = &of->at[i];
		const struct bond b = {&SQL_PROJECT_KEYED_COUNT, &SQL_PROJECT_KEYED,
		    DB_ARGS(P("value", k->value), P("kind", project_key_kind(k)))};

		if (!has_key(unless, k) && !fn(cx, &b))
			return false;
	}
	return true;
}

/* Those whom the notice bound, or kept apart, before this revision and those whom it does now. */
static bool neighbours_regroup(
    struct cx *cx, const struct before *old, struct str title_key, const struct project_keys *keys)
{
	const struct bond went = {&SQL_PROJECT_TITLED_COUNT, &SQL_PROJECT_TITLED,
			      DB_ARGS(P("title_key", old->title_key))},
			  came = {&SQL_PROJECT_TITLED_COUNT, &SQL_PROJECT_TITLED,
			      DB_ARGS(P("title_key", title_key))};

	if (!keys_changed(cx, &old->keys, keys, bond_went) ||
	    !keys_changed(cx, keys, &old->keys, bond_came))
		return false;
	if (str_eq(old->title_key, title_key))
		return true;
	return (old->title_key.n == 0 || bond_went(cx, &went)) &&
	       (title_key.n == 0 || bond_came(cx, &came));
}

static bool apply_notice(struct cx *cx, const struct entry *e, struct str document)
{
	const struct domain *d = cx->app->domain;
	const struct item *it = domain_item(d, val_str(e->meta, "item"));
	struct project_keys keys = {0};
	struct before old;
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
	return before_get(cx, e->id, &old) &&
	       db_run(cx, &SQL_PROJECT_NOTICE_PUT,
		   DB_ARGS(P("id", e->id), P("idx", e->index), P("item", it->id),
		       P("stage", it->stage), P("title_key", title_key),
		       P("tenderee", giver_of(cx->mem, doc)), P("public_on", public_on)),
		   NULL) &&
	       keys_put(cx, e->id, &keys) && project_regroup(cx, e->id) &&
	       neighbours_regroup(cx, &old, title_key, &keys);
}

static bool apply_withdrawal(struct cx *cx, const struct entry *e)
{
	struct project_member m;

	return db_run(cx, &SQL_PROJECT_NOTICE_WITHDRAW, DB_ARGS(P("id", e->id), P("idx", e->index)),
		   NULL) &&
	       project_regroup(cx, e->id) &&
	       db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", e->id)), project_member_cols,
		   &m, NULL) &&
	       project_mark_all(cx, m.project);
}

static bool apply(struct cx *cx, void *state, const struct entry *e, struct str document)
{
	struct arena_mark m = arena_mark(cx->mem);
	bool notice = str_is(e->type, "notice/v1");

	if (!notice && !str_is(e->type, "withdrawal/v1"))
		return true;
	if (notice ? !apply_notice(cx, e, document) : !apply_withdrawal(cx, e))
		return false;
	arena_rewind(cx->mem, m); /* many entries are one transaction, and a project may be large */
	return true;
}

static bool clear(struct cx *cx, void *state)
{
	return db_run(cx, &SQL_PROJECT_CLEAR, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_PROJECT_CLEAR_KEYS, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_PROJECT_CLEAR_MARKS, DB_NO_ARGS, NULL);
}

const struct follower project_follower = {
    .name = "project", .version = 3, .apply = apply, .clear = clear};
