/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crypto: SHA-256, Ed25519, random bytes, constant-time compare, base64. OpenSSL's EVP_MD is fetched once per process and each thread reuses its
 * context (3 × faster than one-shot calls). Leaf functions; a failing library call is a broken machine and aborts.
 */
#ifndef CRYPTO_CRYPTO_H
#define CRYPTO_CRYPTO_H

#include "base/base.h"

struct hash {
	unsigned char b[32];
};

struct hash crypto_sha256(struct str bytes);
/* Of the parts one after the other. */
struct hash crypto_sha256_parts(const struct str *parts, size_t n);
bool hash_eq(const struct hash *a, const struct hash *b);
struct str hash_hex(struct arena *mem, const struct hash *h);

/* Incremental, for files. */
struct crypto_stream;
struct crypto_stream *crypto_stream_open(void);
void crypto_stream_add(struct crypto_stream *s, const void *p, size_t n);
struct hash crypto_stream_close(struct crypto_stream *s);

struct sign_key; /* an Ed25519 key pair */
struct sign_key *sign_key_new(const unsigned char seed[32]);
void sign_key_close(struct sign_key *k);
void sign_key_public(const struct sign_key *k, unsigned char out[32]);
void sign_make(const struct sign_key *k, struct str message, unsigned char out[64]);
bool sign_check(
    const unsigned char public_key[32], struct str message, const unsigned char signature[64]);
/* ECDSA with SHA-256, of other people's logs: key is a DER SubjectPublicKeyInfo, signature a DER ECDSA-Sig-Value. */
bool sign_check_ecdsa(struct str key, struct str message, struct str signature);

void crypto_random(void *p, size_t n);			   /* through io.random */
bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */

/* Standard alphabet, padded. */
struct str base64_print(struct arena *mem, struct str bytes);
/* Strict: padded, no space, unused bits zero. */
bool base64_parse(struct arena *mem, struct str text, struct str *out);

#endif
