/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes as they stand in the log: documents, salts, entries, proofs, and the log itself under the addresses of C2SP tlog-tiles. Nothing at or above the
 * published size; what is erased or not published is not found.
 */
#include <qrencode.h>

#include "notice/notice_faces.h"
#include "text/text.h"

#define BINARY "application/octet-stream"

/* ---- of a notice ---- */

static bool load(struct cx *cx, const struct input *in, struct notice *out)
{
	int64_t revision;
	struct str id;

	if (!notice_ref_parse(input_text(in, "id"), &id, &revision))
		return cx_fail(cx, ERR_NOT_FOUND, "no notice of that name");
	return notice_get(cx, id, revision, out);
}

static struct str file_name(struct cx *cx, const struct notice *n, const char *end)
{
	return str_fmt(cx->mem, "%.*s-%" PRId64 "%s", STR_ARG(n->row.id), n->row.revision, end);
}

static bool erased(struct cx *cx, int64_t index)
{
	return cx_fail(cx, ERR_NOT_FOUND, "entry %" PRId64 " has no document any more", index);
}

bool notice_document_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice n;

	if (!load(cx, in, &n))
		return false;
	out->type = "application/json; charset=utf-8";
	out->body = n.document_bytes;
	return n.document_bytes.p != NULL || erased(cx, n.row.idx);
}

bool notice_salt_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice n;

	if (!load(cx, in, &n))
		return false;
	out->type = BINARY;
	out->body = n.salt;
	return n.salt.p != NULL || erased(cx, n.row.idx);
}

bool notice_entry_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice n;
	struct entry e;

	if (!load(cx, in, &n) || !ledger_entry_get(cx, cx->app->ledger, n.row.idx, &e))
		return false;
	out->type = BINARY;
	out->body = e.bytes;
	out->immutable = map_has(&in->values, STR("id")) && str_has(input_text(in, "id"), STR("@"));
	return true;
}

bool notice_proof_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice n;

	if (!load(cx, in, &n) || !ledger_prove(cx, cx->app->ledger, n.row.idx, &out->body))
		return false;
	out->type = "text/plain; charset=utf-8";
	out->file_name = file_name(cx, &n, ".tlog-proof");
	return true;
}

static void text_line(struct cx *cx, struct buf *b, const char *label, struct str value)
{
	if (value.n)
		buf_fmt(b, "%.*s%.*s%.*s\n", STR_ARG(T(cx, label)), STR_ARG(T(cx, "：")),
		    STR_ARG(value));
}

/* What the text alone would not say: that the notice was withdrawn, or that this is not how it stands now. */
static bool text_standing(struct cx *cx, const struct notice *n, struct buf *b)
{
	struct notice now;

	if (!notice_get(cx, n->row.id, 0, &now))
		return false;
	if (now.row.kind == NOTICE_WITHDRAWN) {
		buf_fmt(b, "%.*s\n", STR_ARG(T(cx, "本公告已撤回")));
		text_line(cx, b, T_("撤回日期"), date_print(cx->mem, instant_day(now.row.time)));
		text_line(cx, b, T_("撤回依据"), notice_ground(cx, &now));
		text_line(cx, b, T_("理由"), val_str(now.document, "reason"));
		text_line(cx, b, T_("决定文书"), val_str(now.document, "order"));
		buf_char(b, '\n');
	} else if (now.row.revision != n->row.revision) {
		buf_fmt(b, "%.*s\n\n", STR_ARG(T(cx, "不是现行版本")));
	}
	return true;
}

bool notice_text_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct buf b = buf_new(cx->mem, (size_t)8 << 20);
	struct notice n;
	struct entry e;

	if (!load(cx, in, &n) ||
	    (n.row.kind == NOTICE_WITHDRAWN && !notice_get(cx, n.row.id, n.row.revision - 1, &n)))
		return false;
	if (n.document == NULL)
		return erased(cx, n.row.idx);
	if (!text_standing(cx, &n, &b) || !ledger_entry_get(cx, cx->app->ledger, n.row.idx, &e))
		return false;
	buf_add(&b, schema_text(cx->mem, cx->app->domain, n.item, n.document, cx->lang));
	buf_char(&b, '\n');
	text_line(cx, &b, T_("公告编号"),
	    str_fmt(cx->mem, "%.*s@%" PRId64, STR_ARG(n.row.id), n.row.revision));
	text_line(cx, &b, T_("存证序号"), str_fmt(cx->mem, "%" PRId64, n.row.idx));
	text_line(cx, &b, T_("存证时间"), instant_print(cx->mem, n.row.time));
	text_line(cx, &b, T_("核验码"), notice_code(cx->mem, val_str(e.meta, "digest")));
	out->type = "text/plain; charset=utf-8";
	out->body = buf_str(&b);
	return !b.failed || cx_fail(cx, ERR_LIMIT, "the text is larger than 8 MiB");
}

