/* lists: the lines that fill a template's slots. See lists.h.
 *
 * How to read it: lists_make is the table of contents; above it locals, lock objects, the request's fields,
 * and what the noise and guard shapes need.
 */
#include "lists.h"

#include <string.h>

#include "bits.h"

/* A list of lines for a slot: no newline behind the last. */
void
lists_end_one(struct buf *list)
{
	if (list->len)
		list->data[--list->len] = 0;
}

unsigned
lists_found(const struct prog *prog)
{
	unsigned found = 0;

	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->shapes.choice[SHAPE_ALIAS] == ALIAS_RETURNED)
			found |= 1U << prog->var[i].index;
	return found;
}

void
lists_clear(struct lists *lists)
{
	buf_clear(&lists->types);
	buf_clear(&lists->fields);
	buf_clear(&lists->request);
	buf_clear(&lists->globals);
	buf_clear(&lists->locals);
	buf_clear(&lists->setup);
}

void
lists_free(struct lists *lists)
{
	buf_free(&lists->types);
	buf_free(&lists->fields);
	buf_free(&lists->request);
	buf_free(&lists->globals);
	buf_free(&lists->locals);
	buf_free(&lists->setup);
}

/* A printer that writes into a list. Lines of lists are counted when the list is printed. */
struct printer
lists_printer(const struct printer *p, struct buf *list)
{
	struct printer inner = *p;

	inner.out = list;
	inner.function = &p->prog->function[p->prog->main];
	return inner;
}

/* Adds a phrase as a line. */
static void
add_line(const struct printer *p, struct buf *list, const char *indent, enum dialect_phrase phrase)
{
	struct printer inner = lists_printer(p, list);

	buf_puts(list, indent);
	print_phrase(&inner, phrase);
	buf_putc(list, '\n');
}

/* locals */

/* What a pointer to a lock points to. */
static void
list_lock_value(struct printer *inner, const struct prog_var *var)
{
	unsigned alias = inner->prog->shapes.choice[SHAPE_ALIAS];

	if (alias == ALIAS_RETURNED) {
		buf_puts(inner->out, "Find");
		print_stem(inner, var->index, false, "Lock");
		buf_puts(inner->out, inner->suffix);
		buf_all(inner->out, "(", inner->extension, ")");
		return;
	}
	if (alias == ALIAS_CHOSEN) {
		print_request_field(inner);
		buf_puts(inner->out, "Mapped ? ");
		print_lock(inner, var->index, true);
		buf_puts(inner->out, " : ");
	}
	print_lock(inner, var->index, false);
}

/* What depends on the request is set behind the locals, when the request is known to be whole. */
static void
list_lock_pointer(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = lists_printer(p, &lists->locals);
	unsigned alias = p->prog->shapes.choice[SHAPE_ALIAS];

	buf_puts(inner.out, "\t");
	print_lock_type(&inner);
	if (alias == ALIAS_CHOSEN) {
		print_stem(&inner, var->index, false, "Pointer;\n");
		inner = lists_printer(p, &lists->setup);
		buf_puts(inner.out, "\t");
	}
	print_stem(&inner, var->index, false, var->second ? "Alias" : "Pointer");
	buf_puts(inner.out, " = ");
	list_lock_value(&inner, var);
	buf_puts(inner.out, ";\n");
	if (alias != ALIAS_INDIRECT)
		return;
	buf_puts(inner.out, "\t");
	print_lock_type(&inner);
	buf_puts(inner.out, "*");
	print_stem(&inner, var->index, false, "Slot = &");
	print_stem(&inner, var->index, false, "Pointer;\n");
}

/* A KIRQL or queue handle: a local that is initialised, or a field, which is written under the lock only: to
 * write there before it is taken would spoil what its holder saved. */
static void
list_saved(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	bool kept = p->prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION;
	bool held = p->prog->rule->role[p->prog->role].held >> var->index & 1;
	const char *entry = template_value(p->template, "entry_irql");
	struct printer field = lists_printer(p, kept ? &lists->fields : &lists->locals);
	struct printer setup = lists_printer(p, &lists->setup);

	if (p->prog->main && strchr(entry, '>')) /* of a parameter, which the function that does the work lacks */
		entry = p->word[WORD_LOWEST_IRQL];
	buf_all(field.out, "\t", p->word[var->type == TYPE_KIRQL ? WORD_IRQL : WORD_HANDLE], " ");
	print_saved_name(&field, var);
	if (var->type == TYPE_KIRQL && !kept)
		buf_all(field.out, " = ", entry);
	buf_puts(field.out, ";\n");
	if (var->type == TYPE_KIRQL) {
		if (kept && held) {
			buf_puts(setup.out, "\t");
			print_variable(&setup, var);
			buf_all(setup.out, " = ", entry, ";\n");
		}
		return;
	}
	buf_all(setup.out, "\t", p->word[WORD_CLEAR], "(&");
	print_variable(&setup, var);
	buf_puts(setup.out, ", sizeof ");
	print_variable(&setup, var);
	buf_puts(setup.out, ");\n");
}

