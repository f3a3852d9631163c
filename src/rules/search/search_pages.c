/* SPDX-License-Identifier: Apache-2.0 */
/* The search page: what was asked, what was found, and ways on when nothing was. */
#include "notice/notice_faces.h"
#include "search/search.h"
#include "search/search_faces.h"
#include "text/text.h"

#define PAGE_HITS   20
#define FACET_SHOWN 15 /* values of a facet on the page; all stay reachable by the other filters */
#define QUERIES	    12
#define WAYS_WORDS  4

/* What an address of this page says, in the order in which addresses are written. */
enum { Q, SECTOR, ITEM, PLACE, AGENCY, FROM, TO, SORT, ASKED_N };
static const char *const names[ASKED_N] = {
    "q", "sector", "item", "place", "agency", "from", "to", "sort"};

struct asked {
	struct cx *cx;
	struct str v[ASKED_N];
	struct search_query query;
	struct search_result found;
	struct val *page;
	bool wrong; /* something that cannot be read */
};

/* ---- addresses ---- */

static struct val *address(struct cx *cx, const struct str *v, struct str after, struct str label)
{
	struct buf b = buf_new(cx->mem, 8192);
	char between = '?';

	buf_c(&b, "/search");
	for (size_t i = 0; i < ASKED_N; i++) {
		if (v[i].n == 0)
			continue;
		buf_fmt(&b, "%c%s=", between, names[i]);
		buf_url(&b, v[i]);
		between = '&';
	}
	if (after.n)
		buf_fmt(&b, "%cafter=%.*s", between, STR_ARG(after));
	return val_link(cx->mem, buf_str(&b), label);
}

/* This search with one part replaced (absent: dropped). */
static struct val *with(const struct asked *a, int part, struct str value, struct str label)
{
	struct str v[ASKED_N];

	memcpy(v, a->v, sizeof v);
	v[part] = value;
	return address(a->cx, v, STR_NONE, label);
}

static struct val *add_link(struct cx *cx, struct val *list, struct val *link)
{
	struct val *one = val_add(cx->mem, list, val_map(cx->mem));

	val_set(cx->mem, one, "link", link);
	return one;
}

/* A way on; word: what people typed, shown behind the label. */
static void add_way(struct cx *cx, struct val *list, struct val *link, struct str word)
{
	val_set_text(cx->mem, add_link(cx, list, link), "word", word);
}

/* ---- what was asked ---- */

static void issue(struct asked *a, const char *label, const char *message)
{
	struct arena *mem = a->cx->mem;
	struct val *one = val_add(mem, val_at(a->page, "issues"), val_map(mem));

	a->wrong = true;
	val_set_text(mem, one, "field", T(a->cx, label));
	val_set_text(mem, one, "rule", STR("parameter-value"));
	val_set_text(mem, one, "message", T(a->cx, message));
}

static struct str day_of(struct asked *a, int part, const char *label)
{
	int32_t day, clock;

	if (a->v[part].n == 0)
		return STR_NONE;
	if (date_parse_loose(a->v[part], &day, &clock))
		return date_print(a->cx->mem, day);
	issue(a, label, T_("应为日期，例如2026-03-31"));
	return STR_NONE;
}

/* "o123" or "t123": after the hit of that key, of those with the words in the title (t) or of the others. */
static void after_read(struct asked *a, struct str after)
{
	int64_t key;

	if (after.n == 0)
		return;
	if ((after.p[0] != 't' && after.p[0] != 'o') ||
	    !str_int(str_cut(after, 1, after.n), &key) || key <= 0) {
		issue(a, T_("翻页"), T_("这个网址里的翻页标记不完整，请从第一页看起"));
		return;
	}
	a->query.after = key;
	a->query.after_title = after.p[0] == 't';
}

