/* compile: what each compiler makes of a pack can be called and left, wrong compilers are refused, and
 * nothing stays behind. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compile.h"
#include "lookup.h"
#include "tree.h"

/* Blanks and quotes in its name must not matter. */
static char directory[] = "/tmp/lockdrill '$x\" test-XXXXXX";

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(setenv("TMPDIR", directory, 1), 0);
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
}

TestSuite(compile, .init = begin, .fini = end, .timeout = 60);

static const char *const compilers[] = {NULL, "gcc -O0", "gcc -O2", "clang-14 -O0", " clang-14\t-O2  -g "};

static bool
is_here(const char *command)
{
	struct buf path = {0};
	bool is = !command || !strstr(command, "clang") || lookup_program("clang-14", &path);

	buf_free(&path);
	return is;
}

static unsigned
entries(void)
{
	DIR *opened = opendir(directory);
	unsigned count = 0;

	cr_assert_not_null(opened);
	while (readdir(opened))
		count++;
	closedir(opened);
	return count - 2; /* . and .. */
}

/* A program in the private directory. */
static void
write_script(const char *name, const char *text)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	cr_assert(tree_write(path.data, text, strlen(text)));
	cr_assert_eq(chmod(path.data, 0700), 0);
	buf_free(&path);
}

/* what the packs call */

static struct buf heard;
static jmp_buf out;

static int
choose(int line)
{
	buf_printf(&heard, "choose %d\n", line);
	if (line == 99)
		longjmp(out, 1);
	return line + 1;
}

static void
acquire(void *lock, void *handle, int line)
{
	buf_printf(&heard, "acquire %d %d %d\n", *(int *)lock, *(int *)handle, line);
}

static void
release(void *lock, void *handle, int line)
{
	buf_printf(&heard, "release %d %d %d\n", *(int *)lock, *(int *)handle, line);
}

static int
try(void *lock, int line)
{
	buf_printf(&heard, "try %d %d\n", *(int *)lock, line);
	return 7;
}

static void
lock(void *lock, int index, int held)
{
	buf_printf(&heard, "lock %d %d %d\n", *(int *)lock, index, held);
}

static void
handle(void *handle, const char *name)
{
	buf_printf(&heard, "handle %d %s\n", *(int *)handle, name);
}

static int
choose_otherwise(int line)
{
	buf_printf(&heard, "otherwise %d\n", line);
	return 0;
}

static const struct compile_calls calls = {
	.choose = choose, .acquire = acquire, .release = release, .try = try, .lock = lock, .handle = handle};

#define DECLARED                                       \
	"int native_choose(int line);\n"                   \
	"void native_acquire(void *, void *, int line);\n" \
	"void native_release(void *, void *, int line);\n" \
	"int native_try(void *, int line);\n"              \
	"void native_lock(void *, int, int);\n"            \
	"void native_handle(void *, const char *);\n"

Test(compile, every_call_of_every_compiler_arrives_with_its_arguments)
{
	static const char text[] =
		DECLARED "static void all(void) { int one = 1, two = 2;\n"
				 "native_lock(&one, 3, 4); native_handle(&two, \"five\"); native_acquire(&one, &two, 6);\n"
				 "native_release(&two, &one, native_try(&one, 8)); native_choose(native_choose(9)); }\n"
				 "void (*lockdrill_harness[])(void) = {all, all};\n";

	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
		struct compiled compiled;
		struct diag diag;

		if (!is_here(compilers[i]))
			continue;
		cr_assert(compile_pack(&compiled, compilers[i], text, &calls, &diag), "%s", diag.message);
		buf_clear(&heard);
		compiled.harness[1]();
		cr_assert_str_eq(buf_string(&heard),
		                 "lock 1 3 4\nhandle 2 five\nacquire 1 2 6\ntry 1 8\nrelease 2 1 7\n"
		                 "choose 9\nchoose 10\n");
		cr_assert_eq(entries(), 0);
		compile_free(&compiled);
	}
	buf_free(&heard);
}

static void
call_and_return(void (*harness)(void))
{
	if (!setjmp(out))
		harness();
}

/* Calls deep in frames with things of their own, inlined or not, again and again. */
Test(compile, a_call_may_leave_the_pack_by_longjmp)
{
	static const char text[] = DECLARED
		"static int deep(int n) { int kept[9]; kept[n & 7] = n;\n"
		"return (n ? deep(n - 1) : native_choose(99)) + kept[n & 7]; }\n"
		"static void leave(void) { int one = 1; native_choose(deep(40)); native_lock(&one, 0, 0); }\n"
		"void (*lockdrill_harness[])(void) = {leave};\n";

	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
		struct compiled compiled;
		struct diag diag;

		if (!is_here(compilers[i]))
			continue;
		cr_assert(compile_pack(&compiled, compilers[i], text, &calls, &diag), "%s", diag.message);
		for (unsigned times = 0; times < 1000; times++) {
			buf_clear(&heard);
			call_and_return(compiled.harness[0]);
			cr_assert_str_eq(buf_string(&heard), "choose 99\n");
		}
		compile_free(&compiled);
	}
	buf_free(&heard);
}

