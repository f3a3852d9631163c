/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry.h"
#include "codec/json.h"
#include "text/text.h"

#define CODE_MAX     120
#define INT_MAX_JSON ((int64_t)1 << 53)

enum member_kind { KIND_CODE, KIND_INT, KIND_DATE, KIND_INSTANT, KIND_DIGEST, KIND_TARGET };

struct entry_member {
	const char *name;
	enum member_kind kind;
	bool filled; /* by the sequencer, never by an act */
};

/* In the order of canonical JSON. */
enum {
	AGENCY,
	CORRECTS,
	DIGEST,
	ERASES,
	FORMED_ON,
	ID,
	ITEM,
	KIND,
	LENGTH,
	PLACE,
	PROFILE,
	REVISION,
	ROLE,
	TIME,
	N_MEMBERS
};
static const struct entry_member entry_members[N_MEMBERS] = {
    [AGENCY] = {"agency", KIND_CODE, false},
    [CORRECTS] = {"corrects", KIND_TARGET, true},
    [DIGEST] = {"digest", KIND_DIGEST, true},
    [ERASES] = {"erases", KIND_TARGET, false},
    [FORMED_ON] = {"formed_on", KIND_DATE, false},
    [ID] = {"id", KIND_CODE, true},
    [ITEM] = {"item", KIND_CODE, false},
    [KIND] = {"kind", KIND_INT, false},
    [LENGTH] = {"length", KIND_INT, true},
    [PLACE] = {"place", KIND_CODE, false},
    [PROFILE] = {"profile", KIND_DIGEST, false},
    [REVISION] = {"revision", KIND_INT, true},
    [ROLE] = {"role", KIND_CODE, false},
    [TIME] = {"time", KIND_INSTANT, true},
};

#define B(m)	    (1u << (m))
#define SAME	    (B(ID) | B(REVISION) | B(TIME))
#define WITH_TEXT   (SAME | B(DIGEST) | B(LENGTH))
#define NOTICE_HAS  (WITH_TEXT | B(ITEM) | B(AGENCY) | B(KIND))
#define NOTICE_MAY  (B(PLACE) | B(FORMED_ON) | B(PROFILE) | B(ROLE) | B(CORRECTS))
#define DEFINES_MAY (B(ROLE) | B(CORRECTS))

static const struct entry_type entry_types[] = {
    {"notice/v1", "notice", NOTICE_HAS, NOTICE_MAY, true},
    {"withdrawal/v1", "notice", NOTICE_HAS, NOTICE_MAY, true},
    {"sector/v1", "sector", WITH_TEXT, DEFINES_MAY, false},
    {"item/v1", "item", WITH_TEXT, DEFINES_MAY, false},
    {"calendar/v1", "calendar", WITH_TEXT, DEFINES_MAY, false},
    {"agencies/v1", "agencies", WITH_TEXT, DEFINES_MAY, false},
    {"places/v1", "places", WITH_TEXT, DEFINES_MAY, false},
    {"channels/v1", "channels", WITH_TEXT, DEFINES_MAY, false},
    {"codes/v1", "codes", WITH_TEXT, DEFINES_MAY, false},
    {"deadlines/v1", "deadlines", WITH_TEXT, DEFINES_MAY, false},
    {"rules/v1", "rules", WITH_TEXT, DEFINES_MAY, false},
    /* The order to erase the document of an entry, which itself stays. id and revision are those of the erased. */
    {"erasure/v1", NULL, SAME | B(ERASES), B(ROLE), false},
};

const struct entry_type *entry_type_find(struct str tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(entry_types); i++)
		if (str_is(tag, entry_types[i].tag))
			return &entry_types[i];
	return NULL;
}

struct hash document_digest(struct str salt, struct str document)
{
	struct str parts[2] = {salt, document};

	return crypto_sha256_parts(parts, 2);
}

/* ---- forms of values ---- */

static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c != '\0' && strchr("._:@/+-", c) != NULL);

		if (!plain)
			return false;
	}
	return s.n > 0 && s.n <= CODE_MAX;
}

static bool is_digest(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == 64;
}

