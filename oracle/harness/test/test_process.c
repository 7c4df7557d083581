/* process: how programs end, their limits, what they are given, what they write and read, and that nothing of
 * them is left. A test waits until something is so, and fails only when it is not for a very long time. */
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "lane.h"
#include "process.h"
#include "tree.h"

enum { LONG = 60 /* seconds: for what takes none unless something is wrong */ };

#define MIB ((uint64_t)1 << 20)

/* Holds so many MiB until it is ended. */
#define HOLD(size) "(head -c " size "M /dev/zero; sleep 60) | tail >&2"

/* Forked twice, in a session of its own, its parent gone. */
#define ORPHAN_TWICE                                                                 \
	"(setsid sh -c 'sh -c \"echo \\$\\$ > at; exec sleep 1000\" & sleep 0.05' &) ; " \
	"until [ -s at ]; do sleep 0.01; done; cat at; sleep 0.1"

static char directory[] = "/tmp/lockdrill-test-XXXXXX";
static struct lane *suite_lane;

static struct lane *
make_lane(const struct lane_options *options)
{
	struct diag diag;
	struct lane *made = lane_start(options, &diag);

	cr_assert_not_null(made, "%s: %s", diag.file, diag.message);
	return made;
}

static void
begin(void)
{
	const struct lane_options options = {.watch = true};

	signal(SIGPIPE, SIG_IGN);
	cr_assert_not_null(mkdtemp(directory));
	suite_lane = make_lane(&options);
}

static void
end(void)
{
	lane_end(suite_lane);
	cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "a child is left");
	cr_expect(tree_remove(directory));
}

TestSuite(process, .init = begin, .fini = end, .timeout = 2 * LONG);

static void
pause_a_little(void)
{
	const struct timespec pause = {0, 5000000};

	nanosleep(&pause, NULL);
}

static void
start_in(struct lane *lane, struct process *process, const char *script, struct process_limits limits,
         bool talks)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	const struct process_command command = {
		.argv = argv, .directory = directory, .limits = limits, .talks = talks};

	cr_assert(process_start(process, lane, &command), "%s", strerror(errno));
	cr_assert(process->runs && process->pid > 0 && !lane_is_free(lane));
}

/* Waits for the end. */
static void
await(struct process *process)
{
	double until = clock_now() + LONG;
	unsigned which = 99;

	while (process->runs && clock_now() < until)
		process_wait(&process, 1, 1000, &which);
	cr_assert(!process->runs, "it does not end");
	cr_assert(process->in == -1 && process->out == -1 && process->err == -1 && !process->lane);
}

static void
run_in(struct lane *lane, struct process *process, const char *script, struct process_limits limits)
{
	start_in(lane, process, script, limits, false);
	await(process);
}

/* A shell script, to its end, in the suite's lane. */
static void
run(struct process *process, const char *script, double seconds, size_t output)
{
	run_in(suite_lane, process, script, (struct process_limits){.seconds = seconds, .output = output});
}

/* All numbers that were printed are of processes that there are no more. */
static void
expect_all_gone(const struct buf *text, unsigned count)
{
	unsigned found = 0;

	for (const char *at = buf_string(text); *at; at += strcspn(at, " \n"), at += strspn(at, " \n"), found++) {
		pid_t pid = (pid_t)atoi(at);

		cr_assert_gt(pid, 1, "'%s'", at);
		cr_assert(kill(pid, 0) < 0 && errno == ESRCH, "%d lives on", (int)pid);
	}
	cr_assert_eq(found, count, "'%s'", buf_string(text));
}

/* ends */

Test(process, exit_status_and_both_outputs_are_kept_apart)
{
	struct process process;

	run(&process, "echo out; echo err >&2; exit 7", LONG, 1000);
	cr_assert(process.exited && process.status == 7 && process.end == END_OWN);
	cr_assert_str_eq(buf_string(&process.stdout_text), "out\n");
	cr_assert_str_eq(buf_string(&process.stderr_text), "err\n");
	cr_assert_eq(process.output_bytes, 8);
	cr_assert(process.seconds > 0 && process.cpu < LONG && process.memory > 0);
	cr_assert(lane_is_free(suite_lane));
	process_free(&process);
}

