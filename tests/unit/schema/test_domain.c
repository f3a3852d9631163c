/* SPDX-License-Identifier: Apache-2.0 */
/* The domain of data/: that it is whole, what can be looked up in it, how a notice is shown, and by when it had to be public. */
#include "unit/schema/data.h"

#include "text/text.h"

static const struct domain *real(struct cx *cx)
{
	return domain_of(cx, folder(cx, SOURCE_DIR "/data"));
}

static struct val *parse(struct cx *cx, const char *json)
{
	struct val *v;

	must(cx, json_parse(cx, str_of(json), NULL, &v));
	return v;
}

static void the_data_have_no_mistake_and_carry_every_element_of_the_plan(void **state)
{
	struct cx cx = {.mem = *state};
	struct buf out = buf_new(cx.mem, 1 << 20);
	bool ok;

	must(&cx, domain_check(&cx, folder(&cx, SOURCE_DIR "/data"), &out, &ok));
	assert_string_equal(str_c(cx.mem, buf_str(&out)), "elements carried 267 of 267\n");
	assert_true(ok);
}

static void sectors_stand_in_order_with_all_items_of_the_catalogue(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);
	size_t items = 0;

	assert_int_equal(d->sectors_n, 10);
	for (size_t i = 0; i < d->sectors_n; i++) {
		assert_true(i == 0 || d->sectors[i - 1]->order < d->sectors[i]->order);
		items += d->sectors[i]->items_n;
	}
	assert_int_equal(items, 106);
	assert_int_equal(d->items.n, 106);
	assert_true(domain_item(d, STR("works.result")) == domain_item(d, STR("works.result@1")));
	assert_null(domain_item(d, STR("works.nothing")));
	assert_string_equal(
	    item_ref(cx.mem, domain_item(d, STR("works.result"))).p, "works.result@1");
	assert_string_equal(
	    str_c(cx.mem, field_type_name(field_find(
			      domain_item(d, STR("works.candidates")), STR("candidates.price")))),
	    "price");
	assert_null(field_find(domain_item(d, STR("works.candidates")), STR("candidates.nothing")));
}

static void places_outside_the_city_are_known_in_a_demo_home_only(void **state)
{
	struct cx cx = {.mem = *state};
	struct mistakes mistakes = {0};
	const struct domain *demo = real(&cx), *plain;
	const struct place *p;

	must(&cx, domain_load(&cx, folder(&cx, SOURCE_DIR "/data"), false, &mistakes, &plain));
	assert_int_equal(mistakes.n, 0);
	assert_non_null(domain_place(demo, STR("420500")));
	assert_null(domain_place(plain, STR("420500")));
	assert_null(domain_agency(plain, STR("yichang.trading")));
	assert_non_null(domain_agency(demo, STR("yichang.trading")));
	p = domain_place_of(demo, STR("ggzy.jiangxi.gov.cn"), STR("360801"));
	assert_string_equal(str_c(cx.mem, p->code), "360800");
	assert_null(domain_place_of(plain, STR("ggzy.sc.yichang.gov.cn"), STR("420501")));
	assert_string_equal(
	    str_c(cx.mem, domain_place_of(plain, STR("anywhere"), STR("360802"))->code), "360802");
	assert_true(
	    place_within(domain_place(plain, STR("360802")), domain_place(plain, STR("360000"))));
	assert_false(
	    place_within(domain_place(plain, STR("360800")), domain_place(plain, STR("360802"))));
	assert_true(str_has(val_str(val_at(demo->site, "tags"), "SiteName"), STR("样例")));
	assert_false(str_has(val_str(val_at(plain->site, "tags"), "SiteName"), STR("样例")));
}

