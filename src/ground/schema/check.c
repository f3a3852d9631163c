/* SPDX-License-Identifier: Apache-2.0 */
/* A document against its item: its parts, its fields by type, what is required, the rules between fields, and every text of it. */
#include "schema/rules_priv.h"
#include "schema/types_priv.h"
#include "base/list.h"

/* ---- issues ---- */
static const struct {
	const char *code;
	enum severity form, import, row;
	bool waivable;
	struct str sentence;
} rules[] = {
#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define X(name, code, form, import, row, waivable, sentence)                                       \
	[name] = {code, form, import, row, waivable, {sentence, sizeof(sentence) - 1}},
    SCHEMA_RULES(X)
#undef X
#undef E
#undef W
};

const char *schema_rule_code(enum schema_rule rule)
{
	return rules[rule].code;
}

static const struct fill *fill_find(const struct fill *fills, struct str name)
{
	for (; fills && fills->name.p; fills++)
		if (str_eq(fills->name, name))
			return fills;
	return NULL;
}

struct str sentence_fill(struct arena *mem, struct str sentence, const struct fill *fills)
{
	struct buf b = buf_new(mem, 1 << 16);
	size_t at = 0, open, close;

	while (
	    str_find(sentence, STR("{"), at, &open) && str_find(sentence, STR("}"), open, &close)) {
		const struct fill *f = fill_find(fills, str_cut(sentence, open + 1, close));

		buf_add(&b, str_cut(sentence, at, open));
		if (f)
			buf_add(&b, f->text);
		at = close + 1;
	}
	buf_add(&b, str_cut(sentence, at, sentence.n));
	return buf_str(&b);
}

struct str sentence_near(struct arena *mem, const struct map *known, struct str word)
{
	struct str near = near_word(known, word);

	return near.n ? str_fmt(mem, "，是不是“%.*s”？", STR_ARG(near)) : STR("");
}

struct str check_path(const struct checking *c, const struct field *f)
{
	const struct field *rows = f->rows ? f->rows : c->rows;

	if (rows == NULL || rows == f)
		return f->name;
	if (c->row == 0)
		return str_fmt(c->mem, "%.*s.%.*s", STR_ARG(rows->name), STR_ARG(f->name));
	return str_fmt(c->mem, "%.*s[%zu].%.*s", STR_ARG(rows->name), c->row, STR_ARG(f->name));
}

/* The field's label, with its table and row: 中标候选人第2行报价. */
static struct str label_path(const struct checking *c, const struct field *f)
{
	const struct field *rows = f->rows ? f->rows : c->rows;

	if (rows == NULL || rows == f)
		return f->label.zh;
	if (c->row == 0)
		return str_fmt(c->mem, "%.*s的%.*s", STR_ARG(rows->label.zh), STR_ARG(f->label.zh));
	return str_fmt(
	    c->mem, "%.*s第%zu行的%.*s", STR_ARG(rows->label.zh), c->row, STR_ARG(f->label.zh));
}

/* Long values are cut in sentences; the issue keeps more of them beside. */
static struct str brief(struct arena *mem, struct str s)
{
	struct str head = text_head(s, 60);

	return head.n < s.n ? str_fmt(mem, "%.*s…", STR_ARG(head)) : s;
}

static void fills_add(struct fill *all, size_t *n, const struct fill *extra)
{
	for (; extra && extra->name.p && *n < FILL_MAX; extra++)
		all[(*n)++] = *extra;
	all[*n] = (struct fill){STR_NONE, STR_NONE};
}

void check_issue(
    struct checking *c, enum schema_rule rule, struct str value, const struct fill *extra)
{
	struct fill fills[FILL_MAX + 1];
	size_t n = 0;
	enum severity severity = c->mode == CHECK_FORM ? rules[rule].form
				 : c->rows	       ? rules[rule].row
						       : rules[rule].import;

	if (c->f)
		fills[n++] = (struct fill){STR("field"), label_path(c, c->f)};
	fills[n++] = (struct fill){STR("value"), brief(c->mem, value)};
	fills_add(fills, &n, extra);
	issue_add(c->mem, c->issues,
	    (struct issue){
		.field = c->f ? check_path(c, c->f) : c->part,
		.rule = str_of(rules[rule].code),
		.value = value,
		.message = sentence_fill(c->mem, rules[rule].sentence, fills),
		.severity = severity,
		.waivable = rules[rule].waivable,
	    });
}

