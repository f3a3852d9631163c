/* SPDX-License-Identifier: Apache-2.0 */
#include "privacy/privacy_priv.h"

#include "text/text.h"

/* GB 32100: digits and capitals without I, O, S, V, Z. */
static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char deal_alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

static int value_in(const char *alphabet, char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static int number_at(struct str s, size_t from, size_t n)
{
	int v = 0;

	for (size_t i = from; i < from + n; i++)
		v = v * 10 + (s.p[i] - '0');
	return v;
}

bool id_uscc_valid(struct str s)
{
	int sum = 0, weight = 1, v;

	if (s.n != 18 || !all_digits(str_cut(s, 2, 8)))
		return false;
	for (size_t i = 0; i < 17; i++, weight = weight * 3 % 31) {
		v = value_in(uscc_alphabet, s.p[i]);
		if (v < 0)
			return false;
		sum += v * weight;
	}
	return s.p[17] == uscc_alphabet[(31 - sum % 31) % 31];
}

bool id_organisation_valid(struct str s)
{
	static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
	static const char checks[] = "0123456789X";
	bool hyphen = s.n == 10 && s.p[8] == '-';
	int sum = 0, c;

	if (s.n != 9 && !hyphen)
		return false;
	for (size_t i = 0; i < 8; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			c = s.p[i] - '0';
		else if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			c = s.p[i] - 'A' + 10;
		else
			return false;
		sum += c * weights[i];
	}
	return s.p[s.n - 1] == checks[(11 - sum % 11) % 11];
}

/* The first two digits of a region code: provinces, and Hong Kong, Macao, Taiwan (81–83). */
static bool province_known(int province)
{
	static const unsigned char known[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35,
	    36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

	return memchr(known, province, sizeof known) != NULL;
}

static bool region_known(struct str s)
{
	return province_known(number_at(s, 0, 2)) && number_at(s, 2, 2) <= 90;
}

static bool day_real(int year, int month, int dom)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && dom >= 1 &&
	       dom <= length[month - 1] + (month == 2 && leap);
}

static bool resident_valid(struct str s, int first_year)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	static const char checks[] = "10X98765432";
	int sum = 0, year;

	if (s.n != 18 || !all_digits(str_cut(s, 0, 17)) || !region_known(s))
		return false;
	year = number_at(s, 6, 4);
	if (year < first_year || year > ID_BIRTH_YEAR_MAX ||
	    !day_real(year, number_at(s, 10, 2), number_at(s, 12, 2)))
		return false;
	for (size_t i = 0; i < 17; i++)
		sum += (s.p[i] - '0') * weights[i];
	return s.p[17] == checks[sum % 11];
}

bool id_resident_valid(struct str s)
{
	return resident_valid(s, 1900);
}

bool id_resident_seen(struct str s)
{
	return resident_valid(s, 1850);
}

bool id_resident_old_valid(struct str s)
{
	return s.n == 15 && all_digits(s) && region_known(s) &&
	       day_real(1900 + number_at(s, 6, 2), number_at(s, 8, 2), number_at(s, 10, 2));
}

/* class 3 - platform's credit code 18 - yyyyMMdd - serial 6 - check 1; the check character covers all of it. */
static bool deal_code_form(struct str s)
{
	static const char form[] = "Add-uuuuuuuuuuuuuuuuuu-dddddddd-dddddd-c";

	if (s.n != sizeof form - 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool ok = form[i] == 'A'   ? s.p[i] >= 'A' && s.p[i] <= 'Z'
			  : form[i] == 'd' ? s.p[i] >= '0' && s.p[i] <= '9'
			  : form[i] == 'u' ? value_in(uscc_alphabet, s.p[i]) >= 0
			  : form[i] == 'c' ? value_in(deal_alphabet, s.p[i]) >= 0
					   : s.p[i] == form[i];
		if (!ok)
			return false;
	}
	return day_real(number_at(s, 23, 4), number_at(s, 27, 2), number_at(s, 29, 2));
}

bool id_deal_code_valid(struct str s)
{
	int p = 0;

	if (!deal_code_form(s))
		return false;
	for (size_t i = 0; i < 38; i++)
		if (s.p[i] != '-')
			p = (p + value_in(deal_alphabet, s.p[i])) * 2 % 37;
	return s.p[39] == deal_alphabet[(38 - p) % 37];
}

bool id_luhn_valid(struct str digits)
{
	int sum = 0, v;

	if (digits.n < 2 || !all_digits(digits))
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		v = digits.p[digits.n - 1 - i] - '0';
		if (i % 2)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}
