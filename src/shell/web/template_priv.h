/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the templates: what a file becomes, and the scanner that knows where in HTML a tag stands. */
#ifndef WEB_TEMPLATE_PRIV_H
#define WEB_TEMPLATE_PRIV_H

#include "web/web_priv.h"

#define TEMPLATE_DEPTH 32 /* of parts and sections within each other */

/* A name of the language: parts of "appearance.time" below a root. */
struct tag_name {
	enum { ROOT_FRAME, ROOT_PAGE, ROOT_SITE } root;
	struct str whole; /* as written, for messages */
	struct str *parts;
	size_t parts_n; /* 0: "." or the root itself */
	bool machine;	/* @machine: the leaf's JSON form */
	bool marked;	/* @marked: on English pages its Chinese says that it is Chinese */
};

/* A piece of words: literal text, then the value (if any). */
struct word_piece {
	struct str text;
	bool has_name;
	struct tag_name name;
};
struct word_pieces {
	struct word_piece *at;
	size_t n, cap;
};

enum node_kind {
	NODE_TEXT,     /* text */
	NODE_LANG,     /* "/en" on English pages: stands before a literal path */
	NODE_VALUE,    /* name, escaped */
	NODE_ADDRESS,  /* name, a whole address attribute: a link's address */
	NODE_SECTION,  /* name; body is (this, end) */
	NODE_INVERTED, /* the same when the name is false */
	NODE_PART,     /* part */
	NODE_WORDS,    /* words of each language */
};

struct node {
	enum node_kind kind;
	uint32_t line;
	uint32_t end;	 /* sections: index of the first node after the body */
	uint32_t index;	 /* of the tag, for the list of those never rendered */
	bool attribute;	 /* stands in a quoted attribute: no markup here */
	struct str text; /* literal; part's name; msgid */
	struct tag_name name;
	const struct template *part;
	struct word_pieces zh, en;
};

struct template
{
	struct str name; /* pages/notice/notice.html */
	struct node *at;
	size_t n, cap;
};

struct templates {
	struct map by_name; /* name → struct template */
	size_t tags;	    /* number of tags in all files */
	_Atomic(bool) *seen;
	const struct node **tag_nodes; /* by index */
	const struct template **tag_files;
};

struct mistakes_found {
	struct buf text; /* "file:line: what", a line each */
	size_t n;
};
/* Reads the file of t's name into t. */
void template_parse(struct cx *cx, struct templates *all, const struct map *files,
    struct template *t, struct mistakes_found *found);

/* ---- where in HTML ---- */
enum html_state {
	HTML_TEXT,
	HTML_RCDATA, /* title, textarea: text, but no tags */
	HTML_RAW,    /* script, style */
	HTML_COMMENT,
	HTML_TAG_NAME,
	HTML_IN_TAG,
	HTML_ATTRIBUTE_NAME,
	HTML_BEFORE_VALUE,
	HTML_QUOTED,
	HTML_UNQUOTED,
};
enum attribute_kind { ATTRIBUTE_PLAIN, ATTRIBUTE_ADDRESS, ATTRIBUTE_FORBIDDEN };

struct html {
	enum html_state state;
	char quote;
	char tag[24], attribute[24]; /* lower case, cut */
	enum attribute_kind kind;
	size_t value_n;	     /* bytes and tags of the value so far */
	bool value_is_tag;   /* the value is one tag and must end now */
	bool address_starts; /* set by html_scan: the byte given begins a literal address */
	char recent[4];	     /* last bytes, for the end of comments */
};
/* Takes one byte of literal text. A message when it may not stand here. */
const char *html_scan(struct html *h, struct str text, size_t at);
/* A tag stands here: what may it be? NULL when fine, else what is wrong. */
const char *html_value(struct html *h);
const char *html_section(struct html *h); /* before opening, closing or comparing */
const char *html_part(struct html *h);
bool html_same(const struct html *a, const struct html *b);

/* ---- leaves for people ---- */
/* Appends the human form, escaped. False for lists and maps. */
bool leaf_show(struct cx *cx, struct buf *b, const struct val *v);
bool leaf_machine(struct buf *b, const struct val *v);
/* Appends escaped text, its runs of Chinese within <span lang="zh-CN">. */
void leaf_mark(struct buf *b, struct str escaped);
#endif
