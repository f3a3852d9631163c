/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "codec/codec_priv.h"
#include "codec/json.h"
#include "text/text.h"

#define CANONICAL_DEPTH 64
#define CANONICAL_BYTES ((size_t)64 << 20)

/* RFC 8785 §3.2.2.2: the two-character escapes where there is one, else \u00xx in lower case; nothing else is escaped. */
static void put_escape(struct buf *b, unsigned char c)
{
	static const char short_form[0x20] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	static const char digit[] = "0123456789abcdef";

	if (c == '"' || c == '\\')
		buf_bytes(b, (char[2]){'\\', (char)c}, 2);
	else if (short_form[c])
		buf_bytes(b, (char[2]){'\\', short_form[c]}, 2);
	else
		buf_bytes(b, (char[6]){'\\', 'u', '0', '0', digit[c >> 4], digit[c & 15]}, 6);
}

void json_print_text(struct buf *b, struct str s)
{
	size_t i = 0, wide = 0;

	buf_char(b, '"');
	for (;;) {
		size_t n = json_plain_run(s.p + i, s.n - i, &wide);

		buf_bytes(b, s.p + i, n);
		i += n;
		if (i == s.n)
			break;
		put_escape(b, (unsigned char)s.p[i++]);
	}
	buf_char(b, '"');
}

/* ---- for machines and for people who read machines' output ---- */

struct printer {
	struct buf *b;
	int indent; /* levels; -1 when compact */
};

static void line(struct printer *p)
{
	if (p->indent < 0)
		return;
	buf_char(p->b, '\n');
	for (int i = 0; i < p->indent; i++)
		buf_c(p->b, "  ");
}

static void open_group(struct printer *p, char c)
{
	buf_char(p->b, c);
	if (p->indent >= 0)
		p->indent++;
}

static void close_group(struct printer *p, char c, bool empty)
{
	if (p->indent >= 0)
		p->indent--;
	if (!empty)
		line(p);
	buf_char(p->b, c);
}

static void before(struct printer *p, bool first)
{
	if (!first)
		buf_char(p->b, ',');
	line(p);
}

static void key(struct printer *p, struct str name)
{
	json_print_text(p->b, name);
	buf_c(p->b, p->indent < 0 ? ":" : ": ");
}

static void text_or_null(struct buf *b, struct str s)
{
	if (s.p)
		json_print_text(b, s);
	else
		buf_c(b, "null");
}

/* MONEY, CODE and LINK: an object of their two texts. */
static void pair(struct printer *p, const struct val *v, struct str first, struct str second)
{
	open_group(p, '{');
	before(p, true);
	key(p, first);
	text_or_null(p->b, v->text);
	before(p, false);
	key(p, second);
	text_or_null(p->b, v->label);
	close_group(p, '}', false);
}

static void print(struct printer *p, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		buf_c(p->b, "null");
		break;
	case VAL_BOOL:
		buf_c(p->b, v->truth ? "true" : "false");
		break;
	case VAL_INT:
		buf_int(p->b, v->i);
		break;
	case VAL_NUMBER:
		buf_add(p->b, v->text);
		break;
	case VAL_MONEY:
		pair(p, v, STR("amount"), STR("unit"));
		break;
	case VAL_CODE:
		pair(p, v, STR("code"), STR("label"));
		break;
	case VAL_LINK:
		pair(p, v, STR("href"), STR("label"));
		break;
	case VAL_TEXT:
	case VAL_DECIMAL:
	case VAL_DATE:
	case VAL_INSTANT:
	case VAL_HTML:
		text_or_null(p->b, v->text);
		break;
	case VAL_LIST:
	case VAL_MAP:
		open_group(p, v->kind == VAL_MAP ? '{' : '[');
		for (size_t i = 0; i < v->n; i++) {
			before(p, i == 0);
			if (v->kind == VAL_MAP)
				key(p, v->keys[i]);
			print(p, v->at[i]);
		}
		close_group(p, v->kind == VAL_MAP ? '}' : ']', v->n == 0);
		break;
	}
}

void json_print(struct buf *b, const struct val *v)
{
	struct printer p = {b, -1};

	print(&p, v);
}

void json_print_pretty(struct buf *b, const struct val *v)
{
	struct printer p = {b, 0};

	print(&p, v);
	buf_char(b, '\n');
}

/* ---- canonical ---- */

/* Where we are, for messages: a chain of frames on the stack. */
struct place {
	const struct place *up;
	const struct val *group;
	size_t i;
	unsigned depth;
};

