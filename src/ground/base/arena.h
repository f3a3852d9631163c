/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena owns everything that dies together: a request, a job, the loaded domain. Memory is zeroed, aligned to 16 and never
 * freed piece by piece. An allocation never fails: inputs are bounded before (bytes, rows, depth), so crossing the arena's
 * limit is a bug and aborts, as does an exhausted machine.
 * Drawback: memory of long loops piles up; bracket them with arena_mark/arena_rewind.
 * Not thread-safe: one arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"

struct arena;

/* A new arena that may hold up to limit bytes; the caller closes it. */
struct arena *arena_open(size_t limit);
void arena_close(struct arena *a);
void arena_closep(struct arena **a); /* for DEFER */

/* n zeroed bytes, never NULL (n = 0 gives a valid unique pointer). */
void *arena_alloc(struct arena *a, size_t n);
/* Grow p from old to n bytes; in place when p was the last allocation. The bytes after old are zero. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n);

/* Run fn(arg) at the next reset, rewind past this point, or close; latest first. For handles that live as long as the memory. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* Forget everything; keeps one block for the next use. */
void arena_reset(struct arena *a);

struct arena_mark {
	void *block;
	size_t used;
	size_t total;
	void *defers;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#define arena_new(a, type)	((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

#endif
