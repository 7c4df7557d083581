/* lesson_judge: a trace under the headline reading, by the table of the rule's file. See lesson.h.
 *
 * How it works: an automaton a lock, a handle, or one for all, as the reading's scope says; each event of the
 * trace moves one of them. suite/manual/rules.md tells what a reading says of a path. An automaton that
 * counts has a number in the place of its state.
 */
#include <string.h>

#include "lesson.h"
#include "verdict.h"

struct judging {
	const struct rule *rule;
	const struct rule_reading *reading;
	struct lesson_fault *fault;
	int state[TRACE_LOCKS]; /* of each automaton: a state, or a number */
	uint8_t met;            /* automata that events or the role named */
	uint8_t held;
	int giver[TRACE_LOCKS];      /* the call that took it; -1: none that is known */
	uint32_t taken[TRACE_LOCKS]; /* where */
	int owner[TRACE_HANDLES];    /* of each handle: 1 + the lock that it took; 0: not in use */
};

static unsigned
row_of(const struct judging *j, unsigned automaton)
{
	int state = j->state[automaton];

	if (!j->reading->counts)
		return (unsigned)state;
	return state < 0 ? COUNTER_BELOW : state ? COUNTER_ABOVE : COUNTER_ZERO;
}

static unsigned
automaton_of(const struct judging *j, unsigned lock, unsigned handle)
{
	return j->reading->scope == SCOPE_ALL ? 0 : j->reading->scope == SCOPE_HANDLE ? handle : lock;
}

static void
set_fault(struct judging *j, enum kind kind, unsigned lock, unsigned step)
{
	*j->fault = (struct lesson_fault){true, false, kind, lock, step, lock < TRACE_LOCKS ? j->taken[lock] : 0};
}

/* Moves an automaton. False where it violates. */
static bool
feed(struct judging *j, unsigned automaton, unsigned column, unsigned lock, unsigned step)
{
	const struct rule_cell *cell = &j->reading->cell[row_of(j, automaton)][column];

	j->met |= (uint8_t)(1U << automaton);
	if (cell->violates)
		set_fault(j, cell->kind, lock, step);
	else
		j->state[automaton] = j->reading->counts ? j->state[automaton] + cell->step : cell->next;
	return !cell->violates;
}

/* An acquire of a lock of the exercise. */
static bool
acquire(struct judging *j, const struct trace_step *s, unsigned call, unsigned step)
{
	unsigned lock = s->lock, handle = s->handle == TRACE_NONE ? lock : s->handle;
	bool was_held = j->held >> lock & 1, misordered = lock < RULE_LOCKS && (j->held & 7) >> (lock + 1);

	if (j->reading->watches >> call & 1 &&
	    !feed(j, automaton_of(j, lock, handle), misordered ? COLUMN_MISORDERED : EVENT_ACQUIRE, lock, step))
		return false;
	if (was_held && j->rule->call[call].effect == EFFECT_TAKE) {
		set_fault(j, KIND_COUNT, lock, step);
		j->fault->deadlock = true;
		return false;
	}
	j->held |= (uint8_t)(1U << lock);
	j->giver[lock] = (int)call;
	j->taken[lock] = s->line;
	j->owner[handle] = 1 + (int)lock;
	return true;
}

/* Of what nobody holds through this handle, or of a lock that is none of the exercise's. */
static bool
release_nothing(struct judging *j, unsigned lock, unsigned step)
{
	set_fault(j, KIND_RELEASE_WITHOUT_ACQUIRE, lock, step);
	return false;
}

static bool
release(struct judging *j, const struct trace_step *s, unsigned call, unsigned step)
{
	unsigned lock = s->lock, handle = s->handle;
	bool held, wrong;

	if (lock == TRACE_NONE && handle == TRACE_NONE)
		return release_nothing(j, TRACE_OTHER_LOCK, step);
	if (lock == TRACE_NONE && !j->owner[handle])
		return release_nothing(j, handle % RULE_LOCKS, step);
	if (lock == TRACE_NONE)
		lock = (unsigned)j->owner[handle] - 1;
	if (lock >= TRACE_LOCKS)
		return release_nothing(j, TRACE_OTHER_LOCK, step);
	if (handle == TRACE_NONE)
		handle = lock;
	held = j->held >> lock & 1;
	wrong = held && j->giver[lock] >= 0 && !(j->rule->call[j->giver[lock]].releases >> call & 1);
	if (j->reading->watches >> call & 1 &&
	    !feed(j, automaton_of(j, lock, handle), wrong ? COLUMN_WRONG_RELEASE : EVENT_RELEASE, lock, step))
		return false;
	j->held &= (uint8_t) ~(1U << lock);
	j->owner[handle] = 0;
	return true;
}

