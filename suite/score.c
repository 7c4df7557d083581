/* score: counts and proportions. See score.h.
 *
 * One pass over the manifest for each checker: every case finds its expected verdict in the view, and goes to the total and to
 * the group of its rule, kinds, step and shapes. Nothing here iterates over answers, so what was never answered
 * cannot be forgotten.
 */
#include "score.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define Z95 1.959963984540054

struct measure
wilson(unsigned successes, unsigned trials)
{
	struct measure measure = {0};
	double n = trials, p, centre, half;

	if (!trials)
		return measure;
	p = successes / n;
	centre = (p + Z95 * Z95 / (2 * n)) / (1 + Z95 * Z95 / n);
	half = Z95 / (1 + Z95 * Z95 / n) * sqrt(p * (1 - p) / n + Z95 * Z95 / (4 * n * n));
	measure.defined = true;
	measure.value = p;
	measure.low = fmax(0, fmin(p, centre - half));
	measure.high = fmin(1, fmax(p, centre + half));
	return measure;
}

/* The difference of two proportions. */
static struct measure
difference(struct measure one, struct measure two)
{
	struct measure measure = {0};

	if (!one.defined || !two.defined)
		return measure;
	measure.defined = true;
	measure.value = one.value - two.value;
	measure.low = measure.value - hypot(one.value - one.low, two.high - two.value);
	measure.high = measure.value + hypot(one.high - one.value, two.value - two.low);
	return measure;
}

struct rates
score_rates(const struct cells *cells)
{
	struct rates rates;

	rates.recall = wilson(cells->tp, cells->tp + cells->fn);
	rates.false_alarm_rate = wilson(cells->fp, cells->fp + cells->tn);
	rates.youden_j = difference(rates.recall, rates.false_alarm_rate);
	rates.discrimination = wilson(cells->pairs_right, cells->pairs);
	return rates;
}

unsigned
cells_no_answer(const struct cells *cells)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		sum += cells->no_answer[i];
	return sum;
}

unsigned
cells_cases(const struct cells *cells)
{
	return cells->tp + cells->fn + cells->fp + cells->tn + cells_no_answer(cells);
}

unsigned
score_groups(const struct score *score, enum score_by by, const struct score_group **groups)
{
	switch (by) {
	case BY_RULE:
		*groups = score->rule;
		return score->rules;
	case BY_KIND:
		*groups = score->kind;
		return score->kinds;
	case BY_LADDER:
		*groups = score->ladder;
		return score->ladders;
	case BY_SHAPE:
		*groups = score->shape;
		return score->shapes;
	case BY_COUNT:
		break;
	}
	bug("no grouping %d", (int)by);
}

/* some checkers, one rule */

bool
score_keep_checkers(struct stored *stored, const char *const *names, unsigned count, struct diag *diag)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned j = kept;

		while (j < stored->checkers && strcmp(stored->checker[j].name, names[i]))
			j++;
		if (j == stored->checkers) {
			diag_set(diag, "--checker", 0, 0, "checker '%s' is not in the database, or named twice",
			         names[i]);
			return false;
		}
		struct stored_checker found = stored->checker[j];

		stored->checker[j] = stored->checker[kept];
		stored->checker[kept++] = found;
	}
	if (count)
		stored->checkers = kept;
	return true;
}

static void
keep_answers(struct stored_checker *checker, const struct stored *stored, const char *rule,
             struct arena *arena)
{
	enum answer_state *kept = arena_alloc(arena, (stored->cases + 1U) * sizeof *kept);
	unsigned n = 0;

	for (unsigned i = 0; i < stored->cases; i++)
		if (!strcmp(stored->stored_case[i].rule, rule))
			kept[n++] = checker->answer[i];
	checker->answer = kept;
}

bool
score_keep_rule(struct stored *stored, const char *rule, struct arena *arena)
{
	struct stored_case *kept = arena_alloc(arena, (stored->cases + 1U) * sizeof *kept);
	unsigned *number = arena_alloc(arena, (stored->cases + 1U) * sizeof *number); /* new, by old */
	unsigned n = 0;

	for (unsigned i = 0; i < stored->cases; i++) {
		number[i] = n;
		if (!strcmp(stored->stored_case[i].rule, rule))
			kept[n++] = stored->stored_case[i];
	}
	for (unsigned i = 0; i < n; i++) {
		const struct stored_case *twin = &stored->stored_case[kept[i].twin];

		kept[i].number = i;
		kept[i].twin = strcmp(twin->rule, rule) ? i : number[kept[i].twin]; /* its own twin: no pair */
	}
	for (unsigned i = 0; i < stored->checkers; i++)
		keep_answers(&stored->checker[i], stored, rule, arena);
	stored->stored_case = kept;
	stored->cases = n;
	return n > 0;
}

/* the expected verdict */

static const char *
declared_reading(const struct stored_checker *checker, const struct stored_case *of)
{
	for (unsigned i = 0; i < checker->declareds; i++)
		if (!strcmp(checker->declared[i][0], of->rule))
			return checker->declared[i][1];
	return of->reading[of->headline].name;
}

/* False where the case does not count in the view. */
static bool
expected(const struct stored_checker *checker, const struct stored_case *of, enum score_view view,
         const char *reading, enum outcome *outcome)
{
	if (view == VIEW_DECLARED)
		reading = declared_reading(checker, of);
	else if (view != VIEW_NAMED)
		reading = of->reading[of->headline].name;
	if (view == VIEW_SETTLED && of->contested)
		return false;
	for (unsigned i = 0; i < of->readings; i++)
		if (!strcmp(of->reading[i].name, reading)) {
			*outcome = of->reading[i].outcome;
			return *outcome != OUTCOME_UNDECIDED;
		}
	return false;
}