Test(process, every_signal_is_told_and_is_no_exit)
{
	static const int numbers[] = {SIGSEGV, SIGABRT, SIGKILL, SIGTERM, SIGPIPE, SIGHUP, SIGXCPU};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct process process;
		char script[30];

		snprintf(script, sizeof script, "kill -%d $$", numbers[i]);
		run(&process, script, LONG, 1000);
		cr_assert(!process.exited && process.end == END_OWN);
		cr_assert_eq(process.status, numbers[i]);
		process_free(&process);
	}
}

Test(process, what_ignores_term_is_ended_at_its_deadline_with_its_children)
{
	struct process process;

	run(&process,
	    "trap '' TERM; for i in 1 2 3; do sh -c 'echo $$; while :; do sleep 0.05; done' & done; echo $$; wait",
	    0.3, 1000);
	cr_assert(process.end == END_SECONDS && !process.exited);
	cr_assert_eq(process.status, SIGKILL);
	cr_assert_geq(process.seconds, 0.3);
	expect_all_gone(&process.stdout_text, 4);
	process_free(&process);
}

Test(process, term_comes_first_also_to_what_is_stopped)
{
	struct process process;

	run(&process, "trap 'echo ended; exit 3' TERM; echo on; while :; do sleep 0.01; done", 0.3, 1000);
	cr_assert(process.end == END_SECONDS && process.exited && process.status == 3);
	cr_assert_str_eq(buf_string(&process.stdout_text), "on\nended\n");
	process_free(&process);
	run(&process, "kill -STOP $$", 0.3, 1000);
	cr_assert(process.end == END_SECONDS && !process.exited && process.status == SIGTERM);
	process_free(&process);
}

Test(process, an_orphan_that_holds_the_output_is_gone_and_does_not_hold_us)
{
	static const char *const scripts[] = {
		"sleep 1000 & echo $!",
		"setsid sh -c 'echo $$ > at; trap \"\" TERM; sleep 1000' & until [ -s at ]; do sleep 0.01; done; cat at",
		ORPHAN_TWICE,
	};

	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct process process;

		run(&process, scripts[i], LONG, 1000);
		cr_assert(process.exited && process.status == 0 && process.end == END_OWN, "%s", scripts[i]);
		expect_all_gone(&process.stdout_text, 1);
		process_free(&process);
	}
}

Test(process, a_crowd_is_gone)
{
	struct process process;

	run(&process, "for i in $(seq 100); do sleep 1000 & echo $!; done", LONG, 10000);
	cr_assert(process.exited && process.end == END_OWN);
	expect_all_gone(&process.stdout_text, 100);
	process_free(&process);
}

/* Each one forks the next and ends; with setsid not even a process group holds them together. */
Test(process, a_chain_of_orphans_is_caught)
{
	static const char *const hops[] = {"#!/bin/sh\ntrap '' TERM\n./hop &\n",
	                                   "#!/bin/sh\ntrap '' TERM\nsleep 0.02\nsetsid ./hop &\n"};

	for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
		struct process process;
		struct buf path = {0};

		buf_printf(&path, "%s/hop", directory);
		cr_assert(tree_write(path.data, hops[i], strlen(hops[i])));
		cr_assert_eq(chmod(path.data, 0700), 0);
		run(&process, "./hop; sleep 0.1; echo done", LONG, 1000);
		cr_assert(process.exited && process.end == END_OWN);
		cr_assert_str_eq(buf_string(&process.stdout_text), "done\n");
		process_free(&process);
		/* A link that were left would soon fail to find the next, and say so nowhere. */
		unlink(path.data);
		buf_free(&path);
	}
}

Test(process, one_that_is_killed_or_freed_takes_all_with_it)
{
	struct process process;
	struct buf path = {0}, text = {0};

	buf_printf(&path, "%s/pids", directory);
	start_in(suite_lane, &process, "sleep 1000 & echo $! $$ > new; mv new pids; wait",
	         (struct process_limits){.output = 1000}, false);
	while (access(path.data, R_OK))
		pause_a_little();
	process_kill(&process);
	cr_assert(!process.runs && !process.exited && process.status == SIGTERM && process.end == END_ASKED);
	cr_assert(buf_read_file(&text, path.data, 100));
	expect_all_gone(&text, 2);
	process_kill(&process);
	process_free(&process);
	process_free(&process);
	buf_free(&path);
	buf_free(&text);
}

