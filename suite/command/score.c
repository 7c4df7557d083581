/* lockdrill score: what the answers in a database are worth. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "rule.h"
#include "score.h"
#include "store.h"

/* What the user chose. */
struct choice {
	const char *path, *format, *by, *reading, *rule; /* the last three NULL: no groups, the headline, all */
	bool flaky;
	struct option_list checkers;
};

/* Whether a comma-separated list, which it frees, has the name. */
static bool
is_among(struct buf *names, const char *name, const char *option, const char *what, struct diag *diag)
{
	size_t length = strlen(name);
	bool found = false;

	for (const char *at = buf_string(names); length && !found && (at = strstr(at, name)); at += length)
		found = (at == names->data || at[-1] == ' ') && (!at[length] || at[length] == ',');
	if (!found)
		diag_set(diag, option, 0, 0, "%s '%s'; there are: %s", what, name, buf_string(names));
	buf_free(names);
	return found;
}

static bool
has_rule(struct store *store, const struct choice *choice, struct diag *diag)
{
	struct buf names = {0};

	return !choice->rule || (store_rules(store, &names, diag) &&
	                         is_among(&names, choice->rule, "--rule", "no case here is of a rule", diag));
}

static bool
has_reading(struct store *store, const struct choice *choice, struct diag *diag)
{
	struct buf names = {0};

	return !choice->reading ||
	       (store_readings(store, choice->rule, &names, diag) &&
	        is_among(&names, choice->reading, "--reading", "no rule here has a reading", diag));
}

static bool
score_pairs(struct store *store, struct scorer *scorer, const struct stored *stored, struct diag *diag)
{
	const struct stored_pair *pair;
	bool ok;

	while ((ok = store_next_pair(store, stored, &pair, diag)) && pair)
		score_add(scorer, pair);
	return ok;
}

static bool
print_report(struct buf *out, const struct report *report, const struct choice *choice, struct arena *arena,
             struct diag *diag)
{
	if (choice->flaky)
		report_flaky(out, report);
	else if (!strcmp(choice->format, "json"))
		return report_json(out, report, diag);
	else if (choice->by)
		report_by(out, report, score_by_find(choice->by), arena);
	else
		report_table(out, report, arena);
	return true;
}

static bool
make_report(const struct choice *choice, struct buf *out, bool *answered, struct arena *arena,
            struct diag *diag)
{
	struct store *store = store_open(choice->path, true, diag);
	struct report report = {.view = choice->reading ? VIEW_NAMED : VIEW_HEADLINE, .reading = choice->reading};
	struct scorer *scorer = NULL;
	struct stored stored;
	bool ok;

	if (!store)
		return false;
	ok = store_read(store, &stored, choice->rule, arena, diag) &&
	     score_keep_checkers(&stored, choice->checkers.item, choice->checkers.count, diag) &&
	     has_rule(store, choice, diag) && has_reading(store, choice, diag);
	if (ok) {
		scorer = score_begin(&stored, report.view, choice->reading, arena);
		ok = score_pairs(store, scorer, &stored, diag);
	}
	store_close(store);
	if (!ok)
		return false;
	report.stored = &stored;
	report.score = score_end(scorer);
	for (unsigned i = 0; i < stored.checkers; i++)
		*answered = *answered || report.score[i].answered;
	return print_report(out, &report, choice, arena, diag);
}

static bool
check_choice(const struct choice *choice, unsigned operands, struct diag *diag)
{
	if (!operands)
		diag_set(diag, "score", 0, 0, "give the database that `lockdrill run` made");
	else if (strcmp(choice->format, "table") && strcmp(choice->format, "json"))
		diag_set(diag, "--format", 0, 0, "there is no format '%s'; known: table, json", choice->format);
	else if (choice->by && score_by_find(choice->by) == BY_COUNT)
		diag_set(diag, "--by", 0, 0, "cannot group by '%s'; known: rules, kinds, ladder, shapes", choice->by);
	else if (choice->flaky && (choice->by || strcmp(choice->format, "table")))
		diag_set(diag, "--flaky", 0, 0, "is a table of its own: give it without --by and --format");
	else
		return true;
	return false;
}

static const struct option options[] = {
	{"format", OPTION_STRING_AT(choice, format), .value = "NAME", .words = WORDS_CHOICE,
     .choices = "table json", .help = "table (default) or json"},
	{"reading", OPTION_STRING_AT(choice, reading), .value = "NAME",
     .help = "score in this reading, where rules have it"},
	{"by", OPTION_STRING_AT(choice, by), .value = "WHAT", .words = WORDS_CHOICE,
     .choices = "rules kinds ladder shapes", .help = "one row for each of: rules, kinds, ladder, shapes"},
	{"flaky", OPTION_FLAG_AT(choice, flaky), .help = "only the cases whose repeats differ, one a line"},
	{"checker", OPTION_LIST_AT(choice, checkers), .value = "NAME", .words = WORDS_CHECKER,
     .help = "only this checker; may be repeated"},
	OPTION_RULE(choice, rule, false, "score the cases of this rule only"),
	{0},
};

static int
run(int argc, char **argv)
{
	struct choice choice = {.format = "table"};
	struct arena arena = {0};
	struct buf out = {0};
	struct diag diag;
	unsigned operands;
	bool answered = false;
	int status;

	if (!command_options(&command_score, &choice, argc, argv, &choice.path, &operands, &status))
		return status;
	if (!check_choice(&choice, operands, &diag))
		return command_refuse(&diag);
	if (choice.rule)
		choice.rule = rule_proper_name(&arena, choice.rule);
	if (!make_report(&choice, &out, &answered, &arena, &diag)) {
		status = command_refuse(&diag);
	} else {
		fputs(buf_string(&out), stdout);
		if (!answered) {
			diag_set(&diag, choice.path, 0, 0, "no checker has answered anything: this is no score");
			status = command_refuse(&diag);
		}
	}
	buf_free(&out);
	arena_free(&arena);
	return status;
}

const struct command command_score = {.name = "score",
                                      .operands = "FILE",
                                      .summary = "score stored answers",
                                      .options = options,
                                      .operands_most = 1,
                                      .words = WORDS_FILE,
                                      .run = run};
