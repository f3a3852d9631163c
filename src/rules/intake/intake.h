/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake: other platforms' exports become notices. A profile (data/imports/NAME.yaml, or any path) says how a source's rows map to documents; no C is
 * needed for another platform. Every source row ends as exactly one of published, held, unchanged, revised, failed; the rows of one notice share
 * its outcome; a bad row never stops the others. Held and failed rows are kept verbatim (private table held_row) until they import fine, are retried,
 * or are dropped.
 *
 * Law: 政府信息公开条例 6 (accurate and timely), 15 and 17 (review before publishing); 个人信息保护法 25 (personal identifiers are not published).
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "ledger/ledger.h"
#include "schema/schema.h"

/* ---- profiles ---- */
struct profile;
/* name: a shipped one ("yichang-award-results") or a path (it holds a '/' or ends in .yaml). ERR_NOT_FOUND names the shipped ones; ERR_INPUT the first
 * mistake of the file with line and column. */
MUST_CHECK bool intake_profile_get(struct cx *cx, struct str name, struct profile **out);
/* Parses a profile and checks it against the domain; mistakes are added to the list (then *out is NULL). file is used in messages. */
MUST_CHECK bool intake_profile_parse(struct cx *cx, const struct domain *d, struct str file,
    struct str text, struct mistakes *mistakes, struct profile **out);
/* Every profile among the files of data/: for `gongkai check`. */
MUST_CHECK bool intake_profiles_check(
    struct cx *cx, const struct domain *d, const struct map *files, struct mistakes *mistakes);

/* ---- import ---- */
enum row_outcome { ROW_PUBLISHED, ROW_HELD, ROW_REVISED, ROW_UNCHANGED, ROW_FAILED, ROW_OUTCOMES };
const char *row_outcome_name(enum row_outcome outcome);

struct intake_options {
	struct profile *profile;
	struct str
	    profile_name; /* as it was asked for: kept with held rows, so that they can be retried */
	struct str text;  /* of the source file */
	struct str file;  /* its name, for messages */
	const char *report;	 /* path; NULL = none */
	struct str role;	 /* of the operator: goes into the entries */
	size_t group;		 /* notices a commit group; 0 = 200 */
	struct str waive;	 /* rules that are waived, parted by commas; absent: none */
	struct str waive_reason; /* published with the notice */
	void (*progress)(void *arg, int64_t done, int64_t all); /* may be NULL */
	void *arg;
};
struct intake_totals {
	int64_t notices_published, notices_revised;
	int64_t rows[ROW_OUTCOMES];
};
/*
 * Imports the whole text. True also when rows were held or failed; false when the file is not of the profile's kind (a column is missing), or nothing
 * more can be committed; what was committed before stands, and a second run finds it unchanged. With a report, FILE is replaced by a new one
 * that grows by the rows of each group after the group's commit. Text ≤ 1 GiB.
 */
MUST_CHECK bool intake_import(struct cx *cx, struct ledger *l, const struct intake_options *options,
    struct intake_totals *out);

/* Names of what differs between two documents, for the note of a revision: parts of the document, and fields. */
struct val *intake_changed(struct arena *mem, const struct val *before, const struct val *after);

/* ---- held rows ---- */
struct held_row {
	int64_t id, line, rows, time;
	struct str profile, file, key, outcome;
	struct str issues; /* JSON: [{field, rule, value, message, severity, waivable}] */
	struct bytes raw;  /* verbatim, below the header line of its file when that is CSV */
};
extern const struct db_col held_cols[];
/* Oldest first, after this id. outcome absent: held and failed. */
MUST_CHECK bool intake_held_list(struct cx *cx, struct str outcome, int64_t after, int64_t limit,
    struct held_row **rows_out, size_t *n_out);
MUST_CHECK bool intake_held_get(
    struct cx *cx, int64_t id, struct held_row *out); /* ERR_NOT_FOUND */
MUST_CHECK bool intake_held_drop(struct cx *cx, int64_t id);
/* Imports the kept text again. A waiver of a rule that may not be waived, or that does not hold this row, is ERR_INPUT. */
MUST_CHECK bool intake_held_retry(struct cx *cx, struct ledger *l, int64_t id,
    const struct intake_options *options, struct intake_totals *out);

/* Is the text of an option fit to be published? ERR_INPUT: it holds characters that nobody sees, or the number of a person. */
MUST_CHECK bool intake_reason_check(struct cx *cx, const char *option, struct str text);

#endif
