/* Completion of the command line in bash. See completion.h.
 *
 * The script has three parts: a function that completes one kind of word from a list, a `case` that tells
 * the kind of an option's value, and a `case` that tells a command's options and what its operands are.
 * All lists are written out, so that completing starts no process.
 */
#include "completion.h"

#include <string.h>

#include "checker.h"
#include "command.h"
#include "page.h"
#include "prog.h"
#include "text.h"

/* words of each kind */

static void
put_names(struct buf *out, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%s", i ? " " : "", names[i]);
}

static void
put_rules(struct buf *out, struct arena *arena)
{
	const char **names;
	size_t count = rule_list(arena, &names);

	put_names(out, names, count);
}

static void
put_levels(struct buf *out, struct arena *arena)
{
	const char *const *names = level_names(arena);
	size_t count = 0;

	while (names[count])
		count++;
	put_names(out, names, count);
}

static void
put_checkers(struct buf *out, struct arena *arena)
{
	const char **names;
	size_t count = adapter_list(arena, &names);

	put_names(out, names, count);
}

static void
put_worlds(struct buf *out, struct arena *arena)
{
	(void)arena;
	buf_puts(out, "plain sparse thread-safety pthread model native");
}

static void
put_shapes(struct buf *out, struct arena *arena)
{
	(void)arena;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		const struct shape_row *row = shape_row((enum shape_id)id);

		buf_printf(out, "%s%s=%s", id ? " " : "", shape_dimension_name(row->dimension), row->name);
	}
}

static void
put_commands(struct buf *out)
{
	for (unsigned i = 0, n = 0; i < command_count; i++)
		if (command_list[i]->operands)
			buf_printf(out, "%s%s", n++ ? " " : "", command_list[i]->name);
}

static void
put_topics(struct buf *out, struct arena *arena)
{
	const char **names;
	size_t count = page_list(arena, &names);

	put_commands(out);
	if (count)
		buf_putc(out, ' ');
	put_names(out, names, count);
}

static void (*const put_words[WORDS_COUNT])(struct buf *out, struct arena *arena) = {
	[WORDS_RULE] = put_rules,   [WORDS_LEVEL] = put_levels, [WORDS_CHECKER] = put_checkers,
	[WORDS_WORLD] = put_worlds, [WORDS_SHAPE] = put_shapes, [WORDS_TOPIC] = put_topics,
};

/* the script */

/* What completes a value: `compgen` with a list, with files, or nothing. */
static void
put_compgen(struct buf *out, enum option_words words, const char *choices, struct arena *arena)
{
	if (words == WORDS_FILE || words == WORDS_DIRECTORY) {
		buf_printf(out, "compopt -o filenames; words=$(compgen -%c -- \"$word\")",
		           words == WORDS_FILE ? 'f' : 'd');
		return;
	}
	buf_puts(out, "words=$(compgen -W '");
	if (words == WORDS_CHOICE)
		buf_puts(out, choices);
	else if (put_words[words])
		put_words[words](out, arena);
	buf_puts(out, "' -- \"$word\")");
}

static void
put_values(struct buf *out, const struct option *options, struct arena *arena)
{
	for (; options && options->name; options++) {
		if (options->kind == OPTION_FLAG)
			continue;
		buf_puts(out, "\t\t\t");
		option_spell(out, options);
		buf_puts(out, ") ");
		put_compgen(out, options->words, options->choices, arena);
		buf_puts(out, "; return ;;\n");
	}
}

static void
put_spellings(struct buf *out, const struct option *options)
{
	for (; options && options->name; options++) {
		option_spell(out, options);
		buf_putc(out, ' ');
	}
}

static void
put_command(struct buf *out, const struct command *command, struct arena *arena)
{
	buf_printf(out, "\t%s)\n\t\tcase $before in\n", command->name);
	put_values(out, command->options, arena);
	put_values(out, command_common, arena);
	buf_puts(out, "\t\tesac\n\t\tcase $word in\n\t\t\t-*) words=$(compgen -W '");
	put_spellings(out, command->options);
	put_spellings(out, command_common);
	buf_puts(out, "' -- \"$word\") ;;\n\t\t\t*) ");
	put_compgen(out, command->operands_most ? command->words : WORDS_NONE, NULL, arena);
	buf_puts(out, " ;;\n\t\tesac\n\t\t;;\n");
}

void
completion_print(struct buf *out, struct arena *arena)
{
	buf_puts(out, "# bash completion for lockdrill, made from its tables of options.\n"
	              "_lockdrill_words() {\n\tlocal word=$1 before=$2\n\tcase $3 in\n");
	for (unsigned i = 0; i < command_count; i++)
		if (command_list[i]->operands)
			put_command(out, command_list[i], arena);
	buf_puts(out, "\t*) words=$(compgen -W '");
	put_commands(out);
	buf_puts(out,
	         " --help --version' -- \"$word\") ;;\n\tesac\n}\n\n"
	         "# What stands behind = is a word of its own to bash, and so is the = itself.\n"
	         "_lockdrill() {\n"
	         "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= words=\n"
	         "\t[ \"$before\" = '=' ] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
	         "\t[ \"$word\" = '=' ] && word=\n"
	         "\t[ \"$COMP_CWORD\" -gt 1 ] && command=${COMP_WORDS[1]}\n"
	         "\t_lockdrill_words \"$word\" \"$before\" \"$command\"\n"
	         "\tlocal IFS=$'\\n'\n"
	         "\tCOMPREPLY=($words)\n"
	         "}\n\ncomplete -F _lockdrill lockdrill\n");
}
