/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog formats: Merkle proofs, notes, verifier keys, checkpoints, tile paths, proof files, and entries of Rekor. */
#include "ledger/ledger.h"
#include "vectors/vectors.h"

static bool hash_of(struct arena *mem, struct str base64, struct hash *out)
{
	struct str bytes;

	if (!base64_parse(mem, base64, &bytes) || bytes.n != 32)
		return false;
	memcpy(out->b, bytes.p, 32);
	return true;
}

static bool truth(const struct val *one, const char *key)
{
	const struct val *v = val_find(one, str_of(key));

	return v != NULL && v->truth;
}

static bool path_of(struct arena *mem, const struct val *list, struct merkle_path *out)
{
	out->n = 0;
	VAL_EACH(i, list) {
		if (out->n == PATH_MAX_LEN || !hash_of(mem, list->at[i]->text, &out->at[out->n++]))
			return false;
	}
	return true;
}

/* ---- Merkle trees ---- */

static void inclusion(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct arena *mem = vector_cx(v)->mem;
	struct merkle_path path;
	struct hash root, leaf;
	uint64_t index, size;
	bool ok = hash_of(mem, val_str(one, "root"), &root) &&
		  hash_of(mem, val_str(one, "leafHash"), &leaf) &&
		  path_of(mem, val_at(one, "proof"), &path) && vector_u64(one, "leafIdx", &index) &&
		  vector_u64(one, "treeSize", &size) &&
		  merkle_inclusion_check(index, size, &leaf, path.at, path.n, &root);

	vector_case(v, file, val_str(one, "id"), ok != truth(one, "wantErr"), "%s",
	    ok ? "accepted" : "refused");
}

static void run_inclusion(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, inclusion);
}

static void consistency(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct arena *mem = vector_cx(v)->mem;
	struct merkle_path path;
	struct hash old_root, new_root;
	uint64_t old_size, new_size;
	bool ok =
	    hash_of(mem, val_str(one, "root1"), &old_root) &&
	    hash_of(mem, val_str(one, "root2"), &new_root) &&
	    path_of(mem, val_at(one, "proof"), &path) && vector_u64(one, "size1", &old_size) &&
	    vector_u64(one, "size2", &new_size) &&
	    merkle_consistency_check(old_size, new_size, &old_root, &new_root, path.at, path.n);

	if (truth(one, "skip_if_fixed_32_byte_hashes"))
		return;
	vector_case(v, file, val_str(one, "id"), ok != truth(one, "wantErr"), "%s",
	    ok ? "accepted" : "refused");
}

static void run_consistency(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, consistency);
}

static struct str unhex(struct arena *mem, struct str hex)
{
	char *bytes = arena_alloc(mem, hex.n / 2 + 1);

	return str_unhex(hex, bytes, hex.n / 2) ? (struct str){bytes, hex.n / 2} : STR_NONE;
}

static struct hash root_of(struct arena *mem, const struct val *leaves)
{
	struct hash *hashes = arena_array(mem, struct hash, leaves->n + 1);

	VAL_EACH(i, leaves)
		hashes[i] = merkle_leaf(unhex(mem, leaves->at[i]->text));
	return merkle_root(hashes, leaves->n);
}

static void rfc6962(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct arena *mem = vector_cx(v)->mem;
	struct str kind = val_str(one, "kind"), want = val_str(one, "want"), is;
	struct hash h = merkle_root(NULL, 0);

	if (str_is(kind, "leaf"))
		h = merkle_leaf(unhex(mem, val_str(one, "data_hex")));
	if (str_is(kind, "root"))
		h = root_of(mem, val_at(one, "leaves_hex"));
	if (str_is(kind, "node")) { /* not 32 bytes long there: the rule itself */
		const struct str parts[3] = {STR("\1"), unhex(mem, val_str(one, "left_hex")),
		    unhex(mem, val_str(one, "right_hex"))};

		h = crypto_sha256_parts(parts, 3);
	}
	is = hash_hex(mem, &h);
	vector_case(v, file, val_str(one, "id"), str_eq(is, want), "%.*s", STR_ARG(is));
}

static void run_rfc6962(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, rfc6962);
}

/* ---- notes ---- */

#define KEYS_MOST 16

/* How a note does with these keys: malformed, unverified, invalid, ok. */
static const char *note_state(
    struct cx *cx, struct str bytes, const struct val *vkeys, struct note *n)
{
	static const char *const names[] = {
	    [NOTE_VERIFIED] = "ok", [NOTE_UNVERIFIED] = "unverified", [NOTE_FALSE] = "invalid"};
	struct vkey keys[KEYS_MOST];
	size_t n_keys = 0;

