/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"

#include "base/io.h"
#include "calendar/calendar.h"
#include "codec/csv.h"
#include "text/text.h"

static struct str read_source(struct cx *cx, const char *path)
{
	struct str text;

	assert_true(io_file_read(
	    cx, str_c(cx->mem, str_fmt(cx->mem, "%s/%s", SOURCE_DIR, path)), 1 << 20, &text));
	return text;
}

static struct calendar *load(struct cx *cx)
{
	struct calendar *c;

	if (!calendar_parse(cx, read_source(cx, "data/calendar/exceptions.csv"),
		read_source(cx, "data/calendar/notices.csv"), &c))
		fail_msg("%s", str_c(cx->mem, cx_error(cx)));
	return c;
}

static int32_t day(const char *s)
{
	int32_t d;

	assert_true(date_parse(str_of(s), &d));
	return d;
}

static int number(struct str s)
{
	int64_t v;

	assert_true(str_int(s, &v));
	return (int)v;
}

#define assert_day(mem, got, wanted)                                                               \
	assert_string_equal(str_c((mem), date_print((mem), (got))), (wanted))

static void every_published_vector_of_working_days_agrees(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	struct csv csv;
	struct csv_record row;
	int n = 0;

	assert_true(csv_open(&cx, read_source(&cx, "tests/data/workday-vectors.csv"), &csv));
	assert_true(csv_next(cx.mem, &csv, &row));
	while (csv_next(cx.mem, &csv, &row)) {
		int32_t start = day(str_c(cx.mem, row.at[0]));
		int32_t due = calendar_workday(c, start, number(row.at[2]));

		assert_int_equal(calendar_is_work(c, start), number(row.at[1]));
		assert_day(cx.mem, due, str_c(cx.mem, row.at[3]));
		assert_int_equal(due - start, number(row.at[4]));
		assert_int_equal(calendar_workdays_between(c, start, due), number(row.at[2]));
		n++;
	}
	assert_int_equal(n, 142);
}

static void the_working_days_of_every_month_agree(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	struct csv csv;
	struct csv_record row;
	int n = 0;

	assert_true(csv_open(&cx, read_source(&cx, "tests/data/workdays-per-month.csv"), &csv));
	assert_true(csv_next(cx.mem, &csv, &row));
	while (csv_next(cx.mem, &csv, &row)) {
		int32_t first = day(str_c(cx.mem, str_fmt(cx.mem, "%.*s-01", STR_ARG(row.at[0]))));
		int work = 0, makeup = 0, extra = 0;

		for (int32_t d = first; d < first + number(row.at[1]); d++) {
			work += calendar_is_work(c, d);
			makeup += calendar_day(c, d) == DAY_MAKEUP;
			extra += calendar_day(c, d) == DAY_HOLIDAY && date_weekday(d) < 6;
		}
		assert_int_equal(work, number(row.at[2]));
		assert_int_equal(makeup, number(row.at[3]));
		assert_int_equal(extra, number(row.at[4]));
		n++;
	}
	assert_int_equal(n, 240);
}

static void periods_end_where_the_law_says(void **state)
{
	static const struct {
		const char *start;
		int n;
		const char *due;
	} cases[] = {
	    {"2025-01-24", 20, "2025-02-27"},
	    {"2025-01-26", 20, "2025-02-28"},
	    {"2025-09-26", 7, "2025-10-13"},
	    {"2025-09-26", 15, "2025-10-23"},
	    {"2025-09-26", 20, "2025-10-30"},
	    {"2026-02-06", 20, "2026-03-12"},
	    {"2026-09-18", 20, "2026-10-22"},
	    {"2024-09-10", 7, "2024-09-20"},
	    {"2024-09-10", 20, "2024-10-14"},
	    {"2018-06-06", 20, "2018-07-05"},
	    {"2025-09-28", 7, "2025-10-14"},
	    {"2025-04-25", 7, "2025-05-08"},
	    {"2025-05-12", 20, "2025-06-10"},
	    {"2025-03-12", 15, "2025-04-02"},
	    {"2025-02-27", -20, "2025-01-24"},
	    {"2025-03-03", 0, "2025-03-03"},
	};
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_day(
		    cx.mem, calendar_workday(c, day(cases[i].start), cases[i].n), cases[i].due);
}

