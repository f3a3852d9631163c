/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a log: keys, the writer role, and the comparison of the database with what was signed. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/trace.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

#define LOCK_TRIES 100 /* × 100 ms: a command waits for another command */

static const char *home_path(struct arena *mem, const struct ledger_config *c, const char *name)
{
	return str_fmt(mem, "%.*s/%s", STR_ARG(c->home), name).p;
}

/* ---- database against signature ---- */

/* The tiles of the right edge give the head's root, and the last entries their leaf hashes. */
static bool edge_check(struct cx *cx, const struct head *head)
{
	struct tree *tree = arena_new(cx->mem, struct tree);
	struct entry_rows rows;
	struct hash root;
	int64_t last, from = head->size ? (head->size - 1) / TILE_WIDTH * TILE_WIDTH : 0;
	struct str hashes;

	if (!db_int(cx, &SQL_LEDGER_ENTRY_LAST, DB_NO_ARGS, &last))
		return false;
	if (last != head->size - 1)
		return cx_fail(cx, ERR_CORRUPT,
		    "the last entry is %" PRId64 ", by the head it is %" PRId64, last,
		    head->size - 1);
	if (!tree_load(cx, tree, (uint64_t)head->size, &store_tiles))
		return false;
	root = tree_root(tree);
	if (!hash_eq(&root, &head->root))
		return cx_fail(cx, ERR_CORRUPT, "the tiles do not give the root of the head");
	if (head->size == 0)
		return true;
	if (!store_entries(cx, from, head->size, false, &rows) ||
	    !store_tiles.read(cx, NULL,
		(struct tile_path){0, from / TILE_WIDTH, (int)(head->size - from)}, &hashes))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct hash leaf = merkle_leaf(str_of_bytes(rows.at[i].entry));

		if (rows.at[i].idx != from + (int64_t)i ||
		    memcmp(leaf.b, hashes.p + 32 * i, 32) != 0)
			return cx_fail(cx, ERR_CORRUPT,
			    "entry %" PRId64 " does not match its leaf hash", from + (int64_t)i);
	}
	return true;
}

static bool signed_check(struct cx *cx, const struct head *head, const struct checkpoint *was)
{
	struct merkle_path path;

	if (head->size < (int64_t)was->size)
		return cx_fail(cx, ERR_CORRUPT,
		    "the database ends after %" PRId64 " entries, but %" PRIu64
		    " were signed and published: the last %" PRId64
		    " are missing (an old copy of the database?)",
		    head->size, was->size, (int64_t)was->size - head->size);
	if (head->size == (int64_t)was->size)
		return hash_eq(&head->root, &was->root) ||
		       cx_fail(cx, ERR_CORRUPT,
			   "the database has another root at %" PRId64
			   " entries than the one signed",
			   head->size);
	if (was->size == 0)
		return true;
	if (!merkle_prove_consistency(cx, &store_tiles, was->size, (uint64_t)head->size, &path))
		return false;
	return merkle_consistency_check(
		   was->size, (uint64_t)head->size, &was->root, &head->root, path.at, path.n) ||
	       cx_fail(cx, ERR_CORRUPT,
		   "the database does not continue the log signed at %" PRIu64 " entries",
		   was->size);
}

static bool state_check(struct cx *cx, struct ledger *l)
{
	struct checkpoint was = {.size = 0};
	struct head head = {.size = 0};
	struct str note;
	int64_t time;

	if (!signed_read(cx, l, &was, &note)) /* before the head: it only follows */
		return false;
	published_set(l->now, &was, 0, note);
	if (!head_get(cx, &head))
		return false;
	if (head.generation != l->config.generation)
		return cx_fail(cx, ERR_CORRUPT,
		    "the database holds generation %" PRId64 " of the log, the home is at %" PRId64,
		    head.generation, l->config.generation);
	if (!signed_check(cx, &head, &was) || !edge_check(cx, &head) ||
	    !entry_time(cx, (int64_t)was.size - 1, &time))
		return false;
	published_set(l->now, &was, time, note);
	return true;
}

/* Damage is no failure to open: the ledger becomes read-only and says why. */
static bool state_open(struct cx *cx, struct ledger *l)
{
	struct db *mine, *before = cx->db;
	bool ok;

	if (!ledger_connect(cx, l, false, &mine))
		return false;
	cx->db = mine;
	ok = db_begin(cx);
	if (ok) {
		ok = state_check(cx, l);
		db_rollback(cx);
	}
	db_close(mine);
	cx->db = before;
	if (ok || (cx->err.code != ERR_CORRUPT && cx->err.code != ERR_INPUT))
		return ok;
	ledger_read_only(l, cx_error(cx));
	cx_clear(cx);
	return true;
}

