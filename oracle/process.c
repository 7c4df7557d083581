/* One program of a checker. See process.h.
 *
 * How it works: process_start forks; the child leads a process group of its own and tells a failed exec through a pipe that
 * closes by itself when exec succeeds. process_wait polls the output pipes of all processes, looks at their deadlines, and
 * takes the first that has ended. Ending one means its whole group: TERM, a grace, KILL, and a last short drain, for an
 * orphan that keeps a pipe open must not hold us up.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MOST = 256, CHUNK = 65536, ENVIRONMENT = 6 };
#define GRACE 0.5 /* seconds between TERM and KILL */

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

static bool
make_pipe(int ends[2])
{
	if (pipe(ends))
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

static void
close_pipe(int ends[2])
{
	for (unsigned i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

/* What the child is given, made before the fork. */
struct birth {
	const char *const *argv;
	const char *directory;
	char *environment[ENVIRONMENT + 1];
	int in[2], out[2], err[2], failed[2];
	rlim_t cpu;
};

/* `more` is what lies between the signal and the kill, where the resource has both. */
static void
limit(int resource, rlim_t most, rlim_t more)
{
	struct rlimit limits = {most, most + more};

	setrlimit(resource, &limits);
}

/* In the child: only what is safe between fork and exec. */
static void
become(const struct birth *birth)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	int error;

	setpgid(0, 0);
	sigaction(SIGPIPE, &usual, NULL);
	sigaction(SIGXFSZ, &usual, NULL);
	sigaction(SIGXCPU, &usual, NULL);
	sigaction(SIGINT, &usual, NULL);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_CPU, birth->cpu, 2);
	if (dup2(birth->in[0], STDIN_FILENO) >= 0 && dup2(birth->out[1], STDOUT_FILENO) >= 0 &&
	    dup2(birth->err[1], STDERR_FILENO) >= 0 && !chdir(birth->directory))
		execve(birth->argv[0], (char *const *)(uintptr_t)birth->argv, birth->environment);
	error = errno;
	if (write(birth->failed[1], &error, sizeof error) != sizeof error)
		_exit(126);
	_exit(127);
}

static char *
setting(const char *name, const char *value)
{
	struct buf text = {0};

	buf_printf(&text, "%s=%s", name, value);
	return text.data;
}

static void
make_environment(struct birth *birth)
{
	const char *path = getenv("PATH");

	birth->environment[0] = setting("PATH", path ? path : "/usr/bin:/bin");
	birth->environment[1] = setting("HOME", birth->directory);
	birth->environment[2] = setting("TMPDIR", birth->directory);
	birth->environment[3] = setting("LC_ALL", "C");
	birth->environment[4] = setting("TZ", "UTC");
}

static void
end_birth(struct birth *birth, unsigned pipes)
{
	int *const all[] = {birth->in, birth->out, birth->err, birth->failed};

	for (unsigned i = 0; i < pipes; i++)
		close_pipe(all[i]);
	for (unsigned i = 0; i < ENVIRONMENT; i++)
		free(birth->environment[i]);
}

/* Whether exec failed in the child: it writes its errno, and nothing when all is well. */
static bool
exec_failed(int failed, int *error)
{
	ssize_t got;

	do
		got = read(failed, error, sizeof *error);
	while (got < 0 && errno == EINTR);
	return got == sizeof *error;
}

bool
process_start(struct process *process, const char *const *argv, const char *directory,
              const struct process_limits *limits)
{
	struct birth birth = {.argv = argv, .directory = directory};
	int *const all[] = {birth.in, birth.out, birth.err, birth.failed};
	int error = 0;
	pid_t pid;

	*process = (struct process){.out = -1, .err = -1};
	for (unsigned i = 0; i < 4; i++)
		if (!make_pipe(all[i])) {
			end_birth(&birth, i);
			return false;
		}
	birth.cpu = (rlim_t)(limits->seconds * 2) + 2;
	make_environment(&birth);
	pid = fork();
	if (pid == 0)
		become(&birth);
	if (pid > 0) {
		setpgid(pid, pid);
		close(birth.failed[1]);
		birth.failed[1] = -1;
		if (exec_failed(birth.failed[0], &error)) {
			waitpid(pid, NULL, 0);
			pid = -1;
		}
	} else {
		error = errno;
	}
	if (pid > 0) {
		process->pid = pid;
		process->out = fcntl(birth.out[0], F_DUPFD_CLOEXEC, 0);
		process->err = fcntl(birth.err[0], F_DUPFD_CLOEXEC, 0);
		fcntl(process->out, F_SETFL, O_NONBLOCK);
		fcntl(process->err, F_SETFL, O_NONBLOCK);
		process->started = process_now();
		process->deadline = process->started + limits->seconds;
		process->output_limit = limits->output;
	}
	end_birth(&birth, 4);
	errno = error;
	return pid > 0;
}

/* Reads what is there; closes a pipe at its end. */
static void
drain(struct process *process, int *from, struct buf *into)
{
	ssize_t got = 1;

	while (*from >= 0 && got > 0 && !process->flooded) {
		buf_grow(into, CHUNK);
		got = read(*from, into->data + into->len, CHUNK);
		if (got > 0)
			into->len += (size_t)got;
		into->data[into->len] = 0;
		process->flooded = process->stdout_text.len + process->stderr_text.len > process->output_limit;
	}
	if (*from >= 0 && (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))) {
		close(*from);
		*from = -1;
	}
}

