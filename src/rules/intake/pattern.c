/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "intake/intake_priv.h"

#define MATCH_LIMIT 100000u
#define DEPTH_LIMIT 1000u

struct profile_pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
};

static void pattern_close(void *arg)
{
	struct profile_pattern *p = arg;

	pcre2_match_context_free(p->context);
	pcre2_match_data_free(p->match);
	pcre2_code_free(p->code);
}

struct profile_pattern *pattern_new(struct arena *mem, struct str text, struct str *message_out)
{
	struct profile_pattern *p = arena_new(mem, struct profile_pattern);
	PCRE2_UCHAR message[120];
	PCRE2_SIZE at;
	int error;

	p->code = pcre2_compile((PCRE2_SPTR)text.p, text.n,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);
	if (!p->code) {
		(void)pcre2_get_error_message(error, message, sizeof message);
		*message_out = str_fmt(mem, "%s at character %zu", (const char *)message, at + 1);
		return NULL;
	}
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
	p->context = pcre2_match_context_create(NULL);
	BUG_ON(!p->match || !p->context);
	(void)pcre2_set_match_limit(p->context, MATCH_LIMIT);
	(void)pcre2_set_depth_limit(p->context, DEPTH_LIMIT);
	arena_defer(mem, pattern_close, p);
	return p;
}

bool pattern_find(struct profile_pattern *p, struct str text, struct str *out)
{
	const PCRE2_SIZE *v;
	int n = pcre2_match(
	    p->code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_UTF_CHECK, p->match, p->context);

	if (n < 1)
		return false;
	v = pcre2_get_ovector_pointer(p->match);
	if (n > 1 && v[2] != PCRE2_UNSET)
		v += 2;
	*out = str_cut(text, v[0], v[1]);
	return true;
}
