/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a home for a command, and closing it. */
#include <stdio.h>
#include <stdlib.h>

#include "app/app_priv.h"
#include "base/io.h"
#include "catalogue/catalogue.h"
#include "data_embed.h"
#include "project/project.h"
#include "search/search.h"

/* ---- the domain's seed ---- */

bool app_data_files(struct cx *cx, struct str dir, struct map *out)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};

	if (dir.n)
		return io_tree_read(cx, str_c(cx->mem, dir), suffixes, "samples", out);
	for (const struct embedded_data *f = data_files; f->path; f++) {
		struct str *text = arena_new(cx->mem, struct str);

		*text = f->text;
		(void)map_put(cx->mem, out, str_of(f->path), text);
	}
	return true;
}

bool app_domain_load(struct cx *cx, struct str dir, bool demo, const struct domain **out)
{
	struct mistakes mistakes = {0};
	struct map *files = arena_new(cx->mem, struct map);
	struct buf first = buf_new(cx->mem, 4096);

	if (!app_data_files(cx, dir, files) || !domain_load(cx, files, demo, &mistakes, out))
		return false;
	if (*out != NULL)
		return true;
	mistakes_print(&first, &(struct mistakes){.at = mistakes.at, .n = 1});
	return cx_fail(cx, ERR_INPUT,
	    "the data has %zu mistakes, the first: %.*s; `gongkai check DIR` lists all", mistakes.n,
	    STR_ARG(str_trim(buf_str(&first))));
}

/* ---- the database ---- */

struct str app_db_url(struct arena *mem, const struct config *c)
{
	if (str_starts(c->db, STR("postgres://")) || str_starts(c->db, STR("postgresql://")) ||
	    c->db.p[0] == '/')
		return c->db;
	return str_fmt(mem, "%.*s/%.*s", STR_ARG(c->home), STR_ARG(c->db));
}

static bool schema_current(struct cx *cx)
{
	const struct db_migration *list;
	int version;
	size_t n;

	db_migrations(cx->mem, &list, &n);
	if (!db_schema_version(cx, &version))
		return false;
	if (version == list[n - 1].version)
		return true;
	return cx_fail(cx, ERR_CONFLICT, "the database has schema %d, this program needs %d: %s",
	    version, list[n - 1].version,
	    version > list[n - 1].version ? "use the newer program"
					  : "it was made by an earlier one");
}

bool app_migrate(struct cx *cx)
{
	const struct db_migration *list;
	size_t n;

	db_migrations(cx->mem, &list, &n);
	return db_migrate(cx, list, n);
}

/* ---- the home ---- */

static struct str home_of(const struct command_args *args)
{
	struct str home = command_option_get(args, "home");
	const char *variable = getenv("GONGKAI_HOME");

	if (home.n == 0)
		home = variable && variable[0] ? str_of(variable) : STR(".");
	while (home.n > 1 && home.p[home.n - 1] == '/')
		home.n--;
	return home;
}

struct ledger_config app_ledger_config(
    struct cx *cx, const struct config *c, const struct app *app, enum ledger_mode mode)
{
	return (struct ledger_config){
	    .home = c->home,
	    .db_url = app_db_url(cx->mem, c),
	    .origin = str_fmt(cx->mem, "%.*s/log/%" PRId64, STR_ARG(c->host), c->generation),
	    .city = c->city,
	    .generation = c->generation,
	    .mode = mode,
	    .views = app_views(),
	    .app = app,
	};
}

/* A home that takes no acts says so before anything of a command is done, and before it waits for the writer's role. */
static bool refuse_read_only(struct cx *cx, struct str reason, enum ledger_mode mode)
{
	return reason.p == NULL || mode != LEDGER_WRITE ||
	       cx_fail(cx, ERR_READONLY, "this home is read-only: %.*s", STR_ARG(reason));
}

/* The domain as published, read through a log that is open for reading only: acts and followers need it before the first of them runs. */
static bool domain_published(
    struct cx *cx, struct app *app, struct ledger_config lc, int64_t *published_out)
{
	enum ledger_mode mode = lc.mode;
	struct ledger *reading;
	bool ok;

	lc.mode = LEDGER_READ;
	if (!ledger_open(cx, &lc, &reading))
		return cx_note(cx, "opening the log");
	if (!refuse_read_only(cx, ledger_reason(reading), mode)) {
		ledger_close(reading);
		return false;
	}
	ok = catalogue_domain(cx, reading, app->data, app->demo, &app->domain);
	if (!ok && ledger_reason(reading).p != NULL) { /* damaged: the seed still names its pages */
		cx_clear(cx);
		ok = app_domain_load(cx, app->config->data, app->demo, &app->domain);
	}
	*published_out = ledger_published(reading);
	ledger_close(reading);
	return ok || cx_note(cx, "reading the catalogue from the log");
}

bool app_open_home(struct cx *cx, struct app *app, enum ledger_mode mode)
{
	const struct config *c = app->config;
	struct ledger_config lc = app_ledger_config(cx, c, app, mode);
	struct map *files = arena_new(cx->mem, struct map);
	struct follower live;
	int64_t published = 0;

	app->demo = c->demo;
	app->data = files;
	if (!app_data_files(cx, c->data, files))
		return false;
	/* commands that act also keep private state (held rows); what serves reads only */
	if (!db_open(cx,
		&(struct db_config){.url = str_c(cx->mem, lc.db_url),
		    .mode = mode == LEDGER_WRITE ? DB_WRITE : DB_READ},
		&cx->db) ||
	    !schema_current(cx))
		return cx_note(cx, "opening the database of %.*s", STR_ARG(c->home));
	if (!domain_published(cx, app, lc, &published))
		return false;
	live = live_follower(app, published);
	app->calendar = app->domain->calendar;
	if (mode != LEDGER_READ &&
	    !app_followers_open(cx, c, mode == LEDGER_SERVE ? &live : NULL, &lc.followers))
		return false;
	if (!ledger_open(cx, &lc, &app->ledger))
		return cx_note(cx, "opening the log");
	return refuse_read_only(cx, ledger_reason(app->ledger), mode);
}

bool app_open(struct cx *cx, const struct command_args *args, struct app *app)
{
	struct config *config = arena_new(cx->mem, struct config);
	const struct domain *seed;
	struct str reason;

	app->home = home_of(args);
	switch (args->command->need) {
	case NEED_NOTHING:
		return true;
	case NEED_DOMAIN:
		if (!app_domain_load(cx, STR_NONE, true, &seed))
			return false;
		app->domain = seed;
		app->calendar = seed->calendar;
		return true;
	case NEED_HOME:
	case NEED_READ:
	case NEED_WRITE:
		break;
	}
	if (!config_load(cx, app->home, config))
		return false;
	app->config = config;
	if (args->command->need == NEED_HOME)
		return true;
	if (args->command->need == NEED_WRITE)
		return app_open_home(cx, app, LEDGER_WRITE);
	if (!app_open_home(cx, app, LEDGER_READ))
		return false;
	reason = ledger_reason(app->ledger);
	if (reason.p != NULL)
		(void)fprintf(stderr, "gongkai: this home is read-only: %.*s\n", STR_ARG(reason));
	return true;
}

void app_close(struct cx *cx, struct app *app)
{
	ledger_close(app->ledger);
	app->ledger = NULL;
	app_followers_close();
	search_thread_close();
	db_close(cx->db);
	cx->db = NULL;
}
