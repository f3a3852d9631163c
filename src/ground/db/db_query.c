/* SPDX-License-Identifier: Apache-2.0 */
/* Named statements: optional lines, :names, and what each connection has prepared. */
#include <stdio.h>
#include <stdlib.h>

#include "db/db_priv.h"

#define NOT_GIVEN (-1)

NORETURN static void statement_bug(const struct db_sql *sql, const char *what, const char *name)
{
	char text[200];

	(void)snprintf(text, sizeof text, "statement %s: %s %s", sql->name, what, name);
	bug(__FILE__, __LINE__, text);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static size_t until(const char *p, const char *end)
{
	const char *at = strstr(p, end);

	return at ? (size_t)(at - p) + strlen(end) : strlen(p);
}

size_t db_sql_quoted(const char *p)
{
	if (*p == '\'')
		return 1 + until(p + 1, "'");
	if (*p == '"')
		return 1 + until(p + 1, "\"");
	if (p[0] == '-' && p[1] == '-')
		return strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*')
		return 2 + until(p + 2, "*/");
	return 0;
}

/* ---- reading a statement's text ---- */

static unsigned name_put(struct db *db, struct db_query *q, const char *p, size_t n)
{
	for (unsigned i = 0; i < q->n_names; i++)
		if (strlen(q->names[i]) == n && memcmp(q->names[i], p, n) == 0)
			return i;
	if (q->n_names == DB_NAMES_MAX)
		statement_bug(q->sql, "has too many parameters", "");
	q->names[q->n_names] = str_c(db->mem, (struct str){p, n});
	return q->n_names++;
}

/* Writes the text with numbered parameters into out, and which name each parameter has into v. */
static void number_params(
    struct db *db, struct db_query *q, struct db_variant *v, const char *p, struct buf *out)
{
	while (*p) {
		size_t n = db_sql_quoted(p);

		if (n == 0 && p[0] == ':' && p[1] == ':')
			n = 2;
		if (n == 0 && p[0] == ':' && is_word(p[1])) {
			unsigned name, k = 0;

			while (is_word(p[n + 1]))
				n++;
			name = name_put(db, q, p + 1, n);
			while (k < v->n_params && v->param[k] != name)
				k++;
			if (k == v->n_params)
				v->param[v->n_params++] = (unsigned char)name;
			buf_fmt(out, "%c%u", db->engine->parameter, k + 1);
			p += n + 1;
			continue;
		}
		n = n ? n : 1;
		buf_bytes(out, p, n);
		p += n;
	}
}

static const char *variant_text(struct cx *cx, struct db_query *q, struct db_variant *v)
{
	size_t limit = strlen(q->text) * 2 + 64;
	struct buf lines = buf_new(cx->mem, limit), out = buf_new(cx->mem, limit * 2);

	for (unsigned i = 0; i < q->n_lines; i++) {
		const struct db_line *l = &q->lines[i];

		if (l->optional < 0 || v->mask & 1u << l->optional) {
			buf_bytes(&lines, q->text + l->from, l->to - l->from);
			buf_char(&lines, '\n');
		}
	}
	number_params(cx->db, q, v, buf_str(&lines).p, &out);
	return buf_str(&out).p;
}

/* The optional's position when the line [p, p + n) carries the mark "--? name"; *n_out is then the line without it. */
static int line_mark(struct db *db, struct db_query *q, const char *p, size_t n, size_t *n_out)
{
	size_t mark, from, len = 0;
	unsigned name, k = 0;

	*n_out = n;
	if (!str_find((struct str){p, n}, STR("--?"), 0, &mark))
		return -1;
	for (from = mark + 3; from < n && p[from] == ' ';)
		from++;
	while (from + len < n && is_word(p[from + len]))
		len++;
	if (len == 0)
		statement_bug(q->sql, "has a mark --? without a name", "");
	*n_out = mark;
	name = name_put(db, q, p + from, len);
	while (k < q->n_optional && q->optional[k] != name)
		k++;
	if (k == DB_OPTIONAL_MAX)
		statement_bug(q->sql, "has too many optional lines", "");
	if (k == q->n_optional)
		q->optional[q->n_optional++] = (unsigned char)name;
	return (int)k;
}

static struct db_query *query_new(struct cx *cx, const struct db_sql *sql)
{
	struct db *db = cx->db;
	struct db_query *q = arena_new(db->mem, struct db_query);
	struct db_variant all = {.mask = UINT32_MAX};
	unsigned n = 1;

	q->sql = sql;
	q->text = sql->text_pg && db_is_postgres(db) ? sql->text_pg : sql->text;
	for (const char *p = q->text; *p; p++)
		n += *p == '\n';
	q->lines = arena_array(db->mem, struct db_line, n);
	for (const char *p = q->text; *p;) {
		struct db_line *l = &q->lines[q->n_lines++];
		size_t all_of_it = strcspn(p, "\n"), kept;

		l->optional = line_mark(db, q, p, all_of_it, &kept);
		l->from = (unsigned)(p - q->text);
		l->to = l->from + (unsigned)kept;
		p += all_of_it + (p[all_of_it] == '\n');
	}
	(void)variant_text(cx, q, &all); /* puts every name in */
	return q;
}

struct db_query *db_query_of(struct cx *cx, const struct db_sql *sql)
{
	size_t bucket = ((uintptr_t)sql / sizeof *sql) % DB_BUCKETS;
	struct db_query *q = cx->db->queries[bucket];

	while (q && q->sql != sql)
		q = q->next;
	if (q == NULL) {
		q = query_new(cx, sql);
		q->next = cx->db->queries[bucket];
		cx->db->queries[bucket] = q;
	}
	return q;
}

/* ---- variants ---- */

static void variant_discard(struct db *db, struct db_variant *v)
{
	db->engine->discard(db, v);
	free(v->cols);
	*v = (struct db_variant){0};
}

/* Memory for one more: new, or that of the least recently used. */
static struct db_variant *variant_room(struct db *db, struct db_query *q)
{
	struct db_variant **last = NULL;
	struct db_variant *v;

	for (struct db_variant **at = &q->variants; *at; at = &(*at)->next)
		if (!(*at)->in_use)
			last = at;
	if (q->n_variants < DB_VARIANTS_MAX || last == NULL) {
		q->n_variants++;
		return arena_new(db->mem, struct db_variant);
	}
	v = *last;
	*last = v->next;
	variant_discard(db, v);
	return v;
}

static bool variant_of(struct cx *cx, struct db_query *q, uint32_t mask, struct db_variant **out)
{
	struct db_variant *v = q->variants;

	if (v && v->mask == mask && !v->in_use) {
		*out = v;
		return true;
	}
	for (struct db_variant **at = &q->variants; (v = *at) != NULL; at = &v->next)
		if (v->mask == mask && !v->in_use) {
			*at = v->next;
			break;
		}
	if (v == NULL) {
		struct arena_mark m = arena_mark(cx->mem);

		v = variant_room(cx->db, q);
		v->mask = mask;
		if (!cx->db->engine->prepare(cx, q, v, variant_text(cx, q, v))) {
			*v = (struct db_variant){0};
			q->n_variants--;
			return false;
		}
		arena_rewind(cx->mem, m);
	}
	v->next = q->variants;
	*out = q->variants = v;
	return true;
}

void db_queries_discard(struct db *db)
{
	for (size_t i = 0; i < DB_BUCKETS; i++)
		for (struct db_query *q = db->queries[i]; q; q = q->next)
			for (struct db_variant *v = q->variants, *next; v; v = next) {
				next = v->next;
				variant_discard(db, v);
			}
}

void db_variant_name_cols(
    struct db_variant *v, unsigned n, const char *(*name)(void *, unsigned), void *of)
{
	size_t bytes = (n + 1) * sizeof *v->cols;
	char *text;

	BUG_ON(n > DB_NAMES_MAX);
	for (unsigned i = 0; i < n; i++)
		bytes += strlen(name(of, i)) + 1;
	v->cols = malloc(bytes);
	BUG_ON(v->cols == NULL);
	v->n_cols = n;
	text = (char *)(v->cols + n + 1);
	for (unsigned i = 0; i < n; i++) {
		size_t size = strlen(name(of, i)) + 1;

		memcpy(text, name(of, i), size);
		v->cols[i] = text;
		text += size;
	}
}

/* ---- a call ---- */

static short arg_find(const struct db_arg *args, size_t n, const char *name, unsigned char *guess)
{
	if (*guess < n && strcmp(args[*guess].name, name) == 0)
		return *guess;
	for (size_t i = 0; i < n; i++)
		if (strcmp(args[i].name, name) == 0) {
			*guess = (unsigned char)i;
			return (short)i;
		}
	return NOT_GIVEN;
}

NORETURN static void unused_bug(const struct db_query *q, const struct db_arg *args, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned k = 0;

		while (k < q->n_names && strcmp(q->names[k], args[i].name) != 0)
			k++;
		if (k == q->n_names)
			statement_bug(q->sql, "no line uses the argument", args[i].name);
	}
	statement_bug(q->sql, "an argument is given twice", "");
}

