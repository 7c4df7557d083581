/* run: every case gets exactly one answer, whatever a checker does; a bad case costs its own answer and no
 * other. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker.h"
#include "lookup.h"
#include "level.h"
#include "make.h"
#include "process.h"
#include "run.h"
#include "text.h"
#include "tree.h"

enum { CASES = 512, PACK_MOST = 64 };

static struct arena arena;
static struct level level;
static const struct suite_case *all[CASES];
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	setenv("TMPDIR", directory, 1);
	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	cr_assert_leq(level.count, CASES);
	for (unsigned i = 0; i < level.count; i++)
		all[i] = &level.cases[i];
	buf_free(&dispute);
}

static void
end(void)
{
	/* Only our own: run_cases leaves nothing behind. */
	cr_expect(!rmdir(directory), "%s is not empty", directory);
	tree_remove(directory);
	level_free(&level);
	arena_free(&arena);
}

TestSuite(run, .init = begin, .fini = end, .timeout = 60);

/* What was answered, by case number. */
struct record {
	unsigned answers[CASES];
	struct answer answer[CASES];
	unsigned most; /* answers until the run is stopped; 0: all */
	unsigned count;
	const struct suite_case *poisoned;
	unsigned poisonings;
	const char *poison;
};

static const struct suite_case *
find_canary(void *context, const struct rule *rule, enum outcome outcome)
{
	(void)context;
	return level_canary(&level, rule, outcome);
}

static bool
take(void *context, const struct suite_case *of, const struct answer *answer)
{
	struct record *record = context;
	struct answer_finding *copy = arena_alloc(&arena, (answer->count + 1U) * sizeof *copy);

	cr_assert_lt(of->number, level.count);
	if (answer->count)
		memcpy(copy, answer->finding, answer->count * sizeof *copy);
	record->answers[of->number]++;
	record->answer[of->number] = *answer;
	record->answer[of->number].finding = copy;
	if (answer->why)
		record->answer[of->number].why = arena_string(&arena, answer->why);
	return ++record->count != record->most;
}

/* Puts the poison in front of the poisoned case's body, wherever it stands in the pack. */
static void
poison(void *context, struct buf *text)
{
	struct record *record = context;
	const struct suite_case *of = record->poisoned;
	struct diag diag;
	struct prog prog;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	for (int place = 0; place < PACK_MOST; place++) {
		struct buf body = {0}, helpers = {0}, poisoned = {0};
		const char *at;

		cr_assert(text_body(&body, &helpers, &prog, place, &diag), "%s", diag.message);
		at = strstr(buf_string(text), body.data);
		buf_free(&body);
		buf_free(&helpers);
		if (!at)
			continue;
		buf_add(&poisoned, text->data, (size_t)(at - text->data));
		buf_puts(&poisoned, record->poison);
		buf_puts(&poisoned, at);
		buf_free(text);
		*text = poisoned;
		record->poisonings++;
		return;
	}
}

/* Cases that come and go: nothing of one is left when the next one comes. */
struct passing {
	unsigned next, count;
	struct suite_case of;
	struct seq_node node[256];
};

static bool
next_passing(void *context, const struct suite_case **of, struct diag *diag)
{
	struct passing *passing = context;

	(void)diag;
	memset(&passing->of, 0xa5, sizeof passing->of);
	memset(passing->node, 0xa5, sizeof passing->node);
	*of = NULL;
	if (passing->next == passing->count)
		return true;
	passing->of = *all[passing->next++];
	cr_assert_leq(passing->of.seq.count, sizeof passing->node / sizeof *passing->node);
	memcpy(passing->node, passing->of.seq.node, passing->of.seq.count * sizeof *passing->node);
	passing->of.seq.node = passing->node;
	*of = &passing->of;
	return true;
}

static struct run_report report; /* of the last run */

static const char *
run(struct record *record, const struct adapter *adapter, unsigned count, unsigned pack, bool *ok)
{
	static struct diag diag;
	struct passing passing = {.count = count};
	struct run_options options = {.adapter = adapter,
	                              .version = "",
	                              .self = lookup_self(&arena),
	                              .jobs = 2,
	                              .pack = pack,
	                              .canary = find_canary,
	                              .rules = level.rules,
	                              .rule = level.rule,
	                              .answer = take,
	                              .context = record,
	                              .tamper = record->poisoned ? poison : NULL};

	diag = (struct diag){0};
	cr_assert(adapter_find_exe(adapter, options.self, &arena, &options.exe));
	*ok = run_stream(&options, &(struct run_source){count, false, next_passing, &passing}, &report, &diag);
	return diag.message;
}

/* Each of the first `count` cases has one answer, the others have none. */
static void
run_all(struct record *record, const struct adapter *adapter, unsigned count, unsigned pack)
{
	bool ok;
	const char *message = run(record, adapter, count, pack, &ok);

	cr_assert(ok, "%s", message);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(record->answers[i], i < count, "case %u has %u answers", i, record->answers[i]);
}

