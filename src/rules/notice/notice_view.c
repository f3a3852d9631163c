/* SPDX-License-Identifier: Apache-2.0 */
/* What the commit writes beside an entry, and the checks before it. The same functions rebuild. */
#include "notice/notice_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "text/text.h"
#include "notice_sql.h"

const struct db_col identity_cols[] = {
    COL(struct identity_row, id),
    COL(struct identity_row, content),
    COL_END,
};

/* ---- check ---- */

struct identity_line {
	struct notice_identity key;
	unsigned char content[32];
};

static bool identity_parse(struct cx *cx, struct str text, struct identity_line *out)
{
	struct str rest = text, part[4];

	for (size_t i = 0; i < 4; i++)
		if (!str_split(&rest, '\n', &part[i]))
			return cx_fail(cx, ERR_INPUT, "an identity has four lines");
	out->key = (struct notice_identity){part[0], part[1], part[2]};
	if (rest.p != NULL || !str_unhex(part[3], out->content, sizeof out->content))
		return cx_fail(
		    cx, ERR_INPUT, "the identity's content digest is not 64 hexadecimal digits");
	return true;
}

static bool check_identity(struct cx *cx, struct act *act)
{
	struct identity_line line;
	struct bytes content;
	struct str id;
	bool reissue; /* says the same again, and says so */

	if (!identity_parse(cx, act->identity, &line) ||
	    !notice_identity_find(cx, &line.key, &id, &content))
		return false;
	if (id.p == NULL)
		return true;
	reissue = act->id.n && val_i64(act->meta, "kind", NOTICE_NORMAL) == NOTICE_REISSUED;
	if (content.n == sizeof line.content && !reissue &&
	    memcmp(content.p, line.content, sizeof line.content) == 0 &&
	    (act->id.n == 0 || str_eq(id, act->id))) {
		act->result.unchanged = true;
		act->result.id = id;
		return true;
	}
	if (!str_eq(id, act->id))
		return cx_fail(cx, ERR_CONFLICT,
		    "%.*s %.*s stands here already as %.*s with another content: revise that "
		    "notice",
		    STR_ARG(line.key.platform), STR_ARG(line.key.identity), STR_ARG(id));
	return true;
}

static bool check_follows(struct cx *cx, struct act *act)
{
	struct notice_row last;
	bool found;

	if (!db_one(cx, &SQL_NOTICE_LAST, DB_ARGS(P("id", act->id)), notice_cols, &last, &found))
		return false;
	if (!found)
		return cx_fail(
		    cx, ERR_NOT_FOUND, "no notice %.*s to revise or withdraw", STR_ARG(act->id));
	if (last.kind == NOTICE_WITHDRAWN)
		return cx_fail(cx, ERR_CONFLICT,
		    "notice %.*s was withdrawn by entry %" PRId64 " and takes no further revision",
		    STR_ARG(act->id), last.idx);
	if (act->revision > 0 && act->revision != last.revision)
		return cx_fail(cx, ERR_CONFLICT,
		    "notice %.*s is at revision %" PRId64 " by now, not %" PRId64 ": read it again",
		    STR_ARG(act->id), last.revision, act->revision);
	act->corrects = last.idx;
	act->result.revision = last.revision + 1;
	return true;
}

static bool check(struct cx *cx, struct act *act)
{
	if (act->identity.n && !check_identity(cx, act))
		return false;
	if (act->result.unchanged || act->id.n == 0)
		return true;
	return check_follows(cx, act);
}

/* ---- apply ---- */

static bool insert(struct cx *cx, const struct notice_row *r, struct str digest)
{
	const struct place *p = domain_place(cx->app->domain, r->place);

	if (!db_run(cx, &SQL_NOTICE_INSERT,
		DB_ARGS(P("idx", r->idx), P("id", r->id), P("revision", r->revision),
		    P("kind", r->kind), P("item", r->item), P("version", r->version),
		    P("sector", r->sector), P("agency", r->agency), P("place", r->place),
		    P("county", place_ancestor(p, 2)), P("city", place_ancestor(p, 1)),
		    P("province", place_ancestor(p, 0)), P("title", r->title),
		    P("formed_on", r->formed_on), P("public_on", r->public_on),
		    P("platform", r->platform), P("time", r->time),
		    P("digest_key", notice_digest_key(r->idx, digest)), P("phase", r->phase),
		    db_arg_when(r->closes > 0, P("closes", r->closes)), P("brief", r->brief)),
		NULL))
		return false;
	if (r->revision == 1)
		return true;
	return db_run(cx, &SQL_NOTICE_SUPERSEDE,
	    DB_ARGS(P("idx", r->idx), P("id", r->id), P("revision", r->revision - 1)), NULL);
}

/* works.result@1 → item and version. */
static void split_ref(struct str ref, struct notice_row *r)
{
	struct str rest = ref, version = STR_NONE;

	(void)str_split(&rest, '@', &r->item);
	version = rest;
	if (!str_int(version, &r->version))
		r->version = 0;
	rest = r->item;
	(void)str_split(&rest, '.', &r->sector);
}

