/* SPDX-License-Identifier: Apache-2.0 */
/* What the room's pages share: links, names, the newest notices of a filter. */
#include "catalogue/catalogue_faces.h"
#include "notice/notice_faces.h"

#define PIECES 24
#define NEWEST 10

void links_add(struct cx *cx, struct val *list, struct val *link)
{
	val_set(cx->mem, val_add(cx->mem, list, val_map(cx->mem)), "link", link);
}

struct val *texts_show(struct cx *cx, const struct str *at, size_t n)
{
	struct val *list = val_list(cx->mem);

	for (size_t i = 0; i < n; i++)
		if (at[i].n)
			val_add(cx->mem, list, val_text(cx->mem, at[i]));
	return list;
}

struct str channel_name(struct cx *cx, struct str id)
{
	const struct channel *c = domain_channel(cx->app->domain, id);

	return c ? label_in(c->name, cx->lang) : id;
}

struct str code_name(struct cx *cx, const char *list, struct str code)
{
	const struct code *c = code_find(domain_codes(cx->app->domain, str_of(list)), code);

	return c ? label_in(c->label, cx->lang) : code;
}

struct str lead_name(struct cx *cx, struct str lead)
{
	static const char *const classes[] = {
	    T_("市直相关部门"), T_("各县(市、区)政府"), T_("各级政府"), T_("各级政府办公室")};
	const struct agency *a = domain_agency(cx->app->domain, lead);

	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		if (str_is(lead, classes[i]))
			return T(cx, classes[i]);
	return a ? label_in(a->name, cx->lang) : lead;
}

struct str discloser_text(struct cx *cx, const struct item *it)
{
	bool english = strcmp(cx->lang, "en") == 0;

	return it->discloser_note.n && !english ? it->discloser_note
						: code_name(cx, "DISCLOSER_RULE", it->discloser);
}

/* Semicolons within brackets join nothing: "(招标投标法65;条例22)" is one piece. */
size_t pieces_of(struct arena *mem, struct str text, struct str **out)
{
	size_t n = 0, from = 0;
	int depth = 0;

	*out = arena_array(mem, struct str, PIECES);
	for (size_t i = 0; i <= text.n; i++) {
		char c = i < text.n ? text.p[i] : ';';

		depth += (c == '(') - (c == ')');
		if (i < text.n && (c != ';' || depth > 0 || n + 1 == PIECES))
			continue;
		if (i > from)
			(*out)[n++] = str_trim(str_cut(text, from, i));
		from = i + 1;
	}
	return n;
}

bool newest_show(struct cx *cx, const struct notice_filter *f, struct str all, struct val *page)
{
	struct notice_filter newest = *f;
	struct notice_row *rows;
	struct val *list;
	size_t n;

	newest.limit = NEWEST;
	if (!notice_list(cx, &newest, &rows, &n) || !notice_rows_show(cx, rows, n, &list))
		return false;
	val_set_bool(cx->mem, page, "any", n > 0);
	val_set(cx->mem, page, "notices", list);
	val_set(cx->mem, page, "all",
	    n ? val_link(cx->mem, all, T(cx, "全部公告")) : val_null(cx->mem));
	return true;
}

struct val *period_link(struct cx *cx, const struct deadline *rule)
{
	enum period_unit unit;

	if (rule == NULL || rule->n <= 0 || !period_unit_parse(rule->unit, &unit))
		return val_null(cx->mem);
	return val_link(cx->mem,
	    str_fmt(cx->mem, "/calendar?days=%" PRId64 "&unit=%.*s&rule=%.*s", rule->n,
		STR_ARG(rule->unit), STR_ARG(rule->key)),
	    T(cx, "怎么算的"));
}
