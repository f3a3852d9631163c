/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/str.h"

#define DISTANCE_MOST 64 /* characters */

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str with)
{
	return s.n >= with.n && (with.n == 0 || memcmp(s.p, with.p, with.n) == 0);
}

bool str_ends(struct str s, struct str with)
{
	return s.n >= with.n && (with.n == 0 || memcmp(s.p + s.n - with.n, with.p, with.n) == 0);
}

bool str_find(struct str s, struct str needle, size_t from, size_t *at_out)
{
	const char *hit;

	if (from > s.n || s.p == NULL)
		return false;
	hit = memmem(s.p + from, s.n - from, needle.p ? needle.p : "", needle.n);
	if (hit == NULL)
		return false;
	*at_out = (size_t)(hit - s.p);
	return true;
}

bool str_has(struct str s, struct str needle)
{
	size_t at;

	return str_find(s, needle, 0, &at);
}

struct str str_cut(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){s.p ? s.p + from : NULL, to - from};
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_split(struct str *rest, char sep, struct str *part_out)
{
	const char *hit;

	if (rest->p == NULL)
		return false;
	hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
	if (hit == NULL) {
		*part_out = *rest;
		*rest = STR_NONE;
		return true;
	}
	*part_out = (struct str){rest->p, (size_t)(hit - rest->p)};
	*rest = str_cut(*rest, part_out->n + 1, rest->n);
	return true;
}

struct str str_dup(struct arena *mem, struct str s)
{
	char *p;

	if (s.p == NULL)
		return s;
	p = arena_alloc(mem, s.n + 1);
	memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

const char *str_c(struct arena *mem, struct str s)
{
	return s.p ? str_dup(mem, s).p : "";
}

struct str str_vfmt(struct arena *mem, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	p = arena_alloc(mem, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){p, (size_t)n};
}

struct str str_fmt(struct arena *mem, const char *fmt, ...)
{
	va_list ap;
	struct str s;

	va_start(ap, fmt);
	s = str_vfmt(mem, fmt, ap);
	va_end(ap);
	return s;
}

struct str str_join(struct arena *mem, const struct str *parts, size_t n, struct str between)
{
	size_t len = 0;
	char *p, *at;

	for (size_t i = 0; i < n; i++)
		len += parts[i].n + (i ? between.n : 0);
	p = at = arena_alloc(mem, len + 1);
	for (size_t i = 0; i < n; i++) {
		if (i && between.n)
			at = (char *)memcpy(at, between.p, between.n) + between.n;
		if (parts[i].n)
			at = (char *)memcpy(at, parts[i].p, parts[i].n) + parts[i].n;
	}
	return (struct str){p, len};
}

bool str_uint(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned char)s.p[i] - (unsigned)'0';

		if (d > 9 || __builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, d, &v))
			return false;
	}
	*out = v;
	return true;
}

bool str_int(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v;

	if (!str_uint(minus ? str_cut(s, 1, s.n) : s, &v))
		return false;
	if (v > (uint64_t)INT64_MAX + minus || (minus && v == 0))
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

struct str str_hex(struct arena *mem, const void *bytes, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *b = bytes;
	char *p = arena_alloc(mem, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		p[2 * i] = digit[b[i] >> 4];
		p[2 * i + 1] = digit[b[i] & 15];
	}
	return (struct str){p, 2 * n};
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_unhex(struct str s, void *bytes, size_t n)
{
	unsigned char *b = bytes;

	if (s.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_value(s.p[2 * i]), lo = hex_value(s.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		b[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h;
}

/* The character that begins at *at, as its bytes, and past it. Bytes that are no UTF-8 are characters of their own. */
static uint32_t character(struct str s, size_t *at)
{
	uint32_t c = (unsigned char)s.p[(*at)++];

	while (*at < s.n && ((unsigned char)s.p[*at] & 0xC0) == 0x80)
		c = c << 8 | (unsigned char)s.p[(*at)++];
	return c;
}

static size_t length(struct str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++)
		(void)character(s, &at);
	return n;
}

unsigned str_distance_most(struct str word)
{
	unsigned n = (unsigned)length(word);
	unsigned most = n / 3 > 2 ? n / 3 : 2;

	return most < n ? most : n - (n > 0);
}

unsigned str_distance(struct str a, struct str b)
{
	unsigned row[DISTANCE_MOST + 1];
	uint32_t other[DISTANCE_MOST];
	size_t n = length(b), at = 0;

	if (n > DISTANCE_MOST || length(a) > DISTANCE_MOST)
		return 255;
	for (size_t j = 0; j < n; j++)
		other[j] = character(b, &at);
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	at = 0;
	for (unsigned i = 1; at < a.n; i++) {
		unsigned diagonal = row[0];
		uint32_t c = character(a, &at);

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			unsigned change = diagonal + (c != other[j - 1]);
			unsigned best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

			diagonal = row[j];
			row[j] = best < change ? best : change;
		}
	}
	return row[n];
}
