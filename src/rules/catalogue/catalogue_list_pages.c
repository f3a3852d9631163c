/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disclosure catalogue (公开目录清单) as page, JSON and CSV. All three are made from the same rows; the digest on page and JSON is the SHA-256 of the
 * CSV file, so that anyone can compare them with sha256sum.
 */
#include "catalogue/catalogue_faces.h"
#include "catalogue/disclosers.h"
#include "codec/csv.h"
#include "crypto/crypto.h"
#include "text/text.h"

#define CSV_MAX ((size_t)8 << 20)

struct listed {
	const struct item *it;
	int64_t index; /* of the entry that defines it */
};
struct listing {
	struct cx *cx;
	struct str sector, agency; /* filters */
	struct listed *at;
	size_t n, cap;
	struct definition_row newest; /* of all items */
	struct str digest;	      /* of the CSV of what is listed */
	struct str whole;	      /* of the CSV of everything */
};

/* ---- rows ---- */

static bool is_of_agency(const struct listing *l, const struct item *it)
{
	const struct domain *d = l->cx->app->domain;
	const struct agency *a = domain_agency(d, l->agency);
	struct agencies bodies = {0};

	for (size_t i = 0; i < it->lead_n; i++)
		lead_agencies(l->cx->mem, d, it->lead[i], &bodies);
	return a && agencies_have(&bodies, a);
}

