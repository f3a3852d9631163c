/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on notices: publish, revise, withdraw, and what is refused; the view that they leave. On both engines. */
#include "unit/project/home.h"

static const struct paper road = {"17", "works.tender-notice", "甲路工程招标公告", "2026-03-05",
    "{\"bid_deadline\":\"2026-03-25T09:00:00+08:00\",\"tenderee\":{\"name\":\"甲路公司\"}}",
    "a.example", "360802"};
static const struct paper road_later = {"17", "works.tender-notice", "甲路工程招标公告",
    "2026-03-05",
    "{\"bid_deadline\":\"2026-03-27T09:00:00+08:00\",\"tenderee\":{\"name\":\"甲路公司\"}}",
    "a.example", "360802"};

static struct home *open_home(struct arena *mem)
{
	static struct follower none[] = {{.name = NULL}};

	return home_open(mem, none, NULL);
}

static enum err_code try_act(struct home *h, struct act *act)
{
	must(&h->cx, ledger_commit(&h->cx, h->app.ledger, act, 1));
	return act->result.code;
}

static struct str published(struct home *h)
{
	struct str id;

	publish(h, &road, 1, &id);
	return id;
}

static struct act revision(struct home *h, struct str id, int64_t follows, const struct paper *p)
{
	struct act act;

	must(&h->cx, notice_revise_act(&h->cx, id, follows, paper_document(h, p), &act));
	return act;
}

static struct act withdrawal(struct home *h, struct str id)
{
	struct act act;

	must(&h->cx,
	    notice_withdraw_act(&h->cx,
		&(struct notice_withdrawal){id, STR("mistake"), STR("标段写错"), STR_NONE}, &act));
	return act;
}

static void the_same_content_is_unchanged_and_other_content_is_refused(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h);
	struct act again;

	must(&h->cx,
	    notice_act(&h->cx, paper_document(h, &road), STR("operator"), STR_NONE, &again));
	assert_int_equal(try_act(h, &again), ERR_NONE);
	assert_true(again.result.unchanged);
	assert_int_equal(again.result.index, -1);
	assert_string_equal(again.result.id.p, id.p);
	must(&h->cx,
	    notice_act(&h->cx, paper_document(h, &road_later), STR("operator"), STR_NONE, &again));
	assert_int_equal(try_act(h, &again), ERR_CONFLICT);
	assert_int_equal(ledger_published(h->app.ledger), 1);
	home_close(h);
}

static void the_newest_revision_is_current_and_the_others_stay(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h);
	struct act act = revision(h, id, 1, &road_later);
	struct notice_row *rows;
	struct notice n;
	size_t rows_n;

	assert_int_equal(try_act(h, &act), ERR_NONE);
	must(&h->cx, notice_get(&h->cx, id, 0, &n));
	assert_int_equal(n.row.revision, 2);
	assert_int_equal(n.row.kind, NOTICE_CORRECTED);
	assert_string_equal(n.agency->id.p, "ja.housing");
	must(&h->cx, notice_get(&h->cx, id, 1, &n));
	assert_int_equal(n.row.superseded, 1);
	assert_false(notice_get(&h->cx, id, 3, &n));
	assert_int_equal(h->cx.err.code, ERR_NOT_FOUND);
	cx_clear(&h->cx);
	must(&h->cx, notice_revisions(&h->cx, id, &rows, &rows_n));
	assert_int_equal(rows_n, 2);
	must(&h->cx, notice_list(&h->cx, &(struct notice_filter){.limit = 9}, &rows, &rows_n));
	assert_int_equal(rows_n, 1);
	home_close(h);
}

/* Log days are those of the clock, and no test waits for tomorrow: revision 1 is moved back. */
static void a_correction_does_not_make_a_notice_public_anew(void **state)
{
	static const struct paper native = {
	    NULL, "works.tender-plan", "戊楼招标计划", "2026-03-01", "{}", NULL, "360803"};
	static const struct paper corrected = {
	    NULL, "works.tender-plan", "戊楼一期招标计划", "2026-03-01", "{}", NULL, "360803"};
	static const struct db_sql move = {
	    "move", "UPDATE notice_revision SET public_on = '2026-03-02'", NULL};
	struct home *h = open_home(*state);
	struct notice n;
	struct act act;
	struct str id;

	publish(h, &native, 1, &id);
	must(&h->cx, db_run(&h->cx, &move, DB_NO_ARGS, NULL));
	act = revision(h, id, 1, &corrected);
	assert_int_equal(try_act(h, &act), ERR_NONE);
	must(&h->cx, notice_get(&h->cx, id, 0, &n));
	assert_string_equal(n.row.title.p, corrected.title);
	assert_string_equal(n.row.public_on.p, "2026-03-02");
	home_close(h);
}

static void a_revision_of_what_has_moved_on_is_refused(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h);
	static const struct paper native = {
	    NULL, "works.tender-plan", "戊楼招标计划", "2026-03-01", "{}", NULL, "360803"};
	struct act first = revision(h, id, 1, &road_later), second = revision(h, id, 1, &road),
		   stranger = revision(h, STR("360800-works-1999-000001"), 0, &native);

	assert_int_equal(try_act(h, &first), ERR_NONE);
	assert_int_equal(try_act(h, &second), ERR_CONFLICT);
	assert_int_equal(try_act(h, &stranger), ERR_NOT_FOUND);
	home_close(h);
}

