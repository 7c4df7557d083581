/* lesson --check: judges a solution of an exercise.
 *
 * How it works: the correct twin is run over all choices, which gives lists of choices and what the routine
 * does on each. The solution is run on the same lists, in another process (lesson_run.c). It is right where
 * it keeps the rule on each of them, and all that it does beside giving locks back is what the correct twin
 * does (lesson_check_compare.c).
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lesson_check.h"

/* the exercise */

static void
take_model(void *to, const struct trace *trace, const char *choices)
{
	struct checking *c = to;
	struct trace_step *step = arena_alloc(&c->arena, (trace->steps + 1U) * sizeof *step);

	if (trace->steps)
		memcpy(step, trace->step, trace->steps * sizeof *step);
	for (unsigned i = 0; i < trace->steps; i++)
		step[i].name = arena_string(&c->arena, step[i].name);
	c->model[c->count] = *trace;
	c->model[c->count].step = step;
	c->list[c->count++] = arena_string(&c->arena, choices);
}

static bool
make_model(struct checking *c, struct diag *diag)
{
	struct buf whole = {0};
	bool ok;

	if (!lesson_text_make(&c->text, c->of, diag))
		return false;
	lesson_text_compile(&whole, &c->text, buf_string(&c->text.body));
	ok = trace_explore(whole.data, take_model, c, diag);
	buf_free(&whole);
	return ok;
}

/* the answer */

/* On which choices it did not come to its end. */
static void
tell_choices(const struct checking *c)
{
	if (c->run.begun && *c->list[c->run.paths])
		printf("It did so where what it asks for is, in turn: %s\n", c->list[c->run.paths]);
}

/* Prints the answer; the exit status. */
static int
tell(struct checking *c)
{
	printf("exercise  %s, rule %s, role %s\n", c->of->id, c->of->rule->name,
	       c->of->rule->role[c->of->role].name);
	printf("contained %s\n\n",
	       c->run.contained ? "yes: in bubblewrap" : "no: bubblewrap is not here, or does not work");
	switch (c->run.end) {
	case LESSON_RAN:
		lesson_check_judge(c);
		if (c->wrong != WRONG_NOTHING) {
			lesson_check_tell(c);
			return STATUS_FAILED;
		}
		printf("right: on each of %u path%s\n", c->count, c->count == 1 ? "" : "s");
		return STATUS_FINE;
	case LESSON_REFUSED:
		printf("wrong: it does not compile: %s\n", c->run.message.data);
		return STATUS_FAILED;
	case LESSON_GARBAGE:
		printf("wrong: it prints something by itself, or says that it is right: neither counts\n");
		return STATUS_FAILED;
	case LESSON_BROKE:
	case LESSON_ENDLESS:
		break;
	}
	printf("wrong: %s\n", buf_string(&c->run.message));
	tell_choices(c);
	return STATUS_FAILED;
}

/* all of it */

static bool
find_exercise(struct source *source, struct checking *c, const struct source_wish *wish, struct buf *dispute,
              struct diag *diag)
{
	char id[HASH_TEXT], told[64];
	struct source_wish where = *wish;

	if (!wish->name) {
		if (!lesson_read_head(buf_string(&c->file), id, told)) {
			diag_set(diag, c->path, 0, 0,
			         "its head names no exercise: keep what --skeleton wrote, or give the id too");
			return false;
		}
		where.name = id;
		if (!where.level && !where.manifest && *told)
			where.level = told;
	}
	if (!source_find(source, &where, dispute, diag))
		return false;
	c->of = &source->twins[0];
	if (source->has_twin)
		return true;
	diag_set(diag, where.name, 0, 0, "has no twin here");
	return false;
}

static bool
check(struct checking *c, struct diag *diag)
{
	struct buf whole = {0};
	bool ok;

	if (!make_model(c, diag))
		return false;
	lesson_text_compile(&whole, &c->text, buf_string(&c->file));
	ok = lesson_run(&c->run, whole.data, c->list, c->count, &c->arena, diag);
	buf_free(&whole);
	return ok;
}

int
lesson_check(const char *path, const struct source_wish *wish)
{
	static struct checking c;
	struct source source = {.half = 0};
	struct buf dispute = {0};
	struct diag diag;
	int status;

	c.path = path;
	if (!lesson_check_read(&c, &diag) || !find_exercise(&source, &c, wish, &dispute, &diag)) {
		status = command_dispute(&diag, &dispute);
	} else if (!lesson_check_look(&c, &diag)) {
		diag_print(stdout, &diag);
		status = STATUS_FAILED;
	} else {
		status = check(&c, &diag) ? tell(&c) : command_refuse(&diag);
	}
	lesson_text_free(&c.text);
	buf_free(&c.file);
	buf_free(&c.run.message);
	arena_free(&c.arena);
	source_free(&source);
	buf_free(&dispute);
	return status;
}
