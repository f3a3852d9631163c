/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a notice. */
#include "notice/notice_faces.h"
#include "codec/json.h"
#include "text/text.h"

#define SAME_RULE_MAX 10 /* warnings of one rule; the others are counted */

struct page {
	struct cx *cx;
	struct notice n, shown; /* what is asked for; whose document is shown (of a withdrawal: the revision before it) */
	struct notice_row *revisions;
	size_t revisions_n;
	struct val *out;
};

static struct val *instant(struct cx *cx, int64_t time)
{
	return val_instant(cx->mem, instant_print(cx->mem, time));
}

static struct val *text_or_null(struct cx *cx, struct str text)
{
	return text.n ? val_text(cx->mem, text) : val_null(cx->mem);
}

/* ---- head ---- */

static void head(struct page *p)
{
	struct cx *cx = p->cx;
	const struct notice *n = &p->n;
	const struct item *it = n->item;
	bool current = p->revisions_n && p->revisions[p->revisions_n - 1].revision == n->row.revision;
	struct val *older = val_null(cx->mem);

	val_set_text(cx->mem, p->out, "id", n->row.id);
	val_set_text(cx->mem, p->out, "title", n->row.title.n ? n->row.title : n->row.id);
	val_set_int(cx->mem, p->out, "revision", n->row.revision);
	val_set_int(cx->mem, p->out, "item_version", n->row.version);
	val_set(cx->mem, p->out, "status", notice_status(cx, &n->row, it));
	val_set(cx->mem, p->out, "revised", notice_revised(cx, &n->row));
	val_set(cx->mem, p->out, "item", val_code(cx->mem, n->row.item, label_in(it->title, cx->lang)));
	val_set(cx->mem, p->out, "item_link", web_link(cx, "/i/", n->row.item, label_in(it->title, cx->lang)));
	val_set(cx->mem, p->out, "place_link", web_link(cx, "/r/", n->row.place, n->place ? label_in(n->place->name, cx->lang) : n->row.place));
	val_set(cx->mem, p->out, "agency",
	    n->agency ? web_link(cx, "/a/", n->agency->id, label_in(n->agency->name, cx->lang)) : val_null(cx->mem));
	if (!current) {
		older = val_map(cx->mem);
		val_set_int(cx->mem, older, "shown", n->row.revision);
		val_set(cx->mem, older, "current", web_link(cx, "/n/", n->row.id, T(cx, "看现行版本")));
	}
	val_set(cx->mem, p->out, "older_revision", older);
}

static void withdrawal(struct page *p)
{
	struct cx *cx = p->cx;
	const struct code *ground = code_find(domain_codes(cx->app->domain, STR("WITHDRAW_GROUND")), val_str(p->n.document, "ground"));
	struct val *v = val_null(cx->mem);

	if (p->n.row.kind == NOTICE_WITHDRAWN) {
		v = val_map(cx->mem);
		val_set(cx->mem, v, "at", instant(cx, p->n.row.time));
		val_set_text(cx->mem, v, "ground", ground ? ground->label.zh : T(cx, "来源未载明"));
		val_set(cx->mem, v, "reason", text_or_null(cx, val_str(p->n.document, "reason")));
		val_set(cx->mem, v, "order", text_or_null(cx, val_str(p->n.document, "order")));
		val_set_int(cx->mem, v, "index", p->n.row.idx);
	}
	val_set(cx->mem, p->out, "withdrawal", v);
}

static bool deadline(struct page *p)
{
	struct val *brief = NULL, *v;

	if (p->n.row.brief.n && !json_parse(p->cx, p->n.row.brief, NULL, &brief))
		return cx_note(p->cx, "reading the row of %.*s", STR_ARG(p->n.row.id));
	v = notice_deadline(p->cx, &p->n.row, brief);
	if (v->kind == VAL_MAP)
		val_set(p->cx->mem, v, "explain", val_null(p->cx->mem));
	val_set(p->cx->mem, p->out, "deadline", v);
	return true;
}

static void codes(struct page *p)
{
	struct cx *cx = p->cx;
	const struct val *fields = val_at(p->shown.document, "fields");
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < p->shown.item->fields_n; i++) {
		const struct field *f = &p->shown.item->fields[i];
		const struct val *value = f->is_public && f->identifier.n ? val_find(fields, f->name) : NULL;
		struct val *v;

		if (value == NULL || value->kind != VAL_TEXT || !str_is(field_type_name(f), "identifier"))
			continue;
		v = val_add(cx->mem, list, val_map(cx->mem));
		val_set_text(cx->mem, v, "name", f->name);
		val_set_text(cx->mem, v, "label", label_in(f->label, cx->lang));
		val_set_text(cx->mem, v, "value", value->text);
		val_set(cx->mem, v, "link", val_null(cx->mem));
	}
	val_set(cx->mem, p->out, "codes", list);
}

