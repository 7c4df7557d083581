/* One program of a checker: run in a private directory under limits, and ended with all that it started.
 *
 * A supervisor stands between us and the program: our own binary started anew, which runs one program after
 * the other. It watches the limits, ends the whole tree, and reports how it ended. Should we die, it ends the
 * tree and removes the directory of the run; should it die, we end the tree. A lane is our end of it.
 *
 *   us, lane --orders--> supervisor --fork, exec--> program --> all that it starts
 *            <-reports--
 *      <----------------stdout, stderr-----------------
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"

struct process_limits {
	double seconds;  /* wall; 0: none */
	double cpu;      /* seconds of processor time of the tree; 0: none */
	size_t output;   /* bytes of stdout and stderr together */
	uint64_t memory; /* bytes of the whole tree; 0: none */
};

#define PROCESS_GRACE 0.5 /* seconds between TERM and KILL */

/* What is to be run. Only read while process_start runs. */
struct process_command {
	const char *const *argv; /* argv[0] a path; ended by NULL */
	const char *directory;   /* absolute; where it runs, and its HOME and TMPDIR */
	struct process_limits limits;
	bool talks; /* stdin is a pipe from us; else it is empty */
};

/* Why a program ended: by itself, or why it was ended. */
enum process_end {
	END_OWN,
	END_SECONDS,
	END_CPU,
	END_OUTPUT,
	END_MEMORY, /* also when the kernel ended a part of the tree for the limit, whatever its exit status */
	END_ASKED,  /* process_stop, process_kill */
	END_SUPERVISOR, /* its supervisor was ended or stopped, most likely by the program */
};

/* Stays where it is while it runs. */
struct process {
	bool runs;
	bool talks;
	pid_t pid;    /* of the program as the supervisor sees it, leader of a session; 0 while none runs */
	int in;       /* write end of stdin where it talks, non-blocking, else -1 */
	int out, err; /* read ends, non-blocking; -1 when closed */
	struct buf stdout_text, stderr_text; /* the caller may take from them at any time */
	struct buf unwritten;                /* what stdin has had no room for yet */
	bool closes_input;                   /* stdin is closed when all is written */
	uint64_t output_bytes;               /* read so far; what is over the limit is not kept */
	struct process_limits limits;
	uint64_t kills_before; /* by the kernel, in its lane's cgroup, before it was started */
	struct lane *lane;     /* NULL while none runs */
	double started;        /* monotonic seconds */
	double unread_since;   /* when it first printed what no process_wait has told of yet; 0: nothing */
	/* how it ended */
	enum process_end end;
	bool exited;    /* else by a signal */
	int status;     /* exit status, or the signal's number */
	double seconds; /* wall, until the program itself ended */
	double cpu;     /* of all the tree */
	/* Bytes: peak of the tree by the cgroup, else the most that was seen; never less than its largest process
	 * had. */
	uint64_t memory;
};

struct lane;

/* Starts a program, in a session of its own, with five variables in its environment: PATH as ours, HOME and
 * TMPDIR the directory, LC_ALL=C, TZ=UTC (with bubblewrap also PWD, the directory). False with errno where it
 * could not be started (ENOENT, EACCES, ENOEXEC: execve said so; with containment ENOEXEC is not told, and
 * the program then exits with 1). The lane must be free. A lost supervisor is started anew. */
bool process_start(struct process *process, struct lane *lane, const struct process_command *command);
/* Waits up to `wait` milliseconds over all `count` processes, and reads what they print. Sets *which to the
 * index of one that is over (`runs` is then false, and nothing of its tree is left), or of one that talks and
 * has printed on stdout since this was last told (`runs` is true). False when there is none, or a signal
 * came. */
bool process_wait(struct process *const *processes, unsigned count, int wait, unsigned *which);
/* Writes to the stdin of one that talks; what finds no room there is written by process_wait. SIGPIPE is to
 * be ignored. To a process that is over, or has closed its stdin, nothing is written. */
void process_write(struct process *process, const char *bytes, size_t length);
/* Closes its stdin when all is written. */
void process_close_input(struct process *process);
/* Begins to end it: process_wait tells when it is over. `end` is the reason that it then has, unless it was
 * over before. */
void process_stop(struct process *process, enum process_end end);
/* Whether the kernel has ended a part of its tree for the limit of memory, asked of the kernel now. Whoever
 * has seen that part end and speaks of it does so after this is true. False of one that does not run, which
 * has its reason in `end`, and where there is no cgroup. */
bool process_is_starved(const struct process *process);
/* Ends it and all that it started, and waits for that. */
void process_kill(struct process *process);
/* Ends it where it runs, and frees what it printed. A zeroed process is fine. */
void process_free(struct process *process);

#endif
