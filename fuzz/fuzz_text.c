/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "text/text.h"

static void check_number(struct cx *cx, struct str s)
{
	struct decimal d, again;
	struct str rest;
	int power;

	if (!decimal_parse_loose(s, &d, &rest))
		return;
	BUG_ON(!decimal_parse(decimal_print(cx->mem, d), &again) || decimal_cmp(d, again) != 0);
	if (money_unit_power(rest, &power))
		BUG_ON(decimal_cmp(decimal_scale(decimal_scale(d, power), -power), d) != 0);
	d = decimal_add(d, d);
	BUG_ON(!decimal_group(cx->mem, decimal_print(cx->mem, d)).n);
}

static void check_date(struct cx *cx, struct str s)
{
	int32_t day, clock, again;
	int64_t instant, same;

	if (!date_parse_loose(s, &day, &clock))
		return;
	BUG_ON(clock < -1 || clock > 86400);
	BUG_ON(!date_parse(date_print(cx->mem, day), &again) || again != day);
	instant = (int64_t)day * 86400 - 28800 + (clock < 0 ? 0 : clock);
	BUG_ON(!instant_parse(instant_print(cx->mem, instant), &same) || same != instant);
}

static void check_text(struct cx *cx, struct str s)
{
	size_t at;

	BUG_ON(!text_utf8_valid(text_fold(cx->mem, s), &at));
	BUG_ON(text_head(s, 5).n > s.n || text_length(text_head(s, 5)) > 5);
	if (text_check(s, true, &at) != TEXT_CLEAN)
		BUG_ON(at >= s.n);
	BUG_ON(str_has(text_lines(cx->mem, s), STR("\r")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str s = fuzz_text(data, size);
	size_t at;

	if (!text_utf8_valid(s, &at)) {
		BUG_ON(at >= size);
		if (!text_from_gb18030(cx->mem, s, &s))
			return 0;
		BUG_ON(!text_utf8_valid(s, &at));
	}
	check_number(cx, s);
	check_date(cx, s);
	check_text(cx, s);
	return 0;
}
