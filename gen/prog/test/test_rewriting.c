/* Rewritings of drawn sequences by drawn shapes: they keep every event, and each jump leads where it did. */
#include "random.h"
#include "shape_fixture.h"
#include "space.h"

TestSuite(rewriting, .fini = end);

/* One draw of a sequence of up to so many statements and of shapes, whether or not they fit. */
static bool
draw_subject(struct random *random, const struct rule *const *rules, unsigned count, struct subject *of,
             struct shapes *shapes)
{
	struct space space;

	of->rule = rules[random_below(random, count)];
	of->role = random_below(random, of->rule->roles);
	if (!space_init(&space, of->rule, of->role, SPACE_PLAIN, 1 + random_below(random, 9), 2))
		return false;
	space_unrank(&space, random_next(random) % space_count(&space));
	of->seq = space.seq;
	of->seq.node = arena_alloc(&arena, (space.seq.count + 1) * sizeof *space.seq.node);
	memcpy(of->seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
	space_free(&space);
	for (unsigned i = 0; i < SHAPE_COUNT * 4; i++) {
		enum shape_id id = (enum shape_id)random_below(random, SHAPE_ID_COUNT);

		*choice_of(shapes, id) = (unsigned char)id;
	}
	return true;
}

/* Operations of the sequence by number of the statement. */
static const unsigned char *
operations(const struct seq *seq)
{
	unsigned char *op = arena_alloc(&arena, seq->size + 1);

	for (uint32_t i = seq->count; i-- > 0;)
		op[seq->node[i].number] = seq->node[i].op;
	return op;
}

/* Whether a break that stands for operation `op` may leave `around`, or a continue repeat it. */
static bool
jump_may(enum prog_op jump, unsigned op, const struct prog_node *around, const struct shapes *shapes)
{
	unsigned exit = shapes->choice[SHAPE_EXIT];
	bool leaves = jump == PROG_BREAK;

	if (!around || (!leaves && around->op == PROG_REPEAT))
		return false;
	if (around->op == PROG_GUARD) /* a jump of any kind, if that leads where it did */
		return shapes->choice[SHAPE_HELPER] == HELPER_GUARD_LEFT;
	if (op == SEQ_RETURN)
		return around->op == PROG_ONCE && exit == (leaves ? EXIT_ONCE : EXIT_ONCE_CONTINUE);
	if (around->op == PROG_ONCE)
		return !leaves && op == SEQ_CONTINUE && shapes->choice[SHAPE_LOOP] == LOOP_ONCE;
	return prog_is_loop(around);
}

/* `around` is what a break here would leave, `again` what a continue would repeat; NULL for none. Returns how
 * many of the sequence's breaks and continues were found. */
static unsigned
check_jumps(const struct prog_node *node, const unsigned char *op, const struct prog_node *around,
            const struct prog_node *again, const struct shapes *shapes)
{
	unsigned found = 0;

	for (; node; node = node->next) {
		bool holds = prog_is_loop(node) || node->op == PROG_ONCE || node->op == PROG_GUARD;

		if (node->op == PROG_BREAK || node->op == PROG_CONTINUE) {
			const struct prog_node *target = node->op == PROG_BREAK ? around : again;
			unsigned was = op[node->statement];

			cr_assert(jump_may((enum prog_op)node->op, was, target, shapes),
			          "statement %u, once operation %u: jump %d lands in operation %d", node->statement, was,
			          node->op, target ? target->op : -1);
			found += was == SEQ_CONTINUE || (was == SEQ_BREAK && node->op == PROG_BREAK);
		}
		found += check_jumps(node->body, op, holds || node->op == PROG_SWITCH ? node : around,
		                     holds ? node : again, shapes);
		if (node->op != PROG_GUARD)
			found += check_jumps(node->other, op, node->op == PROG_SWITCH ? node : around, again, shapes);
	}
	return found;
}

Test(rewriting, a_break_or_continue_never_lands_in_a_switch_a_do_once_or_a_guard)
{
	enum { CASES = 5000 };
	static const char *const names[] = {"SpinlockRelease", QUEUED, "WdfSpinlockRelease"};
	const struct rule *rules[3];
	struct random random = {5};
	unsigned found = 0;

	for (unsigned i = 0; i < CASES; i++) {
		struct shapes shapes = shapes_default();
		struct subject of;
		struct prog prog;

		if (i % 100 == 0) {
			arena_reset(&arena);
			for (unsigned j = 0; j < 3; j++)
				rules[j] = load(names[j]);
		}
		if (!draw_subject(&random, rules, 3, &of, &shapes))
			continue;
		prog_make(&prog, &arena, of.rule, of.role, &of.seq, &shapes);
		for (unsigned j = 0; j < prog.functions; j++)
			found += check_jumps(prog.function[j].body, operations(&of.seq), NULL, NULL, &prog.shapes);
		check_kept(&of, &shapes, "drawn");
	}
	cr_assert_gt(found, CASES / 20, "only %u jumps were looked at", found);
}
