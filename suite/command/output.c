/* Where gen writes. See output.h.
 *
 * A tar is ustar: a block of 512 bytes for name, mode, length and sum, then the bytes, filled up with
 * zeros; two blocks of zeros end it. Owner and time are 0, so that the same cases are the same bytes. It
 * is written here and not by libarchive: these forty lines are all that regular files with short names
 * need, and a library would be one more to install everywhere.
 */
#include "output.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "earlier.h"
#include "fail.h"
#include "tree.h"

enum { TAR_BLOCK = 512, TAR_NAME = 100 };

/* Whether a path means a tar, and not a directory. */
static bool
is_stream(const char *path)
{
	return !strcmp(path, "-") || !strcmp(path, "-.tar");
}

static bool
is_tar(const char *path)
{
	size_t length = strlen(path);

	return is_stream(path) || (length > 4 && !strcmp(path + length - 4, ".tar"));
}

void
output_drop(struct output *output)
{
	if (output->tar && output->tar != stdout)
		fclose(output->tar);
	if (output->partial)
		tree_remove(output->partial);
	free(output->partial);
	free(output->inside);
	buf_free(&output->last);
	*output = (struct output){.path = output->path};
}

/* Ends the process; errno is that of what failed. */
FAIL_NORETURN static void
fail(struct output *output, const char *what, const char *name)
{
	int error = errno;
	const char *path = output->path;

	output_drop(output);
	errno = error;
	die("cannot %s %s%s%s:", what, path, name[0] ? "/" : "", name);
}

/* tar */

/* The fields of a header are at fixed places: name, mode, owner, group, size, time, sum, type, magic. */
static void
make_header(char header[TAR_BLOCK], const char *name, size_t size)
{
	unsigned sum = 0;

	assert(strlen(name) < TAR_NAME);
	memset(header, 0, TAR_BLOCK);
	snprintf(header, TAR_NAME, "%s", name);
	memcpy(header + 100, "0000644", 8);
	memcpy(header + 108, "0000000", 8);
	memcpy(header + 116, "0000000", 8);
	snprintf(header + 124, 12, "%011llo", (unsigned long long)size);
	memcpy(header + 136, "00000000000", 12);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
}

static void
tar_put(struct output *output, const char *name, const void *bytes, size_t length)
{
	static const char zeros[TAR_BLOCK];
	char header[TAR_BLOCK];
	size_t gap = (TAR_BLOCK - length % TAR_BLOCK) % TAR_BLOCK;

	if (length > 077777777777)
		die("%s is too long for a tar file: give --shard", name);
	make_header(header, name, length);
	if ((fwrite(header, 1, sizeof header, output->tar) != sizeof header ||
	     fwrite(bytes, 1, length, output->tar) != length || fwrite(zeros, 1, gap, output->tar) != gap) &&
	    output->partial)
		fail(output, "write", "");
}

/* A result of an earlier gen: its first file stands where ours do. */
static bool
is_our_tar(const char *path)
{
	char header[TAR_BLOCK] = {0};
	FILE *file = fopen(path, "rb");
	bool ours;

	if (!file)
		return false;
	ours = fread(header, 1, sizeof header, file) == sizeof header && !memcmp(header + 257, "ustar", 5) &&
	       (!strncmp(header, "include/", 8) || !strncmp(header, "cases/", 6) ||
	        !strncmp(header, "projects/", 9));
	fclose(file);
	return ours;
}

/* all of it */

/* What stands there may be replaced: nothing, an empty directory, or what an earlier gen made. */
static void
check_directory(const char *path)
{
	struct buf foreign = {0};

	if (earlier_is_ours(path, &foreign))
		return;
	if (!foreign.len)
		die("cannot read %s:", path);
	die("%s exists and is no result of an earlier gen: %s; give another name, or move it away", path,
	    foreign.data);
}

void
output_check(const char *path)
{
	struct stat status;

	if (is_stream(path)) {
		if (isatty(STDOUT_FILENO))
			die("a tar stream is not for a terminal: redirect it");
		return;
	}
	if (stat(path, &status)) {
		if (errno != ENOENT)
			die("cannot write to %s:", path);
		if (!lstat(path, &status))
			die("%s is a link that leads nowhere", path);
		return;
	}
	if (!is_tar(path) && S_ISDIR(status.st_mode))
		check_directory(path);
	else if (!is_tar(path) || !S_ISREG(status.st_mode) || !is_our_tar(path))
		die("%s exists and is no result of an earlier gen: give another name, or remove it", path);
}

