/* lockdrill witness: witnesses held against the programs that they name.
 *
 * Beside a witness stand the program and its definition, as gen --tasks writes them: FILE.c and FILE.yml. The
 * program is made anew from what the definition says, and must be the same byte for byte; its verdict is
 * found anew, and must be what the definition and the witness say. Then the witness is replayed, see
 * replay.h.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "reach.h"
#include "replay.h"
#include "task.h"
#include "witness.h"

enum { PROGRAM_MOST = 16 << 20 };

struct checking {
	const char *name; /* of the witness's file */
	struct arena arena;
	struct witness witness;
	struct buf bytes, program, path;
	struct task_said said;
	struct task task;
	struct diag diag;
	bool readable; /* else what is refused is no witness at all */
};

static bool
refuse(struct checking *c, const char *why, const char *what)
{
	diag_set(&c->diag, c->name, 0, 0, "%s%s%.200s", why, *what ? " " : "", what);
	return false;
}

/* A file beside the witness: the stem of the program's name and an end. */
static bool
read_beside(struct checking *c, struct buf *bytes, const char *end)
{
	const char *slash = strrchr(c->name, '/');
	size_t directory = slash ? (size_t)(slash + 1 - c->name) : 0;

	buf_clear(&c->path);
	buf_add(&c->path, c->name, directory);
	buf_add(&c->path, c->witness.input_file, strlen(c->witness.input_file) - 2);
	buf_puts(&c->path, end);
	buf_clear(bytes);
	return buf_read_file(bytes, c->path.data, PROGRAM_MOST) || refuse(c, "cannot read", c->path.data);
}

static bool
read_witness(struct checking *c)
{
	size_t length;

	if (!buf_read_file(&c->bytes, c->name, WITNESS_MOST))
		return refuse(c, "cannot be read", "");
	if (!witness_read(&c->witness, &c->arena, c->name, buf_string(&c->bytes), c->bytes.len, &c->diag))
		return false;
	length = strlen(c->witness.input_file);
	return (length > 2 && !strcmp(c->witness.input_file + length - 2, ".c")) ||
	       refuse(c, "is for no C file:", c->witness.input_file);
}

static bool
read_program(struct checking *c)
{
	char hash[WITNESS_HASH];

	if (!read_beside(c, &c->program, ".c"))
		return false;
	witness_hash(buf_string(&c->program), c->program.len, hash);
	return !strcmp(hash, c->witness.input_hash) || refuse(c, "the hash is not that of", c->path.data);
}

static bool
read_definition(struct checking *c)
{
	if (!read_beside(c, &c->bytes, ".yml") ||
	    !task_read(&c->said, &c->arena, c->path.data, buf_string(&c->bytes), c->bytes.len, &c->diag))
		return false;
	if (strcmp(c->said.input_file, c->witness.input_file) != 0)
		return refuse(c, "the definition is of", c->said.input_file);
	if (strcmp(c->witness.data_model, task_model_name(c->said.model)) != 0)
		return refuse(c, "the definition is for", task_model_name(c->said.model));
	if (!task_make(&c->task, &c->arena, &c->said.of, c->witness.input_file, &c->diag))
		return false;
	return (c->task.text.len == c->program.len &&
	        !memcmp(c->task.text.data, c->program.data, c->program.len)) ||
	       refuse(c, "its program is not the text of its case:", c->witness.input_file);
}

/* What holds of the case, found anew. */
static bool
check_verdict(struct checking *c)
{
	struct suite_case *of = &c->said.of;
	unsigned headline = of->rule->headline;
	struct reach reach;

	reach_init(&reach, of->rule, of->role, headline);
	reach_judge(&reach, &of->seq, seq_cap(&of->seq, of->rule, of->role), &c->arena, &of->verdict[headline]);
	reach_free(&reach);
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++) {
		enum task_property property = (enum task_property)i;

		if (c->said.asked[i] && c->said.holds[i] != task_holds(of, property))
			return refuse(c,
			              "the definition expects the contrary of what holds:", task_property_name(property));
	}
	for (unsigned i = PROPERTY_UNREACH; i <= PROPERTY_LOCKS; i++) {
		enum task_property property = (enum task_property)i;

		if (strcmp(c->witness.specification, task_property_text(property)) != 0)
			continue;
		return c->witness.violation != task_holds(of, property) ||
		       refuse(c, "a witness of the contrary of what holds:", task_property_name(property));
	}
	return refuse(c, "no witness of this specification is replayed:", c->witness.specification);
}

static bool
check(struct checking *c, struct replay *replay)
{
	c->readable = read_witness(c);
	return c->readable && read_program(c) && read_definition(c) && check_verdict(c) &&
	       replay_witness(replay, &c->arena, &c->witness, &c->task, c->name, &c->diag);
}

static int
check_file(const char *name)
{
	struct checking c = {.name = name};
	struct replay replay;
	int status = STATUS_FINE;

	if (!check(&c, &replay)) {
		command_refuse(&c.diag);
		status = c.readable ? STATUS_FAILED : STATUS_USAGE;
	} else if (c.witness.violation) {
		printf("%s: violates on line %u, after %u unknowns\n", name, replay.line, c.witness.count - 1);
	} else {
		printf("%s: invariants hold: %u, on %u paths\n", name, c.witness.count, replay.paths);
	}
	buf_free(&c.bytes);
	buf_free(&c.program);
	buf_free(&c.path);
	task_free(&c.task);
	arena_free(&c.arena);
	return status;
}

static int
run(int argc, char **argv)
{
	const char **names;
	struct arena arena = {0};
	struct diag diag;
	unsigned operands;
	int status;

	names = arena_alloc(&arena, (size_t)argc * sizeof *names);
	if (command_options(&command_witness, NULL, argc, argv, names, &operands, &status)) {
		if (!operands) {
			diag_set(&diag, "witness", 0, 0, "give the files of witnesses");
			status = command_refuse(&diag);
		}
		for (unsigned i = 0; i < operands; i++) {
			int one = check_file(names[i]);

			status = one > status ? one : status;
		}
	}
	arena_free(&arena);
	return status;
}

const struct command command_witness = {.name = "witness",
                                        .operands = "FILE...",
                                        .summary = "replay witnesses of gen --tasks",
                                        .operands_most = COMMAND_ANY,
                                        .words = WORDS_FILE,
                                        .run = run};
