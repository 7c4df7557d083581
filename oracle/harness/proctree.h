/* The processes below one, as /proc shows them. */
#ifndef PROCTREE_H
#define PROCTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proctree_process {
	pid_t pid, parent, group;
	unsigned depth;    /* 1: a child of the root */
	bool dead;         /* a zombie */
	double cpu;        /* seconds, with those of its children that it waited for */
	uint64_t resident; /* bytes, shared pages too */
};

/* A zeroed one is empty and ready. */
struct proctree {
	struct proctree_process *process; /* owned; parents before children */
	unsigned count, room;
};

/* Reads what is below `root`, without it; `proc` is "/proc". What ends or begins meanwhile may be missing. */
void proctree_read(struct proctree *tree, const char *proc, pid_t root);
/* Bytes of all together, where pages that several share count once; a process that does not show them counts
 * as its resident size. */
uint64_t proctree_memory(const struct proctree *tree, const char *proc);
void proctree_free(struct proctree *tree);

#endif
