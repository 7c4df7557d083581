/* A sequence becomes a program. See make.h.
 *
 * prog_make is the table of contents: lower each statement to one node, choose the KIRQL that each release
 * gives back, rewrite by the shapes, check. Lowering is one-to-one: a program without shapes has the
 * statements of its sequence and no others. The table `steps` is the table of contents of the rewritings.
 *
 * Choosing KIRQLs. A lock that is released while another is still held must leave the IRQL at DISPATCH_LEVEL;
 * the last one must restore what the routine was entered with. Each acquire saves into the KIRQL of its own
 * lock; a release gives back its own lock's KIRQL where that holds the level needed on every path that
 * reaches it, else the first lock's that does. Where there is none the program is not clean: it is judged
 * like any other, but levels leave it out, for its IRQL would be a second defect.
 */
#include "make.h"

#include <assert.h>
#include <string.h>

#include "bits.h"
#include "flow.h"
#include "live.h"
#include "rewrite.h"

enum { ANY_LOCK = 0xff }; /* candidates of a statement that no path reaches, or that gives back nothing */

struct making {
	struct prog *prog;
	struct arena *arena;
	const struct seq *seq;
	const struct prog_study *study;
	struct prog_node **of_statement; /* node by statement number */
	unsigned handles;                /* bit set of queue handles that an acquire goes through */
	bool shared;                     /* several acquires go through one */
	bool idle;                       /* a flag is set to itself */
	uint8_t asked[2]; /* unknowns around the statement that is lowered: of branches, of loops */
};

/* lowering */

static unsigned
need_var(struct prog *prog, enum prog_type type, unsigned index)
{
	unsigned found = prog_find_var(prog, type, index);

	return found == PROG_NONE ? prog_var(prog, type, index) : found;
}

static struct prog_expr
variable(struct prog *prog, enum prog_type type, unsigned index)
{
	return (struct prog_expr){EXPR_VAR, (uint8_t)need_var(prog, type, index)};
}

static void
note_handle(struct making *m, unsigned handle)
{
	m->shared |= m->handles >> handle & 1;
	m->handles |= 1U << handle;
}

/* Fills call, lock, handle and irql of a CALL or TRY node. */
static void
lower_call(struct making *m, struct prog_node *node, const struct seq_node *from)
{
	const struct rule *rule = m->prog->rule;
	const struct rule_call *call = seq_call(from, rule, m->prog->role);

	node->call = (uint8_t)(call - rule->call);
	for (unsigned i = 0; i < call->arguments; i++)
		switch (call->argument[i]) {
		case ARGUMENT_LOCK:
			node->lock = (struct prog_expr){EXPR_LOCK, from->lock};
			break;
		case ARGUMENT_HANDLE:
			node->handle = variable(m->prog, TYPE_HANDLE, from->handle);
			if (call->event == EVENT_ACQUIRE)
				note_handle(m, from->handle);
			break;
		case ARGUMENT_IRQL:
		case ARGUMENT_SAVE_IRQL:
			node->irql = variable(m->prog, TYPE_KIRQL, from->lock);
			break;
		}
	if (call->result == RESULT_SAVED_IRQL)
		node->irql = variable(m->prog, TYPE_KIRQL, from->lock);
}

static void
lower_condition(struct making *m, struct prog_node *node, const struct seq_node *from)
{
	if (from->flag == SEQ_UNKNOWN) {
		node->condition.kind = CONDITION_UNKNOWN;
		return;
	}
	node->condition.kind = CONDITION_FLAG;
	node->condition.variable = (uint8_t)need_var(m->prog, TYPE_FLAG, from->flag - 1U);
	node->condition.negated = from->negated;
}

static const enum prog_op lowered[] = {
	[SEQ_ACQ] = PROG_CALL,          [SEQ_REL] = PROG_CALL,
	[SEQ_TRY] = PROG_TRY,           [SEQ_IF] = PROG_IF,
	[SEQ_LOOP] = PROG_WHILE,        [SEQ_BREAK] = PROG_BREAK,
	[SEQ_CONTINUE] = PROG_CONTINUE, [SEQ_RETURN] = PROG_RETURN,
	[SEQ_WORK] = PROG_WORK,         [SEQ_TAKE] = PROG_TAKE,
	[SEQ_FOREVER] = PROG_FOREVER,   [SEQ_STOP] = PROG_STOP,
	[SEQ_SET] = PROG_ASSIGN,        [SEQ_EVENT] = PROG_CALL,
	[SEQ_OCCUR] = PROG_CALL,
};

/* Whether what it looks at is new each time. */
static bool
asks_unknown(const struct prog_node *node)
{
	return (node->op == PROG_IF || node->op == PROG_WHILE) && node->condition.kind == CONDITION_UNKNOWN;
}