static void
expect_all(const struct record *record, unsigned count, enum answer_state state)
{
	for (unsigned i = 0; i < count; i++)
		cr_assert_eq(record->answer[i].state, state, "case %u: %s, expected %s: %s", i,
		             answer_name(record->answer[i].state), answer_name(state),
		             record->answer[i].why ? record->answer[i].why : "");
}

/* A checker that is a shell script; $0 is the file of spans, $1 the pack, $2 its directory. It is degenerate,
 * so that no canary ends the run, unless `more` says otherwise. */
static void
script_adapter(struct adapter *adapter, const char *script, const char *complete, const char *more)
{
	struct buf text = {0};
	struct diag diag = {0};

	buf_printf(&text,
	           "name: mine\ntitle: mine\nurl: https://example.org/\nworld: plain\nexe: [sh]\n"
	           "steps: [['{exe}', -c, '%s', '{spans}', '{file}', '{dir}']]\n"
	           "exit: [0]\ncomplete: %s\n"
	           "findings: [{pattern: '^f:(?<line>[0-9]+): twice', kind: double-acquire},"
	           " {pattern: '^case (?<case>[0-9]+): bad', kind: none}]\n"
	           "unknown: ['^case (?<case>[0-9]+): unknown', '^gave up']\nignore: ['never mind']\n"
	           "pack: 50\nseconds-case: 0\n%s%s%s%s",
	           script, complete, more, strstr(more, "degenerate: ") ? "" : "degenerate: true\n",
	           strstr(more, "seconds: ") ? "" : "seconds: 20\n",
	           strstr(more, "output: ") ? "" : "output: 1048576\n");
	cr_assert(adapter_parse(adapter, &arena, "mine", arena_string(&arena, text.data), text.len, &diag),
	          "%u:%u: %s", diag.line, diag.column, diag.message);
	buf_free(&text);
}

#define MARK "{pattern: '^done$'}"

/* Runs a script on the first cases, which all get the same state. */
static void
all_get(const char *script, const char *complete, const char *more, unsigned count, unsigned pack,
        enum answer_state state)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, script, complete, more);
	run_all(record, &adapter, count, pack);
	expect_all(record, count, state);
	adapter_free(&adapter);
}

Test(run, a_finding_in_every_span_is_a_violation_everywhere)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, "while read a n more; do echo \"f:$((a + n - 1)): twice\"; done < $0", "canary",
	               "");
	run_all(record, &adapter, level.count, 0);
	expect_all(record, level.count, ANSWER_VIOLATION);
	for (unsigned i = 0; i < level.count; i++) {
		cr_assert_eq(record->answer[i].count, 1);
		cr_assert_eq(record->answer[i].finding[0].kind, KIND_DOUBLE_ACQUIRE);
		cr_assert_gt(record->answer[i].finding[0].line, 1);
		cr_assert_geq(record->answer[i].seconds, 0);
	}
	adapter_free(&adapter);
}

/* Gives the first cases a second file where that can be; how many have one. */
static unsigned
add_second_files(unsigned count)
{
	unsigned added = 0;

	for (unsigned i = 0; i < count; i++) {
		struct suite_case *of = &level.cases[i];
		struct shapes shapes = shapes_default();

		shapes.choice[SHAPE_HELPER] = HELPER_BOTH;
		if (i % 4 == 3 || !shape_applies(CALL_FILE, &of->seq, of->rule, of->role, &shapes))
			continue; /* some stay as they are */
		shapes.choice[SHAPE_CALL] = CALL_FILE;
		of->shapes = shapes;
		added++;
	}
	return added;
}

static bool
has_second_file(const struct suite_case *of)
{
	return of->shapes.choice[SHAPE_CALL] == CALL_FILE;
}

/* A shell script that is given spans, directory and both files, and names them as it likes. */
static void
second_file_adapter(struct adapter *adapter, const char *script)
{
	struct buf text = {0};
	struct diag diag = {0};

	buf_printf(&text,
	           "name: mine\ntitle: mine\nurl: https://example.org/\nworld: plain\nexe: [sh]\n"
	           "steps: [['{exe}', -c, '%s', '{spans}', '{dir}', '{files}']]\nexit: [0]\n"
	           "complete: {pattern: '^done$'}\n"
	           "findings: [{pattern: '^(?<file>[^:]+):(?<line>[0-9]+): twice', kind: double-acquire}]\n"
	           "pack: 20\nseconds: 20\nseconds-case: 0\noutput: 1048576\ndegenerate: true\n",
	           script);
	cr_assert(adapter_parse(adapter, &arena, "mine", arena_string(&arena, text.data), text.len, &diag),
	          "%u:%u: %s", diag.line, diag.column, diag.message);
	buf_free(&text);
}

