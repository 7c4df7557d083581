/* cgroup: the memory of a whole tree, counted and limited by the kernel. See cgroup.h.
 *
 * How it works: a process enters the cgroup once, and what it forks is in it from its first instruction. So
 * nothing is moved for each program, for a move waits for a grace period of the whole kernel. The two
 * versions have the same things under other names:
 *
 *   version 1                       version 2
 *   memory.limit_in_bytes           memory.max
 *   memory.memsw.limit_in_bytes     memory.swap.max
 *   memory.usage_in_bytes           memory.current
 *   memory.oom_control              memory.events
 *
 * A cgroup is made below our own one; in version 2, where a cgroup that holds processes gives its controllers
 * to none below it, beside our own; and else below the mount's root.
 */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 20, NUMBER_ROOM = 32, LEAVE_TRIES = 50 };

/* the place */

/* The next line of *at without its newline, in `line`; false behind the last. */
static bool
next_line(const char **at, struct buf *line)
{
	size_t length = strcspn(*at, "\n");

	if (!**at)
		return false;
	buf_clear(line);
	buf_add(line, *at, length);
	*at += length + ((*at)[length] == '\n');
	return true;
}

/* Whether a word stands in a list that commas separate. */
static bool
lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (!strncmp(list, word, length) && (!list[length] || list[length] == ','))
			return true;
	return false;
}

/* The path of our own cgroup: from `N:memory:PATH`, else from `0::PATH`. */
static bool
find_own(const char *own, bool *unified, struct buf *path)
{
	struct buf line = {0};
	bool found = false;

	*unified = true;
	while (*unified && next_line(&own, &line)) {
		char *controllers = strchr(line.data, ':'), *at = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!at)
			continue;
		*controllers++ = 0;
		*at++ = 0;
		*unified = !lists(controllers, "memory");
		if (*unified && (strcmp(line.data, "0") || *controllers))
			continue;
		buf_clear(path);
		buf_puts(path, at);
		found = true;
	}
	buf_free(&line);
	return found;
}

enum { MOUNT_ROOT = 3, MOUNT_POINT = 4, MOUNT_FIELDS = 6 };

/* One line of mountinfo: `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [MORE...] - TYPE SOURCE SUPER`. False
 * where it is no mount of that version's memory controller. */
static bool
read_mount(char *line, bool unified, char *field[MOUNT_FIELDS])
{
	char *rest = strstr(line, " - "), *type, *super, *at = line;

	if (!rest)
		return false;
	*rest = 0;
	type = rest + 3;
	super = strrchr(type, ' ');
	if (!super)
		return false;
	type[strcspn(type, " ")] = 0;
	if (strcmp(type, unified ? "cgroup2" : "cgroup") || (!unified && !lists(super + 1, "memory")))
		return false;
	for (unsigned i = 0; i < MOUNT_FIELDS; i++) {
		field[i] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = 0;
	}
	return field[MOUNT_POINT][0] == '/';
}

bool
cgroup_find(struct cgroup_place *place, const char *mounts, const char *own)
{
	struct buf path = {0}, line = {0};
	bool found = false;

	*place = (struct cgroup_place){0};
	if (find_own(own, &place->unified, &path))
		while (!found && next_line(&mounts, &line)) {
			char *field[MOUNT_FIELDS];
			const char *below = path.data;
			size_t root;

			if (!read_mount(line.data, place->unified, field))
				continue;
			/* A container may see only a part of the hierarchy, from its own cgroup on. */
			root = strlen(field[MOUNT_ROOT]);
			if (root > 1 && !strncmp(below, field[MOUNT_ROOT], root) && (below[root] == '/' || !below[root]))
				below += root;
			buf_puts(&place->mount, field[MOUNT_POINT]);
			buf_puts(&place->directory, field[MOUNT_POINT]);
			if (strcmp(below, "/"))
				buf_puts(&place->directory, below);
			found = true;
		}
	buf_free(&path);
	buf_free(&line);
	return found;
}

/* its files */

