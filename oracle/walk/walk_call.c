/* walk: what a lock call does to the reading's automata, to the locks and to the IRQL, and what the routine's
 * end shows. See walk.h and walk_state.h.
 */
#include <assert.h>

#include "walk_state.h"

/* the reading's automata */

/* The cell of the reading's table for a state, or for a count by its sign. */
static const struct rule_cell *
cell_of(const struct walking *w, int automaton, unsigned column)
{
	const struct rule_reading *reading = w->reading;
	unsigned row = (unsigned)automaton;

	if (reading->counts)
		row = automaton < 0 ? COUNTER_BELOW : automaton ? COUNTER_ABOVE : COUNTER_ZERO;
	assert(row < reading->states);
	return &reading->cell[row][column];
}

/* Feeds what a call does to one automaton. False when it violates (its kind in *kind) or is not decided. */
static bool
feed(struct walking *w, int16_t *automaton, unsigned column, unsigned call, enum kind *kind)
{
	const struct rule_reading *reading = w->reading;
	const struct rule_cell *cell = cell_of(w, *automaton, column);

	*kind = KIND_COUNT;
	if (!(reading->watches >> call & 1))
		return true;
	if (cell->violates) {
		*kind = cell->kind;
		return false;
	}
	if (!reading->counts) {
		*automaton = cell->next;
		return true;
	}
	*automaton = (int16_t)(*automaton + cell->step);
	if (*automaton >= w->cap || *automaton <= -w->cap) {
		w->undecided = true;
		return false;
	}
	return true;
}

static int16_t *
automaton_of(struct walking *w, struct walk_state *state, unsigned lock, unsigned handle)
{
	switch (w->reading->scope) {
	case SCOPE_LOCK:
		return &state->automaton[lock];
	case SCOPE_HANDLE:
		return &state->automaton[handle];
	case SCOPE_ALL:
		break;
	}
	return &state->automaton[0];
}

/* calls */

uint8_t
walk_value(const struct walk_state *state, struct prog_expr value)
{
	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_LOCK:
		return value.index;
	case EXPR_VAR:
		return state->var[value.index];
	case EXPR_PARAMETER:
		assert(state->depth);
		return state->frame[state->depth - 1].argument[value.index];
	case EXPR_POINTED:
		assert(state->depth);
		return state->var[state->frame[state->depth - 1].argument[value.index]];
	case EXPR_CONSTANT:
		return value.index ? VALUE_TRUE : VALUE_FALSE;
	case EXPR_NONE:
	case EXPR_EXTENSION:
	case EXPR_REQUEST:
		break;
	}
	return UNSET;
}

/* The variable that a call saves the IRQL in: a parameter holds its index. */
unsigned
walk_saved_in(const struct walk_state *state, struct prog_expr irql)
{
	return irql.kind == EXPR_VAR ? irql.index : walk_value(state, irql);
}

unsigned
walk_saved_source(const struct walk_state *state, struct prog_expr irql)
{
	if (irql.kind == EXPR_VAR)
		return irql.index + 1U;
	if (irql.kind == EXPR_POINTED)
		return state->frame[state->depth - 1].argument[irql.index] + 1U;
	return irql.kind == EXPR_PARAMETER ? state->frame[state->depth - 1].argument[PROG_PARAMETERS] : 0;
}

/* The handle a call names; in rules without handles each lock is its own. The value of a handle is its index.
 */
static unsigned
handle_of(const struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	return node->handle.kind == EXPR_NONE ? lock : walk_value(state, node->handle);
}

unsigned
walk_lock(const struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	return node->lock.kind == EXPR_NONE && !w->rule->has_handles ? 0 : walk_value(state, node->lock);
}

/* Calls that are open while the function with the routine's statements runs. */
unsigned
walk_main_depth(const struct walking *w)
{
	return w->prog->main ? 1 : 0;
}

/* Remembers where a lock was taken: in a macro that is where the macro stands. */
static void
mark_taken(const struct walking *w, struct walk_state *state, unsigned lock)
{
	unsigned depth = state->depth, main_depth = walk_main_depth(w);
	uint16_t at = (uint16_t)(state->at - 1); /* step_call has gone on */

	for (; depth; depth--) {
		const struct walk_frame *frame = &state->frame[depth - 1];

		if (!prog_is_macro(&w->prog->function[w->m->flat.insn[frame->back].node->function]))
			break;
		at = frame->back;
	}
	state->taken[lock] = (uint16_t)(at + 1);
	state->site[lock] = (uint16_t)(state->depth > main_depth ? state->frame[main_depth].back + 1 : at + 1);
}

/* whose order and saved levels a path must keep to */

