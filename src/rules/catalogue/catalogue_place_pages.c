/* SPDX-License-Identifier: Apache-2.0 */
/* A body and a place: what has been published there, and what never. */
#include "catalogue/catalogue_faces.h"
#include "catalogue/disclosers.h"
#include "notice/notice_faces.h"
#include "text/text.h"

static const struct notice_count *count_find(
    const struct notice_count *counts, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(counts[i].key, key))
			return &counts[i];
	return NULL;
}

static int64_t count_sum(const struct notice_count *counts, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += counts[i].n;
	return sum;
}

static struct val *list_link(
    struct cx *cx, const char *name, struct str value, struct str more, struct str label)
{
	struct buf b = buf_new(cx->mem, 2048);

	buf_fmt(&b, "/n?%s=", name);
	buf_url(&b, value);
	buf_add(&b, more);
	return val_link(cx->mem, buf_str(&b), label);
}

/* ---- a body ---- */

static struct val *agency_kind(struct cx *cx, struct str kind)
{
	static const struct {
		const char *kind, *word;
	} words[] = {{"government", T_("人民政府")}, {"area", T_("功能区管理机构")},
	    {"department", T_("部门")}, {"operator", T_("交易平台运行单位")}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_is(kind, words[i].kind))
			return val_code(cx->mem, kind, T(cx, words[i].word));
	return val_code(cx->mem, kind, kind);
}

static struct val *place_link(struct cx *cx, const struct place *p)
{
	return p ? web_link(cx, "/r/", p->code, label_in(p->name, cx->lang)) : val_null(cx->mem);
}

static struct val *text_or_null(struct cx *cx, struct str s)
{
	return s.n ? val_text(cx->mem, s) : val_null(cx->mem);
}

/* What this body must disclose and never did. */
static void never_show(struct cx *cx, const struct agency *a, const struct notice_count *counts,
    size_t n, struct val *page)
{
	const struct domain *d = cx->app->domain;
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "never", val_list(mem));

	for (size_t s = 0; s < d->sectors_n; s++) {
		for (size_t i = 0; i < d->sectors[s]->items_n; i++) {
			const struct item *it = d->sectors[s]->items[i];
			struct agencies bodies = {0};
			struct val *v;

			item_disclosers(mem, d, it, &bodies);
			if (!agencies_have(&bodies, a) || count_find(counts, n, it->id))
				continue;
			v = val_add(mem, list, val_map(mem));
			val_set(mem, v, "item",
			    web_link(cx, "/i/", it->id, label_in(it->title, cx->lang)));
			val_set(mem, v, "sector",
			    val_code(mem, it->sector->id, label_in(it->sector->title, cx->lang)));
			val_set_text(mem, v, "limit", it->limit_text);
		}
	}
	val_set_bool(mem, page, "never_any", list->n > 0);
}

static void published_show(struct cx *cx, const struct agency *a, const struct notice_count *counts,
    size_t n, struct val *page)
{
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "published", val_list(mem));

	for (size_t i = 0; i < n; i++) {
		const struct item *it = domain_item(cx->app->domain, counts[i].key);
		struct val *v = val_add(mem, list, val_map(mem));

		val_set(mem, v, "item",
		    web_link(cx, "/i/", counts[i].key,
			it ? label_in(it->title, cx->lang) : counts[i].key));
		val_set(mem, v, "notices",
		    list_link(cx, "agency", a->id,
			str_fmt(mem, "&item=%.*s", STR_ARG(counts[i].key)),
			str_fmt(mem, "%" PRId64, counts[i].n)));
		val_set_int(mem, v, "count", counts[i].n);
		val_set(mem, v, "last", val_date(mem, counts[i].latest));
	}
	val_set_bool(mem, page, "published_any", list->n > 0);
}

static void children_show(struct cx *cx, const struct agency *a, struct val *page)
{
	struct val *list = val_set(cx->mem, page, "children", val_list(cx->mem));

	MAP_EACH(slot, &cx->app->domain->agencies) {
		const struct agency *child = slot->value;

		if (child->parent == a)
			links_add(cx, list,
			    web_link(cx, "/a/", child->id, label_in(child->name, cx->lang)));
	}
	val_set_bool(cx->mem, page, "children_any", list->n > 0);
}

static void agency_stats(struct cx *cx, const struct agency *a, int64_t notices, struct val *page)
{
	struct val *list = val_list(cx->mem);
	struct str part = T(cx, "份"), items = T(cx, "项");

	val_add(cx->mem, list,
	    notice_stat(cx, T(cx, "已公布公告"), notices, part,
		list_link(cx, "agency", a->id, STR(""), T(cx, "逐份查看"))));
	val_add(cx->mem, list,
	    notice_stat(cx, T(cx, "公布过的事项"), (int64_t)val_at(page, "published")->n, items,
		val_link(cx->mem, STR("#published"), T(cx, "看是哪些"))));
	val_add(cx->mem, list,
	    notice_stat(cx, T(cx, "应公布而从未公布的事项"), (int64_t)val_at(page, "never")->n,
		items, val_link(cx->mem, STR("#never"), T(cx, "看缺哪些"))));
	val_set(cx->mem, page, "stats", list);
}

static void agency_head(struct cx *cx, const struct agency *a, struct reply *out)
{
	struct arena *mem = cx->mem;
	struct val *page = out->page;

	val_set_text(mem, page, "id", a->id);
	val_set_text(mem, page, "name", label_in(a->name, cx->lang));
	val_set(mem, page, "kind", agency_kind(cx, a->kind));
	val_set(mem, page, "place", place_link(cx, a->place));
	val_set(mem, page, "parent",
	    a->parent ? web_link(cx, "/a/", a->parent->id, label_in(a->parent->name, cx->lang))
		      : val_null(mem));
	val_set(mem, page, "former", text_or_null(cx, a->name_2018));
	val_set(mem, page, "code", text_or_null(cx, a->uscc));
	out->title = label_in(a->name, cx->lang);
	out->column = "notices";
	out->crumbs = val_list(mem);
	if (a->place)
		links_add(cx, out->crumbs, place_link(cx, a->place));
}

