/* SPDX-License-Identifier: Apache-2.0 */
/* Templates, first half: files → nodes, with every mistake named. */
#include <stdio.h>

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
	struct buf *mistakes;
	size_t mistakes_n;
};

PRINTF(2, 3) static void mistake(struct parser *p, const char *fmt, ...)
{
	va_list ap;
	struct str what;

	if (p->mistakes_n++ >= MISTAKES_MAX)
		return;
	va_start(ap, fmt);
	what = str_vfmt(p->cx->mem, fmt, ap);
	va_end(ap);
	buf_fmt(p->mistakes, "%s%.*s:%u: %.*s", p->mistakes->n ? "\n" : "", STR_ARG(p->t->name), p->line, STR_ARG(what));
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
			mistake(p, "'%.*s' is no name: write name, a.b, @page.name, @site.name or . (letters a-z, digits, _), with @machine after it if wanted", STR_ARG(s));
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
		mistake(p, "the translation '%.*s' has not the same {names} as '%.*s'", STR_ARG(en), STR_ARG(words));
}

/* ---- tags ---- */
static void value_tag(struct parser *p, struct str name)
{
	const char *wrong = html_value(&p->html);
	bool address = wrong == NULL && p->html.state == HTML_QUOTED && p->html.kind == ATTRIBUTE_ADDRESS;
	struct node *n;

	if (wrong) {
		mistake(p, "{{%.*s}}: %s", STR_ARG(name), wrong);
		return;
	}
	n = node_add(p, address ? NODE_ADDRESS : NODE_VALUE);
	n->attribute = p->html.state == HTML_QUOTED || p->html.state == HTML_RCDATA;
	(void)name_parse(p, name, &n->name);
}

static void section_open(struct parser *p, enum node_kind kind, struct str name)
{
	const char *wrong = html_section(&p->html);
	struct node *n;

	if (wrong)
		mistake(p, "{{%c%.*s}}: %s", kind == NODE_SECTION ? '#' : '^', STR_ARG(name), wrong);
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
		mistake(p, "{{/%.*s}} where {{/%.*s}} of line %u is expected", STR_ARG(name), STR_ARG(n->name.whole), n->line);
	else if (!html_same(&o->html, &p->html))
		mistake(p, "the section '%.*s' of line %u ends elsewhere in the HTML than it began", STR_ARG(name), n->line);
}

static void part_tag(struct parser *p, struct str name)
{
	struct str file = str_fmt(p->cx->mem, "parts/%.*s.html", STR_ARG(name));
	const struct template *part = map_get(&p->all->by_name, file);
	const char *wrong = html_part(&p->html);
	struct node *n;

	if (wrong || part == NULL) {
		mistake(p, "{{>%.*s}}: %s", STR_ARG(name), wrong ? wrong : str_fmt(p->cx->mem, "no file %.*s", STR_ARG(file)).p);
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
	text_add(p, str_fmt(p->cx->mem, "%.*s?v=%.*s", STR_ARG(path), STATIC_DIGITS, hash_hex(p->cx->mem, &h).p));
}

/* A literal own address begins at `at` of text: what goes before it, or replaces it. Returns the byte from which literal text goes on. */
static size_t own_address(struct parser *p, struct str text, size_t from, size_t at)
{
	struct str rest = str_cut(text, at, text.n);
	size_t end;

	if (str_starts(rest, STR("/static/")) && str_find(rest, (struct str){&p->html.quote, 1}, 0, &end)) {
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
		mistake(p, "{{#%.*s}} of line %u is not closed", STR_ARG(p->t->at[p->open[p->open_n - 1].node].name.whole),
		    p->t->at[p->open[p->open_n - 1].node].line), p->open_n--;
	if (p->html.state != HTML_TEXT)
		mistake(p, "the file ends inside a tag, a comment or an element that holds only text");
}

/* ---- loading ---- */
static bool is_template(struct str path)
{
	return str_ends(path, STR(".html")) && (str_starts(path, STR("pages/")) || str_starts(path, STR("parts/")));
}

static void tags_index(struct cx *cx, struct templates *all)
{
	all->seen = (_Atomic(bool) *)arena_alloc(cx->mem, all->tags * sizeof *all->seen);
	all->tag_nodes = arena_array(cx->mem, const struct node *, all->tags);
	all->tag_files = arena_array(cx->mem, const struct template *, all->tags);
	MAP_EACH(slot, &all->by_name) {
		const struct template *t = slot->value;

		for (size_t i = 0; i < t->n; i++) {
			if (t->at[i].kind == NODE_TEXT || t->at[i].kind == NODE_LANG)
				continue;
			all->tag_nodes[t->at[i].index] = &t->at[i];
			all->tag_files[t->at[i].index] = t;
		}
	}
}

bool templates_load(struct cx *cx, const struct map *files, struct templates **out)
{
	struct templates *all = arena_new(cx->mem, struct templates);
	struct buf mistakes = buf_new(cx->mem, 65536);
	size_t mistakes_n = 0;

	MAP_EACH(file, files) {
		struct template *t = arena_new(cx->mem, struct template);

		t->name = file->key;
		if (is_template(file->key))
			(void)map_put(cx->mem, &all->by_name, file->key, t);
	}
	MAP_EACH(slot, &all->by_name) {
		const struct str *text = map_get(files, slot->key);
		struct parser p = {.cx = cx, .all = all, .files = files, .t = slot->value, .text = *text, .line = 1,
		    .mistakes = &mistakes, .mistakes_n = mistakes_n};

		file_parse(&p);
		mistakes_n = p.mistakes_n;
	}
	if (mistakes_n)
		return cx_fail(cx, ERR_INPUT, "%.*s", STR_ARG(buf_str(&mistakes)));
	tags_index(cx, all);
	*out = all;
	return true;
}

bool template_exists(const struct templates *t, struct str name)
{
	char path[256];
	int n = snprintf(path, sizeof path, "pages/%.*s.html", STR_ARG(name));

	return n > 0 && (size_t)n < sizeof path && map_has(&t->by_name, (struct str){path, (size_t)n});
}

void templates_words(struct arena *mem, const struct templates *t, struct val *list)
{
	struct map seen = {0};

	for (size_t i = 0; i < t->tags; i++) {
		const struct node *n = t->tag_nodes[i];

		if (n->kind != NODE_WORDS || map_has(&seen, n->text))
			continue;
		(void)map_put(mem, &seen, n->text, NULL);
		(void)val_add(mem, list, val_text(mem, n->text));
	}
}

void templates_unused(struct arena *mem, const struct templates *t, struct val *list)
{
	static const char *const mark[] = {"", "", "", "", "#", "^", ">", "t "};

	for (size_t i = 0; i < t->tags; i++) {
		const struct node *n = t->tag_nodes[i];
		struct str what = n->text.n ? n->text : n->name.whole;

		if (!atomic_load_explicit(&t->seen[i], memory_order_relaxed))
			(void)val_add(mem, list, val_text(mem, str_fmt(mem, "%.*s:%u {{%s%.*s}}", STR_ARG(t->tag_files[i]->name), n->line, mark[n->kind], STR_ARG(what))));
	}
}
