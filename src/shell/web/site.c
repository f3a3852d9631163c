/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value `site`: what frames every page and is no part of its content. Name, owner, page tags and footer come from data/site.yaml;
 * the rest from the request. Members as ui/CONTRACT.md lists them; what is not known is null.
 */
#include "schema/schema.h"
#include "text/text.h"
#include "web/web_priv.h"

struct site {
	struct cx *cx;
	struct val *out;
	const struct val *data; /* data/site.yaml, may be NULL */
	const struct target *target;
	const struct route *route; /* NULL on error pages */
	const struct input *in;
	const struct reply *reply;
	bool english;
};

static const struct nav {
	const char *key, *path, *word;
} navigation[] =
    {
	{"home", "/", T_("首页")},
	{"notices", "/n", T_("公告")},
	{"catalogue", "/catalogue", T_("公开目录")},
	{"search", "/search", T_("搜索")},
	{"calendar", "/calendar", T_("期限计算")},
	{"verify", "/verify", T_("核验")},
	{"about", "/about", T_("关于")},
},
  foot[] = {
      {NULL, "/about", T_("关于本平台")},
      {NULL, "/accessibility", T_("无障碍声明")},
      {NULL, "/sitemap", T_("网站地图")},
};

static struct val *link_to(struct cx *cx, struct str href, struct str label)
{
	return href.n ? val_link(cx->mem, href, label) : val_null(cx->mem);
}

/* A link whose path already has its language. */
static struct val *link_exact(struct cx *cx, struct str href, struct str label)
{
	struct val *v = val_link(cx->mem, href, label);

	v->truth = true;
	return v;
}

static struct str data_text(const struct site *s, const char *path)
{
	const struct val *v = val_path(s->data, str_of(path));

	return v && v->kind == VAL_TEXT ? v->text : STR_NONE;
}

/* site.name: {zh, en} in one of the two languages. */
static struct str data_label(const struct site *s, const char *path, bool english)
{
	struct str text = data_text(s, str_fmt(s->cx->mem, "%s.%s", path, english ? "en" : "zh").p);

	return text.p || !english ? text : data_text(s, str_fmt(s->cx->mem, "%s.zh", path).p);
}

/* The path and canonical query of this page without language: what its other forms are made of. */
static struct str own_path(const struct site *s)
{
	struct str path;

	if (s->reply->canonical.n)
		return s->reply->canonical;
	if (s->route == NULL || s->in == NULL)
		return STR("/");
	path = s->in->path;
	return s->in->query.n
		   ? str_fmt(s->cx->mem, "%.*s?%.*s", STR_ARG(path), STR_ARG(s->in->query))
		   : path;
}

static struct str with_language(struct cx *cx, bool english, struct str path)
{
	return english ? str_fmt(cx->mem, "/en%.*s", STR_ARG(path)) : path;
}

/* /n/x?q=1 → /n/x.json?q=1 */
static struct str twin_path(struct cx *cx, struct str path)
{
	size_t mark = path.n;

	(void)str_find(path, STR("?"), 0, &mark);
	return str_fmt(cx->mem, "%.*s.json%.*s", STR_ARG(str_cut(path, 0, mark)),
	    STR_ARG(str_cut(path, mark, path.n)));
}

static void addresses(struct site *s)
{
	struct arena *mem = s->cx->mem;
	struct str path = own_path(s), home = data_text(s, "site.address");
	struct str here = with_language(s->cx, s->english, path),
		   other = with_language(s->cx, !s->english, path);
	bool page = s->route && s->route->page && s->route->method == GET;

	(void)val_set_text(mem, s->out, "path", here);
	(void)val_set(mem, s->out, "other",
	    link_exact(s->cx, other, s->english ? STR("中文") : STR("English")));
	(void)val_set(mem, s->out, "json",
	    page ? link_exact(s->cx, twin_path(s->cx, here), STR("JSON")) : val_null(mem));
	(void)val_set(mem, s->out, "canonical",
	    page && home.n
		? link_to(s->cx, str_fmt(mem, "%.*s%.*s", STR_ARG(home), STR_ARG(here)), STR(""))
		: val_null(mem));
}

