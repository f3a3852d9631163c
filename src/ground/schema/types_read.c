/* SPDX-License-Identifier: Apache-2.0 */
/* From text, as a source or a form has it, to the value of a document. */
#include "schema/types_priv.h"
#include "privacy/privacy.h"

static struct val *unreadable(struct reading *r, enum schema_rule rule, struct str raw)
{
	read_issue(r, rule, raw, NULL);
	return NULL;
}

/* One line: line ends and tabs become a space. */
static struct str one_line(struct arena *mem, struct str s)
{
	struct buf b;

	if (memchr(s.p, '\n', s.n) == NULL && memchr(s.p, '\r', s.n) == NULL &&
	    memchr(s.p, '\t', s.n) == NULL)
		return s;
	b = buf_new(mem, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		bool space = strchr(" \t\r\n", s.p[i]) != NULL && s.p[i] != '\0';

		if (!space)
			buf_char(&b, s.p[i]);
		else if (b.n && b.p[b.n - 1] != ' ')
			buf_char(&b, ' ');
	}
	return str_trim(buf_str(&b));
}

struct val *read_text(struct reading *r, struct str raw)
{
	return val_text(r->mem, one_line(r->mem, raw));
}

struct val *read_paragraph(struct reading *r, struct str raw)
{
	return val_text(r->mem, text_lines(r->mem, raw));
}

/* ---- numbers ---- */
static bool number_read(
    struct reading *r, struct str raw, const char *unit_too, struct decimal *out)
{
	struct str rest;

	if (!decimal_parse_loose(raw, out, &rest))
		return false;
	rest = str_trim(rest);
	return rest.n == 0 || str_eq(rest, r->f->unit) || (unit_too && str_is(rest, unit_too));
}

struct val *read_integer(struct reading *r, struct str raw)
{
	struct decimal d;
	int64_t n;

	if (!number_read(r, raw, NULL, &d))
		return unreadable(r, RULE_T_INTEGER, raw);
	while (d.scale > 0 && d.digits % 10 == 0) {
		d.digits /= 10;
		d.scale--;
	}
	n = (int64_t)d.digits;
	if (d.scale || n != d.digits || n > INT64_C(9007199254740991) ||
	    n < INT64_C(-9007199254740991))
		return unreadable(r, RULE_T_INTEGER, raw);
	return val_int(r->mem, n);
}

struct val *read_decimal(struct reading *r, struct str raw)
{
	struct decimal d;

	if (!number_read(r, raw, NULL, &d))
		return unreadable(r, RULE_T_DECIMAL, raw);
	return val_text(r->mem, decimal_print(r->mem, d));
}

struct val *read_percent(struct reading *r, struct str raw)
{
	struct decimal d;

	if (!number_read(r, raw, "%", &d) && !number_read(r, raw, "％", &d))
		return unreadable(r, RULE_T_PERCENT, raw);
	return val_text(r->mem, decimal_print(r->mem, d));
}

static struct str without_prefix(struct str s, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (str_starts(s, str_of(*prefixes)))
			s = str_trim(str_cut(s, strlen(*prefixes), s.n));
	return s;
}

/* {"amount","unit"} in 元 or 万元; NULL when it is not an amount and nothing else. */
static struct val *amount_read(struct reading *r, struct str raw)
{
	static const char *const currency[] = {"人民币", "RMB", "CNY", "￥", "¥", NULL};
	struct val *v;
	struct decimal d;
	struct str unit;
	int power;

	if (!decimal_parse_loose(without_prefix(raw, currency), &d, &unit))
		return NULL;
	unit = str_trim(unit);
	if (unit.n == 0)
		unit = r->f->unit.n ? r->f->unit : STR("元");
	if (!money_unit_power(unit, &power))
		return NULL;
	v = val_map(r->mem);
	val_set_text(r->mem, v, "amount",
	    decimal_print(r->mem, decimal_scale(d, power < 4 ? power : power - 4)));
	val_set_text(r->mem, v, "unit", power < 4 ? STR("元") : STR("万元"));
	return v;
}

struct val *read_money(struct reading *r, struct str raw)
{
	struct val *v = amount_read(r, raw);

	return v ? v : unreadable(r, RULE_T_MONEY, raw);
}

/* A price that is not an amount is no defect: a percentage, or the words as they stand. */
struct val *read_price(struct reading *r, struct str raw)
{
	struct val *v = amount_read(r, raw);
	struct decimal d;
	struct str rest;

