/* SPDX-License-Identifier: Apache-2.0 */
/* Projects through a log, on both engines. */
#include "unit/project/home.h"
#include "project/project.h"

static struct follower followers[2];

static const struct paper road[] = {
    {NULL, "works.tender-notice", "吉安市阳明路改造工程施工招标公告", "2026-02-01",
	"{\"section_code\":\"YCA010152-01\"}", "a.example", NULL},
    {NULL, "works.candidates", "阳明路候选人", "2026-03-02",
	"{\"section_code\":\"YCA010152-01\",\"candidates\":[{\"name\":\"甲公司\"}]}", "a.example",
	NULL},
    {NULL, "works.result", "吉安市阳明路改造工程施工中标结果公告", "2026-03-09",
	"{\"winner\":{\"name\":\"乙公司\"}}", "a.example", NULL},
    {NULL, "works.result", "别的工程中标结果公告", "2026-03-09",
	"{\"section_code\":\"YCA010199-01\"}", "a.example", NULL},
};

static struct home *open_home(struct arena *mem)
{
	followers[0] = project_follower;
	return home_open(mem, followers, NULL);
}

static void a_project_is_found_by_name_and_by_code(void **state)
{
	struct home *h = open_home(*state);
	struct project by_code, by_name, of_notice;
	struct str ids[4];
	struct val *codes;

	publish(h, road, 4, ids);
	must(&h->cx, project_of_notice(&h->cx, ids[2], &of_notice));
	assert_int_equal(of_notice.n, 3);
	assert_true(str_eq(of_notice.members[0].id, ids[0]));
	assert_string_equal(of_notice.members[1].stage.p, "candidates");
	assert_false(of_notice.members[1].possible);
	assert_true(of_notice.members[2].possible);
	must(&h->cx, project_get(&h->cx, of_notice.id, &by_name));
	assert_int_equal(by_name.n, 3);
	must(&h->cx, project_get(&h->cx, STR("YCA010152-01"), &by_code));
	assert_true(str_eq(by_code.id, of_notice.id));
	must(&h->cx, project_codes(&h->cx, &by_code, &codes));
	assert_int_equal(codes->n, 1);
	assert_string_equal(val_str(codes->at[0], "kind").p, "section");
	assert_string_equal(str_c(*state, val_str(codes->at[0], "value")), "YCA010152-01");
	assert_false(project_get(&h->cx, STR("none"), &by_code));
	assert_int_equal(h->cx.err.code, ERR_NOT_FOUND);
	cx_clear(&h->cx);
	home_close(h);
}

static struct str snapshot(struct home *h)
{
	static const struct db_sql sql = {"test_snapshot",
	    "SELECT id, item, stage, title_key, tenderee, public_on, project, idx, withdrawn, "
	    "possible FROM project_notice ORDER BY id",
	    NULL};
	static const struct db_col cols[] = {COL(struct project_member, id),
	    COL(struct project_member, item), COL(struct project_member, stage),
	    COL(struct project_member, title_key), COL(struct project_member, tenderee),
	    COL(struct project_member, public_on), COL(struct project_member, project),
	    COL(struct project_member, idx), COL(struct project_member, withdrawn),
	    COL(struct project_member, possible), COL_END};
	struct buf b = buf_new(h->cx.mem, 65536);
	struct project_member *m;
	size_t n;

	must(&h->cx, db_all(&h->cx, &sql, DB_NO_ARGS, cols, sizeof *m, (void **)&m, &n));
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%.*s %.*s %.*s %" PRId64 " %d %d\n", STR_ARG(m[i].id),
		    STR_ARG(m[i].title_key), STR_ARG(m[i].project), m[i].idx, m[i].withdrawn,
		    m[i].possible);
	return buf_str(&b);
}

static void a_withdrawn_notice_stays_in_its_project(void **state)
{
	struct home *h = open_home(*state);
	struct project_mark *marks;
	struct project p;
	struct str ids[4];
	size_t n;

	publish(h, road, 4, ids);
	must(&h->cx, project_marks(&h->cx, ids[2], &marks, &n));
	assert_int_equal(n, 1);
	assert_string_equal(marks[0].rule.p, "winner-not-candidate");
	assert_string_equal(marks[0].detail.p, "乙公司");
	withdraw(h, ids[1]);
	must(&h->cx, project_of_notice(&h->cx, ids[1], &p));
	assert_int_equal(p.n, 3);
	assert_true(p.members[1].withdrawn);
	must(&h->cx, project_marks(&h->cx, ids[2], &marks, &n));
	assert_int_equal(n, 0);
	home_close(h);
}

static void a_rebuild_gives_the_same(void **state)
{
	static const struct paper moved = {NULL, "works.result", "别的工程中标结果公告",
	    "2026-03-09", "{\"section_code\":\"YCA010152-01\"}", "a.example", NULL};
	struct home *h = open_home(*state);
	struct str ids[4], before;

	publish(h, road, 4, ids);
	revise(h, ids[3], &moved);
	withdraw(h, ids[0]);
	before = snapshot(h);
	assert_true(before.n > 0);
	must(&h->cx, ledger_rebuild(&h->cx, h->app.ledger, NULL));
	assert_string_equal(snapshot(h).p, before.p);
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_project_is_found_by_name_and_by_code),
	    CASE(a_withdrawn_notice_stays_in_its_project),
	    CASE(a_rebuild_gives_the_same),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
