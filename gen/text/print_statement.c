/* print: statements. See print.h.
 *
 * How to read it: print_node is the table of contents, one case for each operation; above it the longer
 * statements. A node learns its line when it is printed.
 */
#include "print.h"

#include <assert.h>

static void put_node(struct printer *p, struct prog_node *node);

static void
put_label_name(struct printer *p, const struct prog_node *node)
{
	uint16_t *ordinal = &p->ordinal[node->label], *count = &p->ordinal[p->prog->labels + 1U];

	assert(node->label <= p->prog->labels);
	if (!*ordinal)
		*ordinal = ++count[node->label_kind];
	print(p, p->dialect->names[NAMES_LABEL][node->label_kind]);
	if (*ordinal > 1)
		buf_number(p->out, *ordinal);
}

/* `node`, where it is not NULL, may read a result. */
static void
put_work(struct printer *p, const struct prog_node *node)
{
	print_indent(p);
	if (node && node->variable != PROG_NONE)
		print_phrase(p, p->prog->var[node->variable].index ? PHRASE_KEEP_RETURN : PHRASE_KEEP_TRY);
	else
		print_work(p);
	print_end(p, ";");
}

/* { body } else { other }, behind a head that ends before the brace */
static void
put_branches(struct printer *p, struct prog_node *node)
{
	print_end(p, ") {");
	print_block(p, node->body);
	if (node->other && node->spelling == SPELL_CHAIN) {
		print_indent(p);
		print(p, "} else ");
		p->chained = true;
		put_node(p, node->other);
		return;
	}
	if (node->other) {
		print_line(p, "} else {", "", "");
		print_block(p, node->other);
	}
	print_line(p, "}", "", "");
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
	print(p, "(");
	print(p, p->word[WORD_VOID]);
	print(p, ")(");
	if (node->op == PROG_HELPER)
		print_helper_call(p, node);
	else
		print_call(p, node);
	print(p, ")");
}

/* (test)
 *     ? call
 *     : call; */
static void
put_ternary(struct printer *p, struct prog_node *node)
{
	print(p, "(");
	print_condition(p, node, false);
	print_end(p, ")");
	p->depth++;
	print_indent(p);
	print(p, "? ");
	put_void_call(p, node->body);
	print_newline(p);
	print_indent(p);
	print(p, ": ");
	if (node->other)
		put_void_call(p, node->other);
	else
		buf_all(p->out, "(", p->word[WORD_VOID], ")0");
	print_end(p, ";");
	p->depth--;
}

static void
put_stop(struct printer *p, struct prog_node *node)
{
	node->line = p->line;
	if (node->function)
		print_helper_call(p, node);
	else
		print_phrase(p, PHRASE_STOP);
}

/* What a branch looks at. */
static void
put_test(struct printer *p, struct prog_node *node, bool negated)
{
	if (node->op == PROG_TRY)
		print_result(p, node, negated);
	else
		print_condition(p, node, negated);
}

/* REQUIRE(test); */
static void
put_require(struct printer *p, struct prog_node *node)
{
	struct prog_node *stop = node->body ? node->body : node->other;

	stop->line = p->line;
	buf_all(p->out, p->word[WORD_REQUIRE], p->suffix, "(");
	p->in_macro = true;
	put_test(p, node, node->body);
	p->in_macro = false;
	print_end(p, ");");
}

/* (test)
 *     ? (VOID)0
 *     : stop; */
static void
put_choose(struct printer *p, struct prog_node *node)
{
	print(p, "(");
	put_test(p, node, node->body);
	print_end(p, ")");
	p->depth++;
	print_indent(p);
	buf_all(p->out, "? (", p->word[WORD_VOID], ")0");
	print_newline(p);
	print_indent(p);
	print(p, ": ");
	put_stop(p, node->body ? node->body : node->other);
	print_end(p, ";");
	p->depth--;
}

/* if (one && two) { ... }, or if (!one || !two) { } else { ... }: two unknowns never share a line. */
static void
put_joined(struct printer *p, struct prog_node *node)
{
	struct prog_node *inner = node->body;
	bool negate = node->spelling == SPELL_OR;

	print(p, "if (");
	print_condition(p, node, negate);
	print(p, negate ? " ||" : " &&");
	print_beneath(p);
	inner->line = p->line;
	print_condition(p, inner, negate);
	print_end(p, ") {");
	if (negate) {
		p->depth++;
		put_work(p, NULL);
		p->depth--;
		print_line(p, "} else {", "", "");
	}
	print_block(p, inner->body);
	print_line(p, "}", "", "");
}

