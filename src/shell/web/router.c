/* SPDX-License-Identifier: Apache-2.0 */
/* Paths → routes: a tree of segments, each with its literal children, one child for any :part, one for the rest. Literal goes before part. */
#include "web/web_priv.h"

struct fork {
	struct map literal; /* segment → struct fork */
	struct fork *any;
	const struct route *here[2], *rest[2];
};

static bool refuse(struct cx *cx, const struct route *r, const char *what)
{
	return cx_fail(
	    cx, ERR_INPUT, "route %s %s: %s", r->method == GET ? "GET" : "POST", r->path, what);
}

static bool names_part(const struct route *r, struct str name)
{
	struct str rest = str_of(r->path), segment;

	while (str_split(&rest, '/', &segment))
		if (segment.n > 1 && segment.p[0] == ':' &&
		    str_eq(str_cut(segment, 1, segment.n), name))
			return true;
	return false;
}

static bool row_check(struct cx *cx, const struct web_config *config, const struct route *r)
{
	size_t files = 0;

	if (r->path[0] != '/' || r->run == NULL || r->doc == NULL)
		return refuse(cx, r, "needs a path from /, a handler and a sentence");
	if (r->right == RIGHT_NONE)
		return refuse(cx, r, "has no right");
	if (r->page && !(config->templates && template_exists(config->templates, str_of(r->page))))
		return refuse(cx, r, str_fmt(cx->mem, "no template ui/pages/%s.html", r->page).p);
	if (r->method == POST && r->cache != CACHE_NEVER)
		return refuse(cx, r, "a POST is never cached");
	for (const struct param *p = r->in; p && p->name; p++) {
		files += p->type == PARAM_FILE;
		if (p->doc == NULL && !names_part(r, str_of(p->name)))
			return refuse(
			    cx, r, str_fmt(cx->mem, "the parameter %s has no sentence", p->name).p);
	}
	if (files && (r->method != POST || r->body_max == 0))
		return refuse(cx, r, "a file needs POST and body_max");
	return true;
}

static bool row_add(struct cx *cx, struct routes *rs, const struct route *r)
{
	struct str rest = str_cut(str_of(r->path), 1, SIZE_MAX), segment;
	struct fork *f = rs->root;
	const struct route **slot;
	size_t depth = 0;

	while (rest.n && str_split(&rest, '/', &segment)) {
		struct fork *next;

		if (++depth > SEGMENTS_MAX)
			return refuse(cx, r, "has too many segments");
		if (str_is(segment, "*"))
			break;
		next = segment.n && segment.p[0] == ':' ? f->any : map_get(&f->literal, segment);
		if (next == NULL) {
			next = arena_new(cx->mem, struct fork);
			if (segment.n && segment.p[0] == ':')
				f->any = next;
			else
				(void)map_put(cx->mem, &f->literal, segment, next);
		}
		f = next;
	}
	slot = str_ends(str_of(r->path), STR("/*")) ? &f->rest[r->method] : &f->here[r->method];
	if (*slot)
		return refuse(cx, r, "stands twice");
	*slot = r;
	return true;
}

/* The i-th table: our own, then those of the rooms; NULL after the last. */
static const struct route *table_at(const struct web_config *config, size_t i)
{
	if (i == 0)
		return web_routes;
	return config->tables ? config->tables[i - 1] : NULL;
}

static size_t rows_count(const struct web_config *config)
{
	size_t n = 0;

	for (size_t i = 0; table_at(config, i); i++)
		for (const struct route *r = table_at(config, i); r->path; r++)
			n++;
	return n;
}

bool web_routes_build(struct cx *cx, const struct web_config *config, struct routes **out)
{
	struct routes *rs = arena_new(cx->mem, struct routes);

	rs->config = *config;
	rs->root = arena_new(cx->mem, struct fork);
	rs->at = arena_array(cx->mem, const struct route *, rows_count(config));
	for (size_t i = 0; table_at(config, i); i++) {
		for (const struct route *r = table_at(config, i); r->path; r++) {
			if (!row_check(cx, config, r) || !row_add(cx, rs, r))
				return false;
			rs->at[rs->n++] = r;
		}
	}
	*out = rs;
	return true;
}

void web_routes_each(
    const struct routes *r, void (*fn)(const struct route *route, void *arg), void *arg)
{
	for (size_t i = 0; i < r->n; i++)
		fn(r->at[i], arg);
}

static bool leaf(const struct route *const routes[2], struct match *out)
{
	if (!routes[GET] && !routes[POST])
		return false;
	out->routes[GET] = routes[GET];
	out->routes[POST] = routes[POST];
	return true;
}

/* rest: what follows the last /, absent at the end of the path. */
static bool walk(const struct fork *f, struct str rest, int depth, struct match *out)
{
	struct str segment, after = rest;
	const struct fork *next;

	if (rest.p == NULL)
		return leaf(f->here, out);
	if (depth == SEGMENTS_MAX)
		return false;
	(void)str_split(&after, '/', &segment);
	next = map_get(&f->literal, segment);
	if (next && walk(next, after, depth + 1, out))
		return true;
	if (f->any && segment.n) {
		size_t n = out->parts_n;

		out->parts[out->parts_n++] = segment;
		if (walk(f->any, after, depth + 1, out))
			return true;
		out->parts_n = n;
	}
	out->rest = rest;
	return rest.n && leaf(f->rest, out);
}

bool router_match(const struct routes *r, struct str path, struct match *out)
{
	struct str rest = str_cut(path, 1, path.n);

	*out = (struct match){0};
	return walk(r->root, rest.n ? rest : STR_NONE, 0, out);
}

/* ---- targets ---- */
/* The twin of a page is its path and .json; a route that itself ends so goes first. */
static bool match_twin(const struct routes *r, struct target *t)
{
	struct str path = t->path;

	if (!str_ends(path, STR(".json")))
		return false;
	path.n -= STR(".json").n;
	if (path.n == 0 || !router_match(r, path, &t->match))
		return false;
	if (!t->match.routes[GET] || !t->match.routes[GET]->page || t->match.rest.p)
		return false;
	t->path = path;
	t->json = true;
	return true;
}

/* Does a route name this path with .json in full, not as the value of a part? */
static bool matched_whole(const struct match *m)
{
	return m->parts_n == 0 || !str_ends(m->parts[m->parts_n - 1], STR(".json"));
}

void target_parse(const struct routes *r, struct str target, struct target *out)
{
	const char *mark = memchr(target.p, '?', target.n);
	struct match twin;

	*out = (struct target){.path = target, .query = STR_NONE};
	if (mark) {
		out->path.n = (size_t)(mark - target.p);
		out->query = str_cut(target, out->path.n + 1, target.n);
	}
	if (str_starts(out->path, STR("/en/")) || str_is(out->path, "/en")) {
		out->english = true;
		out->path = out->path.n > 3 ? str_cut(out->path, 3, out->path.n) : STR("/");
	}
	out->known = router_match(r, out->path, &out->match);
	twin = out->match;
	if (out->known && matched_whole(&out->match))
		return;
	if (match_twin(r, out))
		out->known = true;
	else
		out->match = twin;
}
