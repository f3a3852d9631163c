/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick of an import: bare_inserts SOURCE TARGET SINCE GROUP writes the rows that acts wrote into SOURCE, again, into a new database TARGET
 * with the same tables, indexes and settings, GROUP acts a transaction, and prints the seconds it took. Every row stands ready in memory before the
 * clock starts. SINCE names a file of lines "table rowid" = the greatest rowid before the acts (bench.py writes it).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TABLES_MOST 32

struct table {
	char name[64];
	long long since;
	int columns;
	size_t n, cap;
	sqlite3_value **at; /* n × columns */
	sqlite3_stmt *insert;
};

static void die(const char *what, sqlite3 *db)
{
	(void)fprintf(stderr, "bare_inserts: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(3);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql, db);
}

/* Tables and indexes of the source; not what SQLite makes itself. */
static void copy_schema(sqlite3 *from, sqlite3 *to)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(from,
		"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
		"ORDER BY type = 'index'",
		-1, &s, NULL) != SQLITE_OK)
		die("schema", from);
	while (sqlite3_step(s) == SQLITE_ROW)
		run(to, (const char *)sqlite3_column_text(s, 0));
	(void)sqlite3_finalize(s);
}

static void keep_row(struct table *t, sqlite3_stmt *s)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 1024;
		t->at = realloc(t->at, t->cap * (size_t)t->columns * sizeof(sqlite3_value *));
		if (t->at == NULL)
			die("no memory", NULL);
	}
	for (int i = 0; i < t->columns; i++)
		t->at[t->n * (size_t)t->columns + (size_t)i] =
		    sqlite3_value_dup(sqlite3_column_value(s, i));
	t->n++;
}

static void read_rows(sqlite3 *from, struct table *t)
{
	char *sql = sqlite3_mprintf(
	    "SELECT * FROM \"%w\" WHERE rowid > %lld ORDER BY rowid", t->name, t->since);
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(from, sql, -1, &s, NULL) != SQLITE_OK)
		die(sql, from);
	t->columns = sqlite3_column_count(s);
	while (sqlite3_step(s) == SQLITE_ROW)
		keep_row(t, s);
	(void)sqlite3_finalize(s);
	sqlite3_free(sql);
}

static void prepare_insert(sqlite3 *to, struct table *t)
{
	char marks[256] = "?";
	char *sql;

	for (int i = 1; i < t->columns && i < 64; i++)
		(void)memcpy(marks + 1 + (i - 1) * 2, ",?", 3);
	sql = sqlite3_mprintf("INSERT INTO \"%w\" VALUES(%s)", t->name, marks);
	if (sqlite3_prepare_v3(to, sql, -1, SQLITE_PREPARE_PERSISTENT, &t->insert, NULL) !=
	    SQLITE_OK)
		die(sql, to);
	sqlite3_free(sql);
}

static void insert_rows(sqlite3 *to, struct table *t, size_t first, size_t end)
{
	for (size_t r = first; r < end; r++) {
		for (int i = 0; i < t->columns; i++)
			(void)sqlite3_bind_value(
			    t->insert, i + 1, t->at[r * (size_t)t->columns + (size_t)i]);
		if (sqlite3_step(t->insert) != SQLITE_DONE)
			die(t->name, to);
		(void)sqlite3_reset(t->insert);
	}
}

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t read_tables(const char *path, struct table *tables)
{
	FILE *f = fopen(path, "r");
	size_t n = 0;

	if (f == NULL)
		die(path, NULL);
	while (n < TABLES_MOST && fscanf(f, "%63s %lld", tables[n].name, &tables[n].since) == 2)
		n++;
	(void)fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	static struct table tables[TABLES_MOST];
	size_t n, groups, acts = 0;
	sqlite3 *from, *to;
	double start;

	if (argc != 5) {
		(void)fputs("usage: bare_inserts SOURCE TARGET SINCE GROUP\n", stderr);
		return 2;
	}
	n = read_tables(argv[3], tables);
	if (sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_open(argv[2], &to) != SQLITE_OK)
		die("open", NULL);
	run(to, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
		"wal_autocheckpoint=8000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192; "
		"PRAGMA mmap_size=0");
	copy_schema(from, to);
	for (size_t i = 0; i < n; i++) {
		read_rows(from, &tables[i]);
		prepare_insert(to, &tables[i]);
		if (strcmp(tables[i].name, "ledger_entry") == 0)
			acts = tables[i].n;
	}
	groups = acts / strtoul(argv[4], NULL, 10) + 1;
	start = seconds();
	for (size_t g = 0; g < groups; g++) {
		run(to, "BEGIN IMMEDIATE");
		for (size_t i = 0; i < n; i++)
			insert_rows(to, &tables[i], tables[i].n * g / groups,
			    tables[i].n * (g + 1) / groups);
		run(to, "COMMIT");
	}
	(void)printf("%.6f %zu\n", seconds() - start, acts);
	return 0;
}
