/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "codec/yaml.h"
#include "lib/unit.h"

static void every_scalar_is_text_with_its_place(void **state)
{
	struct cx cx = {.mem = *state};
	struct buf b = buf_new(*state, 4096);
	struct val *v;

	assert_true(yaml_parse(&cx, STR("x.yaml"),
	    STR("# item\nitem: works.tender\nversion: 1\ntitle: {zh: 招标公告, \"en\": "
		"'it''s'}\nyes: ~\nnothing:\nempty: \"\"\n"
		"fields:\n  - name: a\n  - [62, 63]\nlong: >\n  two\n  lines\n"),
	    &v));
	json_print(&b, v);
	assert_string_equal(buf_str(&b).p,
	    "{\"item\":\"works.tender\",\"version\":\"1\",\"title\":{\"zh\":\"招标公告\",\"en\":"
	    "\"it's\"},\"yes\":\"~\",\"nothing\":null,"
	    "\"empty\":\"\",\"fields\":[{\"name\":\"a\"},[\"62\",\"63\"]],\"long\":\"two "
	    "lines\\n\"}");
	assert_int_equal(val_at(v, "item")->line, 2);
	assert_int_equal(val_at(v, "item")->column, 7);
	assert_int_equal(val_path(v, STR("title.en"))->line, 4);
	assert_int_equal(val_path(v, STR("title.en"))->column, 25);
	assert_int_equal(val_at(v, "fields")->at[1]->line, 10);
}

static void what_is_refused_says_file_line_and_column(void **state)
{
	static const struct {
		const char *text, *message;
		enum err_code code;
	} cases[] = {
	    {"", "x.yaml:1:1: expected a value but the file is empty", ERR_INPUT},
	    {"# nothing\n", "x.yaml:2:1: expected a value but the file is empty", ERR_INPUT},
	    {"a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key a stands twice", ERR_INPUT},
	    {"a: &x 1\n", "x.yaml:1:4: anchors and tags are not used in data files", ERR_INPUT},
	    {"a: *x\n", "x.yaml:1:4: aliases are not used in data files", ERR_INPUT},
	    {"a: !!int 1\n", "x.yaml:1:4: anchors and tags are not used in data files", ERR_INPUT},
	    {"a: &x [1]\n", "x.yaml:1:4: anchors and tags are not used in data files", ERR_INPUT},
	    {"a: !x {}\n", "x.yaml:1:4: anchors and tags are not used in data files", ERR_INPUT},
	    {"a: 1\n---\nb: 2\n", "x.yaml:2:1: expected one document in a file", ERR_INPUT},
	    {"? [a]\n: b\n", "x.yaml:1:3: expected a key that is one word or text", ERR_INPUT},
	    {"{? : b}\n", "x.yaml:1:4: expected a key before the colon", ERR_INPUT},
	    {": b\n", "x.yaml:1:1: did not find expected key while parsing a block mapping",
		ERR_INPUT},
	    {"a: [1, 2\nb: 3\n",
		"x.yaml:2:2: did not find expected ',' or ']' while parsing a flow sequence",
		ERR_INPUT},
	    {"a: \"x\n",
		"x.yaml:2:1: found unexpected end of stream while scanning a quoted scalar",
		ERR_INPUT},
	    {"a: b: c\n", "x.yaml:1:5: mapping values are not allowed in this context", ERR_INPUT},
	    {"a: 1\nb: \x01\n", "x.yaml:2:1: control characters are not allowed", ERR_INPUT},
	    {"a: 1\nb: \xFF\n", "x.yaml:2:1: invalid UTF-8", ERR_INPUT},
	    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "x.yaml:1:17: nested deeper than 16 levels",
		ERR_LIMIT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct val *v;

		assert_false(yaml_parse(&cx, STR("x.yaml"), str_of(cases[i].text), &v));
		assert_string_equal(cx.err.msg.p, cases[i].message);
		assert_int_equal(cx.err.code, cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_scalar_is_text_with_its_place),
	    CASE(what_is_refused_says_file_line_and_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
