/* One checker of a run. See session.h.
 *
 * How to read it: session_run_checker is the way of a checker; above it stand, in the order in which they
 * are needed, what the harness calls back with, the beginning of a run in the store, the cases that are
 * wanted, and what is told at the end.
 */
#include "session.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "headers.h"
#include "lookup.h"
#include "run.h"
#include "tree.h"

static const struct suite_case *
canary_of(void *context, const struct rule *rule, enum outcome outcome)
{
	const struct session *session = context;

	return level_canary(&session->level, rule, outcome);
}

/* Of the kinds that the checker knows, where it declares some. */
static bool
choose_canaries(struct session *session, const struct adapter *adapter)
{
	struct level *level = &session->level;
	struct canary_wish *wish = arena_alloc(&session->arena, (level->rules + 1U) * sizeof *wish);
	struct buf dispute = {0};
	struct diag diag = {0};
	bool ok;

	for (unsigned i = 0; i < level->rules; i++)
		if (adapter_has_rule(adapter, level->rule[i]))
			wish[i] = (struct canary_wish){adapter->kinds, adapter_reading(adapter, level->rule[i])};
	ok = level_choose_canaries(level, adapter->kinds ? wish : NULL, &dispute, &diag);
	buf_free(&dispute);
	if (!ok)
		diag_set(session->diag, adapter->name, 0, 0, "%s: %s", diag.file, diag.message);
	return ok;
}

/* States for which a checker has to be mended. */
static bool
is_failure(enum answer_state state)
{
	return state == ANSWER_TIMEOUT || state == ANSWER_MEMORY || state == ANSWER_CRASH ||
	       state == ANSWER_GARBLED;
}

static bool
take_answer(void *context, const struct suite_case *of, const struct answer *answer)
{
	struct session *session = context;

	if (is_failure(answer->state) && answer->why && !session->first_why.len)
		buf_printf(&session->first_why, "case %s: %s: %s", of->id, answer_name(answer->state), answer->why);
	session->not_run += answer->state == ANSWER_NOT_RUN;
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

/* Answers are as good as new where all that they depend on is known to be as it was. */
static enum store_begin
how_to_begin(const struct session *session, const struct checker *checker)
{
	const struct wish *wish = session->wish;

	if (wish->resume || wish->fresh)
		return wish->resume ? STORE_RESUME : STORE_FRESH;
	return wish->reuse || checker_is_hashed(checker) ? STORE_REUSE : STORE_FRESH;
}

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
	ok = store_begin_run(session->store, &run, how_to_begin(session, checker), &session->run, reused,
	                     session->diag);
	buf_free(&arguments);
	buf_free(&limits);
	return ok;
}

/* The next case that has no answer yet in this repeat. */
static bool
next_wanted(void *context, const struct suite_case **of, struct diag *diag)
{
	struct session *session = context;
	const struct level *level = &session->level;

	do
		if (!session->spool)
			*of = session->next < level->count ? &level->cases[session->next++] : NULL;
		else if (!spool_next(session->spool, of, diag))
			return false;
	while (*of && !store_wants(&session->wanted, (*of)->number));
	return true;
}

static bool
begin_repeat(struct session *session)
{
	session->next = 0;
	return store_find_wanted(session->store, session->run, session->repeat, &session->wanted,
	                         session->diag) &&
	       (!session->spool || spool_rewind(session->spool, session->diag));
}

/* What is known of all repeats so far. */
static void
add_report(struct run_report *report, struct run_report *one)
{
	one->retried += report->retried;
	one->strays += report->strays;
	if (report->stray[0])
		memcpy(one->stray, report->stray, sizeof one->stray);
	if (report->why_void[0])
		memcpy(one->why_void, report->why_void, sizeof one->why_void);
	*report = *one;
}

/* A run that was broken off may want its last canaries only. */
static bool
run_repeats(struct session *session, struct run_options *options, bool broken_off, struct run_report *report)
{
	bool ok = true;

	for (session->repeat = 0; ok && session->repeat < session->wish->repeats; session->repeat++) {
		struct run_source source = {.stay = !session->spool, .next = next_wanted, .context = session};
		struct run_report one = {0};
		struct diag diag = {0};

		ok = begin_repeat(session);
		source.count = session->wanted.count;
		if (!ok || (!source.count && !broken_off))
			continue;
		broken_off = false;
		options->repeat = session->repeat;
		ok = run_stream(options, &source, &one, &diag);
		if (!ok && !strcmp(diag.message, "interrupted"))
			diag_set(session->diag, diag.file, 0, 0,
			         "interrupted; what was answered is kept, and --resume goes on");
		else if (!ok && diag.message[0])
			*session->diag = diag;
		add_report(report, &one);
	}
	return ok;
}

/* Whether answers of an earlier run are asked anew, and nobody asked for that. */
static bool
asks_anew(const struct session *session, const struct checker *checker, enum store_earlier earlier)
{
	return (earlier == STORE_FINISHED || earlier == STORE_BROKEN_OFF) && !session->wish->fresh &&
	       how_to_begin(session, checker) == STORE_FRESH;
}

