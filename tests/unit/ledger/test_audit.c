/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is changed in a log, audit finds it and says where. On both engines. */
#include "unit/ledger/home.h"

/* A log over two tiles with every kind of entry: notices, a revision, a withdrawal, definitions, an erasure. */
static struct home *log_make(struct arena *mem)
{
	struct home *h = home_make(mem);
	struct act acts[4],
	    erasure = {
		.type = "erasure/v1", .id = STR("gone"), .revision = 1, .meta = val_map(mem)};
	struct val *target = val_map(mem);
	struct hash leaf;
	struct str id;

	home_open(h);
	id = publish(h, 300)[40].result.id;
	acts[0] = revise_act(mem, id, "notice/v1");
	acts[1] = revise_act(mem, id, "withdrawal/v1");
	acts[2] = (struct act){.type = "item/v1",
	    .id = STR("works.result"),
	    .revision = 1,
	    .document = STR("{\"v\":1}")};
	acts[3] = (struct act){.type = "item/v1",
	    .id = STR("works.result"),
	    .revision = 3,
	    .document = STR("{\"v\":3}")};
	must(&h->cx, ledger_commit(&h->cx, h->ledger, acts, 4));
	for (int i = 0; i < 4; i++)
		assert_int_equal(acts[i].result.code, ERR_NONE);
	must(&h->cx, ledger_leaf_get(&h->cx, h->ledger, 7, &leaf));
	val_set_int(mem, target, "index", 7);
	val_set_text(mem, target, "leaf", hash_hex(mem, &leaf));
	val_set(mem, erasure.meta, "erases", target);
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &erasure, 1));
	if (erasure.result.code != ERR_NONE)
		fail_msg("%s", erasure.result.message.p);
	home_close(h);
	return h;
}

static struct audit_report audit(struct home *h)
{
	struct audit_report r;

	must(&h->cx, ledger_audit(&h->cx, &h->config, NULL, &r));
	return r;
}

static void must_be_ok(struct home *h)
{
	struct audit_report r = audit(h);

	if (!r.ok)
		fail_msg("%s", r.finding.p);
}

static void must_find(struct home *h, const char *what, const char *finding)
{
	struct audit_report r = audit(h);

	if (r.ok)
		fail_msg("%s: not found", what);
	if (!str_has(r.finding, str_of(finding)))
		fail_msg("%s: found as \"%s\", expected \"%s\"", what, r.finding.p, finding);
}

/* ---- every column ---- */

static const struct {
	const char *table, *key; /* an expression that tells rows apart */
} tables[] = {
    {"ledger_head", "generation"},
    {"ledger_entry", "idx"},
    {"ledger_document", "idx"},
    {"ledger_tile", "level * 1000 + n"},
    {"ledger_counter", "year"},
};

static void keep(struct home *h)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		sql(&h->cx, str_fmt(h->cx.mem, "CREATE TABLE keep_%s AS SELECT * FROM %s",
				tables[i].table, tables[i].table)
				.p);
}

static void restore(struct home *h)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		sql(&h->cx, str_fmt(h->cx.mem, "DELETE FROM %s", tables[i].table).p);
		sql(&h->cx, str_fmt(h->cx.mem, "INSERT INTO %s SELECT * FROM keep_%s",
				tables[i].table, tables[i].table)
				.p);
	}
}

struct column {
	struct str table, name, type;
};
static const struct db_col column_cols[] = {
    COL(struct column, table), COL(struct column, name), COL(struct column, type), COL_END};

static void columns(struct home *h, struct column **out, size_t *n)
{
	static const struct db_sql list = {"columns",
	    "SELECT m.name AS \"table\", c.name AS name, c.type AS type FROM sqlite_schema m, "
	    "pragma_table_info(m.name) c "
	    "WHERE m.type = 'table' AND m.name LIKE 'ledger_%' ORDER BY 1, 2",
	    "SELECT table_name::text AS \"table\", column_name::text AS name, "
	    "upper(data_type)::text AS type "
	    "FROM information_schema.columns WHERE table_schema = current_schema() AND table_name "
	    "LIKE 'ledger_%' ORDER BY 1, 2"};
	void *rows;

	must(&h->cx, db_all(&h->cx, &list, DB_NO_ARGS, column_cols, sizeof **out, &rows, n));
	*out = rows;
}

