/* checkers --try: one adapter on a few cases of the smoke level, for whoever writes it. See checkers_try.h.
 *
 * How to read it: try_cases chooses the cases, runs them and shows what was told of each process
 * (oracle/checker/run_tell.c), then each answer beside its verdict; try_canaries asks the canaries that a run
 * begins and ends with. Both are runs without canaries of their own, so that cases are asked however those
 * are answered.
 */
#include "checkers_try.h"

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "checker.h"
#include "command.h"
#include "level.h"
#include "lookup.h"
#include "run.h"

#define LEVEL "smoke"

enum { ID_LENGTH = 8 };

/* The cases are chosen by these rows, the smallest that fits a row best for each. */
static const struct slot {
	enum outcome outcome;
	enum kind kind;   /* of all its findings; KIND_COUNT: any */
	bool second_file; /* has helpers there */
} slots[] = {
	{OUTCOME_VIOLATION, KIND_MISSING_RELEASE, false},
	{OUTCOME_VIOLATION, KIND_DOUBLE_ACQUIRE, false},
	{OUTCOME_VIOLATION, KIND_RELEASE_WITHOUT_ACQUIRE, false},
	{OUTCOME_PASS, KIND_COUNT, false},
	{OUTCOME_PASS, KIND_COUNT, true},
};

enum { SLOTS = sizeof slots / sizeof *slots };

struct trial {
	struct checker checker;
	struct adapter adapter; /* the checker's; a run asks it for no canaries */
	struct level level;
	struct arena *arena;
	struct diag diag;
	unsigned count;
	const struct suite_case **cases; /* of the run at hand */
	struct answer *answer;           /* for each; findings and texts live in the arena */
	struct buf told;
};

/* choosing */

static const struct verdict *
expected_of(const struct trial *trial, const struct suite_case *of)
{
	return &of->verdict[adapter_reading(&trial->adapter, of->rule)];
}

static bool
has_kind(const struct verdict *verdict, enum kind kind)
{
	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].kind != kind)
			return false;
	return true;
}

static bool
is_chosen(const struct trial *trial, const struct suite_case *of)
{
	for (unsigned i = 0; i < trial->count; i++)
		if (trial->cases[i] == of)
			return true;
	return false;
}

/* Whether a case goes into one file with the first one. */
static bool
shares_file(const struct trial *trial, const struct suite_case *of)
{
	const struct rule *first = trial->count ? trial->cases[0]->rule : of->rule;

	return trial->adapter.world->table ? of->rule == first : !strcmp(of->rule->model, first->model);
}

/* How badly a case fits a row: what a checker may read otherwise with good reason counts most, then what
 * would need a process of its own. */
static unsigned
cost(const struct trial *trial, const struct slot *slot, const struct suite_case *of)
{
	const struct verdict *verdict = expected_of(trial, of);
	unsigned sum = of->seq.size;

	sum += of->contested ? 10000 : 0;
	sum += slot->kind < KIND_COUNT && !has_kind(verdict, slot->kind) ? 4000 : 0;
	sum += shares_file(trial, of) ? 0 : 2000;
	sum += (of->shapes.choice[SHAPE_CALL] == CALL_FILE) != slot->second_file ? 1000 : 0;
	return sum;
}

static void
fill_slot(struct trial *trial, const struct slot *slot)
{
	const struct suite_case *best = NULL;

	for (unsigned i = 0; i < trial->level.count; i++) {
		const struct suite_case *of = &trial->level.cases[i];

		if (!adapter_has_rule(&trial->adapter, of->rule) || is_chosen(trial, of) ||
		    expected_of(trial, of)->outcome != slot->outcome)
			continue;
		if (!best || cost(trial, slot, of) < cost(trial, slot, best))
			best = of;
	}
	if (best)
		trial->cases[trial->count++] = best;
}

static bool
choose_cases(struct trial *trial)
{
	trial->count = 0;
	trial->cases = arena_alloc(trial->arena, SLOTS * sizeof *trial->cases);
	for (unsigned i = 0; i < SLOTS; i++)
		fill_slot(trial, &slots[i]);
	if (!trial->count)
		diag_set(&trial->diag, trial->adapter.name, 0, 0, "level %s has no case of its `rules`", LEVEL);
	return trial->count;
}

