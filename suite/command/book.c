/* lockdrill book: the rules, the core and a course as pages to open in a browser.
 *
 *   DIR/index.html             contents
 *   DIR/RULE.html              a rule: its automata, and the core's pairs
 *   DIR/course.html            the ladder; step-N.html with lessons and exercises, step-N-answers.html
 *   DIR/quiz.html              questions on the core; quiz-answers.html
 *   DIR/glossary.html          the manual's glossary
 *   DIR/style.css, book.js     what the pages share
 *
 * How to read it: run says in which order pages are made; book.h lists the files. The same options give the
 * same bytes, as long as dot draws the same.
 */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "command.h"
#include "lookup.h"
#include "progress.h"

static const struct option options[] = {
	{"out", OPTION_STRING_AT(book_wish, out), .value = "DIR", .words = WORDS_DIRECTORY, .needed = true,
     .help = "write the pages there; it is new, or empty"},
	{"seed", OPTION_NUMBER_AT(book_wish, seed), .most = ULLONG_MAX, .value = "N",
     .help = "which lessons, exercises and questions are drawn (default: 1)"},
	{"level", OPTION_STRING_AT(book_wish, level), .value = "NAME", .words = WORDS_LEVEL,
     .help = "draw lessons and exercises from this level (default: standard)"},
	{"rule", OPTION_LIST_AT(book_wish, rule), .value = "NAME", .words = WORDS_RULE,
     .help = "only this rule; may be repeated"},
	{0},
};

static bool
is_asked_for(const struct book *book, const char *name)
{
	for (unsigned i = 0; i < book->wish->rule.count; i++)
		if (!strcmp(book->wish->rule.item[i], name))
			return true;
	return !book->wish->rule.count;
}

/* The rules by their proper names; a name that is none is refused. */
static bool
load_rules(struct book *book, struct option_list *wanted)
{
	const char **names;
	size_t count = rule_list(&book->arena, &names);

	for (unsigned i = 0; i < wanted->count; i++) {
		struct rule probe;

		if (!rule_load(&probe, &book->arena, wanted->item[i], book->diag))
			return false;
		wanted->item[i] = probe.name;
	}
	book->rule = arena_alloc(&book->arena, (count + 1) * sizeof *book->rule);
	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(&book->arena, sizeof *rule);

		if (!is_asked_for(book, names[i]))
			continue;
		if (!rule_load(rule, &book->arena, names[i], book->diag))
			return false;
		book->rule[book->rules++] = rule;
	}
	return true;
}

static bool
load_core(struct book *book, struct truth *truth)
{
	if (!core_load(&book->core, &book->arena, book->diag))
		return false;
	book->cases = arena_alloc(&book->arena, (2U * book->core.pairs + 1) * sizeof *book->cases);
	return core_judge(&book->core, truth, book->cases, &book->arena, &book->dispute, book->diag);
}

static void
find_dot(struct book *book)
{
	book->draws = lookup_program("dot", &book->dot);
	if (!book->draws && !command_quiet())
		fprintf(stderr, "book: dot (Graphviz) is not here: automata are tables, without a drawing\n");
}

static bool
make_pages(struct book *book)
{
	for (unsigned i = 0; i < book->rules; i++)
		if (!book_rule_page(book, book->rule[i]))
			return false;
	return book_course_pages(book) && book_quiz_pages(book) && book_word_pages(book) && book_add_files(book);
}

static void
put_count(unsigned count, const char *what)
{
	printf(", %u %s%s", count, what, count == 1 ? "" : "s");
}

static void
tell(const struct book *book)
{
	unsigned pages = 0;

	for (unsigned i = 0; i < book->files; i++)
		pages += strstr(book->file[i].name, ".html") != NULL;
	printf("%s: %u pages", book->wish->out, pages);
	put_count(book->rules, "rule");
	put_count(book->pairs, "pair");
	put_count(book->lessons, "lesson");
	put_count(book->exercises, "exercise");
	put_count(book->questions, "question");
	putchar('\n');
}

static int
run(int argc, char **argv)
{
	struct book_wish wish = {.seed = 1, .level = "standard"};
	struct book book = {.wish = &wish};
	struct truth truth = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_book, &wish, argc, argv, NULL, &operands, &status))
		return status;
	book.diag = &diag;
	ok = book_may_write(wish.out, &diag) && load_rules(&book, &wish.rule) && load_core(&book, &truth) &&
	     html_load(&book.pages, &book.arena, "book/pages.html", &diag);
	if (ok)
		find_dot(&book);
	ok = ok && make_pages(&book);
	progress_clear();
	if (ok) {
		book_write(&book);
		tell(&book);
	}
	status = ok ? STATUS_FINE : command_dispute(&diag, &book.dispute);
	truth_free(&truth);
	book_free(&book);
	return status;
}

const struct command command_book = {.name = "book",
                                     .operands = "",
                                     .summary = "rules, core pairs and a course as pages for a browser",
                                     .options = options,
                                     .run = run};
