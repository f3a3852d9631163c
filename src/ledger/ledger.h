/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger: the append-only, signed Merkle log in which every official act is an entry (C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-proof;
 * RFC 6962 hashing). It knows nothing of notices: rules rooms give it acts, and views that it writes in the same transaction.
 *
 * An entry is ≤ 65,535 bytes: a type tag line ("notice/v1"), then canonical JSON of an allow-list (entry_types[] in entry.c): id, revision,
 * kind, item, agency, place, formed_on, time, digest, length, role, profile, corrects {index, leaf}. digest = SHA-256(salt 32 bytes ‖ document).
 * Nothing that the law may order removed is in an entry.
 *
 * One sequencer at a time holds the writer role (flock on HOME/writer.lock; an advisory lock on PostgreSQL). It takes a group of acts, writes
 * documents, entries, level-0 tiles, views and the new head by compare-and-swap in one transaction, re-verifies the batch by a second path, proves
 * consistency with the last signed checkpoint, signs, writes HOME/signed (fdatasync), raises the published size, and answers. Nothing at or above
 * the published size is shown, followed or acknowledged.
 *
 * Tables ledger_* : every column is covered by audit. Thread-safe where it says so.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "codec/val.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "ledger/tlog.h"

/* ---- acts: plain data that asks for one entry; re-runnable ---- */
struct act_result {
	enum err_code code; /* ERR_NONE: committed, signed, published */
	struct str message; /* of a refusal */
	struct str id;
	int64_t revision;
	int64_t index;	/* −1 when unchanged or refused */
	int64_t time;	/* log time, seconds */
	bool unchanged; /* the same content stands already: no entry was added */
};

struct act {
	const char *type; /* entry type: "notice/v1", "withdrawal/v1", "item/v1", "calendar/v1" … */
	struct val *
	    meta; /* allow-listed members, without those the sequencer fills: id (new), revision, time, digest, length, corrects */
	struct str document; /* canonical JSON */
	struct str sector;   /* set: a new id CITY-sector-YEAR-NUMBER is taken from the counter */
	struct str
	    id; /* set: the next revision of this id (notice) or the definition's own name (item/v1: "works.result") */
	int64_t
	    revision; /* definitions: the version; notices: the revision this one follows (0 = any), else ERR_CONFLICT */
	struct str
	    identity; /* for the view's check; the ledger does not look inside (imported notices: platform LF day LF identity LF content digest) */
	int64_t
	    corrects; /* set by the view's check when id is set: index of the entry this one follows, −1 = none; becomes corrects {index, leaf} */
	const void *
	    prepared; /* what the act's maker already worked out of the document, for the view's apply: in this process only */
	struct act_result result;
	/* of the ledger: filled where the act is handed in, so that the sequencer need not hash documents */
	unsigned char salt[32];
	struct hash digest; /* SHA-256(salt ‖ document) */
};

/* ---- entries ---- */
struct entry {
	int64_t index;
	struct str bytes; /* exactly as logged */
	struct str type;  /* first line */
	struct val *meta; /* parsed second part; NULL when the type is unknown */
	struct str id;
	int64_t revision;
	int64_t time;
	const void
	    *prepared; /* the act's, while it is committed in the process that made it; else NULL */
};
MUST_CHECK bool entry_parse(struct cx *cx, int64_t index, struct str bytes, struct entry *out);

/* ---- views written inside the commit ---- */
/*
 * check: before the entry is made; may refuse (cx_fail) or set act->result.unchanged. For an act with an id it must set act->corrects and
 * act->result.revision (the number of this revision or version); an act with a sector gets a new id and revision 1 from the ledger.
 * It sees everything earlier in the same group. apply: writes the view's rows; the same function rebuild and read nodes use.
 */
struct ledger_view {
	const char *name;
	const char *type; /* entry type it handles */
	bool (*check)(struct cx *cx, struct act *act);
	bool (*apply)(struct cx *cx, const struct entry *entry, struct str document);
	bool (*clear)(struct cx *cx); /* forget all rows, before a rebuild */
};

/* ---- followers: views built after publication, each with a durable cursor (table follower_cursor) ---- */
struct follower {
	const char *name;
	int version; /* a new version rebuilds */
	/* Applies entries [from, to) in log order within the caller's transaction (or its own database). document is absent when erased or none. */
	bool (*apply)(struct cx *cx, void *state, const struct entry *entry, struct str document);
	bool (*clear)(struct cx *cx, void *state);
	/* Followers with a database of their own begin and commit there and keep the cursor there; NULL = the cursor is in the ledger's database. */
	bool (*begin)(struct cx *cx, void *state);
	bool (*commit)(struct cx *cx, void *state, int64_t cursor);
	void (*abort)(struct cx *cx,
	    void *state); /* after a failure between begin and commit; given when begin is */
	bool (*cursor)(struct cx *cx, void *state, int64_t *cursor_out, int *version_out);
	void *state;
};

/* ---- open ---- */
struct ledger;
enum ledger_mode {
	LEDGER_READ, /* no acts */
	LEDGER_WRITE, /* be the sequencer; when another process is, hand acts to it through HOME/control.sock */
	LEDGER_SERVE, /* be the sequencer and listen on control.sock; a second server fails with ERR_CONFLICT */
};
struct ledger_config {
	struct str home; /* directory with keys/, signed, writer.lock, control.sock */
	struct str db_url;
	struct str origin; /* <host>/log/<generation> */
	struct str city;   /* first part of ids: 360800 */
	int64_t generation;
	enum ledger_mode mode;
	const struct ledger_view *views;  /* ended by name NULL */
	const struct follower *followers; /* ended by name NULL */
	const struct app *app;		  /* given to views and followers as cx->app */
};
/*
 * Checks the head and right edge against `signed` (O(log n)). When the head is behind or inconsistent, the ledger opens read-only and says why
 * (ledger_reason); acts then fail with ERR_READONLY. When `signed` is behind the head (crash between commit and sign), the missing entries are
 * re-verified and signed now.
 */
