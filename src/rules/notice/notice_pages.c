/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a notice. */
#include "catalogue/catalogue_faces.h"
#include "notice/notice_faces.h"
#include "codec/json.h"
#include "text/text.h"

#define SAME_RULE_MAX 10 /* warnings of one rule; the others are counted */

/* ---- head ---- */

static void head(struct notice_page *p)
{
	struct cx *cx = p->cx;
	const struct notice *n = &p->n;
	const struct item *it = n->item;
	bool current =
	    p->revisions_n && p->revisions[p->revisions_n - 1].revision == n->row.revision;
	struct val *older = val_null(cx->mem);

	val_set_text(cx->mem, p->out, "id", n->row.id);
	val_set_text(cx->mem, p->out, "title", n->row.title.n ? n->row.title : n->row.id);
	val_set_int(cx->mem, p->out, "revision", n->row.revision);
	val_set_int(cx->mem, p->out, "item_version", n->row.version);
	val_set(cx->mem, p->out, "status", notice_status(cx, &n->row, it));
	val_set(cx->mem, p->out, "revised", notice_revised(cx, &n->row));
	val_set(
	    cx->mem, p->out, "item", val_code(cx->mem, n->row.item, label_in(it->title, cx->lang)));
	val_set(cx->mem, p->out, "item_link",
	    web_link(cx, "/i/", n->row.item, label_in(it->title, cx->lang)));
	val_set(cx->mem, p->out, "place_link",
	    web_link(cx, "/r/", n->row.place,
		n->place ? label_in(n->place->name, cx->lang) : n->row.place));
	val_set(cx->mem, p->out, "agency",
	    web_link(cx, "/a/", n->row.agency,
		n->agency ? label_in(n->agency->name, cx->lang) : n->row.agency));
	if (!current) {
		older = val_map(cx->mem);
		val_set_int(cx->mem, older, "shown", n->row.revision);
		val_set(
		    cx->mem, older, "current", web_link(cx, "/n/", n->row.id, T(cx, "看现行版本")));
	}
	val_set(cx->mem, p->out, "older_revision", older);
}

struct str notice_ground(struct cx *cx, const struct notice *withdrawal)
{
	const struct code *ground = code_find(domain_codes(cx->app->domain, STR("WITHDRAW_GROUND")),
	    val_str(withdrawal->document, "ground"));

	return ground ? label_in(ground->label, cx->lang) : T(cx, "来源未载明");
}

static void withdrawal(struct notice_page *p)
{
	struct cx *cx = p->cx;
	struct val *v = val_null(cx->mem);

	if (p->n.row.kind == NOTICE_WITHDRAWN) {
		v = val_map(cx->mem);
		val_set(cx->mem, v, "at", notice_instant(cx, p->n.row.time));
		val_set_text(cx->mem, v, "ground", notice_ground(cx, &p->n));
		val_set(cx->mem, v, "reason", notice_text(cx, val_str(p->n.document, "reason")));
		val_set(cx->mem, v, "order", notice_text(cx, val_str(p->n.document, "order")));
		val_set_int(cx->mem, v, "index", p->n.row.idx);
	}
	val_set(cx->mem, p->out, "withdrawal", v);
}

/* The way from the first day (of a period its own, else that of publication) to the deadline, day by day. */
static struct val *deadline_explain(struct notice_page *p, const struct val *brief)
{
	struct cx *cx = p->cx;
	const struct val *d = val_at(brief, "deadline"),
			 *field =
			     val_find(val_at(p->shown.document, "fields"), val_str(d, "field"));
	struct str from = val_str(field, "from");
	int32_t first, last;

	from = from.n ? str_cut(from, 0, 10) : p->shown.row.public_on;
	if (!date_parse(from, &first) || !date_parse(str_cut(val_str(d, "at"), 0, 10), &last) ||
	    last <= first || last - first > period_max(UNIT_DAY))
		return val_null(cx->mem);
	return val_link(cx->mem,
	    str_fmt(cx->mem, "/calendar?from=%.*s&days=%d&unit=day", STR_ARG(from), last - first),
	    T(cx, "怎么算的"));
}

