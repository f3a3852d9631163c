/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole logs. Log A and log "big" of the generated vectors are made here from their description (entry i of A is "entry i" repeated i mod 5 times; byte
 * j of entry k of big is 31 j + 17 k) and compared file by file; folders of tlog-tiles are audited.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "codec/json.h"
#include "ledger/audit.h"
#include "vectors/vectors.h"

#define ENTRIES_MOST 1000000

struct made_log {
	const char *key; /* in keys.json */
	struct str (*entry)(struct arena *mem, int64_t i);
	struct arena *mem;
	int64_t size; /* entries whose leaves are there */
	struct hash *level[TILE_LEVELS];
};

static struct str entry_a(struct arena *mem, int64_t i)
{
	struct buf b = buf_new(mem, 256);

	for (int64_t k = 0; k < i % 5; k++)
		buf_fmt(&b, "entry %" PRId64, i);
	return buf_str(&b);
}

static struct str entry_big(struct arena *mem, int64_t k)
{
	static const size_t lengths[] = {0, 1, 255, 256, 65534, 65535, 3};
	size_t n = (size_t)k < ARRAY_SIZE(lengths) ? lengths[k] : 0;
	char *bytes = arena_alloc(mem, n + 1);

	for (size_t j = 0; j < n; j++)
		bytes[j] = (char)((31 * j + 17 * (size_t)k) % 256);
	return (struct str){bytes, n};
}

static struct made_log made_logs[] = {
    {.key = "log", .entry = entry_a}, {.key = "big", .entry = entry_big}};

/* Leaves and the hashes of full tiles up to size; a smaller log is the beginning of a larger one. */
static void log_make(struct made_log *log, int64_t size)
{
	struct arena *mem;

	if (size <= log->size)
		return;
	if (log->mem != NULL)
		arena_close(log->mem);
	mem = log->mem = arena_open((size_t)1 << 30);
	log->size = size;
	log->level[0] = arena_array(mem, struct hash, size);
	for (int64_t i = 0; i < size; i++) {
		struct arena_mark m = arena_mark(mem);

		log->level[0][i] = merkle_leaf(log->entry(mem, i));
		arena_rewind(mem, m);
	}
	for (int level = 1; level < TILE_LEVELS; level++) {
		int64_t n = size >> 8 * level;

		log->level[level] = arena_array(mem, struct hash, n);
		for (int64_t i = 0; i < n; i++)
			log->level[level][i] =
			    merkle_root(log->level[level - 1] + i * TILE_WIDTH, TILE_WIDTH);
	}
}

static bool log_tile(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	const struct made_log *log = arg;

	(void)cx;
	*out = (struct str){
	    (const char *)log->level[path.level][path.n * TILE_WIDTH].b, 32 * (size_t)path.width};
	return true;
}

/* ---- keys: keys.json beside the file or in generated/ above it, else those of the published vectors ---- */

static const char known_keys[] = "{\"log\":{\"name\":\"example.com/gov-log-vectors/a\","
				 "\"skey\":\"PRIVATE+KEY+example.com/gov-log-vectors/"
				 "a+7e1b285e+Afr5hN1r0AnKvGIPLiYPSrg7odBJ/cI4YMyit4/zzJXd\","
				 "\"vkey\":\"example.com/gov-log-vectors/"
				 "a+7e1b285e+AVLT0hUS81A7YdCT9VVhG8ctlLWkV4+R5abTDjA9vK2N\"},"
				 "\"big\":{\"name\":\"example.com/gov-log-vectors/big\","
				 "\"skey\":\"PRIVATE+KEY+example.com/gov-log-vectors/"
				 "big+c2066750+AVZoO6AqUckCjTbkxl/CZUGgQNP5MIg6C3sIA1WRMat5\","
				 "\"vkey\":\"example.com/gov-log-vectors/"
				 "big+c2066750+AWMNvaKNRhBoJidycsRiBt3wjwA1pBsh13FKiYBAq+56\"},"
				 "\"tamper\":{\"name\":\"example.com/gov-log-vectors/tamper\","
				 "\"vkey\":\"example.com/gov-log-vectors/"
				 "tamper+7230fa7f+ARCwPyky6ICDoZFfJJZrniv7VPe7t3FBDd6K0Vv4jUyr\"}}";

