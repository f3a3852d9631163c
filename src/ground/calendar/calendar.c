/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar_priv.h"

#include "codec/csv.h"
#include "crypto/crypto.h"
#include "text/text.h"

#define EXCEPTIONS  "calendar/exceptions.csv"
#define NOTICES	    "calendar/notices.csv"
#define YEAR_MIN    1980
#define YEAR_MAX    2200
#define FAULTS_MOST ((size_t)64 << 10)

struct exception {
	int32_t day;
	bool off;
	struct str name;
};

struct exceptions {
	struct exception *at;
	size_t n, cap;
};

/* One file of the calendar while it is read. */
struct table {
	const char *file;
	const char *const *columns;
	size_t columns_n;
	struct csv csv;
	struct csv_record row;
	struct buf *faults; /* a line each, of both files */
};

/* Column of a field in its line in characters, from 1; unquoted fields are views of the record. */
static size_t column_of(const struct csv_record *row, size_t field)
{
	if (field >= row->n || row->at[field].p < row->raw.p ||
	    row->at[field].p > row->raw.p + row->raw.n)
		return 1;
	return text_length(str_cut(row->raw, 0, (size_t)(row->at[field].p - row->raw.p))) + 1;
}

/* Notes what is wrong; reading goes on, so that all is said at once. */
static bool fault(const struct table *t, size_t field, const char *what)
{
	struct str value = field < t->row.n ? t->row.at[field] : t->row.raw;

	if (t->faults->n < FAULTS_MOST / 2)
		buf_fmt(t->faults, "%s%s:%u:%zu: %s, found \"%.*s\"", t->faults->n ? "\n" : "",
		    t->file, t->row.line, column_of(&t->row, field), what,
		    STR_ARG(text_head(value, 40)));
	return false;
}

static bool table_open(struct cx *cx, struct str text, struct table *t)
{
	if (!csv_open(cx, text, &t->csv))
		return cx_note(cx, "reading %s", t->file);
	if (!csv_next(cx->mem, &t->csv, &t->row))
		return cx_fail(
		    cx, ERR_INPUT, "%s:1:1: a header line is wanted, the file is empty", t->file);
	for (size_t i = 0; i < t->columns_n; i++)
		if (i >= t->row.n || !str_is(t->row.at[i], t->columns[i]))
			return cx_fail(cx, ERR_INPUT, "%s:1:%zu: column \"%s\" is wanted here",
			    t->file, column_of(&t->row, i), t->columns[i]);
	return true;
}

/* The next row that can be read; false at the end. */
static bool table_next(struct cx *cx, struct table *t)
{
	while (csv_next(cx->mem, &t->csv, &t->row)) {
		if (t->row.defect)
			(void)fault(t, t->row.n, t->row.defect);
		else if (t->row.n != t->columns_n)
			(void)fault(t, t->row.n,
			    str_fmt(cx->mem, "%zu columns are wanted", t->columns_n).p);
		else
			return true;
	}
	return false;
}

static bool year_read(const struct table *t, size_t field, int *out)
{
	int64_t v;

	if (!str_int(t->row.at[field], &v) || v < YEAR_MIN || v > YEAR_MAX)
		return fault(t, field, "a year is wanted");
	*out = (int)v;
	return true;
}

static bool notices_read(struct cx *cx, struct str text, struct buf *faults, struct calendar *c)
{
	static const char *const columns[] = {"plan_year", "notice_url"};
	struct table t = {.file = NOTICES,
	    .columns = columns,
	    .columns_n = ARRAY_SIZE(columns),
	    .faults = faults};
	struct year_notice notice = {0};

	if (!table_open(cx, text, &t))
		return false;
	while (table_next(cx, &t)) {
		if (!year_read(&t, 0, &notice.year))
			continue;
		if (c->notices.n && notice.year < c->last_year)
			(void)fault(&t, 0, "years in ascending order are wanted");
		if (c->notices.n && notice.year > c->last_year + 1)
			(void)fault(&t, 0, "years without a gap are wanted");
		notice.url = str_dup(cx->mem, t.row.at[1]);
		if (!c->notices.n)
			c->first_year = notice.year;
		c->last_year = notice.year;
		*list_add(cx->mem, &c->notices) = notice;
	}
	if (!c->notices.n)
		return cx_fail(cx, ERR_INPUT, "%s:2:1: at least one year is wanted", NOTICES);
	return true;
}

/* A holiday has its name; a make-up day of the new year may be in the old one and the other way round. */
static bool exception_read(
    struct cx *cx, const struct table *t, const struct calendar *c, struct exception *out)
{
	int plan = 0, year, month, day;

