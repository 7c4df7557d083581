/* The speeds against the budgets: one row a budget, the median of five runs each. Nothing depends on the
 * result.
 *
 * A row is a function that does its work once and returns how much it was; the amount is divided by processor
 * time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "level.h"
#include "make.h"
#include "native.h"
#include "reach.h"
#include "space.h"
#include "text.h"

enum { RUNS = 5, PACK = 1000, ENUMERATED_SIZE = 6, GROUP = 50, ROUNDS = 10 };

static struct level level;
static struct arena arena;

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const struct rule *
find_rule(const char *name)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag;

	if (!rule_load(rule, &arena, name, &diag))
		die("%s", diag.message);
	return rule;
}

/* Millions of cases: every canonical sequence of one size, judged by reach. */
static double
enumerate(const char *name, unsigned reading)
{
	const struct rule *rule = find_rule(name);
	struct arena scratch = {0};
	struct space space;
	struct reach reach;
	double count = 0;

	if (!space_init(&space, rule, 0, SPACE_PLAIN, ENUMERATED_SIZE, 1))
		die("no space");
	reach_init(&reach, rule, 0, reading);
	for (bool more = space_first(&space); more; more = space_next(&space), count++) {
		struct verdict verdict;

		/* only a reading that counts has use for a cap */
		reach_judge(&reach, &space.seq, rule->reading[reading].counts ? seq_cap(&space.seq, rule, 0) : 0,
		            &scratch, &verdict);
		arena_reset(&scratch);
	}
	reach_free(&reach);
	space_free(&space);
	arena_free(&scratch);
	return count / 1e6;
}

static double
enumerate_states(void)
{
	return enumerate("SpinlockRelease", 0);
}

static double
enumerate_counts(void)
{
	return enumerate("WdfSpinlockRelease", 0);
}

/* Prints programs a number of times, behind one another; the bytes, and the seconds in *spent. */
static double
print_progs(struct prog *progs, unsigned count, struct buf *out, double *spent)
{
	struct text_span span;
	struct text_pack pack;
	struct diag diag;
	double begin = seconds(), bytes = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		text_pack_begin(&pack, out, NULL, world_find(WORLD_DIALECT, "plain", &diag), true, RULE_READINGS);
		for (unsigned i = 0; i < count; i++)
			text_pack_add(&pack, &progs[i], &span, &diag);
		text_pack_end(&pack);
		bytes += (double)out->len;
		buf_clear(out);
	}
	*spent += seconds() - begin;
	return bytes;
}

/* Gigabytes: bodies printed into one buffer, behind the making of a few programs, as levels are written: so
 * it is printing that is measured, and not the way to memory. */
static double
print_texts(void)
{
	struct prog progs[GROUP];
	struct arena scratch = {0};
	struct buf out = {0};
	double bytes = 0, spent = 0;

	for (unsigned at = 0; at < level.count; at += GROUP) {
		unsigned count = level.count - at < GROUP ? level.count - at : GROUP;

		for (unsigned i = 0; i < count; i++) {
			const struct suite_case *of = &level.cases[at + i];

			prog_make(&progs[i], &scratch, of->rule, of->role, &of->seq, &of->shapes);
		}
		bytes += print_progs(progs, count, &out, &spent);
		arena_reset(&scratch);
	}
	buf_free(&out);
	arena_free(&scratch);
	return -bytes / 1e9 / spent; /* a rate already */
}

/* Megabytes of body text through the native road, text included in the pack as it is compiled. */
static double
run_native(void)
{
	struct native_case *cases = calloc(PACK, sizeof *cases);
	struct native_result *results = calloc(PACK, sizeof *results);
	struct arena scratch = {0};
	double bytes = 0, spent = 0;

	for (unsigned at = 0; at < level.count;) {
		struct text_pack pack;
		struct buf out = {0};
		struct diag diag;
		unsigned n = 0;
		double begin;

		text_pack_begin(&pack, &out, NULL, world_find(WORLD_DIALECT, "native", &diag), true, RULE_READINGS);
		for (; n < PACK && at < level.count; at++) {
			const struct suite_case *of = &level.cases[at];
			struct text_span span;
			struct prog prog;

			if (level.cases[at].rule->model[0] != 'w')
				continue;
			prog_make(&prog, &scratch, of->rule, of->role, &of->seq, &of->shapes);
			if (!text_pack_add(&pack, &prog, &span, &diag))
				die("%s", diag.message);
			cases[n++] = (struct native_case){.rule = of->rule,
			                                  .role = of->role,
			                                  .cap = seq_cap(&of->seq, of->rule, of->role),
			                                  .first_line = span.first,
			                                  .end_line = prog.end_line,
			                                  .helpers_line = span.helpers_first,
			                                  .sites = prog_sites(&prog),
			                                  .handles = prog_handles(&prog),
			                                  .handle_name = text_handle_names(of->rule, &diag)};
		}
		text_pack_end(&pack);
		begin = seconds();
		if (!native_judge(out.data, cases, n, &scratch, results, &diag))
			die("%s", diag.message);
		spent += seconds() - begin;
		bytes += (double)out.len;
		arena_reset(&scratch);
		buf_free(&out);
	}
	free(cases);
	free(results);
	arena_free(&scratch);
	return -bytes / 1e6 / spent;
}

/* Seconds for a million shaped cases by all three roads. */
static double
all_roads(void)
{
	struct suite_case *cases = calloc(level.count, sizeof *cases);
	struct arena scratch = {0};
	struct truth truth = {0};
	struct buf dispute = {0};
	struct diag diag;
	double begin;

	for (unsigned i = 0; i < level.count; i++)
		cases[i] = level.cases[i];
	begin = seconds();
	if (!truth_judge(&truth, cases, level.count, NULL, &scratch, &dispute, &diag))
		die("%s", diag.message);
	double spent = seconds() - begin;
	truth_free(&truth);
	arena_free(&scratch);
	free(cases);
	return -spent / level.count * 1e6;
}

static const struct {
	const char *work;
	double (*run)(void);
	const char *unit, *budget;
} rows[] = {
	{"enumerate and judge by reach, one lock, states", enumerate_states, "M cases/s", ">= 10"},
	{"the same, a reading that counts", enumerate_counts, "M cases/s", ">= 10"},
	{"print texts to one stream", print_texts, "GB/s", ">= 1"},
	{"native road, compiled and run", run_native, "MB/s of text", ">= 40"},
	{"all three roads, 1 M shaped cases", all_roads, "s", "<= 60"},
};

static int
compare(const void *one, const void *two)
{
	double a = *(const double *)one, b = *(const double *)two;

	return a < b ? -1 : a > b;
}

int
main(void)
{
	struct buf dispute = {0};
	struct diag diag;

	if (!level_make(&level, "standard", NULL, (struct shard){0, 1}, &dispute, &diag))
		die("%s", diag.message);
	printf("%-48s %10s %10s %10s  %-13s %s\n", "work, one core, median of 5", "median", "min", "max", "unit",
	       "budget");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double run[RUNS];

		for (unsigned j = 0; j < RUNS; j++) {
			double begin = seconds(), amount = rows[i].run();

			run[j] = amount < 0 ? -amount : amount / (seconds() - begin);
		}
		qsort(run, RUNS, sizeof *run, compare);
		printf("%-48s %10.2f %10.2f %10.2f  %-13s %s\n", rows[i].work, run[RUNS / 2], run[0], run[RUNS - 1],
		       rows[i].unit, rows[i].budget);
	}
	level_free(&level);
	arena_free(&arena);
	return 0;
}
