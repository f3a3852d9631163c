/* SPDX-License-Identifier: Apache-2.0 */
/* Routes that belong to no room: the look (a cookie and the style sheet it selects), files, the health of the process. */
#include "crypto/crypto.h"
#include "ledger/ledger.h"
#include "web/web_priv.h"

#define LOOK_COOKIE "look" /* letters of the themes that are on: l large, h high contrast */

struct look {
	bool large, high;
};

static struct look look_of(struct str cookies)
{
	struct str v = cookie_value(cookies, LOOK_COOKIE);

	return (struct look){v.n && memchr(v.p, 'l', v.n), v.n && memchr(v.p, 'h', v.n)};
}

static bool settings(struct cx *cx, const struct input *in, struct reply *out)
{
	struct look look = look_of(in->cookie);
	struct str size = input_text(in, "size"), contrast = input_text(in, "contrast"),
		   back = input_text(in, "back");

	if (size.n)
		look.large = str_is(size, "l");
	if (contrast.n)
		look.high = str_is(contrast, "h");
	out->set_cookie =
	    str_fmt(cx->mem, LOOK_COOKIE "=%s%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
		look.large ? "l" : "", look.high ? "h" : "");
	/* Only to a place of ours: address_is_safe refuses //host and backslashes, and more than a path is no path. */
	out->location = back.n && back.p[0] == '/' && address_is_safe(back) ? back : STR("/");
	out->location_exact = true;
	return true;
}

static struct str file_text(struct cx *cx, const char *name)
{
	const struct map *files = cx->app->routes->config.files;
	const struct str *text = files ? map_get(files, str_of(name)) : NULL;

	return text ? *text : STR("");
}

static bool theme(struct cx *cx, const struct input *in, struct reply *out)
{
	struct look look = look_of(in->cookie);
	struct str parts[2];
	size_t n = 0;

	if (look.large)
		parts[n++] = file_text(cx, "static/themes/large.css");
	if (look.high)
		parts[n++] = file_text(cx, "static/themes/high.css");
	if (n == 0)
		parts[n++] = file_text(cx, "static/themes/default.css");
	out->body = str_join(cx->mem, parts, n, STR("\n"));
	out->type = "text/css; charset=utf-8";
	out->vary = "Cookie";
	return true;
}

static const char *type_of(struct str name)
{
	static const struct {
		const char *end, *type;
	} types[] = {
	    {".css", "text/css; charset=utf-8"},
	    {".js", "text/javascript; charset=utf-8"},
	    {".svg", "image/svg+xml"},
	    {".png", "image/png"},
	    {".ico", "image/x-icon"},
	    {".txt", "text/plain; charset=utf-8"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_ends(name, str_of(types[i].end)))
			return types[i].type;
	return NULL;
}

static bool static_file(struct cx *cx, const struct input *in, struct reply *out)
{
	const struct map *files = cx->app->routes->config.files;
	const struct str *text =
	    files ? map_get(files, str_fmt(cx->mem, "static/%.*s", STR_ARG(in->suffix))) : NULL;
	struct str version = input_text(in, "v");
	struct hash h;

	out->type = type_of(in->suffix);
	if (text == NULL || out->type == NULL)
		return cx_fail(cx, ERR_NOT_FOUND, "no file static/%.*s", STR_ARG(in->suffix));
	h = crypto_sha256(*text);
	out->body = *text;
	out->immutable = str_eq(version, str_cut(hash_hex(cx->mem, &h), 0, STATIC_DIGITS));
	return true;
}

static bool health(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str reason = cx->app->ledger ? ledger_reason(cx->app->ledger) : STR_NONE;

	(void)in;
	out->type = "text/plain; charset=utf-8";
	out->body = reason.p ? str_fmt(cx->mem, "read-only: %.*s\n", STR_ARG(reason)) : STR("ok\n");
	return true;
}

static const struct param settings_in[] = {
    {"size", PARAM_ID, 1, "l: large type; s: standard"},
    {"contrast", PARAM_ID, 1, "h: high contrast; n: standard"},
    {"back", PARAM_TEXT, 4096, "path to go back to"},
    {NULL, PARAM_TEXT, 0, NULL},
};
static const struct param static_in[] = {
    {"v", PARAM_ID, 64, "digest of the content, as pages write it"},
    {NULL, PARAM_TEXT, 0, NULL},
};

const struct route web_routes[] = {
    {.method = POST,
	.path = "/settings",
	.right = RIGHT_PUBLIC,
	.in = settings_in,
	.run = settings,
	.body_max = 16384,
	.doc = "Turns large type and high contrast on or off, in a cookie."},
    {.method = GET,
	.path = "/theme.css",
	.right = RIGHT_PUBLIC,
	.run = theme,
	.doc = "The style sheet that the cookie selects."},
    {.method = GET,
	.path = "/static/*",
	.right = RIGHT_PUBLIC,
	.in = static_in,
	.run = static_file,
	.cache = CACHE_IMMUTABLE,
	.doc = "Style sheet and pictures; for ever under the address that names their content."},
    {.method = GET,
	.path = "/healthz",
	.right = RIGHT_PUBLIC,
	.run = health,
	.doc = "Whether the process answers; says read-only and why."},
    {.path = NULL},
};
