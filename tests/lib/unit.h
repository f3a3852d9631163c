/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka with its own prerequisites, an arena per test, CASE. */
#ifndef LIB_UNIT_H
#define LIB_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

static inline int unit_open_arena(void **state)
{
	*state = arena_open((size_t)1 << 30);
	return 0;
}

static inline int unit_close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

/* A test whose *state is a fresh arena. */
#define CASE(f) cmocka_unit_test_setup_teardown(f, unit_open_arena, unit_close_arena)

#endif
