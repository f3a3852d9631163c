/* SPDX-License-Identifier: Apache-2.0 */
/* The list of notices: filters, pages by keys, jump by date. */
#include "notice/notice_faces.h"
#include "text/text.h"

#define PAGE_ROWS 100
#define TOTAL_MAX 2000 /* beyond it a total would cost more than the page */

/* What an address of this page says, in the order in which addresses are written; the keys come after. */
enum { SECTOR, ITEM, PLACE, AGENCY, STATUS, FROM, TO, FILTERS };
static const char *const names[FILTERS] = {
    "sector", "item", "place", "agency", "status", "from", "to"};
static const char *const labels[FILTERS] = {T_("领域"), T_("公开事项"), T_("地区"), T_("公开主体"),
    T_("状态"), T_("公布日期，从"), T_("公布日期，到")};

struct list {
	struct cx *cx;
	struct str v[FILTERS];	  /* as asked */
	struct str before, after; /* keys, as asked */
	struct notice_filter filter;
	struct val *issues, *page;
	struct notice_row *rows;
	size_t n;
};

/* ---- addresses ---- */

static struct val *address(
    const struct list *l, const struct str *v, const char *key, struct str value, struct str label)
{
	struct buf b = buf_new(l->cx->mem, 8192);
	char between = '?';

	buf_c(&b, "/n");
	for (size_t i = 0; i < FILTERS; i++) {
		if (v[i].n == 0)
			continue;
		buf_fmt(&b, "%c%s=", between, names[i]);
		buf_url(&b, v[i]);
		between = '&';
	}
	if (key) {
		buf_fmt(&b, "%c%s=", between, key);
		buf_url(&b, value);
	}
	return val_link(l->cx->mem, buf_str(&b), label);
}

static struct val *without(const struct list *l, size_t filter, struct str label)
{
	struct str v[FILTERS];

	memcpy(v, l->v, sizeof v);
	v[filter] = STR_NONE;
	return address(l, v, NULL, STR_NONE, label);
}

static struct str row_key(struct cx *cx, const struct notice_row *r)
{
	return str_fmt(cx->mem, "%.*s.%" PRId64, STR_ARG(r->public_on), r->idx);
}

/* ---- what was asked ---- */

static void issue(struct list *l, const char *label, const char *message)
{
	struct val *one = val_add(l->cx->mem, l->issues, val_map(l->cx->mem));

	val_set_text(l->cx->mem, one, "field", T(l->cx, label));
	val_set_text(l->cx->mem, one, "rule", STR("parameter-value"));
	val_set_text(l->cx->mem, one, "message", T(l->cx, message));
}

static struct str day_of(struct list *l, struct str text, const char *label)
{
	int32_t day, clock;

	if (text.n == 0)
		return STR_NONE;
	if (date_parse_loose(text, &day, &clock))
		return date_print(l->cx->mem, day);
	issue(l, label, T_("应为日期，例如2026-03-31"));
	return STR_NONE;
}

/* 2026-03-27.18260: the row of that day and index. */
static bool key_parse(struct str text, struct str *on_out, int64_t *idx_out)
{
	int32_t day;

	*on_out = str_cut(text, 0, 10);
	return text.n > 11 && text.p[10] == '.' && date_parse(*on_out, &day) &&
	       str_int(str_cut(text, 11, text.n), idx_out);
}

static void keys_read(struct list *l)
{
	int32_t day, clock;

	if (l->after.n) {
		if (!key_parse(l->after, &l->filter.after_on, &l->filter.after_idx))
			issue(l, T_("翻页"), T_("这个网址里的翻页标记不完整，请从第一页看起"));
	} else if (l->before.n &&
		   !key_parse(l->before, &l->filter.before_on, &l->filter.before_idx)) {
		l->filter.before_on = STR_NONE;
		l->filter.before_idx = 0;
		if (date_parse_loose(l->before, &day, &clock)) /* from that day on, back in time */
			l->filter.before_on = date_print(l->cx->mem, day + 1);
		else
			issue(l, T_("跳到日期"), T_("应为日期，例如2026-03-31"));
	}
}

static struct str status_word(struct cx *cx, struct str status)
{
	return str_is(status, "open")	     ? T(cx, "正在招标、采购、出让")
	       : str_is(status, "publicity") ? T(cx, "正在公示")
					     : status;
}