static void
choose_canaries(struct trial *trial)
{
	const struct level *level = &trial->level;

	trial->count = 0;
	trial->cases = arena_alloc(trial->arena, (2 * level->rules + 1U) * sizeof *trial->cases);
	for (unsigned i = 0; i < level->rules; i++)
		for (unsigned outcome = OUTCOME_PASS;
		     adapter_has_rule(&trial->adapter, level->rule[i]) && outcome <= OUTCOME_VIOLATION; outcome++)
			trial->cases[trial->count++] = level_canary(level, level->rule[i], (enum outcome)outcome);
}

/* running */

static const struct suite_case *
canary_of(void *context, const struct rule *rule, enum outcome outcome)
{
	const struct trial *trial = context;

	return level_canary(&trial->level, rule, outcome);
}

static const char *
kept(struct arena *arena, const char *text)
{
	return text ? arena_string(arena, text) : NULL;
}

static bool
take_answer(void *context, const struct suite_case *of, const struct answer *answer)
{
	struct trial *trial = context;
	unsigned i = 0;

	while (trial->cases[i] != of)
		i++;
	trial->answer[i] = *answer;
	trial->answer[i].finding = (const struct answer_finding *)arena_copy(
		trial->arena, (const char *)answer->finding, answer->count * sizeof *answer->finding);
	trial->answer[i].why = kept(trial->arena, answer->why);
	trial->answer[i].message = kept(trial->arena, answer->message);
	return true;
}

static bool
ask(struct trial *trial, struct run_report *report)
{
	const struct run_options options = {
		.adapter = &trial->adapter,
		.exe = trial->checker.exe,
		.exe_hash = trial->checker.hash,
		.version = trial->checker.version,
		.self = lookup_self(trial->arena),
		.jobs = 1,
		.tell = &trial->told,
		.canary = canary_of,
		.answer = take_answer,
		.context = trial,
	};

	buf_clear(&trial->told);
	trial->answer = arena_alloc(trial->arena, (trial->count + 1U) * sizeof *trial->answer);
	return run_cases(&options, trial->cases, trial->count, report, &trial->diag);
}

/* telling */

/* Prints what others wrote in part: a control character would be one to the terminal. */
static void
print_shown(const struct buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->data[i];

		putchar((c < ' ' && c != '\n' && c != '\t') || c == 127 ? '?' : c);
	}
}

static void
print_checker(const struct trial *trial)
{
	const struct adapter *adapter = &trial->adapter;
	struct buf limits = {0}, head = {0};

	buf_printf(&head, "%s: %s\nworld     %s\nprogram   %s, version %s\nlimits    ", adapter->name,
	           adapter->title, adapter->world->name, adapter->plugin ? adapter->plugin : trial->checker.exe,
	           trial->checker.version[0] ? trial->checker.version : "-");
	print_shown(&head);
	checker_print_limits(&limits, adapter);
	command_print_filled(&limits, 10, 10);
	printf("paths     below are told from the run's directory on; steps run in its work/\n");
	buf_free(&limits);
	buf_free(&head);
}

static void
put_line(struct buf *out, uint32_t line)
{
	if (line > LINE_SECOND)
		buf_printf(out, " at line %u of its helpers", line - LINE_SECOND);
	else if (line)
		buf_printf(out, " at line %u", line);
}

static void
put_expected(struct buf *out, const struct verdict *verdict)
{
	buf_puts(out, outcome_name(verdict->outcome));
	for (unsigned i = 0; i < verdict->count; i++) {
		buf_printf(out, "%s%s", i ? "; " : ": ", kind_name((enum kind)verdict->finding[i].kind));
		put_line(out, verdict->finding[i].line);
	}
}

static void
put_answered(struct buf *out, const struct answer *answer)
{
	buf_puts(out, answer_name(answer->state));
	for (unsigned i = 0; i < answer->count; i++) {
		const struct answer_finding *finding = &answer->finding[i];

		buf_printf(out, "%s%s", i ? "; " : ": ",
		           finding->kind < KIND_COUNT ? kind_name((enum kind)finding->kind) : "no kind");
		put_line(out, finding->line);
	}
	if (answer->why)
		buf_printf(out, ": %s", answer->why);
}

static bool
is_right(const struct trial *trial, unsigned i)
{
	enum outcome outcome = expected_of(trial, trial->cases[i])->outcome;

	return trial->answer[i].state == (outcome == OUTCOME_VIOLATION ? ANSWER_VIOLATION : ANSWER_PASS);
}

/* A field of a case, in as many lines as it takes. */
static void
print_field(const char *name, struct buf *text)
{
	printf("  %-9s ", name);
	command_print_filled(text, 12, 12);
	buf_clear(text);
}

