/* book_course: the ladder as a course: a page a step with lessons and exercises, and a page with their
 * answers. See book.h.
 *
 * Of each step a sample of pairs is drawn by the seed. Three become lessons and five exercises, as far
 * as there are so many, of as many rules as there are: each time the first pair, in the order of the
 * sample, of a rule that was taken least. Which twin an exercise asks about
 * is drawn so that about half of them are correct.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "filter.h"
#include "progress.h"

enum { SAMPLE = 240, TAKEN = BOOK_LESSONS + BOOK_EXERCISES };

/* drawing */

struct drawn {
	struct suite_case twins[2]; /* correct, violating */
	uint64_t rank;
	bool taken;
};

/* A step in the making. */
struct step {
	struct book *book;
	enum ladder ladder;
	struct level level;
	struct drawn *pair; /* in the level's arena */
	unsigned pairs;
	const struct drawn *lesson[BOOK_LESSONS], *exercise[BOOK_EXERCISES];
	unsigned half[BOOK_EXERCISES]; /* the twin that is asked about */
	unsigned lessons, exercises;
};

static int
order(const void *one, const void *two)
{
	const struct drawn *a = one, *b = two;

	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* The pairs of the sample both of whose twins stand on the step. */
static void
find_pairs(struct step *step)
{
	struct level *level = &step->level;

	step->pair = arena_alloc(&level->arena, (level->count + 1U) * sizeof *step->pair);
	for (unsigned i = 0; i < level->count; i++) {
		const struct suite_case *of = &level->cases[i], *twin = level_twin(level, of);
		struct drawn *drawn = &step->pair[step->pairs];

		if (of->verdict[of->rule->headline].outcome != OUTCOME_PASS || !twin || of->ladder != step->ladder ||
		    twin->ladder != step->ladder)
			continue;
		drawn->twins[0] = *of;
		drawn->twins[1] = *twin;
		drawn->rank = filter_rank(step->book->wish->seed, of->id, twin->id);
		step->pairs++;
	}
	qsort(step->pair, step->pairs, sizeof *step->pair, order);
}

static unsigned
count_rule(const struct drawn *const *of, unsigned count, const struct drawn *pair)
{
	unsigned found = 0;

	for (unsigned i = 0; i < count; i++)
		found += of[i]->twins[0].rule == pair->twins[0].rule;
	return found;
}

static unsigned
take(struct step *step, const struct drawn **to, unsigned most)
{
	unsigned count = 0;

	while (count < most) {
		struct drawn *best = NULL;

		for (unsigned i = 0; i < step->pairs; i++)
			if (!step->pair[i].taken &&
			    (!best || count_rule(to, count, &step->pair[i]) < count_rule(to, count, best)))
				best = &step->pair[i];
		if (!best)
			break;
		best->taken = true;
		to[count++] = best;
	}
	return count;
}

static bool
draw(struct step *step)
{
	struct book *book = step->book;
	struct filter filter = {.sample = SAMPLE, .seed = book->wish->seed};
	bool ok;

	filter.ladder.count = 1;
	filter.ladder.word[0] = ladder_name(step->ladder);
	for (unsigned i = 0; i < book->rules && i < FILTER_WORDS; i++)
		filter.rules.word[filter.rules.count++] = book->rule[i]->name;
	ok = level_make(&step->level, book->wish->level, &filter, (struct shard){0, 1}, &book->dispute,
	                book->diag);
	if (!ok)
		return step->level.unfitting;
	find_pairs(step);
	step->lessons = take(step, step->lesson, BOOK_LESSONS);
	step->exercises = take(step, step->exercise, BOOK_EXERCISES);
	book_choose_halves(step->half, step->exercises, book->wish->seed ^ (uint64_t)step->ladder << 32);
	return true;
}

/* pages */

static void
name_page(char name[BOOK_NAME], enum ladder ladder, bool answers)
{
	snprintf(name, BOOK_NAME, "step-%d%s.html", (int)ladder + 1, answers ? "-answers" : "");
}

static struct source
source_of(const struct drawn *pair, unsigned half)
{
	return (struct source){.twins = {pair->twins[0], pair->twins[1]}, .half = half, .has_twin = true};
}

static bool
put_lessons(struct buf *out, struct step *step)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < step->lessons; i++) {
		struct source source = source_of(step->lesson[i], 1);

		buf_printf(out, "<article class=\"pair\" id=\"l%u\">\n<h3>Lesson %u</h3>\n<p>", i + 1, i + 1);
		book_put_subject(out, &source.twins[1]);
		buf_puts(out, "</p>\n");
		ok = book_put_lesson(out, &source, step->book->diag);
		book_put_command(out, source.twins[1].id, step->book->wish->level);
		buf_puts(out, "</article>\n");
		source_free(&source);
	}
	return ok;
}

static bool
put_exercises(struct buf *exercises, struct buf *answers, struct step *step)
{
	char name[BOOK_NAME];
	bool ok = true;

	name_page(name, step->ladder, true);
	for (unsigned i = 0; ok && i < step->exercises; i++) {
		struct source source = source_of(step->exercise[i], step->half[i]);
		const struct book_question question = {"Exercise", name, i + 1};

		ok = book_put_question(exercises, &question, &source, step->book->diag) &&
		     book_put_answer(answers, &question, &source, step->book->wish->level, step->book->diag);
		source_free(&source);
	}
	return ok;
}

