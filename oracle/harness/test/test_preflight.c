/* preflight: each thing that can be wrong is said, with its place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "preflight.h"
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

TestSuite(preflight, .init = begin, .fini = end);

static void
expect_refused(const char *null, const char *place, uint64_t bytes, const char *at, const char *message)
{
	const char *const directories[] = {directory, place, NULL};
	struct diag diag = {0};

	cr_assert_not(preflight_check(null, directories, bytes, &diag));
	cr_assert_str_eq(diag.file, at);
	cr_assert(strstr(diag.message, message), "'%s'", diag.message);
}

Test(preflight, a_sound_machine_passes_and_nothing_is_left_behind)
{
	const char *const directories[] = {directory, NULL}, *const none[] = {NULL};
	struct diag diag;

	cr_assert(preflight_check("/dev/null", directories, 1, &diag), "%s: %s", diag.file, diag.message);
	cr_assert(preflight_check("/dev/null", none, UINT64_MAX, &diag));
	cr_assert_eq(rmdir(directory), 0, "something is left there");
}

Test(preflight, a_null_device_that_became_a_file_is_refused)
{
	struct buf file = {0};

	buf_printf(&file, "%s/null", directory);
	expect_refused(file.data, directory, 1, file.data, "cannot be seen: No such file");
	cr_assert(tree_write(file.data, "", 0));
	expect_refused(file.data, directory, 1, file.data, "no character device");
	buf_free(&file);
}

Test(preflight, a_directory_that_is_full_missing_or_none_is_refused)
{
	struct buf file = {0};

	buf_printf(&file, "%s/file", directory);
	expect_refused("/dev/null", file.data, 1, file.data, "cannot tell what is free there: No such file");
	cr_assert(tree_write(file.data, "", 0));
	expect_refused("/dev/null", file.data, 1, file.data, "cannot write there: Not a directory");
	expect_refused("/dev/null", directory, UINT64_MAX, directory, "MB are needed");
	buf_free(&file);
}

/* For root, who may write anywhere else. */
Test(preflight, a_directory_that_cannot_be_written_is_refused)
{
	cr_assert_eq(chmod(directory, 0500), 0);
	expect_refused("/dev/null", "/proc", 0, geteuid() ? directory : "/proc", "cannot write there");
	cr_assert_eq(chmod(directory, 0700), 0);
}

Test(preflight, processes_must_be_seen)
{
	struct diag diag = {0};

	cr_assert(preflight_proc("/proc", &diag), "%s", diag.message);
	cr_assert_not(preflight_proc("/proc/no-such-directory", &diag));
	cr_assert_str_eq(diag.file, "/proc/no-such-directory");
	cr_assert(strstr(diag.message, "is not there"), "%s", diag.message);
	cr_assert(strstr(diag.message, "No such file"), "%s", diag.message);
}
