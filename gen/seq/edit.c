/* Edits: one change to a sequence. See edit.h.
 *
 * Each edit copies the nodes, changes a place, and leaves the rest to seq_finish, which numbers the
 * statements anew and refuses what no case may have: an empty block, or statements behind a jump in the same
 * block.
 */
#include "edit.h"

#include <assert.h>
#include <string.h>

const char *
edit_name(enum edit edit)
{
	static const char *const names[EDIT_COUNT] = {
#define EDIT(id, text) [id] = text,
		EDITS(EDIT)
#undef EDIT
	};

	return names[edit];
}

bool
edit_keeps_calls(enum edit edit)
{
	return edit != EDIT_DROP_RELEASE && edit != EDIT_DROP_ACQUIRE && edit != EDIT_ADD_RELEASE &&
	       edit != EDIT_ADD_ACQUIRE && edit != EDIT_DROP_EVENT && edit != EDIT_ADD_EVENT;
}

bool
edit_needs_own(enum edit edit)
{
	return edit >= EDIT_DROP_EVENT;
}

static void
insert(struct seq *seq, uint32_t at, struct seq_node node)
{
	assert(at <= seq->count);
	memmove(&seq->node[at + 1], &seq->node[at], (seq->count - at) * sizeof *seq->node);
	seq->node[at] = node;
	seq->count++;
}

static void
take_out(struct seq *seq, uint32_t at)
{
	assert(at < seq->count);
	seq->count--;
	memmove(&seq->node[at], &seq->node[at + 1], (seq->count - at) * sizeof *seq->node);
}

/* An acquire or release that goes through a queue handle, where the rule has them. */
static bool
has_handle(const struct seq_node *node)
{
	return node->op == SEQ_ACQ || node->op == SEQ_REL;
}

/* What can stand elsewhere. */
static bool
is_event(const struct seq_node *node)
{
	return has_handle(node) || seq_is_own(node->op);
}

/* Whether two nodes are alike but for their places. */
static bool
same_event(const struct seq_node *one, const struct seq_node *two)
{
	return one->op == two->op && one->lock == two->lock && one->handle == two->handle &&
	       one->api == two->api && one->event == two->event;
}

/* Puts the node behind the block it stands in, or, with `in`, at the start of the block that follows it. */
static bool
move(struct seq *seq, uint32_t at, bool in)
{
	struct seq_node moved = seq->node[at];
	uint32_t to = in ? at + 1 : seq_block_end(seq, at);

	if (!is_event(&moved) || to >= seq->count)
		return false;
	if (in && !seq_opens(seq->node[to].op))
		return false;
	if (!in && seq->node[to].op == SEQ_ELSE)
		to = seq_block_end(seq, to + 1);
	take_out(seq, at);
	insert(seq, to, moved); /* everything moved up by one, so this is behind the opening or closing node */
	return true;
}

/* Bit set of the handles that are named. */
static unsigned
handles_named(const struct seq *seq)
{
	unsigned named = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (has_handle(&seq->node[i]))
			named |= 1U << seq->node[i].handle;
	return named;
}

/* An acquire that was added goes through a queue handle that is not named yet; false where all are. */
static bool
own_handle(struct seq_node *node, const struct seq *seq, const struct rule *rule)
{
	unsigned named = handles_named(seq), handle = 0;

	if (!rule->has_handles)
		return true;
	while (named >> handle & 1)
		handle++;
	node->handle = (uint8_t)handle;
	return handle < rule->locks;
}

/* An acquire takes, or a release gives back, another lock of its type that the sequence names: one of another
 * type has other calls. A release through a queue handle names no lock, and an acquire keeps its handle. */
static bool
change_lock(struct seq_node *node, const struct seq *seq, const struct rule *rule)
{
	unsigned used = seq_locks_named(seq, rule);

	if (!is_event(node) || node->op == SEQ_OCCUR || rule->locks < 2 ||
	    (rule->has_handles && node->op == SEQ_REL))
		return false;
	for (unsigned i = 1; i < rule->locks; i++) {
		unsigned lock = (node->lock + i) % rule->locks;

		if (used >> lock & 1 && rule->type_of[lock] == rule->type_of[node->lock]) {
			node->lock = (uint8_t)lock;
			if (!rule->has_handles || node->op == SEQ_EVENT)
				node->handle = node->lock;
			return true;
		}
	}
	return false;
}

