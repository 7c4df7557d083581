/* The commands of the command line: one function each, in suite/command/NAME.c.
 *
 * A command gets its own name in argv[0], prints results on stdout, progress and messages on stderr, and returns the
 * exit status: 0 fine; 1 a failed comparison or roads that disagree; 2 usage or environment. main flushes
 * stdout and reports what could not be written.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>

#include "arena.h"
#include "diag.h"
#include "level.h"
#include "option.h"
#include "rule.h"
#include "seq.h"

/* COMMAND(name, operands, summary) */
#define COMMANDS(COMMAND)                                                                                \
	COMMAND(rules, "[RULE]", "list the rules, or one rule with its calls, roles and readings")           \
	COMMAND(verdict, "--rule R [--role X] [--reading Y] SEQ|-", "judge one sequence by all three roads") \
	COMMAND(enum, "--rule R --size N", "list, count or name canonical sequences")                        \
	COMMAND(show, "CASE-ID | --rule R SEQ", "one case in all its forms")                                 \
	COMMAND(gen, "--level L --out DIR", "write the cases of a level with their manifest")                \
	COMMAND(verify, "--level L | --rule R --size N", "judge many cases by all three roads")              \
	COMMAND(shapes, "[--level L] [--traits]", "list the shapes, with the number of their cases")         \
	COMMAND(choose, "[--level L]", "list the fewest pairs that show what a level shows")                 \
	COMMAND(mutants, "[--level L]", "show that a level gives faulty checkers away")                      \
	COMMAND(manifest, "--level L", "one line for each case of a level: id, hash, verdict")               \
	COMMAND(core, "[--out DIR]", "judge the core cases, and write them with what is expected")           \
	COMMAND(checkers, "", "list the checkers and whether each is here")                                  \
	COMMAND(run, "--level L --db FILE", "give the cases of a level to checkers")                         \
	COMMAND(import, "--level L --manifest FILE --db FILE --checker NAME FILE...",                        \
	        "store the answers of a checker that ran already: SARIF, JSON lines, CSV")                   \
	COMMAND(merge, "OUT.db PART.db...", "one database from those of all shards of a level")              \
	COMMAND(score, "FILE", "score stored answers")

/* Those that lockdrill starts itself: a degenerate checker on the cases of one file; the supervisor of a
 * lane; the worker of a plug-in. */
#define HIDDEN_COMMANDS(COMMAND) \
	COMMAND(answer, NULL, NULL) COMMAND(supervise, NULL, NULL) COMMAND(plugin, NULL, NULL)

#define COMMAND(name, operands, summary) int command_##name(int argc, char **argv);
COMMANDS(COMMAND)
HIDDEN_COMMANDS(COMMAND)
#undef COMMAND

/* The exit statuses. */
enum { STATUS_FINE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* For a command's own option table: parses, and on --help prints the command's synopsis, summary and options. Returns false
 * when the command is over, with its exit status in *status. --data, --quiet and --help are added to every table. */
bool command_options(const struct option *options, int argc, char **argv, const char **operand, unsigned max,
                     unsigned *operands, int *status);
/* --quiet was given. */
bool command_quiet(void);

/* Prints the diagnostic to stderr and returns STATUS_USAGE. */
int command_refuse(const struct diag *diag);
/* As command_refuse; where roads disagree, prints their verdicts too and returns STATUS_FAILED. */
int command_dispute(const struct diag *diag, const struct buf *dispute);
/* Reads "K/N"; NULL is all of one. False with the message. */
bool command_shard(struct shard *shard, const char *text, struct diag *diag);
/* Loads a rule and finds a role by name (NULL: the default role); false with the message. */
bool command_rule(struct rule *rule, unsigned *role, struct arena *arena, const char *rule_name,
                  const char *role_name, struct diag *diag);

#endif
