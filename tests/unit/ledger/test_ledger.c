/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of the ledger, on both engines. */
#include "unit/ledger/home.h"

static void an_act_becomes_an_entry_with_an_id_a_time_and_a_proof(void **state)
{
	struct home *h = home_make(*state);
	struct proof_result proved;
	struct act *act;
	struct entry e;
	struct str file, document, salt;
	struct hash digest, want;

	home_open(h);
	act = publish(h, 1);
	assert_string_equal(act->result.id.p + strlen("360800-works-2026-"), "000001");
	assert_int_equal(act->result.index, 0);
	assert_int_equal(act->result.revision, 1);
	assert_int_equal(ledger_published(h->ledger), 1);
	must(&h->cx, ledger_entry_get(&h->cx, h->ledger, 0, &e));
	assert_true(str_is(e.type, "notice/v1"));
	assert_true(str_eq(e.id, act->result.id));
	assert_int_equal(e.time, act->result.time);
	must(&h->cx, ledger_document_find(&h->cx, 0, &document, &salt));
	assert_string_equal(document.p, "{\"title\":\"notice 0\"}");
	want = document_digest(salt, document);
	assert_true(entry_digest(e.meta, &digest) && hash_eq(&digest, &want));
	must(&h->cx, ledger_prove(&h->cx, h->ledger, 0, &file));
	must(&h->cx, proof_verify(&h->cx, file, ledger_vkey(h->ledger), STR_NONE, &proved));
	assert_true(str_eq(proved.entry.bytes, e.bytes));
	assert_int_equal(proved.size, 1);
	home_remove(h);
}

static void a_refused_act_harms_no_other_and_leaves_no_gap(void **state)
{
	struct home *h = home_make(*state);
	struct act acts[5];

	home_open(h);
	for (int i = 0; i < 5; i++)
		acts[i] = publish_act(*state, i);
	acts[1].identity = STR("refuse");
	acts[3].meta = notice_meta(*state);
	val_set_text(*state, acts[3].meta, "title", STR("not in an entry"));
	must(&h->cx, ledger_commit(&h->cx, h->ledger, acts, 5));
	assert_int_equal(acts[1].result.code, ERR_CONFLICT);
	assert_string_equal(acts[1].result.message.p, "the view says no");
	assert_int_equal(acts[3].result.code, ERR_INPUT);
	assert_string_equal(acts[3].result.message.p, "an entry notice/v1 takes no member title");
	assert_int_equal(acts[1].result.index, -1);
	for (int i = 0; i < 5; i += 2) {
		assert_int_equal(acts[i].result.code, ERR_NONE);
		assert_int_equal(acts[i].result.index, i / 2);
		assert_int_equal(acts[i].result.id.p[acts[i].result.id.n - 1] - '0', i / 2 + 1);
	}
	assert_int_equal(ledger_published(h->ledger), 3);
	assert_int_equal(sql_int(&h->cx, "SELECT COUNT(*) FROM ledger_entry"), 3);
	home_remove(h);
}

static void unchanged_acts_add_nothing(void **state)
{
	struct home *h = home_make(*state);
	struct act act = publish_act(*state, 1);

	home_open(h);
	act.identity = STR("same");
	must(&h->cx, ledger_commit(&h->cx, h->ledger, &act, 1));
	assert_true(act.result.unchanged);
	assert_int_equal(act.result.index, -1);
	assert_int_equal(ledger_published(h->ledger), 0);
	home_remove(h);
}

static void a_revision_names_the_entry_that_it_corrects(void **state)
{
	struct home *h = home_make(*state);
	struct act acts[3];
	struct entry_target t;
	struct entry e;
	struct hash leaf;
	struct str id;

	home_open(h);
	id = publish(h, 2)[1].result.id;
	acts[0] = revise_act(*state, id, "notice/v1");
	acts[1] =
	    revise_act(*state, id, "withdrawal/v1"); /* follows the revision of the same group */
	acts[2] = revise_act(*state, STR("360800-works-2026-000009"), "notice/v1");
	must(&h->cx, ledger_commit(&h->cx, h->ledger, acts, 3));
	assert_int_equal(acts[0].result.revision, 2);
	assert_int_equal(acts[1].result.revision, 3);
	assert_int_equal(acts[2].result.code, ERR_NOT_FOUND);
	must(&h->cx, ledger_entry_get(&h->cx, h->ledger, 3, &e));
	must(&h->cx, ledger_leaf_get(&h->cx, h->ledger, 2, &leaf));
	t = entry_target(e.meta, "corrects");
	assert_int_equal(t.index, 2);
	assert_true(hash_eq(&t.leaf, &leaf));
	home_remove(h);
}

static void a_log_is_what_it_was_after_it_is_opened_again(void **state)
{
	struct home *h = home_make(*state);
	struct str before;

	home_open(h);
	(void)publish(h, 700);
	before = ledger_checkpoint(&h->cx, h->ledger);
	home_close(h);
	home_open(h);
	assert_null(ledger_reason(h->ledger).p);
	assert_int_equal(ledger_published(h->ledger), 700);
	assert_true(str_eq(before, ledger_checkpoint(&h->cx, h->ledger)));
	(void)publish(h, 1);
	assert_int_equal(ledger_published(h->ledger), 701);
	home_remove(h);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(an_act_becomes_an_entry_with_an_id_a_time_and_a_proof),
	    CASE(a_refused_act_harms_no_other_and_leaves_no_gap),
	    CASE(unchanged_acts_add_nothing),
	    CASE(a_revision_names_the_entry_that_it_corrects),
	    CASE(a_log_is_what_it_was_after_it_is_opened_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	int failed = run();

	return db_test_postgres() ? failed + run() : failed;
}
