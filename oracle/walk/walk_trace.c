/* walk: the result of a walk: findings in order, and the paths to them. See walk.h and walk_state.h. */
#include <assert.h>
#include <stdlib.h>

#include "walk_state.h"

/* Whether executing an instruction calls for an unknown. */
static bool
asks(const struct walking *w, const struct walk_state *state, const struct insn *insn)
{
	const struct prog_node *node = insn->node;

	if (insn->op == INSN_TRY || (insn->op == INSN_NODE && node->op == PROG_TAKE))
		return !walk_waits(state, &w->rule->call[node->call], walk_lock(w, state, node));
	if (insn->op == INSN_NODE && node->op == PROG_ASSIGN)
		return node->condition.kind == CONDITION_UNKNOWN;
	return insn->op == INSN_BRANCH && node->op != PROG_REPEAT && node->condition.kind == CONDITION_UNKNOWN &&
	       (node->condition.guard == PROG_NONE || state->var[node->condition.guard] == VALUE_TRUE);
}

/* What is known in a state of which step it is. */
static struct walk_step
step_in(const struct walking *w, uint32_t index)
{
	const struct walk_state *state = &w->m->state[index];
	const struct insn *insn = &w->m->flat.insn[state->at];
	struct walk_step step = {.node = insn->node, .choice = -1, .function = walk_function(w, state)};

	if (insn->node) {
		step.line = walk_line(w, state, insn->node);
		step.asks = asks(w, state, insn);
		step.again = insn->op == INSN_BRANCH && insn->node->op == PROG_DO && insn[1].op == INSN_JUMP &&
		             insn[1].target <= state->at;
	}
	for (unsigned i = 0; i < w->prog->vars; i++) {
		enum prog_type type = w->prog->var[i].type;

		if (type != TYPE_FLAG && type != TYPE_RESULT && type != TYPE_STATUS && type != TYPE_AGAIN)
			continue;
		step.known |= (uint32_t)(state->var[i] != VALUE_UNKNOWN) << i;
		step.truth |= (uint32_t)(state->var[i] == VALUE_TRUE) << i;
	}
	return step;
}

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

		steps[length] = step_in(w, i);
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
