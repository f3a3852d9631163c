/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of system calls. Everything that touches disk, clock or randomness goes through it, ours and (by the VFS shim of db/)
 * SQLite's, so that a test can make the k-th call fail. The functions below it are what rooms use.
 * Errors of calls are -1 with errno, as in POSIX.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <sys/types.h>
#include <sys/stat.h>

#include "base/cx.h"
#include "base/map.h"

struct io_table {
	int (*open)(const char *path, int flags, mode_t mode);
	int (*close)(int fd);
	ssize_t (*read)(int fd, void *p, size_t n);
	ssize_t (*pread)(int fd, void *p, size_t n, off_t at);
	ssize_t (*write)(int fd, const void *p, size_t n);
	ssize_t (*pwrite)(int fd, const void *p, size_t n, off_t at);
	int (*fsync)(int fd);
	int (*fdatasync)(int fd);
	int (*ftruncate)(int fd, off_t size);
	int (*rename)(const char *from, const char *to);
	int (*unlink)(const char *path);
	int (*mkdir)(const char *path, mode_t mode);
	int64_t (*clock_ms)(void);     /* wall clock, milliseconds since 1970 UTC */
	int64_t (*monotonic_us)(void); /* never goes back */
	ssize_t (*random)(void *p, size_t n);
};

extern struct io_table io; /* the real calls; only tests change it, before threads start */

/* Wall clock in seconds. GONGKAI_CLOCK in the environment names a file with a number of seconds: a movable clock for tests. */
int64_t io_now(void);

/* The whole file, at most limit bytes (ERR_LIMIT beyond), in the arena. */
MUST_CHECK bool io_file_read(struct cx *cx, const char *path, size_t limit, struct str *out);
/* As above; an absent file is out->p == NULL. */
MUST_CHECK bool io_file_find(struct cx *cx, const char *path, size_t limit, struct str *out);
/* Replace the file in one step that survives power failure: temporary, fdatasync, rename, fsync of the directory. */
MUST_CHECK bool io_file_replace(struct cx *cx, const char *path, struct str bytes, mode_t mode);
/* Write all of it to fd. */
MUST_CHECK bool io_write_all(struct cx *cx, int fd, struct str bytes);
MUST_CHECK bool io_dir_sync(struct cx *cx, const char *path);
/* mkdir; an existing directory is fine. */
MUST_CHECK bool io_dir_make(struct cx *cx, const char *path, mode_t mode);
/* Names in a directory, sorted, without . and ..; only those that end with suffix ("" = all). */
struct io_names {
	struct str *at;
	size_t n, cap;
};
MUST_CHECK bool io_dir_list(
    struct cx *cx, const char *path, const char *suffix, struct io_names *out);
/* All files below dir whose names end with one of suffixes (NULL-ended list): path below dir → struct str *. Hidden names and those below skip (may be NULL) are left out. */
MUST_CHECK bool io_tree_read(
    struct cx *cx, const char *dir, const char *const *suffixes, const char *skip, struct map *out);

#endif
