/* SPDX-License-Identifier: Apache-2.0 */
/* What survives: kills at every point of a commit, old copies of the database, clocks that go back, a second process. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "unit/ledger/home.h"
#include "base/trace.h"

static const char *kill_at;

/* A child that does not outlive a test that failed. */
static pid_t fork_child(void)
{
	pid_t child = fork();

	if (child == 0)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return child;
}

static void kill_here(const char *point)
{
	if (str_is(str_of(point), kill_at))
		(void)kill(getpid(), SIGKILL);
}

/* Publishes three notices in a child that is killed at the point. Its acts are never acknowledged. */
static void publish_and_die(struct home *h, const char *point)
{
	pid_t child = fork_child();
	int status;

	if (child == 0) {
		struct arena *mem = arena_open((size_t)1 << 28);
		struct home mine = *h;

		mine.cx = (struct cx){.mem = mem};
		kill_at = point;
		ledger_hooks.reached = kill_here;
		home_open(&mine);
		(void)publish(&mine, 3);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void must_audit(struct home *h)
{
	struct audit_report r;

	must(&h->cx, ledger_audit(&h->cx, &h->config, NULL, &r));
	if (!r.ok)
		fail_msg("%s", r.finding.p);
}

static void a_commit_that_was_not_signed_is_signed_at_the_next_start(void **state)
{
	static const char *const points[] = {"committed", "verified", "signed"};

	for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
		struct home *h = home_make(*state);

		home_open(h);
		(void)publish(h, 254); /* the next three cross the end of a tile */
		home_close(h);
		publish_and_die(h, points[i]);
		must_audit(h);
		home_open(h);
		assert_null(ledger_reason(h->ledger).p);
		assert_int_equal(ledger_published(h->ledger), 257);
		(void)publish(h, 1);
		assert_int_equal(ledger_published(h->ledger), 258);
		home_close(h);
		must_audit(h);
		home_remove(h);
	}
}

static void an_old_copy_of_the_database_is_read_only_and_says_what_is_missing(void **state)
{
	struct home *h = home_make(*state);
	struct act act = publish_act(*state, 1);

	home_open(h);
	(void)publish(h, 5);
	home_close(h);
	sql(&h->cx, "CREATE TABLE old_head AS SELECT * FROM ledger_head");
	sql(&h->cx, "CREATE TABLE old_tile AS SELECT * FROM ledger_tile");
	home_open(h);
	(void)publish(h, 4);
	home_close(h);
	sql(&h->cx, "DELETE FROM ledger_entry WHERE idx >= 5");
	sql(&h->cx, "DELETE FROM ledger_document WHERE idx >= 5");
	sql(&h->cx, "DELETE FROM ledger_head");
	sql(&h->cx, "INSERT INTO ledger_head SELECT * FROM old_head");
	sql(&h->cx, "DELETE FROM ledger_tile");
	sql(&h->cx, "INSERT INTO ledger_tile SELECT * FROM old_tile");
	home_open(h);
	assert_non_null(ledger_reason(h->ledger).p);
	assert_string_equal(ledger_reason(h->ledger).p,
	    "the database ends after 5 entries, but 9 were signed and published: the last 4 are "
	    "missing (an old copy of the "
	    "database?)");
	assert_false(ledger_commit(&h->cx, h->ledger, &act, 1));
	assert_int_equal(h->cx.err.code, ERR_READONLY);
	cx_clear(&h->cx);
	home_remove(h);
}

static void a_damaged_database_opens_read_only_with_the_reason(void **state)
{
	static const struct {
		const char *sql, *reason;
	} cases[] = {
	    {"DELETE FROM ledger_entry WHERE idx = 8", "the last entry is 7, by the head it is 8"},
	    {"DELETE FROM ledger_tile", "tile/0/000.p/9 is not in the database"},
	    {"UPDATE ledger_entry SET entry = (SELECT entry FROM ledger_entry WHERE idx = 1) WHERE "
	     "idx = 7",
		"entry 7 does not match its leaf hash"},
	    {"UPDATE ledger_head SET root = (SELECT salt FROM ledger_document WHERE idx = 1)",
		"another root"},
	    {"UPDATE ledger_head SET generation = 2", "generation 2"},
	    {"DELETE FROM ledger_head", "ledger_head has 0 rows"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct home *h = home_make(*state);

		home_open(h);
		(void)publish(h, 9);
		home_close(h);
		sql(&h->cx, cases[i].sql);
		home_open(h);
		if (!str_has(ledger_reason(h->ledger), str_of(cases[i].reason)))
			fail_msg("%s: %.*s", cases[i].sql, STR_ARG(ledger_reason(h->ledger)));
		home_remove(h);
	}
}

static int64_t clock_at;

static int64_t clock_ms(void)
{
	return clock_at * 1000;
}

static void publication_is_held_while_the_clock_is_behind(void **state)
{
	struct home *h = home_make(*state);
	int64_t (*before)(void) = io.clock_ms;
	struct act act = publish_act(*state, 1);
	int64_t noon = 1767225600; /* 2026-01-01 08:00 at +08:00 */

	io.clock_ms = clock_ms;
	clock_at = noon;
	home_open(h);
	assert_int_equal(publish(h, 1)->result.time, noon);
	clock_at = noon - CLOCK_SLACK; /* a small step back: log time stands still */
	assert_int_equal(publish(h, 1)->result.time, noon);
	clock_at = noon - 3600;
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &act, 1));
	assert_int_equal(act.result.code, ERR_BUSY);
	assert_string_equal(act.result.message.p,
	    "the clock (2026-01-01T07:00:00+08:00) is behind the last entry "
	    "(2026-01-01T08:00:00+08:00): nothing is published "
	    "until it has caught up");
	clock_at = noon + 1;
	assert_int_equal(publish(h, 1)->result.time, noon + 1);
	home_close(h);
	must_audit(h);
	io.clock_ms = before;
	home_remove(h);
}