/* A copy of a flag, where the shape looks at a copy: set behind the locals, as above. */
static void
list_flag_copy(struct printer *p, struct lists *lists, unsigned flag)
{
	const char *name = p->dialect->names[NAMES_FLAG][flag];
	struct printer inner = lists_printer(p, &lists->setup);
	unsigned choice = p->prog->shapes.choice[SHAPE_FLAG];
	const char *status = choice == FLAG_STATUS ? "Status" : "";

	if (choice != FLAG_MEMORY && !print_flag_is_local(p->prog, flag))
		return;
	if (choice != FLAG_MEMORY)
		buf_all(&lists->locals, "\t", p->word[*status ? WORD_STATUS : WORD_BOOLEAN], " ", name, status,
		        ";\n");
	if (p->prog->fresh >> flag & 1)
		return;
	buf_puts(inner.out, "\t");
	if (choice == FLAG_MEMORY)
		print_request_field(&inner);
	buf_all(inner.out, name, choice == FLAG_MEMORY ? "Copy" : status, " = ");
	print_request_field(&inner);
	buf_puts(inner.out, name);
	if (choice == FLAG_STATUS)
		buf_all(inner.out, " ? ", p->word[WORD_SUCCESS], " : ", p->word[WORD_FAILURE]);
	buf_puts(inner.out, ";\n");
}

static void
list_local(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = lists_printer(p, &lists->locals);

	switch (var->type) {
	case TYPE_KIRQL:
	case TYPE_HANDLE:
		list_saved(p, lists, var);
		break;
	case TYPE_LOCK:
		list_lock_pointer(p, lists, var);
		break;
	case TYPE_FLAG:
		list_flag_copy(p, lists, var->index);
		break;
	case TYPE_STATUS:
		buf_all(inner.out, "\t", p->word[WORD_STATUS], " Status = ", p->word[WORD_SUCCESS], ";\n");
		break;
	case TYPE_AGAIN:
		buf_all(inner.out, "\t", p->word[WORD_BOOLEAN], " ");
		print_variable(&inner, var);
		buf_all(inner.out, " = ", p->word[WORD_NO], ";\n");
		break;
	case TYPE_NONE:
		break;
	case TYPE_INDEX:
	case TYPE_KIRQL_OUT:
	case TYPE_EXTENSION:
	case TYPE_REQUEST:
		bug("no such variable");
	}
}

/* By type and then by what they stand for, whatever the sequence uses first: its twin has them in the same
 * order. */
static unsigned
local_rank(const struct prog_var *var)
{
	static const unsigned char ranks[] = {
		[TYPE_FLAG] = 0,  [TYPE_STATUS] = 1, [TYPE_AGAIN] = 2,
		[TYPE_KIRQL] = 3, [TYPE_HANDLE] = 4, [TYPE_LOCK] = 5,
	};
	unsigned rank = var->type < sizeof ranks ? ranks[var->type] : 0; /* any place is right for what is none */

	return rank << 9 | (unsigned)var->index << 1 | var->second;
}