bool ledger_connect(struct cx *cx, const struct ledger *l, bool checkpoint, struct db **out)
{
	struct db_config config = {.url = l->url,
	    .mode = checkpoint || l->writer ? DB_WRITE : DB_READ,
	    .checkpoint = checkpoint};

	return db_open(cx, &config, out);
}

/* ---- the writer role ---- */

static bool lock_try(struct cx *cx, struct ledger *l)
{
	const char *path = home_path(cx->mem, &l->config, "writer.lock");
	int fd = io.open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		return cx_fail(cx, ERR_IO, "opening %s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		l->lock_fd = fd;
		l->writer = true;
		return true;
	}
	(void)io.close(fd);
	return errno == EWOULDBLOCK || cx_fail(cx, ERR_IO, "locking %s: %s", path, strerror(errno));
}

static bool role_take(struct cx *cx, struct ledger *l)
{
	if (!lock_try(cx, l))
		return false;
	for (int i = 0; !l->writer && l->config.mode == LEDGER_WRITE; i++) {
		if (!control_connect(cx, l, &l->client))
			return false;
		if (l->client != NULL)
			return true;
		if (i == LOCK_TRIES)
			return cx_fail(cx, ERR_BUSY,
			    "another command has been writing this home for a while; try again");
		(void)nanosleep(&(struct timespec){0, 100000000}, NULL);
		if (!lock_try(cx, l))
			return false;
	}
	return l->writer || cx_fail(cx, ERR_CONFLICT, "another process is the writer of %.*s",
				STR_ARG(l->config.home));
}

/* ---- keys ---- */

static bool vkey_load(struct cx *cx, struct ledger *l)
{
	const char *path = home_path(cx->mem, &l->config, "keys/log.vkey");
	struct cx keep = {.mem = l->mem};
	struct str text;

	if (!io_file_read(cx, path, 4096, &text))
		return cx_note(cx, "opening the log");
	l->vkey_text = str_dup(l->mem, str_trim(text));
	if (!vkey_parse(&keep, l->vkey_text, &l->vkey))
		return cx_fail(cx, ERR_INPUT, "%s: %.*s", path, STR_ARG(keep.err.msg));
	if (l->vkey.type != VKEY_ED25519 || !str_eq(l->vkey.name, l->config.origin))
		return cx_fail(cx, ERR_INPUT, "%s is the key of %.*s, this home's log is %.*s",
		    path, STR_ARG(l->vkey.name), STR_ARG(l->config.origin));
	return true;
}

/* 64 hexadecimal digits into seed; nothing of them stays in memory. */
static bool seed_read(struct cx *cx, const char *path, unsigned char seed[32])
{
	char text[128];
	int fd = io.open(path, O_RDONLY, 0);
	ssize_t n = fd < 0 ? -1 : io.read(fd, text, sizeof text);
	struct stat st;
	bool ok;

	if (n < 0)
		ok = cx_fail(cx, ERR_IO, "reading %s: %s", path, strerror(errno));
	else if (fstat(fd, &st) == 0 && (st.st_mode & 077) != 0)
		ok = cx_fail(cx, ERR_IO, "%s may be read by others: chmod 600 it", path);
	else
		ok = str_unhex(str_trim((struct str){text, (size_t)n}), seed, 32) ||
		     cx_fail(cx, ERR_INPUT, "%s is not 64 hexadecimal digits", path);
	explicit_bzero(text, sizeof text);
	if (fd >= 0)
		(void)io.close(fd);
	return ok;
}

static bool seed_load(struct cx *cx, struct ledger *l)
{
	const char *path = home_path(cx->mem, &l->config, "keys/log.seed");
	unsigned char seed[32], public_key[32];

	if (!seed_read(cx, path, seed))
		return false;
	l->key = sign_key_new(seed);
	explicit_bzero(seed, sizeof seed);
	sign_key_public(l->key, public_key);
	return memcmp(public_key, l->vkey.key.p, 32) == 0 ||
	       cx_fail(cx, ERR_INPUT, "%s and keys/log.vkey are no pair", path);
}

/* ---- open, close ---- */

static struct ledger *ledger_new(const struct ledger_config *config)
{
	struct arena *mem = arena_open((size_t)64 << 20);
	struct ledger *l = arena_new(mem, struct ledger);

