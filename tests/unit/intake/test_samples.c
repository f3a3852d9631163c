/* SPDX-License-Identifier: Apache-2.0 */
/* All real samples: how many notices, which rows are held and why; a second run adds nothing. */
#include "unit/intake/home.h"

#define SAMPLES SOURCE_DIR "/data/samples/"

struct held_case {
	int64_t line; /* first row of the notice */
	const char *rules;
};

static const struct sample {
	const char *profile, *file;
	int64_t rows, notices, held_rows;
	struct held_case held[16];
} samples[] = {
    {"yichang-award-results", SAMPLES "notices-yichang-award-results.csv", 1181, 1180, 1,
	{{1098, "text-zero-width"}}},
    {"yichang-candidates", SAMPLES "notices-yichang-candidates.csv", 3363, 1077, 3,
	{{2793, "text-zero-width text-zero-width"}}},
    {"jiangxi", SAMPLES "notices-jiangxi-2026-03.jsonl", 68, 68, 0, {{0, NULL}}},
    {"national", SAMPLES "notices-national-2026-03.jsonl", 69, 60, 9,
	{{1, "empty-term"}, {3, "date-form"}, {9, "date-form"}, {12, "date-form"},
	    {17, "empty-correction"}, {24, "text-zero-width"},
	    {25, "no-markup party-is-no-name party-is-no-name"},
	    {41, "zero-amount empty-correction"}, {63, "zero-amount empty-correction"}}},
    {"opening", SAMPLES "bid-opening-1528-bidders-2026-03-16.csv", 1528, 1, 0, {{0, NULL}}},
    {"land", SAMPLES "land-supply-beijing-2019h1.csv", 189, 183, 6,
	{{51, "empty-term"}, {53, "empty-term"}, {64, "empty-term"}, {86, "empty-term"},
	    {118, "empty-term"}, {141, "empty-term"}}},
    {"mining", SAMPLES "mining-rights-2026-09.csv", 31, 31, 0, {{0, NULL}}},
};

static const struct held_case *held_find(const struct sample *s, int64_t line)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->held) && s->held[i].rules; i++)
		if (s->held[i].line == line)
			return &s->held[i];
	return NULL;
}

static size_t held_count(const struct sample *s)
{
	size_t n = 0;

	while (n < ARRAY_SIZE(s->held) && s->held[n].rules)
		n++;
	return n;
}

/* Rules of what was said, in order. */
static const char *rules_of(struct arena *mem, const struct val *issues)
{
	struct buf b = buf_new(mem, 4096);

	VAL_EACH(i, issues) {
		buf_c(&b, i ? " " : "");
		buf_add(&b, val_str(issues->at[i], "rule"));
	}
	return buf_str(&b).p;
}

static void check_report(struct intake_home *h, const struct sample *s)
{
	const struct val *rows = report_read(h);
	size_t groups = 0;
	struct str last = STR("");

	assert_int_equal(rows->n, s->rows);
	VAL_EACH(i, rows) {
		const struct val *row = rows->at[i];
		const struct held_case *wanted;

		assert_int_equal(row->n, 6);
		if (!str_is(val_str(row, "outcome"), "held")) {
			assert_true(val_str(row, "id").n > 0);
			continue;
		}
		if (str_eq(val_str(row, "key"), last))
			continue; /* the rows of one notice share its outcome */
		last = val_str(row, "key");
		groups++;
		wanted = held_find(s, val_i64(row, "line", 0));
		if (!wanted)
			fail_msg("%s line %" PRId64 " is held: %s", s->profile,
			    val_i64(row, "line", 0), rules_of(h->cx.mem, val_at(row, "issues")));
		assert_string_equal(rules_of(h->cx.mem, val_at(row, "issues")), wanted->rules);
	}
	assert_int_equal(groups, held_count(s));
}

static void run(struct intake_home *h, bool again)
{
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];
		struct intake_totals t = import_file(h, s->profile, s->file);

		assert_int_equal(t.rows[ROW_FAILED], 0);
		assert_int_equal(t.rows[ROW_REVISED], 0);
		assert_int_equal(t.rows[ROW_HELD], s->held_rows);
		assert_int_equal(t.notices_published, again ? 0 : s->notices);
		assert_int_equal(
		    t.rows[again ? ROW_UNCHANGED : ROW_PUBLISHED], s->rows - s->held_rows);
		assert_int_equal(t.rows[again ? ROW_PUBLISHED : ROW_UNCHANGED], 0);
		check_report(h, s);
	}
}

static void real_notices_publish_and_what_cannot_be_true_is_held(void **state)
{
	struct intake_home *h = home_open(*state, true);
	struct audit_report audit;
	int64_t published;

	run(h, false);
	published = ledger_published(h->app.ledger);
	run(h, true);
	assert_int_equal(ledger_published(h->app.ledger), published);
	must(&h->cx, ledger_audit(&h->cx, &h->config, NULL, &audit));
	if (!audit.ok)
		fail_msg("audit: %s", audit.finding.p);
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(real_notices_publish_and_what_cannot_be_true_is_held),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