	VAL_EACH(i, vkeys) {
		if (n_keys == KEYS_MOST || !vkey_parse(cx, vkeys->at[i]->text, &keys[n_keys++]))
			return "bad key";
	}
	if (!note_parse(cx, bytes, n)) {
		cx_clear(cx);
		return "malformed";
	}
	return names[note_check(cx->mem, n, keys, n_keys)];
}

static bool all_verified(const struct val *names, const struct note *n)
{
	VAL_EACH(i, names) {
		bool found = false;

		for (size_t k = 0; k < n->n; k++)
			found = found ||
				(n->at[k].verified && str_eq(n->at[k].name, names->at[i]->text));
		if (!found)
			return false;
	}
	return true;
}

static void signed_note(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	struct str bytes;
	struct note n = {.n = 0};
	const char *is;

	if (!base64_parse(cx->mem, val_str(one, "note_b64"), &bytes)) {
		vector_case(v, file, val_str(one, "id"), false, "note_b64 is no base64");
		return;
	}
	is = note_state(cx, bytes, val_at(one, "vkeys"), &n);
	vector_case(v, file, val_str(one, "id"),
	    str_is(val_str(one, "want"), is) &&
		(!str_is(str_of(is), "ok") || all_verified(val_at(one, "verified"), &n)),
	    "%s", is);
}

static void run_signed_note(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, signed_note);
}

static void vkey(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	struct vkey key;
	bool ok = vkey_parse(cx, val_str(one, "vkey"), &key);

	vector_case(v, file, val_str(one, "id"), ok == truth(one, "want_ok"), "%s",
	    ok ? "accepted" : cx->err.msg.p);
}

static void run_vkey(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, vkey);
}

/* ---- checkpoints, paths, proof files ---- */

static void body(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	struct checkpoint c;
	bool want = truth(one, "want_ok_c2sp_strict");
	bool ok = checkpoint_parse(cx, val_str(one, "text"), &c);
	bool right = ok == want;
	struct hash root;
	uint64_t size;

	if (ok && want)
		right = str_eq(c.origin, val_str(one, "origin")) &&
			vector_u64(one, "size", &size) && size == c.size &&
			hash_of(cx->mem, val_str(one, "hash_b64"), &root) &&
			hash_eq(&root, &c.root) && str_eq(c.extension, val_str(one, "rest"));
	vector_case(v, file, val_str(one, "id"), right, "%s", ok ? "accepted" : cx->err.msg.p);
}

static void run_body(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, body);
}

static bool path_print_right(struct arena *mem, const struct val *one)
{
	struct str kind = val_str(one, "kind"), is;
	struct tile_path p = {.level = -1, .n = val_i64(one, "index", -1)};

	if (str_is(kind, "tile")) {
		p.level = (int)val_i64(one, "level", -1);
		p.width = (int)val_i64(one, "width", -1);
	} else if (str_is(kind, "entry_bundle_for_index")) {
		p.n /= TILE_WIDTH;
		p.width = tile_width((uint64_t)val_i64(one, "tree_size", -1), 0, p.n);
	} else {
		return false;
	}
	is = str_fmt(mem, "tile/%s", tile_path_print(mem, p).p);
	return str_eq(is, val_str(one, "want"));
}

static void tile_path(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct str path = val_str(one, "path");
	struct tile_path p;
	uint64_t index;
	bool ok, right;

	if (!str_is(val_str(one, "kind"), "parse")) {
		vector_case(v, file, val_str(one, "id"), path_print_right(vector_cx(v)->mem, one),
		    "another path");
		return;
	}
	ok = str_starts(path, STR("tile/")) && tile_path_parse(str_cut(path, 5, path.n), &p);
	right = ok == truth(one, "want_ok");
	if (ok && right)
		right = vector_u64(one, "index", &index) && (uint64_t)p.n == index &&
			p.level == val_i64(one, "level", -1) &&
			p.width == val_i64(one, "width", -1);
	vector_case(v, file, val_str(one, "id"), right, "%s", ok ? "accepted" : "refused");
}

static void run_path(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, tile_path);
}

static bool proof_same(struct arena *mem, const struct val *one, const struct proof *p)
{
	struct merkle_path path;
	struct str extra = val_str(one, "extra_b64");
	uint64_t index;

	return vector_u64(one, "index", &index) && index == p->index &&
	       path_of(mem, val_at(one, "hashes"), &path) && path.n == p->path.n &&
	       memcmp(path.at, p->path.at, 32 * path.n) == 0 &&
	       str_eq(val_str(one, "checkpoint"), p->checkpoint) &&
	       (extra.p == NULL) == (p->extra.p == NULL) &&
	       (extra.p == NULL || str_eq(extra, base64_print(mem, p->extra)));
}

