/* SPDX-License-Identifier: Apache-2.0 */
/* What only PostgreSQL has: statements sent ahead, serialisation failures, sessions that end, databases that will not do. */
#include <stdio.h>

#include "lib/unit.h"
#include "lib/db.h"

static const struct db_migration migrations[] = {
    {1, "0001_t", "CREATE TABLE t (n INT64 PRIMARY KEY, value INT64 NOT NULL)"},
};
static const struct db_sql add = {"add", "INSERT INTO t (n, value) VALUES (:n, :value)", NULL};
static const struct db_sql set = {"set", "UPDATE t SET value = :value WHERE n = :n", NULL};
static const struct db_sql sum = {"sum", "SELECT CAST(SUM(value) AS BIGINT) AS n FROM t", NULL};
static const struct db_sql count = {"count", "SELECT COUNT(*) AS n FROM t", NULL};
static const struct db_sql me = {"me", "SELECT CAST(pg_backend_pid() AS BIGINT) AS n", NULL};
static const struct db_sql kill_it = {
    "kill", "SELECT pg_terminate_backend(CAST(:pid AS INTEGER)) AS done", NULL};

static int64_t number(struct cx *cx, const struct db_sql *sql)
{
	int64_t n = -1;

	assert_true(db_int(cx, sql, DB_NO_ARGS, &n));
	return n;
}

static struct cx with_table(void **state)
{
	struct cx cx = db_test_open(*state);

	assert_true(db_migrate(&cx, migrations, 1));
	return cx;
}

static void end_session(struct cx *of, struct cx *by)
{
	int64_t pid = number(of, &me);

	assert_true(db_run(by, &kill_it, DB_ARGS(P("pid", pid)), NULL));
	(void)usleep(200000);
}

static void thousands_of_statements_are_sent_ahead_and_all_arrive(void **state)
{
	struct cx cx = with_table(state);

	assert_true(db_begin(&cx));
	for (int64_t i = 0; i < 2000; i++)
		assert_true(db_run(&cx, &add, DB_ARGS(P("n", i), P("value", i)), NULL));
	assert_int_equal(number(&cx, &count), 2000);
	assert_true(db_commit(&cx));
	assert_int_equal(number(&cx, &count), 2000);
	db_test_close(&cx);
}

static void a_failure_sent_ahead_names_its_statement(void **state)
{
	struct cx cx = with_table(state);
	int64_t n;

	assert_true(db_begin(&cx));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1), P("value", 1)), NULL));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1), P("value", 2)), NULL));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 3), P("value", 3)), NULL));
	assert_false(db_int(&cx, &count, DB_NO_ARGS, &n));
	assert_int_equal(cx.err.code, ERR_CONFLICT);
	assert_true(str_starts(cx.err.msg, STR("add: ")));
	cx_clear(&cx);
	db_rollback(&cx);
	assert_int_equal(number(&cx, &count), 0);
	db_test_close(&cx);
}

struct skew {
	struct cx *other;
	int calls;
};

/* Reads all and writes the sum into its own row, while the other transaction does the same at the first try. */
static bool write_skew(struct cx *cx, void *arg)
{
	struct skew *s = arg;
	struct cx *other = s->other;
	int64_t mine, theirs;

	if (!db_int(cx, &sum, DB_NO_ARGS, &mine))
		return false;
	if (s->calls++ == 0) {
		assert_true(db_begin(other));
		assert_true(db_int(other, &sum, DB_NO_ARGS, &theirs));
		assert_true(db_run(other, &set, DB_ARGS(P("n", 2), P("value", theirs)), NULL));
		assert_true(db_commit(other));
	}
	return db_run(cx, &set, DB_ARGS(P("n", 1), P("value", mine)), NULL);
}

static void a_serialisation_failure_repeats_a_private_transaction(void **state)
{
	struct cx cx = with_table(state), other = db_test_connect(*state, DB_WRITE);
	struct skew s = {.other = &other};

	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1), P("value", 1)), NULL));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 2), P("value", 2)), NULL));
	assert_true(db_tx(&cx, write_skew, &s));
	assert_int_equal(s.calls, 2);
	assert_int_equal(
	    number(&cx, &sum), 7); /* 3 into row 2, then 4 into row 1: one after the other */
	db_close(other.db);
	db_test_close(&cx);
}

static void a_commit_on_a_broken_connection_is_unknown(void **state)
{
	struct cx cx = with_table(state), other = db_test_connect(*state, DB_WRITE);

	assert_true(db_begin(&other));
	assert_true(db_run(&other, &add, DB_ARGS(P("n", 1), P("value", 1)), NULL));
	end_session(&other, &cx);
	assert_false(db_commit(&other));
	assert_int_equal(other.err.code, ERR_UNKNOWN);
	db_close(other.db);
	assert_int_equal(number(&cx, &count), 0);
	db_test_close(&cx);
}

