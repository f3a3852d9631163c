/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sequencer: the one thread that writes. It takes what waits, up to 200 acts or 20 ms of work, into one transaction; when an act of the group
 * fails, the transaction is done again act by act, so that a bad act harms no other. While the publisher thread verifies and signs one group, the
 * next is committed; callers hear of a group when it is published, in the order of the log.
 */
#include "base/io.h"
#include "base/trace.h"
#include "ledger/ledger_priv.h"
#include "text/text.h"

struct place_in_queue {
	struct ledger_ticket *ticket;
	struct act *act;
};

/* The acts of one group on their way: committed by the sequencer, then published and answered by the publisher. */
struct convoy {
	struct place_in_queue at[GROUP_ACTS];
	size_t n;
	struct head head; /* after them */
};

struct sequencer {
	struct cx cx;
	struct tree tree, next;
	struct head head;
	struct group group;
	struct convoy two[2], *convoy; /* the one being filled */
	pthread_t thread, publisher_thread;
	bool has_thread, has_publisher;

	struct cx publisher_cx;
	pthread_cond_t moved;	   /* under the ledger's lock: published changed, or closing */
	struct convoy *publishing; /* NULL: the publisher waits */
	bool closing;
};

/* ---- the group ---- */

static void group_begin(struct sequencer *s, struct ledger *l)
{
	int64_t now = io_now();
	struct group *g = &s->group;
	int month, day;

	g->ledger = l;
	g->head = s->head;
	g->time = now > s->head.time ? now : s->head.time;
	g->time_text = instant_print(s->cx.mem, g->time);
	date_split(instant_day(g->time), &g->year, &month, &day);
	g->n = 0;
	g->n_counters = 0;
	s->cx.now = g->time;
}

static void refuse(struct sequencer *s, struct act *act)
{
	act->result.code = s->cx.err.code;
	act->result.message = cx_error(&s->cx);
	act->result.index = -1;
	cx_clear(&s->cx);
}

/* All acts in one go, until the time is over; false when one of them failed. Acts beyond the convoy's n stay in the queue. */
static bool try_together(struct sequencer *s)
{
	int64_t end = io.monotonic_us() + GROUP_US;
	struct convoy *c = s->convoy;

	for (size_t i = 0; i < c->n; i++) {
		if (!group_act(&s->cx, &s->group, c->at[i].act))
			return false;
		if (i + 1 < c->n && io.monotonic_us() > end)
			c->n = i + 1;
	}
	return true;
}

/* The same acts one by one, each with a savepoint of its own. */
static bool try_one_by_one(struct sequencer *s)
{
	struct group before;

	for (size_t i = 0; i < s->convoy->n; i++) {
		struct act *act = s->convoy->at[i].act;

		before = s->group;
		if (!db_savepoint(&s->cx))
			return false;
		if (group_act(&s->cx, &s->group, act)) {
			if (!db_savepoint_release(&s->cx))
				return false;
			continue;
		}
		refuse(s, act);
		s->group = before;
		if (!db_savepoint_rollback(&s->cx))
			return false;
	}
	return true;
}

static bool group_collect(struct sequencer *s, struct ledger *l)
{
	group_begin(s, l);
	if (!db_begin(&s->cx))
		return false;
	if (try_together(s))
		return true;
	cx_clear(&s->cx);
	db_rollback(&s->cx);
	group_begin(s, l);
	return db_begin(&s->cx) && try_one_by_one(s);
}

static bool clock_ok(struct sequencer *s)
{
	int64_t now = io_now();

	if (now >= s->head.time - CLOCK_SLACK)
		return true;
	return cx_fail(&s->cx, ERR_BUSY,
	    "the clock (%s) is behind the last entry (%s): nothing is published until it has "
	    "caught up",
	    instant_print(s->cx.mem, now).p, instant_print(s->cx.mem, s->head.time).p);
}

/* Only a restart helps; the rows are there or not, and start-up will see. */
static void stop_if_unknown(struct sequencer *s)
{
	if (s->cx.err.code == ERR_UNKNOWN || db_writer_lost(s->cx.db))
		ledger_stop("the outcome of a commit is unknown", cx_error(&s->cx).p);
}

