/* SPDX-License-Identifier: Apache-2.0 */
/* From a document to the act that asks for its entry. */
#include "notice/notice_priv.h"
#include "base/app.h"
#include "codec/json.h"
#include "text/text.h"

/* What every reader of a document takes: views, pages, other nodes (json_parse takes 16 MiB). */
#define DOCUMENT_MAX ((size_t)8 << 20)

/* The allow-listed members of an entry that come from the document. */
static struct val *meta_of(struct arena *mem, const struct val *document, int64_t kind)
{
	static const char *const members[] = {"item", "agency", "place", "formed_on"};
	struct val *meta = val_map(mem);

	val_set_int(mem, meta, "kind", kind);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		struct str value = val_str(document, members[i]);

		if (value.n)
			val_put(mem, meta, str_of(members[i]), val_text(mem, value));
	}
	return meta;
}

/* The document without its note: what makes an imported notice the same or another. */
bool notice_content(struct cx *cx, const struct val *document, struct hash *out)
{
	struct val *bare = val_map(cx->mem);
	struct str bytes;

	VAL_EACH(i, document) {
		if (!str_is(document->keys[i], "note"))
			val_put(cx->mem, bare, document->keys[i], document->at[i]);
	}
	if (!json_canonical(cx, bare, &bytes))
		return false;
	*out = crypto_sha256(bytes);
	return true;
}

bool notice_identity_of(struct arena *mem, const struct val *document, struct notice_identity *out)
{
	const struct val *appearance = val_at(document, "appearance");
	struct str time = val_str(appearance, "time");

	*out = (struct notice_identity){
	    .platform = val_str(appearance, "platform"),
	    .identity = val_str(appearance, "identity"),
	    .day = time.n ? str_cut(time, 0, 10) : val_str(document, "formed_on"),
	};
	if (out->day.p == NULL)
		out->day = STR("");
	return out->platform.n > 0 && out->identity.n > 0;
}

/* What the view's check needs to know: platform, day, identity and content digest, a line each. */
static struct str identity_lines(struct arena *mem, const struct notice_prepared *p)
{
	if (!p->identified)
		return STR_NONE;
	return str_fmt(mem, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(p->key.platform), STR_ARG(p->key.day),
	    STR_ARG(p->key.identity), STR_ARG(hash_hex(mem, &p->content)));
}

bool notice_act(
    struct cx *cx, const struct val *document, struct str role, struct str profile, struct act *out)
{
	const struct item *it = domain_item(cx->app->domain, val_str(document, "item"));
	struct notice_prepared *p = arena_new(cx->mem, struct notice_prepared);
	struct str text = STR_NONE;

	if (it == NULL)
		return cx_fail(cx, ERR_INPUT, "no item \"%.*s\" in the catalogue",
		    STR_ARG(val_str(document, "item")));
	if (!json_canonical(cx, document, &text) || !notice_prepare(cx, it, document, text, p))
		return false;
	if (text.n > DOCUMENT_MAX)
		return cx_fail(cx, ERR_LIMIT, "a document of %zu bytes; at most %zu are published",
		    text.n, DOCUMENT_MAX);
	*out = (struct act){
	    .type = "notice/v1",
	    .meta = meta_of(cx->mem, document, NOTICE_NORMAL),
	    .sector = it->sector->id,
	    .identity = identity_lines(cx->mem, p),
	    .corrects = -1,
	    .document = text,
	    .prepared = p,
	};
	if (role.n)
		val_set_text(cx->mem, out->meta, "role", role);
	if (profile.n)
		val_set_text(cx->mem, out->meta, "profile", profile);
	return true;
}

bool notice_revise_act(
    struct cx *cx, struct str id, int64_t follows, const struct val *document, struct act *out)
{
	int64_t kind = val_i64(val_at(document, "note"), "kind", NOTICE_CORRECTED);

	if (kind != NOTICE_CORRECTED && kind != NOTICE_REISSUED)
		return cx_fail(cx, ERR_INPUT,
		    "a revision is of kind 2 (更正) or 3 (重发), not %" PRId64, kind);
	if (!notice_act(cx, document, STR_NONE, STR_NONE, out))
		return false;
	val_set_int(cx->mem, out->meta, "kind", kind);
	out->sector = STR_NONE;
	out->id = id;
	out->revision = follows;
	return true;
}

bool notice_withdraw_act(struct cx *cx, const struct notice_withdrawal *w, struct act *out)
{
	const struct code_list *grounds = domain_codes(cx->app->domain, STR("WITHDRAW_GROUND"));
	struct val *document = val_map(cx->mem), *meta = val_map(cx->mem);
	struct notice n;

	if (grounds == NULL || !map_has(&grounds->by_code, w->ground))
		return cx_fail(cx, ERR_INPUT,
		    "\"%.*s\" is no ground for a withdrawal; the grounds are those of the code "
		    "list WITHDRAW_GROUND",
		    STR_ARG(w->ground));
	if (str_trim(w->reason).n == 0)
		return cx_fail(
		    cx, ERR_INPUT, "a withdrawal says why: a reason in words is missing");
	if (!notice_get(cx, w->id, 0, &n))
		return cx_note(cx, "withdrawing a notice");
	if (n.row.kind == NOTICE_WITHDRAWN)
		return cx_fail(cx, ERR_CONFLICT,
		    "notice %.*s was withdrawn already by entry %" PRId64, STR_ARG(w->id),
		    n.row.idx);
	val_set_text(cx->mem, document, "ground", w->ground);
	val_set_text(cx->mem, document, "reason", w->reason);
	if (w->order.n)
		val_set_text(cx->mem, document, "order", w->order);
	val_set_int(cx->mem, meta, "kind", NOTICE_WITHDRAWN);
	val_set_text(cx->mem, meta, "item",
	    str_fmt(cx->mem, "%.*s@%" PRId64, STR_ARG(n.row.item), n.row.version));
	val_set_text(cx->mem, meta, "agency", n.row.agency);
	val_set_text(cx->mem, meta, "place", n.row.place);
	*out = (struct act){.type = "withdrawal/v1",
	    .meta = meta,
	    .id = w->id,
	    .revision = n.row.revision,
	    .corrects = -1};
	return json_canonical(cx, document, &out->document);
}
