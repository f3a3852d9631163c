/* SPDX-License-Identifier: Apache-2.0 */
/* A small portal for the tests of web: a route of every kind, two templates, three style sheets. */
#ifndef WEB_PORTAL_H
#define WEB_PORTAL_H

#include "lib/unit.h"

#include "base/app.h"
#include "web/web_priv.h"

static int64_t published;
static int runs;

static bool page_show(struct cx *cx, const struct input *in, struct reply *out)
{
	struct val *seen = val_map(cx->mem);

	runs++;
	MAP_EACH(slot, &in->values)
		(void)val_put(
		    cx->mem, seen, slot->key, val_text(cx->mem, *(struct str *)slot->value));
	if (str_is(input_text(in, "id"), "gone"))
		return cx_fail(cx, ERR_NOT_FOUND, "no such thing");
	if (str_is(input_text(in, "id"), "broken"))
		return cx_fail(cx, ERR_DB, "secret text of the database");
	if (str_is(input_text(in, "id"), "publishes"))
		published++;
	(void)val_set(cx->mem, out->page, "seen", seen);
	(void)val_set(cx->mem, out->page, "link", val_link(cx->mem, STR("/x/1"), STR("标题")));
	out->title = STR("页面");
	return true;
}

static bool file_show(struct cx *cx, const struct input *in, struct reply *out)
{
	out->type = "text/plain; charset=utf-8";
	out->body = str_fmt(cx->mem, "%.*s|%.*s|%.*s", STR_ARG(in->file_name), STR_ARG(in->body),
	    STR_ARG(input_text(in, "note")));
	out->file_name = STR("报告 \"1\".txt");
	return true;
}

static bool rest_show(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)cx;
	out->type = "application/octet-stream";
	out->body = in->suffix;
	out->immutable = true;
	return true;
}

static bool nothing(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)cx;
	(void)in;
	(void)out;
	return true;
}

static const struct param list_in[] = {
    {"q", PARAM_TEXT, 20, "words"},
    {"from", PARAM_DATE, 0, "first day"},
    {"n", PARAM_INT, 0, "how many"},
    {"item", PARAM_ID, 0, "item"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param file_in[] = {{"file", PARAM_FILE, 0, "the file"},
    {"note", PARAM_TEXT, 0, "a note"}, {NULL, PARAM_TEXT, 0, NULL}};
static const struct param number_in[] = {{"n", PARAM_INT, 0, NULL}, {NULL, PARAM_TEXT, 0, NULL}};

static const struct route routes[] = {
    {.path = "/",
	.right = RIGHT_PUBLIC,
	.page = "t",
	.run = page_show,
	.cache = CACHE_LIST,
	.doc = "home"},
    {.path = "/n",
	.right = RIGHT_PUBLIC,
	.in = list_in,
	.page = "t",
	.run = page_show,
	.cache = CACHE_LIST,
	.cost = 3,
	.doc = "list"},
    {.path = "/n/:id",
	.right = RIGHT_PUBLIC,
	.page = "t",
	.run = page_show,
	.cache = CACHE_NOTICE,
	.doc = "one"},
    {.path = "/n/new",
	.right = RIGHT_PUBLIC,
	.page = "t",
	.run = page_show,
	.doc = "a literal goes before a part"},
    {.path = "/n/:id/file.json", .right = RIGHT_PUBLIC, .run = rest_show, .doc = "raw"},
    {.path = "/k/:n",
	.right = RIGHT_PUBLIC,
	.in = number_in,
	.page = "t",
	.run = page_show,
	.doc = "number"},
    {.path = "/f", .right = RIGHT_PUBLIC, .page = "t", .run = page_show, .doc = "form"},
    {.method = POST,
	.path = "/f",
	.right = RIGHT_PUBLIC,
	.in = file_in,
	.run = file_show,
	.body_max = 5000,
	.doc = "upload"},
    {.path = "/log/*",
	.right = RIGHT_PUBLIC,
	.run = rest_show,
	.cache = CACHE_IMMUTABLE,
	.doc = "rest"},
    {.path = "/empty",
	.right = RIGHT_PUBLIC,
	.run = nothing,
	.doc = "a handler that gives nothing"},
    {.path = NULL},
};

struct portal {
	struct cx cx;
	struct app app;
	struct map files;
};

static struct portal *portal(struct arena *mem)
{
	static const struct {
		const char *path, *text;
	} files[] = {
	    {"pages/t.html", "<title>{{@site.title}}</title><p>{{@site.path}} {{@site.lang}} "
			     "{{#@site.json}}<a href=\"{{@site.json}}\">j</a>{{/@site.json}}"
			     "<a href=\"{{@site.other}}\">{{@site.other}}</a> <a "
			     "href=\"{{link}}\">{{link}}</a></p>\n"},
	    {"pages/web/error.html",
		"{{status}} {{title}} {{message}}{{#issues}}\n{{field}}: "
		"{{message}}{{/issues}}{{#reference}} [{{reference}}]{{/reference}}\n"},
	    {"static/a.css", "p{}"},
	    {"static/themes/default.css", "/* default */"},
	    {"static/themes/large.css", "/* large */"},
	    {"static/themes/high.css", "/* high */"},
	};
	struct portal *p = arena_new(mem, struct portal);
	static const struct route *const tables[] = {routes, NULL};
	struct templates *templates;
	struct routes *built;

	p->cx = (struct cx){.mem = mem, .app = &p->app, .lang = "zh"};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct str *text = arena_new(mem, struct str);

		*text = str_of(files[i].text);
		(void)map_put(mem, &p->files, str_of(files[i].path), text);
	}
	assert_true(templates_load(&p->cx, &p->files, &templates));
	p->app.templates = templates;
	if (!web_routes_build(&p->cx,
		&(struct web_config){.tables = tables, .templates = templates, .files = &p->files},
		&built))
		fail_msg("%s", cx_error(&p->cx).p);
	p->app.routes = built;
	return p;
}

static void release(void *a)
{
	answer_release(a);
}

static struct answer *get(struct portal *p, struct request rq)
{
	struct answer *a = NULL;

	rq.method = rq.method.p ? rq.method : STR("GET");
	web_handle(&p->cx, &rq, &a);
	arena_defer(p->cx.mem, release, a);
	return a;
}

static struct answer *get_path(struct portal *p, const char *target)
{
	return get(p, (struct request){.target = str_of(target)});
}

#endif
