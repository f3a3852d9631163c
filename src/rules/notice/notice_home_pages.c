/* SPDX-License-Identifier: Apache-2.0 */
/* The home page and the pages of the sectors. */
#include "notice/notice_faces.h"
#include "text/text.h"

#define LATEST	    10
#define OPEN	    6
#define QUERIES	    4
#define SUMMARY_MAX 4 /* items named in one line */

static void link_add(struct cx *cx, struct val *list, struct val *link)
{
	val_set(cx->mem, val_add(cx->mem, list, val_map(cx->mem)), "link", link);
}

static struct val *path_link(struct cx *cx, const char *path, struct str label)
{
	return val_link(cx->mem, str_of(path), label);
}

/* A sector in a line: its first items. */
static struct str summary(struct cx *cx, const struct sector *s)
{
	struct str parts[SUMMARY_MAX];
	size_t n = 0;
	bool english = strcmp(cx->lang, "en") == 0;

	for (; n < SUMMARY_MAX && n < s->items_n; n++)
		parts[n] = label_in(s->items[n]->title, cx->lang);
	return str_join(cx->mem, parts, n, english ? STR(", ") : STR("、"));
}

static const struct sector *sector_find(const struct domain *d, struct str id)
{
	for (size_t i = 0; i < d->sectors_n; i++)
		if (str_eq(d->sectors[i]->id, id))
			return d->sectors[i];
	return NULL;
}

/* ---- home ---- */

/* Items with their numbers of notices, the most frequent first; their sum. */
static bool counts_read(struct cx *cx, struct notice_count **out, size_t *n_out, int64_t *total_out)
{
	*total_out = 0;
	if (!notice_counts(cx, NOTICE_BY_ITEM, &(struct notice_filter){.limit = 0}, out, n_out))
		return false;
	for (size_t i = 0; i < *n_out; i++) {
		*total_out += (*out)[i].n;
		for (size_t k = i; k > 0 && (*out)[k].n > (*out)[k - 1].n; k--) {
			struct notice_count swap = (*out)[k];

			(*out)[k] = (*out)[k - 1];
			(*out)[k - 1] = swap;
		}
	}
	return true;
}

/* Searches that find something. */
static void queries(struct cx *cx, const struct notice_count *counts, size_t n, struct val *page)
{
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < n && list->n < QUERIES; i++) {
		const struct item *it = domain_item(cx->app->domain, counts[i].key);

		if (it)
			link_add(cx, list,
			    web_link(cx, "/search?item=", it->id, label_in(it->title, cx->lang)));
	}
	val_set(cx->mem, page, "queries", list);
}

static bool stats(struct cx *cx, struct val *page)
{
	struct arena *mem = cx->mem;
	struct str today = date_print(mem, instant_day(cx->now)), part = T(cx, "份");
	const struct notice_filter now = {.from = today, .to = today},
				   open = {.phase = STR("open"), .closes_after = cx->now},
				   publicity = {.phase = STR("publicity"), .closes_after = cx->now};
	struct val *list = val_list(mem);
	struct notice_count *counts;
	int64_t n[3], total;
	size_t counts_n;

	if (!notice_count_upto(cx, &now, INT64_MAX, &n[0]) ||
	    !notice_count_upto(cx, &open, INT64_MAX, &n[1]) ||
	    !notice_count_upto(cx, &publicity, INT64_MAX, &n[2]) ||
	    !counts_read(cx, &counts, &counts_n, &total))
		return false;
	val_add(mem, list,
	    notice_stat(cx, T(cx, "今天公布"), n[0], part,
		val_link(mem, str_fmt(mem, "/n?from=%.*s&to=%.*s", STR_ARG(today), STR_ARG(today)),
		    T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "正在招标、采购、出让"), n[1], part,
		path_link(cx, "/n?status=open", T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "正在公示，可提异议"), n[2], part,
		path_link(cx, "/n?status=publicity", T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "已公布公告"), total, part, path_link(cx, "/n", T(cx, "查看"))));
	val_set(mem, page, "stats", list);
	queries(cx, counts, counts_n, page);
	return true;
}

