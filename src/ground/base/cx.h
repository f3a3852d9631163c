/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One context, one error, one way to fail. A struct cx belongs to one request or job and is passed first to everything that can
 * fail or allocate. A fallible function returns bool, marked MUST_CHECK: **false if and only if cx_fail was called**. cx_note adds
 * what was being done on the way up. A new member of cx needs a change in ARCHITECTURE.md.
 */
#ifndef BASE_CX_H
#define BASE_CX_H

#include "base/str.h"

/* code, stable name, HTTP status, sentence for people (a msgid of po/), exit code of a command */
#define ERR_TABLE(X)                                                                               \
	X(ERR_INPUT, "bad-input", 400, "请求无法理解", 2)                                          \
	X(ERR_FORBIDDEN, "forbidden", 403, "没有权限", 3)                                          \
	X(ERR_NOT_FOUND, "not-found", 404, "没有这一页", 3)                                        \
	X(ERR_METHOD, "method-not-allowed", 405, "此地址不接受这种请求", 3)                        \
	X(ERR_CONFLICT, "conflict", 409, "内容已被他人改动", 3)                                    \
	X(ERR_LIMIT, "limit", 413, "内容超过限度", 3)                                              \
	X(ERR_RATE, "too-many-requests", 429, "请求过于频繁", 3)                                   \
	X(ERR_BUSY, "busy", 503, "系统繁忙，请稍后再试", 3)                                        \
	X(ERR_READONLY, "read-only", 503, "系统只读，暂不受理", 3)                                 \
	X(ERR_CORRUPT, "integrity", 500, "数据与存证不符", 3)                                      \
	X(ERR_IO, "io", 500, "系统故障", 3)                                                        \
	X(ERR_DB, "database", 500, "系统故障", 3)                                                  \
	X(ERR_UNKNOWN, "commit-unknown", 500, "系统故障", 3)

enum err_code {
	ERR_NONE,
#define X(code, name, status, sentence, leave) code,
	ERR_TABLE(X)
#undef X
};

struct err_kind {
	const char *name;
	int http_status;
	const char *sentence;
	int exit_code;
};
/* The row of the table; never NULL. */
const struct err_kind *err_kind(enum err_code code);

struct err {
	enum err_code code;
	struct str msg;	  /* for operators and logs: what, where, what would be accepted */
	struct str notes; /* "while …" lines, innermost first */
	const char *file;
	int line;
};

struct app;
struct db;
struct person;

struct cx {
	struct arena *mem; /* everything that dies with the request */
	struct err err;	   /* set exactly when a function returned false */
	struct db *db;	   /* this worker's connection */
	const struct app *app;
	const struct person *who; /* NULL: nobody signed in */
	const char *lang;	  /* "zh" or "en" */
	int64_t now;		  /* seconds since 1970 UTC; one clock per request, tests set it */
};

/* The only way to say no. Always returns false. */
#define cx_fail(cx, code, ...) cx_fail_at((cx), (code), __FILE__, __LINE__, __VA_ARGS__)
bool cx_fail_at(struct cx *cx, enum err_code code, const char *file, int line, const char *fmt, ...)
    PRINTF(5, 6);

/* Adds what was being done. Always returns false, so: return cx_note(cx, "opening %s", path); */
bool cx_note(struct cx *cx, const char *fmt, ...) PRINTF(2, 3);

/* Forget a failure that has been dealt with (an expected not-found, a refused row). */
void cx_clear(struct cx *cx);

/* The failure as one line for the log. */
struct str cx_error(struct cx *cx);

#endif
