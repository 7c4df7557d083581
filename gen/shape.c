/* Shapes: verdict-preserving rewritings of a program. See shape.h for the table.
 *
 * How to read it: first the table's look-ups, then one function a rewriting, then shape_apply, which runs the
 * chosen ones in the order of their dimensions, then applicability and the ladder. A rewriting moves or re-tags nodes and
 * keeps each node's statement number, so that a finding still names its statement.
 *
 * Order matters twice: exits are rewritten before branches, since a guard of the single exit is an `if` of
 * ours and stays one; helpers come after aliases, since releases do not go through the local pointer.
 */
#include "shape.h"

#include <assert.h>
#include <string.h>

#include "prog.h"

/* the table */

static const struct shape_row rows[SHAPE_ID_COUNT] = {
#define SHAPE(id, dimension, text, step) [id] = {dimension, text, step},
	SHAPES(SHAPE)
#undef SHAPE
};

static const char *const dimension_names[SHAPE_COUNT] = {
#define DIMENSION(id, text) [id] = text,
	SHAPE_DIMENSIONS(DIMENSION)
#undef DIMENSION
};

static const char *const ladder_names[LADDER_COUNT] = {
#define STEP(id, text) [id] = text,
	LADDER(STEP)
#undef STEP
};

const char *
ladder_name(enum ladder step)
{
	return ladder_names[step];
}

const struct shape_row *
shape_row(enum shape_id id)
{
	return &rows[id];
}

const char *
shape_dimension_name(enum shape_dimension dimension)
{
	return dimension_names[dimension];
}

struct shapes
shapes_default(void)
{
	struct shapes shapes;

	for (unsigned i = SHAPE_ID_COUNT; i-- > 0;)
		shapes.choice[rows[i].dimension] = (unsigned char)i;
	return shapes;
}

static void
refuse_choice(struct diag *diag, const char *assignment, int dimension)
{
	struct buf known = {0};

	for (unsigned i = 0; i < (dimension < 0 ? (unsigned)SHAPE_COUNT : (unsigned)SHAPE_ID_COUNT); i++) {
		if (dimension < 0)
			buf_printf(&known, " %s", dimension_names[i]);
		else if (rows[i].dimension == (enum shape_dimension)dimension)
			buf_printf(&known, " %s", rows[i].name);
	}
	diag_set(diag, "--shape", 0, 0, "'%s': there is no such %s; known:%s", assignment,
	         dimension < 0 ? "dimension" : "choice", buf_string(&known));
	buf_free(&known);
}

bool
shapes_set(struct shapes *shapes, const char *assignment, struct diag *diag)
{
	size_t length = strcspn(assignment, "=");

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		if (strlen(dimension_names[d]) != length || memcmp(dimension_names[d], assignment, length))
			continue;
		for (unsigned i = 0; assignment[length] && i < SHAPE_ID_COUNT; i++)
			if (rows[i].dimension == d && !strcmp(rows[i].name, assignment + length + 1)) {
				shapes->choice[d] = (unsigned char)i;
				return true;
			}
		refuse_choice(diag, assignment, (int)d);
		return false;
	}
	refuse_choice(diag, assignment, -1);
	return false;
}

/* alias: acquires go through a local pointer, releases name the lock */

static void
alias_pointer(struct prog *prog, struct prog_node *node)
{
	for (; node; node = node->next) {
		if ((node->op == PROG_CALL || node->op == PROG_TRY) && node->lock.kind == EXPR_LOCK &&
		    prog->rule->call[node->call].event == EVENT_ACQUIRE) {
			unsigned var = prog_find_var(prog, TYPE_LOCK, node->lock.index);

			if (var == PROG_NONE)
				var = prog_var(prog, TYPE_LOCK, node->lock.index);
			node->lock = (struct prog_expr){EXPR_VAR, (uint8_t)var};
		}
		alias_pointer(prog, node->body);
		alias_pointer(prog, node->other);
	}
}

/* helper: a release becomes the call of a function that releases */