/* Findings outside all bodies count for nothing: whoever wrote the adapter may have meant them to. */
static void
tell_strays(const char *name, const struct run_report *report)
{
	fprintf(stderr, "%s: findings outside all cases: %u", name, report->strays);
	if (report->stray[0])
		fprintf(stderr, ", the first: %.*s", (int)strcspn(report->stray, "\n"), report->stray);
	fputc('\n', stderr);
}

/* That a run is void is told in any case, for it is why we end with another status. */
static void
tell(const struct session *session, const struct checker *checker, const struct run_report *report,
     uint64_t reused, double seconds)
{
	unsigned long long all = session->cases * session->wish->repeats;
	const char *name = checker->adapter.name;

	if (!command_quiet()) {
		fprintf(stderr, "%s: %llu of %llu answered in %.1f s", name, (unsigned long long)session->answered,
		        all, seconds);
		if (reused)
			fprintf(stderr, ", %llu answers kept from an earlier run", (unsigned long long)reused);
		if (report->retried)
			fprintf(stderr, ", %u tried twice", report->retried);
		fputc('\n', stderr);
		if (reused && session->wish->keep)
			fprintf(stderr, "%s: --keep keeps what is asked: nothing of the answers that were there before\n",
			        name);
		if (session->first_why.len)
			fprintf(stderr, "%s: %s\n", name, session->first_why.data);
		if (report->strays)
			tell_strays(name, report);
	}
	if (report->why_void[0])
		fprintf(stderr, "%s: VOID: %s\n", name, report->why_void);
	if (report->why_void[0] && session->wish->keep)
		fprintf(stderr, "%s: what the canaries were and what it said: %s/%s/canaries\n", name,
		        session->wish->keep, name);
	else if (report->why_void[0] && !command_quiet())
		fprintf(stderr, "%s: with --keep DIR the canaries and what it says are kept in DIR/%s/canaries\n",
		        name, name);
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

/* No case was asked, and none kept. */
static void
check_ran(const struct session *session, uint64_t reused, struct run_report *report)
{
	if (!report->why_void[0] && !reused && session->not_run &&
	    session->not_run == session->cases * session->wish->repeats)
		snprintf(report->why_void, sizeof report->why_void, "no case was run");
}

static bool
end_run(struct session *session, const struct run_report *report, double seconds)
{
	struct buf why = {0};
	bool ok;

	if (report->why_void[0])
		buf_printf(&why, "void: %s", report->why_void);
	session->ran++;
	session->worthless += why.len > 0;
	ok = store_end_run(session->store, session->run, why.data, seconds, session->diag);
	buf_free(&why);
	return ok;
}

/* What the checker printed, where it was asked for and there is anything. */
static bool
write_record(struct session *session, const struct checker *checker, struct buf *record,
             const struct run_report *report)
{
	struct buf path = {0}, text = {0};
	bool ok = true;

	if (record->len && !report->why_void[0]) {
		buf_printf(&path, "%s/%s.txt", session->wish->record, checker->adapter.name);
		buf_printf(&text, "# %s %s. Made by sh ci/record.sh %s, never by hand.\n", checker->adapter.name,
		           checker->version[0] ? checker->version : "-", checker->adapter.name);
		buf_add(&text, record->data, record->len);
		ok = tree_write(path.data, text.data, text.len);
		if (!ok)
			diag_set(session->diag, path.data, 0, 0, "cannot write a recording: %s", strerror(errno));
	}
	buf_free(&path);
	buf_free(&text);
	buf_free(record);
	return ok;
}

bool
session_run_checker(struct session *session, const struct checker *checker)
{
	const struct wish *wish = session->wish;
	struct buf record = {0};
	struct run_options options = {
		.adapter = &checker->adapter,
		.exe = checker->exe,
		.exe_hash = checker->hash,
		.version = checker->version,
		.self = lookup_self(&session->arena),
		.jobs = (unsigned)wish->jobs,
		.containment = checker->containment,
		.keep = wish->keep ? &session->keep : NULL,
		.record = wish->record ? &record : NULL,
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
	uint64_t reused;
	bool ok;

	assert(session->store && checker->exe);
	session->answered = session->not_run = 0;
	buf_clear(&session->first_why);
	if (!choose_canaries(session, &checker->adapter) ||
	    (wish->keep && !keep_checker(&session->keep, checker->adapter.name, session->diag)) ||
	    !store_earlier(session->store, checker->adapter.name, &earlier, session->diag) ||
	    !begin_run(session, checker, &reused) || !store_commit(session->store, session->diag))
		return false;
	if (asks_anew(session, checker, earlier) && !command_quiet())
		fprintf(stderr,
		        "%s: no answer of the earlier run is kept, for a script may call what has changed:"
		        " --reuse keeps them\n",
		        checker->adapter.name);
	ok = run_repeats(session, &options, earlier == STORE_BROKEN_OFF, &report);
	seconds = clock_now() - begin;
	ok = write_record(session, checker, &record, &report) && ok;
	if (ok) {
		check_version(session, checker, &report);
		check_ran(session, reused, &report);
	}
	tell(session, checker, &report, reused, seconds);
	if (!ok) {
		struct diag ignored;

		store_commit(session->store, &ignored); /* what was answered stays */
		return false;
	}
	return end_run(session, &report, seconds);
}

bool
session_record_missing(struct session *session, const struct checker *checker)
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
