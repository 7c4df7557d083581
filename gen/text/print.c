/* print: statements and functions as C. See print.h.
 *
 * How to read it: statements (one case of put_node for each operation), then functions, then the routine. Names and
 * values are printed by gen/text/print_value.c; what a role looks like stands in its template.
 */
#include "print.h"

#include <string.h>

static inline void
put(struct printer *p, const char *string)
{
	buf_puts(p->out, string);
}

static void
put_indent(struct printer *p)
{
	static const char tabs[] = "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
	unsigned left = p->depth;

	for (; left > sizeof tabs - 1; left -= (unsigned)sizeof tabs - 1)
		buf_add(p->out, tabs, sizeof tabs - 1);
	buf_add(p->out, tabs, left);
}

/* An indented line from up to three strings. */
static void
put_line(struct printer *p, const char *one, const char *two, const char *three)
{
	put_indent(p);
	put(p, one);
	put(p, two);
	put(p, three);
	print_newline(p);
}

/* statements */

static void put_block(struct printer *p, struct prog_node *node);
static void put_node(struct printer *p, struct prog_node *node);

static void
end_line(struct printer *p, const char *end)
{
	put(p, end);
	print_newline(p);
}

/* { body } else { other }, behind a head that ends before the brace */
static void
put_branches(struct printer *p, struct prog_node *node)
{
	end_line(p, ") {");
	put_block(p, node->body);
	if (node->other && node->spelling == SPELL_CHAIN) {
		put_indent(p);
		put(p, "} else ");
		p->chained = true;
		put_node(p, node->other);
		return;
	}
	if (node->other) {
		put_line(p, "} else {", "", "");
		put_block(p, node->other);
	}
	put_line(p, "}", "", "");
}

/* A call as a value of type void. */
static void
put_void_call(struct printer *p, struct prog_node *node)
{
	node->line = p->line;
	if (node->op == PROG_HELPER && !prog_is_macro(&p->prog->function[node->function])) {
		print_helper_call(p, node);
		return;
	}
	put(p, "(VOID)(");
	if (node->op == PROG_HELPER)
		print_helper_call(p, node);
	else
		print_call(p, node);
	put(p, ")");
}

/* (test)
 *     ? call
 *     : call; */
static void
put_ternary(struct printer *p, struct prog_node *node)
{
	put(p, "(");
	print_condition(p, node, false);
	end_line(p, ")");
	p->depth++;
	put_indent(p);
	put(p, "? ");
	put_void_call(p, node->body);
	print_newline(p);
	put_indent(p);
	put(p, ": ");
	if (node->other)
		put_void_call(p, node->other);
	else
		put(p, "(VOID)0");
	end_line(p, ";");
	p->depth--;
}

/* if (one && two) { ... }, or if (!one || !two) { } else { ... }: two unknowns never share a line. */
static void
put_joined(struct printer *p, struct prog_node *node)
{
	struct prog_node *inner = node->body;
	bool negate = node->spelling == SPELL_OR;

	put(p, "if (");
	print_condition(p, node, negate);
	end_line(p, negate ? " ||" : " &&");
	put_indent(p);
	put(p, "    ");
	inner->line = p->line;
	print_condition(p, inner, negate);
	end_line(p, ") {");
	if (negate) {
		p->depth++;
		put_line(p, p->extension, "->Transfers += 1;", "");
		p->depth--;
		put_line(p, "} else {", "", "");
	}
	put_block(p, inner->body);
	put_line(p, "}", "", "");
}

static void
put_if(struct printer *p, struct prog_node *node)
{
	if (p->chained)
		p->chained = false;
	else
		put_indent(p);
	if (node->op == PROG_IF && node->spelling == SPELL_TERNARY) {
		put_ternary(p, node);
		return;
	}
	if (node->spelling == SPELL_AND || node->spelling == SPELL_OR) {
		put_joined(p, node);
		return;
	}
	put(p, "if (");
	if (node->op == PROG_TRY)
		print_call(p, node);
	else
		print_condition(p, node, false);
	put_branches(p, node);
}

static void
put_switch_case(struct printer *p, const char *label, struct prog_node *body, bool falls)
{
	const struct prog_node *last = body;

	put_line(p, label, ":", "");
	put_block(p, body);
	while (last && last->next)
		last = last->next;
	if (last && prog_is_jump(last) && last->op != PROG_STOP)
		return;
	p->depth++;
	put_line(p, falls ? "__fallthrough;" : "break;", "", "");
	p->depth--;
}

