/* run_state: a run on its way, for the files of run. See run.h.
 *
 * oracle/checker/run.c keeps lanes busy; oracle/checker/run_answer.c makes answers of what comes from them;
 * oracle/checker/run_keep.c keeps both and run_tell.c tells of them, where that is asked for.
 */
#ifndef RUN_STATE_H
#define RUN_STATE_H

#include <sys/stat.h>

#include "headers.h"
#include "pack.h"
#include "run.h"
#include "worker.h"

/* A lane of a run, and what goes through it. */
struct run_lane {
	struct lane *supervisor; /* our end of it */
	struct process process;
	struct pack *pack;    /* that it is busy with; NULL: none */
	struct worker worker; /* of a checker that keeps running */
};

struct running {
	const struct run_options *options;
	struct run_report *report;
	char *root; /* directory of this run */
	struct headers headers;
	struct stat exe; /* the program when it was hashed */
	const struct run_source *source;
	struct pack_cutter cutter; /* of what comes from there */
	bool exhausted;            /* nothing more does, or is to */
	struct pack *waiting;      /* a list */
	struct pack *ready;        /* its files are written; NULL: none */
	struct run_lane lane[RUN_JOBS];
	unsigned lanes;
	unsigned long long written;                      /* packs so far */
	unsigned directories;                            /* for packs so far */
	unsigned unused, unused_directory[2 * RUN_JOBS]; /* numbers of those that no pack has */
	unsigned taken; /* cases that came from there, of rules that the checker has */
	unsigned total, done, state[ANSWER_COUNT];
	bool stopped;         /* a callback said so */
	bool one_by_one;      /* a checker changes what others read */
	bool headers_changed; /* by a checker, and not written anew yet */
	bool asks_cases;      /* the first canaries are through */
	bool canaries_fail; /* the first got no answer: nothing is halved or tried again, a reason is that of all
	                       its cases */
	struct protocol_host host;
	struct buf hello; /* of the first worker */
	bool hello_told;
	struct worker_options asking;
	struct arena arena;
	double started, shown; /* monotonic seconds; `shown`: the line of progress */
	struct diag *diag;
};

static inline bool
run_talks(const struct running *r)
{
	return r->options->adapter->way != WAY_OUTPUT;
}

/* Puts a list of packs in front of those that wait. */
void run_push(struct running *r, struct pack *packs);

/* Marks the run as void; the first reason counts. */
void run_void(struct running *r, const char *format, ...) FAIL_PRINTF(2, 3);
/* Frees packs that wait. */
void run_drop(struct running *r);
/* Delivers one answer, or looks at that of a canary. `pack`: in which the case was asked; NULL: it was
 * not. */
bool run_give(struct running *r, const struct suite_case *of, const struct answer *answer,
              const struct pack *pack);
/* What a process that is over means for its pack: answers, halves, or another try. */
bool run_end_pack(struct running *r, struct pack *pack, const struct process *process);
/* The same for what a lane's worker said of one case, or why it said nothing. */
bool run_end_case(struct running *r, const struct run_lane *lane, struct pack *pack, struct answer *answer);

/* Where a process finds what stands for the placeholders of an adapter. */
struct run_places {
	const char *file, *helpers, *spans, *directory, *include; /* helpers: NULL where there are none */
};

struct run_places run_places(const struct running *r, const struct pack *pack);
/* The command line of a step, ended by NULL; argv has room for 2 * ADAPTER_ARGUMENTS + 1. */
void run_arguments(const struct running *r, struct arena *arena, unsigned step,
                   const struct run_places *places, const char **argv);

/* What is kept, where that is asked for; else these do nothing. The headers: */
bool run_keep_headers(struct running *r);
/* A step that is over, and has one behind it. */
bool run_keep_step(struct running *r, struct pack *pack, const struct process *process);
/* A pack whose last process is over, or a question to a worker; `what`: what is made of it. */
bool run_keep_pack(struct running *r, struct pack *pack, const struct process *process, const char *what);
bool run_keep_question(struct running *r, const struct run_lane *lane, struct pack *pack, double seconds,
                       const char *what);
/* An answer; of one that was not asked nothing. */
bool run_keep_answer(struct running *r, const struct suite_case *of, const struct answer *answer,
                     const struct pack *pack);

/* Lines of what is kept and told: "NAME      " with the rest to come; a step's command line as one of sh;
 * how a process ended; a line a case of the pack. */
struct buf *run_key(struct buf *out, const char *name);
void run_add_command(struct running *r, struct buf *out, struct pack *pack, unsigned step,
                     const struct run_places *places);
void run_add_end(struct buf *out, const struct process *process);
void run_add_cases(struct buf *out, const struct pack *pack);

/* What is told for people, where that is asked for (run_tell.c); else these do nothing. A step that is over,
 * and has one behind it; a pack whose last process is over; a question to a worker. */
void run_tell_step(struct running *r, struct pack *pack, const struct process *process);
void run_tell_pack(struct running *r, struct pack *pack, const struct process *process, bool is_complete,
                   const char *what);
void run_tell_question(struct running *r, const struct run_lane *lane, struct pack *pack, double seconds,
                       const char *what);

#endif