static void numbers_begin_again_with_the_year_at_utc8(void **state)
{
	struct home *h = home_make(*state);
	int64_t (*before)(void) = io.clock_ms;
	struct act *a;

	io.clock_ms = clock_ms;
	clock_at = 1798732799; /* 2026-12-31T23:59:59+08:00 */
	home_open(h);
	a = publish(h, 2);
	assert_string_equal(a[1].result.id.p, "360800-works-2026-000002");
	clock_at++;
	assert_string_equal(publish(h, 1)->result.id.p, "360800-works-2027-000001");
	home_close(h);
	must_audit(h);
	io.clock_ms = before;
	home_remove(h);
}

/* ---- two processes ---- */

/* A server in a child; the parent kills it. Returns when the socket is there. */
static pid_t serve(struct home *h)
{
	pid_t child = fork_child();
	const char *path = str_fmt(h->cx.mem, "%s/control.sock", h->config.home.p).p;

	if (child == 0) {
		struct home mine = *h;

		mine.cx = (struct cx){.mem = arena_open((size_t)1 << 28)};
		mine.config.mode = LEDGER_SERVE;
		home_open(&mine);
		for (;;)
			(void)pause();
	}
	assert_true(child > 0);
	for (int i = 0; i < 500 && access(path, F_OK) != 0; i++)
		(void)usleep(10000);
	assert_int_equal(access(path, F_OK), 0);
	return child;
}

