/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV file as records: its header gives the keys. */
#include "schema/schema_priv.h"
#include "codec/csv.h"

static uint32_t csv_column(struct str raw, size_t field)
{
	bool quoted = false;
	size_t commas = 0, i = 0;

	for (; i < raw.n && commas < field; i++) {
		if (raw.p[i] == '"')
			quoted = !quoted;
		else if (raw.p[i] == ',' && !quoted)
			commas++;
	}
	return (uint32_t)text_length(str_cut(raw, 0, i)) + 1;
}

/* Without a column that must be there the rows say nothing; "places" makes places/v1. */
static bool header_check(
    struct load *l, const char *name, const struct csv_record *header, const struct member *members)
{
	bool ok = true;

	for (size_t i = 0; i < header->n; i++) {
		struct val place = {.line = header->line, .column = csv_column(header->raw, i)};

		if (member_find(members, header->at[i]) == NULL)
			mistake(l, &place, "unknown column \"%.*s\"%.*s", STR_ARG(header->at[i]),
			    STR_ARG(member_hint(l, members, header->at[i])));
	}
	for (const struct member *m = members; m->key; m++) {
		bool found = !m->must;

		for (size_t i = 0; i < header->n && !found; i++)
			found = str_is(header->at[i], m->key);
		if (found)
			continue;
		mistake(l, &(struct val){.line = header->line, .column = 1},
		    "column \"%s\" is missing", m->key);
		source_lost(l, str_fmt(l->mem, "%s/v1", name).p);
		ok = false;
	}
	return ok;
}

static void row_tree(struct load *l, const struct csv_record *header, const struct csv_record *row,
    const struct member *members, struct val *list)
{
	struct val *map = val_map(l->mem);

	map->line = row->line;
	map->column = 1;
	for (size_t i = 0; i < row->n; i++) {
		struct val *cell;

		if (row->at[i].n == 0 || member_find(members, header->at[i]) == NULL)
			continue;
		cell = val_text(l->mem, row->at[i]);
		cell->line = row->line;
		cell->column = csv_column(row->raw, i);
		val_put(l->mem, map, header->at[i], cell);
	}
	val_add(l->mem, list, map);
}

/* "line 5: neither UTF-8 nor GB18030" becomes a mistake at its place. */
static bool csv_mistake(struct load *l)
{
	struct str rest = l->cx->err.msg, line;
	struct val place = {.column = 1};
	int64_t n;

	if (l->cx->err.code != ERR_INPUT || !str_starts(rest, STR("line ")) ||
	    !str_split(&rest, ':', &line) || !str_int(str_cut(line, 5, line.n), &n))
		return cx_note(l->cx, "reading %.*s", STR_ARG(l->file));
	place.line = (uint32_t)n;
	mistake(l, &place, "%.*s", STR_ARG(str_trim(rest)));
	cx_clear(l->cx);
	return true;
}

/* A first line "# words" is the name of what the file holds. */
static void name_read(struct load *l, struct csv *csv, struct val *tree)
{
	size_t end = csv->text.n;

	if (csv->text.n == 0 || csv->text.p[0] != '#')
		return;
	(void)str_find(csv->text, STR("\n"), 0, &end);
	val_set_text(l->mem, tree, "name", str_trim(str_cut(csv->text, 1, end)));
	csv->at = end < csv->text.n ? end + 1 : end;
	csv->line = 2;
}

bool csv_tree(struct load *l, struct str text, const char *name, const struct member *members,
    struct val **out)
{
	struct val *tree = val_map(l->mem), *list = val_list(l->mem);
	struct csv_record header = {0}, row;
	struct csv csv;

	if (!csv_open(l->cx, text, &csv)) {
		*out = NULL;
		return csv_mistake(l);
	}
	name_read(l, &csv, tree);
	tree->line = 1;
	tree->column = 1;
	list->line = csv.line;
	val_put(l->mem, tree, str_of(name), list);
	if (!csv_next(l->mem, &csv, &header)) {
		mistake(l, tree,
		    "the file is empty: a line with the names of its columns should stand here");
		header = (struct csv_record){.line = 1};
	}
	*out = tree;
	if (!header_check(l, name, &header, members))
		return true;
	for (row = (struct csv_record){0}; csv_next(l->mem, &csv, &row);
	     row = (struct csv_record){0}) {
		if (row.defect)
			mistake(l, &(struct val){.line = row.line, .column = 1}, "%s", row.defect);
		else if (row.n != header.n)
			mistake(l, &(struct val){.line = row.line, .column = 1},
			    "%zu columns stand here, the header has %zu", row.n, header.n);
		else
			row_tree(l, &header, &row, members, list);
	}
	return true;
}
