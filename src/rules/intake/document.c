/* SPDX-License-Identifier: Apache-2.0 */
/* A group of source rows becomes a document and the issues of reading it. */
#include "crypto/crypto.h"
#include "intake/intake_priv.h"
#include "text/text.h"

#define IDENTITY_MAX 500u /* bytes: it is the key of an index */

struct making {
	struct arena *mem;
	const struct domain *domain;
	const struct profile *profile;
	const struct profile_item *chosen;
	const struct source_group *group;
	struct draft *out;
};

static void issue(
    struct making *m, struct str field, const char *rule, struct str value, struct str message)
{
	issue_add(m->mem, &m->out->issues,
	    (struct issue){.field = field,
		.rule = str_of(rule),
		.value = value,
		.message = message,
		.severity = SEVERITY_ERROR});
}

static const struct source_row *first_row(const struct making *m)
{
	return m->group->first;
}

static struct str value_of(struct making *m, const struct profile_value *v)
{
	return value_text(m->mem, v, first_row(m), NULL);
}

/* A date, or a date-time at +08:00 where the source has a clock time. NULL and an issue when it is neither. */
static struct val *when_read(struct making *m, struct str field, struct str label, struct str text)
{
	int32_t day, clock;

	if (!date_parse_loose(text, &day, &clock)) {
		issue(m, field, "date-form", text,
		    str_fmt(m->mem,
			"%.*s的“%.*s”不是可识别的日期,应写作 2026-03-16 或 2026-03-16 09:30",
			STR_ARG(label), STR_ARG(text)));
		return NULL;
	}
	if (clock < 0)
		return val_text(m->mem, date_print(m->mem, day));
	return val_text(
	    m->mem, instant_print(m->mem, (int64_t)day * 86400 + clock - (int64_t)8 * 3600));
}

/* ---- fields ---- */
static struct val *period_read(struct making *m, const struct profile_value *v,
    const struct field *f, const struct source_row *row)
{
	const struct profile_value *ends[] = {v->start, v->end};
	static const char *const names[] = {"from", "to"};
	struct val *out = val_map(m->mem), *end;
	struct str text;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		text = ends[i] ? value_text(m->mem, ends[i], row, NULL) : STR("");
		end = text.n ? when_read(m, f->name, f->label.zh, text) : NULL;
		if (end)
			val_put(m->mem, out, str_of(names[i]), end);
	}
	return out->n ? out : NULL;
}

static struct val *field_read(struct making *m, const struct profile_value *v,
    const struct field *f, const struct source_row *row);

static const struct profile_field *profile_column(
    const struct profile_fields *columns, struct str name)
{
	for (size_t i = 0; i < columns->n; i++)
		if (str_eq(columns->at[i].name, name))
			return &columns->at[i];
	return NULL;
}

/* One row of a table; issues get the row's number: candidates[2].price. */
static void row_read(struct making *m, const struct profile_value *v, const struct field *f,
    const struct source_row *row, struct val *list)
{
	struct val *out = val_map(m->mem), *cell;
	size_t before = m->out->issues.n;

	for (size_t i = 0; i < f->columns_n; i++) {
		const struct profile_field *pf = profile_column(&v->columns, f->columns[i].name);

		cell = pf ? field_read(m, pf->value, &f->columns[i], row) : NULL;
		if (cell)
			val_put(m->mem, out, f->columns[i].name, cell);
		for (; before < m->out->issues.n; before++)
			m->out->issues.at[before].field = str_fmt(m->mem, "%.*s[%zu].%.*s",
			    STR_ARG(f->name), list->n + 1, STR_ARG(f->columns[i].name));
	}
	if (out->n)
		val_add(m->mem, list, out);
}

static struct val *rows_read(struct making *m, const struct profile_value *v, const struct field *f)
{
	struct val *list = val_list(m->mem);
	const struct val *tree = v->rows ? first_row(m)->tree : NULL;

	for (size_t i = 0; v->rows && tree && i < v->rows->parts.n; i++)
		tree = val_find(tree, v->rows->parts.at[i]);
	if (tree && tree->kind == VAL_LIST)
		VAL_EACH(i, tree)
			row_read(m, v, f, &(struct source_row){.tree = tree->at[i]}, list);
	for (const struct source_row *row = v->rows ? NULL : m->group->first; row; row = row->next)
		row_read(m, v, f, row, list);
	return list->n ? list : NULL;
}

static struct val *words_value(struct arena *mem, struct str text)
{
	struct val *out = val_map(mem);