/* The helper for this release, made when first needed: one for each call, and for each lock where it takes the extension. */
static unsigned
helper_find(struct prog *prog, struct arena *arena, const struct prog_node *release)
{
	bool by_lock = prog->shapes.choice[SHAPE_HELPER] == HELPER_EXTENSION;
	uint8_t lock = by_lock ? release->lock.index : PROG_NONE;
	struct prog_function *helper;
	struct prog_node *call;

	for (unsigned i = 1; i < prog->functions; i++) {
		call = prog->function[i].body;
		call = call->op == PROG_WORK ? call->next : call;
		if (call->call == release->call && prog->function[i].lock == lock)
			return i;
	}
	if (prog->functions == PROG_FUNCTIONS)
		bug("more than %d functions", PROG_FUNCTIONS);
	helper = &prog->function[prog->functions];
	helper->lock = lock;
	call = prog_node(arena, PROG_CALL, 0);
	call->call = release->call;
	helper->body = call;
	if (by_lock) {
		helper->parameter[helper->parameters++] = TYPE_EXTENSION;
		helper->body = prog_node(arena, PROG_WORK, 0);
		helper->body->next = call;
		call->lock = release->lock;
	} else if (release->lock.kind != EXPR_NONE) {
		call->lock = (struct prog_expr){EXPR_PARAMETER, (uint8_t)helper->parameters};
		helper->parameter[helper->parameters++] = TYPE_LOCK;
	}
	if (release->handle.kind != EXPR_NONE) {
		call->handle = (struct prog_expr){EXPR_PARAMETER, (uint8_t)helper->parameters};
		helper->parameter[helper->parameters++] = TYPE_HANDLE;
	}
	if (release->irql.kind != EXPR_NONE) {
		call->irql = (struct prog_expr){EXPR_PARAMETER, (uint8_t)helper->parameters};
		helper->parameter[helper->parameters++] = TYPE_KIRQL;
	}
	return prog->functions++;
}

static void
helper_release(struct prog *prog, struct arena *arena, struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->op == PROG_CALL && prog->rule->call[node->call].event == EVENT_RELEASE) {
			unsigned helper = helper_find(prog, arena, node);
			const struct prog_function *function = &prog->function[helper];

			for (unsigned i = 0; i < function->parameters; i++)
				switch (function->parameter[i]) {
				case TYPE_EXTENSION:
					node->argument[i].kind = EXPR_EXTENSION;
					break;
				case TYPE_LOCK:
					node->argument[i] = node->lock;
					break;
				case TYPE_HANDLE:
					node->argument[i] = node->handle;
					break;
				case TYPE_KIRQL:
					node->argument[i] = node->irql;
					break;
				case TYPE_FLAG:
				case TYPE_STATUS:
					bug("a helper of a release takes no such parameter");
				}
			node->op = PROG_HELPER;
			node->function = (uint8_t)helper;
			node->lock = node->handle = node->irql = (struct prog_expr){EXPR_NONE, 0};
		}
		helper_release(prog, arena, node->body);
		helper_release(prog, arena, node->other);
	}
}

/* exit by goto: what a block does between its last branch and its return moves behind the routine's end */

struct exits {
	struct prog *prog;
	struct arena *arena;
	struct prog_node **end; /* where the next label goes */
	unsigned plain;         /* label of the exit that does nothing; 0 while there is none */
};

static bool
is_straight(const struct prog_node *node)
{
	return node->op == PROG_CALL || node->op == PROG_HELPER || node->op == PROG_WORK;
}

/* Puts `label:`, the moved nodes and a return at the end. */
static void
exit_add(struct exits *exits, unsigned label, struct prog_node *moved)
{
	struct prog_node *mark = prog_node(exits->arena, PROG_LABEL, 0);

	mark->label = (uint16_t)label;
	*exits->end = mark;
	mark->next = moved;
	for (exits->end = &mark->next; *exits->end; exits->end = &(*exits->end)->next)
		;
}

/* Rewrites the returns of one inner block. `from` trails behind: the link to the first node of the straight run that
 * leads up to the present one. */
static void
exit_block(struct exits *exits, struct prog_node **link)
{
	struct prog_node **from = link;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link, *jump, *after;

		exit_block(exits, &node->body);
		exit_block(exits, &node->other);
		if (node->op != PROG_RETURN) {
			if (!is_straight(node))
				from = &node->next;
			continue;
		}
		after = node->next;
		node->next = NULL;
		jump = prog_node(exits->arena, PROG_GOTO, 0);
		if (*from == node && exits->plain) {
			jump->label = (uint16_t)exits->plain;
		} else {
			jump->label = (uint16_t)++exits->prog->labels;
			if (*from == node)
				exits->plain = jump->label;
			exit_add(exits, jump->label, *from);
		}
		jump->next = after;
		*from = jump;
		link = from;
		from = &jump->next;
	}
}

