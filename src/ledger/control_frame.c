/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "codec/json.h"
#include "ledger/control.h"

/* ---- addresses ---- */

bool control_address(struct cx *cx, struct ledger *l, struct sockaddr_un *out)
{
	struct str path = str_fmt(l->mem, "%.*s/control.sock", STR_ARG(l->config.home));

	if (path.n >= sizeof out->sun_path) {
		if (l->home_fd < 0)
			l->home_fd =
			    io.open(str_c(l->mem, l->config.home), O_PATH | O_DIRECTORY, 0);
		if (l->home_fd < 0)
			return cx_fail(cx, ERR_IO, "opening %.*s: %s", STR_ARG(l->config.home),
			    strerror(errno));
		path = str_fmt(l->mem, "/proc/self/fd/%d/control.sock", l->home_fd);
	}
	BUG_ON(path.n >= sizeof out->sun_path);
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(out->sun_path, path.p, path.n);
	return true;
}

bool control_peer_check(struct cx *cx, const struct ledger *l, int fd)
{
	struct ucred peer;
	socklen_t n = sizeof peer;
	struct stat st;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return cx_fail(cx, ERR_IO, "asking who is at the other end of control.sock: %s",
		    strerror(errno));
	if (peer.uid == geteuid() || peer.uid == 0)
		return true;
	if (stat(str_c(cx->mem, l->config.home), &st) == 0 && st.st_uid == peer.uid)
		return true;
	return cx_fail(cx, ERR_FORBIDDEN, "user %u at control.sock is not the owner of this home",
	    (unsigned)peer.uid);
}

/* ---- frames ---- */

/* Not write(): a peer that went away is an error here, not a signal. */
static bool send_all(struct cx *cx, int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t put = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return cx_fail(cx, ERR_IO, "writing to control.sock: %s", strerror(errno));
		bytes = str_cut(bytes, (size_t)put, bytes.n);
	}
	return true;
}

bool frame_write(struct cx *cx, int fd, const struct val *v)
{
	struct buf b = buf_new(cx->mem, FRAME_MAX);
	uint32_t n;

	buf_bytes(&b, "\0\0\0\0", 4);
	json_print(&b, v);
	if (b.failed)
		return cx_fail(cx, ERR_LIMIT,
		    "acts for control.sock have at most %u bytes together", FRAME_MAX);
	n = (uint32_t)b.n - 4;
	for (int i = 0; i < 4; i++)
		b.p[i] = (char)(n >> (24 - 8 * i));
	return send_all(cx, fd, buf_str(&b));
}

/* Exactly n bytes; *end_out: the other end closed before the first. */
static bool read_exactly(struct cx *cx, int fd, char *p, size_t n, bool *end_out)
{
	size_t have = 0;

	*end_out = false;
	while (have < n) {
		ssize_t got = io.read(fd, p + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0 && have == 0) {
			*end_out = true;
			return true;
		}
		if (got <= 0)
			return cx_fail(cx, ERR_IO, "reading control.sock: %s",
			    got ? strerror(errno) : "closed within a frame");
		have += (size_t)got;
	}
	return true;
}

bool frame_read(struct cx *cx, int fd, struct val **out)
{
	static const struct json_limits limits = {.bytes = FRAME_MAX, .nodes = 4000000};
	unsigned char head[4];
	bool end;
	size_t n;
	char *p;

	*out = NULL;
	if (!read_exactly(cx, fd, (char *)head, sizeof head, &end) || end)
		return end;
	n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	if (n > FRAME_MAX)
		return cx_fail(cx, ERR_LIMIT, "a frame of %zu bytes at control.sock", n);
	p = arena_alloc(cx->mem, n + 1);
	if (!read_exactly(cx, fd, p, n, &end))
		return false;
	if (end && n > 0)
		return cx_fail(cx, ERR_IO, "reading control.sock: closed within a frame");
	return json_parse(cx, (struct str){p, n}, &limits, out);
}

/* ---- acts and results ---- */

struct act_text {
	const char *name;
	size_t offset;
};
static const struct act_text act_texts[] = {
    {"document", offsetof(struct act, document)},
    {"sector", offsetof(struct act, sector)},
    {"id", offsetof(struct act, id)},
    {"identity", offsetof(struct act, identity)},
};

