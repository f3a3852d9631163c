/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a notice by what is printed on paper or stands in a file: verification code, digest, a copy of its document. */
#include "notice/notice_priv.h"
#include "base/app.h"
#include "text/text.h"
#include "notice_sql.h"

#define CODE_CHARS  12 /* of 5 bits each */
#define CODE_DIGITS 15 /* hexadecimal, the same 60 bits */
#define LIKE_DAYS                                                                                  \
	60 /* between forming and publication, for documents that do not say when they were public */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct str notice_code(struct arena *mem, struct str digest)
{
	char out[CODE_CHARS + 3];
	uint64_t bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < CODE_DIGITS && i < digest.n; i++) {
		const char *hex = "0123456789abcdef", *at = strchr(hex, digest.p[i]);

		bits = bits << 4 | (uint64_t)(at ? at - hex : 0);
	}
	for (int i = CODE_CHARS - 1; i >= 0; i--) {
		out[n++] = alphabet[bits >> (5 * i) & 31];
		if (i && i % 4 == 0)
			out[n++] = '-';
	}
	return str_dup(mem, (struct str){out, n});
}

bool notice_code_parse(struct arena *mem, struct str text, struct str *digest_out)
{
	uint64_t bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		const char *at;

		if (c == '-' || c == ' ')
			continue;
		c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		at = c ? strchr(alphabet, c) : NULL;
		if (at == NULL || ++n > CODE_CHARS)
			return false;
		bits = bits << 5 | (uint64_t)(at - alphabet);
	}
	*digest_out = str_fmt(mem, "%015" PRIx64, bits);
	return n == CODE_CHARS;
}

/*
 * Digests are random, and random keys cost an insert a page each. So the index is one of blocks of 8,192 entries: inserts stay in the newest block, and a
 * search asks each block once (122 at a million entries, a few microseconds each).
 */
int64_t notice_digest_key(int64_t index, struct str digest)
{
	unsigned char b[4] = {0};

	(void)str_unhex(str_cut(digest, 0, 8), b, sizeof b);
	return (index >> DIGEST_BLOCK) << 32 |
	       (int64_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
}

static bool begins(struct cx *cx, int64_t index, struct str prefix, bool *out)
{
	struct entry e;

	if (!ledger_entry_get(cx, cx->app->ledger, index, &e))
		return false;
	*out = str_starts(val_str(e.meta, "digest"), prefix);
	return true;
}

bool notice_find_digest(struct cx *cx, struct str prefix, struct notice_row *out, bool *found_out)
{
	int64_t published = ledger_published(cx->app->ledger);

	*found_out = false;
	if (prefix.n < 8)
		return true;
	for (int64_t block = published >> DIGEST_BLOCK; block >= 0; block--) {
		struct notice_row *rows;
		size_t n;

		if (!db_all(cx, &SQL_NOTICE_DIGEST,
			DB_ARGS(P("digest_key", notice_digest_key(block << DIGEST_BLOCK, prefix)),
			    P("published", published)),
			notice_cols, sizeof *rows, (void **)&rows, &n))
			return false;
		for (size_t i = 0; i < n && !*found_out; i++) {
			*out = rows[i];
			if (!begins(cx, rows[i].idx, prefix, found_out))
				return false;
		}
		if (*found_out)
			return true;
	}
	return true;
}

bool notice_find_like(struct cx *cx, const struct val *document, struct str *id_out)
{
	struct str ref = val_str(document, "item"), item = STR_NONE,
		   formed = val_str(document, "formed_on");
	struct str time = val_str(val_at(document, "appearance"), "time");
	struct notice_identity key;
	struct notice_row *rows;
	struct bytes content;
	struct str from, to;
	int32_t day;
	size_t n;

	*id_out = STR_NONE;
	if (notice_identity_of(cx->mem, document, &key) &&
	    !notice_identity_find(cx, &key, id_out, &content))
		return false;
	if (id_out->n)
		return true;
	from = to = str_cut(time, 0, 10);
	if (from.n == 0 && date_parse(formed, &day)) {
		from = formed;
		to = date_print(cx->mem, day + LIKE_DAYS);
	}
	(void)str_split(&ref, '@', &item);
	if (!db_all(cx, &SQL_NOTICE_TITLED,
		DB_ARGS(P("item", item.p ? item : STR("")), P("from_on", from.p ? from : STR("")),
		    P("to_on", to.p ? to : STR("")),
		    P("title", val_str(document, "title").p ? val_str(document, "title") : STR("")),
		    P("published", ledger_published(cx->app->ledger))),
		notice_cols, sizeof *rows, (void **)&rows, &n))
		return false;
	*id_out = n ? rows[0].id : STR_NONE;
	return true;
}
