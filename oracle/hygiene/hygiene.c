/* hygiene: what is wrong in a text beside its locks. See hygiene.h.
 *
 * How to read it: hygiene_judge is the table of contents: the text becomes tokens (lex.c) and an outline
 * (outline.c), then one function a kind goes over the bodies and reports. No check follows values: a name is
 * what its declaration says, in all functions of the text.
 */
#include "hygiene.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "outline.h"

struct hygiene_memory {
	struct lex lex;
	struct outline outline;
	uint8_t count[LEX_NAMES]; /* of what a check counts by name */
};

struct judging {
	struct hygiene_memory *m;
	const struct token *token;
	const struct rule *rule;
	unsigned model;
	struct hygiene_result *result;
};

static const struct {
	const char *name, *meaning, *source;
} rows[] = {
#define KIND(id, text, meaning, source) {text, meaning, source},
	HYGIENE(KIND)
#undef KIND
};

const char *
hygiene_name(enum hygiene_kind kind)
{
	return rows[kind].name;
}

const char *
hygiene_meaning(enum hygiene_kind kind)
{
	return rows[kind].meaning;
}

const char *
hygiene_source(enum hygiene_kind kind)
{
	return rows[kind].source;
}

uint32_t
hygiene_guilt(uint32_t kinds)
{
	return kinds & ((1U << HYGIENE_REMARKS) - 1);
}

static void
report(struct judging *j, enum hygiene_kind kind, uint32_t line)
{
	uint32_t *first = &j->result->line[kind];

	j->result->kinds |= 1U << kind;
	if (!*first || line < *first)
		*first = line;
}

/* tokens */

static bool
is(const struct judging *j, uint32_t at, unsigned what)
{
	const struct token *token = &j->token[at];

	return token->what == TOKEN_NAME && j->m->outline.is[token->name] & what;
}

/* NAME-> or NAME. */
static bool
is_member(const struct judging *j, uint32_t at)
{
	return j->token[at + 1].what == PAIR('-', '>') || j->token[at + 1].what == '.';
}

/* Behind the last of `base->field.field[index]`, which begins at `at`; the last field's name in *field. */
static uint32_t
skip_members(const struct judging *j, uint32_t at, unsigned *field)
{
	uint32_t next = at + 1;

	while (j->token[next].what == '[' || is_member(j, next - 1)) {
		if (j->token[next].what == '[') {
			next = j->token[next].match + 1;
			continue;
		}
		if (j->token[next + 1].what == TOKEN_NAME)
			*field = j->token[next + 1].name;
		next += 2;
	}
	return next;
}

static bool
is_assignment(unsigned what)
{
	return what == '=' || ((what & 0xff) == '=' && strchr("+-*/%&|^", (int)(what >> 8)) && what >> 8) ||
	       what == PAIR('+', '+') || what == PAIR('-', '-');
}

static bool
in_loop(const struct outline_function *function, uint32_t at)
{
	for (unsigned i = 0; i < function->loops; i++)
		if (at >= function->loop[i][0] && at <= function->loop[i][1])
			return true;
	return false;
}

static const struct outline_function *
find_function(const struct judging *j, unsigned name)
{
	const struct outline *outline = &j->m->outline;

	if (outline->points[name])
		name = outline->points[name];
	for (unsigned i = 0; i < outline->functions; i++)
		if (outline->function[i].name == name)
			return &outline->function[i];
	return NULL;
}

/* The argument list behind the call at `at`, one argument a step: its first token, and behind its last. */
struct arguments {
	uint32_t begin, end, close;
	unsigned index;
};

static bool
next_argument(const struct judging *j, uint32_t call, struct arguments *a)
{
	if (!a->close)
		*a = (struct arguments){.end = call + 1, .close = j->token[call + 1].match, .index = UINT32_MAX};
	if (a->end >= a->close)
		return false;
	a->begin = a->end + 1;
	a->index++;
	for (a->end = a->begin; a->end < a->close && j->token[a->end].what != ','; a->end++)
		if (j->token[a->end].match > a->end)
			a->end = j->token[a->end].match;
	return true;
}

