/* SPDX-License-Identifier: Apache-2.0 */
/* The table of field types, and what the check of each type accepts in a document. */
#include "schema/types_priv.h"
#include "privacy/privacy.h"

/* ---- shared by checks ---- */
static bool is_text(struct checking *c, const struct val *v, enum schema_rule otherwise)
{
	if (v->kind == VAL_TEXT && v->text.n)
		return true;
	check_issue(c, otherwise, v->kind == VAL_TEXT ? v->text : STR(""), NULL);
	return false;
}

static void length_check(struct checking *c, struct str s)
{
	size_t n;

	if (c->f->max == 0 || s.n <= (size_t)c->f->max)
		return;
	n = text_length(s);
	if (n > (size_t)c->f->max)
		check_issue(c, RULE_TOO_LONG, s,
		    (struct fill[]){{STR("length"), str_fmt(c->mem, "%zu", n)},
			{STR("max"), str_fmt(c->mem, "%" PRId64, c->f->max)},
			{STR_NONE, STR_NONE}});
}

static void pattern_check(struct checking *c, struct str s)
{
	if (c->f->regex && !pattern_matches(c->mem, c->f->regex, s))
		check_issue(c, RULE_PATTERN, s,
		    (struct fill[]){{STR("pattern"), c->f->pattern}, {STR_NONE, STR_NONE}});
}

static void line_check(struct checking *c, struct str s)
{
	if (memchr(s.p, '\n', s.n) || memchr(s.p, '\t', s.n))
		check_issue(c, RULE_T_LINE, s, NULL);
}

static void check_text(struct checking *c, const struct val *v)
{
	if (!is_text(c, v, RULE_T_TEXT))
		return;
	line_check(c, v->text);
	length_check(c, v->text);
	pattern_check(c, v->text);
}

static void check_paragraph(struct checking *c, const struct val *v)
{
	if (is_text(c, v, RULE_T_TEXT))
		length_check(c, v->text);
}

/* ---- numbers ---- */
static void bounds_check(struct checking *c, struct str shown, struct decimal d)
{
	struct decimal bound;

	if (c->f->min_value.n && decimal_parse(c->f->min_value, &bound) &&
	    decimal_cmp(d, bound) < 0)
		check_issue(c, RULE_TOO_SMALL, shown,
		    (struct fill[]){{STR("min"), c->f->min_value}, {STR_NONE, STR_NONE}});
	if (c->f->max_value.n && decimal_parse(c->f->max_value, &bound) &&
	    decimal_cmp(d, bound) > 0)
		check_issue(c, RULE_TOO_LARGE, shown,
		    (struct fill[]){{STR("max"), c->f->max_value}, {STR_NONE, STR_NONE}});
}

static bool number_integer(const struct val *v, struct decimal *out)
{
	*out = (struct decimal){.digits = v->i};
	return v->kind == VAL_INT;
}

static bool number_decimal(const struct val *v, struct decimal *out)
{
	return v->kind == VAL_TEXT && decimal_parse(v->text, out);
}

static bool number_money(const struct val *v, struct decimal *out)
{
	struct str unit = val_str(v, "unit");
	struct decimal d;

	if (!decimal_parse(val_str(v, "amount"), &d) ||
	    (!str_is(unit, "元") && !str_is(unit, "万元")))
		return false;
	*out = str_is(unit, "万元") ? decimal_scale(d, 4) : d;
	return true;
}

static void check_integer(struct checking *c, const struct val *v)
{
	struct decimal d;

	if (number_integer(v, &d))
		bounds_check(c, str_fmt(c->mem, "%" PRId64, v->i), d);
	else
		check_issue(c, RULE_T_INTEGER, v->text.p ? v->text : STR(""), NULL);
}

static void decimal_check(struct checking *c, const struct val *v, enum schema_rule otherwise)
{
	struct decimal d;

	if (number_decimal(v, &d))
		bounds_check(c, v->text, d);
	else
		check_issue(c, otherwise, v->text.p ? v->text : STR(""), NULL);
}

static void check_decimal(struct checking *c, const struct val *v)
{
	decimal_check(c, v, RULE_T_DECIMAL);
}

static void check_percent(struct checking *c, const struct val *v)
{
	decimal_check(c, v, RULE_T_PERCENT);
}

static void check_money(struct checking *c, const struct val *v)
{
	struct decimal d;

	if (v->kind == VAL_MAP && v->n == 2 && number_money(v, &d))
		bounds_check(c, val_str(v, "amount"), d);
	else
		check_issue(
		    c, RULE_T_MONEY, v->kind == VAL_MAP ? val_str(v, "amount") : v->text, NULL);
}

