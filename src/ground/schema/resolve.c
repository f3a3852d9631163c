/* SPDX-License-Identifier: Apache-2.0 */
/* Names of an item become what they name; what an item promises is checked against its own fields. */
#include "schema/schema_priv.h"

static const struct val *member_of(const struct item *it, const char *key)
{
	return val_find(it->source_tree, str_of(key));
}

/* A list that the program itself looks into; a mistake when there is none. */
static const struct code_list *list_needed(struct load *l, const char *list)
{
	const struct code_list *codes = domain_codes(l->d, str_of(list));

	if (codes == NULL && l->files && !is_source_lost(l, "codes/v1"))
		mistake_in(l, str_fmt(l->mem, "codes/%s.csv", list), NULL,
		    "the file is missing: a list that the program needs");
	return codes;
}

static void code_mistake(
    struct load *l, const struct val *where, struct str word, const struct code_list *codes)
{
	if (codes->n == 0)
		return; /* that the list cannot be read was said of its file */
	mistake_word(l, where, str_c(l->mem, codes->id), word,
	    near_word(&codes->by_code, word).n ? &codes->by_code : &codes->by_label);
}

/* One word of the item is a code of a list (or its label). */
static void code_resolve(
    struct load *l, const struct item *it, const char *key, struct str *word, const char *list)
{
	const struct code_list *codes = list_needed(l, list);
	const struct code *c;

	if (codes == NULL || word->n == 0)
		return;
	c = code_find(codes, *word);
	if (c)
		*word = c->code;
	else
		code_mistake(l, member_of(it, key), *word, codes);
}

/* Every text of a list member is a code of the list. */
static void codes_resolve(struct load *l, const struct val *texts, const char *list)
{
	const struct code_list *codes = texts ? list_needed(l, list) : NULL;

	VAL_EACH(i, codes ? texts : NULL) {
		if (!map_has(&codes->by_code, texts->at[i]->text))
			code_mistake(l, texts->at[i], texts->at[i]->text, codes);
	}
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
	VAL_EACH(i, channels) {
		const struct channel *c = map_get(&l->d->channels, channels->at[i]->text);

		if (c && !c->is_channel)
			mistake(l, channels->at[i],
			    "\"%.*s\" is a medium that a law names, not a channel", STR_ARG(c->id));
	}
}

/* An id is ASCII; words such as 市直相关部门 are not. */
static bool is_words(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

/* A lead is an agency or a class of them in words. */
static void lead_resolve(struct load *l, const struct item *it)
{
	const struct val *lead = member_of(it, "lead");

	VAL_EACH(i, lead) {
		if (!is_words(lead->at[i]->text) && !map_has(&l->d->agencies, lead->at[i]->text))
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
	if (it->sector == NULL && !is_source_lost(l, "sector/v1")) {
		(void)str_find(it->id, STR("."), 0, &dot);
		mistake(l, member_of(it, "item"), "no sector \"%.*s\"",
		    STR_ARG(str_cut(it->id, 0, dot)));
	}
	code_resolve(l, it, "class", &it->five_open, "FIVE_OPEN");
	code_resolve(l, it, "stage", &it->stage, "STAGE");
	code_resolve(l, it, "kind", &it->kind, "INFO_STAGE");
	code_resolve(l, it, "discloser", &it->discloser, "DISCLOSER_RULE");
	codes_resolve(l, member_of(it, "level"), "LEVEL");
	codes_resolve(l, member_of(it, "dataset"), "DATASET");
	codes_resolve(l, member_of(it, "portal_stage"), "PORTAL_STAGE");
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

static void channels_resolve(struct load *l)
{
	MAP_EACH(slot, &l->d->channels) {
		const struct channel *c = slot->value;
		const struct code_list *codes =
		    c->code.n ? list_needed(l, "DESIGNATED_MEDIA") : NULL;

		l->file = c->file;
		if (codes && !map_has(&codes->by_code, c->code))
			code_mistake(l, val_at(c->row, "code"), c->code, codes);
	}
}

/* What an old version names may be gone by now from lists that have moved on: that is no mistake, it stays as it was published. */
void resolve_items(struct load *l)
{
	struct mistakes *mistakes = l->mistakes, past = {0};

	channels_resolve(l);
	(void)list_needed(l, "EVENT_FORMED"); /* due.c */
	(void)list_needed(l, "EVENT_PUBLISHED");
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