/* goto *(test
 *     ? &&Taken
 *     : &&Otherwise); */
static void
put_computed(struct printer *p, struct prog_node *node)
{
	print(p, "goto *(");
	print_condition(p, node, false);
	p->depth++;
	print_newline(p);
	print_indent(p);
	print(p, "? &&");
	node->body->line = p->line;
	put_label_name(p, node->body);
	print_newline(p);
	print_indent(p);
	print(p, ": &&");
	node->other->line = p->line;
	put_label_name(p, node->other);
	print_end(p, ");");
	p->depth--;
}

/* RETURN_IF(test); or ASM_BRANCH(test, label); */
static void
put_test_macro(struct printer *p, struct prog_node *node)
{
	node->body->line = p->line;
	if (node->spelling == SPELL_ASM)
		buf_all(p->out, p->word[WORD_ASM_BRANCH], "(");
	else
		buf_all(p->out, p->word[WORD_LEAVE_IF], p->suffix, "(");
	p->in_macro = true;
	print_condition(p, node, false);
	p->in_macro = false;
	if (node->spelling == SPELL_ASM) {
		print(p, ", ");
		put_label_name(p, node->body);
	}
	print_end(p, ");");
}

/* A branch that is spelled without `if`, or with more than one condition; false: it is not. */
static bool
put_unlike_if(struct printer *p, struct prog_node *node)
{
	switch (node->spelling) {
	case SPELL_TERNARY:
		put_ternary(p, node);
		return true;
	case SPELL_REQUIRE:
		put_require(p, node);
		return true;
	case SPELL_CHOOSE:
		put_choose(p, node);
		return true;
	case SPELL_AND:
	case SPELL_OR:
		put_joined(p, node);
		return true;
	case SPELL_COMPUTED:
		put_computed(p, node);
		return true;
	case SPELL_ASM:
	case SPELL_RETURN_IF:
		put_test_macro(p, node);
		return true;
	default:
		return false;
	}
}

static void
put_if(struct printer *p, struct prog_node *node)
{
	if (p->chained)
		p->chained = false;
	else
		print_indent(p);
	if (put_unlike_if(p, node))
		return;
	print(p, "if (");
	if (node->op == PROG_TRY)
		print_result(p, node, false);
	else
		print_test(p, node);
	put_branches(p, node);
}

/* Whether a block's last statement leaves, so that compilers see nothing fall through behind it: they see no
 * stop in a function that does not say so. Code that is never reached may stand before it. */
static bool
leaves(const struct printer *p, const struct prog_node *last)
{
	while (last && last->next)
		last = last->next;
	if (!last || (last->op == PROG_STOP && last->function && prog_has_shape(p->prog, STOP_UNMARKED)))
		return false;
	return prog_is_jump(last) || (last->op == PROG_FOREVER && !prog_has_break(last->body)) ||
	       (last->op == PROG_IF && leaves(p, last->body) && leaves(p, last->other)) ||
	       (last->op == PROG_SWITCH && (last->falls || leaves(p, last->body)) && leaves(p, last->other));
}

/* The case of a value; NULL: the default; empty: the active state. */
static void
put_switch_case(struct printer *p, const char *value, struct prog_node *body, bool falls)
{
	print_indent(p);
	print(p, value ? "case " : "default");
	if (value && !*value)
		print_phrase(p, PHRASE_STATE_ACTIVE);
	else
		print(p, value ? value : "");
	print_end(p, ":");
	print_block(p, body);
	if (leaves(p, body))
		return;
	p->depth++;
	print_line(p, falls ? p->word[WORD_FALLS] : "break;", "", "");
	p->depth--;
}

