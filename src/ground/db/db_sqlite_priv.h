/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SQLite engine share. */
#ifndef DB_DB_SQLITE_PRIV_H
#define DB_DB_SQLITE_PRIV_H

#include <sqlite3.h>

#include "db/db_priv.h"

struct db_sqlite {
	struct db db;
	sqlite3 *h;
	bool impatient; /* a lock is not waited for: COMMIT is never repeated */
};

static inline struct db_sqlite *of(struct db *db)
{
	return (struct db_sqlite *)db;
}

extern const struct db_engine db_sqlite_engine;
/* Fails with the code that belongs to SQLite's rc. */
bool db_sqlite_fail(struct cx *cx, int rc, const char *what);
/* The busy handler: waits up to five seconds, a millisecond at a time. */
int db_sqlite_on_busy(void *arg, int tries);

#endif
