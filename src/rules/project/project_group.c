/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which notices hang together. Everything that shares a code or a stem with a notice, directly or through others, is its closure; within
 * a closure the grouping is computed from nothing, so it cannot depend on the order in which notices came.
 */
#include <stdlib.h>

#include "project/project_priv.h"
#include "base/app.h"
#include "crypto/crypto.h"
#include "project_sql.h"

struct node {
	struct project_member m;
	struct project_keys keys;
	size_t strong, weak; /* parents in the two union-finds */
	bool disputed;	     /* its stem names no one process */
};

struct closure {
	struct node *at;
	size_t n, cap;
	struct map by_id; /* id → 1 + position, as a pointer */
	struct map
	    bonds; /* codes and stems that were asked for → whether they bind, as a pointer */
};

static size_t root(const struct closure *c, size_t i, bool weak)
{
	for (;;) {
		size_t up = weak ? c->at[i].weak : c->at[i].strong;

		if (up == i)
			return i;
		i = up;
	}
}

/* The smaller position becomes the root; positions are in order of id after closure_sort, so the outcome is a function of the set. */
static void join(struct closure *c, size_t a, size_t b, bool weak)
{
	a = root(c, a, weak);
	b = root(c, b, weak);
	if (a > b) {
		size_t swap = a;

		a = b;
		b = swap;
	}
	if (weak)
		c->at[b].weak = a;
	else
		c->at[b].strong = a;
}

static void take(struct arena *mem, struct closure *c, const struct project_member *m)
{
	if (map_has(&c->by_id, m->id))
		return;
	*list_add(mem, c) = (struct node){.m = *m};
	(void)map_put(mem, &c->by_id, m->id, (void *)(uintptr_t)c->n);
}

static bool take_all(
    struct cx *cx, struct closure *c, const struct db_sql *sql, const struct db_arg *args)
{
	struct project_member *rows;
	size_t n;

