/* SPDX-License-Identifier: Apache-2.0 */
/* Values for people: as typed leaves for a page, as words for plain text and search. */
#include "schema/types_priv.h"

#define TEXT_MAX ((size_t)8 << 20)

static struct str words(struct showing *s, const char *zh, const char *en)
{
	return str_of(s->lang && strcmp(s->lang, "en") == 0 ? en : zh);
}

/* ---- texts ---- */
static struct val *text_leaf(struct showing *s, const struct val *v)
{
	return v->kind == VAL_TEXT ? val_text(s->mem, v->text) : val_null(s->mem);
}

#define SHOWN_AS_TEXT(name)                                                                        \
	struct val *show_##name(struct showing *s, const struct field *f, const struct val *v)     \
	{                                                                                          \
		(void)f;                                                                           \
		return text_leaf(s, v);                                                            \
	}                                                                                          \
	void text_##name(                                                                          \
	    struct showing *s, struct buf *b, const struct field *f, const struct val *v)          \
	{                                                                                          \
		(void)s;                                                                           \
		(void)f;                                                                           \
		buf_add(b, v->text);                                                               \
	}
SHOWN_AS_TEXT(text)
SHOWN_AS_TEXT(paragraph)
SHOWN_AS_TEXT(identifier)
SHOWN_AS_TEXT(coordinates)

/* ---- numbers ---- */
struct val *show_integer(struct showing *s, const struct field *f, const struct val *v)
{
	if (v->kind != VAL_INT)
		return val_null(s->mem);
	return f->unit.n ? val_leaf(s->mem, VAL_DECIMAL, str_fmt(s->mem, "%" PRId64, v->i), f->unit)
			 : val_int(s->mem, v->i);
}

void text_integer(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	buf_int(b, v->i);
	buf_add(b, f->unit);
}

struct val *show_decimal(struct showing *s, const struct field *f, const struct val *v)
{
	return v->kind == VAL_TEXT ? val_leaf(s->mem, VAL_DECIMAL, v->text, f->unit)
				   : val_null(s->mem);
}

void text_decimal(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	buf_add(b, decimal_group(s->mem, v->text));
	buf_add(b, f->unit);
}

struct val *show_percent(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return v->kind == VAL_TEXT ? val_leaf(s->mem, VAL_DECIMAL, v->text, STR("%"))
				   : val_null(s->mem);
}

void text_percent(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	(void)f;
	buf_add(b, v->text);
	buf_char(b, '%');
}

struct val *show_money(struct showing *s, const struct field *f, const struct val *v)
{
	struct str amount = val_str(v, "amount");

	(void)f;
	return amount.n ? val_money(s->mem, amount, val_str(v, "unit")) : val_null(s->mem);
}

void text_money(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)f;
	buf_add(b, decimal_group(s->mem, val_str(v, "amount")));
	buf_add(b, val_str(v, "unit"));
}

struct val *show_price(struct showing *s, const struct field *f, const struct val *v)
{
	struct str percent = val_str(v, "percent"), as_words = val_str(v, "words");

	if (percent.n)
		return val_leaf(s->mem, VAL_DECIMAL, percent, STR("%"));
	return as_words.n ? val_text(s->mem, as_words) : show_money(s, f, v);
}

void text_price(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	struct str percent = val_str(v, "percent"), as_words = val_str(v, "words");

	if (percent.n) {
		buf_add(b, percent);
		buf_char(b, '%');
	} else if (as_words.n) {
		buf_add(b, as_words);
	} else {
		text_money(s, b, f, v);
	}
}

/* ---- dates ---- */
static struct val *when_leaf(struct showing *s, const struct val *v)
{
	if (v == NULL || v->kind != VAL_TEXT)
		return val_null(s->mem);
	return v->text.n == 10 ? val_date(s->mem, v->text) : val_instant(s->mem, v->text);
}

