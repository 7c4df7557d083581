/* keeper: what happens when one is lost, when we are, and what it makes of orders that are none. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "process.h"
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

TestSuite(keeper, .init = begin, .fini = end, .timeout = 2 * LONG);

static void
pause_a_little(void)
{
	const struct timespec pause = {0, 5000000};

	nanosleep(&pause, NULL);
}

static bool
start(struct process *process, struct keeper *keeper, const char *script)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	const struct process_command command = {
		.argv = argv, .directory = directory, .limits = {.seconds = LONG, .output = 1000}};

	return process_start(process, keeper, &command);
}

static void
run(struct process *process, struct keeper *keeper, const char *script)
{
	unsigned which;

	cr_assert(start(process, keeper, script), "%s", strerror(errno));
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

/* a lost keeper */

static void
lose_keeper(bool watch)
{
	const struct keeper_options options = {.watch = watch};
	struct diag diag;
	struct keeper *keeper = keeper_start(&options, &diag);
	struct process process;

	cr_assert_not_null(keeper, "%s", diag.message);
	for (unsigned i = 0; i < 3; i++) {
		pid_t orphan;

		run(&process, keeper,
		    "(setsid sh -c 'echo $$ > new; mv new orphan; trap \"\" TERM; while :; do sleep 0.05; done' &); "
		    "until [ -e orphan ]; do sleep 0.01; done; kill -9 $PPID; sleep 1000");
		cr_assert(process.end == END_KEEPER && !process.exited && process.status == SIGKILL);
		orphan = await_pid("orphan");
		cr_assert(is_gone(orphan), "the orphan lives on");
		process_free(&process);
		run(&process, keeper, "rm orphan; echo well");
		cr_assert(process.end == END_OWN && process.exited && !process.status);
		cr_assert_str_eq(buf_string(&process.stdout_text), "well\n");
		process_free(&process);
	}
	keeper_end(keeper);
}

Test(keeper, one_that_its_program_kills_is_told_and_replaced)
{
	lose_keeper(true);
	lose_keeper(false);
}

/* Before it could tell us that its program runs. */
Test(keeper, one_that_is_killed_at_once_is_told)
{
	const struct keeper_options options = {.watch = true};
	struct diag diag;
	struct keeper *keeper = keeper_start(&options, &diag);

	for (unsigned i = 0; i < 20; i++) {
		struct process process;

		run(&process, keeper, "kill -9 $PPID; sleep 1000");
		cr_assert(process.end == END_KEEPER && !process.exited);
		process_free(&process);
		start(&process, keeper, "kill -9 $PPID; sleep 1000");
		process_free(&process);
		cr_assert(process.end == END_KEEPER || process.end == END_ASKED);
	}
	keeper_end(keeper);
}

Test(keeper, one_that_is_stopped_goes_on)
{
	const struct keeper_options options = {.watch = true};
	struct diag diag;
	struct keeper *keeper = keeper_start(&options, &diag);

	for (unsigned i = 0; i < 3; i++) {
		struct process process;

		run(&process, keeper, "kill -STOP $PPID; exit 5");
		cr_assert(process.end == END_OWN && process.exited && process.status == 5);
		process_free(&process);
	}
	keeper_end(keeper);
}

Test(keeper, one_that_dies_between_two_programs_is_replaced)
{
	const struct keeper_options options = {.watch = true};
	struct diag diag;
	struct keeper *keeper = keeper_start(&options, &diag);
	struct process process;

	run(&process, keeper, "echo $PPID");
	kill((pid_t)atoi(buf_string(&process.stdout_text)), SIGKILL);
	process_free(&process);
	run(&process, keeper, "exit 6");
	cr_assert(process.end == END_OWN && process.status == 6);
	process_free(&process);
	keeper_end(keeper);
}

/* Another slot's program and a child of ours that is older than any keeper are not taken for what the lost one left. */
Test(keeper, a_lost_one_costs_no_other_process)
{
	const struct keeper_options options = {.watch = true};
	struct process one, two, *const both[] = {&one, &two};
	struct keeper *first, *second;
	struct diag diag;
	unsigned which;
	pid_t elder = fork_bound();

	if (elder == 0)
		for (;;)
			pause();
	first = keeper_start(&options, &diag);
	second = keeper_start(&options, &diag);
	cr_assert(start(&one, first, "kill -9 $PPID; sleep 1000"));
	cr_assert(start(&two, second, "until [ -e on ]; do sleep 0.01; done; sh -c 'exit 9'"));
	while (!process_wait(both, 2, 1000, &which))
		;
	cr_assert(which == 0 && one.end == END_KEEPER && two.runs);
	process_free(&one);
	run(&one, first, "echo > on");
	process_free(&one);
	while (two.runs)
		process_wait(both, 2, 1000, &which);
	cr_assert(two.end == END_OWN && two.exited && two.status == 9);
	process_free(&two);
	keeper_end(first);
	keeper_end(second);
	cr_assert_eq(waitpid(elder, NULL, WNOHANG), 0, "the elder is dead");
	kill(elder, SIGKILL);
	waitpid(elder, NULL, 0);
}