/* ---- the picture of the verification address ---- */

static struct str qr_svg(struct arena *mem, const QRcode *qr)
{
	struct buf b = buf_new(mem, (size_t)qr->width * (size_t)qr->width * 16 + 1024);
	int side = qr->width + 8; /* a quiet zone of four modules (ISO/IEC 18004) */

	buf_fmt(&b,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
	    "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
	    side, side, side, side);
	for (int y = 0; y < qr->width; y++) {
		for (int x = 0; x < qr->width; x++) {
			int from = x;

			while (x < qr->width && qr->data[y * qr->width + x] & 1)
				x++;
			if (x > from)
				buf_fmt(
				    &b, "M%d %dh%dv1h-%dz", from + 4, y + 4, x - from, x - from);
		}
	}
	buf_c(&b, "\"/></svg>\n");
	return buf_str(&b);
}

bool notice_qr_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct notice n;
	struct entry e;
	struct str address;
	QRcode *qr;

	if (!load(cx, in, &n) || !ledger_entry_get(cx, cx->app->ledger, n.row.idx, &e))
		return false;
	address = str_fmt(cx->mem, "%.*s/verify?q=%.*s", STR_ARG(notice_site_address(cx)),
	    STR_ARG(notice_code(cx->mem, val_str(e.meta, "digest"))));
	qr = QRcode_encodeString8bit(address.p, 0, QR_ECLEVEL_M);
	if (qr == NULL)
		return cx_fail(cx, ERR_IO, "no QR code of %.*s", STR_ARG(address));
	out->type = "image/svg+xml";
	out->body = qr_svg(cx->mem, qr);
	QRcode_free(qr);
	return true;
}

/* ---- the log ---- */

/* /log/1/…: the generation is the last part of the origin. */
static bool is_ours(struct cx *cx, const struct input *in)
{
	struct str vkey = ledger_vkey(cx->app->ledger), origin;
	struct str end = str_fmt(cx->mem, "/log/%.*s", STR_ARG(input_text(in, "generation")));

	(void)str_split(&vkey, '+', &origin);
	return str_ends(origin, end) || cx_fail(cx, ERR_NOT_FOUND, "no log generation %.*s",
					    STR_ARG(input_text(in, "generation")));
}

bool log_checkpoint_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	if (!is_ours(cx, in))
		return false;
	out->type = "text/plain; charset=utf-8";
	out->body = ledger_checkpoint(cx, cx->app->ledger);
	return out->body.n > 0 || cx_fail(cx, ERR_READONLY, "there is no signed checkpoint");
}

bool log_tile_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct tile_path path;

	if (!is_ours(cx, in))
		return false;
	if (!tile_path_parse(in->suffix, &path))
		return cx_fail(cx, ERR_NOT_FOUND, "no tile of that name");
	out->type = BINARY;
	out->immutable = true; /* a partial tile, too: its width is in its name */
	return path.level < 0
		   ? ledger_bundle_get(cx, cx->app->ledger, path.n, path.width, &out->body)
		   : ledger_tile_get(
			 cx, cx->app->ledger, path.level, path.n, path.width, &out->body);
}

/* Document and salt of any entry, for who audits from outside. */
static bool by_index(struct cx *cx, const struct input *in, struct str *document, struct str *salt)
{
	int64_t index = input_int(in, "index", -1);

	if (!is_ours(cx, in))
		return false;
	if (index < 0 || index >= ledger_published(cx->app->ledger))
		return cx_fail(cx, ERR_NOT_FOUND, "no entry %" PRId64, index);
	if (!ledger_document_find(cx, index, document, salt))
		return false;
	return document->p != NULL || erased(cx, index);
}

bool log_document_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str salt;

	out->type = "application/json; charset=utf-8";
	return by_index(cx, in, &out->body, &salt);
}

bool log_salt_raw(struct cx *cx, const struct input *in, struct reply *out)
{
	struct str document;

	out->type = BINARY;
	return by_index(cx, in, &document, &out->body);
}
