/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in a loaded domain. */
#include "schema/schema_priv.h"
#include <stdio.h>

struct str label_in(struct label l, const char *lang)
{
	return l.en.n && lang && strcmp(lang, "en") == 0 ? l.en : l.zh;
}

struct str field_type_name(const struct field *f)
{
	return f->type ? str_of(f->type->name) : STR_NONE;
}

struct label field_type_label(const struct field *f)
{
	return f->type ? f->type->label : (struct label){STR_NONE, STR_NONE};
}

const struct field *field_find(const struct item *it, struct str name)
{
	struct str rest = name, head;
	const struct field *f;

	if (!str_split(&rest, '.', &head))
		return NULL;
	f = map_get(&it->by_name, head);
	if (f == NULL || rest.p == NULL)
		return f;
	for (size_t i = 0; i < f->columns_n; i++)
		if (str_eq(f->columns[i].name, rest))
			return &f->columns[i];
	return NULL;
}

struct str item_ref(struct arena *mem, const struct item *it)
{
	return str_fmt(mem, "%.*s@%" PRId64, STR_ARG(it->id), it->version);
}

const struct item *domain_item(const struct domain *d, struct str id_or_ref)
{
	const struct item *it = map_get(&d->items, id_or_ref);

	return it ? it : map_get(&d->item_refs, id_or_ref);
}

const struct agency *domain_agency(const struct domain *d, struct str id)
{
	return map_get(&d->agencies, id);
}

const struct place *domain_place(const struct domain *d, struct str code)
{
	return map_get(&d->places, code);
}

const struct place *domain_place_of(const struct domain *d, struct str platform, struct str code)
{
	char key[256];
	int n = snprintf(key, sizeof key, "%.*s %.*s", STR_ARG(platform), STR_ARG(code));
	const struct place_alias *a;

	if (n <= 0 || (size_t)n >= sizeof key)
		return NULL;
	a = map_get(&d->place_map, (struct str){key, (size_t)n});
	return a ? a->place : domain_place(d, code);
}

const struct code_list *domain_codes(const struct domain *d, struct str list_id)
{
	return map_get(&d->codes, list_id);
}

const struct code *code_find(const struct code_list *list, struct str code_or_label)
{
	const struct code *c = list ? map_get(&list->by_code, code_or_label) : NULL;

	return c || list == NULL ? c : map_get(&list->by_label, code_or_label);
}

const struct channel *domain_channel(const struct domain *d, struct str id)
{
	return map_get(&d->channels, id);
}

const struct deadline *domain_deadline(const struct domain *d, struct str key)
{
	return map_get(&d->deadlines, key);
}

bool place_within(const struct place *p, const struct place *whole)
{
	for (; p; p = p->parent)
		if (p == whole)
			return true;
	return false;
}

int place_depth(const struct place *p)
{
	int depth = 0;

	for (; p->parent; p = p->parent)
		depth++;
	return depth;
}

struct str place_ancestor(const struct place *p, int depth)
{
	if (p == NULL || place_depth(p) < depth)
		return STR_NONE;
	for (int d = place_depth(p); d > depth; d--)
		p = p->parent;
	return p->code;
}

const char *place_column(const struct place *p)
{
	static const char *const columns[] = {"province", "city", "county", "place"};
	size_t depth = p ? (size_t)place_depth(p) : ARRAY_SIZE(columns);

	return columns[depth < ARRAY_SIZE(columns) ? depth : ARRAY_SIZE(columns) - 1];
}
