/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in HTML a tag of the template language stands: enough of the WHATWG tokenizer to know text, attribute values and the places where no
 * escaping is safe. It refuses rather than guesses.
 */
#include <stdio.h>
#include <strings.h>

#include "web/template_priv.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void name_add(char *name, size_t size, char c)
{
	size_t n = strlen(name);

	if (n + 1 < size)
		name[n] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool one_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static enum attribute_kind kind_of(const char *name)
{
	static const char *const addresses[] = {"href", "src", "action", "formaction", "poster",
	    "cite", "data", "background", "manifest", "ping", "xlink:href", NULL};
	static const char *const forbidden[] = {
	    "style", "srcdoc", "srcset", "imagesrcset", "http-equiv", NULL};

	if (strncmp(name, "on", 2) == 0 || one_of(name, forbidden))
		return ATTRIBUTE_FORBIDDEN;
	return one_of(name, addresses) ? ATTRIBUTE_ADDRESS : ATTRIBUTE_PLAIN;
}

/* "</title" at this place of the text? */
static bool closes(const struct html *h, struct str text, size_t at)
{
	size_t n = strlen(h->tag);

	return text.n - at >= n + 2 && text.p[at] == '<' && text.p[at + 1] == '/' &&
	       strncasecmp(text.p + at + 2, h->tag, n) == 0;
}

static void tag_begin(struct html *h)
{
	h->state = HTML_TAG_NAME;
	memset(h->tag, 0, sizeof h->tag);
}

static void tag_end(struct html *h)
{
	static const char *const raw[] = {"script", "style", NULL}, *const rcdata[] = {
									"title", "textarea", NULL};

	h->state = one_of(h->tag, raw)	    ? HTML_RAW
		   : one_of(h->tag, rcdata) ? HTML_RCDATA
					    : HTML_TEXT;
}

static void text_byte(struct html *h, struct str text, size_t at)
{
	struct str rest = str_cut(text, at, text.n);
	char next = '\0';

	if (rest.n > 1)
		next = rest.p[1];
	if (text.p[at] != '<')
		return;
	if (str_starts(str_cut(text, at, text.n), STR("<!--"))) {
		h->state = HTML_COMMENT;
		memset(h->recent, 0, sizeof h->recent);
	} else if (is_letter(next) || next == '/' || next == '!') {
		tag_begin(h);
	}
}

static void comment_byte(struct html *h, char c)
{
	if (c == '>' && h->recent[0] == '-' && h->recent[1] == '-')
		h->state = HTML_TEXT;
	h->recent[0] = h->recent[1];
	h->recent[1] = c;
}

static void attribute_begin(struct html *h, char c)
{
	memset(h->attribute, 0, sizeof h->attribute);
	name_add(h->attribute, sizeof h->attribute, c);
	h->state = HTML_ATTRIBUTE_NAME;
}

static const char *in_tag_byte(struct html *h, char c)
{
	if (c == '>')
		tag_end(h);
	else if (c == '"' || c == '\'' || c == '<' || c == '=')
		return "a quote, < or = where an attribute's name should begin";
	else if (!is_space(c) && c != '/')
		attribute_begin(h, c);
	return NULL;
}

static const char *attribute_byte(struct html *h, char c)
{
	if (c == '=') {
		h->kind = kind_of(h->attribute);
		h->value_n = 0;
		h->value_is_tag = false;
		h->state = HTML_BEFORE_VALUE;
	} else if (c == '>') {
		tag_end(h);
	} else if (is_space(c) || c == '/') {
		h->state = HTML_IN_TAG;
	} else {
		name_add(h->attribute, sizeof h->attribute, c);
	}
	return NULL;
}

/* The first bytes of a literal address: a place of ours, or a scheme that runs nothing. */
static const char *literal_address(struct html *h, struct str text, size_t at)
{
	struct str rest = str_cut(text, at, text.n);
	size_t end = rest.n;

	(void)str_find(rest, (struct str){&h->quote, 1}, 0, &end);
	if (!address_is_safe(str_cut(rest, 0, end)))
		return "an address that is neither a path, https:, http:, mailto:, tel:, #… nor ?…";
	h->address_starts = rest.p[0] == '/';
	return NULL;
}

static const char *quoted_byte(struct html *h, struct str text, size_t at)
{
	if (text.p[at] == h->quote) {
		h->state = HTML_IN_TAG;
		return NULL;
	}
	if (h->value_is_tag) {
		h->value_is_tag = false; /* said once */
		return "an address is either written out or one value, not a mixture";
	}
	return h->value_n++ == 0 && h->kind == ATTRIBUTE_ADDRESS ? literal_address(h, text, at)
								 : NULL;
}

static void before_value_byte(struct html *h, char c)
{
	if (c == '"' || c == '\'') {
		h->quote = c;
		h->state = HTML_QUOTED;
	} else if (!is_space(c)) {
		h->state = HTML_UNQUOTED;
	}
}

static void unquoted_byte(struct html *h, char c)
{
	if (c == '>')
		tag_end(h);
	else if (is_space(c))
		h->state = HTML_IN_TAG;
}

const char *html_scan(struct html *h, struct str text, size_t at)
{
	char c = text.p[at];

	h->address_starts = false;
	switch (h->state) {
	case HTML_TEXT:
		text_byte(h, text, at);
		return NULL;
	case HTML_RCDATA:
	case HTML_RAW:
		if (closes(h, text, at))
			tag_begin(h);
		return NULL;
	case HTML_COMMENT:
		comment_byte(h, c);
		return NULL;
	case HTML_TAG_NAME:
		if (c == '>')
			tag_end(h);
		else if (is_space(c))
			h->state = HTML_IN_TAG;
		else
			name_add(h->tag, sizeof h->tag, c);
		return NULL;
	case HTML_IN_TAG:
		return in_tag_byte(h, c);
	case HTML_ATTRIBUTE_NAME:
		return attribute_byte(h, c);
	case HTML_BEFORE_VALUE:
		before_value_byte(h, c);
		return NULL;
	case HTML_QUOTED:
		return quoted_byte(h, text, at);
	case HTML_UNQUOTED:
		unquoted_byte(h, c);
		return NULL;
	}
	return NULL;
}

static const char *quoted_value(struct html *h)
{
	if (h->kind == ATTRIBUTE_FORBIDDEN)
		return "no value may stand in this attribute";
	if (h->kind == ATTRIBUTE_PLAIN)
		return NULL;
	if (h->value_n || h->value_is_tag)
		return "an address is either written out or one value, not a mixture";
	h->value_is_tag = true;
	return NULL;
}

const char *html_value(struct html *h)
{
	switch (h->state) {
	case HTML_TEXT:
	case HTML_RCDATA:
		return NULL;
	case HTML_RAW:
		return "no value may stand in script or style";
	case HTML_COMMENT:
		return "no value may stand in a comment";
	case HTML_QUOTED:
		return quoted_value(h);
	case HTML_BEFORE_VALUE:
	case HTML_UNQUOTED:
		return "write quotes around the attribute's value";
	default:
		return "no value may stand in a tag outside an attribute's value";
	}
}

const char *html_section(struct html *h)
{
	switch (h->state) {
	case HTML_TAG_NAME:
	case HTML_ATTRIBUTE_NAME:
		h->state = HTML_IN_TAG;
		return NULL;
	case HTML_RAW:
	case HTML_COMMENT:
		return "no tag may stand in script, style or a comment";
	case HTML_BEFORE_VALUE:
	case HTML_UNQUOTED:
		return "write quotes around the attribute's value";
	case HTML_QUOTED:
		return h->kind == ATTRIBUTE_PLAIN
			   ? NULL
			   : "no section may stand in an address or in this attribute";
	default:
		return NULL;
	}
}

const char *html_part(struct html *h)
{
	return h->state == HTML_TEXT ? NULL : "a part may only stand in text";
}

bool html_same(const struct html *a, const struct html *b)
{
	if (a->state != b->state)
		return false;
	if (a->state == HTML_QUOTED)
		return a->quote == b->quote && strcmp(a->attribute, b->attribute) == 0;
	return a->state == HTML_TEXT || strcmp(a->tag, b->tag) == 0;
}
