/* SPDX-License-Identifier: Apache-2.0 */
/* app: the only room that knows everybody. It opens a home for a command, lists the rooms, and serves. */
#ifndef APP_APP_PRIV_H
#define APP_APP_PRIV_H

#include "app/config.h"
#include "base/app.h"
#include "db/db.h"
#include "ledger/ledger.h"
#include "schema/schema.h"
#include "web/command.h"
#include "web/web.h"

/* Prepares what the command needs (command_need) and points cx at it. */
MUST_CHECK bool app_open(struct cx *cx, const struct command_args *args, struct app *app);
void app_close(struct cx *cx, struct app *app);

/* The same for a home whose configuration is known. */
MUST_CHECK bool app_open_home(struct cx *cx, struct app *app, enum ledger_mode mode);

/* data/ as files: from the folder that the configuration names, else from the program itself. */
MUST_CHECK bool app_data_files(struct cx *cx, struct str dir, struct map *out);
MUST_CHECK bool app_domain_load(
    struct cx *cx, struct str dir, bool demo, const struct domain **out);
MUST_CHECK bool app_migrate(struct cx *cx);
/* The address of a home's database. */
struct str app_db_url(struct arena *mem, const struct config *c);
struct ledger_config app_ledger_config(
    struct cx *cx, const struct config *c, const struct app *app, enum ledger_mode mode);

/* The rooms, each list ended by NULL: what app_open, serve, rebuild and the tests walk. */
extern const struct command *const app_commands[];
extern const struct route *const app_routes[];
const struct ledger_view *app_views(void); /* ended by name NULL */
/* The followers with what they need opened, and one more (NULL: none); once a process. */
MUST_CHECK bool app_followers_open(struct cx *cx, const struct config *c,
    const struct follower *more, const struct follower **out);
void app_followers_close(void);

/* A command's answer as JSON on standard output. */
void print_json(struct cx *cx, const struct val *v);

int64_t app_log_size(const struct app *app);

/* A changed catalogue reaches the serving process (live.c): the follower to add, and web_handle on the domain of the moment. */
struct follower live_follower(struct app *app, int64_t published);
void live_handle(struct cx *cx, const struct request *rq, struct answer **out);
/* How often the domain was changed when the request of this thread began: part of the version of every kept reply that shows it. */
int64_t live_generation(void);

extern const struct command home_commands[], log_commands[], serve_commands[];

#endif
