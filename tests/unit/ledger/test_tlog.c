/* SPDX-License-Identifier: Apache-2.0 */
/* The formats against themselves: what is built verifies, and nothing next to it does. (Vectors of others: tests/vectors.) */
#include "lib/unit.h"
#include "ledger/entry.h"

#define LOG 1100 /* entries; above four full tiles */

static struct hash leaves[LOG];
static struct hash parents[LOG / TILE_WIDTH];

static bool array_tile(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	const struct hash *level = path.level ? parents : leaves;

	(void)cx;
	(void)arg;
	*out = (struct str){(const char *)level[path.n * TILE_WIDTH].b, 32 * (size_t)path.width};
	return true;
}

static const struct tile_source source = {array_tile, NULL};

static void leaves_make(struct arena *mem)
{
	for (int i = 0; i < LOG; i++)
		leaves[i] = merkle_leaf(str_fmt(mem, "entry %d", i));
	for (int i = 0; i < LOG / TILE_WIDTH; i++)
		parents[i] = merkle_root(leaves + i * TILE_WIDTH, TILE_WIDTH);
}

static void a_growing_tree_has_the_root_of_the_definition_at_every_size(void **state)
{
	struct tree *t = arena_new(*state, struct tree), *loaded = arena_new(*state, struct tree);
	struct cx cx = {.mem = *state};

	leaves_make(*state);
	for (uint64_t n = 0; n < LOG; n++) {
		struct hash want = merkle_root(leaves, n), is = tree_root(t);

		assert_true(hash_eq(&want, &is));
		assert_true(tree_load(&cx, loaded, n, &source));
		is = tree_root(loaded);
		assert_true(hash_eq(&want, &is));
		assert_int_equal(loaded->depth, t->depth);
		assert_true(tree_add(&cx, t, &leaves[n], NULL));
	}
}

static void every_proof_built_holds_and_none_beside_it(void **state)
{
	static const uint64_t sizes[] = {1, 2, 3, 7, 8, 255, 256, 257, 513, 1024, 1025, 1100};
	struct cx cx = {.mem = *state};

	leaves_make(*state);
	for (size_t k = 0; k < ARRAY_SIZE(sizes); k++) {
		uint64_t size = sizes[k];
		struct hash root = merkle_root(leaves, size);

		for (uint64_t i = 0; i < size; i += size < 20 ? 1 : 13) {
			struct merkle_path p;

			assert_true(merkle_prove_inclusion(&cx, &source, i, size, &p));
			assert_true(merkle_inclusion_check(i, size, &leaves[i], p.at, p.n, &root));
			assert_false(
			    merkle_inclusion_check(i + 1, size, &leaves[i], p.at, p.n, &root));
			assert_false(merkle_inclusion_check(
			    i, size, &leaves[(i + 1) % LOG], p.at, p.n, &root));
			if (p.n > 0) {
				assert_false(merkle_inclusion_check(
				    i, size, &leaves[i], p.at, p.n - 1, &root));
				p.at[p.n / 2].b[3] ^= 1;
				assert_false(
				    merkle_inclusion_check(i, size, &leaves[i], p.at, p.n, &root));
			}
		}
		for (uint64_t old = 1; old <= size; old += size < 20 ? 1 : 7) {
			struct hash was = merkle_root(leaves, old);
			struct merkle_path p;

			assert_true(merkle_prove_consistency(&cx, &source, old, size, &p));
			assert_true(merkle_consistency_check(old, size, &was, &root, p.at, p.n));
			assert_false(
			    merkle_consistency_check(old, size, &was, &leaves[0], p.at, p.n) &&
			    size > 1);
			if (p.n > 0) {
				p.at[p.n - 1].b[0] ^= 0x80;
				assert_false(
				    merkle_consistency_check(old, size, &was, &root, p.at, p.n));
			}
		}
	}
}

static void a_witness_signs_a_time_with_the_checkpoint(void **state)
{
	static const unsigned char seed[32] = "a seed that only this test uses.";
	static const char body[] =
	    "log.example/1\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
	struct cx cx = {.mem = *state};
	struct sign_key *key = sign_key_new(seed);
	struct str message = str_fmt(*state, "cosignature/v1\ntime 1767225600\n%s", body),
		   signature;
	unsigned char public_key[32],
	    bytes[4 + 8 + 64] = {[6] = 0, [8] = 0x69, [9] = 0x55, [10] = 0xb9, [11] = 0x00};
	unsigned char typed[33] = {VKEY_COSIGNATURE};
	struct str parts[2] = {STR("w.example\n"), {(const char *)typed, 33}};
	struct vkey vkey;
	struct hash id;
	struct note n;

	sign_key_public(key, public_key);
	memcpy(typed + 1, public_key, 32);
	id = crypto_sha256_parts(parts, 2);
	memcpy(bytes, id.b, 4);
	sign_make(key, message, bytes + 12);
	sign_key_close(key);
	signature = base64_print(*state, (struct str){(const char *)bytes, sizeof bytes});
	assert_true(vkey_parse(&cx,
	    str_fmt(*state, "w.example+%s+%s", str_hex(*state, id.b, 4).p,
		base64_print(*state, parts[1]).p),
	    &vkey));
	assert_true(note_parse(
	    &cx, str_fmt(*state, "%s\n\xe2\x80\x94 w.example %s\n", body, signature.p), &n));
	assert_int_equal(note_check(*state, &n, &vkey, 1), NOTE_VERIFIED);
	assert_int_equal(n.at[0].time, 1767225600);
	assert_true(note_parse(
	    &cx, str_fmt(*state, "x%s\n\xe2\x80\x94 w.example %s\n", body, signature.p), &n));
	assert_int_equal(note_check(*state, &n, &vkey, 1), NOTE_FALSE);
}

