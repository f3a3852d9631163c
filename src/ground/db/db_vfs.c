/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite's file calls go through base/io.h, so that a test can make the k-th one fail. SQLite's own "unix" VFS does the work: its table of
 * system calls takes ours for open, read, write and their like, but it has no entry for fsync. So this VFS opens files with "unix" and replaces
 * one method, xSync, and the sync of the directory that xDelete does.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/io.h"
#include "db/db_priv.h"

/* Stands behind the unix VFS's own file, in the same allocation. */
struct shim {
	sqlite3_io_methods methods; /* of "unix", but for xSync */
	const char *path;	    /* SQLite keeps it until xClose */
	int fd;			    /* −1 until the first sync */
	bool sync_dir;		    /* a new journal or WAL: its name must survive too */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *unix_vfs;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int *fd_wanted; /* where the fstat of this thread notes its descriptor */

static int call_open(const char *path, int flags, int mode)
{
	return io.open(path, flags, (mode_t)mode);
}

static int call_close(int fd)
{
	return io.close(fd);
}

static ssize_t call_read(int fd, void *p, size_t n)
{
	return io.read(fd, p, n);
}

static ssize_t call_pread(int fd, void *p, size_t n, off_t at)
{
	return io.pread(fd, p, n, at);
}

static ssize_t call_write(int fd, const void *p, size_t n)
{
	return io.write(fd, p, n);
}

static ssize_t call_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return io.pwrite(fd, p, n, at);
}

static int call_ftruncate(int fd, off_t size)
{
	return io.ftruncate(fd, size);
}

static int call_unlink(const char *path)
{
	return io.unlink(path);
}

static int call_fstat(int fd, struct stat *st)
{
	if (fd_wanted)
		*fd_wanted = fd;
	return fstat(fd, st);
}

static struct shim *shim_of(sqlite3_file *file)
{
	return (struct shim *)((char *)file + unix_vfs->szOsFile);
}

/* The descriptor is private to "unix", but asking for the size must fstat it. */
static int descriptor(sqlite3_file *file, int *out)
{
	sqlite3_int64 size;
	int rc;

	*out = -1;
	fd_wanted = out;
	rc = file->pMethods->xFileSize(file, &size);
	fd_wanted = NULL;
	return rc == SQLITE_OK && *out < 0 ? SQLITE_IOERR_FSYNC : rc;
}

static int dir_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int fd, rc;

	if (slash == NULL || slash - path >= (ptrdiff_t)sizeof dir)
		return SQLITE_IOERR_DIR_FSYNC;
	memcpy(dir, path, (size_t)(slash - path) + 1);
	dir[slash - path + 1] = '\0';
	fd = io.open(dir, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return SQLITE_IOERR_DIR_FSYNC;
	rc = io.fsync(fd);
	(void)io.close(fd);
	return rc == 0 ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
}

static int shim_sync(sqlite3_file *file, int flags)
{
	struct shim *s = shim_of(file);
	int rc;

	(void)flags;
	if (s->fd < 0 && (rc = descriptor(file, &s->fd)) != SQLITE_OK)
		return rc;
	if (io.fdatasync(s->fd) != 0)
		return SQLITE_IOERR_FSYNC;
	if (!s->sync_dir)
		return SQLITE_OK;
	rc = dir_sync(s->path);
	s->sync_dir = rc != SQLITE_OK;
	return rc;
}

static int shim_open(
    sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *flags_out)
{
	const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
	struct shim *s = shim_of(file);
	int rc = unix_vfs->xOpen(unix_vfs, path, file, flags, flags_out);

	(void)self;
	if (rc != SQLITE_OK || file->pMethods == NULL)
		return rc;
	*s = (struct shim){.methods = *file->pMethods, .path = path, .fd = -1};
	s->sync_dir = path && (flags & SQLITE_OPEN_CREATE) && (flags & journals);
	s->methods.xSync = shim_sync;
	file->pMethods = &s->methods;
	return rc;
}

static int shim_delete(sqlite3_vfs *self, const char *path, int sync)
{
	int rc = unix_vfs->xDelete(unix_vfs, path, 0);

	(void)self;
	return rc == SQLITE_OK && sync ? dir_sync(path) : rc;
}

static void call_set(const char *name, sqlite3_syscall_ptr call)
{
	BUG_ON(unix_vfs->xSetSystemCall(unix_vfs, name, call) != SQLITE_OK);
}

static void install(void)
{
	(void)sqlite3_config(
	    SQLITE_CONFIG_MEMSTATUS, 0); /* its counters are a lock shared by all threads */
	unix_vfs = sqlite3_vfs_find("unix");
	BUG_ON(unix_vfs == NULL || unix_vfs->iVersion < 3);
	call_set("open", (sqlite3_syscall_ptr)call_open);
	call_set("close", (sqlite3_syscall_ptr)call_close);
	call_set("read", (sqlite3_syscall_ptr)call_read);
	call_set("pread", (sqlite3_syscall_ptr)call_pread);
	call_set("pread64", (sqlite3_syscall_ptr)call_pread);
	call_set("write", (sqlite3_syscall_ptr)call_write);
	call_set("pwrite", (sqlite3_syscall_ptr)call_pwrite);
	call_set("pwrite64", (sqlite3_syscall_ptr)call_pwrite);
	call_set("ftruncate", (sqlite3_syscall_ptr)call_ftruncate);
	call_set("unlink", (sqlite3_syscall_ptr)call_unlink);
	call_set("fstat", (sqlite3_syscall_ptr)call_fstat);
	vfs = *unix_vfs;
	vfs.zName = "gongkai";
	vfs.pNext = NULL;
	vfs.szOsFile = unix_vfs->szOsFile + (int)sizeof(struct shim);
	vfs.xOpen = shim_open;
	vfs.xDelete = shim_delete;
	BUG_ON(sqlite3_vfs_register(&vfs, 0) != SQLITE_OK);
}

const char *db_vfs_name(void)
{
	(void)pthread_once(&once, install);
	return vfs.zName;
}