static void proof_syntax(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	struct proof p;
	bool ok = proof_parse(cx, val_str(one, "text"), &p);
	bool right = ok == truth(one, "want_ok");

	if (ok && right)
		right = proof_same(cx->mem, one, &p) &&
			str_eq(proof_print(cx->mem, &p), val_str(one, "text"));
	vector_case(v, file, val_str(one, "id"), right, "%s", ok ? "accepted" : cx->err.msg.p);
}

static void run_proof_syntax(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, proof_syntax);
}

/* A proof file of a log, its entry, and the witnesses that must have signed its checkpoint, too. */
static bool whole_proof(struct cx *cx, const struct val *one)
{
	const struct val *witnesses = val_at(one, "witness_vkeys");
	struct proof_result result;
	struct str entry;
	struct proof p;
	struct note n;

	if (!base64_parse(cx->mem, val_str(one, "entry_b64"), &entry) ||
	    !proof_verify(cx, val_str(one, "proof"), val_str(one, "log_vkey"), entry, &result) ||
	    !proof_parse(cx, val_str(one, "proof"), &p))
		return false;
	VAL_EACH(i, witnesses) {
		struct val *key = val_list(cx->mem);

		val_add(cx->mem, key, witnesses->at[i]);
		if (!str_is(str_of(note_state(cx, p.checkpoint, key, &n)), "ok"))
			return false;
	}
	return true;
}

static void tlog_proof(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	bool ok = whole_proof(cx, one);

	vector_case(v, file, val_str(one, "id"), ok == truth(one, "want_valid"), "%s",
	    ok		   ? "accepted"
	    : cx->err.code ? cx->err.msg.p
			   : "no cosignature");
}

static void run_tlog_proof(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, tlog_proof);
}

/* ---- Rekor ---- */

static void rekor(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	const struct val *vkeys = val_at(one, "vkeys");
	struct hash root, leaf;
	struct merkle_path path;
	struct checkpoint c;
	uint64_t index, size;
	struct str bytes;
	struct note n = {.n = 0};
	const char *state;
	bool ok = base64_parse(cx->mem, val_str(one, "leaf_b64"), &bytes) &&
		  hash_of(cx->mem, val_str(one, "root"), &root) &&
		  path_of(cx->mem, val_at(one, "proof"), &path) &&
		  vector_u64(one, "leafIdx", &index) && vector_u64(one, "treeSize", &size);
	bool matches;

	if (ok) {
		leaf = merkle_leaf(bytes);
		ok = merkle_inclusion_check(index, size, &leaf, path.at, path.n, &root);
	}
	if (ok != truth(one, "want_inclusion") || vkeys == NULL) {
		vector_case(v, file, val_str(one, "id"), ok == truth(one, "want_inclusion"),
		    "inclusion %d", ok);
		return;
	}
	state = note_state(cx, val_str(one, "checkpoint"), vkeys, &n);
	matches = str_is(str_of(state), "ok") && checkpoint_parse(cx, n.text, &c) &&
		  c.size == size && hash_eq(&c.root, &root);
	vector_case(v, file, val_str(one, "id"),
	    str_is(val_str(one, "want_note"), state) &&
		matches == truth(one, "want_checkpoint_matches"),
	    "note %s, checkpoint %s", state, matches ? "matches" : "differs");
}

static void run_rekor(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, rekor);
}

const struct vector_kind vectors_tlog[] = {
    {"merkle inclusion", "*/*inclusion*.jsonl", "leafIdx treeSize leafHash wantErr", run_inclusion},
    {"merkle consistency", "*/*consistency*.jsonl", "size1 size2 root1 root2 wantErr",
	run_consistency},
    {"rfc6962", "*/*rfc6962_hashes*.jsonl", "kind want", run_rfc6962},
    {"signed notes", "*/*signed_note*.jsonl", "note_b64 vkeys want", run_signed_note},
    {"verifier keys", "*/*vkeys*.jsonl", "vkey want_ok", run_vkey},
    {"checkpoints", "*/*body*.jsonl", "text want_ok_c2sp_strict", run_body},
    {"tile paths", "*/*paths*.jsonl", "kind", run_path},
    {"proof files", "*/*tlog_proof_syntax*.jsonl", "text want_ok", run_proof_syntax},
    {"proofs", "*/*tlog_proofs*.jsonl", "proof log_vkey entry_b64 want_valid", run_tlog_proof},
    {"rekor", "*/*inclusion*.jsonl", "leaf_b64 leafIdx treeSize want_inclusion", run_rekor},
    {0},
};
