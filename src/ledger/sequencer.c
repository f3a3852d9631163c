/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sequencer: the one thread that writes. It takes what waits, up to 200 acts or 20 ms of work, into one transaction; when an act of the group
 * fails, the transaction is done again act by act, so that a bad act harms no other.
 */
#include "base/io.h"
#include "base/trace.h"
#include "ledger/ledger_priv.h"
#include "text/text.h"

struct place_in_queue {
	struct ledger_ticket *ticket;
	struct act *act;
};

struct sequencer {
	struct cx cx;
	struct tree tree, next;
	struct head head;
	struct group group;
	struct place_in_queue taken[GROUP_ACTS];
	size_t n;
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

/* All acts in one go, until the time is over; false when one of them failed. Acts beyond s->n go back to the queue. */
static bool try_together(struct sequencer *s)
{
	int64_t end = io.monotonic_us() + GROUP_US;

	for (size_t i = 0; i < s->n; i++) {
		if (!group_act(&s->cx, &s->group, s->taken[i].act))
			return false;
		if (i + 1 < s->n && io.monotonic_us() > end)
			s->n = i + 1;
	}
	return true;
}

/* The same acts one by one, each with a savepoint of its own. */
static bool try_one_by_one(struct sequencer *s)
{
	struct group before;

	for (size_t i = 0; i < s->n; i++) {
		struct act *act = s->taken[i].act;

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
	if (!publish_head(&s->cx, l, &head))
		ledger_stop("committed entries cannot be signed", cx_error(&s->cx).p);
	return true;
}

/* ---- the queue ---- */

/* Under the lock: what waits, in order, at most a group. */
static void take(struct sequencer *s, struct ledger *l)
{
	s->n = 0;
	for (struct ledger_ticket *t = l->first; t != NULL && s->n < GROUP_ACTS; t = t->next)
		for (size_t i = t->done; i < t->n && s->n < GROUP_ACTS; i++)
			s->taken[s->n++] = (struct place_in_queue){t, &t->acts[i]};
}

/* Texts of results outlive the group in the ticket's memory. */
static void keep_result(struct ledger_ticket *t, struct act_result *r)
{
	r->id = str_dup(t->mem, r->id);
	r->message = str_dup(t->mem, r->message);
}

/* Under the lock: acts [0, s->n) have their results. */
static void answer(struct sequencer *s, struct ledger *l)
{
	for (size_t i = 0; i < s->n; i++) {
		struct ledger_ticket *t = s->taken[i].ticket;

		keep_result(t, &s->taken[i].act->result);
		t->done++;
	}
	while (l->first != NULL && l->first->done == l->first->n) {
		struct ledger_ticket *t = l->first;

		l->first = t->next;
		if (l->first == NULL)
			l->last = &l->first;
		t->finished = true;
	}
	(void)pthread_cond_broadcast(&l->done);
}

static void *sequencer_run(void *arg)
{
	struct ledger *l = arg;
	struct sequencer *s = l->sequencer;

	(void)pthread_mutex_lock(&l->lock);
	for (;;) {
		while (l->first == NULL && !l->stopping)
			(void)pthread_cond_wait(&l->work, &l->lock);
		if (l->first == NULL)
			break;
		take(s, l);
		(void)pthread_mutex_unlock(&l->lock);
		arena_reset(s->cx.mem);
		if (!group_run(s, l)) {
			struct err err = s->cx.err;

			for (size_t i = 0; i < s->n; i++) {
				s->cx.err = err;
				refuse(s, s->taken[i].act);
			}
		}
		(void)pthread_mutex_lock(&l->lock);
		answer(s, l);
	}
	(void)pthread_mutex_unlock(&l->lock);
	return NULL;
}

bool sequencer_open(struct cx *cx, struct ledger *l)
{
	struct sequencer *s = arena_new(l->mem, struct sequencer);
	bool got;

	s->cx = (struct cx){.mem = arena_open((size_t)1 << 30), .app = l->config.app, .lang = "zh"};
	l->sequencer = s;
	if (!ledger_connect(cx, l, true, &s->cx.db))
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
	if (!tree_load(cx, &s->tree, (uint64_t)s->head.size, &store_tiles))
		return false;
	if (pthread_create(&l->sequencer_thread, NULL, sequencer_run, l) != 0)
		return cx_fail(cx, ERR_IO, "no thread for the sequencer");
	l->has_sequencer = true;
	return true;
}

void sequencer_close(struct ledger *l)
{
	struct sequencer *s = l->sequencer;

	if (s == NULL)
		return;
	if (l->has_sequencer)
		(void)pthread_join(l->sequencer_thread, NULL);
	db_close(s->cx.db);
	arena_close(s->cx.mem);
}

/* ---- callers ---- */

bool ledger_submit(
    struct cx *cx, struct ledger *l, struct act *acts, size_t n, struct ledger_ticket **out)
{
	struct ledger_ticket *t = arena_new(cx->mem, struct ledger_ticket);
	struct str reason = ledger_reason(l);

	if (reason.p)
		return cx_fail(cx, ERR_READONLY, "%.*s", STR_ARG(reason));
	*t = (struct ledger_ticket){.ledger = l, .acts = acts, .n = n, .finished = n == 0};
	*out = t;
	if (n == 0)
		return true;
	t->mem = arena_open((size_t)1 << 28);
	if (l->client != NULL) {
		if (control_submit(cx, l->client, t))
			return true;
		arena_close(t->mem);
		return false;
	}
	(void)pthread_mutex_lock(&l->lock);
	*l->last = t;
	l->last = &t->next;
	(void)pthread_cond_signal(&l->work);
	(void)pthread_mutex_unlock(&l->lock);
	return true;
}

bool ledger_wait(struct cx *cx, struct ledger_ticket *t)
{
	struct ledger *l = t->ledger;
	struct str reason;

	if (l->client != NULL) {
		if (!control_wait(cx, l->client, t) || !published_refresh(cx, l)) {
			arena_close(t->mem);
			return false;
		}
	} else {
		(void)pthread_mutex_lock(&l->lock);
		while (!t->finished)
			(void)pthread_cond_wait(&l->done, &l->lock);
		(void)pthread_mutex_unlock(&l->lock);
	}
	for (size_t i = 0; i < t->n; i++) {
		struct act_result *r = &t->acts[i].result;

		r->id = str_dup(cx->mem, r->id);
		r->message = str_dup(cx->mem, r->message);
	}
	arena_close(t->mem);
	t->mem = NULL;
	reason = ledger_reason(l);
	return reason.p == NULL || cx_fail(cx, ERR_READONLY, "%.*s", STR_ARG(reason));
}

bool ledger_commit(struct cx *cx, struct ledger *l, struct act *acts, size_t n)
{
	struct ledger_ticket *t = NULL;

	if (!ledger_submit(cx, l, acts, n, &t))
		return false;
	BUG_ON(t == NULL);
	return ledger_wait(cx, t);
}
