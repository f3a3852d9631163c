/* SPDX-License-Identifier: Apache-2.0 */
/* One template: text → nodes, with every mistake named. */
#include "crypto/crypto.h"
#include "text/text.h"
#include "web/template_priv.h"

#define MISTAKES_MAX 20

struct open_section {
	size_t node;
	struct html html;
};

struct parser {
	struct cx *cx;
	struct templates *all;
	const struct map *files;
	struct template *t;
	struct str text;
	size_t at;
	uint32_t line;
	struct html html;
	struct open_section open[TEMPLATE_DEPTH];
	size_t open_n;
	struct mistakes_found *found;
};

PRINTF(2, 3) static void mistake(struct parser *p, const char *fmt, ...)
{
	va_list ap;
	struct str what;

	if (p->found->n++ >= MISTAKES_MAX)
		return;
	va_start(ap, fmt);
	what = str_vfmt(p->cx->mem, fmt, ap);
	va_end(ap);
	buf_fmt(&p->found->text, "%s%.*s:%u: %.*s", p->found->text.n ? "\n" : "",
	    STR_ARG(p->t->name), p->line, STR_ARG(what));
}

static struct node *node_add(struct parser *p, enum node_kind kind)
{
	struct node *n = list_add(p->cx->mem, p->t);

	n->kind = kind;
	n->line = p->line;
	if (kind != NODE_TEXT && kind != NODE_LANG)
		n->index = (uint32_t)p->all->tags++;
	return n;
}

static void text_add(struct parser *p, struct str text)
{
	if (text.n)
		node_add(p, NODE_TEXT)->text = text;
}

/* ---- names and words ---- */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return s.n > 0;
}

static bool name_parse(struct parser *p, struct str s, struct tag_name *out)
{
	struct str rest = s, part;
	size_t n = 1;

	*out = (struct tag_name){.root = ROOT_FRAME, .whole = s};
	if (str_ends(rest, STR("@machine"))) {
		out->machine = true;
		rest = str_cut(rest, 0, rest.n - STR("@machine").n);
	} else if (str_ends(rest, STR("@marked"))) {
		out->marked = true;
		rest = str_cut(rest, 0, rest.n - STR("@marked").n);
	}
	if (str_is(rest, "."))
		return true;
	if (str_starts(rest, STR("@page.")) || str_starts(rest, STR("@site."))) {
		out->root = rest.p[1] == 'p' ? ROOT_PAGE : ROOT_SITE;
		rest = str_cut(rest, STR("@page.").n, rest.n);
	}
	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == '.';
	out->parts = arena_array(p->cx->mem, struct str, n);
	while (str_split(&rest, '.', &part)) {
		if (!is_name(part)) {
			mistake(p,
			    "'%.*s' is no name: write name, a.b, @page.name, @site.name or . "
			    "(letters a-z, digits, _), with @machine or @marked after it if wanted",
			    STR_ARG(s));
			return false;
		}
		out->parts[out->parts_n++] = part;
	}
	return true;
}

/* Escaped once, here. */
static struct str escaped(struct parser *p, struct str text)
{
	struct buf b = buf_new(p->cx->mem, 6 * text.n);

	buf_html(&b, text);
	return buf_str(&b);
}

static bool words_split(struct parser *p, struct str words, struct word_pieces *out)
{
	size_t from = 0, open, close;

	while (str_find(words, STR("{"), from, &open)) {
		struct word_piece *piece = list_add(p->cx->mem, out);

		if (!str_find(words, STR("}"), open, &close)) {
			mistake(p, "'%.*s' has { without }", STR_ARG(words));
			return false;
		}
		piece->text = escaped(p, str_cut(words, from, open));
		piece->has_name = true;
		if (!name_parse(p, str_cut(words, open + 1, close), &piece->name))
			return false;
		from = close + 1;
	}
	list_add(p->cx->mem, out)->text = escaped(p, str_cut(words, from, words.n));
	return true;
}

static bool has_placeholder(const struct word_pieces *pieces, struct str name)
{
	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->at[i].has_name && str_eq(pieces->at[i].name.whole, name))
			return true;
	return false;
}

