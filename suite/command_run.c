/* lockdrill run: gives the cases of a level to checkers and stores their answers. */
#include <stdio.h>
#include <string.h>

#include "checker.h"
#include "command.h"
#include "level.h"
#include "process.h"
#include "run.h"
#include "store.h"

struct session {
	struct level level;
	struct store *store;
	struct diag *diag;
	struct arena arena;
	unsigned jobs;
	const struct suite_case **cases;
	/* of the run at hand */
	int64_t run;
	unsigned answered, given;
	double committed; /* when, in monotonic seconds */
};

static const struct suite_case *
canary_of(void *context, const struct rule *rule)
{
	const struct session *session = context;

	return level_canary(&session->level, rule, OUTCOME_VIOLATION);
}

/* Stores one answer; what was stored is made durable once a second. */
static bool
take_answer(void *context, const struct suite_case *of, const struct answer *answer)
{
	struct session *session = context;
	double now = process_now();

	if (!store_answer(session->store, session->run, of, answer, session->diag))
		return false;
	session->given++;
	session->answered += answer->state == ANSWER_PASS || answer->state == ANSWER_VIOLATION;
	if (now - session->committed < 1)
		return true;
	session->committed = now;
	return store_commit(session->store, session->diag);
}

static bool
run_checker(struct session *session, const struct adapter *adapter, const char *exe)
{
	struct run_options options = {
		.adapter = adapter,
		.exe = exe,
		.self = checker_self(&session->arena),
		.jobs = session->jobs,
		.progress = !command_quiet(),
		.canary = canary_of,
		.answer = take_answer,
		.context = session,
	};
	const char *version = checker_version(adapter, exe, &session->arena);
	double begin = process_now();
	struct diag diag = {0};
	char hash[HASH_TEXT];
	bool ok;

	checker_hash(exe, hash);
	session->given = session->answered = 0;
	if (!store_begin_run(session->store, adapter, version, hash, NULL, &session->run, session->diag))
		return false;
	ok = run_cases(&options, session->cases, session->level.count, &diag);
	if (!ok && diag.message[0])
		*session->diag = diag;
	if (!command_quiet())
		fprintf(stderr, "%s: %u of %u answered in %.1f s\n", adapter->name, session->answered,
		        session->level.count, process_now() - begin);
	if (ok)
		return store_end_run(session->store, session->run, session->diag);
	struct diag ignored;
	store_commit(session->store, &ignored); /* what was answered stays */
	return false;
}

/* One checker by its adapter's name; `wanted` when the user named it. */
static bool
run_named(struct session *session, const char *name, bool wanted)
{
	struct adapter adapter;
	const char *exe;
	bool ok;

	if (!adapter_load(&adapter, &session->arena, name, session->diag))
		return false;
	if (adapter_find_exe(&adapter, checker_self(&session->arena), &session->arena, &exe)) {
		ok = run_checker(session, &adapter, exe);
	} else if (wanted) {
		diag_set(session->diag, name, 0, 0, "this checker is not here: there is no %s on PATH",
		         adapter.exe[0]);
		ok = false;
	} else {
		if (!command_quiet())
			fprintf(stderr, "%s: not here (no %s on PATH), not run\n", name, adapter.exe[0]);
		ok = store_begin_run(session->store, &adapter, "", "", "not here", &session->run, session->diag) &&
		     store_end_run(session->store, session->run, session->diag);
	}
	adapter_free(&adapter);
	return ok;
}

/* Refuses what would fail only after the first checkers have run. */
static bool
check_named(struct session *session, const struct option_list *checkers)
{
	for (unsigned i = 0; i < checkers->count; i++) {
		struct adapter adapter;
		const char *exe;
		bool here;

		if (!adapter_load(&adapter, &session->arena, checkers->item[i], session->diag))
			return false;
		here = adapter_find_exe(&adapter, "self", &session->arena, &exe);
		if (!here)
			diag_set(session->diag, checkers->item[i], 0, 0,
			         "this checker is not here: there is no %s on PATH", adapter.exe[0]);
		adapter_free(&adapter);
		if (!here)
			return false;
	}
	return true;
}

static bool
run_all(struct session *session, const struct option_list *checkers)
{
	const char **names;
	size_t count;

	session->cases = arena_alloc(&session->arena, (session->level.count + 1U) * sizeof *session->cases);
	for (unsigned i = 0; i < session->level.count; i++)
		session->cases[i] = &session->level.cases[i];
	for (unsigned i = 0; i < checkers->count; i++)
		if (!run_named(session, checkers->item[i], true))
			return false;
	count = checkers->count ? 0 : adapter_list(&session->arena, &names);
	for (size_t i = 0; i < count; i++)
		if (!run_named(session, names[i], false))
			return false;
	return true;
}

int
command_run(int argc, char **argv)
{
	const char *level = NULL, *db = NULL, *part = NULL;
	struct option_list rules = {0}, checkers = {0};
	unsigned long long jobs = 1;
	struct option options[] = {
		{"level", OPTION_STRING, {.string = &level}, 0, "NAME  smoke, standard or full"},
		{"rule", OPTION_LIST, {.list = &rules}, 0, "NAME  only this rule; may be repeated"},
		{"checker", OPTION_LIST, {.list = &checkers}, 0, "NAME  only this checker; may be repeated"},
		{"db", OPTION_STRING, {.string = &db}, 0, "FILE  the experiment's database"},
		{"j", OPTION_NUMBER, {.number = &jobs}, 64, "N  processes at once (default: 1)"},
		{"shard",
	     OPTION_STRING,
	     {.string = &part},
	     0,
	     "K/N  every Nth part of a dealt level, from the Kth (from 0)"},
		{0},
	};
	struct session session = {0};
	struct shard shard;
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(options, argc, argv, NULL, 0, &operands, &status))
		return status;
	if (!level || !db || !jobs) {
		diag_set(&diag, "run", 0, 0, "give --level and --db, and at least one job");
		return command_refuse(&diag);
	}
	session.diag = &diag;
	session.jobs = (unsigned)jobs;
	ok = command_shard(&shard, part, &diag) && check_named(&session, &checkers) &&
	     level_make(&session.level, level, rules.item, rules.count, shard, &dispute, &diag) &&
	     (session.store = store_open(db, false, &diag)) &&
	     store_level(session.store, &session.level, &diag) && run_all(&session, &checkers);
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	store_close(session.store);
	level_free(&session.level);
	arena_free(&session.arena);
	buf_free(&dispute);
	return status;
}