/* 2026-03-16, 2026-03-16 08:42; the zone is always +08:00 */
static void when_text(struct buf *b, const struct val *v)
{
	if (v == NULL || v->kind != VAL_TEXT)
		return;
	buf_add(b, str_cut(v->text, 0, 10));
	if (v->text.n > 16) {
		buf_char(b, ' ');
		buf_add(b, str_cut(v->text, 11, str_is(str_cut(v->text, 16, 19), ":00") ? 16 : 19));
	}
}

struct val *show_date(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return when_leaf(s, v);
}

void text_date(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	(void)f;
	when_text(b, v);
}

struct val *show_datetime(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return when_leaf(s, v);
}

void text_datetime(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	(void)f;
	when_text(b, v);
}

struct val *show_period(struct showing *s, const struct field *f, const struct val *v)
{
	struct val *map = val_map(s->mem);

	(void)f;
	val_set(s->mem, map, "from", when_leaf(s, val_at(v, "from")));
	val_set(s->mem, map, "to", when_leaf(s, val_at(v, "to")));
	return map;
}

void text_period(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)f;
	when_text(b, val_at(v, "from"));
	buf_add(b, words(s, "至", " to "));
	when_text(b, val_at(v, "to"));
}

/* ---- words of lists ---- */
struct val *show_yesno(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return v->truth ? val_code(s->mem, STR("yes"), words(s, "是", "Yes"))
			: val_code(s->mem, STR("no"), words(s, "否", "No"));
}

void text_yesno(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)f;
	buf_add(b, v->truth ? words(s, "是", "Yes") : words(s, "否", "No"));
}

struct val *show_code(struct showing *s, const struct field *f, const struct val *v)
{
	const struct code *c = f->codes ? map_get(&f->codes->by_code, v->text) : NULL;

	return c ? val_code(s->mem, c->code, label_in(c->label, s->lang)) : text_leaf(s, v);
}

void text_code(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	const struct code *c = f->codes ? map_get(&f->codes->by_code, v->text) : NULL;

	buf_add(b, c ? label_in(c->label, s->lang) : v->text);
}

struct val *show_codes(struct showing *s, const struct field *f, const struct val *v)
{
	struct val *list = val_list(s->mem);

	VAL_EACH(i, v)
		val_add(s->mem, list, show_code(s, f, v->at[i]));
	return list;
}

void text_codes(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	VAL_EACH(i, v) {
		if (i)
			buf_add(b, words(s, "、", ", "));
		text_code(s, b, f, v->at[i]);
	}
}

struct val *show_place(struct showing *s, const struct field *f, const struct val *v)
{
	const struct place *p = domain_place(s->d, v->text);

	(void)f;
	return p ? val_code(s->mem, p->code, label_in(p->name, s->lang)) : text_leaf(s, v);
}

void text_place(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	const struct place *p = domain_place(s->d, v->text);

	(void)f;
	buf_add(b, p ? label_in(p->name, s->lang) : v->text);
}

struct val *show_agency(struct showing *s, const struct field *f, const struct val *v)
{
	const struct agency *a = domain_agency(s->d, v->text);

	(void)f;
	return a ? val_code(s->mem, a->id, label_in(a->name, s->lang)) : text_leaf(s, v);
}

void text_agency(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	const struct agency *a = domain_agency(s->d, v->text);

	(void)f;
	buf_add(b, a ? label_in(a->name, s->lang) : v->text);
}

/* ---- parties ---- */
static struct val *text_or_null(struct showing *s, struct str t)
{
	return t.n ? val_text(s->mem, t) : val_null(s->mem);
}

struct val *show_organisation(struct showing *s, const struct field *f, const struct val *v)
{
	struct val *map = val_map(s->mem);

	(void)f;
	val_set(s->mem, map, "name", text_or_null(s, val_str(v, "name")));
	val_set(s->mem, map, "code", text_or_null(s, val_str(v, "code")));
	return map;
}

void text_organisation(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	struct str code = val_str(v, "code");

	(void)s;
	(void)f;
	buf_add(b, val_str(v, "name"));
	if (code.n)
		buf_fmt(b, " %.*s", STR_ARG(code));
}

struct val *show_person(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return text_or_null(s, val_str(v, "name"));
}

void text_person(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	(void)f;
	buf_add(b, val_str(v, "name"));
}

