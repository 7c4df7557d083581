/* text: programs as C. See text.h.
 *
 * How to read it: the body, then the file. What fills a template's slots comes from lists.c and harness.c,
 * functions and statements from print_function.c and print_statement.c; what they are called from the
 * dialect.
 *
 * A body is: declarations (template), helpers, routine up to its first statement (template), statements,
 * brace; and, where a second file defines helpers, these. What a role looks like stands in its template.
 */
#include "text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "dialect.h"
#include "harness.h"
#include "lists.h"
#include "print.h"
#include "registration.h"

/* The routine that makes global locks. */
static void
put_initialise(struct printer *p)
{
	enum dialect_phrase phrase = PHRASE_INITIALISE_LOCK;
	struct buf name = {0};
	struct printer inner;

	if (!lists_makes_locks(p->prog))
		return;
	inner = lists_printer(p, &name);
	print_phrase_lines(p, PHRASE_INITIALISE_BEGIN, "");
	for (unsigned i = 0; i < 2 * RULE_LOCKS; i++) {
		if (!lists_has_lock(p->prog, i / 2, i % 2) || !lists_makes_lock(p->prog, i / 2))
			continue;
		p->lock_type = p->rule->type_of[i / 2];
		buf_clear(&name);
		buf_putc(&name, '&');
		print_lock_name(&inner, i / 2, i % 2);
		p->made = name.data;
		print_phrase_lines(p, phrase, "");
		phrase = PHRASE_INITIALISE_NEXT;
	}
	p->made = NULL;
	print_phrase_lines(p, PHRASE_INITIALISE_END, "\n");
	p->line++;
	buf_free(&name);
}

/* Small functions that a shape reads flags and finds locks with. */

static void
put_small_function(struct printer *p, const char *text)
{
	for (const char *at = text; *at; at++)
		p->line += *at == '\n';
	buf_puts(p->out, text);
}

/* Whether a flag is set. */
static void
put_flag_function(struct printer *inner, const char *name)
{
	buf_all(inner->out, "static ", inner->word[WORD_BOOLEAN], "\nIs", name, inner->suffix, "(");
	print_phrase(inner, PHRASE_REQUEST_POINTER);
	buf_all(inner->out, " ", inner->request, ")\n{\n\treturn ", inner->request, "->", name, ";\n}\n\n");
}

/* PKSPIN_LOCK, with what follows on a line of its own. */
static void
put_lock_type_line(struct printer *inner, const char *linkage, unsigned lock_type)
{
	buf_puts(inner->out, linkage);
	print_lock_type(inner, lock_type);
	if (inner->out->data[inner->out->len - 1] == ' ')
		inner->out->len--;
	buf_puts(inner->out, "\n");
}

/* Where a lock is. */
static void
put_find_function(struct printer *inner, unsigned lock)
{
	put_lock_type_line(inner, "static ", inner->rule->type_of[lock]);
	buf_puts(inner->out, "Find");
	print_stem(inner, lock, false, "Lock");
	buf_all(inner->out, inner->suffix, "(");
	print_phrase(inner, PHRASE_EXTENSION_POINTER);
	buf_all(inner->out, " ", inner->extension, ")\n{\n\t");
	print_phrase(inner, PHRASE_SERVE);
	buf_puts(inner->out, ";\n\treturn ");
	print_lock(inner, lock, false);
	buf_puts(inner->out, ";\n}\n\n");
}

/* #define LockAt(Extension, Index) (&(Extension)->LockTable[Index]) */
static void
put_element_macro(struct printer *inner)
{
	bool handle = inner->rule->type[print_array_type(inner->prog)].is_handle;

	buf_all(inner->out, "#define LockAt", inner->suffix, "(", inner->extension, ", Index) (");
	buf_all(inner->out, handle ? "(" : "&(", inner->extension, ")->LockTable[Index])\n\n");
}

/* The element of the lock array; of the kind that helpers are. */
static void
put_element_function(struct printer *inner)
{
	unsigned call = inner->prog->shapes.choice[SHAPE_CALL], type = print_array_type(inner->prog);

	if (call == CALL_MACRO) {
		put_element_macro(inner);
		return;
	}
	put_lock_type_line(inner, call == CALL_INLINE ? "static inline " : "static ", type);
	buf_all(inner->out, "LockAt", inner->suffix, "(");
	print_phrase(inner, PHRASE_EXTENSION_POINTER);
	buf_all(inner->out, " ", inner->extension, ", ", inner->word[WORD_NUMBER], " Index)\n{\n\treturn ",
	        inner->rule->type[type].is_handle ? "" : "&", inner->extension, "->LockTable[Index];\n}\n\n");
}

