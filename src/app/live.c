/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serving process sees a changed catalogue without a restart: a follower that, after definitions were published, reads the domain anew and puts it in the
 * place of the old one. A request keeps the domain it began with (live_handle). Old domains are never freed: they are a few megabytes, and the
 * catalogue changes some times a year.
 */
#include "app/app_priv.h"
#include "base/trace.h"
#include "catalogue/catalogue.h"

#define DOMAIN_MAX ((size_t)1 << 30)

struct live {
	struct app *app;
	int64_t cursor;
	bool changed;
};

static struct live live;
static int64_t generation; /* of the domain: how often it was changed */
static _Thread_local int64_t
    request_began; /* the generation that the request at hand sees, or an earlier one */

static bool apply(struct cx *cx, void *state, const struct entry *entry, struct str document)
{
	live.changed = live.changed ||
		       (!str_is(entry->type, "notice/v1") && !str_is(entry->type, "withdrawal/v1"));
	return true;
}

static bool nothing(struct cx *cx, void *state)
{
	return true;
}

static void give_up(struct cx *cx, void *state)
{
}

static bool reload(struct cx *cx)
{
	struct cx lasting = *cx;
	const struct domain *domain;
	bool ok;

	lasting.mem = arena_open(DOMAIN_MAX);
	ok = catalogue_domain(&lasting, live.app->ledger, live.app->data, live.app->demo, &domain);
	if (!ok) {
		trace(TRACE_ERROR, "the changed catalogue cannot be read; the old one stays", "why",
		    cx_error(&lasting).p, NULL);
		arena_close(lasting.mem);
		return true;
	}
	__atomic_store_n(&live.app->calendar, domain->calendar, __ATOMIC_RELEASE);
	__atomic_store_n(&live.app->domain, domain, __ATOMIC_RELEASE);
	(void)__atomic_add_fetch(&generation, 1, __ATOMIC_RELEASE);
	trace(TRACE_INFO, "the catalogue changed", NULL);
	return true;
}

static bool commit(struct cx *cx, void *state, int64_t cursor)
{
	live.cursor = cursor;
	if (!live.changed || live.app->ledger == NULL)
		return true;
	live.changed = false;
	return reload(cx);
}

static bool cursor(struct cx *cx, void *state, int64_t *cursor_out, int *version_out)
{
	*cursor_out = live.cursor;
	*version_out = 1;
	return true;
}

struct follower live_follower(struct app *app, int64_t published)
{
	live = (struct live){.app = app, .cursor = published};
	return (struct follower){.name = "domain",
	    .version = 1,
	    .apply = apply,
	    .clear = nothing,
	    .begin = nothing,
	    .commit = commit,
	    .abort = give_up,
	    .cursor = cursor};
}

void live_handle(struct cx *cx, const struct request *rq, struct answer **out)
{
	const struct app *whole = cx->app;
	struct app now = *whole;

	/* Before the domain is read: a page of the old domain is never kept under the new generation. */
	request_began = __atomic_load_n(&generation, __ATOMIC_ACQUIRE);
	now.domain = __atomic_load_n(&whole->domain, __ATOMIC_ACQUIRE);
	now.calendar = now.domain->calendar;
	cx->app = &now;
	web_handle(cx, rq, out);
	cx->app = whole;
}

int64_t live_generation(void)
{
	return request_began;
}
