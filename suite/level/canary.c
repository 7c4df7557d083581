/* canary: the smallest plain cases of a rule, by search. See canary.h.
 *
 * How it works: each role of the rule, the first one first, is searched twice, and what is found stays. First
 * all straight sequences over lock a that begin with an acquire and hold a release, so that a checker sees
 * both calls, up to CANARY_STRAIGHT statements: `acq a; rel a`, and of three statements `acq a; rel a; rel a`
 * first. Then the canonical spaces up to CANARY_SIZE statements. Both are bounded: some thousand sequences
 * judged by reach.
 */
#include "canary.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "make.h"
#include "prog.h"
#include "reach.h"
#include "space.h"

enum { CANARY_STRAIGHT = 6, CANARY_SIZE = 4 };

struct search {
	struct truth *truth;
	const struct rule *rule;
	unsigned role;
	const struct canary_wish *wish;
	struct arena *arena;      /* of what is found */
	struct arena scratch;     /* of one sequence */
	struct suite_case *found; /* by enum outcome; without nodes while there is none */
};

/* The outcome under all readings; OUTCOME_UNDECIDED where they differ, where one does not tell all, or where
 * the headline's pass is a deadlock. */
static enum outcome
settled_outcome(struct search *s, const struct seq *seq)
{
	enum outcome outcome = OUTCOME_UNDECIDED;

	for (unsigned i = 0; i < s->rule->readings; i++) {
		struct verdict verdict;

		truth_reach(s->truth, s->rule, s->role, i, seq, &s->scratch, &verdict);
		if (verdict.incomplete || (i && verdict.outcome != outcome))
			return OUTCOME_UNDECIDED;
		if (i == s->rule->headline && verdict.deadlock)
			return OUTCOME_UNDECIDED;
		outcome = verdict.outcome;
	}
	return outcome;
}

/* Whether it violates by the wished kinds alone. */
static bool
is_of_kinds(struct search *s, const struct seq *seq)
{
	const unsigned readings[] = {s->rule->headline, s->wish->reading};

	for (unsigned i = 0; i < 2; i++) {
		struct verdict verdict;

		truth_reach(s->truth, s->rule, s->role, readings[i], seq, &s->scratch, &verdict);
		if (verdict.incomplete || verdict.outcome != OUTCOME_VIOLATION)
			return false;
		for (unsigned j = 0; i && j < verdict.count; j++)
			if (!(s->wish->kinds >> verdict.finding[j].kind & 1))
				return false;
	}
	return true;
}

static bool
is_fit(struct search *s, const struct seq *seq)
{
	struct shapes usual = shapes_default();
	struct prog prog;

	prog_make(&prog, &s->scratch, s->rule, s->role, seq, &usual);
	return !prog.unfit;
}

/* Keeps a sequence where it is the first of its outcome. */
static void
consider(struct search *s, const struct seq *seq)
{
	enum outcome outcome = settled_outcome(s, seq);
	struct suite_case *found;

	if (s->wish->kinds && outcome != OUTCOME_PASS)
		outcome = is_of_kinds(s, seq) ? OUTCOME_VIOLATION : OUTCOME_UNDECIDED;
	found = &s->found[outcome == OUTCOME_VIOLATION];
	if (outcome != OUTCOME_UNDECIDED && !found->seq.node && is_fit(s, seq)) {
		*found = (struct suite_case){.rule = s->rule, .role = s->role, .seq = *seq};
		found->seq.node = arena_alloc(s->arena, seq->count * sizeof *seq->node);
		memcpy(found->seq.node, seq->node, seq->count * sizeof *seq->node);
	}
	arena_reset(&s->scratch);
}

static bool
is_over(const struct search *s)
{
	return s->found[OUTCOME_PASS].seq.node && s->found[OUTCOME_VIOLATION].seq.node;
}

/* Bit size - 1 of `acquires` is the first statement's: all but the numbers that do not begin with an acquire
 * or hold no release. */
