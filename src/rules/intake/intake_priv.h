/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_INTAKE_PRIV_H
#define INTAKE_INTAKE_PRIV_H

#include "codec/csv.h"
#include "intake/intake.h"
#include "notice/notice.h"

/* ---- profiles ---- */
struct profile_pattern; /* a compiled regular expression (pattern.c) */

/* A column of a CSV file or a dotted path into a JSON line. */
struct profile_path {
	struct str text;
	LIST_OF(struct str) parts;
	int column; /* CSV: position, bound to the header when a file is opened; −1 before */
	bool cell;  /* of a table: it may differ from row to row of one notice */
	struct profile_path *next; /* in the list it belongs to */
	struct profile_path *all;  /* in the list of all paths of the profile */
};

/* One condition of `when`. */
struct profile_test {
	struct profile_path *path;
	LIST_OF(struct str) values;    /* equal to one of them */
	struct profile_pattern *match; /* or this matches */
	bool has_empty, empty;	       /* or it is (not) empty */
};
struct profile_tests {
	struct profile_test *at;
	size_t n, cap;
};

struct profile_field;
struct profile_fields {
	struct profile_field *at;
	size_t n, cap;
};

/* Literal text and paths in turn: "{publish_date} {name}". */
struct template_part {
	struct str literal;
	struct profile_path *path; /* NULL: a literal */
};

enum value_kind { VALUE_COLUMN, VALUE_CONST, VALUE_TEMPLATE, VALUE_PERIOD, VALUE_ROWS };

/* Where a value comes from. Variants are tried in order; the first that applies and is not empty is taken. */
struct profile_value {
	enum value_kind kind;
	struct profile_path *paths;	     /* column: the first that is not empty */
	struct str text;		     /* const */
	LIST_OF(struct template_part) parts; /* template */
	struct profile_pattern
	    *match;	    /* keep the first group, or the whole match; no match: empty */
	struct val *values; /* source text → what stands for it */
	struct str unit;    /* appended to a bare number */
	bool html, words;
	struct profile_value *code;	   /* organisation: its code */
	struct profile_value *start, *end; /* period */
	struct profile_path *rows; /* rows: a list in the JSON line; NULL: the rows of the group */
	struct profile_fields columns;
	struct profile_tests when;
	struct profile_value *next; /* the next variant */
};

struct profile_field {
	struct str name;
	struct profile_value *value;
	bool used; /* some item has it */
	uint32_t line, column;
};

struct profile_item {
	const struct item *item;
	struct str ref; /* works.result@1: how documents name it */
	struct profile_tests when;
	struct profile_fields fields;
};

enum source_format { SOURCE_CSV, SOURCE_JSONL };

struct profile {
	struct str name, platform, digest;
	enum source_format format;
	struct profile_path *group;
	bool whole; /* all rows of the file are one notice */
	LIST_OF(struct profile_item) items;
	struct profile_value *agency, *place, *date, *title;
	struct profile_value *identity, *address, *time, *stated_by; /* of the appearance */
	LIST_OF(struct str) must;
	struct profile_fields fields;
	struct profile_path *paths; /* all of them, latest first: what a header must have */
};

/* Reads one profile file. */
struct reading {
	struct cx *cx;
	const struct domain *domain;
	struct str file;
	struct mistakes *mistakes;
	struct profile *profile;
};
void reading_mistake(struct reading *r, const struct val *at, const char *fmt, ...) PRINTF(3, 4);
/* Each key must be one of the words (ended by NULL). */
void reading_keys(struct reading *r, const struct val *map, const char *const *words);
/* One column or a list of them, in order. */
struct profile_path *reading_paths(struct reading *r, const struct val *v);
struct profile_value *reading_value(struct reading *r, const struct val *v);
void reading_fields(struct reading *r, const struct val *v, struct profile_fields *out);
void reading_tests(struct reading *r, const struct val *v, struct profile_tests *out);

/* ---- patterns ---- */
/* PCRE2 with match and depth limits. NULL and a message when it does not compile. Freed with the arena. */
struct profile_pattern *pattern_new(struct arena *mem, struct str text, struct str *message_out);
/* The first group, or the whole match when there is none; false when it does not match. */
bool pattern_find(struct profile_pattern *p, struct str text, struct str *out);

