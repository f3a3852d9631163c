/* SPDX-License-Identifier: Apache-2.0 */
/* Which notices meet: the outcome is a function of the set, whatever the order in which they come. */
#include "unit/project/home.h"
#include "project/project.h"

#define PAPERS_MAX 5
#define TENDER	   "works.tender-notice"
#define CANDIDATES "works.candidates"
#define RESULT	   "works.result"
#define CONTRACT   "works.contract"
#define A	   "a.example"
#define B	   "b.example"

static const struct db_sql notice_list_sql = {
    "test_list", "SELECT id, project, possible FROM project_notice ORDER BY id", NULL};
static const struct db_sql mark_list_sql = {
    "test_marks", "SELECT id, rule, other FROM project_mark ORDER BY id, rule, other", NULL};
static const struct db_sql document_put_sql = {"test_document",
    "INSERT INTO ledger_document (idx, salt, document) VALUES (:idx, :salt, :document)", NULL};
static const struct db_sql document_clear_sql = {
    "test_document_clear", "DELETE FROM ledger_document", NULL};

struct listed {
	struct str id, project, rule, other;
	bool possible;
};
static const struct db_col listed_cols[] = {
    COL(struct listed, id), COL(struct listed, project), COL(struct listed, possible), COL_END};
static const struct db_col marked_cols[] = {
    COL(struct listed, id), COL(struct listed, rule), COL(struct listed, other), COL_END};

/* Feeds one notice to the follower, as the ledger does after its publication. at: its log index. */
static void feed(struct home *h, const struct paper *p, int64_t at, int64_t revision)
{
	struct val *doc = paper_document(h, p), *meta = val_map(h->cx.mem);
	struct entry e = {.index = at,
	    .type = STR("notice/v1"),
	    .meta = meta,
	    .id = str_of(p->id),
	    .revision = revision,
	    .time = 1774000000};
	const unsigned char salt[32] = {0};
	struct str text;

	val_set(h->cx.mem, meta, "item", val_at(doc, "item"));
	must(&h->cx, json_canonical(&h->cx, doc, &text));
	must(&h->cx, db_run(&h->cx, &document_put_sql,
			 DB_ARGS(P("idx", at), P("salt", ((struct bytes){salt, sizeof salt})),
			     P("document", text)),
			 NULL));
	must(&h->cx, project_follower.apply(&h->cx, NULL, &e, text));
}

static void forget(struct home *h)
{
	must(&h->cx, project_follower.clear(&h->cx, NULL));
	must(&h->cx, db_run(&h->cx, &document_clear_sql, DB_NO_ARGS, NULL));
}

