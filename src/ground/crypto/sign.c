/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "crypto/crypto.h"

struct sign_key {
	EVP_PKEY *pair;
};

struct sign_key *sign_key_new(const unsigned char seed[32])
{
	struct sign_key *k = malloc(sizeof *k);

	BUG_ON(k == NULL);
	k->pair = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, 32);
	BUG_ON(k->pair == NULL);
	return k;
}

void sign_key_close(struct sign_key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pair);
	free(k);
}

void sign_key_public(const struct sign_key *k, unsigned char out[32])
{
	size_t n = 32;

	BUG_ON(EVP_PKEY_get_raw_public_key(k->pair, out, &n) != 1 || n != 32);
}

void sign_make(const struct sign_key *k, struct str message, unsigned char out[64])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t n = 64;

	BUG_ON(c == NULL);
	BUG_ON(EVP_DigestSignInit_ex(c, NULL, NULL, NULL, NULL, k->pair, NULL) != 1);
	BUG_ON(EVP_DigestSign(c, out, &n, (const unsigned char *)message.p, message.n) != 1 ||
	       n != 64);
	EVP_MD_CTX_free(c);
}

bool sign_check(
    const unsigned char public_key[32], struct str message, const unsigned char signature[64])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, public_key, 32);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok;

	BUG_ON(key == NULL || c == NULL);
	BUG_ON(EVP_DigestVerifyInit_ex(c, NULL, NULL, NULL, NULL, key, NULL) != 1);
	ok = EVP_DigestVerify(c, signature, 64, (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return ok;
}

bool sign_check_ecdsa(struct str key, struct str message, struct str signature)
{
	const unsigned char *der = (const unsigned char *)key.p;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &der, (long)key.n);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok;

	BUG_ON(c == NULL);
	ok = pkey != NULL && der == (const unsigned char *)key.p + key.n &&
	     EVP_PKEY_is_a(pkey, "EC") &&
	     EVP_DigestVerifyInit_ex(c, NULL, "SHA256", NULL, NULL, pkey, NULL) == 1 &&
	     EVP_DigestVerify(c, (const unsigned char *)signature.p, signature.n,
		 (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(pkey);
	return ok;
}
