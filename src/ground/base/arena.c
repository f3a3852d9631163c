/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"

/*
 * Blocks double from the first to a huge page, so that small arenas stay small and large ones (the domain, a group of notices, a file) are few
 * pages: a page fault costs more than filling the page. Some blocks are kept for the next use for the same reason.
 */
#define BLOCK_FIRST ((size_t)64 << 10)
#define BLOCK_HUGE  ((size_t)2 << 20)
#define SPARES_MOST ((size_t)16 << 20)
#define ALIGN	    16u

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
	size_t total; /* bytes, this header included */
	size_t used;  /* of data */
	bool zero;    /* what is not used is zero */
	_Alignas(ALIGN) unsigned char data[];
};

struct defer {
	struct defer *below;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct block *top;
	struct block *spares; /* at most a huge page each */
	size_t spares_total;
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

static size_t block_size(const struct block *b)
{
	return b->total - sizeof *b;
}

/* Whole huge pages at their own boundary, zeroed. */
static void *pages_take(size_t n)
{
	unsigned char *p =
	    mmap(NULL, n + BLOCK_HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t head;

	BUG_ON(p == MAP_FAILED);
	head = -(uintptr_t)p % BLOCK_HUGE;
	if (head)
		(void)munmap(p, head);
	(void)munmap(p + head + n, BLOCK_HUGE - head);
	(void)madvise(p + head, n, MADV_HUGEPAGE); /* where there are none, small ones do */
	return p + head;
}

static struct block *block_take(size_t total)
{
	struct block *b;

	if (total >= BLOCK_HUGE) {
		total = (total + BLOCK_HUGE - 1) / BLOCK_HUGE * BLOCK_HUGE;
		b = pages_take(total);
	} else {
		b = malloc(total);
		BUG_ON(b == NULL);
	}
	b->total = total;
	b->zero = total >= BLOCK_HUGE;
	return b;
}

static void block_give(struct block *b)
{
	UNPOISON(b->data, block_size(b));
	if (b->total >= BLOCK_HUGE)
		(void)munmap(b, b->total);
	else
		free(b);
}

/* A block for n bytes and, as a rule, more. */
static struct block *block_open(struct arena *a, struct block *below, size_t n)
{
	size_t total = below ? below->total * 2 : BLOCK_FIRST;
	struct block *b = a->spares;

	if (b != NULL && block_size(b) >= n) {
		a->spares = b->below;
		a->spares_total -= b->total;
	} else {
		if (total > BLOCK_HUGE)
			total = BLOCK_HUGE;
		b = block_take(total - sizeof *b < n ? sizeof *b + n : total);
	}
	b->below = below;
	b->used = 0;
	POISON(b->data, block_size(b));
	return b;
}

static void block_close(struct arena *a, struct block *b)
{
	if (b->total > BLOCK_HUGE || a->spares_total + b->total > SPARES_MOST) {
		block_give(b);
		return;
	}
	b->zero = false;
	b->below = a->spares;
	a->spares = b;
	a->spares_total += b->total;
}

static void blocks_free(struct block *b)
{
	while (b != NULL) {
		struct block *below = b->below;

		block_give(b);
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
	void *p;

	a->total += need;
	BUG_ON(a->total > a->limit);
	if (block_size(b) - b->used < need)
		b = a->top = block_open(a, b, need);
	p = b->data + b->used;
	b->used += need;
	UNPOISON(p, n ? n : 1);
	if (!b->zero)
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
	if ((unsigned char *)p + was == b->data + b->used &&
	    block_size(b) - b->used >= need - was) {
		a->total += need - was;
		BUG_ON(a->total > a->limit);
		b->used += need - was;
		UNPOISON(p, n);
		if (!b->zero)
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
	POISON(a->top->data + m.used, block_size(a->top) - m.used);
	a->top->zero = a->top->zero && a->top->used == m.used;
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
