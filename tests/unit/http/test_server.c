/* SPDX-License-Identifier: Apache-2.0 */
/* The real daemon on a free loopback port, spoken to in raw bytes. */
#include "lib/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "http/http.h"

#define PATIENCE_MS 3000

/* ---- what the server serves: method, target and body, said back; /big is compressible and kept ---- */
static struct answer *big;
static atomic_int opened, closed_workers;

static bool worker_open(struct cx *cx, void **out)
{
	(void)cx;
	*out = &opened;
	atomic_fetch_add(&opened, 1);
	return true;
}

static void worker_close(struct cx *cx, void *state)
{
	(void)cx;
	assert_ptr_equal(state, &opened);
	atomic_fetch_add(&closed_workers, 1);
}

static void handle(struct cx *cx, const struct request *rq, struct answer **out)
{
	static const struct header headers[] = {
	    {"Content-Type", {"text/plain", 10}}, {"ETag", {"\"e1\"", 4}}};
	struct str body;

	if (str_starts(rq->target, STR("/big"))) {
		*out = answer_hold(big);
		return;
	}
	if (str_starts(rq->target, STR("/slow")))
		(void)usleep(300000);
	body = str_fmt(cx->mem, "%.*s %.*s [%.*s] %.*s %s\n", STR_ARG(rq->method),
	    STR_ARG(rq->target), STR_ARG(rq->body), STR_ARG(rq->address), rq->why ? rq->why : "");
	*out = answer_new(rq->refuse ? rq->refuse : 200, headers, 2, body, false);
}

static struct http_plan plan(const struct app *app, struct str method, struct str target)
{
	(void)app;
	return (struct http_plan){
	    str_is(method, "POST") ? 100 : 0, str_starts(target, STR("/dear")) ? 50 : 1};
}

static struct http_server *start(struct arena *mem, struct http_config c)
{
	static const struct str listen[] = {{"127.0.0.1:0", 11}};
	struct cx cx = {.mem = mem};
	struct http_server *s = NULL;

	c.listen = listen;
	c.listen_n = 1;
	c.threads = c.threads ? c.threads : 1;
	c.worker_open = worker_open;
	c.worker_close = worker_close;
	c.handle = handle;
	c.plan = plan;
	if (!http_start(&cx, &c, &s))
		fail_msg("%s", cx_error(&cx).p);
	return s;
}

/* ---- a client ---- */
static int dial(const struct http_server *s)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(http_port(s, 0)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	return fd;
}

static void say(int fd, const char *bytes)
{
	size_t n = strlen(bytes);

	assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
}

/* Is this a whole response (with as many bytes of body as it says, or without one)? */
static bool is_whole(struct str got)
{
	size_t head, at;
	int64_t length = 0;

	if (!str_find(got, STR("\r\n\r\n"), 0, &head))
		return false;
	if (str_find(got, STR("Content-Length: "), 0, &at) && at < head) {
		struct str rest = str_cut(got, at + 16, got.n), number;

		(void)str_split(&rest, '\r', &number);
		assert_true(str_int(number, &length));
	}
	return got.n >= head + 4 + (size_t)length;
}

/* Everything until the server closes, or a whole response and then nothing for after_ms. */
static struct str hear(struct arena *mem, int fd, int after_ms, bool *closed)
{
	struct buf b = buf_new(mem, 1 << 20);
	char piece[4096];

	*closed = false;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t n;

		if (poll(&p, 1, is_whole(buf_str(&b)) ? after_ms : PATIENCE_MS) == 0)
			break;
		n = recv(fd, piece, sizeof piece, 0);
		if (n <= 0) {
			*closed = true;
			break;
		}
		buf_bytes(&b, piece, (size_t)n);
	}
	return buf_str(&b);
}

/* A head alone: the answer to HEAD, or a 304. */
static struct str hear_head(struct arena *mem, int fd)
{
	struct buf b = buf_new(mem, 65536);
	char c;