	if (v)
		return v;
	v = val_map(r->mem);
	if (decimal_parse_loose(raw, &d, &rest) &&
	    (str_is(str_trim(rest), "%") || str_is(str_trim(rest), "％")))
		val_set_text(r->mem, v, "percent", decimal_print(r->mem, d));
	else
		val_set_text(r->mem, v, "words", text_lines(r->mem, raw));
	return v;
}

/* ---- dates ---- */
static struct val *when_read(struct reading *r, struct str raw, bool clock_too)
{
	int32_t day, clock;

	if (!date_parse_loose(raw, &day, &clock))
		return NULL;
	if (clock < 0 || !clock_too)
		return val_text(r->mem, date_print(r->mem, day));
	return val_text(
	    r->mem, instant_print(r->mem, (int64_t)day * 86400 + clock - INT64_C(8) * 3600));
}

struct val *read_date(struct reading *r, struct str raw)
{
	struct val *v = when_read(r, raw, false);

	return v ? v : unreadable(r, RULE_T_DATE, raw);
}

struct val *read_datetime(struct reading *r, struct str raw)
{
	struct val *v = when_read(r, raw, true);

	return v ? v : unreadable(r, RULE_T_DATETIME, raw);
}

static struct str without_suffix(struct str s, const char *suffix)
{
	return str_ends(s, str_of(suffix)) ? str_trim(str_cut(s, 0, s.n - strlen(suffix))) : s;
}

/* "自2026年3月27日起至2026年4月2日止", "2026-03-27 00:00 至 2026-04-02 23:59", "2026-03-27~2026-04-02" */
static bool period_split(struct str raw, struct str *from, struct str *to)
{
	static const char *const between[] = {"至", "到", "～", "~", "——", "—", "--", " - ", "–"};
	static const char *const begin[] = {"自", "从", NULL};

	for (size_t i = 0; i < ARRAY_SIZE(between); i++) {
		size_t at;

		if (!str_find(raw, str_of(between[i]), 0, &at))
			continue;
		*from = without_suffix(without_prefix(str_trim(str_cut(raw, 0, at)), begin), "起");
		*to = without_suffix(str_trim(str_cut(raw, at + strlen(between[i]), raw.n)), "止");
		return true;
	}
	return false;
}

struct val *read_period(struct reading *r, struct str raw)
{
	struct val *v = val_map(r->mem), *a = NULL, *b = NULL;
	struct str from, to;

	if (period_split(raw, &from, &to)) {
		a = from.n ? when_read(r, from, true) : NULL;
		b = to.n ? when_read(r, to, true) : NULL;
		if ((from.n && a == NULL) || (to.n && b == NULL))
			return unreadable(r, RULE_T_PERIOD, raw);
	} else if (str_ends(raw, STR("止"))) {
		b = when_read(r, without_suffix(raw, "止"), true);
	} else {
		a = when_read(r, without_suffix(raw, "起"), true);
	}
	if (a)
		val_set(r->mem, v, "from", a);
	if (b)
		val_set(r->mem, v, "to", b);
	return a || b ? v : unreadable(r, RULE_T_PERIOD, raw);
}

/* ---- words of lists ---- */
struct val *read_yesno(struct reading *r, struct str raw)
{
	static const char *const yes[] = {
	    "是", "有", "1", "yes", "y", "true", "t", "允许", "接受", "√", NULL};
	static const char *const no[] = {
	    "否", "无", "0", "no", "n", "false", "f", "不允许", "不接受", "×", NULL};
	struct str folded = text_fold(r->mem, raw);

	for (size_t i = 0; yes[i]; i++)
		if (str_is(folded, yes[i]))
			return val_bool(r->mem, true);
	for (size_t i = 0; no[i]; i++)
		if (str_is(folded, no[i]))
			return val_bool(r->mem, false);
	return unreadable(r, RULE_T_YESNO, raw);
}

/* What the list does not have stays as text: the check says so. */
struct val *read_code(struct reading *r, struct str raw)
{
	const struct code *c = code_find(r->f->codes, raw);

	return val_text(r->mem, c ? c->code : one_line(r->mem, raw));
}

static size_t separator_at(struct str s, size_t from, size_t *length)
{
	static const char *const separators[] = {";", "；", "、", ",", "，", "|", "\n"};
	size_t first = s.n;

	*length = 0;
	for (size_t i = 0; i < ARRAY_SIZE(separators); i++) {
		size_t at;

		if (str_find(s, str_of(separators[i]), from, &at) && at < first) {
			first = at;
			*length = strlen(separators[i]);
		}
	}
	return first;
}