static bool deadline(struct notice_page *p)
{
	struct val *brief = NULL, *v;

	if (p->n.row.brief.n && !json_parse(p->cx, p->n.row.brief, NULL, &brief))
		return cx_note(p->cx, "reading the row of %.*s", STR_ARG(p->n.row.id));
	v = notice_deadline(p->cx, &p->n.row, brief);
	if (v->kind == VAL_MAP)
		val_set(p->cx->mem, v, "explain", deadline_explain(p, brief));
	val_set(p->cx->mem, p->out, "deadline", v);
	return true;
}

static void codes(struct notice_page *p)
{
	struct cx *cx = p->cx;
	const struct val *fields = val_at(p->shown.document, "fields");
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < p->shown.item->fields_n; i++) {
		const struct field *f = &p->shown.item->fields[i];
		const struct val *value =
		    f->is_public && f->identifier.n ? val_find(fields, f->name) : NULL;
		struct val *v;

		if (value == NULL || value->kind != VAL_TEXT ||
		    !str_is(field_type_name(f), "identifier"))
			continue;
		v = val_add(cx->mem, list, val_map(cx->mem));
		val_set_text(cx->mem, v, "name", f->name);
		val_set_text(cx->mem, v, "label", label_in(f->label, cx->lang));
		val_set_text(cx->mem, v, "value", value->text);
		val_set(cx->mem, v, "link", notice_code_link(cx, value->text));
	}
	val_set(cx->mem, p->out, "codes", list);
}

/* ---- times ---- */

static void times(struct notice_page *p)
{
	struct cx *cx = p->cx;
	const struct val *a = val_at(p->shown.document, "appearance");
	struct str time = val_str(a, "time"), address = val_str(a, "address");
	struct val *v = val_null(cx->mem);

	if (a != NULL) {
		v = val_map(cx->mem);
		val_set_text(cx->mem, v, "platform", val_str(a, "platform"));
		val_set_text(cx->mem, v, "identity", val_str(a, "identity"));
		val_set(cx->mem, v, "address",
		    str_starts(address, STR("http")) ? val_link(cx->mem, address, T(cx, "查看原文"))
						     : val_null(cx->mem));
		val_set(cx->mem, v, "time",
		    time.n == 0	   ? val_null(cx->mem)
		    : time.n == 10 ? val_date(cx->mem, time)
				   : val_instant(cx->mem, time));
		val_set(cx->mem, v, "stated_by", notice_text(cx, val_str(a, "stated_by")));
	}
	val_set(cx->mem, p->out, "formed_on",
	    p->n.row.formed_on.n ? val_date(cx->mem, p->n.row.formed_on) : val_null(cx->mem));
	val_set(cx->mem, p->out, "appearance", v);
	val_set(cx->mem, p->out, "logged_at", notice_instant(cx, p->shown.row.time));
	val_set_int(cx->mem, p->out, "index", p->shown.row.idx);
}

static struct val *explain_link(struct cx *cx, const struct due *due)
{
	static const char *const units[] = {[UNIT_DAY] = "day",
	    [UNIT_WORKDAY] = "workday",
	    [UNIT_MONTH] = "month",
	    [UNIT_YEAR] = "year"};

	return val_link(cx->mem,
	    str_fmt(cx->mem, "/calendar?from=%.*s&days=%d&unit=%s&rule=%.*s",
		STR_ARG(date_print(cx->mem, due->anchor)), due->period.n, units[due->period.unit],
		STR_ARG(due->rule->key)),
	    T(cx, "为什么是这一天"));
}

/* The item's own limit; that the outer bound was counted instead, where it was, must be said. */
static struct str limit_words(struct cx *cx, const struct item *it, const struct due *due)
{
	struct str own = it->limit_text.n ? it->limit_text : it->limit_word;

