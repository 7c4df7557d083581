/* spawn: one program from fork to exec. See spawn.h.
 *
 * How it works: the child writes its errno to a pipe that exec closes, so the parent reads either that number
 * or the end of the file, and knows which of the two happened. The child is made the kernel's first choice
 * when memory runs out.
 */
#include "spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU_BACKSTOP 1     /* seconds that the kernel's limit of one process is above that of the tree */
#define SCORE_FIRST "1000" /* oom_score_adj of the kernel's first choice */

enum { EXIT_NOT_EXECUTED = 127, EXIT_NOT_TOLD = 126 };

/* `more` is what lies between the signal and the kill, where the resource has both. */
static void
limit(int resource, rlim_t most, rlim_t more)
{
	struct rlimit limits = {most, most + more};

	setrlimit(resource, &limits);
}

void
spawn_reset_signals(void)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i <= SIGRTMAX; i++)
		sigaction(i, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
prefer_for_oom(void)
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
exec_program(const struct spawn *spawn, int failed)
{
	int error;

	setsid();
	spawn_reset_signals();
	prefer_for_oom();
	limit(RLIMIT_CORE, 0, 0);
	if (spawn->order->limits.cpu > 0)
		limit(RLIMIT_CPU, (rlim_t)spawn->order->limits.cpu + 1 + CPU_BACKSTOP, 1);
	if (dup2(spawn->pipe[0], STDOUT_FILENO) >= 0 && dup2(spawn->pipe[1], STDERR_FILENO) >= 0 &&
	    (!spawn->order->talks || dup2(spawn->pipe[2], STDIN_FILENO) >= 0) && !chdir(spawn->directory))
		execve(spawn->argv[0], spawn->argv, spawn->environment);
	error = errno;
	if (write(failed, &error, sizeof error) != sizeof error)
		_exit(EXIT_NOT_TOLD);
	_exit(EXIT_NOT_EXECUTED);
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

pid_t
spawn_program(const struct spawn *spawn, int *error)
{
	int failed[2];
	pid_t pid;

	assert(spawn->argv[0] && spawn->pipe[0] >= 0 && spawn->pipe[1] >= 0);
	if (pipe(failed)) {
		*error = errno;
		return 0;
	}
	fcntl(failed[0], F_SETFD, FD_CLOEXEC);
	fcntl(failed[1], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		exec_program(spawn, failed[1]);
	*error = pid < 0 ? errno : 0;
	close(failed[1]);
	if (pid > 0 && (*error = read_failure(failed[0])))
		waitpid(pid, NULL, 0);
	close(failed[0]);
	return *error ? 0 : pid;
}