static bool
put(const char *directory, const char *name, const char *text)
{
	struct buf path = {0};
	size_t length = strlen(text);
	int file;
	bool ok;

	buf_printf(&path, "%s/%s", directory, name);
	file = open(path.data, O_WRONLY | O_CLOEXEC);
	ok = file >= 0 && write(file, text, length) == (ssize_t)length;
	if (file >= 0)
		close(file);
	buf_free(&path);
	return ok;
}

static bool
put_number(const char *directory, const char *name, uint64_t number)
{
	char text[NUMBER_ROOM];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return put(directory, name, text);
}

static bool
get(const char *directory, const char *name, struct buf *text)
{
	struct buf path = {0};
	bool ok;

	buf_printf(&path, "%s/%s", directory, name);
	ok = buf_read_file(text, path.data, FILE_MOST);
	buf_free(&path);
	return ok;
}

/* The number behind `word` at a line's beginning, or with "" the first of the file; 0 where there is none. */
static uint64_t
get_number(const char *directory, const char *name, const char *word)
{
	struct buf text = {0}, line = {0};
	uint64_t number = 0;
	const char *at;

	get(directory, name, &text);
	for (at = buf_string(&text); next_line(&at, &line);)
		if (!strncmp(line.data, word, strlen(word))) {
			number = strtoull(line.data + strlen(word), NULL, 10);
			break;
		}
	buf_free(&text);
	buf_free(&line);
	return number;
}

/* entering and leaving */

static bool
enter_below(struct cgroup *cgroup, const char *directory, const char *name)
{
	const char *limit = cgroup->unified ? "memory.max" : "memory.limit_in_bytes";

	buf_clear(&cgroup->path);
	buf_printf(&cgroup->path, "%s/%s", directory, name);
	if (mkdir(cgroup->path.data, 0700)) {
		/* One of a process that had our number and was killed: a cgroup that is in use stays. */
		if (errno != EEXIST || rmdir(cgroup->path.data) || mkdir(cgroup->path.data, 0700))
			return false;
	}
	if (put(cgroup->path.data, limit, cgroup->unified ? "max" : "-1") &&
	    put(cgroup->path.data, "cgroup.procs", "0"))
		return true;
	rmdir(cgroup->path.data);
	return false;
}

bool
cgroup_enter_at(struct cgroup *cgroup, const struct cgroup_place *place, const char *name)
{
	struct buf parent = {0};
	bool ok;

	*cgroup = (struct cgroup){.unified = place->unified, .peak = -1};
	buf_puts(&cgroup->home, place->directory.data);
	buf_puts(&parent, place->directory.data);
	if (place->unified && place->directory.len > place->mount.len)
		*strrchr(parent.data, '/') = 0;
	ok = enter_below(cgroup, place->directory.data, name) ||
	     (place->unified && enter_below(cgroup, parent.data, name)) ||
	     enter_below(cgroup, place->mount.data, name);
	buf_free(&parent);
	if (!ok) {
		buf_free(&cgroup->path);
		buf_free(&cgroup->home);
	}
	return ok;
}

bool
cgroup_enter(struct cgroup *cgroup, const char *name)
{
	struct buf mounts = {0}, own = {0};
	struct cgroup_place place = {0};
	bool ok;

	*cgroup = (struct cgroup){.peak = -1};
	ok = buf_read_file(&mounts, "/proc/self/mountinfo", FILE_MOST) &&
	     buf_read_file(&own, "/proc/self/cgroup", FILE_MOST) &&
	     cgroup_find(&place, buf_string(&mounts), buf_string(&own)) && cgroup_enter_at(cgroup, &place, name);
	buf_free(&place.directory);
	buf_free(&place.mount);
	buf_free(&mounts);
	buf_free(&own);
	return ok;
}

void
cgroup_leave(struct cgroup *cgroup)
{
	const struct timespec pause = {0, 2000000};

	if (cgroup->peak >= 0)
		close(cgroup->peak);
	if (cgroup->path.len) {
		put(cgroup->home.data, "cgroup.procs", "0");
		/* The last process may be dead and not yet gone from it. */
		for (unsigned i = 0; i < LEAVE_TRIES && rmdir(cgroup->path.data) && errno == EBUSY; i++)
			nanosleep(&pause, NULL);
	}
	buf_free(&cgroup->path);
	buf_free(&cgroup->home);
	*cgroup = (struct cgroup){.peak = -1};
}