static void a_withdrawn_notice_stays_and_takes_nothing_more(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h);
	struct act act = withdrawal(h, id), more;
	struct notice n;

	assert_int_equal(try_act(h, &act), ERR_NONE);
	must(&h->cx, notice_get(&h->cx, id, 0, &n));
	assert_int_equal(n.row.kind, NOTICE_WITHDRAWN);
	assert_string_equal(n.row.title.p, road.title);
	assert_string_equal(n.row.public_on.p, road.day);
	assert_null(n.row.phase.p);
	assert_string_equal(val_str(n.document, "reason").p, "标段写错");
	more = revision(h, id, 0, &road_later);
	assert_int_equal(try_act(h, &more), ERR_CONFLICT);
	assert_false(notice_withdraw_act(
	    &h->cx, &(struct notice_withdrawal){id, STR("mistake"), STR("再来"), STR_NONE}, &more));
	assert_int_equal(h->cx.err.code, ERR_CONFLICT);
	cx_clear(&h->cx);
	home_close(h);
}

static void a_withdrawal_needs_a_known_ground_and_a_reason(void **state)
{
	static const struct {
		const char *ground, *reason;
	} cases[] = {{"because", "理由"}, {"mistake", ""}, {"mistake", "  "}};
	struct home *h = open_home(*state);
	struct str id = published(h);
	struct act act;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct notice_withdrawal w = {
		    id, str_of(cases[i].ground), str_of(cases[i].reason), STR_NONE};

		assert_false(notice_withdraw_act(&h->cx, &w, &act));
		assert_int_equal(h->cx.err.code, ERR_INPUT);
		cx_clear(&h->cx);
	}
	home_close(h);
}

static struct str snapshot(struct home *h)
{
	static const struct db_sql all = {"all",
	    "SELECT idx, id, revision, kind, item, version, sector, agency, place, title, "
	    "formed_on, public_on, platform, time, superseded, phase, closes, brief "
	    "FROM notice_revision ORDER BY idx",
	    NULL};
	struct buf b = buf_new(h->cx.mem, 1 << 20);
	struct notice_row *rows;
	size_t n;

	must(&h->cx,
	    db_all(&h->cx, &all, DB_NO_ARGS, notice_cols, sizeof *rows, (void **)&rows, &n));
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%" PRId64 " %.*s %" PRId64 " %" PRId64 " %.*s %" PRId64 " %.*s\n",
		    rows[i].idx, STR_ARG(rows[i].id), rows[i].revision, rows[i].superseded,
		    STR_ARG(rows[i].phase), rows[i].closes, STR_ARG(rows[i].brief));
	return buf_str(&b);
}

static void a_rebuild_gives_the_same(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h), before, found;
	struct act act = revision(h, id, 1, &road_later), gone;
	const struct notice_identity key = {STR("a.example"), STR("2026-03-05"), STR("17")};
	struct bytes content;

	assert_int_equal(try_act(h, &act), ERR_NONE);
	gone = withdrawal(h, id);
	assert_int_equal(try_act(h, &gone), ERR_NONE);
	before = snapshot(h);
	must(&h->cx, ledger_rebuild(&h->cx, h->app.ledger, NULL));
	assert_string_equal(snapshot(h).p, before.p);
	must(&h->cx, notice_identity_find(&h->cx, &key, &found, &content));
	assert_string_equal(found.p, id.p);
	home_close(h);
}

static void many_identities_are_found_at_once_each_in_its_place(void **state)
{
	struct home *h = open_home(*state);
	struct str id = published(h);
	const struct notice_identity keys[] = {
	    {STR("a.example"), STR("2026-03-05"), STR("18")},
	    {STR("a.example"), STR("2026-03-05"), STR("17")},
	    {STR_NONE, STR_NONE, STR_NONE},
	    {STR("a.example"), STR("2026-03-05"), STR("17\0")},
	    {STR("a.example"), STR("2026-03-05"), STR("\"],[\"")},
	    {STR("a.example"), STR("2026-03-05"), STR("17")},
	};
	struct notice_standing at[ARRAY_SIZE(keys)];
	struct notice_row row;
	bool found;

	must(&h->cx, notice_row_find(&h->cx, id, 0, &row, &found));
	must(&h->cx, notice_identities_find(&h->cx, keys, ARRAY_SIZE(keys), at));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		bool here = i == 1 || i == 5;

		assert_int_equal(at[i].id.n, here ? id.n : 0);
		assert_int_equal(at[i].idx, here ? row.idx : -1);
		assert_int_equal(at[i].content.n, here ? 32 : 0);
	}
	must(&h->cx, notice_identities_find(&h->cx, keys, 0, at));
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(many_identities_are_found_at_once_each_in_its_place),
	    CASE(the_same_content_is_unchanged_and_other_content_is_refused),
	    CASE(the_newest_revision_is_current_and_the_others_stay),
	    CASE(a_correction_does_not_make_a_notice_public_anew),
	    CASE(a_revision_of_what_has_moved_on_is_refused),
	    CASE(a_withdrawn_notice_stays_and_takes_nothing_more),
	    CASE(a_withdrawal_needs_a_known_ground_and_a_reason),
	    CASE(a_rebuild_gives_the_same),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
