/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite engine: one file, WAL, synchronous=FULL. */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <time.h>

#include "db/db_priv.h"
#include "db/db_sqlite.h"

enum {
	PAGE_SIZE = 4096,
	CHECKPOINT_PAGES = 8000,
	CACHE_KIB = 8192,
	BUSY_MS = 5000,
};
#define MMAP_BYTES    "1073741824"
#define QUERIES_BYTES ((size_t)64 << 20)

struct db_sqlite {
	struct db db;
	sqlite3 *h;
	bool impatient; /* a lock is not waited for: COMMIT is never repeated */
};

static struct db_sqlite *of(struct db *db)
{
	return (struct db_sqlite *)db;
}

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

/* ---- statements ---- */

static bool exec(struct cx *cx, const char *text)
{
	int rc = sqlite3_exec(handle(cx), text, NULL, NULL, NULL);

	BUG_ON(rc == SQLITE_NOMEM);
	return rc == SQLITE_OK || fail(cx, code_of(rc), rc, text);
}

static const char *col_name(const void *stmt, unsigned i)
{
	return sqlite3_column_name((sqlite3_stmt *)(uintptr_t)stmt, (int)i);
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
	struct db_cursor cursor;
	bool row = true, ok = start(cx, call, &cursor);

	if (!ok)
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

static int on_busy(void *arg, int tries)
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

static const struct db_engine engine = {
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
	return db->engine == &engine ? of(db)->h : NULL;
}

/* ---- opening ---- */

static bool refuse_network(struct cx *cx, const char *path)
{
	struct statfs st;
	const char *slash = strrchr(path, '/');
	const char *dir =
	    slash ? str_c(cx->mem, str_cut(str_of(path), 0, (size_t)(slash - path) + 1)) : ".";

	if (statfs(path, &st) != 0 && statfs(dir, &st) != 0)
		return cx_fail(cx, ERR_IO, "opening %s: %s", path, strerror(errno));
	if (db_network_fs((uint64_t)st.f_type) != NULL)
		return cx_fail(cx, ERR_IO,
		    "%s is on %s: SQLite loses data on a network file system; use a local disk",
		    path, db_network_fs((uint64_t)st.f_type));
	return true;
}

struct pragma {
	const char *name, *value; /* value NULL: only read */
	const char *expected;
};

static int pragma_cell(void *arg, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	(void)snprintf(arg, 32, "%s", values[0] ? values[0] : "");
	return 0;
}

/* Sets and reads back: a pragma that SQLite does not take is silent. */
static bool pragma(struct cx *cx, struct pragma p)
{
	char got[32] = "";
	int rc = SQLITE_OK;

	if (p.value)
		rc = sqlite3_exec(handle(cx), str_fmt(cx->mem, "PRAGMA %s = %s", p.name, p.value).p,
		    NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
		    handle(cx), str_fmt(cx->mem, "PRAGMA %s", p.name).p, pragma_cell, got, NULL);
	if (rc != SQLITE_OK)
		return fail(cx, code_of(rc), rc, p.name);
	if (strcmp(got, p.expected) != 0)
		return cx_fail(cx, ERR_DB, "PRAGMA %s is %s, must be %s", p.name, got, p.expected);
	return true;
}

static const struct {
	const char *name, *number;
} syncs[] = {{"FULL", "2"}, {"EXTRA", "3"}, {"NORMAL", "1"}, {"OFF", "0"}};

static bool sync_set(struct cx *cx, const char *sync)
{
	for (size_t i = 0; i < ARRAY_SIZE(syncs); i++)
		if (strcmp(sync ? sync : "FULL", syncs[i].name) == 0)
			return pragma(
			    cx, (struct pragma){"synchronous", syncs[i].name, syncs[i].number});
	return cx_fail(cx, ERR_DB, "synchronous = %s is not one of FULL, EXTRA, NORMAL, OFF", sync);
}

static bool settings(struct cx *cx, const struct db_config *config, bool memory)
{
	const char *cache = str_fmt(cx->mem, "-%d", CACHE_KIB).p;
	const char *page = str_fmt(cx->mem, "%d", PAGE_SIZE).p;
	const char *pages = str_fmt(cx->mem, "%d", config->checkpoint ? CHECKPOINT_PAGES : 0).p;
	bool write = config->mode == DB_WRITE;
	const struct pragma all[] = {
	    {"page_size", write ? page : NULL, page},
	    {"journal_mode", write && !memory ? "WAL" : NULL, memory ? "memory" : "wal"},
	    {"wal_autocheckpoint", pages,
		pages}, /* others only append: SQLite before 3.51.3 has a race of two that reset the WAL */
	    {"temp_store", "MEMORY", "2"},
	    {"cache_size", cache, cache},
	    {"mmap_size",
		memory	? NULL
		: write ? "0"
			: MMAP_BYTES,
		memory	? ""
		: write ? "0"
			: MMAP_BYTES},
	    {"query_only", write ? "OFF" : "ON", write ? "0" : "1"},
	};
	static const struct {
		int option, value;
	} flags[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		int now = -1;

		(void)sqlite3_db_config(handle(cx), flags[i].option, flags[i].value, &now);
		if (now != flags[i].value)
			return cx_fail(
			    cx, ERR_DB, "SQLite does not take its option %d", flags[i].option);
	}
	(void)sqlite3_db_config(
	    handle(cx), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !config->checkpoint, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (!pragma(cx, all[i]))
			return false;
	return sync_set(cx, config->sync);
}

/* query_only still writes the WAL's index, so readers open for writing too, but never create. */
static int open_flags(const struct db_config *config)
{
	return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	       (config->mode == DB_WRITE ? SQLITE_OPEN_CREATE : 0);
}

bool db_sqlite_open(struct cx *cx, const struct db_config *config, struct db **out)
{
	const char *vfs = db_vfs_name();
	bool memory = strcmp(config->url, ":memory:") == 0;
	struct db *outer = cx->db;
	struct db_sqlite *s;
	int rc;
	bool ok;

	if (!memory && !refuse_network(cx, config->url))
		return false;
	s = calloc(1, sizeof *s);
	BUG_ON(s == NULL);
	s->db =
	    (struct db){.engine = &engine, .mem = arena_open(QUERIES_BYTES), .mode = config->mode};
	cx->db = &s->db; /* the settings are statements of this connection */
	rc = sqlite3_open_v2(config->url, &s->h, open_flags(config), vfs);
	BUG_ON(s->h == NULL);
	(void)sqlite3_extended_result_codes(s->h, 1);
	(void)sqlite3_busy_handler(s->h, on_busy, s);
	ok = rc == SQLITE_OK ? settings(cx, config, memory) : fail(cx, code_of(rc), rc, "opening");
	cx->db = outer;
	if (!ok) {
		engine_close(&s->db);
		return cx_note(cx, "opening %s", config->url);
	}
	*out = &s->db;
	return true;
}