static void
search_straight(struct search *s)
{
	struct seq_node node[CANARY_STRAIGHT];

	for (unsigned size = 2; size <= CANARY_STRAIGHT && !is_over(s); size++)
		for (unsigned acquires = 1U << (size - 1); acquires + 1 < 1U << size && !is_over(s); acquires++) {
			const struct seq seq = {.node = node, .count = size, .size = size};

			for (unsigned i = 0; i < size; i++) {
				bool acquire = acquires >> (size - 1 - i) & 1;

				node[i] = (struct seq_node){.op = acquire ? SEQ_ACQ : SEQ_REL, .number = (uint16_t)(i + 1)};
			}
			consider(s, &seq);
		}
}

static bool
has_event(const struct seq *seq)
{
	for (uint32_t i = 0; i < seq->count; i++)
		if (seq_has_use(seq->node[i].op))
			return true;
	return false;
}

static void
search_spaces(struct search *s)
{
	for (unsigned size = 1; size <= CANARY_SIZE && !is_over(s); size++) {
		struct space space;

		if (!space_init(&space, s->rule, s->role, SPACE_PLAIN, size, s->rule->locks))
			continue;
		for (bool more = space_first(&space); more && !is_over(s); more = space_next(&space))
			if (has_event(&space.seq))
				consider(s, &space.seq);
		space_free(&space);
	}
}

bool
canary_find(struct suite_case canary[2], struct truth *truth, const struct rule *rule,
            const struct canary_wish *wish, struct arena *arena, struct diag *diag)
{
	struct search s = {.truth = truth, .rule = rule, .wish = wish, .arena = arena, .found = canary};

	assert(OUTCOME_PASS == 0 && OUTCOME_VIOLATION == 1);
	canary[0] = canary[1] = (struct suite_case){0};
	for (s.role = 0; s.role < rule->roles && !is_over(&s); s.role++)
		search_straight(&s);
	for (s.role = 0; s.role < rule->roles && !is_over(&s); s.role++)
		search_spaces(&s);
	arena_free(&s.scratch);
	if (is_over(&s))
		return true;
	diag_set(diag, rule->name, 0, 0, "the rule has no canary%s: no case of up to %d statements %s",
	         wish->kinds ? " of these kinds" : "", CANARY_SIZE,
	         !canary[0].seq.node ? "passes under all its readings"
	         : wish->kinds ? "violates by the adapter's `kinds` alone; its `rules` may leave the rule out"
	                       : "violates under all its readings");
	canary[0] = canary[1] = (struct suite_case){0};
	return false;
}

/* The states behind a cell, as a bit set; of a counter the signs that are possible there. */
static unsigned
behind(const struct rule_reading *reading, unsigned state, enum event event)
{
	const struct rule_cell *cell = &reading->cell[state][event];

	if (cell->violates)
		return 0;
	if (!reading->counts)
		return 1U << cell->next;
	if (state == COUNTER_ZERO)
		return 1U << (cell->step < 0 ? COUNTER_BELOW : cell->step ? COUNTER_ABOVE : COUNTER_ZERO);
	return 1U << state | 1U << COUNTER_ZERO;
}

bool
canary_can_violate(const struct rule *rule, struct diag *diag)
{
	const struct rule_reading *reading = &rule->reading[rule->headline];
	unsigned reached = reading->counts ? 1U << COUNTER_ZERO : 1U << reading->initial, before = 0;
	bool violates = false;

	for (unsigned i = 0; i < rule->roles; i++)
		if (rule->role[i].held)
			reached |= reading->counts ? 1U << COUNTER_ABOVE : 1U << reading->initial_held;
	while (reached != before) {
		before = reached;
		for (unsigned state = 0; state < reading->states; state++)
			for (unsigned event = 0; before >> state & 1 && event < EVENT_COUNT; event++) {
				violates |= reading->cell[state][event].violates;
				reached |= event == EVENT_END ? 0 : behind(reading, state, (enum event)event);
			}
	}
	if (!violates)
		diag_set(diag, rule->name, 0, 0, "the headline reading '%s' never violates, so the rule has no pairs",
		         reading->name);
	return violates;
}
