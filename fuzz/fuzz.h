/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every fuzz target includes. A target reads one input with the room under test and holds it to properties (what is accepted
 * prints and reads back equal); a broken property aborts. libFuzzer or driver.c calls it.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A context with an empty arena: everything of the last input is gone. */
static inline struct cx *fuzz_cx(void)
{
	static struct arena *mem;
	static struct cx cx;

	if (mem == NULL)
		mem = arena_open((size_t)1 << 30);
	arena_reset(mem);
	cx = (struct cx){.mem = mem};
	return &cx;
}

static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
	return (struct str){(const char *)data, size};
}

#endif
