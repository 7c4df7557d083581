/* text: programs as C. See text.h.
 *
 * How to read it: from small to large: names, expressions, statements (one case of print_node for each operation), the
 * parts of a body, the harness, the file. A printer counts the lines it writes, so that each node learns its own.
 *
 * A body is: declarations (template), helpers, routine up to its first statement (template), statements, brace. What a role
 * looks like stands in its template; here stands only what depends on the program.
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"

/* names: by lock, and by flag */

static const char *const lock_names[RULE_LOCKS] = {"QueueLock", "StateLock", "PoolLock"};
static const char *const global_names[RULE_LOCKS] = {"GlobalQueueLock", "GlobalStateLock", "GlobalPoolLock"};
static const char *const pointer_names[RULE_LOCKS] = {"QueuePointer", "StatePointer", "PoolPointer"};
static const char *const irql_names[RULE_LOCKS] = {"QueueIrql", "StateIrql", "PoolIrql"};
static const char *const handle_names[RULE_LOCKS] = {"QueueHandle", "StateHandle", "PoolHandle"};
static const char *const helper_names[RULE_LOCKS] = {"ReleaseQueue", "ReleaseState", "ReleasePool"};
static const char *const flag_names[SEQ_FLAGS] = {"Urgent", "Buffered", "Notify", "Direct",
                                                  "Retry",  "Drain",    "Last",   "Wait"};

enum { SUFFIX_MOST = 16 };

struct printer {
	struct buf *out;
	struct prog *prog;
	const struct template *template;
	const char *extension, *extension_type, *request, *returns;
	char suffix[SUFFIX_MOST];             /* "_17", or "" */
	uint32_t line;                        /* of the body: the line that the next byte stands on */
	unsigned depth;                       /* tabs */
	const struct prog_function *function; /* that is being printed */
};

static inline void
put(struct printer *p, const char *string)
{
	buf_puts(p->out, string);
}

static inline void
put_newline(struct printer *p)
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
	put_newline(p);
}

/* Locks are passed as handles (KMDF) or by address. */
static bool
by_handle(const struct rule *rule)
{
	for (unsigned i = 0; i < rule->calls; i++)
		if (rule->call[i].keep == KEEP_LOCK)
			return true;
	return false;
}

static const char *
irql_name(const struct prog *prog, unsigned index)
{
	return prog->rule->lock_type[0] ? irql_names[index] : "OldIrql";
}

/* expressions */

static void
put_lock(struct printer *p, unsigned lock)
{
	if (!by_handle(p->prog->rule))
		put(p, "&");
	if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL) {
		put(p, global_names[lock]);
		put(p, p->suffix);
		return;
	}
	put(p, p->extension);
	put(p, "->");
	put(p, lock_names[lock]);
}