Test(run, a_finding_in_the_second_file_counts_for_its_case)
{
	static const char *const scripts[] = {
		"while read a n h m; do [ $m = 0 ] || echo \"$3:$((h + m - 1)): twice\"; done < $0; echo done",
		"while read a n h m; do [ $m = 0 ] || echo \"helpers.c:$((h + m - 1)): twice\"; done < $0; echo done",
	};
	const unsigned count = 200, added = add_second_files(count);

	cr_assert(added > 5 && added < count);
	for (unsigned s = 0; s < 2; s++) {
		struct record *record = arena_alloc(&arena, sizeof *record);
		struct adapter adapter;

		second_file_adapter(&adapter, scripts[s]);
		run_all(record, &adapter, count, 0);
		for (unsigned i = 0; i < count; i++) {
			const struct answer *answer = &record->answer[i];

			cr_assert_eq(answer->state, has_second_file(all[i]) ? ANSWER_VIOLATION : ANSWER_PASS, "case %u",
			             i);
			if (answer->state == ANSWER_PASS)
				continue;
			cr_assert_eq(answer->count, 1);
			cr_assert(answer->finding[0].line > LINE_SECOND + 4 &&
			          answer->finding[0].line < LINE_SECOND + 60); /* at most four helpers */
		}
		adapter_free(&adapter);
	}
}

Test(run, lines_of_other_files_and_between_the_parts_of_the_second_file_are_nobody_s)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	const unsigned count = 60;
	struct adapter adapter;

	add_second_files(count);
	second_file_adapter(&adapter,
	                    "while read a n h m; do echo \"ntddk.h:$a: twice\"; echo \"mypack.c:$a: twice\"; "
	                    "echo \"helpers.c:$((h + m)): twice\"; done < $0; echo \"$3:1: twice\"; echo done");
	run_all(record, &adapter, count, 0);
	expect_all(record, count, ANSWER_PASS);
	adapter_free(&adapter);
}

Test(run, a_pack_has_a_second_file_only_where_a_case_needs_it)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	const unsigned count = 60;
	struct adapter adapter;

	add_second_files(count);
	second_file_adapter(&adapter, "read a n h m < $0; [ $h != 0 ] || [ -z \"$3\" ] || exit 1; "
	                              "[ $# = 2 ] || grep -q \"^[A-Z][A-Za-z]*_[0-9]*(\" $3 || "
	                              "exit 1; echo \"$2:$a: twice\"; echo done");
	run_all(record, &adapter, count, 1);
	expect_all(record, count, ANSWER_VIOLATION);
	adapter_free(&adapter);
}

Test(run, a_completion_mark_alone_is_a_pass_everywhere)
{
	all_get("echo done", MARK, "", level.count, 0, ANSWER_PASS);
	all_get("echo done >&2", MARK, "", level.count, 7, ANSWER_PASS);
	all_get(":", "exit", "", level.count, 0, ANSWER_PASS);
}

Test(run, a_crash_is_a_crash_for_each_case)
{
	all_get("echo done; kill -SEGV $$", MARK, "", 9, 4, ANSWER_CRASH);
}

Test(run, a_kill_that_is_not_ours_is_want_of_memory_and_the_processor_limit_a_timeout)
{
	all_get("echo done; kill -KILL $$", MARK, "", 5, 3, ANSWER_MEMORY);
	all_get("echo done; kill -XCPU $$", MARK, "", 5, 3, ANSWER_TIMEOUT);
}

Test(run, a_pattern_that_gives_up_on_a_line_concludes_nothing)
{
	static const char complete[] = "{pattern: '(*LIMIT_MATCH=1000)^(?:done|(?:a+)+(?:a+)+x)$'}";

	all_get("echo aaaa; echo done", complete, "", 4, 2, ANSWER_PASS);
	all_get("echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaay; echo done", complete, "", 4, 2, ANSWER_GARBLED);
}

Test(run, a_hang_is_a_timeout_for_each_case)
{
	all_get("echo done; sleep 30", MARK, "seconds: 0.2\n", 3, 2, ANSWER_TIMEOUT);
	all_get("trap \"\" TERM; while :; do sleep 0.1; done", MARK, "seconds: 0.2\n", 1, 1, ANSWER_TIMEOUT);
}

Test(run, a_run_without_its_mark_is_garbled)
{
	all_get("echo \"f:1: twice\"; echo almost done", MARK, "", 5, 3, ANSWER_GARBLED);
	all_get(":", "canary", "", 5, 3, ANSWER_GARBLED);
	all_get("head -c 3000 /dev/urandom", MARK, "", 5, 5, ANSWER_GARBLED);
	all_get("echo \"case 0: bad\"", "canary", "", 2, 1, ANSWER_GARBLED);
}

Test(run, another_exit_status_is_garbled)
{
	all_get("echo done; exit 3", MARK, "", 5, 3, ANSWER_GARBLED);
	all_get("echo done; no-such-program-here", MARK, "", 5, 5, ANSWER_GARBLED);
}

Test(run, a_flood_is_garbled_even_with_its_mark)
{
	all_get("echo done; exec yes", MARK, "output: 4096\n", 5, 3, ANSWER_GARBLED);
}

