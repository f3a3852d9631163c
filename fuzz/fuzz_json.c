/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "fuzz.h"

#define MOST ((size_t)64 << 20)

/* What this writer wrote is read back as the same value. */
static void reads_back(
    struct cx *cx, const struct val *v, void (*print)(struct buf *, const struct val *))
{
	struct buf b = buf_new(cx->mem, MOST);
	struct val *again;

	print(&b, v);
	BUG_ON(!json_parse(cx, buf_str(&b), &(struct json_limits){.bytes = MOST}, &again));
	BUG_ON(!val_eq(v, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct str once, twice;
	struct val *v, *again;

	if (!json_parse(cx, fuzz_text(data, size), NULL, &v))
		return 0;
	reads_back(cx, v, json_print);
	reads_back(cx, v, json_print_pretty);
	BUG_ON(!val_eq(v, val_copy(cx->mem, v)));
	if (!json_canonical(cx, v, &once))
		return 0;
	BUG_ON(!json_parse(cx, once, &(struct json_limits){.bytes = MOST}, &again) ||
	       !val_eq(v, again));
	BUG_ON(!json_canonical(cx, again, &twice) || !str_eq(once, twice));
	return 0;
}
