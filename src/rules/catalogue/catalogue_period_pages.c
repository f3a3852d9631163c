/* SPDX-License-Identifier: Apache-2.0 */
/* A period day by day, for the calendar page, its JSON and `gongkai workday`. */
#include "calendar/calendar.h"
#include "catalogue/catalogue_faces.h"
#include "text/text.h"

#define WEEKS_SHOWN 6 /* at the beginning and at the end of a long period */

static const char *const unit_words[] = {
    [UNIT_DAY] = "day", [UNIT_WORKDAY] = "workday", [UNIT_MONTH] = "month", [UNIT_YEAR] = "year"};

bool period_unit_parse(struct str word, enum period_unit *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(unit_words); i++) {
		if (!str_is(word, unit_words[i]))
			continue;
		*out = (enum period_unit)i;
		return true;
	}
	return false;
}

int period_max(enum period_unit unit)
{
	static const int most[] = {
	    [UNIT_DAY] = 3650, [UNIT_WORKDAY] = 2000, [UNIT_MONTH] = 120, [UNIT_YEAR] = 10};

	return most[unit];
}

struct val *period_unit_code(struct cx *cx, enum period_unit unit)
{
	static const char *const words[] = {[UNIT_DAY] = T_("个自然日"),
	    [UNIT_WORKDAY] = T_("个工作日"),
	    [UNIT_MONTH] = T_("个月"),
	    [UNIT_YEAR] = T_("年")};

	return val_code(cx->mem, str_of(unit_words[unit]), T(cx, words[unit]));
}

static struct str weekday(struct cx *cx, int32_t day)
{
	static const char *const words[] = {T_("星期一"), T_("星期二"), T_("星期三"), T_("星期四"),
	    T_("星期五"), T_("星期六"), T_("星期日")};

	return T(cx, words[date_weekday(day) - 1]);
}

/* ---- one day ---- */

/* Holidays as the notices of the State Council call them. */
static const char *const holidays[] = {T_("元旦"), T_("春节"), T_("清明节"), T_("劳动节"),
    T_("端午节"), T_("中秋节"), T_("国庆节"), T_("国庆节、中秋节"), T_("中秋节、国庆节"),
    T_("“五一”"), T_("“十一”"), T_("“五一”国际劳动节"),
    T_("抗日战争暨世界反法西斯战争胜利70周年纪念日")};

static struct str holiday(struct cx *cx, struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(holidays); i++)
		if (str_is(name, holidays[i]))
			return T(cx, holidays[i]);
	return name.n ? name : T(cx, "放假");
}

static struct str why_of(struct cx *cx, int32_t day)
{
	const struct calendar *c = cx->app->calendar;

	switch (calendar_day(c, day)) {
	case DAY_HOLIDAY:
		return holiday(cx, calendar_day_name(c, day));
	case DAY_MAKEUP:
		return T(cx, "调休上班");
	case DAY_WORK:
	case DAY_WEEKEND:
		break;
	}
	return STR_NONE;
}

static struct val *state_of(struct cx *cx, const struct explanation *e, const struct day_reason *r)
{
	if (r == NULL)
		return val_code(cx->mem, STR("out"), T(cx, "不在期间内"));
	if (r->day == e->due && e->due != e->start)
		return val_code(cx->mem, STR("due"), T(cx, "最后一日"));
	if (r->day == e->start && !r->counted)
		return val_code(cx->mem, STR("start"), T(cx, "起算日，不计"));
	if (r->counted && r->kind == DAY_MAKEUP)
		return val_code(cx->mem, STR("makeup"), T(cx, "调休上班，计入"));
	if (r->counted)
		return val_code(cx->mem, STR("counted"), T(cx, "计入"));
	return r->kind == DAY_HOLIDAY ? val_code(cx->mem, STR("holiday"), T(cx, "放假，不计"))
				      : val_code(cx->mem, STR("weekend"), T(cx, "周末，不计"));
}

/* The reason for this day, NULL when it is outside the period. */
static const struct day_reason *reason_of(const struct explanation *e, int32_t day)
{
	int32_t step = e->due < e->start ? -1 : 1, at = (day - e->start) * step;

	return at >= 0 && (size_t)at < e->n ? &e->at[at] : NULL;
}

static struct val *day_show(struct cx *cx, const struct explanation *e, int32_t day)
{
	const struct day_reason *r = reason_of(e, day);
	struct val *v = val_map(cx->mem);
	int year, month, dom;

	date_split(day, &year, &month, &dom);
	val_set(cx->mem, v, "on", val_date(cx->mem, date_print(cx->mem, day)));
	val_set_int(cx->mem, v, "day", dom);
	val_set(cx->mem, v, "state", state_of(cx, e, r));
	val_set(cx->mem, v, "n", r && r->counted ? val_int(cx->mem, r->number) : val_null(cx->mem));
	val_set(cx->mem, v, "why", val_text(cx->mem, r ? why_of(cx, day) : STR_NONE));
	return v;
}

