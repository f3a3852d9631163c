/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of db.h. Every case runs on SQLite (a file) and on PostgreSQL (GONGKAI_PG_URL, an empty database; see tests/lib/pg.py).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/unit.h"
#include "lib/db.h"

static const struct db_migration migrations[] = {
    {1, "0001_book",
	"-- A comment; with a semicolon.\n"
	"CREATE TABLE book (id ID, title TEXT NOT NULL UNIQUE, pages INT64, cover BYTES, lent BOOL "
	"NOT NULL DEFAULT 0);\n"
	"CREATE INDEX book_pages ON book (pages);\n"},
    {2, "0002_note",
	"CREATE TABLE note (day TEXT, n INT64, text TEXT DEFAULT 'ID; BOOL', PRIMARY KEY (day, n)) "
	"WITHOUT ROWID;\n"
	"ALTER TABLE book ADD COLUMN shelf TEXT"},
    {3, "0003_broken", "CREATE TABLE good (id ID); CREATE TABLE bad (id ID, id ID);"},
};

static const struct db_sql add = {"book_add",
    "INSERT INTO book (title, pages, cover, lent, shelf) VALUES (:title, :pages, :cover, :lent, "
    ":shelf)",
    NULL};
static const struct db_sql add_returning = {"book_add_returning",
    "INSERT INTO book (title, pages) VALUES (:title, :pages) RETURNING id, title", NULL};
static const struct db_sql lend = {
    "book_lend", "UPDATE book SET lent = 1 WHERE pages >= :pages", NULL};
static const struct db_sql count = {"book_count", "SELECT COUNT(*) AS n FROM book", NULL};
static const struct db_sql list = {"book_list",
    "SELECT title, id, lent, cover, pages, shelf /* :not */ FROM book -- nor :this\n"
    "WHERE 1 = 1\n"
    "AND pages >= :pages --? pages\n"
    "AND title <> ':title' AND title = :title   --? title\n"
    "AND lent = 1 --? lent\n"
    "ORDER BY title LIMIT :most",
    NULL};

struct book {
	int64_t id, pages;
	struct str title, shelf;
	struct bytes cover;
	bool lent;
};
static const struct db_col cols[] = {COL(struct book, id), COL(struct book, pages),
    COL(struct book, title), COL(struct book, shelf), COL(struct book, cover),
    COL(struct book, lent), COL_END};

static struct cx with_tables(void **state)
{
	struct cx cx = db_test_open(*state);

	assert_true(db_migrate(&cx, migrations, 2));
	return cx;
}

static void add_book(struct cx *cx, const char *title, int64_t pages)
{
	assert_true(db_run(cx, &add,
	    DB_ARGS(P("title", str_of(title)), P("pages", pages),
		P("cover", ((struct bytes){NULL, 0})), P("lent", false), P("shelf", STR_NONE)),
	    NULL));
}

static int64_t books(struct cx *cx)
{
	int64_t n = -1;

	assert_true(db_int(cx, &count, DB_NO_ARGS, &n));
	return n;
}

static void a_row_comes_back_as_it_went_in(void **state)
{
	struct cx cx = with_tables(state);
	static const unsigned char every[] = {0, 1, 0xff, '\'', '\\', 0};
	struct book b = {0};
	int64_t changed = 0;

	assert_true(db_run(&cx, &add,
	    DB_ARGS(P("shelf", STR("")), P("title", STR("公开 \"'; --?")), P("pages", INT64_MIN),
		P("lent", true), P("cover", ((struct bytes){every, sizeof every}))),
	    &changed));
	assert_int_equal(changed, 1);
	assert_true(db_one(&cx, &list, DB_ARGS(P("most", 10)), cols, &b, NULL));
	assert_true(b.id > 0);
	assert_true(b.pages == INT64_MIN);
	assert_true(str_is(b.title, "公开 \"'; --?"));
	assert_true(b.shelf.p != NULL && b.shelf.n == 0);
	assert_int_equal(b.cover.n, sizeof every);
	assert_memory_equal(b.cover.p, every, sizeof every);
	assert_true(b.lent);
	db_test_close(&cx);
}