/* Over the value itself where that is a plain one, else over 1 and 0. */
static void
put_switch(struct printer *p, struct prog_node *node)
{
	unsigned flag = p->prog->shapes.choice[SHAPE_FLAG];
	bool unknown = node->condition.kind == CONDITION_UNKNOWN && !node->falls;
	bool plain = node->condition.kind == CONDITION_FLAG && !node->falls &&
	             (flag == FLAG_REQUEST || flag == FLAG_LOCAL || flag == FLAG_MEMORY);
	bool negated = node->condition.negated;

	put_indent(p);
	put(p, "switch (");
	if (unknown)
		print_register(p, &node->condition, "");
	else if (plain)
		print_flag(p, p->prog->var[node->condition.variable].index, false, false);
	else
		print_condition(p, node, false);
	end_line(p, unknown || plain ? ") {" : " ? 1 : 0) {");
	if (unknown || plain) {
		put_switch_case(p, unknown ? "case 0" : "case FALSE", negated ? node->body : node->other, false);
		put_switch_case(p, "default", negated ? node->other : node->body, false);
	} else {
		put_switch_case(p, "case 1", node->body, node->falls);
		put_switch_case(p, "default", node->other, false);
	}
	put_line(p, "}", "", "");
}

static void
put_do(struct printer *p, struct prog_node *node)
{
	put_line(p, "do {", "", "");
	put_block(p, node->body);
	put_indent(p);
	put(p, "} while (");
	if (node->op == PROG_ONCE)
		put(p, "0");
	else if (node->op == PROG_REPEAT)
		print_variable(p, &p->prog->var[node->variable]);
	else
		print_condition(p, node, false);
	end_line(p, ");");
}

static void
put_loop(struct printer *p, struct prog_node *node)
{
	put_indent(p);
	put(p, node->op == PROG_WHILE ? "while (" : node->op == PROG_DO ? "if (" : "for (");
	if (node->op == PROG_FOR) {
		print_extension(p);
		put(p, "->Rounds = 0; ");
	}
	if (node->op == PROG_FOREVER)
		put(p, ";;");
	else
		print_condition(p, node, false);
	if (node->op == PROG_FOR) {
		put(p, "; ");
		print_extension(p);
		put(p, "->Rounds += 1");
	}
	end_line(p, ") {");
	if (node->op == PROG_DO) {
		p->depth++;
		put_do(p, node);
		p->depth--;
	} else {
		put_block(p, node->body);
	}
	put_line(p, "}", "", "");
}

/* WITH_LOCK(acquire, release) { body }: both calls stand on one line. */
static void
put_guard(struct printer *p, struct prog_node *node)
{
	put_indent(p);
	put(p, "WITH_LOCK");
	put(p, p->suffix);
	put(p, "(");
	print_call(p, node);
	put(p, ", ");
	node->other->line = p->line;
	print_call(p, node->other);
	end_line(p, ") {");
	put_block(p, node->body);
	put_line(p, "}", "", "");
}

static void
put_label_name(struct printer *p, const struct prog_node *node)
{
	static const char *const names[] = {"Exit", "Release", "Again", "Done", "Otherwise", "Join"};

	put(p, names[node->label_kind]);
	if (node->label > 1)
		buf_number(p->out, node->label);
}

static void
put_return(struct printer *p, const struct prog_node *node)
{
	const char *value = p->function->returns == TYPE_FLAG ? (node && node->value ? "TRUE" : "FALSE")
	                    : p->function->returns == TYPE_STATUS
	                        ? (node && node->value ? "STATUS_SUCCESS" : "STATUS_DEVICE_BUSY")
	                    : p->function == p->prog->function ? p->returns
	                                                       : NULL;

	if (value)
		put_line(p, "return ", value, ";");
	else
		put_line(p, "return;", "", "");
}

static void
put_noise(struct printer *p)
{
	switch (p->prog->shapes.choice[SHAPE_NOISE]) {
	case NOISE_CALL:
		put_line(p, "KeStallExecutionProcessor(1);", "", "");
		break;
	case NOISE_LOG:
		put_line(p, "DbgPrint(\"transfers: %u\\n\", (unsigned)", p->extension, "->Transfers);");
		break;
	case NOISE_ALLOCATE:
		put_line(p, p->extension, "->Scratch = ExAllocatePoolWithTag(NonPagedPool, 64, 0x6B636F6C);", "");
		put_line(p, "if (", p->extension, "->Scratch != 0) {");
		p->depth++;
		put_line(p, "ExFreePoolWithTag(", p->extension, "->Scratch, 0x6B636F6C);");
		p->depth--;
		put_line(p, "}", "", "");
		break;
	case NOISE_INITIALISE:
		put_line(p, "KeInitializeSpinLock(&", p->extension, "->FreshLock);");
		break;
	default:
		put_line(p, "NT_ASSERT(", p->extension, "->StatusRegister != 0);");
		break;
	}
}