Test(process, a_lane_that_is_ended_after_its_process_leaves_nothing)
{
	const struct lane_options options = {.watch = true};
	struct lane *other = make_lane(&options);
	struct process process;

	start_in(other, &process, "sleep 1000", (struct process_limits){.output = 1000}, false);
	process_kill(&process);
	cr_assert(!process.runs && process.end == END_ASKED);
	cr_assert(lane_is_free(other));
	lane_end(other);
	process_free(&process);
	lane_end(NULL);
}

/* limits */

Test(process, a_flood_is_stopped_on_either_output_and_no_more_than_the_limit_is_kept)
{
	static const char *const scripts[] = {"yes", "yes >&2", "trap '' TERM PIPE; while :; do yes; done",
	                                      "yes & yes >&2"};

	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct process process;

		run(&process, scripts[i], LONG, 4096);
		cr_assert_eq(process.end, END_OUTPUT);
		cr_assert_eq(process.stdout_text.len + process.stderr_text.len, 4096);
		cr_assert(process.output_bytes > 4096 && process.output_bytes < MIB);
		process_free(&process);
	}
}

Test(process, output_up_to_the_limit_is_no_flood)
{
	struct process process;

	run(&process, "printf 12345678", LONG, 8);
	cr_assert(process.exited && process.end == END_OWN && process.stdout_text.len == 8);
	process_free(&process);
	run(&process, "printf 123456789", LONG, 8);
	cr_assert(process.end == END_OUTPUT && process.output_bytes == 9);
	cr_assert_str_eq(buf_string(&process.stdout_text), "12345678");
	process_free(&process);
}

Test(process, processor_time_is_that_of_the_whole_tree)
{
	static const char *const scripts[] = {
		"while :; do :; done",
		"while :; do :; done & while :; do :; done & wait",
		/* each child is short, and waited for */
		"while :; do sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; done",
		/* and nobody's */
		"while :; do (setsid sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done' &); sleep 0.02; done",
	};

	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct process process;

		run_in(suite_lane, &process, scripts[i],
		       (struct process_limits){.seconds = LONG, .cpu = 0.3, .output = 1000});
		cr_assert_eq(process.end, END_CPU, "%zu: %d", i, process.end);
		cr_assert(process.cpu > 0.2 && process.cpu < LONG, "%f s", process.cpu);
		process_free(&process);
	}
}

Test(process, sleeping_takes_no_processor_time)
{
	struct process process;

	run_in(suite_lane, &process, "sleep 0.5", (struct process_limits){LONG, 0.4, 1000, 0});
	cr_assert(process.end == END_OWN && process.exited && process.seconds >= 0.5);
	process_free(&process);
}

/* Three that hold 30 MiB each at the same time. */
static const char hold_together[] =
	"hold() { (head -c 30M /dev/zero; echo > held$1; until [ -e go ]; do sleep 0.01; done) | tail | wc -c; }\n"
	"hold 1 & hold 2 & hold 3 &\n"
	"until [ -e held1 ] && [ -e held2 ] && [ -e held3 ]; do sleep 0.01; done; echo > go; wait";

/* What eats memory is ended, and what stays below the limit is not. */
static void
try_memory(struct lane *lane)
{
	static const char *const hungry[] = {"tail /dev/zero", "tail /dev/zero; exit 0",
	                                     HOLD("30") " & " HOLD("30") " & " HOLD("30") "; wait"};
	const struct process_limits limits = {.seconds = LONG, .output = 1000, .memory = 64 * MIB};
	struct process process;

	for (size_t i = 0; i < sizeof hungry / sizeof *hungry; i++) {
		run_in(lane, &process, hungry[i], limits);
		cr_assert_eq(process.end, END_MEMORY, "%s: %s: %d", lane_memory_by(lane), hungry[i], process.end);
		cr_assert_gt(process.memory, 16 * MIB);
		process_free(&process);
		run_in(lane, &process, "head -c 30M /dev/zero | tail | wc -c", limits);
		cr_assert(process.end == END_OWN && process.exited && !process.status, "%s: %d", lane_memory_by(lane),
		          process.end);
		cr_assert(process.memory > 25 * MIB && process.memory < 64 * MIB, "%llu",
		          (unsigned long long)process.memory);
		process_free(&process);
		run_in(lane, &process, ":", limits);
		cr_assert(process.end == END_OWN && process.memory < 25 * MIB);
		process_free(&process);
	}
}

