/* SPDX-License-Identifier: Apache-2.0 */
/* The callers' side of the queue: acts go in, results come back once they are published. */
#include "ledger/ledger_priv.h"

static void seal(struct act *acts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str salt = {(const char *)acts[i].salt, sizeof acts[i].salt};

		if (acts[i].document.p == NULL)
			continue;
		crypto_random(acts[i].salt, sizeof acts[i].salt);
		acts[i].digest = document_digest(salt, acts[i].document);
	}
}

bool ledger_submit(
    struct cx *cx, struct ledger *l, struct act *acts, size_t n, struct ledger_ticket **out)
{
	struct ledger_ticket *t = arena_new(cx->mem, struct ledger_ticket);
	struct str reason = ledger_reason(l);

	*out = NULL; /* what failed is not waited for */
	if (reason.p)
		return cx_fail(cx, ERR_READONLY, "%.*s", STR_ARG(reason));
	*t = (struct ledger_ticket){.ledger = l, .acts = acts, .n = n, .finished = n == 0};
	if (n == 0) {
		*out = t;
		return true;
	}
	t->mem = arena_open((size_t)1 << 28);
	if (l->client != NULL) {
		if (!control_submit(cx, l->client, t)) {
			arena_close(t->mem);
			return false;
		}
		*out = t;
		return true;
	}
	seal(acts, n);
	(void)pthread_mutex_lock(&l->lock);
	*l->last = t;
	l->last = &t->next;
	(void)pthread_cond_signal(&l->work);
	(void)pthread_mutex_unlock(&l->lock);
	*out = t;
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