/* "1 1? 2": in order of id, the number of the project, ? where only the title says so. */
static const char *groups(struct home *h)
{
	struct buf b = buf_new(h->cx.mem, 4096);
	struct map known = {0};
	struct listed *rows;
	size_t n;

	must(&h->cx, db_all(&h->cx, &notice_list_sql, DB_NO_ARGS, listed_cols, sizeof *rows,
			 (void **)&rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (!map_has(&known, rows[i].project))
			(void)map_put(
			    h->cx.mem, &known, rows[i].project, (void *)(uintptr_t)(known.n + 1));
		buf_fmt(&b, "%s%u%s", i ? " " : "",
		    (unsigned)(uintptr_t)map_get(&known, rows[i].project),
		    rows[i].possible ? "?" : "");
	}
	return buf_str(&b).p;
}

/* "b winner-not-candidate a", a line each. */
static const char *marks(struct home *h)
{
	struct buf b = buf_new(h->cx.mem, 4096);
	struct listed *rows;
	size_t n;

	must(&h->cx, db_all(&h->cx, &mark_list_sql, DB_NO_ARGS, marked_cols, sizeof *rows,
			 (void **)&rows, &n));
	for (size_t i = 0; i < n; i++)
		buf_fmt(
		    &b, "%s%s %s %s", i ? ", " : "", rows[i].id.p, rows[i].rule.p, rows[i].other.p);
	return buf_str(&b).p;
}

/* The next permutation in lexical order; false after the last. */
static bool next_order(size_t *order, size_t n)
{
	size_t i = n - 1, k = n - 1, swap;

	while (i > 0 && order[i - 1] > order[i])
		i--;
	if (i == 0)
		return false;
	while (order[k] < order[i - 1])
		k--;
	swap = order[i - 1];
	order[i - 1] = order[k];
	order[k] = swap;
	for (k = n - 1; i < k; i++, k--) {
		swap = order[i];
		order[i] = order[k];
		order[k] = swap;
	}
	return true;
}

struct set {
	const char *says;
	struct paper papers[PAPERS_MAX];
	const char *groups, *marks;
};

static void in_every_order(struct home *h, const struct set *s)
{
	size_t order[PAPERS_MAX], n = 0;

	while (n < PAPERS_MAX && s->papers[n].id) {
		order[n] = n;
		n++;
	}
	do {
		struct arena_mark mark = arena_mark(h->cx.mem);

		must(&h->cx, db_begin(&h->cx));
		forget(h);
		for (size_t i = 0; i < n; i++)
			feed(h, &s->papers[order[i]], (int64_t)order[i], 1);
		must(&h->cx, db_commit(&h->cx));
		if (strcmp(groups(h), s->groups) != 0 ||
		    strcmp(marks(h), s->marks ? s->marks : "") != 0)
			fail_msg(
			    "%s (first %zu): groups \"%s\", not \"%s\"; marks \"%s\", not \"%s\"",
			    s->says, order[0], groups(h), s->groups, marks(h),
			    s->marks ? s->marks : "");
		arena_rewind(h->cx.mem, mark);
	} while (next_order(order, n));
}

static void every_order(struct arena *mem, const struct set *sets, size_t n)
{
	struct home *h = home_base(mem);

	for (size_t i = 0; i < n; i++)
		in_every_order(h, &sets[i]);
	home_close(h);
}

#define ROAD "吉安市阳明路改造工程施工"

static void codes_join_in_every_order(void **state)
{
	static const struct set sets[] = {
	    {"an equal section code",
		{{"a", CANDIDATES, "甲", "2026-03-01", "{\"section_code\":\"YCA010152-202501-01\"}",
		     A, NULL},
		    {"b", RESULT, "乙", "2026-03-09", "{\"section_code\":\"YCA010152-202501-01\"}",
			A, NULL}},
		"1 1", NULL},
	    {"the same code on another platform is another code",
		{{"a", CANDIDATES, "甲", "2026-03-01", "{\"section_code\":\"YCA010152-202501-01\"}",
		     A, NULL},
		    {"b", RESULT, "乙", "2026-03-09", "{\"section_code\":\"YCA010152-202501-01\"}",
			B, NULL}},
		"1 2", NULL},
	    {"a code in the national form counts everywhere",
		{{"a", CANDIDATES, "甲", "2026-03-01",
		     "{\"section_code\":\"E3506010601100717001\"}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-09", "{\"section_code\":\"e3506010601100717001\"}",
			B, NULL}},
		"1 1", NULL},
	    {"… in whatever field a source put it",
		{{"a", CANDIDATES, "甲", "2026-03-01",
		     "{\"section_code\":\"E3506010601100717001\"}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-09", "{\"project_code\":\"E3506010601100717001\"}",
			B, NULL}},
		"1 1", NULL},
	    {"a platform's own code of another kind is another code",
		{{"a", CANDIDATES, "甲", "2026-03-01", "{\"section_code\":\"YCA010152\"}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-09", "{\"project_code\":\"YCA010152\"}", A, NULL}},
		"1 2", NULL},
	    {"codes carry on from one notice to the next",
		{{"a", TENDER, "甲", "2026-02-01", "{\"project_code\":\"YCA010152\"}", A, NULL},
		    {"b", CANDIDATES, "乙", "2026-03-01",
			"{\"project_code\":\"YCA010152\",\"section_code\":\"YCA010152-01\"}", A,
			NULL},
		    {"c", RESULT, "丙", "2026-03-09", "{\"section_code\":\"YCA010152-01\"}", A,
			NULL},
		    {"d", CONTRACT, "丁", "2026-04-09", "{\"section_code\":\"YCA010199-01\"}", A,
			NULL}},
		"1 1 1 2", NULL},
	    {"what says nothing is no code",
		{{"a", TENDER, "甲", "2026-02-01", "{\"project_code\":\"/\"}", A, NULL},
		    {"b", CANDIDATES, "乙", "2026-03-01", "{\"project_code\":\"/\"}", A, NULL},
		    {"c", RESULT, "丙", "2026-03-09", "{\"project_code\":\"000000\"}", A, NULL},
		    {"d", CONTRACT, "丁", "2026-03-10", "{\"project_code\":\"000000\"}", A, NULL}},
		"1 2 3 4", NULL},
	};

	every_order(*state, sets, ARRAY_SIZE(sets));
}

static void titles_join_in_every_order(void **state)
{
	static const struct set sets[] = {
	    {"the same stem on one platform",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", NULL, A, NULL},
		    {"b", CANDIDATES, ROAD "[中标候选人公示]", "2026-03-01", NULL, A, NULL},
		    {"c", RESULT, ROAD "中标结果公告", "2026-03-09", NULL, A, NULL}},
		"1? 1? 1?", NULL},
	    {"on two platforms",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", NULL, A, NULL},
		    {"b", RESULT, ROAD "中标结果公告", "2026-03-09", NULL, B, NULL}},
		"1 2", NULL},
	    {"what a code joins is sure, what the title adds is possible",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", "{\"project_code\":\"YCA010152\"}", A,
		     NULL},
		    {"b", CANDIDATES, "另一题目", "2026-03-01", "{\"project_code\":\"YCA010152\"}",
			A, NULL},
		    {"c", RESULT, ROAD "中标结果公告", "2026-03-09", NULL, A, NULL}},
		"1 1 1?", NULL},
	};

	every_order(*state, sets, ARRAY_SIZE(sets));
}

