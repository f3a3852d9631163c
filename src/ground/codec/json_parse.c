/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "codec/codec_priv.h"
#include "codec/json.h"
#include "text/text.h"

#define BYTES_DEFAULT ((size_t)16 << 20)
#define DEPTH_DEFAULT 64
#define DEPTH_MOST    1000 /* the parser's own recursion */
#define NODES_DEFAULT ((size_t)1000000)
#define LINEAR_MOST   16 /* members that are compared one by one for duplicates */

/* A member or element that waits for the end of its map or list. */
struct member {
	struct val *value;
	struct str key;
	const char *key_at; /* in the input */
	uint64_t mark;	    /* of key: its length and first bytes; equal keys have equal marks */
};

struct parser {
	struct cx *cx;
	const char *start, *p, *end;
	const char *line_start;
	size_t wide; /* bytes since line_start that continue a character */
	uint32_t line;
	unsigned depth, depth_most;
	size_t nodes, nodes_most;
	char *pool;	   /* texts go here, NUL-terminated: never more bytes than the input has */
	struct val *spare; /* values are taken from blocks */
	size_t spare_n;
	LIST_OF(struct member) waiting;
};

/* ---- saying no ---- */

static bool fail_at(struct parser *ps, const char *at, enum err_code code, const char *what)
{
	size_t line = 1;
	const char *from = ps->start, *hit;

	while ((hit = memchr(from, '\n', (size_t)(at - from))) != NULL) {
		line++;
		from = hit + 1;
	}
	return cx_fail(ps->cx, code, "%zu:%zu: %s", line,
	    text_length((struct str){from, (size_t)(at - from)}) + 1, what);
}

static const char *found(struct parser *ps)
{
	struct str rest = {ps->p, (size_t)(ps->end - ps->p)};
	struct str one = text_head(rest, 1);
	int32_t c = text_next(&rest);

	if (c < 0)
		return "the end";
	if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF)
		return str_fmt(ps->cx->mem, "U+%04X", (unsigned)c).p;
	return str_fmt(ps->cx->mem, "\"%.*s\"", STR_ARG(one)).p;
}

static bool expected(struct parser *ps, const char *what)
{
	return fail_at(ps, ps->p, ERR_INPUT,
	    str_fmt(ps->cx->mem, "expected %s but found %s", what, found(ps)).p);
}

/* ---- characters ---- */

static void skip_space(struct parser *ps)
{
	for (; ps->p < ps->end; ps->p++) {
		switch (*ps->p) {
		case '\n':
			ps->line++;
			ps->line_start = ps->p + 1;
			ps->wide = 0;
			break;
		case ' ':
		case '\t':
		case '\r':
			break;
		default:
			return;
		}
	}
}

static bool at(const struct parser *ps, char c)
{
	return ps->p < ps->end && *ps->p == c;
}

static bool take(struct parser *ps, char c)
{
	if (!at(ps, c))
		return false;
	ps->p++;
	return true;
}

/* ---- values ---- */

static struct val *make(struct parser *ps, enum val_kind kind)
{
	struct val *v;