/* Each placeholder of a stands in b. */
static bool placeholders_in(const struct word_pieces *a, const struct word_pieces *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->at[i].has_name && !has_placeholder(b, a->at[i].name.whole))
			return false;
	return true;
}

static void words_tag(struct parser *p, struct str words)
{
	const struct words *english = p->cx->app ? p->cx->app->english : NULL;
	struct str en = english ? words_get(english, words) : words;
	const char *wrong = html_value(&p->html);
	struct node *n;

	if (wrong == NULL && p->html.state == HTML_QUOTED && p->html.kind == ATTRIBUTE_ADDRESS)
		wrong = "no words may stand in an address";
	if (wrong) {
		mistake(p, "{{t %.*s}}: %s", STR_ARG(words), wrong);
		return;
	}
	n = node_add(p, NODE_WORDS);
	n->text = words;
	n->attribute = p->html.state == HTML_QUOTED || p->html.state == HTML_RCDATA;
	if (words_split(p, words, &n->zh) && words_split(p, en, &n->en) &&
	    !(placeholders_in(&n->zh, &n->en) && placeholders_in(&n->en, &n->zh)))
		mistake(p, "the translation '%.*s' has not the same {names} as '%.*s'", STR_ARG(en),
		    STR_ARG(words));
}

/* ---- tags ---- */
static void value_tag(struct parser *p, struct str name)
{
	const char *wrong = html_value(&p->html);
	bool address =
	    wrong == NULL && p->html.state == HTML_QUOTED && p->html.kind == ATTRIBUTE_ADDRESS;
	struct node *n;

	if (wrong) {
		mistake(p, "{{%.*s}}: %s", STR_ARG(name), wrong);
		return;
	}
	n = node_add(p, address ? NODE_ADDRESS : NODE_VALUE);
	n->attribute = p->html.state == HTML_QUOTED || p->html.state == HTML_RCDATA;
	(void)name_parse(p, name, &n->name);
	if (n->name.marked && n->attribute)
		mistake(p, "{{%.*s}}: nothing can be marked in an attribute", STR_ARG(name));
}

static void section_open(struct parser *p, enum node_kind kind, struct str name)
{
	const char *wrong = html_section(&p->html);
	struct node *n;

	if (wrong)
		mistake(
		    p, "{{%c%.*s}}: %s", kind == NODE_SECTION ? '#' : '^', STR_ARG(name), wrong);
	if (p->open_n == TEMPLATE_DEPTH) {
		mistake(p, "sections are nested deeper than %d", TEMPLATE_DEPTH);
		return;
	}
	n = node_add(p, kind);
	(void)name_parse(p, name, &n->name);
	p->open[p->open_n++] = (struct open_section){p->t->n - 1, p->html};
}

static void section_close(struct parser *p, struct str name)
{
	struct open_section *o;
	struct node *n;

	(void)html_section(&p->html);
	if (p->open_n == 0) {
		mistake(p, "{{/%.*s}} closes nothing", STR_ARG(name));
		return;
	}
	o = &p->open[--p->open_n];
	n = &p->t->at[o->node];
	n->end = (uint32_t)p->t->n;
	if (!str_eq(n->name.whole, name))
		mistake(p, "{{/%.*s}} where {{/%.*s}} of line %u is expected", STR_ARG(name),
		    STR_ARG(n->name.whole), n->line);
	else if (!html_same(&o->html, &p->html))
		mistake(p, "the section '%.*s' of line %u ends elsewhere in the HTML than it began",
		    STR_ARG(name), n->line);
}

static void part_tag(struct parser *p, struct str name)
{
	struct str file = str_fmt(p->cx->mem, "parts/%.*s.html", STR_ARG(name));
	const struct template *part = map_get(&p->all->by_name, file);
	const char *wrong = html_part(&p->html);
	struct node *n;

	if (wrong || part == NULL) {
		mistake(p, "{{>%.*s}}: %s", STR_ARG(name),
		    wrong ? wrong : str_fmt(p->cx->mem, "no file %.*s", STR_ARG(file)).p);
		return;
	}
	n = node_add(p, NODE_PART);
	n->text = name;
	n->part = part;
}

