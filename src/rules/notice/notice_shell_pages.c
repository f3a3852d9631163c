/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines with which anyone checks the log without our program: curl, coreutils, sed and OpenSSL 3. The public key stands in the lines as the DER of
 * RFC 8410, so that it can be compared with one from elsewhere.
 */
#include "notice/notice_faces.h"

static const unsigned char der_head[] = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

struct lines {
	struct cx *cx;
	struct val *list;
	struct str log; /* https://…/log/1 */
	struct vkey key;
	struct checkpoint head;
};

/* gongkai.example/log/1 → /log/1: the name of the log ends with its path here. */
static struct str log_path(struct str origin)
{
	size_t slash;

	return str_find(origin, STR("/"), 0, &slash) ? str_cut(origin, slash, origin.n) : STR("");
}

struct val *notice_checkpoint_link(struct cx *cx)
{
	struct str origin = ledger_vkey(cx->app->ledger), name = STR_NONE;

	(void)str_split(&origin, '+', &name);
	return val_link(cx->mem, str_fmt(cx->mem, "%.*s/checkpoint", STR_ARG(log_path(name))),
	    T(cx, "最新检查点"));
}

static void line(struct lines *l, struct str command, struct str shows)
{
	struct val *v = val_add(l->cx->mem, l->list, val_map(l->cx->mem));

	val_set_text(l->cx->mem, v, "command", command);
	val_set(
	    l->cx->mem, v, "shows", shows.n ? val_text(l->cx->mem, shows) : val_null(l->cx->mem));
}

static void checkpoint_lines(struct lines *l)
{
	struct cx *cx = l->cx;
	struct arena *mem = cx->mem;
	char both[sizeof der_head + 32];
	struct str der;

	memcpy(both, der_head, sizeof der_head);
	memcpy(both + sizeof der_head, l->key.key.p, 32);
	der = base64_print(mem, (struct str){both, sizeof both});
	line(l, str_fmt(mem, "curl -sf %.*s/checkpoint >checkpoint", STR_ARG(l->log)),
	    T(cx, "取得签了名的检查点"));
	line(l, STR("sed '/^$/,$d' checkpoint >body"),
	    T(cx, "被签名的三行：日志名称、大小、根摘要"));
	line(l,
	    str_fmt(mem, "sed -n 's|^— %.*s ||p' checkpoint | base64 -d | tail -c 64 >signature",
		STR_ARG(l->key.name)),
	    STR_NONE);
	line(l, str_fmt(mem, "echo %.*s | base64 -d >key.der", STR_ARG(der)),
	    T(cx, "公钥，请与别处公布的核对"));
	line(l,
	    STR("openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in body "
		"-sigfile signature"),
	    T(cx, "显示 Signature Verified Successfully，检查点就是本平台签的"));
}

/* The path from a proof file to the root, RFC 9162 2.1.3.2: where the hash on the path stands follows from index and size alone. */
static const char path_command[] =
    "i=$(sed -n 's/^index //p' proof); n=$(( $(sed -n '/^$/,$p' proof | sed -n 3p) - 1 )); "
    "h() { basenc --base16 -d | sha256sum | cut -c1-64 | tr a-f A-F; }; "
    "H=$( { printf '\\0'; cat entry; } | sha256sum | cut -c1-64 | tr a-f A-F); "
    "for p in $(sed -n '/^index /,/^$/p' proof | sed '1d;$d'); do "
    "P=$(echo $p | base64 -d | basenc --base16 -w0); "
    "if [ $((i % 2)) = 1 ] || [ $i = $n ]; then H=$(printf 01$P$H | h); "
    "while [ $((i % 2)) = 0 ] && [ $i != 0 ]; do i=$((i / 2)) n=$((n / 2)); done; "
    "else H=$(printf 01$H$P | h); fi; i=$((i / 2)) n=$((n / 2)); done; "
    "printf $H | basenc --base16 -d | base64";

static bool entry_lines(struct lines *l, int64_t index)
{
	struct cx *cx = l->cx;
	struct arena *mem = cx->mem;
	struct notice n;
	struct str base;

	if (!notice_get_by_index(cx, index, &n)) {
		bool other = cx->err.code == ERR_NOT_FOUND; /* an entry that is no notice */

		if (other)
			cx_clear(cx);
		return other;
	}
	base = str_fmt(mem, "%.*s/n/%.*s@%" PRId64, STR_ARG(notice_site_address(cx)),
	    STR_ARG(n.row.id), n.row.revision);
	line(l,
	    str_fmt(mem, "curl -sf %.*s/entry >entry; curl -sf %.*s/proof >proof", STR_ARG(base),
		STR_ARG(base)),
	    T(cx, "这份公告的日志条目和证明文件"));
	if (n.document_bytes.p) {
		line(l,
		    str_fmt(mem, "curl -sf %.*s/salt >salt; curl -sf %.*s/document >document",
			STR_ARG(base), STR_ARG(base)),
		    STR_NONE);
		line(l, STR("grep -c $(cat salt document | sha256sum | cut -c1-64) entry"),
		    T(cx, "显示 1，正文就是条目所记的那一份"));
	}
	line(l, str_of(path_command), T(cx, "由条目算出的根摘要"));
	line(l, STR("sed -n '/^$/,$p' proof | sed -n 4p"),
	    T(cx, "检查点里的根摘要；与上一行相同，条目就在日志里"));
	return true;
}

bool notice_shell_show(struct cx *cx, int64_t index, struct val *page)
{
	struct lines l = {.cx = cx, .list = val_list(cx->mem)};
	struct str note = ledger_checkpoint(cx, cx->app->ledger);

	if (!vkey_parse(cx, ledger_vkey(cx->app->ledger), &l.key) ||
	    !checkpoint_open(cx, note, &l.key, &l.head))
		return cx_note(cx, "reading our own checkpoint");
	l.log = str_fmt(
	    cx->mem, "%.*s%.*s", STR_ARG(notice_site_address(cx)), STR_ARG(log_path(l.key.name)));
	checkpoint_lines(&l);
	if (index >= 0 && !entry_lines(&l, index))
		return false;
	val_set(cx->mem, page, "shell", l.list);
	val_set_text(cx->mem, page, "origin", l.head.origin);
	val_set_text(cx->mem, page, "key", ledger_vkey(cx->app->ledger));
	val_set_text(cx->mem, page, "root",
	    base64_print(cx->mem, (struct str){(const char *)l.head.root.b, sizeof l.head.root.b}));
	val_set(cx->mem, page, "checkpoint", notice_checkpoint_link(cx));
	val_set_int(cx->mem, page, "size", (int64_t)l.head.size);
	return true;
}
