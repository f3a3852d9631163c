/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes and the three ways a program can be wrong: MUST_CHECK for failures, BUG_ON for broken invariants. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>

#define MUST_CHECK    __attribute__((warn_unused_result))
#define PRINTF(a, b)  __attribute__((format(printf, a, b)))
#define NORETURN      __attribute__((noreturn))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Runs fn(&variable) when the variable leaves its scope; for handles only. */
#define DEFER(fn) __attribute__((cleanup(fn)))

/* Marks an interface word that is translated where it is shown: in tables, in issues. */
#define T_(word) word

NORETURN void bug(const char *file, int line, const char *what);

/* A broken invariant is a bug of ours, never of the input: say where and abort. */
#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (__builtin_expect(!!(condition), 0))                                            \
			bug(__FILE__, __LINE__, #condition);                                       \
	} while (0)

#endif
