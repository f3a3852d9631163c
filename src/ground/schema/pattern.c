/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2 with limits: data may hold patterns, so a bad one must cost bounded time. Memory comes from arenas. */
#include "schema/schema_priv.h"

#define MATCH_LIMIT 100000u
#define DEPTH_LIMIT 1000u

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static void *arena_malloc(size_t n, void *mem)
{
	return arena_alloc(mem, n);
}

static void arena_free(void *p, void *mem)
{
	(void)p;
	(void)mem;
}

/* Machine code of the JIT is not in the arena. */
static void pattern_free(void *code)
{
	pcre2_code_free(code);
}

struct pattern *pattern_compile(struct arena *mem, struct str source, struct str *problem_out)
{
	pcre2_general_context *general =
	    pcre2_general_context_create(arena_malloc, arena_free, mem);
	pcre2_compile_context *compile = pcre2_compile_context_create(general);
	struct pattern *p = arena_new(mem, struct pattern);
	unsigned char message[128] = "";
	PCRE2_SIZE at;
	int error;

	pcre2_set_max_pattern_length(compile, 1000);
	p->code = pcre2_compile(
	    (PCRE2_SPTR)source.p, source.n, PCRE2_UTF | PCRE2_UCP, &error, &at, compile);
	if (p->code == NULL) {
		(void)pcre2_get_error_message(error, message, sizeof message);
		*problem_out = str_fmt(mem, "%s at character %zu", (const char *)message,
		    text_length(str_cut(source, 0, (size_t)at)) + 1);
		return NULL;
	}
	arena_defer(mem, pattern_free, p->code);
	/* Without JIT (not built in, or memory may not be made executable) the interpreter does it. */
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	p->limits = pcre2_match_context_create(general);
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
	return p;
}

bool pattern_matches(struct arena *mem, const struct pattern *p, struct str text)
{
	struct arena_mark m = arena_mark(mem);
	pcre2_general_context *general =
	    pcre2_general_context_create(arena_malloc, arena_free, mem);
	pcre2_match_data *data = pcre2_match_data_create(1, general);
	int n = pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, 0, 0, data, p->limits);

	arena_rewind(mem, m);
	return n >= 0;
}
