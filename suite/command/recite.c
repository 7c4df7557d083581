/* lockdrill recite TEXT LISTS: compiles a text of the native world and runs it on lists of choices: what
 * `lesson --check` starts, in a process of its own, for a text that anyone may have written. See command.h.
 *
 * The first line of LISTS is a word that begins each line of ours, so that no other line passes for one; each
 * further line is a list. Prints `WORD begin K` before path K and `WORD path TRACE` behind it, and `WORD
 * done` at the end; or `WORD refused MESSAGE` where the text does not compile.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "trace.h"

enum { TEXT_MOST = 16 << 20, LISTS_MOST = 4 << 20 };

struct recital {
	const char *word;
	struct buf line;
};

static void
begin(void *to, unsigned path)
{
	const struct recital *recital = to;

	printf("%s begin %u\n", recital->word, path);
	fflush(stdout);
}

static void
take(void *to, const struct trace *trace, const char *choices)
{
	struct recital *recital = to;

	(void)choices;
	buf_clear(&recital->line);
	trace_print(&recital->line, trace);
	printf("%s path %s\n", recital->word, recital->line.data);
}

/* Cuts lines into strings, in place; their number. */
static unsigned
cut(char *text, const char **line, unsigned most)
{
	unsigned count = 0;

	for (char *at = text, *end; *at && count < most; at = end + 1) {
		line[count++] = at;
		end = strchr(at, '\n');
		if (!end)
			break;
		*end = 0;
	}
	return count;
}

static int
run(int argc, char **argv)
{
	static const char *line[TRACE_PATHS + 1];
	struct buf text = {0}, lists = {0};
	struct recital recital = {.word = ""};
	struct diag diag;
	unsigned count;

	if (argc != 3 || !buf_read_file(&text, argv[1], TEXT_MOST) ||
	    !buf_read_file(&lists, argv[2], LISTS_MOST) || !lists.len) {
		fputs("lockdrill: recite: this command is lockdrill's own: lesson --check starts it\n", stderr);
		return STATUS_USAGE;
	}
	count = cut(lists.data, line, TRACE_PATHS + 1);
	recital.word = line[0];
	if (trace_replay(buf_string(&text), line + 1, count - 1, begin, take, &recital, &diag))
		printf("%s done\n", recital.word);
	else
		printf("%s refused %s\n", recital.word, diag.message);
	buf_free(&recital.line);
	buf_free(&text);
	buf_free(&lists);
	return STATUS_FINE;
}

const struct command command_recite = {.name = "recite", .run = run};
