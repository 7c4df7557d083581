/* lane: our end of a supervisor. See lane.h and lane_state.h.
 *
 * How it works: a supervisor is forked and exec'ed once, and told over its socket what to do.
 *
 *   no supervisor --lane_prepare--> ready --ORDER_RUN--> runs --REPORT_ENDED--> ready
 *        ^---lane_stop (in good order), lane_kill (it is lost)---'
 *
 * When it is lost, what ran below it has become ours, since we are a subreaper: every child of ours that is
 * neither a supervisor nor older than the first one is ended, with all below it, again and again until none
 * is left.
 */
#include "lane_state.h"

#include <assert.h>
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
#include "clock.h"
#include "lookup.h"
#include "preflight.h"
#include "proctree.h"

enum { NUMBER_ROOM = 16, PASS_PAUSE = 2000000 /* nanoseconds */ };

/* Of the whole process, as its children are: */
static struct lane *lanes;
static struct proctree older_children; /* than the first supervisor: not to be ended */
static bool is_reaper;

static void
become_reaper(void)
{
	if (is_reaper)
		return;
	is_reaper = true;
	proctree_read(&older_children, "/proc", getpid());
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* orders and reports */

bool
lane_send(const struct lane *lane, const struct order *order, const struct buf *strings, const int *pipes,
          unsigned count)
{
	assert(lane->pid || order->kind == ORDER_END);
	return order_send(lane->socket, order, strings, pipes, count);
}

void
lane_resume(const struct lane *lane)
{
	siginfo_t info = {.si_pid = 0};

	if (lane->pid && !waitid(P_PID, (id_t)lane->pid, &info, WSTOPPED | WNOHANG) && info.si_pid)
		kill(lane->pid, SIGCONT);
}

bool
lane_wait(const struct lane *lane, double moment)
{
	struct pollfd polled = {lane->socket, POLLIN, 0};

	errno = ECHILD;
	while (lane->pid) {
		double left = (moment - clock_now()) * 1e3;
		int pause = left > LANE_POLL ? LANE_POLL : left > 0 ? (int)left + 1 : 0;
		int ready = poll(&polled, 1, pause);

		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
		lane_resume(lane);
		errno = ETIMEDOUT;
		if (left <= 0)
			return false;
	}
	return false;
}

bool
lane_receive(const struct lane *lane, struct order_report *report, struct buf *string, double moment)
{
	return lane_wait(lane, moment) && order_receive_report(lane->socket, report, string);
}

/* the beginning */

/* In the child. */
static void
exec_supervisor(const char *self, int socket)
{
	static char name[] = "lockdrill", command[] = "supervise";
	char number[NUMBER_ROOM];
	char *const argv[] = {name, command, number, NULL};

	snprintf(number, sizeof number, "%d", socket);
	fcntl(socket, F_SETFD, 0);
	execv(self, argv);
	_exit(127);
}

static bool
fork_supervisor(struct lane *lane)
{
	int ends[2], error = 0;

	assert(!lane->pid && !lane->runs);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	lane->pid = fork();
	if (lane->pid == 0)
		exec_supervisor(lane->options.self, ends[1]);
	if (lane->pid < 0) {
		error = errno;
		lane->pid = 0;
		close(ends[0]);
	} else {
		lane->socket = ends[0];
	}
	close(ends[1]);
	errno = error;
	return lane->pid > 0;
}

/* Tells a new supervisor what it has to know. False where it does not answer. */
static bool
set_up(struct lane *lane)
{
	const struct order order = {.kind = ORDER_SET_UP, .watch = lane->options.watch};
	struct buf strings = {0};
	struct order_report report;
	bool ok;

	buf_clear(&lane->cgroup);
	buf_puts(&strings, buf_string(&lane->root));
	buf_putc(&strings, 0);
	ok = lane_send(lane, &order, &strings, NULL, 0) &&
	     lane_receive(lane, &report, &lane->cgroup, clock_now() + LANE_TIMEOUT) &&
	     report.kind == REPORT_READY;
	buf_free(&strings);
	return ok;
}

bool
lane_prepare(struct lane *lane)
{
	assert(!lane->runs);
	if (lane->pid && lane->renew)
		lane_stop(lane);
	if (lane->pid)
		return true;
	become_reaper();
	lane->renew = false;
	if (!fork_supervisor(lane))
		return false;
	if (set_up(lane))
		return true;
	lane_kill(lane);
	errno = ECHILD;
	return false;
}

/* the end */

static bool
is_older_or_supervisor(pid_t pid)
{
	for (const struct lane *lane = lanes; lane; lane = lane->next)
		if (lane->pid == pid)
			return true;
	for (size_t i = 0; i < older_children.count; i++)
		if (older_children.process[i].depth == 1 && older_children.process[i].pid == pid)
			return true;
	return false;
}

/* Ends what has become ours, once. Parents stand before children in a proctree, so what is below an orphan is
 * known when it is reached. Returns how many there still were. */
static unsigned
end_orphans(void)
{
	struct proctree tree = {0};
	unsigned count = 0;

	proctree_read(&tree, "/proc", getpid());
	for (size_t i = 0; i < tree.count; i++) {
		struct proctree_process *process = &tree.process[i];
		bool is_orphan = process->depth == 1 && !is_older_or_supervisor(process->pid);

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
close_supervisor(struct lane *lane)
{
	while (waitpid(lane->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(lane->socket);
	lane->pid = 0;
	lane->socket = -1;
}

void
lane_kill(struct lane *lane)
{
	const struct timespec pause = {0, PASS_PAUSE};
	double until = clock_now() + LANE_TIMEOUT;

	if (!lane->pid)
		return;
	kill(lane->pid, SIGKILL);
	close_supervisor(lane);
	for (;;) {
		unsigned left = lane->cgroup.len ? cgroup_signal(lane->cgroup.data, SIGKILL) : 0;

		left += end_orphans();
		if (!left || clock_now() > until) /* one that waits for a dead disk cannot be ended */
			break;
		nanosleep(&pause, NULL);
	}
	if (lane->cgroup.len)
		rmdir(lane->cgroup.data);
}

void
lane_stop(struct lane *lane)
{
	const struct order leave = {.kind = ORDER_LEAVE};
	const struct buf none = {0};
	struct order_report report;

	if (!lane->pid)
		return;
	if (lane_send(lane, &leave, &none, NULL, 0))
		while (lane_receive(lane, &report, NULL, clock_now() + LANE_TIMEOUT))
			;
	if (errno == ECHILD)
		close_supervisor(lane);
	else
		lane_kill(lane);
}

/* the lanes */

/* Our own path as the kernel knows it: it stands for this very file, even when another one has taken its
 * name. */
static const char own_binary[] = "/proc/self/exe";

static bool
prepare(struct lane *lane, struct diag *diag)
{
	if (lane->options.containment == CONTAIN_BUBBLEWRAP && !lookup_program("bwrap", &lane->bubblewrap))
		diag_set(diag, "bwrap", 0, 0, "bubblewrap is not here: there is no bwrap on PATH");
	else if (lane_prepare(lane))
		return true;
	else if (errno == ECHILD)
		diag_set(diag, lane->self.data, 0, 0, "does not start as a supervisor");
	else
		diag_set(diag, lane->self.data, 0, 0, "cannot start a supervisor: %s", strerror(errno));
	return false;
}

struct lane *
lane_start(const struct lane_options *options, struct diag *diag)
{
	struct lane *lane = calloc(1, sizeof *lane);

	if (!lane)
		die("out of memory");
	lane->options = *options;
	buf_puts(&lane->self, options->self ? options->self : own_binary);
	lane->options.self = lane->self.data;
	if (options->root)
		buf_puts(&lane->root, options->root);
	lane->options.root = buf_string(&lane->root); /* "": none */
	lane->next = lanes;
	lanes = lane;
	if (preflight_proc("/proc", diag) && prepare(lane, diag))
		return lane;
	lane_end(lane);
	return NULL;
}

void
lane_end(struct lane *lane)
{
	if (!lane)
		return;
	assert(lane_is_free(lane));
	lane_stop(lane);
	for (struct lane **at = &lanes; *at; at = &(*at)->next)
		if (*at == lane) {
			*at = lane->next;
			break;
		}
	buf_free(&lane->self);
	buf_free(&lane->root);
	buf_free(&lane->bubblewrap);
	buf_free(&lane->cgroup);
	free(lane);
}

const char *
lane_memory_by(const struct lane *lane)
{
	return lane->cgroup.len ? "cgroup" : "watch";
}

bool
lane_is_free(const struct lane *lane)
{
	return !lane->runs;
}
