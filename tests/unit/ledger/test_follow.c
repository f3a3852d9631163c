/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of the log: followers, rebuild, an auditor over HTTP; and the stop when an outcome is unknown. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "unit/ledger/home.h"
#include "base/trace.h"

/* ---- followers ---- */

static const struct db_sql count_add = {"count_add",
    "INSERT INTO test_count (agency, n) VALUES (:agency, 1) ON CONFLICT (agency) DO UPDATE SET n = "
    "test_count.n + 1",
    NULL};
static const struct db_sql count_clear = {"count_clear", "DELETE FROM test_count", NULL};

static bool count_apply(struct cx *cx, void *state, const struct entry *e, struct str document)
{
	struct str agency = val_str(e->meta, "agency");

	(void)state;
	if (agency.p == NULL)
		return true;
	if (str_has(document, STR("poison")))
		return cx_fail(cx, ERR_INPUT, "cannot read this document");
	return db_run(cx, &count_add, DB_ARGS(P("agency", agency)), NULL);
}

static bool count_forget(struct cx *cx, void *state)
{
	(void)state;
	return db_run(cx, &count_clear, DB_NO_ARGS, NULL);
}

static struct follower followers[] = {
    {.name = "count", .version = 1, .apply = count_apply, .clear = count_forget}, {.name = NULL}};

static struct home *follow_home(struct arena *mem)
{
	struct home *h = home_make(mem);

	sql(&h->cx, "CREATE TABLE test_count (agency TEXT PRIMARY KEY, n BIGINT NOT NULL)");
	followers[0].version = 1;
	h->config.followers = followers;
	return h;
}

static int64_t counted(struct home *h)
{
	return sql_int(&h->cx, "SELECT COALESCE(MAX(n), 0) FROM test_count");
}

static void a_follower_reads_each_entry_once(void **state)
{
	struct home *h = follow_home(*state);
	struct follower_state at;

	home_open(h);
	(void)publish(h, 450);
	must(&h->cx, ledger_follower_state(&h->cx, h->ledger, &followers[0], &at));
	assert_int_equal(at.lag, 450);
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	assert_int_equal(counted(h), 450);
	(void)publish(h, 3);
	home_close(h);
	home_open(h);
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	assert_int_equal(counted(h), 453);
	must(&h->cx, ledger_follower_state(&h->cx, h->ledger, &followers[0], &at));
	assert_int_equal(at.cursor, 453);
	assert_int_equal(at.lag, 0);
	home_remove(h);
}

static void a_new_version_of_a_follower_begins_again(void **state)
{
	struct home *h = follow_home(*state);

	home_open(h);
	(void)publish(h, 7);
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	sql(&h->cx, "UPDATE test_count SET n = 99");
	followers[0].version = 2;
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	assert_int_equal(counted(h), 7);
	home_remove(h);
}

static void a_follower_that_fails_keeps_its_cursor(void **state)
{
	struct home *h = follow_home(*state);
	struct act act = publish_act(*state, 0);
	struct follower_state at;

	home_open(h);
	(void)publish(h, 2);
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	act.document = STR("{\"title\":\"poison\"}");
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &act, 1));
	assert_int_equal(act.result.code, ERR_NONE);
	assert_false(ledger_follow(&h->cx, h->ledger));
	assert_true(str_has(cx_error(&h->cx), STR("follower count at entry 2")));
	cx_clear(&h->cx);
	must(&h->cx, ledger_follower_state(&h->cx, h->ledger, &followers[0], &at));
	assert_int_equal(at.cursor, 2);
	assert_int_equal(counted(h), 2);
	home_remove(h);
}

static void a_server_runs_its_followers_by_itself(void **state)
{
	struct home *h = follow_home(*state);

	h->config.mode = LEDGER_SERVE;
	home_open(h);
	(void)publish(h, 5);
	for (int i = 0; i < 300 && counted(h) < 5; i++)
		(void)usleep(10000);
	assert_int_equal(counted(h), 5);
	home_remove(h);
}

static void a_rebuild_gives_the_same_views(void **state)
{
	struct home *h = follow_home(*state);
	struct act act;
	struct str id;

	home_open(h);
	id = publish(h, 250)[17].result.id;
	act = revise_act(*state, id, "notice/v1");
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &act, 1));
	must(&h->cx, ledger_follow(&h->cx, h->ledger));
	sql(&h->cx, "CREATE TABLE keep_seen AS SELECT * FROM test_seen");
	sql(&h->cx, "UPDATE test_seen SET revision = 77");
	sql(&h->cx, "UPDATE test_count SET n = 77");
	must(&h->cx, ledger_rebuild(&h->cx, h->ledger, NULL));
	assert_int_equal(counted(h), 251);
	assert_int_equal(sql_int(&h->cx, "SELECT COUNT(*) FROM test_seen"), 250);
	assert_int_equal(sql_int(&h->cx, "SELECT COUNT(*) FROM test_seen s JOIN keep_seen k ON "
					 "k.id = s.id AND k.idx = s.idx AND "
					 "k.revision = s.revision"),
	    250);
	home_remove(h);
}

/* ---- an auditor over HTTP ---- */

struct site {
	struct home *home;
	int fd, port;
	int64_t requests;
	int64_t spoil; /* this document gets another letter; −1 none */
};

