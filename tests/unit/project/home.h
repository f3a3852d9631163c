/* SPDX-License-Identifier: Apache-2.0 */
/* A database with the schema, the domain as shipped, and notices as short lines; for tests of what follows the log. */
#ifndef PROJECT_HOME_H
#define PROJECT_HOME_H

#include <sys/stat.h>

#include "lib/db.h"
#include "base/app.h"
#include "base/io.h"
#include "codec/json.h"
#include "notice/notice.h"
#include "text/text.h"

struct home {
	struct cx cx;
	struct app app;
	struct ledger_config config;
	const char *dir;
};

/* A notice: fields is JSON, platform NULL = first published here, place NULL = the city. */
struct paper {
	const char *id, *item, *title, *day, *fields, *platform, *place;
};

static inline void must(struct cx *cx, bool ok)
{
	if (!ok)
		fail_msg("%s (%s:%d)", cx_error(cx).p, cx->err.file, cx->err.line);
}

static inline void remove_tree(const char *dir)
{
	char command[400];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

static inline void domain_open(struct home *h)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	struct map *files = arena_new(h->cx.mem, struct map);
	struct mistakes mistakes = {0};

	must(&h->cx, io_tree_read(&h->cx, SOURCE_DIR "/data", suffixes, "samples", files));
	must(&h->cx, domain_load(&h->cx, files, true, &mistakes, &h->app.domain));
	assert_int_equal(mistakes.n, 0);
	h->app.data = files;
	h->app.calendar = h->app.domain->calendar;
	h->app.demo = true;
	h->cx.app = &h->app;
}

/* Only database and domain: a follower can be fed by hand. */
static inline struct home *home_base(struct arena *mem)
{
	struct home *h = arena_new(mem, struct home);
	const struct db_migration *migrations;
	size_t n;

	h->cx = db_test_open(mem);
	db_migrations(mem, &migrations, &n);
	must(&h->cx, db_migrate(&h->cx, migrations, n));
	domain_open(h);
	return h;
}

/* … and a log with these followers. */
static inline struct home *home_open(struct arena *mem, struct follower *followers,
    bool (*prepare)(struct home *h, struct follower *f))
{
	struct home *h = home_base(mem);

	h->dir = str_fmt(mem, "/tmp/gongkai-follow-%ld", (long)getpid()).p;
	remove_tree(h->dir);
	assert_int_equal(mkdir(h->dir, 0700), 0);
	h->app.home = str_of(h->dir);
	if (prepare)
		must(&h->cx, prepare(h, followers));
	h->config = (struct ledger_config){.home = str_of(h->dir),
	    .db_url = str_dup(mem, str_of(db_test_url())),
	    .origin = STR("test.example/log/1"),
	    .city = STR("360800"),
	    .generation = 1,
	    .mode = LEDGER_WRITE,
	    .views = notice_views,
	    .followers = followers,
	    .app = &h->app};
	must(&h->cx, ledger_init(&h->cx, &h->config));
	must(&h->cx, ledger_open(&h->cx, &h->config, &h->app.ledger));
	return h;
}

static inline void home_close(struct home *h)
{
	if (h->app.ledger)
		ledger_close(h->app.ledger);
	db_test_close(&h->cx);
	if (h->dir)
		remove_tree(h->dir);
}

static inline struct val *paper_document(struct home *h, const struct paper *p)
{
	struct arena *mem = h->cx.mem;
	struct val *doc = val_map(mem), *fields, *appearance;

	must(&h->cx, json_parse(&h->cx, str_of(p->fields ? p->fields : "{}"), NULL, &fields));
	val_set_text(mem, doc, "item", str_fmt(mem, "%s@1", p->item));
	val_set_text(mem, doc, "agency", STR("ja.housing"));
	val_set_text(mem, doc, "place", str_of(p->place ? p->place : "360800"));
	val_set_text(mem, doc, "title", str_of(p->title));
	val_set_text(mem, doc, "formed_on", str_of(p->day));
	val_set(mem, doc, "fields", fields);
	if (p->platform) {
		appearance = val_set(mem, doc, "appearance", val_map(mem));
		val_set_text(mem, appearance, "platform", str_of(p->platform));
		val_set_text(mem, appearance, "identity", str_of(p->id ? p->id : p->title));
		val_set_text(mem, appearance, "time", str_of(p->day));
	}
	return doc;
}

/* Publishes; the ids that the ledger gave. */
static inline void publish(
    struct home *h, const struct paper *papers, size_t n, struct str *ids_out)
{
	struct act *acts = arena_array(h->cx.mem, struct act, n + 1);

	for (size_t i = 0; i < n; i++)
		must(&h->cx, notice_act(&h->cx, paper_document(h, &papers[i]), STR("operator"),
				 STR_NONE, &acts[i]));
	must(&h->cx, ledger_commit(&h->cx, h->app.ledger, acts, n));
	for (size_t i = 0; i < n; i++) {
		if (acts[i].result.code != ERR_NONE)
			fail_msg("%s", acts[i].result.message.p);
		ids_out[i] = acts[i].result.id;
	}
	must(&h->cx, ledger_follow(&h->cx, h->app.ledger));
}

static inline void commit_one(struct home *h, struct act *act)
{
	must(&h->cx, ledger_commit(&h->cx, h->app.ledger, act, 1));
	if (act->result.code != ERR_NONE)
		fail_msg("%s", act->result.message.p);
	must(&h->cx, ledger_follow(&h->cx, h->app.ledger));
}

static inline void revise(struct home *h, struct str id, const struct paper *p)
{
	struct act act;

	must(&h->cx, notice_revise_act(&h->cx, id, 0, paper_document(h, p), &act));
	commit_one(h, &act);
}

static inline void withdraw(struct home *h, struct str id)
{
	struct act act;

	must(&h->cx, notice_withdraw_act(&h->cx,
			 &(struct notice_withdrawal){
			     .id = id, .ground = STR("mistake"), .reason = STR("内容有误")},
			 &act));
	commit_one(h, &act);
}

#endif
