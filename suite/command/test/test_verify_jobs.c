/* Judging that is shared between processes: what they count, and what is told of one that fails. */
#include <criterion/criterion.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "verify_jobs.h"

static struct truth_compiler compiler;
static struct truth truth;
static struct verify_done done = {.truth = &truth};
static struct buf dispute;
static struct diag diag;

/* Each process has judged one case more than the one before it. */
static bool
judge(struct verify_jobs *jobs, unsigned count, unsigned failing, int number)
{
	bool ok = true;

	truth = (struct truth){.compilers = 1, .compiler = &compiler};
	cr_assert(verify_jobs_begin(jobs, count, &diag));
	truth.cases = done.asked = jobs->job + 1;
	truth.hygiene[1].pass = jobs->job;
	if (jobs->job)
		memcpy(truth.hygiene[1].first, "abc", 4);
	compiler.cases = 10;
	if (failing && jobs->job == failing) {
		if (number)
			raise(number);
		diag_set(&diag, "here", 3, 0, "what is wrong");
		buf_printf(&dispute, "three verdicts");
		ok = false;
	}
	return verify_jobs_end(jobs, ok, &done, &dispute, &diag);
}

Test(verify_jobs, counts_are_added_up)
{
	struct verify_jobs jobs;

	cr_assert(judge(&jobs, 4, 0, 0));
	cr_expect_eq(truth.cases, 1 + 2 + 3 + 4);
	cr_expect_eq(done.asked, 10);
	cr_expect_eq(truth.hygiene[1].pass, 0 + 1 + 2 + 3);
	cr_expect_str_eq(truth.hygiene[1].first, "abc");
	cr_expect_eq(compiler.cases, 40);
}

Test(verify_jobs, one_process_needs_no_other)
{
	struct verify_jobs jobs;

	cr_assert(judge(&jobs, 1, 0, 0));
	cr_expect_eq(truth.cases, 1);
	cr_expect(verify_jobs_go_on(&jobs));
}

Test(verify_jobs, what_is_wrong_with_one_is_told)
{
	struct verify_jobs jobs;

	cr_assert_not(judge(&jobs, 3, 2, 0));
	cr_expect_str_eq(diag.message, "what is wrong");
	cr_expect_eq(diag.line, 3);
	cr_expect_str_eq(buf_string(&dispute), "three verdicts");
}

Test(verify_jobs, one_that_is_killed_has_failed)
{
	struct verify_jobs jobs;

	cr_assert_not(judge(&jobs, 3, 1, SIGKILL));
	cr_expect_str_eq(diag.message, "process 2 was ended by signal 9");
}

/* The first process need not come to its end before it hears of it; what still works is ended. */
Test(verify_jobs, a_failure_is_heard_of)
{
	struct verify_jobs jobs;

	cr_assert(verify_jobs_begin(&jobs, 3, &diag));
	if (jobs.job == 1)
		_exit(7);
	while (jobs.job == 2)
		pause();
	while (verify_jobs_go_on(&jobs))
		;
	cr_assert_not(verify_jobs_end(&jobs, true, &done, &dispute, &diag));
	cr_expect_str_eq(diag.message, "process 2 ended with status 7 and has told nothing");
	cr_expect_eq(jobs.other[2].process, 0);
}

/* Nobody judges on for a process that is no more. */
Test(verify_jobs, whose_first_is_gone_ends)
{
	struct verify_jobs jobs;

	cr_assert(verify_jobs_begin(&jobs, 2, &diag));
	if (jobs.job) {
		jobs.parent++;
		_exit(verify_jobs_go_on(&jobs) ? 1 : 0);
	}
	cr_assert_not(verify_jobs_end(&jobs, true, &done, &dispute, &diag));
	cr_expect_str_eq(diag.message, "process 2 ended with status 0 and has told nothing");
}
