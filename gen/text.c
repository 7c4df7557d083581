/* text: programs as C. See text.h.
 *
 * How to read it: the lists that fill a template's slots, the body, the harness behind it, the file. The statements
 * themselves are printed by gen/print.c.
 *
 * A body is: declarations (template), helpers, routine up to its first statement (template), statements, brace. What a role
 * looks like stands in its template.
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "print.h"

/* A list of lines for a slot: no newline behind the last. */
static void
end_list(struct buf *list)
{
	if (list->len)
		list->data[--list->len] = 0;
}

struct lists {
	struct buf fields, request, globals, locals, setup;
};

static void
lists_clear(struct lists *lists)
{
	buf_clear(&lists->fields);
	buf_clear(&lists->request);
	buf_clear(&lists->globals);
	buf_clear(&lists->locals);
	buf_clear(&lists->setup);
}

static void
lists_free(struct lists *lists)
{
	buf_free(&lists->fields);
	buf_free(&lists->request);
	buf_free(&lists->globals);
	buf_free(&lists->locals);
	buf_free(&lists->setup);
}

static void
list_local(struct printer *p, struct lists *lists, const struct prog_var *var)
{
	struct printer inner = *p;
	struct buf *out = &lists->locals;

	inner.out = out;
	switch (var->type) {
	case TYPE_KIRQL:
		buf_puts(out, "\tKIRQL ");
		buf_puts(out, print_irql_name(p->prog, var->index));
		buf_puts(out, " = ");
		buf_puts(out, template_value(p->template, "entry_irql"));
		break;
	case TYPE_LOCK:
		buf_puts(out, print_by_handle(p->prog->rule) ? "\tWDFSPINLOCK " : "\tPKSPIN_LOCK ");
		buf_puts(out, print_pointer_names[var->index]);
		buf_puts(out, " = ");
		print_lock(&inner, var->index);
		break;
	case TYPE_HANDLE:
		buf_puts(out, "\tKLOCK_QUEUE_HANDLE ");
		buf_puts(out, print_handle_names[var->index]);
		buf_puts(&lists->setup, "\tRtlZeroMemory(&");
		buf_puts(&lists->setup, print_handle_names[var->index]);
		buf_puts(&lists->setup, ", sizeof ");
		buf_puts(&lists->setup, print_handle_names[var->index]);
		buf_puts(&lists->setup, ");\n");
		break;
	case TYPE_FLAG:
		if (var->in_request)
			return;
		buf_puts(out, "\tBOOLEAN ");
		buf_puts(out, print_flag_names[var->index]);
		buf_puts(out, " = ");
		buf_puts(out, p->request);
		buf_puts(out, "->");
		buf_puts(out, print_flag_names[var->index]);
		break;
	case TYPE_STATUS:
		buf_puts(out, "\tNTSTATUS Status = STATUS_SUCCESS");
		break;
	case TYPE_EXTENSION:
		bug("the extension is no variable");
	}
	buf_puts(out, ";\n");
}

/* Locks whose objects must exist: those in use, and those that are held at entry. */
static unsigned
locks_present(const struct prog *prog)
{
	return prog->locks | prog->rule->role[prog->role].held;
}

static void
make_lists(struct printer *p, struct lists *lists)
{
	const struct prog *prog = p->prog;
	bool global = prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL;

	for (unsigned i = 0; i < RULE_LOCKS && prog->rule->lock_type[0]; i++) {
		struct buf *out = global ? &lists->globals : &lists->fields;

		if (!(locks_present(prog) >> i & 1))
			continue;
		buf_puts(out, global ? "static " : "\t");
		buf_puts(out, prog->rule->lock_type);
		buf_puts(out, " ");
		buf_puts(out, global ? print_global_names[i] : print_lock_names[i]);
		buf_puts(out, global ? p->suffix : "");
		buf_puts(out, ";\n");
	}
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (prog->flags >> i & 1) {
			buf_puts(&lists->request, "\tBOOLEAN ");
			buf_puts(&lists->request, print_flag_names[i]);
			buf_puts(&lists->request, ";\n");
		}
	for (unsigned i = 0; i < prog->vars; i++)
		list_local(p, lists, &prog->var[i]);
	end_list(&lists->fields);
	end_list(&lists->request);
	end_list(&lists->globals);
	end_list(&lists->locals);
	end_list(&lists->setup);
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
	make_lists(p, lists);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot("lock_fields", &lists->fields),
		slot("request_fields", &lists->request),
		slot_string("request", prog->flags ? p->request : ""),
		slot("globals", &lists->globals),
		slot("locals", &lists->locals),
		slot("setup", &lists->setup),
		slot_string("gives_cancel_lock", prog->rule->role[prog->role].held ? "" : "yes"),
	};
	size_t count = sizeof slots / sizeof *slots;

	ok = put_section(p, "declarations", slots, count, diag);
	if (ok) {
		print_newline(p);
		print_helpers(p);
		ok = put_section(p, "routine", slots, count, diag);
	}
	if (ok)
		print_routine(p);
	return ok;
}