	for (size_t i = 0; due->known && i < it->rules_n; i++)
		if (str_eq(it->rules[i], due->rule->key))
			return own;
	if (!due->known)
		return own;
	return str_fmt(cx->mem, "%.*s%.*s", STR_ARG(own),
	    STR_ARG(T(cx, "（没有可用的起算日，按20个工作日的外限计算）")));
}

static void limit(struct notice_page *p)
{
	struct cx *cx = p->cx;
	const struct calendar *c = cx->app->domain->calendar;
	const struct item *it = p->shown.item;
	struct val *v = val_map(cx->mem);
	struct due due = {0};
	int32_t until, formed;
	bool anchored;

	if (p->shown.document)
		schema_due(cx->mem, cx->app->domain, it, p->shown.document, &due);
	anchored = due.known || date_parse(p->n.row.formed_on, &formed);
	if (due.known)
		formed = due.anchor;
	anchored = anchored && date_parse(p->shown.row.public_on, &until);
	val_set_text(cx->mem, v, "rule", limit_words(cx, it, &due));
	val_set(cx->mem, v, "due",
	    due.known ? val_date(cx->mem, date_print(cx->mem, due.due)) : val_null(cx->mem));
	val_set(cx->mem, v, "used",
	    anchored ? val_int(cx->mem, calendar_workdays_between(c, formed, until))
		     : val_null(cx->mem));
	val_set_bool(cx->mem, v, "used_any", anchored);
	val_set_bool(cx->mem, v, "late", due.known && until > due.due);
	val_set(cx->mem, v, "over",
	    due.known && until > due.due
		? val_int(cx->mem, calendar_workdays_between(c, due.due, until))
		: val_null(cx->mem));
	val_set(cx->mem, v, "explain", due.known ? explain_link(cx, &due) : val_null(cx->mem));
	val_set_bool(cx->mem, v, "by_source",
	    anchored && val_str(val_at(p->shown.document, "appearance"), "time").n > 0);
	val_set(cx->mem, p->out, "limit", v);
}

/* ---- warnings ---- */

static size_t count_before(const struct issues *issues, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += str_eq(issues->at[k].rule, issues->at[i].rule);
	return n;
}

static bool is_last(const struct issues *issues, size_t i)
{
	for (size_t k = i + 1; k < issues->n; k++)
		if (str_eq(issues->at[k].rule, issues->at[i].rule))
			return false;
	return true;
}

static void warnings_of_document(struct notice_page *p, struct val *list)
{
	struct cx *cx = p->cx;
	struct issues issues = {0};

	if (p->shown.document == NULL)
		return;
	schema_check(
	    cx->mem, cx->app->domain, p->shown.item, p->shown.document, CHECK_IMPORT, &issues);
	for (size_t i = 0; i < issues.n; i++) {
		size_t before = count_before(&issues, i);
		struct val *v;

		if (before >= SAME_RULE_MAX && !is_last(&issues, i))
			continue;
		v = val_add(cx->mem, list, notice_warning_show(cx, p->shown.item, &issues.at[i]));
		if (before > SAME_RULE_MAX)
			val_set_text(cx->mem, v, "field",
			    str_fmt(cx->mem, "%.*s%zu",
				STR_ARG(T(cx, "同一规则另有几处，此为最后一处：")),
				before - SAME_RULE_MAX + 1));
	}
}

