/* lesson --quiz: shows a case without what is known of it, reads a verdict and a line, says whether they are
 * right, and why.
 *
 * An answer is `pass`, or `violation` and the line of the finding; each line that a good checker may name
 * instead is right too.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "lesson.h"
#include "present.h"

enum { ANSWER_MOST = 200 };

struct quiz_answer {
	bool violation;
	unsigned long line;
};

/* A line of stdin, with any end; false where there is none, or it is too long. */
static bool
read_line(char text[ANSWER_MOST])
{
	size_t length;

	if (!fgets(text, ANSWER_MOST, stdin))
		return false;
	length = strcspn(text, "\r\n");
	if (!text[length] && length == ANSWER_MOST - 1)
		return false;
	text[length] = 0;
	return true;
}

static void
ask(const char *question)
{
	if (!isatty(STDIN_FILENO))
		return;
	fputs(question, stdout);
	fflush(stdout);
}

/* Reads the number behind the verdict, which may stand on a line of its own. */
static bool
read_number(const char *text, unsigned long *number)
{
	char line[ANSWER_MOST], *end;

	if (!*text) {
		ask("On which line? ");
		if (!read_line(line))
			return false;
		text = line + strspn(line, " \t");
	}
	if (!strncmp(text, "line ", 5))
		text += 5;
	if (!isdigit((unsigned char)*text))
		return false;
	*number = strtoul(text, &end, 10);
	return !end[strspn(end, " \t")];
}

static bool
read_answer(struct quiz_answer *answer, struct diag *diag)
{
	char text[ANSWER_MOST];
	const char *at;
	size_t word;

	*answer = (struct quiz_answer){.line = 0};
	ask("\nVerdict (pass, or violation and its line)? ");
	if (!read_line(text)) {
		diag_set(diag, "<stdin>", 1, 0, "there is no answer: expected pass, or violation and a line");
		return false;
	}
	at = text + strspn(text, " \t");
	word = strcspn(at, " \t:,");
	answer->violation = word == strlen("violation") && !strncmp(at, "violation", word);
	if (answer->violation && read_number(at + word + strspn(at + word, " \t:,"), &answer->line))
		return true;
	if (!strncmp(at, "pass", word) && word == strlen("pass") && !at[word + strspn(at + word, " \t")])
		return true;
	diag_set(diag, "<stdin>", 1, 0, "expected pass, or violation and a line: '%.60s'", text);
	return false;
}

/* The lines of the case's own file, as they were shown. */
static bool
is_right_line(const struct source *source, const struct text_span *span, unsigned long line)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	for (unsigned i = 0; i < verdict->count; i++) {
		const struct case_lines *lines = &of->lines[of->rule->headline][i];

		if (text_span_line(span, verdict->finding[i].line) == line)
			return true;
		for (unsigned j = 0; j < lines->count; j++)
			if (text_span_line(span, lines->line[j]) == line)
				return true;
	}
	return false;
}

int
lesson_quiz(struct source *source)
{
	bool violates = source->half == 1, right;
	struct quiz_answer answer;
	struct text_span span;
	struct diag diag;

	lesson_tell_head(source);
	if (!source_span(source, &span, &diag) || !lesson_tell_code(source, false, &diag) ||
	    !read_answer(&answer, &diag))
		return command_refuse(&diag);
	right = answer.violation == violates && (!violates || is_right_line(source, &span, answer.line));
	if (right)
		printf("\nRight.\n");
	else if (answer.violation != violates)
		printf("\nWrong: it is a %s.\n", violates ? "violation" : "pass");
	else
		printf("\nWrong: it is a violation, and line %lu is not where.\n", answer.line);
	if ((violates && !lesson_tell_code(source, true, &diag)) || !lesson_tell_answer(source, false, &diag))
		return command_refuse(&diag);
	return right ? STATUS_FINE : STATUS_FAILED;
}
