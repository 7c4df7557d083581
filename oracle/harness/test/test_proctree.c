/* proctree: who descends from whom, by both of the kernel's ways of saying so. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "proctree.h"
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

TestSuite(proctree, .init = begin, .fini = end, .timeout = 60);

static void
put(const char *text, const char *format, int one, int two)
{
	struct buf path = {0}, name = {0};

	buf_printf(&path, "%s/%d", directory, one);
	mkdir(path.data, 0700);
	buf_puts(&path, "/task");
	mkdir(path.data, 0700);
	buf_printf(&path, "/%d", two);
	mkdir(path.data, 0700);
	buf_clear(&path);
	buf_printf(&path, "%s/%d%s", directory, one, format);
	cr_assert(tree_write(path.data, text, strlen(text)), "%s", path.data);
	buf_free(&path);
	buf_free(&name);
}

/* A process of 2.5 s and three pages; its name is there to mislead. */
static void
put_process(int pid, int parent, char state)
{
	struct buf text = {0};

	buf_printf(&text,
	           "%d (a) S 1 (x) %c %d %d 7 0 -1 4194304 84 0 0 0 100 50 75 25 20 0 1 0 1234 2707456 3 18446 1",
	           pid, state, parent, pid);
	put(text.data, "/stat", pid, pid);
	buf_free(&text);
}

/*   10 --- 20 --- 5 --- 99
 *      '-- 30 (dead)         and 40, 41 of others */
static void
put_family(void)
{
	put_process(10, 1, 'S');
	put_process(99, 5, 'R');
	put_process(5, 20, 'S');
	put_process(20, 10, 'S');
	put_process(30, 10, 'Z');
	put_process(40, 1, 'S');
	put_process(41, 40, 'S');
	put("garbage", "/stat", 50, 50);
	put("51 (short) S 10", "/stat", 51, 51);
}

static void
expect_family(void)
{
	static const struct {
		pid_t pid, parent;
		unsigned depth;
	} expected[] = {{20, 10, 1}, {30, 10, 1}, {5, 20, 2}, {99, 5, 3}};
	const double tick = (double)sysconf(_SC_CLK_TCK);
	struct proctree tree = {0};

	for (unsigned again = 0; again < 2; again++)
		proctree_read(&tree, directory, 10);
	cr_assert_eq(tree.count, 4);
	for (unsigned i = 0; i < 4; i++) {
		unsigned at = 0;

		while (at < 4 && tree.process[at].pid != expected[i].pid)
			at++;
		cr_assert_lt(at, 4, "%d is missing", (int)expected[i].pid);
		cr_assert_eq(tree.process[at].parent, expected[i].parent);
		cr_assert_eq(tree.process[at].depth, expected[i].depth);
		cr_assert_eq(tree.process[at].group, expected[i].pid);
		cr_assert_eq(tree.process[at].dead, expected[i].pid == 30);
		cr_assert_float_eq(tree.process[at].cpu, 250 / tick, 1e-9);
		cr_assert_eq(tree.process[at].resident, 3U * (uint64_t)sysconf(_SC_PAGESIZE));
	}
	cr_assert(tree.process[2].pid == 5 && tree.process[3].pid == 99, "parents stand before children");
	proctree_free(&tree);
}

Test(proctree, all_processes_are_searched_where_the_kernel_lists_no_children)
{
	put_family();
	expect_family();
}

/* A process's children stand with the thread that forked them. */
Test(proctree, children_are_followed_where_the_kernel_lists_them)
{
	put_family();
	put("20 ", "/task/10/children", 10, 10);
	put("30 40000 ", "/task/11/children", 10, 11); /* one has ended meanwhile */
	put("5 20 ", "/task/20/children", 20, 20);     /* and one changed its parent */
	put("99 ", "/task/5/children", 5, 5);
	put("", "/task/99/children", 99, 99);
	expect_family();
}

Test(proctree, pages_that_are_shared_count_once)
{
	struct proctree tree = {0};

	put_family();
	put("00400000-7fff rollup\nRss:  400 kB\nPss:  100 kB\nPss_Anon: 7 kB\n", "/smaps_rollup", 20, 20);
	proctree_read(&tree, directory, 10);
	cr_assert_eq(proctree_memory(&tree, directory), 100U * 1024 + 3 * 3U * (uint64_t)sysconf(_SC_PAGESIZE));
	proctree_free(&tree);
}

Test(proctree, our_own_children_are_seen)
{
	struct proctree tree = {0};
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	proctree_read(&tree, "/proc", getpid());
	cr_assert_eq(tree.count, 1);
	cr_assert(tree.process[0].pid == child && tree.process[0].depth == 1 && !tree.process[0].dead);
	cr_assert_gt(tree.process[0].resident, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	proctree_read(&tree, "/proc", getpid());
	cr_assert_eq(tree.count, 0);
	proctree_free(&tree);
}
