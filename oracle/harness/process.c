/* process: programs through keepers. See process.h.
 *
 * How it works: process_start makes the pipes and sends the program's ends to the keeper, which answers when exec has happened or
 * failed. process_wait polls what all processes print and what their keepers report, and does nothing until there is
 * something. A report says that nothing of the tree is left; what is then in the pipes is all that there will be, and whoever
 * may still hold one is not waited for.
 *
 * bubblewrap, where wanted, is put in front of the program's arguments; it runs below the keeper like any program.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "slot.h"
#include "tree.h"

enum {
	PROCESSES_MOST = 256,
	CHUNK = 65536,
	CHUNKS = 16,
	SET_PIPE_SIZE = 1031, /* F_SETPIPE_SZ, which POSIX does not have */
	PIPE_SIZE = 1 << 20,
	GLANCE = 10, /* milliseconds between two looks at what a program prints that does not talk */
	CHUNKS_LAST = 1024,
	SIGNALED = 128,
	SIGNALS_MOST = 64
};

double
process_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool
process_find(const char *name, struct buf *path)
{
	const char *end, *at = getenv("PATH");

	for (at = at ? at : "/usr/bin:/bin"; *at; at = *end ? end + 1 : end) {
		end = at + strcspn(at, ":");
		if (*at != '/')
			continue;
		buf_clear(path);
		buf_add(path, at, (size_t)(end - at));
		buf_printf(path, "/%s", name);
		if (!access(path->data, X_OK))
			return true;
	}
	return false;
}

/* the order */

/* A string of an order, with its NUL. */
static void
put(struct buf *strings, const char *string)
{
	buf_add(strings, string, strlen(string) + 1);
}

static void
put_setting(struct buf *strings, const char *name, const char *value)
{
	buf_printf(strings, "%s=%s", name, value);
	buf_putc(strings, 0);
}

static unsigned
put_settings(struct buf *strings, const char *directory)
{
	const char *path = getenv("PATH");

	put_setting(strings, "PATH", path ? path : "/usr/bin:/bin");
	put_setting(strings, "HOME", directory);
	put_setting(strings, "TMPDIR", directory);
	put_setting(strings, "LC_ALL", "C");
	put_setting(strings, "TZ", "UTC");
	return 5;
}

/* What stands below /tmp would be hidden by the private one. */
static unsigned
put_visible(struct buf *strings, const char *path)
{
	if (strncmp(path, "/tmp/", 5))
		return 0;
	put(strings, "--ro-bind-try");
	put(strings, path);
	put(strings, path);
	return 3;
}

/* The run's directory and the two programs can be read; the process's directory comes last, for it may lie in the run's. */
static unsigned
put_bubblewrap(struct buf *strings, const struct keeper *keeper, const struct process_command *command)
{
	static const char *const fixed[] = {"--unshare-net",
	                                    "--unshare-pid",
	                                    "--unshare-ipc",
	                                    "--unshare-uts",
	                                    "--die-with-parent",
	                                    "--cap-drop",
	                                    "ALL",
	                                    "--ro-bind",
	                                    "/",
	                                    "/",
	                                    "--dev",
	                                    "/dev",
	                                    "--proc",
	                                    "/proc",
	                                    "--tmpfs",
	                                    "/tmp"};
	const char *const last[] = {"--bind",  command->directory, command->directory,
	                            "--chdir", command->directory, "--"};
	unsigned count = 1;

	put(strings, keeper->bubblewrap.data);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++, count++)
		put(strings, fixed[i]);
	count += put_visible(strings, keeper->options.root);
	count += put_visible(strings, command->argv[0]);
	count += put_visible(strings, keeper->options.self);
	for (size_t i = 0; i < sizeof last / sizeof *last; i++, count++)
		put(strings, last[i]);
	return count;
}

/* bubblewrap would report these as an exit status of its own. */
static bool
could_be_run(const struct process_command *command)
{
	struct stat status;

	if (stat(command->directory, &status))
		return false;
	if (!S_ISDIR(status.st_mode))
		errno = ENOTDIR;
	return S_ISDIR(status.st_mode) && !access(command->argv[0], X_OK);
}

static void
make_order(struct keeper_order *order, struct buf *strings, const struct keeper *keeper,
           const struct process_command *command)
{
	*order = (struct keeper_order){
		.kind = ORDER_RUN,
		.talks = command->talks,
		.contained = keeper->options.containment == CONTAIN_BUBBLEWRAP,
		.limits = command->limits,
	};
	put(strings, command->directory);
	order->settings = put_settings(strings, command->directory);
	if (order->contained)
		order->arguments = put_bubblewrap(strings, keeper, command);
	for (const char *const *argument = command->argv; *argument; argument++, order->arguments++)
		put(strings, *argument);
}

