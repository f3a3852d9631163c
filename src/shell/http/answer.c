/* SPDX-License-Identifier: Apache-2.0 */
/* An answer is one malloc: the struct, its header table, then all bytes. */
#include <stdlib.h>
#include <strings.h>

#include <libdeflate.h>

#include "http/http_priv.h"

#define GZIP_LEVEL 6

struct filling {
	char *p;
};

static struct str put(struct filling *f, struct str s)
{
	struct str kept = {f->p, s.n};

	if (s.n)
		memcpy(f->p, s.p, s.n);
	f->p[s.n] = '\0';
	f->p += s.n + 1;
	return kept;
}

static struct answer *make(
    int status, const struct header *headers, size_t n, struct str body, bool compress)
{
	size_t bytes = sizeof(struct answer) + n * sizeof(struct header) + body.n + 1;
	struct filling f;
	struct answer *a;
	struct header *table;

	for (size_t i = 0; i < n; i++)
		bytes += headers[i].value.n + 1;
	a = calloc(1, bytes);
	BUG_ON(a == NULL);
	table = (struct header *)(a + 1);
	f.p = (char *)(table + n);
	for (size_t i = 0; i < n; i++)
		table[i] = (struct header){headers[i].name, put(&f, headers[i].value)};
	a->status = status;
	a->body = put(&f, body);
	a->headers = table;
	a->headers_n = n;
	a->compress = compress;
	a->etag = answer_header(a, "ETag");
	atomic_init(&a->refs, 1);
	return a;
}

/* Vary of a compressible answer: what it was, and Accept-Encoding. */
static void vary_encoding(struct header *table, size_t *n, char *text, size_t size)
{
	for (size_t i = 0; i < *n; i++) {
		if (strcasecmp(table[i].name, "Vary") != 0)
			continue;
		BUG_ON(table[i].value.n + sizeof ", Accept-Encoding" > size);
		memcpy(text, table[i].value.p, table[i].value.n);
		memcpy(text + table[i].value.n, ", Accept-Encoding", sizeof ", Accept-Encoding");
		table[i].value = str_of(text);
		return;
	}
	BUG_ON(*n >= ANSWER_HEADERS_MAX);
	table[(*n)++] = (struct header){"Vary", STR("Accept-Encoding")};
}

struct answer *answer_new(
    int status, const struct header *headers, size_t headers_n, struct str body, bool compress)
{
	struct header table[ANSWER_HEADERS_MAX];
	char vary[128];
	size_t n = headers_n;

	BUG_ON(headers_n > ANSWER_HEADERS_MAX);
	if (n)
		memcpy(table, headers, n * sizeof *table);
	if (compress)
		vary_encoding(table, &n, vary, sizeof vary);
	return make(status, table, n, body, compress);
}

struct answer *answer_hold(struct answer *a)
{
	(void)atomic_fetch_add_explicit(&a->refs, 1, memory_order_relaxed);
	return a;
}

void answer_release(struct answer *a)
{
	if (a == NULL || atomic_fetch_sub_explicit(&a->refs, 1, memory_order_acq_rel) != 1)
		return;
	answer_release(atomic_load(&a->gzip));
	prepared_free(atomic_load(&a->prepared));
	free(a);
}

struct str answer_header(const struct answer *a, const char *name)
{
	for (size_t i = 0; i < a->headers_n; i++)
		if (strcasecmp(a->headers[i].name, name) == 0)
			return a->headers[i].value;
	return STR_NONE;
}

static struct answer *gzip_of(const struct answer *a, struct str body)
{
	struct header table[ANSWER_HEADERS_MAX + 1];

	memcpy(table, a->headers, a->headers_n * sizeof *table);
	table[a->headers_n] = (struct header){"Content-Encoding", STR("gzip")};
	return make(a->status, table, a->headers_n + 1, body, false);
}

/* NULL when it does not save at least an eighth. */
static struct answer *compress(const struct answer *a)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(GZIP_LEVEL);
	size_t limit = a->body.n - a->body.n / 8, n;
	char *p = malloc(limit + 1);
	struct answer *z = NULL;

	BUG_ON(c == NULL || p == NULL);
	n = libdeflate_gzip_compress(c, a->body.p, a->body.n, p, limit);
	if (n)
		z = gzip_of(a, (struct str){p, n});
	free(p);
	libdeflate_free_compressor(c);
	return z;
}

struct answer *answer_encoded(struct answer *a, bool gzip)
{
	struct answer *z = atomic_load_explicit(&a->gzip, memory_order_acquire);

	if (!a->compress)
		return a;
	if (z)
		return gzip ? z : a;
	if (atomic_fetch_add_explicit(&a->uses, 1, memory_order_relaxed) == 0 || !gzip)
		return a;
	/* One makes it; the others that come meanwhile take the plain form. */
	if (atomic_exchange(&a->tried, true))
		return a;
	z = compress(a);
	if (z == NULL)
		return a;
	atomic_store_explicit(&a->gzip, z, memory_order_release);
	return z;
}
