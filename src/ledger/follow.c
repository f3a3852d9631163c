/* SPDX-License-Identifier: Apache-2.0 */
/* Followers read the published log behind their cursors and build views; rebuild forgets all views and reads it again. */
#include "base/trace.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

#define STEP	 200 /* entries of one transaction: short, so that the sequencer never waits long */
#define STEPS	 12  /* so many, then the WAL is moved: about 8,000 pages */
#define STEP_OWN 2000 /* of a follower with a database of its own: nobody waits for it */

struct cursor_row {
	int64_t version, cursor_at;
};
static const struct db_col cursor_cols[] = {
    COL(struct cursor_row, version), COL(struct cursor_row, cursor_at), COL_END};

/* The cursor of a follower; 0 and version −1 when it never ran. */
static bool cursor_get(struct cx *cx, const struct follower *f, struct cursor_row *out)
{
	bool found;
	int version;

	if (f->cursor != NULL) {
		if (!f->cursor(cx, f->state, &out->cursor_at, &version))
			return false;
		out->version = version;
		return true;
	}
	if (!db_one(cx, &SQL_FOLLOWER_CURSOR_GET, DB_ARGS(P("name", str_of(f->name))), cursor_cols,
		out, &found))
		return false;
	if (!found)
		*out = (struct cursor_row){-1, 0};
	return true;
}

static bool step_begin(struct cx *cx, const struct follower *f)
{
	return f->begin != NULL ? f->begin(cx, f->state) : db_begin(cx);
}

static bool step_commit(struct cx *cx, const struct follower *f, int64_t cursor)
{
	if (f->commit != NULL)
		return f->commit(cx, f->state, cursor);
	return db_run(cx, &SQL_FOLLOWER_CURSOR_PUT,
		   DB_ARGS(P("name", str_of(f->name)), P("version", f->version),
		       P("cursor_at", cursor)),
		   NULL) &&
	       db_commit(cx);
}

static bool apply_rows(struct cx *cx, const struct follower *f, const struct entry_rows *rows)
{
	struct entry e;

	for (size_t i = 0; i < rows->n; i++) {
		const struct entry_row *r = &rows->at[i];

		if (!entry_parse(cx, r->idx, str_of_bytes(r->entry), &e) ||
		    !f->apply(cx, f->state, &e, r->document))
			return cx_note(cx, "follower %s at entry %" PRId64, f->name, r->idx);
	}
	return true;
}

/* Entries [from, to); clears before when from is the beginning of a new version. */
static bool step(struct cx *cx, const struct follower *f, bool clear, int64_t from, int64_t to)
{
	struct entry_rows rows;

	if (!store_entries(cx, from, to, true, &rows) || !step_begin(cx, f))
		return false;
	if ((!clear || f->clear(cx, f->state)) && apply_rows(cx, f, &rows) &&
	    step_commit(cx, f, to))
		return true;
	if (f->begin == NULL)
		db_rollback(cx);
	else
		f->abort(cx, f->state);
	return false;
}

static bool follow_one(struct cx *cx, struct ledger *l, const struct follower *f)
{
	struct cursor_row at;
	bool clear;

	if (!cursor_get(cx, f, &at))
		return false;
	clear = at.version != f->version;
	if (clear)
		at.cursor_at = 0;
	while ((clear || at.cursor_at < ledger_published(l)) && !l->stopping) {
		int64_t published = ledger_published(l),
			to = at.cursor_at + (f->begin ? STEP_OWN : STEP);
		struct arena_mark m = arena_mark(cx->mem);

		if (to > published)
			to = published;
		if (!step(cx, f, clear, at.cursor_at, to))
			return false;
		arena_rewind(cx->mem, m);
		if (++l->follow_steps % STEPS == 0 && f->begin == NULL)
			sequencer_checkpoint(l);
		at.cursor_at = to;
		clear = false;
	}
	return true;
}

static bool follow_db_open(struct cx *cx, struct ledger *l)
{
	return l->follow_db != NULL || ledger_connect(cx, l, false, &l->follow_db);
}

bool ledger_follow(struct cx *cx, struct ledger *l)
{
	struct db *before = cx->db;
	bool ok = true;

	if (!l->writer || l->config.followers == NULL)
		return true; /* the process that writes runs them */
	(void)pthread_mutex_lock(&l->follow_lock);
	ok = follow_db_open(cx, l);
	cx->db = l->follow_db;
	for (const struct follower *f = l->config.followers; ok && f->name != NULL; f++)
		ok = follow_one(cx, l, f);
	cx->db = before;
	(void)pthread_mutex_unlock(&l->follow_lock);
	return ok;
}

