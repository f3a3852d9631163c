/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cx *cx = fuzz_cx();
	struct words *words;

	if (!words_parse(cx, STR("input"), fuzz_text(data, size), &words)) {
		BUG_ON(!str_starts(cx->err.msg, STR("input:")));
		return 0;
	}
	BUG_ON(words_have(words, STR("")));
	BUG_ON(words_get(words, STR("home")).p == NULL);
	return 0;
}
