/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: order, pages by keys, filters, counts, phases. On both engines. */
#include "unit/project/home.h"

static struct home *open_home(struct arena *mem)
{
	static struct follower none[] = {{.name = NULL}};

	return home_open(mem, none, NULL);
}

/* In the order of publication; the days are not. */
static const struct paper papers[] = {
    {"1", "works.tender-notice", "甲路工程招标公告", "2026-03-05",
	"{\"bid_deadline\":\"2026-03-25T09:00:00+08:00\",\"tenderee\":{\"name\":\"甲路公司\"}}",
	"a.example", "360802"},
    {"2", "works.candidates", "甲路工程中标候选人公示", "2026-03-27",
	"{\"publicity_period\":{\"from\":\"2026-03-27\",\"to\":\"2026-03-30\"},\"candidates\":[{"
	"\"rank\":1,\"name\":{\"name\":\"乙公司\"},\"price\":{\"amount\":\"12.50\",\"unit\":"
	"\"万元\"}}]}",
	"a.example", "360802"},
    {"3", "works.tender-notice", "丙桥工程招标公告", "2026-03-05",
	"{\"bid_deadline\":\"2026-03-20T09:00:00+08:00\"}", "a.example", "360803"},
    {"4", "land.supply-result", "丁地块供应结果", "2026-03-10", "{}", "a.example", "360802001"},
    {"5", "works.tender-plan", "戊楼招标计划", "2026-03-01", "{}", "a.example", "360803"},
};
#define PAPERS ARRAY_SIZE(papers)

static size_t list_of(struct home *h, const struct notice_filter *f, struct notice_row **rows)
{
	size_t n;

	must(&h->cx, notice_list(&h->cx, f, rows, &n));
	return n;
}

static void a_list_is_newest_first_and_then_by_index(void **state)
{
	static const size_t order[] = {1, 3, 2, 0, 4};
	struct home *h = open_home(*state);
	struct str ids[PAPERS];
	struct notice_row *rows;

	publish(h, papers, PAPERS, ids);
	assert_int_equal(list_of(h, &(struct notice_filter){.limit = 100}, &rows), PAPERS);
	for (size_t i = 0; i < PAPERS; i++)
		assert_string_equal(rows[i].id.p, ids[order[i]].p);
	home_close(h);
}

static void pages_by_keys_reach_every_row_forwards_and_back(void **state)
{
	struct home *h = open_home(*state);
	struct notice_filter f = {.limit = 2};
	struct str ids[PAPERS], seen[PAPERS + 2];
	struct notice_row *rows;
	size_t n = 0, got;

	publish(h, papers, PAPERS, ids);
	while ((got = list_of(h, &f, &rows)) > 0) {
		for (size_t i = 0; i < got; i++)
			seen[n++] = rows[i].id;
		f.before_on = rows[got - 1].public_on;
		f.before_idx = rows[got - 1].idx;
		assert_true(n <= PAPERS);
	}
	assert_int_equal(n, PAPERS);
	must(&h->cx, notice_row_find(&h->cx, seen[3], 0,
			 rows = arena_new(h->cx.mem, struct notice_row), &(bool){false}));
	f = (struct notice_filter){.limit = 2, .after_on = rows->public_on, .after_idx = rows->idx};
	assert_int_equal(list_of(h, &f, &rows), 2);
	assert_string_equal(rows[0].id.p, seen[1].p);
	assert_string_equal(rows[1].id.p, seen[2].p);
	home_close(h);
}

static void filters_narrow_and_a_place_includes_its_children(void **state)
{
	static const struct {
		struct notice_filter filter;
		int64_t n;
	} cases[] = {
	    {{.sector = STR("works")}, 4}, {{.item = STR("works.tender-notice")}, 2},
	    {{.place = STR("360802")}, 3}, {{.place = STR("360802001")}, 1},
	    {{.place = STR("360800")}, 5}, {{.place = STR("360000")}, 5},
	    {{.place = STR("360881")}, 0}, {{.place = STR("nowhere")}, 0},
	    {{.agency = STR("ja.housing")}, 5},
	    {{.from = STR("2026-03-05"), .to = STR("2026-03-10")}, 3},
	    {{.sector = STR("works"), .place = STR("360803"), .to = STR("2026-03-04")}, 1},
	    {{.phase = STR("open"), .closes_after = 1773972000}, 1}, /* 2026-03-20 10:00 */
	};
	struct home *h = open_home(*state);
	struct str ids[PAPERS];

	publish(h, papers, PAPERS, ids);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct notice_filter f = cases[i].filter;
		struct notice_row *rows;
		int64_t n;

		f.limit = 100;
		assert_int_equal(list_of(h, &f, &rows), cases[i].n);
		must(&h->cx, notice_count_upto(&h->cx, &f, 100, &n));
		assert_int_equal(n, cases[i].n);
		must(&h->cx, notice_count_upto(&h->cx, &f, 2, &n));
		assert_int_equal(n, cases[i].n < 2 ? cases[i].n : 2);
	}
	home_close(h);
}

