/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the room. A *query* is one named statement as this connection knows it: its lines, its names, and its *variants*. A variant is the
 * text with one set of optional lines, prepared by the engine. A *cursor* is one run of a variant.
 */
#ifndef DB_DB_PRIV_H
#define DB_DB_PRIV_H

#include "db/db.h"

enum {
	DB_NAMES_MAX = 64,    /* different :names of a statement, and columns of a result */
	DB_OPTIONAL_MAX = 16, /* different --? names of a statement */
	DB_VARIANTS_MAX =
	    32, /* prepared at the same time for one statement; the least recently used goes */
	DB_BUCKETS = 512,
	DB_TRIES = 10, /* of db_tx */
};

#define DB_QUERIES_BYTES ((size_t)64 << 20) /* of one connection; a bound, not a size */

struct db_variant {
	struct db_variant *next; /* most recently used first */
	uint32_t mask;		 /* bit k: the lines of query->optional[k] are in */
	unsigned n_params;
	unsigned char param[DB_NAMES_MAX]; /* parameter k is query->names[param[k]] */
	unsigned n_cols;
	char **cols; /* names of the result's columns, NULL until they are known */
	unsigned char col_guess[DB_NAMES_MAX]; /* where the k-th descriptor was found last */
	bool in_use;			       /* a cursor walks it */
	bool writes;
	void *stmt;	      /* SQLite */
	unsigned long number; /* PostgreSQL: the prepared statement is named after it */
};

struct db_line {
	unsigned from, to; /* of the text, without its mark */
	int optional;	   /* position in query->optional; −1: always there */
};

struct db_query {
	struct db_query *next;
	const struct db_sql *sql;
	const char *text;
	struct db_line *lines;
	unsigned n_lines, n_names, n_optional, n_variants;
	const char *names[DB_NAMES_MAX];
	unsigned char guess[DB_NAMES_MAX]; /* where the argument of this name stood last */
	unsigned char optional[DB_OPTIONAL_MAX];
	struct db_variant *variants;
};

/* A statement with its arguments found: the argument of query->names[i] is args[at[i]], −1 when not given. */
struct db_call {
	struct db_query *query;
	struct db_variant *variant;
	const struct db_arg *args;
	short at[DB_NAMES_MAX];
};

struct db_cursor {
	struct db_variant *variant;
	const char *name; /* of the statement, for errors */
	void *result;	  /* PostgreSQL */
	int row;
};

struct db_engine {
	char parameter; /* sign before a parameter's number */
	void (*close)(struct db *db);
	/* Raw text without parameters, one or more statements. */
	bool (*exec)(struct cx *cx, const char *text);
	bool (*prepare)(struct cx *cx, struct db_query *q, struct db_variant *v, const char *text);
	void (*discard)(struct db *db, struct db_variant *v);
	/* Runs a statement of which no row is wanted; changed_out may be NULL. */
	bool (*run)(struct cx *cx, const struct db_call *call, int64_t *changed_out);
	bool (*start)(struct cx *cx, const struct db_call *call, struct db_cursor *cursor);
	bool (*next)(struct cx *cx, struct db_cursor *cursor, bool *row_out);
	bool (*cell)(struct cx *cx, const struct db_cursor *cursor, int column,
	    enum db_col_type type, void *to);
	void (*finish)(struct db_cursor *cursor);
	/* Columns of a prepared statement (names into v->cols); says when one has a type that no enum db_col_type reads. */
	bool (*describe)(struct cx *cx, struct db_query *q, struct db_variant *v);
	bool (*begin)(struct cx *cx);
	bool (*commit)(struct cx *cx);
	void (*rollback)(struct db *db);
	/* Back to the innermost savepoint, which goes. */
	bool (*undo)(struct cx *cx);
	bool (*checkpoint)(struct cx *cx);
	/* NULL: a file lock does it. */
	bool (*writer_lock)(struct cx *cx, bool *got_out);
	bool (*writer_lost)(struct db *db);
};

struct db {
	const struct db_engine *engine;
	struct arena *mem; /* queries of this connection */
	struct db_query *queries[DB_BUCKETS];
	enum db_mode mode;
	bool in_tx;
	unsigned savepoints;
};

MUST_CHECK bool db_sqlite_open(struct cx *cx, const struct db_config *config, struct db **out);
MUST_CHECK bool db_pg_open(struct cx *cx, const struct db_config *config, struct db **out);
extern const struct db_engine db_pg_engine;

/* ---- db_query.c ---- */
/* The statement as this connection knows it. */
struct db_query *db_query_of(struct cx *cx, const struct db_sql *sql);
/* Finds the arguments, chooses the variant and prepares it when it is new. */
MUST_CHECK bool db_call_init(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, struct db_call *out);
void db_variant_name_cols(
    struct db_variant *v, unsigned n, const char *(*name)(void *, unsigned), void *of);
/* Finds the descriptors' columns; false (ERR_DB) when one is missing. */
MUST_CHECK bool db_cols_match(struct cx *cx, const char *statement, struct db_variant *v,
    const struct db_col *cols, short *at_out);
void db_queries_discard(struct db *db);
/* Length of the string, quoted name or comment that starts at p, 0 when none does. */
size_t db_sql_quoted(const char *p);

/* ---- db_vfs.c, db_sqlite_open.c ---- */
/* Sends SQLite's file calls through the io table; the name of the VFS to open with. */
const char *db_vfs_name(void);
/* The name of the network file system with this magic number (statfs), NULL when it is none that we know. */
const char *db_network_fs(uint64_t magic);

/* ---- db_migrate.c ---- */
/* A migration's text in the words of one engine: statements, ended by NULL. */
const char **db_migration_print(struct arena *mem, const char *text, bool postgres);

#endif
