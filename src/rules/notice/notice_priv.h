/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room. */
#ifndef NOTICE_NOTICE_PRIV_H
#define NOTICE_NOTICE_PRIV_H

#include "notice/notice.h"

/* Fills brief, phase and closes. it NULL: nothing. */
void notice_brief_make(
    struct arena *mem, const struct item *it, const struct val *document, struct notice_row *out);

/* Where a digest stands in the index: the block of the log, then 32 bits of the digest. digest: hex, absent or short gives 0 bits. */
#define DIGEST_BLOCK 13
int64_t notice_digest_key(int64_t index, struct str digest);

struct identity_row {
	struct str id;
	struct bytes content;
};
extern const struct db_col identity_cols[];

/* What a notice row takes from its document: worked out by whoever makes the act, or again at a rebuild. Texts are those of the document. */
struct notice_prepared {
	struct notice_row
	    row; /* title, platform, public_on (absent: not stated), brief, phase, closes */
	bool identified;
	struct notice_identity key;
	struct hash content;
};
/* canonical: the document's bytes. */
MUST_CHECK bool notice_prepare(struct cx *cx, const struct item *it, const struct val *document,
    struct str canonical, struct notice_prepared *out);

#endif
