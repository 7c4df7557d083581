/* registration: the locks that a driver makes before a body runs. See registration.h.
 *
 * How to read it: registration_make is the table of contents. The function around these lines stands in the
 * role's template, in its section `register`, and has a pointer to the device extension under the name that
 * the role's routine has it. Locks of the routine's own are none of the driver's; global ones are made by a
 * routine of the text, which the driver calls.
 */
#include "registration.h"

#include <string.h>

/* "&Extension->Locks.QueueLock", "&Block.QueueLock" */
static void
put_place(struct printer *p, struct buf *out, unsigned lock, bool spare)
{
	struct printer inner = lists_printer(p, out);

	buf_puts(out, "&");
	if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_HEAP) {
		buf_puts(out, "Block.");
		print_stem(&inner, lock, spare, "Lock");
		return;
	}
	buf_all(out, p->extension, "->");
	print_lock_name(&inner, lock, spare);
}

/* The locks that are fields of the device extension, or of the block that it points to. */
static void
list_fields(struct printer *p, struct registration_lists *lists)
{
	struct printer inner = lists_printer(p, &lists->init);
	enum dialect_phrase phrase = PHRASE_INITIALISE_LOCK;
	struct buf place = {0};

	for (unsigned i = 0; i < 2 * RULE_LOCKS; i++) {
		if (!lists_has_lock(p->prog, i / 2, i % 2))
			continue;
		buf_clear(&place);
		put_place(p, &place, i / 2, i % 2);
		inner.lock_type = p->rule->type_of[i / 2];
		inner.made = place.data;
		print_phrase_lines(&inner, phrase, "");
		phrase = PHRASE_INITIALISE_NEXT;
	}
	buf_free(&place);
}

static void
list_block(struct printer *p, struct registration_lists *lists)
{
	struct printer inner = lists_printer(p, &lists->objects);

	buf_puts(inner.out, "\tstatic ");
	print_phrase(&inner, PHRASE_BLOCK);
	buf_puts(inner.out, " Block;\n");
	buf_all(&lists->init, "\t", p->extension, "->Block = &Block;\n");
}

static void
list_locks(struct printer *p, struct registration_lists *lists)
{
	struct printer inner = lists_printer(p, &lists->init);

	if (!rule_names_locks(p->rule) || prog_has_shape(p->prog, PLACE_LOCAL))
		return;
	if (lists_makes_locks(p->prog)) {
		inner.depth = 1;
		print_phrase_lines(&inner, PHRASE_REGISTER_CALL, "");
		return;
	}
	if (p->prog->shapes.choice[SHAPE_PLACE] == PLACE_HEAP)
		list_block(p, lists);
	list_fields(p, lists);
}

void
registration_make(struct printer *p, struct registration_lists *lists)
{
	struct printer inner = lists_printer(p, &lists->init);

	list_locks(p, lists);
	if (prog_has_shape(p->prog, NOISE_OUTER) && !print_outer_is_global(p)) {
		inner.depth = 1;
		print_phrase_lines(&inner, PHRASE_REGISTER_OUTER, "");
	}
	lists_end_one(&lists->objects);
	lists_end_one(&lists->init);
}

void
registration_free(struct registration_lists *lists)
{
	buf_free(&lists->objects);
	buf_free(&lists->init);
}
