/* walk: findings, where they are, and the paths to them. See walk.h and walk_state.h. */
#include <assert.h>
#include <stdlib.h>

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

/* The line on which a node of the present function stands: of a macro, its caller's. */
static uint32_t
line_of(const struct walking *w, const struct walk_state *state, const struct prog_node *node)
{
	for (unsigned depth = state->depth; depth; depth--) {
		const struct prog_node *caller = w->m->flat.insn[state->frame[depth - 1].back].node;

		if (!prog_is_macro(&w->prog->function[caller->function]))
			break;
		node = caller;
	}
	return node->line;
}

/* The function that is running, and not a macro. */
static unsigned
function_of(const struct walking *w, const struct walk_state *state)
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
		walk_add_finding(w, kind, statement_of(w, state, node), lock, line_of(w, state, node));

	found->function = function_of(w, state);
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

/* results */

static void
trace(struct walking *w, uint32_t index, struct arena *arena, struct walk_path *path)
{
	const struct walk_memory *m = w->m;
	struct walk_step *steps;
	uint32_t length = 1;

	for (uint32_t i = index; i; i = m->from[i]) {
		assert(m->from[i] < i); /* breadth first: what led here was found before */
		length++;
	}
	steps = arena_alloc(arena, length * sizeof *steps);
	path->step = steps;
	path->count = length;
	for (uint32_t i = index, next = UINT32_MAX; length--; next = i, i = m->from[i]) {
		const struct insn *insn = &m->flat.insn[m->state[i].at];

		steps[length].node = insn->node;
		steps[length].choice = -1;
		if (next == UINT32_MAX)
			continue;
		if (insn->op == INSN_BRANCH || insn->op == INSN_TRY)
			steps[length].choice = m->state[next].at == m->state[i].at + 1;
		else if (insn->op == INSN_NODE && insn->node->op == PROG_TAKE)
			steps[length].choice = m->state[next].held != m->state[i].held;
	}
}

static int
compare_found(const void *one, const void *two)
{
	return verdict_order(&((const struct walk_found *)one)->finding,
	                     &((const struct walk_found *)two)->finding);
}

void
walk_collect(struct walking *w, bool with_paths, struct arena *arena, struct walk_result *result)
{
	struct walk_memory *m = w->m;
	uint32_t n = m->founds;
	struct finding *finding = arena_alloc(arena, (n + 1) * sizeof *finding);
	struct case_lines *lines = arena_alloc(arena, (n + 1) * sizeof *lines);
	struct walk_path *paths = with_paths ? arena_alloc(arena, (n + 1) * sizeof *paths) : NULL;

	if (n)
		qsort(m->found, n, sizeof *m->found, compare_found);
	for (uint32_t i = 0; i < n; i++) {
		const struct walk_found *found = &m->found[i];
		uint32_t *line = arena_alloc(arena, (found->lines + 1) * sizeof *line);

		finding[i] = found->finding;
		for (unsigned j = 0; j < found->lines; j++) {
			unsigned k = j;

			for (; k && line[k - 1] > found->line[j]; k--)
				line[k] = line[k - 1];
			line[k] = found->line[j];
		}
		lines[i] = (struct case_lines){.count = found->lines, .line = line, .function = found->function};
		if (paths)
			trace(w, found->state, arena, &paths[i]);
	}
	result->verdict.count = n;
	result->verdict.finding = finding;
	result->verdict.deadlock = w->deadlock;
	result->verdict.gave_up = w->gave_up;
	verdict_finish(&result->verdict, w->undecided);
	result->lines = lines;
	result->path = paths;
	result->defect = w->undecided ? NULL : w->defect;
	result->defect_line = w->defect_line;
}
