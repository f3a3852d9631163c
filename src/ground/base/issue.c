/* SPDX-License-Identifier: Apache-2.0 */
#include "base/issue.h"

#define VALUE_MAX 200u

void issue_add(struct arena *mem, struct issues *list, struct issue issue)
{
	size_t n = issue.value.n;

	if (n > VALUE_MAX) {
		n = VALUE_MAX;
		while (n && ((unsigned char)issue.value.p[n] & 0xC0) == 0x80)
			n--;
	}
	issue.value = str_dup(mem, str_cut(issue.value, 0, n));
	*list_add(mem, list) = issue;
}

bool issues_hold(const struct issues *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].severity == SEVERITY_ERROR)
			return true;
	return false;
}
