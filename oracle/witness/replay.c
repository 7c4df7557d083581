/* replay: a witness held against the program itself. See replay.h.
 *
 * How it works: the text is compiled by libtcc with a few macros around it, which tell the functions below of
 * each unknown, lock call and violation with its line and function; invariants are asked where they stand, as
 * C. A child runs it and writes what it came to into a pipe: code that crashes or does not end is an answer.
 *
 *   head of the text     ->  before_text: unknowns and reach_error with their lines
 *   the world's headers      unchanged
 *   from the body on     ->  before_body: lock calls, locks as they are made
 *
 * An invariant asks itself again: lockdrill_ask(k, value) is the test of a loop without a body, and while it
 * is true the states of the locks are changed to all that they can be and the value is taken anew. One that
 * holds whatever they are says nothing.
 *
 * Paths of a correct program are run as explore.c of the model world does, by plain re-execution.
 */
#include "replay.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libtcc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"

enum { SITE_MOST = 3, ROUND_MOST = 8, SITES = 512, CHOICES = 4096, PATHS = 2000000, LOCKS = 8, SECONDS = 20 };
enum { FUNCTION_NAME = 64, MESSAGE = 200 };

static const char before_text[] =
	"int lockdrill_unknown(int, const char *);\nvoid lockdrill_error(int, const char *);\n"
	"void lockdrill_call(int);\nvoid lockdrill_over(void);\nvoid lockdrill_round(void);\n"
	"void lockdrill_lock(void *, int);\nint lockdrill_ask(int, int);\n"
	"#define __VERIFIER_nondet_int() lockdrill_unknown(__LINE__, __func__)\n"
	"#define reach_error() lockdrill_error(__LINE__, __func__)\n"
	"#define YieldProcessor() lockdrill_round()\n";
static const char before_body[] =
	"#define lockdrill_acquire(lock, handle) (lockdrill_call(__LINE__), (lockdrill_acquire)(lock, handle))\n"
	"#define lockdrill_release(lock, handle) (lockdrill_call(__LINE__), (lockdrill_release)(lock, handle))\n"
	"#define lockdrill_try(lock) (lockdrill_call(__LINE__), (lockdrill_try)(lock))\n"
	"#define lockdrill_end(state, judged) (lockdrill_over(), (lockdrill_end)(state, judged))\n"
	"#define lockdrill_init(lock, judged) (lockdrill_lock(lock, judged), (lockdrill_init)(lock, judged))\n"
	"#define lockdrill_initialise(lock) \\\n"
	"\t((lockdrill_initialise)(lock), lockdrill_lock(lock, (lock)->Judged))\n";

enum outcome_kind {
	CAME_ENDED, /* no violation on the path, or on any */
	CAME_VIOLATION,
	CAME_ELSEWHERE, /* the path asked for an unknown that the witness does not have next */
	CAME_FALSE,     /* an invariant does not hold */
	CAME_TOO_FAR,   /* too many paths, places or rounds */
	CAME_NO_CODE,   /* the text with its invariants does not compile */
};

/* What the child tells. */
struct came {
	enum outcome_kind how;
	uint32_t at;   /* index of the waypoint or invariant */
	uint32_t line; /* where the path was */
	char function[FUNCTION_NAME];
	char message[MESSAGE];
	uint32_t call;      /* line of the last lock call */
	bool over;          /* the routine had ended */
	bool trivial;       /* an invariant holds whatever the locks are; its index in `at` */
	uint32_t unreached; /* 1 + index of an invariant whose place no path comes to */
	uint32_t paths, reached;
};

/* A lock of the program as its first member tells: the automaton's state. */
struct run {
	const struct witness *witness;
	struct came came;
	unsigned states; /* that a lock can be in, from 0 */
	jmp_buf leave;
	int *lock[LOCKS];
	unsigned locks, rounds;
	/* paths of a correct program */
	struct {
		uint64_t line; /* of a try: with that of its call */
		unsigned ones;
	} site[SITES];
	unsigned sites;
	unsigned char answer[CHOICES], forced[CHOICES];
	unsigned given, taken;
	/* invariants */
	unsigned char *seen, *tells; /* by index: it was asked; it said no for some states */
	bool asking;
	unsigned combination;
	int kept[LOCKS];
};

/* The compiled text calls plain functions: this is where they find the run. There is one, in the child. */
static struct run *run;