/* ---- due dates ---- */
static void a_due_date_comes_from_the_rule_in_force_at_its_anchor(void **state)
{
	static const struct {
		const char *item, *formed_on, *field, *day, *rule, *due; /* rule NULL: not known */
	} cases[] = {
	    /* the plan's outer bound: 20 working days, over the spring festival of 2025 (workday vectors) */
	    {"works.result", "2025-01-24", NULL, NULL, "active.disclosure", "2025-02-27"},
	    /* only least periods and media rules: the outer bound */
	    {"works.tender-notice", "2025-01-24", NULL, NULL, "active.disclosure", "2025-02-27"},
	    /* a permit: 7 working days from the decision, which the item names as its anchor */
	    {"works.approval", "2026-03-30", "decided_on", "2026-03-16", "permit.online",
		"2026-03-25"},
	    /* the anchor is missing: the outer bound from forming */
	    {"works.approval", "2025-01-24", NULL, NULL, "active.disclosure", "2025-02-27"},
	    /* before the regulation of 2019 was in force */
	    {"works.result", "2019-05-14", NULL, NULL, NULL, NULL},
	    {"works.result", "2019-05-15", NULL, NULL, "active.disclosure", "2019-06-13"},
	    {"works.result", NULL, NULL, NULL, NULL, NULL},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct val *document = val_map(cx.mem), *fields = val_map(cx.mem);
		struct due due;

		if (cases[i].formed_on)
			val_set_text(cx.mem, document, "formed_on", str_of(cases[i].formed_on));
		if (cases[i].field)
			val_put(cx.mem, fields, str_of(cases[i].field),
			    val_text(cx.mem, str_of(cases[i].day)));
		val_set(cx.mem, document, "fields", fields);
		schema_due(cx.mem, d, domain_item(d, str_of(cases[i].item)), document, &due);
		assert_int_equal(due.known, cases[i].rule != NULL);
		if (!due.known)
			continue;
		assert_string_equal(str_c(cx.mem, due.rule->key), cases[i].rule);
		assert_string_equal(date_print(cx.mem, due.due).p, cases[i].due);
		assert_int_equal(due.why.due, due.due);
		assert_true(due.why.n > 0);
	}
}

/* ---- showing ---- */
static const char candidates[] =
    "{\"item\":\"works.candidates@1\",\"agency\":\"ja.trading\",\"place\":\"360802\",\"title\":"
    "\"某工程中标候选人公示\",\"formed_on\":\"2026-03-16\","
    "\"fields\":{\"section_name\":\"某工程一标段\",\"publicity_period\":{\"from\":\"2026-03-16T09:"
    "00:00+08:00\",\"to\":\"2026-03-19\"},"
    "\"candidates\":[{\"name\":{\"name\":\"甲公司\"},\"price\":{\"amount\":\"1838.27\",\"unit\":"
    "\"万元\"}},"
    "{\"name\":{\"name\":\"乙公司\",\"code\":\"91350100M000100Y43\"},\"price\":{\"words\":"
    "\"下浮三成\"}}]},"
    "\"attachments\":[{\"name\":\"评标报告.pdf\",\"type\":\"application/"
    "pdf\",\"size\":1,\"sha256\":"
    "\"0000000000000000000000000000000000000000000000000000000000000000\"}]}";

static void a_value_is_shown_as_typed_leaves(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);
	const struct item *it = domain_item(d, STR("works.candidates"));
	const struct val *fields = val_at(parse(&cx, candidates), "fields");
	const struct val *rows, *period;
	struct buf b = buf_new(cx.mem, 1 << 16);

	period = schema_show(cx.mem, d, field_find(it, STR("publicity_period")),
	    val_at(fields, "publicity_period"), "zh");
	assert_int_equal(val_at(period, "from")->kind, VAL_INSTANT);
	assert_int_equal(val_at(period, "to")->kind, VAL_DATE);
	rows = schema_show(
	    cx.mem, d, field_find(it, STR("candidates")), val_at(fields, "candidates"), "zh");
	json_print(&b, rows);
	assert_string_equal(str_c(cx.mem, buf_str(&b)),
	    "{\"columns\":[{\"name\":\"name\",\"label\":\"名称\",\"numeric\":false},{\"name\":"
	    "\"price\",\"label\":\"投标报价\",\"numeric\":true}],"
	    "\"rows\":[[{\"name\":\"甲公司\",\"code\":null},{\"amount\":\"1838.27\",\"unit\":"
	    "\"万元\"}],"
	    "[{\"name\":\"乙公司\",\"code\":\"91350100M000100Y43\"},\"下浮三成\"]]}");
	assert_int_equal(
	    schema_show(cx.mem, d, field_find(it, STR("candidates")), NULL, "zh")->kind, VAL_NULL);
}

