/* SPDX-License-Identifier: Apache-2.0 */
/* What `check data/` prints. */
#include "schema/schema_priv.h"

#define ELEMENTS_MOST 9999

struct element {
	int64_t n;
	struct str sector, quote, item, field, type, code_list, national_field, required, note;
	const struct val *row;
};
static const struct member element_members[] = {
    MUST("n", struct element, n),
    MEMBER("sector", struct element, sector),
    MEMBER("quote", struct element, quote),
    MUST("item", struct element, item),
    MEMBER("field", struct element, field),
    MEMBER("type", struct element, type),
    MEMBER("code_list", struct element, code_list),
    MEMBER("national_field", struct element, national_field),
    MEMBER("required", struct element, required),
    MEMBER("note", struct element, note),
    MEMBERS_END,
};

/* ---- the elements of the plan: each carried by a field of its own item ---- */
struct elements {
	struct load *l;
	const struct element *at; /* by number; n 0: there is none */
	int64_t most;
	bool *carried; /* by number */
};

static bool elements_read(struct load *l, struct elements *out)
{
	const struct str *text = map_get(l->files, STR("elements.csv"));
	struct val *tree, *list;
	struct element *at;

	l->file = STR("elements.csv");
	*out = (struct elements){.l = l};
	if (text == NULL) {
		mistake(l, NULL, "the file is missing: the elements of the plan, one a row");
		return true;
	}
	if (!csv_tree(l, *text, "elements", element_members, &tree))
		return false;
	list = val_find(tree, STR("elements"));
	at = arena_array(l->mem, struct element, ELEMENTS_MOST + 1);
	VAL_EACH(i, list) {
		struct element e = {.row = list->at[i]};

		if (!record_read(l, list->at[i], element_members, &e) || e.n == 0)
			continue;
		if (e.n < 1 || e.n > ELEMENTS_MOST) {
			mistake(l, val_at(e.row, "n"), "elements are numbered from 1 to %d",
			    ELEMENTS_MOST);
			continue;
		}
		if (at[e.n].n)
			mistake(l, val_at(e.row, "n"), "element %" PRId64 " stands twice", e.n);
		at[e.n] = e;
		out->most = e.n > out->most ? e.n : out->most;
	}
	out->at = at;
	out->carried = arena_array(l->mem, bool, (size_t)out->most + 1);
	return true;
}

static void carries_check(struct elements *e, const struct item *it, const struct field *f)
{
	struct val place = {.line = f->line, .column = f->column};

	for (size_t k = 0; k < f->carries_n; k++) {
		int64_t n = f->carries[k];

		if (n < 1 || n > e->most)
			mistake_in(e->l, it->file, &place, "the plan has no element %" PRId64, n);
		else if (!str_eq(e->at[n].item, it->id) && map_has(&e->l->d->items, e->at[n].item))
			mistake_in(e->l, it->file, &place,
			    "element %" PRId64 " (%.*s) belongs to %.*s, not to %.*s", n,
			    STR_ARG(e->at[n].quote), STR_ARG(e->at[n].item), STR_ARG(it->id));
		else if (str_eq(e->at[n].item, it->id))
			e->carried[n] = true; /* else its row was said to be missing or wrong */
	}
	for (size_t i = 0; i < f->columns_n; i++)
		carries_check(e, it, &f->columns[i]);
}

static size_t elements_check(struct elements *e)
{
	struct load *l = e->l;
	size_t carried = 0;

	MAP_EACH(slot, &l->d->items) {
		const struct item *it = slot->value;

		for (size_t i = 0; e->at && i < it->fields_n; i++)
			carries_check(e, it, &it->fields[i]);
	}
	l->file = STR("elements.csv");
	for (int64_t n = 1; n <= e->most; n++) {
		const struct element *one = &e->at[n];

		carried += e->carried[n];
		if (one->n == 0)
			mistake(l, NULL, "element %" PRId64 " is missing", n);
		else if (!map_has(&l->d->items, one->item))
			mistake_word(l, val_at(one->row, "item"), "item", one->item, &l->d->items);
		else if (!e->carried[n])
			mistake(l, one->row,
			    "element %" PRId64 " (%.*s) is carried by no field of %.*s", n,
			    STR_ARG(one->quote), STR_ARG(one->item));
	}
	return carried;
}

