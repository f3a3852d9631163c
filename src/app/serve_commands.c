/* SPDX-License-Identifier: Apache-2.0 */
/* serve: the portal, the sequencer and the followers in one process. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_priv.h"
#include "base/io.h"
#include "base/trace.h"
#include "http/http.h"
#include "search/search.h"
#include "text/text.h"
#include "po_embed.h"
#include "ui_embed.h"

#define SEED_MOST    ((size_t)256 << 20)
#define STOP_WAIT_MS 5000

/* ---- what the portal is made of ---- */

static void files_of_ui(struct arena *mem, struct map *out)
{
	for (const struct embedded_ui *f = ui_files; f->path; f++) {
		struct str *text = arena_new(mem, struct str);

		*text = f->text;
		(void)map_put(mem, out, str_of(f->path), text);
	}
}

static bool portal_load(struct cx *cx, struct app *app)
{
	struct map *files = arena_new(cx->mem, struct map);
	struct templates *templates;
	struct routes *routes;
	struct words *english;

	files_of_ui(cx->mem, files);
	if (!words_parse(cx, STR("po/en.po"), po_files[0].text, &english))
		return false;
	app->english = english;
	if (!templates_load(cx, files, &templates))
		return cx_note(cx, "reading the templates");
	app->templates = templates;
	if (!web_routes_build(cx,
		&(struct web_config){.tables = app_routes,
		    .templates = templates,
		    .files = files,
		    .log_size = app_log_size},
		&routes))
		return cx_note(cx, "building the routes");
	app->routes = routes;
	return true;
}

/* What a reply may show changes when the log grows, when a follower moves, when the catalogue does, and with time: deadlines pass
 * within a minute (招标中, 还有 N 天). */
static int64_t scope_version(const struct app *app, enum cache_scope scope)
{
	int64_t domain = (live_generation() & 63) << 57;

	switch (scope) {
	case CACHE_DOMAIN:
		return domain ^ ledger_published(app->ledger);
	case CACHE_DAY:
		return instant_day(io_now());
	case CACHE_NEVER:
	case CACHE_LIST:
	case CACHE_NOTICE:
	case CACHE_IMMUTABLE:
		break;
	}
	return domain ^ ((io_now() / 60 << 32) + ledger_views_version(app->ledger));
}

int64_t app_log_size(const struct app *app)
{
	return ledger_published(app->ledger);
}

/* A plain home shows nobody placeholders (网站标识码 and the like): every value of site.yaml must differ from the seed's. */
static bool placeholder(const struct val *v, const struct val *seed, struct str *which)
{
	VAL_EACH(i, seed) {
		const struct val *mine = val_find(v, seed->keys[i]);

		if (seed->at[i]->kind == VAL_MAP
			? placeholder(mine, seed->at[i], which)
			: mine && mine->kind == VAL_TEXT && str_eq(mine->text, seed->at[i]->text)) {
			*which = which->p ? *which : seed->keys[i];
			return true;
		}
	}
	return false;
}

static bool refuse_placeholders(struct cx *cx, const struct app *app)
{
	struct str which = STR_NONE;
	const struct domain *seed;

	if (app->demo)
		return true;
	if (!app_domain_load(cx, STR_NONE, false, &seed))
		return false;
	if (!placeholder(app->domain->site, seed->site, &which))
		return true;
	return cx_fail(cx, ERR_INPUT,
	    "site.yaml still holds the placeholder of %.*s: copy the data folder, fill in "
	    "site.yaml and name it in gongkai.conf (data = DIR)",
	    STR_ARG(which));
}

/* What stands in the data folder is not served before it is published, but a mistake in it is said now, not when it is loaded. */
static bool refuse_bad_data(struct cx *cx, const struct config *c)
{
	struct cx aside = {.mem = arena_open(SEED_MOST), .app = cx->app, .lang = cx->lang};
	const struct domain *seed;
	bool ok = c->data.n == 0 || app_domain_load(&aside, c->data, c->demo, &seed);

	if (!ok)
		(void)cx_fail(cx, aside.err.code, "%.*s", STR_ARG(cx_error(&aside)));
	arena_close(aside.mem);
	return ok;
}

/* ---- workers ---- */

static bool worker_open(struct cx *cx, void **state_out)
{
	struct str url = app_db_url(cx->mem, cx->app->config);

	*state_out = NULL;
	return db_open(
	    cx, &(struct db_config){.url = str_c(cx->mem, url), .mode = DB_READ}, &cx->db);
}

static void worker_close(struct cx *cx, void *state)
{
	search_thread_close();
	db_close(cx->db);
	cx->db = NULL;
}

/* ---- addresses ---- */

#define LISTEN_MAX 8

static bool split_list(struct cx *cx, struct str text, struct str *out, size_t *n_out)
{
	struct str rest = text, part;

	*n_out = 0;
	if (str_trim(text).n == 0)
		return true;
	while (str_split(&rest, ',', &part)) {
		if (*n_out == LISTEN_MAX)
			return cx_fail(cx, ERR_INPUT, "\"%.*s\" lists more than %d addresses",
			    STR_ARG(text), LISTEN_MAX);
		out[(*n_out)++] = str_trim(part);
	}
	return true;
}

