/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

/* Position in the index of key's slot, or of the free place where it belongs. */
static size_t probe(const struct map *m, struct str key)
{
	size_t mask = m->index_size - 1, i = str_hash(key) & mask;

	while (m->index[i] && !str_eq(m->at[m->index[i] - 1].key, key))
		i = (i + 1) & mask;
	return i;
}

static void reindex(struct arena *mem, struct map *m)
{
	m->index_size = m->index_size ? m->index_size * 2 : 16;
	m->index = arena_array(mem, uint32_t, m->index_size);
	for (size_t i = 0; i < m->n; i++)
		m->index[probe(m, m->at[i].key)] = (uint32_t)(i + 1);
}

void *map_put(struct arena *mem, struct map *m, struct str key, void *value)
{
	size_t i;

	if (m->n * 2 >= m->index_size)
		reindex(mem, m);
	i = probe(m, key);
	if (m->index[i]) {
		struct map_slot *s = &m->at[m->index[i] - 1];
		void *was = s->value;

		s->value = value;
		return was;
	}
	if (m->n == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 8;

		m->at = arena_grow(mem, m->at, m->cap * sizeof *m->at, cap * sizeof *m->at);
		m->cap = cap;
	}
	m->at[m->n++] = (struct map_slot){key, value};
	m->index[i] = (uint32_t)m->n;
	return NULL;
}

static struct map_slot *find(const struct map *m, struct str key)
{
	size_t i;

	if (m->n == 0)
		return NULL;
	i = probe(m, key);
	return m->index[i] ? &m->at[m->index[i] - 1] : NULL;
}

void *map_get(const struct map *m, struct str key)
{
	struct map_slot *s = find(m, key);

	return s ? s->value : NULL;
}

bool map_has(const struct map *m, struct str key)
{
	return find(m, key) != NULL;
}

struct str map_near(const struct map *m, struct str key)
{
	unsigned best = str_distance_most(key) + 1;
	struct str near = STR_NONE;

	for (size_t i = 0; i < m->n; i++) {
		unsigned d = str_distance(m->at[i].key, key);

		if (d < best) {
			best = d;
			near = m->at[i].key;
		}
	}
	return near;
}
