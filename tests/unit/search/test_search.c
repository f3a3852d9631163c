/* SPDX-License-Identifier: Apache-2.0 */
/* Search through a log, on both engines of the log. */
#include "unit/project/home.h"
#include "search/search.h"

static struct follower followers[2];

static bool prepare(struct home *h, struct follower *f)
{
	return search_open(&h->cx, h->app.home, &f[0]);
}

static struct home *open_home(struct arena *mem)
{
	return home_open(mem, followers, prepare);
}

static void close_home(struct home *h)
{
	search_thread_close();
	ledger_close(h->app.ledger);
	h->app.ledger = NULL;
	search_close(&followers[0]);
	home_close(h);
}

static struct search_result find(struct home *h, struct search_query q)
{
	struct search_result r;

	q.words = q.words.p ? q.words : STR("");
	q.limit = q.limit ? q.limit : 20;
	must(&h->cx, search_run(&h->cx, &q, &r));
	return r;
}

static int64_t total(struct home *h, const char *words)
{
	return find(h, (struct search_query){.words = str_of(words)}).total;
}

static const struct paper park = {NULL, "works.tender-notice", "滨江公园改造招标公告", "2026-02-01",
    "{\"tenderee\":{\"name\":\"吉安市园林局\"},\"section_code\":\"YCA010152-202501-01\",\"scope\":"
    "\"栽植樟树三百株\"}",
    "a.example", "360802"};

static void a_current_notice_is_found_by_every_public_word(void **state)
{
	static const struct {
		const char *words;
		int64_t total;
	} cases[] = {{"公园", 1}, {"江公", 1}, {"园林局", 1}, {"樟树", 1}, {"YCA0101", 1},
	    {"yca010152-202501-01", 1}, {"公园 樟树", 1}, {"“公园改造”", 1}, {"公园 松树", 0},
	    {"“改造公园”", 0}, {"2025010", 0}, {"，。", 0}};
	struct home *h = open_home(*state);
	struct str id;

	publish(h, &park, 1, &id);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (total(h, cases[i].words) != cases[i].total)
			fail_msg("%s: %" PRId64 " hits", cases[i].words, total(h, cases[i].words));
	assert_int_equal(total(h, id.p), 1);
	close_home(h);
}

static void a_revision_replaces_and_a_withdrawal_removes(void **state)
{
	struct paper corrected = park;
	struct home *h = open_home(*state);
	struct str id;

	publish(h, &park, 1, &id);
	corrected.title = "滨江广场改造招标公告";
	revise(h, id, &corrected);
	assert_int_equal(total(h, "公园"), 0);
	assert_int_equal(total(h, "广场"), 1);
	assert_int_equal(total(h, ""), 1);
	withdraw(h, id);
	assert_int_equal(total(h, "广场"), 0);
	assert_int_equal(total(h, ""), 0);
	close_home(h);
}

#define MANY 57

/* Every third has the word in its title, the others in their text; several on one day; two counties and the city itself. */
static void publish_many(struct home *h, struct str *ids)
{
	static const char *const places[] = {"360802", "360803", "360800"};
	static const char *const items[] = {"works.result", "works.candidates"};
	struct paper papers[MANY];

	for (int i = 0; i < MANY; i++)
		papers[i] = (struct paper){
		    .item = items[i % 2],
		    .title = str_fmt(h->cx.mem, i % 3 ? "第%d号工程" : "第%d号堤防工程", i).p,
		    .day = date_print(h->cx.mem, 20454 + (i * 7 % 19)).p,
		    .fields = "{\"project_name\":\"赣江堤防加固\"}",
		    .platform = "a.example",
		    .place = places[i % 3],
		};
	publish(h, papers, MANY, ids);
}

static void walk(struct home *h, enum search_order order, int64_t limit)
{
	struct search_query q = {.words = STR("堤防"), .order = order, .limit = limit};
	struct map seen = {0};
	int64_t last = INT64_MAX;
	bool last_title = true, more = true;

	while (more) {
		struct search_result r = find(h, q);

		assert_int_equal(r.total, MANY);
		more = r.more;
		for (size_t i = 0; i < r.hits_n; i++) {
			const struct search_hit *hit = &r.hits[i];

			assert_false(map_has(&seen, hit->id));
			(void)map_put(h->cx.mem, &seen, hit->id, NULL);
			if (order == SEARCH_TITLE) {
				assert_true(last_title || !hit->in_title);
				if (last_title == hit->in_title)
					assert_true(hit->key < last);
			} else {
				assert_true(hit->key < last);
			}
			last = hit->key;
			last_title = order == SEARCH_TITLE ? hit->in_title : last_title;
		}
		if (r.hits_n) {
			q.after = r.hits[r.hits_n - 1].key;
			q.after_title = r.hits[r.hits_n - 1].in_title;
		}
	}
	assert_int_equal(seen.n, MANY);
}

