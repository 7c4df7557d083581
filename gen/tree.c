/* Directories as trees of files. See tree.h. */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"

static bool
remove_entries(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!directory)
		return false;
	while (ok && (entry = readdir(directory))) {
		struct buf inner = {0};

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		buf_printf(&inner, "%s/%s", path, entry->d_name);
		ok = tree_remove(inner.data);
		buf_free(&inner);
	}
	int error = errno;
	closedir(directory);
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
	return remove_entries(path) && !rmdir(path);
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