Test(run, findings_outside_of_all_spans_and_ignored_lines_are_nobody_s)
{
	all_get(
		"for l in 0 1 4294967295 99999999999999999999; do echo \"f:$l: twice\"; done; echo f:-5: twice;"
		" echo case 999: bad; while read a n more; do echo \"f:$a: twice, but never mind\"; done < $0; echo done",
		MARK, "", level.count, 0, ANSWER_PASS);
	cr_expect_eq(report.strays % 6, 0);
	cr_expect_geq(report.strays, 6);
	cr_expect_str_eq(report.stray, "f:0: twice");
}

/* Each half has them once more; that of the whole, which gave no answers, counts for nothing. */
Test(run, findings_of_no_case_are_counted_where_answers_are_given)
{
	all_get("echo f:0: twice; echo case 0: bad; test $(grep -c . $0) -lt 3 && echo done", MARK, "", 4, 4,
	        ANSWER_VIOLATION);
	cr_expect_eq(report.strays, 4, "%u", report.strays);
	all_get("echo done", MARK, "", 4, 4, ANSWER_PASS);
	cr_expect(!report.strays && !report.stray[0]);
}

Test(run, unknown_is_no_pass_and_yields_to_a_finding)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, "echo case 0: unknown; echo done", MARK, "");
	run_all(record, &adapter, 3, 1);
	expect_all(record, 3, ANSWER_UNKNOWN);
	adapter_free(&adapter);
	*record = (struct record){0};
	script_adapter(&adapter, "echo case 0: unknown; echo case 0: bad; echo done", MARK, "");
	run_all(record, &adapter, 3, 1);
	expect_all(record, 3, ANSWER_VIOLATION);
	adapter_free(&adapter);
}

Test(run, nothing_is_lost_behind_a_nul_byte)
{
	all_get("printf \"\\000\\n\"; echo case 0: bad; echo done >&2", MARK, "", 3, 1, ANSWER_VIOLATION);
}

Test(run, the_last_line_counts_without_a_newline_and_so_does_a_repeated_finding_once)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, "echo case 0: bad; echo case 0: bad; echo case 0: bad >&2; printf done", MARK,
	               "");
	run_all(record, &adapter, 4, 1);
	expect_all(record, 4, ANSWER_VIOLATION);
	cr_assert_eq(record->answer[0].count, 1);
	cr_assert_eq(record->answer[0].finding[0].line, 0);
	cr_assert_eq(record->answer[0].finding[0].kind, KIND_COUNT);
	adapter_free(&adapter);
}

Test(run, a_program_that_is_gone_stops_the_run_with_a_message)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;
	struct diag diag = {0};
	struct run_options options = {.adapter = &adapter,
	                              .exe = "/no/such/checker",
	                              .version = "",
	                              .self = lookup_self(&arena),
	                              .jobs = 2,
	                              .canary = find_canary,
	                              .rules = level.rules,
	                              .rule = level.rule,
	                              .answer = take,
	                              .context = record};

	script_adapter(&adapter, "echo done", MARK, "");
	cr_assert_not(run_cases(&options, all, level.count, &report, &diag));
	cr_assert(strstr(diag.message, "No such file") && strstr(diag.file, "/no/such/checker"), "%s: %s",
	          diag.file, diag.message);
	cr_assert_eq(record->count, 0);
	adapter_free(&adapter);
}

Test(run, a_temporary_directory_that_is_missing_is_named)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;
	bool ok;

	script_adapter(&adapter, "echo done", MARK, "");
	setenv("TMPDIR", "/no/such/place", 1);
	cr_assert_neq(run(record, &adapter, 4, 0, &ok)[0], 0);
	cr_assert(!ok && !record->count);
	adapter_free(&adapter);
}

Test(run, answers_that_cannot_be_taken_stop_it_without_a_message)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;
	bool ok;

	record->most = 5;
	script_adapter(&adapter, "echo done", MARK, "");
	cr_assert_str_empty(run(record, &adapter, level.count, 3, &ok));
	cr_assert(!ok && record->count == 5);
	adapter_free(&adapter);
}

static bool
take_and_interrupt(void *context, const struct suite_case *of, const struct answer *answer)
{
	if (!((struct record *)context)->count) /* a second one ends it at once */
		raise(SIGINT);
	return take(context, of, answer);
}

Test(run, an_interrupt_stops_it_and_keeps_what_was_answered)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;
	struct diag diag = {0};
	struct run_options options = {.adapter = &adapter,
	                              .version = "",
	                              .self = lookup_self(&arena),
	                              .jobs = 1,
	                              .pack = 3,
	                              .canary = find_canary,
	                              .rules = level.rules,
	                              .rule = level.rule,
	                              .answer = take_and_interrupt,
	                              .context = record};

	script_adapter(&adapter, "echo done", MARK, "");
	cr_assert(adapter_find_exe(&adapter, options.self, &arena, &options.exe));
	cr_assert_not(run_cases(&options, all, level.count, &report, &diag));
	cr_assert_str_eq(diag.message, "interrupted");
	cr_assert(record->count >= 1 && record->count <= 3);
	adapter_free(&adapter);
}

