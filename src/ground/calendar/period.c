/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar_priv.h"

#include "text/text.h"

#define WORKDAYS_MAX 2000
#define EXPLAIN_MAX  4000

int32_t calendar_workday(const struct calendar *c, int32_t start, int n)
{
	int step = n < 0 ? -1 : 1;
	int32_t day = start;

	BUG_ON(n > WORKDAYS_MAX || n < -WORKDAYS_MAX);
	for (int left = n * step; left > 0;) {
		day += step;
		if (calendar_is_work(c, day))
			left--;
	}
	return day;
}

int calendar_workdays_between(const struct calendar *c, int32_t from, int32_t to)
{
	int n = 0;

	if (to < from)
		return -calendar_workdays_between(c, to, from);
	for (int32_t day = from + 1; day <= to; day++)
		n += calendar_is_work(c, day);
	return n;
}

static int month_length(int year, int month)
{
	int32_t first = date_make(year, month, 1);

	return (
	    int)((month == 12 ? date_make(year + 1, 1, 1) : date_make(year, month + 1, 1)) - first);
}

/* The same day number n months on, or that month's last day. */
static int32_t months_on(int32_t start, int n)
{
	int year, month, dom, index, last;

	date_split(start, &year, &month, &dom);
	index = year * 12 + (month - 1) + n;
	year = index / 12;
	month = index % 12 + 1;
	last = month_length(year, month);
	return date_make(year, month, dom < last ? dom : last);
}

int32_t calendar_due(const struct calendar *c, int32_t start, struct period_rule rule)
{
	int32_t first = 0;

	if (rule.n == 0)
		return start;
	/* When the first day counts, the count begins one day earlier in its direction. */
	if (rule.first_day_counts)
		first = rule.n > 0 ? -1 : 1;
	switch (rule.unit) {
	case UNIT_WORKDAY:
		return calendar_workday(c, start + first, rule.n);
	case UNIT_MONTH:
		return months_on(start, rule.n) + first;
	case UNIT_YEAR:
		return months_on(start, rule.n * 12) + first;
	case UNIT_DAY:
		break;
	}
	return start + rule.n + first;
}

void calendar_explain(struct arena *mem, const struct calendar *c, int32_t start,
    struct period_rule rule, struct explanation *out)
{
	int32_t due = calendar_due(c, start, rule);
	int32_t step = due < start ? -1 : 1;
	size_t days = (size_t)((due - start) * step) + 1;
	int number = 0;

	*out = (struct explanation){.start = start, .due = due, .rule = rule};
	out->cap = days < EXPLAIN_MAX ? days : EXPLAIN_MAX;
	out->at = arena_array(mem, struct day_reason, out->cap);
	for (size_t i = 0; i < out->cap; i++) {
		struct day_reason *r = &out->at[out->n++];

		r->day = start + (int32_t)i * step;
		r->kind = calendar_day(c, r->day);
		r->name = calendar_day_name(c, r->day);
		r->counted = (i > 0 || rule.first_day_counts) && rule.n != 0 &&
			     (rule.unit != UNIT_WORKDAY || calendar_is_work(c, r->day));
		if (r->counted)
			r->number = ++number;
	}
	out->provisional = calendar_is_provisional(c, start) || calendar_is_provisional(c, due);
}