static void
put_value(struct printer *p, struct prog_expr value, bool address)
{
	const struct prog_var *var = &p->prog->var[value.index];

	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_NONE:
		bug("a value is missing");
	case EXPR_LOCK:
		put_lock(p, value.index);
		break;
	case EXPR_VAR:
		if (address)
			put(p, "&");
		put(p, var->type == TYPE_KIRQL    ? irql_name(p->prog, var->index)
		       : var->type == TYPE_HANDLE ? handle_names[var->index]
		                                  : pointer_names[var->index]);
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
	put(p, flag_names[var->index]);
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
	put_newline(p);
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
	put_newline(p);
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
	put_newline(p);
	if (node->op == PROG_DO) {
		p->depth++;
		put_line(p, "do {", "", "");
		put_block(p, node->body);
		put_indent(p);
		put(p, "} while (");
		put_condition(p, node, true);
		put(p, ");");
		put_newline(p);
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
	put_newline(p);
}

static void
put_goto(struct printer *p, const char *before, unsigned label, const char *behind)
{
	put(p, before);
	put(p, "Exit");
	if (label > 1)
		buf_number(p->out, label);
	put(p, behind);
	put_newline(p);
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
		put_newline(p);
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

/* parts of a body */

static void
put_parameter(struct printer *p, enum prog_type type)
{
	switch (type) {
	case TYPE_LOCK:
		put(p, by_handle(p->prog->rule) ? "WDFSPINLOCK Lock" : "PKSPIN_LOCK Lock");
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

static void
put_helpers(struct printer *p)
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
		put_newline(p);
		put_line(p, "{", "", "");
		put_block(p, p->function->body);
		put_line(p, "}", "", "");
		put_newline(p);
	}
	p->function = &p->prog->function[0];
}

/* A list of lines for a slot: no newline behind the last. */
static void
end_list(struct buf *list)
{
	if (list->len)
		list->data[--list->len] = 0;
}

struct lists {
	struct buf fields, request, globals, locals, setup;
};

static void
lists_clear(struct lists *lists)
{
	buf_clear(&lists->fields);
	buf_clear(&lists->request);
	buf_clear(&lists->globals);
	buf_clear(&lists->locals);
	buf_clear(&lists->setup);
}

static void
lists_free(struct lists *lists)
{
	buf_free(&lists->fields);
	buf_free(&lists->request);
	buf_free(&lists->globals);
	buf_free(&lists->locals);
	buf_free(&lists->setup);
}

static void
list_local(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = *p;
	struct buf *out = &lists->locals;

	inner.out = out;
	switch (var->type) {
	case TYPE_KIRQL:
		buf_puts(out, "\tKIRQL ");
		buf_puts(out, irql_name(p->prog, var->index));
		buf_puts(out, " = ");
		buf_puts(out, template_value(p->template, "entry_irql"));
		break;
	case TYPE_LOCK:
		buf_puts(out, by_handle(p->prog->rule) ? "\tWDFSPINLOCK " : "\tPKSPIN_LOCK ");
		buf_puts(out, pointer_names[var->index]);
		buf_puts(out, " = ");
		put_lock(&inner, var->index);
		break;
	case TYPE_HANDLE:
		buf_puts(out, "\tKLOCK_QUEUE_HANDLE ");
		buf_puts(out, handle_names[var->index]);
		buf_puts(&lists->setup, "\tRtlZeroMemory(&");
		buf_puts(&lists->setup, handle_names[var->index]);
		buf_puts(&lists->setup, ", sizeof ");
		buf_puts(&lists->setup, handle_names[var->index]);
		buf_puts(&lists->setup, ");\n");
		break;
	case TYPE_FLAG:
		if (var->in_request)
			return;
		buf_puts(out, "\tBOOLEAN ");
		buf_puts(out, flag_names[var->index]);
		buf_puts(out, " = ");
		buf_puts(out, p->request);
		buf_puts(out, "->");
		buf_puts(out, flag_names[var->index]);
		break;
	case TYPE_STATUS:
		buf_puts(out, "\tNTSTATUS Status = STATUS_SUCCESS");
		break;
	case TYPE_EXTENSION:
		bug("the extension is no variable");
	}
	buf_puts(out, ";\n");
}

/* Locks whose objects must exist: those in use, and those that are held at entry. */
static unsigned
locks_present(const struct prog *prog)
{
	return prog->locks | prog->rule->role[prog->role].held;
}

static void
make_lists(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	bool global = prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL;

	for (unsigned i = 0; i < RULE_LOCKS && prog->rule->lock_type[0]; i++) {
		struct buf *out = global ? &lists->globals : &lists->fields;

		if (!(locks_present(prog) >> i & 1))
			continue;
		buf_puts(out, global ? "static " : "\t");
		buf_puts(out, prog->rule->lock_type);
		buf_puts(out, " ");
		buf_puts(out, global ? global_names[i] : lock_names[i]);
		buf_puts(out, global ? p->suffix : "");
		buf_puts(out, ";\n");
	}
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1) {
			buf_puts(&lists->request, "\tBOOLEAN ");
			buf_puts(&lists->request, flag_names[i]);
			buf_puts(&lists->request, ";\n");
		}
	for (unsigned i = 0; i < prog->vars; i++)
		list_local(p, lists, &prog->var[i]);
	end_list(&lists->fields);
	end_list(&lists->request);
	end_list(&lists->globals);
	end_list(&lists->locals);
	end_list(&lists->setup);
}

static struct template_slot
slot(const char *name, const struct buf *list)
{
	return (struct template_slot){name, buf_string(list), list->len};
}

static struct template_slot
slot_string(const char *name, const char *string)
{
	return (struct template_slot){name, string, strlen(string)};
}

static bool
put_section(struct printer *p, const char *name, const struct template_slot *slots, size_t count,
            struct diag *diag)
{
	const struct template_section *section = template_section(p->template, name);

	if (!section) {
		diag_set(diag, p->template->name, 0, 0, "the template has no section '%s'", name);
		return false;
	}
	return template_print(p->out, section, slots, count, &p->line, diag);
}

/* "_17"; nothing for a negative number. */
static void
put_suffix(char suffix[SUFFIX_MOST], int number)
{
	char digits[SUFFIX_MOST];
	unsigned n = 0;

	if (number < 0)
		return;
	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	*suffix++ = '_';
	while (n)
		*suffix++ = digits[--n];
	*suffix = 0;
}

static void
printer_init(struct printer *p, struct buf *out, struct prog *prog, const struct template *template,
             int suffix)
{
	*p = (struct printer){.out = out, .prog = prog, .template = template, .line = 1};
	p->extension = template_value(template, "extension");
	p->extension_type = template_value(template, "extension_type");
	p->request = template_value(template, "request");
	p->returns = template_value(template, "returns");
	p->function = &prog->function[0];
	put_suffix(p->suffix, suffix);
}

/* The routine's last lines: the status is kept, and a routine that returns a value returns it. */
static void
put_end(struct printer *p)
{
	const struct prog_node *last = p->prog->function[0].body;

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

/* `lists` is work space, kept from body to body. */
static bool
put_body(struct printer *p, struct lists *lists, struct diag *diag)
{
	struct prog *prog = p->prog;
	bool ok;

	lists_clear(lists);
	make_lists(p, lists);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot("lock_fields", &lists->fields),
		slot("request_fields", &lists->request),
		slot_string("request", prog->flags ? p->request : ""),
		slot("globals", &lists->globals),
		slot("locals", &lists->locals),
		slot("setup", &lists->setup),
		slot_string("gives_cancel_lock", prog->rule->role[prog->role].held ? "" : "yes"),
	};
	size_t count = sizeof slots / sizeof *slots;

	ok = put_section(p, "declarations", slots, count, diag);
	if (ok) {
		put_newline(p);
		put_helpers(p);
		ok = put_section(p, "routine", slots, count, diag);
	}
	if (ok) {
		put_block(p, prog->function[0].body);
		put_end(p);
	}
	return ok;
}

bool
text_body(struct buf *out, struct prog *prog, const struct template *template, int suffix, struct diag *diag)
{
	struct lists lists = {0};
	struct printer p;
	bool ok;

	printer_init(&p, out, prog, template, suffix);
	ok = put_body(&p, &lists, diag);
	lists_free(&lists);
	return ok;
}

/* Every value that a body asks for is set. */
static bool
check_values(const struct template *template, struct diag *diag)
{
	static const char *const needed[] = {"header",         "routine", "extension",
	                                     "extension_type", "request", "entry_irql"};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!template_value(template, needed[i])) {
			diag_set(diag, template->name, 1, 1, "the template does not set '%s'", needed[i]);
			return false;
		}
	return true;
}

