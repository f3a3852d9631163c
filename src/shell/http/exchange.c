/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request. The library calls three times: after the head, for each piece of body, when all is there. An answer queued in the first call always
 * closes the connection, so only refusals go out there.
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/io.h"
#include "base/trace.h"
#include "http/http_priv.h"

struct worker *worker_get(struct http_server *s)
{
	struct worker *w = pthread_getspecific(s->worker_key);

	if (w)
		return w;
	w = calloc(1, sizeof *w);
	BUG_ON(w == NULL || pthread_setspecific(s->worker_key, w) != 0);
	w->config = &s->config;
	w->own = arena_open(s->config.arena_max);
	w->request = arena_open(s->config.arena_max);
	w->cx = (struct cx){.mem = w->own, .app = s->config.app, .lang = "zh"};
	return w;
}

void worker_done(void *arg)
{
	struct worker *w = arg;

	w->cx.mem = w->own;
	if (w->open && w->config->worker_close)
		w->config->worker_close(&w->cx, w->state);
	arena_close(w->request);
	arena_close(w->own);
	free(w);
}

/* What the app opens for this thread; tried again with the next request when it fails. */
static bool worker_ready(const struct http_config *config, struct worker *w)
{
	if (w->open || config->worker_open == NULL)
		return true;
	w->cx.mem = w->own;
	w->cx.now = io_now();
	if (config->worker_open(&w->cx, &w->state)) {
		w->open = true;
		return true;
	}
	trace(TRACE_ERROR, "worker-failed", "error", cx_error(&w->cx).p, NULL);
	cx_clear(&w->cx);
	return false;
}

struct exchange *exchange_new(struct http_server *s, const char *target, struct peer *peer)
{
	size_t n = strlen(target);
	struct exchange *x = calloc(1, sizeof *x + n + 1);

	BUG_ON(x == NULL);
	x->server = s;
	x->peer = peer;
	x->began_us = io.monotonic_us();
	x->target_n = n;
	memcpy(x->target, target, n + 1);
	(void)atomic_fetch_add(&s->in_flight, 1);
	return x;
}

void exchange_free(struct exchange *x)
{
	(void)atomic_fetch_sub(&x->server->in_flight, 1);
	answer_release(x->answer);
	free(x->body);
	free(x);
}

/* ---- who asks ---- */
static bool is_proxy(const struct http_server *s, const struct address *a)
{
	for (size_t i = 0; i < s->config.proxies_n; i++)
		if (memcmp(&s->proxies[i], a, sizeof *a) == 0)
			return true;
	return false;
}

/* X-Forwarded-For from the right: the first address that is no proxy of ours. Anything further left is hearsay. */
static struct address client_of(const struct exchange *x, const struct head *h)
{
	struct str rest = h->forwarded;
	struct address a = x->peer->address, next;

	while (rest.n && is_proxy(x->server, &a)) {
		size_t at = rest.n;

		while (at && rest.p[at - 1] != ',')
			at--;
		if (!address_parse(str_trim(str_cut(rest, at, rest.n)), &next))
			break;
		a = next;
		rest.n = at ? at - 1 : 0;
	}
	return a;
}

/* ---- answering ---- */
static bool gzip_accepted(struct str accept)
{
	struct str one, name;

	while (str_split(&accept, ',', &one)) {
		struct str q = one;

		(void)str_split(&q, ';', &name);
		name = str_trim(name);
		if (name.n == 4 && strncasecmp(name.p, "gzip", 4) == 0)
			return q.p == NULL || (!str_is(str_trim(q), "q=0") &&
						  !str_starts(str_trim(q), STR("q=0.0")));
	}
	return false;
}

static struct str strong(struct str etag)
{
	return str_starts(etag, STR("W/")) ? str_cut(etag, 2, etag.n) : etag;
}

/* RFC 9110 13.1.2: weak comparison. */
static bool not_modified(const struct answer *a, struct str if_none_match)
{
	struct str one;

	if (a->status != 200 || a->etag.n == 0)
		return false;
	while (str_split(&if_none_match, ',', &one)) {
		one = str_trim(one);
		if (str_is(one, "*") || str_eq(strong(one), strong(a->etag)))
			return true;
	}
	return false;
}

