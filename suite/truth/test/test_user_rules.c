/* User rules: what rule.h says of a reading, in all three roads, where the built-in rules have no example of
 * it. */
#include <criterion/criterion.h>

#include "data.h"
#include "make.h"
#include "prog.h"
#include "read.h"
#include "space.h"
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

/* A rule's text in which each `from` is replaced by the `to` behind it, everywhere. */
static const struct rule *
replaced(const char *text, const char *const change[][2], unsigned changes)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag = {0};

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

static const struct rule *
changed(const char *name, const char *const change[][2], unsigned changes)
{
	struct data_file file;

	cr_assert(data_built_in(name, &file));
	return replaced(file.bytes, change, changes);
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
	seq_print(&out, &of.seq, rule);
	cr_assert(seq_read(&of.seq, &arena, rule, of.role, "print", arena_copy(&arena, out.data, out.len),
	                   out.len, &diag),
	          "%s", diag.message);
	buf_clear(&out);
	cr_assert(truth_judge(&truth, &of, 1, NULL, &arena, &out, &diag), "%s\n%s", diag.message,
	          buf_string(&out));
	buf_clear(&out);
	verdict_print(&out, &of.verdict[index]);
	cr_assert_str_eq(buf_string(&out), wanted, "%s under %s", text, reading);
	buf_free(&out);
}

/* A rule of the directory of tests. */
static const struct rule *
from_file(const char *name)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct buf text = {0};
	struct diag diag = {0};

	cr_assert(buf_read_file(&text, name, 1 << 18), "tests run from the top of the project");
	cr_assert(rule_parse(rule, &arena, name, arena_copy(&arena, text.data, text.len), text.len, &diag),
	          "%u:%u: %s", diag.line, diag.column, diag.message);
	buf_free(&text);
	return rule;
}

static const struct {
	const char *text, *wanted;
} every_event[] = {
	{"init a; acq a; rel a; fini a", "pass\n"},
	{"init a; acqs a; touch a; rels a; block; fini a", "pass\n"},
	{"acq a", "violation\nuse-before-init\t1\ta\n"},
	{"init a; fini a; fini a", "violation\nuse-after-destroy\t3\ta\n"},
	{"init a; init a", "violation\ndouble-init\t2\ta\n"},
	{"init a", "violation\nmissing-destroy\t0\ta\n"},
	{"init a; acq a; fini a", "violation\ndestroy-while-held\t3\ta\n"},
	{"init a; acqs a; rel a", "violation\nmode-mismatch\t3\ta\n"},
	{"init a; acq a; rels a", "violation\nmode-mismatch\t3\ta\n"},
	{"init a; touch a", "violation\nnot-held-at-call\t2\ta\n"},
	{"init a; init b; acq a; acqs b; block", "violation\nheld-at-call\t5\ta\nheld-at-call\t5\tb\n"},
	{"init a; init b; acq b; acq a", "violation\norder\t4\ta\n"},
	{"init a; init b; acq a; acq b; rel b; rel a; fini a; fini b", "pass\n"},
	{"init a; acq a; rel a:KeReleaseSpinLock", "violation\nwrong-call\t3\ta\n"},
	{"init a; acqs a; acqs a; rels a; fini a", "pass\n"},
	{"init a; acqs a; try a { work } else { rels a; fini a }", "pass\n"},
	{"init a; acq a; if ? { rel a; fini a; init a; acq a }; rel a; fini a", "pass\n"},
	{"p = 0; loop { if !p { init a; p = 1 } }; if p { fini a }", "pass\n"},
	{"if p { init a }; acq a; rel a; fini a", "violation\nuse-before-init\t3\ta\n"},
	{"block:KeFlushQueuedDpcs; stop", "pass\n"},
	{"init a; trys a { touch a; rels a:ExReleaseSpinLockSharedFromDpcLevel }; fini a", "pass\n"},
	{"init a; acqs a; trys a { work; stop } else { stop }", "pass\n"},
	{"init a; acq a; trys a { init a }; rel a; fini a", "pass\n"}, /* fails for certain */
	{"init a; acqs a; trys a { init a }; rels a; fini a", "violation\ndouble-init\t4\ta\n"},
	{"init a; trys a; fini a", "violation\ndestroy-while-held\t3\ta\n"},
	{"init a; p = trys a:ExTryAcquireSpinLockSharedAtDpcLevel; if !p { rels a }; fini a",
     "violation\nrelease-without-acquire\t4\ta\ndestroy-while-held\t5\ta\n"},
};

