/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"
#include "text/text.h"

static void only_shortest_forms_of_real_characters_are_utf8(void **state)
{
	static const struct {
		struct str text;
		bool ok;
		size_t bad_at;
	} cases[] = {
	    {STR(""), true, 0},
	    {STR("plain ascii, longer than eight"), true, 0},
	    {STR("吉安市"), true, 0},
	    {STR("a\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF"
		 "\xBF"),
		true, 0},
	    {STR("\0"), true, 0},
	    {STR("\x80"), false, 0},		 /* continuation alone */
	    {STR("ab\xC3"), false, 2},		 /* cut */
	    {STR("12345678\xE5\x90"), false, 8}, /* cut */
	    {STR("\xC0\x80"), false, 0},	 /* overlong */
	    {STR("\xC1\xBF"), false, 0},	 /* overlong */
	    {STR("\xE0\x9F\xBF"), false, 0},	 /* overlong */
	    {STR("\xF0\x8F\xBF\xBF"), false, 0}, /* overlong */
	    {STR("x\xED\xA0\x80"), false, 1},	 /* surrogate */
	    {STR("\xF4\x90\x80\x80"), false, 0}, /* beyond U+10FFFF */
	    {STR("\xF5\x80\x80\x80"), false, 0},
	    {STR("\xFF"), false, 0},
	    {STR("吉\xE5\x90z"), false, 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t bad_at = 0;

		assert_int_equal(text_utf8_valid(cases[i].text, &bad_at), cases[i].ok);
		assert_int_equal(bad_at, cases[i].bad_at);
	}
}

static void every_code_point_is_written_and_read_back(void **state)
{
	for (int32_t c = 0; c <= 0x10FFFF; c += 7) {
		char bytes[4];
		struct str s = {bytes, 0};
		size_t bad_at;

		if (c >= 0xD800 && c < 0xE000)
			continue;
		s.n = text_encode(bytes, c);
		assert_true(text_utf8_valid(s, &bad_at));
		assert_int_equal(text_length(s), 1);
		assert_int_equal(text_next(&s), c);
		assert_int_equal(text_next(&s), -1);
	}
	(void)state;
}

static void a_text_is_cut_between_characters(void **state)
{
	(void)state;
	assert_int_equal(text_length(STR("吉安a市")), 4);
	assert_true(str_is(text_head(STR("吉安a市"), 3), "吉安a"));
	assert_true(str_is(text_head(STR("吉安"), 9), "吉安"));
	assert_true(str_is(text_head(STR("吉安"), 0), ""));
}

static void han_characters_are_known_in_every_plane(void **state)
{
	static const int32_t han[] = {
	    0x4E00, 0x9FFF, 0x3400, 0x3007, 0x20000, 0x2A6DF, 0x30000, 0xFA0E};
	static const int32_t other[] = {'a', 0x3001, 0x3042, 0xAC00, 0xFF21, 0x1F600, -1};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(han); i++)
		assert_true(text_is_han(han[i]));
	for (size_t i = 0; i < ARRAY_SIZE(other); i++)
		assert_false(text_is_han(other[i]));
}

static void every_line_end_becomes_lf(void **state)
{
	struct str plain = STR("a\nb");

	assert_string_equal(text_lines(*state, STR("a\r\nb\rc\r\r\nd\r")).p, "a\nb\nc\n\nd\n");
	assert_ptr_equal(text_lines(*state, plain).p, plain.p);
}

static void texts_fold_alike_whatever_their_width_and_case(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {"ABC 吉安", "abc 吉安"},
	    {"ＡＢＣ１２３", "abc123"},
	    {"Straße", "strasse"},
	    {"", ""},
	    {"plain", "plain"},
	    {"吉\u200b安", "吉安"},
	    {"ﬁ㎡①", "fim21"},
	    {"ｶﾞ", "ガ"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(text_fold(*state, str_of(cases[i].from)).p, cases[i].to);
}

static void gb18030_is_converted_or_refused_as_a_whole(void **state)
{
	struct str out = STR_NONE;

	assert_true(text_from_gb18030(*state, STR("\xBC\xAA\xB0\xB2\xCA\xD0"), &out));
	assert_string_equal(out.p, "吉安市");
	assert_true(
	    text_from_gb18030(*state, STR("\x95\x32\x82\x36"), &out)); /* four bytes: U+20000 */
	assert_string_equal(out.p, "\U00020000");
	assert_false(text_from_gb18030(*state, STR("\xBC\xAA\xB0"), &out));
	assert_false(text_from_gb18030(*state, STR("\xFF\xFF"), &out));
}

static void the_gravest_character_is_found_and_placed(void **state)
{
	static const struct {
		const char *text;
		bool lines;
		enum text_defect defect;
		size_t at;
	} cases[] = {
	    {"吉安 abc", false, TEXT_CLEAN, 0},
	    {"a\nb\tc", true, TEXT_CLEAN, 0},
	    {"a\nb", false, TEXT_CONTROL, 1},
	    {"a\rb", true, TEXT_CONTROL, 1},
	    {"a\x7F", true, TEXT_CONTROL, 1},
	    {"ab\xC2\x85", true, TEXT_CONTROL, 2},
	    {"吉\u202E安", true, TEXT_BIDI, 3},
	    {"a\u2069", true, TEXT_BIDI, 1},
	    {"\uFDD0", true, TEXT_NONCHARACTER, 0},
	    {"\U0001FFFF", true, TEXT_NONCHARACTER, 0},
	    {"a\u200Bb", true, TEXT_ZERO_WIDTH, 1},
	    {"\uFEFF", true, TEXT_ZERO_WIDTH, 0},
	    {"\uE000", true, TEXT_PRIVATE_USE, 0},
	    {"\U00100000", true, TEXT_PRIVATE_USE, 0},
	    {"\uE000\u200B\x01\u200E", true, TEXT_BIDI, 7}, /* the gravest, not the first */
	    {"葛\U000E0100", true, TEXT_CLEAN, 0},	    /* ideographic variation selector */
	    {"葛\uFE00", true, TEXT_CLEAN, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t at = 0;

		assert_int_equal(
		    text_check(str_of(cases[i].text), cases[i].lines, &at), cases[i].defect);
		assert_int_equal(at, cases[i].at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(only_shortest_forms_of_real_characters_are_utf8),
	    CASE(every_code_point_is_written_and_read_back),
	    CASE(a_text_is_cut_between_characters),
	    CASE(han_characters_are_known_in_every_plane),
	    CASE(every_line_end_becomes_lf),
	    CASE(texts_fold_alike_whatever_their_width_and_case),
	    CASE(gb18030_is_converted_or_refused_as_a_whole),
	    CASE(the_gravest_character_is_found_and_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
