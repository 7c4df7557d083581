/* supervisor: runs one program after the other, and ends its tree. See supervisor.h.
 *
 * How it works: the supervisor is the subreaper of what the program starts, so whatever loses its parent
 * becomes a child of the supervisor, and the tree is gone exactly when wait says that there is no child. One
 * loop waits for a child's end (a descriptor for SIGCHLD), for an order, or for the next moment of these:
 *
 *   runs --limit, order, other end closed--> TERM, grace --> KILL, again and again --> no child: report
 *     '----the program ends by itself------------------------------------------------^
 *
 * What a program leaves behind when it ends by itself gets no grace: it was given its time with the program,
 * and nobody reads what it would say.
 *
 * Where there is a cgroup the supervisor is in it too, so that no child need be moved.
 */
#define _DEFAULT_SOURCE /* wait4: the peak of one child's memory cannot be had otherwise */
#include "supervisor.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "cgroup.h"
#include "clock.h"
#include "order.h"
#include "proctree.h"
#include "spawn.h"
#include "tree.h"

#define USAGE_FIRST 0.02 /* seconds between two readings of a young tree */
#define USAGE 0.05       /* and of one older than YOUNG */
#define YOUNG 1.0        /* seconds */
#define USAGE_SHARE 20   /* reading may take no more than this part of the time */
#define KILLS \
	0.1 /* seconds between questions whether the kernel ended a part of the tree for want of memory */
#define KILL_AGAIN 0.005 /* seconds between two passes of KILL */

enum { REMOVE_TRIES = 200 };

struct supervisor {
	int socket, children;       /* descriptors: orders, SIGCHLD */
	struct order_packet packet; /* the order at hand */
	struct buf root;
	struct cgroup cgroup;
	struct proctree tree; /* as last read */
	bool leaving;         /* after an order, or since the other end is closed */
	bool abandoned;       /* the other end is closed */
	/* the program that runs; pid 0: none */
	pid_t pid;
	bool contained;
	struct process_limits limits;
	double started;
	double check_usage; /* when to read the tree next; 0: never */
	double check_kills; /* when to ask the kernel next; 0: never */
	double kill;        /* when KILL comes; 0: it is not being ended */
	bool ended;         /* the program itself; the rest of its tree may not be */
	double cpu;         /* of those waited for */
	struct order_report report;
};

static double
sooner(double one, double two)
{
	return two > 0 && (one <= 0 || two < one) ? two : one;
}

/* the program's beginning */

/* When to read the tree next: memory can grow from the first moment on, processor time no faster than there
 * are processors. */
static double
next_usage_check(const struct supervisor *s, double now, double cost, double cpu)
{
	bool memory = s->limits.memory && !s->cgroup.path.len;
	double pause = now - s->started < YOUNG ? USAGE_FIRST : USAGE, next = 0;

	if (pause < cost * USAGE_SHARE)
		pause = cost * USAGE_SHARE;
	if (s->limits.cpu > 0) {
		double left = (s->limits.cpu - cpu) / (double)sysconf(_SC_NPROCESSORS_ONLN);

		next = now + (left > pause ? left : pause);
	}
	return memory ? sooner(next, now + pause) : next;
}

static void
start_program(struct supervisor *s, const struct spawn *spawn)
{
	struct order_report report = {.kind = REPORT_STARTED};

	assert(!s->pid && s->kill <= 0);
	s->limits = spawn->order->limits;
	s->contained = spawn->order->contained;
	s->started = clock_now();
	report.pid = s->pid = spawn_program(spawn, &report.error);
	if (s->pid) {
		s->ended = false;
		s->cpu = 0;
		s->check_usage = next_usage_check(s, s->started, 0, 0);
		s->check_kills = s->limits.memory && s->cgroup.path.len ? s->started + KILLS : 0;
		s->report = (struct order_report){.kind = REPORT_ENDED, .pid = s->pid, .end = END_OWN};
	}
	order_send_report(s->socket, &report, "");
}

/* the tree's end */

/* KILL goes to the process groups too, whose members the kernel takes all at once: one that forks for ever is
 * else missed again and again. Below a session of its own no process can be in a group of ours. */
static void
signal_all(struct supervisor *s, int number)
{
	proctree_read(&s->tree, "/proc", getpid());
	for (size_t i = 0; i < s->tree.count; i++) {
		const struct proctree_process *process = &s->tree.process[i];

		/* bubblewrap's two processes would take the program with them at once. */
		if (!process->dead && !(number == SIGTERM && s->contained && process->depth <= 2))
			kill(process->pid, number);
		if (number == SIGKILL && process->group > 1 && process->group != getpgrp())
			kill(-process->group, number);
	}
}

