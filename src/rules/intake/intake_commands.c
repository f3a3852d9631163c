/* SPDX-License-Identifier: Apache-2.0 */
/* import and held: other platforms' exports on the command line. */
#include <stdio.h>

#include "base/app.h"
#include "base/io.h"
#include "codec/json.h"
#include "intake/intake.h"
#include "intake/intake_faces.h"
#include "intake/revise_commands.h"
#include "text/text.h"

#define SOURCE_MAX ((size_t)1 << 30)
#define LIST_STEP  500
#define HELD_MAX   ((size_t)512 << 20)

/* ---- import ---- */
static void progress(void *arg, int64_t done, int64_t all)
{
	command_progress(arg, done, all);
}

static void print_totals_json(struct cx *cx, const struct intake_totals *t)
{
	struct val *v = val_map(cx->mem), *notices = val_map(cx->mem), *rows = val_map(cx->mem);
	struct buf b = buf_new(cx->mem, 4096);

	val_set_int(cx->mem, notices, "published", t->notices_published);
	val_set_int(cx->mem, notices, "revised", t->notices_revised);
	for (int i = 0; i < ROW_OUTCOMES; i++)
		val_put(cx->mem, rows, str_of(row_outcome_name((enum row_outcome)i)),
		    val_int(cx->mem, t->rows[i]));
	val_set(cx->mem, v, "notices", notices);
	val_set(cx->mem, v, "rows", rows);
	json_print(&b, v);
	(void)puts(buf_str(&b).p);
}

static void totals_show(struct cx *cx, struct command_args *args, const struct intake_totals *t)
{
	if (args->json) {
		print_totals_json(cx, t);
	} else {
		(void)printf("notices: published %" PRId64 ", revised %" PRId64 "\n",
		    t->notices_published, t->notices_revised);
		(void)printf("rows: published %" PRId64 ", held %" PRId64 ", revised %" PRId64
			     ", unchanged %" PRId64 ", failed %" PRId64 "\n",
		    t->rows[ROW_PUBLISHED], t->rows[ROW_HELD], t->rows[ROW_REVISED],
		    t->rows[ROW_UNCHANGED], t->rows[ROW_FAILED]);
	}
	args->exit_code = t->rows[ROW_HELD] + t->rows[ROW_FAILED] > 0;
}

static bool import(struct cx *cx, struct command_args *args)
{
	struct str report = command_option_get(args, "report");
	static char what[] = "rows";
	struct intake_options o = {
	    .profile_name = command_option_get(args, "profile"),
	    .file = args->at[0],
	    .report = report.n ? str_c(cx->mem, report) : NULL,
	    .role = STR("operator"),
	    .progress = progress,
	    .arg = what,
	};
	struct intake_totals totals;

	if (!o.profile_name.n)
		return cx_fail(
		    cx, ERR_INPUT, "import needs --profile NAME: which profile reads this file");
	if (!intake_profile_get(cx, o.profile_name, &o.profile))
		return false;
	if (!io_file_read(cx, str_c(cx->mem, args->at[0]), SOURCE_MAX, &o.text))
		return cx_note(cx, "reading %.*s", STR_ARG(args->at[0]));
	if (!intake_import(cx, cx->app->ledger, &o, &totals))
		return cx_note(cx, "importing %.*s", STR_ARG(args->at[0]));
	totals_show(cx, args, &totals);
	(void)fflush(stdout); /* acknowledged: the views follow */
	return ledger_follow(cx, cx->app->ledger) || cx_note(cx, "bringing the views up to date");
}

/* ---- held ---- */
static struct val *held_tree(struct cx *cx, const struct held_row *h, bool whole)
{
	struct val *v = val_map(cx->mem), *issues;
	struct str raw = {(const char *)h->raw.p, h->raw.n};
	size_t bad;

	val_set_int(cx->mem, v, "id", h->id);
	val_set_text(cx->mem, v, "outcome", h->outcome);
	val_set_text(cx->mem, v, "profile", h->profile);
	val_set_text(cx->mem, v, "file", h->file);
	val_set_int(cx->mem, v, "line", h->line);
	val_set_int(cx->mem, v, "rows", h->rows);
	val_set_text(cx->mem, v, "key", h->key);
	val_set_text(cx->mem, v, "time", instant_print(cx->mem, h->time));
	if (json_parse(cx, h->issues, NULL, &issues))
		val_set(cx->mem, v, "issues", issues);
	else
		cx_clear(cx);
	if (whole && text_utf8_valid(raw, &bad))
		val_set_text(cx->mem, v, "raw", raw);
	else if (whole)
		val_set_text(cx->mem, v, "raw_base64", base64_print(cx->mem, raw));
	return v;
}

