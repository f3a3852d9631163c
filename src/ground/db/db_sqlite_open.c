/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a SQLite file: not on a network, and with the settings that its role asks for. */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "db/db_sqlite_priv.h"

enum {
	PAGE_SIZE = 4096,
	CHECKPOINT_PAGES = 8000,
	CACHE_KIB = 8192,
};
#define MMAP_BYTES "1073741824"

const char *db_network_fs(uint64_t magic)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} known[] = {/* statfs(2) */
	    {0x6969, "NFS"}, {0x517b, "SMB"}, {0xfe534d42, "SMB2"}, {0xff534d42, "CIFS"},
	    {0x5346414f, "AFS"}, {0x6b414653, "AFS"}, {0x73757245, "Coda"}, {0x564c, "NCP"},
	    {0x00c36400, "Ceph"}};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].magic == (uint32_t)magic)
			return known[i].name;
	return NULL;
}

static bool refuse_network(struct cx *cx, const char *path)
{
	struct statfs st;
	const char *slash = strrchr(path, '/');
	const char *dir =
	    slash ? str_c(cx->mem, str_cut(str_of(path), 0, (size_t)(slash - path) + 1)) : ".";

	if (statfs(path, &st) != 0 && statfs(dir, &st) != 0)
		return cx_fail(cx, ERR_IO, "opening %s: %s", path, strerror(errno));
	if (db_network_fs((uint64_t)st.f_type) != NULL)
		return cx_fail(cx, ERR_IO,
		    "%s is on %s: SQLite loses data on a network file system; use a local disk",
		    path, db_network_fs((uint64_t)st.f_type));
	return true;
}

struct pragma {
	const char *name, *value; /* value NULL: only read */
	const char *expected;
};

static int pragma_cell(void *arg, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	(void)snprintf(arg, 32, "%s", values[0] ? values[0] : "");
	return 0;
}

/* Sets and reads back: a pragma that SQLite does not take is silent. */
static bool pragma(struct cx *cx, struct pragma p)
{
	char got[32] = "";
	int rc = SQLITE_OK;

	if (p.value)
		rc = sqlite3_exec(of(cx->db)->h,
		    str_fmt(cx->mem, "PRAGMA %s = %s", p.name, p.value).p, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
		    of(cx->db)->h, str_fmt(cx->mem, "PRAGMA %s", p.name).p, pragma_cell, got, NULL);
	if (rc != SQLITE_OK)
		return db_sqlite_fail(cx, rc, p.name);
	if (strcmp(got, p.expected) != 0)
		return cx_fail(cx, ERR_DB, "PRAGMA %s is %s, must be %s", p.name, got, p.expected);
	return true;
}

static const struct {
	const char *name, *number;
} syncs[] = {{"FULL", "2"}, {"EXTRA", "3"}, {"NORMAL", "1"}, {"OFF", "0"}};

static bool sync_set(struct cx *cx, const char *sync)
{
	for (size_t i = 0; i < ARRAY_SIZE(syncs); i++)
		if (strcmp(sync ? sync : "FULL", syncs[i].name) == 0)
			return pragma(
			    cx, (struct pragma){"synchronous", syncs[i].name, syncs[i].number});
	return cx_fail(cx, ERR_DB, "synchronous = %s is not one of FULL, EXTRA, NORMAL, OFF", sync);
}

static bool settings(struct cx *cx, const struct db_config *config, bool memory)
{
	const char *cache = str_fmt(cx->mem, "-%d", CACHE_KIB).p;
	const char *page = str_fmt(cx->mem, "%d", PAGE_SIZE).p;
	const char *pages = str_fmt(cx->mem, "%d", config->checkpoint ? CHECKPOINT_PAGES : 0).p;
	bool write = config->mode == DB_WRITE;
	const struct pragma all[] = {
	    {"page_size", write ? page : NULL, page},
	    {"journal_mode", write && !memory ? "WAL" : NULL, memory ? "memory" : "wal"},
	    {"wal_autocheckpoint", pages,
		pages}, /* others only append: SQLite before 3.51.3 has a race of two that reset the WAL */
	    {"temp_store", "MEMORY", "2"},
	    {"cache_size", cache, cache},
	    {"mmap_size",
		memory	? NULL
		: write ? "0"
			: MMAP_BYTES,
		memory	? ""
		: write ? "0"
			: MMAP_BYTES},
	    {"query_only", write ? "OFF" : "ON", write ? "0" : "1"},
	};
	static const struct {
		int option, value;
	} flags[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0}};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		int now = -1;

		(void)sqlite3_db_config(of(cx->db)->h, flags[i].option, flags[i].value, &now);
		if (now != flags[i].value)
			return cx_fail(
			    cx, ERR_DB, "SQLite does not take its option %d", flags[i].option);
	}
	(void)sqlite3_db_config(
	    of(cx->db)->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !config->checkpoint, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (!pragma(cx, all[i]))
			return false;
	return sync_set(cx, config->sync);
}

/* query_only still writes the WAL's index, so readers open for writing too, but never create. */
static int open_flags(const struct db_config *config)
{
	return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	       (config->mode == DB_WRITE ? SQLITE_OPEN_CREATE : 0);
}

bool db_sqlite_open(struct cx *cx, const struct db_config *config, struct db **out)
{
	const char *vfs = db_vfs_name();
	bool memory = strcmp(config->url, ":memory:") == 0;
	struct db *outer = cx->db;
	struct db_sqlite *s;
	int rc;
	bool ok;

	if (!memory && !refuse_network(cx, config->url))
		return false;
	s = calloc(1, sizeof *s);
	BUG_ON(s == NULL);
	s->db = (struct db){
	    .engine = &db_sqlite_engine, .mem = arena_open(DB_QUERIES_BYTES), .mode = config->mode};
	cx->db = &s->db; /* the settings are statements of this connection */
	rc = sqlite3_open_v2(config->url, &s->h, open_flags(config), vfs);
	BUG_ON(s->h == NULL);
	(void)sqlite3_extended_result_codes(s->h, 1);
	(void)sqlite3_busy_handler(s->h, db_sqlite_on_busy, s);
	ok = rc == SQLITE_OK ? settings(cx, config, memory) : db_sqlite_fail(cx, rc, "opening");
	cx->db = outer;
	if (!ok) {
		db_sqlite_engine.close(&s->db);
		return cx_note(cx, "opening %s", config->url);
	}
	*out = &s->db;
	return true;
}
