/* SPDX-License-Identifier: Apache-2.0 */
/* Path parts, query and form fields → what the route's table allows. Everything else is an issue and never reaches the handler. */
#include "text/text.h"
#include "web/web_priv.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool url_decode(struct arena *mem, struct str s, bool plus, struct str *out)
{
	char *p = arena_alloc(mem, s.n + 1);
	size_t n = 0, bad;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%') {
			int hi = i + 2 < s.n ? hex(s.p[i + 1]) : -1,
			    lo = hi >= 0 ? hex(s.p[i + 2]) : -1;

			if (hi < 0 || lo < 0)
				return false;
			c = (char)(hi << 4 | lo);
			i += 2;
		}
		if (c == '\0')
			return false;
		p[n++] = c;
	}
	*out = (struct str){p, n};
	return text_utf8_valid(*out, &bad);
}

static const struct param *find(const struct route *r, struct str name)
{
	for (const struct param *p = r->in; p && p->name; p++)
		if (str_is(name, p->name))
			return p;
	return NULL;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' || c == '-';

		if (!ok)
			return false;
	}
	return s.n > 0;
}

/* A text area sends line ends; nothing else below U+0020 is text. */
bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return true;
	}
	return false;
}

/* The value in canonical form; NULL when fine, else what would be accepted. */
static const char *typed(struct arena *mem, const struct param *p, struct str *value)
{
	int32_t day, clock;
	int64_t number;

	if (value->n > (p->max ? p->max : 200))
		return T_("太长");
	switch (p->type) {
	case PARAM_INT:
		return str_int(*value, &number) ? NULL : T_("应为整数");
	case PARAM_DATE:
		if (!date_parse_loose(*value, &day, &clock))
			return T_("应为日期，例如2026-03-31");
		*value = date_print(mem, day);
		return NULL;
	case PARAM_ID:
		return is_id(*value) ? NULL : T_("只能有字母、数字和 . _ @ -");
	default:
		return has_control(*value) ? T_("含有控制字符") : NULL;
	}
}

static void issue(struct arena *mem, struct issues *issues, struct str field, const char *rule,
    const char *message)
{
	issue_add(mem, issues,
	    (struct issue){.field = field,
		.rule = str_of(rule),
		.message = str_of(message),
		.severity = SEVERITY_ERROR});
}

static void value_put(struct arena *mem, struct input *in, struct str name, struct str value)
{
	struct str *kept = arena_new(mem, struct str);

	*kept = value;
	(void)map_put(mem, &in->values, name, kept);
}

/* One pair of a query or form, decoded. */
static void pair(struct arena *mem, const struct route *route, struct input *in, struct str name,
    struct str value, struct issues *issues)
{
	const struct param *p = find(route, name);
	const char *wrong;

	if (p == NULL || p->type == PARAM_FILE) {
		issue(mem, issues, name, "parameter-unknown", T_("没有这个参数"));
		return;
	}
	if (map_has(&in->values, name)) {
		issue(mem, issues, name, "parameter-twice", T_("重复出现"));
		return;
	}
	value = str_trim(value);
	wrong = value.n ? typed(mem, p, &value) : NULL;
	if (wrong)
		issue(mem, issues, name, "parameter-value", wrong);
	value_put(mem, in, str_of(p->name), value);
}

/* a=1&b=2 */
static void pairs(struct arena *mem, const struct route *route, struct str text, struct input *in,
    struct issues *issues)
{
	struct str one;
	size_t n = 0;

	while (text.n && str_split(&text, '&', &one)) {
		struct str name, value = one, decoded_name, decoded;

		if (one.n == 0)
			continue;
		if (++n > PARAMETERS_MAX) {
			issue(mem, issues, STR(""), "parameter-many", T_("参数太多"));
			return;
		}
		(void)str_split(&value, '=', &name);
		if (!url_decode(mem, name, true, &decoded_name) ||
		    !url_decode(mem, value.p ? value : STR(""), true, &decoded))
			issue(
			    mem, issues, STR(""), "parameter-encoding", T_("编码有误，应为UTF-8"));
		else
			pair(mem, route, in, decoded_name, decoded, issues);
	}
}

