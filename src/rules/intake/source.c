/* SPDX-License-Identifier: Apache-2.0 */
/* A source file as rows, and rows as groups of one notice each. */
#include "codec/json.h"
#include "intake/intake_priv.h"
#include "text/text.h"

#define FILE_MAX ((size_t)1 << 30)

/* ---- CSV ---- */
static bool header_bind(
    struct cx *cx, struct profile *p, struct str file, const struct csv_record *header)
{
	struct map columns = {0};

	for (size_t i = 0; i < header->n; i++) {
		if (map_has(&columns, header->at[i]))
			return cx_fail(cx, ERR_INPUT,
			    "%.*s:%u: column \"%.*s\" stands twice in the header", STR_ARG(file),
			    header->line, STR_ARG(header->at[i]));
		map_put(cx->mem, &columns, header->at[i], &header->at[i]);
	}
	for (struct profile_path *path = p->paths; path; path = path->all) {
		const struct str *at = map_get(&columns, path->text);
		struct str near;

		if (at) {
			path->column = (int)(at - header->at);
			continue;
		}
		near = map_near(&columns, path->text);
		return cx_fail(cx, ERR_INPUT,
		    "%.*s:%u: no column \"%.*s\", which profile %.*s reads%s%.*s%s", STR_ARG(file),
		    header->line, STR_ARG(path->text), STR_ARG(p->name),
		    near.p ? "; the file has \"" : "", STR_ARG(near), near.p ? "\"" : "");
	}
	return true;
}

static bool csv_rows(
    struct cx *cx, struct profile *p, struct str file, struct str text, struct source *out)
{
	struct csv csv;
	struct csv_record r = {0};

	if (!csv_open(cx, text, &csv))
		return cx_note(cx, "reading %.*s", STR_ARG(file));
	if (!csv_next(cx->mem, &csv, &r))
		return cx_fail(
		    cx, ERR_INPUT, "%.*s is empty: a header line is wanted", STR_ARG(file));
	if (r.defect)
		return cx_fail(cx, ERR_INPUT, "%.*s:%u: the header cannot be read: %s",
		    STR_ARG(file), r.line, r.defect);
	if (!header_bind(cx, p, file, &r))
		return false;
	out->header = r.raw;
	out->columns = r.n;
	for (r = (struct csv_record){0}; csv_next(cx->mem, &csv, &r); r = (struct csv_record){0}) {
		struct source_row *row = list_add(cx->mem, &out->rows);

		*row = (struct source_row){.line = r.line, .raw = r.raw, .fields = r.at};
		if (r.defect)
			row->defect = str_of(r.defect);
		else if (r.n != out->columns)
			row->defect = str_fmt(cx->mem, "有%zu列，表头有%zu列", r.n, out->columns);
	}
	return true;
}

/* ---- JSON lines ---- */
/* Lines end with LF, CRLF or CR: none of them stands within a JSON value. */
static bool line_split(struct str *rest, struct str *line_out)
{
	size_t n = 0;

	if (rest->p == NULL)
		return false;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*line_out = str_cut(*rest, 0, n);
	if (n == rest->n)
		*rest = STR_NONE;
	else
		*rest = str_cut(
		    *rest, n + 1 + str_starts(str_cut(*rest, n, rest->n), STR("\r\n")), rest->n);
	return true;
}

static bool jsonl_rows(struct cx *cx, struct str text, struct source *out)
{
	struct str rest = text, line;
	uint32_t number = 0;

	if (str_starts(rest, STR("\xEF\xBB\xBF")))
		rest = str_cut(rest, 3, rest.n);
	while (line_split(&rest, &line)) {
		number++;
		if (!str_trim(line).n)
			continue;
		*list_add(cx->mem, &out->rows) = (struct source_row){.line = number, .raw = line};
	}
	return true;
}