/* what the text calls */

static _Noreturn void
stop(enum outcome_kind how, uint32_t at, int line, const char *function)
{
	run->came.how = how;
	run->came.at = at;
	run->came.line = (uint32_t)line;
	snprintf(run->came.function, sizeof run->came.function, "%s", function);
	longjmp(run->leave, 1);
}

static void
on_call(int line)
{
	run->came.call = (uint32_t)line;
}

static void
on_over(void)
{
	run->came.over = true;
}

static void
on_error(int line, const char *function)
{
	stop(CAME_VIOLATION, run->taken, line, function);
}

static void
on_stop(void)
{
	stop(CAME_ENDED, run->taken, 0, "");
}

static void
on_round(void)
{
	if (run->rounds++ < ROUND_MOST)
		return;
	if (run->witness->violation)
		stop(CAME_TOO_FAR, run->taken, 0, "");
	on_stop();
}

static void
on_lock(void *lock, int judged)
{
	for (unsigned i = 0; i < run->locks; i++)
		if (run->lock[i] == lock)
			return;
	if (judged && run->locks < LOCKS)
		run->lock[run->locks++] = lock;
}

/* The next waypoint must be this place; what the call returned is the witness's. */
static int
follow(int line, const char *function)
{
	const struct waypoint *next = &run->witness->waypoint[run->taken];

	if (next->kind != WAYPOINT_RETURN || next->place.line != (uint32_t)line ||
	    (next->place.function && strcmp(next->place.function, function) != 0))
		stop(CAME_ELSEWHERE, run->taken, line, function);
	run->taken++;
	return next->relation == RELATION_EQUAL ? next->value : !next->value;
}

static unsigned
find_site(uint64_t line)
{
	unsigned i = 0;

	while (i < run->sites && run->site[i].line != line)
		i++;
	if (i == SITES)
		stop(CAME_TOO_FAR, 0, (int)line, "");
	if (i == run->sites) {
		run->site[i].line = line;
		run->site[run->sites++].ones = 0;
	}
	return i;
}

static int
choose(uint32_t line, const char *function)
{
	bool tries = !strcmp(function, "lockdrill_try");
	unsigned here = find_site(line | (tries ? (uint64_t)run->came.call << 32 : 0));

	if (run->taken == CHOICES)
		stop(CAME_TOO_FAR, 0, (int)line, "");
	if (run->taken == run->given) {
		run->answer[run->given] = 0;
		run->forced[run->given++] = run->site[here].ones == SITE_MOST;
	}
	run->site[here].ones += run->answer[run->taken];
	return run->answer[run->taken++];
}

static int
on_unknown(int line, const char *function)
{
	return run->witness->violation ? follow(line, function) : choose((uint32_t)line, function);
}

/* Puts the locks into the states of a combination; false when there is none of that number. */
static bool
set_locks(unsigned combination)
{
	for (unsigned i = 0; i < run->locks; i++) {
		*run->lock[i] = (int)(combination % run->states);
		combination /= run->states;
	}
	return !combination;
}

static int
on_ask(int index, int value)
{
	run->came.reached += !run->asking;
	run->seen[index] = 1;
	if (!run->asking) {
		if (!value)
			stop(CAME_FALSE, (uint32_t)index, 0, "");
		if (run->tells[index])
			return 0;
		for (unsigned i = 0; i < run->locks; i++)
			run->kept[i] = *run->lock[i];
		run->asking = true;
		run->combination = 0;
	} else {
		run->tells[index] |= !value;
	}
	if (!run->tells[index] && set_locks(run->combination++))
		return 1;
	for (unsigned i = 0; i < run->locks; i++)
		*run->lock[i] = run->kept[i];
	run->asking = false;
	return 0;
}

/* the child */

static const struct {
	const char *name;
	void (*call)(void);
} calls[] = {
	{"lockdrill_unknown", (void (*)(void))on_unknown},
	{"lockdrill_error", (void (*)(void))on_error},
	{"lockdrill_call", (void (*)(void))on_call},
	{"lockdrill_over", (void (*)(void))on_over},
	{"lockdrill_round", (void (*)(void))on_round},
	{"lockdrill_lock", (void (*)(void))on_lock},
	{"lockdrill_ask", (void (*)(void))on_ask},
	{"abort", (void (*)(void))on_stop},
	{"memset", (void (*)(void))memset},
	{"memmove", (void (*)(void))memmove},
};