static void
exit_goto(struct prog *prog, struct arena *arena)
{
	struct prog_node *tail = NULL, **link = &prog->function[0].body, *node;
	struct exits exits = {.prog = prog, .arena = arena, .end = &tail};

	for (node = *link; node; node = node->next) {
		exit_block(&exits, &node->body);
		exit_block(&exits, &node->other);
	}
	if (!tail)
		return;
	while (*link && ((*link)->op != PROG_RETURN || (*link)->next))
		link = &(*link)->next;
	if (!*link)
		*link = prog_node(arena, PROG_RETURN, 0);
	(*link)->next = tail;
}

/* single exit: a return becomes a failed status, and what follows it is guarded by that status */

static bool
exit_status_block(struct prog *prog, struct arena *arena, struct prog_node **link, unsigned status)
{
	bool leaves = false;

	for (; *link; link = &(*link)->next) {
		struct prog_node *node = *link;
		bool inner = exit_status_block(prog, arena, &node->body, status);

		if (exit_status_block(prog, arena, &node->other, status))
			inner = true;
		if (inner && (node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO))
			node->condition.guard = (uint8_t)status;
		if (node->op == PROG_RETURN) {
			node->op = PROG_FAIL;
			node->variable = (uint8_t)status;
			inner = true;
		}
		if (!inner)
			continue;
		leaves = true;
		if (node->next) {
			struct prog_node *guard = prog_node(arena, PROG_IF, 0);

			guard->condition.kind = CONDITION_STATUS;
			guard->condition.variable = (uint8_t)status;
			guard->body = node->next;
			node->next = guard;
		}
	}
	return leaves;
}

/* branch and loop: the same node under another spelling */

/* A break in this block, at any depth short of an inner loop, would bind to a switch around it. */
static bool
has_loose_break(const struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->op == PROG_BREAK)
			return true;
		if (node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO)
			continue;
		if (has_loose_break(node->body) || has_loose_break(node->other))
			return true;
	}
	return false;
}

static bool
can_switch(const struct prog_node *node)
{
	return node->op == PROG_IF && node->condition.kind != CONDITION_STATUS && !has_loose_break(node->body) &&
	       !has_loose_break(node->other);
}

static void
branch_switch(struct prog_node *node)
{
	for (; node; node = node->next) {
		if (can_switch(node))
			node->op = PROG_SWITCH;
		branch_switch(node->body);
		branch_switch(node->other);
	}
}

static void
loop_spell(struct prog_node *node, enum prog_op op)
{
	for (; node; node = node->next) {
		if (node->op == PROG_WHILE)
			node->op = (uint8_t)op;
		loop_spell(node->body, op);
		loop_spell(node->other, op);
	}
}

void
shape_apply(struct prog *prog, struct arena *arena)
{
	const unsigned char *choice = prog->shapes.choice;
	struct prog_node **body = &prog->function[0].body;

	if (choice[SHAPE_ALIAS] == ALIAS_POINTER)
		alias_pointer(prog, *body);
	if (choice[SHAPE_HELPER] != HELPER_NONE)
		helper_release(prog, arena, *body);
	if (choice[SHAPE_EXIT] == EXIT_GOTO)
		exit_goto(prog, arena);
	if (choice[SHAPE_EXIT] == EXIT_STATUS)
		exit_status_block(prog, arena, body, prog_var(prog, TYPE_STATUS, 0));
	if (choice[SHAPE_BRANCH] == BRANCH_SWITCH)
		branch_switch(*body);
	if (choice[SHAPE_LOOP] != LOOP_WHILE)
		loop_spell(*body, choice[SHAPE_LOOP] == LOOP_FOR ? PROG_FOR : PROG_DO);
	for (unsigned i = 0; i < prog->vars; i++)
		prog->var[i].in_request = prog->var[i].type == TYPE_FLAG && choice[SHAPE_FLAG] == FLAG_REQUEST;
}

/* applicability */

