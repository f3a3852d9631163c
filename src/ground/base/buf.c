/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/buf.h"

struct buf buf_new(struct arena *mem, size_t limit)
{
	return (struct buf){.mem = mem, .limit = limit};
}

static bool room_for(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;

	if (b->failed)
		return false;
	if (n > b->limit || b->n > b->limit - n) {
		b->failed = true;
		return false;
	}
	while (cap < b->n + n + 1)
		cap *= 2;
	if (cap > b->cap) {
		b->p = arena_grow(b->mem, b->p, b->cap, cap);
		b->cap = cap;
	}
	return true;
}

void buf_bytes(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || !room_for(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_add(struct buf *b, struct str s)
{
	buf_bytes(b, s.p, s.n);
}

void buf_char(struct buf *b, char c)
{
	buf_bytes(b, &c, 1);
}

void buf_c(struct buf *b, const char *c)
{
	buf_bytes(b, c, strlen(c));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	if (room_for(b, (size_t)n)) {
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
		b->n += (size_t)n;
	}
	va_end(ap);
}

void buf_int(struct buf *b, int64_t v)
{
	char digits[24];
	char *end = digits + sizeof digits, *at = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		*--at = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (v < 0)
		*--at = '-';
	buf_bytes(b, at, (size_t)(end - at));
}

void buf_html(struct buf *b, struct str s)
{
	size_t done = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *as;

		switch (s.p[i]) {
		case '&':
			as = "&amp;";
			break;
		case '<':
			as = "&lt;";
			break;
		case '>':
			as = "&gt;";
			break;
		case '"':
			as = "&quot;";
			break;
		case '\'':
			as = "&#39;";
			break;
		default:
			continue;
		}
		buf_add(b, str_cut(s, done, i));
		buf_c(b, as);
		done = i + 1;
	}
	buf_add(b, str_cut(s, done, s.n));
}

void buf_url(struct buf *b, struct str s)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';

		if (plain) {
			buf_char(b, (char)c);
			continue;
		}
		buf_bytes(b, (char[3]){'%', digit[c >> 4], digit[c & 15]}, 3);
	}
}

struct str buf_str(struct buf *b)
{
	if (b->p == NULL)
		return STR("");
	b->p[b->n] = '\0';
	return (struct str){b->p, b->n};
}
