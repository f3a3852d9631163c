/* SPDX-License-Identifier: Apache-2.0 */
/* A home with a log for tests of the import. */
#ifndef INTAKE_HOME_H
#define INTAKE_HOME_H

#include <sys/stat.h>

#include "lib/db.h"
#include "codec/json.h"
#include "unit/intake/domain.h"
#include "intake/intake.h"
#include "notice/notice.h"

struct intake_home {
	struct cx cx;
	struct app app;
	struct ledger_config config;
	const char *dir;
};

static inline void remove_tree(const char *dir)
{
	char command[400];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

static inline struct intake_home *home_open(struct arena *mem, bool demo)
{
	struct intake_home *h = arena_new(mem, struct intake_home);
	const struct db_migration *migrations;
	size_t n;

	h->dir = str_fmt(mem, "/tmp/gongkai-intake-%ld", (long)getpid()).p;
	remove_tree(h->dir);
	assert_int_equal(mkdir(h->dir, 0700), 0);
	h->cx = db_test_open(mem);
	db_migrations(mem, &migrations, &n);
	must(&h->cx, db_migrate(&h->cx, migrations, n));
	app_make(&h->cx, &h->app, demo);
	h->config = (struct ledger_config){.home = str_of(h->dir),
	    .db_url = str_dup(mem, str_of(db_test_url())),
	    .origin = STR("test.example/log/1"),
	    .city = STR("360800"),
	    .generation = 1,
	    .mode = LEDGER_WRITE,
	    .views = notice_views,
	    .app = &h->app};
	must(&h->cx, ledger_init(&h->cx, &h->config));
	must(&h->cx, ledger_open(&h->cx, &h->config, &h->app.ledger));
	return h;
}

static inline void home_close(struct intake_home *h)
{
	ledger_close(h->app.ledger);
	db_test_close(&h->cx);
	remove_tree(h->dir);
}

/* Imports with the report in HOME/report. */
static inline struct intake_totals import_text(
    struct intake_home *h, const char *profile, struct str text, struct str waive)
{
	struct intake_options o = {.profile_name = str_of(profile),
	    .text = text,
	    .file = STR("test"),
	    .role = STR("operator"),
	    .waive = waive,
	    .waive_reason = STR("核对无误"),
	    .report = str_fmt(h->cx.mem, "%s/report", h->dir).p};
	struct intake_totals totals;

	must(&h->cx, intake_profile_get(&h->cx, o.profile_name, &o.profile));
	must(&h->cx, intake_import(&h->cx, h->app.ledger, &o, &totals));
	return totals;
}

static inline struct intake_totals import_file(
    struct intake_home *h, const char *profile, const char *path)
{
	struct str text;

	must(&h->cx, io_file_read(&h->cx, path, (size_t)1 << 28, &text));
	return import_text(h, profile, text, STR_NONE);
}

/* The report of the last import: one value a row. */
static inline struct val *report_read(struct intake_home *h)
{
	struct val *rows = val_list(h->cx.mem), *row;
	struct str text, line;

	must(&h->cx, io_file_read(&h->cx, str_fmt(h->cx.mem, "%s/report", h->dir).p,
			 (size_t)1 << 28, &text));
	while (str_split(&text, '\n', &line)) {
		if (!line.n)
			continue;
		must(&h->cx, json_parse(&h->cx, line, NULL, &row));
		val_add(h->cx.mem, rows, row);
	}
	return rows;
}

#endif
