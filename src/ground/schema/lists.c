/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists, places, the map of platform codes, agencies, channels, deadlines. */
#include "schema/schema_priv.h"
#include "privacy/privacy.h"

#define PARENTS_MOST 16

/* The list of records of a definition; a mistake and NULL when it is none. */
static struct val *records(struct load *l, struct val *tree, const char *name)
{
	struct val *list = val_find(tree, str_of(name));

	if (list == NULL || list->kind != VAL_LIST) {
		mistake(l, list ? list : tree, "\"%s\" should be a list of records", name);
		source_lost(l, str_fmt(l->mem, "%s/v1", name).p);
		return NULL;
	}
	return list;
}

/* ---- code lists ---- */
const struct member code_members[] = {
    MUST("code", struct code, code),
    {"label", MEMBER_TEXT, true, offsetof(struct code, label.zh), 0},
    {"label_en", MEMBER_TEXT, false, offsetof(struct code, label.en), 0},
    MEMBER("source", struct code, source),
    MEMBER("confidence", struct code, confidence),
    MEMBERS_END,
};

void load_codes(struct load *l, struct str id, struct val *tree)
{
	struct val *list = records(l, tree, "codes");
	struct code_list *codes = arena_new(l->mem, struct code_list);

	codes->id = id;
	codes->name = val_str(tree, "name");
	if (codes->name.n == 0)
		mistake(l, tree, "the first line should be \"# <name of the list>\"");
	codes->at = arena_array(l->mem, struct code, list ? list->n : 0);
	VAL_EACH(i, list) {
		struct code *c = &codes->at[codes->n];

		if (!record_read(l, list->at[i], code_members, c))
			continue;
		codes->n++;
		if (map_put(l->mem, &codes->by_code, c->code, c))
			mistake(l, list->at[i], "code \"%.*s\" stands twice", STR_ARG(c->code));
		if (!map_has(&codes->by_label, c->label.zh))
			map_put(l->mem, &codes->by_label, c->label.zh, c);
	}
	codes->cap = codes->n;
	if (map_put(l->mem, &l->d->codes, id, codes))
		mistake(l, tree, "code list \"%.*s\" stands twice", STR_ARG(id));
}

/* ---- places ---- */
struct place_in {
	struct place p;
	struct str parent;
	int64_t own;
};

const struct member place_members[] = {
    MUST("code", struct place_in, p.code),
    MUST("name", struct place_in, p.name.zh),
    MEMBER("name_en", struct place_in, p.name.en),
    MEMBER("parent", struct place_in, parent),
    MUST("level", struct place_in, p.level),
    MEMBER("own", struct place_in, own),
    MEMBER("source", struct place_in, p.source),
    MEMBERS_END,
};

static void read_place_map(struct load *l, struct val *list)
{
	VAL_EACH(i, list) {
		struct place_alias *a = arena_new(l->mem, struct place_alias);
		struct str key;

		if (!record_read(l, list->at[i], place_map_members, a))
			continue;
		a->file = l->file;
		a->row = list->at[i];
		key = str_fmt(l->mem, "%.*s %.*s", STR_ARG(a->platform), STR_ARG(a->code));
		if (map_put(l->mem, &l->d->place_map, key, a))
			mistake(l, list->at[i], "\"%.*s\" stands twice", STR_ARG(key));
	}
}

const struct member place_map_members[] = {
    MUST("platform", struct place_alias, platform),
    MUST("code", struct place_alias, code),
    {"place", MEMBER_TEXT, true, offsetof(struct place_alias, place_code), 0},
    MEMBER("note", struct place_alias, note),
    MEMBERS_END,
};

void load_places(struct load *l, struct val *tree)
{
	struct val *list;

	if (val_at(tree, "map")) {
		read_place_map(l, val_at(tree, "map"));
		return;
	}
	list = records(l, tree, "places");
	VAL_EACH(i, list) {
		struct place_in *in = arena_new(l->mem, struct place_in);

		if (!record_read(l, list->at[i], place_members, in))
			continue;
		if (in->p.level < 0 || in->p.level > 4)
			mistake(l, val_at(list->at[i], "level"),
			    "\"level\" is 0 the country, 1 province, 2 city, 3 county, 4 township");
		in->p.own = in->own != 0;
		in->p.demo = l->demo_file;
		in->p.parent_code = in->parent;
		in->p.file = l->file;
		in->p.row = list->at[i];
		if (map_put(l->mem, &l->d->places, in->p.code, &in->p))
			mistake(l, list->at[i], "place \"%.*s\" stands twice", STR_ARG(in->p.code));
	}
}

