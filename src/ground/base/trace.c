/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/trace.h"

#define LINE_MAX_BYTES 4000u

static enum trace_level most = TRACE_INFO;

struct line {
	char text[LINE_MAX_BYTES + 8];
	size_t n;
};

static void put(struct line *l, const char *s, size_t n)
{
	if (n > LINE_MAX_BYTES - l->n)
		n = LINE_MAX_BYTES - l->n;
	memcpy(l->text + l->n, s, n);
	l->n += n;
}

static void put_quoted(struct line *l, const char *s)
{
	put(l, "\"", 1);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char hex[8];

		if (l->n > LINE_MAX_BYTES - 16)
			break;
		if (c == '"' || c == '\\') {
			put(l, (char[2]){'\\', (char)c}, 2);
		} else if (c < 0x20 || c == 0x7f) {
			(void)snprintf(hex, sizeof hex, "\\u%04x", c);
			put(l, hex, 6);
		} else {
			put(l, s, 1);
		}
	}
	put(l, "\"", 1);
}

void trace_level_set(enum trace_level level)
{
	most = level;
}

void trace(enum trace_level level, const char *event, ...)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};
	struct line l = {.n = 0};
	time_t now = (time_t)io_now();
	struct tm tm;
	char stamp[40];
	const char *key;
	va_list ap;

	if (level > most)
		return;
	(void)gmtime_r(&now, &tm);
	put(&l, stamp, strftime(stamp, sizeof stamp, "{\"time\":\"%Y-%m-%dT%H:%M:%SZ\"", &tm));
	put(&l, ",\"level\":", 9);
	put_quoted(&l, names[level]);
	put(&l, ",\"event\":", 9);
	put_quoted(&l, event);
	va_start(ap, event);
	while ((key = va_arg(ap, const char *)) != NULL) {
		const char *value = va_arg(ap, const char *);

		put(&l, ",", 1);
		put_quoted(&l, key);
		put(&l, ":", 1);
		put_quoted(&l, value ? value : "");
	}
	va_end(ap);
	l.text[l.n++] = '}';
	l.text[l.n++] = '\n';
	(void)!write(STDERR_FILENO, l.text, l.n);
}