/* p = value */
static void
lower_set(struct making *m, struct prog_node *node, const struct seq_node *from)
{
	struct prog_condition *condition = &node->condition;

	node->variable = (uint8_t)need_var(m->prog, TYPE_FLAG, from->flag - 1U);
	if (from->value == SEQ_VALUE_UNKNOWN) {
		condition->kind = CONDITION_UNKNOWN;
	} else if (from->value == SEQ_VALUE_FLAG) {
		condition->kind = CONDITION_FLAG;
		condition->variable = (uint8_t)need_var(m->prog, TYPE_FLAG, from->source - 1U);
		condition->negated = from->negated;
		m->idle |= from->source == from->flag && !from->negated;
	} else {
		node->op = PROG_SET;
		node->value = from->value == SEQ_VALUE_1;
	}
}

/* Lowers nodes from *at up to the ELSE or END that closes the block, or the end of the sequence. */
static struct prog_node *
lower_block(struct making *m, uint32_t *at)
{
	struct prog_node *first = NULL, **tail = &first;

	while (*at < m->seq->count && !seq_closes(m->seq->node[*at].op)) {
		const struct seq_node *from = &m->seq->node[*at];
		struct prog_node *node = prog_node(m->arena, lowered[from->op], from->number);
		bool asks;

		m->of_statement[from->number] = node;
		++*at;
		if (seq_has_call(from->op))
			lower_call(m, node, from);
		if (from->op == SEQ_IF)
			lower_condition(m, node, from);
		if (from->op == SEQ_SET)
			lower_set(m, node, from);
		if (from->op == SEQ_TAKE && from->flag)
			node->variable = (uint8_t)need_var(m->prog, TYPE_FLAG, from->flag - 1U);
		node->pauses = from->op == SEQ_FOREVER;
		node->condition.loops = from->op == SEQ_LOOP;
		asks = asks_unknown(node);
		node->condition.depth = m->asked[node->condition.loops];
		m->asked[node->condition.loops] = (uint8_t)(m->asked[node->condition.loops] + asks);
		if (seq_opens(from->op)) {
			node->body = lower_block(m, at);
			if (m->seq->node[(*at)++].op == SEQ_ELSE) {
				node->other = lower_block(m, at);
				++*at;
			}
		}
		m->asked[node->condition.loops] = (uint8_t)(m->asked[node->condition.loops] - asks);
		*tail = node;
		tail = &node->next;
	}
	return first;
}

static void
lower(struct making *m)
{
	uint32_t at = 0;

	m->of_statement = arena_alloc(m->arena, (m->seq->size + 1U) * sizeof *m->of_statement);
	m->prog->function[0].body = lower_block(m, &at);
	assert(at == m->seq->count);
}

/* Notes flags that are set to 1 where they may be 1 already, or still have no value, and those of them to
 * which a loop does so. `zero`: those that are known to be 0; the flags that the block sets. */
static unsigned
note_rising(struct prog *prog, const struct prog_node *node, unsigned zero, bool in_loop)
{
	unsigned set = 0;

	for (; node; node = node->next) {
		bool loops = prog_is_loop(node), negated = node->condition.negated;
		bool tests = node->op == PROG_IF && node->condition.kind == CONDITION_FLAG;
		unsigned tested = tests ? 1U << prog->var[node->condition.variable].index : 0, inside;

		if (node->variable != PROG_NONE && prog->var[node->variable].type == TYPE_FLAG) {
			unsigned flag = 1U << prog->var[node->variable].index;
			bool constant = node->op == PROG_SET;
			unsigned rises = constant && node->value ? flag & ~zero : 0;

			prog->rising |= rises;
			prog->climbing |= in_loop ? rises : 0;
			zero = constant && !node->value ? zero | flag : zero & ~flag;
			set |= flag;
		}
		inside = note_rising(prog, node->body, loops ? 0 : zero | (negated ? tested : 0), in_loop || loops);
		inside |= note_rising(prog, node->other, zero | (negated ? 0 : tested), in_loop);
		zero &= ~inside;
		set |= inside;
	}
	return set;
}

/* studying a sequence */

static void
visit_acquire(struct prog_study *study, const struct seq_node *node, const struct flow_state *state)
{
	const struct rule_call *call = seq_call(node, study->rule, study->role);

	study->overlaps |= state->held != 0;
	study->before[node->lock] |= state->held & (uint8_t) ~(1U << node->lock);
	study->illegal |=
		!(state->held >> node->lock & 1) && (state->irql < call->irql_min || state->irql > call->irql_max);
}

