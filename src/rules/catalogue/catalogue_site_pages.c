/* SPDX-License-Identifier: Apache-2.0 */
/* Pages about the portal itself. */
#include "catalogue/catalogue_faces.h"
#include "crypto/crypto.h"
#include "text/text.h"

/* SHA-256 of the public key in a vkey (C2SP signed-note: name+hash+base64 of one byte of algorithm and the key). */
static bool fingerprint(struct cx *cx, struct str vkey, struct str *out)
{
	struct str rest = vkey, part = STR_NONE, bytes;
	struct hash h;

	for (int i = 0; i < 2; i++)
		(void)str_split(&rest, '+', &part);
	if (rest.p == NULL || !base64_parse(cx->mem, str_trim(rest), &bytes) || bytes.n != 33)
		return cx_fail(
		    cx, ERR_CORRUPT, "the log's key cannot be read: %.*s", STR_ARG(vkey));
	h = crypto_sha256(str_cut(bytes, 1, bytes.n));
	*out = hash_hex(cx->mem, &h);
	return true;
}

bool about_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str vkey = ledger_vkey(cx->app->ledger), rest = vkey, origin = STR_NONE, print;

	(void)in;
	(void)str_split(&rest, '+', &origin);
	if (!fingerprint(cx, vkey, &print))
		return false;
	val_set_text(cx->mem, out->page, "origin", origin);
	val_set_text(cx->mem, out->page, "key", vkey);
	val_set_text(cx->mem, out->page, "fingerprint", print);
	val_set_text(cx->mem, out->page, "version", STR(GONGKAI_VERSION));
	val_set_int(cx->mem, out->page, "size", ledger_published(cx->app->ledger));
	out->title = T(cx, "关于本平台");
	out->column = "about";
	return true;
}

bool accessibility_page(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)in;
	out->title = T(cx, "无障碍声明");
	return true;
}

/* ---- site map ---- */

static struct val *group_add(struct cx *cx, struct val *page, const char *name, struct str title)
{
	struct val *v = val_add(cx->mem, val_at(page, "groups"), val_map(cx->mem));

	val_set_text(cx->mem, v, "name", str_of(name));
	val_set_text(cx->mem, v, "title", title);
	return val_set(cx->mem, v, "links", val_list(cx->mem));
}

static void pages_show(struct cx *cx, struct val *page)
{
	static const struct {
		const char *path, *word;
	} pages[] = {{"/", T_("首页")}, {"/n", T_("公告")}, {"/catalogue", T_("公开目录")},
	    {"/search", T_("搜索")}, {"/calendar", T_("期限计算")}, {"/verify", T_("核验")},
	    {"/about", T_("关于本平台")}, {"/accessibility", T_("无障碍声明")}};
	struct val *list = group_add(cx, page, "pages", T(cx, "页面"));

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		links_add(cx, list, val_link(cx->mem, str_of(pages[i].path), T(cx, pages[i].word)));
}

static void sectors_show(struct cx *cx, struct val *page)
{
	const struct domain *d = cx->app->domain;
	struct val *list = group_add(cx, page, "sectors", T(cx, "领域"));

	for (size_t i = 0; i < d->sectors_n; i++)
		links_add(cx, list,
		    web_link(
			cx, "/s/", d->sectors[i]->id, label_in(d->sectors[i]->title, cx->lang)));
}

/* Streets and towns stand on the pages of their counties. */
static void places_show(struct cx *cx, struct val *page)
{
	struct val *own = group_add(cx, page, "places", T(cx, "地区")), *others = NULL;

	MAP_EACH(slot, &cx->app->domain->places) {
		const struct place *p = slot->value;

		if (p->level > (p->demo ? 1 : 3))
			continue;
		if (p->demo && others == NULL)
			others = group_add(cx, page, "places-demo", T(cx, "样例中的其他地区"));
		links_add(cx, p->demo ? others : own,
		    web_link(cx, "/r/", p->code, label_in(p->name, cx->lang)));
	}
}

static void agencies_of(struct cx *cx, const struct place *p, struct val *page)
{
	struct val *list = NULL;

	MAP_EACH(slot, &cx->app->domain->agencies) {
		const struct agency *a = slot->value;

		if (a->place != p)
			continue;
		if (list == NULL)
			list = group_add(cx, page,
			    str_fmt(cx->mem, "agencies-%.*s", STR_ARG(p->code)).p,
			    str_fmt(cx->mem, "%.*s%.*s", STR_ARG(T(cx, "公开主体：")),
				STR_ARG(label_in(p->name, cx->lang))));
		links_add(cx, list, web_link(cx, "/a/", a->id, label_in(a->name, cx->lang)));
	}
}

bool sitemap_page(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)in;
	val_set(cx->mem, out->page, "groups", val_list(cx->mem));
	pages_show(cx, out->page);
	sectors_show(cx, out->page);
	places_show(cx, out->page);
	MAP_EACH(slot, &cx->app->domain->places) {
		agencies_of(cx, slot->value, out->page);
	}
	out->title = T(cx, "网站地图");
	return true;
}