static void ask(struct asked *a, const struct input *in)
{
	val_set(a->cx->mem, a->page, "issues", val_list(a->cx->mem));
	for (size_t i = 0; i < ASKED_N; i++)
		a->v[i] = input_text(in, names[i]);
	if (a->v[SORT].n && !str_is(a->v[SORT], "title") && !str_is(a->v[SORT], "newest"))
		issue(a, T_("排序"), T_("应为newest（最新在前）或title（标题含有的在前）"));
	if (!str_is(a->v[SORT], "title"))
		a->v[SORT] = STR_NONE;
	a->query = (struct search_query){
	    .words = a->v[Q].n ? a->v[Q] : STR(""),
	    .sector = a->v[SECTOR],
	    .item = a->v[ITEM],
	    .place = a->v[PLACE],
	    .agency = a->v[AGENCY],
	    .from = day_of(a, FROM, T_("公布日期，从")),
	    .to = day_of(a, TO, T_("公布日期，到")),
	    .order = a->v[SORT].n ? SEARCH_TITLE : SEARCH_NEWEST,
	    .limit = PAGE_HITS,
	};
	after_read(a, input_text(in, "after"));
}

static bool is_asked(const struct asked *a)
{
	for (size_t i = 0; i < SORT; i++)
		if (a->v[i].n)
			return true;
	return false;
}

/* ---- names ---- */

static struct str value_label(struct cx *cx, int part, struct str key)
{
	const struct domain *d = cx->app->domain;
	const struct item *it = part == ITEM ? domain_item(d, key) : NULL;
	const struct agency *agency = part == AGENCY ? domain_agency(d, key) : NULL;

	if (it)
		return label_in(it->title, cx->lang);
	if (agency)
		return label_in(agency->name, cx->lang);
	for (size_t i = 0; part == SECTOR && i < d->sectors_n; i++)
		if (str_eq(d->sectors[i]->id, key))
			return label_in(d->sectors[i]->title, cx->lang);
	return part == PLACE ? notice_place_code(cx, key)->label : key;
}

static struct str part_label(struct cx *cx, int part)
{
	static const char *const words[ASKED_N] = {T_("词"), T_("领域"), T_("公开事项"), T_("地区"),
	    T_("公开主体"), T_("公布日期，从"), T_("公布日期，到"), T_("排序")};

	return T(cx, words[part]);
}

static struct str drop_label(struct cx *cx, int part)
{
	return str_fmt(
	    cx->mem, "%.*s%.*s", STR_ARG(T(cx, "去掉条件：")), STR_ARG(part_label(cx, part)));
}

/* ---- the form ---- */

static void applied_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;
	struct val *applied = val_list(mem), *keep = val_list(mem);

	for (int i = SECTOR; i < SORT; i++) {
		struct val *one;

		if (a->v[i].n == 0)
			continue;
		one = val_add(mem, applied, val_map(mem));
		val_set_text(mem, one, "label", part_label(a->cx, i));
		val_set_text(mem, one, "value", value_label(a->cx, i, a->v[i]));
		val_set(mem, one, "remove", with(a, i, STR_NONE, drop_label(a->cx, i)));
		if (i >= FROM) /* dates are fields of the form itself */
			continue;
		one = val_add(mem, keep, val_map(mem));
		val_set_text(mem, one, "name", str_of(names[i]));
		val_set_text(mem, one, "value", a->v[i]);
	}
	val_set(mem, a->page, "applied", applied);
	val_set(mem, a->page, "keep", keep);
}

static void sorts_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;
	const struct {
		struct str code, label;
		bool selected;
	} sorts[] = {{STR("newest"), T(a->cx, "最新在前"), a->v[SORT].n == 0},
	    {STR("title"), T(a->cx, "标题含有的在前"), a->v[SORT].n > 0}};
	struct val *list = val_set(mem, a->page, "sorts", val_list(mem));

	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		struct val *one = val_add(mem, list, val_map(mem));

		val_set(mem, one, "option", val_code(mem, sorts[i].code, sorts[i].label));
		val_set_bool(mem, one, "selected", sorts[i].selected);
	}
}

static void form_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;

	val_set_bool(mem, a->page, "asked", is_asked(a));
	val_set_text(mem, a->page, "q", a->query.words);
	val_set_text(mem, a->page, "from", a->v[FROM].n ? a->v[FROM] : STR(""));
	val_set_text(mem, a->page, "to", a->v[TO].n ? a->v[TO] : STR(""));
	sorts_show(a);
	applied_show(a);
}

