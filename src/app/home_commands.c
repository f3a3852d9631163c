/* SPDX-License-Identifier: Apache-2.0 */
/* init, status, rebuild, config: the life of a home. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app_priv.h"
#include "base/io.h"
#include "catalogue/catalogue.h"
#include "codec/json.h"
#include "notice/notice.h"
#include "text/text.h"

static const char fingerprint_note[] = "Print this fingerprint where the public can find it (the "
				       "government gazette): whoever has it can check the log.";

/* ---- init ---- */

static bool refuse_full(struct cx *cx, const char *dir)
{
	struct io_names names;

	if (access(dir, F_OK) != 0)
		return io_dir_make(cx, dir, 0750);
	if (!io_dir_list(cx, dir, "", &names))
		return false;
	if (names.n > 0)
		return cx_fail(cx, ERR_CONFLICT,
		    "%s is not empty (it holds %.*s%s): a home is made in an empty or new folder",
		    dir, STR_ARG(names.at[0]), names.n > 1 ? " …" : "");
	return true;
}

static bool make_folders(struct cx *cx, struct str home)
{
	static const struct {
		const char *name;
		mode_t mode;
	} folders[] = {{"keys", 0700}, {"blobs", 0750}, {"index", 0750}};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (!io_dir_make(cx, str_fmt(cx->mem, "%.*s/%s", STR_ARG(home), folders[i].name).p,
			folders[i].mode))
			return false;
	return io_dir_sync(cx, str_c(cx->mem, home));
}

/* Before anything is made: the name under which the public will know this home. */
static bool name_host(struct cx *cx, const struct command_args *args, struct config *c)
{
	struct str host = command_option_get(args, "host");

	c->host = host.n ? host : c->demo ? STR("gongkai.example") : STR_NONE;
	if (c->host.n == 0)
		return cx_fail(cx, ERR_INPUT,
		    "init needs --host NAME, the name under which the public will know this home "
		    "(a demo home has one)");
	return config_host_valid(c->host) ||
	       cx_fail(
		   cx, ERR_INPUT, "\"%.*s\" is no host name: " CONFIG_HOST_FORM, STR_ARG(c->host));
}

static bool write_config(struct cx *cx, const struct command_args *args, struct config *c)
{
	struct str path = str_fmt(cx->mem, "%.*s/gongkai.conf", STR_ARG(c->home)),
		   db = command_option_get(args, "db"), text;

	text =
	    str_fmt(cx->mem, "host = %.*s\ndemo = %s\n", STR_ARG(c->host), c->demo ? "yes" : "no");
	if (db.n)
		text = str_fmt(cx->mem, "%.*sdb = %.*s\n", STR_ARG(text), STR_ARG(db));
	if (!io_file_replace(cx, path.p, text, 0640) || !config_load(cx, c->home, c))
		return false;
	return io_file_replace(cx, path.p, config_print(cx->mem, c, true), 0640);
}

/* Before anything is made: a database server that cannot be reached would leave half a home. */
static bool server_check(struct cx *cx, const struct command_args *args)
{
	struct str url = command_option_get(args, "db");
	struct db_config config = {.url = str_c(cx->mem, url), .mode = DB_WRITE};

	if (!str_starts(url, STR("postgres://")) && !str_starts(url, STR("postgresql://")))
		return true;
	if (!db_open(cx, &config, &cx->db))
		return false;
	db_close(cx->db);
	cx->db = NULL;
	return true;
}

/* SQLite gives its other files the mode of this one: held rows may hold what nobody but the owner should read. */
static bool make_file(struct cx *cx, const struct config *c)
{
	struct str url = app_db_url(cx->mem, c);
	int fd;

	if (str_has(url, STR("://")))
		return true;
	fd = io.open(url.p, O_WRONLY | O_CREAT | O_EXCL, 0640);
	if (fd < 0)
		return cx_fail(cx, ERR_IO, "creating %s: %s", url.p, strerror(errno));
	(void)io.close(fd);
	return true;
}

static bool make_database(struct cx *cx, const struct config *c)
{
	struct ledger_config lc = app_ledger_config(cx, c, cx->app, LEDGER_WRITE);
	struct db_config config = {
	    .url = str_c(cx->mem, app_db_url(cx->mem, c)), .mode = DB_WRITE, .checkpoint = true};
	bool ok;

	if (!make_file(cx, c) || !db_open(cx, &config, &cx->db))
		return false;
	ok = app_migrate(cx) && ledger_init(cx, &lc);
	db_close(cx->db);
	cx->db = NULL;
	return ok;
}

