/* reach against other ways to the same verdict: known counts, examples by hand, every path one by one, larger
 * caps.
 *
 * The second way is in this file: a sequence is run again and again on prefixes of choices, and what it does
 * is judged by functions written from the readings' names, without a table.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "reach.h"
#include "read.h"
#include "space.h"

static struct arena arena;
static struct rule rule;

static unsigned
use(const char *name, const char *role)
{
	struct diag diag;
	unsigned index = 0;

	cr_assert(rule_load(&rule, &arena, name, &diag), "%s: %s", name, diag.message);
	if (role)
		cr_assert(rule_find_role(&rule, role, &index), "%s has no role %s", name, role);
	return index;
}

static unsigned
reading(const char *name)
{
	unsigned index = 0;

	cr_assert(rule_find_reading(&rule, name, &index), "no reading %s", name);
	return index;
}

static void
judge_text(unsigned role, const char *by, const char *text, struct verdict *verdict)
{
	struct reach reach;
	struct seq seq;
	struct diag diag;

	cr_assert(seq_read(&seq, &arena, &rule, role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	reach_init(&reach, &rule, role, reading(by));
	reach_judge(&reach, &seq, seq_cap(&seq, &rule, role), &arena, verdict);
	reach_free(&reach);
}

/* ---- examples ---- */

struct example {
	const char *rule, *role, *reading, *text, *verdict; /* as verdict_print prints it */
	bool deadlock;
};

static void
expect(const struct example *row, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned role = use(row[i].rule, row[i].role);
		struct verdict verdict;
		struct buf out = {0};

		judge_text(role, row[i].reading, row[i].text, &verdict);
		verdict_print(&out, &verdict);
		cr_expect(!strcmp(buf_string(&out), row[i].verdict), "%s, %s: %s: %s", row[i].rule, row[i].reading,
		          row[i].text, buf_string(&out));
		cr_expect(verdict.deadlock == row[i].deadlock, "deadlock of %s", row[i].text);
		buf_free(&out);
		arena_reset(&arena);
	}
}

#define EXPECT(row) expect(row, sizeof row / sizeof *row)
#define SPIN "SpinlockRelease", NULL
#define DPC "SpinlockRelease", "dpc"
#define QUEUED "QueuedSpinLockRelease", NULL
#define KMDF "WdfSpinlockRelease", NULL
#define CANCEL "CancelSpinlockRelease", "cancel"

Test(reach, paths_end_at_their_first_violation_and_leaks_are_found_at_the_end)
{
	static const struct example row[] = {
		{SPIN, "alternate", "", "pass\n", false},
		{SPIN, "alternate", "acq a; if ? { return }; rel a", "violation\nmissing-release\t0\ta\n", false},
		{SPIN, "alternate", "acq a; if ? { rel a; return }; rel a", "pass\n", false},
		{SPIN, "alternate", "rel a; rel a", "violation\nrelease-without-acquire\t1\ta\n", false},
		{SPIN, "alternate", "acq a; acq a; rel a", "violation\ndouble-acquire\t2\ta\n", false},
		{SPIN, "alternate", "acq a; acq b", "violation\nmissing-release\t0\ta\nmissing-release\t0\tb\n",
	     false},
		{SPIN, "alternate", "acq a; acq b; rel a; rel b", "pass\n", false},
		{SPIN, "alternate", "loop { acq a }", "violation\ndouble-acquire\t2\ta\nmissing-release\t0\ta\n",
	     false},
		{SPIN, "alternate", "loop { acq a; if ? { break }; rel a }; rel a",
	     "violation\nrelease-without-acquire\t6\ta\n", false},
		{SPIN, "alternate", "acq a; loop { rel a; if ? { return }; acq a }; rel a", "pass\n", false},
		{SPIN, "alternate", "return; rel a", "pass\n", false},
		{SPIN, "global", "acq a; acq b; rel b; rel a", "violation\ndouble-acquire\t2\tb\n", false},
		{SPIN, "global", "acq a; rel b", "pass\n", false},
		{SPIN, "global", "acq a", "violation\nmissing-release\t0\t*\n", false},
		{SPIN, "slic7600", "rel a; acq b", "pass\n", false},
		{SPIN, "slic7600", "acq a; acq a; rel a; rel a", "pass\n", true},
		{SPIN, "slic7600", "rel a", "violation\nmissing-release\t0\t*\n", false},
		{SPIN, "slic7600", "loop { acq a }; rel a; rel a; rel a",
	     "violation\tincomplete\nmissing-release\t0\t*\n", true},
		{SPIN, "slic7600", "acq a; loop { acq a }; stop", "undecided\n", false},
	};

	EXPECT(row);
}

