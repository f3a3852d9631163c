/* SPDX-License-Identifier: Apache-2.0 */
/* check, catalogue load, workday. */
#include <stdio.h>

#include "base/io.h"
#include "calendar/calendar.h"
#include "catalogue/catalogue_faces.h"
#include "codec/json.h"
#include "intake/intake.h"
#include "text/text.h"

#define REPORT_MAX ((size_t)64 << 20)

static void print_json(struct cx *cx, const struct val *v)
{
	struct buf b = buf_new(cx->mem, REPORT_MAX);

	json_print(&b, v);
	(void)puts(buf_str(&b).p);
}

/* ---- check ---- */

/* Profiles, when the domain that they speak of can be loaded; they come first, the number of elements is the last line. */
static bool profiles_check(
    struct cx *cx, const struct map *files, struct buf *report, bool *good_out)
{
	struct mistakes of_domain = {0}, mistakes = {0};
	const struct domain *d;

	if (!domain_load(cx, files, true, &of_domain, &d))
		return false;
	if (d && !intake_profiles_check(cx, d, files, &mistakes))
		return false;
	mistakes_print(report, &mistakes);
	*good_out = mistakes.n == 0;
	return true;
}

static bool check(struct cx *cx, struct command_args *args)
{
	static const char *const suffixes[] = {".yaml", ".yml", ".csv", NULL};
	const char *dir = args->n ? str_c(cx->mem, args->at[0]) : "data";
	struct buf report = buf_new(cx->mem, REPORT_MAX);
	struct str rest, line;
	struct val *v, *lines;
	struct map files = {0};
	bool good, profiles_good;

	if (!io_tree_read(cx, dir, suffixes, "samples", &files) ||
	    !profiles_check(cx, &files, &report, &profiles_good) ||
	    !domain_check(cx, &files, &report, &good))
		return cx_note(cx, "checking %s", dir);
	good = good && profiles_good;
	args->exit_code = good ? 0 : 1;
	if (!args->json) {
		(void)fputs(buf_str(&report).p, stdout);
		return true;
	}
	v = val_map(cx->mem);
	val_set_bool(cx->mem, v, "ok", good);
	lines = val_set(cx->mem, v, "report", val_list(cx->mem));
	rest = buf_str(&report);
	while (str_split(&rest, '\n', &line))
		if (line.n)
			val_add(cx->mem, lines, val_text(cx->mem, line));
	print_json(cx, v);
	return true;
}

/* ---- catalogue load ---- */

static bool seed_load(struct cx *cx, const struct domain **out)
{
	struct mistakes mistakes = {0};
	struct buf b = buf_new(cx->mem, REPORT_MAX);

	if (!domain_load(cx, cx->app->data, cx->app->demo, &mistakes, out))
		return false;
	if (*out != NULL)
		return true;
	mistakes_print(&b, &mistakes);
	return cx_fail(cx, ERR_INPUT, "the data has %zu mistakes, nothing was published:\n%.*s",
	    mistakes.n, STR_ARG(buf_str(&b)));
}

static void load_show(
    struct cx *cx, const struct command_args *args, const struct catalogue_report *report)
{
	struct val *v = val_map(cx->mem), *refused = val_list(cx->mem);

	for (size_t i = 0; i < report->refused.n; i++) {
		const struct act_result *r = &report->refused.at[i];
		struct val *one = val_add(cx->mem, refused, val_map(cx->mem));

		val_set_text(cx->mem, one, "id", r->id);
		val_set_text(cx->mem, one, "message", r->message);
		if (!args->json)
			(void)printf("refused: %.*s\n", STR_ARG(r->message));
	}
	val_set_int(cx->mem, v, "published", (int64_t)report->published);
	val_set_int(cx->mem, v, "unchanged", (int64_t)report->unchanged);
	val_set(cx->mem, v, "refused", refused);
	if (args->json)
		print_json(cx, v);
	else
		(void)printf("definitions: published %zu, unchanged %zu, refused %zu\n",
		    report->published, report->unchanged, report->refused.n);
}

static bool load(struct cx *cx, struct command_args *args)
{
	const struct domain *seed;
	struct catalogue_report report;

	if (!seed_load(cx, &seed) || !catalogue_load(cx, cx->app->ledger, seed, &report))
		return false;
	load_show(cx, args, &report);
	args->exit_code = report.refused.n > 0;
	return true;
}

/* ---- workday ---- */

