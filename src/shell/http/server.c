/* SPDX-License-Identifier: Apache-2.0 */
/* The library's daemon: sockets, threads, options, and its callbacks into exchange.c. */
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/trace.h"
#include "http/http_priv.h"

/* Request head and response head share this. A head of 12 KB still passes. */
#define CONNECTION_MEMORY 16384u
#define BACKLOG		  1024

/* ---- callbacks ---- */
static struct peer *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static enum MHD_Result admit(void *arg, const struct sockaddr *sa, socklen_t n)
{
	struct http_server *s = arg;
	struct address a;

	(void)n;
	return address_of(sa, &a) && peers_admit(s->peers, address_client(a)) ? MHD_YES : MHD_NO;
}

static bool is_trusted(const struct http_server *s, const struct address *a)
{
	for (size_t i = 0; i < s->config.proxies_n; i++)
		if (memcmp(&s->proxies[i], a, sizeof *a) == 0)
			return true;
	return false;
}

static void connection(void *arg, struct MHD_Connection *c, void **socket_context,
    enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = arg;
	const union MHD_ConnectionInfo *fd =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *from =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct address a = {{0}};

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		(void)address_of(from->client_addr, &a);
		*socket_context = peers_add(s->peers, fd->connect_fd, a, is_trusted(s, &a));
	} else if (*socket_context) {
		peers_remove(s->peers, *socket_context);
		*socket_context = NULL;
	}
}

/* The target as it was sent; what it returns is the request's context. */
static void *begin(void *arg, const char *uri, struct MHD_Connection *c)
{
	return exchange_new(arg, uri, peer_of(c));
}

/* The library decodes nothing: paths and parameters are web's. */
static size_t keep_escaped(void *arg, struct MHD_Connection *c, char *s)
{
	(void)arg;
	(void)c;
	return strlen(s);
}

/* NOLINTNEXTLINE(readability-function-size): the library's signature */
static enum MHD_Result turn(void *arg, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_n, void **context)
{
	struct exchange *x = *context;
	bool ok;

	(void)arg;
	(void)url;
	if (!x->started) {
		ok = exchange_head(x, c, method, version);
	} else if (*upload_n) {
		ok = exchange_body(x, upload, *upload_n);
		*upload_n = 0;
	} else {
		ok = exchange_answer(x, c, method);
	}
	return ok ? MHD_YES : MHD_NO;
}

/* One line per request: path without query, status, bytes, microseconds, client. */
static void access_line(const struct exchange *x, const char *ended)
{
	char status[16], bytes[24], us[24], path[1024];
	struct arena *mem = arena_open(65536);
	size_t n = strcspn(x->target, "?");

	(void)snprintf(status, sizeof status, "%d", x->status);
	(void)snprintf(bytes, sizeof bytes, "%zu", x->answer->body.n);
	(void)snprintf(us, sizeof us, "%" PRId64, io.monotonic_us() - x->began_us);
	(void)snprintf(
	    path, sizeof path, "%.*s", (int)(n < sizeof path ? n : sizeof path - 1), x->target);
	trace(TRACE_INFO, "request", "method", x->method, "path", path, "status", status, "bytes",
	    bytes, "us", us, "client", address_print(mem, &x->client).p, "ended", ended, NULL);
	arena_close(mem);
}

static void completed(
    void *arg, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode why)
{
	struct http_server *s = arg;
	struct exchange *x = *context;

	(void)c;
	if (x == NULL)
		return;
	if (s->config.access_log && x->answer)
		access_line(x, why == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "ok" : "cut");
	peers_wait(s->peers, x->peer, WAIT_HEAD);
	exchange_free(x);
	*context = NULL;
}

/* ---- starting ---- */
/* The resolver takes 70000 for 4464. */
static bool is_port(struct str text)
{
	int64_t port;

	return str_int(text, &port) && port >= 0 && port <= 65535;
}

/* "127.0.0.1:8080" or "[::1]:8080" → a listening socket. */
static bool listen_on(struct cx *cx, struct str text, int *out)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
			    .ai_socktype = SOCK_STREAM},
			*found = NULL;
	const char *c = str_c(cx->mem, text), *colon = strrchr(c, ':');
	struct str host = str_cut(text, 0, colon ? (size_t)(colon - c) : 0);
	int fd, on = 1;

	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_cut(host, 1, host.n - 1);
	if (host.n == 0 || !is_port(str_of(colon + 1)) ||
	    getaddrinfo(str_c(cx->mem, host), colon + 1, &hints, &found) != 0)
		return cx_fail(cx, ERR_INPUT,
		    "'%s' is no address to listen on: write 127.0.0.1:8080 or [::1]:8080", c);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		if (found->ai_family == AF_INET6)
			(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	}
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		(void)cx_fail(cx, ERR_IO, "listening on %s: %s", c, strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	*out = fd;
	return fd >= 0;
}

