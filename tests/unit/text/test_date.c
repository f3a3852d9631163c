/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"
#include "text/text.h"

static void days_count_from_1970_through_every_leap_year(void **state)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int32_t day = date_make(1900, 1, 1);

	(void)state;
	assert_int_equal(date_make(1970, 1, 1), 0);
	assert_int_equal(date_weekday(0), 4);
	for (int y = 1900; y < 2400; y++) {
		bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

		for (int m = 1; m <= 12; m++) {
			for (int d = 1; d <= month_days[m - 1] + (m == 2 && leap); d++, day++) {
				int yy, mm, dd;

				assert_int_equal(date_make(y, m, d), day);
				date_split(day, &yy, &mm, &dd);
				assert_true(yy == y && mm == m && dd == d);
			}
		}
	}
	assert_int_equal(date_weekday(date_make(2026, 3, 16)), 1);
	assert_int_equal(date_weekday(date_make(1969, 12, 28)), 7);
}

static void a_strict_date_is_a_real_date_of_ten_characters(void **state)
{
	static const char *const bad[] = {
	    "",
	    "2026-3-16",
	    "2026-02-29",
	    "2026-13-01",
	    "2026-00-01",
	    "2026-01-00",
	    "2026-04-31",
	    "1899-12-31",
	    "3000-01-01",
	    "2026/03/16",
	    "2026-03-16 ",
	    "20260316",
	    "2026-03-1x",
	};
	int32_t day;

	assert_true(date_parse(STR("2024-02-29"), &day));
	assert_string_equal(date_print(*state, day).p, "2024-02-29");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(date_parse(str_of(bad[i]), &day));
}

static void dates_are_read_as_sources_write_them(void **state)
{
	static const struct {
		const char *text, *date; /* date NULL: refused */
		int32_t clock;
	} cases[] = {
	    {"2026-03-16", "2026-03-16", -1},
	    {"2026-3-6", "2026-03-06", -1},
	    {"2026/03/16", "2026-03-16", -1},
	    {"2026.3.16", "2026-03-16", -1},
	    {"20260316", "2026-03-16", -1},
	    {"2026年03月24日", "2026-03-24", -1},
	    {" 2026年 3月 16日 ", "2026-03-16", -1},
	    {"２０２６年３月１６日", "2026-03-16", -1},
	    {"2026-03-16 08:42:49", "2026-03-16", 31369},
	    {"2026-03-16T08:42", "2026-03-16", 31320},
	    {"2026-03-16T08:42:49.123+08:00", "2026-03-16", 31369},
	    {"2026-03-16T08:42:49+0800", "2026-03-16", 31369},
	    {"2026-03-26T16:00:00Z", "2026-03-27", 0},
	    {"2026-03-27T00:30:00+09:00", "2026-03-26", 84600},
	    {"2026年3月16日8时30分", "2026-03-16", 30600},
	    {"2026年3月16日 8时30分05秒", "2026-03-16", 30605},
	    {"2026年3月16日9时", "2026-03-16", 32400},
	    {"2026年3月16日9点", "2026-03-16", 32400},
	    {"2026年3月16日08：30", "2026-03-16", 30600},
	    {"20260316 8:05", "2026-03-16", 29100},
	    {"2026-03-16 24:00", "2026-03-16", 86400},
	    {"Mar 16, 2026", NULL, 0},
	    {"16 March 2026", NULL, 0},
	    {"2026年5月", NULL, 0},
	    {"2026-5", NULL, 0},
	    {"2026-02-30", NULL, 0},
	    {"2026-03-16 25:00", NULL, 0},
	    {"2026-03-16 24:01", NULL, 0},
	    {"2026-03-16 8:60", NULL, 0},
	    {"2026-03-16 8:5", NULL, 0},
	    {"2026-03-1608:00", NULL, 0},
	    {"2026-03/16", NULL, 0},
	    {"2026-03-161", NULL, 0},
	    {"202603160", NULL, 0},
	    {"26-03-16", NULL, 0},
	    {"2026-03-16至2026-03-20", NULL, 0},
	    {"2026-03-16 上午", NULL, 0},
	    {"2026-03-16T08:00+99:00", NULL, 0},
	    {"2026-", NULL, 0},
	    {"2026", NULL, 0},
	    {"", NULL, 0},
	    {"1111111111111111111111111111111111111111111111111111111111111111111111", NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int32_t day, clock;

		assert_int_equal(
		    date_parse_loose(str_of(cases[i].text), &day, &clock), cases[i].date != NULL);
		if (cases[i].date == NULL)
			continue;
		assert_string_equal(date_print(*state, day).p, cases[i].date);
		assert_int_equal(clock, cases[i].clock);
	}
}

static void instants_are_official_time(void **state)
{
	static const char *const bad[] = {
	    "2026-01-31T09:00:00Z",
	    "2026-01-31T09:00:00+00:00",
	    "2026-01-31 09:00:00+08:00",
	    "2026-01-31T24:00:00+08:00",
	    "2026-01-31T09:60:00+08:00",
	    "2026-01-31T09:00:60+08:00",
	    "2026-02-30T09:00:00+08:00",
	    "2026-01-31T09:00+08:00",
	    "",
	};
	int64_t t;

	assert_string_equal(instant_print(*state, 0).p, "1970-01-01T08:00:00+08:00");
	assert_string_equal(instant_print(*state, -28801).p, "1969-12-31T23:59:59+08:00");
	assert_true(instant_parse(STR("2026-01-31T09:00:00+08:00"), &t));
	assert_int_equal(t, 1769821200);
	assert_string_equal(instant_print(*state, t).p, "2026-01-31T09:00:00+08:00");
	assert_int_equal(instant_day(t), date_make(2026, 1, 31));
	assert_int_equal(instant_day(-28801), -1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(instant_parse(str_of(bad[i]), &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(days_count_from_1970_through_every_leap_year),
	    CASE(a_strict_date_is_a_real_date_of_ten_characters),
	    CASE(dates_are_read_as_sources_write_them),
	    CASE(instants_are_official_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
