/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "lib/unit.h"

static struct val *parsed(struct arena *mem, const char *text)
{
	struct cx cx = {.mem = mem};
	struct val *v;

	assert_true(json_parse(&cx, str_of(text), NULL, &v));
	return v;
}

static const char *printed(struct arena *mem, const struct val *v)
{
	struct buf b = buf_new(mem, 1 << 20);

	json_print(&b, v);
	return buf_str(&b).p;
}

static void what_is_refused_says_where_and_what_would_be_accepted(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"", "1:1: expected a value but found the end"},
	    {"{\"a\":1,\n\"b\":[\n\"一二三四五六七八九十一二\" x]}",
		"3:16: expected a comma or ] but found \"x\""},
	    {"[1,]", "1:4: expected a value after the comma but found \"]\""},
	    {"[,1]", "1:2: expected a value but found \",\""},
	    {"[1 2]", "1:4: expected a comma or ] but found \"2\""},
	    {"{\"a\" 1}", "1:6: expected a colon after the key but found \"1\""},
	    {"{\"a\":1,}", "1:8: expected a key in quotes after the comma but found \"}\""},
	    {"{a:1}", "1:2: expected a key in quotes but found \"a\""},
	    {"{\"a\":1 \"b\":2}", "1:8: expected a comma or } but found \"\"\""},
	    {"{\"甲\":1,\"乙\":2,\"甲\":3}", "1:14: this key stands twice in its object"},
	    {"{\"\\u0061\":1,\"a\":2}", "1:13: this key stands twice in its object"},
	    {"1 2", "1:3: expected nothing more but found \"2\""},
	    {"[] 值", "1:4: expected nothing more but found \"值\""},
	    {"nul", "1:1: expected a value but found \"n\""},
	    {"True", "1:1: expected a value but found \"T\""},
	    {"01", "1:1: a number may not begin with 0"},
	    {"-", "1:2: expected a digit but found the end"},
	    {"1.", "1:3: expected a digit but found the end"},
	    {"1e+", "1:4: expected a digit but found the end"},
	    {"+1", "1:1: expected a value but found \"+\""},
	    {"\"abc", "1:1: this text is not closed"},
	    {"\"a\tb\"", "1:3: expected an escape for the control character but found U+0009"},
	    {"\"\\x\"", "1:3: expected one of \"\\/bfnrtu after the backslash but found \"x\""},
	    {"\"\\u12g4\"", "1:6: expected four hexadecimal digits after \\u but found \"g\""},
	    {"\"字\\ud800\"", "1:3: a surrogate must stand in a pair"},
	    {"\"\\ud800\\u0041\"", "1:2: a surrogate must stand in a pair"},
	    {"\"\\udc00\\ud800\"", "1:2: a surrogate must stand in a pair"},
	    {"[\n\"\xC3\"]", "2:2: invalid UTF-8"},
	    {"\xEF\xBB\xBF{}", "1:1: expected plain UTF-8 but found a byte order mark"},
	    {"[\xEF\xBB\xBF]", "1:2: expected a value but found U+FEFF"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct val *v;

		assert_false(json_parse(&cx, str_of(cases[i].text), NULL, &v));
		assert_string_equal(cx.err.msg.p, cases[i].message);
		assert_int_equal(cx.err.code, ERR_INPUT);
	}
}

static void limits_are_of_bytes_depth_and_values(void **state)
{
	static const struct {
		const char *text, *message;
		struct json_limits limits;
	} cases[] = {
	    {"[1,2,3]", "JSON of 7 bytes; at most 6 are accepted", {.bytes = 6}},
	    {"[[{\"a\":[]}]]", "1:8: nested deeper than 3 levels", {.depth = 3}},
	    {"[1,2,3]", "1:6: more than 3 values", {.nodes = 3}},
	};
	struct cx cx = {.mem = *state};
	struct val *v;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_false(json_parse(&cx, str_of(cases[i].text), &cases[i].limits, &v));
		assert_string_equal(cx.err.msg.p, cases[i].message);
		assert_int_equal(cx.err.code, ERR_LIMIT);
		cx_clear(&cx);
	}
	assert_true(json_parse(&cx, STR("[1,2,3]"), &(struct json_limits){7, 1, 4}, &v));
}