bool db_call_init(
    struct cx *cx, const struct db_sql *sql, const struct db_arg *args, struct db_call *out)
{
	struct db_query *q = db_query_of(cx, sql);
	size_t n = 0, found = 0;
	uint32_t mask = 0;

	while (args[n].name)
		n++;
	for (unsigned i = 0; i < q->n_names; i++) {
		out->at[i] = arg_find(args, n, q->names[i], &q->guess[i]);
		found += out->at[i] >= 0;
	}
	if (found != n)
		unused_bug(q, args, n);
	for (unsigned k = 0; k < q->n_optional; k++) {
		short at = out->at[q->optional[k]];

		if (at >= 0 && args[at].type != DB_NULL)
			mask |= 1u << k;
	}
	out->query = q;
	out->args = args;
	if (!variant_of(cx, q, mask, &out->variant))
		return false;
	for (unsigned k = 0; k < out->variant->n_params; k++)
		if (out->at[out->variant->param[k]] < 0)
			statement_bug(sql, "no argument for", q->names[out->variant->param[k]]);
	return true;
}

bool db_cols_match(struct cx *cx, const char *statement, struct db_variant *v,
    const struct db_col *cols, short *at_out)
{
	for (unsigned k = 0; cols[k].name; k++) {
		unsigned i = v->col_guess[k];

		BUG_ON(k == DB_NAMES_MAX);
		if (i >= v->n_cols || strcmp(v->cols[i], cols[k].name) != 0) {
			for (i = 0; i < v->n_cols && strcmp(v->cols[i], cols[k].name) != 0;)
				i++;
			if (i == v->n_cols)
				return cx_fail(cx, ERR_DB, "statement %s gives no column %s",
				    statement, cols[k].name);
			v->col_guess[k] = (unsigned char)i;
		}
		at_out[k] = (short)i;
	}
	return true;
}