static void the_whole_notice_is_plain_text_and_words_to_search(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);
	const struct item *it = domain_item(d, STR("works.candidates"));
	const struct val *document = parse(&cx, candidates);

	assert_string_equal(str_c(cx.mem, schema_search_text(cx.mem, d, it, document)),
	    "某工程中标候选人公示\n某工程一标段\n甲公司\n1,838.27万元\n乙公司 "
	    "91350100M000100Y43\n下浮三成\n2026-03-16 09:00至2026-03-19\n评标报告.pdf\n1838.27 ");
	assert_string_equal(str_c(cx.mem, schema_text(cx.mem, d, it, document, "en")),
	    "某工程中标候选人公示\nItem: Publicity of candidates\nDisclosed by: Public Resources "
	    "Trading Centre\nPlace: Jizhou District\n"
	    "Formed on: 2026-03-16\nSection: 某工程一标段\nCandidates\nCandidate: 甲公司; Bid "
	    "price: 1,838.27万元\n"
	    "Candidate: 乙公司 91350100M000100Y43; Bid price: 下浮三成\nPublicity: 2026-03-16 "
	    "09:00 to 2026-03-19\nAttachment: 评标报告.pdf\n");
}

/* ---- the document as a whole ---- */
static void what_every_document_has_is_checked_in_imports_too(void **state)
{
	static const struct {
		const char *json, *form, *import;
	} cases[] = {
	    {"{\"item\":\"works.result@1\",\"agency\":\"ja.trading\",\"place\":\"360800\","
	     "\"title\":\"题\",\"formed_on\":\"2026-03-16\",\"fields\":{}}",
		NULL, ""},
	    {"{\"item\":\"works.result@1\",\"agency\":\"ja.tradin\",\"place\":\"1\",\"title\":\" "
	     "\",\"fields\":{}}",
		NULL,
		"agency-unknown: "
		"公开主体“ja.tradin”不在名单中，是不是“ja.trading”？\nplace-unknown: "
		"地区“1”不在地区表中\ntitle-missing: 没有标题\n"
		"date-missing: 没有日期：形成日期和首次公布时间至少要有一个\n"},
	    {"{\"item\":\"works.result@1\",\"agency\":\"ja.trading\",\"place\":\"360800\","
	     "\"title\":\"题\","
	     "\"appearance\":{\"platform\":\"x\",\"identity\":\"1\",\"time\":\"2026-03-16\"},"
	     "\"fields\":{}}",
		NULL, ""},
	    {"{\"item\":\"works.result@1\",\"agency\":\"ja.trading\",\"place\":\"360800\","
	     "\"title\":\"题\",\"formed_on\":\"16.3.2026\","
	     "\"appearance\":{\"platform\":\"x\",\"when\":\"y\"},\"fields\":{},\"extra\":1}",
		NULL,
		"member-unknown: 正文没有“extra”这一部分\ndate-form: "
		"“16.3.2026”不是日期或时间，应写作2026-03-16或2026-03-16T08:42:00+08:00\n"
		"member-unknown: 正文没有“when”这一部分\nappearance: 首次公布应有平台和该处标识\n"},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct issues issues = {0};
		struct buf b = buf_new(cx.mem, 1 << 16);

		schema_check(cx.mem, d, domain_item(d, STR("works.result")),
		    parse(&cx, cases[i].json), CHECK_IMPORT, &issues);
		LIST_EACH(issue, &issues)
			buf_fmt(&b, "%.*s: %.*s\n", STR_ARG(issue->rule), STR_ARG(issue->message));
		assert_string_equal(str_c(cx.mem, buf_str(&b)), cases[i].import);
	}
}

static void required_binds_forms_only(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = real(&cx);
	const struct val *document =
	    parse(&cx, "{\"item\":\"works.result@1\",\"agency\":\"ja.trading\",\"place\":"
		       "\"360800\",\"title\":\"题\",\"formed_on\":\"2026-03-16\",\"fields\":{}}");
	struct issues form = {0}, import = {0};

	schema_check(cx.mem, d, domain_item(d, STR("works.result")), document, CHECK_FORM, &form);
	schema_check(
	    cx.mem, d, domain_item(d, STR("works.result")), document, CHECK_IMPORT, &import);
	assert_true(form.n > 0 && issues_hold(&form));
	LIST_EACH(i, &form)
		assert_string_equal(str_c(cx.mem, i->rule), "required");
	assert_int_equal(import.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_data_have_no_mistake_and_carry_every_element_of_the_plan),
	    CASE(sectors_stand_in_order_with_all_items_of_the_catalogue),
	    CASE(places_outside_the_city_are_known_in_a_demo_home_only),
	    CASE(a_due_date_comes_from_the_rule_in_force_at_its_anchor),
	    CASE(a_value_is_shown_as_typed_leaves),
	    CASE(the_whole_notice_is_plain_text_and_words_to_search),
	    CASE(what_every_document_has_is_checked_in_imports_too),
	    CASE(required_binds_forms_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
