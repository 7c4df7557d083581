/* walk: explicit-state exploration of a program. See walk.h.
 *
 * How it works: flatten turns the tree into a list of instructions with jump targets, one for each node that does something;
 * step executes one instruction in one state and adds the states that follow; a hash table keeps each state
 * once. A state is all that the C program has (place, call stack, variables) and all that the reading knows
 * (automata, held bits, handles). States stand in one array in breadth-first order, each with the index of
 * the state it came from.
 *
 * A path ends at its first violation, so no state behind one is added. The reading's table comes from the rule;
 * nothing else is shared with reach.
 */
#include "walk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { DEPTH = 6, ENDED = 0xff, UNSET = 0xff };
enum { FLAG_UNKNOWN, FLAG_FALSE, FLAG_TRUE };
enum { MOST_LINES = 24, SLOTS_FIRST = 1024, SLOTS_KEPT = 1 << 15 };

_Static_assert(PROG_PARAMETERS % 2 == 1, "frames are compared as bytes and must have no padding");

enum insn_op { INSN_NODE, INSN_BRANCH, INSN_TRY, INSN_JUMP, INSN_RETURN };

struct insn {
	enum insn_op op;
	const struct prog_node *node; /* NULL: the end of a function, or a jump of ours */
	uint32_t target;              /* BRANCH, TRY: where it goes when not taken; JUMP: where it goes */
};

struct frame {
	uint16_t back;                         /* instruction of the call */
	uint8_t argument[PROG_PARAMETERS + 1]; /* one more, so that there is no padding */
};

struct state {
	uint16_t at; /* instruction */
	uint8_t depth;
	uint8_t irql;
	uint8_t held;                  /* bit a lock */
	uint8_t tainted;               /* a held lock was taken without a violation: the IRQL is judged no more */
	uint8_t owner[RULE_LOCKS];     /* a handle: 0 not in use, else 1 + lock */
	uint8_t kept[RULE_LOCKS];      /* IRQL that the lock or its handle keeps */
	int16_t automaton[RULE_LOCKS]; /* state or count of a lock, a handle, or [0] of all */
	uint16_t taken[RULE_LOCKS];    /* instruction that took the lock, while it is held */
	struct frame frame[DEPTH];
	uint8_t var[PROG_VARS];
};

struct found {
	struct finding finding;
	uint32_t state; /* in which it happens */
	unsigned lines;
	uint32_t line[MOST_LINES];
};

struct walk_memory {
	struct insn *insn;
	uint32_t insns, insn_room;
	uint32_t entry[PROG_FUNCTIONS];
	uint32_t *label; /* instruction of each label; labels of ours follow those of the program */
	uint32_t labels, label_room;
	struct state *state;
	uint32_t *from; /* index of the state before */
	uint32_t states, state_room;
	uint32_t *slot; /* hash table: 1 + index of a state, or 0 */
	uint32_t slots; /* a power of two */
	struct found *found;
	uint32_t founds, found_room;
};

struct walking {
	struct walk_memory *m;
	const struct prog *prog;
	const struct rule *rule;
	const struct rule_role *role;
	const struct rule_reading *reading;
	int cap;
	bool undecided, deadlock, judges_irql;
	const char *defect;
	uint32_t defect_line;
	uint32_t current; /* the state that is being executed */
};

static void *
grow(void *array, uint32_t *room, uint32_t need, size_t size)
{
	if (need <= *room)
		return array;
	*room = need < 64 ? 64 : need * 2;
	array = realloc(array, *room * size);
	if (!array)
		die("out of memory (%u states)", *room);
	return array;
}

/* flattening */

static uint32_t
emit(struct walk_memory *m, enum insn_op op, const struct prog_node *node, uint32_t target)
{
	m->insn = grow(m->insn, &m->insn_room, m->insns + 1, sizeof *m->insn);
	m->insn[m->insns] = (struct insn){op, node, target};
	return m->insns++;
}

static uint32_t
new_label(struct walk_memory *m)
{
	m->label = grow(m->label, &m->label_room, m->labels + 1, sizeof *m->label);
	return m->labels++;
}

static void flatten(struct walk_memory *m, const struct prog_node *node, uint32_t exit, uint32_t next);

