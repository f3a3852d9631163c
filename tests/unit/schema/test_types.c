/* SPDX-License-Identifier: Apache-2.0 */
/* Every field type: what it reads, what it writes into a document, what it says, and what it refuses with which words. */
#include "unit/schema/data.h"
#include "schema/schema_priv.h"

/* A sector with one field of each type, in the folder of the golden tests. */
static const char sector[] =
    "sector: types\nmark: 型\ntitle: 类型\norder: 9\nitems:\n"
    "  - item: types.all\n    version: 1\n    number: 2\n    title: 全部类型\n    description: "
    "每种类型一个字段\n    class: 结果\n"
    "    stage: result\n    kind: deal\n    limit: {text: 无, anchor: formed_on}\n    discloser: "
    "tenderer\n    supervision: 无\n    fields:\n"
    "      - {name: text, label: 文字, type: text, max: 5}\n"
    "      - {name: matched, label: 年份, type: text, pattern: '^[0-9]{4}$'}\n"
    "      - {name: paragraph, label: 段落, type: paragraph}\n"
    "      - {name: integer, label: 家数, type: integer, unit: 家, min: 1, max: 9999}\n"
    "      - {name: decimal, label: 面积, type: decimal, unit: 公顷}\n"
    "      - {name: money, label: 预算, type: money, unit: 万元}\n"
    "      - {name: price, label: 中标价, type: price, unit: 元}\n"
    "      - {name: percent, label: 比例, type: percent}\n"
    "      - {name: date, label: 日期, type: date}\n"
    "      - {name: datetime, label: 时间, type: datetime}\n"
    "      - {name: period, label: 公示期, type: period}\n"
    "      - {name: yesno, label: 是否, type: yesno}\n"
    "      - {name: code, label: 类别, type: code, codes: KIND}\n"
    "      - {name: codes, label: 类别, type: codes, codes: KIND}\n"
    "      - {name: place, label: 地区, type: place}\n"
    "      - {name: place_any, label: 地区, type: place, pattern: any}\n"
    "      - {name: agency, label: 部门, type: agency}\n"
    "      - {name: organisation, label: 中标人, type: organisation}\n"
    "      - {name: person, label: 项目负责人, type: person}\n"
    "      - {name: identifier, label: 编号, type: identifier}\n"
    "      - {name: uscc, label: 信用代码, type: identifier, identifier: uscc}\n"
    "      - {name: org, label: 机构代码, type: identifier, identifier: org}\n"
    "      - {name: deal, label: 标识码, type: identifier, identifier: unified_deal}\n"
    "      - {name: coordinates, label: 位置, type: coordinates}\n"
    "      - {name: attachment, label: 附件, type: attachment}\n"
    "      - name: rows\n        label: 名单\n        type: rows\n        columns:\n"
    "          - {name: name, label: 名称, type: organisation, required: yes}\n"
    "          - {name: price, label: 报价, type: price}\n";

static const struct domain *types_domain(struct cx *cx)
{
	struct map *files = folder(cx, SOURCE_DIR "/tests/golden/schema/base");
	struct str *text = arena_new(cx->mem, struct str);

	*text = str_of(sector);
	map_put(cx->mem, files, STR("sectors/types.yaml"), text);
	return domain_of(cx, files);
}

static const struct field *field_of(const struct domain *d, const char *name)
{
	const struct field *f = field_find(domain_item(d, STR("types.all")), str_of(name));

	if (f == NULL)
		fail_msg("no field %s", name);
	return f;
}

static struct val *document_with(struct arena *mem, const char *field, struct val *value)
{
	struct val *document = val_map(mem), *fields = val_map(mem);

	val_set_text(mem, document, "item", STR("types.all@1"));
	val_set_text(mem, document, "agency", STR("city.housing"));
	val_set_text(mem, document, "place", STR("360800"));
	val_set_text(mem, document, "title", STR("标题"));
	val_set_text(mem, document, "formed_on", STR("2026-03-16"));
	if (value)
		val_put(mem, fields, str_of(field), value);
	val_set(mem, document, "fields", fields);
	return document;
}