static void
keep_message(void *opaque, const char *message)
{
	struct came *came = opaque;

	if (!came->message[0])
		snprintf(came->message, sizeof came->message, "%s", message);
}

/* The program's main, or NULL. */
static int (*compile(TCCState *tcc, const char *text))(void)
{
	int (*entry)(void);
	void *found;

	tcc_set_error_func(tcc, &run->came, keep_message);
	tcc_set_options(tcc, "-nostdlib -nostdinc");
	tcc_set_output_type(tcc, TCC_OUTPUT_MEMORY);
	if (tcc_compile_string(tcc, text))
		return NULL;
	for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
		if (tcc_add_symbol(tcc, calls[i].name, (const void *)(uintptr_t)calls[i].call))
			return NULL;
	if (tcc_relocate(tcc, TCC_RELOCATE_AUTO))
		return NULL;
	found = tcc_get_symbol(tcc, "main");
	memcpy(&entry, &found, sizeof entry);
	return entry;
}

static void
run_path(int (*entry)(void))
{
	run->taken = run->rounds = run->sites = run->locks = 0;
	run->came.over = run->asking = false;
	run->came.how = CAME_ENDED;
	if (setjmp(run->leave))
		return;
	entry();
	run->came.at = run->taken;
}

static bool
next_path(void)
{
	run->given = run->taken;
	while (run->given && (run->answer[run->given - 1] || run->forced[run->given - 1]))
		run->given--;
	if (!run->given)
		return false;
	run->answer[run->given - 1] = 1;
	return true;
}

static void
run_all(int (*entry)(void))
{
	do {
		if (run->came.paths++ == PATHS) {
			run->came.how = CAME_TOO_FAR;
			return;
		}
		run_path(entry);
	} while (run->came.how == CAME_ENDED && next_path());
	for (unsigned i = 0; run->came.how == CAME_ENDED && i < run->witness->count; i++) {
		if (!run->seen[i] && !run->came.unreached)
			run->came.unreached = i + 1;
		if (run->seen[i] && !run->tells[i]) {
			run->came.trivial = true;
			run->came.at = i;
		}
	}
}

static _Noreturn void
be_child(const struct witness *witness, unsigned states, const char *text, int pipe)
{
	const struct rlimit seconds = {SECONDS, SECONDS}, core = {0, 0};
	TCCState *tcc = tcc_new();
	int (*entry)(void);

	run = calloc(1, sizeof *run);
	if (!run || !tcc)
		_exit(1);
	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &core);
	run->witness = witness;
	run->states = states;
	run->seen = calloc(2, witness->count + 1);
	run->tells = run->seen + witness->count + 1;
	entry = compile(tcc, text);
	if (!entry)
		run->came.how = CAME_NO_CODE;
	else if (witness->violation)
		run_path(entry);
	else
		run_all(entry);
	_exit(write(pipe, &run->came, sizeof run->came) != sizeof run->came);
}

/* Runs the text in a child. False where it gives no answer: *status is how it ended. */
static bool
ask_child(const struct witness *witness, unsigned states, const char *text, struct came *came, int *status)
{
	ssize_t got;
	int ends[2];
	pid_t child;

	if (pipe(ends))
		die("pipe:");
	fflush(NULL);
	child = fork();
	if (child < 0)
		die("fork:");
	if (!child)
		be_child(witness, states, text, ends[1]);
	close(ends[1]);
	do
		got = read(ends[0], came, sizeof *came);
	while (got < 0 && errno == EINTR);
	close(ends[0]);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		continue;
	return got == sizeof *came && WIFEXITED(*status) && !WEXITSTATUS(*status);
}

/* the text that runs */

/* Something that is put before a byte of the text. */
struct insertion {
	const char *at;
	unsigned order; /* of those at one byte */
	unsigned invariant;
};

struct preparing {
	const struct witness *witness;
	const struct task *task;
	const char *name; /* of the witness, for messages */
	struct lines lines;
	struct arena *arena;
	struct insertion *insertion;
	unsigned insertions;
	struct diag *diag;
};

static bool FAIL_PRINTF(3, 4)
	refuse(const struct preparing *p, const struct witness_place *place, const char *format, ...)
{
	char message[2 * MESSAGE];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_set(p->diag, p->name, place->at_line, place->at_column, "%s", message);
	return false;
}