static void ask(struct list *l, const struct input *in)
{
	for (size_t i = 0; i < FILTERS; i++)
		l->v[i] = input_text(in, names[i]);
	l->before = input_text(in, "before");
	l->after = input_text(in, "after");
	l->filter = (struct notice_filter){
	    .sector = l->v[SECTOR],
	    .item = l->v[ITEM],
	    .place = l->v[PLACE],
	    .agency = l->v[AGENCY],
	    .phase = l->v[STATUS],
	    .closes_after = l->cx->now,
	    .from = day_of(l, l->v[FROM], labels[FROM]),
	    .to = day_of(l, l->v[TO], labels[TO]),
	    .limit = PAGE_ROWS + 1,
	};
	keys_read(l);
	if (l->v[STATUS].n && !str_is(l->v[STATUS], "open") && !str_is(l->v[STATUS], "publicity"))
		issue(l, labels[STATUS],
		    T_("应为open（正在招标、采购、出让）或publicity（正在公示）"));
}

/* ---- names ---- */

static struct str value_label(struct cx *cx, size_t filter, struct str value)
{
	const struct domain *d = cx->app->domain;
	const struct item *it = filter == ITEM ? domain_item(d, value) : NULL;
	const struct agency *a = filter == AGENCY ? domain_agency(d, value) : NULL;

	for (size_t i = 0; filter == SECTOR && i < d->sectors_n; i++)
		if (str_eq(d->sectors[i]->id, value))
			return label_in(d->sectors[i]->title, cx->lang);
	if (it)
		return label_in(it->title, cx->lang);
	if (a)
		return label_in(a->name, cx->lang);
	if (filter == PLACE)
		return notice_place_code(cx, value)->label;
	return filter == STATUS ? status_word(cx, value) : value;
}

static void applied(struct list *l)
{
	struct cx *cx = l->cx;
	struct val *list = val_list(cx->mem), *ways = val_list(cx->mem), *keep = val_list(cx->mem);

	for (size_t i = 0; i < FILTERS; i++) {
		struct val *v;

		if (l->v[i].n == 0)
			continue;
		v = val_add(cx->mem, list, val_map(cx->mem));
		val_set_text(cx->mem, v, "label", T(cx, labels[i]));
		val_set_text(cx->mem, v, "value", value_label(cx, i, l->v[i]));
		val_set(cx->mem, v, "remove", without(l, i, T(cx, "去掉")));
		val_set(cx->mem, val_add(cx->mem, ways, val_map(cx->mem)), "link",
		    without(l, i,
			str_fmt(cx->mem, "%.*s%.*s", STR_ARG(T(cx, "不限：")),
			    STR_ARG(T(cx, labels[i])))));
		v = val_add(cx->mem, keep, val_map(cx->mem));
		val_set_text(cx->mem, v, "name", str_of(names[i]));
		val_set_text(cx->mem, v, "value", l->v[i]);
	}
	val_set(cx->mem, l->page, "applied", list);
	val_set(cx->mem, l->page, "ways", ways);
	val_set(cx->mem, l->page, "keep", keep);
}

/* ---- the form ---- */

static void option(
    struct cx *cx, struct val *list, struct str code, struct str label, struct str chosen)
{
	struct val *v = val_add(cx->mem, list, val_map(cx->mem));

	val_set(cx->mem, v, "option", val_code(cx->mem, code, label));
	val_set_bool(cx->mem, v, "selected", str_eq(code, chosen));
}

static void item_options(struct list *l, struct val *sectors, struct val *items)
{
	const struct domain *d = l->cx->app->domain;

	for (size_t i = 0; i < d->sectors_n; i++) {
		const struct sector *s = d->sectors[i];

		option(l->cx, sectors, s->id, label_in(s->title, l->cx->lang), l->v[SECTOR]);
		for (size_t k = 0; k < s->items_n; k++)
			if (l->v[SECTOR].n == 0 || str_eq(s->id, l->v[SECTOR]))
				option(l->cx, items, s->items[k]->id,
				    label_in(s->items[k]->title, l->cx->lang), l->v[ITEM]);
	}
}

/* Provinces, and the cities and counties of the site's own; another place when it is the one chosen. */
static void place_options(struct list *l, struct val *list)
{
	const struct domain *d = l->cx->app->domain;
	const struct val *home = val_path(d->site, STR("site.place"));
	const struct place *own =
	    home && home->kind == VAL_TEXT ? domain_place(d, home->text) : NULL;

	MAP_EACH(slot, &d->places) {
		const struct place *p = slot->value;
		bool near = own && p->level <= 3 && place_within(p, own);

		if (near || p->level <= 1 || str_eq(p->code, l->v[PLACE]))
			option(l->cx, list, p->code, notice_place_code(l->cx, p->code)->label,
			    l->v[PLACE]);
	}
}

