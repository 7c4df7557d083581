/* print: functions and the routine. See print.h.
 *
 * How to read it: a function's head and parameters, the macro and the pointer that stand for a function, then
 * functions whole; at the end what text.c calls: the helpers before and behind the routine, the second file,
 * the routine.
 */
#include "print.h"

#include <assert.h>

#include "bits.h"

/* What is passed to the function that does the routine's work. */
static void
put_work_parameters(struct printer *p)
{
	const struct prog *prog = p->prog;

	print_parameter_type(p, TYPE_EXTENSION, 0);
	print(p, p->extension);
	if (print_uses_request(prog)) {
		print(p, ", ");
		print_parameter_type(p, TYPE_REQUEST, 0);
		print(p, p->request);
	}
	bits_each (i, prog->named)
		for (unsigned spare = 0; spare < 2; spare++)
			if (!spare || bits_has(prog->chosen, i)) {
				print_comma(p);
				print_parameter_type(p, TYPE_LOCK, prog->rule->type_of[i]);
				print_stem(p, i, spare, "Lock");
			}
}

static void
put_parameters(struct printer *p, const struct prog_function *function, bool with_names)
{
	print(p, "(");
	if (function->purpose == PURPOSE_CLEANUP) {
		print_phrase(p, PHRASE_SCOPE_POINTER);
		print(p, " Scope)");
		return;
	}
	for (unsigned i = 0; i < function->parameters; i++) {
		if (i && prog_is_run(function))
			print_comma(p);
		else
			print(p, i ? ", " : "");
		if (with_names && function->parameter[i] == TYPE_KIRQL)
			print(p, p->word[WORD_RESTORES]);
		print_parameter_type(p, function->parameter[i], p->rule->call[function->call].type);
		if (with_names)
			print_parameter(p, function, i);
		else if (p->out->data[p->out->len - 1] == ' ')
			p->out->len--;
	}
	if (function->purpose == PURPOSE_WORK)
		put_work_parameters(p);
	else if (!function->parameters)
		print(p, p->word[WORD_VOID]);
	print(p, ")");
}

static const char *
return_type(const struct printer *p, const struct prog_function *function)
{
	return p->word[function->returns == TYPE_FLAG     ? WORD_BOOLEAN
	               : function->returns == TYPE_STATUS ? WORD_STATUS
	                                                  : WORD_VOID];
}

/* Where annotations stand behind parameters, the lines that they have elsewhere are blank, so that all that
 * follows keeps its place: takes back those printed from there on, as one line in the arena; NULL: none. */
static char *
take_annotations(struct printer *p, size_t from)
{
	char *taken = arena_copy(p->prog->arena, buf_string(p->out) + from, p->out->len - from);
	unsigned lines = 0;

	for (char *at = taken; *at; at++)
		if (*at == '\n') {
			*at = ' ';
			lines++;
		}
	if (lines)
		taken[strlen(taken) - 1] = 0;
	p->out->len = from;
	for (unsigned i = 0; i < lines; i++)
		print(p, "\n");
	return taken;
}

/* static VOID / ReleaseLock(PKSPIN_LOCK Lock, KIRQL OldIrql); without `static` where two files share it. */
static void
put_head(struct printer *p, unsigned index)
{
	size_t from = p->out->len;
	const char *behind = NULL;
	const struct prog_function *function = &p->prog->function[index];
	bool marked = function->purpose == PURPOSE_STOP && p->prog->shapes.choice[SHAPE_STOP] == STOP_FUNCTION;
	const char *linkage = function->style == CALL_FILE     ? ""
	                      : function->style == CALL_INLINE ? "static inline "
	                                                       : "static ";

	print_annotations(p, function);
	if (p->annotated && p->out->len > from)
		behind = take_annotations(p, from);
	print_indent(p);
	buf_all(p->out, linkage, marked ? p->word[WORD_NORETURN] : "", marked ? " " : "");
	print_end(p, return_type(p, function));
	print_function_name(p, index);
	print(p, p->suffix);
	put_parameters(p, function, true);
	if (behind)
		buf_all(p->out, " ", behind);
}