static struct val *keys_find(struct cx *cx, struct str path)
{
	static const char *const places[] = {"keys.json", "../generated/keys.json",
	    "../../generated/keys.json", "../../../generated/keys.json"};
	struct str dir = path, text;
	struct val *keys;

	while (dir.n && dir.p[dir.n - 1] != '/')
		dir.n--;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (!io_file_find(cx, str_fmt(cx->mem, "%.*s%s", STR_ARG(dir), places[i]).p,
			1 << 20, &text)) {
			cx_clear(cx);
			continue;
		}
		if (text.p != NULL && json_parse(cx, text, NULL, &keys))
			return keys;
		cx_clear(cx);
	}
	return json_parse(cx, str_of(known_keys), NULL, &keys) ? keys : NULL;
}

/* "PRIVATE+KEY+name+id+base64 of 01 and the seed" */
static bool skey_parse(struct arena *mem, struct str skey, struct str *name, struct sign_key **out)
{
	struct str rest = skey, part, seed;

	for (int i = 0; i < 4; i++) {
		if (!str_split(&rest, '+', &part))
			return false;
		if (i == 2)
			*name = part;
	}
	if (rest.p == NULL || !base64_parse(mem, rest, &seed) || seed.n != 33)
		return false;
	*out = sign_key_new((const unsigned char *)seed.p + 1);
	return true;
}

static struct str log_checkpoint(
    struct cx *cx, const struct made_log *log, struct str path, int64_t size)
{
	struct checkpoint c = {
	    .size = (uint64_t)size, .root = merkle_root(log->level[0], (size_t)size)};
	struct val *keys = keys_find(cx, path);
	struct sign_key *key;
	struct str note;

	if (!skey_parse(
		cx->mem, val_str(val_find(keys, str_of(log->key)), "skey"), &c.origin, &key))
		return STR("no key");
	note = note_sign(cx->mem, checkpoint_print(cx->mem, &c), c.origin, key);
	sign_key_close(key);
	return note;
}

/* ---- roots, proofs made by us ---- */

static void root_case(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct cx *cx = vector_cx(v);
	int64_t size = val_i64(one, "size", -1);
	struct str note, bytes;
	struct hash root;
	bool same;

	if (size < 0 || size > ENTRIES_MOST) {
		vector_case(v, file, val_str(one, "id"), false, "size");
		return;
	}
	log_make(&made_logs[0], size);
	note = log_checkpoint(cx, &made_logs[0], file->path, size);
	root = merkle_root(made_logs[0].level[0], (size_t)size);
	same = base64_parse(cx->mem, val_str(one, "root"), &bytes) && bytes.n == sizeof root.b &&
	       memcmp(bytes.p, root.b, sizeof root.b) == 0;
	vector_case(v, file, val_str(one, "id"), same && str_eq(note, val_str(one, "checkpoint")),
	    "%.*s", STR_ARG(note));
}

static void run_roots(struct vectors *v, const struct vector_file *file)
{
	vector_each_line(v, file, root_case);
}

/* ---- manifests ---- */

static struct str bundle_make(struct arena *mem, const struct made_log *log, struct tile_path path)
{
	struct buf b = buf_new(mem, TILE_WIDTH * 65537u);

	for (int i = 0; i < path.width; i++) {
		struct str entry = log->entry(mem, path.n * TILE_WIDTH + i);

		buf_bytes(&b, (const char[2]){(char)(entry.n >> 8), (char)entry.n}, 2);
		buf_add(&b, entry);
	}
	return buf_str(&b);
}