static void numbers_keep_their_exact_text(void **state)
{
	static const struct {
		const char *text;
		enum val_kind kind;
	} cases[] = {
	    {"0", VAL_INT},
	    {"-1", VAL_INT},
	    {"9007199254740991", VAL_INT},
	    {"-9007199254740991", VAL_INT},
	    {"9007199254740992", VAL_NUMBER},
	    {"-9007199254740992", VAL_NUMBER},
	    {"18446744073709551615", VAL_NUMBER},
	    {"-0", VAL_NUMBER},
	    {"1.0", VAL_NUMBER},
	    {"1E5", VAL_NUMBER},
	    {"0.1", VAL_NUMBER},
	    {"1e-400", VAL_NUMBER},
	    {"12345678901234567890.12345678901234567890", VAL_NUMBER},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct val *v = parsed(*state, cases[i].text);

		assert_int_equal(v->kind, cases[i].kind);
		assert_string_equal(printed(*state, v), cases[i].text);
	}
}

static void every_value_knows_its_line_and_column_in_characters(void **state)
{
	struct val *v = parsed(*state, "{\"名称\": \"甲\",\n  \"乙\": [1, "
				       "{\"长长长长长长长长的\":\t\"\\u4e00\", \"x\": null}]}");
	struct val *inner = val_at(v, "乙")->at[1];

	assert_int_equal(v->line, 1);
	assert_int_equal(v->column, 1);
	assert_int_equal(val_at(v, "名称")->column, 8);
	assert_int_equal(inner->line, 2);
	assert_int_equal(inner->column, 12);
	assert_int_equal(inner->at[0]->column, 26);
	assert_int_equal(val_at(inner, "x")->column, 41);
}

static void texts_end_with_nul_and_belong_to_the_arena(void **state)
{
	char input[] = "{\"key\":[\"text\",1.5,\"a\\u0000b\"]}";
	struct val *v = parsed(*state, input), *list = val_at(v, "key");

	memset(input, 'x', sizeof input - 1);
	assert_string_equal(v->keys[0].p, "key");
	assert_string_equal(list->at[0]->text.p, "text");
	assert_string_equal(list->at[1]->text.p, "1.5");
	assert_int_equal(list->at[2]->text.n, 3);
	assert_memory_equal(list->at[2]->text.p, "a\0b", 4);
}

static void a_big_object_is_read_quickly_and_its_duplicate_found(void **state)
{
	struct arena *a = *state;
	struct cx cx = {.mem = a};
	struct buf b = buf_new(a, 1 << 24);
	struct val *v;

	buf_char(&b, '{');
	for (int i = 0; i < 100000; i++)
		buf_fmt(&b, "%s\"prefix-of-a-key-%d\":%d", i ? "," : "", i, i);
	buf_char(&b, '}');
	assert_true(json_parse(&cx, buf_str(&b), NULL, &v));
	assert_int_equal(v->n, 100000);
	b.n--;
	buf_c(&b, ",\n\"prefix-of-a-key-500\":0,\"prefix-of-a-key-3\":0}");
	assert_false(json_parse(&cx, buf_str(&b), NULL, &v));
	assert_string_equal(cx.err.msg.p, "2:1: this key stands twice in its object");
}

static void escapes_are_read_and_written_as_short_as_possible(void **state)
{
	assert_string_equal(
	    printed(*state,
		parsed(*state,
		    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\\u007f\\u00e9\\ud83d\\ude00\"")),
	    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\u00e9\U0001F600\"");
}