static void pages_go_to_the_very_end_without_gap_or_repetition(void **state)
{
	struct home *h = open_home(*state);
	struct str ids[MANY];

	publish_many(h, ids);
	for (int64_t limit = 1; limit <= 20; limit += limit < 4 ? 1 : 8) {
		walk(h, SEARCH_NEWEST, limit);
		walk(h, SEARCH_TITLE, limit);
	}
	close_home(h);
}

static int64_t sum(const struct facet *f)
{
	int64_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->at[i].n;
	return n;
}

static void facets_sum_to_the_total_and_filters_meet_them(void **state)
{
	struct home *h = open_home(*state);
	struct search_result all, some;
	struct str ids[MANY];

	publish_many(h, ids);
	all = find(h, (struct search_query){.words = STR("堤防")});
	assert_int_equal(all.total, MANY);
	assert_int_equal(sum(&all.sector), MANY);
	assert_int_equal(sum(&all.item), MANY);
	assert_int_equal(sum(&all.agency), MANY);
	assert_int_equal(sum(&all.year), MANY);
	assert_int_equal(sum(&all.county), MANY / 3 * 2); /* a third is the city's own */
	for (size_t i = 0; i < all.item.n; i++) {
		some = find(
		    h, (struct search_query){.words = STR("堤防"), .item = all.item.at[i].key});
		assert_int_equal(some.total, all.item.at[i].n);
	}
	for (size_t i = 0; i < all.county.n; i++) {
		some = find(
		    h, (struct search_query){.words = STR("堤防"), .place = all.county.at[i].key});
		assert_int_equal(some.total, all.county.at[i].n);
	}
	close_home(h);
}

static void a_place_holds_its_children_and_a_period_its_days(void **state)
{
	static const struct {
		const char *place, *from, *to;
		int64_t total;
	} cases[] = {{"360000", "", "", MANY}, {"360800", "", "", MANY}, {"360802", "", "", 19},
	    {"360821", "", "", 0}, {"", "2026-01-01", "2026-01-01", 3}, {"", "", "2025-12-31", 0},
	    {"", "2026-01-01", "", MANY}, {"360802", "2026-01-19", "2026-01-19", 1}};
	struct home *h = open_home(*state);
	struct str ids[MANY];

	publish_many(h, ids);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct search_result r =
		    find(h, (struct search_query){.place = str_of(cases[i].place),
				.from = str_of(cases[i].from),
				.to = str_of(cases[i].to)});

		if (r.total != cases[i].total)
			fail_msg("%s %s–%s: %" PRId64 ", not %" PRId64, cases[i].place,
			    cases[i].from, cases[i].to, r.total, cases[i].total);
	}
	close_home(h);
}

/* All hits as one text. */
static const char *everything(struct home *h)
{
	struct search_result r = find(h, (struct search_query){.limit = 1000});
	struct buf b = buf_new(h->cx.mem, 1 << 20);

	for (size_t i = 0; i < r.hits_n; i++)
		buf_fmt(
		    &b, "%" PRId64 " %s %s\n", r.hits[i].key, r.hits[i].id.p, r.hits[i].snippet.p);
	return buf_str(&b).p;
}

static void a_rebuild_gives_the_same(void **state)
{
	struct home *h = open_home(*state);
	struct str ids[MANY];
	const char *before;

	publish_many(h, ids);
	withdraw(h, ids[3]);
	before = everything(h);
	assert_int_equal(total(h, "堤防"), MANY - 1);
	must(&h->cx, ledger_rebuild(&h->cx, h->app.ledger, NULL));
	assert_string_equal(everything(h), before);
	close_home(h);
}

static void a_damaged_or_missing_file_is_built_anew(void **state)
{
	static const char *const damages[] = {
	    "", "no database at all, not even nearly"}; /* empty: the file is gone */
	struct home *h = open_home(*state);
	struct str ids[MANY], path = str_fmt(*state, "%s/index/search.db", h->dir);
	const char *before;

	publish_many(h, ids);
	before = everything(h);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		search_thread_close();
		ledger_close(h->app.ledger);
		search_close(&followers[0]);
		remove_tree(path.p);
		remove_tree(str_fmt(*state, "%s-wal", path.p).p);
		remove_tree(str_fmt(*state, "%s-shm", path.p).p);
		if (damages[i][0])
			must(&h->cx, io_file_replace(&h->cx, path.p, str_of(damages[i]), 0600));
		must(&h->cx, search_open(&h->cx, h->app.home, &followers[0]));
		must(&h->cx, ledger_open(&h->cx, &h->config, &h->app.ledger));
		must(&h->cx, ledger_follow(&h->cx, h->app.ledger));
		assert_string_equal(everything(h), before);
	}
	close_home(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_current_notice_is_found_by_every_public_word),
	    CASE(a_revision_replaces_and_a_withdrawal_removes),
	    CASE(pages_go_to_the_very_end_without_gap_or_repetition),
	    CASE(facets_sum_to_the_total_and_filters_meet_them),
	    CASE(a_place_holds_its_children_and_a_period_its_days),
	    CASE(a_rebuild_gives_the_same),
	    CASE(a_damaged_or_missing_file_is_built_anew),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	if (db_test_postgres())
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
