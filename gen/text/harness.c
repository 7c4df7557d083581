/* harness: what a harness declares, initialises and takes apart. See harness.h.
 *
 * How to read it: harness_make is the table of contents. The function around these lines stands in the role's
 * template; LK_... are macros of the world's locks.h. A lock that no reading judges has LK_UNJUDGED for its
 * number.
 */
#include "harness.h"

#include <assert.h>
#include <string.h>

#include "bits.h"

/* "&Extension.Locks.QueueLock", "&GlobalQueueLock_7", "&Block.QueueLock": the lock object as the harness
 * names it. */
static void
put_place(struct printer *p, struct buf *out, unsigned lock, bool spare)
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

/* A lock that its harness makes: an object, where the lock is a handle, and what makes it. */
static void
list_new_lock(struct printer *p, unsigned lock, bool spare, struct harness_lists *lists, struct buf *where)
{
	if (rule_lock_type(p->prog->rule, lock)->is_handle) {
		unsigned number = lock + (spare ? RULE_LOCKS : 0U);
		struct printer object = lists_printer(p, &lists->objects);

		object.lock_type = p->prog->rule->type_of[lock];
		buf_puts(object.out, "\t");
		print_phrase(&object, PHRASE_LOCK_OBJECT);
		buf_printf(object.out, " Lock%u = {0};\n", number);
		buf_puts(&lists->init, "\t");
		put_place(p, &lists->init, lock, spare);
		buf_printf(&lists->init, " = &Lock%u;\n", number);
		buf_printf(where, "LK_OBJECT(&Lock%u)", number);
	} else {
		buf_puts(where, "&");
		put_place(p, where, lock, spare);
	}
	buf_printf(&lists->init, "\tLK_INIT(%s, %u);\n", buf_string(where), lock);
}

/* One that the text made. */
static void
list_made_lock(struct printer *p, unsigned lock, bool spare, struct harness_lists *lists, struct buf *where)
{
	bool handle = rule_lock_type(p->prog->rule, lock)->is_handle;

	buf_puts(where, handle ? "LK_OBJECT(" : "&");
	put_place(p, where, lock, spare);
	buf_puts(where, handle ? ")" : "");
	buf_printf(&lists->init, "\tLK_KNOWN(%s, %u);\n", buf_string(where), lock);
}

static void
list_lock(struct printer *p, unsigned lock, bool spare, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;
	bool held = prog->rule->role[prog->role].held >> lock & 1;
	struct buf where = {0};

	if (!rule_names_locks(prog->rule)) {
		buf_puts(&where, p->word[WORD_GLOBAL_LOCK]);
		buf_printf(&lists->init, "\tLK_INIT(%s, %u);\n", where.data, lock);
	} else if (lists_makes_lock(prog, lock)) {
		list_made_lock(p, lock, spare, lists, &where);
	} else {
		list_new_lock(p, lock, spare, lists, &where);
	}
	if (held)
		buf_printf(&lists->held, "\tLK_HELD(%s, %u);\n", where.data, lock);
	buf_printf(&lists->exit, "\tLK_DESTROY(%s, %u);\n", where.data, lock);
	buf_free(&where);
}

