/* lockdrill verify: all three roads over a level, or over every sequence up to a size, in its plainest shape. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "level.h"
#include "space.h"
#include "truth.h"

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
print_counts(const char *what, const struct truth *truth, double seconds)
{
	printf("%s: %llu cases agree, %llu undecided, %llu without a legal IRQL, %llu paths, "
	       "%.1f MB of text, %.1f s\n",
	       what, (unsigned long long)truth->cases, (unsigned long long)truth->undecided,
	       (unsigned long long)truth->unclean, (unsigned long long)truth->paths, (double)truth->bytes / 1e6,
	       seconds);
}

/* One role: batches of consecutive sequences of all sizes. */
static bool
verify_role(struct truth *truth, const struct rule *rule, unsigned role, unsigned size, unsigned locks,
            struct buf *dispute, struct diag *diag)
{
	struct suite_case *batch;
	struct arena arena = {0}, keep = {0};
	unsigned count = 0;
	bool ok = true;

	batch = arena_alloc(&keep, TRUTH_BATCH * sizeof *batch);
	for (unsigned n = 0; ok && n <= size; n++) {
		struct space space;

		if (!space_init(&space, rule, role, n, locks)) {
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
				ok = truth_judge(truth, batch, count, NULL, &arena, dispute, diag);
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
verify_rule(const char *name, const char *role_name, unsigned size, unsigned locks, struct buf *dispute,
            struct diag *diag)
{
	struct arena arena = {0};
	struct rule rule;
	unsigned only;
	bool ok = command_rule(&rule, &only, &arena, name, role_name, diag);

	for (unsigned role = 0; ok && role < rule.roles; role++) {
		struct truth truth = {0};
		double begin = seconds_now();
		char what[160];

		if (role_name && role != only)
			continue;
		ok = verify_role(&truth, &rule, role, size, locks, dispute, diag);
		snprintf(what, sizeof what, "%s %s, size <= %u, locks <= %u", rule.name, rule.role[role].name, size,
		         locks < rule.locks ? locks : rule.locks);
		if (ok)
			print_counts(what, &truth, seconds_now() - begin);
		truth_free(&truth);
	}
	arena_free(&arena);
	return ok;
}

static bool
verify_level(const char *name, struct option_list *rules, struct buf *dispute, struct diag *diag)
{
	double begin = seconds_now();
	struct level level;
	bool ok = level_make(&level, name, rules->item, rules->count, dispute, diag);

	if (ok) {
		char what[80];

		snprintf(what, sizeof what, "level %s (%u cases, %u families)", name, level.count, level.families);
		print_counts(what, &level.truth, seconds_now() - begin);
	}
	level_free(&level);
	return ok;
}

int
command_verify(int argc, char **argv)
{
	const char *level = NULL, *role = NULL;
	struct option_list rules = {0};
	unsigned long long size = SPACE_MAX_SIZE + 1, locks = 1;
	struct option options[] = {
		{"level", OPTION_STRING, {.string = &level}, 0, "NAME  every case of a level"},
		{"rule", OPTION_LIST, {.list = &rules}, 0, "NAME  the rule; with --level it may be repeated"},
		{"role", OPTION_STRING, {.string = &role}, 0, "NAME  one role (default: all)"},
		{"size", OPTION_NUMBER, {.number = &size}, SPACE_MAX_SIZE, "N  every sequence up to N statements"},
		{"locks", OPTION_NUMBER, {.number = &locks}, RULE_LOCKS, "K  with at most K locks (default: 1)"},
		{0},
	};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(options, argc, argv, NULL, 0, &operands, &status))
		return status;
	if (level && !role) {
		ok = verify_level(level, &rules, &dispute, &diag);
	} else if (!level && rules.count == 1 && size <= SPACE_MAX_SIZE && locks) {
		ok = verify_rule(rules.item[0], role, (unsigned)size, (unsigned)locks, &dispute, &diag);
	} else {
		diag_set(&diag, "verify", 0, 0, "give --level, or one --rule with --size (and --role, --locks)");
		ok = false;
	}
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	buf_free(&dispute);
	return status;
}
