/* User rules: what rule.h says of a reading, in all three roads, where the built-in rules have no example of
 * it. */
#include <criterion/criterion.h>

#include "data.h"
#include "make.h"
#include "prog.h"
#include "read.h"
#include "text.h"
#include "truth.h"

static struct arena arena;
static struct truth truth;

static void
end(void)
{
	truth_free(&truth);
	arena_free(&arena);
}

TestSuite(user_rules, .fini = end);

/* A built-in rule in which each `from` is replaced by the `to` behind it, everywhere. */
static const struct rule *
changed(const char *name, const char *const change[][2], unsigned changes)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct data_file file;
	struct diag diag = {0};
	const char *text;

	cr_assert(data_built_in(name, &file));
	text = file.bytes;
	for (unsigned i = 0; i < changes; i++) {
		struct buf out = {0};
		const char *at = text;

		cr_assert(strstr(text, change[i][0]), "'%s' is not in the file", change[i][0]);
		for (const char *next; (next = strstr(at, change[i][0])); at = next + strlen(change[i][0])) {
			buf_add(&out, at, (size_t)(next - at));
			buf_puts(&out, change[i][1]);
		}
		buf_puts(&out, at);
		text = arena_copy(&arena, out.data, out.len);
		buf_free(&out);
	}
	cr_assert(rule_parse(rule, &arena, "changed.yaml", text, strlen(text), &diag), "%u:%u: %s", diag.line,
	          diag.column, diag.message);
	cr_assert_not(rule->built_in);
	return rule;
}