Test(process, memory_is_watched)
{
	cr_assert_str_eq(lane_memory_by(suite_lane), "watch");
	try_memory(suite_lane);
}

/* What is seen only by a cgroup: the peak of all together, and files in memory, which outlive a program. */
static void
try_cgroup(struct lane *lane)
{
	const struct process_limits limits = {.seconds = LONG, .output = 1000, .memory = 64 * MIB};
	struct buf script = {0}, file = {0};
	struct process process;

	try_memory(lane);
	run_in(lane, &process, hold_together, (struct process_limits){.seconds = LONG, .output = 1000});
	cr_assert(process.end == END_OWN && process.exited && !process.status);
	cr_assert(process.memory > 80 * MIB && process.memory < 160 * MIB, "%llu",
	          (unsigned long long)process.memory);
	process_free(&process);

	buf_printf(&file, "/dev/shm/%s", strrchr(directory, '/') + 1);
	buf_printf(&script, "head -c 100M /dev/zero > %s; exit 0", file.data);
	run_in(lane, &process, script.data, limits);
	cr_assert(process.end == END_MEMORY || access(file.data, F_OK), "%d", process.end);
	process_free(&process);
	run_in(lane, &process, "echo well", limits);
	unlink(file.data);
	cr_assert(process.end == END_OWN && process.exited && !process.status);
	process_free(&process);
	buf_free(&script);
	buf_free(&file);
}

Test(process, memory_is_limited_by_a_cgroup_where_one_can_be_made)
{
	const struct lane_options options = {.watch = false};
	struct lane *other = make_lane(&options);

	if (strcmp(lane_memory_by(other), "cgroup"))
		cr_log_info("no cgroup can be made here: memory is only watched");
	else
		try_cgroup(other);
	lane_end(other);
}

/* Where we may have them at all. */
Test(process, there_are_no_core_dumps)
{
	const struct lane_options options = {.watch = true};
	struct rlimit cores;
	struct lane *other;
	struct process process;

	getrlimit(RLIMIT_CORE, &cores);
	cores.rlim_cur = cores.rlim_max;
	setrlimit(RLIMIT_CORE, &cores);
	other = make_lane(&options);
	run_in(other, &process, "ulimit -c", (struct process_limits){.output = 1000});
	cr_assert_str_eq(buf_string(&process.stdout_text), "0\n");
	process_free(&process);
	lane_end(other);
}

/* beginnings */

Test(process, what_cannot_be_started_is_told_at_once)
{
	struct buf script = {0}, garbage = {0}, plain = {0};

	buf_printf(&script, "%s/script", directory);
	buf_printf(&garbage, "%s/garbage", directory);
	buf_printf(&plain, "%s/plain", directory);
	cr_assert(tree_write(script.data, "#!/no/such/interpreter\n", 23) && !chmod(script.data, 0700));
	cr_assert(tree_write(garbage.data, "\1\2\3\4", 4) && !chmod(garbage.data, 0700));
	cr_assert(tree_write(plain.data, "x", 1) && !chmod(plain.data, 0600));
	const struct {
		const char *program, *directory;
		int error;
	} trials[] = {
		{"/no/such/program", directory, ENOENT}, {script.data, directory, ENOENT},
		{garbage.data, directory, ENOEXEC},      {plain.data, directory, EACCES},
		{directory, directory, EACCES},          {"/bin/sh", "/no/such/directory", ENOENT},
		{"/bin/sh", "/bin/sh", ENOTDIR},
	};

	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		const char *const argv[] = {trials[i].program, NULL};
		const struct process_command command = {
			.argv = argv, .directory = trials[i].directory, .limits = {.output = 1000}};
		struct process process;

		errno = 0;
		cr_assert_not(process_start(&process, suite_lane, &command));
		cr_assert_eq(errno, trials[i].error, "%s: %s", trials[i].program, strerror(errno));
		cr_assert(!process.runs && lane_is_free(suite_lane));
		process_free(&process);
	}
	buf_free(&script);
	buf_free(&garbage);
	buf_free(&plain);
}

