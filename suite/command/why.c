/* lockdrill why: which ladder steps and shapes explain the wrong answers of checkers. */
#include <stdio.h>

#include "cause.h"
#include "command.h"
#include "judged.h"
#include "report.h"

struct wish {
	struct judged_wish judged;
	unsigned long long limit;
};

/* One checker that is asked for by its name must have answers; of all, those are told that have none. */
static bool
check_runs(const struct judged *judged, const struct judged_wish *wish, struct diag *diag)
{
	const struct stored *stored = &judged->stored;
	bool any = false;

	for (unsigned i = 0; i < stored->checkers; i++) {
		any = any || !score_why_not(&stored->checker[i]);
		if (wish->checkers.count && !judged_check_run(&stored->checker[i], wish->path, diag))
			return false;
	}
	if (!any)
		diag_set(diag, wish->path, 0, 0, "no checker has answers that count");
	return any;
}

bool
judged_explain(struct buf *out, struct judged *judged, const struct judged_wish *wish, unsigned most,
               struct diag *diag)
{
	const struct report report = {.stored = &judged->stored, .options = &judged->options};
	const struct stored_pair *pair;
	struct causes causes;

	if (!check_runs(judged, wish, diag))
		return false;
	causes_begin(&causes, &judged->stored, &judged->options, &judged->arena);
	do {
		if (!store_next_pair(judged->store, &judged->stored, &pair, diag))
			return false;
		if (pair)
			causes_add(&causes, pair);
	} while (pair);
	causes_end(&causes);
	report_causes(out, &report, &causes, most, wish->path);
	return true;
}

static const struct option options[] = {
	{"checker", OPTION_LIST_AT(wish, judged.checkers), .value = "NAME", .words = WORDS_CHECKER,
     .help = "only this checker; may be repeated"},
	{"limit", OPTION_NUMBER_AT(wish, limit), .least = 1, .most = 1000000, .value = "N",
     .help = "so many steps and shapes of each checker (default: 15)"},
	JUDGED_OPTIONS(wish, judged),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.judged = JUDGED_WISH, .limit = JUDGED_EXPLAINED};
	struct judged judged;
	struct buf out = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_why, &wish, argc, argv, &wish.judged.path, &operands, &status))
		return status;
	if (judged_open(&judged, &wish.judged, &diag) &&
	    judged_explain(&out, &judged, &wish.judged, (unsigned)wish.limit, &diag))
		fputs(buf_string(&out), stdout);
	else
		status = command_refuse(&diag);
	judged_close(&judged);
	buf_free(&out);
	return status;
}

const struct command command_why = {.name = "why",
                                    .operands = "DB",
                                    .summary = "which steps and shapes explain wrong answers",
                                    .options = options,
                                    .operands_most = 1,
                                    .words = WORDS_FILE,
                                    .run = run};
