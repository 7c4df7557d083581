/* cgroup: where one stands, in both versions, and what it counts. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "tree.h"

#define MIB ((uint64_t)1 << 20)

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

TestSuite(cgroup, .init = begin, .fini = end, .timeout = 60);

#define OTHERS                                        \
	"22 1 0:21 / / rw,relatime - ext4 /dev/sda1 rw\n" \
	"23 22 0:5 / /proc rw,nosuid - proc proc rw\n"    \
	"33 31 0:30 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
#define FIRST "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"
#define SECOND "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n"

Test(cgroup, its_place_is_found_in_both_versions)
{
	static const struct {
		const char *mounts, *own, *directory; /* NULL: there is none */
		bool unified;
	} trials[] = {
		{OTHERS FIRST SECOND, "4:memory:/a/b\n1:cpu:/\n0::/c\n", "/sys/fs/cgroup/memory/a/b", false},
		{OTHERS FIRST SECOND, "0::/c\n4:memory:/\n", "/sys/fs/cgroup/memory", false},
		{OTHERS FIRST, "2:cpu,memory:/a\n", "/sys/fs/cgroup/memory/a", false},
		{OTHERS FIRST SECOND, "1:cpu:/x\n0::/user.slice/c", "/sys/fs/cgroup/unified/user.slice/c", true},
		/* a container that sees its own part */
		{"9 8 0:1 /d/e /cg rw - cgroup cgroup rw,memory", "4:memory:/d/e\n", "/cg", false},
		{"9 8 0:1 /d/e /cg rw - cgroup cgroup rw,memory", "4:memory:/d/e/f\n", "/cg/f", false},
		{"9 8 0:1 /d/e /cg rw - cgroup cgroup rw,memory", "4:memory:/d/ex\n", "/cg/d/ex", false},
		{OTHERS, "4:memory:/a\n0::/\n", NULL, false},
		{OTHERS FIRST, "1:cpu:/\n0::/c\n", NULL, true},
		{"", "", NULL, true},
		{"\n - \n - cgroup2\n1 2 - cgroup2 x y\n", "\n:\n0:\n0::/\n", NULL, true},
	};

	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		struct cgroup_place place;
		bool found = cgroup_find(&place, trials[i].mounts, trials[i].own);

		cr_assert_eq(found, trials[i].directory != NULL, "%zu", i);
		if (found) {
			cr_assert_eq(place.unified, trials[i].unified, "%zu", i);
			cr_assert_str_eq(buf_string(&place.directory), trials[i].directory, "%zu", i);
		}
		buf_free(&place.directory);
		buf_free(&place.mount);
	}
}

static void
put(const char *name, const char *text)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	cr_assert(tree_write(path.data, text, strlen(text)));
	buf_free(&path);
}

/* The beginning: a write to a plain file leaves what is longer behind it. */
static void
expect(const char *name, const char *text)
{
	struct buf path = {0}, found = {0};

	buf_printf(&path, "%s/%s", directory, name);
	cr_assert(buf_read_file(&found, path.data, 1000));
	cr_assert(!strncmp(buf_string(&found), text, strlen(text)), "%s: '%s'", name, buf_string(&found));
	buf_free(&path);
	buf_free(&found);
}

/* With plain files in place of the kernel's. */
Test(cgroup, version_2_is_set_and_read_under_its_own_names)
{
	struct cgroup cgroup = {.unified = true, .peak = -1};

	buf_puts(&cgroup.path, directory);
	put("memory.max", "max\n");
	put("memory.swap.max", "max\n");
	put("memory.current", "1000\n");
	put("memory.peak", "9999\n");
	put("memory.events", "low 0\nhigh 5\nmax 7\noom 2\noom_kill 1\noom_group_kill 0\n");
	cr_assert(cgroup_limit(&cgroup, 64 * MIB));
	expect("memory.max", "67108864");
	expect("memory.swap.max", "0");
	expect("memory.peak", "r");
	cr_assert_eq(cgroup_kills(&cgroup), 0);
	put("memory.peak", "5000\n");
	put("memory.events", "low 0\nhigh 5\nmax 7\noom 2\noom_kill 3\noom_group_kill 0\n");
	cr_assert_eq(cgroup_peak(&cgroup), 4000);
	cr_assert_eq(cgroup_kills(&cgroup), 2);
	cr_assert(cgroup_limit(&cgroup, 0));
	expect("memory.max", "max");
	expect("memory.swap.max", "max");
	cgroup_signal(directory, SIGKILL); /* no cgroup.procs: nobody */
	close(cgroup.peak);
	buf_free(&cgroup.path);
}

