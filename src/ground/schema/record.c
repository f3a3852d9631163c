/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes with their place, and the one reader of records: a table of keys fills a struct. */
#include "schema/schema_priv.h"

static void mistake_add(
    struct load *l, struct str file, uint32_t line, uint32_t column, struct str message)
{
	LIST_EACH(m, l->mistakes) {
		if (m->line == line && m->column == column && str_eq(m->file, file) &&
		    str_eq(m->message, message))
			return;
	}
	*list_add(l->mem, l->mistakes) =
	    (struct mistake){.file = file, .message = message, .line = line, .column = column};
}

void mistake_in(struct load *l, struct str file, const struct val *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mistake_add(
	    l, file, where ? where->line : 0, where ? where->column : 0, str_vfmt(l->mem, fmt, ap));
	va_end(ap);
}

void mistake(struct load *l, const struct val *where, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mistake_add(l, l->file, where ? where->line : 0, where ? where->column : 0,
	    str_vfmt(l->mem, fmt, ap));
	va_end(ap);
}

/* Of two letters every other two are near: that helps nobody. */
struct str near_word(const struct map *known, struct str word)
{
	return known == NULL || word.n < 3 ? STR_NONE : map_near(known, word);
}

static struct str did_you_mean(struct arena *mem, struct str near)
{
	return near.n ? str_fmt(mem, "; did you mean \"%.*s\"?", STR_ARG(near)) : STR("");
}

void source_lost(struct load *l, const char *type)
{
	map_put(l->mem, &l->lost, str_of(type), l);
}

bool is_source_lost(const struct load *l, const char *type)
{
	return map_has(&l->lost, str_of(type));
}

/* Is this the map of names that a file should have filled which could not be read? */
static bool is_known_lost(const struct load *l, const struct map *known)
{
	const struct domain *d = l->d;
	const struct {
		const struct map *names;
		const char *type;
	} maps[] = {
	    {&d->items, "item/v1"},
	    {&d->items, "sector/v1"},
	    {&d->agencies, "agencies/v1"},
	    {&d->places, "places/v1"},
	    {&d->channels, "channels/v1"},
	    {&d->codes, "codes/v1"},
	    {&d->deadlines, "deadlines/v1"},
	};

	for (size_t i = 0; d && i < ARRAY_SIZE(maps); i++)
		if (known == maps[i].names && is_source_lost(l, maps[i].type))
			return true;
	return false;
}

bool place_said(struct str *said, struct str *file, struct val *place)
{
	struct str rest = *said, name, line, column;
	int64_t n, m;

	if (!str_split(&rest, ':', &name) || !str_split(&rest, ':', &line) ||
	    !str_split(&rest, ':', &column) || rest.p == NULL || !str_int(line, &n) ||
	    !str_int(column, &m))
		return false;
	*file = name;
	place->line = (uint32_t)n;
	place->column = (uint32_t)m;
	*said = str_trim(rest);
	return true;
}

void mistake_word(struct load *l, const struct val *where, const char *what, struct str word,
    const struct map *known)
{
	if (is_known_lost(l, known))
		return;
	mistake(l, where, "no %s \"%.*s\"%.*s", what, STR_ARG(word),
	    STR_ARG(did_you_mean(l->mem, near_word(known, word))));
}

/* ---- where a key stands: the tree knows the place of its value, the key is before it ---- */
static size_t place_offset(struct str text, uint32_t line, uint32_t column)
{
	size_t at = 0;
	struct str rest;

	for (uint32_t i = 1; i < line; i++) {
		if (!str_find(text, STR("\n"), at, &at))
			return text.n;
		at++;
	}
	rest = str_cut(text, at, text.n);
	for (uint32_t i = 1; i < column && text_next(&rest) >= 0; i++)
		;
	return text.n - rest.n;
}

static bool is_key_at(struct str text, size_t at, struct str key)
{
	size_t end = at + key.n;

	if (at > 0 && strchr(" \t\n{,\"'-", text.p[at - 1]) == NULL)
		return false;
	if (end < text.n && (text.p[end] == '"' || text.p[end] == '\''))
		end++;
	return end < text.n && text.p[end] == ':';
}

static struct val key_place(const struct load *l, const struct val *value, struct str key)
{
	const struct str *text = l->files ? map_get(l->files, l->file) : NULL;
	struct val place = {.line = value->line, .column = value->column};
	size_t at;

	if (text == NULL || value->line == 0)
		return place;
	at = place_offset(*text, value->line, value->column);
	for (size_t i = at; i-- > 0 && at - i < 4096;) {
		if (i + key.n <= text->n && memcmp(text->p + i, key.p, key.n) == 0 &&
		    is_key_at(*text, i, key)) {
			size_t start = i;

			while (start > 0 && text->p[start - 1] != '\n')
				start--;
			for (size_t k = i; k < at; k++)
				place.line -= text->p[k] == '\n';
			place.column = (uint32_t)text_length(str_cut(*text, start, i)) + 1;
			return place;
		}
	}
	return place;
}

/* ---- one member ---- */
static bool yesno_read(struct val *leaf, bool *out)
{
	if (leaf->kind == VAL_BOOL) {
		*out = leaf->truth;
		return true;
	}
	*out = str_is(leaf->text, "yes");
	if (leaf->kind != VAL_TEXT || (!*out && !str_is(leaf->text, "no")))
		return false;
	leaf->kind = VAL_BOOL;
	leaf->truth = *out;
	return true;
}

