/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying a notice: by what is printed on it, and with tools that are not ours. */
#include "notice/notice_faces.h"
#include "text/text.h"

/* ---- what is asked for ---- */

/* An index, a digest, an id or a code; *index_out −1: nothing of ours. */
static bool resolve(struct cx *cx, struct str q, int64_t *index_out)
{
	struct notice_row row;
	struct str id, prefix;
	int64_t revision;
	unsigned char raw[32];
	bool found = false;

	*index_out = -1;
	if (str_int(q, index_out)) {
		if (*index_out >= 0 && *index_out < ledger_published(cx->app->ledger))
			return true;
		*index_out = -1;
	}
	if (notice_ref_parse(q, &id, &revision) && !notice_row_find(cx, id, revision, &row, &found))
		return false;
	prefix = str_unhex(q, raw, sizeof raw) ? str_hex(cx->mem, raw, sizeof raw) : STR_NONE;
	if (!found && (prefix.n || notice_code_parse(cx->mem, q, &prefix)) &&
	    !notice_find_digest(cx, prefix, &row, &found))
		return false;
	*index_out = found ? row.idx : -1;
	return true;
}

/* ---- the result ---- */

/* The salted digest of the document is the one in the entry, and the entry is in the tree that the checkpoint signs. */
static bool holds(struct cx *cx, const struct entry *e)
{
	struct str document, salt, file;
	struct proof_result proved;
	struct hash digest;

	if (!ledger_document_find(cx, e->index, &document, &salt) ||
	    !ledger_prove(cx, cx->app->ledger, e->index, &file) ||
	    !proof_verify(cx, file, ledger_vkey(cx->app->ledger), e->bytes, &proved))
		return cx_note(cx, "verifying entry %" PRId64, e->index);
	if (document.p == NULL)
		return true;
	digest = crypto_sha256_parts((struct str[]){salt, document}, 2);
	return str_eq(hash_hex(cx->mem, &digest), val_str(e->meta, "digest")) ||
	       cx_fail(cx, ERR_CORRUPT,
		   "the document of entry %" PRId64 " is not the one that was logged", e->index);
}

static struct val *state_of(
    struct cx *cx, const struct notice_row *row, const struct notice_row *current)
{
	if (current->kind == NOTICE_WITHDRAWN)
		return val_code(cx->mem, STR("withdrawn"), T(cx, "已撤回"));
	if (current->revision != row->revision)
		return val_code(cx->mem, STR("corrected"), T(cx, "不是现行版本"));
	return val_null(cx->mem);
}

/* A notice, or a definition of the catalogue, or another entry. */
static bool entry_link(struct cx *cx, const struct entry *e, struct val *v)
{
	struct notice_row row, current;
	bool found = false;
	struct val *link, *state = val_null(cx->mem), *proof = notice_checkpoint_link(cx);

	if (e->id.n && (str_is(e->type, "notice/v1") || str_is(e->type, "withdrawal/v1")) &&
	    !notice_row_find(cx, e->id, e->revision, &row, &found))
		return false;
	if (found) {
		if (!notice_row_find(cx, e->id, 0, &current, &found))
			return false;
		link = notice_revision_link(cx, &row, "", row.title.n ? row.title : row.id);
		proof = notice_revision_link(cx, &row, "/proof", T(cx, "下载证明文件"));
		state = state_of(cx, &row, &current);
	} else if (str_is(e->type, "item/v1")) {
		link = web_link(cx, "/i/", e->id, e->id);
	} else {
		link = val_link(cx->mem, STR("/catalogue"), e->id.n ? e->id : e->type);
	}
	val_set(cx->mem, v, "link", link);
	val_set(cx->mem, v, "state", state);
	val_set(cx->mem, v, "proof_file", proof);
	return true;
}

bool notice_result_show(
    struct cx *cx, struct str q, int64_t index, struct val *yours, bool match, struct val *page)
{
	struct val *v = val_map(cx->mem), *e = val_null(cx->mem);
	struct entry entry;

	if (index >= 0) {
		e = val_map(cx->mem);
		if (!ledger_entry_get(cx, cx->app->ledger, index, &entry) || !holds(cx, &entry) ||
		    !entry_link(cx, &entry, e))
			return false;
		val_set_int(cx->mem, e, "revision", entry.revision);
		val_set_text(cx->mem, e, "id", entry.id.n ? entry.id : entry.type);
		val_set_int(cx->mem, e, "index", index);
		val_set(cx->mem, e, "logged_at",
		    val_instant(cx->mem, instant_print(cx->mem, entry.time)));
		val_set_text(cx->mem, e, "digest",
		    val_str(entry.meta, "digest").n ? val_str(entry.meta, "digest") : STR(""));
		val_set_int(cx->mem, e, "size", ledger_published(cx->app->ledger));
		val_set(cx->mem, e, "yours", yours ? yours : val_null(cx->mem));
	}
	val_set_bool(cx->mem, v, "match", index >= 0 && match);
	val_set_bool(cx->mem, v, "differs", index >= 0 && !match);
	val_set_bool(cx->mem, v, "unknown", index < 0);
	val_set_text(cx->mem, v, "q", q);
	val_set(cx->mem, v, "entry", e);
	val_set(cx->mem, page, "result", v);
	return notice_shell_show(cx, index, page);
}

/* ---- the pages ---- */

static void chrome(struct cx *cx, struct str q, struct reply *out)
{
	val_set_text(cx->mem, out->page, "q", q.n ? q : STR(""));
	val_set(cx->mem, out->page, "issues", val_list(cx->mem));
	val_set(cx->mem, out->page, "result", val_null(cx->mem));
	out->title = T(cx, "核验公告真伪");
	out->here = T(cx, "核验");
	out->column = "verify";
	out->canonical = STR("/verify");
}

bool notice_verify_page(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str q = input_text(in, "q");
	int64_t index;

	chrome(cx, q, out);
	if (q.n == 0)
		return notice_shell_show(cx, -1, out->page);
	out->canonical = STR_NONE;
	return resolve(cx, q, &index) && notice_result_show(cx, q, index, NULL, true, out->page);
}

bool notice_upload_page(struct cx *cx, const struct input *in, struct reply *out)
{
	chrome(cx, STR_NONE, out);
	if (!notice_shell_show(cx, -1, out->page) || !notice_file_compare(cx, in, out->page))
		return false;
	out->status = val_at(out->page, "issues")->n ? 400 : 200;
	return true;
}