static void place_print(struct buf *b, const struct place *at)
{
	if (at == NULL)
		return;
	place_print(b, at->up);
	if (at->group->kind == VAL_LIST) {
		buf_fmt(b, "[%zu]", at->i);
		return;
	}
	if (b->n)
		buf_char(b, '.');
	buf_add(b, at->group->keys[at->i]);
}

static bool refuse(struct cx *cx, const struct place *at, const char *what)
{
	struct buf b = buf_new(cx->mem, 4096);

	place_print(&b, at);
	return cx_fail(cx, ERR_INPUT, "no canonical form: %.*s %s",
	    STR_ARG(b.n ? buf_str(&b) : STR("the value")), what);
}

static bool canonical(struct cx *cx, struct buf *b, const struct val *v, const struct place *up);

static int by_key(const void *left, const void *right, void *place)
{
	const size_t *a = left, *b = right;
	const struct place *here = place;

	return str_cmp(here->group->keys[*a], here->group->keys[*b]);
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* Keys are ASCII, so order of bytes is the order of UTF-16 units that RFC 8785 asks. */
static bool canonical_map(struct cx *cx, struct buf *b, const struct val *v, struct place here)
{
	size_t *order = arena_array(cx->mem, size_t, v->n);
	bool sorted = true;

	for (size_t i = 0; i < v->n; i++) {
		here.i = order[i] = i;
		if (!is_ascii(v->keys[i]))
			return refuse(cx, &here, "has a key that is not ASCII");
		sorted = sorted && (i == 0 || str_cmp(v->keys[i - 1], v->keys[i]) < 0);
	}
	if (!sorted)
		qsort_r(order, v->n, sizeof *order, by_key, &here);
	buf_char(b, '{');
	for (size_t i = 0; i < v->n; i++) {
		here.i = order[i];
		if (i && str_eq(v->keys[order[i]], v->keys[order[i - 1]]))
			return refuse(cx, &here, "stands twice");
		if (i)
			buf_char(b, ',');
		json_print_text(b, v->keys[order[i]]);
		buf_char(b, ':');
		if (!canonical(cx, b, v->at[order[i]], &here))
			return false;
	}
	buf_char(b, '}');
	return true;
}

static bool canonical_list(struct cx *cx, struct buf *b, const struct val *v, struct place here)
{
	buf_char(b, '[');
	for (here.i = 0; here.i < v->n; here.i++) {
		if (here.i)
			buf_char(b, ',');
		if (!canonical(cx, b, v->at[here.i], &here))
			return false;
	}
	buf_char(b, ']');
	return true;
}

static bool canonical(struct cx *cx, struct buf *b, const struct val *v, const struct place *up)
{
	const int64_t most = ((int64_t)1 << 53) - 1;
	struct place here = {up, v, 0, up ? up->depth + 1 : 1};
	size_t bad;

	switch (v->kind) {
	case VAL_NULL:
		buf_c(b, "null");
		return true;
	case VAL_BOOL:
		buf_c(b, v->truth ? "true" : "false");
		return true;
	case VAL_INT:
		if (v->i < -most || v->i > most)
			return refuse(cx, up, "is an integer beyond 2^53-1");
		buf_int(b, v->i);
		return true;
	case VAL_TEXT:
		if (!text_utf8_valid(v->text, &bad))
			return refuse(cx, up, "is not UTF-8");
		json_print_text(b, v->text);
		return true;
	case VAL_LIST:
	case VAL_MAP:
		if (here.depth > CANONICAL_DEPTH)
			return cx_fail(
			    cx, ERR_LIMIT, "nested deeper than %d levels", CANONICAL_DEPTH);
		return v->kind == VAL_LIST ? canonical_list(cx, b, v, here)
					   : canonical_map(cx, b, v, here);
	case VAL_NUMBER:
		return refuse(cx, up, "is a number but no integer within 2^53-1; write it as text");
	default:
		return refuse(cx, up,
		    "is a leaf for people; documents hold null, bool, integer, text, list and map");
	}
}

bool json_canonical(struct cx *cx, const struct val *v, struct str *out)
{
	struct buf b = buf_new(cx->mem, CANONICAL_BYTES);

	if (!canonical(cx, &b, v, NULL))
		return false;
	if (b.failed)
		return cx_fail(
		    cx, ERR_LIMIT, "canonical JSON is larger than %zu bytes", CANONICAL_BYTES);
	*out = buf_str(&b);
	return true;
}