/* Before Linux 6.12 the file can only be read. */
Test(cgroup, a_peak_that_cannot_be_set_back_counts_where_it_has_grown)
{
	struct cgroup cgroup = {.unified = true, .peak = -1};

	buf_puts(&cgroup.path, directory);
	put("memory.max", "max\n");
	put("memory.current", "1000\n");
	cr_assert(cgroup_limit(&cgroup, 0));
	cr_assert_eq(cgroup_peak(&cgroup), 0, "there is no memory.peak");
	cgroup.top = 9999;
	put("memory.peak", "9999\n");
	cr_assert_eq(cgroup_peak(&cgroup), 0, "it is an earlier program's");
	put("memory.peak", "12000\n");
	cr_assert_eq(cgroup_peak(&cgroup), 11000);
	if (cgroup.peak >= 0)
		close(cgroup.peak);
	buf_free(&cgroup.path);
}

Test(cgroup, where_none_can_be_made_nothing_is_left_behind)
{
	for (unsigned i = 0; i < 2; i++) {
		struct cgroup_place place = {.unified = i};
		struct cgroup cgroup;

		buf_puts(&place.mount, directory);
		buf_puts(&place.directory, directory);
		cr_assert_not(cgroup_enter_at(&cgroup, &place, "lockdrill-test"));
		cr_assert(!cgroup.path.len && !cgroup.home.len);
		cr_assert_eq(rmdir(directory), 0);
		cr_assert_not_null(mkdtemp(strcpy(directory, "/tmp/lockdrill-test-XXXXXX")));
		/* None at all is no error. */
		cr_assert(cgroup_limit(&cgroup, MIB) && !cgroup_peak(&cgroup) && !cgroup_kills(&cgroup));
		cgroup_leave(&cgroup);
		buf_free(&place.mount);
		buf_free(&place.directory);
	}
}

static void
touch(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | 0x20 /* MAP_ANONYMOUS */, -1, 0);

	for (size_t i = 0; i < bytes; i += 4096)
		at[i] = 1;
	munmap(at, bytes);
}

/* A child of the one in the cgroup that touches so much; its status. */
static int
touch_in_child(size_t bytes)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		touch(bytes);
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

/* In a child, which is then in the cgroup. Returns the number of what is wrong, 0 for nothing, 99 where none
 * can be made. */
static int
use_real(void)
{
	char name[40];
	struct cgroup cgroup;
	struct buf path = {0};
	int status;

	snprintf(name, sizeof name, "lockdrill-test-%d", (int)getpid());
	if (!cgroup_enter(&cgroup, name))
		return 99;
	buf_puts(&path, cgroup.path.data);
	if (!cgroup_limit(&cgroup, 64 * MIB))
		return 1;
	if (touch_in_child(32 * MIB) || cgroup_kills(&cgroup))
		return 2;
	if (!cgroup.unified && (cgroup_peak(&cgroup) < 30 * MIB || cgroup_peak(&cgroup) > 64 * MIB))
		return 3;
	if (!cgroup_limit(&cgroup, 16 * MIB) || cgroup_peak(&cgroup) > 8 * MIB)
		return 4;
	status = touch_in_child(32 * MIB);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || cgroup_kills(&cgroup) != 1)
		return 5;
	if (!cgroup_limit(&cgroup, 0) || touch_in_child(100 * MIB) || cgroup_kills(&cgroup))
		return 6;
	cgroup_leave(&cgroup);
	return access(path.data, F_OK) && errno == ENOENT ? 0 : 7;
}

Test(cgroup, the_kernel_counts_and_limits_what_is_forked_in_it)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(use_real());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status), "%x", (unsigned)status);
	if (WEXITSTATUS(status) == 99)
		cr_log_info("no cgroup can be made here");
	else
		cr_assert_eq(WEXITSTATUS(status), 0, "step %d", WEXITSTATUS(status));
}