/* All three roads give this verdict, printed as `lockdrill verdict` prints it. */
static void
expect(const struct rule *rule, const char *role, const char *reading, const char *text, const char *wanted)
{
	struct suite_case of = {.rule = rule, .shapes = shapes_default()};
	struct buf out = {0};
	struct diag diag = {0};
	unsigned index;

	cr_assert(rule_find_role(rule, role, &of.role));
	cr_assert(rule_find_reading(rule, reading, &index));
	cr_assert(seq_read(&of.seq, &arena, rule, of.role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	cr_assert(truth_judge(&truth, &of, 1, NULL, &arena, &out, &diag), "%s\n%s", diag.message,
	          buf_string(&out));
	buf_clear(&out);
	verdict_print(&out, &of.verdict[index]);
	cr_assert_str_eq(buf_string(&out), wanted, "%s under %s", text, reading);
	buf_free(&out);
}

/* The free state violates at the end: whatever is named must be held there. */
static const char *const free_violates[][2] = {
	{"{state: free, on: end, go: free}", "{state: free, on: end, violation: missing-release, clause: 3}"},
	{"{state: held, on: end, violation: missing-release, clause: 3}", "{state: held, on: end, go: held}"},
};

Test(user_rules, a_lock_that_is_named_has_an_automaton_at_the_end_and_no_other_has)
{
	const struct rule *rule = changed("rules/SpinlockRelease.yaml", free_violates, 2);

	expect(rule, "dispatch", "alternate", "", "pass\n");
	expect(rule, "dispatch", "alternate", "work", "pass\n");
	expect(rule, "dispatch", "alternate", "acq a", "pass\n");
	expect(rule, "dispatch", "alternate", "acq a; rel a", "violation\nmissing-release\t0\ta\n");
	expect(rule, "dispatch", "alternate", "return; acq b", "violation\nmissing-release\t0\tb\n");
	expect(rule, "dispatch", "alternate", "if ? { acq a; acq c }",
	       "violation\nmissing-release\t0\ta\nmissing-release\t0\tc\n");
	expect(rule, "dispatch", "global", "", "violation\nmissing-release\t0\t*\n");
	expect(rule, "dispatch", "global", "acq a; rel a", "violation\nmissing-release\t0\t*\n");
	expect(rule, "dispatch", "global", "acq b", "pass\n");
}

Test(user_rules, a_lock_that_is_held_at_entry_has_an_automaton_though_nothing_names_it)
{
	static const char *const change[][2] = {
		{"{state: held, on: end, violation: missing-release, clause: 3}",
	     "{state: held, on: end, violation: double-acquire, clause: 3}"},
		{"  - name: dpc\n", "  - name: dpc\n    held: [b]\n"},
	};
	const struct rule *rule = changed("rules/SpinlockRelease.yaml", change, 2);

	expect(rule, "dpc", "alternate", "", "violation\ndouble-acquire\t0\tb\n");
	expect(rule, "dpc", "alternate", "rel b", "pass\n");
	expect(rule, "dpc", "alternate", "acq a", "violation\ndouble-acquire\t0\ta\ndouble-acquire\t0\tb\n");
	expect(rule, "dpc", "slic7600", "rel b", "pass\n");
	expect(rule, "dpc", "slic7600", "work", "violation\nmissing-release\t0\t*\n");
}

Test(user_rules, a_handle_that_is_not_in_use_goes_by_its_own_letter)
{
	const struct rule *rule = changed("rules/QueuedSpinLockRelease.yaml", free_violates, 2);

	expect(rule, "dispatch", "handle", "acq a/b", "pass\n");
	expect(rule, "dispatch", "handle", "acq a/b; rel b", "violation\nmissing-release\t0\tb\n");
	expect(rule, "dispatch", "handle", "acq a/b; if ? { acq c/a }", "violation\nmissing-release\t0\ta\n");
	expect(rule, "dispatch", "alternate", "acq a/b; rel b", "violation\nmissing-release\t0\ta\n");
	expect(rule, "dispatch", "alternate", "rel b", "violation\nrelease-without-acquire\t1\tb\n");
}

Test(user_rules, a_release_through_a_handle_names_no_lock)
{
	static const char *const change[][2] = {
		{"{state: free, on: end, go: free}", "{state: free, on: end, violation: missing-release, clause: 3}"},
		{"{state: free, on: release, violation: release-without-acquire, clause: 2}",
	     "{state: free, on: release, go: free}"},
	};
	const struct rule *rule = changed("rules/QueuedSpinLockRelease.yaml", change, 2);

	expect(rule, "dispatch", "alternate", "rel b", "pass\n");
	expect(rule, "dispatch", "handle", "rel b", "violation\nmissing-release\t0\tb\n");
	expect(rule, "dispatch", "global", "rel b", "violation\nmissing-release\t0\t*\n");
}

Test(user_rules, states_of_one_reading_may_end_in_different_kinds)
{
	static const char *const change[][2] = {
		{"{state: free, on: end, go: free}",
	     "{state: free, on: end, violation: release-without-acquire, clause: 2}"},
	};
	const struct rule *rule = changed("rules/SpinlockRelease.yaml", change, 1);

	expect(rule, "dispatch", "alternate", "if ? { acq a } else { acq b }",
	       "violation\nmissing-release\t0\ta\nmissing-release\t0\tb\n"
	       "release-without-acquire\t0\ta\nrelease-without-acquire\t0\tb\n");
}

/* Counts that allow a second acquire and end wherever they are: what a try may do is a matter of the lock. */
Test(user_rules, a_try_asks_the_lock_and_not_the_reading)
{
	static const char *const change[][2] = {
		{"scope: all\n    counts: true", "scope: lock\n    counts: true"},
	};
	const struct rule *rule = changed("rules/SpinlockRelease.yaml", change, 1);

	expect(rule, "dpc", "slic7600", "acq a; acq a; rel a; try a { rel a }; rel a", "pass\n");
	expect(rule, "dpc", "slic7600", "acq a; acq a; rel a; try a { work } else { work }; rel a",
	       "violation\nmissing-release\t0\ta\n");
	expect(rule, "dpc", "slic7600", "acq a; try a { acq a }; rel a", "pass\n");
}

Test(user_rules, what_a_counter_adds_at_the_end_is_of_no_consequence)
{
	static const char *const change[][2] = {
		{"{state: above, on: end, violation: missing-release, clause: 3}", "{state: above, on: end, add: 1}"},
	};
	const struct rule *rule = changed("rules/SpinlockRelease.yaml", change, 1);

	expect(rule, "dispatch", "slic7600", "acq a", "pass\n");
	expect(rule, "dispatch", "slic7600", "acq a; acq b; acq c", "pass\n");
}

Test(user_rules, pointers_to_locks_have_the_type_of_the_rule)
{
	static const char *const change[][2] = {{"lock: KSPIN_LOCK", "lock: EX_SPIN_LOCK"}};
	static const char *const handle[][2] = {{"lock: WDFSPINLOCK", "lock: WDFWAITLOCK"}};
	static const char *const named[][2] = {
		{"lock: KSPIN_LOCK", "lock: FAST_LOCK\nlock-pointer: FAST_LOCK_POINTER"}};
	const struct {
		const struct rule *rule;
		const char *wanted;
	} rows[] = {
		{changed("rules/SpinlockRelease.yaml", change, 1), "\tPEX_SPIN_LOCK QueuePointer = &"},
		{changed("rules/WdfSpinlockRelease.yaml", handle, 1), "\tWDFWAITLOCK QueuePointer = "},
		{changed("rules/SpinlockRelease.yaml", named, 1), "\tFAST_LOCK_POINTER QueuePointer = &"},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shapes shapes = shapes_default();
		struct diag diag = {0};
		struct buf out = {0};
		struct prog prog;
		struct seq seq;

		cr_assert(seq_read(&seq, &arena, rows[i].rule, 0, "test", "acq a; rel a", 12, &diag));
		cr_assert(shapes_set_list(&shapes, "alias=local-pointer", &diag), "%s", diag.message);
		prog_make(&prog, &arena, rows[i].rule, 0, &seq, &shapes);
		cr_assert(text_body(&out, NULL, &prog, -1, &diag), "%s", diag.message);
		cr_assert(strstr(buf_string(&out), rows[i].wanted), "%s", out.data);
		cr_assert_not(strstr(out.data, "KSPIN_LOCK"));
		buf_free(&out);
	}
}

Test(user_rules, a_rule_of_the_cancel_lock_says_that_a_cancel_routine_finds_it_held)
{
	static const char *const change[][2] = {{"    held: [a]\n", ""}};
	const struct rule *rule = changed("rules/CancelSpinlockRelease.yaml", change, 1);
	struct suite_case of = {.rule = rule, .role = 1, .shapes = shapes_default()};
	struct buf dispute = {0};
	struct diag diag = {0};

	cr_assert_str_eq(rule->role[1].name, "cancel");
	cr_assert_not(truth_judge(&truth, &of, 1, NULL, &arena, &dispute, &diag));
	cr_assert(strstr(diag.message, "is held when this routine is entered"), "%s", diag.message);
}
