/* Reading a sequence: its text, then the paths through it. See read.h.
 *
 * How it works: what depends on paths is asked of flow_run, for every physical state before every acquire and
 * release; the first refusal in reading order is kept. Most sequences can hold none and are not followed at
 * all.
 */
#include "read.h"

#include <string.h>

#include "flow.h"

struct seq_checker {
	const struct seq *seq;
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
	if (seq_tries(node->op) && state->held >> node->lock & 1)
		return NULL;
	snprintf(out, size, "queue handle %c can be in use for lock %c here: expected a handle not in use",
	         handle, (char)('a' + owner - 1));
	return out;
}

static void
seq_check_visit(void *context, const struct seq_node *node, const struct flow_state *state)
{
	struct seq_checker *checker = context;
	uint32_t at;

	if (!node || node->op == SEQ_RETURN || seq_is_own(node->op)) /* which goes through no handle */
		return;
	at = (uint32_t)(node - checker->seq->node);
	if (at < checker->at && seq_handle_problem(checker->message, sizeof checker->message, node, state))
		checker->at = at;
}

/* Whether a path could be refused: some handle is not the plain one. */
static bool
seq_check_needed(const struct seq *seq, const struct rule *rule)
{
	for (uint32_t i = 0; rule->has_handles && i < seq->count; i++)
		if (seq_has_use(seq->node[i].op) && seq->node[i].lock != seq->node[i].handle)
			return true;
	return false;
}

bool
seq_check(const struct seq *seq, const struct rule *rule, unsigned role, const char *name, const char *text,
          size_t length, struct diag *diag)
{
	struct seq_checker checker = {.seq = seq, .at = seq->count};
	size_t bom = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	if (!seq_check_needed(seq, rule))
		return true;
	flow_run(seq, rule, role, FLOW_NO_IRQL, seq_check_visit, &checker);
	if (checker.at == seq->count)
		return true;
	diag_at(diag, name, text + bom, length - bom, seq->node[checker.at].offset - bom, "%s", checker.message);
	return false;
}

bool
seq_read(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role, const char *name,
         const char *text, size_t length, struct diag *diag)
{
	return seq_parse(seq, arena, rule, role, name, text, length, diag) &&
	       seq_check(seq, rule, role, name, text, length, diag);
}