Test(compile, two_packs_at_once_keep_their_own_calls)
{
	static const char text[] = DECLARED "static void one(void) { native_choose(1); }\n"
										"void (*lockdrill_harness[])(void) = {one};\n";
	struct compile_calls others = calls;
	struct compiled one, two;
	struct diag diag;

	others.choose = choose_otherwise;
	cr_assert(compile_pack(&one, "gcc", text, &calls, &diag), "%s", diag.message);
	cr_assert(compile_pack(&two, "gcc", text, &others, &diag), "%s", diag.message);
	one.harness[0]();
	two.harness[0]();
	one.harness[0]();
	cr_assert_str_eq(buf_string(&heard), "choose 1\notherwise 1\nchoose 1\n");
	compile_free(&one);
	compile_free(&two);
	buf_free(&heard);
}

static void
refuse(const char *command, const char *text, const char *pattern)
{
	unsigned before = entries();
	struct compiled compiled;
	struct diag diag;

	cr_assert_not(compile_pack(&compiled, command, text, &calls, &diag), "%s", command);
	cr_assert(strstr(diag.message, pattern), "'%s' gives: %s", command ? command : "", diag.message);
	cr_assert(!command || strstr(diag.file, "compiler '"));
	cr_assert_eq(entries(), before);
}

Test(compile, commands_that_are_no_compilers_are_refused_with_a_message)
{
	static const char text[] = "void (*lockdrill_harness[])(void) = {0};\n";
	static const struct {
		const char *command, *pattern;
	} rows[] = {
		{"", "no words"},
		{" \t", "no words"},
		{"no-such-compiler -O2", "no such compiler on PATH: no-such-compiler"},
		{"./no-such-compiler", "cannot run the compiler"},
		{"/", "cannot run the compiler"},
		{"true", "makes no shared object"},
		{"false", "exit status 1"},
		{"gcc -O2 -no-such-option", "no-such-option"},
		{"gcc -c", "-c"},
		{"gcc -E -P -x c -include calls.c -o pack.so -", "exit status"},
		{"gcc -fvisibility=hidden", "can be called"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		refuse(rows[i].command, text, rows[i].pattern);
}

Test(compile, a_text_that_does_not_compile_is_refused_with_its_first_error)
{
	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++)
		if (is_here(compilers[i])) {
			refuse(compilers[i], "int fine;\nint x = ;\n", compilers[i] ? "pack.c:2:9" : "error");
			refuse(compilers[i], "int no_table;\n", "lockdrill_harness");
		}
	refuse("gcc", "#warning first\nint x = ;\n", "pack.c:2:9");
}

Test(compile, a_compiler_that_makes_what_cannot_be_loaded_or_is_ended_is_refused)
{
	struct buf command = {0};

	cr_assert_eq(chdir(directory), 0);
	write_script("text", "#!/bin/sh\necho nonsense > pack.so\n");
	write_script("killed", "#!/bin/sh\nkill -9 $$\n");
	write_script("flood", "#!/bin/sh\nwhile :; do echo 0123456789012345678901234567890123456789; done\n");
	refuse("./text", "", "can be loaded");
	refuse("./killed", "", "signal 9");
	refuse("./flood", "", "too many messages");
	for (unsigned i = 0; i < 80; i++)
		buf_puts(&command, "gcc ");
	refuse(command.data, "", "too many words");
	buf_free(&command);
}

Test(compile, relative_paths_of_compiler_and_directory_are_those_of_the_caller)
{
	static const char text[] = DECLARED "static void one(void) { native_choose(1); }\n"
										"void (*lockdrill_harness[])(void) = {one};\n";
	struct compiled compiled;
	struct diag diag;

	cr_assert_eq(chdir(directory), 0);
	cr_assert_eq(setenv("TMPDIR", ".", 1), 0);
	write_script("compiler", "#!/bin/sh\nexec gcc \"$@\"\n");
	cr_assert(compile_pack(&compiled, "./compiler -O2", text, &calls, &diag), "%s", diag.message);
	compiled.harness[0]();
	cr_assert_str_eq(buf_string(&heard), "choose 1\n");
	compile_free(&compiled);
	cr_assert_eq(entries(), 1);
	cr_assert_eq(setenv("TMPDIR", "no-such-directory", 1), 0);
	refuse("gcc", text, "temporary directory");
	buf_free(&heard);
}

/* The compiler is ended too: it would write `late`. */
Test(compile, a_signal_ends_the_compiler_and_leaves_nothing_behind)
{
	struct timespec pause = {0, 10000000};
	struct compiled compiled;
	struct diag diag;
	int status;
	pid_t pid;

	cr_assert_eq(chdir(directory), 0);
	write_script("slow", "#!/bin/sh\nsleep 1\necho late > ../late\n");
	pid = fork();
	if (pid == 0) {
		signal(SIGINT, SIG_IGN);
		compile_pack(&compiled, "./slow", "", &calls, &diag);
		_exit(0);
	}
	while (entries() < 2)
		nanosleep(&pause, NULL);
	nanosleep(&pause, NULL);
	cr_assert_eq(kill(pid, SIGINT), 0);
	nanosleep(&pause, NULL);
	cr_assert_eq(waitpid(pid, &status, WNOHANG), 0, "an ignored signal ends it");
	cr_assert_eq(kill(pid, SIGTERM), 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	cr_assert_eq(entries(), 1);
	pause.tv_sec = 1;
	pause.tv_nsec = 200000000;
	nanosleep(&pause, NULL);
	cr_assert_eq(entries(), 1);
}
