/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web: routes, rights, parameters, language, templates; one value tree becomes a page or its JSON twin. Handlers are: input → rules → value tree.
 * Everything before the handler (method, parameters, limits, language) and after it (page or JSON, headers, cache) is done here.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "codec/val.h"

enum method { GET, POST };

/* Who may use a route. Every route has one or start-up refuses. */
enum right {
	RIGHT_NONE, /* not set: a mistake */
	RIGHT_PUBLIC,
};

enum cache_scope {
	CACHE_NEVER,
	CACHE_LIST,   /* no scope: at most 1 s old */
	CACHE_NOTICE, /* until a notice or its project changes: version of the scope is the published size */
	CACHE_DOMAIN, /* until the catalogue changes */
	CACHE_DAY,
	CACHE_IMMUTABLE, /* full tiles, static files by content */
};

/* A parameter that a route accepts; the others never reach the handler (unknown ones are refused with 400). */
struct param {
	const char *name;
	enum { PARAM_TEXT, PARAM_INT, PARAM_DATE, PARAM_ID, PARAM_FILE } type;
	size_t max; /* bytes; 0 = 200 */
	const char *doc;
};

struct input {
	struct map values;   /* name → struct str*: path parts and allowed parameters, UTF-8 checked */
	struct str path;     /* without language prefix and suffix: /n/360800-works-2026-000001 */
	struct str suffix;   /* rest of a "…*" route */
	struct str body;     /* POST body part of a file parameter, or absent */
	struct str file_name;
};
struct str input_text(const struct input *in, const char *name);  /* absent when not given or empty */
int64_t input_int(const struct input *in, const char *name, int64_t otherwise);

struct reply {
	int status;           /* 200 unless set */
	struct val *page;     /* filled by handlers of pages */
	struct str body;      /* filled by raw handlers instead of page, with type */
	const char *type;     /* content type of body */
	struct str location;  /* redirect */
	struct str file_name; /* Content-Disposition: attachment */
	struct str set_cookie;
	struct str title, description; /* for <title> and tags */
	struct val *tags;     /* page tags of this page: ColumnName, ArticleTitle, PubDate … */
	struct str canonical; /* path without language prefix */
	const char *column;   /* key of the navigation entry that is current */
	bool immutable;
};

typedef bool (*route_fn)(struct cx *cx, const struct input *in, struct reply *out);

struct route {
	enum method method;
	const char *path;     /* "/n/:id", "/log/1/*" */
	enum right right;
	const struct param *in; /* ended by name NULL; path parts too */
	const char *page;     /* template under ui/pages, NULL = raw reply only */
	route_fn run;
	enum cache_scope cache;
	unsigned cost;        /* tokens of the address's budget: 1 cheap, 10 a search */
	size_t body_max;      /* POST */
	const char *doc;      /* one sentence for help, OpenAPI and the tests */
};

struct routes;
/* Checks every row (rights, template exists, parameters named in the path) and builds the dispatcher. tables: ended by NULL. */
MUST_CHECK bool web_routes_build(struct cx *cx, const struct route *const *tables, const struct templates *templates, struct routes **out);

/* One request as the HTTP layer hands it over; all views are valid until web_handle returns. */
struct request {
	struct str method, target, accept, cookie, content_type, body, if_none_match, origin, host;
	struct str address; /* client, after trusted proxies */
	bool head_only;
};
struct header {
	const char *name;
	struct str value;
};
struct response {
	int status;
	struct str body;
	struct header headers[24];
	size_t headers_n;
	bool cached; /* body and headers may be kept by the reply cache under cache_key */
	struct str cache_key;
	int64_t scope_version;
	enum cache_scope scope;
};
/* Always gives a response (an error page when the handler failed); never fails. */
void web_handle(struct cx *cx, const struct request *rq, struct response *out);

/* ---- templates ---- */
struct templates;
MUST_CHECK bool templates_load(struct cx *cx, const struct map *files /* "pages/notice/notice.html" → struct str* */, struct templates **out);
MUST_CHECK bool template_render(struct cx *cx, const struct templates *t, struct str name, const struct val *page, const struct val *site, struct buf *out);
/* Tags never rendered since load, as "file:line name"; for the test that demands none. */
void templates_unused(struct arena *mem, const struct templates *t, struct val *list);

/* The interface word in the language of cx. */
struct str web_word(struct cx *cx, const char *zh);
#define T(cx, zh) web_word((cx), (zh))

/* Shorthand for links that are language independent paths. */
struct val *web_link(struct cx *cx, const char *prefix, struct str id, struct str label);

#endif
