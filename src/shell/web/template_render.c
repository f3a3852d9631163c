/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes + value tree → HTML. */
#include <stdio.h>

#include "web/template_priv.h"

struct render {
	struct cx *cx;
	const struct templates *all;
	const struct val *page, *site;
	struct buf *out;
	bool english;
	int depth;
};

/* The place of a node: what every failure names. */
struct place {
	const struct template *t;
	const struct node *n;
};

static bool missing(struct render *r, struct place at, const struct tag_name *name,
    const struct val *frame, struct str part)
{
	struct buf have = buf_new(r->cx->mem, 4096);

	VAL_EACH(i, frame)
		if (frame->kind == VAL_MAP)
			buf_fmt(&have, "%s%.*s", have.n ? ", " : "", STR_ARG(frame->keys[i]));
	return cx_fail(r->cx, ERR_IO, "%.*s:%u: no value '%.*s' (of {{%.*s}}); here are: %.*s",
	    STR_ARG(at.t->name), at.n->line, STR_ARG(part), STR_ARG(name->whole),
	    STR_ARG(buf_str(&have)));
}

/* The value, NULL when it is missing (and cx has failed). */
static const struct val *lookup(
    struct render *r, struct place at, const struct tag_name *name, const struct val *frame)
{
	const struct val *v = name->root == ROOT_PAGE	? r->page
			      : name->root == ROOT_SITE ? r->site
							: frame;

	for (size_t i = 0; i < name->parts_n; i++) {
		const struct val *in = v;

		v = val_find(in, name->parts[i]);
		if (v == NULL) {
			(void)missing(r, at, name, in, name->parts[i]);
			return NULL;
		}
	}
	if (v == NULL)
		(void)missing(r, at, name, NULL, name->whole);
	return v;
}

static bool is_true(const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		return false;
	case VAL_BOOL:
		return v->truth;
	case VAL_LIST:
		return v->n > 0;
	case VAL_MAP:
	case VAL_INT:
		return true;
	case VAL_CODE:
		return v->text.n > 0 || v->label.n > 0;
	default:
		return v->text.n > 0;
	}
}

static bool unfit(struct render *r, struct place at, const struct tag_name *name, const char *why)
{
	return cx_fail(r->cx, ERR_IO, "%.*s:%u: {{%.*s}}: %s", STR_ARG(at.t->name), at.n->line,
	    STR_ARG(name->whole), why);
}

static bool show(
    struct render *r, struct place at, const struct tag_name *name, const struct val *frame)
{
	const struct val *v = lookup(r, at, name, frame);

	if (v == NULL)
		return false;
	if (v->kind == VAL_HTML && at.n->attribute)
		return unfit(r, at, name, "markup in an attribute or in text without markup");
	if (name->marked && r->english && !at.n->attribute && v->kind != VAL_HTML) {
		struct buf text = buf_new(r->cx->mem, 4096);

		if (!leaf_show(r->cx, &text, v))
			return unfit(r, at, name, "a list or a map has no text to mark");
		leaf_mark(r->out, buf_str(&text));
		return true;
	}
	if (name->machine ? leaf_machine(r->out, v) : leaf_show(r->cx, r->out, v))
		return true;
	return unfit(r, at, name, "a list or a map has no text; open it with {{#…}}");
}

static bool address(struct render *r, struct place at, const struct val *frame)
{
	const struct val *v = lookup(r, at, &at.n->name, frame);

	if (v == NULL)
		return false;
	if (v->kind != VAL_LINK)
		return unfit(r, at, &at.n->name, "an address takes only a link");
	if (!address_is_safe(v->text)) {
		buf_char(r->out, '#');
		return true;
	}
	if (r->english && !v->truth && address_has_language(v->text))
		buf_add(r->out, STR("/en"));
	buf_html(r->out, v->text);
	return true;
}

