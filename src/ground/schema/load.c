/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From files, or from what was published, to a domain. Either way a definition is a value tree; the same readers take it, so that what is published loads
 * back to the same domain.
 */
#include "schema/schema_priv.h"
#include <stdlib.h>
#include "codec/yaml.h"

/* ---- kinds of definitions, in the order in which they are read and published ---- */
struct source_kind {
	const char *type;
	const char *path;   /* the file, or the folder (ending in /), below data/ */
	const char *member; /* of a CSV file: the name its list of rows gets; NULL: YAML */
	const struct member *members;
	void (*read)(struct load *l, const struct definition *def);
};

static void codes_of(struct load *l, const struct definition *def)
{
	load_codes(l, def->id, def->document);
}

#define READER(name)                                                                               \
	static void name##_of(struct load *l, const struct definition *def)                        \
	{                                                                                          \
		load_##name(l, def->document);                                                     \
	}
READER(calendar)
READER(places)
READER(agencies)
READER(channels)
READER(deadlines)
READER(sector)
READER(item)
READER(rules)

static const struct source_kind kinds[] = {
    {"calendar/v1", "calendar/", NULL, NULL, calendar_of},
    {"codes/v1", "codes/", "codes", code_members, codes_of},
    {"places/v1", "places.csv", "places", place_members, places_of},
    {"places/v1", "demo/places.csv", "places", place_members, places_of},
    {"places/v1", "place-map.csv", "map", place_map_members, places_of},
    {"agencies/v1", "agencies.yaml", NULL, NULL, agencies_of},
    {"agencies/v1", "demo/agencies.yaml", NULL, NULL, agencies_of},
    {"channels/v1", "channels.yaml", NULL, NULL, channels_of},
    {"deadlines/v1", "deadlines.csv", "deadlines", deadline_members, deadlines_of},
    {"sector/v1", "sectors/", NULL, NULL, sector_of},
    {"item/v1", "", NULL, NULL, item_of}, /* within the sector's file */
    {"rules/v1", "rules/", NULL, NULL, rules_of},
};

static const struct source_kind *kind_of_type(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return &kinds[i];
	return NULL;
}

/* Is the file of this kind? Its id is the name without folder and suffix; demo files keep their folder. */
static bool path_is(const struct source_kind *k, struct str path, struct str *id_out)
{
	struct str kind_path = str_of(k->path);
	size_t dot = path.n;

	while (dot > 0 && path.p[dot - 1] != '.')
		dot--;
	if (kind_path.n == 0 || dot == 0)
		return false;
	if (str_ends(kind_path, STR("/"))) {
		*id_out = str_cut(path, kind_path.n, dot - 1);
		return str_starts(path, kind_path) && !str_has(*id_out, STR("/")) &&
		       str_ends(path, k->member ? STR(".csv") : STR(".yaml"));
	}
	*id_out = str_cut(path, 0, dot - 1);
	return str_eq(path, kind_path);
}

/* A failure that is one of the input, "file:line:column: message", becomes a mistake at its place; other failures stay: false. */
static bool mistake_of_error(struct load *l)
{
	struct str file = l->file, said = l->cx->err.msg;
	struct val place = {0};

	if (l->cx->err.code != ERR_INPUT && l->cx->err.code != ERR_LIMIT)
		return false;
	(void)place_said(&said, &file, &place);
	mistake_in(l, file, &place, "%.*s", STR_ARG(said));
	cx_clear(l->cx);
	return true;
}

/* ---- files → definitions ---- */
bool yaml_tree(struct load *l, struct str text, struct val **out)
{
	if (yaml_parse(l->cx, l->file, text, out))
		return true;
	*out = NULL;
	return mistake_of_error(l);
}

/* A sector's file is a sector, which names its items, and the items, each a definition. */
static void sector_split(struct load *l, struct val *tree, struct source *sector)
{
	struct val *items = val_at(tree, "items"), *ids = val_list(l->mem);

	if (items == NULL || items->kind != VAL_LIST) {
		mistake(l, items ? items : tree, "\"items\" should be a list of items");
		source_lost(l, "item/v1");
		return;
	}
	VAL_EACH(i, items) {
		struct str id = val_str(items->at[i], "item");

		if (id.n && !str_starts(id, str_fmt(l->mem, "%.*s.", STR_ARG(sector->def.id))))
			mistake(l, val_at(items->at[i], "item"),
			    "item \"%.*s\" stands in the file of sector \"%.*s\": its name should "
			    "begin with \"%.*s.\"",
			    STR_ARG(id), STR_ARG(sector->def.id), STR_ARG(sector->def.id));

		*list_add(l->mem, &l->sources) =
		    (struct source){.def = {.type = "item/v1", .id = id, .document = items->at[i]},
			.file = l->file};
		if (id.n)
			val_add(l->mem, ids, val_text(l->mem, id));
	}
	val_set(l->mem, sector->def.document, "items", ids);
}

