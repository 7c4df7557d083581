/* proctree: who descends from whom. See proctree.h.
 *
 * How it works: where the kernel lists children, in PROC/PID/task/TID/children, the list grows breadth first
 * while it is walked. Else every process of the machine is read, and those whose parent is known to belong
 * are moved to the front until none is left to move.
 */
#include "proctree.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"

enum { PATH_ROOM = 512, STAT_ROOM = 1024 };

/* Reads the beginning of a small file; false where there is none. */
static bool
read_text(const char *path, char *text, size_t room)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : read(file, text, room - 1);

	if (file >= 0)
		close(file);
	text[got > 0 ? got : 0] = 0;
	return got > 0;
}

/* The fields of a process, from PROC/PID/stat; proc_pid_stat(5) numbers them. Its second one, a name, may
 * hold any byte. */
static bool
read_process(struct proctree_process *process, const char *proc, pid_t pid)
{
	char path[PATH_ROOM], text[STAT_ROOM], state, *at;
	unsigned long long user, system, waited_user, waited_system, pages;
	int parent, group;

	snprintf(path, sizeof path, "%s/%d/stat", proc, (int)pid);
	if (!read_text(path, text, sizeof text) || !(at = strrchr(text, ')')) ||
	    sscanf(at + 1,
	           " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu %*d %*d %*d %*d %*u %*u %llu",
	           &state, &parent, &group, &user, &system, &waited_user, &waited_system, &pages) != 8)
		return false;
	*process = (struct proctree_process){
		.pid = pid,
		.parent = parent,
		.group = group,
		.dead = state == 'Z' || state == 'X',
		.cpu = (double)(user + system + waited_user + waited_system) / (double)sysconf(_SC_CLK_TCK),
		.resident = pages * (uint64_t)sysconf(_SC_PAGESIZE),
	};
	return true;
}

static void
add(struct proctree *tree, const struct proctree_process *process)
{
	*array_add(NULL, tree->process, tree->count, tree->room) = *process;
}

static bool
is_number(const char *name)
{
	return isdigit((unsigned char)name[0]);
}

/* where the kernel lists children */

static void
add_child(struct proctree *tree, const char *proc, pid_t pid, unsigned depth)
{
	struct proctree_process process;

	for (size_t i = 0; i < tree->count; i++)
		if (tree->process[i].pid == pid) /* it got a new parent while we looked */
			return;
	if (!read_process(&process, proc, pid))
		return;
	process.depth = depth;
	add(tree, &process);
}

static void
add_children_of_thread(struct proctree *tree, const char *proc, const char *path, unsigned depth)
{
	FILE *stream = fopen(path, "re");
	int pid;

	while (stream && fscanf(stream, "%d", &pid) == 1)
		add_child(tree, proc, pid, depth);
	if (stream)
		fclose(stream);
}

static void
add_children(struct proctree *tree, const char *proc, pid_t pid, unsigned depth)
{
	char path[PATH_ROOM];
	struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof path, "%s/%d/task", proc, (int)pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads))) {
		if (!is_number(entry->d_name))
			continue;
		snprintf(path, sizeof path, "%s/%d/task/%.20s/children", proc, (int)pid, entry->d_name);
		add_children_of_thread(tree, proc, path, depth);
	}
	if (threads)
		closedir(threads);
}

static bool
lists_children(const char *proc, pid_t root)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof path, "%s/%d/task/%d/children", proc, (int)root, (int)root);
	return !access(path, R_OK);
}

/* where it does not */

static void
add_all(struct proctree *tree, const char *proc)
{
	struct proctree_process process;
	DIR *all = opendir(proc);
	struct dirent *entry;

	while (all && (entry = readdir(all)))
		if (is_number(entry->d_name) && read_process(&process, proc, (pid_t)strtol(entry->d_name, NULL, 10)))
			add(tree, &process);
	if (all)
		closedir(all);
}

/* Moves the children of `pid` to the end of those that belong, which is *belong. */
static void
take_children(struct proctree *tree, unsigned *belong, pid_t pid, unsigned depth)
{
	for (unsigned i = *belong; i < tree->count; i++) {
		struct proctree_process process = tree->process[i];

		if (process.parent != pid)
			continue;
		tree->process[i] = tree->process[*belong];
		process.depth = depth;
		tree->process[(*belong)++] = process;
	}
}

void
proctree_read(struct proctree *tree, const char *proc, pid_t root)
{
	unsigned belong = 0;

	tree->count = 0;
	if (lists_children(proc, root)) {
		add_children(tree, proc, root, 1);
		for (size_t i = 0; i < tree->count; i++)
			add_children(tree, proc, tree->process[i].pid, tree->process[i].depth + 1);
		return;
	}
	add_all(tree, proc);
	take_children(tree, &belong, root, 1);
	for (unsigned i = 0; i < belong; i++)
		take_children(tree, &belong, tree->process[i].pid, tree->process[i].depth + 1);
	tree->count = belong;
}

/* The proportional size: each page divided by the number of its users. */
static uint64_t
memory_of(const struct proctree_process *process, const char *proc)
{
	char path[PATH_ROOM], text[4 * STAT_ROOM];
	unsigned long long kilobytes;
	const char *at;

	snprintf(path, sizeof path, "%s/%d/smaps_rollup", proc, (int)process->pid);
	if (read_text(path, text, sizeof text) && (at = strstr(text, "\nPss:")) &&
	    sscanf(at + 5, "%llu", &kilobytes) == 1)
		return kilobytes * 1024;
	return process->resident;
}

uint64_t
proctree_memory(const struct proctree *tree, const char *proc)
{
	uint64_t all = 0;

	for (size_t i = 0; i < tree->count; i++)
		all += memory_of(&tree->process[i], proc);
	return all;
}

void
proctree_free(struct proctree *tree)
{
	free(tree->process);
	*tree = (struct proctree){0};
}
