/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands as data: one row gives parser, help and manual. Data goes to stdout, progress to stderr.
 * Exit codes: 0 ok, 1 findings, 2 usage, 3 failure.
 */
#ifndef WEB_COMMAND_H
#define WEB_COMMAND_H

#include "base/base.h"

struct command_option {
	const char *name;  /* "profile": given as --profile VALUE or --profile=VALUE */
	const char *value; /* what the value is called in help; NULL = a switch */
	const char *doc;
};

/* What must stand before run is called; the app prepares it. */
enum command_need {
	NEED_NOTHING,
	NEED_DOMAIN, /* cx->app->domain and calendar from data/ (no home) */
	NEED_HOME,   /* config read, no database */
	NEED_READ,   /* home, database, domain as published, ledger for reading */
	NEED_WRITE,  /* the same, and acts (through the running server when there is one) */
};

struct command_args {
	const struct command *command;
	struct map options; /* name → struct str *; a switch has an empty text */
	struct str *at;	    /* positional */
	size_t n, cap;
	bool json;     /* --json */
	int exit_code; /* set by run: 1 = findings */
};
/* The option's value, absent when not given. */
struct str command_option_get(const struct command_args *args, const char *name);

struct command {
	const char *name; /* "held list" */
	const char *args; /* "FILE", "ID@REVISION", "[HOME|URL]" */
	int args_min, args_max;
	const char *doc;  /* one sentence */
	const char *more; /* further paragraphs for --help, may be NULL */
	const struct command_option *
	    options; /* ended by name NULL; may be NULL. --help, --json and --home exist on every command */
	const char *examples; /* lines "gongkai …" */
	enum command_need need;
	bool (*run)(struct cx *cx, struct command_args *args);
};

/* Progress of long work on stderr: a bar on a terminal, otherwise a plain line at most every two seconds. done = all ends it. */
void command_progress(const char *what, int64_t done, int64_t all);

#endif
