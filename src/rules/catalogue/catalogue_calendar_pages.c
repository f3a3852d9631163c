/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar page: any period computed and explained. */
#include "calendar/calendar.h"
#include "catalogue/catalogue_faces.h"
#include "text/text.h"

struct asked {
	struct cx *cx;
	struct str from, days, unit;
	int32_t start;
	int64_t n;
	enum period_unit kind;
	struct val *issues;
};

static void issue(struct asked *a, const char *input, struct str field, struct str message)
{
	struct arena *mem = a->cx->mem;
	struct val *one = val_add(mem, a->issues, val_map(mem));

	val_set_text(mem, one, "field", field);
	val_set_text(mem, one, "rule", STR("parameter-value"));
	val_set_text(mem, one, "message", message);
	val_set(mem, one, "link", val_link(mem, str_of(input), message));
}

/* What was asked; issues say what cannot be computed. */
static void ask(struct asked *a, const struct input *in)
{
	struct cx *cx = a->cx;
	int32_t clock;

	a->from = input_text(in, "from");
	a->days = input_text(in, "days");
	a->unit = input_text(in, "unit");
	a->unit = a->unit.n ? a->unit : STR("workday");
	a->issues = val_list(cx->mem);
	if (!period_unit_parse(a->unit, &a->kind))
		issue(a, "#k-unit", T(cx, "单位"), T(cx, "应为workday、day、month或year"));
	if (a->from.n && !date_parse_loose(a->from, &a->start, &clock))
		issue(a, "#k-from", T(cx, "起算日"), T(cx, "应为日期，例如2026-03-31"));
	if (a->days.n &&
	    (!str_int(a->days, &a->n) || a->n > period_max(a->kind) || a->n < -period_max(a->kind)))
		issue(a, "#k-days", T(cx, "天数"),
		    str_fmt(cx->mem, "%.*s%d", STR_ARG(T(cx, "应为整数，绝对值最大")),
			period_max(a->kind)));
}

static void units_show(const struct asked *a, struct val *page)
{
	static const enum period_unit order[] = {UNIT_WORKDAY, UNIT_DAY, UNIT_MONTH, UNIT_YEAR};
	struct arena *mem = a->cx->mem;
	struct val *list = val_set(mem, page, "units", val_list(mem));

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		struct val *one = val_add(mem, list, val_map(mem));

		val_set(mem, one, "option", period_unit_code(a->cx, order[i]));
		val_set_bool(mem, one, "selected", order[i] == a->kind);
	}
}

/* The entry that defines the calendar in force. */
static bool calendar_index(struct cx *cx, struct val **out)
{
	struct definition_row *rows;
	size_t n;

	if (!catalogue_definitions(cx, cx->app->ledger, STR("calendar/v1"), STR_NONE, &rows, &n))
		return false;
	*out = n ? val_int(cx->mem, rows[n - 1].idx) : val_null(cx->mem);
	return true;
}

static bool result_show(const struct asked *a, struct val *page)
{
	struct cx *cx = a->cx;
	struct explanation e;
	struct val *result, *index;

	if (a->from.n == 0 || a->days.n == 0 || a->issues->n > 0) {
		val_set(cx->mem, page, "result", val_null(cx->mem));
		return true;
	}
	if (!calendar_index(cx, &index))
		return false;
	calendar_explain(cx->mem, cx->app->calendar, a->start,
	    (struct period_rule){.n = (int)a->n, .unit = a->kind}, &e);
	result = val_set(cx->mem, page, "result", period_show(cx, &e));
	val_set(cx->mem, result, "calendar_index", index);
	return true;
}

static struct val *rule_text(struct cx *cx, struct str key)
{
	const struct deadline *rule = key.n ? domain_deadline(cx->app->domain, key) : NULL;

	if (rule == NULL)
		return val_null(cx->mem);
	return val_text(
	    cx->mem, str_fmt(cx->mem, "%.*s%s%.*s：%.*s", STR_ARG(rule->law),
			 rule->article.n ? " " : "", STR_ARG(rule->article), STR_ARG(rule->what)));
}

bool calendar_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct asked a = {.cx = cx, .kind = UNIT_WORKDAY};
	struct arena *mem = cx->mem;

	ask(&a, in);
	val_set(mem, out->page, "rule", rule_text(cx, input_text(in, "rule")));
	val_set(mem, out->page, "issues", a.issues);
	val_set_text(mem, out->page, "from", a.from.n ? a.from : STR(""));
	val_set_text(mem, out->page, "days", a.days.n ? a.days : STR(""));
	units_show(&a, out->page);
	out->title = T(cx, "期限计算");
	out->column = "calendar";
	out->status = a.issues->n ? 400 : 200;
	return result_show(&a, out->page);
}
