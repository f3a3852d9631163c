/* SPDX-License-Identifier: Apache-2.0 */
/* Names of an item become what they name; what an item promises is checked against its own fields. */
#include "schema/schema_priv.h"

static const struct val *member_of(const struct item *it, const char *key)
{
	return val_find(it->source_tree, str_of(key));
}

/* One word of the item is a code of a list (or its label). */
static void code_resolve(
    struct load *l, const struct item *it, const char *key, struct str *word, const char *list)
{
	const struct code_list *codes = domain_codes(l->d, str_of(list));
	const struct code *c;

	if (codes == NULL || word->n == 0)
		return;
	c = code_find(codes, *word);
	if (c)
		*word = c->code;
	else
		mistake_word(l, member_of(it, key), list, *word, &codes->by_code);
}

/* Every text of a list member is a key of the map. */
static void list_resolve(
    struct load *l, const struct val *list, const char *what, const struct map *known)
{
	VAL_EACH(i, list) {
		if (!map_has(known, list->at[i]->text))
			mistake_word(l, list->at[i], what, list->at[i]->text, known);
	}
}

static void media_resolve(struct load *l, const struct item *it)
{
	const struct val *media = member_of(it, "media"), *channels = member_of(it, "channels");

	list_resolve(l, media, "medium", &l->d->channels);
	list_resolve(l, channels, "channel", &l->d->channels);
	VAL_EACH(i, media) {
		const struct channel *c = map_get(&l->d->channels, media->at[i]->text);

		if (c && !c->is_medium)
			mistake(l, media->at[i],
			    "\"%.*s\" is a channel, not a medium that a law names", STR_ARG(c->id));
	}
}

/* A lead is an agency (its id has a dot) or a class of them in words. */
static void lead_resolve(struct load *l, const struct item *it)
{
	const struct val *lead = member_of(it, "lead");

	VAL_EACH(i, lead) {
		if (str_has(lead->at[i]->text, STR(".")) &&
		    !map_has(&l->d->agencies, lead->at[i]->text))
			mistake_word(l, lead->at[i], "agency", lead->at[i]->text, &l->d->agencies);
	}
}

static bool carries_list(const struct field *fields, size_t n, struct str list)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(fields[i].codes_id, list) ||
		    carries_list(fields[i].columns, fields[i].columns_n, list))
			return true;
	return false;
}

static void qualifiers_resolve(struct load *l, const struct item *it)
{
	const struct val *list = member_of(it, "qualifiers");

	list_resolve(l, list, "code list", &l->d->codes);
	VAL_EACH(i, list) {
		if (!carries_list(it->fields, it->fields_n, list->at[i]->text))
			mistake(l, list->at[i],
			    "no field of %.*s has the codes %.*s, which qualify its notices",
			    STR_ARG(it->id), STR_ARG(list->at[i]->text));
	}
}

static void limit_resolve(struct load *l, const struct item *it)
{
	const struct val *limit = member_of(it, "limit"), *anchor = val_at(limit, "anchor");
	const struct field *f;

	list_resolve(l, val_at(limit, "rules"), "deadline", &l->d->deadlines);
	if (anchor == NULL || str_is(it->anchor, "formed_on"))
		return;
	f = field_find(it, it->anchor);
	if (f == NULL)
		mistake_word(l, anchor, "date field", it->anchor, &it->by_name);
	else if (f->type == NULL || f->type->days == NULL)
		mistake(l, anchor, "the anchor \"%.*s\" is no date", STR_ARG(it->anchor));
}

static bool has_codes(const struct field *f)
{
	return f->type &&
	       (str_is(field_type_name(f), "code") || str_is(field_type_name(f), "codes"));
}

static void field_resolve(struct load *l, struct field *f)
{
	struct val place = {.line = f->line, .column = f->column};

	if (f->codes_id.n) {
		f->codes = domain_codes(l->d, f->codes_id);
		if (f->codes == NULL && near_word(&l->d->codes, f->codes_id).n)
			mistake_word(l, &place, "code list", f->codes_id, &l->d->codes);
		if (!has_codes(f))
			mistake(l, &place, "\"%.*s\" has codes but is not of type code or codes",
			    STR_ARG(f->name));
	}
	if (f->identifier.n && f->type && !str_is(field_type_name(f), "identifier"))
		mistake(l, &place,
		    "\"%.*s\" says which identifier it is but is not of type identifier",
		    STR_ARG(f->name));
	for (size_t i = 0; i < f->columns_n; i++)
		field_resolve(l, &f->columns[i]);
}

static void item_resolve(struct load *l, struct item *it)
{
	size_t dot = 0;

	l->file = it->file;
	for (size_t i = 0; i < l->d->sectors_n; i++) {
		const struct sector *s = l->d->sectors[i];

		if (str_starts(it->id, s->id) && it->id.n > s->id.n && it->id.p[s->id.n] == '.')
			it->sector = s;
	}
	if (it->sector == NULL) {
		(void)str_find(it->id, STR("."), 0, &dot);
		mistake(l, member_of(it, "item"), "no sector \"%.*s\"",
		    STR_ARG(str_cut(it->id, 0, dot)));
	}
	code_resolve(l, it, "class", &it->five_open, "FIVE_OPEN");
	code_resolve(l, it, "stage", &it->stage, "STAGE");
	code_resolve(l, it, "kind", &it->kind, "INFO_STAGE");
	code_resolve(l, it, "discloser", &it->discloser, "DISCLOSER_RULE");
	media_resolve(l, it);
	lead_resolve(l, it);
	qualifiers_resolve(l, it);
	limit_resolve(l, it);
	for (size_t i = 0; i < it->fields_n; i++)
		field_resolve(l, &it->fields[i]);
}

static void sector_resolve(struct load *l, struct sector *s)
{
	s->items = arena_array(l->mem, const struct item *, s->item_ids_n);
	for (size_t i = 0; i < s->item_ids_n; i++) {
		const struct item *it = map_get(&l->d->items, s->item_ids[i]);

		if (it)
			s->items[s->items_n++] = it;
	}
}

/* In their order; there are ten. */
static void sectors_sort(struct domain *d)
{
	for (size_t i = 1; i < d->sectors_n; i++) {
		struct sector *s = d->sectors[i];
		size_t k = i;

		for (; k > 0 && d->sectors[k - 1]->order > s->order; k--)
			d->sectors[k] = d->sectors[k - 1];
		d->sectors[k] = s;
	}
}

/* What an old version names may be gone by now from lists that have moved on: that is no mistake, it stays as it was published. */
void resolve_items(struct load *l)
{
	struct mistakes *mistakes = l->mistakes, past = {0};

	sectors_sort(l->d);
	MAP_EACH(slot, &l->d->item_refs) {
		const struct item *it = slot->value;

		l->mistakes = map_get(&l->d->items, it->id) == it ? mistakes : &past;
		item_resolve(l, slot->value);
	}
	l->mistakes = mistakes;
	for (size_t i = 0; i < l->d->sectors_n; i++)
		sector_resolve(l, l->d->sectors[i]);
}