static void print_json(struct cx *cx, const struct val *v)
{
	struct buf b = buf_new(cx->mem, HELD_MAX);

	json_print(&b, v);
	(void)puts(buf_str(&b).p);
}

static void print_held_line(struct cx *cx, const struct held_row *h)
{
	const struct val *v = held_tree(cx, h, false), *issues = val_at(v, "issues");

	(void)printf("%" PRId64 "  %.*s  %.*s:%" PRId64, h->id, STR_ARG(h->outcome),
	    STR_ARG(h->file), h->line);
	if (h->rows > 1)
		(void)printf(" (%" PRId64 " rows)", h->rows);
	(void)printf("  %.*s", STR_ARG(h->key));
	VAL_EACH(i, issues)
		if (str_is(val_str(issues->at[i], "severity"), "error"))
			(void)printf("  %.*s", STR_ARG(val_str(issues->at[i], "rule")));
	(void)putchar('\n');
}

static bool held_list(struct cx *cx, struct command_args *args)
{
	struct str outcome = command_option_get(args, "outcome");
	struct held_row *rows;
	int64_t after = 0, all = 0;
	size_t n;

	if (outcome.p && !str_is(outcome, "held") && !str_is(outcome, "failed"))
		return cx_fail(
		    cx, ERR_INPUT, "--outcome is held or failed, not \"%.*s\"", STR_ARG(outcome));
	do {
		struct arena_mark m = arena_mark(cx->mem);

		if (!intake_held_list(cx, outcome, after, LIST_STEP, &rows, &n))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (args->json)
				print_json(cx, held_tree(cx, &rows[i], false));
			else
				print_held_line(cx, &rows[i]);
			after = rows[i].id;
		}
		all += (int64_t)n;
		arena_rewind(cx->mem, m);
	} while (n == LIST_STEP);
	if (!all && !args->json)
		(void)puts("no row is held");
	return true;
}

static bool id_read(struct cx *cx, const struct command_args *args, int64_t *out)
{
	return str_int(args->at[0], out) ||
	       cx_fail(cx, ERR_INPUT,
		   "\"%.*s\" is no number of a held row; `gongkai held list` shows them",
		   STR_ARG(args->at[0]));
}

static void print_issues(const struct val *issues)
{
	VAL_EACH(i, issues) {
		const struct val *it = issues->at[i], *waivable = val_at(it, "waivable");
		struct str field = val_str(it, "field"), value = val_str(it, "value");

		(void)printf("%.*s  %.*s%s%.*s%s%.*s\n", STR_ARG(val_str(it, "severity")),
		    STR_ARG(val_str(it, "rule")), field.n ? "  " : "", STR_ARG(field),
		    value.n ? "  " : "", STR_ARG(value));
		(void)printf("    %.*s%s\n", STR_ARG(val_str(it, "message")),
		    waivable && waivable->truth ? " (may be waived)" : "");
	}
}

static bool held_show(struct cx *cx, struct command_args *args)
{
	struct held_row h;
	int64_t id;

	if (!id_read(cx, args, &id) || !intake_held_get(cx, id, &h))
		return false;
	if (args->json) {
		print_json(cx, held_tree(cx, &h, true));
		return true;
	}
	print_held_line(cx, &h);
	(void)printf("profile %.*s, kept %.*s\n\n", STR_ARG(h.profile),
	    STR_ARG(instant_print(cx->mem, h.time)));
	print_issues(val_at(held_tree(cx, &h, false), "issues"));
	(void)putchar('\n');
	return fwrite(h.raw.p, 1, h.raw.n, stdout) == h.raw.n ||
	       cx_fail(cx, ERR_IO, "writing to standard output failed");
}

