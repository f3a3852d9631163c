/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite engine: one file, WAL, synchronous=FULL. */
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#include "db/db_sqlite.h"
#include "db/db_sqlite_priv.h"

enum { BUSY_MS = 5000 };

static sqlite3 *handle(struct cx *cx)
{
	return of(cx->db)->h;
}

static enum err_code code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_READONLY:
		return ERR_READONLY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	case SQLITE_IOERR:
	case SQLITE_FULL:
	case SQLITE_CANTOPEN:
		return ERR_IO;
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	default:
		return ERR_DB;
	}
}

static bool fail(struct cx *cx, enum err_code code, int rc, const char *what)
{
	return cx_fail(cx, code, "%s: %s (SQLite %d)", what, sqlite3_errmsg(handle(cx)), rc);
}

bool db_sqlite_fail(struct cx *cx, int rc, const char *what)
{
	return fail(cx, code_of(rc), rc, what);
}

/* ---- statements ---- */

static bool exec(struct cx *cx, const char *text)
{
	int rc = sqlite3_exec(handle(cx), text, NULL, NULL, NULL);

	BUG_ON(rc == SQLITE_NOMEM);
	return rc == SQLITE_OK || fail(cx, code_of(rc), rc, text);
}

static const char *col_name(void *stmt, unsigned i)
{
	return sqlite3_column_name(stmt, (int)i);
}

static bool prepare(struct cx *cx, struct db_query *q, struct db_variant *v, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	const char *rest = NULL;
	int rc = sqlite3_prepare_v3(handle(cx), text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &rest);

	BUG_ON(rc == SQLITE_NOMEM);
	if (rc != SQLITE_OK)
		return fail(cx, code_of(rc), rc, q->sql->name);
	if (rest[strspn(rest, "; \t\n")] != '\0') {
		(void)sqlite3_finalize(stmt);
		return cx_fail(cx, ERR_DB, "%s is more than one statement", q->sql->name);
	}
	BUG_ON(sqlite3_bind_parameter_count(stmt) != (int)v->n_params);
	v->stmt = stmt;
	v->writes = !sqlite3_stmt_readonly(stmt);
	db_variant_name_cols(v, (unsigned)sqlite3_column_count(stmt), col_name, stmt);
	return true;
}

static void discard(struct db *db, struct db_variant *v)
{
	(void)db;
	(void)sqlite3_finalize(v->stmt);
}

static int bind(sqlite3_stmt *stmt, int k, const struct db_arg *a)
{
	/* Static: the arguments outlive the call, and every parameter is bound again at the next one. */
	switch (a->type) {
	case DB_INT:
		return sqlite3_bind_int64(stmt, k, a->i);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, k, a->p, a->n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_BYTES:
		return sqlite3_bind_blob64(stmt, k, a->p, a->n, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, k);
	}
}

static bool start(struct cx *cx, const struct db_call *call, struct db_cursor *cursor)
{
	struct db_variant *v = call->variant;

	for (unsigned k = 0; k < v->n_params; k++) {
		int rc = bind(v->stmt, (int)k + 1, &call->args[call->at[v->param[k]]]);

		if (rc != SQLITE_OK)
			return fail(cx, code_of(rc), rc, call->query->sql->name);
	}
	*cursor = (struct db_cursor){.variant = v, .name = call->query->sql->name};
	v->in_use = true;
	return true;
}

static void finish(struct db_cursor *cursor)
{
	(void)sqlite3_reset(cursor->variant->stmt); /* its code repeats that of the last step */
	cursor->variant->in_use = false;
}

static bool next(struct cx *cx, struct db_cursor *cursor, bool *row_out)
{
	int rc = sqlite3_step(cursor->variant->stmt);
	enum err_code code = code_of(rc);

	*row_out = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return true;
	BUG_ON(rc == SQLITE_NOMEM);
	/* Outside a transaction the statement commits by itself, and a failed commit may have happened. */
	if (code == ERR_IO && cursor->variant->writes && !cx->db->in_tx)
		code = ERR_UNKNOWN;
	return fail(cx, code, rc, cursor->name);
}

