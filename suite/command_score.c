/* lockdrill score: what the answers in a database are worth. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "score.h"
#include "store.h"

/* What the user chose. */
struct choice {
	const char *path, *format, *by, *reading, *rule; /* the last three NULL: no groups, the headline, all */
	struct option_list checkers;
};

/* Distinct names, comma-separated in the order of the cases. */
static void
add_name(struct buf *names, const char *name)
{
	size_t length = strlen(name);

	if (!length)
		return;
	for (const char *at = buf_string(names); (at = strstr(at, name)); at += length)
		if ((at == names->data || at[-1] == ' ') && (!at[length] || at[length] == ','))
			return;
	buf_printf(names, "%s%s", names->len ? ", " : "", name);
}

static bool
has_rule(const struct stored *stored, const char *rule, struct diag *diag)
{
	struct buf names = {0};
	bool found = false;

	for (unsigned i = 0; i < stored->cases && !found; i++) {
		found = !strcmp(stored->stored_case[i].rule, rule);
		add_name(&names, stored->stored_case[i].rule);
	}
	if (!found)
		diag_set(diag, "--rule", 0, 0, "no case here is of a rule '%s'; there are: %s", rule,
		         buf_string(&names));
	buf_free(&names);
	return found;
}

static bool
has_reading(const struct stored *stored, const char *reading, struct diag *diag)
{
	struct buf names = {0};
	bool found = false;

	for (unsigned i = 0; i < stored->cases && !found; i++)
		for (unsigned j = 0; j < stored->stored_case[i].readings; j++) {
			found = found || !strcmp(stored->stored_case[i].reading[j].name, reading);
			add_name(&names, stored->stored_case[i].reading[j].name);
		}
	if (!found)
		diag_set(diag, "--reading", 0, 0, "no rule here has a reading '%s'; there are: %s", reading,
		         buf_string(&names));
	buf_free(&names);
	return found;
}

/* BY_COUNT for a word that is none. */
static enum score_by
find_by(const char *word)
{
	static const char *const words[BY_COUNT] = {
#define SCORE_BY(id, text) [id] = text,
		SCORE_BYS(SCORE_BY)
#undef SCORE_BY
	};
	unsigned by = 0;

	while (by < BY_COUNT && strcmp(words[by], word))
		by++;
	return (enum score_by)by;
}

static bool
answered_anything(const struct stored *stored)
{
	for (unsigned i = 0; i < stored->checkers; i++)
		for (unsigned j = 0; j < stored->cases; j++)
			if (stored->checker[i].answer[j] == ANSWER_PASS ||
			    stored->checker[i].answer[j] == ANSWER_VIOLATION)
				return true;
	return false;
}

static bool
make_report(const struct choice *choice, struct buf *out, bool *answered, struct arena *arena,
            struct diag *diag)
{
	struct store *store = store_open(choice->path, true, diag);
	struct report report = {.view = choice->reading ? VIEW_NAMED : VIEW_HEADLINE,
	                        .reading = choice->reading,
	                        .rule = choice->rule};
	struct stored stored;
	struct score *score;
	bool ok;

	if (!store)
		return false;
	ok = store_read(store, &stored, arena, diag) &&
	     score_keep_checkers(&stored, choice->checkers.item, choice->checkers.count, diag) &&
	     (!choice->rule ||
	      (has_rule(&stored, choice->rule, diag) && score_keep_rule(&stored, choice->rule, arena))) &&
	     (!choice->reading || has_reading(&stored, choice->reading, diag));
	store_close(store);
	if (!ok)
		return false;
	score = arena_alloc(arena, (stored.checkers + 1U) * sizeof *score);
	for (unsigned i = 0; i < stored.checkers; i++)
		score_checker(&score[i], &stored, &stored.checker[i], report.view, choice->reading, arena);
	report.stored = &stored;
	report.score = score;
	if (!strcmp(choice->format, "json"))
		report_json(out, &report);
	else if (choice->by)
		report_by(out, &report, find_by(choice->by), arena);
	else
		report_table(out, &report, arena);
	*answered = answered_anything(&stored);
	return true;
}

int
command_score(int argc, char **argv)
{
	struct choice choice = {.format = "table"};
	struct option options[] = {
		{"format", OPTION_STRING, {.string = &choice.format}, 0, "NAME  table (default) or json"},
		{"reading",
	     OPTION_STRING,
	     {.string = &choice.reading},
	     0,
	     "NAME  score in this reading, where rules have it"},
		{"by",
	     OPTION_STRING,
	     {.string = &choice.by},
	     0,
	     "WHAT  one row for each of: rules, kinds, ladder, shapes"},
		{"checker", OPTION_LIST, {.list = &choice.checkers}, 0, "NAME  only this checker; may be repeated"},
		{"rule", OPTION_STRING, {.string = &choice.rule}, 0, "NAME  score the cases of this rule only"},
		{0},
	};
	struct arena arena = {0};
	struct buf out = {0};
	struct diag diag;
	unsigned operands;
	bool answered;
	int status;

	if (!command_options(options, argc, argv, &choice.path, 1, &operands, &status))
		return status;
	if (!operands) {
		diag_set(&diag, "score", 0, 0, "give the database that `lockdrill run` made");
		return command_refuse(&diag);
	}
	if (strcmp(choice.format, "table") && strcmp(choice.format, "json")) {
		diag_set(&diag, "--format", 0, 0, "there is no format '%s'; known: table, json", choice.format);
		return command_refuse(&diag);
	}
	if (choice.by && find_by(choice.by) == BY_COUNT) {
		diag_set(&diag, "--by", 0, 0, "cannot group by '%s'; known: rules, kinds, ladder, shapes", choice.by);
		return command_refuse(&diag);
	}
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
