/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db: one API, two engines. SQL lives in named .sql files with :name parameters, one text for SQLite and PostgreSQL:
 *
 *   -- notice_list: newest notices of an item
 *   SELECT idx, id, title FROM notice_revision
 *   WHERE 1 = 1
 *   AND item = :item          --? item
 *   AND idx < :before         --? before
 *   ORDER BY idx DESC LIMIT :limit
 *
 * A line marked `--? name` is part of the statement only when the argument `name` is given and not NULL (db_arg_when). tools/embed.py turns src/…/notice/notice.sql into
 * `extern const struct db_sql SQL_NOTICE_LIST;` (header notice_sql.h) and the list notice_sql[] that the prepare test walks.
 * A block headed `-- name: sqlite` / `-- name: postgres` exists for one engine only (both must be given).
 *
 * Types of columns: INT64 → int64_t, TEXT → struct str, BYTES → struct bytes, BOOL → bool (0/1). A NULL reads as 0, absent or false.
 * Text and bytes of rows are copied into cx->mem. A connection belongs to one thread at a time. No SQL clocks; times are parameters.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/base.h"

struct db;

/* A constant: connections know it by its address, which is never reused for another text. */
struct db_sql {
	const char *name, *text; /* text of SQLite when they differ */
	const char *text_pg;	 /* NULL: the same */
};

struct bytes {
	const unsigned char *p;
	size_t n;
};

enum db_mode {
	DB_READ,  /* query_only; never checkpoints */
	DB_WRITE, /* the one writer of the ledger or a private-state writer; see checkpoint */
};

struct db_config {
	const char *url; /* path of a SQLite file, ":memory:", or postgres://… */
	enum db_mode mode;
	bool checkpoint;  /* this connection checkpoints the WAL (exactly one does) */
	const char *sync; /* NULL = FULL. Benchmarks may say otherwise; a home never does */
};

MUST_CHECK bool db_open(struct cx *cx, const struct db_config *config, struct db **out);
void db_close(struct db *db);
void db_closep(struct db **db); /* for DEFER */
bool db_is_postgres(const struct db *db);

/* ---- arguments ---- */
enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BYTES };
struct db_arg {
	const char *name;
	enum db_type type;
	int64_t i;
	const void *p;
	size_t n;
};
struct db_arg db_arg_int(const char *name, int64_t v);
struct db_arg db_arg_text(const char *name, struct str v); /* absent → NULL */
struct db_arg db_arg_bytes(const char *name, struct bytes v);
/* The argument, or NULL in its place: leaves out the lines marked with its name. An absent text and absent bytes do so by themselves. */
struct db_arg db_arg_when(bool given, struct db_arg arg);
/* DB_ARGS(P("item", item), P("limit", n)): type inferred. An argument that no line uses is a bug. */
#define P(name, value)                                                                             \
	_Generic((value), struct str                                                               \
		 : db_arg_text, struct bytes                                                       \
		 : db_arg_bytes, default                                                           \
		 : db_arg_int)(name, value)
#define DB_ARGS(...) ((const struct db_arg[]){__VA_ARGS__, {.name = NULL}})
#define DB_NO_ARGS   ((const struct db_arg[]){{.name = NULL}})

/* ---- rows ---- */
enum db_col_type { COL_INT64, COL_TEXT, COL_BYTES, COL_BOOL };
struct db_col {
	const char *name;
	enum db_col_type type;
	size_t offset;
};
/* One column of a row struct, C type inferred: COL(struct notice_row, title). The result's columns are matched by name. */
#define COL(S, f)                                                                                  \
	{                                                                                          \
#f,                                                                                \
		    _Generic(((S *)0)->f, int64_t                                                  \
			     : COL_INT64, struct str                                               \
			     : COL_TEXT, struct bytes                                              \
			     : COL_BYTES, bool                                                     \
			     : COL_BOOL),                                                          \
		    offsetof(S, f)                                                                 \
	}
#define COL_END                                                                                    \
	{                                                                                          \
		NULL, COL_INT64, 0                                                                 \
	}