static void titles_that_name_two_processes_join_nothing(void **state)
{
	static const struct set sets[] = {
	    {"two codes of one kind disagree",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", "{\"section_code\":\"YCA010152-01\"}",
		     A, NULL},
		    {"b", RESULT, ROAD "中标结果公告", "2026-03-09",
			"{\"section_code\":\"YCA010152-02\"}", A, NULL}},
		"1 2", NULL},
	    {"codes of two kinds do not disagree",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", "{\"project_code\":\"YCA010152\"}", A,
		     NULL},
		    {"b", RESULT, ROAD "中标结果公告", "2026-03-09",
			"{\"section_code\":\"YCA010152-02\"}", A, NULL}},
		"1 1?", NULL},
	    {"two tenderees disagree",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01",
		     "{\"tenderee\":{\"name\":\"甲公司\"}}", A, NULL},
		    {"b", RESULT, ROAD "中标结果公告", "2026-03-09",
			"{\"tenderee\":{\"name\":\"乙公司\"}}", A, NULL}},
		"1 2", NULL},
	    {"one tenderee, written in two widths, and none",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01",
		     "{\"tenderee\":{\"name\":\"甲（Ａ）公司\"}}", A, NULL},
		    {"b", CANDIDATES, ROAD "中标候选人公示", "2026-03-01", NULL, A, NULL},
		    {"c", RESULT, ROAD "中标结果公告", "2026-03-09",
			"{\"tenderee\":{\"name\":\"甲(A)公司\"}}", A, NULL}},
		"1? 1? 1?", NULL},
	    {"where two notices of a stem disagree it joins none of them",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", "{\"section_code\":\"YCA010152-01\"}",
		     A, NULL},
		    {"b", CANDIDATES, ROAD "中标候选人公示", "2026-03-01", NULL, A, NULL},
		    {"c", RESULT, ROAD "中标结果公告", "2026-03-09",
			"{\"section_code\":\"YCA010152-02\"}", A, NULL},
		    {"d", CONTRACT, ROAD "合同公告", "2026-04-09",
			"{\"section_code\":\"YCA010152-02\"}", A, NULL}},
		"1 2 3 3", NULL},
	    {"two results under one title are two processes",
		{{"a", RESULT, ROAD "中标结果公告", "2026-03-09", NULL, A, NULL},
		    {"b", RESULT, ROAD "中标结果公告", "2026-05-09", NULL, A, NULL}},
		"1 2", NULL},
	    {"a chain of titles does not join two processes",
		{{"a", TENDER, ROAD "招标公告", "2026-02-01", "{\"project_code\":\"YCA010151\"}", A,
		     NULL},
		    {"b", CANDIDATES, ROAD "中标候选人公示", "2026-03-01",
			"{\"section_code\":\"YCA010159-01\"}", A, NULL},
		    {"c", RESULT, "吉安市鹭洲大桥维修工程中标结果公告", "2026-03-09",
			"{\"section_code\":\"YCA010159-01\"}", A, NULL},
		    {"d", CONTRACT, "吉安市鹭洲大桥维修工程合同公告", "2026-04-09",
			"{\"project_code\":\"YCA010152\"}", A, NULL}},
		"1 2 2 3", NULL},
	    {"a short stem names nothing",
		{{"a", TENDER, "道路招标公告", "2026-02-01", NULL, A, NULL},
		    {"b", RESULT, "道路中标结果公告", "2026-03-09", NULL, A, NULL}},
		"1 2", NULL},
	};

	every_order(*state, sets, ARRAY_SIZE(sets));
}