/* ---- facets ---- */

static void facet_option(
    const struct asked *a, int part, const struct facet_value *value, struct val *options)
{
	struct arena *mem = a->cx->mem;
	struct val *one = val_add(mem, options, val_map(mem));
	bool current = str_eq(a->v[part], value->key);

	val_set(mem, one, "link",
	    with(a, part, current ? STR_NONE : value->key, value_label(a->cx, part, value->key)));
	val_set_int(mem, one, "count", value->n);
	val_set_bool(mem, one, "current", current);
}

/* A year is a period from its first to its last day. */
static void year_option(const struct asked *a, const struct facet_value *value, struct val *options)
{
	struct arena *mem = a->cx->mem;
	struct val *one = val_add(mem, options, val_map(mem));
	struct str from = str_fmt(mem, "%.*s-01-01", STR_ARG(value->key)),
		   to = str_fmt(mem, "%.*s-12-31", STR_ARG(value->key));
	bool current = str_eq(a->v[FROM], from) && str_eq(a->v[TO], to);
	struct str v[ASKED_N];

	memcpy(v, a->v, sizeof v);
	v[FROM] = current ? STR_NONE : from;
	v[TO] = current ? STR_NONE : to;
	val_set(mem, one, "link", address(a->cx, v, STR_NONE, value->key));
	val_set_int(mem, one, "count", value->n);
	val_set_bool(mem, one, "current", current);
}

static void facets_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;
	const struct {
		const char *name;
		int part;
		struct str title;
		const struct facet *facet;
	} facets[] = {{"sector", SECTOR, T(a->cx, "领域"), &a->found.sector},
	    {"item", ITEM, T(a->cx, "公开事项"), &a->found.item},
	    {"place", PLACE, T(a->cx, "地区"), &a->found.county},
	    {"agency", AGENCY, T(a->cx, "公开主体"), &a->found.agency},
	    {"year", FROM, T(a->cx, "年份"), &a->found.year}};
	struct val *list = val_set(mem, a->page, "facets", val_list(mem));

	for (size_t i = 0; i < ARRAY_SIZE(facets); i++) {
		struct val *one, *options;

		if (facets[i].facet->n == 0)
			continue;
		one = val_add(mem, list, val_map(mem));
		val_set_text(mem, one, "name", str_of(facets[i].name));
		val_set_text(mem, one, "title", facets[i].title);
		options = val_set(mem, one, "options", val_list(mem));
		for (size_t k = 0; k < facets[i].facet->n && k < FACET_SHOWN; k++) {
			if (facets[i].part == FROM)
				year_option(a, &facets[i].facet->at[k], options);
			else
				facet_option(a, facets[i].part, &facets[i].facet->at[k], options);
		}
	}
}

/* ---- hits ---- */

static bool hits_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;
	struct val *list = val_set(mem, a->page, "hits", val_list(mem));

	for (size_t i = 0; i < a->found.hits_n; i++) {
		const struct search_hit *hit = &a->found.hits[i];
		struct notice_row row;
		struct val *one;
		bool there;

		if (!notice_row_find(a->cx, hit->id, 0, &row, &there))
			return false;
		if (!there)
			continue;
		if (!notice_row_show(a->cx, &row, &one))
			return false;
		val_set(mem, one, "title",
		    val_leaf(mem, VAL_HTML, search_mark(mem, row.title, a->query.words), STR_NONE));
		val_set(mem, one, "snippet", val_leaf(mem, VAL_HTML, hit->snippet, STR_NONE));
		val_add(mem, list, one);
	}
	val_set_bool(mem, a->page, "any", list->n > 0);
	return true;
}

static void pager_show(const struct asked *a)
{
	struct arena *mem = a->cx->mem;
	struct val *next = val_null(mem);

	if (a->found.more) {
		const struct search_hit *last = &a->found.hits[a->found.hits_n - 1];

		next = address(a->cx, a->v,
		    str_fmt(mem, "%c%" PRId64, last->in_title ? 't' : 'o', last->key),
		    T(a->cx, "后面的结果"));
	}
	val_set(mem, a->page, "next", next);
	val_set(mem, a->page, "first",
	    a->query.after ? address(a->cx, a->v, STR_NONE, T(a->cx, "第一页")) : val_null(mem));
}

