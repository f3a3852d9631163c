/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs test vectors that others made: `vectors DIR` walks DIR, recognises files by their path and their beginning, runs each with the
 * rooms of this program and ends with "N passed, N failed". A suite is one file here with one table of kinds; vectors.c lists the suites.
 */
#ifndef VECTORS_VECTORS_H
#define VECTORS_VECTORS_H

#include "codec/val.h"

struct vectors;

struct vector_file {
	struct str path; /* absolute */
	struct str name; /* below DIR, for messages */
	struct str bytes;
};

struct vector_kind {
	const char *name;
	/* fnmatch pattern of the absolute path, in which * also takes slashes */
	const char *pattern;
	/*
	 * What the file must begin with, so that files of one name are told apart: for *.jsonl and *.json the members, separated by spaces, that
	 * the first object must have; else the bytes. NULL takes any.
	 */
	const char *header;
	void (*run)(struct vectors *v,
	    const struct vector_file
		*file); /* NULL: known, but not for this program; listed as skipped */
};

/* One case, with what went wrong when it did. */
void vector_case(struct vectors *v, const struct vector_file *file, struct str id, bool passed,
    const char *fmt, ...) PRINTF(5, 6);
/* The context of the case at hand: its arena is emptied before the next file, each line and each row. */
struct cx *vector_cx(struct vectors *v);

typedef void vector_fn(struct vectors *v, const struct vector_file *file, const struct val *one);
/* Every object of a JSONL file; a line that cannot be read is a failed case. */
void vector_each_line(struct vectors *v, const struct vector_file *file, vector_fn *fn);
/* Every row of a CSV file as a map of text by its header; a row that cannot be read is a failed case. The member "line" is added when no column is called so. */
void vector_each_row(struct vectors *v, const struct vector_file *file, vector_fn *fn);
/* A member that is an unsigned number of up to 64 bits. */
bool vector_u64(const struct val *map, const char *key, uint64_t *out);

/* The suites; each table ends with a row without pattern. */
extern const struct vector_kind vectors_json[];
extern const struct vector_kind vectors_calendar[];
extern const struct vector_kind vectors_privacy[];
extern const struct vector_kind vectors_tlog[];
extern const struct vector_kind vectors_log[];

#endif
