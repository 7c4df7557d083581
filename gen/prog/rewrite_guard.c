/* Rewritings of the dimension helper that are a macro around a block. See rewrite.h.
 *
 * The macro is a `for` that runs once: it takes the lock before its block and gives it back behind it.
 * A break of the block passes by the release, a continue leads to it, and a return leaves the routine.
 */
#include "rewrite.h"

#include <stddef.h>

#include "helping.h"

#include "bits.h"

struct guarding {
	struct prog *prog;
	struct arena *arena;
	uint16_t *shared; /* of the present guard's release */
	unsigned exits;   /* of its block so far */
	bool changed;
};

/* Whether the exit shape leaves returns where they are. */
static bool
returns_stay(const struct prog *prog)
{
	unsigned exit = prog->shapes.choice[SHAPE_EXIT];

	return exit != EXIT_STATUS && exit != EXIT_ONCE && exit != EXIT_ONCE_CONTINUE;
}

/* The link to the release that closes a guard begun by this acquire, or NULL. Nothing between may jump to a
 * place that the guard's own loop would change: a break or continue of a loop outside, or a return that
 * becomes something else. */
static struct prog_node **
find_close(const struct prog *prog, struct prog_node *acquire)
{
	if (prog->rule->call[acquire->call].event != EVENT_ACQUIRE)
		return NULL;
	for (struct prog_node **link = &acquire->next; *link; link = &(*link)->next) {
		struct prog_node *node = *link, alone = *node;

		if (helping_is_pair(prog, acquire, node))
			return node == acquire->next ? NULL : link;
		alone.next = NULL;
		if (prog_is_jump(node) || prog_has_break(&alone) || prog_has_continue(&alone) ||
		    (!returns_stay(prog) && prog_has(&alone, PROG_RETURN)))
			return NULL;
	}
	return NULL;
}

/* How often a block, and what is in it, looks at a flag. */
static unsigned
count_reads(const struct prog_node *node, unsigned variable)
{
	unsigned count = 0;

	for (; node; node = node->next) {
		count += node->condition.kind == CONDITION_FLAG && node->condition.variable == variable;
		count += count_reads(node->body, variable) + count_reads(node->other, variable);
	}
	return count;
}

/* Bit set of the variables that a block sets. */
static unsigned
find_sets(const struct prog_node *node)
{
	unsigned sets = 0;

	for (; node; node = node->next) {
		if ((node->op == PROG_SET || node->op == PROG_ASSIGN || node->op == PROG_TAKE) &&
		    node->variable != PROG_NONE)
			sets |= 1U << node->variable;
		sets |= find_sets(node->body) | find_sets(node->other);
	}
	return sets;
}

/* The guard is a loop that runs once, which compilers do not know: a flag that it sets, and that is read
 * behind it, needs a value before. */
static void
give_values(struct prog *prog, const struct prog_node *guard)
{
	bits_each (variable, find_sets(guard->body)) {
		unsigned inside = count_reads(guard->body, variable);

		if (prog->var[variable].type == TYPE_FLAG && count_reads(prog->function[0].body, variable) > inside)
			prog->fresh &= ~(1U << prog->var[variable].index);
	}
}

static void
make_guard(struct guarding *g, struct prog_node *acquire, struct prog_node **close)
{
	struct prog_node *release = *close, *after = release->next;

	*close = NULL;
	release->next = NULL;
	acquire->op = PROG_GUARD;
	acquire->body = acquire->next;
	acquire->other = release;
	acquire->next = after;
	give_values(g->prog, acquire);
	g->changed = true;
}

static void
guard_block(struct guarding *g, struct prog_node *node)
{
	for (; node; node = node->next) {
		struct prog_node **close = node->op == PROG_CALL ? find_close(g->prog, node) : NULL;

		if (close) {
			make_guard(g, node, close);
			continue; /* one in another would hide its variable */
		}
		guard_block(g, node->body);
		if (node->op != PROG_GUARD)
			guard_block(g, node->other);
	}
}

/* Guards that are left: a jump out of the block leads to what comes behind the guard, so that a break of the
 * guard does the same, and a continue does where the jump stands behind a copy of the release:
 *
 *   acq a; if ? { return }; rel a            WITH_LOCK(a) { if (?) { break; } }
 *   acq a; if ? { rel a; return }; rel a     WITH_LOCK(a) { if (?) { continue; } }
 */