struct val *show_attachment(struct showing *s, const struct field *f, const struct val *v)
{
	(void)f;
	return v->kind == VAL_MAP ? val_copy(s->mem, v) : text_leaf(s, v);
}

void text_attachment(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	(void)s;
	(void)f;
	buf_add(b, v->kind == VAL_MAP ? val_str(v, "name") : v->text);
}

/* ---- tables ---- */
static struct val *column_shown(struct showing *s, const struct field *c)
{
	struct val *map = val_map(s->mem);

	val_set_text(s->mem, map, "name", c->name);
	val_set_text(s->mem, map, "label", label_in(c->label, s->lang));
	val_set_bool(s->mem, map, "numeric", c->type->number != NULL);
	return map;
}

/* {columns: [{name, label, numeric}], rows: [[leaf or null]]}; columns that no row has are left out. */
struct val *show_rows(struct showing *s, const struct field *f, const struct val *v)
{
	struct val *map = val_map(s->mem), *columns = val_list(s->mem), *rows = val_list(s->mem);
	bool *used = arena_array(s->mem, bool, f->columns_n + 1);

	VAL_EACH(r, v)
		for (size_t i = 0; i < f->columns_n; i++)
			used[i] |= f->columns[i].is_public &&
				   val_find(v->at[r], f->columns[i].name) != NULL;
	for (size_t i = 0; i < f->columns_n; i++)
		if (used[i])
			val_add(s->mem, columns, column_shown(s, &f->columns[i]));
	VAL_EACH(r, v) {
		struct val *row = val_list(s->mem);

		for (size_t i = 0; i < f->columns_n; i++) {
			const struct field *c = &f->columns[i];
			const struct val *cell = used[i] ? val_find(v->at[r], c->name) : NULL;

			if (used[i])
				val_add(s->mem, row,
				    cell ? c->type->show(s, c, cell) : val_null(s->mem));
		}
		val_add(s->mem, rows, row);
	}
	val_set(s->mem, map, "columns", columns);
	val_set(s->mem, map, "rows", rows);
	return map;
}

void text_rows(struct showing *s, struct buf *b, const struct field *f, const struct val *v)
{
	VAL_EACH(r, v) {
		bool first = true;

		for (size_t i = 0; i < f->columns_n; i++) {
			const struct field *c = &f->columns[i];
			const struct val *cell = val_find(v->at[r], c->name);

			if (cell == NULL || !c->is_public)
				continue;
			buf_add(b, first ? (r ? STR("\n") : STR("")) : words(s, "；", "; "));
			buf_add(b, label_in(c->label, s->lang));
			buf_add(b, words(s, "：", ": "));
			c->type->text(s, b, c, cell);
			first = false;
		}
	}
}

/* ---- a value, a document ---- */
struct val *schema_show(struct arena *mem, const struct domain *d, const struct field *f,
    const struct val *value, const char *lang)
{
	struct showing s = {.mem = mem, .d = d, .lang = lang};

	if (value == NULL || value->kind == VAL_NULL)
		return val_null(mem);
	return f->type ? f->type->show(&s, f, value) : text_leaf(&s, value);
}

struct str schema_words(struct arena *mem, const struct domain *d, const struct field *f,
    const struct val *value, const char *lang)
{
	struct showing s = {.mem = mem, .d = d, .lang = lang};
	struct buf b = buf_new(mem, TEXT_MAX);

	if (value && f->type)
		f->type->text(&s, &b, f, value);
	else if (value)
		buf_add(&b, value->text);
	return buf_str(&b);
}

/* Numbers that people read with commas stand once more, as digits alone, behind everything else. */
static void search_digits(struct buf *digits, const struct field *f, const struct val *v)
{
	struct decimal d;
	struct str amount = v->kind == VAL_MAP ? val_str(v, "amount") : v->text;

	if (f->type->number == NULL || !f->type->number(v, &d))
		return;
	if (v->kind == VAL_INT && (v->i > 999 || v->i < -999))
		buf_fmt(digits, "%" PRId64 " ", v->i);
	else if (amount.n > 3)
		buf_fmt(digits, "%.*s ", STR_ARG(amount));
}

