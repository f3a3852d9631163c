/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "http/http_priv.h"

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

bool address_of(const struct sockaddr *sa, struct address *out)
{
	if (sa && sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof in);
		memcpy(out->b, mapped, 12);
		memcpy(out->b + 12, &in.sin_addr, 4);
		return true;
	}
	if (sa && sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof in6);
		memcpy(out->b, &in6.sin6_addr, 16);
		return true;
	}
	return false;
}

bool address_parse(struct str text, struct address *out)
{
	char c[INET6_ADDRSTRLEN];

	if (text.n == 0 || text.n >= sizeof c)
		return false;
	memcpy(c, text.p, text.n);
	c[text.n] = '\0';
	if (inet_pton(AF_INET6, c, out->b) == 1)
		return true;
	memcpy(out->b, mapped, 12);
	return inet_pton(AF_INET, c, out->b + 12) == 1;
}

struct str address_print(struct arena *mem, const struct address *a)
{
	char c[INET6_ADDRSTRLEN];
	bool four = memcmp(a->b, mapped, 12) == 0;

	if (inet_ntop(four ? AF_INET : AF_INET6, four ? a->b + 12 : a->b, c, sizeof c) == NULL)
		return STR("?");
	return str_dup(mem, str_of(c));
}

struct address address_client(struct address a)
{
	if (memcmp(a.b, mapped, 12) != 0)
		memset(a.b + 8, 0, 8);
	return a;
}
