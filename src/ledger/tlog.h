/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tlog: the formats of the log as pure functions, without a database: Merkle trees (RFC 6962, RFC 9162), tiles (C2SP tlog-tiles), signed notes,
 * checkpoints (tlog-checkpoint) and proof files (tlog-proof). Everything that reads texts of others treats them as hostile: bounded, strict, and
 * a refusal says what stood there. Sizes and indexes run over the full 64 bits here because proofs of others may; our own log stays below 2^53.
 */
#ifndef LEDGER_TLOG_H
#define LEDGER_TLOG_H

#include "crypto/crypto.h"

#define TLOG_ENTRY_MAX 65535u /* bytes of one entry */
#define TILE_WIDTH     256
#define TILE_LEVELS    8 /* 256^8 = 2^64 entries */
#define PATH_MAX_LEN   64

/* ---- Merkle trees ---- */
struct hash merkle_leaf(struct str entry);
struct hash merkle_node(const struct hash *left, const struct hash *right);
/* The root over n leaf hashes by the definition of RFC 6962; n = 0 gives the hash of the empty text. */
struct hash merkle_root(const struct hash *leaves, size_t n);

/* RFC 9162 2.1.3.2 and 2.1.4.2. */
bool merkle_inclusion_check(uint64_t index, uint64_t size, const struct hash *leaf,
    const struct hash *path, size_t n, const struct hash *root);
bool merkle_consistency_check(uint64_t old_size, uint64_t new_size, const struct hash *old_root,
    const struct hash *new_root, const struct hash *path, size_t n);

/* ---- tiles ---- */
/* level -1: the bundle of entries. width 1…256, 256 = full. */
struct tile_path {
	int level;
	int64_t n;
	int width;
};
/* "0/x001/x234/067", "entries/000.p/5"; false when it is not in the one exact form. */
bool tile_path_parse(struct str path, struct tile_path *out);
struct str tile_path_print(struct arena *mem, struct tile_path p);
/* How many hashes (or entries, level -1) tile n has in a log of this size: 0…256. */
int tile_width(uint64_t size, int level, int64_t n);

/* A log that grows: the roots of its perfect subtrees and the tiles of its right edge. About 66 KiB, no pointers: copy it freely. */
struct tree {
	uint64_t size;
	int depth;
	struct hash roots[64]; /* largest subtree first */
	struct hash edge[TILE_LEVELS][TILE_WIDTH];
};
/* Receives each tile at the moment it is full. */
struct tile_sink {
	bool (*full)(struct cx *cx, void *arg, struct tile_path path, const struct hash *hashes);
	void *arg;
};
MUST_CHECK bool tree_add(
    struct cx *cx, struct tree *t, const struct hash *leaf, const struct tile_sink *sink);
struct hash tree_root(const struct tree *t);

/* Where tiles are read from: rows, a folder, another machine. The hashes have exactly the width asked for. */
struct tile_source {
	bool (*read)(struct cx *cx, void *arg, struct tile_path path, struct str *out);
	void *arg;
};
/* Rebuilds the growing tree of a log of this size from the tiles of its right edge. */
MUST_CHECK bool tree_load(
    struct cx *cx, struct tree *t, uint64_t size, const struct tile_source *source);

struct merkle_path {
	struct hash at[PATH_MAX_LEN];
	size_t n;
};
/* index < size. */
MUST_CHECK bool merkle_prove_inclusion(struct cx *cx, const struct tile_source *source,
    uint64_t index, uint64_t size, struct merkle_path *out);
/* 0 < old_size ≤ new_size. */
MUST_CHECK bool merkle_prove_consistency(struct cx *cx, const struct tile_source *source,
    uint64_t old_size, uint64_t new_size, struct merkle_path *out);

/* Entries of a bundle: takes one off *rest; false at the end (rest empty) or when it is cut short (rest not empty). */
bool bundle_next(struct str *rest, struct str *entry_out);

/* ---- signed notes ---- */
enum vkey_type {
	VKEY_ED25519 = 1,
	VKEY_ECDSA = 2,
	VKEY_COSIGNATURE = 4, /* Ed25519 over a time and a checkpoint, by a witness */
	VKEY_STH = 5,	      /* RFC 6962 tree head: parsed, never verified here */
};
struct vkey {
	struct str name;
	unsigned char id[4];
	int type;
	struct str key; /* after the type byte */
};
/* "name+hex id+base64"; ERR_INPUT. */
MUST_CHECK bool vkey_parse(struct cx *cx, struct str text, struct vkey *out);
/* The vkey text of an Ed25519 key. */
struct str vkey_print(struct arena *mem, struct str name, const unsigned char public_key[32]);

#define NOTE_MAX_BYTES (256u << 10)
#define NOTE_MAX_LINES 100

struct note_line {
	struct str name;
	struct str signature; /* key id and signature */
	bool verified;
	uint64_t time; /* of a verified cosignature */
};
struct note {
	struct str text; /* what is signed, with its last line end */
	struct note_line *at;
	size_t n;
};
MUST_CHECK bool note_parse(struct cx *cx, struct str bytes, struct note *out);
enum note_verdict {
	NOTE_VERIFIED,	 /* at least one line of a known key, and none of a known key is false */
	NOTE_UNVERIFIED, /* no line of a known key */
	NOTE_FALSE,	 /* a known key's line does not hold */
};
enum note_verdict note_check(
    struct arena *mem, struct note *n, const struct vkey *keys, size_t n_keys);
/* text with its signature line. */
struct str note_sign(
    struct arena *mem, struct str text, struct str name, const struct sign_key *key);

/* ---- checkpoints ---- */
struct checkpoint {
	struct str origin;
	uint64_t size;
	struct hash root;
	struct str extension; /* further lines; ours have none */
};
MUST_CHECK bool checkpoint_parse(struct cx *cx, struct str body, struct checkpoint *out);
struct str checkpoint_print(struct arena *mem, const struct checkpoint *c);
/* Parses a signed checkpoint and checks it: a line of this key, and the key's name as origin. ERR_INPUT. */
MUST_CHECK bool checkpoint_open(
    struct cx *cx, struct str note, const struct vkey *key, struct checkpoint *out);

/* ---- proof files ---- */
struct proof {
	struct str extra; /* absent when there is none; ours holds the entry */
	uint64_t index;
	struct merkle_path path;
	struct str checkpoint;
};
MUST_CHECK bool proof_parse(struct cx *cx, struct str file, struct proof *out);
struct str proof_print(struct arena *mem, const struct proof *p);

#endif
