/* SPDX-License-Identifier: Apache-2.0 */
/* Negotiation, headers, cookies, failures and the cache through the whole of web, without sockets. */
#include "portal.h"

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
	    "<title>页面</title><p>/en/n/1 en <a href=\"/en/n/1.json\">j</a><a "
	    "href=\"/n/1\">中文</a> "
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
