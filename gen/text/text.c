/* text: programs as C. See text.h.
 *
 * How to read it: the body, the harness behind it, the file. What fills a template's slots comes from gen/text/lists.c, the statements
 * from gen/text/print.c.
 *
 * A body is: declarations (template), helpers, routine up to its first statement (template), statements, brace; and, where
 * a second file defines helpers, these. What a role looks like stands in its template.
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "lists.h"
#include "print.h"

/* Small functions that a shape reads flags and finds locks with. */

static void
put_small_function(struct printer *p, const char *text)
{
	for (const char *at = text; *at; at++)
		p->line += *at == '\n';
	buf_puts(p->out, text);
}

static void
put_small_functions(struct printer *p)
{
	const struct prog *prog = p->prog;
	static const struct prog_function elsewhere; /* it sees no locals */
	struct buf text = {0};
	struct printer inner = lists_printer(p, &text);
	unsigned found = 0;

	inner.function = &elsewhere;
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1 && prog->shapes.choice[SHAPE_FLAG] == FLAG_PREDICATE)
			buf_printf(&text, "static BOOLEAN\nIs%s%s(PREQUEST_CONTEXT%s %s)\n{\n\treturn %s->%s;\n}\n\n",
			           print_flag_names[i], p->suffix, p->suffix, p->request, p->request,
			           print_flag_names[i]);
	for (unsigned i = 0; i < prog->vars; i++)
		if (prog->var[i].type == TYPE_LOCK && prog->shapes.choice[SHAPE_ALIAS] == ALIAS_RETURNED)
			found |= 1U << prog->var[i].index;
	for (unsigned i = 0; i < RULE_LOCKS; i++) {
		if (!(found >> i & 1))
			continue;
		buf_printf(&text, "static %s\nFind", prog->rule->lock_pointer);
		print_stem(&inner, i, false, "Lock");
		buf_printf(&text, "%s(P%s%s %s)\n{\n\t%s->Transfers += 1;\n\treturn ", p->suffix, p->extension_type,
		           p->suffix, p->extension, p->extension);
		print_lock(&inner, i, false);
		buf_puts(&text, ";\n}\n\n");
	}
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

static void
printer_init(struct printer *p, struct buf *out, struct prog *prog, const struct template *template,
             int suffix)
{
	*p = (struct printer){.out = out, .prog = prog, .template = template, .line = 1};
	p->extension = template_value(template, "extension");
	p->extension_type = template_value(template, "extension_type");
	p->request = template_value(template, "request");
	p->returns = template_value(template, "returns");
	p->function = &prog->function[0];
	put_suffix(p->suffix, suffix);
}

/* `lists` is work space, kept from body to body. */
static bool
put_body(struct printer *p, struct lists *lists, struct diag *diag)
{
	struct prog *prog = p->prog;
	bool ok;

	lists_clear(lists);
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
		slot_string("gives_cancel_lock", prog->rule->role[prog->role].held ? "" : "yes"),
	};
	size_t count = sizeof slots / sizeof *slots;

	ok = put_section(p, "declarations", slots, count, diag);
	if (ok) {
		print_newline(p);
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
text_body(struct buf *out, struct buf *helpers, struct prog *prog, const struct template *template,
          int suffix, struct diag *diag)
{
	struct lists lists = {0};
	struct printer p;
	bool ok;

	printer_init(&p, out, prog, template, suffix);
	ok = put_body(&p, &lists, diag);
	lists_free(&lists);
	if (!ok || !prog_has_second_file(prog))
		return ok;
	if (!helpers)
		print_newline(&p);
	put_second(&p, helpers ? helpers : out);
	return true;
}

void
text_function_name(struct buf *out, struct prog *prog, const struct template *template, unsigned function)
{
	struct printer p;

	if (!function) {
		buf_puts(out, template_value(template, "routine"));
		return;
	}
	printer_init(&p, out, prog, template, -1);
	print_function_name(&p, function);
}

/* Every value that a body asks for is set. */
static bool
check_values(const struct template *template, struct diag *diag)
{
	static const char *const needed[] = {"header",         "routine", "extension",
	                                     "extension_type", "request", "entry_irql"};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!template_value(template, needed[i])) {
			diag_set(diag, template->name, 1, 1, "the template does not set '%s'", needed[i]);
			return false;
		}
	return true;
}

bool
text_template(struct template *template, struct arena *arena, const struct rule *rule, unsigned role,
              struct diag *diag)
{
	char name[128];
	struct data_file file;

