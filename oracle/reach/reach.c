/* Propagation of state sets over a sequence: the first road to a verdict. See reach.h.
 *
 * reach_event (reach_state.h) says what an acquire or release does to one state; everything here carries sets
 * through control flow. Flags are known by valuations, so that setting one maps valuations; a stop drops its
 * set. There are two carriers:
 *
 * - Small cases (nearly all) use a table made once for the locks in use and the cap, by closure from the
 *   initial state, and a recursive pass over the nodes. A set is a word of flag valuations for each of at
 *   most 64 states, with a mask of those that are reached. Loops go on with what is new until nothing is.
 * - The others (handles that cross, more flags, deep loops, large caps) go to flow_solve, which numbers
 *   states as it meets them.
 *
 * A violation ends its path and leaves a mark: a bit for each kind and lock at its statement. Marks are
 * findings in order.
 */
#include "reach.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "flow.h"
#include "reach_state.h"

enum {
	REACH_STATES = 64,             /* of a table */
	REACH_EVENTS = 3 * RULE_LOCKS, /* acq a b c, rel a b c, try a b c */
	REACH_CAPS = 32,
	REACH_FLAGS = 6, /* valuations that fit a word */
	REACH_FIRST_FLAGS = (1 << REACH_FLAGS) - 1,
	REACH_LOOPS = 4, /* nested, in the recursive pass */
	REACH_POINTS = 1 << 21,
	REACH_FURTHER = 1 << 16, /* states that are looked at once the cap was reached */
};

struct reach_table {
	unsigned states;            /* 0: there are more than REACH_STATES */
	uint64_t held[RULE_LOCKS];  /* bit s: the lock is held in state s */
	uint64_t end[REACH_STATES]; /* marks of the routine's end in this state */
	struct reach_cell cell[REACH_STATES][REACH_EVENTS];
};

struct reach_tables {
	struct reach_table *table[1 << RULE_LOCKS][REACH_CAPS]; /* by letters and cap; made when needed */
	unsigned all; /* the rule's locks, where one table can serve all sequences, as none violates untouched;
	                 else 0 */
	bool spares;  /* no lock violates untouched, and each is its own handle: a table may have one too many */
	struct arena arena;                    /* of the tables */
	struct arena scratch;                  /* of one case */
	uint64_t mark[SEQ_MAX_STATEMENTS + 1]; /* of the case in hand, by statement; else all 0 */
	bool by_call;                          /* which call makes an event matters */
};

/* ---- small cases: tables ---- */

/* The number of a state among those known; adds it where it is new and there is room. */
static unsigned
reach_number(struct reach_state *known, unsigned *count, const struct reach_state *state)
{
	unsigned s = 0;

	while (s < *count && memcmp(&known[s], state, sizeof *state))
		s++;
	if (s == *count && s < REACH_STATES)
		known[(*count)++] = *state;
	return s;
}

/* What an event of a table stands for: acq, rel or try of a lock by the role's own call; RULE_CALLS where
 * that has no try of such locks. */
static struct reach_happening
reach_plain(const struct reach *reach, unsigned number)
{
	const struct rule_role *role = &reach->rule->role[reach->role];
	const unsigned *const call[] = {role->acquire, role->release, role->try_call};
	unsigned lock = number % RULE_LOCKS, op = number / RULE_LOCKS;

	return (struct reach_happening){call[op][reach->rule->type_of[lock]], lock, lock};
}