bool source_row_parse(struct arena *mem, const struct profile *profile, struct source_row *row)
{
	struct cx cx = {.mem = mem};
	struct val *tree;

	if (row->defect.p || profile->format == SOURCE_CSV || row->tree)
		return !row->defect.p;
	if (!json_parse(&cx, row->raw, NULL, &tree))
		row->defect = cx.err.msg;
	else if (tree->kind != VAL_MAP)
		row->defect = STR("应为一个 JSON 对象");
	else
		row->tree = tree;
	return !row->defect.p;
}

/* ---- looking up ---- */
static struct str leaf_text(struct arena *mem, const struct val *v)
{
	if (!v)
		return STR("");
	switch (v->kind) {
	case VAL_TEXT:
	case VAL_NUMBER:
		return v->text;
	case VAL_INT:
		return str_fmt(mem, "%" PRId64, v->i);
	case VAL_BOOL:
		return v->truth ? STR("true") : STR("false");
	default:
		return STR("");
	}
}

static const struct val *tree_find(const struct val *v, const struct profile_path *path)
{
	for (size_t i = 0; v && i < path->parts.n; i++)
		v = val_find(v, path->parts.at[i]);
	return v;
}

struct str source_text(
    struct arena *mem, const struct source_row *row, const struct profile_path *path)
{
	struct str s;

	if (row->tree)
		s = leaf_text(mem, tree_find(row->tree, path));
	else
		s = path->column >= 0 ? row->fields[path->column] : STR("");
	return memchr(s.p, '\r', s.n) ? text_lines(mem, s) : s;
}

/* ---- groups ---- */
static struct str group_key(struct arena *mem, const struct profile *p, struct source_row *row)
{
	struct buf b = buf_new(mem, (size_t)1 << 20);

	if (p->whole)
		return STR("all");
	for (const struct profile_path *path = p->group; path; path = path->next) {
		buf_add(&b, source_text(mem, row, path));
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

/* The group that this row belongs to: a new one when its key is new. */
static struct source_group *group_of(
    struct arena *mem, struct source *s, struct map *known, struct source_row *row)
{
	struct str key =
	    source_row_parse(mem, s->profile, row) ? group_key(mem, s->profile, row) : STR("");
	size_t *at = str_trim(key).n ? map_get(known, key) : NULL;

	if (at)
		return &s->groups.at[*at];
	if (str_trim(key).n) {
		at = arena_new(mem, size_t);
		*at = s->groups.n;
		map_put(mem, known, key, at);
	}
	return list_add(mem, &s->groups);
}

static void group_add(struct source_group *g, struct source_row *row)
{
	if (g->last)
		g->last->next = row;
	else
		g->first = row;
	g->last = row;
	g->n++;
}

/* Rows of one notice need not stand together. A row without a key, and an unreadable one, is a group of its own. */
static void groups_gather(struct arena *mem, struct source *s)
{
	struct map known = {0};

	for (size_t i = 0; i < s->rows.n; i++)
		group_add(group_of(mem, s, &known, &s->rows.at[i]), &s->rows.at[i]);
}

/* Each row is a notice. */
static void groups_single(struct arena *mem, struct source *s)
{
	s->groups.at = arena_array(mem, struct source_group, s->rows.n);
	s->groups.n = s->groups.cap = s->rows.n;
	for (size_t i = 0; i < s->rows.n; i++)
		group_add(&s->groups.at[i], &s->rows.at[i]);
}

bool source_open(
    struct cx *cx, struct profile *profile, struct str file, struct str text, struct source *out)
{
	*out = (struct source){.profile = profile};
	if (text.n > FILE_MAX)
		return cx_fail(cx, ERR_LIMIT, "%.*s has %zu bytes, at most %zu are read at once",
		    STR_ARG(file), text.n, FILE_MAX);
	if (profile->format == SOURCE_CSV ? !csv_rows(cx, profile, file, text, out)
					  : !jsonl_rows(cx, text, out))
		return false;
	if (profile->group || profile->whole)
		groups_gather(cx->mem, out);
	else
		groups_single(cx->mem, out);
	return true;
}
