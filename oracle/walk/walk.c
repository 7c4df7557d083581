/* walk: explicit-state exploration of a program. See walk.h.
 *
 * How it works: flatten (oracle/walk/flatten.c) turns the tree into a list of instructions with jump targets;
 * walk_step executes one instruction in one state and adds the states that follow; a hash table keeps each
 * state once. A state is all that the C program has (place, call stack, variables) and all that the reading
 * knows (automata, held bits, handles). States stand in one array in breadth-first order, each with the index
 * of the state it came from.
 *
 * What a lock call does stands in walk_call.c, what is found in walk_find.c. A path ends at its first
 * violation, so no state behind one is added. The reading's table comes from the rule; nothing else is shared
 * with reach.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "array.h"
#include "walk_hook.h"

enum { SLOTS_FIRST = 1024, SLOTS_KEPT = 1 << 15 };

/* states */

static void
rehash(struct walk_memory *m)
{
	m->slots = m->slots ? m->slots * 2 : SLOTS_FIRST;
	m->slot = realloc(m->slot, m->slots * sizeof *m->slot);
	if (!m->slot)
		die("out of memory (%u states)", m->slots);
	memset(m->slot, 0, m->slots * sizeof *m->slot);
	for (uint32_t i = 0; i < m->states; i++) {
		uint32_t at = (uint32_t)XXH3_64bits(&m->state[i], sizeof m->state[i]);

		while (m->slot[at & (m->slots - 1)])
			at++;
		m->slot[at & (m->slots - 1)] = i + 1;
	}
}

void
walk_add_state(struct walking *w, struct walk_state *state)
{
	struct walk_memory *m = w->m;
	uint32_t at;

	if (w->hook && w->hook->add && !w->hook->add(w->hook->context, w, state))
		return;
	if (m->states * 2 >= m->slots)
		rehash(m);
	for (at = (uint32_t)XXH3_64bits(state, sizeof *state); m->slot[at & (m->slots - 1)]; at++)
		if (!memcmp(&m->state[m->slot[at & (m->slots - 1)] - 1], state, sizeof *state))
			return;
	m->slot[at & (m->slots - 1)] = m->states + 1;
	uint32_t room = m->state_room;

	array_need(NULL, m->from, m->states, room, m->states + 1);
	array_need(NULL, m->state, m->states, m->state_room, m->states + 1);
	assert(room == m->state_room);
	m->state[m->states] = *state;
	m->from[m->states++] = w->current;
}

void
walk_go(struct walking *w, struct walk_state *state, uint32_t at)
{
	assert(at < w->m->flat.insns);
	state->at = (uint16_t)at;
	walk_add_state(w, state);
}

/* instructions */

static void
step_call(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	uint32_t next = ++state->at; /* taken[] holds 1 + the instruction, so that 0 means none */

	if (walk_call(w, state, node))
		walk_go(w, state, next);
}

/* What a parameter is given: of a pointer to a KIRQL, the variable's index. */
static uint8_t
argument_of(const struct walk_state *state, const struct prog_function *function, unsigned index,
            struct prog_expr value)
{
	return function->parameter[index] == TYPE_KIRQL_OUT ? (uint8_t)walk_saved_in(state, value)
	                                                    : walk_value(state, value);
}

/* Calls the node's function. A call at the end of its own function takes that one's place. */
static void
step_function(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	const struct prog_function *function = &w->prog->function[node->function];
	struct walk_frame frame = {.back = state->at};

	assert(node->function < w->prog->functions && function->parameters <= PROG_PARAMETERS);
	assert(!node->tail || state->depth);
	for (unsigned i = 0; i < function->parameters; i++) {
		frame.argument[i] = argument_of(state, function, i, node->argument[i]);
		if (function->parameter[i] == TYPE_KIRQL)
			frame.argument[PROG_PARAMETERS] = (uint8_t)walk_saved_source(state, node->argument[i]);
	}
	if (node->tail) {
		frame.back = state->frame[state->depth - 1].back;
		state->depth--;
	}
	if (state->depth == WALK_DEPTH)
		bug("calls nest deeper than %d", WALK_DEPTH);
	state->frame[state->depth++] = frame;
	walk_go(w, state, w->m->flat.entry[node->function]);
}

/* A lock of another rule around it all: it raises the IRQL and restores it. What it does to a lock of ours
 * that is held too long is that lock's fault. */