/* False: no act of the group was committed; why is in cx. */
static bool group_run(struct sequencer *s, struct ledger *l)
{
	struct head head;

	if (!clock_ok(s))
		return false;
	if (!group_collect(s, l)) {
		stop_if_unknown(s);
		db_rollback(&s->cx);
		return false;
	}
	if (s->group.n == 0) {
		db_rollback(&s->cx);
		return true;
	}
	s->next = s->tree;
	if (!group_commit(&s->cx, &s->group, &s->next, &head)) {
		stop_if_unknown(s);
		db_rollback(&s->cx);
		if (s->cx.err.code == ERR_CORRUPT)
			ledger_read_only(l, cx_error(&s->cx));
		return false;
	}
	ledger_hooks.reached("committed");
	s->tree = s->next;
	s->head = head;
	return true;
}

/* A convoy that was not committed is refused as a whole. */
static void convoy_run(struct sequencer *s, struct ledger *l)
{
	struct err err;

	arena_reset(s->cx.mem);
	if (!group_run(s, l)) {
		err = s->cx.err;
		for (size_t i = 0; i < s->convoy->n; i++) {
			s->cx.err = err;
			refuse(s, s->convoy->at[i].act);
		}
	}
	s->convoy->head = s->head;
}

/* ---- the queue, under the lock ---- */

static struct ledger_ticket *waiting(const struct ledger *l)
{
	struct ledger_ticket *t = l->first;

	while (t != NULL && t->taken == t->n)
		t = t->next;
	return t;
}

/* What waits, in order, at most a group. */
static void convoy_fill(struct convoy *c, const struct ledger *l)
{
	c->n = 0;
	for (struct ledger_ticket *t = waiting(l); t != NULL && c->n < GROUP_ACTS; t = t->next)
		for (size_t i = t->taken; i < t->n && c->n < GROUP_ACTS; i++)
			c->at[c->n++] = (struct place_in_queue){t, &t->acts[i]};
}

/* Texts of results outlive the group in the ticket's memory. */
static void results_keep(struct convoy *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct ledger_ticket *t = c->at[i].ticket;
		struct act_result *r = &c->at[i].act->result;

		r->id = str_dup(t->mem, r->id);
		r->message = str_dup(t->mem, r->message);
		t->taken++;
	}
}

static void convoy_answer(const struct convoy *c, struct ledger *l)
{
	for (size_t i = 0; i < c->n; i++)
		c->at[i].ticket->done++;
	while (l->first != NULL && l->first->done == l->first->n) {
		struct ledger_ticket *t = l->first;

		l->first = t->next;
		if (l->first == NULL)
			l->last = &l->first;
		t->finished = true;
	}
	(void)pthread_cond_broadcast(&l->done);
}

/* ---- the two threads ---- */

static void hand_over(struct sequencer *s, struct ledger *l)
{
	while (s->publishing != NULL)
		(void)pthread_cond_wait(&s->moved, &l->lock);
	s->publishing = s->convoy;
	s->convoy = s->convoy == &s->two[0] ? &s->two[1] : &s->two[0];
	(void)pthread_cond_broadcast(&s->moved);
}

/* A long WAL slows every reader, and the next start, which reads all of it. */
static void checkpoint(struct sequencer *s)
{
	if (db_checkpoint(&s->cx))
		return;
	trace(TRACE_ERROR, "checkpoint", "why", cx_error(&s->cx).p, NULL);
	cx_clear(&s->cx);
}

static void wal_move(struct sequencer *s, struct ledger *l)
{
	(void)pthread_mutex_unlock(&l->lock);
	checkpoint(s);
	(void)pthread_mutex_lock(&l->lock);
	l->wal_full = false;
	(void)pthread_cond_broadcast(&l->done);
}

void sequencer_checkpoint(struct ledger *l)
{
	(void)pthread_mutex_lock(&l->lock);
	l->wal_full = l->sequencer != NULL; /* a home that takes no acts has none */
	(void)pthread_cond_signal(&l->work);
	while (l->wal_full && !l->stopping)
		(void)pthread_cond_wait(&l->done, &l->lock);
	(void)pthread_mutex_unlock(&l->lock);
}

