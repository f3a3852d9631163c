/* SPDX-License-Identifier: Apache-2.0 */
/* Content negotiation between the two forms of a page (RFC 9110 12.5.1). */
#include <strings.h>

#include "web/web_priv.h"

static bool same(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* "0.8" → 800; not a weight → 0. */
static int weight(struct str q)
{
	int v;

	if (q.n == 0 || q.n > 5 || (q.p[0] != '0' && q.p[0] != '1') || (q.n > 1 && q.p[1] != '.'))
		return 0;
	v = (q.p[0] - '0') * 1000;
	for (size_t i = 2, power = 100; i < q.n; i++, power /= 10) {
		if (q.p[i] < '0' || q.p[i] > '9')
			return 0;
		v += (q.p[i] - '0') * (int)power;
	}
	return v > 1000 ? 1000 : v;
}

struct wish {
	int specific; /* 0 nothing, 1 any, 2 type/any, 3 exact */
	int weight;
};

static void wish(struct wish *w, int specific, int weight)
{
	if (specific > w->specific || (specific == w->specific && weight > w->weight))
		*w = (struct wish){specific, weight};
}

bool accept_wants_json(struct str accept)
{
	struct wish html = {0}, json = {0};
	struct str one;

	while (str_split(&accept, ',', &one)) {
		struct str rest = one, type, parameter;
		int q = 1000;

		(void)str_split(&rest, ';', &type);
		type = str_trim(type);
		while (str_split(&rest, ';', &parameter)) {
			parameter = str_trim(parameter);
			if (str_starts(parameter, STR("q=")) || str_starts(parameter, STR("Q=")))
				q = weight(str_cut(parameter, 2, parameter.n));
		}
		if (same(type, "*/*")) {
			wish(&html, 1, q);
			wish(&json, 1, q);
		} else if (same(type, "text/*")) {
			wish(&html, 2, q);
		} else if (same(type, "application/*")) {
			wish(&json, 2, q);
		} else if (same(type, "text/html") || same(type, "application/xhtml+xml")) {
			wish(&html, 3, q);
		} else if (same(type, "application/json")) {
			wish(&json, 3, q);
		}
	}
	return json.weight > html.weight;
}
