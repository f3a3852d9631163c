/* SPDX-License-Identifier: Apache-2.0 */
/* One item of the catalogue: its definition field by field, the rules that check it, what exists, and who has never published it. */
#include "catalogue/catalogue_faces.h"
#include "catalogue/disclosers.h"
#include "notice/notice_faces.h"
#include "text/text.h"

/* ---- the definition ---- */

static struct str texts_joined(struct cx *cx, const struct str *at, size_t n)
{
	return str_join(cx->mem, at, n, strcmp(cx->lang, "en") == 0 ? STR(", ") : STR("、"));
}

static struct str or_none(struct str s)
{
	return s.n ? s : STR("");
}

static void names_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct arena *mem = cx->mem;
	struct str *names = arena_array(mem, struct str, it->media_n + it->channels_n + 1),
		   *supervision;
	size_t n = pieces_of(mem, it->supervision, &supervision);

	for (size_t i = 0; i < it->media_n; i++)
		names[i] = channel_name(cx, it->media[i]);
	val_set(mem, page, "media", texts_show(cx, names, it->media_n));
	for (size_t i = 0; i < it->channels_n; i++)
		names[i] = channel_name(cx, it->channels[i]);
	val_set(mem, page, "channels", texts_show(cx, names, it->channels_n));
	val_set(mem, page, "supervision", texts_show(cx, supervision, n));
	val_set(mem, page, "basis", texts_show(cx, it->basis, it->basis_n));
}

/* A class of bodies has no page of its own: the site map lists them all. */
static void leads_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct val *list = val_set(cx->mem, page, "leads", val_list(cx->mem));

	for (size_t i = 0; i < it->lead_n; i++) {
		const struct agency *a = domain_agency(cx->app->domain, it->lead[i]);

		links_add(cx, list,
		    a ? web_link(cx, "/a/", a->id, label_in(a->name, cx->lang))
		      : val_link(cx->mem, STR("/sitemap"), lead_name(cx, it->lead[i])));
	}
}

static struct str anchor_label(struct cx *cx, const struct item *it)
{
	const struct field *f = field_find(it, it->anchor);

	if (str_is(it->anchor, "formed_on"))
		return T(cx, "形成或变更之日");
	return f ? label_in(f->label, cx->lang) : STR_NONE;
}

static void limit_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct val *explain = val_null(cx->mem);

	for (size_t i = 0; i < it->rules_n && explain->kind == VAL_NULL; i++) {
		const struct deadline *rule = domain_deadline(cx->app->domain, it->rules[i]);

		if (rule && str_is(rule->direction, "max"))
			explain = period_link(cx, rule);
	}
	val_set_text(cx->mem, page, "limit", it->limit_text);
	val_set(cx->mem, page, "anchor", val_text(cx->mem, anchor_label(cx, it)));
	val_set(cx->mem, page, "explain", explain);
}

static void definition_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct arena *mem = cx->mem;
	struct str datasets = texts_joined(cx, it->dataset, it->dataset_n);

	val_set_text(mem, page, "item", it->id);
	val_set_text(mem, page, "title", label_in(it->title, cx->lang));
	val_set_text(mem, page, "description", it->group.n ? it->group : it->sector->title.zh);
	val_set_text(mem, page, "content", it->description);
	val_set(mem, page, "class",
	    val_code(mem, it->five_open, code_name(cx, "FIVE_OPEN", it->five_open)));
	val_set(mem, page, "stage", val_code(mem, it->stage, code_name(cx, "STAGE", it->stage)));
	val_set_int(mem, page, "version", it->version);
	val_set(mem, page, "sector",
	    web_link(cx, "/s/", it->sector->id, label_in(it->sector->title, cx->lang)));
	val_set_text(mem, page, "discloser", discloser_text(cx, it));
	val_set_text(mem, page, "same_time",
	    it->same_time ? T(cx, "与指定媒介同时公布") : T(cx, "不要求与别处同时公布"));
	val_set_text(mem, page, "audience", or_none(it->audience));
	val_set_text(mem, page, "method", or_none(it->method));
	val_set_text(mem, page, "level", or_none(texts_joined(cx, it->level, it->level_n)));
	val_set_text(mem, page, "source", or_none(it->source));
	val_set_text(mem, page, "confidence", or_none(it->confidence));
	val_set(mem, page, "dataset", it->dataset_n ? val_text(mem, datasets) : val_null(mem));
	names_show(cx, it, page);
	leads_show(cx, it, page);
	limit_show(cx, it, page);
}