/* A release names another handle that the sequence names anyway, so that their number does not tell. */
static bool
change_handle(struct seq_node *node, const struct seq *seq, const struct rule *rule)
{
	unsigned named = handles_named(seq);

	if (node->op != SEQ_REL || !rule->has_handles)
		return false;
	for (unsigned i = 1; i < rule->locks; i++) {
		unsigned handle = (node->handle + i) % rule->locks;

		if (named >> handle & 1) {
			node->lock = node->handle = (uint8_t)handle;
			return true;
		}
	}
	return false;
}

/* Puts a jump at the end of the block that node `at` closes; a break or continue only inside a loop, in a
 * block that is not the loop's own. */
static bool
add_jump(struct seq *seq, uint32_t at, enum seq_op op)
{
	unsigned stack[SEQ_MAX_DEPTH + 1], depth = 0, loops = 0;

	if (!seq_closes(seq->node[at].op) || seq_jumps(seq->node[at - 1].op))
		return false;
	for (uint32_t i = 0; i < at; i++) {
		if (seq_opens(seq->node[i].op)) {
			stack[depth++] = seq->node[i].op;
			loops += seq_repeats(seq->node[i].op);
		} else if (seq->node[i].op == SEQ_END) {
			loops -= seq_repeats(stack[--depth]);
		}
	}
	if (op != SEQ_RETURN && (!loops || seq_repeats(stack[depth - 1])))
		return false;
	insert(seq, at, (struct seq_node){.op = (uint8_t)op});
	return true;
}

static bool
change_flag(struct seq_node *node, const struct seq *seq)
{
	unsigned used = seq_flags(seq);

	if (node->op != SEQ_IF || node->flag == SEQ_UNKNOWN)
		return false;
	for (unsigned i = 1; i < SEQ_FLAGS; i++) {
		unsigned flag = (node->flag - 1U + i) % SEQ_FLAGS;

		if (used >> flag & 1) {
			node->flag = (uint8_t)(flag + 1);
			return true;
		}
	}
	return false;
}

/* A flag becomes the opposite of what it became. */
static bool
change_value(struct seq_node *node)
{
	if (node->op != SEQ_SET || node->value == SEQ_VALUE_UNKNOWN)
		return false;
	if (node->value == SEQ_VALUE_FLAG)
		node->negated ^= 1;
	else
		node->value = node->value == SEQ_VALUE_0 ? SEQ_VALUE_1 : SEQ_VALUE_0;
	return node->value != SEQ_VALUE_FLAG || node->source != node->flag;
}

/* Nobody looks whether a try succeeded: its first block goes on from there, and there is no other. */
static bool
forget_result(struct seq *seq, uint32_t at)
{
	uint32_t close, end;

	if (seq->node[at].op != SEQ_TRY)
		return false;
	close = seq_block_end(seq, at + 1);
	end = seq_behind(seq, at) - 1;
	for (uint32_t i = close; i < end; i++)
		if (seq_has_use(seq->node[i].op))
			return false; /* both twins have the same calls */
	memmove(&seq->node[close], &seq->node[end + 1], (seq->count - end - 1) * sizeof *seq->node);
	seq->count -= end + 1 - close;
	seq->node[at].op = SEQ_TAKE;
	return true;
}

/* A stop becomes something that does not stop: a call, or a return. */
static bool
change_stop(struct seq_node *node, enum seq_op op)
{
	bool stops = node->op == SEQ_STOP;

	node->op = (uint8_t)op;
	return stops;
}

/* A break that stands alone in its block leaves a call there. */
static bool
drop_break(struct seq *seq, uint32_t at)
{
	if (seq->node[at].op != SEQ_BREAK)
		return false;
	if (seq_opens(seq->node[at - 1].op) || seq->node[at - 1].op == SEQ_ELSE)
		seq->node[at].op = SEQ_WORK;
	else
		take_out(seq, at);
	return true;
}

/* An event of the rule's own becomes the next that names a lock, or none, as it does, and that a lock of this
 * type has. */