/* The issues of a document with one field, "code: message" a line. */
static const char *issues_of(struct cx *cx, const struct domain *d, const char *field,
    struct val *value, enum check_mode mode)
{
	struct issues issues = {0};
	struct buf b = buf_new(cx->mem, 1 << 16);

	schema_check(cx->mem, d, domain_item(d, STR("types.all")),
	    document_with(cx->mem, field, value), mode, &issues);
	LIST_EACH(i, &issues)
		buf_fmt(&b, "%s%.*s: %.*s", b.n ? "\n" : "", STR_ARG(i->rule), STR_ARG(i->message));
	return buf_str(&b).p;
}

static const struct {
	const char *field, *raw, *json, *words;
} good_texts[] = {
    {"text", " 招标人 ", "\"招标人\"", "招标人"},
    {"text", "甲\r\n 乙", "\"甲 乙\"", "甲 乙"},
    {"matched", "2026", "\"2026\"", "2026"},
    {"paragraph", "一\r\n\t二", "\"一\\n\\t二\"", "一\n\t二"},
    {"integer", "1,528", "1528", "1528家"},
    {"integer", "１２ 家", "12", "12家"},
    {"integer", "3.0", "3", "3家"},
    {"decimal", "0.770881", "\"0.770881\"", "0.770881公顷"},
    {"decimal", "1,234.50公顷", "\"1234.50\"", "1,234.50公顷"},
    {"money", "1356", "{\"amount\":\"1356\",\"unit\":\"万元\"}", "1,356万元"},
    {"money", "13,560,000.00 元", "{\"amount\":\"13560000.00\",\"unit\":\"元\"}",
	"13,560,000.00元"},
    {"money", "￥12.5万", "{\"amount\":\"12.5\",\"unit\":\"万元\"}", "12.5万元"},
    {"money", "1.2亿元", "{\"amount\":\"12000\",\"unit\":\"万元\"}", "12,000万元"},
    {"price", "180014035.01", "{\"amount\":\"180014035.01\",\"unit\":\"元\"}", "180,014,035.01元"},
    {"price", "98.5%", "{\"percent\":\"98.5\"}", "98.5%"},
    {"price", "单价为6400 元/吨", "{\"words\":\"单价为6400 元/吨\"}", "单价为6400 元/吨"},
    {"percent", "70％", "\"70\"", "70%"},
    {"date", "2026年3月6日", "\"2026-03-06\"", "2026-03-06"},
    {"date", "2026/3/6 08:00", "\"2026-03-06\"", "2026-03-06"},
    {"datetime", "2026-03-16 08:42", "\"2026-03-16T08:42:00+08:00\"", "2026-03-16 08:42"},
    {"datetime", "20260316", "\"2026-03-16\"", "2026-03-16"},
    {"datetime", "2026-03-16T00:42:49Z", "\"2026-03-16T08:42:49+08:00\"", "2026-03-16 08:42:49"},
    {"period", "2026-03-27 至 2026-04-02", "{\"from\":\"2026-03-27\",\"to\":\"2026-04-02\"}",
	"2026-03-27至2026-04-02"},
    {"period", "自2026年3月27日09:00起至2026年4月2日17:30止",
	"{\"from\":\"2026-03-27T09:00:00+08:00\",\"to\":\"2026-04-02T17:30:00+08:00\"}",
	"2026-03-27 09:00至2026-04-02 17:30"},
    {"period", "2026-03-27~2026-04-02", "{\"from\":\"2026-03-27\",\"to\":\"2026-04-02\"}",
	"2026-03-27至2026-04-02"},
    {"period", "2026-04-02止", "{\"to\":\"2026-04-02\"}", "至2026-04-02"},
    {"period", "2026-03-27起", "{\"from\":\"2026-03-27\"}", "2026-03-27至"},
    {"yesno", "是", "true", "是"},
    {"yesno", "不允许", "false", "否"},
    {"yesno", "TRUE", "true", "是"},
    {"code", "A", "\"A\"", "甲"},
    {"code", "乙", "\"B\"", "乙"},
    {"codes", "甲、乙;A", "[\"A\",\"B\"]", "甲、乙"},
    {"place", "吉安市", "\"360800\"", "吉安市"},
    {"place", "360000", "\"360000\"", "江西省"},
    {"place_any", "赣江之滨", "\"赣江之滨\"", "赣江之滨"},
    {"agency", "住建局", "\"city.housing\"", "住建局"},
    {"organisation", "宜昌金猇置业有限公司", "{\"name\":\"宜昌金猇置业有限公司\"}",
	"宜昌金猇置业有限公司"},
    {"organisation", "宜昌某某公司（91350100M000100Y43）",
	"{\"code\":\"91350100M000100Y43\",\"name\":\"宜昌某某公司\"}",
	"宜昌某某公司 91350100M000100Y43"},
    {"organisation", "某公司（联合体）", "{\"name\":\"某公司（联合体）\"}", "某公司（联合体）"},
    {"person", "欧阳修", "{\"name\":\"欧**\"}", "欧**"},
    {"person", "王**", "{\"name\":\"王**\"}", "王**"},
    {"identifier", "YCA010199-202501-01", "\"YCA010199-202501-01\"", "YCA010199-202501-01"},
    {"uscc", "91350100M000100Y43", "\"91350100M000100Y43\"", "91350100M000100Y43"},
    {"coordinates", "115.01,27.11\n115.02,27.12", "\"115.01,27.11\\n115.02,27.12\"",
	"115.01,27.11\n115.02,27.12"},
    {"attachment", "见招标文件第三章", "\"见招标文件第三章\"", "见招标文件第三章"},
};

