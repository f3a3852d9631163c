/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PRIVACY_PRIVACY_PRIV_H
#define PRIVACY_PRIVACY_PRIV_H

#include "privacy/privacy.h"

/* A pure function has no clock: births up to this year are taken for possible. */
#define ID_BIRTH_YEAR_MAX 2039

bool id_resident_seen(struct str s); /* as a text may hold it: of the dead, and of examples, too */
bool id_resident_old_valid(struct str s); /* 15 digits, before 1999: no check digit */

/* ---- glyphs: what a reader sees, invisible characters left out ---- */
enum glyph_kind {
	GLYPH_OTHER,
	GLYPH_DIGIT,
	GLYPH_LETTER,
	GLYPH_POINT,
	GLYPH_SPACE,
	GLYPH_DASH,
	GLYPH_LINE
};
struct glyph {
	uint32_t from, to; /* bytes of the text */
	unsigned char kind;
	char c;	  /* '0'–'9', 'A'–'Z' */
	bool han; /* a Chinese numeral */
};
struct glyphs {
	struct glyph *at;
	size_t n, cap;
};
/* May the text hold a number of so many digits? Cheap, for leaving early: most texts do not. */
bool glyphs_may_hold(struct str text, size_t digits);
void glyphs_read(struct arena *mem, struct str text, struct glyphs *out);

/* ---- pieces: runs of digits or of letters, and what stands between them ---- */
enum gap { GAP_BREAK, GAP_NONE, GAP_SPACE, GAP_DASH, GAP_LINE };
struct piece {
	size_t from, to; /* glyphs */
	enum gap before;
	bool letters, han;
	bool fraction; /* stands behind a decimal point */
	bool whole;    /* stands before one */
};
struct pieces {
	struct piece *at;
	size_t n, cap;
};
void pieces_read(struct arena *mem, const struct glyphs *g, struct pieces *out);

#endif