static void
step_outer(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	if (node->value) {
		state->outer = (uint8_t)(1 + state->irql);
		state->irql = IRQL_DISPATCH;
		return;
	}
	if (state->held && state->outer - 1 < IRQL_DISPATCH)
		walk_defect(w, state, node,
		            "the outer lock is given back, and the IRQL falls, while another lock is held");
	if (!state->outer || (!state->held && state->irql != IRQL_DISPATCH))
		walk_defect(w, state, node, "the outer lock is given back at another IRQL than it was taken at");
	state->irql = (uint8_t)(state->outer - 1);
	state->outer = 0;
}

/* Whether it looks at a flag, or at a result that is kept, which may still be open. */
static bool
looks_at_variable(const struct walking *w, const struct prog_condition *condition)
{
	return condition->kind == CONDITION_FLAG ||
	       (condition->kind == CONDITION_VAR && w->prog->var[condition->variable].type == TYPE_RESULT);
}

/* Whether the condition, which nothing is left to choose in, holds. */
static bool
is_true(struct walk_state *state, const struct prog_node *node)
{
	const struct prog_condition *condition = &node->condition;
	bool holds = false;

	if (node->op == PROG_REPEAT)
		return state->var[node->variable] == VALUE_TRUE;
	if (condition->kind == CONDITION_VAR)
		holds = state->var[condition->variable] == VALUE_TRUE;
	if (condition->kind == CONDITION_PARAMETER)
		holds = state->frame[state->depth - 1].argument[condition->variable] == VALUE_TRUE;
	if (condition->kind == CONDITION_RESULT) {
		holds = state->result;
		state->result = 0;
		if (condition->told == RESULT_ASSIGNED)
			state->var[node->variable] = holds ? VALUE_TRUE : VALUE_FALSE;
	}
	return holds != condition->negated;
}

/* A flag becomes what the condition says. An unknown stays open until it is looked at. */
static void
step_assign(struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	const struct prog_condition *condition = &node->condition;
	uint8_t source;

	if (condition->kind == CONDITION_RESULT || condition->kind == CONDITION_PARAMETER) {
		struct walk_state next = *state;
		bool holds = is_true(&next, node);

		next.var[node->variable] = holds ? VALUE_TRUE : VALUE_FALSE;
		walk_go(w, &next, state->at + 1U);
		return;
	}
	assert(condition->kind == CONDITION_UNKNOWN || looks_at_variable(w, condition));
	source = condition->kind != CONDITION_UNKNOWN ? state->var[condition->variable] : (uint8_t)VALUE_UNKNOWN;
	for (int value = VALUE_FALSE; value <= VALUE_TRUE; value++) {
		struct walk_state next = *state;
		bool holds = (value == VALUE_TRUE) != condition->negated;

		if (condition->kind == CONDITION_UNKNOWN) {
			next.var[node->variable] = VALUE_UNKNOWN;
			walk_go(w, &next, state->at + 1U);
			return;
		}
		if (source != VALUE_UNKNOWN && source != value)
			continue;
		next.var[condition->variable] = (uint8_t)value;
		next.var[node->variable] = holds ? VALUE_TRUE : VALUE_FALSE;
		walk_go(w, &next, state->at + 1U);
	}
}

/* A try that is no condition: it fails, and where the lock is free it may succeed. */
static void
step_take(struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	struct walk_state next = *state;
	uint32_t behind = state->at + 1U;

	if (node->variable != PROG_NONE)
		next.var[node->variable] = VALUE_FALSE;
	walk_go(w, &next, behind);
	next = *state;
	if (walk_waits(state, &w->rule->call[node->call], walk_lock(w, state, node)))
		return;
	next.at++;
	if (!walk_acquire(w, &next, node))
		return;
	if (node->variable != PROG_NONE)
		next.var[node->variable] = VALUE_TRUE;
	walk_go(w, &next, behind);
}

static void
step_node(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	if (node->op == PROG_CALL || node->op == PROG_GUARD) {
		step_call(w, state, node);
		return;
	}
	if (node->op == PROG_ASSIGN) {
		step_assign(w, state, node);
		return;
	}
	if (node->op == PROG_TAKE) {
		step_take(w, state, node);
		return;
	}
	if (node->op == PROG_SET)
		state->var[node->variable] = node->value ? VALUE_TRUE : VALUE_FALSE;
	else if (node->op == PROG_POINT)
		state->var[node->variable] = walk_value(state, node->lock);
	else if (node->op == PROG_INIT)
		walk_initialise(w, state, node);
	else if (node->op == PROG_OUTER)
		step_outer(w, state, node);
	walk_go(w, state, state->at + 1U);
}

