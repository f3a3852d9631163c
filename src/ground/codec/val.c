/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/codec_priv.h"

static struct val *make(struct arena *mem, enum val_kind kind)
{
	struct val *v = arena_new(mem, struct val);

	v->kind = kind;
	return v;
}

struct val *val_null(struct arena *mem)
{
	return make(mem, VAL_NULL);
}

struct val *val_bool(struct arena *mem, bool truth)
{
	struct val *v = make(mem, VAL_BOOL);

	v->truth = truth;
	return v;
}

struct val *val_int(struct arena *mem, int64_t i)
{
	struct val *v = make(mem, VAL_INT);

	v->i = i;
	return v;
}

struct val *val_text(struct arena *mem, struct str s)
{
	struct val *v = make(mem, s.p ? VAL_TEXT : VAL_NULL);

	v->text = s;
	return v;
}

struct val *val_list(struct arena *mem)
{
	return make(mem, VAL_LIST);
}

struct val *val_map(struct arena *mem)
{
	return make(mem, VAL_MAP);
}

struct val *val_leaf(struct arena *mem, enum val_kind kind, struct str text, struct str label)
{
	struct val *v = make(mem, kind);

	BUG_ON(kind < VAL_DECIMAL);
	v->text = text;
	v->label = label;
	return v;
}

static void room_for_one(struct arena *mem, struct val *v)
{
	uint32_t cap = v->cap ? v->cap * 2 : 4;

	if (v->n < v->cap)
		return;
	BUG_ON(cap <= v->cap);
	v->at = arena_grow(mem, v->at, v->cap * sizeof(struct val *), cap * sizeof(struct val *));
	if (v->kind == VAL_MAP)
		v->keys = arena_grow(mem, v->keys, v->cap * sizeof *v->keys, cap * sizeof *v->keys);
	v->cap = cap;
}

/* Position of the member, n when absent. */
static size_t position(const struct val *map, struct str key)
{
	size_t i = 0;

	while (i < map->n && !str_eq(map->keys[i], key))
		i++;
	return i;
}

void val_append(struct arena *mem, struct val *map, struct str key, struct val *child)
{
	room_for_one(mem, map);
	map->keys[map->n] = key;
	map->at[map->n++] = child;
}

struct val *val_put(struct arena *mem, struct val *map, struct str key, struct val *child)
{
	size_t i;

	BUG_ON(map->kind != VAL_MAP || child == NULL);
	i = position(map, key);
	if (i == map->n)
		val_append(mem, map, key, child);
	else
		map->at[i] = child;
	return child;
}

struct val *val_add(struct arena *mem, struct val *list, struct val *child)
{
	BUG_ON(list->kind != VAL_LIST || child == NULL);
	room_for_one(mem, list);
	list->at[list->n++] = child;
	return child;
}

void val_remove(struct val *map, struct str key)
{
	size_t i;

	BUG_ON(map->kind != VAL_MAP);
	i = position(map, key);
	if (i == map->n)
		return;
	map->n--;
	memmove(map->at + i, map->at + i + 1, (map->n - i) * sizeof(struct val *));
	memmove(map->keys + i, map->keys + i + 1, (map->n - i) * sizeof *map->keys);
}

struct val *val_find(const struct val *map, struct str key)
{
	size_t i;

	if (map == NULL || map->kind != VAL_MAP)
		return NULL;
	i = position(map, key);
	return i < map->n ? map->at[i] : NULL;
}

struct str val_str(const struct val *map, const char *key)
{
	const struct val *v = val_find(map, str_of(key));

	return v && v->kind == VAL_TEXT ? v->text : STR_NONE;
}

int64_t val_i64(const struct val *map, const char *key, int64_t otherwise)
{
	const struct val *v = val_find(map, str_of(key));

	return v && v->kind == VAL_INT ? v->i : otherwise;
}

struct val *val_path(const struct val *map, struct str path)
{
	struct val *v = NULL;
	struct str part;

	while (str_split(&path, '.', &part)) {
		v = val_find(map, part);
		map = v;
	}
	return v;
}

static bool same_members(const struct val *a, const struct val *b)
{
	for (size_t i = 0; i < a->n; i++) {
		/* the same place first: equal maps mostly have the same order */
		size_t j = str_eq(b->keys[i], a->keys[i]) ? i : position(b, a->keys[i]);

		if (j == b->n || !val_eq(a->at[i], b->at[j]))
			return false;
	}
	return true;
}

bool val_eq(const struct val *a, const struct val *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->kind != b->kind || a->n != b->n)
		return false;
	switch (a->kind) {
	case VAL_NULL:
		return true;
	case VAL_BOOL:
		return a->truth == b->truth;
	case VAL_INT:
		return a->i == b->i;
	case VAL_MAP:
		return same_members(a, b);
	case VAL_LIST:
		for (size_t i = 0; i < a->n; i++) {
			if (!val_eq(a->at[i], b->at[i]))
				return false;
		}
		return true;
	case VAL_NUMBER:
	case VAL_TEXT:
		return str_eq(a->text, b->text);
	default:
		return str_eq(a->text, b->text) && str_eq(a->label, b->label);
	}
}

struct val *val_copy(struct arena *mem, const struct val *v)
{
	struct val *c = make(mem, v->kind);

	*c = *v;
	c->text = str_dup(mem, v->text);
	if (v->kind >= VAL_DECIMAL)
		c->label = str_dup(mem, v->label);
	if (v->kind != VAL_LIST && v->kind != VAL_MAP)
		return c;
	c->cap = (uint32_t)v->n;
	c->at = arena_array(mem, struct val *, v->n);
	if (v->kind == VAL_MAP)
		c->keys = arena_array(mem, struct str, v->n);
	for (size_t i = 0; i < v->n; i++) {
		c->at[i] = val_copy(mem, v->at[i]);
		if (v->kind == VAL_MAP)
			c->keys[i] = str_dup(mem, v->keys[i]);
	}
	return c;
}
