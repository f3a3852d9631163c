/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue/catalogue.h"
#include "codec/json.h"
#include "catalogue_sql.h"

const struct db_col definition_cols[] = {
    COL(struct definition_row, type),
    COL(struct definition_row, id),
    COL(struct definition_row, version),
    COL(struct definition_row, idx),
    COL(struct definition_row, time),
    COL_END,
};

/* ---- the view ---- */
static bool document_of(struct cx *cx, const struct definition_row *row, struct str *out)
{
	struct str salt;

	if (!ledger_document_find(cx, row->idx, out, &salt))
		return false;
	return out->p != NULL ||
	       cx_fail(cx, ERR_CORRUPT,
		   "the document of %.*s %.*s version %" PRId64 " (entry %" PRId64 ") is gone",
		   STR_ARG(row->type), STR_ARG(row->id), row->version, row->idx);
}

static bool refuse_changed(struct cx *cx, const struct act *act, struct str stands)
{
	const struct json_limits limits = {.bytes = (size_t)8 << 20};
	struct val *before, *after;

	if (!json_parse(cx, stands, &limits, &before) ||
	    !json_parse(cx, act->document, &limits, &after))
		return false;
	return cx_fail(cx, ERR_CONFLICT,
	    "%s %.*s changed, but its version is still %" PRId64
	    ": give it a higher version. What changed:\n%.*s",
	    act->type, STR_ARG(act->id), act->revision,
	    STR_ARG(definition_changes(cx->mem, before, after, 5)));
}

/* The same version again: unchanged or refused. */
static bool check_same(struct cx *cx, struct act *act, const struct definition_row *row)
{
	struct str stands;

	if (!document_of(cx, row, &stands))
		return false;
	if (!str_eq(stands, act->document))
		return refuse_changed(cx, act, stands);
	act->result.unchanged = true;
	return true;
}

static bool check(struct cx *cx, struct act *act)
{
	struct definition_row last, same;
	struct str type = str_of(act->type);
	bool found;

	if (act->id.n == 0 || act->revision < 1)
		return cx_fail(cx, ERR_INPUT, "a definition has an id and a version from 1");
	if (!db_one(cx, &SQL_CATALOGUE_DEFINITION_LAST, DB_ARGS(P("type", type), P("id", act->id)),
		definition_cols, &last, &found))
		return false;
	act->result.revision = act->revision;
	if (!found || act->revision > last.version) {
		act->corrects = found ? last.idx : -1;
		return true;
	}
	if (!db_one(cx, &SQL_CATALOGUE_DEFINITION_FIND,
		DB_ARGS(P("type", type), P("id", act->id), P("version", act->revision)),
		definition_cols, &same, &found))
		return false;
	if (!found)
		return cx_fail(cx, ERR_CONFLICT,
		    "%s %.*s is at version %" PRId64 " already; version %" PRId64 " comes too late",
		    act->type, STR_ARG(act->id), last.version, act->revision);
	return check_same(cx, act, &same);
}

static bool apply(struct cx *cx, const struct entry *e, struct str document)
{
	(void)document;
	return db_run(cx, &SQL_CATALOGUE_DEFINITION_ADD,
	    DB_ARGS(P("type", e->type), P("id", e->id), P("version", e->revision),
		P("idx", e->index), P("time", e->time)),
	    NULL);
}

static bool clear(struct cx *cx)
{
	return db_run(cx, &SQL_CATALOGUE_DEFINITION_CLEAR, DB_NO_ARGS, NULL);
}