bool
text_template(struct template *template, struct arena *arena, const struct rule *rule, unsigned role,
              struct diag *diag)
{
	char name[128];
	struct data_file file;

	snprintf(name, sizeof name, "templates/%s.c", rule->role[role].template_name);
	if (!data_find(arena, name, &file)) {
		diag_set(diag, name, 0, 0, "rule %s, role %s: there is no such template", rule->name,
		         rule->role[role].name);
		return false;
	}
	return template_parse(template, arena, file.where, file.bytes, file.length, diag) &&
	       check_values(template, diag);
}

/* the harness */

struct harness_lists {
	struct buf objects, init, exit, request;
};

static void
harness_lock(const struct prog *prog, const char *suffix, unsigned lock, struct harness_lists *lists)
{
	bool global = prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL;
	bool held = prog->rule->role[prog->role].held >> lock & 1;
	char where[80];

	if (!prog->rule->lock_type[0])
		snprintf(where, sizeof where, "LK_CANCEL_LOCK");
	else if (by_handle(prog->rule))
		snprintf(where, sizeof where, "LK_OBJECT(&Lock%u)", lock);
	else if (global)
		snprintf(where, sizeof where, "&%s%s", global_names[lock], suffix);
	else
		snprintf(where, sizeof where, "&Extension.%s", lock_names[lock]);
	if (by_handle(prog->rule)) {
		buf_printf(&lists->objects, "\tstruct WDFSPINLOCK__ Lock%u = {0};\n", lock);
		if (global)
			buf_printf(&lists->init, "\t%s%s = &Lock%u;\n", global_names[lock], suffix, lock);
		else
			buf_printf(&lists->init, "\tExtension.%s = &Lock%u;\n", lock_names[lock], lock);
	}
	buf_printf(&lists->init, "\tLK_INIT(%s, %u);\n", where, lock);
	if (held)
		buf_printf(&lists->init, "\tLK_HELD(%s, %u);\n", where, lock);
	buf_printf(&lists->exit, "\tLK_DESTROY(%s, %u);\n", where, lock);
}

/* A cancel routine of a rule that does not watch the cancel lock: it is held at entry, and nobody judges it. */
static bool
holds_unjudged_cancel_lock(const struct prog *prog)
{
	const struct rule_role *role = &prog->rule->role[prog->role];

	return !role->held && !strcmp(role->template_name, "wdm-cancel");
}