Test(reach, flags_keep_their_value_and_unknowns_do_not)
{
	static const struct example row[] = {
		{SPIN, "alternate", "if p { acq a }; if p { rel a }", "pass\n", false},
		{SPIN, "alternate", "if p { acq a }; if !p { rel a }",
	     "violation\nrelease-without-acquire\t4\ta\nmissing-release\t0\ta\n", false},
		{SPIN, "alternate", "if ? { acq a }; if ? { rel a }",
	     "violation\nrelease-without-acquire\t4\ta\nmissing-release\t0\ta\n", false},
		{SPIN, "alternate", "if p { if !p { rel a } }", "pass\n", false},
		{SPIN, "alternate", "loop { if w { acq a }; if w { rel a } }", "pass\n", false},
		{SPIN, "alternate",
	     "if p { acq a }; if q {}; if r {}; if s {}; if t {}; if u {}; if v {}; if w { acq b };"
	     " if p { rel a }; if w { rel b }",
	     "pass\n", false},
		{SPIN, "alternate",
	     "if p { acq a }; if q {}; if r {}; if s {}; if t {}; if u {}; if v {}; if w { if p { acq a } }",
	     "violation\ndouble-acquire\t11\ta\nmissing-release\t0\ta\n", false},
	};

	EXPECT(row);
}

Test(reach, tries_fail_while_the_lock_is_held_and_may_fail_while_it_is_free)
{
	static const struct example row[] = {
		{DPC, "alternate", "try a { rel a }", "pass\n", false},
		{DPC, "alternate", "try a {}", "violation\nmissing-release\t0\ta\n", false},
		{DPC, "alternate", "acq a; try a { rel b } else { rel a }", "pass\n", false},
		{DPC, "alternate", "try a {} else { rel a }",
	     "violation\nrelease-without-acquire\t2\ta\nmissing-release\t0\ta\n", false},
		{DPC, "global", "acq b; try a { work }; rel b", "violation\ndouble-acquire\t2\ta\n", false},
		{DPC, "slic7600", "acq a; acq a; rel a; try a { rel a }; rel a", "pass\n", true},
	};

	EXPECT(row);
}

Test(reach, cancel_routines_start_with_the_lock_held)
{
	static const struct example row[] = {
		{CANCEL, "alternate", "rel a", "pass\n", false},
		{CANCEL, "alternate", "", "violation\nmissing-release\t0\ta\n", false},
		{CANCEL, "alternate", "acq a; rel a", "violation\ndouble-acquire\t1\ta\n", false},
		{CANCEL, "slic7600", "rel a; rel a", "violation\nrelease-without-acquire\t2\ta\n", false},
		{CANCEL, "slic7600", "", "pass\n", false},
		{CANCEL, "slic7600", "acq a", "pass\n", true},
	};

	EXPECT(row);
}

Test(reach, counting_readings_count_and_say_where_a_real_lock_would_hang)
{
	static const struct example row[] = {
		{KMDF, "balanced", "acq a; acq a; rel a; rel a", "pass\n", true},
		{KMDF, "balanced", "acq a; acq a; rel a", "violation\nmissing-release\t0\ta\n", true},
		{KMDF, "balanced", "rel a; acq a", "violation\nrelease-without-acquire\t1\ta\n", false},
		{KMDF, "balanced", "loop { acq a; rel a }", "pass\n", false},
		{KMDF, "balanced", "loop { acq a }; loop { rel a }",
	     "violation\tincomplete\nrelease-without-acquire\t4\ta\nmissing-release\t0\ta\n", true},
		{KMDF, "balanced", "acq a; work; acq a; loop { acq a }; acq a",
	     "violation\tincomplete\nmissing-release\t0\ta\n", true},
		{KMDF, "balanced", "loop { acq a }; stop", "undecided\n", false},
		{KMDF, "slic7600", "acq a; rel b", "pass\n", false},
		{"SpinLockRelease", NULL, "release", "acq a; acq a; rel a", "pass\n", true},
		{"SpinLockRelease", NULL, "release", "acq a", "violation\nmissing-release\t0\ta\n", false},
		{"SpinLockRelease", NULL, "strict", "acq a", "pass\n", false},
	};

	EXPECT(row);
}