static bool file_source(struct load *l, const struct source_kind *k, struct str id, struct str text)
{
	struct source s = {.def = {.type = k->type, .id = id}, .file = l->file};

	if (k->member ? !csv_tree(l, text, k->member, k->members, &s.def.document)
		      : !yaml_tree(l, text, &s.def.document))
		return false;
	if (s.def.document == NULL) {
		source_lost(l, k->type);
		return true;
	}
	s.version_key = str_ends(str_of(k->path), STR("/"))
			    ? str_fmt(l->mem, "%s%.*s", k->path, STR_ARG(id))
			    : id;
	if (strcmp(k->type, "sector/v1") == 0) {
		if (s.def.document->kind != VAL_MAP ||
		    !str_eq(val_str(s.def.document, "sector"), id)) {
			mistake(l, s.def.document,
			    "the file of sector \"%.*s\" should say \"sector: %.*s\"", STR_ARG(id),
			    STR_ARG(id));
			source_lost(l, k->type);
			return true;
		}
		sector_split(l, s.def.document, &s);
	}
	*list_add(l->mem, &l->sources) = s;
	return true;
}

static const struct source_kind *kind_of_path(struct str path, struct str *id_out)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (path_is(&kinds[i], path, id_out))
			return &kinds[i];
	return NULL;
}

/* Files that are no definitions: the calendar is read by itself, the others by who needs them. */
static const char *const other_files[] = {"calendar/exceptions.csv", "calendar/notices.csv",
    "versions.yaml", "site.yaml", "demo/site.yaml", "elements.csv", "identifiers.csv"};

/* A name that nobody reads is a mistake: what stands in the file would be missing, silently. */
static void name_check(struct load *l, struct str path)
{
	struct map known = {0};
	struct str near;

	for (size_t i = 0; i < ARRAY_SIZE(other_files); i++)
		map_put(l->mem, &known, str_of(other_files[i]), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		map_put(l->mem, &known, str_of(kinds[i].path), NULL);
	if (map_has(&known, path) ||
	    (str_starts(path, STR("imports/")) && str_ends(path, STR(".yaml"))))
		return;
	near = map_near(&known, path);
	mistake(l, NULL, "no file of this name is read here%s%.*s%s",
	    near.n ? "; did you mean \"" : "", STR_ARG(near), near.n ? "\"?" : "");
}

static bool files_read(struct load *l)
{
	if (!calendar_source(l))
		return false;
	MAP_EACH(slot, l->files) {
		struct str id;
		const struct source_kind *k = kind_of_path(slot->key, &id);

		l->file = slot->key;
		if (k == NULL)
			name_check(l, slot->key);
		if (k == NULL || (!l->d->demo && str_starts(slot->key, STR("demo/"))))
			continue;
		if (!file_source(l, k, id, *(const struct str *)slot->value))
			return cx_note(l->cx, "reading %.*s", STR_ARG(slot->key));
	}
	return true;
}

/* What every domain has: without it the names in the other files could not be looked up. */
static void missing_check(struct load *l)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct str path = str_of(kinds[i].path), id;
		bool found = path.n == 0 || str_starts(path, STR("demo/"));

		MAP_EACH(slot, l->files)
			found = found || path_is(&kinds[i], slot->key, &id);
		if (found || strcmp(kinds[i].type, "calendar/v1") == 0)
			continue;
		mistake_in(l, path, NULL, "%s",
		    str_ends(path, STR("/")) ? "no file stands in this folder"
					     : "the file is missing");
		source_lost(l, kinds[i].type);
	}
}

/* versions.yaml counts what has no version of its own; what it does not name is at its first. */
static bool versions_read(struct load *l)
{
	const struct str *text = map_get(l->files, STR("versions.yaml"));
	struct val *tree = NULL;
	struct map known = {0};

	map_put(l->mem, &known, STR("calendar"), NULL); /* also when it cannot be read */
	l->file = STR("versions.yaml");
	if (text && !yaml_tree(l, *text, &tree))
		return false;
	LIST_EACH(s, &l->sources) {
		const struct val *v = val_find(tree, s->version_key);

		if (s->version_key.n == 0 || s->def.document->kind != VAL_MAP)
			continue;
		map_put(l->mem, &known, s->version_key, NULL);
		s->def.version = 1;
		if (v && (v->kind != VAL_TEXT || !str_int(v->text, &s->def.version) ||
			     s->def.version < 1))
			mistake(l, v, "a version is a number from 1");
		val_set_int(l->mem, s->def.document, "version", s->def.version);
	}
	VAL_EACH(i, tree) {
		if (!map_has(&known, tree->keys[i]) &&
		    (l->d->demo || !str_starts(tree->keys[i], STR("demo/"))))
			mistake_word(l, tree->at[i], "definition", tree->keys[i], &known);
	}
	return true;
}