/* A chain of parents that comes back to itself has no end. */
static bool parents_end(const struct place *p)
{
	unsigned steps = 0;

	for (; p; p = p->parent)
		if (++steps > PARENTS_MOST)
			return false;
	return true;
}

void resolve_places(struct load *l)
{
	MAP_EACH(slot, &l->d->places) {
		struct place *p = slot->value;

		l->file = p->file;
		if (p->parent_code.n == 0)
			continue;
		p->parent = map_get(&l->d->places, p->parent_code);
		if (p->parent == NULL)
			mistake_word(
			    l, val_at(p->row, "parent"), "place", p->parent_code, &l->d->places);
	}
	MAP_EACH(slot, &l->d->places) {
		struct place *p = slot->value;

		if (!parents_end(p)) {
			l->file = p->file;
			mistake(l, val_at(p->row, "parent"), "place \"%.*s\" is within itself",
			    STR_ARG(p->code));
			p->parent = NULL;
		}
	}
	MAP_EACH(slot, &l->d->place_map) {
		struct place_alias *a = slot->value;

		/* The map names places outside the city too; without the demo places they are unknown, and rows that use them are held. */
		a->place = map_get(&l->d->places, a->place_code);
		l->file = a->file;
		if (a->place == NULL && l->d->demo)
			mistake_word(
			    l, val_at(a->row, "place"), "place", a->place_code, &l->d->places);
	}
}

/* ---- agencies ---- */
struct agency_in {
	struct agency a;
	struct str place, parent;
};

static const struct member agency_members[] = {
    MUST("id", struct agency_in, a.id),
    MUST("name", struct agency_in, a.name),
    MEMBER("name_2018", struct agency_in, a.name_2018),
    MUST("kind", struct agency_in, a.kind),
    MUST("place", struct agency_in, place),
    MEMBER("parent", struct agency_in, parent),
    MEMBER("code", struct agency_in, a.uscc),
    MEMBER("phone", struct agency_in, a.phone),
    MEMBER("note", struct agency_in, a.note),
    MEMBERS_END,
};

void load_agencies(struct load *l, struct val *tree)
{
	static const char *const kinds[] = {"government", "area", "department", "operator", NULL};
	struct val *list = records(l, tree, "agencies");
	int kind;

	VAL_EACH(i, list) {
		struct agency_in *in = arena_new(l->mem, struct agency_in);

		if (!record_read(l, list->at[i], agency_members, in))
			continue;
		(void)choice_read(l, list->at[i], "kind", in->a.kind, kinds, &kind);
		in->a.demo = l->demo_file;
		in->a.place_code = in->place;
		in->a.parent_id = in->parent;
		in->a.file = l->file;
		in->a.row = list->at[i];
		if (in->a.uscc.n && !id_uscc_valid(in->a.uscc))
			mistake(l, val_at(list->at[i], "code"),
			    "\"%.*s\" is no unified credit code: 18 characters, the last one "
			    "checks",
			    STR_ARG(in->a.uscc));
		if (map_put(l->mem, &l->d->agencies, in->a.id, &in->a))
			mistake(l, list->at[i], "agency \"%.*s\" stands twice", STR_ARG(in->a.id));
	}
}

void resolve_agencies(struct load *l)
{
	MAP_EACH(slot, &l->d->agencies) {
		struct agency *a = slot->value;

		l->file = a->file;
		a->place = map_get(&l->d->places, a->place_code);
		if (a->place == NULL)
			mistake_word(
			    l, val_at(a->row, "place"), "place", a->place_code, &l->d->places);
		if (a->parent_id.n == 0)
			continue;
		a->parent = map_get(&l->d->agencies, a->parent_id);
		if (a->parent == NULL)
			mistake_word(
			    l, val_at(a->row, "parent"), "agency", a->parent_id, &l->d->agencies);
	}
	MAP_EACH(slot, &l->d->agencies) {
		struct agency *a = slot->value;
		unsigned steps = 0;

		for (const struct agency *p = a; p && steps <= PARENTS_MOST; p = p->parent)
			steps++;
		if (steps <= PARENTS_MOST)
			continue;
		l->file = a->file;
		mistake(l, val_at(a->row, "parent"), "agency \"%.*s\" is within itself",
		    STR_ARG(a->id));
		a->parent = NULL;
	}
}

/* ---- channels and media ---- */
struct channel_in {
	struct channel c;
	struct str kind;
};

