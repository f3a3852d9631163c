/* SPDX-License-Identifier: Apache-2.0 */
/* After a group is committed: outcomes, held rows, report, totals. */
#include "codec/json.h"
#include "base/io.h"
#include "intake/intake_priv.h"

#define AGAIN_MOST 10
#define RAW_MAX	   ((size_t)256 << 20)
#define REPORT_MAX ((size_t)256 << 20)
#define ISSUES_MAX ((size_t)16 << 20)

static const char *const outcome_names[ROW_OUTCOMES] = {
    [ROW_PUBLISHED] = "published",
    [ROW_HELD] = "held",
    [ROW_REVISED] = "revised",
    [ROW_UNCHANGED] = "unchanged",
    [ROW_FAILED] = "failed",
};

const char *row_outcome_name(enum row_outcome outcome)
{
	return outcome_names[outcome];
}

/* ---- what the log answered ---- */
static void refused(struct arena *mem, struct notice_try *t, const struct act_result *r)
{
	t->outcome = ROW_HELD;
	t->index = -1;
	issue_add(mem, &t->draft.issues,
	    (struct issue){
		.rule = STR("refused"), .message = r->message, .severity = SEVERITY_ERROR});
}

/* False: another content came to stand under this identity meanwhile, and it may be decided again. */
static bool answered(struct batch *b, struct notice_try *t, bool may_again)
{
	const struct act_result *r = &b->acts[t->act].result;

	if (r->code == ERR_CONFLICT && may_again)
		return false;
	if (r->code != ERR_NONE) {
		refused(b->cx.mem, t, r);
		return true;
	}
	t->id = r->id;
	t->index = r->index;
	if (r->unchanged)
		t->outcome = ROW_UNCHANGED;
	return true;
}

/* An unchanged row is acknowledged with the entry that stands; by now it is published, even if it was not when the row was looked up. */
static bool standing_find(struct batch *b, struct notice_try *t)
{
	struct notice_row row;
	bool found;

	if (t->outcome != ROW_UNCHANGED || t->index >= 0)
		return true;
	if (!notice_row_find(&b->cx, t->id, 0, &row, &found))
		return false;
	t->index = found ? row.idx : -1;
	return true;
}

/* Decided in its turn, now that all before it is published, and committed at once; another process may still come between. */
static bool decide_now(struct import *im, struct batch *b, struct notice_try *t)
{
	struct act act;
	struct batch one = {.cx = b->cx, .acts = &act};
	bool done = false;

	for (int tries = AGAIN_MOST; !done; tries--) {
		one.acts_n = 0;
		if (!import_look_up(&one.cx, t, 1) || !import_decide(im, &one, t)) {
			b->cx.err = one.cx.err;
			return false;
		}
		if (t->has_act && !ledger_commit(&b->cx, im->ledger, one.acts, 1))
			return false;
		done = !t->has_act || answered(&one, t, tries > 0);
	}
	return true;
}

static bool answers_take(struct import *im, struct batch *b)
{
	for (size_t i = 0; i < b->tries_n; i++) {
		struct notice_try *t = &b->tries[i];

		if ((t->waits || (t->has_act && !answered(b, t, true))) && !decide_now(im, b, t))
			return false;
	}
	return true;
}

/* ---- issues ---- */
static struct val *issue_tree(struct arena *mem, const struct issue *it)
{
	struct val *v = val_map(mem);

	val_set_text(mem, v, "field", it->field.p ? it->field : STR(""));
	val_set_text(mem, v, "rule", it->rule);
	val_set_text(mem, v, "value", it->value.p ? it->value : STR(""));
	val_set_text(mem, v, "message", it->message);
	return v;
}

static struct val *issues_tree(struct arena *mem, const struct issues *issues, bool gravity)
{
	struct val *list = val_list(mem), *one;

	for (size_t i = 0; i < issues->n; i++) {
		one = val_add(mem, list, issue_tree(mem, &issues->at[i]));
		if (!gravity)
			continue;
		val_set_text(mem, one, "severity",
		    issues->at[i].severity == SEVERITY_ERROR ? STR("error") : STR("warning"));
		val_set_bool(mem, one, "waivable", issues->at[i].waivable);
	}
	return list;
}

