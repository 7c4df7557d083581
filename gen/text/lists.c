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

/* How a pointer to a lock is initialised. */
static void
list_lock_value(struct printer *inner, const struct prog_var *var)
{
	unsigned alias = inner->prog->shapes.choice[SHAPE_ALIAS];

	if (alias == ALIAS_RETURNED) {
		buf_puts(inner->out, "Find");
		print_stem(inner, var->index, false, "Lock");
		buf_puts(inner->out, inner->suffix);
		buf_printf(inner->out, "(%s)", inner->extension);
		return;
	}
	if (alias == ALIAS_CHOSEN) {
		buf_printf(inner->out, "%s->Mapped ? ", inner->request);
		print_lock(inner, var->index, true);
		buf_puts(inner->out, " : ");
	}
	print_lock(inner, var->index, false);
}

static void
list_lock_pointer(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = lists_printer(p, &lists->locals);
	bool indirect = p->prog->shapes.choice[SHAPE_ALIAS] == ALIAS_INDIRECT;

	buf_puts(inner.out, "\t");
	print_lock_type(&inner);
	print_stem(&inner, var->index, false, var->second ? "Alias" : "Pointer");
	buf_puts(inner.out, " = ");
	list_lock_value(&inner, var);
	buf_puts(inner.out, ";\n");
	if (!indirect)
		return;
	buf_puts(inner.out, "\t");
	print_lock_type(&inner);
	buf_puts(inner.out, "*");
	print_stem(&inner, var->index, false, "Slot = &");
	print_stem(&inner, var->index, false, "Pointer;\n");
}

/* A KIRQL or queue handle: a local that is initialised, or a field, which whoever made the extension has
 * cleared: to write there before the lock is taken would spoil what its holder saved. */
static void
list_saved(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	bool kept = p->prog->shapes.choice[SHAPE_SAVED] == SAVED_EXTENSION;
	const char *entry = template_value(p->template, "entry_irql");
	struct printer field = lists_printer(p, kept ? &lists->fields : &lists->locals);
	struct printer setup = lists_printer(p, &lists->setup);

	if (p->prog->main && strchr(entry, '>')) /* of a parameter, which the function that does the work lacks */
		entry = p->word[WORD_LOWEST_IRQL];
	buf_printf(field.out, "\t%s ", p->word[var->type == TYPE_KIRQL ? WORD_IRQL : WORD_HANDLE]);
	print_saved_name(&field, var);
	if (var->type == TYPE_KIRQL && !kept)
		buf_printf(field.out, " = %s", entry);
	buf_puts(field.out, ";\n");
	if (var->type == TYPE_KIRQL || kept)
		return;
	buf_printf(setup.out, "\t%s(&", p->word[WORD_CLEAR]);
	print_variable(&setup, var);
	buf_puts(setup.out, ", sizeof ");
	print_variable(&setup, var);
	buf_puts(setup.out, ");\n");
}

