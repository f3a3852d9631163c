/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token buckets. A client's bucket lives in one of the eight places its address hashes to; a new client takes the place of the one that has
 * been quiet longest (whose bucket is fullest, so little is forgotten). Memory is fixed, whatever comes.
 */
#include <stdlib.h>

#include "crypto/crypto.h"
#include "http/http_priv.h"

#define SETS	8192u
#define WAYS	8
#define MILLION 1000000

struct bucket {
	struct address client;
	int64_t tokens; /* in millionths */
	int64_t at_us;	/* 0: free */
};

struct budgets {
	pthread_mutex_t lock;
	int64_t rate, burst; /* rate: millionths of a token per microsecond = tokens a second */
	uint64_t seed;
	struct bucket sets[SETS][WAYS];
};

struct budgets *budgets_open(unsigned rate, unsigned burst)
{
	struct budgets *b;

	if (rate == 0)
		return NULL;
	b = calloc(1, sizeof *b);
	BUG_ON(b == NULL || pthread_mutex_init(&b->lock, NULL) != 0);
	b->rate = rate;
	b->burst = (int64_t)(burst > rate ? burst : rate) * MILLION;
	crypto_random(&b->seed, sizeof b->seed);
	return b;
}

void budgets_close(struct budgets *b)
{
	if (b == NULL)
		return;
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

static struct bucket *bucket_of(struct budgets *b, const struct address *client, int64_t now_us)
{
	uint64_t hash = str_hash((struct str){(const char *)client->b, 16}) ^ b->seed;
	struct bucket *set = b->sets[(hash * 0x9e3779b97f4a7c15u >> 32) % SETS], *quiet = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].at_us && memcmp(&set[i].client, client, sizeof *client) == 0)
			return &set[i];
		if (set[i].at_us < quiet->at_us)
			quiet = &set[i];
	}
	*quiet = (struct bucket){.client = *client, .tokens = b->burst, .at_us = now_us};
	return quiet;
}

bool budgets_take(
    struct budgets *b, struct address client, unsigned cost, int64_t now_us, int *wait_out)
{
	struct bucket *k;
	int64_t price = (int64_t)cost * MILLION;
	bool ok;

	if (b == NULL)
		return true;
	if (price > b->burst)
		price = b->burst;
	(void)pthread_mutex_lock(&b->lock);
	k = bucket_of(b, &client, now_us);
	if (now_us > k->at_us) {
		int64_t gained = (now_us - k->at_us) < 3600 * (int64_t)MILLION
				     ? (now_us - k->at_us) * b->rate
				     : b->burst;

		k->tokens = gained > b->burst - k->tokens ? b->burst : k->tokens + gained;
		k->at_us = now_us;
	}
	ok = k->tokens >= price;
	if (ok)
		k->tokens -= price;
	else
		*wait_out = (int)((price - k->tokens) / b->rate / MILLION) + 1;
	(void)pthread_mutex_unlock(&b->lock);
	return ok;
}