static void extensions_and_pauses_are_made_of_the_same_counts(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	int used = calendar_workdays_between(c, day("2025-03-03"), day("2025-03-10"));

	assert_day(cx.mem, calendar_workday(c, calendar_workday(c, day("2025-01-24"), 20), 20),
	    "2025-03-27");
	/* A third party is asked on 03-10 and answers on 03-28: the days between do not count. */
	assert_day(cx.mem, calendar_workday(c, day("2025-03-28"), 20 - used), "2025-04-21");
	assert_day(cx.mem, calendar_workday(c, day("2025-03-03"), 20), "2025-03-31");
}

static void the_other_way_of_counting_begins_with_the_first_day(void **state)
{
	static const struct {
		const char *start;
		struct period_rule rule;
		const char *due;
	} cases[] = {
	    {"2026-03-16", {3, UNIT_DAY, false}, "2026-03-19"},
	    {"2026-03-16", {3, UNIT_DAY, true}, "2026-03-18"},
	    {"2026-03-16", {-3, UNIT_DAY, false}, "2026-03-13"},
	    {"2026-03-16", {-3, UNIT_DAY, true}, "2026-03-14"},
	    {"2026-03-16", {1, UNIT_WORKDAY, true}, "2026-03-16"},
	    {"2026-03-14", {1, UNIT_WORKDAY, true}, "2026-03-16"},
	    {"2026-03-16", {-1, UNIT_WORKDAY, true}, "2026-03-16"},
	    {"2026-01-31", {1, UNIT_MONTH, false}, "2026-02-28"},
	    {"2024-01-31", {1, UNIT_MONTH, false}, "2024-02-29"},
	    {"2026-03-31", {-1, UNIT_MONTH, false}, "2026-02-28"},
	    {"2026-12-16", {1, UNIT_MONTH, false}, "2027-01-16"},
	    {"2026-01-16", {-1, UNIT_MONTH, false}, "2025-12-16"},
	    {"2024-02-29", {1, UNIT_YEAR, false}, "2025-02-28"},
	    {"2026-03-16", {1, UNIT_MONTH, true}, "2026-04-15"},
	};
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_day(
		    cx.mem, calendar_due(c, day(cases[i].start), cases[i].rule), cases[i].due);
}

static void a_due_date_explains_itself_day_by_day(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	struct explanation e;
	int counted = 0;

	calendar_explain(
	    cx.mem, c, day("2025-01-24"), (struct period_rule){20, UNIT_WORKDAY, false}, &e);
	assert_day(cx.mem, e.due, "2025-02-27");
	assert_int_equal(e.n, 35);
	assert_false(e.at[0].counted);
	assert_int_equal(e.at[2].kind, DAY_MAKEUP); /* Sunday 2025-01-26 */
	assert_true(e.at[2].counted);
	assert_int_equal(e.at[2].number, 1);
	assert_int_equal(e.at[4].kind, DAY_HOLIDAY);
	assert_string_equal(str_c(cx.mem, e.at[4].name), "春节");
	assert_int_equal(e.at[4].number, 0);
	for (size_t i = 0; i < e.n; i++)
		counted += e.at[i].counted;
	assert_int_equal(counted, 20);
	assert_int_equal(e.at[e.n - 1].number, 20);
	assert_false(e.provisional);
}

static void a_count_backwards_explains_itself_too(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	struct explanation e;

	calendar_explain(
	    cx.mem, c, day("2025-02-27"), (struct period_rule){-20, UNIT_WORKDAY, true}, &e);
	assert_true(e.at[0].counted);
	assert_int_equal(e.at[e.n - 1].number, 20);
	assert_day(cx.mem, e.at[e.n - 1].day, "2025-01-26");
	assert_day(cx.mem, e.due, "2025-01-26");
}