/* What moves the pointer. */
static void
put_select_function(struct printer *inner)
{
	unsigned type = print_array_type(inner->prog);

	buf_all(inner->out, "static ", inner->word[WORD_VOID], "\nSelectLock", inner->suffix, "(");
	print_lock_type(inner, type);
	buf_puts(inner->out, "*Pointer, ");
	print_lock_type(inner, type);
	buf_puts(inner->out, "Lock)\n{\n\t*Pointer = Lock;\n}\n\n");
}

static void
put_small_functions(struct printer *p)
{
	const struct prog *prog = p->prog;
	static const struct prog_function elsewhere; /* none of the program's: it sees no locals */
	unsigned flags = prog->shapes.choice[SHAPE_FLAG] == FLAG_PREDICATE ? prog->flags : 0;
	unsigned found = lists_found(prog);
	bool accesses = prog_has_shape(prog, PLACE_ACCESSOR);
	bool selects = prog_has_shape(prog, ALIAS_MOVED);
	struct buf text = {0};
	struct printer inner;

	if (!flags && !found && !selects && !accesses)
		return;
	inner = lists_printer(p, &text);
	inner.function = &elsewhere;
	bits_each (i, flags)
		put_flag_function(&inner, p->dialect->names[NAMES_FLAG][i]);
	if (accesses)
		put_element_function(&inner);
	bits_each (i, found)
		put_find_function(&inner, i);
	if (selects)
		put_select_function(&inner);
	put_small_function(p, buf_string(&text));
	buf_free(&text);
}

static struct template_slot
slot(const char *name, const struct buf *list)
{
	return (struct template_slot){name, buf_string(list), list->len};
}

static struct template_slot
slot_string(const char *name, const char *string)
{
	return (struct template_slot){name, string, strlen(string)};
}

static bool
put_section(struct printer *p, const char *name, const struct template_slot *slots, size_t count,
            struct diag *diag)
{
	const struct template_section *section = template_section(p->template, name);

	if (!section) {
		diag_set(diag, p->template->name, 0, 0, "the template has no section '%s'", name);
		return false;
	}
	return template_print(p->out, section, slots, count, &p->line, diag);
}

/* "_17"; nothing for a negative number. */
static void
put_suffix(char suffix[PRINT_SUFFIX_MOST], int number)
{
	char digits[PRINT_SUFFIX_MOST];
	unsigned n = 0;

	if (number < 0)
		return;
	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	*suffix++ = '_';
	while (n)
		*suffix++ = digits[--n];
	*suffix = 0;
}

/* False, with the message, where the dialect or the role's template is broken. */
static bool
printer_init(struct printer *p, struct buf *out, struct prog *prog, int suffix, struct diag *diag)
{
	const struct rule *rule = prog->rule;
	const struct template *template = text_template(rule, prog->role, diag);

	if (!template)
		return false;
	*p = (struct printer){
		.out = out, .prog = prog, .rule = rule, .role = prog->role, .template = template, .line = 1};
	p->dialect = dialect_find(rule->dialect, diag);
	assert(p->dialect); /* its template was found */
	p->word = p->dialect->word;
	p->phrase = dialect_phrases(p->dialect, rule->model);
	p->extension = template_value(template, "extension");
	p->extension_type = template_value(template, "extension_type");
	p->request = template_value(template, "request");
	p->request_type = template_value(template, "request_type");
	p->returns = template_value(template, "returns");
	p->function = &prog->function[0];
	put_suffix(p->suffix, suffix);
	return true;
}

