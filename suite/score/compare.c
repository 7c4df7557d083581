/* compare: two runs of the same checkers. See compare.h. */
#include "compare.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "mistake.h"

const char *
compare_word(enum compare_change change)
{
	static const char *const words[] = {
#define CHANGE(id, word, meaning) [id] = (word),
		COMPARE_CHANGES(CHANGE)
#undef CHANGE
	};

	return words[change];
}

void
compare_begin(struct comparison *c, struct arena *arena)
{
	unsigned checkers = c->stored[0]->checkers;

	assert(checkers == c->stored[1]->checkers);
	c->arena = arena;
	c->count = arena_alloc(arena, (checkers + 1U) * sizeof *c->count);
	c->wrong = arena_alloc(arena, (checkers + 1U) * sizeof *c->wrong);
	c->right = arena_alloc(arena, (checkers + 1U) * sizeof *c->right);
	c->asked = arena_alloc(arena, (checkers + 1U) * sizeof *c->asked);
	c->still = arena_alloc(arena, (checkers + 1U) * sizeof *c->still);
}

bool
compare_check(const struct stored *old, const struct stored *now, const char *where, struct diag *diag)
{
	const struct {
		const char *what, *old, *now;
	} rows[] = {
		{"suite", old->suite, now->suite},
		{"level", old->level, now->level},
		{"filters", old->holds, now->holds},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].old, rows[i].now)) {
			diag_set(diag, where, 0, 0, "cannot be compared: the old %s is '%s', the new one '%s'",
			         rows[i].what, rows[i].old, rows[i].now);
			return false;
		}
	if (old->cases == now->cases)
		return true;
	diag_set(diag, where, 0, 0, "cannot be compared: %u cases, and %u before", now->cases, old->cases);
	return false;
}

static const char *
declared_of(const struct stored_checker *checker, const char *rule)
{
	for (unsigned i = 0; i < checker->declareds; i++)
		if (!strcmp(checker->declared[i][0], rule))
			return checker->declared[i][1];
	return "the headline";
}

/* Whether all that one declares is as the other declares it. */
static bool
check_declared(const struct stored_checker *one, const struct stored_checker *old,
               const struct stored_checker *now, const char *where, struct diag *diag)
{
	for (unsigned i = 0; i < one->declareds; i++) {
		const char *rule = one->declared[i][0];

		if (!strcmp(declared_of(old, rule), declared_of(now, rule)))
			continue;
		diag_set(diag, where, 0, 0, "cannot be compared: %s reads rule %s by %s, and before by %s", now->name,
		         rule, declared_of(now, rule), declared_of(old, rule));
		return false;
	}
	return true;
}

bool
compare_check_readings(const struct stored *old, const struct stored *now, const char *where,
                       struct diag *diag)
{
	assert(old->checkers == now->checkers);
	for (unsigned i = 0; i < now->checkers; i++) {
		const struct stored_checker *before = &old->checker[i], *after = &now->checker[i];

		if (!check_declared(before, before, after, where, diag) ||
		    !check_declared(after, before, after, where, diag))
			return false;
	}
	return true;
}

/* The kinds that an answer names; bit KIND_COUNT for a finding without. */
static unsigned
kinds_of(const struct stored_answer *answer)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < answer->findings; i++)
		kinds |= 1U << answer->finding[i].kind;
	return kinds;
}

static bool
is_right(const struct stored_checker *checker, const struct stored_answer *answer, enum outcome outcome)
{
	return !checker->why_not &&
	       answer->state[0] == (outcome == OUTCOME_PASS ? ANSWER_PASS : ANSWER_VIOLATION);
}

static const struct stored_case *
copy_words(struct arena *arena, const struct stored_case *of)
{
	struct stored_case *copy = arena_alloc(arena, sizeof *copy);

	*copy = (struct stored_case){.id = arena_string(arena, of->id),
	                             .rule = arena_string(arena, of->rule),
	                             .role = arena_string(arena, of->role),
	                             .sequence = arena_string(arena, of->sequence),
	                             .shapes = arena_string(arena, of->shapes ? of->shapes : ""),
	                             .number = of->number,
	                             .twin = of->twin};
	return copy;
}

