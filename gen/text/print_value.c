/* print: names, values, calls and flags as C. See print.h.
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

/* The index of an element as a constant: 1, LOCK_BASE + 2, and where a lock is given back 2 + LOCK_BASE. */
static void
put_number(struct printer *p, unsigned number)
{
	bool computed = p->prog->shapes.choice[SHAPE_PLACE] == PLACE_COMPUTED;

	print(p, computed && !p->gives_back ? "LOCK_BASE + " : "");
	buf_number(p->out, number + computed);
	print(p, computed && p->gives_back ? " + LOCK_BASE" : "");
}

/* The index of an element as the function in hand names it. */
static void
put_index(struct printer *p, unsigned lock, bool spare)
{
	if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_INDEX && in_main(p) && !spare)
		print_stem(p, lock, false, "Index");
	else
		put_number(p, lock + (spare ? RULE_LOCKS : 0U));
}

/* The element of the lock array, up to its index; true where a function finds it. */
static bool
put_element(struct printer *p)
{
	bool accessor = p->prog->shapes.choice[SHAPE_PLACE] == PLACE_ACCESSOR && !p->plain;

	if (accessor)
		buf_all(p->out, "LockAt", p->suffix, "(");
	else
		print(p, p->prog->rule->type[print_array_type(p->prog)].is_handle ? "" : "&");
	print_extension(p);
	print(p, accessor ? ", " : "->LockTable[");
	return accessor;
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
	case PLACE_COMPUTED:
	case PLACE_ACCESSOR:
		print(p, "LockTable[");
		put_number(p, lock + (spare ? RULE_LOCKS : 0U));
		print(p, "]");
		return;
	case PLACE_HEAP:
		print(p, "Block->");
		break;
	case PLACE_LOCAL:
		print_phrase(p, PHRASE_LOCAL_NAME);
		print(p, ".");
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
	if (shapes_in_array(&p->prog->shapes)) {
		bool accessor = put_element(p);

		put_index(p, lock, spare);
		print(p, accessor ? ")" : "]");
		return;
	}
	if (!rule_lock_type(p->prog->rule, lock)->is_handle)
		print(p, "&");
	if (place != PLACE_GLOBAL && place != PLACE_STATIC && place != PLACE_LOCAL) {
		print_extension(p);
		print(p, "->");
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
		if (var->index == PROG_NONE) {
			print(p, "LockPointer");
			break;
		}
		if (choice[SHAPE_ALIAS] == ALIAS_ELEMENT) {
			print(p, rule_lock_type(p->prog->rule, var->index)->is_handle ? "" : "&");
			print(p, "Locks[");
			put_index(p, var->index, false);
			print(p, "]");
			break;
		}
		print(p, choice[SHAPE_ALIAS] == ALIAS_KEPT ? "Set." : "");
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
	case TYPE_RESULT:
		print(p, var->index ? "Result" : "Acquired");
		break;
	case TYPE_INDEX:
		print(p, "LockIndex");
		break;
	case TYPE_NONE:
	case TYPE_KIRQL_OUT:
	case TYPE_FLAG:
	case TYPE_EXTENSION:
	case TYPE_REQUEST:
	case TYPE_DIRECTION:
		bug("no such variable");
	}
}

void
print_saved_name(struct printer *p, const struct prog_var *var)
{
	bool one = p->prog->shapes.choice[SHAPE_SAVED] == SAVED_SHARED || !rule_names_locks(p->prog->rule);

	if (var->type == TYPE_HANDLE)
		print(p, p->dialect->names[NAMES_HANDLE][var->index]);
	else if (one)
		print(p, "OldIrql");
	else
		print_stem(p, var->index, false, "Irql");
}

