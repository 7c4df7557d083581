/* lists: the lines that fill a template's slots. See lists.h.
 *
 * How to read it: lists_make is the table of contents; above it locals, lock objects, the request's fields,
 * and what the noise and guard shapes need.
 */
#include "lists.h"

#include <string.h>

#include "bits.h"

enum { LOCK_BASE = 1 }; /* the constant that indices are computed from; what it stands for is one more */

/* A list of lines for a slot: no newline behind the last. */
void
lists_end_one(struct buf *list)
{
	if (list->len)
		list->data[--list->len] = 0;
}

/* A blank line before what comes next, unless it comes first. */
static void
separate(struct buf *list)
{
	if (list->len)
		buf_putc(list, '\n');
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

/* Whether a pointer is the first of those that one line declares. */
static bool
is_first_pointer(const struct prog *prog, const struct prog_var *var)
{
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->var[i].index < var->index)
			return false;
	return true;
}

/* PKSPIN_LOCK Locks = Extension->LockTable; */
static void
list_array_pointer(struct printer *inner)
{
	unsigned type = print_array_type(inner->prog);

	buf_puts(inner->out, "\t");
	print_lock_type(inner, type);
	buf_all(inner->out, inner->rule->type[type].is_handle ? "*" : "", "Locks = ", inner->extension,
	        "->LockTable;\n");
}

/* A field of a struct that keeps pointers, which the first of them declares. */
static void
list_kept_pointer(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	bool first = is_first_pointer(p->prog, var);
	struct printer inner = lists_printer(p, &lists->setup);

	if (first)
		add_line(p, &lists->locals, "\t", PHRASE_KEPT);
	buf_puts(inner.out, "\t");
	print_variable(&inner, var);
	buf_puts(inner.out, " = ");
	print_lock(&inner, var->index, false);
	buf_puts(inner.out, ";\n");
}

/* What depends on the request is set behind the locals, when the request is known to be whole. */
static void
list_lock_pointer(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = lists_printer(p, &lists->locals);
	unsigned alias = p->prog->shapes.choice[SHAPE_ALIAS];
	unsigned type = var->index == PROG_NONE ? print_array_type(p->prog) : p->rule->type_of[var->index];

	if (alias == ALIAS_KEPT) {
		list_kept_pointer(p, lists, var);
		return;
	}
	if (alias == ALIAS_ELEMENT) {
		if (is_first_pointer(p->prog, var))
			list_array_pointer(&inner);
		return;
	}
	buf_puts(inner.out, "\t");
	print_lock_type(&inner, type);
	if (var->index == PROG_NONE) {
		print_variable(&inner, var);
		buf_puts(inner.out, ";\n");
		return;
	}
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
	print_lock_type(&inner, type);
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
	const char *suffix = choice == FLAG_STATUS ? "Status" : choice == FLAG_COUNTER ? "Count" : "";
	enum dialect_word type = choice == FLAG_STATUS    ? WORD_STATUS
	                         : choice == FLAG_COUNTER ? WORD_NUMBER
	                                                  : WORD_BOOLEAN;
	bool counts = choice == FLAG_COUNTER && p->prog->fresh >> flag & p->prog->rising >> flag & 1;

	if (choice != FLAG_MEMORY && !prog_flag_is_local(p->prog, flag))
		return;
	if (choice != FLAG_MEMORY)
		buf_all(&lists->locals, "\t", p->word[type], " ", name, suffix, counts ? " = 0;\n" : ";\n");
	if (p->prog->fresh >> flag & 1)
		return;
	buf_puts(inner.out, "\t");
	if (choice == FLAG_MEMORY)
		print_request_field(&inner);
	buf_all(inner.out, name, choice == FLAG_MEMORY ? "Copy" : suffix, " = ");
	print_request_field(&inner);
	buf_puts(inner.out, name);
	if (choice == FLAG_STATUS)
		buf_all(inner.out, " ? ", p->word[WORD_SUCCESS], " : ", p->word[WORD_FAILURE]);
	if (choice == FLAG_COUNTER)
		buf_puts(inner.out, " ? 1 : 0");
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
	case TYPE_RESULT:
		buf_all(inner.out, "\t", p->word[var->index ? WORD_STATUS : WORD_BOOLEAN], " ");
		print_variable(&inner, var);
		if (p->prog->shapes.choice[SHAPE_BRANCH] == BRANCH_COMPUTED) /* compilers lead its gotos everywhere */
			buf_all(inner.out, " = ", p->word[var->index ? WORD_FAILURE : WORD_NO]);
		buf_puts(inner.out, ";\n");
		break;
	case TYPE_NONE:
		break;
	case TYPE_INDEX:
		buf_all(inner.out, "\t", p->word[WORD_NUMBER], " ");
		print_variable(&inner, var);
		buf_puts(inner.out, ";\n");
		break;
	case TYPE_KIRQL_OUT:
	case TYPE_EXTENSION:
	case TYPE_REQUEST:
	case TYPE_DIRECTION:
		bug("no such variable");
	}
}

