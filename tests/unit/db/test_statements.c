/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every named statement of every room is prepared on both engines, after all migrations: with no optional line, with all, with each one, and
 * with every pair.
 */
#include "lib/unit.h"
#include "lib/db.h"
#include "db/db_priv.h"
#include "unit/db/statement_rooms.h"

#define X(room) extern const struct db_sql *const room##_sql[];
STATEMENT_ROOMS(X)
#undef X

static const struct {
	const char *name;
	const struct db_sql *const *statements;
} rooms[] = {
#define X(room) {#room, room##_sql},
    STATEMENT_ROOMS(X)
#undef X
};

/* One argument for each name; NULL for the optional ones that the mask leaves out. */
static const struct db_arg *arguments(struct arena *mem, const struct db_query *q, uint32_t mask)
{
	struct db_arg *args = arena_array(mem, struct db_arg, q->n_names + 1);

	for (unsigned i = 0; i < q->n_names; i++)
		args[i] = db_arg_int(q->names[i], 1);
	for (unsigned k = 0; k < q->n_optional; k++)
		if (!(mask & 1u << k))
			args[q->optional[k]].type = DB_NULL;
	return args;
}

/* True when the engine understands it; says why when not. */
static bool understood(struct cx *cx, const struct db_query *q, uint32_t mask)
{
	if (db_prepare_check(cx, q->sql, arguments(cx->mem, q, mask), NULL))
		return true;
	(void)fprintf(
	    stderr, "%s with optional lines %#x: %s\n", q->sql->name, mask, cx_error(cx).p);
	cx_clear(cx);
	return false;
}

static bool subsets_understood(struct cx *cx, const struct db_sql *sql)
{
	const struct db_query *q = db_query_of(cx, sql);

	if (!understood(cx, q, 0) || !understood(cx, q, (1u << q->n_optional) - 1))
		return false;
	for (unsigned i = 0; i < q->n_optional; i++)
		for (unsigned j = i; j < q->n_optional; j++)
			if (!understood(cx, q, 1u << i | 1u << j))
				return false;
	return true;
}

static void every_statement_of_every_room_is_understood(void **state)
{
	struct cx cx = db_test_open(*state);
	const struct db_migration *migrations;
	size_t n, statements = 0;
	int bad = 0;

	db_migrations(cx.mem, &migrations, &n);
	if (!db_migrate(&cx, migrations, n))
		fail_msg("%s", cx_error(&cx).p);
	for (size_t r = 0; r < ARRAY_SIZE(rooms); r++)
		for (const struct db_sql *const *s = rooms[r].statements; *s; s++, statements++)
			bad += !subsets_understood(&cx, *s);
	print_message("%zu rooms, %zu statements\n", ARRAY_SIZE(rooms), statements);
	assert_int_equal(bad, 0);
	assert_true(statements > 0);
	db_test_close(&cx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(every_statement_of_every_room_is_understood),
	};
	int failed = cmocka_run_group_tests_name("SQLite", tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests_name("PostgreSQL", tests, NULL, NULL);
	return failed;
}
