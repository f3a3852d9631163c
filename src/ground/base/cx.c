/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cx.h"

static const struct err_kind kinds[] = {{"none", 200, "", 0},
#define X(code, name, status, sentence, leave) {name, status, sentence, leave},
    ERR_TABLE(X)
#undef X
};

const struct err_kind *err_kind(enum err_code code)
{
	BUG_ON((size_t)code >= ARRAY_SIZE(kinds));
	return &kinds[code];
}

bool cx_fail_at(struct cx *cx, enum err_code code, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	BUG_ON(code == ERR_NONE);
	BUG_ON(cx->err.code != ERR_NONE); /* a failure was dropped on the floor */
	va_start(ap, fmt);
	cx->err = (struct err){
	    .code = code, .msg = str_vfmt(cx->mem, fmt, ap), .file = file, .line = line};
	va_end(ap);
	return false;
}

bool cx_note(struct cx *cx, const char *fmt, ...)
{
	va_list ap;
	struct str note;

	BUG_ON(cx->err.code == ERR_NONE);
	va_start(ap, fmt);
	note = str_vfmt(cx->mem, fmt, ap);
	va_end(ap);
	cx->err.notes = str_fmt(cx->mem, "%.*s, while %.*s", STR_ARG(cx->err.notes), STR_ARG(note));
	return false;
}

void cx_clear(struct cx *cx)
{
	cx->err = (struct err){.code = ERR_NONE};
}

struct str cx_error(struct cx *cx)
{
	return str_fmt(cx->mem, "%.*s%.*s", STR_ARG(cx->err.msg), STR_ARG(cx->err.notes));
}