static void
flatten_branch(struct walk_memory *m, const struct prog_node *node, uint32_t exit, uint32_t next)
{
	uint32_t other = new_label(m), end = new_label(m);

	emit(m, node->op == PROG_TRY ? INSN_TRY : INSN_BRANCH, node, other);
	flatten(m, node->body, exit, next);
	emit(m, INSN_JUMP, NULL, end);
	m->label[other] = m->insns;
	flatten(m, node->other, exit, next);
	m->label[end] = m->insns;
}

static void
flatten_loop(struct walk_memory *m, const struct prog_node *node)
{
	uint32_t head = new_label(m), next = new_label(m), end = new_label(m);

	m->label[head] = m->insns;
	emit(m, INSN_BRANCH, node, end);
	if (node->op == PROG_DO) {
		uint32_t body = new_label(m);

		m->label[body] = m->insns;
		flatten(m, node->body, end, next);
		m->label[next] = m->insns;
		emit(m, INSN_BRANCH, node, end);
		emit(m, INSN_JUMP, NULL, body);
	} else {
		flatten(m, node->body, end, next);
		m->label[next] = m->insns;
		emit(m, INSN_JUMP, NULL, head);
	}
	m->label[end] = m->insns;
}

/* `exit` and `next`: labels that break and continue go to. */
static void
flatten(struct walk_memory *m, const struct prog_node *node, uint32_t exit, uint32_t next)
{
	for (; node; node = node->next)
		switch ((enum prog_op)node->op) {
		case PROG_CALL:
		case PROG_HELPER:
		case PROG_FAIL:
		case PROG_WORK:
			emit(m, INSN_NODE, node, 0);
			break;
		case PROG_TRY:
		case PROG_IF:
		case PROG_SWITCH:
			flatten_branch(m, node, exit, next);
			break;
		case PROG_WHILE:
		case PROG_FOR:
		case PROG_DO:
			flatten_loop(m, node);
			break;
		case PROG_BREAK:
			emit(m, INSN_JUMP, node, exit);
			break;
		case PROG_CONTINUE:
			emit(m, INSN_JUMP, node, next);
			break;
		case PROG_RETURN:
			emit(m, INSN_RETURN, node, 0);
			break;
		case PROG_GOTO:
			emit(m, INSN_JUMP, node, node->label);
			break;
		case PROG_LABEL:
			m->label[node->label] = m->insns;
			break;
		}
}

static void
flatten_all(struct walk_memory *m, const struct prog *prog)
{
	m->insns = m->labels = 0;
	for (unsigned i = 0; i <= prog->labels; i++)
		new_label(m);
	for (unsigned i = 0; i < prog->functions; i++) {
		m->entry[i] = m->insns;
		flatten(m, prog->function[i].body, 0, 0);
		emit(m, INSN_RETURN, NULL, 0);
	}
	for (uint32_t i = 0; i < m->insns; i++)
		if (m->insn[i].op != INSN_NODE && m->insn[i].op != INSN_RETURN)
			m->insn[i].target = m->label[m->insn[i].target];
	if (m->insns > UINT16_MAX)
		bug("a program of %u instructions", m->insns);
}

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

static void
add_state(struct walking *w, const struct state *state)
{
	struct walk_memory *m = w->m;
	uint32_t at;

	if (m->states * 2 >= m->slots)
		rehash(m);
	for (at = (uint32_t)XXH3_64bits(state, sizeof *state); m->slot[at & (m->slots - 1)]; at++)
		if (!memcmp(&m->state[m->slot[at & (m->slots - 1)] - 1], state, sizeof *state))
			return;
	m->slot[at & (m->slots - 1)] = m->states + 1;
	if (m->states == m->state_room) {
		uint32_t room = m->state_room;

		m->state = grow(m->state, &m->state_room, m->states + 1, sizeof *m->state);
		m->from = grow(m->from, &room, m->states + 1, sizeof *m->from);
	}
	m->state[m->states] = *state;
	m->from[m->states++] = w->current;
}

static void
go(struct walking *w, struct state *state, uint32_t at)
{
	state->at = (uint16_t)at;
	add_state(w, state);
}

/* findings */

static void
add_line(struct found *found, uint32_t line)
{
	if (!line || line == found->finding.line)
		return;
	for (unsigned i = 0; i < found->lines; i++)
		if (found->line[i] == line)
			return;
	if (found->lines < MOST_LINES)
		found->line[found->lines++] = line;
}