struct val *read_codes(struct reading *r, struct str raw)
{
	struct val *list = val_list(r->mem);

	/* A label may hold a separator of its own. */
	if (code_find(r->f->codes, raw)) {
		val_add(r->mem, list, read_code(r, raw));
		return list;
	}
	for (size_t at = 0; at < raw.n;) {
		size_t length, end = separator_at(raw, at, &length);
		struct str part = str_trim(str_cut(raw, at, end));
		struct val *code = part.n ? read_code(r, part) : NULL;

		for (size_t i = 0; code && i < list->n; i++)
			if (val_eq(list->at[i], code))
				code = NULL;
		if (code)
			val_add(r->mem, list, code);
		at = end + (length ? length : 1);
	}
	return list->n ? list : unreadable(r, RULE_T_CODES, raw);
}

struct val *read_place(struct reading *r, struct str raw)
{
	const struct place *found = domain_place(r->d, raw);

	if (found)
		return val_text(r->mem, found->code);
	MAP_EACH(slot, &r->d->places) {
		const struct place *p = slot->value;

		if (!str_eq(p->name.zh, raw))
			continue;
		if (found) { /* 市辖区 and the like: a name that is no name */
			found = NULL;
			break;
		}
		found = p;
	}
	if (found)
		return val_text(r->mem, found->code);
	if (!str_is(r->f->pattern, "any"))
		read_issue(r, RULE_T_PLACE, raw, NULL);
	return val_text(r->mem, one_line(r->mem, raw));
}

struct val *read_agency(struct reading *r, struct str raw)
{
	if (domain_agency(r->d, raw))
		return val_text(r->mem, raw);
	MAP_EACH(slot, &r->d->agencies) {
		const struct agency *a = slot->value;

		if (str_eq(a->name.zh, raw) || str_eq(a->name_2018, raw))
			return val_text(r->mem, a->id);
	}
	read_issue(r, RULE_T_AGENCY, raw,
	    (struct fill[]){
		{STR("near"), sentence_near(r->mem, &r->d->agencies, raw)}, {STR_NONE, STR_NONE}});
	return NULL;
}

/* ---- parties ---- */
/* "某公司（91360800…）" or "某公司 91360800…" */
struct val *read_organisation(struct reading *r, struct str raw)
{
	static const char *const ends[] = {")", "）"};
	struct val *v = val_map(r->mem);
	struct str name = one_line(r->mem, raw), code;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		name = without_suffix(name, ends[i]);
	code = str_cut(name, name.n > 18 ? name.n - 18 : 0, name.n);
	name = str_cut(name, 0, name.n - code.n);
	if (name.n && id_uscc_valid(code) &&
	    (strchr(" (\t", name.p[name.n - 1]) || str_ends(name, STR("（")))) {
		name = without_suffix(without_suffix(str_trim(name), "("), "（");
		val_set_text(r->mem, v, "name", name);
		val_set_text(r->mem, v, "code", code);
	} else {
		val_set_text(r->mem, v, "name", one_line(r->mem, raw));
	}
	return v;
}

/* Of a natural person the first character of the name is published. */
struct val *read_person(struct reading *r, struct str raw)
{
	struct val *v = val_map(r->mem);
	struct str name = one_line(r->mem, raw), rest = name;
	struct buf b = buf_new(r->mem, raw.n + 16);

	text_put(&b, text_next(&rest));
	while (text_next(&rest) >= 0)
		buf_char(&b, '*');
	val_set_text(r->mem, v, "name", str_has(name, STR("*")) ? name : buf_str(&b));
	return v;
}

struct val *read_identifier(struct reading *r, struct str raw)
{
	return read_text(r, raw);
}

struct val *read_coordinates(struct reading *r, struct str raw)
{
	return read_paragraph(r, raw);
}

struct val *read_rows(struct reading *r, struct str raw)
{
	return unreadable(r, RULE_T_ROWS, raw);
}

struct val *read_attachment(struct reading *r, struct str raw)
{
	return read_text(r, raw);
}

struct val *schema_read(struct arena *mem, const struct domain *d, const struct field *f,
    struct str raw, struct issues *out)
{
	struct reading r = {.mem = mem, .d = d, .f = f, .issues = out};

	raw = str_trim(raw);
	if (raw.n == 0 || f->type == NULL)
		return NULL;
	return f->type->read(&r, raw);
}