struct val *acts_print(struct arena *mem, const struct act *acts, size_t n)
{
	struct val *frame = val_map(mem), *list = val_list(mem);

	for (size_t i = 0; i < n; i++) {
		struct val *a = val_add(mem, list, val_map(mem));

		val_set_text(mem, a, "type", str_of(acts[i].type));
		if (acts[i].meta != NULL)
			val_set(mem, a, "meta", acts[i].meta);
		for (size_t k = 0; k < ARRAY_SIZE(act_texts); k++) {
			const char *at = (const char *)&acts[i] + act_texts[k].offset;
			const struct str *text = (const struct str *)(const void *)at;

			if (text->p != NULL)
				val_put(mem, a, str_of(act_texts[k].name), val_text(mem, *text));
		}
		val_set_int(mem, a, "revision", acts[i].revision);
	}
	val_set(mem, frame, "acts", list);
	return frame;
}

bool acts_parse(struct cx *cx, const struct val *frame, struct act **acts_out, size_t *n_out)
{
	const struct val *list = val_at(frame, "acts");
	struct act *acts;

	if (list == NULL || list->kind != VAL_LIST)
		return cx_fail(cx, ERR_INPUT, "a frame at control.sock has a list of acts");
	acts = arena_array(cx->mem, struct act, list->n + 1);
	VAL_EACH(i, list) {
		const struct val *a = list->at[i];

		acts[i].type = str_c(cx->mem, val_str(a, "type"));
		acts[i].meta = val_at(a, "meta");
		acts[i].revision = val_i64(a, "revision", 0);
		for (size_t k = 0; k < ARRAY_SIZE(act_texts); k++) {
			char *at = (char *)&acts[i] + act_texts[k].offset;

			*(struct str *)(void *)at = val_str(a, act_texts[k].name);
		}
	}
	*acts_out = acts;
	*n_out = list->n;
	return true;
}

struct val *results_print(struct arena *mem, const struct act *acts, size_t n)
{
	struct val *frame = val_map(mem), *list = val_list(mem);

	for (size_t i = 0; i < n; i++) {
		const struct act_result *r = &acts[i].result;
		struct val *v = val_add(mem, list, val_map(mem));

		val_set_text(mem, v, "code", str_of(err_kind(r->code)->name));
		if (r->message.p != NULL)
			val_set_text(mem, v, "message", r->message);
		if (r->id.p != NULL)
			val_set_text(mem, v, "id", r->id);
		val_set_int(mem, v, "revision", r->revision);
		val_set_int(mem, v, "index", r->index);
		val_set_int(mem, v, "time", r->time);
		val_set_bool(mem, v, "unchanged", r->unchanged);
	}
	val_set(mem, frame, "results", list);
	return frame;
}

static enum err_code code_parse(struct str name)
{
	for (int code = ERR_NONE; code <= ERR_UNKNOWN; code++)
		if (str_is(name, err_kind((enum err_code)code)->name))
			return (enum err_code)code;
	return ERR_IO;
}

bool results_parse(struct cx *cx, const struct val *frame, struct act *acts, size_t n)
{
	const struct val *list = val_at(frame, "results"), *unchanged;

	if (list == NULL || list->kind != VAL_LIST || list->n != n) {
		enum err_code code = code_parse(val_str(frame, "code"));

		return cx_fail(cx, code == ERR_NONE ? ERR_IO : code, "the server answers: %.*s",
		    STR_ARG(val_str(frame, "message")));
	}
	VAL_EACH(i, list) {
		const struct val *v = list->at[i];

		unchanged = val_at(v, "unchanged");
		acts[i].result = (struct act_result){.code = code_parse(val_str(v, "code")),
		    .message = val_str(v, "message"),
		    .id = val_str(v, "id"),
		    .revision = val_i64(v, "revision", 0),
		    .index = val_i64(v, "index", -1),
		    .time = val_i64(v, "time", 0),
		    .unchanged = unchanged != NULL && unchanged->truth};
	}
	return true;
}
