/* SPDX-License-Identifier: Apache-2.0 */
/* What only SQLite has: a file whose calls can fail, settings, file systems, FTS5. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>

#include "lib/unit.h"
#include "lib/db.h"
#include "base/io.h"
#include "db/db_priv.h"
#include "db/db_sqlite.h"

static const struct db_migration migrations[] = {
    {1, "0001_t", "CREATE TABLE t (n INT64 PRIMARY KEY, text TEXT NOT NULL)"},
};
static const struct db_sql add = {"add", "INSERT INTO t (n, text) VALUES (:n, 'x')", NULL};
static const struct db_sql count = {"count", "SELECT COUNT(*) AS n FROM t", NULL};
static const struct db_sql has = {"has", "SELECT COUNT(*) AS n FROM t WHERE n = :n", NULL};

/* ---- calls that fail ---- */

static struct io_table real;
static int calls, fails_at; /* 0: never */

static bool now(void)
{
	bool fail = ++calls == fails_at;

	if (fail)
		errno = EIO;
	return fail;
}

static int bad_open(const char *path, int flags, mode_t mode)
{
	return now() ? -1 : real.open(path, flags, mode);
}

static ssize_t bad_pread(int fd, void *p, size_t n, off_t at)
{
	return now() ? -1 : real.pread(fd, p, n, at);
}

static ssize_t bad_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return now() ? -1 : real.pwrite(fd, p, n, at);
}

static int bad_fsync(int fd)
{
	return now() ? -1 : real.fsync(fd);
}

static int bad_fdatasync(int fd)
{
	return now() ? -1 : real.fdatasync(fd);
}

static int bad_ftruncate(int fd, off_t size)
{
	return now() ? -1 : real.ftruncate(fd, size);
}

static int bad_unlink(const char *path)
{
	return now() ? -1 : real.unlink(path);
}

static void count_calls(int until)
{
	calls = 0;
	fails_at = until;
}

static int table_save(void **state)
{
	real = io;
	return unit_open_arena(state);
}

static int table_restore(void **state)
{
	io = real;
	return unit_close_arena(state);
}
#define IO_CASE(f) cmocka_unit_test_setup_teardown(f, table_save, table_restore)

static void a_sync_that_fails_makes_the_commit_unknown_and_the_file_opens_again(void **state)
{
	struct cx cx = db_test_open(*state);
	int64_t n = 0;

	assert_true(db_migrate(&cx, migrations, 1));
	assert_true(db_begin(&cx));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1)), NULL));
	io.fdatasync = bad_fdatasync;
	count_calls(1);
	assert_false(db_commit(&cx));
	assert_int_equal(cx.err.code, ERR_UNKNOWN);
	assert_int_equal(calls, 1);
	cx_clear(&cx);
	db_close(cx.db);
	cx = db_test_connect(*state, DB_WRITE);
	assert_true(db_int(&cx, &count, DB_NO_ARGS, &n));
	assert_true(n == 0 || n == 1); /* unknown means either */
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 2)), NULL));
	db_test_close(&cx);
}

static void a_commit_syncs_its_file_and_a_new_file_its_directory(void **state)
{
	struct cx cx;
	int syncs;

	io.fsync = bad_fsync;
	io.fdatasync = bad_fdatasync;
	count_calls(0);
	cx = db_test_open(*state);
	assert_true(db_migrate(&cx, migrations, 1));
	io.fdatasync = real.fdatasync;
	count_calls(0);
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1)), NULL));
	assert_int_equal(calls, 0); /* directories are synced when the files are new */
	io.fdatasync = bad_fdatasync;
	assert_true(db_begin(&cx));
	for (int64_t i = 2; i < 50; i++)
		assert_true(db_run(&cx, &add, DB_ARGS(P("n", i)), NULL));
	syncs = calls;
	assert_true(db_commit(&cx));
	assert_int_equal(calls, syncs + 1);
	db_test_close(&cx);
}

/* Opens, migrates, commits two rows one after the other, closes. Returns how many rows were acknowledged. */
static int64_t life(struct arena *mem)
{
	struct cx cx = {.mem = mem};
	const struct db_config config = {
	    .url = db_test_url(), .mode = DB_WRITE, .checkpoint = true};
	int64_t acknowledged = 0;

	if (!db_open(&cx, &config, &cx.db))
		return 0;
	if (db_migrate(&cx, migrations, 1))
		for (int64_t i = 1; i <= 2; i++) {
			if (!db_begin(&cx) || !db_run(&cx, &add, DB_ARGS(P("n", i)), NULL) ||
			    !db_commit(&cx))
				break;
			acknowledged = i;
		}
	if (cx.err.code == ERR_NONE && !db_checkpoint(&cx))
		cx_clear(&cx);
	db_rollback(&cx);
	db_close(cx.db);
	return acknowledged;
}

