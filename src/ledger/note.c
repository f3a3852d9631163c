/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and verifier keys (C2SP signed-note), with the cosignatures of witnesses (C2SP tlog-cosignature). */
#include "ledger/tlog.h"
#include "text/text.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space begin each signature line */

/* ---- names and keys ---- */

static bool is_unicode_space(int32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

static bool name_valid(struct str name)
{
	size_t bad;
	int32_t c;

	if (name.n == 0 || !text_utf8_valid(name, &bad))
		return false;
	while ((c = text_next(&name)) >= 0)
		if (is_unicode_space(c) || c == '+')
			return false;
	return true;
}

/* The first four bytes of SHA-256(name || LF || type || key); ECDSA keys are known by the digest of the key alone. */
static void key_id(struct str name, int type, struct str key, unsigned char out[4])
{
	char kind[2] = {'\n', (char)type};
	struct str parts[3] = {name, {kind, 2}, key};
	struct hash h = type == VKEY_ECDSA ? crypto_sha256(key) : crypto_sha256_parts(parts, 3);

	memcpy(out, h.b, 4);
}

static bool key_fits(int type, struct str key)
{
	switch (type) {
	case VKEY_ED25519:
	case VKEY_COSIGNATURE:
		return key.n == 32;
	case VKEY_ECDSA:
	case VKEY_STH:
		return key.n > 0;
	default:
		return false;
	}
}

bool vkey_parse(struct cx *cx, struct str text, struct vkey *out)
{
	struct str rest = text, hex, bytes;
	unsigned char id[4];

	*out = (struct vkey){.type = 0};
	if (!str_split(&rest, '+', &out->name) || !name_valid(out->name))
		return cx_fail(
		    cx, ERR_INPUT, "a verifier key begins with the name of its signer and a +");
	if (!str_split(&rest, '+', &hex) || rest.p == NULL || !str_unhex(hex, out->id, 4))
		return cx_fail(cx, ERR_INPUT,
		    "the verifier key of %.*s needs +8 hexadecimal digits+base64 after the name",
		    STR_ARG(out->name));
	if (!base64_parse(cx->mem, rest, &bytes) || bytes.n < 2)
		return cx_fail(cx, ERR_INPUT,
		    "the verifier key of %.*s is not base64 of a type and a key",
		    STR_ARG(out->name));
	out->type = (unsigned char)bytes.p[0];
	out->key = str_cut(bytes, 1, bytes.n);
	if (!key_fits(out->type, out->key))
		return cx_fail(cx, ERR_INPUT,
		    "the verifier key of %.*s has type %d and %zu bytes: not a known kind",
		    STR_ARG(out->name), out->type, out->key.n);
	key_id(out->name, out->type, out->key, id);
	if (memcmp(id, out->id, 4) != 0)
		return cx_fail(cx, ERR_INPUT,
		    "the verifier key of %.*s says id %.*s, its bytes give %s", STR_ARG(out->name),
		    STR_ARG(hex), str_hex(cx->mem, id, 4).p);
	return true;
}

struct str vkey_print(struct arena *mem, struct str name, const unsigned char public_key[32])
{
	unsigned char bytes[33] = {VKEY_ED25519}, id[4];
	struct str key = {(const char *)bytes + 1, 32};

	memcpy(bytes + 1, public_key, 32);
	key_id(name, VKEY_ED25519, key, id);
	return str_fmt(mem, "%.*s+%s+%s", STR_ARG(name), str_hex(mem, id, 4).p,
	    base64_print(mem, (struct str){(const char *)bytes, 33}).p);
}

/* ---- parsing ---- */

static bool line_parse(struct cx *cx, struct str line, struct note_line *out)
{
	struct str rest;

	if (!str_starts(line, STR(DASH)))
		return cx_fail(cx, ERR_INPUT,
		    "a signature line begins with — and a space, not \"%.*s\"",
		    STR_ARG(str_cut(line, 0, 20)));
	rest = str_cut(line, sizeof(DASH) - 1, line.n);
	*out = (struct note_line){.verified = false};
	if (!str_split(&rest, ' ', &out->name) || rest.p == NULL || !name_valid(out->name))
		return cx_fail(cx, ERR_INPUT, "a signature line holds a name, a space and base64");
	if (!base64_parse(cx->mem, rest, &out->signature) || out->signature.n < 5)
		return cx_fail(cx, ERR_INPUT,
		    "the signature of %.*s is not base64 of a key id and a signature",
		    STR_ARG(out->name));
	return true;
}

/* UTF-8 without control characters but line ends. */
static bool note_clean(struct cx *cx, struct str bytes)
{
	size_t bad;

	if (bytes.n > NOTE_MAX_BYTES)
		return cx_fail(
		    cx, ERR_LIMIT, "a note has at most %u bytes, not %zu", NOTE_MAX_BYTES, bytes.n);
	if (!text_utf8_valid(bytes, &bad))
		return cx_fail(cx, ERR_INPUT, "the note is not UTF-8 at byte %zu", bad);
	for (size_t i = 0; i < bytes.n; i++)
		if ((unsigned char)bytes.p[i] < 0x20 && bytes.p[i] != '\n')
			return cx_fail(
			    cx, ERR_INPUT, "the note has a control character at byte %zu", i);
	return true;
}

bool note_parse(struct cx *cx, struct str bytes, struct note *out)
{
	LIST_OF(struct note_line) lines = {0};
	struct str rest, line;
	size_t at = 0;

	if (!note_clean(cx, bytes))
		return false;
	for (size_t from = 0, hit; str_find(bytes, STR("\n\n"), from, &hit); from = hit + 1)
		at = hit + 1; /* the last empty line ends the text */
	if (at == 0 || at + 1 == bytes.n || bytes.p[bytes.n - 1] != '\n')
		return cx_fail(cx, ERR_INPUT,
		    "a signed note is text, an empty line, and signature lines that end in a line "
		    "end");
	out->text = str_cut(bytes, 0, at);
	rest = str_cut(bytes, at + 1, bytes.n - 1);
	while (str_split(&rest, '\n', &line)) {
		if (lines.n == NOTE_MAX_LINES)
			return cx_fail(
			    cx, ERR_LIMIT, "a note has at most %d signature lines", NOTE_MAX_LINES);
		if (!line_parse(cx, line, list_add(cx->mem, &lines)))
			return false;
	}
	out->at = lines.at;
	out->n = lines.n;
	return true;
}

/* ---- checking and making ---- */

static uint64_t big_endian(const char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static bool cosignature_check(
    struct arena *mem, struct str text, const struct vkey *k, struct str sig, uint64_t *time_out)
{
	struct str message;

	if (sig.n != 8 + 64)
		return false;
	*time_out = big_endian(sig.p);
	message = str_fmt(mem, "cosignature/v1\ntime %" PRIu64 "\n%.*s", *time_out, STR_ARG(text));
	return sign_check(
	    (const unsigned char *)k->key.p, message, (const unsigned char *)sig.p + 8);
}

static bool line_check(
    struct arena *mem, struct str text, const struct vkey *k, struct note_line *line)
{
	struct str sig = str_cut(line->signature, 4, line->signature.n);

	switch (k->type) {
	case VKEY_ED25519:
		return sig.n == 64 && sign_check((const unsigned char *)k->key.p, text,
					  (const unsigned char *)sig.p);
	case VKEY_ECDSA:
		return sign_check_ecdsa(k->key, text, sig);
	case VKEY_COSIGNATURE:
		return cosignature_check(mem, text, k, sig, &line->time);
	default:
		return false;
	}
}

enum note_verdict note_check(
    struct arena *mem, struct note *n, const struct vkey *keys, size_t n_keys)
{
	enum note_verdict verdict = NOTE_UNVERIFIED;

	for (size_t i = 0; i < n->n; i++) {
		struct note_line *line = &n->at[i];

		for (size_t k = 0; k < n_keys; k++) {
			if (!str_eq(line->name, keys[k].name) ||
			    memcmp(line->signature.p, keys[k].id, 4) != 0)
				continue;
			if (!line_check(mem, n->text, &keys[k], line))
				return NOTE_FALSE;
			line->verified = true;
			verdict = NOTE_VERIFIED;
		}
	}
	return verdict;
}

struct str note_sign(
    struct arena *mem, struct str text, struct str name, const struct sign_key *key)
{
	unsigned char bytes[4 + 64], public_key[32];

	sign_key_public(key, public_key);
	key_id(name, VKEY_ED25519, (struct str){(const char *)public_key, 32}, bytes);
	sign_make(key, text, bytes + 4);
	return str_fmt(mem, "%.*s\n" DASH "%.*s %s\n", STR_ARG(text), STR_ARG(name),
	    base64_print(mem, (struct str){(const char *)bytes, sizeof bytes}).p);
}
