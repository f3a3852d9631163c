/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"

#include "base/io.h"

static void an_arena_gives_zeroed_memory_and_takes_it_back(void **state)
{
	struct arena *a = *state;
	struct arena_mark m = arena_mark(a);
	unsigned char *p = arena_alloc(a, 100000);

	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(p[i], 0);
	memset(p, 1, 100000);
	arena_rewind(a, m);
	p = arena_alloc(a, 64);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(p[i], 0);
}

static void count_up(void *n)
{
	++*(int *)n;
}

static void handles_registered_with_an_arena_are_closed_at_its_reset(void **state)
{
	struct arena *a = *state;
	int closed = 0;

	arena_defer(a, count_up, &closed);
	arena_defer(a, count_up, &closed);
	arena_reset(a);
	assert_int_equal(closed, 2);
}

static void numbers_are_whole_and_fit_or_are_refused(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
	    {"0", true, 0},
	    {"-1", true, -1},
	    {"9223372036854775807", true, INT64_MAX},
	    {"-9223372036854775808", true, INT64_MIN},
	    {"9223372036854775808", false, 0},
	    {"", false, 0},
	    {"-", false, 0},
	    {"01", false, 0},
	    {"-0", false, 0},
	    {"1 ", false, 0},
	    {"+1", false, 0},
	    {"1e3", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t v = 0;

		assert_int_equal(str_int(str_of(cases[i].text), &v), cases[i].ok);
		assert_int_equal(v, cases[i].value);
	}
}

static void a_builder_that_crosses_its_limit_says_so_once(void **state)
{
	struct buf b = buf_new(*state, 10);

	buf_c(&b, "12345");
	assert_false(b.failed);
	buf_c(&b, "678901");
	assert_true(b.failed);
	buf_c(&b, "x");
	assert_int_equal(b.n, 5);
}

static void html_is_escaped_everywhere(void **state)
{
	struct buf b = buf_new(*state, 1000);

	buf_html(&b, STR("<a href=\"x\">'&'</a>"));
	assert_string_equal(buf_str(&b).p, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

static void a_map_keeps_order_and_knows_the_nearest_key(void **state)
{
	struct arena *a = *state;
	struct map m = {0};
	int values[100];

	for (int i = 0; i < 100; i++)
		assert_null(map_put(a, &m, str_fmt(a, "key-%d", i), &values[i]));
	assert_ptr_equal(map_get(&m, STR("key-42")), &values[42]);
	assert_null(map_get(&m, STR("key-100")));
	assert_ptr_equal(map_put(a, &m, STR("key-42"), &values[0]), &values[42]);
	assert_string_equal(m.at[7].key.p, "key-7");
	assert_true(str_is(map_near(&m, STR("kye-99")), "key-99"));
	assert_null(map_near(&m, STR("something else")).p);
	/* Characters are counted, not bytes; of two one must be right. */
	map_put(a, &m, STR("管理"), &values[0]);
	assert_true(str_is(map_near(&m, STR("管里")), "管理"));
	assert_null(map_near(&m, STR("决策")).p);
}

static void a_failure_carries_its_code_its_place_and_what_was_being_done(void **state)
{
	struct cx cx = {.mem = *state};

	assert_false(cx_fail(&cx, ERR_NOT_FOUND, "no notice %d", 7));
	assert_false(cx_note(&cx, "showing a page"));
	assert_string_equal(cx_error(&cx).p, "no notice 7, while showing a page");
	assert_int_equal(err_kind(cx.err.code)->http_status, 404);
	cx_clear(&cx);
	assert_int_equal(cx.err.code, ERR_NONE);
}

static void a_file_is_replaced_whole_or_not_at_all(void **state)
{
	struct cx cx = {.mem = *state};
	struct str text;

	assert_true(io_file_replace(&cx, "test_base.tmp", STR("one"), 0600));
	assert_true(io_file_replace(&cx, "test_base.tmp", STR("two"), 0600));
	assert_true(io_file_read(&cx, "test_base.tmp", 100, &text));
	assert_string_equal(text.p, "two");
	assert_false(io_file_read(&cx, "test_base.tmp", 2, &text));
	assert_int_equal(cx.err.code, ERR_LIMIT);
	cx_clear(&cx);
	assert_int_equal(io.unlink("test_base.tmp"), 0);
	assert_true(io_file_find(&cx, "test_base.tmp", 100, &text));
	assert_null(text.p);
}

static void texts_are_split_and_trimmed(void **state)
{
	struct str rest = STR("a,,b"), part;
	size_t n = 0;

	(void)state;
	while (str_split(&rest, ',', &part))
		n++;
	assert_int_equal(n, 3);
	assert_true(str_is(part, "b"));
	assert_true(str_is(str_trim(STR(" \t x y \n")), "x y"));
}

static void memory_is_zero_however_often_it_was_used(void **state)
{
	static const size_t sizes[] = {1, 70000, 200000, 3u << 20, 5, 2u << 20, 900000, 64};
	struct arena *mem = arena_open((size_t)1 << 28);

	(void)state;
	for (int round = 0; round < 3; round++) {
		struct arena_mark m = arena_mark(mem);

		for (int k = 0; k < 4; k++)
			for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
				unsigned char *p = arena_alloc(mem, sizes[i]);

				assert_int_equal((uintptr_t)p % 16, 0);
				for (size_t n = 0; n < sizes[i]; n++)
					assert_true(p[n] == 0);
				memset(p, 0xA5, sizes[i]);
				p = arena_grow(mem, p, sizes[i], sizes[i] + 100);
				for (size_t n = sizes[i]; n < sizes[i] + 100; n++)
					assert_true(p[n] == 0);
				if (k == 1)
					arena_rewind(mem, m);
			}
		arena_reset(mem);
		assert_int_equal(arena_used(mem), 0);
	}
	arena_close(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(memory_is_zero_however_often_it_was_used),
	    CASE(an_arena_gives_zeroed_memory_and_takes_it_back),
	    CASE(handles_registered_with_an_arena_are_closed_at_its_reset),
	    CASE(numbers_are_whole_and_fit_or_are_refused),
	    CASE(a_builder_that_crosses_its_limit_says_so_once),
	    CASE(html_is_escaped_everywhere),
	    CASE(a_map_keeps_order_and_knows_the_nearest_key),
	    CASE(a_failure_carries_its_code_its_place_and_what_was_being_done),
	    CASE(a_file_is_replaced_whole_or_not_at_all),
	    CASE(texts_are_split_and_trimmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
