/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"
#include "text/text.h"

static void words_are_translated_or_stay_as_they_are(void **state)
{
	struct cx cx = {.mem = *state};
	struct words *w;

	assert_true(words_parse(&cx, STR("en.po"),
	    STR("# head\nmsgid \"\"\nmsgstr \"Language: en\\n\"\n\nmsgid \"首页\"\nmsgstr "
		"\"Home\"\n#: a.html\nmsgid \"两行\"\n"
		"msgstr \"\"\n\"Two \"\n\"lines\\n\"\n\n#, fuzzy\nmsgid \"搜索\"\nmsgstr "
		"\"Seek\"\r\n\r\nmsgid \"空\"\nmsgstr \"\"\n"
		"#~ msgid \"old\"\n#~ msgstr \"alt\"\n"),
	    &w));
	assert_true(str_is(words_get(w, STR("首页")), "Home"));
	assert_true(str_is(words_get(w, STR("两行")), "Two lines\n"));
	assert_true(str_is(words_get(w, STR("搜索")), "搜索"));
	assert_false(words_have(w, STR("搜索")));
	assert_false(words_have(w, STR("空")));
	assert_false(words_have(w, STR("")));
	assert_true(str_is(words_get(NULL, STR("首页")), "首页"));
}

static void a_broken_file_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"msgid \"a\"\n\nmsgid \"b\"\nmsgstr \"c\"\n", "en.po:2: expected msgstr after msgid"},
	    {"msgid \"a\"\nmsgid \"b\"\n", "en.po:2: expected msgstr before the next msgid"},
	    {"msgstr \"a\"\n", "en.po:1: expected msgid before msgstr"},
	    {"\"a\"\n", "en.po:1: expected msgid before a text"},
	    {"msgid \"a\nmsgstr \"b\"\n", "en.po:1: expected a text in quotes"},
	    {"msgid \"a\"b\"\n", "en.po:1: a quote inside a text must be written \\\""},
	    {"msgid \"a\\x\"\n", "en.po:1: expected \\n, \\t, \\\" or \\\\"},
	    {"msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n\n",
		"en.po:4: this msgid stands twice"},
	    {"msgid \"a\"\nmsgid_plural \"b\"\n",
		"en.po:2: expected msgid, msgstr, a text in quotes or a comment"},
	    {"msgid \"a\"\nmsgstr \"\xFF\"\n", "en.po: invalid UTF-8 at byte 19"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct words *w;

		assert_false(words_parse(&cx, STR("en.po"), str_of(cases[i].text), &w));
		assert_string_equal(cx.err.msg.p, cases[i].message);
		assert_int_equal(cx.err.code, ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(words_are_translated_or_stay_as_they_are),
	    CASE(a_broken_file_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