/* Closure from the initial state under the plain events of these locks. */
static void
reach_fill_table(const struct reach *reach, struct reach_table *table, unsigned locks, unsigned cap)
{
	struct reach_state known[REACH_STATES];
	unsigned count = 0;

	known[count++] = reach_start(reach);
	for (unsigned s = 0; s < count; s++) {
		table->end[s] = reach_end(reach, &known[s], locks);
		for (unsigned e = 0; e < REACH_EVENTS; e++) {
			const struct reach_happening event = reach_plain(reach, e);
			struct reach_cell *cell = &table->cell[s][e];
			struct reach_state state = known[s];
			unsigned next;

			if (!(locks >> event.lock & 1) || event.call == RULE_CALLS)
				continue;
			*cell = reach_event(reach, &event, cap, &state);
			if (cell->fate != FATE_ON)
				continue;
			next = reach_number(known, &count, &state);
			if (next == REACH_STATES)
				return;
			cell->next = (uint8_t)next;
		}
		for (unsigned l = 0; l < RULE_LOCKS; l++)
			table->held[l] |= (uint64_t)(known[s].held >> l & 1) << s;
	}
	table->states = count;
}

/* NULL where the table would be too large. */
static const struct reach_table *
reach_table(const struct reach *reach, unsigned locks, unsigned cap)
{
	struct reach_tables *tables = reach->tables;
	struct reach_table **table;

	if (!reach->rule->reading[reach->reading].counts)
		cap = 0;
	if (cap >= REACH_CAPS)
		return NULL;
	table = &tables->table[locks][cap];
	if (!*table) {
		*table = arena_alloc(&tables->arena, sizeof **table);
		reach_fill_table(reach, *table, locks, cap);
	}
	return (*table)->states ? *table : NULL;
}

/* ---- small cases: the pass ---- */

/* Words of states that are not reached are not set. */
struct reach_set {
	uint64_t reached;
	uint64_t word[REACH_STATES];
};

struct reach_loop {
	struct reach_set broken, continued;
};

struct reach_pass {
	const struct seq *seq;
	const struct reach_table *table;
	uint64_t *mark;
	uint64_t marked;          /* statements that have marks, as number % 64 */
	uint64_t flag[SEQ_FLAGS]; /* valuations under which the flag holds; 0 for one flag too many */
	bool undecided, deadlock;
	bool unfit;              /* the case is none for the pass: nothing that it found counts */
	struct reach_loop *loop; /* the innermost open one */
	unsigned loops;          /* open ones */
};

static inline void
reach_put(struct reach_set *set, unsigned state, uint64_t word)
{
	uint64_t bit = UINT64_C(1) << state;

	set->word[state] = set->reached & bit ? set->word[state] | word : word;
	set->reached |= bit;
}

static inline void
reach_add(struct reach_set *set, const struct reach_set *more)
{
	bits_each (s, more->reached) {
		reach_put(set, s, more->word[s]);
	}
}

/* Those of `states` in a set under the valuations of the mask. */
static inline void
reach_select(struct reach_set *out, const struct reach_set *in, uint64_t states, uint64_t mask)
{
	out->reached = 0;
	bits_each (s, in->reached & states) {
		if (in->word[s] & mask)
			reach_put(out, s, in->word[s] & mask);
	}
}

/* Adds a set and leaves in `fresh` what was new; false when nothing was. */
static bool
reach_grow(struct reach_set *set, const struct reach_set *more, struct reach_set *fresh)
{
	fresh->reached = 0;
	for (uint64_t m = more->reached; m; m &= m - 1) {
		unsigned s = bits_lowest(m);
		uint64_t word = more->word[s] & ~(set->reached >> s & 1 ? set->word[s] : 0);

		if (word)
			reach_put(fresh, s, word);
	}
	reach_add(set, fresh);
	return fresh->reached;
}

/* What one state of a set becomes: the cell of the event, with its marks made. */
static inline const struct reach_cell *
reach_cell(struct reach_pass *pass, const struct seq_node *node, unsigned event, unsigned state)
{
	const struct reach_cell *cell = &pass->table->cell[state][event];

	pass->deadlock |= cell->deadlock;
	if (cell->fate == FATE_VIOLATES) {
		pass->mark[node->number] |= UINT64_C(1) << cell->mark;
		pass->marked |= UINT64_C(1) << node->number % 64;
	} else if (cell->fate == FATE_UNDECIDED) {
		pass->undecided = true;
	}
	return cell;
}

