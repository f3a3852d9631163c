/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "search/search_priv.h"
#include "base/app.h"
#include "text/text.h"
#include "search_sql.h"

static _Thread_local struct db *reader;

void search_thread_close(void)
{
	db_close(reader);
	reader = NULL;
}

struct row {
	int64_t key, idx;
	struct str id, title, body;
};
static const struct db_col row_cols[] = {
    COL(struct row, key),
    COL(struct row, idx),
    COL(struct row, id),
    COL(struct row, title),
    COL(struct row, body),
    COL_END,
};

struct facet_row {
	struct str sector, item, county, agency, year;
};
static const struct db_col facet_cols[] = {
    COL(struct facet_row, sector),
    COL(struct facet_row, item),
    COL(struct facet_row, county),
    COL(struct facet_row, agency),
    COL(struct facet_row, year),
    COL_END,
};

struct args {
	struct db_arg at[16];
	size_t n;
};

static void text_arg(struct args *a, const char *name, struct str value)
{
	if (value.n)
		a->at[a->n++] = db_arg_text(name, value);
}

static void place_arg(struct cx *cx, struct args *a, struct str code)
{
	if (code.n)
		text_arg(a, place_column(domain_place(cx->app->domain, code)), code);
}

static void filter_args(
    struct cx *cx, struct args *a, const struct search_query *q, struct str words)
{
	int32_t day;

	a->at[a->n++] = db_arg_int("published", ledger_published(cx->app->ledger));
	text_arg(a, "words", words);
	text_arg(a, "sector", q->sector);
	text_arg(a, "item", q->item);
	text_arg(a, "agency", q->agency);
	place_arg(cx, a, q->place);
	if (q->from.n && date_parse(q->from, &day))
		a->at[a->n++] = db_arg_int("from_key", search_key(day, 0));
	if (q->to.n && date_parse(q->to, &day))
		a->at[a->n++] = db_arg_int("to_key", search_key(day + 1, 0));
}

/* ---- hits ---- */

struct page {
	const struct search_query *q;
	struct search_words words;
	struct search_result *out;
};

/* Up to what is still wanted of one expression's hits, older than key (0 = from the newest). */
static bool hits(struct cx *cx, struct page *p, struct str words, int64_t before, bool in_title)
{
	struct args a = {.n = 0};
	size_t wanted = (size_t)p->q->limit + 1 - p->out->hits_n, n;
	struct row *rows;

	filter_args(cx, &a, p->q, words);
	if (before > 0)
		a.at[a.n++] = db_arg_int("before", before);
	a.at[a.n++] = db_arg_int("max_rows", (int64_t)wanted);
	if (!db_all(cx, words.n ? &SQL_SEARCH_MATCH : &SQL_SEARCH_ALL, a.at, row_cols, sizeof *rows,
		(void **)&rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		p->out->hits[p->out->hits_n++] = (struct search_hit){
		    .key = rows[i].key,
		    .idx = rows[i].idx,
		    .id = rows[i].id,
		    .in_title = in_title,
		    .snippet = search_snippet(cx->mem, rows[i].body, &p->words),
		};
	return true;
}

/* Those with the words in the title, then the others. */
static bool hits_title_first(struct cx *cx, struct page *p, struct str words)
{
	struct str in_title = str_fmt(cx->mem, "title : (%.*s)", STR_ARG(words));
	struct str others =
	    str_fmt(cx->mem, "(%.*s) NOT (%.*s)", STR_ARG(words), STR_ARG(in_title));
	bool second = p->q->after > 0 && !p->q->after_title;

	if (!second && !hits(cx, p, in_title, p->q->after, true))
		return false;
	if (p->out->hits_n > (size_t)p->q->limit)
		return true;
	return hits(cx, p, others, second ? p->q->after : 0, false);
}

/* ---- facets ---- */

struct tally {
	struct arena *mem;
	struct map counts[5]; /* value → count, as a pointer */
	int64_t total;
};

static bool count(struct cx *cx, const void *row, void *arg)
{
	const struct facet_row *r = row;
	const struct str values[5] = {r->sector, r->item, r->county, r->agency, r->year};
	struct tally *t = arg;

	t->total++;
	for (size_t i = 0; i < 5; i++) {
		uintptr_t n;

		if (values[i].n == 0)
			continue;
		n = (uintptr_t)map_get(&t->counts[i], values[i]);
		(void)map_put(t->mem, &t->counts[i], n ? values[i] : str_dup(t->mem, values[i]),
		    (void *)(n + 1));
	}
	return true;
}

static int by_count(const void *a, const void *b)
{
	const struct facet_value *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : str_cmp(x->key, y->key);
}

static void facet_fill(struct arena *mem, const struct map *counts, struct facet *out)
{
	MAP_EACH(slot, counts) {
		*list_add(mem, out) =
		    (struct facet_value){slot->key, (int64_t)(uintptr_t)slot->value};
	}
	if (out->n)
		qsort(out->at, out->n, sizeof *out->at, by_count);
}

static bool facets(
    struct cx *cx, const struct search_query *q, struct str words, struct search_result *out)
{
	struct facet *const into[5] = {
	    &out->sector, &out->item, &out->county, &out->agency, &out->year};
	struct tally t = {.mem = cx->mem};
	struct args a = {.n = 0};

	filter_args(cx, &a, q, words);
	if (!db_each(cx, words.n ? &SQL_SEARCH_MATCH_FACETS : &SQL_SEARCH_ALL_FACETS, a.at,
		&(struct db_each){facet_cols, sizeof(struct facet_row), count, &t}))
		return false;
	out->total = t.total;
	for (size_t i = 0; i < 5; i++)
		facet_fill(cx->mem, &t.counts[i], into[i]);
	return true;
}

static bool run(struct cx *cx, const struct search_query *q, struct search_result *out)
{
	struct page p = {.q = q, .out = out};
	struct str words = search_expression(cx->mem, q->words);
	bool ok;

	search_words(cx->mem, q->words, &p.words);
	if (str_trim(q->words).n && words.n == 0) /* nothing but punctuation: it stands nowhere */
		return true;
	out->hits = arena_array(cx->mem, struct search_hit, q->limit + 1);
	if (words.n && q->order == SEARCH_TITLE)
		ok = hits_title_first(cx, &p, words);
	else
		ok = hits(cx, &p, words, q->after, false);
	out->more = out->hits_n > (size_t)q->limit;
	if (out->more)
		out->hits_n--;
	return ok && facets(cx, q, words, out);
}

bool search_run(struct cx *cx, const struct search_query *q, struct search_result *out)
{
	struct db *was = cx->db;
	bool ok;

	*out = (struct search_result){0};
	if (reader == NULL && !search_file_open(cx, cx->app->home, false, &reader))
		return cx_note(cx, "opening the search index");
	cx->db = reader;
	ok = run(cx, q, out);
	cx->db = was;
	return ok;
}