static bool
put_harness(struct printer *p, struct diag *diag)
{
	struct harness_lists lists = {0};
	bool ok;

	if (holds_unjudged_cancel_lock(p->prog))
		buf_puts(&lists.init, "\tLK_INIT(LK_CANCEL_LOCK, LK_UNJUDGED);\n"
		                      "\tLK_HELD(LK_CANCEL_LOCK, LK_UNJUDGED);\n");
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (locks_present(p->prog) >> i & 1)
			harness_lock(p->prog, p->suffix, i, &lists);
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (p->prog->flags >> i & 1)
			buf_printf(&lists.request, "\tRequest.%s = LK_UNKNOWN();\n", flag_names[i]);
	end_list(&lists.objects);
	end_list(&lists.init);
	end_list(&lists.exit);
	end_list(&lists.request);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot_string("request_fields", p->prog->flags ? "yes" : ""),
		slot_string("request", p->prog->flags ? p->request : ""),
		slot("lock_objects", &lists.objects),
		slot("lock_init", &lists.init),
		slot("lock_exit", &lists.exit),
		slot("request_init", &lists.request),
	};

	ok = put_section(p, "harness", slots, sizeof slots / sizeof *slots, diag);
	buf_free(&lists.objects);
	buf_free(&lists.init);
	buf_free(&lists.exit);
	buf_free(&lists.request);
	return ok;
}

/* the file */

enum { TEMPLATES = 16 };

/* What a file keeps from body to body: templates in use, parsed once, and work space. */
struct text_templates {
	struct arena arena;
	struct lists lists;
	unsigned count;
	const struct rule *rule[TEMPLATES];
	unsigned role[TEMPLATES];
	struct template template[TEMPLATES];
};

static const struct template *
templates_find(struct text_templates *t, const struct rule *rule, unsigned role, struct diag *diag)
{
	unsigned i;

	for (i = 0; i < t->count; i++)
		if (t->rule[i] == rule && t->role[i] == role)
			return &t->template[i];
	if (i == TEMPLATES)
		i = t->count = 0; /* begin anew: nobody keeps one */
	t->rule[i] = rule;
	t->role[i] = role;
	if (!text_template(&t->template[i], &t -> arena, rule, role, diag))
		return NULL;
	t->count++;
	return &t->template[i];
}

void
text_pack_begin(struct text_pack *pack, struct buf *out, const struct world *world, bool packed,
                unsigned reading)
{
	*pack = (struct text_pack){.out = out, .world = world, .packed = packed, .reading = reading, .line = 1};
	pack->templates = calloc(1, sizeof *pack->templates);
	if (!pack->templates)
		die("out of memory");
}

static bool
pack_prologue(struct text_pack *pack, const struct rule *rule, const struct template *template,
              struct diag *diag)
{
	size_t begin = pack->out->len;
	unsigned reading = pack->reading == RULE_READINGS ? rule->headline : pack->reading;

	if (!world_prologue(pack->out, pack->world, rule, reading, template_value(template, "header"), diag))
		return false;
	for (; begin < pack->out->len; begin++)
		pack->line += pack->out->data[begin] == '\n';
	return true;
}

bool
text_pack_add(struct text_pack *pack, struct prog *prog, struct text_span *span, struct diag *diag)
{
	const struct template *template = templates_find(pack->templates, prog->rule, prog->role, diag);
	int suffix = pack->packed ? (int)pack->count : -1;
	struct printer p;

	if (!template || (!pack->count && !pack_prologue(pack, prog->rule, template, diag)))
		return false;
	printer_init(&p, pack->out, prog, template, suffix);
	if (!put_body(&p, &pack->templates->lists, diag) || (pack->world->harness && !put_harness(&p, diag)))
		return false;
	if (pack->packed)
		put_newline(&p);
	span->first = pack->line;
	span->lines = p.line - 1; /* it began on line 1 */
	pack->line += span->lines;
	pack->count++;
	return true;
}

void
text_pack_end(struct text_pack *pack)
{
	world_epilogue(pack->out, pack->world, pack->count, pack->packed);
	arena_free(&pack->templates->arena);
	lists_free(&pack->templates->lists);
	free(pack->templates);
	pack->templates = NULL;
}

bool
text_file(struct buf *out, const struct world *world, const struct suite_case *const *cases, unsigned count,
          bool packed, unsigned reading, struct text_span *span, struct diag *diag)
{
	struct text_pack pack;
	struct arena arena = {0};
	struct prog prog;
	bool ok = true;

	text_pack_begin(&pack, out, world, packed, reading);
	for (unsigned i = 0; ok && i < count; i++) {
		prog_make(&prog, &arena, cases[i]->rule, cases[i]->role, &cases[i]->seq, &cases[i]->shapes);
		ok = text_pack_add(&pack, &prog, &span[i], diag);
		arena_reset(&arena);
	}
	text_pack_end(&pack);
	arena_free(&arena);
	return ok;
}