static bool open_now(struct cx *cx, struct val *page)
{
	const struct notice_filter f = {
	    .phase = STR("open"), .closes_after = cx->now, .limit = OPEN};
	struct val *v = val_null(cx->mem), *rows_shown;
	struct notice_row *rows;
	size_t n;

	if (!notice_closing(cx, &f, &rows, &n) || !notice_rows_show(cx, rows, n, &rows_shown))
		return false;
	if (n) {
		v = val_map(cx->mem);
		val_set(cx->mem, v, "notices", rows_shown);
		val_set(cx->mem, v, "all",
		    path_link(cx, "/n?status=open", T(cx, "全部正在招标、采购、出让的公告")));
	}
	val_set(cx->mem, page, "open", v);
	return true;
}

static bool latest(struct cx *cx, struct val *page)
{
	const struct notice_filter f = {.limit = LATEST};
	struct val *v = val_null(cx->mem), *rows_shown;
	struct notice_row *rows;
	size_t n;

	if (!notice_list(cx, &f, &rows, &n) || !notice_rows_show(cx, rows, n, &rows_shown))
		return false;
	if (n) {
		v = val_map(cx->mem);
		val_set(cx->mem, v, "notices", rows_shown);
	}
	val_set(cx->mem, page, "latest", v);
	return true;
}

static void sectors(struct cx *cx, struct val *page)
{
	const struct domain *d = cx->app->domain;
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < d->sectors_n; i++) {
		const struct sector *s = d->sectors[i];
		struct val *v = val_add(cx->mem, list, val_map(cx->mem));

		val_set(
		    cx->mem, v, "link", web_link(cx, "/s/", s->id, label_in(s->title, cx->lang)));
		val_set_text(cx->mem, v, "mark", s->mark);
		val_set_text(cx->mem, v, "summary", summary(cx, s));
		val_set_int(cx->mem, v, "items", (int64_t)s->items_n);
	}
	val_set(cx->mem, page, "sectors", list);
}

static void places(struct cx *cx, struct val *page)
{
	const struct domain *d = cx->app->domain;
	const struct val *home = val_path(d->site, STR("site.place"));
	const struct place *own =
	    home && home->kind == VAL_TEXT ? domain_place(d, home->text) : NULL;
	struct val *list = val_list(cx->mem);

	MAP_EACH(slot, &d->places) {
		const struct place *p = slot->value;

		if (own && (p == own || p->parent == own))
			link_add(
			    cx, list, web_link(cx, "/r/", p->code, label_in(p->name, cx->lang)));
	}
	val_set(cx->mem, page, "places", list);
}

bool notice_home_page(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)in;
	sectors(cx, out->page);
	places(cx, out->page);
	out->column = "home";
	return stats(cx, out->page) && open_now(cx, out->page) && latest(cx, out->page);
}

/* ---- a sector ---- */

struct sector_page {
	struct cx *cx;
	const struct sector *s;
	struct val *out;
	struct notice_count *counts;
	size_t counts_n;
	int64_t total;
	size_t never;
};

static const struct notice_count *count_of(const struct sector_page *p, struct str item)
{
	for (size_t i = 0; i < p->counts_n; i++)
		if (str_eq(p->counts[i].key, item))
			return &p->counts[i];
	return NULL;
}

static void item_show(struct sector_page *p, const struct item *it, struct val *list)
{
	struct cx *cx = p->cx;
	const struct notice_count *c = count_of(p, it->id);
	struct val *v = val_add(cx->mem, list, val_map(cx->mem));
	struct str label = label_in(it->title, cx->lang);

	p->never += c == NULL;
	p->total += c ? c->n : 0;
	val_set(cx->mem, v, "item", web_link(cx, "/i/", it->id, label));
	val_set_text(cx->mem, v, "limit", it->limit_text.n ? it->limit_text : it->limit_word);
	val_set_int(cx->mem, v, "count", c ? c->n : 0);
	val_set(cx->mem, v, "notices", web_link(cx, "/n?item=", it->id, label));
	val_set(cx->mem, v, "last", c ? val_date(cx->mem, c->latest) : val_null(cx->mem));
}

