/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, roots and the checking of proofs: RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2 and 2.1.4.2. */
#include "ledger/tlog.h"

struct hash merkle_leaf(struct str entry)
{
	struct str parts[2] = {{"\0", 1}, entry};

	return crypto_sha256_parts(parts, 2);
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
	char bytes[65];

	bytes[0] = 1;
	memcpy(bytes + 1, left->b, 32);
	memcpy(bytes + 33, right->b, 32);
	return crypto_sha256((struct str){bytes, sizeof bytes});
}

struct hash merkle_root(const struct hash *leaves, size_t n)
{
	struct hash left, right;
	size_t k = 1;

	if (n == 0)
		return crypto_sha256(STR(""));
	if (n == 1)
		return leaves[0];
	while (k * 2 < n)
		k *= 2;
	left = merkle_root(leaves, k);
	right = merkle_root(leaves + k, n - k);
	return merkle_node(&left, &right);
}

bool merkle_inclusion_check(uint64_t index, uint64_t size, const struct hash *leaf,
    const struct hash *path, size_t n, const struct hash *root)
{
	uint64_t fn = index, sn = size - 1;
	struct hash r = *leaf;

	if (index >= size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			r = merkle_node(&path[i], &r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = merkle_node(&r, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

bool merkle_consistency_check(uint64_t old_size, uint64_t new_size, const struct hash *old_root,
    const struct hash *new_root, const struct hash *path, size_t n)
{
	uint64_t fn = old_size - 1, sn = new_size - 1;
	struct hash was, is;
	size_t i = 0;

	if (old_size == 0 || old_size > new_size)
		return false;
	if (old_size == new_size)
		return n == 0 && hash_eq(old_root, new_root);
	if (n == 0)
		return false;
	/* An old log that is one perfect subtree is itself the first node; the path leaves it out. */
	was = is = (old_size & (old_size - 1)) == 0 ? *old_root : path[i++];
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	for (; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			was = merkle_node(&path[i], &was);
			is = merkle_node(&path[i], &is);
			for (; !(fn & 1) && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			is = merkle_node(&is, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&was, old_root) && hash_eq(&is, new_root);
}