static void a_null_reads_as_zero_absent_or_false(void **state)
{
	struct cx cx = with_tables(state);
	struct book b = {
	    .pages = 7, .shelf = STR("x"), .cover = {(const unsigned char *)"x", 1}, .lent = true};

	assert_true(db_run(&cx, &add,
	    DB_ARGS(P("title", STR("t")), db_arg_when(false, P("pages", 5)),
		P("cover", ((struct bytes){NULL, 0})), P("lent", false), P("shelf", STR_NONE)),
	    NULL));
	assert_true(db_one(&cx, &list, DB_ARGS(P("most", 10)), cols, &b, NULL));
	assert_int_equal(b.pages, 0);
	assert_null(b.shelf.p);
	assert_null(b.cover.p);
	assert_false(b.lent);
	db_test_close(&cx);
}

static void optional_lines_are_there_when_their_argument_is(void **state)
{
	static const struct {
		struct str title;
		int64_t pages; /* 0: not asked */
		bool lent;
		size_t rows;
	} cases[] = {{{NULL, 0}, 0, false, 3}, {{NULL, 0}, 200, false, 2}, {{"b", 1}, 0, false, 1},
	    {{"b", 1}, 250, false, 0}, {{NULL, 0}, 0, true, 1}, {{"c", 1}, 300, true, 1},
	    {{"a", 1}, 0, true, 0}};
	struct cx cx = with_tables(state);

	add_book(&cx, "a", 100);
	add_book(&cx, "b", 200);
	add_book(&cx, "c", 300);
	assert_true(db_run(&cx, &lend, DB_ARGS(P("pages", 300)), NULL));
	for (size_t twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			struct book *all;
			size_t n;

			assert_true(db_all(&cx, &list,
			    DB_ARGS(db_arg_when(cases[i].lent, P("lent", 1)), P("most", 10),
				P("title", cases[i].title),
				db_arg_when(cases[i].pages != 0, P("pages", cases[i].pages))),
			    cols, sizeof *all, (void **)&all, &n));
			assert_int_equal(n, cases[i].rows);
		}
	db_test_close(&cx);
}

static bool count_below(struct cx *cx, const void *row, void *arg)
{
	const struct book *b = row;
	struct book other;
	int64_t *sum = arg;

	/* The same statement runs inside its own walk. */
	if (!db_one(cx, &list, DB_ARGS(P("most", 3)), cols, &other, NULL))
		return false;
	*sum += b->pages + (str_is(other.title, "a") ? 1 : 0);
	return true;
}

static bool stop_at_once(struct cx *cx, const void *row, void *arg)
{
	(void)row;
	(void)arg;
	return cx_fail(cx, ERR_LIMIT, "enough");
}

static void a_walk_may_run_its_own_statement_and_stop(void **state)
{
	struct cx cx = with_tables(state);
	int64_t sum = 0;

	add_book(&cx, "a", 100);
	add_book(&cx, "b", 200);
	add_book(&cx, "c", 300);
	assert_true(db_each(&cx, &list, DB_ARGS(P("most", 3)),
	    &(struct db_each){cols, sizeof(struct book), count_below, &sum}));
	assert_int_equal(sum, 603);
	assert_false(db_each(&cx, &list, DB_ARGS(P("most", 3)),
	    &(struct db_each){cols, sizeof(struct book), stop_at_once, NULL}));
	assert_int_equal(cx.err.code, ERR_LIMIT);
	cx_clear(&cx);
	add_book(&cx, "d", 1);
	db_test_close(&cx);
}

static void a_row_that_must_exist_is_not_found(void **state)
{
	struct cx cx = with_tables(state);
	struct book b;
	bool found = true;

	assert_true(db_one(&cx, &list, DB_ARGS(P("most", 1)), cols, &b, &found));
	assert_false(found);
	assert_false(db_one(&cx, &list, DB_ARGS(P("most", 1)), cols, &b, NULL));
	assert_int_equal(cx.err.code, ERR_NOT_FOUND);
	cx_clear(&cx);
	db_test_close(&cx);
}

static void an_insert_that_returns_its_row_is_complete(void **state)
{
	static const struct db_col two[] = {COL(struct book, title), COL(struct book, id), COL_END};
	struct cx cx = with_tables(state);
	struct book b;
	bool found = false;

	assert_true(db_one(
	    &cx, &add_returning, DB_ARGS(P("title", STR("t")), P("pages", 3)), two, &b, &found));
	assert_true(found && b.id == 1 && str_is(b.title, "t"));
	assert_int_equal(books(&cx), 1);
	db_test_close(&cx);
}

