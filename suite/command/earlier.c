/* What an earlier gen made in a directory. See earlier.h.
 *
 * These entries stand there: manifest.jsonl, include/, cases/, projects/, and what tasks_file.h lists, and
 * below directories only what gen writes there. One name that gen would not write is enough to refuse the
 * whole. A new result comes in by renames of these entries, so that the directory itself stays, were it `.`
 * or another user's; the manifest goes first and comes last, so that where one stands the result is whole.
 */
#include "earlier.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "data.h"
#include "project_file.h"
#include "tasks_file.h"
#include "tree.h"

/* In the order in which they leave. */
static const char *const parts[] = {"manifest.jsonl", "include", "cases",         "projects",
                                    "properties",     "sets",    "lockdrill.xml", "README.md",
                                    "CITATION.cff",   "LICENSE"};

enum { PARTS = sizeof parts / sizeof *parts };

/* A check of one entry, by its path and name; `names` are those of all headers. */
typedef bool entry_check(const char *path, const char *name, const char *const *names, size_t count);

static bool
is_file(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && S_ISREG(status.st_mode);
}

static bool
is_directory(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && S_ISDIR(status.st_mode);
}

/* 000000017.c and 000000017-helpers.c; what tasks have. */
static bool
is_case(const char *path, const char *name, const char *const *names, size_t count)
{
	size_t digits = strspn(name, "0123456789");

	(void)names;
	(void)count;
	return ((digits == 9 && (!strcmp(name + digits, ".c") || !strcmp(name + digits, "-helpers.c"))) ||
	        tasks_file_is_of_case(name)) &&
	       is_file(path);
}

static bool
is_set(const char *path, const char *name, const char *const *names, size_t count)
{
	(void)names;
	(void)count;
	return tasks_file_is_of_sets(name) && is_file(path);
}

static bool
is_property(const char *path, const char *name, const char *const *names, size_t count)
{
	(void)names;
	(void)count;
	return tasks_file_is_of_properties(name) && is_file(path);
}

static bool
is_header(const char *path, const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(strrchr(names[i], '/') + 1, name))
			return is_file(path);
	return false;
}

/* Empty, or begins as a line of a manifest. */
static bool
is_manifest(const char *path)
{
	static const char begin[] = "{\"id\":\"";
	char read[sizeof begin] = {0};
	FILE *file = is_file(path) ? fopen(path, "rb") : NULL;
	size_t length;

	if (!file)
		return false;
	length = fread(read, 1, sizeof begin - 1, file);
	fclose(file);
	return !length || !strcmp(read, begin);
}

static bool
exists(const char *directory, const char *name)
{
	struct buf path = {0};
	struct stat status;
	bool found;

	buf_printf(&path, "%s/%s", directory, name);
	found = !lstat(path.data, &status);
	buf_free(&path);
	return found;
}

static bool check_directory(const char *directory, const char *shown, entry_check *check,
                            const char *const *names, size_t count, struct buf *foreign);

static bool
is_part(const char *path, const char *name, const char *const *names, size_t count)
{
	(void)names;
	(void)count;
	if (!strcmp(name, parts[0]))
		return is_manifest(path);
	if (tasks_file_is_of_top(name))
		return is_file(path);
	for (unsigned i = 1; i < PARTS; i++)
		if (!strcmp(name, parts[i]))
			return is_directory(path);
	return false;
}

/* Files at the top are common names, and ours only beside what nobody else has. */
static bool
check_top(const char *directory, struct buf *foreign)
{
	for (unsigned i = 0; i < PARTS; i++)
		if (tasks_file_is_of_top(parts[i]) && exists(directory, parts[i]) && !exists(directory, "sets")) {
			buf_printf(foreign, "it holds %s", parts[i]);
			return false;
		}
	return true;
}

