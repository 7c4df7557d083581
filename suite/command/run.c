/* lockdrill run: gives the cases of a level to checkers and stores their answers.
 *
 * How to read it: run_all goes through the checkers, run_checker is the way of one: meet it, begin its run in the store, give it the
 * cases that still want an answer, repeat by repeat, and end the run, void or not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker.h"
#include "clock.h"
#include "command.h"
#include "containment.h"
#include "headers.h"
#include "level.h"
#include "lookup.h"
#include "preflight.h"
#include "progress.h"
#include "run.h"
#include "store.h"

enum { SECONDS_MOST = 86400, MEGABYTES_LEAST = 16, MEGABYTES_MOST = 1 << 20, DISK_NEEDED = 64 << 20 };

/* What the user asked for. */
struct wish {
	const char *level, *db, *shard;
	struct option_list rules, checkers, programs, plugins;
	unsigned long long jobs, repeats, seconds, memory; /* the last two 0: the adapter's own */
	bool resume, fresh, contain;
};

enum { NAMES_MOST = 3 * OPTION_LIST_MOST };

struct session {
	const struct wish *wish;
	struct level level;
	struct store *store;
	struct diag *diag;
	struct arena arena;
	const char *name[NAMES_MOST]; /* of the checkers met so far */
	unsigned names;
	/* of the run at hand */
	int64_t run;
	unsigned repeat;
	unsigned answered;
};

static const struct suite_case *
canary_of(void *context, const struct rule *rule, enum outcome outcome)
{
	const struct session *session = context;

	return level_canary(&session->level, rule, outcome);
}

static bool
take_answer(void *context, const struct suite_case *of, const struct answer *answer)
{
	struct session *session = context;

	session->answered += answer->state == ANSWER_PASS || answer->state == ANSWER_VIOLATION;
	return store_answer(session->store, session->run, of, session->repeat, answer, session->diag);
}

/* Written down at once: a run that is broken off may be gone on with when the checker is sound again. */
static bool
take_void(void *context, const char *why)
{
	struct session *session = context;
	struct buf text = {0};
	bool ok;

	buf_printf(&text, "void: %s", why);
	ok = store_void_run(session->store, session->run, text.data, session->diag);
	buf_free(&text);
	return ok;
}

static bool
take_delivery(void *context)
{
	struct session *session = context;

	return store_commit(session->store, session->diag);
}

/* one checker */

static bool
begin_run(struct session *session, const struct checker *checker, uint64_t *reused)
{
	const struct adapter *adapter = &checker->adapter;
	const struct wish *wish = session->wish;
	struct buf arguments = {0}, limits = {0};
	const char *(*declared)[2] = arena_alloc(&session->arena, ADAPTER_READINGS * sizeof *declared);
	char world[HASH_TEXT];
	struct store_run run = {
		.checker = adapter->name,
		.version = checker->version,
		.exe_hash = checker->hash,
		.adapter = adapter->bytes,
		.adapter_length = adapter->length,
		.world_hash = world,
		.containment = checker->containment == CONTAIN_BUBBLEWRAP ? "bubblewrap" : "none",
		.repeats = (unsigned)wish->repeats,
		.declareds = adapter->readings,
		.declared = declared,
	};
	bool ok;

	if (checker->exe)
		checker_print_arguments(&arguments, checker);
	for (unsigned i = 0; i < adapter->readings; i++) {
		declared[i][0] = adapter->reading[i].rule;
		declared[i][1] = adapter->reading[i].reading;
	}
	checker_print_limits(&limits, adapter);
	headers_world_hash(adapter->world, world);
	run.arguments = buf_string(&arguments);
	run.limits = limits.data;
	ok = store_begin_run(session->store, &run,
	                     wish->resume  ? STORE_RESUME
	                     : wish->fresh ? STORE_FRESH
	                                   : STORE_REUSE,
	                     &session->run, reused, session->diag);
	buf_free(&arguments);
	buf_free(&limits);
	return ok;
}

/* The cases that have no answer yet in this repeat; *count of them. */
static bool
find_wanted(struct session *session, const struct suite_case **cases, unsigned *count)
{
	*count = 0;
	for (unsigned i = 0; i < session->level.count; i++) {
		const struct suite_case *of = &session->level.cases[i];
		bool wants;

		if (!store_wants(session->store, session->run, of->number, session->repeat, &wants, session->diag))
			return false;
		if (wants)
			cases[(*count)++] = of;
	}
	return true;
}

/* A run that was broken off may want its last canaries only. */
static bool
run_repeats(struct session *session, const struct run_options *options, bool broken_off,
            struct run_report *report)
{
	const struct suite_case **cases = malloc((session->level.count + 1U) * sizeof *cases);
	bool ok = true;