/* TERM, and CONT so that a stopped one hears it. */
static void
begin_end(struct supervisor *s, enum process_end end)
{
	if (!s->pid || s->kill > 0)
		return;
	assert(end != END_OWN && s->report.end == END_OWN);
	s->report.end = end;
	s->kill = clock_now() + PROCESS_GRACE;
	signal_all(s, SIGTERM);
	signal_all(s, SIGCONT);
}

static void
kill_all(struct supervisor *s, double now)
{
	assert(s->pid);
	s->kill = now + KILL_AGAIN;
	if (!s->ended)
		kill(-s->pid, SIGKILL);
	signal_all(s, SIGKILL);
	if (s->cgroup.path.len)
		cgroup_signal(s->cgroup.path.data, SIGKILL);
}

static void
report_end(struct supervisor *s)
{
	struct order_report *report = &s->report;
	uint64_t peak = cgroup_peak(&s->cgroup);

	report->cpu = s->cpu;
	if (peak > report->memory)
		report->memory = peak;
	if (report->end == END_OWN && !report->exited && report->status == SIGXCPU && s->limits.cpu > 0)
		report->end = END_CPU;
	if (s->limits.memory && report->end != END_ASKED && cgroup_kills(&s->cgroup))
		report->end = END_MEMORY;
	assert(s->pid && s->ended);
	s->pid = 0;
	s->kill = 0;
	order_send_report(s->socket, report, "");
}

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void
note_end(struct supervisor *s, pid_t pid, int status, const struct rusage *usage)
{
	struct order_report *report = &s->report;
	uint64_t memory = (uint64_t)usage->ru_maxrss * 1024;

	s->cpu += seconds_of(usage->ru_utime) + seconds_of(usage->ru_stime);
	if (memory > report->memory)
		report->memory = memory;
	if (pid != s->pid)
		return;
	assert(!s->ended);
	s->ended = true;
	report->seconds = clock_now() - s->started;
	report->exited = WIFEXITED(status);
	report->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

/* Waits for all that have ended. */
static void
reap_children(struct supervisor *s)
{
	struct signalfd_siginfo told;
	struct rusage usage;
	int status;
	pid_t pid;

	while (read(s->children, &told, sizeof told) > 0)
		;
	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
		note_end(s, pid, status, &usage);
	if (!s->pid || !s->ended)
		return;
	if (pid < 0)
		report_end(s);
	else if (s->kill <= 0)
		kill_all(s, clock_now());
}

/* the limits */

static void
check_usage(struct supervisor *s, double now)
{
	uint64_t memory = 0;
	double cpu = s->cpu;

	proctree_read(&s->tree, "/proc", getpid());
	for (size_t i = 0; i < s->tree.count; i++) {
		cpu += s->tree.process[i].cpu;
		memory += s->tree.process[i].resident;
	}
	/* What several share was counted for each. */
	if (s->limits.memory && memory > s->limits.memory)
		memory = proctree_memory(&s->tree, "/proc");
	if (memory > s->report.memory)
		s->report.memory = memory;
	s->check_usage = next_usage_check(s, now, clock_now() - now, cpu);
	if (s->limits.cpu > 0 && cpu > s->limits.cpu)
		begin_end(s, END_CPU);
	else if (s->limits.memory && memory > s->limits.memory && !s->cgroup.path.len)
		begin_end(s, END_MEMORY);
}

/* What lost a part to the limit would hang, or say something that is worth nothing. */
static void
check_kills(struct supervisor *s, double now)
{
	s->check_kills = now + KILLS;
	if (cgroup_kills(&s->cgroup))
		begin_end(s, END_MEMORY);
}

static double
deadline(const struct supervisor *s)
{
	return s->limits.seconds > 0 ? s->started + s->limits.seconds : 0;
}

/* Does what is due, and returns when the next thing is; 0: never. */
static double
run_due(struct supervisor *s)
{
	double now = clock_now();

	if (!s->pid)
		return 0;
	if (s->kill > 0) {
		if (now >= s->kill)
			kill_all(s, now);
		return s->kill;
	}
	if (deadline(s) > 0 && now >= deadline(s))
		begin_end(s, END_SECONDS);
	else if (s->check_usage > 0 && now >= s->check_usage)
		check_usage(s, now);
	else if (s->check_kills > 0 && now >= s->check_kills)
		check_kills(s, now);
	return s->kill > 0 ? s->kill : sooner(sooner(deadline(s), s->check_usage), s->check_kills);
}

/* orders */

static void
set_up(struct supervisor *s, const struct order *order, const char *root)
{
	const struct order_report ready = {.kind = REPORT_READY};
	char name[40];

	buf_puts(&s->root, root);
	snprintf(name, sizeof name, "lockdrill-%d", (int)getpid());
	if (!order->watch)
		cgroup_enter(&s->cgroup, name);
	order_send_report(s->socket, &ready, buf_string(&s->cgroup.path));
}

/* False where the order is not whole, or the cgroup takes no limit any more: a supervisor that leaves is
 * started anew. */
static bool
take_run(struct supervisor *s, const struct order_packet *packet)
{
	struct spawn spawn = {.order = &packet->order, .directory = packet->strings};
	char *at = packet->strings, **strings = order_cut_strings(&at, packet->end, 1);
	bool ok = false;

	free(strings);
	for (unsigned i = 0; i < ORDER_PIPES; i++)
		spawn.pipe[i] = packet->pipe[i];
	spawn.environment = strings ? order_cut_strings(&at, packet->end, spawn.order->settings) : NULL;
	spawn.argv = spawn.environment ? order_cut_strings(&at, packet->end, spawn.order->arguments) : NULL;
	if (spawn.argv && spawn.order->arguments && !s->pid &&
	    cgroup_limit(&s->cgroup, spawn.order->limits.memory)) {
		start_program(s, &spawn);
		ok = true;
	}
	free(spawn.environment);
	free(spawn.argv);
	return ok;
}

static void
take_order(struct supervisor *s)
{
	struct order_packet *packet = &s->packet;
	const char *strings;

	if (!order_receive(s->socket, packet)) {
		s->abandoned = s->leaving = true;
		return;
	}
	strings = packet->strings;
	switch (packet->order.kind) {
	case ORDER_SET_UP:
		set_up(s, &packet->order, memchr(strings, 0, (size_t)(packet->end - strings)) ? strings : "");
		break;
	case ORDER_RUN:
		s->leaving = !take_run(s, packet);
		break;
	case ORDER_END:
		begin_end(s, packet->order.end);
		break;
	case ORDER_LEAVE:
		s->leaving = true;
		break;
	}
	for (unsigned i = 0; i < ORDER_PIPES; i++)
		if (packet->pipe[i] >= 0)
			close(packet->pipe[i]);
}

/* the supervisor */

/* Whatever we inherited would be the program's too, and would keep open what is closed elsewhere. */
static void
close_others(int socket)
{
	DIR *all = opendir("/proc/self/fd");
	struct dirent *entry;

	while (all && (entry = readdir(all))) {
		int number = (int)strtol(entry->d_name, NULL, 10);

		if (isdigit((unsigned char)entry->d_name[0]) && number > STDERR_FILENO && number != socket &&
		    number != dirfd(all))
			close(number);
	}
	if (all)
		closedir(all);
}

/* The program's stdin is empty; stderr stays as it is, for bugs of ours. */
static void
open_null(void)
{
	int null;

	do
		null = open("/dev/null", O_RDWR);
	while (null >= 0 && null <= STDERR_FILENO);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
}

/* SIGCHLD is read from a descriptor. What the terminal, the program or a batch system sends to end us is
 * passed over: the closed socket tells us when it is time. */
static bool
catch_signals(struct supervisor *s)
{
	static const int passed_over[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1,
	                                  SIGUSR2, SIGXFSZ, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t child;

	spawn_reset_signals();
	for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
		sigaction(passed_over[i], &ignore, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	s->children = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	return s->children >= 0;
}

/* Milliseconds until then, rounded up; -1 for never. */
static int
pause_until(double moment)
{
	double left = (moment - clock_now()) * 1e3;

	return moment <= 0 ? -1 : left < 0 ? 0 : left > 1e6 ? 1000000 : (int)left + 1;
}

static void
run_loop(struct supervisor *s)
{
	while (!s->leaving || s->pid) {
		double next = run_due(s);
		struct pollfd polled[] = {{s->children, POLLIN, 0}, {s->leaving ? -1 : s->socket, POLLIN, 0}};

		if (poll(polled, 2, pause_until(next)) <= 0)
			continue;
		if (polled[0].revents)
			reap_children(s);
		if (polled[1].revents)
			take_order(s);
		if (s->leaving)
			begin_end(s, END_ASKED);
	}
	assert(!s->pid && s->kill <= 0);
}

/* Several supervisors do this at once, and each may find gone what it has just seen. */
static void
remove_root(const char *root)
{
	const struct timespec pause = {0, 10000000};

	for (unsigned i = 0; i < REMOVE_TRIES && !tree_remove(root); i++)
		nanosleep(&pause, NULL);
}

int
supervisor_run(int socket)
{
	struct supervisor s = {.socket = socket, .cgroup.peak = -1, .children = -1};
	int type = 0;
	socklen_t length = sizeof type;

	if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &length) || type != SOCK_SEQPACKET)
		return 2;
	fcntl(socket, F_SETFD, FD_CLOEXEC);
	close_others(socket);
	open_null();
	setsid();
	s.packet.bytes = malloc(ORDER_BYTES);
	if (s.packet.bytes && catch_signals(&s) && !prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		run_loop(&s);
	if (s.abandoned && s.root.len)
		remove_root(s.root.data);
	cgroup_leave(&s.cgroup);
	proctree_free(&s.tree);
	buf_free(&s.root);
	free(s.packet.bytes);
	close(s.children);
	return 0;
}
