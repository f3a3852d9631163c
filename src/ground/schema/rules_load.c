/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of data/rules: read, then applied to the fields of every item once, at load. */
#include "schema/rules_priv.h"

struct rule_in {
	struct rule r;
	struct str severity;
};

static const struct member rule_members[] = {
    MUST("rule", struct rule_in, r.name),
    MUST("version", struct rule_in, r.version),
    MUST("check", struct rule_in, r.check),
    LIST("items", struct rule_in, r.items),
    LIST("fields", struct rule_in, r.fields),
    LIST("types", struct rule_in, r.types),
    MEMBER("value", struct rule_in, r.value),
    MEMBER("when", struct rule_in, r.when),
    MUST("severity", struct rule_in, severity),
    MEMBER("waivable", struct rule_in, r.waivable),
    MUST("sentence", struct rule_in, r.sentence),
    MEMBER("basis", struct rule_in, r.basis),
    MEMBERS_END,
};

/* ---- the parameter ---- */
static bool number_value(struct load *l, struct rule *r)
{
	if (r->value->kind == VAL_TEXT && decimal_parse(r->value->text, &r->number))
		return true;
	mistake(l, r->value, "\"value\" of %.*s should be a number", STR_ARG(r->check));
	return false;
}

static bool words_value(struct load *l, struct rule *r)
{
	r->words_n = r->value->kind == VAL_LIST ? r->value->n : 0;
	r->words = arena_array(l->mem, struct str, r->words_n);
	for (size_t i = 0; i < r->words_n; i++)
		r->words[i] = r->value->at[i]->text;
	if (r->words_n == 0)
		mistake(
		    l, r->value, "\"value\" of %.*s should be a list of texts", STR_ARG(r->check));
	return r->words_n > 0;
}

static bool pattern_value(struct load *l, struct rule *r)
{
	struct str problem = STR("it is no text");

	if (r->value->kind == VAL_TEXT)
		r->pattern = pattern_compile(l->mem, r->value->text, &problem);
	if (r->pattern == NULL)
		mistake(l, r->value, "the pattern cannot be read: %.*s", STR_ARG(problem));
	return r->pattern != NULL;
}

struct period_in {
	int64_t n;
	struct str unit, count;
};

static bool period_value(struct load *l, struct rule *r)
{
	static const struct member members[] = {
	    MUST("n", struct period_in, n),
	    MUST("unit", struct period_in, unit),
	    MUST("count", struct period_in, count),
	    MEMBERS_END,
	};
	static const char *const units[] = {"day", "workday", NULL}, *const counts[] = {
									 "from-next-day", "both",
									 NULL};
	struct period_in in = {0};
	int unit = 0, count = 0;

	if (!record_read(l, r->value, members, &in) ||
	    !choice_read(l, r->value, "unit", in.unit, units, &unit) ||
	    !choice_read(l, r->value, "count", in.count, counts, &count))
		return false;
	if (in.n < 1 || in.n > 2000)
		mistake(l, val_at(r->value, "n"), "\"n\" should be from 1 to 2000");
	r->days = (int)in.n;
	r->workdays = unit == 1;
	r->both = count == 1;
	return true;
}

static bool value_read(struct load *l, struct rule *r)
{
	static bool (*const readers[])(struct load *, struct rule *) = {
	    [VALUE_PATTERN] = pattern_value,
	    [VALUE_WORDS] = words_value,
	    [VALUE_NUMBER] = number_value,
	    [VALUE_PERIOD] = period_value};

	if ((r->value != NULL) != (r->kind->value != NO_VALUE)) {
		mistake(l, r->value ? r->value : r->tree, "the check %.*s takes %s \"value\"",
		    STR_ARG(r->check), r->value ? "no" : "a");
		return false;
	}
	return r->value == NULL || readers[r->kind->value](l, r);
}

struct when_in {
	struct str field;
	struct val *is, *is_not;
};

static void when_read(struct load *l, struct rule *r)
{
	static const struct member members[] = {
	    MUST("field", struct when_in, field),
	    MEMBER("is", struct when_in, is),
	    MEMBER("is_not", struct when_in, is_not),
	    MEMBERS_END,
	};
	struct when_in in = {0};

	if (r->when == NULL || !record_read(l, r->when, members, &in))
		return;
	if ((in.is != NULL) == (in.is_not != NULL))
		mistake(l, r->when, "a condition has either \"is\" or \"is_not\"");
	r->when_field = in.field;
	r->when_is = in.is ? in.is : in.is_not;
	r->when_not = in.is == NULL;
}