/* A name of more than 12 characters may break once, in the middle. */
static struct val *name_parts(struct cx *cx, struct str name)
{
	struct val *list = val_list(cx->mem);
	size_t n = text_length(name);

	if (n > 12 && (unsigned char)name.p[0] >= 0x80) {
		struct str first = text_head(name, (n + 1) / 2);

		(void)val_add(cx->mem, list, val_text(cx->mem, first));
		name = str_cut(name, first.n, name.n);
	}
	if (name.n)
		(void)val_add(cx->mem, list, val_text(cx->mem, name));
	return list;
}

static void names(struct site *s)
{
	struct arena *mem = s->cx->mem;
	struct str name = data_label(s, "site.name", s->english),
		   short_name = data_label(s, "site.short_name", false);

	(void)val_set_text(mem, s->out, "lang", s->english ? STR("en") : STR("zh-CN"));
	(void)val_set_text(mem, s->out, "other_lang", s->english ? STR("zh-CN") : STR("en"));
	(void)val_set_bool(mem, s->out, "english", s->english);
	(void)val_set_text(mem, s->out, "name", name.p ? name : STR("gongkai"));
	(void)val_set(mem, s->out, "name_parts", name_parts(s->cx, name.p ? name : STR("gongkai")));
	(void)val_set_text(mem, s->out, "other_name", data_label(s, "site.name", !s->english));
	(void)val_set_text(
	    mem, s->out, "seal", short_name.n ? text_head(short_name, 1) : STR("公"));
	(void)val_set_text(mem, s->out, "title", s->reply->title);
	(void)val_set_text(mem, s->out, "description",
	    s->reply->description.n ? s->reply->description
	    : s->reply->title.p	    ? s->reply->title
				    : name);
	(void)val_set_text(mem, s->out, "host", data_label(s, "site.owner", s->english));
	(void)val_set_text(mem, s->out, "operator", data_label(s, "site.operator", s->english));
}

static struct val *links(struct site *s, const struct nav *at, size_t n, bool with_current)
{
	struct arena *mem = s->cx->mem;
	struct val *list = val_list(mem);

	for (size_t i = 0; i < n; i++) {
		struct val *one = val_add(mem, list, val_map(mem));

		(void)val_set(mem, one, "link",
		    val_link(mem, str_of(at[i].path), web_word(s->cx, at[i].word)));
		if (with_current)
			(void)val_set_bool(mem, one, "current",
			    s->reply->column && strcmp(s->reply->column, at[i].key) == 0);
	}
	return list;
}

static struct str here_of(const struct reply *reply)
{
	struct str here = reply->here.n ? reply->here : reply->title;

	return here.p ? here : STR("");
}

static void places(struct site *s)
{
	struct arena *mem = s->cx->mem;
	/* what was searched stands in the search box; other pages have a q of their own */
	struct str q = s->in && str_is(s->in->path, "/search") ? input_text(s->in, "q") : STR_NONE;

	(void)val_set(mem, s->out, "nav", links(s, navigation, ARRAY_SIZE(navigation), true));
	(void)val_set(mem, s->out, "crumbs", s->reply->crumbs ? s->reply->crumbs : val_list(mem));
	(void)val_set_text(mem, s->out, "here", here_of(s->reply));
	(void)val_set_text(mem, s->out, "q", q.p ? q : STR(""));
	(void)val_set_bool(mem, s->out, "home", s->route && strcmp(s->route->path, "/") == 0);
	(void)val_set_bool(mem, s->out, "demo", s->cx->app->demo);
}

