/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a draft: the same as before, a revision, a new notice, or a held row. */
#include "base/app.h"
#include "intake/intake_priv.h"

static void hold(struct arena *mem, struct notice_try *t, const char *rule, struct str message)
{
	issue_add(mem, &t->draft.issues,
	    (struct issue){.rule = str_of(rule), .message = message, .severity = SEVERITY_ERROR});
	t->outcome = ROW_HELD;
}

/* ---- checks ---- */
static bool said_before(const struct issues *list, size_t n, const struct issue *it)
{
	bool missing =
	    str_is(it->rule, "date-missing"); /* of a date that was there, but could not be read */

	for (size_t i = 0; i < n; i++) {
		const struct issue *was = &list->at[i];

		if (!str_eq(was->field, it->field))
			continue;
		if (missing || (str_eq(was->rule, it->rule) && str_eq(was->value, it->value)))
			return true;
	}
	return false;
}

/* Reading and checking may find the same: said once is enough. */
static void say_once(struct issues *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++)
		if (!said_before(list, kept, &list->at[i]))
			list->at[kept++] = list->at[i];
	list->n = kept;
}

static bool is_waived(const struct intake_options *o, const struct issue *it)
{
	struct str rest = o->waive, rule;

	if (it->severity != SEVERITY_ERROR || !it->waivable)
		return false;
	while (str_split(&rest, ',', &rule))
		if (str_eq(rule, it->rule))
			return true;
	return false;
}

/* An error is left that is not waived: then none of them is, and the row keeps all its issues as they are. */
static bool still_holds(const struct intake_options *o, const struct issues *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].severity == SEVERITY_ERROR && !is_waived(o, &list->at[i]))
			return true;
	return false;
}

/* A waived error publishes as a warning; the list of waivers goes into the note, so into the signed document. */
static struct val *waive(struct arena *mem, const struct intake_options *o, struct issues *list)
{
	struct val *out = val_list(mem);
	struct map rules = {0};

	for (size_t i = 0; i < list->n; i++) {
		struct val *one;

		if (!is_waived(o, &list->at[i]))
			continue;
		list->at[i].severity = SEVERITY_WARNING;
		if (map_has(&rules, list->at[i].rule))
			continue;
		map_put(mem, &rules, list->at[i].rule, NULL);
		one = val_add(mem, out, val_map(mem));
		val_set_text(mem, one, "rule", list->at[i].rule);
		val_set_text(mem, one, "reason", o->waive_reason);
	}
	return out->n ? out : NULL;
}

/* ---- revisions ---- */
static void changed_members(
    struct arena *mem, const struct val *before, const struct val *after, struct val *out)
{
	VAL_EACH(i, after)
		if (!val_eq(val_find(before, after->keys[i]), after->at[i]))
			val_add(mem, out, val_text(mem, after->keys[i]));
	VAL_EACH(i, before)
		if (!val_find(after, before->keys[i]))
			val_add(mem, out, val_text(mem, before->keys[i]));
}

struct val *intake_changed(struct arena *mem, const struct val *before, const struct val *after)
{
	static const char *const parts[] = {
	    "item", "agency", "place", "title", "formed_on", "appearance"};
	struct val *out = val_list(mem);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct val *a = val_find(before, str_of(parts[i])),
				 *b = val_find(after, str_of(parts[i]));

		if (a != b && (!a || !b || !val_eq(a, b)))
			val_add(mem, out, val_text(mem, str_of(parts[i])));
	}
	changed_members(mem, val_at(before, "fields"), val_at(after, "fields"), out);
	return out;
}

static bool revise(struct cx *cx, struct notice_try *t, struct val *note, struct act *out)
{
	struct notice n;

	if (!notice_get(cx, t->id, 0, &n))
		return false;
	if (n.row.kind == NOTICE_WITHDRAWN) {
		hold(cx->mem, t, "withdrawn",
		    str_fmt(cx->mem, "公告%.*s已撤回，不再接受更正", STR_ARG(t->id)));
		return true;
	}
	val_set_int(cx->mem, note, "kind", NOTICE_CORRECTED);
	if (n.document)
		val_set(cx->mem, note, "changed",
		    intake_changed(cx->mem, n.document, t->draft.document));
	val_set(cx->mem, t->draft.document, "note", note);
	t->outcome = ROW_REVISED;
	return notice_revise_act(cx, t->id, n.row.revision, t->draft.document, out);
}

/* ---- deciding ---- */
bool import_look_up(struct cx *cx, struct notice_try *tries, size_t n)
{
	struct notice_identity *keys = arena_array(cx->mem, struct notice_identity, n);
	struct notice_standing *at = arena_array(cx->mem, struct notice_standing, n);

	for (size_t i = 0; i < n; i++)
		if (!notice_identity_of(cx->mem, tries[i].draft.document, &keys[i]))
			keys[i].platform = STR_NONE;
	if (!notice_identities_find(cx, keys, n, at))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct hash now;

		tries[i].id = at[i].id;
		tries[i].index = -1;
		tries[i].same = false;
		if (!at[i].id.p)
			continue;
		if (!notice_content(cx, tries[i].draft.document, &now))
			return false;
		if (at[i].content.n == sizeof now.b &&
		    memcmp(at[i].content.p, now.b, sizeof now.b) == 0) {
			tries[i].same = true;
			tries[i].index = at[i].idx;
		} else if (at[i].idx < 0) {
			/* Committed, not yet published: the log will refuse a second notice, and the row is decided again. */
			tries[i].id = STR_NONE;
		}
	}
	return true;
}

/* A document that nobody could read back holds its row, and no other. */
static bool too_large(struct cx *cx, struct notice_try *t)
{
	if (cx->err.code != ERR_LIMIT)
		return false;
	hold(cx->mem, t, "document-too-large",
	    str_fmt(cx->mem, "公告太大：%.*s", STR_ARG(cx->err.msg)));
	cx_clear(cx);
	return true;
}

static bool decide_act(struct import *im, struct batch *b, struct notice_try *t, struct val *waived)
{
	struct cx *cx = &b->cx;
	const struct intake_options *o = im->options;
	struct act *act = &b->acts[b->acts_n];
	struct val *note = val_map(cx->mem);

	if (waived)
		val_set(cx->mem, note, "waived", waived);
	if (t->id.p) {
		if (!revise(cx, t, note, act))
			return too_large(cx, t);
		if (t->outcome == ROW_HELD)
			return true;
	} else {
		if (waived)
			val_set(cx->mem, t->draft.document, "note", note);
		t->outcome = ROW_PUBLISHED;
		if (!notice_act(cx, t->draft.document, o->role, o->profile->digest, act))
			return too_large(cx, t);
	}
	t->has_act = true;
	t->act = b->acts_n++;
	return true;
}

bool import_decide(struct import *im, struct batch *b, struct notice_try *t)
{
	struct cx *cx = &b->cx;
	struct val *waived;

	t->has_act = false;
	if (t->draft.failed) {
		t->outcome = ROW_FAILED;
		return true;
	}
	if (t->same) {
		t->outcome = ROW_UNCHANGED;
		return true;
	}
	if (t->draft.item)
		schema_check(cx->mem, cx->app->domain, t->draft.item, t->draft.document,
		    CHECK_IMPORT, &t->draft.issues);
	say_once(&t->draft.issues);
	if (still_holds(im->options, &t->draft.issues)) {
		t->outcome = ROW_HELD;
		return true;
	}
	waived = waive(cx->mem, im->options, &t->draft.issues);
	return decide_act(im, b, t, waived);
}
