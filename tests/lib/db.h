/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same test on both engines. A test's main runs its group, then, when db_test_postgres() says that GONGKAI_PG_URL names a server
 * (tests/lib/pg.py starts one), runs it again: db_test_open then gives an empty PostgreSQL schema instead of an empty SQLite file.
 */
#ifndef LIB_DB_H
#define LIB_DB_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/unit.h"
#include "db/db.h"

static bool db_test_on_postgres;
static char db_test_path[300];

/* True from now on: PostgreSQL. False, with a line that says so: there is no server. */
static inline bool db_test_postgres(void)
{
	const char *url = getenv("GONGKAI_PG_URL");

	db_test_on_postgres = url && *url;
	if (!db_test_on_postgres)
		(void)fprintf(stderr, "PostgreSQL: skipped, GONGKAI_PG_URL is not set\n");
	return db_test_on_postgres;
}

/* On PostgreSQL each test program has a schema of its own, so that programs may run side by side. */
static inline const char *db_test_url(void)
{
	if (db_test_on_postgres)
		(void)snprintf(db_test_path, sizeof db_test_path,
		    "%s&options=-csearch_path%%3Dtest_%ld", getenv("GONGKAI_PG_URL"),
		    (long)getpid());
	else
		(void)snprintf(
		    db_test_path, sizeof db_test_path, "/tmp/gongkai-test-%ld.db", (long)getpid());
	return db_test_path;
}

static inline struct cx db_test_connect(struct arena *mem, enum db_mode mode)
{
	struct cx cx = {.mem = mem, .lang = "zh", .now = 1767225600};
	const struct db_config config = {
	    .url = db_test_url(), .mode = mode, .checkpoint = mode == DB_WRITE};

	if (!db_open(&cx, &config, &cx.db))
		fail_msg("%s", cx_error(&cx).p);
	return cx;
}

static inline void db_test_remove(void)
{
	const char *const ends[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		char path[320];

		(void)snprintf(path, sizeof path, "%s%s", db_test_url(), ends[i]);
		(void)unlink(path);
	}
}

/* Leaves nothing of the test's schema; with make, an empty one. */
static inline void db_test_schema(struct cx *cx, bool make)
{
	const char *name = str_fmt(cx->mem, "test_%ld", (long)getpid()).p;
	struct db_sql *drop = arena_new(cx->mem, struct db_sql);
	struct db_sql *create = arena_new(cx->mem, struct db_sql);

	*drop = (struct db_sql){
	    "drop", str_fmt(cx->mem, "DROP SCHEMA IF EXISTS %s CASCADE", name).p, NULL};
	*create = (struct db_sql){"create", str_fmt(cx->mem, "CREATE SCHEMA %s", name).p, NULL};
	assert_true(db_run(cx, drop, DB_NO_ARGS, NULL));
	assert_true(!make || db_run(cx, create, DB_NO_ARGS, NULL));
}

/* A writer's connection to an empty database; close it with db_test_close. */
static inline struct cx db_test_open(struct arena *mem)
{
	struct cx cx;

	if (!db_test_on_postgres)
		db_test_remove();
	cx = db_test_connect(mem, DB_WRITE);
	if (db_test_on_postgres)
		db_test_schema(&cx, true);
	return cx;
}

/* A reader beside it; close it with db_close(cx.db). */
static inline struct cx db_test_reader(struct arena *mem)
{
	return db_test_connect(mem, DB_READ);
}

static inline void db_test_close(struct cx *cx)
{
	if (db_test_on_postgres)
		db_test_schema(cx, false);
	db_close(cx->db);
	if (!db_test_on_postgres)
		db_test_remove();
}

#endif