static void search_value(struct showing *s, struct buf *b, struct buf *digits,
    const struct field *f, const struct val *v)
{
	size_t before = b->n;

	if (f->columns_n) {
		VAL_EACH(r, v) {
			for (size_t i = 0; i < f->columns_n; i++) {
				const struct field *c = &f->columns[i];
				const struct val *cell = val_find(v->at[r], c->name);

				if (cell && c->search && c->is_public)
					search_value(s, b, digits, c, cell);
			}
		}
		return;
	}
	search_digits(digits, f, v);
	f->type->text(s, b, f, v);
	if (b->n > before)
		buf_char(b, '\n');
}

struct str schema_search_text(
    struct arena *mem, const struct domain *d, const struct item *it, const struct val *document)
{
	struct showing s = {.mem = mem, .d = d, .lang = "zh"};
	struct buf b = buf_new(mem, TEXT_MAX), digits = buf_new(mem, TEXT_MAX);
	const struct val *fields = val_at(document, "fields"),
			 *attachments = val_at(document, "attachments");

	buf_add(&b, val_str(document, "title"));
	buf_char(&b, '\n');
	for (size_t i = 0; i < it->fields_n; i++) {
		const struct field *f = &it->fields[i];
		const struct val *v =
		    f->type && f->is_public && f->search ? val_find(fields, f->name) : NULL;

		if (v)
			search_value(&s, &b, &digits, f, v);
	}
	VAL_EACH(i, attachments) {
		buf_add(&b, val_str(attachments->at[i], "name"));
		buf_char(&b, '\n');
	}
	buf_add(&b, buf_str(&digits));
	return buf_str(&b);
}

static void line(struct showing *s, struct buf *b, struct str label, struct str value)
{
	if (value.n == 0)
		return;
	buf_add(b, label);
	buf_add(b, words(s, "：", ": "));
	buf_add(b, value);
	buf_char(b, '\n');
}

static void head_text(
    struct showing *s, struct buf *b, const struct item *it, const struct val *document)
{
	const struct agency *a = domain_agency(s->d, val_str(document, "agency"));
	const struct place *p = domain_place(s->d, val_str(document, "place"));
	const struct val *appearance = val_at(document, "appearance");

	buf_add(b, val_str(document, "title"));
	buf_char(b, '\n');
	line(s, b, words(s, "公开事项", "Item"), label_in(it->title, s->lang));
	line(s, b, words(s, "公开主体", "Disclosed by"),
	    a ? label_in(a->name, s->lang) : val_str(document, "agency"));
	line(s, b, words(s, "地区", "Place"),
	    p ? label_in(p->name, s->lang) : val_str(document, "place"));
	line(s, b, words(s, "形成日期", "Formed on"), val_str(document, "formed_on"));
	line(s, b, words(s, "首次公布", "First published"), val_str(appearance, "platform"));
	line(s, b, words(s, "首次公布时间", "First published at"), val_str(appearance, "time"));
	line(s, b, words(s, "原文地址", "Original"), val_str(appearance, "address"));
}

struct str schema_text(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, const char *lang)
{
	struct showing s = {.mem = mem, .d = d, .lang = lang};
	struct buf b = buf_new(mem, TEXT_MAX);
	const struct val *fields = val_at(document, "fields"),
			 *attachments = val_at(document, "attachments");

	head_text(&s, &b, it, document);
	for (size_t i = 0; i < it->fields_n; i++) {
		const struct field *f = &it->fields[i];
		const struct val *v = f->type && f->is_public ? val_find(fields, f->name) : NULL;

		if (v == NULL)
			continue;
		buf_add(&b, label_in(f->label, lang));
		buf_add(&b, f->columns_n ? STR("\n") : words(&s, "：", ": "));
		f->type->text(&s, &b, f, v);
		buf_char(&b, '\n');
	}
	VAL_EACH(i, attachments)
		line(&s, &b, words(&s, "附件", "Attachment"), val_str(attachments->at[i], "name"));
	return buf_str(&b);
}