static const char *key_of(struct str table)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (str_is(table, tables[i].table))
			return tables[i].key;
	fail_msg("table %.*s has no row in the tamper test", STR_ARG(table));
	return NULL;
}

struct cell {
	struct bytes value;
};
static const struct db_col cell_cols[] = {COL(struct cell, value), COL_END};

/* One bit of a value of bytes. */
static void flip(struct home *h, struct str table, const char *column, const char *where, size_t at)
{
	struct db_sql *get = arena_new(h->cx.mem, struct db_sql),
		      *set = arena_new(h->cx.mem, struct db_sql);
	unsigned char *changed;
	struct cell c;

	get->name = set->name = "flip";
	get->text = str_fmt(
	    h->cx.mem, "SELECT %s AS value FROM %.*s WHERE %s", column, STR_ARG(table), where)
			.p;
	set->text = str_fmt(
	    h->cx.mem, "UPDATE %.*s SET %s = :value WHERE %s", STR_ARG(table), column, where)
			.p;
	must(&h->cx, db_one(&h->cx, get, DB_NO_ARGS, cell_cols, &c, NULL));
	changed = arena_alloc(h->cx.mem, c.value.n);
	memcpy(changed, c.value.p, c.value.n);
	changed[at < c.value.n ? at : c.value.n - 1] ^= 1;
	must(&h->cx,
	    db_run(&h->cx, set, DB_ARGS(P("value", ((struct bytes){changed, c.value.n}))), NULL));
}

static void change(struct home *h, const struct column *c, const char *which)
{
	const char *key = key_of(c->table);
	const char *where =
	    str_fmt(h->cx.mem, "%s = (SELECT %s(%s) FROM %.*s)", key, which, key, STR_ARG(c->table))
		.p;

	if (str_is(c->type, "BLOB") || str_is(c->type, "BYTEA"))
		flip(h, c->table, c->name.p, where, 9);
	else
		sql(&h->cx, str_fmt(h->cx.mem, "UPDATE %.*s SET %s = %s %s WHERE %s",
				STR_ARG(c->table), c->name.p, c->name.p,
				str_is(c->type, "TEXT") ? "|| 'x'" : "+ 100000", where)
				.p);
}

static void a_change_of_any_column_is_found(void **state)
{
	static const char *const which[] = {"MIN", "MAX"};
	struct home *h = log_make(*state);
	struct column *c;
	size_t n;

	must_be_ok(h);
	keep(h);
	columns(h, &c, &n);
	assert_true(n >= 15);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(which); k++) {
			change(h, &c[i], which[k]);
			must_find(h,
			    str_fmt(*state, "%s of %s (%s)", c[i].name.p, c[i].table.p, which[k]).p,
			    "");
			restore(h);
		}
	must_be_ok(h);
	home_remove(h);
}

/* ---- what it is called ---- */

