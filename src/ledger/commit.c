/* SPDX-License-Identifier: Apache-2.0 */
/* One transaction of the sequencer: acts become entries, rows and views; the head moves by compare-and-swap. */
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"
#include "text/text.h"

/* ---- ids ---- */

static bool counter_get(struct cx *cx, struct group *g, struct str sector, struct counter **out)
{
	struct counter *c;

	for (size_t i = 0; i < g->n_counters; i++)
		if (str_eq(g->counters[i].sector, sector)) {
			*out = &g->counters[i];
			return true;
		}
	if (g->n_counters == COUNTERS_MAX)
		return cx_fail(
		    cx, ERR_LIMIT, "more than %d sectors in one group of acts", COUNTERS_MAX);
	c = &g->counters[g->n_counters];
	*c = (struct counter){.sector = str_dup(cx->mem, sector), .year = g->year};
	if (!db_int(cx, &SQL_LEDGER_COUNTER_GET,
		DB_ARGS(P("city", g->ledger->config.city), P("sector", sector), P("year", c->year)),
		&c->last))
		return false;
	g->n_counters++;
	*out = c;
	return true;
}

/* A new id, 360800-works-2026-000123: without gaps, because a gap looks like a deletion. */
static bool id_take(struct cx *cx, struct group *g, struct act *act)
{
	struct counter *c = NULL;

	if (!counter_get(cx, g, act->sector, &c))
		return false;
	c->last++;
	c->changed = true;
	act->result.revision = 1;
	act->result.id = str_fmt(cx->mem, "%.*s-%.*s-%" PRId64 "-%06" PRId64,
	    STR_ARG(g->ledger->config.city), STR_ARG(act->sector), c->year, c->last);
	return true;
}

/* ---- one act ---- */

const struct ledger_view *view_find(const struct ledger *l, struct str type)
{
	for (const struct ledger_view *v = l->config.views; v != NULL && v->name != NULL; v++)
		if (str_is(type, v->type))
			return v;
	return NULL;
}

static bool leaf_of(struct cx *cx, int64_t index, struct hash *out)
{
	struct entry_rows rows;

	if (!store_entries(cx, index, index + 1, false, &rows))
		return false;
	if (rows.n == 0)
		return cx_fail(cx, ERR_NOT_FOUND, "no entry %" PRId64 " to follow", index);
	*out = merkle_leaf(str_of_bytes(rows.at[0].entry));
	return true;
}

/* An order to erase names the entry by index and leaf; the document goes with this transaction. */
static bool erase(struct cx *cx, const struct act *act)
{
	struct entry_target t = entry_target(act->meta, "erases");
	struct hash leaf;
	int64_t gone;

	if (t.index < 0)
		return cx_fail(cx, ERR_INPUT, "an erasure names the entry: erases {index, leaf}");
	if (!leaf_of(cx, t.index, &leaf))
		return false;
	if (!hash_eq(&leaf, &t.leaf))
		return cx_fail(cx, ERR_CONFLICT,
		    "entry %" PRId64 " has another leaf hash than the one to erase", t.index);
	if (!db_run(cx, &SQL_LEDGER_DOCUMENT_ERASE, DB_ARGS(P("idx", t.index)), &gone))
		return false;
	if (gone != 1)
		return cx_fail(
		    cx, ERR_NOT_FOUND, "entry %" PRId64 " has no document to erase", t.index);
	return true;
}

static bool rows_add(struct cx *cx, int64_t index, struct str entry, const struct act *act)
{
	struct bytes bytes = {(const unsigned char *)entry.p, entry.n};
	struct bytes salt = {act->salt, sizeof act->salt};

	if (!db_run(cx, &SQL_LEDGER_ENTRY_ADD, DB_ARGS(P("idx", index), P("entry", bytes)), NULL))
		return false;
	return act->document.p == NULL ||
	       db_run(cx, &SQL_LEDGER_DOCUMENT_ADD,
		   DB_ARGS(P("idx", index), P("salt", salt), P("document", act->document)), NULL);
}

