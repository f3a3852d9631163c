/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two definition documents, by path. Records of a list are known by their key, not by their position. */
#include "catalogue/catalogue.h"
#include "codec/json.h"

#define SHOWN_MAX 80 /* bytes of a value */

struct changes {
	struct arena *mem;
	struct buf b;
	size_t n, most;
};

static struct str shown(struct arena *mem, const struct val *v)
{
	struct buf b = buf_new(mem, (size_t)8 << 20);
	size_t n;

	if (v == NULL)
		return STR("nothing");
	json_print(&b, v);
	if (b.n <= SHOWN_MAX)
		return buf_str(&b);
	for (n = SHOWN_MAX; n > 0 && ((unsigned char)b.p[n] & 0xC0) == 0x80; n--)
		;
	return str_fmt(mem, "%.*s…", (int)n, b.p);
}

static void change_add(
    struct changes *c, struct str path, const struct val *before, const struct val *after)
{
	if (c->n++ >= c->most)
		return;
	buf_fmt(&c->b, "%s%.*s: %.*s → %.*s", c->b.n ? "\n" : "", STR_ARG(path),
	    STR_ARG(shown(c->mem, before)), STR_ARG(shown(c->mem, after)));
}

/* What a record is called: the first of these members that is a text; a code of a platform with it. */
static struct str key_of(struct arena *mem, const struct val *record)
{
	static const char *const keys[] = {
	    "rule", "id", "key", "code", "date", "name", "plan_year", "item"};
	struct str platform = val_str(record, "platform");

	if (platform.n)
		return str_fmt(
		    mem, "%.*s %.*s", STR_ARG(platform), STR_ARG(val_str(record, "code")));

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct str s = val_str(record, keys[i]);

		if (s.n)
			return s;
	}
	return STR_NONE;
}

/* The records of a list by what they are called; false when some have no name, or the same. */
static bool records_of(struct arena *mem, const struct val *list, struct map *out)
{
	VAL_EACH(i, list) {
		struct str key = key_of(mem, list->at[i]);

		if (key.n == 0 || map_put(mem, out, key, list->at[i]))
			return false;
	}
	return true;
}

static void compare(
    struct changes *c, struct str path, const struct val *before, const struct val *after);

static void compare_lists(
    struct changes *c, struct str path, const struct val *before, const struct val *after)
{
	struct map old = {0}, new = {0};
	size_t reached = c->n;

	if (!records_of(c->mem, before, &old) || !records_of(c->mem, after, &new)) {
		change_add(c, path, before, after);
		return;
	}
	MAP_EACH(slot, &old)
		compare(c, str_fmt(c->mem, "%.*s[%.*s]", STR_ARG(path), STR_ARG(slot->key)),
		    slot->value, map_get(&new, slot->key));
	MAP_EACH(slot, &new) {
		if (!map_has(&old, slot->key))
			change_add(c,
			    str_fmt(c->mem, "%.*s[%.*s]", STR_ARG(path), STR_ARG(slot->key)), NULL,
			    slot->value);
	}
	if (c->n == reached)
		change_add(c, str_fmt(c->mem, "%.*s (order)", STR_ARG(path)), before, after);
}

static struct str member_path(struct arena *mem, struct str path, struct str key)
{
	return path.n ? str_fmt(mem, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
}

static void compare(
    struct changes *c, struct str path, const struct val *before, const struct val *after)
{
	if (before && after && val_eq(before, after))
		return;
	if (before && after && before->kind == VAL_LIST && after->kind == VAL_LIST) {
		compare_lists(c, path, before, after);
		return;
	}
	if (before == NULL || after == NULL || before->kind != VAL_MAP || after->kind != VAL_MAP) {
		change_add(c, path, before, after);
		return;
	}
	VAL_EACH(i, before)
		compare(c, member_path(c->mem, path, before->keys[i]), before->at[i],
		    val_find(after, before->keys[i]));
	VAL_EACH(i, after) {
		if (val_find(before, after->keys[i]) == NULL)
			change_add(
			    c, member_path(c->mem, path, after->keys[i]), NULL, after->at[i]);
	}
}

struct str definition_changes(
    struct arena *mem, const struct val *before, const struct val *after, size_t most)
{
	struct changes c = {.mem = mem, .b = buf_new(mem, (size_t)1 << 20), .most = most};

	compare(&c, STR(""), before, after);
	if (c.n > most)
		buf_fmt(&c.b, "\nand %zu more", c.n - most);
	return buf_str(&c.b);
}
