/* native: its hand-written judges against the transition tables, and its limits; and compilers against each
 * other. */
#include <criterion/criterion.h>

#include "native.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(native, .fini = end);

enum { LONGEST = 8, EVENTS = 4 }; /* acq a, rel a, acq b, rel b */

/* One event string on both sides: judges by hand, and judges by the table of the same rule. */
struct sides {
	struct judge hand, table;
	uint8_t owner[RULE_LOCKS];
};

static void
compare_end(const struct rule *rule, const struct rule *user, unsigned reading, const struct sides *sides)
{
	const struct judge_end end = {.locks = 3, .handles = rule->has_handles ? 3 : 0, .owner = sides->owner};
	uint8_t hand[KIND_COUNT], table[KIND_COUNT];

	judge_end(&sides->hand, rule, reading, &end, hand);
	judge_end(&sides->table, user, reading, &end, table);
	cr_assert(!memcmp(hand, table, sizeof hand), "%s %s", rule->name, rule->reading[reading].name);
}

static unsigned
compare_from(const struct rule *rule, const struct rule *user, unsigned reading, const struct sides *before,
             unsigned length)
{
	unsigned compared = 1;

	compare_end(rule, user, reading, before);
	for (unsigned i = 0; length < LONGEST && i < (rule->locks > 1 ? EVENTS : 2U); i++) {
		struct judge_event event = {i & 1 ? EVENT_RELEASE : EVENT_ACQUIRE, i >> 1, i >> 1, true};
		struct sides after = *before;
		enum kind by_hand, by_table;
		unsigned one, two;
		bool hand, table;

		if (rule->has_handles && event.event == EVENT_RELEASE)
			event.in_use = after.owner[event.lock] != 0;
		hand = judge_event(&after.hand, rule, reading, 99, &event, &by_hand, &one);
		table = judge_event(&after.table, user, reading, 99, &event, &by_table, &two);
		cr_assert_eq(hand, table, "%s %s", rule->name, rule->reading[reading].name);
		if (!hand) {
			cr_assert(by_hand == by_table && one == two);
			continue;
		}
		if (event.in_use)
			after.owner[event.lock] = (uint8_t)(event.event == EVENT_ACQUIRE ? 1 + event.lock : 0);
		compared += compare_from(rule, user, reading, &after, length + 1);
	}
	return compared;
}

Test(native, judges_by_hand_and_by_table_agree_on_all_event_strings_up_to_length_8)
{
	const char **names;
	size_t count = rule_list(&arena, &names);
	unsigned compared = 0;

	for (size_t i = 0; i < count; i++) {
		struct rule rule, user;
		struct diag diag;

		cr_assert(rule_load(&rule, &arena, names[i], &diag), "%s", diag.message);
		user = rule;
		user.built_in = false;
		for (unsigned role = 0; role < rule.roles; role++)
			for (unsigned reading = 0; reading < rule.readings; reading++) {
				struct sides sides = {0};

				judge_begin(&sides.hand, &rule, reading, rule.role[role].held);
				judge_begin(&sides.table, &user, reading, rule.role[role].held);
				for (unsigned lock = 0; lock < RULE_LOCKS; lock++)
					sides.owner[lock] = (uint8_t)(rule.role[role].held >> lock & 1 ? 1 + lock : 0);
				compared += compare_from(&rule, &user, reading, &sides, 0);
			}
	}
	cr_assert_gt(compared, 10000U, "only %u strings were compared", compared);
}

Test(native, text_that_does_not_compile_is_refused_with_a_message)
{
	struct native_result result;
	struct diag diag = {0};

	cr_assert_not(native_judge("int x = ;\n", NULL, 0, &arena, &result, &diag));
	cr_assert_neq(diag.message[0], 0);
}

/* Two routines that keep a lock on some path: line 3 of the one, its own end of the other. */
Test(native, each_compiler_gives_the_same_verdicts_and_paths)
{
	static const char text[] =
		"int native_choose(int); void native_lock(void *, int, int);\n"
		"void native_acquire(void *, void *, int); void native_release(void *, void *, int);\n"
		"static void twice(void) { int a; native_lock(&a, 0, 0); native_acquire(&a, 0, 3);\n"
		"if (native_choose(4)) native_acquire(&a, 0, 4);\n"
		"native_release(&a, 0, 5); }\n"
		"static void leak(void) { int a; native_lock(&a, 0, 0); native_acquire(&a, 0, 6);\n"
		"while (native_choose(7)) if (native_choose(8)) return;\n"
		"native_release(&a, 0, 9); }\n"
		"void (*lockdrill_harness[])(void) = {twice, leak};\n";
	static const char *const compilers[] = {NULL, "gcc -O0", "gcc -O2"};
	struct native_result results[2];
	struct rule rule;
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
	const struct native_case cases[] = {
		{.rule = &rule, .cap = 99, .sites = 1, .first_line = 3, .end_line = 3},
		{.rule = &rule, .cap = 99, .sites = 1, .first_line = 6, .end_line = 3}};
	for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
		const struct verdict *twice = &results[0].verdict[rule.headline];
		const struct verdict *leak = &results[1].verdict[rule.headline];

		cr_assert(
			native_judge_pack(&(struct native_pack){text, cases, 2}, compilers[i], &arena, results, &diag),
			"%s", diag.message);
		cr_assert(!results[0].limit && !results[1].limit);
		cr_assert_eq(twice->count, 1);
		cr_assert(twice->finding[0].kind == KIND_DOUBLE_ACQUIRE && twice->finding[0].line == 2);
		cr_assert_eq(leak->count, 1);
		cr_assert(leak->finding[0].kind == KIND_MISSING_RELEASE && leak->finding[0].line == 3);
		cr_assert(results[0].paths == 2 && results[1].paths == 3, "%d %d", (int)results[0].paths,
		          (int)results[1].paths);
	}
}