static bool run(struct cx *cx, const struct db_call *call, int64_t *changed_out)
{
	struct db_cursor cursor = {.variant = call->variant};
	bool row = true, ok = true;

	if (!start(cx, call, &cursor))
		return false;
	while (ok && row)
		ok = next(cx, &cursor, &row);
	finish(&cursor);
	if (ok && changed_out)
		*changed_out = cursor.variant->writes ? sqlite3_changes64(handle(cx)) : 0;
	return ok;
}

static bool cell(
    struct cx *cx, const struct db_cursor *cursor, int column, enum db_col_type type, void *to)
{
	sqlite3_stmt *stmt = cursor->variant->stmt;

	if (type == COL_INT64) {
		*(int64_t *)to = sqlite3_column_int64(stmt, column);
	} else if (type == COL_BOOL) {
		*(bool *)to = sqlite3_column_int64(stmt, column) != 0;
	} else if (sqlite3_column_type(stmt, column) == SQLITE_NULL) {
		*(struct str *)to = STR_NONE;
	} else {
		const void *p = type == COL_TEXT ? (const void *)sqlite3_column_text(stmt, column)
						 : sqlite3_column_blob(stmt, column);
		size_t n = (size_t)sqlite3_column_bytes(stmt, column);
		char *copy = arena_alloc(cx->mem, n + 1);

		if (n)
			memcpy(copy, p, n);
		*(struct str *)to = (struct str){copy, n};
	}
	return true;
}

static bool describe(struct cx *cx, struct db_query *q, struct db_variant *v)
{
	(void)cx;
	(void)q;
	(void)v;
	return true; /* SQLite's values have types, its columns none */
}

/* ---- transactions ---- */

static bool begin(struct cx *cx)
{
	return exec(cx, cx->db->mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN");
}

static void rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(of(db)->h)) /* an I/O error rolls back by itself */
		(void)sqlite3_exec(of(db)->h, "ROLLBACK", NULL, NULL, NULL);
}

static bool commit(struct cx *cx)
{
	struct db_sqlite *s = of(cx->db);
	int rc;

	s->impatient = true;
	rc = sqlite3_exec(s->h, "COMMIT", NULL, NULL, NULL);
	s->impatient = false;
	if (rc == SQLITE_OK)
		return true;
	(void)fail(cx, ERR_UNKNOWN, rc, "COMMIT");
	rollback(cx->db);
	return false;
}

static bool undo(struct cx *cx)
{
	return exec(cx, "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s");
}

static bool checkpoint(struct cx *cx)
{
	struct db_sqlite *s = of(cx->db);
	int rc;

	s->impatient = true; /* readers keep what they read; the next checkpoint takes the rest */
	rc = sqlite3_wal_checkpoint_v2(s->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	s->impatient = false;
	return rc == SQLITE_OK || rc == SQLITE_BUSY || fail(cx, code_of(rc), rc, "checkpoint");
}

int db_sqlite_on_busy(void *arg, int tries)
{
	const struct db_sqlite *s = arg;

	if (s->impatient || tries >= BUSY_MS)
		return 0;
	(void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	return 1;
}

static void engine_close(struct db *db)
{
	BUG_ON(sqlite3_close(of(db)->h) == SQLITE_BUSY); /* somebody left a statement open */
	arena_close(db->mem);
	free(of(db));
}

const struct db_engine db_sqlite_engine = {
    .parameter = '?',
    .close = engine_close,
    .exec = exec,
    .prepare = prepare,
    .discard = discard,
    .run = run,
    .start = start,
    .next = next,
    .cell = cell,
    .finish = finish,
    .describe = describe,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .undo = undo,
    .checkpoint = checkpoint,
};

void *db_sqlite_handle(struct db *db)
{
	return db->engine == &db_sqlite_engine ? of(db)->h : NULL;
}