static void
print_answers(struct trial *trial)
{
	struct buf text = {0};
	unsigned right = 0;

	for (unsigned i = 0; i < trial->count; i++)
		right += is_right(trial, i);
	printf("\nanswers: %u of %u right\n", right, trial->count);
	for (unsigned i = 0; i < trial->count; i++) {
		const struct suite_case *of = trial->cases[i];

		printf("%.*s  %s, role %s: %s\n", ID_LENGTH, of->id, of->rule->name, of->rule->role[of->role].name,
		       is_right(trial, i) ? "right" : "wrong");
		buf_puts(&text, of->sequence[0] ? of->sequence : "(empty)");
		print_field("sequence", &text);
		put_expected(&text, expected_of(trial, of));
		print_field("expected", &text);
		put_answered(&text, &trial->answer[i]);
		print_field("answered", &text);
	}
	buf_free(&text);
}

/* The command that keeps all files of these cases. */
static void
print_keep(const struct trial *trial)
{
	struct buf line = {0};

	buf_puts(&line, "lockdrill run --level " LEVEL " ");
	ask_checker(&line, trial->adapter.name);
	buf_puts(&line, " \\\n   ");
	for (unsigned i = 0; i < trial->count; i++)
		buf_printf(&line, " --case %.*s", ID_LENGTH, trial->cases[i]->id);
	printf("\nThe files and all that is said, to look at (these cases with their twins):\n"
	       "  %s \\\n    --db try.db --keep kept\n",
	       line.data);
	buf_free(&line);
}

static bool
try_cases(struct trial *trial)
{
	struct run_report report;

	if (!choose_cases(trial) || !ask(trial, &report))
		return false;
	print_shown(&trial->told);
	if (report.why_void[0])
		printf("\nA run would be void: %s\n", report.why_void);
	print_answers(trial);
	print_keep(trial);
	return true;
}

/* As check_canary of a run looks at them. */
static bool
canary_is_right(const struct trial *trial, unsigned i)
{
	return is_right(trial, i) || trial->answer[i].state == ANSWER_UNSUPPORTED;
}

static bool
try_canaries(struct trial *trial)
{
	struct run_report report;
	unsigned wrong = 0;

	choose_canaries(trial);
	if (!ask(trial, &report))
		return false;
	for (unsigned i = 0; i < trial->count; i++)
		wrong += !canary_is_right(trial, i);
	if (wrong)
		printf("\ncanaries: %u of %u wrong: a run is void, and asks no case\n", wrong, trial->count);
	else
		printf("\ncanaries: all %u right\n", trial->count);
	for (unsigned i = 0; i < trial->count; i++) {
		struct buf text = {0};

		put_answered(&text, &trial->answer[i]);
		printf("  %-24s %-9s %s ", trial->cases[i]->rule->name, i % 2 ? "violating" : "correct",
		       canary_is_right(trial, i) ? "right" : "WRONG");
		command_print_filled(&text, 43, 43);
		buf_free(&text);
	}
	if (wrong)
		print_shown(&trial->told);
	return true;
}

/* all of it */

static bool
open_trial(struct trial *trial, const char *name, struct buf *dispute)
{
	if (!checker_load(&trial->checker, trial->arena, name, &trial->diag) ||
	    !checker_is_here(&trial->checker, &trial->diag) ||
	    !checker_meet(&trial->checker, trial->arena, &trial->diag) ||
	    !level_make(&trial->level, LEVEL, NULL, (struct shard){0, 1}, dispute, &trial->diag) ||
	    !level_has_canaries(&trial->level, &trial->diag) ||
	    !checker_has_readings(&trial->checker, trial->level.rule, trial->level.rules, &trial->diag))
		return false;
	trial->adapter = trial->checker.adapter;
	trial->adapter.degenerate = true;
	return true;
}

int
checkers_try(struct arena *arena, const char *name)
{
	struct trial trial = {.arena = arena};
	struct buf dispute = {0};
	int status = STATUS_FINE;
	bool ok = open_trial(&trial, name, &dispute);

	if (ok) {
		print_checker(&trial);
		ok = try_cases(&trial);
	}
	if (ok && trial.checker.adapter.degenerate)
		printf("\ncanaries: not asked, for the adapter says `degenerate`\n");
	else if (ok)
		ok = try_canaries(&trial);
	if (!ok)
		status = command_dispute(&trial.diag, &dispute);
	level_free(&trial.level);
	checker_free(&trial.checker);
	buf_free(&trial.told);
	buf_free(&dispute);
	return status;
}
