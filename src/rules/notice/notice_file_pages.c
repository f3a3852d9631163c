/* SPDX-License-Identifier: Apache-2.0 */
/* An uploaded file beside what stands in the log: a document (JSON), an entry, a proof file. The file is only compared, never kept. */
#include "notice/notice_faces.h"
#include "codec/json.h"

#define PROOF_LINE "c2sp.org/tlog-proof@v"

struct upload {
	struct cx *cx;
	struct str name, bytes;
	struct val *page;
};

static struct val *yours(struct upload *u, struct str digest, struct val *differences)
{
	struct arena *mem = u->cx->mem;
	struct val *v = val_map(mem);

	val_set_text(mem, v, "name", u->name.n ? u->name : STR("-"));
	val_set_text(mem, v, "size", str_fmt(mem, "%zu B", u->bytes.n));
	val_set_text(mem, v, "digest", digest);
	val_set_bool(mem, v, "differences_any", differences->n > 0);
	val_set(mem, v, "differences", differences);
	return v;
}

static void difference(struct upload *u, struct val *list, struct str field, struct str label,
    struct val *mine, struct val *ours)
{
	struct val *v = val_add(u->cx->mem, list, val_map(u->cx->mem));

	val_set_text(u->cx->mem, v, "field", field);
	val_set_text(u->cx->mem, v, "label", label);
	val_set(u->cx->mem, v, "yours", mine);
	val_set(u->cx->mem, v, "ours", ours);
}

static bool refuse(struct upload *u, const char *why)
{
	struct cx *cx = u->cx;
	struct val *v = val_add(cx->mem, val_at(u->page, "issues"), val_map(cx->mem));

	val_set_text(cx->mem, v, "field", STR("file"));
	val_set_text(cx->mem, v, "rule", STR("file-unreadable"));
	val_set_text(cx->mem, v, "message", T(cx, why));
	val_set(cx->mem, v, "link", val_link(cx->mem, STR("#v-file"), T(cx, why)));
	return true;
}

/* A leaf of whatever stands in a file of others. */
static struct val *leaf_copy(struct upload *u, const struct val *v)
{
	struct buf b = buf_new(u->cx->mem, 65536);

	if (v == NULL)
		return val_null(u->cx->mem);
	if (v->kind != VAL_MAP && v->kind != VAL_LIST)
		return val_copy(u->cx->mem, v);
	json_print(&b, v);
	return val_text(u->cx->mem, buf_str(&b));
}

/* ---- documents ---- */

/* Members that are no part of the item's definition are differences too. */
static void strangers(
    struct upload *u, const struct notice *n, const struct val *mine, struct val *list)
{
	const struct val *fields = val_at(mine, "fields");

	VAL_EACH(i, fields) {
		if (!map_has(&n->item->by_name, fields->keys[i]))
			difference(u, list, fields->keys[i], fields->keys[i],
			    leaf_copy(u, fields->at[i]), val_null(u->cx->mem));
	}
	VAL_EACH(i, mine) {
		if (val_find(n->document, mine->keys[i]) == NULL &&
		    !str_is(mine->keys[i], "fields"))
			difference(u, list, mine->keys[i], mine->keys[i], leaf_copy(u, mine->at[i]),
			    val_null(u->cx->mem));
	}
}

static struct val *document_differences(
    struct upload *u, const struct notice *n, const struct val *mine)
{
	struct val *changes = notice_changes(u->cx, n->item, n->document, mine),
		   *list = val_list(u->cx->mem);
	struct val *a = val_at(n->document, "note"), *b = val_at(mine, "note");

	VAL_EACH(i, changes)
		difference(u, list, val_str(changes->at[i], "field"),
		    val_str(changes->at[i], "label"), val_at(changes->at[i], "after"),
		    val_at(changes->at[i], "before"));
	strangers(u, n, mine, list);
	if (a && !(b && val_eq(a, b)))
		difference(u, list, STR("note"), T(u->cx, "修订说明"),
		    b ? val_text(u->cx->mem, val_str(b, "reason")) : val_null(u->cx->mem),
		    val_text(u->cx->mem, val_str(a, "reason")));
	return list;
}

/* The revision with exactly this document, else the current one. */
static bool revision_of(
    struct cx *cx, struct str id, struct str canonical, struct notice *out, bool *same_out)
{
	struct notice_row *rows;
	size_t n;

	*same_out = false;
	if (!notice_revisions(cx, id, &rows, &n))
		return false;
	for (size_t i = n; i > 0; i--) {
		if (!notice_get_by_index(cx, rows[i - 1].idx, out))
			return false;
		*same_out = out->document_bytes.p && str_eq(out->document_bytes, canonical);
		if (*same_out)
			return true;
	}
	if (!notice_get(cx, id, 0, out))
		return false;
	return out->row.kind != NOTICE_WITHDRAWN || out->row.revision < 2 ||
	       notice_get(cx, id, out->row.revision - 1, out);
}

