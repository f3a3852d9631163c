/* SPDX-License-Identifier: Apache-2.0 */
/* Words of an officer that a command publishes: they pass the same gate as a source's. */
#include "intake/intake_priv.h"
#include "privacy/privacy.h"
#include "text/text.h"

bool intake_reason_check(struct cx *cx, const char *option, struct str text)
{
	struct personal_list found = {0};
	size_t at;

	if (!text_utf8_valid(text, &at))
		return cx_fail(cx, ERR_INPUT, "--%s is not UTF-8", option);
	if (text_check(text, true, &at) != TEXT_CLEAN)
		return cx_fail(cx, ERR_INPUT,
		    "--%s is published: it must not hold control, direction or invisible "
		    "characters "
		    "(the first stands at byte %zu)",
		    option, at + 1);
	privacy_scan(cx->mem, STR(""), text, &found);
	return found.n == 0 ||
	       cx_fail(cx, ERR_INPUT,
		   "--%s is published: it must not hold the number of a person (%.*s)", option,
		   STR_ARG(found.at[0].masked));
}
