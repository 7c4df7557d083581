/* keep: the directory of `lockdrill run --keep`. See keep.h.
 *
 * How it works: README is what tells our directory from others, so it is made first, and only where there is
 * none: of two that begin in one directory at once, one is refused. Packs have numbers from 1 in each
 * checker's directory, the highest of which is looked for when a checker's turn comes: what is kept of a run
 * that goes on stands behind what is there.
 */
#include "keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "tree.h"

static const char mark[] = "What checkers were given and what they said: kept by lockdrill run --keep.\n";

static const char layout[] =
	"\n"
	"CHECKER/cases/ID/answer   begin here: the answer made of it, or why there is none, and where to look\n"
	"CHECKER/cases/ID/pack     leads to the pack that the case was asked in\n"
	"CHECKER/canaries/ID/      the same of the canaries, which begin and end a run\n"
	"                          asked more than once: answer-2 and pack-2, and so on\n"
	"CHECKER/include/          the headers\n"
	"CHECKER/packs/NUMBER/     one start of the checker, or one question to a checker that keeps running:\n"
	"    result                how it ended, what was made of it, and its cases with their lines\n"
	"    pack.c, helpers.c     what it was given; the second one where a case has helpers in a second file\n"
	"    spans                 for each case its lines there: FIRST LINES, and of helpers.c\n"
	"    asked                 what a checker that keeps running read on stdin, with paths as they are here\n"
	"    stdout, stderr        what it wrote, up to 1 MiB each, and of one that keeps running 64 KiB each;\n"
	"                          `result` tells how much there was\n"
	"    step-1/               the same of a step before the last\n"
	"    command               does it again: sh command\n"
	"\n"
	"A pack that gets no answers is asked again in halves: `from` in a result is the number of the whole.\n"
	"A case without a directory was not asked: the checker has no such rule, the run was void before the\n"
	"first case or broken off, or the database had its answer already.\n";

static bool
fail(struct diag *diag, const char *what, const char *path)
{
	diag_set(diag, path, 0, 0, "%s: %s", what, strerror(errno));
	return false;
}

static char *
below(const char *directory, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	return path.data;
}

/* Whether nothing stands in a directory; not where it cannot be read, with errno. */
static bool
is_empty(const char *path)
{
	DIR *stream = opendir(path);
	struct dirent *entry;
	bool empty = stream != NULL;

	errno = stream ? 0 : errno;
	while (empty && (entry = readdir(stream)))
		empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	if (stream)
		closedir(stream);
	return empty;
}

static bool
is_kept(const char *readme)
{
	struct buf text = {0};
	bool is = buf_read_file(&text, readme, KEEP_MOST) && !strncmp(buf_string(&text), mark, strlen(mark));

	buf_free(&text);
	return is;
}

/* False where it is there already, or cannot be made. */
static bool
write_readme(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	struct buf text = {0};
	bool ok = file >= 0;

	if (ok)
		close(file);
	buf_puts(&text, mark);
	buf_puts(&text, layout);
	ok = ok && tree_write(path, text.data, text.len);
	buf_free(&text);
	return ok;
}

bool
keep_open(struct keep *keep, const char *directory, bool resume, struct diag *diag)
{
	char *readme = below(directory, "README");
	bool ok = false;

	*keep = (struct keep){.directory = strdup(directory)};
	if (!keep->directory)
		die("out of memory");
	if (mkdir(directory, 0777) && errno != EEXIST)
		fail(diag, "cannot make this directory, for what is to be kept", directory);
	else if (resume && is_kept(readme))
		ok = !access(directory, W_OK) || fail(diag, "cannot write to it, and much is to be kept", directory);
	else if (!is_empty(directory) && errno)
		fail(diag, "cannot be what is kept to", directory);
	else if (is_kept(readme))
		diag_set(diag, directory, 0, 0,
		         "holds what an earlier run has kept: give another directory, or --resume to go on with it");
	else if (!is_empty(directory))
		diag_set(diag, directory, 0, 0, "is not empty, and not of --keep: give a directory that is either");
	else
		ok = write_readme(readme) || fail(diag, "cannot keep anything here", readme);
	free(readme);
	return ok;
}

/* The highest number among the names in a directory. */
static unsigned long long
last_number(const char *path)
{
	DIR *stream = opendir(path);
	unsigned long long last = 0;
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		unsigned long long number = strtoull(entry->d_name, NULL, 10);

		last = number > last ? number : last;
	}
	if (stream)
		closedir(stream);
	return last;
}

bool
keep_checker(struct keep *keep, const char *name, struct diag *diag)
{
	char *packs;

	free(keep->checker);
	keep->checker = below(keep->directory, name);
	if (!keep_directory(keep, "packs", diag) || !keep_directory(keep, "cases", diag) ||
	    !keep_directory(keep, "canaries", diag))
		return false;
	packs = below(keep->checker, "packs");
	keep->packs = last_number(packs);
	free(packs);
	return true;
}

bool
keep_directory(const struct keep *keep, const char *name, struct diag *diag)
{
	char *path = below(keep->checker, name), *slash = path + strlen(keep->directory);
	bool ok = true;

	while (ok && slash) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = 0;
		ok = !mkdir(path, 0777) || errno == EEXIST || fail(diag, "cannot keep anything here", path);
		if (slash)
			*slash = '/';
	}
	free(path);
	return ok;
}

bool
keep_file(const struct keep *keep, const char *name, const struct buf *bytes, size_t most, struct diag *diag)
{
	char *path = below(keep->checker, name);
	bool ok = tree_write(path, buf_string(bytes), bytes->len < most ? bytes->len : most) ||
	          fail(diag, "cannot keep what a checker was given or said", path);

	free(path);
	return ok;
}

bool
keep_link(const struct keep *keep, const char *name, const char *target, struct diag *diag)
{
	char *path = below(keep->checker, name);
	bool ok = !symlink(target, path) || fail(diag, "cannot make this link, for what is kept", path);

	free(path);
	return ok;
}

bool
keep_has(const struct keep *keep, const char *name)
{
	struct stat status;
	char *path = below(keep->checker, name);
	bool has = !lstat(path, &status);

	free(path);
	return has;
}

void
keep_free(struct keep *keep)
{
	free(keep->directory);
	free(keep->checker);
	*keep = (struct keep){0};
}