	if (!date_parse(t->row.at[0], &out->day))
		return fault(t, 0, "a date such as 2026-10-01 is wanted");
	if (!t->row.at[1].n)
		return fault(t, 1, "the name of the holiday is wanted");
	if (!str_is(t->row.at[2], "off") && !str_is(t->row.at[2], "work"))
		return fault(t, 2, "off or work is wanted");
	if (!year_read(t, 3, &plan))
		return false;
	if (plan < c->first_year || plan > c->last_year)
		return fault(t, 3, "a year that has a notice in " NOTICES " is wanted");
	date_split(out->day, &year, &month, &day);
	if (year < plan - 1 || year > plan + 1)
		return fault(t, 3, "the year whose plan has this day is wanted");
	out->off = str_is(t->row.at[2], "off");
	out->name = str_dup(cx->mem, t->row.at[1]);
	return true;
}

static bool exceptions_read(struct cx *cx, struct str text, struct buf *faults,
    const struct calendar *c, struct exceptions *out)
{
	static const char *const columns[] = {"date", "holiday_name", "kind", "plan_year"};
	struct table t = {.file = EXCEPTIONS,
	    .columns = columns,
	    .columns_n = ARRAY_SIZE(columns),
	    .faults = faults};
	struct exception e;

	if (!table_open(cx, text, &t))
		return false;
	while (table_next(cx, &t)) {
		if (!exception_read(cx, &t, c, &e))
			continue;
		if (out->n && e.day <= out->at[out->n - 1].day)
			(void)fault(&t, 0, "dates in ascending order, each once, are wanted");
		else
			*list_add(cx->mem, out) = e;
	}
	return true;
}

/* Spreads the exceptions over one slot a day, so that a question about a day is one look-up. */
static void days_build(struct arena *mem, struct calendar *c, const struct exceptions *list)
{
	int32_t end = date_make(c->last_year, 12, 31);

	c->first_day = date_make(c->first_year, 1, 1);
	if (list->n && list->at[0].day < c->first_day)
		c->first_day = list->at[0].day;
	if (list->n && list->at[list->n - 1].day > end)
		end = list->at[list->n - 1].day;
	c->days_n = (size_t)(end - c->first_day) + 1;
	c->days = arena_array(mem, struct special_day, c->days_n);
	/* A notice may also say that an ordinary weekday is worked (2020-02-03): that makes no make-up day of it. */
	for (size_t i = 0; i < list->n; i++)
		c->days[list->at[i].day - c->first_day] =
		    (struct special_day){.name = list->at[i].name,
			.off = list->at[i].off,
			.makeup = !list->at[i].off && date_weekday(list->at[i].day) >= 6};
}

bool calendar_parse(
    struct cx *cx, struct str exceptions_csv, struct str notices_csv, struct calendar **out)
{
	struct calendar *c = arena_new(cx->mem, struct calendar);
	struct exceptions list = {0};
	struct str parts[] = {notices_csv, STR("\n"), exceptions_csv};
	struct buf faults = buf_new(cx->mem, FAULTS_MOST);
	struct hash digest;

	if (!notices_read(cx, notices_csv, &faults, c) ||
	    !exceptions_read(cx, exceptions_csv, &faults, c, &list))
		return false;
	if (faults.n)
		return cx_fail(cx, ERR_INPUT, "%.*s", STR_ARG(buf_str(&faults)));
	days_build(cx->mem, c, &list);
	digest = crypto_sha256_parts(parts, ARRAY_SIZE(parts));
	c->version = str_fmt(cx->mem, "%d.%02x%02x%02x%02x", c->last_year, digest.b[0], digest.b[1],
	    digest.b[2], digest.b[3]);
	*out = c;
	return true;
}

struct str calendar_version(const struct calendar *c)
{
	return c->version;
}

int calendar_first_year(const struct calendar *c)
{
	return c->first_year;
}

int calendar_last_year(const struct calendar *c)
{
	return c->last_year;
}

struct str calendar_notice(const struct calendar *c, int year)
{
	struct str url = STR_NONE;

	/* A year may have a second notice that changed the first: the later one stands. */
	for (size_t i = 0; i < c->notices.n; i++)
		if (c->notices.at[i].year == year)
			url = c->notices.at[i].url;
	return url;
}

static const struct special_day *special_find(const struct calendar *c, int32_t day)
{
	if (day < c->first_day || (size_t)(day - c->first_day) >= c->days_n)
		return NULL;
	return &c->days[day - c->first_day];
}

enum day_kind calendar_day(const struct calendar *c, int32_t day)
{
	const struct special_day *special = special_find(c, day);

	if (special && special->off)
		return DAY_HOLIDAY;
	if (special && special->makeup)
		return DAY_MAKEUP;
	return date_weekday(day) >= 6 ? DAY_WEEKEND : DAY_WORK;
}

bool calendar_is_work(const struct calendar *c, int32_t day)
{
	enum day_kind kind = calendar_day(c, day);

	return kind == DAY_WORK || kind == DAY_MAKEUP;
}

bool calendar_is_provisional(const struct calendar *c, int32_t day)
{
	return day < date_make(c->first_year, 1, 1) || day > date_make(c->last_year, 12, 31);
}

struct str calendar_day_name(const struct calendar *c, int32_t day)
{
	const struct special_day *special = special_find(c, day);

	return special ? special->name : STR_NONE;
}
