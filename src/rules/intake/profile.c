/* SPDX-License-Identifier: Apache-2.0 */
/* A profile as a whole: its head, its items, and whether it fits the domain. */
#include "base/app.h"
#include "base/io.h"
#include "codec/yaml.h"
#include "crypto/crypto.h"
#include "intake/intake_priv.h"

#define PROFILE_BYTES_MAX ((size_t)1 << 20)
#define SHIPPED		  "imports/"

/* ---- fitting the domain ---- */
static const struct field *column_of(const struct field *f, struct str name)
{
	for (size_t i = 0; i < f->columns_n; i++)
		if (str_eq(f->columns[i].name, name))
			return &f->columns[i];
	return NULL;
}

static void unknown_field(struct reading *r, const struct profile_field *pf, const struct item *it)
{
	struct val at = {.line = pf->line, .column = pf->column};
	struct str near = map_near(&it->by_name, pf->name);

	reading_mistake(r, &at, "no field \"%.*s\" in %.*s%s%.*s%s", STR_ARG(pf->name),
	    STR_ARG(it->id), near.p ? "; did you mean \"" : "", STR_ARG(near), near.p ? "\"?" : "");
}

/* A way of saying a value that belongs to one type of field only. */
static void fit_kind(struct reading *r, const struct profile_field *pf, const struct field *f,
    bool used, const char *how, const char *type)
{
	struct val at = {.line = pf->line, .column = pf->column};
	struct str is = field_type_name(f);

	if (used && !str_is(is, type))
		reading_mistake(r, &at, "\"%.*s\" is of type %.*s: %s is for the type %s",
		    STR_ARG(pf->name), STR_ARG(is), how, type);
}

/* Does each variant of the value suit the field's type? */
static void fit_value(struct reading *r, const struct profile_field *pf, const struct field *f)
{
	struct val at = {.line = pf->line, .column = pf->column};

	for (const struct profile_value *v = pf->value; v; v = v->next) {
		bool rows = v->kind == VALUE_ROWS;

		fit_kind(r, pf, f, rows, "rows", "rows");
		fit_kind(r, pf, f, v->kind == VALUE_PERIOD, "start/end", "period");
		fit_kind(r, pf, f, v->code != NULL, "code", "organisation");
		fit_kind(r, pf, f, v->words, "as: words", "price");
		if (!rows && str_is(field_type_name(f), "rows"))
			reading_mistake(
			    r, &at, "\"%.*s\" is a table: say rows and columns", STR_ARG(pf->name));
		for (size_t i = 0; rows && i < v->columns.n; i++) {
			const struct profile_field *c = &v->columns.at[i];
			const struct field *column = column_of(f, c->name);

			if (column)
				fit_value(r, c, column);
			else
				reading_mistake(r,
				    &(struct val){.line = c->line, .column = c->column},
				    "no column \"%.*s\" in the rows of \"%.*s\"", STR_ARG(c->name),
				    STR_ARG(f->name));
		}
	}
}

static void fit_field(
    struct reading *r, struct profile_field *pf, const struct item *it, bool common)
{
	struct val at = {.line = pf->line, .column = pf->column};
	const struct field *f = map_get(&it->by_name, pf->name);

	if (!f && !common)
		unknown_field(r, pf, it);
	if (!f)
		return;
	pf->used = true;
	if (f->document.n)
		reading_mistake(r, &at, "\"%.*s\" is carried by the document's %.*s",
		    STR_ARG(pf->name), STR_ARG(f->document));
	else if (f->by_system)
		reading_mistake(r, &at, "\"%.*s\" is filled by the system", STR_ARG(pf->name));
	else
		fit_value(r, pf, f);
}

static bool any_item_has(const struct profile *p, struct str field)
{
	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.at[i].item && map_has(&p->items.at[i].item->by_name, field))
			return true;
	return false;
}

static void fit(struct reading *r, const struct val *must)
{
	struct profile *p = r->profile;

	for (size_t i = 0; i < p->items.n; i++) {
		struct profile_item *pi = &p->items.at[i];

		for (size_t k = 0; pi->item && k < pi->fields.n; k++)
			fit_field(r, &pi->fields.at[k], pi->item, false);
		for (size_t k = 0; pi->item && k < p->fields.n; k++)
			fit_field(r, &p->fields.at[k], pi->item, true);
	}
	for (size_t k = 0; k < p->fields.n; k++)
		if (!p->fields.at[k].used && p->items.n && p->items.at[0].item)
			unknown_field(r, &p->fields.at[k], p->items.at[0].item);
	VAL_EACH(i, must)
		if (!any_item_has(p, must->at[i]->text))
			reading_mistake(r, must->at[i],
			    "must: no item of this profile has a field \"%.*s\"",
			    STR_ARG(must->at[i]->text));
}