/* Adds what follows a condition on a flag, choosing it where it is still open. */
static void
step_variable(struct walking *w, const struct walk_state *state, const struct prog_condition *condition,
              uint32_t taken, uint32_t target)
{
	for (int value = VALUE_FALSE; value <= VALUE_TRUE; value++) {
		struct walk_state next = *state;
		uint8_t *var = &next.var[condition->variable];

		if (*var != VALUE_UNKNOWN && *var != value)
			continue;
		*var = (uint8_t)value;
		walk_go(w, &next, (value == VALUE_TRUE) != condition->negated ? taken : target);
	}
}

static void
step_branch(struct walking *w, const struct walk_state *state, const struct insn *insn)
{
	const struct prog_condition *condition = &insn->node->condition;
	uint32_t taken = state->at + 1U;
	struct walk_state next = *state;

	if (condition->guard != PROG_NONE && state->var[condition->guard] != VALUE_TRUE) {
		walk_go(w, &next, insn->target);
	} else if (insn->node->op != PROG_REPEAT && looks_at_variable(w, condition)) {
		step_variable(w, state, condition, taken, insn->target);
	} else if (insn->node->op != PROG_REPEAT && condition->kind == CONDITION_UNKNOWN) {
		walk_go(w, &next, taken);
		next = *state;
		walk_go(w, &next, insn->target);
	} else {
		bool holds = is_true(&next, insn->node);

		walk_go(w, &next, holds ? taken : insn->target);
	}
}

/* if ((Result = try) != FALSE): whatever else is done to a result leaves it as true or false as it is. */
static void
keep_result(struct walk_state *state, const struct prog_node *node, bool taken)
{
	if (node->condition.told == RESULT_ASSIGNED)
		state->var[node->variable] = taken ? VALUE_TRUE : VALUE_FALSE;
}

static void
step_try(struct walking *w, const struct walk_state *state, const struct insn *insn)
{
	struct walk_state next = *state;

	keep_result(&next, insn->node, false);
	walk_go(w, &next, insn->target);
	next = *state;
	if (walk_waits(state, &w->rule->call[insn->node->call], walk_lock(w, state, insn->node)))
		return;
	next.at++;
	keep_result(&next, insn->node, true);
	if (walk_acquire(w, &next, insn->node))
		walk_go(w, &next, state->at + 1U);
}

/* The end of a function, or a return from it. */
static void
step_return(struct walking *w, struct walk_state *state, const struct prog_node *node)
{
	struct walk_frame frame;

	if (!state->depth) {
		walk_leave(w, state, state->left ? w->m->flat.insn[state->left - 1].node : node);
		return;
	}
	frame = state->frame[--state->depth];
	memset(&state->frame[state->depth], 0, sizeof frame);
	assert(w->m->flat.insn[frame.back].op == INSN_CALL);
	if (node && !state->depth && w->m->flat.insn[frame.back].node->function == w->prog->main)
		state->left = (uint16_t)(state->at + 1);
	state->result = node ? node->value : 0;
	walk_go(w, state, frame.back + 1U);
}

void
walk_step(struct walking *w, uint32_t index)
{
	struct walk_state state = w->m->state[index];
	const struct insn *insn = &w->m->flat.insn[state.at];

	assert(index < w->m->states && state.at < w->m->flat.insns && state.depth <= WALK_DEPTH);
	w->current = index;
	switch (insn->op) {
	case INSN_NODE:
		step_node(w, &state, insn->node);
		break;
	case INSN_BRANCH:
		step_branch(w, &state, insn);
		break;
	case INSN_TRY:
		step_try(w, &state, insn);
		break;
	case INSN_CALL:
		step_function(w, &state, insn->node);
		break;
	case INSN_JUMP:
		if (insn->node && insn->node->exit)
			state.exit = insn->node->exit;
		walk_go(w, &state, insn->target);
		break;
	case INSN_STOP:
		break;
	case INSN_FORGET:
		state.exit = 0;
		walk_go(w, &state, state.at + 1U);
		break;
	case INSN_RETURN:
		step_return(w, &state, insn->node);
		break;
	}
}

