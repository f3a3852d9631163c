/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text: UTF-8, folding for search, exact decimals and money, dates, interface words. Leaf arithmetic: no cx, values back.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/base.h"

/* ---- UTF-8 ---- */
/* No surrogates, no overlong forms, ≤ U+10FFFF; else the byte where the first wrong one begins. */
bool text_utf8_valid(struct str s, size_t *bad_at_out);
/* Takes one code point off *rest (valid UTF-8); -1 at the end. */
int32_t text_next(struct str *rest);
/* The bytes of one code point (no surrogate, ≤ U+10FFFF); how many. */
size_t text_encode(char out[4], int32_t code_point);
void text_put(struct buf *b, int32_t code_point);
size_t text_length(struct str s); /* in code points */
struct str text_head(struct str s, size_t code_points);
bool text_is_han(int32_t c);
/* CRLF and CR become LF. Returns s itself when nothing changes. */
struct str text_lines(struct arena *mem, struct str s);
/* For search and comparison: NFKC, case folded (full and half width alike), invisible characters dropped. Never for what is published. */
struct str text_fold(struct arena *mem, struct str s);
/* GB18030 to UTF-8; false when the bytes are not wholly GB18030. */
bool text_from_gb18030(struct arena *mem, struct str s, struct str *out);

/* Characters that a published text must not hold. */
enum text_defect {
	TEXT_CLEAN,
	TEXT_BIDI,	   /* U+202A–202E, U+2066–2069, U+200E, U+200F, U+061C */
	TEXT_CONTROL,	   /* C0 and C1; LF and TAB are allowed when lines */
	TEXT_NONCHARACTER, /* U+FDD0–FDEF, U+xxFFFE, U+xxFFFF */
	TEXT_ZERO_WIDTH, /* U+200B–200D, U+2060–2064, U+206A–206F, U+FEFF, U+00AD, U+180E, tags: may be waived */
	TEXT_PRIVATE_USE, /* may be waived */
};
/* The first defect in order of gravity, and the byte where it stands. Ideographic variation selectors are clean. */
enum text_defect text_check(struct str s, bool lines, size_t *at_out);
/* Does the text hold this defect, whatever else it holds? *at_out: the byte where it first stands. */
bool text_has_defect(struct str s, bool lines, enum text_defect defect, size_t *at_out);

/* ---- numbers ---- */
/* An exact decimal: optional minus, digits, optional fraction. value = digits / 10^scale; ≤ 30 digits in all. */
struct decimal {
	__int128 digits;
	int scale;
};
/* Strict form "-?(0|[1-9][0-9]*)(\.[0-9]+)?". */
bool decimal_parse(struct str s, struct decimal *out);
/*
 * As people write it: full width digits, a comma every three digits, spaces around ("28.38万元 人民币", "5,400,000.00元"). The number
 * stands first; the trimmed rest after it, a view of s, goes to *rest_out. "约997" or "1,23" is refused.
 */
bool decimal_parse_loose(struct str s, struct decimal *out, struct str *rest_out);
/* Strict form that keeps the scale. */
struct str decimal_print(struct arena *mem, struct decimal d);
/* -1, 0, 1; always exact. */
int decimal_cmp(struct decimal a, struct decimal b);
/* Exact up to 38 digits; then the last digits of the fraction are dropped; beyond 10^38 the result stays at the greatest value. */
struct decimal decimal_add(struct decimal a, struct decimal b);
/* × 10^power, -8 ≤ power ≤ 8; the same bounds. */
struct decimal decimal_scale(struct decimal d, int power);
/* "13,560,000.00": thousands separators. */
struct str decimal_group(struct arena *mem, struct str strict);
/* 元 and 万元 (also 万, 亿元, with 人民币, RMB, CNY, ¥ or brackets around) → power of ten to 元; false when unknown or empty. */
bool money_unit_power(struct str unit, int *power_out);

/* ---- dates ---- */
/* A day is counted from 1970-01-01; an instant is seconds since 1970 UTC. Official times are at +08:00. */
/* Strict 2026-03-16, a real date, years 1900–2999. */
bool date_parse(struct str s, int32_t *day_out);
struct str date_print(struct arena *mem, int32_t day);
void date_split(int32_t day, int *year, int *month, int *dom);
int32_t date_make(int year, int month, int dom); /* of a real date */
int date_weekday(int32_t day);			 /* 1 Monday … 7 Sunday */
/* As sources write it: 2026-3-16, 2026/03/16, 20260316, 2026年3月16日, with or without a clock time (08:42, 08:42:49, 8时30分, T…, +08:00 or Z).
 * Also 2026.3.16, full width digits, spaces between. A time with a zone is moved to +08:00. clock_out = seconds of the day at +08:00, -1 when there
 * is none, 86400 for 24:00. A date without a day and an English month name are refused. */
bool date_parse_loose(struct str s, int32_t *day_out, int32_t *clock_out);
bool instant_parse(struct str s, int64_t *out);		      /* strict 2026-01-31T09:00:00+08:00 */
struct str instant_print(struct arena *mem, int64_t instant); /* at +08:00 */
int32_t instant_day(int64_t instant);			      /* the day at +08:00 */

/* ---- interface words ---- */
struct words; /* translations of one language */
/*
 * From the text of a .po file (msgid, msgstr, comments; fuzzy and empty translations are skipped, contexts and plurals refused).
 * ERR_INPUT says "name:line: …". The words live in cx->mem.
 */
MUST_CHECK bool words_parse(struct cx *cx, struct str name, struct str po, struct words **out);
/* msgid itself when not translated or when w is NULL */
struct str words_get(const struct words *w, struct str msgid);
bool words_have(const struct words *w, struct str msgid);

#endif
