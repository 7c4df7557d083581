/* lockdrill verdict: one sequence, judged by all three roads. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "read.h"
#include "truth.h"

enum { INPUT_LIMIT = 1 << 20 };

/* The sequence from an operand, or from standard input for `-`. */
static bool
read_sequence(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role,
              const char *operand, struct diag *diag)
{
	bool from_stdin = !strcmp(operand, "-");
	struct buf text = {0};
	char *kept;

	if (!from_stdin)
		buf_puts(&text, operand);
	else if (!buf_read_file(&text, "-", INPUT_LIMIT)) {
		diag_set(diag, "<stdin>", 0, 0, "cannot read a sequence of at most 1 MiB");
		return false;
	}
	kept = arena_copy(arena, buf_string(&text), text.len);
	size_t length = text.len;
	buf_free(&text);
	return seq_read(seq, arena, rule, role, from_stdin ? "<stdin>" : "<sequence>", kept, length, diag);
}

static bool
pick_reading(const struct rule *rule, const char *name, unsigned *reading, struct diag *diag)
{
	*reading = rule->headline;
	if (!name || rule_find_reading(rule, name, reading))
		return true;
	struct buf known = {0};
	for (unsigned i = 0; i < rule->readings; i++)
		buf_printf(&known, " %s", rule->reading[i].name);
	diag_set(diag, "--reading", 0, 0, "rule %s has no reading '%s'; known:%s", rule->name, name,
	         buf_string(&known));
	buf_free(&known);
	return false;
}

static bool
judge(const char *rule_name, const char *role_name, const char *reading_name, const char *operand,
      struct arena *arena, struct buf *out, struct buf *dispute, struct diag *diag)
{
	struct suite_case of = {0};
	struct truth truth = {0};
	struct rule rule;
	unsigned reading;
	bool ok;

	ok = command_rule(&rule, &of.role, arena, rule_name, role_name, diag) &&
	     pick_reading(&rule, reading_name, &reading, diag) &&
	     read_sequence(&of.seq, arena, &rule, of.role, operand, diag);
	if (!ok)
		return false;
	of.rule = &rule;
	of.shapes = shapes_default();
	ok = truth_judge(&truth, &of, 1, NULL, arena, dispute, diag);
	if (ok)
		verdict_print(out, &of.verdict[reading]);
	if (ok && !rule.built_in)
		fprintf(stderr, "lockdrill: %s is not a built-in rule: native judged by its table\n", rule.name);
	truth_free(&truth);
	return ok;
}

struct wish {
	const char *rule, *role, *reading, *operand;
};

static const struct option options[] = {
	OPTION_RULE(wish, rule, true, "the rule"),
	OPTION_ROLE(wish, role),
	{"reading", OPTION_STRING_AT(wish, reading), .value = "NAME", .help = "the reading (default: headline)"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {0};
	struct buf out = {0}, dispute = {0};
	struct arena arena = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_verdict, &wish, argc, argv, &wish.operand, &operands, &status))
		return status;
	if (!operands) {
		diag_set(&diag, "verdict", 0, 0, "give a sequence, or - to read it from stdin");
		return command_refuse(&diag);
	}
	if (judge(wish.rule, wish.role, wish.reading, wish.operand, &arena, &out, &dispute, &diag))
		fputs(buf_string(&out), stdout);
	else
		status = command_dispute(&diag, &dispute);
	buf_free(&out);
	buf_free(&dispute);
	arena_free(&arena);
	return status;
}

const struct command command_verdict = {.name = "verdict",
                                        .operands = "SEQ|-",
                                        .summary = "judge one sequence by all three roads",
                                        .options = options,
                                        .operands_most = 1,
                                        .takes_sequence = true,
                                        .run = run};
