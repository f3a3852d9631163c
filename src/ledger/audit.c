/* SPDX-License-Identifier: Apache-2.0 */
/* Everything is recomputed: leaves, tiles, roots, meaning, and the rows that no proof covers (documents, counters, head). */
#include "base/io.h"
#include "ledger/audit.h"
#include "ledger_sql.h"

/* ---- the log, whatever it is read from ---- */

static bool tile_get(struct audit *a, struct tile_path path, struct str *out)
{
	if (!a->source->tile(a->cx, a->source->arg, path, out))
		return false;
	return out->n == 32 * (size_t)path.width ||
	       cx_fail(a->cx, ERR_CORRUPT, "tile/%s holds %zu bytes, not %d",
		   tile_path_print(a->cx->mem, path).p, out->n, 32 * path.width);
}

static bool tile_same(struct audit *a, struct tile_path path, const struct hash *hashes)
{
	struct str kept;

	if (!tile_get(a, path, &kept))
		return false;
	for (int i = 0; i < path.width; i++)
		if (memcmp(kept.p + 32 * (size_t)i, hashes[i].b, 32) != 0)
			return cx_fail(a->cx, ERR_CORRUPT,
			    "hash %d of tile/%s is not the one that the entries below it give", i,
			    tile_path_print(a->cx->mem, path).p);
	return true;
}

static bool tile_full(struct cx *cx, void *arg, struct tile_path path, const struct hash *hashes)
{
	(void)cx;
	return path.level == 0 ||
	       tile_same(arg, path, hashes); /* level 0 was compared leaf by leaf */
}

static bool leaf_check(
    struct audit *a, const struct entry_row *row, struct tile_path path, struct str hashes)
{
	const struct tile_sink sink = {tile_full, a};
	struct hash leaf = merkle_leaf(str_of_bytes(row->entry));

	if (memcmp(hashes.p + 32 * (row->idx % TILE_WIDTH), leaf.b, 32) != 0)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "entry %" PRId64 " does not match its leaf hash in tile/%s", row->idx,
		    tile_path_print(a->cx->mem, path).p);
	a->leaves[row->idx] = leaf;
	if (!tree_add(a->cx, &a->tree, &leaf, &sink))
		return false;
	if ((int64_t)a->tree.size == a->watch)
		a->root_at = tree_root(&a->tree);
	return true;
}

static bool bundle_audit(struct audit *a, int64_t n)
{
	struct tile_path path = {-1, n, tile_width((uint64_t)a->size, 0, n)};
	struct tile_path tile = {0, n, path.width};
	struct entry_rows rows;
	struct str hashes;

	if (!a->source->entries(a->cx, a->source->arg, path, &rows) || !tile_get(a, tile, &hashes))
		return false;
	for (size_t i = 0; i < (size_t)path.width; i++) {
		int64_t idx = n * TILE_WIDTH + (int64_t)i;

		if (i >= rows.n || rows.at[i].idx != idx)
			return cx_fail(a->cx, ERR_CORRUPT, "entry %" PRId64 " is missing", idx);
		if (!leaf_check(a, &rows.at[i], tile, hashes) || !audit_entry(a, &rows.at[i]))
			return false;
	}
	return true;
}

bool audit_log(struct audit *a)
{
	a->leaves = arena_array(a->keep, struct hash, a->entries + 1);
	a->root_at = tree_root(&a->tree);
	for (int64_t n = 0; n * TILE_WIDTH < a->size; n++) {
		struct arena_mark m = arena_mark(a->cx->mem);

		if (!bundle_audit(a, n))
			return false;
		arena_rewind(a->cx->mem, m);
		if (a->progress != NULL)
			a->progress((int64_t)a->tree.size, a->size);
	}
	for (int level = 1; level < TILE_LEVELS; level++) {
		uint64_t hashes = a->tree.size >> 8 * level;
		struct tile_path path = {
		    level, (int64_t)(hashes / TILE_WIDTH), (int)(hashes % TILE_WIDTH)};

		if (path.width && !tile_same(a, path, a->tree.edge[level]))
			return false;
	}
	a->root = tree_root(&a->tree);
	return audit_erasures(a);
}

/* ---- a home ---- */