/* Whether the one lock is ever taken while the other is held, over locks between them. */
static bool
comes_before(const struct walking *w, unsigned first, unsigned second)
{
	unsigned before = w->before[second];

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned j = 0; j < RULE_LOCKS; j++)
			if (before >> j & 1)
				before |= w->before[j];
	return before >> first & 1;
}

/* Two routines, or one on two processors, that take locks in different orders wait for each other. */
static void
note_order(struct walking *w, struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	if (!state->tainted)
		w->before[lock] |= state->held & (uint8_t) ~(1U << lock);
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		if (i == lock || !(state->held >> i & 1))
			continue;
		if (comes_before(w, lock, i))
			walk_defect(w, state, node, "two locks are taken in both orders");
		if (w->rule->has_handles)
			state->inner[i] |= (uint8_t)(1U << lock);
	}
}

/* Whether one of the locks has its IRQL in the variable. */
static bool
is_kept(const struct walk_state *state, unsigned locks, unsigned source)
{
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (locks >> i & 1 && state->kept[i] == source)
			return true;
	return false;
}

static void
save_irql(struct walking *w, struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	unsigned variable = walk_saved_in(state, node->irql);

	if (is_kept(state, state->held & ~(1U << lock), variable + 1))
		walk_defect(w, state, node, "one variable keeps the IRQL of two locks that are held");
	state->var[variable] = state->irql;
	state->kept[lock] = (uint8_t)(variable + 1);
}

/* Called when the lock is no longer held: queued locks are given back in turn, and a field of the device
 * extension is read while a lock is held that it was saved for. */
static void
check_release(struct walking *w, struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	bool in_extension = w->prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION;
	unsigned source = walk_saved_source(state, node->irql);

	if (state->inner[lock] & state->held)
		walk_defect(w, state, node, "a queued lock is given back before one that was taken later");
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		state->inner[i] &= (uint8_t) ~(1U << lock);
	state->inner[lock] = 0;
	if (w->rule->call[node->call].keep != KEEP_KIRQL)
		return;
	if (in_extension && state->kept[lock] != source && !is_kept(state, state->held, source))
		walk_defect(w, state, node,
		            "a saved IRQL is read from where another processor may have saved its own");
	state->kept[lock] = 0;
}

/* locks of the routine */

unsigned
walk_ready(const struct prog *prog)
{
	unsigned all = (1U << 2 * RULE_LOCKS) - 1;

	return prog_has_shape(prog, PLACE_LOCAL) ? all & ~(prog->locks | prog->chosen << RULE_LOCKS) : all;
}

void
walk_initialise(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	unsigned bit = 1U << (node->lock.index + (node->value ? RULE_LOCKS : 0U));

	if (state->ready & bit)
		walk_always_defect(w, node, "a lock is initialised again");
	state->ready |= (uint8_t)bit;
}

/* Of two that the request chooses between, both. */
static void
check_ready(struct walking *w, const struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	if (!(state->ready >> lock & state->ready >> (lock + RULE_LOCKS) & 1))
		walk_always_defect(w, node, "a lock is used before it is initialised");
}

/* What an acquire feeds. */
static unsigned
acquire_column(const struct walking *w, const struct walk_state *state, const struct rule_call *call,
               unsigned lock)
{
	if (call->event == EVENT_ACQUIRE && w->reading->tells_order && state->held >> (lock + 1))
		return COLUMN_MISORDERED;
	return rule_column(call);
}

bool
walk_waits(const struct walk_state *state, const struct rule_call *call, unsigned lock)
{
	return state->held >> lock & 1 && (call->effect == EFFECT_TAKE || !(state->shared >> lock & 1));
}

/* Executes an acquire that happens. False when the path ends. */
bool
walk_acquire(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	const struct rule_call *call = &w->rule->call[node->call];
	unsigned lock = walk_lock(w, state, node), handle = handle_of(state, node, lock);
	unsigned bit = 1U << lock;
	enum kind kind;

	assert(rule_takes(call) && lock < RULE_LOCKS && handle < RULE_LOCKS);
	check_ready(w, state, node, lock);
	if (!feed(w, automaton_of(w, state, lock, handle), acquire_column(w, state, call, lock), node->call,
	          &kind)) {
		if (kind != KIND_COUNT)
			walk_report(w, state, node, kind, lock);
		else
			w->deadlock |= walk_waits(state, call, lock);
		return false;
	}
	w->deadlock |= walk_waits(state, call, lock);
	if (state->held & bit)
		state->tainted = 1;
	if (call->effect == EFFECT_TAKE)
		state->shared &= (uint8_t)~bit;
	else if (!(state->held & bit))
		state->shared |= (uint8_t)bit;
	if (state->irql < call->irql_min || state->irql > call->irql_max)
		walk_defect(w, state, node, "an acquire at an IRQL that its call does not allow");
	note_order(w, state, node, lock);
	if (call->keep == KEEP_KIRQL)
		save_irql(w, state, node, lock);
	if (call->keep == KEEP_HANDLE || call->keep == KEEP_LOCK)
		state->kept[lock] = state->irql;
	if (call->keep != KEEP_NONE)
		state->irql = IRQL_DISPATCH;
	state->held |= (uint8_t)bit;
	state->owner[handle] = (uint8_t)(1 + lock);
	state->givers[lock] = w->reading->tells_wrong ? (uint16_t)call->releases : 0;
	mark_taken(w, state, lock);
	return true;
}

