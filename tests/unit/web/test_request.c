/* SPDX-License-Identifier: Apache-2.0 */
/* Requests through the whole of web, without sockets: routes, parameters, forms, negotiation, headers, cache, failures. */
#include "lib/unit.h"

#include "base/app.h"
#include "web/web_priv.h"

/* ---- a small portal ---- */
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

static int64_t version(const struct app *app, enum cache_scope scope)
{
	(void)app;
	(void)scope;
	return published;
}

static int64_t now_us(void)
{
	return 1000;
}

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

/* ---- routes ---- */
static void addresses_lead_to_pages_twins_and_one_uniform_404(void **state)
{
	static const struct {
		const char *target;
		int status;
		const char *type;
	} cases[] = {
	    {"/", 200, "text/html"},
	    {"/.json", 200, "application/json"},
	    {"/en", 200, "text/html"},
	    {"/en/", 200, "text/html"},
	    {"/n", 200, "text/html"},
	    {"/n.json", 200, "application/json"},
	    {"/en/n.json?q=x", 200, "application/json"},
	    {"/n/works.result@1", 200, "text/html"},
	    {"/n/works.result@1.json", 200, "application/json"},
	    {"/n/%77orks", 200, "text/html"},
	    {"/n/1/file.json", 200, "application/octet-stream"},
	    {"/log/0/x001/234", 200, "application/octet-stream"},
	    {"/healthz", 200, "text/plain"},
	    {"/n/", 404, "text/html"},
	    {"/n//", 404, "text/html"},
	    {"//n", 404, "text/html"},
	    {"/n/a/b", 404, "text/html"},
	    {"/n/a%2Fb", 404, "text/html"},
	    {"/n/a%00", 404, "text/html"},
	    {"/n/a%", 404, "text/html"},
	    {"/n/%E4", 404, "text/html"},
	    {"/n/..", 200, "text/html"},
	    {"/n/x.txt", 200, "text/html"},
	    {"/k/x", 404, "text/html"},
	    {"/k/12", 200, "text/html"},
	    {"/nowhere", 404, "text/html"},
	    {"/nowhere.json", 404, "text/html"},
	    {"/n/gone", 404, "text/html"},
	    {"/n/gone.json", 404, "application/json"},
	    {"/static/../x", 404, "text/html"},
	    {"/static/a.css", 200, "text/css"},
	    {"/log/", 404, "text/html"},
	    {"/healthz.json", 404, "text/html"},
	    {"/EN/", 404, "text/html"},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a = get_path(p, cases[i].target);

		if (a->status != cases[i].status ||
		    !str_starts(answer_header(a, "Content-Type"), str_of(cases[i].type)))
			fail_msg("%s: %d %s\n%s", cases[i].target, a->status,
			    answer_header(a, "Content-Type").p, a->body.p);
	}
	assert_string_equal(get_path(p, "/nowhere")->body.p, get_path(p, "/n/gone")->body.p);
	assert_string_equal(get_path(p, "/nowhere")->body.p, get_path(p, "/k/x")->body.p);
}