static struct found *
add_finding(struct walking *w, enum kind kind, unsigned statement, unsigned lock, uint32_t line)
{
	struct walk_memory *m = w->m;
	struct finding finding = {(uint8_t)kind, (uint8_t)lock, (uint16_t)statement, line};

	for (uint32_t i = 0; i < m->founds; i++) {
		const struct finding *old = &m->found[i].finding;

		if (old->kind == kind && old->statement == statement && old->lock == lock && old->line == line)
			return &m->found[i];
	}
	m->found = grow(m->found, &m->found_room, m->founds + 1, sizeof *m->found);
	m->found[m->founds] = (struct found){.finding = finding, .state = w->current};
	return &m->found[m->founds++];
}

/* The statement of the sequence that a node of the present function belongs to: its own, or its caller's. */
static unsigned
statement_of(const struct walking *w, const struct state *state, const struct prog_node *node)
{
	for (unsigned depth = state->depth; !node->statement && depth; depth--)
		node = w->m->insn[state->frame[depth - 1].back].node;
	return node->statement;
}

static void
report(struct walking *w, const struct state *state, const struct prog_node *node, enum kind kind,
       unsigned lock)
{
	struct found *found = add_finding(w, kind, statement_of(w, state, node), lock, node->line);

	for (unsigned i = 0; i < state->depth; i++)
		add_line(found, w->m->insn[state->frame[i].back].node->line);
}

static void
defect(struct walking *w, const struct state *state, const struct prog_node *node, const char *what)
{
	if (!w->judges_irql || state->tainted || w->defect)
		return;
	w->defect = what;
	w->defect_line = node ? node->line : w->prog->end_line;
}

/* the reading's automata */

/* Feeds one event to one automaton. False when it violates (its kind in *kind) or is not decided. */
static bool
feed(struct walking *w, int16_t *automaton, enum event event, enum kind *kind)
{
	const struct rule_reading *reading = w->reading;
	unsigned row = (unsigned)*automaton;
	const struct rule_cell *cell;

	if (reading->counts)
		row = *automaton < 0 ? COUNTER_BELOW : *automaton ? COUNTER_ABOVE : COUNTER_ZERO;
	cell = &reading->cell[row][event];
	*kind = KIND_COUNT;
	if (cell->violates) {
		*kind = cell->kind;
		return false;
	}
	if (!reading->counts) {
		*automaton = cell->next;
		return true;
	}
	*automaton = (int16_t)(*automaton + cell->step);
	if (*automaton > w->cap || *automaton < -w->cap) {
		w->undecided = true;
		return false;
	}
	return true;
}

static int16_t *
automaton_of(struct walking *w, struct state *state, unsigned lock, unsigned handle)
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

static uint8_t
value_of(const struct state *state, struct prog_expr value)
{
	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_LOCK:
		return value.index;
	case EXPR_VAR:
		return state->var[value.index];
	case EXPR_PARAMETER:
		return state->frame[state->depth - 1].argument[value.index];
	case EXPR_NONE:
	case EXPR_EXTENSION:
		break;
	}
	return UNSET;
}

/* The handle a call names; in rules without handles each lock is its own. The value of a handle is its index. */
static unsigned
handle_of(const struct state *state, const struct prog_node *node, unsigned lock)
{
	return node->handle.kind == EXPR_NONE ? lock : value_of(state, node->handle);
}

static unsigned
lock_of(const struct walking *w, const struct state *state, const struct prog_node *node)
{
	return node->lock.kind == EXPR_NONE && !w->rule->has_handles ? 0 : value_of(state, node->lock);
}

/* Executes an acquire that happens. False when the path ends. */
static bool
acquire(struct walking *w, struct state *state, const struct prog_node *node)
{
	const struct rule_call *call = &w->rule->call[node->call];
	unsigned lock = lock_of(w, state, node), handle = handle_of(state, node, lock);
	enum kind kind;

	if (!feed(w, automaton_of(w, state, lock, handle), EVENT_ACQUIRE, &kind)) {
		if (kind != KIND_COUNT)
			report(w, state, node, kind, lock);
		return false;
	}
	if (state->held >> lock & 1) {
		w->deadlock = true;
		state->tainted = 1;
	}
	if (state->irql < call->irql_min || state->irql > call->irql_max)
		defect(w, state, node, "an acquire at an IRQL that its call does not allow");
	if (call->keep == KEEP_KIRQL)
		state->var[node->irql.index] = state->irql;
	if (call->keep == KEEP_HANDLE || call->keep == KEEP_LOCK)
		state->kept[lock] = state->irql;
	if (call->keep != KEEP_NONE)
		state->irql = IRQL_DISPATCH;
	state->held |= (uint8_t)(1U << lock);
	state->owner[handle] = (uint8_t)(1 + lock);
	state->taken[lock] = state->depth ? (uint16_t)(state->frame[0].back + 1) : state->at;
	return true;
}