/* Carries a set through an event. */
static void
reach_apply(struct reach_pass *pass, const struct seq_node *node, struct reach_set *set)
{
	static const uint8_t first[SEQ_OPS] = {
		[SEQ_REL] = RULE_LOCKS, [SEQ_TRY] = 2 * RULE_LOCKS, [SEQ_TAKE] = 2 * RULE_LOCKS};
	unsigned event = first[node->op] + node->lock;
	struct reach_set out;

	pass->unfit |= node->lock != node->handle;
	if (!set->reached)
		return;
	if (!(set->reached & (set->reached - 1))) {
		unsigned s = bits_lowest(set->reached);
		const struct reach_cell *cell = reach_cell(pass, node, event, s);

		set->reached = cell->fate == FATE_ON ? UINT64_C(1) << cell->next : 0;
		set->word[cell->next] = set->word[s];
		return;
	}
	out.reached = 0;
	for (uint64_t m = set->reached; m; m &= m - 1) {
		unsigned s = bits_lowest(m);
		const struct reach_cell *cell = reach_cell(pass, node, event, s);

		if (cell->fate == FATE_ON)
			reach_put(&out, cell->next, set->word[s]);
	}
	set->reached = 0;
	reach_add(set, &out);
}

static void
reach_exit(struct reach_pass *pass, struct reach_set *set)
{
	for (uint64_t m = set->reached; m; m &= m - 1)
		pass->mark[0] |= pass->table->end[bits_lowest(m)];
	pass->marked |= pass->mark[0] != 0;
	set->reached = 0;
}

static uint32_t reach_block(struct reach_pass *pass, uint32_t at, struct reach_set *set);

/* IF and TRY at node `at`: the sets before both parts; the index of the END. */
static uint32_t
reach_branch(struct reach_pass *pass, uint32_t at, struct reach_set *set)
{
	const struct seq_node *node = &pass->seq->node[at];
	struct reach_set then;
	uint32_t end;

	if (node->op == SEQ_TRY) {
		pass->unfit |= node->event != 0;
		reach_select(&then, set, ~pass->table->held[node->lock], UINT64_MAX);
		reach_apply(pass, node, &then);
	} else if (node->flag == SEQ_UNKNOWN) {
		then.reached = 0;
		reach_add(&then, set);
	} else {
		uint64_t mask = pass->flag[node->flag - 1] ^ (node->negated ? UINT64_MAX : 0);
		struct reach_set all;

		pass->unfit |= !pass->flag[node->flag - 1];
		all.reached = 0;
		reach_add(&all, set);
		reach_select(&then, &all, UINT64_MAX, mask);
		reach_select(set, &all, UINT64_MAX, ~mask);
	}
	end = reach_block(pass, at + 1, &then);
	if (pass->seq->node[end].op == SEQ_ELSE)
		end = reach_block(pass, end + 1, set);
	reach_add(set, &then);
	return end;
}

/* A flag becomes 1 under those valuations of a set that are in `one`, and 0 under those in `zero`. */
static void
reach_assign(struct reach_pass *pass, struct reach_set *set, unsigned flag, uint64_t zero, uint64_t one)
{
	uint64_t holds = pass->flag[flag - 1];
	unsigned shift; /* from a valuation to the one with the flag set */

	if (!holds) {
		pass->unfit = true;
		return;
	}
	shift = bits_lowest(holds);
	bits_each (s, set->reached) {
		uint64_t off = set->word[s] & zero, on = set->word[s] & one;

		set->word[s] = (off & ~holds) | (off & holds) >> shift | (on & holds) | (on & ~holds) << shift;
	}
}

