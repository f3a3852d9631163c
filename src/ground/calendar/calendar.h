/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar: which days are working days in China, and what a period ends on. A calendar is data with a version and, for each year, the State Council
 * notice behind it; days after the last such year are provisional and say so. A due date is a pure function of events and calendar version, and
 * explains itself day by day.
 *
 * "自…之日起" counts from the next day (day zero is not counted), in law and in workday-vectors; practice sometimes counts the first day:
 * calendar_explain can show both. Units: day numbers since 1970-01-01 (text.h).
 */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/base.h"

struct calendar;

/* From data/calendar/exceptions.csv and notices.csv. The message names every mistake with file, line and column, one a line. */
MUST_CHECK bool calendar_parse(
    struct cx *cx, struct str exceptions_csv, struct str notices_csv, struct calendar **out);
struct str calendar_version(
    const struct calendar *c); /* e.g. "2026.1": last year and a short digest of its content */
int calendar_first_year(const struct calendar *c);
int calendar_last_year(const struct calendar *c);
struct str calendar_notice(
    const struct calendar *c, int year); /* address of the State Council notice; absent when none */

enum day_kind {
	DAY_WORK,   /* Monday–Friday, not off */
	DAY_MAKEUP, /* a weekend day made a working day (调休) */
	DAY_WEEKEND,
	DAY_HOLIDAY, /* off by notice */
};
enum day_kind calendar_day(const struct calendar *c, int32_t day);
bool calendar_is_work(const struct calendar *c, int32_t day);
bool calendar_is_provisional(
    const struct calendar *c, int32_t day); /* outside the years of the calendar */
struct str calendar_day_name(
    const struct calendar *c, int32_t day); /* 国庆节 …; absent when none */

/* The n-th working day strictly after start (n ≥ 1), or before it (n ≤ −1). 0 gives start. |n| ≤ 2000. */
int32_t calendar_workday(const struct calendar *c, int32_t start, int n);
/* Working days in (from, to]; negative when to < from. */
int calendar_workdays_between(const struct calendar *c, int32_t from, int32_t to);

enum period_unit { UNIT_DAY, UNIT_WORKDAY, UNIT_MONTH, UNIT_YEAR };
struct period_rule {
	int n; /* may be negative: before the anchor */
	enum period_unit unit;
	bool first_day_counts; /* the other way of counting */
};
/* The last day of the period. Months and years end on the same day number, or the month's last day. */
int32_t calendar_due(const struct calendar *c, int32_t start, struct period_rule rule);

struct day_reason {
	int32_t day;
	bool counted;
	int number; /* its number in the count; 0 when not counted */
	enum day_kind kind;
	struct str name; /* of the holiday */
};
struct explanation {
	int32_t start, due;
	struct period_rule rule;
	bool provisional;
	struct day_reason *at;
	size_t n, cap;
};
/* Day by day from start to due; at most 4000 days. */
void calendar_explain(struct arena *mem, const struct calendar *c, int32_t start,
    struct period_rule rule, struct explanation *out);

#endif
