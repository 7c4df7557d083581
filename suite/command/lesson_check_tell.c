/* lesson_check: what is wrong with a solution, as text for people. See lesson_check.h. */
#include <ctype.h>
#include <stdio.h>

#include "command.h"
#include "lesson_check.h"
#include "verdict.h"

static void
print_line(const struct checking *c, uint32_t line, const char *why)
{
	struct lesson_line text = lesson_line(c->file.data, line);
	struct buf shown = {0};

	buf_printf(&shown, "%4u | %.*s", line, text.length, text.text);
	command_print_cut(&shown, false);
	buf_clear(&shown);
	buf_puts(&shown, "     | ");
	for (int i = 0; i < text.length && isspace((unsigned char)text.text[i]); i++)
		buf_putc(&shown, text.text[i]);
	buf_printf(&shown, "^ %s", why);
	puts(shown.data);
	buf_free(&shown);
}

static uint32_t
line_of(const struct trace *trace, unsigned step)
{
	return step < trace->steps ? trace->step[step].line : 0;
}

static void
tell_fault(const struct checking *c)
{
	const struct trace *trace = &c->run.trace[c->at];
	uint32_t line = line_of(trace, c->step);
	struct buf what = {0};

	buf_puts(&what, c->fault.deadlock ? "deadlock" : kind_name(c->fault.kind));
	buf_puts(&what, ", ");
	lesson_put_lock(&what, c->fault.lock);
	printf("wrong: %s, ", what.data);
	if (line)
		printf("line %u\n\n", line);
	else
		printf("at the routine's end\n\n");
	if (line)
		print_line(c, line, what.data);
	if (c->fault.taken)
		print_line(c, c->fault.taken,
		           line ? "taken here, and held since" : "taken here, and held at the end");
	buf_free(&what);
}

/* "calls X of lock a", "asks for an unknown", "returns". */
static void
put_step(struct buf *out, const struct trace *trace, unsigned at)
{
	const struct trace_step *step = &trace->step[at];

	if (at >= trace->steps) {
		buf_puts(out, trace->end == TRACE_STOPPED    ? "stops the system"
		              : trace->end == TRACE_RETURNED ? "returns"
		                                             : "goes on");
		return;
	}
	if (step->what == STEP_CHOICE)
		buf_puts(out, "reads what it cannot know");
	else if (step->what == STEP_ROUND)
		buf_puts(out, "begins a round of its loop");
	else
		buf_printf(out, "calls %s", step->name);
	if (step->lock != TRACE_NONE) {
		buf_puts(out, " of ");
		lesson_put_lock(out, step->lock);
	}
}

static void
tell_routine(const struct checking *c)
{
	const struct trace *trace = &c->run.trace[c->at];
	struct buf text = {0};

	buf_puts(&text, "wrong: this is not the routine of the exercise: where that ");
	put_step(&text, &c->model[c->at], c->model_step);
	buf_puts(&text, ", this one ");
	put_step(&text, trace, c->step);
	command_print_filled(&text, 0, 2);
	puts("");
	if (line_of(trace, c->step))
		print_line(c, line_of(trace, c->step), "here");
	buf_free(&text);
}

static void
tell_protection(const struct checking *c)
{
	const struct trace *trace = &c->run.trace[c->at];
	struct buf text = {0};
	unsigned lock = 0;

	while (!(c->missing >> lock & 1))
		lock++;
	buf_puts(&text, "wrong: the lock goes back too early: without ");
	lesson_put_lock(&text, lock);
	buf_puts(&text, ", which the exercise holds there, this ");
	put_step(&text, trace, c->step);
	command_print_filled(&text, 0, 2);
	puts("");
	if (line_of(trace, c->step))
		print_line(c, line_of(trace, c->step), "here");
	buf_free(&text);
}

static void
tell_path(const struct checking *c, const struct trace *trace, unsigned last, const char *end)
{
	const struct lesson_path path = {c->of, &c->text, c->file.data, true, false};

	printf("\nThe path that leads there, and what is held behind each line\n\n");
	lesson_path_print(&path, trace, last, end);
}

void
lesson_check_tell(const struct checking *c)
{
	const struct trace *trace = &c->run.trace[c->at];

	if (c->wrong == WRONG_RULE)
		tell_fault(c);
	else if (c->wrong == WRONG_ROUTINE)
		tell_routine(c);
	else
		tell_protection(c);
	tell_path(c, trace, c->step, c->step < trace->steps ? NULL : "the routine is over");
}
