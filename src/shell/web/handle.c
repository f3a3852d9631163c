/* SPDX-License-Identifier: Apache-2.0 */
/* One request: target → route → input → cache or handler → answer. Whatever goes wrong becomes an error page. */
#include <stdio.h>

#include "base/trace.h"
#include "crypto/crypto.h"
#include "web/web_priv.h"

static struct answer *keep(
    struct cx *cx, struct str key, const struct page_request *pr, const struct failure *f)
{
	struct reply_cache *cache = cx->app->cache;
	struct answer *a;
	int64_t version;

	if (cache == NULL)
		return answer_failure(cx, pr, f);
	a = reply_cache_find(cache, key);
	if (a)
		return a;
	version = reply_cache_version(cache, CACHE_LIST);
	a = answer_failure(cx, pr, f);
	reply_cache_put(cache, key, CACHE_LIST, version, a);
	return a;
}

/* A refusal that is the same for everybody (404, 429 …) is made once a second at most: refusing must stay cheaper than asking. */
static struct answer *refuse(
    struct cx *cx, const struct page_request *pr, enum err_code code, struct failure f)
{
	const struct err_kind *kind = err_kind(code);
	struct str key;

	f.status = f.status ? f.status : kind->http_status;
	f.code = kind->name;
	f.title = web_word(cx, kind->sentence);
	if (f.issues)
		return answer_failure(cx, pr, &f);
	key = str_fmt(cx->mem, "!%d %s %d%d %.*s %.*s", f.status, cx->lang, pr->form,
	    pr->target->json, STR_ARG(f.allow), STR_ARG(f.message));
	return keep(cx, key, pr, &f);
}

/* A failure of ours: logged once, here, under a number that the page shows. */
static struct answer *incident(struct cx *cx, const struct page_request *pr)
{
	const struct err_kind *kind = err_kind(cx->err.code);
	unsigned char random[5];
	struct failure f = {
	    .status = kind->http_status, .code = kind->name, .title = web_word(cx, kind->sentence)};
	char where[256];

	crypto_random(random, sizeof random);
	f.reference = str_hex(cx->mem, random, sizeof random);
	(void)snprintf(where, sizeof where, "%s:%d", cx->err.file, cx->err.line);
	trace(TRACE_ERROR, "request-failed", "reference", f.reference.p, "code", kind->name,
	    "error", cx_error(cx).p, "at", where, "route", pr->route ? pr->route->path : "", NULL);
	cx_clear(cx);
	return answer_failure(cx, pr, &f);
}

static struct answer *failed(struct cx *cx, const struct page_request *pr)
{
	enum err_code code = cx->err.code;

	BUG_ON(code == ERR_NONE); /* false without cx_fail */
	if (err_kind(code)->http_status >= 500)
		return incident(cx, pr);
	cx_clear(cx);
	return refuse(cx, pr, code, (struct failure){0});
}

/* ---- before the handler ---- */
static bool is_method(struct str method, const struct match *m, const struct route **out)
{
	if (str_is(method, "GET") || str_is(method, "HEAD"))
		*out = m->routes[GET];
	else if (str_is(method, "POST"))
		*out = m->routes[POST];
	else
		*out = NULL;
	return *out != NULL;
}

static struct str allowed(const struct match *m)
{
	if (m->routes[GET] && m->routes[POST])
		return STR("GET, HEAD, POST");
	return m->routes[GET] ? STR("GET, HEAD") : STR("POST");
}

/* Host part of https://host:port */
static struct str origin_host(struct str origin)
{
	size_t at;

	return str_find(origin, STR("://"), 0, &at) ? str_cut(origin, at + 3, origin.n) : STR_NONE;
}

/*
 * A POST must come from our own pages. Browsers say so in Sec-Fetch-Site, older ones in Origin; a client that sends neither is no browser and has
 * no cookie of anybody.
 */
static bool same_site(const struct request *rq)
{
	if (rq->fetch_site.p)
		return str_is(rq->fetch_site, "same-origin") || str_is(rq->fetch_site, "none");
	return rq->origin.p == NULL || (rq->host.n && str_eq(origin_host(rq->origin), rq->host));
}

/* The path in one spelling, for cache keys and canonical addresses. */
static struct str spelled(struct cx *cx, const struct route *route, const struct input *in)
{
	struct buf b = buf_new(cx->mem, 65536);
	struct str rest = str_cut(str_of(route->path), 1, SIZE_MAX), segment;

	if (rest.n == 0)
		return STR("/");
	while (str_split(&rest, '/', &segment)) {
		const struct str *part = segment.n && segment.p[0] == ':'
					     ? map_get(&in->values, str_cut(segment, 1, segment.n))
					     : NULL;

		buf_char(&b, '/');
		if (part)
			buf_url(&b, *part);
		else if (str_is(segment, "*"))
			buf_url(&b, in->suffix);
		else
			buf_add(&b, segment);
	}
	return buf_str(&b);
}

