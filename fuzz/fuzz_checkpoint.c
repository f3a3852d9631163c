/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "ledger/tlog.h"

/* Signed notes, checkpoints, verifier keys and tile paths: what is accepted prints as what was read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str bytes = fuzz_text(data, size);
	struct checkpoint c;
	struct tile_path path;
	struct vkey key;
	struct note n;

	if (tile_path_parse(bytes, &path))
		BUG_ON(!str_eq(tile_path_print(cx->mem, path), bytes));
	if (!vkey_parse(cx, bytes, &key))
		cx_clear(cx);
	else if (key.type == VKEY_ED25519)
		BUG_ON(
		    !str_eq(str_cut(vkey_print(cx->mem, key.name, (const unsigned char *)key.key.p),
				0, key.name.n),
			key.name));
	if (!note_parse(cx, bytes, &n)) {
		cx_clear(cx);
		return 0;
	}
	BUG_ON(n.n == 0 || n.n > NOTE_MAX_LINES || n.text.p[n.text.n - 1] != '\n');
	BUG_ON(note_check(cx->mem, &n, NULL, 0) != NOTE_UNVERIFIED);
	if (!checkpoint_parse(cx, n.text, &c)) {
		cx_clear(cx);
		return 0;
	}
	BUG_ON(!str_starts(n.text, checkpoint_print(cx->mem, &c)));
	return 0;
}