	while (!str_ends(buf_str(&b), STR("\r\n\r\n")) && recv(fd, &c, 1, 0) == 1)
		buf_char(&b, c);
	return buf_str(&b);
}

static struct str ask_for(
    struct arena *mem, const struct http_server *s, const char *bytes, int after_ms, bool *closed)
{
	int fd = dial(s);
	struct str got;

	say(fd, bytes);
	got = hear(mem, fd, after_ms, closed);
	(void)close(fd);
	return got;
}

static struct str ask(
    struct arena *mem, const struct http_server *s, const char *bytes, bool *closed)
{
	return ask_for(mem, s, bytes, 20, closed);
}

/* Waits for the server to close as well. */
static struct str ask_refused(
    struct arena *mem, const struct http_server *s, const char *bytes, bool *closed)
{
	return ask_for(mem, s, bytes, PATIENCE_MS, closed);
}

static size_t count(struct str text, struct str what)
{
	size_t n = 0, at = 0;

	while (str_find(text, what, at, &at)) {
		n++;
		at++;
	}
	return n;
}

#define HOST "Host: x\r\n"

static void requests_that_can_be_read_in_two_ways_are_refused_and_the_connection_closes(
    void **state)
{
	static const struct {
		const char *bytes;
		int status;
	} cases[] = {
	    /* the four shapes */
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: "
	     "chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n" HOST "\r\n",
		400},
	    {"POST / HTTP/1.1\r\n" HOST
	     "Content-Length: 3\r\nContent-Length: 30\r\n\r\nabcGET /smuggled HTTP/1.1\r\n" HOST
	     "\r\n",
		400},
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
	    {"GET /x HTTP/1.1\r\n\r\n", 400},
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length : 43\r\n\r\nGET /smuggled HTTP/1.1\r\n" HOST
	     "\r\n",
		400},
	    /* and their relatives */
	    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n" HOST "X(y): 1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n" HOST "X\x01y: 1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n", 400},
	    {"GET http://x/ HTTP/1.1\r\n" HOST "\r\n", 400},
	    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400},
	    {"CONNECT x:443 HTTP/1.1\r\n" HOST "\r\n", 400},
	    {"G@T / HTTP/1.1\r\n" HOST "\r\n", 400},
	    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		411},
	    {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\nabc", 411},
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n", 413},
	    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 413},
	    {"GET / HTTP/1.2\r\n" HOST "\r\n", 505},
	};
	struct http_server *s = start(*state, (struct http_config){.threads = 2});

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool closed;
		struct str got = ask_refused(*state, s, cases[i].bytes, &closed);
		struct str want = str_fmt(*state, "HTTP/1.1 %d ", cases[i].status);

		if (!str_starts(got, want) || !closed || count(got, STR("HTTP/1.1 ")) != 1 ||
		    str_has(got, STR("smuggled")))
			fail_msg("%s\ngives (%s)\n%s", cases[i].bytes, closed ? "closed" : "open",
			    got.p);
	}
	http_stop(s, 1000);
}

/* What the library refuses in its own words, before we see it. */
static void what_no_head_can_be_is_refused(void **state)
{
	char *long_head = arena_alloc(*state, 40000);
	struct http_server *s = start(*state, (struct http_config){.threads = 1});
	bool closed;

	memset(long_head, 'a', 39999);
	assert_true(
	    str_starts(ask_refused(*state, s,
			   "POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc", &closed),
		STR("HTTP/1.1 400 ")));
	assert_true(closed);
	assert_true(str_starts(
	    ask_refused(*state, s,
		str_fmt(*state, "GET / HTTP/1.1\r\n" HOST "X: %s\r\n\r\n", long_head).p, &closed),
	    STR("HTTP/1.1 431 ")));
	assert_true(str_starts(
	    ask_refused(*state, s, str_fmt(*state, "GET /%s HTTP/1.1\r\n" HOST "\r\n", long_head).p,
		&closed),
	    STR("HTTP/1.1 414 ")));
	assert_true(str_starts(
	    ask(*state, s,
		str_fmt(*state, "GET / HTTP/1.1\r\n" HOST "X: %.12000s\r\n\r\n", long_head).p,
		&closed),
	    STR("HTTP/1.1 200 ")));
	http_stop(s, 1000);
}

