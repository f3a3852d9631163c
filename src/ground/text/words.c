/* SPDX-License-Identifier: Apache-2.0 */
#include "text/text.h"

struct words {
	struct map by_msgid; /* msgid → struct str * */
};

/* One entry while it is read; a string may go on over several lines. */
struct entry {
	struct buf id, text;
	struct buf *open; /* the one that continuation lines belong to */
	uint32_t line;	  /* of msgid, 0 when there is none */
	bool has_text, fuzzy;
};

struct reader {
	struct cx *cx;
	struct str name;
	uint32_t line;
	struct words *words;
	struct entry now;
};

static bool refuse(struct reader *r, const char *what)
{
	return cx_fail(r->cx, ERR_INPUT, "%.*s:%u: %s", STR_ARG(r->name), r->line, what);
}

static void entry_init(struct reader *r)
{
	r->now = (struct entry){
	    .id = buf_new(r->cx->mem, 1 << 16), .text = buf_new(r->cx->mem, 1 << 16)};
}

static bool entry_done(struct reader *r)
{
	struct entry *e = &r->now;
	struct str *text;

	if (e->line == 0) {
		entry_init(r); /* comments alone */
		return true;
	}
	if (!e->has_text)
		return refuse(r, "expected msgstr after msgid");
	if (e->id.failed || e->text.failed)
		return refuse(r, "a text is longer than 65536 bytes");
	if (e->id.n && e->text.n && !e->fuzzy) {
		text = arena_new(r->cx->mem, struct str);
		*text = buf_str(&e->text);
		if (map_put(r->cx->mem, &r->words->by_msgid, buf_str(&e->id), text) != NULL) {
			r->line = e->line;
			return refuse(r, "this msgid stands twice");
		}
	}
	entry_init(r);
	return true;
}

static char unescaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '"':
		return '"';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

/* Appends the string in quotes that fills the rest of the line. */
static bool quoted(struct reader *r, struct str s, struct buf *b)
{
	s = str_trim(s);
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return refuse(r, "expected a text in quotes");
	for (size_t i = 1; i < s.n - 1; i++) {
		char c = s.p[i];

		if (c == '"')
			return refuse(r, "a quote inside a text must be written \\\"");
		if (c == '\\') {
			c = unescaped(s.p[++i]); /* the last is the closing quote */
			if (c == '\0' || i == s.n - 1)
				return refuse(r, "expected \\n, \\t, \\\" or \\\\");
		}
		buf_char(b, c);
	}
	return true;
}

static bool msgid(struct reader *r, struct str rest)
{
	if (r->now.has_text && !entry_done(r))
		return false;
	if (r->now.line)
		return refuse(r, "expected msgstr before the next msgid");
	r->now.line = r->line;
	r->now.open = &r->now.id;
	return quoted(r, rest, r->now.open);
}

static bool msgstr(struct reader *r, struct str rest)
{
	if (r->now.line == 0 || r->now.has_text)
		return refuse(r, "expected msgid before msgstr");
	r->now.has_text = true;
	r->now.open = &r->now.text;
	return quoted(r, rest, r->now.open);
}

static bool comment(struct reader *r, struct str line)
{
	if (r->now.has_text && !entry_done(r))
		return false;
	if (str_starts(line, STR("#,")) && str_has(line, STR("fuzzy")))
		r->now.fuzzy = true;
	return true;
}

static bool one_line(struct reader *r, struct str line)
{
	line = str_trim(line);
	if (line.n == 0)
		return entry_done(r);
	if (line.p[0] == '#')
		return comment(r, line);
	if (line.p[0] == '"')
		return r->now.open ? quoted(r, line, r->now.open)
				   : refuse(r, "expected msgid before a text");
	if (str_starts(line, STR("msgid ")))
		return msgid(r, str_cut(line, 6, line.n));
	if (str_starts(line, STR("msgstr ")))
		return msgstr(r, str_cut(line, 7, line.n));
	return refuse(r, "expected msgid, msgstr, a text in quotes or a comment");
}

bool words_parse(struct cx *cx, struct str name, struct str po, struct words **out)
{
	struct reader r = {.cx = cx, .name = name, .words = arena_new(cx->mem, struct words)};
	struct str rest = po, line;
	size_t bad;

	if (!text_utf8_valid(po, &bad))
		return cx_fail(
		    cx, ERR_INPUT, "%.*s: invalid UTF-8 at byte %zu", STR_ARG(name), bad + 1);
	entry_init(&r);
	while (str_split(&rest, '\n', &line)) {
		r.line++;
		if (!one_line(&r, line))
			return false;
	}
	if (!entry_done(&r))
		return false;
	*out = r.words;
	return true;
}

struct str words_get(const struct words *w, struct str msgid)
{
	const struct str *text = w ? map_get(&w->by_msgid, msgid) : NULL;

	return text ? *text : msgid;
}

bool words_have(const struct words *w, struct str msgid)
{
	return w != NULL && map_has(&w->by_msgid, msgid);
}