/* ---- source rows ---- */
struct source_row {
	uint32_t line;
	struct str raw;		 /* verbatim */
	struct str *fields;	 /* CSV */
	const struct val *tree;	 /* JSONL, parsed when needed; NULL before */
	struct str defect;	 /* absent: readable */
	struct source_row *next; /* of the same group */
};
struct source_group {
	struct source_row *first, *last;
	size_t n;
};
struct source {
	const struct profile *profile;
	struct str header; /* CSV: the first line, verbatim */
	size_t columns;
	LIST_OF(struct source_row) rows;
	LIST_OF(struct source_group) groups; /* in order of their first row */
};
/* All rows of the text, gathered into groups. ERR_INPUT when it is not of the profile's kind. Lives in cx->mem. */
MUST_CHECK bool source_open(
    struct cx *cx, struct profile *profile, struct str file, struct str text, struct source *out);
/* Parses a JSON line into mem; false leaves row->defect set. */
bool source_row_parse(struct arena *mem, const struct profile *profile, struct source_row *row);

/* What a path finds in a row: text of a leaf, LF for line ends; "" when there is nothing. */
struct str source_text(
    struct arena *mem, const struct source_row *row, const struct profile_path *path);

/* ---- values ---- */
bool tests_hold(struct arena *mem, const struct profile_tests *tests, const struct source_row *row);
/* The text of a value for a row; "" when it has none. *taken_out (may be NULL): the variant that gave it. */
struct str value_text(struct arena *mem, const struct profile_value *v,
    const struct source_row *row, const struct profile_value **taken_out);
/* Markup as plain text: paragraphs and line breaks become lines, table cells are parted by TAB; scripts and styles are left out. */
struct str html_text(struct arena *mem, struct str html);

/* ---- documents ---- */
struct draft {
	const struct source_group *group;
	struct str
	    key; /* identity, or what else tells the row from others: for the report and held rows */
	const struct item *item; /* NULL: none could be told */
	struct val *document;	 /* NULL: the group failed */
	struct issues issues;
	bool failed;
};
/* Issues are those of reading; intake_check adds those of the whole document. */
void draft_make(struct arena *mem, const struct domain *d, const struct profile *p,
    const struct source_group *g, struct draft *out);

/* ---- held rows ---- */
struct held_change {
	struct held_row row; /* outcome absent: the row imports fine now, forget it */
};
struct held_changes {
	struct held_change *at;
	size_t n, cap;
};
/* All of them in one transaction. */
MUST_CHECK bool held_save(struct cx *cx, struct held_changes *changes);
/* Keys of the profile's held rows, in cx->mem. */
MUST_CHECK bool held_keys(struct cx *cx, struct str profile, struct map *out);

/* ---- import ---- */
struct notice_try { /* one notice on its way */
	struct draft draft;
	enum row_outcome outcome;
	struct str id;
	int64_t index; /* −1: none */
	bool waits; /* its key stood in this file before: decided once those rows are published */
	bool same;  /* this very content stands here already */
	bool has_act;
	size_t act; /* position among the batch's acts */
};
#define BATCHES 3u /* one is prepared, one committed, one published */
struct batch {
	struct cx cx; /* with an arena of its own */
	struct notice_try *tries;
	size_t tries_n;
	struct act *acts;
	size_t acts_n;
	struct ledger_ticket *ticket; /* NULL: nothing to wait for */
};
struct import {
	struct cx *cx;
	struct ledger *ledger;
	const struct intake_options *options;
	struct source source;
	struct map held; /* keys held before this run */
	struct map seen; /* keys of this file so far */
	int report;	 /* file, −1 = none */
	struct intake_totals totals;
	int64_t done;
};
/* Where the drafts' identities stand here, and whether with the same content. */
MUST_CHECK bool import_look_up(struct cx *cx, struct notice_try *tries, size_t n);
/* What becomes of a draft that was looked up: unchanged, held, failed, or an act of the batch. */
MUST_CHECK bool import_decide(struct import *im, struct batch *b, struct notice_try *t);
/* After the batch's acts are committed: outcomes, held rows, report, totals. */
MUST_CHECK bool import_settle(struct import *im, struct batch *b);

#endif
