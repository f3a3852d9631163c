/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody may read: entries, documents, tiles, bundles, the checkpoint, proofs. Nothing at or above the published size. */
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

int64_t ledger_published(const struct ledger *l)
{
	return l->now->size;
}

int64_t ledger_published_time(const struct ledger *l)
{
	return l->now->time;
}

struct str ledger_vkey(const struct ledger *l)
{
	return l->vkey_text;
}

static struct str checkpoint_now(struct cx *cx, const struct ledger *l, uint64_t *size_out)
{
	struct str note;

	(void)pthread_mutex_lock(&l->now->lock);
	note = str_dup(cx->mem, l->now->note);
	*size_out = l->now->head.size;
	(void)pthread_mutex_unlock(&l->now->lock);
	return note;
}

struct str ledger_checkpoint(struct cx *cx, const struct ledger *l)
{
	uint64_t size;

	return checkpoint_now(cx, l, &size);
}

/* What a home that is read-only lacks is no riddle: its reason is the answer. */
static bool unavailable(struct cx *cx, const struct ledger *l)
{
	struct str reason = ledger_reason(l);

	if (cx->err.code != ERR_CORRUPT || reason.p == NULL)
		return false;
	cx_clear(cx);
	return cx_fail(cx, ERR_READONLY, "this home is read-only: %.*s", STR_ARG(reason));
}

static bool entry_bytes(struct cx *cx, const struct ledger *l, int64_t index, struct str *out)
{
	struct entry_rows rows;

	if (index < 0 || index >= ledger_published(l))
		return cx_fail(cx, ERR_NOT_FOUND, "no entry %" PRId64, index);
	if (!store_entries(cx, index, index + 1, false, &rows))
		return false;
	if (rows.n != 1) {
		(void)cx_fail(cx, ERR_CORRUPT, "entry %" PRId64 " is missing", index);
		return unavailable(cx, l);
	}
	*out = str_of_bytes(rows.at[0].entry);
	return true;
}

bool ledger_entry_get(struct cx *cx, const struct ledger *l, int64_t index, struct entry *out)
{
	struct str bytes = STR_NONE;

	return entry_bytes(cx, l, index, &bytes) && entry_parse(cx, index, bytes, out);
}

bool ledger_leaf_get(struct cx *cx, const struct ledger *l, int64_t index, struct hash *out)
{
	struct str bytes = STR_NONE;

	if (!entry_bytes(cx, l, index, &bytes))
		return false;
	*out = merkle_leaf(bytes);
	return true;
}

bool ledger_document_find(
    struct cx *cx, int64_t index, struct str *document_out, struct str *salt_out)
{
	static const struct db_col cols[] = {
	    COL(struct entry_row, salt), COL(struct entry_row, document), COL_END};
	struct entry_row row = {0};
	bool found;

	if (!db_one(cx, &SQL_LEDGER_DOCUMENT_GET, DB_ARGS(P("idx", index)), cols, &row, &found))
		return false;
	*document_out = found ? row.document : STR_NONE;
	*salt_out = found ? str_of_bytes(row.salt) : STR_NONE;
	return true;
}

/* Every width up to what is published was, or could have been, published at some size. */
static bool tile_published(struct cx *cx, const struct ledger *l, struct tile_path path)
{
	int level = path.level < 0 ? 0 : path.level;

	return (path.n >= 0 && path.width >= 1 && level < TILE_LEVELS &&
		   path.width <= tile_width((uint64_t)ledger_published(l), level, path.n)) ||
	       cx_fail(cx, ERR_NOT_FOUND, "no tile/%s", tile_path_print(cx->mem, path).p);
}

bool ledger_tile_get(
    struct cx *cx, const struct ledger *l, int level, int64_t n, int width, struct str *out)
{
	struct tile_path path = {level < 0 ? TILE_LEVELS : level, n, width};

	return tile_published(cx, l, path) &&
	       (store_tiles.read(cx, NULL, path, out) || unavailable(cx, l));
}

bool ledger_bundle_get(struct cx *cx, const struct ledger *l, int64_t n, int width, struct str *out)
{
	struct buf b = buf_new(cx->mem, TILE_WIDTH * (2 + (size_t)TLOG_ENTRY_MAX));
	struct tile_path path = {-1, n, width};
	struct entry_rows rows;

	if (!tile_published(cx, l, path) ||
	    !store_entries(cx, n * TILE_WIDTH, n * TILE_WIDTH + width, false, &rows))
		return false;
	if (rows.n != (size_t)width) {
		(void)cx_fail(cx, ERR_CORRUPT, "tile/%s has only %zu entries",
		    tile_path_print(cx->mem, path).p, rows.n);
		return unavailable(cx, l);
	}
	for (size_t i = 0; i < rows.n; i++) {
		struct str entry = str_of_bytes(rows.at[i].entry);

		buf_bytes(&b, (const char[2]){(char)(entry.n >> 8), (char)entry.n}, 2);
		buf_add(&b, entry);
	}
	*out = buf_str(&b);
	return true;
}

/* ---- proofs ---- */

bool ledger_prove(struct cx *cx, const struct ledger *l, int64_t index, struct str *file_out)
{
	struct proof p = {.index = (uint64_t)index};
	uint64_t size;

	p.checkpoint = checkpoint_now(cx, l, &size);
	if (!entry_bytes(cx, l, index, &p.extra) ||
	    (!merkle_prove_inclusion(cx, &store_tiles, p.index, size, &p.path) &&
		!unavailable(cx, l)))
		return cx_note(cx, "proving entry %" PRId64, index);
	*file_out = proof_print(cx->mem, &p);
	return true;
}

bool proof_verify(struct cx *cx, struct str file, struct str vkey_text, struct str entry,
    struct proof_result *out)
{
	struct checkpoint head;
	struct proof p;
	struct vkey vkey;
	struct hash leaf;

	if (!vkey_parse(cx, vkey_text, &vkey) || !proof_parse(cx, file, &p) ||
	    !checkpoint_open(cx, p.checkpoint, &vkey, &head))
		return false;
	if (entry.p == NULL)
		entry = p.extra;
	if (entry.p == NULL)
		return cx_fail(cx, ERR_INPUT,
		    "the proof holds no entry in an extra line: give the entry beside it");
	leaf = merkle_leaf(entry);
	if (!merkle_inclusion_check(p.index, head.size, &leaf, p.path.at, p.path.n, &head.root))
		return cx_fail(cx, ERR_INPUT,
		    "the entry is not number %" PRIu64 " of the %" PRIu64
		    " that the checkpoint signs",
		    p.index, head.size);
	*out = (struct proof_result){
	    .index = (int64_t)p.index, .size = (int64_t)head.size, .origin = head.origin};
	return entry_parse(cx, out->index, entry, &out->entry);
}