static void whole_requests_are_answered_on_a_connection_that_stays(void **state)
{
	static const struct {
		const char *bytes, *answer, *headers;
	} cases[] = {
	    {"GET /a%20b?x=%31&y HTTP/1.1\r\n" HOST "\r\n", "GET /a%20b?x=%31&y [] 127.0.0.1 \n",
		"HTTP/1.1 200 "},
	    {"HEAD /a HTTP/1.1\r\n" HOST "\r\n", "", "Content-Length: 22\r\n"},
	    {"POST /p HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
		"POST /p [abc] 127.0.0.1 \n", "HTTP/1.1 200 "},
	    {"POST /p HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "POST /p [] 127.0.0.1 \n",
		"HTTP/1.1 200 "},
	    {"DELETE /p HTTP/1.1\r\n" HOST "\r\n", "DELETE /p [] 127.0.0.1 \n", "HTTP/1.1 200 "},
	    {"GET /a HTTP/1.1\r\n" HOST "If-None-Match: \"e0\", W/\"e1\"\r\n\r\n", "",
		"HTTP/1.1 304 "},
	    {"GET /a HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", "", "HTTP/1.1 304 "},
	    {"GET /a HTTP/1.1\r\n" HOST "If-None-Match: \"e0\"\r\n\r\n", "GET /a [] 127.0.0.1 \n",
		"ETag: \"e1\"\r\n"},
	    /* no proxy of ours: hearsay */
	    {"GET /f HTTP/1.1\r\n" HOST "X-Forwarded-For: 10.0.0.9\r\n\r\n",
		"GET /f [] 127.0.0.1 \n", "HTTP/1.1 200 "},
	};
	struct http_server *s = start(*state, (struct http_config){.threads = 1});
	int fd = dial(s);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool closed = false;
		struct str got;
		size_t head;

		say(fd, cases[i].bytes);
		got = cases[i].answer[0] ? hear(*state, fd, 20, &closed) : hear_head(*state, fd);
		if (closed || !str_find(got, STR("\r\n\r\n"), 0, &head) ||
		    !str_has(got, str_of(cases[i].headers)) ||
		    !str_is(str_cut(got, head + 4, got.n), cases[i].answer))
			fail_msg("%s\ngives (%s)\n%s", cases[i].bytes, closed ? "closed" : "open",
			    got.p);
		if (str_has(got, STR(" 304 ")))
			assert_false(str_has(got, STR("Content-Length: 0")));
	}
	(void)close(fd);
	http_stop(s, 1000);
}

static void the_second_use_of_a_kept_answer_is_compressed(void **state)
{
	static const struct header headers[] = {{"ETag", {"W/\"b\"", 5}}};
	static const char plain[] = "GET /big HTTP/1.1\r\n" HOST "\r\n",
			  gzip[] =
			      "GET /big HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip;q=1\r\n\r\n",
			  no[] = "GET /big HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n\r\n";
	static const struct {
		const char *bytes;
		bool compressed;
	} cases[] = {{plain, false}, {gzip, true}, {gzip, true}, {plain, false}, {no, false}};
	struct buf b = buf_new(*state, 100000);
	struct http_server *s = start(*state, (struct http_config){.threads = 1});

	for (int i = 0; i < 500; i++)
		buf_fmt(&b, "line %d\n", i);
	big = answer_new(200, headers, 1, buf_str(&b), true);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool closed;
		struct str got = ask(*state, s, cases[i].bytes, &closed);

		assert_true(str_has(got, STR("Vary: Accept-Encoding")));
		assert_int_equal(str_has(got, STR("Content-Encoding: gzip")), cases[i].compressed);
		assert_int_equal(str_has(got, STR("line 499")), !cases[i].compressed);
	}
	http_stop(s, 1000);
	answer_release(big);
}

