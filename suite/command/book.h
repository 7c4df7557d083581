/* book: a site of pages for reading and for a course. Only suite/command/book*.c use it.
 *
 * All pages are made in memory, and written when all are made. What stands on a page is printed into a
 * buffer, part by part; templates/book/pages.html says where the parts stand, and report/frame.html what
 * is around.
 */
#ifndef BOOK_H
#define BOOK_H

#include <stdbool.h>

#include "arena.h"
#include "buf.h"
#include "core.h"
#include "diag.h"
#include "html.h"
#include "level.h"
#include "option.h"
#include "source.h"

/* What the user asked for. */
struct book_wish {
	const char *out, *level; /* level: that lessons and exercises are drawn from */
	struct option_list rule;
	unsigned long long seed;
};

enum { BOOK_NAME = 64, BOOK_LESSONS = 3, BOOK_EXERCISES = 5, BOOK_QUESTIONS = 12 };

struct book_file {
	char name[BOOK_NAME];
	struct buf bytes; /* owned */
};

/* The book in the making. */
struct book {
	const struct book_wish *wish;
	struct core core;
	struct suite_case *cases; /* two a pair of the core: correct, violating */
	const struct rule **rule; /* those that the book is about, as rule_list has them */
	unsigned rules;
	struct template pages; /* book/pages.html */
	struct book_file *file;
	unsigned files, room;
	unsigned pairs, lessons, exercises, questions; /* that stand in it */
	bool draws;                                    /* dot is there */
	struct buf dot;                                /* its path */
	struct buf dispute;                            /* owned; see level_make */
	struct arena arena;
	struct diag *diag;
};

/* the site: book_site.c */

/* Adds a page: `section` of the template with these slots, in the frame. The heading is text, the subject
 * markup. False with the message. */
struct book_page {
	const char *name, *section, *heading;
	const struct buf *subject;
	const struct template_slot *slots;
	size_t count;
};
bool book_add_page(struct book *book, const struct book_page *page);
/* style.css and book.js. */
bool book_add_files(struct book *book);
/* Makes the directory, unless it is there and empty, and writes all files. What the outside world refuses
 * ends the process, when what was written is removed. */
void book_write(struct book *book);
/* False, with the message, where something stands there. */
bool book_may_write(const char *directory, struct diag *diag);
void book_free(struct book *book);
/* Whether the book is about a rule. */
bool book_has_rule(const struct book *book, const char *name);
/* "rule <a href=...>NAME</a> (wdm), role dispatch: ... Lock a is held when the routine is entered." */
void book_put_subject(struct buf *out, const struct suite_case *of);

/* a pair: book_pair.c */

/* The twins side by side, with a shortest path to the first finding of the violating one marked; below it
 * what each finding is, and its path in words. Lines are those of the source's place. */
bool book_put_twins(struct buf *out, struct source *source, const char *const caption[2], struct diag *diag);
/* The case that the source asks for, without any sign of what it is. */
bool book_put_code(struct buf *out, struct source *source, struct diag *diag);
/* What the headline says of the case that is asked for: "pass", "violation: missing-release, lock a, line
 * 25 (or 22, 24)". */
bool book_put_verdict(struct buf *out, struct source *source, struct diag *diag);

/* what is said of a pair: book_tell.c */

/* Twins, who holds what on a shortest path, what goes wrong at run time. */
bool book_put_lesson(struct buf *out, struct source *source, struct diag *diag);

/* The command that tells the same at a terminal: a case by its name or id, of a level unless that is
 * NULL. */
void book_put_command(struct buf *out, const char *name, const char *level);

/* questions: book_ask.c */

/* One question: the code and a form, as `what` and a number; its answer stands in `answers` under the same
 * id. */
struct book_question {
	const char *what;    /* "Exercise", "Question" */
	const char *answers; /* name of that page */
	unsigned number;     /* from 1 */
};
bool book_put_question(struct buf *out, const struct book_question *question, struct source *source,
                       struct diag *diag);
/* `level`: that it is drawn from; NULL of the core. */
bool book_put_answer(struct buf *out, const struct book_question *question, struct source *source,
                     const char *level, struct diag *diag);

/* Which twin each of `count` questions is about, at most BOOK_QUESTIONS: as many correct as violating ones,
 * but for one, in any order. */
void book_choose_halves(unsigned half[], unsigned count, uint64_t seed);

/* drawings: book_draw.c */

/* Draws the automaton of each reading: svg[reading] gets an <svg>, or stays empty where there is no dot. */
bool book_draw(struct book *book, const struct rule *rule, struct buf svg[RULE_READINGS]);

/* pages: book_rule.c, book_course.c, book_quiz.c, book_words.c */

bool book_rule_page(struct book *book, const struct rule *rule);
bool book_course_pages(struct book *book);
bool book_quiz_pages(struct book *book);
bool book_word_pages(struct book *book);

#endif
