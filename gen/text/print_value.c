/* print: names, values, calls and conditions as C. See print.h.
 *
 * How to read it: from small to large. Where a lock, a KIRQL or a flag lives is a matter of shapes, and is
 * decided here and nowhere else; gen/text/text.c declares what this names.
 */
#include "print.h"

#include "bits.h"

/* expressions */

static bool
in_main(const struct printer *p)
{
	return p->function == &p->prog->function[p->prog->main];
}

/* "Queue" + "Lock", "SpareQueue" + "Lock" */
void
print_stem(struct printer *p, unsigned lock, bool spare, const char *what)
{
	print(p, spare ? "Spare" : "");
	print(p, p->dialect->names[NAMES_LOCK][lock]);
	print(p, what);
}

void
print_lock_name(struct printer *p, unsigned lock, bool spare)
{
	switch (p->prog->shapes.choice[SHAPE_PLACE]) {
	case PLACE_NESTED:
		print(p, "Locks.");
		break;
	case PLACE_ARRAY:
	case PLACE_INDEX:
		print(p, "LockTable[");
		buf_number(p->out, lock + (spare ? RULE_LOCKS : 0));
		print(p, "]");
		return;
	case PLACE_HEAP:
		print(p, "Block->");
		break;
	case PLACE_GLOBAL:
	case PLACE_STATIC:
		print(p, "Global");
		print_stem(p, lock, spare, "Lock");
		print(p, p->suffix);
		return;
	default:
		break;
	}
	print_stem(p, lock, spare, "Lock");
}

void
print_lock(struct printer *p, unsigned lock, bool spare)
{
	unsigned place = p->prog->shapes.choice[SHAPE_PLACE];

	if (place == PLACE_PARAMETER && in_main(p)) {
		print_stem(p, lock, spare, "Lock");
		return;
	}
	if (!p->prog->rule->lock_is_handle)
		print(p, "&");
	if (place != PLACE_GLOBAL && place != PLACE_STATIC) {
		print_extension(p);
		print(p, "->");
	}
	if (place == PLACE_INDEX && in_main(p) && !spare) {
		print(p, "LockTable[");
		print_stem(p, lock, false, "Index");
		print(p, "]");
		return;
	}
	print_lock_name(p, lock, spare);
}

/* A variable that stands for a lock, handle or flag; where it lives depends on the shapes. */
void
print_variable(struct printer *p, const struct prog_var *var)
{
	const unsigned char *choice = p->prog->shapes.choice;
	bool kept = choice[SHAPE_SAVED] == SAVED_EXTENSION;

	switch (var->type) {
	case TYPE_LOCK:
		print(p, choice[SHAPE_ALIAS] == ALIAS_INDIRECT ? "*" : "");
		print_stem(p, var->index, false, var->second ? "Alias" : "");
		print(p, choice[SHAPE_ALIAS] == ALIAS_INDIRECT ? "Slot" : var->second ? "" : "Pointer");
		break;
	case TYPE_KIRQL:
	case TYPE_HANDLE:
		if (kept) {
			print_extension(p);
			print(p, "->");
		}
		print_saved_name(p, var);
		break;
	case TYPE_STATUS:
		print(p, "Status");
		break;
	case TYPE_AGAIN:
		print(p, "Again");
		if (var->index)
			buf_number(p->out, var->index + 1U);
		break;
	case TYPE_NONE:
	case TYPE_INDEX:
	case TYPE_KIRQL_OUT:
	case TYPE_FLAG:
	case TYPE_EXTENSION:
	case TYPE_REQUEST:
		bug("no such variable");
	}
}

void
print_saved_name(struct printer *p, const struct prog_var *var)
{
	bool one = p->prog->shapes.choice[SHAPE_SAVED] == SAVED_SHARED || !p->prog->rule->lock_type[0];

	if (var->type == TYPE_HANDLE)
		print(p, p->dialect->names[NAMES_HANDLE][var->index]);
	else if (one)
		print(p, "OldIrql");
	else
		print_stem(p, var->index, false, "Irql");
}

static void
put_parameter_use(struct printer *p, enum prog_type type)
{
	print(p, prog_is_macro(p->function) ? "(" : "");
	print(p, print_parameter_name(p, type));
	print(p, prog_is_macro(p->function) ? ")" : "");
}