/* Stops at the first entry that the check refuses, and keeps its name with `shown` before it. */
static bool
check_directory(const char *directory, const char *shown, entry_check *check, const char *const *names,
                size_t count, struct buf *foreign)
{
	DIR *entries = opendir(directory);
	struct buf path = {0};
	bool ok = entries != NULL;

	for (struct dirent *entry; ok && (errno = 0, entry = readdir(entries));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		buf_clear(&path);
		buf_printf(&path, "%s/%s", directory, entry->d_name);
		ok = check(path.data, entry->d_name, names, count);
		if (!ok)
			buf_printf(foreign, "it holds %s%s", shown, entry->d_name);
	}
	ok = ok && !errno;
	if (entries)
		closedir(entries);
	buf_free(&path);
	return ok;
}

static bool
is_project_file(const char *path, const char *name, const char *const *names, size_t count)
{
	(void)names;
	(void)count;
	return project_file_is_known(name, true) && is_file(path);
}

/* A driver's directory, or a file of all drivers. */
static bool
is_project(const char *path, const char *name, const char *const *names, size_t count)
{
	struct buf foreign = {0};
	bool ok;

	if (strspn(name, "0123456789") != 9 || name[9])
		return project_file_is_known(name, false) && is_file(path);
	ok = is_directory(path) && check_directory(path, "", is_project_file, names, count, &foreign);
	buf_free(&foreign);
	return ok;
}

/* A directory below the top; it may be missing. */
static bool
check_below(const char *directory, const char *name, entry_check *check, struct buf *foreign)
{
	struct arena arena = {0};
	struct buf path = {0}, shown = {0};
	const char **headers;
	size_t count = data_list(&arena, "world/", &headers);
	bool ok;

	buf_printf(&path, "%s/%s", directory, name);
	buf_printf(&shown, "%s/", name);
	ok = !exists(directory, name) || check_directory(path.data, shown.data, check, headers, count, foreign);
	buf_free(&path);
	buf_free(&shown);
	arena_free(&arena);
	return ok;
}

bool
earlier_is_ours(const char *directory, struct buf *foreign)
{
	if (!check_directory(directory, "", is_part, NULL, 0, foreign) ||
	    !check_below(directory, "include", is_header, foreign) ||
	    !check_below(directory, "cases", is_case, foreign) ||
	    !check_below(directory, PROJECT_DIRECTORY, is_project, foreign) ||
	    !check_below(directory, "sets", is_set, foreign) ||
	    !check_below(directory, "properties", is_property, foreign) || !check_top(directory, foreign))
		return false;
	for (unsigned i = 1; i < PARTS; i++)
		if (exists(directory, parts[i]) && !exists(directory, parts[0])) {
			buf_puts(foreign, "it holds no manifest.jsonl");
			return false;
		}
	return true;
}

/* Moves DIRECTORY/NAME; one that is missing has moved. */
static bool
move_part(const char *from, const char *to, const char *name)
{
	struct buf old = {0}, new = {0};
	bool ok;

	buf_printf(&old, "%s/%s", from, name);
	buf_printf(&new, "%s/%s", to, name);
	ok = !rename(old.data, new.data) || errno == ENOENT;
	buf_free(&old);
	buf_free(&new);
	return ok;
}

/* The new entries back, where they began to come, then the old ones. */
static void
undo(const char *directory, const char *made, const char *aside, bool came)
{
	int error = errno;

	for (unsigned i = 0; came && i < PARTS; i++)
		if (!exists(made, parts[i]))
			move_part(directory, made, parts[i]);
	for (unsigned i = PARTS; i-- > 0;)
		move_part(aside, directory, parts[i]);
	rmdir(aside);
	errno = error;
}

bool
earlier_replace(const char *directory, const char *made)
{
	struct buf aside = {0};
	bool ok, went = false;

	assert(exists(made, parts[0]));
	buf_printf(&aside, "%s-earlier", made);
	ok = !mkdir(aside.data, 0777);
	if (ok) {
		for (unsigned i = 0; ok && i < PARTS; i++)
			ok = move_part(directory, aside.data, parts[i]);
		went = ok;
		for (unsigned i = PARTS; ok && i-- > 0;)
			ok = move_part(made, directory, parts[i]);
		if (!ok)
			undo(directory, made, aside.data, went);
	}
	ok = ok && tree_remove(aside.data) && tree_remove(made);
	buf_free(&aside);
	return ok;
}
