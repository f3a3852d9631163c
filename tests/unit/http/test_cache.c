/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"

#include <pthread.h>

#include "http/http.h"

static int64_t clock_us = 1;
static int64_t versions[6];

static int64_t now(void)
{
	return clock_us;
}

static int64_t version(const struct app *app, enum cache_scope scope)
{
	(void)app;
	return versions[scope];
}

static struct answer *answer(struct str body)
{
	static const struct header headers[] = {{"Content-Type", {"text/plain", 10}}};

	return answer_new(200, headers, 1, body, false);
}

static void put(struct reply_cache *c, const char *key, enum cache_scope scope, struct str body)
{
	struct answer *a = answer(body);

	reply_cache_put(c, str_of(key), scope, reply_cache_version(c, scope), a);
	answer_release(a);
}

static bool has(struct reply_cache *c, const char *key)
{
	struct answer *a = reply_cache_find(c, str_of(key));

	answer_release(a);
	return a != NULL;
}

static void a_reply_stays_true_until_its_scope_changes(void **state)
{
	static const struct {
		enum cache_scope scope, changed;
		bool kept;
	} cases[] = {
	    {CACHE_NOTICE, CACHE_NOTICE, false},
	    {CACHE_NOTICE, CACHE_DOMAIN, true},
	    {CACHE_DOMAIN, CACHE_DOMAIN, false},
	    {CACHE_DAY, CACHE_DAY, false},
	    {CACHE_IMMUTABLE, CACHE_NOTICE, true},
	    {CACHE_NEVER, CACHE_IMMUTABLE, false},
	};
	struct reply_cache *c = reply_cache_open(1 << 20, NULL, version, now);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *key = str_fmt(*state, "key %zu", i).p;

		put(c, key, cases[i].scope, STR("body"));
		assert_int_equal(has(c, key), cases[i].scope != CACHE_NEVER);
		versions[cases[i].changed]++;
		assert_int_equal(has(c, key), cases[i].kept);
	}
	reply_cache_close(c);
}

/* The barrier: the version is read, then the database; something is published; the reply must not be kept. */
static void a_reply_computed_beside_a_change_is_never_kept(void **state)
{
	struct reply_cache *c = reply_cache_open(1 << 20, NULL, version, now);
	int64_t before = reply_cache_version(c, CACHE_NOTICE);
	struct answer *a = answer(STR("old"));

	(void)state;
	versions[CACHE_NOTICE]++;
	reply_cache_put(c, STR("k"), CACHE_NOTICE, before, a);
	assert_false(has(c, "k"));
	reply_cache_put(c, STR("k"), CACHE_NOTICE, reply_cache_version(c, CACHE_NOTICE), a);
	assert_true(has(c, "k"));
	answer_release(a);
	reply_cache_close(c);
}

static void a_list_is_at_most_a_second_old_counted_from_before_it_was_read(void **state)
{
	struct reply_cache *c = reply_cache_open(1 << 20, NULL, version, now);
	int64_t before = reply_cache_version(c, CACHE_LIST);
	struct answer *a = answer(STR("list"));

	(void)state;
	clock_us += 400000; /* the query took so long */
	reply_cache_put(c, STR("k"), CACHE_LIST, before, a);
	clock_us += 599999;
	assert_true(has(c, "k"));
	clock_us += 1;
	assert_false(has(c, "k"));
	clock_us += 5000000;
	reply_cache_put(c, STR("k"), CACHE_LIST, before, a);
	assert_false(has(c, "k"));
	answer_release(a);
	reply_cache_close(c);
}

static void the_cache_never_grows_beyond_its_bytes_and_drops_what_was_not_used(void **state)
{
	struct reply_cache *c = reply_cache_open(1 << 20, NULL, version, now);
	char *body = arena_alloc(*state, 20000);

	put(c, "first", CACHE_IMMUTABLE, (struct str){body, 20000});
	for (int i = 0; i < 1000; i++) {
		clock_us++;
		put(c, str_fmt(*state, "key %d", i).p, CACHE_IMMUTABLE, (struct str){body, 20000});
		assert_true(reply_cache_bytes(c) <= 1 << 20);
		assert_true(has(c, "first"));
	}
	assert_false(has(c, "key 0"));
	assert_true(has(c, "key 999"));
	put(c, "huge", CACHE_IMMUTABLE, (struct str){arena_alloc(*state, 1 << 17), 1 << 17});
	assert_false(has(c, "huge"));
	reply_cache_close(c);
}

static void an_answer_lives_as_long_as_somebody_holds_it(void **state)
{
	struct reply_cache *c = reply_cache_open(1 << 20, NULL, version, now);
	struct answer *a;

	(void)state;
	put(c, "k", CACHE_IMMUTABLE, STR("body"));
	a = reply_cache_find(c, STR("k"));
	reply_cache_close(c);
	assert_string_equal(a->body.p, "body");
	answer_release(a);
}

static void an_answer_is_compressed_on_its_second_use(void **state)
{
	static const struct header headers[] = {{"Vary", {"Accept", 6}}, {"ETag", {"W/\"1\"", 5}}};
	struct buf b = buf_new(*state, 100000);
	struct answer *a, *z;

	for (int i = 0; i < 200; i++)
		buf_fmt(&b, "<p>公告 %d</p>\n", i);
	a = answer_new(200, headers, 2, buf_str(&b), true);
	assert_string_equal(answer_header(a, "vary").p, "Accept, Accept-Encoding");
	assert_ptr_equal(answer_encoded(a, true), a);
	z = answer_encoded(a, true);
	assert_ptr_not_equal(z, a);
	assert_ptr_equal(answer_encoded(a, true), z);
	assert_ptr_equal(answer_encoded(a, false), a);
	assert_string_equal(answer_header(z, "Content-Encoding").p, "gzip");
	assert_string_equal(answer_header(z, "ETag").p, "W/\"1\"");
	assert_true(z->body.n < a->body.n / 3);
	assert_memory_equal(z->body.p, "\x1f\x8b", 2);
	answer_release(a);
}

static void *hammer(void *arg)
{
	struct reply_cache *c = arg;
	char key[16] = "k0";

	for (int i = 0; i < 20000; i++) {
		struct answer *a;

		key[1] = (char)('0' + i % 10);
		a = reply_cache_find(c, str_of(key));
		if (a == NULL)
			put(c, key, CACHE_IMMUTABLE, STR("body"));
		else if (a->body.n != 4)
			return arg;
		answer_release(a);
	}
	return NULL;
}

static void threads_share_the_cache(void **state)
{
	struct reply_cache *c = reply_cache_open(8192, NULL, version, now);
	pthread_t threads[4];
	void *wrong;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, c), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	reply_cache_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_reply_stays_true_until_its_scope_changes),
	    CASE(a_reply_computed_beside_a_change_is_never_kept),
	    CASE(a_list_is_at_most_a_second_old_counted_from_before_it_was_read),
	    CASE(the_cache_never_grows_beyond_its_bytes_and_drops_what_was_not_used),
	    CASE(an_answer_lives_as_long_as_somebody_holds_it),
	    CASE(an_answer_is_compressed_on_its_second_use),
	    CASE(threads_share_the_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
