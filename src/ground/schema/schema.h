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
	struct str source, confidence;
};
struct code_list {
	struct str id, name;
	struct code *at;
	size_t n, cap;
	struct map by_code;  /* code → struct code */
	struct map by_label; /* Chinese label → struct code */
};

struct deadline { /* one row of deadlines.csv */
	struct str key, area, actor, what, direction, unit, start_event, end_event, law, article,
	    source, confidence;
	struct str by;	  /* unit date: the day of the year, "01-31" */
	int64_t n;	  /* −1: none stated */
	int32_t from, to; /* in force between these days; INT32_MIN / INT32_MAX = open */
	uint32_t line;
};

struct channel {
	struct str id;
	struct label name;
	bool is_channel, is_medium; /* may be both */
	struct str code;	    /* of a medium, in DESIGNATED_MEDIA */
	struct str address, basis, confidence, file;
	const struct val *row;
};

struct place {
	struct str code;
	struct label name;
	struct place *parent; /* NULL at the top */
	int64_t level;	      /* 0 the country, 1 province, 2 city, 3 county, 4 township */
	bool own;	      /* a code of ours, not of GB/T 2260 */
	bool demo;	      /* outside the city: demo homes only */
	struct str source, parent_code, file;
	const struct val *row;
};

struct place_alias { /* a code as a platform writes it */
	struct str platform, code, place_code, note, file;
	struct place *place; /* NULL: outside what this home knows */
	const struct val *row;
};

struct agency {
	struct str id;
	struct label name;
	struct str name_2018, uscc, kind, phone, note;
	struct agency *parent; /* NULL at the top and outside the city */
	struct place *place;
	bool demo;
	struct str place_code, parent_id, file;
	const struct val *row;
};

struct field_type; /* a row of types.c */
struct pattern;	   /* a compiled PCRE2 pattern */
struct item;
enum required { REQUIRED_NO, REQUIRED_YES, REQUIRED_WHEN /* where it exists, 如有 */ };
struct field {
	struct str name;
	struct label label;
	const struct field_type *type; /* NULL when document is set */
	struct str
	    document; /* "title", "formed_on" …: carried by that part of the document instead */
	struct str unit, pattern, identifier, basis, national;
	struct label hint;
	const struct code_list *codes; /* NULL when the list does not exist (yet) */
	struct str codes_id;
	enum required required;
	bool is_public, search, by_system;
	int64_t max;			 /* characters; 0 = no limit */
	struct str min_value, max_value; /* of numbers: decimals, absent = none */
	const struct pattern *regex;	 /* NULL: none */
	int64_t *carries;		 /* element numbers */
	size_t carries_n;
	struct field *columns; /* rows */
	size_t columns_n;
	const struct item *item;
	const struct field *rows; /* of a column: the field it stands in */
	uint32_t line, column;
};
struct str field_type_name(const struct field *f);    /* absent for a part of the document */
struct label field_type_label(const struct field *f); /* how the type is called: 金额 */
const struct field *field_find(const struct item *it,
    struct str name); /* NULL when the item has none; "candidates.price" finds a column */

struct rule_use; /* a rule applied to fields of this item */
struct item {
	struct str id; /* works.tender-notice */
	int64_t version, number;
	const struct sector *sector;
	struct label title;
	struct str group, description, five_open, stage, kind, limit_text, limit_word, anchor,
	    lead_2018, discloser, discloser_note, media_basis, supervision, audience, method,
	    source, confidence, note;
	struct str *basis, *rules, *lead, *media, *channels, *level, *qualifiers, *dataset,
	    *portal_stage;
	size_t basis_n, rules_n, lead_n, media_n, channels_n, level_n, qualifiers_n, dataset_n,
	    portal_stage_n;
	bool same_time;
	struct field *fields;
	size_t fields_n;
	struct map by_name;	 /* field name → struct field */
	struct val *source_tree; /* the definition: what is published */
	struct rule_use *uses; /* the rules between fields that apply; item_rule_each walks them */
	size_t uses_n;
	struct str file;
	uint32_t line;
};
struct str item_ref(struct arena *mem, const struct item *it); /* works.tender-notice@1 */