static void whichever_call_fails_what_was_acknowledged_is_there(void **state)
{
	int k = 0;

	do {
		struct arena *mem = arena_open(1 << 24);
		int64_t acknowledged;
		struct cx cx;

		db_test_remove();
		io = (struct io_table){.open = bad_open,
		    .close = real.close,
		    .read = real.read,
		    .pread = bad_pread,
		    .write = real.write,
		    .pwrite = bad_pwrite,
		    .fsync = bad_fsync,
		    .fdatasync = bad_fdatasync,
		    .ftruncate = bad_ftruncate,
		    .rename = real.rename,
		    .unlink = bad_unlink,
		    .mkdir = real.mkdir,
		    .clock_ms = real.clock_ms,
		    .monotonic_us = real.monotonic_us,
		    .random = real.random};
		count_calls(++k);
		acknowledged = life(mem);
		io = real;
		cx = db_test_connect(mem, DB_WRITE);
		assert_true(db_migrate(&cx, migrations, 1));
		for (int64_t i = 1; i <= acknowledged; i++) {
			int64_t n = 0;

			assert_true(db_int(&cx, &has, DB_ARGS(P("n", i)), &n));
			assert_int_equal(n, 1);
		}
		db_test_close(&cx);
		arena_close(mem);
	} while (calls >= fails_at);
	assert_true(k > 30); /* the calls do come through the table */
	(void)state;
}

/* ---- settings ---- */

static const char *pragma(struct cx *cx, const char *name)
{
	sqlite3_stmt *stmt;
	const char *value;

	assert_int_equal(sqlite3_prepare_v2(db_sqlite_handle(cx->db),
			     str_fmt(cx->mem, "PRAGMA %s", name).p, -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = str_c(cx->mem, str_of((const char *)sqlite3_column_text(stmt, 0)));
	(void)sqlite3_finalize(stmt);
	return value;
}

static void every_connection_has_the_settings_of_its_role(void **state)
{
	static const struct {
		const char *name, *writer, *reader;
	} cases[] = {{"journal_mode", "wal", "wal"}, {"synchronous", "2", "2"},
	    {"page_size", "4096", "4096"}, {"wal_autocheckpoint", "8000", "0"},
	    {"temp_store", "2", "2"}, {"foreign_keys", "1", "1"}, {"query_only", "0", "1"},
	    {"mmap_size", "0", "1073741824"}, {"trusted_schema", "0", "0"}};
	struct cx writer = db_test_open(*state), reader = db_test_reader(*state);
	int defensive = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(pragma(&writer, cases[i].name), cases[i].writer);
		assert_string_equal(pragma(&reader, cases[i].name), cases[i].reader);
	}
	assert_int_equal(sqlite3_db_config(db_sqlite_handle(writer.db), SQLITE_DBCONFIG_DEFENSIVE,
			     -1, &defensive),
	    SQLITE_OK);
	assert_int_equal(defensive, 1);
	db_close(reader.db);
	db_test_close(&writer);
}

static void the_log_is_moved_into_the_file_only_by_its_connection(void **state)
{
	struct cx writer = db_test_open(*state);
	const char *wal = str_fmt(*state, "%s-wal", db_test_url()).p;
	struct db_config private = {.url = db_test_url(), .mode = DB_WRITE};
	struct cx other = {.mem = *state};
	struct stat st;

	assert_true(db_migrate(&writer, migrations, 1));
	assert_true(db_open(&other, &private, &other.db));
	db_close(writer.db);
	assert_true(db_run(&other, &add, DB_ARGS(P("n", 1)), NULL));
	db_close(other.db); /* the last one to close, and the log stays */
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 0);
	writer = db_test_connect(*state, DB_WRITE);
	assert_true(db_checkpoint(&writer));
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_size, 0);
	db_test_close(&writer);
}

static void a_reader_never_makes_a_file(void **state)
{
	struct cx cx = {.mem = *state};
	const struct db_config config = {.url = "/tmp/gongkai-no-such.db", .mode = DB_READ};

	assert_false(db_open(&cx, &config, &cx.db));
	assert_int_equal(cx.err.code, ERR_IO);
	assert_int_equal(access(config.url, F_OK), -1);
}

static void a_file_of_something_else_is_refused(void **state)
{
	struct cx cx = {.mem = *state};
	const struct db_config config = {.url = db_test_url(), .mode = DB_WRITE};

	assert_true(io_file_replace(&cx, db_test_url(),
	    STR("This is no database, but it is longer than a header of one hundred bytes, so "
		"nobody takes it for a new file."),
	    0600));
	assert_false(db_open(&cx, &config, &cx.db));
	assert_int_equal(cx.err.code, ERR_CORRUPT);
	db_test_remove();
}

