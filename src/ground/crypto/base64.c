/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648 section 4. */
#include "crypto/crypto.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_print(struct arena *mem, struct str bytes)
{
	size_t n = (bytes.n + 2) / 3 * 4;
	char *text = arena_alloc(mem, n + 1), *at = text;

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i < 3 ? bytes.n - i : 3;
		uint32_t v = 0;

		for (size_t j = 0; j < 3; j++)
			v = v << 8 | (j < left ? (unsigned char)bytes.p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			*at++ = (char)(j <= left ? alphabet[v >> (18 - 6 * j) & 63] : '=');
	}
	return (struct str){text, n};
}

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Four characters, of which pad are '=', to 3 - pad bytes. */
static bool quantum(const char *four, size_t pad, char *out)
{
	uint32_t v = 0;

	for (size_t j = 0; j < 4; j++) {
		int d = j < 4 - pad ? digit(four[j]) : 0;

		if (d < 0)
			return false;
		v = v << 6 | (uint32_t)d;
	}
	if (v &
	    ((1u << 8 * pad) - 1)) /* bits that no byte takes must be zero: one text per value */
		return false;
	for (size_t j = 0; j < 3 - pad; j++)
		out[j] = (char)(v >> (16 - 8 * j));
	return true;
}

bool base64_parse(struct arena *mem, struct str text, struct str *out)
{
	size_t pad = 0, n;
	char *bytes;

	if (text.n % 4 != 0)
		return false;
	while (pad < 2 && pad < text.n && text.p[text.n - 1 - pad] == '=')
		pad++;
	n = text.n / 4 * 3 - pad;
	bytes = arena_alloc(mem, n + 1);
	for (size_t i = 0; i < text.n; i += 4)
		if (!quantum(text.p + i, i + 4 == text.n ? pad : 0, bytes + i / 4 * 3))
			return false;
	*out = (struct str){bytes, n};
	return true;
}
