/* outline: what a text declares at file scope. See outline.h.
 *
 * How to read it: an item reaches from one declaration's first token to its last; outline_text goes from item
 * to item, and one function a kind of item notes what it says. A function's name is the last name before its
 * parameters that is no annotation (`_In_`, `_Acquires_lock_(...)`).
 */
#include "outline.h"

#include <assert.h>
#include <string.h>

struct outlining {
	struct outline *outline;
	struct lex *lex;
	const struct token *token;
};

static bool
is_name(const struct outlining *o, uint32_t at, unsigned name)
{
	return o->token[at].what == TOKEN_NAME && o->token[at].name == name;
}

/* _In_, __fallthrough, _Function_class_ */
static bool
is_annotation(const struct outlining *o, uint32_t at)
{
	return lex_begins(o->lex, o->token[at].name, "_");
}

const struct call_row *
outline_call(const struct outline *outline, unsigned name)
{
	return outline->row[name] ? &call_rows[outline->row[name] - 1] : NULL;
}

/* types and variables */

static bool
is_number_type(const struct outlining *o, uint32_t at)
{
	return is_name(o, at, WORD_ULONG) || is_name(o, at, WORD_LONG) || is_name(o, at, WORD_STATUS) ||
	       is_name(o, at, WORD_BOOLEAN);
}

/* Fields from `at` up to `end`; `shared`: of a device's structure. */
static void
note_fields(struct outlining *o, uint32_t at, uint32_t end, bool shared)
{
	for (; at + 1 < end; at++) {
		unsigned field = o->token[at + 1].name;

		if (o->token[at].what != TOKEN_NAME || o->token[at + 1].what != TOKEN_NAME)
			continue;
		if (o->token[at].name == WORD_HANDLE) {
			o->outline->is[field] |= NAME_HANDLE;
			if (!o->outline->kept_line)
				o->outline->kept_line = o->token[at].line;
		}
		if (shared && is_number_type(o, at))
			o->outline->is[field == WORD_VOLATILE ? o->token[at + 2].name : field] |= NAME_NUMBER;
	}
}

static bool
is_lock_type(const struct outlining *o, uint32_t at)
{
	return is_name(o, at, WORD_SPIN_LOCK) || is_name(o, at, WORD_WDF_LOCK);
}

/* A lock that the text itself has to initialise. */
static bool
add_lock(struct outlining *o, unsigned name, uint32_t line)
{
	struct outline *outline = o->outline;

	if (outline->locks == OUTLINE_LOCKS)
		return false;
	outline->lock[outline->locks].name = (uint16_t)name;
	outline->lock[outline->locks++].line = line;
	return true;
}

/* A structure with locks, of which a function may have one of its own. */
static void
note_holder(struct outlining *o, uint32_t body)
{
	struct outline *outline = o->outline;
	uint32_t close = o->token[body].match;
	bool holds = false;

	for (uint32_t at = body; at < close; at++)
		holds |= is_name(o, at, WORD_SPIN_LOCK);
	if (!holds || o->token[close + 1].what != TOKEN_NAME || outline->holders == OUTLINE_LOCKS)
		return;
	outline->holder[outline->holders].name = (uint16_t)o->token[close + 1].name;
	outline->holder[outline->holders++].body = body;
}

/* typedef struct _NAME { fields } NAME, *PNAME; whether it is shared is told by what points to it. */
static void
note_type(struct outlining *o, uint32_t body, uint32_t end)
{
	uint32_t close = o->token[body].match;
	bool shared = false;

	for (uint32_t at = close; at < end; at++)
		shared |= is_name(o, at, WORD_EXTENSION_POINTER) || is_name(o, at, WORD_CONTEXT_POINTER);
	note_fields(o, body + 1, close, shared);
	if (!shared)
		note_holder(o, body);
}

