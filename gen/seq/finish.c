/* seq: the numbers of a sequence that was put together node by node. See seq_finish in seq.h.
 *
 * How it works: one pass in reading order. The numbers of the blocks around are on a stack, since what closes
 * a block has the number of what opened it; what may not stand here is seen from the node before.
 */
#include <assert.h>

#include "seq.h"

bool
seq_finish(struct seq *seq)
{
	uint16_t open[SEQ_MAX_DEPTH], number = 0;
	unsigned depth = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		struct seq_node *node = &seq->node[i];
		unsigned before = i ? seq->node[i - 1].op : (unsigned)SEQ_WORK;

		node->offset = 0;
		if (seq_closes(node->op)) {
			assert(depth);
			if (seq_opens(before) || before == SEQ_ELSE)
				return false;
			node->number = open[depth - 1];
			depth -= node->op == SEQ_END;
			continue;
		}
		if (seq_jumps(before))
			return false;
		node->number = ++number;
		if (seq_opens(node->op)) {
			if (depth == SEQ_MAX_DEPTH)
				return false;
			open[depth++] = number;
		}
	}
	assert(!depth);
	seq->size = number;
	return true;
}
