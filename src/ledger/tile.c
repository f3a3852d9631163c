/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles: their names, the growing tree that fills them, and proofs read out of them (C2SP tlog-tiles). */
#include "ledger/tlog.h"

/* ---- names ---- */

/* Three digits at the start of s. */
static bool three_digits(struct str s, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < 3; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return true;
}

/* Takes "x001/x234/067" off *rest. */
static bool take_number(struct str *rest, int64_t *out)
{
	int64_t n = 0, group;
	bool more = true;

	for (int i = 0; more; i++) {
		more = rest->n && rest->p[0] == 'x';
		if (more)
			*rest = str_cut(*rest, 1, rest->n);
		if (!three_digits(*rest, &group) || (i == 0 && more && group == 0))
			return false;
		if (__builtin_mul_overflow(n, 1000, &n) || __builtin_add_overflow(n, group, &n))
			return false;
		*rest = str_cut(*rest, 3, rest->n);
		if (more && (rest->n == 0 || rest->p[0] != '/'))
			return false;
		if (more)
			*rest = str_cut(*rest, 1, rest->n);
	}
	*out = n;
	return true;
}

bool tile_path_parse(struct str path, struct tile_path *out)
{
	struct str level;
	int64_t v;

	if (!str_split(&path, '/', &level) || path.p == NULL)
		return false;
	*out = (struct tile_path){.level = -1, .width = TILE_WIDTH};
	if (!str_is(level, "entries")) {
		if (!str_int(level, &v) || v < 0 || v > 63)
			return false;
		out->level = (int)v;
	}
	if (!take_number(&path, &out->n))
		return false;
	if (path.n == 0)
		return true;
	if (!str_starts(path, STR(".p/")) || !str_int(str_cut(path, 3, path.n), &v) || v < 1 ||
	    v >= TILE_WIDTH)
		return false;
	out->width = (int)v;
	return true;
}

struct str tile_path_print(struct arena *mem, struct tile_path p)
{
	struct buf b = buf_new(mem, 64);
	int64_t unit = 1;

	if (p.level < 0)
		buf_c(&b, "entries/");
	else
		buf_fmt(&b, "%d/", p.level);
	while (p.n / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		buf_fmt(&b, "x%03d/", (int)(p.n / unit % 1000));
	buf_fmt(&b, "%03d", (int)(p.n % 1000));
	if (p.width < TILE_WIDTH)
		buf_fmt(&b, ".p/%d", p.width);
	return buf_str(&b);
}

int tile_width(uint64_t size, int level, int64_t n)
{
	uint64_t hashes = level > 0 ? (level < TILE_LEVELS ? size >> 8 * level : 0) : size;
	uint64_t before = (uint64_t)n * TILE_WIDTH;

	if ((uint64_t)n > UINT64_MAX / TILE_WIDTH || before >= hashes)
		return 0;
	return hashes - before < TILE_WIDTH ? (int)(hashes - before) : TILE_WIDTH;
}

bool bundle_next(struct str *rest, struct str *entry_out)
{
	size_t n;

	if (rest->n < 2)
		return false;
	n = (size_t)(unsigned char)rest->p[0] << 8 | (unsigned char)rest->p[1];
	if (rest->n - 2 < n)
		return false;
	*entry_out = str_cut(*rest, 2, 2 + n);
	*rest = str_cut(*rest, 2 + n, rest->n);
	return true;
}

/* ---- the growing tree ---- */

/* A finished hash of tile level `level` takes its place at the right edge; index counts the hashes of that level. */
static bool edge_put(struct cx *cx, struct tree *t, int level, uint64_t index, const struct hash *h,
    const struct tile_sink *sink)
{
	size_t at = index % TILE_WIDTH;

	t->edge[level][at] = *h;
	if (at != TILE_WIDTH - 1 || sink == NULL)
		return true;
	return sink->full(cx, sink->arg,
	    (struct tile_path){level, (int64_t)(index / TILE_WIDTH), TILE_WIDTH}, t->edge[level]);
}

bool tree_add(struct cx *cx, struct tree *t, const struct hash *leaf, const struct tile_sink *sink)
{
	uint64_t index = t->size++;
	struct hash h = *leaf;
	int height = 0;

	if (!edge_put(cx, t, 0, index, &h, sink))
		return false;
	/* Each one-bit at the end of index is a perfect subtree that this leaf completes. */
	for (; index & 1; index >>= 1) {
		h = merkle_node(&t->roots[--t->depth], &h);
		height++;
		if (height % 8 == 0 && !edge_put(cx, t, height / 8, index >> 1, &h, sink))
			return false;
	}
	t->roots[t->depth++] = h;
	return true;
}

struct hash tree_root(const struct tree *t)
{
	struct hash h;