static void an_address_that_asks_too_much_is_told_when_to_come_back(void **state)
{
	struct http_server *s = start(*state, (struct http_config){.rate = 10, .burst = 60});
	bool closed;
	struct str got;
	int fd = dial(s);

	assert_true(str_starts(ask(*state, s, "GET /dear HTTP/1.1\r\n" HOST "\r\n", &closed),
	    STR("HTTP/1.1 200 "))); /* 50 of 60 */
	got = ask(*state, s, "GET /dear HTTP/1.1\r\n" HOST "\r\n", &closed);
	assert_true(str_starts(got, STR("HTTP/1.1 429 ")));
	assert_false(closed);
	assert_true(str_starts(
	    ask(*state, s, "GET /cheap HTTP/1.1\r\n" HOST "\r\n", &closed), STR("HTTP/1.1 200 ")));
	got = STR("");
	for (int i = 0; i < 40 && !str_starts(got, STR("HTTP/1.1 429 ")); i++) {
		say(fd, "GET /cheap HTTP/1.1\r\n" HOST "\r\n");
		got = hear(*state, fd, 5, &closed);
	}
	assert_true(str_starts(got, STR("HTTP/1.1 429 ")));
	(void)close(fd);
	http_stop(s, 1000);
}

static void a_proxy_of_ours_speaks_for_its_clients(void **state)
{
	static const struct str proxies[] = {{"127.0.0.1", 9}, {"10.0.0.1", 8}};
	static const struct {
		const char *forwarded, *client;
	} cases[] = {
	    {"203.0.113.7", "203.0.113.7"},
	    {"6.6.6.6, 203.0.113.7", "203.0.113.7"},
	    {"203.0.113.7, 10.0.0.1", "203.0.113.7"},
	    {"2001:db8::1", "2001:db8::1"},
	    {"nonsense", "127.0.0.1"},
	    {"6.6.6.6, nonsense", "127.0.0.1"},
	};
	struct http_server *s = start(*state,
	    (struct http_config){.rate = 1, .burst = 1, .proxies = proxies, .proxies_n = 2});
	bool closed;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str got = ask(*state, s,
		    str_fmt(*state, "GET /dear HTTP/1.1\r\n" HOST "X-Forwarded-For: %s\r\n\r\n",
			cases[i].forwarded)
			.p,
		    &closed);

		if (!str_has(got, str_fmt(*state, "[] %s ", cases[i].client)))
			fail_msg("%s gives %s", cases[i].forwarded, got.p);
	}
	http_stop(s, 1000);
}

static int64_t ms_until_closed(int fd, const char *drip)
{
	int64_t began = io.monotonic_us();

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		char piece[4096];

		if ((poll(&p, 1, 50) && recv(fd, piece, sizeof piece, 0) <= 0) ||
		    io.monotonic_us() - began > PATIENCE_MS * 1000)
			return (io.monotonic_us() - began) / 1000;
		if (drip && *drip)
			(void)send(fd, drip++, 1, MSG_NOSIGNAL);
	}
}