static void counts_are_by_item_sector_agency_and_county(void **state)
{
	struct home *h = open_home(*state);
	const struct notice_filter works = {.sector = STR("works")};
	struct notice_count *counts;
	struct str ids[PAPERS];
	size_t n;

	publish(h, papers, PAPERS, ids);
	must(&h->cx, notice_counts(&h->cx, NOTICE_BY_ITEM, &works, &counts, &n));
	assert_int_equal(n, 3);
	assert_string_equal(counts[1].key.p, "works.tender-notice");
	assert_int_equal(counts[1].n, 2);
	assert_string_equal(counts[1].latest.p, "2026-03-05");
	must(&h->cx, notice_counts(&h->cx, NOTICE_BY_SECTOR,
			 &(struct notice_filter){.place = STR("360802")}, &counts, &n));
	assert_int_equal(n, 2);
	must(&h->cx, notice_counts(&h->cx, NOTICE_BY_AGENCY, &works, &counts, &n));
	assert_int_equal(n, 1);
	assert_int_equal(counts[0].n, 4);
	must(&h->cx,
	    notice_counts(&h->cx, NOTICE_BY_COUNTY, &(struct notice_filter){0}, &counts, &n));
	assert_int_equal(n, 2);
	assert_string_equal(counts[0].key.p, "360802");
	assert_int_equal(counts[0].n, 3);
	home_close(h);
}

static void what_is_open_comes_nearest_deadline_first(void **state)
{
	struct home *h = open_home(*state);
	struct notice_filter f = {
	    .phase = STR("open"), .closes_after = 1772668800 /* 2026-03-05 08:00 */, .limit = 10};
	struct notice_row *rows;
	struct str ids[PAPERS];
	size_t n;

	publish(h, papers, PAPERS, ids);
	must(&h->cx, notice_closing(&h->cx, &f, &rows, &n));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].id.p, ids[2].p);
	assert_string_equal(rows[1].id.p, ids[0].p);
	f.closes_after = 1773968400; /* 2026-03-20 09:00: the moment itself is too late */
	must(&h->cx, notice_closing(&h->cx, &f, &rows, &n));
	assert_int_equal(n, 1);
	f.phase = STR("publicity");
	f.closes_after = 1774886399; /* 2026-03-30 23:59:59: a date lasts to its end */
	must(&h->cx, notice_closing(&h->cx, &f, &rows, &n));
	assert_int_equal(n, 1);
	f.closes_after++;
	must(&h->cx, notice_closing(&h->cx, &f, &rows, &n));
	assert_int_equal(n, 0);
	home_close(h);
}

static void a_row_knows_who_how_much_and_until_when(void **state)
{
	struct home *h = open_home(*state);
	struct notice_row row;
	struct str ids[PAPERS];
	struct val *brief;
	bool found;

	publish(h, papers, PAPERS, ids);
	must(&h->cx, notice_row_find(&h->cx, ids[1], 0, &row, &found));
	assert_true(found);
	must(&h->cx, json_parse(&h->cx, row.brief, NULL, &brief));
	assert_string_equal(val_path(brief, STR("deadline.at"))->text.p, "2026-03-30");
	assert_string_equal(val_path(brief, STR("amount.value.amount"))->text.p, "12.50");
	assert_string_equal(val_str(val_at(brief, "parties")->at[0], "name").p, "乙公司");
	must(&h->cx, notice_row_find(&h->cx, ids[4], 0, &row, &found));
	assert_string_equal(row.brief.p, "{}");
	assert_int_equal(row.closes, 0);
	assert_null(row.phase.p);
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_list_is_newest_first_and_then_by_index),
	    CASE(pages_by_keys_reach_every_row_forwards_and_back),
	    CASE(filters_narrow_and_a_place_includes_its_children),
	    CASE(counts_are_by_item_sector_agency_and_county),
	    CASE(what_is_open_comes_nearest_deadline_first),
	    CASE(a_row_knows_who_how_much_and_until_when),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