/* ---- the head ---- */
static void item_read(struct reading *r, const struct val *v)
{
	static const char *const words[] = {"item", "when", "fields", NULL};
	struct profile_item out = {0};
	struct str id = val_str(v, "item");

	reading_keys(r, v, words);
	out.item = domain_item(r->domain, id);
	if (!out.item) {
		struct str near = map_near(&r->domain->items, id);

		reading_mistake(r, val_at(v, "item") ? val_at(v, "item") : v,
		    "no item \"%.*s\" in the catalogue%s%.*s%s", STR_ARG(id),
		    near.p ? "; did you mean \"" : "", STR_ARG(near), near.p ? "\"?" : "");
	} else {
		out.ref = item_ref(r->cx->mem, out.item);
	}
	if (val_at(v, "when"))
		reading_tests(r, val_at(v, "when"), &out.when);
	if (val_at(v, "fields"))
		reading_fields(r, val_at(v, "fields"), &out.fields);
	*list_add(r->cx->mem, &r->profile->items) = out;
}

static struct profile_value *wanted(struct reading *r, const struct val *map, const char *key)
{
	const struct val *v = val_find(map, str_of(key));

	if (v)
		return reading_value(r, v);
	reading_mistake(r, map, "\"%s\" is missing", key);
	return NULL;
}

static struct profile_value *optional(struct reading *r, const struct val *map, const char *key)
{
	const struct val *v = val_find(map, str_of(key));

	return v ? reading_value(r, v) : NULL;
}

static void appearance_read(struct reading *r, const struct val *root)
{
	static const char *const words[] = {"identity", "address", "time", "stated_by", NULL};
	const struct val *v = val_at(root, "appearance");

	if (!v || v->kind != VAL_MAP) {
		reading_mistake(r, v ? v : root,
		    "\"appearance\" is missing: appearance: {identity: …, address: …, time: …, "
		    "stated_by: …}");
		return;
	}
	reading_keys(r, v, words);
	r->profile->identity = wanted(r, v, "identity");
	r->profile->address = optional(r, v, "address");
	r->profile->time = optional(r, v, "time");
	r->profile->stated_by = optional(r, v, "stated_by");
}

static void whole_read(struct reading *r, const struct val *v)
{
	r->profile->whole = v->kind == VAL_TEXT && str_is(v->text, "yes");
	if (!r->profile->whole && !str_is(v->text, "no"))
		reading_mistake(r, v, "whole_file: yes or no is wanted");
}

static void head_read(struct reading *r, const struct val *root)
{
	struct profile *p = r->profile;
	struct str format = val_str(root, "format");

	p->name = val_str(root, "profile");
	p->platform = val_str(root, "platform");
	if (!p->name.n)
		reading_mistake(r, root, "\"profile\" is missing: the profile's name");
	if (!p->platform.n)
		reading_mistake(r, root,
		    "\"platform\" is missing: the host name of the platform that the rows come "
		    "from");
	if (!str_is(format, "csv") && !str_is(format, "jsonl"))
		reading_mistake(r, val_at(root, "format") ? val_at(root, "format") : root,
		    "format: csv or jsonl is wanted");
	p->format = str_is(format, "jsonl") ? SOURCE_JSONL : SOURCE_CSV;
	if (val_at(root, "group"))
		p->group = reading_paths(r, val_at(root, "group"));
	if (val_at(root, "whole_file"))
		whole_read(r, val_at(root, "whole_file"));
	p->agency = wanted(r, root, "agency");
	p->place = wanted(r, root, "place");
	p->date = wanted(r, root, "date");
	p->title = wanted(r, root, "title");
	appearance_read(r, root);
}

static void root_read(struct reading *r, const struct val *root)
{
	static const char *const words[] = {"profile", "label", "title", "source", "platform",
	    "format", "group", "whole_file", "items", "agency", "place", "date", "appearance",
	    "must", "fields", NULL};
	const struct val *items = val_at(root, "items"), *must = val_at(root, "must"),
			 *fields = val_at(root, "fields");

	if (root->kind != VAL_MAP) {
		reading_mistake(r, root, "a profile is a map");
		return;
	}
	reading_keys(r, root, words);
	head_read(r, root);
	if (!items || items->kind != VAL_LIST || !items->n)
		reading_mistake(
		    r, items ? items : root, "\"items\" is a list: - item: works.result");
	VAL_EACH(i, items)
		item_read(r, items->at[i]);
	if (fields)
		reading_fields(r, fields, &r->profile->fields);
	if (must && must->kind != VAL_LIST)
		reading_mistake(r, must, "must is a list of fields: must: [section_code]");
	VAL_EACH(i, must)
		*list_add(r->cx->mem, &r->profile->must) = must->at[i]->text;
	fit(r, must);
}

