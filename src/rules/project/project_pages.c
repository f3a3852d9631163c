/* SPDX-License-Identifier: Apache-2.0 */
/* A project on one page: its notices in the order of the stages, and the stages that have none. */
#include "codec/json.h"
#include "notice/notice_faces.h"
#include "project/project.h"
#include "project/project_faces.h"

struct shown { /* a project while its page is made */
	struct cx *cx;
	const struct project *p;
	struct notice_row *rows; /* of its members; id absent: not published here */
	struct val *page;
};

static bool rows_read(struct shown *s)
{
	s->rows = arena_array(s->cx->mem, struct notice_row, s->p->n + 1);
	for (size_t i = 0; i < s->p->n; i++) {
		bool found;

		if (!notice_row_find(s->cx, s->p->members[i].id, 0, &s->rows[i], &found))
			return false;
		if (!found)
			s->rows[i] = (struct notice_row){0};
	}
	return true;
}

/* ---- who, what ---- */

static bool is_giver(struct str field)
{
	static const char *const fields[] = {
	    "tenderee", "purchaser", "transferor", "grantor", "project_owner"};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (str_is(field, fields[i]))
			return true;
	return false;
}

static struct str giver_of(const struct val *brief)
{
	const struct val *parties = val_at(brief, "parties");

	VAL_EACH(i, parties)
		if (is_giver(val_str(parties->at[i], "field")))
			return val_str(parties->at[i], "name");
	return STR_NONE;
}

static void amount_add(struct shown *s, const struct notice_row *row, const struct item *it,
    const struct val *brief, struct val *list)
{
	const struct val *a = val_at(brief, "amount");
	const struct field *f = a ? field_find(it, val_str(a, "field")) : NULL;
	struct arena *mem = s->cx->mem;
	struct val *one;

	if (f == NULL || row->kind == NOTICE_WITHDRAWN)
		return;
	one = val_add(mem, list, val_map(mem));
	val_set_text(mem, one, "label", label_in(f->label, s->cx->lang));
	val_set(mem, one, "value", notice_leaf(s->cx, f, val_at(a, "value")));
	val_set(
	    mem, one, "from", web_link(s->cx, "/n/", row->id, label_in(it->title, s->cx->lang)));
}

/* tenderee, amounts: what the lists already know of each notice. */
static bool briefs_show(struct shown *s)
{
	struct arena *mem = s->cx->mem;
	struct val *amounts = val_list(mem), *brief;
	struct str giver = STR_NONE;
	int64_t n = 0;

	for (size_t i = 0; i < s->p->n; i++) {
		const struct notice_row *row = &s->rows[i];
		const struct item *it =
		    row->id.n ? domain_item(s->cx->app->domain, row->item) : NULL;

		n += row->id.n > 0;
		if (it == NULL || row->brief.n == 0)
			continue;
		if (!json_parse(s->cx, row->brief, NULL, &brief))
			return cx_note(s->cx, "reading the row of %.*s", STR_ARG(row->id));
		giver = giver.n ? giver : giver_of(brief);
		amount_add(s, row, it, brief, amounts);
	}
	val_set_text(mem, s->page, "tenderee", giver.n ? giver : STR_NONE);
	val_set_int(mem, s->page, "notices", n);
	val_set_bool(mem, s->page, "amounts_any", amounts->n > 0);
	val_set(mem, s->page, "amounts", amounts);
	return true;
}

/* ---- codes ---- */

static struct str kind_label(struct cx *cx, struct str kind)
{
	static const struct {
		const char *kind, *word;
	} words[] = {{"invest_project", T_("投资项目统一代码")}, {"project", T_("项目编号")},
	    {"purchase_project", T_("采购项目编号")}, {"tender_project", T_("招标项目编号")},
	    {"section", T_("标段（包）编号")}, {"unified_deal", T_("统一交易标识码")}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_is(kind, words[i].kind))
			return T(cx, words[i].word);
	return kind;
}

