/* SPDX-License-Identifier: Apache-2.0 */
/* From what people type to an FTS5 expression. */
#include "search/search_priv.h"
#include "text/text.h"

#define WORDS_MAX 16

static int count_token(void *arg, const char *token, size_t n, size_t from, size_t to)
{
	struct str *last = arg;

	*last = (struct str){token, n};
	return 1;
}

static bool has_token(struct str word)
{
	struct str token = STR_NONE;

	return search_tokenize(word, true, count_token, &token) != 0;
}

/* May the text go on after the word's last piece? After a letter or a digit, unless quotes end it there; after a lone Han character always: in a text
 * it stands paired with its neighbour. */
static bool is_open(struct str word, bool quoted)
{
	size_t length = text_length(word);
	struct str last = word;
	int32_t c = 0, previous = 0;

	for (size_t i = 0; i < length; i++) {
		previous = c;
		c = text_next(&last);
	}
	return text_is_han(c) ? !text_is_han(previous) : !quoted;
}

/* "word" with quotes doubled, and * when it may go on. Every word is a phrase of its pieces. */
static void add_word(struct buf *b, struct str word, bool open, bool first)
{
	if (!first)
		buf_c(b, " AND ");
	buf_char(b, '"');
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '"')
			buf_char(b, ' ');
		else
			buf_char(b, word.p[i]);
	}
	buf_char(b, '"');
	if (open)
		buf_char(b, '*');
}

/* Takes the next word off *rest: quoted (straight or Chinese quotes) or up to white space. */
static bool next_word(struct str *rest, struct str *word_out, bool *quoted_out)
{
	static const struct {
		struct str open, close;
	} quotes[] = {{{"\"", 1}, {"\"", 1}}, {{"“", 3}, {"”", 3}}, {{"「", 3}, {"」", 3}}};
	size_t end = 0;

	*rest = str_trim(*rest);
	while (str_starts(*rest, STR("　")))
		*rest = str_trim(str_cut(*rest, 3, rest->n));
	if (rest->n == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(quotes); i++) {
		if (!str_starts(*rest, quotes[i].open))
			continue;
		*rest = str_cut(*rest, quotes[i].open.n, rest->n);
		if (!str_find(*rest, quotes[i].close, 0, &end))
			end = rest->n;
		*word_out = str_cut(*rest, 0, end);
		*rest = str_cut(*rest, end + quotes[i].close.n, rest->n);
		*quoted_out = true;
		return true;
	}
	while (end < rest->n && rest->p[end] != ' ' &&
	       !str_starts(str_cut(*rest, end, rest->n), STR("　")))
		end++;
	*word_out = str_cut(*rest, 0, end);
	*rest = str_cut(*rest, end, rest->n);
	*quoted_out = false;
	return true;
}

void search_words(struct arena *mem, struct str typed, struct search_words *out)
{
	struct str rest = typed, word;
	bool quoted;

	while (out->n < WORDS_MAX && next_word(&rest, &word, &quoted))
		if (has_token(word))
			*list_add(mem, out) = (struct search_word){word, is_open(word, quoted)};
}

struct str search_expression(struct arena *mem, struct str typed)
{
	struct buf b = buf_new(mem, 1 << 16);
	struct search_words words = {0};

	search_words(mem, typed, &words);
	for (size_t i = 0; i < words.n; i++)
		add_word(&b, words.at[i].text, words.at[i].open, i == 0);
	return words.n == 0 || b.failed ? STR_NONE : buf_str(&b);
}