/* A lock that the rule does not watch: the cancel lock, or where that is the rule's own or not WDM's, a spin lock. */
static void
put_outer(struct printer *p, const struct prog_node *node)
{
	bool cancel = print_outer_is_cancel(p->prog);

	put_indent(p);
	if (cancel) {
		put(p, node->value ? "IoAcquireCancelSpinLock(&OuterIrql);" : "IoReleaseCancelSpinLock(OuterIrql);");
	} else {
		put(p, node->value ? "KeAcquireSpinLock(&" : "KeReleaseSpinLock(&");
		print_extension(p);
		put(p, node->value ? "->StatisticsLock, &OuterIrql);" : "->StatisticsLock, OuterIrql);");
	}
	print_newline(p);
}

static void
put_set(struct printer *p, const struct prog_node *node)
{
	const struct prog_var *var = &p->prog->var[node->variable];

	put_indent(p);
	print_variable(p, var);
	put(p, " = ");
	if (var->type == TYPE_STATUS)
		put(p, node->value ? "STATUS_SUCCESS" : "STATUS_DEVICE_BUSY");
	else
		put(p, node->value ? "TRUE" : "FALSE");
	end_line(p, ";");
}

static void
put_node(struct printer *p, struct prog_node *node)
{
	node->line = p->line;
	switch ((enum prog_op)node->op) {
	case PROG_CALL:
		put_indent(p);
		print_call(p, node);
		end_line(p, ";");
		break;
	case PROG_HELPER:
		put_indent(p);
		print_helper_call(p, node);
		end_line(p, ";");
		break;
	case PROG_TRY:
	case PROG_IF:
		put_if(p, node);
		break;
	case PROG_SWITCH:
		put_switch(p, node);
		break;
	case PROG_WHILE:
	case PROG_FOR:
	case PROG_DO:
	case PROG_FOREVER:
		put_loop(p, node);
		break;
	case PROG_REPEAT:
	case PROG_ONCE:
		put_do(p, node);
		break;
	case PROG_GUARD:
		put_guard(p, node);
		break;
	case PROG_BREAK:
		put_line(p, "break;", "", "");
		break;
	case PROG_CONTINUE:
		put_line(p, "continue;", "", "");
		break;
	case PROG_RETURN:
		put_return(p, node);
		break;
	case PROG_GOTO:
		put_indent(p);
		put(p, "goto ");
		put_label_name(p, node);
		end_line(p, ";");
		break;
	case PROG_LABEL:
		put_label_name(p, node);
		end_line(p, node->next ? ":" : ":;"); /* before a brace a label needs a statement */
		break;
	case PROG_SET:
		put_set(p, node);
		break;
	case PROG_WORK:
		put_line(p, p->extension, "->Transfers += 1;", "");
		break;
	case PROG_NOISE:
		put_noise(p);
		break;
	case PROG_STOP:
		put_line(p, "KeBugCheckEx(0xE2, 0, 0, 0, 0);", "", "");
		break;
	case PROG_OUTER:
		put_outer(p, node);
		break;
	}
}

static void
put_block(struct printer *p, struct prog_node *node)
{
	p->depth++;
	for (; node; node = node->next)
		put_node(p, node);
	p->depth--;
}

/* functions */

static void
put_parameter_type(struct printer *p, enum prog_type type)
{
	switch (type) {
	case TYPE_LOCK:
		put(p, p->prog->rule->lock_pointer);
		put(p, " ");
		break;
	case TYPE_INDEX:
		put(p, "ULONG ");
		break;
	case TYPE_HANDLE:
		put(p, "PKLOCK_QUEUE_HANDLE ");
		break;
	case TYPE_KIRQL:
		put(p, "KIRQL ");
		break;
	case TYPE_KIRQL_OUT:
		put(p, "PKIRQL ");
		break;
	case TYPE_EXTENSION:
		put(p, "P");
		put(p, p->extension_type);
		put(p, p->suffix);
		put(p, " ");
		break;
	case TYPE_REQUEST:
		put(p, "PREQUEST_CONTEXT");
		put(p, p->suffix);
		put(p, " ");
		break;
	case TYPE_NONE:
	case TYPE_FLAG:
	case TYPE_STATUS:
	case TYPE_AGAIN:
		bug("no helper has such a parameter");
	}
}

