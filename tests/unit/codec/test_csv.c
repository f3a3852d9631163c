/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/csv.h"
#include "lib/unit.h"

/* The records as "line:[field|field]" or "line:!defect <raw>", joined by spaces. */
static const char *read_all(struct arena *mem, struct str text)
{
	struct cx cx = {.mem = mem};
	struct buf b = buf_new(mem, 1 << 20);
	struct csv_record r;
	struct csv csv;

	if (!csv_open(&cx, text, &csv))
		return cx.err.msg.p;
	while (csv_next(mem, &csv, &r)) {
		buf_fmt(&b, "%s%u:", b.n ? " " : "", r.line);
		if (r.defect)
			buf_fmt(&b, "!%s <%.*s>", r.defect, STR_ARG(r.raw));
		for (size_t i = 0; i < r.n; i++)
			buf_fmt(&b, "%c%.*s", i ? '|' : '[', STR_ARG(r.at[i]));
		if (!r.defect)
			buf_char(&b, ']');
	}
	return buf_str(&b).p;
}

static void records_are_read_one_by_one(void **state)
{
	static const struct {
		struct str text;
		const char *records;
	} cases[] = {
	    {STR(""), ""},
	    {STR("\n\n"), ""},
	    {STR("a,b\n1,2\n"), "1:[a|b] 2:[1|2]"},
	    {STR("a,b\r\n1,2"), "1:[a|b] 2:[1|2]"},
	    {STR("a,b\r1,2\r"), "1:[a|b] 2:[1|2]"},
	    {STR("a\n\n\r\nb\n"), "1:[a] 4:[b]"},
	    {STR(",\n"), "1:[|]"},
	    {STR("a,\n"), "1:[a|]"},
	    {STR("\"\"\n"), "1:[]"},
	    {STR("\"x, y\",\"he \"\"said\"\"\"\nz,w"), "1:[x, y|he \"said\"] 2:[z|w]"},
	    {STR("\"two\nlines\",1\n\"three\r\nmore\rlines\"\nlast"),
		"1:[two\nlines|1] 3:[three\r\nmore\rlines] 6:[last]"},
	    {STR("a\"b,c\"\n"), "1:[a\"b|c\"]"}, /* quotes inside a bare field are its own */
	    {STR("\xEF\xBB\xBF名称,金额\n甲,1\n"), "1:[名称|金额] 2:[甲|1]"},
	    /* a defect costs the line it begins on */
	    {STR("a,b\n\"x\"y,1\nc,d\n"),
		"1:[a|b] 2:!text after a closing quote <\"x\"y,1> 3:[c|d]"},
	    {STR("a,b\n1,\"open\nc,d\ne,f"),
		"1:[a|b] 2:!a quote is not closed <1,\"open> 3:[c|d] 4:[e|f]"},
	    {STR("a\n\"open\nb,\"q\"\nc\n"),
		"1:[a] 2:!text after a closing quote <\"open> 3:[b|q] 4:[c]"},
	    {STR("\""), "1:!a quote is not closed <\">"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(read_all(*state, cases[i].text), cases[i].records);
}

static void encodings_are_recognised(void **state)
{
	static const struct {
		struct str text;
		const char *records;
	} cases[] = {
	    /* 名称,金额 / 吉安,1 in GB18030 */
	    {STR("\xC3\xFB\xB3\xC6,\xBD\xF0\xB6\xEE\r\n\xBC\xAA\xB0\xB2,1\r\n"),
		"1:[名称|金额] 2:[吉安|1]"},
	    /* UTF-8 with one bad row: the others are read */
	    {STR("一二三四五六七八,b\nx\xFFy,2\nc,3\n"),
		"1:[一二三四五六七八|b] 2:!invalid UTF-8 <x\xFFy,2> 3:[c|3]"},
	    {STR("\xEF\xBB\xBF"
		 "a\n\xBC\xAA\nb\n"),
		"1:[a] 2:!invalid UTF-8 <\xBC\xAA> 3:[b]"},
	    {STR("a\nb\n\xFF\n"), "line 3: neither UTF-8 nor GB18030"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(read_all(*state, cases[i].text), cases[i].records);
}

static void fields_are_quoted_when_needed_and_never_run(void **state)
{
	static const struct {
		const char *field, *printed;
	} cases[] = {
	    {"plain", "plain"},
	    {"", ""},
	    {"a,b", "\"a,b\""},
	    {"say \"x\"", "\"say \"\"x\"\"\""},
	    {"a\nb", "\"a\nb\""},
	    {"=1+1", "'=1+1"},
	    {"-5", "'-5"},
	    {"+x", "'+x"},
	    {"@x", "'@x"},
	    {"\tx", "'\tx"},
	    {"＝A1", "'＝A1"},
	    {"=a,b", "\"'=a,b\""},
	    {"a=b", "a=b"},
	};
	struct buf row = buf_new(*state, 100);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = buf_new(*state, 100);

		csv_print(&b, str_of(cases[i].field), true);
		assert_string_equal(buf_str(&b).p, cases[i].printed);
	}
	csv_print(&row, STR("a"), true);
	csv_print(&row, STR(""), false);
	csv_print(&row, STR("b"), false);
	assert_string_equal(buf_str(&row).p, "a,,b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(records_are_read_one_by_one),
	    CASE(encodings_are_recognised),
	    CASE(fields_are_quoted_when_needed_and_never_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
