/* lesson_find: a shortest path of a case to what breaks its rule, among all that are tried. See lesson.h. */
#include <string.h>

#include "lesson.h"

struct finding_path {
	const struct suite_case *of;
	struct lesson_found *found;
	struct arena *arena;
};

static void
take(void *to, const struct trace *trace, const char *choices)
{
	struct finding_path *f = to;
	struct lesson_found *found = f->found;
	struct lesson_fault fault;
	struct trace_step *step;

	lesson_judge(f->of, trace, &fault, NULL);
	if (!fault.is || fault.deadlock || (found->fault.is && fault.step >= found->fault.step))
		return;
	step = arena_alloc(f->arena, (trace->steps + 1U) * sizeof *step);
	memcpy(step, trace->step, trace->steps * sizeof *step);
	for (unsigned i = 0; i < trace->steps; i++)
		step[i].name = arena_string(f->arena, step[i].name);
	found->trace = *trace;
	found->trace.step = step;
	found->fault = fault;
	found->choices = arena_string(f->arena, choices);
}

bool
lesson_find(struct lesson_found *found, const struct suite_case *of, const struct lesson_text *text,
            struct arena *arena, struct diag *diag)
{
	struct finding_path f = {of, found, arena};
	struct buf whole = {0};
	bool ok;

	*found = (struct lesson_found){.choices = NULL};
	lesson_text_compile(&whole, text, buf_string(&text->body));
	ok = trace_explore(whole.data, take, &f, diag);
	buf_free(&whole);
	return ok;
}
