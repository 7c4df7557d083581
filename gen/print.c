/* print: statements as C. See print.h.
 *
 * How to read it: from small to large: names, expressions, statements (one case of put_node for each operation), helpers,
 * the routine. What a role looks like stands in its template; here stands only what depends on the program.
 */
#include "print.h"

#include <string.h>

/* names */

const char *const print_lock_names[RULE_LOCKS] = {"QueueLock", "StateLock", "PoolLock"};
const char *const print_global_names[RULE_LOCKS] = {"GlobalQueueLock", "GlobalStateLock", "GlobalPoolLock"};
const char *const print_pointer_names[RULE_LOCKS] = {"QueuePointer", "StatePointer", "PoolPointer"};
static const char *const irql_names[RULE_LOCKS] = {"QueueIrql", "StateIrql", "PoolIrql"};
const char *const print_handle_names[RULE_LOCKS] = {"QueueHandle", "StateHandle", "PoolHandle"};
static const char *const helper_names[RULE_LOCKS] = {"ReleaseQueue", "ReleaseState", "ReleasePool"};
const char *const print_flag_names[SEQ_FLAGS] = {"Urgent", "Buffered", "Notify", "Direct",
                                                 "Retry",  "Drain",    "Last",   "Wait"};

static inline void
put(struct printer *p, const char *string)
{
	buf_puts(p->out, string);
}

void
print_newline(struct printer *p)
{
	buf_putc(p->out, '\n');
	p->line++;
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

bool
print_by_handle(const struct rule *rule)
{
	for (unsigned i = 0; i < rule->calls; i++)
		if (rule->call[i].keep == KEEP_LOCK)
			return true;
	return false;
}

const char *
print_irql_name(const struct prog *prog, unsigned lock)
{
	return prog->rule->lock_type[0] ? irql_names[lock] : "OldIrql";
}

/* expressions */

void
print_lock(struct printer *p, unsigned lock)
{
	if (!print_by_handle(p->prog->rule))
		put(p, "&");
	if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL) {
		put(p, print_global_names[lock]);
		put(p, p->suffix);
		return;
	}
	put(p, p->extension);
	put(p, "->");
	put(p, print_lock_names[lock]);
}

static void
put_value(struct printer *p, struct prog_expr value, bool address)
{
	const struct prog_var *var = &p->prog->var[value.index];

	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_NONE:
		bug("a value is missing");
	case EXPR_LOCK:
		print_lock(p, value.index);
		break;
	case EXPR_VAR:
		if (address)
			put(p, "&");
		put(p, var->type == TYPE_KIRQL    ? print_irql_name(p->prog, var->index)
		       : var->type == TYPE_HANDLE ? print_handle_names[var->index]
		                                  : print_pointer_names[var->index]);
		break;
	case EXPR_PARAMETER:
		put(p, p->function->parameter[value.index] == TYPE_LOCK     ? "Lock"
		       : p->function->parameter[value.index] == TYPE_HANDLE ? "Handle"
		                                                            : "OldIrql");
		break;
	case EXPR_EXTENSION:
		put(p, p->extension);
		break;
	}
}

/* The call as an expression: QueueIrql = KeAcquireSpinLockRaiseToDpc(&Extension->QueueLock) */
static void
put_call(struct printer *p, const struct prog_node *node)
{
	const struct rule_call *call = &p->prog->rule->call[node->call];

	if (call->result == RESULT_SAVED_IRQL) {
		put_value(p, node->irql, false);
		put(p, " = ");
	}
	put(p, call->name);
	put(p, "(");
	for (unsigned i = 0; i < call->arguments; i++) {
		if (i)
			put(p, ", ");
		switch (call->argument[i]) {
		case ARGUMENT_LOCK:
			put_value(p, node->lock, false);
			break;
		case ARGUMENT_SAVE_IRQL:
			put_value(p, node->irql, true);
			break;
		case ARGUMENT_IRQL:
			put_value(p, node->irql, false);
			break;
		case ARGUMENT_HANDLE:
			put_value(p, node->handle, node->handle.kind == EXPR_VAR);
			break;
		}
	}
	put(p, ")");
}