static bool warnings(struct notice_page *p)
{
	struct val *list = val_list(p->cx->mem);
	struct project_mark *marks;
	size_t n;

	if (!project_marks(p->cx, p->n.row.id, &marks, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		val_add(p->cx->mem, list, notice_mark_show(p->cx, &marks[i]));
	warnings_of_document(p, list);
	val_set_bool(p->cx->mem, p->out, "warnings_any", list->n > 0);
	val_set(p->cx->mem, p->out, "warnings", list);
	return true;
}

/* ---- the handler ---- */

/* When it was first public, "2026-03-16 09:00"; the day alone when the source states no time of day. */
static struct str pub_date(const struct notice_page *p)
{
	struct str time = val_str(val_at(p->shown.document, "appearance"), "time");

	if (time.n == 0)
		time = instant_print(p->cx->mem, p->shown.row.time);
	if (time.n < 16)
		return time;
	return str_fmt(
	    p->cx->mem, "%.*s %.*s", STR_ARG(str_cut(time, 0, 10)), STR_ARG(str_cut(time, 11, 16)));
}

/* Page tags of 国办发〔2017〕47号 for an article. */
static void describe(struct notice_page *p, struct reply *out)
{
	struct cx *cx = p->cx;
	const struct item *it = p->n.item;
	struct val *tags = val_map(cx->mem), *crumbs = val_list(cx->mem);
	struct str sector = label_in(it->sector->title, cx->lang), platform = p->n.row.platform;

	val_set_text(cx->mem, tags, "ColumnName", label_in(it->title, "zh"));
	val_set_text(cx->mem, tags, "ColumnDescription",
	    it->description.n ? it->description : label_in(it->title, "zh"));
	val_set_text(cx->mem, tags, "ColumnKeywords",
	    str_fmt(cx->mem, "%.*s,%.*s", STR_ARG(it->sector->title.zh), STR_ARG(it->title.zh)));
	val_set_text(cx->mem, tags, "ColumnType", label_in(it->sector->title, "zh"));
	val_set_text(
	    cx->mem, tags, "ArticleTitle", p->n.row.title.n ? p->n.row.title : p->n.row.id);
	val_set_text(cx->mem, tags, "PubDate", pub_date(p));
	if (platform.n)
		val_set_text(cx->mem, tags, "ContentSource", platform);
	val_set(cx->mem, val_add(cx->mem, crumbs, val_map(cx->mem)), "link",
	    web_link(cx, "/s/", it->sector->id, sector));
	val_set(cx->mem, val_add(cx->mem, crumbs, val_map(cx->mem)), "link",
	    val_link(cx->mem, str_fmt(cx->mem, "/n?item=%.*s", STR_ARG(p->n.row.item)),
		label_in(it->title, cx->lang)));
	out->tags = tags;
	out->crumbs = crumbs;
	out->title = p->n.row.title.n ? p->n.row.title : p->n.row.id;
	out->here = p->n.row.id;
	out->column = "notices";
}

static bool load(struct notice_page *p, struct str ref)
{
	struct cx *cx = p->cx;
	int64_t revision;
	struct str id;

	if (!notice_ref_parse(ref, &id, &revision))
		return cx_fail(cx, ERR_NOT_FOUND, "no notice %.*s", STR_ARG(ref));
	if (!notice_get(cx, id, revision, &p->n) ||
	    !notice_revisions(cx, id, &p->revisions, &p->revisions_n))
		return false;
	p->shown = p->n;
	return p->n.row.kind != NOTICE_WITHDRAWN ||
	       notice_get(cx, id, p->n.row.revision - 1, &p->shown);
}

bool notice_page_show(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice_page p = {.cx = cx, .out = out->page};
	struct str rows = input_text(in, "rows"), table = STR_NONE;
	int64_t from = 0;

	if (!load(&p, input_text(in, "id")))
		return false;
	(void)str_split(&rows, '.', &table);
	if (table.n && (!str_int(rows, &from) || from < 1))
		return cx_fail(cx, ERR_NOT_FOUND, "rows are TABLE.NUMBER");
	describe(&p, out);
	head(&p);
	withdrawal(&p);
	codes(&p);
	times(&p);
	limit(&p);
	notice_facts_show(cx, &p.shown, table, from, p.out);
	return deadline(&p) && warnings(&p) && notice_record_show(&p);
}