static void
reach_flag(struct reach_pass *pass, const struct seq_node *node, struct reach_set *set)
{
	uint64_t one = node->value == SEQ_VALUE_0 ? 0 : UINT64_MAX;
	uint64_t zero = node->value == SEQ_VALUE_1 ? 0 : UINT64_MAX;

	if (node->value == SEQ_VALUE_FLAG) {
		one = pass->flag[node->source - 1] ^ (node->negated ? UINT64_MAX : 0);
		zero = ~one;
		pass->unfit |= !pass->flag[node->source - 1];
	}
	reach_assign(pass, set, node->flag, zero, one);
}

/* A try without blocks. */
static void
reach_take(struct reach_pass *pass, const struct seq_node *node, struct reach_set *set)
{
	struct reach_set taken;

	pass->unfit |= node->event != 0;
	reach_select(&taken, set, ~pass->table->held[node->lock], UINT64_MAX);
	reach_apply(pass, node, &taken);
	if (node->flag) {
		reach_assign(pass, &taken, node->flag, 0, UINT64_MAX);
		reach_assign(pass, set, node->flag, UINT64_MAX, 0);
	}
	reach_add(set, &taken);
}

/* Behind a `forever` is what a break brings there. */
static uint32_t
reach_loop(struct reach_pass *pass, uint32_t at, struct reach_set *set)
{
	struct reach_loop loop, *outer = pass->loop;
	struct reach_set fresh;
	uint32_t end;

	if (pass->loops == REACH_LOOPS) {
		pass->unfit = true;
		set->reached = 0;
		return seq_block_end(pass->seq, at + 1);
	}
	loop.broken.reached = 0;
	fresh.reached = 0;
	reach_add(&fresh, set);
	pass->loop = &loop;
	pass->loops++;
	do {
		loop.continued.reached = 0;
		end = reach_block(pass, at + 1, &fresh);
		reach_add(&loop.continued, &fresh);
	} while (reach_grow(set, &loop.continued, &fresh));
	pass->loop = outer;
	pass->loops--;
	if (pass->seq->node[at].op == SEQ_FOREVER)
		set->reached = 0;
	reach_add(set, &loop.broken);
	return end;
}

/* Carries a set through the nodes from `at` to the ELSE or END that closes their block, or the end of the
 * sequence; its index. */
static uint32_t
reach_block(struct reach_pass *pass, uint32_t at, struct reach_set *set)
{
	for (; at < pass->seq->count; at++) {
		const struct seq_node *node = &pass->seq->node[at];

		if (!set->reached)
			return seq_block_end(pass->seq, at);
		switch ((enum seq_op)node->op) {
		case SEQ_ACQ:
		case SEQ_REL:
			reach_apply(pass, node, set);
			break;
		case SEQ_TRY:
		case SEQ_IF:
			at = reach_branch(pass, at, set);
			break;
		case SEQ_LOOP:
		case SEQ_FOREVER:
			at = reach_loop(pass, at, set);
			break;
		case SEQ_BREAK:
			reach_add(&pass->loop->broken, set);
			set->reached = 0;
			break;
		case SEQ_CONTINUE:
			reach_add(&pass->loop->continued, set);
			set->reached = 0;
			break;
		case SEQ_RETURN:
			reach_exit(pass, set);
			break;
		case SEQ_EVENT:
		case SEQ_OCCUR:
			pass->unfit = true;
			break;
		case SEQ_WORK:
		case SEQ_OPS:
			break;
		case SEQ_TAKE:
			reach_take(pass, node, set);
			break;
		case SEQ_SET:
			reach_flag(pass, node, set);
			break;
		case SEQ_STOP:
			set->reached = 0;
			break;
		case SEQ_ELSE:
		case SEQ_END:
			return at;
		}
	}
	return at;
}

/* What a sequence uses, as bit sets. */
struct reach_use {
	unsigned letters; /* of locks and handles in events, and of what is held at entry */
	unsigned named;   /* of automata: of the locks or handles that are named, and of what is held at entry */
	unsigned flags;
};

