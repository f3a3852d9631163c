/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: how records are read, what a field type is, how a check reports. */
#ifndef SCHEMA_SCHEMA_PRIV_H
#define SCHEMA_SCHEMA_PRIV_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "codec/val.h"
#include "schema/rules.h"
#include "schema/schema.h"
#include "text/text.h"

/* ---- reading the data: every record is a value tree, from a YAML file, a CSV file or a published document ---- */
struct source { /* a definition and where it was read */
	struct definition def;
	struct str file;
	struct str version_key; /* in versions.yaml; absent: the document has its version */
};
struct load {
	struct cx *cx;
	struct arena *mem;
	struct domain *d;
	struct mistakes *mistakes;
	const struct map *files; /* NULL when reading published documents */
	struct str file;	 /* what is being read now */
	bool demo_file;		 /* … and whether it is one of a demo home */
	struct map lost;	 /* types of definitions of which a file could not be read */
	LIST_OF(struct source) sources;
	LIST_OF(struct definition) definitions;
};

/* A mistake at a place of the file being read; where may be NULL. */
void mistake(struct load *l, const struct val *where, const char *fmt, ...) PRINTF(3, 4);
void mistake_in(struct load *l, struct str file, const struct val *where, const char *fmt, ...)
    PRINTF(4, 5);
/*
 * A mistake about a word that is not known: adds the nearest of the known words. Nothing is said about words that a file would define which could not be
 * read: that file is the mistake.
 */
void mistake_word(struct load *l, const struct val *where, const char *what, struct str word,
    const struct map *known);

/* By file, line and column. */
void mistakes_sort(struct mistakes *mistakes);
/* Not all definitions of this type could be read. */
void source_lost(struct load *l, const char *type);
bool is_source_lost(const struct load *l, const char *type);
/* "file:line:column: what" → its place; *said is what follows. False when it names none. */
bool place_said(struct str *said, struct str *file, struct val *place);

/* The known word nearest to this one; absent when none is near. */
struct str near_word(const struct map *known, struct str word);

enum member_kind { MEMBER_TEXT, MEMBER_LABEL, MEMBER_INT, MEMBER_YESNO, MEMBER_TEXTS, MEMBER_TREE };

/* One key of a record: its kind and where it goes. A table of them ends with key NULL. */
struct member {
	const char *key;
	enum member_kind kind;
	bool must;
	size_t offset, count_offset;
};
#define MEMBER_KIND(S, f)                                                                          \
	_Generic(((S *)0)->f, struct str: MEMBER_TEXT, struct label: MEMBER_LABEL,                 \
	    int64_t: MEMBER_INT, bool: MEMBER_YESNO, struct str *: MEMBER_TEXTS,                   \
	    struct val *: MEMBER_TREE)
#define MEMBER(key, S, f)                                                                          \
	{                                                                                          \
		key, MEMBER_KIND(S, f), false, offsetof(S, f), 0                                   \
	}
#define MUST(key, S, f)                                                                            \
	{                                                                                          \
		key, MEMBER_KIND(S, f), true, offsetof(S, f), 0                                    \
	}