struct raw_tile {
	struct bytes hashes;
};
static const struct db_col raw_cols[] = {COL(struct raw_tile, hashes), COL_END};

/* The whole row: a growing tile that holds more than it should is wrong, too. */
static bool home_tile(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	struct raw_tile row;
	bool found;

	(void)arg;
	if (!db_one(cx, &SQL_LEDGER_TILE_GET, DB_ARGS(P("level", path.level), P("n", path.n)),
		raw_cols, &row, &found))
		return false;
	*out = found ? str_of_bytes(row.hashes) : STR("");
	return found ||
	       cx_fail(cx, ERR_CORRUPT, "tile/%s is missing", tile_path_print(cx->mem, path).p);
}

static bool home_entries(struct cx *cx, void *arg, struct tile_path path, struct entry_rows *out)
{
	(void)arg;
	return store_entries(cx, path.n * TILE_WIDTH, path.n * TILE_WIDTH + path.width, true, out);
}

struct tile_place {
	int64_t level, n;
};
static const struct db_col place_cols[] = {
    COL(struct tile_place, level), COL(struct tile_place, n), COL_END};

static bool tile_belongs(struct cx *cx, const void *row, void *arg)
{
	const struct tile_place *t = row;
	const struct audit *a = arg;

	if (t->level >= 0 && t->level < TILE_LEVELS && t->n >= 0 &&
	    tile_width((uint64_t)a->size, (int)t->level, t->n) > 0)
		return true;
	return cx_fail(cx, ERR_CORRUPT,
	    "ledger_tile has a row (%" PRId64 ", %" PRId64 ") that a log of %" PRId64
	    " entries does not have",
	    t->level, t->n, a->size);
}

struct counter_row {
	struct str city, sector;
	int64_t year, last;
};
static const struct db_col counter_cols[] = {COL(struct counter_row, city),
    COL(struct counter_row, sector), COL(struct counter_row, year), COL(struct counter_row, last),
    COL_END};

static bool counter_belongs(struct cx *cx, const void *row, void *arg)
{
	const struct counter_row *r = row;
	const struct audit *a = arg;
	struct str key = str_fmt(
	    cx->mem, "%.*s-%.*s-%" PRId64 "-", STR_ARG(r->city), STR_ARG(r->sector), r->year);
	struct audit_counter *c = map_get(&a->counters, key);

	if (c != NULL && c->last == r->last) {
		c->kept = true;
		return true;
	}
	return cx_fail(cx, ERR_CORRUPT,
	    "ledger_counter says that %s ended at %" PRId64 "; the entries end at %" PRId64, key.p,
	    r->last, c ? c->last : 0);
}

struct stray_row {
	int64_t idx;
};
static const struct db_col stray_cols[] = {COL(struct stray_row, idx), COL_END};

/* The row that such a statement finds is one too many. */
static bool none_stray(struct audit *a, const struct db_sql *sql, const struct db_arg *args,
    const char *table, const char *why)
{
	struct stray_row stray = {0};
	bool found;

	if (!db_one(a->cx, sql, args, stray_cols, &stray, &found))
		return false;
	return !found ||
	       cx_fail(a->cx, ERR_CORRUPT, "%s has a row %" PRId64 " %s", table, stray.idx, why);
}

static bool counters_check(struct audit *a)
{
	const struct db_each counters = {
	    counter_cols, sizeof(struct counter_row), counter_belongs, a};

	if (!db_each(a->cx, &SQL_LEDGER_COUNTER_ALL, DB_NO_ARGS, &counters))
		return false;
	MAP_EACH(it, &a->counters) {
		const struct audit_counter *c = it->value;

		if (!c->kept)
			return cx_fail(a->cx, ERR_CORRUPT,
			    "ledger_counter has no row for %.*s, which the entries need",
			    STR_ARG(it->key));
	}
	return true;
}

/* Rows beside the entries: none too many. */
static bool rows_check(struct audit *a)
{
	const struct db_each tiles = {place_cols, sizeof(struct tile_place), tile_belongs, a};

	return none_stray(a, &SQL_LEDGER_ENTRY_STRAY, DB_ARGS(P("size", a->size)), "ledger_entry",
		   "that the head does not count") &&
	       none_stray(a, &SQL_LEDGER_DOCUMENT_STRAY, DB_NO_ARGS, "ledger_document",
		   "without an entry") &&
	       db_each(a->cx, &SQL_LEDGER_TILE_LIST, DB_NO_ARGS, &tiles) && counters_check(a);
}

