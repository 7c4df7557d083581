/* print: lines, phrases and types, which all printers of a body share. See print.h. */
#include "print.h"

#include <assert.h>
#include <string.h>

#include "bits.h"

enum {
	TAB = 4,
	WIDE = 75,
	WIDEST = 120
}; /* what follows has room for 45 columns behind these, and so a line for 120 */

void
print_newline(struct printer *p)
{
	buf_putc(p->out, '\n');
	p->line++;
}

void
print_indent(struct printer *p)
{
	for (unsigned i = 0; i < p->depth; i++)
		buf_putc(p->out, '\t');
}

void
print_end(struct printer *p, const char *string)
{
	print(p, string);
	print_newline(p);
}

void
print_line(struct printer *p, const char *one, const char *two, const char *three)
{
	print_indent(p);
	print(p, one);
	print(p, two);
	print(p, three);
	print_newline(p);
}

/* Columns of the line so far, without suffixes: a line of a pack breaks as it does in a file of its own. */
static size_t
columns(const struct printer *p)
{
	const char *bytes = p->out->data;
	size_t suffix = strlen(p->suffix), count = 0, at = p->out->len;
	char last = suffix ? p->suffix[suffix - 1] : '\n';

	while (at && bytes[at - 1] != '\n') {
		bool ends = bytes[at - 1] == last && at >= suffix && !memcmp(bytes + at - suffix, p->suffix, suffix);

		count += ends ? 0 : bytes[at - 1] == '\t' ? TAB : 1;
		at -= ends ? suffix : 1;
	}
	return count;
}

void
print_deeper(struct printer *p)
{
	print_newline(p);
	p->depth++;
	print_indent(p);
	p->depth--;
}

void
print_beneath(struct printer *p)
{
	print_newline(p);
	print_indent(p);
	print(p, "    ");
}

void
print_comma(struct printer *p)
{
	if (p->in_macro || columns(p) < WIDE) {
		print(p, ", ");
		return;
	}
	print(p, ",");
	print_deeper(p);
}

void
print_fold(struct printer *p, unsigned room)
{
	if (p->in_macro || columns(p) + room <= WIDEST) {
		print(p, " ");
		return;
	}
	print_deeper(p);
}

void
print_operator(struct printer *p, const char *sign, const char *operand)
{
	enum { BEHIND = 10 }; /* columns for what follows */

	print_fold(p, (unsigned)(1 + strlen(sign) + 1 + strlen(operand)) + BEHIND);
	buf_all(p->out, sign, " ", operand);
}

const char *
print_scope_prefix(const struct printer *p)
{
	return p->function->purpose == PURPOSE_CLEANUP ? "Scope->" : "";
}

void
print_extension(struct printer *p)
{
	bool in_macro = prog_is_macro(p->function);

	print(p, in_macro ? "(" : "");
	print(p, print_scope_prefix(p));
	print(p, p->extension);
	print(p, in_macro ? ")" : "");
}

const char *
print_parameter_name(const struct printer *p, enum prog_type type)
{
	return type == TYPE_EXTENSION                                     ? p->extension
	       : type == TYPE_REQUEST                                     ? p->request
	       : type == TYPE_FLAG                                        ? "Value"
	       : type == TYPE_LOCK                                        ? "Lock"
	       : type == TYPE_INDEX                                       ? "Index"
	       : type == TYPE_HANDLE                                      ? "Handle"
	       : type != TYPE_DIRECTION                                   ? "OldIrql"
	       : p->prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION ? "Acquire"
	                                                                  : "Change";
}

void
print_parameter(struct printer *p, const struct prog_function *function, unsigned index)
{
	enum prog_type type = function->parameter[index];
	bool second = false;

	for (unsigned i = 0; i < index; i++)
		second |= function->parameter[i] == type;
	print(p, !second ? print_parameter_name(p, type) : type == TYPE_HANDLE ? "NewHandle" : "NewIrql");
}