static struct MHD_Daemon *daemon_start(struct http_server *s, int fd)
{
	const struct http_config *g = &s->config;
	struct MHD_OptionItem pool[] = {
	    {g->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)g->threads,
		NULL},
	    {MHD_OPTION_END, 0, NULL},
	};

	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, admit, s, turn, s,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_CONNECTION, connection, s,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, s, MHD_OPTION_URI_LOG_CALLBACK, begin, s,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, s, MHD_OPTION_CONNECTION_LIMIT,
	    g->connections, MHD_OPTION_CONNECTION_TIMEOUT, g->idle_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY, pool,
	    MHD_OPTION_END);
}

static void defaults(struct http_config *c)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	c->threads = c->threads ? c->threads : cores > 0 ? (unsigned)cores : 1;
	c->connections = c->connections ? c->connections : 4096;
	c->head_ms = c->head_ms ? c->head_ms : 10000;
	c->body_ms = c->body_ms ? c->body_ms : 60000;
	c->idle_s = c->idle_s ? c->idle_s : 30;
	c->arena_max = c->arena_max ? c->arena_max : (size_t)256 << 20;
}

static bool proxies_read(struct cx *cx, struct http_server *s)
{
	s->proxies = arena_array(s->mem, struct address, s->config.proxies_n);
	for (size_t i = 0; i < s->config.proxies_n; i++)
		if (!address_parse(s->config.proxies[i], &s->proxies[i]))
			return cx_fail(cx, ERR_INPUT, "'%.*s' is no address of a proxy",
			    STR_ARG(s->config.proxies[i]));
	return true;
}

static bool all_listen(struct cx *cx, struct http_server *s)
{
	s->daemons = arena_array(s->mem, struct MHD_Daemon *, s->config.listen_n);
	s->sockets = arena_array(s->mem, int, s->config.listen_n);
	for (size_t i = 0; i < s->config.listen_n; i++) {
		if (!listen_on(cx, s->config.listen[i], &s->sockets[i]))
			return false;
		s->daemons[i] = daemon_start(s, s->sockets[i]);
		if (s->daemons[i] == NULL) {
			(void)close(s->sockets[i]);
			return cx_fail(cx, ERR_IO, "the HTTP library did not start on %.*s",
			    STR_ARG(s->config.listen[i]));
		}
		s->daemons_n++;
	}
	return true;
}

bool http_start(struct cx *cx, const struct http_config *config, struct http_server **out)
{
	struct arena *mem = arena_open((size_t)1 << 20);
	struct http_server *s = arena_new(mem, struct http_server);

	s->mem = mem;
	s->config = *config;
	defaults(&s->config);
	BUG_ON(pthread_key_create(&s->worker_key, worker_done) != 0);
	s->budgets = budgets_open(config->rate, config->burst);
	s->peers =
	    peers_open(config->connections_per_address, s->config.head_ms, s->config.body_ms);
	if (!proxies_read(cx, s) || !all_listen(cx, s)) {
		http_stop(s, 0);
		return false;
	}
	*out = s;
	return true;
}

uint16_t http_port(const struct http_server *s, size_t i)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof sa;
	struct sockaddr_in in;

	BUG_ON(i >= s->daemons_n || getsockname(s->sockets[i], (struct sockaddr *)&sa, &n) != 0);
	memcpy(&in, &sa, sizeof in); /* the port stands in the same place in both families */
	return ntohs(in.sin_port);
}

void http_stop(struct http_server *s, unsigned wait_ms)
{
	int64_t until = io.monotonic_us() + (int64_t)wait_ms * 1000;

	for (size_t i = 0; i < s->daemons_n; i++)
		(void)MHD_quiesce_daemon(s->daemons[i]);
	while (atomic_load(&s->in_flight) && io.monotonic_us() < until)
		(void)usleep(5000);
	for (size_t i = 0; i < s->daemons_n; i++) {
		MHD_stop_daemon(s->daemons[i]); /* joins the threads, which end their workers */
		(void)close(s->sockets[i]);
	}
	peers_close(s->peers);
	budgets_close(s->budgets);
	(void)pthread_key_delete(s->worker_key);
	arena_close(s->mem);
}
