/* The keeper: the process between us and a program. What it is told, what it says, and its main loop.
 *
 * Each order and each report is one packet of a socket pair: the struct, then its strings, each ended by NUL. Both ends are the
 * same binary on one machine, so the structs go as they are.
 */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdbool.h>

#include "process.h"

enum {
	KEEPER_PACKET = 1 << 18, /* bytes of the longest order */
	KEEPER_PIPES =
		3, /* that come with ORDER_RUN, the program's ends: stdout, stderr and, where it talks, stdin */
};

#define KEEPER_GRACE 0.5 /* seconds between TERM and KILL */

enum keeper_order_kind {
	ORDER_SET_UP, /* first; strings: root, "" for none */
	ORDER_RUN,    /* strings: directory, settings of the environment, arguments; pipes */
	ORDER_END,    /* ends what runs; nothing where none does, for its report may be on its way */
	ORDER_LEAVE,  /* last: ends what runs, and the keeper */
};

struct keeper_order {
	enum keeper_order_kind kind;
	enum process_end end; /* ORDER_END: the reason */
	bool watch;           /* ORDER_SET_UP: without a cgroup */
	bool talks, contained;
	struct process_limits limits;
	unsigned settings, arguments; /* numbers of strings */
};

enum keeper_report_kind {
	REPORT_READY,   /* to ORDER_SET_UP; string: directory of its cgroup, "" for none */
	REPORT_STARTED, /* to ORDER_RUN: `error` and, where that is 0, `pid` */
	REPORT_ENDED,   /* nothing of the tree is left */
};

struct keeper_report {
	enum keeper_report_kind kind;
	int error;
	pid_t pid;
	enum process_end end;
	bool exited;
	int status;
	double seconds, cpu;
	uint64_t memory;
};

/* Keeps until it is told to leave or the other end is closed. Closes all other descriptors above stderr, and changes signals: for a
 * process that does nothing else. Returns the exit status: 0, or 2 where `socket` is none of ours. */
int keeper_run(int socket);

#endif