/* By type and then by what they stand for, whatever the sequence uses first: its twin has them in the same
 * order. */
static unsigned
local_rank(const struct prog_var *var)
{
	static const unsigned char ranks[] = {
		[TYPE_FLAG] = 0,  [TYPE_STATUS] = 1, [TYPE_AGAIN] = 2, [TYPE_RESULT] = 3,
		[TYPE_KIRQL] = 4, [TYPE_HANDLE] = 5, [TYPE_LOCK] = 6,  [TYPE_INDEX] = 6,
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
		if (!sorted[i]->function)
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
lists_makes_lock(const struct prog *prog, unsigned lock)
{
	const struct rule_lock_type *type = rule_lock_type(prog->rule, lock);
	unsigned place = prog->shapes.choice[SHAPE_PLACE];

	return (place == PLACE_GLOBAL || place == PLACE_STATIC) && type->initialise && type->name[0];
}

bool
lists_makes_locks(const struct prog *prog)
{
	bits_each (lock, locks_present(prog))
		if (lists_makes_lock(prog, lock))
			return true;
	return false;
}

static void
list_locks(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	unsigned place = prog->shapes.choice[SHAPE_PLACE];
	bool global = place == PLACE_GLOBAL || place == PLACE_STATIC;
	bool local = place == PLACE_LOCAL, block = place == PLACE_HEAP || place == PLACE_NESTED || local;
	struct printer inner = lists_printer(p, global  ? &lists->globals
	                                        : block ? &lists->types
	                                                : &lists->fields);

	if (!rule_names_locks(prog->rule) || !locks_present(prog))
		return;
	if (shapes_in_array(&prog->shapes)) {
		if (place == PLACE_COMPUTED)
			buf_printf(&lists->types, "#define LOCK_BASE %u\n", LOCK_BASE);
		buf_printf(&lists->fields, "\t%s LockTable[%u];\n", prog->rule->type[print_array_type(prog)].name,
		           (prog->chosen ? 2U : 1U) * RULE_LOCKS + (place == PLACE_COMPUTED ? LOCK_BASE + 1 : 0));
		return;
	}
	if (block)
		add_line(p, &lists->types, "", local ? PHRASE_LOCAL_BEGIN : PHRASE_BLOCK_BEGIN);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned spare = 0; spare < 2; spare++) {
			const char *type = rule_lock_type(prog->rule, i)->name;

			if (!lists_has_lock(prog, i, spare))
				continue;
			if (place == PLACE_GLOBAL) {
				buf_all(inner.out, "extern ", type, " ");
				print_lock_name(&inner, i, spare);
				buf_puts(inner.out, ";\n");
			}
			buf_puts(inner.out, place == PLACE_STATIC ? "static " : global ? "" : "\t");
			buf_all(inner.out, type, " ");
			if (global)
				print_lock_name(&inner, i, spare);
			else
				print_stem(&inner, i, spare, "Lock");
			buf_puts(inner.out, ";\n");
		}
	if (!block)
		return;
	add_line(p, &lists->types, "", local ? PHRASE_LOCAL_END : PHRASE_BLOCK_END);
	if (local) {
		add_line(p, &lists->locals, "\t", PHRASE_LOCAL);
		add_line(p, &lists->setup, "\t", PHRASE_LOCAL_SETUP);
		return;
	}
	inner = lists_printer(p, &lists->fields);
	buf_puts(inner.out, "\t");
	print_phrase(&inner, place == PLACE_HEAP ? PHRASE_BLOCK_POINTER : PHRASE_BLOCK);
	buf_puts(inner.out, place == PLACE_HEAP ? " Block;\n" : " Locks;\n");
}

/* The struct that keeps pointers. */
static void
list_kept(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	struct printer inner = lists_printer(p, &lists->types);

	if (!prog_has_shape(prog, ALIAS_KEPT))
		return;
	separate(&lists->types);
	add_line(p, &lists->types, "", PHRASE_KEPT_BEGIN);
	for (unsigned lock = 0; lock < RULE_LOCKS; lock++)
		if (prog_find_var(prog, TYPE_LOCK, lock) != PROG_NONE) {
			buf_puts(inner.out, "\t");
			print_lock_type(&inner, prog->rule->type_of[lock]);
			print_stem(&inner, lock, false, "Pointer;\n");
		}
	add_line(p, &lists->types, "", PHRASE_KEPT_END);
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

/* A helper takes a value of the enumeration. */
static bool
has_direction_type(const struct prog *prog)
{
	for (unsigned i = 1; i < prog->functions; i++)
		if (prog->function[i].purpose == PURPOSE_DIRECTION)
			return prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION_ENUM;
	return false;
}

/* A flag that is a bit is read. */
static bool
has_bits(const struct prog *prog)
{
	bits_each (i, prog->shapes.choice[SHAPE_FLAG] == FLAG_BIT ? prog->flags : 0)
		if (print_flag_is_read(prog, i))
			return true;
	return false;
}

static void
list_request(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	if (has_direction_type(prog)) {
		separate(&lists->types);
		add_line(p, &lists->types, "", PHRASE_DIRECTION_TYPE);
	}
	if (prog->flags && choice == FLAG_ENUM) {
		separate(&lists->types);
		add_line(p, &lists->types, "", PHRASE_STATE_TYPE);
	}
	if (prog->flags && choice == FLAG_BIT)
		buf_all(&lists->request, "\t", p->word[WORD_NUMBER], " Flags;\n");
	if (prog_has_shape(prog, BRANCH_ENUMERATOR)) {
		separate(&lists->types);
		add_line(p, &lists->types, "", PHRASE_SIGNAL_TYPE);
	}
	if (has_bits(prog))
		separate(&lists->types);
	bits_each (i, prog->flags)
		list_flag_field(p, lists, i);
	if (prog->chosen)
		buf_all(&lists->request, "\t", p->word[WORD_BOOLEAN], " Mapped;\n");
}

/* What the noise shape needs declared. */
static void
list_noise(struct printer *p, struct lists *lists)
{
	if (prog_has_shape(p->prog, NOISE_DEAD)) {
		struct printer inner = lists_printer(p, &lists->globals);

		buf_all(inner.out, "static const ", p->word[WORD_BOOLEAN], " ");
		print_phrase(&inner, PHRASE_NEVER);
		buf_all(inner.out, " = ", p->word[WORD_NO], ";\n");
	}
	if (prog_has_shape(p->prog, NOISE_ALLOCATE))
		add_line(p, &lists->locals, "\t", PHRASE_NOISE_ALLOCATE_LOCAL);
	if (prog_has_shape(p->prog, NOISE_INITIALISE))
		add_line(p, &lists->locals, "\t", PHRASE_NOISE_INITIALISE_LOCAL);
	if (!prog_has_shape(p->prog, NOISE_OUTER))
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
	unsigned works;     /* statements that do not matter */
	unsigned phrases;   /* bit set, from PHRASE_WORK */
	bool taken, status; /* values of an enumeration that a result is compared with */
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
		if (node->op == PROG_WORK && node->variable != PROG_NONE)
			use_phrase(u, u->prog->var[node->variable].index ? PHRASE_KEEP_RETURN : PHRASE_KEEP_TRY);
		else if (node->op == PROG_WORK && prog_serves(u->function))
			use_phrase(u, PHRASE_SERVE);
		else
			u->works += node->op == PROG_WORK || (node->op == PROG_IF && node->spelling == SPELL_OR);
		if (has_condition(node) && node->condition.kind == CONDITION_UNKNOWN)
			use_phrase(u, print_register_phrase(u->function, &node->condition));
		if (node->op == PROG_FOR)
			use_phrase(u, PHRASE_ROUND);
		if (node->op == PROG_NOISE && u->prog->shapes.choice[SHAPE_NOISE] == NOISE_ASSERT)
			use_phrase(u, PHRASE_STATUS_REGISTER);
		if (node->condition.told == RESULT_ENUMERATOR)
			*(prog_returns_status(u->prog, node) ? &u->status : &u->taken) = true;
		use_block(u, node->body);
		use_block(u, node->other);
	}
}

static void
list_type(struct printer *p, struct lists *lists, enum dialect_phrase phrase)
{
	if (lists->types.len)
		buf_putc(&lists->types, '\n');
	add_line(p, &lists->types, "", phrase);
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
	if (u.taken)
		list_type(p, lists, PHRASE_TAKEN_TYPE);
	if (u.status)
		list_type(p, lists, PHRASE_STATUS_TYPE);
}

/* The macro that chooses a test by type. */
static void
list_generic(const struct printer *p, struct lists *lists)
{
	struct buf *out = &lists->globals;

	if (!prog_has_shape(p->prog, BRANCH_GENERIC))
		return;
	separate(out);
	buf_all(out, "#define ", p->word[WORD_GENERIC], p->suffix, "(value) _Generic((value), ",
	        p->word[WORD_BOOLEAN], ": (value), default: (value) != 0)\n");
}

/* The macro that hides how the function with the routine's statements is left. */
static void
list_exit_macro(const struct printer *p, struct lists *lists)
{
	unsigned exit = p->prog->shapes.choice[SHAPE_EXIT];
	const char *value = p->prog->main || !p->returns ? "" : p->returns, *blank = *value ? " " : "";
	struct buf *out = &lists->globals;

	if (!prog_has_shape(p->prog, EXIT_HIDDEN) && !prog_has_shape(p->prog, EXIT_HIDDEN_GOTO) &&
	    !prog_has_shape(p->prog, EXIT_RETURN_IF))
		return;
	separate(out);
	buf_all(out, "#define ",
	        p->word[exit == EXIT_HIDDEN      ? WORD_LEAVE
	                : exit == EXIT_RETURN_IF ? WORD_LEAVE_IF
	                                         : WORD_LEAVE_BY]);
	if (exit == EXIT_HIDDEN)
		buf_all(out, p->suffix, "() return", blank, value, "\n");
	else if (exit == EXIT_HIDDEN_GOTO)
		buf_all(out, p->suffix, "(label) goto label\n");
	else
		buf_all(out, p->suffix, "(condition) \\\n\tdo { \\\n\t\tif (condition) { \\\n\t\t\treturn", blank,
		        value, "; \\\n\t\t} \\\n\t} while (0)\n");
}

/* #define REQUIRE(condition) \
 *     ((condition) ? (VOID)0 : stop) */
static void
list_require(struct printer *p, struct lists *lists)
{
	struct printer inner = lists_printer(p, &lists->globals);

	separate(&lists->globals);
	buf_all(inner.out, "#define ", p->word[WORD_REQUIRE], p->suffix, "(condition) \\\n\t((condition) ? (",
	        p->word[WORD_VOID], ")0 : ");
	print_phrase(&inner, PHRASE_STOP);
	buf_puts(inner.out, ")\n");
}

void
lists_make(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;

	list_locks(p, lists);
	list_kept(p, lists);
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
	if (prog_has_shape(prog, HELPER_GUARD) || prog_has_shape(prog, HELPER_GUARD_LEFT)) {
		struct printer inner = lists_printer(p, &lists->globals);

		separate(&lists->globals);
		print_guard_macros(&inner);
	}
	list_exit_macro(p, lists);
	list_generic(p, lists);
	if (prog_has_shape(prog, STOP_ASSERT))
		list_require(p, lists);
	lists_end_one(&lists->types);
	lists_end_one(&lists->fields);
	lists_end_one(&lists->request);
	lists_end_one(&lists->globals);
	lists_end_one(&lists->locals);
	lists_end_one(&lists->setup);
}