static bool publish_catalogue(struct cx *cx, struct app *app)
{
	struct ledger_config lc = app_ledger_config(cx, app->config, app, LEDGER_WRITE);
	struct catalogue_report report;

	if (!db_open(cx, &(struct db_config){.url = str_c(cx->mem, lc.db_url), .mode = DB_READ},
		&cx->db) ||
	    !app_followers_open(cx, app->config, NULL, &lc.followers) ||
	    !ledger_open(cx, &lc, &app->ledger))
		return false;
	if (!catalogue_load(cx, app->ledger, app->domain, &report))
		return false;
	if (report.refused.n > 0)
		return cx_fail(cx, ERR_CONFLICT, "%.*s: %.*s", STR_ARG(report.refused.at[0].id),
		    STR_ARG(report.refused.at[0].message));
	return ledger_follow(cx, app->ledger);
}

static bool init(struct cx *cx, struct command_args *args)
{
	struct app app = {.home = cx->app->home};
	struct config c = {.home = app.home, .demo = map_has(&args->options, STR("demo"))};

	if (!name_host(cx, args, &c) || !server_check(cx, args) ||
	    !refuse_full(cx, str_c(cx->mem, app.home)) || !make_folders(cx, app.home) ||
	    !write_config(cx, args, &c) || !make_database(cx, &c))
		return cx_note(cx, "making the home %.*s", STR_ARG(app.home));
	app.config = &c;
	app.demo = c.demo;
	if (!app_domain_load(cx, c.data, c.demo, &app.domain))
		return false;
	app.calendar = app.domain->calendar;
	cx->app = &app;
	if (!publish_catalogue(cx, &app)) {
		app_close(cx, &app);
		return cx_note(cx, "publishing the catalogue");
	}
	if (args->json)
		(void)printf("{\"home\":\"%.*s\",\"size\":%" PRId64 ",\"vkey\":\"%.*s\"}\n",
		    STR_ARG(app.home), ledger_published(app.ledger),
		    STR_ARG(ledger_vkey(app.ledger)));
	else
		(void)printf("home: %.*s\nlog: %.*s, %" PRId64
			     " entries (the catalogue)\nkey: %.*s\n%s\n",
		    STR_ARG(app.home), STR_ARG(app_ledger_config(cx, &c, &app, LEDGER_READ).origin),
		    ledger_published(app.ledger), STR_ARG(ledger_vkey(app.ledger)),
		    fingerprint_note);
	app_close(cx, &app);
	return true;
}

/* ---- status ---- */

static bool followers_state(struct cx *cx, struct val *list, bool *behind_out)
{
	const struct follower *f;

	*behind_out = false;
	if (!app_followers_open(cx, cx->app->config, NULL, &f))
		return false;
	for (; f->name; f++) {
		struct follower_state state;
		struct val *v = val_add(cx->mem, list, val_map(cx->mem));

		if (!ledger_follower_state(cx, cx->app->ledger, f, &state))
			return false;
		val_set_text(cx->mem, v, "name", str_of(state.name));
		val_set_int(cx->mem, v, "cursor", state.cursor);
		val_set_int(cx->mem, v, "lag", state.lag);
		*behind_out = *behind_out || state.lag > 0;
	}
	return true;
}