MUST_CHECK bool ledger_open(struct cx *cx, const struct ledger_config *config, struct ledger **out);
void ledger_close(struct ledger *l);
struct str ledger_reason(const struct ledger *l); /* absent when it accepts acts */

/* Makes keys/log.seed (0600), keys/log.vkey, an empty signed head. The caller made the directory and the schema. */
MUST_CHECK bool ledger_init(struct cx *cx, const struct ledger_config *config);
struct str ledger_vkey(const struct ledger *l);

/* ---- acts ---- */
/*
 * Commits the acts in order, in groups; waits until they are published; results in each act (memory of cx). True even when single acts were refused:
 * look at result.code. False: nothing more can be committed (read-only, disk, unknown outcome). Thread-safe.
 */
MUST_CHECK bool ledger_commit(struct cx *cx, struct ledger *l, struct act *acts, size_t n);
/* The same in two steps, so that the caller can prepare the next group meanwhile. The acts and their texts must live until ledger_wait returns. */
struct ledger_ticket;
MUST_CHECK bool ledger_submit(
    struct cx *cx, struct ledger *l, struct act *acts, size_t n, struct ledger_ticket **out);
MUST_CHECK bool ledger_wait(struct cx *cx, struct ledger_ticket *ticket);

/* ---- reading; through cx->db, any thread ---- */
int64_t ledger_published(const struct ledger *l); /* size of the last signed checkpoint */
int64_t ledger_published_time(const struct ledger *l);
struct str ledger_checkpoint(struct cx *cx, const struct ledger *l); /* the signed note */
/* Below the published size; ERR_NOT_FOUND otherwise. */
MUST_CHECK bool ledger_entry_get(
    struct cx *cx, const struct ledger *l, int64_t index, struct entry *out);
MUST_CHECK bool ledger_leaf_get(
    struct cx *cx, const struct ledger *l, int64_t index, struct hash *out);
/* salt_out 32 bytes; both absent when the document was erased. */
MUST_CHECK bool ledger_document_find(
    struct cx *cx, int64_t index, struct str *document_out, struct str *salt_out);
/* Tile bytes as tlog-tiles serves them. width 1…256 (256 = full). ERR_NOT_FOUND when that tile was never published at any size ≤ published. */
MUST_CHECK bool ledger_tile_get(
    struct cx *cx, const struct ledger *l, int level, int64_t n, int width, struct str *out);
MUST_CHECK bool ledger_bundle_get(
    struct cx *cx, const struct ledger *l, int64_t n, int width, struct str *out);
/* ---- proofs ---- */
/* tlog-proof@v1 with the entry in `extra`. */
MUST_CHECK bool ledger_prove(
    struct cx *cx, const struct ledger *l, int64_t index, struct str *file_out);
struct proof_result {
	int64_t index, size;
	struct entry entry; /* from extra or given */
	struct str origin;
};
/* Checks a proof file against a vkey; entry absent = the one in `extra`. ERR_INPUT says what does not hold. */
MUST_CHECK bool proof_verify(
    struct cx *cx, struct str file, struct str vkey, struct str entry, struct proof_result *out);

/* ---- audit ---- */
/*
 * Recomputes everything: every leaf, tile, root, document digest and length, id gap and counter, revision order, time
 * order, every correction's target, checkpoint signature, `signed`. A log that is wrong is a result, not a failure: ok is
 * false and finding says the first wrong thing and where. cx->mem may hold 1 KiB an id. progress may be NULL.
 */
struct audit_report {
	bool ok;
	int64_t size;
	struct hash root;
	struct str finding;
};
/* A home, in one snapshot of its database; a running server is not disturbed. */
MUST_CHECK bool ledger_audit(struct cx *cx, const struct ledger_config *config,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out);
/*
 * Another machine, http://HOST[:PORT], believing nothing but the key. The path is that of the origin in the key: for
 * gov.example/log/1 the addresses are /log/1/checkpoint, /log/1/tile/…, and /log/1/document/INDEX and /log/1/salt/INDEX
 * (raw bytes; 404 when erased or none). Waits when it is asked to (429, 503).
 */
MUST_CHECK bool ledger_audit_url(struct cx *cx, struct str url, struct str vkey,
    void (*progress)(int64_t done, int64_t all), struct audit_report *out);
/* A folder of tlog-tiles files, ours or another log's; documents are not looked at. */
MUST_CHECK bool ledger_audit_dir(
    struct cx *cx, const char *dir, struct str vkey, struct audit_report *out);

/* ---- views and followers ---- */
/* Runs every follower up to the published size (CLI, tests). A server does it on a thread of its own after each publication. */
MUST_CHECK bool ledger_follow(struct cx *cx, struct ledger *l);
struct follower_state {
	const char *name;
	int64_t cursor, lag;
};
MUST_CHECK bool ledger_follower_state(
    struct cx *cx, struct ledger *l, const struct follower *f, struct follower_state *out);
/* Grows whenever the published size or a follower moves: what a page shows of a notice and its project is as old as this. Any thread. */
int64_t ledger_views_version(const struct ledger *l);
/* Clears all views and followers and builds them again from the log. */
MUST_CHECK bool ledger_rebuild(
    struct cx *cx, struct ledger *l, void (*progress)(int64_t done, int64_t all));

/* All tiles and the checkpoint as files under dir, for mirrors and static hosting: a new or empty folder, or a mirror of this log to bring up to date. */
MUST_CHECK bool ledger_export(struct cx *cx, const struct ledger *l, const char *dir);

#endif