	val_set_text(mem, out, "words", text);
	return out;
}

static struct val *field_read(struct making *m, const struct profile_value *v,
    const struct field *f, const struct source_row *row)
{
	const struct profile_value *taken;
	struct str text, code;
	struct val *out;

	for (; v && v->kind == VALUE_ROWS; v = v->next)
		if (tests_hold(m->mem, &v->when, row) && (out = rows_read(m, v, f)))
			return out;
	for (; v && v->kind == VALUE_PERIOD; v = v->next)
		if (tests_hold(m->mem, &v->when, row) && (out = period_read(m, v, f, row)))
			return out;
	text = value_text(m->mem, v, row, &taken);
	if (!text.n)
		return NULL;
	if (taken->words)
		return words_value(m->mem, text);
	out = schema_read(m->mem, m->domain, f, text, &m->out->issues);
	code = taken->code ? value_text(m->mem, taken->code, row, NULL) : STR("");
	if (out && out->kind == VAL_MAP && code.n)
		val_set_text(m->mem, out, "code", code);
	return out;
}

static void fields_read(struct making *m, const struct profile_fields *fields,
    const struct profile_fields *unless, struct val *out)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct field *f = map_get(&m->chosen->item->by_name, fields->at[i].name);
		struct val *v;

		if (!f || (unless && profile_column(unless, fields->at[i].name)))
			continue;
		v = field_read(m, fields->at[i].value, f, first_row(m));
		if (v)
			val_put(m->mem, out, f->name, v);
	}
}

static bool has_issue(const struct making *m, struct str field)
{
	for (size_t i = 0; i < m->out->issues.n; i++)
		if (str_eq(m->out->issues.at[i].field, field))
			return true;
	return false;
}

static void must_check(struct making *m, const struct val *fields)
{
	for (size_t i = 0; i < m->profile->must.n; i++) {
		const struct field *f = map_get(&m->chosen->item->by_name, m->profile->must.at[i]);

		if (!f || val_find(fields, f->name) || has_issue(m, f->name))
			continue;
		issue(m, f->name, "must-missing", STR(""),
		    str_fmt(m->mem, "来源没有%.*s，而导入方案%.*s要求必须有", STR_ARG(f->label.zh),
			STR_ARG(m->profile->name)));
	}
}

/* ---- the whole ---- */
static void choose_item(struct making *m)
{
	const struct profile *p = m->profile;
	const struct profile_tests *when; /* of the first item: says which columns tell */
	struct buf seen = buf_new(m->mem, 1024);

	BUG_ON(p->items.at == NULL); /* a profile without items is refused */
	when = &p->items.at[0].when;
	for (size_t i = 0; i < p->items.n && !m->chosen; i++)
		if (tests_hold(m->mem, &p->items.at[i].when, first_row(m)))
			m->chosen = &p->items.at[i];
	if (m->chosen)
		return;
	for (size_t i = 0; i < when->n; i++) {
		buf_c(&seen, i ? ", " : "");
		buf_add(&seen, source_text(m->mem, first_row(m), when->at[i].path));
	}
	issue(m, STR("item"), "item-unmapped", buf_str(&seen),
	    str_fmt(m->mem, "“%.*s”没有对应的公开事项：在导入方案%.*s的items中补上",
		STR_ARG(buf_str(&seen)), STR_ARG(p->name)));
}

static void appearance_make(struct making *m, struct val *document, struct str identity)
{
	const struct profile *p = m->profile;
	struct val *out = val_map(m->mem), *time;
	struct str address = p->address ? value_of(m, p->address) : STR(""),
		   when = p->time ? value_of(m, p->time) : STR("");
	struct str stated_by = p->stated_by ? value_of(m, p->stated_by) : STR("");

	val_set_text(m->mem, out, "platform", p->platform);
	val_set_text(m->mem, out, "identity", identity);
	if (address.n)
		val_set_text(m->mem, out, "address", address);
	time = when.n ? when_read(m, STR("appearance.time"), STR("首次公布时间"), when) : NULL;
	if (time)
		val_set(m->mem, out, "time", time);
	if (stated_by.n)
		val_set_text(m->mem, out, "stated_by", stated_by);
	val_set(m->mem, document, "appearance", out);
}

