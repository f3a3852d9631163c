/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text view. A struct str borrows n bytes; whoever made them owns them. Text made in an arena is also NUL-terminated
 * (p[n] == 0), so it may be handed to C functions; a cut of another text is not.
 * A str with p == NULL is "absent"; an empty text has p != NULL and n == 0.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

static inline struct str str_of(const char *c)
{
	return (struct str){c, c ? strlen(c) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Is the text equal to a C string? */
static inline bool str_is(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}

int str_cmp(struct str a, struct str b); /* bytewise, like memcmp; shorter first */
bool str_starts(struct str s, struct str with);
bool str_ends(struct str s, struct str with);
/* Position of the first needle in s at or after from; false when there is none. */
bool str_find(struct str s, struct str needle, size_t from, size_t *at_out);
bool str_has(struct str s, struct str needle);
struct str str_cut(struct str s, size_t from, size_t to); /* bytes [from, to), clamped */
struct str str_trim(struct str s);			  /* without ASCII space around */
/* Takes the part before the next sep off *rest; false when *rest is absent (used up). "a,,b" gives three parts, "" one empty. */
bool str_split(struct str *rest, char sep, struct str *part_out);

struct str str_dup(struct arena *mem, struct str s); /* NUL-terminated copy; absent stays absent */
const char *str_c(struct arena *mem, struct str s);  /* NUL-terminated copy as C string */
struct str str_fmt(struct arena *mem, const char *fmt, ...) PRINTF(2, 3);
struct str str_vfmt(struct arena *mem, const char *fmt, va_list ap) PRINTF(2, 0);
struct str str_join(struct arena *mem, const struct str *parts, size_t n, struct str between);

/* Whole decimal number, optional minus, no leading zero, no space; false when it is not one or does not fit. */
bool str_int(struct str s, int64_t *out);
bool str_uint(struct str s, uint64_t *out);

struct str str_hex(struct arena *mem, const void *bytes, size_t n);
/* Exactly 2n hexadecimal digits into n bytes. */
bool str_unhex(struct str s, void *bytes, size_t n);

/* FNV-1a, for maps. */
uint64_t str_hash(struct str s);

/* Edit distance in characters; 255 when one has more than 64; for "did you mean". */
unsigned str_distance(struct str a, struct str b);
/* How far from this word another may be to be the one that was meant: something of it must be right. */
unsigned str_distance_most(struct str word);

#endif
