/* violation: a witness from walk's shortest path. See evidence.h.
 *
 * How it works: the harness asks for the flags first, then the path's steps ask, in their order. A test says
 * by the way it went what it was given. A flag says it later: by what it is known to be when a step first
 * looks at it; one that nobody looks at may be anything.
 *
 * The target is where the property is violated: for the lock discipline the call, or the routine's end; for
 * reach_error the call of it, which stands in the reading's table.
 */
#include <assert.h>
#include <string.h>

#include "bits.h"
#include "evidence.h"
#include "origin.h"
#include "place.h"
#include "seq.h"

enum { CONDITION_LINES = 4 }; /* of one condition, at the most */

struct telling {
	struct witness *witness;
	struct arena *arena;
	struct task *task;
	struct lines lines;
	const struct walk_path *path;
};

static struct witness_place
place_at(const struct telling *t, const char *at)
{
	struct witness_place place = {.file = t->witness->input_file};

	lines_place(&t->lines, at, &place.line, &place.column);
	place.function = lines_function(&t->lines, place.line, t->arena);
	return place;
}

/* The call of an unknown that begins at `at`, and what it returns. */
static void
add_unknown(struct telling *t, const char *at, bool value)
{
	const char *behind = behind_bracket(at, '(', ')');

	assert(behind);
	t->witness->waypoint[t->witness->count++] =
		(struct waypoint){.kind = WAYPOINT_RETURN, .place = place_at(t, behind - 1), .value = value};
}

/* what was chosen */

static bool
writes(const struct prog_node *node, unsigned variable)
{
	bool sets = node->op == PROG_SET || node->op == PROG_ASSIGN || node->op == PROG_TAKE;

	return (sets || node->condition.told == RESULT_ASSIGNED) && node->variable == variable;
}

/* What a variable was before the step, as the path goes on to show. */
static bool
shown_later(const struct telling *t, unsigned variable, unsigned step)
{
	for (; step < t->path->count; step++) {
		const struct walk_step *now = &t->path->step[step];
		const struct prog_node *node = now->node;

		if (now->known >> variable & 1)
			return now->truth >> variable & 1;
		if (!node || !writes(node, variable))
			continue;
		if (node->op == PROG_ASSIGN && node->condition.kind == CONDITION_FLAG &&
		    node->condition.variable == variable && step + 1 < t->path->count) /* p = !p */
			return (now[1].truth >> variable & 1) != node->condition.negated;
		return false;
	}
	return false;
}

static bool
value_of(const struct telling *t, unsigned step)
{
	const struct walk_step *now = &t->path->step[step];
	const struct prog_condition *condition = &now->node->condition;

	if (now->node->op == PROG_TRY || now->node->op == PROG_TAKE)
		return now->choice > 0;
	if (now->node->op == PROG_ASSIGN)
		return shown_later(t, now->node->variable, step + 1) != condition->negated;
	return (now->choice > 0) != condition->negated;
}

/* where it was asked */

/* The first call there that reads a register, within the lines of one condition. */
static const char *
find_register(const struct telling *t, uint32_t line)
{
	static const char *const names[] = {"READ_REGISTER_ULONG(", "StorPortReadRegisterUlong("};
	const char *first = NULL, *begin = lines_at(&t->lines, line, 1);
	const char *end = lines_at(&t->lines, line + CONDITION_LINES, 1);

	for (unsigned i = 0; i < 2; i++) {
		const char *found = strstr(begin, names[i]);

		if (found && found < end && (!first || found < first))
			first = found;
	}
	return first;
}

/* The line with the test behind the body of a DO, which stands as far in as the `do`. */
static uint32_t
find_tail(const struct telling *t, uint32_t line)
{
	uint32_t indent, tail;

	while (!starts_word(lines_at(&t->lines, line, lines_indent(&t->lines, line)), "do"))
		line++;
	indent = lines_indent(&t->lines, line);
	for (tail = line + 1;
	     lines_indent(&t->lines, tail) != indent || *lines_at(&t->lines, tail, indent) != '}';)
		tail++; /* labels stand further out */
	return tail;
}