#define SECTION	  "\"section_code\":\"YCA010152-01\""
#define PUBLICITY "\"publicity_period\":{\"from\":\"2026-03-02\",\"to\":\"2026-03-05\"}"

static void what_two_notices_show_is_marked_in_every_order(void **state)
{
	static const struct set sets[] = {
	    {"nothing wrong",
		{{"a", CANDIDATES, "甲", "2026-03-02",
		     "{" SECTION "," PUBLICITY
		     ",\"candidates\":[{\"name\":\"甲公司\"},{\"name\":\"乙公司\"}]}",
		     A, NULL},
		    {"b", RESULT, "乙", "2026-03-09",
			"{" SECTION ",\"winner\":{\"name\":\"乙 公司\"}}", A, NULL}},
		"1 1", NULL},
	    {"a winner nobody had named",
		{{"a", CANDIDATES, "甲", "2026-03-02",
		     "{" SECTION "," PUBLICITY
		     ",\"candidates\":[{\"name\":\"甲公司\"},{\"name\":\"乙公司\"}]}",
		     A, NULL},
		    {"b", RESULT, "乙", "2026-03-09",
			"{" SECTION ",\"winner\":{\"name\":\"丙公司\"}}", A, NULL}},
		"1 1", "b winner-not-candidate a"},
	    {"a consortium is its members",
		{{"a", CANDIDATES, "甲", "2026-03-02",
		     "{" SECTION ",\"candidates\":[{\"name\":\"甲公司\"}]}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-09",
			"{" SECTION ",\"winner\":{\"name\":\"甲公司、乙公司（联合体）\"}}", A,
			NULL}},
		"1 1", NULL},
	    {"a result before the publicity has ended",
		{{"a", CANDIDATES, "甲", "2026-03-02",
		     "{" SECTION "," PUBLICITY ",\"candidates\":[{\"name\":\"甲公司\"}]}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-04",
			"{" SECTION ",\"winner\":{\"name\":\"甲公司\"}}", A, NULL}},
		"1 1", "b result-before-publicity-ended a"},
	    {"two results for one section, and one for another",
		{{"a", RESULT, "甲", "2026-03-09", "{" SECTION "}", A, NULL},
		    {"b", RESULT, "乙", "2026-03-10", "{" SECTION "}", A, NULL},
		    {"c", RESULT, "丙", "2026-03-10", "{\"section_code\":\"YCA010152-02\"}", A,
			NULL}},
		"1 1 2", "a two-results b, b two-results a"},
	};

	every_order(*state, sets, ARRAY_SIZE(sets));
}

