/* SPDX-License-Identifier: Apache-2.0 */
/* The day by which a document had to be public, and why. */
#include "schema/schema_priv.h"

/* The outer bound of 政府信息公开条例 26 where no other law sets a period. */
#define OUTER_BOUND "active.disclosure"

static bool period_of(const struct deadline *r, struct period_rule *out)
{
	static const char *const units[] = {[UNIT_DAY] = "day",
	    [UNIT_WORKDAY] = "workday",
	    [UNIT_MONTH] = "month",
	    [UNIT_YEAR] = "year"};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (str_is(r->unit, units[i]) && r->n > 0) {
			*out = (struct period_rule){.n = (int)r->n, .unit = (enum period_unit)i};
			return true;
		}
	}
	return false;
}

/*
 * Does the rule bound the day of publication from this anchor? It is a longest period, it ends with publication, and it starts where the anchor is:
 * an item that names a date field as its anchor says that the period starts there; formed_on stands for forming or deciding. With which words a law
 * says so is data (codes/EVENT_…).
 */
static bool bounds(const struct domain *d, const struct item *it, const struct deadline *r)
{
	struct period_rule period;

	return str_is(r->direction, "max") && period_of(r, &period) &&
	       code_find(domain_codes(d, STR("EVENT_PUBLISHED")), r->end_event) != NULL &&
	       (!str_is(it->anchor, "formed_on") ||
		   code_find(domain_codes(d, STR("EVENT_FORMED")), r->start_event) != NULL);
}

static bool in_force(const struct deadline *r, int32_t day)
{
	return r->from <= day && day <= r->to;
}

static bool field_day(
    const struct item *it, struct str name, const struct val *document, int32_t *out)
{
	const struct field *f = field_find(it, name);
	const struct val *v = f ? val_find(val_at(document, "fields"), name) : NULL;
	int32_t from, to;

	if (v == NULL || f->type == NULL || f->type->days == NULL || !f->type->days(v, &from, &to))
		return false;
	*out = to != INT32_MAX ? to : from;
	return true;
}

static void consider(
    const struct domain *d, const struct deadline *r, int32_t anchor, struct due *best)
{
	struct period_rule period;
	int32_t due;

	if (!in_force(r, anchor) || !period_of(r, &period))
		return;
	due = calendar_due(d->calendar, anchor, period);
	if (best->known && best->due <= due)
		return;
	*best =
	    (struct due){.known = true, .rule = r, .anchor = anchor, .due = due, .period = period};
}

void schema_due(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, struct due *out)
{
	int32_t formed = 0, anchor = 0;
	bool has_formed = date_parse(val_str(document, "formed_on"), &formed);
	bool has_anchor = str_is(it->anchor, "formed_on")
			      ? (anchor = formed, has_formed)
			      : field_day(it, it->anchor, document, &anchor);
	const struct deadline *outer = domain_deadline(d, STR(OUTER_BOUND));

	*out = (struct due){0};
	for (size_t i = 0; has_anchor && i < it->rules_n; i++) {
		const struct deadline *r = domain_deadline(d, it->rules[i]);

		if (r && bounds(d, it, r))
			consider(d, r, anchor, out);
	}
	if (!out->known && outer && has_formed)
		consider(d, outer, formed, out);
	if (out->known)
		calendar_explain(mem, d->calendar, out->anchor, out->period, &out->why);
}
