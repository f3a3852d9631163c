/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside audit. A finding is a failure with ERR_CORRUPT whose sentence says the first wrong thing and where; ledger_audit turns it into a report.
 */
#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include "ledger/ledger_priv.h"

/* Where a log is read from. */
struct audit_source {
	/* The bytes of a tile exactly as they are kept. */
	bool (*tile)(struct cx *cx, void *arg, struct tile_path path, struct str *out);
	/* Entries of a bundle as rows; those that are missing are left out. */
	bool (*entries)(struct cx *cx, void *arg, struct tile_path path, struct entry_rows *out);
	void *arg;
	bool documents; /* rows come with salt and document */
};

struct audit_counter {
	struct str city, sector;
	int64_t year, last;
	bool kept; /* its row was seen */
};

struct audit {
	struct cx *cx;
	struct arena
	    *keep; /* what lives as long as the audit; cx->mem is rewound after each bundle */
	const struct audit_source *source;
	void (*progress)(int64_t done, int64_t all);
	int64_t size;
	int64_t
	    entries;   /* at most so many can be read: bounds the memory, whatever the head says */
	int64_t watch; /* root_at is the root at this size */
	struct hash root_at, root;
	struct tree tree;
	struct hash *leaves;
	int64_t time;		  /* of the last entry */
	int64_t documents;	  /* seen */
	struct map ids;		  /* "family id" → struct audit_id */
	struct map counters;	  /* "city-sector-year" → struct audit_counter */
	LIST_OF(int64_t) missing; /* entries whose document is not there */
	struct map erased;	  /* index as text → index of the erasure */
};

/* Reads every entry and tile of a log of a->size entries. */
MUST_CHECK bool audit_log(struct audit *a);
/* The meaning of one entry, in order: time, id, revision, target, document. */
MUST_CHECK bool audit_entry(struct audit *a, const struct entry_row *row);
/* When all entries are read: each missing document has an erasure. */
MUST_CHECK bool audit_erasures(struct audit *a);

/* ---- fetch.c: files of a log, from a folder or over HTTP ---- */
struct files {
	/* *out absent: there is no such file. */
	bool (*get)(struct cx *cx, void *arg, struct str path, size_t limit, struct str *out);
	void *arg;
	bool documents; /* document/N and salt/N exist */
};
/* Checks all that is below a tlog-tiles prefix against the key. */
MUST_CHECK bool audit_files(struct cx *cx, const struct files *files, struct str vkey,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out);

#endif
