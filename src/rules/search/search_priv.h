/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room. */
#ifndef SEARCH_SEARCH_PRIV_H
#define SEARCH_SEARCH_PRIV_H

#include "search/search.h"
#include "search/search_tokenizer.h"

struct search_word {
	struct str text;
	bool open; /* the text may go on after its last piece */
};
struct search_words {
	struct search_word *at;
	size_t n, cap;
};
/* The words of a query that hold something searchable. */
void search_words(struct arena *mem, struct str typed, struct search_words *out);

/* A piece of text around the first words found, escaped, with <mark>. */
struct str search_snippet(struct arena *mem, struct str text, const struct search_words *words);

/* Order of hits: the day first, then the log index. */
int64_t search_key(int32_t day, int64_t idx);

#define SEARCH_VERSION 2
/* Opens the index file with its tokenizer; make = create what is missing. */
MUST_CHECK bool search_file_open(struct cx *cx, struct str home, bool make, struct db **out);

#endif