static bool int_read(struct val *leaf, int64_t *out)
{
	if (leaf->kind == VAL_INT) {
		*out = leaf->i;
		return true;
	}
	if (leaf->kind != VAL_TEXT || !str_int(leaf->text, out))
		return false;
	leaf->kind = VAL_INT;
	leaf->i = *out;
	return true;
}

/* A label is {zh, en} or text, which is the Chinese one; the tree gets the map. */
static bool label_read(struct load *l, struct val *node, struct label *out)
{
	static const struct member members[] = {
	    MUST("zh", struct label, zh),
	    MEMBER("en", struct label, en),
	    MEMBERS_END,
	};

	if (node->kind == VAL_TEXT) {
		struct val *zh = val_text(l->mem, node->text);

		zh->line = node->line;
		zh->column = node->column;
		out->zh = node->text;
		node->kind = VAL_MAP;
		node->text = STR_NONE;
		val_set(l->mem, node, "zh", zh);
		return true;
	}
	return node->kind == VAL_MAP &&
	       (record_read(l, node, members, out), true); /* it has said what is wrong within */
}

/* A list of texts; one text is a list of one. */
static bool texts_read(struct load *l, struct val *node, struct str **out, size_t *n_out)
{
	if (node->kind == VAL_TEXT) {
		struct val *only = val_text(l->mem, node->text);

		only->line = node->line;
		only->column = node->column;
		node->kind = VAL_LIST;
		node->text = STR_NONE;
		val_add(l->mem, node, only);
	}
	if (node->kind != VAL_LIST)
		return false;
	*out = arena_array(l->mem, struct str, node->n);
	VAL_EACH(i, node) {
		if (node->at[i]->kind != VAL_TEXT)
			return false;
		(*out)[i] = node->at[i]->text;
	}
	*n_out = node->n;
	return true;
}

static void member_read(struct load *l, const struct member *m, struct val *node, void *base)
{
	static const char *const wanted[] = {
	    [MEMBER_TEXT] = "text",
	    [MEMBER_LABEL] = "a label {zh: …, en: …}",
	    [MEMBER_INT] = "a whole number",
	    [MEMBER_YESNO] = "yes or no",
	    [MEMBER_TEXTS] = "a list of texts",
	};
	char *target = (char *)base + m->offset;
	bool ok = true;

	switch (m->kind) {
	case MEMBER_TEXT:
		ok = node->kind == VAL_TEXT;
		*(struct str *)(void *)target = node->text;
		break;
	case MEMBER_LABEL:
		ok = label_read(l, node, (struct label *)(void *)target);
		break;
	case MEMBER_INT:
		ok = int_read(node, (int64_t *)(void *)target);
		break;
	case MEMBER_YESNO:
		ok = yesno_read(node, (bool *)(void *)target);
		break;
	case MEMBER_TEXTS:
		ok = texts_read(l, node, (struct str **)(void *)target,
		    (size_t *)(void *)((char *)base + m->count_offset));
		break;
	case MEMBER_TREE:
		*(struct val **)(void *)target = node;
		break;
	}
	if (!ok)
		mistake(l, node, "\"%s\" should be %s", m->key, wanted[m->kind]);
}

const struct member *member_find(const struct member *members, struct str key)
{
	for (const struct member *m = members; m->key; m++)
		if (str_is(key, m->key))
			return m;
	return NULL;
}

struct str member_hint(struct load *l, const struct member *members, struct str key)
{
	struct map known = {0};

	for (const struct member *m = members; m->key; m++)
		map_put(l->mem, &known, str_of(m->key), NULL);
	return did_you_mean(l->mem, near_word(&known, key));
}

bool record_read(struct load *l, struct val *tree, const struct member *members, void *out)
{
	bool ok = true;

	if (tree->kind != VAL_MAP) {
		mistake(l, tree, "a map of keys should stand here");
		return false;
	}
	VAL_EACH(i, tree) {
		const struct member *m = member_find(members, tree->keys[i]);

		if (m == NULL) {
			struct val place = key_place(l, tree->at[i], tree->keys[i]);

			mistake(l, &place, "unknown key \"%.*s\"%.*s", STR_ARG(tree->keys[i]),
			    STR_ARG(member_hint(l, members, tree->keys[i])));
			continue;
		}
		member_read(l, m, tree->at[i], out);
	}
	for (const struct member *m = members; m->key; m++) {
		const struct val *v = val_find(tree, str_of(m->key));

		if (m->must && (v == NULL || (v->kind == VAL_TEXT && v->text.n == 0))) {
			mistake(l, tree, "\"%s\" is missing", m->key);
			ok = false;
		}
	}
	return ok;
}

bool choice_read(struct load *l, const struct val *tree, const char *key, struct str word,
    const char *const *words, int *out)
{
	struct map known = {0};
	struct buf b = buf_new(l->mem, 1024);

	for (int i = 0; words[i]; i++) {
		if (str_is(word, words[i])) {
			*out = i;
			return true;
		}
		map_put(l->mem, &known, str_of(words[i]), NULL);
		buf_fmt(&b, "%s%s", i ? ", " : "", words[i]);
	}
	mistake(l, val_find(tree, str_of(key)), "\"%s\" should be one of %.*s, not \"%.*s\"%.*s",
	    key, STR_ARG(buf_str(&b)), STR_ARG(word),
	    STR_ARG(did_you_mean(l->mem, near_word(&known, word))));
	return false;
}
