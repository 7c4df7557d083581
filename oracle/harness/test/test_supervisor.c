/* supervisor: what happens when one is lost, when we are, and what it makes of orders that are none. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lane.h"
#include "order.h"
#include "process.h"
#include "supervisor.h"
#include "tree.h"

enum { LONG = 60 /* seconds: for what takes none unless something is wrong */ };

static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static void
end(void)
{
	cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "a child is left");
	cr_expect(tree_remove(directory));
}

TestSuite(supervisor, .init = begin, .fini = end, .timeout = 2 * LONG);

static void
pause_a_little(void)
{
	const struct timespec pause = {0, 5000000};

	nanosleep(&pause, NULL);
}

static bool
start(struct process *process, struct lane *lane, const char *script)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	const struct process_command command = {
		.argv = argv, .directory = directory, .limits = {.seconds = LONG, .output = 1000}};

	return process_start(process, lane, &command);
}

static void
run(struct process *process, struct lane *lane, const char *script)
{
	unsigned which;

	cr_assert(start(process, lane, script), "%s", strerror(errno));
	while (process->runs)
		process_wait(&process, 1, 1000, &which);
}

/* A child of ours that a test which fails does not leave behind. */
static pid_t
fork_bound(void)
{
	pid_t pid = fork();

	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return pid;
}

/* Reads the number in DIRECTORY/NAME as soon as it is there. */
static pid_t
await_pid(const char *name)
{
	struct buf path = {0}, text = {0};
	pid_t pid;

	buf_printf(&path, "%s/%s", directory, name);
	while (access(path.data, R_OK))
		pause_a_little();
	cr_assert(buf_read_file(&text, path.data, 100));
	pid = (pid_t)atoi(buf_string(&text));
	cr_assert_gt(pid, 1);
	buf_free(&path);
	buf_free(&text);
	return pid;
}

static bool
is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

/* a lost supervisor */

static void
lose_supervisor(bool watch)
{
	const struct lane_options options = {.watch = watch};
	struct diag diag;
	struct lane *lane = lane_start(&options, &diag);
	struct process process;

	cr_assert_not_null(lane, "%s", diag.message);
	for (unsigned i = 0; i < 3; i++) {
		pid_t orphan;

		run(&process, lane,
		    "(setsid sh -c 'echo $$ > new; mv new orphan; trap \"\" TERM; while :; do sleep 0.05; done' &); "
		    "until [ -e orphan ]; do sleep 0.01; done; kill -9 $PPID; sleep 1000");
		cr_assert(process.end == END_SUPERVISOR && !process.exited && process.status == SIGKILL);
		orphan = await_pid("orphan");
		cr_assert(is_gone(orphan), "the orphan lives on");
		process_free(&process);
		run(&process, lane, "rm orphan; echo well");
		cr_assert(process.end == END_OWN && process.exited && !process.status);
		cr_assert_str_eq(buf_string(&process.stdout_text), "well\n");
		process_free(&process);
	}
	lane_end(lane);
}

Test(supervisor, one_that_its_program_kills_is_told_and_replaced)
{
	lose_supervisor(true);
	lose_supervisor(false);
}

/* Before it could tell us that its program runs. */
Test(supervisor, one_that_is_killed_at_once_is_told)
{
	const struct lane_options options = {.watch = true};
	struct diag diag;
	struct lane *lane = lane_start(&options, &diag);

	for (unsigned i = 0; i < 20; i++) {
		struct process process;

		run(&process, lane, "kill -9 $PPID; sleep 1000");
		cr_assert(process.end == END_SUPERVISOR && !process.exited);
		process_free(&process);
		start(&process, lane, "kill -9 $PPID; sleep 1000");
		process_free(&process);
		cr_assert(process.end == END_SUPERVISOR || process.end == END_ASKED);
	}
	lane_end(lane);
}

