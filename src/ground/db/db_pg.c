/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PostgreSQL engine (libpq). Parameters: integers as text, so that the server may take them for any integer type; texts and bytes in
 * binary with their length. Results are binary. Inside a transaction, statements whose result nobody asks for are sent ahead through libpq's
 * pipeline; the next call that needs an answer reads theirs first and fails with the first failure among them.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/db_priv.h"

enum {
	AHEAD_MAX = 256,      /* statements sent ahead */
	WRITER_LOCK = 0x676b, /* "gk": the key of the writer's advisory lock */
};
#define QUERIES_BYTES ((size_t)64 << 20)

enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_NAME = 19,
	OID_VARCHAR = 1043
};

struct db_pg {
	struct db db;
	PGconn *conn;
	unsigned long prepared;	     /* number of the last prepared statement */
	unsigned ahead;		     /* statements sent, answers not read */
	const char *sent[AHEAD_MAX]; /* their names */
	bool warned;		     /* the server sent a warning since the last statement began */
};

static struct db_pg *of(struct db *db)
{
	return (struct db_pg *)db;
}

/* ---- errors ---- */

static const struct {
	const char *state; /* SQLSTATE or its class */
	enum err_code code;
} states[] = {
    {"40001", ERR_BUSY},
    {"40P01", ERR_BUSY},
    {"55P03", ERR_BUSY},
    {"23", ERR_CONFLICT},
    {"25006", ERR_READONLY},
    {"XX001", ERR_CORRUPT},
    {"XX002", ERR_CORRUPT},
    {"53100", ERR_IO},
    {"58", ERR_IO},
    {"54", ERR_LIMIT},
};

static enum err_code code_of(const PGresult *r)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;

	for (size_t i = 0; state && i < ARRAY_SIZE(states); i++)
		if (str_starts(str_of(state), str_of(states[i].state)))
			return states[i].code;
	return ERR_DB;
}

static bool good(const PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

static bool fail_as(struct cx *cx, enum err_code code, const PGresult *r, const char *what)
{
	const char *text = r ? PQresultErrorMessage(r) : "";
	struct str message = str_trim(str_of(*text ? text : PQerrorMessage(of(cx->db)->conn)));

	return cx_fail(cx, code, "%s: %.*s", what, STR_ARG(message));
}

static bool fail(struct cx *cx, const PGresult *r, const char *what)
{
	return fail_as(cx, code_of(r), r, what);
}

/* Takes the result: true when it is good. */
static bool done(struct cx *cx, PGresult *r, const char *what)
{
	bool ok = good(r) || fail(cx, r, what);

	PQclear(r);
	return ok;
}

static void on_notice(void *arg, const PGresult *r)
{
	struct db_pg *pg = arg;
	const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);

	pg->warned = pg->warned || (severity && strcmp(severity, "WARNING") == 0);
}

/* ---- statements sent ahead ---- */

/* Reads the answers of what was sent ahead; ends the pipeline. Fails with the first failure. */
static bool settle(struct cx *cx)
{
	struct db_pg *pg = of(cx->db);
	bool ok = true;

	if (pg->ahead == 0)
		return true;
	if (PQpipelineSync(pg->conn) != 1)
		ok = fail(cx, NULL, "sending");
	for (unsigned i = 0; i < pg->ahead && PQstatus(pg->conn) == CONNECTION_OK; i++) {
		PGresult *r = PQgetResult(pg->conn);

		if (ok && !good(r))
			ok = fail(cx, r, pg->sent[i]);
		PQclear(r);
		PQclear(PQgetResult(pg->conn)); /* the NULL that ends a statement's results */
	}
	pg->ahead = 0;
	PQclear(PQgetResult(pg->conn)); /* the sync itself */
	if (PQexitPipelineMode(pg->conn) != 1 && ok)
		ok = fail(cx, NULL, "reading answers");
	return ok;
}

/* For a rollback: the answers do not matter. */
static void settle_quietly(struct db *db)
{
	struct arena *mem = arena_open(1 << 20);
	struct cx cx = {.mem = mem, .db = db};

	(void)!settle(&cx);
	arena_close(mem);
}

static bool exec(struct cx *cx, const char *text)
{
	return settle(cx) && done(cx, PQexec(of(cx->db)->conn, text), text);
}

/* ---- statements ---- */

struct statement_name {
	char text[24];
};

