/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/golden/template/NAME.case: sections headed "--- what": files (pages/t.html, parts/p.html, static/…), po (English words), page and site (JSON in
 * which {"$date": "2026-03-16"} and the like are typed leaves), then zh and en (accepted) or error (refused, exact message).
 * UPDATE=1 writes the results into the files; read the diff.
 */
#include "lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/app.h"
#include "base/io.h"
#include "codec/json.h"
#include "text/text.h"
#include "web/web.h"

struct kase {
	struct map sections; /* heading → struct str * */
	const char *path;
};

static void kase_read(struct cx *cx, const char *path, struct kase *out)
{
	struct str text, line;
	size_t at = 0, next;

	assert_true(io_file_read(cx, path, 1 << 20, &text));
	*out = (struct kase){.path = path};
	while (at < text.n) {
		struct str *body = arena_new(cx->mem, struct str);
		struct str heading;

		assert_true(str_starts(str_cut(text, at, text.n), STR("--- ")));
		assert_true(str_find(text, STR("\n"), at, &next));
		heading = str_cut(text, at + 4, next);
		at = next + 1;
		line = str_cut(text, at, text.n);
		next = text.n;
		if (str_starts(line, STR("--- ")))
			next = at;
		else if (str_find(text, STR("\n--- "), at, &next))
			next++;
		*body = str_cut(text, at, next);
		(void)map_put(cx->mem, &out->sections, heading, body);
		at = next;
	}
}

static struct str section(const struct kase *k, const char *name)
{
	const struct str *s = map_get(&k->sections, str_of(name));

	return s ? *s : STR_NONE;
}

/* {"$link": ["/n/1", "words"]} → a leaf. */
static struct val *typed(struct arena *mem, struct val *v)
{
	static const struct {
		const char *key;
		enum val_kind kind;
	} kinds[] = {
	    {"$decimal", VAL_DECIMAL},
	    {"$money", VAL_MONEY},
	    {"$date", VAL_DATE},
	    {"$instant", VAL_INSTANT},
	    {"$code", VAL_CODE},
	    {"$link", VAL_LINK},
	    {"$html", VAL_HTML},
	};

	for (size_t i = 0; v->kind == VAL_MAP && v->n == 1 && i < ARRAY_SIZE(kinds); i++) {
		const struct val *of = v->at[0];

		if (!str_is(v->keys[0], kinds[i].key))
			continue;
		if (of->kind == VAL_TEXT)
			return val_leaf(mem, kinds[i].kind, of->text, STR_NONE);
		return val_leaf(mem, kinds[i].kind, of->at[0]->text, of->at[1]->text);
	}
	VAL_EACH(i, v)
		v->at[i] = typed(mem, v->at[i]);
	return v;
}

static struct val *tree(struct cx *cx, const struct kase *k, const char *name)
{
	struct val *v = NULL;

	if (section(k, name).p == NULL)
		return val_map(cx->mem);
	if (!json_parse(cx, str_trim(section(k, name)), NULL, &v))
		fail_msg("%s: %s", k->path, cx_error(cx).p);
	return typed(cx->mem, v);
}

static void files_of(struct cx *cx, const struct kase *k, struct map *files)
{
	for (size_t i = 0; i < k->sections.n; i++)
		if (memchr(k->sections.at[i].key.p, '/', k->sections.at[i].key.n))
			(void)map_put(
			    cx->mem, files, k->sections.at[i].key, k->sections.at[i].value);
}

/* The results, as they stand in the file. */
static struct str results(struct cx *cx, struct app *app, const struct kase *k)
{
	struct buf b = buf_new(cx->mem, 1 << 20);
	struct templates *templates;
	struct words *english = NULL;
	struct map files = {0};
	static const char *const langs[] = {"zh", "en"};

	if (section(k, "po").p)
		assert_true(words_parse(cx, STR("en.po"), section(k, "po"), &english));
	app->english = english;
	files_of(cx, k, &files);
	if (!templates_load(cx, &files, &templates)) {
		buf_fmt(&b, "--- error\n%s\n", cx_error(cx).p);
		return buf_str(&b);
	}
	for (size_t i = 0; i < 2; i++) {
		struct buf page = buf_new(cx->mem, 1 << 20);

		cx->lang = langs[i];
		if (!template_render(
			cx, templates, STR("t"), tree(cx, k, "page"), tree(cx, k, "site"), &page)) {
			buf_fmt(&b, "--- error\n%s\n", cx_error(cx).p);
			return buf_str(&b);
		}
		buf_fmt(&b, "--- %s\n%s", langs[i], buf_str(&page).p);
	}
	return buf_str(&b);
}