/* A value of a type. `address`: where a pointer to the variable is wanted. */
void
print_value(struct printer *p, struct prog_expr value, enum prog_type type, bool address)
{
	switch ((enum prog_expr_kind)value.kind) {
	case EXPR_NONE:
		bug("a value is missing");
	case EXPR_LOCK:
		if (type != TYPE_INDEX) {
			print_lock(p, value.index, false);
		} else if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_INDEX && in_main(p)) {
			print_stem(p, value.index, false, "Index");
		} else {
			buf_number(p->out, value.index);
		}
		break;
	case EXPR_VAR:
		print(p, address ? "&" : "");
		print_variable(p, &p->prog->var[value.index]);
		break;
	case EXPR_PARAMETER:
		if (p->function->parameter[value.index] == TYPE_INDEX && type != TYPE_INDEX) {
			print(p, p->prog->rule->lock_is_handle ? "" : "&");
			print_extension(p);
			print(p, "->LockTable[");
			put_parameter_use(p, TYPE_INDEX);
			print(p, "]");
			break;
		}
		put_parameter_use(p, p->function->parameter[value.index]);
		break;
	case EXPR_EXTENSION:
		print_extension(p);
		break;
	case EXPR_REQUEST:
		print_request_pointer(p);
		break;
	}
}

/* The call as an expression: QueueIrql = KeAcquireSpinLockRaiseToDpc(&Extension->QueueLock) */
void
print_call(struct printer *p, const struct prog_node *node)
{
	const struct rule_call *call = &p->prog->rule->call[node->call];

	if (call->result == RESULT_SAVED_IRQL) {
		print(p, node->irql.kind == EXPR_PARAMETER ? "*" : "");
		print_value(p, node->irql, TYPE_KIRQL, false);
		print(p, " = ");
	}
	print(p, call->name);
	print(p, "(");
	for (unsigned i = 0; i < call->arguments; i++) {
		if (i)
			print(p, ", ");
		switch (call->argument[i]) {
		case ARGUMENT_LOCK:
			print_value(p, node->lock, TYPE_LOCK, false);
			break;
		case ARGUMENT_SAVE_IRQL:
			print_value(p, node->irql, TYPE_KIRQL, node->irql.kind == EXPR_VAR);
			break;
		case ARGUMENT_IRQL:
			print_value(p, node->irql, TYPE_KIRQL, false);
			break;
		case ARGUMENT_HANDLE:
			print_value(p, node->handle, TYPE_HANDLE, node->handle.kind == EXPR_VAR);
			break;
		}
	}
	print(p, ")");
}

/* Nothing for the first function of its name, 2 for the second. */
static void
put_ordinal(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];
	unsigned ordinal = 1;

	for (unsigned i = 1; i < index; i++) {
		const struct prog_function *other = &p->prog->function[i];

		ordinal += other->purpose == function->purpose && other->outer == function->outer &&
		           other->lock == function->lock;
	}
	if (ordinal > 1)
		buf_number(p->out, ordinal);
}

/* "ReleaseQueue", "LeaveLock2": what it does, to which lock, and a number where there are several. */
void
print_function_name(struct printer *p, unsigned index)
{
	const struct prog_function *function = &p->prog->function[index];

	print(p, p->dialect->names[function->outer ? NAMES_OUTER_HELPER : NAMES_HELPER][function->purpose]);
	if (function->purpose != PURPOSE_WORK && function->purpose != PURPOSE_LOOP)
		print(p, !p->prog->rule->lock_type[0]  ? p->word[WORD_GLOBAL_LOCK_NAME]
		         : function->lock == PROG_NONE ? "Lock"
		                                       : p->dialect->names[NAMES_LOCK][function->lock]);
	put_ordinal(p, index);
}

/* Extension, Request, &Extension->QueueLock */
static void
put_work_arguments(struct printer *p)
{
	const struct prog *prog = p->prog;

	print_extension(p);
	if (print_uses_request(prog)) {
		print(p, ", ");
		print_request_pointer(p);
	}
	bits_each (i, prog->named)
		for (unsigned spare = 0; spare < 2; spare++)
			if (!spare || bits_has(prog->chosen, i)) {
				print_comma(p);
				print_lock(p, i, spare);
			}
}

void
print_helper_call(struct printer *p, const struct prog_node *node)
{
	const struct prog_function *helper = &p->prog->function[node->function];

	print_function_name(p, node->function);
	print(p, helper->style == CALL_POINTER ? "Routine" : "");
	print(p, p->suffix);
	print(p, "(");
	for (unsigned i = 0; i < helper->parameters; i++) {
		enum prog_type type = helper->parameter[i];
		struct prog_expr value = node->argument[i];

		print(p, i ? ", " : "");
		print_value(p, value, type,
		            value.kind == EXPR_VAR && (type == TYPE_HANDLE || type == TYPE_KIRQL_OUT));
	}
	if (helper->purpose == PURPOSE_WORK)
		put_work_arguments(p);
	print(p, ")");
}

