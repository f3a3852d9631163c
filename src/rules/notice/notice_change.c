/* SPDX-License-Identifier: Apache-2.0 */
/* One leaf for one value, and what differs between two documents. */
#include "notice/notice_priv.h"
#include "base/app.h"
#include "text/text.h"

static bool english(const struct cx *cx)
{
	return cx->lang && strcmp(cx->lang, "en") == 0;
}

/* ---- leaves ---- */

static struct str leaf_words(struct cx *cx, const struct val *v)
{
	switch (v->kind) {
	case VAL_BOOL:
		return v->truth ? STR("true") : STR("false");
	case VAL_INT:
		return str_fmt(cx->mem, "%" PRId64, v->i);
	case VAL_DECIMAL:
	case VAL_MONEY:
		return str_fmt(cx->mem, "%.*s%.*s", STR_ARG(decimal_group(cx->mem, v->text)),
		    STR_ARG(v->label));
	case VAL_CODE:
	case VAL_LINK:
		return v->label.n ? v->label : v->text;
	case VAL_INSTANT:
		return str_fmt(cx->mem, "%.*s %.*s", STR_ARG(str_cut(v->text, 0, 10)),
		    STR_ARG(str_cut(v->text, 11, 16)));
	case VAL_NULL:
	case VAL_LIST:
	case VAL_MAP:
		return STR("");
	default:
		return v->text;
	}
}

static struct str words_join(struct cx *cx, const struct val *list, struct str between)
{
	struct str *parts = arena_array(cx->mem, struct str, list->n + 1);
	size_t n = 0;

	VAL_EACH(i, list) {
		parts[n] = leaf_words(cx, list->at[i]);
		n += parts[n].n > 0;
	}
	return str_join(cx->mem, parts, n, between);
}

/* {from, to}, {name, code}, or another map of few members. */
static struct str map_words(struct cx *cx, const struct val *map)
{
	const struct val *from = val_at(map, "from"), *to = val_at(map, "to");
	struct str code = val_str(map, "code");

	if (from || to)
		return str_fmt(cx->mem, "%.*s%s%.*s",
		    STR_ARG(from ? leaf_words(cx, from) : STR("")), english(cx) ? " to " : "至",
		    STR_ARG(to ? leaf_words(cx, to) : STR("")));
	if (code.n)
		return str_fmt(cx->mem, "%.*s %.*s", STR_ARG(val_str(map, "name")), STR_ARG(code));
	return val_str(map, "name").p ? val_str(map, "name") : STR("");
}

struct val *notice_leaf(struct cx *cx, const struct field *f, const struct val *value)
{
	struct val *shown;

	if (value == NULL || value->kind == VAL_NULL)
		return val_null(cx->mem);
	if (f->columns_n)
		return val_leaf(cx->mem, VAL_DECIMAL, str_fmt(cx->mem, "%zu", value->n),
		    english(cx) ? STR("rows") : STR("行"));
	shown = schema_show(cx->mem, cx->app->domain, f, value, cx->lang);
	if (shown->kind == VAL_LIST)
		return val_text(
		    cx->mem, words_join(cx, shown, english(cx) ? STR(", ") : STR("、")));
	return shown->kind == VAL_MAP ? val_text(cx->mem, map_words(cx, shown)) : shown;
}

struct str notice_field_label(struct cx *cx, const struct item *it, struct str path)
{
	struct str rest = path, name, row = STR_NONE, column = STR_NONE;
	const struct field *f, *c = NULL;

	(void)str_split(&rest, '.', &name);
	column = rest;
	rest = name;
	(void)str_split(&rest, '[', &name);
	if (rest.n)
		(void)str_split(&rest, ']', &row);
	f = it ? field_find(it, name) : NULL;
	if (f == NULL)
		return path;
	if (column.n)
		c = field_find(it, str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(name), STR_ARG(column)));
	if (row.n == 0 && c == NULL)
		return label_in(f->label, cx->lang);
	if (row.n)
		row = str_fmt(cx->mem, english(cx) ? " row %.*s" : " 第%.*s行", STR_ARG(row));
	return str_fmt(cx->mem, "%.*s%.*s%s%.*s", STR_ARG(label_in(f->label, cx->lang)),
	    STR_ARG(row), c ? " " : "", STR_ARG(c ? label_in(c->label, cx->lang) : STR("")));
}

/* ---- changes ---- */

#define CHANGES_MAX 500u /* a table replaced by another says no more after these */

struct changes {
	struct cx *cx;
	const struct item *it;
	struct val *list;
};

static void change(
    struct changes *c, struct str field, struct str label, struct val *before, struct val *after)
{
	struct arena *mem = c->cx->mem;
	struct val *v;

	if (c->list->n == CHANGES_MAX)
		return;
	v = val_add(mem, c->list, val_map(mem));
	val_set_text(mem, v, "field", field);
	val_set_text(mem, v, "label", label);
	val_set(mem, v, "before", before);
	val_set(mem, v, "after", after);
}

static bool same(const struct val *a, const struct val *b)
{
	return (a == NULL && b == NULL) || (a && b && val_eq(a, b));
}

/* A row in words: 名称：某公司；报价：12元 */
static struct val *row_leaf(struct changes *c, const struct field *f, const struct val *row)
{
	struct buf b = buf_new(c->cx->mem, 65536);