static bool held_retry(struct cx *cx, struct command_args *args)
{
	struct intake_options o = {
	    .role = STR("operator"),
	    .waive = command_option_get(args, "waive"),
	    .waive_reason = command_option_get(args, "reason"),
	};
	struct str profile = command_option_get(args, "profile");
	struct intake_totals totals;
	struct held_row h;
	int64_t id;

	if (!id_read(cx, args, &id) || !intake_held_get(cx, id, &h))
		return false;
	if (!intake_profile_get(cx, profile.n ? profile : h.profile, &o.profile))
		return false;
	if (!intake_held_retry(cx, cx->app->ledger, id, &o, &totals) ||
	    !ledger_follow(cx, cx->app->ledger))
		return cx_note(cx, "trying held row %" PRId64 " again", id);
	totals_show(cx, args, &totals);
	return true;
}

static bool held_drop(struct cx *cx, struct command_args *args)
{
	int64_t id;

	if (!id_read(cx, args, &id) || !intake_held_drop(cx, id))
		return false;
	(void)printf("dropped %" PRId64 "\n", id);
	return true;
}

/* ---- the table ---- */
static const struct command_option import_options[] = {
    {"profile", "NAME", "a shipped profile (yichang-award-results …) or the path of one"},
    {"report", "FILE", "a JSON line for each row: line, key, outcome, id, index, issues"},
    {NULL},
};
static const struct command_option list_options[] = {
    {"outcome", "WORD", "only held, or only failed"},
    {NULL},
};
static const struct command_option retry_options[] = {
    {"waive", "RULE[,RULE]", "publish in spite of these rules, where they may be waived"},
    {"reason", "TEXT", "why; it is published in the notice's note"},
    {"profile", "NAME", "read the row with this profile instead of the one it came with"},
    {NULL},
};
static const struct command_option revise_options[] = {
    {"reason", "TEXT", "what was wrong; it is published in the revision's note"},
    {"kind", "2|3", "2 更正 (default) or 3 重发"},
    {NULL},
};
static const struct command_option withdraw_options[] = {
    {"ground", "CODE",
	"a code of the list WITHDRAW_GROUND: mistake, annulled, exempt, duplicate, order, expired"},
    {"reason", "TEXT", "in words; it is published"},
    {"order", "TEXT", "by whose order, if not on one's own motion"},
    {NULL},
};

const struct command intake_commands[] = {
    {"import", "FILE", 1, 1, "Publish the rows of another platform's export.",
	"Each row ends as published, held, revised, unchanged or failed; a second run adds "
	"nothing. Exit code 1 when a row was held or failed:\n"
	"`gongkai held list` shows them.",
	import_options,
	"gongkai import --profile yichang-award-results "
	"data/samples/notices-yichang-award-results.csv\n"
	"gongkai import --profile ./my-platform.yaml export.jsonl --report rows.jsonl\n",
	NEED_WRITE, import},
    {"held list", "", 0, 0, "List source rows that did not become notices.", NULL, list_options,
	"gongkai held list\ngongkai held list --outcome failed --json\n", NEED_READ, held_list},
    {"held show", "ID", 1, 1, "Show a held row: its issues, and its text as it came.", NULL, NULL,
	"gongkai held show 7\n", NEED_READ, held_show},
    {"held retry", "ID", 1, 1,
	"Import a held row again, after its profile or the catalogue changed, or with a waiver.",
	"A waiver is part of the signed document: its rule and reason are public.", retry_options,
	"gongkai held retry 7\ngongkai held retry 7 --waive text-zero-width --reason "
	"来源即有此字符，不影响内容\n",
	NEED_WRITE, held_retry},
    {"held drop", "ID", 1, 1, "Forget a held row.", NULL, NULL, "gongkai held drop 7\n", NEED_WRITE,
	held_drop},
    {"revise", "ID FILE", 2, 2, "Publish a revision of a notice.",
	"FILE is the whole corrected document as JSON, in the form of /n/ID/document; its note is "
	"made here. The revisions before stay public.",
	revise_options,
	"gongkai revise 360800-works-2026-000001 corrected.json --reason 中标价录入有误\n",
	NEED_WRITE, revise_run},
    {"withdraw", "ID", 1, 1, "Withdraw a notice: its page stays, with ground and date.", NULL,
	withdraw_options,
	"gongkai withdraw 360800-works-2026-000001 --ground duplicate --reason 与另一公告重复\n",
	NEED_WRITE, withdraw_run},
    {.name = NULL},
};
