/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warnings that need two notices to see: a winner who is not among the published candidates, a result before the end of the publicity, two results for one
 * section (招标投标法实施条例 54, 55). Which rules exist, their sentences and fields stand in data/rules/; this file knows the three kinds of check.
 */
#include "project/project_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "text/text.h"
#include "project_sql.h"

#define MARKS_MAX                                                                                  \
	5u /* of one rule for one notice: a code that very many results carry says no more after these */

struct paper { /* a member with what the checks look at */
	const struct project_member *m;
	struct val *fields;
	struct str section, until, winner;
	const struct val *candidates;
	size_t twins; /* other results of its section that were marked */
};

/* Names compare without width, case, spaces and punctuation: 甲、乙联合体 and 甲，乙（联合体） are one. */
static struct str name_key(struct arena *mem, struct str name)
{
	struct str rest = text_fold(mem, name);
	struct buf b = buf_new(mem, 1 << 16);
	int32_t c;

	while ((c = text_next(&rest)) >= 0)
		if (text_is_han(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			text_put(&b, c);
	return buf_str(&b);
}

static struct str party_name(const struct val *party)
{
	return party && party->kind == VAL_TEXT ? party->text : val_str(party, "name");
}

static bool paper_read(struct cx *cx, const struct project_member *m, struct paper *out)
{
	struct str text, salt;
	struct val *doc = NULL;
	const struct val *period;

	*out = (struct paper){.m = m};
	if (!ledger_document_find(cx, m->idx, &text, &salt))
		return false;
	if (text.p == NULL)
		return true;
	if (!json_parse(cx, text, NULL, &doc))
		return false;
	out->fields = val_at(doc, "fields");
	out->section = val_str(out->fields, "section_code");
	out->winner = name_key(cx->mem, party_name(val_at(out->fields, "winner")));
	period = val_at(out->fields, "publicity_period");
	out->until = str_cut(val_str(period, "to"), 0, 10);
	out->candidates = val_at(out->fields, "candidates");
	return true;
}

static bool mark(struct cx *cx, const struct paper *p, const char *check, const struct paper *other,
    struct str detail)
{
	const struct rule *r = domain_rule_by_check(cx->app->domain, str_of(check));

	if (r == NULL)
		return true;
	return db_run(cx, &SQL_PROJECT_MARK_PUT,
	    DB_ARGS(P("id", p->m->id), P("rule", rule_name(r)), P("other", other->m->id),
		P("detail", detail)),
	    NULL);
}

static bool same_section(const struct paper *a, const struct paper *b, size_t papers)
{
	if (a->section.n && b->section.n)
		return str_eq(a->section, b->section);
	return str_eq(a->m->title_key, b->m->title_key) || papers == 2;
}

static bool winner_listed(struct cx *cx, const struct paper *result, const struct paper *list)
{
	VAL_EACH(i, list->candidates) {
		struct str name =
		    name_key(cx->mem, party_name(val_at(list->candidates->at[i], "name")));

		if (name.n && (str_has(result->winner, name) || str_has(name, result->winner)))
			return true;
	}
	return false;
}

static bool check_result(struct cx *cx, const struct paper *result, const struct paper *list)
{
	const struct val *complete = val_at(list->fields, "list_complete");
	bool whole = complete == NULL || complete->kind != VAL_BOOL || complete->truth;

	if (result->winner.n && list->candidates && list->candidates->n && whole &&
	    !winner_listed(cx, result, list) &&
	    !mark(cx, result, "winner-in-candidates", list,
		party_name(val_at(result->fields, "winner"))))
		return false;
	return list->until.n == 0 || str_cmp(result->m->public_on, list->until) >= 0 ||
	       mark(cx, result, "after-publicity", list, list->until);
}

static bool twin(struct cx *cx, struct paper *p, const struct paper *other)
{
	return p->twins++ >= MARKS_MAX || mark(cx, p, "one-result-per-section", other, p->section);
}

static bool check_pair(struct cx *cx, struct paper *a, struct paper *b, size_t papers)
{
	bool a_result = str_is(a->m->stage, "result"), b_result = str_is(b->m->stage, "result");

	if (a_result && b_result)
		return a->section.n == 0 || !str_eq(a->section, b->section) ||
		       (twin(cx, a, b) && twin(cx, b, a));
	if (!same_section(a, b, papers))
		return true;
	if (a_result && str_is(b->m->stage, "candidates"))
		return check_result(cx, a, b);
	if (b_result && str_is(a->m->stage, "candidates"))
		return check_result(cx, b, a);
	return true;
}

bool project_mark_all(struct cx *cx, struct str project)
{
	struct project_member *members;
	struct paper *papers;
	size_t n, papers_n = 0;

	if (!db_all(cx, &SQL_PROJECT_MEMBERS, DB_ARGS(P("project", project)), project_member_cols,
		sizeof *members, (void **)&members, &n))
		return false;
	papers = arena_array(cx->mem, struct paper, n + 1);
	for (size_t i = 0; i < n; i++) {
		bool wanted = !members[i].withdrawn && (str_is(members[i].stage, "result") ||
							   str_is(members[i].stage, "candidates"));

		if (!db_run(cx, &SQL_PROJECT_MARKS_CLEAR, DB_ARGS(P("id", members[i].id)), NULL))
			return false;
		if (n > 1 && wanted && !paper_read(cx, &members[i], &papers[papers_n++]))
			return false;
	}
	for (size_t i = 0; i < papers_n; i++)
		for (size_t k = i + 1; k < papers_n; k++)
			if (!check_pair(cx, &papers[i], &papers[k], papers_n))
				return false;
	return true;
}