/* ---- definitions → domain ---- */
static void source_build(struct load *l, const struct source_kind *k, struct source *s)
{
	l->file = s->file;
	l->demo_file = str_starts(s->def.id, STR("demo/"));
	if (s->def.document->kind != VAL_MAP) {
		mistake(l, s->def.document, "a map of keys should stand here");
		return;
	}
	k->read(l, &s->def);
	if (strcmp(s->def.type, "item/v1") == 0)
		s->def.version = val_i64(s->def.document, "version", 0);
	*list_add(l->mem, &l->definitions) = s->def;
}

static void sources_build(struct load *l)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		if (k > 0 && strcmp(kinds[k].type, kinds[k - 1].type) == 0)
			continue;
		LIST_EACH(s, &l->sources) {
			if (strcmp(s->def.type, kinds[k].type) == 0)
				source_build(l, &kinds[k], s);
		}
	}
	resolve_places(l);
	resolve_agencies(l);
	resolve_items(l);
	resolve_rules(l);
	l->d->definitions = l->definitions.at;
	l->d->definitions_n = l->definitions.n;
}

static int mistake_order(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;
	int c = str_cmp(x->file, y->file);

	if (c)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column == y->column  ? str_cmp(x->message, y->message)
	       : x->column < y->column ? -1
				       : 1;
}

void mistakes_sort(struct mistakes *mistakes)
{
	if (mistakes->n)
		qsort(mistakes->at, mistakes->n, sizeof *mistakes->at, mistake_order);
}

static void load_init(struct load *l, struct cx *cx, bool demo, struct mistakes *mistakes)
{
	*l = (struct load){
	    .cx = cx, .mem = cx->mem, .d = arena_new(cx->mem, struct domain), .mistakes = mistakes};
	l->d->demo = demo;
}

static void load_end(struct load *l, const struct domain **out)
{
	if (l->d->calendar == NULL && l->mistakes->n == 0)
		mistake_in(l, STR("calendar"), NULL, "there is no calendar");
	mistakes_sort(l->mistakes);
	*out = l->mistakes->n ? NULL : l->d;
}

bool domain_load(struct cx *cx, const struct map *files, bool demo, struct mistakes *mistakes,
    const struct domain **out)
{
	struct load l;

	*out = NULL;
	load_init(&l, cx, demo, mistakes);
	l.files = files;
	if (!files_read(&l) || !versions_read(&l) ||
	    !domain_site(cx, files, demo, mistakes, &l.d->site))
		return false;
	missing_check(&l);
	sources_build(&l);
	site_resolve(&l);
	load_end(&l, out);
	return true;
}

/* "item/v1 works.result@1" → its parts. */
static bool source_key_parse(struct arena *mem, struct str key, struct definition *out)
{
	struct str rest = key, type, version;
	size_t at = key.n;
	const struct source_kind *k;

	if (!str_split(&rest, ' ', &type) || rest.p == NULL)
		return false;
	while (at > 0 && key.p[at - 1] != '@')
		at--;
	version = str_cut(key, at, key.n);
	k = kind_of_type(str_c(mem, type));
	if (k == NULL || at == 0 || at - 1 < type.n + 1 || !str_int(version, &out->version))
		return false;
	out->type = k->type;
	out->id = str_cut(key, type.n + 1, at - 1);
	return true;
}

/* Of lists only the newest version counts; of items every version stays known. */
static void source_add(struct load *l, struct source s)
{
	LIST_EACH(have, &l->sources) {
		if (strcmp(have->def.type, s.def.type) != 0 || !str_eq(have->def.id, s.def.id) ||
		    strcmp(s.def.type, "item/v1") == 0)
			continue;
		if (have->def.version < s.def.version)
			*have = s;
		return;
	}
	*list_add(l->mem, &l->sources) = s;
}

bool domain_load_published(struct cx *cx, const struct map *documents, const struct val *site,
    bool demo, struct mistakes *mistakes, const struct domain **out)
{
	struct load l;

	*out = NULL;
	load_init(&l, cx, demo, mistakes);
	l.d->site = site;
	MAP_EACH(slot, documents) {
		struct source s = {.file = slot->key};

		if (!source_key_parse(cx->mem, slot->key, &s.def))
			return cx_fail(cx, ERR_CORRUPT,
			    "\"%.*s\" is no definition that this program knows",
			    STR_ARG(slot->key));
		if (!demo && str_starts(s.def.id, STR("demo/")))
			continue;
		s.def.document = val_copy(cx->mem, slot->value);
		source_add(&l, s);
	}
	sources_build(&l);
	load_end(&l, out);
	return true;
}

void domain_definitions(const struct domain *d, const struct definition **out, size_t *n_out)
{
	*out = d->definitions;
	*n_out = d->definitions_n;
}