Test(supervisor, one_that_is_stopped_goes_on)
{
	const struct lane_options options = {.watch = true};
	struct diag diag;
	struct lane *lane = lane_start(&options, &diag);

	for (unsigned i = 0; i < 3; i++) {
		struct process process;

		run(&process, lane, "kill -STOP $PPID; exit 5");
		cr_assert(process.end == END_OWN && process.exited && process.status == 5);
		process_free(&process);
	}
	lane_end(lane);
}

Test(supervisor, one_that_dies_between_two_programs_is_replaced)
{
	const struct lane_options options = {.watch = true};
	struct diag diag;
	struct lane *lane = lane_start(&options, &diag);
	struct process process;

	run(&process, lane, "echo $PPID");
	kill((pid_t)atoi(buf_string(&process.stdout_text)), SIGKILL);
	process_free(&process);
	run(&process, lane, "exit 6");
	cr_assert(process.end == END_OWN && process.status == 6);
	process_free(&process);
	lane_end(lane);
}

/* Another lane's program and a child of ours that is older than any supervisor are not taken for what the
 * lost one left. */
Test(supervisor, a_lost_one_costs_no_other_process)
{
	const struct lane_options options = {.watch = true};
	struct process one, two, *const both[] = {&one, &two};
	struct lane *first, *second;
	struct diag diag;
	unsigned which;
	pid_t older = fork_bound();

	if (older == 0)
		for (;;)
			pause();
	first = lane_start(&options, &diag);
	second = lane_start(&options, &diag);
	cr_assert(start(&one, first, "kill -9 $PPID; sleep 1000"));
	cr_assert(start(&two, second, "until [ -e on ]; do sleep 0.01; done; sh -c 'exit 9'"));
	while (!process_wait(both, 2, 1000, &which))
		;
	cr_assert(which == 0 && one.end == END_SUPERVISOR && two.runs);
	process_free(&one);
	run(&one, first, "echo > on");
	process_free(&one);
	while (two.runs)
		process_wait(both, 2, 1000, &which);
	cr_assert(two.end == END_OWN && two.exited && two.status == 9);
	process_free(&two);
	lane_end(first);
	lane_end(second);
	cr_assert_eq(waitpid(older, NULL, WNOHANG), 0, "the older is dead");
	kill(older, SIGKILL);
	waitpid(older, NULL, 0);
}

Test(supervisor, what_a_program_sends_its_supervisor_is_passed_over)
{
	const struct lane_options options = {.watch = true};
	struct diag diag;
	struct lane *lane = lane_start(&options, &diag);
	struct process process;

	run(&process, lane,
	    "for s in HUP INT QUIT TERM USR1 USR2 PIPE ALRM CHLD; do kill -$s $PPID; done; sleep 0.05; exit 8");
	cr_assert(process.end == END_OWN && process.exited && process.status == 8);
	process_free(&process);
	lane_end(lane);
}

Test(supervisor, a_binary_that_is_no_supervisor_is_refused)
{
	static const char *const selves[] = {"/bin/true", "/no/such/binary"};

	for (size_t i = 0; i < 2; i++) {
		const struct lane_options options = {.self = selves[i]};
		struct diag diag;

		cr_assert_null(lane_start(&options, &diag));
		cr_assert_str_eq(diag.file, selves[i]);
		cr_assert_str_eq(diag.message, "does not start as a supervisor");
	}
}

/* A program that runs is its caller's to end. */
Test(supervisor, a_lane_is_not_ended_while_a_program_runs_in_it)
{
	const struct lane_options options = {.watch = true};
	const struct rlimit no_core = {0, 0};
	struct process process;
	struct diag diag;
	int status;
	pid_t we = fork_bound();

	if (we == 0) {
		struct lane *lane = lane_start(&options, &diag);

		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		if (!start(&process, lane, "sleep 1000"))
			_exit(1);
		close(STDERR_FILENO); /* where the assertion is printed */
		lane_end(lane);
		_exit(0);
	}
	cr_assert_eq(waitpid(we, &status, 0), we);
	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%x", (unsigned)status);
}

