/* cover: counting on small hand-made input, what standard holds, and that each exclusion keeps out what
 * cannot exist and nothing else. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "cover.h"
#include "draw.h"
#include "level.h"
#include "../../truth/test/sanitized.h"
#include "make.h"
#include "read.h"

enum { REASONS = 32 };

static void
choose(struct shapes *shapes, enum shape_id id)
{
	shapes->choice[shape_row(id)->dimension] = (unsigned char)id;
}

/* Ten over three, and nine over two. */
enum {
	COMBINATIONS = SHAPE_COUNT * (SHAPE_COUNT - 1) * (SHAPE_COUNT - 2) / 6,
	WITH_ONE = (SHAPE_COUNT - 1) * (SHAPE_COUNT - 2) / 2,
	WITH_TWO = SHAPE_COUNT - 2,
};

Test(cover, a_row_holds_every_three_of_its_choices_and_a_second_time_adds_none)
{
	struct shapes shapes = shapes_default();
	struct cover cover;

	cover_init(&cover, 3);
	cr_assert_eq(cover_take(&cover, &shapes), COMBINATIONS);
	cr_assert_eq(cover_take(&cover, &shapes), 0);
	cr_assert_eq(cover.count, COMBINATIONS);
	cr_assert(cover_has(&cover, PLACE_EXTENSION, LOOP_WHILE, NOISE_NONE));
	cr_assert(cover_has(&cover, NOISE_NONE, PLACE_EXTENSION, LOOP_WHILE), "the order does not matter");
	cr_assert_not(cover_has(&cover, PLACE_EXTENSION, LOOP_FOR, NOISE_NONE));
	cover_free(&cover);
}

Test(cover, one_choice_more_adds_its_pairs_with_the_others_and_two_add_no_more_than_is_new)
{
	struct shapes shapes = shapes_default();
	struct cover cover;

	cover_init(&cover, 3);
	cover_take(&cover, &shapes);
	choose(&shapes, LOOP_FOR);
	cr_assert_eq(cover_take(&cover, &shapes), WITH_ONE);
	choose(&shapes, BRANCH_GOTO); /* with the loop each third one, and alone what LOOP_WHILE had not */
	cr_assert_eq(cover_take(&cover, &shapes), WITH_ONE);
	choose(&shapes, LOOP_WHILE);
	cr_assert_eq(cover_take(&cover, &shapes), WITH_TWO, "only what holds both goto and while");
	cover_free(&cover);
}

Test(cover, the_gain_of_a_choice_counts_the_dimensions_that_are_decided)
{
	struct shapes shapes = shapes_default();
	unsigned three = 1U << SHAPE_PLACE | 1U << SHAPE_EXIT | 1U << SHAPE_FLAG;
	struct cover cover;

	cover_init(&cover, 3);
	cr_assert_eq(cover_gain(&cover, &shapes, 0, LOOP_FOR), 0);
	cr_assert_eq(cover_gain(&cover, &shapes, 1U << SHAPE_PLACE, LOOP_FOR), 0, "two make no combination");
	cr_assert_eq(cover_gain(&cover, &shapes, three, LOOP_FOR), 3);
	cr_assert_eq(cover_gain(&cover, &shapes, three | 1U << SHAPE_LOOP, LOOP_FOR), 3,
	             "its own does not count");
	cr_assert_eq(cover_gain(&cover, &shapes, SHAPE_ALL, LOOP_FOR), WITH_ONE);
	choose(&shapes, LOOP_FOR);
	cover_take(&cover, &shapes);
	cr_assert_eq(cover_gain(&cover, &shapes, SHAPE_ALL, LOOP_FOR), 0);
	choose(&shapes, PLACE_ARRAY);
	cr_assert_eq(cover_gain(&cover, &shapes, three, LOOP_FOR), 2, "array with exit, and with flag");
	cover_free(&cover);
}

static bool
count_visits(void *context, const enum shape_id combination[3])
{
	unsigned *left = context;

	cr_assert_lt(shape_row(combination[0])->dimension, shape_row(combination[1])->dimension);
	cr_assert_lt(shape_row(combination[1])->dimension, shape_row(combination[2])->dimension);
	return --*left;
}

