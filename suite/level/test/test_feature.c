/* feature: cells are counted in the contexts where they stand, a violation where the verdict has it, shapes
 * in their groups. */
#include <criterion/criterion.h>

#include "feature.h"
#include "read.h"
#include "truth.h"

static struct arena arena;
static struct rule rule;
static struct truth truth;

static void
begin(void)
{
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
}

static void
end(void)
{
	truth_free(&truth);
	arena_free(&arena);
}

TestSuite(feature, .init = begin, .fini = end);

enum { FREE, HELD };

static void
cover_shaped(uint8_t feature[FEATURE_SIZE], unsigned part, unsigned role, const char *text,
             struct shapes shapes)
{
	struct verdict verdict;
	struct diag diag;
	struct seq seq;

	cr_assert(seq_read(&seq, &arena, &rule, role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	truth_reach(&truth, &rule, role, rule.headline, &seq, &arena, &verdict);
	memset(feature, 0, FEATURE_SIZE);
	feature_case(feature, part, &rule, role, &seq, &shapes, &verdict);
}

static void
cover(uint8_t feature[FEATURE_SIZE], unsigned part, unsigned role, const char *text)
{
	cover_shaped(feature, part, role, text, shapes_default());
}

static unsigned
at(unsigned group, enum context context, unsigned state, enum event event)
{
	return (group * CONTEXT_COUNT + context) * FEATURE_CELLS + state * EVENT_COUNT + event;
}

static unsigned
count(const uint8_t *feature, unsigned from, unsigned to)
{
	unsigned n = 0;

	for (; from < to; from++) {
		cr_assert_leq(feature[from], 1);
		n += feature[from];
	}
	return n;
}

Test(feature, a_pair_of_calls_has_three_cells_at_the_top_and_in_its_role)
{
	uint8_t feature[FEATURE_SIZE];

	cover(feature, 2, 0, "acq a; rel a");
	cr_assert(feature[at(0, CONTEXT_TOP, FREE, EVENT_ACQUIRE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, HELD, EVENT_RELEASE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, FREE, EVENT_END)]);
	cr_assert_eq(count(feature, 0, FEATURE_IN_CONTEXT), 3U);
	cr_assert_eq(
		count(feature, FEATURE_IN_CONTEXT + 2 * FEATURE_CELLS, FEATURE_IN_CONTEXT + 3 * FEATURE_CELLS), 3U);
	cr_assert_eq(count(feature, 0, FEATURE_SIZE), 6U);
}

Test(feature, a_violation_counts_and_ends_the_path)
{
	uint8_t feature[FEATURE_SIZE];

	cover(feature, 0, 0, "acq a; acq a; rel a");
	cr_assert(feature[at(0, CONTEXT_TOP, HELD, EVENT_ACQUIRE)]);
	cr_assert_not(feature[at(0, CONTEXT_TOP, HELD, EVENT_RELEASE)]);
	cr_assert_eq(count(feature, 0, FEATURE_IN_CONTEXT), 2U);
}

Test(feature, a_violation_that_flags_rule_out_does_not_count)
{
	uint8_t feature[FEATURE_SIZE];

	cover(feature, 0, 0, "if p { acq a }; if p { rel a }");
	cr_assert(feature[at(0, CONTEXT_FLAG_AGAIN, HELD, EVENT_RELEASE)]);
	cr_assert_not(feature[at(0, CONTEXT_FLAG_AGAIN, FREE, EVENT_RELEASE)]);
	cover(feature, 0, 0, "if p { acq a }; if q { rel a }");
	cr_assert(feature[at(0, CONTEXT_THEN, HELD, EVENT_RELEASE)]);
	cr_assert(feature[at(0, CONTEXT_THEN, FREE, EVENT_RELEASE)]);
}

Test(feature, a_shape_has_the_group_of_its_dimension)
{
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		unsigned dimension = shape_row((enum shape_id)id)->dimension;
		struct shapes shapes = shapes_default();
		unsigned group = shapes.choice[dimension] == id ? 0 : 1 + dimension;
		uint8_t feature[FEATURE_SIZE];

		shapes.choice[dimension] = (unsigned char)id;
		cover_shaped(feature, 0, 0, "acq a; rel a", shapes);
		cr_assert(feature[at(group, CONTEXT_TOP, FREE, EVENT_ACQUIRE)]);
		cr_assert_eq(count(feature, at(group, 0, 0, 0), at(group + 1, 0, 0, 0)), 3U);
		cr_assert_eq(count(feature, 0, FEATURE_IN_CONTEXT), 3U);
	}
}

Test(feature, a_loop_is_followed_until_nothing_is_new)
{
	uint8_t feature[FEATURE_SIZE];

	cover(feature, 0, 0, "loop { if ? { rel a; break }; acq a }");
	cr_assert(feature[at(0, CONTEXT_THEN_IN_LOOP, FREE, EVENT_RELEASE)]);
	cr_assert(feature[at(0, CONTEXT_THEN_IN_LOOP, HELD, EVENT_RELEASE)]);
	cr_assert(feature[at(0, CONTEXT_LOOP_AFTER_JUMP, FREE, EVENT_ACQUIRE)]);
	cr_assert(feature[at(0, CONTEXT_LOOP_AFTER_JUMP, HELD, EVENT_ACQUIRE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, FREE, EVENT_END)]);
	cr_assert(feature[at(0, CONTEXT_TOP, HELD, EVENT_END)]);
}

/* Where the acquire of lock a stands. */
static const struct {
	enum context context;
	const char *text;
} rows[] = {
	{CONTEXT_TOP, "acq a"},
	{CONTEXT_THEN, "if ? { acq a }"},
	{CONTEXT_ELSE, "if p { work } else { acq a }"},
	{CONTEXT_FLAG_AGAIN, "if p { work }; if !p { acq a }"},
	{CONTEXT_FLAG_AGAIN_IN_LOOP, "if p { work }; loop { if p { acq a } }"},
	{CONTEXT_TRY, "try b { acq a }"},
	{CONTEXT_TRY_ELSE, "try b { work } else { acq a }"},
	{CONTEXT_TRY_IN_LOOP, "loop { try b { acq a } }"},
	{CONTEXT_AFTER_TRY, "try b { work }; acq a"},
	{CONTEXT_LOOP, "loop { acq a }"},
	{CONTEXT_LOOP, "loop { if ? { work }; acq a }"},
	{CONTEXT_LOOP_AFTER_JUMP, "loop { if ? { continue }; acq a }"},
	{CONTEXT_NESTED_LOOP, "loop { loop { acq a } }"},
	{CONTEXT_LOOP_IN_THEN, "if ? { loop { acq a } }"},
	{CONTEXT_LOOP_IN_ELSE, "if ? { work } else { loop { acq a } }"},
	{CONTEXT_THEN_IN_LOOP, "loop { if ? { acq a } }"},
	{CONTEXT_ELSE_IN_LOOP, "loop { if ? { work } else { acq a } }"},
	{CONTEXT_TAKE_KEPT, "p = try a"},
	{CONTEXT_TAKE_IGNORED, "try a"},
	{CONTEXT_SET_FLAG, "p = ?; if p { acq a }"},
	{CONTEXT_SET_FLAG_IN_LOOP, "loop { p = ?; if p { acq a } }"},
	{CONTEXT_FOREVER, "forever { acq a; break }"},
	{CONTEXT_AFTER_STOP, "if ? { stop }; acq a"},
};

Test(feature, every_context_has_its_place)
{
	unsigned seen = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t feature[FEATURE_SIZE];

		cover(feature, 0, 1, rows[i].text);
		cr_expect(feature[at(0, rows[i].context, FREE, EVENT_ACQUIRE)], "%s: %s", rows[i].text,
		          context_name(rows[i].context));
		seen |= 1U << rows[i].context;
	}
	cr_assert_eq(seen, (1U << CONTEXT_COUNT) - 1);
}

Test(feature, a_rule_that_counts_is_followed_by_signs)
{
	uint8_t feature[FEATURE_SIZE];
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "WdfSpinlockRelease", &diag), "%s", diag.message);
	cover(feature, 0, 0, "acq a; acq a; rel a; rel a");
	cr_assert(feature[at(0, CONTEXT_TOP, COUNTER_ZERO, EVENT_ACQUIRE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, COUNTER_ABOVE, EVENT_ACQUIRE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, COUNTER_ABOVE, EVENT_RELEASE)]);
	cr_assert(feature[at(0, CONTEXT_TOP, COUNTER_ZERO, EVENT_END)]);
	cr_assert_not(feature[at(0, CONTEXT_TOP, COUNTER_ABOVE, EVENT_END)]);
}