/* ---- the four verbs ---- */
/*
 * Runs a statement; *changed_out (may be NULL) = rows changed. A constraint that says no is ERR_CONFLICT. After a failure inside a transaction,
 * roll back (to the savepoint): PostgreSQL does nothing else. There, inside a transaction and without changed_out, the statement is sent ahead:
 * its failure is that of a later verb, at the latest of db_savepoint_release or db_commit.
 */
MUST_CHECK bool db_run(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, int64_t *changed_out);
/* The first row into *row; *found_out (may be NULL: then no row is ERR_NOT_FOUND). */
MUST_CHECK bool db_one(struct cx *cx, const struct db_sql *sql, const struct db_arg *args,
    const struct db_col *cols, void *row, bool *found_out);
/* fn(cx, row, arg) for each row; fn may run other statements, and this one. PostgreSQL holds all rows meanwhile: bound the query. fn returns false (after cx_fail) to stop. row is reused: copy the struct, its texts stay. */
typedef bool (*db_row_fn)(struct cx *cx, const void *row, void *arg);
struct db_each {
	const struct db_col *cols;
	size_t row_size;
	db_row_fn fn;
	void *arg;
};
MUST_CHECK bool db_each(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, const struct db_each *each);
/* All rows at once as an array in cx->mem. Bound the query. */
MUST_CHECK bool db_all(struct cx *cx, const struct db_sql *sql, const struct db_arg *args,
    const struct db_col *cols, size_t row_size, void **rows_out, size_t *n_out);
/* One integer (COUNT and the like); no row or NULL gives 0. */
MUST_CHECK bool db_int(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, int64_t *out);

/* ---- transactions ---- */
/* Begins (IMMEDIATE / SERIALIZABLE; of a reader, one view of the data). Busy is retried at BEGIN only, for five seconds. */
MUST_CHECK bool db_begin(struct cx *cx);
/*
 * An error from COMMIT is ERR_UNKNOWN: the rows may be there. Any other code (PostgreSQL: ERR_BUSY of a serialisation failure, the failure of a
 * statement sent ahead) says that they are not. Either way the transaction is over.
 */
MUST_CHECK bool db_commit(struct cx *cx);
void db_rollback(struct cx *cx);
/* Savepoints nest. db_savepoint_rollback undoes what came after the innermost one and ends it. */
MUST_CHECK bool db_savepoint(struct cx *cx);
MUST_CHECK bool db_savepoint_release(struct cx *cx);
MUST_CHECK bool db_savepoint_rollback(struct cx *cx);
/* Private state only, never the head: fn in a transaction, repeated when busy or on a serialisation failure; fn is pure database work. */
MUST_CHECK bool db_tx(struct cx *cx, bool (*fn)(struct cx *, void *), void *arg);
/* Move the WAL into the database (checkpointing connection only). */
MUST_CHECK bool db_checkpoint(struct cx *cx);

/* ---- schema ---- */
struct db_migration {
	int version; /* ascending from 1 */
	const char *name, *text;
};
/* Brings the schema forward; refuses a schema newer than ours. One transaction each. They use the words
 * ID INT64 BYTES BOOL TEXT for column types; ID is a number that the database gives, and the primary key. `WITHOUT ROWID` after a table is for SQLite.
 * No triggers. */
MUST_CHECK bool db_migrate(struct cx *cx, const struct db_migration *migrations, size_t n);
/* The project's migrations, sql/0001_….sql, numbered by their names. */
void db_migrations(struct arena *mem, const struct db_migration **out, size_t *n_out);
/* 0: none yet. */
MUST_CHECK bool db_schema_version(struct cx *cx, int *out);

/* Prepares the statement with the given optional lines; for the test that prepares all on both engines. */
MUST_CHECK bool db_prepare_check(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, const struct db_col *cols);

/* Takes the PostgreSQL advisory lock of the writer without waiting (its loss is fatal: db_writer_lost); on SQLite a file lock does it, and this always gets it. */
MUST_CHECK bool db_writer_lock(struct cx *cx, bool *got_out);
bool db_writer_lost(struct db *db);

#endif