	l->mem = mem;
	l->config = *config;
	l->config.home = str_dup(mem, config->home);
	l->config.origin = str_dup(mem, config->origin);
	l->config.city = str_dup(mem, config->city);
	l->url = str_c(mem, config->db_url);
	l->now = arena_new(mem, struct published);
	l->now->mem = arena_open((size_t)1 << 20);
	l->now->reason_mem = arena_open((size_t)1 << 20);
	l->lock_fd = -1;
	l->signed_fd = -1;
	l->home_fd = -1;
	l->last = &l->first;
	(void)pthread_mutex_init(&l->now->lock, NULL);
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_mutex_init(&l->follow_lock, NULL);
	(void)pthread_cond_init(&l->work, NULL);
	(void)pthread_cond_init(&l->done, NULL);
	return l;
}

static bool signed_open(struct cx *cx, struct ledger *l)
{
	const char *path = home_path(cx->mem, &l->config, "signed");

	l->signed_fd = io.open(path, O_WRONLY, 0);
	return l->signed_fd >= 0 || cx_fail(cx, ERR_IO, "opening %s: %s", path, strerror(errno));
}

static bool writer_open(struct cx *cx, struct ledger *l)
{
	struct db *before = cx->db;
	bool ok;

	if (!l->writer || ledger_reason(l).p != NULL)
		return true;
	ok = seed_load(cx, l) && signed_open(cx, l) && sequencer_open(cx, l);
	cx->db = before;
	if (!ok)
		return false;
	return l->config.mode != LEDGER_SERVE || (control_open(cx, l) && follower_start(cx, l));
}

bool ledger_open(struct cx *cx, const struct ledger_config *config, struct ledger **out)
{
	struct ledger *l = ledger_new(config);

	if (vkey_load(cx, l) && (config->mode == LEDGER_READ || role_take(cx, l)) &&
	    state_open(cx, l) && writer_open(cx, l)) {
		*out = l;
		return true;
	}
	ledger_close(l);
	return false;
}

void ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	control_close(l); /* no more acts from outside */
	(void)pthread_mutex_lock(&l->lock);
	l->stopping = true;
	(void)pthread_cond_broadcast(&l->work);
	(void)pthread_cond_broadcast(&l->done);
	(void)pthread_mutex_unlock(&l->lock);
	follower_stop(l);
	sequencer_close(l);
	control_disconnect(l->client);
	sign_key_close(l->key);
	if (l->signed_fd >= 0)
		(void)io.close(l->signed_fd);
	if (l->home_fd >= 0)
		(void)io.close(l->home_fd);
	if (l->lock_fd >= 0)
		(void)io.close(l->lock_fd); /* the lock goes with it */
	arena_close(l->now->mem);
	arena_close(l->now->reason_mem);
	(void)pthread_mutex_destroy(&l->now->lock);
	(void)pthread_mutex_destroy(&l->lock);
	(void)pthread_mutex_destroy(&l->follow_lock);
	(void)pthread_cond_destroy(&l->work);
	(void)pthread_cond_destroy(&l->done);
	arena_close(l->mem);
}

/* ---- a new log ---- */

static bool keys_make(struct cx *cx, const struct ledger_config *c, struct sign_key **out)
{
	unsigned char seed[32], public_key[32];
	struct str hex, vkey;
	bool ok;

	crypto_random(seed, sizeof seed);
	*out = sign_key_new(seed);
	sign_key_public(*out, public_key);
	hex = str_fmt(cx->mem, "%s\n", str_hex(cx->mem, seed, sizeof seed).p);
	vkey = str_fmt(cx->mem, "%s\n", vkey_print(cx->mem, c->origin, public_key).p);
	ok = io_dir_make(cx, home_path(cx->mem, c, "keys"), 0700) &&
	     io_file_replace(cx, home_path(cx->mem, c, "keys/log.seed"), hex, 0600) &&
	     io_file_replace(cx, home_path(cx->mem, c, "keys/log.vkey"), vkey, 0644);
	explicit_bzero(seed, sizeof seed);
	return ok;
}

bool ledger_init(struct cx *cx, const struct ledger_config *c)
{
	struct checkpoint empty = {.origin = c->origin, .root = merkle_root(NULL, 0)};
	struct bytes root = {empty.root.b, 32};
	struct sign_key *key = NULL;
	struct str note;
	bool ok;

	ok = keys_make(cx, c, &key) &&
	     db_run(cx, &SQL_LEDGER_HEAD_MAKE,
		 DB_ARGS(P("generation", c->generation), P("root", root)), NULL);
	if (ok) {
		note = note_sign(cx->mem, checkpoint_print(cx->mem, &empty), c->origin, key);
		ok = io_file_replace(
		    cx, home_path(cx->mem, c, "signed"), signed_pad(cx->mem, note), 0644);
	}
	sign_key_close(key);
	return ok || cx_note(cx, "making the log %.*s", STR_ARG(c->origin));
}
