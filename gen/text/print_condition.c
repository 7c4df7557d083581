/* print: what a try, or a helper that may fail, returned, and conditions. See print.h.
 *
 * How to read it: a result that a variable keeps, then what the result shape does to the call's value, one
 * function each; print_result chooses. Then what else a condition looks at.
 */
#include "print.h"

/* A status, or a result that is kept, as a truth value. */
void
print_kept(struct printer *p, const struct prog_var *var, bool negated)
{
	bool status = var->type == TYPE_STATUS || var->index;

	if (status)
		print_succeeded(p, negated);
	else
		print(p, negated ? "!" : "");
	print_variable(p, var);
	print(p, status ? ")" : "");
}

/* The call whose result is looked at. */
static void
put_called(struct printer *p, const struct prog_node *node)
{
	if (node->condition.kind == CONDITION_RESULT)
		print_helper_call(p, node);
	else
		print_call(p, node);
}

/* The call as a truth value, or what a type's variable of its result says. */
static void
put_truth(struct printer *p, const struct prog_node *node, bool negated)
{
	bool status = prog_returns_status(p->prog, node);

	if (status)
		print_succeeded(p, negated);
	else
		print(p, negated ? "!" : "");
	put_called(p, node);
	print(p, status ? ")" : "");
}

/* The words of a flag, behind a test; nothing where the test itself is the flag. What is long stands on lines
 * of its own:
 *     Request.Flags = test
 *         ? Request.Flags | REQUEST_URGENT
 *         : Request.Flags & ~(ULONG)REQUEST_URGENT */
static void
put_flag_choice(struct printer *p, unsigned flag)
{
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];
	bool is_long = choice == FLAG_BIT || choice == FLAG_ENUM || choice == FLAG_STATUS;

	if (prog_flag_is_truth(p->prog))
		return;
	for (unsigned i = 0; i < 2; i++) {
		if (is_long)
			print_deeper(p);
		else if (!i)
			print_fold(p, sizeof " ? TRUE : FALSE;");
		else
			print(p, " ");
		print(p, i ? ": " : "? ");
		print_flag_word(p, flag, !i);
	}
}

/* ({
 *         BOOLEAN Acquired = call;
 *         Acquired;
 *     })
 * What a flag is set to are the flag's words; PROG_NONE: there is no flag. */
static void
put_result_block(struct printer *p, struct prog_node *node, unsigned flag)
{
	enum { WIDEST_CALL = 80 }; /* columns */
	const struct prog_var kept = {.type = TYPE_RESULT, .index = prog_returns_status(p->prog, node)};

	print_end(p, "({");
	p->depth += 2;
	print_indent(p);
	buf_all(p->out, p->word[kept.index ? WORD_STATUS : WORD_BOOLEAN], " ");
	print_variable(p, &kept);
	print(p, " =");
	print_fold(p, WIDEST_CALL);
	node->line = p->line;
	put_called(p, node);
	print_end(p, ";");
	print_indent(p);
	print_kept(p, &kept, false);
	if (flag != PROG_NONE)
		put_flag_choice(p, flag);
	print_end(p, ";");
	p->depth--;
	print_indent(p);
	p->depth--;
	print(p, "})");
}

/* (Acquired = call) != FALSE */
static void
put_result_assigned(struct printer *p, const struct prog_node *node, bool negated)
{
	bool status = prog_returns_status(p->prog, node);

	print(p, "(");
	print_variable(p, &p->prog->var[node->variable]);
	print(p, " = ");
	put_called(p, node);
	print(p, ")");
	print_operator(p, status == negated ? "!=" : "==", p->word[status ? WORD_SUCCESS : WORD_NO]);
}

/* call == LockTaken */
static void
put_result_enumerator(struct printer *p, const struct prog_node *node, bool negated)
{
	bool status = prog_returns_status(p->prog, node);

	put_called(p, node);
	print_operator(p, "==", "");
	print_phrase(p, status ? (negated ? PHRASE_STATUS_NOT_TAKEN : PHRASE_STATUS_TAKEN)
	                       : (negated ? PHRASE_NOT_TAKEN : PHRASE_TAKEN));
}