/* The value of the case that is not the default. */
static const char *
case_value(const struct printer *p, const struct prog_node *node)
{
	unsigned flag = p->prog->shapes.choice[SHAPE_FLAG];
	bool is_flag = node->condition.kind == CONDITION_FLAG;

	if (prog_case_is_true(p->prog, node))
		return is_flag && flag == FLAG_ENUM ? "" : p->word[WORD_SUCCESS];
	if (node->condition.kind == CONDITION_UNKNOWN)
		return "0";
	return is_flag && (flag == FLAG_BIT || flag == FLAG_ARITHMETIC || flag == FLAG_RESPELLED ||
	                   flag == FLAG_COUNTER)
	           ? "0"
	           : p->word[WORD_NO];
}

/* What a switch is over: the number or status that the condition tests. */
static void
put_switched(struct printer *p, const struct prog_node *node)
{
	const struct prog_condition *condition = &node->condition;

	if (condition->kind == CONDITION_UNKNOWN)
		print_register(p, condition, "");
	else if (condition->kind == CONDITION_RESULT)
		print_helper_call(p, node);
	else if (condition->kind == CONDITION_VAR)
		print_variable(p, &p->prog->var[condition->variable]);
	else if (condition->kind == CONDITION_FLAG)
		print_flag_number(p, p->prog->var[condition->variable].index, condition->other_words);
	else
		bug("a switch over what is tested in no other way");
}

/* The case that runs on into the other stands first, else the one with a value or the default. */
static void
put_switch(struct printer *p, struct prog_node *node)
{
	/* whether the body is the case with a value */
	bool named = prog_case_is_true(p->prog, node) != node->condition.negated;
	bool body_first = node->falls || named != node->default_first;
	const char *value = case_value(p, node);

	print_indent(p);
	print(p, "switch (");
	put_switched(p, node);
	print_end(p, ") {");
	if (body_first)
		put_switch_case(p, named ? value : NULL, node->body, node->falls);
	put_switch_case(p, named ? NULL : value, node->other, false);
	if (!body_first)
		put_switch_case(p, named ? value : NULL, node->body, false);
	print_line(p, "}", "", "");
}

/* The first statement of a round, where one of an endless loop has to be told from the next. */
static void
put_pause(struct printer *p, const struct prog_node *node)
{
	if (!node->pauses)
		return;
	p->depth++;
	print_phrase_lines(p, PHRASE_PAUSE, "");
	p->depth--;
}

static void
put_do(struct printer *p, struct prog_node *node)
{
	print_line(p, "do {", "", "");
	put_pause(p, node);
	print_block(p, node->body);
	print_indent(p);
	print(p, "} while (");
	if (node->op == PROG_ONCE)
		print(p, "0");
	else if (node->op == PROG_FOREVER)
		print(p, p->word[WORD_YES]);
	else if (node->op == PROG_REPEAT)
		print_variable(p, &p->prog->var[node->variable]);
	else
		print_condition(p, node, false);
	print_end(p, ");");
}

/* What stands in its parentheses. */
static void
put_loop_head(struct printer *p, struct prog_node *node)
{
	bool is_true = node->spelling == SPELL_WHILE_TRUE;

	print(p, node->op == PROG_WHILE || is_true ? "while (" : node->op == PROG_DO ? "if (" : "for (");
	print(p, node->op == PROG_FOR ? "; " : "");
	if (node->op == PROG_FOREVER)
		print(p, is_true ? p->word[WORD_YES] : ";;");
	else
		print_condition(p, node, false);
	if (node->op != PROG_FOR)
		return;
	print_end(p, ";");
	print_indent(p);
	print(p, "     ");
	print_phrase(p, PHRASE_ROUND);
}

static void
put_loop(struct printer *p, struct prog_node *node)
{
	if (node->spelling == SPELL_DO_TRUE) {
		put_do(p, node);
		return;
	}
	print_indent(p);
	put_loop_head(p, node);
	print_end(p, ") {");
	if (node->op == PROG_DO) {
		p->depth++;
		put_do(p, node);
		p->depth--;
	} else {
		put_pause(p, node);
		print_block(p, node->body);
	}
	print_line(p, "}", "", "");
}

/* __try { body } __finally { other }: the label that other begins with is none of C. */
static void
put_finally(struct printer *p, struct prog_node *node)
{
	print_line(p, p->word[WORD_TRY], " {", "");
	print_block(p, node->body);
	print_indent(p);
	buf_all(p->out, "} ", p->word[WORD_FINALLY]);
	print_end(p, " {");
	print_block(p, node->other->next);
	print_line(p, "}", "", "");
}

