/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/list.h"

static int real_open(const char *path, int flags, mode_t mode)
{
	return open(path, flags | O_CLOEXEC, mode);
}

static int64_t real_clock_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_monotonic_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static ssize_t real_random(void *p, size_t n)
{
	return getrandom(p, n, 0);
}

struct io_table io = {
    .open = real_open,
    .close = close,
    .read = read,
    .pread = pread,
    .write = write,
    .pwrite = pwrite,
    .fsync = fsync,
    .fdatasync = fdatasync,
    .ftruncate = ftruncate,
    .rename = rename,
    .unlink = unlink,
    .mkdir = mkdir,
    .clock_ms = real_clock_ms,
    .monotonic_us = real_monotonic_us,
    .random = real_random,
};

int64_t io_now(void)
{
	const char *path = getenv("GONGKAI_CLOCK");
	char text[32] = "";
	ssize_t n = 0;
	int fd;

	if (path != NULL && (fd = io.open(path, O_RDONLY, 0)) >= 0) {
		n = io.read(fd, text, sizeof text - 1);
		(void)io.close(fd);
		if (n > 0)
			return strtoll(text, NULL, 10);
	}
	return io.clock_ms() / 1000;
}

static bool fail(struct cx *cx, const char *what, const char *path)
{
	return cx_fail(cx, ERR_IO, "%s %s: %s", what, path, strerror(errno));
}

static bool read_all(struct cx *cx, int fd, const char *path, size_t limit, struct str *out)
{
	size_t n = 0, cap = 16384;
	struct stat st;
	char *p;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		cap = (size_t)st.st_size + 1;
	if (cap > limit + 1)
		cap = limit + 1;
	p = arena_alloc(cx->mem, cap + 1);
	for (;;) {
		ssize_t got = io.read(fd, p + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(cx, "reading", path);
		n += (size_t)got;
		if (n > limit)
			return cx_fail(cx, ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
		if (got == 0)
			break;
		if (n == cap) {
			p = arena_grow(cx->mem, p, cap + 1, cap * 2 + 1);
			cap *= 2;
		}
	}
	p[n] = '\0';
	*out = (struct str){p, n};
	return true;
}

bool io_file_find(struct cx *cx, const char *path, size_t limit, struct str *out)
{
	int fd = io.open(path, O_RDONLY, 0);
	bool ok;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		*out = STR_NONE;
		return true;
	}
	if (fd < 0)
		return fail(cx, "opening", path);
	ok = read_all(cx, fd, path, limit, out);
	(void)io.close(fd);
	return ok;
}

bool io_file_read(struct cx *cx, const char *path, size_t limit, struct str *out)
{
	if (!io_file_find(cx, path, limit, out))
		return false;
	if (out->p == NULL)
		return cx_fail(cx, ERR_NOT_FOUND, "no file %s", path);
	return true;
}

bool io_write_all(struct cx *cx, int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t put = io.write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return cx_fail(cx, ERR_IO, "writing: %s", strerror(errno));
		bytes = str_cut(bytes, (size_t)put, bytes.n);
	}
	return true;
}

bool io_dir_sync(struct cx *cx, const char *path)
{
	int fd = io.open(path, O_RDONLY | O_DIRECTORY, 0);
	int rc;

	if (fd < 0)
		return fail(cx, "opening", path);
	rc = io.fsync(fd);
	(void)io.close(fd);
	return rc == 0 || fail(cx, "syncing", path);
}

static bool write_synced(struct cx *cx, const char *path, struct str bytes, mode_t mode)
{
	int fd = io.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	bool ok;

	if (fd < 0)
		return fail(cx, "creating", path);
	ok = io_write_all(cx, fd, bytes);
	if (ok && io.fdatasync(fd) != 0)
		ok = fail(cx, "syncing", path);
	if (io.close(fd) != 0 && ok)
		ok = fail(cx, "closing", path);
	if (!ok)
		(void)io.unlink(path);
	return ok;
}

bool io_file_replace(struct cx *cx, const char *path, struct str bytes, mode_t mode)
{
	const char *temporary = str_fmt(cx->mem, "%s.new", path).p;
	const char *slash = strrchr(path, '/');
	struct str dir = slash ? str_cut(str_of(path), 0, (size_t)(slash - path)) : STR(".");

	if (!write_synced(cx, temporary, bytes, mode))
		return false;
	if (io.rename(temporary, path) != 0) {
		(void)fail(cx, "renaming to", path);
		(void)io.unlink(temporary);
		return false;
	}
	return io_dir_sync(cx, dir.n ? str_c(cx->mem, dir) : "/");
}

bool io_dir_make(struct cx *cx, const char *path, mode_t mode)
{
	return io.mkdir(path, mode) == 0 || errno == EEXIST || fail(cx, "creating", path);
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool io_dir_list(struct cx *cx, const char *path, const char *suffix, struct io_names *out)
{
	DIR *dir = opendir(path);
	struct dirent *e;

	if (dir == NULL)
		return fail(cx, "opening", path);
	*out = (struct io_names){0};
	while ((e = readdir(dir)) != NULL) {
		struct str name = str_of(e->d_name);

		if (!str_is(name, ".") && !str_is(name, "..") && str_ends(name, str_of(suffix)))
			*list_add(cx->mem, out) = str_dup(cx->mem, name);
	}
	(void)closedir(dir);
	if (out->n)
		qsort(out->at, out->n, sizeof *out->at, by_name);
	return true;
}

#define TREE_FILE_MAX (16u << 20)
#define TREE_DEPTH    8

struct tree {
	const char *root;
	const char *const *suffixes;
	const char *skip;
	struct map *out;
};

static bool tree_wants(const struct tree *t, struct str name)
{
	for (const char *const *s = t->suffixes; *s; s++)
		if (str_ends(name, str_of(*s)))
			return true;
	return false;
}

static bool tree_walk(struct cx *cx, const struct tree *t, struct str below, int depth)
{
	struct io_names names;
	const char *dir = str_fmt(cx->mem, "%s/%.*s", t->root, STR_ARG(below)).p;

	if (depth > TREE_DEPTH)
		return cx_fail(
		    cx, ERR_LIMIT, "%s is nested deeper than %d folders", dir, TREE_DEPTH);
	if (!io_dir_list(cx, dir, "", &names))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		struct str path =
		    str_fmt(cx->mem, "%.*s%.*s", STR_ARG(below), STR_ARG(names.at[i]));
		const char *whole = str_fmt(cx->mem, "%s/%.*s", t->root, STR_ARG(path)).p;
		struct stat st;

		if (names.at[i].p[0] == '.' || (t->skip && str_is(path, t->skip)))
			continue;
		if (stat(whole, &st) != 0)
			return fail(cx, "reading", whole);
		if (S_ISDIR(st.st_mode)) {
			if (!tree_walk(cx, t, str_fmt(cx->mem, "%.*s/", STR_ARG(path)), depth + 1))
				return false;
		} else if (tree_wants(t, path)) {
			struct str *text = arena_new(cx->mem, struct str);

			if (!io_file_read(cx, whole, TREE_FILE_MAX, text))
				return false;
			(void)map_put(cx->mem, t->out, path, text);
		}
	}
	return true;
}

bool io_tree_read(
    struct cx *cx, const char *dir, const char *const *suffixes, const char *skip, struct map *out)
{
	struct tree t = {dir, suffixes, skip, out};

	return tree_walk(cx, &t, STR(""), 0);
}
