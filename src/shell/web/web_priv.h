/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of web share: dispatcher, parsed request, negotiated form of the answer. */
#ifndef WEB_WEB_PRIV_H
#define WEB_WEB_PRIV_H

#include "web/web.h"

#define SEGMENTS_MAX   16
#define PARAMETERS_MAX 32
#define QUERY_MAX      4096
#define PAGE_MAX       ((size_t)16 << 20)
#define STATIC_DIGITS  12 /* of the digest in the address of a static file */

/* ---- router ---- */
struct fork; /* a node of the segment tree */
struct routes {
	struct web_config config;
	struct fork *root;
	const struct route **at; /* all, in table order */
	size_t n;
	int64_t static_files;
};

struct match {
	const struct route *routes[2];	/* by method; NULL = not accepted there */
	struct str parts[SEGMENTS_MAX]; /* raw values of the :parts, in order */
	size_t parts_n;
	struct str rest; /* of "…*", raw */
};
/* False when no route has this path. */
bool router_match(const struct routes *r, struct str path, struct match *out);

/* ---- what a target says ---- */
enum form { FORM_HTML, FORM_JSON };
struct target {
	struct str path;  /* without /en and .json, raw */
	struct str query; /* raw, absent when there is no ? */
	bool english;
	bool json; /* by suffix */
	struct match match;
	bool known;
};
void target_parse(const struct routes *r, struct str target, struct target *out);
/* Does the client prefer JSON to a page? (RFC 9110 12.5.1; absent and equal mean a page) */
bool accept_wants_json(struct str accept);

/* ---- parameters ---- */
/* Percent-decoded into mem; + is a space when plus. False: not valid, or not UTF-8, or a NUL. */
bool url_decode(struct arena *mem, struct str s, bool plus, struct str *out);
bool has_control(struct str s); /* C0 but TAB, LF, CR; DEL */
/* Path parts and query or form into in; wrong ones into issues. False when a path part cannot be such a thing: not found. */
bool input_path(
    struct arena *mem, const struct route *route, const struct match *m, struct input *in);
void input_query(struct arena *mem, const struct route *route, struct str query, struct input *in,
    struct issues *issues);
void input_form(struct arena *mem, const struct route *route, const struct request *rq,
    struct input *in, struct issues *issues);
/* The accepted parameters, for the page that refuses others. */
struct str input_accepted(struct arena *mem, const struct route *route);
struct str cookie_value(struct str cookies, const char *name);

/* ---- multipart/form-data (RFC 7578) ---- */
struct form_part {
	struct str name, file_name, body;
	bool is_file;
};
struct form_parts {
	struct form_part *at;
	size_t n, cap;
};
/* NULL, or what is wrong with the body. */
const char *multipart_parse(
    struct arena *mem, struct str content_type, struct str body, struct form_parts *out);

/* ---- addresses ---- */
/* May this stand in href, src, action: own path, https, http, mailto, tel, fragment, query? */
bool address_is_safe(struct str address);
/* Does this own path get the language prefix? */
bool address_has_language(struct str path);

/* ---- chrome ---- */
/* The value `site` of a page. */
struct val *site_tree(struct cx *cx, const struct target *t, const struct route *route,
    const struct input *in, const struct reply *reply);

/* ---- from reply to answer ---- */
struct page_request {
	const struct request *rq;
	const struct target *target;
	const struct route *route; /* NULL for errors */
	const struct input *in;
	enum form form;
};
MUST_CHECK bool answer_make(
    struct cx *cx, const struct page_request *pr, const struct reply *reply, struct answer **out);
/* An error page (or its JSON): never fails. issues may be NULL. */
struct failure {
	int status;
	const char *code; /* stable name */
	struct str title, message;
	const struct issues *issues;
	struct str allow;     /* for 405 */
	struct str reference; /* of an incident */
	int retry_after;
};
struct answer *answer_failure(
    struct cx *cx, const struct page_request *pr, const struct failure *f);

extern const struct route web_routes[];

#endif
