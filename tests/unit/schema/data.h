/* SPDX-License-Identifier: Apache-2.0 */
/* The domain of data/ for tests, and golden files: NAME.out beside the case, rewritten when UPDATE is set in the environment. */
#ifndef SCHEMA_DATA_H
#define SCHEMA_DATA_H

#include <stdlib.h>

#include "lib/unit.h"
#include "base/io.h"
#include "codec/json.h"
#include "schema/schema.h"

static inline void must(struct cx *cx, bool ok)
{
	if (!ok)
		fail_msg("%s (%s:%d)", cx_error(cx).p, cx->err.file, cx->err.line);
}

static inline struct map *folder(struct cx *cx, const char *dir)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	struct map *files = arena_new(cx->mem, struct map);

	must(cx, io_tree_read(cx, dir, suffixes, "samples", files));
	return files;
}

static inline const struct domain *domain_of(struct cx *cx, const struct map *files)
{
	struct mistakes mistakes = {0};
	const struct domain *d;

	must(cx, domain_load(cx, files, true, &mistakes, &d));
	if (mistakes.n)
		fail_msg("%s:%u: %s", mistakes.at[0].file.p, mistakes.at[0].line,
		    mistakes.at[0].message.p);
	return d;
}

/* Compares with the file, or writes it. True when it is as expected. */
static inline bool golden(struct cx *cx, struct str path, struct str have)
{
	struct str want;

	if (getenv("UPDATE")) {
		must(cx, io_file_replace(cx, path.p, have, 0644));
		return true;
	}
	must(cx, io_file_find(cx, path.p, 1 << 20, &want));
	if (str_eq(want, have))
		return true;
	print_error(
	    "%s\nexpected:\n%.*s\nbut it is:\n%.*s\n", path.p, STR_ARG(want), STR_ARG(have));
	return false;
}

#endif
