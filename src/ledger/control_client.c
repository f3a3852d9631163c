/* SPDX-License-Identifier: Apache-2.0 */
/* The side of a command: acts go to the server that holds the writer role. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "ledger/control.h"

#define WAITING_MAX                                                                                \
	3 /* unanswered frames; more could fill both directions of the socket and stop both sides */

struct control_client {
	int fd;
	bool broken;
	pthread_mutex_t lock;
	struct ledger_ticket *first, **last; /* unanswered, in order */
	size_t waiting;
};

bool control_connect(struct cx *cx, struct ledger *l, struct control_client **out)
{
	struct sockaddr_un address;
	struct control_client *c;
	int fd;

	*out = NULL;
	if (!control_address(cx, l, &address))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return cx_fail(cx, ERR_IO, "a socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		(void)io.close(fd);
		return true; /* nobody there (yet) */
	}
	if (!control_peer_check(cx, l, fd)) {
		(void)io.close(fd);
		return false;
	}
	c = arena_new(l->mem, struct control_client);
	*c = (struct control_client){.fd = fd, .last = &c->first};
	(void)pthread_mutex_init(&c->lock, NULL);
	*out = c;
	return true;
}

void control_disconnect(struct control_client *c)
{
	if (c == NULL)
		return;
	(void)io.close(c->fd);
	(void)pthread_mutex_destroy(&c->lock);
}

static bool went_away(struct cx *cx, struct control_client *c)
{
	c->broken = true;
	return cx_fail(cx, ERR_UNKNOWN,
	    "the server went away: which of these acts it committed is unknown; run this again");
}

/* Under the lock: one answer, which is that of the first ticket. */
static bool answer_read(struct cx *cx, struct control_client *c)
{
	struct ledger_ticket *t = c->first;
	struct cx in = {.mem = t->mem};
	struct val *frame;

	if (!frame_read(&in, c->fd, &frame) || frame == NULL)
		return went_away(cx, c);
	if (!results_parse(&in, frame, t->acts, t->n)) {
		t->code = in.err.code;
		t->message = in.err.msg;
	}
	t->finished = true;
	c->first = t->next;
	if (c->first == NULL)
		c->last = &c->first;
	c->waiting--;
	return true;
}

bool control_submit(struct cx *cx, struct control_client *c, struct ledger_ticket *t)
{
	struct cx out = {.mem = t->mem};
	bool ok = true;

	(void)pthread_mutex_lock(&c->lock);
	while (ok && !c->broken && c->waiting == WAITING_MAX)
		ok = answer_read(cx, c);
	if (ok && c->broken)
		ok = went_away(cx, c);
	if (ok && !frame_write(&out, c->fd, acts_print(t->mem, t->acts, t->n)))
		ok = out.err.code == ERR_LIMIT
			 ? cx_fail(cx, ERR_LIMIT, "%.*s", STR_ARG(out.err.msg))
			 : went_away(cx, c);
	if (ok) {
		*c->last = t;
		c->last = &t->next;
		c->waiting++;
	}
	(void)pthread_mutex_unlock(&c->lock);
	return ok;
}

bool control_wait(struct cx *cx, struct control_client *c, struct ledger_ticket *t)
{
	bool ok = true;

	(void)pthread_mutex_lock(&c->lock);
	while (ok && !t->finished)
		ok = c->broken ? went_away(cx, c) : answer_read(cx, c);
	(void)pthread_mutex_unlock(&c->lock);
	if (ok && t->code != ERR_NONE)
		return cx_fail(cx, t->code, "%.*s", STR_ARG(t->message));
	return ok;
}