static void one_session_holds_the_lock_of_the_writer_until_it_ends(void **state)
{
	struct cx cx = with_table(state), first = db_test_connect(*state, DB_WRITE),
		  second = db_test_connect(*state, DB_WRITE);
	bool got = false;

	assert_true(db_writer_lock(&first, &got));
	assert_true(got);
	assert_true(db_writer_lock(&second, &got));
	assert_false(got);
	assert_false(db_writer_lost(first.db));
	end_session(&first, &cx);
	assert_true(db_writer_lost(first.db));
	assert_true(db_writer_lock(&second, &got));
	assert_true(got);
	assert_false(db_writer_lost(second.db));
	db_close(first.db);
	db_close(second.db);
	db_test_close(&cx);
}

static void a_column_that_nobody_can_read_is_named(void **state)
{
	static const struct db_sql uncast = {"uncast", "SELECT SUM(value) AS n FROM t", NULL};
	struct cx cx = with_table(state);

	assert_false(db_prepare_check(&cx, &uncast, DB_NO_ARGS, NULL));
	assert_string_equal(
	    cx.err.msg.p, "uncast: column n has a type (1700) that db cannot read: CAST it");
	cx_clear(&cx);
	db_test_close(&cx);
}

static void databases_that_sort_or_store_otherwise_are_refused(void **state)
{
	static const struct {
		const char *make, *options, *says;
	} cases[] = {
	    {"CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'zh'", "",
		"the PostgreSQL database has locale ICU zh; it must have locale C or C.UTF-8, so "
		"that "
		"text sorts by bytes"},
	    {"CREATE DATABASE %s TEMPLATE template0 ENCODING 'SQL_ASCII'", "",
		"the PostgreSQL database has encoding SQL_ASCII; it must have encoding UTF8"},
	    {"CREATE DATABASE %s TEMPLATE template0", "&options=-csynchronous_commit%3Doff",
		"the PostgreSQL database has synchronous_commit=off; it must have "
		"synchronous_commit=on or remote_apply"},
	};
	struct cx cx = with_table(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx other = {.mem = cx.mem};
		const char *name = str_fmt(cx.mem, "refused_%ld_%zu", (long)getpid(), i).p;
		const char *url = getenv("GONGKAI_PG_URL");
		const char *host = url ? strchr(url, '?') : NULL;
		struct db_config config = {.mode = DB_WRITE};
		struct db_sql *sql = arena_array(cx.mem, struct db_sql, 2);
		size_t at = 0;

		assert_non_null(host);
		(void)str_find(str_of(cases[i].make), STR("%s"), 0, &at);
		sql[0] = (struct db_sql){"make",
		    str_fmt(
			cx.mem, "%.*s%s%s", (int)at, cases[i].make, name, cases[i].make + at + 2)
			.p,
		    NULL};
		sql[1] = (struct db_sql){"drop", str_fmt(cx.mem, "DROP DATABASE %s", name).p, NULL};
		config.url =
		    str_fmt(cx.mem, "postgresql://gongkai@/%s%s%s", name, host, cases[i].options).p;
		assert_true(db_run(&cx, &sql[0], DB_NO_ARGS, NULL));
		assert_false(db_open(&other, &config, &other.db));
		assert_string_equal(other.err.msg.p, cases[i].says);
		assert_true(db_run(&cx, &sql[1], DB_NO_ARGS, NULL));
	}
	db_test_close(&cx);
}

static void a_server_that_is_not_there_is_an_error_without_its_password(void **state)
{
	struct cx cx = {.mem = *state};
	const struct db_config config = {
	    .url = "postgres://u:secret@/x?host=/nonexistent", .mode = DB_READ};

	assert_false(db_open(&cx, &config, &cx.db));
	assert_int_equal(cx.err.code, ERR_DB);
	assert_false(str_has(cx_error(&cx), STR("secret")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(thousands_of_statements_are_sent_ahead_and_all_arrive),
	    CASE(a_failure_sent_ahead_names_its_statement),
	    CASE(a_serialisation_failure_repeats_a_private_transaction),
	    CASE(a_commit_on_a_broken_connection_is_unknown),
	    CASE(one_session_holds_the_lock_of_the_writer_until_it_ends),
	    CASE(a_column_that_nobody_can_read_is_named),
	    CASE(databases_that_sort_or_store_otherwise_are_refused),
	    CASE(a_server_that_is_not_there_is_an_error_without_its_password),
	};

	return db_test_postgres() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