	if (!cases)
		die("out of memory");
	for (session->repeat = 0; ok && session->repeat < session->wish->repeats; session->repeat++) {
		struct run_report one = {0};
		struct diag diag = {0};
		unsigned count;

		ok = find_wanted(session, cases, &count);
		if (!ok || (!count && !broken_off))
			continue;
		broken_off = false;
		ok = run_cases(options, cases, count, &one, &diag);
		if (!ok && !strcmp(diag.message, "interrupted"))
			diag_set(session->diag, diag.file, 0, 0,
			         "interrupted; what was answered is kept, and --resume goes on");
		else if (!ok && diag.message[0])
			*session->diag = diag;
		one.retried += report->retried;
		if (report->why_void[0])
			memcpy(one.why_void, report->why_void, sizeof one.why_void);
		*report = one;
	}
	free(cases);
	return ok;
}

static void
tell(const struct session *session, const struct checker *checker, const struct run_report *report,
     uint64_t reused, double seconds)
{
	unsigned long long all = session->level.count * session->wish->repeats;

	if (command_quiet())
		return;
	fprintf(stderr, "%s: %llu of %llu answered in %.1f s", checker->adapter.name,
	        (unsigned long long)session->answered, all, seconds);
	if (reused)
		fprintf(stderr, ", %llu kept from before", (unsigned long long)reused);
	if (report->retried)
		fprintf(stderr, ", %u tried twice", report->retried);
	if (report->why_void[0])
		fprintf(stderr, "; VOID: %s", report->why_void);
	fputc('\n', stderr);
}

/* A program may have been replaced by one that looks the same from outside. */
static void
check_version(struct session *session, const struct checker *checker, struct run_report *report)
{
	const char *now = checker_version(checker, &session->arena);

	if (!now)
		now = "(says none)";
	if (checker->adapter.way == WAY_OUTPUT && strcmp(now, checker->version) && !report->why_void[0])
		snprintf(report->why_void, sizeof report->why_void,
		         "the checker said it is version '%.60s', and after the run '%.60s'", checker->version, now);
}

static bool
run_checker(struct session *session, const struct checker *checker)
{
	const struct wish *wish = session->wish;
	struct run_options options = {
		.adapter = &checker->adapter,
		.exe = checker->exe,
		.exe_hash = checker->hash,
		.version = checker->version,
		.self = lookup_self(&session->arena),
		.jobs = (unsigned)wish->jobs,
		.containment = checker->containment,
		.progress = !command_quiet(),
		.canary = canary_of,
		.answer = take_answer,
		.voided = take_void,
		.delivered = take_delivery,
		.context = session,
		.rules = session->level.rules,
		.rule = session->level.rule,
	};
	struct run_report report = {0};
	double begin = clock_now(), seconds;
	enum store_earlier earlier;
	struct buf why = {0};
	uint64_t reused;
	bool ok;

	session->answered = 0;
	if (!store_earlier(session->store, checker->adapter.name, &earlier, session->diag) ||
	    !begin_run(session, checker, &reused) || !store_commit(session->store, session->diag))
		return false;
	ok = run_repeats(session, &options, earlier == STORE_BROKEN_OFF, &report);
	seconds = clock_now() - begin;
	if (ok)
		check_version(session, checker, &report);
	tell(session, checker, &report, reused, seconds);
	if (!ok) {
		struct diag ignored;

		store_commit(session->store, &ignored); /* what was answered stays */
		return false;
	}
	if (report.why_void[0])
		buf_printf(&why, "void: %s", report.why_void);
	ok = store_end_run(session->store, session->run, why.data, seconds, session->diag);
	buf_free(&why);
	return ok;
}

/* A checker that nobody asked for by name may be missing: that is recorded, too, where it has no answers from before. */
static bool
record_missing(struct session *session, const struct checker *checker)
{
	enum store_earlier earlier;
	uint64_t reused;
	bool answered;

	if (!store_earlier(session->store, checker->adapter.name, &earlier, session->diag))
		return false;
	answered = earlier == STORE_FINISHED || earlier == STORE_BROKEN_OFF;
	if (!command_quiet())
		fprintf(stderr, "%s: not here (no %s on PATH), not run%s\n", checker->adapter.name,
		        checker->adapter.exe[0], answered ? "; its answers from before stay" : "");
	return answered || (begin_run(session, checker, &reused) &&
	                    store_end_run(session->store, session->run, "not here", 0, session->diag));
}