static void leaves_print_their_machine_form(void **state)
{
	struct arena *a = *state;
	struct val *m = val_map(a);
	struct buf b = buf_new(a, 4096);

	val_set(a, m, "decimal", val_leaf(a, VAL_DECIMAL, STR("1838.27"), STR("亩")));
	val_set(a, m, "money", val_money(a, STR("28.38"), STR("万元")));
	val_set(a, m, "date", val_date(a, STR("2026-03-16")));
	val_set(a, m, "code", val_code(a, STR("A01"), STR_NONE));
	val_set(a, m, "link", val_link(a, STR("/n/1"), STR("公告")));
	val_set(a, m, "html", val_leaf(a, VAL_HTML, STR("<p>x</p>"), STR_NONE));
	val_set(a, m, "none", val_list(a));
	assert_string_equal(printed(a, m),
	    "{\"decimal\":\"1838.27\",\"money\":{\"amount\":\"28.38\",\"unit\":\"万元\"},\"date\":"
	    "\"2026-03-16\","
	    "\"code\":{\"code\":\"A01\",\"label\":null},\"link\":{\"href\":\"/n/"
	    "1\",\"label\":\"公告\"},\"html\":\"<p>x</p>\",\"none\":[]}");
	json_print_pretty(&b, parsed(a, "{\"a\":[1,{}],\"b\":[]}"));
	assert_string_equal(buf_str(&b).p, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n");
}

static void canonical_form_is_that_of_rfc_8785(void **state)
{
	static const struct {
		const char *text, *canonical;
	} cases[] = {
	    /* the example of RFC 8785 section 3.2.2, without its numbers that are no integers */
	    {"{\n  \"numbers\": [333333333, 4, 2, 0],\n  \"string\": "
	     "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
	     "  \"literals\": [null, true, false]\n}",
		"{\"literals\":[null,true,false],\"numbers\":[333333333,4,2,0],\"string\":\"\u20ac$"
		"\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"},
	    {"{\"b\":{\"z\":1,\"y\":2},\"a\":[],\"B\":0,\"aa\":\"\",\"\":null}",
		"{\"\":null,\"B\":0,\"a\":[],\"aa\":\"\",\"b\":{\"y\":2,\"z\":1}}"},
	    {"{\"1\":1,\"10\":2,\"\\r\":3,\"~\":4,\"<\":5}",
		"{\"\\r\":3,\"1\":1,\"10\":2,\"<\":5,\"~\":4}"},
	    {"\"\\u0000\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u000e\\u001f "
	     "\\u007f\\u0080\\u2028\\ufb33\"",
		"\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u000e\\u001f \x7f\xC2\x80\u2028\ufb33\""},
	    {"[-9007199254740991,9007199254740991]", "[-9007199254740991,9007199254740991]"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct str out;

		assert_true(json_canonical(&cx, parsed(*state, cases[i].text), &out));
		assert_string_equal(out.p, cases[i].canonical);
	}
}

static void what_has_no_canonical_form_is_named_by_its_path(void **state)
{
	struct arena *a = *state;
	struct cx cx = {.mem = a};
	struct val *leaf = parsed(a, "{\"fields\":{\"rows\":[1,{}]}}");
	struct val *deep = val_list(a), *bad = val_text(a, STR("\xFF"));
	struct str out;

	val_set(a, val_path(leaf, STR("fields.rows"))->at[1], "price",
	    val_money(a, STR("1"), STR("元")));
	for (int i = 0; i < 64; i++) {
		struct val *outer = val_list(a);

		val_add(a, outer, deep);
		deep = outer;
	}
	const struct {
		const struct val *v;
		const char *message;
		enum err_code code;
	} cases[] = {
	    {leaf,
		"no canonical form: fields.rows[1].price is a leaf for people; documents hold "
		"null, bool, integer, text, list and map",
		ERR_INPUT},
	    {parsed(a, "[0,1.5]"),
		"no canonical form: [1] is a number but no integer within 2^53-1; write it as text",
		ERR_INPUT},
	    {parsed(a, "9007199254740992"),
		"no canonical form: the value is a number but no integer within 2^53-1; write it "
		"as text",
		ERR_INPUT},
	    {parsed(a, "{\"a\":{\"金额\":1}}"),
		"no canonical form: a.金额 has a key that is not ASCII", ERR_INPUT},
	    {val_int(a, ((int64_t)1 << 53)),
		"no canonical form: the value is an integer beyond 2^53-1", ERR_INPUT},
	    {bad, "no canonical form: the value is not UTF-8", ERR_INPUT},
	    {deep, "nested deeper than 64 levels", ERR_LIMIT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_false(json_canonical(&cx, cases[i].v, &out));
		assert_string_equal(cx.err.msg.p, cases[i].message);
		assert_int_equal(cx.err.code, cases[i].code);
		cx_clear(&cx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_is_refused_says_where_and_what_would_be_accepted),
	    CASE(limits_are_of_bytes_depth_and_values),
	    CASE(numbers_keep_their_exact_text),
	    CASE(every_value_knows_its_line_and_column_in_characters),
	    CASE(texts_end_with_nul_and_belong_to_the_arena),
	    CASE(a_big_object_is_read_quickly_and_its_duplicate_found),
	    CASE(escapes_are_read_and_written_as_short_as_possible),
	    CASE(leaves_print_their_machine_form),
	    CASE(canonical_form_is_that_of_rfc_8785),
	    CASE(what_has_no_canonical_form_is_named_by_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