/* A copy of a flag, where the shape looks at a copy. */
static void
list_flag_copy(struct printer *p, struct lists *lists, unsigned flag)
{
	const char *name = p->dialect->names[NAMES_FLAG][flag];

	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_LOCAL:
		buf_printf(&lists->locals, "\t%s %s = %s->%s;\n", p->word[WORD_BOOLEAN], name, p->request, name);
		break;
	case FLAG_STATUS:
		buf_printf(&lists->locals, "\t%s %sStatus = %s->%s ? %s : %s;\n", p->word[WORD_STATUS], name,
		           p->request, name, p->word[WORD_SUCCESS], p->word[WORD_FAILURE]);
		break;
	case FLAG_MEMORY:
		buf_printf(&lists->setup, "\t%s->%sCopy = %s->%s;\n", p->request, name, p->request, name);
		break;
	default:
		break;
	}
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
		buf_printf(inner.out, "\t%s Status = %s;\n", p->word[WORD_STATUS], p->word[WORD_SUCCESS]);
		break;
	case TYPE_AGAIN:
		buf_puts(inner.out, "\tBOOLEAN ");
		print_variable(&inner, var);
		buf_puts(inner.out, " = FALSE;\n");
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
				buf_printf(inner.out, "extern %s ", prog->rule->lock_type);
				print_lock_name(&inner, i, spare);
				buf_puts(inner.out, ";\n");
			}
			buf_puts(inner.out, place == PLACE_STATIC ? "static " : global ? "" : "\t");
			buf_printf(inner.out, "%s ", prog->rule->lock_type);
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

	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		buf_printf(&lists->types, "#define %s 0x%02x\n", p->dialect->names[NAMES_FLAG_BIT][flag], 1U << flag);
		break;
	case FLAG_ENUM:
		buf_puts(inner.out, "\t");
		print_phrase(&inner, PHRASE_STATE);
		buf_printf(inner.out, " %s;\n", name);
		break;
	case FLAG_ARITHMETIC:
	case FLAG_RESPELLED:
		buf_printf(&lists->request, "\t%s %sCount;\n", p->word[WORD_NUMBER], name);
		break;
	case FLAG_MEMORY:
		buf_printf(&lists->request, "\t%s %s;\n\t%s %sCopy;\n", boolean, name, boolean, name);
		break;
	default:
		buf_printf(&lists->request, "\t%s %s;\n", boolean, name);
		break;
	}
}

static void
list_request(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	if (prog->flags && choice == FLAG_ENUM)
		add_line(p, &lists->types, "", PHRASE_STATE_TYPE);
	if (prog->flags && choice == FLAG_BIT)
		buf_printf(&lists->request, "\t%s Flags;\n", p->word[WORD_NUMBER]);
	bits_each (i, prog->flags)
		list_flag_field(p, lists, i);
	if (prog->chosen)
		buf_printf(&lists->request, "\t%s Mapped;\n", p->word[WORD_BOOLEAN]);
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

		buf_printf(inner.out, "static const %s ", p->word[WORD_BOOLEAN]);
		print_phrase(&inner, PHRASE_NEVER);
		buf_printf(inner.out, " = %s;\n", p->word[WORD_NO]);
	}
	if (noise == NOISE_ALLOCATE)
		add_line(p, &lists->fields, "\t", PHRASE_NOISE_ALLOCATE_FIELD);
	if (noise == NOISE_INITIALISE)
		add_line(p, &lists->fields, "\t", PHRASE_NOISE_INITIALISE_FIELD);
	if (noise != NOISE_OUTER)
		return;
	add_line(p, &lists->locals, "\t", PHRASE_OUTER_LOCAL);
	if (!print_outer_is_global(p))
		add_line(p, &lists->fields, "\t", PHRASE_OUTER_FIELD);
}

/* WITH_LOCK holds a lock while its block runs. */
static void
list_guard(struct printer *p, struct lists *lists)
{
	if (p->prog->shapes.choice[SHAPE_HELPER] == HELPER_GUARD && p->prog->effects >> SHAPE_HELPER & 1)
		buf_printf(&lists->globals,
		           "#define WITH_LOCK%s(acquire, release) \\\n"
		           "\tfor (%s Once = ((acquire), 1); Once != 0; Once = ((release), 0))\n",
		           p->suffix, p->word[WORD_NUMBER]);
}

void
lists_make(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;

	list_locks(p, lists);
	list_request(p, lists);
	bits_each (i, prog->shapes.choice[SHAPE_PLACE] == PLACE_INDEX ? prog->named : 0) {
		struct printer inner = lists_printer(p, &lists->locals);

		buf_printf(inner.out, "\t%s ", p->word[WORD_NUMBER]);
		print_stem(&inner, i, false, "Index");
		buf_printf(inner.out, " = %u;\n", i);
	}
	for (unsigned i = 0; i < prog->vars; i++)
		list_local(p, lists, &prog->var[i]);
	list_noise(p, lists);
	list_guard(p, lists);
	lists_end_one(&lists->types);
	lists_end_one(&lists->fields);
	lists_end_one(&lists->request);
	lists_end_one(&lists->globals);
	lists_end_one(&lists->locals);
	lists_end_one(&lists->setup);
}
