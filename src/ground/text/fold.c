/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include <utf8proc.h>

#include "text/text.h"

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

static struct str lower(struct arena *mem, struct str s)
{
	char *p = arena_alloc(mem, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] + (s.p[i] >= 'A' && s.p[i] <= 'Z' ? 'a' - 'A' : 0));
	return (struct str){p, s.n};
}

struct str text_fold(struct arena *mem, struct str s)
{
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
				      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n;
	struct str out;

	if (s.n == 0 || is_ascii(s))
		return s.p ? lower(mem, s) : s;
	n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &folded, how);
	BUG_ON(n == UTF8PROC_ERROR_NOMEM);
	if (n < 0) /* not UTF-8: nothing to fold */
		return str_dup(mem, s);
	out = str_dup(mem, (struct str){(const char *)folded, (size_t)n});
	free(folded);
	return out;
}

bool text_from_gb18030(struct arena *mem, struct str s, struct str *out)
{
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	char *from = arena_alloc(mem, s.n + 1), *p, *to;
	size_t in_left = s.n, room = s.n * 2 + 4, out_left = room;
	size_t rc;

	BUG_ON((intptr_t)cd == -1); /* part of the C library */
	if (s.n)
		memcpy(from, s.p, s.n); /* iconv wants a writable pointer */
	/* at most 3 bytes for 2, 4 for 4, 1 for 1 */
	p = to = arena_alloc(mem, room + 1);
	rc = iconv(cd, &from, &in_left, &to, &out_left);
	(void)iconv_close(cd);
	if (rc == (size_t)-1 || in_left)
		return false;
	*out = (struct str){p, room - out_left};
	return true;
}