static bool codes_show(struct shown *s)
{
	struct arena *mem = s->cx->mem;
	struct val *codes, *list = val_list(mem);

	if (!project_codes(s->cx, s->p, &codes))
		return false;
	VAL_EACH(i, codes) {
		struct val *one = val_add(mem, list, val_map(mem));

		val_set_text(mem, one, "name", val_str(codes->at[i], "kind"));
		val_set_text(mem, one, "label", kind_label(s->cx, val_str(codes->at[i], "kind")));
		val_set_text(mem, one, "value", val_str(codes->at[i], "value"));
		val_set(mem, one, "link", notice_code_link(s->cx, val_str(codes->at[i], "value")));
	}
	val_set(mem, s->page, "codes", list);
	return true;
}

static struct val *joined_by(const struct shown *s)
{
	struct cx *cx = s->cx;
	bool possible = false;

	for (size_t i = 0; i < s->p->n; i++)
		possible |= s->p->members[i].possible;
	if (s->p->n == 1)
		return val_code(cx->mem, STR("single"), T(cx, "只有一份公告"));
	if (str_starts(s->p->id, STR("t-")))
		return val_code(cx->mem, STR("title"),
		    T(cx, "没有共同的编号，同一平台上标题主干完全相同，可能属于同一项目"));
	if (possible)
		return val_code(cx->mem, STR("code-and-title"),
		    T(cx, "编号相同；标明可能属于的，只是标题主干完全相同"));
	return val_code(cx->mem, STR("code"), T(cx, "编号相同"));
}

/* ---- the page ---- */

static bool warnings_show(struct shown *s)
{
	struct arena *mem = s->cx->mem;
	struct val *list = val_list(mem);

	for (size_t i = 0; i < s->p->n; i++) {
		struct project_mark *marks;
		size_t n;

		if (!project_marks(s->cx, s->p->members[i].id, &marks, &n))
			return false;
		for (size_t k = 0; k < n; k++)
			val_add(mem, list, notice_mark_show(s->cx, &marks[k]));
	}
	val_set_bool(mem, s->page, "warnings_any", list->n > 0);
	val_set(mem, s->page, "warnings", list);
	return true;
}

static void formats_show(struct shown *s, struct str path)
{
	struct arena *mem = s->cx->mem;
	struct val *list = val_list(mem), *one = val_add(mem, list, val_map(mem));

	val_set(mem, one, "link",
	    val_link(mem, str_fmt(mem, "%.*s.json", STR_ARG(path)), T(s->cx, "本页数据（JSON）")));
	val_set(mem, s->page, "formats", list);
}

/* The first notice that stands here gives name and sector. */
static const struct notice_row *first_row(const struct shown *s)
{
	for (size_t i = 0; i < s->p->n; i++)
		if (s->rows[i].id.n)
			return &s->rows[i];
	return NULL;
}

static bool page_fill(struct shown *s, struct reply *out)
{
	struct cx *cx = s->cx;
	const struct notice_row *first = first_row(s);
	const struct item *it = first ? domain_item(cx->app->domain, first->item) : NULL;
	struct str path = web_link(cx, "/p/", s->p->id, s->p->id)->text;
	struct val *stages, *crumb;

	if (it == NULL)
		return cx_fail(
		    cx, ERR_NOT_FOUND, "project %.*s has no notice here", STR_ARG(s->p->id));
	if (!notice_stages_show(cx, s->p, it->sector, STR_NONE, &stages))
		return false;
	out->title = project_title_name(cx->mem, cx->app->domain, first->title);
	val_set_text(cx->mem, s->page, "id", s->p->id);
	val_set_text(cx->mem, s->page, "name", out->title);
	val_set(cx->mem, s->page, "sector",
	    val_code(cx->mem, it->sector->id, label_in(it->sector->title, cx->lang)));
	val_set(cx->mem, s->page, "joined_by", joined_by(s));
	val_set(cx->mem, s->page, "stages", stages);
	formats_show(s, path);
	out->canonical = path;
	out->here = T(cx, "项目");
	out->column = "notices";
	out->crumbs = val_list(cx->mem);
	crumb = val_add(cx->mem, out->crumbs, val_map(cx->mem));
	val_set(cx->mem, crumb, "link",
	    web_link(cx, "/s/", it->sector->id, label_in(it->sector->title, cx->lang)));
	return true;
}

bool project_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct project p;
	struct shown s = {.cx = cx, .p = &p, .page = out->page};

	return project_get(cx, input_text(in, "project"), &p) && rows_read(&s) && briefs_show(&s) &&
	       codes_show(&s) && warnings_show(&s) && page_fill(&s, out);
}