static bool head_check(struct audit *a, const struct head *head, const struct checkpoint *was)
{
	if (!hash_eq(&a->root, &head->root))
		return cx_fail(a->cx, ERR_CORRUPT,
		    "ledger_head has another root than its %" PRId64 " entries give", head->size);
	if (head->time != a->time)
		return cx_fail(a->cx, ERR_CORRUPT,
		    "ledger_head has the time %" PRId64 ", the last entry %" PRId64, head->time,
		    a->time);
	return hash_eq(&a->root_at, &was->root) ||
	       cx_fail(a->cx, ERR_CORRUPT,
		   "signed has another root than the first %" PRIu64 " entries give", was->size);
}

static bool home_keys(struct cx *cx, const struct ledger_config *c, struct checkpoint *was)
{
	const char *vkey_path = str_fmt(cx->mem, "%.*s/keys/log.vkey", STR_ARG(c->home)).p;
	const char *signed_path = str_fmt(cx->mem, "%.*s/signed", STR_ARG(c->home)).p;
	struct str text, note;
	struct vkey key;

	if (!io_file_read(cx, vkey_path, 4096, &text) ||
	    !io_file_find(cx, signed_path, NOTE_MAX_BYTES, &note))
		return false;
	if (note.p == NULL)
		return cx_fail(cx, ERR_CORRUPT, "signed is missing");
	if (!str_eq(note, signed_pad(cx->mem, signed_unpad(note))))
		return cx_fail(cx, ERR_CORRUPT,
		    "signed has %zu bytes: not a note filled up to whole blocks of %d", note.n,
		    SIGNED_BLOCK);
	if (!vkey_parse(cx, str_trim(text), &key))
		return cx_note(cx, "reading %s", vkey_path);
	if (!str_eq(key.name, c->origin))
		return cx_fail(cx, ERR_CORRUPT,
		    "keys/log.vkey is the key of %.*s, this home's log is %.*s", STR_ARG(key.name),
		    STR_ARG(c->origin));
	return checkpoint_open(cx, signed_unpad(note), &key, was) || cx_note(cx, "reading signed");
}

static bool home_audit(struct cx *cx, const struct ledger_config *c, struct audit *a)
{
	struct checkpoint was = {.size = 0};
	struct head head = {.size = 0};

	if (!home_keys(cx, c, &was) || !head_get(cx, &head) ||
	    !db_int(cx, &SQL_LEDGER_ENTRY_COUNT, DB_NO_ARGS, &a->entries))
		return false;
	if (head.generation != c->generation)
		return cx_fail(cx, ERR_CORRUPT,
		    "ledger_head is of generation %" PRId64 ", the home of %" PRId64,
		    head.generation, c->generation);
	if (head.size < (int64_t)was.size)
		return cx_fail(cx, ERR_CORRUPT,
		    "ledger_head ends after %" PRId64 " entries, signed after %" PRIu64, head.size,
		    was.size);
	a->size = head.size;
	a->watch = (int64_t)was.size;
	return audit_log(a) && head_check(a, &head, &was) && rows_check(a);
}

/* What is wrong with the log is the result, not a failure. */
static bool report(struct cx *cx, bool ok, const struct audit *a, struct audit_report *out)
{
	*out = (struct audit_report){.ok = ok, .size = a->size, .root = a->root};
	if (ok ||
	    (cx->err.code != ERR_CORRUPT && cx->err.code != ERR_INPUT && cx->err.code != ERR_LIMIT))
		return ok;
	out->finding = cx_error(cx);
	cx_clear(cx);
	return true;
}

static struct audit *audit_new(
    struct cx *cx, const struct audit_source *source, void (*progress)(int64_t, int64_t))
{
	struct audit *a = arena_new(cx->mem, struct audit);

	a->cx = cx;
	a->keep = arena_open((size_t)8 << 30);
	a->source = source;
	a->progress = progress;
	return a;
}