static void good_text_becomes_a_value_that_passes_and_is_said_again(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(good_texts); i++) {
		const struct field *f = field_of(d, good_texts[i].field);
		struct issues issues = {0};
		struct val *v = schema_read(cx.mem, d, f, str_of(good_texts[i].raw), &issues);
		struct str json;

		if (v == NULL || issues.n)
			fail_msg("%s \"%s\": %s", good_texts[i].field, good_texts[i].raw,
			    issues.n ? issues.at[0].message.p : "not read");
		must(&cx, json_canonical(&cx, v, &json));
		assert_string_equal(json.p, good_texts[i].json);
		assert_string_equal(
		    str_c(cx.mem, schema_words(cx.mem, d, f, v, "zh")), good_texts[i].words);
		assert_string_equal(issues_of(&cx, d, good_texts[i].field, v, CHECK_FORM), "");
	}
}

static void bad_text_is_refused_with_what_would_be_accepted(void **state)
{
	static const struct {
		const char *field, *raw, *issue;
	} cases[] = {
	    {"integer", "若干", "type-integer: 家数“若干”不是整数，应写作120"},
	    {"integer", "1.5", "type-integer: 家数“1.5”不是整数，应写作120"},
	    {"integer", "9007199254740993",
		"type-integer: 家数“9007199254740993”不是整数，应写作120"},
	    {"decimal", "约3", "type-decimal: 面积“约3”不是数，应写作120.5"},
	    {"decimal", "3亩", "type-decimal: 面积“3亩”不是数，应写作120.5"},
	    {"money", "面议", "type-money: 预算“面议”不是金额，应写作13560000.00元或1356万元"},
	    {"money", "100美元",
		"type-money: 预算“100美元”不是金额，应写作13560000.00元或1356万元"},
	    {"percent", "七成", "type-percent: 比例“七成”不是百分比，应写作98.5%"},
	    {"date", "Mar 16, 2026", "type-date: 日期“Mar 16, 2026”不是日期，应写作2026-03-16"},
	    {"date", "2026-02-30", "type-date: 日期“2026-02-30”不是日期，应写作2026-03-16"},
	    {"datetime", "明天上午",
		"type-datetime: 时间“明天上午”不是时间，应写作2026-03-16 08:42"},
	    {"period", "三个工作日",
		"type-period: 公示期“三个工作日”不是起止时间，应写作2026-03-16至2026-03-20"},
	    {"period", "2026-03-27至下周",
		"type-period: 公示期“2026-03-27至下周”不是起止时间，应写作2026-03-16至2026-03-20"},
	    {"yesno", "也许", "type-yesno: 是否“也许”应为是或否"},
	    {"codes", "、", "type-codes: 类别应为一列代码，不重复"},
	    {"place", "火星", "type-place: 地区“火星”不在地区表中"},
	    {"agency", "city.housin",
		"type-agency: 部门“city.housin”不在公开主体名单中，是不是“city.housing”？"},
	    {"rows", "甲,1", "type-rows: 名单应为一张表，每行一条记录"},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct issues issues = {0};

		(void)schema_read(
		    cx.mem, d, field_of(d, cases[i].field), str_of(cases[i].raw), &issues);
		assert_int_equal(issues.n, 1);
		assert_string_equal(str_fmt(cx.mem, "%.*s: %.*s", STR_ARG(issues.at[0].rule),
					STR_ARG(issues.at[0].message))
					.p,
		    cases[i].issue);
		assert_string_equal(str_c(cx.mem, issues.at[0].value), cases[i].raw);
	}
}