static void check_price(struct checking *c, const struct val *v)
{
	struct decimal d;
	struct str percent = val_str(v, "percent"), words = val_str(v, "words");

	if (v->kind == VAL_MAP && v->n == 1 &&
	    (words.n || (percent.n && decimal_parse(percent, &d))))
		return;
	if (v->kind == VAL_MAP && v->n == 2 && number_money(v, &d))
		bounds_check(c, val_str(v, "amount"), d);
	else
		check_issue(c, RULE_T_PRICE, v->text.p ? v->text : STR(""), NULL);
}

/* ---- days ---- */
static bool day_of(const struct val *v, int32_t *out)
{
	int64_t instant;

	if (v == NULL || v->kind != VAL_TEXT)
		return false;
	if (v->text.n == 10)
		return date_parse(v->text, out);
	if (!instant_parse(v->text, &instant))
		return false;
	*out = instant_day(instant);
	return true;
}

static bool days_date(const struct val *v, int32_t *from, int32_t *to)
{
	if (!day_of(v, from))
		return false;
	*to = *from;
	return true;
}

static bool days_period(const struct val *v, int32_t *from, int32_t *to)
{
	const struct val *a = val_at(v, "from"), *b = val_at(v, "to");

	*from = INT32_MIN;
	*to = INT32_MAX;
	return (a || b) && (a == NULL || day_of(a, from)) && (b == NULL || day_of(b, to));
}

static void check_date(struct checking *c, const struct val *v)
{
	int32_t day;

	if (v->kind != VAL_TEXT || !date_parse(v->text, &day))
		check_issue(c, RULE_T_DATE, v->text.p ? v->text : STR(""), NULL);
}

static void check_datetime(struct checking *c, const struct val *v)
{
	int32_t day;

	if (!day_of(v, &day))
		check_issue(c, RULE_T_DATETIME, v->text.p ? v->text : STR(""), NULL);
}

static void check_period(struct checking *c, const struct val *v)
{
	int32_t from, to;
	size_t known = (val_at(v, "from") != NULL) + (val_at(v, "to") != NULL);

	if (v->kind != VAL_MAP || v->n != known || !days_period(v, &from, &to))
		check_issue(c, RULE_T_PERIOD, v->text.p ? v->text : STR(""), NULL);
}

/* ---- words of lists ---- */
static void check_yesno(struct checking *c, const struct val *v)
{
	if (v->kind != VAL_BOOL)
		check_issue(c, RULE_T_YESNO, v->text.p ? v->text : STR(""), NULL);
}

/* In imports the rule between fields with the check known-code says it, with the sentence of the data. */
static void known_check(struct checking *c, struct str code)
{
	const struct code_list *list = c->f->codes;

	if (list && c->mode == CHECK_FORM && !map_has(&list->by_code, code))
		check_issue(c, RULE_CODE, code,
		    (struct fill[]){{STR("list"), list->name},
			{STR("near"), sentence_near(c->mem, &list->by_code, code)},
			{STR_NONE, STR_NONE}});
}

static void check_code(struct checking *c, const struct val *v)
{
	if (is_text(c, v, RULE_T_CODE))
		known_check(c, v->text);
}

static void check_codes(struct checking *c, const struct val *v)
{
	if (v->kind != VAL_LIST || v->n == 0) {
		check_issue(c, RULE_T_CODES, v->text.p ? v->text : STR(""), NULL);
		return;
	}
	VAL_EACH(i, v) {
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice |= val_eq(v->at[k], v->at[i]);
		if (twice || v->at[i]->kind != VAL_TEXT || v->at[i]->text.n == 0)
			check_issue(c, RULE_T_CODES, v->at[i]->text, NULL);
		else
			known_check(c, v->at[i]->text);
	}
}

static void check_place(struct checking *c, const struct val *v)
{
	if (!is_text(c, v, RULE_T_TEXT) || str_is(c->f->pattern, "any"))
		return;
	if (domain_place(c->d, v->text) == NULL)
		check_issue(c, RULE_T_PLACE, v->text, NULL);
}

static void check_agency(struct checking *c, const struct val *v)
{
	if (is_text(c, v, RULE_T_TEXT) && domain_agency(c->d, v->text) == NULL)
		check_issue(c, RULE_T_AGENCY, v->text,
		    (struct fill[]){{STR("near"), sentence_near(c->mem, &c->d->agencies, v->text)},
			{STR_NONE, STR_NONE}});
}

/* ---- parties and identifiers ---- */
static void check_organisation(struct checking *c, const struct val *v)
{
	const struct val *code = val_at(v, "code");
	struct str name = val_str(v, "name");

	if (v->kind != VAL_MAP || name.n == 0 || v->n != 1u + (code != NULL) ||
	    (code && code->kind != VAL_TEXT)) {
		check_issue(c, RULE_T_ORGANISATION, v->text.p ? v->text : name, NULL);
		return;
	}
	line_check(c, name);
	length_check(c, name);
	if (code && !id_uscc_valid(code->text) && !id_organisation_valid(code->text))
		check_issue(c, RULE_USCC, code->text, NULL);
}

