/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a PostgreSQL database: one that sorts by bytes and syncs, or none. */
#include <stdlib.h>

#include "db/db_pg_priv.h"

/* What the database must be: expressions for what it is and whether that will do, and what would. */
static const struct {
	const char *is, *fits, *must;
} demands[] = {
    {"'locale ' || CASE datlocprovider WHEN 'c' THEN datcollate ELSE 'ICU ' || daticulocale END",
	"datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')",
	"locale C or C.UTF-8, so that text sorts by bytes"},
    {"'encoding ' || pg_encoding_to_char(encoding)", "pg_encoding_to_char(encoding) = 'UTF8'",
	"encoding UTF8"},
    {"'fsync=' || current_setting('fsync')", "current_setting('fsync') = 'on'", "fsync=on"},
    {"'synchronous_commit=' || current_setting('synchronous_commit')",
	"current_setting('synchronous_commit') <> 'off'", "synchronous_commit=on or remote_apply"},
    {"'version ' || current_setting('server_version')",
	"CAST(current_setting('server_version_num') AS INTEGER) >= 150000", "version 15 or later"},
};

static bool demands_check(struct cx *cx)
{
	for (size_t i = 0; i < ARRAY_SIZE(demands); i++) {
		const char *query = str_fmt(cx->mem,
		    "SELECT %s, %s FROM pg_database WHERE datname = current_database()",
		    demands[i].is, demands[i].fits)
					.p;
		PGresult *r = PQexec(of(cx->db)->conn, query);
		bool ok = db_pg_good(r) || db_pg_fail(cx, r, "asking for the server's settings");

		if (ok && PQgetvalue(r, 0, 1)[0] != 't')
			ok = cx_fail(cx, ERR_DB, "the PostgreSQL database has %s; it must have %s",
			    PQgetvalue(r, 0, 0), demands[i].must);
		PQclear(r);
		if (!ok)
			return false;
	}
	return true;
}

/*
 * enable_seqscan=off: a statement prepared while its table is empty is planned for an empty table, and would go on scanning the growing one.
 * Every statement here is meant to use an index.
 */
static bool settings(struct cx *cx)
{
	return db_pg_engine.exec(
		   cx, "SET enable_seqscan = off; SET jit = off; SET client_encoding = 'UTF8'") &&
	       (cx->db->mode == DB_WRITE ||
		   db_pg_engine.exec(cx, "SET default_transaction_read_only = on")) &&
	       demands_check(cx);
}

static PGconn *connect(const char *url)
{
	const char *const keys[] = {"dbname", "fallback_application_name", NULL};
	const char *const values[] = {url, "gongkai", NULL};

	return PQconnectdbParams(keys, values, 1);
}

bool db_pg_open(struct cx *cx, const struct db_config *config, struct db **out)
{
	struct db_pg *pg = calloc(1, sizeof *pg);
	struct db *outer = cx->db;
	bool ok;

	BUG_ON(pg == NULL);
	pg->db = (struct db){
	    .engine = &db_pg_engine, .mem = arena_open(DB_QUERIES_BYTES), .mode = config->mode};
	pg->conn = connect(config->url);
	BUG_ON(pg->conn == NULL);
	(void)PQsetNoticeReceiver(pg->conn, db_pg_on_notice, pg);
	cx->db = &pg->db;
	ok = PQstatus(pg->conn) == CONNECTION_OK ||
	     cx_fail(cx, ERR_DB, "%.*s", STR_ARG(str_trim(str_of(PQerrorMessage(pg->conn)))));
	ok = ok && settings(cx);
	cx->db = outer;
	if (!ok) {
		db_pg_engine.close(&pg->db);
		return cx_note(
		    cx, "opening the PostgreSQL database"); /* the address may hold a password */
	}
	*out = &pg->db;
	return true;
}
