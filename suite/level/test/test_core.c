/* core: its text is read and refused at the right place, and the built-in pairs show everything there is. */
#include <criterion/criterion.h>

#include "core.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(core, .fini = end);

static bool
parse(struct core *core, const char *text, struct diag *diag)
{
	return core_parse(core, &arena, "cases.txt", text, strlen(text), diag);
}

static void
load(struct core *core, struct suite_case **cases)
{
	struct truth truth = {0};
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(core_load(core, &arena, &diag), "%s:%u:%u: %s", diag.file, diag.line, diag.column,
	          diag.message);
	*cases = arena_alloc(&arena, (2U * core->pairs + 1) * sizeof **cases);
	cr_assert(core_judge(core, &truth, *cases, &arena, &dispute, &diag), "%s:%u:%u: %s\n%s", diag.file,
	          diag.line, diag.column, diag.message, buf_string(&dispute));
	truth_free(&truth);
	buf_free(&dispute);
}

#define HEAD "name one\nrule SpinlockRelease\nrole dpc\n"
#define HALVES "correct acq a; rel a\nviolating acq a\n"
#define REASON "reason It leaks.\n"

Test(core, fields_are_read_in_any_order_with_comments_crlf_and_a_byte_order_mark)
{
	static const char text[] =
		"\xef\xbb\xbf# a comment\r\n\r\n"
		"reason\tIt  leaks. \r\nviolating acq a\r\n# another\r\ncorrect acq a; rel a\r\n"
		"shapes place=heap\talias=local-pointer\r\nrole dpc\r\nrule SpinlockRelease\r\n"
		"name one-2\r\n \r\n\r\n" HEAD HALVES "reason Without a line's end.";
	struct core core;
	struct diag diag;

	cr_assert(parse(&core, text, &diag), "%u:%u: %s", diag.line, diag.column, diag.message);
	cr_assert_eq(core.pairs, 2);
	cr_assert_str_eq(core.pair[0].name, "one-2");
	cr_assert_str_eq(core.pair[0].reason, "It  leaks.");
	cr_assert_str_eq(core.pair[0].rule->name, "SpinlockRelease");
	cr_assert_str_eq(core.pair[0].rule->role[core.pair[0].role].name, "dpc");
	cr_assert_eq(core.pair[0].shapes.choice[SHAPE_PLACE], PLACE_HEAP);
	cr_assert_eq(core.pair[0].shapes.choice[SHAPE_ALIAS], ALIAS_POINTER);
	cr_assert_eq(core.pair[0].half[0].size, 2);
	cr_assert_eq(core.pair[0].half[1].size, 1);
	cr_assert_eq(core.pair[1].rule, core.pair[0].rule);
	cr_assert_str_eq(core.pair[1].reason, "Without a line's end.");
	cr_assert(parse(&core, "", &diag) && !core.pairs);
	cr_assert(parse(&core, "\n# nothing\n", &diag) && !core.pairs);
}