Test(keeper, what_a_program_sends_its_keeper_is_passed_over)
{
	const struct keeper_options options = {.watch = true};
	struct diag diag;
	struct keeper *keeper = keeper_start(&options, &diag);
	struct process process;

	run(&process, keeper,
	    "for s in HUP INT QUIT TERM USR1 USR2 PIPE ALRM CHLD; do kill -$s $PPID; done; sleep 0.05; exit 8");
	cr_assert(process.end == END_OWN && process.exited && process.status == 8);
	process_free(&process);
	keeper_end(keeper);
}

Test(keeper, a_binary_that_is_no_keeper_is_refused)
{
	static const char *const selves[] = {"/bin/true", "/no/such/binary"};

	for (size_t i = 0; i < 2; i++) {
		const struct keeper_options options = {.self = selves[i]};
		struct diag diag;

		cr_assert_null(keeper_start(&options, &diag));
		cr_assert_str_eq(diag.file, selves[i]);
		cr_assert_str_eq(diag.message, "does not start as a keeper");
	}
}

/* We are lost */

/* In a child: two slots that run, and nothing else. */
static void
be_killed(const char *root)
{
	const struct keeper_options options = {.root = root, .watch = true};
	struct process one, two;
	struct diag diag;

	if (!start(&one, keeper_start(&options, &diag),
	           "echo $$ > new1; mv new1 one; trap '' TERM; sleep 1000") ||
	    !start(
			&two, keeper_start(&options, &diag),
			"(setsid sh -c 'echo $$ > new2; mv new2 two; while :; do echo > root/$$; sleep 0.01; done' &); "
			"sleep 1000"))
		_exit(1);
	for (;;)
		pause();
}

Test(keeper, when_we_are_killed_it_takes_the_tree_and_the_root_with_it)
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

Test(keeper, when_it_is_told_to_leave_the_root_stays)
{
	const struct keeper_options options = {.root = directory, .watch = true};
	struct diag diag;
	struct process process;
	struct keeper *keeper = keeper_start(&options, &diag);

	run(&process, keeper, "echo > here");
	process_free(&process);
	keeper_end(keeper);
	cr_assert_eq(access(directory, F_OK), 0);
}

/* orders */

/* A keeper in a child, without exec; our end of its socket. */
static int
make_bare(pid_t *pid)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	*pid = fork_bound();
	if (*pid == 0) {
		close(ends[0]);
		_exit(keeper_run(ends[1]));
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

Test(keeper, it_keeps_nothing_but_its_own_kind_of_socket)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	cr_assert_eq(keeper_run(ends[0]), 2);
	cr_assert_eq(keeper_run(99), 2);
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(keeper_run(ends[0]), 2);
}

Test(keeper, an_order_that_is_none_makes_it_leave)
{
	const struct keeper_order torn = {.kind = ORDER_RUN, .arguments = 3};

	for (unsigned i = 0; i < 3; i++) {
		static const size_t length[] = {1, sizeof torn - 1, sizeof torn};
		pid_t pid;
		int socket = make_bare(&pid);

		cr_assert_eq(send(socket, &torn, length[i], 0), (ssize_t)length[i]);
		expect_exit(pid, 0);
		close(socket);
	}
}

Test(keeper, an_end_of_what_is_over_is_passed_over)
{
	const struct keeper_order stop = {.kind = ORDER_END, .end = END_ASKED}, set_up = {.watch = true};
	struct keeper_report report;
	pid_t pid;
	int socket = make_bare(&pid);

	cr_assert_gt(send(socket, &stop, sizeof stop, 0), 0);
	cr_assert_gt(send(socket, &set_up, sizeof set_up, 0), 0);
	cr_assert_geq(recv(socket, &report, sizeof report, 0), (ssize_t)sizeof report);
	cr_assert_eq(report.kind, REPORT_READY);
	close(socket);
	expect_exit(pid, 0);
}