static void a_revision_moves_its_notice(void **state)
{
	static const struct paper first = {"a", TENDER, "甲", "2026-02-01",
				      "{\"section_code\":\"YCA010152-01\"}", A, NULL},
				  second = {"b", RESULT, "乙", "2026-03-09",
				      "{\"section_code\":\"YCA010152-01\"}", A, NULL},
				  third = {"c", CONTRACT, "丙", "2026-04-09",
				      "{\"section_code\":\"YCA010152-02\"}", A, NULL},
				  corrected = {"b", RESULT, "乙", "2026-03-09",
				      "{\"section_code\":\"YCA010152-02\"}", A, NULL};
	struct home *h = home_base(*state);

	feed(h, &first, 0, 1);
	feed(h, &second, 1, 1);
	feed(h, &third, 2, 1);
	assert_string_equal(groups(h), "1 1 2");
	feed(h, &corrected, 3, 2);
	assert_string_equal(groups(h), "1 2 2");
	home_close(h);
}

/* ---- revisions ---- */
#define NOTICES	  7
#define REVISIONS 3
#define ROUNDS	  300

static unsigned chance(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % below;
}

/* A notice as one of its revisions has it: few titles, codes and parties, so that they meet and part all the time. */
static struct paper paper_drawn(struct arena *mem, unsigned *seed, const char *id)
{
	static const char *const items[] = {
	    "works.tender-plan", TENDER, "works.notice-change", CANDIDATES, RESULT, CONTRACT};
	static const char *const titles[] = {
	    ROAD "招标公告", "吉安市鹭洲大桥维修工程公告", "另一项目的公告", "道路"};
	static const char *const projects[] = {"", "\"project_code\":\"YCA010151\"",
	    "\"project_code\":\"YCA010152\"", "\"project_code\":\"E3506010601100717001\""};
	static const char *const sections[] = {"", "\"section_code\":\"YCA010151-01\"",
	    "\"section_code\":\"YCA010152-01\"", "\"section_code\":\"E3506010601100717001\""};
	static const char *const parties[] = {
	    "", "", "\"tenderee\":{\"name\":\"甲公司\"}", "\"tenderee\":{\"name\":\"乙公司\"}"};
	const char *a = projects[chance(seed, 7) % 4 * (chance(seed, 2))],
		   *b = sections[chance(seed, 7) % 4 * (chance(seed, 2))],
		   *c = parties[chance(seed, 4)];

	return (struct paper){id, items[chance(seed, 6)], titles[chance(seed, 4)], "2026-03-09",
	    str_fmt(mem, "{%s%s%s%s%s}", a, *a && *b ? "," : "", b, *c && (*a || *b) ? "," : "", c)
		.p,
	    A, NULL};
}

static void the_last_revisions_alone_decide(void **state)
{
	static const char *const ids[NOTICES] = {"a", "b", "c", "d", "e", "f", "g"};
	struct home *h = home_base(*state);

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct arena_mark mark = arena_mark(h->cx.mem);
		struct paper last[NOTICES];
		size_t done[NOTICES] = {0}, left = (size_t)NOTICES * REVISIONS, i;
		unsigned seed = round;
		const char *before;

		must(&h->cx, db_begin(&h->cx));
		forget(h);
		for (int64_t at = 0; left > 0; at++, left--) {
			do
				i = chance(&seed, NOTICES);
			while (done[i] == REVISIONS);
			last[i] = paper_drawn(h->cx.mem, &seed, ids[i]);
			feed(h, &last[i], at, (int64_t)++done[i]);
		}
		before = groups(h);
		forget(h);
		for (i = 0; i < NOTICES; i++)
			feed(h, &last[i], (int64_t)i, 1);
		if (strcmp(before, groups(h)) != 0)
			fail_msg("round %u: \"%s\" after revisions, \"%s\" without them", round,
			    before, groups(h));
		must(&h->cx, db_commit(&h->cx));
		arena_rewind(h->cx.mem, mark);
	}
	home_close(h);
}

