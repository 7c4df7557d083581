/* lockdrill enum: lists, counts or names the canonical sequences of one size. See command.h.
 *
 * The list streams: one sequence a line, in the order of the space, through a buffer that is written out
 * when it is large. A write that fails ends the listing; main reports it.
 */
#include <stdio.h>

#include "buf.h"
#include "command.h"
#include "space.h"

enum { ENUM_WRITE = 1 << 16 };

struct enum_request {
	const char *rule, *role;
	const char *word; /* of the alphabet */
	enum space_alphabet alphabet;
	unsigned long long size, locks, index;
	bool count, has_index;
};

/* Writes out and empties the buffer; false when that fails. */
static bool
enum_write(struct buf *out)
{
	bool written = fwrite(out->data, 1, out->len, stdout) == out->len;

	buf_clear(out);
	return written;
}

static void
enum_line(struct buf *out, const struct space *space)
{
	seq_print(out, &space->seq, space->rule);
	buf_putc(out, '\n');
}

static void
enum_list(struct space *space)
{
	struct buf out = {0};
	bool go = space_first(space);

	while (go) {
		enum_line(&out, space);
		go = space_next(space) && (out.len < ENUM_WRITE || enum_write(&out));
	}
	if (out.len)
		enum_write(&out);
	buf_free(&out);
}

static int
enum_index(struct space *space, unsigned long long index)
{
	struct buf out = {0};
	struct diag diag;
	uint64_t count = space_count(space);

	if (index >= count) {
		diag_set(&diag, "--index", 0, 0, "there is no sequence %llu: expected 0 to %llu, as there are %llu",
		         index, (unsigned long long)count - 1, (unsigned long long)count);
		return command_refuse(&diag);
	}
	space_unrank(space, index);
	enum_line(&out, space);
	enum_write(&out);
	buf_free(&out);
	return STATUS_FINE;
}

static int
enum_space(const struct enum_request *request, const struct rule *rule, unsigned role)
{
	struct space space;
	struct diag diag;
	int status = STATUS_FINE;

	if (!space_init(&space, rule, role, request->alphabet, (unsigned)request->size,
	                (unsigned)request->locks)) {
		diag_set(&diag, "--size", 0, 0, "the sequences of size %llu cannot be counted in 64 bits",
		         request->size);
		return command_refuse(&diag);
	}
	if (request->count)
		printf("%llu\n", (unsigned long long)space_count(&space));
	else if (request->has_index)
		status = enum_index(&space, request->index);
	else
		enum_list(&space);
	space_free(&space);
	return status;
}

enum { NOT_GIVEN = 1000 };

static const struct option options[] = {
	OPTION_RULE(enum_request, rule, true, "the rule"),
	OPTION_ROLE(enum_request, role),
	{"size", OPTION_NUMBER_AT(enum_request, size), .most = SPACE_MAX_SIZE, .value = "N",
     .help = "statements in a sequence (needed)"},
	{"locks", OPTION_NUMBER_AT(enum_request, locks), .most = RULE_LOCKS, .value = "K",
     .help = "at most so many locks (default: 1)"},
	OPTION_ALPHABET(enum_request, word),
	{"count", OPTION_FLAG_AT(enum_request, count), .help = "print how many there are, and nothing else"},
	{"index", OPTION_NUMBER_AT(enum_request, index), .most = UINT64_MAX - 1, .value = "I", .without = "count",
     .help = "print this one alone, counted from 0"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct enum_request request = {.size = NOT_GIVEN, .locks = 1, .index = UINT64_MAX};
	unsigned operands, role;
	struct arena arena = {0};
	struct rule rule;
	struct diag diag;
	int status;

	if (!command_options(&command_enum, &request, argc, argv, NULL, &operands, &status))
		return status;
	request.has_index = request.index != UINT64_MAX;
	diag_set(&diag, "enum", 0, 0, "--size N is missing");
	if (request.size == NOT_GIVEN)
		return command_refuse(&diag);
	diag_set(&diag, "enum", 0, 0, "--count and --index exclude each other");
	if (request.count && request.has_index)
		return command_refuse(&diag);
	if (command_alphabet(&request.alphabet, request.word, &diag) &&
	    command_rule(&rule, &role, &arena, request.rule, request.role, &diag))
		status = enum_space(&request, &rule, role);
	else
		status = command_refuse(&diag);
	arena_free(&arena);
	return status;
}

const struct command command_enum = {.name = "enum",
                                     .operands = "--size N",
                                     .summary = "list, count or name canonical sequences",
                                     .options = options,
                                     .run = run};
