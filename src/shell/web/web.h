/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web: routes, rights, parameters, language, templates; one value tree becomes a page or its JSON twin. Handlers are: input → rules → value tree.
 * Everything before the handler (method, parameters, same-origin check, language) and after it (page or JSON, headers, cache) is done here.
 *
 * Addresses: /en/… is the English page of /…; x.json (or Accept: application/json) is the JSON twin of x. Unknown paths, suffixes and ids give one
 * uniform 404. A parameter that the route does not name, or that comes twice, is refused with 400 and the list of those accepted.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/app.h"
#include "codec/val.h"
#include "http/http.h"

enum method { GET, POST };

/* Who may use a route. Every route has one or start-up refuses. */
enum right {
	RIGHT_NONE, /* not set: a mistake */
	RIGHT_PUBLIC,
};

/* A parameter that a route accepts; the others never reach the handler. Absent and empty are the same. */
struct param {
	const char *name;
	enum {
		PARAM_TEXT, /* UTF-8 without control characters */
		PARAM_INT,  /* whole number */
		PARAM_DATE, /* as people write it; the handler gets 2026-03-16 */
		PARAM_ID,   /* letters, digits and . _ @ - */
		PARAM_FILE, /* of a form; the handler gets body and file_name */
	} type;
	size_t max; /* bytes; 0 = 200. A file is bound by the route's body_max */
	const char *doc;
};

struct input {
	struct map values; /* name → struct str *: path parts and parameters */
	struct str path;   /* without language prefix and .json: /n/360800-works-2026-000001 */
	struct str
	    query; /* the accepted parameters in canonical form, without ?; empty when there are none */
	struct str suffix; /* rest of a "…*" route, decoded */
	struct str body;   /* of the file parameter, or absent */
	struct str file_name;
	struct str cookie; /* as sent */
};
struct str input_text(
    const struct input *in, const char *name); /* absent when not given or empty */
int64_t input_int(const struct input *in, const char *name, int64_t otherwise);

struct reply {
	int status;	     /* 200 unless set */
	struct val *page;    /* filled by handlers of pages; also the JSON twin */
	struct str body;     /* filled by raw handlers instead of page, with type */
	const char *type;    /* content type of body */
	struct str location; /* redirect (303 unless status is set); /… gets the language prefix */
	bool location_exact;  /* … but not this one */
	struct str file_name; /* Content-Disposition: attachment */
	struct str set_cookie;
	struct str etag;	       /* quoted; computed from the body when absent */
	const char *vary;	       /* "Cookie" for bodies that depend on it */
	struct str title, description; /* for <title> and tags */
	struct str here;	       /* last crumb; title when absent */
	struct val *crumbs;	       /* list of {link}, between home and here */
	struct val
	    *tags; /* page tags of this page: map ColumnName, ArticleTitle, PubDate … → text */
	struct str
	    canonical; /* path without language prefix; the request's path and query when absent */
	const char *column; /* key of the navigation entry that is current */
	bool immutable;	    /* this address gives these bytes for ever */
};

typedef bool (*route_fn)(struct cx *cx, const struct input *in, struct reply *out);

struct route {
	enum method method;
	enum right right;
	const char *path; /* "/n/:id"; a last segment of * takes the rest */
	/* Ended by name NULL; path parts too (one that is not named is PARAM_ID); NULL = none. */
	const struct param *in;
	const char *page; /* template "notice/notice" under ui/pages, NULL = raw reply only */
	route_fn run;
	enum cache_scope cache;
	unsigned cost;	 /* tokens of the address's budget: 1 cheap (also 0), 10 a search */
	size_t body_max; /* POST */
	const char *doc; /* one sentence for help, OpenAPI and the tests */
};

struct routes;
struct web_config {
	/* Each ended by path NULL; the list ended by NULL. web's own routes are added. */
	const struct route *const *tables;
	const struct templates *templates;
	const struct map *files; /* "static/gongkai.css" → struct str * */
	/* For the footer; NULL: not shown. */
	int64_t (*log_size)(const struct app *app);
};
/* Checks every row (right, template, parameters named in the path, no two alike) and builds the dispatcher in cx->mem. */
MUST_CHECK bool web_routes_build(
    struct cx *cx, const struct web_config *config, struct routes **out);
/* fn for each route, in table order: help, OpenAPI, tests. */
void web_routes_each(
    const struct routes *r, void (*fn)(const struct route *route, void *arg), void *arg);

/* http_config.handle and .plan. app->routes, templates and (may be NULL) cache, english, domain are used. */
void web_handle(struct cx *cx, const struct request *rq, struct answer **out);
struct http_plan web_plan(const struct app *app, struct str method, struct str target);

/* ---- templates: ui/pages/…, ui/parts/…; the language is described in ui/CONTRACT.md ---- */
struct templates;
/*
 * files: "pages/notice/notice.html", "parts/head.html", "static/…" → struct str *, which outlive the templates. Every file is parsed and every tag
 * checked against where it stands in HTML; ERR_INPUT names all mistakes with file and line. Words are translated by cx->app->english here, once.
 */
MUST_CHECK bool templates_load(struct cx *cx, const struct map *files, struct templates **out);
/* Name: "notice/notice". A missing value is a failure that names file, line and what the frame has. Thread-safe. */
MUST_CHECK bool template_render(struct cx *cx, const struct templates *t, struct str name,
    const struct val *page, const struct val *site, struct buf *out);
bool template_exists(const struct templates *t, struct str name);
/* Tags never rendered since load, as texts "pages/x.html:12 {{name}}"; for the test that demands none. */
void templates_unused(struct arena *mem, const struct templates *t, struct val *list);
/* All interface words of the templates (msgids), for the test that demands translations. */
void templates_words(struct arena *mem, const struct templates *t, struct val *list);

/* The interface word in the language of cx. */
struct str web_word(struct cx *cx, const char *zh);
#define T(cx, zh) web_word((cx), (zh))

/* Link leaf of prefix + id (percent-encoded): web_link(cx, "/n/", id, title). Paths are language independent; the template adds /en. */
struct val *web_link(struct cx *cx, const char *prefix, struct str id, struct str label);

#endif