void read_issue(
    struct reading *r, enum schema_rule rule, struct str value, const struct fill *extra)
{
	bool date = rule == RULE_T_DATE || rule == RULE_T_DATETIME || rule == RULE_T_PERIOD;
	const struct rule *form = date ? domain_rule_by_check(r->d, STR("date-form")) : NULL;
	struct fill fills[FILL_MAX + 1] = {
	    {STR("field"), r->f->label.zh}, {STR("value"), brief(r->mem, value)}};
	size_t n = 2;

	fills_add(fills, &n, extra);
	issue_add(r->mem, r->issues,
	    (struct issue){
		.field = r->f->rows ? str_fmt(r->mem, "%.*s.%.*s", STR_ARG(r->f->rows->name),
					  STR_ARG(r->f->name))
				    : r->f->name,
		.rule = form ? form->name : str_of(rules[rule].code),
		.value = value,
		.message =
		    sentence_fill(r->mem, form ? form->sentence.zh : rules[rule].sentence, fills),
		.severity = form	 ? form->severity
			    : r->f->rows ? rules[rule].row
					 : rules[rule].import,
		.waivable = form ? form->waivable : rules[rule].waivable,
	    });
}

/* ---- fields ---- */
static void required_check(struct checking *c, const struct field *f)
{
	c->f = f;
	if (c->mode == CHECK_FORM && f->required == REQUIRED_YES && !f->by_system && f->type)
		check_issue(c, RULE_REQUIRED, STR(""), NULL);
}

static void value_check(struct checking *c, const struct field *f, const struct val *v)
{
	c->f = f;
	if (f->by_system)
		check_issue(c, RULE_SYSTEM, STR(""), NULL);
	else if (!f->is_public)
		check_issue(c, RULE_PRIVATE, STR(""), NULL);
	else
		f->type->check(c, v);
}

static void cells_check(
    struct checking *c, const struct field *f, const struct val *v, const struct val **cells)
{
	VAL_EACH(r, v) {
		const struct val *row = v->at[r];

		c->row = r + 1;
		VAL_EACH(k, row) {
			const struct field *column = NULL;

			for (size_t i = 0; i < f->columns_n && column == NULL; i++)
				if (str_eq(f->columns[i].name, row->keys[k])) {
					column = &f->columns[i];
					cells[r * f->columns_n + i] = row->at[k];
				}
			if (column)
				value_check(c, column, row->at[k]);
			else {
				c->f = f;
				check_issue(c, RULE_FIELD, row->keys[k], NULL);
			}
		}
		for (size_t i = 0; i < f->columns_n; i++)
			if (cells[r * f->columns_n + i] == NULL)
				required_check(c, &f->columns[i]);
	}
}

void check_rows(struct checking *c, const struct val *v)
{
	const struct field *f = c->f;
	size_t at = (size_t)(f - c->it->fields);
	bool good = v->kind == VAL_LIST && v->n > 0 && v->n <= 100000;

	VAL_EACH(r, v)
		good = good && v->at[r]->kind == VAL_MAP;
	if (!good) {
		check_issue(c, RULE_T_ROWS, STR(""), NULL);
		return;
	}
	c->cells[at] = arena_array(c->mem, const struct val *, v->n * f->columns_n);
	c->rows = f;
	cells_check(c, f, v, c->cells[at]);
	c->rows = NULL;
	c->row = 0;
}

static void fields_check(struct checking *c)
{
	const struct val *fields = val_at(c->document, "fields");
	const struct item *it = c->it;

	VAL_EACH(i, fields) {
		const struct field *f = map_get(&it->by_name, fields->keys[i]);

		c->f = NULL;
		c->part = fields->keys[i];
		if (f && f->type)
			c->values[f - it->fields] = fields->at[i];
		else
			check_issue(c, RULE_FIELD, fields->keys[i],
			    (struct fill[]){
				{STR("near"), sentence_near(c->mem, &it->by_name, fields->keys[i])},
				{STR_NONE, STR_NONE}});
	}
	for (size_t i = 0; i < it->fields_n; i++) {
		if (c->values[i])
			value_check(c, &it->fields[i], c->values[i]);
		else
			required_check(c, &it->fields[i]);
	}
	c->f = NULL;
}

/* ---- the parts every document has ---- */
static void part_issue(struct checking *c, const char *part, enum schema_rule rule,
    struct str value, const struct map *known)
{
	c->part = str_of(part);
	check_issue(c, rule, value,
	    (struct fill[]){{STR("near"), known ? sentence_near(c->mem, known, value) : STR("")},
		{STR_NONE, STR_NONE}});
}