Test(reach, releases_judge_the_lock_that_their_handle_took)
{
	static const struct example row[] = {
		{QUEUED, "alternate", "acq a/b; rel b", "pass\n", false},
		{QUEUED, "alternate", "acq a/b; rel a", "violation\nrelease-without-acquire\t2\ta\n", false},
		{QUEUED, "alternate", "acq a/b; rel c", "violation\nrelease-without-acquire\t2\tc\n", false},
		{QUEUED, "alternate", "acq a; acq a/b", "violation\ndouble-acquire\t2\ta\n", false},
		{QUEUED, "alternate", "acq a/b", "violation\nmissing-release\t0\ta\n", false},
		{QUEUED, "handle", "acq a/b", "violation\nmissing-release\t0\ta\n", false},
		{QUEUED, "handle", "acq a; acq a/b; rel b; rel a", "pass\n", true},
		{QUEUED, "handle", "acq a; acq a/b; rel b", "violation\nmissing-release\t0\ta\n", true},
		{QUEUED, "handle", "acq a/b; acq a/b", "violation\ndouble-acquire\t2\ta\n", false},
		{QUEUED, "handle", "rel b", "violation\nrelease-without-acquire\t1\tb\n", false},
		{QUEUED, "global", "acq a/b; rel c", "pass\n", false},
		{QUEUED, "global", "acq a/b; acq c", "violation\ndouble-acquire\t2\tc\n", false},
		{QUEUED, "slic7600", "rel b; acq a/b", "pass\n", false},
	};

	EXPECT(row);
}

/* ---- counts over event strings ---- */

/* How many strings of up to `longest` events over the first locks have another outcome under two readings. */
static unsigned
disagreements(unsigned locks, unsigned longest, const char *one, const char *two, unsigned *strings)
{
	struct seq_node node[8] = {{0}};
	struct reach reach[2];
	unsigned differ = 0;

	*strings = 0;
	reach_init(&reach[0], &rule, 0, reading(one));
	reach_init(&reach[1], &rule, 0, reading(two));
	for (unsigned length = 0, all = 1; length <= longest; length++, all *= 2 * locks)
		for (unsigned string = 0; string < all; string++) {
			struct seq seq = {node, length, length};
			struct verdict verdict[2];

			for (unsigned i = 0, rest = string; i < length; i++, rest /= 2 * locks) {
				uint8_t lock = (uint8_t)(rest % (2 * locks) / 2);

				node[i] = (struct seq_node){.op = rest % 2 ? SEQ_REL : SEQ_ACQ,
				                            .lock = lock,
				                            .handle = lock,
				                            .number = (uint16_t)(i + 1)};
			}
			for (unsigned r = 0; r < 2; r++) {
				reach_judge(&reach[r], &seq, seq_cap(&seq, &rule, 0), &arena, &verdict[r]);
				cr_assert(verdict[r].outcome != OUTCOME_UNDECIDED);
			}
			differ += verdict[0].outcome != verdict[1].outcome;
			++*strings;
		}
	reach_free(&reach[0]);
	reach_free(&reach[1]);
	return differ;
}

Test(reach, readings_disagree_on_the_known_numbers_of_event_strings)
{
	unsigned strings;

	use("SpinlockRelease", NULL);
	cr_expect(disagreements(1, 4, "alternate", "slic7600", &strings) == 6 && strings == 31);
	cr_expect(disagreements(1, 4, "alternate", "global", &strings) == 0);
	cr_expect(disagreements(2, 4, "alternate", "slic7600", &strings) == 94 && strings == 341);
	cr_expect(disagreements(2, 4, "alternate", "global", &strings) == 18);
	use("CancelSpinlockRelease", NULL);
	cr_expect(disagreements(1, 4, "alternate", "slic7600", &strings) == 9 && strings == 31);
}

/* ---- every path one by one ---- */

enum { CHOICES = 256 };

/* How the path goes on. */
enum path { PATH_ON, PATH_BREAK, PATH_CONTINUE, PATH_OVER };

