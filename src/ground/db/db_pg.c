/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PostgreSQL engine (libpq). Parameters: integers as text, so that the server may take them for any integer type; texts and bytes in
 * binary with their length. Results are binary. Inside a transaction, statements whose result nobody asks for are sent ahead through libpq's
 * pipeline; the next call that needs an answer reads theirs first and fails with the first failure among them.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/db_pg_priv.h"

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

bool db_pg_good(const PGresult *r)
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

bool db_pg_fail(struct cx *cx, const PGresult *r, const char *what)
{
	return fail_as(cx, code_of(r), r, what);
}

/* Takes the result: true when it is good. */
static bool done(struct cx *cx, PGresult *r, const char *what)
{
	bool ok = db_pg_good(r) || db_pg_fail(cx, r, what);

	PQclear(r);
	return ok;
}

void db_pg_on_notice(void *arg, const PGresult *r)
{
	struct db_pg *pg = arg;
	const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);

	pg->warned = pg->warned || (severity && strcmp(severity, "WARNING") == 0);
}

/* ---- statements sent ahead ---- */

bool db_pg_settle(struct cx *cx)
{
	struct db_pg *pg = of(cx->db);
	bool ok = true;

	if (pg->ahead == 0)
		return true;
	if (PQpipelineSync(pg->conn) != 1)
		ok = db_pg_fail(cx, NULL, "sending");
	for (unsigned i = 0; i < pg->ahead && PQstatus(pg->conn) == CONNECTION_OK; i++) {
		PGresult *r = PQgetResult(pg->conn);

		if (ok && !db_pg_good(r))
			ok = db_pg_fail(cx, r, pg->sent[i]);
		PQclear(r);
		PQclear(PQgetResult(pg->conn)); /* the NULL that ends a statement's results */
	}
	pg->ahead = 0;
	PQclear(PQgetResult(pg->conn)); /* the sync itself */
	if (PQexitPipelineMode(pg->conn) != 1 && ok)
		ok = db_pg_fail(cx, NULL, "reading answers");
	return ok;
}

/* For a rollback: the answers do not matter. */
static void settle_quietly(struct db *db)
{
	struct arena *mem = arena_open(1 << 20);
	struct cx cx = {.mem = mem, .db = db};

	(void)!db_pg_settle(&cx);
	arena_close(mem);
}

static bool exec(struct cx *cx, const char *text)
{
	return db_pg_settle(cx) && done(cx, PQexec(of(cx->db)->conn, text), text);
}

/* ---- statements ---- */

struct db_pg_name db_pg_name(const struct db_variant *v)
{
	struct db_pg_name name;

	(void)snprintf(name.text, sizeof name.text, "s%lu", v->number);
	return name;
}

static bool prepare(struct cx *cx, struct db_query *q, struct db_variant *v, const char *text)
{
	struct db_pg *pg = of(cx->db);

	v->number = ++pg->prepared;
	v->writes = cx->db->mode == DB_WRITE && strncmp(text, "SELECT", 6) != 0;
	return db_pg_settle(cx) &&
	       done(cx, PQprepare(pg->conn, db_pg_name(v).text, text, 0, NULL), q->sql->name);
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

	if (pg->ahead == AHEAD_MAX && !db_pg_settle(cx))
		return false;
	if (PQpipelineStatus(pg->conn) == PQ_PIPELINE_OFF && PQenterPipelineMode(pg->conn) != 1)
		return db_pg_fail(cx, NULL, what);
	params_fill(call, &p);
	if (PQsendQueryPrepared(pg->conn, db_pg_name(call->variant).text,
		(int)call->variant->n_params, p.values, p.lengths, p.formats, 1) != 1)
		return db_pg_fail(cx, NULL, what);
	pg->sent[pg->ahead++] = what;
	return true;
}

bool db_pg_execute(struct cx *cx, const struct db_call *call, PGresult **out)
{
	struct params p;
	PGresult *r;

	if (!db_pg_settle(cx))
		return false;
	params_fill(call, &p);
	r = PQexecPrepared(of(cx->db)->conn, db_pg_name(call->variant).text,
	    (int)call->variant->n_params, p.values, p.lengths, p.formats, 1);
	if (db_pg_good(r)) {
		*out = r;
		return true;
	}
	/* Outside a transaction a statement commits by itself; when the connection broke nobody knows whether it did. */
	if (PQstatus(of(cx->db)->conn) != CONNECTION_OK && !cx->db->in_tx && call->variant->writes)
		(void)fail_as(cx, ERR_UNKNOWN, r, call->query->sql->name);
	else
		(void)db_pg_fail(cx, r, call->query->sql->name);
	PQclear(r);
	return false;
}

static bool run(struct cx *cx, const struct db_call *call, int64_t *changed_out)
{
	PGresult *r;

	if (cx->db->in_tx && changed_out == NULL)
		return send_ahead(cx, call);
	if (!db_pg_execute(cx, call, &r))
		return false;
	if (changed_out)
		*changed_out = strtoll(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	return true;
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

	if (!db_pg_settle(cx))
		return false;
	pg->warned = false;
	r = PQexec(pg->conn, "COMMIT");
	code = db_pg_good(r) ? ERR_NONE : code_of(r);
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
	char text[96];
	PGresult *r;

	/* one writer a schema: several homes may share a database */
	(void)snprintf(text, sizeof text,
	    "SELECT pg_try_advisory_lock(%d, hashtext(current_schema()))", WRITER_LOCK);
	if (!db_pg_settle(cx))
		return false;
	r = PQexec(of(cx->db)->conn, text);
	if (db_pg_good(r))
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
    .start = db_pg_start,
    .next = db_pg_next,
    .cell = db_pg_cell,
    .finish = db_pg_finish,
    .describe = db_pg_describe,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .undo = undo,
    .checkpoint = checkpoint,
    .writer_lock = writer_lock,
    .writer_lost = writer_lost,
};
