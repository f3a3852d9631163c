/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One builder. Born with a limit; crossing it sets failed and every later append does nothing, so a series of appends is checked
 * once at the end. The bytes live in the arena; buf_str gives a NUL-terminated view that is valid until the next append.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *p;
	size_t n, cap, limit;
	bool failed;
	struct arena *mem;
};

struct buf buf_new(struct arena *mem, size_t limit);
void buf_add(struct buf *b, struct str s);
void buf_bytes(struct buf *b, const void *p, size_t n);
void buf_char(struct buf *b, char c);
void buf_c(struct buf *b, const char *c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_int(struct buf *b, int64_t v);
/* Text with & < > " ' escaped for HTML text and quoted attributes. */
void buf_html(struct buf *b, struct str s);
/* Everything but unreserved characters (RFC 3986) as %XX. */
void buf_url(struct buf *b, struct str s);
struct str buf_str(struct buf *b);

#endif