struct runner {
	const struct seq *seq;
	const char *reading;
	bool cancel; /* slic7600 of the cancel rule */
	int cap;
	unsigned entries_max; /* of each loop's body, in total on one path */
	bool choice[CHOICES];
	unsigned prefix, choices;
	int flag[1 + SEQ_FLAGS]; /* -1: not chosen yet */
	unsigned entries[16];    /* of the loop with that number */
	int count[RULE_LOCKS], sum;
	bool held[RULE_LOCKS];
	bool deadlock, undecided;
	uint32_t mark[16]; /* by statement: 1 << (kind * 4 + lock) */
};

static bool
choose(struct runner *run)
{
	cr_assert(run->choices < CHOICES);
	if (run->choices == run->prefix)
		run->choice[run->prefix++] = false;
	return run->choice[run->choices++];
}

static bool
is(const struct runner *run, const char *name)
{
	return !strcmp(run->reading, name);
}

static enum path
violate(struct runner *run, unsigned statement, enum kind kind, unsigned lock)
{
	run->mark[statement] |= 1u << (kind * 4 + lock);
	return PATH_OVER;
}

static enum path
acquire(struct runner *run, unsigned statement, unsigned lock)
{
	if ((is(run, "alternate") && run->count[lock]) || (is(run, "global") && run->sum))
		return violate(run, statement, KIND_DOUBLE_ACQUIRE, lock);
	run->deadlock |= run->held[lock];
	run->held[lock] = true;
	run->sum++;
	run->count[lock]++;
	if ((is(run, "balanced") && run->count[lock] >= run->cap) ||
	    (is(run, "slic7600") && !run->cancel && run->sum >= run->cap)) {
		run->undecided = true;
		return PATH_OVER;
	}
	return PATH_ON;
}

static enum path
release(struct runner *run, unsigned statement, unsigned lock)
{
	bool counts = is(run, "slic7600") && !run->cancel;
	bool free = is(run, "global") ? !run->sum : !run->count[lock];

	if (free && !counts)
		return violate(run, statement, KIND_RELEASE_WITHOUT_ACQUIRE, lock);
	run->sum--;
	run->count[lock]--;
	if (!is(run, "balanced") && !counts)
		run->count[lock] = 0;
	run->held[lock] = is(run, "balanced") && run->count[lock] > 0;
	if (counts && run->sum <= -run->cap) {
		run->undecided = true;
		return PATH_OVER;
	}
	return PATH_ON;
}

static void
leave(struct runner *run)
{
	if (is(run, "strict") || (is(run, "slic7600") && run->cancel))
		return;
	if (is(run, "global") || is(run, "slic7600")) {
		if (run->sum)
			violate(run, 0, KIND_MISSING_RELEASE, LOCK_ALL);
		return;
	}
	for (unsigned l = 0; l < RULE_LOCKS; l++)
		if (run->count[l] > 0)
			violate(run, 0, KIND_MISSING_RELEASE, l);
}

/* The node behind a block's ELSE or END. */
static uint32_t
behind(const struct seq *seq, uint32_t first)
{
	return seq_block_end(seq, first) + 1;
}

static enum path run_block(struct runner *run, uint32_t at);

/* The value of a flag, which is chosen now where it is open. */
static bool
value_of(struct runner *run, unsigned flag)
{
	if (run->flag[flag] < 0)
		run->flag[flag] = choose(run);
	return run->flag[flag];
}

static void
set_flag(struct runner *run, const struct seq_node *node)
{
	run->flag[node->flag] = node->value == SEQ_VALUE_0         ? 0
	                        : node->value == SEQ_VALUE_1       ? 1
	                        : node->value == SEQ_VALUE_UNKNOWN ? choose(run)
	                                                           : value_of(run, node->source) != node->negated;
}

/* A try without blocks. */
static enum path
take(struct runner *run, const struct seq_node *node)
{
	bool takes = !run->held[node->lock] && choose(run);

	if (takes && acquire(run, node->number, node->lock) == PATH_OVER)
		return PATH_OVER;
	if (node->flag)
		run->flag[node->flag] = takes;
	return PATH_ON;
}

