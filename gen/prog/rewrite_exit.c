/* Rewritings of the dimension exit: how a routine is left early. See rewrite.h.
 *
 *   goto-cleanup   what a block does between its last branch and its return moves behind the routine's end
 *   goto-ladder    a return whose releases end like the routine's own jumps into those; a shared release
 *                  stands for several statements, and the number of the exit that was taken says for which
 *   single-exit    a return becomes a failed status, and what follows it is guarded by that status
 *   do-once        the routine's statements stand in do { } while (0), and a return becomes a break
 *   do-once-continue  the same, and it becomes a continue
 *   hidden-return  the return stands in a macro; hidden-goto: the goto of goto-cleanup does
 *   return-if      if (c) { return } is one macro
 *   finally, scope-cleanup   see rewrite_scope.c
 *   unreachable    behind each return stands a release that never runs
 *
 * Exits are rewritten before loops and branches, since a guard of the single exit is an `if` of ours and
 * stays one.
 */
#include "rewrite.h"

#include <assert.h>
#include <stddef.h>

static bool
is_straight(const struct prog_node *node)
{
	return node->op == PROG_CALL || node->op == PROG_HELPER || node->op == PROG_WORK;
}

/* goto-cleanup */

struct exits {
	struct prog *prog;
	struct arena *arena;
	struct prog_node **end; /* where the next label goes */
	unsigned plain;         /* label of the exit that does nothing; 0 while there is none */
};

/* Puts `label:`, the moved nodes and a return at the end. */
static void
exit_add(struct exits *exits, unsigned label, struct prog_node *moved)
{
	struct prog_node *mark = prog_jump(exits->prog, exits->arena, PROG_LABEL, LABEL_EXIT, label);

	assert(!*exits->end);
	*exits->end = mark;
	mark->next = moved;
	for (exits->end = &mark->next; *exits->end; exits->end = &(*exits->end)->next)
		;
}

/* Rewrites the returns of one inner block. `from` trails behind: the link to the first node of the straight
 * run that leads up to the present one. */
static void
exit_block(struct exits *exits, struct prog_node **link)
{
	struct prog_node **from = link;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link, *jump, *after;
		bool nothing;

		exit_block(exits, &node->body);
		if (node->op != PROG_GUARD)
			exit_block(exits, &node->other);
		if (node->op != PROG_RETURN) {
			if (!is_straight(node))
				from = &node->next;
			continue;
		}
		after = node->next;
		node->next = NULL;
		nothing = *from == node;
		jump = prog_jump(exits->prog, exits->arena, PROG_GOTO, LABEL_EXIT, nothing ? exits->plain : 0);
		if (!nothing || !exits->plain)
			exit_add(exits, jump->label, *from);
		if (nothing)
			exits->plain = jump->label;
		jump->next = after;
		*from = jump;
		link = from;
		from = &jump->next;
	}
}

static bool
exit_goto(struct prog *prog, struct arena *arena)
{
	struct prog_node *tail = NULL, **link = &prog->function[0].body, *node;
	struct exits exits = {.prog = prog, .arena = arena, .end = &tail};

	for (node = *link; node; node = node->next) {
		exit_block(&exits, &node->body);
		if (node->op != PROG_GUARD)
			exit_block(&exits, &node->other);
	}
	if (!tail)
		return false;
	while (*link && ((*link)->op != PROG_RETURN || (*link)->next))
		link = &(*link)->next;
	if (!*link && !prog_ends_in_jump(prog->function[0].body))
		*link = prog_node(arena, PROG_RETURN, 0);
	*prog_end(link) = tail;
	return true;
}

/* goto-ladder */

enum { RUNGS = 16, EXITS = 250 };

/* The routine's last releases, and what jumps into them. */
struct ladder_exits {
	struct prog *prog;
	struct arena *arena;
	unsigned rungs;
	struct prog_node **link[RUNGS + 1]; /* to each rung, and to what stands behind the last one */
	unsigned label[RUNGS + 1];          /* 0 while nothing jumps there */
	uint16_t *shared[RUNGS];            /* statements by the number of the exit */
	unsigned exits;
	bool changed;
};

/* The last run of releases of the routine's outermost block, before its return if it has one. */
static void
find_rungs(struct ladder_exits *l, struct prog_node **link)
{
	for (; *link && (*link)->op != PROG_RETURN; link = &(*link)->next) {
		if (!prog_does(l->prog, *link, EVENT_RELEASE) || l->rungs == RUNGS) {
			l->rungs = 0;
			continue;
		}
		l->link[l->rungs++] = link;
	}
	l->link[l->rungs] = link;
}