static void *sequencer_run(void *arg)
{
	struct ledger *l = arg;
	struct sequencer *s = l->sequencer;

	(void)pthread_mutex_lock(&l->lock);
	for (;;) {
		while (waiting(l) == NULL && !l->wal_full && !l->stopping)
			(void)pthread_cond_wait(&l->work, &l->lock);
		if (l->wal_full) {
			wal_move(s, l);
			continue;
		}
		if (waiting(l) == NULL)
			break;
		convoy_fill(s->convoy, l);
		(void)pthread_mutex_unlock(&l->lock);
		convoy_run(s, l);
		(void)pthread_mutex_lock(&l->lock);
		results_keep(s->convoy);
		hand_over(s, l);
	}
	(void)pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void *publisher_run(void *arg)
{
	struct ledger *l = arg;
	struct sequencer *s = l->sequencer;

	(void)pthread_mutex_lock(&l->lock);
	for (;;) {
		while (s->publishing == NULL && !s->closing)
			(void)pthread_cond_wait(&s->moved, &l->lock);
		if (s->publishing == NULL)
			break;
		(void)pthread_mutex_unlock(&l->lock);
		arena_reset(s->publisher_cx.mem);
		if (s->publishing->head.size > l->now->size &&
		    !publish_head(&s->publisher_cx, l, &s->publishing->head))
			ledger_stop(
			    "committed entries cannot be signed", cx_error(&s->publisher_cx).p);
		(void)pthread_mutex_lock(&l->lock);
		convoy_answer(s->publishing, l);
		s->publishing = NULL;
		(void)pthread_cond_broadcast(&s->moved);
	}
	(void)pthread_mutex_unlock(&l->lock);
	return NULL;
}

static struct cx thread_cx(const struct ledger *l)
{
	return (struct cx){.mem = arena_open((size_t)1 << 30), .app = l->config.app, .lang = "zh"};
}

static bool threads_start(struct cx *cx, struct ledger *l)
{
	struct sequencer *s = l->sequencer;

	s->has_publisher = pthread_create(&s->publisher_thread, NULL, publisher_run, l) == 0;
	s->has_thread = s->has_publisher && pthread_create(&s->thread, NULL, sequencer_run, l) == 0;
	return s->has_thread || cx_fail(cx, ERR_IO, "no thread for the sequencer");
}

bool sequencer_open(struct cx *cx, struct ledger *l)
{
	struct sequencer *s = arena_new(l->mem, struct sequencer);
	bool got;

	s->cx = thread_cx(l);
	s->publisher_cx = thread_cx(l);
	s->convoy = &s->two[0];
	(void)pthread_cond_init(&s->moved, NULL);
	l->sequencer = s;
	if (!ledger_connect(cx, l, true, &s->cx.db) ||
	    !ledger_connect(cx, l, false, &s->publisher_cx.db))
		return false;
	cx->db = s->cx.db;
	if (!db_writer_lock(cx, &got))
		return false;
	if (!got)
		return cx_fail(cx, ERR_CONFLICT, "another machine writes this database");
	if (!head_get(cx, &s->head))
		return false;
	if (s->head.size > (int64_t)l->now->head.size && !publish_head(cx, l, &s->head))
		return cx_note(cx, "signing what was committed before the last stop");
	return tree_load(cx, &s->tree, (uint64_t)s->head.size, &store_tiles) &&
	       threads_start(cx, l);
}

void sequencer_close(struct ledger *l)
{
	struct sequencer *s = l->sequencer;

	if (s == NULL)
		return;
	if (s->has_thread)
		(void)pthread_join(s->thread, NULL);
	(void)pthread_mutex_lock(&l->lock);
	s->closing = true;
	(void)pthread_cond_broadcast(&s->moved);
	(void)pthread_mutex_unlock(&l->lock);
	if (s->has_publisher)
		(void)pthread_join(s->publisher_thread, NULL);
	(void)pthread_cond_destroy(&s->moved);
	db_close(s->publisher_cx.db);
	if (s->has_thread)
		checkpoint(s);
	db_close(s->cx.db);
	arena_close(s->publisher_cx.mem);
	arena_close(s->cx.mem);
}