struct sector {
	struct str id, mark;
	struct label title;
	int64_t order, version;
	const struct item **items; /* the newest versions, in the order of the file */
	size_t items_n;
	struct str *item_ids;
	size_t item_ids_n;
};

/* What a domain asks to be published: one document. */
struct definition {
	const char *
	    type; /* sector/v1 item/v1 agencies/v1 places/v1 channels/v1 codes/v1 deadlines/v1 rules/v1 calendar/v1 */
	struct str
	    id; /* works.result, FIVE_OPEN, places …: an item's id, else the name of the file; those of demo/ keep that */
	int64_t version;
	struct val
	    *document; /* text, integers, booleans, lists and maps only: it has a canonical form */
};

struct rule; /* of data/rules, private */

struct domain {
	struct sector **sectors; /* in order */
	size_t sectors_n;
	struct map items;     /* works.tender-notice → struct item (newest version) */
	struct map item_refs; /* works.tender-notice@1 → struct item */
	struct map agencies, places, channels, codes, deadlines /* key → struct deadline */;
	struct map place_map; /* "platform code" → struct place_alias */
	struct rule **rules;
	size_t rules_n;
	const struct val *site; /* data/site.yaml (a demo home: data/demo/site.yaml over it) */
	struct calendar *calendar;
	struct definition *definitions;
	size_t definitions_n;
	bool demo;
};

/* One mistake in the data. Line 0: the file as a whole. */
struct mistake {
	struct str file, message;
	uint32_t line, column; /* from 1; columns in characters */
};
struct mistakes {
	struct mistake *at;
	size_t n, cap;
};

/*
 * Loads data/ from its files (path below data/ → struct str * text; from a folder by io_tree_read or from the program itself). demo adds demo/.
 * With mistakes: *out is NULL, the list says all of them by file and line, and the result is true; false only on failures. cx->mem and the files outlive
 * the domain. versions.yaml counts the versions of what has none of its own (lists, sectors, rules, calendar) by the path of its file without the suffix;
 * what it does not name is at version 1.
 */
MUST_CHECK bool domain_load(struct cx *cx, const struct map *files, bool demo,
    struct mistakes *mistakes, const struct domain **out);
/*
 * The same from what was published: definition documents of the log, "item/v1 works.result@1" → struct val *. Older versions of items stay known
 * (item_refs); the newest is the current one. Of everything else the newest version counts. site may be NULL.
 */
MUST_CHECK bool domain_load_published(struct cx *cx, const struct map *documents,
    const struct val *site, bool demo, struct mistakes *mistakes, const struct domain **out);
/* site.yaml, in a demo home with demo/site.yaml over it; it is a setting of the home, not published. NULL when there is none. */
MUST_CHECK bool domain_site(struct cx *cx, const struct map *files, bool demo,
    struct mistakes *mistakes, const struct val **out);
/* The definition documents that a domain asks to be published, in a fixed order. */
void domain_definitions(const struct domain *d, const struct definition **out, size_t *n_out);
/*
 * What `check data/` prints: every mistake as "file:line:column: message", with and without the demo files, then "elements carried N of M" against
 * elements.csv (each element by a field of its own item). *ok_out: no mistake and all carried.
 */
MUST_CHECK bool domain_check(struct cx *cx, const struct map *files, struct buf *out, bool *ok_out);

/* One line a mistake. */
void mistakes_print(struct buf *out, const struct mistakes *mistakes);

const struct item *domain_item(
    const struct domain *d, struct str id_or_ref); /* NULL when unknown */
const struct agency *domain_agency(const struct domain *d, struct str id);
const struct place *domain_place(const struct domain *d, struct str code);
/* A code as a platform writes it: by place-map.csv, else as a code of places.csv. NULL when neither, or outside what this home knows. */
const struct place *domain_place_of(const struct domain *d, struct str platform, struct str code);
const struct code_list *domain_codes(const struct domain *d, struct str list_id);
const struct code *code_find(
    const struct code_list *list, struct str code_or_label); /* NULL when unknown or list is NULL */
