/* SPDX-License-Identifier: Apache-2.0 */
/* Every text of a document, the title included: characters that must not be published, and personal identifiers. */
#include "schema/rules_priv.h"
#include "privacy/privacy.h"

static enum schema_rule rule_of(enum text_defect defect)
{
	static const enum schema_rule of[] = {
	    [TEXT_BIDI] = RULE_BIDI,
	    [TEXT_CONTROL] = RULE_CONTROL,
	    [TEXT_NONCHARACTER] = RULE_NONCHARACTER,
	    [TEXT_ZERO_WIDTH] = RULE_ZERO_WIDTH,
	    [TEXT_PRIVATE_USE] = RULE_PRIVATE_USE,
	};

	return of[defect];
}

static void defect_issue(struct checking *c, struct str s, enum text_defect defect, size_t at)
{
	size_t from;
	struct str rest = str_cut(s, at, s.n), head = str_cut(s, 0, at);
	int32_t code = text_next(&rest);

	for (from = at > 60 ? at - 60 : 0; from < at && ((unsigned char)s.p[from] & 0xC0) == 0x80;
	     from++)
		; /* to the beginning of a character */
	check_issue(c, rule_of(defect), text_head(str_cut(s, from, s.n), 40),
	    (struct fill[]){{STR("at"), str_fmt(c->mem, "%zu", text_length(head) + 1)},
		{STR("code"), str_fmt(c->mem, "U+%04X", (unsigned)code)}, {STR_NONE, STR_NONE}});
}

/* Each kind of defect is said: what is waived of one must not carry another along. */
static void characters_check(struct checking *c, struct str s, bool lines)
{
	size_t at;

	if (text_check(s, lines, &at) == TEXT_CLEAN)
		return;
	for (int d = TEXT_BIDI; d <= TEXT_PRIVATE_USE; d++)
		if (text_has_defect(s, lines, (enum text_defect)d, &at))
			defect_issue(c, s, (enum text_defect)d, at);
}

static void personal_check(struct checking *c, struct str s, bool identifier)
{
	static const enum schema_rule of[] = {[PERSONAL_RESIDENT_ID] = RULE_RESIDENT,
	    [PERSONAL_MOBILE] = RULE_MOBILE,
	    [PERSONAL_BANK_CARD] = RULE_CARD};
	struct personal_list found = {0};

	privacy_scan(c->mem, c->f ? c->f->label.zh : STR(""), s, &found);
	LIST_EACH(p, &found) {
		if (!identifier || p->kind == PERSONAL_RESIDENT_ID)
			check_issue(c, of[p->kind], p->masked, NULL);
	}
}

/* A value of any shape: texts within are looked at one by one. Codes, dates and amounts are checked by their types. */
static void value_texts(struct checking *c, const struct val *v, bool lines, bool identifier)
{
	if (v->kind == VAL_TEXT) {
		characters_check(c, v->text, lines);
		personal_check(c, v->text, identifier);
	}
	VAL_EACH(i, v)
		value_texts(c, v->at[i], lines, identifier);
}

/* Of a price only the words are text: 18001403501 元 is nobody's telephone. */
static const struct val *words_in(const struct field *f, const struct val *v)
{
	return f->type->number ? val_at(v, "words") : v;
}

static void field_texts(struct checking *c, const struct field *f, const struct val *v)
{
	v = words_in(f, v);
	if (!f->type->words || f->columns_n || v == NULL)
		return;
	c->f = f;
	value_texts(
	    c, v, f->type->lines, f->identifier.n || str_is(field_type_name(f), "identifier"));
	c->f = NULL;
}

static void rows_texts(struct checking *c, const struct field *f, size_t at)
{
	const struct val *rows = c->values[at];

	if (c->cells[at] == NULL)
		return;
	c->rows = f;
	VAL_EACH(r, rows) {
		c->row = r + 1;
		for (size_t i = 0; i < f->columns_n; i++) {
			const struct val *v = c->cells[at][r * f->columns_n + i];

			if (v)
				field_texts(c, &f->columns[i], v);
		}
	}
	c->rows = NULL;
	c->row = 0;
}

/* The rule that no value holds markup, for parts that are no field. */
static void markup_check(struct checking *c, const struct val *v)
{
	const struct rule *r = domain_rule_by_check(c->d, STR("no-markup"));
	struct str seen;

	if (r && v->kind == VAL_TEXT && markup_find(v->text, &seen))
		part_rule_issue(c, r, seen);
	VAL_EACH(i, v)
		markup_check(c, v->at[i]);
}

static void part_texts(struct checking *c, const char *part, bool lines, bool personal)
{
	const struct val *v = val_find(c->document, str_of(part));

	c->part = str_of(part);
	if (v == NULL)
		return;
	value_texts(c, v, lines, !personal);
	if (c->f)
		markup_check(c, v);
}

void check_texts(struct checking *c)
{
	static const struct field title = {.name = {"title", 5},
				      .label = {{"标题", 6}, {"Title", 5}}},
				  attachments = {.name = {"attachments", 11},
				      .label = {{"附件", 6}, {"Attachments", 11}}},
				  note = {.name = {"note", 4}, .label = {{"说明", 6}, {"Note", 4}}},
				  appearance = {.name = {"appearance", 10},
				      .label = {{"首次公布", 12}, {"First published", 15}}};

	c->f = &title;
	part_texts(c, "title", false, true);
	c->f = &appearance;
	part_texts(c, "appearance", false, false);
	c->f = NULL;
	for (size_t i = 0; i < c->it->fields_n; i++) {
		const struct field *f = &c->it->fields[i];

		if (c->values[i] == NULL || f->type == NULL)
			continue;
		if (f->columns_n)
			rows_texts(c, f, i);
		else
			field_texts(c, f, c->values[i]);
	}
	c->f = &attachments;
	part_texts(c, "attachments", false, false);
	c->f = &note;
	part_texts(c, "note", true, true);
	c->f = NULL;
}
