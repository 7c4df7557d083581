/* lockdrill document DIR: man pages and bash completion, made from the tables of options and the pages of
 * the manual. `make install` calls it.
 *
 *   DIR/man1/lockdrill.1, DIR/man1/lockdrill-COMMAND.1
 *   DIR/man7/lockdrill-TOPIC.7
 *   DIR/completions/lockdrill
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "checker.h"
#include "command.h"
#include "completion.h"
#include "data.h"
#include "page.h"
#include "tree.h"
#include "version.h"

static void
write_page(const char *directory, const char *name, struct buf *bytes)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	if (!tree_write(path.data, bytes->data, bytes->len))
		die("cannot write %s:", path.data);
	buf_free(&path);
	buf_clear(bytes);
}

static void
put_title(struct buf *out, const char *name, unsigned section, const char *summary)
{
	buf_printf(out, ".TH %s %u \"\" \"lockdrill %s\"\n.SH NAME\n%s \\- ", name, section, LOCKDRILL_VERSION,
	           name);
	page_put_roff(out, summary);
	buf_putc(out, '\n');
}

static void
put_options(struct buf *out, const struct option *options)
{
	for (; options && options->name; options++) {
		struct buf spelling = {0};

		option_spell(&spelling, options);
		buf_puts(out, ".TP\n.B ");
		if (options->letter)
			buf_printf(out, "\\-%c, ", options->letter);
		page_put_roff(out, buf_string(&spelling));
		if (options->value) {
			buf_puts(out, " \\fI");
			page_put_roff(out, options->value);
			buf_puts(out, "\\fR");
		}
		buf_putc(out, '\n');
		page_put_roff(out, options->help);
		buf_printf(out, "%s\n", options->needed ? " (needed)" : "");
		buf_free(&spelling);
	}
}

static const char ending[] =
	".SH EXIT STATUS\n0 where all is well; 1 for a failed comparison, or roads that disagree; "
	"2 for bad usage or trouble outside.\n";

static void
put_command(struct buf *out, const struct command *command)
{
	struct buf name = {0};

	buf_printf(&name, "lockdrill-%s", command->name);
	put_title(out, name.data, 1, command->summary);
	buf_clear(&name);
	command_print_usage(&name, command);
	buf_puts(out, ".SH SYNOPSIS\n");
	page_put_roff(out, name.data);
	buf_putc(out, '\n');
	buf_puts(out, ".SH OPTIONS\n");
	put_options(out, command->options);
	put_options(out, command_common);
	buf_printf(out, "%s.SH SEE ALSO\n.BR lockdrill (1)\n", ending);
	buf_free(&name);
}

static void
put_overview(struct buf *out, const char *const *topics, size_t count, struct arena *arena)
{
	put_title(out, "lockdrill", 1,
	          "C programs that use locks, with proved verdicts, and scores for lock checkers");
	buf_puts(out, ".SH SYNOPSIS\n.B lockdrill\nCOMMAND ...\n.SH COMMANDS\n");
	for (unsigned i = 0; i < command_count; i++)
		if (command_list[i]->operands) {
			buf_printf(out, ".TP\n.BR lockdrill\\-%s (1)\n", command_list[i]->name);
			page_put_roff(out, command_list[i]->summary);
			buf_putc(out, '\n');
		}
	if (count)
		buf_puts(out, ".SH THE MANUAL\n");
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, ".TP\n.BR lockdrill\\-%s (7)\n", topics[i]);
		page_put_roff(out, page_summary(arena, topics[i]));
		buf_putc(out, '\n');
	}
	buf_printf(out, ".SH OPTIONS\nof every command:\n");
	put_options(out, command_common);
	buf_puts(out, ending);
	buf_puts(
		out,
		".SH ENVIRONMENT\n.TP\n.B LOCKDRILL_PATH\ndirectories with colons between them, as for \\-\\-data\n"
		".TP\n.B NO_COLOR\nno colour\n");
}

static void
make_directory(const char *directory, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s%s", directory, name);
	if (mkdir(path.data, 0777) && errno != EEXIST)
		die("cannot make directory %s:", path.data);
	buf_free(&path);
}

static void
write_topics(const char *directory, const char *const *topics, size_t count, struct arena *arena)
{
	struct buf out = {0}, name = {0};

	for (size_t i = 0; i < count; i++) {
		struct data_file page;

		if (!page_find(arena, topics[i], &page))
			continue;
		buf_clear(&name);
		buf_printf(&name, "lockdrill-%s", topics[i]);
		put_title(&out, name.data, 7, page_summary(arena, topics[i]));
		page_print_man(&out, page.bytes, page.length);
		buf_puts(&out, ".SH SEE ALSO\n.BR lockdrill (1)\n");
		buf_clear(&name);
		buf_printf(&name, "man7/lockdrill-%s.7", topics[i]);
		write_page(directory, name.data, &out);
	}
	buf_free(&out);
	buf_free(&name);
}

static void
write_all(const char *directory, struct arena *arena)
{
	struct buf out = {0}, name = {0};
	const char **topics;
	size_t count = page_list(arena, &topics);

	make_directory(directory, "");
	make_directory(directory, "/man1");
	make_directory(directory, "/man7");
	make_directory(directory, "/completions");
	put_overview(&out, topics, count, arena);
	write_page(directory, "man1/lockdrill.1", &out);
	for (unsigned i = 0; i < command_count; i++)
		if (command_list[i]->operands) {
			buf_clear(&name);
			buf_printf(&name, "man1/lockdrill-%s.1", command_list[i]->name);
			put_command(&out, command_list[i]);
			write_page(directory, name.data, &out);
		}
	write_topics(directory, topics, count, arena);
	completion_print(&out, arena);
	write_page(directory, "completions/lockdrill", &out);
	buf_free(&out);
	buf_free(&name);
}

static int
run(int argc, char **argv)
{
	struct arena arena = {0};
	struct diag diag;

	if (argc != 2) {
		diag_set(&diag, "document", 0, 0, "expected DIR, where man pages and completion go");
		return command_refuse(&diag);
	}
	write_all(argv[1], &arena);
	arena_free(&arena);
	return STATUS_FINE;
}

const struct command command_document = {.name = "document", .run = run};