static void
insert(struct preparing *p, const char *at, unsigned invariant)
{
	p->insertion[p->insertions] = (struct insertion){at, p->insertions, invariant};
	p->insertions++;
}

/* Behind the brace that opens the body of a loop, or NULL. */
static const char *
loop_body(const char *at)
{
	bool head = starts_word(at, "while") || starts_word(at, "for");

	if (!head && !starts_word(at, "do"))
		return NULL;
	at = head ? behind_bracket(at, '(', ')') : at + 2;
	while (at && isspace((unsigned char)*at))
		at++;
	return at && *at == '{' ? at + 1 : NULL;
}

/* Where a statement begins its line. */
static bool
begins_statement(const char *at)
{
	static const char *const others[] = {"case", "default", "else"};

	for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
		if (starts_word(at, others[i]))
			return false;
	return isalpha((unsigned char)*at) || *at == '_' || *at == '(' || *at == '*';
}

static bool
prepare_invariant(struct preparing *p, unsigned index)
{
	const struct invariant *invariant = &p->witness->invariant[index];
	const struct witness_place *place = &invariant->place;
	const char *at = lines_at(&p->lines, place->line, 1), *function, *body;

	if (!at)
		return refuse(p, place, "%s has no such line", p->task->name);
	at = lines_at(&p->lines, place->line, lines_indent(&p->lines, place->line));
	function = lines_function(&p->lines, place->line, p->arena);
	if (place->column && place->column != lines_indent(&p->lines, place->line))
		return refuse(p, place, "no %s begins in this column", invariant->loop ? "loop" : "statement");
	if (!function || !at || *at == '{' || (place->function && strcmp(function, place->function) != 0))
		return refuse(p, place, "the line is not in function %s",
		              place->function ? place->function : "of the text");
	if (!begins_statement(at))
		return refuse(p, place, "no statement begins there");
	insert(p, at, index);
	if (!invariant->loop)
		return true;
	body = loop_body(at);
	if (!body)
		return refuse(p, place, "no loop begins there");
	insert(p, body, index);
	return true;
}