static void
list_locals(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	const struct prog_var *sorted[PROG_VARS];

	for (unsigned i = 0; i < prog->vars; i++) {
		unsigned at = i;

		for (; at && local_rank(sorted[at - 1]) > local_rank(&prog->var[i]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = &prog->var[i];
	}
	for (unsigned i = 0; i < prog->vars; i++)
		list_local(p, lists, sorted[i]);
}

/* lock objects and the request's fields */

/* Locks whose objects must exist: those in use, and those that are held at entry. */
static unsigned
locks_present(const struct prog *prog)
{
	return prog->locks | prog->rule->role[prog->role].held;
}

bool
lists_has_lock(const struct prog *prog, unsigned lock, unsigned spare)
{
	return (spare ? prog->chosen : locks_present(prog)) >> lock & 1;
}

bool
lists_makes_locks(const struct prog *prog)
{
	unsigned place = prog->shapes.choice[SHAPE_PLACE];

	return (place == PLACE_GLOBAL || place == PLACE_STATIC) && prog->rule->initialise &&
	       prog->rule->lock_type[0] && locks_present(prog);
}

static void
list_locks(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	unsigned place = prog->shapes.choice[SHAPE_PLACE];
	bool global = place == PLACE_GLOBAL || place == PLACE_STATIC;
	bool block = place == PLACE_HEAP || place == PLACE_NESTED;
	struct printer inner = lists_printer(p, global  ? &lists->globals
	                                        : block ? &lists->types
	                                                : &lists->fields);

	if (!prog->rule->lock_type[0] || !locks_present(prog))
		return;
	if (place == PLACE_ARRAY || place == PLACE_INDEX) {
		buf_printf(&lists->fields, "\t%s LockTable[%d];\n", prog->rule->lock_type,
		           prog->chosen ? 2 * RULE_LOCKS : RULE_LOCKS);
		return;
	}
	if (block)
		add_line(p, &lists->types, "", PHRASE_BLOCK_BEGIN);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned spare = 0; spare < 2; spare++) {
			if (!lists_has_lock(prog, i, spare))
				continue;
			if (place == PLACE_GLOBAL) {
				buf_all(inner.out, "extern ", prog->rule->lock_type, " ");
				print_lock_name(&inner, i, spare);
				buf_puts(inner.out, ";\n");
			}
			buf_puts(inner.out, place == PLACE_STATIC ? "static " : global ? "" : "\t");
			buf_all(inner.out, prog->rule->lock_type, " ");
			if (global)
				print_lock_name(&inner, i, spare);
			else
				print_stem(&inner, i, spare, "Lock");
			buf_puts(inner.out, ";\n");
		}
	if (!block)
		return;
	add_line(p, &lists->types, "", PHRASE_BLOCK_END);
	inner = lists_printer(p, &lists->fields);
	buf_puts(inner.out, "\t");
	print_phrase(&inner, place == PLACE_HEAP ? PHRASE_BLOCK_POINTER : PHRASE_BLOCK);
	buf_puts(inner.out, place == PLACE_HEAP ? " Block;\n" : " Locks;\n");
}

/* The field of the request that a flag is read from. */
static void
list_flag_field(struct printer *p, struct lists *lists, unsigned flag)
{
	const char *name = p->dialect->names[NAMES_FLAG][flag], *boolean = p->word[WORD_BOOLEAN];
	struct printer inner = lists_printer(p, &lists->request);

	if (!print_flag_is_read(p->prog, flag))
		return;
	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		buf_printf(&lists->types, "#define %s 0x%02x\n", p->dialect->names[NAMES_FLAG_BIT][flag], 1U << flag);
		break;
	case FLAG_ENUM:
		buf_puts(inner.out, "\t");
		print_phrase(&inner, PHRASE_STATE);
		buf_all(inner.out, " ", name, ";\n");
		break;
	case FLAG_ARITHMETIC:
	case FLAG_RESPELLED:
		buf_all(&lists->request, "\t", p->word[WORD_NUMBER], " ", name, "Count;\n");
		break;
	case FLAG_MEMORY:
		if (!(p->prog->fresh >> flag & 1))
			buf_all(&lists->request, "\t", boolean, " ", name, ";\n");
		buf_all(&lists->request, "\t", boolean, " ", name, "Copy;\n");
		break;
	default:
		buf_all(&lists->request, "\t", boolean, " ", name, ";\n");
		break;
	}
}

static void
list_request(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	if (lists->types.len && prog->flags && (choice == FLAG_ENUM || choice == FLAG_BIT))
		buf_putc(&lists->types, '\n');
	if (prog->flags && choice == FLAG_ENUM)
		add_line(p, &lists->types, "", PHRASE_STATE_TYPE);
	if (prog->flags && choice == FLAG_BIT)
		buf_all(&lists->request, "\t", p->word[WORD_NUMBER], " Flags;\n");
	bits_each (i, prog->flags)
		list_flag_field(p, lists, i);
	if (prog->chosen)
		buf_all(&lists->request, "\t", p->word[WORD_BOOLEAN], " Mapped;\n");
}

