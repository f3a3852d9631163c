/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs and transactions, the same for both engines. */
#include <time.h>

#include "db/db_priv.h"

/* ---- opening and closing ---- */

bool db_open(struct cx *cx, const struct db_config *config, struct db **out)
{
	struct str url = str_of(config->url);
	bool postgres =
	    str_starts(url, STR("postgres://")) || str_starts(url, STR("postgresql://"));

	return postgres ? db_pg_open(cx, config, out) : db_sqlite_open(cx, config, out);
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	db_queries_discard(db);
	db->engine->close(db);
}

void db_closep(struct db **db)
{
	db_close(*db);
}

bool db_is_postgres(const struct db *db)
{
	return db->engine == &db_pg_engine;
}

/* ---- arguments ---- */

struct db_arg db_arg_int(const char *name, int64_t v)
{
	return (struct db_arg){.name = name, .type = DB_INT, .i = v};
}

struct db_arg db_arg_text(const char *name, struct str v)
{
	return (struct db_arg){.name = name, .type = v.p ? DB_TEXT : DB_NULL, .p = v.p, .n = v.n};
}

struct db_arg db_arg_bytes(const char *name, struct bytes v)
{
	return (struct db_arg){.name = name, .type = v.p ? DB_BYTES : DB_NULL, .p = v.p, .n = v.n};
}

struct db_arg db_arg_when(bool given, struct db_arg arg)
{
	return given ? arg : (struct db_arg){.name = arg.name, .type = DB_NULL};
}

/* ---- rows ---- */

/* A walk over the rows of one run. */
struct walk {
	struct db_cursor cursor;
	const struct db_col *cols;
	short at[DB_NAMES_MAX];
};

static bool walk_open(struct cx *cx, const struct db_sql *sql, const struct db_arg *args,
    const struct db_col *cols, struct walk *w)
{
	struct db_call call;

	w->cols = cols;
	if (!db_call_init(cx, sql, args, &call) || !cx->db->engine->start(cx, &call, &w->cursor))
		return false;
	if (!cols || db_cols_match(cx, sql->name, call.variant, cols, w->at))
		return true;
	cx->db->engine->finish(&w->cursor);
	return false;
}

static void walk_close(struct cx *cx, struct walk *w)
{
	cx->db->engine->finish(&w->cursor);
}

/* The next row into *row, when there is one. */
static bool walk_next(struct cx *cx, struct walk *w, void *row, bool *row_out)
{
	if (!cx->db->engine->next(cx, &w->cursor, row_out))
		return false;
	if (!*row_out)
		return true;
	for (unsigned k = 0; w->cols[k].name; k++)
		if (!cx->db->engine->cell(
			cx, &w->cursor, w->at[k], w->cols[k].type, (char *)row + w->cols[k].offset))
			return false;
	return true;
}

/* A statement that writes and returns rows is complete only after its last row. */
static bool walk_end(struct cx *cx, struct walk *w)
{
	bool more = w->cursor.variant->writes;

	while (more)
		if (!cx->db->engine->next(cx, &w->cursor, &more))
			return false;
	return true;
}

/* ---- the four verbs ---- */

bool db_run(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, int64_t *changed_out)
{
	struct db_call call;

	return db_call_init(cx, sql, args, &call) && cx->db->engine->run(cx, &call, changed_out);
}

bool db_one(struct cx *cx, const struct db_sql *sql, const struct db_arg *args,
    const struct db_col *cols, void *row, bool *found_out)
{
	struct walk w;
	bool found, ok;

	if (!walk_open(cx, sql, args, cols, &w))
		return false;
	ok = walk_next(cx, &w, row, &found) && (!found || walk_end(cx, &w));
	walk_close(cx, &w);
	if (!ok)
		return false;
	if (found_out)
		*found_out = found;
	else if (!found)
		return cx_fail(cx, ERR_NOT_FOUND, "statement %s finds nothing", sql->name);
	return true;
}

bool db_each(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, const struct db_each *each)
{
	void *row = arena_alloc(cx->mem, each->row_size);
	struct walk w;
	bool more = true, ok = true;

	if (!walk_open(cx, sql, args, each->cols, &w))
		return false;
	while (ok && more) {
		ok = walk_next(cx, &w, row, &more);
		if (ok && more)
			ok = each->fn(cx, row, each->arg);
	}
	walk_close(cx, &w);
	return ok;
}

struct rows {
	char *at;
	size_t n, cap, size;
};

