/* SPDX-License-Identifier: Apache-2.0 */
/* What was signed and published last: in memory, and in HOME/signed. */
#include "base/io.h"
#include "base/trace.h"
#include "ledger/ledger_priv.h"

#define SIGNED_LIMIT (64u << 10)

void published_set(
    struct published *p, const struct checkpoint *head, int64_t time, struct str note)
{
	(void)pthread_mutex_lock(&p->lock);
	arena_reset(p->mem);
	p->note = str_dup(p->mem, note);
	p->head = (struct checkpoint){.size = head->size, .root = head->root};
	p->time = time;
	p->size = (int64_t)head->size;
	(void)pthread_mutex_unlock(&p->lock);
}

void ledger_read_only(struct ledger *l, struct str why)
{
	struct published *p = l->now;

	(void)pthread_mutex_lock(&p->lock);
	if (p->reason.p == NULL)
		p->reason = str_dup(p->reason_mem, why);
	(void)pthread_mutex_unlock(&p->lock);
	if (l->config.mode == LEDGER_SERVE) /* a command says it itself */
		trace(TRACE_ERROR, "ledger-read-only", "why", p->reason.p, NULL);
}

struct str ledger_reason(const struct ledger *l)
{
	struct str reason;

	(void)pthread_mutex_lock(&l->now->lock);
	reason = l->now->reason;
	(void)pthread_mutex_unlock(&l->now->lock);
	return reason; /* once set it stays until the ledger is closed */
}

/* HOME/signed, checked against the home's key. */
bool signed_read(
    struct cx *cx, const struct ledger *l, struct checkpoint *out, struct str *note_out)
{
	const char *path = str_fmt(cx->mem, "%.*s/signed", STR_ARG(l->config.home)).p;

	if (!io_file_find(cx, path, SIGNED_LIMIT, note_out))
		return false;
	if (note_out->p == NULL)
		return cx_fail(cx, ERR_CORRUPT,
		    "%s is missing: nothing says up to where this log was published", path);
	*note_out = str_dup(cx->mem, signed_unpad(*note_out));
	if (checkpoint_open(cx, *note_out, &l->vkey, out))
		return true;
	cx->err.code = ERR_CORRUPT;
	return cx_note(cx, "reading %s", path);
}

bool entry_time(struct cx *cx, int64_t index, int64_t *out)
{
	struct entry_rows rows;
	struct entry e = {.time = 0};

	*out = 0;
	if (index < 0)
		return true;
	if (!store_entries(cx, index, index + 1, false, &rows))
		return false;
	if (rows.n && !entry_parse(cx, index, str_of_bytes(rows.at[0].entry), &e))
		return false;
	if (rows.n)
		*out = e.time;
	return true;
}

bool published_refresh(struct cx *cx, struct ledger *l)
{
	struct checkpoint head = {.size = 0};
	struct str note = STR_NONE;
	int64_t time = io_now();

	if (!signed_read(cx, l, &head, &note))
		return false;
	if (cx->db != NULL && !entry_time(cx, (int64_t)head.size - 1, &time))
		return false;
	published_set(l->now, &head, time, note);
	return true;
}
