/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open connections. The library has only an idle time, which every byte of a slow head starts again, and a limit per address that closes
 * without a word; so both are kept here. It reports a connection's end before it closes the descriptor, so under one lock no descriptor in the list
 * can belong to somebody else.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/io.h"
#include "http/http_priv.h"

#define TICK_MS 200
#define OVER_US 1000000 /* a connection too many gets this long to ask, and be refused */

struct count { /* of one client; chained by hash */
	struct count *next;
	struct address client;
	unsigned n;
};

#define COUNTS 4096u

struct peers {
	pthread_mutex_t lock;
	pthread_cond_t stop;
	pthread_t watchdog;
	bool stopping;
	unsigned per_client;
	int64_t head_us, body_us;
	struct peer *first;
	struct count *counts[COUNTS];
};

static struct count **count_of(struct peers *p, const struct address *client)
{
	struct count **at =
	    &p->counts[str_hash((struct str){(const char *)client->b, 16}) % COUNTS];

	while (*at && memcmp(&(*at)->client, client, sizeof *client) != 0)
		at = &(*at)->next;
	return at;
}

static bool is_late(const struct peers *p, const struct peer *peer, int64_t now)
{
	int64_t waited = now - peer->since_us;

	if (peer->waiting == WAIT_NONE)
		return false;
	if (peer->over && waited > OVER_US)
		return true;
	return waited > (peer->waiting == WAIT_HEAD ? p->head_us : p->body_us);
}

static void *watch(void *arg)
{
	struct peers *p = arg;
	struct timespec until;

	(void)pthread_mutex_lock(&p->lock);
	while (!p->stopping) {
		int64_t now = io.monotonic_us();

		for (struct peer *peer = p->first; peer; peer = peer->next) {
			if (!is_late(p, peer, now))
				continue;
			(void)shutdown(
			    peer->fd, SHUT_RDWR); /* the epoll thread sees the end and closes */
			peer->waiting = WAIT_NONE;
		}
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TICK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		(void)pthread_cond_timedwait(&p->stop, &p->lock, &until);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct peers *peers_open(unsigned per_client, unsigned head_ms, unsigned body_ms)
{
	struct peers *p = calloc(1, sizeof *p);
	pthread_condattr_t attr;

	BUG_ON(p == NULL || pthread_mutex_init(&p->lock, NULL) != 0);
	BUG_ON(pthread_condattr_init(&attr) != 0 ||
	       pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0);
	BUG_ON(pthread_cond_init(&p->stop, &attr) != 0);
	(void)pthread_condattr_destroy(&attr);
	p->per_client = per_client;
	p->head_us = (int64_t)head_ms * 1000;
	p->body_us = (int64_t)body_ms * 1000;
	BUG_ON(pthread_create(&p->watchdog, NULL, watch, p) != 0);
	return p;
}

void peers_close(struct peers *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->stopping = true;
	(void)pthread_cond_signal(&p->stop);
	(void)pthread_mutex_unlock(&p->lock);
	(void)pthread_join(p->watchdog, NULL);
	BUG_ON(p->first != NULL);
	(void)pthread_cond_destroy(&p->stop);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

struct peer *peers_add(struct peers *p, int fd, struct address a, bool trusted)
{
	struct peer *peer = calloc(1, sizeof *peer);
	struct count **count;

	BUG_ON(peer == NULL);
	*peer = (struct peer){.fd = fd,
	    .address = a,
	    .client = address_client(a),
	    .trusted = trusted,
	    .since_us = io.monotonic_us()};
	(void)pthread_mutex_lock(&p->lock);
	count = count_of(p, &peer->client);
	if (*count == NULL) {
		*count = calloc(1, sizeof **count);
		BUG_ON(*count == NULL);
		(*count)->client = peer->client;
	}
	(*count)->n++;
	peer->over = p->per_client && !trusted && (*count)->n > p->per_client;
	peer->next = p->first;
	if (p->first)
		p->first->before = peer;
	p->first = peer;
	(void)pthread_mutex_unlock(&p->lock);
	return peer;
}

void peers_remove(struct peers *p, struct peer *peer)
{
	struct count **count, *gone = NULL;

	(void)pthread_mutex_lock(&p->lock);
	*(peer->before ? &peer->before->next : &p->first) = peer->next;
	if (peer->next)
		peer->next->before = peer->before;
	count = count_of(p, &peer->client);
	if (--(*count)->n == 0) {
		gone = *count;
		*count = gone->next;
	}
	(void)pthread_mutex_unlock(&p->lock);
	free(gone);
	free(peer);
}

void peers_wait(struct peers *p, struct peer *peer, enum waiting what)
{
	(void)pthread_mutex_lock(&p->lock);
	peer->waiting = what;
	peer->since_us = io.monotonic_us();
	(void)pthread_mutex_unlock(&p->lock);
}

bool peers_admit(struct peers *p, struct address client)
{
	struct count *count;
	bool ok;

	if (p->per_client == 0)
		return true;
	(void)pthread_mutex_lock(&p->lock);
	count = *count_of(p, &client);
	ok = count == NULL || count->n < 2 * p->per_client;
	(void)pthread_mutex_unlock(&p->lock);
	return ok;
}