static struct walk_state
initial_state(const struct walking *w)
{
	struct walk_state state;

	memset(&state, 0, sizeof state); /* padding too: states are compared as bytes */
	state.at = (uint16_t)w->m->flat.entry[0];
	state.irql = (uint8_t)w->role->irql;
	state.ready = (uint8_t)walk_ready(w->prog);
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		bool held = w->role->held >> i & 1;

		state.automaton[i] = w->reading->counts ? held
		                     : held             ? w->reading->initial_held
		                                        : w->reading->initial;
		if (!held)
			continue;
		state.held |= (uint8_t)(1U << i);
		state.owner[i] = (uint8_t)(1 + i);
		if (w->reading->tells_wrong)
			state.givers[i] = (uint16_t)w->rule->call[w->role->acquire[w->rule->type_of[i]]].releases;
		state.kept[i] =
			w->rule->has_handles ? IRQL_PASSIVE : (uint8_t)(1 + prog_find_var(w->prog, TYPE_KIRQL, i));
	}
	for (unsigned i = 0; i < w->prog->vars; i++)
		switch (w->prog->var[i].type) {
		case TYPE_LOCK:
		case TYPE_HANDLE:
		case TYPE_INDEX: /* of those that move NONE, which is no lock */
			state.var[i] = w->prog->var[i].index;
			break;
		case TYPE_KIRQL:
			state.var[i] = (uint8_t)walk_entry_irql(w);
			break;
		case TYPE_STATUS:
			state.var[i] = VALUE_TRUE;
			break;
		case TYPE_AGAIN:
			state.var[i] = VALUE_FALSE;
			break;
		case TYPE_NONE:
		case TYPE_RESULT:
		case TYPE_FLAG:
		case TYPE_KIRQL_OUT:
		case TYPE_EXTENSION:
		case TYPE_REQUEST:
		case TYPE_DIRECTION:
			break;
		}
	if (w->reading->scope == SCOPE_ALL && w->role->held) {
		state.automaton[0] = w->reading->counts ? 0 : w->reading->initial_held;
		for (unsigned i = 0; w->reading->counts && i < RULE_LOCKS; i++)
			state.automaton[0] = (int16_t)(state.automaton[0] + (w->role->held >> i & 1));
	}
	return state;
}

/* Memory as it is at the beginning of a case: no states, an empty hash table of no more than the usual size.
 */
static struct walk_memory *
begin_memory(struct walk *walk)
{
	struct walk_memory *m = walk->memory;

	if (!m) {
		m = walk->memory = calloc(1, sizeof *m);
		if (!m)
			die("out of memory");
	}
	m->states = m->founds = 0;
	if (m->slots > SLOTS_KEPT) {
		free(m->slot);
		m->slot = NULL;
		m->slots = 0;
	}
	if (m->slots)
		memset(m->slot, 0, m->slots * sizeof *m->slot);
	return m;
}

/* All states that can be reached, with what is found in them. */
static void
explore(struct walking *w, const struct prog *prog, unsigned reading, unsigned cap)
{
	const struct walk_hook *hook = w->hook;
	struct walk_state first;

	assert(reading < prog->rule->readings && prog->role < prog->rule->roles && prog->vars <= PROG_VARS);
	w->prog = prog;
	w->rule = prog->rule;
	w->role = &prog->rule->role[prog->role];
	w->reading = &prog->rule->reading[reading];
	w->cap = (int)cap;
	w->judges_irql = reading == prog->rule->headline && prog->clean;
	flatten(&w->m->flat, prog);
	first = initial_state(w);
	walk_add_state(w, &first);
	for (uint32_t i = 0; i < w->m->states; i++) {
		if (w->undecided && i >= WALK_FURTHER) {
			w->gave_up = true;
			break;
		}
		if (hook && hook->step && !hook->step(hook->context, w, i))
			break;
		walk_step(w, i);
	}
	if (hook && hook->end)
		hook->end(hook->context, w);
}

void
walk_judge(struct walk *walk, const struct prog *prog, unsigned reading, unsigned cap, bool with_paths,
           struct arena *arena, struct walk_result *result)
{
	struct walking w = {.m = begin_memory(walk)};

	explore(&w, prog, reading, cap);
	walk_collect(&w, with_paths, arena, result);
}

void
walk_judge_hooked(struct walk *walk, const struct walk_hook *hook, const struct prog *prog, unsigned reading,
                  unsigned cap, struct arena *arena, struct walk_result *result)
{
	struct walking w = {.m = begin_memory(walk), .hook = hook};

	explore(&w, prog, reading, cap);
	walk_collect(&w, false, arena, result);
}

void
walk_free(struct walk *walk)
{
	struct walk_memory *m = walk->memory;

	if (!m)
		return;
	flatten_free(&m->flat);
	free(m->state);
	free(m->from);
	free(m->slot);
	free(m->found);
	free(m);
	walk->memory = NULL;
}
