/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of http share. Only exchange.c, guard.c, server.c and this header see the library. */
#ifndef HTTP_HTTP_PRIV_H
#define HTTP_HTTP_PRIV_H

#include <netinet/in.h>
#include <pthread.h>

#include "http/http.h"

struct MHD_Connection;
struct MHD_Daemon;

/* Gives back the library's form of an answer; NULL is fine. */
void prepared_free(void *prepared);

/* ---- addresses ---- */
struct address {
	unsigned char b[16]; /* IPv6, or IPv4 mapped */
};
bool address_of(const struct sockaddr *sa, struct address *out);
bool address_parse(struct str text, struct address *out);
struct str address_print(struct arena *mem, const struct address *a);
/* What is counted as one client: all of IPv4, /64 of IPv6. */
struct address address_client(struct address a);

/* ---- budgets: a token bucket per client in a table of fixed size ---- */
struct budgets;
struct budgets *budgets_open(unsigned rate, unsigned burst);
void budgets_close(struct budgets *b);
/* Takes cost tokens, or says how many seconds until they are there. */
bool budgets_take(
    struct budgets *b, struct address client, unsigned cost, int64_t now_us, int *wait_out);

/* ---- connections: who is connected, since when, doing what ---- */
enum waiting {
	WAIT_HEAD, /* since: connected, or last answer */
	WAIT_BODY, /* since: head */
	WAIT_NONE, /* the answer is made or sent: the library's idle time counts */
};
struct peer {
	struct peer *next, *before;
	int fd;
	struct address address, client;
	enum waiting waiting;
	int64_t since_us;
	bool trusted; /* a proxy of ours */
	bool over;    /* one connection too many of this client */
};
struct peers;
struct peers *peers_open(unsigned per_client, unsigned head_ms, unsigned body_ms);
void peers_close(struct peers *p);
struct peer *peers_add(struct peers *p, int fd, struct address a, bool trusted);
void peers_remove(struct peers *p, struct peer *peer);
void peers_wait(struct peers *p, struct peer *peer, enum waiting what);
/* May one more connection of this client come in? Beyond twice its number it is closed without a word. */
bool peers_admit(struct peers *p, struct address client);

/* ---- the server ---- */
struct worker { /* of one epoll thread; made on its first request, ended with the thread */
	const struct http_config *config;
	struct arena *own, *request; /* as long as the thread; as long as a request */
	struct cx cx;
	void *state;
	bool open;
};

struct http_server {
	struct http_config config;
	struct arena *mem;
	struct address *proxies;
	struct MHD_Daemon **daemons;
	int *sockets;
	size_t daemons_n;
	struct budgets *budgets;
	struct peers *peers;
	pthread_key_t worker_key;
	atomic_size_t in_flight;
};

/* One request from its first line to its last byte; malloc'd, freed when the library says it is completed. */
struct exchange {
	struct http_server *server;
	struct peer *peer;
	bool started; /* the first call has been */
	struct http_plan plan;
	char *body;
	size_t body_n;
	struct answer *answer; /* held until the last byte went out */
	int status;	       /* sent: the answer's, or 304 */
	struct address client;
	char method[8]; /* for the log; cut */
	size_t body_cap;
	int wait; /* seconds until the budget allows this request; 0 = now */
	int64_t began_us;
	size_t target_n;
	char target[];
};

struct exchange *exchange_new(struct http_server *s, const char *target, struct peer *peer);
void exchange_free(struct exchange *x);
/* The library's three turns: head, piece of body, answer. False: close without a word. */
bool exchange_head(
    struct exchange *x, struct MHD_Connection *c, const char *method, const char *version);
bool exchange_body(struct exchange *x, const char *bytes, size_t n);
bool exchange_answer(struct exchange *x, struct MHD_Connection *c, const char *method);
struct worker *worker_get(struct http_server *s);
void worker_done(void *worker);

/* ---- guard: what could be read in two ways ---- */
struct verdict {
	int status; /* 0: fine */
	const char *why;
};
struct head { /* what the headers say, for guard and handler */
	unsigned hosts, lengths, encodings;
	bool bad; /* a name or value with bytes that may not stand there */
	uint64_t length;
	bool length_wrong;
	struct str forwarded; /* X-Forwarded-For, the last of them */
	struct request *rq;
	struct str if_none_match, accept_encoding;
};
void head_read(struct MHD_Connection *c, struct head *out, struct request *rq);
struct verdict guard(const struct head *h, struct str method, struct str target, struct str version,
    size_t body_max);

#endif