Test(process, the_environment_is_as_promised_and_nothing_is_read)
{
	const char *const argv[] = {"/usr/bin/env", NULL};
	const struct process_command command = {
		.argv = argv, .directory = directory, .limits = {.output = 10000}};
	struct process process;
	struct buf expected = {0};

	setenv("LOCKDRILL_SECRET", "x", 1);
	cr_assert(process_start(&process, suite_lane, &command));
	await(&process);
	buf_printf(&expected, "PATH=%s\nHOME=%s\nTMPDIR=%s\nLC_ALL=C\nTZ=UTC\n", getenv("PATH"), directory,
	           directory);
	cr_assert_str_eq(buf_string(&process.stdout_text), expected.data);
	process_free(&process);
	run(&process, "[ . -ef $HOME ] && echo here; cat; [ -c /dev/stdin ] && echo null", LONG, 1000);
	cr_assert_str_eq(buf_string(&process.stdout_text), "here\nnull\n");
	process_free(&process);
	buf_free(&expected);
}

Test(process, signals_that_we_ignore_or_block_are_not_the_programs)
{
	const char *const argv[] = {"/bin/grep", "-E", "Sig(Ign|Blk)", "/proc/self/status", NULL};
	const struct process_command command = {.argv = argv, .directory = directory, .limits = {.output = 1000}};
	struct process process;
	const struct lane_options options = {.watch = true};
	const unsigned long long own = 3ULL << 31; /* 32 and 33 are the C library's own */
	unsigned long long blocked, ignored;
	struct lane *other;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGINT, SIG_IGN);
	other = make_lane(&options);
	cr_assert(process_start(&process, other, &command));
	await(&process);
	cr_assert_eq(sscanf(buf_string(&process.stdout_text), "SigBlk: %llx SigIgn: %llx", &blocked, &ignored),
	             2);
	cr_assert(!(blocked & ~own) && !(ignored & ~own), "%llx %llx", blocked, ignored);
	process_free(&process);
	lane_end(other);
}

Test(process, a_program_may_remove_its_directory)
{
	struct process process;

	run(&process, "rm -rf \"$HOME\"; echo gone", LONG, 1000);
	cr_assert(process.exited && process.status == 0);
	cr_assert_str_eq(buf_string(&process.stdout_text), "gone\n");
	process_free(&process);
}

/* `ls` opens the directory that it lists. */
Test(process, no_descriptor_of_ours_is_left_open_in_a_program_or_here)
{
	int held = dup(0), before = dup(0), after; /* without CLOEXEC */
	struct process process;

	close(before);
	run(&process, "ls /proc/self/fd", LONG, 1000);
	cr_assert_str_eq(buf_string(&process.stdout_text), "0\n1\n2\n3\n");
	process_free(&process);
	start_in(suite_lane, &process, "ls /proc/self/fd", (struct process_limits){.output = 1000}, true);
	await(&process);
	process_free(&process);
	after = dup(0);
	close(after);
	close(held);
	cr_assert_eq(before, after);
}

/* waiting and talking */

Test(process, the_first_that_ends_is_the_one_named)
{
	const struct lane_options options = {.watch = true};
	const struct process_limits limits = {.seconds = LONG, .output = 1000};
	struct lane *other = make_lane(&options);
	struct process one, two, *const both[] = {&one, &two};
	double until = clock_now() + LONG;
	unsigned which = 99;

	start_in(suite_lane, &one, "sleep 1000", limits, false);
	start_in(other, &two, "exit 3", limits, false);
	while (!process_wait(both, 2, 100, &which))
		cr_assert_lt(clock_now(), until);
	cr_assert(which == 1 && !two.runs && two.status == 3);
	cr_assert_not(process_wait(both, 2, 20, &which));
	process_kill(&one);
	cr_assert_not(process_wait(both, 2, 20, &which), "none runs");
	process_free(&one);
	process_free(&two);
	lane_end(other);
}