/* ---- the whole ---- */

static int32_t monday_of(int32_t day)
{
	return day - (date_weekday(day) - 1);
}

static void weeks_show(struct cx *cx, const struct explanation *e, struct val *out)
{
	int32_t first = monday_of(e->due < e->start ? e->due : e->start),
		last = monday_of(e->due < e->start ? e->start : e->due);
	int weeks = (last - first) / 7 + 1;
	struct val *list = val_set(cx->mem, out, "weeks", val_list(cx->mem));

	for (int w = 0; w < weeks; w++) {
		int32_t from = first + w * 7;
		struct val *week, *days;

		if (w >= WEEKS_SHOWN && w < weeks - WEEKS_SHOWN)
			continue;
		week = val_add(cx->mem, list, val_map(cx->mem));
		val_set(cx->mem, week, "from", val_date(cx->mem, date_print(cx->mem, from)));
		val_set_text(cx->mem, week, "label", str_cut(date_print(cx->mem, from), 5, 10));
		days = val_set(cx->mem, week, "days", val_list(cx->mem));
		for (int i = 0; i < 7; i++)
			val_add(cx->mem, days, day_show(cx, e, from + i));
	}
	val_set_bool(cx->mem, out, "long", weeks > 2 * WEEKS_SHOWN);
}

struct val *period_days(struct cx *cx, const struct explanation *e)
{
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < e->n; i++)
		val_add(cx->mem, list, day_show(cx, e, e->at[i].day));
	return list;
}

static struct val *way(
    struct cx *cx, const struct explanation *e, int32_t last, struct str label, struct str used_for)
{
	struct val *v = val_map(cx->mem);
	int32_t first = e->due;

	for (size_t i = 0; i < e->n && first == e->due; i++)
		if (e->at[i].counted)
			first = e->at[i].day;
	val_set_text(cx->mem, v, "label", label);
	val_set(cx->mem, v, "first", val_date(cx->mem, date_print(cx->mem, first)));
	val_set(cx->mem, v, "last", val_date(cx->mem, date_print(cx->mem, last)));
	val_set_text(cx->mem, v, "used_for", used_for);
	return v;
}

/* Where practice counts in another way the result is another day. Law: 民法典 201 (the first day does not count), 203 (a rest day at the end). */
struct val *period_ways(struct cx *cx, const struct explanation *e)
{
	const struct calendar *c = cx->app->calendar;
	struct period_rule other = e->rule;
	struct val *list = val_list(cx->mem);
	struct explanation second;
	int32_t work = e->due;

	other.first_day_counts = true;
	calendar_explain(cx->mem, c, e->start, other, &second);
	if (e->rule.unit != UNIT_WORKDAY && e->rule.n > 0 && !calendar_is_work(c, e->due))
		work = calendar_workday(c, e->due, 1);
	if (second.due == e->due && work == e->due)
		return list;
	val_add(cx->mem, list,
	    way(cx, e, e->due, T(cx, "起算日不计入"),
		T(cx, "法律和条例的数法：自某日起，从第二天数起（民法典第二百零一条）")));
	if (work != e->due)
		val_add(cx->mem, list,
		    way(cx, e, work, T(cx, "最后一日是休息日，顺延"),
			T(cx, "以日历日、月、年计算的法定期间（民法典第二百零三条）")));
	if (second.due != e->due)
		val_add(cx->mem, list,
		    way(cx, &second, second.due, T(cx, "起算日计入"),
			T(cx, "一些公告实际这样数，例如3月31日公示三日，到4月2日为止")));
	return list;
}

struct val *period_show(struct cx *cx, const struct explanation *e)
{
	struct arena *mem = cx->mem;
	struct val *v = val_map(mem), *ways = period_ways(cx, e);

	val_set(mem, v, "from", val_date(mem, date_print(mem, e->start)));
	val_set(mem, v, "due", val_date(mem, date_print(mem, e->due)));
	val_set_int(mem, v, "days", e->rule.n);
	val_set(mem, v, "unit", period_unit_code(cx, e->rule.unit));
	val_set_text(mem, v, "weekday", weekday(cx, e->due));
	val_set_bool(mem, v, "provisional", e->provisional);
	val_set_text(mem, v, "calendar", calendar_version(cx->app->calendar));
	weeks_show(cx, e, v);
	val_set_bool(mem, v, "ways_any", ways->n > 0);
	val_set(mem, v, "ways", ways);
	val_set(mem, v, "day_by_day", period_days(cx, e));
	return v;
}
