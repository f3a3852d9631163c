/* SPDX-License-Identifier: Apache-2.0 */
/* check-digit-vectors.csv: kind, value, valid or invalid. */
#include "privacy/privacy.h"
#include "vectors/vectors.h"

static const struct {
	const char *kind;
	bool (*valid)(struct str);
} kinds[] = {
    {"uscc", id_uscc_valid},
    {"organisation", id_organisation_valid},
    {"resident_id", id_resident_valid},
    {"unified_deal_code", id_deal_code_valid},
    {"luhn", id_luhn_valid},
};

static void run_row(struct vectors *v, const struct vector_file *file, const struct val *one)
{
	struct str kind = val_str(one, "kind"), value = val_str(one, "value"),
		   expected = val_str(one, "expected");

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		bool valid;

		if (!str_is(kind, kinds[i].kind))
			continue;
		if (!str_is(expected, "valid") && !str_is(expected, "invalid"))
			break;
		valid = kinds[i].valid(value);
		vector_case(v, file, value, valid == str_is(expected, "valid"), "%s",
		    valid ? "taken for valid" : "refused");
		return;
	}
	vector_case(v, file, value, false, "no check is known for \"%.*s\" that is \"%.*s\"",
	    STR_ARG(kind), STR_ARG(expected));
}

static void run_file(struct vectors *v, const struct vector_file *file)
{
	vector_each_row(v, file, run_row);
}

const struct vector_kind vectors_privacy[] = {
    {"check digits", "*check-digit-vectors*.csv", "kind,value,expected", run_file},
    {.name = NULL},
};