static const struct {
	const char *field, *json, *form, *import; /* import NULL: the same */
} bad_values[] = {
    {"text", "3", "type-text: 文字应为文字", NULL},
    {"text", "\"\"", "type-text: 文字应为文字", NULL},
    {"text", "\"甲\\n乙\"",
	"type-line: 文字应为一行文字，不得换行\ntext-control: "
	"文字第2个字处有控制符U+000A，公开的文字不得含有",
	NULL},
    {"text", "\"一二三四五六\"", "too-long: 文字有6个字，最多5个", NULL},
    {"matched", "\"26\"", "pattern: 年份“26”不合规定的写法：^[0-9]{4}$", NULL},
    {"integer", "\"3\"", "type-integer: 家数“3”不是整数，应写作120", NULL},
    {"integer", "0", "too-small: 家数为0，不得小于1", NULL},
    {"integer", "10000", "too-large: 家数为10000，不得大于9999", NULL},
    {"decimal", "\"1,5\"", "type-decimal: 面积“1,5”不是数，应写作120.5", NULL},
    {"money", "{\"amount\":\"1\",\"unit\":\"元\",\"x\":1}",
	"type-money: 预算“1”不是金额，应写作13560000.00元或1356万元", NULL},
    {"money", "{\"amount\":\"1\",\"unit\":\"美元\"}",
	"type-money: 预算“1”不是金额，应写作13560000.00元或1356万元", NULL},
    {"price", "{\"percent\":\"1\",\"words\":\"x\"}",
	"type-price: 中标价“”不是价格：应为金额、百分比或文字之一", NULL},
    {"date", "\"2026-3-1\"", "type-date: 日期“2026-3-1”不是日期，应写作2026-03-16", NULL},
    {"datetime", "\"2026-03-16T08:42:00Z\"",
	"type-datetime: 时间“2026-03-16T08:42:00Z”不是时间，应写作2026-03-16 08:42", NULL},
    {"period", "{}", "type-period: 公示期“”不是起止时间，应写作2026-03-16至2026-03-20", NULL},
    {"period", "{\"from\":\"2026-03-27\",\"to\":\"2025-04-29\"}",
	"period-order: 公示期的截止时间2025-04-29早于开始时间2026-03-27", NULL},
    {"yesno", "\"yes\"", "type-yesno: 是否“yes”应为是或否", NULL},
    {"code", "\"C\"", "code-unknown: 类别“C”不在代码表类别中", ""},
    {"codes", "[\"A\",\"A\"]", "type-codes: 类别应为一列代码，不重复", NULL},
    {"place", "\"999999\"", "type-place: 地区“999999”不在地区表中", NULL},
    {"organisation", "{\"code\":\"1\"}", "type-organisation: 中标人应有名称，可以有代码", NULL},
    {"organisation", "{\"name\":\"甲\",\"code\":\"91350100M000100Y44\"}",
	"identifier-uscc: "
	"中标人“91350100M000100Y44”不是有效的统一社会信用代码：应为18位，末位是校验码",
	NULL},
    {"uscc", "\"91350100M000100Y44\"",
	"identifier-uscc: "
	"信用代码“91350100M000100Y44”不是有效的统一社会信用代码：应为18位，末位是校验码",
	NULL},
    {"org", "\"123456789\"",
	"identifier-org: 机构代码“123456789”不是有效的组织机构代码：应为9位，末位是校验码", NULL},
    {"deal", "\"A01\"",
	"identifier-unified-deal: "
	"标识码“A01”不是有效的统一交易标识码：应为40位，末位是校验码",
	NULL},
    {"person", "\"王\"", "type-person: 项目负责人应有姓名", NULL},
    {"attachment", "{\"name\":\"a.pdf\"}",
	"type-attachment: 附件应为附件（名称、类型、大小、SHA-256）或说明所在之处的文字", NULL},
    {"rows", "[]", "type-rows: 名单应为一张表，每行一条记录", NULL},
    {"rows", "[{\"price\":{\"words\":\"见附件\"}}]", "required: 名单第1行的名称必须填写", ""},
    {"rows", "[{\"name\":{\"name\":\"甲\"},\"rank\":1}]",
	"field-unknown: 这一公开事项没有“rank”这个字段", NULL},
    {"title", "\"x\"", "field-unknown: 这一公开事项没有“title”这个字段", NULL},
};

