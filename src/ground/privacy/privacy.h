/* SPDX-License-Identifier: Apache-2.0 */
/*
 * privacy: check digits of the identifiers people use, and the scanner that finds personal identifiers in text that is about to be public
 * (个人信息保护法 25, 28; 政府信息公开条例 15, 17). Pure functions.
 */
#ifndef PRIVACY_PRIVACY_H
#define PRIVACY_PRIVACY_H

#include "base/base.h"

bool id_uscc_valid(struct str s); /* 统一社会信用代码, GB 32100-2015 */
bool id_organisation_valid(
    struct str s);		      /* 9 characters, GB 11714 (hyphen before the last allowed) */
bool id_resident_valid(struct str s); /* 居民身份证, GB 11643: region, date, check; 18 characters */
bool id_deal_code_valid(struct str s); /* 统一交易标识码: 40 characters, ISO 7064 MOD 37-2 */
bool id_luhn_valid(struct str digits);

enum personal_kind { PERSONAL_RESIDENT_ID, PERSONAL_MOBILE, PERSONAL_BANK_CARD };
struct personal {
	enum personal_kind kind;
	size_t from, to;   /* bytes in the text */
	struct str digits; /* as recognised, normalised */
	struct str masked; /* what may be shown */
};
struct personal_list {
	struct personal *at;
	size_t n, cap;
};
/* Finds identity numbers (15 and 18), mobile numbers and bank cards (prefix, Luhn and context words), through full width digits, spaces, dashes,
 * line ends, zero-width characters and Chinese numerals; a decimal point never joins digits; unified credit codes, project, section and deal
 * codes, amounts and quantities with their unit, and addresses of pages do not count. label: what the text is called where it stands ("账号");
 * it tells what a number is, as words before it do; may be absent. */
void privacy_scan(struct arena *mem, struct str label, struct str text, struct personal_list *out);

#endif
