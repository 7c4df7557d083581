/* process: programs through supervisors. See process.h.
 *
 * How it works: process_start makes the pipes and sends the program's ends to the supervisor, which answers
 * when exec has happened or failed. process_wait polls what all processes print and what their supervisors
 * report, and does nothing until there is something. A report says that nothing of the tree is left; what is
 * then in the pipes is all that there will be, and whoever may still hold one is not waited for.
 *
 *   free --process_start--> runs --report, or the supervisor is lost--> over
 */
#include "process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "lane_state.h"
#include "launch.h"

enum {
	PROCESSES_MOST = 256,
	CHUNK = 65536,
	CHUNKS = 16,          /* that are read at once */
	CHUNKS_LAST = 1024,   /* and when it is over */
	SET_PIPE_SIZE = 1031, /* F_SETPIPE_SZ, which POSIX does not have */
	PIPE_SIZE = 1 << 20,
	OUTPUT_POLL = 10,  /* milliseconds between two reads of what a program prints that does not talk */
	SIGNAL_BASE = 128, /* shells and bubblewrap add a signal's number to it */
	SIGNALS_MOST = 64
};

/* starting */

enum { OURS, THEIRS };

struct pipes {
	int end[2][ORDER_PIPES]; /* of stdout, stderr, stdin; -1: none */
	unsigned count;
};

static void
close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

static void
close_ends(int end[ORDER_PIPES])
{
	for (unsigned i = 0; i < ORDER_PIPES; i++)
		close_end(&end[i]);
}

static bool
make_pipes(struct pipes *pipes, bool talks)
{
	pipes->count = talks ? 3 : 2;
	for (unsigned i = 0; i < ORDER_PIPES; i++)
		pipes->end[OURS][i] = pipes->end[THEIRS][i] = -1;
	for (unsigned i = 0; i < pipes->count; i++) {
		bool to_them = i == 2;
		int ends[2];

		if (pipe(ends)) {
			close_ends(pipes->end[OURS]);
			close_ends(pipes->end[THEIRS]);
			return false;
		}
		pipes->end[OURS][i] = ends[to_them];
		pipes->end[THEIRS][i] = ends[!to_them];
		fcntl(ends[0], F_SETFD, FD_CLOEXEC);
		fcntl(ends[1], F_SETFD, FD_CLOEXEC);
		fcntl(ends[to_them], F_SETFL, O_NONBLOCK);
		if (!to_them) /* where that is refused it is as large as pipes are */
			fcntl(ends[0], SET_PIPE_SIZE, PIPE_SIZE);
	}
	return true;
}

static uint64_t
kills_in(const struct lane *lane)
{
	return lane->cgroup.len ? cgroup_kills_in(lane->cgroup.data) : 0;
}

/* Once; false with errno, ECHILD where the supervisor was lost. At the last try the supervisor is new: its
 * program was so quick to end it that there was no report. That one has been started then, and is lost. */
static bool
try_start(struct process *process, struct lane *lane, const struct order *order, const struct buf *strings,
          bool last)
{
	struct order_report report = {.error = 0};
	struct pipes pipes;
	int error = 0;

	if (!lane_prepare(lane) || !make_pipes(&pipes, order->talks))
		return false;
	process->kills_before = kills_in(lane);
	if (!lane_send(lane, order, strings, pipes.end[THEIRS], pipes.count))
		error = errno == EPIPE || errno == ECONNRESET ? ECHILD : errno;
	close_ends(pipes.end[THEIRS]);
	if (!error && !lane_receive(lane, &report, NULL, clock_now() + LANE_TIMEOUT))
		error = ECHILD;
	if (error == ECHILD)
		lane_kill(lane);
	else if (!error)
		error = report.error;
	if (error && !(error == ECHILD && last)) {
		close_ends(pipes.end[OURS]);
		errno = error;
		return false;
	}
	assert(error || report.kind == REPORT_STARTED);
	process->out = pipes.end[OURS][0];
	process->err = pipes.end[OURS][1];
	process->in = pipes.end[OURS][2];
	process->pid = report.pid;
	return true;
}

bool
process_start(struct process *process, struct lane *lane, const struct process_command *command)
{
	struct order order;
	struct buf strings = {0};
	bool ok;

	assert(lane_is_free(lane));
	*process = (struct process){.in = -1, .out = -1, .err = -1};
	if (lane->options.containment == CONTAIN_BUBBLEWRAP && !launch_is_possible(command))
		return false;
	launch_order(&order, &strings, lane, command);
	ok = try_start(process, lane, &order, &strings, false);
	if (!ok && errno == ECHILD) /* it was lost since its last program */
		ok = try_start(process, lane, &order, &strings, true);
	buf_free(&strings);
	if (!ok)
		return false;
	assert(process->out >= 0 && process->err >= 0 && (process->in >= 0) == command->talks);
	process->runs = true;
	process->talks = command->talks;
	process->limits = command->limits;
	process->lane = lane;
	process->started = clock_now();
	lane->runs = process;
	return true;
}

