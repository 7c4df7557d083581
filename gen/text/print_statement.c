/* print: statements. See print.h.
 *
 * How to read it: print_node is the table of contents, one case for each operation; above it the longer
 * statements. A node learns its line when it is printed.
 */
#include "print.h"

#include <assert.h>

static void put_node(struct printer *p, struct prog_node *node);

static void
put_work(struct printer *p)
{
	print_indent(p);
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

/* if (one && two) { ... }, or if (!one || !two) { } else { ... }: two unknowns never share a line. */
static void
put_joined(struct printer *p, struct prog_node *node)
{
	struct prog_node *inner = node->body;
	bool negate = node->spelling == SPELL_OR;

	print(p, "if (");
	print_condition(p, node, negate);
	print_end(p, negate ? " ||" : " &&");
	print_indent(p);
	print(p, "    ");
	inner->line = p->line;
	print_condition(p, inner, negate);
	print_end(p, ") {");
	if (negate) {
		p->depth++;
		put_work(p);
		p->depth--;
		print_line(p, "} else {", "", "");
	}
	print_block(p, inner->body);
	print_line(p, "}", "", "");
}

static void
put_if(struct printer *p, struct prog_node *node)
{
	if (p->chained)
		p->chained = false;
	else
		print_indent(p);
	if (node->op == PROG_IF && node->spelling == SPELL_TERNARY) {
		put_ternary(p, node);
		return;
	}
	if (node->spelling == SPELL_AND || node->spelling == SPELL_OR) {
		put_joined(p, node);
		return;
	}
	print(p, "if (");
	if (node->op == PROG_TRY)
		print_call(p, node);
	else
		print_condition(p, node, false);
	put_branches(p, node);
}

/* Whether a block's last statement leaves, so that compilers see nothing fall through behind it; code that is
 * never reached may stand before it. */
static bool
leaves(const struct prog_node *last)
{
	while (last && last->next)
		last = last->next;
	return last && (prog_is_jump(last) ? last->op != PROG_STOP
	                                   : last->op == PROG_IF && leaves(last->body) && leaves(last->other));
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
	if (leaves(body))
		return;
	p->depth++;
	print_line(p, falls ? p->word[WORD_FALLS] : "break;", "", "");
	p->depth--;
}

/* The case of a switch that has a value, and whether that is the one for true. */
struct switched {
	bool held;
	const char *value;
};

static struct switched
switched_of(const struct printer *p, const struct prog_node *node)
{
	const struct switched no = {false, p->word[WORD_NO]}, zero = {false, "0"},
						  success = {true, p->word[WORD_SUCCESS]}, active = {true, ""};
	const struct prog_function *callee = &p->prog->function[node->function];

	if (node->condition.kind == CONDITION_UNKNOWN)
		return zero;
	if (node->condition.kind == CONDITION_RESULT)
		return callee->returns == TYPE_STATUS ? success : no;
	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
	case FLAG_ARITHMETIC:
	case FLAG_RESPELLED:
		return zero;
	case FLAG_ENUM:
		return active;
	case FLAG_STATUS:
		return success;
	default:
		return no;
	}
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
	else if (condition->kind == CONDITION_FLAG)
		print_flag_number(p, p->prog->var[condition->variable].index, condition->other_words);
	else
		bug("a switch over what is tested in no other way");
}

/* The case that runs on into the other stands first. */
static void
put_switch(struct printer *p, struct prog_node *node)
{
	struct switched over = switched_of(p, node);
	bool named = over.held != node->condition.negated; /* the body is the case with a value */

	print_indent(p);
	print(p, "switch (");
	put_switched(p, node);
	print_end(p, ") {");
	if (node->falls || named) {
		put_switch_case(p, named ? over.value : NULL, node->body, node->falls);
		put_switch_case(p, named ? NULL : over.value, node->other, false);
	} else {
		put_switch_case(p, over.value, node->other, false);
		put_switch_case(p, NULL, node->body, false);
	}
	print_line(p, "}", "", "");
}

static void
put_do(struct printer *p, struct prog_node *node)
{
	print_line(p, "do {", "", "");
	print_block(p, node->body);
	print_indent(p);
	print(p, "} while (");
	if (node->op == PROG_ONCE)
		print(p, "0");
	else if (node->op == PROG_REPEAT)
		print_variable(p, &p->prog->var[node->variable]);
	else
		print_condition(p, node, false);
	print_end(p, ");");
}

static void
put_loop(struct printer *p, struct prog_node *node)
{
	print_indent(p);
	print(p, node->op == PROG_WHILE ? "while (" : node->op == PROG_DO ? "if (" : "for (");
	print(p, node->op == PROG_FOR ? "; " : "");
	if (node->op == PROG_FOREVER)
		print(p, ";;");
	else
		print_condition(p, node, false);
	if (node->op == PROG_FOR) {
		print_end(p, ";");
		print_indent(p);
		print(p, "     ");
		print_phrase(p, PHRASE_ROUND);
	}
	print_end(p, ") {");
	if (node->op == PROG_DO) {
		p->depth++;
		put_do(p, node);
		p->depth--;
	} else {
		if (node->pauses) {
			p->depth++;
			print_phrase_lines(p, PHRASE_PAUSE, "");
			p->depth--;
		}
		print_block(p, node->body);
	}
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

/* A try whose result a flag keeps, or nobody does. */
static void
put_take(struct printer *p, const struct prog_node *node)
{
	print_indent(p);
	if (node->variable == PROG_NONE) {
		buf_all(p->out, "(", p->word[WORD_VOID], ")");
		print_call(p, node);
	} else {
		print_flag_assign(p, node);
	}
	print_end(p, ";");
}

/* A return that the closing brace makes needless. */
static bool
is_needless(const struct printer *p, const struct prog_node *node)
{
	bool value = p->function->returns != TYPE_NONE || (p->function == p->prog->function && p->returns);

	return node->op == PROG_RETURN && !node->next && p->depth == 1 && !value &&
	       prog_find_var(p->prog, TYPE_STATUS, 0) == PROG_NONE;
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
		if (!is_needless(p, node))
			print_return(p, node);
		break;
	case PROG_GOTO:
		print_indent(p);
		print(p, "goto ");
		put_label_name(p, node);
		print_end(p, ";");
		break;
	case PROG_LABEL:
		put_label_name(p, node);
		/* before a brace a label needs a statement */
		print_end(p, node->next && !is_needless(p, node->next) ? ":" : ":;");
		break;
	case PROG_SET:
		put_set(p, node);
		break;
	case PROG_ASSIGN:
		print_indent(p);
		print_flag_assign(p, node);
		print_end(p, ";");
		break;
	case PROG_TAKE:
		put_take(p, node);
		break;
	case PROG_WORK:
		put_work(p);
		break;
	case PROG_NOISE:
		put_noise(p);
		break;
	case PROG_STOP:
		print_phrase_lines(p, PHRASE_STOP, "");
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