enum { GUARD_EXITS = 250 };

/* The jump that control meets behind a node at once: by itself or at the end of the block, where that is a
 * jump as good as `end`; PROG_LABEL: none. */
static unsigned
jump_behind(const struct prog_node *node, unsigned end)
{
	if (!node->next)
		return end;
	return prog_is_jump(node->next) && node->next->op != PROG_STOP ? node->next->op : (unsigned)PROG_LABEL;
}

/* Whether a guard around the nodes up to `close` keeps what their jumps do, if those like `jump` become its
 * own; counts these. */
static bool
can_leave(const struct prog_node *node, const struct prog_node *close, unsigned jump, bool returns_stay,
          unsigned *found)
{
	for (; node != close; node = node->next) {
		bool own = prog_is_left_by_break(node);

		*found += node->op == jump;
		if (node->op != jump && (node->op == PROG_BREAK || node->op == PROG_CONTINUE ||
		                         (node->op == PROG_RETURN && !returns_stay)))
			return false;
		if (own && !returns_stay && prog_has(node->body, PROG_RETURN))
			return false;
		if (!own && (!can_leave(node->body, NULL, jump, returns_stay, found) ||
		             !can_leave(node->other, NULL, jump, returns_stay, found)))
			return false;
	}
	return true;
}

/* As find_close, and at least one jump is the guard's. */
static struct prog_node **
find_left_close(const struct prog *prog, struct prog_node *acquire, unsigned end, unsigned *jump)
{
	unsigned found = 0;

	if (prog->rule->call[acquire->call].event != EVENT_ACQUIRE)
		return NULL;
	for (struct prog_node **link = &acquire->next; *link; link = &(*link)->next) {
		if (prog_is_jump(*link))
			return NULL;
		if (!helping_is_pair(prog, acquire, *link))
			continue;
		*jump = jump_behind(*link, end);
		return can_leave(acquire->next, *link, *jump, returns_stay(prog), &found) && found ? link : NULL;
	}
	return NULL;
}

/* The guard's release stands for the one before the jump, too. */
static void
share_release(struct guarding *g, struct prog_node *release, const struct prog_node *copy,
              struct prog_node *jump)
{
	uint16_t *shared = g->shared;

	if (!release->shared) {
		shared = g->shared = arena_alloc(g->arena, (GUARD_EXITS + 1) * sizeof *shared);
		shared[0] = release->statement;
		release->shared = shared;
		g->exits = 0;
	}
	jump->exit = (uint8_t)++g->exits;
	shared[jump->exit] = copy->statement;
}

static void
leave_block(struct guarding *g, struct prog_node **link, struct prog_node *release, unsigned jump)
{
	struct prog_node **before = NULL; /* the link to the node before */

	for (; *link; before = link, link = &(*link)->next) {
		struct prog_node *node = *link;

		if (!prog_is_left_by_break(node)) {
			leave_block(g, &node->body, release, jump);
			leave_block(g, &node->other, release, jump);
		}
		if (node->op != jump)
			continue;
		node->op = PROG_BREAK;
		if (!before || !rewrite_same_call(*before, release) || g->exits == GUARD_EXITS)
			continue;
		node->op = PROG_CONTINUE;
		share_release(g, release, *before, node);
		*before = node;
		link = before;
		before = NULL;
	}
}

/* `end`: the jump that the block's end is as good as. */
static void
guard_left_block(struct guarding *g, struct prog_node *node, unsigned end)
{
	for (; node; node = node->next) {
		bool loops = prog_is_loop(node);
		unsigned jump, inner = loops ? (unsigned)PROG_CONTINUE : jump_behind(node, end);
		struct prog_node **close = node->op == PROG_CALL ? find_left_close(g->prog, node, end, &jump) : NULL;

		if (close) {
			make_guard(g, node, close);
			g->exits = 0;
			leave_block(g, &node->body, node->other, jump);
			continue;
		}
		guard_left_block(g, node->body, inner);
		guard_left_block(g, node->other, inner);
	}
}

bool
rewrite_guard(struct prog *prog)
{
	struct guarding g = {.prog = prog, .arena = prog->arena};

	if (prog->shapes.choice[SHAPE_HELPER] == HELPER_GUARD)
		guard_block(&g, prog->function[0].body);
	else
		guard_left_block(&g, prog->function[0].body, PROG_RETURN);
	return g.changed;
}
