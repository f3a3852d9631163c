/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of the field types; types.c has the table, types_read.c reads text, show.c shows. */
#ifndef SCHEMA_TYPES_PRIV_H
#define SCHEMA_TYPES_PRIV_H

#include "schema/schema_priv.h"

/* A list, not code. */
/* clang-format off */
#define TYPE_LIST(X) \
	X(text) X(paragraph) X(integer) X(decimal) X(money) X(price) \
	X(percent) X(date) X(datetime) X(period) X(yesno) X(code) \
	X(codes) X(place) X(agency) X(organisation) X(person) X(identifier) \
	X(coordinates) X(rows) X(attachment)
/* clang-format on */

#define TYPE_DECLARE(name)                                                                         \
	struct val *read_##name(struct reading *r, struct str raw);                                \
	struct val *show_##name(struct showing *s, const struct field *f, const struct val *v);    \
	void text_##name(                                                                          \
	    struct showing *s, struct buf *b, const struct field *f, const struct val *v);
TYPE_LIST(TYPE_DECLARE)
#undef TYPE_DECLARE

void check_rows(struct checking *c, const struct val *v); /* check.c */
bool attachment_is_good(const struct val *v);
/* "（是不是“…”？）" for the known word nearest to this one; empty when none is near. */
struct str sentence_near(struct arena *mem, const struct map *known, struct str word);

#endif