/* A variable, or a pointer to a function. */
static bool
note_variable(struct outlining *o, uint32_t at, uint32_t end)
{
	struct outline *outline = o->outline;
	bool is_static = is_name(o, at, WORD_STATIC);

	for (; at + 1 < end; at++) {
		const struct token *token = &o->token[at];

		if (token->what == '(' && token[1].what == '*' && token[2].what == TOKEN_NAME) {
			outline->is[token[2].name] |= NAME_DEFINED;
			if (o->token[end - 1].what == TOKEN_NAME)
				outline->points[token[2].name] = o->token[end - 1].name;
		}
		if (token->what != TOKEN_NAME || token[1].what != TOKEN_NAME)
			continue;
		if (token->name == WORD_HANDLE)
			note_fields(o, at, at + 2, false);
		if (is_static && is_lock_type(o, at) && !add_lock(o, token[1].name, token->line))
			return false;
	}
	return true;
}

/* functions */

static void
note_local(struct outlining *o, unsigned type, unsigned name)
{
	uint16_t *is = &o->outline->is[name];

	if (type == WORD_EXTENSION_POINTER || type == WORD_CONTEXT_POINTER)
		*is |= NAME_EXTENSION;
	if (type == WORD_REQUEST_POINTER || type == WORD_SETTINGS_POINTER)
		*is |= NAME_REQUEST;
	if (type == WORD_IRP_POINTER || type == WORD_SRB_POINTER || type == WORD_WDF_REQUEST)
		*is |= NAME_OBJECT;
}

/* The parameters between the brackets: of each the last name, and the one before it for its type. */
static bool
note_parameters(struct outlining *o, struct outline_function *function, uint32_t open)
{
	unsigned type = 0, name = 0;

	for (uint32_t at = open + 1; at <= o->token[open].match; at++) {
		const struct token *token = &o->token[at];

		if (token->what == TOKEN_NAME && !is_annotation(o, at)) {
			type = name;
			name = token->name;
		} else if (token->what == '(' || token->what == '[') {
			at = token->match;
		} else if ((token->what == ',' || token->what == ')') && name) {
			if (function->parameters == OUTLINE_PARAMETERS)
				return false;
			function->type[function->parameters] = (uint16_t)type;
			function->parameter[function->parameters++] = (uint16_t)name;
			type = name = 0;
		}
	}
	return true;
}

/* The loops of a body: with a keyword, by a goto back to a label, and by a call of the function itself. */
static bool
add_loop(struct outline_function *function, uint32_t begin, uint32_t end)
{
	if (function->loops == OUTLINE_LOOPS)
		return false;
	function->loop[function->loops][0] = begin;
	function->loop[function->loops++][1] = end;
	return true;
}

/* The last token of the statement that a loop's head at `at` governs, as far as it stands in braces. */
static uint32_t
loop_end(const struct outlining *o, uint32_t at)
{
	uint32_t next = at + 1;

	if (o->token[next].what == '(')
		next = o->token[next].match + 1;
	return o->token[next].what == '{' ? o->token[next].match : next;
}

static bool
note_loop(struct outlining *o, struct outline_function *function, uint32_t at)
{
	const struct token *token = &o->token[at];

	if (token->what != TOKEN_NAME)
		return true;
	if (token->name == WORD_FOR || token->name == WORD_WHILE || token->name == WORD_DO)
		return add_loop(function, at, loop_end(o, at));
	if (token->name == function->name && token[1].what == '(')
		return add_loop(function, function->begin, function->end);
	if (token->name != WORD_GOTO)
		return true;
	for (uint32_t label = function->begin; label < at; label++)
		if (is_name(o, label, token[1].name) && o->token[label + 1].what == ':')
			return add_loop(function, label, at);
	return true;
}

static bool
note_function(struct outlining *o, uint32_t name, uint32_t open, uint32_t begin, uint32_t end)
{
	struct outline *outline = o->outline;
	struct outline_function *function = &outline->function[outline->functions];

	if (outline->functions == OUTLINE_FUNCTIONS)
		return false;
	outline->functions++;
	*function = (struct outline_function){.name = o->token[name].name, .begin = begin, .end = end};
	outline->is[function->name] |= NAME_DEFINED;
	if (!note_parameters(o, function, open))
		return false;
	for (uint32_t at = begin; at < end; at++)
		if (!note_loop(o, function, at))
			return false;
	return true;
}