static struct reach_use
reach_use(const struct reach *reach, const struct seq *seq)
{
	enum rule_scope scope = reach->rule->reading[reach->reading].scope;
	unsigned held = reach->rule->role[reach->role].held;
	struct reach_use use = {.letters = held, .named = held};
	bool release_names = !reach->rule->has_handles; /* else it names a handle only */

	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (node->op > SEQ_TRY) {
			use.flags |= 1u << node->flag >> 1;
			if (node->op <= SEQ_END)
				continue;
			use.flags |= 1u << node->source >> 1;
			if (!seq_has_use(node->op))
				continue;
		}
		use.letters |= 1u << node->lock | 1u << node->handle;
		if (scope == SCOPE_HANDLE ? !seq_is_own(node->op) : release_names || node->op != SEQ_REL)
			use.named |= 1u << (scope == SCOPE_HANDLE ? node->handle : node->lock);
	}
	if (scope == SCOPE_ALL)
		use.named = use.letters; /* there is one automaton, whatever is named */
	return use;
}

/* The same where a lock too many does no harm: what names none has the first one's number. */
static struct reach_use
reach_use_locks(const struct reach *reach, const struct seq *seq)
{
	unsigned letters = reach->rule->role[reach->role].held;

	for (uint32_t i = 0; i < seq->count; i++)
		letters |= 1U << seq->node[i].lock;
	return (struct reach_use){letters, letters, REACH_FIRST_FLAGS};
}

static void
reach_number_flags(struct reach_pass *pass, unsigned used)
{
	static const uint64_t pattern[SEQ_FLAGS] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu,
	                                            0xf0f0f0f0f0f0f0f0u, 0xff00ff00ff00ff00u,
	                                            0xffff0000ffff0000u, 0xffffffff00000000u};
	unsigned count = 0;

	if (used == REACH_FIRST_FLAGS) {
		memcpy(pass->flag, pattern, sizeof pattern);
		return;
	}
	for (unsigned f = 0; f < SEQ_FLAGS; f++)
		pass->flag[f] = used >> f & 1 && count < REACH_FLAGS ? pattern[count++] : 0;
}

/* ---- the other cases ---- */

struct reach_solver {
	const struct reach *reach;
	struct flow_pool pool; /* of reach_state */
	unsigned cap, named;   /* as in struct reach_use */
	uint64_t *mark;
	uint32_t further; /* states looked at since the cap was reached */
	bool deadlock, undecided;
	void (*tell)(void *context, const struct reach_place *place); /* reach_places alone */
	void *context;
};

/* An event that names no lock; one that does, for the handles that hold it. */
static bool
reach_step_all(struct reach_solver *solver, const struct seq_node *node, unsigned call,
               struct reach_state *state, struct flow_next *next)
{
	const struct reach_happening of = {call, node->lock, node->handle};
	const struct reach *reach = solver->reach;
	bool undecided;
	uint64_t marks = node->op == SEQ_OCCUR
	                     ? reach_occur(reach, call, solver->named, solver->cap, state, &undecided)
	                     : reach_touch(reach, &of, solver->cap, state, &undecided);

	solver->mark[node->number] |= marks;
	solver->undecided |= undecided && !marks;
	if (!marks && !undecided)
		next->state = flow_pool_number(&solver->pool, state);
	return true;
}