static struct statement_name name_of(const struct db_variant *v)
{
	struct statement_name name;

	(void)snprintf(name.text, sizeof name.text, "s%lu", v->number);
	return name;
}

static bool prepare(struct cx *cx, struct db_query *q, struct db_variant *v, const char *text)
{
	struct db_pg *pg = of(cx->db);

	v->number = ++pg->prepared;
	v->writes = cx->db->mode == DB_WRITE && strncmp(text, "SELECT", 6) != 0;
	return settle(cx) &&
	       done(cx, PQprepare(pg->conn, name_of(v).text, text, 0, NULL), q->sql->name);
}

static void discard(struct db *db, struct db_variant *v)
{
	char text[64];

	if (PQstatus(of(db)->conn) != CONNECTION_OK)
		return;
	settle_quietly(db);
	(void)snprintf(text, sizeof text, "DEALLOCATE s%lu", v->number);
	PQclear(PQexec(of(db)->conn, text));
}

/* Parameters as libpq wants them. */
struct params {
	const char *values[DB_NAMES_MAX];
	int lengths[DB_NAMES_MAX], formats[DB_NAMES_MAX];
	char digits[DB_NAMES_MAX][24];
};

static void params_fill(const struct db_call *call, struct params *p)
{
	for (unsigned k = 0; k < call->variant->n_params; k++) {
		const struct db_arg *a = &call->args[call->at[call->variant->param[k]]];

		p->values[k] = a->type == DB_NULL ? NULL : a->p;
		p->lengths[k] = (int)a->n;
		p->formats[k] = 1;
		if (a->type == DB_INT) {
			(void)snprintf(p->digits[k], sizeof p->digits[k], "%" PRId64, a->i);
			p->values[k] = p->digits[k];
			p->formats[k] = 0;
		}
	}
}

static bool send_ahead(struct cx *cx, const struct db_call *call)
{
	struct db_pg *pg = of(cx->db);
	const char *what = call->query->sql->name;
	struct params p;

	if (pg->ahead == AHEAD_MAX && !settle(cx))
		return false;
	if (PQpipelineStatus(pg->conn) == PQ_PIPELINE_OFF && PQenterPipelineMode(pg->conn) != 1)
		return fail(cx, NULL, what);
	params_fill(call, &p);
	if (PQsendQueryPrepared(pg->conn, name_of(call->variant).text, (int)call->variant->n_params,
		p.values, p.lengths, p.formats, 1) != 1)
		return fail(cx, NULL, what);
	pg->sent[pg->ahead++] = what;
	return true;
}

static bool execute(struct cx *cx, const struct db_call *call, PGresult **out)
{
	struct params p;
	PGresult *r;

	if (!settle(cx))
		return false;
	params_fill(call, &p);
	r = PQexecPrepared(of(cx->db)->conn, name_of(call->variant).text,
	    (int)call->variant->n_params, p.values, p.lengths, p.formats, 1);
	if (good(r)) {
		*out = r;
		return true;
	}
	/* Outside a transaction a statement commits by itself; when the connection broke nobody knows whether it did. */
	if (PQstatus(of(cx->db)->conn) != CONNECTION_OK && !cx->db->in_tx && call->variant->writes)
		(void)fail_as(cx, ERR_UNKNOWN, r, call->query->sql->name);
	else
		(void)fail(cx, r, call->query->sql->name);
	PQclear(r);
	return false;
}