Test(core, what_is_wrong_is_refused_at_its_place)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *message;
	} rows[] = {
		{"\n" HALVES, 2, 1, "lacks 'name'"},
		{HEAD HALVES, 1, 1, "lacks 'reason'"},
		{HEAD HALVES "\n" REASON, 1, 1, "lacks 'reason'"},
		{HEAD HALVES REASON "why Because.\n", 7, 1, "known: name rule role shapes"},
		{HEAD HALVES REASON "role dpc\n", 7, 1, "already"},
		{HEAD HALVES REASON "shapes \t\n", 7, 7, "no value"},
		{HEAD HALVES " " REASON, 6, 1, "begins its line"},
		{HEAD "correct acq a;\x01 rel a\n", 4, 15, "control character"},
		{"name One\nrule x\nrole x\n" HALVES REASON, 1, 6, "lower-case"},
		{"name 0123456789012345678901234567890123456789012345678\nrule x\nrole x\n" HALVES REASON, 1, 54,
	     "ends here"},
		{HEAD HALVES REASON "\n" HEAD HALVES REASON, 8, 6, "another pair"},
		{"name one\nrule  Spinlock\nrole x\n" HALVES REASON, 2, 7, "there is no rule"},
		{"name one\nrule SpinlockRelease\nrole isr\n" HALVES REASON, 3, 6, "known: dispatch dpc"},
		{HEAD "correct acq a; frob a\nviolating acq a\n" REASON, 4, 16, "frob"},
		{HEAD "correct acq a; rel a\nviolating break\n" REASON, 5, 11, "loop"},
		{HEAD HALVES REASON "shapes  place=moon\n", 7, 9, "known: extension"},
		{HEAD HALVES REASON "shapes noise=log colour=red\n", 7, 18, "no such dimension"},
		{HEAD HALVES REASON "shapes place=extension\n", 7, 8, "default"},
		{HEAD HALVES REASON "shapes place=heap place=static\n", 7, 19, "before"},
		{HEAD HALVES REASON "shapes place=heap loop=do\n", 7, 19, "changes nothing"},
		{HEAD HALVES REASON "shapes helper=release\n", 7, 8, "changes nothing"},
		{HEAD HALVES "reason It leaks\n", 6, 16, "full stop"},
		{HEAD HALVES "reason It */ leaks.\n", 6, 11, "comment"},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct core core;
		struct diag diag;

		cr_assert_not(parse(&core, rows[i].text, &diag), "%s", rows[i].text);
		cr_expect(diag.line == rows[i].line && diag.column == rows[i].column, "%u:%u and not %u:%u: %s\n%s",
		          diag.line, diag.column, rows[i].line, rows[i].column, diag.message, rows[i].text);
		cr_expect_str_eq(diag.file, "cases.txt");
		cr_expect_not_null(strstr(diag.message, rows[i].message), "%s: %s", rows[i].message, diag.message);
	}
}

Test(core, a_half_with_the_wrong_verdict_is_refused_at_its_sequence)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *message;
	} rows[] = {
		{HEAD "correct acq a\nviolating acq a\n" REASON, 4, "this violates"},
		{HEAD "correct acq a; rel a\nviolating acq a; rel a; work\n" REASON, 5, "does not violate"},
		{HEAD "correct acq a; rel a\nviolating loop { acq a }\n" REASON, 5, "does not decide"},
		{"name one\nrule SpinLockRelease\nrole hw-timer\ncorrect acq a; acq a; rel a\nviolating acq a\n" REASON,
	     4, "waits for itself"},
		{"name one\nrule QueuedSpinLockRelease\nrole dispatch\n"
	     "correct acq a; acq b; rel a; rel b\nviolating acq a\n" REASON,
	     4, "another defect"},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct truth truth = {0};
		struct buf dispute = {0};
		struct suite_case cases[2];
		struct core core;
		struct diag diag;

		cr_assert(parse(&core, rows[i].text, &diag), "%s", diag.message);
		cr_assert_not(core_judge(&core, &truth, cases, &arena, &dispute, &diag), "%s", rows[i].text);
		cr_expect_eq(diag.line, rows[i].line, "%u: %s", diag.line, rows[i].text);
		cr_expect_not_null(strstr(diag.message, rows[i].message), "%s: %s", rows[i].message, diag.message);
		truth_free(&truth);
		buf_free(&dispute);
	}
}

Test(core, every_choice_of_a_shape_is_in_the_built_in_pairs)
{
	bool seen[SHAPE_ID_COUNT] = {false};
	struct core core;
	struct diag diag;

	cr_assert(core_load(&core, &arena, &diag), "%s:%u: %s", diag.file, diag.line, diag.message);
	for (unsigned i = 0; i < core.pairs; i++)
		for (unsigned d = 0; d < SHAPE_COUNT; d++)
			seen[core.pair[i].shapes.choice[d]] = true;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		const struct shape_row *row = shape_row((enum shape_id)id);

		cr_expect(seen[id], "no pair has %s=%s", shape_dimension_name(row->dimension), row->name);
	}
}

