/* lockdrill verify: all three roads over a level, or over every sequence up to a size, in its plainest
 * shape. The third may be taken by further compilers too. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "filters.h"
#include "level.h"
#include "progress.h"
#include "space.h"
#include "truth.h"
#include "verify_hygiene.h"
#include "verify_jobs.h"

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* `held` of the cases are those that were asked for; canaries and pairs that a level leaves out are judged
 * beside them. */
static void
print_counts(const char *what, const struct truth *truth, uint64_t held, double seconds)
{
	unsigned long long beside = truth->cases - held;

	progress_clear();
	printf("%s: %llu cases agree, ", what, (unsigned long long)held);
	if (beside)
		printf("%llu beside them, ", beside);
	printf("%llu undecided, %llu with another defect, %llu paths, %.1f MB of text, %.1f s\n",
	       (unsigned long long)truth->undecided, (unsigned long long)truth->unclean,
	       (unsigned long long)truth->paths, (double)truth->bytes / 1e6, seconds);
	for (unsigned i = 0; i < truth->compilers; i++) {
		struct truth_compiler *by = &truth->compiler[i];

		printf("  and by %s: %llu cases, ", by->command, (unsigned long long)by->cases - beside);
		if (beside)
			printf("%llu beside them, ", beside);
		printf("%llu paths\n", (unsigned long long)by->paths);
		by->cases = by->paths = 0;
	}
}

/* What is asked for. */
struct wish {
	const char *level, *part;
	struct shard shard;
	struct filters filters; /* without a level one rule, and at most one role */
	struct filter filter;
	struct option_list commands;
	const char *word; /* of the alphabet */
	enum space_alphabet alphabet;
	unsigned long long size, locks, jobs;
	bool hygiene, guilty;
	struct truth_compiler compiler[OPTION_LIST_MOST];
};

/* One role: batches of consecutive sequences of all sizes, in turn for each of the processes. */
static bool
judge_role(struct truth *truth, const struct rule *rule, unsigned role, const struct wish *wish,
           struct verify_jobs *jobs, struct buf *dispute, struct diag *diag)
{
	struct suite_case *batch;
	struct arena arena = {0}, keep = {0};
	unsigned size = (unsigned)wish->size, locks = (unsigned)wish->locks, count = 0, turn = 0;
	bool ok = true;

	batch = arena_alloc(&keep, TRUTH_BATCH * sizeof *batch);
	for (unsigned n = 0; ok && n <= size; n++) {
		struct space space;

		if (!space_init(&space, rule, role, wish->alphabet, n, locks)) {
			diag_set(diag, "--size", 0, 0, "size %u is too large: at most %d", n, SPACE_MAX_SIZE);
			ok = false;
			break;
		}
		for (bool more = space_first(&space); ok && (more || count);) {
			if (more) {
				struct suite_case *of = &batch[count++];

				*of = (struct suite_case){.rule = rule, .role = role, .shapes = shapes_default()};
				of->seq = space.seq;
				of->seq.node = arena_alloc(&arena, (space.seq.count + 1U) * sizeof *of->seq.node);
				memcpy(of->seq.node, space.seq.node, space.seq.count * sizeof *of->seq.node);
				more = space_next(&space);
			}
			if (count == TRUTH_BATCH || !more) {
				if (turn++ % jobs->jobs == jobs->job)
					ok = truth_judge(truth, batch, count, NULL, &arena, dispute, diag);
				more = more && verify_jobs_go_on(jobs);
				count = 0;
				arena_reset(&arena);
			}
		}
		space_free(&space);
	}
	arena_free(&arena);
	arena_free(&keep);
	return ok;
}

static bool
verify_role(struct truth *truth, const struct rule *rule, unsigned role, const struct wish *wish,
            struct buf *dispute, struct diag *diag)
{
	struct verify_done done = {.truth = truth};
	struct verify_jobs jobs;
	bool ok = verify_jobs_begin(&jobs, (unsigned)wish->jobs, diag);

	return ok && verify_jobs_end(&jobs, judge_role(truth, rule, role, wish, &jobs, dispute, diag), &done,
	                             dispute, diag);
}

static bool
verify_rule(struct wish *wish, struct buf *dispute, struct diag *diag)
{
	unsigned size = (unsigned)wish->size, locks = (unsigned)wish->locks;
	struct arena arena = {0};
	const char *name = wish->filter.roles.count ? wish->filter.roles.word[0] : NULL;
	struct rule rule;
	unsigned only;
	bool ok = command_rule(&rule, &only, &arena, wish->filter.rules.word[0], name, diag);

	for (unsigned role = 0; ok && role < rule.roles; role++) {
		struct truth truth = {.compilers = wish->commands.count, .compiler = wish->compiler};
		double begin = seconds_now();
		char what[160];

		if (name && role != only)
			continue;
		ok = verify_role(&truth, &rule, role, wish, dispute, diag);
		snprintf(what, sizeof what, "%s %s, size <= %u, locks <= %u", rule.name, rule.role[role].name, size,
		         locks < rule.locks ? locks : rule.locks);
		if (ok) {
			print_counts(what, &truth, truth.cases, seconds_now() - begin);
			verify_hygiene(&truth, wish->hygiene);
			wish->guilty |= truth.guilty != 0;
		}
		truth_free(&truth);
	}
	arena_free(&arena);
	return ok;
}