bool agency_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str id = input_text(in, "agency");
	const struct agency *a = domain_agency(cx->app->domain, id);
	struct notice_count *counts;
	size_t n;

	if (a == NULL)
		return cx_fail(cx, ERR_NOT_FOUND, "no agency %.*s", STR_ARG(id));
	if (!notice_counts(
		cx, NOTICE_BY_ITEM, &(struct notice_filter){.agency = id}, &counts, &n) ||
	    !newest_show(cx, &(struct notice_filter){.agency = id},
		list_link(cx, "agency", id, STR(""), STR(""))->text, out->page))
		return false;
	agency_head(cx, a, out);
	never_show(cx, a, counts, n, out->page);
	published_show(cx, a, counts, n, out->page);
	children_show(cx, a, out->page);
	agency_stats(cx, a, count_sum(counts, n), out->page);
	return true;
}

/* ---- a place ---- */

static bool place_children(struct cx *cx, const struct place *p, struct val *page)
{
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "children", val_list(mem));

	MAP_EACH(slot, &cx->app->domain->places) {
		const struct place *child = slot->value;
		struct val *v;
		int64_t n;

		if (child->parent != p)
			continue;
		if (!notice_count_upto(
			cx, &(struct notice_filter){.place = child->code}, INT64_MAX, &n))
			return false;
		v = val_add(mem, list, val_map(mem));
		val_set(mem, v, "link", place_link(cx, child));
		val_set_int(mem, v, "count", n);
	}
	val_set_bool(mem, page, "children_any", list->n > 0);
	return true;
}

static void place_sectors(struct cx *cx, const struct place *p, const struct notice_count *counts,
    size_t n, struct val *page)
{
	const struct domain *d = cx->app->domain;
	struct arena *mem = cx->mem;
	struct val *list = val_set(mem, page, "sectors", val_list(mem));

	for (size_t i = 0; i < d->sectors_n; i++) {
		const struct sector *s = d->sectors[i];
		const struct notice_count *c = count_find(counts, n, s->id);
		struct val *v = val_add(mem, list, val_map(mem));

		val_set(mem, v, "sector", val_code(mem, s->id, label_in(s->title, cx->lang)));
		val_set(mem, v, "notices",
		    list_link(cx, "place", p->code, str_fmt(mem, "&sector=%.*s", STR_ARG(s->id)),
			str_fmt(mem, "%" PRId64, c ? c->n : 0)));
		val_set_int(mem, v, "count", c ? c->n : 0);
		val_set(mem, v, "last", c ? val_date(mem, c->latest) : val_null(mem));
	}
}

static void place_agencies(struct cx *cx, const struct place *p, struct val *page)
{
	struct val *list = val_set(cx->mem, page, "agencies", val_list(cx->mem));

	MAP_EACH(slot, &cx->app->domain->agencies) {
		const struct agency *a = slot->value;

		if (a->place == p)
			links_add(
			    cx, list, web_link(cx, "/a/", a->id, label_in(a->name, cx->lang)));
	}
	val_set_bool(cx->mem, page, "agencies_any", list->n > 0);
}

static bool place_stats(struct cx *cx, const struct place *p, int64_t notices, struct val *page)
{
	struct str from = date_print(cx->mem, instant_day(cx->now) - 30), part = T(cx, "份");
	struct val *list = val_set(cx->mem, page, "stats", val_list(cx->mem));
	int64_t recent;

	if (!notice_count_upto(
		cx, &(struct notice_filter){.place = p->code, .from = from}, INT64_MAX, &recent))
		return false;
	val_add(cx->mem, list,
	    notice_stat(cx, T(cx, "已公布公告"), notices, part,
		list_link(cx, "place", p->code, STR(""), T(cx, "逐份查看"))));
	val_add(cx->mem, list,
	    notice_stat(cx, T(cx, "近30天公布"), recent, part,
		list_link(cx, "place", p->code, str_fmt(cx->mem, "&from=%.*s", STR_ARG(from)),
		    T(cx, "看是哪些"))));
	return true;
}

static void place_head(struct cx *cx, const struct place *p, struct reply *out)
{
	out->title = label_in(p->name, cx->lang);
	out->column = "notices";
	out->crumbs = val_list(cx->mem);
	val_set_text(cx->mem, out->page, "code", p->code);
	val_set_text(cx->mem, out->page, "name", out->title);
	val_set(cx->mem, out->page, "parent", place_link(cx, p->parent));
	if (p->parent)
		links_add(cx, out->crumbs, place_link(cx, p->parent));
}

bool place_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str code = input_text(in, "place");
	const struct place *p = domain_place(cx->app->domain, code);
	const struct notice_filter f = {.place = code};
	struct notice_count *counts;
	size_t n;

	if (p == NULL)
		return cx_fail(cx, ERR_NOT_FOUND, "no place %.*s", STR_ARG(code));
	if (!notice_counts(cx, NOTICE_BY_SECTOR, &f, &counts, &n) ||
	    !place_children(cx, p, out->page) ||
	    !newest_show(cx, &f, list_link(cx, "place", code, STR(""), STR(""))->text, out->page) ||
	    !place_stats(cx, p, count_sum(counts, n), out->page))
		return false;
	place_head(cx, p, out);
	place_sectors(cx, p, counts, n, out->page);
	place_agencies(cx, p, out->page);
	return true;
}
