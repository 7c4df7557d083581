/* Directories as trees of files. See tree.h. */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

/* removing
 *
 * A tree may be deeper than a path is long or than there are file descriptors, and parts of it may be closed
 * to their owner. So it is removed from above: what stands in a directory of the top is moved up to the top,
 * until there is nothing to move. Several may remove the same tree at once: what is gone is gone.
 */

enum { PASSES_MOST = 100000 }; /* one for each level of depth */

struct removal {
	int top;
	unsigned moved; /* directories so far, for their names */
	bool again;     /* something was moved */
};

/* Opens a directory that stands in another, and makes it ours to change. */
static int
open_inner(int outer, const char *name)
{
	(void)fchmodat(outer, name, 0700, 0); /* where that fails the next one tells */
	return openat(outer, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool
move_up(struct removal *removal, int outer, const char *name)
{
	char to[32];

	do
		snprintf(to, sizeof to, "lockdrill-%u", removal->moved++);
	while (!faccessat(removal->top, to, F_OK, AT_SYMLINK_NOFOLLOW));
	(void)fchmodat(outer, name, 0700, 0); /* to move it is to write its `..` */
	removal->again = true;
	return !renameat(outer, name, removal->top, to) || errno == ENOENT;
}

static bool sweep(struct removal *removal, int directory);

/* Removes one entry of a directory, or moves it up. */
static bool
remove_entry(struct removal *removal, int outer, const char *name)
{
	int inner;
	bool ok;

	if (!unlinkat(outer, name, 0) || !unlinkat(outer, name, AT_REMOVEDIR))
		return true;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return errno == ENOENT;
	if (outer != removal->top)
		return move_up(removal, outer, name);
	inner = open_inner(outer, name);
	if (inner < 0)
		return errno == ENOENT;
	ok = sweep(removal, inner);
	if (ok && unlinkat(outer, name, AT_REMOVEDIR) && errno != ENOENT)
		removal->again = true; /* something came into it meanwhile */
	return ok;
}

/* All entries of a directory; closes it, but for the top. */
static bool
sweep(struct removal *removal, int directory)
{
	int own = directory == removal->top ? dup(directory) : directory, error;
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;
	bool ok = stream != NULL;

	if (stream)
		rewinddir(stream);
	while (ok && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			ok = remove_entry(removal, directory, entry->d_name);
	error = errno;
	if (stream)
		closedir(stream);
	else if (own >= 0)
		close(own);
	errno = error;
	return ok;
}

bool
tree_empty(const char *path)
{
	struct removal removal = {.top = open_inner(AT_FDCWD, path)};
	unsigned passes = 0;
	int error;
	bool ok;

	if (removal.top < 0)
		return false;
	do {
		removal.again = false;
		ok = sweep(&removal, removal.top);
	} while (ok && removal.again && ++passes < PASSES_MOST);
	ok = ok && !removal.again;
	error = errno;
	close(removal.top);
	errno = error;
	return ok;
}

bool
tree_remove(const char *path)
{
	struct stat status;

	if (lstat(path, &status))
		return errno == ENOENT;
	if (!S_ISDIR(status.st_mode))
		return !unlink(path);
	return (tree_empty(path) && !rmdir(path)) || errno == ENOENT;
}

bool
tree_is_ours(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && S_ISDIR(status.st_mode) && (status.st_mode & 07777) == 0700 &&
	       status.st_uid == geteuid();
}

bool
tree_fresh(const char *path)
{
	if (tree_is_ours(path))
		return tree_empty(path);
	return tree_remove(path) && !mkdir(path, 0700);
}

bool
tree_write(const char *path, const void *bytes, size_t length)
{
	FILE *stream = fopen(path, "wb");
	struct stat status;
	bool ok, regular;
	int error;

	if (!stream)
		return false;
	regular = !fstat(fileno(stream), &status) && S_ISREG(status.st_mode);
	ok = fwrite(bytes, 1, length, stream) == length;
	error = errno;
	if (fclose(stream)) {
		error = ok ? errno : error;
		ok = false;
	}
	if (!ok && regular) /* a device is not ours to remove */
		unlink(path);
	errno = error;
	return ok;
}

char *
tree_temporary(struct diag *diag)
{
	const char *base = getenv("TMPDIR");
	struct buf path = {0};

	buf_printf(&path, "%s/lockdrill-XXXXXX", base && *base ? base : "/tmp");
	if (mkdtemp(path.data))
		return path.data;
	diag_set(diag, path.data, 0, 0, "cannot make a temporary directory: %s", strerror(errno));
	buf_free(&path);
	return NULL;
}
