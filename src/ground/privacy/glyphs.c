/* SPDX-License-Identifier: Apache-2.0 */
#include "privacy/privacy_priv.h"

#include "text/text.h"

#define GAP_MAX	   3u /* separators between two pieces of one number */
#define ENTITY_MAX 8u /* "#x1D7CE;" */

static const struct {
	int32_t c;
	char digit;
} numerals[] = {
    {0x3007, '0'},
    {0x96F6, '0'},
    {0x25CB, '0'},
    {0x4E00, '1'},
    {0x58F9, '1'},
    {0x5E7A, '1'},
    {0x4E8C, '2'},
    {0x8D30, '2'},
    {0x8CB3, '2'},
    {0x4E09, '3'},
    {0x53C1, '3'},
    {0x53C4, '3'},
    {0x56DB, '4'},
    {0x8086, '4'},
    {0x4E94, '5'},
    {0x4F0D, '5'},
    {0x516D, '6'},
    {0x9646, '6'},
    {0x9678, '6'},
    {0x4E03, '7'},
    {0x67D2, '7'},
    {0x516B, '8'},
    {0x634C, '8'},
    {0x4E5D, '9'},
    {0x7396, '9'},
};

static char numeral(int32_t c)
{
	if (c != 0x25CB && (c < 0x3007 || c > 0x96F6))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(numerals); i++)
		if (numerals[i].c == c)
			return numerals[i].digit;
	return 0;
}

static bool invisible(int32_t c)
{
	return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
	       c == 0xAD || c == 0x180E || (c >= 0xFE00 && c <= 0xFE0F);
}

static bool space(int32_t c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000 || c == 0x202F ||
	       (c >= 0x2000 && c <= 0x200A);
}

static bool dash(int32_t c)
{
	return c == '-' || c == '_' || c == 0xB7 || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
	       c == 0xFF0D || c == 0xFE63;
}

/* Full width and styled forms to ASCII. */
static int32_t narrow(int32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFF01 + '!';
	if (c >= 0x1D7CE && c <= 0x1D7FF)
		return (c - 0x1D7CE) % 10 + '0';
	if (c >= 0x2460 && c <= 0x2468)
		return c - 0x2460 + '1';
	if (c == 0x24EA)
		return '0';
	/* what people write for the last X: the Roman numeral, Greek and Cyrillic letters */
	if (c == 0x2169 || c == 0x2179 || c == 0x3A7 || c == 0x3C7 || c == 0x425 || c == 0x445)
		return 'X';
	return c;
}

static void glyph_fill(int32_t c, struct glyph *g)
{
	g->c = numeral(c);
	g->han = g->c != 0;
	if (g->han) {
		g->kind = GLYPH_DIGIT;
		return;
	}
	g->kind = dash(c)		   ? GLYPH_DASH
		  : space(c)		   ? GLYPH_SPACE
		  : c == '\n' || c == '\r' ? GLYPH_LINE
					   : GLYPH_OTHER;
	if (g->kind != GLYPH_OTHER)
		return;
	c = narrow(c);
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c >= '0' && c <= '9')
		g->kind = GLYPH_DIGIT;
	else if (c >= 'A' && c <= 'Z')
		g->kind = GLYPH_LETTER;
	else if (c == '.')
		g->kind = GLYPH_POINT;
	if (c < 0x80)
		g->c = (char)c;
}

/* "&#49;" or "&#x31;" that somebody left in a text; false when there is none at the start of s. */
static bool entity(struct str s, int32_t *c_out, size_t *n_out)
{
	bool hex = s.n > 3 && (s.p[2] == 'x' || s.p[2] == 'X');
	size_t i = hex ? 3 : 2;
	int32_t v = 0;

	if (s.n < 4 || s.p[0] != '&' || s.p[1] != '#')
		return false;
	for (; i < s.n && i <= ENTITY_MAX && s.p[i] != ';'; i++) {
		int c = s.p[i] | 0x20, d = c >= '0' && c <= '9'		 ? c - '0'
					   : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
									 : -1;

		if (d < 0)
			return false;
		v = v * (hex ? 16 : 10) + d;
	}
	if (i >= s.n || s.p[i] != ';' || v > 0x10FFFF)
		return false;
	*c_out = v;
	*n_out = i + 1;
	return true;
}

