/* SPDX-License-Identifier: Apache-2.0 */
/* A sector file, a line "---", and a rules file, in the small data folder of the golden tests: either mistakes are named, or the domain can be published
 * and loads back. */
#include "base/io.h"
#include "codec/json.h"
#include "fuzz.h"
#include "schema/schema.h"

static struct map *base_folder(void)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	static struct arena *mem; /* reachable for the whole run */
	static struct map files;
	struct cx cx = {.mem = NULL};

	if (files.n)
		return &files;
	cx.mem = mem = arena_open((size_t)1 << 28);
	BUG_ON(!io_tree_read(
	    &cx, SOURCE_DIR "/tests/golden/schema/base", suffixes, "samples", &files));
	return &files;
}

static void published_loads_back(struct cx *cx, const struct domain *d)
{
	const struct definition *defs;
	struct mistakes mistakes = {0};
	struct map documents = {0};
	const struct domain *back;
	size_t n;

	domain_definitions(d, &defs, &n);
	for (size_t i = 0; i < n; i++) {
		struct str bytes;
		struct val *document;

		BUG_ON(!json_canonical(cx, defs[i].document, &bytes) ||
		       !json_parse(cx, bytes, NULL, &document));
		map_put(cx->mem, &documents,
		    str_fmt(cx->mem, "%s %.*s@%" PRId64, defs[i].type, STR_ARG(defs[i].id),
			defs[i].version),
		    document);
	}
	BUG_ON(!domain_load_published(cx, &documents, NULL, true, &mistakes, &back));
	BUG_ON(back == NULL || back->items.n != d->items.n || back->rules_n != d->rules_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str sector = fuzz_text(data, size), rules = STR("rules: []\n");
	struct map files = {0};
	struct mistakes mistakes = {0};
	const struct domain *d;
	size_t at;

	if (str_find(sector, STR("\n---\n"), 0, &at)) {
		rules = str_cut(sector, at + 5, sector.n);
		sector = str_cut(sector, 0, at + 1);
	}
	MAP_EACH(slot, base_folder())
		map_put(cx->mem, &files, slot->key, slot->value);
	map_put(cx->mem, &files, STR("sectors/test.yaml"), &sector);
	map_put(cx->mem, &files, STR("rules/test.yaml"), &rules);
	if (!domain_load(cx, &files, true, &mistakes, &d))
		return 0;
	BUG_ON((d == NULL) != (mistakes.n > 0));
	if (d)
		published_loads_back(cx, d);
	return 0;
}