const struct channel *domain_channel(const struct domain *d, struct str id);
const struct deadline *domain_deadline(const struct domain *d, struct str key);
bool place_within(const struct place *p, const struct place *whole);
/* How deep below the top a place stands: 0 province (or the country), 1 city, 2 county, 3 and more below. */
int place_depth(const struct place *p);
/* Code of the ancestor of p (or of p itself) at this depth; absent when p stands higher or is NULL. */
struct str place_ancestor(const struct place *p, int depth);
/* Views keep columns province, city, county and place: the one that finds this place with its children. NULL: "place". */
const char *place_column(const struct place *p);

/* ---- checking ---- */
enum check_mode {
	CHECK_FORM,   /* required binds; a code outside its list is an error */
	CHECK_IMPORT, /* absences are not issues (the profile's `must` is checked by intake), but for item, agency, place, title and date */
};
/*
 * Checks a whole document against its item: its parts, types and lengths, characters and personal identifiers in every text, the rules between fields.
 * Issues in that order; the codes are those of schema/rules.h and of data/rules/. Rows count from 1: candidates[2].price.
 */
void schema_check(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, enum check_mode mode, struct issues *out);
/*
 * Reads one value as a source or a form writes it into the document's form: text → typed value; codes by code or label; money with its unit; loose dates;
 * of a person the first character of the name. NULL and an issue when it cannot be read; NULL without one when the text is empty; a value with an issue
 * when it can be kept as text (a place outside the table). raw is always kept by the caller. Rows are made by the caller, column by column.
 */
struct val *schema_read(struct arena *mem, const struct domain *d, const struct field *f,
    struct str raw, struct issues *out);

/* ---- rules between fields ---- */
/* The rule with this kind of check ("winner-in-candidates"), or with this name; NULL when the data has none. */
const struct rule *domain_rule_by_check(const struct domain *d, struct str check);
const struct rule *domain_rule(const struct domain *d, struct str name);
struct str rule_name(const struct rule *r);
struct label rule_sentence(const struct rule *r); /* placeholders unfilled */
struct str rule_basis(const struct rule *r);
enum severity rule_severity(const struct rule *r);
/* Is the rule checked on one document? False: it needs two notices, or the text as it stood in the source. */
bool rule_is_checked(const struct rule *r);
/* The rules that apply to an item: start with *at = 0; NULL after the last. */
const struct rule *item_rule(const struct item *it, size_t *at);

/* ---- showing ---- */
/*
 * A document's value for a page and its JSON twin, by type. A leaf: text, integer, decimal with its unit as label (decimal, percent, integer with a unit),
 * money, date, instant (a date-time without clock: date), code (yesno, code, place, agency; a word outside the list: text), null when absent.
 * codes: a list of leaves. period: {from, to}. organisation: {name, code}. attachment: {name, type, size, sha256} or text.
 * price: money, decimal with %, or text. rows: {columns: [{name, label, numeric}], rows: [[leaf or one of these]]}.
 */
struct val *schema_show(struct arena *mem, const struct domain *d, const struct field *f,
    const struct val *value, const char *lang);
/* The same in words: "13,560,000.00元", "2026-03-27 09:00至2026-04-02". */
struct str schema_words(struct arena *mem, const struct domain *d, const struct field *f,
    const struct val *value, const char *lang);
/* All public words of a document for search, as people read them: title first, one part a line. Fields may say search: no. */
struct str schema_search_text(
    struct arena *mem, const struct domain *d, const struct item *it, const struct val *document);
/* Plain text of the whole notice, labels and values. */
struct str schema_text(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, const char *lang);

/* ---- due dates ---- */
struct due {
	bool known; /* false: no anchor, or no rule in force on that day */
	const struct deadline *rule;
	int32_t anchor, due; /* days */
	struct period_rule period;
	struct explanation why;
};
/*
 * The outer bound within which the document had to be public (政府信息公开条例 26 and the laws of each sector): of the item's deadlines the earliest whose
 * direction is max, that ends with publication, that starts at the item's anchor (the date field it names; formed_on: forming or deciding), and that is in
 * force on the anchor day. When none is, the 20 working days of active.disclosure from formed_on. Least periods, words such as 及时 and periods between
 * other events are shown as sentences only.
 */
void schema_due(struct arena *mem, const struct domain *d, const struct item *it,
    const struct val *document, struct due *out);

#endif
