/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile says a value is, for one row. */
#include "intake/intake_priv.h"
#include "text/text.h"

#define TEMPLATE_MAX 4096u

static bool test_holds(
    struct arena *mem, const struct profile_test *t, const struct source_row *row)
{
	struct str text = source_text(mem, row, t->path), part;

	if (t->has_empty)
		return (str_trim(text).n == 0) == t->empty;
	if (t->match)
		return pattern_find(t->match, text, &part);
	for (size_t i = 0; i < t->values.n; i++)
		if (str_eq(t->values.at[i], text))
			return true;
	return false;
}

bool tests_hold(struct arena *mem, const struct profile_tests *tests, const struct source_row *row)
{
	for (size_t i = 0; i < tests->n; i++)
		if (!test_holds(mem, &tests->at[i], row))
			return false;
	return true;
}

/* A template with an empty column has no value: half a title is none. */
static struct str template_text(
    struct arena *mem, const struct profile_value *v, const struct source_row *row)
{
	struct buf b = buf_new(mem, TEMPLATE_MAX);

	for (size_t i = 0; i < v->parts.n; i++) {
		const struct template_part *p = &v->parts.at[i];
		struct str s = p->path ? str_trim(source_text(mem, row, p->path)) : p->literal;

		if (!s.n)
			return STR("");
		buf_add(&b, s);
	}
	return b.failed ? STR("") : buf_str(&b);
}

static struct str raw_text(
    struct arena *mem, const struct profile_value *v, const struct source_row *row)
{
	struct str s = STR("");

	if (v->kind == VALUE_CONST)
		return v->text;
	if (v->kind == VALUE_TEMPLATE)
		return template_text(mem, v, row);
	for (const struct profile_path *p = v->paths; p && !str_trim(s).n; p = p->next)
		s = source_text(mem, row, p);
	return s;
}

static struct str refined(struct arena *mem, const struct profile_value *v, struct str s)
{
	struct str part;
	struct decimal d;

	if (v->html)
		s = html_text(mem, s);
	s = str_trim(s);
	if (v->match)
		s = s.n && pattern_find(v->match, s, &part) ? str_trim(part) : STR("");
	if (v->values && val_find(v->values, s))
		s = val_find(v->values, s)->text;
	if (v->unit.n && decimal_parse(s, &d))
		s = str_fmt(mem, "%.*s%.*s", STR_ARG(s), STR_ARG(v->unit));
	return s;
}

struct str value_text(struct arena *mem, const struct profile_value *v,
    const struct source_row *row, const struct profile_value **taken_out)
{
	for (; v; v = v->next) {
		struct str s;

		if (!tests_hold(mem, &v->when, row))
			continue;
		s = refined(mem, v, raw_text(mem, v, row));
		if (!s.n)
			continue;
		if (taken_out)
			*taken_out = v;
		return s;
	}
	if (taken_out)
		*taken_out = NULL;
	return STR("");
}