Test(core, every_ladder_step_is_in_the_built_in_pairs_of_each_rule)
{
	struct suite_case *cases;
	const char **names;
	size_t count = rule_list(&arena, &names);
	struct core core;

	load(&core, &cases);
	for (size_t i = 0; i < count; i++) {
		unsigned steps = 0, all = (1U << LADDER_COUNT) - 1;
		struct rule rule;
		struct diag diag;

		cr_assert(rule_load(&rule, &arena, names[i], &diag));
		for (unsigned j = 0; j < 2 * core.pairs; j++)
			if (!strcmp(cases[j].rule->name, rule.name))
				steps |= 1U << cases[j].ladder;
		if (rule.locks == 1)
			all &= ~(1U << LADDER_LOCKS | 1U << LADDER_ALIASES);
		for (unsigned step = 0; step < LADDER_COUNT; step++)
			cr_expect(steps >> step & 1 || !(all >> step & 1), "no pair of %s has step %s", rule.name,
			          ladder_name((enum ladder)step));
	}
}

/* A rule's kinds are those of its headline reading; a double acquire that it does not judge has none. */
static bool
can_be(const struct rule *rule, enum kind kind)
{
	const struct rule_reading *reading = &rule->reading[rule->headline];

	for (unsigned state = 0; state < reading->states; state++)
		for (unsigned event = 0; event < EVENT_COUNT; event++)
			if (reading->cell[state][event].violates && reading->cell[state][event].kind == kind)
				return true;
	return false;
}

Test(core, every_rule_role_and_kind_of_violation_is_in_the_built_in_pairs)
{
	struct suite_case *cases;
	const char **names;
	size_t count = rule_list(&arena, &names);
	struct core core;

	load(&core, &cases);
	for (size_t i = 0; i < count; i++) {
		unsigned roles = 0, kinds = 0;
		struct rule rule;
		struct diag diag;

		cr_assert(rule_load(&rule, &arena, names[i], &diag));
		for (unsigned j = 0; j < 2 * core.pairs; j++) {
			const struct verdict *verdict = &cases[j].verdict[rule.headline];

			if (strcmp(cases[j].rule->name, rule.name))
				continue;
			roles |= 1U << cases[j].role;
			for (unsigned f = 0; f < verdict->count; f++)
				kinds |= 1U << verdict->finding[f].kind;
		}
		for (unsigned role = 0; role < rule.roles; role++)
			cr_expect(roles >> role & 1, "no pair of %s has role %s", rule.name, rule.role[role].name);
		for (unsigned kind = 0; kind < KIND_COUNT; kind++)
			if (can_be(&rule, (enum kind)kind))
				cr_expect(kinds >> kind & 1, "no pair of %s has a %s", rule.name, kind_name((enum kind)kind));
	}
}

Test(core, a_file_is_found_by_its_name_and_by_no_other)
{
	static const char *const wrong[] = {"",
	                                    "001-a",
	                                    "SpinlockRelease/",
	                                    "SpinlockRelease/001",
	                                    "SpinlockRelease/001-",
	                                    "SpinlockRelease/001-c",
	                                    "SpinlockRelease/001-a.",
	                                    "SpinlockRelease/001-a.h",
	                                    "SpinlockRelease/001-a.c.c",
	                                    "SpinlockRelease/0001-a",
	                                    "xSpinlockRelease/001-a",
	                                    "WdfSpinlockRelease/001-a"};
	unsigned pair = 7, half[2] = {7, 7};
	struct suite_case *cases;
	struct core core;

	load(&core, &cases);
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_not(core_find(&core, wrong[i], &pair, &half[0]), "%s", wrong[i]);
	cr_assert(core_find(&core, "SpinlockRelease/001-a", &pair, &half[0]));
	cr_expect_eq(pair, 0);
	cr_assert(core_find(&core, "some/where/SpinlockRelease/001-b.c", &pair, &half[1]));
	cr_expect(pair == 0 && half[0] + half[1] == 1);
	cr_assert(core_find(&core, "SpinlockRelease/001-a-helpers.c", &pair, &half[1]));
	cr_expect_eq(half[0], half[1]);
}