static void a_descriptor_without_its_column_is_an_error(void **state)
{
	static const struct db_sql short_list = {"book_short", "SELECT id FROM book", NULL};
	struct cx cx = with_tables(state);
	struct book b;

	assert_false(db_one(&cx, &short_list, DB_NO_ARGS, cols, &b, NULL));
	assert_string_equal(cx.err.msg.p, "statement book_short gives no column pages");
	cx_clear(&cx);
	assert_false(db_prepare_check(&cx, &short_list, DB_NO_ARGS, cols));
	cx_clear(&cx);
	db_test_close(&cx);
}

static void a_transaction_is_all_or_nothing(void **state)
{
	struct cx cx = with_tables(state);

	assert_true(db_begin(&cx));
	add_book(&cx, "a", 1);
	db_rollback(&cx);
	assert_int_equal(books(&cx), 0);
	assert_true(db_begin(&cx));
	add_book(&cx, "a", 1);
	add_book(&cx, "b", 1);
	assert_int_equal(books(&cx), 2);
	assert_true(db_commit(&cx));
	db_rollback(&cx); /* nothing to roll back: nothing happens */
	assert_int_equal(books(&cx), 2);
	db_test_close(&cx);
}

static void savepoints_nest_and_undo_the_innermost(void **state)
{
	struct cx cx = with_tables(state);

	assert_true(db_begin(&cx));
	add_book(&cx, "a", 1);
	assert_true(db_savepoint(&cx));
	add_book(&cx, "b", 1);
	assert_true(db_savepoint(&cx));
	add_book(&cx, "c", 1);
	assert_true(db_savepoint_rollback(&cx));
	assert_int_equal(books(&cx), 2);
	assert_true(db_savepoint_release(&cx));
	assert_true(db_commit(&cx));
	assert_int_equal(books(&cx), 2);
	db_test_close(&cx);
}

/* Adds "a" a second time, which its constraint refuses; true when some verb up to the release says so. */
static bool conflict_is_reported(struct cx *cx)
{
	const struct db_arg *args = DB_ARGS(P("title", STR("a")), P("pages", 2),
	    P("cover", ((struct bytes){NULL, 0})), P("lent", false), P("shelf", STR_NONE));

	return !(db_run(cx, &add, args, NULL) && db_savepoint_release(cx)) &&
	       cx->err.code == ERR_CONFLICT;
}

static void a_violated_constraint_is_a_conflict_that_a_savepoint_undoes(void **state)
{
	struct cx cx = with_tables(state);

	assert_true(db_begin(&cx));
	add_book(&cx, "a", 1);
	assert_true(db_savepoint(&cx));
	add_book(&cx, "b", 1);
	assert_true(conflict_is_reported(&cx));
	cx_clear(&cx);
	assert_true(db_savepoint_rollback(&cx));
	add_book(&cx, "c", 1);
	assert_true(db_commit(&cx));
	assert_int_equal(books(&cx), 2);
	db_test_close(&cx);
}

static void a_failure_inside_a_transaction_never_commits(void **state)
{
	struct cx cx = with_tables(state);
	const struct db_arg *twice = DB_ARGS(P("title", STR("a")), P("pages", 2),
	    P("cover", ((struct bytes){NULL, 0})), P("lent", false), P("shelf", STR_NONE));

	assert_true(db_begin(&cx));
	add_book(&cx, "a", 1);
	assert_false(db_run(&cx, &add, twice, NULL) && db_commit(&cx));
	assert_int_equal(cx.err.code, ERR_CONFLICT);
	cx_clear(&cx);
	db_rollback(&cx);
	assert_int_equal(books(&cx), 0);
	db_test_close(&cx);
}

static bool fail_busy_twice(struct cx *cx, void *arg)
{
	int *calls = arg;

	add_book(cx, "a", 1);
	return ++*calls == 3 || cx_fail(cx, ERR_BUSY, "busy");
}

static bool fail_otherwise(struct cx *cx, void *arg)
{
	++*(int *)arg;
	add_book(cx, "b", 1);
	return cx_fail(cx, ERR_CONFLICT, "no");
}

static void only_busy_repeats_a_private_transaction(void **state)
{
	struct cx cx = with_tables(state);
	int calls = 0;

	assert_true(db_tx(&cx, fail_busy_twice, &calls));
	assert_int_equal(calls, 3);
	assert_int_equal(books(&cx), 1);
	calls = 0;
	assert_false(db_tx(&cx, fail_otherwise, &calls));
	assert_int_equal(calls, 1);
	cx_clear(&cx);
	assert_int_equal(books(&cx), 1);
	db_test_close(&cx);
}