/* WITH_LOCK(lock, irql) { body }: both calls stand on one line. */
static void
put_guard(struct printer *p, struct prog_node *node)
{
	print_indent(p);
	print_guard(p, node);
	node->other->line = p->line;
	print_end(p, " {");
	print_block(p, node->body);
	print_line(p, "}", "", "");
}

/* TRUE or FALSE; for a status success or failure. */
static const char *
word_of(const struct printer *p, enum prog_type type, bool value)
{
	if (type == TYPE_STATUS)
		return p->word[value ? WORD_SUCCESS : WORD_FAILURE];
	return p->word[value ? WORD_YES : WORD_NO];
}

void
print_return(struct printer *p, const struct prog_node *node)
{
	const char *value = p->function->returns != TYPE_NONE
	                        ? word_of(p, p->function->returns, node && node->value)
	                    : p->function == p->prog->function ? p->returns
	                                                       : NULL;

	if (value)
		print_line(p, "return ", value, ";");
	else
		print_line(p, "return;", "", "");
}

/* By the choice of the noise shape; those that are not named here are an assertion. */
static void
put_noise(struct printer *p)
{
	static const struct {
		enum shape_id choice;
		enum dialect_phrase phrase;
	} rows[] = {
		{NOISE_CALL, PHRASE_NOISE_CALL},
		{NOISE_LOG, PHRASE_NOISE_LOG},
		{NOISE_ALLOCATE, PHRASE_NOISE_ALLOCATE},
		{NOISE_INITIALISE, PHRASE_NOISE_INITIALISE},
	};
	enum dialect_phrase phrase = PHRASE_NOISE_ASSERT;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (p->prog->shapes.choice[SHAPE_NOISE] == rows[i].choice)
			phrase = rows[i].phrase;
	print_phrase_lines(p, phrase, "");
}

/* A lock that the rule does not watch. */
static void
put_outer(struct printer *p, const struct prog_node *node)
{
	if (print_outer_is_global(p))
		print_phrase_lines(p, node->value ? PHRASE_OUTER_GLOBAL_ACQUIRE : PHRASE_OUTER_GLOBAL_RELEASE, "");
	else
		print_phrase_lines(p, node->value ? PHRASE_OUTER_ACQUIRE : PHRASE_OUTER_RELEASE, "");
}

static void
put_set(struct printer *p, const struct prog_node *node)
{
	const struct prog_var *var = &p->prog->var[node->variable];

	print_indent(p);
	if (var->type == TYPE_FLAG) {
		print_flag_set(p, var->index, node->value);
	} else {
		print_variable(p, var);
		print(p, " = ");
		print(p, word_of(p, var->type, node->value));
	}
	print_end(p, ";");
}

static void
put_assign(struct printer *p, struct prog_node *node)
{
	if (p->prog->var[node->variable].type == TYPE_FLAG) {
		print_flag_assign(p, node);
		return;
	}
	print_variable(p, &p->prog->var[node->variable]);
	print(p, " = ");
	if (node->op == PROG_TAKE)
		print_call(p, node);
	else
		print_helper_call(p, node);
}

/* A try whose result a flag keeps, or nobody does. */
static void
put_take(struct printer *p, struct prog_node *node)
{
	print_indent(p);
	if (node->variable == PROG_NONE) {
		buf_all(p->out, "(", p->word[WORD_VOID], ")");
		print_call(p, node);
	} else {
		put_assign(p, node);
	}
	print_end(p, ";");
}

/* LockPointer = &Extension->QueueLock; or SelectLock(&LockPointer, &Extension->QueueLock); */
static void
put_point(struct printer *p, const struct prog_node *node)
{
	const struct prog_var *var = &p->prog->var[node->variable];
	bool moved = p->prog->shapes.choice[SHAPE_ALIAS] == ALIAS_MOVED;

	print_indent(p);
	if (moved)
		buf_all(p->out, "SelectLock", p->suffix, "(&");
	print_variable(p, var);
	print(p, moved ? ", " : " = ");
	print_value(p, node->lock, var->type, false);
	print_end(p, moved ? ");" : ";");
}