const struct ledger_view catalogue_views[] = {
    {"catalogue-sector", "sector/v1", check, apply, clear},
    {"catalogue-item", "item/v1", check, apply, clear},
    {"catalogue-calendar", "calendar/v1", check, apply, clear},
    {"catalogue-agencies", "agencies/v1", check, apply, clear},
    {"catalogue-places", "places/v1", check, apply, clear},
    {"catalogue-channels", "channels/v1", check, apply, clear},
    {"catalogue-codes", "codes/v1", check, apply, clear},
    {"catalogue-deadlines", "deadlines/v1", check, apply, clear},
    {"catalogue-rules", "rules/v1", check, apply, clear},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- publishing ---- */
static bool act_of(struct cx *cx, const struct definition *def, struct act *out)
{
	*out = (struct act){.type = def->type,
	    .meta = val_map(cx->mem),
	    .id = def->id,
	    .revision = def->version,
	    .corrects = -1};
	if (!json_canonical(cx, def->document, &out->document))
		return cx_note(cx, "publishing %s %.*s", def->type, STR_ARG(def->id));
	return true;
}

bool catalogue_load(
    struct cx *cx, struct ledger *ledger, const struct domain *domain, struct catalogue_report *out)
{
	const struct definition *defs;
	struct act *acts;
	size_t n;

	*out = (struct catalogue_report){0};
	domain_definitions(domain, &defs, &n);
	acts = arena_array(cx->mem, struct act, n);
	for (size_t i = 0; i < n; i++)
		if (!act_of(cx, &defs[i], &acts[i]))
			return false;
	if (!ledger_commit(cx, ledger, acts, n))
		return cx_note(cx, "publishing the catalogue");
	for (size_t i = 0; i < n; i++) {
		const struct act_result *r = &acts[i].result;

		if (r->code != ERR_NONE)
			*list_add(cx->mem, &out->refused) = *r;
		else if (r->unchanged)
			out->unchanged++;
		else
			out->published++;
	}
	return true;
}

/* ---- reading it back ---- */
bool catalogue_definitions(struct cx *cx, const struct ledger *ledger, struct str type,
    struct str id, struct definition_row **rows_out, size_t *n_out)
{
	struct db_arg args[4] = {P("published", ledger_published(ledger))};
	size_t n = 1;
	void *rows;

	if (type.n)
		args[n++] = P("type", type);
	if (id.n)
		args[n++] = P("id", id);
	args[n] = (struct db_arg){.name = NULL};
	if (!db_all(cx, &SQL_CATALOGUE_DEFINITION_LIST, args, definition_cols, sizeof **rows_out,
		&rows, n_out))
		return false;
	*rows_out = rows;
	return true;
}

static bool documents_of(
    struct cx *cx, const struct definition_row *rows, size_t n, struct map *out)
{
	const struct json_limits limits = {.bytes = (size_t)8 << 20};

	for (size_t i = 0; i < n; i++) {
		struct str bytes, key = str_fmt(cx->mem, "%.*s %.*s@%" PRId64,
				      STR_ARG(rows[i].type), STR_ARG(rows[i].id), rows[i].version);
		struct val *document;

		if (!document_of(cx, &rows[i], &bytes) ||
		    !json_parse(cx, bytes, &limits, &document))
			return cx_note(cx, "reading %.*s", STR_ARG(key));
		map_put(cx->mem, out, key, document);
	}
	return true;
}

static bool refuse_mistakes(struct cx *cx, const struct mistakes *mistakes)
{
	struct buf b = buf_new(cx->mem, (size_t)1 << 20);

	mistakes_print(&b, mistakes);
	return cx_fail(cx, ERR_CORRUPT,
	    "the published catalogue or site.yaml cannot be read:\n%.*s", STR_ARG(buf_str(&b)));
}

bool catalogue_domain(struct cx *cx, const struct ledger *ledger, const struct map *files,
    bool demo, const struct domain **out)
{
	struct definition_row *rows;
	struct mistakes mistakes = {0};
	const struct val *site = NULL;
	struct map documents = {0};
	size_t n;

	if (!catalogue_definitions(cx, ledger, STR_NONE, STR_NONE, &rows, &n))
		return false;
	if (n == 0)
		return cx_fail(cx, ERR_NOT_FOUND,
		    "no catalogue is published yet: run `gongkai catalogue load`");
	if (!documents_of(cx, rows, n, &documents) ||
	    (files && !domain_site(cx, files, demo, &mistakes, &site)) ||
	    !domain_load_published(cx, &documents, site, demo, &mistakes, out))
		return cx_note(cx, "reading the published catalogue");
	return mistakes.n == 0 || refuse_mistakes(cx, &mistakes);
}