/* ---- held rows ---- */
/* The rows as a file of their own: header and lines verbatim. */
static struct bytes raw_of(struct arena *mem, const struct source *s, const struct source_group *g)
{
	struct buf b = buf_new(mem, RAW_MAX);
	struct str text;

	if (s->header.p) {
		buf_add(&b, s->header);
		buf_char(&b, '\n');
	}
	for (const struct source_row *row = g->first; row; row = row->next) {
		buf_add(&b, row->raw);
		buf_char(&b, '\n');
	}
	text = buf_str(&b);
	return (struct bytes){(const unsigned char *)text.p, text.n};
}

static void held_change(
    struct import *im, struct batch *b, const struct notice_try *t, struct held_changes *out)
{
	struct arena *mem = b->cx.mem;
	const struct intake_options *o = im->options;
	bool kept = t->outcome == ROW_HELD || t->outcome == ROW_FAILED;
	struct held_row h = {.profile = o->profile_name, .key = t->draft.key};
	struct buf issues;

	if (!kept && !map_has(&im->held, h.key))
		return;
	if (kept) {
		issues = buf_new(mem, ISSUES_MAX);
		json_print(&issues, issues_tree(mem, &t->draft.issues, true));
		h.issues = buf_str(&issues);
		h.outcome = str_of(row_outcome_name(t->outcome));
		h.file = o->file;
		h.line = t->draft.group->first->line;
		h.rows = (int64_t)t->draft.group->n;
		h.raw = raw_of(mem, &im->source, t->draft.group);
		h.time = im->cx->now;
	}
	*list_add(mem, out) = (struct held_change){h};
}

/* ---- report ---- */
static void report_lines(struct arena *mem, struct buf *b, const struct notice_try *t)
{
	struct val *line = val_map(mem), *issues = issues_tree(mem, &t->draft.issues, false);

	for (const struct source_row *row = t->draft.group->first; row; row = row->next) {
		val_set_int(mem, line, "line", row->line);
		val_set_text(mem, line, "key", t->draft.key);
		val_set_text(mem, line, "outcome", str_of(row_outcome_name(t->outcome)));
		val_set_text(mem, line, "id", t->id);
		val_set(mem, line, "index", t->index >= 0 ? val_int(mem, t->index) : val_null(mem));
		val_set(mem, line, "issues", issues);
		json_print(b, line);
		buf_char(b, '\n');
	}
}

static bool report_write(struct import *im, struct batch *b)
{
	struct buf lines = buf_new(b->cx.mem, REPORT_MAX);

	if (im->report < 0)
		return true;
	for (size_t i = 0; i < b->tries_n; i++)
		report_lines(b->cx.mem, &lines, &b->tries[i]);
	if (lines.failed)
		return cx_fail(&b->cx, ERR_LIMIT,
		    "the report of one group is larger than %zu bytes", REPORT_MAX);
	return io_write_all(&b->cx, im->report, buf_str(&lines)) ||
	       cx_note(&b->cx, "writing the report %s", im->options->report);
}

bool import_settle(struct import *im, struct batch *b)
{
	struct held_changes changes = {0};

	if (!answers_take(im, b))
		return false;
	for (size_t i = 0; i < b->tries_n; i++) {
		struct notice_try *t = &b->tries[i];

		if (!standing_find(b, t))
			return false;
		held_change(im, b, t, &changes);
		im->totals.rows[t->outcome] += (int64_t)t->draft.group->n;
		im->totals.notices_published += t->outcome == ROW_PUBLISHED;
		im->totals.notices_revised += t->outcome == ROW_REVISED;
		im->done += (int64_t)t->draft.group->n;
	}
	if (!held_save(&b->cx, &changes) || !report_write(im, b))
		return false;
	if (im->options->progress)
		im->options->progress(im->options->arg, im->done, (int64_t)im->source.rows.n);
	return true;
}
