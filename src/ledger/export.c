/* SPDX-License-Identifier: Apache-2.0 */
/* The log as files, laid out as tlog-tiles wants them: for mirrors and static hosting. */
#include "base/io.h"
#include "ledger/ledger_priv.h"

/* dir/path, with the folders on the way. */
static bool file_put(struct cx *cx, const char *dir, struct str path, struct str bytes)
{
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '/' &&
		    !io_dir_make(cx, str_fmt(cx->mem, "%s/%.*s", dir, (int)i, path.p).p, 0755))
			return false;
	return io_file_replace(cx, str_fmt(cx->mem, "%s/%.*s", dir, STR_ARG(path)).p, bytes, 0644);
}

static bool tile_export(
    struct cx *cx, const struct ledger *l, const char *dir, struct tile_path path)
{
	struct str name = str_fmt(cx->mem, "tile/%s", tile_path_print(cx->mem, path).p), bytes;
	bool ok = path.level < 0 ? ledger_bundle_get(cx, l, path.n, path.width, &bytes)
				 : ledger_tile_get(cx, l, path.level, path.n, path.width, &bytes);

	return ok && file_put(cx, dir, name, bytes);
}

/*
 * A folder that is new, empty, or holds an earlier state of this log: other files, or another log's, are not mixed with it. A checkpoint there must
 * be one that we signed, and not of a longer log.
 */
static bool mirror_check(
    struct cx *cx, const char *dir, const struct checkpoint *head, const struct vkey *key)
{
	struct checkpoint was = {.size = 0};
	struct io_names names;
	struct str note;

	if (!io_dir_make(cx, dir, 0755) || !io_dir_list(cx, dir, "", &names) ||
	    !io_file_find(cx, str_fmt(cx->mem, "%s/checkpoint", dir).p, NOTE_MAX_BYTES, &note))
		return false;
	if (note.p == NULL)
		return names.n == 0 ||
		       (names.n == 1 && str_is(names.at[0], "tile")) || /* was interrupted */
		       cx_fail(cx, ERR_CONFLICT,
			   "%s is not empty (it holds %.*s%s) and no mirror of a "
			   "log: choose a new or empty folder",
			   dir, STR_ARG(names.at[0]), names.n > 1 ? " …" : "");
	if (!checkpoint_open(cx, note, key, &was)) {
		cx->err.code = ERR_CONFLICT;
		return cx_note(cx, "reading %s/checkpoint, which must be of this log", dir);
	}
	return was.size <= head->size ||
	       cx_fail(cx, ERR_CONFLICT,
		   "%s mirrors %" PRIu64 " entries of this log, here are only %" PRIu64, dir,
		   was.size, head->size);
}

bool ledger_export(struct cx *cx, const struct ledger *l, const char *dir)
{
	struct str note = ledger_checkpoint(cx, l);
	struct checkpoint head;
	struct vkey key;

	if (!vkey_parse(cx, ledger_vkey(l), &key) || !checkpoint_open(cx, note, &key, &head) ||
	    !mirror_check(cx, dir, &head, &key))
		return false;
	for (int level = -1; level < TILE_LEVELS; level++) {
		int width;

		for (int64_t n = 0; (width = tile_width(head.size, level < 0 ? 0 : level, n)) > 0;
		     n++) {
			struct arena_mark m = arena_mark(cx->mem);

			if (!tile_export(cx, l, dir, (struct tile_path){level, n, width}))
				return cx_note(cx, "exporting the log to %s", dir);
			arena_rewind(cx->mem, m);
		}
	}
	return file_put(cx, dir, STR("checkpoint"), note); /* last: it promises all the others */
}
