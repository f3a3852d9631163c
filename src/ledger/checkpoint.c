/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints (C2SP tlog-checkpoint) and the proof files that citizens keep (C2SP tlog-proof). */
#include "ledger/tlog.h"

static bool hash_parse(struct arena *mem, struct str base64, struct hash *out)
{
	struct str bytes;

	if (base64.n != 44 || !base64_parse(mem, base64, &bytes) || bytes.n != 32)
		return false;
	memcpy(out->b, bytes.p, 32);
	return true;
}

/* Takes a line with its line end off *rest. */
static bool line_take(struct str *rest, struct str *line_out)
{
	return str_split(rest, '\n', line_out) && rest->p != NULL;
}

bool checkpoint_parse(struct cx *cx, struct str body, struct checkpoint *out)
{
	struct str rest = body, size, root;

	if (!line_take(&rest, &out->origin) || out->origin.n == 0)
		return cx_fail(
		    cx, ERR_INPUT, "the first line of a checkpoint is the origin of its log");
	if (!line_take(&rest, &size) || !str_uint(size, &out->size))
		return cx_fail(
		    cx, ERR_INPUT, "the second line of a checkpoint is its size in decimal");
	if (!line_take(&rest, &root) || !hash_parse(cx->mem, root, &out->root))
		return cx_fail(cx, ERR_INPUT,
		    "the third line of a checkpoint is its root: base64 of 32 bytes");
	out->extension = rest;
	for (struct str line; rest.n;)
		if (!line_take(&rest, &line) || line.n == 0)
			return cx_fail(cx, ERR_INPUT,
			    "further lines of a checkpoint are not empty and end in a line end");
	return true;
}

struct str checkpoint_print(struct arena *mem, const struct checkpoint *c)
{
	return str_fmt(mem, "%.*s\n%" PRIu64 "\n%s\n", STR_ARG(c->origin), c->size,
	    base64_print(mem, (struct str){(const char *)c->root.b, 32}).p);
}

bool checkpoint_open(struct cx *cx, struct str note, const struct vkey *key, struct checkpoint *out)
{
	struct note n;

	if (!note_parse(cx, note, &n) || !checkpoint_parse(cx, n.text, out))
		return cx_note(cx, "reading a checkpoint");
	switch (note_check(cx->mem, &n, key, 1)) {
	case NOTE_FALSE:
		return cx_fail(cx, ERR_INPUT,
		    "the signature of %.*s does not hold for this checkpoint", STR_ARG(key->name));
	case NOTE_UNVERIFIED:
		return cx_fail(
		    cx, ERR_INPUT, "the checkpoint has no signature of %.*s", STR_ARG(key->name));
	case NOTE_VERIFIED:
		break;
	}
	if (!str_eq(out->origin, key->name))
		return cx_fail(cx, ERR_INPUT, "the checkpoint is of the log %.*s, the key of %.*s",
		    STR_ARG(out->origin), STR_ARG(key->name));
	return true;
}

/* ---- proof files ---- */

#define PROOF_HEAD "c2sp.org/tlog-proof@v1"

static bool proof_head(struct cx *cx, struct str *rest, struct proof *out)
{
	struct str line;

	if (!line_take(rest, &line) || !str_is(line, PROOF_HEAD))
		return cx_fail(cx, ERR_INPUT, "the first line of a proof is " PROOF_HEAD);
	out->extra = STR_NONE;
	if (!line_take(rest, &line))
		return cx_fail(cx, ERR_INPUT, "a proof says \"index N\" after its first line");
	if (str_starts(line, STR("extra "))) {
		if (!base64_parse(cx->mem, str_cut(line, 6, line.n), &out->extra))
			return cx_fail(cx, ERR_INPUT, "the extra line of the proof is not base64");
		if (!line_take(rest, &line))
			line = STR("");
	}
	if (!str_starts(line, STR("index ")) || !str_uint(str_cut(line, 6, line.n), &out->index))
		return cx_fail(cx, ERR_INPUT, "a proof says \"index N\", not \"%.*s\"",
		    STR_ARG(str_cut(line, 0, 40)));
	return true;
}

bool proof_parse(struct cx *cx, struct str file, struct proof *out)
{
	struct str rest = file, line;

	if (file.n > NOTE_MAX_BYTES)
		return cx_fail(
		    cx, ERR_LIMIT, "a proof has at most %u bytes, not %zu", NOTE_MAX_BYTES, file.n);
	if (!proof_head(cx, &rest, out))
		return false;
	for (out->path.n = 0;; out->path.n++) {
		if (!line_take(&rest, &line))
			return cx_fail(cx, ERR_INPUT, "an empty line and a checkpoint end a proof");
		if (line.n == 0)
			break;
		if (out->path.n == PATH_MAX_LEN - 1)
			return cx_fail(
			    cx, ERR_LIMIT, "a proof has at most %d hashes", PATH_MAX_LEN - 1);
		if (!hash_parse(cx->mem, line, &out->path.at[out->path.n]))
			return cx_fail(cx, ERR_INPUT,
			    "hash %zu of the proof is not base64 of 32 bytes", out->path.n + 1);
	}
	if (rest.n == 0)
		return cx_fail(cx, ERR_INPUT, "the proof has no checkpoint");
	out->checkpoint = rest;
	return true;
}

struct str proof_print(struct arena *mem, const struct proof *p)
{
	struct buf b = buf_new(mem, NOTE_MAX_BYTES + 2 * TLOG_ENTRY_MAX);

	buf_c(&b, PROOF_HEAD "\n");
	if (p->extra.p)
		buf_fmt(&b, "extra %s\n", base64_print(mem, p->extra).p);
	buf_fmt(&b, "index %" PRIu64 "\n", p->index);
	for (size_t i = 0; i < p->path.n; i++)
		buf_fmt(&b, "%s\n",
		    base64_print(mem, (struct str){(const char *)p->path.at[i].b, 32}).p);
	buf_char(&b, '\n');
	buf_add(&b, p->checkpoint);
	return buf_str(&b);
}