static void form(struct list *l)
{
	struct arena *mem = l->cx->mem;
	struct val *sectors = val_list(mem), *items = val_list(mem), *places = val_list(mem),
		   *agencies = val_list(mem);

	item_options(l, sectors, items);
	place_options(l, places);
	MAP_EACH(slot, &l->cx->app->domain->agencies) {
		const struct agency *a = slot->value;

		option(l->cx, agencies, a->id, label_in(a->name, l->cx->lang), l->v[AGENCY]);
	}
	val_set(mem, l->page, "sectors", sectors);
	val_set(mem, l->page, "items", items);
	val_set(mem, l->page, "places", places);
	val_set(mem, l->page, "agencies", agencies);
	val_set_text(mem, l->page, "from", l->v[FROM].n ? l->v[FROM] : STR(""));
	val_set_text(mem, l->page, "to", l->v[TO].n ? l->v[TO] : STR(""));
	val_set_text(mem, l->page, "jump",
	    l->issues->n && l->before.n && l->filter.before_on.n == 0 ? l->before : STR(""));
}

/* ---- rows ---- */

/* Is there a row newer than the first one shown? */
static bool has_newer(struct list *l, bool *out)
{
	struct notice_filter f = l->filter;
	struct notice_row *rows;
	size_t n;

	*out = false;
	if (l->before.n == 0 || l->n == 0)
		return true;
	f.before_on = STR_NONE;
	f.after_on = l->rows[0].public_on;
	f.after_idx = l->rows[0].idx;
	f.limit = 1;
	if (!notice_list(l->cx, &f, &rows, &n))
		return false;
	*out = n > 0;
	return true;
}

static bool rows_read(struct list *l, bool *newer_out, bool *older_out)
{
	bool more;

	if (!notice_list(l->cx, &l->filter, &l->rows, &l->n))
		return false;
	more = l->n > PAGE_ROWS;
	if (more && l->after.n) /* the newest of them belongs to the page before */
		l->rows++;
	l->n -= more;
	*older_out = l->after.n ? l->n > 0 : more;
	if (!l->after.n)
		return has_newer(l, newer_out);
	*newer_out = more;
	return true;
}

static bool rows_show(struct list *l)
{
	struct arena *mem = l->cx->mem;
	struct val *notices, *newer = val_null(mem), *older = val_null(mem);
	bool has_new = false, has_old = false, wrong = l->issues->n > 0;
	int64_t total = 0;

	/* what cannot be asked finds nothing; showing everything would look like its answer */
	if (!wrong && (!rows_read(l, &has_new, &has_old) ||
			  !notice_count_upto(l->cx, &l->filter, TOTAL_MAX + 1, &total)))
		return false;
	if (!notice_rows_show(l->cx, l->rows, l->n, &notices))
		return false;
	if (l->n == 0 && !wrong && (l->before.n || l->after.n))
		newer = address(l, l->v, NULL, STR_NONE, T(l->cx, "← 更新的公告"));
	else if (has_new)
		newer = address(
		    l, l->v, "after", row_key(l->cx, &l->rows[0]), T(l->cx, "← 更新的公告"));
	if (has_old)
		older = address(l, l->v, "before", row_key(l->cx, &l->rows[l->n - 1]),
		    T(l->cx, "更早的公告 →"));
	val_set(mem, l->page, "total",
	    wrong || total > TOTAL_MAX ? val_null(mem) : val_int(mem, total));
	val_set(
	    mem, l->page, "more_than", total > TOTAL_MAX ? val_int(mem, TOTAL_MAX) : val_null(mem));
	val_set_bool(mem, l->page, "wrong", wrong);
	val_set_bool(mem, l->page, "any", l->n > 0);
	val_set(mem, l->page, "notices", notices);
	val_set(mem, l->page, "newer", newer);
	val_set(mem, l->page, "older", older);
	return true;
}

/* ---- the handler ---- */

static struct str title(const struct list *l)
{
	static const size_t order[] = {ITEM, SECTOR, AGENCY, PLACE, STATUS};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (l->v[order[i]].n)
			return str_fmt(l->cx->mem, "%.*s%.*s",
			    STR_ARG(value_label(l->cx, order[i], l->v[order[i]])),
			    STR_ARG(T(l->cx, "：公告")));
	return T(l->cx, "全部公告");
}

bool notice_list_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct list l = {.cx = cx, .page = out->page, .issues = val_list(cx->mem)};

	ask(&l, in);
	out->title = title(&l);
	out->here = l.v[ITEM].n	    ? value_label(cx, ITEM, l.v[ITEM])
		    : l.v[SECTOR].n ? value_label(cx, SECTOR, l.v[SECTOR])
				    : T(cx, "公告");
	out->column = "notices";
	out->tags = val_map(cx->mem);
	val_set_text(cx->mem, out->tags, "ColumnName", out->here);
	val_set_text(cx->mem, out->page, "title", out->title);
	val_set(cx->mem, out->page, "issues", l.issues);
	applied(&l);
	form(&l);
	out->status = l.issues->n ? 400 : 200;
	return rows_show(&l);
}