static const char *crowd_id(struct home *h, int i)
{
	return str_fmt(h->cx.mem, "n%03d", i).p;
}

static void a_code_that_too_many_carry_binds_none_until_one_leaves(void **state)
{
	static const char same[] = "{\"section_code\":\"YCA010152-01\"}",
			  other[] = "{\"section_code\":\"YCA010159-01\"}";
	struct home *h = home_base(*state);
	struct paper p = {NULL, RESULT, "甲", "2026-03-09", same, A, NULL};

	must(&h->cx, db_begin(&h->cx));
	for (int i = 0; i <= 200; i++) {
		p.id = crowd_id(h, i);
		feed(h, &p, i, 1);
		if (i == 199)
			assert_true(str_starts(str_of(groups(h)), STR("1 1 1 1 1 1")));
	}
	assert_true(str_starts(str_of(groups(h)), STR("1 2 3 4 5 6")));
	p.id = crowd_id(h, 7);
	p.fields = other;
	feed(h, &p, 201, 2);
	assert_true(str_starts(str_of(groups(h)), STR("1 1 1 1 1 1 1 2 1 1")));
	p.fields = same;
	feed(h, &p, 202, 3);
	assert_true(str_starts(str_of(groups(h)), STR("1 2 3 4 5 6")));
	must(&h->cx, db_commit(&h->cx));
	home_close(h);
}

static void take_back(struct home *h, const char *id, int64_t at)
{
	const struct entry e = {.index = at, .type = STR("withdrawal/v1"), .id = str_of(id)};

	must(&h->cx, project_follower.apply(&h->cx, NULL, &e, STR_NONE));
}

static void a_withdrawn_notice_repeats_no_stage(void **state)
{
	static const struct paper papers[] = {
	    {"a", TENDER, ROAD "招标公告", "2026-02-01", NULL, A, NULL},
	    {"b", TENDER, ROAD "招标公告", "2026-02-02", NULL, A, NULL},
	    {"c", RESULT, ROAD "中标结果公告", "2026-03-09", NULL, A, NULL}};
	struct home *h = home_base(*state);

	for (size_t i = 0; i < ARRAY_SIZE(papers); i++)
		feed(h, &papers[i], (int64_t)i, 1);
	assert_string_equal(groups(h), "1 2 3");
	take_back(h, "a", 3);
	assert_string_equal(groups(h), "1? 1? 1?");
	home_close(h);
}

static void titles_lose_their_stage_words(void **state)
{
	static const struct {
		const char *title, *stem, *name;
	} cases[] = {
	    {ROAD "招标公告", ROAD, ROAD},
	    {ROAD "[中标候选人公示]", ROAD, ROAD},
	    {ROAD "的中标（成交）结果公告", ROAD, ROAD},
	    {ROAD "[第2次变更]", ROAD, ROAD},
	    {"ＡＢＣ道路施工招标公告", "abc道路施工", "ＡＢＣ道路施工"},
	    {"道路招标公告", NULL, "道路招标公告"},
	};
	struct home *h = home_base(*state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str stem = project_title_stem(*state, h->app.domain, str_of(cases[i].title));

		if (cases[i].stem)
			assert_string_equal(str_c(*state, stem), cases[i].stem);
		else
			assert_null(stem.p);
		assert_string_equal(str_c(*state, project_title_name(*state, h->app.domain,
						      str_of(cases[i].title))),
		    cases[i].name);
	}
	home_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(codes_join_in_every_order),
	    CASE(titles_join_in_every_order),
	    CASE(titles_that_name_two_processes_join_nothing),
	    CASE(what_two_notices_show_is_marked_in_every_order),
	    CASE(a_revision_moves_its_notice),
	    CASE(the_last_revisions_alone_decide),
	    CASE(a_code_that_too_many_carry_binds_none_until_one_leaves),
	    CASE(a_withdrawn_notice_repeats_no_stage),
	    CASE(titles_lose_their_stage_words),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