static bool text_or_absent(const struct val *v)
{
	return v == NULL || (v->kind == VAL_TEXT && v->text.n);
}

static bool moment_is_good(struct str s)
{
	int32_t day;
	int64_t instant;

	return s.n == 10 ? date_parse(s, &day) : instant_parse(s, &instant);
}

static void appearance_check(struct checking *c, const struct val *a)
{
	static const char *const members[] = {
	    "platform", "identity", "address", "time", "stated_by", NULL};
	struct map known = {0};

	for (size_t i = 0; members[i]; i++)
		map_put(c->mem, &known, str_of(members[i]), NULL);
	VAL_EACH(i, a) {
		if (!map_has(&known, a->keys[i]) || !text_or_absent(a->at[i]))
			part_issue(c, "appearance", RULE_MEMBER, a->keys[i], &known);
	}
	if (a->kind != VAL_MAP || val_str(a, "platform").n == 0 || val_str(a, "identity").n == 0)
		part_issue(c, "appearance", RULE_APPEARANCE, STR(""), NULL);
	if (val_at(a, "time") && !moment_is_good(val_str(a, "time")))
		part_issue(c, "appearance.time", RULE_MOMENT, val_str(a, "time"), NULL);
}

static void parts_known(struct checking *c)
{
	static const char *const parts[] = {"item", "agency", "place", "title", "formed_on",
	    "appearance", "fields", "attachments", "note", NULL};
	struct map known = {0};

	VAL_EACH(i, c->document) {
		bool found = false;

		for (size_t k = 0; parts[k] && !found; k++)
			found = str_is(c->document->keys[i], parts[k]);
		if (found)
			continue;
		for (size_t k = 0; parts[k]; k++)
			map_put(c->mem, &known, str_of(parts[k]), NULL);
		part_issue(c, "document", RULE_MEMBER, c->document->keys[i], &known);
	}
}

static void dates_check(struct checking *c)
{
	struct str formed = val_str(c->document, "formed_on"),
		   time = val_str(val_at(c->document, "appearance"), "time");
	int32_t day;

	if (formed.n == 0 && (c->mode == CHECK_FORM || time.n == 0))
		part_issue(c, "formed_on", RULE_DATE, STR(""), NULL);
	else if (val_at(c->document, "formed_on") && !date_parse(formed, &day))
		part_issue(c, "formed_on", RULE_MOMENT, formed, NULL);
}

static void parts_check(struct checking *c)
{
	const struct val *document = c->document, *attachments = val_at(document, "attachments");
	struct str ref = val_str(document, "item"), agency = val_str(document, "agency"),
		   place = val_str(document, "place");

	parts_known(c);
	if (domain_item(c->d, ref) != c->it)
		part_issue(c, "item", RULE_ITEM, ref, &c->d->items);
	if (domain_agency(c->d, agency) == NULL)
		part_issue(c, "agency", RULE_AGENCY, agency, &c->d->agencies);
	if (domain_place(c->d, place) == NULL)
		part_issue(c, "place", RULE_PLACE, place, NULL);
	if (str_trim(val_str(document, "title")).n == 0)
		part_issue(c, "title", RULE_TITLE, STR(""), NULL);
	dates_check(c);
	if (val_at(document, "appearance"))
		appearance_check(c, val_at(document, "appearance"));
	if (val_at(document, "fields") == NULL || val_at(document, "fields")->kind != VAL_MAP)
		part_issue(c, "fields", RULE_FIELDS, STR(""), NULL);
	VAL_EACH(i, attachments) {
		if (!attachment_is_good(attachments->at[i]))
			part_issue(c, "attachments", RULE_ATTACHMENT,
			    val_str(attachments->at[i], "name"), NULL);
	}
}

/* ---- rules between fields ---- */
const struct field *target_field(const struct target *t)
{
	return t->column ? t->column : t->field;
}

const struct val *target_value(const struct checking *c, const struct target *t, size_t row)
{
	if (t->column == NULL)
		return c->values[t->at];
	return c->cells[t->at] ? c->cells[t->at][row * t->field->columns_n + t->column_at] : NULL;
}

size_t target_rows(const struct checking *c, const struct target *t)
{
	if (t->column == NULL)
		return 1;
	return c->cells[t->at] ? c->values[t->at]->n : 0;
}

