/* keeper: keeps one program after the other. See keeper.h.
 *
 * How it works: the keeper is the subreaper of what the program starts, so whatever loses its parent becomes a child of the keeper,
 * and the tree is gone exactly when wait says that there is no child. One loop waits for a child's end (a descriptor for
 * SIGCHLD), for an order, or for the next moment of these:
 *
 *   running --limit, order, our end of the socket closed--> TERM, grace --> KILL, again and again --> no child: report
 *      '----the program ends by itself----------------------------------------^
 *
 * What a program leaves behind when it ends by itself gets no grace: it was given its time with the program, and nobody reads what
 * it would say.
 *
 * Where there is a cgroup the keeper is in it too, so that no child need be moved. The program is made the kernel's first
 * choice when memory runs out.
 */
#define _DEFAULT_SOURCE /* wait4: the peak of one child's memory cannot be had otherwise */
#include "keeper.h"

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
#include "proctree.h"
#include "tree.h"

#define LOOK_FIRST 0.02 /* seconds between looks at a young tree */
#define LOOK 0.05       /* and at one older than YOUNG */
#define YOUNG 1.0       /* seconds */
#define LOOK_SHARE 20   /* a look may take no more than this part of the time */
#define ASK \
	0.1 /* seconds between questions whether the kernel has ended a part of the tree for want of memory */
#define KILL_AGAIN 0.005   /* seconds between two passes of KILL */
#define CPU_BACKSTOP 1     /* seconds that the kernel's limit of one process is above that of the tree */
#define SCORE_FIRST "1000" /* oom_score_adj of the kernel's first choice */

enum { REMOVE_TRIES = 200 };

struct keep {
	int socket, children; /* descriptors: orders, SIGCHLD */
	char *packet;         /* the order at hand, KEEPER_PACKET bytes; owned */
	struct buf root;
	struct cgroup cgroup;
	struct proctree tree; /* as last looked at */
	bool leaving, alone;  /* after an order, or since the other end is closed */
	/* the program that runs; pid 0: none */
	pid_t pid;
	bool contained;
	struct process_limits limits;
	double started, look; /* `look`: when to look next; 0: never */
	double ask;           /* when to ask the kernel next; 0: never */
	double kill;          /* when KILL comes; 0: it is not being ended */
	bool ended;           /* the program itself; the rest of its tree may not be */
	double cpu;           /* of those waited for */
	struct keeper_report report;
};

static double
sooner(double one, double two)
{
	return two > 0 && (one <= 0 || two < one) ? two : one;
}

