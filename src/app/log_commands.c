/* SPDX-License-Identifier: Apache-2.0 */
/* audit, prove, verify, export, key: what anyone does with the log. */
#include <stdio.h>

#include "app/app_priv.h"
#include "base/io.h"
#include "codec/json.h"
#include "notice/notice.h"
#include "text/text.h"

#define PROOF_FILE_MAX (1u << 20)

static void audit_progress(int64_t done, int64_t all)
{
	command_progress("auditing", done, all);
}

static void print_audit(struct cx *cx, const struct audit_report *r, bool json)
{
	struct str root =
	    base64_print(cx->mem, (struct str){(const char *)r->root.b, sizeof r->root.b});
	struct val *v = val_map(cx->mem);
	struct buf b = buf_new(cx->mem, 1 << 20);

	if (!json) {
		if (r->ok)
			(void)printf("ok: size %" PRId64 " root %.*s\n", r->size, STR_ARG(root));
		else
			(void)printf("WRONG: %.*s\n", STR_ARG(r->finding));
		return;
	}
	val_set_bool(cx->mem, v, "ok", r->ok);
	val_set_int(cx->mem, v, "size", r->size);
	val_set_text(cx->mem, v, "root", root);
	val_set_text(cx->mem, v, "finding", r->ok ? STR_NONE : r->finding);
	json_print(&b, v);
	(void)puts(buf_str(&b).p);
}

