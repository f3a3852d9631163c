/* SPDX-License-Identifier: Apache-2.0 */
#include "text/text.h"

/* Bytes of the character that starts with lead byte c; 0 when no character starts so. */
static size_t length_of(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xC2)
		return 0;
	return c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
}

/* Is there a whole, shortest-form character of n bytes at p? */
static bool is_char(const unsigned char *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return false;
	}
	switch (p[0]) {
	case 0xE0:
		return p[1] >= 0xA0; /* overlong */
	case 0xED:
		return p[1] < 0xA0; /* surrogates */
	case 0xF0:
		return p[1] >= 0x90; /* overlong */
	case 0xF4:
		return p[1] < 0x90; /* beyond U+10FFFF */
	default:
		return true;
	}
}

/* Past the ASCII at p, eight bytes at a time. */
static const unsigned char *skip_ascii(const unsigned char *p, const unsigned char *end)
{
	uint64_t word;

	while (end - p >= 8) {
		memcpy(&word, p, 8);
		if (word & 0x8080808080808080u)
			break;
		p += 8;
	}
	while (p < end && *p < 0x80)
		p++;
	return p;
}

/* Past the characters of three bytes at p whose lead byte allows whatever follows: nearly all Chinese text. */
static const unsigned char *skip_three(const unsigned char *p, const unsigned char *end)
{
	while (end - p >= 3 && p[0] >= 0xE1 && p[0] <= 0xEC && (p[1] & 0xC0) == 0x80 &&
	       (p[2] & 0xC0) == 0x80)
		p += 3;
	return p;
}

bool text_utf8_valid(struct str s, size_t *bad_at_out)
{
	const unsigned char *start = (const unsigned char *)(s.p ? s.p : ""), *p = start,
			    *end = p + s.n;

	while ((p = skip_three(skip_ascii(p, end), end)) < end) {
		size_t n = length_of(*p);

		if (n == 0 || (size_t)(end - p) < n || !is_char(p, n)) {
			*bad_at_out = (size_t)(p - start);
			return false;
		}
		p += n;
	}
	return true;
}

int32_t text_next(struct str *rest)
{
	static const unsigned char lead_bits[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	size_t n;
	int32_t c;

	if (rest->n == 0)
		return -1;
	n = length_of((unsigned char)rest->p[0]);
	if (n == 0 || n > rest->n) { /* a caller broke the contract; never read past the end */
		*rest = str_cut(*rest, 1, rest->n);
		return 0xFFFD;
	}
	c = (unsigned char)rest->p[0] & lead_bits[n];
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)rest->p[i] & 0x3F);
	*rest = str_cut(*rest, n, rest->n);
	return c;
}

size_t text_encode(char out[4], int32_t code_point)
{
	uint32_t c = (uint32_t)code_point;
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};

	BUG_ON(c > 0x10FFFF || (c >= 0xD800 && c < 0xE000));
	for (size_t i = n; --i > 0; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)(lead[n] | c);
	return n;
}

void text_put(struct buf *b, int32_t code_point)
{
	char bytes[4];
	size_t n = text_encode(bytes, code_point);

	buf_bytes(b, bytes, n);
}

size_t text_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

struct str text_head(struct str s, size_t code_points)
{
	for (size_t i = 0; i < s.n; i++) {
		if (((unsigned char)s.p[i] & 0xC0) == 0x80)
			continue;
		if (code_points-- == 0)
			return str_cut(s, 0, i);
	}
	return s;
}

bool text_is_han(int32_t c)
{
	static const struct {
		int32_t from, to;
	} ranges[] = {
	    {0x4E00, 0x9FFF},	/* unified ideographs */
	    {0x3400, 0x4DBF},	/* extension A */
	    {0x3005, 0x3007},	/* iteration mark, closing mark, zero */
	    {0xF900, 0xFAFF},	/* compatibility */
	    {0x20000, 0x2FA1F}, /* extensions B to F and I, compatibility supplement */
	    {0x30000, 0x323AF}, /* extensions G, H */
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	}
	return false;
}

struct str text_lines(struct arena *mem, struct str s)
{
	char *p;
	size_t n = 0;

	if (s.n == 0 || memchr(s.p, '\r', s.n) == NULL)
		return s;
	p = arena_alloc(mem, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			p[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			p[n++] = '\n';
	}
	return (struct str){p, n};
}

static bool is_bidi(int32_t c)
{
	return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
	       c == 0x200F || c == 0x061C;
}

static bool is_control(int32_t c, bool lines)
{
	if (lines && (c == '\n' || c == '\t'))
		return false;
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static bool is_noncharacter(int32_t c)
{
	return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

static bool is_zero_width(int32_t c)
{
	return (c >= 0x200B && c <= 0x200D) || (c >= 0x2060 && c <= 0x2064) ||
	       (c >= 0x206A && c <= 0x206F) || c == 0xFEFF || c == 0x00AD || c == 0x180E ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

static bool is_private(int32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

static enum text_defect defect_of(int32_t c, bool lines)
{
	if (c >= 0x20 && c < 0x7F)
		return TEXT_CLEAN;
	if (is_bidi(c))
		return TEXT_BIDI;
	if (is_control(c, lines))
		return TEXT_CONTROL;
	if (is_noncharacter(c))
		return TEXT_NONCHARACTER;
	if (is_zero_width(c))
		return TEXT_ZERO_WIDTH;
	return is_private(c) ? TEXT_PRIVATE_USE : TEXT_CLEAN;
}

enum text_defect text_check(struct str s, bool lines, size_t *at_out)
{
	enum text_defect worst = TEXT_CLEAN;
	struct str rest = s;

	while (rest.n) {
		size_t at = s.n - rest.n;
		enum text_defect d = defect_of(text_next(&rest), lines);

		if (d == TEXT_CLEAN || (worst != TEXT_CLEAN && d >= worst))
			continue;
		worst = d;
		*at_out = at;
	}
	return worst;
}

bool text_has_defect(struct str s, bool lines, enum text_defect defect, size_t *at_out)
{
	struct str rest = s;

	while (rest.n) {
		*at_out = s.n - rest.n;
		if (defect_of(text_next(&rest), lines) == defect)
			return true;
	}
	return false;
}
