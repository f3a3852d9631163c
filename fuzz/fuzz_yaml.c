/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"
#include "codec/yaml.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct buf b = buf_new(cx->mem, (size_t)128 << 20);
	struct val *v, *again;

	if (!yaml_parse(cx, STR("input"), fuzz_text(data, size), &v)) {
		BUG_ON(!str_starts(cx->err.msg, STR("input:")));
		return 0;
	}
	BUG_ON(v->line == 0 || v->column == 0);
	json_print(&b, v);
	BUG_ON(!json_parse(cx, buf_str(&b),
	    &(struct json_limits){.bytes = (size_t)128 << 20, .nodes = 1 << 24}, &again));
	BUG_ON(!val_eq(v, again));
	return 0;
}