/* Page tags of the annex of 政府网站发展指引 (国办发〔2017〕47号): the site's, then this page's. Every page but the home page is of a column. */
static void meta(struct site *s)
{
	struct arena *mem = s->cx->mem;
	struct val *list = val_list(mem), *all = val_map(mem);
	const struct val *of_site = val_at(s->data, "tags");

	VAL_EACH(i, of_site)
		(void)val_put(mem, all, of_site->keys[i], of_site->at[i]);
	if (s->route && strcmp(s->route->path, "/") != 0)
		(void)val_set_text(mem, all, "ColumnName", here_of(s->reply));
	VAL_EACH(i, s->reply->tags)
		(void)val_put(mem, all, s->reply->tags->keys[i], s->reply->tags->at[i]);
	VAL_EACH(i, all) {
		struct val *one = val_add(mem, list, val_map(mem));

		(void)val_set_text(mem, one, "name", all->keys[i]);
		(void)val_set(mem, one, "content", all->at[i]);
	}
	(void)val_set(mem, s->out, "meta", list);
}

/* The log's size grows all the time: only pages that are not kept beyond it may show it. */
static struct val *log_size(struct site *s)
{
	const struct web_config *config = &s->cx->app->routes->config;
	bool kept = s->route && (s->route->cache == CACHE_DOMAIN || s->route->cache == CACHE_DAY ||
				    s->route->cache == CACHE_IMMUTABLE);

	return config->log_size && !kept ? val_int(s->cx->mem, config->log_size(s->cx->app))
					 : val_null(s->cx->mem);
}

static void footer(struct site *s)
{
	struct arena *mem = s->cx->mem;
	struct str phone = data_text(s, "footer.supervision");
	struct val *tel =
	    phone.n ? val_link(mem,
			  str_fmt(mem, "tel:%.*s", (int)strspn(phone.p, "0123456789-+"), phone.p),
			  phone)
		    : val_null(mem);

	(void)val_set(mem, s->out, "foot_links", links(s, foot, ARRAY_SIZE(foot), false));
	(void)val_set(mem, s->out, "hotline", tel);
	(void)val_set(mem, s->out, "fault",
	    link_to(s->cx, data_text(s, "footer.fault_url"), T(s->cx, "网站找错")));
	(void)val_set_text(mem, s->out, "id_code", data_text(s, "tags.SiteIDCode"));
	(void)val_set(mem, s->out, "icp",
	    data_text(s, "footer.icp").n
		? val_link(mem, STR("https://beian.miit.gov.cn/"), data_text(s, "footer.icp"))
		: val_null(mem));
	(void)val_set(mem, s->out, "police",
	    data_text(s, "footer.police").n
		? val_link(mem, STR("https://beian.mps.gov.cn/"), data_text(s, "footer.police"))
		: val_null(mem));
	(void)val_set_text(mem, s->out, "contact", data_text(s, "footer.contact"));
	(void)val_set(mem, s->out, "mark",
	    link_to(s->cx, data_text(s, "footer.mark_url"), T(s->cx, "党政机关")));
	(void)val_set(mem, s->out, "log_size", log_size(s));
}

struct val *site_tree(struct cx *cx, const struct target *t, const struct route *route,
    const struct input *in, const struct reply *reply)
{
	struct site s = {.cx = cx,
	    .out = val_map(cx->mem),
	    .data = cx->app->domain ? cx->app->domain->site : NULL,
	    .target = t,
	    .route = route,
	    .in = in,
	    .reply = reply,
	    .english = t->english};

	names(&s);
	addresses(&s);
	places(&s);
	meta(&s);
	footer(&s);
	return s.out;
}

/* ---- words and links ---- */
struct str web_word(struct cx *cx, const char *zh)
{
	bool english = cx->lang && strcmp(cx->lang, "en") == 0;

	return english && cx->app->english ? words_get(cx->app->english, str_of(zh)) : str_of(zh);
}

struct val *web_link(struct cx *cx, const char *prefix, struct str id, struct str label)
{
	struct buf b = buf_new(cx->mem, strlen(prefix) + 3 * id.n);

	buf_c(&b, prefix);
	buf_url(&b, id);
	return val_link(cx->mem, buf_str(&b), label);
}