/* ---- entries ---- */

static struct val *meta_make(struct arena *mem)
{
	struct val *meta = val_map(mem);

	val_set_text(mem, meta, "item", STR("works.result@1"));
	val_set_text(mem, meta, "agency", STR("jian.housing"));
	val_set_int(mem, meta, "kind", 1);
	return meta;
}

static void an_entry_says_what_the_table_allows_in_one_form(void **state)
{
	struct cx cx = {.mem = *state};
	struct act act = {.type = "notice/v1", .meta = meta_make(*state)};
	struct hash digest = crypto_sha256(STR("x")), leaf = crypto_sha256(STR("y"));
	struct entry_fill fill = {.id = STR("360800-works-2026-000001"),
	    .revision = 2,
	    .time = STR("2026-03-16T08:42:00+08:00"),
	    .digest = &digest,
	    .length = 19,
	    .corrects = 4,
	    .corrects_leaf = leaf};
	struct entry made, e;

	assert_true(entry_make(&cx, &act, &fill, &made));
	assert_string_equal(made.bytes.p,
	    "notice/v1\n{\"agency\":\"jian.housing\",\"corrects\":{\"index\":4,\"leaf\":"
	    "\"a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa\"},\"digest\":"
	    "\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\",\"id\":\"360800-"
	    "works-2026-000001\","
	    "\"item\":\"works.result@1\",\"kind\":1,\"length\":19,\"revision\":2,\"time\":\"2026-"
	    "03-16T08:42:00+08:00\"}");
	assert_true(entry_parse(&cx, 9, made.bytes, &e));
	assert_true(val_eq(made.meta, e.meta));
	assert_true(str_eq(made.type, e.type) && str_eq(made.id, e.id));
	assert_int_equal(made.revision, 2);
	assert_int_equal(e.revision, 2);
	assert_int_equal(e.time, 1773621720);
	assert_int_equal(entry_target(e.meta, "corrects").index, 4);
}

static void what_the_table_does_not_allow_never_becomes_an_entry(void **state)
{
	static const struct {
		const char *member, *text, *finding;
	} cases[] = {
	    {"title", "x", "an entry notice/v1 takes no member title"},
	    {"digest", "x", "an entry notice/v1 takes no member digest"},
	    {"agency", "\xe4\xbd\x8f\xe5\xbb\xba", "member agency of notice/v1 is"},
	    {"agency", "", "member agency of notice/v1 is \"\"; it takes a code"},
	    {"agency", "two words", "it takes a code of ASCII letters"},
	    {"formed_on", "2026-02-30", "it takes a date 2026-01-31"},
	    {"profile", "abc", "it takes 64 hexadecimal digits"},
	    {"kind", "1", "it takes a whole number from 0"},
	};
	struct hash digest = crypto_sha256(STR("x"));
	struct entry_fill fill = {.id = STR("a-b-2026-000001"),
	    .revision = 1,
	    .time = STR("2026-03-16T08:42:00+08:00"),
	    .digest = &digest,
	    .corrects = -1};
	struct entry made;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cx cx = {.mem = *state};
		struct act act = {.type = "notice/v1", .meta = meta_make(*state)};

		val_put(*state, act.meta, str_of(cases[i].member),
		    val_text(*state, str_of(cases[i].text)));
		assert_false(entry_make(&cx, &act, &fill, &made));
		if (!str_has(cx.err.msg, str_of(cases[i].finding)))
			fail_msg("%s: %s", cases[i].member, cx.err.msg.p);
	}
}

static void unknown_types_are_kept_as_they_are(void **state)
{
	static const char *const texts[] = {
	    "", "entry 17", "heartbeat/v9\n{}", "notice/v2\n{\"x\":1}", "notice/v1"};
	struct cx cx = {.mem = *state};
	struct entry e;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_true(entry_parse(&cx, 3, str_of(texts[i]), &e));
		assert_null(e.meta);
		assert_true(str_is(e.bytes, texts[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_growing_tree_has_the_root_of_the_definition_at_every_size),
	    CASE(every_proof_built_holds_and_none_beside_it),
	    CASE(a_witness_signs_a_time_with_the_checkpoint),
	    CASE(an_entry_says_what_the_table_allows_in_one_form),
	    CASE(what_the_table_does_not_allow_never_becomes_an_entry),
	    CASE(unknown_types_are_kept_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
