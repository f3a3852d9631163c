/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/csv.h"
#include "text/text.h"

/* ---- opening: which encoding? ---- */

/* So many good characters of three or four bytes before the first bad byte, and the text is UTF-8 with a fault: GB18030 would not get there by chance. */
#define UTF8_EVIDENCE 8

static bool looks_utf8(struct str s, size_t bad_at)
{
	size_t wide = 0;

	for (size_t i = 0; i < bad_at; i++)
		wide += (unsigned char)s.p[i] >= 0xE0;
	return wide >= UTF8_EVIDENCE;
}

static size_t line_of(struct str s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s.p[i] == '\n' || (s.p[i] == '\r' && s.p[i + 1] != '\n');
	return line;
}

bool csv_open(struct cx *cx, struct str bytes, struct csv *out)
{
	struct csv csv = {.text = bytes.p ? bytes : STR(""), .line = 1};
	bool marked = str_starts(bytes, STR("\xEF\xBB\xBF"));
	size_t bad_at;

	if (marked)
		csv.text = str_cut(bytes, 3, bytes.n);
	if (!text_utf8_valid(csv.text, &bad_at)) {
		if (marked || looks_utf8(csv.text, bad_at))
			csv.spoilt = true;
		else if (!text_from_gb18030(cx->mem, csv.text, &csv.text))
			return cx_fail(cx, ERR_INPUT, "line %zu: neither UTF-8 nor GB18030",
			    line_of(csv.text, bad_at));
	}
	*out = csv;
	return true;
}

/* ---- records ---- */

static const char an_open_quote[] = "a quote is not closed";
static const char after_quote[] = "text after a closing quote";
static const char invalid_utf8[] = "invalid UTF-8";

static bool ends_line(const struct csv *csv, size_t at)
{
	return at == csv->text.n || csv->text.p[at] == '\n' || csv->text.p[at] == '\r';
}

/* Past the line end at `at`, if there is one. */
static size_t past_line_end(struct csv *csv, size_t at)
{
	if (at == csv->text.n)
		return at;
	csv->line++;
	return at + 1 +
	       (csv->text.p[at] == '\r' && at + 1 < csv->text.n && csv->text.p[at + 1] == '\n');
}

static void add_field(struct arena *mem, struct csv_record *r, struct str field)
{
	*list_add(mem, r) = field;
}

/* The field between the quotes [from, to), where "" stands for a quote `doubled` times. */
static struct str unquoted(
    struct arena *mem, struct str text, size_t from, size_t to, size_t doubled)
{
	struct str s = str_cut(text, from, to);
	char *p;
	size_t n = 0;

	if (doubled == 0)
		return s;
	p = arena_alloc(mem, s.n - doubled + 1);
	for (size_t i = 0; i < s.n; i += s.p[i] == '"' ? 2 : 1)
		p[n++] = s.p[i];
	return (struct str){p, n};
}

/* The quoted field whose opening quote is at *at; a defect or NULL. */
static const char *quoted(struct arena *mem, struct csv *csv, size_t *at, struct csv_record *r)
{
	struct str text = csv->text;
	size_t from = *at + 1, i = from, doubled = 0;

	for (;; i += 2, doubled++) {
		const char *hit = i < text.n ? memchr(text.p + i, '"', text.n - i) : NULL;

		if (hit == NULL)
			return an_open_quote;
		i = (size_t)(hit - text.p);
		if (i + 1 == text.n || text.p[i + 1] != '"')
			break;
	}
	if (!ends_line(csv, i + 1) && text.p[i + 1] != ',')
		return after_quote;
	for (size_t k = from; k < i; k++)
		csv->line += text.p[k] == '\n' || (text.p[k] == '\r' && text.p[k + 1] != '\n');
	add_field(mem, r, unquoted(mem, text, from, i, doubled));
	*at = i + 1;
	return NULL;
}

static void bare(struct arena *mem, const struct csv *csv, size_t *at, struct csv_record *r)
{
	size_t from = *at;

	while (!ends_line(csv, *at) && csv->text.p[*at] != ',')
		++*at;
	add_field(mem, r, str_cut(csv->text, from, *at));
}

/* All fields from csv->at; *end_out is where the line end stands. */
static const char *fields(struct arena *mem, struct csv *csv, struct csv_record *r, size_t *end_out)
{
	size_t at = csv->at;

	for (;; at++) {
		const char *defect = NULL;

		if (at < csv->text.n && csv->text.p[at] == '"')
			defect = quoted(mem, csv, &at, r);
		else
			bare(mem, csv, &at, r);
		if (defect)
			return defect;
		if (ends_line(csv, at)) {
			*end_out = at;
			return NULL;
		}
	}
}

bool csv_next(struct arena *mem, struct csv *csv, struct csv_record *out)
{
	size_t from, end, bad;

	while (csv->at < csv->text.n && ends_line(csv, csv->at))
		csv->at = past_line_end(csv, csv->at);
	from = end = csv->at;
	if (from == csv->text.n)
		return false;
	*out = (struct csv_record){.line = csv->line, .cap = csv->usual};
	if (csv->usual)
		out->at = arena_array(mem, struct str, csv->usual);
	out->defect = fields(mem, csv, out, &end);
	if (out->defect) {
		csv->line = out->line;
		while (!ends_line(csv, end))
			end++;
	}
	out->raw = str_cut(csv->text, from, end);
	if (csv->spoilt && !out->defect && !text_utf8_valid(out->raw, &bad))
		out->defect = invalid_utf8;
	if (out->defect)
		out->n = 0;
	else
		csv->usual = out->n;
	csv->at = past_line_end(csv, end);
	return true;
}

/* ---- out ---- */

/* Would a spreadsheet take this text for a formula? = + - @ in half and full width, TAB, CR. */
static bool runs(struct str s)
{
	static const char *const starts[] = {
	    "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		if (str_starts(s, str_of(starts[i])))
			return true;
	}
	return false;
}

void csv_print(struct buf *b, struct str field, bool first)
{
	bool guard = runs(field), quote = false;

	for (size_t i = 0; i < field.n && !quote; i++)
		quote = field.p[i] == '"' || field.p[i] == ',' || field.p[i] == '\n' ||
			field.p[i] == '\r';
	if (!first)
		buf_char(b, ',');
	if (quote)
		buf_char(b, '"');
	if (guard)
		buf_char(b, '\'');
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, field.p[i]);
	}
	if (quote)
		buf_char(b, '"');
}