/* When no process is left to wait for, too: the caller would go on with the next checker. */
Test(run, an_interrupt_at_the_last_answer_is_told)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;
	struct diag diag = {0};
	struct run_options options = {.adapter = &adapter,
	                              .version = "",
	                              .self = lookup_self(&arena),
	                              .jobs = 1,
	                              .answer = take_and_interrupt,
	                              .context = record};

	script_adapter(&adapter, "echo done", MARK, "degenerate: true\nrules: [none-of-ours]\n");
	cr_assert(adapter_find_exe(&adapter, options.self, &arena, &options.exe));
	cr_assert_not(run_cases(&options, all, 1, &report, &diag));
	cr_assert_str_eq(diag.message, "interrupted");
	cr_assert_eq(record->count, 1);
	adapter_free(&adapter);
}

Test(run, a_second_step_sees_what_the_first_made_and_is_not_reached_behind_a_failure)
{
	static const struct {
		const char *first;
		enum answer_state state;
	} rows[] = {
		{"echo done > out", ANSWER_PASS},
		{"echo done > out; exit 1", ANSWER_GARBLED},
		{"echo done > out; kill -SEGV $$", ANSWER_CRASH},
		{":", ANSWER_GARBLED},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *record = arena_alloc(&arena, sizeof *record);
		struct adapter adapter;
		struct buf script = {0};

		buf_printf(&script, "%s'], [/bin/cat, '{dir}/out'], ['{exe}', -c, 'cat $2/out", rows[i].first);
		script_adapter(&adapter, script.data, MARK, "");
		buf_free(&script);
		run_all(record, &adapter, 3, 2);
		expect_all(record, 3, rows[i].state);
		adapter_free(&adapter);
	}
}

Test(run, a_second_step_whose_program_was_not_made_costs_its_cases_and_not_the_run)
{
	static const struct {
		const char *first;
		enum answer_state state;
	} rows[] = {
		{"echo \"echo done\" > made; chmod +x made", ANSWER_GARBLED}, /* no #! line: no program */
		{"echo done > made", ANSWER_GARBLED},
		{":", ANSWER_GARBLED},
		{"rm -rf \"$PWD\"", ANSWER_GARBLED},
		{"printf \"#!/bin/sh\\necho done\" > made; chmod +x made", ANSWER_PASS},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf script = {0};

		buf_printf(&script, "%s'], ['{dir}/made', '", rows[i].first);
		all_get(script.data, MARK, "", 5, 3, rows[i].state);
		buf_free(&script);
	}
}

/* A case whose body no other case has. */
static const struct suite_case *
choose(unsigned from)
{
	for (unsigned i = from; i < level.count; i++) {
		unsigned j = 0;

		while (j < level.count && (j == i || strcmp(level.cases[j].text_hash, level.cases[i].text_hash)))
			j++;
		if (j == level.count)
			return &level.cases[i];
	}
	cr_assert_fail("no case is alone with its text");
	return NULL;
}

static bool
same_answer(const struct answer *one, const struct answer *two)
{
	if (one->state != two->state || one->count != two->count)
		return false;
	for (unsigned i = 0; i < one->count; i++)
		if (one->finding[i].kind != two->finding[i].kind || one->finding[i].line != two->finding[i].line)
			return false;
	return true;
}

Test(run, a_case_that_crashes_or_silences_the_checker_is_found_alone)
{
	static const struct {
		const char *script;
		enum answer_state state;
	} rows[] = {
		{"grep -q POISON $1 && kill -SEGV $$; echo done", ANSWER_CRASH},
		{"grep -q POISON $1 && exit 0; echo done", ANSWER_GARBLED},
		{"grep -q POISON $1 && exit 1; echo done", ANSWER_GARBLED},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *record = arena_alloc(&arena, sizeof *record);
		struct adapter adapter;

		record->poisoned = choose(60 * (unsigned)i);
		record->poison = "/* POISON */\n";
		script_adapter(&adapter, rows[i].script, MARK, "");
		run_all(record, &adapter, level.count, 0);
		cr_assert_gt(record->poisonings, 3);
		for (unsigned j = 0; j < level.count; j++)
			cr_assert_eq(record->answer[j].state, j == record->poisoned->number ? rows[i].state : ANSWER_PASS,
			             "case %u", j);
		adapter_free(&adapter);
	}
}

/* Gives up on a whole file, by a line that is of no case: all others are answered in its halves. */
Test(run, a_checker_that_gives_up_on_a_file_has_not_passed_its_cases)
{
	static const char *const lines[] = {"case 999: unknown", "gave up: out of ideas"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct record *record = arena_alloc(&arena, sizeof *record);
		struct adapter adapter;
		struct buf script = {0};

		buf_printf(&script, "grep -q POISON $1 && echo %s; echo done", lines[i]);
		record->poisoned = choose(40);
		record->poison = "/* POISON */\n";
		script_adapter(&adapter, script.data, MARK, "");
		run_all(record, &adapter, level.count, 0);
		for (unsigned j = 0; j < level.count; j++)
			cr_assert_eq(record->answer[j].state,
			             j == record->poisoned->number ? ANSWER_UNKNOWN : ANSWER_PASS, "%s: case %u: %s",
			             lines[i], j, answer_name(record->answer[j].state));
		adapter_free(&adapter);
		buf_free(&script);
		all_get("echo gave up: out of ideas", MARK, "", 5, 3, ANSWER_UNKNOWN);
		all_get("echo gave up: out of ideas; exit 3", MARK, "", 5, 3, ANSWER_GARBLED);
	}
}