static void days_beyond_the_notices_are_provisional(void **state)
{
	struct cx cx = {.mem = *state};
	struct calendar *c = load(&cx);
	struct explanation e;

	assert_int_equal(calendar_first_year(c), 2007);
	assert_int_equal(calendar_last_year(c), 2026);
	assert_false(calendar_is_provisional(c, day("2026-12-31")));
	assert_true(calendar_is_provisional(c, day("2027-01-01")));
	assert_true(calendar_is_provisional(c, day("2006-12-31")));
	assert_true(
	    calendar_is_work(c, day("2027-01-01"))); /* a Friday: nobody has said otherwise yet */
	calendar_explain(
	    cx.mem, c, day("2026-12-25"), (struct period_rule){20, UNIT_WORKDAY, false}, &e);
	assert_true(e.provisional);
	assert_true(str_starts(calendar_version(c), STR("2026.")));
	assert_string_equal(str_c(cx.mem, calendar_notice(c, 2026)),
	    "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm");
	assert_null(calendar_notice(c, 2027).p);
}

static void a_mistake_in_the_files_is_named_with_its_place(void **state)
{
	static const char notices[] = "plan_year,notice_url\n2026,https://www.gov.cn/x\n";
	static const struct {
		const char *exceptions, *notices, *message;
	} cases[] = {
	    {"date,holiday_name,kind\n", notices,
		"calendar/exceptions.csv:1:1: column \"plan_year\" is wanted here"},
	    {"date,holiday_name,kind,plan_year\n2026-02-30,元旦,off,2026\n", notices,
		"calendar/exceptions.csv:2:1: a date such as 2026-10-01 is wanted, found "
		"\"2026-02-30\""},
	    {"date,holiday_name,kind,plan_year\n2026-01-01,元旦,free,2026\n", notices,
		"calendar/exceptions.csv:2:15: off or work is wanted, found \"free\""},
	    {"date,holiday_name,kind,plan_year\n2026-01-01,元旦,off,2025\n", notices,
		"calendar/exceptions.csv:2:19: a year that has a notice in calendar/notices.csv is "
		"wanted, found \"2025\""},
	    {"date,holiday_name,kind,plan_year\n2026-01-02,元旦,off,2026\n2026-01-02,元旦,off,"
	     "2026\n",
		notices,
		"calendar/exceptions.csv:3:1: dates in ascending order, each once, are wanted, "
		"found \"2026-01-02\""},
	    {"date,holiday_name,kind,plan_year\n2026-01-02,元旦\n", notices,
		"calendar/exceptions.csv:2:1: 4 columns are wanted, found \"2026-01-02,元旦\""},
	    {"date,holiday_name,kind,plan_year\n2026-13-01,元旦,off,2026\n2026-01-02,,off,2026\n"
	     "2026-01-03,元旦,off,x\n",
		"plan_year,notice_url\n20x6,x\n2026,x\n",
		"calendar/notices.csv:2:1: a year is wanted, found \"20x6\"\n"
		"calendar/exceptions.csv:2:1: a date such as 2026-10-01 is wanted, found "
		"\"2026-13-01\"\n"
		"calendar/exceptions.csv:3:12: the name of the holiday is wanted, found \"\"\n"
		"calendar/exceptions.csv:4:19: a year is wanted, found \"x\""},
	    {"date,holiday_name,kind,plan_year\n2024-01-02,元旦,off,2026\n", notices,
		"calendar/exceptions.csv:2:19: the year whose plan has this day is wanted, found "
		"\"2026\""},
	    {"date,holiday_name,kind,plan_year\n", "plan_year,notice_url\n2024,x\n2026,x\n",
		"calendar/notices.csv:3:1: years without a gap are wanted, found \"2026\""},
	    {"date,holiday_name,kind,plan_year\n", "plan_year,notice_url\n",
		"calendar/notices.csv:2:1: at least one year is wanted"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct calendar *c;

		assert_false(
		    calendar_parse(&cx, str_of(cases[i].exceptions), str_of(cases[i].notices), &c));
		assert_int_equal(cx.err.code, ERR_INPUT);
		assert_string_equal(str_c(cx.mem, cx.err.msg), cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_published_vector_of_working_days_agrees),
	    CASE(the_working_days_of_every_month_agree),
	    CASE(periods_end_where_the_law_says),
	    CASE(extensions_and_pauses_are_made_of_the_same_counts),
	    CASE(the_other_way_of_counting_begins_with_the_first_day),
	    CASE(a_due_date_explains_itself_day_by_day),
	    CASE(a_count_backwards_explains_itself_too),
	    CASE(days_beyond_the_notices_are_provisional),
	    CASE(a_mistake_in_the_files_is_named_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
