/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite connection itself, for what only SQLite has: search/ registers its tokenizer with it. No other room includes this header.
 */
#ifndef DB_DB_SQLITE_H
#define DB_DB_SQLITE_H

#include "db/db.h"

/* The sqlite3 * behind db; NULL on PostgreSQL. It stays db's: never close it, never leave a statement open on it. */
void *db_sqlite_handle(struct db *db);

#endif
