/* cause: shares, lifts and causes of wrong answers made by hand, worked out here. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cause.h"

enum { CHECKERS = 2, PAIRS_MOST = 64 };

static struct arena arena;
static struct stored_checker checkers[CHECKERS];
static struct stored stored;
static struct score_options options;

static void
begin(void)
{
	for (unsigned i = 0; i < CHECKERS; i++)
		checkers[i] =
			(struct stored_checker){.name = i ? "two" : "one", .version = "", .repeats = 1, .finished = true};
	stored = (struct stored){.checkers = CHECKERS, .checker = checkers};
	options = (struct score_options){.view = VIEW_HEADLINE};
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(cause, .init = begin, .fini = end, .timeout = 10);

/* Pairs of one kind: the letters are the answers to the correct and to the violating twin, of the first
 * checker and of the second. */
struct pairs {
	unsigned count;
	const char *place, *ladder, *sequence;
	const char *answers; /* "pv" "pv" */
	bool contested, undecided;
};

static enum answer_state
state_of(char letter)
{
	return letter == 'p' ? ANSWER_PASS : letter == 'v' ? ANSWER_VIOLATION : ANSWER_TIMEOUT;
}

static void
make_case(struct stored_case *of, const struct pairs *pairs, unsigned number)
{
	static const struct stored_finding finding = {.kind = KIND_DOUBLE_ACQUIRE, .line = 3, .lines = ""};
	struct buf text = {0};

	buf_printf(&text, "{\"place\":\"%s\",\"alias\":\"direct\"}", pairs->place);
	*of = (struct stored_case){.rule = "One",
	                           .role = "r",
	                           .ladder = pairs->ladder,
	                           .sequence = pairs->sequence,
	                           .number = number,
	                           .twin = number ^ 1,
	                           .shapes = arena_string(&arena, text.data),
	                           .contested = pairs->contested,
	                           .readings = 1};
	buf_clear(&text);
	buf_printf(&text, "%032x", 0xffff - number);
	of->id = arena_string(&arena, text.data);
	buf_free(&text);
	of->reading[0] =
		(struct stored_reading){.name = "alternate",
	                            .outcome = pairs->undecided ? OUTCOME_UNDECIDED
	                                       : number % 2     ? OUTCOME_VIOLATION
	                                                        : OUTCOME_PASS,
	                            .findings = number % 2,
	                            .finding = number % 2 ? (struct stored_finding *)(uintptr_t)&finding : NULL};
}

static void
add_pairs(struct causes *causes, const struct pairs *pairs, unsigned *number)
{
	for (unsigned i = 0; i < pairs->count; i++, *number += 2) {
		uint8_t state[2][CHECKERS];
		struct stored_answer answer[2][CHECKERS];
		struct stored_pair pair = {.cases = 2, .answer = {answer[0], answer[1]}};

		for (unsigned half = 0; half < 2; half++) {
			make_case(&pair.of[half], pairs, *number + half);
			for (unsigned c = 0; c < CHECKERS; c++) {
				state[half][c] = (uint8_t)state_of(pairs->answers[2 * c + half]);
				answer[half][c] = (struct stored_answer){.state = &state[half][c]};
			}
		}
		causes_add(causes, &pair);
	}
}

static struct causes
make(const struct pairs *pairs, unsigned count)
{
	struct causes causes;
	unsigned number = 0;

	causes_begin(&causes, &stored, &options, &arena);
	for (unsigned i = 0; i < count; i++)
		add_pairs(&causes, &pairs[i], &number);
	causes_end(&causes);
	return causes;
}

static unsigned
find(const struct causes *causes, const char *name)
{
	unsigned i = 0;

	while (i < causes->factors && strcmp(causes->factor[i].name, name))
		i++;
	cr_assert_lt(i, causes->factors, "%s", name);
	return i;
}

/* The first checker reports all that is on the heap; the second is wrong nowhere. */
static const struct pairs heap[] = {
	{20, "extension", "straight", "acq a", "pvpv", false, false},
	{20, "heap", "aliases", "acq a; acq a", "vvpv", false, false},
	{10, "extension", "aliases", "rel a", "pvpv", false, false},
};