/* The lowest IRQL that the caller may have entered the routine with, which it must find again. */
static enum irql
entry_irql(const struct walking *w)
{
	return w->role->held ? IRQL_PASSIVE : w->role->irql;
}

static void
lower_irql(struct walking *w, struct state *state, const struct prog_node *node, unsigned lock)
{
	const struct rule_call *call = &w->rule->call[node->call];

	if (state->irql < call->irql_min || state->irql > call->irql_max)
		defect(w, state, node, "a release at an IRQL that its call does not allow");
	if (call->keep == KEEP_NONE)
		return;
	state->irql = call->keep == KEEP_KIRQL ? value_of(state, node->irql) : state->kept[lock];
	if (state->irql != (state->held ? IRQL_DISPATCH : entry_irql(w)))
		defect(w, state, node,
		       state->held ? "the IRQL falls while another lock is held"
		                   : "the last release does not restore the IRQL");
}

static bool
release(struct walking *w, struct state *state, const struct prog_node *node)
{
	unsigned lock = w->rule->has_handles ? UNSET : lock_of(w, state, node);
	unsigned handle = handle_of(state, node, lock);
	int16_t fresh = w->reading->counts ? 0 : (int16_t)w->reading->initial, *automaton;
	bool in_use = true;
	enum kind kind;

	if (w->rule->has_handles) {
		in_use = state->owner[handle] != 0;
		lock = in_use ? state->owner[handle] - 1U : handle;
	}
	automaton = automaton_of(w, state, lock, handle);
	if (!in_use && w->reading->scope == SCOPE_LOCK)
		automaton = &fresh; /* a lock that nobody took */
	if (!feed(w, automaton, EVENT_RELEASE, &kind)) {
		if (kind != KIND_COUNT)
			report(w, state, node, kind, lock);
		return false;
	}
	if (!in_use) {
		state->tainted = true;
		return true;
	}
	if (w->reading->counts && w->reading->scope == SCOPE_LOCK && *automaton > 0)
		return true; /* counted, and still held */
	if (!(state->held >> lock & 1))
		state->tainted = true; /* the reading lets a free lock be released */
	state->held &= (uint8_t) ~(1U << lock);
	state->owner[handle] = 0;
	state->taken[lock] = 0;
	lower_irql(w, state, node, lock);
	return true;
}

/* the routine's end */

static void
report_end(struct walking *w, const struct state *state, const struct prog_node *leave, enum kind kind,
           unsigned lock)
{
	struct found *found = add_finding(w, kind, 0, lock, w->prog->end_line);

	if (leave)
		add_line(found, leave->line);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if ((lock == i || lock == LOCK_ALL) && state->held >> i & 1 && state->taken[i])
			add_line(found, w->m->insn[state->taken[i] - 1].node->line);
}

static void
leave_routine(struct walking *w, const struct state *state, const struct prog_node *leave)
{
	bool ends_well = true;
	enum kind kind;

	for (unsigned i = 0; i < (w->reading->scope == SCOPE_ALL ? 1 : RULE_LOCKS); i++) {
		int16_t automaton = state->automaton[i];
		unsigned lock = w->reading->scope == SCOPE_ALL    ? LOCK_ALL
		                : w->reading->scope == SCOPE_LOCK ? i
		                                                  : state->owner[i] - 1U;

		if (!feed(w, &automaton, EVENT_END, &kind) && kind != KIND_COUNT) {
			report_end(w, state, leave, kind, lock);
			ends_well = false;
		}
	}
	if (ends_well && !state->held && state->irql != entry_irql(w))
		defect(w, state, leave, "the routine ends at another IRQL than it was entered with");
}

/* instructions */

static void
step_call(struct walking *w, struct state *state, const struct prog_node *node)
{
	uint32_t next = ++state->at; /* taken[] holds 1 + the instruction, so that 0 means none */

	if (w->rule->call[node->call].event == EVENT_ACQUIRE ? acquire(w, state, node) : release(w, state, node))
		go(w, state, next);
}