static void
list_flag(struct printer *p, struct harness_lists *lists, unsigned flag)
{
	const char *name = p->dialect->names[NAMES_FLAG][flag];
	struct printer inner = lists_printer(p, &lists->request);

	if (p->prog->fresh >> flag & 1)
		return;
	switch (p->prog->shapes.choice[SHAPE_FLAG]) {
	case FLAG_BIT:
		buf_printf(&lists->request, "\tRequest.Flags |= LK_UNKNOWN() ? %s : 0;\n",
		           p->dialect->names[NAMES_FLAG_BIT][flag]);
		break;
	case FLAG_ENUM:
		buf_printf(inner.out, "\tRequest.%s = LK_UNKNOWN() ? ", name);
		print_phrase(&inner, PHRASE_STATE_ACTIVE);
		buf_puts(inner.out, " : ");
		print_phrase(&inner, PHRASE_STATE_IDLE);
		buf_puts(inner.out, ";\n");
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

/* The lock that is held when the role is entered although the rule does not watch it, as the world calls it;
 * or NULL. */
static const char *
unjudged_lock(const struct printer *p)
{
	const struct prog *prog = p->prog;

	return rule_names_locks(prog->rule) ? template_value(p->template, "held_lock") : NULL;
}

/* The lock that the noise shape holds around it all; once, where it is held at entry too. */
static void
list_outer(const struct printer *p, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;
	const char *held = unjudged_lock(p);
	const char *lock = p->word[print_outer_is_global(p) ? WORD_GLOBAL_LOCK : WORD_OUTER_LOCK];

	if (prog_has_shape(prog, NOISE_OUTER) && (!held || strcmp(held, lock)))
		buf_printf(&lists->init, "\tLK_INIT(%s, LK_UNJUDGED);\n", lock);
}

/* The text makes its locks: where these are handles, of objects that the harness has. */
static void
list_making(struct printer *p, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;
	struct printer inner = lists_printer(p, &lists->init);
	unsigned count = 0;

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		count += lists_has_lock(prog, i, 0) + lists_has_lock(prog, i, 1);
	inner.depth = 1;
	print_phrase_lines(&inner, PHRASE_INITIALISE_CALL, "");
	if (!prog->rule->type[0].is_handle) /* a rule that makes handles has one lock type */
		return;
	inner.out = &lists->objects;
	buf_puts(inner.out, "\t");
	print_phrase(&inner, PHRASE_LOCK_OBJECT);
	buf_printf(inner.out, " Locks[%u] = {0};\n", count);
}

/* Locks of the routine: it makes them in this order, and they are gone when it returns. */
static void
list_local_locks(const struct prog *prog, struct harness_lists *lists)
{
	unsigned number = 0;

	for (unsigned i = 0; i < 2 * RULE_LOCKS; i++) {
		if (!lists_has_lock(prog, i / 2, i % 2))
			continue;
		buf_printf(&lists->init, "\tLK_LOCAL(%u, %u);\n", number, i / 2);
		buf_printf(&lists->exit, "\tLK_GONE(%u);\n", number++);
	}
}

static void
list_locks(struct printer *p, struct harness_lists *lists)
{
	if (prog_has_shape(p->prog, PLACE_LOCAL)) {
		list_local_locks(p->prog, lists);
		return;
	}
	if (lists_makes_locks(p->prog))
		list_making(p, lists);
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		for (unsigned spare = 0; spare < 2; spare++)
			if (lists_has_lock(p->prog, i, spare))
				list_lock(p, i, spare, lists);
}

void
harness_make(struct printer *p, struct harness_lists *lists)
{
	const struct prog *prog = p->prog;
	const char *held = unjudged_lock(p);

	assert(!lists->init.len); /* one program's */
	if (rule_names_locks(prog->rule) && prog->shapes.choice[SHAPE_PLACE] == PLACE_HEAP) {
		struct printer inner = lists_printer(p, &lists->objects);

		buf_puts(inner.out, "\t");
		print_phrase(&inner, PHRASE_BLOCK);
		buf_puts(inner.out, " Block;\n");
		buf_puts(&lists->init, "\tExtension.Block = &Block;\n");
	}
	if (held)
		buf_printf(&lists->init, "\tLK_INIT(%s, LK_UNJUDGED);\n\tLK_HELD(%s, LK_UNJUDGED);\n", held, held);
	list_outer(p, lists);
	list_locks(p, lists);
	bits_each (i, prog->flags)
		list_flag(p, lists, i);
	if (prog->chosen)
		buf_puts(&lists->request, "\tRequest.Mapped = LK_UNKNOWN();\n");
	buf_puts(&lists->init, buf_string(&lists->held)); /* behind all of LK_INIT */
	lists_end_one(&lists->objects);
	lists_end_one(&lists->init);
	lists_end_one(&lists->exit);
	lists_end_one(&lists->request);
}

void
harness_free(struct harness_lists *lists)
{
	buf_free(&lists->objects);
	buf_free(&lists->init);
	buf_free(&lists->held);
	buf_free(&lists->exit);
	buf_free(&lists->request);
}
