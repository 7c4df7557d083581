/* lockdrill rules: the rules, or one rule with its clauses, calls, roles and readings. */
#include <stdio.h>

#include "command.h"
#include "verdict.h"

/* Where the last column of the list, and of a rule's calls, begins. */
enum { LIST_COLUMN = 45, CALLS_COLUMN = 45 };

static const char *const irql_names[] = {"PASSIVE", "APC", "DISPATCH"};

static void
print_line(const struct rule *rule)
{
	struct buf text = {0};

	printf("%-22s %-9s %-11s ", rule->name, rule->model, rule->reading[rule->headline].name);
	buf_puts(&text, "roles:");
	for (unsigned i = 0; i < rule->roles; i++)
		buf_printf(&text, " %s", rule->role[i].name);
	buf_puts(&text, "; other readings:");
	for (unsigned i = 0; i < rule->readings; i++)
		if (i != rule->headline)
			buf_printf(&text, " %s", rule->reading[i].name);
	command_print_filled(&text, LIST_COLUMN, LIST_COLUMN);
	buf_free(&text);
}

/* Which letters stand for which type, where there are several. */
static void
print_types(const struct rule *rule)
{
	if (rule->types < 2)
		return;
	printf("\nlocks\n");
	for (unsigned i = 0; i < rule->types; i++) {
		printf("  %-33s", rule->type[i].name);
		for (unsigned lock = 0; lock < rule->locks; lock++)
			if (rule->type_of[lock] == i)
				printf(" %c", lock_letter(lock));
		puts("");
	}
}

static bool
call_names_lock(const struct rule_call *call)
{
	for (unsigned i = 0; i < call->arguments; i++)
		if (call->argument[i] == ARGUMENT_LOCK)
			return true;
	return false;
}

static void
print_calls(const struct rule *rule)
{
	printf("\ncalls\n");
	for (unsigned i = 0; i < rule->calls; i++) {
		const struct rule_call *call = &rule->call[i];

		struct buf text = {0};

		printf("  %-33s %-8s ", call->name,
		       call->event == EVENT_OWN && call->is_try ? rule->event[call->own].try_word
		       : call->event == EVENT_OWN               ? rule->event[call->own].word
		       : call->is_try                           ? "try"
		       : call->event == EVENT_ACQUIRE           ? "acquire"
		                                                : "release");
		if (rule->types > 1 && call_names_lock(call))
			buf_printf(&text, "for %s, ", rule->type[call->type].name);
		buf_printf(&text, "at IRQL %s to %s", irql_names[call->irql_min], irql_names[call->irql_max]);
		for (unsigned j = 0, first = 1; j < rule->calls; j++)
			if (call->releases >> j & 1) {
				buf_printf(&text, "%s %s", first ? "; released by" : ",", rule->call[j].name);
				first = 0;
			}
		command_print_filled(&text, CALLS_COLUMN, CALLS_COLUMN);
		buf_free(&text);
	}
}

static void
print_roles(const struct rule *rule)
{
	printf("\nroles (the first is the default)\n");
	for (unsigned i = 0; i < rule->roles; i++) {
		const struct rule_role *role = &rule->role[i];

		printf("  %-22s entered at IRQL %s", role->name, irql_names[role->irql]);
		for (unsigned lock = 0; lock < rule->locks; lock++)
			if (role->held >> lock & 1)
				printf(", lock %c held", lock_letter(lock));
		puts(role->allows_try ? ", may try" : "");
	}
}

/* The calls that a reading watches, where these are not all. */
static void
print_watched(const struct rule *rule, const struct rule_reading *reading)
{
	struct buf text = {0};

	if (rule_watches_all(rule, reading))
		return;
	for (unsigned i = 0; i < rule->calls; i++)
		if (reading->watches >> i & 1)
			buf_printf(&text, "%s %s", text.len ? "," : "watches", rule->call[i].name);
	printf("  ");
	command_print_filled(&text, 2, 2);
	buf_free(&text);
}

/* Whether a circumstance of an event is told apart in this state. */
static bool
is_apart(const struct rule_reading *reading, unsigned state, unsigned column, unsigned event)
{
	return memcmp(&reading->cell[state][column], &reading->cell[state][event], sizeof reading->cell[0][0]) !=
	       0;
}

static void
print_reading(const struct rule *rule, const struct rule_reading *reading)
{
	static const char *const scopes[] = {"each lock", "each queue handle", "all locks together"};
	struct buf summary = {0};

	printf("\nreading %s%s: one automaton for %s\n  ", reading->name, reading->headline ? " (headline)" : "",
	       scopes[reading->scope]);
	buf_puts(&summary, reading->summary);
	command_print_filled(&summary, 2, 2);
	buf_free(&summary);
	print_watched(rule, reading);
	for (unsigned state = 0; state < reading->states; state++)
		for (unsigned event = 0; event < COLUMN_OWN + rule->events; event++) {
			const struct rule_cell *cell = &reading->cell[state][event];

			if ((event == COLUMN_WRONG_RELEASE && !is_apart(reading, state, event, EVENT_RELEASE)) ||
			    (event == COLUMN_MISORDERED && !is_apart(reading, state, event, EVENT_ACQUIRE)))
				continue;
			printf("  %-6s %-8s ", reading->state_name[state], rule->column[event]);
			if (cell->violates)
				printf("%s (clause %u)\n", kind_name(cell->kind), cell->clause);
			else if (reading->counts)
				printf("%+d\n", cell->step);
			else
				printf("-> %s\n", reading->state_name[cell->next]);
		}
}

static void
print_rule(const struct rule *rule)
{
	printf("%s (%s)\n%s\n%s\n", rule->name, rule->model, rule->summary, rule->source);
	if (rule->bugcheck)
		printf("bug check %s\n", rule->bugcheck);
	printf("\nclauses\n");
	for (unsigned i = 0; i < rule->clauses; i++) {
		struct buf text = {0};

		buf_puts(&text, rule->clause[i].text);
		printf("  %u  ", rule->clause[i].number);
		command_print_filled(&text, 5, 5);
		buf_free(&text);
	}
	print_types(rule);
	print_calls(rule);
	print_roles(rule);
	for (unsigned i = 0; i < rule->readings; i++)
		print_reading(rule, &rule->reading[i]);
}

static int
list_rules(struct arena *arena)
{
	const char **names;
	size_t count = rule_list(arena, &names);

	for (size_t i = 0; i < count; i++) {
		struct rule rule;
		struct diag diag;

		if (!rule_load(&rule, arena, names[i], &diag))
			return command_refuse(&diag);
		print_line(&rule);
	}
	return STATUS_FINE;
}

static int
run(int argc, char **argv)
{
	const char *name = NULL;
	struct arena arena = {0};
	struct rule rule;
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_rules, NULL, argc, argv, &name, &operands, &status))
		return status;
	if (!operands)
		status = list_rules(&arena);
	else if (rule_load(&rule, &arena, name, &diag))
		print_rule(&rule);
	else
		status = command_refuse(&diag);
	arena_free(&arena);
	return status;
}

const struct command command_rules = {.name = "rules",
                                      .operands = "[RULE]",
                                      .summary =
                                          "list the rules, or one rule with its calls, roles and readings",
                                      .operands_most = 1,
                                      .words = WORDS_RULE,
                                      .run = run};
