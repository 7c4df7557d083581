/* lesson_tell: the parts of a lesson, as text for people. See lesson.h. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lesson.h"
#include "present.h"

static const struct world *
plain_world(const struct source *source, struct diag *diag)
{
	return world_find(source->twins[0].rule->dialect, "plain", diag);
}

void
lesson_tell_head(const struct source *source)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct rule *rule = of->rule;
	struct buf text = {0};

	printf("case      %s\nrule      %s (%s), role %s\n          ", of->id, rule->name, rule->model,
	       rule->role[of->role].name);
	buf_puts(&text, rule->summary);
	command_print_filled(&text, 10, 10);
	for (unsigned i = 0; i < rule->clauses; i++) {
		buf_clear(&text);
		printf("          %u  ", rule->clause[i].number);
		buf_puts(&text, rule->clause[i].text);
		command_print_filled(&text, 13, 13);
	}
	for (unsigned lock = 0; lock < rule->locks; lock++)
		if (rule->role[of->role].held >> lock & 1)
			printf("          Lock %c is held when the routine is entered.\n", lock_letter(lock));
	buf_free(&text);
}

bool
lesson_tell_code(struct source *source, bool with_findings, struct diag *diag)
{
	const struct world *world = plain_world(source, diag);

	return world && present_code(source, world, with_findings, diag);
}

static void
print_path(const struct suite_case *of, const struct lesson_text *text, const struct trace *trace, bool step)
{
	const struct lesson_path path = {of, text, buf_string(&text->body), false, step};
	struct lesson_fault fault;

	lesson_judge(of, trace, &fault, NULL);
	lesson_path_print(&path, trace, fault.is ? fault.step : trace->steps, lesson_path_end(trace, &fault));
}

/* Lines are those of the file, where it is known. */
static void
take_span(struct lesson_text *text, const struct source *source, unsigned half)
{
	if (source->places && source->place[0].span[half].lines)
		text->span = source->place[0].span[half];
}

struct taking {
	const struct suite_case *of;
	const struct lesson_text *text;
	bool step;
};

static void
take(void *to, const struct trace *trace, const char *choices)
{
	const struct taking *taking = to;

	(void)choices;
	print_path(taking->of, taking->text, trace, taking->step);
}

/* The path of the correct twin on which the other one breaks the rule. */
static bool
print_same_path(const struct source *source, const char *choices, bool step, struct diag *diag)
{
	struct lesson_text text;
	struct buf whole = {0};
	bool ok = lesson_text_make(&text, &source->twins[0], diag);

	take_span(&text, source, 0);
	if (ok) {
		struct taking taking = {&source->twins[0], &text, step};

		lesson_text_compile(&whole, &text, buf_string(&text.body));
		printf("\nThe path on which the twin breaks the rule, here, and what is held behind each line\n\n");
		ok = trace_replay(whole.data, &choices, 1, NULL, take, &taking, diag);
	}
	lesson_text_free(&text);
	buf_free(&whole);
	return ok;
}

static void
print_finding(const struct suite_case *of, const struct lesson_found *found)
{
	unsigned clause = lesson_clause(&of->rule->reading[of->rule->headline], found->fault.kind);
	struct buf text = {0};

	buf_printf(&text, "This routine breaks the rule: %s, ", kind_name(found->fault.kind));
	lesson_put_lock(&text, found->fault.lock);
	if (clause)
		buf_printf(&text, " (sentence %u)", clause);
	printf("\n%s.\n", text.data);
	buf_free(&text);
}

static void
print_section(const char *head, const char *words)
{
	struct buf text = {0};

	buf_puts(&text, words);
	printf("\n%s\n\n", head);
	command_print_filled(&text, 0, 0);
	buf_free(&text);
}

static void
print_run_time(const struct suite_case *of, enum kind kind)
{
	struct buf text = {0};

	lesson_run_time(&text, of, kind);
	print_section("What goes wrong at run time", text.data);
	buf_free(&text);
}

bool
lesson_tell_answer(struct source *source, bool step, struct diag *diag)
{
	const struct suite_case *wrong = &source->twins[1];
	const struct world *world = plain_world(source, diag);
	struct lesson_text text;
	struct lesson_found found;
	struct arena arena = {0};
	bool ok = world && lesson_text_make(&text, wrong, diag);

	if (!world)
		return false;
	take_span(&text, source, 1);
	ok = ok && lesson_find(&found, wrong, &text, &arena, diag);
	if (ok && !source->half)
		printf("\nThis routine keeps the rule on every path.\n");
	if (ok && source->half && found.fault.is) {
		print_finding(wrong, &found);
		printf("\nA shortest path to it, and what is held behind each line\n\n");
		print_path(wrong, &text, &found.trace, step);
	} else if (ok && found.fault.is) {
		ok = print_same_path(source, found.choices, step, diag);
	}
	if (ok && found.fault.is)
		print_run_time(wrong, found.fault.kind);
	if (ok && source->reason)
		print_section("What a teacher would say", source->reason);
	if (ok) {
		printf("\nThe twins: - the correct one alone, + the violating one alone (%s)\n\n", wrong->edit);
		ok = present_diff(source, world, diag);
	}
	lesson_text_free(&text);
	arena_free(&arena);
	return ok;
}