Test(run, lines_may_end_in_cr_lf)
{
	all_get("printf \"done\\r\\n\"", MARK, "", 5, 3, ANSWER_PASS);
	all_get("printf \"done\\r\"", MARK, "", 5, 3, ANSWER_PASS);
	all_get("printf \"done\\r\\r\\n\"", MARK, "", 5, 3, ANSWER_GARBLED);
	all_get("printf \"case 0: unknown\\r\\ndone\\r\\n\"", MARK, "", 5, 1, ANSWER_UNKNOWN);
}

Test(run, a_case_that_stands_alone_has_no_canary_beside_it_but_where_that_is_the_mark)
{
	all_get("[ $(wc -l < $0) = 1 ] || exit 1; echo done", MARK, "", 3, 1, ANSWER_PASS);
	all_get("[ $(wc -l < $0) = 1 ]", "exit", "", 3, 1, ANSWER_PASS);
	/* A finding on the last line of the file is the case's, and was a canary's. */
	all_get("echo \"f:$(wc -l < $1): twice\"", "exit", "", 3, 1, ANSWER_VIOLATION);
	all_get("[ $(wc -l < $0) = 2 ] || exit 1; tail -1 $0 > s; read a n more < s; echo \"f:$a: twice\"",
	        "canary", "", 3, 1, ANSWER_PASS);
	all_get("[ $(wc -l < $0) -gt 2 ]", "exit", "", level.count, 0, ANSWER_PASS);
}

/* False where the checker is not here. */
static bool
load(struct adapter *adapter, const char *name)
{
	struct diag diag;
	const char *exe;

	cr_assert(adapter_load(adapter, &arena, name, &diag), "%s", diag.message);
	if (adapter_find_exe(adapter, "/no/self", &arena, &exe))
		return true;
	cr_log_warn("%s is not here: skipped", name);
	adapter_free(adapter);
	return false;
}

static void
poison_one(const char *name, const char *text)
{
	struct record *clean = arena_alloc(&arena, sizeof *clean), *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	if (!load(&adapter, name))
		return;
	run_all(clean, &adapter, level.count, 50);
	record->poisoned = choose(70);
	record->poison = text;
	run_all(record, &adapter, level.count, 50);
	cr_assert_gt(record->poisonings, 3);
	for (unsigned i = 0; i < level.count; i++) {
		/* sparse fails by itself on some gotos to computed labels: an assertion of its own ends it. */
		bool jumps = !strcmp(name, "sparse") && level.cases[i].shapes.choice[SHAPE_BRANCH] == BRANCH_COMPUTED;

		cr_assert(clean->answer[i].state <= ANSWER_VIOLATION ||
		              (jumps && clean->answer[i].state == ANSWER_CRASH),
		          "case %u: %s", i, answer_name(clean->answer[i].state));
		if (i == record->poisoned->number)
			cr_expect_eq(record->answer[i].state, ANSWER_GARBLED, "%s", answer_name(record->answer[i].state));
		else
			cr_expect(same_answer(&clean->answer[i], &record->answer[i]), "%s: case %u: %s, was %s", name, i,
			          answer_name(record->answer[i].state), answer_name(clean->answer[i].state));
	}
	adapter_free(&adapter);
}

Test(run, a_syntax_error_costs_sparse_one_answer)
{
	poison_one("sparse", "int = ;\n");
}

Test(run, an_open_brace_costs_sparse_one_answer)
{
	poison_one("sparse", "void open(void) {\n");
}

Test(run, a_syntax_error_costs_clang_one_answer)
{
	poison_one("clang-thread-safety", "int = ;\n");
}

static void
compare_packed(const char *name)
{
	const char *whole =
		getenv("LOCKDRILL_TEST_ALL"); /* make test sets it once: a process a case takes its time */
	unsigned count = whole ? level.count : 30;
	struct record *packed = arena_alloc(&arena, sizeof *packed), *alone = arena_alloc(&arena, sizeof *alone);
	struct adapter adapter;
	unsigned violations = 0;

	if (!load(&adapter, name))
		return;
	run_all(packed, &adapter, count, 0);
	run_all(alone, &adapter, count, 1);
	for (unsigned i = 0; i < count; i++) {
		violations += alone->answer[i].state == ANSWER_VIOLATION;
		cr_expect(same_answer(&packed->answer[i], &alone->answer[i]), "%s: case %u: %s packed, %s alone",
		          name, i, answer_name(packed->answer[i].state), answer_name(alone->answer[i].state));
	}
	cr_assert(violations && violations < count);
	adapter_free(&adapter);
}

