/* truth: the three roads agree on small spaces and on the smoke level in every shape, and a disagreement is seen. */
#include <criterion/criterion.h>

#include "level.h"
#include "space.h"
#include "truth.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(truth, .fini = end);

/* Every shape that applies to the sequence, one dimension at a time and all together. */
static unsigned
judge_all_shapes(struct truth *truth, const struct rule *rule, unsigned role, const char *text)
{
	struct suite_case *cases = arena_alloc(&arena, (SHAPE_ID_COUNT + 1U) * sizeof *cases);
	struct shapes together = shapes_default();
	struct buf dispute = {0};
	unsigned count = 0;
	struct diag diag;
	struct seq seq;

	if (!seq_parse(&seq, &arena, rule, role, "test", text, strlen(text), &diag))
		return 0;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		struct shapes shapes = shapes_default();

		if (!shape_applies((enum shape_id)id, &seq, rule, role, &shapes))
			continue;
		shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
		if (shape_applies((enum shape_id)id, &seq, rule, role, &together))
			together.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
		cases[count++] = (struct suite_case){.rule = rule, .role = role, .seq = seq, .shapes = shapes};
	}
	cases[count++] = (struct suite_case){.rule = rule, .role = role, .seq = seq, .shapes = together};
	cr_assert(truth_judge(truth, cases, count, NULL, &arena, &dispute, &diag), "%s\n%s", diag.message,
	          buf_string(&dispute));
	for (unsigned i = 1; i < count; i++)
		cr_assert_eq(cases[i].verdict[rule->headline].outcome, cases[0].verdict[rule->headline].outcome);
	return count;
}

Test(truth, every_shape_keeps_the_verdict_of_hand_picked_sequences)
{
	static const char *const texts[] = {
		"",
		"rel a",
		"acq a",
		"acq a; acq a; rel a; rel a",
		"acq a; if ? { return }; rel a",
		"acq a; loop { if ? { rel a; return }; if ? { break }; work }; rel a",
		"if p { acq a } else { acq b }; if !p { rel b } else { rel a }",
		"loop { acq a; if ? { continue }; rel a }",
		"acq a; acq b; if p { rel a; rel b; return }; rel b; rel a",
		"try a { rel a } else { if ? { acq a; rel a; return } }; work",
		"acq a; loop { if p { rel a; if ? { return }; acq a } else { loop { work } } }; rel a",
		"loop { loop { if ? { return }; if ? { break } }; acq a; if q { return }; rel a }",
	};
	struct truth truth = {0};
	unsigned judged = 0;
	const char **names;
	size_t count = rule_list(&arena, &names);

	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(&arena, sizeof *rule);
		struct diag diag;

		cr_assert(rule_load(rule, &arena, names[i], &diag), "%s", diag.message);
		for (unsigned role = 0; role < rule->roles; role++)
			for (unsigned j = 0; j < sizeof texts / sizeof *texts; j++)
				judged += judge_all_shapes(&truth, rule, role, texts[j]);
	}
	cr_assert_gt(judged, 500U, "only %u cases", judged);
	truth_free(&truth);
}

Test(truth, the_roads_agree_on_every_sequence_up_to_size_3_with_two_locks)
{
	const char **names;
	size_t count = rule_list(&arena, &names);
	struct truth truth = {0};
	struct buf dispute = {0};

	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(&arena, sizeof *rule);
		struct diag diag;

		cr_assert(rule_load(rule, &arena, names[i], &diag), "%s", diag.message);
		for (unsigned role = 0; role < rule->roles; role++)
			for (unsigned size = 0; size <= 3; size++) {
				struct space space;

				cr_assert(space_init(&space, rule, role, size, 2));
				unsigned room = (unsigned)space_count(&space), n = 0;
				struct suite_case *cases = arena_alloc(&arena, (room + 1U) * sizeof *cases);

				for (bool more = space_first(&space); more; more = space_next(&space), n++) {
					cases[n] = (struct suite_case){
						.rule = rule, .role = role, .shapes = shapes_default(), .seq = space.seq};
					cases[n].seq.node = arena_alloc(&arena, (space.seq.count + 1U) * sizeof *space.seq.node);
					memcpy(cases[n].seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
				}
				cr_assert_eq(n, room);
				cr_assert(truth_judge(&truth, cases, n, NULL, &arena, &dispute, &diag), "%s\n%s",
				          diag.message, buf_string(&dispute));
				space_free(&space);
			}
	}
	truth_free(&truth);
}

Test(truth, smoke_is_all_pairs_of_opposite_verdict_and_is_the_same_each_time)
{
	struct buf dispute = {0};
	struct level one, two;
	struct diag diag;

	cr_assert(level_make(&one, "smoke", NULL, 0, &dispute, &diag), "%s", diag.message);
	cr_assert(level_make(&two, "smoke", NULL, 0, &dispute, &diag));
	cr_assert(one.count >= 150 && one.count <= 250, "%u cases", one.count);
	cr_assert_eq(one.count, two.count);
	for (unsigned i = 0; i < one.count; i++) {
		const struct suite_case *of = &one.cases[i], *twin = &one.cases[of->twin];

		cr_assert_eq(of->number, i);
		cr_assert_eq(twin->twin, i);
		cr_assert_eq(of->rule, twin->rule);
		cr_assert_eq(of->role, twin->role);
		cr_assert_eq(memcmp(&of->shapes, &twin->shapes, sizeof of->shapes), 0);
		cr_assert_neq(of->verdict[of->rule->headline].outcome, twin->verdict[of->rule->headline].outcome);
		cr_assert_not(of->deadlock);
		cr_assert_str_eq(of->id, two.cases[i].id);
		cr_assert_str_eq(of->text_hash, two.cases[i].text_hash);
	}
	for (unsigned i = 0; i < one.rules; i++)
		for (unsigned j = 0; j < one.rule[i]->readings; j++)
			cr_assert_eq(one.canary[i].verdict[j].outcome, OUTCOME_VIOLATION);
	level_free(&one);
	level_free(&two);
}