static struct str expected(struct cx *cx, const struct kase *k)
{
	struct buf b = buf_new(cx->mem, 1 << 20);
	static const char *const names[] = {"error", "zh", "en"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (section(k, names[i]).p)
			buf_fmt(&b, "--- %s\n%.*s", names[i], STR_ARG(section(k, names[i])));
	return buf_str(&b);
}

static void update(struct cx *cx, const struct kase *k, struct str got)
{
	struct buf b = buf_new(cx->mem, 1 << 20);

	for (size_t i = 0; i < k->sections.n; i++) {
		struct str name = k->sections.at[i].key;

		if (!str_is(name, "error") && !str_is(name, "zh") && !str_is(name, "en"))
			buf_fmt(&b, "--- %.*s\n%.*s", STR_ARG(name),
			    STR_ARG(*(struct str *)k->sections.at[i].value));
	}
	buf_add(&b, got);
	assert_true(io_file_replace(cx, k->path, buf_str(&b), 0644));
}

static void every_case_gives_what_its_file_says(void **state)
{
	static const char dir[] = SOURCE_DIR "/tests/golden/template";
	struct cx cx = {.mem = *state};
	struct io_names names;

	assert_true(io_dir_list(&cx, dir, ".case", &names));
	assert_true(names.n > 30);
	for (size_t i = 0; i < names.n; i++) {
		struct app app = {.demo = false};
		struct cx one = {.mem = *state, .app = &app};
		struct kase k;
		struct str got;

		kase_read(&cx, str_fmt(*state, "%s/%.*s", dir, STR_ARG(names.at[i])).p, &k);
		got = results(&one, &app, &k);
		if (getenv("UPDATE"))
			update(&cx, &k, got);
		else if (!str_eq(got, expected(&cx, &k)))
			fail_msg("%s gives\n%s", k.path, got.p);
	}
}

static void tags_that_were_never_rendered_are_listed(void **state)
{
	struct app app = {.demo = false};
	struct cx cx = {.mem = *state, .app = &app, .lang = "zh"};
	struct str text = STR("{{a}}\n{{#b}}{{c}}{{/b}}{{^b}}{{t 没有}}{{/b}}\n");
	struct map files = {0};
	struct templates *t;
	struct val *page = val_map(*state), *unused = val_list(*state);
	struct buf out = buf_new(*state, 1000);

	(void)map_put(*state, &files, STR("pages/t.html"), &text);
	assert_true(templates_load(&cx, &files, &t));
	(void)val_set_text(*state, page, "a", STR("1"));
	(void)val_set_bool(*state, page, "b", false);
	(void)val_set_text(*state, page, "c", STR("3"));
	assert_true(template_render(&cx, t, STR("t"), page, page, &out));
	templates_unused(*state, t, unused);
	assert_int_equal(unused->n, 2);
	assert_string_equal(unused->at[0]->text.p, "pages/t.html:2 {{#b}}");
	assert_string_equal(unused->at[1]->text.p, "pages/t.html:2 {{c}}");
}

/* The portal's own templates: they load, and every word has its English. */
static void the_portals_templates_load_and_are_translated(void **state)
{
	static const char *const suffixes[] = {".html", ".css", ".svg", NULL};
	struct app app = {.demo = false};
	struct cx cx = {.mem = *state, .app = &app};
	struct map files = {0};
	struct templates *t;
	struct words *english;
	struct str po;
	struct val *all = val_list(*state);

	assert_true(io_tree_read(&cx, SOURCE_DIR "/ui", suffixes, NULL, &files));
	assert_true(io_file_read(&cx, SOURCE_DIR "/po/en.po", 1 << 20, &po));
	assert_true(words_parse(&cx, STR("po/en.po"), po, &english));
	app.english = english;
	if (!templates_load(&cx, &files, &t))
		fail_msg("%s", cx_error(&cx).p);
	templates_words(*state, t, all);
	assert_true(all->n > 100);
	VAL_EACH(i, all)
		if (!words_have(english, all->at[i]->text))
			fail_msg("no English for %s", str_c(*state, all->at[i]->text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_case_gives_what_its_file_says),
	    CASE(tags_that_were_never_rendered_are_listed),
	    CASE(the_portals_templates_load_and_are_translated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