static void
make_parents(struct output *output)
{
	struct buf parent = {0};

	for (const char *slash = output->path; (slash = strchr(slash + 1, '/')) && slash[strspn(slash, "/")];) {
		buf_clear(&parent);
		buf_add(&parent, output->path, (size_t)(slash - output->path));
		if (mkdir(parent.data, 0777) && errno != EEXIST)
			fail(output, "make the directories above", "");
	}
	buf_free(&parent);
}

static void
make_directory(struct output *output, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s%s%s", output->partial, name[0] ? "/" : "", name);
	if (mkdir(path.data, 0777))
		fail(output, "make directory", name);
	buf_free(&path);
}

/* The real path of a directory that is there, NULL where none is: it may be `.` or behind a link, and a path
 * may lead through what is about to be replaced, as `..` does in cases/. */
static char *
real_path(struct output *output)
{
	int here = open(".", O_RDONLY | O_DIRECTORY);
	char path[PATH_MAX];
	struct stat status;
	struct buf real = {0};
	bool ok;

	if (stat(output->path, &status) || !S_ISDIR(status.st_mode)) {
		close(here);
		return NULL;
	}
	ok = here >= 0 && !chdir(output->path) && getcwd(path, sizeof path);
	if (fchdir(here))
		ok = false;
	if (!ok)
		fail(output, "enter", "");
	close(here);
	buf_puts(&real, path);
	return real.data;
}

/* What is made stands beside what it becomes. */
static void
name_partial(struct output *output)
{
	const char *path = output->path;
	size_t length;
	struct buf name = {0};

	output->inside = real_path(output);
	if (output->inside)
		path = output->inside;
	for (length = strlen(path); length > 1 && path[length - 1] == '/';)
		length--;
	buf_printf(&name, "%.*s.partial-%ld", (int)length, path, (long)getpid());
	output->partial = name.data;
}

void
output_begin(struct output *output, const char *path, const char *const *directories)
{
	*output = (struct output){.path = path};
	if (is_stream(path)) {
		output->tar = stdout;
		return;
	}
	output_check(path);
	make_parents(output);
	output_check(path); /* x/. is there when x is made */
	name_partial(output);
	if (is_tar(path)) {
		output->tar = fopen(output->partial, "wb");
		if (!output->tar)
			fail(output, "write", "");
		return;
	}
	make_directory(output, "");
	for (; *directories; directories++)
		make_directory(output, *directories);
}

void
output_directory(struct output *output, const char *name)
{
	if (!output->tar)
		make_directory(output, name);
}

void
output_put(struct output *output, const char *name, const void *bytes, size_t length)
{
	struct buf path = {0};

	if (output->tar) {
		tar_put(output, name, bytes, length);
		return;
	}
	buf_printf(&path, "%s/%s", output->partial, name);
	if (!tree_write(path.data, bytes, length))
		fail(output, "write", name);
	buf_free(&path);
}

void
output_append(struct output *output, const char *name, const void *bytes, size_t length)
{
	struct buf path = {0};
	FILE *file;
	bool ok;

	if (output->tar) {
		buf_add(&output->last, bytes, length);
		return;
	}
	buf_printf(&path, "%s/%s", output->partial, name);
	file = fopen(path.data, "ab");
	ok = file && fwrite(bytes, 1, length, file) == length;
	if (file && fclose(file))
		ok = false;
	if (!ok)
		fail(output, "write", name);
	buf_free(&path);
}

void
output_end(struct output *output, const char *name)
{
	static const char zeros[2 * TAR_BLOCK];
	FILE *tar = output->tar;

	if (tar) {
		tar_put(output, name, buf_string(&output->last), output->last.len);
		if (fwrite(zeros, 1, sizeof zeros, tar) != sizeof zeros && output->partial)
			fail(output, "write", "");
	}
	buf_free(&output->last);
	output->tar = NULL;
	if (!output->partial)
		return;
	if ((tar && fclose(tar)) || (output->inside ? !earlier_replace(output->inside, output->partial)
	                                            : rename(output->partial, output->path)))
		fail(output, "write", "");
	free(output->partial);
	free(output->inside);
	output->partial = output->inside = NULL;
}