static bool sectors_state(struct cx *cx, struct val *out)
{
	struct notice_count *counts;
	size_t n;

	if (!notice_counts(cx, NOTICE_BY_SECTOR, &(struct notice_filter){0}, &counts, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		val_put(cx->mem, out, counts[i].key, val_int(cx->mem, counts[i].n));
	return true;
}

static void print_status(struct cx *cx, const struct val *v)
{
	const struct val *followers = val_at(v, "followers"), *notices = val_at(v, "notices");

	(void)printf("log:       %.*s\nsize:      %" PRId64
		     " signed and published\nroot:      %.*s\nlast time: %.*s\n",
	    STR_ARG(val_str(v, "origin")), val_i64(v, "size", 0), STR_ARG(val_str(v, "root")),
	    STR_ARG(val_str(v, "time").n ? val_str(v, "time") : STR("unknown")));
	VAL_EACH(i, followers)
		(void)printf("follower:  %.*s at %" PRId64 ", %" PRId64 " behind\n",
		    STR_ARG(val_str(followers->at[i], "name")),
		    val_i64(followers->at[i], "cursor", 0), val_i64(followers->at[i], "lag", 0));
	VAL_EACH(i, notices)
		(void)printf(
		    "notices:   %.*s %" PRId64 "\n", STR_ARG(notices->keys[i]), notices->at[i]->i);
	if (val_str(v, "wrong").n)
		(void)printf("WRONG:     %.*s\n", STR_ARG(val_str(v, "wrong")));
	else
		(void)puts("state:     ok");
}

static bool status(struct cx *cx, struct command_args *args)
{
	struct ledger *l = cx->app->ledger;
	struct val *v = val_map(cx->mem), *followers = val_list(cx->mem),
		   *notices = val_map(cx->mem);
	struct str checkpoint = ledger_checkpoint(cx, l), rest = checkpoint, origin = STR_NONE,
		   size = STR_NONE, root = STR_NONE;
	struct str wrong = ledger_reason(l);
	int64_t time = ledger_published_time(l); /* 0: the last entry is not there */
	bool behind;

	if (!followers_state(cx, followers, &behind) || !sectors_state(cx, notices))
		return false;
	(void)(str_split(&rest, '\n', &origin) && str_split(&rest, '\n', &size) &&
	       str_split(&rest, '\n', &root));
	if (wrong.n == 0 && behind)
		wrong =
		    STR("a follower is behind the log; `gongkai rebuild` builds the views anew");
	val_set_text(cx->mem, v, "origin", origin);
	val_set_int(cx->mem, v, "size", ledger_published(l));
	val_set_text(cx->mem, v, "root", root);
	val_set_text(cx->mem, v, "time", time ? instant_print(cx->mem, time) : STR_NONE);
	val_set(cx->mem, v, "followers", followers);
	val_set(cx->mem, v, "notices", notices);
	val_set_text(cx->mem, v, "wrong", wrong.n ? wrong : STR_NONE);
	args->exit_code = wrong.n ? 1 : 0;
	if (args->json)
		print_json(cx, v);
	else
		print_status(cx, v);
	return true;
}

/* ---- rebuild, config ---- */

void print_json(struct cx *cx, const struct val *v)
{
	struct buf b = buf_new(cx->mem, 1 << 20);

	json_print_pretty(&b, v);
	(void)fputs(buf_str(&b).p, stdout);
}

static void rebuild_progress(int64_t done, int64_t all)
{
	command_progress("rebuilding the views", done, all);
}

static bool rebuild(struct cx *cx, struct command_args *args)
{
	struct val *v = val_map(cx->mem);

	if (!ledger_rebuild(cx, cx->app->ledger, rebuild_progress))
		return false;
	if (!args->json) {
		(void)printf("rebuilt the views of %" PRId64 " entries\n",
		    ledger_published(cx->app->ledger));
		return true;
	}
	val_set_int(cx->mem, v, "size", ledger_published(cx->app->ledger));
	print_json(cx, v);
	return true;
}

static bool config_show(struct cx *cx, struct command_args *args)
{
	if (!map_has(&args->options, STR("check")))
		return cx_fail(cx, ERR_INPUT,
		    "config needs --check: it reads gongkai.conf and prints the effective values");
	if (args->json)
		print_json(cx, config_tree(cx->mem, cx->app->config));
	else
		(void)fputs(config_print(cx->mem, cx->app->config, false).p, stdout);
	return true;
}

static const struct command_option init_options[] = {
    {"demo", NULL, "a demo home: bodies and places outside the city exist, pages are marked 样例"},
    {"host", "NAME",
	"name under which the public will know this home; the log's origin is NAME/log/1"},
    {"db", "URL", "postgres://… instead of a SQLite file in the home"},
    {NULL},
};
static const struct command_option config_options[] = {
    {"check", NULL, "read gongkai.conf, name the first mistake, else print the effective values"},
    {NULL},
};

const struct command home_commands[] = {
    {.name = "init",
	.args = "",
	.doc = "Make a home: keys, database, log, and the catalogue as its first entries.",
	.more = "The folder must be new or empty. The key's fingerprint is printed; keys/ never "
		"leaves the machine by itself.",
	.options = init_options,
	.examples = "  gongkai --home /srv/gongkai init --host ggzy.jian.gov.cn\n  gongkai --home "
		    "var/demo init --demo",
	.need = NEED_NOTHING,
	.run = init},
    {.name = "status",
	.args = "",
	.doc = "Show head, published size, followers' lag and counts; exit code 1 when something "
	       "is wrong.",
	.examples =
	    "  gongkai --home /srv/gongkai status\n  gongkai --home /srv/gongkai status --json",
	.need = NEED_READ,
	.run = status},
    {.name = "rebuild",
	.args = "",
	.doc = "Delete all views (lists, projects, search) and build them again from the log; the "
	       "result is equal.",
	.examples = "  gongkai --home /srv/gongkai rebuild",
	.need = NEED_WRITE,
	.run = rebuild},
    {.name = "config",
	.args = "",
	.doc = "Check gongkai.conf and print the effective values.",
	.options = config_options,
	.examples = "  gongkai --home /srv/gongkai config --check",
	.need = NEED_HOME,
	.run = config_show},
    {.name = NULL},
};