/* ---- ways on ---- */

/* Each word alone, when there are several. */
static void ways_words(const struct asked *a, struct val *list)
{
	struct str rest = a->query.words, word, words[WAYS_WORDS];
	size_t n = 0;

	while (n < WAYS_WORDS && str_split(&rest, ' ', &word))
		if (word.n)
			words[n++] = word;
	for (size_t i = 0; n > 1 && i < n; i++)
		add_way(a->cx, list, with(a, Q, words[i], T(a->cx, "只搜一个词：")), words[i]);
}

static void ways_show(const struct asked *a, bool none)
{
	struct cx *cx = a->cx;
	struct val *list = val_set(cx->mem, a->page, "ways", val_list(cx->mem));
	struct str only_words[ASKED_N] = {[Q] = a->v[Q]};
	size_t filters = 0;

	for (int i = SECTOR; i < SORT; i++)
		filters += a->v[i].n > 0;
	if (!none)
		return;
	for (int i = Q; i < SORT; i++)
		if (a->v[i].n && (i != Q || filters))
			add_way(cx, list, with(a, i, STR_NONE, drop_label(cx, i)), STR_NONE);
	if (a->v[Q].n && filters > 1)
		add_way(cx, list,
		    address(cx, only_words, STR_NONE, T(cx, "去掉全部条件，只按词搜索")), STR_NONE);
	ways_words(a, list);
}

static int by_count(const struct notice_count *a, const struct notice_count *b)
{
	return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : str_cmp(a->key, b->key);
}

/* Nothing asked yet: the items with most notices. */
static bool queries_show(const struct asked *a)
{
	struct cx *cx = a->cx;
	struct val *list = val_set(cx->mem, a->page, "queries", val_list(cx->mem));
	struct notice_count *counts;
	size_t n;

	if (is_asked(a))
		return true;
	if (!notice_counts(cx, NOTICE_BY_ITEM, &(struct notice_filter){0}, &counts, &n))
		return false;
	for (size_t k = 0; k < QUERIES && k < n; k++) {
		struct notice_count *most = &counts[k], swap;
		struct str v[ASKED_N] = {0};
		const struct item *it;

		for (size_t i = k + 1; i < n; i++)
			most = by_count(&counts[i], most) < 0 ? &counts[i] : most;
		swap = counts[k];
		counts[k] = *most;
		*most = swap;
		it = domain_item(cx->app->domain, counts[k].key);
		if (it == NULL)
			continue;
		v[ITEM] = it->id;
		(void)add_link(cx, list,
		    address(cx, v, STR_NONE,
			str_fmt(cx->mem, "%.*s%.*s%.*s",
			    STR_ARG(label_in(it->sector->title, cx->lang)), STR_ARG(T(cx, "：")),
			    STR_ARG(label_in(it->title, cx->lang)))));
	}
	return true;
}

bool search_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct asked a = {.cx = cx, .page = out->page};
	bool asked;

	ask(&a, in);
	asked = is_asked(&a);
	form_show(&a);
	if (asked && !a.wrong && !search_run(cx, &a.query, &a.found))
		return false;
	if (!hits_show(&a) || !queries_show(&a))
		return false;
	facets_show(&a);
	pager_show(&a);
	val_set_int(cx->mem, out->page, "total", a.found.total);
	val_set_bool(cx->mem, out->page, "none", asked && !a.wrong && a.found.hits_n == 0);
	ways_show(&a, asked && !a.wrong && a.found.hits_n == 0);
	out->status = a.wrong ? 400 : 200;
	out->column = "search";
	out->title = T(cx, "搜索公开信息");
	if (a.v[Q].n)
		out->title =
		    str_fmt(cx->mem, "%.*s“%.*s”", STR_ARG(T(cx, "搜索")), STR_ARG(a.v[Q]));
	out->here = T(cx, "搜索");
	return true;
}