static bool compare_document(struct upload *u, const struct val *mine)
{
	struct cx *cx = u->cx;
	struct str canonical, id;
	struct notice n;
	struct hash digest;
	bool same;

	if (!json_canonical(cx, mine, &canonical)) {
		cx_clear(
		    cx); /* numbers that no document of ours may have: another file, or an altered one */
		canonical = u->bytes;
	}
	if (!notice_find_like(cx, mine, &id))
		return false;
	if (id.n == 0)
		return notice_result_show(
		    cx, u->name.n ? u->name : STR("-"), -1, NULL, false, u->page);
	if (!revision_of(cx, id, canonical, &n, &same))
		return false;
	if (n.document == NULL)
		return refuse(u, T_("这份公告的正文已不在本平台，只能按日志条目核对"));
	digest = crypto_sha256_parts((struct str[]){n.salt, canonical}, 2);
	return notice_result_show(cx, u->name, n.row.idx,
	    yours(u, hash_hex(cx->mem, &digest),
		same ? val_list(cx->mem) : document_differences(u, &n, mine)),
	    same, u->page);
}

/* ---- entries and proofs ---- */

static struct val *entry_differences(
    struct upload *u, const struct entry *mine, const struct entry *ours)
{
	struct val *list = val_list(u->cx->mem);

	if (!str_eq(mine->type, ours->type))
		difference(u, list, STR("type"), STR("type"), val_text(u->cx->mem, mine->type),
		    val_text(u->cx->mem, ours->type));
	VAL_EACH(i, ours->meta) {
		const struct val *a = val_find(mine->meta, ours->meta->keys[i]);

		if (a == NULL || !val_eq(a, ours->meta->at[i]))
			difference(u, list, ours->meta->keys[i], ours->meta->keys[i],
			    leaf_copy(u, a), leaf_copy(u, ours->meta->at[i]));
	}
	VAL_EACH(i, mine->meta) {
		if (val_find(ours->meta, mine->meta->keys[i]) == NULL)
			difference(u, list, mine->meta->keys[i], mine->meta->keys[i],
			    leaf_copy(u, mine->meta->at[i]), val_null(u->cx->mem));
	}
	return list;
}

static bool compare_entry(struct upload *u, struct str bytes, int64_t index, bool proved)
{
	struct cx *cx = u->cx;
	struct entry mine, ours;
	struct val *differences = val_list(cx->mem);
	bool same;

	if (!ledger_entry_get(cx, cx->app->ledger, index, &ours))
		return false;
	same = str_eq(bytes, ours.bytes);
	if (!same && entry_parse(cx, index, bytes, &mine))
		differences = entry_differences(u, &mine, &ours);
	cx_clear(cx);
	if (same && !proved)
		difference(u, differences, STR("proof"), T(cx, "路径或检查点签名"),
		    val_text(cx->mem, T(cx, "不成立")), val_text(cx->mem, T(cx, "成立")));
	return notice_result_show(cx, u->name, index,
	    yours(u, same ? val_str(ours.meta, "digest") : STR("-"), differences), same && proved,
	    u->page);
}

static bool compare_proof(struct upload *u)
{
	struct cx *cx = u->cx;
	struct proof_result result;
	struct proof p;
	bool proved;

	if (!proof_parse(cx, u->bytes, &p)) {
		cx_clear(cx);
		return refuse(u, T_("这个证明文件的格式不对，无法核对"));
	}
	if (p.extra.p == NULL)
		return refuse(u, T_("这个证明文件里没有日志条目，请用本平台下载的证明文件"));
	if (p.index >= (uint64_t)ledger_published(cx->app->ledger))
		return notice_result_show(
		    cx, u->name.n ? u->name : STR("-"), -1, NULL, false, u->page);
	proved = proof_verify(cx, u->bytes, ledger_vkey(cx->app->ledger), STR_NONE, &result);
	cx_clear(cx);
	return compare_entry(u, p.extra, (int64_t)p.index, proved);
}

/* "notice/v1" and canonical JSON: where the id and revision in it stand. */
static bool compare_bare_entry(struct upload *u)
{
	struct cx *cx = u->cx;
	struct notice_row row;
	struct entry e;
	bool found = false;

	if (!entry_parse(cx, 0, u->bytes, &e) || e.id.n == 0) {
		cx_clear(cx);
		return refuse(u, T_("这个文件既不是正文（JSON），也不是日志条目或证明文件"));
	}
	if (!notice_row_find(cx, e.id, e.revision, &row, &found))
		return false;
	if (!found)
		return notice_result_show(
		    cx, u->name.n ? u->name : STR("-"), -1, NULL, false, u->page);
	return compare_entry(u, u->bytes, row.idx, true);
}

bool notice_file_compare(struct cx *cx, const struct input *in, struct val *page)
{
	struct upload u = {.cx = cx, .name = in->file_name, .bytes = in->body, .page = page};
	struct val *document;

	if (u.bytes.n == 0)
		return refuse(&u, T_("请选择一个文件"));
	if (str_starts(u.bytes, STR(PROOF_LINE)))
		return compare_proof(&u);
	if (json_parse(cx, u.bytes, NULL, &document) && document->kind == VAL_MAP)
		return compare_document(&u, document);
	cx_clear(cx);
	return compare_bare_entry(&u);
}
