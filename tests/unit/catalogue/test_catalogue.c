/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/ledger/home.h"

#include "catalogue/catalogue.h"
#include "codec/json.h"

static struct map *data_files(struct cx *cx)
{
	static const char *const suffixes[] = {".yaml", ".csv", NULL};
	struct map *files = arena_new(cx->mem, struct map);

	must(cx, io_tree_read(cx, SOURCE_DIR "/data", suffixes, "samples", files));
	return files;
}

static const struct domain *seeds(struct cx *cx, const struct map *files, bool demo)
{
	struct mistakes mistakes = {0};
	const struct domain *d;

	must(cx, domain_load(cx, files, demo, &mistakes, &d));
	if (mistakes.n)
		fail_msg("%s:%u: %s", mistakes.at[0].file.p, mistakes.at[0].line,
		    mistakes.at[0].message.p);
	return d;
}

static struct home *home_of(struct arena *mem)
{
	struct home *h = home_make(mem);

	h->config.views = catalogue_views;
	home_open(h);
	return h;
}

static void assert_same_definitions(struct cx *cx, const struct domain *a, const struct domain *b)
{
	const struct definition *x, *y;
	size_t n, m;

	domain_definitions(a, &x, &n);
	domain_definitions(b, &y, &m);
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		struct str left, right;

		must(cx, json_canonical(cx, x[i].document, &left));
		must(cx, json_canonical(cx, y[i].document, &right));
		assert_string_equal(x[i].type, y[i].type);
		assert_string_equal(str_c(cx->mem, x[i].id), str_c(cx->mem, y[i].id));
		assert_int_equal(x[i].version, y[i].version);
		if (!str_eq(left, right))
			fail_msg("%s %.*s differs", x[i].type, STR_ARG(x[i].id));
	}
}

static void a_domain_published_loads_back_to_the_same_domain(void **state)
{
	struct home *h = home_of(*state);
	struct map *files = data_files(&h->cx);
	const struct domain *d = seeds(&h->cx, files, true), *back;
	struct catalogue_report r;
	const struct definition *defs;
	size_t n;

	domain_definitions(d, &defs, &n);
	must(&h->cx, catalogue_load(&h->cx, h->ledger, d, &r));
	assert_int_equal(r.published, n);
	assert_int_equal(r.refused.n, 0);
	must(&h->cx, catalogue_domain(&h->cx, h->ledger, files, true, &back));
	assert_same_definitions(&h->cx, d, back);
	assert_int_equal(back->items.n, d->items.n);
	assert_int_equal(back->sectors_n, d->sectors_n);
	assert_int_equal(back->rules_n, d->rules_n);
	assert_int_equal(back->places.n, d->places.n);
	assert_true(str_eq(calendar_version(back->calendar), calendar_version(d->calendar)));
	assert_true(val_eq(back->site, d->site));
	home_remove(h);
}

static void the_same_content_again_adds_nothing(void **state)
{
	struct home *h = home_of(*state);
	const struct domain *d = seeds(&h->cx, data_files(&h->cx), false);
	struct catalogue_report r;
	int64_t size;

	must(&h->cx, catalogue_load(&h->cx, h->ledger, d, &r));
	size = ledger_published(h->ledger);
	must(&h->cx,
	    catalogue_load(&h->cx, h->ledger, seeds(&h->cx, data_files(&h->cx), false), &r));
	assert_int_equal(r.published, 0);
	assert_int_equal(r.refused.n, 0);
	assert_true(r.unchanged > 100);
	assert_int_equal(ledger_published(h->ledger), size);
	home_remove(h);
}

/* The text with one piece put in the place of another; the file must have the piece. */
static void edit(
    struct arena *mem, struct map *files, const char *path, const char *from, const char *to)
{
	struct str *text = map_get(files, str_of(path)), *changed = arena_new(mem, struct str);
	size_t at = 0;

