/* SPDX-License-Identifier: Apache-2.0 */
/* The domain that the program ships, for tests: with a demo home's bodies and places, or without. */
#ifndef INTAKE_DOMAIN_H
#define INTAKE_DOMAIN_H

#include "lib/unit.h"
#include "base/app.h"
#include "base/io.h"
#include "schema/schema.h"

static inline void must(struct cx *cx, bool ok)
{
	if (!ok)
		fail_msg("%s (%s:%d)", cx_error(cx).p, cx->err.file, cx->err.line);
}

static inline void app_make(struct cx *cx, struct app *app, bool demo)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	struct map *files = arena_new(cx->mem, struct map);
	struct mistakes mistakes = {0};

	must(cx, io_tree_read(cx, SOURCE_DIR "/data", suffixes, "samples", files));
	must(cx, domain_load(cx, files, demo, &mistakes, &app->domain));
	if (mistakes.n)
		fail_msg("%s:%u: %s", mistakes.at[0].file.p, mistakes.at[0].line,
		    mistakes.at[0].message.p);
	app->data = files;
	app->calendar = app->domain->calendar;
	app->demo = demo;
	cx->app = app;
}

#endif