static bool site_file(struct cx *cx, const struct site *s, struct str path, struct str *out)
{
	const struct ledger *l = s->home->ledger;
	struct str document, salt;
	struct tile_path p;
	int64_t index;

	if (str_is(path, "/log/1/checkpoint")) {
		*out = ledger_checkpoint(cx, l);
		return true;
	}
	if (str_starts(path, STR("/log/1/tile/")) && tile_path_parse(str_cut(path, 12, path.n), &p))
		return p.level < 0 ? ledger_bundle_get(cx, l, p.n, p.width, out)
				   : ledger_tile_get(cx, l, p.level, p.n, p.width, out);
	if (str_starts(path, STR("/log/1/document/")) &&
	    str_int(str_cut(path, 16, path.n), &index)) {
		must(cx, ledger_document_find(cx, index, &document, &salt));
		*out = index == s->spoil
			   ? str_fmt(cx->mem, "%.*s", STR_ARG(str_cut(document, 1, document.n)))
			   : document;
		return out->p != NULL || cx_fail(cx, ERR_NOT_FOUND, "erased");
	}
	if (str_starts(path, STR("/log/1/salt/")) && str_int(str_cut(path, 12, path.n), &index)) {
		must(cx, ledger_document_find(cx, index, &document, out));
		return out->p != NULL || cx_fail(cx, ERR_NOT_FOUND, "erased");
	}
	return cx_fail(cx, ERR_NOT_FOUND, "no such file");
}

static void site_answer(struct cx *cx, struct site *s, int fd, struct str path)
{
	struct str body = STR("");
	const char *status = "200 OK";
	struct buf b = buf_new(cx->mem, (size_t)1 << 25);

	if (++s->requests % 101 == 0) {
		status = "429 Too Many Requests";
	} else if (!site_file(cx, s, path, &body)) {
		status = "404 Not Found";
		body = STR("nothing here");
		cx_clear(cx);
	}
	buf_fmt(&b, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n", status, body.n,
	    s->requests % 50 == 0 ? "Connection: close\r\n" : "");
	buf_add(&b, body);
	assert_true(send(fd, b.p, b.n, MSG_NOSIGNAL) == (ssize_t)b.n);
}

static void site_connection(struct cx *cx, struct site *s, int fd)
{
	char in[4096];
	ssize_t n;

	while ((n = recv(fd, in, sizeof in, 0)) > 0) {
		struct str line = {in, (size_t)n}, word;

		assert_true(str_ends(line, STR("\r\n\r\n")));
		assert_true(str_split(&line, ' ', &word) && str_split(&line, ' ', &word));
		arena_reset(cx->mem);
		site_answer(cx, s, fd, word);
		if (s->requests % 50 == 0)
			break;
	}
	(void)close(fd);
}

static void *site_run(void *arg)
{
	struct site *s = arg;
	struct cx cx = {.mem = arena_open((size_t)1 << 28)};
	int fd;

	must(&cx, ledger_connect(&cx, s->home->ledger, false, &cx.db));
	while ((fd = accept(s->fd, NULL, NULL)) >= 0)
		site_connection(&cx, s, fd);
	db_close(cx.db);
	arena_close(cx.mem);
	return NULL;
}

static void site_open(struct site *s)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s->fd, 4), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &n), 0);
	s->port = ntohs(at.sin_port);
}

static void another_machine_is_audited_over_http(void **state)
{
	struct home *h = home_make(*state);
	struct site site = {.home = h, .spoil = -1};
	struct audit_report r;
	struct str url;
	pthread_t thread;

	home_open(h);
	(void)publish(h, 270);
	site_open(&site);
	assert_int_equal(pthread_create(&thread, NULL, site_run, &site), 0);
	url = str_fmt(*state, "http://127.0.0.1:%d", site.port);
	must(&h->cx, ledger_audit_url(&h->cx, url, ledger_vkey(h->ledger), NULL, &r));
	if (!r.ok)
		fail_msg("%s", r.finding.p);
	assert_int_equal(r.size, 270);
	assert_true(site.requests > 540);
	site.spoil = 33;
	must(&h->cx, ledger_audit_url(&h->cx, url, ledger_vkey(h->ledger), NULL, &r));
	assert_false(r.ok);
	assert_true(str_starts(r.finding, STR("the document of entry 33 has")));
	(void)shutdown(site.fd, SHUT_RDWR);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)close(site.fd);
	assert_false(ledger_audit_url(&h->cx, url, ledger_vkey(h->ledger), NULL, &r));
	assert_int_equal(h->cx.err.code, ERR_IO);
	cx_clear(&h->cx);
	home_remove(h);
}

/* ---- the stop ---- */

static int fsync_fails(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

/* From the moment of the commit on, the disk takes no more syncs: the checkpoint cannot be made durable. */
static void break_disk(const char *point)
{
	if (str_is(str_of(point), "committed"))
		io.fdatasync = fsync_fails;
}

static void a_checkpoint_that_cannot_be_written_stops_the_process(void **state)
{
	struct home *h = home_make(*state);
	pid_t child;
	int status;

	home_open(h);
	(void)publish(h, 2);
	home_close(h);
	child = fork();
	if (child == 0) {
		struct home mine = *h;

		mine.cx = (struct cx){.mem = arena_open((size_t)1 << 28)};
		assert_int_equal(close(2), 0);
		ledger_hooks.reached = break_disk;
		home_open(&mine);
		(void)publish(&mine, 1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	home_open(h);
	assert_null(ledger_reason(h->ledger).p);
	assert_int_equal(
	    ledger_published(h->ledger), 3); /* the commit was there: signed at the next start */
	home_remove(h);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_follower_reads_each_entry_once),
	    CASE(a_new_version_of_a_follower_begins_again),
	    CASE(a_follower_that_fails_keeps_its_cursor),
	    CASE(a_server_runs_its_followers_by_itself),
	    CASE(a_rebuild_gives_the_same_views),
	    CASE(another_machine_is_audited_over_http),
	    CASE(a_checkpoint_that_cannot_be_written_stops_the_process),
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
