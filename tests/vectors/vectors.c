/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "codec/csv.h"
#include "codec/json.h"
#include "vectors/vectors.h"

#define FILE_MOST  ((size_t)256 << 20)
#define ARENA_MOST ((size_t)4 << 30)
#define KINDS_MOST 64

static const struct vector_kind *const suites[] = {
    vectors_json,
    vectors_calendar,
    vectors_privacy,
    vectors_tlog,
    vectors_log,
};

struct tally {
	const struct vector_kind *kind;
	size_t passed, failed;
};

struct vectors {
	struct cx cx; /* of one case */
	struct cx files;
	struct str root;
	struct tally tallies[KINDS_MOST];
	size_t kinds;
	struct tally *now;
};

void vector_case(struct vectors *v, const struct vector_file *file, struct str id, bool passed,
    const char *fmt, ...)
{
	va_list ap;

	if (passed) {
		v->now->passed++;
		return;
	}
	v->now->failed++;
	(void)printf("failed %.*s: %.*s: ", STR_ARG(file->name), STR_ARG(id));
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
}

static void fresh(struct vectors *v)
{
	cx_clear(&v->cx);
	arena_reset(v->cx.mem);
}

struct cx *vector_cx(struct vectors *v)
{
	return &v->cx;
}

/* Has the object all the members that the header names? */
static bool members_stand(const struct val *one, const char *header)
{
	struct str names = str_of(header), name;

	while (str_split(&names, ' ', &name)) {
		if (val_find(one, name) == NULL)
			return false;
	}
	return true;
}

void vector_each_line(struct vectors *v, const struct vector_file *file, vector_fn *fn)
{
	struct str rest = file->bytes, line;

	for (size_t n = 1; str_split(&rest, '\n', &line); n++) {
		struct val *one;

		fresh(v);
		if (str_trim(line).n == 0)
			continue;
		if (!json_parse(&v->cx, line, NULL, &one))
			vector_case(v, file, str_fmt(v->cx.mem, "line %zu", n), false, "%.*s",
			    STR_ARG(v->cx.err.msg));
		else if (!members_stand(one, v->now->kind->header))
			vector_case(v, file, str_fmt(v->cx.mem, "line %zu", n), false,
			    "not all of these members stand here: %s", v->now->kind->header);
		else
			fn(v, file, one);
	}
}

/* The row as a map by the header's names; NULL when it has another number of columns. */
static struct val *row_of(
    struct arena *mem, const struct csv_record *header, const struct csv_record *row)
{
	struct val *map = val_map(mem);

	if (row->defect || row->n != header->n)
		return NULL;
	for (size_t i = 0; i < row->n; i++)
		val_put(mem, map, header->at[i], val_text(mem, row->at[i]));
	if (val_at(map, "line") == NULL)
		val_set_int(mem, map, "line", row->line);
	return map;
}

void vector_each_row(struct vectors *v, const struct vector_file *file, vector_fn *fn)
{
	struct csv_record header, row;
	struct csv csv;

	if (!csv_open(&v->files, file->bytes, &csv) || !csv_next(v->files.mem, &csv, &header)) {
		vector_case(v, file, STR("file"), false, "no header");
		cx_clear(&v->files);
		return;
	}
	for (;;) {
		const struct val *one;

		fresh(v);
		if (!csv_next(v->cx.mem, &csv, &row))
			return;
		one = row_of(v->cx.mem, &header, &row);
		if (one)
			fn(v, file, one);
		else
			vector_case(v, file, str_fmt(v->cx.mem, "line %u", row.line), false, "%s",
			    row.defect ? row.defect : "wrong number of columns");
	}
}

bool vector_u64(const struct val *map, const char *key, uint64_t *out)
{
	const struct val *v = val_find(map, str_of(key));

	if (v != NULL && v->kind == VAL_NUMBER)
		return str_uint(v->text, out);
	if (v == NULL || v->kind != VAL_INT || v->i < 0)
		return false;
	*out = (uint64_t)v->i;
	return true;
}

/* ---- which files are known ---- */