static struct notice_row row_of(struct cx *cx, const struct entry *e)
{
	struct notice_row r = {
	    .idx = e->index,
	    .id = e->id,
	    .revision = e->revision,
	    .kind = val_i64(e->meta, "kind", NOTICE_NORMAL),
	    .agency = val_str(e->meta, "agency"),
	    .place = val_str(e->meta, "place"),
	    .formed_on = val_str(e->meta, "formed_on"),
	    .public_on = date_print(cx->mem, instant_day(e->time)),
	    .time = e->time,
	};

	split_ref(val_str(e->meta, "item"), &r);
	return r;
}

bool notice_prepare(struct cx *cx, const struct item *it, const struct val *document,
    struct str canonical, struct notice_prepared *out)
{
	struct str time = val_str(val_at(document, "appearance"), "time");

	*out = (struct notice_prepared){
	    .row.title = val_str(document, "title"),
	    .row.platform = val_str(val_at(document, "appearance"), "platform"),
	    .row.public_on = time.n >= 10 ? str_cut(time, 0, 10) : STR_NONE,
	};
	notice_brief_make(cx->mem, it, document, &out->row);
	out->identified = notice_identity_of(cx->mem, document, &out->key);
	if (!out->identified || val_at(document, "note") != NULL)
		return !out->identified || notice_content(cx, document, &out->content);
	out->content = crypto_sha256(canonical); /* without a note it is the content */
	return true;
}

/* By the act's maker, or from the document's text. */
static bool prepared(
    struct cx *cx, const struct entry *e, struct str document, struct notice_prepared *out)
{
	struct str ref = val_str(e->meta, "item");
	const struct item *it = domain_item(cx->app->domain, ref);
	struct val *doc;

	if (e->prepared != NULL) {
		*out = *(const struct notice_prepared *)e->prepared;
		return true;
	}
	/* Another process may know an item a moment before this one has read the changed catalogue. */
	if (it == NULL)
		return cx_fail(cx, ERR_BUSY,
		    "item %.*s is not in the catalogue that is being served; try again",
		    STR_ARG(ref));
	if (!json_parse(cx, document, NULL, &doc))
		return cx_note(cx, "reading the document of entry %" PRId64, e->index);
	return notice_prepare(cx, it, doc, document, out);
}

/* A correction does not make a notice public anew. */
static bool first_public(struct cx *cx, struct notice_row *r)
{
	struct notice_row last;

	if (!db_one(cx, &SQL_NOTICE_LAST, DB_ARGS(P("id", r->id)), notice_cols, &last, NULL))
		return cx_note(cx, "revising by entry %" PRId64, r->idx);
	r->public_on = last.public_on;
	return true;
}

static bool apply_notice(struct cx *cx, const struct entry *e, struct str document)
{
	struct notice_row r = row_of(cx, e);
	struct notice_prepared p;

	r.title = STR("");
	if (document.p == NULL) /* erased: the row stays, its words are gone */
		return insert(cx, &r, val_str(e->meta, "digest"));
	if (!prepared(cx, e, document, &p))
		return false;
	r.title = p.row.title;
	r.platform = p.row.platform;
	if (p.row.public_on.p)
		r.public_on = p.row.public_on;
	else if (r.revision > 1 && !first_public(cx, &r))
		return false;
	r.brief = p.row.brief;
	r.phase = p.row.phase;
	r.closes = p.row.closes;
	if (!insert(cx, &r, val_str(e->meta, "digest")))
		return false;
	return !p.identified ||
	       db_run(cx, &SQL_NOTICE_IDENTITY_PUT,
		   DB_ARGS(P("platform", p.key.platform), P("day", p.key.day),
		       P("identity", p.key.identity), P("id", e->id),
		       P("content", ((struct bytes){p.content.b, sizeof p.content.b}))),
		   NULL);
}

static bool apply_withdrawal(struct cx *cx, const struct entry *e, struct str document)
{
	struct notice_row r = row_of(cx, e), last;

	if (!db_one(cx, &SQL_NOTICE_LAST, DB_ARGS(P("id", e->id)), notice_cols, &last, NULL))
		return cx_note(cx, "withdrawing by entry %" PRId64, e->index);
	r.title = last.title;
	r.formed_on = last.formed_on;
	r.public_on = last.public_on;
	r.platform = last.platform;
	r.brief = last.brief;
	return insert(cx, &r, val_str(e->meta, "digest"));
}

static bool clear(struct cx *cx)
{
	return db_run(cx, &SQL_NOTICE_CLEAR, DB_NO_ARGS, NULL) &&
	       db_run(cx, &SQL_NOTICE_IDENTITY_CLEAR, DB_NO_ARGS, NULL);
}

/* Both kinds of entry fill the same tables, so one of them clears. */
static bool clear_nothing(struct cx *cx)
{
	return true;
}

const struct ledger_view notice_views[] = {
    {"notice", "notice/v1", check, apply_notice, clear},
    {"withdrawal", "withdrawal/v1", check, apply_withdrawal, clear_nothing},
    {.name = NULL},
};
