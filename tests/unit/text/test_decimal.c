/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"
#include "text/text.h"

static struct decimal of(const char *s)
{
	struct decimal d;

	assert_true(decimal_parse(str_of(s), &d));
	return d;
}

static void a_strict_decimal_is_printed_as_it_was_read(void **state)
{
	static const char *const good[] = {
	    "0",
	    "7",
	    "-7",
	    "0.5",
	    "0.00",
	    "1838.27",
	    "-0.50",
	    "10",
	    "0.770881",
	    "999999999999999999999999999999",
	    "0.00000000000000000000000000001",
	    "123456789012345.678901234567890",
	};
	static const char *const bad[] = {
	    "",
	    "-",
	    ".",
	    ".5",
	    "1.",
	    "01",
	    "00",
	    "+1",
	    "1e3",
	    "1,000",
	    " 1",
	    "1 ",
	    "--1",
	    "1.2.3",
	    "1-",
	    "１",
	    "-.5",
	    "9999999999999999999999999999991",
	    "0.0000000000000000000000000000001",
	};
	struct decimal d;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_string_equal(decimal_print(*state, of(good[i])).p, good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(decimal_parse(str_of(bad[i]), &d));
	assert_string_equal(decimal_print(*state, of("-0.00")).p, "0.00");
}

static void numbers_are_read_as_sources_write_them_and_never_guessed(void **state)
{
	static const struct {
		const char *text, *number, *rest; /* number NULL: refused */
	} cases[] = {
	    {"28.38万元 人民币", "28.38", "万元 人民币"},
	    {"11324376.00 元", "11324376.00", "元"},
	    {"5,400,000.00元", "5400000.00", "元"},
	    {"100,000元 人民币", "100000", "元 人民币"},
	    {"103.000000万元", "103.000000", "万元"},
	    {" 65 万元\n", "65", "万元"},
	    {"\u300065\u00a0万元\u3000", "65", "万元"},
	    {"49.23%", "49.23", "%"},
	    {"２８．５万元", "28.5", "万元"},
	    {"397.288557", "397.288557", ""},
	    {"-5", "-5", ""},
	    {"－５", "-5", ""},
	    {"007", "7", ""},
	    {"1.", "1", "."},
	    {"6, 7", "6", ", 7"},
	    {"0717-6216558", "717", "-6216558"},
	    {"150,000+年度保证金", "150000", "+年度保证金"},
	    {"100，200", "100", "，200"}, /* a comma of the sentence */
	    {"约997万", NULL, NULL},
	    {"价格系数：98%", NULL, NULL},
	    {"1,23", NULL, NULL},
	    {"1,2345", NULL, NULL},
	    {"1234,567", NULL, NULL},
	    {"1,234,5", NULL, NULL},
	    {",123", NULL, NULL},
	    {".5", NULL, NULL},
	    {"-", NULL, NULL},
	    {"", NULL, NULL},
	    {"元", NULL, NULL},
	    {"1234567890123456789012345678901", NULL, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct decimal d;
		struct str rest;

		assert_int_equal(
		    decimal_parse_loose(str_of(cases[i].text), &d, &rest), cases[i].number != NULL);
		if (cases[i].number == NULL)
			continue;
		assert_string_equal(decimal_print(*state, d).p, cases[i].number);
		assert_true(str_is(rest, cases[i].rest));
	}
}

static void decimals_compare_exactly_at_any_scale(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {
	    {"1", "1.000", 0},
	    {"1.1", "1.09", 1},
	    {"-1.1", "-1.09", -1},
	    {"0", "-0.0", 0},
	    {"2", "10", -1},
	    {"999999999999999999999999999999", "0.00000000000000000000000000001", 1},
	    {"-999999999999999999999999999999", "0.00000000000000000000000000001", -1},
	    {"100000000000000000000000000000", "99999999999999999999999999999.9", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(decimal_cmp(of(cases[i].a), of(cases[i].b)), cases[i].order);
		assert_int_equal(decimal_cmp(of(cases[i].b), of(cases[i].a)), -cases[i].order);
	}
}

static void sums_and_units_are_exact_and_never_overflow(void **state)
{
	struct arena *a = *state;
	struct decimal big = of("999999999999999999999999999999");

	assert_string_equal(decimal_print(a, decimal_add(of("0.1"), of("0.2"))).p, "0.3");
	assert_string_equal(decimal_print(a, decimal_add(of("1"), of("-1.00"))).p, "0.00");
	assert_string_equal(decimal_print(a, decimal_scale(of("28.38"), 4)).p, "283800");
	assert_string_equal(decimal_print(a, decimal_scale(of("0.123456"), 4)).p, "1234.56");
	assert_string_equal(decimal_print(a, decimal_scale(of("283800"), -4)).p, "28.3800");
	/* 30 digits and a fraction of 29: the last digits of the fraction give way */
	assert_string_equal(
	    decimal_print(a, decimal_add(big, of("0.00000000000000000000000000001"))).p,
	    "999999999999999999999999999999.00000000");
	for (int i = 0; i < 60; i++)
		big = decimal_add(big, big);
	assert_string_equal(decimal_print(a, big).p, "99999999999999999999999999999999999999");
	assert_int_equal(decimal_cmp(decimal_scale(big, 8), big), 0);
}

static void thousands_are_grouped(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {"0", "0"},
	    {"999", "999"},
	    {"1000", "1,000"},
	    {"13560000.00", "13,560,000.00"},
	    {"-123456.7", "-123,456.7"},
	    {"-123", "-123"},
	    {"0.1234", "0.1234"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(decimal_group(*state, str_of(cases[i].from)).p, cases[i].to);
}

static void money_units_are_known_with_or_without_their_currency(void **state)
{
	static const struct {
		const char *unit;
		bool ok;
		int power;
	} cases[] = {
	    {"元", true, 0},
	    {"万元", true, 4},
	    {"万元 人民币", true, 4},
	    {"元 人民币", true, 0},
	    {"人民币万元", true, 4},
	    {"（万元）", true, 4},
	    {"万元(人民币)", true, 4},
	    {"RMB", true, 0},
	    {"亿元", true, 8},
	    {"万", true, 4},
	    {"千元", true, 3},
	    {"元整", true, 0},
	    {"", false, 0},
	    {"()", false, 0},
	    {"美元", false, 0},
	    {"元/吨", false, 0},
	    {"%", false, 0},
	    {"日历天", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int power = 0;

		assert_int_equal(money_unit_power(str_of(cases[i].unit), &power), cases[i].ok);
		assert_int_equal(power, cases[i].power);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_strict_decimal_is_printed_as_it_was_read),
	    CASE(numbers_are_read_as_sources_write_them_and_never_guessed),
	    CASE(decimals_compare_exactly_at_any_scale),
	    CASE(sums_and_units_are_exact_and_never_overflow),
	    CASE(thousands_are_grouped),
	    CASE(money_units_are_known_with_or_without_their_currency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