	if (!db_all(cx, sql, args, project_member_cols, sizeof *rows, (void **)&rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		take(cx->mem, c, &rows[i]);
	return true;
}

/* A code or stem, and the two statements that ask about it. */
struct bond {
	struct str name;
	const struct db_sql *count, *all;
	const struct db_arg *args;
};

/* Takes all that carry it, once. A code or stem that very many notices carry names no one process: it binds nothing. */
static bool close_over_bond(struct cx *cx, struct closure *c, const struct bond *b, bool *binds_out)
{
	int64_t n;

	*binds_out = map_get(&c->bonds, b->name) != NULL;
	if (map_has(&c->bonds, b->name))
		return true;
	if (!db_int(cx, b->count, b->args, &n))
		return false;
	*binds_out = n <= PROJECT_SHARED_MAX;
	(void)map_put(cx->mem, &c->bonds, b->name, *binds_out ? c : NULL);
	return !*binds_out || take_all(cx, c, b->all, b->args);
}

static struct str key_name(struct arena *mem, const struct project_key *key)
{
	return str_fmt(mem, "%.*s\n%.*s", STR_ARG(project_key_kind(key)), STR_ARG(key->value));
}

static bool close_over_keys(struct cx *cx, struct closure *c, size_t i)
{
	struct project_keys all = {0};

	if (!db_all(cx, &SQL_PROJECT_KEYS, DB_ARGS(P("id", c->at[i].m.id)), project_key_cols,
		sizeof *all.at, (void **)&all.at, &all.n))
		return false;
	for (size_t k = 0; k < all.n; k++) {
		const struct bond b = {key_name(cx->mem, &all.at[k]), &SQL_PROJECT_KEYED_COUNT,
		    &SQL_PROJECT_KEYED,
		    DB_ARGS(P("value", all.at[k].value), P("kind", project_key_kind(&all.at[k])))};
		bool binds;

		if (!close_over_bond(cx, c, &b, &binds))
			return false;
		if (binds)
			*list_add(cx->mem, &c->at[i].keys) = all.at[k];
	}
	return true;
}

static bool close_over_title(struct cx *cx, struct closure *c, size_t i)
{
	struct str stem = c->at[i].m.title_key;
	const struct bond b = {str_fmt(cx->mem, "title\n%.*s", STR_ARG(stem)),
	    &SQL_PROJECT_TITLED_COUNT, &SQL_PROJECT_TITLED, DB_ARGS(P("title_key", stem))};
	bool binds;

	if (stem.n == 0)
		return true;
	if (!close_over_bond(cx, c, &b, &binds))
		return false;
	if (!binds)
		c->at[i].m.title_key = STR_NONE;
	return true;
}

/* Everything reachable from the notices in c. */
static bool close_over(struct cx *cx, struct closure *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (!close_over_keys(cx, c, i) || !close_over_title(cx, c, i))
			return false;
	return true;
}

static void join_by_codes(struct arena *mem, struct closure *c)
{
	struct map first = {0}; /* kind LF value → 1 + position */

	for (size_t i = 0; i < c->n; i++) {
		for (size_t k = 0; k < c->at[i].keys.n; k++) {
			const struct project_key *key = &c->at[i].keys.at[k];
			struct str name = key_name(mem, key);
			size_t other = (size_t)(uintptr_t)map_get(&first, name);

			if (other == 0)
				(void)map_put(mem, &first, name, (void *)(uintptr_t)(i + 1));
			else
				join(c, i, other - 1, false);
		}
	}
	for (size_t i = 0; i < c->n; i++)
		c->at[i].weak = root(c, i, false);
}

/* Do the projects that two notices belong to by code disagree: another code of one kind, or another tenderee? */
static bool keys_disagree(const struct project_keys *a, const struct project_keys *b)
{
	for (size_t i = 0; i < a->n; i++) {
		bool kind = false, same = false;

		for (size_t k = 0; k < b->n; k++) {
			if (!str_eq(a->at[i].kind, b->at[k].kind))
				continue;
			kind = true;
			same = same || str_eq(a->at[i].value, b->at[k].value);
		}
		if (kind && !same)
			return true;
	}
	return false;
}

static bool nodes_disagree(const struct node *a, const struct node *b)
{
	if (a->m.tenderee.n && b->m.tenderee.n && !str_eq(a->m.tenderee, b->m.tenderee))
		return true;
	return keys_disagree(&a->keys, &b->keys);
}

/* Two plans, two results … that stand under one title: it names more than one process. Changes may come again and again. */
static bool nodes_repeat(const struct node *a, const struct node *b)
{
	return str_eq(a->m.stage, b->m.stage) && !str_is(a->m.stage, "change") && !a->m.withdrawn &&
	       !b->m.withdrawn;
}

/* Do two notices that carry this stem stand against each other? Those joined by code never do. */
static bool stem_disputed(const struct closure *c, struct str stem)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!str_eq(c->at[i].m.title_key, stem))
			continue;
		for (size_t k = i + 1; k < c->n; k++)
			if (str_eq(c->at[k].m.title_key, stem) &&
			    root(c, i, false) != root(c, k, false) &&
			    (nodes_disagree(&c->at[i], &c->at[k]) ||
				nodes_repeat(&c->at[i], &c->at[k])))
				return true;
	}
	return false;
}

static void join_by_titles(struct arena *mem, struct closure *c)
{
	struct map first = {0}; /* stem → 1 + position of its first notice */

	for (size_t i = 0; i < c->n; i++) {
		struct str stem = c->at[i].m.title_key;
		size_t known = stem.n ? (size_t)(uintptr_t)map_get(&first, stem) : 0;

		if (stem.n == 0)
			continue;
		if (known == 0) {
			(void)map_put(mem, &first, stem, (void *)(uintptr_t)(i + 1));
			c->at[i].disputed = stem_disputed(c, stem);
			continue;
		}
		c->at[i].disputed = c->at[known - 1].disputed;
		if (!c->at[i].disputed)
			join(c, i, known - 1, true);
	}
}

/* One title joins a to b, another b to c: when a and c disagree neither title is to be trusted. */
static void chains_undo(struct arena *mem, struct closure *c)
{
	size_t *top = arena_array(mem, size_t, c->n), *strong = arena_array(mem, size_t, c->n);
	bool *bad = arena_array(mem, bool, c->n);

	for (size_t i = 0; i < c->n; i++) {
		top[i] = root(c, i, true);
		strong[i] = root(c, i, false);
		bad[i] = false;
	}
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = i + 1; k < c->n && !bad[top[i]]; k++)
			if (top[i] == top[k] && strong[i] != strong[k] &&
			    nodes_disagree(&c->at[i], &c->at[k]))
				bad[top[i]] = true;
	for (size_t i = 0; i < c->n; i++) {
		if (!bad[top[i]])
			continue;
		c->at[i].weak = strong[i];
		c->at[i].disputed = true;
	}
}

