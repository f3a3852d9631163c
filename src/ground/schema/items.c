/* SPDX-License-Identifier: Apache-2.0 */
/* Sectors, items and fields. */
#include "schema/schema_priv.h"

/* ---- sectors ---- */
struct sector_in {
	struct sector s;
	struct str *items;
	size_t items_n;
};

static const struct member sector_members[] = {
    MUST("sector", struct sector_in, s.id),
    MUST("mark", struct sector_in, s.mark),
    MUST("title", struct sector_in, s.title),
    MUST("order", struct sector_in, s.order),
    MEMBER("version", struct sector_in, s.version),
    LIST("items", struct sector_in, items),
    MEMBERS_END,
};

void load_sector(struct load *l, struct val *tree)
{
	struct sector_in *in = arena_new(l->mem, struct sector_in);
	struct sector **at = l->d->sectors;
	size_t n = l->d->sectors_n;

	(void)record_read(l, tree, sector_members, in);
	if (in->s.id.n == 0)
		return;
	if (in->s.mark.n && text_length(in->s.mark) != 1)
		mistake(l, val_at(tree, "mark"), "\"mark\" should be one character");
	for (size_t i = 0; i < n; i++) {
		if (str_eq(at[i]->id, in->s.id))
			mistake(l, tree, "sector \"%.*s\" stands twice", STR_ARG(in->s.id));
		if (l->files && at[i]->order == in->s.order && val_at(tree, "order"))
			mistake(l, val_at(tree, "order"), "sector \"%.*s\" has this order already",
			    STR_ARG(at[i]->id));
	}
	in->s.item_ids = in->items;
	in->s.item_ids_n = in->items_n;
	l->d->sectors =
	    arena_grow(l->mem, at, n * sizeof(struct sector *), (n + 1) * sizeof(struct sector *));
	l->d->sectors[l->d->sectors_n++] = &in->s;
}

/* ---- fields ---- */
struct field_in {
	struct field f;
	struct str type, required, search, is_public, written_by, min, max;
	struct val *carries, *columns;
};

static const struct member field_members[] = {
    MUST("name", struct field_in, f.name),
    MEMBER("label", struct field_in, f.label),
    MEMBER("type", struct field_in, type),
    MEMBER("document", struct field_in, f.document),
    MEMBER("unit", struct field_in, f.unit),
    MEMBER("required", struct field_in, required),
    MEMBER("codes", struct field_in, f.codes_id),
    MEMBER("pattern", struct field_in, f.pattern),
    MEMBER("identifier", struct field_in, f.identifier),
    MEMBER("min", struct field_in, min),
    MEMBER("max", struct field_in, max),
    MEMBER("public", struct field_in, is_public),
    MEMBER("search", struct field_in, search),
    MEMBER("written_by", struct field_in, written_by),
    MEMBER("hint", struct field_in, f.hint),
    MEMBER("basis", struct field_in, f.basis),
    MEMBER("national", struct field_in, f.national),
    MEMBER("carries", struct field_in, carries),
    MEMBER("columns", struct field_in, columns),
    MEMBERS_END,
};

static const struct {
	const char *part;
	struct label label;
} document_parts[] = {
    {"title", {{"标题", 6}, {"Title", 5}}},
    {"formed_on", {{"形成日期", 12}, {"Formed on", 9}}},
    {"agency", {{"公开主体", 12}, {"Disclosed by", 12}}},
    {"place", {{"地区", 6}, {"Place", 5}}},
    {"appearance", {{"首次公布", 12}, {"First published", 15}}},
    {"attachments", {{"附件", 6}, {"Attachments", 11}}},
    {"note", {{"说明", 6}, {"Note", 4}}},
};

/* yes, no, or what holds when nothing is said. */
static bool yesno(
    struct load *l, const struct val *tree, const char *key, struct str word, bool otherwise)
{
	static const char *const words[] = {"no", "yes", NULL};
	int i;

	if (word.p == NULL || !choice_read(l, tree, key, word, words, &i))
		return otherwise;
	return i == 1;
}