static bool rows_read(struct listing *l)
{
	struct cx *cx = l->cx;
	const struct domain *d = cx->app->domain;
	struct definition_row *rows;
	struct map index = {0};
	size_t n;

	if (!catalogue_definitions(cx, cx->app->ledger, STR("item/v1"), STR_NONE, &rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		(void)map_put(cx->mem, &index,
		    str_fmt(cx->mem, "%.*s@%" PRId64, STR_ARG(rows[i].id), rows[i].version),
		    &rows[i]);
	if (n)
		l->newest = rows[n - 1];
	for (size_t s = 0; s < d->sectors_n; s++) {
		const struct sector *sector = d->sectors[s];

		for (size_t i = 0; i < sector->items_n; i++) {
			const struct definition_row *row =
			    map_get(&index, item_ref(cx->mem, sector->items[i]));

			*list_add(cx->mem, l) =
			    (struct listed){sector->items[i], row ? row->idx : 0};
		}
	}
	return true;
}

/* Keeps what the filters ask for. */
static void rows_filter(struct listing *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct item *it = l->at[i].it;

		if ((l->sector.n == 0 || str_eq(it->sector->id, l->sector)) &&
		    (l->agency.n == 0 || is_of_agency(l, it)))
			l->at[kept++] = l->at[i];
	}
	l->n = kept;
}

/* ---- CSV ---- */

static struct str joined(
    struct cx *cx, const struct str *at, size_t n, struct str (*name)(struct cx *, struct str))
{
	struct str *names = arena_array(cx->mem, struct str, n + 1);

	for (size_t i = 0; i < n; i++)
		names[i] = name ? name(cx, at[i]) : at[i];
	return str_join(cx->mem, names, n, STR("；"));
}

static void csv_row(struct cx *cx, struct buf *b, const struct listed *row)
{
	const struct item *it = row->it;
	const struct str cells[] = {
	    str_fmt(cx->mem, "%" PRId64, it->number),
	    it->sector->title.zh,
	    it->title.zh,
	    it->id,
	    str_fmt(cx->mem, "%" PRId64, it->version),
	    str_fmt(cx->mem, "%" PRId64, row->index),
	    code_name(cx, "FIVE_OPEN", it->five_open),
	    it->description,
	    it->limit_text,
	    it->method,
	    discloser_text(cx, it),
	    joined(cx, it->lead, it->lead_n, lead_name),
	    joined(cx, it->media, it->media_n, channel_name),
	    joined(cx, it->channels, it->channels_n, channel_name),
	    it->supervision,
	    joined(cx, it->basis, it->basis_n, NULL),
	};

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		csv_print(b, cells[i].p ? cells[i] : STR(""), i == 0);
	buf_c(b, "\r\n");
}

/* The file in Chinese, whatever the language of the page: one content, one digest. With a mark, so that spreadsheets read it as UTF-8. */
static struct str csv_text(const struct listing *l)
{
	static const char *const heads[] = {"序号", "领域", "公开事项", "事项代码", "版本",
	    "存证序号", "五公开", "公开内容", "公开期限", "公开方式", "公开主体", "牵头单位",
	    "指定媒介", "公开渠道", "监督渠道", "法律依据"};
	struct cx cx = *l->cx;
	struct buf b = buf_new(cx.mem, CSV_MAX);

	cx.lang = "zh";
	buf_c(&b, "\xEF\xBB\xBF");
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		csv_print(&b, str_of(heads[i]), i == 0);
	buf_c(&b, "\r\n");
	for (size_t i = 0; i < l->n; i++)
		csv_row(&cx, &b, &l->at[i]);
	return buf_str(&b);
}

static struct str digest_of(struct cx *cx, struct str text)
{
	struct hash h = crypto_sha256(text);

	return hash_hex(cx->mem, &h);
}

static bool listing_read(
    struct cx *cx, const struct input *in, struct listing *l, struct str *csv_out)
{
	*l = (struct listing){
	    .cx = cx, .sector = input_text(in, "sector"), .agency = input_text(in, "agency")};
	if (!rows_read(l))
		return false;
	l->whole = digest_of(cx, csv_text(l));
	rows_filter(l);
	*csv_out = csv_text(l);
	l->digest = digest_of(cx, *csv_out);
	return true;
}

bool catalogue_csv(struct cx *cx, const struct input *in, struct reply *out)
{
	struct listing l;

	if (!listing_read(cx, in, &l, &out->body))
		return false;
	out->type = "text/csv; charset=utf-8";
	out->file_name = str_fmt(cx->mem, "公开目录清单-%.*s.csv", 12, l.digest.p);
	out->etag = str_fmt(cx->mem, "\"%.*s\"", STR_ARG(l.digest));
	return true;
}

/* ---- page and JSON ---- */

static struct val *address(
    const struct listing *l, const char *path, struct str sector, struct str label)
{
	struct buf b = buf_new(l->cx->mem, 2048);

	buf_c(&b, path);
	if (sector.n)
		buf_fmt(&b, "?sector=%.*s", STR_ARG(sector));
	if (l->agency.n) {
		buf_c(&b, sector.n ? "&agency=" : "?agency=");
		buf_url(&b, l->agency);
	}
	return val_link(l->cx->mem, buf_str(&b), label);
}

static void head_show(const struct listing *l, struct val *page)
{
	struct arena *mem = l->cx->mem;
	struct str day = date_print(mem, instant_day(l->newest.time));

	val_set_int(mem, page, "total", (int64_t)l->n);
	val_set_text(mem, page, "version", str_fmt(mem, "%.*s.%.*s", 4, day.p, 8, l->whole.p));
	val_set(mem, page, "effective", val_date(mem, day));
	val_set_int(mem, page, "index", l->newest.idx);
	val_set_text(mem, page, "digest", l->digest);
	val_set(
	    mem, page, "csv", address(l, "/catalogue.csv", l->sector, T(l->cx, "下载目录（CSV）")));
}

static void sectors_show(const struct listing *l, struct val *page)
{
	const struct domain *d = l->cx->app->domain;
	struct arena *mem = l->cx->mem;
	struct val *list = val_set(mem, page, "sectors", val_list(mem)),
		   *all = val_add(mem, list, val_map(mem));
	int64_t total = 0;

	for (size_t s = 0; s < d->sectors_n; s++) {
		const struct sector *sector = d->sectors[s];
		struct val *one = val_add(mem, list, val_map(mem));
		int64_t n = 0;

		for (size_t i = 0; i < sector->items_n; i++)
			n += l->agency.n == 0 || is_of_agency(l, sector->items[i]);
		total += n;
		val_set(mem, one, "link",
		    address(l, "/catalogue", sector->id, label_in(sector->title, l->cx->lang)));
		val_set_int(mem, one, "count", n);
		val_set_bool(mem, one, "current", str_eq(sector->id, l->sector));
	}
	val_set(mem, all, "link", address(l, "/catalogue", STR_NONE, T(l->cx, "全部")));
	val_set_int(mem, all, "count", total);
	val_set_bool(mem, all, "current", l->sector.n == 0);
}

/* The bodies that lead or disclose something. */
static void agencies_show(const struct listing *l, struct val *page)
{
	const struct domain *d = l->cx->app->domain;
	struct arena *mem = l->cx->mem;
	struct val *list = val_set(mem, page, "agencies", val_list(mem)),
		   *keep = val_set(mem, page, "keep", val_list(mem)), *one;
	struct agencies bodies = {0};

	MAP_EACH(slot, &d->items) {
		const struct item *it = slot->value;

		for (size_t i = 0; i < it->lead_n; i++)
			lead_agencies(mem, d, it->lead[i], &bodies);
	}
	LIST_EACH(a, &bodies) {
		one = val_add(mem, list, val_map(mem));
		val_set(
		    mem, one, "option", val_code(mem, (*a)->id, label_in((*a)->name, l->cx->lang)));
		val_set_bool(mem, one, "selected", str_eq((*a)->id, l->agency));
	}
	if (l->sector.n == 0)
		return;
	one = val_add(mem, keep, val_map(mem));
	val_set_text(mem, one, "name", STR("sector"));
	val_set_text(mem, one, "value", l->sector);
}

/* Counts how many items of the group have each text, in order of appearance. */
static void tally(struct arena *mem, struct map *counts, const struct str *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)map_put(mem, counts, at[i], (void *)((uintptr_t)map_get(counts, at[i]) + 1));
}