#define LIST(key, S, f)                                                                            \
	{                                                                                          \
		key, MEMBER_TEXTS, false, offsetof(S, f), offsetof(S, f##_n)                       \
	}
#define MEMBERS_END                                                                                \
	{                                                                                          \
		NULL, MEMBER_TEXT, false, 0, 0                                                     \
	}

/*
 * Reads one record into the struct at out. Leaves of the tree become what they are (integer, bool, label map), so that the tree is what is published.
 * False when a key that must be there is missing or the tree is no map; all mistakes are noted, also those after which it is true.
 */
bool record_read(struct load *l, struct val *tree, const struct member *members, void *out);
/* The position of word among words (ended by NULL); a mistake at tree's member key when it is none of them. */
bool choice_read(struct load *l, const struct val *tree, const char *key, struct str word,
    const char *const *words, int *out);
const struct member *member_find(const struct member *members, struct str key); /* or NULL */
/* "; did you mean "…"?" for the member nearest to this key; empty when none is near. */
struct str member_hint(struct load *l, const struct member *members, struct str key);
/* A CSV file as {"<name>": [rows as maps of text]}; empty cells are left out. NULL and a mistake when it cannot be read. A first line "# words" becomes "name". */
MUST_CHECK bool csv_tree(struct load *l, struct str text, const char *name,
    const struct member *members, struct val **out);
/* A YAML file; NULL and a mistake when it cannot be read. */
MUST_CHECK bool yaml_tree(struct load *l, struct str text, struct val **out);
/* The two files of the calendar as one source. */
MUST_CHECK bool calendar_source(struct load *l);

/* ---- the parts of a domain; each reads one kind of definition ---- */
void load_calendar(struct load *l, struct val *tree);
void load_sector(struct load *l, struct val *tree);
void load_item(struct load *l, struct val *tree);
void load_codes(struct load *l, struct str id, struct val *tree);
void load_places(struct load *l, struct val *tree);
void load_agencies(struct load *l, struct val *tree);
void load_channels(struct load *l, struct val *tree);
void load_deadlines(struct load *l, struct val *tree);
void load_rules(struct load *l, struct val *tree);
extern const struct member code_members[], place_members[], place_map_members[], deadline_members[];

/* After everything is read: names become pointers. */
void resolve_places(struct load *l);
void site_resolve(struct load *l); /* the place of the site, unless it still is the placeholder */
void resolve_agencies(struct load *l);
void resolve_items(struct load *l);
void resolve_rules(struct load *l);

/* ---- patterns: compiled once, matched with limits ---- */
struct pattern;
/* NULL and *problem_out when the pattern cannot be compiled. Freed with the arena. */
struct pattern *pattern_compile(struct arena *mem, struct str source, struct str *problem_out);
bool pattern_matches(struct arena *mem, const struct pattern *p, struct str text);

/* ---- field types ---- */
struct reading { /* one value as a source wrote it */
	struct arena *mem;
	const struct domain *d;
	const struct field *f;
	struct issues *issues;
};
struct checking { /* one document */
	struct arena *mem;
	const struct domain *d;
	const struct item *it;
	const struct val *document;
	const struct val **values; /* by position of the field in the item */
	const struct val ***cells; /* of a rows field: rows × columns, by position of the field */
	enum check_mode mode;
	struct issues *issues;
	const struct field *f;	  /* being checked now */
	const struct field *rows; /* … within this rows field, NULL = not in rows */
	size_t row;		  /* … in this row, from 1 */
	struct str part;	  /* f NULL: the part of the document */
};
struct showing {
	struct arena *mem;
	const struct domain *d;
	const char *lang;
};

struct field_type {
	const char *name;
	struct label label; /* how the type is called */
	/* From text to value; NULL when it cannot be read: then an issue is noted. raw is trimmed and not empty. */
	struct val *(*read)(struct reading *r, struct str raw);
	void (*check)(struct checking *c, const struct val *v);
	struct val *(*show)(struct showing *s, const struct field *f, const struct val *v);
	/* The value in words, one line where the type has one. */
	void (*text)(struct showing *s, struct buf *b, const struct field *f, const struct val *v);
	bool (*number)(const struct val *v, struct decimal *out); /* NULL: no number. Money in 元 */
	bool (*days)(const struct val *v, int32_t *from,
	    int32_t *to); /* NULL: no date; INT32_MIN/MAX = that end is missing */
	bool words;	  /* may hold free words */
	bool lines;	  /* may hold LF and TAB */
};
const struct field_type *field_type_find(struct str name);
extern const struct field_type field_types[]; /* ended by name NULL */
void field_type_names(struct arena *mem, struct map *out);

/* ---- issues ---- */
/* Values for the placeholders of a sentence: {"name", text} pairs ended by an absent name. */
struct fill {
	struct str name, text;
};
#define FILL_MAX 12
struct str sentence_fill(struct arena *mem, struct str sentence, const struct fill *fills);
/* An issue of a rule of rules.h about the field being checked. value is cut; extra may be NULL. */
void check_issue(
    struct checking *c, enum schema_rule rule, struct str value, const struct fill *extra);
void read_issue(
    struct reading *r, enum schema_rule rule, struct str value, const struct fill *extra);
/* The field's name, dotted and with its row: candidates[2].price. */
struct str check_path(const struct checking *c, const struct field *f);

/* ---- rules between fields ---- */
struct rule_use; /* a rule applied to fields of one item */
void check_rules(struct checking *c);
void check_texts(struct checking *c);

#endif
