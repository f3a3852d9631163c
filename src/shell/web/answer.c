/* SPDX-License-Identifier: Apache-2.0 */
/* What a handler gave → status, headers and bytes: page, JSON twin, raw body, redirect, error page. */
#include "codec/json.h"
#include "crypto/crypto.h"
#include "web/web_priv.h"

#define COMPRESS_MIN 512

struct headers {
	struct header at[ANSWER_HEADERS_MAX];
	size_t n;
};

static void add(struct headers *h, const char *name, struct str value)
{
	BUG_ON(h->n == ANSWER_HEADERS_MAX);
	h->at[h->n++] = (struct header){name, value};
}

static void add_security(struct headers *h)
{
	add(h, "Content-Security-Policy",
	    STR("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
		"base-uri 'none'; frame-ancestors 'none'"));
	add(h, "X-Content-Type-Options", STR("nosniff"));
	/* Not no-referrer: browsers would then send "Origin: null" with our own forms. */
	add(h, "Referrer-Policy", STR("same-origin"));
	add(h, "Cross-Origin-Opener-Policy", STR("same-origin"));
}

static bool is_compressible(const char *type)
{
	static const char *const begins[] = {"text/", "application/json", "application/x-ndjson",
	    "image/svg+xml", "application/xml"};

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (strncmp(type, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Weak when the body may also go out compressed: one tag for both forms (RFC 9110 8.8.1). */
static struct str etag_of(struct cx *cx, const struct reply *reply, struct str body, bool compress)
{
	struct hash h;
	struct str quoted = reply->etag;

	if (quoted.n == 0) {
		h = crypto_sha256(body);
		quoted = str_fmt(cx->mem, "\"%.*s\"", 24, hash_hex(cx->mem, &h).p);
	}
	return compress && !str_starts(quoted, STR("W/"))
		   ? str_fmt(cx->mem, "W/%.*s", STR_ARG(quoted))
		   : quoted;
}

/* RFC 6266: a plain name for the old, the exact one in UTF-8 for the rest. */
static struct str disposition(struct cx *cx, struct str name)
{
	struct buf b = buf_new(cx->mem, 64 + 4 * name.n);

	buf_c(&b, "attachment; filename=\"");
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool plain = c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '%';

		if (plain)
			buf_char(&b, c);
		else if ((unsigned char)c < 0x80)
			buf_char(&b, '_');
	}
	buf_c(&b, "\"; filename*=UTF-8''");
	buf_url(&b, name);
	return buf_str(&b);
}

static struct str caching(const struct page_request *pr, const struct reply *reply, int status)
{
	if (status >= 400 || reply->set_cookie.n || pr->route == NULL || pr->route->method == POST)
		return STR("no-store");
	if (reply->vary)
		return STR("private, no-cache");
	return reply->immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache");
}

static struct answer *redirect(
    struct cx *cx, const struct page_request *pr, const struct reply *reply)
{
	struct headers h = {.n = 0};
	bool english =
	    pr->target->english && !reply->location_exact && address_has_language(reply->location);

	add(&h, "Location",
	    english ? str_fmt(cx->mem, "/en%.*s", STR_ARG(reply->location)) : reply->location);
	add(&h, "Cache-Control", STR("no-store"));
	if (reply->set_cookie.n)
		add(&h, "Set-Cookie", reply->set_cookie);
	add_security(&h);
	return answer_new(reply->status ? reply->status : 303, h.at, h.n, STR(""), false);
}

/* The two forms of a page. */
static bool print_page(struct cx *cx, const struct page_request *pr, const struct reply *reply,
    struct str *body, const char **type)
{
	const char *name = pr->route ? pr->route->page : "web/error";
	struct buf b = buf_new(cx->mem, PAGE_MAX);

	if (pr->form == FORM_JSON) {
		json_print(&b, reply->page);
		buf_char(&b, '\n');
		*type = "application/json; charset=utf-8";
	} else {
		if (!template_render(cx, cx->app->templates, str_of(name), reply->page,
			site_tree(cx, pr->target, pr->route, pr->in, reply), &b))
			return false;
		*type = "text/html; charset=utf-8";
	}
	*body = buf_str(&b);
	return !b.failed || cx_fail(cx, ERR_LIMIT, "the page is larger than %zu bytes", PAGE_MAX);
}

bool answer_make(
    struct cx *cx, const struct page_request *pr, const struct reply *reply, struct answer **out)
{
	int status = reply->status ? reply->status : 200;
	struct str body = reply->body;
	const char *type = reply->type;
	struct headers h = {.n = 0};
	bool compress;

	if (reply->location.p) {
		*out = redirect(cx, pr, reply);
		return true;
	}
	if (reply->page && !print_page(cx, pr, reply, &body, &type))
		return false;
	if (type == NULL)
		return cx_fail(cx, ERR_IO, "%s gave neither a page nor a body with a type",
		    pr->route ? pr->route->path : "an error page");
	compress = body.n >= COMPRESS_MIN && is_compressible(type);
	add(&h, "Content-Type", str_of(type));
	add(&h, "Cache-Control", caching(pr, reply, status));
	if (status == 200 && !(pr->route && pr->route->method == POST))
		add(&h, "ETag", etag_of(cx, reply, body, compress));
	if (reply->vary)
		add(&h, "Vary", str_of(reply->vary));
	else if (reply->page && !pr->target->json)
		add(&h, "Vary", STR("Accept"));
	if (reply->page)
		add(&h, "Content-Language", pr->target->english ? STR("en") : STR("zh-CN"));
	if (reply->file_name.n)
		add(&h, "Content-Disposition", disposition(cx, reply->file_name));
	if (reply->set_cookie.n)
		add(&h, "Set-Cookie", reply->set_cookie);
	add_security(&h);
	*out = answer_new(status, h.at, h.n, body, compress);
	return true;
}

/* ---- failures ---- */
static struct val *issue_list(struct cx *cx, const struct issues *issues)
{
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; issues && i < issues->n; i++) {
		const struct issue *is = &issues->at[i];
		struct val *one = val_add(cx->mem, list, val_map(cx->mem));

		(void)val_set_text(cx->mem, one, "field", is->field);
		(void)val_set_text(cx->mem, one, "rule", is->rule);
		(void)val_set_text(
		    cx->mem, one, "message", web_word(cx, str_c(cx->mem, is->message)));
	}
	return list;
}

static struct val *failure_page(struct cx *cx, const struct failure *f)
{
	struct arena *mem = cx->mem;
	struct val *page = val_map(mem);

	(void)val_set_text(mem, page, "title", f->title);
	(void)val_set_text(mem, page, "message", f->message.p ? f->message : STR(""));
	(void)val_set_text(mem, page, "code", str_of(f->code));
	(void)val_set_int(mem, page, "status", f->status);
	(void)val_set(mem, page, "issues", issue_list(cx, f->issues));
	(void)val_set_bool(mem, page, "not_found", f->status == 404);
	(void)val_set_bool(mem, page, "failed", f->status >= 500);
	(void)val_set(mem, page, "retry_after",
	    f->retry_after ? val_int(mem, f->retry_after) : val_null(mem));
	(void)val_set(
	    mem, page, "reference", f->reference.n ? val_text(mem, f->reference) : val_null(mem));
	return page;
}

/* When even the error page fails: plain text, from nothing but the failure itself. */
static struct answer *last_resort(struct cx *cx, const struct failure *f, struct headers *h)
{
	struct str body =
	    str_fmt(cx->mem, "%d %.*s %.*s\n", f->status, STR_ARG(f->title), STR_ARG(f->reference));

	add(h, "Content-Type", STR("text/plain; charset=utf-8"));
	return answer_new(f->status, h->at, h->n, body, false);
}

struct answer *answer_failure(struct cx *cx, const struct page_request *pr, const struct failure *f)
{
	struct reply reply = {.status = f->status, .page = failure_page(cx, f), .title = f->title};
	struct page_request error = *pr;
	struct headers h = {.n = 0};
	const char *type;
	struct str body;

	error.route = NULL;
	add(&h, "Cache-Control", STR("no-store"));
	add_security(&h);
	if (f->allow.n)
		add(&h, "Allow", f->allow);
	if (f->retry_after)
		add(&h, "Retry-After", str_fmt(cx->mem, "%d", f->retry_after));
	if (!print_page(cx, &error, &reply, &body, &type)) {
		cx_clear(cx);
		return last_resort(cx, f, &h);
	}
	add(&h, "Content-Type", str_of(type));
	if (!pr->target->json)
		add(&h, "Vary", STR("Accept"));
	return answer_new(f->status, h.at, h.n, body, body.n >= COMPRESS_MIN);
}