static void
say(struct keep *k, const struct keeper_report *report, const char *string)
{
	struct iovec parts[] = {{.iov_base = (void *)(uintptr_t)report, .iov_len = sizeof *report},
	                        {.iov_base = (void *)(uintptr_t)string, .iov_len = strlen(string) + 1}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};

	while (sendmsg(k->socket, &message, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

/* the program's beginning */

struct birth {
	const struct keeper_order *order;
	const char *directory;
	char **environment, **argv;
	int pipe[KEEPER_PIPES];
	int failed; /* to which the child writes its errno */
};

/* `more` is what lies between the signal and the kill, where the resource has both. */
static void
limit(int resource, rlim_t most, rlim_t more)
{
	struct rlimit limits = {most, most + more};

	setrlimit(resource, &limits);
}

/* What a parent ignored or blocked would stay so. */
static void
reset_signals(void)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i <= SIGRTMAX; i++)
		sigaction(i, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
become_first_choice(void)
{
	int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (file < 0)
		return;
	if (write(file, SCORE_FIRST, sizeof SCORE_FIRST - 1) < 0)
		errno = 0; /* then it is as likely as any other */
	close(file);
}

/* In the child: only what is safe between fork and exec. */
static void
become(const struct birth *birth)
{
	int error;

	setsid();
	reset_signals();
	become_first_choice();
	limit(RLIMIT_CORE, 0, 0);
	if (birth->order->limits.cpu > 0)
		limit(RLIMIT_CPU, (rlim_t)birth->order->limits.cpu + 1 + CPU_BACKSTOP, 1);
	if (dup2(birth->pipe[0], STDOUT_FILENO) >= 0 && dup2(birth->pipe[1], STDERR_FILENO) >= 0 &&
	    (!birth->order->talks || dup2(birth->pipe[2], STDIN_FILENO) >= 0) && !chdir(birth->directory))
		execve(birth->argv[0], birth->argv, birth->environment);
	error = errno;
	if (write(birth->failed, &error, sizeof error) != sizeof error)
		_exit(126);
	_exit(127);
}

/* The errno that a child writes where exec fails; it writes nothing when all is well. */
static int
read_failure(int failed)
{
	int error = 0;
	ssize_t got;

	do
		got = read(failed, &error, sizeof error);
	while (got < 0 && errno == EINTR);
	return got == sizeof error ? error : 0;
}

/* Forks and execs. Returns the pid, or 0 with the errno of what failed. */
static pid_t
bear(struct birth *birth, int *error)
{
	int failed[2];
	pid_t pid;

	if (pipe(failed)) {
		*error = errno;
		return 0;
	}
	fcntl(failed[0], F_SETFD, FD_CLOEXEC);
	fcntl(failed[1], F_SETFD, FD_CLOEXEC);
	birth->failed = failed[1];
	pid = fork();
	if (pid == 0)
		become(birth);
	*error = pid < 0 ? errno : 0;
	close(failed[1]);
	if (pid > 0 && (*error = read_failure(failed[0])))
		waitpid(pid, NULL, 0);
	close(failed[0]);
	return *error ? 0 : pid;
}

/* Cuts `count` strings from *at; NULL where they are not all there. */
static char **
cut_strings(char **at, const char *end, unsigned count)
{
	char **strings = calloc(count + 1U, sizeof *strings);

	if (!strings)
		die("out of memory");
	for (unsigned i = 0; i < count; i++) {
		char *nul = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;

		if (!nul) {
			free(strings);
			return NULL;
		}
		strings[i] = *at;
		*at = nul + 1;
	}
	return strings;
}

/* The first look: memory can grow from the first moment on, processor time no faster than there are processors. */
static double
next_look(const struct keep *k, double now, double cost, double cpu)
{
	bool memory = k->limits.memory && !k->cgroup.path.len;
	double pause = now - k->started < YOUNG ? LOOK_FIRST : LOOK, next = 0;

	if (pause < cost * LOOK_SHARE)
		pause = cost * LOOK_SHARE;
	if (k->limits.cpu > 0) {
		double left = (k->limits.cpu - cpu) / (double)sysconf(_SC_NPROCESSORS_ONLN);

		next = now + (left > pause ? left : pause);
	}
	return memory ? sooner(next, now + pause) : next;
}

static void
start(struct keep *k, const struct keeper_order *order, struct birth *birth)
{
	struct keeper_report report = {.kind = REPORT_STARTED};

	k->limits = order->limits;
	k->contained = order->contained;
	k->started = process_now();
	report.pid = k->pid = bear(birth, &report.error);
	if (k->pid) {
		k->ended = false;
		k->kill = k->cpu = 0;
		k->look = next_look(k, k->started, 0, 0);
		k->ask = k->limits.memory && k->cgroup.path.len ? k->started + ASK : 0;
		k->report = (struct keeper_report){.kind = REPORT_ENDED, .pid = k->pid, .end = END_OWN};
	}
	say(k, &report, "");
}

/* the tree's end */

/* KILL goes to the process groups too, whose members the kernel takes all at once: one that forks for ever is else missed again and
 * again. Below a session of its own no process can be in a group of ours. */
static void
signal_all(struct keep *k, int number)
{
	proctree_read(&k->tree, "/proc", getpid());
	for (size_t i = 0; i < k->tree.count; i++) {
		const struct proctree_process *process = &k->tree.process[i];

		/* bubblewrap's two processes would take the program with them at once. */
		if (!process->dead && !(number == SIGTERM && k->contained && process->depth <= 2))
			kill(process->pid, number);
		if (number == SIGKILL && process->group > 1 && process->group != getpgrp())
			kill(-process->group, number);
	}
}

/* TERM, and CONT so that a stopped one hears it. */
static void
begin_end(struct keep *k, enum process_end end)
{
	if (!k->pid || k->kill > 0)
		return;
	k->report.end = end;
	k->kill = process_now() + KEEPER_GRACE;
	signal_all(k, SIGTERM);
	signal_all(k, SIGCONT);
}

static void
kill_all(struct keep *k, double now)
{
	k->kill = now + KILL_AGAIN;
	if (!k->ended)
		kill(-k->pid, SIGKILL);
	signal_all(k, SIGKILL);
	if (k->cgroup.path.len)
		cgroup_signal(k->cgroup.path.data, SIGKILL);
}

static void
finish(struct keep *k)
{
	struct keeper_report *report = &k->report;
	uint64_t peak = cgroup_peak(&k->cgroup);

	report->cpu = k->cpu;
	if (peak > report->memory)
		report->memory = peak;
	if (report->end == END_OWN && !report->exited && report->status == SIGXCPU && k->limits.cpu > 0)
		report->end = END_CPU;
	if (k->limits.memory && report->end != END_ASKED && cgroup_kills(&k->cgroup))
		report->end = END_MEMORY;
	k->pid = 0;
	say(k, report, "");
}

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void
bury(struct keep *k, pid_t pid, int status, const struct rusage *usage)
{
	struct keeper_report *report = &k->report;
	uint64_t memory = (uint64_t)usage->ru_maxrss * 1024;

	k->cpu += seconds_of(usage->ru_utime) + seconds_of(usage->ru_stime);
	if (memory > report->memory)
		report->memory = memory;
	if (pid != k->pid)
		return;
	k->ended = true;
	report->seconds = process_now() - k->started;
	report->exited = WIFEXITED(status);
	report->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

/* Waits for all that have ended. */
static void
reap(struct keep *k)
{
	struct signalfd_siginfo told;
	struct rusage usage;
	int status;
	pid_t pid;

	while (read(k->children, &told, sizeof told) > 0)
		;
	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
		bury(k, pid, status, &usage);
	if (!k->pid || !k->ended)
		return;
	if (pid < 0)
		finish(k);
	else if (k->kill <= 0)
		kill_all(k, process_now());
}

/* the limits */

static void
look(struct keep *k, double now)
{
	uint64_t memory = 0;
	double cpu = k->cpu;

	proctree_read(&k->tree, "/proc", getpid());
	for (size_t i = 0; i < k->tree.count; i++) {
		cpu += k->tree.process[i].cpu;
		memory += k->tree.process[i].resident;
	}
	/* What several share was counted for each. */
	if (k->limits.memory && memory > k->limits.memory)
		memory = proctree_memory(&k->tree, "/proc");
	if (memory > k->report.memory)
		k->report.memory = memory;
	k->look = next_look(k, now, process_now() - now, cpu);
	if (k->limits.cpu > 0 && cpu > k->limits.cpu)
		begin_end(k, END_CPU);
	else if (k->limits.memory && memory > k->limits.memory && !k->cgroup.path.len)
		begin_end(k, END_MEMORY);
}

/* What lost a part to the limit would hang, or say something that is worth nothing. */
static void
ask(struct keep *k, double now)
{
	k->ask = now + ASK;
	if (cgroup_kills(&k->cgroup))
		begin_end(k, END_MEMORY);
}

static double
deadline(const struct keep *k)
{
	return k->limits.seconds > 0 ? k->started + k->limits.seconds : 0;
}

/* Does what is due, and returns when the next thing is; 0: never. */
static double
do_what_is_due(struct keep *k)
{
	double now = process_now();

	if (!k->pid)
		return 0;
	if (k->kill > 0) {
		if (now >= k->kill)
			kill_all(k, now);
		return k->kill;
	}
	if (deadline(k) > 0 && now >= deadline(k))
		begin_end(k, END_SECONDS);
	else if (k->look > 0 && now >= k->look)
		look(k, now);
	else if (k->ask > 0 && now >= k->ask)
		ask(k, now);
	return k->kill > 0 ? k->kill : sooner(sooner(deadline(k), k->look), k->ask);
}

/* orders */

static void
set_up(struct keep *k, const struct keeper_order *order, const char *root)
{
	const struct keeper_report ready = {.kind = REPORT_READY};
	char name[40];

	buf_puts(&k->root, root);
	snprintf(name, sizeof name, "lockdrill-%d", (int)getpid());
	if (!order->watch)
		cgroup_enter(&k->cgroup, name);
	say(k, &ready, buf_string(&k->cgroup.path));
}

/* False where the order is not whole, or the cgroup is spoilt: a keeper that leaves is started anew. */
static bool
run(struct keep *k, const struct keeper_order *order, char *at, const char *end,
    const int pipes[KEEPER_PIPES])
{
	struct birth birth = {.order = order, .directory = at};
	char **strings = cut_strings(&at, end, 1);
	bool ok = false;

	free(strings);
	for (unsigned i = 0; i < KEEPER_PIPES; i++)
		birth.pipe[i] = pipes[i];
	birth.environment = strings ? cut_strings(&at, end, order->settings) : NULL;
	birth.argv = birth.environment ? cut_strings(&at, end, order->arguments) : NULL;
	if (birth.argv && order->arguments && !k->pid && cgroup_limit(&k->cgroup, order->limits.memory)) {
		start(k, order, &birth);
		ok = true;
	}
	free(birth.environment);
	free(birth.argv);
	return ok;
}

/* Receives one order and what comes with it. Returns its length; 0 where there is none, and none will come. */
static size_t
receive(struct keep *k, int pipes[KEEPER_PIPES])
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int) * KEEPER_PIPES)];
	} control;
	struct iovec part = {.iov_base = k->packet, .iov_len = KEEPER_PACKET};
	struct msghdr message = {.msg_iov = &part,
	                         .msg_iovlen = 1,
	                         .msg_control = control.room,
	                         .msg_controllen = sizeof control.room};
	struct cmsghdr *header;
	ssize_t got;

	do
		got = recvmsg(k->socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(pipes, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	return got > 0 ? (size_t)got : 0;
}

static void
obey(struct keep *k)
{
	int pipes[KEEPER_PIPES] = {-1, -1, -1};
	size_t got = receive(k, pipes);
	char *strings = k->packet + sizeof(struct keeper_order), *end = k->packet + got;
	struct keeper_order order;

	if (got < sizeof order) {
		k->alone = k->leaving = true;
		return;
	}
	memcpy(&order, k->packet, sizeof order);
	switch (order.kind) {
	case ORDER_SET_UP:
		set_up(k, &order, memchr(strings, 0, (size_t)(end - strings)) ? strings : "");
		break;
	case ORDER_RUN:
		k->leaving = !run(k, &order, strings, end, pipes);
		break;
	case ORDER_END:
		begin_end(k, order.end);
		break;
	case ORDER_LEAVE:
		k->leaving = true;
		break;
	}
	for (unsigned i = 0; i < KEEPER_PIPES; i++)
		if (pipes[i] >= 0)
			close(pipes[i]);
}

/* the keeper */

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

/* SIGCHLD is read from a descriptor. What the terminal, the program or a batch system sends to end us is passed over: the closed
 * socket tells us when it is time. */
static bool
catch_signals(struct keep *k)
{
	static const int passed_over[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1,
	                                  SIGUSR2, SIGXFSZ, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t child;

	reset_signals();
	for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
		sigaction(passed_over[i], &ignore, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	k->children = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	return k->children >= 0;
}

/* Milliseconds until then, rounded up; -1 for never. */
static int
pause_until(double moment)
{
	double left = (moment - process_now()) * 1e3;

	return moment <= 0 ? -1 : left < 0 ? 0 : left > 1e6 ? 1000000 : (int)left + 1;
}

static void
keep_on(struct keep *k)
{
	while (!k->leaving || k->pid) {
		double next = do_what_is_due(k);
		struct pollfd polled[] = {{k->children, POLLIN, 0}, {k->leaving ? -1 : k->socket, POLLIN, 0}};

		if (poll(polled, 2, pause_until(next)) <= 0)
			continue;
		if (polled[0].revents)
			reap(k);
		if (polled[1].revents)
			obey(k);
		if (k->leaving)
			begin_end(k, END_ASKED);
	}
}

/* Several keepers do this at once, and each may find gone what it has just seen. */
static void
remove_root(const char *root)
{
	const struct timespec pause = {0, 10000000};

	for (unsigned i = 0; i < REMOVE_TRIES && !tree_remove(root); i++)
		nanosleep(&pause, NULL);
}

int
keeper_run(int socket)
{
	struct keep k = {.socket = socket, .cgroup.peak = -1, .children = -1};
	int type = 0;
	socklen_t length = sizeof type;

	if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &length) || type != SOCK_SEQPACKET)
		return 2;
	fcntl(socket, F_SETFD, FD_CLOEXEC);
	close_others(socket);
	open_null();
	setsid();
	k.packet = malloc(KEEPER_PACKET);
	if (k.packet && catch_signals(&k) && !prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		keep_on(&k);
	if (k.alone && k.root.len)
		remove_root(k.root.data);
	cgroup_leave(&k.cgroup);
	proctree_free(&k.tree);
	buf_free(&k.root);
	free(k.packet);
	close(k.children);
	return 0;
}