static void
drain_both(struct process *process)
{
	drain(process, &process->out, &process->stdout_text);
	drain(process, &process->err, &process->stderr_text);
}

/* The group is ended and its leader reaped; the pipes are closed. */
static void
bury(struct process *process, int status)
{
	kill(-process->pid, SIGKILL);
	drain_both(process);
	if (process->out >= 0)
		close(process->out);
	if (process->err >= 0)
		close(process->err);
	process->out = process->err = -1;
	process->exited = WIFEXITED(status);
	process->status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	process->seconds = process_now() - process->started;
	process->pid = 0;
}

void
process_kill(struct process *process)
{
	double until = process_now() + GRACE;
	int status = 0;

	if (!process->pid)
		return;
	kill(-process->pid, SIGTERM);
	while (waitpid(process->pid, &status, WNOHANG) == 0) {
		struct timespec pause = {0, 5000000};

		if (process_now() > until) {
			kill(-process->pid, SIGKILL);
			waitpid(process->pid, &status, 0);
			break;
		}
		nanosleep(&pause, NULL);
	}
	bury(process, status);
}

/* Whether it is over; ends it where a limit was reached. */
static bool
is_over(struct process *process)
{
	int status;

	drain_both(process);
	if (waitpid(process->pid, &status, WNOHANG) == process->pid) {
		bury(process, status);
		return true;
	}
	process->timed_out = process_now() > process->deadline;
	if (!process->timed_out && !process->flooded)
		return false;
	process_kill(process);
	return true;
}

bool
process_wait(struct process *const *processes, unsigned count, int wait, unsigned *ended)
{
	struct pollfd polled[2 * PROCESSES_MOST];
	double until = process_now() + wait / 1000.0;
	int pause = 1; /* milliseconds: a child that closes its output is not seen by poll when it ends */

	do {
		unsigned n = 0;

		for (unsigned i = 0; i < count && i < PROCESSES_MOST; i++) {
			if (!processes[i]->pid)
				continue;
			if (is_over(processes[i])) {
				*ended = i;
				return true;
			}
			polled[n++] = (struct pollfd){processes[i]->out, POLLIN, 0};
			polled[n++] = (struct pollfd){processes[i]->err, POLLIN, 0};
		}
		if (!n)
			return false;
		poll(polled, n, pause);
		pause = pause < 8 ? pause * 2 : 8;
	} while (process_now() < until);
	return false;
}

void
process_free(struct process *process)
{
	process_kill(process);
	buf_free(&process->stdout_text);
	buf_free(&process->stderr_text);
}
