/* SPDX-License-Identifier: Apache-2.0 */
/* A project's time line, and warnings with their rules. */
#include "notice/notice_faces.h"

static bool english(const struct cx *cx)
{
	return strcmp(cx->lang, "en") == 0;
}

/* ---- warnings ---- */

static struct str replaced(struct cx *cx, struct str text, const char *placeholder, struct str by)
{
	struct buf b = buf_new(cx->mem, 65536);
	size_t at, from = 0;

	while (str_find(text, str_of(placeholder), from, &at)) {
		buf_add(&b, str_cut(text, from, at));
		buf_add(&b, by);
		from = at + strlen(placeholder);
	}
	buf_add(&b, str_cut(text, from, text.n));
	return buf_str(&b);
}

/* The sentence of a rule of the data with what is known filled in; absent when something else would be needed. */
static struct str sentence(struct cx *cx, const struct rule *r, struct str field, struct str value)
{
	struct str s = r ? label_in(rule_sentence(r), cx->lang) : STR_NONE;

	if (s.n == 0)
		return STR_NONE;
	s = replaced(cx, replaced(cx, s, "{field}", field), "{value}", value);
	return str_has(s, STR("{")) ? STR_NONE : s;
}

static struct val *warning(
    struct cx *cx, struct str rule, struct str message, struct str field, const struct rule *r)
{
	struct val *v = val_map(cx->mem);
	struct str basis = r ? rule_basis(r) : STR_NONE;

	val_set_text(cx->mem, v, "rule", rule);
	val_set_text(cx->mem, v, "message", message);
	val_set(cx->mem, v, "field", field.n ? val_text(cx->mem, field) : val_null(cx->mem));
	val_set(cx->mem, v, "source", basis.n ? val_text(cx->mem, basis) : val_null(cx->mem));
	return v;
}

struct val *notice_warning_show(struct cx *cx, const struct item *it, const struct issue *issue)
{
	const struct rule *r = domain_rule(cx->app->domain, issue->rule);
	struct str label = issue->field.n ? notice_field_label(cx, it, issue->field) : STR_NONE;
	struct str message = english(cx) ? sentence(cx, r, label, issue->value) : STR_NONE;
	bool placed = r == NULL || str_has(rule_sentence(r).zh, STR("{field}"));

	return warning(
	    cx, issue->rule, message.n ? message : issue->message, placed ? STR_NONE : label, r);
}

struct val *notice_mark_show(struct cx *cx, const struct project_mark *mark)
{
	const struct rule *r = domain_rule(cx->app->domain, mark->rule);
	struct str message = sentence(cx, r, STR(""), mark->detail);

	if (message.n == 0)
		message = mark->rule;
	if (mark->other.n)
		message = str_fmt(cx->mem, "%.*s%s%.*s%s", STR_ARG(message),
		    english(cx) ? " (see " : "（参见 ", STR_ARG(mark->other),
		    english(cx) ? ")" : "）");
	return warning(cx, mark->rule, message, STR_NONE, r);
}

/* ---- stages ---- */

/* Is it news that a project of this sector has published nothing at this stage? */
static bool is_expected(const struct sector *sector, struct str stage)
{
	static const char *const kinds[] = {
	    "plan", "notice", "qualification", "process", "deal", "performance"};

	for (size_t i = 0; sector && i < sector->items_n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
			if (str_eq(sector->items[i]->stage, stage) &&
			    str_is(sector->items[i]->kind, kinds[k]))
				return true;
	return false;
}

static bool member_show(
    struct cx *cx, const struct project_member *m, struct str here, struct val *list)
{
	const struct item *it = domain_item(cx->app->domain, m->item);
	struct notice_row row;
	struct val *v;
	bool found;

	if (!notice_row_find(cx, m->id, 0, &row, &found))
		return false;
	if (!found)
		return true; /* the follower is ahead of what this reader may show */
	v = val_add(cx->mem, list, val_map(cx->mem));
	val_set(cx->mem, v, "link", web_link(cx, "/n/", m->id, row.title.n ? row.title : m->id));
	val_set(cx->mem, v, "item",
	    val_code(cx->mem, m->item, it ? label_in(it->title, cx->lang) : m->item));
	val_set(cx->mem, v, "public_on", val_date(cx->mem, m->public_on));
	val_set_bool(cx->mem, v, "here", str_eq(m->id, here));
	val_set_bool(cx->mem, v, "possible", m->possible);
	return true;
}

static bool stage_show(struct cx *cx, const struct project *p, const struct code *stage,
    struct str here, struct val *out)
{
	struct val *list = val_list(cx->mem);
	bool is_here = false;

	for (size_t i = 0; i < p->n; i++) {
		if (!str_eq(p->members[i].stage, stage->code))
			continue;
		is_here |= str_eq(p->members[i].id, here);
		if (!member_show(cx, &p->members[i], here, list))
			return false;
	}
	val_set_text(cx->mem, out, "stage", stage->code);
	val_set_text(cx->mem, out, "label", label_in(stage->label, cx->lang));
	val_set_bool(cx->mem, out, "published", list->n > 0);
	val_set_bool(cx->mem, out, "here", is_here);
	val_set(cx->mem, out, "absence",
	    list->n ? val_null(cx->mem)
		    : val_code(cx->mem, STR("not-published"), T(cx, "尚未公开")));
	val_set(cx->mem, out, "notices", list);
	return true;
}

bool notice_stages_show(struct cx *cx, const struct project *p, const struct sector *sector,
    struct str here, struct val **out)
{
	const struct code_list *stages = domain_codes(cx->app->domain, STR("STAGE"));

	*out = val_list(cx->mem);
	for (size_t i = 0; stages && i < stages->n; i++) {
		struct val *one = val_map(cx->mem);

		if (!stage_show(cx, p, &stages->at[i], here, one))
			return false;
		if (val_at(one, "published")->truth || is_expected(sector, stages->at[i].code))
			val_add(cx->mem, *out, one);
	}
	return true;
}