static void serve_end(pid_t child)
{
	int status;

	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static void a_command_beside_a_server_hands_its_acts_over(void **state)
{
	struct home *h = home_make(*state);
	struct ledger_ticket *tickets[6];
	struct act *acts[6], refused[2], revise;
	pid_t child = serve(h);
	struct stat st;

	home_open(h);
	assert_false(h->ledger->writer);
	assert_int_equal(stat(str_fmt(*state, "%s/control.sock", h->config.home.p).p, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (size_t i = 0; i < ARRAY_SIZE(tickets);
	     i++) { /* more than the socket may hold at a time */
		acts[i] = arena_array(*state, struct act, 150);
		for (int64_t k = 0; k < 150; k++)
			acts[i][k] = publish_act(*state, k);
		must(&h->cx, ledger_submit(&h->cx, h->ledger, acts[i], 150, &tickets[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(tickets); i++)
		must(&h->cx, ledger_wait(&h->cx, tickets[i]));
	for (size_t i = 0; i < ARRAY_SIZE(tickets); i++)
		for (size_t k = 0; k < 150; k++)
			assert_int_equal(acts[i][k].result.index, i * 150 + k);
	assert_int_equal(ledger_published(h->ledger), 900);
	refused[0] = publish_act(*state, 1);
	refused[0].identity = STR("refuse");
	refused[1] = publish_act(*state, 2);
	must(&h->cx, ledger_commit(&h->cx, h->ledger, refused, 2));
	assert_int_equal(refused[0].result.code, ERR_CONFLICT);
	assert_string_equal(refused[0].result.message.p, "the view says no");
	assert_int_equal(refused[1].result.index, 900);
	revise = revise_act(*state, acts[0][3].result.id, "withdrawal/v1");
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &revise, 1));
	assert_int_equal(revise.result.revision, 2);
	must_audit(h); /* while the server runs */
	serve_end(child);
	assert_false(ledger_commit(&h->cx, h->ledger, refused, 1));
	cx_clear(&h->cx);
	home_close(h);
	home_open(h); /* the lock went with the process */
	assert_true(h->ledger->writer);
	assert_int_equal(ledger_published(h->ledger), 902);
	home_remove(h);
}

static void a_second_server_is_refused(void **state)
{
	struct home *h = home_make(*state);
	pid_t child = serve(h);
	struct ledger *l;

	h->config.mode = LEDGER_SERVE;
	assert_false(ledger_open(&h->cx, &h->config, &l));
	assert_int_equal(h->cx.err.code, ERR_CONFLICT);
	cx_clear(&h->cx);
	serve_end(child);
	home_remove(h);
}

/* ---- kill -9 under load ---- */

/* Publishes one by one and tells the parent each index that was acknowledged. */
static void publish_forever(struct home *h, int out)
{
	struct home mine = *h;

	mine.cx = (struct cx){.mem = arena_open((size_t)1 << 30)};
	home_open(&mine);
	for (;;) {
		int64_t index = publish(&mine, 3)[2].result.index;

		if (write(out, &index, sizeof index) != sizeof index)
			_exit(1);
	}
}

static void every_acknowledged_act_survives_kill_9(void **state)
{
	struct home *h = home_make(*state);
	int64_t last = -1, index;

	for (int round = 0; round < 5; round++) {
		int fds[2], status;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork_child();
		if (child == 0)
			publish_forever(h, fds[1]);
		(void)close(fds[1]);
		for (int i = 0; i < 10 + 3 * round; i++)
			if (read(fds[0], &index, sizeof index) == sizeof index)
				last = index;
		(void)kill(child, SIGKILL);
		while (read(fds[0], &index, sizeof index) == sizeof index)
			last = index;
		(void)close(fds[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		home_open(h);
		assert_null(ledger_reason(h->ledger).p);
		assert_true(ledger_published(h->ledger) > last);
		home_close(h);
		must_audit(h);
	}
	assert_true(last > 100);
	home_remove(h);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_commit_that_was_not_signed_is_signed_at_the_next_start),
	    CASE(an_old_copy_of_the_database_is_read_only_and_says_what_is_missing),
	    CASE(a_damaged_database_opens_read_only_with_the_reason),
	    CASE(publication_is_held_while_the_clock_is_behind),
	    CASE(numbers_begin_again_with_the_year_at_utc8),
	    CASE(a_command_beside_a_server_hands_its_acts_over),
	    CASE(a_second_server_is_refused),
	    CASE(every_acknowledged_act_survives_kill_9),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	int failed;

	trace_level_set(TRACE_ERROR);
	failed = run();
	return db_test_postgres() ? failed + run() : failed;
}