/* ---- the sentence ---- */
static void placeholders_check(struct load *l, const struct val *where, struct str sentence)
{
	static const char *const known[] = {"field", "value", "from", "to"};
	size_t at = 0, end;

	while (str_find(sentence, STR("{"), at, &at) && str_find(sentence, STR("}"), at, &end)) {
		struct str name = str_cut(sentence, at + 1, end);
		bool found = false;

		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			found |= str_is(name, known[i]);
		if (!found)
			mistake(l, where,
			    "no placeholder {%.*s}: they are {field} {value} {from} {to}",
			    STR_ARG(name));
		at = end;
	}
}

static bool kind_read(struct load *l, struct rule *r)
{
	struct map known = {0};

	for (const struct rule_kind *k = rule_kinds; k->name; k++) {
		if (str_is(r->check, k->name))
			r->kind = k;
		map_put(l->mem, &known, str_of(k->name), NULL);
	}
	if (r->kind == NULL)
		mistake_word(l, val_at(r->tree, "check"), "check", r->check, &known);
	return r->kind != NULL;
}

/* Each of its fields is a use of its own. */
static bool is_single(const struct rule_kind *k)
{
	return k->shape == EACH || k->shape == COLUMN;
}

static bool shape_check(struct load *l, struct rule *r)
{
	const struct rule_kind *k = r->kind;

	if (k->shape == ELSEWHERE)
		return true;
	if (r->types_n && (r->fields_n || k->least > 1))
		mistake(l, val_at(r->tree, "types"), "%s",
		    r->fields_n ? "a rule has either \"fields\" or \"types\""
				: "this check looks at named fields together, not at every field "
				  "of a type");
	else if (r->types_n + r->fields_n == 0)
		mistake(l, r->tree, "\"fields\" or \"types\" is missing");
	else if (r->fields_n && !is_single(k) && (r->fields_n < k->least || r->fields_n > k->most))
		mistake(l, val_at(r->tree, "fields"), "the check %s takes %zu to %zu fields",
		    k->name, k->least, k->most);
	else
		return true;
	return false;
}

static void types_check(struct load *l, const struct rule *r)
{
	const struct val *types = val_at(r->tree, "types");
	struct map known = {0};

	field_type_names(l->mem, &known);
	VAL_EACH(i, types) {
		if (!map_has(&known, types->at[i]->text))
			mistake_word(l, types->at[i], "type", types->at[i]->text, &known);
	}
}

/* Lower case letters, digits and hyphens: reports, notices and waivers name it. */
static bool rule_name_is_good(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (i && ((c >= '0' && c <= '9') || c == '-'))))
			return false;
	}
	return name.n > 0;
}

/* A basis may begin with the key of a row of deadlines.csv: "tender.docsale 招标投标法实施条例16". */
static void basis_check(struct load *l, const struct val *tree, struct str basis)
{
	size_t n = 0, dots = 0;

	for (; n < basis.n && ((basis.p[n] >= 'a' && basis.p[n] <= 'z') || basis.p[n] == '.'); n++)
		dots += basis.p[n] == '.';
	if (dots && !map_has(&l->d->deadlines, str_cut(basis, 0, n)))
		mistake_word(
		    l, val_at(tree, "basis"), "deadline", str_cut(basis, 0, n), &l->d->deadlines);
}