static void tag(struct parser *p, struct str inside)
{
	struct str rest = str_cut(inside, 1, inside.n);

	switch (inside.n ? inside.p[0] : ' ') {
	case '!':
		return;
	case '#':
		section_open(p, NODE_SECTION, rest);
		return;
	case '^':
		section_open(p, NODE_INVERTED, rest);
		return;
	case '/':
		section_close(p, rest);
		return;
	case '>':
		part_tag(p, rest);
		return;
	default:
		if (str_starts(inside, STR("t ")))
			words_tag(p, str_cut(inside, 2, inside.n));
		else
			value_tag(p, inside);
	}
}

/* End of the tag whose inside begins at from: the first }} outside a {placeholder}. */
static bool tag_end(struct str text, size_t from, size_t *at_out)
{
	bool words = str_starts(str_cut(text, from, text.n), STR("t ")), inner = false;

	for (size_t i = from; i + 1 < text.n; i++) {
		if (words && !inner && text.p[i] == '{')
			inner = true;
		else if (inner && text.p[i] == '}')
			inner = false;
		else if (text.p[i] == '}' && text.p[i + 1] == '}') {
			*at_out = i;
			return true;
		}
	}
	return false;
}

/* ---- literal text ---- */
/* /static/x stands for ever under the address that names its content: /static/x?v=HASH. */
static void static_address(struct parser *p, struct str path)
{
	const struct str *file = map_get(p->files, str_cut(path, 1, path.n));
	struct hash h;

	if (file == NULL) {
		mistake(p, "no file %.*s", STR_ARG(path));
		return;
	}
	h = crypto_sha256(*file);
	text_add(p, str_fmt(p->cx->mem, "%.*s?v=%.*s", STR_ARG(path), STATIC_DIGITS,
			hash_hex(p->cx->mem, &h).p));
}

/* A literal own address begins at `at` of text: what goes before it, or replaces it. Returns the byte from which literal text goes on. */
static size_t own_address(struct parser *p, struct str text, size_t from, size_t at)
{
	struct str rest = str_cut(text, at, text.n);
	size_t end;

	if (str_starts(rest, STR("/static/")) &&
	    str_find(rest, (struct str){&p->html.quote, 1}, 0, &end)) {
		text_add(p, str_cut(text, from, at));
		static_address(p, str_cut(rest, 0, end));
		return at + end;
	}
	if (!address_has_language(rest))
		return from;
	text_add(p, str_cut(text, from, at));
	(void)node_add(p, NODE_LANG);
	return at;
}

static void literal(struct parser *p, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char *wrong = html_scan(&p->html, text, i);

		if (wrong)
			mistake(p, "%s", wrong);
		if (p->html.address_starts && i >= from)
			from = own_address(p, text, from, i);
		p->line += text.p[i] == '\n';
	}
	text_add(p, str_cut(text, from, text.n));
}

static void file_parse(struct parser *p)
{
	size_t open, close;

	while (str_find(p->text, STR("{{"), p->at, &open)) {
		struct str inside;

		literal(p, str_cut(p->text, p->at, open));
		if (!tag_end(p->text, open + 2, &close)) {
			mistake(p, "{{ without }}");
			return;
		}
		inside = str_cut(p->text, open + 2, close);
		tag(p, inside);
		for (size_t i = 0; i < inside.n; i++)
			p->line += inside.p[i] == '\n';
		p->at = close + 2;
	}
	literal(p, str_cut(p->text, p->at, p->text.n));
	while (p->open_n)
		mistake(p, "{{#%.*s}} of line %u is not closed",
		    STR_ARG(p->t->at[p->open[p->open_n - 1].node].name.whole),
		    p->t->at[p->open[p->open_n - 1].node].line),
		    p->open_n--;
	if (p->html.state != HTML_TEXT)
		mistake(
		    p, "the file ends inside a tag, a comment or an element that holds only text");
}

void template_parse(struct cx *cx, struct templates *all, const struct map *files,
    struct template *t, struct mistakes_found *found)
{
	const struct str *text = map_get(files, t->name);
	struct parser p = {
	    .cx = cx, .all = all, .files = files, .t = t, .text = *text, .line = 1, .found = found};

	file_parse(&p);
}
