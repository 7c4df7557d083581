/* trace: what is called is written down in order, on each list of choices; as text it is read as it was
 * written, and what is no such text is refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(trace, .fini = end, .timeout = 30);

static const char calls_text[] = "int native_choose(int);"
								 "int native_event(const char *, int, void *, void *, int);"
								 "void native_lock(void *, int, int);"
								 "void native_local(int);"
								 "void native_initialise(void *);"
								 "void native_stop(void);"
								 "void native_round(int);"
								 "static int a, b, other, handle;"
								 "static void harness(void);"
								 "void (*const lockdrill_harness[])(void) = {harness};";

/* The traces of a text, a line each: "11: a1,0,0,255,Take ... .". */
static void
take(void *to, const struct trace *trace, const char *choices)
{
	struct buf *out = to;
	unsigned asked = 0;

	buf_all(out, choices, ": ");
	trace_print(out, trace);
	buf_putc(out, '\n');
	for (unsigned i = 0; i < trace->steps; i++)
		asked += trace->step[i].what == STEP_CHOICE;
	cr_expect_eq(asked, trace->choices);
	cr_expect_eq(strlen(choices), (size_t)trace->choices);
}

/* Runs statements as a harness: over all choices, or on the given lists. */
static void
run(struct buf *out, const char *statements, const char *const *lists, unsigned count)
{
	struct buf text = {0};
	struct diag diag;
	bool ok;

	buf_all(&text, calls_text, "static void harness(void) {", statements, "}");
	buf_clear(out);
	ok = lists ? trace_replay(text.data, lists, count, NULL, take, out, &diag)
	           : trace_explore(text.data, take, out, &diag);
	cr_assert(ok, "%s", diag.message);
	buf_free(&text);
}

static void
expect(const char *statements, const char *wanted)
{
	struct buf out = {0};

	run(&out, statements, NULL, 0);
	cr_expect_str_eq(buf_string(&out), wanted, "%s", statements);
	buf_free(&out);
}

Test(trace, calls_are_written_down_in_order)
{
	expect("", ": .\n");
	expect("native_lock(&a, 0, 0); native_event(\"Take\", 0, &a, 0, 7); native_event(\"Give\", 1, &a, 0, 8);",
	       ": a7,0,0,255,Take r8,0,0,255,Give .\n");
	expect("native_event(\"Take\", 0, &a, &handle, 7); native_event(\"Give\", 1, 0, &handle, 8);",
	       ": a7,0,254,0,Take r8,0,255,0,Give .\n");
	expect("native_event(\"Work\", 3, 0, 0, 5); native_stop();", ": o5,0,255,255,Work s\n");
	expect("native_lock(&a, -1, 0); native_event(\"Take\", 0, &a, 0, 5);", ": o5,0,255,255,Take .\n");
	expect("native_local(1); native_initialise(&b); native_event(\"Take\", 0, &b, 0, 5);",
	       ": a5,0,1,255,Take .\n");
}

Test(trace, a_second_object_of_a_lock_is_another_one)
{
	expect("native_lock(&a, 0, 0); native_lock(&b, 0, 0); native_event(\"T\", 0, &b, 0, 1);"
	       "native_event(\"T\", 0, &other, 0, 2);",
	       ": a1,0,3,255,T a2,0,254,255,T .\n");
}

Test(trace, each_list_of_choices_is_run_once)
{
	expect("if (native_choose(3)) native_choose(4);",
	       "0: c3,0,255,255, .\n10: c3,1,255,255, c4,0,255,255, .\n11: c3,1,255,255, c4,1,255,255, .\n");
}

Test(trace, a_try_fails_where_the_lock_is_held_and_else_may_do_both)
{
	expect(
		"native_lock(&a, 0, 0); if (native_event(\"Try\", 2, &a, 0, 3)) native_event(\"Try\", 2, &a, 0, 4);",
		"0: c3,0,255,255, .\n1: c3,1,255,255, a3,0,0,255,Try .\n");
	expect("native_lock(&a, 0, 1); native_event(\"Try\", 2, &a, 0, 3);", ": .\n");
}