bool intake_profile_parse(struct cx *cx, const struct domain *d, struct str file, struct str text,
    struct mistakes *mistakes, struct profile **out)
{
	struct reading r = {.cx = cx, .domain = d, .file = file, .mistakes = mistakes};
	size_t before = mistakes->n;
	struct hash digest = crypto_sha256(text);
	struct val *root;

	*out = NULL;
	if (!yaml_parse(cx, file, text, &root))
		return false;
	r.profile = arena_new(cx->mem, struct profile);
	r.profile->digest = hash_hex(cx->mem, &digest);
	root_read(&r, root);
	if (mistakes->n == before)
		*out = r.profile;
	return true;
}

/* A file that is no YAML is one mistake: its message begins with the place, "imports/x.yaml:3:4: ". */
static bool yaml_mistake(struct cx *cx, struct str file, struct mistakes *mistakes)
{
	struct mistake m = {.file = file, .message = cx->err.msg};
	size_t at;

	if (cx->err.code != ERR_INPUT)
		return false;
	if (str_find(m.message, STR(": "), 0, &at)) {
		m.file = str_cut(m.message, 0, at);
		m.message = str_cut(m.message, at + 2, m.message.n);
	}
	*list_add(cx->mem, mistakes) = m;
	cx_clear(cx);
	return true;
}

bool intake_profiles_check(
    struct cx *cx, const struct domain *d, const struct map *files, struct mistakes *mistakes)
{
	struct profile *p;

	MAP_EACH(it, files) {
		if (!str_starts(it->key, STR(SHIPPED)) || !str_ends(it->key, STR(".yaml")))
			continue;
		if (!intake_profile_parse(cx, d, it->key, *(struct str *)it->value, mistakes, &p) &&
		    !yaml_mistake(cx, it->key, mistakes))
			return false;
	}
	return true;
}

/* ---- finding ---- */
static bool shipped_get(struct cx *cx, struct str name, struct str *file_out, struct str *text_out)
{
	const struct map *files = cx->app->data;
	const struct str *text;
	struct map names = {0};
	struct buf list = buf_new(cx->mem, 4096);
	struct str near;

	*file_out = str_fmt(cx->mem, SHIPPED "%.*s.yaml", STR_ARG(name));
	text = map_get(files, *file_out);
	if (text) {
		*text_out = *text;
		return true;
	}
	MAP_EACH(it, files) {
		if (!str_starts(it->key, STR(SHIPPED)) || !str_ends(it->key, STR(".yaml")))
			continue;
		map_put(cx->mem, &names, str_cut(it->key, sizeof SHIPPED - 1, it->key.n - 5), NULL);
		buf_c(&list, list.n ? ", " : "");
		buf_add(&list, names.at[names.n - 1].key);
	}
	near = map_near(&names, name);
	return cx_fail(cx, ERR_INPUT,
	    "no profile \"%.*s\"%s%.*s%s; shipped are %.*s, and any path to a .yaml file will do",
	    STR_ARG(name), near.p ? ", did you mean \"" : "", STR_ARG(near), near.p ? "\"?" : "",
	    STR_ARG(buf_str(&list)));
}

bool intake_profile_get(struct cx *cx, struct str name, struct profile **out)
{
	struct mistakes mistakes = {0};
	struct str file = name, text = STR_NONE, slash = STR("/");
	struct buf all;
	bool path = str_has(name, slash) || str_ends(name, STR(".yaml"));

	if (path && !io_file_read(cx, str_c(cx->mem, name), PROFILE_BYTES_MAX, &text))
		return cx_note(cx, "reading the profile %.*s", STR_ARG(name));
	if (!path && !shipped_get(cx, name, &file, &text))
		return false;
	if (!intake_profile_parse(cx, cx->app->domain, file, text, &mistakes, out))
		return false;
	if (*out)
		return true;
	all = buf_new(cx->mem, (size_t)1 << 20);
	mistakes_print(&all, &mistakes);
	return cx_fail(cx, ERR_INPUT, "%.*s", STR_ARG(str_trim(buf_str(&all))));
}