static void
add_step(struct telling *t, unsigned step)
{
	const struct walk_step *now = &t->path->step[step];
	uint32_t line = task_line(t->task, now->line);
	const char *at;

	if (now->node->op == PROG_TRY || now->node->op == PROG_TAKE) {
		at = strstr(strstr(t->lines.text, "\nlockdrill_try("), "__VERIFIER_nondet_int(");
	} else {
		bool in_macro = now->line != now->node->line;

		if (now->again && !in_macro)
			line = find_tail(t, line);
		at = in_macro ? NULL : find_register(t, line);
		if (!at)
			at = strchr(lines_at(&t->lines, line, 1), '('); /* of the macro */
	}
	add_unknown(t, at, value_of(t, step));
}

/* The flags of the request, and which of two locks it chooses. */
static void
add_harness(struct telling *t)
{
	static const char call[] = "LK_UNKNOWN()";
	struct prog *prog = &t->task->prog;
	const char *at = strstr(strstr(t->lines.text, "\nLockdrillHarness("), call);

	bits_each (flag, prog->flags & ~prog->fresh) {
		assert(at);
		add_unknown(t, at, shown_later(t, prog_find_var(prog, TYPE_FLAG, flag), 0));
		at = strstr(at + 1, call);
	}
	if (prog->chosen) {
		assert(at);
		add_unknown(t, at, false);
	}
}

/* the target */

/* The statement that calls reach_error, in the row of the table for that event. */
static const char *
find_error(const struct telling *t, enum kind kind)
{
	unsigned event = kind == KIND_DOUBLE_ACQUIRE ? 0 : kind == KIND_RELEASE_WITHOUT_ACQUIRE ? 1 : 2;
	const char *at = strstr(t->lines.text, "\nlockdrill_next("), *end = strstr(at, "\n}");
	char row[] = "event == 0) {\n\t\treach_error();";

	row[sizeof "event == " - 1] = (char)('0' + event);
	/* A counter has a row below zero first, which no path comes to. */
	for (const char *next = strstr(at + 1, row); next && next < end; next = strstr(next + 1, row))
		at = next;
	assert(at[0] == 'e');
	return strstr(at, "reach_error");
}

static void
add_target(struct telling *t, const struct finding *finding, enum task_property property)
{
	struct waypoint *target = &t->witness->waypoint[t->witness->count++];
	uint32_t line = finding->statement ? task_line(t->task, finding->line) : t->task->end_line;
	const char *at = property == PROPERTY_UNREACH ? find_error(t, (enum kind)finding->kind)
	                                              : lines_at(&t->lines, line, lines_indent(&t->lines, line));

	*target = (struct waypoint){.kind = WAYPOINT_TARGET, .place = place_at(t, at)};
}

void
evidence_violation(struct witness *witness, struct arena *arena, const struct suite_case *of,
                   struct task *task, enum task_property property, enum task_model model, struct walk *walk)
{
	struct telling t = {.witness = witness, .arena = arena, .task = task};
	unsigned cap = seq_cap(&of->seq, of->rule, of->role), shortest = 0;
	struct walk_result result;

	walk_judge(walk, &task->prog, of->rule->headline, cap, true, arena, &result);
	assert(result.verdict.count);
	for (unsigned i = 1; i < result.verdict.count; i++)
		if (result.path[i].count < result.path[shortest].count)
			shortest = i;
	t.path = &result.path[shortest];
	origin_fill(witness, arena, of, task, property, model);
	witness->violation = true;
	witness->waypoint = arena_alloc(arena, (t.path->count + SEQ_FLAGS + 2) * sizeof *witness->waypoint);
	lines_make(&t.lines, arena, buf_string(&task->text));
	add_harness(&t);
	for (unsigned i = 0; i < t.path->count; i++)
		if (t.path->step[i].asks)
			add_step(&t, i);
	add_target(&t, &result.verdict.finding[shortest], property);
}