bool
text_body(struct buf *out, struct prog *prog, const struct template *template, int suffix, struct diag *diag)
{
	struct lists lists = {0};
	struct printer p;
	bool ok;

	printer_init(&p, out, prog, template, suffix);
	ok = put_body(&p, &lists, diag);
	lists_free(&lists);
	return ok;
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

	snprintf(name, sizeof name, "templates/%s.c", rule->role[role].template_name);
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

static void
harness_lock(const struct prog *prog, const char *suffix, unsigned lock, struct harness_lists *lists)
{
	bool global = prog->shapes.choice[SHAPE_PLACE] == PLACE_GLOBAL;
	bool held = prog->rule->role[prog->role].held >> lock & 1;
	char where[80];

	if (!prog->rule->lock_type[0])
		snprintf(where, sizeof where, "LK_CANCEL_LOCK");
	else if (print_by_handle(prog->rule))
		snprintf(where, sizeof where, "LK_OBJECT(&Lock%u)", lock);
	else if (global)
		snprintf(where, sizeof where, "&%s%s", print_global_names[lock], suffix);
	else
		snprintf(where, sizeof where, "&Extension.%s", print_lock_names[lock]);
	if (print_by_handle(prog->rule)) {
		buf_printf(&lists->objects, "\tstruct WDFSPINLOCK__ Lock%u = {0};\n", lock);
		if (global)
			buf_printf(&lists->init, "\t%s%s = &Lock%u;\n", print_global_names[lock], suffix, lock);
		else
			buf_printf(&lists->init, "\tExtension.%s = &Lock%u;\n", print_lock_names[lock], lock);
	}
	buf_printf(&lists->init, "\tLK_INIT(%s, %u);\n", where, lock);
	if (held)
		buf_printf(&lists->held, "\tLK_HELD(%s, %u);\n", where, lock);
	buf_printf(&lists->exit, "\tLK_DESTROY(%s, %u);\n", where, lock);
}

/* A cancel routine of a rule that does not watch the cancel lock: it is held at entry, and nobody judges it. */
static bool
holds_unjudged_cancel_lock(const struct prog *prog)
{
	const struct rule_role *role = &prog->rule->role[prog->role];

	return !role->held && !strcmp(role->template_name, "wdm-cancel");
}

static bool
put_harness(struct printer *p, struct diag *diag)
{
	struct harness_lists lists = {0};
	bool ok;

	if (holds_unjudged_cancel_lock(p->prog))
		buf_puts(&lists.init, "\tLK_INIT(LK_CANCEL_LOCK, LK_UNJUDGED);\n"
		                      "\tLK_HELD(LK_CANCEL_LOCK, LK_UNJUDGED);\n");
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		if (locks_present(p->prog) >> i & 1)
			harness_lock(p->prog, p->suffix, i, &lists);
	for (unsigned i = 0; i < SEQ_FLAGS; i++)
		if (p->prog->flags >> i & 1)
			buf_printf(&lists.request, "\tRequest.%s = LK_UNKNOWN();\n", print_flag_names[i]);
	buf_puts(&lists.init, buf_string(&lists.held)); /* behind all of LK_INIT */
	end_list(&lists.objects);
	end_list(&lists.init);
	end_list(&lists.exit);
	end_list(&lists.request);
	struct template_slot slots[] = {
		slot_string("n", p->suffix),
		slot_string("request_fields", p->prog->flags ? "yes" : ""),
		slot_string("request", p->prog->flags ? p->request : ""),
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
text_pack_begin(struct text_pack *pack, struct buf *out, const struct world *world, bool packed,
                unsigned reading)
{
	*pack = (struct text_pack){.out = out, .world = world, .packed = packed, .reading = reading, .line = 1};
	pack->templates = calloc(1, sizeof *pack->templates);
	if (!pack->templates)
		die("out of memory");
}

static bool
pack_prologue(struct text_pack *pack, const struct rule *rule, const struct template *template,
              struct diag *diag)
{
	size_t begin = pack->out->len;
	unsigned reading = pack->reading == RULE_READINGS ? rule->headline : pack->reading;

	if (!world_prologue(pack->out, pack->world, rule, reading, template_value(template, "header"), diag))
		return false;
	for (; begin < pack->out->len; begin++)
		pack->line += pack->out->data[begin] == '\n';
	return true;
}

bool
text_pack_add(struct text_pack *pack, struct prog *prog, struct text_span *span, struct diag *diag)
{
	const struct template *template = templates_find(pack->templates, prog->rule, prog->role, diag);
	int suffix = pack->packed ? (int)pack->count : -1;
	struct printer p;

	if (!template || (!pack->count && !pack_prologue(pack, prog->rule, template, diag)))
		return false;
	printer_init(&p, pack->out, prog, template, suffix);
	if (!put_body(&p, &pack->templates->lists, diag) || (pack->world->harness && !put_harness(&p, diag)))
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

bool
text_file(struct buf *out, const struct world *world, const struct suite_case *const *cases, unsigned count,
          bool packed, unsigned reading, struct text_span *span, struct diag *diag)
{
	struct text_pack pack;
	struct arena arena = {0};
	struct prog prog;
	bool ok = true;

	text_pack_begin(&pack, out, world, packed, reading);
	for (unsigned i = 0; ok && i < count; i++) {
		prog_make(&prog, &arena, cases[i]->rule, cases[i]->role, &cases[i]->seq, &cases[i]->shapes);
		ok = text_pack_add(&pack, &prog, &span[i], diag);
		arena_reset(&arena);
	}
	text_pack_end(&pack);
	arena_free(&arena);
	return ok;
}
