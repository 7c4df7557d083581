/* cause: counting wrong answers by ladder step and shape. See cause.h.
 *
 * Factors are numbered as they are met. The shapes of a pair are read once, for its twins wear the same; a
 * twin may stand on another step, so a case has the pair's list with its own step in front.
 */
#include "cause.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* factors */

static uint16_t
find_factor(struct causes *causes, const char *dimension, const char *choice)
{
	struct buf name = {0};
	unsigned i = 0;

	buf_all(&name, dimension, "=", choice);
	while (i < causes->factors && strcmp(causes->factor[i].name, name.data))
		i++;
	if (i == causes->factors) {
		struct cause_factor *factor = array_add(causes->arena, causes->factor, causes->factors, causes->room);

		factor->name = arena_string(causes->arena, name.data);
		factor->of = arena_alloc(causes->arena, (causes->stored->checkers + 1U) * sizeof *factor->of);
		assert(i < CAUSE_NONE);
	}
	buf_free(&name);
	return (uint16_t)i;
}

/* The factors of a case; *count of them. */
static const uint16_t *
factors_of(struct causes *causes, const struct stored_case *of, unsigned *count)
{
	json_t *shapes = json_loads(of->shapes, 0, NULL), *choice;
	uint16_t *factor = arena_alloc(causes->arena, (json_object_size(shapes) + 1) * sizeof *factor);
	const char *dimension;

	*count = 1;
	factor[0] = find_factor(causes, "ladder", of->ladder);
	json_object_foreach (shapes, dimension, choice)
		if (json_is_string(choice))
			factor[(*count)++] = find_factor(causes, dimension, json_string_value(choice));
	json_decref(shapes);
	return factor;
}

/* counting */

void
causes_begin(struct causes *causes, const struct stored *stored, const struct score_options *options,
             struct arena *arena)
{
	*causes = (struct causes){.stored = stored, .options = options, .arena = arena};
	causes->checker = arena_alloc(arena, (stored->checkers + 1U) * sizeof *causes->checker);
}

static bool
is_smaller(const struct cause_case *one, const struct cause_case *two)
{
	return one->size != two->size ? one->size < two->size : strcmp(one->id, two->id) < 0;
}

static void
count_wrong(struct causes *causes, unsigned checker, const struct cause_case *of)
{
	struct cause_checker *counts = &causes->checker[checker];

	counts->mistakes[of->mistake]++;
	*array_add(causes->arena, counts->of, counts->wrong, counts->room) = *of;
	for (unsigned i = 0; i < of->factors; i++) {
		struct cause_count *count = &causes->factor[of->factor[i]].of[checker];

		if (!count->wrong++ || is_smaller(of, &count->smallest))
			count->smallest = *of;
	}
}

static void
add_case(struct causes *causes, const struct stored_case *of, const struct stored_answer *answer)
{
	struct cause_case wrong = {
		.number = of->number, .pair = causes->pairs, .size = mistake_size(of->sequence), .cause = CAUSE_NONE};

	for (unsigned i = 0; i < causes->stored->checkers; i++) {
		const struct stored_checker *checker = &causes->stored->checker[i];
		const struct stored_reading *expected =
			score_expected(causes->options, checker, of, causes->options->view);

		if (!expected)
			continue;
		if (!wrong.factor)
			wrong.factor = factors_of(causes, of, &wrong.factors);
		causes->checker[i].asked++;
		for (unsigned j = 0; j < wrong.factors; j++)
			causes->factor[wrong.factor[j]].of[i].asked++;
		wrong.mistake = mistake_of(&answer[i], expected);
		wrong.state = (enum answer_state)answer[i].state[0];
		if (mistake_spares_verdict(wrong.mistake))
			continue;
		if (!wrong.id)
			wrong.id = arena_string(causes->arena, of->id);
		count_wrong(causes, i, &wrong);
	}
}