/* The one name of an argument, as in `Handle`, `&Handle`, `(Handle)`; 0: it is something else. */
static unsigned
only_name(const struct judging *j, uint32_t begin, uint32_t end)
{
	while (begin < end && (j->token[begin].what == '&' || j->token[begin].what == '('))
		begin++;
	while (end > begin && j->token[end - 1].what == ')')
		end--;
	return end - begin == 1 && j->token[begin].what == TOKEN_NAME ? j->token[begin].name : 0;
}

/* The last field or the only name of an argument. */
static unsigned
last_name(const struct judging *j, uint32_t begin, uint32_t end)
{
	while (end > begin && j->token[end - 1].what == ')')
		end--;
	return end > begin && j->token[end - 1].what == TOKEN_NAME ? j->token[end - 1].name : 0;
}

/* Calls `look` for each call in the function. */
static void
each_call(struct judging *j, const struct outline_function *function,
          void (*look)(struct judging *, const struct outline_function *, uint32_t at))
{
	for (uint32_t at = function->begin; at < function->end; at++)
		if (j->token[at].call)
			look(j, function, at);
}

static void
each_function(struct judging *j, void (*look)(struct judging *, const struct outline_function *))
{
	for (unsigned i = 0; i < j->m->outline.functions; i++)
		look(j, &j->m->outline.function[i]);
}

/* queue handles */

/* Whether the last argument tells a function for both directions to release. */
static bool
says_release(const struct judging *j, uint32_t call)
{
	struct arguments a = {0};
	unsigned last = 0;

	while (next_argument(j, call, &a))
		last = only_name(j, a.begin, a.end);
	return last == WORD_FALSE || last == WORD_LOCK_RELEASE;
}

/* Whether the call acquires with its argument of that index. */
static bool
acquires_with(const struct judging *j, uint32_t call, unsigned index)
{
	const struct call_row *row = outline_call(&j->m->outline, j->token[call].name);
	const struct outline_function *callee;

	if (row)
		return row->does & CALL_ACQUIRES && index == 1;
	callee = find_function(j, j->token[call].name);
	return callee && index < OUTLINE_PARAMETERS && callee->acquires >> index & 1 && !says_release(j, call);
}

/* Notes which parameters the function acquires with; whether one is new. */
static bool
note_acquires(struct judging *j, struct outline_function *function)
{
	uint32_t before = function->acquires;

	for (uint32_t at = function->begin; at < function->end; at++) {
		struct arguments a = {0};

		if (!j->token[at].call)
			continue;
		while (next_argument(j, at, &a)) {
			unsigned name = only_name(j, a.begin, a.end);

			for (unsigned i = 0; name && i < function->parameters; i++)
				if (function->parameter[i] == name && acquires_with(j, at, a.index))
					function->acquires |= 1U << i;
		}
	}
	return function->acquires != before;
}

static void
count_handles(struct judging *j, const struct outline_function *function, uint32_t at)
{
	struct arguments a = {0};

	(void)function;
	while (next_argument(j, at, &a)) {
		unsigned name = last_name(j, a.begin, a.end);

		if (!(j->m->outline.is[name] & NAME_HANDLE) || !acquires_with(j, at, a.index))
			continue;
		if (j->m->count[name])
			report(j, HYGIENE_SHARED_HANDLE, j->token[at].line);
		j->m->count[name] = 1;
	}
}

static void
count_handles_of(struct judging *j, const struct outline_function *function)
{
	each_call(j, function, count_handles);
}