static int
compare_insertions(const void *one, const void *two)
{
	const struct insertion *a = one, *b = two;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* The text with what is asked of invariants, on the lines that it has. */
static void
put_text(const struct preparing *p, struct buf *out)
{
	uint32_t body = p->task->span.first;
	size_t head;
	uint32_t line = task_head(&head);
	const char *at = p->task->text.data + head, *first = lines_at(&p->lines, body, 1);

	buf_printf(out, "%s#line %" PRIu32 "\n", before_text, line);
	buf_add(out, at, (size_t)(first - at));
	buf_printf(out, "%s#line %" PRIu32 "\n", before_body, body);
	at = first;
	for (unsigned i = 0; i < p->insertions; i++) {
		const struct insertion *insertion = &p->insertion[i];

		if (insertion->at < at)
			continue; /* before the body nothing is asked */
		buf_add(out, at, (size_t)(insertion->at - at));
		buf_printf(out, " while (lockdrill_ask(%u, (%s) != 0)) continue; ", insertion->invariant,
		           p->witness->invariant[insertion->invariant].value);
		at = insertion->at;
	}
	buf_puts(out, at);
}

static bool
prepare(struct preparing *p, struct buf *out)
{
	bool ok = true;

	lines_make(&p->lines, p->arena, buf_string(&p->task->text));
	if (!p->witness->violation) {
		p->insertion = arena_alloc(p->arena, (2 * p->witness->count + 1) * sizeof *p->insertion);
		for (unsigned i = 0; ok && i < p->witness->count; i++)
			ok = prepare_invariant(p, i);
		qsort(p->insertion, p->insertions, sizeof *p->insertion, compare_insertions);
	}
	if (ok)
		put_text(p, out);
	return ok;
}

/* what it came to */

static bool
refuse_other_way(const struct preparing *p, const struct came *came)
{
	const struct waypoint *next = &p->witness->waypoint[came->at];
	char where[2 * FUNCTION_NAME];

	if (came->how == CAME_ENDED)
		return refuse(p, &next->place, "the path ends before it comes here");
	if (came->how == CAME_TOO_FAR)
		return refuse(p, &next->place, "the path goes round without coming here");
	snprintf(where, sizeof where, "line %" PRIu32 " of %s", came->line, came->function);
	return refuse(p, &next->place, "the path %s %s",
	              came->how == CAME_VIOLATION ? "violates before it comes here: on"
	                                          : "does not come here: it asks for an unknown on",
	              where);
}

/* The target of a path that violates there. */
static bool
check_target(const struct preparing *p, const struct came *came, uint32_t line)
{
	const struct witness_place *place = &p->witness->waypoint[p->witness->count - 1].place;
	bool unreach = !strcmp(p->witness->specification, task_property_text(PROPERTY_UNREACH));
	uint32_t expected = unreach ? came->line : line;
	const char *function = lines_function(&p->lines, expected, p->arena), *at;
	char where[2 * FUNCTION_NAME];

	snprintf(where, sizeof where, "line %" PRIu32 " of %s", expected, function ? function : "?");
	at = lines_at(&p->lines, expected, unreach && place->column ? place->column : 1);
	if (place->line != expected || (place->function && function && strcmp(place->function, function) != 0))
		return refuse(p, place, "the first violation on the path is on %s", where);
	if (!place->column)
		return true;
	if (unreach ? !at || !starts_word(at, "reach_error") : place->column != lines_indent(&p->lines, expected))
		return refuse(p, place, "nothing that violates begins in this column: %s", where);
	return true;
}

/* Each unknown's column is that of the bracket that closes its call. */
static bool
check_columns(const struct preparing *p)
{
	for (unsigned i = 0; i + 1 < p->witness->count; i++) {
		const struct witness_place *place = &p->witness->waypoint[i].place;
		const char *at = lines_at(&p->lines, place->line, place->column);

		if (place->column && (!at || *at != ')'))
			return refuse(p, place, "no call's bracket closes in this column");
	}
	return true;
}

static bool
judge_violation(const struct preparing *p, const struct came *came, struct replay *replay)
{
	if (came->how != CAME_VIOLATION || came->at + 1 != p->witness->count)
		return refuse_other_way(p, came);
	replay->line = came->over ? p->task->end_line : came->call;
	return check_columns(p) && check_target(p, came, replay->line);
}

static bool
judge_correctness(const struct preparing *p, const struct came *came, struct replay *replay)
{
	static const struct witness_place whole;
	const struct witness_place *place = &p->witness->invariant[came->at].place;
	char where[2 * FUNCTION_NAME];

	snprintf(where, sizeof where, "line %" PRIu32, came->over ? p->task->end_line : came->call);
	if (came->how == CAME_FALSE)
		return refuse(p, place, "the invariant does not hold on every path");
	if (came->how == CAME_VIOLATION)
		return refuse(p, &whole, "the program is not correct: a path violates on %s", where);
	if (came->how == CAME_TOO_FAR)
		return refuse(p, &whole, "the program has too many paths to run");
	if (came->trivial)
		return refuse(p, place, "the invariant holds whatever the locks are");
	if (came->unreached)
		return refuse(p, &p->witness->invariant[came->unreached - 1].place, "no path comes to the invariant");
	replay->paths = came->paths;
	replay->reached = came->reached;
	return true;
}

/* Counters may be anything; more than 2 is as 2. */
static unsigned
lock_states(const struct task *task)
{
	const struct rule *rule = task->prog.rule;
	const struct rule_reading *reading = &rule->reading[rule->headline];

	return reading->counts ? 3 : reading->states;
}

bool
replay_witness(struct replay *replay, struct arena *arena, const struct witness *witness, struct task *task,
               const char *name, struct diag *diag)
{
	struct preparing p = {.witness = witness, .task = task, .name = name, .arena = arena, .diag = diag};
	struct buf text = {0};
	struct came came;
	int status = 0;
	bool ok;

	*replay = (struct replay){0};
	ok = prepare(&p, &text);
	if (ok && !ask_child(witness, lock_states(task), text.data, &came, &status)) {
		bool slow = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);

		diag_set(diag, name, 0, 0, slow ? "running it does not end" : "running it crashes");
		ok = false;
	} else if (ok && came.how == CAME_NO_CODE) {
		diag_set(diag, name, 0, 0, "an invariant is no expression where it stands: %.180s", came.message);
		ok = false;
	} else if (ok) {
		ok = witness->violation ? judge_violation(&p, &came, replay) : judge_correctness(&p, &came, replay);
	}
	buf_free(&text);
	return ok;
}