static void
put_helper_name(struct printer *p, unsigned function)
{
	uint8_t lock = p->prog->function[function].lock;

	put(p, lock == PROG_NONE             ? "ReleaseLock"
	       : p->prog->rule->lock_type[0] ? helper_names[lock]
	                                     : "ReleaseCancel");
	if (function > 1)
		buf_number(p->out, function);
	put(p, p->suffix);
}

static void
put_flag(struct printer *p, const struct prog_var *var)
{
	if (var->in_request) {
		put(p, p->request);
		put(p, "->");
	}
	put(p, print_flag_names[var->index]);
}

/* What a condition looks at; with `test` as a truth value, else as the value a switch takes. */
static void
put_condition(struct printer *p, const struct prog_node *node, bool test)
{
	const struct prog_condition *condition = &node->condition;
	bool loops = node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO;

	if (condition->guard != PROG_NONE)
		put(p, "NT_SUCCESS(Status) && ");
	switch ((enum prog_condition_kind)condition->kind) {
	case CONDITION_UNKNOWN:
		put(p, "READ_REGISTER_ULONG(");
		put(p, p->extension);
		put(p, loops ? "->QueueRegister)" : "->StatusRegister)");
		if (test)
			put(p, " != 0");
		break;
	case CONDITION_FLAG:
		if (test && condition->negated)
			put(p, "!");
		put_flag(p, &p->prog->var[condition->variable]);
		break;
	case CONDITION_STATUS:
		put(p, "NT_SUCCESS(Status)");
		break;
	}
}

/* statements */

static void put_block(struct printer *p, struct prog_node *node);

/* { body } else { other }, behind a head that ends before the brace */
static void
put_branches(struct printer *p, struct prog_node *node)
{
	put(p, ") {");
	print_newline(p);
	put_block(p, node->body);
	if (node->other) {
		put_line(p, "} else {", "", "");
		put_block(p, node->other);
	}
	put_line(p, "}", "", "");
}

static void
put_switch_case(struct printer *p, const char *label, struct prog_node *body)
{
	const struct prog_node *last = body;

	put_line(p, label, ":", "");
	put_block(p, body);
	while (last && last->next)
		last = last->next;
	if (last && (last->op == PROG_RETURN || last->op == PROG_GOTO || last->op == PROG_CONTINUE))
		return;
	p->depth++;
	put_line(p, "break;", "", "");
	p->depth--;
}

static void
put_switch(struct printer *p, struct prog_node *node)
{
	bool unknown = node->condition.kind == CONDITION_UNKNOWN;
	bool negated = node->condition.negated;

	put_indent(p);
	put(p, "switch (");
	put_condition(p, node, false);
	put(p, ") {");
	print_newline(p);
	put_switch_case(p, unknown ? "case 0" : "case FALSE", negated ? node->body : node->other);
	put_switch_case(p, "default", negated ? node->other : node->body);
	put_line(p, "}", "", "");
}

static void
put_loop(struct printer *p, struct prog_node *node)
{
	put_indent(p);
	put(p, node->op == PROG_WHILE ? "while (" : node->op == PROG_FOR ? "for (" : "if (");
	if (node->op == PROG_FOR) {
		put(p, p->extension);
		put(p, "->Rounds = 0; ");
	}
	put_condition(p, node, true);
	if (node->op == PROG_FOR) {
		put(p, "; ");
		put(p, p->extension);
		put(p, "->Rounds += 1");
	}
	put(p, ") {");
	print_newline(p);
	if (node->op == PROG_DO) {
		p->depth++;
		put_line(p, "do {", "", "");
		put_block(p, node->body);
		put_indent(p);
		put(p, "} while (");
		put_condition(p, node, true);
		put(p, ");");
		print_newline(p);
		p->depth--;
	} else {
		put_block(p, node->body);
	}
	put_line(p, "}", "", "");
}

