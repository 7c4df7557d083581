/* spool: what goes in comes out, as often as one likes; a file that cannot be made or written is named. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "level.h"
#include "spool.h"

static struct level level;

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	buf_free(&dispute);
}

static void
end(void)
{
	level_free(&level);
}

TestSuite(spool, .init = begin, .fini = end);

static void
expect_cases(struct spool *spool)
{
	const struct suite_case *of;
	struct diag diag = {0};

	cr_assert(spool_rewind(spool, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *was = &level.cases[i];

		cr_assert(spool_next(spool, &of, &diag) && of, "case %u: %s", i, diag.message);
		cr_assert_eq(of->number, was->number);
		cr_assert_eq(of->twin, was->twin);
		cr_assert_eq(of->rule, was->rule);
		cr_assert_eq(of->role, was->role);
		cr_assert_str_eq(of->id, was->id);
		cr_assert_eq(of->seq.count, was->seq.count);
		cr_assert_eq(of->seq.size, was->seq.size);
		cr_assert_arr_eq(of->seq.node, was->seq.node, was->seq.count * sizeof *was->seq.node);
		cr_assert_arr_eq(of->shapes.choice, was->shapes.choice, sizeof was->shapes.choice);
	}
	for (unsigned i = 0; i < 2; i++)
		cr_assert(spool_next(spool, &of, &diag) && !of, "there is no more behind the last");
}

Test(spool, gives_what_it_was_given_as_often_as_it_is_asked)
{
	struct diag diag = {0};
	struct spool *spool = spool_open(level.rule, level.rules, &diag);

	cr_assert_not_null(spool, "%s", diag.message);
	cr_assert(spool_add(spool, level.cases, 3, &diag), "%s", diag.message);
	cr_assert(spool_add(spool, level.cases + 3, level.count - 3, &diag), "%s", diag.message);
	expect_cases(spool);
	expect_cases(spool);
	spool_free(spool);
}

Test(spool, a_directory_that_is_missing_is_named)
{
	struct diag diag = {0};

	setenv("TMPDIR", "/tmp/lockdrill-no-such-directory", 1);
	cr_assert_null(spool_open(level.rule, level.rules, &diag));
	cr_assert_eq(strncmp(diag.file, "/tmp/lockdrill-no-such-directory/", 33), 0, "%s", diag.file);
	cr_assert(strstr(diag.message, "No such file"), "%s", diag.message);
}

/* In a process of its own, for the limit is that of all its files. */
static int
fill(void)
{
	struct rlimit most = {100000, 100000};
	struct diag diag = {0};
	struct spool *spool = spool_open(level.rule, level.rules, &diag);
	bool ok = spool != NULL;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &most);
	for (unsigned i = 0; ok && i < 100; i++)
		ok = spool_add(spool, level.cases, level.count, &diag);
	spool_free(spool);
	return ok ? 1 : strstr(diag.message, "cannot keep cases: File too large") ? 0 : 2;
}

Test(spool, what_cannot_be_written_is_told)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(fill());
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status));
	cr_assert_eq(WEXITSTATUS(status), 0, "%d", WEXITSTATUS(status));
}
