/* SPDX-License-Identifier: Apache-2.0 */
/* The content of a document: single values, tables, paragraphs, by the fields of its item. */
#include "notice/notice_faces.h"

#define ROWS_PAGE 100u

struct facts {
	struct cx *cx;
	const struct notice *n;
	struct str table; /* the one that is not shown from its beginning */
	size_t from;
	struct val *facts, *tables, *texts;
};

static bool is_type(const struct field *f, const char *type)
{
	return str_is(field_type_name(f), type);
}

/* ---- single values ---- */

/* One of text, value, link, values and missing is given. */
static struct val *fact(struct facts *s, const struct field *f)
{
	static const char *const names[] = {"text", "value", "until", "link"};
	struct arena *mem = s->cx->mem;
	struct val *v = val_add(mem, s->facts, val_map(mem));

	val_set_text(mem, v, "name", f->name);
	val_set_text(mem, v, "label", label_in(f->label, s->cx->lang));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		val_put(mem, v, str_of(names[i]), val_null(mem));
	val_set(mem, v, "values", val_list(mem));
	val_set_bool(mem, v, "missing", false);
	return v;
}

static void fact_codes(struct facts *s, const struct field *f, const struct val *shown)
{
	struct val *v = fact(s, f);

	VAL_EACH(i, shown) {
		const struct val *one = shown->at[i];

		val_add(s->cx->mem, val_at(v, "values"),
		    val_text(s->cx->mem, one->label.n ? one->label : one->text));
	}
}

static void fact_single(struct facts *s, const struct field *f, const struct val *value)
{
	struct cx *cx = s->cx;
	struct val *shown = schema_show(cx->mem, cx->app->domain, f, value, cx->lang), *v;

	if (shown->kind == VAL_LIST) {
		fact_codes(s, f, shown);
		return;
	}
	v = fact(s, f);
	if (is_type(f, "period")) {
		val_set(cx->mem, v, "value", val_at(shown, "from"));
		val_set(cx->mem, v, "until", val_at(shown, "to"));
	} else if (is_type(f, "agency") && shown->kind == VAL_CODE) {
		val_set(cx->mem, v, "link", web_link(cx, "/a/", shown->text, shown->label));
	} else if (is_type(f, "place") && shown->kind == VAL_CODE) {
		val_set(cx->mem, v, "link", web_link(cx, "/r/", shown->text, shown->label));
	} else {
		struct val *leaf = notice_leaf(cx, f, value);

		val_put(cx->mem, v, leaf->kind == VAL_TEXT ? STR("text") : STR("value"), leaf);
	}
}

/* What only the system can fill, of what it knows. */
static void fact_system(struct facts *s, const struct field *f)
{
	struct val *v = fact(s, f);

	val_set_text(s->cx->mem, v, "value", T(s->cx, "尚无记录"));
}

/* ---- tables ---- */

static bool is_numeric(const struct field *f)
{
	static const char *const types[] = {"integer", "decimal", "money", "price", "percent"};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (is_type(f, types[i]))
			return true;
	return false;
}

/* Columns that no row has are left out, the same on every page of the table. */
static struct val *table_columns(struct facts *s, const struct field *f, const struct val *rows,
    const struct field **used, size_t *n_out)
{
	struct arena *mem = s->cx->mem;
	struct val *list = val_list(mem);

	*n_out = 0;
	for (size_t c = 0; c < f->columns_n; c++) {
		const struct field *column = &f->columns[c];
		bool found = false;
		struct val *v;

		for (size_t r = 0; column->is_public && !found && r < rows->n; r++)
			found = val_find(rows->at[r], column->name) != NULL;
		if (!found)
			continue;
		used[(*n_out)++] = column;
		v = val_add(mem, list, val_map(mem));
		val_set_text(mem, v, "label", label_in(column->label, s->cx->lang));
		val_set_bool(mem, v, "numeric",
		    *n_out > 1 && is_numeric(column)); /* the first heads its row */
	}
	return list;
}

static struct val *table_row(struct facts *s, const struct field *const *used, size_t n,
    const struct val *columns, const struct val *row)
{
	struct arena *mem = s->cx->mem;
	struct val *v = val_map(mem), *cells = val_list(mem);

	val_set(mem, v, "head",
	    n ? notice_leaf(s->cx, used[0], val_find(row, used[0]->name)) : val_null(mem));
	for (size_t c = 1; c < n; c++) {
		struct val *cell = val_add(mem, cells, val_map(mem));

		struct val *leaf = notice_leaf(s->cx, used[c], val_find(row, used[c]->name));

		val_set(mem, cell, "label", val_at(columns->at[c], "label"));
		/* A price in words is no number to be set flush right. */
		val_set_bool(mem, cell, "numeric",
		    val_at(columns->at[c], "numeric")->truth && leaf->kind != VAL_TEXT);
		val_set(mem, cell, "value", leaf);
	}
	val_set(mem, v, "cells", cells);
	return v;
}

