/* SPDX-License-Identifier: Apache-2.0 */
/* Finding by code, digest and copy; what differs between two documents. On both engines where a database is needed. */
#include "unit/project/home.h"

static const struct paper road = {"17", "works.candidates", "甲路工程中标候选人公示", "2026-03-27",
    "{\"publicity_period\":{\"to\":\"2026-03-30\"},\"tenderee\":{\"name\":\"甲路公司\"},"
    "\"candidates\":["
    "{\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":\"万元\"}}"
    ",{\"rank\":2,\"name\":{\"name\":\"丙公司\"}}]}",
    "a.example", "360802"};

/* Formed when it is logged. */
static struct paper native_paper(struct arena *mem)
{
	return (struct paper){NULL, "works.tender-plan", "戊楼招标计划",
	    date_print(mem, instant_day(io_now())).p, "{}", NULL, "360803"};
}

static struct home *open_home(struct arena *mem)
{
	static struct follower none[] = {{.name = NULL}};

	return home_open(mem, none, NULL);
}

static void a_code_is_the_first_sixty_bits_of_the_digest(void **state)
{
	static const struct {
		const char *digest, *code;
	} cases[] = {
	    {"00000000000000ffffffffffffffffffffffffffffffffffffffffffffffffff", "0000-0000-000F"},
	    {"fffffffffffffff0000000000000000000000000000000000000000000000000", "ZZZZ-ZZZZ-ZZZZ"},
	    {"0123456789abcde0000000000000000000000000000000000000000000000000", "04HM-ASW9-NF6Y"},
	};
	struct str back;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(notice_code(*state, str_of(cases[i].digest)).p, cases[i].code);
		assert_true(notice_code_parse(*state, str_of(cases[i].code), &back));
		assert_memory_equal(back.p, cases[i].digest, 15);
	}
}

static void a_code_is_read_as_people_write_it(void **state)
{
	static const char *const good[] = {
	    "04HM-ASW9-NF6Y", "04hmasw9nf6y", " O4HM ASW9 NF6Y ", "o4hm-asw9nf6y"};
	static const char *const bad[] = {
	    "", "04HM-ASW9-NF6", "04HM-ASW9-NF6Y0", "04HM-ASW9-NF6U", "04HM-ASW9-NF6+"};
	struct str digest;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_true(notice_code_parse(*state, str_of(good[i]), &digest));
		assert_string_equal(digest.p, "0123456789abcde");
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(notice_code_parse(*state, str_of(bad[i]), &digest));
}

static void a_notice_is_found_by_its_digest_or_the_beginning_of_it(void **state)
{
	struct home *h = open_home(*state);
	struct notice_row row;
	struct str ids[2], digest, wrong;
	struct entry e;
	bool found;

	publish(h, (const struct paper[]){road, native_paper(*state)}, 2, ids);
	must(&h->cx, ledger_entry_get(&h->cx, h->app.ledger, 1, &e));
	digest = val_str(e.meta, "digest");
	for (size_t n = 8; n <= 64; n += 7) {
		must(&h->cx, notice_find_digest(&h->cx, str_cut(digest, 0, n), &row, &found));
		assert_true(found);
		assert_string_equal(row.id.p, ids[1].p);
	}
	wrong = str_fmt(h->cx.mem, "%.*s%c", 15, digest.p, digest.p[15] == '0' ? '1' : '0');
	must(&h->cx, notice_find_digest(&h->cx, wrong, &row, &found));
	assert_false(found);
	must(&h->cx, notice_find_digest(&h->cx, str_cut(digest, 0, 7), &row, &found));
	assert_false(found);
	home_close(h);
}