/* `lists` is work space, kept from body to body. */
static bool
put_body(struct printer *p, struct lists *lists, struct diag *diag)
{
	struct prog *prog = p->prog;
	bool ok;

	lists_clear(lists);
	if (prog->labels)
		p->ordinal = arena_alloc(prog->arena, (prog->labels + 1U + LABEL_KINDS) * sizeof *p->ordinal);
	lists_make(p, lists);
	p->locals = buf_string(&lists->locals);
	p->setup = buf_string(&lists->setup);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot("types", &lists->types),
		slot("lock_fields", &lists->fields),
		slot("request_fields", &lists->request),
		slot_string("request", print_uses_request(prog) ? p->request : ""),
		slot("globals", &lists->globals),
		slot_string("locals", prog->main ? "" : p->locals),
		slot_string("setup", prog->main ? "" : p->setup),
		slot_string("gives_cancel_lock", rule_names_locks(prog->rule) ? "yes" : ""),
	};
	size_t count = sizeof slots / sizeof *slots;

	ok = put_section(p, "declarations", slots, count, diag);
	if (ok) {
		print_newline(p);
		put_initialise(p);
		put_small_functions(p);
		print_functions(p, true);
		ok = put_section(p, "routine", slots, count, diag);
	}
	if (ok) {
		print_routine(p);
		print_functions(p, false);
	}
	return ok;
}

/* The second part, to a buffer that may be the first part's; its number of lines. */
static uint32_t
put_second(const struct printer *p, struct buf *out)
{
	struct printer second = *p;

	second.out = out;
	second.line = LINE_SECOND + 1;
	print_second_file(&second);
	return second.line - LINE_SECOND - 1;
}

bool
text_body(struct buf *out, struct buf *helpers, struct prog *prog, int suffix, struct diag *diag)
{
	struct lists lists = {0};
	struct printer p;
	bool ok;

	ok = printer_init(&p, out, prog, suffix, diag) && put_body(&p, &lists, diag);
	lists_free(&lists);
	if (!ok || !prog_has_second_file(prog))
		return ok;
	if (!helpers)
		print_newline(&p);
	put_second(&p, helpers ? helpers : out);
	return true;
}

const struct template *
text_template(const struct rule *rule, unsigned role, struct diag *diag)
{
	const struct dialect *dialect = dialect_find(rule->dialect, diag);
	const char *name = rule->role[role].template_name;
	const struct template *template = dialect ? dialect_template(dialect, name, diag) : NULL;

	if (template && !rule_names_locks(rule) && !rule->role[role].held &&
	    template_value(template, "held_lock")) {
		diag_set(diag, template->name, 0, 0,
		         "rule %s, role %s: its lock is held when this routine is entered", rule->name,
		         rule->role[role].name);
		return NULL;
	}
	if (!template && dialect && !diag->message[0])
		diag_set(diag, diag->file, 0, 0, "rule %s, role %s: there is no such template", rule->name,
		         rule->role[role].name);
	return template;
}

bool
text_function_name(struct buf *out, struct prog *prog, unsigned function, struct diag *diag)
{
	struct printer p;

	if (!printer_init(&p, out, prog, -1, diag))
		return false;
	if (function)
		print_function_name(&p, function);
	else
		buf_puts(out, template_value(p.template, "routine"));
	return true;
}

/* A printer of expressions in the function with the routine's statements. */
static bool
main_printer(struct printer *p, struct buf *out, struct prog *prog)
{
	struct diag diag;

	if (!printer_init(p, out, prog, -1, &diag))
		return false;
	p->function = &prog->function[prog->main];
	p->plain = true;
	return true;
}

bool
text_lock_member(struct buf *out, struct prog *prog, unsigned lock)
{
	struct buf name = {0};
	struct printer p;
	bool object;

	if (prog->chosen >> lock & 1 || !main_printer(&p, &name, prog))
		return false;
	if ((prog_has_shape(prog, PLACE_PARAMETER) || prog_has_shape(prog, PLACE_INDEX)) &&
	    !(prog->named >> lock & 1))
		return false; /* a variable that only a lock has which the function names */
	if (!rule_names_locks(prog->rule)) {
		buf_puts(out, "LockdrillCancelLock.");
		return true;
	}
	print_lock(&p, lock, false);
	object = name.data[0] == '&';
	buf_all(out, name.data + object, object ? "." : "->",
	        rule_lock_type(prog->rule, lock)->is_handle ? "Lock." : "");
	buf_free(&name);
	return true;
}