static bool
reach_step(void *context, const struct seq_node *node, uint32_t number, struct flow_next *next)
{
	struct reach_solver *solver = context;
	const struct rule *rule = solver->reach->rule;
	bool by_handle = rule->reading[solver->reach->reading].scope == SCOPE_HANDLE;
	const struct rule_call *call;
	struct reach_happening event;
	struct reach_state state;
	struct reach_cell cell;

	if (solver->undecided && ++solver->further == REACH_FURTHER)
		return false;
	memcpy(&state, flow_pool_key(&solver->pool, number), sizeof state);
	if (!node || node->op == SEQ_RETURN) {
		solver->mark[0] |= reach_end(solver->reach, &state, solver->named);
		return true;
	}
	call = seq_call(node, rule, solver->reach->role);
	if (seq_tries(node->op)) {
		next->other = number;
		if (reach_waits(call->effect, node->lock, &state))
			return true;
	}
	if (node->op == SEQ_OCCUR || (node->op == SEQ_EVENT && by_handle))
		return reach_step_all(solver, node, (unsigned)(call - rule->call), &state, next);
	event = (struct reach_happening){(unsigned)(call - rule->call), node->lock, node->handle};
	cell = reach_event(solver->reach, &event, solver->cap, &state);
	solver->deadlock |= cell.deadlock;
	solver->undecided |= cell.fate == FATE_UNDECIDED;
	if (cell.fate == FATE_VIOLATES)
		solver->mark[node->number] |= UINT64_C(1) << cell.mark;
	else if (cell.fate == FATE_ON)
		next->state = flow_pool_number(&solver->pool, &state);
	return true;
}

/* ---- verdicts ---- */

static void
reach_clear_marks(struct reach_tables *tables, const struct seq *seq)
{
	memset(tables->mark, 0, (seq->size + 1) * sizeof *tables->mark);
}

/* Makes a statement's marks findings, behind those before; their order is that of its marks. */
static void
reach_take_marks(struct verdict *verdict, unsigned statement, uint64_t *marks)
{
	for (; *marks; *marks &= *marks - 1) {
		unsigned bit = bits_lowest(*marks);

		verdict->finding[verdict->count++] = (struct finding){.kind = (uint8_t)(bit / REACH_LETTERS),
		                                                      .lock = (uint8_t)(bit % REACH_LETTERS),
		                                                      .statement = (uint16_t)statement};
	}
}

/* By statement, the end last. Only those of `marked` may have marks, where the sequence has less than 64. */
static void
reach_collect(const struct reach *reach, const struct seq *seq, uint64_t marked, struct arena *arena,
              struct verdict *verdict)
{
	uint64_t *mark = reach->tables->mark;
	unsigned count = 0;

	if (seq->size < 64) {
		bits_each (n, marked)
			count += bits_count(mark[n]);
	} else {
		for (unsigned n = 0; n <= seq->size; n++)
			count += bits_count(mark[n]);
	}
	verdict->finding = arena_alloc(arena, count * sizeof *verdict->finding);
	if (seq->size < 64) {
		bits_each (n, marked & ~UINT64_C(1))
			reach_take_marks(verdict, n, &mark[n]);
	} else {
		for (unsigned n = 1; n <= seq->size; n++)
			reach_take_marks(verdict, n, &mark[n]);
	}
	reach_take_marks(verdict, 0, &mark[0]);
}

static void
reach_finish(const struct reach *reach, const struct seq *seq, uint64_t marked, struct arena *arena,
             bool incomplete, bool deadlock, struct verdict *verdict)
{
	reach_collect(reach, seq, marked, arena, verdict);
	verdict_settle(verdict, incomplete);
	verdict->deadlock = deadlock && verdict->outcome != OUTCOME_UNDECIDED;
}

static void
reach_solve(struct reach *reach, const struct seq *seq, unsigned cap, struct arena *arena,
            struct verdict *verdict)
{
	struct reach_tables *tables = reach->tables;
	struct reach_solver solver = {.reach = reach, .cap = cap, .mark = tables->mark};
	struct reach_state start = reach_start(reach);
	bool whole;

	solver.named = reach_use(reach, seq).named;
	flow_pool_init(&solver.pool, &tables->scratch, sizeof start);
	whole = flow_solve(seq, flow_pool_number(&solver.pool, &start), &tables->scratch, REACH_POINTS,
	                   reach_step, &solver);
	arena_reset(&tables->scratch);
	reach_finish(reach, seq, UINT64_MAX, arena, !whole || solver.undecided, solver.deadlock, verdict);
	verdict->gave_up = !whole;
}

