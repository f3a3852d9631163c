/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that two servers could read in two ways (request smuggling, RFC 9112 11.2) are refused and the connection is closed. The library takes
 * them: a Content-Length beside Transfer-Encoding, two Content-Lengths or Hosts, no Host, "Content-Length :" with a space, header names with
 * illegal characters, targets with a scheme. Bodies must say their length: chunked ones would be read without any limit.
 */
#include <microhttpd.h>
#include <strings.h>

#include "http/http_priv.h"

/* RFC 9110 5.6.2 */
static bool is_token(struct str s)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || (c && strchr(marks, c));

		if (!ok)
			return false;
	}
	return s.n > 0;
}

static bool is_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
			return false;
	return true;
}

/* RFC 9112 3: no white space in a target; the library takes all between the first space and the last. */
static bool is_target(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0 && s.p[0] == '/';
}

static void length(struct head *h, struct str value)
{
	h->lengths++;
	h->length_wrong |= !str_uint(value, &h->length);
}

/* The headers that somebody here reads. A repeated one that must not be is the guard's matter; otherwise the first counts. */
static void known(struct head *h, struct str name, struct str value)
{
	const struct {
		const char *name;
		struct str *to;
	} wanted[] = {
	    {"Host", &h->rq->host},
	    {"Accept", &h->rq->accept},
	    {"Cookie", &h->rq->cookie},
	    {"Content-Type", &h->rq->content_type},
	    {"Origin", &h->rq->origin},
	    {"Sec-Fetch-Site", &h->rq->fetch_site},
	    {"If-None-Match", &h->if_none_match},
	    {"Accept-Encoding", &h->accept_encoding},
	};

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (name.n == strlen(wanted[i].name) &&
		    strncasecmp(name.p, wanted[i].name, name.n) == 0 && wanted[i].to->p == NULL) {
			*wanted[i].to = value;
			return;
		}
	}
}

static bool is_called(struct str name, const char *what)
{
	return name.n == strlen(what) && strncasecmp(name.p, what, name.n) == 0;
}

static enum MHD_Result one(void *arg, enum MHD_ValueKind kind, const char *key, size_t key_n,
    const char *text, size_t text_n)
{
	struct head *h = arg;
	struct str name = {key ? key : "", key_n}, value = {text ? text : "", text_n};

	(void)kind;
	h->bad |= !is_token(name) || !is_value(value);
	if (is_called(name, "Content-Length"))
		length(h, value);
	else if (is_called(name, "Transfer-Encoding"))
		h->encodings++;
	else if (is_called(name, "X-Forwarded-For"))
		h->forwarded = value;
	h->hosts += is_called(name, "Host");
	known(h, name, value);
	return MHD_YES;
}

void head_read(struct MHD_Connection *c, struct head *out, struct request *rq)
{
	*out = (struct head){.rq = rq};
	(void)MHD_get_connection_values_n(c, MHD_HEADER_KIND, one, out);
}

static bool is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] > '~' ||
		    strchr("/\\@?#,\"<>", s.p[i]))
			return false;
	return s.n > 0 && s.n < 256;
}

static struct verdict framing(const struct head *h, size_t body_max)
{
	if (h->encodings && h->lengths)
		return (struct verdict){400, T_("请求同时带有Content-Length和Transfer-Encoding")};
	if (h->lengths > 1)
		return (struct verdict){400, T_("请求带有多个Content-Length")};
	if (h->length_wrong)
		return (struct verdict){400, T_("Content-Length不是数字")};
	if (h->encodings)
		return (struct verdict){411, T_("请求正文须写明Content-Length")};
	if (h->length > body_max)
		return (struct verdict){413, T_("请求正文太大")};
	return (struct verdict){0, NULL};
}

struct verdict guard(
    const struct head *h, struct str method, struct str target, struct str version, size_t body_max)
{
	if (!str_is(version, "HTTP/1.1") && !str_is(version, "HTTP/1.0"))
		return (struct verdict){505, T_("只支持HTTP/1.0和HTTP/1.1")};
	if (!is_token(method))
		return (struct verdict){400, T_("请求方法有误")};
	if (!is_target(target))
		return (struct verdict){400, T_("请求地址须以/开头")};
	if (h->bad)
		return (struct verdict){400, T_("请求头含有不允许的字符")};
	if (h->hosts > 1 || (h->hosts == 0 && str_is(version, "HTTP/1.1")) ||
	    (h->hosts && !is_host(h->rq->host)))
		return (struct verdict){400, T_("请求须有且只有一个有效的Host")};
	return framing(h, body_max);
}
