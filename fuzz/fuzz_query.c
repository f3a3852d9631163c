/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sends beside the path: the first byte says whether the rest is a target, a form, a multipart body, a cookie or an Accept. */
#include "fuzz.h"
#include "text/text.h"
#include "web/web_priv.h"

static bool nothing(struct cx *cx, const struct input *in, struct reply *out)
{
	(void)cx;
	(void)in;
	(void)out;
	return true;
}

static const struct param params[] = {
    {"q", PARAM_TEXT, 0, "text"},
    {"n", PARAM_INT, 0, "number"},
    {"from", PARAM_DATE, 0, "day"},
    {"id", PARAM_ID, 0, "id"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param form[] = {
    {"file", PARAM_FILE, 0, "file"}, {"note", PARAM_TEXT, 0, "text"}, {NULL, PARAM_TEXT, 0, NULL}};
static const struct route table[] = {
    {.path = "/n/:id", .right = RIGHT_PUBLIC, .in = params, .run = nothing, .doc = "one"},
    {.path = "/n/:id/:n/x", .right = RIGHT_PUBLIC, .in = params, .run = nothing, .doc = "deep"},
    {.path = "/log/*", .right = RIGHT_PUBLIC, .run = nothing, .doc = "rest"},
    {.method = POST,
	.path = "/f",
	.right = RIGHT_PUBLIC,
	.in = form,
	.run = nothing,
	.body_max = 100000,
	.doc = "form"},
    {.path = NULL},
};

/* Whatever reaches a handler is UTF-8 without control characters, and its canonical form reads back as itself. */
static void check_input(struct cx *cx, const struct route *route, const struct input *in)
{
	struct input again = {0};
	struct issues issues = {0};
	size_t at;

	MAP_EACH(slot, &in->values) {
		const struct str *v = slot->value;

		BUG_ON(!text_utf8_valid(*v, &at) || has_control(*v) || memchr(v->p, 0, v->n));
	}
	input_query(cx->mem, route, in->query, &again, &issues);
	BUG_ON(issues.n || !str_eq(again.query, in->query));
}

static void target(struct cx *cx, const struct routes *routes, struct str text)
{
	struct target t;
	struct input in = {0};
	struct issues issues = {0};

	target_parse(routes, str_fmt(cx->mem, "/%.*s", STR_ARG(text)), &t);
	if (!t.known || !t.match.routes[GET] ||
	    !input_path(cx->mem, t.match.routes[GET], &t.match, &in))
		return;
	input_query(cx->mem, t.match.routes[GET], t.query, &in, &issues);
	if (issues.n == 0 && t.match.routes[GET]->in == params)
		check_input(cx, t.match.routes[GET], &in);
}

static void body(struct cx *cx, struct str type, struct str text)
{
	struct request rq = {.content_type = type, .body = text};
	struct input in = {0};
	struct issues issues = {0};

	input_form(cx->mem, &table[3], &rq, &in, &issues);
	BUG_ON(in.body.p && (in.body.p < text.p || in.body.p + in.body.n > text.p + text.n));
	BUG_ON(in.file_name.p && has_control(in.file_name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	static const struct route *const tables[] = {table, NULL};
	struct str text = str_cut(fuzz_text(data, size), 1, SIZE_MAX);
	struct routes *routes;

	if (size == 0)
		return 0;
	switch (data[0]) {
	case 't':
		BUG_ON(!web_routes_build(cx, &(struct web_config){.tables = tables}, &routes));
		target(cx, routes, text);
		break;
	case 'f':
		body(cx, STR("application/x-www-form-urlencoded"), text);
		break;
	case 'm':
		body(cx, STR("multipart/form-data; boundary=B"), text);
		break;
	case 'c':
		(void)cookie_value(text, "look");
		break;
	case 'a':
		(void)accept_wants_json(text);
		break;
	default:
		break;
	}
	return 0;
}
