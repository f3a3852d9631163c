/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV (RFC 4180): quoted fields with line ends inside, CRLF, LF or CR, a byte order mark, GB18030 recognised and converted.
 * A reader walks the text record by record, so that one bad record does not stop the others: a defect costs the physical line it
 * begins on, and the next line is a new record.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/base.h"

struct csv {
	struct str text; /* UTF-8, without mark */
	size_t at;
	uint32_t line; /* first physical line of the next record, from 1 */
	bool spoilt;   /* there is invalid UTF-8 somewhere: records are looked at one by one */
	size_t usual;  /* fields of the last record: room that the next is given at once */
};

struct csv_record {
	struct str *at; /* n fields; unquoted bytes, in the arena or views of the text */
	size_t n, cap;
	uint32_t line; /* first physical line */
	/* the record verbatim, without its line end; not UTF-8 when that is the defect */
	struct str raw;
	const char *defect; /* NULL, or what makes it unreadable; fields are then absent (n = 0) */
};

/*
 * Makes the text UTF-8: the mark is dropped; text without a mark that is not UTF-8 but wholly GB18030 is converted into cx->mem. Text that
 * is UTF-8 but for some bytes stays, and the records that hold them are defective. ERR_INPUT names the line of what is neither.
 */
MUST_CHECK bool csv_open(struct cx *cx, struct str bytes, struct csv *out);
/* The next record; false at the end. Fields are allocated in mem. Empty lines are skipped. */
bool csv_next(struct arena *mem, struct csv *csv, struct csv_record *out);
/* Appends one field, quoted when needed. Text that a spreadsheet would run (= + - @ TAB CR, also full width) gets a ' before it. */
void csv_print(struct buf *b, struct str field, bool first);

#endif
