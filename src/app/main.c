/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: one table of commands gives parser, help and manual. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app_priv.h"
#include "base/io.h"

#define MEMORY_MAX ((size_t)8 << 30)

static const struct command_option everywhere[] = {
    {"home", "DIR", "the home to work on (default: $GONGKAI_HOME, else the current folder)"},
    {"json", NULL, "machine-readable output"},
    {"help", NULL, "show this help"},
    {NULL},
};

struct str command_option_get(const struct command_args *args, const char *name)
{
	struct str *value = map_get(&args->options, str_of(name));

	return value ? *value : STR_NONE;
}

void command_progress(const char *what, int64_t done, int64_t all)
{
	static int64_t last;
	int64_t now = io.monotonic_us();
	bool terminal = isatty(STDERR_FILENO), end = done >= all;

	if (!end && now - last < (terminal ? 100000 : 2000000))
		return;
	last = now;
	if (!terminal) {
		(void)fprintf(stderr, "%s: %" PRId64 " of %" PRId64 "\n", what, done, all);
		return;
	}
	(void)fprintf(stderr, "\r%s [%-30.*s] %" PRId64 "/%" PRId64 "%s", what,
	    all > 0 ? (int)(done * 30 / all) : 30, "##############################", done, all,
	    end ? "\n" : "");
}

/* ---- help ---- */

static void print_options(const struct command_option *o)
{
	for (; o && o->name; o++) {
		char left[64];

		(void)snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "",
		    o->value ? o->value : "");
		(void)printf("  %-22s %s\n", left, o->doc);
	}
}

static void print_command(const struct command *c)
{
	(void)printf("gongkai %s%s%s\n\n%s\n", c->name, c->args[0] ? " " : "", c->args, c->doc);
	if (c->more)
		(void)printf("\n%s\n", c->more);
	(void)puts("\nOptions");
	print_options(c->options);
	print_options(everywhere);
	(void)printf(
	    "\nExamples\n%s\nExit codes: 0 ok, 1 findings, 2 usage, 3 failure.\n", c->examples);
}

static void print_overview(void)
{
	(void)puts("gongkai " GONGKAI_VERSION
		   ": publishes how a city allocates public resources, provably.\n\n"
		   "gongkai [--home DIR] COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands");
	for (const struct command *const *table = app_commands; *table; table++)
		for (const struct command *c = *table; c->name; c++)
			(void)printf("  %-16s %s\n", c->name, c->doc);
	(void)puts("\n`gongkai COMMAND --help` shows options and examples.");
}

/* ---- parsing ---- */

/* The command whose words the line begins with, the longest first; *used_out = how many words. */
static const struct command *command_find(char **words, int n, int *used_out)
{
	const struct command *best = NULL;

	*used_out = 0;
	for (const struct command *const *table = app_commands; *table; table++) {
		for (const struct command *c = *table; c->name; c++) {
			struct str rest = str_of(c->name), word;
			int used = 0;
			bool same = true;

			while (same && str_split(&rest, ' ', &word)) {
				same = used < n && str_is(word, words[used]);
				used++;
			}
			if (same && used > *used_out) {
				best = c;
				*used_out = used;
			}
		}
	}
	return best;
}

static bool unknown_command(struct cx *cx, const char *word)
{
	struct buf group =
	    buf_new(cx->mem, 4096); /* commands of two words that begin with this one */
	struct map names = {0};
	struct str near;

	for (const struct command *const *table = app_commands; *table; table++)
		for (const struct command *c = *table; c->name; c++) {
			(void)map_put(cx->mem, &names, str_of(c->name), NULL);
			if (str_starts(str_of(c->name), str_fmt(cx->mem, "%s ", word)))
				buf_fmt(&group, "%s%s", group.n ? ", " : "", c->name);
		}
	if (group.n)
		return cx_fail(cx, ERR_INPUT, "\"%s\" needs a second word: %.*s", word,
		    STR_ARG(buf_str(&group)));
	near = map_near(&names, str_of(word));
	return cx_fail(cx, ERR_INPUT, "no command \"%s\"%s%.*s%s", word,
	    near.n ? "; did you mean \"" : "", STR_ARG(near),
	    near.n ? "\"?" : "; `gongkai --help` lists them");
}

static const struct command_option *option_of(const struct command *c, struct str name)
{
	for (const struct command_option *o = c ? c->options : NULL; o && o->name; o++)
		if (str_is(name, o->name))
			return o;
	for (const struct command_option *o = everywhere; o->name; o++)
		if (str_is(name, o->name))
			return o;
	return NULL;
}