/* A call as a value of type void. In parentheses: it may be an assignment, or a macro that makes one. */
static void
put_macro_call(struct printer *p, const struct prog_node *node)
{
	buf_all(p->out, "(", p->word[WORD_VOID], ")(");
	print_call(p, node);
	print(p, ")");
}

/* (Acquire) ? (VOID)(one) : (VOID)(two), over three lines */
static void
put_macro_choice(struct printer *p, struct prog_node *node)
{
	print_condition(p, node, false);
	print_end(p, " \\");
	print(p, "\t  ? ");
	put_macro_call(p, node->body);
	print_end(p, " \\");
	print(p, "\t  : ");
	put_macro_call(p, node->other);
}

/* (VOID)(Lock), \
 *  NT_ASSERT(...); what calls a parameter unreferenced need be no expression */
static void
put_macro_assertion(struct printer *p)
{
	for (unsigned i = 0; i < p->function->parameters; i++) {
		buf_all(p->out, "(", p->word[WORD_VOID], ")(", print_parameter_name(p, p->function->parameter[i]),
		        ")");
		print_end(p, ", \\");
		print(p, "\t ");
	}
	print_phrase(p, PHRASE_ASSERT_HELD);
}

/* #define ReleaseQueue(Extension, OldIrql) \
 *     (one, \
 *      two) */
static void
put_macro(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];

	print(p, "#define ");
	print_function_name(p, index);
	print(p, p->suffix);
	print(p, "(");
	for (unsigned i = 0; i < function->parameters; i++) {
		print(p, i ? ", " : "");
		print_parameter(p, function, i);
	}
	print_end(p, ") \\");
	print(p, "\t(");
	for (struct prog_node *node = function->body; node; node = node->next) {
		if (node->op == PROG_CALL)
			print_call(p, node);
		else if (node->op == PROG_ASSERT)
			put_macro_assertion(p);
		else if (node->op == PROG_IF)
			put_macro_choice(p, node);
		else
			print_work(p);
		if (node->next) {
			print_end(p, ", \\");
			print(p, "\t ");
		}
	}
	print_end(p, ")");
	print_newline(p);
}

/* static VOID (*ReleaseLockRoutine)(PKSPIN_LOCK, KIRQL) = ReleaseLock; */
static void
put_pointer(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];

	print(p, "static ");
	print(p, return_type(p, function));
	print(p, " (*");
	print_function_name(p, index);
	print(p, "Routine");
	print(p, p->suffix);
	print(p, ")");
	put_parameters(p, function, false);
	print(p, " = ");
	print_function_name(p, index);
	print(p, p->suffix);
	print_end(p, ";");
	print_newline(p);
}

/* Lines that were made for a template's slot; each is a line, and the last has no newline. */
static void
put_lines(struct printer *p, const char *lines)
{
	if (!*lines)
		return;
	for (const char *at = lines; *at; at++)
		p->line += *at == '\n';
	print(p, lines);
	print_newline(p);
}

static void
put_work_locals(struct printer *p)
{
	put_lines(p, p->locals);
	if (*p->locals)
		print_newline(p);
	put_lines(p, p->setup);
	print(p, "\t");
	print_work(p);
	print_end(p, ";");
}

/* The function's local of that type for a lock, a handle, or with that number; NULL: it has none. */
static const struct prog_var *
find_local(const struct prog *prog, unsigned function, enum prog_type type, unsigned index)
{
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].function == function && prog->var[i].type == type && prog->var[i].index == index)
			return &prog->var[i];
	return NULL;
}

/* BOOLEAN Again = FALSE; */
static void
put_run_local(struct printer *p, const struct prog_var *var, enum dialect_word type, enum dialect_word value)
{
	buf_all(p->out, "\t", p->word[type], " ");
	print_variable(p, var);
	if (value != WORD_COUNT)
		buf_all(p->out, " = ", p->word[value]);
	print_end(p, ";");
}

