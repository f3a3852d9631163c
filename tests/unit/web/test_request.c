/* SPDX-License-Identifier: Apache-2.0 */
/* Routes, parameters and forms through the whole of web, without sockets. */
#include "portal.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(addresses_lead_to_pages_twins_and_one_uniform_404),
	    CASE(routes_that_are_wrong_stop_the_start),
	    CASE(other_methods_are_told_which_are_accepted),
	    CASE(parameters_are_those_of_the_table_in_one_form),
	    CASE(forms_and_files_are_read_or_refused),
	    CASE(a_post_from_another_site_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