bool ledger_audit(struct cx *cx, const struct ledger_config *config,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out)
{
	static const struct audit_source source = {home_tile, home_entries, NULL, true};
	const struct db_config db = {.url = str_c(cx->mem, config->db_url), .mode = DB_READ};
	struct audit *a = audit_new(cx, &source, progress);
	struct db *before = cx->db, *mine = NULL;
	bool ok = db_open(cx, &db, &mine);

	if (ok) {
		cx->db = mine;
		ok = db_begin(cx); /* one state of the database while others go on */
		ok = ok && home_audit(cx, config, a);
		db_rollback(cx);
		cx->db = before;
		db_close(mine);
	}
	ok = report(cx, ok, a, out);
	arena_close(a->keep);
	return ok;
}

/* ---- files: a folder or another machine ---- */

#define FILES_ENTRIES_MAX (1u << 27) /* their leaf hashes take 4 GiB */

static bool file_must(
    struct cx *cx, const struct files *f, struct str path, size_t limit, struct str *out)
{
	return f->get(cx, f->arg, path, limit, out) &&
	       (out->p != NULL || cx_fail(cx, ERR_CORRUPT, "%.*s is missing", STR_ARG(path)));
}

static bool files_tile(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	struct str name = str_fmt(cx->mem, "tile/%s", tile_path_print(cx->mem, path).p);

	return file_must(cx, arg, name, (size_t)TILE_WIDTH * 32, out);
}

static bool files_document(struct cx *cx, const struct files *f, struct entry_row *row)
{
	struct str salt;

	if (!f->get(cx, f->arg, str_fmt(cx->mem, "document/%" PRId64, row->idx), (size_t)64 << 20,
		&row->document) ||
	    !f->get(cx, f->arg, str_fmt(cx->mem, "salt/%" PRId64, row->idx), 32, &salt))
		return false;
	row->salt = (struct bytes){(const unsigned char *)salt.p, salt.n};
	return true;
}

static bool files_entries(struct cx *cx, void *arg, struct tile_path path, struct entry_rows *out)
{
	const struct files *f = arg;
	struct str name = str_fmt(cx->mem, "tile/%s", tile_path_print(cx->mem, path).p), rest,
		   entry;

	if (!file_must(cx, f, name, TILE_WIDTH * (2 + (size_t)TLOG_ENTRY_MAX), &rest))
		return false;
	out->at = arena_array(cx->mem, struct entry_row, TILE_WIDTH);
	for (out->n = 0; out->n < (size_t)path.width && bundle_next(&rest, &entry); out->n++) {
		struct entry_row *row = &out->at[out->n];

		row->idx = path.n * TILE_WIDTH + (int64_t)out->n;
		row->entry = (struct bytes){(const unsigned char *)entry.p, entry.n};
		if (f->documents && !files_document(cx, f, row))
			return false;
	}
	return rest.n == 0 || cx_fail(cx, ERR_CORRUPT, "%s has %zu bytes after its %zu entries",
				  name.p, rest.n, out->n);
}

static bool files_log(struct cx *cx, const struct files *files, struct str vkey, struct audit *a)
{
	struct checkpoint head;
	struct vkey key;
	struct str note;

	if (!vkey_parse(cx, vkey, &key) ||
	    !file_must(cx, files, STR("checkpoint"), NOTE_MAX_BYTES, &note) ||
	    !checkpoint_open(cx, note, &key, &head))
		return false;
	if (head.size > FILES_ENTRIES_MAX)
		return cx_fail(cx, ERR_LIMIT,
		    "a log of %" PRIu64 " entries, at most %u are audited", head.size,
		    FILES_ENTRIES_MAX);
	a->size = (int64_t)head.size;
	a->entries = a->size;
	if (!audit_log(a))
		return false;
	return hash_eq(&a->root, &head.root) ||
	       cx_fail(cx, ERR_CORRUPT,
		   "the checkpoint has another root than the %" PRId64 " entries give", a->size);
}

bool audit_files(struct cx *cx, const struct files *files, struct str vkey,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out)
{
	struct files *f = arena_new(cx->mem, struct files);
	const struct audit_source source = {files_tile, files_entries, f, files->documents};
	struct audit *a = audit_new(cx, &source, progress);
	bool ok;

	*f = *files;
	ok = report(cx, files_log(cx, f, vkey, a), a, out);
	arena_close(a->keep);
	return ok;
}
