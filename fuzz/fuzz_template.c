/* SPDX-License-Identifier: Apache-2.0 */
/* A page and a part ("\n---\n" between them). Whatever loads and renders never lets a value out unescaped or an address that runs something. */
#include "base/app.h"
#include "fuzz.h"
#include "web/web.h"

#define EVIL "\"'<evil>&"

static struct val *tree(struct arena *mem)
{
	struct val *page = val_map(mem), *inner = val_map(mem), *list = val_list(mem);

	(void)val_set_text(mem, inner, "a", STR(EVIL));
	(void)val_set(mem, inner, "l", val_list(mem));
	(void)val_add(mem, list, inner);
	(void)val_add(mem, list, val_text(mem, STR(EVIL)));
	(void)val_set_text(mem, page, "a", STR(EVIL));
	(void)val_set(mem, page, "b", val_bool(mem, true));
	(void)val_set(mem, page, "l", list);
	(void)val_set(mem, page, "m", inner);
	(void)val_set(mem, page, "n", val_null(mem));
	(void)val_set(mem, page, "link", val_link(mem, STR("/" EVIL), STR(EVIL)));
	(void)val_set(mem, page, "run", val_link(mem, STR("javascript:evil"), STR(EVIL)));
	return page;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct app app = {.demo = false};
	struct str all = fuzz_text(data, size), page = all, part = STR("part {{a}}\n");
	struct map files = {0};
	struct templates *t;
	struct val *tree_of = tree(cx->mem);
	size_t at;

	if (str_find(all, STR("\n---\n"), 0, &at)) {
		page = str_cut(all, 0, at + 1);
		part = str_cut(all, at + 5, all.n);
	}
	if (str_has(all, STR("evil")))
		return 0;
	cx->app = &app;
	(void)map_put(cx->mem, &files, STR("pages/t.html"), &page);
	(void)map_put(cx->mem, &files, STR("parts/p.html"), &part);
	if (!templates_load(cx, &files, &t))
		return 0;
	for (int i = 0; i < 2; i++) {
		struct buf out = buf_new(cx->mem, 1 << 20);

		cx->lang = i ? "en" : "zh";
		if (!template_render(cx, t, STR("t"), tree_of, tree_of, &out))
			return 0;
		BUG_ON(str_has(buf_str(&out), STR("<evil")) ||
		       str_has(buf_str(&out), STR("javascript:evil")));
		BUG_ON(str_has(buf_str(&out), STR("'<")) && str_has(buf_str(&out), STR(EVIL)));
	}
	return 0;
}
