/* Verdicts: the order of findings, equality, and the printed form. See verdict.h.
 *
 * One order serves all roads: statement with 0 last, then kind, lock, line. Two verdicts are the same in some
 * coordinates when each finding of the one has its equal in the other; the lists are short, so this is asked
 * finding by finding.
 */
#include "verdict.h"

#include <assert.h>
#include <stdlib.h>

const char *
outcome_name(enum outcome outcome)
{
	static const char *const name[] = {"pass", "violation", "undecided"};

	return name[outcome];
}

char
lock_letter(unsigned lock)
{
	assert(lock <= LOCK_ALL);
	return "abc*"[lock];
}

/* One number whose order is that of findings, line aside. */
static uint32_t
verdict_key(const struct finding *finding)
{
	uint32_t statement = finding->statement ? finding->statement : UINT16_MAX + 1u;

	return statement << 8 | (uint32_t)finding->kind << 3 | finding->lock;
}

int
verdict_order(const void *one, const void *two)
{
	const struct finding *a = one, *b = two;
	uint32_t x = verdict_key(a), y = verdict_key(b);

	if (x != y)
		return x < y ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

void
verdict_finish(struct verdict *verdict, bool incomplete)
{
	unsigned kept = 0, sorted = 1;

	while (sorted < verdict->count &&
	       verdict_order(&verdict->finding[sorted - 1], &verdict->finding[sorted]) < 0)
		sorted++;
	if (sorted < verdict->count)
		qsort(verdict->finding, verdict->count, sizeof *verdict->finding, verdict_order);
	for (unsigned i = 0; i < verdict->count; i++)
		if (!kept || verdict_order(&verdict->finding[kept - 1], &verdict->finding[i]))
			verdict->finding[kept++] = verdict->finding[i];
	verdict->count = kept;
	verdict_settle(verdict, incomplete);
}

void
verdict_settle(struct verdict *verdict, bool incomplete)
{
	verdict->incomplete = incomplete;
	verdict->outcome = verdict->count ? OUTCOME_VIOLATION : incomplete ? OUTCOME_UNDECIDED : OUTCOME_PASS;
}

static bool
verdict_has(const struct verdict *verdict, const struct finding *wanted, bool lines)
{
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];

		if (finding->kind == wanted->kind && finding->lock == wanted->lock &&
		    (lines ? finding->line == wanted->line : finding->statement == wanted->statement))
			return true;
	}
	return false;
}

/* Whether a verdict has all findings of another, as far as it looked. */
static bool
verdict_covers(const struct verdict *verdict, const struct verdict *other, bool lines)
{
	for (unsigned i = 0; i < other->count && !verdict->gave_up; i++)
		if (!verdict_has(verdict, &other->finding[i], lines))
			return false;
	return true;
}

static bool
verdict_same(const struct verdict *one, const struct verdict *two, bool lines)
{
	return one->incomplete == two->incomplete && verdict_covers(one, two, lines) &&
	       verdict_covers(two, one, lines);
}

bool
verdict_same_statements(const struct verdict *one, const struct verdict *two)
{
	return verdict_same(one, two, false);
}

bool
verdict_same_lines(const struct verdict *one, const struct verdict *two)
{
	return verdict_same(one, two, true);
}

bool
verdict_same_deadlock(const struct verdict *one, const struct verdict *two)
{
	return one->deadlock == two->deadlock || one->gave_up || two->gave_up ||
	       one->outcome == OUTCOME_UNDECIDED || two->outcome == OUTCOME_UNDECIDED;
}

void
verdict_print(struct buf *out, const struct verdict *verdict)
{
	buf_puts(out, outcome_name(verdict->outcome));
	if (verdict->incomplete && verdict->count)
		buf_puts(out, "\tincomplete");
	buf_putc(out, '\n');
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];

		buf_puts(out, kind_name((enum kind)finding->kind));
		buf_putc(out, '\t');
		buf_number(out, finding->statement);
		buf_putc(out, '\t');
		buf_putc(out, lock_letter(finding->lock));
		buf_putc(out, '\n');
	}
}