bool
text_flag_test(struct buf *out, struct prog *prog, unsigned flag, bool value)
{
	struct printer p;

	if (prog->fresh >> flag & 1 || !main_printer(&p, out, prog))
		return false;
	switch (prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
	case FLAG_MEMORY:
		return false;
	case FLAG_PREDICATE:
	case FLAG_STATUS:
		print_flag_place(&p, flag);
		if (prog->shapes.choice[SHAPE_FLAG] == FLAG_STATUS)
			buf_puts(out, value ? " >= 0" : " < 0");
		else
			buf_puts(out, value ? " != 0" : " == 0");
		return true;
	default:
		print_flag(&p, flag, !value, false);
		return true;
	}
}

const char *const *
text_handle_names(const struct rule *rule, struct diag *diag)
{
	const struct dialect *dialect = dialect_find(rule->dialect, diag);

	return dialect ? dialect->names[NAMES_HANDLE] : NULL;
}

static bool
put_harness(struct printer *p, struct diag *diag)
{
	struct harness_lists lists = {0};
	bool ok;

	harness_make(p, &lists);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot_string("request_fields", print_uses_request(p->prog) ? "yes" : ""),
		slot_string("request", print_uses_request(p->prog) ? p->request : ""),
		slot("lock_objects", &lists.objects),
		slot("lock_init", &lists.init),
		slot("lock_exit", &lists.exit),
		slot("request_init", &lists.request),
	};

	ok = put_section(p, "harness", slots, sizeof slots / sizeof *slots, diag);
	harness_free(&lists);
	return ok;
}

/* What a driver does so that the system calls the routine. */
static bool
put_registration(const struct text_pack *pack, const struct printer *printer, struct diag *diag)
{
	struct registration_lists lists = {0};
	struct printer p = *printer;
	bool ok;

	p.out = pack->registrations;
	registration_make(&p, &lists);
	struct template_slot slots[] = {
		slot_string("n", p.suffix),
		slot_string("alone", pack->packed ? "" : "yes"),
		slot_string("request_fields", print_uses_request(p.prog) ? "yes" : ""),
		slot("lock_objects", &lists.objects),
		slot("lock_init", &lists.init),
	};

	ok = put_section(&p, "register", slots, sizeof slots / sizeof *slots, diag);
	registration_free(&lists);
	return ok;
}

/* the file */

enum { PACK_ROLES = 16 };

/* Work space, kept from body to body. */
struct text_work {
	unsigned roles; /* whose printers were made */
	struct printer role[PACK_ROLES];
	struct lists lists;
	struct buf marked; /* a body in which MARK stands for the suffix, and its harness */
	struct buf plain;  /* a body without suffix */
};

static const char MARK[] = "\001"; /* no byte of a C text */

void
text_pack_begin(struct text_pack *pack, struct buf *out, struct buf *helpers, const struct world *world,
                bool packed, unsigned reading)
{
	*pack = (struct text_pack){
		.out = out, .world = world, .packed = packed, .reading = reading, .line = 1, .helpers_line = 1};
	pack->helpers = world->self_contained ? NULL : helpers;
	pack->work = calloc(1, sizeof *pack->work);
	if (!pack->work)
		die("out of memory");
}

/* A printer for a program. What does not hang on the program but on its role is looked up once a pack. */
static bool
pack_printer(struct text_pack *pack, struct printer *p, struct buf *out, struct prog *prog, struct diag *diag)
{
	struct text_work *work = pack->work;

	for (unsigned i = 0; i < work->roles; i++)
		if (work->role[i].rule == prog->rule && work->role[i].role == prog->role) {
			*p = work->role[i];
			p->out = out;
			p->prog = prog;
			p->function = &prog->function[0];
			return true;
		}
	if (!printer_init(p, out, prog, -1, diag))
		return false;
	p->annotated = pack->world->annotated;
	if (work->roles < PACK_ROLES)
		work->role[work->roles++] = *p;
	return true;
}

/* The same for both files: `line` is the one's line that follows. */
static bool
pack_prologue(const struct text_pack *pack, struct buf *out, uint32_t *line, const struct printer *p,
              struct diag *diag)
{
	const struct rule *rule = p->prog->rule;
	size_t begin = out->len;
	unsigned reading = pack->reading == RULE_READINGS ? rule->headline : pack->reading;

	if (!world_prologue(out, pack->world, rule, reading, template_value(p->template, "header"), diag))
		return false;
	for (; begin < out->len; begin++)
		*line += out->data[begin] == '\n';
	return true;
}

