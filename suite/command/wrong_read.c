/* wrong: reading what is told of one wrong answer. See wrong.h. */
#include <string.h>

#include "ask.h"
#include "shapes.h"
#include "wrong.h"

bool
wrong_find_ask(struct wrong *wrong, struct diag *diag)
{
	struct judged *judged = &wrong->judged;

	return ask_run(&wrong->ask, judged->store, &judged->stored.checker[0], &judged->arena, diag);
}

/* one answer */

enum { ID_SHOWN = 8 }; /* of the id, in the name of a database */

static void
put_commands(const struct wrong *wrong, struct wrong_answer *answer)
{
	const char *id = answer->of->id;

	buf_printf(&answer->show, "lockdrill show %s --db ", id);
	ask_word(&answer->show, wrong->path);
	if (!wrong->ask)
		return;
	buf_puts(&answer->again, "lockdrill run --level ");
	ask_word(&answer->again, wrong->judged.stored.level);
	buf_printf(&answer->again, " %s --case %s --db case-%.*s.db", wrong->ask, id, ID_SHOWN, id);
}

static void
put_shapes(struct buf *out, const struct wrong *wrong, const struct cause_case *of)
{
	for (unsigned i = 0; i < of->factors; i++) {
		const char *name = wrong->causes.factor[of->factor[i]].name;
		struct shapes shapes = shapes_default(), plain = shapes;
		struct diag ignored;

		if (!i || (shapes_set(&shapes, name, &ignored) && !memcmp(&shapes, &plain, sizeof plain)))
			continue; /* the step, which comes first, or a default */
		buf_printf(out, "%s%s", out->len ? " " : "", name);
	}
}

bool
wrong_read(struct wrong *wrong, const struct cause_case *of, struct wrong_answer *answer, struct diag *diag)
{
	struct judged *judged = &wrong->judged;
	const struct stored_checker *checker = &judged->stored.checker[0];
	const struct stored_pair *pair;

	wrong_answer_free(answer);
	if (!store_pair_of(judged->store, &judged->stored, of->number, &pair, diag) ||
	    !store_said(judged->store, checker->run, of->number, &answer->why, &answer->message, diag))
		return false;
	places_find(&wrong->places, &pair->of[0], &answer->place);
	if (!answer->place.has_lines) {
		diag_set(diag, wrong->path, 0, 0,
		         "case %s is another here: it was made by another lockdrill, or other rules", of->id);
		return false;
	}
	answer->of = of;
	answer->stored = &pair->of[0];
	answer->twin = pair->cases > 1 ? &pair->of[1] : NULL;
	answer->expected = score_expected(&judged->options, checker, answer->stored, judged->options.view);
	answer->answer = &pair->answer[0][0];
	put_shapes(&answer->shapes, wrong, of);
	put_commands(wrong, answer);
	return true;
}

void
wrong_answer_free(struct wrong_answer *answer)
{
	buf_free(&answer->why);
	buf_free(&answer->message);
	buf_free(&answer->shapes);
	buf_free(&answer->again);
	buf_free(&answer->show);
	*answer = (struct wrong_answer){.of = NULL};
}
