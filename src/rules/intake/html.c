/* SPDX-License-Identifier: Apache-2.0 */
/* Imported markup becomes plain lines, once, at entry. Nothing of the markup survives; what a reader saw does. */
#include <gumbo.h>

#include "intake/intake_priv.h"

#define DEPTH_MAX 400u
#define TEXT_MAX  ((size_t)16 << 20)

struct html_out {
	struct buf text;
	bool space; /* white space stood before what comes next */
};

/* Elements that begin and end a line. */
static bool is_block(GumboTag tag)
{
	static const GumboTag blocks[] = {GUMBO_TAG_P, GUMBO_TAG_DIV, GUMBO_TAG_TR, GUMBO_TAG_TABLE,
	    GUMBO_TAG_LI, GUMBO_TAG_UL, GUMBO_TAG_OL, GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3,
	    GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6, GUMBO_TAG_SECTION, GUMBO_TAG_ARTICLE,
	    GUMBO_TAG_HEADER, GUMBO_TAG_FOOTER, GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_PRE, GUMBO_TAG_DL,
	    GUMBO_TAG_DT, GUMBO_TAG_DD, GUMBO_TAG_HR, GUMBO_TAG_FORM, GUMBO_TAG_CAPTION,
	    GUMBO_TAG_TBODY, GUMBO_TAG_THEAD, GUMBO_TAG_CENTER};

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++)
		if (tag == blocks[i])
			return true;
	return false;
}

static bool is_hidden(GumboTag tag)
{
	return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_HEAD ||
	       tag == GUMBO_TAG_TEMPLATE || tag == GUMBO_TAG_NOSCRIPT || tag == GUMBO_TAG_TITLE;
}

static void line_end(struct html_out *out)
{
	while (out->text.n &&
	       (out->text.p[out->text.n - 1] == ' ' || out->text.p[out->text.n - 1] == '\t'))
		out->text.n--;
	if (out->text.n && out->text.p[out->text.n - 1] != '\n')
		buf_char(&out->text, '\n');
	out->space = false;
}

/* Runs of white space are one space, as a browser shows them; U+00A0 (C2 A0) too. */
static void text_put_html(struct html_out *out, const char *s)
{
	for (; *s; s++) {
		bool nbsp = (unsigned char)s[0] == 0xC2 && (unsigned char)s[1] == 0xA0;

		if (nbsp || *s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f') {
			out->space = true;
			s += nbsp;
			continue;
		}
		if (out->space && out->text.n && out->text.p[out->text.n - 1] != '\n' &&
		    out->text.p[out->text.n - 1] != '\t')
			buf_char(&out->text, ' ');
		out->space = false;
		buf_char(&out->text, *s);
	}
}

static void walk(struct html_out *out, const GumboNode *node, unsigned depth)
{
	const GumboElement *e = &node->v.element;
	bool block, cell;

	if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
	    node->type == GUMBO_NODE_CDATA)
		text_put_html(out, node->v.text.text);
	if (node->type != GUMBO_NODE_ELEMENT || is_hidden(e->tag) || depth > DEPTH_MAX)
		return;
	block = is_block(e->tag);
	cell = e->tag == GUMBO_TAG_TD || e->tag == GUMBO_TAG_TH;
	if (block || e->tag == GUMBO_TAG_BR)
		line_end(out);
	if (cell && node->index_within_parent > 0 && out->text.n &&
	    out->text.p[out->text.n - 1] != '\n') {
		buf_char(&out->text, '\t');
		out->space = false;
	}
	for (unsigned i = 0; i < e->children.length; i++)
		walk(out, e->children.data[i], depth + 1);
	if (block)
		line_end(out);
}

struct str html_text(struct arena *mem, struct str html)
{
	struct html_out out = {.text = buf_new(mem, TEXT_MAX)};
	GumboOutput *tree;

	if (!memchr(html.p, '<', html.n) && !memchr(html.p, '&', html.n))
		return html;
	tree = gumbo_parse_with_options(&kGumboDefaultOptions, html.p, html.n);
	walk(&out, tree->root, 0);
	gumbo_destroy_output(&kGumboDefaultOptions, tree);
	while (out.text.n && out.text.p[out.text.n - 1] == '\n')
		out.text.n--;
	return buf_str(&out.text);
}
