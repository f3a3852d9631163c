/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of checks between fields. Each runs on values that are there, unless its row of the table says otherwise. */
#include "schema/rules_priv.h"
#include <stdlib.h>

#define HEADING_MAX 36u /* bytes before a colon: 更正事项及内容： */
#define LISTED_MAX  10	/* rows named in one sentence */

static const struct field *field_of(const struct rule_use *u, size_t i)
{
	return target_field(&u->t[i]);
}

/* ---- what a check reads in a value ---- */
static bool number_of(const struct field *f, const struct val *v, struct decimal *out)
{
	return v && f->type->number && f->type->number(v, out);
}

static bool days_of(const struct field *f, const struct val *v, int32_t *from, int32_t *to)
{
	return v && f->type->days && f->type->days(v, from, to);
}

/* The free words of a value: a text, a name, a price in words. */
static struct str words_of(const struct val *v)
{
	struct str s;

	if (v->kind != VAL_MAP)
		return v->kind == VAL_TEXT ? v->text : STR("");
	s = val_str(v, "name");
	if (s.p == NULL)
		s = val_str(v, "words");
	return s.p ? s : STR("");
}

/* The moment as text that orders: dates and date-times at +08:00 in one form. */
static struct str moment_of(const struct val *v, const char *end)
{
	return v->kind == VAL_MAP ? val_str(v, end) : v->text;
}

/* 2026-03-27 09:00 */
static struct str moment_words(struct arena *mem, struct str moment)
{
	return str_fmt(mem, "%.*s%s%.*s", STR_ARG(str_cut(moment, 0, 10)), moment.n > 16 ? " " : "",
	    STR_ARG(str_cut(moment, 11, 16)));
}

static bool takes_number(const struct field *f)
{
	return f->type->number != NULL;
}

static bool takes_days(const struct field *f)
{
	return f->type->days != NULL;
}

static bool takes_zero(const struct field *f)
{
	return f->type->number != NULL || f->type->words;
}

static bool takes_codes(const struct field *f)
{
	return str_is(field_type_name(f), "code") || str_is(field_type_name(f), "codes");
}

static bool takes_words(const struct field *f)
{
	return f->type->words;
}

/* ---- order in time and size ---- */
static void run_order(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct str a = moment_of(v[0], "from"),
		   b = u->n == 1 ? moment_of(v[0], "to") : moment_of(v[1], "from");
	int32_t from, to;
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < u->n; i++)
		if (!days_of(field_of(u, i), v[i], &from, &to))
			return;
	/* A date without a clock time is compared by the day. */
	if (n && str_cmp(str_cut(a, 0, n), str_cut(b, 0, n)) > 0)
		rule_issue(c, u, STR_NONE,
		    (struct fill[]){{STR("from"), moment_words(c->mem, a)},
			{STR("to"), moment_words(c->mem, b)}, {STR_NONE, STR_NONE}});
}

static void run_less(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct decimal a, b;

	if (number_of(field_of(u, 0), v[0], &a) && number_of(field_of(u, 1), v[1], &b) &&
	    decimal_cmp(a, b) > 0)
		rule_issue(c, u, STR_NONE, NULL);
}

static void run_max(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct decimal a;

	if (number_of(field_of(u, 0), v[0], &a) && decimal_cmp(a, u->rule->number) > 0)
		rule_issue(c, u, STR_NONE, NULL);
}

static struct str count_words(struct checking *c, const struct rule *r, int next_day, int first_day)
{
	const char *unit = r->workdays ? "个工作日" : "日";

	if (!r->both)
		return str_fmt(c->mem, "（自次日起算%d%s）", next_day, unit);
	return str_fmt(c->mem, "（自次日起算%d%s，首日计入%d%s）", next_day, unit, first_day, unit);
}