/* Waits until it has said `text`, and takes that. */
static void
expect_said(struct process *process, const char *text)
{
	double until = clock_now() + LONG;
	unsigned which = 99;

	while (process->runs && process->stdout_text.len < strlen(text) && clock_now() < until)
		if (process_wait(&process, 1, 1000, &which))
			cr_assert(which == 0 && process->unread_since <= 0);
	cr_assert_str_eq(buf_string(&process->stdout_text), text);
	buf_clear(&process->stdout_text);
	process->output_bytes = 0;
}

Test(process, one_that_talks_is_told_and_heard_until_we_hang_up)
{
	struct process process, *const all[] = {&process};
	unsigned which;

	start_in(suite_lane, &process, "while read line; do echo \"<$line>\"; done; echo end; exit 4",
	         (struct process_limits){.output = 20}, true);
	for (unsigned i = 0; i < 5; i++) { /* all together are more than the limit */
		process_write(&process, "hello\n", 6);
		expect_said(&process, "<hello>\n");
		cr_assert_not(process_wait(all, 1, 20, &which), "told twice");
	}
	process_close_input(&process);
	await(&process);
	cr_assert(process.end == END_OWN && process.exited && process.status == 4);
	cr_assert_str_eq(buf_string(&process.stdout_text), "end\n");
	process_write(&process, "hello?\n", 7);
	process_free(&process);
}

/* More than two pipes hold: neither waits for the other for ever. */
Test(process, much_can_be_told)
{
	const size_t length = 4 * MIB; /* a pipe for what is printed has room for one */
	struct process process;
	struct buf text = {0};

	for (size_t i = 0; i < length; i++)
		buf_putc(&text, "0123456789\n"[i % 11]);
	start_in(suite_lane, &process, "cat", (struct process_limits){.output = 2 * length}, true);
	process_write(&process, text.data, text.len);
	cr_assert_gt(process.unwritten.len, 0);
	process_close_input(&process);
	await(&process);
	cr_assert(process.exited && process.stdout_text.len == length);
	cr_assert(!memcmp(process.stdout_text.data, text.data, length));
	process_free(&process);
	buf_free(&text);
}

Test(process, who_does_not_listen_is_no_harm)
{
	struct process process, *const all[] = {&process};
	struct buf text = {0};
	double until = clock_now() + LONG;
	unsigned which;

	start_in(suite_lane, &process, "exec <&-; echo closed; sleep 0.1; echo on; sleep 1000",
	         (struct process_limits){.output = 100}, true);
	expect_said(&process, "closed\n");
	for (size_t i = 0; i < MIB; i++)
		buf_putc(&text, 'x');
	process_write(&process, text.data, text.len);
	while (process.in >= 0 && clock_now() < until)
		process_wait(all, 1, 100, &which);
	cr_assert_eq(process.in, -1);
	process_write(&process, text.data, text.len);
	expect_said(&process, "on\n");
	process_stop(&process, END_SECONDS);
	await(&process);
	cr_assert_eq(process.end, END_SECONDS);
	process_free(&process);
	buf_free(&text);
}

static void
await_input(int descriptor)
{
	struct pollfd polled = {descriptor, POLLIN, 0};

	cr_assert_eq(poll(&polled, 1, LONG * 1000), 1);
}

Test(process, none_that_talks_much_hides_another)
{
	const struct lane_options options = {.watch = true};
	const struct process_limits limits = {.output = 1 << 30};
	struct lane *other = make_lane(&options);
	struct process one, two, *const both[] = {&one, &two};
	unsigned which = 99;

	start_in(suite_lane, &one, "yes", limits, true);
	start_in(other, &two, "echo here; sleep 1000", limits, true);
	await_input(one.out);
	await_input(two.out);
	cr_assert(process_wait(both, 2, 1000, &which) && which == 0);
	await_input(one.out); /* there is more of it already, and it was named first */
	cr_assert(process_wait(both, 2, 1000, &which) && which == 1);
	cr_assert_str_eq(buf_string(&two.stdout_text), "here\n");
	cr_assert(process_wait(both, 2, 1000, &which) && which == 0);
	process_free(&one);
	process_free(&two);
	lane_end(other);
}

