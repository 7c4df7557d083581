/* Command-line options of one command, from a table.
 *
 * A table is constant: it says where in the command's request a value goes, not in which request, so that
 * the same table reads the command line and makes --help, the man page and the completion of a shell. Rows
 * that several commands share are macros at the end of this file. A table ends with a row without a name.
 */
#ifndef OPTION_H
#define OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "diag.h"

enum option_kind {
	OPTION_FLAG,   /* --quiet: sets a bool */
	OPTION_STRING, /* --rule NAME: sets a const char * */
	OPTION_LIST,   /* --rule NAME, may be repeated: adds to a struct option_list */
	OPTION_NUMBER, /* --size N: decimal, no sign, from `least` to `most`: sets an unsigned long long */
};

/* What may stand for a value, as a shell completes it. */
enum option_words {
	WORDS_NONE,
	WORDS_FILE,
	WORDS_DIRECTORY,
	WORDS_RULE,
	WORDS_LEVEL,
	WORDS_CHECKER,
	WORDS_WORLD,
	WORDS_SHAPE,
	WORDS_TOPIC,  /* a command or a page of the manual */
	WORDS_CHOICE, /* one of the row's own */
	WORDS_COUNT
};

enum { OPTION_LIST_MOST = 256 }; /* all shapes fit; one more is an error */

struct option_list {
	unsigned count;
	const char *item[OPTION_LIST_MOST];
};

struct option {
	const char *name; /* "rule" for --rule; a single letter for -j */
	enum option_kind kind;
	size_t at;                      /* of the value in the request, in bytes */
	char letter;                    /* a second spelling, as h for -h; or 0 */
	bool needed;                    /* OPTION_STRING: without it the command is refused */
	unsigned long long least, most; /* OPTION_NUMBER */
	const char *value;              /* what the argument is called: "NAME"; NULL for a flag */
	const char *help;               /* what it does, in a line */
	enum option_words words;
	const char *choices; /* WORDS_CHOICE: with blanks between them */
	const char *with;    /* without this option of the table it does nothing, and is refused */
	const char *without; /* the same beside this one */
};

/* A table, the request that it fills, and which of its rows were given. */
struct option_set {
	const struct option *options; /* at most 64 */
	void *request;
	unsigned long long given; /* bit i: row i */
};

/* Takes the options of both sets out of argv (in any order among the operands; `--name VALUE`,
 * `--name=VALUE`, `-j N`, `-jN`; `--` ends them; `-` alone is an operand) and leaves the operands in
 * operand[0..*operands-1]. argv[0] is the command's name. False with a message for an unknown option (with
 * a known one that is like it), one that is given twice with different values, a missing, empty or unwanted
 * value, a number that is none or out of its bounds, or more than `max` operands. */
bool option_parse(struct option_set sets[2], int argc, char *const *argv, const char **operand, unsigned max,
                  unsigned *operands, struct diag *diag);
/* Whether no needed option was left out, and each that was given does something; false with a message. */
bool option_all_given(const struct option_set *set, const char *command, struct diag *diag);
/* As it is written: "--rule", "-j". */
void option_spell(struct buf *out, const struct option *option);
/* The lines of --help for a table: spelling and value, then what it does. */
void option_print_help(struct buf *out, const struct option *options);

/* Kind and place of a row, with the type of the field checked. */
#define OPTION_PLACE(type, request, field) \
	(offsetof(struct request, field) + 0 * sizeof((type *)NULL == &((struct request *)NULL)->field))
#define OPTION_FLAG_AT(request, field) OPTION_FLAG, OPTION_PLACE(bool, request, field)
#define OPTION_STRING_AT(request, field) OPTION_STRING, OPTION_PLACE(const char *, request, field)
#define OPTION_LIST_AT(request, field) OPTION_LIST, OPTION_PLACE(struct option_list, request, field)
#define OPTION_NUMBER_AT(request, field) OPTION_NUMBER, OPTION_PLACE(unsigned long long, request, field)

/* rows that commands share */
#define OPTION_LEVEL(request, field, is_needed)                                                  \
	{                                                                                            \
		"level", OPTION_STRING_AT(request, field), .value = "NAME", .words = WORDS_LEVEL,        \
												   .help = "the level: smoke, standard or full", \
												   .needed = is_needed                           \
	}
#define OPTION_STANDARD(request, field)                                                    \
	{                                                                                      \
		"level", OPTION_STRING_AT(request, field), .value = "NAME", .words = WORDS_LEVEL,  \
												   .help = "the level (default: standard)" \
	}
#define OPTION_RULE(request, field, is_needed, text)                                                  \
	{                                                                                                 \
		"rule", OPTION_STRING_AT(request, field), .value = "NAME", .words = WORDS_RULE, .help = text, \
												  .needed = is_needed                                 \
	}
#define OPTION_RULES(request, field)                                                      \
	{                                                                                     \
		"rule", OPTION_LIST_AT(request, field), .value = "NAME", .words = WORDS_RULE,     \
												.help = "only this rule; may be repeated" \
	}
#define OPTION_ROLE(request, field)                                                              \
	{                                                                                            \
		"role", OPTION_STRING_AT(request, field), .value = "NAME", .with = "rule",               \
												  .help = "the role (default: the rule's first)" \
	}
#define OPTION_WORLD(request, field, text)                                                             \
	{                                                                                                  \
		"world", OPTION_STRING_AT(request, field), .value = "NAME", .words = WORDS_WORLD, .help = text \
	}
#define OPTION_ALPHABET(request, field)                                                        \
	{                                                                                          \
		"alphabet", OPTION_STRING_AT(request, field),                                          \
			.value = "WHICH", .words = WORDS_CHOICE, .choices = "plain state", .with = "size", \
			.help = "plain, or state: also flags that are set, stop, forever (default: plain)" \
	}
#define OPTION_SHARD(request, field)                                                                  \
	{                                                                                                 \
		"shard", OPTION_STRING_AT(request, field),                                                    \
			.value = "K/N", .help = "every Nth pair (of a dealt level: batch), from the Kth (from 0)" \
	}
#define OPTION_JOBS(request, field, limit)                                              \
	{                                                                                   \
		"j", OPTION_NUMBER_AT(request, field), .least = 1, .most = limit, .value = "N", \
											   .help = "processes at once (default: 1)" \
	}
#define OPTION_DATABASE(request, field)                                                               \
	{                                                                                                 \
		"db", OPTION_STRING_AT(request, field), .value = "FILE", .words = WORDS_FILE, .needed = true, \
												.help = "the experiment's database"                   \
	}
#define OPTION_WIDE(request, field)                                                            \
	{                                                                                          \
		"wide", OPTION_FLAG_AT(request, field), .help = "whole lines, also beyond 100 columns" \
	}

#endif
