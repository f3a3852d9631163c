/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/disclosers.h"

#define COUNTY 3

/* Classes that the plan names instead of bodies, as far as the list of agencies holds all of the class. */
static const struct class
{
	const char *word, *kind;
	int64_t level; /* of the place; −1 = any */
} classes[] = {
    {"各县(市、区)政府", "government", COUNTY},
    {"各级政府", "government", -1},
};

static bool in_class(const struct agency *a, const struct class *c)
{
	return !a->demo && str_is(a->kind, c->kind) &&
	       (c->level < 0 || (a->place && a->place->level == c->level));
}

bool agencies_have(const struct agencies *list, const struct agency *a)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == a)
			return true;
	return false;
}

static void add(struct arena *mem, const struct agency *a, struct agencies *out)
{
	if (!agencies_have(out, a))
		*list_add(mem, out) = a;
}

void lead_agencies(struct arena *mem, const struct domain *d, struct str lead, struct agencies *out)
{
	const struct agency *one = domain_agency(d, lead);

	if (one)
		add(mem, one, out);
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if (!str_is(lead, classes[i].word))
			continue;
		MAP_EACH(slot, &d->agencies) {
			if (in_class(slot->value, &classes[i]))
				add(mem, slot->value, out);
		}
	}
}

void item_disclosers(
    struct arena *mem, const struct domain *d, const struct item *it, struct agencies *out)
{
	struct agencies leads = {0};

	if (str_is(it->discloser, "tenderer") || str_is(it->discloser, "purchaser"))
		return;
	for (size_t i = 0; i < it->lead_n; i++)
		lead_agencies(mem, d, it->lead[i], &leads);
	MAP_EACH(slot, &d->agencies) {
		if (agencies_have(&leads, slot->value))
			add(mem, slot->value, out);
	}
}
