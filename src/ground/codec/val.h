/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value tree: what a parser yields, what a document is, what a page shows. One tree prints as JSON (machine form) and through a
 * template (human form), so leaves are typed. A null is a value; an *absent* member is a NULL pointer, and only the _find functions return it.
 * Everything lives in the arena it was made in. Maps keep the order of insertion; canonical JSON sorts.
 */
#ifndef CODEC_VAL_H
#define CODEC_VAL_H

#include "base/base.h"

enum val_kind {
	VAL_NULL,
	VAL_BOOL,
	VAL_INT,    /* |i| ≤ 2^53−1 in canonical JSON */
	VAL_NUMBER, /* a number of other people's JSON that is no such integer: its exact text. Refused by canonical JSON */
	VAL_TEXT,
	VAL_LIST,
	VAL_MAP,
	/* leaves that know how people read them; JSON prints text (a string), templates the human form */
	VAL_DECIMAL, /* text "1838.27"; label = unit to show or absent */
	VAL_MONEY,   /* text = amount, label = unit (元, 万元); JSON {"amount","unit"} */
	VAL_DATE,    /* text 2026-03-16 */
	VAL_INSTANT, /* text 2026-03-16T08:42:00+08:00 */
	VAL_CODE,    /* text = code, label = words; JSON {"code","label"} */
	VAL_LINK, /* text = address (relative to the site root, "/n/…", or https:), label = words; JSON {"href","label"} */
	VAL_HTML, /* text = safe markup of our own sanitiser; JSON prints it as a string */
};

/* One cache line. Members that no kind has together share their place: read those of the kind at hand only; n is 0 for every leaf. */
struct val {
	enum val_kind kind;
	union {
		bool truth;   /* VAL_BOOL */
		uint32_t cap; /* LIST, MAP: of at and keys */
	};
	uint32_t line,
	    column;	 /* where a parser found it, in characters from 1; 0 when made by us */
	int64_t i;	 /* VAL_INT */
	struct str text; /* NUMBER, TEXT and the leaves below */
	union {
		struct str label; /* DECIMAL, MONEY, CODE, LINK */
		struct {
			struct val **at;  /* LIST, MAP */
			struct str *keys; /* MAP */
		};
	};
	size_t n; /* LIST, MAP */
};

struct val *val_null(struct arena *mem);
struct val *val_bool(struct arena *mem, bool truth);
struct val *val_int(struct arena *mem, int64_t i);
struct val *val_text(struct arena *mem, struct str s); /* borrows s; absent text becomes null */
struct val *val_list(struct arena *mem);
struct val *val_map(struct arena *mem);
/* DECIMAL … HTML; borrows both. */
struct val *val_leaf(struct arena *mem, enum val_kind kind, struct str text, struct str label);
#define val_money(mem, amount, unit) val_leaf((mem), VAL_MONEY, (amount), (unit))
#define val_date(mem, day)	     val_leaf((mem), VAL_DATE, (day), STR_NONE)
#define val_instant(mem, when)	     val_leaf((mem), VAL_INSTANT, (when), STR_NONE)
#define val_code(mem, code, label)   val_leaf((mem), VAL_CODE, (code), (label))
#define val_link(mem, href, label)   val_leaf((mem), VAL_LINK, (href), (label))

/* Sets a member (replacing in place) or appends an element; returns child. The key's bytes are borrowed. */
struct val *val_put(struct arena *mem, struct val *map, struct str key, struct val *child);
struct val *val_add(struct arena *mem, struct val *list, struct val *child);
/* Shorthands: val_put(mem, map, STR(key), …). */
#define val_set(mem, map, key, child)  val_put((mem), (map), STR(key), (child))
#define val_set_text(mem, map, key, s) val_put((mem), (map), STR(key), val_text((mem), (s)))
#define val_set_int(mem, map, key, i)  val_put((mem), (map), STR(key), val_int((mem), (i)))
#define val_set_bool(mem, map, key, b) val_put((mem), (map), STR(key), val_bool((mem), (b)))
void val_remove(struct val *map, struct str key);

/* The member, NULL when absent or when map is NULL or no map. */
struct val *val_find(const struct val *map, struct str key);
#define val_at(map, key) val_find((map), STR(key))
/* The text of a text member; absent (p == NULL) when the member is absent or no text. */
struct str val_str(const struct val *map, const char *key);
int64_t val_i64(const struct val *map, const char *key, int64_t otherwise);
/* By a dotted path: "appearance.time". */
struct val *val_path(const struct val *map, struct str path);

bool val_eq(const struct val *a,
    const struct val *b); /* same kind and content; order of map members does not count */
struct val *val_copy(struct arena *mem, const struct val *v);

#define VAL_EACH(i, v) for (size_t i = 0; (v) != NULL && (i) < (v)->n; (i)++)

#endif