/* ---- times ---- */

static void times(struct page *p)
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
		    str_starts(address, STR("http")) ? val_link(cx->mem, address, T(cx, "查看原文")) : val_null(cx->mem));
		val_set(cx->mem, v, "time", time.n == 0 ? val_null(cx->mem) : time.n == 10 ? val_date(cx->mem, time) : val_instant(cx->mem, time));
		val_set(cx->mem, v, "stated_by", text_or_null(cx, val_str(a, "stated_by")));
	}
	val_set(cx->mem, p->out, "formed_on", p->n.row.formed_on.n ? val_date(cx->mem, p->n.row.formed_on) : val_null(cx->mem));
	val_set(cx->mem, p->out, "appearance", v);
	val_set(cx->mem, p->out, "logged_at", instant(cx, p->shown.row.time));
	val_set_int(cx->mem, p->out, "index", p->n.row.idx);
}

static struct val *explain_link(struct cx *cx, const struct due *due)
{
	static const char *const units[] = {
	    [UNIT_DAY] = "day", [UNIT_WORKDAY] = "workday", [UNIT_MONTH] = "month", [UNIT_YEAR] = "year"};

	return val_link(cx->mem,
	    str_fmt(cx->mem, "/calendar?from=%.*s&days=%d&unit=%s&rule=%.*s", STR_ARG(date_print(cx->mem, due->anchor)), due->period.n,
		units[due->period.unit], STR_ARG(due->rule->key)),
	    T(cx, "为什么是这一天"));
}

static void limit(struct page *p)
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
	val_set_text(cx->mem, v, "rule", it->limit_text.n ? it->limit_text : it->limit_word);
	val_set(cx->mem, v, "due", due.known ? val_date(cx->mem, date_print(cx->mem, due.due)) : val_null(cx->mem));
	val_set(cx->mem, v, "used", anchored ? val_int(cx->mem, calendar_workdays_between(c, formed, until)) : val_null(cx->mem));
	val_set_bool(cx->mem, v, "used_any", anchored);
	val_set_bool(cx->mem, v, "late", due.known && until > due.due);
	val_set(cx->mem, v, "over", due.known && until > due.due ? val_int(cx->mem, calendar_workdays_between(c, due.due, until)) : val_null(cx->mem));
	val_set(cx->mem, v, "explain", due.known ? explain_link(cx, &due) : val_null(cx->mem));
	val_set_bool(cx->mem, v, "by_source", anchored && val_str(val_at(p->shown.document, "appearance"), "time").n > 0);
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

static void warnings_of_document(struct page *p, struct val *list)
{
	struct cx *cx = p->cx;
	struct issues issues = {0};

	if (p->shown.document == NULL)
		return;
	schema_check(cx->mem, cx->app->domain, p->shown.item, p->shown.document, CHECK_IMPORT, &issues);
	for (size_t i = 0; i < issues.n; i++) {
		size_t before = count_before(&issues, i);
		struct val *v;

		if (before >= SAME_RULE_MAX && !is_last(&issues, i))
			continue;
		v = val_add(cx->mem, list, notice_warning_show(cx, p->shown.item, &issues.at[i]));
		if (before > SAME_RULE_MAX)
			val_set_text(cx->mem, v, "field",
			    str_fmt(cx->mem, "%.*s%zu", STR_ARG(T(cx, "同一规则另有几处，此为最后一处：")), before - SAME_RULE_MAX + 1));
	}
}

static bool warnings(struct page *p)
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

/* ---- revisions ---- */

static struct val *kind_code(struct cx *cx, int64_t kind)
{
	static const struct {
		int64_t kind;
		const char *code, *word;
	} kinds[] = {{NOTICE_NORMAL, "normal", T_("发布")}, {NOTICE_CORRECTED, "corrected", T_("更正")},
	    {NOTICE_REISSUED, "reissued", T_("重发")}, {NOTICE_WITHDRAWN, "withdrawn", T_("撤回")}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return val_code(cx->mem, str_of(kinds[i].code), T(cx, kinds[i].word));
	return val_code(cx->mem, STR("normal"), T(cx, "发布"));
}

static struct str note_text(const struct val *document)
{
	struct str text = val_str(val_at(document, "note"), "text");

