/* mutant: the table of all mutants, and how one of them judges. See mutant.h.
 *
 * A mutant works on copies of the program and the rule, so it cannot spoil what the next one sees. The rows
 * are in the other files of this directory: rule.c rewrites the automaton, the others the program.
 */
#include "mutant.h"

#include <string.h>

#include "make.h"
#include "mutation.h"

static const struct mutant *const themes[] = {
	mutants_rule, mutants_branch, mutants_loop, mutants_exit, mutants_helper, mutants_condition, mutants_lock,
};

enum { THEMES = sizeof themes / sizeof *themes };

const struct mutant *
mutant_row(unsigned index)
{
	for (unsigned i = 0; i < THEMES; i++)
		for (const struct mutant *mutant = themes[i]; mutant->name; mutant++)
			if (!index--)
				return mutant;
	return NULL;
}

unsigned
mutant_count(void)
{
	unsigned count = 0;

	while (mutant_row(count))
		count++;
	return count;
}

const struct mutant *
mutant_find(const char *name)
{
	const struct mutant *mutant;

	for (unsigned i = 0; (mutant = mutant_row(i)) && strcmp(mutant->name, name);)
		i++;
	for (unsigned i = 0; !mutant && mutants_state[i].name; i++)
		if (!strcmp(mutants_state[i].name, name))
			mutant = &mutants_state[i];
	return mutant;
}

const struct mutant *
mutant_of_state(unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (!mutants_state[i].name)
			return NULL;
	return mutants_state[index].name ? &mutants_state[index] : NULL;
}

enum outcome
mutant_judge(struct walk *walk, const struct mutant *mutant, const struct prog *prog, unsigned cap,
             struct arena *arena)
{
	struct prog copy;
	struct mutation m = {.prog = &copy, .arena = arena, .parameter = mutant->parameter};
	struct walk_result result;

	mutation_copy(&copy, prog, arena);
	copy.clean = false; /* the IRQL is no concern of theirs */
	if (mutant->rule) {
		struct rule *rule = arena_alloc(arena, sizeof *rule);

		*rule = *prog->rule;
		mutant->rule(rule, prog->role);
		copy.rule = rule;
	}
	if (mutant->program)
		mutant->program(&m);
	if (mutant->node)
		mutation_each(&m, mutant->node);
	mutation_mend(&m);
	mutation_note_locks(&m);
	mutation_walk(walk, mutant, &copy, cap, arena, &result);
	return result.verdict.outcome;
}

void
mutant_each(struct walk *walk, const struct suite_case *of,
            void (*visit)(void *context, unsigned index, enum outcome answer), void *context)
{
	unsigned cap = seq_cap(&of->seq, of->rule, of->role) * (RULE_LOCKS + 1);
	struct arena program = {0}, scratch = {0};
	struct prog prog;

	prog_make(&prog, &program, of->rule, of->role, &of->seq, &of->shapes);
	for (unsigned i = 0; i < mutant_count(); i++) {
		enum outcome answer = mutant_judge(walk, mutant_row(i), &prog, cap, &scratch);

		if (answer != OUTCOME_UNDECIDED)
			visit(context, i, answer);
		arena_reset(&scratch);
	}
	arena_free(&program);
	arena_free(&scratch);
}
