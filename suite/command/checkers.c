/* lockdrill checkers: which checkers there are, and which of them are here, with their versions; with
 * --self-test, whether adapters still read what their checkers once printed; with --try, what one makes of a
 * few cases (checkers_try.c); with --schema, what may stand in an adapter (checkers_schema.c). See command.h.
 *
 * A checker whose version cannot be read is here all the same: the version is then a hyphen. An adapter
 * that is broken is reported, and the others are listed.
 */
#include <stdio.h>
#include <string.h>

#include "checker.h"
#include "checkers_schema.h"
#include "checkers_try.h"
#include "command.h"
#include "data.h"
#include "recording.h"

enum { NAME_WIDTH = 34, WORLD_WIDTH = 24, NAMED_MOST = 64 };

struct wish {
	bool self_test, schema;
	const char *tried;
	const char *named[NAMED_MOST];
};

static bool
print_checker(struct arena *arena, const char *name)
{
	struct checker checker;
	const char *version = "";
	struct diag diag;

	if (!checker_load(&checker, arena, name, &diag)) {
		diag_print(stderr, &diag);
		return false;
	}
	if (checker.adapter.degenerate && !strcmp(checker.adapter.exe[0], "{self}"))
		version = "built in";
	else if (checker.exe && checker_meet(&checker, arena, &diag))
		version = checker.version;
	printf("%-*s %-*s %-6s %-5s %s\n", NAME_WIDTH, name, WORLD_WIDTH, checker.adapter.world->name,
	       adapter_when(checker.adapter.when), checker.exe ? "yes" : "no", version[0] ? version : "-");
	checker_free(&checker);
	return true;
}

static int
list(struct arena *arena)
{
	const char **names;
	size_t count = adapter_list(arena, &names);
	int status = STATUS_FINE;

	printf("%-*s %-*s %-6s %-5s %s\n", NAME_WIDTH, "CHECKER", WORLD_WIDTH, "WORLD", "RUN", "HERE", "VERSION");
	for (size_t i = 0; i < count; i++)
		if (!print_checker(arena, names[i]))
			status = STATUS_USAGE;
	return status;
}

/* self-test */

/* Finds the recording of a checker; false with an empty message where there is none. */
static bool
load_recording(struct recording *recording, struct arena *arena, const char *name, struct diag *diag)
{
	struct buf path = {0};
	struct data_file file;
	bool found;

	*diag = (struct diag){0};
	buf_printf(&path, "recorded/%s.txt", name);
	found = data_find(arena, path.data, &file);
	buf_free(&path);
	return found && recording_parse(recording, arena, file.where, file.bytes, file.length, diag);
}

/* A pattern without which each answer is the same is not tested. */
static void
tell_spared(const struct recording *recording, const struct adapter *adapter)
{
	unsigned spared = 0;

	for (unsigned i = 0; i < adapter->patterns; i++)
		spared += recording_spares(recording, adapter, i);
	printf("%-*s %u cases, %u of %u patterns needed\n", NAME_WIDTH, adapter->name, recording->cases,
	       adapter->patterns - spared, adapter->patterns);
	for (unsigned i = 0; i < adapter->patterns; i++)
		if (recording_spares(recording, adapter, i))
			printf("    no answer needs: %s\n", adapter->pattern[i].text);
}

/* STATUS_FAILED where the adapter reads it otherwise than when it was recorded. */
static int
test_adapter(struct arena *arena, const char *name)
{
	struct recording recording;
	struct adapter adapter;
	struct diag diag;
	int status = STATUS_FINE;

	if (!adapter_load(&adapter, arena, name, &diag))
		return command_refuse(&diag);
	if (!load_recording(&recording, arena, name, &diag)) {
		if (diag.message[0])
			status = command_refuse(&diag);
		else
			printf("%-*s no recording\n", NAME_WIDTH, name);
	} else if (recording_holds(&recording, &adapter, &diag)) {
		tell_spared(&recording, &adapter);
	} else {
		diag_print(stderr, &diag);
		status = STATUS_FAILED;
	}
	adapter_free(&adapter);
	return status;
}

static int
self_test(struct arena *arena, const char *const *named, size_t count)
{
	const char **names;
	int worst = STATUS_FINE;

	if (!count) {
		count = adapter_list(arena, &names);
		named = names;
	}
	for (size_t i = 0; i < count; i++) {
		int status = test_adapter(arena, named[i]);

		worst = status > worst ? status : worst;
	}
	return worst;
}

static const struct option options[] = {
	{"self-test", OPTION_FLAG_AT(wish, self_test), .without = "schema",
     .help = "hold each adapter, or those named, against what its checker once printed"},
	{"try", OPTION_STRING_AT(wish, tried), .value = "NAME", .words = WORDS_CHECKER, .without = "self-test",
     .help = "run one on five cases, and show each step and what its adapter makes of it"},
	{"schema", OPTION_FLAG_AT(wish, schema), .without = "try", .help = "list the keys of an adapter file"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {0};
	struct arena arena = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_checkers, &wish, argc, argv, wish.named, &operands, &status))
		return status;
	if (operands && !wish.self_test) {
		diag_set(&diag, "checkers", 0, 0, "names belong to --self-test");
		status = command_refuse(&diag);
	} else {
		status = wish.schema      ? checkers_schema(&arena)
		         : wish.tried     ? checkers_try(&arena, wish.tried)
		         : wish.self_test ? self_test(&arena, wish.named, operands)
		                          : list(&arena);
	}
	arena_free(&arena);
	return status;
}

const struct command command_checkers = {.name = "checkers",
                                         .operands = "[NAME...]",
                                         .summary = "list the checkers and whether each is here",
                                         .options = options,
                                         .operands_most = NAMED_MOST,
                                         .run = run};
