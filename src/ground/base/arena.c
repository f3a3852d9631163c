/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "base/arena.h"

#define BLOCK_SIZE (64u * 1024)
#define SPARES_MOST                                                                                \
	64u /* blocks kept for the next use: giving them back and taking them again costs page faults */
#define ALIGN 16u

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

struct block {
	struct block *below;
	size_t size; /* of data */
	size_t used;
	_Alignas(ALIGN) unsigned char data[];
};

struct defer {
	struct defer *below;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *top;
	struct block *spares; /* of the usual size */
	size_t spares_n;
	struct defer *defers;
	size_t limit;
	size_t total;
};

void bug(const char *file, int line, const char *what)
{
	(void)fprintf(stderr, "gongkai: bug at %s:%d: %s\n", file, line, what);
	abort();
}

static size_t aligned(size_t n)
{
	BUG_ON(n > SIZE_MAX / 2);
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static struct block *block_open(struct arena *a, struct block *below, size_t n)
{
	size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
	struct block *b = size == BLOCK_SIZE ? a->spares : NULL;

	if (b != NULL) {
		a->spares = b->below;
		a->spares_n--;
	} else {
		b = size == BLOCK_SIZE ? malloc(sizeof *b + size) : calloc(1, sizeof *b + size);
		BUG_ON(b == NULL);
	}
	b->below = below;
	b->size = size;
	b->used = 0;
	POISON(b->data, size);
	return b;
}

static void block_close(struct arena *a, struct block *b)
{
	UNPOISON(b->data, b->size);
	if (b->size != BLOCK_SIZE || a->spares_n == SPARES_MOST) {
		free(b);
		return;
	}
	b->below = a->spares;
	a->spares = b;
	a->spares_n++;
}

static void blocks_free(struct block *b)
{
	while (b != NULL) {
		struct block *below = b->below;

		UNPOISON(b->data, b->size);
		free(b);
		b = below;
	}
}

struct arena *arena_open(size_t limit)
{
	struct arena *a = calloc(1, sizeof *a);

	BUG_ON(a == NULL);
	a->limit = limit;
	a->top = block_open(a, NULL, 0);
	return a;
}

static void defers_run(struct arena *a, struct defer *until)
{
	while (a->defers != until) {
		struct defer *d = a->defers;

		a->defers = d->below;
		d->fn(d->arg);
	}
}

void arena_close(struct arena *a)
{
	if (a == NULL)
		return;
	defers_run(a, NULL);
	blocks_free(a->top);
	blocks_free(a->spares);
	free(a);
}

void arena_closep(struct arena **a)
{
	arena_close(*a);
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t need = aligned(n ? n : 1);
	struct block *b = a->top;
	bool zeros = false;
	void *p;

	a->total += need;
	BUG_ON(a->total > a->limit);
	if (b->size - b->used < need) {
		b = a->top = block_open(a, b, need);
		zeros = b->size > BLOCK_SIZE; /* a block of its own is new, and zero */
	}
	p = b->data + b->used;
	b->used += need;
	UNPOISON(p, n ? n : 1);
	if (!zeros)
		memset(p, 0, n ? n : 1);
	return p;
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
	struct block *b = a->top;
	size_t was = aligned(old ? old : 1), need = aligned(n ? n : 1);
	void *q;

	if (p == NULL)
		return arena_alloc(a, n);
	if (n <= old)
		return p;
	if ((unsigned char *)p + was == b->data + b->used && b->size - b->used >= need - was) {
		a->total += need - was;
		BUG_ON(a->total > a->limit);
		b->used += need - was;
		UNPOISON(p, n);
		memset((unsigned char *)p + old, 0, n - old);
		return p;
	}
	q = arena_alloc(a, n);
	memcpy(q, p, old);
	return q;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct defer *d = arena_alloc(a, sizeof *d);

	d->below = a->defers;
	d->fn = fn;
	d->arg = arg;
	a->defers = d;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->top, a->top->used, a->total, a->defers};
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
	defers_run(a, m.defers);
	while (a->top != m.block) {
		struct block *b = a->top;

		BUG_ON(b == NULL);
		a->top = b->below;
		block_close(a, b);
	}
	POISON(a->top->data + m.used, a->top->size - m.used);
	a->top->used = m.used;
	a->total = m.total;
}

void arena_reset(struct arena *a)
{
	struct block *b = a->top;

	while (b->below != NULL)
		b = b->below;
	arena_rewind(a, (struct arena_mark){b, 0, 0, NULL});
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}
