/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "project/project_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "crypto/crypto.h"
#include "text/text.h"
#include "project_sql.h"

#define STEM_MIN   6u	/* characters; a shorter stem names nothing */
#define STEM_MAX   600u /* bytes; of a longer one its digest is compared: an index takes no more */
#define CODE_MIN   6u
#define CODE_MAX   200u
#define DIGITS_MIN 4u

const struct db_col project_member_cols[] = {
    COL(struct project_member, id),
    COL(struct project_member, item),
    COL(struct project_member, stage),
    COL(struct project_member, title_key),
    COL(struct project_member, tenderee),
    COL(struct project_member, public_on),
    COL(struct project_member, project),
    COL(struct project_member, idx),
    COL(struct project_member, withdrawn),
    COL(struct project_member, possible),
    COL_END,
};

const struct db_col project_key_cols[] = {
    COL(struct project_key, kind),
    COL(struct project_key, value),
    COL_END,
};

const char *const project_kinds[] = {"invest_project", "project", "purchase_project",
    "tender_project", "section", "unified_deal", NULL};

/* ---- title stem ---- */

static bool strip_word(struct str *stem, struct str word)
{
	if (word.n == 0 || stem->n <= word.n || !str_ends(*stem, word))
		return false;
	*stem = str_trim(str_cut(*stem, 0, stem->n - word.n));
	return true;
}

/* A bracket at the end that holds a stage word or a count of changes: [中标候选人公示变更], [第2次变更]. */
static bool strip_bracket(const struct str *words, size_t n, struct str *stem)
{
	size_t open = stem->n;
	struct str inside;

	if (stem->n == 0 || stem->p[stem->n - 1] != ']')
		return false;
	while (open > 0 && stem->p[open - 1] != '[')
		open--;
	if (open <= 1)
		return false;
	inside = str_cut(*stem, open, stem->n - 1);
	for (size_t i = 0; i < n; i++) {
		if (!str_has(inside, words[i]) && !str_has(inside, STR("次变更")))
			continue;
		*stem = str_trim(str_cut(*stem, 0, open - 1));
		return true;
	}
	return false;
}

static struct str stripped(const struct str *words, size_t n, struct str stem)
{
	bool again = true;

	while (again) {
		again = strip_bracket(words, n, &stem);
		for (size_t i = 0; !again && i < n; i++)
			again = strip_word(&stem, words[i]);
	}
	return stem;
}

struct str project_title_stem(struct arena *mem, const struct domain *d, struct str title)
{
	const struct code_list *list = domain_codes(d, STR("TITLE_WORD"));
	size_t n = list ? list->n : 0;
	struct str *words = arena_array(mem, struct str, n + 1), stem;

	for (size_t i = 0; i < n; i++)
		words[i] = text_fold(mem, list->at[i].code);
	stem = stripped(words, n, str_trim(text_fold(mem, title)));
	if (stem.n > STEM_MAX) {
		struct hash h = crypto_sha256(stem);

		return hash_hex(mem, &h);
	}
	return text_length(stem) < STEM_MIN ? STR_NONE : stem;
}

struct str project_title_name(struct arena *mem, const struct domain *d, struct str title)
{
	const struct code_list *list = domain_codes(d, STR("TITLE_WORD"));
	size_t n = list ? list->n : 0;
	struct str *words = arena_array(mem, struct str, n + 1), name;

	for (size_t i = 0; i < n; i++)
		words[i] = list->at[i].code;
	name = stripped(words, n, str_trim(title));
	return text_length(name) < STEM_MIN ? title : name;
}

/* ---- codes ---- */

struct str project_key_code(struct str value)
{
	size_t at = value.n;

	while (at > 0 && value.p[at - 1] != '|')
		at--;
	return at > 0 ? str_cut(value, 0, at - 1) : value;
}

struct str project_key_kind(const struct project_key *key)
{
	return project_key_code(key->value).n < key->value.n ? key->kind : STR_NONE;
}

/* 17, 20 or 23 characters: a letter and digits, as the national platform numbers projects, tenders and sections. */
static bool national_form(struct str code)
{
	if ((code.n != 17 && code.n != 20 && code.n != 23) || code.p[0] < 'A' || code.p[0] > 'Z')
		return false;
	for (size_t i = 1; i < code.n; i++)
		if (code.p[i] < '0' || code.p[i] > '9')
			return false;
	return true;
}

/* 无, /, 0 … are no codes. */
static bool is_code(struct str code)
{
	size_t digits = 0;
	bool some = false;

	for (size_t i = 0; i < code.n; i++) {
		digits += code.p[i] >= '0' && code.p[i] <= '9';
		some = some || (code.p[i] >= '1' && code.p[i] <= '9');
	}
	return code.n >= CODE_MIN && code.n <= CODE_MAX && digits >= DIGITS_MIN && some;
}

static bool everywhere(struct str kind, struct str code)
{
	return str_is(kind, "invest_project") || str_is(kind, "unified_deal") ||
	       national_form(code);
}

static bool is_kind(struct str kind)
{
	for (const char *const *k = project_kinds; *k; k++)
		if (str_is(kind, *k))
			return true;
	return false;
}

void project_keys_of(
    struct arena *mem, const struct item *it, const struct val *document, struct project_keys *out)
{
	const struct val *fields = val_at(document, "fields");
	struct str platform = val_str(val_at(document, "appearance"), "platform");

