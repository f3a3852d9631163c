/* SPDX-License-Identifier: Apache-2.0 */
/* How people read the leaves of the value tree, in Chinese and in English; and which addresses may stand in a page. */
#include "text/text.h"
#include "web/template_priv.h"

static bool english(const struct cx *cx)
{
	return cx->lang && strcmp(cx->lang, "en") == 0;
}

static bool show_day(struct cx *cx, struct buf *b, struct str text)
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	    "July", "August", "September", "October", "November", "December"};
	int32_t day;
	int y, m, d;

	if (!date_parse(text, &day))
		return false;
	date_split(day, &y, &m, &d);
	if (english(cx))
		buf_fmt(b, "%d %s %d", d, months[m - 1], y);
	else
		buf_fmt(b, "%d年%d月%d日", y, m, d);
	return true;
}

/* 2026-03-16T08:42:00+08:00 → the day and 08:42, seconds only when there are some. */
static bool show_instant(struct cx *cx, struct buf *b, struct str text)
{
	int64_t when;

	if (!instant_parse(text, &when) || !show_day(cx, b, str_cut(text, 0, 10)))
		return false;
	buf_c(b, english(cx) ? ", " : " ");
	buf_add(b, str_cut(text, 11, str_is(str_cut(text, 17, 19), "00") ? 16 : 19));
	return true;
}

static void show_amount(struct cx *cx, struct buf *b, const struct val *v)
{
	struct decimal d;
	struct str unit = v->label;

	buf_html(b, decimal_parse(v->text, &d) ? decimal_group(cx->mem, v->text) : v->text);
	if (unit.n == 0)
		return;
	if (english(cx))
		unit = web_word(cx, str_c(cx->mem, unit));
	/* A space before a unit in letters; none before % and Han. */
	if (unit.p[0] != '%' && !text_is_han(text_next(&(struct str){unit.p, unit.n})))
		buf_char(b, ' ');
	buf_html(b, unit);
}

bool leaf_show(struct cx *cx, struct buf *b, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		return true;
	case VAL_BOOL:
		buf_html(b, v->truth ? T(cx, "是") : T(cx, "否"));
		return true;
	case VAL_INT:
		buf_int(b, v->i);
		return true;
	case VAL_NUMBER:
	case VAL_TEXT:
		buf_html(b, v->text);
		return true;
	case VAL_DECIMAL:
	case VAL_MONEY:
		show_amount(cx, b, v);
		return true;
	case VAL_DATE:
		if (!show_day(cx, b, v->text))
			buf_html(b, v->text);
		return true;
	case VAL_INSTANT:
		if (!show_instant(cx, b, v->text))
			buf_html(b, v->text);
		return true;
	case VAL_CODE:
	case VAL_LINK:
		buf_html(b, v->label.n ? v->label : v->text);
		return true;
	case VAL_HTML:
		buf_add(b, v->text);
		return true;
	default:
		return false;
	}
}

/* Han, CJK punctuation and full width forms. */
static bool is_chinese(int32_t c)
{
	return text_is_han(c) || (c >= 0x3000 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff60);
}

/* A run goes on over digits and letters, ends before a space, and its last character is Chinese. */
void leaf_mark(struct buf *b, struct str escaped)
{
	struct str rest = escaped;

	while (rest.n) {
		const char *from = rest.p, *end = NULL;
		int32_t c = text_next(&rest);

		if (!is_chinese(c)) {
			buf_add(b, (struct str){from, (size_t)(rest.p - from)});
			continue;
		}
		for (struct str ahead = rest; c != -1 && c != ' '; c = text_next(&ahead))
			if (is_chinese(c))
				end = ahead.p;
		buf_c(b, "<span lang=\"zh-CN\">");
		buf_add(b, (struct str){from, (size_t)(end - from)});
		buf_c(b, "</span>");
		rest = (struct str){end, rest.n - (size_t)(end - rest.p)};
	}
}

bool leaf_machine(struct buf *b, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		return true;
	case VAL_BOOL:
		buf_c(b, v->truth ? "true" : "false");
		return true;
	case VAL_INT:
		buf_int(b, v->i);
		return true;
	case VAL_LIST:
	case VAL_MAP:
	case VAL_HTML:
		return false;
	default:
		buf_html(b, v->text);
		return true;
	}
}

/* ---- addresses ---- */
bool address_is_safe(struct str a)
{
	static const char *const begins[] = {"#", "?", "https://", "http://", "mailto:", "tel:"};

	for (size_t i = 0; i < a.n; i++)
		if ((unsigned char)a.p[i] <= ' ' || a.p[i] == '\\' || a.p[i] == 0x7f)
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (str_starts(a, str_of(begins[i])))
			return true;
	return a.n > 0 && a.p[0] == '/' && !(a.n > 1 && a.p[1] == '/');
}

bool address_has_language(struct str path)
{
	static const char *const without[] = {
	    "/static/", "/log/", "/theme.css", "/healthz", "/en/"};

	for (size_t i = 0; i < ARRAY_SIZE(without); i++)
		if (str_starts(path, str_of(without[i])))
			return false;
	return str_starts(path, STR("/"));
}