static struct str file_make(struct cx *cx, struct made_log *log, const struct vector_file *file,
    int64_t size, struct str name)
{
	struct str hashes = STR_NONE;
	struct tile_path p;

	if (str_is(name, "checkpoint"))
		return log_checkpoint(cx, log, file->path, size);
	if (!str_starts(name, STR("tile/")) || !tile_path_parse(str_cut(name, 5, name.n), &p) ||
	    tile_width((uint64_t)size, p.level < 0 ? 0 : p.level, p.n) != p.width)
		return STR_NONE;
	if (p.level < 0)
		return bundle_make(cx->mem, log, p);
	(void)log_tile(cx, log, p, &hashes);
	return hashes;
}

static void manifest_line(struct vectors *v, const struct vector_file *file, struct made_log *log,
    int64_t size, struct str line)
{
	struct cx *cx = vector_cx(v);
	struct str rest = line, name, bytes, hex = STR_NONE, made;
	struct hash h;
	int64_t n = -1;

	if (!str_split(&rest, '\t', &name) || !str_split(&rest, '\t', &bytes) ||
	    !str_split(&rest, '\t', &hex) || !str_int(bytes, &n)) {
		vector_case(v, file, line, false, "no line of a manifest");
		return;
	}
	made = file_make(cx, log, file, size, name);
	h = crypto_sha256(made);
	vector_case(v, file, name, (int64_t)made.n == n && str_eq(hash_hex(cx->mem, &h), hex),
	    "%zu bytes, %s", made.n, hash_hex(cx->mem, &h).p);
}

static void run_manifest(struct vectors *v, const struct vector_file *file)
{
	struct str rest = file->bytes, line, number = str_cut(file->path, 0, file->path.n - 4);
	struct made_log *log = &made_logs[str_has(file->path, STR("manifest_big_")) ? 1 : 0];
	size_t at = number.n;
	int64_t size = -1;

	while (at > 0 && number.p[at - 1] != '_')
		at--;
	if (!str_int(str_cut(number, at, number.n), &size) || size < 0 || size > ENTRIES_MOST) {
		vector_case(v, file, STR("name"), false, "the name does not end in a size");
		return;
	}
	log_make(log, size);
	while (str_split(&rest, '\n', &line)) {
		if (line.n == 0)
			continue;
		arena_reset(vector_cx(v)->mem);
		manifest_line(v, file, log, size, line);
	}
}

/* ---- folders ---- */

struct folder {
	const char *dir;
	const char *checkpoint; /* its name there */
};

static bool folder_get(struct cx *cx, void *arg, struct str path, size_t limit, struct str *out)
{
	const struct folder *f = arg;

	if (str_is(path, "checkpoint"))
		path = str_of(f->checkpoint);
	return io_file_find(cx, str_fmt(cx->mem, "%s/%.*s", f->dir, STR_ARG(path)).p, limit, out);
}

static bool folder_tile(struct cx *cx, void *arg, struct tile_path path, struct str *out)
{
	return folder_get(cx, arg, str_fmt(cx->mem, "tile/%s", tile_path_print(cx->mem, path).p),
		   8192, out) &&
	       (out->p != NULL || cx_fail(cx, ERR_CORRUPT, "a tile is missing"));
}

/* The key of a folder's log: vkey.txt in it, else the one of keys.json whose name the checkpoint bears. */
static struct str folder_vkey(struct cx *cx, const struct vector_file *file, const char *dir)
{
	struct str text, origin = STR_NONE, rest = file->bytes;
	const struct val *keys;

	if (!io_file_find(cx, str_fmt(cx->mem, "%s/vkey.txt", dir).p, 4096, &text))
		cx_clear(cx);
	else if (text.p != NULL)
		return str_trim(text);
	(void)str_split(&rest, '\n', &origin);
	keys = keys_find(cx, file->path);
	VAL_EACH(i, keys) {
		if (str_eq(val_str(keys->at[i], "name"), origin))
			return val_str(keys->at[i], "vkey");
	}
	return STR_NONE;
}