/* ---- fields and rules ---- */

static struct val *required_code(struct cx *cx, const struct field *f)
{
	switch (f->required) {
	case REQUIRED_YES:
		return val_code(cx->mem, STR("required"), T(cx, "必填"));
	case REQUIRED_WHEN:
		return val_code(cx->mem, STR("conditional"), T(cx, "有则必填"));
	case REQUIRED_NO:
		break;
	}
	return val_code(cx->mem, STR("optional"), T(cx, "选填"));
}

static struct val *carries_text(struct cx *cx, const struct field *f)
{
	struct buf b = buf_new(cx->mem, 16384);

	for (size_t i = 0; i < f->carries_n; i++)
		buf_fmt(&b, "%s%" PRId64, i ? ", " : "", f->carries[i]);
	return f->carries_n ? val_text(cx->mem, buf_str(&b)) : val_null(cx->mem);
}

static struct str codes_text(struct cx *cx, const struct field *f)
{
	if (f->codes_id.n == 0)
		return STR("");
	if (f->codes == NULL)
		return f->codes_id;
	return str_fmt(cx->mem, "%.*s %.*s", STR_ARG(f->codes_id),
	    STR_ARG(strcmp(cx->lang, "en") == 0 ? STR("") : f->codes->name));
}

static void field_show(struct cx *cx, const struct field *f, struct val *list)
{
	struct arena *mem = cx->mem;
	struct val *v = val_add(mem, list, val_map(mem));
	struct label type = field_type_label(f);
	struct str label = label_in(f->label, cx->lang), hint = label_in(f->hint, cx->lang);

	if (f->rows)
		label = str_fmt(mem, "%.*s / %.*s", STR_ARG(label_in(f->rows->label, cx->lang)),
		    STR_ARG(label));
	val_set_text(mem, v, "name",
	    f->rows ? str_fmt(mem, "%.*s.%.*s", STR_ARG(f->rows->name), STR_ARG(f->name))
		    : f->name);
	val_set_text(mem, v, "label", label);
	val_set(mem, v, "type",
	    f->type ? val_code(mem, field_type_name(f), label_in(type, cx->lang))
		    : val_code(mem, str_fmt(mem, "document.%.*s", STR_ARG(f->document)),
			  T(cx, "公告本身的部分")));
	val_set(mem, v, "unit",
	    f->unit.n
		? val_text(mem,
		      strcmp(cx->lang, "en") == 0 ? web_word(cx, str_c(mem, f->unit)) : f->unit)
		: val_null(mem));
	val_set(mem, v, "required", required_code(cx, f));
	val_set_text(mem, v, "hint", or_none(hint));
	val_set_text(mem, v, "codes", codes_text(cx, f));
	val_set(mem, v, "source", f->basis.n ? val_text(mem, f->basis) : val_null(mem));
	val_set_bool(mem, v, "by_system", f->by_system);
	val_set_bool(mem, v, "hidden", !f->is_public);
	val_set(mem, v, "carries", carries_text(cx, f));
	for (size_t i = 0; i < f->columns_n; i++)
		field_show(cx, &f->columns[i], list);
}

static void fields_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct val *list = val_set(cx->mem, page, "fields", val_list(cx->mem));

	for (size_t i = 0; i < it->fields_n; i++)
		field_show(cx, &it->fields[i], list);
	val_set_int(cx->mem, page, "fields_total", (int64_t)list->n);
}