static void *prepare(const struct answer *a)
{
	union {
		const char *in;
		void *out; /* the library only reads it */
	} bytes = {.in = a->body.p};
	struct MHD_Response *r =
	    MHD_create_response_from_buffer(a->body.n, bytes.out, MHD_RESPMEM_PERSISTENT);

	BUG_ON(r == NULL);
	for (size_t i = 0; i < a->headers_n; i++)
		if (MHD_add_response_header(r, a->headers[i].name, a->headers[i].value.p) !=
		    MHD_YES)
			trace(TRACE_ERROR, "header-refused", "name", a->headers[i].name, NULL);
	return r;
}

void prepared_free(void *prepared)
{
	if (prepared)
		MHD_destroy_response(prepared);
}

static struct MHD_Response *prepared(struct answer *a)
{
	void *r = atomic_load_explicit(&a->prepared, memory_order_acquire), *none = NULL;

	if (r)
		return r;
	r = prepare(a);
	if (atomic_compare_exchange_strong(&a->prepared, &none, r))
		return r;
	prepared_free(r);
	return none;
}

static bool send_answer(
    struct exchange *x, struct MHD_Connection *c, const struct head *h, struct answer *a)
{
	struct answer *form = answer_encoded(a, gzip_accepted(h->accept_encoding));
	/* With 304 the library leaves the body away itself; an empty one would send Content-Length: 0. */
	unsigned status = not_modified(a, h->if_none_match) ? 304u : (unsigned)a->status;

	x->answer = a;
	x->status = (int)status;
	peers_wait(x->server->peers, x->peer, WAIT_NONE);
	return MHD_queue_response(c, status, prepared(form)) == MHD_YES;
}

static bool handle(struct exchange *x, struct MHD_Connection *c, struct head *h, struct request *rq)
{
	struct worker *w = worker_get(x->server);
	struct answer *a = NULL;
	struct address client = client_of(x, h);

	if (!worker_ready(&x->server->config, w) && rq->refuse == 0)
		rq->refuse = 503;
	w->cx.mem = w->request;
	w->cx.err = (struct err){.code = ERR_NONE};
	w->cx.now = io_now();
	w->cx.lang = "zh";
	w->cx.who = NULL;
	rq->address = address_print(w->request, &client);
	x->server->config.handle(&w->cx, rq, &a);
	x->client = client;
	arena_reset(w->request);
	return send_answer(x, c, h, a);
}

static struct request request_of(const struct exchange *x, const char *method)
{
	return (struct request){.method = str_of(method),
	    .target = {x->target, x->target_n},
	    .body = {x->body, x->body_n}};
}

static bool refuse(struct exchange *x, struct MHD_Connection *c, struct head *h, struct request *rq,
    struct verdict v)
{
	rq->refuse = v.status;
	rq->why = v.why;
	return handle(x, c, h, rq);
}

bool exchange_head(
    struct exchange *x, struct MHD_Connection *c, const char *method, const char *version)
{
	struct http_server *s = x->server;
	struct request rq = request_of(x, method);
	struct head h;
	struct verdict v;
	struct address client;

	x->started = true;
	(void)snprintf(x->method, sizeof x->method, "%s", method);
	head_read(c, &h, &rq);
	x->plan = s->config.plan(s->config.app, rq.method, rq.target);
	v = guard(&h, rq.method, rq.target, str_of(version), x->plan.body_max);
	if (v.status == 0 && x->peer->over)
		v = (struct verdict){429, T_("同时打开的连接太多")};
	if (v.status)
		return refuse(x, c, &h, &rq, v);
	client = client_of(x, &h);
	if (!is_proxy(s, &client) &&
	    !budgets_take(
		s->budgets, address_client(client), x->plan.cost, x->began_us, &x->wait) &&
	    h.length) {
		rq.retry_after = x->wait;
		return refuse(x, c, &h, &rq, (struct verdict){429, NULL});
	}
	if (h.length) {
		x->body_cap = (size_t)h.length;
		x->body = malloc(x->body_cap + 1);
		BUG_ON(x->body == NULL);
	}
	peers_wait(s->peers, x->peer, h.length ? WAIT_BODY : WAIT_NONE);
	return true;
}

bool exchange_body(struct exchange *x, const char *bytes, size_t n)
{
	if (n > x->body_cap - x->body_n)
		return false;
	memcpy(x->body + x->body_n, bytes, n);
	x->body_n += n;
	return true;
}

bool exchange_answer(struct exchange *x, struct MHD_Connection *c, const char *method)
{
	struct request rq = request_of(x, method);
	struct head h;

	head_read(c, &h, &rq);
	if (x->wait) {
		rq.refuse = 429;
		rq.retry_after = x->wait;
	}
	return handle(x, c, &h, &rq);
}