static void routes_that_are_wrong_stop_the_start(void **state)
{
	static const struct {
		struct route row[3];
		const char *said;
	} cases[] = {
	    {{{.path = "/x", .run = nothing, .doc = "d"}}, "route GET /x: has no right"},
	    {{{.path = "/x", .right = RIGHT_PUBLIC, .run = nothing}},
		"route GET /x: needs a path from /, a handler and a sentence"},
	    {{{.path = "/x", .right = RIGHT_PUBLIC, .run = nothing, .page = "gone", .doc = "d"}},
		"route GET /x: no template ui/pages/gone.html"},
	    {{{.path = "/x/:a", .right = RIGHT_PUBLIC, .run = nothing, .doc = "d"},
		 {.path = "/x/:b", .right = RIGHT_PUBLIC, .run = nothing, .doc = "d"}},
		"route GET /x/:b: stands twice"},
	    {{{.method = POST,
		 .path = "/x",
		 .right = RIGHT_PUBLIC,
		 .run = nothing,
		 .cache = CACHE_LIST,
		 .doc = "d"}},
		"route POST /x: a POST is never cached"},
	    {{{.method = POST,
		 .path = "/x",
		 .right = RIGHT_PUBLIC,
		 .in = file_in,
		 .run = nothing,
		 .doc = "d"}},
		"route POST /x: a file needs POST and body_max"},
	    {{{.path = "/x", .right = RIGHT_PUBLIC, .in = number_in, .run = nothing, .doc = "d"}},
		"route GET /x: the parameter n has no sentence"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		const struct route *const tables[] = {cases[i].row, NULL};
		struct routes *built;

		assert_false(web_routes_build(&cx, &(struct web_config){.tables = tables}, &built));
		assert_string_equal(cx_error(&cx).p, cases[i].said);
	}
}

static void other_methods_are_told_which_are_accepted(void **state)
{
	static const struct {
		const char *method, *target, *allow;
	} cases[] = {
	    {"POST", "/n", "GET, HEAD"},
	    {"DELETE", "/f", "GET, HEAD, POST"},
	    {"GET", "/settings", "POST"},
	    {"PUT", "/n/1", "GET, HEAD"},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a = get(p, (struct request){.method = str_of(cases[i].method),
					      .target = str_of(cases[i].target)});

		assert_int_equal(a->status, 405);
		assert_string_equal(answer_header(a, "Allow").p, cases[i].allow);
	}
	assert_int_equal(
	    get(p, (struct request){.method = STR("HEAD"), .target = STR("/n")})->status, 200);
}

/* ---- parameters ---- */
static void parameters_are_those_of_the_table_in_one_form(void **state)
{
	static const struct {
		const char *target, *body;
		int status;
	} cases[] = {
	    {"/n.json?q=%E6%8B%9B+%E6%A0%87&n=-3", "{\"seen\":{\"q\":\"招 标\",\"n\":\"-3\"},",
		200},
	    {"/n.json?from=2026%E5%B9%B43%E6%9C%881%E6%97%A5",
		"{\"seen\":{\"from\":\"2026-03-01\"},", 200},
	    {"/n.json?q=&n=&&", "{\"seen\":{\"q\":\"\",\"n\":\"\"},", 200},
	    {"/n.json?q=a%3Db", "{\"seen\":{\"q\":\"a=b\"},", 200},
	    {"/n?x=1", "400 请求无法理解 这个地址接受的参数：q, from, n, item\nx: 没有这个参数",
		400},
	    {"/n?q=1&q=2", "q: 重复出现", 400},
	    {"/n?q", "<title>", 200},
	    {"/n?n=1.5", "n: 应为整数", 400},
	    {"/n?from=March", "from: 应为日期，例如2026-03-31", 400},
	    {"/n?item=a%20b", "item: 只能有字母、数字和 . _ @ -", 400},
	    {"/n?q=123456789012345678901", "q: 太长", 400},
	    {"/n?q=%ff", ": 编码有误，应为UTF-8", 400},
	    {"/n?q=%00", ": 编码有误，应为UTF-8", 400},
	    {"/n?q=a%01b", "q: 含有控制字符", 400},
	    {"/n?q=%4", ": 编码有误，应为UTF-8", 400},
	    {"/n/1?id=2", "400 请求无法理解 这个地址不接受参数。", 400},
	    {"/?x", "x: 没有这个参数", 400},
	    {"/n?%3Cb%3E=1", "&lt;b&gt;: 没有这个参数", 400},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a = get_path(p, cases[i].target);

		if (a->status != cases[i].status || !str_has(a->body, str_of(cases[i].body)))
			fail_msg("%s: %d\n%s", cases[i].target, a->status, a->body.p);
	}
}

#define LIT(s)                                                                                     \
	{                                                                                          \
		s, sizeof(s) - 1                                                                   \
	}
#define FORM(type_, body_)                                                                         \
	{                                                                                          \
		.method = LIT("POST"), .target = LIT("/f"), .content_type = LIT(type_),            \
		.body = LIT(body_)                                                                 \
	}
#define MULTI "multipart/form-data; boundary=XyZ"
#define PART                                                                                       \
	"--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "                                 \
	"filename=\"a.json\"\r\nContent-Type: application/json\r\n\r\n"

static void forms_and_files_are_read_or_refused(void **state)
{
	static const struct {
		struct request rq;
		const char *body;
		int status;
	} cases[] = {
	    {FORM(MULTI, PART "{\"a\":1}\r\n--XyZ--\r\n"), "a.json|{\"a\":1}|", 200},
	    {FORM(MULTI, PART "a\r\n--Xy\r\n--XyZ\r\ncontent-disposition: form-data; "
			      "name=note\r\n\r\n\r\n--XyZ--"),
		"a.json|a\r\n--Xy|", 200},
	    {FORM(MULTI, "preamble\r\n" PART "\r\n--XyZ\r\nContent-Disposition: form-data; "
					     "name=\"note\"\r\n\r\n附注\r\n--XyZ--\r\n"),
		"a.json||附注", 200},
	    {FORM("application/x-www-form-urlencoded", "note=a+b"), "||a b", 200},
	    {FORM("application/x-www-form-urlencoded", "file=x"), "file: 没有这个参数", 400},
	    {FORM("text/plain", "x"), "应为multipart/form-data", 400},
	    {FORM(MULTI, PART "x"), "表单不完整", 400},
	    {FORM(MULTI, PART "x\r\n--XyZ"), "表单不完整", 400},
	    {FORM(MULTI, "--XyZ\r\n\r\nx\r\n--XyZ--"), "表单的一部分没有名称", 400},
	    {FORM(MULTI, "--XyZ\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--XyZ--"),
		"x: 没有这个参数", 400},
	    {FORM(MULTI, PART "1\r\n" PART "2\r\n--XyZ--"), "file: 重复出现", 400},
	    {FORM("multipart/form-data", PART "1\r\n--XyZ--"), "表单没有写明分隔符", 400},
	    {FORM("multipart/form-data; boundary=\"\"", "x"), "表单没有写明分隔符", 400},
	    {FORM(MULTI,
		 "--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n\xff\r\n--XyZ--"),
		"编码有误，应为UTF-8", 400},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a = get(p, cases[i].rq);

		if (a->status != cases[i].status || !str_has(a->body, str_of(cases[i].body)))
			fail_msg("%s: %d\n%s", cases[i].rq.body.p, a->status, a->body.p);
	}
	assert_string_equal(answer_header(get(p, cases[0].rq), "Content-Disposition").p,
	    "attachment; filename=\"__1_.txt\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%221%22.txt");
}

static void a_post_from_another_site_is_refused(void **state)
{
	static const struct {
		const char *fetch_site, *origin;
		int status;
	} cases[] = {
	    {"same-origin", NULL, 200},
	    {"none", NULL, 200},
	    {"cross-site", NULL, 403},
	    {"same-site", "http://x:8080", 403},
	    {NULL, "http://x:8080", 200},
	    {NULL, "http://evil", 403},
	    {NULL, "null", 403},
	    {NULL, NULL, 200},
	    {"same-origin", "null", 200},
	    {NULL, "http://x", 403},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request rq = FORM("application/x-www-form-urlencoded", "note=1");

		rq.host = STR("x:8080");
		rq.fetch_site = str_of(cases[i].fetch_site);
		rq.origin = str_of(cases[i].origin);
		assert_int_equal(get(p, rq)->status, cases[i].status);
	}
}

/* ---- negotiation, language, headers ---- */
static void json_is_sent_to_those_who_prefer_it(void **state)
{
	static const struct {
		const char *accept;
		bool json;
	} cases[] = {
	    {"", false},
	    {"*/*", false},
	    {"application/json", true},
	    {"application/json, */*", false},
	    {"application/json, */*;q=0.5", true},
	    {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
	    {"text/html;q=0.5, application/json;q=0.6", true},
	    {"application/*", true},
	    {"text/*, application/json;q=0.9", false},
	    {"APPLICATION/JSON", true},
	    {"application/json;q=0", false},
	    {"application/json;q=0.001, text/html;q=0", true},
	    {"garbage,,;;q", false},
	    {"application/json;q=9", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (accept_wants_json(str_of(cases[i].accept)) != cases[i].json)
			fail_msg("%s", cases[i].accept);
}

static void pages_know_their_language_their_twin_and_the_other_language(void **state)
{
	struct portal *p = portal(*state);

	assert_string_equal(get_path(p, "/n?n=1&q=a")->body.p,
	    "<title>页面</title><p>/n?q=a&amp;n=1 zh-CN <a href=\"/n.json?q=a&amp;n=1\">j</a><a "
	    "href=\"/en/n?q=a&amp;n=1\">English</a> <a href=\"/x/1\">标题</a></p>\n");
	assert_string_equal(get_path(p, "/en/n/%31")->body.p,
	    "<title>页面</title><p>/en/n/1 en <a href=\"/n/1.json\">j</a><a href=\"/n/1\">中文</a> "
	    "<a href=\"/en/x/1\">标题</a></p>\n");
	assert_string_equal(get_path(p, "/n/1.json")->body.p,
	    "{\"seen\":{\"id\":\"1\"},\"link\":{\"href\":\"/x/1\",\"label\":\"标题\"}}\n");
}

static void every_answer_carries_its_headers(void **state)
{
	static const struct {
		const char *target, *name, *value;
	} cases[] = {
	    {"/n", "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
		"base-uri 'none'; frame-ancestors 'none'"},
	    {"/n", "X-Content-Type-Options", "nosniff"},
	    {"/nowhere", "X-Content-Type-Options", "nosniff"},
	    {"/n", "Referrer-Policy", "same-origin"},
	    {"/n", "Vary", "Accept"},
	    {"/n.json", "Vary", NULL},
	    {"/n", "Cache-Control", "no-cache"},
	    {"/nowhere", "Cache-Control", "no-store"},
	    {"/log/a", "Cache-Control", "public, max-age=31536000, immutable"},
	    {"/theme.css", "Vary", "Cookie"},
	    {"/theme.css", "Cache-Control", "private, no-cache"},
	    {"/n", "Content-Language", "zh-CN"},
	    {"/en/n", "Content-Language", "en"},
	    {"/n", "Strict-Transport-Security", NULL},
	    {"/nowhere", "ETag", NULL},
	    {"/static/a.css", "Cache-Control", "no-cache"},
	    {"/static/a.css?v=806db221261e", "Cache-Control",
		"public, max-age=31536000, immutable"},
	    {"/static/a.css?v=000000000000", "Cache-Control", "no-cache"},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str got = answer_header(get_path(p, cases[i].target), cases[i].name);

		if (!str_eq(got, str_of(cases[i].value)) ||
		    (got.p == NULL) != (cases[i].value == NULL))
			fail_msg(
			    "%s %s: %s", cases[i].target, cases[i].name, got.p ? got.p : "absent");
	}
	assert_int_equal(get_path(p, "/n")->etag.n, 26);
	assert_true(str_eq(get_path(p, "/n")->etag, get_path(p, "/n")->etag));
	assert_false(str_eq(get_path(p, "/n")->etag, get_path(p, "/en/n")->etag));
}

/* ---- the look ---- */
static void the_look_is_a_cookie_and_leads_back_to_a_page_of_ours(void **state)
{
	static const struct {
		const char *cookie, *form, *set, *location;
	} cases[] = {
	    {NULL, "size=l&back=/en/n?q%3Da", "look=l;", "/en/n?q=a"},
	    {"look=l", "contrast=h&back=/", "look=lh;", "/"},
	    {"a=b; look=lh; c", "size=s&back=//evil.example", "look=h;", "/"},
	    {"look=h", "contrast=n&back=https://evil.example", "look=;", "/"},
	    {"look=h", "back=%2F%5Cevil.example", "look=h;", "/"},
	    {"look=<script>", "size=l", "look=l;", "/"},
	    {NULL, "size=l&back=/a%0d%0ab", "look=l;", "/"},
	};
	static const struct {
		const char *cookie, *body;
	} themes[] = {{NULL, "/* default */"}, {"look=l", "/* large */"}, {"look=h", "/* high */"},
	    {"look=lh", "/* large */\n/* high */"}, {"look=x", "/* default */"}};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a =
		    get(p, (struct request){.method = STR("POST"),
			       .target = STR("/en/settings"),
			       .cookie = str_of(cases[i].cookie),
			       .content_type = STR("application/x-www-form-urlencoded"),
			       .body = str_of(cases[i].form)});

		assert_int_equal(a->status, 303);
		assert_true(str_starts(answer_header(a, "Set-Cookie"), str_of(cases[i].set)));
		assert_true(str_ends(answer_header(a, "Set-Cookie"),
		    STR("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")));
		assert_string_equal(answer_header(a, "Location").p, cases[i].location);
	}
	for (size_t i = 0; i < ARRAY_SIZE(themes); i++)
		assert_string_equal(get(p, (struct request){.target = STR("/theme.css"),
					       .cookie = str_of(themes[i].cookie)})
					->body.p,
		    themes[i].body);
}

/* ---- failures ---- */
static void a_failure_of_ours_has_a_number_and_tells_nothing(void **state)
{
	struct portal *p = portal(*state);
	struct answer *a = get_path(p, "/n/broken"), *b = get_path(p, "/n/broken.json");

	assert_int_equal(a->status, 500);
	assert_true(str_starts(a->body, STR("500 系统故障  [")));
	assert_false(str_has(a->body, STR("secret")));
	assert_true(str_has(b->body, STR("\"code\":\"database\",\"status\":500")));
	assert_false(str_has(b->body, STR("secret")));
	assert_int_equal(get_path(p, "/empty")->status, 500);
	assert_int_equal(p->cx.err.code, ERR_NONE);
}

static void what_the_http_layer_refuses_is_worded_here(void **state)
{
	static const struct {
		struct request rq;
		int status;
		const char *body;
	} cases[] = {
	    {{.target = {"/n", 2}, .refuse = 429, .retry_after = 7}, 429, "429 请求过于频繁"},
	    {{.target = {"http://x/", 9}, .refuse = 400, .why = "请求地址须以/开头"}, 400,
		"400 请求无法理解 请求地址须以/开头"},
	    {{.target = {"/f", 2}, .refuse = 413, .why = "请求正文太大"}, 413, "413 内容超过限度"},
	    {{.target = {"", 0}, .refuse = 505}, 505, "505 "},
	};
	struct portal *p = portal(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct answer *a = get(p, cases[i].rq);

		assert_int_equal(a->status, cases[i].status);
		assert_true(str_starts(a->body, str_of(cases[i].body)));
	}
	assert_string_equal(answer_header(get(p, cases[0].rq), "Retry-After").p, "7");
	assert_int_equal(web_plan(&p->app, STR("POST"), STR("/f")).body_max, 5000);
	assert_int_equal(web_plan(&p->app, STR("GET"), STR("/f")).body_max, 0);
	assert_int_equal(web_plan(&p->app, STR("GET"), STR("/en/n.json?q=1")).cost, 3);
	assert_int_equal(web_plan(&p->app, STR("GET"), STR("nonsense")).cost, 1);
}

/* ---- the cache ---- */
static int runs_of(struct portal *p, struct request rq)
{
	int before = runs;

	(void)get(p, rq);
	return runs - before;
}

static void pages_are_made_once_per_representation(void **state)
{
	struct portal *p = portal(*state);
	static const struct {
		struct request rq;
		int runs;
	} cases[] = {
	    {{.target = {"/n/1", 4}}, 1},
	    {{.target = {"/n/1", 4}}, 0},
	    {{.target = {"/n/%31", 6}}, 0},
	    {{.target = {"/n/1", 4}, .cookie = {"look=l", 6}}, 0},
	    {{.target = {"/n/1", 4}, .accept = {"application/json", 16}}, 1},
	    {{.target = {"/n/1.json", 9}}, 1},
	    {{.target = {"/n/1.json", 9}}, 0},
	    {{.target = {"/en/n/1", 7}}, 1},
	    {{.target = {"/n/2", 4}}, 1},
	    {{.target = {"/n?n=1&q=a", 10}}, 1},
	    {{.target = {"/n?q=a&n=1&from=", 16}}, 0},
	    {{.target = {"/n/new", 6}}, 1},
	    {{.target = {"/n/new", 6}}, 1},
	    {{.target = {"/n/gone", 7}}, 1},
	    {{.target = {"/n/gone", 7}}, 1},
	    {{.target = {"/n/broken", 9}}, 1},
	    {{.target = {"/n/broken", 9}}, 1},
	    /* something is published while the page is made: the reply is not kept */
	    {{.target = {"/n/publishes", 12}}, 1},
	    {{.target = {"/n/publishes", 12}}, 1},
	    {{.target = {"/n/1", 4}}, 1},
	    {{.target = {"/n/1", 4}}, 0},
	};

	p->app.cache = reply_cache_open(1 << 20, &p->app, version, now_us);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (runs_of(p, cases[i].rq) != cases[i].runs)
			fail_msg("case %zu, %s", i, cases[i].rq.target.p);
	reply_cache_close(p->app.cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(addresses_lead_to_pages_twins_and_one_uniform_404),
	    CASE(routes_that_are_wrong_stop_the_start),
	    CASE(other_methods_are_told_which_are_accepted),
	    CASE(parameters_are_those_of_the_table_in_one_form),
	    CASE(forms_and_files_are_read_or_refused),
	    CASE(a_post_from_another_site_is_refused),
	    CASE(json_is_sent_to_those_who_prefer_it),
	    CASE(pages_know_their_language_their_twin_and_the_other_language),
	    CASE(every_answer_carries_its_headers),
	    CASE(the_look_is_a_cookie_and_leads_back_to_a_page_of_ours),
	    CASE(a_failure_of_ours_has_a_number_and_tells_nothing),
	    CASE(what_the_http_layer_refuses_is_worded_here),
	    CASE(pages_are_made_once_per_representation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
