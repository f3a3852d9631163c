/* SPDX-License-Identifier: Apache-2.0 */
#include "text/text.h"

#define DIGITS_MAX 30
#define POWER_MAX  38

static __int128 power_of_ten(int n)
{
	__int128 p = 1;

	BUG_ON(n < 0 || n > POWER_MAX);
	while (n--)
		p *= 10;
	return p;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool add_digit(struct decimal *d, int *count, int digit)
{
	if (*count == DIGITS_MAX)
		return false;
	d->digits = d->digits * 10 + digit;
	if (d->digits || d->scale)
		++*count;
	return true;
}

bool decimal_parse(struct str s, struct decimal *out)
{
	bool minus = s.n > 0 && s.p[0] == '-', point = false;
	struct decimal d = {0};
	int count = 0;

	if (minus)
		s = str_cut(s, 1, s.n);
	if (s.n == 0 || !is_digit(s.p[0]) || !is_digit(s.p[s.n - 1]))
		return false;
	if (s.p[0] == '0' && s.n > 1 && s.p[1] != '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		d.scale += point;
		if (!is_digit(s.p[i]) || !add_digit(&d, &count, s.p[i] - '0'))
			return false;
	}
	if (minus)
		d.digits = -d.digits;
	*out = d;
	return true;
}

/* Value of a decimal digit, half or full width; -1 for anything else. */
static int digit_of(int32_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 0xFF10 && c <= 0xFF19 ? c - 0xFF10 : -1;
}

/* ASCII space, no-break space, ideographic space */
static bool is_space(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000;
}

static struct str skip_space(struct str s)
{
	struct str rest = s;

	while (is_space(text_next(&rest)))
		s = rest;
	return s;
}

static struct str trim_end(struct str s)
{
	for (;;) {
		size_t n = s.n;

		while (n && ((unsigned char)s.p[n - 1] & 0xC0) == 0x80)
			n--;
		if (n == 0)
			return s;
		struct str last = str_cut(s, n - 1, s.n);
		if (!is_space(text_next(&last)))
			return s;
		s = str_cut(s, 0, n - 1);
	}
}

/* Are there exactly three digits and no fourth at s? */
static bool group_follows(struct str s)
{
	for (int i = 0; i < 3; i++) {
		if (digit_of(text_next(&s)) < 0)
			return false;
	}
	return digit_of(text_next(&s)) < 0;
}

/* The digits before the point, with or without thousands separators; false when the separators are not every three digits. */
static bool whole_part(struct str *s, struct decimal *d, int *count)
{
	size_t run = 0;
	bool grouped = false;

	for (;;) {
		struct str rest = *s;
		int32_t c = text_next(&rest);
		int digit = digit_of(c);

		if (c == ',' && run > 0) {
			struct str next = rest;
			if (digit_of(text_next(&next)) < 0)
				return true; /* a comma of the sentence */
			if (!group_follows(rest) || (!grouped && run > 3))
				return false;
			grouped = true;
		} else if (digit < 0) {
			return run > 0;
		} else if (add_digit(d, count, digit)) {
			run++;
		} else {
			return false;
		}
		*s = rest;
	}
}

/* The point and the digits after it, when there are any. */
static bool fraction(struct str *s, struct decimal *d, int *count)
{
	struct str rest = *s, next;
	int32_t c = text_next(&rest);
	int digit;

	next = rest;
	if ((c != '.' && c != 0xFF0E) || digit_of(text_next(&next)) < 0)
		return true;
	for (next = rest; (digit = digit_of(text_next(&next))) >= 0; rest = next) {
		d->scale++;
		if (!add_digit(d, count, digit))
			return false;
	}
	*s = rest;
	return true;
}

bool decimal_parse_loose(struct str s, struct decimal *out, struct str *rest_out)
{
	struct decimal d = {0};
	struct str rest;
	bool minus = false;
	int count = 0;
	int32_t c;

	s = rest = skip_space(s);
	c = text_next(&rest);
	if (c == '-' || c == 0xFF0D || c == 0x2212) {
		minus = true;
		s = rest;
	}
	if (!whole_part(&s, &d, &count) || !fraction(&s, &d, &count))
		return false;
	if (minus)
		d.digits = -d.digits;
	*out = d;
	*rest_out = trim_end(skip_space(s));
	return true;
}

struct str decimal_print(struct arena *mem, struct decimal d)
{
	char digits[64];
	char *end = digits + sizeof digits, *at = end;
	bool minus = d.digits < 0;
	unsigned __int128 u = minus ? 0 - (unsigned __int128)d.digits : (unsigned __int128)d.digits;

	BUG_ON(d.scale < 0 || d.scale > POWER_MAX);
	for (int i = 0; u || i <= d.scale; i++) {
		if (i == d.scale && d.scale > 0)
			*--at = '.';
		*--at = (char)('0' + (int)(u % 10));
		u /= 10;
	}
	if (minus)
		*--at = '-';
	return str_dup(mem, (struct str){at, (size_t)(end - at)});
}

int decimal_cmp(struct decimal a, struct decimal b)
{
	__int128 pa = power_of_ten(a.scale), pb = power_of_ten(b.scale);
	__int128 whole_a = a.digits / pa, whole_b = b.digits / pb;
	__int128 part_a = a.digits % pa, part_b = b.digits % pb;

	if (whole_a != whole_b)
		return whole_a < whole_b ? -1 : 1;
	/* |part| < 10^scale, so bringing both to the greater scale cannot overflow */
	if (a.scale < b.scale)
		part_a *= power_of_ten(b.scale - a.scale);
	else
		part_b *= power_of_ten(a.scale - b.scale);
	return part_a < part_b ? -1 : part_a > part_b;
}

/* 38 digits; __int128 holds a little more, which is not used */
static bool fits(__int128 digits)
{
	__int128 beyond = power_of_ten(POWER_MAX);

	return digits > -beyond && digits < beyond;
}

/* d at another scale, dropping digits when it is smaller; false when it does not fit. */
static bool rescale(struct decimal d, int scale, __int128 *out)
{
	if (scale < d.scale) {
		*out = d.digits / power_of_ten(d.scale - scale);
		return true;
	}
	return !__builtin_mul_overflow(d.digits, power_of_ten(scale - d.scale), out) && fits(*out);
}

static struct decimal greatest(bool minus)
{
	__int128 most = power_of_ten(POWER_MAX) - 1;

	return (struct decimal){minus ? -most : most, 0};
}

struct decimal decimal_add(struct decimal a, struct decimal b)
{
	__int128 x, y, sum;

	for (int scale = a.scale > b.scale ? a.scale : b.scale; scale >= 0; scale--) {
		if (rescale(a, scale, &x) && rescale(b, scale, &y) &&
		    !__builtin_add_overflow(x, y, &sum) && fits(sum))
			return (struct decimal){sum, scale};
	}
	return greatest(a.digits < 0);
}

struct decimal decimal_scale(struct decimal d, int power)
{
	bool minus = d.digits < 0;

	BUG_ON(power < -8 || power > 8);
	if (power < 0) {
		d.scale -= power;
		for (; d.scale > POWER_MAX; d.scale--)
			d.digits /= 10;
		return d;
	}
	for (; power > 0 && d.scale > 0; power--)
		d.scale--;
	if (__builtin_mul_overflow(d.digits, power_of_ten(power), &d.digits) || !fits(d.digits))
		return greatest(minus);
	return d;
}

struct str decimal_group(struct arena *mem, struct str strict)
{
	struct buf b = buf_new(mem, 2 * strict.n + 1);
	size_t whole = 0, minus = strict.n && strict.p[0] == '-';

	while (whole < strict.n && strict.p[whole] != '.')
		whole++;
	for (size_t i = 0; i < strict.n; i++) {
		if (i > minus && i < whole && (whole - i) % 3 == 0)
			buf_char(&b, ',');
		buf_char(&b, strict.p[i]);
	}
	return buf_str(&b);
}

/* Takes the words for the currency itself out of the unit: 万元人民币, (RMB), CNY. */
static struct str without_currency(struct str s, bool *found_out)
{
	static const char *const words[] = {
	    "人民币", "RMB", "rmb", "CNY", "cny", "￥", "¥", "(", ")", "（", "）"};
	bool again = true;

	*found_out = false;
	while (again) {
		again = false;
		s = trim_end(skip_space(s));
		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			struct str w = str_of(words[i]);

			if (str_starts(s, w))
				s = str_cut(s, w.n, s.n);
			else if (str_ends(s, w))
				s = str_cut(s, 0, s.n - w.n);
			else
				continue;
			*found_out |= i < 7;
			again = true;
		}
	}
	return s;
}

bool money_unit_power(struct str unit, int *power_out)
{
	static const struct {
		const char *word;
		int power;
	} units[] = {
	    {"元", 0},
	    {"圆", 0},
	    {"元整", 0},
	    {"百元", 2},
	    {"千元", 3},
	    {"万元", 4},
	    {"万", 4},
	    {"万元整", 4},
	    {"百万元", 6},
	    {"千万元", 7},
	    {"亿元", 8},
	    {"亿", 8},
	};
	bool currency;

	unit = without_currency(unit, &currency);
	if (unit.n == 0 && currency) {
		*power_out = 0;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (str_is(unit, units[i].word)) {
			*power_out = units[i].power;
			return true;
		}
	}
	return false;
}
