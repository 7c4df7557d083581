/* lookup: which program a name is, and where our own binary stands. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lookup.h"
#include "tree.h"

static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(chdir(directory), 0);
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
}

TestSuite(lookup, .init = begin, .fini = end, .timeout = 60);

static void
make_program(const char *name, mode_t mode)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	cr_assert(tree_write(path.data, "#!/bin/sh\n", 10) && !chmod(path.data, mode));
	buf_free(&path);
}

/* Looks for the program with that PATH; "" where there is none. */
static void
expect_found(const char *search, const char *name, const char *wanted)
{
	struct buf path = {0};
	bool found;

	setenv("PATH", search, 1);
	found = lookup_program(name, &path);
	cr_assert_str_eq(found ? path.data : "", wanted, "%s in %s", name, search);
	buf_free(&path);
}

Test(lookup, a_program_is_looked_for_in_absolute_directories_only)
{
	struct buf search = {0}, wanted = {0};

	make_program("tool", 0700);
	make_program("note", 0600);
	buf_printf(&search, ".::no/such:/no/such:%s", directory);
	buf_printf(&wanted, "%s/tool", directory);
	expect_found(search.data, "tool", wanted.data);
	expect_found(search.data, "note", "");
	cr_assert_eq(mkdir("folder", 0700), 0);
	expect_found(search.data, "folder", "");
	expect_found(search.data, "no-such-tool", "");
	expect_found(".:", "tool", "");
	expect_found("", "tool", "");
	buf_free(&search);
	buf_free(&wanted);
}

Test(lookup, our_own_binary_is_found_from_any_directory)
{
	struct arena arena = {0};
	const char *self = lookup_self(&arena);

	cr_assert_eq(self[0], '/');
	cr_assert_eq(access(self, X_OK), 0, "%s", self);
	arena_free(&arena);
}