Test(cause, shares_are_over_all_that_was_asked)
{
	struct causes causes = make(heap, 3);
	unsigned place = find(&causes, "place=heap"), step = find(&causes, "ladder=aliases");
	unsigned alias = find(&causes, "alias=direct");

	cr_expect_eq(causes.checker[0].asked, 100);
	cr_expect_eq(causes.checker[0].wrong, 20);
	cr_expect_eq(causes.checker[0].mistakes[MISTAKE_ALARM], 20);
	cr_expect_eq(causes.factor[place].of[0].asked, 40);
	cr_expect_eq(causes.factor[place].of[0].wrong, 20);
	cr_expect_float_eq(cause_rate(&causes, 0, place).value, 0.5, 1e-12);
	cr_expect_float_eq(cause_rest(&causes, 0, place).value, 0, 1e-12);
	cr_expect_float_eq(cause_lift(&causes, 0, place), 2.5, 1e-12);
	cr_expect_float_eq(cause_explained(&causes, 0, place), 20, 1e-12);
	cr_expect_float_eq(cause_lift(&causes, 0, step), (20.0 / 60) / 0.2, 1e-12);
	cr_expect_not(cause_rest(&causes, 0, alias).defined, "all cases have it");
	cr_expect_float_eq(cause_lift(&causes, 0, alias), 1, 1e-12);
	cr_expect_eq(cause_explained(&causes, 0, alias), 0);
	cr_expect_eq(causes.checker[1].wrong, 0);
	cr_expect_eq(causes.checker[1].asked, 100);
	cr_expect_eq(cause_lift(&causes, 1, place), 0);
}

Test(cause, the_factor_with_the_largest_lift_is_the_cause)
{
	struct causes causes = make(heap, 3);
	unsigned place = find(&causes, "place=heap");

	for (unsigned i = 0; i < causes.checker[0].wrong; i++)
		cr_expect_eq(causes.checker[0].of[i].cause, place);
	cr_expect_eq(causes.factor[place].of[0].caused, 20);
	cr_expect_eq(causes.factor[find(&causes, "ladder=aliases")].of[0].caused, 0);
	cr_expect_eq(causes_ranked(&causes, 0)[0], place);
}

/* One wrong answer of two is a share of a half, and says nothing. */
Test(cause, what_may_be_chance_is_no_cause)
{
	static const struct pairs rows[] = {
		{1, "heap", "straight", "acq a", "vvpv", false, false},
		{8, "extension", "straight", "acq a", "vvpv", false, false},
		{12, "extension", "straight", "acq a", "pvpv", false, false},
	};
	struct causes causes = make(rows, 3);

	cr_assert_eq(causes.checker[0].wrong, 9);
	cr_expect_gt(cause_lift(&causes, 0, find(&causes, "place=heap")), 2);
	for (unsigned i = 0; i < 9; i++)
		cr_expect_eq(causes.checker[0].of[i].cause, CAUSE_NONE);
}

Test(cause, wrong_answers_stand_by_size_and_id)
{
	static const struct pairs rows[] = {
		{2, "heap", "straight", "acq a; acq a", "vppv", false, false},
		{2, "heap", "straight", "acq a", "tvpv", false, false},
		{1, "heap", "straight", "", "ptpt", false, false},
	};
	static const unsigned sizes[] = {0, 5, 5, 12, 12, 12, 12};
	struct causes causes = make(rows, 3);
	const struct cause_checker *one = &causes.checker[0];

	cr_assert_eq(one->wrong, 7);
	for (unsigned i = 0; i < 7; i++) {
		cr_expect_eq(one->of[i].size, sizes[i]);
		cr_expect(!i || one->of[i].size > one->of[i - 1].size ||
		          strcmp(one->of[i].id, one->of[i - 1].id) > 0);
	}
	cr_expect_eq(one->of[0].state, ANSWER_TIMEOUT);
	cr_expect_eq(one->mistakes[MISTAKE_SILENCE], 3);
	cr_expect_eq(one->mistakes[MISTAKE_ALARM], 2);
	cr_expect_eq(one->mistakes[MISTAKE_MISSED], 2);
	cr_expect_str_eq(causes.factor[find(&causes, "place=heap")].of[0].smallest.id, one->of[0].id);
	cr_expect_eq(causes.checker[1].wrong, 1);
}

Test(cause, what_does_not_count_in_the_view_is_not_asked)
{
	static const struct pairs rows[] = {
		{1, "heap", "straight", "acq a", "vvvv", true, false},
		{1, "heap", "straight", "acq a", "vvvv", false, true},
		{1, "heap", "straight", "acq a", "vvpv", false, false},
	};
	struct causes causes;

	options.view = VIEW_SETTLED;
	causes = make(rows, 3);
	cr_expect_eq(causes.checker[0].asked, 2);
	cr_expect_eq(causes.checker[0].wrong, 1);
	cr_expect_eq(causes.checker[1].wrong, 0);
	options = (struct score_options){.view = VIEW_NAMED, .reading = "other"};
	causes = make(rows, 3);
	cr_expect_eq(causes.checker[0].asked, 0);
	cr_expect_eq(causes.factors, 0);
	cr_expect_not_null(causes_ranked(&causes, 0));
}
