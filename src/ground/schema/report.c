/* SPDX-License-Identifier: Apache-2.0 */
/* What `check data/` prints. */
#include "schema/schema_priv.h"

struct element {
	int64_t n;
	struct str sector, quote, item, field, type, code_list, national_field, required, note;
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

static bool carries(const struct field *fields, size_t n, int64_t element)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < fields[i].carries_n; k++)
			if (fields[i].carries[k] == element)
				return true;
		if (carries(fields[i].columns, fields[i].columns_n, element))
			return true;
	}
	return false;
}

static void element_check(struct load *l, const struct val *row, const struct element *e)
{
	const struct item *it = domain_item(l->d, e->item);

	if (it == NULL)
		mistake_word(l, val_at(row, "item"), "item", e->item, &l->d->items);
	else if (!carries(it->fields, it->fields_n, e->n))
		mistake(l, row, "element %" PRId64 " (%.*s) is carried by no field of %.*s", e->n,
		    STR_ARG(e->quote), STR_ARG(e->item));
}

/* Numbers that no element has. */
static void carried_numbers_check(
    struct load *l, const struct item *it, const struct field *fields, size_t n, int64_t all)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < fields[i].carries_n; k++) {
			if (fields[i].carries[k] >= 1 && fields[i].carries[k] <= all)
				continue;
			mistake_in(l, it->file,
			    &(struct val){.line = fields[i].line, .column = fields[i].column},
			    "the plan has no element %" PRId64, fields[i].carries[k]);
		}
		carried_numbers_check(l, it, fields[i].columns, fields[i].columns_n, all);
	}
}

static bool elements_check(struct load *l, int64_t *all_out)
{
	const struct str *text = map_get(l->files, STR("elements.csv"));
	struct val *tree, *list;

	*all_out = 0;
	l->file = STR("elements.csv");
	if (text == NULL) {
		mistake(l, NULL, "the file is missing: the elements of the plan, one a row");
		return true;
	}
	if (!csv_tree(l, *text, "elements", element_members, &tree))
		return false;
	list = val_at(tree, "elements");
	VAL_EACH(i, list) {
		struct element e = {0};

		if (!record_read(l, list->at[i], element_members, &e))
			continue;
		if (e.n > *all_out)
			*all_out = e.n;
		element_check(l, list->at[i], &e);
	}
	MAP_EACH(slot, &l->d->items) {
		const struct item *it = slot->value;

		carried_numbers_check(l, it, it->fields, it->fields_n, *all_out);
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
	struct str missing;
	size_t carried = 0;
	int64_t all = 0;

	if (!domain_load(cx, files, true, &mistakes, &demo))
		return false;
	/* The demo home has everything; what only resolves there would be missing in a plain one. */
	if (demo && !domain_load(cx, files, false, &mistakes, &plain))
		return false;
	if (demo) {
		l.d = arena_new(cx->mem, struct domain);
		*l.d = *demo;
		if (!elements_check(&l, &all))
			return false;
		carried = domain_elements_carried(cx->mem, demo, (size_t)all, &missing);
	}
	mistakes_print(out, &mistakes);
	if (demo)
		buf_fmt(out, "elements carried %zu of %" PRId64 "\n", carried, all);
	*ok_out = mistakes.n == 0 && demo && carried == (size_t)all;
	return true;
}