	for (size_t i = 0; i < it->fields_n; i++) {
		const struct field *f = &it->fields[i];
		const struct val *v = is_kind(f->identifier) ? val_find(fields, f->name) : NULL;
		struct str code =
		    v && v->kind == VAL_TEXT ? str_trim(text_fold(mem, v->text)) : STR_NONE;
		struct str upper = str_dup(mem, code);

		for (size_t k = 0; k < upper.n; k++)
			if (upper.p[k] >= 'a' && upper.p[k] <= 'z')
				((char *)(uintptr_t)upper.p)[k] = (char)(upper.p[k] - 32);
		if (!is_code(upper))
			continue;
		if (!everywhere(f->identifier, upper))
			upper = str_fmt(mem, "%.*s|%.*s", STR_ARG(upper), STR_ARG(platform));
		*list_add(mem, out) = (struct project_key){f->identifier, upper};
	}
}

/* ---- reading ---- */

static int64_t stage_rank(const struct code_list *stages, struct str stage)
{
	for (size_t i = 0; stages && i < stages->n; i++)
		if (str_eq(stages->at[i].code, stage))
			return (int64_t)i;
	return INT64_MAX;
}

static _Thread_local const struct code_list *stages_now;

static int by_stage(const void *a, const void *b)
{
	const struct project_member *x = a, *y = b;
	int64_t p = stage_rank(stages_now, x->stage), q = stage_rank(stages_now, y->stage);
	int c = (p > q) - (p < q);

	c = c ? c : str_cmp(x->public_on, y->public_on);
	return c ? c : str_cmp(x->id, y->id);
}

static bool members(struct cx *cx, struct str id, struct project *out)
{
	out->id = id;
	if (!db_all(cx, &SQL_PROJECT_MEMBERS, DB_ARGS(P("project", id)), project_member_cols,
		sizeof *out->members, (void **)&out->members, &out->n))
		return false;
	stages_now = domain_codes(cx->app->domain, STR("STAGE"));
	if (out->n)
		qsort(out->members, out->n, sizeof *out->members, by_stage);
	return true;
}

struct name_row {
	struct str project;
};
static const struct db_col name_cols[] = {COL(struct name_row, project), COL_END};

bool project_get(struct cx *cx, struct str id, struct project *out)
{
	struct name_row row;
	bool found;

	if (!members(cx, id, out))
		return false;
	if (out->n > 0)
		return true;
	if (!db_one(cx, &SQL_PROJECT_KEY_LOOKUP,
		DB_ARGS(P("value", id), P("from_value", str_fmt(cx->mem, "%.*s|", STR_ARG(id))),
		    P("to_value", str_fmt(cx->mem, "%.*s}", STR_ARG(id)))),
		name_cols, &row, &found))
		return false;
	if (!found)
		return cx_fail(cx, ERR_NOT_FOUND, "no project %.*s", STR_ARG(id));
	return members(cx, row.project, out);
}

bool project_of_notice(struct cx *cx, struct str notice, struct project *out)
{
	struct project_member m;
	bool found;

	*out = (struct project){0};
	if (!db_one(cx, &SQL_PROJECT_NOTICE_FIND, DB_ARGS(P("id", notice)), project_member_cols, &m,
		&found))
		return false;
	return !found || members(cx, m.project, out);
}

bool project_codes(struct cx *cx, const struct project *p, struct val **out)
{
	struct project_key *keys;
	size_t n;

	if (!db_all(cx, &SQL_PROJECT_CODES, DB_ARGS(P("project", p->id)), project_key_cols,
		sizeof *keys, (void **)&keys, &n))
		return false;
	*out = val_list(cx->mem);
	for (size_t i = 0; i < n; i++) {
		struct val *v = val_add(cx->mem, *out, val_map(cx->mem));

		val_set_text(cx->mem, v, "kind", keys[i].kind);
		val_set_text(cx->mem, v, "value", project_key_code(keys[i].value));
	}
	return true;
}

static const struct db_col mark_cols[] = {
    COL(struct project_mark, id),
    COL(struct project_mark, rule),
    COL(struct project_mark, other),
    COL(struct project_mark, detail),
    COL_END,
};

bool project_marks(struct cx *cx, struct str notice, struct project_mark **out, size_t *n_out)
{
	return db_all(cx, &SQL_PROJECT_MARKS, DB_ARGS(P("id", notice)), mark_cols, sizeof **out,
	    (void **)out, n_out);
}

bool project_marks_of(
    struct cx *cx, const struct str *notices, size_t n, struct project_mark **out, size_t *n_out)
{
	struct buf ids = buf_new(cx->mem, (size_t)1 << 20);

	buf_char(&ids, '[');
	for (size_t i = 0; i < n; i++) {
		buf_c(&ids, i ? "," : "");
		json_print_text(&ids, notices[i]);
	}
	buf_char(&ids, ']');
	if (ids.failed)
		return cx_fail(cx, ERR_LIMIT, "marks of %zu notices at once", n);
	return db_all(cx, &SQL_PROJECT_MARKS_OF, DB_ARGS(P("ids", buf_str(&ids))), mark_cols,
	    sizeof **out, (void **)out, n_out);
}