/* ---- national fields: DATASET.FIELD of identifiers.csv ---- */
struct national {
	struct str number, dataset, field, meaning, required, type, longest, fixed, digits,
	    decimals, format, codes;
};
static const struct member national_members[] = {
    MEMBER("data_no", struct national, number),
    MUST("dataset", struct national, dataset),
    MUST("field", struct national, field),
    MEMBER("meaning", struct national, meaning),
    MEMBER("required", struct national, required),
    MEMBER("type", struct national, type),
    MEMBER("max_len", struct national, longest),
    MEMBER("fixed_len", struct national, fixed),
    MEMBER("int_digits", struct national, digits),
    MEMBER("dec_digits", struct national, decimals),
    MEMBER("format", struct national, format),
    MEMBER("code_list", struct national, codes),
    MEMBERS_END,
};

static void national_check(struct load *l, const struct field *f, const struct map *known)
{
	struct val place = {.line = f->line, .column = f->column};

	if (f->national.n && !map_has(known, f->national))
		mistake_word(l, &place, "national field", f->national, known);
	for (size_t i = 0; i < f->columns_n; i++)
		national_check(l, &f->columns[i], known);
}

static bool nationals_check(struct load *l)
{
	const struct str *text = map_get(l->files, STR("identifiers.csv"));
	struct val *tree, *list;
	struct map known = {0};

	l->file = STR("identifiers.csv");
	if (text == NULL) {
		mistake(l, NULL, "the file is missing: the national fields, one a row");
		return true;
	}
	if (!csv_tree(l, *text, "fields", national_members, &tree))
		return false;
	list = val_find(tree, STR("fields"));
	VAL_EACH(i, list) {
		struct national one = {0};

		if (record_read(l, list->at[i], national_members, &one) &&
		    map_put(l->mem, &known,
			str_fmt(l->mem, "%.*s.%.*s", STR_ARG(one.dataset), STR_ARG(one.field)), l))
			mistake(l, list->at[i], "%.*s.%.*s stands twice", STR_ARG(one.dataset),
			    STR_ARG(one.field));
	}
	MAP_EACH(slot, &l->d->items) {
		const struct item *it = slot->value;

		l->file = it->file;
		for (size_t i = 0; list && i < it->fields_n; i++)
			national_check(l, &it->fields[i], &known);
	}
	return true;
}

void mistakes_print(struct buf *out, const struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->n; i++) {
		const struct mistake *m = &mistakes->at[i];

		buf_add(out, m->file);
		if (m->line)
			buf_fmt(out, ":%u:%u", m->line, m->column);
		buf_fmt(out, ": %.*s\n", STR_ARG(m->message));
	}
}

bool domain_check(struct cx *cx, const struct map *files, struct buf *out, bool *ok_out)
{
	struct mistakes mistakes = {0};
	const struct domain *plain, *demo;
	struct load l = {.cx = cx, .mem = cx->mem, .mistakes = &mistakes, .files = files};
	struct elements elements;
	size_t carried = 0;

	*ok_out = false;
	if (!domain_load(cx, files, true, &mistakes, &demo))
		return false;
	/* The demo home has everything; what only resolves there would be missing in a plain one. */
	if (demo && !domain_load(cx, files, false, &mistakes, &plain))
		return false;
	if (demo) {
		l.d = arena_new(cx->mem, struct domain);
		*l.d = *demo;
		if (!elements_read(&l, &elements) || !nationals_check(&l))
			return false;
		carried = elements_check(&elements);
		mistakes_sort(&mistakes);
	}
	mistakes_print(out, &mistakes);
	if (demo)
		buf_fmt(out, "elements carried %zu of %" PRId64 "\n", carried, elements.most);
	*ok_out = mistakes.n == 0 && demo != NULL;
	return true;
}
