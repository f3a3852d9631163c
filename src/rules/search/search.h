/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search: every public word of every current notice, found. The second follower; a local view in a file of its own (HOME/index/search.db, SQLite FTS5) for
 * either engine of the ledger; deleted, it is rebuilt from the documents.
 *
 * Text is cut into bigrams of Han runs and whole runs of Latin letters and digits, width and case folded, so any two adjacent Han characters of a
 * public field find their document; a word that ends in a letter or digit also finds longer ones that begin with it. Words separated by spaces must all
 * occur; words in quotes occur side by side. Order: newest first, or notices with the words in the title first, then newest.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "notice/notice.h"

enum search_order { SEARCH_NEWEST, SEARCH_TITLE };

struct search_query {
	struct str words; /* as typed; empty = everything within the filters */
	struct str sector, item, place, agency, from, to; /* as in notice_filter */
	enum search_order order;
	int64_t after; /* key of the last hit of the page before; 0 = the first page */
	bool
	    after_title; /* with SEARCH_TITLE: that hit was among those with the words in the title */
	int64_t limit;
};

struct search_hit {
	int64_t key, idx;
	struct str id;
	struct str snippet; /* safe HTML: escaped text with <mark> */
	bool in_title;
};

struct facet_value {
	struct str key;
	int64_t n;
};
struct facet {
	struct facet_value *at; /* most frequent first */
	size_t n, cap;
};

struct search_result {
	int64_t total;
	struct search_hit *hits;
	size_t hits_n;
	bool more;
	struct facet sector, item, county, agency, year;
};
MUST_CHECK bool search_run(struct cx *cx, const struct search_query *q, struct search_result *out);

/* A whole text (a title) as safe HTML, the words marked. */
struct str search_mark(struct arena *mem, struct str text, struct str typed);

/* The FTS5 expression for words as typed: absent when nothing searchable is in them. */
struct str search_expression(struct arena *mem, struct str words);

/* A follower whose rows live in home/index/search.db. The file is made when absent, and made anew when it cannot be read. */
MUST_CHECK bool search_open(struct cx *cx, struct str home, struct follower *out);
void search_close(struct follower *f);
/* Closes this thread's reading connection. */
void search_thread_close(void);

#endif
