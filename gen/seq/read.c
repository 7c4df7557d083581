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
	if (seq_tries(node->op) && state->held >> node->lock & 1)
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

/* Whether a path could be refused: some call or handle is not the plain one, or the role's own calls do not
 * match. */
static bool
seq_check_needed(const struct seq *seq, const struct rule *rule, unsigned role)
{
	const struct rule_role *by = &rule->role[role];

	if (!(rule->call[by->acquire].releases >> by->release & 1))
		return true;
	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (!seq_has_use(node->op))
			continue;
		if (node->api || node->lock != node->handle)
			return true;
		if (seq_tries(node->op) && !(rule->call[by->try_call].releases >> by->release & 1))
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

bool
seq_read(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role, const char *name,
         const char *text, size_t length, struct diag *diag)
{
	return seq_parse(seq, arena, rule, role, name, text, length, diag) &&
	       seq_check(seq, rule, role, name, text, length, diag);
}