static bool
seq_has(const struct seq *seq, enum seq_op op)
{
	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->node[i].op == op)
			return true;
	return false;
}

/* A return inside a block, so that it is not the routine's end anyway. */
static bool
has_early_return(const struct seq *seq)
{
	unsigned depth = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned op = seq->node[i].op;

		depth += op == SEQ_IF || op == SEQ_TRY || op == SEQ_LOOP;
		depth -= op == SEQ_END;
		if (op == SEQ_RETURN && depth)
			return true;
	}
	return false;
}

/* Some `if` whose blocks hold no break of a loop around it. */
static bool
has_switchable(const struct seq *seq)
{
	for (uint32_t i = 0; i < seq->count; i++) {
		uint32_t end = seq->node[i].op == SEQ_IF ? seq_block_end(seq, i + 1) : 0;
		unsigned loops = 0;
		bool loose = false;

		if (!end)
			continue;
		if (seq->node[end].op == SEQ_ELSE)
			end = seq_block_end(seq, end + 1);
		for (uint32_t j = i + 1; j < end; j++) {
			const struct seq_node *node = &seq->node[j];

			if (node->op == SEQ_LOOP)
				loops++;
			if (node->op == SEQ_END && loops && j > i + 1) {
				/* Ends carry the number of what they close: a loop's leaves the loop. */
				for (uint32_t k = i + 1; k < j; k++)
					if (seq->node[k].number == node->number && seq->node[k].op == SEQ_LOOP)
						loops--;
			}
			if (node->op == SEQ_BREAK && !loops)
				loose = true;
		}
		if (!loose)
			return true;
	}
	return false;
}

bool
shape_applies(enum shape_id id, const struct seq *seq, const struct rule *rule, unsigned role,
              const struct shapes *shapes)
{
	bool acquires = seq_has(seq, SEQ_ACQ) || seq_has(seq, SEQ_TRY);
	bool named = rule->lock_type[0] && (acquires || (!rule->has_handles && seq_locks(seq)));

	(void)role;
	switch (id) {
	case PLACE_EXTENSION:
	case ALIAS_DIRECT:
	case HELPER_NONE:
	case EXIT_RETURN:
	case BRANCH_IF:
	case LOOP_WHILE:
	case FLAG_REQUEST:
		return true;
	case PLACE_GLOBAL:
		return named;
	case ALIAS_POINTER:
		return named && acquires;
	case HELPER_LOCK:
		return rule->lock_type[0] && seq_has(seq, SEQ_REL);
	case HELPER_EXTENSION:
		return seq_has(seq, SEQ_REL) && !rule->has_handles && shapes->choice[SHAPE_PLACE] == PLACE_EXTENSION;
	case EXIT_GOTO:
	case EXIT_STATUS:
		return has_early_return(seq);
	case BRANCH_SWITCH:
		return has_switchable(seq);
	case LOOP_FOR:
	case LOOP_DO:
		return seq_has(seq, SEQ_LOOP);
	case FLAG_LOCAL:
		return seq_flags(seq) != 0;
	case SHAPE_ID_COUNT:
		break;
	}
	bug("no shape %d", (int)id);
}

/* A flag that is tested more than once ties branches together. */
static bool
has_correlation(const struct seq *seq)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned flag = seq->node[i].op == SEQ_IF ? seq->node[i].flag : SEQ_UNKNOWN;

		if (flag && seen >> flag & 1)
			return true;
		seen |= flag ? 1U << flag : 0;
	}
	return false;
}

enum ladder
shape_ladder(const struct seq *seq, const struct rule *rule, const struct shapes *shapes)
{
	enum ladder step = LADDER_STRAIGHT;
	unsigned locks = seq_locks(seq);

	(void)rule;
	if (seq_has(seq, SEQ_IF) || seq_has(seq, SEQ_TRY))
		step = LADDER_BRANCHES;
	if (seq_has(seq, SEQ_LOOP))
		step = LADDER_LOOPS;
	if (locks & (locks - 1))
		step = LADDER_LOCKS;
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (rows[shapes->choice[d]].step > step)
			step = rows[shapes->choice[d]].step;
	if (step < LADDER_CONDITIONS && has_correlation(seq))
		step = LADDER_CONDITIONS;
	return step;
}
