/* lesson --check: judges a solution of an exercise.
 *
 * How it works: the correct twin is run over all choices, which gives lists of choices and what the routine
 * does on each. The solution is run on the same lists (lesson_run.c). It is right where it keeps the rule on
 * each of them, and all that it does beside giving locks back is what the correct twin does, under the same
 * locks at least. The first that is wrong is told: what breaks the rule before what is not the exercise, and
 * a shorter path before a longer one.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lesson.h"

enum { FILE_MOST = 1 << 20 };

/* What is wrong with a solution, the worst first. */
enum wrong {
	WRONG_RULE,       /* a finding, or a deadlock */
	WRONG_ROUTINE,    /* it does something else than the exercise */
	WRONG_PROTECTION, /* it does so without a lock that the exercise holds */
	WRONG_NOTHING,
};

struct checking {
	const struct suite_case *of;
	struct lesson_text text;
	const char *path; /* of the solution */
	struct buf file;
	struct arena arena;
	unsigned count;
	const char *list[TRACE_PATHS];
	struct trace model[TRACE_PATHS]; /* of the correct twin */
	struct lesson_run run;
	/* the first that is wrong */
	enum wrong wrong;
	unsigned at; /* path */
	unsigned step, model_step;
	struct lesson_fault fault;
	unsigned missing; /* locks that are not held there */
};

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

/* the file */

static bool
read_solution(struct checking *c, struct diag *diag)
{
	if (!buf_read_file(&c->file, c->path, FILE_MOST)) {
		diag_set(diag, c->path, 0, 0, "cannot read: %s", strerror(errno));
		return false;
	}
	if (strlen(buf_string(&c->file)) == c->file.len)
		return true;
	diag_set(diag, c->path, 0, 0, "this is no text: it holds a zero byte");
	return false;
}

/* Names of the recording model, and what gets round it. */
static bool
is_forbidden(const char *word, size_t length)
{
	static const char *const begins[] = {"native_", "lockdrill_", "Lockdrill", "LK_", "Lk", "__asm"};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (length >= strlen(begins[i]) && !memcmp(word, begins[i], strlen(begins[i])))
			return true;
	return length == 3 && !memcmp(word, "asm", 3);
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The headers that a case may have stand before it already. */
static bool
blank_include(struct checking *c, char *line, struct diag *diag)
{
	static const char *const known[] = {"<ntddk.h>", "<wdf.h>", "<storport.h>"};
	size_t length = strcspn(line, "\n");
	char *name = line + 1 + strspn(line + 1, " \t");

	name += strlen("include");
	name += strspn(name, " \t");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strncmp(name, known[i], strlen(known[i]))) {
			memset(line, ' ', length);
			return true;
		}
	diag_at(diag, c->path, c->file.data, c->file.len, (size_t)(name - c->file.data),
	        "an exercise includes <ntddk.h>, <wdf.h> and <storport.h>, and nothing else");
	return false;
}

/* The words of the text, comments and strings too: who has to write these has another way to say it. False
 * with what a solution may not hold. */
static bool
look_through(struct checking *c, struct diag *diag)
{
	bool begins_line = true;

	for (char *at = c->file.data; at && *at; at++) {
		size_t length = 0;

		if (begins_line && *at == '#' && !strncmp(at + 1 + strspn(at + 1, " \t"), "include", 7) &&
		    !blank_include(c, at, diag))
			return false;
		begins_line = *at == '\n' || (begins_line && isblank((unsigned char)*at));
		while (is_name(at[length]))
			length++;
		if (is_forbidden(at, length)) {
			diag_at(diag, c->path, c->file.data, c->file.len, (size_t)(at - c->file.data),
			        "'%.*s' has no place in a solution: it belongs to what judges it, or gets round it",
			        (int)length, at);
			return false;
		}
		at += length ? length - 1 : 0;
	}
	return true;
}

/* comparing */

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

static void
judge(struct checking *c)
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

/* telling */

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

static void
tell_wrong(const struct checking *c)
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
		judge(c);
		if (c->wrong != WRONG_NOTHING) {
			tell_wrong(c);
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
find_exercise(struct source *source, struct checking *c, const char *name, const char *level,
              struct buf *dispute, struct diag *diag)
{
	char id[HASH_TEXT], told[64];
	struct source_wish where = {.name = name, .level = level};

	if (!name) {
		if (!lesson_read_head(buf_string(&c->file), id, told)) {
			diag_set(diag, c->path, 0, 0,
			         "its head names no exercise: keep what --skeleton wrote, or give the id too");
			return false;
		}
		where.name = id;
		where.level = level ? level : *told ? told : NULL;
	}
	if (!source_find(source, &where, dispute, diag))
		return false;
	c->of = &source->twins[0];
	if (source->has_twin || !source->half)
		return true;
	diag_set(diag, where.name, 0, 0, "has no correct twin here");
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
lesson_check(const char *path, const char *name, const char *level)
{
	static struct checking c;
	struct source source = {.half = 0};
	struct buf dispute = {0};
	struct diag diag;
	int status;

	c.path = path;
	if (!read_solution(&c, &diag) || !find_exercise(&source, &c, name, level, &dispute, &diag)) {
		status = command_dispute(&diag, &dispute);
	} else if (!look_through(&c, &diag)) {
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