static void
put_parameter_use(struct printer *p, unsigned index)
{
	bool saved = p->function->parameter[index] == TYPE_KIRQL && p->function->purpose == PURPOSE_CLEANUP;

	print(p, prog_is_macro(p->function) ? "(" : saved ? "*" : "");
	print(p, print_scope_prefix(p));
	print_parameter(p, p->function, index);
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
		if (type != TYPE_INDEX)
			print_lock(p, value.index, false);
		else
			put_index(p, value.index, false);
		break;
	case EXPR_VAR:
		if (p->prog->var[value.index].type == TYPE_INDEX && type != TYPE_INDEX) {
			bool accessor = put_element(p);

			print_variable(p, &p->prog->var[value.index]);
			print(p, accessor ? ")" : "]");
			break;
		}
		print(p, address ? "&" : "");
		print_variable(p, &p->prog->var[value.index]);
		break;
	case EXPR_PARAMETER:
		if (p->function->parameter[value.index] == TYPE_INDEX && type != TYPE_INDEX) {
			bool accessor = put_element(p);

			put_parameter_use(p, value.index);
			print(p, accessor ? ")" : "]");
			break;
		}
		put_parameter_use(p, value.index);
		break;
	case EXPR_POINTED:
		print(p, "*");
		put_parameter_use(p, value.index);
		break;
	case EXPR_CONSTANT:
		if (type == TYPE_FLAG)
			print(p, p->word[value.index ? WORD_YES : WORD_NO]);
		else
			print_direction(p, value.index);
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

	p->gives_back = call->event == EVENT_RELEASE;
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
	p->gives_back = false;
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
	if (prog_is_accessor(function)) {
		print(p, p->dialect->names[NAMES_FLAG][p->prog->var[function->flag].index]);
		return;
	}
	if (function->purpose != PURPOSE_WORK && function->purpose != PURPOSE_LOOP &&
	    function->purpose != PURPOSE_STOP && function->purpose != PURPOSE_CLEANUP)
		print(p, !rule_names_locks(p->prog->rule) ? p->word[WORD_GLOBAL_LOCK_NAME]
		         : function->lock == PROG_NONE    ? "Lock"
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
	enum { WIDEST_ARGUMENT = 45 }; /* columns, with what closes the line; a macro has one line */
	const struct prog_function *helper = &p->prog->function[node->function];

	p->gives_back = prog_does(p->prog, node, EVENT_RELEASE);
	print_function_name(p, node->function);
	print(p, helper->style == CALL_POINTER ? "Routine" : "");
	print(p, p->suffix);
	print(p, "(");
	for (unsigned i = 0; i < helper->parameters; i++) {
		enum prog_type type = helper->parameter[i];
		struct prog_expr value = node->argument[i];

		if (i) {
			print(p, ",");
			print_fold(p, prog_is_macro(helper) ? 0 : WIDEST_ARGUMENT);
		}
		print_value(p, value, type,
		            value.kind == EXPR_VAR && (type == TYPE_HANDLE || type == TYPE_KIRQL_OUT));
	}
	if (helper->purpose == PURPOSE_WORK)
		put_work_arguments(p);
	print(p, ")");
	p->gives_back = false;
}

/* conditions */

/* The test of a status, up to the status. */
void
print_succeeded(struct printer *p, bool negated)
{
	print(p, negated ? "!" : "");
	print(p, p->word[WORD_SUCCEEDED]);
	print(p, "(");
}

/* The request's field of a flag, or the copy that is looked at. */
static void
put_flag_field(struct printer *p, unsigned flag)
{
	if (!prog_flag_is_local(p->prog, flag))
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
		print_succeeded(p, negated);
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
	case FLAG_COUNTER:
		put_flag_field(p, flag);
		print(p, negated ? "Count == 0" : "Count > 0");
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
	case FLAG_COUNTER:
		put_flag_field(p, flag);
		print(p, "Count");
		break;
	default:
		print_flag(p, flag, false, other_words);
		break;
	}
}

/* Where a flag is kept, as the left side of an assignment. */
void
print_flag_place(struct printer *p, unsigned flag)
{
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];

	if (choice == FLAG_BIT) {
		print_request_field(p);
		print(p, "Flags");
		return;
	}
	put_flag_field(p, flag);
	print(p, choice == FLAG_STATUS                                                             ? "Status"
	         : choice == FLAG_ARITHMETIC || choice == FLAG_RESPELLED || choice == FLAG_COUNTER ? "Count"
	                                                                                           : "");
}

/* What is kept there for a flag that is set, or is not. */
void
print_flag_word(struct printer *p, unsigned flag, bool value)
{
	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		print_flag_place(p, flag);
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
	case FLAG_COUNTER:
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

	print_flag_place(p, flag);
	if (bit) {
		buf_all(p->out, value ? " |= " : " &= ~(", value ? "" : p->word[WORD_NUMBER], value ? "" : ")",
		        p->dialect->names[NAMES_FLAG_BIT][flag]);
		return;
	}
	if (value && p->prog->shapes.choice[SHAPE_FLAG] == FLAG_COUNTER) {
		print(p, "++");
		return;
	}
	print(p, " = ");
	print_flag_word(p, flag, value);
}

void
print_direction(struct printer *p, bool acquires)
{
	if (p->prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION)
		print(p, p->word[acquires ? WORD_YES : WORD_NO]);
	else
		print_phrase(p, acquires ? PHRASE_DIRECTION_ACQUIRE : PHRASE_DIRECTION_RELEASE);
}

/* Acquire, Value, or Change == LockAcquire */
void
print_parameter_test(struct printer *p, unsigned parameter, bool negated)
{
	bool flag = p->prog->shapes.choice[SHAPE_HELPER] != HELPER_DIRECTION_ENUM;

	print(p, flag && negated ? "!" : "");
	put_parameter_use(p, parameter);
	print(p, flag ? "" : negated ? " != " : " == ");
	if (!flag)
		print_direction(p, true);
}