/* What is passed to the function that does the routine's work. */
static void
put_work_parameters(struct printer *p)
{
	const struct prog *prog = p->prog;

	put_parameter_type(p, TYPE_EXTENSION);
	put(p, p->extension);
	if (print_uses_request(prog)) {
		put(p, ", ");
		put_parameter_type(p, TYPE_REQUEST);
		put(p, p->request);
	}
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned spare = 0; spare < 2; spare++)
			if ((spare ? prog->chosen & prog->named : prog->named) >> i & 1) {
				put(p, ", ");
				put_parameter_type(p, TYPE_LOCK);
				print_stem(p, i, spare, "Lock");
			}
}

static void
put_parameters(struct printer *p, const struct prog_function *function, bool with_names)
{
	put(p, "(");
	for (unsigned i = 0; i < function->parameters; i++) {
		put(p, i ? ", " : "");
		put_parameter_type(p, function->parameter[i]);
		if (with_names)
			put(p, print_parameter_name(p, function->parameter[i]));
		else
			p->out->len--; /* the blank before the name */
	}
	if (function->purpose == PURPOSE_WORK)
		put_work_parameters(p);
	put(p, ")");
}

static const char *
return_type(const struct prog_function *function)
{
	return function->returns == TYPE_FLAG     ? "BOOLEAN"
	       : function->returns == TYPE_STATUS ? "NTSTATUS"
	                                          : "VOID";
}

/* static VOID / ReleaseLock(PKSPIN_LOCK Lock, KIRQL OldIrql); without `static` where two files share it. */
static void
put_head(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];
	const char *linkage = function->style == CALL_FILE     ? ""
	                      : function->style == CALL_INLINE ? "static inline "
	                                                       : "static ";

	put_line(p, linkage, return_type(function), "");
	print_function_name(p, index);
	put(p, p->suffix);
	put_parameters(p, function, true);
}

/* #define ReleaseQueue(Extension, OldIrql) (one, two) */
static void
put_macro(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];

	put(p, "#define ");
	print_function_name(p, index);
	put(p, p->suffix);
	put(p, "(");
	for (unsigned i = 0; i < function->parameters; i++) {
		put(p, i ? ", " : "");
		put(p, print_parameter_name(p, function->parameter[i]));
	}
	put(p, ") (");
	for (const struct prog_node *node = function->body; node; node = node->next) {
		if (node->op == PROG_CALL) {
			print_call(p, node);
		} else {
			print_extension(p);
			put(p, "->Transfers += 1");
		}
		put(p, node->next ? ", " : "");
	}
	end_line(p, ")");
	print_newline(p);
}

/* static VOID (*ReleaseLockRoutine)(PKSPIN_LOCK, KIRQL) = ReleaseLock; */
static void
put_pointer(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];

	put(p, "static ");
	put(p, return_type(function));
	put(p, " (*");
	print_function_name(p, index);
	put(p, "Routine");
	put(p, p->suffix);
	put(p, ")");
	put_parameters(p, function, false);
	put(p, " = ");
	print_function_name(p, index);
	put(p, p->suffix);
	end_line(p, ";");
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
	put(p, lines);
	print_newline(p);
}

static void
put_work_locals(struct printer *p)
{
	put_lines(p, p->locals);
	if (*p->locals)
		print_newline(p);
	put_lines(p, p->setup);
	p->depth = 1;
	put_line(p, p->extension, "->Transfers += 1;", "");
	p->depth = 0;
}

static void
put_status(struct printer *p)
{
	p->depth = 1;
	if (prog_find_var(p->prog, TYPE_STATUS, 0) != PROG_NONE)
		put_line(p, p->extension, "->LastStatus = Status;", "");
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
	put_line(p, "{", "", "");
	if (index == p->prog->main)
		put_work_locals(p);
	put_block(p, function->body);
	if (index == p->prog->main)
		put_status(p);
	function->end_line = p->line;
	put_line(p, "}", "", "");
	print_newline(p);
	if (function->style == CALL_POINTER)
		put_pointer(p, index);
}

static void
put_prototype(struct printer *p, unsigned index)
{
	p->function = &p->prog->function[index];
	put_head(p, index);
	end_line(p, ";");
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

	put_block(p, p->prog->function[0].body);
	while (last && last->next)
		last = last->next;
	if (!p->prog->main)
		put_status(p);
	p->depth = 1;
	p->prog->return_line = 0;
	if (p->returns && (!last || last->op != PROG_RETURN)) {
		p->prog->return_line = p->line;
		put_return(p, NULL);
	}
	p->depth = 0;
	p->prog->end_line = p->line;
	put_line(p, "}", "", "");
}
