/* data: directories come before what is built in, names do not lead out of them, and lists are sorted. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "data.h"
#include "tree.h"

static struct arena arena;
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static const char *
path_of(const char *name)
{
	struct buf path = {0};
	const char *copy;

	buf_printf(&path, "%s/%s", directory, name);
	copy = arena_string(&arena, path.data);
	buf_free(&path);
	return copy;
}

static void
put(const char *name, const char *text)
{
	cr_assert(tree_write(path_of(name), text, strlen(text)), "%s: %s", name, strerror(errno));
}

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(mkdir(path_of("one"), 0700), 0);
	cr_assert_eq(mkdir(path_of("one/rules"), 0700), 0);
	cr_assert_eq(mkdir(path_of("two"), 0700), 0);
	cr_assert_eq(mkdir(path_of("two/rules"), 0700), 0);
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
	arena_free(&arena);
}

TestSuite(data, .init = begin, .fini = end);

#define KNOWN "rules/SpinlockRelease.yaml"

Test(data, what_is_built_in_is_found_and_says_so)
{
	struct data_file file, built_in;

	cr_assert(data_find(&arena, KNOWN, &file));
	cr_assert_str_eq(file.name, KNOWN);
	cr_assert_str_eq(file.where, "<built in>/" KNOWN);
	cr_assert(strlen(file.bytes) == file.length && strstr(file.bytes, "SpinlockRelease"));
	cr_assert(data_built_in(KNOWN, &built_in));
	cr_assert_eq(built_in.bytes, file.bytes);
	errno = 0;
	cr_assert_not(data_find(&arena, "rules/NoSuch.yaml", &file));
	cr_assert_eq(errno, ENOENT);
	cr_assert_not(data_built_in("rules/NoSuch.yaml", &file));
	cr_assert_not(data_find(&arena, "", &file));
	cr_assert_not(data_find(&arena, "rules", &file));
}

Test(data, all_that_is_built_in_is_found_by_its_name)
{
	const char **names;
	size_t count = data_list(&arena, "", &names);

	cr_assert_gt(count, 20);
	for (size_t i = 0; i < count; i++) {
		struct data_file file;

		cr_assert(data_built_in(names[i], &file), "%s", names[i]);
		cr_assert_str_eq(file.name, names[i]);
		cr_assert_eq(file.bytes[file.length], 0);
	}
}

Test(data, a_directory_overrides_what_is_built_in_and_the_first_wins)
{
	struct data_file file, built_in;
	struct buf both = {0};

	put("one/" KNOWN, "mine");
	put("two/" KNOWN, "yours");
	put("two/rules/Extra.yaml", "");
	buf_printf(&both, "%s:%s", path_of("one"), path_of("two"));
	cr_assert(data_add_directory(both.data));
	buf_free(&both);
	cr_assert(data_find(&arena, KNOWN, &file));
	cr_assert_str_eq(file.bytes, "mine");
	cr_assert_eq(file.length, 4);
	cr_assert_str_eq(file.where, path_of("one/" KNOWN));
	cr_assert(data_built_in(KNOWN, &built_in) && built_in.length > 100);
	cr_assert(data_find(&arena, "rules/Extra.yaml", &file));
	cr_assert(file.length == 0 && file.bytes[0] == 0);
	cr_assert_str_eq(file.where, path_of("two/rules/Extra.yaml"));
	cr_assert(data_find(&arena, "rules/WdfSpinlockRelease.yaml", &file));
	cr_assert_eq(file.where[0], '<');
}

Test(data, names_do_not_lead_out)
{
	static const char *const names[] = {"../secret", "rules/../../secret", ("rules/../" KNOWN), "..",
	                                    "/etc/passwd"};
	struct data_file file;

	put("secret", "secret");
	cr_assert(data_add_directory(path_of("one")));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		errno = 0;
		cr_assert_not(data_find(&arena, names[i], &file), "%s", names[i]);
		cr_assert_eq(errno, ENOENT);
	}
	cr_assert_not(data_find(&arena, path_of("secret"), &file));
}

Test(data, what_is_no_directory_is_refused)
{
	struct data_file file;
	struct buf both = {0};

	put("file", "x");
	errno = 0;
	cr_assert_not(data_add_directory(path_of("missing")));
	cr_assert_eq(errno, ENOENT);
	cr_assert_not(data_add_directory(path_of("file")));
	cr_assert_eq(errno, ENOTDIR);
	cr_assert_not(data_add_directory(path_of("file/below")));
	cr_assert_eq(errno, ENOTDIR);
	buf_printf(&both, "%s:%s", path_of("one"), path_of("missing"));
	cr_assert_not(data_add_directory(both.data));
	buf_free(&both);
	cr_assert(data_add_directory(""));
	cr_assert(data_add_directory("::"));
	cr_assert(data_find(&arena, KNOWN, &file));
}

Test(data, too_many_directories_are_refused)
{
	for (unsigned i = 0; i < 16; i++)
		cr_assert(data_add_directory(path_of("one")), "%u", i);
	cr_assert_not(data_add_directory(path_of("two")));
	cr_assert_eq(errno, E2BIG);
}

Test(data, a_file_that_cannot_be_read_is_not_passed_over)
{
	struct data_file file;

	cr_assert_eq(mkdir(path_of("one/" KNOWN), 0700), 0);
	cr_assert(data_add_directory(path_of("one")));
	errno = 0;
	cr_assert_not(data_find(&arena, KNOWN, &file));
	cr_assert_eq(errno, EISDIR);
}

Test(data, a_list_is_sorted_and_has_each_name_once)
{
	const char **before, **after;
	size_t had = data_list(&arena, "rules/", &before), count;
	unsigned found = 0;

	put("one/" KNOWN, "mine");
	put("two/" KNOWN, "yours");
	put("one/rules/Aa.yaml", "");
	put("two/rules/zz.yaml", "");
	put("one/rules/.hidden", "");
	put("one/outside", "");
	cr_assert_eq(mkdir(path_of("two/rules/deep"), 0700), 0);
	put("two/rules/deep/inner.yaml", "");
	cr_assert(data_add_directory(path_of("one")) && data_add_directory(path_of("two")));
	count = data_list(&arena, "rules/", &after);
	cr_assert_eq(count, had + 3);
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(strncmp(after[i], "rules/", 6), 0);
		cr_assert(!i || strcmp(after[i - 1], after[i]) < 0);
		found += !strcmp(after[i], KNOWN) || !strcmp(after[i], "rules/deep/inner.yaml");
	}
	cr_assert_eq(found, 2);
	cr_assert_eq(data_list(&arena, "nothing/", &after), 0);
}

Test(data, a_link_that_goes_round_does_not_hang_a_list)
{
	const char **names;

	cr_assert_eq(symlink(".", path_of("one/rules/round")), 0);
	put("one/rules/Aa.yaml", "");
	cr_assert(data_add_directory(path_of("one")));
	cr_assert_lt(data_list(&arena, "rules/", &names), 100);
}

Test(data, trees_are_removed_without_following_links)
{
	struct stat status;

	put("keep", "x");
	cr_assert_eq(mkdir(path_of("one/deep"), 0700), 0);
	put("one/deep/file", "x");
	cr_assert_eq(symlink(path_of("two"), path_of("one/link")), 0);
	cr_assert_eq(symlink(path_of("keep"), path_of("one/deep/link")), 0);
	cr_assert(tree_remove(path_of("one")));
	cr_assert_neq(stat(path_of("one"), &status), 0);
	cr_assert(!stat(path_of("keep"), &status) && !stat(path_of("two/rules"), &status));
	cr_assert(tree_remove(path_of("one")), "what is missing is fine");
	cr_assert(tree_remove(path_of("keep")));
	cr_assert_not(tree_write(path_of("no/such"), "x", 1));
	cr_assert_eq(errno, ENOENT);
}