static unsigned
all_combinations(void)
{
	unsigned choices[SHAPE_COUNT] = {0}, all = 0;

	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		choices[shape_row((enum shape_id)id)->dimension]++;
	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		for (unsigned j = i + 1; j < SHAPE_COUNT; j++)
			for (unsigned k = j + 1; k < SHAPE_COUNT; k++)
				all += choices[i] * choices[j] * choices[k];
	return all;
}

Test(cover, what_is_missing_is_all_but_what_is_held_and_ends_when_told)
{
	struct shapes shapes = shapes_default();
	unsigned left = UINT32_MAX, few = 3;
	struct cover cover;

	cover_init(&cover, 3);
	cover_each_missing(&cover, count_visits, &left);
	cr_assert_eq(UINT32_MAX - left, all_combinations());
	cover_take(&cover, &shapes);
	left = UINT32_MAX;
	cover_each_missing(&cover, count_visits, &left);
	cr_assert_eq(UINT32_MAX - left, all_combinations() - COMBINATIONS);
	cover_each_missing(&cover, count_visits, &few);
	cr_assert_eq(few, 0);
	cover_free(&cover);
}

Test(cover, the_order_in_which_three_choices_are_named_does_not_matter_for_the_reason)
{
	static const enum shape_id of[3] = {ALIAS_TWO, HELPER_RELEASE, ARGUMENT_BY_EXTENSION};
	static const unsigned char order[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
	                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (unsigned i = 0; i < 6; i++) {
		enum shape_id same[3] = {of[order[i][0]], of[order[i][1]], of[order[i][2]]};

		cr_assert_str_eq(cover_why_not(same), cover_why_not(of));
	}
	cr_assert_null(cover_why_not((enum shape_id[3]){ALIAS_POINTER, HELPER_RELEASE, ARGUMENT_BY_EXTENSION}));
	cr_assert_null(cover_why_not((enum shape_id[3]){PLACE_EXTENSION, ALIAS_DIRECT, SAVED_OWN}));
}

/* over standard */

/* Combinations that a cover holds or lacks, by the reason that excludes them; NULL is a reason, too: none. */
struct tally {
	unsigned reasons;
	const char *why[REASONS];
	unsigned count[REASONS];
	enum shape_id example[REASONS][3];
};

static bool
tally_add(void *context, const enum shape_id combination[3])
{
	const char *why = cover_why_not(combination);
	struct tally *tally = context;
	unsigned i = 0;

	while (i < tally->reasons &&
	       (why && tally->why[i] ? strcmp(tally->why[i], why) != 0 : tally->why[i] != why))
		i++;
	cr_assert_lt(i, (unsigned)REASONS);
	if (i == tally->reasons) {
		tally->why[tally->reasons++] = why;
		memcpy(tally->example[i], combination, sizeof tally->example[i]);
	}
	tally->count[i]++;
	return true;
}

static const char *
names_of(const enum shape_id combination[3])
{
	static char text[160];

	snprintf(text, sizeof text, "%s=%s %s=%s %s=%s",
	         shape_dimension_name(shape_row(combination[0])->dimension), shape_row(combination[0])->name,
	         shape_dimension_name(shape_row(combination[1])->dimension), shape_row(combination[1])->name,
	         shape_dimension_name(shape_row(combination[2])->dimension), shape_row(combination[2])->name);
	return text;
}

/* That no combination that is held is excluded. */
static void
check_held(const struct cover *cover)
{
	for (unsigned i = 0; i < SHAPE_ID_COUNT; i++)
		for (unsigned j = i + 1; j < SHAPE_ID_COUNT; j++)
			for (unsigned k = j + 1; k < SHAPE_ID_COUNT; k++) {
				enum shape_id combination[3] = {(enum shape_id)i, (enum shape_id)j, (enum shape_id)k};

				if (cover_has(cover, combination[0], combination[1], combination[2]))
					cr_expect_null(cover_why_not(combination), "%s is held, but excluded: %s",
					               names_of(combination), cover_why_not(combination));
			}
}

Test(cover, standard_holds_each_three_way_combination_that_can_exist_and_none_that_is_excluded)
{
	struct tally missing = {0};
	unsigned excluded = 0;
	struct level level;
	struct draw draw;
	struct diag diag;

	cr_assert(level_open(&level, "standard", NULL, (struct shard){0, 1}, &diag), "%s", diag.message);
	cr_assert(draw_level(&draw, &level.plan, level.rule, level.rules, &level.truth, &level.arena, &diag));
	check_held(draw_cover(&draw));
	cover_each_missing(draw_cover(&draw), tally_add, &missing);
	for (unsigned i = 0; i < missing.reasons; i++) {
		cr_expect(missing.why[i], "%u combinations are missing without a reason, for example %s",
		          missing.count[i], names_of(missing.example[i]));
		excluded += missing.count[i];
	}
	cr_expect_eq(draw_cover(&draw)->count + excluded, all_combinations());
	draw_free(&draw);
	level_free(&level);
}

/* Every excluded combination, counted by its reason. */
static struct tally
excluded_combinations(void)
{
	struct tally tally = {0};
	struct cover none;

	cover_init(&none, 3);
	cover_each_missing(&none, tally_add, &tally);
	cover_free(&none);
	return tally;
}

static void
print_tally(const struct tally *tally)
{
	for (unsigned i = 0; i < tally->reasons; i++)
		printf("%7u  %-66s  %s\n", tally->count[i], tally->why[i] ? tally->why[i] : "can exist",
		       names_of(tally->example[i]));
	fflush(stdout);
}

/* The list itself: a new exclusion, or one that widens, is seen here. LOCKDRILL_TEST_PRINT shows it. */
Test(cover, the_exclusions_are_those_reviewed_with_their_counts)
{
	static const struct {
		const char *why;
		unsigned count;
	} reviewed[] = {
		{"only arrays have indices", 2149},
		{"no local of the routine is found from the device extension", 103},
		{"what holders of different locks save stands in one field", 106},
		{"the loop's function sees no local of the routine", 96},
		{"a function finds no local of the routine", 98},
		{"the loop's function does not see the routine's pointers", 988},
		{"the helper would find the other lock", 198},
		{"holders of either lock would write to one field", 108},
		{"the loop's function does not see the routine's KIRQL", 98},
		{"there is no helper to take arguments", 214},
		{"there is no helper to be called", 606},
		{"a macro that is an expression has no branches", 309},
		{"compilers lead each computed goto to every label, and see a pointer without value", 281},
		{"a guard is no function", 1640},
		{"what the decision depends on is declared in the first file", 206},
		{"the device extension is declared in the first file", 416},
		{"the enumeration is declared in the first file", 103},
		{"no release is left that takes a pointer", 16},
		{"a macro that is an expression has no variables", 103},
		{"an accessor is given the request", 210},
		{"the request's fields are declared in the first file", 103},
		{"an accessor reads and writes a field of the request", 864},
	};
	struct tally tally = excluded_combinations();

	if (getenv("LOCKDRILL_TEST_PRINT"))
		print_tally(&tally);
	for (unsigned i = 0; i < tally.reasons; i++) {
		unsigned count = 0;

		for (size_t j = 0; tally.why[i] && j < sizeof reviewed / sizeof *reviewed; j++)
			if (!strcmp(reviewed[j].why, tally.why[i]))
				count = reviewed[j].count;
		cr_expect(!tally.why[i] || count == tally.count[i], "%u, not %u: %s", tally.count[i], count,
		          tally.why[i]);
	}
}

/* Rich sequences in one rule and role, on which combinations are tried. */
struct trial {
	const struct rule *rule;
	unsigned role, count;
	struct seq seq[4];
};

struct trials {
	unsigned count, tried, met;
	struct trial trial[64];
};

static const char *const rich[] = {
	"acq a; work; rel a; loop { acq b; rel b; if p { work } }; if ? { acq a; rel a }; if p { if q { return } }; work",
	"try a { rel a } else { work }; loop { work }; acq b; if p { rel b; return }; rel b; if p { work }",
	"loop { if ? { acq a; rel a } else { if p { acq b; rel b } } }; acq a; rel a; if p { return }; work",
	"if ? { acq a; work; rel a; return }; loop { work }; acq a; rel a; if p { work } else { if p { work } }; work",
};

static void
load_trials(struct trials *trials, struct arena *arena)
{
	const char **names;
	size_t count = rule_list(arena, &names);

	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(arena, sizeof *rule);
		struct diag diag;

		cr_assert(rule_load(rule, arena, names[i], &diag), "%s", diag.message);
		for (unsigned role = 0; role < rule->roles; role++) {
			struct trial *trial = &trials->trial[trials->count++];

			*trial = (struct trial){.rule = rule, .role = role};
			for (size_t j = 0; j < sizeof rich / sizeof *rich; j++)
				trial->count += seq_read(&trial->seq[trial->count], arena, rule, role, "rich", rich[j],
				                         strlen(rich[j]), &diag);
		}
	}
}

