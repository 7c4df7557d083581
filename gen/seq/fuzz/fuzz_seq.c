/* Bytes as a sequence: what is read must print, read back alike, and be judged without harm.
 *
 * The first byte chooses rule and role, the others are the text. libFuzzer calls LLVMFuzzerTestOneInput; the
 * rules are loaded at the first call and stay.
 */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "read.h"
#include "seq.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_ROLES = 32 };

/* One rule in one role, with its readings compiled. */
struct fuzz_role {
	const struct rule *rule;
	unsigned role;
	struct reach reach[RULE_READINGS];
};

struct fuzz {
	struct arena rules; /* never freed: they serve every input */
	struct fuzz_role role[FUZZ_ROLES];
	unsigned roles;
};

static void
fuzz_load(struct fuzz *fuzz, const char *name)
{
	struct rule *rule = arena_alloc(&fuzz->rules, sizeof *rule);
	struct diag diag;

	if (!rule_load(rule, &fuzz->rules, name, &diag))
		bug("%s: %s", name, diag.message);
	for (unsigned role = 0; role < rule->roles && fuzz->roles < FUZZ_ROLES; role++) {
		struct fuzz_role *to = &fuzz->role[fuzz->roles++];

		to->rule = rule;
		to->role = role;
		for (unsigned r = 0; r < rule->readings; r++)
			reach_init(&to->reach[r], rule, role, r);
	}
}

static const struct fuzz *
fuzz_rules(void)
{
	static struct fuzz fuzz;
	const char **name;
	size_t names;

	if (!fuzz.roles) {
		names = rule_list(&fuzz.rules, &name);
		for (size_t n = 0; n < names; n++)
			fuzz_load(&fuzz, name[n]);
	}
	return &fuzz;
}

static void
fuzz_same(const struct seq *one, const struct seq *two)
{
	if (one->count != two->count || one->size != two->size)
		bug("%u nodes read back as %u", one->count, two->count);
	for (uint32_t i = 0; i < one->count; i++) {
		struct seq_node a = one->node[i], b = two->node[i];

		a.offset = b.offset = 0;
		if (memcmp(&a, &b, sizeof a))
			bug("node %u reads back as another", i);
	}
}

/* What must hold for any verdict. */
static void
fuzz_verdict(const struct verdict *verdict, const struct seq *seq)
{
	if ((verdict->outcome == OUTCOME_VIOLATION) != (verdict->count > 0))
		bug("outcome %d with %u findings", (int)verdict->outcome, verdict->count);
	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].statement > seq->size || verdict->finding[i].kind >= KIND_COUNT ||
		    verdict->finding[i].lock > LOCK_ALL)
			bug("finding %u is out of range", i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fuzz *fuzz = fuzz_rules();
	const struct fuzz_role *by;
	struct arena arena = {0};
	struct buf out = {0};
	struct seq seq, back;
	struct diag diag;

	if (!size)
		return 0;
	by = &fuzz->role[data[0] % fuzz->roles];
	if (seq_read(&seq, &arena, by->rule, by->role, "fuzz", (const char *)data + 1, size - 1, &diag)) {
		seq_print(&out, &seq, by->rule);
		if (!seq_read(&back, &arena, by->rule, by->role, "print", buf_string(&out), out.len, &diag))
			bug("printed text refused: %s: %s", buf_string(&out), diag.message);
		fuzz_same(&seq, &back);
		for (unsigned r = 0; r < by->rule->readings; r++) {
			struct reach reach = by->reach[r];
			struct verdict verdict;

			reach_judge(&reach, &seq, seq_cap(&seq, by->rule, by->role), &arena, &verdict);
			fuzz_verdict(&verdict, &seq);
		}
	} else if (!diag.message[0] || strchr(diag.message, '\n')) {
		bug("refused without a message of one line");
	}
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