	if (text == NULL || !str_find(*text, str_of(from), 0, &at))
		fail_msg("%s has no %s", path, from);
	*changed = str_fmt(mem, "%.*s%s%.*s", (int)at, text->p, to,
	    STR_ARG(str_cut(*text, at + strlen(from), text->n)));
	map_put(mem, files, str_of(path), changed);
}

static void changed_content_under_an_unchanged_version_is_refused_and_says_what_changed(
    void **state)
{
	static const struct {
		const char *path, *from, *to, *id, *message;
	} cases[] = {
	    {"sectors/works.yaml", "title: {zh: 招标公告, en: Tender notice}",
		"title: {zh: 招标公告啊, en: Tender notice}", "works.tender-notice",
		"item/v1 works.tender-notice changed, but its version is still 1: give it a higher "
		"version. What changed:\n"
		"title.zh: \"招标公告\" → \"招标公告啊\""},
	    {"places.csv", "360802,吉州区,Jizhou District", "360802,吉州区,Jizhou", "places",
		"places/v1 places changed, but its version is still 1: give it a higher version. "
		"What changed:\n"
		"places[360802].name_en: \"Jizhou District\" → \"Jizhou\""},
	    {"rules/defects.yaml", "waivable: no", "waivable: yes", "defects",
		"rules/v1 defects changed, but its version is still 1: give it a higher version. "
		"What changed:\n"
		"rules[period-order].waivable: false → true"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct home *h = home_of(*state);
		struct map *files = data_files(&h->cx);
		struct catalogue_report r;

		must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, files, false), &r));
		edit(h->cx.mem, files, cases[i].path, cases[i].from, cases[i].to);
		must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, files, false), &r));
		assert_int_equal(r.refused.n, 1);
		assert_int_equal(r.published, 0);
		assert_string_equal(str_c(h->cx.mem, r.refused.at[0].id), cases[i].id);
		assert_string_equal(str_c(h->cx.mem, r.refused.at[0].message), cases[i].message);
		home_remove(h);
	}
}

static void a_higher_version_is_published_and_the_old_one_stays_known(void **state)
{
	struct home *h = home_of(*state);
	struct map *files = data_files(&h->cx);
	const struct domain *back;
	struct catalogue_report r;
	struct definition_row *rows;
	size_t n;

	must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, files, false), &r));
	edit(h->cx.mem, files, "sectors/works.yaml",
	    "  - item: works.tender-notice\n    version: 1",
	    "  - item: works.tender-notice\n    version: 2");
	edit(h->cx.mem, files, "sectors/works.yaml", "title: {zh: 招标公告, en: Tender notice}",
	    "title: {zh: 招标公告啊, en: Tender notice}");
	edit(h->cx.mem, files, "versions.yaml", "calendar: 1", "calendar: 1\nplaces: 2");
	edit(h->cx.mem, files, "places.csv", "360802,吉州区,Jizhou District",
	    "360802,吉州区,Jizhou");
	must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, files, false), &r));
	assert_int_equal(r.refused.n, 0);
	assert_int_equal(r.published, 2);
	must(&h->cx, catalogue_domain(&h->cx, h->ledger, files, false, &back));
	assert_string_equal(
	    str_c(h->cx.mem, domain_item(back, STR("works.tender-notice"))->title.zh),
	    "招标公告啊");
	assert_string_equal(
	    str_c(h->cx.mem, domain_item(back, STR("works.tender-notice@1"))->title.zh),
	    "招标公告");
	assert_string_equal(str_c(h->cx.mem, domain_place(back, STR("360802"))->name.en), "Jizhou");
	must(&h->cx, catalogue_definitions(
			 &h->cx, h->ledger, STR("item/v1"), STR("works.tender-notice"), &rows, &n));
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].version, 2);
	home_remove(h);
}

