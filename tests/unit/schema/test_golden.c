/* SPDX-License-Identifier: Apache-2.0 */
/* tests/golden/schema: data files with mistakes and what `check data/` says of them; documents and the issues that the rules of data/ find. */
#include "unit/schema/data.h"

#define GOLDEN SOURCE_DIR "/tests/golden/schema/"

/* "unknown-key@sectors+test.yaml": the file sectors/test.yaml of the base folder with a mistake. */
static bool data_case(struct cx *cx, struct str name)
{
	struct map *files = folder(cx, GOLDEN "base");
	struct str rest = name, title, *text = arena_new(cx->mem, struct str);
	struct buf out = buf_new(cx->mem, 1 << 20);
	char *path;
	bool ok;

	assert_true(str_split(&rest, '@', &title));
	path = arena_alloc(cx->mem, rest.n + 1);
	for (size_t i = 0; i < rest.n; i++)
		path[i] = rest.p[i] == '+' ? '/' : rest.p[i];
	must(cx, io_file_read(
		     cx, str_fmt(cx->mem, GOLDEN "cases/%.*s", STR_ARG(name)).p, 1 << 20, text));
	map_put(cx->mem, files, str_of(path), text);
	must(cx, domain_check(cx, files, &out, &ok));
	if (ok != str_is(title, "good")) {
		print_error("%.*s: ok is %d\n", STR_ARG(name), ok);
		return false;
	}
	return golden(cx, str_fmt(cx->mem, GOLDEN "cases/%.*s.out", STR_ARG(title)), buf_str(&out));
}

static void every_mistake_is_named_with_its_place_and_the_nearest_right_word(void **state)
{
	struct cx cx = {.mem = *state};
	struct io_names names = {0};
	size_t cases = 0, wrong = 0;

	must(&cx, io_dir_list(&cx, GOLDEN "cases", "", &names));
	LIST_EACH(name, &names) {
		if (!str_has(*name, STR("@")))
			continue;
		cases++;
		wrong += !data_case(&cx, *name);
	}
	assert_true(cases > 40);
	assert_int_equal(wrong, 0);
}

static void issue_print(struct buf *b, const struct issue *i)
{
	buf_fmt(b, "%s %.*s %.*s%s: %.*s\n", i->severity == SEVERITY_ERROR ? "error" : "warning",
	    STR_ARG(i->field), STR_ARG(i->rule), i->waivable ? " (waivable)" : "",
	    STR_ARG(i->message));
}

/* A document, checked as a form and as an import; both are in the golden file. */
static bool document_case(struct cx *cx, const struct domain *d, struct str name)
{
	struct buf out = buf_new(cx->mem, 1 << 20);
	const struct item *it;
	struct val *document;
	struct str text;

	must(cx, io_file_read(cx, str_fmt(cx->mem, GOLDEN "documents/%.*s", STR_ARG(name)).p,
		     1 << 20, &text));
	must(cx, json_parse(cx, text, NULL, &document));
	it = domain_item(d, val_str(document, "item"));
	if (it == NULL)
		fail_msg("%.*s: no such item", STR_ARG(name));
	for (int mode = CHECK_FORM; mode <= CHECK_IMPORT; mode++) {
		struct issues issues = {0};

		schema_check(cx->mem, d, it, document, (enum check_mode)mode, &issues);
		buf_c(&out, mode == CHECK_FORM ? "as a form\n" : "as an import\n");
		LIST_EACH(i, &issues)
			issue_print(&out, i);
	}
	return golden(cx,
	    str_fmt(cx->mem, GOLDEN "documents/%.*s.out", STR_ARG(str_cut(name, 0, name.n - 5))),
	    buf_str(&out));
}

static void every_defect_seen_in_real_notices_is_found_by_a_rule_of_the_data(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = domain_of(&cx, folder(&cx, SOURCE_DIR "/data"));
	struct io_names names = {0};
	size_t wrong = 0;

	must(&cx, io_dir_list(&cx, GOLDEN "documents", ".json", &names));
	assert_true(names.n > 15);
	LIST_EACH(name, &names)
		wrong += !document_case(&cx, d, *name);
	assert_int_equal(wrong, 0);
}

/* Every rule with a check of its own fires in some golden document: a rule that nothing can break is a mistake in the data. */
static void every_rule_of_the_data_has_a_golden_document_that_breaks_it(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = domain_of(&cx, folder(&cx, SOURCE_DIR "/data"));
	struct io_names names = {0};
	struct buf all = buf_new(cx.mem, 1 << 22);
	size_t missing = 0;

	must(&cx, io_dir_list(&cx, GOLDEN "documents", ".out", &names));
	LIST_EACH(name, &names) {
		struct str text;

		must(&cx,
		    io_file_read(&cx, str_fmt(cx.mem, GOLDEN "documents/%.*s", STR_ARG(*name)).p,
			1 << 20, &text));
		buf_add(&all, text);
	}
	for (size_t i = 0; i < d->rules_n; i++) {
		const struct rule *r = d->rules[i];
		struct str name = rule_name(r);

		if (!rule_is_checked(r))
			continue;
		if (!str_has(buf_str(&all), str_fmt(cx.mem, " %.*s:", STR_ARG(name))) &&
		    !str_has(buf_str(&all), str_fmt(cx.mem, " %.*s (waivable):", STR_ARG(name)))) {
			print_error("no golden document breaks the rule %.*s\n", STR_ARG(name));
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_mistake_is_named_with_its_place_and_the_nearest_right_word),
	    CASE(every_defect_seen_in_real_notices_is_found_by_a_rule_of_the_data),
	    CASE(every_rule_of_the_data_has_a_golden_document_that_breaks_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
