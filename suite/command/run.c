/* lockdrill run: gives the cases of a level to checkers and stores their answers.
 *
 * How to read it: run_all goes through the checkers; session.c is the way of one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker.h"
#include "command.h"
#include "containment.h"
#include "filters.h"
#include "level.h"
#include "preflight.h"
#include "progress.h"
#include "run.h"
#include "session.h"
#include "store.h"

enum { SECONDS_MOST = 86400, MEGABYTES_LEAST = 16, MEGABYTES_MOST = 1 << 20, DISK_NEEDED = 64 << 20 };

static void
take_limits(struct adapter *adapter, const struct wish *wish)
{
	if (wish->seconds) {
		adapter->seconds = (double)wish->seconds;
		adapter->seconds_case = 0;
	}
	if (wish->memory)
		adapter->memory = (size_t)wish->memory << 20;
}

/* Answers are filed under a checker's name. */
static bool
check_name(struct session *session, const struct checker *checker)
{
	const char *name = checker->adapter.name, **adapters;
	size_t count = checker->is_nameless ? adapter_list(&session->arena, &adapters) : 0;

	for (unsigned i = 0; i < session->names; i++)
		if (!strcmp(session->name[i], name)) {
			diag_set(session->diag, name, 0, 0, "two checkers have this name");
			return false;
		}
	for (size_t i = 0; i < count; i++)
		if (!strcmp(adapters[i], name)) {
			diag_set(session->diag, name, 0, 0, "calls itself by the name of an adapter");
			return false;
		}
	if (session->names < NAMES_MOST)
		session->name[session->names++] = arena_string(&session->arena, name);
	return true;
}

/* Meets a checker that was loaded, runs it, and frees it. */
static bool
run_loaded(struct session *session, struct checker *checker, bool wanted)
{
	bool ok = !wanted || checker_is_here(checker, session->diag);

	take_limits(&checker->adapter, session->wish);
	checker->containment = session->wish->contain ? CONTAIN_BUBBLEWRAP : CONTAIN_NOT;
	if (ok && !checker->exe)
		ok = session_record_missing(session, checker);
	else if (ok)
		ok = checker_meet(checker, &session->arena, session->diag) && check_name(session, checker) &&
		     checker_has_readings(checker, session->level.rule, session->level.rules, session->diag) &&
		     session_run_checker(session, checker);
	checker_free(checker);
	return ok;
}

/* all of them */

/* Loads the checker that stands at that place among those the user named. */
static bool
load_wanted(const struct wish *wish, unsigned index, struct checker *checker, struct arena *arena,
            struct diag *diag)
{
	if (index < wish->checkers.count)
		return checker_load(checker, arena, wish->checkers.item[index], diag);
	index -= wish->checkers.count;
	if (index < wish->programs.count)
		return checker_of_program(checker, arena, wish->programs.item[index], false, diag);
	return checker_of_program(checker, arena, wish->plugins.item[index - wish->programs.count], true, diag);
}

static unsigned
wanted(const struct wish *wish)
{
	return wish->checkers.count + wish->programs.count + wish->plugins.count;
}

/* Refuses what would fail only after the first checkers have run. */
static bool
check_wanted(struct session *session)
{
	const struct option_list *named = &session->wish->checkers;

	for (unsigned i = 1; i < named->count; i++)
		for (unsigned j = 0; j < i; j++)
			if (!strcmp(named->item[i], named->item[j])) {
				diag_set(session->diag, "--checker", 0, 0, "'%s' is named twice", named->item[i]);
				return false;
			}
	for (unsigned i = 0; i < wanted(session->wish); i++) {
		struct checker checker;
		bool ok = load_wanted(session->wish, i, &checker, &session->arena, session->diag) &&
		          checker_is_here(&checker, session->diag);

		checker_free(&checker);
		if (!ok)
			return false;
	}
	return true;
}