static void an_older_version_comes_too_late(void **state)
{
	struct home *h = home_of(*state);
	struct map *files = data_files(&h->cx), *old = data_files(&h->cx);
	struct catalogue_report r;

	edit(h->cx.mem, files, "versions.yaml", "calendar: 1", "calendar: 3");
	edit(h->cx.mem, old, "versions.yaml", "calendar: 1", "calendar: 2");
	must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, files, false), &r));
	must(&h->cx, catalogue_load(&h->cx, h->ledger, seeds(&h->cx, old, false), &r));
	assert_int_equal(r.refused.n, 1);
	assert_string_equal(str_c(h->cx.mem, r.refused.at[0].message),
	    "calendar/v1 calendar is at version 3 already; version 2 comes too late");
	home_remove(h);
}

static void without_a_published_catalogue_there_is_no_domain(void **state)
{
	struct home *h = home_of(*state);
	const struct domain *d;

	assert_false(catalogue_domain(&h->cx, h->ledger, NULL, false, &d));
	assert_int_equal(h->cx.err.code, ERR_NOT_FOUND);
	home_remove(h);
}

static void the_log_with_its_catalogue_passes_the_audit_and_rebuilds(void **state)
{
	struct home *h = home_of(*state);
	const struct domain *d = seeds(&h->cx, data_files(&h->cx), true), *back;
	struct catalogue_report r;
	struct audit_report audit;

	must(&h->cx, catalogue_load(&h->cx, h->ledger, d, &r));
	must(&h->cx, ledger_rebuild(&h->cx, h->ledger, NULL));
	must(&h->cx, catalogue_domain(&h->cx, h->ledger, NULL, true, &back));
	assert_same_definitions(&h->cx, d, back);
	must(&h->cx, ledger_audit(&h->cx, &h->config, NULL, &audit));
	if (!audit.ok)
		fail_msg("%s", audit.finding.p);
	home_remove(h);
}

static void changes_of_lists_name_records_by_their_key(void **state)
{
	static const struct {
		const char *before, *after, *changes;
	} cases[] = {
	    {"{\"a\":1}", "{\"a\":1}", ""},
	    {"{\"a\":1}", "{\"a\":2}", "a: 1 → 2"},
	    {"{\"a\":1}", "{}", "a: 1 → nothing"},
	    {"{}", "{\"a\":[\"x\"]}", "a: nothing → [\"x\"]"},
	    {"{\"a\":[\"x\",\"y\"]}", "{\"a\":[\"x\"]}", "a: [\"x\",\"y\"] → [\"x\"]"},
	    {"{\"l\":[{\"id\":\"p\",\"n\":1},{\"id\":\"q\"}]}",
		"{\"l\":[{\"id\":\"p\",\"n\":2},{\"id\":\"r\"}]}",
		"l[p].n: 1 → 2\nl[q]: {\"id\":\"q\"} → nothing\nl[r]: nothing → {\"id\":\"r\"}"},
	    {"{\"l\":[{\"id\":\"p\"},{\"id\":\"q\"}]}", "{\"l\":[{\"id\":\"q\"},{\"id\":\"p\"}]}",
		"l (order): [{\"id\":\"p\"},{\"id\":\"q\"}] → [{\"id\":\"q\"},{\"id\":\"p\"}]"},
	    {"{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", "{\"a\":2,\"b\":2,\"c\":2,\"d\":2}",
		"a: 1 → 2\nb: 1 → 2\nc: 1 → 2\nand 1 more"},
	};
	struct cx cx = {.mem = *state};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct val *before, *after;

		must(&cx, json_parse(&cx, str_of(cases[i].before), NULL, &before));
		must(&cx, json_parse(&cx, str_of(cases[i].after), NULL, &after));
		assert_string_equal(
		    str_c(cx.mem, definition_changes(cx.mem, before, after, 3)), cases[i].changes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_domain_published_loads_back_to_the_same_domain),
	    CASE(the_same_content_again_adds_nothing),
	    CASE(changed_content_under_an_unchanged_version_is_refused_and_says_what_changed),
	    CASE(a_higher_version_is_published_and_the_old_one_stays_known),
	    CASE(an_older_version_comes_too_late),
	    CASE(without_a_published_catalogue_there_is_no_domain),
	    CASE(the_log_with_its_catalogue_passes_the_audit_and_rebuilds),
	    CASE(changes_of_lists_name_records_by_their_key),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
