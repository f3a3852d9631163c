/* SPDX-License-Identifier: Apache-2.0 */
/* The cut of text into pieces, and that SQLite's index meets it: whatever two neighbours stand in a text are found. */
#include "lib/unit.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "search/search_priv.h"

struct joined {
	struct buf b;
};

static int join(void *arg, const char *token, size_t n, size_t from, size_t to)
{
	struct joined *j = arg;

	if (j->b.n)
		buf_char(&j->b, '|');
	buf_bytes(&j->b, token, n);
	return 0;
}

static const char *pieces(struct arena *mem, const char *text, bool query)
{
	struct joined j = {buf_new(mem, 1 << 16)};

	assert_int_equal(search_tokenize(str_of(text), query, join, &j), 0);
	return buf_str(&j.b).p;
}

static void text_is_cut_into_pairs_and_runs(void **state)
{
	static const struct {
		const char *text, *document, *query;
	} cases[] = {
	    {"招标公告", "招标|标公|公告|告", "招标|标公|公告"},
	    {"招", "招", "招"},
	    {"中标，公告", "中标|标|公告|告", "中标|标|公告"},
	    {"YCA010152-202501-01", "yca010152|202501|01", "yca010152|202501|01"},
	    {"ＡＢＣ１２３", "abc123", "abc123"},
	    {"第1次变更", "第|1|次变|变更|更", "第|1|次变|变更"},
	    {"第1次", "第|1|次", "第|1|次"},
	    {"EPC总承包", "epc|总承|承包|包", "epc|总承|承包"},
	    {"  \t，。", "", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(pieces(*state, cases[i].text, false), cases[i].document);
		assert_string_equal(pieces(*state, cases[i].text, true), cases[i].query);
	}
}

static void words_become_an_expression_that_nobody_can_break_out_of(void **state)
{
	static const struct {
		const char *typed, *expression;
	} cases[] = {
	    {"招标公告", "\"招标公告\""},
	    {"吉安 污水", "\"吉安\" AND \"污水\""},
	    {"吉安　污水", "\"吉安\" AND \"污水\""},
	    {"YCA0101", "\"YCA0101\"*"},
	    {"\"YCA 0101\"", "\"YCA 0101\""},
	    {"“中标 结果”公示", "\"中标 结果\" AND \"公示\""},
	    {"招", "\"招\"*"},
	    {"第1次", "\"第1次\"*"},
	    {"“第1次”公示", "\"第1次\"* AND \"公示\""},
	    {"a\" OR title:\"b", "\"a \"* AND \"OR\"* AND \"title: b\"*"},
	    {"NOT (NEAR)", "\"NOT\"* AND \"(NEAR)\"*"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(
		    search_expression(*state, str_of(cases[i].typed)).p, cases[i].expression);
	assert_null(search_expression(*state, STR("，。 …")).p);
	assert_null(search_expression(*state, STR("")).p);
}

static sqlite3 *open_index(struct arena *mem)
{
	struct cx cx = {.mem = mem};
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_true(search_tokenizer_register(&cx, db));
	assert_int_equal(
	    sqlite3_exec(
		db, "CREATE VIRTUAL TABLE t USING fts5(body, tokenize='bigram')", NULL, NULL, NULL),
	    SQLITE_OK);
	return db;
}

static int64_t hits(sqlite3 *db, struct str expression)
{
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT COUNT(*) FROM t WHERE t MATCH ?", -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_bind_text(st, 1, expression.p, (int)expression.n, SQLITE_STATIC), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
	return n;
}

static void any_two_neighbouring_characters_find_their_text_and_strangers_do_not(void **state)
{
	static const char *const han[] = {
	    "招", "标", "公", "告", "吉", "安", "市", "中", "，", "9"};
	sqlite3 *db = open_index(*state);
	struct buf text = buf_new(*state, 1 << 16);
	bool pair[10][10] = {{false}};
	unsigned seed = 7;
	int last = -1;

	for (int i = 0; i < 60; i++) {
		int c;

		seed = seed * 1103515245u + 12345u;
		c = (int)(seed >> 16) % 10;
		buf_c(&text, han[c]);
		if (last >= 0)
			pair[last][c] = true;
		last = c;
	}
	assert_int_equal(
	    sqlite3_exec(db, str_fmt(*state, "INSERT INTO t VALUES ('%s')", buf_str(&text).p).p,
		NULL, NULL, NULL),
	    SQLITE_OK);
	for (int a = 0; a < 8; a++)
		for (int b = 0; b < 8; b++)
			assert_int_equal(hits(db, search_expression(*state,
						      str_fmt(*state, "%s%s", han[a], han[b]))),
			    pair[a][b]);
	(void)sqlite3_close(db);
}

static void longer_phrases_runs_and_beginnings_are_found(void **state)
{
	static const struct {
		const char *query;
		int64_t n;
	} cases[] = {
	    {"雨污管网", 1},
	    {"管网及配套", 1},
	    {"网络", 0},
	    {"2208-360800", 1},
	    {"2208-36", 1},
	    {"360800 污管", 1},
	    {"208", 0},
	    {"三标段：球墨", 1},
	    {"三标段", 1},
	    {"DN300", 1},
	    {"dn3", 1},
	    {"井盖", 1},
	    {"盖公", 0},
	    {"“井盖”", 1},
	    {"\"dn3\"", 0},
	    {"“第1次”", 1},
	    {"“公”", 1},
	    {"“告2208”", 1},
	    {"第1次", 1},
	    {"段", 1},
	    {"墨", 1},
	};
	sqlite3 *db = open_index(*state);

	assert_int_equal(
	    sqlite3_exec(db,
		"INSERT INTO t VALUES ('吉安市雨污管网及配套（三标段：球墨铸铁井盖）DN300\n公告 "
		"2208-360800-04-01-233101 第1次变更')",
		NULL, NULL, NULL),
	    SQLITE_OK);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (hits(db, search_expression(*state, str_of(cases[i].query))) != cases[i].n)
			fail_msg("%s: not %d hits", cases[i].query, (int)cases[i].n);
	(void)sqlite3_close(db);
}

static void a_snippet_shows_the_words_marked_and_everything_escaped(void **state)
{
	static const struct {
		const char *text, *query, *snippet;
	} cases[] = {
	    {"关于<b>招标</b>的公告", "招标", "关于&lt;b&gt;<mark>招标</mark>&lt;/b&gt;的公告"},
	    {"一招标公告二", "招标公告", "一<mark>招标公告</mark>二"},
	    {"编号 YCA010152", "yca01", "编号 <mark>YCA01</mark>0152"},
	    {"没有", "别的", "没有"},
	    {"①设计②施工", "1", "<mark>①</mark>设计②施工"},
	    {"共１２３４元", "12", "共<mark>１２</mark>３４元"},
	    {"占地10㎡左右", "10m", "占地<mark>10㎡</mark>左右"},
	    {"第1次变更", "“第1次”", "<mark>第1次</mark>变更"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct search_words words = {0};

		search_words(*state, str_of(cases[i].query), &words);
		assert_string_equal(
		    search_snippet(*state, str_of(cases[i].text), &words).p, cases[i].snippet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(text_is_cut_into_pairs_and_runs),
	    CASE(words_become_an_expression_that_nobody_can_break_out_of),
	    CASE(any_two_neighbouring_characters_find_their_text_and_strangers_do_not),
	    CASE(longer_phrases_runs_and_beginnings_are_found),
	    CASE(a_snippet_shows_the_words_marked_and_everything_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