/* Most of a text are Han characters, U+4E00 to U+9FFF in three bytes; one look tells that they are no numerals. */
static bool plain_han(struct str s)
{
	static const uint32_t low_bits[] = {/* of the numerals, by code point & 0xFF */
	    0x00002289, 0x00010000, 0x20001040, 0x05002800, 0x00501040, 0x00080000, 0x08040812,
	    0x02400000};
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned low;

	if (s.n < 3 || p[0] < 0xE4 || p[0] > 0xE9 || (p[0] == 0xE4 && p[1] < 0xB8))
		return false;
	low = (p[1] & 3u) << 6 | (p[2] & 0x3Fu);
	return (low_bits[low >> 5] >> (low & 31) & 1) == 0;
}

bool glyphs_may_hold(struct str text, size_t digits)
{
	struct str rest = text;
	size_t chain = 0, gap = 0;

	while (rest.n + chain >= digits) { /* a digit has a byte at least */
		struct glyph g;
		int32_t c;

		if (rest.p[0] == '&' && rest.n > 1 && rest.p[1] == '#')
			return true;
		if (plain_han(rest)) {
			rest = (struct str){rest.p + 3, rest.n - 3};
			chain = 0;
			continue;
		}
		c = text_next(&rest);
		if (invisible(c))
			continue;
		glyph_fill(c, &g);
		if (g.kind == GLYPH_DIGIT) {
			gap = 0;
			if (++chain >= digits)
				return true;
		} else if ((g.kind != GLYPH_SPACE && g.kind != GLYPH_DASH &&
			       g.kind != GLYPH_LINE) ||
			   ++gap > GAP_MAX) {
			chain = 0;
			gap = 0;
		}
	}
	return false;
}

void glyphs_read(struct arena *mem, struct str text, struct glyphs *out)
{
	struct str rest = text;

	out->cap = text.n;
	out->at = arena_array(mem, struct glyph, out->cap);
	while (rest.n) {
		uint32_t from = (uint32_t)(text.n - rest.n);
		struct glyph *g = &out->at[out->n];
		size_t n;
		int32_t c;

		if (entity(rest, &c, &n)) {
			rest = str_cut(rest, n, rest.n);
		} else if ((unsigned char)*rest.p < 0x80) {
			c = (unsigned char)*rest.p;
			rest = (struct str){rest.p + 1, rest.n - 1};
		} else {
			c = text_next(&rest);
		}
		if (invisible(c))
			continue;
		glyph_fill(c, g);
		g->from = from;
		g->to = (uint32_t)(text.n - rest.n);
		out->n++;
	}
}

static enum gap gap_between(const struct glyphs *g, size_t from, size_t to)
{
	enum gap gap = from == to ? GAP_NONE : GAP_SPACE;

	if (to - from > GAP_MAX)
		return GAP_BREAK;
	for (size_t i = from; i < to; i++) {
		if (g->at[i].kind == GLYPH_LINE)
			gap = GAP_LINE;
		else if (g->at[i].kind == GLYPH_DASH && gap != GAP_LINE)
			gap = GAP_DASH;
		else if (g->at[i].kind != GLYPH_SPACE && g->at[i].kind != GLYPH_DASH)
			return GAP_BREAK;
	}
	return gap;
}

static bool digit_at(const struct glyphs *g, size_t i)
{
	return i < g->n && g->at[i].kind == GLYPH_DIGIT && !g->at[i].han;
}

/* "1.138…" is an item of a list, "31.138…" and "0.138…" are decimals. */
static bool behind_point(const struct glyphs *g, size_t from)
{
	if (from < 2 || g->at[from - 1].kind != GLYPH_POINT || !digit_at(g, from - 2))
		return false;
	return g->at[from - 2].c == '0' || (from >= 3 && digit_at(g, from - 3));
}

void pieces_read(struct arena *mem, const struct glyphs *g, struct pieces *out)
{
	size_t last = 0;

	for (size_t i = 0; i < g->n;) {
		const struct glyph *first = &g->at[i];
		struct piece p = {
		    .from = i, .letters = first->kind == GLYPH_LETTER, .han = first->han};

		if (first->kind != GLYPH_DIGIT && first->kind != GLYPH_LETTER) {
			i++;
			continue;
		}
		while (i < g->n && g->at[i].kind == first->kind && g->at[i].han == first->han)
			i++;
		p.to = i;
		p.before = out->n ? gap_between(g, last, p.from) : GAP_BREAK;
		p.fraction = !p.letters && behind_point(g, p.from);
		p.whole = !p.letters && i + 1 < g->n && g->at[i].kind == GLYPH_POINT &&
			  digit_at(g, i + 1);
		*list_add(mem, out) = p;
		last = i;
	}
}
