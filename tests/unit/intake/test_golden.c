/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/golden/import: NAME.yaml is a profile, NAME.csv or NAME.jsonl a source. NAME.out is what becomes of it: the totals, the report, and the
 * documents as published. UPDATE=1 in the environment writes it anew.
 */
#include "unit/intake/home.h"

#define GOLDEN SOURCE_DIR "/tests/golden/import/"

/* Log time is part of an id: the year is always the same here. */
static void clock_stop(void)
{
	FILE *f = fopen("/tmp/gongkai-intake-clock", "w");

	assert_non_null(f);
	(void)fputs("1773619200\n", f); /* 2026-03-16 */
	assert_int_equal(fclose(f), 0);
	assert_int_equal(setenv("GONGKAI_CLOCK", "/tmp/gongkai-intake-clock", 1), 0);
}

static void totals_print(struct buf *b, const struct intake_totals *t)
{
	buf_fmt(b, "notices: published %" PRId64 ", revised %" PRId64 "\n", t->notices_published,
	    t->notices_revised);
	buf_c(b, "rows:");
	for (int i = 0; i < ROW_OUTCOMES; i++)
		buf_fmt(b, "%s %s %" PRId64, i ? "," : "", row_outcome_name((enum row_outcome)i),
		    t->rows[i]);
	buf_char(b, '\n');
}

static void documents_print(struct intake_home *h, struct buf *b, const struct val *report)
{
	struct map seen = {0};

	VAL_EACH(i, report) {
		struct str id = val_str(report->at[i], "id");
		struct notice n;

		if (!id.n || map_has(&seen, id))
			continue;
		map_put(h->cx.mem, &seen, id, NULL);
		must(&h->cx, notice_get(&h->cx, id, 0, &n));
		buf_fmt(b, "%.*s@%" PRId64 " %.*s\n", STR_ARG(id), n.row.revision,
		    STR_ARG(n.document_bytes));
	}
}

static bool golden_case(struct arena *mem, struct str name)
{
	struct intake_home *h = home_open(mem, false);
	struct cx *cx = &h->cx;
	struct buf out = buf_new(mem, 1 << 22);
	const char *profile = str_fmt(mem, GOLDEN "%.*s.yaml", STR_ARG(name)).p;
	const char *path = str_fmt(mem, GOLDEN "%.*s.out", STR_ARG(name)).p,
		   *report = str_fmt(mem, "%s/report", h->dir).p;
	struct str text, want, have;
	struct intake_totals totals;

	must(
	    cx, io_file_find(cx, str_fmt(mem, GOLDEN "%.*s.csv", STR_ARG(name)).p, 1 << 22, &text));
	if (!text.p)
		must(cx, io_file_read(cx, str_fmt(mem, GOLDEN "%.*s.jsonl", STR_ARG(name)).p,
			     1 << 22, &text));
	totals = import_text(h, profile, text, STR_NONE);
	totals_print(&out, &totals);
	must(cx, io_file_read(cx, report, 1 << 22, &have));
	buf_add(&out, have);
	documents_print(h, &out, report_read(h));
	have = buf_str(&out);
	if (getenv("UPDATE"))
		must(cx, io_file_replace(cx, path, have, 0644));
	must(cx, io_file_find(cx, path, 1 << 22, &want));
	home_close(h);
	if (str_eq(want, have))
		return true;
	print_error("%s\nexpected:\n%.*s\nbut it is:\n%.*s\n", path, STR_ARG(want), STR_ARG(have));
	return false;
}

static void every_source_becomes_what_its_golden_file_says(void **state)
{
	struct cx cx = {.mem = *state};
	struct io_names names = {0};
	size_t wrong = 0;

	clock_stop();
	must(&cx, io_dir_list(&cx, GOLDEN, ".yaml", &names));
	assert_true(names.n >= 3);
	for (size_t i = 0; i < names.n; i++)
		wrong += !golden_case(*state, str_cut(names.at[i], 0, names.at[i].n - 5));
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_source_becomes_what_its_golden_file_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