static bool is_target(const struct val *v)
{
	const struct val *index = val_at(v, "index");

	return v->kind == VAL_MAP && v->n == 2 && index != NULL && index->kind == VAL_INT &&
	       index->i >= 0 && is_digest(val_str(v, "leaf"));
}

static bool form_ok(enum member_kind kind, const struct val *v)
{
	bool text = v->kind == VAL_TEXT || v->kind == VAL_DATE || v->kind == VAL_INSTANT ||
		    v->kind == VAL_CODE;
	int64_t instant;
	int32_t day;

	switch (kind) {
	case KIND_CODE:
		return text && is_code(v->text);
	case KIND_INT:
		return v->kind == VAL_INT && v->i >= 0 && v->i < INT_MAX_JSON;
	case KIND_DATE:
		return text && date_parse(v->text, &day);
	case KIND_INSTANT:
		return text && instant_parse(v->text, &instant);
	case KIND_DIGEST:
		return text && is_digest(v->text);
	case KIND_TARGET:
		return is_target(v);
	}
	return false;
}

static const char *form_name(enum member_kind kind)
{
	static const char *const names[] = {
	    [KIND_CODE] = "a code of ASCII letters, digits and ._:@/+-, at most 120",
	    [KIND_INT] = "a whole number from 0",
	    [KIND_DATE] = "a date 2026-01-31",
	    [KIND_INSTANT] = "a time 2026-01-31T09:00:00+08:00",
	    [KIND_DIGEST] = "64 hexadecimal digits",
	    [KIND_TARGET] = "{\"index\":N,\"leaf\":64 hexadecimal digits}",
	};

	return names[kind];
}

static bool form_check(
    struct cx *cx, const char *type, const struct entry_member *m, const struct val *v)
{
	struct buf b = buf_new(cx->mem, 4096);

	if (form_ok(m->kind, v))
		return true;
	json_print(&b, v);
	return cx_fail(cx, ERR_INPUT, "member %s of %s is %.*s; it takes %s", m->name, type,
	    STR_ARG(str_cut(buf_str(&b), 0, 200)), form_name(m->kind));
}

/* ---- making ---- */

static struct val *target_val(struct arena *mem, int64_t index, const struct hash *leaf)
{
	struct val *v = val_map(mem);

	val_set_int(mem, v, "index", index);
	val_set_text(mem, v, "leaf", hash_hex(mem, leaf));
	return v;
}

/* A member that the sequencer fills; NULL when the act has none. */
static struct val *filled_val(struct arena *mem, int m, const struct entry_fill *f)
{
	switch (m) {
	case CORRECTS:
		return f->corrects < 0 ? NULL : target_val(mem, f->corrects, &f->corrects_leaf);
	case DIGEST:
		return f->digest ? val_text(mem, hash_hex(mem, f->digest)) : NULL;
	case LENGTH:
		return f->digest ? val_int(mem, f->length) : NULL;
	case ID:
		return val_text(mem, f->id);
	case REVISION:
		return val_int(mem, f->revision);
	default:
		return val_text(mem, f->time);
	}
}

/* The first member of meta that this type does not take. */
static bool refuse_stranger(
    struct cx *cx, const struct entry_type *type, const struct val *meta, bool filled)
{
	VAL_EACH(i, meta) {
		bool known = false;

		for (int m = 0; m < N_MEMBERS && !known; m++)
			known = ((type->needs | type->may) & B(m)) &&
				(filled || !entry_members[m].filled) &&
				str_is(meta->keys[i], entry_members[m].name);
		if (!known)
			return cx_fail(cx, ERR_INPUT, "an entry %s takes no member %.*s", type->tag,
			    STR_ARG(meta->keys[i]));
	}
	return true;
}

static bool missing(struct cx *cx, const struct entry_type *type, int m)
{
	return cx_fail(
	    cx, ERR_INPUT, "an entry %s needs the member %s", type->tag, entry_members[m].name);
}