Test(run, sparse_answers_alike_packed_and_one_by_one)
{
	compare_packed("sparse");
}

Test(run, thread_safety_answers_alike_packed_and_one_by_one)
{
	compare_packed("clang-thread-safety");
}

Test(run, pthread_lock_answers_alike_packed_and_one_by_one)
{
	compare_packed("clang-pthread-lock");
}

Test(run, the_model_of_driver_verifier_answers_alike_packed_and_one_by_one)
{
	compare_packed("driver-verifier-model");
}

/* what makes a run void */

/* Runs a script whose answers may be right or not; the run must be void for the reason, or not where it is
 * "". */
static void
expect_void(const char *script, const char *more, const char *why, enum answer_state state)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, script, MARK, more);
	run_all(record, &adapter, 30, 7);
	expect_all(record, 30, state);
	if (why[0])
		cr_assert(strstr(report.why_void, why), "'%s'", report.why_void);
	else
		cr_assert_str_empty(report.why_void);
	adapter_free(&adapter);
}

/* A finding on the last line of each span. */
#define ALL_BAD "while read a n more; do echo \"f:$((a + n - 1)): twice\"; done < $0; echo done"

#define HONEST "degenerate: false\n"

Test(run, a_checker_that_answers_all_alike_makes_it_void_unless_it_is_degenerate)
{
	expect_void("echo done", HONEST, "the violating canary of", ANSWER_NOT_RUN);
	cr_assert(strstr(report.why_void, "was answered pass"));
	expect_void(ALL_BAD, HONEST, "the correct canary of", ANSWER_NOT_RUN);
	expect_void("echo done", "degenerate: true\n", "", ANSWER_PASS);
	expect_void(ALL_BAD, "degenerate: true\n", "", ANSWER_VIOLATION);
}

Test(run, a_checker_that_answers_nothing_makes_it_void_and_is_asked_no_case)
{
	struct buf seen = {0}, script = {0};

	expect_void("kill -SEGV $$", HONEST, "was answered crash: ended by signal 11", ANSWER_NOT_RUN);
	expect_void("exit 1", HONEST, "was answered garbled: exit status 1", ANSWER_NOT_RUN);
	buf_printf(&script, "%s/seen", directory);
	cr_assert(tree_write(script.data, "", 0));
	buf_clear(&script);
	buf_printf(&script, "echo >> %s/seen; sleep 9", directory);
	expect_void(script.data, HONEST "seconds: 0.3\n", "was answered timeout", ANSWER_NOT_RUN);
	buf_clear(&script);
	buf_printf(&script, "%s/seen", directory);
	cr_assert(buf_read_file(&seen, script.data, 4096));
	cr_assert(seen.len >= 1 && seen.len <= level.rules, "started %zu times", seen.len); /* a pack a model */
	unlink(script.data);
	buf_free(&seen);
	buf_free(&script);
}

Test(run, what_has_no_answer_has_a_reason_that_one_can_act_on)
{
	static const struct {
		const char *script, *complete, *why;
	} rows[] = {
		{"echo no such option >&2; exit 3", MARK,
	     "exit status 3, which the adapter's `exit` does not list: 'no such option'"},
		{"echo all well", MARK, "no line matches the pattern of `complete`: 'all well'"},
		{":", "canary", "the canary at the end of the file was not reported"},
		{"kill -SEGV $$", MARK, "ended by signal 11"},
		{"echo >> $1; echo done", MARK, "it changed files that it is given to read"},
		{"echo done; exec yes", MARK, "wrote more than its limit of output"},
		{"exit 1'], ['{exe}', '-c', 'echo done", MARK, "step 1 ended with exit status 1"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record *record = arena_alloc(&arena, sizeof *record);
		struct adapter adapter;

		script_adapter(&adapter, rows[i].script, rows[i].complete, "output: 4096\n");
		run_all(record, &adapter, 2, 2);
		for (unsigned j = 0; j < 2; j++) {
			cr_assert_not_null(record->answer[j].why);
			cr_assert_str_eq(record->answer[j].why, rows[i].why);
		}
		adapter_free(&adapter);
	}
}

/* Reports a second release in a row, which is all that there is in canaries. */
#define SECOND_RELEASE                                                                              \
	"awk \"FNR == NR { first[++cases] = \\$1; last[cases] = \\$1 + \\$2; next }"                    \
	" /Release[A-Za-z]*[(]/ { for (i = 1; i <= cases; i++) if (FNR >= first[i] && FNR < last[i] &&" \
	" ++seen[i] == 2) print \\\"f:\\\" FNR \\\": twice\\\" } END { print \\\"done\\\" }\" $0 $1"

Test(run, a_checker_that_knows_the_canaries_is_worth_something)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, SECOND_RELEASE, MARK, HONEST);
	run_all(record, &adapter, level.count, 0);
	cr_assert_str_empty(report.why_void, "%s", report.why_void);
	adapter_free(&adapter);
}