static const struct {
	const char *sql, *finding;
} wrongs[] = {
    {"UPDATE ledger_head SET generation = 2", "ledger_head is of generation 2, the home of 1"},
    {"UPDATE ledger_head SET size = 304", "ledger_head ends after 304 entries, signed after 305"},
    {"UPDATE ledger_head SET size = 306", "bytes"},
    {"UPDATE ledger_head SET time = time + 1", "ledger_head has the time"},
    {"DELETE FROM ledger_head", "ledger_head has 0 rows"},
    {"DELETE FROM ledger_entry WHERE idx = 100", "entry 100 is missing"},
    {"DELETE FROM ledger_entry WHERE idx = 304", "entry 304 is missing"},
    {"INSERT INTO ledger_entry (idx, entry) SELECT 305, entry FROM ledger_entry WHERE idx "
     "= 304",
	"ledger_entry has a row 305 that the head does not count"},
    {"INSERT INTO ledger_entry (idx, entry) SELECT -1, entry FROM ledger_entry WHERE idx "
     "= 304",
	"ledger_entry has a row -1 that the head does not count"},
    {"UPDATE ledger_head SET size = 1099511627776", "bytes"},
    {"UPDATE ledger_head SET size = 4611686018427387904", "bytes"},
    {"UPDATE ledger_entry SET idx = CASE idx WHEN 5 THEN -6 ELSE -5 END WHERE idx IN (5, "
     "6);",
	"entry 5 is missing"},
    {"DELETE FROM ledger_document WHERE idx = 20",
	"the document of entry 20 is missing and no entry erased it"},
    {"INSERT INTO ledger_document (idx, salt, document) SELECT 7, salt, document FROM "
     "ledger_document WHERE idx = 8",
	"the document or the salt of entry 7 does not match its digest"},
    {"INSERT INTO ledger_document (idx, salt, document) SELECT 999, salt, document FROM "
     "ledger_document WHERE idx = 8",
	"ledger_document has a row 999 without an entry"},
    {"INSERT INTO ledger_document (idx, salt, document) SELECT -1, salt, document FROM "
     "ledger_document WHERE idx = 8",
	"ledger_document has a row -1 without an entry"},
    {"UPDATE ledger_document SET document = document || ' ' WHERE idx = 31",
	"the document of entry 31 has"},
    {"UPDATE ledger_document SET document = '{\"title\":\"notice 9\"}' WHERE idx = 3",
	"the document or the salt of entry 3 does not match its digest"},
    {"UPDATE ledger_document SET salt = (SELECT salt FROM ledger_document WHERE idx = 1) "
     "WHERE idx = 2",
	"the document or the salt of entry 2 does not match its digest"},
    {"DELETE FROM ledger_tile WHERE level = 1", "tile/1/000.p/1 is missing"},
    {"DELETE FROM ledger_tile WHERE level = 0 AND n = 1", "tile/0/001.p/49 is missing"},
    {"INSERT INTO ledger_tile (level, n, hashes) SELECT 2, 0, hashes FROM ledger_tile "
     "WHERE level = 1",
	"ledger_tile has a row (2, 0)"},
    {"UPDATE ledger_counter SET last = 299", "ended at 299; the entries end at 300"},
    {"UPDATE ledger_counter SET sector = 'land'", "-land-"},
    {"DELETE FROM ledger_counter", "ledger_counter has no row for 360800-works-"},
};

static void what_is_wrong_is_named(void **state)
{
	struct home *h = log_make(*state);

	keep(h);
	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		sql(&h->cx, wrongs[i].sql);
		must_find(h, wrongs[i].sql, wrongs[i].finding);
		restore(h);
	}
	must_be_ok(h);
	home_remove(h);
}

static void a_bit_anywhere_in_entries_and_tiles_is_found(void **state)
{
	static const size_t at[] = {0, 1, 10, 40, 150, 250, 100000};
	static const int64_t entries[] = {0, 17, 255, 256, 300, 301, 302, 304};
	struct home *h = log_make(*state);

	keep(h);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		for (size_t k = 0; k < ARRAY_SIZE(at); k++) {
			const char *where = str_fmt(*state, "idx = %" PRId64, entries[i]).p;

			flip(h, STR("ledger_entry"), "entry", where, at[k]);
			must_find(h, where,
			    str_fmt(*state,
				"entry %" PRId64 " does not match its leaf hash in tile/0/",
				entries[i])
				.p);
			flip(h, STR("ledger_entry"), "entry", where, at[k]);
		}
	for (size_t k = 0; k < 8192; k += 509) {
		flip(h, STR("ledger_tile"), "hashes", "level = 0 AND n = 0", k);
		must_find(h, "tile",
		    str_fmt(*state, "entry %zu does not match its leaf hash in tile/0/000", k / 32)
			.p);
		flip(h, STR("ledger_tile"), "hashes", "level = 0 AND n = 0", k);
	}
	flip(h, STR("ledger_tile"), "hashes", "level = 1", 3);
	must_find(
	    h, "tile", "hash 0 of tile/1/000.p/1 is not the one that the entries below it give");
	home_remove(h);
}

