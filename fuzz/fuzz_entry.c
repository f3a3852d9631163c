/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "ledger/entry.h"

/* An entry is read or refused; of a known type it has exactly one text. A bundle comes to an end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str bytes = fuzz_text(data, size), rest = bytes, part;
	struct entry e;
	struct hash digest;
	size_t n = 0;

	while (bundle_next(&rest, &part))
		n += 2 + part.n;
	BUG_ON(n + rest.n != bytes.n);
	if (!entry_parse(cx, 7, bytes, &e))
		return 0;
	BUG_ON((e.meta == NULL) != (e.type.p == NULL));
	if (e.meta == NULL)
		return 0;
	BUG_ON(entry_type_find(e.type) == NULL || e.id.n == 0 || e.time == 0);
	(void)entry_digest(e.meta, &digest);
	BUG_ON(entry_target(e.meta, "corrects").index < -1 ||
	       entry_target(e.meta, "erases").index < -1);
	return 0;
}