static void
check_handles(struct judging *j)
{
	struct outline *outline = &j->m->outline;

	if (outline->kept_line)
		report(j, HYGIENE_KEPT_HANDLE, outline->kept_line);
	if (!(j->m->lex.words >> WORD_HANDLE & 1))
		return;
	for (bool more = true; more;) {
		more = false;
		for (unsigned i = 0; i < outline->functions; i++)
			more |= note_acquires(j, &outline->function[i]);
	}
	memset(j->m->count, 0, j->m->lex.names);
	each_function(j, count_handles_of);
}

/* calls */

/* Whether what an allocation returns, or writes, is a member of something. */
static bool
keeps_block(const struct judging *j, uint32_t at)
{
	uint32_t back = at - 1;

	for (uint32_t i = at + 2; i < j->token[at + 1].match; i++)
		if (j->token[i].what == '&' && j->token[i + 1].what == TOKEN_NAME && is_member(j, i + 1))
			return true;
	if (j->token[back].what == ')' && j->token[back].match) /* a cast */
		back = j->token[back].match - 1;
	return j->token[back].what == '=' && back > 2 && j->token[back - 1].what == TOKEN_NAME &&
	       is_member(j, back - 3);
}

static bool
is_spelled(const struct name *name, const char *text)
{
	return strlen(text) == name->length && !memcmp(text, name->at, name->length);
}

static bool
is_of_rule(const struct judging *j, unsigned name)
{
	const struct name *is = &j->m->lex.name[name];

	for (unsigned i = 0; i < j->rule->calls; i++)
		if (is_spelled(is, j->rule->call[i].name))
			return true;
	for (unsigned i = 0; i < j->rule->types; i++)
		if (j->rule->type[i].initialise && is_spelled(is, j->rule->type[i].initialise))
			return true;
	return false;
}

static void
check_call(struct judging *j, uint32_t at)
{
	unsigned name = j->token[at].name;
	const struct call_row *row = outline_call(&j->m->outline, name);

	if (row && !(row->models & j->model))
		report(j, HYGIENE_FOREIGN_CALL, j->token[at].line);
	if (!row && !(j->m->outline.is[name] & NAME_DEFINED) && !is_of_rule(j, name))
		report(j, HYGIENE_UNKNOWN_CALL, j->token[at].line);
	if (row && row->does & CALL_ALLOCATES && keeps_block(j, at))
		report(j, HYGIENE_KEPT_SCRATCH, j->token[at].line);
}

/* locks that nothing initialises */

static void
mark_initialised(struct judging *j, const struct outline_function *function, uint32_t at)
{
	const struct call_row *row = outline_call(&j->m->outline, j->token[at].name);

	(void)function;
	if (!row || !(row->does & CALL_INITIALISES))
		return;
	for (uint32_t i = at + 2; i < j->token[at + 1].match; i++)
		if (j->token[i].what == TOKEN_NAME)
			j->m->count[j->token[i].name] = 1;
}

static void
mark_initialised_in(struct judging *j, const struct outline_function *function)
{
	each_call(j, function, mark_initialised);
}

static void
check_locks(struct judging *j)
{
	const struct outline *outline = &j->m->outline;

	if (!outline->locks)
		return;
	memset(j->m->count, 0, j->m->lex.names);
	each_function(j, mark_initialised_in);
	for (unsigned i = 0; i < outline->locks; i++)
		if (!j->m->count[outline->lock[i].name])
			report(j, HYGIENE_UNINITIALISED, outline->lock[i].line);
}

/* requests */

/* Whether the pointer is one to the fields of a request that others may change: it came out of a shared
 * structure, or some function of the text reads one that did, and this one is given it. */
static bool
is_shared(const struct judging *j, const struct outline_function *function, uint32_t at)
{
	if (!is(j, at, NAME_REQUEST))
		return false;
	if (is(j, at, NAME_SHARED))
		return true;
	for (unsigned i = 0; j->m->outline.shares && i < function->parameters; i++)
		if (function->parameter[i] == j->token[at].name)
			return true;
	return false;
}