static void slow_heads_and_bodies_are_cut_however_they_drip(void **state)
{
	static const char head[] = "GET / HTTP/1.1\r\nHost: x\r\nX-Very-Long-Header: "
				   "0123456789012345678901234567890123456789\r\n";
	struct http_server *s = start(*state, (struct http_config){.head_ms = 400, .body_ms = 800});
	int fd = dial(s), after = dial(s), body = dial(s);
	bool closed;
	int64_t ms;

	ms = ms_until_closed(fd, head);
	assert_in_range(ms, 350, 1200);
	(void)close(fd);
	(void)close(after);
	after = dial(s);
	say(after, "GET /a HTTP/1.1\r\n" HOST "\r\n");
	(void)hear(*state, after, 20, &closed);
	assert_false(closed);
	ms = ms_until_closed(after, NULL); /* idle since the last answer */
	assert_in_range(ms, 150, 1200);
	(void)close(after);
	(void)close(body);
	body = dial(s);
	say(body, "POST /p HTTP/1.1\r\n" HOST "Content-Length: 90\r\n\r\n");
	ms = ms_until_closed(body, head);
	assert_in_range(ms, 700, 2000);
	(void)close(body);
	http_stop(s, 1000);
}

static void one_address_has_only_so_many_connections(void **state)
{
	struct http_server *s = start(*state, (struct http_config){.connections_per_address = 2});
	int fds[5];
	bool closed;
	struct str got;

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = dial(s);
		if (i < 2) {
			say(fds[i], "GET /a HTTP/1.1\r\n" HOST "\r\n");
			assert_true(
			    str_starts(hear(*state, fds[i], 20, &closed), STR("HTTP/1.1 200 ")));
		}
	}
	say(fds[2], "GET /a HTTP/1.1\r\n" HOST "\r\n");
	got = hear(*state, fds[2], PATIENCE_MS, &closed);
	assert_true(str_starts(got, STR("HTTP/1.1 429 ")) && closed);
	(void)hear(*state, fds[4], PATIENCE_MS, &closed); /* far too many: not even a word */
	assert_true(closed);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		(void)close(fds[i]);
	(void)usleep(300000);
	assert_true(str_starts(
	    ask(*state, s, "GET /a HTTP/1.1\r\n" HOST "\r\n", &closed), STR("HTTP/1.1 200 ")));
	http_stop(s, 1000);
}

static void stopping_lets_requests_in_flight_finish(void **state)
{
	struct http_server *s = start(*state, (struct http_config){.threads = 1});
	int fd = dial(s);
	bool closed;

	say(fd, "GET /slow HTTP/1.1\r\n" HOST "\r\n");
	(void)usleep(100000);
	http_stop(s, 2000);
	assert_true(str_has(hear(*state, fd, PATIENCE_MS, &closed), STR("GET /slow [] ")));
	assert_true(closed);
	(void)close(fd);
	assert_int_equal(atomic_load(&opened), atomic_load(&closed_workers));
	assert_true(atomic_load(&opened) > 0);
}

static void an_address_that_cannot_be_listened_on_is_named(void **state)
{
	static const struct {
		struct str listen;
		const char *said;
	} cases[] = {
	    {{"8080", 4}, "'8080' is no address to listen on: write 127.0.0.1:8080 or [::1]:8080"},
	    {{"localhost:80x", 13},
		"'localhost:80x' is no address to listen on: write 127.0.0.1:8080 or [::1]:8080"},
	    {{"192.0.2.1:9", 11}, "listening on 192.0.2.1:9: Cannot assign requested address"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct http_config c = {
		    .listen = &cases[i].listen, .listen_n = 1, .handle = handle, .plan = plan};
		struct http_server *s;

		assert_false(http_start(&cx, &c, &s));
		assert_string_equal(cx_error(&cx).p, cases[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(requests_that_can_be_read_in_two_ways_are_refused_and_the_connection_closes),
	    CASE(what_no_head_can_be_is_refused),
	    CASE(whole_requests_are_answered_on_a_connection_that_stays),
	    CASE(the_second_use_of_a_kept_answer_is_compressed),
	    CASE(an_address_that_asks_too_much_is_told_when_to_come_back),
	    CASE(a_proxy_of_ours_speaks_for_its_clients),
	    CASE(slow_heads_and_bodies_are_cut_however_they_drip),
	    CASE(one_address_has_only_so_many_connections),
	    CASE(stopping_lets_requests_in_flight_finish),
	    CASE(an_address_that_cannot_be_listened_on_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