static struct val *rows_link(struct facts *s, const struct field *f, size_t from, struct str label)
{
	const struct notice_row *r = &s->n->row;

	return val_link(s->cx->mem,
	    str_fmt(s->cx->mem, "/n/%.*s@%" PRId64 "?rows=%.*s.%zu", STR_ARG(r->id), r->revision,
		STR_ARG(f->name), from),
	    label);
}

static struct val *table_pages(struct facts *s, const struct field *f, size_t from, size_t total)
{
	struct arena *mem = s->cx->mem;
	struct val *v;

	if (total <= ROWS_PAGE)
		return val_null(mem);
	v = val_map(mem);
	val_set(mem, v, "previous",
	    from == 0 ? val_null(mem)
		      : rows_link(s, f, from > ROWS_PAGE ? from - ROWS_PAGE + 1 : 1,
			    T(s->cx, "← 前面的行")));
	val_set(mem, v, "next",
	    from + ROWS_PAGE >= total
		? val_null(mem)
		: rows_link(s, f, from + ROWS_PAGE + 1, T(s->cx, "后面的行 →")));
	return v;
}

static void table(struct facts *s, const struct field *f, const struct val *rows)
{
	struct arena *mem = s->cx->mem;
	const struct field **used = arena_array(mem, const struct field *, f->columns_n + 1);
	size_t from = str_eq(s->table, f->name) && s->from < rows->n ? s->from : 0, n;
	struct val *v = val_add(mem, s->tables, val_map(mem)),
		   *columns = table_columns(s, f, rows, used, &n), *list = val_list(mem);

	for (size_t r = from; r < rows->n && r < from + ROWS_PAGE; r++)
		val_add(mem, list, table_row(s, used, n, columns, rows->at[r]));
	val_set_text(mem, v, "name", f->name);
	val_set_text(mem, v, "label", label_in(f->label, s->cx->lang));
	val_set(mem, v, "note",
	    rows->n <= ROWS_PAGE
		? val_null(mem)
		: val_text(mem, str_fmt(mem, "%.*s%zu–%zu", STR_ARG(T(s->cx, "本页为第几行：")),
				    from + 1, from + list->n)));
	val_set_int(mem, v, "total", (int64_t)rows->n);
	val_set(mem, v, "columns", columns);
	val_set(mem, v, "rows", list);
	val_set(mem, v, "pages", table_pages(s, f, from, rows->n));
}

/* ---- paragraphs ---- */

/* Every line is a paragraph; tabs set cells apart. */
static struct str paragraphs(struct arena *mem, struct str text)
{
	struct buf b = buf_new(mem, 6 * text.n + 4096 + text.n * 8);
	struct str line;

	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		buf_c(&b, "<p>");
		buf_html(&b, line);
		buf_c(&b, "</p>\n");
	}
	return buf_str(&b);
}

static void text(struct facts *s, const struct field *f, const struct val *value)
{
	struct arena *mem = s->cx->mem;
	struct val *v = val_add(mem, s->texts, val_map(mem));

	val_set_text(mem, v, "name", f->name);
	val_set_text(mem, v, "label", label_in(f->label, s->cx->lang));
	val_set(mem, v, "body", val_leaf(mem, VAL_HTML, paragraphs(mem, value->text), STR_NONE));
}

/* ---- all ---- */

static void field_show(struct facts *s, const struct field *f, const struct val *value)
{
	if (value != NULL && f->identifier.n && is_type(f, "identifier"))
		return; /* stands among the codes at the head */
	if (value != NULL && value->kind == VAL_LIST && f->columns_n)
		table(s, f, value);
	else if (value != NULL && value->kind == VAL_TEXT && is_type(f, "paragraph"))
		text(s, f, value);
	else if (value != NULL)
		fact_single(s, f, value);
	else if (f->by_system)
		fact_system(s, f);
	else if (f->required == REQUIRED_YES)
		val_set_bool(s->cx->mem, fact(s, f), "missing", true);
}

void notice_facts_show(
    struct cx *cx, const struct notice *n, struct str name, int64_t from, struct val *page)
{
	struct facts s = {cx, n, name, from > 0 ? (size_t)from - 1 : 0, val_list(cx->mem),
	    val_list(cx->mem), val_list(cx->mem)};
	const struct val *fields = val_at(n->document, "fields");

	for (size_t i = 0; n->document && i < n->item->fields_n; i++) {
		const struct field *f = &n->item->fields[i];

		if (f->is_public && f->document.n == 0)
			field_show(&s, f, val_find(fields, f->name));
	}
	val_set_bool(cx->mem, page, "facts_any", n->document != NULL);
	val_set(cx->mem, page, "facts", s.facts);
	val_set(cx->mem, page, "tables", s.tables);
	val_set(cx->mem, page, "texts", s.texts);
}