void rule_issue(
    struct checking *c, const struct rule_use *u, struct str value, const struct fill *extra)
{
	const struct rule *r = u->rule;
	const struct field *f = target_field(&u->t[0]);
	struct fill fills[FILL_MAX + 1];
	const struct fill *also = fill_find(extra, STR("also"));
	size_t n = 0;

	if (value.p == NULL) {
		const struct val *v = target_value(c, &u->t[0], c->row ? c->row - 1 : 0);

		value = v ? schema_words(c->mem, c->d, f, v, "zh") : STR("");
	}
	fills[n++] = (struct fill){STR("field"), label_path(c, f)};
	fills[n++] = (struct fill){STR("value"), brief(c->mem, value)};
	fills_add(fills, &n, extra);
	issue_add(c->mem, c->issues,
	    (struct issue){
		.field = check_path(c, f),
		.rule = r->name,
		.value = value,
		.message = str_fmt(c->mem, "%.*s%.*s",
		    STR_ARG(sentence_fill(c->mem, r->sentence.zh, fills)),
		    STR_ARG(also ? also->text : STR(""))),
		.severity = r->severity,
		.waivable = r->waivable,
	    });
}

void part_rule_issue(struct checking *c, const struct rule *r, struct str value)
{
	const struct fill fills[] = {{STR("field"), label_path(c, c->f)},
	    {STR("value"), brief(c->mem, value)}, {STR_NONE, STR_NONE}};

	issue_add(c->mem, c->issues,
	    (struct issue){
		.field = check_path(c, c->f),
		.rule = r->name,
		.value = value,
		.message = sentence_fill(c->mem, r->sentence.zh, fills),
		.severity = r->severity,
		.waivable = r->waivable,
	    });
}

static bool value_is(const struct val *v, const struct val *wanted)
{
	if (wanted->kind == VAL_LIST) {
		VAL_EACH(i, wanted) {
			if (value_is(v, wanted->at[i]))
				return true;
		}
		return false;
	}
	if (v->kind == VAL_BOOL)
		return str_is(wanted->text, v->truth ? "yes" : "no");
	VAL_EACH(i, v) {
		if (v->kind == VAL_LIST && value_is(v->at[i], wanted))
			return true;
	}
	return v->kind == VAL_TEXT && str_eq(v->text, wanted->text);
}

/* A missing field meets neither "is" nor "is_not". */
static bool when_holds(const struct checking *c, const struct rule_use *u, size_t row)
{
	const struct val *v;

	if (u->when.field == NULL)
		return true;
	v = target_value(c, &u->when, row);
	return v && value_is(v, u->rule->when_is) != u->rule->when_not;
}

static void use_run(struct checking *c, const struct rule_use *u, size_t row)
{
	const struct val *v[TARGETS_MAX];
	bool missing = false;

	for (size_t i = 0; i < u->n; i++) {
		v[i] = target_value(c, &u->t[i], row);
		missing |=
		    v[i] == NULL && target_rows(c, &u->t[i]) > 0 && u->rule->kind->shape != WHOLE;
	}
	if ((!missing || u->rule->kind->missing) && when_holds(c, u, row))
		u->rule->kind->run(c, u, v);
}

void check_rules(struct checking *c)
{
	for (size_t i = 0; i < c->it->uses_n; i++) {
		const struct rule_use *u = &c->it->uses[i];
		const struct rule_kind *k = u->rule->kind;
		size_t rows;

		if (k->run == NULL || (c->mode == CHECK_FORM ? !k->forms : !k->imports))
			continue;
		if (u->rows == NULL) {
			use_run(c, u, 0);
			continue;
		}
		rows =
		    c->cells[u->rows - c->it->fields] ? c->values[u->rows - c->it->fields]->n : 0;
		c->rows = u->rows;
		for (size_t row = 0; row < rows; row++) {
			c->row = row + 1;
			use_run(c, u, row);
		}
		c->rows = NULL;
		c->row = 0;
	}
}

void schema_check(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, enum check_mode mode, struct issues *out)
{
	struct checking c = {
	    .mem = mem, .d = d, .it = it, .document = document, .mode = mode, .issues = out};

	c.values = arena_array(mem, const struct val *, it->fields_n);
	c.cells = arena_array(mem, const struct val **, it->fields_n);
	parts_check(&c);
	fields_check(&c);
	check_texts(&c);
	check_rules(&c);
}