static enum path
run_branch(struct runner *run, uint32_t at)
{
	const struct seq_node *node = &run->seq->node[at];
	uint32_t other = behind(run->seq, at + 1);
	bool then;

	if (node->op == SEQ_TRY) {
		then = !run->held[node->lock] && choose(run);
		if (then && acquire(run, node->number, node->lock) == PATH_OVER)
			return PATH_OVER;
	} else if (node->flag == SEQ_UNKNOWN) {
		then = choose(run);
	} else {
		then = value_of(run, node->flag) != node->negated;
	}
	if (then)
		return run_block(run, at + 1);
	return run->seq->node[other - 1].op == SEQ_ELSE ? run_block(run, other) : PATH_ON;
}

static enum path
run_loop(struct runner *run, uint32_t at)
{
	unsigned *entries = &run->entries[run->seq->node[at].number];
	bool endless = run->seq->node[at].op == SEQ_FOREVER;

	while (*entries < run->entries_max && (endless || choose(run))) {
		enum path path;

		++*entries;
		path = run_block(run, at + 1);
		if (path == PATH_OVER)
			return path;
		if (path == PATH_BREAK)
			return PATH_ON;
	}
	return endless ? PATH_OVER : PATH_ON; /* nothing new comes of another round */
}

static enum path
run_block(struct runner *run, uint32_t at)
{
	enum path path = PATH_ON;

	while (path == PATH_ON && at < run->seq->count) {
		const struct seq_node *node = &run->seq->node[at++];

		if (node->op == SEQ_ELSE || node->op == SEQ_END)
			break;
		if (node->op == SEQ_ACQ)
			path = acquire(run, node->number, node->lock);
		else if (node->op == SEQ_REL)
			path = release(run, node->number, node->lock);
		else if (node->op == SEQ_BREAK)
			path = PATH_BREAK;
		else if (node->op == SEQ_CONTINUE)
			path = PATH_CONTINUE;
		if (node->op == SEQ_RETURN)
			leave(run);
		if (node->op == SEQ_RETURN || node->op == SEQ_STOP)
			path = PATH_OVER;
		if (node->op == SEQ_SET)
			set_flag(run, node);
		if (node->op == SEQ_TAKE)
			path = take(run, node);
		if (node->op == SEQ_TRY || node->op == SEQ_IF) {
			path = run_branch(run, at - 1);
			at = behind(run->seq, at);
			if (run->seq->node[at - 1].op == SEQ_ELSE)
				at = behind(run->seq, at);
		} else if (seq_repeats(node->op)) {
			path = run_loop(run, at - 1);
			at = behind(run->seq, at);
		}
	}
	return path;
}

/* Runs all paths: each run repeats the choices of the last up to its last `no`, which becomes a `yes`. */
static void
run_paths(struct runner *run, unsigned held)
{
	run->prefix = 0;
	do {
		run->choices = 0;
		run->sum = 0;
		memset(run->entries, 0, sizeof run->entries);
		for (unsigned f = 0; f <= SEQ_FLAGS; f++)
			run->flag[f] = -1;
		for (unsigned l = 0; l < RULE_LOCKS; l++) {
			run->held[l] = held >> l & 1;
			run->count[l] = run->held[l];
			run->sum += run->held[l];
		}
		if (run_block(run, 0) != PATH_OVER)
			leave(run);
		run->prefix = run->choices;
		while (run->prefix && run->choice[run->prefix - 1])
			run->prefix--;
		if (run->prefix)
			run->choice[run->prefix - 1] = true;
	} while (run->prefix);
}

static bool
same_as_paths(const struct verdict *verdict, const struct runner *run)
{
	uint32_t mark[16];

	if (verdict->incomplete != run->undecided || verdict->gave_up)
		return false;
	memcpy(mark, run->mark, sizeof mark);
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];
		uint32_t bit = 1u << (finding->kind * 4 + finding->lock);

		if (!(mark[finding->statement] & bit))
			return false;
		mark[finding->statement] &= ~bit;
	}
	for (unsigned i = 0; i < 16; i++)
		if (mark[i])
			return false;
	return (verdict->outcome == OUTCOME_UNDECIDED || verdict->deadlock == run->deadlock) &&
	       (verdict->outcome == OUTCOME_VIOLATION) == (verdict->count > 0);
}

