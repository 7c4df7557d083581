/* lockdrill enum: lists, counts or names the canonical sequences of one size. See command.h.
 *
 * A sample is drawn by numbers: Floyd's algorithm takes N of all in N steps (Bentley and Floyd, CACM 30(9),
 * 1987), each set of N as likely as any other, and prints them in the order of the space.
 *
 * The list streams: one sequence a line, in the order of the space, through a buffer that is written out
 * when it is large. A write that fails ends the listing; main reports it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "command.h"
#include "random.h"
#include "space.h"

enum { ENUM_WRITE = 1 << 16, ENUM_SAMPLE_MOST = 1000000 };

struct enum_request {
	const char *rule, *role;
	const char *word; /* of the alphabet */
	enum space_alphabet alphabet;
	unsigned long long size, locks, index, sample, seed;
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
compare_numbers(const void *one, const void *two)
{
	const uint64_t *a = one, *b = two;

	return *a < *b ? -1 : *a > *b;
}

/* From 0 to limit - 1, each as likely as any other: what is left over at the end of the numbers is not taken.
 */
static uint64_t
below(struct random *random, uint64_t limit)
{
	uint64_t rest = UINT64_MAX % limit, number;

	do
		number = random_next(random);
	while (number > UINT64_MAX - rest - 1 && rest + 1 < limit);
	return number % limit;
}

/* Puts a number into an open hash table of a power of two slots, which hold 1 + number; false where it is in.
 */
static bool
enum_take(uint64_t *slot, uint64_t slots, uint64_t number)
{
	uint64_t at = (number * 0x9e3779b97f4a7c15u) & (slots - 1);

	for (; slot[at]; at = (at + 1) & (slots - 1))
		if (slot[at] == number + 1)
			return false;
	slot[at] = number + 1;
	return true;
}

static void
enum_draw(struct arena *arena, const struct enum_request *request, uint64_t count, uint64_t *drawn)
{
	uint64_t sample = request->sample, slots = 2, *slot;
	struct random random = {request->seed};

	while (slots < 2 * sample)
		slots *= 2;
	slot = arena_alloc(arena, slots * sizeof *slot);
	for (uint64_t i = 0, last = count - sample; i < sample; i++, last++) {
		uint64_t number = below(&random, last + 1);

		drawn[i] = enum_take(slot, slots, number) ? number : last;
		if (drawn[i] == last && number != last)
			enum_take(slot, slots, last);
	}
	qsort(drawn, sample, sizeof *drawn, compare_numbers);
}

static int
enum_sample(struct space *space, const struct enum_request *request)
{
	uint64_t count = space_count(space), *drawn;
	struct arena arena = {0};
	struct buf out = {0};
	struct diag diag;

	if (request->sample > count) {
		diag_set(&diag, "--sample", 0, 0, "there are %llu sequences, and no %llu", (unsigned long long)count,
		         request->sample);
		return command_refuse(&diag);
	}
	drawn = arena_alloc(&arena, request->sample * sizeof *drawn);
	enum_draw(&arena, request, count, drawn);
	for (uint64_t i = 0; i < request->sample; i++) {
		space_unrank(space, drawn[i]);
		enum_line(&out, space);
		if (out.len >= ENUM_WRITE && !enum_write(&out))
			break;
	}
	enum_write(&out);
	buf_free(&out);
	arena_free(&arena);
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
	else if (request->sample)
		status = enum_sample(&space, request);
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
	{"sample", OPTION_NUMBER_AT(enum_request, sample), .least = 1, .most = ENUM_SAMPLE_MOST, .value = "N",
     .without = "count", .help = "print N of them, drawn at random"},
	{"seed", OPTION_NUMBER_AT(enum_request, seed), .most = UINT64_MAX, .value = "S", .with = "sample",
     .help = "of the sample (default: 1)"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct enum_request request = {.size = NOT_GIVEN, .locks = 1, .index = UINT64_MAX, .seed = 1};
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
	diag_set(&diag, "enum", 0, 0, "--count, --index and --sample exclude each other");
	if (request.count + request.has_index + (request.sample > 0) > 1)
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
