/* What depends on the paths through a sequence: refusals, and how far counters must be followed. See seq.h.
 *
 * seq_check asks flow_run for every physical state before every acquire and release, and keeps the first
 * refusal in reading order. Most sequences can hold none and are not followed at all.
 *
 * seq_cap. Let A be the number of statements that can acquire plus the locks held at entry, and let a path bring a
 * counter above A. For each height from the first to A take the last event that lifts the counter from it: these are
 * more events than statements that acquire, so two of them, at h and at a greater k, are of one statement, and
 * between them the counter stays above h. That stretch begins and ends at the same place with the same flags and,
 * as an acquire lies behind both ends, with the lock held, so what a try may do is the same too. The counter stays above
 * zero in it, so its sign, and with it every cell of the table, is the same when the stretch is walked again from k: it
 * can be repeated for ever, and no cap suffices. Downwards the same holds for releases, where the lock is free at both
 * ends; there the first height is 0 or above. So for one lock a path reaches A + 1 only where the count is unbounded, a
 * sequence with try included; no factor of two is needed. So it is where one number counts for several locks and
 * there is no try. Elsewhere (a number a lock, a try beside other locks, handles that differ, a user's rule that counts
 * by more than one) the two ends may differ, and reaching the cap may be premature: `acq a; loop { acq b; acq b; rel a }`
 * never brings b above 4. That makes the case undecided, never wrong; a larger cap would cost native its paths.
 */
#include <string.h>

#include "flow.h"
#include "seq.h"

struct seq_checker {
	const struct seq *seq;
	const struct rule *rule;
	unsigned role;
	uint32_t at; /* node of the first refusal so far; count where there is none */
	char message[400];
};

static const char *
seq_handle_problem(char *out, size_t size, const struct seq_node *node, const struct flow_state *state)
{
	unsigned owner = state->owner[node->handle];
	char handle = (char)('a' + node->handle);

	if (!owner || owner == 1u + node->lock)
		return NULL;
	if (node->op == SEQ_REL) {
		if (node->lock == node->handle)
			return NULL;
		snprintf(out, size, "queue handle %c can hold lock %c here: expected lock %c, or handle %c alone",
		         handle, (char)('a' + owner - 1), (char)('a' + owner - 1), handle);
		return out;
	}
	if (node->op == SEQ_TRY && state->held >> node->lock & 1)
		return NULL;
	snprintf(out, size, "queue handle %c can be in use for lock %c here: expected a handle not in use",
	         handle, (char)('a' + owner - 1));
	return out;
}

static const char *
seq_match_problem(const struct seq_checker *checker, char *out, size_t size, const struct seq_node *node,
                  const struct flow_state *state)
{
	const struct rule *rule = checker->rule;
	const struct rule_call *call = seq_call(node, rule, checker->role), *taken;
	unsigned lock = node->lock;
	struct buf list = {0};

	if (rule->has_handles && !state->owner[node->handle])
		return NULL;
	if (rule->has_handles)
		lock = state->owner[node->handle] - 1u;
	if (!(state->held >> lock & 1))
		return NULL;
	taken = &rule->call[state->call[lock]];
	if (taken->releases >> (call - rule->call) & 1)
		return NULL;
	for (unsigned c = 0; c < rule->calls; c++)
		if (taken->releases >> c & 1)
			buf_printf(&list, "%s%s", list.len ? " or " : "", rule->call[c].name);
	snprintf(out, size, "%s cannot release lock %c, which %s can have taken: expected %s", call->name,
	         (char)('a' + lock), taken->name, buf_string(&list));
	buf_free(&list);
	return out;
}

static void
seq_check_visit(void *context, const struct seq_node *node, const struct flow_state *state)
{
	struct seq_checker *checker = context;
	char message[sizeof checker->message];
	const char *problem = NULL;
	uint32_t at;

	if (!node || node->op == SEQ_RETURN)
		return;
	at = (uint32_t)(node - checker->seq->node);
	if (at >= checker->at)
		return;
	if (checker->rule->has_handles)
		problem = seq_handle_problem(message, sizeof message, node, state);
	if (!problem && node->op == SEQ_REL)
		problem = seq_match_problem(checker, message, sizeof message, node, state);
	if (problem) {
		checker->at = at;
		snprintf(checker->message, sizeof checker->message, "%s", problem);
	}
}

/* Whether a path could be refused: some call or handle is not the plain one, or the role's own calls do not match. */
static bool
seq_check_needed(const struct seq *seq, const struct rule *rule, unsigned role)
{
	const struct rule_role *by = &rule->role[role];

	if (!(rule->call[by->acquire].releases >> by->release & 1))
		return true;
	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (node->op > SEQ_TRY)
			continue;
		if (node->api || node->lock != node->handle)
			return true;
		if (node->op == SEQ_TRY && !(rule->call[by->try_call].releases >> by->release & 1))
			return true;
	}
	return false;
}

bool
seq_check(const struct seq *seq, const struct rule *rule, unsigned role, const char *name, const char *text,
          size_t length, struct diag *diag)
{
	struct seq_checker checker = {.seq = seq, .rule = rule, .role = role, .at = seq->count};
	size_t bom = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	if (!seq_check_needed(seq, rule, role))
		return true;
	flow_run(seq, rule, role, FLOW_NO_IRQL, seq_check_visit, &checker);
	if (checker.at == seq->count)
		return true;
	diag_at(diag, name, text + bom, length - bom, seq->node[checker.at].offset - bom, "%s", checker.message);
	return false;
}

unsigned
seq_cap(const struct seq *seq, const struct rule *rule, unsigned role)
{
	unsigned acquires = 0, releases = 0;

	for (unsigned l = 0; l < RULE_LOCKS; l++)
		acquires += rule->role[role].held >> l & 1;
	for (uint32_t i = 0; i < seq->count; i++) {
		uint8_t op = seq->node[i].op;

		acquires += op == SEQ_ACQ || op == SEQ_TRY;
		releases += op == SEQ_REL;
	}
	return 1 + (acquires > releases ? acquires : releases);
}