static bool entry_add(
    struct cx *cx, struct group *g, struct act *act, const struct ledger_view *view)
{
	struct entry_fill fill = {.id = act->result.id,
	    .revision = act->result.revision,
	    .time = g->time_text,
	    .digest = act->document.p ? &act->digest : NULL,
	    .length = (int64_t)act->document.n,
	    .corrects = act->corrects};
	int64_t index = g->head.size + (int64_t)g->n;
	struct entry entry;

	if (fill.corrects >= 0 && !leaf_of(cx, fill.corrects, &fill.corrects_leaf))
		return false;
	if (!entry_make(cx, act, &fill, &entry) || !rows_add(cx, index, entry.bytes, act))
		return false;
	entry.index = index;
	entry.time = g->time;
	entry.prepared = act->prepared;
	if (view != NULL && !view->apply(cx, &entry, act->document))
		return false;
	g->leaves[g->n++] = merkle_leaf(entry.bytes);
	act->result.index = index;
	act->result.time = g->time;
	return true;
}

bool group_act(struct cx *cx, struct group *g, struct act *act)
{
	const struct ledger_view *view = view_find(g->ledger, str_of(act->type));

	act->result = (struct act_result){.id = act->id, .revision = act->revision, .index = -1};
	act->corrects = -1;
	if (view != NULL && view->check != NULL && !view->check(cx, act))
		return false;
	if (act->result.unchanged)
		return true;
	if (str_is(str_of(act->type), "erasure/v1") && !erase(cx, act))
		return false;
	if (act->sector.n && act->id.n == 0 && !id_take(cx, g, act))
		return false;
	if (act->id.n)
		act->result.id = act->id;
	return entry_add(cx, g, act, view);
}

/* ---- the whole ---- */

static bool tile_full(struct cx *cx, void *arg, struct tile_path path, const struct hash *hashes)
{
	(void)arg;
	return store_tile_put(cx, path, hashes);
}

/* The growing tile of every level that the group touched. */
static bool edges_put(struct cx *cx, const struct tree *t, uint64_t old_size)
{
	for (int level = 0; level < TILE_LEVELS; level++) {
		uint64_t hashes = t->size >> 8 * level;
		struct tile_path path = {
		    level, (int64_t)(hashes / TILE_WIDTH), (int)(hashes % TILE_WIDTH)};

		if (hashes == old_size >> 8 * level)
			break;
		if (path.width && !store_tile_put(cx, path, t->edge[level]))
			return false;
	}
	return true;
}

static bool counters_put(struct cx *cx, const struct group *g)
{
	for (size_t i = 0; i < g->n_counters; i++) {
		const struct counter *c = &g->counters[i];

		if (c->changed &&
		    !db_run(cx, &SQL_LEDGER_COUNTER_PUT,
			DB_ARGS(P("city", g->ledger->config.city), P("sector", c->sector),
			    P("year", c->year), P("last", c->last)),
			NULL))
			return false;
	}
	return true;
}

static bool head_move(struct cx *cx, const struct head *old, const struct head *new)
{
	struct bytes old_root = {old->root.b, 32}, root = {new->root.b, 32};
	int64_t moved;

	if (!db_run(cx, &SQL_LEDGER_HEAD_MOVE,
		DB_ARGS(P("size", new->size), P("root", root), P("time", new->time),
		    P("generation", old->generation), P("old_size", old->size),
		    P("old_root", old_root)),
		&moved))
		return false;
	if (moved != 1)
		return cx_fail(cx, ERR_CORRUPT,
		    "the head is no longer at entry %" PRId64 ": another process writes this log",
		    old->size);
	return true;
}

bool group_commit(struct cx *cx, struct group *g, struct tree *tree, struct head *head_out)
{
	static const struct tile_sink sink = {tile_full, NULL};
	uint64_t old_size = tree->size;

	for (size_t i = 0; i < g->n; i++)
		if (!tree_add(cx, tree, &g->leaves[i], &sink))
			return false;
	*head_out =
	    (struct head){g->head.generation, (int64_t)tree->size, g->time, tree_root(tree)};
	return edges_put(cx, tree, old_size) && counters_put(cx, g) &&
	       head_move(cx, &g->head, head_out) && db_commit(cx);
}
