/* headers: a world's headers on disk, and whether they are still what they were. See headers.h.
 *
 * How it works: all checkers of a run read the same headers, so these are looked at after each pack. That
 * reads no file: number, size and time of change of each file are hashed.
 */
#include "headers.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "buf.h"
#include "data.h"
#include "tree.h"
#include "version.h"

/* A file that was changed, replaced, added or removed changes a number here: the time of a change cannot be
 * set back. */
static void
add_looks(struct buf *looks, const char *path)
{
	struct stat status;
	struct dirent *entry;
	DIR *directory;

	if (lstat(path, &status))
		return;
	buf_printf(looks, "%s %lld %lld %lld %lld\n", path, (long long)status.st_ino, (long long)status.st_size,
	           (long long)status.st_ctim.tv_sec, (long long)status.st_ctim.tv_nsec);
	directory = S_ISDIR(status.st_mode) ? opendir(path) : NULL;
	while (directory && (entry = readdir(directory))) {
		struct buf below = {0};

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		buf_printf(&below, "%s/%s", path, entry->d_name);
		add_looks(looks, below.data);
		buf_free(&below);
	}
	if (directory)
		closedir(directory);
}

static void
look(const struct headers *headers, char hash[HASH_TEXT])
{
	struct buf looks = {0};

	add_looks(&looks, headers->directory);
	hash_bytes(buf_string(&looks), looks.len, hash);
	buf_free(&looks);
}

/* Files of the adapter's own; one with the name of a header stands in its place. */
static bool
write_own(const struct adapter *adapter, const char *directory)
{
	struct buf path = {0};
	bool ok = true;

	for (unsigned i = 0; i < adapter->files && ok; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", directory, adapter->file[i].name);
		ok = tree_write(path.data, adapter->file[i].text, strlen(adapter->file[i].text));
	}
	buf_free(&path);
	return ok;
}

bool
headers_write(struct headers *headers, const struct adapter *adapter, const char *directory,
              struct diag *diag)
{
	*headers = (struct headers){.directory = strdup(directory)};
	if (!headers->directory)
		die("out of memory");
	if (!tree_remove(directory) || mkdir(directory, 0700) ||
	    !world_write_headers(adapter->world, directory) || !write_own(adapter, directory)) {
		diag_set(diag, directory, 0, 0, "cannot write headers: %s", strerror(errno));
		return false;
	}
	look(headers, headers->looks);
	return true;
}

bool
headers_are_whole(const struct headers *headers)
{
	char looks[HASH_TEXT];

	look(headers, looks);
	return !strcmp(looks, headers->looks);
}

void
headers_free(struct headers *headers)
{
	free(headers->directory);
	*headers = (struct headers){0};
}

void
headers_world_hash(const struct world *world, char hash[HASH_TEXT])
{
	struct buf all = {0};
	struct arena arena = {0};
	const char **names;
	size_t count = world_headers(world, &arena, &names);

	buf_puts(&all, LOCKDRILL_VERSION);
	for (size_t i = 0; i < count; i++) {
		struct data_file file;

		if (!data_find(&arena, names[i], &file))
			continue;
		buf_add(&all, names[i], strlen(names[i]) + 1);
		buf_add(&all, file.bytes, file.length);
	}
	hash_bytes(all.data, all.len, hash);
	buf_free(&all);
	arena_free(&arena);
}