void
causes_add(struct causes *causes, const struct stored_pair *pair)
{
	for (unsigned half = 0; half < pair->cases; half++)
		add_case(causes, &pair->of[half], pair->answer[half]);
	causes->pairs++;
}

/* shares */

struct measure
cause_rate(const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_count *count = &causes->factor[factor].of[checker];

	return wilson(count->wrong, count->asked);
}

struct measure
cause_rest(const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_count *count = &causes->factor[factor].of[checker];
	const struct cause_checker *all = &causes->checker[checker];

	return wilson(all->wrong - count->wrong, all->asked - count->asked);
}

double
cause_lift(const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_count *count = &causes->factor[factor].of[checker];
	const struct cause_checker *all = &causes->checker[checker];

	if (!count->asked || !all->wrong)
		return 0;
	return (double)count->wrong * all->asked / ((double)count->asked * all->wrong);
}

double
cause_explained(const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_count *count = &causes->factor[factor].of[checker];
	struct measure rest = cause_rest(causes, checker, factor);

	return rest.defined ? count->wrong - rest.value * count->asked : 0;
}

/* causes */

/* Its share is larger than the average, beyond doubt. */
static bool
stands_out(const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_checker *all = &causes->checker[checker];

	return cause_rate(causes, checker, factor).low > (double)all->wrong / all->asked;
}

static uint16_t
find_cause(const struct causes *causes, unsigned checker, const bool *is_cause, const struct cause_case *of)
{
	uint16_t best = CAUSE_NONE;

	for (unsigned i = 0; i < of->factors; i++) {
		uint16_t factor = of->factor[i];

		if (is_cause[factor] &&
		    (best == CAUSE_NONE || cause_lift(causes, checker, factor) > cause_lift(causes, checker, best)))
			best = factor;
	}
	return best;
}

static int
compare_cases(const void *one, const void *two)
{
	const struct cause_case *a = one, *b = two;

	return is_smaller(a, b) ? -1 : is_smaller(b, a);
}

void
causes_end(struct causes *causes)
{
	bool *is_cause = calloc(causes->factors + 1U, sizeof *is_cause);

	if (!is_cause)
		die("out of memory");
	for (unsigned i = 0; i < causes->stored->checkers; i++) {
		struct cause_checker *checker = &causes->checker[i];

		if (!checker->wrong)
			continue;
		for (unsigned factor = 0; factor < causes->factors; factor++)
			is_cause[factor] = causes->factor[factor].of[i].wrong && stands_out(causes, i, factor);
		for (unsigned j = 0; j < checker->wrong; j++) {
			struct cause_case *of = &checker->of[j];

			of->cause = find_cause(causes, i, is_cause, of);
			if (of->cause != CAUSE_NONE)
				causes->factor[of->cause].of[i].caused++;
		}
		qsort(checker->of, checker->wrong, sizeof *checker->of, compare_cases);
	}
	free(is_cause);
}

/* ranking */

struct rank {
	unsigned factor;
	double explained, lift;
	const char *name;
};

static int
compare_ranks(const void *one, const void *two)
{
	const struct rank *a = one, *b = two;

	if (a->explained != b->explained)
		return a->explained > b->explained ? -1 : 1;
	if (a->lift != b->lift)
		return a->lift > b->lift ? -1 : 1;
	return strcmp(a->name, b->name);
}

const unsigned *
causes_ranked(const struct causes *causes, unsigned checker)
{
	struct rank *rank = arena_alloc(causes->arena, (causes->factors + 1U) * sizeof *rank);
	unsigned *ranked = arena_alloc(causes->arena, (causes->factors + 1U) * sizeof *ranked);

	for (unsigned i = 0; i < causes->factors; i++)
		rank[i] = (struct rank){i, cause_explained(causes, checker, i), cause_lift(causes, checker, i),
		                        causes->factor[i].name};
	qsort(rank, causes->factors, sizeof *rank, compare_ranks);
	for (unsigned i = 0; i < causes->factors; i++)
		ranked[i] = rank[i].factor;
	return ranked;
}