/* What the noise shape needs declared. */
static void
list_noise(struct printer *p, struct lists *lists)
{
	unsigned noise = p->prog->shapes.choice[SHAPE_NOISE];

	if (!(p->prog->effects >> SHAPE_NOISE & 1))
		return;
	if (noise == NOISE_DEAD) {
		struct printer inner = lists_printer(p, &lists->globals);

		buf_all(inner.out, "static const ", p->word[WORD_BOOLEAN], " ");
		print_phrase(&inner, PHRASE_NEVER);
		buf_all(inner.out, " = ", p->word[WORD_NO], ";\n");
	}
	if (noise == NOISE_ALLOCATE)
		add_line(p, &lists->locals, "\t", PHRASE_NOISE_ALLOCATE_LOCAL);
	if (noise == NOISE_INITIALISE)
		add_line(p, &lists->locals, "\t", PHRASE_NOISE_INITIALISE_LOCAL);
	if (noise != NOISE_OUTER)
		return;
	add_line(p, &lists->locals, "\t", PHRASE_OUTER_LOCAL);
	if (!print_outer_is_global(p))
		add_line(p, &lists->fields, "\t", PHRASE_OUTER_FIELD);
}

/* fields of the device extension that statements touch */

/* A walk over a program: which of the phrases that need a field are printed. */
struct usage {
	const struct prog *prog;
	const struct prog_function *function;
	unsigned works;   /* statements that do not matter */
	unsigned phrases; /* bit set, from PHRASE_WORK */
};

static void
use_phrase(struct usage *u, enum dialect_phrase phrase)
{
	u->phrases |= 1U << (phrase - PHRASE_WORK);
}

static bool
has_condition(const struct prog_node *node)
{
	return node->op == PROG_IF || node->op == PROG_ASSIGN || node->op == PROG_SWITCH ||
	       node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO;
}

static void
use_block(struct usage *u, const struct prog_node *node)
{
	for (; node; node = node->next) {
		if (node->op == PROG_WORK && print_serves(u->function))
			use_phrase(u, PHRASE_SERVE);
		else
			u->works += node->op == PROG_WORK || (node->op == PROG_IF && node->spelling == SPELL_OR);
		if (has_condition(node) && node->condition.kind == CONDITION_UNKNOWN)
			use_phrase(u, print_register_phrase(u->function, &node->condition));
		if (node->op == PROG_FOR)
			use_phrase(u, PHRASE_ROUND);
		if (node->op == PROG_NOISE && u->prog->shapes.choice[SHAPE_NOISE] == NOISE_ASSERT)
			use_phrase(u, PHRASE_STATUS_REGISTER);
		use_block(u, node->body);
		use_block(u, node->other);
	}
}

static void
list_used(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	struct usage u = {.prog = prog, .works = prog->main != 0};
	struct printer inner = lists_printer(p, &lists->fields);

	for (unsigned i = 0; i < prog->functions; i++) {
		u.function = &prog->function[i];
		use_block(&u, u.function->body);
	}
	if (lists_found(prog))
		use_phrase(&u, PHRASE_SERVE);
	for (unsigned i = 0; i < u.works && i < DIALECT_WORKS; i++)
		use_phrase(&u, (enum dialect_phrase)(PHRASE_WORK + i));
	if (prog_find_var(prog, TYPE_STATUS, 0) != PROG_NONE)
		use_phrase(&u, PHRASE_KEEP_STATUS);
	bits_each (i, u.phrases) {
		buf_putc(inner.out, '\t');
		print_phrase(&inner, (enum dialect_phrase)(PHRASE_WORK_FIELD + i));
		buf_putc(inner.out, '\n');
	}
}

void
lists_make(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;

	list_locks(p, lists);
	list_used(p, lists);
	list_request(p, lists);
	bits_each (i, prog->shapes.choice[SHAPE_PLACE] == PLACE_INDEX ? prog->named : 0) {
		struct printer inner = lists_printer(p, &lists->locals);

		buf_all(inner.out, "\t", p->word[WORD_NUMBER], " ");
		print_stem(&inner, i, false, "Index");
		buf_printf(inner.out, " = %u;\n", i);
	}
	list_locals(p, lists);
	list_noise(p, lists);
	if (prog->shapes.choice[SHAPE_HELPER] == HELPER_GUARD) {
		struct printer inner = lists_printer(p, &lists->globals);

		if (lists->globals.len)
			buf_putc(&lists->globals, '\n');
		print_guard_macros(&inner);
	}
	lists_end_one(&lists->types);
	lists_end_one(&lists->fields);
	lists_end_one(&lists->request);
	lists_end_one(&lists->globals);
	lists_end_one(&lists->locals);
	lists_end_one(&lists->setup);
}
