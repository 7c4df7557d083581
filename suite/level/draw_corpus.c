/* draw: the cases that fuzzing promoted, each as a half of a pair. See draw.h and corpus.h.
 *
 * A correct one gets a violating twin by an edit. A violating one gets a correct twin where there is one:
 * edits go back as well as forth, so what an edit of the violating case gives is tried, and kept when an edit
 * of it gives the case again.
 */
#include "corpus.h"
#include "data.h"
#include "draw_memory.h"
#include "handles.h"

/* Lines of the rules that are drawn; the others belong to other levels. */
static void
keep_lines(const struct draw *draw, const struct data_file *file, struct buf *text)
{
	for (const char *at = file->bytes, *end; *at; at = *end ? end + 1 : end) {
		size_t name = strcspn(at, "\t\n");

		end = at + strcspn(at, "\n");
		for (unsigned i = 0; i < draw->rules; i++)
			if (strlen(draw->rule[i]->name) == name && !memcmp(draw->rule[i]->name, at, name))
				buf_add(text, at, (size_t)(end - at));
		buf_putc(text, '\n'); /* an empty line keeps the numbers of the others */
	}
}

static bool
is_same(const struct draw_memory *m, const struct seq *one, const struct seq *two)
{
	return one->count == two->count && draw_hash(m, one, NULL) == draw_hash(m, two, NULL);
}

/* Whether an edit of the pair's correct half gives its violating half. */
static bool
find_edit(struct draw_memory *m, struct draw_pair *pair)
{
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		for (unsigned at = 0; at < pair->half[0].count; at++) {
			struct seq edited;

			if (edit_make(&edited, &m->scratch, &pair->half[0], m->rule, (enum edit)edit, at) &&
			    is_same(m, &edited, &pair->half[1])) {
				pair->edit = (enum edit)edit;
				return true;
			}
		}
	return false;
}

/* The shapes of the promoted case, or drawn ones where those do not fit its twin. */
static bool
keep_if_new(struct draw_memory *m, struct draw_pair *pair, const struct shapes *shapes)
{
	pair->shapes = *shapes;
	if (!draw_fits(m, &pair->half[0], &pair->half[1], shapes))
		pair->shapes = draw_shapes(m, &pair->half[0], &pair->half[1], LADDER_COUNT);
	if (!draw_fits(m, &pair->half[0], &pair->half[1], &pair->shapes) || !draw_is_new(m, pair))
		return false;
	draw_keep(m, pair);
	return true;
}

static bool
twin_of_correct(struct draw_memory *m, const struct bytes_case *of)
{
	struct draw_pair pair = draw_pair_of(m, &of->seq);
	unsigned order[EDIT_COUNT];

	draw_order_edits(m, order);
	for (unsigned i = 0; i < EDIT_COUNT; i++) {
		pair.edit = (enum edit)order[i];
		if (draw_twin(m, &of->seq, pair.edit, &pair.half[1]) && keep_if_new(m, &pair, &of->shapes))
			return true;
	}
	return false;
}

static bool
twin_of_violating(struct draw_memory *m, const struct bytes_case *of)
{
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		for (unsigned at = 0; at < of->seq.count; at++) {
			struct draw_pair pair;
			struct seq right;

			if (!edit_make(&right, &m->scratch, &of->seq, m->rule, (enum edit)edit, at) ||
			    !draw_may_pass(m, &right))
				continue;
			pair = draw_pair_of(m, &right);
			pair.half[1] = of->seq;
			if (find_edit(m, &pair) && keep_if_new(m, &pair, &of->shapes))
				return true;
		}
	return false;
}

bool
draw_corpus(struct draw_memory *m, struct diag *diag)
{
	struct bytes_rules rules = {.rule = m->draw->rule, .count = m->draw->rules};
	struct corpus corpus = {0};
	struct data_file file;
	struct buf text = {0};
	bool ok;

	if (!data_find(m->arena, "corpus/promoted.txt", &file)) {
		diag_set(diag, "corpus/promoted.txt", 0, 0, "the promoted corpus is missing");
		return false;
	}
	keep_lines(m->draw, &file, &text);
	ok = corpus_parse(&corpus, m->arena, &rules, file.where, buf_string(&text), text.len, diag);
	for (unsigned i = 0; ok && i < corpus.count; i++) {
		struct bytes_case *of = &corpus.of[i];

		m->rule = of->rule;
		m->role = of->role;
		of->seq = handles_own(&of->seq, m->arena, m->rule, m->role);
		if (draw_may_pass(m, &of->seq))
			twin_of_correct(m, of);
		else if (draw_may_violate(m, &of->seq))
			twin_of_violating(m, of);
		arena_reset(&m->scratch);
	}
	buf_free(&text);
	return ok;
}
