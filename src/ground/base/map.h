/* SPDX-License-Identifier: Apache-2.0 */
/* Text to pointer, in an arena, in order of insertion. The key's bytes are not copied: they live at least as long as the map. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map_slot {
	struct str key;
	void *value;
};

struct map {
	struct map_slot *at; /* in order of insertion */
	size_t n, cap;
	uint32_t *index; /* open addressing; position + 1, 0 is free */
	size_t index_size;
};

/* Sets key to value (which may be NULL); returns the value it had, NULL when the key is new. */
void *map_put(struct arena *mem, struct map *m, struct str key, void *value);
/* The value of key, NULL when absent. */
void *map_get(const struct map *m, struct str key);
bool map_has(const struct map *m, struct str key);
/* The key nearest to this one (a small edit distance), absent when none is near. For "did you mean". */
struct str map_near(const struct map *m, struct str key);

#define MAP_EACH(it, m)                                                                            \
	for (struct map_slot * (it) = (m)->at; (it) != NULL && (it) < (m)->at + (m)->n; (it)++)

#endif