/* limit and count */

static bool
set_limit(const struct cgroup *cgroup, uint64_t bytes)
{
	const char *path = cgroup->path.data;

	if (cgroup->unified) {
		put(path, "memory.swap.max", bytes ? "0" : "max");
		return bytes ? put_number(path, "memory.max", bytes) : put(path, "memory.max", "max");
	}
	/* With swap may not be less than without; there may be no such file. */
	put(path, "memory.memsw.limit_in_bytes", "-1");
	if (!bytes)
		return put(path, "memory.limit_in_bytes", "-1");
	if (!put_number(path, "memory.limit_in_bytes", bytes))
		return false;
	put_number(path, "memory.memsw.limit_in_bytes", bytes);
	return true;
}

/* Version 2 sets a peak back for the one who keeps the file open, from Linux 6.12 on. */
static bool
set_peak_back(struct cgroup *cgroup)
{
	struct buf path = {0};

	if (!cgroup->unified)
		return put(cgroup->path.data, "memory.max_usage_in_bytes", "0");
	if (cgroup->peak < 0) {
		buf_printf(&path, "%s/memory.peak", cgroup->path.data);
		cgroup->peak = open(path.data, O_RDWR | O_CLOEXEC);
		buf_free(&path);
	}
	return cgroup->peak >= 0 && write(cgroup->peak, "r", 1) == 1;
}

static uint64_t
read_peak(const struct cgroup *cgroup)
{
	char text[NUMBER_ROOM];
	ssize_t got;

	if (!cgroup->unified)
		return get_number(cgroup->path.data, "memory.max_usage_in_bytes", "");
	if (cgroup->peak < 0)
		return get_number(cgroup->path.data, "memory.peak", "");
	got = pread(cgroup->peak, text, sizeof text - 1, 0);
	text[got > 0 ? got : 0] = 0;
	return strtoull(text, NULL, 10);
}

static uint64_t
read_kills(const struct cgroup *cgroup)
{
	return get_number(cgroup->path.data, cgroup->unified ? "memory.events" : "memory.oom_control",
	                  "oom_kill ");
}

uint64_t
cgroup_kills_in(const char *path)
{
	uint64_t kills = get_number(path, "memory.oom_control", "oom_kill ");

	return kills ? kills : get_number(path, "memory.events", "oom_kill ");
}

bool
cgroup_limit(struct cgroup *cgroup, uint64_t bytes)
{
	if (!cgroup->path.len)
		return true;
	if (!set_limit(cgroup, bytes))
		return false;
	cgroup->top = set_peak_back(cgroup) ? 0 : read_peak(cgroup);
	cgroup->used =
		get_number(cgroup->path.data, cgroup->unified ? "memory.current" : "memory.usage_in_bytes", "");
	cgroup->kills = read_kills(cgroup);
	return true;
}

uint64_t
cgroup_peak(const struct cgroup *cgroup)
{
	uint64_t peak = cgroup->path.len ? read_peak(cgroup) : 0;

	return peak > cgroup->top && peak > cgroup->used ? peak - cgroup->used : 0;
}

uint64_t
cgroup_kills(const struct cgroup *cgroup)
{
	uint64_t kills = cgroup->path.len ? read_kills(cgroup) : 0;

	return kills > cgroup->kills ? kills - cgroup->kills : 0;
}

unsigned
cgroup_signal(const char *path, int number)
{
	struct buf text = {0};
	unsigned count = 0;
	char *at, *end;

	get(path, "cgroup.procs", &text);
	for (at = text.data; at && *at; at = end + (*end == '\n')) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		if (pid <= 1 || pid == getpid()) /* 0: of another pid namespace */
			continue;
		kill((pid_t)pid, number);
		count++;
	}
	buf_free(&text);
	return count;
}