/* Prose of the step, the section of its name: several_locks. */
static bool
put_prose(struct buf *out, struct book *book, const struct template *steps, enum ladder ladder)
{
	struct buf name = {0};
	bool ok;

	buf_puts(&name, ladder_name(ladder));
	for (size_t i = 0; i < name.len; i++)
		name.data[i] = name.data[i] == '-' ? '_' : name.data[i];
	ok = html_fill(out, steps, name.data, NULL, 0, book->diag);
	buf_free(&name);
	return ok;
}

/* To the step before it and behind it. */
static void
put_ways(struct buf *out, enum ladder ladder)
{
	for (int side = -1; side <= 1; side += 2) {
		int other = (int)ladder + side;
		char name[BOOK_NAME];

		if (other < 0 || other >= LADDER_COUNT)
			continue;
		name_page(name, (enum ladder)other, false);
		html_mixed(out, "<a href=\"", name, "\">", side < 0 ? "Before: " : "Next: ", "",
		           ladder_name((enum ladder)other), "</a> ", NULL);
	}
}

static void
put_skeleton(struct buf *out, const struct step *step)
{
	struct buf words = {0};

	buf_printf(&words, "lockdrill lesson --skeleton --level %s --ladder %s --seed %llu > exercise.c",
	           step->book->wish->level, ladder_name(step->ladder), step->book->wish->seed);
	html_text(out, words.data);
	buf_free(&words);
}

static bool
add_answers(struct step *step, const struct buf *answers)
{
	struct buf heading = {0}, subject = {0};
	char name[BOOK_NAME], back[BOOK_NAME];
	bool ok;

	name_page(name, step->ladder, true);
	name_page(back, step->ladder, false);
	buf_printf(&heading, "Answers to step %d: %s", (int)step->ladder + 1, ladder_name(step->ladder));
	html_mixed(&subject, "Back to <a href=\"", back, "\">the exercises</a>.", NULL);
	ok = book_add_page(step->book,
	                   &(struct book_page){name, "answers", heading.data, &subject,
	                                       (struct template_slot[]){html_slot("answers", answers)}, 1});
	buf_free(&heading);
	buf_free(&subject);
	return ok;
}

static bool
add_pages(struct step *step, const struct template *steps)
{
	struct buf prose = {0}, lessons = {0}, exercises = {0}, answers = {0}, ways = {0}, skeleton = {0};
	struct buf heading = {0}, subject = {0};
	char name[BOOK_NAME];
	bool ok = put_prose(&prose, step->book, steps, step->ladder) && put_lessons(&lessons, step) &&
	          put_exercises(&exercises, &answers, step);

	name_page(name, step->ladder, false);
	put_ways(&ways, step->ladder);
	put_skeleton(&skeleton, step);
	buf_printf(&heading, "Step %d: %s", (int)step->ladder + 1, ladder_name(step->ladder));
	buf_printf(&subject, "%u lessons and %u exercises.", step->lessons, step->exercises);
	ok = ok && book_add_page(step->book, &(struct book_page){name, "step", heading.data, &subject,
	                                                         (struct template_slot[]){
																 html_slot("prose", &prose),
																 html_slot("lessons", &lessons),
																 html_slot("exercises", &exercises),
																 html_slot("skeleton", &skeleton),
																 html_slot("ways", &ways),
															 },
	                                                         5});
	ok = ok && add_answers(step, &answers);
	buf_free(&prose);
	buf_free(&lessons);
	buf_free(&exercises);
	buf_free(&answers);
	buf_free(&ways);
	buf_free(&skeleton);
	buf_free(&heading);
	buf_free(&subject);
	return ok;
}

/* One item of the course's list. */
static bool
put_item(struct buf *out, struct step *step, const struct template *steps)
{
	char name[BOOK_NAME];
	bool ok;

	name_page(name, step->ladder, false);
	html_mixed(out, "<li><a href=\"", name, "\">", ladder_name(step->ladder), "</a>\n", NULL);
	ok = put_prose(out, step->book, steps, step->ladder);
	buf_puts(out, "</li>\n");
	return ok;
}

static bool
make_step(struct book *book, enum ladder ladder, const struct template *steps, struct buf *list)
{
	struct step step = {.book = book, .ladder = ladder};
	bool ok = draw(&step) && add_pages(&step, steps) && put_item(list, &step, steps);

	book->lessons += step.lessons;
	book->exercises += step.exercises;
	level_free(&step.level);
	return ok;
}

bool
book_course_pages(struct book *book)
{
	static const char words[] = "The ladder, from easy to hard: each step needs an ability more.";
	struct template steps;
	struct buf list = {0}, subject = {0};
	bool ok = html_load(&steps, &book->arena, "book/steps.html", book->diag);

	buf_puts(&subject, words);
	for (unsigned step = 0; ok && step < LADDER_COUNT; step++)
		ok = make_step(book, (enum ladder)step, &steps, &list);
	ok = ok &&
	     book_add_page(book, &(struct book_page){"course.html", "course", "A course in seven steps", &subject,
	                                             (struct template_slot[]){html_slot("steps", &list)}, 1});
	buf_free(&list);
	buf_free(&subject);
	return ok;
}