/* Whether the combination applies to one of the sequences, alone or with what may be needed beside it. */
static bool
can_exist(struct trials *trials, const enum shape_id combination[3])
{
	static const enum shape_id needs[] = {PLACE_EXTENSION, HELPER_BOTH, HELPER_RELEASE, PLACE_ARRAY,
	                                      SAVED_EXTENSION};

	for (size_t n = 0; n < sizeof needs / sizeof *needs; n++) {
		struct shapes shapes = shapes_default();

		choose(&shapes, needs[n]);
		for (unsigned i = 0; i < 3; i++)
			choose(&shapes, combination[i]);
		for (unsigned i = 0; i < trials->count; i++)
			for (unsigned j = 0; j < trials->trial[i].count; j++) {
				const struct trial *trial = &trials->trial[i];

				trials->tried++;
				if (shape_applies(combination[0], &trial->seq[j], trial->rule, trial->role, &shapes))
					return true;
			}
	}
	return false;
}

static bool
try_excluded(void *context, const enum shape_id combination[3])
{
	const char *why = cover_why_not(combination);
	struct trials *trials = context;

	if (why && (!SANITIZED || trials->met++ % 8 == 0))
		cr_expect_not(can_exist(trials, combination), "%s is excluded (%s), but can exist",
		              names_of(combination), why);
	return true;
}