static bool is_url(struct str s)
{
	return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

static bool audit(struct cx *cx, struct command_args *args)
{
	struct str target = args->n ? args->at[0] : cx->app->home,
		   vkey = command_option_get(args, "key");
	struct audit_report report = {.ok = false};
	struct config *c = arena_new(cx->mem, struct config);
	struct ledger_config lc;

	if (is_url(target)) {
		if (vkey.n == 0)
			return cx_fail(cx, ERR_INPUT,
			    "auditing an address needs --key VKEY: the key that you know from "
			    "elsewhere");
		if (!ledger_audit_url(cx, target, vkey, audit_progress, &report))
			return cx_note(cx, "auditing %.*s", STR_ARG(target));
	} else {
		if (!config_load(cx, target, c))
			return false;
		lc = app_ledger_config(cx, c, cx->app, LEDGER_READ);
		if (!ledger_audit(cx, &lc, audit_progress, &report)) {
			if (cx->err.code != ERR_DB && cx->err.code != ERR_CORRUPT)
				return cx_note(cx, "auditing %.*s", STR_ARG(target));
			/* a database too damaged to be read is a finding, not a failure of the audit */
			report = (struct audit_report){.ok = false, .finding = cx_error(cx)};
			cx_clear(cx);
		}
	}
	print_audit(cx, &report, args->json);
	args->exit_code = report.ok ? 0 : 1;
	return true;
}

/* ---- prove, verify ---- */

static bool write_out(struct cx *cx, struct str path, struct str bytes)
{
	if (path.n == 0)
		return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n ||
		       cx_fail(cx, ERR_IO, "writing to standard output failed");
	return io_file_replace(cx, str_c(cx->mem, path), bytes, 0644);
}

static bool prove(struct cx *cx, struct command_args *args)
{
	struct str id = STR_NONE, rest = args->at[0], file, out = command_option_get(args, "out");
	int64_t revision = 0;
	struct notice n;

	(void)str_split(&rest, '@', &id);
	if (rest.p != NULL && (!str_int(rest, &revision) || revision < 1))
		return cx_fail(cx, ERR_INPUT,
		    "\"%.*s\" is no revision; ID@REVISION takes a number from 1", STR_ARG(rest));
	if (!notice_get(cx, id, revision, &n) ||
	    !ledger_prove(cx, cx->app->ledger, n.row.idx, &file))
		return cx_note(cx, "proving %.*s", STR_ARG(args->at[0]));
	if (!write_out(cx, out, file))
		return false;
	if (out.n)
		(void)printf("%.*s: entry %" PRId64 " of %.*s, revision %" PRId64 "\n",
		    STR_ARG(out), n.row.idx, STR_ARG(id), n.row.revision);
	return true;
}

/* The key that a proof is checked against: given, or the home's; never the file's. */
static bool vkey_of(struct cx *cx, const struct command_args *args, struct str *out)
{
	struct str given = command_option_get(args, "key");
	const char *path = str_fmt(cx->mem, "%.*s/keys/log.vkey", STR_ARG(cx->app->home)).p;

	if (given.n && !str_has(given, STR("+"))) {
		if (!io_file_read(cx, str_c(cx->mem, given), PROOF_FILE_MAX, &given))
			return cx_note(cx, "reading the key");
	} else if (given.n == 0) {
		if (!io_file_find(cx, path, PROOF_FILE_MAX, &given))
			return false;
		if (given.p == NULL)
			return cx_fail(cx, ERR_INPUT,
			    "verify needs a key: --key VKEY, --key FILE, or --home DIR of a home "
			    "with keys/log.vkey");
	}
	*out = str_trim(given);
	return true;
}

/* finding absent: the proof holds. */
static void print_verified(
    struct cx *cx, const struct proof_result *r, struct str finding, bool json)
{
	struct val *v = val_map(cx->mem);
	bool ok = finding.p == NULL;

	if (json) {
		val_set_bool(cx->mem, v, "ok", ok);
		val_set_text(cx->mem, v, "finding", finding);
		val_set_text(cx->mem, v, "origin", ok ? r->origin : STR_NONE);
		val_set(cx->mem, v, "index", ok ? val_int(cx->mem, r->index) : val_null(cx->mem));
		val_set(cx->mem, v, "size", ok ? val_int(cx->mem, r->size) : val_null(cx->mem));
		val_set_text(cx->mem, v, "id", ok && r->entry.id.n ? r->entry.id : STR_NONE);
		val_set_int(cx->mem, v, "revision", ok ? r->entry.revision : 0);
		print_json(cx, v);
		return;
	}
	if (!ok) {
		(void)printf("WRONG: %.*s\n", STR_ARG(finding));
		return;
	}
	(void)printf("ok: entry %" PRId64 " of %.*s, size %" PRId64 "\n", r->index,
	    STR_ARG(r->origin), r->size);
	if (r->entry.id.n)
		(void)printf("notice: %.*s revision %" PRId64 ", logged %.*s\n",
		    STR_ARG(r->entry.id), r->entry.revision,
		    STR_ARG(instant_print(cx->mem, r->entry.time)));
}

static bool verify(struct cx *cx, struct command_args *args)
{
	struct str vkey, file, entry = STR_NONE, entry_path = command_option_get(args, "entry");
	struct str finding = STR_NONE;
	struct proof_result r = {0};
	struct vkey key;

	if (!vkey_of(cx, args, &vkey) || !vkey_parse(cx, vkey, &key) ||
	    !io_file_read(cx, str_c(cx->mem, args->at[0]), PROOF_FILE_MAX, &file))
		return false;
	if (entry_path.n && !io_file_read(cx, str_c(cx->mem, entry_path), PROOF_FILE_MAX, &entry))
		return false;
	if (!proof_verify(cx, file, vkey, entry, &r)) {
		if (cx->err.code != ERR_INPUT && cx->err.code != ERR_CORRUPT)
			return false;
		finding = cx_error(cx);
		cx_clear(cx);
		args->exit_code = 1;
	}
	print_verified(cx, &r, finding, args->json);
	return true;
}

/* ---- export, key ---- */

static bool export_log(struct cx *cx, struct command_args *args)
{
	struct val *v = val_map(cx->mem);

	if (!ledger_export(cx, cx->app->ledger, str_c(cx->mem, args->at[0])))
		return false;
	if (!args->json) {
		(void)printf("wrote %" PRId64 " entries as tiles to %.*s\n",
		    ledger_published(cx->app->ledger), STR_ARG(args->at[0]));
		return true;
	}
	val_set_int(cx->mem, v, "size", ledger_published(cx->app->ledger));
	val_set_text(cx->mem, v, "folder", args->at[0]);
	print_json(cx, v);
	return true;
}

static bool key_show(struct cx *cx, struct command_args *args)
{
	struct val *v = val_map(cx->mem);
	struct str vkey;

	if (!io_file_read(
		cx, str_fmt(cx->mem, "%.*s/keys/log.vkey", STR_ARG(cx->app->home)).p, 4096, &vkey))
		return false;
	if (!args->json) {
		(void)printf("%.*s\n", STR_ARG(str_trim(vkey)));
		return true;
	}
	val_set_text(cx->mem, v, "vkey", str_trim(vkey));
	print_json(cx, v);
	return true;
}

static const struct command_option audit_options[] = {
    {"key", "VKEY", "for an address: the log's public key, known from elsewhere"},
    {NULL},
};
static const struct command_option prove_options[] = {
    {"out", "FILE", "write the proof here instead of to standard output"},
    {NULL},
};
static const struct command_option verify_options[] = {
    {"key", "VKEY", "the log's public key, or a file with it; without it the home's"},
    {"entry", "FILE", "the entry's bytes; without it those in the proof's extra line"},
    {NULL},
};

const struct command log_commands[] = {
    {.name = "audit",
	.args = "[HOME|URL]",
	.args_max = 1,
	.doc = "Recompute everything: leaves, tiles, digests, numbers, times, corrections, "
	       "signature; name the first wrong thing.",
	.options = audit_options,
	.examples = "  gongkai --home var/demo audit\n  gongkai audit http://127.0.0.1:8080 --key "
		    "\"$(cat log.vkey)\"",
	.need = NEED_NOTHING,
	.run = audit},
    {.name = "prove",
	.args = "ID[@REVISION]",
	.args_min = 1,
	.args_max = 1,
	.doc = "Write the proof that a notice stands in the log (C2SP tlog-proof, with the entry "
	       "inside).",
	.options = prove_options,
	.examples = "  gongkai --home var/demo prove 360800-works-2026-000001 > proof.tlog-proof",
	.need = NEED_READ,
	.run = prove},
    {.name = "verify",
	.args = "FILE",
	.args_min = 1,
	.args_max = 1,
	.doc = "Check a proof file offline, against a key that you have from elsewhere.",
	.options = verify_options,
	.examples =
	    "  gongkai verify proof.tlog-proof --key \"$(gongkai --home var/demo key show)\"",
	.need = NEED_NOTHING,
	.run = verify},
    {.name = "export log",
	.args = "DIR",
	.args_min = 1,
	.args_max = 1,
	.doc = "Write all tiles and the checkpoint as files, for mirrors and static hosting.",
	.more = "The folder is new or empty, or a mirror of this log, which is brought up to date.",
	.examples = "  gongkai --home /srv/gongkai export log /srv/mirror",
	.need = NEED_READ,
	.run = export_log},
    {.name = "key show",
	.args = "",
	.doc = "Print the log's public key (vkey).",
	.examples = "  gongkai --home /srv/gongkai key show",
	.need = NEED_NOTHING,
	.run = key_show},
    {.name = NULL},
};
