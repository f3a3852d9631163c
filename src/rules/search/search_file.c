/* SPDX-License-Identifier: Apache-2.0 */
/* The index file. */
#include "search/search_priv.h"
#include "base/io.h"
#include "base/trace.h"
#include "db/db_sqlite.h"

static const struct db_migration schema[] = {
    {1, "search",
	"CREATE TABLE search_notice (\n"
	"	key ID, id TEXT NOT NULL, idx INT64 NOT NULL, sector TEXT NOT NULL, item TEXT NOT "
	"NULL, agency TEXT NOT NULL,\n"
	"	place TEXT NOT NULL, county TEXT, city TEXT, province TEXT, year TEXT NOT NULL, "
	"title TEXT NOT NULL, body TEXT NOT NULL);\n"
	"CREATE UNIQUE INDEX search_notice_id ON search_notice (id);\n"
	"CREATE INDEX search_notice_facet ON search_notice (key, idx, sector, item, county, "
	"agency, year);\n"
	"CREATE TABLE search_cursor (cursor INT64 NOT NULL, version INT64 NOT NULL);\n"
	"INSERT INTO search_cursor VALUES (0, 0);\n"
	"CREATE VIRTUAL TABLE search_text USING fts5(title, body, content='search_notice', "
	"content_rowid='key', tokenize='bigram');\n"
	/* a step of the follower in one or two segments, and fewer of them merged again: a sixth less CPU */
	"INSERT INTO search_text (search_text, rank) VALUES ('hashsize', 8388608);\n"
	"INSERT INTO search_text (search_text, rank) VALUES ('automerge', 8);\n"},
};

static bool try_open(struct cx *cx, const char *path, bool make, struct db **out)
{
	struct db *was = cx->db;
	bool ok;

	if (!db_open(cx,
		&(struct db_config){
		    .url = path, .mode = make ? DB_WRITE : DB_READ, .checkpoint = make},
		out))
		return false;
	cx->db = *out;
	ok = search_tokenizer_register(cx, db_sqlite_handle(*out)) &&
	     (!make || db_migrate(cx, schema, ARRAY_SIZE(schema)));
	cx->db = was;
	if (!ok) {
		db_close(*out);
		*out = NULL;
	}
	return ok;
}

/* A damaged index is no loss: it is set aside and built anew. */
static void set_aside(struct cx *cx, const char *path)
{
	static const char *const parts[] = {"", "-wal", "-shm"};

	trace(TRACE_WARNING, "the search index cannot be read and is built anew", "reason",
	    cx_error(cx).p, NULL);
	cx_clear(cx);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		(void)io.unlink(str_fmt(cx->mem, "%s%s", path, parts[i]).p);
}

bool search_file_open(struct cx *cx, struct str home, bool make, struct db **out)
{
	const char *dir = str_fmt(cx->mem, "%.*s/index", STR_ARG(home)).p,
		   *path = str_fmt(cx->mem, "%s/search.db", dir).p;

	if (!make)
		return try_open(cx, path, false, out);
	if (!io_dir_make(cx, dir, 0750))
		return false;
	if (try_open(cx, path, true, out))
		return true;
	set_aside(cx, path);
	return try_open(cx, path, true, out);
}