static void document_part(struct load *l, struct val *tree, struct field_in *in)
{
	struct map known = {0};

	for (size_t i = 0; i < ARRAY_SIZE(document_parts); i++) {
		if (str_is(in->f.document, document_parts[i].part)) {
			if (in->f.label.zh.n == 0)
				in->f.label = document_parts[i].label;
			if (in->type.n)
				mistake(l, val_at(tree, "type"),
				    "a part of the document has no type of its own");
			return;
		}
		map_put(l->mem, &known, str_of(document_parts[i].part), NULL);
	}
	mistake_word(l, val_at(tree, "document"), "part of a document", in->f.document, &known);
}

static void field_type_resolve(struct load *l, struct val *tree, struct field_in *in)
{
	struct map known = {0};

	in->f.type = field_type_find(in->type);
	if (in->f.label.zh.n == 0 && val_at(tree, "label") == NULL)
		mistake(l, tree, "\"label\" is missing");
	if (in->type.n == 0)
		mistake(l, tree, "\"type\" is missing");
	if (in->type.n == 0 || in->f.type != NULL)
		return;
	field_type_names(l->mem, &known);
	mistake_word(l, val_at(tree, "type"), "type", in->type, &known);
}

static void identifier_check(struct load *l, struct val *tree, struct str word)
{
	static const char *const words[] = {"uscc", "org", "invest_project", "unified_deal",
	    "section", "project", "tender_project", "purchase_project", "parcel", NULL};
	int i;

	(void)choice_read(l, tree, "identifier", word, words, &i);
}

/* min and max count characters of texts, and bound numbers. */
static void bounds_read(struct load *l, struct val *tree, struct field_in *in)
{
	struct decimal d, least;
	bool is_number = in->f.type && in->f.type->number;

	if (in->min.n && (!is_number || !decimal_parse(in->min, &d)))
		mistake(
		    l, val_at(tree, "min"), "\"min\" should be a number, of a field that is one");
	else
		in->f.min_value = in->min;
	if (in->max.n == 0)
		return;
	if (is_number && decimal_parse(in->max, &d)) {
		in->f.max_value = in->max;
		if (in->f.min_value.n && decimal_parse(in->f.min_value, &least) &&
		    decimal_cmp(d, least) < 0)
			mistake(l, val_at(tree, "max"), "\"max\" is less than \"min\"");
	} else if (is_number || !str_int(in->max, &in->f.max) || in->f.max <= 0)
		mistake(l, val_at(tree, "max"), "\"max\" should be a number%s",
		    is_number ? "" : " of characters");
}

/* What a key says must fit the type: a unit to numbers, a pattern to texts. */
static void fit_check(struct load *l, struct val *tree, const struct field_in *in)
{
	const struct field_type *t = in->f.type;
	bool money = str_is(in->type, "money") || str_is(in->type, "price");

	if (t == NULL)
		return;
	if (in->f.unit.n && t->number == NULL)
		mistake(l, val_at(tree, "unit"), "\"unit\" belongs to numbers, not to type %s",
		    t->name);
	else if (in->f.unit.n && money && !str_is(in->f.unit, "元") && !str_is(in->f.unit, "万元"))
		mistake(l, val_at(tree, "unit"),
		    "the unit of an amount is 元 or 万元, not \"%.*s\"", STR_ARG(in->f.unit));
	if (in->f.pattern.n && !str_is(in->type, "text") && !str_is(in->type, "identifier") &&
	    !(str_is(in->type, "place") && str_is(in->f.pattern, "any")))
		mistake(l, val_at(tree, "pattern"),
		    "\"pattern\" belongs to text and identifier (and pattern: any to place), not "
		    "to type %s",
		    t->name);
}

static void carries_read(struct load *l, struct field_in *in)
{
	struct val *list = in->carries;

	if (list == NULL)
		return;
	if (list->kind != VAL_LIST) {
		mistake(l, list, "\"carries\" should be a list of element numbers");
		return;
	}
	in->f.carries = arena_array(l->mem, int64_t, list->n);
	VAL_EACH(i, list) {
		struct val *v = list->at[i];
		int64_t n = v->i;

		if (v->kind != VAL_INT && (v->kind != VAL_TEXT || !str_int(v->text, &n))) {
			mistake(l, v, "an element of the plan is a number");
			continue;
		}
		v->kind = VAL_INT;
		v->i = n;
		for (size_t k = 0; k < in->f.carries_n; k++)
			if (in->f.carries[k] == n)
				mistake(l, v, "element %" PRId64 " stands twice in \"carries\"", n);
		in->f.carries[in->f.carries_n++] = n;
	}
}