/* reading and writing */

/* Keeps of `got` bytes what the limit leaves room for. */
static void
add_output(struct process *process, struct buf *into, const char *bytes, size_t got)
{
	uint64_t before = process->output_bytes;
	uint64_t room = before < process->limits.output ? process->limits.output - before : 0;

	buf_add(into, bytes, got < room ? got : (size_t)room);
	process->output_bytes += got;
	if (process->talks && into == &process->stdout_text && process->unread_since <= 0)
		process->unread_since = clock_now();
}

static bool
is_flooded(const struct process *process)
{
	return process->output_bytes > process->limits.output;
}

/* Reads what is there, up to so many chunks, for one that prints as fast as we read would never let us go;
 * closes a pipe at its end. Nothing is read of a flood. */
static void
read_pipe(struct process *process, int *from, struct buf *into, unsigned chunks)
{
	char chunk[CHUNK];
	ssize_t got = 1;

	while (*from >= 0 && got > 0 && !is_flooded(process) && chunks--) {
		got = read(*from, chunk, sizeof chunk);
		if (got > 0)
			add_output(process, into, chunk, (size_t)got);
	}
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_end(from);
}

/* Writes what stdin has room for. */
static void
write_pipe(struct process *process)
{
	struct buf *unwritten = &process->unwritten;
	size_t written = 0;
	ssize_t put = 0;

	while (process->in >= 0 && written < unwritten->len) {
		put = write(process->in, unwritten->data + written, unwritten->len - written);
		if (put < 0)
			break;
		written += (size_t)put;
	}
	if (put < 0 && errno != EAGAIN && errno != EINTR)
		close_end(&process->in);
	if (process->in < 0)
		written = unwritten->len;
	assert(written <= unwritten->len);
	if (written) {
		memmove(unwritten->data, unwritten->data + written, unwritten->len - written + 1);
		unwritten->len -= written;
	}
	if (process->closes_input && !unwritten->len)
		close_end(&process->in);
}

void
process_write(struct process *process, const char *bytes, size_t length)
{
	assert(!process->closes_input || process->in < 0);
	if (process->in < 0)
		return;
	buf_add(&process->unwritten, bytes, length);
	write_pipe(process);
}

void
process_close_input(struct process *process)
{
	process->closes_input = true;
	write_pipe(process);
}

/* ending */

static void
set_status(struct process *process, const struct order_report *report, bool contained)
{
	process->end = report->end == END_OWN && is_flooded(process) ? END_OUTPUT : report->end;
	process->exited = report->exited;
	process->status = report->status;
	process->seconds = report->seconds;
	process->cpu = report->cpu;
	process->memory = report->memory;
	if (contained && report->exited && report->status > SIGNAL_BASE &&
	    report->status <= SIGNAL_BASE + SIGNALS_MOST) {
		process->exited = false; /* bubblewrap tells a signal as shells do */
		process->status -= SIGNAL_BASE;
	}
}

static void
finish(struct process *process, const struct order_report *report)
{
	struct lane *lane = process->lane;

	assert(process->runs && lane->runs == process);
	read_pipe(process, &process->out, &process->stdout_text, CHUNKS_LAST);
	read_pipe(process, &process->err, &process->stderr_text, CHUNKS_LAST);
	close_end(&process->in);
	close_end(&process->out);
	close_end(&process->err);
	set_status(process, report, lane->options.containment == CONTAIN_BUBBLEWRAP);
	/* Files that the program left in memory would still count. */
	lane->renew = report->end == END_MEMORY && lane->cgroup.len;
	lane->runs = NULL;
	process->lane = NULL;
	process->pid = 0;
	process->unread_since = 0;
	process->runs = false;
}

/* Its supervisor is gone, or does not answer: its program most likely saw to that. */
static void
finish_lost(struct process *process)
{
	struct lane *lane = process->lane;
	/* A supervisor is the last that the kernel takes for want of memory, which is then the reason. */
	bool starved = process_is_starved(process);
	const struct order_report report = {
		.kind = REPORT_ENDED,
		.end = starved ? END_MEMORY : END_SUPERVISOR,
		.status = SIGKILL,
		.seconds = clock_now() - process->started,
	};

	lane_kill(lane);
	finish(process, &report);
}

/* Something can be read from the supervisor: that the program is over, or that the supervisor is. */
static void
take_report(struct process *process)
{
	struct order_report report;

	if (lane_receive(process->lane, &report, NULL, clock_now()) && report.kind == REPORT_ENDED)
		finish(process, &report);
	else
		finish_lost(process);
	assert(!process->runs);
}

void
process_stop(struct process *process, enum process_end end)
{
	const struct order order = {.kind = ORDER_END, .end = end};
	const struct buf none = {0};

	assert(end != END_OWN);
	/* Should this not arrive, the supervisor is gone, which is seen where its report is waited for. */
	if (process->runs)
		lane_send(process->lane, &order, &none, NULL, 0);
}

