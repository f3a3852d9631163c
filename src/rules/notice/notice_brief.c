/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a list shows of a document — who, how much, until when — kept beside the notice row, so that a page of a hundred rows parses no documents. Which
 * fields answer these questions is said once, in the tables here; an item has whichever it has.
 */
#include "notice/notice_priv.h"
#include "codec/json.h"
#include "text/text.h"

#define BRIEF_MAX 8192u
#define DAY	  86400
#define UTC8	  (8 * 3600)

/* The first of these that the document has. A dotted name is a column of the first row. */
static const char *const amounts[] = {"candidates.price", "win_price", "deal_price",
    "contract_price", "list_price", "start_price", "reserve_price", "price_ceiling", "budget",
    "contract_estimate", "investment", "total_investment", "raised_amount", "fine", NULL};
static const char *const askers[] = {"tenderee", "transferor", "grantor", "project_owner",
    "enterprise", "applicant", "subject", NULL};
static const char *const takers[] = {"winner", "candidates.name", "supplier", "agent", NULL};
/* Deadlines for who wants to take part, then for who wants to object. */
static const char *const deadlines[] = {"bid_deadline", "postponed_opening_time",
    "registration_period", "application_period", "quote_period", "document_period", "opening_time",
    "trade_period", "trade_time", NULL};
static const char *const publicities[] = {"publicity_period", "publicity_end", NULL};

static const struct val *value_of(const struct item *it, const struct val *fields, const char *name)
{
	struct str rest = str_of(name), first;
	const struct val *v;

	(void)str_split(&rest, '.', &first);
	v = map_has(&it->by_name, first) ? val_find(fields, first) : NULL;
	if (rest.p == NULL || v == NULL)
		return v;
	return v->kind == VAL_LIST && v->n > 0 ? val_find(v->at[0], rest) : NULL;
}

static const char *first_of(const struct item *it, const struct val *fields,
    const char *const *names, const struct val **out)
{
	for (; *names; names++) {
		*out = value_of(it, fields, *names);
		if (*out != NULL && (*out)->kind != VAL_NULL)
			return *names;
	}
	return NULL;
}

/* A date lasts to its end; a moment is a moment. */
static bool end_of(const struct val *v, struct str *text, int64_t *out)
{
	int32_t day;

	*text = v->kind == VAL_TEXT ? v->text : val_str(v, "to");
	if (date_parse(*text, &day)) {
		*out = ((int64_t)day + 1) * DAY - UTC8;
		return true;
	}
	return instant_parse(*text, out);
}

static void put_party(struct arena *mem, const struct item *it, const struct val *fields,
    const char *const *names, struct val *list)
{
	const struct val *v;
	const char *name = first_of(it, fields, names, &v);
	struct str text = name == NULL		? STR_NONE
			  : v->kind == VAL_TEXT ? v->text
						: val_str(v, "name");
	struct val *one;

	if (text.n == 0)
		return;
	one = val_add(mem, list, val_map(mem));
	val_set_text(mem, one, "field", str_of(name));
	val_set_text(mem, one, "name", text);
}

static void put_deadline(struct arena *mem, const struct item *it, const struct val *fields,
    struct val *brief, struct notice_row *out)
{
	bool takes_part = str_is(it->stage, "notice") || str_is(it->stage, "change");
	const struct val *v = NULL;
	const char *name = takes_part ? first_of(it, fields, deadlines, &v) : NULL;
	const struct field *f;
	struct val *d;
	struct str at;

	if (name == NULL)
		name = first_of(it, fields, publicities, &v);
	if (name == NULL || !end_of(v, &at, &out->closes))
		return;
	d = val_set(mem, brief, "deadline", val_map(mem));
	val_set_text(mem, d, "field", str_of(name));
	val_set_text(mem, d, "at", at);
	f = field_find(it, str_of(name));
	if (f != NULL && str_has(f->label.zh, STR("公示")))
		out->phase = STR("publicity");
	else if (str_is(it->stage, "notice"))
		out->phase = STR("open");
}

void notice_brief_make(
    struct arena *mem, const struct item *it, const struct val *document, struct notice_row *out)
{
	const struct val *fields = val_at(document, "fields"), *amount;
	struct val *brief = val_map(mem), *parties = val_list(mem), *a;
	struct buf b = buf_new(mem, BRIEF_MAX);
	const char *name;

	if (it == NULL)
		return;
	put_deadline(mem, it, fields, brief, out);
	name = first_of(it, fields, amounts, &amount);
	if (name != NULL) {
		a = val_set(mem, brief, "amount", val_map(mem));
		val_set_text(mem, a, "field", str_of(name));
		val_set(mem, a, "value", val_copy(mem, amount));
	}
	put_party(mem, it, fields, askers, parties);
	put_party(mem, it, fields, takers, parties);
	if (parties->n)
		val_set(mem, brief, "parties", parties);
	json_print(&b, brief);
	out->brief = b.failed ? STR("{}") : buf_str(&b);
}