/* An older checkpoint of the same folder: signed, and continued by the newest. */
static bool older_holds(struct cx *cx, struct folder *f, const struct vkey *key, struct str older)
{
	const struct tile_source source = {folder_tile, f};
	struct str was_note, is_note;
	struct checkpoint was, is;
	struct merkle_path path;

	if (!folder_get(cx, f, older, NOTE_MAX_BYTES, &was_note) ||
	    !folder_get(cx, f, STR("checkpoint"), NOTE_MAX_BYTES, &is_note) ||
	    !checkpoint_open(cx, was_note, key, &was) || !checkpoint_open(cx, is_note, key, &is))
		return false;
	return was.size == 0 ||
	       (was.size <= is.size &&
		   merkle_prove_consistency(cx, &source, was.size, is.size, &path) &&
		   merkle_consistency_check(
		       was.size, is.size, &was.root, &is.root, path.at, path.n));
}

static bool folder_holds(struct cx *cx, struct folder *f, struct str vkey_text, struct str *why)
{
	const struct files files = {folder_get, f, false};
	struct audit_report r;
	struct io_names names;
	struct vkey key;

	*why = STR("a checkpoint is not continued");
	if (!vkey_parse(cx, vkey_text, &key) || !audit_files(cx, &files, vkey_text, NULL, &r))
		return false;
	if (!r.ok) {
		*why = r.finding;
		return false;
	}
	if (!str_is(str_of(f->checkpoint), "checkpoint") || !io_dir_list(cx, f->dir, "", &names))
		return true; /* one of several checkpoints of a folder, each with its own partial tiles */
	for (size_t i = 0; i < names.n; i++)
		if (str_starts(names.at[i], STR("checkpoint.")) &&
		    !older_holds(cx, f, &key, names.at[i]))
			return false;
	return true;
}

/* A folder whose name begins with bad- must be refused. */
static bool folder_is_bad(struct str dir)
{
	struct str rest = dir, last = dir;

	while (str_split(&rest, '/', &last))
		;
	return str_starts(last, STR("bad-"));
}

static void run_folder(struct vectors *v, const struct vector_file *file)
{
	struct cx *cx = vector_cx(v);
	struct str dir = file->path, why;
	struct folder f;
	bool ok;

	while (dir.n && dir.p[dir.n - 1] != '/')
		dir.n--;
	f.checkpoint = file->path.p + dir.n;
	f.dir = str_c(cx->mem, str_cut(dir, 0, dir.n - 1));
	if (!str_is(str_of(f.checkpoint), "checkpoint") &&
	    access(str_fmt(cx->mem, "%s/checkpoint", f.dir).p, F_OK) == 0)
		return; /* checked with the newest one */
	ok = folder_holds(cx, &f, folder_vkey(cx, file, f.dir), &why);
	vector_case(v, file, STR("folder"), ok != folder_is_bad(str_of(f.dir)), "%s",
	    ok		   ? "verified"
	    : cx->err.code ? cx->err.msg.p
			   : why.p);
}

/* Read with the checkpoint that it belongs to. */
static void run_part(struct vectors *v, const struct vector_file *file)
{
	(void)v;
	(void)file;
}

const struct vector_kind vectors_log[] = {
    {"roots", "*/*roots*.jsonl", "size root checkpoint", run_roots},
    {"manifests", "*/manifest_*.tsv", NULL, run_manifest},
    {"logs", "*/checkpoint", NULL, run_folder},
    {"logs", "*/checkpoint.[0-9]*", NULL, run_folder},
    {"logs", "*/tile/*", NULL, run_part},
    {"logs", "*/vkey.txt", NULL, run_part},
    {"logs", "*/keys.json", NULL, run_part},
    {0},
};