/* The accepted parameters in the order of the table, empty ones left out: what cache key and canonical address are made of. */
static void canonical(struct arena *mem, const struct route *route, struct input *in)
{
	struct buf b = buf_new(mem, (size_t)QUERY_MAX * 4);

	for (const struct param *p = route->in; p && p->name; p++) {
		const struct str *v = map_get(&in->values, str_of(p->name));

		if (v == NULL || v->n == 0)
			continue;
		buf_fmt(&b, "%s%s=", b.n ? "&" : "", p->name);
		buf_url(&b, *v);
	}
	in->query = buf_str(&b);
}

void input_query(struct arena *mem, const struct route *route, struct str query, struct input *in,
    struct issues *issues)
{
	struct input only = {0};

	if (query.n > QUERY_MAX) {
		issue(mem, issues, STR(""), "parameter-many", T_("参数太多"));
		return;
	}
	pairs(mem, route, query, &only, issues);
	canonical(mem, route, &only);
	in->query = only.query;
	MAP_EACH(slot, &only.values) {
		if (map_has(&in->values, slot->key))
			issue(mem, issues, slot->key, "parameter-unknown", T_("没有这个参数"));
		else
			(void)map_put(mem, &in->values, slot->key, slot->value);
	}
}

bool input_path(
    struct arena *mem, const struct route *route, const struct match *m, struct input *in)
{
	static const struct param plain = {.type = PARAM_ID};
	struct str rest = str_cut(str_of(route->path), 1, SIZE_MAX), segment;
	size_t n = 0;

	while (rest.n && str_split(&rest, '/', &segment)) {
		struct str name = str_cut(segment, 1, segment.n), value;
		const struct param *p;

		if (segment.n == 0 || segment.p[0] != ':')
			continue;
		p = find(route, name);
		if (!url_decode(mem, m->parts[n++], false, &value) || value.n == 0 ||
		    typed(mem, p ? p : &plain, &value))
			return false;
		value_put(mem, in, name, value);
	}
	return m->rest.p == NULL || url_decode(mem, m->rest, false, &in->suffix);
}

static void multipart(struct arena *mem, const struct route *route, const struct request *rq,
    struct input *in, struct issues *issues)
{
	struct form_parts parts = {0};
	const char *wrong = multipart_parse(mem, rq->content_type, rq->body, &parts);

	if (wrong) {
		issue(mem, issues, STR(""), "form-encoding", wrong);
		return;
	}
	LIST_EACH(part, &parts) {
		const struct param *p = find(route, part->name);

		if (p == NULL || p->type != PARAM_FILE) {
			pair(mem, route, in, part->name, part->body, issues);
		} else if (in->body.p) {
			issue(mem, issues, part->name, "parameter-twice", T_("重复出现"));
		} else if (part->is_file && (part->body.n || part->file_name.n)) {
			in->body = part->body;
			in->file_name = part->file_name;
		}
	}
}

void input_form(struct arena *mem, const struct route *route, const struct request *rq,
    struct input *in, struct issues *issues)
{
	struct str type = rq->content_type;

	if (rq->body.n == 0)
		return;
	if (str_starts(type, STR("multipart/form-data")))
		multipart(mem, route, rq, in, issues);
	else if (str_starts(type, STR("application/x-www-form-urlencoded")))
		pairs(mem, route, rq->body, in, issues);
	else
		issue(mem, issues, STR(""), "form-type",
		    T_("应为multipart/form-data或application/x-www-form-urlencoded"));
}

struct str input_accepted(struct arena *mem, const struct route *route)
{
	struct buf b = buf_new(mem, 8192);

	for (const struct param *p = route->in; p && p->name; p++)
		if (p->doc)
			buf_fmt(&b, "%s%s", b.n ? ", " : "", p->name);
	return buf_str(&b);
}

struct str input_text(const struct input *in, const char *name)
{
	const struct str *v = map_get(&in->values, str_of(name));

	return v && v->n ? *v : STR_NONE;
}

int64_t input_int(const struct input *in, const char *name, int64_t otherwise)
{
	int64_t v;

	return str_int(input_text(in, name), &v) ? v : otherwise;
}

/* RFC 6265: name=value; name=value. The first of that name. */
struct str cookie_value(struct str cookies, const char *name)
{
	struct str one, key;

	while (str_split(&cookies, ';', &one)) {
		struct str value = str_trim(one);

		(void)str_split(&value, '=', &key);
		if (value.p && str_is(key, name))
			return value;
	}
	return STR_NONE;
}