/* Judges a space by reach and by paths, under every reading that does not tell handles apart. */
static void
compare_with_paths(const char *name, unsigned role, enum space_alphabet alphabet, unsigned size,
                   unsigned locks)
{
	for (unsigned r = 0; r < rule.readings; r++) {
		const struct rule_reading *by = &rule.reading[r];
		struct arena own = {0};
		struct reach reach;
		struct space space;

		if (!(by->watches >> rule_acquire(&rule, role, 0) & 1))
			continue; /* calls differ by more than what they do: see strings.tsv */
		cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
		reach_init(&reach, &rule, role, r);
		for (bool go = space_first(&space); go; go = space_next(&space)) {
			struct runner run = {.seq = &space.seq, .reading = by->name};
			struct verdict verdict;
			struct buf text = {0};

			if (by->scope == SCOPE_HANDLE || is(&run, "matched") || is(&run, "page"))
				run.reading = "alternate";
			run.cancel = !strncmp(name, "Cancel", 6);
			run.cap = (int)seq_cap(&space.seq, &rule, role);
			run.entries_max = (by->counts ? 2 * (unsigned)run.cap : 1u << locks)
			                  << bits_count(seq_flags_moving(&space.seq));
			run_paths(&run, rule.role[role].held);
			reach_judge(&reach, &space.seq, (unsigned)run.cap, &own, &verdict);
			if (!same_as_paths(&verdict, &run)) {
				seq_print(&text, &space.seq, &rule);
				verdict_print(&text, &verdict);
				cr_assert(false, "%s, %s: %s", name, by->name, buf_string(&text));
			}
			arena_reset(&own);
		}
		arena_free(&own);
		reach_free(&reach);
		space_free(&space);
	}
}

Test(reach, every_path_run_one_by_one_gives_the_same_findings)
{
	static const char *const name[] = {"CancelSpinlockRelease", "SpinlockRelease", "QueuedSpinLockRelease",
	                                   "WdfSpinlockRelease", "SpinLockRelease"};

	for (size_t n = 0; n < sizeof name / sizeof *name; n++) {
		use(name[n], NULL);
		for (unsigned role = 0; role < rule.roles; role++) {
			for (unsigned size = 0; size <= 4; size++)
				compare_with_paths(name[n], role, SPACE_PLAIN, size, 1);
			for (unsigned size = 2; size <= 4 && rule.locks > 1; size++)
				compare_with_paths(name[n], role, SPACE_PLAIN, size, 2);
			for (unsigned size = 0; size <= 3; size++)
				compare_with_paths(name[n], role, SPACE_STATE, size, size < 3 ? 3 : 1);
		}
	}
}

/* ---- the cap ---- */

/* What a larger cap does to a verdict that is perhaps not all: nothing is lost, and it stays so. */
static bool
is_extended(const struct verdict *one, const struct verdict *two)
{
	struct verdict part = *one;

	part.gave_up = true;
	return verdict_same_statements(&part, two);
}

static void
raise_cap(unsigned role, enum space_alphabet alphabet, const char *by, unsigned size, unsigned locks)
{
	struct arena own = {0};
	struct reach reach;
	struct space space;
	unsigned long decided = 0, undecided = 0;

	cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
	reach_init(&reach, &rule, role, reading(by));
	for (bool go = space_first(&space); go; go = space_next(&space)) {
		unsigned cap = seq_cap(&space.seq, &rule, role);
		struct verdict one, two;
		struct buf text = {0};

		reach_judge(&reach, &space.seq, cap, &own, &one);
		reach_judge(&reach, &space.seq, cap + 3, &own, &two);
		if (one.incomplete ? !is_extended(&one, &two)
		                   : !verdict_same_statements(&one, &two) || one.deadlock != two.deadlock) {
			seq_print(&text, &space.seq, &rule);
			cr_assert(false, "%s, cap %u: %s", by, cap, buf_string(&text));
		}
		decided += !one.incomplete;
		undecided += one.incomplete;
		arena_reset(&own);
	}
	cr_expect(decided && (undecided || size < 2));
	arena_free(&own);
	reach_free(&reach);
	space_free(&space);
}