static bool
run_all(struct session *session)
{
	const char **names;
	size_t count;

	progress_clear();
	if (!command_quiet())
		filters_tell(stderr, &session->level);
	for (unsigned i = 0; i < wanted(session->wish); i++) {
		struct checker checker;

		if (!load_wanted(session->wish, i, &checker, &session->arena, session->diag) ||
		    !run_loaded(session, &checker, true))
			return false;
	}
	count = wanted(session->wish) ? 0 : adapter_list(&session->arena, &names);
	for (size_t i = 0; i < count; i++) {
		struct checker checker;

		if (!checker_load(&checker, &session->arena, names[i], session->diag))
			return false;
		if (checker.adapter.when != WHEN_ALWAYS)
			checker_free(&checker);
		else if (!run_loaded(session, &checker, false))
			return false;
	}
	return true;
}

/* Whether there is room where the answers go and where checkers run, and what they are to be kept in
 * works. */
static bool
look_around(const struct wish *wish, struct diag *diag)
{
	const char *slash = strrchr(wish->db, '/'), *temporary = getenv("TMPDIR");
	struct buf home = {0};
	const char *directories[] = {"", temporary && *temporary ? temporary : "/tmp", wish->keep, NULL};
	bool ok;

	buf_add(&home, wish->db, slash ? (size_t)(slash - wish->db) + 1 : 0);
	directories[0] = home.len ? home.data : ".";
	if (directories[1][0] != '/') {
		diag_set(diag, "TMPDIR", 0, 0, "'%s' is no path from the root", directories[1]);
		buf_free(&home);
		return false;
	}
	ok = preflight_check("/dev/null", directories, DISK_NEEDED, diag) && preflight_proc("/proc", diag) &&
	     (!wish->contain || containment_works(NULL, diag));
	buf_free(&home);
	return ok;
}

static bool
check_wish(const struct wish *wish, struct diag *diag)
{
	if (wish->fresh && (wish->resume || wish->reuse))
		diag_set(diag, "run", 0, 0, "--%s keeps what is there, --fresh does not: give one of them",
		         wish->resume ? "resume" : "reuse");
	else if (wish->resume && access(wish->db, F_OK))
		diag_set(diag, wish->db, 0, 0, "there is no run to resume: %s", strerror(errno));
	else
		return true;
	return false;
}

/* A run that is worth nothing has failed; why was told checker by checker. */
static int
status_of(const struct session *session)
{
	if (!session->ran)
		fprintf(stderr, "run: error: nothing ran: none of the checkers is here\n");
	return session->ran && !session->worthless ? STATUS_FINE : STATUS_FAILED;
}

/* Cases by name are found first, so that no more of the level is made than they are. */
static bool
open_level(struct session *session, struct shard shard, struct buf *dispute)
{
	struct level *level = &session->level;
	const struct wish *wish = session->wish;
	struct filter filter;

	if (!named_filter(&session->named, &wish->filters, wish->level, &filter, dispute, session->diag) ||
	    !level_open(level, wish->level, &filter, shard, session->diag))
		return false;
	named_only(&session->named, level);
	return (level->plan.deal ? level_make_canaries(level, dispute, session->diag)
	                         : level_fill(level, dispute, session->diag)) &&
	       level_has_canaries(level, session->diag);
}

/* The batches of a dealt level go by: what is asked of them is in the database, what it takes to ask about
 * them in the spool. */
static bool
take_batches(struct session *session, struct buf *dispute)
{
	struct level *level = &session->level;
	struct diag *diag = session->diag;
	bool more, ok = store_level_begin(session->store, level->name, level->shard, &level->filter, diag);

	session->spool = ok ? spool_open(level->rule, level->rules, diag) : NULL;
	for (ok = session->spool != NULL; ok;) {
		ok = level_next(level, &more, dispute, diag);
		if (ok && !more)
			return store_level_end(session->store, diag);
		ok = ok && store_level_add(session->store, level->cases, level->count, diag) &&
		     spool_add(session->spool, level->cases, level->count, diag);
	}
	return false;
}

