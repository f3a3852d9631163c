/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/io.h"
#include "crypto/crypto.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t context_key; /* frees a thread's context when the thread ends */
static EVP_MD *sha256;
static __thread EVP_MD_CTX *context;

static void context_free(void *c)
{
	EVP_MD_CTX_free(c);
}

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	BUG_ON(sha256 == NULL);
	BUG_ON(pthread_key_create(&context_key, context_free) != 0);
}

static EVP_MD_CTX *context_open(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	BUG_ON(c == NULL || EVP_DigestInit_ex2(c, sha256, NULL) != 1);
	return c;
}

/* This thread's context, ready for a new digest. */
static EVP_MD_CTX *context_get(void)
{
	if (context == NULL) {
		BUG_ON(pthread_once(&once, fetch) != 0);
		context = context_open();
		BUG_ON(pthread_setspecific(context_key, context) != 0);
		return context;
	}
	BUG_ON(EVP_DigestInit_ex2(context, NULL, NULL) !=
	       1); /* the same algorithm again: no look-up */
	return context;
}

struct hash crypto_sha256(struct str bytes)
{
	return crypto_sha256_parts(&bytes, 1);
}

struct hash crypto_sha256_parts(const struct str *parts, size_t n)
{
	EVP_MD_CTX *c = context_get();
	struct hash h;

	for (size_t i = 0; i < n; i++)
		if (parts[i].n)
			BUG_ON(EVP_DigestUpdate(c, parts[i].p, parts[i].n) != 1);
	BUG_ON(EVP_DigestFinal_ex(c, h.b, NULL) != 1);
	return h;
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

struct str hash_hex(struct arena *mem, const struct hash *h)
{
	return str_hex(mem, h->b, sizeof h->b);
}

struct crypto_stream {
	EVP_MD_CTX *c;
};

struct crypto_stream *crypto_stream_open(void)
{
	struct crypto_stream *s = malloc(sizeof *s);

	BUG_ON(s == NULL || pthread_once(&once, fetch) != 0);
	s->c = context_open();
	return s;
}

void crypto_stream_add(struct crypto_stream *s, const void *p, size_t n)
{
	if (n)
		BUG_ON(EVP_DigestUpdate(s->c, p, n) != 1);
}

struct hash crypto_stream_close(struct crypto_stream *s)
{
	struct hash h;

	BUG_ON(EVP_DigestFinal_ex(s->c, h.b, NULL) != 1);
	EVP_MD_CTX_free(s->c);
	free(s);
	return h;
}

void crypto_random(void *p, size_t n)
{
	unsigned char *at = p;

	while (n) {
		ssize_t got = io.random(at, n);

		if (got < 0 && errno == EINTR)
			continue;
		BUG_ON(got <= 0);
		at += got;
		n -= (size_t)got;
	}
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}
