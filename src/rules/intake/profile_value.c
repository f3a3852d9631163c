/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a profile that say where a value comes from. */
#include <stdio.h>

#include "intake/intake_priv.h"

#define VARIANTS_MAX   8u
#define PATH_MAX_PARTS 8u

void reading_mistake(struct reading *r, const struct val *at, const char *fmt, ...)
{
	struct arena *mem = r->cx->mem;
	struct mistake m = {
	    .file = r->file, .line = at ? at->line : 1, .column = at ? at->column : 1};
	va_list ap;

	va_start(ap, fmt);
	m.message = str_vfmt(mem, fmt, ap);
	va_end(ap);
	*list_add(mem, r->mistakes) = m;
}

void reading_keys(struct reading *r, const struct val *map, const char *const *words)
{
	struct map known = {0};

	for (size_t i = 0; words[i]; i++)
		map_put(r->cx->mem, &known, str_of(words[i]), NULL);
	VAL_EACH(i, map) {
		struct str near = map_near(&known, map->keys[i]);

		if (map_has(&known, map->keys[i]))
			continue;
		reading_mistake(r, map->at[i], "unknown key \"%.*s\"%s%.*s%s",
		    STR_ARG(map->keys[i]), near.p ? "; did you mean \"" : "", STR_ARG(near),
		    near.p ? "\"?" : "");
	}
}

static struct profile_path *path_add(struct reading *r, const struct val *at, struct str text)
{
	struct arena *mem = r->cx->mem;
	struct profile_path *p = arena_new(mem, struct profile_path);
	struct str rest = text, part;

	p->text = text;
	p->column = -1;
	while (str_split(&rest, '.', &part))
		*list_add(mem, &p->parts) = part;
	if (!text.n || p->parts.n > PATH_MAX_PARTS)
		reading_mistake(
		    r, at, "a column name or path of at most %u parts is wanted", PATH_MAX_PARTS);
	p->all = r->profile->paths;
	r->profile->paths = p;
	return p;
}

static struct profile_path *path_read(struct reading *r, const struct val *v)
{
	if (v->kind != VAL_TEXT) {
		reading_mistake(r, v, "the name of a column or path is wanted");
		return path_add(r, v, STR("?"));
	}
	return path_add(r, v, v->text);
}

struct profile_path *reading_paths(struct reading *r, const struct val *v)
{
	struct profile_path *first = NULL, **last = &first;

	if (v->kind != VAL_LIST)
		return path_read(r, v);
	if (!v->n)
		reading_mistake(r, v, "at least one column is wanted");
	VAL_EACH(i, v) {
		*last = path_read(r, v->at[i]);
		last = &(*last)->next;
	}
	return first;
}

static struct profile_pattern *pattern_read(struct reading *r, const struct val *v)
{
	struct str message = STR("a pattern is wanted");
	struct profile_pattern *p =
	    v->kind == VAL_TEXT ? pattern_new(r->cx->mem, v->text, &message) : NULL;

	if (!p)
		reading_mistake(r, v, "not a pattern: %.*s", STR_ARG(message));
	return p;
}

static bool yes_read(struct reading *r, const struct val *v)
{
	if (v->kind == VAL_TEXT && (str_is(v->text, "yes") || str_is(v->text, "no")))
		return str_is(v->text, "yes");
	reading_mistake(r, v, "yes or no is wanted");
	return false;
}

static struct str text_read(struct reading *r, const struct val *v)
{
	if (v->kind == VAL_TEXT)
		return v->text;
	reading_mistake(r, v, "a text is wanted");
	return STR("");
}

/* ---- when ---- */
static void texts_read(struct reading *r, const struct val *v, struct profile_test *t)
{
	VAL_EACH(i, v)
		*list_add(r->cx->mem, &t->values) = text_read(r, v->at[i]);
}

static void test_read(struct reading *r, const struct val *v, struct profile_test *t)
{
	static const char *const words[] = {"match", "empty", NULL};

	if (v->kind == VAL_TEXT) {
		*list_add(r->cx->mem, &t->values) = v->text;
		return;
	}
	if (v->kind == VAL_LIST) {
		texts_read(r, v, t);
		return;
	}
	reading_keys(r, v, words);
	if (val_at(v, "match"))
		t->match = pattern_read(r, val_at(v, "match"));
	if (val_at(v, "empty")) {
		t->has_empty = true;
		t->empty = yes_read(r, val_at(v, "empty"));
	}
}

void reading_tests(struct reading *r, const struct val *v, struct profile_tests *out)
{
	if (v->kind != VAL_MAP) {
		reading_mistake(
		    r, v, "conditions are a map of columns: when: {stage_code: \"0101\"}");
		return;
	}
	VAL_EACH(i, v) {
		struct profile_test t = {.path = path_add(r, v->at[i], v->keys[i])};

		test_read(r, v->at[i], &t);
		*list_add(r->cx->mem, out) = t;
	}
}

/* ---- the kinds of value ---- */
static void part_add(struct reading *r, struct profile_value *out, struct template_part part)
{
	if (part.path || part.literal.n)
		*list_add(r->cx->mem, &out->parts) = part;
}