static void
put_helper_call(struct printer *p, const struct prog_node *node)
{
	const struct prog_function *helper = &p->prog->function[node->function];

	put_indent(p);
	put_helper_name(p, node->function);
	put(p, "(");
	for (unsigned i = 0; i < helper->parameters; i++) {
		if (i)
			put(p, ", ");
		put_value(p, node->argument[i], helper->parameter[i] == TYPE_HANDLE);
	}
	put(p, ");");
	print_newline(p);
}

static void
put_goto(struct printer *p, const char *before, unsigned label, const char *behind)
{
	put(p, before);
	put(p, "Exit");
	if (label > 1)
		buf_number(p->out, label);
	put(p, behind);
	print_newline(p);
}

static void
put_return(struct printer *p)
{
	if (p->returns)
		put_line(p, "return ", p->returns, ";");
	else
		put_line(p, "return;", "", "");
}

static void
put_node(struct printer *p, struct prog_node *node)
{
	node->line = p->line;
	switch ((enum prog_op)node->op) {
	case PROG_CALL:
		put_indent(p);
		put_call(p, node);
		put(p, ";");
		print_newline(p);
		break;
	case PROG_HELPER:
		put_helper_call(p, node);
		break;
	case PROG_TRY:
	case PROG_IF:
		put_indent(p);
		put(p, "if (");
		if (node->op == PROG_TRY)
			put_call(p, node);
		else
			put_condition(p, node, true);
		put_branches(p, node);
		break;
	case PROG_SWITCH:
		put_switch(p, node);
		break;
	case PROG_WHILE:
	case PROG_FOR:
	case PROG_DO:
		put_loop(p, node);
		break;
	case PROG_BREAK:
		put_line(p, "break;", "", "");
		break;
	case PROG_CONTINUE:
		put_line(p, "continue;", "", "");
		break;
	case PROG_RETURN:
		put_return(p);
		break;
	case PROG_GOTO:
		put_indent(p);
		put_goto(p, "goto ", node->label, ";");
		break;
	case PROG_LABEL:
		put_goto(p, "", node->label, ":");
		break;
	case PROG_FAIL:
		put_line(p, "Status = STATUS_DEVICE_BUSY;", "", "");
		break;
	case PROG_WORK:
		put_line(p, p->extension, "->Transfers += 1;", "");
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

/* helpers, and the routine */

static void
put_parameter(struct printer *p, enum prog_type type)
{
	switch (type) {
	case TYPE_LOCK:
		put(p, print_by_handle(p->prog->rule) ? "WDFSPINLOCK Lock" : "PKSPIN_LOCK Lock");
		break;
	case TYPE_HANDLE:
		put(p, "PKLOCK_QUEUE_HANDLE Handle");
		break;
	case TYPE_KIRQL:
		put(p, "KIRQL OldIrql");
		break;
	case TYPE_EXTENSION:
		put(p, "P");
		put(p, p->extension_type);
		put(p, p->suffix);
		put(p, " ");
		put(p, p->extension);
		break;
	case TYPE_FLAG:
	case TYPE_STATUS:
		bug("no helper has such a parameter");
	}
}

void
print_helpers(struct printer *p)
{
	for (unsigned i = 1; i < p->prog->functions; i++) {
		p->function = &p->prog->function[i];
		put_line(p, "static VOID", "", "");
		put_helper_name(p, i);
		put(p, "(");
		for (unsigned j = 0; j < p->function->parameters; j++) {
			if (j)
				put(p, ", ");
			put_parameter(p, p->function->parameter[j]);
		}
		put(p, ")");
		print_newline(p);
		put_line(p, "{", "", "");
		put_block(p, p->function->body);
		put_line(p, "}", "", "");
		print_newline(p);
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
	p->depth = 1;
	if (prog_find_var(p->prog, TYPE_STATUS, 0) != PROG_NONE)
		put_line(p, p->extension, "->LastStatus = Status;", "");
	if (p->returns && (!last || last->op != PROG_RETURN))
		put_return(p);
	p->depth = 0;
	p->prog->end_line = p->line;
	put_line(p, "}", "", "");
}
