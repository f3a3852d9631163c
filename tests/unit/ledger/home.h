/* SPDX-License-Identifier: Apache-2.0 */
/* A home for tests: a folder, a database with the schema, a new log, and a small view that numbers revisions as notices do. */
#ifndef LEDGER_HOME_H
#define LEDGER_HOME_H

#include <fcntl.h>
#include <sys/stat.h>

#include "lib/db.h"
#include "base/io.h"
#include "ledger/ledger_priv.h"

struct home {
	struct cx
	    cx; /* a writer's connection to the same database, for the test's own statements */
	struct ledger_config config;
	struct ledger *ledger;
};

static inline void must(struct cx *cx, bool ok)
{
	if (!ok)
		fail_msg("%s (%s:%d)", cx_error(cx).p, cx->err.file, cx->err.line);
}

/* A statement of the test. */
static inline void sql(struct cx *cx, const char *text)
{
	struct db_sql *s = arena_new(cx->mem, struct db_sql);

	*s = (struct db_sql){text, text, NULL};
	must(cx, db_run(cx, s, DB_NO_ARGS, NULL));
}

static inline int64_t sql_int(struct cx *cx, const char *text)
{
	struct db_sql *s = arena_new(cx->mem, struct db_sql);
	int64_t v;

	*s = (struct db_sql){text, text, NULL};
	must(cx, db_int(cx, s, DB_NO_ARGS, &v));
	return v;
}

/* ---- the view: the last revision of each id ---- */

static const struct db_sql seen_get = {
    "seen_get", "SELECT idx, revision FROM test_seen WHERE id = :id", NULL};
static const struct db_sql seen_put = {"seen_put",
    "INSERT INTO test_seen (id, idx, revision) VALUES (:id, :idx, :revision) ON CONFLICT (id) DO "
    "UPDATE SET "
    "idx = excluded.idx, revision = excluded.revision",
    NULL};
static const struct db_sql seen_clear = {"seen_clear", "DELETE FROM test_seen", NULL};

struct seen {
	int64_t idx, revision;
};
static const struct db_col seen_cols[] = {
    COL(struct seen, idx), COL(struct seen, revision), COL_END};

static inline bool seen_check(struct cx *cx, struct act *act)
{
	struct seen s;
	bool found;

	if (str_is(act->identity, "same")) {
		act->result.unchanged = true;
		return true;
	}
	if (str_is(act->identity, "refuse"))
		return cx_fail(cx, ERR_CONFLICT, "the view says no");
	if (act->id.n == 0)
		return true;
	if (!db_one(cx, &seen_get, DB_ARGS(P("id", act->id)), seen_cols, &s, &found))
		return false;
	if (!found && str_is(str_of(act->type), "item/v1"))
		return true;
	if (!found)
		return cx_fail(cx, ERR_NOT_FOUND, "no %.*s", STR_ARG(act->id));
	act->corrects = s.idx;
	if (!str_is(str_of(act->type), "item/v1"))
		act->result.revision = s.revision + 1;
	return true;
}

static inline bool seen_apply(struct cx *cx, const struct entry *e, struct str document)
{
	(void)document;
	return db_run(cx, &seen_put,
	    DB_ARGS(P("id", e->id), P("idx", e->index), P("revision", e->revision)), NULL);
}

static inline bool seen_forget(struct cx *cx)
{
	return db_run(cx, &seen_clear, DB_NO_ARGS, NULL);
}

static const struct ledger_view test_views[] = {
    {"seen", "notice/v1", seen_check, seen_apply, seen_forget},
    {"seen-withdrawal", "withdrawal/v1", seen_check, seen_apply, seen_forget},
    {"seen-item", "item/v1", seen_check, seen_apply, seen_forget},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- the home ---- */

static inline void remove_tree(const char *dir)
{
	char command[400];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

static inline struct home *home_make(struct arena *mem)
{
	struct home *h = arena_new(mem, struct home);
	const char *dir = str_fmt(mem, "/tmp/gongkai-home-%ld", (long)getpid()).p;
	const struct db_migration *migrations;
	size_t n;

	remove_tree(dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	h->cx = db_test_open(mem);
	h->cx.now = 0;
	db_migrations(mem, &migrations, &n);
	must(&h->cx, db_migrate(&h->cx, migrations, n));
	sql(&h->cx, "CREATE TABLE test_seen (id TEXT PRIMARY KEY, idx BIGINT NOT NULL, revision "
		    "BIGINT NOT NULL)");
	h->config = (struct ledger_config){.home = str_of(dir),
	    .db_url = str_dup(mem, str_of(db_test_url())),
	    .origin = STR("test.example/log/1"),
	    .city = STR("360800"),
	    .generation = 1,
	    .mode = LEDGER_WRITE,
	    .views = test_views};
	must(&h->cx, ledger_init(&h->cx, &h->config));
	return h;
}

static inline void home_open(struct home *h)
{
	must(&h->cx, ledger_open(&h->cx, &h->config, &h->ledger));
}

static inline void home_close(struct home *h)
{
	ledger_close(h->ledger);
	h->ledger = NULL;
}

static inline void home_remove(struct home *h)
{
	home_close(h);
	db_test_close(&h->cx);
	remove_tree(h->config.home.p);
}

/* ---- acts ---- */

static inline struct val *notice_meta(struct arena *mem)
{
	struct val *meta = val_map(mem);

	val_set_text(mem, meta, "item", STR("works.result@1"));
	val_set_text(mem, meta, "agency", STR("jian.housing"));
	val_set_text(mem, meta, "place", STR("360800"));
	val_set_text(mem, meta, "formed_on", STR("2026-03-16"));
	val_set_int(mem, meta, "kind", 1);
	return meta;
}

static inline struct act publish_act(struct arena *mem, int64_t i)
{
	return (struct act){.type = "notice/v1",
	    .meta = notice_meta(mem),
	    .sector = STR("works"),
	    .document = str_fmt(mem, "{\"title\":\"notice %" PRId64 "\"}", i)};
}

static inline struct act revise_act(struct arena *mem, struct str id, const char *type)
{
	return (struct act){.type = type,
	    .meta = notice_meta(mem),
	    .id = id,
	    .document = str_fmt(mem, "{\"title\":\"%s of %.*s\"}", type, STR_ARG(id))};
}

/* Publishes n notices in one call; their results are checked. */
static inline struct act *publish(struct home *h, size_t n)
{
	struct act *acts = arena_array(h->cx.mem, struct act, n);

	for (size_t i = 0; i < n; i++)
		acts[i] = publish_act(h->cx.mem, (int64_t)i);
	must(&h->cx, ledger_commit(&h->cx, h->ledger, acts, n));
	for (size_t i = 0; i < n; i++)
		if (acts[i].result.code != ERR_NONE)
			fail_msg("act %zu: %s", i, acts[i].result.message.p);
	return acts;
}

#endif
