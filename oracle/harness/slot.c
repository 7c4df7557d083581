/* slot: our end of a keeper. See slot.h.
 *
 * How it works: a keeper is forked and exec'ed once, and told over its socket what to do. When it is lost, what ran below it has
 * become ours, since we are a subreaper: every child of ours that is neither a keeper nor older than the first one is
 * ended, with all below it, again and again until none is left.
 */
#include "slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "proctree.h"

enum { NUMBER_ROOM = 16, PASS_PAUSE = 2000000 /* nanoseconds */ };

static struct keeper *keepers;
static struct proctree elders; /* children that we had before the first keeper */
static bool is_reaper;

static void
become_reaper(void)
{
	if (is_reaper)
		return;
	is_reaper = true;
	proctree_read(&elders, "/proc", getpid());
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* orders and reports */

bool
slot_order(const struct keeper *keeper, const struct keeper_order *order, const struct buf *strings,
           const int *pipes, unsigned count)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int) * KEEPER_PIPES)];
	} control = {.room = {0}};
	struct iovec parts[] = {{.iov_base = (void *)(uintptr_t)order, .iov_len = sizeof *order},
	                        {.iov_base = strings->data, .iov_len = strings->len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t sent;

	if (count) {
		message.msg_control = control.room;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(&control.header), pipes, sizeof(int) * count);
	}
	do
		sent = sendmsg(keeper->socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

void
slot_wake(const struct keeper *keeper)
{
	siginfo_t info = {.si_pid = 0};

	if (keeper->pid && !waitid(P_PID, (id_t)keeper->pid, &info, WSTOPPED | WNOHANG) && info.si_pid)
		kill(keeper->pid, SIGCONT);
}

bool
slot_await(const struct keeper *keeper, double moment)
{
	struct pollfd polled = {keeper->socket, POLLIN, 0};

	errno = ECHILD;
	while (keeper->pid) {
		double left = (moment - process_now()) * 1e3;
		int pause = left > SLOT_WAKE ? SLOT_WAKE : left > 0 ? (int)left + 1 : 0;
		int ready = poll(&polled, 1, pause);

		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
		slot_wake(keeper);
		errno = ETIMEDOUT;
		if (left <= 0)
			return false;
	}
	return false;
}

bool
slot_report(const struct keeper *keeper, struct keeper_report *report, struct buf *string, double moment)
{
	char room[4096 + sizeof *report];
	ssize_t got;

	if (!slot_await(keeper, moment))
		return false;
	do
		got = recv(keeper->socket, room, sizeof room - 1, 0);
	while (got < 0 && errno == EINTR);
	if (got < (ssize_t)sizeof *report) {
		errno = ECHILD;
		return false;
	}
	memcpy(report, room, sizeof *report);
	room[got] = 0;
	if (string)
		buf_puts(string, room + sizeof *report);
	return true;
}

/* the beginning */

/* In the child. */
static void
become_keeper(const char *self, int socket)
{
	static char name[] = "lockdrill", command[] = "keep";
	char number[NUMBER_ROOM];
	char *const argv[] = {name, command, number, NULL};

	snprintf(number, sizeof number, "%d", socket);
	fcntl(socket, F_SETFD, 0);
	execv(self, argv);
	_exit(127);
}

static bool
fork_keeper(struct keeper *keeper)
{
	int ends[2], error = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	keeper->pid = fork();
	if (keeper->pid == 0)
		become_keeper(keeper->options.self, ends[1]);
	if (keeper->pid < 0) {
		error = errno;
		keeper->pid = 0;
		close(ends[0]);
	} else {
		keeper->socket = ends[0];
	}
	close(ends[1]);
	errno = error;
	return keeper->pid > 0;
}

bool
slot_ready(struct keeper *keeper)
{
	const struct keeper_order order = {.kind = ORDER_SET_UP, .watch = keeper->options.watch};
	struct buf strings = {0};
	struct keeper_report report;
	bool ok;

	if (keeper->pid && keeper->spoilt)
		slot_leave(keeper);
	if (keeper->pid)
		return true;
	become_reaper();
	keeper->spoilt = false;
	if (!fork_keeper(keeper))
		return false;
	buf_clear(&keeper->cgroup);
	buf_puts(&strings, buf_string(&keeper->root));
	buf_putc(&strings, 0);
	ok = slot_order(keeper, &order, &strings, NULL, 0) &&
	     slot_report(keeper, &report, &keeper->cgroup, process_now() + SLOT_PATIENCE);
	buf_free(&strings);
	if (!ok) {
		slot_lose(keeper);
		errno = ECHILD;
	}
	return ok;
}

/* the end */

static bool
is_elder_or_keeper(pid_t pid)
{
	for (const struct keeper *keeper = keepers; keeper; keeper = keeper->next)
		if (keeper->pid == pid)
			return true;
	for (size_t i = 0; i < elders.count; i++)
		if (elders.process[i].depth == 1 && elders.process[i].pid == pid)
			return true;
	return false;
}

/* Ends what has become ours, once. Parents stand before children in a proctree, so what is below an orphan is known when it is
 * reached. Returns how many there still were. */
static unsigned
end_orphans(void)
{
	struct proctree tree = {0};
	unsigned count = 0;

	proctree_read(&tree, "/proc", getpid());
	for (size_t i = 0; i < tree.count; i++) {
		struct proctree_process *process = &tree.process[i];
		bool is_orphan = process->depth == 1 && !is_elder_or_keeper(process->pid);

		for (size_t j = 0; j < i && process->depth > 1 && !is_orphan; j++)
			is_orphan = tree.process[j].pid == process->parent && tree.process[j].depth == 0;
		if (!is_orphan)
			continue;
		kill(process->pid, SIGKILL);
		if (process->depth == 1)
			waitpid(process->pid, NULL, WNOHANG);
		process->depth = 0; /* marks an orphan for those below it */
		count++;
	}
	proctree_free(&tree);
	return count;
}

static void
close_keeper(struct keeper *keeper)
{
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(keeper->socket);
	keeper->pid = 0;
	keeper->socket = -1;
}

void
slot_lose(struct keeper *keeper)
{
	const struct timespec pause = {0, PASS_PAUSE};
	double until = process_now() + SLOT_PATIENCE;

	if (!keeper->pid)
		return;
	kill(keeper->pid, SIGKILL);
	close_keeper(keeper);
	for (;;) {
		unsigned left = keeper->cgroup.len ? cgroup_signal(keeper->cgroup.data, SIGKILL) : 0;

		left += end_orphans();
		if (!left || process_now() > until) /* one that waits for a dead disk cannot be ended */
			break;
		nanosleep(&pause, NULL);
	}
	if (keeper->cgroup.len)
		rmdir(keeper->cgroup.data);
}

void
slot_leave(struct keeper *keeper)
{
	const struct keeper_order leave = {.kind = ORDER_LEAVE};
	const struct buf none = {0};
	struct keeper_report report;

	if (!keeper->pid)
		return;
	if (slot_order(keeper, &leave, &none, NULL, 0))
		while (slot_report(keeper, &report, NULL, process_now() + SLOT_PATIENCE))
			;
	if (errno == ECHILD)
		close_keeper(keeper);
	else
		slot_lose(keeper);
}

/* the slots */

/* Our own path as the kernel knows it: it stands for this very file, even when another one has taken its name. */
static const char own_binary[] = "/proc/self/exe";

struct keeper *
keeper_start(const struct keeper_options *options, struct diag *diag)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);

	if (!keeper)
		die("out of memory");
	keeper->options = *options;
	buf_puts(&keeper->self, options->self ? options->self : own_binary);
	keeper->options.self = keeper->self.data;
	if (options->root)
		buf_puts(&keeper->root, options->root);
	keeper->options.root = buf_string(&keeper->root); /* "": none */
	keeper->next = keepers;
	keepers = keeper;
	if (options->containment == CONTAIN_BUBBLEWRAP && !process_find("bwrap", &keeper->bubblewrap))
		diag_set(diag, "bwrap", 0, 0, "bubblewrap is not here: there is no bwrap on PATH");
	else if (slot_ready(keeper))
		return keeper;
	else if (errno == ECHILD)
		diag_set(diag, keeper->self.data, 0, 0, "does not start as a keeper");
	else
		diag_set(diag, keeper->self.data, 0, 0, "cannot start a keeper: %s", strerror(errno));
	keeper_end(keeper);
	return NULL;
}

void
keeper_end(struct keeper *keeper)
{
	if (!keeper)
		return;
	if (keeper->runs)
		process_kill(keeper->runs);
	slot_leave(keeper);
	for (struct keeper **at = &keepers; *at; at = &(*at)->next)
		if (*at == keeper) {
			*at = keeper->next;
			break;
		}
	buf_free(&keeper->self);
	buf_free(&keeper->root);
	buf_free(&keeper->bubblewrap);
	buf_free(&keeper->cgroup);
	free(keeper);
}

const char *
keeper_memory_by(const struct keeper *keeper)
{
	return keeper->cgroup.len ? "cgroup" : "watch";
}

bool
keeper_is_free(const struct keeper *keeper)
{
	return !keeper->runs;
}