static void
step_helper(struct walking *w, struct state *state, const struct prog_node *node)
{
	struct frame frame = {.back = state->at};

	for (unsigned i = 0; i < PROG_PARAMETERS; i++)
		frame.argument[i] = value_of(state, node->argument[i]);
	if (state->depth == DEPTH)
		bug("calls nest deeper than %d", DEPTH);
	state->frame[state->depth++] = frame;
	go(w, state, w->m->entry[node->function]);
}

static void
step_node(struct walking *w, struct state *state, const struct prog_node *node)
{
	if (node->op == PROG_CALL) {
		step_call(w, state, node);
	} else if (node->op == PROG_HELPER) {
		step_helper(w, state, node);
	} else {
		if (node->op == PROG_FAIL)
			state->var[node->variable] = FLAG_FALSE;
		go(w, state, state->at + 1U);
	}
}

/* Adds what follows a condition on a variable that is fixed for the routine, choosing it where it is still open. */
static void
step_variable(struct walking *w, const struct state *state, const struct prog_condition *condition,
              uint32_t taken, uint32_t target)
{
	for (int value = FLAG_FALSE; value <= FLAG_TRUE; value++) {
		struct state next = *state;
		uint8_t *var = &next.var[condition->variable];

		if (*var != FLAG_UNKNOWN && *var != value)
			continue;
		*var = (uint8_t)value;
		go(w, &next, (value == FLAG_TRUE) != condition->negated ? taken : target);
	}
}

static void
step_branch(struct walking *w, const struct state *state, const struct insn *insn)
{
	const struct prog_condition *condition = &insn->node->condition;
	uint32_t taken = state->at + 1U;
	struct state next = *state;

	if (condition->guard != PROG_NONE && state->var[condition->guard] != FLAG_TRUE) {
		go(w, &next, insn->target);
		return;
	}
	if (condition->kind != CONDITION_UNKNOWN) {
		step_variable(w, state, condition, taken, insn->target);
		return;
	}
	go(w, &next, taken);
	next = *state;
	go(w, &next, insn->target);
}

static void
step_try(struct walking *w, const struct state *state, const struct insn *insn)
{
	struct state next = *state;

	go(w, &next, insn->target);
	next = *state;
	if (state->held >> lock_of(w, state, insn->node) & 1)
		return;
	next.at++;
	if (acquire(w, &next, insn->node))
		go(w, &next, state->at + 1U);
}

static void
step(struct walking *w, uint32_t index)
{
	struct state state = w->m->state[index];
	const struct insn *insn = &w->m->insn[state.at];

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
	case INSN_JUMP:
		go(w, &state, insn->target);
		break;
	case INSN_RETURN:
		if (!state.depth) {
			leave_routine(w, &state, insn->node);
			break;
		}
		struct frame frame = state.frame[--state.depth];

		memset(&state.frame[state.depth], 0, sizeof frame);
		go(w, &state, frame.back + 1U);
		break;
	}
}

static struct state
initial_state(const struct walking *w)
{
	struct state state;

	memset(&state, 0, sizeof state); /* padding too: states are compared as bytes */
	state.at = (uint16_t)w->m->entry[0];
	state.irql = (uint8_t)w->role->irql;
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		bool held = w->role->held >> i & 1;

		state.automaton[i] = w->reading->counts ? held
		                     : held             ? w->reading->initial_held
		                                        : w->reading->initial;
		if (!held)
			continue;
		state.held |= (uint8_t)(1U << i);
		state.owner[i] = (uint8_t)(1 + i);
		state.kept[i] = IRQL_PASSIVE;
	}
	for (unsigned i = 0; i < w->prog->vars; i++)
		switch (w->prog->var[i].type) {
		case TYPE_LOCK:
		case TYPE_HANDLE:
			state.var[i] = w->prog->var[i].index;
			break;
		case TYPE_KIRQL:
			state.var[i] = (uint8_t)entry_irql(w);
			break;
		case TYPE_STATUS:
			state.var[i] = FLAG_TRUE;
			break;
		case TYPE_FLAG:
		case TYPE_EXTENSION:
			break;
		}
	if (w->reading->scope == SCOPE_ALL && w->role->held) {
		state.automaton[0] = w->reading->counts ? 0 : w->reading->initial_held;
		for (unsigned i = 0; w->reading->counts && i < RULE_LOCKS; i++)
			state.automaton[0] = (int16_t)(state.automaton[0] + (w->role->held >> i & 1));
	}
	return state;
}