/* KeInitializeSpinLock(&Transfer.QueueLock); */
static void
put_init(struct printer *p, const struct prog_node *node)
{
	struct buf name = {0};
	struct printer inner = *p;

	inner.out = &name;
	print_lock(&inner, node->lock.index, node->value);
	p->made = buf_string(&name);
	p->lock_type = p->rule->type_of[node->lock.index];
	print_phrase_lines(p, PHRASE_LOCAL_INITIALISE, "");
	p->made = NULL;
	buf_free(&name);
}

/* goto Exit; or BAIL_OUT(Exit); or __leave; */
static void
put_goto(struct printer *p, const struct prog_node *node)
{
	print_indent(p);
	if (node->label_kind == LABEL_FINALLY) {
		print(p, p->word[WORD_LEAVE_TRY]);
	} else {
		print(p, node->hidden ? p->word[WORD_LEAVE_BY] : "goto ");
		print(p, node->hidden ? p->suffix : "");
		print(p, node->hidden ? "(" : "");
		put_label_name(p, node);
		print(p, node->hidden ? ")" : "");
	}
	print_end(p, ";");
}

/* A return that the closing brace makes needless. */
static bool
is_needless(const struct printer *p, const struct prog_node *node)
{
	bool value = p->function->returns != TYPE_NONE || (p->function == p->prog->function && p->returns);

	return node->op == PROG_RETURN && !node->hidden && !node->next && p->depth == 1 && !value &&
	       prog_find_var(p->prog, TYPE_STATUS, 0) == PROG_NONE;
}

/* Nothing there looks at what the function is given. */
static void
put_assertion(struct printer *p)
{
	for (unsigned i = 0; i < p->function->parameters; i++) {
		print_indent(p);
		print_unreferenced(p, i);
		print_end(p, ";");
	}
	print_phrase_lines(p, PHRASE_ASSERT_HELD, ";");
}

/* Before a brace or a variable a label needs a statement. */
static bool
needs_statement(const struct printer *p, const struct prog_node *label)
{
	const struct prog_node *next = label->next;

	return !label->pauses && (!next || next->op == PROG_SCOPE || is_needless(p, next));
}

static void
put_node(struct printer *p, struct prog_node *node)
{
	node->line = p->line;
	switch ((enum prog_op)node->op) {
	case PROG_CALL:
		print_indent(p);
		print_call(p, node);
		print_end(p, ";");
		break;
	case PROG_HELPER:
		print_indent(p);
		print_helper_call(p, node);
		print_end(p, ";");
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
	case PROG_SCOPE:
		print_scope_variable(p, node);
		for (struct prog_node *inner = node->body; inner; inner = inner->next)
			put_node(p, inner);
		break;
	case PROG_FINALLY:
		put_finally(p, node);
		break;
	case PROG_GUARD:
		put_guard(p, node);
		break;
	case PROG_BREAK:
		print_line(p, "break;", "", "");
		break;
	case PROG_CONTINUE:
		print_line(p, "continue;", "", "");
		break;
	case PROG_RETURN:
		if (node->hidden)
			print_line(p, p->word[WORD_LEAVE], p->suffix, "();");
		else if (!is_needless(p, node))
			print_return(p, node);
		break;
	case PROG_GOTO:
		put_goto(p, node);
		break;
	case PROG_LABEL:
		put_label_name(p, node);
		print_end(p, needs_statement(p, node) ? ":;" : ":");
		p->depth--;
		put_pause(p, node);
		p->depth++;
		break;
	case PROG_SET:
		put_set(p, node);
		break;
	case PROG_ASSIGN:
		print_indent(p);
		put_assign(p, node);
		print_end(p, ";");
		break;
	case PROG_TAKE:
		put_take(p, node);
		break;
	case PROG_POINT:
		put_point(p, node);
		break;
	case PROG_INIT:
		put_init(p, node);
		break;
	case PROG_WORK:
		put_work(p, node);
		break;
	case PROG_ASSERT:
		put_assertion(p);
		break;
	case PROG_NOISE:
		put_noise(p);
		break;
	case PROG_STOP:
		print_indent(p);
		put_stop(p, node);
		print_end(p, ";");
		break;
	case PROG_OUTER:
		put_outer(p, node);
		break;
	}
}

void
print_block(struct printer *p, struct prog_node *node)
{
	p->depth++;
	for (; node; node = node->next)
		put_node(p, node);
	p->depth--;
}