	snprintf(name, sizeof name, "templates/%s/%s.c", rule->dialect, rule->role[role].template_name);
	if (!data_find(arena, name, &file)) {
		diag_set(diag, name, 0, 0, "rule %s, role %s: there is no such template", rule->name,
		         rule->role[role].name);
		return false;
	}
	return template_parse(template, arena, file.where, file.bytes, file.length, diag) &&
	       check_values(template, diag);
}

/* the harness */

struct harness_lists {
	struct buf objects, init, held, exit, request;
};

/* "&Extension.Locks.QueueLock", "&GlobalQueueLock_7", "&Block.QueueLock": the lock object as the harness names it. */
static void
harness_place(struct printer *p, struct buf *out, unsigned lock, bool spare)
{
	struct printer inner = lists_printer(p, out);
	unsigned place = p->prog->shapes.choice[SHAPE_PLACE];

	if (place == PLACE_HEAP) {
		buf_puts(out, "Block.");
		print_stem(&inner, lock, spare, "Lock");
		return;
	}
	if (place != PLACE_GLOBAL && place != PLACE_STATIC)
		buf_puts(out, "Extension.");
	print_lock_name(&inner, lock, spare);
}

static void
harness_lock(struct printer *p, unsigned lock, bool spare, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;
	bool held = prog->rule->role[prog->role].held >> lock & 1;
	struct buf where = {0};

	if (!prog->rule->lock_type[0]) {
		buf_puts(&where, "LK_CANCEL_LOCK");
	} else if (prog->rule->lock_is_handle) {
		unsigned number = lock + (spare ? RULE_LOCKS : 0U);

		buf_printf(&lists->objects, "\tstruct %s__ Lock%u = {0};\n", prog->rule->lock_type, number);
		buf_puts(&lists->init, "\t");
		harness_place(p, &lists->init, lock, spare);
		buf_printf(&lists->init, " = &Lock%u;\n", number);
		buf_printf(&where, "LK_OBJECT(&Lock%u)", number);
	} else {
		buf_puts(&where, "&");
		harness_place(p, &where, lock, spare);
	}
	buf_printf(&lists->init, "\tLK_INIT(%s, %u);\n", where.data, lock);
	if (held)
		buf_printf(&lists->held, "\tLK_HELD(%s, %u);\n", where.data, lock);
	buf_printf(&lists->exit, "\tLK_DESTROY(%s, %u);\n", where.data, lock);
	buf_free(&where);
}

static void
harness_flag(struct printer *p, struct harness_lists *lists, unsigned flag)
{
	const char *name = print_flag_names[flag];

	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		buf_printf(&lists->request, "\tRequest.Flags |= LK_UNKNOWN() ? REQUEST_%s : 0;\n",
		           print_flag_words[flag]);
		break;
	case FLAG_ENUM:
		buf_printf(&lists->request, "\tRequest.%s = LK_UNKNOWN() ? RequestActive%s : RequestIdle%s;\n", name,
		           p->suffix, p->suffix);
		break;
	case FLAG_ARITHMETIC:
	case FLAG_RESPELLED:
		buf_printf(&lists->request, "\tRequest.%sCount = LK_UNKNOWN();\n", name);
		break;
	default:
		buf_printf(&lists->request, "\tRequest.%s = LK_UNKNOWN();\n", name);
		break;
	}
}

/* A cancel routine of a rule that does not watch the cancel lock: it is held at entry, and nobody judges it. */
static bool
holds_unjudged_cancel_lock(const struct prog *prog)
{
	const struct rule_role *role = &prog->rule->role[prog->role];

	return !role->held && !strcmp(role->template_name, "wdm-cancel");
}

/* Queue handles in the device extension are cleared once, by whoever makes the extension. */
static void
harness_handles(struct printer *p, struct harness_lists *lists)
{
	struct printer inner = lists_printer(p, &lists->init);

	for (unsigned i = 0; i < p->prog->vars; i++) {
		const struct prog_var *var = &p->prog->var[i];

		if (var->type != TYPE_HANDLE || p->prog->shapes.choice[SHAPE_SAVED] != SAVED_EXTENSION)
			continue;
		buf_puts(inner.out, "\tRtlZeroMemory(&Extension.");
		print_saved_name(&inner, var);
		buf_puts(inner.out, ", sizeof Extension.");
		print_saved_name(&inner, var);
		buf_puts(inner.out, ");\n");
	}
}

/* The lock that the noise shape holds around it all. */
static void
harness_outer(const struct prog *prog, struct harness_lists *lists)
{
	if (prog->shapes.choice[SHAPE_NOISE] != NOISE_OUTER || !(prog->effects >> SHAPE_NOISE & 1))
		return;
	if (!print_outer_is_cancel(prog))
		buf_puts(&lists->init, "\tLK_INIT(&Extension.StatisticsLock, LK_UNJUDGED);\n");
	else if (!holds_unjudged_cancel_lock(prog))
		buf_puts(&lists->init, "\tLK_INIT(LK_CANCEL_LOCK, LK_UNJUDGED);\n");
}

