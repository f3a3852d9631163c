/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cut of text into searchable pieces, shared by index, query and snippet. A Han run gives the pair at each of its characters and its last character
 * alone; a run of letters and digits gives itself, folded; anything else separates. In a query the lone last character of a run is left out where
 * the text may go on (at the very end), so that a phrase meets longer runs.
 */
#ifndef SEARCH_TOKENIZER_H
#define SEARCH_TOKENIZER_H

#include "base/base.h"

#define TOKEN_MAX 64u /* bytes; longer runs of letters are cut */

typedef int (*token_fn)(void *arg, const char *token, size_t n, size_t from, size_t to);
/* Calls fn for each token with the bytes of text it stands for; a result other than 0 ends it and is returned. */
int search_tokenize(struct str text, bool query, token_fn fn, void *arg);

/* Registers the tokenizer "bigram" with a SQLite connection. */
MUST_CHECK bool search_tokenizer_register(struct cx *cx, void *sqlite);

#endif