bool
process_is_starved(const struct process *process)
{
	return process->runs && process->limits.memory && kills_in(process->lane) > process->kills_before;
}

void
process_kill(struct process *process)
{
	if (!process->runs)
		return;
	process_stop(process, END_ASKED);
	if (lane_wait(process->lane, clock_now() + LANE_TIMEOUT))
		take_report(process);
	else
		finish_lost(process);
}

void
process_free(struct process *process)
{
	process_kill(process);
	buf_free(&process->stdout_text);
	buf_free(&process->stderr_text);
	buf_free(&process->unwritten);
}

/* waiting */

enum { AT_OUT, AT_ERR, AT_IN, AT_SUPERVISOR, ENDS };

/* Whether the supervisor ought to have ended it, and has not: it is taken for lost. */
static bool
is_overdue(const struct process *process)
{
	double limit = process->limits.seconds;

	return limit > 0 && clock_now() > process->started + limit + PROCESS_GRACE + LANE_TIMEOUT;
}

/* Descriptors below 0 are passed over by poll. What a program prints that does not talk is read from time to
 * time: to be woken by each line of it would cost the program more than to print it. */
static void
list_polls(struct pollfd polls[ENDS], const struct process *process)
{
	bool reads = process->talks && !is_flooded(process);

	polls[AT_OUT] = (struct pollfd){reads ? process->out : -1, POLLIN, 0};
	polls[AT_ERR] = (struct pollfd){reads ? process->err : -1, POLLIN, 0};
	polls[AT_IN] = (struct pollfd){process->unwritten.len ? process->in : -1, POLLOUT, 0};
	polls[AT_SUPERVISOR] = (struct pollfd){process->lane->socket, POLLIN, 0};
}

/* Takes what poll has found. True when it is over. */
static bool
take_polled(struct process *process, const struct pollfd polls[ENDS])
{
	bool was_flooded = is_flooded(process);

	if (polls[AT_OUT].revents || !process->talks)
		read_pipe(process, &process->out, &process->stdout_text, CHUNKS);
	if (polls[AT_ERR].revents || !process->talks)
		read_pipe(process, &process->err, &process->stderr_text, CHUNKS);
	if (polls[AT_IN].revents)
		write_pipe(process);
	if (!was_flooded && is_flooded(process))
		process_stop(process, END_OUTPUT);
	if (polls[AT_SUPERVISOR].revents)
		take_report(process);
	else if (!process->lane->pid || is_overdue(process))
		finish_lost(process);
	return !process->runs;
}

/* The one whose output has waited longest, so that none that prints much hides another. */
static bool
find_unread(struct process *const *processes, unsigned count, unsigned *which)
{
	double oldest = 0;

	for (unsigned i = 0; i < count; i++) {
		double since = processes[i]->runs ? processes[i]->unread_since : 0;

		if (since > 0 && (oldest <= 0 || since < oldest)) {
			oldest = since;
			*which = i;
		}
	}
	if (oldest > 0)
		processes[*which]->unread_since = 0;
	return oldest > 0;
}

/* One poll over all, and what it found. Returns poll's result; *over is set where one has ended. */
static int
poll_once(struct process *const *processes, unsigned count, int pause, bool *over, unsigned *which)
{
	struct pollfd polls[PROCESSES_MOST][ENDS];
	unsigned index[PROCESSES_MOST], running = 0;
	int ready;

	assert(count <= PROCESSES_MOST);
	for (unsigned i = 0; i < count; i++)
		if (processes[i]->runs) {
			assert(processes[i]->lane->runs == processes[i]);
			if (!processes[i]->talks && pause > OUTPUT_POLL)
				pause = OUTPUT_POLL;
			lane_resume(processes[i]->lane);
			list_polls(polls[running], processes[i]);
			index[running++] = i;
		}
	ready = running ? poll(polls[0], running * ENDS, pause) : -1;
	for (unsigned i = 0; i < running && ready >= 0 && !*over; i++)
		if (take_polled(processes[index[i]], polls[i])) {
			*which = index[i];
			*over = true;
		}
	return ready;
}

bool
process_wait(struct process *const *processes, unsigned count, int wait, unsigned *which)
{
	double until = clock_now() + wait / 1e3;
	bool over = false;
	int pause = wait < LANE_POLL ? wait : LANE_POLL;

	for (;;) {
		double left;
		int ready;

		for (unsigned i = 0; i < count; i++)
			if (processes[i]->runs && (processes[i]->unread_since > 0 || !processes[i]->lane->pid))
				pause = 0;
		ready = poll_once(processes, count, pause, &over, which);
		if (over || find_unread(processes, count, which))
			return true;
		left = until - clock_now();
		if (ready < 0 || left <= 0)
			return false;
		pause = left * 1e3 < LANE_POLL ? (int)(left * 1e3) + 1 : LANE_POLL;
	}
}