static void
make_harness_lists(struct printer *p, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;

	if (prog->rule->lock_type[0] && prog->shapes.choice[SHAPE_PLACE] == PLACE_HEAP) {
		buf_printf(&lists->objects, "\tLOCK_BLOCK%s Block;\n", p->suffix);
		buf_puts(&lists->init, "\tExtension.Block = &Block;\n");
	}
	if (holds_unjudged_cancel_lock(prog))
		buf_puts(&lists->init, "\tLK_INIT(LK_CANCEL_LOCK, LK_UNJUDGED);\n"
		                       "\tLK_HELD(LK_CANCEL_LOCK, LK_UNJUDGED);\n");
	harness_outer(prog, lists);
	harness_handles(p, lists);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned spare = 0; spare < 2; spare++)
			if (lists_has_lock(prog, i, spare))
				harness_lock(p, i, spare, lists);
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1)
			harness_flag(p, lists, i);
	if (prog->chosen)
		buf_puts(&lists->request, "\tRequest.Mapped = LK_UNKNOWN();\n");
	buf_puts(&lists->init, buf_string(&lists->held)); /* behind all of LK_INIT */
	lists_end_one(&lists->objects);
	lists_end_one(&lists->init);
	lists_end_one(&lists->exit);
	lists_end_one(&lists->request);
}

static bool
put_harness(struct printer *p, struct diag *diag)
{
	struct harness_lists lists = {0};
	bool ok;

	make_harness_lists(p, &lists);
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
	buf_free(&lists.objects);
	buf_free(&lists.init);
	buf_free(&lists.held);
	buf_free(&lists.exit);
	buf_free(&lists.request);
	return ok;
}

/* the file */

enum { TEMPLATES = 16 };

/* What a file keeps from body to body: templates in use, parsed once, and work space. */
struct text_templates {
	struct arena arena;
	struct lists lists;
	unsigned count;
	const struct rule *rule[TEMPLATES];
	unsigned role[TEMPLATES];
	struct template template[TEMPLATES];
};

static const struct template *
templates_find(struct text_templates *t, const struct rule *rule, unsigned role, struct diag *diag)
{
	unsigned i;

	for (i = 0; i < t->count; i++)
		if (t->rule[i] == rule && t->role[i] == role)
			return &t->template[i];
	if (i == TEMPLATES)
		i = t->count = 0; /* begin anew: nobody keeps one */
	t->rule[i] = rule;
	t->role[i] = role;
	if (!text_template(&t->template[i], &t -> arena, rule, role, diag))
		return NULL;
	t->count++;
	return &t->template[i];
}

void
text_pack_begin(struct text_pack *pack, struct buf *out, struct buf *helpers, const struct world *world,
                bool packed, unsigned reading)
{
	*pack = (struct text_pack){
		.out = out, .world = world, .packed = packed, .reading = reading, .line = 1, .helpers_line = 1};
	pack->helpers = world->self_contained ? NULL : helpers;
	pack->templates = calloc(1, sizeof *pack->templates);
	if (!pack->templates)
		die("out of memory");
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

bool
text_pack_add(struct text_pack *pack, struct prog *prog, struct text_span *span, struct diag *diag)
{
	const struct template *template = templates_find(pack->templates, prog->rule, prog->role, diag);
	int suffix = pack->packed ? (int)pack->count : -1;
	struct printer p;

	if (!template)
		return false;
	*span = (struct text_span){0};
	printer_init(&p, pack->out, prog, template, suffix);
	if ((!pack->count && !pack_prologue(pack, pack->out, &pack->line, &p, diag)) ||
	    !put_body(&p, &pack->templates->lists, diag) ||
	    (prog_has_second_file(prog) && !pack_second(pack, &p, span, diag)) ||
	    (pack->world->harness && !put_harness(&p, diag)))
		return false;
	if (pack->packed)
		print_newline(&p);
	span->first = pack->line;
	span->lines = p.line - 1; /* it began on line 1 */
	pack->line += span->lines;
	pack->count++;
	return true;
}

void
text_pack_end(struct text_pack *pack)
{
	world_epilogue(pack->out, pack->world, pack->count, pack->packed);
	arena_free(&pack->templates->arena);
	lists_free(&pack->templates->lists);
	free(pack->templates);
	pack->templates = NULL;
}
