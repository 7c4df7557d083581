/* The commands of the command line: one file each, suite/command/NAME.c, with its table of options and its
 * function.
 *
 * A command gets its own name in argv[0], prints results on stdout, progress and messages on stderr, and
 * returns the exit status: 0 fine; 1 a failed comparison or roads that disagree; 2 usage or environment.
 * main flushes stdout and reports what could not be written.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <limits.h>
#include <stdbool.h>

#include "arena.h"
#include "diag.h"
#include "level.h"
#include "option.h"
#include "rule.h"
#include "seq.h"
#include "space.h"

struct command {
	const char *name;
	const char *operands; /* in its synopsis; NULL: lockdrill starts it itself, and no help lists it */
	const char *summary;  /* one line, without a full stop */
	const struct option *options; /* ends with a row without a name; NULL for none but the common ones */
	unsigned operands_most;       /* COMMAND_ANY: as many as there are */
	enum option_words words;      /* what an operand may be */
	bool takes_sequence;          /* an operand may be empty */
	int (*run)(int argc, char **argv);
};

enum { COMMAND_ANY = INT_MAX };

/* In the order of the help: what is asked first comes first. The last six are started by lockdrill
 * itself, or by its Makefile. */
/* clang-format off */
#define COMMANDS(COMMAND) \
	COMMAND(rules) COMMAND(verdict) COMMAND(enum) COMMAND(show) COMMAND(lesson) COMMAND(book) \
	COMMAND(gen) \
	COMMAND(verify) COMMAND(shapes) COMMAND(choose) COMMAND(mutants) COMMAND(manifest) COMMAND(core) \
	COMMAND(witness) COMMAND(checkers) COMMAND(run) COMMAND(import) COMMAND(merge) COMMAND(score) \
	COMMAND(wrong) COMMAND(why) COMMAND(compare) \
	COMMAND(help) COMMAND(cite) COMMAND(answer) COMMAND(supervise) COMMAND(plugin) COMMAND(document) \
	COMMAND(plan) COMMAND(recite)
/* clang-format on */

#define COMMAND(name) extern const struct command command_##name;
COMMANDS(COMMAND)
#undef COMMAND

/* All of them; main sets this first, so that what the commands share does not need the commands. */
extern const struct command *const *command_list;
extern unsigned command_count;

/* The exit statuses. */
enum { STATUS_FINE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* --data, --quiet, --help and --version, which every command has. */
extern const struct option command_common[];

/* Fills the request (NULL where the command has no options of its own) and operand[], which has room for
 * the command's most, or for argc. Returns false when the command is over, with its exit status in
 * *status: --help and --version were answered, or something was refused. */
bool command_options(const struct command *command, void *request, int argc, char **argv,
                     const char **operand, unsigned *operands, int *status);
/* --quiet was given. */
bool command_quiet(void);
/* NULL when there is none. */
const struct command *command_find(const char *name);
/* The one that a misspelt name may have meant, or NULL. */
const struct command *command_nearest(const char *name);
/* Its synopsis: needed options, [OPTIONS], operands. */
void command_print_usage(struct buf *out, const struct command *command);
/* What --help prints. */
void command_print_help(struct buf *out, const struct command *command);

/* Prints words on stdout, from `column` on, wrapped at PAGE_WIDTH columns with further lines indented;
 * ends the line. */
void command_print_filled(const struct buf *text, size_t column, size_t indent);
/* Prints one line on stdout, cut at PAGE_WIDTH columns unless `wide`. True where it was cut. */
bool command_print_cut(const struct buf *line, bool wide);
/* Prints the diagnostic to stderr and returns STATUS_USAGE. */
int command_refuse(const struct diag *diag);
/* As command_refuse; where roads disagree, prints their verdicts too and returns STATUS_FAILED. */
int command_dispute(const struct diag *diag, const struct buf *dispute);
/* Reads "K/N"; NULL is all of one. False with the message. */
bool command_shard(struct shard *shard, const char *text, struct diag *diag);
/* The alphabet by its word, NULL for plain; false with the message. */
bool command_alphabet(enum space_alphabet *alphabet, const char *word, struct diag *diag);
/* Loads a rule and finds a role by name (NULL: the default role); false with the message. */
bool command_rule(struct rule *rule, unsigned *role, struct arena *arena, const char *rule_name,
                  const char *role_name, struct diag *diag);

#endif