static void rule_read(struct load *l, struct val *tree)
{
	static const char *const severities[] = {
	    [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error", NULL};
	struct rule_in *in = arena_new(l->mem, struct rule_in);
	struct rule *r = &in->r;
	struct domain *d = l->d;
	int severity = SEVERITY_ERROR;

	if (!record_read(l, tree, rule_members, in))
		return;
	r->tree = tree;
	r->file = l->file;
	(void)choice_read(l, tree, "severity", in->severity, severities, &severity);
	r->severity = (enum severity)severity;
	placeholders_check(l, val_at(tree, "sentence"), r->sentence.zh);
	placeholders_check(l, val_at(tree, "sentence"), r->sentence.en);
	types_check(l, r);
	when_read(l, r);
	basis_check(l, tree, r->basis);
	if (r->version < 1)
		mistake(l, val_at(tree, "version"), "versions count from 1");
	if (!rule_name_is_good(r->name))
		mistake(l, val_at(tree, "rule"),
		    "\"%.*s\": a rule is called by lower case letters, digits and hyphens",
		    STR_ARG(r->name));
	if (domain_rule(d, r->name))
		mistake(l, tree, "rule \"%.*s\" stands twice", STR_ARG(r->name));
	if (!kind_read(l, r) || !value_read(l, r) || !shape_check(l, r))
		return;
	d->rules = arena_grow(l->mem, d->rules, d->rules_n * sizeof(struct rule *),
	    (d->rules_n + 1) * sizeof(struct rule *));
	d->rules[d->rules_n++] = r;
}

void load_rules(struct load *l, struct val *tree)
{
	struct val *list = val_at(tree, "rules");

	if (list == NULL || list->kind != VAL_LIST)
		mistake(l, list ? list : tree, "\"rules\" should be a list of rules");
	VAL_EACH(i, list)
		rule_read(l, list->at[i]);
}

/* ---- applying them ---- */
struct applying {
	struct load *l;
	struct rule *rule;
	struct item *item;
	LIST_OF(struct rule_use) uses;
	bool *seen; /* by position of the field in the rule: some item has it */
	bool when_seen;
};

static bool target_find(const struct item *it, struct str path, struct target *out)
{
	const struct field *f = field_find(it, path);

	*out = (struct target){0};
	if (f == NULL || f->type == NULL || f->by_system)
		return false;
	out->field = f->rows ? f->rows : f;
	out->column = f->rows ? f : NULL;
	out->at = (size_t)(out->field - it->fields);
	out->column_at = f->rows ? (size_t)(f - f->rows->columns) : 0;
	return true;
}

/* A condition on a field with codes speaks of one of them, by code: that is what a document holds; of a yes/no it says yes or no. */
static void when_words_check(struct applying *a, const struct field *f, const struct val *is)
{
	bool yesno = str_is(field_type_name(f), "yesno");

	VAL_EACH(i, is)
		when_words_check(a, f, is->at[i]);
	if (is->kind != VAL_TEXT)
		return;
	a->l->file = a->rule->file;
	if (yesno && !str_is(is->text, "yes") && !str_is(is->text, "no"))
		mistake(a->l, is, "\"%.*s\" is yes or no, not \"%.*s\"", STR_ARG(f->name),
		    STR_ARG(is->text));
	if (f->codes && !map_has(&f->codes->by_code, is->text))
		mistake_word(a->l, is, str_fmt(a->l->mem, "code of %.*s", STR_ARG(f->codes->id)).p,
		    is->text, &f->codes->by_code);
}

static void use_add(struct applying *a, const struct target *targets, size_t n)
{
	struct rule_use u = {.rule = a->rule, .n = n};

	if (a->rule->when_field.n && !target_find(a->item, a->rule->when_field, &u.when))
		return;
	if (a->rule->when_is && u.when.field && !a->when_seen)
		when_words_check(a, target_field(&u.when), a->rule->when_is);
	a->when_seen = true;
	u.t = arena_array(a->l->mem, struct target, n);
	for (size_t i = 0; i < n; i++) {
		u.t[i] = targets[i];
		if (targets[i].column && a->rule->kind->shape != WHOLE &&
		    a->rule->kind->shape != COLUMN)
			u.rows = targets[i].field;
	}
	*list_add(a->l->mem, &a->uses) = u;
}

static void use_each_type(struct applying *a, const struct field *fields, size_t n)
{
	const struct rule *r = a->rule;

	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];
		struct target t = {.field = f->rows ? f->rows : f,
		    .column = f->rows ? f : NULL,
		    .column_at = f->rows ? i : 0};
		bool wanted = false;

		for (size_t k = 0; k < r->types_n; k++)
			wanted |= str_eq(field_type_name(f), r->types[k]);
		t.at = (size_t)(t.field - a->item->fields);
		if (wanted && !f->by_system)
			use_add(a, &t, 1);
		use_each_type(a, f->columns, f->columns_n);
	}
}

static void use_fields(struct applying *a)
{
	const struct rule *r = a->rule;
	struct target found[TARGETS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->fields_n; i++) {
		struct target t;

		if (!target_find(a->item, r->fields[i], &t))
			continue;
		a->seen[i] = true;
		if (r->kind->takes && !r->kind->takes(target_field(&t))) {
			a->l->file = r->file;
			mistake(a->l, val_at(r->tree, "fields")->at[i],
			    "the check %s has nothing to look at in %.*s, which is of type %.*s",
			    r->kind->name, STR_ARG(r->fields[i]),
			    STR_ARG(field_type_name(target_field(&t))));
		} else if (is_single(r->kind)) {
			use_add(a, &t, 1);
		} else if (n < TARGETS_MAX) {
			found[n++] = t;
		}
	}
	/* one-of makes do with the fields that there are; every other check needs all of its own. */
	if (!is_single(r->kind) && (n == r->fields_n || (n && r->kind->missing)))
		use_add(a, found, n);
}

