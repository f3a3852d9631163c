/* SPDX-License-Identifier: Apache-2.0 */
/* revise and withdraw: always an entry, never silent. */
#include <stdio.h>

#include "base/app.h"
#include "base/io.h"
#include "codec/json.h"
#include "intake/intake.h"
#include "intake/revise_commands.h"
#include "notice/notice.h"
#include "web/command.h"

#define DOCUMENT_MAX ((size_t)16 << 20)

static bool commit_one(struct cx *cx, struct command_args *args, struct act *act)
{
	const struct act_result *r = &act->result;
	struct val *v = val_map(cx->mem);
	struct buf b = buf_new(cx->mem, 4096);

	if (!ledger_commit(cx, cx->app->ledger, act, 1))
		return false;
	if (r->code != ERR_NONE)
		return cx_fail(cx, r->code, "%.*s", STR_ARG(r->message));
	if (!ledger_follow(cx, cx->app->ledger))
		return cx_note(cx, "bringing the views up to date");
	if (!args->json) {
		(void)printf("%.*s revision %" PRId64 " index %" PRId64 "\n", STR_ARG(r->id),
		    r->revision, r->index);
		return true;
	}
	val_set_text(cx->mem, v, "id", r->id);
	val_set_int(cx->mem, v, "revision", r->revision);
	val_set_int(cx->mem, v, "index", r->index);
	json_print(&b, v);
	(void)puts(buf_str(&b).p);
	return true;
}

/* ---- revise ---- */
static void print_issue(const struct issue *it)
{
	(void)printf("%s  %.*s  %.*s\n    %.*s\n",
	    it->severity == SEVERITY_ERROR ? "error" : "warning", STR_ARG(it->rule),
	    STR_ARG(it->field), STR_ARG(it->message));
}

static bool document_read(struct cx *cx, struct str path, struct val **out)
{
	struct str text;

	if (!io_file_read(cx, str_c(cx->mem, path), DOCUMENT_MAX, &text) ||
	    !json_parse(cx, text, NULL, out))
		return cx_note(cx, "reading %.*s", STR_ARG(path));
	if ((*out)->kind != VAL_MAP)
		return cx_fail(cx, ERR_INPUT, "%.*s: a document is a JSON object", STR_ARG(path));
	return true;
}

/* The file's own note stays; what kind of revision it is and what changed is said here. */
static struct val *note_make(struct cx *cx, const struct notice *n, const struct val *document,
    struct str reason, int64_t kind)
{
	struct val *note = val_at(document, "note");

	note = note && note->kind == VAL_MAP ? note : val_map(cx->mem);
	val_set_int(cx->mem, note, "kind", kind);
	if (reason.n)
		val_set_text(cx->mem, note, "reason", reason);
	if (n->document)
		val_set(cx->mem, note, "changed", intake_changed(cx->mem, n->document, document));
	return note;
}

static bool kind_read(struct cx *cx, const struct command_args *args, int64_t *out)
{
	struct str kind = command_option_get(args, "kind");

	*out = NOTICE_CORRECTED;
	if (!kind.p)
		return true;
	return (str_int(kind, out) && (*out == NOTICE_CORRECTED || *out == NOTICE_REISSUED)) ||
	       cx_fail(
		   cx, ERR_INPUT, "--kind is 2 (更正) or 3 (重发), not \"%.*s\"", STR_ARG(kind));
}

/* A reissue may say the same again, a correction may not. */
static bool differs(struct cx *cx, const struct notice *n, const struct val *document, int64_t kind)
{
	struct hash before, after;

	if (!n->document || kind == NOTICE_REISSUED)
		return true;
	if (!notice_content(cx, n->document, &before) || !notice_content(cx, document, &after))
		return false;
	return !hash_eq(&before, &after) ||
	       cx_fail(cx, ERR_INPUT,
		   "the document is the same as revision %" PRId64 ": nothing to correct",
		   n->row.revision);
}

/* A rule that was waived with a public reason stays waived. */
static void waived_before(const struct notice *n, struct issues *issues)
{
	const struct val *waived = val_path(n->document, STR("note.waived"));

	for (size_t i = 0; i < issues->n; i++)
		VAL_EACH(k, waived)
			if (issues->at[i].waivable &&
			    str_eq(val_str(waived->at[k], "rule"), issues->at[i].rule))
				issues->at[i].severity = SEVERITY_WARNING;
}

static bool document_holds(
    struct cx *cx, const struct notice *n, const struct val *document, bool *holds_out)
{
	const struct item *it = domain_item(cx->app->domain, val_str(document, "item"));
	struct issues issues = {0};

	if (!it)
		return cx_fail(cx, ERR_INPUT, "no item \"%.*s\" in the catalogue",
		    STR_ARG(val_str(document, "item")));
	schema_check(cx->mem, cx->app->domain, it, document, CHECK_IMPORT, &issues);
	waived_before(n, &issues);
	for (size_t i = 0; i < issues.n; i++)
		print_issue(&issues.at[i]);
	*holds_out = issues_hold(&issues);
	return true;
}

bool revise_run(struct cx *cx, struct command_args *args)
{
	struct notice n;
	struct val *document = NULL;
	struct act act;
	int64_t kind;
	bool holds = true;

	if (!kind_read(cx, args, &kind) ||
	    !intake_reason_check(cx, "reason", command_option_get(args, "reason")) ||
	    !notice_get(cx, args->at[0], 0, &n) || !document_read(cx, args->at[1], &document))
		return false;
	if (!document_holds(cx, &n, document, &holds) || !differs(cx, &n, document, kind))
		return false;
	if (holds) {
		args->exit_code = 1;
		return true;
	}
	val_set(cx->mem, document, "note",
	    note_make(cx, &n, document, command_option_get(args, "reason"), kind));
	return notice_revise_act(cx, args->at[0], n.row.revision, document, &act) &&
	       commit_one(cx, args, &act);
}

/* ---- withdraw ---- */
static bool ground_known(struct cx *cx, struct str ground)
{
	const struct code_list *list = domain_codes(cx->app->domain, STR("WITHDRAW_GROUND"));
	struct buf known = buf_new(cx->mem, 4096);

	if (code_find(list, ground))
		return true;
	for (size_t i = 0; list && i < list->n; i++)
		buf_fmt(&known, "%s%.*s %.*s", i ? ", " : "", STR_ARG(list->at[i].code),
		    STR_ARG(list->at[i].label.zh));
	return cx_fail(cx, ERR_INPUT,
	    "\"%.*s\" is no ground for a withdrawal; the grounds are: %.*s", STR_ARG(ground),
	    STR_ARG(buf_str(&known)));
}

bool withdraw_run(struct cx *cx, struct command_args *args)
{
	struct notice_withdrawal w = {
	    .id = args->at[0],
	    .ground = command_option_get(args, "ground"),
	    .reason = command_option_get(args, "reason"),
	    .order = command_option_get(args, "order"),
	};
	struct act act;

	if (!w.ground.n || !str_trim(w.reason).n)
		return cx_fail(cx, ERR_INPUT, "a withdrawal needs --ground CODE and --reason TEXT");
	return ground_known(cx, w.ground) && intake_reason_check(cx, "reason", w.reason) &&
	       intake_reason_check(cx, "order", w.order) && notice_withdraw_act(cx, &w, &act) &&
	       commit_one(cx, args, &act);
}