/* ---- files ---- */

static struct str file_read(struct home *h, const char *name)
{
	struct str bytes;

	must(&h->cx, io_file_read(&h->cx, str_fmt(h->cx.mem, "%s/%s", h->config.home.p, name).p,
			 1 << 20, &bytes));
	return bytes;
}

static void file_write(struct home *h, const char *name, struct str bytes)
{
	must(&h->cx, io_file_replace(&h->cx, str_fmt(h->cx.mem, "%s/%s", h->config.home.p, name).p,
			 bytes, 0600));
}

static void any_changed_byte_of_the_signed_checkpoint_and_the_key_is_found(void **state)
{
	static const char *const names[] = {"signed", "keys/log.vkey"};
	struct home *h = log_make(*state);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct str was = file_read(h, names[i]);

		for (size_t k = 0; k < was.n; k++) {
			struct str changed = str_dup(*state, was);

			((char *)(uintptr_t)changed.p)[k] ^= 1;
			if (str_eq(str_trim(changed), str_trim(was)))
				continue; /* the line end after the key says nothing */
			file_write(h, names[i], changed);
			must_find(h, str_fmt(*state, "byte %zu of %s", k, names[i]).p, "");
		}
		file_write(h, names[i], was);
	}
	must_be_ok(h);
	remove_tree(str_fmt(*state, "%s/signed", h->config.home.p).p);
	must_find(h, "signed", "signed is missing");
	home_remove(h);
}

/* ---- as files ---- */

static void an_exported_log_verifies_and_every_changed_file_is_found(void **state)
{
	static const char *const suffixes[] = {"", NULL};
	struct home *h = log_make(*state);
	const char *dir = str_fmt(*state, "%s/export", h->config.home.p).p;
	struct audit_report r;
	struct map files = {0};
	struct str vkey = str_trim(file_read(h, "keys/log.vkey"));

	home_open(h);
	must(&h->cx, ledger_export(&h->cx, h->ledger, dir));
	must(&h->cx, ledger_audit_dir(&h->cx, dir, vkey, &r));
	assert_true(r.ok);
	assert_int_equal(r.size, 305);
	must(&h->cx, io_tree_read(&h->cx, dir, suffixes, NULL, &files));
	assert_int_equal(files.n, 6); /* checkpoint, two tiles and two bundles, one tile above */
	MAP_EACH(f, &files) {
		struct str was = *(struct str *)f->value, changed = str_dup(*state, was);
		const char *name = str_fmt(*state, "export/%.*s", STR_ARG(f->key)).p;

		for (size_t k = 0; k < was.n; k += was.n / 7) {
			((char *)(uintptr_t)changed.p)[k] ^= 1;
			file_write(h, name, changed);
			must(&h->cx, ledger_audit_dir(&h->cx, dir, vkey, &r));
			if (r.ok)
				fail_msg("byte %zu of %s: not found", k, name);
			((char *)(uintptr_t)changed.p)[k] ^= 1;
		}
		file_write(h, name, str_cut(was, 0, was.n - 1));
		must(&h->cx, ledger_audit_dir(&h->cx, dir, vkey, &r));
		assert_false(r.ok);
		file_write(h, name, was);
	}
	home_remove(h);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_change_of_any_column_is_found),
	    CASE(what_is_wrong_is_named),
	    CASE(a_bit_anywhere_in_entries_and_tiles_is_found),
	    CASE(any_changed_byte_of_the_signed_checkpoint_and_the_key_is_found),
	    CASE(an_exported_log_verifies_and_every_changed_file_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	int failed = run();

	return db_test_postgres() ? failed + run() : failed;
}