/* The locals of a function that is a run of the routine's statements, and what they are set to. */
static void
put_run_locals(struct printer *p, unsigned function)
{
	static const struct {
		enum prog_type type;
		enum dialect_word word, value;
	} rows[] = {
		{TYPE_AGAIN, WORD_BOOLEAN, WORD_NO},
		{TYPE_RESULT, WORD_BOOLEAN, WORD_COUNT},
		{TYPE_KIRQL, WORD_IRQL, WORD_LOWEST_IRQL},
		{TYPE_HANDLE, WORD_HANDLE, WORD_COUNT},
	};
	bool leads_everywhere = p->prog->shapes.choice[SHAPE_BRANCH] == BRANCH_COMPUTED; /* so compilers say */
	const struct prog_var *var;
	bool some = false;

	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		for (unsigned i = 0; i < PROG_AGAINS || i < RULE_LOCKS; i++)
			if ((var = find_local(p->prog, function, rows[r].type, i))) {
				put_run_local(p, var, rows[r].word,
				              var->type == TYPE_RESULT && leads_everywhere ? WORD_NO : rows[r].value);
				some = true;
			}
	if (some)
		print_newline(p);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if ((var = find_local(p->prog, function, TYPE_HANDLE, i))) {
			buf_all(p->out, "\t", p->word[WORD_CLEAR], "(&");
			print_variable(p, var);
			print(p, ", sizeof ");
			print_variable(p, var);
			print_end(p, ");");
		}
}

static void
put_status(struct printer *p)
{
	p->depth = 1;
	if (prog_find_var(p->prog, TYPE_STATUS, 0) != PROG_NONE)
		print_phrase_lines(p, PHRASE_KEEP_STATUS, ";");
	p->depth = 0;
}

static void
put_function(struct printer *p, unsigned index)
{
	struct prog_function *function = &p->prog->function[index];

	p->function = function;
	if (prog_is_macro(function)) {
		put_macro(p, index);
		return;
	}
	if (function->purpose == PURPOSE_CLEANUP)
		print_scope_type(p, function);
	put_head(p, index);
	print_newline(p);
	print_line(p, "{", "", "");
	if (index == p->prog->main)
		put_work_locals(p);
	if (prog_is_run(function) && !function->outer)
		put_run_locals(p, index);
	print_block(p, function->body);
	if (index == p->prog->main)
		put_status(p);
	function->end_line = p->line;
	print_line(p, "}", "", "");
	print_newline(p);
	if (function->style == CALL_POINTER)
		put_pointer(p, index);
}

static void
put_prototype(struct printer *p, unsigned index)
{
	p->function = &p->prog->function[index];
	put_head(p, index);
	print_end(p, ";");
	print_newline(p);
}

/* A function with the empty line before it instead of behind it. */
static void
put_last_function(struct printer *p, unsigned index, bool separate)
{
	if (separate)
		print_newline(p);
	put_function(p, index);
	p->line--;
	p->out->data[--p->out->len] = 0;
}

void
print_functions(struct printer *p, bool before)
{
	for (unsigned i = 1; i < p->prog->functions; i++) {
		const struct prog_function *function = &p->prog->function[i];
		bool after = function->style == CALL_AFTER && !function->outer;

		if (before && (after || function->style == CALL_FILE))
			put_prototype(p, i);
		else if (after)
			put_last_function(p, i, true);
		else if (before)
			put_function(p, i);
	}
	p->function = &p->prog->function[0];
}

void
print_second_file(struct printer *p)
{
	bool separate = false;

	for (unsigned i = 1; i < p->prog->functions; i++)
		if (p->prog->function[i].style == CALL_FILE)
			put_prototype(p, i);
	for (unsigned i = 1; i < p->prog->functions; i++)
		if (p->prog->function[i].style == CALL_FILE) {
			put_last_function(p, i, separate);
			separate = true;
		}
	p->function = &p->prog->function[0];
}

/* Behind the last statement the status is kept, and a routine that returns a value returns it. */
void
print_routine(struct printer *p)
{
	const struct prog_node *last = p->prog->function[0].body;

	print_block(p, p->prog->function[0].body);
	while (last && (last->next || last->op == PROG_SCOPE))
		last = last->next ? last->next : last->body;
	if (!p->prog->main)
		put_status(p);
	p->depth = 1;
	p->prog->return_line = 0;
	if (p->returns && (!last || last->op != PROG_RETURN)) {
		p->prog->return_line = p->line;
		print_return(p, NULL);
	}
	p->depth = 0;
	p->prog->end_line = p->line;
	print_line(p, "}", "", "");
}
