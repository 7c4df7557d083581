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

enum {
	LONGEST = 8,       /* strings of the role's own calls: acq a, rel a, acq b, rel b */
	LONGEST_MIXED = 4, /* of all calls */
};

/* One event string on both sides: judges by hand, and judges by the table of the same rule. */
struct sides {
	struct judge hand, table;
	uint8_t owner[RULE_LOCKS];
	uint16_t by_hand[RULE_LOCKS], by_table[RULE_LOCKS]; /* what a held lock remembers; 0: it is free */
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

/* What is compared: a reading of a rule, in a role, by all calls or by the role's own. */
struct comparing {
	const struct rule *rule, *user;
	unsigned role, reading;
	bool mixed;
};

static unsigned compare_from(const struct comparing *c, const struct sides *before, unsigned length);

static unsigned
compare_event(const struct comparing *c, const struct sides *before, struct judge_event *event,
              unsigned length)
{
	const struct rule *rule = c->rule, *user = c->user;
	struct sides after = *before;
	unsigned lock = event->lock, one, two;
	bool releases = event->event == EVENT_RELEASE, hand, table;
	enum kind by_hand, by_table;

	if (rule->has_handles && releases)
		event->in_use = after.owner[lock] != 0;
	event->wrong =
		releases && after.by_hand[lock] && !judge_gives_back(rule, event->call, after.by_hand[lock]);
	cr_assert_eq(event->wrong, releases && after.by_table[lock] &&
	                               !judge_gives_back(user, event->call, after.by_table[lock]));
	hand = judge_event(&after.hand, rule, c->reading, 99, event, &by_hand, &one);
	table = judge_event(&after.table, user, c->reading, 99, event, &by_table, &two);
	cr_assert_eq(hand, table, "%s %s", rule->name, rule->reading[c->reading].name);
	if (!hand) {
		cr_assert(by_hand == by_table && one == two);
		return 0;
	}
	if (event->in_use)
		after.owner[lock] = (uint8_t)(releases ? 0 : 1 + lock);
	after.by_hand[lock] = releases ? 0 : judge_givers(rule, event->call);
	after.by_table[lock] = releases ? 0 : judge_givers(user, event->call);
	return compare_from(c, &after, length + 1);
}

static unsigned
compare_from(const struct comparing *c, const struct sides *before, unsigned length)
{
	const struct rule *rule = c->rule;
	const struct rule_role *role = &rule->role[c->role];
	unsigned compared = 1;

	compare_end(rule, c->user, c->reading, before);
	for (unsigned call = 0; length < (c->mixed ? LONGEST_MIXED : LONGEST) && call < rule->calls; call++)
		for (unsigned lock = 0; lock < (rule->locks > 1 ? 2U : 1U); lock++) {
			struct judge_event event = {
				.event = rule->call[call].event, .lock = lock, .handle = lock, .in_use = true, .call = call};

			if (c->mixed || call == role->acquire[0] || call == role->release[0])
				compared += compare_event(c, before, &event, length);
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
				for (unsigned lock = 0; lock < RULE_LOCKS && rule.role[role].held >> lock & 1; lock++) {
					sides.by_hand[lock] = judge_givers(&rule, rule.role[role].acquire[0]);
					sides.by_table[lock] = judge_givers(&user, rule.role[role].acquire[0]);
				}
				for (int mixed = 0; mixed < 2; mixed++)
					compared +=
						compare_from(&(struct comparing){&rule, &user, role, reading, mixed}, &sides, 0);
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