/* containment */

static struct lane *
contain(void)
{
	const struct lane_options options = {.root = directory, .containment = CONTAIN_BUBBLEWRAP, .watch = true};
	struct buf version = {0};
	struct diag diag;
	bool works = containment_works(&version, &diag);

	if (works)
		cr_assert(strstr(buf_string(&version), "bubblewrap"), "'%s'", buf_string(&version));
	else
		cr_log_info("no containment here: %s: %s", diag.file, diag.message);
	buf_free(&version);
	return works ? make_lane(&options) : NULL;
}

Test(process, a_contained_program_sees_no_network_and_writes_nothing_beside_its_directory)
{
	struct lane *other = contain();
	struct buf path = {0}, script = {0};
	struct process process;

	if (!other)
		return;
	buf_printf(&path, "%s/own", directory);
	cr_assert_eq(mkdir(path.data, 0700), 0);
	buf_printf(
		&script,
		"tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; echo yes > mine; cat mine; "
		"for d in / /usr /var/tmp %s; do echo x > $d/lockdrill-x && echo bad; done 2>&-; "
		"echo x > /tmp/x && cat /tmp/x; [ $(ls -d /proc/[0-9]* | wc -l) -lt 10 ] && echo alone; exit 5",
		directory);
	const char *const argv[] = {"/bin/sh", "-c", script.data, NULL}, *const env[] = {"/usr/bin/env", NULL};
	struct process_command command = {.argv = argv, .directory = path.data, .limits = {LONG, 0, 1000, 0}};

	cr_assert(process_start(&process, other, &command));
	await(&process);
	cr_assert_str_eq(buf_string(&process.stdout_text), "lo\nyes\nx\nalone\n", "'%s' '%s'",
	                 buf_string(&process.stdout_text), buf_string(&process.stderr_text));
	cr_assert(process.exited && process.status == 5);
	process_free(&process);
	command.argv = env;
	cr_assert(process_start(&process, other, &command));
	await(&process);
	buf_clear(&script);
	buf_printf(&script, "PATH=%s\nHOME=%s\nTMPDIR=%s\nLC_ALL=C\nTZ=UTC\nPWD=%s\n", getenv("PATH"), path.data,
	           path.data, path.data);
	cr_assert_str_eq(buf_string(&process.stdout_text), script.data);
	process_free(&process);
	lane_end(other);
	buf_free(&path);
	buf_free(&script);
}

Test(process, containment_changes_nothing_of_how_a_program_ends)
{
	struct lane *other = contain();
	const char *const missing[] = {"/no/such/program", NULL};
	struct process_command command = {.argv = missing, .directory = directory, .limits = {.output = 1000}};
	struct process process;

	if (!other)
		return;
	run_in(other, &process, "kill -SEGV $$", (struct process_limits){LONG, 0, 1000, 0});
	cr_assert(!process.exited && process.status == SIGSEGV && process.end == END_OWN);
	process_free(&process);
	run_in(other, &process, "trap 'echo ended; exit 3' TERM; echo on; while :; do sleep 0.01; done",
	       (struct process_limits){0.5, 0, 1000, 0});
	cr_assert(process.end == END_SECONDS && process.exited && process.status == 3);
	cr_assert_str_eq(buf_string(&process.stdout_text), "on\nended\n");
	process_free(&process);
	run_in(other, &process, "trap '' TERM; setsid sleep 1000 & while :; do sleep 0.01; done",
	       (struct process_limits){0.5, 0, 1000, 0});
	cr_assert(process.end == END_SECONDS && !process.exited && process.status == SIGKILL);
	process_free(&process);
	run_in(other, &process, "tail /dev/zero", (struct process_limits){LONG, 0, 1000, 64 * MIB});
	cr_assert_eq(process.end, END_MEMORY);
	process_free(&process);
	cr_assert_not(process_start(&process, other, &command));
	cr_assert_eq(errno, ENOENT);
	command.directory = "/no/such/directory";
	cr_assert_not(process_start(&process, other, &command));
	cr_assert_eq(errno, ENOENT);
	process_free(&process);
	lane_end(other);
}