static bool
refuse_missing(const struct checker *checker, struct diag *diag)
{
	if (checker->adapter.plugin)
		diag_set(diag, checker->adapter.name, 0, 0, "this checker is not here: cannot read %s",
		         checker->adapter.plugin);
	else
		diag_set(diag, checker->adapter.name, 0, 0, "this checker is not here: %s %s",
		         checker->adapter.exe[0][0] == '/' ? "cannot run" : "PATH has no", checker->adapter.exe[0]);
	return false;
}

/* A reading that the rule has not would be taken for the headline. */
static bool
check_readings(const struct level *level, const struct adapter *adapter, struct diag *diag)
{
	for (unsigned i = 0; i < adapter->readings; i++)
		for (unsigned j = 0; j < level->rules; j++) {
			unsigned index;

			if (strcmp(level->rule[j]->name, adapter->reading[i].rule) ||
			    rule_find_reading(level->rule[j], adapter->reading[i].reading, &index))
				continue;
			diag_set(diag, adapter->name, 0, 0, "declares the reading '%s', which rule %s has not",
			         adapter->reading[i].reading, level->rule[j]->name);
			return false;
		}
	return true;
}

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
	bool ok = checker->exe || !wanted || refuse_missing(checker, session->diag);

	take_limits(&checker->adapter, session->wish);
	checker->containment = session->wish->contain ? CONTAIN_BUBBLEWRAP : CONTAIN_NOT;
	if (ok && !checker->exe)
		ok = record_missing(session, checker);
	else if (ok)
		ok = checker_meet(checker, &session->arena, session->diag) && check_name(session, checker) &&
		     check_readings(&session->level, &checker->adapter, session->diag) &&
		     run_checker(session, checker);
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
	for (unsigned i = 0; i < wanted(session->wish); i++) {
		struct checker checker;
		bool ok = load_wanted(session->wish, i, &checker, &session->arena, session->diag) &&
		          (checker.exe || refuse_missing(&checker, session->diag));

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
	for (unsigned i = 0; i < wanted(session->wish); i++) {
		struct checker checker;

		if (!load_wanted(session->wish, i, &checker, &session->arena, session->diag) ||
		    !run_loaded(session, &checker, true))
			return false;
	}
	count = wanted(session->wish) ? 0 : adapter_list(&session->arena, &names);
	for (size_t i = 0; i < count; i++) {
		struct checker checker;

		if (!checker_load(&checker, &session->arena, names[i], session->diag) ||
		    !run_loaded(session, &checker, false))
			return false;
	}
	return true;
}

/* Whether there is room where the answers go and where checkers run, and what they are to be kept in works. */
static bool
look_around(const struct wish *wish, struct diag *diag)
{
	const char *slash = strrchr(wish->db, '/'), *temporary = getenv("TMPDIR");
	struct buf home = {0};
	const char *directories[] = {"", temporary && *temporary ? temporary : "/tmp", NULL};
	bool ok;

	buf_add(&home, wish->db, slash ? (size_t)(slash - wish->db) + 1 : 0);
	directories[0] = home.len ? home.data : ".";
	if (directories[1][0] != '/') {
		diag_set(diag, "TMPDIR", 0, 0, "'%s' is no path from the root", directories[1]);
		buf_free(&home);
		return false;
	}
	ok = preflight_check("/dev/null", directories, DISK_NEEDED, diag) &&
	     (!wish->contain || containment_works(NULL, diag));
	buf_free(&home);
	return ok;
}

static bool
check_wish(const struct wish *wish, struct diag *diag)
{
	if (wish->resume && wish->fresh)
		diag_set(diag, "run", 0, 0, "--resume keeps what is there, --fresh does not: give one of them");
	else if (wish->resume && access(wish->db, F_OK))
		diag_set(diag, wish->db, 0, 0, "there is no run to resume: %s", strerror(errno));
	else
		return true;
	return false;
}

static const struct option options[] = {
	OPTION_LEVEL(wish, level, true),
	OPTION_RULES(wish, rules),
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
	{"fresh", OPTION_FLAG_AT(wish, fresh), .help = "keep no answer of an earlier run"},
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
	struct wish wish = {.jobs = 1, .repeats = 1};
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
	     look_around(&wish, &diag) &&
	     level_make(&session.level, wish.level, wish.rules.item, wish.rules.count, shard, &dispute, &diag) &&
	     (session.store = store_open(wish.db, false, &diag)) &&
	     store_level(session.store, session.level.name, session.level.shard, session.level.cases,
	                 session.level.count, &diag) &&
	     run_all(&session);
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	store_close(session.store);
	level_free(&session.level);
	arena_free(&session.arena);
	buf_free(&dispute);
	return status;
}

const struct command command_run = {.name = "run",
                                    .operands = "--level L --db FILE",
                                    .summary = "give the cases of a level to checkers",
                                    .options = options,
                                    .run = run};
