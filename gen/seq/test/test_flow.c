/* flow: the physical states before each event, as one line of text a state. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "read.h"

static struct arena arena;
static struct rule rule;

enum { LINES = 64 };

struct log {
	char line[LINES][64];
	unsigned lines;
};

/* "3 held=ab a<b irql=2 saved=0-2": number (- at the end), locks held, handles in use, IRQLs. */
static void
note(void *context, const struct seq_node *node, const struct flow_state *state)
{
	struct log *log = context;
	struct buf out = {0};

	cr_assert(log->lines < LINES);
	if (node)
		buf_number(&out, node->number);
	else
		buf_putc(&out, '-');
	buf_puts(&out, " held=");
	for (unsigned l = 0; l < RULE_LOCKS; l++)
		if (state->held >> l & 1)
			buf_putc(&out, (char)('a' + l));
	for (unsigned h = 0; rule.has_handles && h < RULE_LOCKS; h++)
		if (state->owner[h])
			buf_printf(&out, " %c<%c", 'a' + h, 'a' + state->owner[h] - 1);
	buf_printf(&out, " irql=%u saved=", state->irql);
	for (unsigned l = 0; l < RULE_LOCKS; l++)
		buf_putc(&out, state->saved[l] == FLOW_NONE ? '-' : (char)('0' + state->saved[l]));
	snprintf(log->line[log->lines++], sizeof log->line[0], "%s", buf_string(&out));
	buf_free(&out);
}

static int
order(const void *one, const void *two)
{
	return strcmp(one, two);
}

/* The states of a sequence, sorted, a line each. */
static void
states(const char *name, const char *role, unsigned mode, const char *text, struct buf *out)
{
	struct log log = {.lines = 0};
	struct seq seq;
	struct diag diag;
	unsigned index = 0;

	cr_assert(rule_load(&rule, &arena, name, &diag), "%s", diag.message);
	if (role)
		cr_assert(rule_find_role(&rule, role, &index));
	cr_assert(seq_read(&seq, &arena, &rule, index, "test", text, strlen(text), &diag), "%s", diag.message);
	flow_run(&seq, &rule, index, mode, note, &log);
	qsort(log.line, log.lines, sizeof log.line[0], order);
	buf_clear(out);
	for (unsigned i = 0; i < log.lines; i++)
		buf_printf(out, "%s\n", log.line[i]);
}

struct row {
	const char *rule, *role;
	unsigned mode;
	const char *text, *states;
};

static void
expect(const struct row *row, size_t count)
{
	struct buf out = {0};

	for (size_t i = 0; i < count; i++) {
		states(row[i].rule, row[i].role, row[i].mode, row[i].text, &out);
		cr_expect(!strcmp(buf_string(&out), row[i].states), "%s:\n%s", row[i].text, buf_string(&out));
	}
	buf_free(&out);
}

Test(flow, each_state_before_an_event_is_told_once)
{
	static const struct row row[] = {
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "loop { if ? { acq a; rel a } }",
	     "- held= irql=0 saved=---\n3 held= irql=0 saved=---\n4 held=a irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "if p { acq a }; if p { rel a }; return",
	     "2 held= irql=0 saved=---\n4 held=a irql=0 saved=---\n5 held= irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "rel a; acq a; acq a",
	     "- held=a irql=0 saved=---\n1 held= irql=0 saved=---\n2 held= irql=0 saved=---\n"
	     "3 held=a irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL | FLOW_STOP, "rel a; acq a",
	     "1 held= irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL | FLOW_STOP, "acq a; acq a; rel a",
	     "1 held= irql=0 saved=---\n2 held=a irql=0 saved=---\n"},
		{"CancelSpinlockRelease", "cancel", FLOW_NO_IRQL, "if ? { rel a }",
	     "- held= irql=0 saved=---\n- held=a irql=0 saved=---\n2 held=a irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "acq a; p = 0; if p { rel a }; stop",
	     "1 held= irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL,
	     "p = 1; if p { acq a; p = 0 }; if !p { rel a }; if p { acq b }",
	     "- held= irql=0 saved=---\n3 held= irql=0 saved=---\n6 held=a irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL,
	     "p = ?; q = !p; if p { if q { acq a } }; w = p; if w { if q { acq b } }",
	     "- held= irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "forever { acq a; if ? { break }; rel a }; rel a",
	     "- held= irql=0 saved=---\n2 held= irql=0 saved=---\n5 held=a irql=0 saved=---\n"
	     "6 held=a irql=0 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "forever { work; continue }; acq a", ""},
		{"SpinlockRelease", "dispatch", FLOW_NO_IRQL, "forever {}; acq a", ""},
		{"SpinlockRelease", "dpc", FLOW_NO_IRQL, "p = try a; if p { rel a } else { acq b }; stop",
	     "1 held= irql=0 saved=---\n3 held=a irql=0 saved=---\n4 held= irql=0 saved=---\n"},
		{"SpinlockRelease", "dpc", FLOW_NO_IRQL, "try a; return",
	     "1 held= irql=0 saved=---\n2 held= irql=0 saved=---\n2 held=a irql=0 saved=---\n"},
	};

	expect(row, sizeof row / sizeof *row);
}

