/* SPDX-License-Identifier: Apache-2.0 */
#include "text/text.h"

#define DAY	 86400
#define OFFICIAL 28800 /* +08:00, the whole year */
#define YEAR_MIN 1900
#define YEAR_MAX 2999

/* Proleptic Gregorian; years start in March so that the leap day is the last. 400 years are 146,097 days. */
int32_t date_make(int year, int month, int dom)
{
	int y = year - (month <= 2), m = month + (month <= 2 ? 9 : -3);
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year = (153 * m + 2) / 5 + dom - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void date_split(int32_t day, int *year, int *month, int *dom)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int of_era_day = (int)(z - era * 146097);
	int of_era =
	    (of_era_day - of_era_day / 1460 + of_era_day / 36524 - of_era_day / 146096) / 365;
	int of_year = of_era_day - (365 * of_era + of_era / 4 - of_era / 100);
	int m = (5 * of_year + 2) / 153;

	*dom = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = (int)(of_era + era * 400) + (*month <= 2);
}

int date_weekday(int32_t day)
{
	int w = (int)(((int64_t)day + 3) % 7); /* 1970-01-01 was a Thursday */

	return (w < 0 ? w + 7 : w) + 1;
}

static int seconds(int hour, int minute, int second)
{
	return (hour * 60 + minute) * 60 + second;
}

static bool real_date(int year, int month, int dom, int32_t *day_out)
{
	int y, m, d;

	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || dom < 1 || dom > 31)
		return false;
	*day_out = date_make(year, month, dom);
	date_split(*day_out, &y, &m, &d);
	return d == dom;
}

/* n digits exactly, at byte `at` */
static bool digits_at(struct str s, size_t at, size_t n, int *out)
{
	int v = 0;

	if (at + n > s.n)
		return false;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*out = v;
	return true;
}

bool date_parse(struct str s, int32_t *day_out)
{
	int year, month, dom;
	int32_t day;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits_at(s, 0, 4, &year) ||
	    !digits_at(s, 5, 2, &month) || !digits_at(s, 8, 2, &dom) ||
	    !real_date(year, month, dom, &day))
		return false;
	*day_out = day;
	return true;
}

struct str date_print(struct arena *mem, int32_t day)
{
	int year, month, dom;

	date_split(day, &year, &month, &dom);
	return str_fmt(mem, "%04d-%02d-%02d", year, month, dom);
}

