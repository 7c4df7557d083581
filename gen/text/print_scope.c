/* print: a variable whose scope ends with a release, and what that is given. See print.h.
 *
 *   typedef struct _LOCK_SCOPE {
 *   	PKSPIN_LOCK Lock;
 *   	PKIRQL OldIrql;
 *   } LOCK_SCOPE, *PLOCK_SCOPE;
 *
 *   SCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = {&Extension->QueueLock, &QueueIrql};
 *
 * The struct has a pointer to a KIRQL, which an acquire may still write to. */
#include "print.h"

void
print_scope_type(struct printer *p, const struct prog_function *function)
{
	print_phrase(p, PHRASE_SCOPE_BEGIN);
	print_newline(p);
	for (unsigned i = 0; i < function->parameters; i++) {
		enum prog_type type = function->parameter[i];

		print(p, "\t");
		print_parameter_type(p, type == TYPE_KIRQL ? TYPE_KIRQL_OUT : type,
		                     p->rule->call[function->call].type);
		print(p, print_parameter_name(p, type));
		print_end(p, ";");
	}
	print_phrase(p, PHRASE_SCOPE_END);
	print_newline(p);
	print_newline(p);
}

void
print_scope_variable(struct printer *p, struct prog_node *node)
{
	const struct prog_node *call = node->other;
	const struct prog_function *function = &p->prog->function[call->function];

	node->other->line = p->line;
	print_indent(p);
	buf_all(p->out, p->word[WORD_SCOPE_CLEANUP], "(");
	print_function_name(p, call->function);
	buf_all(p->out, p->suffix, ") ");
	print_phrase(p, PHRASE_SCOPE);
	print(p, " Held = {");
	p->gives_back = true;
	for (unsigned i = 0; i < function->parameters; i++) {
		enum prog_type type = function->parameter[i];
		struct prog_expr value = call->argument[i];

		if (i)
			print_comma(p);
		print_value(p, value, type,
		            value.kind == EXPR_VAR &&
		                (type == TYPE_HANDLE || type == TYPE_KIRQL || type == TYPE_KIRQL_OUT));
	}
	p->gives_back = false;
	print_end(p, "};");
}