/* In the order of the process. */
static void items(struct sector_page *p)
{
	const struct code_list *stages = domain_codes(p->cx->app->domain, STR("STAGE"));
	struct val *list = val_list(p->cx->mem);

	for (size_t k = 0; stages && k < stages->n; k++)
		for (size_t i = 0; i < p->s->items_n; i++)
			if (str_eq(p->s->items[i]->stage, stages->at[k].code))
				item_show(p, p->s->items[i], list);
	val_set(p->cx->mem, p->out, "items", list);
}

static bool sector_rows(struct sector_page *p)
{
	struct cx *cx = p->cx;
	const struct notice_filter f = {.sector = p->s->id, .limit = LATEST};
	struct notice_row *rows;
	struct val *shown;
	size_t n;

	if (!notice_list(cx, &f, &rows, &n) || !notice_rows_show(cx, rows, n, &shown))
		return false;
	val_set_bool(cx->mem, p->out, "any", n > 0);
	val_set(cx->mem, p->out, "notices", shown);
	val_set(cx->mem, p->out, "all",
	    n ? web_link(cx, "/n?sector=", p->s->id, T(cx, "这个领域的全部公告"))
	      : val_null(cx->mem));
	return true;
}

static bool sector_stats(struct sector_page *p)
{
	struct cx *cx = p->cx;
	struct arena *mem = cx->mem;
	const struct notice_filter open = {
	    .sector = p->s->id, .phase = STR("open"), .closes_after = cx->now};
	struct val *list = val_list(mem), *catalogue = web_link(cx, "/catalogue?sector=", p->s->id,
					      T(cx, "这个领域的公开目录"));
	int64_t now;

	if (!notice_count_upto(cx, &open, INT64_MAX, &now))
		return false;
	val_add(mem, list,
	    notice_stat(cx, T(cx, "已公布公告"), p->total, T(cx, "份"),
		web_link(cx, "/n?sector=", p->s->id, T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "正在进行"), now, T(cx, "份"),
		val_link(mem, str_fmt(mem, "/n?sector=%.*s&status=open", STR_ARG(p->s->id)),
		    T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "应公开事项"), (int64_t)p->s->items_n, T(cx, "项"),
		val_link(mem, catalogue->text, T(cx, "查看"))));
	val_add(mem, list,
	    notice_stat(cx, T(cx, "从未公布的事项"), (int64_t)p->never, T(cx, "项"),
		val_link(mem, STR("#items"), T(cx, "见下表"))));
	val_set(mem, p->out, "stats", list);
	val_set(mem, p->out, "catalogue", catalogue);
	return true;
}

bool notice_sector_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct sector_page p = {.cx = cx,
	    .s = sector_find(cx->app->domain, input_text(in, "sector")),
	    .out = out->page};
	struct notice_filter within;

	if (p.s == NULL)
		return cx_fail(
		    cx, ERR_NOT_FOUND, "no sector %.*s", STR_ARG(input_text(in, "sector")));
	within = (struct notice_filter){.sector = p.s->id};
	if (!notice_counts(cx, NOTICE_BY_ITEM, &within, &p.counts, &p.counts_n))
		return false;
	val_set(cx->mem, out->page, "sector",
	    val_code(cx->mem, p.s->id, label_in(p.s->title, cx->lang)));
	val_set_text(cx->mem, out->page, "mark", p.s->mark);
	val_set_text(cx->mem, out->page, "summary", summary(cx, p.s));
	items(&p);
	out->title = label_in(p.s->title, cx->lang);
	out->column = "notices";
	out->tags = val_map(cx->mem);
	val_set_text(cx->mem, out->tags, "ColumnName", p.s->title.zh);
	return sector_stats(&p) && sector_rows(&p);
}