bool instant_parse(struct str s, int64_t *out)
{
	int hour, minute, second;
	int32_t day;

	if (s.n != 25 || !date_parse(str_cut(s, 0, 10), &day) || s.p[10] != 'T' || s.p[13] != ':' ||
	    s.p[16] != ':' || !digits_at(s, 11, 2, &hour) || !digits_at(s, 14, 2, &minute) ||
	    !digits_at(s, 17, 2, &second) || !str_is(str_cut(s, 19, 25), "+08:00") || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	*out = (int64_t)day * DAY + seconds(hour, minute, second) - OFFICIAL;
	return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int32_t instant_day(int64_t instant)
{
	return (int32_t)floor_div(instant + OFFICIAL, DAY);
}

struct str instant_print(struct arena *mem, int64_t instant)
{
	int32_t day = instant_day(instant);
	int clock = (int)(instant + OFFICIAL - (int64_t)day * DAY);
	int year, month, dom;

	date_split(day, &year, &month, &dom);
	return str_fmt(mem, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", year, month, dom, clock / 3600,
	    clock / 60 % 60, clock % 60);
}

/* ---- as sources write it ---- */

/* What is left of the text, ASCII after full width forms and spaces were made plain. */
struct reader {
	char p[64];
	size_t n, at;
};

/* Full width digits and signs as ASCII, 年月日时分秒 as letters; 0 for anything else. */
static char plain_char(int32_t c)
{
	static const struct {
		int32_t from;
		char to;
	} signs[] = {
	    {0x5E74, 'Y'},
	    {0x6708, 'M'},
	    {0x65E5, 'D'},
	    {0x65F6, 'h'},
	    {0x70B9, 'h'},
	    {0x5206, 'm'},
	    {0x79D2, 's'},
	    {0x3000, ' '},
	    {0xA0, ' '},
	    {'\t', ' '},
	    {'\n', ' '},
	    {'\r', ' '},
	    {' ', ' '},
	    {'-', '-'},
	    {'/', '/'},
	    {'.', '.'},
	    {':', ':'},
	    {0xFF1A, ':'},
	    {0xFF0F, '/'},
	    {0xFF0D, '-'},
	    {0xFF0E, '.'},
	    {'T', 'T'},
	    {'Z', 'Z'},
	    {'+', '+'},
	};

	if (c >= '0' && c <= '9')
		return (char)c;
	if (c >= 0xFF10 && c <= 0xFF19)
		return (char)(c - 0xFF10 + '0');
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		if (signs[i].from == c)
			return signs[i].to;
	}
	return '\0';
}

static bool plain(struct str s, struct reader *r)
{
	*r = (struct reader){0};
	while (s.n) {
		char c = plain_char(text_next(&s));

		if (c == '\0' || r->n + 1 == sizeof r->p)
			return false;
		r->p[r->n++] = c;
	}
	while (r->n && r->p[r->n - 1] == ' ')
		r->p[--r->n] = '\0';
	return true;
}

static void spaces(struct reader *r)
{
	while (r->p[r->at] == ' ')
		r->at++;
}

static bool take(struct reader *r, char c)
{
	if (r->p[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* From least to most digits; a longer run refuses. */
static bool number(struct reader *r, int least, int most, int *out)
{
	int n = 0, v = 0;

	for (; r->p[r->at] >= '0' && r->p[r->at] <= '9'; r->at++) {
		if (++n > most)
			return false;
		v = v * 10 + (r->p[r->at] - '0');
	}
	*out = v;
	return n >= least;
}

/* 2026-3-16, 2026/03/16, 2026.3.16: the same sign twice; 2026年3月16日 with spaces. */
static bool separated(struct reader *r, int *year, int *month, int *dom)
{
	char sign;

	if (!number(r, 4, 4, year))
		return false;
	spaces(r);
	sign = r->p[r->at];
	if (sign != '-' && sign != '/' && sign != '.' && sign != 'Y')
		return false;
	r->at++;
	spaces(r);
	if (!number(r, 1, 2, month))
		return false;
	spaces(r);
	if (sign == 'Y' ? !take(r, 'M') : !take(r, sign))
		return false;
	spaces(r);
	if (!number(r, 1, 2, dom))
		return false;
	if (sign != 'Y')
		return true;
	spaces(r);
	return take(r, 'D');
}

static bool compact(struct reader *r, int *year, int *month, int *dom)
{
	struct str head = {r->p, 8};

	if (r->n < 8 || !digits_at(head, 0, 4, year) || !digits_at(head, 4, 2, month) ||
	    !digits_at(head, 6, 2, dom))
		return false;
	r->at = 8;
	return true;
}

/* The rest of a clock after the hour: ":42", ":42:49", ":42:49.000", "h", "h30m", "h30m05s" */
static bool minutes(struct reader *r, int *minute, int *second)
{
	int ignored;

	if (take(r, ':')) {
		if (!number(r, 2, 2, minute))
			return false;
		if (take(r, ':') && !number(r, 2, 2, second))
			return false;
		return !take(r, '.') || number(r, 1, 9, &ignored);
	}
	if (!take(r, 'h'))
		return false;
	spaces(r);
	if (r->p[r->at] == '\0')
		return true;
	if (!number(r, 1, 2, minute) || !take(r, 'm'))
		return false;
	spaces(r);
	return r->p[r->at] == '\0' || (number(r, 1, 2, second) && take(r, 's'));
}

/* Z or ±hh:mm or ±hhmm after the clock, in seconds east; none means official time. */
static bool zone(struct reader *r, int *east)
{
	int hour, minute, sign;

	*east = OFFICIAL;
	if (take(r, 'Z')) {
		*east = 0;
		return true;
	}
	if (r->p[r->at] != '+' && r->p[r->at] != '-')
		return true;
	sign = r->p[r->at++] == '+' ? 1 : -1;
	if (!number(r, 2, 4, &hour))
		return false;
	if (take(r, ':')) {
		if (hour > 23 || !number(r, 2, 2, &minute))
			return false;
	} else {
		minute = hour % 100;
		hour /= 100;
	}
	*east = sign * seconds(hour, minute, 0);
	return hour <= 14 && minute <= 59;
}

/* The clock after the date, moved to official time, which may be another day. */
static bool clock_time(struct reader *r, int32_t *day, int32_t *clock_out)
{
	int hour, minute = 0, second = 0, east;
	int64_t instant;

	if (!number(r, 1, 2, &hour) || !minutes(r, &minute, &second) || !zone(r, &east))
		return false;
	if (hour == 24 && minute == 0 && second == 0 && east == OFFICIAL) {
		*clock_out = DAY;
		return true;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	instant = (int64_t)*day * DAY + seconds(hour, minute, second) - east;
	*day = instant_day(instant);
	*clock_out = (int32_t)(instant + OFFICIAL - (int64_t)*day * DAY);
	return true;
}

bool date_parse_loose(struct str s, int32_t *day_out, int32_t *clock_out)
{
	int year, month, dom;
	int32_t day, clock = -1;
	struct reader r;

	if (!plain(s, &r))
		return false;
	spaces(&r);
	if (!compact(&r, &year, &month, &dom)) {
		if (!separated(&r, &year, &month, &dom))
			return false;
	}
	if (!real_date(year, month, dom, &day))
		return false;
	if (r.at < r.n) {
		char before = r.p[r.at - 1], next = r.p[r.at];

		if (next != 'T' && next != ' ' && before != 'D')
			return false;
		(void)take(&r, 'T');
		spaces(&r);
		if (!clock_time(&r, &day, &clock) || r.at != r.n)
			return false;
	}
	*day_out = day;
	*clock_out = clock;
	return true;
}
