/* SPDX-License-Identifier: Apache-2.0 */
/* The import: while the log commits one group of notices, the next is read and checked. */
#include <fcntl.h>

#include "base/app.h"
#include "base/io.h"
#include "intake/intake_priv.h"

#define GROUP_USUAL  200u
#define BATCH_MEMORY ((size_t)2 << 30)

/* The report is a new file beside the old one, put in its place before the first row: whoever reads it sees whole lines of this run only. */
static bool report_open(struct import *im)
{
	const char *path = im->options->report;
	const char *fresh;

	im->report = -1;
	if (!path)
		return true;
	fresh = str_fmt(im->cx->mem, "%s.new", path).p;
	im->report = io.open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (im->report < 0)
		return cx_fail(im->cx, ERR_IO, "cannot write the report %s", fresh);
	return io.rename(fresh, path) == 0 ||
	       cx_fail(im->cx, ERR_IO, "cannot put the report in place of %s", path);
}

/* Whether the key stood in the file before. */
static bool seen_before(struct import *im, struct str key)
{
	if (key.n == 0 || map_has(&im->seen, key))
		return key.n > 0;
	(void)map_put(im->cx->mem, &im->seen, str_dup(im->cx->mem, key), NULL);
	return false;
}

static bool batch_make(struct import *im, struct batch *b, size_t first, size_t n)
{
	b->tries = arena_array(b->cx.mem, struct notice_try, n);
	b->acts = arena_array(b->cx.mem, struct act, n);
	b->tries_n = n;
	b->acts_n = 0;
	for (size_t i = 0; i < n; i++) {
		draft_make(b->cx.mem, b->cx.app->domain, im->options->profile,
		    &im->source.groups.at[first + i], &b->tries[i].draft);
		b->tries[i].waits = seen_before(im, b->tries[i].draft.key);
	}
	if (!import_look_up(&b->cx, b->tries, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!b->tries[i].waits && !import_decide(im, b, &b->tries[i]))
			return false;
	return b->acts_n == 0 || ledger_submit(&b->cx, im->ledger, b->acts, b->acts_n, &b->ticket);
}

static bool batch_end(struct import *im, struct batch *b)
{
	struct ledger_ticket *ticket = b->ticket;
	bool ok;

	b->ticket = NULL;
	ok = (!ticket || ledger_wait(&b->cx, ticket)) && (!b->tries_n || import_settle(im, b));
	b->tries_n = 0;
	arena_reset(b->cx.mem);
	return ok;
}

static bool failed(struct import *im, const struct batch *b)
{
	return cx_fail(im->cx, b->cx.err.code, "%s", str_c(im->cx->mem, b->cx.err.msg));
}

static bool batches_run(struct import *im, struct batch *ring)
{
	size_t size = im->options->group ? im->options->group : GROUP_USUAL;
	size_t turn = 0;

	for (size_t at = 0; at < im->source.groups.n; at += size) {
		struct batch *b = &ring[turn++ % BATCHES];
		size_t left = im->source.groups.n - at;

		if (!batch_end(im, b) || !batch_make(im, b, at, left < size ? left : size))
			return failed(im, b);
	}
	for (size_t i = 0; i < BATCHES; i++, turn++)
		if (!batch_end(im, &ring[turn % BATCHES]))
			return failed(im, &ring[turn % BATCHES]);
	return true;
}

static bool run(struct import *im)
{
	struct batch ring[BATCHES];
	bool ok;

	for (size_t i = 0; i < BATCHES; i++) {
		ring[i] = (struct batch){.cx = *im->cx};
		ring[i].cx.mem = arena_open(BATCH_MEMORY);
	}
	ok = batches_run(im, ring);
	for (size_t i = 0; i < BATCHES; i++) {
		/* After a failure a group may still be on its way: its acts must outlive it. */
		if (ring[i].ticket && !ledger_wait(&ring[i].cx, ring[i].ticket))
			cx_clear(&ring[i].cx);
		arena_close(ring[i].cx.mem);
	}
	return ok;
}

bool intake_import(struct cx *cx, struct ledger *l, const struct intake_options *options,
    struct intake_totals *out)
{
	struct import im = {.cx = cx, .ledger = l, .options = options, .report = -1};
	bool ok = source_open(cx, options->profile, options->file, options->text, &im.source) &&
		  held_keys(cx, options->profile_name, &im.held) && report_open(&im) && run(&im);

	if (im.report >= 0)
		(void)io.close(im.report);
	*out = im.totals;
	return ok;
}