static void rules_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "rules", val_list(mem));
	const struct rule *r, *before = NULL;
	size_t at = 0;

	while ((r = item_rule(it, &at)) != NULL) {
		struct val *v;
		bool error = rule_severity(r) == SEVERITY_ERROR;

		if (r == before) /* once, whatever the number of fields it applies to */
			continue;
		before = r;
		v = val_add(mem, list, val_map(mem));
		val_set_text(mem, v, "rule", rule_name(r));
		val_set(mem, v, "severity",
		    error ? val_code(mem, STR("error"), T(cx, "不得公布"))
			  : val_code(mem, STR("warning"), T(cx, "公布并提示")));
		val_set_text(mem, v, "message", label_in(rule_sentence(r), cx->lang));
		val_set(mem, v, "source",
		    rule_basis(r).n ? val_text(mem, rule_basis(r)) : val_null(mem));
	}
	val_set_bool(mem, page, "rules_any", list->n > 0);
}

/* ---- what exists, what does not ---- */

static bool versions_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "versions", val_list(mem));
	struct definition_row *rows;
	size_t n;

	if (!catalogue_definitions(cx, cx->app->ledger, STR("item/v1"), it->id, &rows, &n))
		return false;
	val_set_int(mem, page, "index", 0);
	for (size_t i = n; i-- > 0;) {
		struct val *v = val_add(mem, list, val_map(mem));

		if (rows[i].version == it->version)
			val_set_int(mem, page, "index", rows[i].idx);
		val_set_int(mem, v, "version", rows[i].version);
		val_set_int(mem, v, "index", rows[i].idx);
		val_set(mem, v, "logged_at", val_instant(mem, instant_print(mem, rows[i].time)));
	}
	return true;
}

static bool published_show(struct cx *cx, const struct item *it, struct val *page)
{
	struct arena *mem = cx->mem;
	const struct notice_filter f = {.item = it->id};
	struct val *never = val_set(mem, page, "never", val_list(mem));
	struct agencies bodies = {0};
	struct notice_count *counts;
	struct str last = STR_NONE;
	struct map have = {0};
	int64_t total = 0;
	size_t n;

	if (!notice_counts(cx, NOTICE_BY_AGENCY, &f, &counts, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		total += counts[i].n;
		last = str_cmp(counts[i].latest, last) > 0 ? counts[i].latest : last;
		(void)map_put(mem, &have, counts[i].key, NULL);
	}
	item_disclosers(mem, cx->app->domain, it, &bodies);
	LIST_EACH(a, &bodies) {
		if (!map_has(&have, (*a)->id))
			links_add(cx, never,
			    web_link(cx, "/a/", (*a)->id, label_in((*a)->name, cx->lang)));
	}
	val_set_int(mem, page, "count", total);
	val_set(mem, page, "last", last.n ? val_date(mem, last) : val_null(mem));
	val_set(mem, page, "notices_link",
	    val_link(mem, str_fmt(mem, "/n?item=%.*s", STR_ARG(it->id)), T(cx, "查看公告")));
	val_set_bool(mem, page, "never_any", never->n > 0);
	return true;
}

bool item_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str ref = input_text(in, "item"), label;
	const struct item *it = domain_item(cx->app->domain, ref);

	if (it == NULL)
		return cx_fail(cx, ERR_NOT_FOUND, "no item %.*s", STR_ARG(ref));
	definition_show(cx, it, out->page);
	fields_show(cx, it, out->page);
	rules_show(cx, it, out->page);
	if (!versions_show(cx, it, out->page) || !published_show(cx, it, out->page) ||
	    !newest_show(cx, &(struct notice_filter){.item = it->id},
		str_fmt(cx->mem, "/n?item=%.*s", STR_ARG(it->id)), out->page))
		return false;
	label = label_in(it->sector->title, cx->lang);
	out->title =
	    str_fmt(cx->mem, "%.*s - %.*s", STR_ARG(label_in(it->title, cx->lang)), STR_ARG(label));
	out->here = label_in(it->title, cx->lang);
	out->column = "catalogue";
	out->crumbs = val_list(cx->mem);
	links_add(cx, out->crumbs, val_link(cx->mem, STR("/catalogue"), T(cx, "公开目录")));
	links_add(cx, out->crumbs, web_link(cx, "/s/", it->sector->id, label));
	return true;
}
