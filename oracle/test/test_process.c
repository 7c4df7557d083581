/* process: how children end, their limits, what they are given, and that nothing they leave behind holds us
 * up. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "process.h"
#include "tree.h"

static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
}

TestSuite(process, .init = begin, .fini = end, .timeout = 20);

/* Runs a shell script to its end; at most ten seconds. */
static void
run(struct process *process, const char *script, double seconds, size_t output)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	const struct process_limits limits = {seconds, output};
	struct process *const all[] = {process};
	double until = process_now() + 10;
	unsigned ended = 99;

	cr_assert(process_start(process, argv, directory, &limits), "%s", strerror(errno));
	cr_assert_gt(process->pid, 0);
	while (!process_wait(all, 1, 100, &ended))
		cr_assert_lt(process_now(), until, "'%s' does not end", script);
	cr_assert_eq(ended, 0);
	cr_assert_eq(process->pid, 0);
}

Test(process, exit_status_and_both_outputs_are_kept_apart)
{
	struct process process;

	run(&process, "echo out; echo err >&2; exit 7", 5, 1000);
	cr_assert(process.exited && process.status == 7 && !process.timed_out && !process.flooded);
	cr_assert_str_eq(buf_string(&process.stdout_text), "out\n");
	cr_assert_str_eq(buf_string(&process.stderr_text), "err\n");
	process_free(&process);
}

Test(process, a_signal_is_no_exit)
{
	struct process process;

	run(&process, "kill -SEGV $$", 5, 1000);
	cr_assert_not(process.exited);
	cr_assert_eq(process.status, SIGSEGV);
	cr_assert_not(process.timed_out);
	process_free(&process);
}

Test(process, a_child_that_ignores_term_is_ended_at_its_deadline)
{
	struct process process;

	run(&process, "trap '' TERM; while :; do sleep 0.05; done", 0.3, 1000);
	cr_assert(process.timed_out && !process.exited);
	cr_assert_eq(process.status, SIGKILL);
	cr_assert(process.seconds >= 0.3 && process.seconds < 3, "%f s", process.seconds);
	process_free(&process);
}

Test(process, an_orphan_that_holds_the_output_does_not_hold_us)
{
	static const char *const scripts[] = {"sleep 5 & echo done", "setsid sleep 3 & echo done"};

	for (unsigned i = 0; i < 2; i++) {
		struct process process;

		run(&process, scripts[i], 8, 1000);
		cr_assert(process.exited && process.status == 0 && !process.timed_out);
		cr_assert_str_eq(buf_string(&process.stdout_text), "done\n");
		cr_assert_lt(process.seconds, 2, "%s: %f s", scripts[i], process.seconds);
		process_free(&process);
	}
}

Test(process, the_whole_group_is_ended)
{
	const struct timespec pause = {0, 10000000};
	struct process process;
	pid_t orphan;

	run(&process, "sleep 30 & echo $!", 8, 1000);
	orphan = (pid_t)atoi(buf_string(&process.stdout_text));
	cr_assert_gt(orphan, 1);
	for (unsigned i = 0; i < 100 && !kill(orphan, 0); i++) {
		struct buf status = {0};
		char path[64];
		bool is_dead;

		snprintf(path, sizeof path, "/proc/%d/stat", (int)orphan);
		is_dead = !buf_read_file(&status, path, 4096) || strstr(buf_string(&status), ") Z ");
		buf_free(&status);
		if (is_dead)
			break;
		cr_assert_lt(i, 99, "the orphan lives on");
		nanosleep(&pause, NULL);
	}
	process_free(&process);
}

Test(process, a_flood_is_stopped_on_either_output)
{
	static const char *const scripts[] = {"yes", "yes >&2"};

	for (unsigned i = 0; i < 2; i++) {
		struct process process;

		run(&process, scripts[i], 8, 4096);
		cr_assert(process.flooded && !process.timed_out);
		cr_assert_lt(process.stdout_text.len + process.stderr_text.len, 1U << 20);
		cr_assert_lt(process.seconds, 3);
		process_free(&process);
	}
}

Test(process, output_up_to_the_limit_is_no_flood)
{
	struct process process;

	run(&process, "printf 12345678", 5, 8);
	cr_assert(process.exited && !process.flooded && process.stdout_text.len == 8);
	process_free(&process);
	run(&process, "printf 123456789", 5, 8);
	cr_assert(process.flooded);
	process_free(&process);
}

Test(process, a_missing_program_or_directory_is_told_at_once)
{
	const char *const missing[] = {"/no/such/program", NULL}, *const sh[] = {"/bin/sh", NULL};
	const struct process_limits limits = {5, 1000};
	struct process process;

	errno = 0;
	cr_assert_not(process_start(&process, missing, directory, &limits));
	cr_assert_eq(errno, ENOENT);
	cr_assert_eq(process.pid, 0);
	process_free(&process);
	errno = 0;
	cr_assert_not(process_start(&process, sh, "/no/such/directory", &limits));
	cr_assert_eq(errno, ENOENT);
	process_free(&process);
}

Test(process, a_child_is_at_home_in_its_directory_with_nothing_to_read)
{
	struct process process;
	struct buf expected = {0};

	setenv("LOCKDRILL_SECRET", "x", 1);
	run(&process,
	    "echo $HOME $TMPDIR; [ . -ef $HOME ] && echo here; echo $LC_ALL; echo \"[$(cat)$LOCKDRILL_SECRET]\"",
	    5, 1000);
	buf_printf(&expected, "%s %s\nhere\nC\n[]\n", directory, directory);
	cr_assert_str_eq(buf_string(&process.stdout_text), expected.data);
	buf_free(&expected);
	process_free(&process);
}

Test(process, no_descriptor_of_ours_is_left_open_in_a_child_or_here)
{
	struct process process;
	int before = dup(0), after;

	close(before);
	run(&process, "for fd in /proc/self/fd/*; do echo ${fd##*/}; done", 5, 1000);
	process_free(&process);
	after = dup(0);
	close(after);
	cr_assert_eq(before, after);
}

Test(process, the_first_that_ends_is_the_one_named)
{
	const char *const slow[] = {"/bin/sh", "-c", "sleep 5", NULL}, *const fast[] = {"/bin/sh", "-c", "exit 3",
	                                                                                NULL};
	const struct process_limits limits = {8, 1000};
	struct process one, two, *const both[] = {&one, &two};
	double began = process_now();
	unsigned ended = 99;

	cr_assert(process_start(&one, slow, directory, &limits));
	cr_assert(process_start(&two, fast, directory, &limits));
	while (!process_wait(both, 2, 100, &ended))
		cr_assert_lt(process_now(), began + 4);
	cr_assert_eq(ended, 1);
	cr_assert_eq(two.status, 3);
	cr_assert_not(process_wait(both, 2, 50, &ended));
	process_kill(&one);
	cr_assert(one.pid == 0 && !one.exited && one.status == SIGTERM);
	process_kill(&one);
	process_free(&one);
	process_free(&two);
	cr_assert_lt(process_now() - began, 3);
}
