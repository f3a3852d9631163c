/* SPDX-License-Identifier: Apache-2.0 */
/* A profile, a line "---", and a source that it reads: whatever both say, rows end as drafts with issues, and the memory of one row is all it takes. */
#include "base/app.h"
#include "base/io.h"
#include "fuzz.h"
#include "intake/intake_priv.h"

#define GROUPS_MOST 50u

/* The domain that the program ships, loaded once. */
static const struct domain *shipped(void)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	static const struct domain *d;
	static struct arena *lasting; /* reachable, so that it counts as no leak */
	static struct map files;
	struct cx cx = {.mem = NULL};
	struct mistakes mistakes = {0};

	if (d != NULL)
		return d;
	cx.mem = lasting = arena_open((size_t)1 << 30);
	BUG_ON(!io_tree_read(&cx, SOURCE_DIR "/data", suffixes, "samples", &files));
	BUG_ON(!domain_load(&cx, &files, true, &mistakes, &d) || d == NULL);
	return d;
}

static void read_source(struct cx *cx, struct profile *p, struct str text)
{
	struct source s;

	if (!source_open(cx, p, STR("source"), text, &s))
		return;
	for (size_t i = 0; i < s.groups.n && i < GROUPS_MOST; i++) {
		struct draft draft;

		draft_make(cx->mem, shipped(), p, &s.groups.at[i], &draft);
		BUG_ON(draft.failed != (draft.document == NULL));
		if (draft.item)
			schema_check(cx->mem, shipped(), draft.item, draft.document, CHECK_IMPORT,
			    &draft.issues);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str text = fuzz_text(data, size), source = STR("");
	struct mistakes mistakes = {0};
	struct profile *p;
	size_t at;

	if (str_find(text, STR("\n---\n"), 0, &at)) {
		source = str_cut(text, at + 5, text.n);
		text = str_cut(text, 0, at + 1);
	}
	if (!intake_profile_parse(cx, shipped(), STR("p"), text, &mistakes, &p))
		return 0;
	BUG_ON((p == NULL) != (mistakes.n > 0));
	if (p != NULL)
		read_source(cx, p, source);
	return 0;
}
