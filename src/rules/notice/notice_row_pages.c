/* SPDX-License-Identifier: Apache-2.0 */
/* A notice in a list: who, until when, how much, where, since when. */
#include "notice/notice_faces.h"
#include "codec/json.h"
#include "text/text.h"

#define AMOUNT_WORDS_MAX 16

const struct item *notice_item(struct cx *cx, const struct notice_row *row)
{
	return domain_item(
	    cx->app->domain, str_fmt(cx->mem, "%.*s@%" PRId64, STR_ARG(row->item), row->version));
}

bool notice_ref_parse(struct str ref, struct str *id_out, int64_t *revision_out)
{
	struct str rest = ref, id = STR_NONE;

	*revision_out = 0;
	(void)str_split(&rest, '@', &id);
	*id_out = id;
	return id.n > 0 && (rest.p == NULL || (str_int(rest, revision_out) && *revision_out > 0));
}

struct val *notice_revision_link(
    struct cx *cx, const struct notice_row *row, const char *rest, struct str label)
{
	return val_link(cx->mem,
	    str_fmt(cx->mem, "/n/%.*s@%" PRId64 "%s", STR_ARG(row->id), row->revision, rest),
	    label);
}

struct val *notice_code_link(struct cx *cx, struct str code)
{
	struct buf b = buf_new(cx->mem, 64 + 3 * code.n);

	buf_c(&b, "/search?q=%22");
	buf_url(&b, code);
	buf_c(&b, "%22");
	return val_link(cx->mem, buf_str(&b), code);
}

struct str notice_site_address(const struct cx *cx)
{
	const struct val *v = val_path(cx->app->domain->site, STR("site.address"));
	struct str s = v && v->kind == VAL_TEXT ? v->text : STR("");

	return s.n && s.p[s.n - 1] == '/' ? str_cut(s, 0, s.n - 1) : s;
}

struct val *notice_stat(
    struct cx *cx, struct str label, int64_t value, struct str unit, struct val *link)
{
	struct val *v = val_map(cx->mem);

	val_set_text(cx->mem, v, "label", label);
	val_set_int(cx->mem, v, "value", value);
	val_set_text(cx->mem, v, "unit", unit);
	val_set(cx->mem, v, "link", link);
	return v;
}

/* ---- status ---- */

static struct val *coded(struct cx *cx, const char *code, const char *word)
{
	return val_code(cx->mem, str_of(code), T(cx, word));
}

/* What is open is called by its sector. */
static const char *open_word(struct str sector)
{
	static const struct {
		const char *sector, *word;
	} words[] = {{"works", T_("招标中")}, {"procurement", T_("采购中")},
	    {"medicine", T_("采购中")}, {"land", T_("出让中")}, {"mining", T_("出让中")},
	    {"property", T_("转让中")}, {"housing", T_("申请中")}, {"emission", T_("竞买中")}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_is(sector, words[i].sector))
			return words[i].word;
	return T_("进行中");
}

struct val *notice_status(struct cx *cx, const struct notice_row *row, const struct item *it)
{
	if (row->kind == NOTICE_WITHDRAWN)
		return coded(cx, "withdrawn", T_("已撤回"));
	if (str_is(row->phase, "open"))
		return row->closes > cx->now ? coded(cx, "open", open_word(row->sector))
					     : coded(cx, "closed", T_("已截止"));
	if (str_is(row->phase, "publicity"))
		return row->closes > cx->now ? coded(cx, "publicity", T_("公示中"))
					     : coded(cx, "ended", T_("公示期满"));
	if (it && str_ends(it->id, STR(".termination")))
		return coded(cx, "cancelled", T_("已终止"));
	return it && str_is(it->stage, "plan") ? coded(cx, "planned", T_("计划中"))
					       : val_null(cx->mem);
}

struct val *notice_revised(struct cx *cx, const struct notice_row *row)
{
	if (row->kind == NOTICE_CORRECTED)
		return coded(cx, "corrected", T_("已更正"));
	return row->kind == NOTICE_REISSUED ? coded(cx, "reissued", T_("重新发布"))
					    : val_null(cx->mem);
}

/* ---- deadline ---- */

static struct val *deadline_kind(struct cx *cx, struct str field, const struct notice_row *row)
{
	static const struct {
		const char *field, *word;
	} words[] = {{"bid_deadline", T_("投标截止")}, {"registration_period", T_("报名截止")},
	    {"application_period", T_("申请截止")}, {"quote_period", T_("报价截止")},
	    {"document_period", T_("文件获取截止")}, {"opening_time", T_("开标")},
	    {"postponed_opening_time", T_("延期开标")}, {"trade_period", T_("交易截止")},
	    {"trade_time", T_("竞价")}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_is(field, words[i].field))
			return val_code(cx->mem, field, T(cx, words[i].word));
	return val_code(cx->mem, field,
	    str_is(row->phase, "publicity") ? T(cx, "公示截止") : T(cx, "披露截止"));
}

struct val *notice_deadline(struct cx *cx, const struct notice_row *row, const struct val *brief)
{
	const struct val *d = val_at(brief, "deadline");
	struct str at = val_str(d, "at");
	struct val *v;
	int64_t days;
	int32_t day;