static void
reach_tell(void *context, const struct flow_seen *seen)
{
	const struct reach_solver *solver = context;
	struct reach_state state;

	memcpy(&state, flow_pool_key(&solver->pool, seen->state), sizeof state);
	solver->tell(solver->context, &(struct reach_place){seen->node, state.value, seen->valuations});
}

bool
reach_places(struct reach *reach, const struct seq *seq, unsigned cap,
             void (*tell)(void *context, const struct reach_place *place), void *context)
{
	struct reach_tables *tables = reach->tables;
	struct reach_solver solver = {
		.reach = reach, .cap = cap, .mark = tables->mark, .tell = tell, .context = context};
	struct reach_state start = reach_start(reach);
	bool whole;

	solver.named = reach_use(reach, seq).named;
	flow_pool_init(&solver.pool, &tables->scratch, sizeof start);
	whole = flow_solve_told(seq, flow_pool_number(&solver.pool, &start), &tables->scratch, REACH_POINTS,
	                        reach_step, reach_tell, &solver);
	arena_reset(&tables->scratch);
	reach_clear_marks(tables, seq);
	return whole && !solver.undecided;
}

/* Whether a call is named where the reading tells calls apart: tables have the role's own only. */
static bool
reach_names_call(const struct reach_tables *tables, const struct seq *seq)
{
	for (uint32_t i = 0; tables->by_call && i < seq->count; i++)
		if (seq->node[i].api)
			return true;
	return false;
}

void
reach_judge(struct reach *reach, const struct seq *seq, unsigned cap, struct arena *arena,
            struct verdict *verdict)
{
	struct reach_use use = {reach->tables->all, reach->tables->all, REACH_FIRST_FLAGS};
	struct reach_pass pass = {.seq = seq, .mark = reach->tables->mark};
	struct reach_set set;

	assert(seq->size <= SEQ_MAX_STATEMENTS);
	*verdict = (struct verdict){0};
	if (!use.letters)
		use = reach->tables->spares ? reach_use_locks(reach, seq) : reach_use(reach, seq);
	if (use.named == use.letters && !reach_names_call(reach->tables, seq))
		pass.table = reach_table(reach, use.letters, cap);
	if (!pass.table) {
		reach_solve(reach, seq, cap, arena, verdict);
		return;
	}
	reach_number_flags(&pass, use.flags);
	set.reached = 0;
	reach_put(&set, 0, UINT64_MAX);
	reach_block(&pass, 0, &set);
	reach_exit(&pass, &set);
	if (pass.unfit) {
		reach_clear_marks(reach->tables, seq);
		reach_solve(reach, seq, cap, arena, verdict);
	} else if (pass.marked || pass.undecided) {
		reach_finish(reach, seq, pass.marked, arena, pass.undecided, pass.deadlock, verdict);
	} else {
		verdict->deadlock = pass.deadlock;
	}
}

/* ---- life ---- */

void
reach_init(struct reach *reach, const struct rule *rule, unsigned role, unsigned reading)
{
	const struct rule_reading *by = &rule->reading[reading];

	assert(role < rule->roles && reading < rule->readings);
	*reach = (struct reach){.rule = rule, .role = role, .reading = reading};
	reach->tables = calloc(1, sizeof *reach->tables);
	if (!reach->tables)
		die("out of memory (%zu bytes)", sizeof *reach->tables);
	reach->tables->by_call = rule_tells_calls(rule, by);
	if (!by->counts && !by->cell[by->initial][EVENT_END].violates)
		reach->tables->all = (1u << rule->locks) - 1;
	reach->tables->spares = by->counts && !rule->has_handles && !by->cell[COUNTER_ZERO][EVENT_END].violates;
}

void
reach_free(struct reach *reach)
{
	if (reach->tables) {
		arena_free(&reach->tables->arena);
		arena_free(&reach->tables->scratch);
		free(reach->tables);
	}
	*reach = (struct reach){0};
}