static void a_reader_sees_what_is_committed_and_cannot_write(void **state)
{
	struct cx cx = with_tables(state), reader = db_test_reader(*state);

	add_book(&cx, "a", 1);
	assert_int_equal(books(&reader), 1);
	assert_true(db_begin(&reader));
	assert_int_equal(books(&reader), 1);
	add_book(&cx, "b", 1);
	assert_int_equal(books(&reader), 1); /* one view of the data */
	assert_true(db_commit(&reader));
	assert_int_equal(books(&reader), 2);
	assert_false(db_run(&reader, &lend, DB_ARGS(P("pages", 1)), NULL));
	assert_int_equal(reader.err.code, ERR_READONLY);
	db_close(reader.db);
	db_test_close(&cx);
}

static void migrations_run_once_each_in_their_own_transaction(void **state)
{
	struct cx cx = with_tables(state);
	int version = 0;

	add_book(&cx, "a", 1);
	assert_true(db_migrate(&cx, migrations, 2));
	assert_int_equal(books(&cx), 1);
	assert_false(db_migrate(&cx, migrations, 3)); /* its first table goes with its second */
	cx_clear(&cx);
	assert_true(db_schema_version(&cx, &version));
	assert_int_equal(version, 2);
	assert_false(db_migrate(&cx, migrations, 1));
	assert_string_equal(
	    cx.err.msg.p, "the schema is version 2, this program knows 1: a newer program made it");
	cx_clear(&cx);
	db_test_close(&cx);
}

static void a_number_is_refused_where_text_belongs(void **state)
{
	static const struct db_sql wrong = {
	    "note_wrong", "INSERT INTO note (day, n) VALUES ('2026-01-01', 'x')", NULL};
	struct cx cx = with_tables(state);

	assert_false(db_run(&cx, &wrong, DB_NO_ARGS, NULL));
	cx_clear(&cx);
	db_test_close(&cx);
}

static void many_variants_of_one_statement_come_and_go(void **state)
{
	static const struct db_sql many = {"many",
	    "SELECT 1 AS n FROM book WHERE 1 = 1\nAND 1 = 1 --? a\nAND 2 = 2 --? b\nAND 3 = 3 --? "
	    "c\nAND 4 = 4 --? d\n"
	    "AND 5 = 5 --? e\nAND 6 = 6 --? f",
	    NULL};
	struct cx cx = with_tables(state);

	add_book(&cx, "a", 1);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned m = 0; m < 64; m++) {
			int64_t n = 0;

			assert_true(db_int(&cx, &many,
			    DB_ARGS(db_arg_when(m & 1, P("a", 1)), db_arg_when(m & 2, P("b", 1)),
				db_arg_when(m & 4, P("c", 1)), db_arg_when(m & 8, P("d", 1)),
				db_arg_when(m & 16, P("e", 1)), db_arg_when(m & 32, P("f", 1))),
			    &n));
			assert_int_equal(n, 1);
		}
	db_test_close(&cx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_row_comes_back_as_it_went_in),
	    CASE(a_null_reads_as_zero_absent_or_false),
	    CASE(optional_lines_are_there_when_their_argument_is),
	    CASE(a_walk_may_run_its_own_statement_and_stop),
	    CASE(a_row_that_must_exist_is_not_found),
	    CASE(an_insert_that_returns_its_row_is_complete),
	    CASE(a_descriptor_without_its_column_is_an_error),
	    CASE(a_transaction_is_all_or_nothing),
	    CASE(savepoints_nest_and_undo_the_innermost),
	    CASE(a_violated_constraint_is_a_conflict_that_a_savepoint_undoes),
	    CASE(a_failure_inside_a_transaction_never_commits),
	    CASE(only_busy_repeats_a_private_transaction),
	    CASE(a_reader_sees_what_is_committed_and_cannot_write),
	    CASE(migrations_run_once_each_in_their_own_transaction),
	    CASE(a_number_is_refused_where_text_belongs),
	    CASE(many_variants_of_one_statement_come_and_go),
	};

	int failed = cmocka_run_group_tests_name("SQLite", tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests_name("PostgreSQL", tests, NULL, NULL);
	return failed;
}