static void bad_values_of_a_document_are_refused_by_their_type(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(bad_values); i++) {
		struct val *v;

		must(&cx, json_parse(&cx, str_of(bad_values[i].json), NULL, &v));
		assert_string_equal(
		    issues_of(&cx, d, bad_values[i].field, v, CHECK_FORM), bad_values[i].form);
		assert_string_equal(issues_of(&cx, d, bad_values[i].field, v, CHECK_IMPORT),
		    bad_values[i].import ? bad_values[i].import : bad_values[i].form);
	}
}

static void empty_text_is_neither_a_value_nor_an_issue(void **state)
{
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);
	const struct item *it = domain_item(d, STR("types.all"));

	for (size_t i = 0; i < it->fields_n; i++) {
		struct issues issues = {0};

		assert_null(schema_read(cx.mem, d, &it->fields[i], STR(" \n "), &issues));
		assert_int_equal(issues.n, 0);
	}
}

/* Severity and whether an officer may waive it, by where a wrong credit code stands. */
static void a_wrong_credit_code_holds_but_in_a_row_of_an_import(void **state)
{
	static const struct {
		const char *field, *json;
		enum check_mode mode;
		enum severity severity;
	} cases[] = {
	    {"uscc", "\"X\"", CHECK_FORM, SEVERITY_ERROR},
	    {"uscc", "\"X\"", CHECK_IMPORT, SEVERITY_ERROR},
	    {"rows", "[{\"name\":{\"name\":\"甲\",\"code\":\"X\"}}]", CHECK_FORM, SEVERITY_ERROR},
	    {"rows", "[{\"name\":{\"name\":\"甲\",\"code\":\"X\"}}]", CHECK_IMPORT,
		SEVERITY_WARNING},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct issues issues = {0};
		struct val *v;

		must(&cx, json_parse(&cx, str_of(cases[i].json), NULL, &v));
		schema_check(cx.mem, d, domain_item(d, STR("types.all")),
		    document_with(cx.mem, cases[i].field, v), cases[i].mode, &issues);
		assert_int_equal(issues.n, 1);
		assert_int_equal(issues.at[0].severity, cases[i].severity);
	}
}