/* ---- names ---- */

static size_t kind_rank(struct str kind)
{
	size_t i = 0;

	while (project_kinds[i] && !str_is(kind, project_kinds[i]))
		i++;
	return i;
}

static bool better(const struct project_key *a, const struct project_key *b)
{
	size_t p = kind_rank(a->kind), q = kind_rank(b->kind);

	return p != q ? p < q : str_cmp(a->value, b->value) < 0;
}

/* The name of a root, and the notice it comes from: its best code; without any, a digest of its stem, or of its id when the stem is disputed. */
struct naming {
	struct str name;
	size_t from; /* position; SIZE_MAX when no code names it */
};

static struct naming name_of(struct arena *mem, const struct closure *c, size_t top)
{
	const struct project_key *best = NULL;
	struct naming naming = {.from = SIZE_MAX};
	const struct node *t = &c->at[top];
	struct str word = t->m.title_key.n && !t->disputed ? t->m.title_key : t->m.id;
	struct hash h;

	for (size_t i = 0; i < c->n; i++) {
		for (size_t k = 0; root(c, i, true) == top && k < c->at[i].keys.n; k++) {
			if (best != NULL && !better(&c->at[i].keys.at[k], best))
				continue;
			best = &c->at[i].keys.at[k];
			naming.from = i;
		}
	}
	h = crypto_sha256(
	    best ? str_fmt(mem, "%.*s\n%.*s", STR_ARG(best->kind), STR_ARG(best->value)) : word);
	if (best == NULL)
		naming.name = str_fmt(mem, "t-%.*s", STR_ARG(str_hex(mem, h.b, 8)));
	else if (project_key_kind(best).n == 0)
		naming.name = best->value;
	else /* a platform's own code stays apart from the same code of other platforms and kinds */
		naming.name = str_fmt(mem, "%.*s~%.*s", STR_ARG(project_key_code(best->value)),
		    STR_ARG(str_hex(mem, h.b, 3)));
	return naming;
}

/* Bound by code to the notice that names the project, or only by title? */
static bool is_possible(const struct closure *c, size_t i, const struct naming *naming)
{
	size_t mine = root(c, i, false), top = root(c, i, true);

	if (naming->from != SIZE_MAX)
		return root(c, naming->from, false) != mine;
	for (size_t k = 0; k < c->n; k++)
		if (root(c, k, true) == top && root(c, k, false) != mine)
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct node *)a)->m.id, ((const struct node *)b)->m.id);
}

static bool assign(struct cx *cx, struct closure *c, struct map *touched)
{
	for (size_t i = 0; i < c->n; i++) {
		size_t top = root(c, i, true);
		struct naming naming = name_of(cx->mem, c, top);
		bool possible = is_possible(c, i, &naming);
		struct project_member *m = &c->at[i].m;

		(void)map_put(cx->mem, touched, naming.name, NULL);
		if (str_eq(m->project, naming.name) && m->possible == possible)
			continue;
		if (m->project.n)
			(void)map_put(cx->mem, touched, m->project, NULL);
		if (!db_run(cx, &SQL_PROJECT_NOTICE_ASSIGN,
			DB_ARGS(P("project", naming.name), P("possible", (int64_t)possible),
			    P("id", m->id)),
			NULL))
			return false;
	}
	return true;
}

bool project_regroup(struct cx *cx, struct str notice)
{
	struct closure c = {0};
	struct project_member m;
	struct map touched = {0};

	if (!db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", notice)), project_member_cols, &m,
		NULL))
		return false;
	take(cx->mem, &c, &m);
	if (m.project.n &&
	    !take_all(cx, &c, &SQL_PROJECT_MEMBERS, DB_ARGS(P("project", m.project))))
		return false;
	if (!close_over(cx, &c))
		return false;
	qsort(c.at, c.n, sizeof *c.at, by_id);
	for (size_t i = 0; i < c.n; i++)
		c.at[i].strong = c.at[i].weak = i;
	join_by_codes(cx->mem, &c); /* weak begins as strong */
	join_by_titles(cx->mem, &c);
	chains_undo(cx->mem, &c);
	if (!assign(cx, &c, &touched))
		return false;
	MAP_EACH(slot, &touched) {
		if (!project_mark_all(cx, slot->key))
			return false;
	}
	return true;
}
