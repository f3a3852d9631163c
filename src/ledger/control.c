/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the server: one thread accepts, one thread for each command that is connected. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/trace.h"
#include "ledger/control.h"

#define CONNECTIONS 8
#define AHEAD	    4 /* frames of one connection that are being committed at a time */

struct connection {
	struct ledger *ledger;
	pthread_t thread;
	int fd;
	bool used, finished;
};

struct control {
	int fd;
	struct sockaddr_un address;
	pthread_t thread;
	bool stopping;
	pthread_mutex_t lock; /* of the connections */
	struct connection connections[CONNECTIONS];
};

/* ---- one connection ---- */

struct job {
	struct cx cx;
	struct act *acts;
	size_t n;
	struct ledger_ticket *ticket; /* NULL when it failed before */
};

/* Reads a frame and submits it; *end_out when there is none. A frame that is refused is still a job: it has an answer. */
static bool job_start(struct connection *c, struct job *j, bool *end_out)
{
	struct val *frame;

	*j = (struct job){
	    .cx = {.mem = arena_open((size_t)1 << 30), .app = c->ledger->config.app, .lang = "zh"}};
	if (!frame_read(&j->cx, c->fd, &frame) || frame == NULL) {
		*end_out = true;
		arena_close(j->cx.mem);
		return false;
	}
	return acts_parse(&j->cx, frame, &j->acts, &j->n) &&
	       ledger_submit(&j->cx, c->ledger, j->acts, j->n, &j->ticket);
}

static bool job_finish(struct connection *c, struct job *j)
{
	struct cx out = {.mem = j->cx.mem};
	struct val *frame;
	bool ok = j->ticket != NULL && ledger_wait(&j->cx, j->ticket);

	if (ok) {
		frame = results_print(out.mem, j->acts, j->n);
	} else {
		frame = val_map(out.mem);
		val_set_text(out.mem, frame, "code", str_of(err_kind(j->cx.err.code)->name));
		val_set_text(out.mem, frame, "message", cx_error(&j->cx));
	}
	ok = frame_write(&out, c->fd, frame);
	arena_close(j->cx.mem);
	return ok;
}

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

static void connection_serve(struct connection *c)
{
	struct job jobs[AHEAD];
	size_t first = 0, n = 0;
	bool end = false, ok = true;

	while (!end || n > 0) {
		if (!end && ok && n < AHEAD && (n == 0 || readable(c->fd))) {
			struct job *j = &jobs[(first + n) % AHEAD];

			if (job_start(c, j, &end) || !end)
				n++;
			continue;
		}
		ok = job_finish(c, &jobs[first]) && ok;
		end = end || !ok;
		first = (first + 1) % AHEAD;
		n--;
	}
}

static void *connection_run(void *arg)
{
	struct connection *c = arg;
	struct control *s = c->ledger->control;

	connection_serve(c);
	(void)pthread_mutex_lock(&s->lock);
	(void)io.close(c->fd);
	c->fd = -1;
	c->finished = true;
	(void)pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- accepting ---- */

/* A free place, after the threads that have ended were joined. */
static struct connection *connection_place(struct control *s)
{
	struct connection *place = NULL;

	for (size_t i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &s->connections[i];

		if (c->used && c->finished) {
			(void)pthread_join(c->thread, NULL);
			c->used = false;
		}
		if (!c->used)
			place = c;
	}
	return place;
}

static void connection_open(struct ledger *l, int fd)
{
	struct control *s = l->control;
	struct arena *mem = arena_open(65536);
	struct cx cx = {.mem = mem};
	struct connection *c;

	(void)pthread_mutex_lock(&s->lock);
	c = connection_place(s);
	if (!s->stopping && c != NULL && control_peer_check(&cx, l, fd)) {
		*c = (struct connection){.ledger = l, .fd = fd};
		c->used = pthread_create(&c->thread, NULL, connection_run, c) == 0;
		if (c->used)
			fd = -1;
	}
	(void)pthread_mutex_unlock(&s->lock);
	if (cx.err.code != ERR_NONE)
		trace(TRACE_WARNING, "control-refused", "why", cx_error(&cx).p, NULL);
	if (fd >= 0)
		(void)io.close(fd);
	arena_close(mem);
}

static void *control_run(void *arg)
{
	struct ledger *l = arg;

	for (;;) {
		int fd = accept4(l->control->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			connection_open(l, fd);
		else if (errno != EINTR && errno != ECONNABORTED && errno != EMFILE)
			return NULL; /* shut down */
	}
}

static bool listen_at(struct cx *cx, struct control *s)
{
	const char *path = s->address.sun_path;

	(void)io.unlink(
	    path); /* of a server that was killed; the writer lock says that none is running */
	if (fchmod(s->fd, 0600) != 0 ||
	    bind(s->fd, (const struct sockaddr *)&s->address, sizeof s->address) != 0 ||
	    chmod(path, 0600) != 0 || listen(s->fd, CONNECTIONS) != 0)
		return cx_fail(cx, ERR_IO, "listening at %s: %s", path, strerror(errno));
	return true;
}

bool control_open(struct cx *cx, struct ledger *l)
{
	struct control *s = arena_new(l->mem, struct control);

	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return cx_fail(cx, ERR_IO, "a socket: %s", strerror(errno));
	(void)pthread_mutex_init(&s->lock, NULL);
	l->control = s;
	if (!control_address(cx, l, &s->address) || !listen_at(cx, s) ||
	    pthread_create(&s->thread, NULL, control_run, l) != 0) {
		(void)io.close(s->fd);
		l->control = NULL;
		return cx->err.code != ERR_NONE ? false
						: cx_fail(cx, ERR_IO, "no thread for control.sock");
	}
	return true;
}

void control_close(struct ledger *l)
{
	struct control *s = l->control;

	if (s == NULL)
		return;
	(void)shutdown(s->fd, SHUT_RDWR);
	(void)pthread_join(s->thread, NULL);
	(void)pthread_mutex_lock(&s->lock);
	s->stopping = true;
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (s->connections[i].used && s->connections[i].fd >= 0)
			(void)shutdown(s->connections[i].fd,
			    SHUT_RD); /* what was handed over is still answered */
	(void)pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (s->connections[i].used)
			(void)pthread_join(s->connections[i].thread, NULL);
	(void)io.close(s->fd);
	(void)io.unlink(s->address.sun_path);
	(void)pthread_mutex_destroy(&s->lock);
	l->control = NULL;
}