/* A period of law counts from the next day; practice sometimes counts the first. With `both` either way is enough, and both are said. */
static void run_min_days(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	const struct rule *r = u->rule;
	int32_t from, to, other;
	int next_day, first_day;

	if (!days_of(field_of(u, 0), v[0], &from, &to) ||
	    (u->n == 2 && !days_of(field_of(u, 1), v[1], &to, &other)) || from == INT32_MIN ||
	    to == INT32_MAX || to == INT32_MIN || to < from)
		return;
	next_day = r->workdays ? calendar_workdays_between(c->d->calendar, from, to) : to - from;
	first_day = next_day + (!r->workdays || calendar_is_work(c->d->calendar, from));
	if ((r->both ? first_day : next_day) >= r->days)
		return;
	rule_issue(c, u, STR_NONE,
	    (struct fill[]){{STR("from"), date_print(c->mem, from)},
		{STR("to"), date_print(c->mem, to)},
		{STR("also"), count_words(c, r, next_day, first_day)}, {STR_NONE, STR_NONE}});
}

static void run_workday(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	int32_t from, to;

	if (!days_of(field_of(u, 0), v[0], &from, &to) || to == INT32_MAX ||
	    calendar_is_work(c->d->calendar, to))
		return;
	rule_issue(c, u, date_print(c->mem, to),
	    (struct fill[]){{STR("to"), date_print(c->mem, to)}, {STR_NONE, STR_NONE}});
}

/* ---- presence ---- */
static void run_required_if(
    struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	if (v[0] == NULL)
		rule_issue(c, u, STR(""), NULL);
}

static void run_one_of(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	for (size_t i = 0; i < u->n; i++)
		if (v[i])
			return;
	rule_issue(c, u, STR(""), NULL);
}

/* "0", "零元整", "0年", "年", "0.00 元": nothing, or a bare unit. */
static bool is_bare_unit(struct str s)
{
	static const char *const units[] = {"", "年", "月", "个月", "日", "天", "日历天", "工作日",
	    "个工作日", "小时", "元", "万元", "亿元", "元整", "圆整", "圆", "年月", "周", "季度"};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (str_is(s, units[i]))
			return true;
	return false;
}

static void run_not_zero(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	const struct field *f = field_of(u, 0);
	struct decimal d;
	struct str s, rest;

	if (number_of(f, v[0], &d)) {
		if (d.digits <= 0)
			rule_issue(c, u, STR_NONE, NULL);
		return;
	}
	s = str_trim(words_of(v[0]));
	if (s.n == 0 || s.n > 40)
		return;
	if (str_starts(s, STR("人民币")))
		s = str_trim(str_cut(s, strlen("人民币"), s.n));
	if (!decimal_parse_loose(s, &d, &rest)) {
		d.digits = 0;
		rest = str_starts(s, STR("零")) ? str_cut(s, strlen("零"), s.n) : s;
	}
	if (d.digits == 0 && is_bare_unit(str_trim(rest)))
		rule_issue(c, u, STR_NONE, NULL);
}

/* ---- columns as a whole ---- */
static bool sum_add(struct checking *c, const struct target *t, struct decimal *sum)
{
	bool any = false;

	for (size_t row = 0; row < target_rows(c, t); row++) {
		const struct val *v = target_value(c, t, row);
		struct decimal d;

		if (v == NULL)
			continue;
		if (!number_of(target_field(t), v, &d))
			return false;
		*sum = decimal_add(*sum, d);
		any = true;
	}
	return any;
}

static void run_sum(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct decimal total = {0}, sum = {0};

	(void)v;
	if (!sum_add(c, &u->t[0], &total))
		return;
	for (size_t i = 1; i < u->n; i++)
		if (!sum_add(c, &u->t[i], &sum))
			return;
	if (decimal_cmp(total, sum) != 0)
		rule_issue(c, u, STR_NONE, NULL);
}

static struct str shown(struct checking *c, const struct field *f, const struct val *v)
{
	return schema_words(c->mem, c->d, f, v, "zh");
}