void
print_result(struct printer *p, struct prog_node *node, bool negated)
{
	bool status = prog_returns_status(p->prog, node);

	switch (node->condition.told) {
	case RESULT_NOT_NOT:
		print(p, negated ? "!(!!" : "!!");
		put_truth(p, node, false);
		print(p, negated ? ")" : "");
		break;
	case RESULT_COMPARED:
		put_called(p, node);
		print_operator(p, negated ? "!=" : "==", p->word[status ? WORD_SUCCESS : WORD_YES]);
		break;
	case RESULT_TERNARY:
		print(p, "(");
		put_truth(p, node, false);
		print_operator(p, "?", p->word[negated ? WORD_NO : WORD_YES]);
		buf_all(p->out, " : ", p->word[negated ? WORD_YES : WORD_NO], ")");
		break;
	case RESULT_CAST:
		buf_all(p->out, "(", p->word[WORD_NUMBER], ")");
		put_called(p, node);
		print_operator(p, status == negated ? "!=" : "==", "0");
		break;
	case RESULT_ASSIGNED:
		put_result_assigned(p, node, negated);
		break;
	case RESULT_ENUMERATOR:
		put_result_enumerator(p, node, negated);
		break;
	case RESULT_BLOCK:
		print(p, negated ? "!" : "");
		put_result_block(p, node, PROG_NONE);
		break;
	default:
		put_truth(p, node, negated);
		break;
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

/* The test that comes before a condition's own; far to the right the line ends with it. */
static void
put_status_test(struct printer *p)
{
	enum { FAR = 6 }; /* tabs */

	print_succeeded(p, false);
	print(p, "Status) &&");
	if (p->depth < FAR) {
		print(p, " ");
		return;
	}
	print_beneath(p);
}

/* What a condition looks at as a truth value, negated once more if so wanted. */
void
print_condition(struct printer *p, struct prog_node *node, bool negate)
{
	const struct prog_condition *condition = &node->condition;
	bool negated = condition->negated != negate;

	if (condition->guard != PROG_NONE)
		put_status_test(p);
	switch ((enum prog_condition_kind)condition->kind) {
	case CONDITION_UNKNOWN:
		print_register(p, condition, negated ? " == 0" : " != 0");
		break;
	case CONDITION_FLAG:
		print_flag(p, p->prog->var[condition->variable].index, negated, condition->other_words);
		break;
	case CONDITION_VAR:
		print_kept(p, &p->prog->var[condition->variable], negated);
		break;
	case CONDITION_RESULT:
		print_result(p, node, negated);
		break;
	case CONDITION_PARAMETER:
		print_parameter_test(p, condition->variable, negated);
		break;
	case CONDITION_NEVER:
		print_phrase(p, PHRASE_NEVER);
		break;
	}
}

/* Whether a condition is printed as a comparison. */
static bool
compares(const struct printer *p, const struct prog_condition *condition)
{
	unsigned flag = p->prog->shapes.choice[SHAPE_FLAG];

	return condition->kind == CONDITION_UNKNOWN ||
	       (condition->told && condition->told != RESULT_TERNARY && condition->told != RESULT_BLOCK) ||
	       (condition->kind == CONDITION_FLAG &&
	        (flag == FLAG_BIT || flag == FLAG_ENUM || flag == FLAG_ARITHMETIC || flag == FLAG_RESPELLED ||
	         flag == FLAG_COUNTER));
}

/* Whether that is one of a number with 0. */
static bool
compares_zero(const struct printer *p, const struct prog_condition *condition)
{
	unsigned flag = p->prog->shapes.choice[SHAPE_FLAG];

	return compares(p, condition) && condition->kind != CONDITION_RESULT &&
	       (condition->kind == CONDITION_UNKNOWN || flag != FLAG_ENUM) &&
	       !(flag == FLAG_RESPELLED && condition->other_words);
}

/* What is not 0 just when the condition, without its negation, holds: what print_condition compares with 0,
 * where it does, or the whole of it. */
static void
put_operand(struct printer *p, struct prog_node *node)
{
	const struct prog_condition *condition = &node->condition;
	bool unknown = condition->kind == CONDITION_UNKNOWN, zero = compares_zero(p, condition);
	unsigned flag = p->prog->shapes.choice[SHAPE_FLAG];
	bool field = zero && (flag == FLAG_RESPELLED || flag == FLAG_COUNTER);
	bool wraps = compares(p, condition) && !unknown && !field;

	print(p, wraps ? "(" : "");
	if (unknown)
		print_register(p, condition, "");
	else if (zero)
		print_flag_number(p, p->prog->var[condition->variable].index, condition->other_words);
	else
		print_condition(p, node, condition->negated);
	print(p, wraps ? ")" : "");
}

/* !(BOOLEAN)(condition) */
static void
put_cast(struct printer *p, struct prog_node *node)
{
	bool wraps = compares(p, &node->condition);

	buf_all(p->out, node->condition.negated ? "!(" : "(", p->word[WORD_BOOLEAN], wraps ? ")(" : ")");
	print_condition(p, node, node->condition.negated);
	print(p, wraps ? ")" : "");
}

/* value != 0; what is compared with 0 anyway is so the other way round: 0 != value */
static void
put_nonzero(struct printer *p, struct prog_node *node, bool anyway)
{
	const char *sign = node->condition.negated ? " == " : " != ";

	if (anyway)
		buf_all(p->out, "0", sign);
	put_operand(p, node);
	if (!anyway)
		buf_all(p->out, sign, "0");
}

void
print_test(struct printer *p, struct prog_node *node)
{
	switch (node->spelling) {
	case SPELL_CAST:
		put_cast(p, node);
		break;
	case SPELL_ENUMERATOR:
		put_operand(p, node);
		print(p, node->condition.negated ? " ==" : " !=");
		print_fold(p, sizeof " SignalClear) {");
		print_phrase(p, PHRASE_SIGNAL_CLEAR);
		break;
	case SPELL_GENERIC:
		buf_all(p->out, node->condition.negated ? "!" : "", p->word[WORD_GENERIC], p->suffix, "(");
		put_operand(p, node);
		print(p, ")");
		break;
	case SPELL_NONZERO:
		put_nonzero(p, node, compares_zero(p, &node->condition));
		break;
	default:
		print_condition(p, node, false);
		break;
	}
}

/* Request.UrgentCount = test ? 1 : 0; a test that is a block has the flag's words in it. */
void
print_flag_assign(struct printer *p, struct prog_node *node)
{
	unsigned flag = p->prog->var[node->variable].index;

	print_flag_place(p, flag);
	print(p, " = ");
	if (node->op == PROG_TAKE && node->condition.told == RESULT_BLOCK) {
		put_result_block(p, node, flag);
		return;
	}
	if (node->op == PROG_TAKE)
		print_result(p, node, false);
	else
		print_condition(p, node, false);
	put_flag_choice(p, flag);
}
