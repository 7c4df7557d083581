/* lockdrill help: the commands and the topics of the manual; one command's options; one page of the manual.
 *
 * A topic is a data file manual/NAME.md. Its first line is `# ` and a heading.
 */
#include "help.h"

#include <string.h>

#include "command.h"
#include "data.h"
#include "page.h"

enum { COLUMN = 15 }; /* of what a command or topic is */

static void
put_usage(struct buf *out, struct arena *arena)
{
	const char **topics;
	size_t count = page_list(arena, &topics);

	buf_puts(out, "lockdrill: C programs that use locks correctly and incorrectly, with proved verdicts,\n"
	              "and scores for lock checkers\n\nusage: lockdrill COMMAND ...\n\n");
	for (unsigned i = 0; i < command_count; i++)
		if (command_list[i]->operands)
			buf_printf(out, "  %-*s %s\n", COLUMN - 3, command_list[i]->name, command_list[i]->summary);
	if (count)
		buf_puts(out, "\nlockdrill help TOPIC prints a page of the manual:\n\n");
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "  %-*s ", COLUMN - 3, topics[i]);
		page_fill(out, page_summary(arena, topics[i]), COLUMN, COLUMN, PAGE_WIDTH);
	}
	buf_puts(out, "\nlockdrill COMMAND --help lists a command's options, lockdrill --version the version.\n");
}

void
help_print_usage(FILE *stream)
{
	struct arena arena = {0};
	struct buf out = {0};

	put_usage(&out, &arena);
	fputs(buf_string(&out), stream);
	buf_free(&out);
	arena_free(&arena);
}

/* A command's options, and the page of that name; false when the name is neither. */
static bool
put_about(struct buf *out, struct arena *arena, const char *name)
{
	const struct command *command = command_find(name);
	struct data_file page;

	if (command && command->operands)
		command_print_help(out, command);
	if (page_find(arena, name, &page)) {
		if (out->len)
			buf_putc(out, '\n');
		page_print_text(out, page.bytes, page.length);
	}
	return out->len > 0;
}

static int
run(int argc, char **argv)
{
	const char *name = NULL;
	struct arena arena = {0};
	struct buf out = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_help, NULL, argc, argv, &name, &operands, &status))
		return status;
	if (!operands) {
		put_usage(&out, &arena);
	} else if (!put_about(&out, &arena, name)) {
		diag_set(&diag, "help", 0, 0, "there is no command and no topic '%s'; lockdrill help lists them",
		         name);
		status = command_refuse(&diag);
	}
	fputs(buf_string(&out), stdout);
	buf_free(&out);
	arena_free(&arena);
	return status;
}

const struct command command_help = {.name = "help",
                                     .operands = "[COMMAND|TOPIC]",
                                     .summary = "list commands and topics, or print what one is about",
                                     .operands_most = 1,
                                     .words = WORDS_TOPIC,
                                     .run = run};