/* The rung at which a run of releases that ends with a return joins the ladder; `rungs` where it does not. */
static unsigned
find_rung(const struct ladder_exits *l, const struct prog_node *run)
{
	unsigned length = 0, rung;

	for (const struct prog_node *node = run; node->op != PROG_RETURN; node = node->next)
		length++;
	if (!length || length > l->rungs)
		return l->rungs;
	rung = l->rungs - length;
	for (unsigned i = rung; i < l->rungs; i++, run = run->next)
		if (!rewrite_same_call(*l->link[i], run))
			return l->rungs;
	return rung;
}

/* The run of releases at *from, up to its return, becomes a goto. */
static void
join_ladder(struct ladder_exits *l, struct prog_node **from, unsigned rung)
{
	struct prog_node *run = *from;
	struct prog_node *jump;

	jump = prog_jump(l->prog, l->arena, PROG_GOTO, LABEL_RELEASE, l->label[rung]);
	l->label[rung] = jump->label;
	jump->exit = (uint8_t)++l->exits;
	for (unsigned i = rung; i < l->rungs; i++, run = run->next) {
		if (!l->shared[i]) {
			l->shared[i] = arena_alloc(l->arena, (EXITS + 1) * sizeof *l->shared[i]);
			l->shared[i][0] = (*l->link[i])->statement;
		}
		l->shared[i][jump->exit] = run->statement;
	}
	*from = jump;
	l->changed = true;
}

static void
ladder_block(struct ladder_exits *l, struct prog_node **link)
{
	struct prog_node **from = link; /* the run of releases that leads up to the present node */

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;

		ladder_block(l, &node->body);
		if (node->op != PROG_GUARD)
			ladder_block(l, &node->other);
		if (node->op == PROG_RETURN && !node->next && l->exits < EXITS) {
			unsigned rung = find_rung(l, *from);

			if (rung < l->rungs) {
				join_ladder(l, from, rung);
				return;
			}
		}
		if (!prog_does(l->prog, node, EVENT_RELEASE))
			from = &node->next;
	}
}

static bool
exit_ladder(struct prog *prog, struct arena *arena)
{
	struct ladder_exits l = {.prog = prog, .arena = arena};
	struct prog_node **body = &prog->function[0].body;

	find_rungs(&l, body);
	for (struct prog_node *node = *body; l.rungs && node; node = node->next) {
		ladder_block(&l, &node->body);
		if (node->op != PROG_GUARD)
			ladder_block(&l, &node->other);
	}
	/* From the last rung upwards, since a label moves the links behind it. */
	for (unsigned i = l.rungs; i-- > 0;) {
		struct prog_node *mark;

		(*l.link[i])->shared = l.shared[i];
		if (!l.label[i])
			continue;
		mark = prog_jump(prog, arena, PROG_LABEL, LABEL_RELEASE, l.label[i]);
		mark->next = *l.link[i];
		*l.link[i] = mark;
	}
	return l.changed;
}

/* single exit */

/* Puts what stands behind a node under the condition that the status is still a success. */
static void
guard_rest(struct prog_node *node, struct arena *arena, unsigned status)
{
	struct prog_node *guard;

	if (!node->next)
		return;
	guard = prog_node(arena, PROG_IF, 0);
	guard->condition.kind = CONDITION_VAR;
	guard->condition.variable = (uint8_t)status;
	guard->body = node->next;
	node->next = guard;
}

static bool
exit_status(struct prog *prog, struct arena *arena, struct prog_node **link, unsigned status)
{
	bool leaves = false;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;
		bool inner = exit_status(prog, arena, &node->body, status);

		inner |= exit_status(prog, arena, &node->other, status);
		if (inner && prog_is_loop(node))
			node->condition.guard = (uint8_t)status;
		if (node->op == PROG_RETURN) {
			node->op = PROG_SET;
			node->variable = (uint8_t)status;
			inner = true;
		}
		if (!inner)
			continue;
		leaves = true;
		guard_rest(node, arena, status);
	}
	return leaves;
}

/* A status does not end an endless loop, which tests nothing. */
static bool
returns_from_forever(const struct prog_node *node)
{
	for (; node; node = node->next)
		if ((node->op == PROG_FOREVER && prog_has(node->body, PROG_RETURN)) ||
		    returns_from_forever(node->body) || returns_from_forever(node->other))
			return true;
	return false;
}

/* A return at the end of the outermost block is left early by nobody. */
static bool
has_early_return(const struct prog *prog)
{
	for (const struct prog_node *node = prog->function[0].body; node; node = node->next)
		if (prog_has(node->body, PROG_RETURN) || prog_has(node->other, PROG_RETURN))
			return true;
	return false;
}