/* Every value that stands more than once, each named once. */
static void run_unique(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	const struct target *t = &u->t[0];
	struct map seen = {0}, twice = {0};
	struct buf b = buf_new(c->mem, 8192);

	(void)v;
	for (size_t row = 0; row < target_rows(c, t); row++) {
		const struct val *cell = target_value(c, t, row);
		struct str key = cell ? shown(c, target_field(t), cell) : STR("");

		if (key.n && map_has(&seen, key))
			map_put(c->mem, &twice, key, NULL);
		else if (key.n)
			map_put(c->mem, &seen, key, NULL);
	}
	if (twice.n == 0)
		return;
	for (size_t i = 0; i < twice.n && i < LISTED_MAX; i++)
		buf_fmt(&b, "%s%.*s", i ? "、" : "", STR_ARG(twice.at[i].key));
	if (twice.n > LISTED_MAX)
		buf_fmt(&b, "等%zu个", twice.n);
	rule_issue(c, u, buf_str(&b), NULL);
}

static int decimal_order(const void *a, const void *b)
{
	return decimal_cmp(*(const struct decimal *)a, *(const struct decimal *)b);
}

/* a × value < b */
static bool beyond(struct decimal a, struct decimal value, struct decimal b)
{
	return decimal_cmp((struct decimal){.digits = a.digits * value.digits,
			       .scale = a.scale + value.scale},
		   b) < 0;
}

static void run_outlier(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	const struct target *t = &u->t[0];
	size_t rows = target_rows(c, t), n = 0, listed = 0;
	struct decimal *sorted = arena_array(c->mem, struct decimal, rows + 1), median, d;

	(void)v;
	for (size_t row = 0; row < rows; row++)
		if (number_of(target_field(t), target_value(c, t, row), &d) &&
		    d.digits < ((__int128)1 << 90))
			sorted[n++] = d;
	if (n < 3)
		return;
	qsort(sorted, n, sizeof *sorted, decimal_order);
	median = sorted[n / 2];
	c->rows = t->field;
	for (size_t row = 0; row < rows && listed < LISTED_MAX; row++) {
		const struct val *cell = target_value(c, t, row);

		if (!number_of(target_field(t), cell, &d) || d.digits >= ((__int128)1 << 90) ||
		    (!beyond(median, u->rule->number, d) && !beyond(d, u->rule->number, median)))
			continue;
		c->row = row + 1;
		rule_issue(c, u, shown(c, target_field(t), cell), NULL);
		listed++;
	}
	c->rows = NULL;
	c->row = 0;
}

/* ---- texts ---- */
static void run_match(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	if (!pattern_matches(c->mem, u->rule->pattern, words_of(v[0])))
		rule_issue(c, u, STR_NONE, NULL);
}