static void template_read(struct reading *r, const struct val *v, struct profile_value *out)
{
	struct str text = text_read(r, v);
	size_t at = 0, open, close;

	while (str_find(text, STR("{"), at, &open)) {
		if (!str_find(text, STR("}"), open, &close)) {
			reading_mistake(r, v, "\"{\" without \"}\" in a template");
			return;
		}
		part_add(r, out, (struct template_part){.literal = str_cut(text, at, open)});
		part_add(r, out,
		    (struct template_part){.path = path_add(r, v, str_cut(text, open + 1, close))});
		at = close + 1;
	}
	part_add(r, out, (struct template_part){.literal = str_cut(text, at, text.n)});
}

static void rows_read(struct reading *r, const struct val *map, struct profile_value *out)
{
	const struct val *v = val_at(map, "rows"), *columns = val_at(map, "columns");
	struct profile_path *outside;

	if (v->kind != VAL_TEXT || !str_is(v->text, "group"))
		out->rows = path_read(r, v);
	if (out->rows && r->profile->format == SOURCE_CSV)
		reading_mistake(r, v, "rows of a CSV file are those of the group: rows: group");
	outside = r->profile->paths;
	if (!columns)
		reading_mistake(r, map, "rows need their columns: columns: {name: …}");
	else
		reading_fields(r, columns, &out->columns);
	for (struct profile_path *p = r->profile->paths; p != outside; p = p->all)
		p->cell = true;
}

static void values_check(struct reading *r, const struct val *v)
{
	if (v->kind != VAL_MAP)
		reading_mistake(r, v, "values are a map: the source's text to ours");
	VAL_EACH(i, v)
		(void)text_read(r, v->at[i]);
}

/* What refines a value: match, values, unit, html, as, code, when. */
static void refine(struct reading *r, const struct val *map, struct profile_value *out)
{
	const struct val *v;

	if ((v = val_at(map, "match")))
		out->match = pattern_read(r, v);
	if ((v = val_at(map, "values"))) {
		values_check(r, v);
		out->values = val_copy(r->cx->mem, v);
	}
	if ((v = val_at(map, "unit")))
		out->unit = text_read(r, v);
	if ((v = val_at(map, "html")))
		out->html = yes_read(r, v);
	if ((v = val_at(map, "as"))) {
		out->words = str_is(text_read(r, v), "words");
		if (!out->words)
			reading_mistake(r, v, "as: only \"words\" is known (a price in words)");
	}
	if ((v = val_at(map, "code")))
		out->code = reading_value(r, v);
	if ((v = val_at(map, "when")))
		reading_tests(r, v, &out->when);
}

static struct profile_value *value_read(struct reading *r, const struct val *v)
{
	static const char *const words[] = {"column", "const", "template", "start", "end", "rows",
	    "columns", "match", "values", "unit", "html", "as", "code", "when", NULL};
	struct profile_value *out = arena_new(r->cx->mem, struct profile_value);
	int kinds = 0;

	if (v->kind == VAL_TEXT) {
		out->paths = path_read(r, v);
		return out;
	}
	reading_keys(r, v, words);
	if (val_at(v, "column") && ++kinds)
		out->paths = reading_paths(r, val_at(v, "column"));
	if (val_at(v, "const") && ++kinds) {
		out->kind = VALUE_CONST;
		out->text = text_read(r, val_at(v, "const"));
	}
	if (val_at(v, "template") && ++kinds) {
		out->kind = VALUE_TEMPLATE;
		template_read(r, val_at(v, "template"), out);
	}
	if ((val_at(v, "start") || val_at(v, "end")) && ++kinds) {
		out->kind = VALUE_PERIOD;
		out->start = val_at(v, "start") ? reading_value(r, val_at(v, "start")) : NULL;
		out->end = val_at(v, "end") ? reading_value(r, val_at(v, "end")) : NULL;
	}
	if (val_at(v, "rows") && ++kinds) {
		out->kind = VALUE_ROWS;
		rows_read(r, v, out);
	}
	if (kinds != 1)
		reading_mistake(
		    r, v, "a value says one of column, const, template, start/end, rows");
	refine(r, v, out);
	return out;
}

struct profile_value *reading_value(struct reading *r, const struct val *v)
{
	struct profile_value *first = NULL, **last = &first;

	if (v->kind != VAL_LIST)
		return value_read(r, v);
	VAL_EACH(i, v) {
		*last = value_read(r, v->at[i]);
		last = &(*last)->next;
	}
	if (!v->n || v->n > VARIANTS_MAX) {
		reading_mistake(r, v, "between 1 and %u variants are wanted", VARIANTS_MAX);
		return first ? first : arena_new(r->cx->mem, struct profile_value);
	}
	return first;
}

void reading_fields(struct reading *r, const struct val *v, struct profile_fields *out)
{
	if (v->kind != VAL_MAP) {
		reading_mistake(
		    r, v, "fields are a map: the field's name and where its value comes from");
		return;
	}
	VAL_EACH(i, v)
		*list_add(r->cx->mem, out) = (struct profile_field){.name = v->keys[i],
		    .value = reading_value(r, v->at[i]),
		    .line = v->at[i]->line,
		    .column = v->at[i]->column};
}
