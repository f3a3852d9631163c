/* SPDX-License-Identifier: Apache-2.0 */
/* The pages that belong to no room of the business. Value trees as ui/CONTRACT.md describes them. */
#include "crypto/crypto.h"
#include "ledger/ledger.h"
#include "schema/schema.h"
#include "web/web.h"

/* ---- about ---- */
/* SHA-256 of the public key in a vkey (C2SP signed-note: name+hash+base64 of 0x01 and the key). */
static struct str fingerprint(struct cx *cx, struct str vkey)
{
	struct str rest = vkey, part = STR_NONE, bytes;
	struct hash h;

	for (int i = 0; i < 2; i++)
		(void)str_split(&rest, '+', &part);
	if (rest.p == NULL || !base64_parse(cx->mem, str_trim(rest), &bytes) || bytes.n != 33)
		return STR("");
	h = crypto_sha256(str_cut(bytes, 1, bytes.n));
	return hash_hex(cx->mem, &h);
}

static bool about(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str vkey = ledger_vkey(cx->app->ledger), rest = vkey, origin = STR("");

	(void)in;
	(void)str_split(&rest, '+', &origin);
	(void)val_set_text(cx->mem, out->page, "origin", origin);
	(void)val_set_text(cx->mem, out->page, "key", vkey);
	(void)val_set_text(cx->mem, out->page, "fingerprint", fingerprint(cx, vkey));
	(void)val_set_int(cx->mem, out->page, "size", ledger_published(cx->app->ledger));
	(void)val_set_text(cx->mem, out->page, "version", STR(GONGKAI_VERSION));
	out->title = T(cx, "关于本平台");
	out->column = "about";
	return true;
}

static bool accessibility(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)in;
	out->title = T(cx, "无障碍声明");
	return true;
}

/* ---- site map ---- */
static struct val *group(struct cx *cx, struct val *groups, struct str name, struct str title)
{
	struct val *g = val_add(cx->mem, groups, val_map(cx->mem));

	(void)val_set_text(cx->mem, g, "name", name);
	(void)val_set_text(cx->mem, g, "title", title);
	return val_set(cx->mem, g, "links", val_list(cx->mem));
}

static void entry(
    struct cx *cx, struct val *links, const char *prefix, struct str id, struct str label)
{
	struct val *one = val_add(cx->mem, links, val_map(cx->mem));

	(void)val_set(cx->mem, one, "link", web_link(cx, prefix, id, label));
}

static void pages(struct cx *cx, struct val *groups)
{
	static const struct {
		const char *path, *word;
	} all[] = {
	    {"/", T_("首页")},
	    {"/n", T_("公告")},
	    {"/catalogue", T_("公开目录")},
	    {"/search", T_("搜索")},
	    {"/calendar", T_("期限计算")},
	    {"/verify", T_("核验")},
	    {"/about", T_("关于本平台")},
	    {"/accessibility", T_("无障碍声明")},
	};
	struct val *links = group(cx, groups, STR("pages"), T(cx, "页面"));

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		entry(cx, links, all[i].path, STR(""), web_word(cx, all[i].word));
}

static void sectors(struct cx *cx, struct val *groups)
{
	const struct domain *d = cx->app->domain;
	struct val *links = group(cx, groups, STR("sectors"), T(cx, "领域"));

	for (size_t i = 0; i < d->sectors_n; i++)
		entry(
		    cx, links, "/s/", d->sectors[i]->id, label_in(d->sectors[i]->title, cx->lang));
}

static void places(struct cx *cx, struct val *groups)
{
	struct val *links = group(cx, groups, STR("places"), T(cx, "地区"));

	MAP_EACH(slot, &cx->app->domain->places) {
		const struct place *p = slot->value;

		if (p->level >= 2 && p->level <= 3)
			entry(cx, links, "/r/", p->code, label_in(p->name, cx->lang));
	}
}

/* The agencies, a group for each place that has any, in the order in which they come. */
static void agencies(struct cx *cx, struct val *groups)
{
	struct map by_place = {0};

	MAP_EACH(slot, &cx->app->domain->agencies) {
		const struct agency *a = slot->value;
		struct str code = a->place ? a->place->code : STR("");
		struct val *links = map_get(&by_place, code);

		if (links == NULL) {
			links = group(cx, groups, str_fmt(cx->mem, "agencies-%.*s", STR_ARG(code)),
			    a->place ? label_in(a->place->name, cx->lang) : T(cx, "其他单位"));
			(void)map_put(cx->mem, &by_place, code, links);
		}
		entry(cx, links, "/a/", a->id, label_in(a->name, cx->lang));
	}
}

static bool sitemap(struct cx *cx, const struct input *in, struct reply *out)
{
	struct val *groups = val_set(cx->mem, out->page, "groups", val_list(cx->mem));

	(void)in;
	pages(cx, groups);
	sectors(cx, groups);
	places(cx, groups);
	agencies(cx, groups);
	out->title = T(cx, "网站地图");
	return true;
}

const struct route web_page_routes[] = {
    {.path = "/about",
	.right = RIGHT_PUBLIC,
	.page = "web/about",
	.run = about,
	.cache = CACHE_NOTICE,
	.doc = "What this portal is, and the key with which its log is signed."},
    {.path = "/accessibility",
	.right = RIGHT_PUBLIC,
	.page = "web/accessibility",
	.run = accessibility,
	.cache = CACHE_DOMAIN,
	.doc = "The accessibility statement."},
    {.path = "/sitemap",
	.right = RIGHT_PUBLIC,
	.page = "web/sitemap",
	.run = sitemap,
	.cache = CACHE_DOMAIN,
	.cost = 2,
	.doc = "Every page, sector, place and agency."},
    {.path = NULL},
};