/* The lowest IRQL that the caller may have entered the routine with, which it must find again. */
enum irql
walk_entry_irql(const struct walking *w)
{
	return w->role->held ? IRQL_PASSIVE : w->role->irql;
}

/* What the IRQL must be when none of the rule's locks is held that binds it. */
static enum irql
free_irql(const struct walking *w, const struct walk_state *state)
{
	return state->outer ? IRQL_DISPATCH : walk_entry_irql(w);
}

static void
lower_irql(struct walking *w, struct walk_state *state, const struct prog_node *node, unsigned lock)
{
	const struct rule_call *call = &w->rule->call[node->call];
	bool bound = rule_bind_irql(w->rule, state->held);

	if (state->irql < call->irql_min || state->irql > call->irql_max)
		walk_defect(w, state, node, "a release at an IRQL that its call does not allow");
	if (call->keep == KEEP_NONE)
		return;
	state->irql = call->keep == KEEP_KIRQL ? walk_value(state, node->irql) : state->kept[lock];
	if (state->irql != (bound ? IRQL_DISPATCH : free_irql(w, state)))
		walk_defect(w, state, node,
		            bound ? "the IRQL falls while another lock is held"
		                  : "the last release does not restore the IRQL");
}

/* Nobody holds the lock any more. */
static void
let_go(struct walk_state *state, unsigned lock)
{
	state->held &= (uint8_t) ~(1U << lock);
	state->shared &= (uint8_t) ~(1U << lock);
	state->givers[lock] = 0;
	state->taken[lock] = state->site[lock] = 0;
}

bool
walk_release(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	unsigned lock = w->rule->has_handles ? UNSET : walk_lock(w, state, node);
	unsigned handle = handle_of(state, node, lock);
	int16_t fresh = w->reading->counts ? 0 : (int16_t)w->reading->initial, *automaton;
	bool in_use = true, wrong;
	enum kind kind;

	const struct rule_call *call = &w->rule->call[node->call];

	assert(rule_gives(call) && handle < RULE_LOCKS);
	if (w->rule->has_handles) {
		in_use = state->owner[handle] != 0;
		lock = in_use ? state->owner[handle] - 1U : handle;
	}
	assert(lock < RULE_LOCKS);
	if (!w->rule->has_handles)
		check_ready(w, state, node, lock);
	automaton = automaton_of(w, state, lock, handle);
	if (!in_use && w->reading->scope == SCOPE_LOCK)
		automaton = &fresh; /* a lock that nobody took */
	wrong = call->event == EVENT_RELEASE && w->reading->tells_wrong && state->held >> lock & 1 &&
	        !(state->givers[lock] >> node->call & 1);
	if (!feed(w, automaton, wrong ? COLUMN_WRONG_RELEASE : rule_column(call), node->call, &kind)) {
		if (kind != KIND_COUNT)
			walk_report(w, state, node, kind, lock);
		return false;
	}
	if (!in_use) {
		state->tainted = true;
		return true;
	}
	if (!(state->held >> lock & 1))
		state->tainted = true; /* the reading lets a free lock be released */
	let_go(state, lock);
	state->owner[handle] = 0;
	check_release(w, state, node, lock);
	lower_irql(w, state, node, lock);
	return true;
}

/* the routine's end */

static void
report_end(struct walking *w, const struct walk_state *state, const struct prog_node *leave, enum kind kind,
           unsigned lock)
{
	struct walk_found *found = walk_add_finding(w, kind, 0, lock, w->prog->end_line);

	if (leave)
		walk_add_line(found, leave->line);
	else
		walk_add_line(found, w->prog->main ? w->prog->function[w->prog->main].end_line : 0);
	if (!leave || w->prog->main)
		walk_add_line(found, w->prog->return_line);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if ((lock == i || lock == LOCK_ALL) && state->held >> i & 1 && state->taken[i]) {
			walk_add_line(found, w->m->flat.insn[state->taken[i] - 1].node->line);
			walk_add_line(found, w->m->flat.insn[state->site[i] - 1].node->line);
		}
}