/* starting */

enum { OURS, THEIRS };

struct pipes {
	int end[2][KEEPER_PIPES]; /* of stdout, stderr, stdin; -1: none */
	unsigned count;
};

static void
close_ends(int end[KEEPER_PIPES])
{
	for (unsigned i = 0; i < KEEPER_PIPES; i++)
		if (end[i] >= 0) {
			close(end[i]);
			end[i] = -1;
		}
}

static bool
make_pipes(struct pipes *pipes, bool talks)
{
	pipes->count = talks ? 3 : 2;
	for (unsigned i = 0; i < KEEPER_PIPES; i++)
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

/* Once; false with errno, ECHILD where the keeper was lost. At the last try it is new: its program was so quick to end it that there was no
 * report. That one has been started then, and is lost. */
static bool
try_start(struct process *process, struct keeper *keeper, const struct keeper_order *order,
          const struct buf *strings, bool last)
{
	struct keeper_report report = {.error = 0};
	struct pipes pipes;
	int error = 0;

	if (!slot_ready(keeper) || !make_pipes(&pipes, order->talks))
		return false;
	if (!slot_order(keeper, order, strings, pipes.end[THEIRS], pipes.count))
		error = errno == EPIPE || errno == ECONNRESET ? ECHILD : errno;
	close_ends(pipes.end[THEIRS]);
	if (!error && !slot_report(keeper, &report, NULL, process_now() + SLOT_PATIENCE))
		error = ECHILD;
	if (error == ECHILD)
		slot_lose(keeper);
	else if (!error)
		error = report.error;
	if (error && !(error == ECHILD && last)) {
		close_ends(pipes.end[OURS]);
		errno = error;
		return false;
	}
	process->out = pipes.end[OURS][0];
	process->err = pipes.end[OURS][1];
	process->in = pipes.end[OURS][2];
	process->pid = report.pid;
	return true;
}

bool
process_start(struct process *process, struct keeper *keeper, const struct process_command *command)
{
	struct keeper_order order;
	struct buf strings = {0};
	bool ok;

	*process = (struct process){.in = -1, .out = -1, .err = -1};
	if (keeper->runs)
		bug("a slot runs one program at a time");
	if (keeper->options.containment == CONTAIN_BUBBLEWRAP && !could_be_run(command))
		return false;
	make_order(&order, &strings, keeper, command);
	ok = try_start(process, keeper, &order, &strings, false);
	if (!ok && errno == ECHILD) /* it was lost since its last program */
		ok = try_start(process, keeper, &order, &strings, true);
	buf_free(&strings);
	if (!ok)
		return false;
	process->runs = true;
	process->talks = command->talks;
	process->limits = command->limits;
	process->keeper = keeper;
	process->started = process_now();
	keeper->runs = process;
	return true;
}

/* reading and telling */

static void
close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

/* Keeps of `got` bytes what the limit leaves room for. */
static void
keep(struct process *process, struct buf *into, const char *bytes, size_t got)
{
	uint64_t before = process->output_bytes;
	uint64_t room = before < process->limits.output ? process->limits.output - before : 0;

	buf_add(into, bytes, got < room ? got : (size_t)room);
	process->output_bytes += got;
	if (process->talks && into == &process->stdout_text && process->news <= 0)
		process->news = process_now();
}

static bool
is_flooded(const struct process *process)
{
	return process->output_bytes > process->limits.output;
}

/* Reads what is there, up to so many chunks, for one that prints as fast as we read would hold us; closes a pipe at its end. Nothing is read of
 * a flood. */
static void
drain(struct process *process, int *from, struct buf *into, unsigned chunks)
{
	char chunk[CHUNK];
	ssize_t got = 1;

	while (*from >= 0 && got > 0 && !is_flooded(process) && chunks--) {
		got = read(*from, chunk, sizeof chunk);
		if (got > 0)
			keep(process, into, chunk, (size_t)got);
	}
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_end(from);
}

/* Writes what stdin has room for. */
static void
say(struct process *process)
{
	struct buf *unsaid = &process->unsaid;
	size_t said = 0;
	ssize_t put_in = 0;

	while (process->in >= 0 && said < unsaid->len) {
		put_in = write(process->in, unsaid->data + said, unsaid->len - said);
		if (put_in < 0)
			break;
		said += (size_t)put_in;
	}
	if (put_in < 0 && errno != EAGAIN && errno != EINTR)
		close_end(&process->in);
	if (process->in < 0)
		said = unsaid->len;
	if (said) {
		memmove(unsaid->data, unsaid->data + said, unsaid->len - said + 1);
		unsaid->len -= said;
	}
	if (process->hangs_up && !unsaid->len)
		close_end(&process->in);
}

void
process_tell(struct process *process, const char *bytes, size_t length)
{
	if (process->in < 0)
		return;
	buf_add(&process->unsaid, bytes, length);
	say(process);
}

void
process_hang_up(struct process *process)
{
	process->hangs_up = true;
	say(process);
}

/* ending */

static void
bury(struct process *process, const struct keeper_report *report)
{
	drain(process, &process->out, &process->stdout_text, CHUNKS_LAST);
	drain(process, &process->err, &process->stderr_text, CHUNKS_LAST);
	close_end(&process->in);
	close_end(&process->out);
	close_end(&process->err);
	process->end = report->end == END_OWN && is_flooded(process) ? END_OUTPUT : report->end;
	process->exited = report->exited;
	process->status = report->status;
	process->seconds = report->seconds;
	process->cpu = report->cpu;
	process->memory = report->memory;
	if (process->keeper->options.containment == CONTAIN_BUBBLEWRAP && report->exited &&
	    report->status > SIGNALED && report->status <= SIGNALED + SIGNALS_MOST) {
		process->exited = false; /* bubblewrap tells a signal as shells do */
		process->status -= SIGNALED;
	}
	/* Files that the program left in memory would still count. */
	process->keeper->spoilt = report->end == END_MEMORY && process->keeper->cgroup.len;
	process->keeper->runs = NULL;
	process->keeper = NULL;
	process->pid = 0;
	process->news = 0;
	process->runs = false;
}

/* Its keeper is gone, or does not answer: its program most likely saw to that. */
static void
bury_lost(struct process *process)
{
	/* A keeper is the last that the kernel takes for want of memory, which is then the reason. */
	bool starved = process->limits.memory && process->keeper->cgroup.len &&
	               cgroup_has_killed(process->keeper->cgroup.data);
	const struct keeper_report report = {
		.end = starved ? END_MEMORY : END_KEEPER,
		.status = SIGKILL,
		.seconds = process_now() - process->started,
	};

	slot_lose(process->keeper);
	bury(process, &report);
}

static void
hear(struct process *process)
{
	struct keeper_report report;

	if (slot_report(process->keeper, &report, NULL, process_now()) && report.kind == REPORT_ENDED)
		bury(process, &report);
	else
		bury_lost(process);
}

void
process_stop(struct process *process, enum process_end end)
{
	const struct keeper_order order = {.kind = ORDER_END, .end = end};
	const struct buf none = {0};

	/* Should this not arrive, the keeper is gone, which is seen where it is heard. */
	if (process->runs)
		slot_order(process->keeper, &order, &none, NULL, 0);
}

void
process_kill(struct process *process)
{
	if (!process->runs)
		return;
	process_stop(process, END_ASKED);
	if (slot_await(process->keeper, process_now() + SLOT_PATIENCE))
		hear(process);
	else
		bury_lost(process);
}

void
process_free(struct process *process)
{
	process_kill(process);
	buf_free(&process->stdout_text);
	buf_free(&process->stderr_text);
	buf_free(&process->unsaid);
}

/* waiting */

enum { AT_OUT, AT_ERR, AT_IN, AT_KEEPER, ENDS };

/* When a keeper that ought to have ended it, and has not, is taken for lost; 0: never. */
static double
patience_until(const struct process *process)
{
	return process->limits.seconds > 0
	           ? process->started + process->limits.seconds + KEEPER_GRACE + SLOT_PATIENCE
	           : 0;
}

/* Descriptors below 0 are passed over by poll. What a program prints that does not talk is looked at from time to time: to be woken
 * by each line of it would cost the program more than to print it. */
static void
list_polls(struct pollfd polls[ENDS], const struct process *process)
{
	bool reads = process->talks && !is_flooded(process);

	polls[AT_OUT] = (struct pollfd){reads ? process->out : -1, POLLIN, 0};
	polls[AT_ERR] = (struct pollfd){reads ? process->err : -1, POLLIN, 0};
	polls[AT_IN] = (struct pollfd){process->unsaid.len ? process->in : -1, POLLOUT, 0};
	polls[AT_KEEPER] = (struct pollfd){process->keeper->socket, POLLIN, 0};
}

/* Takes what poll has found. True when it is over. */
static bool
take(struct process *process, const struct pollfd polls[ENDS])
{
	bool was_flooded = is_flooded(process);

	if (polls[AT_OUT].revents || !process->talks)
		drain(process, &process->out, &process->stdout_text, CHUNKS);
	if (polls[AT_ERR].revents || !process->talks)
		drain(process, &process->err, &process->stderr_text, CHUNKS);
	if (polls[AT_IN].revents)
		say(process);
	if (!was_flooded && is_flooded(process))
		process_stop(process, END_OUTPUT);
	if (polls[AT_KEEPER].revents)
		hear(process);
	else if (!process->keeper->pid ||
	         (patience_until(process) > 0 && process_now() > patience_until(process)))
		bury_lost(process);
	return !process->runs;
}

/* The one whose news is oldest, so that none that talks much hides another. */
static bool
find_news(struct process *const *processes, unsigned count, unsigned *which)
{
	double oldest = 0;

	for (unsigned i = 0; i < count; i++) {
		double news = processes[i]->runs ? processes[i]->news : 0;

		if (news > 0 && (oldest <= 0 || news < oldest)) {
			oldest = news;
			*which = i;
		}
	}
	if (oldest > 0)
		processes[*which]->news = 0;
	return oldest > 0;
}

/* One poll over all, and what it found. Returns poll's result; *over is set where one has ended. */
static int
poll_once(struct process *const *processes, unsigned count, int pause, bool *over, unsigned *which)
{
	struct pollfd polls[PROCESSES_MOST][ENDS];
	unsigned index[PROCESSES_MOST], running = 0;
	int ready;

	for (unsigned i = 0; i < count && running < PROCESSES_MOST; i++)
		if (processes[i]->runs) {
			if (!processes[i]->talks && pause > GLANCE)
				pause = GLANCE;
			slot_wake(processes[i]->keeper);
			list_polls(polls[running], processes[i]);
			index[running++] = i;
		}
	ready = running ? poll(polls[0], running * ENDS, pause) : -1;
	for (unsigned i = 0; i < running && ready >= 0 && !*over; i++)
		if (take(processes[index[i]], polls[i])) {
			*which = index[i];
			*over = true;
		}
	return ready;
}

bool
process_wait(struct process *const *processes, unsigned count, int wait, unsigned *which)
{
	double until = process_now() + wait / 1e3;
	bool over = false;
	int pause = wait < SLOT_WAKE ? wait : SLOT_WAKE;

	for (;;) {
		double left;
		int ready;

		for (unsigned i = 0; i < count; i++)
			if (processes[i]->runs && (processes[i]->news > 0 || !processes[i]->keeper->pid))
				pause = 0;
		ready = poll_once(processes, count, pause, &over, which);
		if (over || find_news(processes, count, which))
			return true;
		left = until - process_now();
		if (ready < 0 || left <= 0)
			return false;
		pause = left * 1e3 < SLOT_WAKE ? (int)(left * 1e3) + 1 : SLOT_WAKE;
	}
}

/* containment */

static bool
print_version(struct process *process, struct keeper *keeper, const char *directory)
{
	const char *const argv[] = {keeper->bubblewrap.data, "--version", NULL};
	const struct process_command command = {
		.argv = argv, .directory = directory, .limits = {10, 0, CHUNK, 0}};
	unsigned which;

	if (!process_start(process, keeper, &command))
		return false;
	while (process->runs)
		process_wait(&process, 1, 1000, &which);
	return process->end == END_OWN && process->exited && !process->status;
}

bool
containment_works(struct buf *version, struct diag *diag)
{
	const struct keeper_options options = {.containment = CONTAIN_BUBBLEWRAP, .watch = true};
	const char *base = getenv("TMPDIR");
	struct process process = {.runs = false};
	struct buf directory = {0};
	struct keeper *keeper;
	bool ok = false;

	keeper = keeper_start(&options, diag);
	buf_printf(&directory, "%s/lockdrill-XXXXXX", base && *base ? base : "/tmp");
	if (keeper && mkdtemp(directory.data)) {
		const char *text;

		ok = print_version(&process, keeper, directory.data);
		text = buf_string(ok ? &process.stdout_text : &process.stderr_text);
		if (ok && version)
			buf_add(version, text, strcspn(text, "\n"));
		if (!ok)
			diag_set(diag, keeper->bubblewrap.data, 0, 0, "does not work here: %.*s",
			         (int)strcspn(text, "\n"), text);
		tree_remove(directory.data);
	} else if (keeper) {
		diag_set(diag, directory.data, 0, 0, "cannot make a temporary directory: %s", strerror(errno));
	}
	process_free(&process);
	keeper_end(keeper);
	buf_free(&directory);
	return ok;
}
