/* SPDX-License-Identifier: Apache-2.0 */
/* Rules between fields: a rule of the data, the kinds of checks, and a rule applied to the fields of one item. */
#ifndef SCHEMA_RULES_PRIV_H
#define SCHEMA_RULES_PRIV_H

#include "schema/schema_priv.h"

struct rule_kind;

struct rule {
	struct str name, check, basis, file;
	int64_t version;
	const struct rule_kind *kind;
	struct str *items, *fields, *types;
	size_t items_n, fields_n, types_n;
	struct val *value, *when, *tree;
	enum severity severity;
	bool waivable;
	struct label sentence;
	/* the parameter, as the kind reads it */
	const struct pattern *pattern;
	struct decimal number;
	int days;
	bool workdays, both;
	struct str *words;
	size_t words_n;
	/* the condition */
	struct str when_field;
	struct val *when_is;
	bool when_not;
};

/* A field of the item, or a column of one of its tables, by position: no look-up by name while checking. */
struct target {
	const struct field *field, *column; /* field NULL: none; column NULL: the field itself */
	size_t at, column_at;
};
#define TARGETS_MAX 6

struct rule_use {
	const struct rule *rule;
	struct target *t;
	size_t n;
	struct target when;
	const struct field *rows; /* run for each row of this table; NULL = once */
};

enum rule_shape {
	EACH,	   /* every field by itself; a column row by row */
	TOGETHER,  /* all fields at once; when columns are among them, row by row */
	COLUMN,	   /* every column by itself, as a whole */
	WHOLE,	   /* all fields at once, columns as a whole */
	ELSEWHERE, /* not checked here: needs two notices, or the text as it stood in the source */
};
enum rule_value { NO_VALUE, VALUE_PATTERN, VALUE_WORDS, VALUE_NUMBER, VALUE_PERIOD };

struct rule_kind {
	const char *name;
	enum rule_shape shape;
	size_t least, most; /* fields, when TOGETHER or WHOLE */
	bool missing;	    /* runs although the fields have no value */
	bool forms, imports;
	enum rule_value value;
	void (*run)(struct checking *c, const struct rule_use *u, const struct val *const *v);
	bool (*takes)(const struct field *f); /* NULL: any field */
};
extern const struct rule_kind rule_kinds[]; /* ended by name NULL */

/* The value of a target in the row being checked; NULL when absent. */
const struct val *target_value(const struct checking *c, const struct target *t, size_t row);
const struct field *target_field(const struct target *t);
size_t target_rows(const struct checking *c, const struct target *t); /* 1 for a plain field */
/* The issue of a rule, about the first field of the use. value: for {value}; absent: that field's value. extra may be NULL. */
void rule_issue(
    struct checking *c, const struct rule_use *u, struct str value, const struct fill *extra);
/* … of a rule that looks at a part of the document which is no field; c->f says how the part is called. */
void part_rule_issue(struct checking *c, const struct rule *r, struct str value);
/* A tag, a rule of CSS or an entity in the text; seen: what of it there is to show. */
bool markup_find(struct str s, struct str *seen_out);

#endif