int64_t ledger_views_version(const struct ledger *l)
{
	return ledger_published(l) + l->follow_steps;
}

bool ledger_follower_state(
    struct cx *cx, struct ledger *l, const struct follower *f, struct follower_state *out)
{
	struct cursor_row at;

	if (!cursor_get(cx, f, &at))
		return false;
	if (at.version != f->version)
		at.cursor_at = 0;
	*out = (struct follower_state){f->name, at.cursor_at, ledger_published(l) - at.cursor_at};
	return true;
}

/* ---- rebuild ---- */

static bool views_clear(struct cx *cx, const struct ledger *l)
{
	for (const struct ledger_view *v = l->config.views; v != NULL && v->name != NULL; v++)
		if (!v->clear(cx))
			return cx_note(cx, "clearing the view %s", v->name);
	return true;
}

static bool views_apply(struct cx *cx, const struct ledger *l, const struct entry_rows *rows)
{
	struct entry e;

	for (size_t i = 0; i < rows->n; i++) {
		const struct entry_row *r = &rows->at[i];
		const struct ledger_view *v;

		if (!entry_parse(cx, r->idx, str_of_bytes(r->entry), &e))
			return false;
		v = view_find(l, e.type);
		if (v != NULL && !v->apply(cx, &e, r->document))
			return cx_note(cx, "view %s at entry %" PRId64, v->name, r->idx);
	}
	return true;
}

/* All views in one transaction: a reader sees the old ones or the new ones. */
static bool views_rebuild(struct cx *cx, const struct ledger *l, void (*progress)(int64_t, int64_t))
{
	int64_t size = ledger_published(l);
	struct entry_rows rows;

	if (!views_clear(cx, l))
		return false;
	for (int64_t from = 0; from < size; from += STEP) {
		struct arena_mark m = arena_mark(cx->mem);
		int64_t to = from + STEP < size ? from + STEP : size;

		if (!store_entries(cx, from, to, true, &rows) || !views_apply(cx, l, &rows))
			return false;
		arena_rewind(cx->mem, m);
		if (progress != NULL)
			progress(to, size);
	}
	return true;
}

static bool followers_forget(struct cx *cx, const struct ledger *l)
{
	for (const struct follower *f = l->config.followers; f != NULL && f->name != NULL; f++)
		if (!step(cx, f, true, 0, 0))
			return cx_note(cx, "clearing the follower %s", f->name);
	return true;
}

bool ledger_rebuild(struct cx *cx, struct ledger *l, void (*progress)(int64_t done, int64_t all))
{
	struct db *before = cx->db;
	bool ok;

	if (!l->writer)
		return cx_fail(
		    cx, ERR_CONFLICT, "another process writes this home: stop it before a rebuild");
	(void)pthread_mutex_lock(&l->follow_lock);
	ok = follow_db_open(cx, l);
	cx->db = l->follow_db;
	ok = ok && db_begin(cx);
	if (ok && !(views_rebuild(cx, l, progress) && db_commit(cx))) {
		ok = false;
		db_rollback(cx);
	}
	ok = ok && followers_forget(cx, l);
	cx->db = before;
	(void)pthread_mutex_unlock(&l->follow_lock);
	return ok && ledger_follow(cx, l);
}

/* ---- the follower thread of a server ---- */

static void *follower_run(void *arg)
{
	struct ledger *l = arg;
	struct arena *mem = arena_open((size_t)1 << 30);
	int64_t done = -1;

	(void)pthread_mutex_lock(&l->lock);
	while (!l->stopping) {
		struct cx cx = {.mem = mem, .app = l->config.app, .lang = "zh"};

		if (done == ledger_published(l)) {
			(void)pthread_cond_wait(&l->done, &l->lock);
			continue;
		}
		done = ledger_published(l);
		(void)pthread_mutex_unlock(&l->lock);
		if (!ledger_follow(&cx, l))
			trace(TRACE_ERROR, "follower-stopped", "why", cx_error(&cx).p, NULL);
		arena_reset(mem);
		(void)pthread_mutex_lock(&l->lock);
	}
	(void)pthread_mutex_unlock(&l->lock);
	arena_close(mem);
	return NULL;
}

bool follower_start(struct cx *cx, struct ledger *l)
{
	if (l->config.followers == NULL)
		return true;
	if (pthread_create(&l->follower_thread, NULL, follower_run, l) != 0)
		return cx_fail(cx, ERR_IO, "no thread for the followers");
	l->has_follower = true;
	return true;
}

void follower_stop(struct ledger *l)
{
	if (l->has_follower)
		(void)pthread_join(l->follower_thread, NULL);
	db_close(l->follow_db);
}