/* #define NAME value, or #define NAME(parameters) replacement; its last token. */
static bool
note_directive(struct outlining *o, uint32_t at, uint32_t *end)
{
	uint32_t name = at + 2, last = at;
	bool is_call = true;

	while (o->token[last].what != TOKEN_LINE_END)
		last++;
	*end = last;
	if (!is_name(o, at + 1, WORD_DEFINE) || o->token[name].what != TOKEN_NAME)
		return true;
	o->outline->is[o->token[name].name] |= NAME_DEFINED;
	if (o->token[name + 1].what != '(' || o->token[name + 1].match + 1 == last)
		return true;
	for (uint32_t i = name + 2; i < o->token[name + 1].match; i++)
		is_call &= o->token[i].what == TOKEN_NAME || o->token[i].what == ',';
	return !is_call || note_function(o, name, name + 1, o->token[name + 1].match + 1, last);
}

/* WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, accessor); its last token. */
static uint32_t
note_accessor(struct outlining *o, uint32_t at)
{
	if (o->token[at + 1].what != '(')
		return at;
	for (uint32_t i = at + 2; i < o->token[at + 1].match; i++)
		if (o->token[i].what == TOKEN_NAME)
			o->outline->is[o->token[i].name] |= NAME_DEFINED;
	return o->token[at + 1].match;
}

/* items */

/* DRIVER_DISPATCH Name; or DRIVER_CANCEL Name; */
static bool
is_role(const struct outlining *o, uint32_t at)
{
	return (is_name(o, at, WORD_DISPATCH) || is_name(o, at, WORD_CANCEL)) &&
	       o->token[at + 1].what == TOKEN_NAME;
}

static void
note_role(struct outlining *o, uint32_t at, bool typed)
{
	o->outline->is[o->token[at + 1].name] |= NAME_DISPATCH;
	if (!typed && is_name(o, at, WORD_DISPATCH) && !o->outline->untyped_line)
		o->outline->untyped_line = o->token[at].line;
}

/* A declaration or definition that begins at `at`; its last token. */
static bool
note_item(struct outlining *o, uint32_t at, uint32_t *end)
{
	bool assigned = false, typed = is_name(o, at, WORD_DISPATCH_TYPE) && o->token[at + 1].what == '(';
	uint32_t open = 0, body = 0, i;

	if (typed)
		at = o->token[at + 1].match + 1;
	i = at;

	for (; o->token[i].what != ';' && o->token[i].what != TOKEN_END && o->token[i].what != TOKEN_HASH; i++) {
		if (o->token[i].what == '(') {
			if (i > at && o->token[i - 1].what == TOKEN_NAME && !is_annotation(o, i - 1))
				open = i;
		} else if (o->token[i].what == '=') {
			assigned = true;
		} else if (o->token[i].what == '{') {
			body = i;
			if (open && !assigned) {
				*end = o->token[i].match;
				return note_function(o, open - 1, open, i, *end);
			}
		}
		if (o->token[i].match > i)
			i = o->token[i].match;
	}
	*end = o->token[i].what == ';' ? i : i - 1;
	if (body && !assigned)
		note_type(o, body, i);
	else if (is_role(o, at))
		note_role(o, at, typed);
	else if (open && !assigned)
		o->outline->is[o->token[open - 1].name] |= NAME_DEFINED;
	else
		return note_variable(o, at, i);
	return true;
}

/* The locks of a function's local variable, which is declared at `at`; a handle is none. */
static bool
note_local_locks(struct outlining *o, uint32_t at)
{
	const struct outline *outline = o->outline;

	if (is_name(o, at, WORD_SPIN_LOCK))
		return add_lock(o, o->token[at + 1].name, o->token[at].line);
	for (unsigned i = 0; i < outline->holders; i++) {
		uint32_t body = outline->holder[i].body;

		if (outline->holder[i].name != o->token[at].name)
			continue;
		for (uint32_t field = body; field < o->token[body].match; field++)
			if (is_name(o, field, WORD_SPIN_LOCK) &&
			    !add_lock(o, o->token[field + 1].name, o->token[at].line))
				return false;
	}
	return true;
}

static bool
note_locks_of(struct outlining *o, const struct outline_function *function)
{
	for (uint32_t at = function->begin; at < function->end; at++)
		if (o->token[at].what == TOKEN_NAME && o->token[at + 1].what == TOKEN_NAME &&
		    o->token[at + 2].what == ';' && !note_local_locks(o, at))
			return false;
	return true;
}

