/* SPDX-License-Identifier: Apache-2.0 */
/* The follower: the index holds the current revision of every notice that is not withdrawn or erased. */
#include <stdlib.h>

#include "search/search_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "text/text.h"
#include "search_sql.h"

/*
 * Words wait until the step ends: any other statement of the transaction makes FTS5 write what it holds as a segment of its own, and a segment a
 * document would then be merged again and again.
 */
struct words_row {
	int64_t key;
	struct str title, body;
};

struct state {
	struct db *db, *was;
	LIST_OF(struct words_row) waiting; /* of the step, in its memory */
};

struct indexed {
	int64_t key, idx;
	struct str title, body;
};
static const struct db_col indexed_cols[] = {
    COL(struct indexed, key),
    COL(struct indexed, idx),
    COL(struct indexed, title),
    COL(struct indexed, body),
    COL_END,
};

struct cursor_row {
	int64_t cursor, version;
};
static const struct db_col cursor_cols[] = {
    COL(struct cursor_row, cursor), COL(struct cursor_row, version), COL_END};

/* Words that still wait need not be taken out of the index. */
static bool drop_waiting(struct state *s, int64_t key)
{
	LIST_EACH(w, &s->waiting) {
		if (w->key == key) {
			*w = s->waiting.at[--s->waiting.n];
			return true;
		}
	}
	return false;
}

static bool drop(struct cx *cx, struct state *s, struct str id)
{
	struct indexed old;
	bool found;

	if (!db_one(cx, &SQL_SEARCH_FIND, DB_ARGS(P("id", id)), indexed_cols, &old, &found))
		return false;
	if (!found)
		return true;
	if (!drop_waiting(s, old.key) &&
	    !db_run(cx, &SQL_SEARCH_DROP_TEXT,
		DB_ARGS(P("key", old.key), P("title", old.title), P("body", old.body)), NULL))
		return false;
	return db_run(cx, &SQL_SEARCH_DROP, DB_ARGS(P("key", old.key)), NULL);
}

int64_t search_key(int32_t day, int64_t idx)
{
	return ((int64_t)day << 32) | idx;
}

/* The public words but the title, which has a column of its own; and the notice's number. */
static struct str body_of(
    struct cx *cx, const struct entry *e, const struct item *it, const struct val *doc)
{
	struct str text = schema_search_text(cx->mem, cx->app->domain, it, doc);

	text = str_cut(text, val_str(doc, "title").n + 1, text.n);
	return str_fmt(cx->mem, "%.*s%.*s", STR_ARG(text), STR_ARG(e->id));
}

static bool put(struct cx *cx, struct state *s, const struct entry *e, const struct item *it,
    const struct val *doc)
{
	const struct place *p = domain_place(cx->app->domain, val_str(e->meta, "place"));
	struct str time = val_str(val_at(doc, "appearance"), "time"), title = val_str(doc, "title"),
		   body;
	int32_t day = instant_day(e->time);
	int64_t key;

	if (time.n >= 10)
		(void)date_parse(str_cut(time, 0, 10), &day);
	key = search_key(day, e->index);
	body = body_of(cx, e, it, doc);
	*list_add(cx->mem, &s->waiting) = (struct words_row){key, title, body};
	return db_run(cx, &SQL_SEARCH_PUT,
	    DB_ARGS(P("key", key), P("id", e->id), P("idx", e->index), P("sector", it->sector->id),
		P("item", it->id), P("agency", val_str(e->meta, "agency")),
		P("place", val_str(e->meta, "place")), P("county", place_ancestor(p, 2)),
		P("city", place_ancestor(p, 1)), P("province", place_ancestor(p, 0)),
		P("year", str_cut(date_print(cx->mem, day), 0, 4)), P("title", title),
		P("body", body)),
	    NULL);
}

static bool apply(struct cx *cx, void *state, const struct entry *e, struct str document)
{
	const struct item *it;
	struct val *doc;

	if (str_is(e->type, "withdrawal/v1"))
		return drop(cx, state, e->id);
	if (!str_is(e->type, "notice/v1"))
		return true;
	if (e->revision > 1 && !drop(cx, state, e->id))
		return false;
	if (document.p == NULL)
		return true;
	it = domain_item(cx->app->domain, val_str(e->meta, "item"));
	if (it == NULL)
		return cx_fail(cx, ERR_CORRUPT,
		    "entry %" PRId64 ": item %.*s is not in the catalogue", e->index,
		    STR_ARG(val_str(e->meta, "item")));
	return json_parse(cx, document, NULL, &doc) && put(cx, state, e, it, doc);
}

static bool begin(struct cx *cx, void *state)
{
	struct state *s = state;

	s->was = cx->db;
	cx->db = s->db;
	s->waiting.at = NULL;
	s->waiting.n = s->waiting.cap = 0;
	if (db_begin(cx))
		return true;
	cx->db = s->was;
	return false;
}

static bool commit(struct cx *cx, void *state, int64_t cursor)
{
	struct state *s = state;

	LIST_EACH(w, &s->waiting) {
		if (!db_run(cx, &SQL_SEARCH_PUT_TEXT,
			DB_ARGS(P("key", w->key), P("title", w->title), P("body", w->body)), NULL))
			return false;
	}
	if (!db_run(cx, &SQL_SEARCH_CURSOR_PUT,
		DB_ARGS(P("cursor", cursor), P("version", SEARCH_VERSION)), NULL) ||
	    !db_commit(cx))
		return false;
	cx->db = s->was;
	return true;
}

static void abandon(struct cx *cx, void *state)
{
	struct state *s = state;

	db_rollback(cx);
	cx->db = s->was;
}

static bool clear(struct cx *cx, void *state)
{
	return db_run(cx, &SQL_SEARCH_CLEAR_TEXT, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_SEARCH_CLEAR, DB_NO_ARGS, NULL);
}

static bool cursor(struct cx *cx, void *state, int64_t *cursor_out, int *version_out)
{
	struct state *s = state;
	struct db *was = cx->db;
	struct cursor_row row;
	bool ok;

	cx->db = s->db;
	ok = db_one(cx, &SQL_SEARCH_CURSOR, DB_NO_ARGS, cursor_cols, &row, NULL);
	cx->db = was;
	*cursor_out = row.cursor;
	*version_out = (int)row.version;
	return ok;
}

bool search_open(struct cx *cx, struct str home, struct follower *out)
{
	struct state *s = arena_new(cx->mem, struct state);

	*out = (struct follower){
	    .name = "search",
	    .version = SEARCH_VERSION,
	    .apply = apply,
	    .clear = clear,
	    .begin = begin,
	    .commit = commit,
	    .abort = abandon,
	    .cursor = cursor,
	    .state = s,
	};
	return search_file_open(cx, home, true, &s->db);
}

void search_close(struct follower *f)
{
	struct state *s = f->state;

	if (s != NULL)
		db_close(s->db);
	f->state = NULL;
}
