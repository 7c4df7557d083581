/* lockdrill score: what the answers in a database are worth. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "score.h"
#include "store.h"

static bool
has_reading(const struct stored *stored, const char *reading, struct diag *diag)
{
	for (unsigned i = 0; i < stored->cases; i++)
		for (unsigned j = 0; j < stored->stored_case[i].readings; j++)
			if (!strcmp(stored->stored_case[i].reading[j].name, reading))
				return true;
	diag_set(diag, "--reading", 0, 0,
	         "no rule of this level has a reading '%s'; `lockdrill rules` lists them", reading);
	return false;
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
make_report(const char *path, const char *format, const char *reading, struct buf *out, bool *answered,
            struct arena *arena, struct diag *diag)
{
	struct store *store = store_open(path, true, diag);
	struct report report = {.view = reading ? VIEW_NAMED : VIEW_HEADLINE, .reading = reading};
	struct stored stored;
	struct score *score;
	bool ok;

	if (!store)
		return false;
	ok = store_read(store, &stored, arena, diag) && (!reading || has_reading(&stored, reading, diag));
	store_close(store);
	if (!ok)
		return false;
	score = arena_alloc(arena, (stored.checkers + 1U) * sizeof *score);
	for (unsigned i = 0; i < stored.checkers; i++)
		score_checker(&score[i], &stored, &stored.checker[i], report.view, reading, arena);
	report.stored = &stored;
	report.score = score;
	if (!strcmp(format, "json"))
		report_json(out, &report);
	else
		report_table(out, &report, arena);
	*answered = answered_anything(&stored);
	return true;
}

int
command_score(int argc, char **argv)
{
	const char *format = "table", *reading = NULL, *path = NULL;
	struct option options[] = {
		{"format", OPTION_STRING, {.string = &format}, 0, "NAME  table (default) or json"},
		{"reading",
	     OPTION_STRING,
	     {.string = &reading},
	     0,
	     "NAME  score in this reading, where rules have it"},
		{0},
	};
	struct arena arena = {0};
	struct buf out = {0};
	struct diag diag;
	unsigned operands;
	bool answered;
	int status;

	if (!command_options(options, argc, argv, &path, 1, &operands, &status))
		return status;
	if (!operands) {
		diag_set(&diag, "score", 0, 0, "give the database that `lockdrill run` made");
		return command_refuse(&diag);
	}
	if (strcmp(format, "table") && strcmp(format, "json")) {
		diag_set(&diag, "--format", 0, 0, "there is no format '%s'; known: table, json", format);
		return command_refuse(&diag);
	}
	if (!make_report(path, format, reading, &out, &answered, &arena, &diag)) {
		status = command_refuse(&diag);
	} else {
		fputs(buf_string(&out), stdout);
		if (!answered) {
			diag_set(&diag, path, 0, 0, "no checker has answered anything: this is no score");
			status = command_refuse(&diag);
		}
	}
	buf_free(&out);
	arena_free(&arena);
	return status;
}