static const struct stored_reading *
copy_reading(struct arena *arena, const struct stored_reading *of)
{
	struct stored_reading *copy = arena_alloc(arena, sizeof *copy);

	*copy = *of;
	copy->name = arena_string(arena, of->name);
	copy->finding = arena_alloc(arena, (of->findings + 1U) * sizeof *copy->finding);
	for (unsigned i = 0; i < of->findings; i++)
		copy->finding[i] = (struct stored_finding){of->finding[i].kind, of->finding[i].line, ""};
	return copy;
}

static const struct stored_answer *
copy_answer(struct arena *arena, const struct stored_answer *of)
{
	struct stored_answer *copy = arena_alloc(arena, sizeof *copy);
	struct answer_finding *finding = arena_alloc(arena, (of->findings + 1U) * sizeof *finding);

	for (unsigned i = 0; i < of->findings; i++)
		finding[i] = of->finding[i];
	*copy =
		(struct stored_answer){.state = arena_alloc(arena, 1), .findings = of->findings, .finding = finding};
	copy->state[0] = of->state[0];
	return copy;
}

/* False where nothing is to be told. */
static bool
find_change(const struct comparison *c, unsigned checker, const struct stored_case *of, const bool right[2],
            const struct stored_answer *const answer[2], enum compare_change *change)
{
	const char *name = c->stored[1]->checker[checker].name;
	const struct known_row *known = c->known ? known_find(c->known, of->id, name) : NULL;

	if (known && (right[1] || known->answer == (enum answer_state)answer[1]->state[0]))
		*change = right[1] ? COMPARE_XPASS : COMPARE_XFAIL;
	else if (right[0] != right[1])
		*change = right[1] ? COMPARE_RIGHT : COMPARE_WRONG;
	else if (answer[0]->state[0] != answer[1]->state[0] || kinds_of(answer[0]) != kinds_of(answer[1]))
		*change = COMPARE_OTHER;
	else
		return false;
	return true;
}

static void
add_case(struct comparison *c, unsigned checker, const struct stored_case *of,
         const struct stored_answer *const answer[2])
{
	const struct stored_reading *expected =
		score_expected(c->options, &c->stored[1]->checker[checker], of, c->options->view);
	const struct stored_case *words;
	enum compare_change change;
	bool right[2], tells;

	if (!expected)
		return;
	for (unsigned i = 0; i < 2; i++)
		right[i] = is_right(&c->stored[i]->checker[checker], answer[i], expected->outcome);
	c->wrong[checker] += right[0] && !right[1];
	c->right[checker] += right[1] && !right[0];
	c->asked[checker]++;
	tells = find_change(c, checker, of, right, answer, &change);
	c->still[checker] += !right[1] && !(tells && (change == COMPARE_WRONG || change == COMPARE_XFAIL));
	if (!tells)
		return;
	c->count[checker][change]++;
	words = copy_words(c->arena, of);
	*array_add(c->arena, c->of, c->cases, c->room) =
		(struct compare_case){.id = words->id,
	                          .rule = words->rule,
	                          .words = words,
	                          .reading = copy_reading(c->arena, expected),
	                          .answer = {copy_answer(c->arena, answer[0]), copy_answer(c->arena, answer[1])},
	                          .number = of->number,
	                          .checker = checker,
	                          .change = change,
	                          .expected = expected->outcome,
	                          .state = {answer[0]->state[0], answer[1]->state[0]},
	                          .kinds = {kinds_of(answer[0]), kinds_of(answer[1])},
	                          .size = mistake_size(of->sequence)};
}

bool
compare_add(struct comparison *c, const struct stored_pair *old, const struct stored_pair *now)
{
	if (old->cases != now->cases)
		return false;
	for (unsigned half = 0; half < now->cases; half++) {
		if (strcmp(old->of[half].id, now->of[half].id))
			return false;
		for (unsigned i = 0; i < c->stored[1]->checkers; i++) {
			const struct stored_answer *const answer[] = {&old->answer[half][i], &now->answer[half][i]};

			add_case(c, i, &now->of[half], answer);
		}
	}
	return true;
}

static int
compare_cases(const void *one, const void *two)
{
	const struct compare_case *a = one, *b = two;

	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	if (a->checker != b->checker && !strcmp(a->id, b->id))
		return a->checker < b->checker ? -1 : 1;
	return strcmp(a->id, b->id);
}

void
compare_sort(struct comparison *c)
{
	if (c->cases)
		qsort(c->of, c->cases, sizeof *c->of, compare_cases);
}
