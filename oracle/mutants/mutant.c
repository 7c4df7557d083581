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
	mutants_rule, mutants_branch,   mutants_loop,  mutants_exit,   mutants_helper, mutants_condition,
	mutants_lock, mutants_spelling, mutants_state, mutants_result, mutants_stop,
};

enum { THEMES = sizeof themes / sizeof *themes };

static bool mutate(struct mutation *m, const struct mutant *mutant, const struct prog *prog);
static enum outcome judge(struct walk *walk, const struct mutant *mutant, const struct mutation *m,
                          unsigned cap);

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
	return mutant;
}

enum outcome
mutant_judge(struct walk *walk, const struct mutant *mutant, const struct prog *prog, unsigned cap,
             struct arena *arena)
{
	struct prog copy;
	struct mutation m = {.prog = &copy, .arena = arena, .parameter = mutant->parameter};

	mutate(&m, mutant, prog);
	return judge(walk, mutant, &m, cap);
}

static bool
is_same_block(const struct prog_node *one, const struct prog_node *two)
{
	for (; one && two; one = one->next, two = two->next) {
		struct prog_node alike = *one;

		alike.next = two->next;
		alike.body = two->body;
		alike.other = two->other;
		if (memcmp(&alike, two, sizeof alike) || !is_same_block(one->body, two->body) ||
		    !is_same_block(one->other, two->other))
			return false;
	}
	return one == two;
}

/* Whether a copy still is what it was copied from. Where bytes between fields differ, it says no. */
static bool
is_same(const struct prog *copy, const struct prog *prog)
{
	struct prog alike = *copy;

	alike.clean = prog->clean;
	for (unsigned i = 0; i < copy->functions; i++) {
		if (!is_same_block(copy->function[i].body, prog->function[i].body))
			return false;
		alike.function[i].body = prog->function[i].body;
	}
	return !memcmp(&alike, prog, sizeof alike);
}

/* Copies the program and rewrites the copy as the mutant does. False when it finds nothing to rewrite, and
 * its walk is a right one: then it answers as a right checker does. */
static bool
mutate(struct mutation *m, const struct mutant *mutant, const struct prog *prog)
{
	struct prog *copy = m->prog;

	mutation_copy(copy, prog, m->arena);
	copy->clean = false; /* the IRQL is no concern of theirs */
	if (mutant->rule) {
		struct rule *rule = arena_alloc(m->arena, sizeof *rule);

		*rule = *prog->rule;
		mutant->rule(rule, prog->role);
		copy->rule = rule;
	}
	if (mutant->program)
		mutant->program(m);
	if (mutant->node)
		mutation_each(m, mutant->node);
	if (mutant->join == JOIN_NEVER && !mutant->states && is_same(copy, prog))
		return false;
	mutation_mend(m);
	mutation_aim(m);
	mutation_note_locks(m);
	return true;
}

static enum outcome
judge(struct walk *walk, const struct mutant *mutant, const struct mutation *m, unsigned cap)
{
	struct walk_result result;

	mutation_walk(walk, mutant, m->prog, cap, m->arena, &result);
	return result.verdict.outcome;
}

void
mutant_each(struct walk *walk, const struct suite_case *of,
            void (*visit)(void *context, unsigned index, enum outcome answer), void *context)
{
	unsigned cap = seq_cap(&of->seq, of->rule, of->role) * (RULE_LOCKS + 1);
	struct arena program = {0}, scratch = {0};
	const struct mutant sound = {0}, *mutant;
	enum outcome right;
	struct prog prog, copy;

	prog_make(&prog, &program, of->rule, of->role, &of->seq, &of->shapes);
	right = mutant_judge(walk, &sound, &prog, cap, &scratch);
	for (unsigned i = 0; (mutant = mutant_row(i)); i++) {
		struct mutation m = {.prog = &copy, .arena = &scratch, .parameter = mutant->parameter};
		enum outcome answer = mutate(&m, mutant, &prog) ? judge(walk, mutant, &m, cap) : right;

		if (answer != OUTCOME_UNDECIDED)
			visit(context, i, answer);
		arena_reset(&scratch);
	}
	arena_free(&program);
	arena_free(&scratch);
}