	if (ps->spare_n == 0) {
		ps->spare_n = ps->nodes < 32 ? 8 : 128;
		ps->spare = arena_array(ps->cx->mem, struct val, ps->spare_n);
	}
	ps->spare_n--;
	v = ps->spare++;
	v->kind = kind;
	v->line = ps->line;
	v->column = (uint32_t)((size_t)(ps->p - ps->line_start) - ps->wide + 1);
	return v;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after \u. */
static bool hex4(struct parser *ps, int32_t *out)
{
	int32_t c = 0;

	for (int i = 0; i < 4; i++, ps->p++) {
		int digit = ps->p < ps->end ? hex_digit(*ps->p) : -1;

		if (digit < 0)
			return expected(ps, "four hexadecimal digits after \\u");
		c = c << 4 | digit;
	}
	*out = c;
	return true;
}

static bool unicode_escape(struct parser *ps, const char *from)
{
	int32_t c = 0, low = 0;

	if (!hex4(ps, &c))
		return false;
	if (c >= 0xD800 && c < 0xE000) {
		if (c >= 0xDC00 || !take(ps, '\\') || !take(ps, 'u'))
			return fail_at(ps, from, ERR_INPUT, "a surrogate must stand in a pair");
		if (!hex4(ps, &low))
			return false;
		if (low < 0xDC00 || low > 0xDFFF)
			return fail_at(ps, from, ERR_INPUT, "a surrogate must stand in a pair");
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	ps->pool += text_encode(ps->pool, c);
	return true;
}

/* Past a backslash. */
static bool escape(struct parser *ps)
{
	static const char codes[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *from = ps->p - 1, *hit;

	if (take(ps, 'u'))
		return unicode_escape(ps, from);
	hit = ps->p < ps->end && *ps->p ? strchr(codes, *ps->p) : NULL;
	if (hit == NULL)
		return expected(ps, "one of \"\\/bfnrtu after the backslash");
	*ps->pool++ = means[hit - codes];
	ps->p++;
	return true;
}

/* The text that starts at this quote. */
static bool text(struct parser *ps, struct str *out)
{
	const char *from = ps->p++;
	char *to = ps->pool;

	for (;;) {
		size_t n = json_plain_run(ps->p, (size_t)(ps->end - ps->p), &ps->wide);

		memcpy(ps->pool, ps->p, n);
		ps->pool += n;
		ps->p += n;
		if (ps->p == ps->end)
			return fail_at(ps, from, ERR_INPUT, "this text is not closed");
		if (take(ps, '"'))
			break;
		if (!take(ps, '\\'))
			return expected(ps, "an escape for the control character");
		if (!escape(ps))
			return false;
	}
	*out = (struct str){to, (size_t)(ps->pool - to)};
	*ps->pool++ = '\0';
	return true;
}

static bool digits(struct parser *ps)
{
	const char *from = ps->p;

	while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
		ps->p++;
	return ps->p > from || expected(ps, "a digit");
}

static bool number(struct parser *ps, struct val *v)
{
	const int64_t most = ((int64_t)1 << 53) - 1;
	const char *from = ps->p;
	bool whole = true;
	struct str s;

	(void)take(ps, '-');
	if (take(ps, '0')) {
		if (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
			return fail_at(ps, from, ERR_INPUT, "a number may not begin with 0");
	} else if (!digits(ps)) {
		return false;
	}
	if (take(ps, '.')) {
		whole = false;
		if (!digits(ps))
			return false;
	}
	if (take(ps, 'e') || take(ps, 'E')) {
		whole = false;
		if (!take(ps, '+'))
			(void)take(ps, '-');
		if (!digits(ps))
			return false;
	}
	s = (struct str){from, (size_t)(ps->p - from)};
	if (whole && s.n <= 17 && str_int(s, &v->i) && v->i >= -most && v->i <= most)
		return true;
	v->kind = VAL_NUMBER;
	v->i = 0;
	v->text = (struct str){memcpy(ps->pool, s.p, s.n), s.n};
	ps->pool += s.n + 1; /* the byte after stays 0 */
	return true;
}

static bool word(struct parser *ps, struct val *v, struct str w, enum val_kind kind)
{
	if (!str_starts((struct str){ps->p, (size_t)(ps->end - ps->p)}, w))
		return expected(ps, "a value");
	v->kind = kind;
	v->truth = w.p[0] == 't';
	ps->p += w.n;
	return true;
}

static bool deeper(struct parser *ps)
{
	if (++ps->depth <= ps->depth_most)
		return true;
	return fail_at(ps, ps->p, ERR_LIMIT,
	    str_fmt(ps->cx->mem, "nested deeper than %u levels", ps->depth_most).p);
}

static bool value(struct parser *ps, struct val **out);

/* Takes what waits since `from` into v. */
static void gather(struct parser *ps, struct val *v, size_t from)
{
	size_t n = ps->waiting.n - from;
	const struct member *m = n ? ps->waiting.at + from : NULL;

	ps->waiting.n = from;
	ps->depth--;
	v->n = n;
	v->cap = (uint32_t)n;
	if (n == 0)
		return;
	v->at = arena_array(ps->cx->mem, struct val *, n);
	for (size_t i = 0; i < n; i++)
		v->at[i] = m[i].value;
	if (v->kind != VAL_MAP)
		return;
	v->keys = arena_array(ps->cx->mem, struct str, n);
	for (size_t i = 0; i < n; i++)
		v->keys[i] = m[i].key;
}

static bool list(struct parser *ps, struct val *v)
{
	size_t from = ps->waiting.n;
	struct val *child = NULL;

	if (!deeper(ps))
		return false;
	ps->p++;
	skip_space(ps);
	while (!at(ps, ']')) {
		if (!value(ps, &child))
			return false;
		list_add(ps->cx->mem, &ps->waiting)->value = child;
		skip_space(ps);
		if (at(ps, ']'))
			break;
		if (!take(ps, ','))
			return expected(ps, "a comma or ]");
		skip_space(ps);
		if (at(ps, ']'))
			return expected(ps, "a value after the comma");
	}
	ps->p++;
	gather(ps, v, from);
	return true;
}

static bool same_key(const struct member *a, const struct member *b)
{
	return a->mark == b->mark && str_eq(a->key, b->key);
}

static int by_key(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int c;

	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	c = str_cmp(a->key, b->key);
	return c ? c : (a->key_at > b->key_at) - (a->key_at < b->key_at);
}

static const char *earlier(const char *a, const char *b)
{
	return a == NULL || b < a ? b : a;
}

/*
 * Where the first key stands that stood before, of the members that wait since `from`; NULL when all differ. Sorted beyond a few
 * members, so that no input makes it quadratic.
 */
static const char *duplicate(struct parser *ps, size_t from)
{
	size_t n = ps->waiting.n - from;
	const struct member *m = n ? ps->waiting.at + from : NULL;
	const char *where = NULL;
	struct member *sorted;
	struct arena_mark before;

	for (size_t i = 1; i < n && n <= LINEAR_MOST; i++) {
		for (size_t j = 0; j < i; j++) {
			if (same_key(&m[i], &m[j]))
				return m[i].key_at;
		}
	}
	if (n <= LINEAR_MOST)
		return NULL;
	before = arena_mark(ps->cx->mem);
	sorted = arena_array(ps->cx->mem, struct member, n);
	memcpy(sorted, m, n * sizeof *m);
	qsort(sorted, n, sizeof *sorted, by_key);
	for (size_t i = 1; i < n; i++) {
		if (same_key(&sorted[i - 1], &sorted[i]))
			where = earlier(where, sorted[i].key_at);
	}
	arena_rewind(ps->cx->mem, before);
	return where;
}

static bool member(struct parser *ps)
{
	struct member m = {.key_at = ps->p};

	if (!at(ps, '"'))
		return expected(ps, "a key in quotes");
	if (!text(ps, &m.key))
		return false;
	memcpy(&m.mark, m.key.p, sizeof m.mark); /* what follows in the pool is still 0 */
	m.mark ^= m.key.n << 56;
	skip_space(ps);
	if (!take(ps, ':'))
		return expected(ps, "a colon after the key");
	skip_space(ps);
	if (!value(ps, &m.value))
		return false;
	*list_add(ps->cx->mem, &ps->waiting) = m;
	skip_space(ps);
	return true;
}

static bool map(struct parser *ps, struct val *v)
{
	size_t from = ps->waiting.n;
	const char *twice;

	if (!deeper(ps))
		return false;
	ps->p++;
	skip_space(ps);
	while (!at(ps, '}')) {
		if (!member(ps))
			return false;
		if (at(ps, '}'))
			break;
		if (!take(ps, ','))
			return expected(ps, "a comma or }");
		skip_space(ps);
		if (at(ps, '}'))
			return expected(ps, "a key in quotes after the comma");
	}
	ps->p++;
	twice = duplicate(ps, from);
	if (twice != NULL)
		return fail_at(ps, twice, ERR_INPUT, "this key stands twice in its object");
	gather(ps, v, from);
	return true;
}

static bool value(struct parser *ps, struct val **out)
{
	struct val *v;

	if (++ps->nodes > ps->nodes_most)
		return fail_at(ps, ps->p, ERR_LIMIT,
		    str_fmt(ps->cx->mem, "more than %zu values", ps->nodes_most).p);
	if (ps->p == ps->end)
		return expected(ps, "a value");
	v = *out = make(ps, VAL_NULL);
	switch (*ps->p) {
	case '{':
		v->kind = VAL_MAP;
		return map(ps, v);
	case '[':
		v->kind = VAL_LIST;
		return list(ps, v);
	case '"':
		v->kind = VAL_TEXT;
		return text(ps, &v->text);
	case 't':
		return word(ps, v, STR("true"), VAL_BOOL);
	case 'f':
		return word(ps, v, STR("false"), VAL_BOOL);
	case 'n':
		return word(ps, v, STR("null"), VAL_NULL);
	default:
		break;
	}
	if (*ps->p != '-' && (*ps->p < '0' || *ps->p > '9'))
		return expected(ps, "a value");
	v->kind = VAL_INT;
	return number(ps, v);
}

static bool document(struct parser *ps, struct val **out)
{
	size_t bad, n = (size_t)(ps->end - ps->p);

	if (str_starts((struct str){ps->p, n}, STR("\xEF\xBB\xBF")))
		return fail_at(
		    ps, ps->p, ERR_INPUT, "expected plain UTF-8 but found a byte order mark");
	if (!text_utf8_valid((struct str){ps->p, n}, &bad))
		return fail_at(ps, ps->p + bad, ERR_INPUT, "invalid UTF-8");
	skip_space(ps);
	if (!value(ps, out))
		return false;
	skip_space(ps);
	return ps->p == ps->end || expected(ps, "nothing more");
}

bool json_parse(struct cx *cx, struct str text, const struct json_limits *limits, struct val **out)
{
	struct json_limits most = limits ? *limits : (struct json_limits){0};
	const char *start = text.p ? text.p : "";
	struct parser ps = {.cx = cx,
	    .start = start,
	    .p = start,
	    .end = start + text.n,
	    .line_start = start,
	    .line = 1};

	if (most.bytes == 0)
		most.bytes = BYTES_DEFAULT;
	ps.depth_most = most.depth ? most.depth : DEPTH_DEFAULT;
	ps.nodes_most = most.nodes ? most.nodes : NODES_DEFAULT;
	BUG_ON(ps.depth_most > DEPTH_MOST);
	if (text.n > most.bytes)
		return cx_fail(cx, ERR_LIMIT, "JSON of %zu bytes; at most %zu are accepted", text.n,
		    most.bytes);
	/* Every text is shorter by its quotes, every number is followed by a byte: with its 0 neither is longer than where it stood. */
	ps.pool = arena_alloc(cx->mem, text.n + 1 + sizeof(uint64_t));
	return document(&ps, out);
}