static void network_file_systems_are_known_by_their_number(void **state)
{
	static const struct {
		uint64_t magic;
		const char *name;
	} cases[] = {{0x6969, "NFS"}, {0xff534d42, "CIFS"},
	    {(uint64_t)(int64_t)(int32_t)0xff534d42, "CIFS"}, {0x5346414f, "AFS"}, {0xef53, NULL},
	    {0x01021994, NULL}, {0x794c7630, NULL}}; /* ext4, tmpfs, overlayfs */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *name = db_network_fs(cases[i].magic);

		assert_true(
		    cases[i].name ? name && strcmp(name, cases[i].name) == 0 : name == NULL);
	}
}

static void a_database_in_memory_works_like_a_file(void **state)
{
	struct cx cx = {.mem = *state};
	const struct db_config config = {.url = ":memory:", .mode = DB_WRITE};
	int64_t n = 0;

	assert_true(db_open(&cx, &config, &cx.db));
	assert_true(db_migrate(&cx, migrations, 1));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1)), NULL));
	assert_true(db_int(&cx, &count, DB_NO_ARGS, &n));
	assert_int_equal(n, 1);
	db_close(cx.db);
}

/* ---- waiting ---- */

static void *write_beside(void *arg)
{
	struct arena *mem = arena_open(1 << 20);
	struct cx cx = {.mem = mem};
	const struct db_config config = {.url = db_test_url(), .mode = DB_WRITE};
	bool *ok = arg;

	*ok = db_open(&cx, &config, &cx.db) && db_begin(&cx) &&
	      db_run(&cx, &add, DB_ARGS(P("n", 2)), NULL) && db_commit(&cx);
	db_close(cx.db);
	arena_close(mem);
	return NULL;
}

static void a_writer_waits_for_the_other_at_begin(void **state)
{
	struct cx cx = db_test_open(*state);
	int64_t n = 0;
	pthread_t other;
	bool ok = false;

	assert_true(db_migrate(&cx, migrations, 1));
	assert_true(db_begin(&cx));
	assert_true(db_run(&cx, &add, DB_ARGS(P("n", 1)), NULL));
	assert_int_equal(pthread_create(&other, NULL, write_beside, &ok), 0);
	(void)usleep(50000);
	assert_true(db_commit(&cx));
	assert_int_equal(pthread_join(other, NULL), 0);
	assert_true(ok);
	assert_true(db_int(&cx, &count, DB_NO_ARGS, &n));
	assert_int_equal(n, 2);
	db_test_close(&cx);
}

/* ---- FTS5 ---- */

static void a_full_text_index_works_under_these_settings(void **state)
{
	static const struct db_migration index[] = {
	    {1, "0001_index", "CREATE VIRTUAL TABLE words USING fts5(text, content='')"}};
	static const struct db_sql put = {
	    "put", "INSERT INTO words (rowid, text) VALUES (:id, :text)", NULL};
	static const struct db_sql find = {
	    "find", "SELECT rowid FROM words WHERE words MATCH :query", NULL};
	static const struct db_sql shadow = {"shadow", "DELETE FROM words_data", NULL};
	struct cx cx = db_test_open(*state), reader;
	int64_t id = 0;

	assert_non_null(db_sqlite_handle(cx.db));
	assert_true(db_migrate(&cx, index, 1));
	assert_true(
	    db_run(&cx, &put, DB_ARGS(P("id", 7), P("text", STR("public resources"))), NULL));
	reader = db_test_reader(*state);
	assert_true(db_int(&reader, &find, DB_ARGS(P("query", STR("resources"))), &id));
	assert_int_equal(id, 7);
	assert_false(db_run(&cx, &shadow, DB_NO_ARGS, NULL)); /* DEFENSIVE */
	cx_clear(&cx);
	db_close(reader.db);
	db_test_close(&cx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IO_CASE(a_sync_that_fails_makes_the_commit_unknown_and_the_file_opens_again),
	    IO_CASE(a_commit_syncs_its_file_and_a_new_file_its_directory),
	    IO_CASE(whichever_call_fails_what_was_acknowledged_is_there),
	    CASE(every_connection_has_the_settings_of_its_role),
	    CASE(the_log_is_moved_into_the_file_only_by_its_connection),
	    CASE(a_reader_never_makes_a_file),
	    CASE(a_file_of_something_else_is_refused),
	    CASE(network_file_systems_are_known_by_their_number),
	    CASE(a_database_in_memory_works_like_a_file),
	    CASE(a_writer_waits_for_the_other_at_begin),
	    CASE(a_full_text_index_works_under_these_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
