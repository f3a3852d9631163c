/* SPDX-License-Identifier: Apache-2.0 */
/* What an import does beside publishing: revisions, held rows and their ways out, homes without the samples' bodies. On both engines. */
#include "unit/intake/home.h"

#define AWARD SOURCE_DIR "/tests/golden/import/award.yaml"
#define HEADER                                                                                     \
	"id,stage,day,title,region,tenderee,price,term,scope,class,tel,from,to,opening,body,url\n"
#define ROW(id, price, scope)                                                                      \
	id ",0104,2026-03-16,某工程中标结果,360802,吉安某公司," price ",180日历天," scope          \
	   ",A01,0796-8223344,,,,,\n"

static struct intake_totals import_rows(struct intake_home *h, const char *text)
{
	return import_text(h, AWARD, str_of(text), STR_NONE);
}

static void assert_totals(struct intake_totals t, int64_t published, int64_t held, int64_t revised,
    int64_t unchanged, int64_t failed)
{
	assert_int_equal(t.rows[ROW_PUBLISHED], published);
	assert_int_equal(t.rows[ROW_HELD], held);
	assert_int_equal(t.rows[ROW_REVISED], revised);
	assert_int_equal(t.rows[ROW_UNCHANGED], unchanged);
	assert_int_equal(t.rows[ROW_FAILED], failed);
}

static size_t held_n(struct intake_home *h, struct held_row **rows)
{
	size_t n;

	must(&h->cx, intake_held_list(&h->cx, STR_NONE, 0, 100, rows, &n));
	return n;
}

static void new_content_under_the_same_identity_is_a_revision_that_says_what_changed(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct notice n;
	const struct val *row, *changed;

	assert_totals(
	    import_rows(h, HEADER ROW("a", "100元", "甲") ROW("b", "200元", "乙")), 2, 0, 0, 0, 0);
	assert_totals(
	    import_rows(h, HEADER ROW("a", "100元", "甲") ROW("b", "250元", "丙")), 0, 0, 1, 1, 0);
	row = report_read(h)->at[1];
	must(&h->cx, notice_get(&h->cx, val_str(row, "id"), 0, &n));
	assert_int_equal(n.row.revision, 2);
	assert_int_equal(n.row.kind, NOTICE_CORRECTED);
	assert_int_equal(val_i64(row, "index", -1), n.row.idx);
	changed = val_path(n.document, STR("note.changed"));
	assert_int_equal(changed->n, 2);
	assert_string_equal(str_c(*state, changed->at[0]->text), "win_price");
	assert_string_equal(str_c(*state, changed->at[1]->text), "scope");
	home_close(h);
}

static void the_same_row_twice_in_one_file_is_unchanged_and_another_content_revises(void **state)
{
	struct intake_home *h = home_open(*state, false);

	assert_totals(import_rows(h, HEADER ROW("a", "100元", "甲") ROW("a", "100元", "甲")
					 ROW("a", "120元", "甲")),
	    1, 0, 1, 1, 0);
	assert_int_equal(ledger_published(h->app.ledger), 2);
	home_close(h);
}

static void a_row_that_stands_many_times_is_revised_in_the_order_of_the_file(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct buf b = buf_new(*state, 1 << 20);
	struct notice n;

	buf_c(&b, HEADER);
	for (int i = 1; i <= 601; i++) /* more than the groups on their way hold */
		buf_fmt(&b,
		    "a,0104,2026-03-16,某工程中标结果,360802,吉安某公司,%d元,180日历天,甲,A01,0796-"
		    "8223344,,,,,\n",
		    i);
	assert_totals(import_text(h, AWARD, buf_str(&b), STR_NONE), 1, 0, 600, 0, 0);
	must(&h->cx, notice_get(&h->cx, val_str(report_read(h)->at[600], "id"), 0, &n));
	assert_int_equal(n.row.revision, 601);
	assert_string_equal(
	    str_c(*state, val_str(val_path(n.document, STR("fields.win_price")), "amount")), "601");
	home_close(h);
}

static void a_held_row_is_kept_until_it_imports_fine(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct held_row *rows;

	assert_totals(import_rows(h, HEADER ROW("a", "0元", "甲") "b,0104,x\n"), 0, 1, 0, 0, 1);
	assert_int_equal(held_n(h, &rows), 2);
	assert_string_equal(str_c(*state, rows[0].outcome), "held");
	assert_int_equal(rows[0].line, 2);
	assert_string_equal(str_c(*state, (struct str){(const char *)rows[0].raw.p, rows[0].raw.n}),
	    HEADER ROW("a", "0元", "甲"));
	assert_string_equal(str_c(*state, rows[1].outcome), "failed");
	assert_totals(import_rows(h, HEADER ROW("a", "0元", "甲")), 0, 1, 0, 0, 0);
	assert_int_equal(held_n(h, &rows), 2); /* known already: not twice */
	assert_totals(import_rows(h, HEADER ROW("a", "100元", "甲")), 1, 0, 0, 0, 0);
	assert_int_equal(held_n(h, &rows), 1);
	must(&h->cx, intake_held_drop(&h->cx, rows[0].id));
	assert_int_equal(held_n(h, &rows), 0);
	home_close(h);
}

static bool retry(struct intake_home *h, int64_t id, struct str waive, struct str reason,
    struct intake_totals *out)
{
	struct intake_options o = {.role = STR("operator"), .waive = waive, .waive_reason = reason};

	must(&h->cx, intake_profile_get(&h->cx, STR(AWARD), &o.profile));
	return intake_held_retry(&h->cx, h->app.ledger, id, &o, out);
}

