/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CODEC_PRIV_H
#define CODEC_PRIV_H

#include <endian.h>

#include "codec/val.h"

/* As val_put, of a key that is known to be new: no search. */
void val_append(struct arena *mem, struct val *map, struct str key, struct val *child);

/*
 * Bytes at p that a JSON string holds as they are: up to the first quote, backslash or control character, or n. Adds to *wide how
 * many of them continue a character, so that a column can be counted in characters. Eight bytes at a time: a byte test that
 * carries into higher bytes only, so the lowest hit is exact.
 */
static inline size_t json_plain_run(const char *p, size_t n, size_t *wide)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		uint64_t w, quote, slash, hit, more;
		size_t clean = 8;

		memcpy(&w, p + i, 8);
		w = le64toh(w);
		quote = w ^ (ones * '"');
		slash = w ^ (ones * '\\');
		hit = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
			  ((w - ones * 0x20) & ~w)) &
		      tops;
		more = w & ~(w << 1) & tops; /* 10xxxxxx */
		if (hit) {
			clean = (size_t)__builtin_ctzll(hit) / 8;
			more = clean ? more & (UINT64_MAX >> (64 - 8 * clean)) : 0;
		}
		*wide += ((more >> 7) * ones) >> 56;
		if (hit)
			return i + clean;
	}
	for (; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '"' || c == '\\' || c < 0x20)
			break;
		*wide += (c & 0xC0) == 0x80;
	}
	return i;
}

#endif