Test(user_rules, events_of_a_rule_s_own_give_every_kind)
{
	const struct rule *rule = from_file("suite/truth/test/every_event.yaml");
	bool seen[KIND_COUNT] = {false};
	unsigned kinds = 0;

	for (size_t i = 0; i < sizeof every_event / sizeof *every_event; i++) {
		expect(rule, "dispatch", "life", every_event[i].text, every_event[i].wanted);
		for (unsigned kind = 0; kind < KIND_COUNT; kind++)
			seen[kind] |= strstr(every_event[i].wanted, kind_name((enum kind)kind)) != NULL;
	}
	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		kinds += seen[kind];
	cr_expect_geq(kinds, KIND_COUNT - 3U, "all but the three of acquire and release");
	expect(rule, "dispatch", "depth", "init a; acq b; rel a; block", "violation\nheld-at-call\t4\t*\n");
	expect(rule, "dispatch", "depth", "init a; rel b; block; loop { touch c }", "pass\n");
}

/* The roads agree on every sequence of a size. */
static void
agree_on_size(const struct rule *rule, unsigned role, unsigned size, unsigned locks)
{
	struct suite_case *cases;
	struct buf dispute = {0};
	struct diag diag = {0};
	struct space space;
	unsigned n = 0;

	cr_assert(space_init(&space, rule, role, SPACE_STATE, size, locks));
	cases = arena_alloc(&arena, space_count(&space) * sizeof *cases);
	for (bool more = space_first(&space); more; more = space_next(&space), n++) {
		cases[n] =
			(struct suite_case){.rule = rule, .role = role, .shapes = shapes_default(), .seq = space.seq};
		cases[n].seq.node = arena_alloc(&arena, space.seq.count * sizeof *space.seq.node);
		memcpy(cases[n].seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
	}
	cr_assert(truth_judge(&truth, cases, n, NULL, &arena, &dispute, &diag), "%s%s", diag.message,
	          buf_string(&dispute));
	buf_free(&dispute);
	space_free(&space);
}

Test(user_rules, the_roads_agree_on_every_sequence_with_events_of_a_rule_s_own)
{
	const struct rule *rule = from_file("suite/truth/test/every_event.yaml");

	for (unsigned size = 1; size <= 3; size++)
		agree_on_size(rule, 0, size, size < 3 ? 2 : 1);
	cr_expect_gt(truth.cases, 18000U);
}

static const struct {
	const char *role, *text, *wanted;
} two_types[] = {
	{"dpc", "acq a; acq c; rel c; rel a", "pass\n"},
	{"dpc", "acqs c; acqs c; rels c", "pass\n"},
	{"dpc", "acqs c; rel c", "violation\nmode-mismatch\t2\tc\n"},
	{"dpc", "acq c; touch b", "violation\nnot-held-at-call\t2\tb\n"},
	{"dpc", "acq b; touch b; rel b; trys c { block }", "violation\nheld-at-call\t5\tc\n"},
	{"dpc", "acq c; rel c:ExReleaseSpinLockExclusive", "violation\nwrong-call\t2\tc\n"},
	{"dpc", "acq a; rel a:KeReleaseSpinLock", "violation\nwrong-call\t2\ta\n"},
	{"dpc", "p = try a; acq c; if p { rel a }; rel c", "pass\n"},
	{"dispatch", "acq a; acq c; rel a; rel c", "pass\n"},
	{"dispatch", "acq a; acq c; rel c", "violation\nmissing-release\t0\ta\n"},
	{"dispatch", "acq c; acq c", "violation\ndouble-acquire\t2\tc\n"},
	{"dispatch", "if ? { acq a } else { acq c }; rel a", "violation\nrelease-without-acquire\t4\ta\n"},
};

Test(user_rules, locks_of_two_types_have_calls_of_their_own)
{
	const struct rule *rule = from_file("suite/truth/test/two_types.yaml");

	for (size_t i = 0; i < sizeof two_types / sizeof *two_types; i++)
		expect(rule, two_types[i].role, "mode", two_types[i].text, two_types[i].wanted);
	expect(rule, "dpc", "one", "acq a; rel c", "pass\n");
	for (unsigned role = 0; role < 2; role++)
		for (unsigned size = 1; size <= 2; size++)
			agree_on_size(rule, role, size, 3);
	cr_expect_gt(truth.cases, 1000U);
}

static struct suite_case
subject(const struct rule *rule, unsigned role, const char *text)
{
	struct suite_case of = {.rule = rule, .role = role, .shapes = shapes_default()};
	struct diag diag = {0};

	cr_assert(seq_read(&of.seq, &arena, rule, role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	return of;
}

static bool
wears(struct suite_case *of, enum shape_id id)
{
	of->shapes.choice[shape_row(id)->dimension] = (unsigned char)id;
	return shape_applies(id, &of->seq, of->rule, of->role, &of->shapes);
}

static const char *const of_two_types[3] = {
	"acq a; acq c; work; rel c; rel a",
	"if p { acq c; rel c }; acq a; if ? { rel a; return }; rel a; acq b; rel b; if p { acq c; rel c }",
	"acq c; rel c; loop { acq b; if ? { rel b; break }; rel b }; if ? { acq c; work; rel c }; acq a; stop",
};

/* Compilers that take a wrong type for an error tell whether each pointer, parameter and object has its
 * own. */
static void
agree_in_every_shape(const struct rule *rule, const char *const text[3])
{
	struct truth_compiler compiler = {.command = "gcc -Werror"};
	struct suite_case cases[2 * 3 * (SHAPE_ID_COUNT + SHAPE_COUNT)];
	struct buf dispute = {0};
	struct diag diag = {0};
	unsigned n = 0, step = rule->roles > 1 ? 1 : 2;

	for (unsigned t = 0; t < 6; t += step)
		for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
			for (unsigned with = 0; with < 2; with++) {
				struct suite_case of = subject(rule, t % rule->roles, text[t / 2]);
				bool helps = shape_row((enum shape_id)id)->dimension == SHAPE_HELPER;

				/* helpers of a file of their own, whose parameters nobody else declares */
				if (with && (!helps || !wears(&of, (enum shape_id)id)))
					continue;
				if (wears(&of, with ? CALL_FILE : (enum shape_id)id))
					cases[n++] = of;
			}
	truth.compilers = 1;
	truth.compiler = &compiler;
	cr_assert(truth_judge(&truth, cases, n, NULL, &arena, &dispute, &diag), "%s%s", diag.message,
	          buf_string(&dispute));
	cr_expect_gt(n, 150U * rule->roles, "%u", n);
	cr_expect_eq(compiler.cases, n);
	buf_free(&dispute);
}

Test(user_rules, texts_of_two_lock_types_are_right_in_every_shape)
{
	agree_in_every_shape(from_file("suite/truth/test/two_types.yaml"), of_two_types);
}

/* One of them is a handle, which names a lock and is none. */
Test(user_rules, so_they_are_where_one_type_is_a_handle)
{
	static const char *const change[][2] = {
		{"EX_SPIN_LOCK", "WDFSPINLOCK"}, {"lock: WDFSPINLOCK}", "lock: WDFSPINLOCK, lock-is-handle: true}"}};
	struct buf text = {0};

	cr_assert(buf_read_file(&text, "suite/truth/test/two_types.yaml", 1 << 18));
	agree_in_every_shape(replaced(arena_copy(&arena, buf_string(&text), text.len), change, 2), of_two_types);
	buf_free(&text);
}

/* A mutex, whose calls leave the IRQL alone and do not ask for DISPATCH_LEVEL, may be held while the last
 * spin lock is given back. */
Test(user_rules, a_mutex_does_not_keep_the_irql_up)
{
	static const char *const change[][2] = {
		{"irql: [DISPATCH_LEVEL, DISPATCH_LEVEL]", "irql: [PASSIVE_LEVEL, DISPATCH_LEVEL]"},
		{"ExAcquireSpinLockExclusive, for: EX_SPIN_LOCK", "ExAcquireSpinLockExclusive, for: KSPIN_LOCK"},
		{"ExReleaseSpinLockExclusive, for: EX_SPIN_LOCK", "ExReleaseSpinLockExclusive, for: KSPIN_LOCK"},
		{"[ExAcquireSpinLockExclusive, ", "[ExAcquireSpinLockExclusiveAtDpcLevel, "},
		{", ExReleaseSpinLockExclusive]", ", ExReleaseSpinLockExclusiveFromDpcLevel]"},
	};
	const struct rule *rule[2] = {from_file("suite/truth/test/two_types.yaml")};
	struct buf text = {0}, dispute = {0};
	struct diag diag = {0};

	cr_assert(buf_read_file(&text, "suite/truth/test/two_types.yaml", 1 << 18));
	rule[1] = replaced(arena_copy(&arena, buf_string(&text), text.len), change, 5);
	for (unsigned i = 0; i < 2; i++) {
		struct suite_case of = subject(rule[i], 1, "acq c; acq a; rel a; rel c");
		bool clean = false;
		struct prog prog;

		cr_expect_eq(rule[i]->type[1].binds_irql, !i);
		cr_assert(truth_judge(&truth, &of, 1, &clean, &arena, &dispute, &diag), "%s", diag.message);
		cr_expect(clean, "row %u", i);
		prog_make(&prog, &arena, rule[i], 1, &of.seq, &of.shapes);
		cr_expect_null(prog.unfit, "%s", prog.unfit);
	}
	buf_free(&text);
}

Test(user_rules, locks_of_two_types_share_no_array_and_no_pointer)
{
	static const enum shape_id shared[] = {PLACE_ARRAY,    PLACE_INDEX,  PLACE_COMPUTED,
	                                       PLACE_ACCESSOR, ALIAS_MOVING, ALIAS_MOVED};
	const struct rule *rule = from_file("suite/truth/test/two_types.yaml");

	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
		struct suite_case one = subject(rule, 0, "acq a; rel a; acq b; rel b"), two = one, three;
		struct diag diag = {0};
		struct buf out = {0};
		struct prog prog;

		cr_expect(wears(&one, shared[i]), "%s", shape_row(shared[i])->name);
		three = subject(rule, 0, "acq c; rel c; acq c; rel c");
		cr_expect(wears(&three, shared[i]), "%s", shape_row(shared[i])->name);
		two = subject(rule, 0, "acq a; rel a; acq c; rel c");
		cr_expect_not(wears(&two, shared[i]), "%s", shape_row(shared[i])->name);
		prog_make(&prog, &arena, rule, 0, &two.seq, &two.shapes);
		cr_assert(text_body(&out, NULL, &prog, -1, &diag), "%s", diag.message);
		cr_expect(strstr(buf_string(&out), "\tKSPIN_LOCK QueueLock;\n\tEX_SPIN_LOCK PoolLock;\n"), "%s",
		          out.data);
		buf_free(&out);
	}
}

static const struct {
	const char *reading, *text, *wanted;
} own_handles[] = {
	{"held", "acq a/b; touch a; rel b", "pass\n"},
	{"held", "touch b", "violation\nnot-held-at-call\t1\tb\n"},
	{"held", "acq a/c; acq b; block", "violation\nheld-at-call\t3\ta\nheld-at-call\t3\tb\n"},
	{"held", "acq a; rel a; init a; acq a; touch a; rel a; fini a; block", "pass\n"},
	{"held", "acq a/b; fini a", "violation\ndestroy-while-held\t2\ta\n"},
	{"held", "if ? { acq a/b }; touch a; rel b", "violation\nnot-held-at-call\t3\ta\n"},
	/* each handle that holds the lock; none */
	{"handle", "acq a; acq a/b; touch a; rel a; touch a; rel b", "pass\n"},
	{"handle", "acq a; rel a; touch a", "violation\nnot-held-at-call\t3\ta\n"},
	{"handle", "touch c", "violation\nnot-held-at-call\t1\tc\n"},
	{"handle", "acq a/c; block", "violation\nheld-at-call\t2\ta\n"},
	{"handle", "acq a; acq a/b; fini a; block", "pass\n"},
	/* whose lock is made anew is in use no more */
	{"handle", "acq a/b; init a; rel b", "violation\nrelease-without-acquire\t3\tb\n"},
	{"busy", "block; acq a; work; rel a", "violation\nnot-held-at-call\t1\ta\n"},
	{"busy", "acq a; block; rel a", "pass\n"},
	{"one", "acq a/b; acq b/c; block", "violation\nheld-at-call\t3\t*\n"},
	{"one", "acq a/b; init a; rel b", "pass\n"},
	{"one", "acq a/b; fini a; acq c/b; rel b", "violation\nmissing-release\t0\t*\n"},
};

Test(user_rules, events_of_a_rule_s_own_go_through_no_queue_handle)
{
	const struct rule *rule = from_file("suite/truth/test/own_handles.yaml");

	for (size_t i = 0; i < sizeof own_handles / sizeof *own_handles; i++)
		expect(rule, "dispatch", own_handles[i].reading, own_handles[i].text, own_handles[i].wanted);
	for (unsigned size = 1; size <= 2; size++)
		agree_on_size(rule, 0, size, 3);
	agree_on_size(rule, 0, 3, 1);
	cr_expect_gt(truth.cases, 8000U);
}

Test(user_rules, so_they_are_in_every_shape)
{
	static const char *const text[3] = {
		"init a; acq a; touch a; acq b; work; rel b; rel a; block; fini a",
		"if p { acq c; rel c }; acq a; touch a; if ? { rel a; return }; rel a; touch b; if p { block; fini c }",
		"if p { block; return }; if ? { acq c; work; rel c }; loop { acq b; touch b; rel b }; init a; stop",
	};

	agree_in_every_shape(from_file("suite/truth/test/own_handles.yaml"), text);
}

Test(user_rules, a_rule_without_a_lock_type_has_events_that_name_no_lock)
{
	static const char *const change[][2] = {
		{"\ncalls:\n", "\nevents:\n  - {word: block, effect: none, names-lock: false}\n\ncalls:\n"
	                   "  - {name: KeFlushQueuedDpcs, event: block, arguments: [], keep: none, irql: "
	                   "[PASSIVE_LEVEL, DISPATCH_LEVEL]}\n"},
		{"      - {state: free, on: end, go: free}\n",
	     "      - {state: free, on: end, go: free}\n      - {state: free, on: block, go: free}\n"
	     "      - {state: held, on: block, violation: held-at-call, clause: 1}\n"},
	};
	const struct rule *rule = changed("rules/CancelSpinlockRelease.yaml", change, 2);

	expect(rule, "dispatch", "alternate", "acq a; block", "violation\nheld-at-call\t2\ta\n");
	expect(rule, "dispatch", "alternate", "block; acq a; rel a; block", "pass\n");
	expect(rule, "cancel", "alternate", "block", "violation\nheld-at-call\t1\ta\n");
	for (unsigned role = 0; role < 2; role++)
		for (unsigned size = 1; size <= 2; size++)
			agree_on_size(rule, role, size, 1);
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