/* The second part, in the second file or behind the routine. */
static bool
pack_second(struct text_pack *pack, struct printer *p, struct text_span *span, struct diag *diag)
{
	if (!pack->helpers) {
		print_newline(p);
		span->helpers_first = pack->line + p->line - 1;
		span->helpers_lines = put_second(p, p->out);
		p->line += span->helpers_lines;
		return true;
	}
	if (pack->helpers_line == 1) {
		if (!pack_prologue(pack, pack->helpers, &pack->helpers_line, p, diag))
			return false;
	} else {
		buf_putc(pack->helpers, '\n');
		pack->helpers_line++;
	}
	span->helpers_first = pack->helpers_line;
	span->helpers_lines = put_second(p, pack->helpers);
	pack->helpers_line += span->helpers_lines;
	return true;
}

/* A body with what its world adds, to the printer's buffer; *length is that of the body and its second part
 * there. */
static bool
pack_body(struct text_pack *pack, struct printer *p, struct text_span *span, size_t *length,
          struct diag *diag)
{
	size_t begin = p->out->len;

	*span = (struct text_span){0};
	if ((!pack->count && !pack_prologue(pack, pack->out, &pack->line, p, diag)))
		return false;
	if (p->out == pack->out)
		begin = p->out->len;
	if (!put_body(p, &pack->work->lists, diag) ||
	    (prog_has_second_file(p->prog) && !pack_second(pack, p, span, diag)))
		return false;
	*length = p->out->len - begin;
	if (pack->world->harness && !put_harness(p, diag))
		return false;
	if (pack->registrations && !put_registration(pack, p, diag))
		return false;
	if (pack->packed)
		print_newline(p);
	span->first = pack->line;
	span->lines = p->line - 1; /* it began on line 1 */
	pack->line += span->lines;
	pack->count++;
	return true;
}

bool
text_pack_add(struct text_pack *pack, struct prog *prog, struct text_span *span, struct diag *diag)
{
	struct printer p;
	size_t length;

	assert(pack->packed || !pack->count);
	if (!pack_printer(pack, &p, pack->out, prog, diag))
		return false;
	put_suffix(p.suffix, pack->packed ? (int)pack->count : -1);
	return pack_body(pack, &p, span, &length, diag);
}

/* Adds a text with its marks replaced. */
static void
add_unmarked(struct buf *out, const char *text, size_t length, const char *suffix)
{
	const char *end = text + length;

	for (const char *mark; (mark = memchr(text, MARK[0], (size_t)(end - text))); text = mark + 1) {
		buf_add(out, text, (size_t)(mark - text));
		buf_puts(out, suffix);
	}
	buf_add(out, text, (size_t)(end - text));
}

bool
text_pack_add_hashed(struct text_pack *pack, struct prog *prog, struct text_span *span,
                     struct text_plain *plain, struct diag *diag)
{
	struct text_work *work = pack->work;
	char suffix[PRINT_SUFFIX_MOST] = "";
	struct printer p;
	size_t length;

	assert(!pack->helpers && (pack->packed || !pack->count)); /* what is hashed stands in one file */
	put_suffix(suffix, pack->packed ? (int)pack->count : -1);
	buf_clear(&work->marked);
	buf_clear(&work->plain);
	if (!pack_printer(pack, &p, &work->marked, prog, diag))
		return false;
	memcpy(p.suffix, MARK, sizeof MARK);
	if (!pack_body(pack, &p, span, &length, diag))
		return false;
	assert(length <= work->marked.len);
	add_unmarked(&work->plain, work->marked.data, length, "");
	add_unmarked(pack->out, work->marked.data, work->marked.len, suffix);
	plain->bytes = work->plain.data;
	plain->length = work->plain.len;
	hash_bytes(work->plain.data, work->plain.len, plain->hash);
	return true;
}

uint32_t
text_span_line(const struct text_span *span, uint32_t line)
{
	return line > LINE_SECOND ? line - LINE_SECOND + span->helpers_first - 1 : line + span->first - 1;
}

void
text_pack_end(struct text_pack *pack)
{
	world_epilogue(pack->out, pack->world, pack->count, pack->packed);
	lists_free(&pack->work->lists);
	buf_free(&pack->work->marked);
	buf_free(&pack->work->plain);
	free(pack->work);
	pack->work = NULL;
}
