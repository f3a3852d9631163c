/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reply cache: keys hash into sets of eight; a full set loses its oldest, a full cache its least recently used. One lock, held for a few
 * hundred nanoseconds. A set bounds what keys chosen to collide can cost.
 */
#include <pthread.h>
#include <stdlib.h>

#include "http/http_priv.h"

#define WAYS	 8
#define SETS	 4096u
#define LIST_US	 1000000
#define OVERHEAD 256 /* of an entry, beside key and answer */

struct entry {
	struct entry *newer, *older; /* by use */
	struct answer *answer;
	char *key;
	size_t key_n, bytes, set;
	uint64_t hash;
	enum cache_scope scope;
	int64_t version, made_us;
};

struct reply_cache {
	pthread_mutex_t lock;
	struct entry *sets[SETS][WAYS];
	struct entry *newest, *oldest;
	size_t bytes, limit;
	const struct app *app;
	cache_version_fn version;
	int64_t (*now_us)(void);
};

struct reply_cache *reply_cache_open(
    size_t bytes, const struct app *app, cache_version_fn version, int64_t (*now_us)(void))
{
	struct reply_cache *c = calloc(1, sizeof *c);

	BUG_ON(c == NULL || pthread_mutex_init(&c->lock, NULL) != 0);
	c->limit = bytes;
	c->app = app;
	c->version = version;
	c->now_us = now_us;
	return c;
}

static void unlink_use(struct reply_cache *c, struct entry *e)
{
	*(e->newer ? &e->newer->older : &c->newest) = e->older;
	*(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void link_newest(struct reply_cache *c, struct entry *e)
{
	e->newer = NULL;
	e->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void drop(struct reply_cache *c, struct entry **slot)
{
	struct entry *e = *slot;

	*slot = NULL;
	unlink_use(c, e);
	c->bytes -= e->bytes;
	answer_release(e->answer);
	free(e->key);
	free(e);
}

static struct entry **slot_of(struct reply_cache *c, const struct entry *e)
{
	for (size_t i = 0; i < WAYS; i++)
		if (c->sets[e->set][i] == e)
			return &c->sets[e->set][i];
	bug(__FILE__, __LINE__, "an entry is in its set");
}

void reply_cache_close(struct reply_cache *c)
{
	if (c == NULL)
		return;
	while (c->oldest)
		drop(c, slot_of(c, c->oldest));
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

int64_t reply_cache_version(const struct reply_cache *c, enum cache_scope scope)
{
	switch (scope) {
	case CACHE_LIST: /* its age counts from here */
		return c->now_us();
	case CACHE_NOTICE:
	case CACHE_DOMAIN:
	case CACHE_DAY:
		return c->version(c->app, scope);
	default:
		return 0;
	}
}

static struct entry **find(struct reply_cache *c, struct str key, uint64_t hash)
{
	struct entry **set = c->sets[hash % SETS];

	for (size_t i = 0; i < WAYS; i++)
		if (set[i] && set[i]->hash == hash &&
		    str_eq((struct str){set[i]->key, set[i]->key_n}, key))
			return &set[i];
	return NULL;
}

static bool is_current(const struct reply_cache *c, enum cache_scope scope, int64_t version)
{
	int64_t now = reply_cache_version(c, scope);

	return scope == CACHE_LIST ? now - version < LIST_US : now == version;
}

struct answer *reply_cache_find(struct reply_cache *c, struct str key)
{
	uint64_t hash = str_hash(key);
	struct answer *a = NULL;
	struct entry **slot;

	(void)pthread_mutex_lock(&c->lock);
	slot = find(c, key, hash);
	if (slot && is_current(c, (*slot)->scope, (*slot)->version)) {
		a = answer_hold((*slot)->answer);
		unlink_use(c, *slot);
		link_newest(c, *slot);
	} else if (slot) {
		drop(c, slot);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return a;
}

/* A free place of the set, or that of its oldest entry. */
static struct entry **place(struct reply_cache *c, struct str key, uint64_t hash)
{
	struct entry **set = c->sets[hash % SETS], **slot = find(c, key, hash), **oldest = &set[0];

	for (size_t i = 0; i < WAYS && slot == NULL; i++) {
		if (set[i] == NULL)
			return &set[i];
		if (set[i]->made_us < (*oldest)->made_us)
			oldest = &set[i];
	}
	slot = slot ? slot : oldest;
	drop(c, slot);
	return slot;
}

static struct entry *entry_new(struct str key, struct answer *a)
{
	struct entry *e = calloc(1, sizeof *e);
	char *copy = malloc(key.n + 1);

	BUG_ON(e == NULL || copy == NULL);
	memcpy(copy, key.p, key.n);
	copy[key.n] = '\0';
	e->key = copy;
	e->key_n = key.n;
	e->answer = answer_hold(a);
	/* Charged twice when a gzip form may come beside it. */
	e->bytes = OVERHEAD + key.n + 1024 + a->body.n * (a->compress ? 2 : 1);
	return e;
}

void reply_cache_put(struct reply_cache *c, struct str key, enum cache_scope scope, int64_t version,
    struct answer *a)
{
	uint64_t hash = str_hash(key);
	struct entry *e, **slot;

	if (scope == CACHE_NEVER || a->body.n > c->limit / 16)
		return;
	e = entry_new(key, a);
	e->hash = hash;
	e->set = hash % SETS;
	e->scope = scope;
	e->version = version;
	(void)pthread_mutex_lock(&c->lock);
	if (is_current(c, scope, version)) {
		e->made_us = c->now_us();
		slot = place(c, key, hash);
		*slot = e;
		link_newest(c, e);
		c->bytes += e->bytes;
		while (c->bytes > c->limit)
			drop(c, slot_of(c, c->oldest));
		e = NULL;
	}
	(void)pthread_mutex_unlock(&c->lock);
	if (e) {
		answer_release(e->answer);
		free(e->key);
		free(e);
	}
}

size_t reply_cache_bytes(struct reply_cache *c)
{
	size_t n;

	(void)pthread_mutex_lock(&c->lock);
	n = c->bytes;
	(void)pthread_mutex_unlock(&c->lock);
	return n;
}