/* An event of the rule's own; those that name no lock concern every automaton. */
static bool
occur(struct judging *j, const struct trace_step *s, unsigned call, unsigned step)
{
	unsigned column = rule_column(&j->rule->call[call]);

	if (s->lock < TRACE_LOCKS)
		return feed(j, automaton_of(j, s->lock, s->lock), column, s->lock, step);
	for (unsigned i = 0; s->lock == TRACE_NONE && i < TRACE_LOCKS; i++)
		if (j->met >> i & 1 && !feed(j, i, column, i, step))
			return false;
	return true;
}

/* False where the path breaks the rule here. */
static bool
judge_step(struct judging *j, const struct trace_step *s, unsigned step)
{
	unsigned call;

	if (!rule_find_call(j->rule, s->name, &call))
		return true;
	if (s->what == STEP_ACQUIRE)
		return s->lock >= TRACE_LOCKS || acquire(j, s, call, step);
	if (s->what == STEP_RELEASE)
		return release(j, s, call, step);
	return (s->what != STEP_OWN && s->what != STEP_OTHER) || occur(j, s, call, step);
}

static void
judge_end(struct judging *j, unsigned step)
{
	for (unsigned i = 0; i < TRACE_LOCKS; i++) {
		const struct rule_cell *cell = &j->reading->cell[row_of(j, i)][EVENT_END];
		unsigned lock = j->reading->scope == SCOPE_ALL                     ? LESSON_ALL
		                : j->reading->scope == SCOPE_HANDLE && j->owner[i] ? (unsigned)j->owner[i] - 1
		                                                                   : i;

		if (!j->fault->is && j->met >> i & 1 && cell->violates)
			set_fault(j, cell->kind, lock, step);
	}
}

static void
begin(struct judging *j, const struct rule_role *role)
{
	for (unsigned i = 0; i < TRACE_LOCKS; i++) {
		bool held = i < RULE_LOCKS && role->held >> i & 1;

		j->state[i] = j->reading->counts ? held : held ? j->reading->initial_held : j->reading->initial;
		j->giver[i] = -1;
		j->owner[i] = held ? 1 + (int)i : 0;
	}
	j->held = j->met = (uint8_t)role->held;
}

void
lesson_judge(const struct suite_case *of, const struct trace *trace, struct lesson_fault *fault,
             uint8_t *held)
{
	struct judging j = {.rule = of->rule, .reading = &of->rule->reading[of->rule->headline], .fault = fault};

	*fault = (struct lesson_fault){.is = false};
	begin(&j, &of->rule->role[of->role]);
	for (unsigned i = 0; i < trace->steps; i++) {
		if (!fault->is)
			judge_step(&j, &trace->step[i], i);
		if (held)
			held[i] = j.held;
	}
	if (!fault->is && trace->end == TRACE_RETURNED)
		judge_end(&j, trace->steps);
}

void
lesson_put_lock(struct buf *out, unsigned lock)
{
	if (lock < RULE_LOCKS || lock == LESSON_ALL)
		buf_printf(out, "lock %c", lock_letter(lock < RULE_LOCKS ? lock : LOCK_ALL));
	else if (lock < TRACE_LOCKS)
		buf_printf(out, "the other lock %c", lock_letter(lock % RULE_LOCKS));
	else
		buf_puts(out, "a lock that is none of the exercise's");
}

unsigned
lesson_clause(const struct rule_reading *reading, enum kind kind)
{
	for (unsigned state = 0; state < reading->states; state++)
		for (unsigned column = 0; column < RULE_COLUMNS; column++)
			if (reading->cell[state][column].violates && reading->cell[state][column].kind == kind)
				return reading->cell[state][column].clause;
	return 0;
}