/* Reads of a shared request's fields, and calls that look at them; each in a loop counts for two. */
static void
count_reads(struct judging *j, const struct outline_function *function)
{
	for (uint32_t at = function->begin; at < function->end; at++) {
		unsigned name = 0;

		if (j->token[at].call) {
			struct arguments a = {0};

			while (next_argument(j, at, &a))
				if (is_shared(j, function, a.begin) && a.end == a.begin + 1 &&
				    lex_begins(&j->m->lex, j->token[at].name, "Is"))
					name = j->token[at].name;
		} else if (is_shared(j, function, at) && is_member(j, at)) {
			uint32_t next = skip_members(j, at, &name);

			if (j->token[next].what == '=')
				name = 0;
		}
		if (!name)
			continue;
		j->m->count[name] = (uint8_t)(j->m->count[name] + (in_loop(function, at) ? 2 : 1));
		if (j->m->count[name] > 1) {
			report(j, HYGIENE_FLAG_REREAD, j->token[at].line);
			return;
		}
	}
}

/* Whether the call at `at` does what `does` says, with a request as the system gives it. */
static bool
passes_request(const struct judging *j, uint32_t at, unsigned does)
{
	const struct call_row *row = outline_call(&j->m->outline, j->token[at].name);

	if (!row || !(row->does & does))
		return false;
	for (uint32_t i = at + 2; i < j->token[at + 1].match; i++)
		if (is(j, i, NAME_OBJECT))
			return true;
	return false;
}

/* Whether a request is given away at `at`: put into a shared structure, or passed to a call that gives it. */
static bool
gives(const struct judging *j, uint32_t at)
{
	unsigned field = 0;
	uint32_t next;

	if (j->token[at].call)
		return passes_request(j, at, CALL_GIVES);
	if (!is(j, at, NAME_EXTENSION) || !is_member(j, at))
		return false;
	next = skip_members(j, at, &field);
	return j->token[next].what == '=' && is(j, next + 1, NAME_OBJECT) && j->token[next + 2].what == ';';
}

/* Behind the last token of the statement. */
static uint32_t
statement_end(const struct judging *j, const struct outline_function *function, uint32_t at)
{
	while (at < function->end && j->token[at].what != ';')
		at = j->token[at].match > at ? j->token[at].match + 1 : at + 1;
	return at;
}

/* Up to where what was given at `at` is gone: the end of its block where that leaves the function. */
static uint32_t
given_until(const struct judging *j, const struct outline_function *function, uint32_t at)
{
	uint32_t end = at, last;

	while (end < function->end && j->token[end].what != '}')
		end = j->token[end].match > end ? j->token[end].match + 1 : end + 1;
	if (end >= function->end)
		return function->end;
	for (last = end - 1; last > at && j->token[last - 1].what != ';' && j->token[last - 1].what != '{';
	     last--)
		;
	if (j->token[last].what == TOKEN_NAME &&
	    (j->token[last].name == WORD_RETURN || j->token[last].name == WORD_GOTO))
		return end;
	return function->end;
}

/* Whether the function is a routine that is given a request. */
static bool
takes_request(const struct outline_function *function)
{
	for (unsigned i = 0; i < function->parameters; i++)
		if (function->type[i] == WORD_IRP_POINTER || function->type[i] == WORD_SRB_POINTER ||
		    function->type[i] == WORD_WDF_REQUEST)
			return true;
	return false;
}

static void
check_given(struct judging *j, const struct outline_function *function)
{
	bool passed = false;

	if (!takes_request(function))
		return;
	for (uint32_t at = function->begin; at < function->end; at++) {
		uint32_t end;

		if (j->token[at].call)
			passed |= passes_request(j, at, CALL_GIVES | CALL_LISTS);
		if (!gives(j, at))
			continue;
		end = given_until(j, function, at);
		for (uint32_t i = statement_end(j, function, at); i < end; i++)
			if (is(j, i, NAME_REQUEST | NAME_OBJECT) && j->token[i - 1].what != PAIR('-', '>') &&
			    j->token[i - 1].what != '.') {
				report(j, HYGIENE_READ_PUBLISHED, j->token[i].line);
				break;
			}
	}
	if (!passed)
		report(j, HYGIENE_DROPPED, j->token[function->begin].line);
}