/* conditions */

/* The test of a status, up to the status. */
static void
put_succeeded(struct printer *p, bool negated)
{
	print(p, negated ? "!" : "");
	print(p, p->word[WORD_SUCCEEDED]);
	print(p, "(");
}

/* The request's field of a flag, or the copy that is looked at. */
static void
put_flag_field(struct printer *p, unsigned flag)
{
	if (!print_flag_is_local(p->prog, flag))
		print_request_field(p);
	print(p, p->dialect->names[NAMES_FLAG][flag]);
	print(p, p->prog->shapes.choice[SHAPE_FLAG] == FLAG_MEMORY ? "Copy" : "");
}

/* The test of a flag as an expression that stands alone; `other_words` is the second spelling. */
void
print_flag(struct printer *p, unsigned flag, bool negated, bool other_words)
{
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];

	switch (choice) {
	case FLAG_BIT:
		print(p, "(");
		print_request_field(p);
		print(p, "Flags & ");
		print(p, p->dialect->names[NAMES_FLAG_BIT][flag]);
		print(p, negated ? ") == 0" : ") != 0");
		break;
	case FLAG_ENUM:
		put_flag_field(p, flag);
		print(p, negated ? " != " : " == ");
		print_phrase(p, PHRASE_STATE_ACTIVE);
		break;
	case FLAG_STATUS:
		put_succeeded(p, negated);
		put_flag_field(p, flag);
		print(p, "Status)");
		break;
	case FLAG_ARITHMETIC:
		print(p, "(");
		put_flag_field(p, flag);
		if (other_words) {
			print(p, "Count * ");
			put_flag_field(p, flag);
			print(p, negated ? "Count) % 2 == 0" : "Count) % 2 != 0");
		} else {
			print(p, negated ? "Count & 1) == 0" : "Count & 1) != 0");
		}
		break;
	case FLAG_RESPELLED:
		put_flag_field(p, flag);
		print(p, other_words ? (negated ? "Count < 1" : "Count >= 1")
		         : negated   ? "Count == 0"
		                     : "Count != 0");
		break;
	case FLAG_PREDICATE:
		print(p, negated ? "!Is" : "Is");
		print(p, p->dialect->names[NAMES_FLAG][flag]);
		print(p, p->suffix);
		print(p, "(");
		print_request_pointer(p);
		print(p, ")");
		break;
	default:
		print(p, negated ? "!" : "");
		put_flag_field(p, flag);
		break;
	}
}

/* The number behind the test of a flag: what print_flag compares. */
void
print_flag_number(struct printer *p, unsigned flag, bool other_words)
{
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];

	switch (choice) {
	case FLAG_BIT:
		print_request_field(p);
		print(p, "Flags & ");
		print(p, p->dialect->names[NAMES_FLAG_BIT][flag]);
		break;
	case FLAG_ENUM: /* as a number, or compilers ask for a case for each of its values */
		buf_all(p->out, "(", p->word[WORD_NUMBER], ")");
		put_flag_field(p, flag);
		break;
	case FLAG_STATUS:
		put_flag_field(p, flag);
		print(p, "Status");
		break;
	case FLAG_ARITHMETIC:
		print(p, other_words ? "(" : "");
		put_flag_field(p, flag);
		print(p, other_words ? "Count * " : "Count & 1");
		if (!other_words)
			break;
		put_flag_field(p, flag);
		print(p, "Count) % 2");
		break;
	case FLAG_RESPELLED:
		put_flag_field(p, flag);
		print(p, "Count");
		break;
	default:
		print_flag(p, flag, false, other_words);
		break;
	}
}

/* Where a flag is kept, as the left side of an assignment. */
static void
put_flag_place(struct printer *p, unsigned flag)
{
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];

	if (choice == FLAG_BIT) {
		print_request_field(p);
		print(p, "Flags");
		return;
	}
	put_flag_field(p, flag);
	print(p, choice == FLAG_STATUS                                   ? "Status"
	         : choice == FLAG_ARITHMETIC || choice == FLAG_RESPELLED ? "Count"
	                                                                 : "");
}

