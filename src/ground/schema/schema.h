/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema: the domain (data/) in memory — sectors, items, fields, rules, agencies, places, channels, code lists, deadlines — and what follows from it
 * mechanically: checking a document, printing a value for people, computing a due date. The format is data/README.md; a mistake is named with file, line,
 * column and the nearest right word, all mistakes at once. Loaded once, then const; pointers live as long as the domain.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "calendar/calendar.h"
#include "codec/val.h"

struct label {
	struct str zh, en; /* en absent: zh is shown */
};
struct str label_in(struct label l, const char *lang);

struct code {
	struct str code;
	struct label label;
};
struct code_list {
	struct str id, name;
	struct code *at;
	size_t n, cap;
	struct map by_code;  /* code → struct code */
	struct map by_label; /* Chinese label → struct code */
};

struct deadline { /* one row of deadlines.csv */
	struct str key, actor, what, direction, unit, start_event, end_event, law, article, source, confidence;
	int64_t n; /* −1: none stated */
	int32_t from, to; /* in force between these days; INT32_MIN / INT32_MAX = open */
	uint32_t line;
};

struct channel {
	struct str id;
	struct label name;
	bool is_medium;
	struct str address, basis;
};

struct place {
	struct str code;
	struct label name;
	struct place *parent; /* NULL at the top */
	int64_t level;
	bool own;  /* a code of ours, not of GB/T 2260 */
	bool demo; /* outside the city: demo homes only */
};

struct agency {
	struct str id;
	struct label name;
	struct str name_2018, uscc, kind, phone;
	struct agency *parent;
	struct place *place;
	bool demo;
};

struct field_type; /* a row of types.c */
struct field {
	struct str name;
	struct label label;
	const struct field_type *type;
	struct str document; /* "title", "formed_on" …: carried by that part of the document instead */
	struct str unit, pattern, identifier, basis, national;
	struct label hint;
	struct code_list *codes; /* NULL when the list does not exist */
	struct str codes_id;
	enum { REQUIRED_NO, REQUIRED_YES, REQUIRED_WHEN } required;
	bool is_public, search, by_system;
	int64_t max;
	struct str min_value, max_value; /* decimals, absent = none */
	void *regex;       /* pcre2_code */
	int64_t *carries;  /* element numbers */
	size_t carries_n;
	struct field *columns; /* rows */
	size_t columns_n;
	const struct item *item;
	uint32_t line, column;
};
struct str field_type_name(const struct field *f);

struct item {
	struct str id; /* works.tender-notice */
	int64_t version, number;
	const struct sector *sector;
	struct label title;
	struct str group, description, five_open, stage, kind, limit_text, limit_word, anchor, lead_2018, discloser, discloser_note, media_basis,
	    supervision, audience, method, dataset, portal_stage, source, confidence, note;
	struct str *basis, *rules, *lead, *media, *channels, *level, *qualifiers;
	size_t basis_n, rules_n, lead_n, media_n, channels_n, level_n, qualifiers_n;
	bool same_time;
	struct field *fields;
	size_t fields_n;
	struct map by_name; /* field name → struct field */
	struct val *source_tree; /* the definition as read: what catalogue load publishes */
	struct str file;
	uint32_t line;
};
struct str item_ref(struct arena *mem, const struct item *it); /* works.tender-notice@1 */

struct sector {
	struct str id, mark;
	struct label title;
	int64_t order;
	struct item **items;
	size_t items_n;
};

struct rule; /* of data/rules, private */

struct domain {
	struct sector **sectors; /* in order */
	size_t sectors_n;
	struct map items;      /* works.tender-notice → struct item (newest version) */
	struct map item_refs;  /* works.tender-notice@1 → struct item */
	struct map agencies, places, channels, codes, deadlines /* key → struct deadline */;
	struct map place_map;  /* "platform code" → struct place */
	struct rule **rules;
	size_t rules_n;
	struct val *site;      /* data/site.yaml (a demo home: data/demo/site.yaml over it) */
	struct calendar *calendar;
	bool demo;
	struct map *sources;   /* file name → text, as read */
};