static void run_no_match(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	if (pattern_matches(c->mem, u->rule->pattern, words_of(v[0])))
		rule_issue(c, u, STR_NONE, NULL);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How an attribute or the end of a tag begins. */
static bool goes_on(char c)
{
	return is_letter(c) || c == '/' || c == '>' || c == ' ' || c == '\n' || c == '\t';
}

/* A tag: <, </ or <!, a name, and > within 300 bytes without another <. "a<b 且 c>d" and "x<y z>w" are formulas: no attribute begins with a Han
 * character, and of one letter there are only these tags. */
static bool tag_at(struct str s, size_t at, size_t *end)
{
	size_t i = at + 1, name;

	if (i < s.n && (s.p[i] == '/' || s.p[i] == '!'))
		i++;
	if (i < s.n && s.p[i] == '-') { /* a comment */
		*end = i + 2;
		return str_starts(str_cut(s, at, s.n), STR("<!--"));
	}
	for (name = i;
	     i < s.n && (is_letter(s.p[i]) || (i > name && s.p[i] >= '0' && s.p[i] <= '9')); i++)
		;
	if (i == name || (i == name + 1 && strchr("abipqsuABIPQSU", s.p[name]) == NULL) ||
	    i + 1 > s.n)
		return false;
	if (!(s.p[i] == '>' || s.p[i] == '/' || s.p[i] == ':') &&
	    !(goes_on(s.p[i]) && !is_letter(s.p[i]) && i + 1 < s.n && goes_on(s.p[i + 1])))
		return false;
	for (; i < s.n && i < at + 300 && s.p[i] != '<'; i++) {
		if (s.p[i] == '>') {
			*end = i + 1;
			return true;
		}
	}
	return false;
}

/* A rule of CSS: a selector of Latin characters, {, a property name, a colon. */
static bool css_at(struct str s, size_t at, size_t *start)
{
	size_t i = at + 1, name;

	*start = at;
	while (*start > 0 && (is_letter(s.p[*start - 1]) ||
				 (s.p[*start - 1] && strchr("0123456789.#-_,: ", s.p[*start - 1]))))
		(*start)--;
	if (*start == at)
		return false;
	while (i < s.n && strchr(" \t\n", s.p[i]) && s.p[i])
		i++;
	for (name = i; i < s.n && (is_letter(s.p[i]) || s.p[i] == '-'); i++)
		;
	while (i < s.n && s.p[i] == ' ')
		i++;
	return i > name && i < s.n && s.p[i] == ':';
}

/* A character that is written as markup writes it: &nbsp; &#160; &#xA0; */
static bool entity_at(struct str s, size_t at, size_t *end)
{
	static const char *const names[] = {"nbsp", "lt", "gt", "amp", "quot", "apos", "ldquo",
	    "rdquo", "lsquo", "rsquo", "mdash", "ndash", "hellip", "middot", "times", "ensp",
	    "emsp", "copy", "deg", "yen", NULL};
	size_t i = at + 1, from = i;

	while (i < s.n && i < at + 10 &&
	       (is_letter(s.p[i]) || s.p[i] == '#' || (s.p[i] >= '0' && s.p[i] <= '9')))
		i++;
	if (i == s.n || s.p[i] != ';')
		return false;
	*end = i + 1;
	if (s.p[from] == '#')
		return i > from + 1;
	for (size_t k = 0; names[k]; k++)
		if (str_is(str_cut(s, from, i), names[k]))
			return true;
	return false;
}

bool markup_find(struct str s, struct str *seen_out)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t end = i, start = i;
		bool found = s.p[i] == '<'   ? tag_at(s, i, &end)
			     : s.p[i] == '{' ? css_at(s, i, &start)
			     : s.p[i] == '&' ? entity_at(s, i, &end)
					     : false;

		if (!found)
			continue;
		*seen_out = text_head(str_cut(s, start, end > i ? end : s.n), 60);
		return true;
	}
	return false;
}

static void run_no_markup(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct str seen;

	if (markup_find(words_of(v[0]), &seen))
		rule_issue(c, u, seen, NULL);
	for (size_t i = 0; v[0]->kind == VAL_LIST && i < v[0]->n; i++)
		if (markup_find(words_of(v[0]->at[i]), &seen))
			rule_issue(c, u, seen, NULL);
}

static bool is_word_of(const struct rule *r, struct str s)
{
	for (size_t i = 0; i < r->words_n; i++)
		if (str_eq(s, r->words[i]))
			return true;
	return false;
}

static void run_not_only(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	struct str s = str_trim(words_of(v[0]));
	size_t colon;

	for (struct str cut = s; cut.n;) {
		if (is_word_of(u->rule, cut)) {
			rule_issue(c, u, s, NULL);
			return;
		}
		/* Neither a heading nor a full stop makes it say more. */
		if (str_find(cut, STR("："), 0, &colon) && colon <= HEADING_MAX)
			cut = str_trim(str_cut(cut, colon + strlen("："), cut.n));
		else if (str_ends(cut, STR("。")) || str_ends(cut, STR("；")) ||
			 str_ends(cut, STR("！")))
			cut = str_trim(str_cut(cut, 0, cut.n - strlen("。")));
		else if (str_ends(cut, STR(".")) || str_ends(cut, STR(";")))
			cut = str_trim(str_cut(cut, 0, cut.n - 1));
		else
			return;
	}
}