static struct val *common_show(struct arena *mem, const struct map *counts, size_t items)
{
	struct val *list = val_list(mem);

	MAP_EACH(slot, counts) {
		if ((uintptr_t)slot->value == items)
			val_add(mem, list, val_text(mem, slot->key));
	}
	return list;
}

static struct val *beyond_show(
    struct arena *mem, const struct map *counts, size_t items, const struct str *at, size_t n)
{
	struct val *list = val_list(mem);

	for (size_t i = 0; i < n; i++)
		if ((uintptr_t)map_get(counts, at[i]) != items)
			val_add(mem, list, val_text(mem, at[i]));
	return list;
}

static size_t channel_names(struct cx *cx, const struct item *it, struct str **out)
{
	*out = arena_array(cx->mem, struct str, it->channels_n + 1);
	for (size_t i = 0; i < it->channels_n; i++)
		(*out)[i] = channel_name(cx, it->channels[i]);
	return it->channels_n;
}

struct group {
	const struct listed *at;
	size_t n;
	struct map channels, supervision; /* text → how many items have it */
};

static void item_show(
    struct cx *cx, const struct group *g, const struct listed *row, struct val *out)
{
	const struct item *it = row->it;
	struct arena *mem = cx->mem;
	struct str *channels, *supervision, *leads = arena_array(mem, struct str, it->lead_n + 1),
					    *media = arena_array(mem, struct str, it->media_n + 1);
	size_t channels_n = channel_names(cx, it, &channels),
	       supervision_n = pieces_of(mem, it->supervision, &supervision);

	for (size_t i = 0; i < it->lead_n; i++)
		leads[i] = lead_name(cx, it->lead[i]);
	for (size_t i = 0; i < it->media_n; i++)
		media[i] = channel_name(cx, it->media[i]);
	val_set(mem, out, "item", web_link(cx, "/i/", it->id, label_in(it->title, cx->lang)));
	val_set(mem, out, "class",
	    val_code(mem, it->five_open, code_name(cx, "FIVE_OPEN", it->five_open)));
	val_set_int(mem, out, "version", it->version);
	val_set_int(mem, out, "index", row->index);
	val_set_text(mem, out, "content", it->description);
	val_set_text(mem, out, "limit", it->limit_text);
	val_set_text(mem, out, "method", it->method.n ? it->method : STR(""));
	val_set_text(mem, out, "discloser", discloser_text(cx, it));
	val_set(mem, out, "leads", texts_show(cx, leads, it->lead_n));
	val_set(mem, out, "media", texts_show(cx, media, it->media_n));
	val_set(mem, out, "channels", beyond_show(mem, &g->channels, g->n, channels, channels_n));
	val_set(mem, out, "supervision",
	    beyond_show(mem, &g->supervision, g->n, supervision, supervision_n));
}

static void group_show(struct cx *cx, struct group *g, struct val *out)
{
	const struct sector *sector = g->at[0].it->sector;
	struct arena *mem = cx->mem;
	struct val *items;

	for (size_t i = 0; i < g->n; i++) {
		struct str *texts;
		size_t n = channel_names(cx, g->at[i].it, &texts);

		tally(mem, &g->channels, texts, n);
		n = pieces_of(mem, g->at[i].it->supervision, &texts);
		tally(mem, &g->supervision, texts, n);
	}
	val_set(mem, out, "sector", val_code(mem, sector->id, label_in(sector->title, cx->lang)));
	val_set(mem, out, "common_channels", common_show(mem, &g->channels, g->n));
	val_set(mem, out, "common_supervision", common_show(mem, &g->supervision, g->n));
	items = val_set(mem, out, "items", val_list(mem));
	for (size_t i = 0; i < g->n; i++)
		item_show(cx, g, &g->at[i], val_add(mem, items, val_map(mem)));
}

bool catalogue_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct listing l;
	struct val *groups;
	struct str csv;

	if (!listing_read(cx, in, &l, &csv))
		return false;
	head_show(&l, out->page);
	sectors_show(&l, out->page);
	agencies_show(&l, out->page);
	groups = val_set(cx->mem, out->page, "groups", val_list(cx->mem));
	for (size_t i = 0; i < l.n;) {
		struct group g = {.at = &l.at[i]};

		while (i < l.n && l.at[i].it->sector == g.at[0].it->sector) {
			g.n++;
			i++;
		}
		group_show(cx, &g, val_add(cx->mem, groups, val_map(cx->mem)));
	}
	out->title = T(cx, "主动公开目录清单");
	out->column = "catalogue";
	return true;
}
