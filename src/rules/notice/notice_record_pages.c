/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a notice beside its content: revisions, files, proof, project, supervision. */
#include "catalogue/catalogue_faces.h"
#include "notice/notice_faces.h"
#include "text/text.h"

struct val *notice_instant(struct cx *cx, int64_t time)
{
	return val_instant(cx->mem, instant_print(cx->mem, time));
}

struct val *notice_text(struct cx *cx, struct str text)
{
	return text.n ? val_text(cx->mem, text) : val_null(cx->mem);
}

/* ---- revisions ---- */

static struct val *kind_code(struct cx *cx, int64_t kind)
{
	static const struct {
		int64_t kind;
		const char *code, *word;
	} kinds[] = {{NOTICE_NORMAL, "normal", T_("发布")},
	    {NOTICE_CORRECTED, "corrected", T_("更正")}, {NOTICE_REISSUED, "reissued", T_("重发")},
	    {NOTICE_WITHDRAWN, "withdrawn", T_("撤回")}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return val_code(cx->mem, str_of(kinds[i].code), T(cx, kinds[i].word));
	return val_code(cx->mem, STR("normal"), T(cx, "发布"));
}

static struct str note_text(const struct val *document)
{
	struct str text = val_str(val_at(document, "note"), "text");

	return text.n ? text : val_str(val_at(document, "note"), "reason");
}

static bool revision_show(struct notice_page *p, const struct notice_row *r,
    const struct val *before, struct val **document_out, struct val *list)
{
	struct cx *cx = p->cx;
	struct val *v = val_add(cx->mem, list, val_map(cx->mem)), *changes = val_list(cx->mem);
	bool shown = r->revision == p->n.row.revision;
	struct notice n = p->n;

	if (p->revisions_n == 1)
		n = p->n;
	else if (!notice_get_by_index(cx, r->idx, &n))
		return false;
	if (before && n.document && r->kind != NOTICE_WITHDRAWN)
		changes = notice_changes(cx, n.item, before, n.document);
	val_set_int(cx->mem, v, "revision", r->revision);
	val_set(cx->mem, v, "kind", kind_code(cx, r->kind));
	val_set(cx->mem, v, "logged_at", notice_instant(cx, r->time));
	val_set_int(cx->mem, v, "index", r->idx);
	val_set(cx->mem, v, "link",
	    shown ? val_null(cx->mem) : notice_revision_link(cx, r, "", T(cx, "查看这一版")));
	val_set_bool(cx->mem, v, "shown", shown);
	val_set(cx->mem, v, "note",
	    notice_text(cx, r->kind == NOTICE_WITHDRAWN ? val_str(n.document, "reason")
							: note_text(n.document)));
	val_set_bool(cx->mem, v, "changed", changes->n > 0);
	val_set(cx->mem, v, "changes", changes);
	*document_out = n.document;
	return true;
}

static bool revisions(struct notice_page *p)
{
	struct val *list = val_list(p->cx->mem), *newest_first = val_list(p->cx->mem),
		   *before = NULL;

	for (size_t i = 0; i < p->revisions_n; i++)
		if (!revision_show(p, &p->revisions[i], before, &before, list))
			return false;
	for (size_t i = list->n; i > 0; i--)
		val_add(p->cx->mem, newest_first, list->at[i - 1]);
	val_set(p->cx->mem, p->out, "revisions", newest_first);
	return true;
}

/* ---- files, proof ---- */

static struct str size_words(struct cx *cx, int64_t bytes)
{
	if (bytes < 1024)
		return str_fmt(cx->mem, "%" PRId64 " B", bytes);
	return bytes < 1 << 20 ? str_fmt(cx->mem, "%" PRId64 " KB", (bytes + 512) / 1024)
			       : str_fmt(cx->mem, "%" PRId64 ".%" PRId64 " MB", bytes >> 20,
				     (bytes & 0xfffff) * 10 >> 20);
}

static void files(struct notice_page *p)
{
	struct cx *cx = p->cx;
	const struct val *attachments = val_at(p->shown.document, "attachments");
	struct val *list = val_list(cx->mem), *formats = val_list(cx->mem);

	VAL_EACH(i, attachments) {
		const struct val *a = attachments->at[i];
		struct val *v = val_add(cx->mem, list, val_map(cx->mem));

		val_set_text(cx->mem, v, "name", val_str(a, "name"));
		val_set_text(cx->mem, v, "type", val_str(a, "type"));
		val_set_text(cx->mem, v, "size", size_words(cx, val_i64(a, "size", 0)));
		val_set_text(cx->mem, v, "sha256", val_str(a, "sha256"));
	}
	if (p->shown.document) {
		val_set(cx->mem, val_add(cx->mem, formats, val_map(cx->mem)), "link",
		    notice_revision_link(
			cx, &p->shown.row, "/document", T(cx, "正文（JSON，与存证逐字节一致）")));
		val_set(cx->mem, val_add(cx->mem, formats, val_map(cx->mem)), "link",
		    notice_revision_link(cx, &p->shown.row, "/text", T(cx, "纯文本")));
	}
	val_set(cx->mem, p->out, "attachments", list);
	val_set(cx->mem, p->out, "formats", formats);
}

static bool proof(struct notice_page *p)
{
	static const struct {
		const char *path, *word;
		bool of_document;
	} names[] = {{"/proof", T_("证明文件"), false}, {"/entry", T_("日志条目"), false},
	    {"/salt", T_("盐"), true}};
	struct cx *cx = p->cx;
	struct val *v = val_map(cx->mem), *list = val_list(cx->mem);
	struct entry e;
	struct str code;

	if (!ledger_entry_get(cx, cx->app->ledger, p->n.row.idx, &e))
		return false;
	code = notice_code(cx->mem, val_str(e.meta, "digest"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!names[i].of_document || p->n.salt.p)
			val_set(cx->mem, val_add(cx->mem, list, val_map(cx->mem)), "link",
			    notice_revision_link(
				cx, &p->n.row, names[i].path, T(cx, names[i].word)));
	val_set(
	    cx->mem, v, "qr", notice_revision_link(cx, &p->n.row, "/qr.svg", T(cx, "核验二维码")));
	val_set_text(cx->mem, v, "code", code);
	val_set_int(cx->mem, v, "index", p->n.row.idx);
	val_set(cx->mem, v, "logged_at", notice_instant(cx, p->n.row.time));
	val_set_text(cx->mem, v, "digest", val_str(e.meta, "digest"));
	val_set(cx->mem, v, "verify",
	    val_link(
		cx->mem, str_fmt(cx->mem, "/verify?q=%.*s", STR_ARG(code)), T(cx, "核验本公告")));
	val_set(cx->mem, v, "files", list);
	val_set(cx->mem, p->out, "proof", v);
	return true;
}

static bool project(struct notice_page *p)
{
	struct cx *cx = p->cx;
	struct val *v = val_null(cx->mem), *stages;
	struct project project;
	bool possible = false;

	if (!project_of_notice(cx, p->n.row.id, &project))
		return false;
	if (project.n) {
		v = val_map(cx->mem);
		for (size_t i = 0; i < project.n; i++)
			possible |= project.members[i].possible &&
				    str_eq(project.members[i].id, p->n.row.id);
		if (!notice_stages_show(cx, &project, p->n.item->sector, p->n.row.id, &stages))
			return false;
		val_set(cx->mem, v, "link",
		    web_link(cx, "/p/", project.id,
			project_title_name(cx->mem, cx->app->domain, p->n.row.title)));
		val_set_bool(cx->mem, v, "possible", possible);
		val_set(cx->mem, v, "stages", stages);
	}
	val_set(cx->mem, p->out, "project", v);
	return true;
}

static void supervision(struct notice_page *p)
{
	struct cx *cx = p->cx;
	struct val *list = val_list(cx->mem);
	struct str *pieces;
	size_t n = pieces_of(cx->mem, p->n.item->supervision, &pieces);

	for (size_t i = 0; i < n; i++)
		val_add(cx->mem, list, val_text(cx->mem, pieces[i]));
	val_set(cx->mem, p->out, "supervision", list);
}

bool notice_record_show(struct notice_page *p)
{
	files(p);
	supervision(p);
	return revisions(p) && proof(p) && project(p);
}