static void words_read(struct load *l, struct val *tree, struct field_in *in)
{
	static const char *const required[] = {
	    [REQUIRED_NO] = "no", [REQUIRED_YES] = "yes", [REQUIRED_WHEN] = "when", NULL};
	int choice_out = REQUIRED_NO;
	struct str problem;

	if (in->required.p)
		(void)choice_read(l, tree, "required", in->required, required, &choice_out);
	in->f.required = (enum required)choice_out;
	in->f.is_public = yesno(l, tree, "public", in->is_public, true);
	in->f.search = yesno(l, tree, "search", in->search, in->f.type != NULL);
	in->f.by_system = in->written_by.n > 0;
	if (in->written_by.n && !str_is(in->written_by, "system"))
		mistake(l, val_at(tree, "written_by"), "\"written_by\" should be system");
	if (in->f.identifier.n)
		identifier_check(l, tree, in->f.identifier);
	if (in->f.pattern.n == 0 || str_is(in->f.pattern, "any"))
		return;
	in->f.regex = pattern_compile(l->mem, in->f.pattern, &problem);
	if (in->f.regex == NULL)
		mistake(l, val_at(tree, "pattern"), "the pattern cannot be read: %.*s",
		    STR_ARG(problem));
}

static bool name_is_good(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (i && ((c >= '0' && c <= '9') || c == '_'))))
			return false;
	}
	return name.n > 0;
}

static void field_read(
    struct load *l, struct val *tree, struct field *out, const struct field *rows);

static void columns_read(struct load *l, struct val *tree, struct field_in *in, struct field *self)
{
	bool is_rows = str_is(in->type, "rows");
	struct map names = {0};

	if (in->columns == NULL) {
		if (is_rows)
			mistake(l, tree, "\"columns\" is missing: the fields of a row");
		return;
	}
	if (!is_rows || in->columns->kind != VAL_LIST) {
		mistake(l, in->columns,
		    "\"columns\" should be a list of fields, of a field of type rows");
		return;
	}
	self->columns = arena_array(l->mem, struct field, in->columns->n);
	self->columns_n = in->columns->n;
	VAL_EACH(i, in->columns) {
		struct field *c = &self->columns[i];

		field_read(l, in->columns->at[i], c, self);
		if (c->name.n && map_put(l->mem, &names, c->name, c))
			mistake(l, in->columns->at[i], "column \"%.*s\" stands twice",
			    STR_ARG(c->name));
		if (c->columns_n || c->document.n)
			mistake(l, in->columns->at[i],
			    "a column is a plain field, of any type but rows");
	}
}

static void field_read(
    struct load *l, struct val *tree, struct field *out, const struct field *rows)
{
	struct field_in in = {0};

	if (!record_read(l, tree, field_members, &in))
		return;
	if (!name_is_good(in.f.name))
		mistake(l, val_at(tree, "name"),
		    "\"%.*s\": a name has lower case letters, digits and underscores",
		    STR_ARG(in.f.name));
	if (in.f.document.n)
		document_part(l, tree, &in);
	else
		field_type_resolve(l, tree, &in);
	words_read(l, tree, &in);
	bounds_read(l, tree, &in);
	fit_check(l, tree, &in);
	carries_read(l, &in);
	in.f.rows = rows;
	in.f.line = tree->line;
	in.f.column = tree->column;
	*out = in.f;
	columns_read(l, tree, &in, out);
}

/* ---- items ---- */
struct item_in {
	struct item i;
	struct val *limit, *fields;
};

static const struct member limit_members[] = {
    MUST("text", struct item, limit_text),
    MEMBER("word", struct item, limit_word),
    LIST("rules", struct item, rules),
    MEMBER("anchor", struct item, anchor),
    MEMBERS_END,
};