static bool
is_right(enum answer_state answer, enum outcome outcome)
{
	return answer == (outcome == OUTCOME_PASS ? ANSWER_PASS : ANSWER_VIOLATION);
}

/* groups */

struct grouping {
	struct score_group *group; /* in the arena */
	unsigned count, room;
};

static struct cells *
find_group(struct grouping *grouping, const char *name, struct arena *arena)
{
	for (unsigned i = 0; i < grouping->count; i++)
		if (!strcmp(grouping->group[i].name, name))
			return &grouping->group[i].cells;
	if (grouping->count == grouping->room) {
		struct score_group *old = grouping->group;

		grouping->room = grouping->room ? grouping->room * 2 : 64;
		grouping->group = arena_alloc(arena, grouping->room * sizeof *grouping->group);
		if (old)
			memcpy(grouping->group, old, grouping->count * sizeof *old);
	}
	grouping->group[grouping->count] = (struct score_group){.name = arena_string(arena, name)};
	return &grouping->group[grouping->count++].cells;
}

static int
compare_groups(const void *one, const void *two)
{
	return strcmp(((const struct score_group *)one)->name, ((const struct score_group *)two)->name);
}

/* Steps of the ladder from easy to hard, all else by name. */
static int
compare_steps(const void *one, const void *two)
{
	const struct score_group *group[2] = {one, two};
	int step[2] = {0, 0};

	for (unsigned i = 0; i < 2; i++)
		while (step[i] < LADDER_COUNT && strcmp(ladder_name((enum ladder)step[i]), group[i]->name))
			step[i]++;
	return step[0] - step[1];
}

static unsigned
keep_groups(struct grouping *grouping, int (*compare)(const void *, const void *),
            struct score_group **groups, struct arena *arena)
{
	*groups = arena_alloc(arena, (grouping->count + 1U) * sizeof **groups);
	if (!grouping->count)
		return 0;
	qsort(grouping->group, grouping->count, sizeof *grouping->group, compare);
	memcpy(*groups, grouping->group, grouping->count * sizeof **groups);
	return grouping->count;
}

/* What one case adds. */
struct tally {
	enum outcome outcome;
	enum answer_state answer;
	bool pair, pair_right; /* counted once a pair, at its violating twin */
};

static void
count(struct cells *cells, const struct tally *tally)
{
	bool violates = tally->outcome == OUTCOME_VIOLATION;

	cells->pairs += tally->pair;
	cells->pairs_right += tally->pair_right;
	if (tally->answer == ANSWER_VIOLATION)
		violates ? cells->tp++ : cells->fp++;
	else if (tally->answer == ANSWER_PASS)
		violates ? cells->fn++ : cells->tn++;
	else
		cells->no_answer[tally->answer]++;
}

static void
count_shapes(struct grouping *grouping, const struct stored_case *of, const struct tally *tally,
             struct arena *arena)
{
	json_t *shapes = json_loads(of->shapes, 0, NULL), *choice;
	const char *dimension;

	json_object_foreach (shapes, dimension, choice) {
		char name[96];

		snprintf(name, sizeof name, "%s=%s", dimension, json_string_value(choice));
		count(find_group(grouping, name, arena), tally);
	}
	json_decref(shapes);
}

/* The kinds of a violating case, and those of its twin for a correct one, so that recall stands beside false alarms. */
static void
count_kinds(struct grouping *grouping, const struct stored *stored, const struct stored_case *of,
            const struct tally *tally, struct arena *arena)
{
	unsigned kinds = of->kinds ? of->kinds : stored->stored_case[of->twin].kinds;

	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		if (kinds >> kind & 1)
			count(find_group(grouping, kind_name((enum kind)kind), arena), tally);
}

static bool
make_tally(struct tally *tally, const struct stored *stored, const struct stored_checker *checker,
           const struct stored_case *of, enum score_view view, const char *reading)
{
	const struct stored_case *twin = &stored->stored_case[of->twin];
	enum outcome other;

	if (!expected(checker, of, view, reading, &tally->outcome))
		return false;
	tally->answer = checker->answer[of->number];
	tally->pair = tally->outcome == OUTCOME_VIOLATION && expected(checker, twin, view, reading, &other) &&
	              other == OUTCOME_PASS;
	tally->pair_right = tally->pair && is_right(tally->answer, tally->outcome) &&
	                    is_right(checker->answer[twin->number], other);
	return true;
}

void
score_checker(struct score *score, const struct stored *stored, const struct stored_checker *checker,
              enum score_view view, const char *reading, struct arena *arena)
{
	struct grouping *groups = arena_alloc(arena, 4 * sizeof *groups);

	*score = (struct score){.checker = checker};
	for (unsigned i = 0; i < stored->cases; i++) {
		const struct stored_case *of = &stored->stored_case[i];

		for (unsigned v = 0; v < VIEW_COUNT; v++) {
			struct tally tally;

			if ((v == VIEW_NAMED && view != VIEW_NAMED) ||
			    !make_tally(&tally, stored, checker, of, (enum score_view)v, reading))
				continue;
			count(&score->total[v], &tally);
			if (v != (unsigned)view)
				continue;
			count(find_group(&groups[0], of->rule, arena), &tally);
			count_kinds(&groups[1], stored, of, &tally, arena);
			count(find_group(&groups[2], of->ladder, arena), &tally);
			count_shapes(&groups[3], of, &tally, arena);
		}
	}
	score->rules = keep_groups(&groups[0], compare_groups, &score->rule, arena);
	score->kinds = keep_groups(&groups[1], compare_groups, &score->kind, arena);
	score->ladders = keep_groups(&groups[2], compare_steps, &score->ladder, arena);
	score->shapes = keep_groups(&groups[3], compare_groups, &score->shape, arena);
}
