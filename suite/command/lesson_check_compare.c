/* lesson_check: what a solution did, held against the exercise. See lesson_check.h.
 *
 * On each path the calls that give something back are passed over; all others have to be those of the
 * correct twin, in the same order and under its locks at least. What breaks the rule is told before what is
 * not the exercise, and a shorter path before a longer one.
 */
#include <string.h>

#include "lesson_check.h"

/* What a solution may put in: calls that give something back. */
static bool
is_free(const struct suite_case *of, const struct trace_step *step)
{
	unsigned call;

	return step->what == STEP_RELEASE ||
	       (step->what == STEP_OWN && rule_find_call(of->rule, step->name, &call) &&
	        rule_gives(&of->rule->call[call]));
}

static unsigned
next_step(const struct suite_case *of, const struct trace *trace, unsigned at, unsigned end)
{
	while (at < end && is_free(of, &trace->step[at]))
		at++;
	return at;
}

static bool
is_same(const struct trace_step *one, const struct trace_step *two)
{
	return one->what == two->what && one->value == two->value && one->lock == two->lock &&
	       !strcmp(one->name, two->name);
}

static void
note(struct checking *c, enum wrong wrong, unsigned path, unsigned step, unsigned model_step)
{
	c->wrong = wrong;
	c->at = path;
	c->step = step;
	c->model_step = model_step;
}

/* Whether a solution does on one path what the exercise does, as far as the path was judged. */
static void
compare(struct checking *c, unsigned path, unsigned end)
{
	const struct trace *trace = &c->run.trace[path], *model = &c->model[path];
	uint8_t *held = arena_alloc(&c->arena, trace->steps + 1U);
	uint8_t *model_held = arena_alloc(&c->arena, model->steps + 1U);
	struct lesson_fault fault;
	unsigned i = 0, j = 0;

	lesson_judge(c->of, trace, &fault, held);
	lesson_judge(c->of, model, &fault, model_held);
	for (;; i++, j++) {
		i = next_step(c->of, trace, i, end);
		j = next_step(c->of, model, j, model->steps);
		if (i == end || j == model->steps)
			break;
		if (!is_same(&trace->step[i], &model->step[j])) {
			if (c->wrong > WRONG_ROUTINE)
				note(c, WRONG_ROUTINE, path, i, j);
			return;
		}
		if (model_held[j] & ~held[i] && c->wrong > WRONG_PROTECTION) {
			note(c, WRONG_PROTECTION, path, i, j);
			c->missing = model_held[j] & ~held[i];
		}
	}
	if (end == trace->steps && (i < end || j < model->steps || trace->end != model->end) &&
	    c->wrong > WRONG_ROUTINE)
		note(c, WRONG_ROUTINE, path, i, j);
}

void
lesson_check_judge(struct checking *c)
{
	c->wrong = WRONG_NOTHING;
	for (unsigned path = 0; path < c->run.paths; path++) {
		const struct trace *trace = &c->run.trace[path];
		struct lesson_fault fault;

		lesson_judge(c->of, trace, &fault, NULL);
		if (!fault.is) {
			compare(c, path, trace->steps);
		} else if (c->wrong != WRONG_RULE || fault.step < c->fault.step) {
			note(c, WRONG_RULE, path, fault.step, 0);
			c->fault = fault;
		}
	}
}
