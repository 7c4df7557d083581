/* Data files: directories given by the user first, then what is compiled in. See data.h.
 *
 * The list of directories is the one piece of state that lives as long as the process; it is filled from the
 * command line before anything is read.
 */
#include "data.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "array.h"
#include "buf.h"
#include "embedded.h"

enum { DIRECTORIES = 16, FILE_LIMIT = 4 << 20, DEPTH_MOST = 4 };

static struct {
	unsigned count;
	char *path[DIRECTORIES];
} directories;

static bool
add_one(const char *path, size_t length)
{
	struct stat status;
	char *copy = strndup(path, length);

	if (!copy)
		die("out of memory");
	if (stat(copy, &status) || !S_ISDIR(status.st_mode) || access(copy, R_OK | X_OK) ||
	    directories.count == DIRECTORIES) {
		int error = errno ? errno : ENOTDIR;

		free(copy);
		errno = directories.count == DIRECTORIES ? E2BIG : error;
		return false;
	}
	directories.path[directories.count++] = copy;
	return true;
}

bool
data_add_directory(const char *path)
{
	errno = 0;
	for (const char *end; *path; path = *end ? end + 1 : end) {
		end = path + strcspn(path, ":");
		if (end > path && !add_one(path, (size_t)(end - path)))
			return false;
	}
	return true;
}

static bool
find_in_directory(struct arena *arena, const char *directory, const char *name, struct data_file *file)
{
	struct buf path = {0}, bytes = {0};
	bool ok;

	buf_printf(&path, "%s/%s", directory, name);
	ok = buf_read_file(&bytes, path.data, FILE_LIMIT);
	if (ok) {
		file->name = arena_string(arena, name);
		file->where = arena_string(arena, path.data);
		file->bytes = arena_copy(arena, buf_string(&bytes), bytes.len);
		file->length = bytes.len;
	}
	int error = errno;
	buf_free(&path);
	buf_free(&bytes);
	errno = error;
	return ok;
}

bool
data_built_in(const char *name, struct data_file *file)
{
	size_t low = 0, high = embedded_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct embedded_file *found = &embedded_files[middle];
		int order = strcmp(name, found->name);

		if (!order) {
			*file = (struct data_file){found->name, found->name, (const char *)found->bytes, found->length};
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

bool
data_find(struct arena *arena, const char *name, struct data_file *file)
{
	struct buf where = {0};

	if (!strstr(name, "..") && name[0] != '/') {
		for (unsigned i = 0; i < directories.count; i++) {
			if (find_in_directory(arena, directories.path[i], name, file))
				return true;
			if (errno != ENOENT && errno != ENOTDIR)
				return false;
		}
		if (data_built_in(name, file)) {
			buf_printf(&where, "<built in>/%s", name);
			file->where = arena_string(arena, where.data);
			buf_free(&where);
			return true;
		}
	}
	errno = ENOENT;
	return false;
}

/* listing */

struct listing {
	struct arena *arena;
	const char **names;
	unsigned count, room;
};

static const char **
next_name(struct listing *listing)
{
	return array_add(listing->arena, listing->names, listing->count, listing->room);
}

/* Adds the files of directory/prefix by their names below `directory`. */
static void
list_directory(struct listing *listing, const char *directory, const char *prefix, unsigned depth)
{
	struct buf path = {0};
	struct dirent *entry;
	DIR *stream;

	buf_printf(&path, "%s/%s", directory, prefix);
	stream = opendir(path.data);
	while (stream && (entry = readdir(stream))) {
		struct stat status;

		if (entry->d_name[0] == '.')
			continue;
		buf_clear(&path);
		buf_printf(&path, "%s/%s%s", directory, prefix, entry->d_name);
		if (stat(path.data, &status))
			continue;
		if (S_ISREG(status.st_mode)) {
			*next_name(listing) = arena_string(listing->arena, path.data + strlen(directory) + 1);
		} else if (S_ISDIR(status.st_mode) && depth < DEPTH_MOST) {
			struct buf inner = {0};

			buf_printf(&inner, "%s%s/", prefix, entry->d_name);
			list_directory(listing, directory, inner.data, depth + 1);
			buf_free(&inner);
		}
	}
	if (stream)
		closedir(stream);
	buf_free(&path);
}

static int
compare_names(const void *one, const void *two)
{
	return strcmp(*(const char *const *)one, *(const char *const *)two);
}

size_t
data_list(struct arena *arena, const char *prefix, const char ***names)
{
	struct listing listing = {.arena = arena};
	size_t unique = 0;

	for (size_t i = 0; i < embedded_count; i++)
		if (!strncmp(embedded_files[i].name, prefix, strlen(prefix)))
			*next_name(&listing) = embedded_files[i].name;
	for (unsigned i = 0; i < directories.count; i++)
		list_directory(&listing, directories.path[i], prefix, 0);
	if (listing.count)
		qsort(listing.names, listing.count, sizeof *listing.names, compare_names);
	for (size_t i = 0; i < listing.count; i++)
		if (!unique || strcmp(listing.names[unique - 1], listing.names[i]))
			listing.names[unique++] = listing.names[i];
	*names = listing.names;
	return unique;
}
