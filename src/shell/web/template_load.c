/* SPDX-License-Identifier: Apache-2.0 */
/* All templates: loading, and the lists that tests ask for. */
#include <stdio.h>

#include "web/template_priv.h"

static bool is_template(struct str path)
{
	return str_ends(path, STR(".html")) &&
	       (str_starts(path, STR("pages/")) || str_starts(path, STR("parts/")));
}

static void tags_index(struct cx *cx, struct templates *all)
{
	all->seen = (_Atomic(bool) *)arena_alloc(cx->mem, all->tags * sizeof *all->seen);
	all->tag_nodes = arena_array(cx->mem, const struct node *, all->tags);
	all->tag_files = arena_array(cx->mem, const struct template *, all->tags);
	MAP_EACH(slot, &all->by_name) {
		const struct template *t = slot->value;

		for (size_t i = 0; i < t->n; i++) {
			if (t->at[i].kind == NODE_TEXT || t->at[i].kind == NODE_LANG)
				continue;
			all->tag_nodes[t->at[i].index] = &t->at[i];
			all->tag_files[t->at[i].index] = t;
		}
	}
}

bool templates_load(struct cx *cx, const struct map *files, struct templates **out)
{
	struct templates *all = arena_new(cx->mem, struct templates);
	struct mistakes_found found = {.text = buf_new(cx->mem, 65536)};

	MAP_EACH(file, files) {
		struct template *t = arena_new(cx->mem, struct template);

		t->name = file->key;
		if (is_template(file->key))
			(void)map_put(cx->mem, &all->by_name, file->key, t);
	}
	MAP_EACH(slot, &all->by_name)
		template_parse(cx, all, files, slot->value, &found);
	if (found.n)
		return cx_fail(cx, ERR_INPUT, "%.*s", STR_ARG(buf_str(&found.text)));
	tags_index(cx, all);
	*out = all;
	return true;
}

bool template_exists(const struct templates *t, struct str name)
{
	char path[256];
	int n = snprintf(path, sizeof path, "pages/%.*s.html", STR_ARG(name));

	return n > 0 && (size_t)n < sizeof path &&
	       map_has(&t->by_name, (struct str){path, (size_t)n});
}

void templates_words(struct arena *mem, const struct templates *t, struct val *list)
{
	struct map seen = {0};

	for (size_t i = 0; i < t->tags; i++) {
		const struct node *n = t->tag_nodes[i];

		if (n->kind != NODE_WORDS || map_has(&seen, n->text))
			continue;
		(void)map_put(mem, &seen, n->text, NULL);
		(void)val_add(mem, list, val_text(mem, n->text));
	}
}

void templates_unused(struct arena *mem, const struct templates *t, struct val *list)
{
	static const char *const mark[] = {"", "", "", "", "#", "^", ">", "t "};

	for (size_t i = 0; i < t->tags; i++) {
		const struct node *n = t->tag_nodes[i];
		struct str what = n->text.n ? n->text : n->name.whole;

		if (!atomic_load_explicit(&t->seen[i], memory_order_relaxed))
			(void)val_add(mem, list,
			    val_text(mem,
				str_fmt(mem, "%.*s:%u {{%s%.*s}}", STR_ARG(t->tag_files[i]->name),
				    n->line, mark[n->kind], STR_ARG(what))));
	}
}