static bool applies_to(const struct rule *r, const struct item *it)
{
	for (size_t i = 0; i < r->items_n; i++)
		if (str_is(r->items[i], "all") || str_eq(r->items[i], it->id))
			return true;
	return false;
}

static void names_check(struct applying *a)
{
	struct load *l = a->l;
	const struct rule *r = a->rule;
	const struct val *items = val_at(r->tree, "items"), *fields = val_at(r->tree, "fields");
	struct map known = {0};

	l->file = r->file;
	if (items == NULL)
		mistake(l, r->tree, "\"items\" is missing: a list of items, or all");
	if (is_source_lost(l, "item/v1") || is_source_lost(l, "sector/v1"))
		return; /* the fields that it names may stand there */
	VAL_EACH(i, items) {
		if (!str_is(items->at[i]->text, "all") &&
		    !map_has(&l->d->items, items->at[i]->text))
			mistake_word(l, items->at[i], "item", items->at[i]->text, &l->d->items);
	}
	MAP_EACH(slot, &l->d->items) {
		const struct item *it = slot->value;

		for (size_t i = 0; applies_to(r, it) && i < it->by_name.n; i++)
			map_put(l->mem, &known, it->by_name.at[i].key, NULL);
	}
	for (size_t i = 0; i < r->fields_n; i++)
		if (!a->seen[i])
			mistake_word(
			    l, fields->at[i], "field in any of these items:", r->fields[i], &known);
	if (r->when_field.n && !a->when_seen && !map_has(&known, r->when_field))
		mistake_word(l, val_at(r->when, "field"),
		    "field in any of these items:", r->when_field, &known);
}

void resolve_rules(struct load *l)
{
	MAP_EACH(slot, &l->d->item_refs) {
		struct item *it = slot->value;

		it->uses_n = 0;
	}
	for (size_t i = 0; i < l->d->rules_n; i++) {
		struct applying a = {.l = l, .rule = l->d->rules[i]};

		a.seen = arena_array(l->mem, bool, a.rule->fields_n);
		MAP_EACH(slot, &l->d->item_refs) {
			a.item = slot->value;
			a.uses.n = a.uses.cap = 0;
			a.uses.at = NULL;
			if (!applies_to(a.rule, a.item))
				continue;
			if (a.rule->types_n)
				use_each_type(&a, a.item->fields, a.item->fields_n);
			else
				use_fields(&a);
			a.item->uses = arena_grow(l->mem, a.item->uses,
			    a.item->uses_n * sizeof(struct rule_use),
			    (a.item->uses_n + a.uses.n) * sizeof(struct rule_use));
			for (size_t k = 0; k < a.uses.n; k++)
				a.item->uses[a.item->uses_n++] = a.uses.at[k];
		}
		names_check(&a);
	}
}

/* ---- for who asks ---- */
const struct rule *domain_rule(const struct domain *d, struct str name)
{
	for (size_t i = 0; i < d->rules_n; i++)
		if (str_eq(d->rules[i]->name, name))
			return d->rules[i];
	return NULL;
}

const struct rule *domain_rule_by_check(const struct domain *d, struct str check)
{
	for (size_t i = 0; i < d->rules_n; i++)
		if (str_eq(d->rules[i]->check, check))
			return d->rules[i];
	return NULL;
}

struct str rule_name(const struct rule *r)
{
	return r->name;
}

struct label rule_sentence(const struct rule *r)
{
	return r->sentence;
}

struct str rule_basis(const struct rule *r)
{
	return r->basis;
}

enum severity rule_severity(const struct rule *r)
{
	return r->severity;
}

bool rule_is_checked(const struct rule *r)
{
	return r->kind->run != NULL;
}

const struct rule *item_rule(const struct item *it, size_t *at)
{
	while (*at < it->uses_n) {
		const struct rule *r = it->uses[*at].rule;

		(*at)++;
		while (*at < it->uses_n && it->uses[*at].rule == r)
			(*at)++;
		return r;
	}
	return NULL;
}