/* Whether the rest of the statement at `at` names the buffer. */
static bool
names_buffer(const struct judging *j, uint32_t at)
{
	for (; j->token[at].what != ';' && j->token[at].what != TOKEN_END; at++)
		if (j->token[at].what == TOKEN_NAME && j->token[at].name == WORD_SYSTEM_BUFFER)
			return true;
	return false;
}

/* A read is a member of a pointer to the buffer, the pointer passed on, or `*(type)Irp->....SystemBuffer`. */
static bool
reads_buffer(const struct judging *j, uint32_t at)
{
	if (j->token[at].what != TOKEN_NAME)
		return false;
	if (j->token[at].name == WORD_REQUEST_POINTER)
		return j->token[at - 2].what == '*' && names_buffer(j, at);
	return is(j, at, NAME_BUFFER) && (is_member(j, at) || j->token[at - 1].what == '(' ||
	                                  j->token[at - 1].what == ',' || j->token[at - 1].what == '*');
}

/* What a dispatch routine is given tells how the buffer comes, and its length; a cancel routine is given the
 * same, and cannot know that another has looked at these. */
static void
check_length(struct judging *j, const struct outline_function *function)
{
	bool code = false, measured = false;

	if (!(j->m->outline.is[function->name] & NAME_DISPATCH))
		return;
	for (uint32_t at = function->begin; at < function->end; at++) {
		const struct token *token = &j->token[at];

		code |= token->what == TOKEN_NAME && token->name == WORD_CONTROL_CODE;
		measured |= token->what == TOKEN_NAME && token->name == WORD_INPUT_LENGTH;
		if (!reads_buffer(j, at))
			continue;
		if (!code)
			report(j, HYGIENE_UNCHECKED_CODE, token->line);
		if (!measured)
			report(j, HYGIENE_UNCHECKED_LENGTH, token->line);
		return;
	}
}

/* conditions */

enum { ASKED = 8 };

/* Adds the registers that the condition of the `if` or `while` at `at` reads; whether one was there. */
static bool
ask_registers(const struct judging *j, uint32_t at, unsigned asked[ASKED], unsigned *count)
{
	for (uint32_t i = at + 2; i < j->token[at + 1].match; i++) {
		const struct call_row *row = j->token[i].call ? outline_call(&j->m->outline, j->token[i].name) : NULL;
		unsigned name;

		if (!row || !(row->does & CALL_READS))
			continue;
		name = last_name(j, i + 2, j->token[i + 1].match);
		for (unsigned k = 0; k < *count; k++)
			if (asked[k] == name)
				return true;
		if (*count < ASKED)
			asked[(*count)++] = name;
	}
	return false;
}

static bool
is_test(const struct judging *j, uint32_t at)
{
	const struct token *token = &j->token[at];

	return token->what == TOKEN_NAME && (token->name == WORD_IF || token->name == WORD_WHILE) &&
	       token[1].what == '(';
}

/* A register that a condition reads twice, or reads again in the condition that is the first thing within. */
static void
check_asked(struct judging *j, uint32_t at)
{
	unsigned asked[ASKED], count = 0;
	uint32_t within = j->token[at + 1].match + 2;

	if (ask_registers(j, at, asked, &count) ||
	    (j->token[within - 1].what == '{' && is_test(j, within) && ask_registers(j, within, asked, &count)))
		report(j, HYGIENE_ASKED_AGAIN, j->token[at].line);
}