static void formed_on_make(struct making *m, struct val *document)
{
	struct str text = value_of(m, m->profile->date);
	struct val *day = text.n ? when_read(m, STR("formed_on"), STR("形成日期"), text) : NULL;

	if (!text.n)
		issue(m, STR("formed_on"), "date-missing", STR(""), STR("没有日期"));
	if (day)
		val_set_text(m->mem, document, "formed_on", str_cut(day->text, 0, 10));
}

static struct val *document_make(struct making *m, struct str identity)
{
	const struct profile *p = m->profile;
	struct val *document = val_map(m->mem), *fields = val_map(m->mem);
	struct str place = value_of(m, p->place);
	const struct place *known = domain_place_of(m->domain, p->platform, place);

	if (m->chosen)
		val_set_text(m->mem, document, "item", m->chosen->ref);
	val_set_text(m->mem, document, "agency", value_of(m, p->agency));
	val_set_text(m->mem, document, "place", known ? known->code : place);
	val_set_text(m->mem, document, "title", value_of(m, p->title));
	formed_on_make(m, document);
	if (identity.n > IDENTITY_MAX)
		issue(m, STR("appearance.identity"), "identity-too-long", text_head(identity, 40),
		    str_fmt(
			m->mem, "来源给出的标识有%zu字节，最多%u字节", identity.n, IDENTITY_MAX));
	else if (identity.n)
		appearance_make(m, document, identity);
	else
		issue(m, STR("appearance.identity"), "identity-missing", STR(""),
		    STR("来源没有给出这条公告的标识"));
	if (m->chosen) {
		fields_read(m, &p->fields, &m->chosen->fields, fields);
		fields_read(m, &m->chosen->fields, NULL, fields);
		must_check(m, fields);
	}
	val_set(m->mem, document, "fields", fields);
	return document;
}

static void row_disagrees(
    struct making *m, const struct profile_path *path, const struct source_row *row)
{
	struct str said = str_trim(source_text(m->mem, first_row(m), path)),
		   other = str_trim(source_text(m->mem, row, path));

	issue_add(m->mem, &m->out->issues,
	    (struct issue){.field = path->text,
		.rule = STR("rows-disagree"),
		.value = other,
		.message = str_fmt(m->mem,
		    "同一公告的各行在“%.*s”上不一致：第%u行是“%.*s”，第%u行是“%.*s”",
		    STR_ARG(path->text), first_row(m)->line, STR_ARG(text_head(said, 60)),
		    row->line, STR_ARG(text_head(other, 60))),
		.severity = SEVERITY_ERROR,
		.waivable = true}); /* then the first row counts */
}

/* What a notice says once, its rows say alike: else a bad row would go unseen behind a good one. */
static void rows_agree(struct making *m)
{
	for (const struct profile_path *p = m->profile->paths; p; p = p->all) {
		struct str said;

		if (p->cell)
			continue;
		said = str_trim(source_text(m->mem, first_row(m), p));
		for (const struct source_row *row = first_row(m)->next; row; row = row->next) {
			if (str_eq(said, str_trim(source_text(m->mem, row, p))))
				continue;
			row_disagrees(m, p, row);
			break;
		}
	}
}

/* Rows without an identity are told apart by what they are. */
static struct str raw_key(struct arena *mem, const struct source_group *g)
{
	struct str parts[2] = {g->first->raw, g->first->next ? g->first->next->raw : STR("")};
	struct hash h;

	h = crypto_sha256_parts(parts, ARRAY_SIZE(parts));
	return str_cut(hash_hex(mem, &h), 0, 32);
}

void draft_make(struct arena *mem, const struct domain *d, const struct profile *p,
    const struct source_group *g, struct draft *out)
{
	struct making m = {.mem = mem, .domain = d, .profile = p, .group = g, .out = out};
	struct source_row *row = g->first;
	struct str identity;

	*out = (struct draft){.group = g};
	if (!source_row_parse(mem, p, row)) {
		out->failed = true;
		out->key = raw_key(mem, g);
		issue(&m, STR(""), "unreadable", STR(""),
		    str_fmt(mem, "这一行无法读取：%.*s", STR_ARG(row->defect)));
		return;
	}
	identity = value_of(&m, p->identity);
	out->key = identity.n && identity.n <= IDENTITY_MAX ? identity : raw_key(mem, g);
	choose_item(&m);
	out->item = m.chosen ? m.chosen->item : NULL;
	out->document = document_make(&m, identity);
	rows_agree(&m);
	if (p->format == SOURCE_JSONL && !p->group && !p->whole)
		row->tree = NULL; /* it lives in this batch's memory only */
}