/* One mistake in the data. */
struct mistake {
	struct str file, message;
	uint32_t line, column;
};
struct mistakes {
	struct mistake *at;
	size_t n, cap;
};

/*
 * Loads data/ from its files (path below data/ → struct str * text; from a folder by io_tree_read or from the program itself). demo adds demo/.
 * With mistakes: *out is NULL, the list says all of them, and the result is true; false only on failures. cx->mem and the files outlive the domain.
 */
MUST_CHECK bool domain_load(struct cx *cx, const struct map *files, bool demo, struct mistakes *mistakes, const struct domain **out);
/*
 * The same from what was published: definition documents of the log, "item/v1 works.result@1" → struct val *. Older versions of items stay known
 * (item_refs); the newest is the current one.
 */
MUST_CHECK bool domain_load_published(struct cx *cx, const struct map *documents, bool demo, struct mistakes *mistakes, const struct domain **out);
/* The definition documents that a domain asks to be published, in a fixed order: {type, id, version, document}. */
struct definition {
	const char *type; /* sector/v1 item/v1 agencies/v1 places/v1 channels/v1 codes/v1 deadlines/v1 rules/v1 calendar/v1 */
	struct str id;
	int64_t version;
	struct val *document;
};
void domain_definitions(struct arena *mem, const struct domain *d, struct definition **out, size_t *n_out);
const struct item *domain_item(const struct domain *d, struct str id_or_ref); /* NULL when unknown */
const struct agency *domain_agency(const struct domain *d, struct str id);
const struct place *domain_place(const struct domain *d, struct str code);
const struct code_list *domain_codes(const struct domain *d, struct str list_id);
bool place_within(const struct place *p, const struct place *whole);
/* How many of the plan's elements are carried: numbers 1…all, each by at least one field. Missing ones in *missing. */
size_t domain_elements_carried(struct arena *mem, const struct domain *d, size_t all, struct str *missing_out);

/* ---- checking ---- */
enum check_mode {
	CHECK_FORM,   /* required binds */
	CHECK_IMPORT, /* absences are not issues (the profile's `must` is checked by intake) */
};
/* Checks a whole document against its item, types and rules. Issues in order of the fields. */
void schema_check(struct arena *mem, const struct domain *d, const struct item *it, const struct val *document, enum check_mode mode,
    struct issues *out);
/*
 * Reads one value as a source or a form writes it into the document's form: text → typed value; codes by code or label; money with its unit; loose dates.
 * NULL and an issue when it cannot be read; NULL without one when the text is empty. raw is always kept by the caller.
 */
struct val *schema_read(struct arena *mem, const struct domain *d, const struct field *f, struct str raw, struct issues *out);

/* ---- rules, for who marks what needs two notices ---- */
/* The rule with this kind of check ("winner-in-candidates"), or with this name; NULL when the data has none. */
const struct rule *domain_rule_by_check(const struct domain *d, struct str check);
const struct rule *domain_rule(const struct domain *d, struct str name);
struct str rule_name(const struct rule *r);
struct label rule_sentence(const struct rule *r); /* placeholders unfilled */
struct str rule_basis(const struct rule *r);

/* ---- showing ---- */
/* A document's value as a display leaf, list or map of leaves: {label, value, unit, kind}. */
struct val *schema_show(struct arena *mem, const struct domain *d, const struct field *f, const struct val *value, const char *lang);
/* All public text of a document for search: title first, one part a line. */
struct str schema_search_text(struct arena *mem, const struct domain *d, const struct item *it, const struct val *document);
/* Plain text of the whole notice, labels and values. */
struct str schema_text(struct arena *mem, const struct domain *d, const struct item *it, const struct val *document, const char *lang);

/* ---- due dates ---- */
struct due {
	bool known;               /* false: a word only (及时), or no anchor */
	const struct deadline *rule;
	int32_t anchor, due;
	struct period_rule period;
	struct explanation why;
};
/* The outer bound within which the document had to be public: the item's rule with direction max in force on the anchor day. */
void schema_due(struct arena *mem, const struct domain *d, const struct item *it, const struct val *document, struct due *out);

#endif
