/* print: functions and the routine. See print.h.
 *
 * How to read it: a function's head and parameters, the macro and the pointer that stand for a function, then
 * functions whole; at the end what text.c calls: the helpers before and behind the routine, the second file,
 * the routine.
 */
#include "print.h"

#include <assert.h>

#include "bits.h"

/* Up to the name that follows. */
static void
put_parameter_type(struct printer *p, enum prog_type type)
{
	switch (type) {
	case TYPE_LOCK:
		print_lock_type(p);
		return;
	case TYPE_INDEX:
		print(p, p->word[WORD_NUMBER]);
		break;
	case TYPE_HANDLE:
		print(p, p->word[WORD_HANDLE_POINTER]);
		break;
	case TYPE_KIRQL:
		print(p, p->word[WORD_IRQL]);
		break;
	case TYPE_KIRQL_OUT:
		print(p, p->word[WORD_IRQL_POINTER]);
		break;
	case TYPE_EXTENSION:
		print_phrase(p, PHRASE_EXTENSION_POINTER);
		break;
	case TYPE_REQUEST:
		print_phrase(p, PHRASE_REQUEST_POINTER);
		break;
	case TYPE_NONE:
	case TYPE_FLAG:
	case TYPE_STATUS:
	case TYPE_AGAIN:
		bug("no helper has such a parameter");
	}
	print(p, " ");
}

/* What is passed to the function that does the routine's work. */
static void
put_work_parameters(struct printer *p)
{
	const struct prog *prog = p->prog;

	put_parameter_type(p, TYPE_EXTENSION);
	print(p, p->extension);
	if (print_uses_request(prog)) {
		print(p, ", ");
		put_parameter_type(p, TYPE_REQUEST);
		print(p, p->request);
	}
	bits_each (i, prog->named)
		for (unsigned spare = 0; spare < 2; spare++)
			if (!spare || bits_has(prog->chosen, i)) {
				print_comma(p);
				put_parameter_type(p, TYPE_LOCK);
				print_stem(p, i, spare, "Lock");
			}
}

static void
put_parameters(struct printer *p, const struct prog_function *function, bool with_names)
{
	print(p, "(");
	for (unsigned i = 0; i < function->parameters; i++) {
		print(p, i ? ", " : "");
		if (with_names && function->parameter[i] == TYPE_KIRQL)
			print(p, p->word[WORD_RESTORES]);
		put_parameter_type(p, function->parameter[i]);
		if (with_names)
			print(p, print_parameter_name(p, function->parameter[i]));
		else if (p->out->data[p->out->len - 1] == ' ')
			p->out->len--;
	}
	if (function->purpose == PURPOSE_WORK)
		put_work_parameters(p);
	print(p, ")");
}

static const char *
return_type(const struct printer *p, const struct prog_function *function)
{
	return p->word[function->returns == TYPE_FLAG     ? WORD_BOOLEAN
	               : function->returns == TYPE_STATUS ? WORD_STATUS
	                                                  : WORD_VOID];
}

/* static VOID / ReleaseLock(PKSPIN_LOCK Lock, KIRQL OldIrql); without `static` where two files share it. */
static void
put_head(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];
	const char *linkage = function->style == CALL_FILE     ? ""
	                      : function->style == CALL_INLINE ? "static inline "
	                                                       : "static ";

	print_annotations(p, function);
	print_line(p, linkage, return_type(p, function), "");
	print_function_name(p, index);
	print(p, p->suffix);
	put_parameters(p, function, true);
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
		print(p, print_parameter_name(p, function->parameter[i]));
	}
	print_end(p, ") \\");
	print(p, "\t(");
	for (const struct prog_node *node = function->body; node; node = node->next) {
		if (node->op == PROG_CALL) {
			print_call(p, node);
		} else {
			print_work(p);
		}
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
	put_head(p, index);
	print_newline(p);
	print_line(p, "{", "", "");
	if (index == p->prog->main)
		put_work_locals(p);
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
	while (last && last->next)
		last = last->next;
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