static void a_copy_is_found_by_identity_or_by_title_and_dates(void **state)
{
	static const struct paper other = {
	    "99", "works.tender-plan", "戊楼招标计划", "2025-12-20", "{}", "b.example", "360803"};
	static const struct paper old = {
	    NULL, "works.tender-plan", "戊楼招标计划", "2024-01-01", "{}", NULL, "360803"};
	struct home *h = open_home(*state);
	struct paper native = native_paper(*state);
	struct val *renamed = paper_document(h, &road);
	struct str ids[2], id;

	publish(h, (const struct paper[]){road, native_paper(*state)}, 2, ids);
	val_set_text(h->cx.mem, renamed, "title", STR("改了的标题"));
	must(&h->cx, notice_find_like(&h->cx, renamed, &id));
	assert_string_equal(id.p, ids[0].p);
	must(&h->cx, notice_find_like(&h->cx, paper_document(h, &native), &id));
	assert_string_equal(id.p, ids[1].p);
	must(&h->cx, notice_find_like(&h->cx, paper_document(h, &other), &id));
	assert_null(id.p);
	must(&h->cx, notice_find_like(&h->cx, paper_document(h, &old), &id));
	assert_null(id.p);
	must(&h->cx, notice_find_like(&h->cx, val_map(h->cx.mem), &id));
	assert_null(id.p);
	home_close(h);
}

/* ---- what differs ---- */

static struct val *changes_of(struct home *h, const char *fields)
{
	struct paper p = road;
	struct val *before = paper_document(h, &road), *after;

	p.fields = fields;
	after = paper_document(h, &p);
	return notice_changes(
	    &h->cx, domain_item(h->app.domain, STR("works.candidates")), before, after);
}

static void every_change_is_said_with_its_old_and_new_value(void **state)
{
	static const struct {
		const char *fields, *field, *label, *before, *after;
	} cases[] = {
	    {"{\"publicity_period\":{\"to\":\"2026-04-01\"},\"tenderee\":{\"name\":\"甲路公司\"},"
	     "\"candidates\":["
	     "{\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":"
	     "\"万元\"}},{\"rank\":2,\"name\":{\"name\":\"丙公司\"}}]}",
		"publicity_period", "公示期", "至2026-03-30", "至2026-04-01"},
	    {"{\"publicity_period\":{\"to\":\"2026-03-30\"},\"tenderee\":{\"name\":\"甲路公司\"},"
	     "\"candidates\":["
	     "{\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":"
	     "\"万元\"}},{\"rank\":2,\"name\":{\"name\":\"丁公司\"}}]}",
		"candidates[2].name", "中标候选人 第2行 名称", "丙公司", "丁公司"},
	    {"{\"publicity_period\":{\"to\":\"2026-03-30\"},\"tenderee\":{\"name\":\"甲路公司\"},"
	     "\"candidates\":["
	     "{\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":"
	     "\"万元\"}}]}",
		"candidates[2]", "中标候选人 第2行", "排序：2；名称：丙公司", NULL},
	    {"{\"publicity_period\":{\"to\":\"2026-03-30\"},\"candidates\":["
	     "{\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":"
	     "\"万元\"}},{\"rank\":2,\"name\":{\"name\":\"丙公司\"}}]}",
		"tenderee", "招标人", "甲路公司", NULL},
	};
	struct home *h = open_home(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct val *list = changes_of(h, cases[i].fields);

		assert_int_equal(list->n, 1);
		assert_string_equal(val_str(list->at[0], "field").p, cases[i].field);
		assert_string_equal(val_str(list->at[0], "label").p, cases[i].label);
		assert_string_equal(val_at(list->at[0], "before")->text.p, cases[i].before);
		if (cases[i].after)
			assert_string_equal(val_at(list->at[0], "after")->text.p, cases[i].after);
		else
			assert_int_equal(val_at(list->at[0], "after")->kind, VAL_NULL);
	}
	assert_int_equal(changes_of(h, road.fields)->n, 0);
	home_close(h);
}

/* A file of somebody else's may hold anything where a document has its values. */
static void a_document_of_the_wrong_shape_is_compared_too(void **state)
{
	static const char *const cases[] = {"{}", "{\"candidates\":\"x\"}",
	    "{\"candidates\":[1,null,[]],\"publicity_period\":7}",
	    "{\"tenderee\":[{\"name\":1}],\"publicity_period\":[],\"candidates\":{\"rank\":1}}"};
	struct home *h = open_home(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_true(changes_of(h, cases[i])->n > 0);
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_code_is_the_first_sixty_bits_of_the_digest),
	    CASE(a_code_is_read_as_people_write_it),
	    CASE(a_notice_is_found_by_its_digest_or_the_beginning_of_it),
	    CASE(a_copy_is_found_by_identity_or_by_title_and_dates),
	    CASE(every_change_is_said_with_its_old_and_new_value),
	    CASE(a_document_of_the_wrong_shape_is_compared_too),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
