/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room. */
#ifndef NOTICE_NOTICE_PRIV_H
#define NOTICE_NOTICE_PRIV_H

#include "notice/notice.h"

/* Depth of a place: 0 province (or the country), 1 city, 2 county, 3 and below exact. */
#define PLACE_EXACT 3
int place_depth(const struct place *p);

struct identity_row {
	struct str id;
	struct bytes content;
};
extern const struct db_col identity_cols[];

#endif
