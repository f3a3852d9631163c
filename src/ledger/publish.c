/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After COMMIT and before anybody hears of it: what was written is read again, hashed on another path, compared, and proved to continue the last
 * signed head. Only then is it signed, and the signature is on the disk before the published size rises. A flipped bit in a signed leaf could
 * never be undone.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/trace.h"
#include "ledger/ledger_priv.h"

static void nothing(const char *point)
{
	(void)point;
}

struct ledger_hooks ledger_hooks = {.reached = nothing, .stop = _exit};

void ledger_stop(const char *what, const char *why)
{
	trace(TRACE_ERROR, "ledger-stop", "what", what, "why", why, NULL);
	ledger_hooks.stop(3);
	abort();
}

/* Another path than merkle_leaf: one contiguous buffer. */
static struct hash leaf_again(struct arena *mem, struct bytes entry)
{
	char *bytes = arena_alloc(mem, entry.n + 1);

	memcpy(bytes + 1, entry.p, entry.n);
	return crypto_sha256((struct str){bytes, entry.n + 1});
}

/* Entries [from, to), all of one level-0 tile, against the leaf hashes of that tile. */
static bool leaves_verify(struct cx *cx, int64_t from, int64_t to, uint64_t size)
{
	int64_t n = from / TILE_WIDTH;
	struct tile_path path = {0, n, tile_width(size, 0, n)};
	struct entry_rows rows;
	struct str hashes;

	if (!store_entries(cx, from, to, false, &rows) ||
	    !store_tiles.read(cx, NULL, path, &hashes))
		return false;
	if (rows.n != (size_t)(to - from))
		return cx_fail(cx, ERR_CORRUPT,
		    "of the entries %" PRId64 " to %" PRId64 " only %zu are there", from, to - 1,
		    rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		struct hash leaf = leaf_again(cx->mem, rows.at[i].entry);

		if (rows.at[i].idx != from + (int64_t)i ||
		    memcmp(leaf.b, hashes.p + 32 * ((from + (int64_t)i) % TILE_WIDTH), 32) != 0)
			return cx_fail(cx, ERR_CORRUPT,
			    "entry %" PRId64 " does not match its leaf hash in tile/%s",
			    from + (int64_t)i, tile_path_print(cx->mem, path).p);
	}
	return true;
}

/* Each hash that the new entries added above level 0 is the root of the full tile below it. */
static bool parents_verify(struct cx *cx, uint64_t old_size, uint64_t size)
{
	struct hash below[TILE_WIDTH], root;
	struct str tile, hashes;

	for (int level = 1; level < TILE_LEVELS; level++)
		for (uint64_t i = old_size >> 8 * level; i < size >> 8 * level; i++) {
			int64_t n = (int64_t)(i / TILE_WIDTH);
			struct tile_path path = {level, n, tile_width(size, level, n)};

			if (!store_tiles.read(cx, NULL, path, &hashes) ||
			    !store_tiles.read(cx, NULL,
				(struct tile_path){level - 1, (int64_t)i, TILE_WIDTH}, &tile))
				return false;
			memcpy(below, tile.p, sizeof below);
			root = merkle_root(below, TILE_WIDTH);
			if (memcmp(root.b, hashes.p + 32 * (i % TILE_WIDTH), 32) != 0)
				return cx_fail(cx, ERR_CORRUPT,
				    "tile/%s does not match the tile below it",
				    tile_path_print(cx->mem, path).p);
		}
	return true;
}

static bool consistency_verify(struct cx *cx, const struct checkpoint *old, const struct head *head)
{
	struct merkle_path path;
	struct tree *tree;
	struct hash root;

	if (old->size == 0) {
		tree = arena_new(cx->mem, struct tree);
		if (!tree_load(cx, tree, (uint64_t)head->size, &store_tiles))
			return false;
		root = tree_root(tree);
		return hash_eq(&root, &head->root) ||
		       cx_fail(cx, ERR_CORRUPT, "the tiles do not give the root of the head");
	}
	if (!merkle_prove_consistency(cx, &store_tiles, old->size, (uint64_t)head->size, &path))
		return false;
	if (!merkle_consistency_check(
		old->size, (uint64_t)head->size, &old->root, &head->root, path.at, path.n))
		return cx_fail(cx, ERR_CORRUPT,
		    "the head at %" PRId64 " entries does not continue the one signed at %" PRIu64,
		    head->size, old->size);
	return true;
}

static bool batch_verify(struct cx *cx, const struct checkpoint *old, const struct head *head)
{
	for (int64_t from = (int64_t)old->size, to; from < head->size; from = to) {
		to = (from / TILE_WIDTH + 1) * TILE_WIDTH;
		if (to > head->size)
			to = head->size;
		if (!leaves_verify(cx, from, to, (uint64_t)head->size))
			return false;
	}
	return parents_verify(cx, old->size, (uint64_t)head->size) &&
	       consistency_verify(cx, old, head);
}

struct str signed_pad(struct arena *mem, struct str note)
{
	size_t n = (note.n + SIGNED_BLOCK - 1) / SIGNED_BLOCK * SIGNED_BLOCK;
	char *bytes = arena_alloc(mem, n + 1);

	memset(bytes, '\n', n);
	memcpy(bytes, note.p, note.n);
	return (struct str){bytes, n};
}

struct str signed_unpad(struct str bytes)
{
	while (bytes.n > 1 && bytes.p[bytes.n - 1] == '\n' && bytes.p[bytes.n - 2] == '\n')
		bytes.n--;
	return bytes;
}

/* In place: one block of the disk is old or new, never half; a rename would cost two more waits for the disk. */
static bool signed_write(struct cx *cx, const struct ledger *l, struct str note)
{
	struct str bytes = signed_pad(cx->mem, note);
	ssize_t put;

	do
		put = io.pwrite(l->signed_fd, bytes.p, bytes.n, 0);
	while (put < 0 && errno == EINTR);
	if (put != (ssize_t)bytes.n)
		return cx_fail(
		    cx, ERR_IO, "writing HOME/signed: %s", put < 0 ? strerror(errno) : "cut short");
	return io.fdatasync(l->signed_fd) == 0 ||
	       cx_fail(cx, ERR_IO, "syncing HOME/signed: %s", strerror(errno));
}

bool publish_head(struct cx *cx, struct ledger *l, const struct head *head)
{
	struct checkpoint next = {
	    .origin = l->config.origin, .size = (uint64_t)head->size, .root = head->root};
	struct str note;

	if (!batch_verify(cx, &l->now->head, head))
		return cx_note(cx, "verifying entries %" PRIu64 " to %" PRId64 " before signing",
		    l->now->head.size, head->size - 1);
	ledger_hooks.reached("verified");
	note = note_sign(cx->mem, checkpoint_print(cx->mem, &next), l->config.origin, l->key);
	if (!signed_write(cx, l, note))
		return false;
	ledger_hooks.reached("signed");
	published_set(l->now, &next, head->time, note);
	return true;
}