/* Below, what is drawn never meets an exclusion; here it is sought. */
Test(cover, no_excluded_combination_applies_to_rich_sequences_but_most_others_do)
{
	static const enum shape_id others[][3] = {
		{ALIAS_POINTER, HELPER_BOTH, ARGUMENT_BY_EXTENSION}, {ALIAS_TWO, HELPER_ACQUIRE, ARGUMENT_BY_INDEX},
		{PLACE_PARAMETER, LOOP_RECURSION, FLAG_REQUEST},     {HELPER_FALLIBLE, CALL_NESTED, BRANCH_SWITCH},
		{ALIAS_CHOSEN, HELPER_BOTH, CALL_POINTER},
	};
	struct trials trials = {0};
	struct arena arena = {0};
	struct cover none;

	cover_init(&none, 3);
	load_trials(&trials, &arena);
	cover_each_missing(&none, try_excluded, &trials);
	cr_assert_gt(trials.tried, SANITIZED ? 20000U : 100000U);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect(can_exist(&trials, others[i]), "%s", names_of(others[i]));
	cover_free(&none);
	arena_free(&arena);
}

Test(cover, no_case_of_a_shard_of_full_holds_an_excluded_combination)
{
	enum { CASES = SANITIZED ? 10000 : 20000 };
	struct cover cover;
	struct arena arena = {0};
	struct level level;
	struct diag diag;

	cover_init(&cover, 3);
	cr_assert(level_open(&level, "full", NULL, (struct shard){0, 1}, &diag), "%s", diag.message);
	for (unsigned i = 0; i < CASES / 2; i++) {
		struct draw_pair pair;

		cr_assert(draw_deal(&level.draw, 1 + i * 47UL, &pair, &diag));
		cover_take(&cover, &pair.shapes);
		if (i % 1000 == 0)
			arena_reset(&level.batch);
	}
	check_held(&cover);
	cr_assert_gt(cover.count, all_combinations() / (SANITIZED ? 8 : 4), "only %u combinations were seen",
	             cover.count);
	level_free(&level);
	cover_free(&cover);
	arena_free(&arena);
}
