/* lookup: programs on PATH, and our own binary. See lookup.h.
 *
 * How it works: a program runs in a directory of its own, where a relative directory of PATH would mean
 * another one, so these are passed over.
 */
#include "lookup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = 4096 };

static bool
is_program(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !access(path, X_OK);
}

bool
lookup_program(const char *name, struct buf *path)
{
	const char *end, *at = getenv("PATH");

	for (at = at ? at : "/usr/bin:/bin"; *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, ":");
		if (*at != '/')
			continue;
		buf_clear(path);
		buf_add(path, at, (size_t)(end - at));
		buf_printf(path, "/%s", name);
		if (is_program(path->data))
			return true;
	}
	return false;
}

const char *
lookup_self(struct arena *arena)
{
	char path[PATH_MOST];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	return length > 0 ? arena_copy(arena, path, (size_t)length) : "lockdrill";
}
