/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>
#include <utf8proc.h>

#include "search/search_tokenizer.h"
#include "text/text.h"

enum piece { PIECE_OTHER, PIECE_HAN, PIECE_WORD };

struct folded { /* one character of the text and what it folds to */
	char bytes[16];
	size_t n;
	enum piece piece;
	size_t from, to;
};

static bool is_word(int32_t c)
{
	const utf8proc_property_t *p;

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	p = utf8proc_get_property(c);
	return p->category >= UTF8PROC_CATEGORY_LU && p->category <= UTF8PROC_CATEGORY_NO;
}

/* The next character of the text, folded (width and case); false at the end. */
static bool next(struct str text, size_t *at, struct folded *out)
{
	struct str rest = str_cut(text, *at, text.n);
	int32_t c = text_next(&rest), folds[8];
	utf8proc_ssize_t n;
	int boundary = 0;

	if (c < 0)
		return false;
	*out = (struct folded){.from = *at};
	*at = out->to = text.n - rest.n;
	if (c < 0x80) {
		out->bytes[0] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		out->n = 1;
		out->piece = is_word(out->bytes[0]) ? PIECE_WORD : PIECE_OTHER;
		return true;
	}
	n = utf8proc_decompose_char(
	    c, folds, 8, UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE, &boundary);
	if (n < 1 || n > 4)
		return true;
	out->piece = text_is_han(folds[0]) ? PIECE_HAN
		     : is_word(folds[0])   ? PIECE_WORD
					   : PIECE_OTHER;
	for (utf8proc_ssize_t i = 0; i < n; i++)
		out->n +=
		    (size_t)utf8proc_encode_char(folds[i], (utf8proc_uint8_t *)out->bytes + out->n);
	return true;
}

/* A walk over the text with one character seen ahead, and who gets the pieces. */
struct walk {
	struct str text;
	size_t at;
	struct folded ahead;
	bool more, query;
	token_fn fn;
	void *arg;
};

static void step(struct walk *w)
{
	w->more = next(w->text, &w->at, &w->ahead);
}

static bool ahead_is(const struct walk *w, enum piece piece)
{
	return w->more && w->ahead.piece == piece;
}

/* A run of letters and digits. */
static int word(struct walk *w)
{
	char token[TOKEN_MAX];
	size_t n = 0, from = w->ahead.from, to = w->ahead.to;

	for (; ahead_is(w, PIECE_WORD); step(w)) {
		if (n + w->ahead.n <= sizeof token) {
			memcpy(token + n, w->ahead.bytes, w->ahead.n);
			n += w->ahead.n;
		}
		to = w->ahead.to;
	}
	return w->fn(w->arg, token, n, from, to);
}

/* A run of Han characters: each with its neighbour, the last alone. */
static int han(struct walk *w)
{
	int rc = 0;

	for (size_t length = 1; rc == 0 && ahead_is(w, PIECE_HAN); length++) {
		struct folded one = w->ahead;
		char token[32];
		size_t n = one.n, to = one.to;

		step(w);
		if (!ahead_is(w, PIECE_HAN) && w->query && !w->more && length > 1)
			break;
		memcpy(token, one.bytes, one.n);
		if (ahead_is(w, PIECE_HAN)) {
			memcpy(token + n, w->ahead.bytes, w->ahead.n);
			n += w->ahead.n;
			to = w->ahead.to;
		}
		rc = w->fn(w->arg, token, n, one.from, to);
	}
	return rc;
}

int search_tokenize(struct str text, bool query, token_fn fn, void *arg)
{
	struct walk w = {.text = text, .query = query, .fn = fn, .arg = arg};
	int rc = 0;

	step(&w);
	while (w.more && rc == 0) {
		if (w.ahead.piece == PIECE_WORD)
			rc = word(&w);
		else if (w.ahead.piece == PIECE_HAN)
			rc = han(&w);
		else
			step(&w);
	}
	return rc;
}

/* ---- SQLite's side ---- */

struct sink {
	void *ctx;
	int (*token)(void *, int, const char *, int, int, int);
};

static int pass_on(void *arg, const char *token, size_t n, size_t from, size_t to)
{
	struct sink *s = arg;

	return s->token(s->ctx, 0, token, (int)n, (int)from, (int)to);
}

static int create(void *ctx, const char **args, int n, Fts5Tokenizer **out)
{
	static char nothing;

	*out = (Fts5Tokenizer *)&nothing;
	return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *t)
{
}

static int tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
    int (*token)(void *, int, const char *, int, int, int))
{
	struct sink s = {ctx, token};

	return search_tokenize(
	    (struct str){text, (size_t)n}, flags & FTS5_TOKENIZE_QUERY, pass_on, &s);
}

bool search_tokenizer_register(struct cx *cx, void *sqlite)
{
	static fts5_tokenizer bigram = {create, destroy, tokenize};
	sqlite3_stmt *st = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(sqlite, "SELECT fts5(?1)", -1, &st, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
		(void)sqlite3_step(st);
	}
	(void)sqlite3_finalize(st);
	if (api == NULL || api->xCreateTokenizer(api, "bigram", NULL, &bigram, NULL) != SQLITE_OK)
		return cx_fail(cx, ERR_DB, "this SQLite has no FTS5: %s", sqlite3_errmsg(sqlite));
	return true;
}
