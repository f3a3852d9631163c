/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the room. Threads of a ledger: the callers; the sequencer, which alone writes; the publisher, which verifies and signs what was committed;
 * in a server also the follower thread and the control socket's threads. What they share is guarded by `lock`; the sequencer's own state by nobody,
 * because it is alone.
 */
#ifndef LEDGER_LEDGER_PRIV_H
#define LEDGER_LEDGER_PRIV_H

#include <pthread.h>

#include "ledger/entry.h"
#include "ledger/ledger.h"

#define GROUP_ACTS 200	 /* more would make officers wait beside an import */
#define GROUP_US   20000 /* and so would a longer transaction */
#define CLOCK_SLACK                                                                                \
	5 /* seconds the clock may lag behind the last entry before publication is held */
#define UTC8 (8 * 3600)

/* ---- faults that tests cause and see ---- */
struct ledger_hooks {
	void (*reached)(const char *point); /* committed, verified, signed */
	void (*stop)(int status);	    /* does not return */
};
extern struct ledger_hooks ledger_hooks;
/* An outcome that nobody knows, or a commit that cannot be signed: only a restart, which reads what is there, may go on. */
NORETURN void ledger_stop(const char *what, const char *why);

/* ---- what was published last ---- */
struct published {
	pthread_mutex_t lock;
	_Atomic int64_t size, time;
	struct checkpoint head;
	struct arena *mem, *reason_mem; /* of note; of reason */
	struct str note;
	struct str reason; /* why no acts are taken; absent when they are */
};

struct ledger_ticket {
	struct ledger_ticket *next;
	struct ledger *ledger;
	struct arena *mem; /* texts of results, until ledger_wait copies them */
	struct act *acts;
	size_t n, taken, done; /* acts; those of committed groups; those that have their results */
	bool finished;
	enum err_code code; /* of the whole: nothing more can be committed */
	struct str message;
};

struct ledger {
	struct arena *mem;
	struct ledger_config config; /* texts in mem */
	const char *url;	     /* of the database, for connections of our own */
	struct vkey vkey;
	struct str vkey_text;
	struct sign_key *key; /* NULL unless we may be the sequencer */
	struct published *now;

	int lock_fd;   /* HOME/writer.lock, held; −1 */
	int signed_fd; /* HOME/signed of the sequencer; −1 */
	int home_fd;   /* HOME, when its path is too long for a socket; −1 */
	bool writer;   /* we are the sequencer */

	pthread_mutex_t lock;
	pthread_cond_t work,
	    done; /* the queue got longer; tickets finished or the published size rose */
	struct ledger_ticket *first, **last;
	_Atomic bool stopping;
	bool wal_full; /* a follower waits until the sequencer has moved the WAL */
	pthread_t follower_thread;
	bool has_follower;
	struct sequencer *sequencer;
	struct control *control;       /* server side of the socket; NULL */
	struct control_client *client; /* we hand acts to another process; NULL */

	pthread_mutex_t follow_lock;
	struct db *follow_db;
	_Atomic int64_t follow_steps; /* transactions of followers so far */
};

/* ---- ledger_open.c ---- */
void ledger_read_only(struct ledger *l, struct str why);
void published_set(
    struct published *p, const struct checkpoint *head, int64_t time, struct str note);
/* HOME/signed, checked against the home's key. */
MUST_CHECK bool signed_read(
    struct cx *cx, const struct ledger *l, struct checkpoint *out, struct str *note_out);
/* Log time of an entry; 0 when index is below 0. */
MUST_CHECK bool entry_time(struct cx *cx, int64_t index, int64_t *out);
/* Reads HOME/signed again: other processes move it. */
MUST_CHECK bool published_refresh(struct cx *cx, struct ledger *l);
/* A connection of our own; cx->db must be free. */
MUST_CHECK bool ledger_connect(
    struct cx *cx, const struct ledger *l, bool checkpoint, struct db **out);

/* ---- store.c: rows ---- */
struct head {
	int64_t generation, size, time;
	struct hash root;
};
MUST_CHECK bool head_get(struct cx *cx, struct head *out);
/* Tiles of the database; size bounds what is there. arg of the source: none. */
extern const struct tile_source store_tiles;
MUST_CHECK bool store_tile_put(struct cx *cx, struct tile_path path, const struct hash *hashes);
struct entry_row {
	int64_t idx;
	struct bytes entry, salt;
	struct str document;
};
struct entry_rows {
	struct entry_row *at;
	size_t n;
};
MUST_CHECK bool store_entries(
    struct cx *cx, int64_t from, int64_t to, bool documents, struct entry_rows *out);
static inline struct str str_of_bytes(struct bytes b)
{
	return (struct str){(const char *)b.p, b.n};
}

/* ---- sequencer.c, commit.c, publish.c ---- */
MUST_CHECK bool sequencer_open(struct cx *cx, struct ledger *l);
void sequencer_close(struct ledger *l);
/* Moves the WAL into the database and waits for it: one connection does that, and followers write as much as the sequencer. */
void sequencer_checkpoint(struct ledger *l);

struct counter {
	struct str sector;
	int64_t year, last;
	bool changed;
};
#define COUNTERS_MAX 64

/* One transaction: what is in it so far. */
struct group {
	struct ledger *ledger;
	struct head head; /* before */
	int64_t time;	  /* of its entries */
	struct str time_text;
	int year;
	struct hash leaves[GROUP_ACTS];
	size_t n; /* entries so far */
	struct counter counters[COUNTERS_MAX];
	size_t n_counters;
};
/* One act: check, entry, rows, views. */
MUST_CHECK bool group_act(struct cx *cx, struct group *g, struct act *act);
/* Tiles, counters and the head; then COMMIT. tree grows by the group's leaves. */
MUST_CHECK bool group_commit(
    struct cx *cx, struct group *g, struct tree *tree, struct head *head_out);

/* HOME/signed is the note, filled up with line ends to whole blocks of the disk. */
#define SIGNED_BLOCK 512
struct str signed_pad(struct arena *mem, struct str note);
struct str signed_unpad(struct str bytes);
/* Entries [signed size, head) are read again, hashed by another path and compared; the two heads are proved consistent; signed, written, published. */
MUST_CHECK bool publish_head(struct cx *cx, struct ledger *l, const struct head *head);

/* ---- follow.c ---- */
MUST_CHECK bool follower_start(struct cx *cx, struct ledger *l);
void follower_stop(struct ledger *l);
const struct ledger_view *view_find(const struct ledger *l, struct str type);

/* ---- control.c, control_client.c ---- */
MUST_CHECK bool control_open(struct cx *cx, struct ledger *l);
void control_close(struct ledger *l);
/* *out NULL: nobody listens. */
MUST_CHECK bool control_connect(struct cx *cx, struct ledger *l, struct control_client **out);
void control_disconnect(struct control_client *c);
MUST_CHECK bool control_submit(struct cx *cx, struct control_client *c, struct ledger_ticket *t);
/* Reads answers until t is finished. */
MUST_CHECK bool control_wait(struct cx *cx, struct control_client *c, struct ledger_ticket *t);

#endif
