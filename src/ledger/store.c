/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the log: head, entries, documents, tiles. */
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

struct head_row {
	int64_t generation, size, time;
	struct bytes root;
};
static const struct db_col head_cols[] = {COL(struct head_row, generation),
    COL(struct head_row, size), COL(struct head_row, root), COL(struct head_row, time), COL_END};

bool head_get(struct cx *cx, struct head *out)
{
	struct head_row *rows;
	void *at;
	size_t n;

	if (!db_all(cx, &SQL_LEDGER_HEAD_GET, DB_NO_ARGS, head_cols, sizeof *rows, &at, &n))
		return false;
	rows = at;
	if (n != 1 || rows[0].root.n != 32 || rows[0].size < 0)
		return cx_fail(
		    cx, ERR_CORRUPT, "ledger_head has %zu rows, or one that is no head", n);
	*out = (struct head){rows[0].generation, rows[0].size, rows[0].time, {{0}}};
	memcpy(out->root.b, rows[0].root.p, 32);
	return true;
}

struct tile_row {
	struct bytes hashes;
};
static const struct db_col tile_cols[] = {COL(struct tile_row, hashes), COL_END};

static bool tile_read(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	struct tile_row row;
	bool found;

	(void)arg;
	if (!db_one(cx, &SQL_LEDGER_TILE_GET, DB_ARGS(P("level", path.level), P("n", path.n)),
		tile_cols, &row, &found))
		return false;
	if (!found || row.hashes.n < 32 * (size_t)path.width)
		return cx_fail(cx, ERR_CORRUPT,
		    "tile/%s is not in the database, which has %zu of its hashes",
		    tile_path_print(cx->mem, path).p, found ? row.hashes.n / 32 : 0);
	*out = str_cut(str_of_bytes(row.hashes), 0, 32 * (size_t)path.width);
	return true;
}

const struct tile_source store_tiles = {tile_read, NULL};

bool store_tile_put(struct cx *cx, struct tile_path path, const struct hash *hashes)
{
	struct bytes bytes = {hashes[0].b, 32 * (size_t)path.width};

	return db_run(cx, &SQL_LEDGER_TILE_PUT,
	    DB_ARGS(P("level", path.level), P("n", path.n), P("hashes", bytes)), NULL);
}

static const struct db_col entry_cols[] = {
    COL(struct entry_row, idx), COL(struct entry_row, entry), COL_END};
static const struct db_col act_cols[] = {COL(struct entry_row, idx), COL(struct entry_row, entry),
    COL(struct entry_row, salt), COL(struct entry_row, document), COL_END};

bool store_entries(struct cx *cx, int64_t from, int64_t to, bool documents, struct entry_rows *out)
{
	void *rows;

	if (!db_all(cx, documents ? &SQL_LEDGER_ACT_RANGE : &SQL_LEDGER_ENTRY_RANGE,
		DB_ARGS(P("from_idx", from), P("to_idx", to)), documents ? act_cols : entry_cols,
		sizeof(struct entry_row), &rows, &out->n))
		return false;
	out->at = rows;
	return true;
}