static bool
change_own(struct seq_node *node, const struct rule *rule)
{
	if (!seq_is_own(node->op))
		return false;
	for (unsigned i = 1; i < rule->events; i++) {
		unsigned event = (node->event + i) % rule->events;
		bool names = node->op == SEQ_EVENT;
		unsigned type = names ? rule->type_of[node->lock] : 0;

		if (rule->event[event].names_lock == names && rule->event[event].call[type] != RULE_CALLS) {
			node->event = (uint8_t)event;
			node->api = 0;
			return true;
		}
	}
	return false;
}

static bool
edit_place(struct seq *seq, const struct rule *rule, enum edit edit, uint32_t at)
{
	struct seq_node *node = &seq->node[at], copy = *node;

	switch (edit) {
	case EDIT_DROP_RELEASE:
	case EDIT_DROP_ACQUIRE:
		take_out(seq, at);
		return copy.op == (edit == EDIT_DROP_RELEASE ? SEQ_REL : SEQ_ACQ);
	case EDIT_ADD_RELEASE:
	case EDIT_ADD_ACQUIRE:
		insert(seq, at + 1, copy);
		if (edit == EDIT_ADD_ACQUIRE && !own_handle(&seq->node[at + 1], seq, rule))
			return false;
		return copy.op == (edit == EDIT_ADD_RELEASE ? SEQ_REL : SEQ_ACQ);
	case EDIT_SWAP:
		if (at + 1 >= seq->count || !is_event(node) || seq_closes(node[1].op) || seq_opens(node[1].op) ||
		    seq_jumps(node[1].op))
			return false;
		node[0] = node[1];
		node[1] = copy;
		return !same_event(&node[0], &node[1]);
	case EDIT_MOVE_OUT:
		return move(seq, at, false);
	case EDIT_MOVE_IN:
		return move(seq, at, true);
	case EDIT_WRONG_LOCK:
		return change_lock(node, seq, rule);
	case EDIT_WRONG_HANDLE:
		return change_handle(node, seq, rule);
	case EDIT_EARLY_RETURN:
		return add_jump(seq, at, SEQ_RETURN);
	case EDIT_CONTINUE:
		return add_jump(seq, at, SEQ_CONTINUE);
	case EDIT_BREAK:
		return add_jump(seq, at, SEQ_BREAK);
	case EDIT_NEGATE:
		node->negated ^= 1;
		return copy.op == SEQ_IF && copy.flag != SEQ_UNKNOWN;
	case EDIT_OTHER_FLAG:
		return change_flag(node, seq);
	case EDIT_FORGET_FLAG:
		node->flag = SEQ_UNKNOWN;
		node->negated = 0;
		return copy.op == SEQ_IF && copy.flag != SEQ_UNKNOWN;
	case EDIT_DROP_EVENT:
		take_out(seq, at);
		return seq_is_own(copy.op);
	case EDIT_ADD_EVENT:
		insert(seq, at + 1, copy);
		return seq_is_own(copy.op);
	case EDIT_OTHER_EVENT:
		return change_own(node, rule);
	case EDIT_DROP_SET:
		take_out(seq, at);
		return copy.op == SEQ_SET;
	case EDIT_WRONG_VALUE:
		return change_value(node);
	case EDIT_IGNORE:
		return forget_result(seq, at);
	case EDIT_STOP_RETURN:
		return change_stop(node, SEQ_RETURN);
	case EDIT_STOP_CALL:
		return change_stop(node, SEQ_WORK);
	case EDIT_DROP_BREAK:
		return drop_break(seq, at);
	case EDIT_COUNT:
		break;
	}
	bug("no edit %d", (int)edit);
}

bool
edit_make(struct seq *edited, struct arena *arena, const struct seq *seq, const struct rule *rule,
          enum edit edit, unsigned at)
{
	if (at >= seq->count)
		return false;
	edited->node = arena_alloc(arena, (seq->count + 1U) * sizeof *edited->node);
	memcpy(edited->node, seq->node, seq->count * sizeof *edited->node);
	edited->count = seq->count;
	return edit_place(edited, rule, edit, at) && seq_finish(edited);
}