Test(run, cases_of_rules_that_the_checker_lacks_are_unsupported_and_not_asked)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	script_adapter(&adapter, "grep -q StorPort $1 && exit 1; echo done", MARK,
	               "degenerate: true\nrules: [SpinlockRelease, WdfSpinlockRelease]\n");
	run_all(record, &adapter, level.count, 0);
	for (unsigned i = 0; i < level.count; i++) {
		const char *rule = all[i]->rule->name;
		bool has = !strcmp(rule, "SpinlockRelease") || !strcmp(rule, "WdfSpinlockRelease");

		cr_assert_eq(record->answer[i].state, has ? ANSWER_PASS : ANSWER_UNSUPPORTED, "case %u", i);
	}
	adapter_free(&adapter);
}

/* what a checker does to files */

/* A script does something where it finds the poison; only the poisoned case has no answer. */
static void
poison_costs_one(const char *script)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	struct adapter adapter;

	record->poisoned = choose(40);
	record->poison = "/* POISON */\n";
	script_adapter(&adapter, script, MARK, "degenerate: true\n");
	run_all(record, &adapter, level.count, 0);
	for (unsigned i = 0; i < level.count; i++)
		cr_assert_eq(record->answer[i].state, i == record->poisoned->number ? ANSWER_GARBLED : ANSWER_PASS,
		             "%s: case %u: %s", script, i, answer_name(record->answer[i].state));
	adapter_free(&adapter);
}

Test(run, a_checker_that_changes_its_case_is_garbled)
{
	poison_costs_one("grep -q POISON $1 && echo >> $1; echo done");
	poison_costs_one("grep -q POISON $1 && rm $1; echo done");
	poison_costs_one("grep -q POISON $1 && echo > $0; echo done");
}

Test(run, a_checker_that_changes_the_headers_of_all_is_garbled_alone)
{
	poison_costs_one("grep -q POISON $1 && echo >> $2/../../include/ntddk.h; echo done");
	poison_costs_one("grep -q POISON $1 && touch $2/../../include/new.h; echo done");
	poison_costs_one("grep -q POISON $1 && rm -r $2/../../include; echo done");
}

Test(run, files_beside_its_case_and_a_working_directory_that_is_gone_are_nobody_s_business)
{
	all_get("echo > $2/../other.c; echo done", MARK, "degenerate: true\n", 9, 4, ANSWER_PASS);
	all_get("rm -rf $2; echo done", MARK, "degenerate: true\n", 9, 4, ANSWER_PASS);
}

Test(run, what_the_checker_leaves_running_is_ended)
{
	struct buf pids = {0}, script = {0};

	buf_printf(
		&script,
		"(setsid sh -c \"echo \\$\\$ >> %s/pids; exec sleep 300\" &) ; until grep -q . %s/pids; do sleep 0.01; "
		"done; echo done",
		directory, directory);
	all_get(script.data, MARK, "degenerate: true\n", 5, 2, ANSWER_PASS);
	cr_assert(buf_read_file(
		&pids,
		arena_string(&arena, (buf_clear(&script), buf_printf(&script, "%s/pids", directory), script.data)),
		4096));
	for (const char *at = pids.data; *at; at = strchr(at, '\n') + 1)
		cr_assert(kill((pid_t)atoi(at), 0) && errno == ESRCH, "%d lives", atoi(at));
	unlink(script.data);
	buf_free(&pids);
	buf_free(&script);
}

Test(run, a_program_that_changes_while_it_runs_makes_it_void)
{
	struct record *record = arena_alloc(&arena, sizeof *record);
	char hash[HASH_TEXT];
	struct buf program = {0};
	struct adapter adapter;
	struct diag diag = {0};
	struct run_options options = {.adapter = &adapter,
	                              .exe_hash = hash,
	                              .version = "",
	                              .self = lookup_self(&arena),
	                              .jobs = 1,
	                              .pack = 10,
	                              .canary = find_canary,
	                              .rules = level.rules,
	                              .rule = level.rule,
	                              .answer = take,
	                              .context = record};
	static const char text[] =
		"#!/bin/sh\necho >> $0.seen\necho done\n[ $(wc -l < $0.seen) = 3 ] && echo : >> $0\n";

	buf_printf(&program, "%s/program", directory);
	cr_assert(tree_write(program.data, text, strlen(text)) && !chmod(program.data, 0700));
	options.exe = program.data;
	script_adapter(&adapter, "", MARK, "degenerate: true\n");
	adapter.step[0].arguments = 1;
	cr_assert(hash_file(program.data, hash));
	cr_assert(run_cases(&options, all, 60, &report, &diag), "%s", diag.message);
	cr_assert_str_eq(report.why_void, "the checker's program changed while it was running");
	cr_assert_eq(record->count, 60);
	unlink(program.data);
	buf_puts(&program, ".seen");
	unlink(program.data);
	buf_free(&program);
	adapter_free(&adapter);
}
