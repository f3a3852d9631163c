/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same test on both engines. A test's main runs its group, then, when db_test_postgres() says that GONGKAI_PG_URL names a server
 * (tests/lib/pg.py starts one), runs it again: db_test_open then gives an empty PostgreSQL database instead of an empty SQLite file.
 */
#ifndef LIB_DB_H
#define LIB_DB_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/unit.h"
#include "db/db.h"

static bool db_test_on_postgres;
static char db_test_path[64];

/* True from now on: PostgreSQL. False, with a line that says so: there is no server. */
static inline bool db_test_postgres(void)
{
	const char *url = getenv("GONGKAI_PG_URL");

	db_test_on_postgres = url && *url;
	if (!db_test_on_postgres)
		(void)fprintf(stderr, "PostgreSQL: skipped, GONGKAI_PG_URL is not set\n");
	return db_test_on_postgres;
}

static inline const char *db_test_url(void)
{
	if (db_test_on_postgres)
		return getenv("GONGKAI_PG_URL");
	if (db_test_path[0] == '\0')
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
		char path[80];

		(void)snprintf(path, sizeof path, "%s%s", db_test_url(), ends[i]);
		(void)unlink(path);
	}
}

/* A writer's connection to an empty database; close it with db_test_close. */
static inline struct cx db_test_open(struct arena *mem)
{
	static const struct db_sql drop = {"drop", "DROP SCHEMA IF EXISTS public CASCADE", NULL};
	static const struct db_sql create = {"create", "CREATE SCHEMA public", NULL};
	struct cx cx;

	if (!db_test_on_postgres)
		db_test_remove();
	cx = db_test_connect(mem, DB_WRITE);
	if (db_test_on_postgres)
		assert_true(
		    db_run(&cx, &drop, DB_NO_ARGS, NULL) && db_run(&cx, &create, DB_NO_ARGS, NULL));
	return cx;
}

/* A reader beside it; close it with db_close(cx.db). */
static inline struct cx db_test_reader(struct arena *mem)
{
	return db_test_connect(mem, DB_READ);
}

static inline void db_test_close(struct cx *cx)
{
	db_close(cx->db);
	if (!db_test_on_postgres)
		db_test_remove();
}

#endif
