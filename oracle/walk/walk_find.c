/* walk: findings, and where they are. See walk.h and walk_state.h. */
#include <assert.h>

#include "array.h"
#include "walk_state.h"

void
walk_add_line(struct walk_found *found, uint32_t line)
{
	if (!line || line == found->finding.line || line > LINE_SECOND)
		return; /* what else may be named is in the first file */
	for (unsigned i = 0; i < found->lines; i++)
		if (found->line[i] == line)
			return;
	if (found->lines < WALK_LINES)
		found->line[found->lines++] = line;
}

struct walk_found *
walk_add_finding(struct walking *w, enum kind kind, unsigned statement, unsigned lock, uint32_t line)
{
	struct walk_memory *m = w->m;
	struct finding finding = {(uint8_t)kind, (uint8_t)lock, (uint16_t)statement, line};

	assert(kind < KIND_COUNT && lock <= LOCK_ALL && w->current < m->states);
	for (uint32_t i = 0; i < m->founds; i++) {
		const struct finding *old = &m->found[i].finding;

		if (old->kind == kind && old->statement == statement && old->lock == lock && old->line == line)
			return &m->found[i];
	}
	struct walk_found *found = array_add(NULL, m->found, m->founds, m->found_room);

	*found = (struct walk_found){.finding = finding, .state = w->current};
	return found;
}

/* The statement of the sequence that a node of the present function belongs to: its own, in shared clean-up
 * that of the exit taken, or its caller's. */
static unsigned
statement_of(const struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	unsigned depth = state->depth;

	while (!node->statement && depth)
		node = w->m->flat.insn[state->frame[--depth].back].node;
	if (node->shared)
		return node->shared[state->exit];
	return depth < state->depth && node->event ? node->event : node->statement;
}

uint32_t
walk_line(const struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	for (unsigned depth = state->depth; depth; depth--) {
		const struct prog_node *caller = w->m->flat.insn[state->frame[depth - 1].back].node;

		if (!prog_is_macro(&w->prog->function[caller->function]))
			break;
		node = caller;
	}
	return node->line;
}

unsigned
walk_function(const struct walking *w, const struct walk_state *state)
{
	unsigned depth = state->depth, function = 0;

	for (; depth; depth--) {
		function = w->m->flat.insn[state->frame[depth - 1].back].node->function;
		if (!prog_is_macro(&w->prog->function[function]))
			return function;
	}
	return 0;
}

/* The line on which a scope is left, where the call is what that runs; 0: it is another. */
static uint32_t
scope_end(const struct walking *w, uint32_t call)
{
	const struct insn *insn = &w->m->flat.insn[call];

	if (w->prog->function[insn->node->function].purpose != PURPOSE_CLEANUP || insn[1].op != INSN_RETURN)
		return 0;
	return insn[1].node ? insn[1].node->line : w->prog->function[w->prog->main].end_line;
}

void
walk_report(struct walking *w, const struct walk_state *state, const struct prog_node *node, enum kind kind,
            unsigned lock)
{
	struct walk_found *found =
		walk_add_finding(w, kind, statement_of(w, state, node), lock, walk_line(w, state, node));

	found->function = walk_function(w, state);
	for (unsigned i = w->prog->main ? 1 : 0; i < state->depth; i++) {
		walk_add_line(found, w->m->flat.insn[state->frame[i].back].node->line);
		walk_add_line(found, scope_end(w, state->frame[i].back));
	}
}

void
walk_defect(struct walking *w, const struct walk_state *state, const struct prog_node *node, const char *what)
{
	if (w->judges_irql && !state->tainted)
		walk_always_defect(w, node, what);
}

void
walk_always_defect(struct walking *w, const struct prog_node *node, const char *what)
{
	if (w->defect)
		return;
	w->defect = what;
	w->defect_line = node ? node->line : w->prog->end_line;
}