/* What this process has of a level. */
static bool
judge_level(struct level *level, struct verify_jobs *jobs, struct verify_done *done, struct buf *dispute,
            struct diag *diag)
{
	bool ok = true;

	level_take_part(level, jobs->job, jobs->jobs);
	for (bool more = true; ok && more;) {
		ok = level_next(level, &more, dispute, diag);
		done->asked += more ? level->count : 0;
		more = more && verify_jobs_go_on(jobs);
	}
	return ok;
}

/* A drawn level is one batch: it has no parts. */
static bool
share_level(struct level *level, const struct wish *wish, struct verify_done *done, struct buf *dispute,
            struct diag *diag)
{
	struct verify_jobs jobs;

	if (!level_survey(level, diag) ||
	    !verify_jobs_begin(&jobs, level->plan.deal ? (unsigned)wish->jobs : 1, diag))
		return false;
	return verify_jobs_end(&jobs, judge_level(level, &jobs, done, dispute, diag), done, dispute, diag) &&
	       (done->asked || level_refuse_unfitting(level, diag));
}

static bool
verify_level(struct wish *wish, struct buf *dispute, struct diag *diag)
{
	double begin = seconds_now();
	struct level level;
	struct verify_done done = {.truth = &level.truth};
	bool ok = level_open(&level, wish->level, &wish->filter, wish->shard, diag);

	level.truth.compilers = wish->commands.count;
	level.truth.compiler = wish->compiler;
	ok = ok && share_level(&level, wish, &done, dispute, diag);
	if (ok) {
		unsigned long long cases = done.asked;
		char what[80];

		progress_clear();
		filters_tell(stdout, &level);
		if (level.plan.deal)
			snprintf(what, sizeof what, "level %s (%llu cases)", wish->level, cases);
		else
			snprintf(what, sizeof what, "level %s (%llu cases, %u families)", wish->level, cases,
			         level.families);
		print_counts(what, &level.truth, cases, seconds_now() - begin);
		verify_hygiene(&level.truth, wish->hygiene);
		wish->guilty |= level.truth.guilty != 0;
	}
	level_free(&level);
	return ok;
}

/* The filter names one rule and at most one role, and nothing that only a level has. */
static bool
is_one_rule(const struct filter *filter)
{
	return filter->rules.count == 1 && filter->roles.count <= 1 && !filter->ladder.count &&
	       !filter->shapes.count && !filter->cases.count && !filter->sample;
}

static bool
verify(struct wish *wish, struct buf *dispute, struct diag *diag)
{
	for (unsigned i = 0; i < wish->commands.count; i++)
		wish->compiler[i].command = wish->commands.item[i];
	if (wish->part && !wish->level) {
		diag_set(diag, "--shard", 0, 0, "does nothing without --level");
		return false;
	}
	if (!command_shard(&wish->shard, wish->part, diag) ||
	    !command_alphabet(&wish->alphabet, wish->word, diag) ||
	    !filters_make(&wish->filters, &wish->filter, diag))
		return false;
	if (wish->level)
		return verify_level(wish, dispute, diag);
	if (is_one_rule(&wish->filter) && wish->size <= SPACE_MAX_SIZE)
		return verify_rule(wish, dispute, diag);
	diag_set(diag, "verify", 0, 0, "give --level, or one --rule with --size (and --role, --locks)");
	return false;
}

static const struct option options[] = {
	OPTION_LEVEL(wish, level, false),
	FILTERS_OPTIONS(wish, filters),
	{"size", OPTION_NUMBER_AT(wish, size), .most = SPACE_MAX_SIZE, .value = "N", .without = "level",
     .help = "all sequences up to N statements"},
	{"locks", OPTION_NUMBER_AT(wish, locks), .least = 1, .most = RULE_LOCKS, .value = "K", .without = "level",
     .help = "with at most K locks (default: 1)"},
	OPTION_ALPHABET(wish, word),
	OPTION_SHARD(wish, part),
	OPTION_JOBS(wish, jobs, VERIFY_JOBS),
	{"compiler", OPTION_LIST_AT(wish, commands), .value = "COMMAND",
     .help = "compile with it too, as 'gcc -O2'; may be repeated"},
	{"hygiene", OPTION_FLAG_AT(wish, hygiene),
     .help = "say of every kind of defect beside the locks what it is"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.size = SPACE_MAX_SIZE + 1, .locks = 1, .jobs = 1, .filters = {.seed = 1}};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_verify, &wish, argc, argv, NULL, &operands, &status))
		return status;
	status = verify(&wish, &dispute, &diag) ? (wish.guilty ? STATUS_FAILED : STATUS_FINE)
	                                        : command_dispute(&diag, &dispute);
	buf_free(&dispute);
	return status;
}

const struct command command_verify = {.name = "verify",
                                       .operands = "--level L | --rule R --size N",
                                       .summary = "judge many cases by all three roads",
                                       .options = options,
                                       .run = run};