static bool rows_add(struct cx *cx, const void *row, void *arg)
{
	struct rows *r = arg;

	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;

		r->at = arena_grow(cx->mem, r->at, r->cap * r->size, cap * r->size);
		r->cap = cap;
	}
	memcpy(r->at + r->n++ * r->size, row, r->size);
	return true;
}

/* NOLINTNEXTLINE(readability-function-size): the rows, their shape and where they go */
bool db_all(struct cx *cx, const struct db_sql *sql, const struct db_arg *args,
    const struct db_col *cols, size_t row_size, void **rows_out, size_t *n_out)
{
	struct rows r = {.size = row_size};

	if (!db_each(cx, sql, args, &(struct db_each){cols, row_size, rows_add, &r}))
		return false;
	*rows_out = r.at;
	*n_out = r.n;
	return true;
}

bool db_int(struct cx *cx, const struct db_sql *sql, const struct db_arg *args, int64_t *out)
{
	struct walk w;
	int64_t value = 0;
	bool found, ok;

	if (!walk_open(cx, sql, args, NULL, &w))
		return false;
	ok = cx->db->engine->next(cx, &w.cursor, &found);
	if (ok && found)
		ok = cx->db->engine->cell(cx, &w.cursor, 0, COL_INT64, &value) && walk_end(cx, &w);
	walk_close(cx, &w);
	if (ok)
		*out = value;
	return ok;
}

bool db_prepare_check(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, const struct db_col *cols)
{
	struct db_call call;
	short at[DB_NAMES_MAX];

	return db_call_init(cx, sql, args, &call) &&
	       cx->db->engine->describe(cx, call.query, call.variant) &&
	       (!cols || db_cols_match(cx, sql->name, call.variant, cols, at));
}

/* ---- transactions ---- */

bool db_begin(struct cx *cx)
{
	BUG_ON(cx->db->in_tx);
	if (!cx->db->engine->begin(cx))
		return cx_note(cx, "beginning a transaction");
	cx->db->in_tx = true;
	cx->db->savepoints = 0;
	return true;
}

bool db_commit(struct cx *cx)
{
	BUG_ON(!cx->db->in_tx || cx->db->savepoints);
	if (!cx->db->engine->commit(cx)) {
		cx->db->engine->rollback(cx->db);
		cx->db->in_tx = false;
		return false;
	}
	cx->db->in_tx = false;
	return true;
}

void db_rollback(struct cx *cx)
{
	if (cx->db->in_tx)
		cx->db->engine->rollback(cx->db);
	cx->db->in_tx = false;
	cx->db->savepoints = 0;
}

bool db_savepoint(struct cx *cx)
{
	BUG_ON(!cx->db->in_tx);
	if (!cx->db->engine->exec(cx, "SAVEPOINT s"))
		return false;
	cx->db->savepoints++;
	return true;
}

bool db_savepoint_release(struct cx *cx)
{
	BUG_ON(cx->db->savepoints == 0);
	if (!cx->db->engine->exec(cx, "RELEASE SAVEPOINT s"))
		return false;
	cx->db->savepoints--;
	return true;
}

bool db_savepoint_rollback(struct cx *cx)
{
	BUG_ON(cx->db->savepoints == 0);
	if (!cx->db->engine->undo(cx))
		return false;
	cx->db->savepoints--;
	return true;
}

static void pause_before_try(int k)
{
	(void)nanosleep(&(struct timespec){.tv_nsec = 1000000L << k}, NULL);
}

bool db_tx(struct cx *cx, bool (*fn)(struct cx *, void *), void *arg)
{
	for (int k = 0;; k++) {
		if (db_begin(cx)) {
			if (fn(cx, arg) && db_commit(cx))
				return true;
			db_rollback(cx);
		}
		if (cx->err.code != ERR_BUSY || k == DB_TRIES - 1)
			return false;
		cx_clear(cx);
		pause_before_try(k);
	}
}

bool db_checkpoint(struct cx *cx)
{
	BUG_ON(cx->db->in_tx);
	return cx->db->engine->checkpoint(cx);
}

bool db_writer_lock(struct cx *cx, bool *got_out)
{
	*got_out = true;
	return cx->db->engine->writer_lock == NULL || cx->db->engine->writer_lock(cx, got_out);
}

bool db_writer_lost(struct db *db)
{
	return db->engine->writer_lost != NULL && db->engine->writer_lost(db);
}
