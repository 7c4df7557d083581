/* Orders to a supervisor, and its reports: what goes over the socket between the two, and how it is sent and
 * received.
 *
 * Each order and each report is one packet of a socket pair: the struct, then its strings, each ended by NUL.
 * Both ends are the same binary on one machine, so the structs go as they are.
 */
#ifndef ORDER_H
#define ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "process.h"

enum {
	ORDER_BYTES = 1 << 18, /* of the longest order */
	ORDER_PIPES = 3,       /* with ORDER_RUN, the program's ends: stdout, stderr and, where it talks, stdin */
};

enum order_kind {
	ORDER_SET_UP, /* first; strings: root, "" for none */
	ORDER_RUN,    /* strings: directory, settings of the environment, arguments; pipes */
	ORDER_END,    /* ends what runs; nothing where none does, for its report may be on its way */
	ORDER_LEAVE,  /* last: ends what runs, and the supervisor */
};

struct order {
	enum order_kind kind;
	enum process_end end; /* ORDER_END: the reason */
	bool watch;           /* ORDER_SET_UP: without a cgroup */
	bool talks, contained;
	struct process_limits limits;
	unsigned settings, arguments; /* numbers of strings */
};

/* An order as it was received. */
struct order_packet {
	char *bytes; /* ORDER_BYTES of room; owned by whoever receives */
	struct order order;
	char *strings, *end;   /* within `bytes` */
	int pipe[ORDER_PIPES]; /* -1: none; the receiver closes them */
};

enum order_report_kind {
	REPORT_READY,   /* to ORDER_SET_UP; string: directory of its cgroup, "" for none */
	REPORT_STARTED, /* to ORDER_RUN: `error` and, where that is 0, `pid` */
	REPORT_ENDED,   /* nothing of the tree is left */
};

struct order_report {
	enum order_report_kind kind;
	int error;
	pid_t pid;
	enum process_end end;
	bool exited;
	int status;
	double seconds, cpu;
	uint64_t memory;
};

/* Sends an order, with its strings behind it and `count` descriptors. False with errno. */
bool order_send(int socket, const struct order *order, const struct buf *strings, const int *pipes,
                unsigned count);
/* Waits for an order. False where what came is none, and none will come. */
bool order_receive(int socket, struct order_packet *packet);
/* Cuts `count` strings from *at, ended by NULL; the caller frees the list. NULL where some are missing. */
char **order_cut_strings(char **at, const char *end, unsigned count);

/* A report to somebody who is gone is lost. */
void order_send_report(int socket, const struct order_report *report, const char *string);
/* Waits for a report; `string`, where not NULL, gets what stands behind it. False where the supervisor is
 * gone (errno ECHILD). */
bool order_receive_report(int socket, struct order_report *report, struct buf *string);

#endif
