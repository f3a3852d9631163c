/* SPDX-License-Identifier: Apache-2.0 */
/* The piece of text that shows why a notice was found. */
#include <stdlib.h>

#include "search/search_priv.h"
#include "text/text.h"

#define BEFORE	 24u /* characters before the first hit */
#define LENGTH	 120u
#define SCAN_MAX (256u << 10)

struct token {
	struct str text; /* folded */
	size_t from, to;
};
struct tokens {
	struct token *at;
	size_t n, cap;
	struct arena *mem;
};

static int collect(void *arg, const char *token, size_t n, size_t from, size_t to)
{
	struct tokens *t = arg;

	*list_add(t->mem, t) = (struct token){str_dup(t->mem, (struct str){token, n}), from, to};
	return 0;
}

static bool meets(const struct tokens *text, size_t i, const struct tokens *word, bool open)
{
	if (i + word->n > text->n)
		return false;
	for (size_t k = 0; k < word->n; k++) {
		bool last = k + 1 == word->n;
		struct str a = text->at[i + k].text, b = word->at[k].text;

		if (!str_eq(a, b) && !(last && open && str_starts(a, b)))
			return false;
	}
	return true;
}

/* Moves at by a number of characters, forward or back, within the text. */
static size_t step(struct str text, size_t at, int characters)
{
	while (characters > 0 && at < text.n) {
		at++;
		while (at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80)
			at++;
		characters--;
	}
	while (characters < 0 && at > 0) {
		at--;
		while (at > 0 && ((unsigned char)text.p[at] & 0xC0) == 0x80)
			at--;
		characters++;
	}
	return at;
}

struct span {
	size_t from, to;
};
struct spans {
	struct span *at;
	size_t n, cap;
};

/* All places where a word stands, in order. Its last piece may be the beginning of one of the text: characters are counted, for what they fold to may
 * have another length (① is 1, ㎡ is m2). */
static void find_word(struct arena *mem, struct str text, const struct tokens *tokens,
    const struct search_word *word, struct spans *out)
{
	struct tokens w = {.mem = mem};

	(void)search_tokenize(word->text, true, collect, &w);
	for (size_t i = 0; w.n && i < tokens->n && out->n < 256; i++) {
		const struct token *last;
		size_t end;

		if (!meets(tokens, i, &w, word->open))
			continue;
		last = &tokens->at[i + w.n - 1];
		end = step(text, last->from, (int)text_length(w.at[w.n - 1].text));
		*list_add(mem, out) =
		    (struct span){tokens->at[i].from, end < last->to ? end : last->to};
	}
}

static int by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* [from, to) of the text, escaped, with the spans marked. */
static struct str marked(
    struct arena *mem, struct str text, size_t from, size_t to, const struct spans *spans)
{
	struct buf b = buf_new(mem, 1 << 20);
	size_t at = from;

	if (from > 0)
		buf_c(&b, "…");
	for (size_t i = 0; i < spans->n; i++) {
		struct span s = spans->at[i];

		if (s.from < at || s.to > to)
			continue;
		buf_html(&b, str_cut(text, at, s.from));
		buf_c(&b, "<mark>");
		buf_html(&b, str_cut(text, s.from, s.to));
		buf_c(&b, "</mark>");
		at = s.to;
	}
	buf_html(&b, str_cut(text, at, to));
	if (to < text.n)
		buf_c(&b, "…");
	return buf_str(&b);
}

static void find_words(
    struct arena *mem, struct str text, const struct search_words *words, struct spans *out)
{
	struct tokens tokens = {.mem = mem};

	if (words->n)
		(void)search_tokenize(text, false, collect, &tokens);
	for (size_t i = 0; i < words->n; i++)
		find_word(mem, text, &tokens, &words->at[i], out);
	if (out->n)
		qsort(out->at, out->n, sizeof *out->at, by_from);
}

struct str search_snippet(struct arena *mem, struct str text, const struct search_words *words)
{
	struct spans spans = {0};
	size_t from;

	text = str_cut(text, 0, text.n > SCAN_MAX ? step(text, SCAN_MAX, -1) : text.n);
	find_words(mem, text, words, &spans);
	from = spans.n ? step(text, spans.at[0].from, -(int)BEFORE) : 0;
	return marked(mem, text, from, step(text, from, LENGTH), &spans);
}

struct str search_mark(struct arena *mem, struct str text, struct str typed)
{
	struct search_words words = {0};
	struct spans spans = {0};

	search_words(mem, typed, &words);
	find_words(mem, text, &words, &spans);
	return marked(mem, text, 0, text.n, &spans);
}
