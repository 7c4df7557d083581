/* book_tell: what is said of a pair: who holds what on the way to where it breaks the rule, and what
 * happens there. See book.h; lesson.h has the same for a terminal. */
#include <string.h>

#include "book.h"
#include "lesson.h"

/* Rows of a path as rows of a table. */
static void
put_row(void *to, const struct lesson_row *row)
{
	html_mixed(to, "<tr><td>", row->held, "</td><td>", row->line, "</td><td><code>", row->code,
	           "</code></td></tr>\n", NULL);
}

static void
put_path(struct buf *out, const struct suite_case *of, const struct lesson_text *text,
         const struct lesson_found *found)
{
	const struct lesson_path path = {of, text, buf_string(&text->body), false, false};
	const struct lesson_fault *fault = &found->fault;

	buf_puts(out,
	         "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The path, line by line\">\n"
	         "<table class=\"path\">\n<caption>A shortest path, and what is held behind each line</caption>\n"
	         "<thead><tr><th scope=\"col\">holds</th><th scope=\"col\">line</th><th scope=\"col\">code</th>"
	         "</tr></thead>\n<tbody>\n");
	lesson_path_each(&path, &found->trace, fault->step, lesson_path_end(&found->trace, fault), put_row, out);
	buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

/* The path as the case's text is run, and what the machine does at its end. */
static bool
put_run(struct buf *out, struct source *source, struct diag *diag)
{
	const struct suite_case *wrong = &source->twins[1];
	struct lesson_found found = {.choices = NULL};
	struct lesson_text text;
	struct arena arena = {0};
	struct buf words = {0};
	bool ok = lesson_text_make(&text, wrong, diag) && lesson_find(&found, wrong, &text, &arena, diag);

	if (ok && source->places && source->place[0].span[1].lines)
		text.span = source->place[0].span[1];
	if (ok && found.fault.is) {
		put_path(out, wrong, &text, &found);
		lesson_run_time(&words, wrong, found.fault.kind);
		html_mixed(out, "<p>At run time: ", words.data, "</p>\n", NULL);
	}
	lesson_text_free(&text);
	arena_free(&arena);
	buf_free(&words);
	return ok;
}

bool
book_put_lesson(struct buf *out, struct source *source, struct diag *diag)
{
	static const char *const caption[2] = {"This one keeps the rule.", "This one breaks it."};

	if (source->reason)
		html_mixed(out, "<p class=\"reason\">", source->reason, "</p>\n", NULL);
	return book_put_twins(out, source, caption, diag) && put_run(out, source, diag);
}

void
book_put_command(struct buf *out, const char *name, const char *level)
{
	html_mixed(out, "<p class=\"hint\">At a terminal: <code>lockdrill lesson ", level ? "--level " : "", "",
	           level ? level : "", level ? " " : "", name, "</code></p>\n", NULL);
}