/* do-once */

/* Returns that no loop or guard stands around become breaks, or continues. */
static bool
once_block(struct prog_node *node, enum prog_op jump)
{
	bool changed = false;

	for (; node; node = node->next) {
		if (node->op == PROG_RETURN) {
			node->op = (uint8_t)jump;
			changed = true;
		}
		if (prog_is_loop(node) || node->op == PROG_GUARD)
			continue;
		changed |= once_block(node->body, jump);
		changed |= once_block(node->other, jump);
	}
	return changed;
}

static bool
exit_once(struct prog *prog, struct arena *arena, enum prog_op jump)
{
	struct prog_node **body = &prog->function[0].body, *once = prog_node(arena, PROG_ONCE, 0);
	bool changed = false;

	for (struct prog_node *node = *body; node; node = node->next) {
		if (prog_is_loop(node) || node->op == PROG_GUARD)
			continue;
		changed |= once_block(node->body, jump);
		changed |= once_block(node->other, jump);
	}
	if (!changed)
		return false;
	once->body = *body;
	*body = once;
	return true;
}

/* unreachable */

static bool
unreachable_block(const struct prog *prog, struct arena *arena, struct prog_node *node)
{
	bool changed = false;

	for (; node; node = node->next) {
		changed |= unreachable_block(prog, arena, node->body);
		if (node->op != PROG_GUARD)
			changed |= unreachable_block(prog, arena, node->other);
		if (node->op != PROG_RETURN)
			continue;
		node->next = rewrite_copy_release(prog, arena);
		if (!node->next)
			node->next = prog_node(arena, PROG_WORK, 0);
		return true;
	}
	return changed;
}

static bool
exit_unreachable(const struct prog *prog, struct arena *arena)
{
	bool changed = false;

	for (struct prog_node *node = prog->function[0].body; node; node = node->next) {
		changed |= unreachable_block(prog, arena, node->body);
		changed |= unreachable_block(prog, arena, node->other);
	}
	return changed;
}

/* macros */

/* Jumps of one kind are hidden, whatever stands around them. */
static bool
hide_block(struct prog_node *node, enum prog_op op)
{
	bool changed = false;

	for (; node; node = node->next) {
		node->hidden = node->op == op;
		changed |= node->hidden;
		changed |= hide_block(node->body, op);
		changed |= hide_block(node->other, op);
	}
	return changed;
}

static bool
exit_hidden(struct prog *prog)
{
	bool changed = false;

	for (struct prog_node *node = prog->function[0].body; node; node = node->next) {
		changed |= hide_block(node->body, PROG_RETURN);
		changed |= hide_block(node->other, PROG_RETURN);
	}
	return changed;
}

static bool
exit_hidden_goto(struct prog *prog, struct arena *arena)
{
	return exit_goto(prog, arena) && hide_block(prog->function[0].body, PROG_GOTO);
}

static bool
exit_return_if(struct prog_node *node)
{
	bool changed = false;

	for (; node; node = node->next) {
		if (node->op == PROG_IF && !node->other && node->body && node->body->op == PROG_RETURN &&
		    node->condition.told != RESULT_BLOCK) {
			node->spelling = SPELL_RETURN_IF;
			changed = true;
		}
		changed |= exit_return_if(node->body);
		changed |= exit_return_if(node->other);
	}
	return changed;
}

bool
rewrite_exit(struct prog *prog)
{
	struct arena *arena = prog->arena;

	switch (prog->shapes.choice[SHAPE_EXIT]) {
	case EXIT_GOTO:
		return exit_goto(prog, arena);
	case EXIT_LADDER:
		return exit_ladder(prog, arena);
	case EXIT_STATUS:
		return has_early_return(prog) && !returns_from_forever(prog->function[0].body) &&
		       exit_status(prog, arena, &prog->function[0].body, prog_var(prog, TYPE_STATUS, 0));
	case EXIT_ONCE:
		return exit_once(prog, arena, PROG_BREAK);
	case EXIT_ONCE_CONTINUE:
		return exit_once(prog, arena, PROG_CONTINUE);
	case EXIT_HIDDEN:
		return exit_hidden(prog);
	case EXIT_HIDDEN_GOTO:
		return exit_hidden_goto(prog, arena);
	case EXIT_RETURN_IF:
		return exit_return_if(prog->function[0].body);
	case EXIT_FINALLY:
		return rewrite_finally(prog);
	case EXIT_CLEANUP:
		return rewrite_cleanup(prog);
	case EXIT_UNREACHABLE:
		return exit_unreachable(prog, arena);
	default:
		return false;
	}
}