/* results */

static void
trace(struct walking *w, uint32_t index, struct arena *arena, struct walk_path *path)
{
	const struct walk_memory *m = w->m;
	struct walk_step *steps;
	uint32_t length = 1;

	for (uint32_t i = index; i; i = m->from[i])
		length++;
	steps = arena_alloc(arena, length * sizeof *steps);
	path->step = steps;
	path->count = length;
	for (uint32_t i = index, next = UINT32_MAX; length--; next = i, i = m->from[i]) {
		const struct insn *insn = &m->insn[m->state[i].at];

		steps[length].node = insn->node;
		steps[length].choice = -1;
		if (next != UINT32_MAX && (insn->op == INSN_BRANCH || insn->op == INSN_TRY))
			steps[length].choice = m->state[next].at == m->state[i].at + 1;
	}
}

static int
compare_found(const void *one, const void *two)
{
	return verdict_order(&((const struct found *)one)->finding, &((const struct found *)two)->finding);
}

static void
collect(struct walking *w, bool with_paths, struct arena *arena, struct walk_result *result)
{
	struct walk_memory *m = w->m;
	uint32_t n = w->undecided ? 0 : m->founds;
	struct finding *finding = arena_alloc(arena, (n + 1) * sizeof *finding);
	struct case_lines *lines = arena_alloc(arena, (n + 1) * sizeof *lines);
	struct walk_path *paths = with_paths ? arena_alloc(arena, (n + 1) * sizeof *paths) : NULL;

	if (n)
		qsort(m->found, n, sizeof *m->found, compare_found);
	for (uint32_t i = 0; i < n; i++) {
		const struct found *found = &m->found[i];
		uint32_t *line = arena_alloc(arena, (found->lines + 1) * sizeof *line);

		finding[i] = found->finding;
		for (unsigned j = 0; j < found->lines; j++) {
			unsigned k = j;

			for (; k && line[k - 1] > found->line[j]; k--)
				line[k] = line[k - 1];
			line[k] = found->line[j];
		}
		lines[i] = (struct case_lines){found->lines, line};
		if (paths)
			trace(w, found->state, arena, &paths[i]);
	}
	result->verdict.count = n;
	result->verdict.finding = finding;
	result->verdict.deadlock = w->deadlock;
	result->verdict.outcome = w->undecided ? OUTCOME_UNDECIDED : n ? OUTCOME_VIOLATION : OUTCOME_PASS;
	result->lines = lines;
	result->path = paths;
	result->defect = w->undecided ? NULL : w->defect;
	result->defect_line = w->defect_line;
}

void
walk_judge(struct walk *walk, const struct prog *prog, unsigned reading, unsigned cap, bool with_paths,
           struct arena *arena, struct walk_result *result)
{
	struct walking w = {.prog = prog, .rule = prog->rule, .role = &prog->rule->role[prog->role]};
	struct state first;

	if (!walk->memory) {
		walk->memory = calloc(1, sizeof *walk->memory);
		if (!walk->memory)
			die("out of memory");
	}
	w.m = walk->memory;
	w.reading = &prog->rule->reading[reading];
	w.cap = (int)cap;
	w.judges_irql = reading == prog->rule->headline && prog->clean;
	flatten_all(w.m, prog);
	w.m->states = w.m->founds = 0;
	if (w.m->slots > SLOTS_KEPT) {
		free(w.m->slot);
		w.m->slot = NULL;
		w.m->slots = 0;
	}
	if (w.m->slots)
		memset(w.m->slot, 0, w.m->slots * sizeof *w.m->slot);
	first = initial_state(&w);
	add_state(&w, &first);
	for (uint32_t i = 0; i < w.m->states && !w.undecided; i++)
		step(&w, i);
	collect(&w, with_paths, arena, result);
}

void
walk_free(struct walk *walk)
{
	struct walk_memory *m = walk->memory;

	if (!m)
		return;
	free(m->insn);
	free(m->label);
	free(m->state);
	free(m->from);
	free(m->slot);
	free(m->found);
	free(m);
	walk->memory = NULL;
}