void
print_phrase(struct printer *p, enum dialect_phrase id)
{
	const struct phrase *phrase = &p->phrase[id];

	for (unsigned i = 0; i < phrase->count; i++) {
		const struct phrase_piece *piece = &phrase->piece[i];

		buf_add_word(p->out, piece->bytes, piece->length);
		switch (piece->slot) {
		case SLOT_NOTHING:
		case SLOT_COUNT:
			break;
		case SLOT_NEWLINE:
			print_newline(p);
			print_indent(p);
			break;
		case SLOT_EXTENSION:
			print_extension(p);
			break;
		case SLOT_EXTENSION_TYPE:
			print(p, p->extension_type);
			break;
		case SLOT_LOCK:
			print(p, p->made ? p->made : "");
			break;
		case SLOT_LOCK_TYPE:
			print(p, p->prog->rule->type[p->lock_type].name);
			break;
		case SLOT_INITIALISE:
			print(p, p->prog->rule->type[p->lock_type].initialise);
			break;
		case SLOT_REQUEST_TYPE:
			print(p, p->request_type);
			break;
		case SLOT_HANDLE:
		case SLOT_IRQL:
			print(p, print_scope_prefix(p));
			buf_puts(p->out, print_parameter_name(p, piece->slot == SLOT_HANDLE ? TYPE_HANDLE : TYPE_KIRQL));
			break;
		case SLOT_N:
			print(p, p->suffix);
			break;
		}
	}
}

void
print_work(struct printer *p)
{
	if (prog_serves(p->function))
		print_phrase(p, PHRASE_SERVE);
	else
		print_phrase(p, (enum dialect_phrase)(PHRASE_WORK + p->works++ % DIALECT_WORKS));
}

void
print_unreferenced(struct printer *p, unsigned index)
{
	p->made = print_parameter_name(p, p->function->parameter[index]);
	print_phrase(p, PHRASE_UNREFERENCED);
	p->made = NULL;
}

void
print_request_field(struct printer *p)
{
	print(p, p->request);
	print(p, p->function == p->prog->function ? "." : "->");
}

void
print_request_pointer(struct printer *p)
{
	print(p, p->function == p->prog->function ? "&" : "");
	print(p, p->request);
}

void
print_phrase_lines(struct printer *p, enum dialect_phrase phrase, const char *end)
{
	print_indent(p);
	print_phrase(p, phrase);
	print_end(p, end);
}

void
print_lock_type(struct printer *p, unsigned lock_type)
{
	const struct rule_lock_type *type = &p->prog->rule->type[lock_type];

	assert(type->name[0]); /* the lock without an object is never passed */
	p->lock_type = lock_type;
	if (type->pointer)
		print(p, type->pointer);
	else if (type->is_handle)
		print(p, type->name);
	else
		print_phrase(p, PHRASE_LOCK_POINTER);
	if (p->out->data[p->out->len - 1] != '*')
		print(p, " ");
}

unsigned
print_array_type(const struct prog *prog)
{
	unsigned locks = prog->locks | prog->rule->role[prog->role].held;

	return locks ? prog->rule->type_of[bits_lowest(locks)] : 0;
}

bool
print_outer_is_global(const struct printer *p)
{
	const struct rule *rule = p->prog->rule;

	return rule_names_locks(rule) && dialect_has_global_lock(p->dialect, rule->model);
}

bool
print_flag_is_read(const struct prog *prog, unsigned flag)
{
	return !(prog_flag_is_local(prog, flag) && prog->fresh >> flag & 1);
}

bool
print_uses_request(const struct prog *prog)
{
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1 && print_flag_is_read(prog, i))
			return true;
	return prog->chosen;
}

void
print_parameter_type(struct printer *p, enum prog_type type, unsigned lock_type)
{
	switch (type) {
	case TYPE_LOCK:
		print_lock_type(p, lock_type);
		return;
	case TYPE_INDEX:
		print(p, p->word[WORD_NUMBER]);
		break;
	case TYPE_HANDLE:
		print(p, p->word[WORD_HANDLE_POINTER]);
		break;
	case TYPE_KIRQL:
		print(p, p->word[WORD_IRQL]);
		break;
	case TYPE_KIRQL_OUT:
		print(p, p->word[WORD_IRQL_POINTER]);
		break;
	case TYPE_EXTENSION:
		print_phrase(p, PHRASE_EXTENSION_POINTER);
		break;
	case TYPE_REQUEST:
		print_phrase(p, PHRASE_REQUEST_POINTER);
		break;
	case TYPE_DIRECTION:
		if (p->prog->shapes.choice[SHAPE_HELPER] == HELPER_DIRECTION)
			print(p, p->word[WORD_BOOLEAN]);
		else
			print_phrase(p, PHRASE_DIRECTION);
		break;
	case TYPE_FLAG:
		print(p, p->word[WORD_BOOLEAN]);
		break;
	case TYPE_NONE:
	case TYPE_STATUS:
	case TYPE_AGAIN:
	case TYPE_RESULT:
		bug("no helper has such a parameter");
	}
	print(p, " ");
}