static void
visit_release(struct prog_study *study, const struct seq_node *node, const struct flow_state *state)
{
	const struct rule *rule = study->rule;
	const struct rule_call *call = seq_call(node, rule, study->role);
	unsigned lock = node->lock;
	uint8_t need, good = 0;

	if (rule->has_handles ? !state->owner[node->handle] : !(state->held >> lock & 1))
		return; /* the violating call itself */
	if (rule->has_handles)
		lock = state->owner[node->handle] - 1U;
	if (!flow_gives_back(rule, call, state, lock)) {
		study->mismatched |= !rule->reading[rule->headline].tells_wrong;
		return;
	}
	if (rule->locks == 1 || call->keep == KEEP_NONE)
		return;
	study->crossed |= (state->inner[lock] & state->held) != 0;
	need = rule_bind_irql(rule, state->held & ~(1U << lock)) ? IRQL_DISPATCH
	                                                         : (uint8_t)rule->role[study->role].irql;
	for (unsigned i = 0; i < rule->locks; i++)
		if (state->saved[i] == need)
			good |= (uint8_t)(1U << i);
	study->guarded[node->number] &= state->held;
	if (call->keep != KEEP_KIRQL)
		good &= (uint8_t)(1U << lock); /* the level comes with the lock or its handle */
	study->candidates[node->number] &= good;
}

/* Whether no lock is taken, over any locks between them, both before another and behind it. */
static bool
is_ordered(const struct prog_study *study)
{
	uint8_t before[RULE_LOCKS];

	memcpy(before, study->before, sizeof before);
	for (unsigned between = 0; between < RULE_LOCKS; between++)
		for (unsigned lock = 0; lock < RULE_LOCKS; lock++)
			if (before[lock] >> between & 1)
				before[lock] |= before[between];
	for (unsigned lock = 0; lock < RULE_LOCKS; lock++)
		if (before[lock] >> lock & 1)
			return false;
	return true;
}

static void
visit(void *context, const struct seq_node *node, const struct flow_state *state)
{
	struct prog_study *study = context;

	if (!node || node->op == SEQ_RETURN)
		study->leaks |= state->held != 0;
	if (node && seq_acquires(node->op))
		visit_acquire(study, node, state);
	if (node && node->op == SEQ_REL)
		visit_release(study, node, state);
}

void
prog_study(struct prog_study *study, struct arena *arena, const struct rule *rule, unsigned role,
           const struct seq *seq)
{
	assert(role < rule->roles);
	*study = (struct prog_study){.rule = rule, .role = role, .seq = *seq, .live = live_look(seq)};
	study->candidates = arena_alloc(arena, seq->size + 1U);
	study->guarded = arena_alloc(arena, seq->size + 1U);
	memset(study->candidates, ANY_LOCK, seq->size + 1U);
	memset(study->guarded, ANY_LOCK, seq->size + 1U);
	flow_run(seq, rule, role, FLOW_STOP, visit, study);
	study->ordered = is_ordered(study);
}

/* choosing KIRQLs */

static void
choose_irqls(struct making *m)
{
	const struct prog_study *study = m->study;
	struct prog *prog = m->prog;

	prog->clean = !study->illegal && !study->crossed && !study->mismatched && study->ordered;
	for (unsigned i = 1; i <= m->seq->size; i++) {
		struct prog_node *node = m->of_statement[i];
		uint8_t candidates = study->candidates[i];

		prog->clean &= candidates != 0;
		if (candidates == ANY_LOCK || !candidates || node->irql.kind == EXPR_NONE)
			continue;
		if (!bits_has(candidates, prog->var[node->irql.index].index))
			node->irql.index = (uint8_t)prog_find_var(prog, TYPE_KIRQL, bits_lowest(candidates));
		prog->strays |= !bits_has(study->guarded[i], prog->var[node->irql.index].index);
	}
}

/* Counts releases by their lock and the KIRQL that they give back. */
static void
count_given(struct making *m)
{
	struct prog *prog = m->prog;

	for (unsigned i = 1; i <= m->seq->size; i++) {
		const struct prog_node *node = m->of_statement[i];

		if (node->op == PROG_CALL && prog->rule->call[node->call].event == EVENT_RELEASE &&
		    node->lock.kind == EXPR_LOCK && node->irql.kind == EXPR_VAR)
			prog->given[node->lock.index][prog->var[node->irql.index].index]++;
	}
}

/* Whether an acquire returns an IRQL that no release gives back: compilers say that it is set for nothing. */
static bool
returns_for_nobody(const struct making *m)
{
	unsigned returned = 0, given = 0;

	for (unsigned i = 1; i <= m->seq->size; i++) {
		const struct prog_node *node = m->of_statement[i];
		const struct rule_call *call = &m->prog->rule->call[node->call];

		if (node->op != PROG_CALL || node->irql.kind == EXPR_NONE)
			continue;
		if (call->result == RESULT_SAVED_IRQL)
			returned |= 1U << node->irql.index;
		else if (call->event == EVENT_RELEASE)
			given |= 1U << node->irql.index;
	}
	return returned & ~given;
}