static const struct member channel_members[] = {
    MUST("id", struct channel_in, c.id),
    MUST("kind", struct channel_in, kind),
    MEMBER("code", struct channel_in, c.code),
    MUST("title", struct channel_in, c.name),
    MEMBER("url", struct channel_in, c.address),
    MEMBER("basis", struct channel_in, c.basis),
    MEMBER("confidence", struct channel_in, c.confidence),
    MEMBERS_END,
};

void load_channels(struct load *l, struct val *tree)
{
	static const char *const kinds[] = {"channel", "medium", "both", NULL};
	struct val *list = records(l, tree, "channels");
	int kind = 0;

	VAL_EACH(i, list) {
		struct channel_in *in = arena_new(l->mem, struct channel_in);

		if (!record_read(l, list->at[i], channel_members, in))
			continue;
		(void)choice_read(l, list->at[i], "kind", in->kind, kinds, &kind);
		in->c.is_medium = kind != 0;
		in->c.is_channel = kind != 1;
		in->c.row = list->at[i];
		in->c.file = l->file;
		if (map_put(l->mem, &l->d->channels, in->c.id, &in->c))
			mistake(l, list->at[i], "channel \"%.*s\" stands twice", STR_ARG(in->c.id));
	}
}

/* ---- statutory periods ---- */
struct deadline_in {
	struct deadline d;
	struct str n, from, to;
};

const struct member deadline_members[] = {
    MUST("key", struct deadline_in, d.key),
    MEMBER("domain", struct deadline_in, d.area),
    MEMBER("actor", struct deadline_in, d.actor),
    MUST("rule", struct deadline_in, d.what),
    MUST("direction", struct deadline_in, d.direction),
    MEMBER("n", struct deadline_in, n),
    MEMBER("unit", struct deadline_in, d.unit),
    MEMBER("start_event", struct deadline_in, d.start_event),
    MEMBER("end_event", struct deadline_in, d.end_event),
    MEMBER("law", struct deadline_in, d.law),
    MEMBER("article", struct deadline_in, d.article),
    MEMBER("source", struct deadline_in, d.source),
    MEMBER("confidence", struct deadline_in, d.confidence),
    MEMBER("effective_from", struct deadline_in, from),
    MEMBER("effective_to", struct deadline_in, to),
    MEMBERS_END,
};

static void day_read(
    struct load *l, const struct val *row, const char *key, struct str text, int32_t *out)
{
	if (text.n && !date_parse(text, out))
		mistake(
		    l, val_find(row, str_of(key)), "\"%s\" should be a date like 2026-03-16", key);
}

void load_deadlines(struct load *l, struct val *tree)
{
	static const char *const directions[] = {"max", "min", "min_before", "before", "by",
	    "each_year", "periodic", "cap", "same_time", "timely", NULL};
	static const char *const units[] = {
	    "hour", "day", "workday", "month", "year", "date", "percent", NULL};
	struct val *list = records(l, tree, "deadlines");
	int choice;

	VAL_EACH(i, list) {
		struct deadline_in *in = arena_new(l->mem, struct deadline_in);
		struct deadline *d = &in->d;

		*d = (struct deadline){.n = -1, .from = INT32_MIN, .to = INT32_MAX};
		if (!record_read(l, list->at[i], deadline_members, in))
			continue;
		d->line = list->at[i]->line;
		(void)choice_read(l, list->at[i], "direction", d->direction, directions, &choice);
		if (d->unit.n)
			(void)choice_read(l, list->at[i], "unit", d->unit, units, &choice);
		day_read(l, list->at[i], "effective_from", in->from, &d->from);
		day_read(l, list->at[i], "effective_to", in->to, &d->to);
		d->by = str_is(d->unit, "date") ? in->n : STR_NONE;
		if (d->from > d->to)
			mistake(l, val_at(list->at[i], "effective_to"),
			    "\"effective_to\" is before \"effective_from\"");
		if (in->n.n && d->unit.n == 0)
			mistake(l, val_at(list->at[i], "n"), "\"n\" has no \"unit\"");
		if (in->n.n && d->by.p == NULL &&
		    (!str_int(in->n, &d->n) || d->n < 0 || d->n > 2000))
			mistake(
			    l, val_at(list->at[i], "n"), "\"n\" should be a number from 0 to 2000");
		if (map_put(l->mem, &l->d->deadlines, d->key, d))
			mistake(l, list->at[i], "deadline \"%.*s\" stands twice", STR_ARG(d->key));
	}
}