	if (row == NULL)
		return val_null(c->cx->mem);
	for (size_t i = 0; i < f->columns_n; i++) {
		const struct field *column = &f->columns[i];
		const struct val *v = column->is_public ? val_find(row, column->name) : NULL;

		if (v == NULL)
			continue;
		buf_c(&b, b.n == 0 ? "" : english(c->cx) ? "; " : "；");
		buf_add(&b, label_in(column->label, c->cx->lang));
		buf_c(&b, english(c->cx) ? ": " : "：");
		buf_add(&b, leaf_words(c->cx, notice_leaf(c->cx, column, v)));
	}
	return val_text(c->cx->mem, buf_str(&b));
}

static void change_rows(
    struct changes *c, const struct field *f, const struct val *a, const struct val *b)
{
	size_t an = a ? a->n : 0, bn = b ? b->n : 0;

	for (size_t i = 0; i < an || i < bn; i++) {
		const struct val *x = i < an ? a->at[i] : NULL, *y = i < bn ? b->at[i] : NULL;
		struct str row = str_fmt(c->cx->mem, "%.*s[%zu]", STR_ARG(f->name), i + 1);

		if (same(x, y))
			continue;
		if (x == NULL || y == NULL) {
			change(c, row, notice_field_label(c->cx, c->it, row), row_leaf(c, f, x),
			    row_leaf(c, f, y));
			continue;
		}
		for (size_t k = 0; k < f->columns_n; k++) {
			const struct field *column = &f->columns[k];
			const struct val *p = val_find(x, column->name),
					 *q = val_find(y, column->name);
			struct str path =
			    str_fmt(c->cx->mem, "%.*s.%.*s", STR_ARG(row), STR_ARG(column->name));

			if (column->is_public && !same(p, q))
				change(c, path, notice_field_label(c->cx, c->it, path),
				    notice_leaf(c->cx, column, p), notice_leaf(c->cx, column, q));
		}
	}
}

static struct val *agency_leaf(struct cx *cx, struct str id)
{
	const struct agency *a = domain_agency(cx->app->domain, id);

	return val_text(cx->mem, a ? label_in(a->name, cx->lang) : id);
}

static struct val *place_leaf(struct cx *cx, struct str code)
{
	const struct place *p = domain_place(cx->app->domain, code);

	return val_text(cx->mem, p ? label_in(p->name, cx->lang) : code);
}

static struct val *text_leaf(struct cx *cx, struct str text)
{
	return val_text(cx->mem, text);
}

/* The parts of a document beside its fields. */
static const struct {
	const char *path;
	struct label label;
	struct val *(*leaf)(struct cx *cx, struct str text);
} parts[] = {
#define L(zh, en)                                                                                  \
	{                                                                                          \
		{zh, sizeof(zh) - 1},                                                              \
		{                                                                                  \
			en, sizeof(en) - 1                                                         \
		}                                                                                  \
	}
    {"item", L("公开事项", "Item"), text_leaf},
    {"title", L("标题", "Title"), text_leaf},
    {"agency", L("公开主体", "Disclosed by"), agency_leaf},
    {"place", L("地区", "Place"), place_leaf},
    {"formed_on", L("形成日期", "Formed on"), text_leaf},
    {"appearance.platform", L("首次公布的平台", "First published on"), text_leaf},
    {"appearance.identity", L("该处标识", "Identity there"), text_leaf},
    {"appearance.address", L("原文网址", "Address there"), text_leaf},
    {"appearance.time", L("首次公布时间", "First published at"), text_leaf},
    {"appearance.stated_by", L("时间的说明方", "Time stated by"), text_leaf},
#undef L
};

static void change_parts(struct changes *c, const struct val *before, const struct val *after)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct val *a = val_path(before, str_of(parts[i].path)),
				 *b = val_path(after, str_of(parts[i].path));

		if (same(a, b))
			continue;
		change(c, str_of(parts[i].path), label_in(parts[i].label, c->cx->lang),
		    a ? parts[i].leaf(c->cx, a->text) : val_null(c->cx->mem),
		    b ? parts[i].leaf(c->cx, b->text) : val_null(c->cx->mem));
	}
}

/* Attachments by their digest: their order says nothing. */
static void change_attachments(
    struct changes *c, const struct val *a, const struct val *b, bool removed)
{
	VAL_EACH(i, a) {
		struct str digest = val_str(a->at[i], "sha256");
		struct val *name = val_text(c->cx->mem, val_str(a->at[i], "name")),
			   *none = val_null(c->cx->mem);
		bool there = false;

		VAL_EACH(k, b)
			there |= str_eq(val_str(b->at[k], "sha256"), digest);
		if (!there)
			change(c, STR("attachments"),
			    english(c->cx) ? STR("Attachment") : STR("附件"), removed ? name : none,
			    removed ? none : name);
	}
}

struct val *notice_changes(
    struct cx *cx, const struct item *it, const struct val *before, const struct val *after)
{
	struct changes c = {cx, it, val_list(cx->mem)};
	const struct val *old = val_at(before, "fields"), *new = val_at(after, "fields");

	change_parts(&c, before, after);
	for (size_t i = 0; i < it->fields_n; i++) {
		const struct field *f = &it->fields[i];
		const struct val *a = val_find(old, f->name), *b = val_find(new, f->name);

		if (f->document.n || !f->is_public || same(a, b))
			continue;
		if (f->columns_n)
			change_rows(&c, f, a, b);
		else
			change(&c, f->name, label_in(f->label, cx->lang), notice_leaf(cx, f, a),
			    notice_leaf(cx, f, b));
	}
	change_attachments(&c, val_at(before, "attachments"), val_at(after, "attachments"), true);
	change_attachments(&c, val_at(after, "attachments"), val_at(before, "attachments"), false);
	return c.list;
}