	if (t->depth == 0)
		return crypto_sha256(STR(""));
	h = t->roots[t->depth - 1];
	for (int i = t->depth - 2; i >= 0; i--)
		h = merkle_node(&t->roots[i], &h);
	return h;
}

/* ---- reading tiles ---- */

/* One tile of each level is kept: a proof walks up one column of them. */
struct reader {
	const struct tile_source *source;
	uint64_t size;
	struct {
		bool there;
		int64_t n;
		struct str hashes;
	} kept[TILE_LEVELS];
};

static bool tile_read(struct cx *cx, struct reader *r, int level, int64_t n, struct str *out)
{
	struct tile_path path = {level, n, tile_width(r->size, level, n)};

	if (!r->kept[level].there || r->kept[level].n != n) {
		if (!r->source->read(cx, r->source->arg, path, &r->kept[level].hashes))
			return false;
		r->kept[level].there = true;
		r->kept[level].n = n;
	}
	*out = r->kept[level].hashes;
	return out->n == 32 * (size_t)path.width ||
	       cx_fail(cx, ERR_CORRUPT, "tile/%s has %zu bytes, not %d",
		   tile_path_print(cx->mem, path).p, out->n, 32 * path.width);
}

/* The root of the perfect subtree of 2^height entries that is the index-th of its kind. */
static bool subtree_root(
    struct cx *cx, struct reader *r, int height, uint64_t index, struct hash *out)
{
	uint64_t first = index << height % 8; /* among the hashes of its tile level */
	struct hash hashes[TILE_WIDTH / 2];
	size_t n = (size_t)1 << height % 8;
	int level = height / 8;
	struct str tile = STR("");

	if (!tile_read(cx, r, level, (int64_t)(first / TILE_WIDTH), &tile))
		return false;
	memcpy(hashes, tile.p + 32 * (first % TILE_WIDTH), 32 * n);
	*out = merkle_root(hashes, n);
	return true;
}

/* The perfect subtrees that entries [lo, hi) fall into, largest first; lo is a multiple of the largest. */
static bool subtrees(
    struct cx *cx, struct reader *r, uint64_t lo, uint64_t hi, struct hash *out, int *n_out)
{
	*n_out = 0;
	while (lo < hi) {
		int height = 63 - __builtin_clzll(hi - lo);

		if (!subtree_root(cx, r, height, lo >> height, &out[(*n_out)++]))
			return false;
		lo += (uint64_t)1 << height;
	}
	return true;
}

static bool range_root(struct cx *cx, struct reader *r, uint64_t lo, uint64_t hi, struct hash *out)
{
	struct hash parts[64];
	int n;

	if (!subtrees(cx, r, lo, hi, parts, &n))
		return false;
	*out = parts[n - 1];
	for (int i = n - 2; i >= 0; i--)
		*out = merkle_node(&parts[i], out);
	return true;
}

bool tree_load(struct cx *cx, struct tree *t, uint64_t size, const struct tile_source *source)
{
	struct reader r = {.source = source, .size = size};
	struct str tile = STR("");

	*t = (struct tree){.size = size};
	for (int level = 0; level < TILE_LEVELS; level++) {
		int64_t n = (int64_t)(level < 7 ? size >> 8 * (level + 1) : 0);

		if (tile_width(size, level, n) == 0)
			continue;
		if (!tile_read(cx, &r, level, n, &tile))
			return false;
		memcpy(t->edge[level], tile.p, tile.n);
	}
	return subtrees(cx, &r, 0, size, t->roots, &t->depth);
}

/* The largest power of two below n (n > 1). */
static uint64_t split(uint64_t n)
{
	return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

static void path_reverse(struct merkle_path *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct hash h = p->at[i];

		p->at[i] = p->at[p->n - 1 - i];
		p->at[p->n - 1 - i] = h;
	}
}

bool merkle_prove_inclusion(struct cx *cx, const struct tile_source *source, uint64_t index,
    uint64_t size, struct merkle_path *out)
{
	struct reader r = {.source = source, .size = size};
	uint64_t lo = 0, hi = size;

	BUG_ON(index >= size);
	out->n = 0;
	while (hi - lo > 1) { /* from the root down: what lies on the other side of each split */
		uint64_t middle = lo + split(hi - lo);
		bool left = index < middle;

		if (!range_root(cx, &r, left ? middle : lo, left ? hi : middle, &out->at[out->n++]))
			return false;
		if (left)
			hi = middle;
		else
			lo = middle;
	}
	path_reverse(out);
	return true;
}

bool merkle_prove_consistency(struct cx *cx, const struct tile_source *source, uint64_t old_size,
    uint64_t new_size, struct merkle_path *out)
{
	struct reader r = {.source = source, .size = new_size};
	uint64_t lo = 0, hi = new_size;
	bool whole =
	    true; /* is what is left of the old log all of it? Then its root is known to the other side */

	BUG_ON(old_size == 0 || old_size > new_size);
	out->n = 0;
	while (hi != old_size) {
		uint64_t middle = lo + split(hi - lo);
		bool left = old_size <= middle;

		if (!range_root(cx, &r, left ? middle : lo, left ? hi : middle, &out->at[out->n++]))
			return false;
		if (left) {
			hi = middle;
		} else {
			lo = middle;
			whole = false;
		}
	}
	if (!whole && !range_root(cx, &r, lo, hi, &out->at[out->n++]))
		return false;
	path_reverse(out);
	return true;
}
