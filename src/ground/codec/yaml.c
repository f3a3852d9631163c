/* SPDX-License-Identifier: Apache-2.0 */
#include <yaml.h>

#include "codec/codec_priv.h"
#include "codec/yaml.h"
#include "text/text.h"

#define BYTES_MOST ((size_t)4 << 20)
#define DEPTH_MOST 16

struct reader {
	struct cx *cx;
	struct str name;
	struct str text;
	yaml_parser_t parser;
	yaml_event_t event; /* the one at hand; held when has_event */
	bool has_event;
	unsigned depth;
};

static bool refuse(struct reader *r, yaml_mark_t at, enum err_code code, const char *what)
{
	return cx_fail(
	    r->cx, code, "%.*s:%zu:%zu: %s", STR_ARG(r->name), at.line + 1, at.column + 1, what);
}

static void drop(struct reader *r)
{
	if (r->has_event)
		yaml_event_delete(&r->event);
	r->has_event = false;
}

static bool next(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	drop(r);
	if (yaml_parser_parse(&r->parser, &r->event)) {
		r->has_event = true;
		return true;
	}
	BUG_ON(p->error == YAML_MEMORY_ERROR);
	if (p->error == YAML_READER_ERROR) {
		size_t line = 1;

		for (size_t i = 0; i < p->problem_offset && i < r->text.n; i++)
			line += r->text.p[i] == '\n';
		return cx_fail(
		    r->cx, ERR_INPUT, "%.*s:%zu:1: %s", STR_ARG(r->name), line, p->problem);
	}
	return refuse(r, p->problem_mark, ERR_INPUT,
	    str_fmt(r->cx->mem, "%s%s%s", p->problem, p->context ? " " : "",
		p->context ? p->context : "")
		.p);
}

/* Past n events. */
static bool skip(struct reader *r, int n)
{
	while (n-- > 0) {
		if (!next(r))
			return false;
	}
	return true;
}

static struct val *placed(struct val *v, yaml_mark_t at)
{
	v->line = (uint32_t)at.line + 1;
	v->column = (uint32_t)at.column + 1;
	return v;
}

static bool value(struct reader *r, struct val **out);

static bool scalar(struct reader *r, struct val **out)
{
	struct str s = {(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
	bool left_out = s.n == 0 && r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (r->event.data.scalar.anchor || r->event.data.scalar.tag)
		return refuse(r, r->event.start_mark, ERR_INPUT,
		    "anchors and tags are not used in data files");
	s = left_out ? STR_NONE : str_dup(r->cx->mem, s);
	*out = placed(val_text(r->cx->mem, s), r->event.start_mark);
	return true;
}

static bool opened(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor || tag)
		return refuse(r, r->event.start_mark, ERR_INPUT,
		    "anchors and tags are not used in data files");
	if (++r->depth > DEPTH_MOST)
		return refuse(r, r->event.start_mark, ERR_LIMIT, "nested deeper than 16 levels");
	return true;
}

static bool list(struct reader *r, struct val **out)
{
	struct val *v = placed(val_list(r->cx->mem), r->event.start_mark), *child = NULL;

	if (!opened(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag))
		return false;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		if (!value(r, &child))
			return false;
		val_add(r->cx->mem, v, child);
	}
	r->depth--;
	*out = v;
	return true;
}

/* One key and its value; the key's event is at hand. */
static bool member(struct reader *r, struct map *seen, struct val *v)
{
	yaml_mark_t at = r->event.start_mark;
	struct val *key = NULL, *child = NULL;

	if (r->event.type != YAML_SCALAR_EVENT)
		return refuse(r, at, ERR_INPUT, "expected a key that is one word or text");
	if (!scalar(r, &key))
		return false;
	if (key->kind != VAL_TEXT)
		return refuse(r, at, ERR_INPUT, "expected a key before the colon");
	if (map_has(seen, key->text))
		return refuse(r, at, ERR_INPUT,
		    str_fmt(r->cx->mem, "the key %.*s stands twice", STR_ARG(key->text)).p);
	(void)map_put(r->cx->mem, seen, key->text, key);
	if (!next(r) || !value(r, &child))
		return false;
	val_append(r->cx->mem, v, key->text, child);
	return true;
}

static bool map(struct reader *r, struct val **out)
{
	struct val *v = placed(val_map(r->cx->mem), r->event.start_mark);
	struct map seen = {0};

	if (!opened(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag))
		return false;
	for (;;) {
		if (!next(r))
			return false;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			break;
		if (!member(r, &seen, v))
			return false;
	}
	r->depth--;
	*out = v;
	return true;
}

static bool value(struct reader *r, struct val **out)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return scalar(r, out);
	case YAML_SEQUENCE_START_EVENT:
		return list(r, out);
	case YAML_MAPPING_START_EVENT:
		return map(r, out);
	case YAML_ALIAS_EVENT:
		return refuse(
		    r, r->event.start_mark, ERR_INPUT, "aliases are not used in data files");
	default:
		return refuse(r, r->event.start_mark, ERR_INPUT, "expected a value");
	}
}

static bool document(struct reader *r, struct val **out)
{
	/* stream start, document start, value, document end, stream end */
	if (!skip(r, 2))
		return false;
	if (r->event.type != YAML_DOCUMENT_START_EVENT)
		return refuse(
		    r, r->event.start_mark, ERR_INPUT, "expected a value but the file is empty");
	if (!next(r) || !value(r, out) || !skip(r, 2))
		return false;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return refuse(r, r->event.start_mark, ERR_INPUT, "expected one document in a file");
	return true;
}

bool yaml_parse(struct cx *cx, struct str name, struct str text, struct val **out)
{
	struct reader r = {.cx = cx, .name = name, .text = text};
	size_t bad;
	bool ok;

	if (text.n > BYTES_MOST)
		return cx_fail(cx, ERR_LIMIT, "%.*s:1:1: %zu bytes; at most %zu are accepted",
		    STR_ARG(name), text.n, BYTES_MOST);
	if (!text_utf8_valid(text, &bad)) {
		size_t line = 1;

		for (size_t i = 0; i < bad; i++)
			line += text.p[i] == '\n';
		return cx_fail(cx, ERR_INPUT, "%.*s:%zu:1: invalid UTF-8", STR_ARG(name), line);
	}
	BUG_ON(!yaml_parser_initialize(&r.parser));
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &r.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	ok = document(&r, out);
	drop(&r);
	yaml_parser_delete(&r.parser);
	return ok;
}
