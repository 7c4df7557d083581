/* preflight: a /dev/null that became a file, a full disk or a directory that cannot be written spoils hours
 * of work late. See preflight.h.
 *
 * How it works: statvfs says what is free for us, and a file is made and removed, since permissions alone say
 * nothing of a file system that is read-only.
 */
#include "preflight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "buf.h"

static bool
fail(struct diag *diag, const char *path, const char *what)
{
	diag_set(diag, path, 0, 0, "%s: %s", what, strerror(errno));
	return false;
}

static bool
check_null(const char *null, struct diag *diag)
{
	struct stat status;

	if (stat(null, &status))
		return fail(diag, null, "cannot be seen");
	if (S_ISCHR(status.st_mode))
		return true;
	diag_set(diag, null, 0, 0,
	         "is no character device, so programs would fill it (as root: rm %s; mknod -m 666 %s c 1 3)",
	         null, null);
	return false;
}

static bool
check_space(const char *directory, uint64_t bytes, struct diag *diag)
{
	const double million = 1e6;
	struct statvfs status;
	uint64_t blocks;

	if (statvfs(directory, &status))
		return fail(diag, directory, "cannot tell what is free there");
	blocks = bytes / status.f_frsize + (bytes % status.f_frsize != 0);
	if (status.f_bavail >= blocks)
		return true;
	diag_set(diag, directory, 0, 0, "%.1f MB are free there, and %.1f MB are needed",
	         (double)status.f_bavail * (double)status.f_frsize / million, (double)bytes / million);
	return false;
}

static bool
check_writing(const char *directory, struct diag *diag)
{
	struct buf path = {0};
	int file;

	buf_printf(&path, "%s/.lockdrill-XXXXXX", directory);
	file = mkstemp(path.data);
	if (file < 0)
		fail(diag, directory, "cannot write there");
	else if (unlink(path.data))
		fail(diag, path.data, "cannot be removed");
	if (file >= 0)
		close(file);
	buf_free(&path);
	return file >= 0;
}

bool
preflight_proc(const char *proc, struct diag *diag)
{
	struct buf path = {0};
	bool ok;

	buf_printf(&path, "%s/self/stat", proc);
	ok = !access(path.data, R_OK);
	if (!ok)
		diag_set(diag, proc, 0, 0,
		         "is not there, and nothing else tells which processes a checker leaves running: %s (as root:"
		         " mount -t proc proc %s)",
		         strerror(errno), proc);
	buf_free(&path);
	return ok;
}

bool
preflight_check(const char *null, const char *const *directories, uint64_t bytes, struct diag *diag)
{
	if (!check_null(null, diag))
		return false;
	for (; *directories; directories++)
		if (!check_space(*directories, bytes, diag) || !check_writing(*directories, diag))
			return false;
	return true;
}