Test(trace, loops_end)
{
	struct buf out = {0};
	unsigned paths = 0;

	run(&out, "while (native_choose(3)) ;", NULL, 0);
	for (size_t i = 0; i < out.len; i++)
		paths += out.data[i] == '\n';
	cr_expect_eq(paths, 6);
	run(&out, "for (;;) native_round(2);", NULL, 0);
	cr_expect_eq(out.data[out.len - 2], 'l');
	run(&out, "for (;;) if (!native_choose(2)) ; ", NULL, 0);
	cr_expect_eq(out.data[out.len - 2], 'x');
	run(&out, "for (;;) native_event(\"Work\", 3, 0, 0, 5);", NULL, 0);
	cr_expect_eq(out.data[out.len - 2], 'x');
	run(&out, "for (int i = 0; i < 12; i++) native_choose(10 + i);", NULL, 0);
	cr_expect_eq(strchr(out.data, ':') - out.data, 12);
	buf_free(&out);
}

Test(trace, a_list_is_repeated_and_zeros_follow_it)
{
	static const char *const lists[] = {"", "1", "01"};
	struct buf out = {0};

	run(&out, "if (native_choose(3)) native_choose(4); else native_choose(5);", lists, 3);
	cr_expect_str_eq(out.data, "00: c3,0,255,255, c5,0,255,255, .\n"
	                           "10: c3,1,255,255, c4,0,255,255, .\n"
	                           "01: c3,0,255,255, c5,1,255,255, .\n");
	buf_free(&out);
}

Test(trace, what_does_not_compile_is_told)
{
	struct diag diag;
	struct buf out = {0};

	cr_expect_not(trace_explore("int x = ;", take, &out, &diag));
	cr_expect_not_null(strstr(diag.message, "error"), "%s", diag.message);
	cr_expect_not(trace_explore("void exit(int); static void h(void) { exit(0); }"
	                            "void (*const lockdrill_harness[])(void) = {h};",
	                            take, &out, &diag));
	cr_expect_not_null(strstr(diag.message, "exit"), "%s", diag.message);
	buf_free(&out);
}

Test(trace, a_line_is_read_as_it_was_written)
{
	static const char *const lines[] = {".",
	                                    "s",
	                                    "l",
	                                    "x",
	                                    "c0,1,255,255, .",
	                                    "a7,0,0,255,Take r8,0,255,5,Give_1 o9,0,254,255,W l2,0,255,255, .",
	                                    "e2147483647,0,3,255,Init x"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct trace trace;
		struct buf out = {0};

		cr_assert(trace_parse(&trace, &arena, lines[i]), "%s", lines[i]);
		trace_print(&out, &trace);
		cr_expect_str_eq(out.data, lines[i]);
		buf_free(&out);
	}
}

Test(trace, what_is_no_trace_is_refused)
{
	static const char *const lines[] = {"",
	                                    " .",
	                                    "..",
	                                    ". ",
	                                    "?",
	                                    "a",
	                                    "a7",
	                                    "a7,0,0,255,Take",
	                                    "a7,0,0,255,Take.",
	                                    "a,0,0,255,Take .",
	                                    "a-7,0,0,255,Take .",
	                                    "a7,2,0,255,Take .",
	                                    "a7,0,6,255,Take .",
	                                    "a7,0,253,255,Take .",
	                                    "a7,0,0,6,Take .",
	                                    "a7,0,0,256,Take .",
	                                    "a7,0,0,Take .",
	                                    "z7,0,0,255,Take .",
	                                    "a7,0,0,255,Ta-ke .",
	                                    "a99999999999999999999,0,0,255,Take .",
	                                    "a2147483648,0,0,255,Take .",
	                                    "a7,0,0,255,Take  ."};
	struct trace trace;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		cr_expect_not(trace_parse(&trace, &arena, lines[i]), "%s", lines[i]);
}