static const struct member item_members[] = {
    MUST("item", struct item_in, i.id),
    MUST("version", struct item_in, i.version),
    MUST("number", struct item_in, i.number),
    MUST("title", struct item_in, i.title),
    MEMBER("group", struct item_in, i.group),
    MUST("description", struct item_in, i.description),
    MUST("class", struct item_in, i.five_open),
    MUST("stage", struct item_in, i.stage),
    MUST("kind", struct item_in, i.kind),
    LIST("basis", struct item_in, i.basis),
    MUST("limit", struct item_in, limit),
    LIST("lead", struct item_in, i.lead),
    MEMBER("lead_2018", struct item_in, i.lead_2018),
    MUST("discloser", struct item_in, i.discloser),
    MEMBER("discloser_note", struct item_in, i.discloser_note),
    LIST("media", struct item_in, i.media),
    MEMBER("media_basis", struct item_in, i.media_basis),
    MEMBER("same_time", struct item_in, i.same_time),
    LIST("channels", struct item_in, i.channels),
    MUST("supervision", struct item_in, i.supervision),
    MEMBER("audience", struct item_in, i.audience),
    MEMBER("method", struct item_in, i.method),
    LIST("level", struct item_in, i.level),
    LIST("qualifiers", struct item_in, i.qualifiers),
    LIST("dataset", struct item_in, i.dataset),
    LIST("portal_stage", struct item_in, i.portal_stage),
    MEMBER("source", struct item_in, i.source),
    MEMBER("confidence", struct item_in, i.confidence),
    MEMBER("note", struct item_in, i.note),
    MUST("fields", struct item_in, fields),
    MEMBERS_END,
};

static void fields_read(struct load *l, struct item_in *in)
{
	struct item *it = &in->i;

	if (in->fields->kind != VAL_LIST || in->fields->n == 0) {
		mistake(l, in->fields, "\"fields\" should be a list of fields");
		return;
	}
	it->fields = arena_array(l->mem, struct field, in->fields->n);
	it->fields_n = in->fields->n;
	VAL_EACH(i, in->fields) {
		struct field *f = &it->fields[i];

		field_read(l, in->fields->at[i], f, NULL);
		f->item = it;
		for (size_t c = 0; c < f->columns_n; c++)
			f->columns[c].item = it;
		if (f->name.n && map_put(l->mem, &it->by_name, f->name, f))
			mistake(l, in->fields->at[i], "field \"%.*s\" stands twice in %.*s",
			    STR_ARG(f->name), STR_ARG(it->id));
	}
}

/* <sector>.<name>: lower case letters, digits and hyphens. */
static bool id_is_good(struct str id)
{
	size_t dots = 0;

	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		dots += c == '.';
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return dots == 1 && id.p[0] != '.' && id.p[id.n - 1] != '.';
}

static void item_check(struct load *l, struct val *tree, const struct item *it)
{
	const struct val *basis = val_at(tree, "basis"), *version = val_at(tree, "version");

	if (!id_is_good(it->id))
		mistake(l, val_at(tree, "item"),
		    "\"%.*s\": an item is called <sector>.<name>, in lower case letters, digits "
		    "and hyphens",
		    STR_ARG(it->id));
	if (it->version < 1 && version && version->kind == VAL_INT)
		mistake(l, version, "versions count from 1");
	for (size_t i = 0; i < it->basis_n; i++)
		if (it->basis[i].n == 0)
			mistake(l, basis->at[i], "a legal basis is missing here");
	if (l->files == NULL)
		return; /* what was published may have been renumbered since */
	MAP_EACH(slot, &l->d->items) {
		const struct item *other = slot->value;

		if (other->number == it->number && !str_eq(other->id, it->id))
			mistake(l, val_at(tree, "number"),
			    "item \"%.*s\" has number %" PRId64 " already", STR_ARG(other->id),
			    it->number);
	}
}

void load_item(struct load *l, struct val *tree)
{
	struct item_in *in = arena_new(l->mem, struct item_in);
	struct item *it = &in->i, *newest;

	(void)record_read(l, tree, item_members, in);
	if (it->id.n == 0)
		return;
	if (in->limit)
		(void)record_read(l, in->limit, limit_members, it);
	it->source_tree = tree;
	it->file = l->file;
	it->line = tree->line;
	item_check(l, tree, it);
	if (in->fields)
		fields_read(l, in);
	if (map_put(l->mem, &l->d->item_refs, item_ref(l->mem, it), it))
		mistake(l, val_at(tree, "item"), "item \"%.*s\" stands twice", STR_ARG(it->id));
	newest = map_get(&l->d->items, it->id);
	if (newest == NULL || newest->version < it->version)
		map_put(l->mem, &l->d->items, it->id, it);
}