	if (at.n < 10 || row->closes == 0 || row->kind == NOTICE_WITHDRAWN ||
	    !date_parse(str_cut(at, 0, 10), &day))
		return val_null(cx->mem);
	days = (int64_t)day - instant_day(cx->now);
	v = val_map(cx->mem);
	val_set(cx->mem, v, "kind", deadline_kind(cx, val_str(d, "field"), row));
	val_set(cx->mem, v, "at", at.n == 10 ? val_date(cx->mem, at) : val_instant(cx->mem, at));
	val_set_int(cx->mem, v, "days", days);
	val_set_bool(cx->mem, v, "open", row->closes > cx->now && days > 0);
	val_set_bool(cx->mem, v, "today", row->closes > cx->now && days == 0);
	return v;
}

/* ---- a row ---- */

/* candidates.name → 第一中标候选人 reads better than the column's own label */
static struct str field_label(struct cx *cx, const struct item *it, struct str field)
{
	const struct field *f;

	if (str_is(field, "candidates.name"))
		return T(cx, "第一候选人");
	if (str_is(field, "candidates.price"))
		return T(cx, "第一候选人报价");
	f = it ? field_find(it, field) : NULL;
	return f ? label_in(f->label, cx->lang) : field;
}

static struct val *parties(struct cx *cx, const struct item *it, const struct val *brief)
{
	const struct val *list = val_at(brief, "parties");
	struct val *out = val_list(cx->mem);

	VAL_EACH(i, list) {
		struct val *one = val_add(cx->mem, out, val_map(cx->mem));

		val_set_text(
		    cx->mem, one, "label", field_label(cx, it, val_str(list->at[i], "field")));
		val_set_text(cx->mem, one, "name", val_str(list->at[i], "name"));
	}
	return out;
}

static struct val *amount(struct cx *cx, const struct item *it, const struct val *brief)
{
	const struct val *a = val_at(brief, "amount");
	const struct field *f = a && it ? field_find(it, val_str(a, "field")) : NULL;
	struct val *leaf = f ? notice_leaf(cx, f, val_at(a, "value")) : val_null(cx->mem), *v;

	/* A price in many words is for the notice's page. */
	if (leaf->kind == VAL_NULL ||
	    (leaf->kind == VAL_TEXT && text_length(leaf->text) > AMOUNT_WORDS_MAX))
		return val_null(cx->mem);
	v = val_map(cx->mem);
	val_set_text(cx->mem, v, "label", field_label(cx, it, val_str(a, "field")));
	val_set(cx->mem, v, "value", leaf);
	return v;
}

struct val *notice_place_code(struct cx *cx, struct str code)
{
	const struct place *p = domain_place(cx->app->domain, code);
	struct str name = p ? label_in(p->name, cx->lang) : code;

	/* 市辖区 is the name of a district only together with its city's. */
	if (p && p->parent && str_is(p->name.zh, "市辖区"))
		name = label_in(p->parent->name, cx->lang);
	return val_code(cx->mem, code, name);
}

static struct val *first_warning(
    struct cx *cx, struct str id, const struct project_mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(marks[i].id, id))
			return val_at(notice_mark_show(cx, &marks[i]), "message");
	return val_null(cx->mem);
}

static bool row_show(struct cx *cx, const struct notice_row *row, struct val *v)
{
	const struct item *it = notice_item(cx, row);
	struct val *brief = NULL;

	if (row->brief.n && !json_parse(cx, row->brief, NULL, &brief))
		return cx_note(cx, "reading the row of %.*s", STR_ARG(row->id));
	val_set_text(cx->mem, v, "id", row->id);
	val_set(
	    cx->mem, v, "link", web_link(cx, "/n/", row->id, row->title.n ? row->title : row->id));
	val_set(cx->mem, v, "item",
	    val_code(cx->mem, row->item, it ? label_in(it->title, cx->lang) : row->item));
	val_set(cx->mem, v, "status", notice_status(cx, row, it));
	val_set(cx->mem, v, "revised", notice_revised(cx, row));
	val_set(cx->mem, v, "parties", parties(cx, it, brief));
	val_set(cx->mem, v, "deadline", notice_deadline(cx, row, brief));
	val_set(cx->mem, v, "amount", amount(cx, it, brief));
	val_set(cx->mem, v, "place", notice_place_code(cx, row->place));
	val_set(cx->mem, v, "public_on", val_date(cx->mem, row->public_on));
	return true;
}

bool notice_rows_show(struct cx *cx, const struct notice_row *rows, size_t n, struct val **out)
{
	struct str *ids = arena_array(cx->mem, struct str, n + 1);
	struct project_mark *marks = NULL;
	size_t marks_n = 0;

	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	if (n && !project_marks_of(cx, ids, n, &marks, &marks_n))
		return false;
	*out = val_list(cx->mem);
	for (size_t i = 0; i < n; i++) {
		struct val *one = val_add(cx->mem, *out, val_map(cx->mem));

		if (!row_show(cx, &rows[i], one))
			return false;
		val_set(cx->mem, one, "warning", first_warning(cx, rows[i].id, marks, marks_n));
	}
	return true;
}

bool notice_row_show(struct cx *cx, const struct notice_row *row, struct val **out)
{
	struct val *list;

	if (!notice_rows_show(cx, row, 1, &list))
		return false;
	*out = list->at[0];
	return true;
}
