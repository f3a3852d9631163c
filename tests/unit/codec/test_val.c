/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/val.h"
#include "lib/unit.h"

static void a_map_keeps_its_order_and_replaces_in_place(void **state)
{
	struct arena *a = *state;
	struct val *m = val_map(a);

	for (int i = 0; i < 50; i++)
		val_put(a, m, str_fmt(a, "k%d", i), val_int(a, i));
	val_set_text(a, m, "k7", STR("seven"));
	assert_int_equal(m->n, 50);
	assert_true(str_is(m->keys[7], "k7"));
	assert_true(str_is(val_str(m, "k7"), "seven"));
	assert_int_equal(val_i64(m, "k8", -1), 8);
	assert_int_equal(val_i64(m, "k7", -1), -1); /* a text is no number */
	val_remove(m, STR("k7"));
	val_remove(m, STR("no such key"));
	assert_int_equal(m->n, 49);
	assert_null(val_at(m, "k7"));
	assert_true(str_is(m->keys[7], "k8"));
	val_set_bool(a, m, "k7", true);
	assert_true(str_is(m->keys[49], "k7"));
}

static void absent_and_null_are_not_the_same(void **state)
{
	struct arena *a = *state;
	struct val *m = val_map(a);

	val_set(a, m, "nothing", val_null(a));
	val_set_text(a, m, "unknown", STR_NONE);
	val_set_text(a, m, "empty", STR(""));
	assert_int_equal(val_at(m, "nothing")->kind, VAL_NULL);
	assert_int_equal(val_at(m, "unknown")->kind, VAL_NULL);
	assert_int_equal(val_at(m, "empty")->kind, VAL_TEXT);
	assert_null(val_at(m, "absent"));
	assert_null(val_at(NULL, "absent"));
	assert_null(val_at(val_at(m, "empty"), "absent"));
	assert_null(val_str(m, "nothing").p);
	assert_non_null(val_str(m, "empty").p);
}

static void a_path_leads_through_maps(void **state)
{
	struct arena *a = *state;
	struct val *m = val_map(a), *appearance = val_set(a, m, "appearance", val_map(a));

	val_set_text(a, appearance, "time", STR("2026-03-16"));
	assert_true(str_is(val_path(m, STR("appearance.time"))->text, "2026-03-16"));
	assert_ptr_equal(val_path(m, STR("appearance")), appearance);
	assert_null(val_path(m, STR("appearance.time.more")));
	assert_null(val_path(m, STR("appearance.place")));
	assert_null(val_path(m, STR("")));
}

static struct val *sample(struct arena *a, bool turned)
{
	struct val *m = val_map(a), *list = val_list(a);

	val_add(a, list, val_money(a, STR("1.5"), STR("万元")));
	val_add(a, list, val_date(a, STR("2026-03-16")));
	val_add(a, list, val_bool(a, true));
	if (turned)
		val_set_int(a, m, "b", 2);
	val_set(a, m, "a", list);
	if (!turned)
		val_set_int(a, m, "b", 2);
	return m;
}

static void equal_trees_differ_in_order_of_members_only(void **state)
{
	struct arena *a = *state;
	struct val *one = sample(a, false), *two = sample(a, true);

	assert_true(val_eq(one, two));
	val_add(a, val_at(two, "a"), val_null(a));
	assert_false(val_eq(one, two));
	assert_false(val_eq(val_text(a, STR("1")), val_int(a, 1)));
	assert_false(val_eq(val_code(a, STR("1"), STR("x")), val_code(a, STR("1"), STR("y"))));
	assert_false(val_eq(one, NULL));
}

static void a_copy_shares_nothing_and_may_grow(void **state)
{
	struct arena *a = *state;
	struct val *one = sample(a, false), *copy = val_copy(a, one);

	assert_true(val_eq(one, copy));
	for (int i = 0; i < 10; i++)
		val_add(a, val_at(copy, "a"), val_int(a, i));
	val_put(a, copy, STR("c"), val_copy(a, val_list(a)));
	val_add(a, val_at(copy, "c"), val_null(a));
	assert_int_equal(val_at(one, "a")->n, 3);
	assert_int_equal(val_at(copy, "a")->n, 13);
	assert_ptr_not_equal(copy->keys[0].p, one->keys[0].p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_map_keeps_its_order_and_replaces_in_place),
	    CASE(absent_and_null_are_not_the_same),
	    CASE(a_path_leads_through_maps),
	    CASE(equal_trees_differ_in_order_of_members_only),
	    CASE(a_copy_shares_nothing_and_may_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