static bool run(struct cx *cx, const struct db_call *call, int64_t *changed_out)
{
	PGresult *r;

	if (cx->db->in_tx && changed_out == NULL)
		return send_ahead(cx, call);
	if (!execute(cx, call, &r))
		return false;
	if (changed_out)
		*changed_out = strtoll(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	return true;
}

/* ---- rows ---- */

static const char *col_name(const void *r, unsigned i)
{
	return PQfname(r, (int)i);
}

static bool start(struct cx *cx, const struct db_call *call, struct db_cursor *cursor)
{
	struct db_variant *v = call->variant;
	PGresult *r;

	if (!execute(cx, call, &r))
		return false;
	if (v->cols == NULL)
		db_variant_name_cols(v, (unsigned)PQnfields(r), col_name, r);
	*cursor = (struct db_cursor){
	    .variant = v, .name = call->query->sql->name, .result = r, .row = -1};
	return true;
}

static bool next(struct cx *cx, struct db_cursor *cursor, bool *row_out)
{
	(void)cx;
	*row_out = ++cursor->row < PQntuples(cursor->result);
	return true;
}

static void finish(struct db_cursor *cursor)
{
	PQclear(cursor->result);
}

static int64_t integer(const unsigned char *p, int n)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static bool type_fits(Oid type, enum db_col_type wanted)
{
	switch (type) {
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
		return wanted == COL_INT64 || wanted == COL_BOOL;
	case OID_TEXT:
	case OID_VARCHAR:
	case OID_NAME:
		return wanted == COL_TEXT;
	case OID_BYTEA:
		return wanted == COL_BYTES;
	default:
		return false;
	}
}

static bool cell(
    struct cx *cx, const struct db_cursor *cursor, int column, enum db_col_type type, void *to)
{
	const PGresult *r = cursor->result;
	const char *p = PQgetvalue(r, cursor->row, column);
	int n = PQgetlength(r, cursor->row, column);
	bool null = PQgetisnull(r, cursor->row, column);
	Oid oid = PQftype(r, column);

	if (!type_fits(oid, type))
		return cx_fail(cx, ERR_DB,
		    "%s: column %s has the type %u, which is not what its reader wants: CAST it",
		    cursor->name, PQfname(r, column), oid);
	if (type == COL_INT64)
		*(int64_t *)to = null ? 0 : integer((const unsigned char *)p, n);
	else if (type == COL_BOOL)
		*(bool *)to =
		    !null &&
		    (oid == OID_BOOL ? *p != 0 : integer((const unsigned char *)p, n) != 0);
	else
		*(struct str *)to = null ? STR_NONE : str_dup(cx->mem, (struct str){p, (size_t)n});
	return true;
}

static bool describe(struct cx *cx, struct db_query *q, struct db_variant *v)
{
	PGresult *r;
	bool ok = true;

	if (!settle(cx))
		return false;
	r = PQdescribePrepared(of(cx->db)->conn, name_of(v).text);
	ok = good(r) || fail(cx, r, q->sql->name);
	if (ok && v->cols == NULL)
		db_variant_name_cols(v, (unsigned)PQnfields(r), col_name, r);
	for (int i = 0; ok && i < PQnfields(r); i++) {
		Oid t = PQftype(r, i);

		if (!type_fits(t, COL_INT64) && !type_fits(t, COL_TEXT) && !type_fits(t, COL_BYTES))
			ok = cx_fail(cx, ERR_DB,
			    "%s: column %s has a type (%u) that db cannot read: CAST it",
			    q->sql->name, PQfname(r, i), t);
	}
	PQclear(r);
	return ok;
}

/* ---- transactions ---- */

static bool begin(struct cx *cx)
{
	return exec(cx, cx->db->mode == DB_WRITE
			    ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
			    : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

static void rollback(struct db *db)
{
	settle_quietly(db);
	if (PQtransactionStatus(of(db)->conn) != PQTRANS_IDLE)
		PQclear(PQexec(of(db)->conn, "ROLLBACK"));
}

static bool undo(struct cx *cx)
{
	settle_quietly(cx->db);
	return exec(cx, "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s");
}

/*
 * Known not to be committed: the server answered with a serialisation failure, a violated constraint, or ROLLBACK. Anything else, and a
 * warning (a wait for the standby that was cancelled), is unknown.
 */
static bool commit(struct cx *cx)
{
	struct db_pg *pg = of(cx->db);
	PGresult *r;
	enum err_code code;

	if (!settle(cx))
		return false;
	pg->warned = false;
	r = PQexec(pg->conn, "COMMIT");
	code = good(r) ? ERR_NONE : code_of(r);
	if (code == ERR_NONE && strcmp(PQcmdStatus(r), "COMMIT") != 0)
		code = ERR_DB;
	else if (pg->warned || (code != ERR_NONE && code != ERR_BUSY && code != ERR_CONFLICT))
		code = ERR_UNKNOWN;
	if (code != ERR_NONE)
		(void)cx_fail(cx, code, "COMMIT: %s %s", PQcmdStatus(r), PQerrorMessage(pg->conn));
	PQclear(r);
	return code == ERR_NONE;
}

static bool checkpoint(struct cx *cx)
{
	(void)cx;
	return true; /* the server's own affair */
}

static bool writer_lock(struct cx *cx, bool *got_out)
{
	char text[64];
	PGresult *r;

	(void)snprintf(text, sizeof text, "SELECT pg_try_advisory_lock(%d)", WRITER_LOCK);
	if (!settle(cx))
		return false;
	r = PQexec(of(cx->db)->conn, text);
	if (good(r))
		*got_out = PQgetvalue(r, 0, 0)[0] == 't';
	return done(cx, r, "taking the writer's lock");
}

static bool writer_lost(struct db *db)
{
	struct db_pg *pg = of(db);

	/* The lock lives as long as the session. The first read may get the server's last words, the second then finds the end. */
	for (int i = 0; i < 2; i++)
		if (PQconsumeInput(pg->conn) != 1 || PQstatus(pg->conn) != CONNECTION_OK)
			return true;
	return false;
}

static void engine_close(struct db *db)
{
	PQfinish(of(db)->conn);
	arena_close(db->mem);
	free(of(db));
}

const struct db_engine db_pg_engine = {
    .parameter = '$',
    .close = engine_close,
    .exec = exec,
    .prepare = prepare,
    .discard = discard,
    .run = run,
    .start = start,
    .next = next,
    .cell = cell,
    .finish = finish,
    .describe = describe,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .undo = undo,
    .checkpoint = checkpoint,
    .writer_lock = writer_lock,
    .writer_lost = writer_lost,
};

/* ---- opening ---- */

/* What the cluster must be: one query, a row per demand: what is, whether it will do, what would. */
static const char demands[] =
    "SELECT 'locale ' || CASE datlocprovider WHEN 'c' THEN datcollate ELSE 'ICU ' || "
    "COALESCE(daticulocale, '') END, datlocprovider = 'c' AND datcollate IN ('C', 'POSIX', "
    "'C.UTF-8', 'C.utf8'), "
    "'locale C or C.UTF-8, so that text sorts by bytes' FROM pg_database WHERE datname = "
    "current_database() "
    "UNION ALL SELECT 'encoding ' || pg_encoding_to_char(encoding), pg_encoding_to_char(encoding) "
    "= 'UTF8', "
    "'encoding UTF8' FROM pg_database WHERE datname = current_database() "
    "UNION ALL SELECT 'fsync=' || current_setting('fsync'), current_setting('fsync') = 'on', "
    "'fsync=on' "
    "UNION ALL SELECT 'synchronous_commit=' || current_setting('synchronous_commit'), "
    "current_setting('synchronous_commit') <> 'off', 'synchronous_commit=on or remote_apply' "
    "UNION ALL SELECT 'version ' || current_setting('server_version'), "
    "CAST(current_setting('server_version_num') AS INTEGER) >= 150000, 'version 15 or later'";

static bool demands_check(struct cx *cx)
{
	PGresult *r = PQexec(of(cx->db)->conn, demands);
	bool ok = good(r) || fail(cx, r, "asking for the server's settings");

	for (int i = 0; ok && i < PQntuples(r); i++)
		if (PQgetvalue(r, i, 1)[0] != 't')
			ok = cx_fail(cx, ERR_DB, "the PostgreSQL database has %s; it must have %s",
			    PQgetvalue(r, i, 0), PQgetvalue(r, i, 2));
	PQclear(r);
	return ok;
}

/*
 * enable_seqscan=off: a statement prepared while its table is empty is planned for an empty table, and would go on scanning the growing one.
 * Every statement here is meant to use an index.
 */
static bool settings(struct cx *cx)
{
	return exec(cx, "SET enable_seqscan = off; SET jit = off; SET client_encoding = 'UTF8'") &&
	       (cx->db->mode == DB_WRITE || exec(cx, "SET default_transaction_read_only = on")) &&
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
	    .engine = &db_pg_engine, .mem = arena_open(QUERIES_BYTES), .mode = config->mode};
	pg->conn = connect(config->url);
	BUG_ON(pg->conn == NULL);
	(void)PQsetNoticeReceiver(pg->conn, on_notice, pg);
	cx->db = &pg->db;
	ok = PQstatus(pg->conn) == CONNECTION_OK ||
	     cx_fail(cx, ERR_DB, "%.*s", STR_ARG(str_trim(str_of(PQerrorMessage(pg->conn)))));
	ok = ok && settings(cx);
	cx->db = outer;
	if (!ok) {
		engine_close(&pg->db);
		return cx_note(
		    cx, "opening the PostgreSQL database"); /* the address may hold a password */
	}
	*out = &pg->db;
	return true;
}
