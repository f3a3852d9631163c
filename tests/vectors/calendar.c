/* SPDX-License-Identifier: Apache-2.0 */
/* workday-vectors.csv: the n-th working day strictly after a day, with the calendar that the program ships. */
#include "calendar/calendar.h"
#include "text/text.h"
#include "vectors/vectors.h"
#include "calendar_embed.h"

static struct str shipped(const char *path)
{
	for (const struct embedded_calendar *f = calendar_files; f->path; f++)
		if (strcmp(f->path, path) == 0)
			return f->text;
	return STR_NONE;
}

/* Read once, for the whole run. */
static const struct calendar *calendar(void)
{
	static struct calendar *c;
	struct cx cx = {.mem = NULL};

	if (c == NULL) {
		cx.mem = arena_open((size_t)64 << 20);
		BUG_ON(!calendar_parse(&cx, shipped("exceptions.csv"), shipped("notices.csv"), &c));
	}
	return c;
}

static void run_row(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct arena *mem = vector_cx(v)->mem;
	struct str id =
	    str_fmt(mem, "%.*s + %.*s", STR_ARG(val_str(one, "start")), STR_ARG(val_str(one, "n")));
	int64_t n, days, work;
	int32_t start, due, got;

	if (!date_parse(val_str(one, "start"), &start) ||
	    !date_parse(val_str(one, "nth_workday_after_start"), &due) ||
	    !str_int(val_str(one, "n"), &n) || n < -2000 || n > 2000) {
		vector_case(v, file, id, false, "the row is not a vector");
		return;
	}
	got = calendar_workday(calendar(), start, (int)n);
	if (!str_int(val_str(one, "calendar_days"), &days))
		days = got - start;
	if (!str_int(val_str(one, "start_is_workday"), &work))
		work = calendar_is_work(calendar(), start);
	vector_case(v, file, id,
	    got == due && got - start == days && calendar_is_work(calendar(), start) == (work == 1),
	    "%.*s, %d days on; the start is%s a working day", STR_ARG(date_print(mem, got)),
	    got - start, calendar_is_work(calendar(), start) ? "" : " not");
}

static void run_file(struct vectors *v, const struct vector_file *file)
{
	vector_each_row(v, file, run_row);
}

const struct vector_kind vectors_calendar[] = {
    {"workdays", "*workday-vectors*.csv", "start,start_is_workday,n,nth_workday_after_start",
	run_file},
    {.name = NULL},
};
