/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/unit.h"

#include <pthread.h>

#include "crypto/crypto.h"

static void a_digest_is_the_published_one_however_it_is_cut(void **state)
{
	/* FIPS 180-4 examples. */
	static const struct {
		const char *text, *hex;
	} cases[] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str text = str_of(cases[i].text);
		struct str parts[2] = {
		    str_cut(text, 0, text.n / 3), str_cut(text, text.n / 3, text.n)};
		struct hash whole = crypto_sha256(text), cut = crypto_sha256_parts(parts, 2);
		struct crypto_stream *s = crypto_stream_open();
		struct hash streamed;

		crypto_stream_add(s, parts[0].p, parts[0].n);
		crypto_stream_add(s, parts[1].p, parts[1].n);
		streamed = crypto_stream_close(s);
		assert_string_equal(hash_hex(*state, &whole).p, cases[i].hex);
		assert_true(hash_eq(&whole, &cut));
		assert_true(hash_eq(&whole, &streamed));
	}
}

static void *hash_many(void *out)
{
	for (int i = 0; i < 1000; i++)
		*(struct hash *)out = crypto_sha256(STR("abc"));
	return NULL;
}

static void threads_do_not_disturb_each_others_digests(void **state)
{
	pthread_t threads[4];
	struct hash got[4], want = crypto_sha256(STR("abc"));

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_many, &got[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(hash_eq(&got[i], &want));
	}
}

static void a_signature_holds_for_its_message_and_key_only(void **state)
{
	/* RFC 8032 section 7.1, test 2. */
	static const char seed_hex[] =
	    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
	static const char key_hex[] =
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
	static const char sig_hex[] =
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
	unsigned char seed[32], key[32], want[64], got[64];
	struct sign_key *k;

	assert_true(str_unhex(str_of(seed_hex), seed, 32) && str_unhex(str_of(sig_hex), want, 64));
	k = sign_key_new(seed);
	sign_key_public(k, key);
	assert_string_equal(str_hex(*state, key, 32).p, key_hex);
	sign_make(k, STR("r"), got);
	sign_key_close(k);
	assert_memory_equal(got, want, 64);
	assert_true(sign_check(key, STR("r"), got));
	assert_false(sign_check(key, STR("s"), got));
	assert_false(sign_check(key, STR(""), got));
	got[5] ^= 1;
	assert_false(sign_check(key, STR("r"), got));
	got[5] ^= 1;
	key[0] ^= 1;
	assert_false(sign_check(key, STR("r"), got));
}

static void base64_goes_there_and_back(void **state)
{
	/* RFC 4648 section 10. */
	static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
	struct str back;
	char all[256];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_string_equal(base64_print(*state, str_of(cases[i][0])).p, cases[i][1]);
		assert_true(base64_parse(*state, str_of(cases[i][1]), &back));
		assert_true(str_is(back, cases[i][0]));
	}
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	assert_true(base64_parse(*state, base64_print(*state, (struct str){all, 256}), &back));
	assert_true(str_eq(back, (struct str){all, 256}));
}

static void base64_takes_one_text_per_value(void **state)
{
	static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8",
	    "Zm9v=", "====", "Zg==Zg==", "Z-8=", "Z_8=", " Zm9v", "Zm9v\n", "Zm 9", "=m9v", "Z=9v"};
	struct str out;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (base64_parse(*state, str_of(bad[i]), &out))
			fail_msg("%s was accepted", bad[i]);
}

static void random_bytes_differ_and_comparison_sees_every_byte(void **state)
{
	unsigned char a[33], b[33];

	(void)state;
	crypto_random(a, sizeof a);
	crypto_random(b, sizeof b);
	assert_false(crypto_equal(a, b, sizeof a));
	for (size_t i = 0; i < sizeof a; i++) {
		memcpy(b, a, sizeof a);
		b[i] ^= 0x80;
		assert_false(crypto_equal(a, b, sizeof a));
	}
	assert_true(crypto_equal(a, a, sizeof a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_digest_is_the_published_one_however_it_is_cut),
	    CASE(threads_do_not_disturb_each_others_digests),
	    CASE(a_signature_holds_for_its_message_and_key_only),
	    CASE(base64_goes_there_and_back),
	    CASE(base64_takes_one_text_per_value),
	    CASE(random_bytes_differ_and_comparison_sees_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