/* A queue handle is for one acquire, as its page says. */
static const char *
find_unfit(const struct making *m)
{
	const struct prog_study *study = m->study;

	return !study->ordered         ? "locks are taken in both orders"
	       : study->crossed        ? "a queued lock is given back before one that was taken later"
	       : study->mismatched     ? "a lock is given back by a call that does not match"
	       : !m->prog->clean       ? "no choice of saved IRQLs keeps the IRQL legal on every path"
	       : m->shared             ? "several acquires go through one queue handle"
	       : m->idle               ? "a flag is set to itself"
	       : returns_for_nobody(m) ? "an acquire returns an IRQL that no release gives back"
	       : study->live.lost      ? "a flag is set to what nobody reads"
	       : study->live.dead      ? "no path comes to one of the statements"
	       : study->live.endless   ? "no path comes to an end"
	                               : NULL;
}

/* rewriting */

/* Exits come before loops and branches, since a guard of the single exit is an `if` of ours and stays one;
 * aliases and results come behind helpers, and see what those left; noise comes when no statement moves any
 * more, then pointers that move with the statements; place wraps it all. */
static const struct {
	enum shape_dimension dimension;
	bool (*rewrite)(struct prog *prog);
	bool always; /* also by the default choice */
} steps[] = {
	{SHAPE_SAVED, rewrite_saved, false},       {SHAPE_HELPER, rewrite_helper, false},
	{SHAPE_ARGUMENT, rewrite_argument, false}, {SHAPE_CALL, rewrite_call, false},
	{SHAPE_ALIAS, rewrite_alias, false},       {SHAPE_RESULT, rewrite_result, false},
	{SHAPE_STOP, rewrite_stop, false},         {SHAPE_EXIT, rewrite_exit, false},
	{SHAPE_LOOP, rewrite_loop, false},         {SHAPE_BRANCH, rewrite_branch, false},
	{SHAPE_FLAG, rewrite_flag, true},          {SHAPE_NOISE, rewrite_noise, false},
	{SHAPE_ALIAS, rewrite_move, false},        {SHAPE_PLACE, rewrite_place, true},
};

static void
rewrite(struct making *m)
{
	struct prog *prog = m->prog;
	bool placed = rewrite_array(prog);

	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		bool usual = shape_is_default((enum shape_id)prog->shapes.choice[steps[i].dimension]);
		bool changed = (!usual || steps[i].always) && steps[i].rewrite(prog);

		prog->effects |= (unsigned)(usual || changed) << steps[i].dimension;
	}
	if (!placed)
		prog->effects &= ~(1U << SHAPE_PLACE);
}

void
prog_make_studied(struct prog *prog, struct arena *arena, const struct prog_study *study,
                  const struct shapes *shapes)
{
	const struct rule *rule = study->rule;
	const struct seq *seq = &study->seq;
	struct making m = {.prog = prog, .arena = arena, .seq = seq, .study = study};

	*prog = (struct prog){.rule = rule,
	                      .role = study->role,
	                      .arena = arena,
	                      .shapes = *shapes,
	                      .functions = 1,
	                      .function = {{.lock = PROG_NONE, .purpose = PURPOSE_ROUTINE}}};
	prog->locks = seq_locks_named(seq, rule);
	prog->flags = seq_flags(seq);
	prog->set = seq_flags_set(seq);
	prog->moving = seq_flags_moving(seq);
	prog->fresh = shapes->choice[SHAPE_STOP] == STOP_UNMARKED ? study->live.sure : study->live.fresh;
	prog->overlaps = study->overlaps;
	prog->leaks = study->leaks;
	for (uint32_t i = 0; i < seq->count; i++)
		prog->returns += seq->node[i].op == SEQ_RETURN;
	lower(&m);
	note_rising(prog, prog->function[0].body, 0, false);
	choose_irqls(&m);
	count_given(&m);
	prog->unfit = find_unfit(&m);
	rewrite(&m);
	prog_check(prog);
}

void
prog_make(struct prog *prog, struct arena *arena, const struct rule *rule, unsigned role,
          const struct seq *seq, const struct shapes *shapes)
{
	struct prog_study study;

	prog_study(&study, arena, rule, role, seq);
	prog_make_studied(prog, arena, &study, shapes);
}

/* what applies */

unsigned
shape_effects(const struct seq *seq, const struct rule *rule, unsigned role, const struct shapes *shapes)
{
	struct arena arena = {0};
	struct prog prog;

	prog_make(&prog, &arena, rule, role, seq, shapes);
	arena_free(&arena);
	return prog.effects;
}

bool
shape_applies(enum shape_id id, const struct seq *seq, const struct rule *rule, unsigned role,
              const struct shapes *shapes)
{
	struct shapes with = *shapes;

	with.choice[shape_row(id)->dimension] = (unsigned char)id;
	return shape_effects(seq, rule, role, &with) == SHAPE_ALL;
}
