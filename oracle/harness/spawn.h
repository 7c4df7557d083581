/* Spawning one program: fork, what a child sets up for itself, exec. */
#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>

#include "order.h"

struct spawn {
	const struct order *order; /* what it is to be like */
	const char *directory;
	char **environment, **argv; /* each ended by NULL */
	int pipe[ORDER_PIPES];      /* its stdout, stderr and, where it talks, stdin */
};

/* Forks, and execs in the child, which leads a session of its own. Returns the pid, or 0 with the errno of
 * what failed. */
pid_t spawn_program(const struct spawn *spawn, int *error);
/* Sets all signals to their defaults: what a parent ignored or blocked would stay so. */
void spawn_reset_signals(void);

#endif
