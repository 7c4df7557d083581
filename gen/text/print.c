/* print: lines, phrases and types, which all printers of a body share. See print.h. */
#include "print.h"

#include <assert.h>
#include <string.h>

enum { TAB = 4, WIDE = 75 }; /* what follows has room for 45 columns behind these, and so a line for 120 */

void
print_newline(struct printer *p)
{
	buf_putc(p->out, '\n');
	p->line++;
}

void
print_indent(struct printer *p)
{
	static const char tabs[] = "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
	unsigned left = p->depth;

	for (; left > sizeof tabs - 1; left -= (unsigned)sizeof tabs - 1)
		buf_add(p->out, tabs, sizeof tabs - 1);
	buf_add(p->out, tabs, left);
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

	while (at && bytes[at - 1] != '\n') {
		bool ends = suffix && at >= suffix && !memcmp(bytes + at - suffix, p->suffix, suffix);

		count += ends ? 0 : bytes[at - 1] == '\t' ? TAB : 1;
		at -= ends ? suffix : 1;
	}
	return count;
}

void
print_comma(struct printer *p)
{
	if (columns(p) < WIDE) {
		print(p, ", ");
		return;
	}
	print_end(p, ",");
	p->depth++;
	print_indent(p);
	p->depth--;
}

void
print_extension(struct printer *p)
{
	bool in_macro = prog_is_macro(p->function);

	print(p, in_macro ? "(" : "");
	print(p, p->extension);
	print(p, in_macro ? ")" : "");
}

const char *
print_parameter_name(const struct printer *p, enum prog_type type)
{
	return type == TYPE_EXTENSION ? p->extension
	       : type == TYPE_REQUEST ? p->request
	       : type == TYPE_LOCK    ? "Lock"
	       : type == TYPE_INDEX   ? "Index"
	       : type == TYPE_HANDLE  ? "Handle"
	                              : "OldIrql";
}

void
print_phrase(struct printer *p, enum dialect_phrase id)
{
	const struct phrase *phrase = &p->phrase[id];

	for (unsigned i = 0; i < phrase->count; i++) {
		const struct phrase_piece *piece = &phrase->piece[i];

		buf_add(p->out, piece->bytes, piece->length);
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
			print(p, p->prog->rule->lock_type);
			break;
		case SLOT_INITIALISE:
			print(p, p->prog->rule->initialise ? p->prog->rule->initialise : "");
			break;
		case SLOT_REQUEST_TYPE:
			print(p, p->request_type);
			break;
		case SLOT_HANDLE:
		case SLOT_IRQL:
			print(p, print_parameter_name(p, piece->slot == SLOT_HANDLE ? TYPE_HANDLE : TYPE_KIRQL));
			break;
		case SLOT_N:
			print(p, p->suffix);
			break;
		}
	}
}

bool
print_serves(const struct prog_function *function)
{
	return function->purpose == PURPOSE_ACQUIRE || function->purpose == PURPOSE_RELEASE ||
	       function->purpose == PURPOSE_CONDITIONAL;
}

void
print_work(struct printer *p)
{
	if (print_serves(p->function))
		print_phrase(p, PHRASE_SERVE);
	else
		print_phrase(p, (enum dialect_phrase)(PHRASE_WORK + p->works++ % DIALECT_WORKS));
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
print_lock_type(struct printer *p)
{
	const struct rule *rule = p->prog->rule;

	assert(rule->lock_type[0]); /* the lock without an object is never passed */
	if (rule->lock_pointer)
		print(p, rule->lock_pointer);
	else if (rule->lock_is_handle)
		print(p, rule->lock_type);
	else
		print_phrase(p, PHRASE_LOCK_POINTER);
	if (p->out->data[p->out->len - 1] != '*')
		print(p, " ");
}

bool
print_outer_is_global(const struct printer *p)
{
	const struct rule *rule = p->prog->rule;

	return rule->lock_type[0] && dialect_has_global_lock(p->dialect, rule->model);
}

bool
print_flag_is_local(const struct prog *prog, unsigned flag)
{
	unsigned choice = prog->shapes.choice[SHAPE_FLAG];

	return choice == FLAG_LOCAL || choice == FLAG_STATUS || (choice == FLAG_REQUEST && prog->set >> flag & 1);
}

bool
print_flag_is_read(const struct prog *prog, unsigned flag)
{
	return !(print_flag_is_local(prog, flag) && prog->fresh >> flag & 1);
}

bool
print_uses_request(const struct prog *prog)
{
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1 && print_flag_is_read(prog, i))
			return true;
	return prog->chosen;
}