static void run_one_value(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	if (!is_word_of(u->rule, shown(c, field_of(u, 0), v[0])) &&
	    !is_word_of(u->rule, words_of(v[0])))
		rule_issue(c, u, STR_NONE, NULL);
}

static void run_known_code(struct checking *c, const struct rule_use *u, const struct val *const *v)
{
	const struct code_list *list = field_of(u, 0)->codes;

	if (list == NULL)
		return;
	if (v[0]->kind == VAL_TEXT && !map_has(&list->by_code, v[0]->text))
		rule_issue(c, u, STR_NONE, NULL);
	VAL_EACH(i, v[0]) {
		if (!map_has(&list->by_code, v[0]->at[i]->text))
			rule_issue(c, u, v[0]->at[i]->text, NULL);
	}
}

const struct rule_kind rule_kinds[] = {
    /* name, shape, least, most, missing, forms, imports, value, run, takes */
    {"order", TOGETHER, 1, 2, false, true, true, NO_VALUE, run_order, takes_days},
    {"less-or-equal", TOGETHER, 2, 2, false, true, true, NO_VALUE, run_less, takes_number},
    {"min-days", TOGETHER, 1, 2, false, true, true, VALUE_PERIOD, run_min_days, takes_days},
    {"not-zero", EACH, 1, 1, false, true, true, NO_VALUE, run_not_zero, takes_zero},
    {"required-if", EACH, 1, 1, true, true, false, NO_VALUE, run_required_if, NULL},
    {"one-of", TOGETHER, 1, TARGETS_MAX, true, true, true, NO_VALUE, run_one_of, NULL},
    {"sum", WHOLE, 2, TARGETS_MAX, false, true, true, NO_VALUE, run_sum, takes_number},
    {"unique", COLUMN, 1, 1, true, true, true, NO_VALUE, run_unique, NULL},
    {"unique-warn-equal", COLUMN, 1, 1, true, true, true, NO_VALUE, run_unique, takes_number},
    {"match", EACH, 1, 1, false, true, true, VALUE_PATTERN, run_match, takes_words},
    {"no-match", EACH, 1, 1, false, true, true, VALUE_PATTERN, run_no_match, takes_words},
    /* In a document every date is one; what a source wrote instead is said when it is read (schema_read). */
    {"date-form", EACH, 1, 1, false, true, true, NO_VALUE, NULL, takes_days},
    {"no-markup", EACH, 1, 1, false, true, true, NO_VALUE, run_no_markup, takes_words},
    {"not-only", EACH, 1, 1, false, true, true, VALUE_WORDS, run_not_only, takes_words},
    {"workday", EACH, 1, 1, false, true, true, NO_VALUE, run_workday, takes_days},
    {"outlier", COLUMN, 1, 1, true, true, true, VALUE_NUMBER, run_outlier, takes_number},
    /* A form offers the codes of the list and refuses others (code-unknown); an import keeps what the source says. */
    {"known-code", EACH, 1, 1, false, false, true, NO_VALUE, run_known_code, takes_codes},
    {"one-value", EACH, 1, 1, false, true, true, VALUE_WORDS, run_one_value, NULL},
    {"max", EACH, 1, 1, false, true, true, VALUE_NUMBER, run_max, takes_number},
    {"winner-in-candidates", ELSEWHERE, 0, 0, false, true, true, NO_VALUE, NULL, NULL},
    {"after-publicity", ELSEWHERE, 0, 0, false, true, true, NO_VALUE, NULL, NULL},
    {"one-result-per-section", ELSEWHERE, 0, 0, false, true, true, NO_VALUE, NULL, NULL},
    {NULL, EACH, 0, 0, false, false, false, NO_VALUE, NULL, NULL},
};