static bool words(struct render *r, struct place at, const struct val *frame)
{
	const struct word_pieces *pieces = r->english ? &at.n->en : &at.n->zh;

	for (size_t i = 0; i < pieces->n; i++) {
		const struct word_piece *piece = &pieces->at[i];

		buf_add(r->out, piece->text); /* escaped at load */
		if (piece->has_name && !show(r, at, &piece->name, frame))
			return false;
	}
	return true;
}

static bool range(
    struct render *r, const struct template *t, size_t from, size_t to, const struct val *frame);

static bool section(struct render *r, struct place at, size_t from, const struct val *frame)
{
	const struct val *v = lookup(r, at, &at.n->name, frame);
	bool inverted = at.n->kind == NODE_INVERTED;

	if (v == NULL)
		return false;
	if (is_true(v) == inverted)
		return true;
	atomic_store_explicit(&r->all->seen[at.n->index], true, memory_order_relaxed);
	if (inverted || (v->kind != VAL_LIST && v->kind != VAL_MAP))
		return range(r, at.t, from, at.n->end, frame);
	if (v->kind == VAL_MAP)
		return range(r, at.t, from, at.n->end, v);
	VAL_EACH(i, v)
		if (!range(r, at.t, from, at.n->end, v->at[i]))
			return false;
	return true;
}

static bool part(struct render *r, struct place at, const struct val *frame)
{
	bool ok;

	if (r->depth == TEMPLATE_DEPTH)
		return cx_fail(r->cx, ERR_LIMIT, "%.*s:%u: parts are nested deeper than %d",
		    STR_ARG(at.t->name), at.n->line, TEMPLATE_DEPTH);
	r->depth++;
	ok = range(r, at.n->part, 0, at.n->part->n, frame);
	r->depth--;
	return ok;
}

static bool node(struct render *r, struct place at, size_t next, const struct val *frame)
{
	_Atomic(bool) *seen = &r->all->seen[at.n->index];

	/* Only the first rendering writes: the line of memory stays shared between the cores. */
	if (at.n->kind != NODE_SECTION && at.n->kind != NODE_INVERTED &&
	    !atomic_load_explicit(seen, memory_order_relaxed))
		atomic_store_explicit(seen, true, memory_order_relaxed);
	switch (at.n->kind) {
	case NODE_VALUE:
		return show(r, at, &at.n->name, frame);
	case NODE_ADDRESS:
		return address(r, at, frame);
	case NODE_WORDS:
		return words(r, at, frame);
	case NODE_PART:
		return part(r, at, frame);
	default:
		return section(r, at, next, frame);
	}
}

static bool range(
    struct render *r, const struct template *t, size_t from, size_t to, const struct val *frame)
{
	for (size_t i = from; i < to; i++) {
		const struct node *n = &t->at[i];

		if (n->kind == NODE_TEXT) {
			buf_add(r->out, n->text);
		} else if (n->kind == NODE_LANG) {
			if (r->english)
				buf_add(r->out, STR("/en"));
		} else {
			if (!node(r, (struct place){t, n}, i + 1, frame))
				return false;
			if (n->kind == NODE_SECTION || n->kind == NODE_INVERTED)
				i = n->end - 1;
		}
	}
	return true;
}

bool template_render(struct cx *cx, const struct templates *t, struct str name,
    const struct val *page, const struct val *site, struct buf *out)
{
	struct str file = str_fmt(cx->mem, "pages/%.*s.html", STR_ARG(name));
	const struct template *top = map_get(&t->by_name, file);
	struct render r = {.cx = cx,
	    .all = t,
	    .page = page,
	    .site = site,
	    .out = out,
	    .english = cx->lang && strcmp(cx->lang, "en") == 0};

	if (top == NULL)
		return cx_fail(cx, ERR_IO, "no template %.*s", STR_ARG(file));
	if (!range(&r, top, 0, top->n, page))
		return cx_note(cx, "rendering %.*s", STR_ARG(file));
	return true;
}