static void characters_and_personal_identifiers_are_found_in_every_text(void **state)
{
	static const struct {
		const char *field, *json, *issue;
		bool waivable;
	} cases[] = {
	    {"paragraph", "\"招标\\u202e人\"",
		"text-bidi: 段落第3个字处有改变书写方向的控制符U+202E，公开的文字不得含有", false},
	    {"paragraph", "\"招标\\u0085人\"",
		"text-control: 段落第3个字处有控制符U+0085，公开的文字不得含有", false},
	    {"paragraph", "\"招标\\ufdd0人\"",
		"text-noncharacter: 段落第3个字处有非字符U+FDD0，公开的文字不得含有", false},
	    {"paragraph", "\"招标\\u200b人\"", "text-zero-width: 段落第3个字处有看不见的字符U+200B",
		true},
	    {"paragraph", "\"招标\\ue000人\"",
		"text-private-use: 段落第3个字处有自造字U+E000，别处可能显示不出来", true},
	    {"price", "{\"words\":\"甲\\u200b\"}",
		"text-zero-width: 中标价第2个字处有看不见的字符U+200B", true},
	    {"rows", "[{\"name\":{\"name\":\"甲\\u200b\"}}]",
		"text-zero-width: 名单第1行的名称第2个字处有看不见的字符U+200B", true},
	    {"organisation", "{\"name\":\"甲\\u2066\"}",
		"text-bidi: 中标人第2个字处有改变书写方向的控制符U+2066，公开的文字不得含有",
		false},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct issues issues = {0};
		struct val *v;

		must(&cx, json_parse(&cx, str_of(cases[i].json), NULL, &v));
		schema_check(cx.mem, d, domain_item(d, STR("types.all")),
		    document_with(cx.mem, cases[i].field, v), CHECK_IMPORT, &issues);
		assert_int_equal(issues.n, 1);
		assert_string_equal(str_fmt(cx.mem, "%.*s: %.*s", STR_ARG(issues.at[0].rule),
					STR_ARG(issues.at[0].message))
					.p,
		    cases[i].issue);
		assert_int_equal(issues.at[0].waivable, cases[i].waivable);
		assert_int_equal(issues.at[0].severity, SEVERITY_ERROR);
	}
}

static void personal_identifiers_are_named_masked(void **state)
{
	static const struct {
		const char *field, *text, *rule;
		bool waivable;
	} cases[] = {
	    {"paragraph", "联系电话13812345678", "personal-mobile", true},
	    {"paragraph", "身份证号360821190002280024", "personal-identity-number", false},
	    {"identifier", "360821190002280024", "personal-identity-number", false},
	    {"paragraph", "卡号6222021234567890128，开户行", "personal-bank-card", false},
	};
	struct cx cx = {.mem = *state};
	const struct domain *d = types_domain(&cx);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct issues issues = {0};

		schema_check(cx.mem, d, domain_item(d, STR("types.all")),
		    document_with(cx.mem, cases[i].field, val_text(cx.mem, str_of(cases[i].text))),
		    CHECK_IMPORT, &issues);
		if (issues.n != 1)
			fail_msg("%s: %zu issues", cases[i].text, issues.n);
		assert_string_equal(str_c(cx.mem, issues.at[0].rule), cases[i].rule);
		assert_int_equal(issues.at[0].waivable, cases[i].waivable);
		assert_int_equal(issues.at[0].severity, SEVERITY_ERROR);
		assert_true(str_has(issues.at[0].value, STR("*")));
		assert_true(str_has(issues.at[0].message, issues.at[0].value));
	}
}

/* Patterns are data: one that would try for years is given up, and does not match. */
static void a_pattern_without_end_ends(void **state)
{
	static const char *const patterns[] = {
	    "^(a+)+$", "^(a|aa)+$", "(x+x+)+y", "(.*a){20}b", "^(?:(?:a?){30}a{30})$"};
	struct arena *mem = *state;
	char *text = arena_alloc(mem, 60000);

	memset(text, 'a', 60000);
	text[59999] = '!';
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		struct str problem;
		const struct pattern *p = pattern_compile(mem, str_of(patterns[i]), &problem);

		assert_non_null(p);
		assert_false(pattern_matches(mem, p, (struct str){text, 60000}));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(good_text_becomes_a_value_that_passes_and_is_said_again),
	    CASE(bad_text_is_refused_with_what_would_be_accepted),
	    CASE(bad_values_of_a_document_are_refused_by_their_type),
	    CASE(empty_text_is_neither_a_value_nor_an_issue),
	    CASE(a_wrong_credit_code_holds_but_in_a_row_of_an_import),
	    CASE(characters_and_personal_identifiers_are_found_in_every_text),
	    CASE(personal_identifiers_are_named_masked),
	    CASE(a_pattern_without_end_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