/* One "--name[=value]"; a value that stands apart is taken from *i. */
static bool option_take(struct cx *cx, struct command_args *args, char **argv, int argc, int *i)
{
	struct str value = str_of(argv[*i] + 2), name = STR_NONE,
		   *slot = arena_new(cx->mem, struct str);
	const struct command_option *o;

	(void)str_split(&value, '=', &name);
	o = option_of(args->command, name);
	if (o == NULL)
		return cx_fail(cx, ERR_INPUT, "no option --%.*s for %s; --help lists them",
		    STR_ARG(name), args->command ? args->command->name : "gongkai");
	if (o->value == NULL && value.p != NULL)
		return cx_fail(cx, ERR_INPUT, "--%s takes no value", o->name);
	if (o->value != NULL && value.p == NULL) {
		if (++*i >= argc)
			return cx_fail(cx, ERR_INPUT, "--%s needs a value: %s", o->name, o->value);
		value = str_of(argv[*i]);
	}
	if (o->value != NULL && value.n == 0)
		return cx_fail(cx, ERR_INPUT, "--%s needs a value: %s", o->name, o->value);
	*slot = value.p ? value : STR("");
	if (map_has(&args->options, name))
		return cx_fail(cx, ERR_INPUT, "--%s stands twice", o->name);
	(void)map_put(cx->mem, &args->options, name, slot);
	return true;
}

static bool parse(struct cx *cx, int argc, char **argv, struct command_args *args)
{
	bool only_arguments = false;
	int i = 1, used;

	while (i < argc && strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
		if (!option_take(cx, args, argv, argc, &i))
			return false;
		i++;
	}
	if (i == argc)
		return true;
	args->command = command_find(argv + i, argc - i, &used);
	if (args->command == NULL)
		return unknown_command(cx, argv[i]);
	for (i += used; i < argc; i++) {
		if (!only_arguments && strcmp(argv[i], "--") == 0)
			only_arguments = true;
		else if (!only_arguments && strncmp(argv[i], "--", 2) == 0) {
			if (!option_take(cx, args, argv, argc, &i))
				return false;
		} else
			*list_add(cx->mem, args) = str_of(argv[i]);
	}
	return true;
}

static bool arguments_fit(struct cx *cx, const struct command_args *args)
{
	const struct command *c = args->command;

	if ((int)args->n < c->args_min)
		return cx_fail(cx, ERR_INPUT, "%s needs %s; `gongkai %s --help` shows examples",
		    c->name, c->args, c->name);
	if ((int)args->n > c->args_max)
		return cx_fail(cx, ERR_INPUT, "%s: \"%.*s\" is one argument too many; it takes %s",
		    c->name, STR_ARG(args->at[c->args_max]), c->args[0] ? c->args : "none");
	return true;
}

static bool run(struct cx *cx, int argc, char **argv, struct command_args *args)
{
	struct app app = {0};
	bool ok;

	if (!parse(cx, argc, argv, args))
		return false;
	if (map_has(&args->options, STR("help")) || args->command == NULL) {
		if (args->command)
			print_command(args->command);
		else
			print_overview();
		args->exit_code =
		    args->command == NULL && !map_has(&args->options, STR("help")) ? 2 : 0;
		return true;
	}
	if (!arguments_fit(cx, args))
		return false;
	args->json = map_has(&args->options, STR("json"));
	cx->app = &app;
	ok = app_open(cx, args, &app) && args->command->run(cx, args);
	app_close(cx, &app);
	return ok;
}

/*
 * Arenas and SQLite's pages grow by MBs within a request or a group of acts and are given back at its end; handing those pages to the kernel and
 * faulting them in again would cost three times as much as rendering a list, and a tenth of an import.
 */
static void keep_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, 8 << 20);
	(void)mallopt(M_TRIM_THRESHOLD, 16 << 20);
	(void)mallopt(M_TOP_PAD, 1 << 20);
}

int main(int argc, char **argv)
{
	struct command_args args = {0};
	struct cx cx = {.mem = arena_open(MEMORY_MAX), .lang = "zh", .now = io_now()};
	int code;

	keep_memory();
	if (run(&cx, argc, argv, &args)) {
		code = args.exit_code;
	} else {
		(void)fprintf(stderr, "gongkai: %s\n", cx_error(&cx).p);
		code = err_kind(cx.err.code)->exit_code;
	}
	if (fflush(stdout) != 0)
		code = 3;
	arena_close(cx.mem);
	return code;
}