/* switch (... ? 1 : 0) */
static void
check_switch(struct judging *j, uint32_t at)
{
	if (j->token[at].name != WORD_SWITCH || j->token[at + 1].what != '(')
		return;
	for (uint32_t i = at + 2; i < j->token[at + 1].match; i++) {
		if (j->token[i].what == '?')
			report(j, HYGIENE_MADE_SWITCH, j->token[at].line);
		if (j->token[i].match > i)
			i = j->token[i].match;
	}
}

/* shared numbers, parameters */

/* A member of a shared structure at `at`. */
static void
check_counter(struct judging *j, uint32_t at)
{
	unsigned field = 0;
	uint32_t next = skip_members(j, at, &field);

	if (j->m->outline.is[field] & NAME_NUMBER &&
	    (is_assignment(j->token[next].what) || j->token[at - 1].what == PAIR('+', '+') ||
	     j->token[at - 1].what == PAIR('-', '-')))
		report(j, HYGIENE_BARE_COUNTER, j->token[at].line);
}

/* UNREFERENCED_PARAMETER(NAME) at `at`. */
static void
check_unreferenced(struct judging *j, const struct outline_function *function, uint32_t at)
{
	if (j->token[at + 2].name == WORD_CONTROL_CODE)
		report(j, HYGIENE_UNCHECKED_CODE, j->token[at].line);
	for (uint32_t i = function->begin; i < function->end; i++)
		if (i != at + 2 && j->token[i].what == TOKEN_NAME && j->token[i].name == j->token[at + 2].name &&
		    !is_member(j, i - 2))
			report(j, HYGIENE_REFERENCED, j->token[at].line);
}

static void
check_body(struct judging *j, const struct outline_function *function)
{
	for (uint32_t at = function->begin; at < function->end; at++) {
		if (j->token[at].what != TOKEN_NAME)
			continue;
		if (j->token[at].call)
			check_call(j, at);
		else if (is(j, at, NAME_EXTENSION) && is_member(j, at))
			check_counter(j, at);
		if (is_test(j, at))
			check_asked(j, at);
		check_switch(j, at);
		if (j->token[at].name == WORD_UNREFERENCED && j->token[at + 2].what == TOKEN_NAME)
			check_unreferenced(j, function, at);
	}
}

/* the text */

static struct hygiene_memory *
memory_of(struct hygiene *hygiene)
{
	if (hygiene->memory)
		return hygiene->memory;
	hygiene->memory = calloc(1, sizeof *hygiene->memory);
	if (!hygiene->memory)
		die("out of memory");
	outline_init(&hygiene->memory->outline, &hygiene->memory->lex);
	return hygiene->memory;
}

void
hygiene_judge(struct hygiene *hygiene, const char *text, size_t length, const struct rule *rule,
              struct hygiene_result *result)
{
	struct hygiene_memory *m = memory_of(hygiene);
	struct judging j = {m, m->lex.token, rule, call_model(rule->model), result};

	*result = (struct hygiene_result){0};
	if (!j.model)
		return;
	if (!lex_text(&m->lex, text, length) || !outline_text(&m->outline, &m->lex)) {
		report(&j, HYGIENE_UNREADABLE, m->lex.broken_line);
		return;
	}
	if (m->lex.long_line)
		report(&j, HYGIENE_LONG_LINE, m->lex.long_line);
	if (m->outline.untyped_line)
		report(&j, HYGIENE_UNTYPED_DISPATCH, m->outline.untyped_line);
	check_handles(&j);
	check_locks(&j);
	memset(m->count, 0, m->lex.names);
	for (unsigned i = 0; i < m->outline.functions; i++) {
		const struct outline_function *function = &m->outline.function[i];

		outline_enter(&m->outline, &m->lex, function);
		if (m->outline.shares)
			count_reads(&j, function);
		check_body(&j, function);
		check_given(&j, function);
		check_length(&j, function);
	}
}

void
hygiene_free(struct hygiene *hygiene)
{
	free(hygiene->memory);
	hygiene->memory = NULL;
}