Test(flow, irqls_are_saved_raised_and_lowered)
{
	static const struct row row[] = {
		{"SpinlockRelease", "dispatch", FLOW_STOP, "acq a; acq b; rel a; rel b",
	     "- held= irql=0 saved=02-\n1 held= irql=0 saved=---\n2 held=a irql=2 saved=0--\n"
	     "3 held=ab irql=2 saved=02-\n4 held=b irql=2 saved=02-\n"},
		{"SpinlockRelease", "dpc", FLOW_STOP, "try a { rel a }",
	     "- held= irql=2 saved=---\n1 held= irql=2 saved=---\n2 held=a irql=2 saved=---\n"},
		{"SpinlockRelease", "dispatch", FLOW_STOP,
	     "acq a; acq b:KeAcquireSpinLockAtDpcLevel; rel b:KeReleaseSpinLockFromDpcLevel; rel a",
	     "- held= irql=0 saved=0--\n1 held= irql=0 saved=---\n2 held=a irql=2 saved=0--\n"
	     "3 held=ab irql=2 saved=0--\n4 held=a irql=2 saved=0--\n"},
	};

	expect(row, sizeof row / sizeof *row);
}

Test(flow, handles_keep_the_lock_that_they_took)
{
	static const struct row row[] = {
		{"QueuedSpinLockRelease", NULL, FLOW_NO_IRQL, "acq a/b; rel a; rel b",
	     "- held= irql=0 saved=---\n1 held= irql=0 saved=---\n2 held=a b<a irql=0 saved=---\n"
	     "3 held=a b<a irql=0 saved=---\n"},
		{"QueuedSpinLockRelease", NULL, FLOW_NO_IRQL | FLOW_STOP, "acq a/b; rel a; rel b",
	     "1 held= irql=0 saved=---\n2 held=a b<a irql=0 saved=---\n"},
	};

	expect(row, sizeof row / sizeof *row);
}

/* All eight flags are in use, so that their valuations fill four words: each is set, copied and tested. */
Test(flow, flags_of_every_word_are_set)
{
	struct buf text = {0}, out = {0};

	for (unsigned i = 0; i < 8; i++) {
		char flag = "pqrstuvw"[i], other = "wpqrstuv"[i];

		buf_clear(&text);
		buf_puts(&text, "if p { if q { if r { if s { if t { if u { if v { if w { work } } } } } } } }; ");
		buf_printf(&text, "%c = 1; if !%c { acq a }; %c = 0; if %c { acq a }; ", flag, flag, flag, flag);
		buf_printf(&text, "%c = !%c; if %c { if %c { acq a } }; if !%c { if !%c { acq a } }; ", flag, other,
		           flag, other, flag, other);
		buf_printf(&text, "%c = ?; if %c { acq b; rel b } else { acq c; rel c }", other, other);
		states("SpinlockRelease", NULL, FLOW_NO_IRQL, buf_string(&text), &out);
		cr_expect(!strstr(buf_string(&out), "held=a"), "%s", buf_string(&out));
		cr_expect(strstr(buf_string(&out), "held=b"));
		cr_expect(strstr(buf_string(&out), "held=c"));
	}
	buf_free(&text);
	buf_free(&out);
}

Test(flow, deep_loops_and_all_flags_end_soon)
{
	struct buf text = {0}, out = {0};

	for (unsigned i = 0; i < SEQ_MAX_DEPTH - 1; i++)
		buf_printf(&text, "loop { if %c { %s } else { continue }; ", "pqrstuvw"[i % 8],
		           i % 2 ? "acq a; rel a" : "work");
	for (unsigned i = 0; i < SEQ_MAX_DEPTH - 1; i++)
		buf_puts(&text, "}");
	states("SpinlockRelease", NULL, FLOW_NO_IRQL, buf_string(&text), &out);
	cr_expect(strstr(buf_string(&out), "- held= irql=0"));
	buf_free(&text);
	buf_free(&out);
}