Test(reach, a_larger_cap_changes_nothing)
{
	unsigned dpc;

	use("WdfSpinlockRelease", NULL);
	for (unsigned size = 1; size <= 5; size++)
		raise_cap(0, SPACE_PLAIN, "balanced", size, 1);
	for (unsigned size = 1; size <= 4; size++)
		raise_cap(0, SPACE_PLAIN, "balanced", size, 2);
	dpc = use("SpinlockRelease", "dpc");
	for (unsigned size = 1; size <= 5; size++)
		raise_cap(dpc, SPACE_PLAIN, "slic7600", size, 1);
	for (unsigned size = 1; size <= 4; size++)
		raise_cap(dpc, SPACE_PLAIN, "slic7600", size, 2);
	for (unsigned size = 1; size <= 4; size++)
		raise_cap(dpc, SPACE_STATE, "slic7600", size, 1);
	use("WdfSpinlockRelease", NULL);
	for (unsigned size = 1; size <= 4; size++)
		raise_cap(0, SPACE_STATE, "balanced", size, 1);
}

/* ---- the two carriers ---- */

/* Loops nested more deeply than the recursive pass takes, which do nothing: the same case goes to the other
 * carrier. */
static void
put_behind_loops(struct seq *out, struct seq_node *node, const struct seq *seq)
{
	enum { LOOPS = 6 };

	for (unsigned i = 0; i < LOOPS; i++) {
		node[i] = (struct seq_node){.op = SEQ_LOOP, .number = (uint16_t)(i + 1)};
		node[2 * LOOPS - 1 - i] = (struct seq_node){.op = SEQ_END, .number = (uint16_t)(i + 1)};
	}
	for (uint32_t i = 0; i < seq->count; i++) {
		node[2 * LOOPS + i] = seq->node[i];
		node[2 * LOOPS + i].number = (uint16_t)(seq->node[i].number + LOOPS);
	}
	*out = (struct seq){node, seq->count + 2 * LOOPS, seq->size + LOOPS};
	cr_assert(seq->size <= SPACE_MAX_SIZE);
}

static void
compare_carriers(unsigned dpc, enum space_alphabet alphabet, unsigned size)
{
	for (unsigned r = 0; r < rule.readings; r++) {
		struct arena own = {0};
		struct reach reach;
		struct space space;

		cr_assert(space_init(&space, &rule, dpc, alphabet, size, 2));
		reach_init(&reach, &rule, dpc, r);
		for (bool go = space_first(&space); go; go = space_next(&space)) {
			struct seq_node node[3 * SPACE_MAX_SIZE + 12];
			unsigned cap = seq_cap(&space.seq, &rule, dpc);
			struct verdict one, two;
			struct seq deep;

			put_behind_loops(&deep, node, &space.seq);
			reach_judge(&reach, &space.seq, cap, &own, &one);
			reach_judge(&reach, &deep, cap, &own, &two);
			for (unsigned i = 0; i < two.count; i++)
				if (two.finding[i].statement)
					two.finding[i].statement = (uint16_t)(two.finding[i].statement - 6);
			cr_assert(verdict_same_statements(&one, &two) && one.deadlock == two.deadlock);
			arena_reset(&own);
		}
		arena_free(&own);
		reach_free(&reach);
		space_free(&space);
	}
}

Test(reach, small_cases_are_judged_alike_by_both_carriers)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	compare_carriers(dpc, SPACE_PLAIN, 4);
	compare_carriers(dpc, SPACE_STATE, 3);
}

Test(reach, large_sequences_are_judged)
{
	struct buf text = {0};
	struct verdict verdict;

	use("WdfSpinlockRelease", NULL);
	for (unsigned i = 0; i < 200; i++)
		buf_puts(&text, "acq a; if ? { acq b; rel b }; ");
	for (unsigned i = 0; i < 100; i++)
		buf_puts(&text, "rel a; ");
	judge_text(0, "balanced", buf_string(&text), &verdict);
	cr_expect(verdict.count == 1 && verdict.finding[0].kind == KIND_MISSING_RELEASE);
	buf_clear(&text);
	for (unsigned i = 0; i < SEQ_MAX_DEPTH; i++)
		buf_puts(&text, "loop { acq a; ");
	for (unsigned i = 0; i < SEQ_MAX_DEPTH; i++)
		buf_puts(&text, "rel a }");
	judge_text(0, "balanced", buf_string(&text), &verdict);
	cr_expect(verdict.outcome == OUTCOME_PASS);
	buf_free(&text);
}
