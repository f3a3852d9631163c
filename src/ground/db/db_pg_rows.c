/* SPDX-License-Identifier: Apache-2.0 */
/* Results of PostgreSQL, in binary: which types become which members of a row. */
#include "db/db_pg_priv.h"

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

static const char *col_name(void *r, unsigned i)
{
	return PQfname(r, (int)i);
}

bool db_pg_start(struct cx *cx, const struct db_call *call, struct db_cursor *cursor)
{
	struct db_variant *v = call->variant;
	PGresult *r;

	if (!db_pg_execute(cx, call, &r))
		return false;
	if (v->cols == NULL)
		db_variant_name_cols(v, (unsigned)PQnfields(r), col_name, r);
	*cursor = (struct db_cursor){
	    .variant = v, .name = call->query->sql->name, .result = r, .row = -1};
	return true;
}

bool db_pg_next(struct cx *cx, struct db_cursor *cursor, bool *row_out)
{
	(void)cx;
	*row_out = ++cursor->row < PQntuples(cursor->result);
	return true;
}

void db_pg_finish(struct db_cursor *cursor)
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

bool db_pg_cell(
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

bool db_pg_describe(struct cx *cx, struct db_query *q, struct db_variant *v)
{
	PGresult *r;
	bool ok = true;

	if (!db_pg_settle(cx))
		return false;
	r = PQdescribePrepared(of(cx->db)->conn, db_pg_name(v).text);
	ok = db_pg_good(r) || db_pg_fail(cx, r, q->sql->name);
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