static bool
take_cases(struct session *session, struct buf *dispute)
{
	struct level *level = &session->level;
	int64_t cases;

	if (level->plan.deal ? !take_batches(session, dispute)
	                     : !store_level(session->store, level->name, level->shard, &level->filter,
	                                    level->cases, level->count, session->diag))
		return false;
	cases = store_level_cases(session->store, session->diag);
	session->cases = (unsigned)cases;
	return cases >= 0;
}

static const struct option options[] = {
	OPTION_LEVEL(wish, level, true),
	FILTERS_OPTIONS(wish, filters),
	{"checker", OPTION_LIST_AT(wish, checkers), .value = "NAME", .words = WORDS_CHECKER,
     .help = "only this checker; may be repeated"},
	{"program", OPTION_LIST_AT(wish, programs), .value = "FILE", .words = WORDS_FILE,
     .help = "a program that talks the line protocol"},
	{"plugin", OPTION_LIST_AT(wish, plugins), .value = "FILE", .words = WORDS_FILE,
     .help = "a shared object with the C interface"},
	OPTION_DATABASE(wish, db),
	OPTION_JOBS(wish, jobs, RUN_JOBS),
	OPTION_SHARD(wish, shard),
	{"repeats", OPTION_NUMBER_AT(wish, repeats), .least = 1, .most = STORE_REPEATS, .value = "N",
     .help = "answers a case (default: 1)"},
	{"resume", OPTION_FLAG_AT(wish, resume), .help = "go on with a run that was broken off"},
	{"reuse", OPTION_FLAG_AT(wish, reuse), .help = "keep answers of an earlier run of a script, too"},
	{"fresh", OPTION_FLAG_AT(wish, fresh), .help = "keep no answer of an earlier run"},
	{"keep", OPTION_STRING_AT(wish, keep), .value = "DIR", .words = WORDS_FILE,
     .help = "keep there what checkers are given and what they say"},
	{"record", OPTION_STRING_AT(wish, record), .value = "DIR", .words = WORDS_DIRECTORY,
     .help = "write there what checkers print, as a recording of each"},
	{"seconds", OPTION_NUMBER_AT(wish, seconds), .least = 1, .most = SECONDS_MOST, .value = "N",
     .help = "time limit of a process (default: the adapter's)"},
	{"memory", OPTION_NUMBER_AT(wish, memory), .least = MEGABYTES_LEAST, .most = MEGABYTES_MOST, .value = "N",
     .help = "megabytes of memory (default: the adapter's)"},
	{"contain", OPTION_FLAG_AT(wish, contain),
     .help = "run checkers in bubblewrap: no network, nothing written"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.jobs = 1, .repeats = 1, .filters = {.seed = 1}};
	struct session session = {.wish = &wish};
	struct shard shard;
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_run, &wish, argc, argv, NULL, &operands, &status))
		return status;
	session.diag = &diag;
	ok = check_wish(&wish, &diag) && command_shard(&shard, wish.shard, &diag) && check_wanted(&session) &&
	     (!wish.keep || keep_open(&session.keep, wish.keep, wish.resume, &diag)) &&
	     look_around(&wish, &diag) && open_level(&session, shard, &dispute) &&
	     (session.store = store_open(wish.db, false, &diag)) && take_cases(&session, &dispute) &&
	     run_all(&session);
	status = ok ? status_of(&session) : command_dispute(&diag, &dispute);
	if (session.cases)
		store_close(session.store);
	else
		store_abandon(session.store);
	store_wanted_free(&session.wanted);
	spool_free(session.spool);
	level_free(&session.level);
	named_free(&session.named);
	keep_free(&session.keep);
	arena_free(&session.arena);
	buf_free(&session.first_why);
	buf_free(&dispute);
	return status;
}

const struct command command_run = {.name = "run",
                                    .operands = "",
                                    .summary = "give the cases of a level to checkers",
                                    .options = options,
                                    .run = run};