static bool period_read(
    struct cx *cx, const struct command_args *args, int32_t *start, struct period_rule *rule)
{
	struct str unit = command_option_get(args, "unit");
	int32_t clock;
	int64_t n;

	*rule = (struct period_rule){.unit = UNIT_WORKDAY};
	if (!date_parse_loose(args->at[0], start, &clock))
		return cx_fail(
		    cx, ERR_INPUT, "\"%.*s\" is no date; write 2025-01-24", STR_ARG(args->at[0]));
	if (unit.n && !period_unit_parse(unit, &rule->unit))
		return cx_fail(cx, ERR_INPUT,
		    "\"%.*s\" is no unit; workday, day, month and year are", STR_ARG(unit));
	if (!str_int(args->at[1], &n) || n > period_max(rule->unit) || n < -period_max(rule->unit))
		return cx_fail(cx, ERR_INPUT, "\"%.*s\" is no whole number from -%d to %d",
		    STR_ARG(args->at[1]), period_max(rule->unit), period_max(rule->unit));
	rule->n = (int)n;
	return true;
}

static void explain(struct cx *cx, const struct explanation *e)
{
	const struct val *days = period_days(cx, e), *ways = period_ways(cx, e);

	VAL_EACH(i, days) {
		const struct val *day = days->at[i], *n = val_at(day, "n"),
				 *state = val_at(day, "state");
		struct str why = val_str(day, "why");

		(void)printf("%.*s  ", STR_ARG(val_at(day, "on")->text));
		if (n->kind == VAL_INT)
			(void)printf("%4" PRId64 "  ", n->i);
		else
			(void)printf("   -  ");
		(void)printf(
		    "%.*s%s%.*s\n", STR_ARG(state->label), why.n ? "  " : "", STR_ARG(why));
	}
	VAL_EACH(i, ways)
		(void)printf("%.*s: %.*s  %.*s\n", STR_ARG(val_str(ways->at[i], "label")),
		    STR_ARG(val_at(ways->at[i], "last")->text),
		    STR_ARG(val_str(ways->at[i], "used_for")));
	(void)printf("calendar %.*s\n", STR_ARG(calendar_version(cx->app->calendar)));
}

static bool workday(struct cx *cx, struct command_args *args)
{
	struct period_rule rule;
	struct explanation e;
	int32_t start;

	if (!period_read(cx, args, &start, &rule))
		return false;
	calendar_explain(cx->mem, cx->app->calendar, start, rule, &e);
	if (args->json) {
		print_json(cx, period_show(cx, &e));
		return true;
	}
	(void)puts(date_print(cx->mem, e.due).p);
	if (map_has(&args->options, STR("explain")))
		explain(cx, &e);
	if (e.provisional)
		(void)fputs("provisional: part of the period has no holiday notice yet; Monday to "
			    "Friday were counted\n",
		    stderr);
	return true;
}

static const struct command_option workday_options[] = {
    {"unit", "UNIT", "workday (default), day, month or year"},
    {"explain", NULL,
	"every day of the period: counted or not, and why; and the other ways of counting where "
	"they end elsewhere"},
    {NULL},
};

const struct command catalogue_commands[] = {
    {.name = "check",
	.args = "[DIR]",
	.args_max = 1,
	.doc = "Check the domain's data: every mistake with file, line, column and the nearest "
	       "right word.",
	.more = "DIR is data/ when it is not given. The last line says how many elements of the "
		"plan are carried by a field. Exit code 1 when there are mistakes.",
	.examples = "  gongkai check data/\n  gongkai check /srv/gongkai/data --json",
	.need = NEED_NOTHING,
	.run = check},
    {.name = "catalogue load",
	.args = "",
	.doc = "Publish the items, lists, rules and calendar of the data as documents of the log.",
	.more = "What is published already adds nothing. A definition that changed under an "
		"unchanged version is refused, and what changed is named; exit code 1.",
	.examples = "  gongkai --home /srv/gongkai catalogue load",
	.need = NEED_WRITE,
	.run = load},
    {.name = "workday",
	.args = "DATE N",
	.args_min = 2,
	.args_max = 2,
	.doc = "Print the last day of a period of N working days from DATE, which itself is not "
	       "counted.",
	.more = "A negative N counts back (write it after --).",
	.options = workday_options,
	.examples = "  gongkai workday 2025-01-24 20\n  gongkai workday 2025-01-24 20 --explain\n  "
		    "gongkai workday 2026-03-31 3 --unit day --json",
	.need = NEED_DOMAIN,
	.run = workday},
    {.name = NULL},
};