/* Is the first object one of these? */
static bool has_members(struct vectors *v, const struct vector_file *file, const char *header)
{
	struct str text = file->bytes, rest = text;
	struct val *first;

	if (str_ends(file->path, STR(".jsonl")) && !str_split(&rest, '\n', &text))
		return false;
	fresh(v);
	return json_parse(&v->cx, text, NULL, &first) && members_stand(first, header);
}

static bool is_kind(
    struct vectors *v, const struct vector_kind *kind, const struct vector_file *file)
{
	if (fnmatch(kind->pattern, file->path.p, 0) != 0)
		return false;
	if (kind->header == NULL)
		return true;
	if (str_ends(file->path, STR(".jsonl")) || str_ends(file->path, STR(".json")))
		return has_members(v, file, kind->header);
	return str_starts(file->bytes, str_of(kind->header));
}

static struct tally *kind_of(struct vectors *v, const struct vector_file *file)
{
	for (size_t i = 0; i < v->kinds; i++) {
		if (is_kind(v, v->tallies[i].kind, file))
			return &v->tallies[i];
	}
	return NULL;
}

static void run_file(struct vectors *v, const char *path)
{
	struct vector_file file = {
	    .path = str_of(path), .name = str_cut(str_of(path), v->root.n + 1, strlen(path))};
	struct arena_mark before = arena_mark(v->files.mem);

	if (!io_file_read(&v->files, path, FILE_MOST, &file.bytes)) {
		(void)printf("skipped %.*s: %.*s\n", STR_ARG(file.name), STR_ARG(v->files.err.msg));
		cx_clear(&v->files);
		return;
	}
	v->now = kind_of(v, &file);
	fresh(v);
	if (v->now != NULL && v->now->kind->run != NULL)
		v->now->kind->run(v, &file);
	else
		(void)printf("skipped %.*s\n", STR_ARG(file.name));
	arena_rewind(v->files.mem, before);
}

static bool walk(struct vectors *v, const char *dir)
{
	struct io_names names = {0};

	if (!io_dir_list(&v->files, dir, "", &names))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		const char *path = str_fmt(v->files.mem, "%s/%.*s", dir, STR_ARG(names.at[i])).p;
		struct stat st;

		if (stat(path, &st) != 0) {
			(void)printf("skipped %s: %s\n", path + v->root.n + 1, strerror(errno));
			continue;
		}
		if (S_ISDIR(st.st_mode) && !walk(v, path))
			return false;
		if (S_ISREG(st.st_mode))
			run_file(v, path);
	}
	return true;
}

static int report(const struct vectors *v)
{
	size_t passed = 0, failed = 0;

	for (const struct tally *t = v->tallies; t < v->tallies + v->kinds; t++) {
		if (t->passed + t->failed)
			(void)printf(
			    "%s: %zu passed, %zu failed\n", t->kind->name, t->passed, t->failed);
		passed += t->passed;
		failed += t->failed;
	}
	(void)printf("%zu passed, %zu failed\n", passed, failed);
	return failed != 0;
}

static void list_kinds(struct vectors *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
		for (const struct vector_kind *k = suites[i]; k->pattern != NULL; k++) {
			BUG_ON(v->kinds == KINDS_MOST);
			v->tallies[v->kinds++].kind = k;
		}
	}
}

int main(int argc, char **argv)
{
	static char root[PATH_MAX];
	static struct vectors v;
	int rc = 3;

	if (argc != 2) {
		(void)fputs("usage: vectors DIR\n", stderr);
		return 2;
	}
	if (realpath(argv[1], root) == NULL) {
		perror(argv[1]);
		return 3;
	}
	v.root = str_of(root);
	v.cx.mem = arena_open(ARENA_MOST);
	v.files.mem = arena_open(ARENA_MOST);
	list_kinds(&v);
	if (walk(&v, root))
		rc = report(&v);
	else
		(void)fprintf(stderr, "%s\n", cx_error(&v.files).p);
	arena_close(v.cx.mem);
	arena_close(v.files.mem);
	return rc;
}