/* We are lost */

/* In a child: two lanes that are busy, and nothing else. */
static void
be_killed(const char *root)
{
	const struct lane_options options = {.root = root, .watch = true};
	struct process one, two;
	struct diag diag;

	if (!start(&one, lane_start(&options, &diag), "echo $$ > new1; mv new1 one; trap '' TERM; sleep 1000") ||
	    !start(
			&two, lane_start(&options, &diag),
			"(setsid sh -c 'echo $$ > new2; mv new2 two; while :; do echo > root/$$; sleep 0.01; done' &); "
			"sleep 1000"))
		_exit(1);
	for (;;)
		pause();
}

Test(supervisor, when_we_are_killed_it_takes_the_tree_and_the_root_with_it)
{
	struct buf root = {0}, inner = {0};
	pid_t one, two, we;

	buf_printf(&root, "%s/root", directory);
	buf_printf(&inner, "%s/root/inner", directory);
	cr_assert(!mkdir(root.data, 0700) && !mkdir(inner.data, 0700));
	we = fork_bound();
	if (we == 0)
		be_killed(root.data);
	one = await_pid("one");
	two = await_pid("two");
	cr_assert(!is_gone(one) && !is_gone(two));
	kill(we, SIGKILL);
	cr_assert_eq(waitpid(we, NULL, 0), we);
	while (!access(root.data, F_OK) || !is_gone(one) || !is_gone(two))
		pause_a_little();
	buf_free(&root);
	buf_free(&inner);
}

Test(supervisor, when_it_is_told_to_leave_the_root_stays)
{
	const struct lane_options options = {.root = directory, .watch = true};
	struct diag diag;
	struct process process;
	struct lane *lane = lane_start(&options, &diag);

	run(&process, lane, "echo > here");
	process_free(&process);
	lane_end(lane);
	cr_assert_eq(access(directory, F_OK), 0);
}

/* orders */

/* A supervisor in a child, without exec; our end of its socket. */
static int
make_bare(pid_t *pid)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	*pid = fork_bound();
	if (*pid == 0) {
		close(ends[0]);
		_exit(supervisor_run(ends[1]));
	}
	close(ends[1]);
	return ends[0];
}

static void
expect_exit(pid_t pid, int wanted)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == wanted, "%x", (unsigned)status);
}

Test(supervisor, it_keeps_nothing_but_its_own_kind_of_socket)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	cr_assert_eq(supervisor_run(ends[0]), 2);
	cr_assert_eq(supervisor_run(99), 2);
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(supervisor_run(ends[0]), 2);
}

Test(supervisor, an_order_that_is_none_makes_it_leave)
{
	const struct order torn = {.kind = ORDER_RUN, .arguments = 3};

	for (unsigned i = 0; i < 3; i++) {
		static const size_t length[] = {1, sizeof torn - 1, sizeof torn};
		pid_t pid;
		int socket = make_bare(&pid);

		cr_assert_eq(send(socket, &torn, length[i], 0), (ssize_t)length[i]);
		expect_exit(pid, 0);
		close(socket);
	}
}

Test(supervisor, an_end_of_what_is_over_is_passed_over)
{
	const struct order stop = {.kind = ORDER_END, .end = END_ASKED}, set_up = {.watch = true};
	struct order_report report;
	pid_t pid;
	int socket = make_bare(&pid);

	cr_assert_gt(send(socket, &stop, sizeof stop, 0), 0);
	cr_assert_gt(send(socket, &set_up, sizeof set_up, 0), 0);
	cr_assert_geq(recv(socket, &report, sizeof report, 0), (ssize_t)sizeof report);
	cr_assert_eq(report.kind, REPORT_READY);
	close(socket);
	expect_exit(pid, 0);
}