/* The automata that exist at the routine's end, as a bit set: one for all, else those of the locks or queue
 * handles that the program names or that are held at entry. */
static unsigned
automata_of(const struct walking *w)
{
	if (w->reading->scope == SCOPE_ALL)
		return 1;
	return w->role->held | (w->reading->scope == SCOPE_LOCK ? w->prog->locks : prog_handles(w->prog));
}

/* What a finding at the end calls an automaton: a handle by the lock that it holds, or by its own letter. */
static unsigned
letter_of(const struct walking *w, const struct walk_state *state, unsigned automaton)
{
	if (w->reading->scope == SCOPE_ALL)
		return LOCK_ALL;
	if (w->reading->scope == SCOPE_HANDLE && state->owner[automaton])
		return state->owner[automaton] - 1U;
	return automaton;
}

void
walk_leave(struct walking *w, const struct walk_state *state, const struct prog_node *leave)
{
	unsigned automata = automata_of(w);
	bool ends_well = true;

	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		const struct rule_cell *cell = cell_of(w, state->automaton[i], EVENT_END);

		if (!(automata >> i & 1) || !cell->violates)
			continue;
		report_end(w, state, leave, cell->kind, letter_of(w, state, i));
		ends_well = false;
	}
	if (ends_well && !state->held && (state->irql != walk_entry_irql(w) || state->outer))
		walk_defect(w, state, leave, "the routine ends at another IRQL than it was entered with");
}

/* events of the rule's own that neither take nor give back */

/* Gives it to the automata of a bit set; each that violates is reported, with a lock's letter where that is
 * one. */
static bool
feed_all(struct walking *w, struct walk_state *state, const struct prog_node *node, unsigned automata,
         unsigned lock)
{
	unsigned column = rule_column(&w->rule->call[node->call]);
	bool violates = false, goes_on = true, undecided = w->undecided;

	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		enum kind kind;

		if (!(automata >> i & 1) || feed(w, &state->automaton[i], column, node->call, &kind))
			continue;
		goes_on = false;
		if (kind == KIND_COUNT)
			continue;
		walk_report(w, state, node, kind, lock < RULE_LOCKS ? lock : letter_of(w, state, i));
		violates = true;
	}
	if (violates)
		w->undecided = undecided; /* the path ends at what violates */
	return goes_on;
}

/* Handles that are in use for a lock. */
static unsigned
handles_of(const struct walk_state *state, unsigned lock)
{
	unsigned handles = 0;

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		handles |= (unsigned)(state->owner[i] == 1 + lock) << i;
	return handles;
}

/* One that names a lock. Where readings are of handles, it is of those that hold the lock, or of none that
 * anybody knows. */
static bool
touch(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	const struct rule_call *call = &w->rule->call[node->call];
	unsigned lock = walk_lock(w, state, node), handles = handles_of(state, lock);
	int16_t fresh = w->reading->counts ? 0 : (int16_t)w->reading->initial;
	enum kind kind;

	assert(lock < RULE_LOCKS);
	check_ready(w, state, node, lock);
	if (w->reading->scope == SCOPE_HANDLE && handles) {
		if (!feed_all(w, state, node, handles, lock))
			return false;
	} else if (!feed(w, w->reading->scope == SCOPE_HANDLE ? &fresh : automaton_of(w, state, lock, lock),
	                 rule_column(call), node->call, &kind)) {
		if (kind != KIND_COUNT)
			walk_report(w, state, node, kind, lock);
		return false;
	}
	if (call->effect == EFFECT_NONE)
		return true;
	if (state->held >> lock & 1)
		state->tainted = true; /* nothing lowers the IRQL any more */
	let_go(state, lock);
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		if (handles >> i & 1)
			state->owner[i] = 0;
		state->inner[i] &= (uint8_t) ~(1U << lock);
	}
	state->inner[lock] = 0;
	return true;
}

/* One that names none, for all automata. */
static bool
occur(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	return feed_all(w, state, node, automata_of(w), RULE_LOCKS);
}

bool
walk_call(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	const struct rule_call *call = &w->rule->call[node->call];

	if (rule_takes(call))
		return walk_acquire(w, state, node);
	if (rule_gives(call))
		return walk_release(w, state, node);
	if (!(w->rule->event[call->own].names_lock ? touch(w, state, node) : occur(w, state, node)))
		return false;
	if (state->irql < call->irql_min || state->irql > call->irql_max)
		walk_defect(w, state, node, "a call at an IRQL that it does not allow");
	return true;
}