/* Handles, and whether a pointer to a request's fields came out of a shared structure or is a buffer. */
static void
note_locals(struct outlining *o, const struct outline_function *function)
{
	uint16_t *is = o->outline->is;

	for (unsigned i = 0; i < function->parameters; i++)
		note_local(o, function->type[i], function->parameter[i]);
	for (uint32_t at = function->begin; at + 1 < function->end; at++) {
		const struct token *token = &o->token[at];

		if (token->what != TOKEN_NAME)
			continue;
		if (token[1].what == TOKEN_NAME) {
			if (token->name == WORD_HANDLE)
				is[token[1].name] |= NAME_HANDLE;
			note_local(o, token->name, token[1].name);
		}
		if (!(is[token->name] & NAME_REQUEST) || token[1].what != '=')
			continue;
		for (uint32_t i = at + 2; o->token[i].what != ';' && i < function->end; i++) {
			if (is_name(o, i, WORD_SYSTEM_BUFFER))
				is[token->name] |= NAME_BUFFER;
			if (o->token[i].what == TOKEN_NAME && is[o->token[i].name] & NAME_EXTENSION &&
			    o->token[i + 1].what == PAIR('-', '>'))
				is[token->name] |= NAME_SHARED;
		}
		o->outline->shares |= is[token->name] & NAME_SHARED;
	}
}

/* Forgets what the names of a function were in it. */
static void
leave(struct outlining *o, const struct outline_function *function)
{
	for (unsigned i = 0; i < function->parameters; i++)
		o->outline->is[function->parameter[i]] &= (uint16_t)~NAME_LOCAL;
	for (uint32_t at = function->begin; at < function->end; at++)
		if (o->token[at].what == TOKEN_NAME)
			o->outline->is[o->token[at].name] &= (uint16_t)~NAME_LOCAL;
}

void
outline_enter(struct outline *outline, struct lex *lex, const struct outline_function *function)
{
	struct outlining o = {outline, lex, lex->token};

	if (outline->entered)
		leave(&o, outline->entered);
	outline->entered = function;
	note_locals(&o, function);
}

void
outline_init(struct outline *outline, struct lex *lex)
{
	static const char *const words[] = {
#define WORD(id, text) text,
		WORDS(WORD)
#undef WORD
	};

	lex_init(lex);
	for (unsigned i = 0; i < WORD_COUNT; i++) {
		unsigned name = lex_know(lex, words[i]);

		assert(name == i);
	}
	for (unsigned i = 0; i < call_row_count; i++)
		outline->row[lex_know(lex, call_rows[i].name)] = (uint8_t)(i + 1);
}

bool
outline_text(struct outline *outline, struct lex *lex)
{
	/* what only a look at all functions tells */
	const uint64_t told = 1ULL << WORD_HANDLE | 1ULL << WORD_REQUEST_POINTER | 1ULL << WORD_SETTINGS_POINTER;
	struct outlining o = {outline, lex, lex->token};
	bool ok = true;
	uint32_t at = 0;

	memset(outline->is, 0, lex->names * sizeof *outline->is);
	memset(outline->points, 0, lex->names * sizeof *outline->points);
	outline->functions = outline->locks = outline->holders = 0;
	outline->kept_line = 0;
	outline->untyped_line = 0;
	outline->shares = false;
	outline->entered = NULL;
	for (; ok && o.token[at].what != TOKEN_END; at++) {
		uint32_t end = at;

		if (o.token[at].what == TOKEN_HASH)
			ok = note_directive(&o, at, &end);
		else if (is_name(&o, at, WORD_DECLARE_CONTEXT) || is_name(&o, at, WORD_DECLARE_NAMED))
			end = note_accessor(&o, at);
		else
			ok = note_item(&o, at, &end);
		assert(end >= at);
		if (ok)
			at = end;
	}
	for (unsigned i = 0; ok && i < outline->functions; i++)
		ok = note_locks_of(&o, &outline->function[i]);
	for (unsigned i = 0; ok && lex->words & told && i < outline->functions; i++)
		outline_enter(outline, lex, &outline->function[i]);
	if (!ok)
		lex->broken_line = o.token[at].line;
	return ok;
}
