/* book_quiz: questions on pairs of the core, drawn by the seed, and their answers. See book.h.
 *
 * They come rule by rule in turn, each time the pair of that rule that the seed puts first; which twin is
 * asked about is drawn so that about half of them are correct.
 */
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "filter.h"

/* One pair that may be asked about. */
struct choice {
	unsigned pair;
	unsigned turn; /* of its rule: how many pairs of it stand before this one */
	uint64_t rank;
};

static int
by_rank(const void *one, const void *two)
{
	const struct choice *a = one, *b = two;

	return (a->rank > b->rank) - (a->rank < b->rank);
}

static int
by_turn(const void *one, const void *two)
{
	const struct choice *a = one, *b = two;

	return a->turn != b->turn ? (a->turn > b->turn) - (a->turn < b->turn) : by_rank(one, two);
}

/* All pairs of the book's rules, in the order in which they are asked about. */
static struct choice *
choose(struct book *book, unsigned *count)
{
	struct choice *choice = arena_alloc(&book->arena, (book->core.pairs + 1U) * sizeof *choice);

	*count = 0;
	for (unsigned i = 0; i < book->core.pairs; i++)
		if (book_has_rule(book, book->core.pair[i].rule->name))
			choice[(*count)++] = (struct choice){
				i, 0, filter_rank(book->wish->seed, book->cases[2 * i].id, book->cases[2 * i + 1].id)};
	qsort(choice, *count, sizeof *choice, by_rank);
	for (unsigned i = 0; i < *count; i++)
		for (unsigned j = 0; j < i; j++)
			choice[i].turn += book->core.pair[choice[i].pair].rule == book->core.pair[choice[j].pair].rule;
	qsort(choice, *count, sizeof *choice, by_turn);
	return choice;
}

static bool
put_questions(struct buf *questions, struct buf *answers, struct book *book)
{
	unsigned count, half[BOOK_QUESTIONS];
	const struct choice *choice = choose(book, &count);
	bool ok = true;

	count = count < BOOK_QUESTIONS ? count : BOOK_QUESTIONS;
	book_choose_halves(half, count, ~book->wish->seed);
	for (unsigned i = 0; ok && i < count; i++) {
		const struct book_question question = {"Question", "quiz-answers.html", i + 1};
		struct source source = {.half = 0};

		ok = source_core(&source, &book->core, book->cases, choice[i].pair, half[i], book->diag) &&
		     book_put_question(questions, &question, &source, book->diag) &&
		     book_put_answer(answers, &question, &source, NULL, book->diag);
		source_free(&source);
		book->questions += ok;
	}
	return ok;
}

bool
book_quiz_pages(struct book *book)
{
	struct buf questions = {0}, answers = {0}, subject = {0}, back = {0};
	bool ok = put_questions(&questions, &answers, book);

	buf_printf(&subject, "%u questions, of all steps.", book->questions);
	buf_puts(&back, "Back to <a href=\"quiz.html\">the quiz</a>.");
	ok =
		ok &&
		book_add_page(book,
	                  &(struct book_page){"quiz.html", "quiz", "Quiz", &subject,
	                                      (struct template_slot[]){html_slot("questions", &questions)}, 1}) &&
		book_add_page(book, &(struct book_page){"quiz-answers.html", "answers", "Answers to the quiz", &back,
	                                            (struct template_slot[]){html_slot("answers", &answers)}, 1});
	buf_free(&questions);
	buf_free(&answers);
	buf_free(&subject);
	buf_free(&back);
	return ok;
}
