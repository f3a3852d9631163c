/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http: sockets, limits, the lanes and the reply cache; the only room that includes the HTTP library (libmicrohttpd). HTTP/1.1 (RFC 9112) and 1.0;
 * TLS and HTTP/2 end at a proxy in front. It refuses what could be read in two ways (see guard.c), counts requests and connections per address
 * (IPv6 per /64), cuts slow heads, and hands every other request to config.handle on the epoll thread that read it. One arena, one cx and
 * whatever config.worker_open opens (a database connection) belong to each thread.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdatomic.h>

#include "base/base.h"

/* ---- a request, as handed to the handler; every view is valid until it returns ---- */
struct request {
	struct str method; /* "GET", "HEAD", "POST", …: a valid token */
	struct str target; /* as sent, not decoded; begins with / unless refuse is set */
	struct str host, accept, cookie, content_type, origin,
	    fetch_site;	    /* absent when not sent */
	struct str body;    /* whole; absent when there is none */
	struct str address; /* client, after trusted proxies */
	int refuse; /* not 0: the status with which this must be refused; the handler only words it */
	const char *why; /* then: what was wrong, for the client, in Chinese (a msgid) */
	int retry_after; /* seconds, for 429 */
};

/* ---- an answer: one immutable block outside the arena, counted, shared by reply cache and connections ---- */
struct header {
	const char *name;
	struct str value;
};

#define ANSWER_HEADERS_MAX 24

struct answer {
	int status;
	struct str body;
	const struct header *headers;
	size_t headers_n;
	struct str etag; /* absent when there is none: conditional requests are answered here */
	bool
	    compress; /* worth sending as gzip, on its second use; the etag is then weak, as it stands for both forms */
	/* private */
	atomic_uint refs, uses;
	atomic_bool tried; /* to compress */
	_Atomic(struct answer *) gzip;
	_Atomic(void *) prepared; /* the library's own form */
};

/*
 * Copies status, headers and body into a new block with one reference. Header names are literals; Date, Content-Length and Connection are the
 * library's. compress adds "Accept-Encoding" to Vary. Never fails.
 */
struct answer *answer_new(
    int status, const struct header *headers, size_t headers_n, struct str body, bool compress);
struct answer *answer_hold(struct answer *a);
void answer_release(struct answer *a);				    /* NULL is fine */
struct str answer_header(const struct answer *a, const char *name); /* absent when there is none */
/*
 * The form to send to a client that takes gzip: a itself, or from the second use on its gzip form (made once, by libdeflate). No new reference:
 * it lives as long as a.
 */
struct answer *answer_encoded(struct answer *a, bool gzip);

/* ---- the reply cache ---- */
enum cache_scope {
	CACHE_NEVER,
	CACHE_LIST,	 /* no scope: at most 1 s old */
	CACHE_NOTICE,	 /* until a notice or its project changes */
	CACHE_DOMAIN,	 /* until the catalogue changes */
	CACHE_DAY,	 /* until the day (at +08:00) ends */
	CACHE_IMMUTABLE, /* full tiles, static files by content */
};

/*
 * A scope's version changes whenever anything that its replies show may have changed. It is read *before* the database and compared at insertion,
 * so a reply computed beside a change is never kept. CACHE_NOTICE must cover the followers too: published size and cursors together.
 */
typedef int64_t (*cache_version_fn)(const struct app *app, enum cache_scope scope);

/* Internally locked; holds at most `bytes`, least recently used goes first. now_us: monotonic clock of the 1 s. */
struct reply_cache *reply_cache_open(
    size_t bytes, const struct app *app, cache_version_fn version, int64_t (*now_us)(void));
void reply_cache_close(struct reply_cache *c);
int64_t reply_cache_version(const struct reply_cache *c, enum cache_scope scope);
/* The answer with a reference for the caller, NULL when there is none that is still true. */
struct answer *reply_cache_find(struct reply_cache *c, struct str key);
/* Keeps the answer (own reference) unless scope is CACHE_NEVER or its version is no longer `version`. */
void reply_cache_put(struct reply_cache *c, struct str key, enum cache_scope scope, int64_t version,
    struct answer *a);
size_t reply_cache_bytes(struct reply_cache *c);

/* ---- the server ---- */
/* What the router knows of a target before it is handled. */
struct http_plan {
	size_t body_max; /* bytes that the body may have; 0 = none */
	unsigned cost;	 /* tokens of the address's budget */
};

struct http_config {
	const struct str *listen; /* "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one */
	size_t listen_n;
	unsigned threads; /* epoll threads per address of listen; 0 = one per core */
	const struct app *app;
	/* Fills cx->db and the like once per thread, in that thread; a false is answered with 503 and tried again. May be NULL. close: in that thread too. */
	bool (*worker_open)(struct cx *cx, void **state_out);
	void (*worker_close)(struct cx *cx, void *state);
	/* Always gives an answer. cx is fresh: mem, app, db, now. */
	void (*handle)(struct cx *cx, const struct request *rq, struct answer **out);
	struct http_plan (*plan)(const struct app *app, struct str method, struct str target);
	/* Addresses whose X-Forwarded-For is believed, and that no limit binds. */
	const struct str *proxies;
	size_t proxies_n;
	unsigned rate, burst; /* tokens a second and at most, per address; rate 0 = no limit */
	unsigned connections_per_address; /* 0 = no limit */
	unsigned connections;		  /* in all; 0 = 4096 */
	unsigned
	    head_ms; /* a head must be whole so long after connecting or the last answer; 0 = 10,000 */
	unsigned body_ms; /* and the body after the head; 0 = 60,000 */
	unsigned idle_s;  /* nothing moved; 0 = 30 */
	size_t arena_max; /* bytes of a request's arena; 0 = 256 MiB */
	bool access_log;  /* one line of trace per request: never query strings */
};

struct http_server;
MUST_CHECK bool http_start(
    struct cx *cx, const struct http_config *config, struct http_server **out);
/* Port of the i-th address of listen. */
uint16_t http_port(const struct http_server *s, size_t i);
/* Accepts no more connections, lets requests in flight finish (at most wait_ms), then stops and closes all. */
void http_stop(struct http_server *s, unsigned wait_ms);

#endif