static bool is_loopback(struct str address)
{
	return str_starts(address, STR("127.")) || str_starts(address, STR("[::1]")) ||
	       str_starts(address, STR("localhost:"));
}

static bool check_identity(struct cx *cx, const struct str *listen, size_t n)
{
	if (geteuid() != 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if (!is_loopback(listen[i]))
			return cx_fail(cx, ERR_FORBIDDEN,
			    "%.*s: the superuser serves on loopback only; run as a user of its "
			    "own, behind a proxy for TLS",
			    STR_ARG(listen[i]));
	trace(TRACE_WARNING, "running as the superuser; use a user of its own", NULL);
	return true;
}

/* ---- run until a signal ---- */

/* For tests: GONGKAI_TAGS in the environment names a file that gets the tags of templates that no reply has shown, a line each. */
static bool report_tags(struct cx *cx, const struct templates *templates)
{
	const char *path = getenv("GONGKAI_TAGS");
	struct val *list = val_list(cx->mem);
	struct buf b = buf_new(cx->mem, (size_t)1 << 20);

	if (path == NULL)
		return true;
	templates_unused(cx->mem, templates, list);
	VAL_EACH(i, list)
		buf_fmt(&b, "%.*s\n", STR_ARG(list->at[i]->text));
	return io_file_replace(cx, path, buf_str(&b), 0644);
}

static bool wait_for_signal(struct cx *cx, const sigset_t *set)
{
	int got;

	if (sigwait(set, &got) != 0)
		return cx_fail(cx, ERR_IO, "waiting for a signal failed");
	trace(TRACE_INFO, "stopping", "signal", strsignal(got), NULL);
	return true;
}

static bool run(struct cx *cx, struct app *app, struct http_config *hc, const sigset_t *set)
{
	struct str reason = ledger_reason(app->ledger);
	struct http_server *server;
	bool ok;

	app->cache = reply_cache_open(
	    (size_t)app->config->cache_mb << 20, app, scope_version, io.monotonic_us);
	if (!http_start(cx, hc, &server))
		return false;
	for (size_t i = 0; i < hc->listen_n; i++) {
		struct str host = hc->listen[i];

		while (host.n && host.p[host.n - 1] != ':')
			host.n--;
		(void)printf("http://%.*s%u/\n", STR_ARG(host), (unsigned)http_port(server, i));
	}
	if (reason.p != NULL)
		(void)printf("read-only: %.*s\n", STR_ARG(reason));
	(void)fflush(stdout);
	trace(TRACE_INFO, "serving", "home", str_c(cx->mem, app->home), NULL);
	ok = wait_for_signal(cx, set);
	http_stop(server, STOP_WAIT_MS);
	reply_cache_close(app->cache);
	app->cache = NULL;
	return ok && report_tags(cx, app->templates);
}

static bool serve(struct cx *cx, struct command_args *args)
{
	struct app *app = arena_new(cx->mem, struct app);
	struct config *c = arena_new(cx->mem, struct config);
	struct str listen[LISTEN_MAX], proxies[LISTEN_MAX],
	    given = command_option_get(args, "listen");
	struct http_config hc = {
	    .listen = listen,
	    .proxies = proxies,
	    .app = app,
	    .worker_open = worker_open,
	    .worker_close = worker_close,
	    .handle = live_handle,
	    .plan = web_plan,
	    .access_log = map_has(&args->options, STR("log")),
	};
	sigset_t set;
	bool ok;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)pthread_sigmask(
	    SIG_BLOCK, &set, NULL); /* before any thread starts, so that all inherit it */
	app->home = cx->app->home;
	if (!config_load(cx, app->home, c))
		return false;
	app->config = c;
	if (!split_list(cx, given.n ? given : c->listen, listen, &hc.listen_n) ||
	    !split_list(cx, c->proxies, proxies, &hc.proxies_n) ||
	    !check_identity(cx, listen, hc.listen_n))
		return false;
	hc.threads = (unsigned)c->threads;
	hc.rate = (unsigned)c->rate;
	hc.burst = (unsigned)c->rate;
	hc.connections_per_address = (unsigned)c->connections;
	cx->app = app;
	ok = refuse_bad_data(cx, c) && app_open_home(cx, app, LEDGER_SERVE) &&
	     refuse_placeholders(cx, app) && portal_load(cx, app) && run(cx, app, &hc, &set);
	app_close(cx, app);
	return ok;
}

static const struct command_option serve_options[] = {
    {"listen", "ADDRESS:PORT",
	"instead of those in gongkai.conf; several separated by commas; port 0 takes a free one"},
    {"log", NULL, "one line of log for every request (never its query)"},
    {NULL},
};

const struct command serve_commands[] = {
    {.name = "serve",
	.args = "",
	.doc = "Serve the portal and take acts from other commands, until SIGTERM or SIGINT.",
	.more = "The addresses are printed on standard output once requests are answered. TLS and "
		"HTTP/2 end at a proxy in front.",
	.options = serve_options,
	.examples = "  gongkai --home var/demo serve\n  gongkai --home var/demo serve --listen "
		    "127.0.0.1:9000",
	.need = NEED_NOTHING,
	.run = serve},
    {.name = NULL},
};