static void what_may_be_waived_is_waived_with_a_public_reason(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct intake_totals t;
	struct held_row *rows;
	const struct val *waived;
	struct notice n;

	assert_totals(
	    import_rows(h, HEADER ROW("a", "100元", "有零\u200b宽") ROW("b", "100元", "<p>甲</p>")),
	    0, 2, 0, 0, 0);
	assert_int_equal(held_n(h, &rows), 2);
	must(&h->cx, retry(h, rows[0].id, STR_NONE, STR_NONE, &t));
	assert_totals(t, 0, 1, 0, 0, 0);
	assert_false(retry(h, rows[1].id, STR("no-markup"), STR("好"), &t));
	assert_string_equal(str_c(*state, h->cx.err.msg),
	    "the rule \"no-markup\" may not be waived: correct the source, or drop the row");
	cx_clear(&h->cx);
	assert_false(retry(h, rows[0].id, STR("zero-amount"), STR("好"), &t));
	cx_clear(&h->cx);
	assert_false(retry(h, rows[0].id, STR("text-zero-width"), STR(" "), &t));
	cx_clear(&h->cx);
	must(&h->cx, retry(h, rows[0].id, STR("text-zero-width"), STR("来源如此"), &t));
	assert_totals(t, 1, 0, 0, 0, 0);
	assert_int_equal(held_n(h, &rows), 1);
	must(&h->cx, notice_get(&h->cx, STR("360800-works-2026-000001"), 0, &n));
	waived = val_path(n.document, STR("note.waived"))->at[0];
	assert_string_equal(str_c(*state, val_str(waived, "rule")), "text-zero-width");
	assert_string_equal(str_c(*state, val_str(waived, "reason")), "来源如此");
	/* The source's next export brings the same row: it stands, so it is neither held nor published again. */
	assert_totals(import_rows(h, HEADER ROW("a", "100元", "有零\u200b宽")), 0, 0, 0, 1, 0);
	home_close(h);
}

static void a_withdrawn_notice_is_not_revised_by_an_import(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct notice_withdrawal w = {.id = STR("360800-works-2026-000001"),
	    .ground = STR("duplicate"),
	    .reason = STR("重复")};
	struct act act;

	assert_totals(import_rows(h, HEADER ROW("a", "100元", "甲")), 1, 0, 0, 0, 0);
	must(&h->cx, notice_withdraw_act(&h->cx, &w, &act));
	must(&h->cx, ledger_commit(&h->cx, h->app.ledger, &act, 1));
	assert_int_equal(act.result.code, ERR_NONE);
	assert_totals(import_rows(h, HEADER ROW("a", "100元", "甲")), 0, 0, 0, 1, 0);
	assert_totals(import_rows(h, HEADER ROW("a", "120元", "甲")), 0, 1, 0, 0, 0);
	assert_string_equal(
	    str_c(*state, val_str(val_at(report_read(h)->at[0], "issues")->at[0], "rule")),
	    "withdrawn");
	home_close(h);
}

static void bodies_and_places_outside_the_city_are_held_in_a_plain_home(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct intake_totals t =
	    import_file(h, "mining", SOURCE_DIR "/data/samples/mining-rights-2026-09.csv");
	const struct val *report = report_read(h), *issues;

	assert_totals(t, 0, 31, 0, 0, 0);
	VAL_EACH(i, report) {
		issues = val_at(report->at[i], "issues");
		assert_string_equal(
		    str_c(*state, val_str(issues->at[0], "rule")), "agency-unknown");
		assert_string_equal(str_c(*state, val_str(issues->at[1], "rule")), "place-unknown");
	}
	home_close(h);
}

static void a_file_of_another_kind_is_refused_whole(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"id,stage\n", "test:1: no column \"url\", which profile award reads"},
	    {"", "test is empty: a header line is wanted"},
	    {"id,id\n", "test:1: column \"id\" stands twice in the header"},
	};
	struct intake_home *h = home_open(*state, false);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct intake_options o = {
		    .profile_name = STR(AWARD), .text = str_of(cases[i].text), .file = STR("test")};
		struct intake_totals t;

		must(&h->cx, intake_profile_get(&h->cx, o.profile_name, &o.profile));
		assert_false(intake_import(&h->cx, h->app.ledger, &o, &t));
		if (i == 0)
			assert_true(str_starts(h->cx.err.msg, STR("test:1: no column \"")));
		else
			assert_string_equal(str_c(*state, h->cx.err.msg), cases[i].message);
		cx_clear(&h->cx);
	}
	home_close(h);
}

static void the_entry_names_the_profile_and_the_operators_role(void **state)
{
	struct intake_home *h = home_open(*state, false);
	struct entry e;

	assert_totals(import_rows(h, HEADER ROW("a", "100元", "甲")), 1, 0, 0, 0, 0);
	must(&h->cx, ledger_entry_get(&h->cx, h->app.ledger, 0, &e));
	assert_string_equal(str_c(*state, val_str(e.meta, "role")), "operator");
	assert_int_equal(val_str(e.meta, "profile").n, 64);
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(new_content_under_the_same_identity_is_a_revision_that_says_what_changed),
	    CASE(the_same_row_twice_in_one_file_is_unchanged_and_another_content_revises),
	    CASE(a_row_that_stands_many_times_is_revised_in_the_order_of_the_file),
	    CASE(a_held_row_is_kept_until_it_imports_fine),
	    CASE(what_may_be_waived_is_waived_with_a_public_reason),
	    CASE(a_withdrawn_notice_is_not_revised_by_an_import),
	    CASE(bodies_and_places_outside_the_city_are_held_in_a_plain_home),
	    CASE(a_file_of_another_kind_is_refused_whole),
	    CASE(the_entry_names_the_profile_and_the_operators_role),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
