/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV (RFC 4180): quoted fields with line ends inside, CRLF, LF or CR, a byte order mark, GB18030 recognised and converted.
 * A reader walks the text record by record, so that one bad record does not stop the others.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/base.h"

struct csv {
	struct str text; /* UTF-8, without mark */
	size_t at;
	uint32_t line; /* first physical line of the next record, from 1 */
};

struct csv_record {
	struct str *at; /* n fields; unquoted bytes, in the arena or views of the text */
	size_t n, cap;
	uint32_t line;      /* first physical line */
	struct str raw;     /* the record verbatim, without its line end */
	const char *defect; /* NULL, or what makes it unreadable (an open quote, text after a closing quote) */
};

/* Text becomes UTF-8: BOM dropped; text that is not UTF-8 is converted when it is wholly GB18030; else ERR_INPUT naming the line. */
MUST_CHECK bool csv_open(struct cx *cx, struct str bytes, struct csv *out);
/* The next record; false at the end. Fields are allocated in mem. Empty lines are skipped. */
bool csv_next(struct arena *mem, struct csv *csv, struct csv_record *out);
/* Appends one field, quoted when needed. Text that a spreadsheet would run (= + - @ TAB CR, also full width) gets a ' before it. */
void csv_print(struct buf *b, struct str field, bool first);

#endif