static void check_person(struct checking *c, const struct val *v)
{
	if (v->kind != VAL_MAP || v->n != 1 || val_str(v, "name").n == 0)
		check_issue(c, RULE_T_PERSON, v->text.p ? v->text : STR(""), NULL);
}

static void check_identifier(struct checking *c, const struct val *v)
{
	static const struct {
		const char *name;
		bool (*valid)(struct str s);
		enum schema_rule rule;
	} kinds[] = {
	    {"uscc", id_uscc_valid, RULE_USCC},
	    {"org", id_organisation_valid, RULE_ORG},
	    {"unified_deal", id_deal_code_valid, RULE_DEAL},
	};

	if (!is_text(c, v, RULE_T_IDENTIFIER))
		return;
	line_check(c, v->text);
	length_check(c, v->text);
	pattern_check(c, v->text);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_is(c->f->identifier, kinds[i].name) && !kinds[i].valid(v->text))
			check_issue(c, kinds[i].rule, v->text, NULL);
}

static void check_coordinates(struct checking *c, const struct val *v)
{
	if (is_text(c, v, RULE_T_COORDINATES))
		length_check(c, v->text);
}

bool attachment_is_good(const struct val *v)
{
	struct str sha256 = val_str(v, "sha256");
	unsigned char digest[32];

	return v->kind == VAL_MAP && val_str(v, "name").n && val_str(v, "type").p &&
	       val_i64(v, "size", -1) >= 0 && sha256.n == 64 &&
	       str_unhex(sha256, digest, sizeof digest);
}

static void check_attachment(struct checking *c, const struct val *v)
{
	if (!(v->kind == VAL_TEXT && v->text.n) && !attachment_is_good(v))
		check_issue(c, RULE_T_ATTACHMENT, v->text.p ? v->text : STR(""), NULL);
}

/* ---- the table ---- */
#define L(zh, en)                                                                                  \
	{                                                                                          \
		{zh, sizeof(zh) - 1},                                                              \
		{                                                                                  \
			en, sizeof(en) - 1                                                         \
		}                                                                                  \
	}
#define TYPE(name) read_##name, check_##name, show_##name, text_##name

const struct field_type field_types[] = {
    /* name, label, read check show text, number, days, words, lines */
    {"text", L("文字", "Text"), TYPE(text), NULL, NULL, true, false},
    {"paragraph", L("段落", "Paragraph"), TYPE(paragraph), NULL, NULL, true, true},
    {"integer", L("整数", "Whole number"), TYPE(integer), number_integer, NULL, false, false},
    {"decimal", L("数", "Number"), TYPE(decimal), number_decimal, NULL, false, false},
    {"money", L("金额", "Amount"), TYPE(money), number_money, NULL, false, false},
    {"price", L("价格", "Price"), TYPE(price), number_money, NULL, true, true},
    {"percent", L("百分比", "Percentage"), TYPE(percent), number_decimal, NULL, false, false},
    {"date", L("日期", "Date"), TYPE(date), NULL, days_date, false, false},
    {"datetime", L("时间", "Date and time"), TYPE(datetime), NULL, days_date, false, false},
    {"period", L("起止时间", "Period"), TYPE(period), NULL, days_period, false, false},
    {"yesno", L("是否", "Yes or no"), TYPE(yesno), NULL, NULL, false, false},
    {"code", L("代码", "Code"), TYPE(code), NULL, NULL, true, false},
    {"codes", L("多个代码", "Codes"), TYPE(codes), NULL, NULL, true, false},
    {"place", L("地区", "Place"), TYPE(place), NULL, NULL, true, false},
    {"agency", L("公开主体", "Agency"), TYPE(agency), NULL, NULL, true, false},
    {"organisation", L("单位", "Organisation"), TYPE(organisation), NULL, NULL, true, false},
    {"person", L("个人", "Person"), TYPE(person), NULL, NULL, true, false},
    {"identifier", L("编号", "Identifier"), TYPE(identifier), NULL, NULL, true, false},
    {"coordinates", L("位置或界址", "Position or boundary"), TYPE(coordinates), NULL, NULL, true,
	true},
    {"rows", L("表", "Table"), read_rows, check_rows, show_rows, text_rows, NULL, NULL, true,
	false},
    {"attachment", L("附件", "Attachment"), TYPE(attachment), NULL, NULL, true, false},
    {NULL, {STR_NONE, STR_NONE}, NULL, NULL, NULL, NULL, NULL, NULL, false, false},
};

const struct field_type *field_type_find(struct str name)
{
	for (const struct field_type *t = field_types; t->name; t++)
		if (str_is(name, t->name))
			return t;
	return NULL;
}

void field_type_names(struct arena *mem, struct map *out)
{
	for (const struct field_type *t = field_types; t->name; t++)
		map_put(mem, out, str_of(t->name), NULL);
}