/* What is kept there for a flag that is set, or is not. */
static void
put_flag_word(struct printer *p, unsigned flag, bool value)
{
	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		put_flag_place(p, flag);
		buf_all(p->out, value ? " | " : " & ~(", value ? "" : p->word[WORD_NUMBER], value ? "" : ")",
		        p->dialect->names[NAMES_FLAG_BIT][flag]);
		break;
	case FLAG_ENUM:
		print_phrase(p, value ? PHRASE_STATE_ACTIVE : PHRASE_STATE_IDLE);
		break;
	case FLAG_STATUS:
		print(p, p->word[value ? WORD_SUCCESS : WORD_FAILURE]);
		break;
	case FLAG_ARITHMETIC:
	case FLAG_RESPELLED:
		print(p, value ? "1" : "0");
		break;
	default:
		print(p, p->word[value ? WORD_YES : WORD_NO]);
		break;
	}
}

void
print_flag_set(struct printer *p, unsigned flag, bool value)
{
	bool bit = p->prog->shapes.choice[SHAPE_FLAG] == FLAG_BIT;

	put_flag_place(p, flag);
	if (bit) {
		buf_all(p->out, value ? " |= " : " &= ~(", value ? "" : p->word[WORD_NUMBER], value ? "" : ")",
		        p->dialect->names[NAMES_FLAG_BIT][flag]);
		return;
	}
	print(p, " = ");
	put_flag_word(p, flag, value);
}

/* Request.UrgentCount = test ? 1 : 0; what is long stands on lines of its own:
 *     Request.Flags = test
 *         ? Request.Flags | REQUEST_URGENT
 *         : Request.Flags & ~(ULONG)REQUEST_URGENT */
void
print_flag_assign(struct printer *p, const struct prog_node *node)
{
	unsigned flag = p->prog->var[node->variable].index, choice = p->prog->shapes.choice[SHAPE_FLAG];

	put_flag_place(p, flag);
	print(p, " = ");
	if (node->op == PROG_TAKE)
		print_call(p, node);
	else
		print_condition(p, node, false);
	if (choice == FLAG_REQUEST || choice == FLAG_LOCAL || choice == FLAG_MEMORY || choice == FLAG_PREDICATE)
		return;
	for (unsigned i = 0; i < 2; i++) {
		if (choice == FLAG_BIT) {
			print_newline(p);
			p->depth++;
			print_indent(p);
			p->depth--;
		}
		print(p, choice == FLAG_BIT ? "" : " ");
		print(p, i ? ": " : "? ");
		put_flag_word(p, flag, !i);
	}
}

/* Loops, and helpers that decide whether to take a lock, look at the queue; branches at the status. What
 * stands within another looks at another register: nobody asks one thing twice in a row. */
enum dialect_phrase
print_register_phrase(const struct prog_function *function, const struct prog_condition *condition)
{
	static const enum dialect_phrase queues[] = {PHRASE_QUEUE_REGISTER, PHRASE_FIFO_REGISTER},
									 statuses[] = {PHRASE_STATUS_REGISTER, PHRASE_ERROR_REGISTER,
	                                               PHRASE_MODE_REGISTER};

	if (condition->loops || function->purpose == PURPOSE_CONDITIONAL)
		return queues[condition->depth % (sizeof queues / sizeof *queues)];
	return statuses[condition->depth % (sizeof statuses / sizeof *statuses)];
}

void
print_register(struct printer *p, const struct prog_condition *condition, const char *test)
{
	print_phrase(p, print_register_phrase(p->function, condition));
	print(p, test);
}

/* What a condition looks at as a truth value, negated once more if so wanted. */
void
print_condition(struct printer *p, const struct prog_node *node, bool negate)
{
	const struct prog_condition *condition = &node->condition;
	bool negated = condition->negated != negate;
	bool returns_status = node->function && p->prog->function[node->function].returns == TYPE_STATUS;

	if (condition->guard != PROG_NONE) {
		put_succeeded(p, false);
		print(p, "Status) && ");
	}
	switch ((enum prog_condition_kind)condition->kind) {
	case CONDITION_UNKNOWN:
		print_register(p, condition, negated ? " == 0" : " != 0");
		break;
	case CONDITION_FLAG:
		print_flag(p, p->prog->var[condition->variable].index, negated, condition->other_words);
		break;
	case CONDITION_VAR:
		put_succeeded(p, negated);
		print(p, "Status)");
		break;
	case CONDITION_RESULT:
		if (returns_status)
			put_succeeded(p, negated);
		else
			print(p, negated ? "!" : "");
		print_helper_call(p, node);
		print(p, returns_status ? ")" : "");
		break;
	case CONDITION_NEVER:
		print_phrase(p, PHRASE_NEVER);
		break;
	}
}
