/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a log from a folder, or from another machine over plain HTTP/1.1. Nothing that comes back is believed: the auditor checks every byte
 * against the signed checkpoint, so no TLS is needed here.
 */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "ledger/audit.h"

#define HEAD_MAX    16384
#define SECONDS_MAX 30	/* without a byte */
#define TRIES	    120 /* of one file, when the server asks to wait or closes */

struct folder {
	const char *dir;
};

static bool folder_get(struct cx *cx, void *arg, struct str path, size_t limit, struct str *out)
{
	const struct folder *f = arg;

	return io_file_find(cx, str_fmt(cx->mem, "%s/%.*s", f->dir, STR_ARG(path)).p, limit, out);
}

struct remote {
	const char *host, *port;
	struct str prefix; /* "/log/1/" */
	int fd;		   /* kept open between files; −1 */
	char in[HEAD_MAX];
	size_t n; /* bytes in `in` */
};

static void remote_close(struct remote *r)
{
	if (r->fd >= 0)
		(void)io.close(r->fd);
	r->fd = -1;
	r->n = 0;
}

static bool remote_connect(struct cx *cx, struct remote *r)
{
	const struct addrinfo want = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	const struct timeval patience = {.tv_sec = SECONDS_MAX};
	struct addrinfo *list = NULL;
	int rc = getaddrinfo(r->host, r->port, &want, &list);

	if (rc != 0)
		return cx_fail(cx, ERR_IO, "looking up %s: %s", r->host, gai_strerror(rc));
	for (const struct addrinfo *a = list; a != NULL && r->fd < 0; a = a->ai_next) {
		r->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (r->fd >= 0 &&
		    (setsockopt(r->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
			setsockopt(r->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) !=
			    0 ||
			connect(r->fd, a->ai_addr, a->ai_addrlen) != 0))
			remote_close(r);
	}
	freeaddrinfo(list);
	r->n = 0;
	return r->fd >= 0 || cx_fail(cx, ERR_IO, "connecting to %s port %s: %s", r->host, r->port,
				 strerror(errno));
}

static bool send_request(struct cx *cx, struct remote *r, struct str path)
{
	struct str q = str_fmt(cx->mem,
	    "GET %.*s%.*s HTTP/1.1\r\nHost: %s:%s\r\nAccept: */*\r\nAccept-Encoding: "
	    "identity\r\n\r\n",
	    STR_ARG(r->prefix), STR_ARG(path), r->host, r->port);

	while (q.n) {
		ssize_t put = send(r->fd, q.p, q.n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return cx_fail(cx, ERR_IO, "sending to %s: %s", r->host, strerror(errno));
		q = str_cut(q, (size_t)put, q.n);
	}
	return true;
}

struct answer {
	int status;
	size_t length, wait;
	bool close;
};

/* The value of a header line, absent when it is another header. */
static struct str header(struct str line, const char *name)
{
	size_t n = strlen(name);

	if (line.n <= n || strncasecmp(line.p, name, n) != 0 || line.p[n] != ':')
		return STR_NONE;
	return str_trim(str_cut(line, n + 1, line.n));
}

static bool head_parse(struct cx *cx, struct str head, struct answer *out)
{
	struct str line;
	int64_t v = -1;

	*out = (struct answer){.status = 0};
	if (!str_split(&head, '\n', &line) || !str_starts(line, STR("HTTP/1.")) || line.n < 12 ||
	    !str_int(str_cut(line, 9, 12), &v))
		return cx_fail(cx, ERR_IO, "no HTTP answer: %.*s", STR_ARG(str_cut(line, 0, 40)));
	out->status = (int)v;
	out->close = str_starts(line, STR("HTTP/1.0"));
	v = -1;
	while (str_split(&head, '\n', &line)) {
		struct str length = header(line, "content-length"),
			   wait = header(line, "retry-after");
		struct str connection = header(line, "connection");
		int64_t seconds;

		if (length.p != NULL && (!str_int(length, &v) || v < 0))
			return cx_fail(cx, ERR_IO, "a Content-Length of %.*s", STR_ARG(length));
		if (wait.p != NULL && str_int(wait, &seconds) && seconds > 0 && seconds < 60)
			out->wait = (size_t)seconds;
		if (connection.n == 5 && strncasecmp(connection.p, "close", 5) == 0)
			out->close = true;
	}
	if (v < 0)
		return cx_fail(cx, ERR_IO, "an HTTP answer without Content-Length");
	out->length = (size_t)v;
	return true;
}

static bool receive(struct cx *cx, struct remote *r, char *to, size_t room, size_t *got_out)
{
	for (;;) {
		ssize_t got = recv(r->fd, to, room, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return cx_fail(cx, ERR_IO, "reading from %s: %s", r->host,
			    got ? strerror(errno) : "closed");
		*got_out = (size_t)got;
		return true;
	}
}

static bool read_answer(
    struct cx *cx, struct remote *r, size_t limit, struct answer *a, struct str *body_out)
{
	size_t end, got, have;
	char *body;

	while (!str_find((struct str){r->in, r->n}, STR("\r\n\r\n"), 0, &end)) {
		if (r->n == sizeof r->in)
			return cx_fail(cx, ERR_LIMIT, "an HTTP head of over %d bytes", HEAD_MAX);
		if (!receive(cx, r, r->in + r->n, sizeof r->in - r->n, &got))
			return false;
		r->n += got;
	}
	if (!head_parse(cx, (struct str){r->in, end}, a))
		return false;
	if (a->length > (a->status == 200 ? limit : sizeof r->in * 16))
		return cx_fail(cx, ERR_LIMIT, "an answer of %zu bytes, at most %zu were expected",
		    a->length, limit);
	body = arena_alloc(cx->mem, a->length + 1);
	have = r->n - (end + 4) < a->length ? r->n - (end + 4) : a->length;
	memcpy(body, r->in + end + 4, have);
	r->n -= end + 4 + have;
	memmove(r->in, r->in + end + 4 + have, r->n);
	for (; have < a->length; have += got)
		if (!receive(cx, r, body + have, a->length - have, &got))
			return false;
	*body_out = (struct str){body, a->length};
	if (a->close)
		remote_close(r);
	return true;
}

/* One exchange. *again_out: the server asks to wait, which has been done, or had closed a connection that was kept. */
static bool remote_once(struct cx *cx, struct remote *r, struct str path, size_t limit,
    struct str *out, bool *again_out)
{
	struct answer a = {.status = 0};
	bool kept = r->fd >= 0;

	*again_out = false;
	if ((kept || remote_connect(cx, r)) && send_request(cx, r, path) &&
	    read_answer(cx, r, limit, &a, out)) {
		if (a.status == 404)
			*out = STR_NONE;
		*again_out = a.status == 429 || a.status == 503;
		if (*again_out)
			(void)nanosleep(
			    &(struct timespec){(time_t)a.wait, a.wait ? 0 : 300000000}, NULL);
		return *again_out || a.status == 200 || a.status == 404 ||
		       cx_fail(cx, ERR_IO, "the answer is %d", a.status);
	}
	remote_close(r);
	*again_out = kept && cx->err.code == ERR_IO;
	if (*again_out)
		cx_clear(cx);
	return *again_out;
}

static bool remote_get(struct cx *cx, void *arg, struct str path, size_t limit, struct str *out)
{
	struct remote *r = arg;
	bool again = true;

	for (int i = 0; i < TRIES && again; i++)
		if (!remote_once(cx, r, path, limit, out, &again))
			return cx_note(cx, "fetching %.*s%.*s from %s", STR_ARG(r->prefix),
			    STR_ARG(path), r->host);
	return !again || cx_fail(cx, ERR_BUSY, "%s keeps asking to wait", r->host);
}

/* http://host[:port][/] */
static bool url_parse(struct cx *cx, struct str url, struct remote *r)
{
	struct str rest = str_cut(url, 7, url.n), host = STR_NONE, tail;
	size_t colon;

	if (!str_starts(url, STR("http://")) || !str_split(&rest, '/', &host) ||
	    (rest.p != NULL && rest.n > 0) || host.n == 0)
		return cx_fail(cx, ERR_INPUT, "\"%.*s\" is not http://HOST[:PORT]", STR_ARG(url));
	r->port = "80";
	colon = host.n;
	for (size_t i = host.n; i > 0 && host.p[i - 1] != ']'; i--)
		if (host.p[i - 1] == ':')
			colon = i - 1;
	tail = str_cut(host, colon + 1, host.n);
	if (colon < host.n)
		r->port = str_c(cx->mem, tail);
	host = str_cut(host, 0, colon);
	if (host.n > 2 && host.p[0] == '[')
		host = str_cut(host, 1, host.n - 1);
	r->host = str_c(cx->mem, host);
	return true;
}

bool ledger_audit_url(struct cx *cx, struct str url, struct str vkey_text,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out)
{
	struct remote *r = arena_new(cx->mem, struct remote);
	const struct files files = {remote_get, r, true};
	struct vkey vkey;
	size_t slash;
	bool ok;

	r->fd = -1;
	if (!vkey_parse(cx, vkey_text, &vkey) || !url_parse(cx, url, r))
		return false;
	if (!str_find(vkey.name, STR("/"), 0, &slash))
		slash = vkey.name.n;
	r->prefix = str_fmt(cx->mem, "%.*s/", STR_ARG(str_cut(vkey.name, slash, vkey.name.n)));
	ok = audit_files(cx, &files, vkey_text, progress, out);
	remote_close(r);
	return ok;
}

bool ledger_audit_dir(struct cx *cx, const char *dir, struct str vkey, struct audit_report *out)
{
	struct folder folder = {dir};
	const struct files files = {folder_get, &folder, false};

	return audit_files(cx, &files, vkey, NULL, out);
}