/* All members in canonical order, each of its form. */
static bool members_make(struct cx *cx, const struct entry_type *type, const struct act *act,
    const struct entry_fill *fill, struct val *out)
{
	size_t used = 0;

	for (int m = 0; m < N_MEMBERS; m++) {
		const struct entry_member *member = &entry_members[m];
		struct str name = str_of(member->name);
		struct val *v;

		if (!((type->needs | type->may) & B(m)))
			continue;
		v = member->filled ? filled_val(cx->mem, m, fill) : val_find(act->meta, name);
		if (v == NULL && type->needs & B(m))
			return missing(cx, type, m);
		if (v == NULL)
			continue;
		if (!form_check(cx, type->tag, member, v))
			return false;
		used += !member->filled;
		val_put(cx->mem, out, name, v->kind == VAL_CODE ? val_text(cx->mem, v->text) : v);
	}
	return act->meta == NULL || used == act->meta->n ||
	       refuse_stranger(cx, type, act->meta, false);
}

bool entry_make(
    struct cx *cx, const struct act *act, const struct entry_fill *fill, struct entry *out)
{
	const struct entry_type *type = entry_type_find(str_of(act->type));
	struct buf b = buf_new(cx->mem, TLOG_ENTRY_MAX);
	struct val *meta = val_map(cx->mem);

	if (type == NULL)
		return cx_fail(cx, ERR_INPUT, "no entry type %s", act->type);
	if (!members_make(cx, type, act, fill, meta))
		return false;
	buf_c(&b, type->tag);
	buf_char(&b, '\n');
	json_print(&b, meta); /* in canonical order, and no value has anything to escape */
	*out = (struct entry){.type = str_of(type->tag),
	    .bytes = buf_str(&b),
	    .meta = meta,
	    .id = fill->id,
	    .revision = fill->revision};
	return true;
}

/* ---- reading ---- */

struct entry_target entry_target(const struct val *meta, const char *member)
{
	const struct val *v = member ? val_find(meta, str_of(member)) : meta;
	struct entry_target t = {.index = val_i64(v, "index", -1)};

	if (v == NULL || !str_unhex(val_str(v, "leaf"), t.leaf.b, sizeof t.leaf.b))
		return (struct entry_target){.index = -1};
	return t;
}

bool entry_digest(const struct val *meta, struct hash *out)
{
	return str_unhex(val_str(meta, "digest"), out->b, sizeof out->b);
}

static bool members_check(struct cx *cx, const struct entry_type *type, const struct val *meta)
{
	uint32_t have = 0;

	if (meta->kind != VAL_MAP)
		return cx_fail(cx, ERR_INPUT, "what follows %s is no JSON object", type->tag);
	if (!refuse_stranger(cx, type, meta, true))
		return false;
	for (int m = 0; m < N_MEMBERS; m++) {
		const struct val *v = val_find(meta, str_of(entry_members[m].name));

		if (v == NULL)
			continue;
		have |= B(m);
		if (!form_check(cx, type->tag, &entry_members[m], v))
			return false;
	}
	for (int m = 0; m < N_MEMBERS; m++)
		if (type->needs & B(m) & ~have)
			return missing(cx, type, m);
	return true;
}

bool entry_parse(struct cx *cx, int64_t index, struct str bytes, struct entry *out)
{
	static const struct json_limits limits = {.bytes = TLOG_ENTRY_MAX, .depth = 4, .nodes = 64};
	const struct entry_type *type;
	struct str rest = bytes, tag = STR_NONE, canonical;
	struct val *meta;

	*out = (struct entry){.index = index, .bytes = bytes};
	if (!str_split(&rest, '\n', &tag) || rest.p == NULL ||
	    (type = entry_type_find(tag)) == NULL)
		return true; /* of a later program, or of another log: kept and shown as it is */
	out->type = tag;
	if (!json_parse(cx, rest, &limits, &meta) || !members_check(cx, type, meta) ||
	    !json_canonical(cx, meta, &canonical))
		return cx_note(cx, "reading entry %" PRId64, index);
	if (!str_eq(canonical, rest))
		return cx_fail(cx, ERR_INPUT, "entry %" PRId64 " is not canonical JSON", index);
	out->meta = meta;
	out->id = val_str(meta, "id");
	out->revision = val_i64(meta, "revision", 0);
	if (!instant_parse(val_str(meta, "time"), &out->time))
		return cx_fail(cx, ERR_INPUT, "entry %" PRId64 " has no time", index);
	return true;
}
