/* seq: how far a counter is followed. See seq_cap in seq.h.
 *
 * How it works: statements that acquire and that release are counted, outside of loops once; where flags
 * change while a loop goes on, its statements count once for each valuation of those flags.
 */
#include "seq.h"

#include "bits.h"

/* Why the cap suffices. Let A be the number of statements that can acquire plus the locks held at entry, and
 * let a path bring a counter above A. For each height from the first to A take the last event that lifts the
 * counter from it: these are more events than statements that acquire, so two of them, at h and at a greater
 * k, are of one statement, and between them the counter stays above h. That stretch begins and ends at the
 * same place with the same flags and, as an acquire lies behind both ends, with the lock held, so what a try
 * may do is the same too. The counter stays above zero in it, so its sign, and with it every cell of the
 * table, is the same when the stretch is walked again from k: it can be repeated for ever, and no cap
 * suffices. Downwards the same holds for releases, where the lock is free at both ends; there the first
 * height is 0 or above. So for one lock a path reaches A + 1 only where the count is unbounded, a sequence
 * with try included; no factor of two is needed. So it is where one number counts for several locks and there
 * is no try. Elsewhere (a number a lock, a try beside other locks, handles that differ, a user's rule that
 * counts by more than one) the two ends may differ, and reaching the cap may be premature: `acq a; loop { acq
 * b; acq b; rel a }` never brings b above 4. That makes the case undecided, never wrong; a larger cap would
 * cost native its paths.
 *
 * Flags that change while a loop goes on, and that are read, make one statement of the loop as many as they
 * have valuations: the two events that are of one statement have to be under the same one. So each statement
 * in a loop counts so often; outside of loops a statement is met once on a path.
 */
static unsigned
seq_cap_of_state(const struct seq *seq, unsigned held)
{
	unsigned acquires = held, releases = 0, moving = 1U << bits_count(seq_flags_moving(seq));
	uint32_t loop_end = 0; /* of the outermost loop around the node */

	for (uint32_t i = 0; i < seq->count; i++) {
		uint8_t op = seq->node[i].op;
		unsigned times = i < loop_end ? moving : 1;
		bool own = seq_is_own(op); /* it may count either way */

		if (seq_repeats(op) && i >= loop_end)
			loop_end = seq_behind(seq, i);
		acquires += seq_acquires(op) || own ? times : 0;
		releases += op == SEQ_REL || own ? times : 0;
	}
	return 1 + (acquires > releases ? acquires : releases);
}

unsigned
seq_cap(const struct seq *seq, const struct rule *rule, unsigned role)
{
	/* Bits for a number of statements: acquires, releases, those that set a flag or may do so. */
	enum { FIELD = 16 };
	static const uint64_t count[SEQ_OPS] = {
		[SEQ_ACQ] = 1,
		[SEQ_TRY] = 1,
		[SEQ_REL] = UINT64_C(1) << FIELD,
		[SEQ_TAKE] = UINT64_C(1) << 2 * FIELD,
		[SEQ_EVENT] = 1 + (UINT64_C(1) << FIELD),
		[SEQ_OCCUR] = 1 + (UINT64_C(1) << FIELD),
		[SEQ_SET] = UINT64_C(1) << 2 * FIELD,
	};
	unsigned held = bits_count(rule->role[role].held), acquires, releases;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		sum += count[seq->node[i].op];
	if (sum >> 2 * FIELD)
		return seq_cap_of_state(seq, held);
	acquires = held + (unsigned)(sum & ((1U << FIELD) - 1));
	releases = (unsigned)(sum >> FIELD);
	return 1 + (acquires > releases ? acquires : releases);
}
