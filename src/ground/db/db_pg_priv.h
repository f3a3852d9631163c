/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the PostgreSQL engine share. */
#ifndef DB_DB_PG_PRIV_H
#define DB_DB_PG_PRIV_H

#include <libpq-fe.h>

#include "db/db_priv.h"

enum {
	AHEAD_MAX = 256,      /* statements sent ahead */
	WRITER_LOCK = 0x676b, /* "gk": the key of the writer's advisory lock */
};

struct db_pg {
	struct db db;
	PGconn *conn;
	unsigned long prepared;	     /* number of the last prepared statement */
	unsigned ahead;		     /* statements sent, answers not read */
	const char *sent[AHEAD_MAX]; /* their names */
	bool warned;		     /* the server sent a warning since the last statement began */
};

static inline struct db_pg *of(struct db *db)
{
	return (struct db_pg *)db;
}

struct db_pg_name {
	char text[24];
};

/* The name of the prepared statement. */
struct db_pg_name db_pg_name(const struct db_variant *v);
bool db_pg_good(const PGresult *r);
/* Fails with the code that belongs to the result's SQLSTATE, and the server's words. */
bool db_pg_fail(struct cx *cx, const PGresult *r, const char *what);
/* Reads the answers of what was sent ahead; ends the pipeline. Fails with the first failure. */
MUST_CHECK bool db_pg_settle(struct cx *cx);
MUST_CHECK bool db_pg_execute(struct cx *cx, const struct db_call *call, PGresult **out);
/* Notes a warning. */
void db_pg_on_notice(void *arg, const PGresult *r);

/* The rows' part of struct db_engine. */
MUST_CHECK bool db_pg_start(struct cx *cx, const struct db_call *call, struct db_cursor *cursor);
MUST_CHECK bool db_pg_next(struct cx *cx, struct db_cursor *cursor, bool *row_out);
MUST_CHECK bool db_pg_cell(
    struct cx *cx, const struct db_cursor *cursor, int column, enum db_col_type type, void *to);
void db_pg_finish(struct db_cursor *cursor);
MUST_CHECK bool db_pg_describe(struct cx *cx, struct db_query *q, struct db_variant *v);

#endif