	return text.n ? text : val_str(val_at(document, "note"), "reason");
}

static bool revision_show(struct page *p, const struct notice_row *r, const struct val *before, struct val **document_out, struct val *list)
{
	struct cx *cx = p->cx;
	struct val *v = val_add(cx->mem, list, val_map(cx->mem)), *changes = val_list(cx->mem);
	bool shown = r->revision == p->n.row.revision;
	struct notice n = p->n;

	if (p->revisions_n == 1)
		n = p->n;
	else if (!notice_get_by_index(cx, r->idx, &n))
		return false;
	if (before && n.document && r->kind != NOTICE_WITHDRAWN)
		changes = notice_changes(cx, n.item, before, n.document);
	val_set_int(cx->mem, v, "revision", r->revision);
	val_set(cx->mem, v, "kind", kind_code(cx, r->kind));
	val_set(cx->mem, v, "logged_at", instant(cx, r->time));
	val_set_int(cx->mem, v, "index", r->idx);
	val_set(cx->mem, v, "link", shown ? val_null(cx->mem) : notice_revision_link(cx, r, "", T(cx, "查看这一版")));
	val_set_bool(cx->mem, v, "shown", shown);
	val_set(cx->mem, v, "note", text_or_null(cx, r->kind == NOTICE_WITHDRAWN ? val_str(n.document, "reason") : note_text(n.document)));
	val_set_bool(cx->mem, v, "changed", changes->n > 0);
	val_set(cx->mem, v, "changes", changes);
	*document_out = n.document;
	return true;
}

static bool revisions(struct page *p)
{
	struct val *list = val_list(p->cx->mem), *newest_first = val_list(p->cx->mem), *before = NULL;

	for (size_t i = 0; i < p->revisions_n; i++)
		if (!revision_show(p, &p->revisions[i], before, &before, list))
			return false;
	for (size_t i = list->n; i > 0; i--)
		val_add(p->cx->mem, newest_first, list->at[i - 1]);
	val_set(p->cx->mem, p->out, "revisions", newest_first);
	return true;
}

/* ---- files, proof ---- */

static struct str size_words(struct cx *cx, int64_t bytes)
{
	if (bytes < 1024)
		return str_fmt(cx->mem, "%" PRId64 " B", bytes);
	return bytes < 1 << 20 ? str_fmt(cx->mem, "%" PRId64 " KB", (bytes + 512) / 1024)
			       : str_fmt(cx->mem, "%" PRId64 ".%" PRId64 " MB", bytes >> 20, (bytes & 0xfffff) * 10 >> 20);
}

static void files(struct page *p)
{
	struct cx *cx = p->cx;
	const struct val *attachments = val_at(p->shown.document, "attachments");
	struct val *list = val_list(cx->mem), *formats = val_list(cx->mem);

	VAL_EACH(i, attachments) {
		const struct val *a = attachments->at[i];
		struct val *v = val_add(cx->mem, list, val_map(cx->mem));

		val_set_text(cx->mem, v, "name", val_str(a, "name"));
		val_set(cx->mem, v, "link", val_null(cx->mem));
		val_set_text(cx->mem, v, "type", val_str(a, "type"));
		val_set_text(cx->mem, v, "size", size_words(cx, val_i64(a, "size", 0)));
		val_set_text(cx->mem, v, "sha256", val_str(a, "sha256"));
	}
	if (p->shown.document) {
		val_set(cx->mem, val_add(cx->mem, formats, val_map(cx->mem)), "link",
		    notice_revision_link(cx, &p->shown.row, "/document", T(cx, "正文（JSON，与存证逐字节一致）")));
		val_set(cx->mem, val_add(cx->mem, formats, val_map(cx->mem)), "link",
		    notice_revision_link(cx, &p->shown.row, "/text", T(cx, "纯文本")));
	}
	val_set(cx->mem, p->out, "attachments", list);
	val_set(cx->mem, p->out, "formats", formats);
}

static bool proof(struct page *p)
{
	static const struct {
		const char *path, *word;
		bool of_document;
	} names[] = {{"/proof", T_("证明文件"), false}, {"/entry", T_("日志条目"), false}, {"/salt", T_("盐"), true}};
	struct cx *cx = p->cx;
	struct val *v = val_map(cx->mem), *list = val_list(cx->mem);
	struct entry e;
	struct str code;

	if (!ledger_entry_get(cx, cx->app->ledger, p->n.row.idx, &e))
		return false;
	code = notice_code(cx->mem, val_str(e.meta, "digest"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!names[i].of_document || p->n.salt.p)
			val_set(cx->mem, val_add(cx->mem, list, val_map(cx->mem)), "link",
			    notice_revision_link(cx, &p->n.row, names[i].path, T(cx, names[i].word)));
	val_set(cx->mem, v, "qr", notice_revision_link(cx, &p->n.row, "/qr.svg", T(cx, "核验二维码")));
	val_set_text(cx->mem, v, "code", code);
	val_set_int(cx->mem, v, "index", p->n.row.idx);
	val_set(cx->mem, v, "logged_at", instant(cx, p->n.row.time));
	val_set_text(cx->mem, v, "digest", val_str(e.meta, "digest"));
	val_set(cx->mem, v, "verify", val_link(cx->mem, str_fmt(cx->mem, "/verify?q=%.*s", STR_ARG(code)), T(cx, "核验本公告")));
	val_set(cx->mem, v, "files", list);
	val_set(cx->mem, p->out, "proof", v);
	return true;
}

static bool project(struct page *p)
{
	struct cx *cx = p->cx;
	struct val *v = val_null(cx->mem), *stages;
	struct project project;
	bool possible = false;

	if (!project_of_notice(cx, p->n.row.id, &project))
		return false;
	if (project.n) {
		v = val_map(cx->mem);
		for (size_t i = 0; i < project.n; i++)
			possible |= project.members[i].possible && str_eq(project.members[i].id, p->n.row.id);
		if (!notice_stages_show(cx, &project, p->n.item->sector, p->n.row.id, &stages))
			return false;
		val_set(cx->mem, v, "link", web_link(cx, "/p/", project.id, project_title_name(cx->mem, cx->app->domain, p->n.row.title)));
		val_set_bool(cx->mem, v, "possible", possible);
		val_set(cx->mem, v, "stages", stages);
	}
	val_set(cx->mem, p->out, "project", v);
	return true;
}

static void supervision(struct page *p)
{
	struct cx *cx = p->cx;
	struct val *list = val_list(cx->mem);

	if (p->n.item->supervision.n)
		val_add(cx->mem, list, val_text(cx->mem, p->n.item->supervision));
	val_set(cx->mem, p->out, "supervision", list);
}

/* ---- the handler ---- */

/* Page tags of 国办发〔2017〕47号 for an article. */
static void describe(struct page *p, struct reply *out)
{
	struct cx *cx = p->cx;
	const struct item *it = p->n.item;
	struct val *tags = val_map(cx->mem), *crumbs = val_list(cx->mem);
	struct str sector = label_in(it->sector->title, cx->lang), platform = p->n.row.platform;

	val_set_text(cx->mem, tags, "ColumnName", label_in(it->title, "zh"));
	val_set_text(cx->mem, tags, "ColumnDescription", it->description.n ? it->description : label_in(it->title, "zh"));
	val_set_text(cx->mem, tags, "ColumnKeywords", str_fmt(cx->mem, "%.*s,%.*s", STR_ARG(it->sector->title.zh), STR_ARG(it->title.zh)));
	val_set_text(cx->mem, tags, "ColumnType", label_in(it->sector->title, "zh"));
	val_set_text(cx->mem, tags, "ArticleTitle", p->n.row.title.n ? p->n.row.title : p->n.row.id);
	val_set_text(cx->mem, tags, "PubDate", str_fmt(cx->mem, "%.*s", STR_ARG(p->n.row.public_on)));
	if (platform.n)
		val_set_text(cx->mem, tags, "ContentSource", platform);
	val_set(cx->mem, val_add(cx->mem, crumbs, val_map(cx->mem)), "link", web_link(cx, "/s/", it->sector->id, sector));
	val_set(cx->mem, val_add(cx->mem, crumbs, val_map(cx->mem)), "link",
	    val_link(cx->mem, str_fmt(cx->mem, "/n?item=%.*s", STR_ARG(p->n.row.item)), label_in(it->title, cx->lang)));
	out->tags = tags;
	out->crumbs = crumbs;
	out->title = p->n.row.title.n ? p->n.row.title : p->n.row.id;
	out->here = p->n.row.id;
	out->column = "notices";
}

static bool load(struct page *p, struct str ref)
{
	struct cx *cx = p->cx;
	int64_t revision;
	struct str id;

	if (!notice_ref_parse(ref, &id, &revision))
		return cx_fail(cx, ERR_NOT_FOUND, "no notice %.*s", STR_ARG(ref));
	if (!notice_get(cx, id, revision, &p->n) || !notice_revisions(cx, id, &p->revisions, &p->revisions_n))
		return false;
	p->shown = p->n;
	return p->n.row.kind != NOTICE_WITHDRAWN || notice_get(cx, id, p->n.row.revision - 1, &p->shown);
}

bool notice_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct page p = {.cx = cx, .out = out->page};
	struct str rows = input_text(in, "rows"), table = STR_NONE;
	int64_t from = 0;

	if (!load(&p, input_text(in, "id")))
		return false;
	(void)str_split(&rows, '.', &table);
	if (rows.p && !str_int(rows, &from))
		from = 0;
	describe(&p, out);
	head(&p);
	withdrawal(&p);
	codes(&p);
	times(&p);
	limit(&p);
	notice_facts_show(cx, &p.shown, table, from, p.out);
	files(&p);
	supervision(&p);
	return deadline(&p) && warnings(&p) && revisions(&p) && proof(&p) && project(&p);
}
