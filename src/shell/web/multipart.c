/* SPDX-License-Identifier: Apache-2.0 */
/* multipart/form-data (RFC 7578, RFC 2046 5.1.1), whole body in memory; parts are views into it. */
#include <strings.h>

#include "text/text.h"
#include "web/web_priv.h"

#define PARTS_MAX    32
#define BOUNDARY_MAX 70

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* name="value" or name=value of a header; absent when it is not there. Browsers write " as %22 in values, so no escape is read. */
static struct str parameter(struct str header, const char *name)
{
	struct str rest = header, one, key;

	while (str_split(&rest, ';', &one)) {
		struct str value = str_trim(one);

		(void)str_split(&value, '=', &key);
		if (value.p == NULL || key.n != strlen(name) ||
		    strncasecmp(key.p, name, key.n) != 0)
			continue;
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_cut(value, 1, value.n - 1);
		return value;
	}
	return STR_NONE;
}

/* One header line of a part; only Content-Disposition says something to us. */
static void header(struct str line, struct form_part *part)
{
	struct str name, value = line;
	static const char wanted[] = "content-disposition";

	(void)str_split(&value, ':', &name);
	if (value.p == NULL || name.n != sizeof wanted - 1 ||
	    strncasecmp(name.p, wanted, name.n) != 0)
		return;
	part->name = parameter(value, "name");
	part->file_name = parameter(value, "filename");
	part->is_file = part->file_name.p != NULL;
}

static bool clean(struct str s)
{
	size_t at;

	return text_utf8_valid(s, &at) && !has_control(s);
}

/* text: headers, empty line, body. */
static const char *one_part(struct str text, struct form_part *part)
{
	size_t end, from = 0;

	if (str_starts(text, STR("\r\n")))
		return T_("表单的一部分没有名称");
	if (!str_find(text, STR("\r\n\r\n"), 0, &end))
		return T_("表单不完整");
	while (from < end) {
		size_t line_end = end;

		(void)str_find(str_cut(text, 0, end), STR("\r\n"), from, &line_end);
		header(str_cut(text, from, line_end), part);
		from = line_end + 2;
	}
	part->body = str_cut(text, end + 4, text.n);
	if (part->name.n == 0 || !clean(part->name) || !clean(part->file_name))
		return T_("表单的一部分没有名称");
	if (!part->is_file && !text_utf8_valid(part->body, &end))
		return T_("编码有误，应为UTF-8");
	return NULL;
}

static const char *boundary(struct arena *mem, struct str content_type, struct str *out)
{
	struct str b = parameter(content_type, "boundary");

	if (b.n == 0 || b.n > BOUNDARY_MAX || is_space(b.p[b.n - 1]))
		return T_("表单没有写明分隔符");
	*out = str_fmt(mem, "\r\n--%.*s", STR_ARG(b));
	return NULL;
}

/* The end of the first boundary, which may begin the body without a line end before it. */
static bool first_boundary(struct str body, struct str line, size_t *at)
{
	bool ok = str_find(body, line, 0, at);

	if (str_starts(body, str_cut(line, 2, line.n))) {
		*at = line.n - 2;
		return true;
	}
	*at += line.n;
	return ok;
}

const char *multipart_parse(
    struct arena *mem, struct str content_type, struct str body, struct form_parts *out)
{
	struct str line;
	const char *wrong = boundary(mem, content_type, &line);
	size_t at = 0, next;

	if (wrong)
		return wrong;
	if (!first_boundary(body, line, &at))
		return T_("表单不完整");
	while (!str_starts(str_cut(body, at, body.n), STR("--"))) {
		struct form_part part = {0};

		while (at < body.n && is_space(body.p[at]))
			at++;
		if (!str_starts(str_cut(body, at, body.n), STR("\r\n")) ||
		    !str_find(body, line, at, &next))
			return T_("表单不完整");
		if (out->n == PARTS_MAX)
			return T_("表单的部分太多");
		wrong =
		    next < at + 2 ? T_("表单不完整") : one_part(str_cut(body, at + 2, next), &part);
		if (wrong)
			return wrong;
		*list_add(mem, out) = part;
		at = next + line.n;
	}
	return NULL;
}