static struct answer *input_read(struct cx *cx, const struct page_request *pr, struct input *in)
{
	struct issues issues = {0};
	struct failure f = {.issues = &issues};
	struct str accepted;

	if (!input_path(cx->mem, pr->route, &pr->target->match, in))
		return refuse(cx, pr, ERR_NOT_FOUND, (struct failure){0});
	in->path = spelled(cx, pr->route, in);
	in->cookie = pr->rq->cookie;
	input_query(cx->mem, pr->route, pr->route->method == GET ? pr->target->query : STR_NONE, in,
	    &issues);
	if (pr->route->method == POST) {
		if (pr->target->query.n)
			issue_add(cx->mem, &issues,
			    (struct issue){.rule = STR("parameter-unknown"),
				.message = str_of(T_("地址里不能带参数"))});
		input_form(cx->mem, pr->route, pr->rq, in, &issues);
	}
	if (issues.n == 0)
		return NULL;
	accepted = input_accepted(cx->mem, pr->route);
	f.message = accepted.n ? str_fmt(cx->mem, "%.*s%.*s",
				     STR_ARG(T(cx, "这个地址接受的参数：")), STR_ARG(accepted))
			       : T(cx, "这个地址不接受参数。");
	return refuse(cx, pr, ERR_INPUT, f);
}

/* ---- the handler and the cache ---- */
static struct answer *run(struct cx *cx, const struct page_request *pr)
{
	struct reply reply = {0};
	struct answer *a = NULL;

	if (pr->route->page)
		reply.page = val_map(cx->mem);
	if (!pr->route->run(cx, pr->in, &reply) || !answer_make(cx, pr, &reply, &a))
		return failed(cx, pr);
	BUG_ON(cx->err.code != ERR_NONE); /* cx_fail, and yet true */
	return a;
}

static struct answer *cached(struct cx *cx, const struct page_request *pr)
{
	struct reply_cache *cache = cx->app->cache;
	enum cache_scope scope = pr->route->cache;
	struct answer *a;
	struct str key;
	int64_t version;

	if (cache == NULL || scope == CACHE_NEVER)
		return run(cx, pr);
	key = str_fmt(cx->mem, "%s%d%d %.*s?%.*s", cx->lang, pr->route->page ? (int)pr->form : 2,
	    pr->target->json, STR_ARG(pr->in->path), STR_ARG(pr->in->query));
	a = reply_cache_find(cache, key);
	if (a)
		return a;
	version = reply_cache_version(cache, scope); /* before the database is read */
	a = run(cx, pr);
	if (a->status == 200 && answer_header(a, "Set-Cookie").p == NULL)
		reply_cache_put(cache, key, scope, version, a);
	return a;
}

static enum form form_of(const struct request *rq, const struct target *t)
{
	return t->json || (rq->accept.n && accept_wants_json(rq->accept)) ? FORM_JSON : FORM_HTML;
}

void web_handle(struct cx *cx, const struct request *rq, struct answer **out)
{
	struct target t;
	struct input in = {0};
	struct page_request pr = {.rq = rq, .target = &t};

	target_parse(
	    cx->app->routes, rq->target.n && rq->target.p[0] == '/' ? rq->target : STR("/"), &t);
	cx->lang = t.english ? "en" : "zh";
	pr.form = form_of(rq, &t);
	if (rq->refuse) {
		enum err_code code = rq->refuse == 429	 ? ERR_RATE
				     : rq->refuse == 413 ? ERR_LIMIT
				     : rq->refuse >= 500 ? ERR_BUSY
							 : ERR_INPUT;

		*out = refuse(cx, &pr, code,
		    (struct failure){.status = rq->refuse,
			.message = rq->why ? web_word(cx, rq->why) : STR_NONE,
			.retry_after = rq->retry_after});
	} else if (!t.known) {
		*out = refuse(cx, &pr, ERR_NOT_FOUND, (struct failure){0});
	} else if (!is_method(rq->method, &t.match, &pr.route)) {
		*out = refuse(cx, &pr, ERR_METHOD, (struct failure){.allow = allowed(&t.match)});
	} else if (pr.route->method == POST && !same_site(rq)) {
		*out = refuse(cx, &pr, ERR_FORBIDDEN,
		    (struct failure){.message = T(cx, "这个请求不是从本站的页面发出的。")});
	} else {
		*out = input_read(cx, &pr, &in);
		pr.in = &in;
		if (*out == NULL)
			*out = cached(cx, &pr);
	}
}

struct http_plan web_plan(const struct app *app, struct str method, struct str target)
{
	struct http_plan plan = {.body_max = 0, .cost = 1};
	const struct route *route;
	struct target t;

	if (target.n == 0 || target.p[0] != '/')
		return plan;
	target_parse(app->routes, target, &t);
	if (t.known && is_method(method, &t.match, &route)) {
		plan.body_max = route->method == POST ? route->body_max : 0;
		plan.cost = route->cost ? route->cost : 1;
	}
	return plan;
}
