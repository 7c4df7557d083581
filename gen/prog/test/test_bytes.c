/* bytes: every string decodes to a legal case within the limits, cases come back from their bytes, mutations
 * stay legal. */
#include <criterion/criterion.h>

#include "bytes.h"
#include "make.h"
#include "mutate.h"
#include "read.h"
#include "space.h"

enum { STRINGS = 60000, LONGEST = 512, RULES = 8 };

static struct arena arena;
static const struct rule *rule[RULES];
static struct bytes_rules rules;

/* A rule of tests. */
static const struct rule *
from_file(const char *name)
{
	struct rule *parsed = arena_alloc(&arena, sizeof *parsed);
	struct buf text = {0};
	struct diag diag;

	cr_assert(buf_read_file(&text, name, 1 << 18), "tests run from the top of the project");
	cr_assert(rule_parse(parsed, &arena, name, arena_copy(&arena, text.data, text.len), text.len, &diag),
	          "%s", diag.message);
	buf_free(&text);
	return parsed;
}

static void
begin(void)
{
	const char **names;
	size_t count = rule_list(&arena, &names);

	cr_assert_leq(count + 2, (size_t)RULES);
	for (size_t i = 0; i < count; i++) {
		struct rule *loaded = arena_alloc(&arena, sizeof *loaded);
		struct diag diag;

		cr_assert(rule_load(loaded, &arena, names[i], &diag), "%s", diag.message);
		rule[i] = loaded;
	}
	rule[count++] = from_file("suite/truth/test/two_types.yaml");
	rule[count++] = from_file("suite/truth/test/own_handles.yaml");
	rules = (struct bytes_rules){.rule = rule, .count = (unsigned)count};
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(bytes, .init = begin, .fini = end);

/* The same numbers each time (xorshift: Marsaglia 2003). */
static uint64_t
draw(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

static const char *
print(const struct bytes_case *of, struct buf *out)
{
	buf_clear(out);
	seq_print(out, &of->seq, of->rule);
	return buf_string(out);
}

/* Whether a block is empty, or something stands behind a jump in the same block. */
static bool
is_malformed(const struct seq *seq)
{
	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned op = seq->node[i].op, next = i + 1 < seq->count ? seq->node[i + 1].op : SEQ_END;
		bool opens = seq_opens(op) || op == SEQ_ELSE;
		bool jumps = seq_jumps(op);
		bool closes = next == SEQ_END || next == SEQ_ELSE;

		if ((opens && closes) || (jumps && !closes))
			return true;
	}
	return false;
}

static unsigned
depth_of(const struct seq *seq)
{
	unsigned depth = 0, most = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned op = seq->node[i].op;

		depth += seq_opens(op);
		depth -= op == SEQ_END;
		most = depth > most ? depth : most;
	}
	cr_assert_eq(depth, 0U);
	return most;
}

/* All that bytes.h promises of a decoded case. */
static void
expect_legal(const struct bytes_case *of, struct arena *scratch)
{
	struct bytes_case again = *of;
	struct buf text = {0};
	struct diag diag;

	print(of, &text);
	cr_assert_lt(of->role, of->rule->roles);
	cr_assert_leq(of->seq.size, (uint32_t)BYTES_STATEMENTS);
	cr_assert_leq(of->seq.count, (uint32_t)BYTES_NODES);
	cr_assert_leq(depth_of(&of->seq), (unsigned)BYTES_DEPTH, "%s", buf_string(&text));
	cr_assert_not(is_malformed(&of->seq), "%s", buf_string(&text));
	cr_assert(seq_read(&again.seq, scratch, of->rule, of->role, "test", buf_string(&text), text.len, &diag),
	          "%s: %s: %s", of->rule->name, buf_string(&text), diag.message);
	cr_assert(bytes_same(of, &again), "%s", buf_string(&text));
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		enum shape_id id = (enum shape_id)of->shapes.choice[d];

		cr_assert_eq(shape_row(id)->dimension, d);
		cr_assert(shape_applies(id, &of->seq, of->rule, of->role, &of->shapes), "%s: %s=%s",
		          buf_string(&text), shape_dimension_name((enum shape_dimension)d), shape_row(id)->name);
	}
	buf_free(&text);
}

static void
expect_round(const struct bytes_case *of, struct arena *scratch)
{
	uint8_t bytes[BYTES_SIZE];
	struct bytes_case back;
	size_t size = bytes_encode(bytes, &rules, of);
	struct buf text = {0};

	cr_assert_leq(size, (size_t)BYTES_SIZE);
	bytes_decode(&back, scratch, &rules, bytes, size);
	cr_assert(bytes_same(of, &back), "%s", print(of, &text));
	buf_free(&text);
}

Test(bytes, any_string_decodes_to_a_legal_case_that_comes_back)
{
	uint64_t random = 1;
	struct arena scratch = {0};
	unsigned shaped = 0, large = 0, named = 0, crossed = 0;

	for (unsigned i = 0; i < STRINGS; i++) {
		uint8_t bytes[LONGEST];
		size_t size = draw(&random) % (i % 2 ? LONGEST : 48);
		struct shapes usual = shapes_default();
		struct bytes_case of;

		for (size_t j = 0; j < size; j++) {
			unsigned op;

			bytes[j] = (uint8_t)(draw(&random) >> 32);
			op = bytes[j] % SEQ_EVENT;                              /* no events of a rule's own */
			if (i % 4 == 3 && (op == SEQ_RETURN || op == SEQ_STOP)) /* which would end most of them soon */
				bytes[j] = SEQ_WORK;
		}
		bytes_decode(&of, &scratch, &rules, bytes, size);
		expect_legal(&of, &scratch);
		expect_round(&of, &scratch);
		large += of.seq.size == BYTES_STATEMENTS;
		shaped += memcmp(usual.choice, of.shapes.choice, sizeof usual.choice) != 0;
		for (uint32_t j = 0; j < of.seq.count; j++) {
			named += of.seq.node[j].api != 0;
			crossed += of.seq.node[j].handle != of.seq.node[j].lock;
		}
		arena_reset(&scratch);
	}
	cr_assert(shaped && large && named && crossed, "%u shaped, %u large, %u calls named, %u handles crossed",
	          shaped, large, named, crossed);
	arena_free(&scratch);
}

Test(bytes, the_head_of_a_string_is_a_string)
{
	uint8_t bytes[LONGEST] = {0};
	struct bytes_case of;
	uint64_t random = 3;

	for (size_t j = 0; j < sizeof bytes; j++)
		bytes[j] = (uint8_t)draw(&random);
	for (size_t size = 0; size < sizeof bytes; size++) {
		bytes_decode(&of, &arena, &rules, bytes, size);
		expect_legal(&of, &arena);
	}
	bytes_decode(&of, &arena, &rules, NULL, 0);
	cr_assert_eq(of.seq.count, 0U);
}

static void
come_back_in_every_shape(enum space_alphabet alphabet, unsigned least)
{
	struct arena scratch = {0};
	unsigned judged = 0;

	for (unsigned i = 0; i < rules.count; i++)
		for (unsigned role = 0; role < rule[i]->roles; role++) {
			struct space space;

			cr_assert(space_init(&space, rule[i], role, alphabet, alphabet == SPACE_PLAIN ? 3 : 2, 2));
			for (bool more = space_first(&space); more; more = space_next(&space))
				for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
					struct bytes_case of = {rule[i], role, space.seq, shapes_default()};

					if (!shape_applies((enum shape_id)id, &of.seq, rule[i], role, &of.shapes))
						continue;
					of.shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
					expect_round(&of, &scratch);
					arena_reset(&scratch);
					judged++;
				}
			space_free(&space);
		}
	cr_assert_gt(judged, least);
	arena_free(&scratch);
}

Test(bytes, every_sequence_of_a_space_comes_back_in_every_shape)
{
	come_back_in_every_shape(SPACE_PLAIN, 10000);
	come_back_in_every_shape(SPACE_STATE, 3000);
}

/* What becomes of tokens that are no case. */
struct row {
	const char *nodes; /* a r t i l b c R w T f s =, e for ELSE, . for END */
	const char *text;
};

static const struct row rows[] = {
	{"", ""},
	{"a", "acq a"},
	{".e.", ""},
	{"i", ""},
	{"i.", ""},
	{"iw", "if ? { work }"},
	{"ie.", ""},
	{"ier", "if ? { rel a }"},
	{"iae.", "if ? { acq a }"},
	{"iaer.", "if ? { acq a } else { rel a }"},
	{"iaerew.", "if ? { acq a } else { rel a; work }"},
	{"laer.", "loop { acq a; rel a }"},
	{"b", ""},
	{"ic.", ""},
	{"lb.w", "loop { break }; work"},
	{"libwewc.", "loop { if ? { break } else { work; continue } }"},
	{"Rw", "return"},
	{"iRw.w", "if ? { return }; work"},
	{"iRiw.w.w", "if ? { return }; work"},
	{"iRlbew.w.w", "if ? { return }; work"},
	{"iRew.w", "if ? { return } else { work }; work"},
	{"ta.", "if ? { acq a }"},
	{"T", "work"},
	{"fw.b", "forever { work }"},
	{"f.w", "work"},
	{"fb.s", "forever { break }; stop"},
	{"few.", "forever { work }"},
	{"isw.w", "if ? { stop }; work"},
	{"sw", "stop"},
	{"=", "p = 0"},
};

static unsigned
read_nodes(struct seq_node *nodes, const char *letters)
{
	unsigned count = 0;

	for (; letters[count]; count++)
		nodes[count] =
			(struct seq_node){.op = (uint8_t)(strchr("artilbcRwe.Tfs=", letters[count]) - "artilbcRwe.Tfs=")};
	return count;
}

Test(bytes, what_is_not_legal_is_dropped)
{
	struct buf text = {0};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const uint8_t op[] = {SEQ_ACQ,   SEQ_REL,      SEQ_TRY,     SEQ_IF,   SEQ_LOOP,
		                             SEQ_BREAK, SEQ_CONTINUE, SEQ_RETURN,  SEQ_WORK, SEQ_ELSE,
		                             SEQ_END,   SEQ_TAKE,     SEQ_FOREVER, SEQ_STOP, SEQ_SET};
		struct bytes_case of = {.rule = rule[0], .shapes = shapes_default()};
		struct seq_node nodes[32];
		unsigned count = read_nodes(nodes, rows[i].nodes);

		for (unsigned j = 0; j < count; j++)
			nodes[j].op = op[nodes[j].op];
		bytes_repair(&of, &arena, nodes, count);
		cr_expect_str_eq(print(&of, &text), rows[i].text, "%s: %s", rows[i].nodes, buf_string(&text));
	}
	buf_free(&text);
}

Test(bytes, blocks_beyond_the_depth_are_dropped_with_all_they_hold)
{
	struct bytes_case of = {.rule = rule[0], .shapes = shapes_default()};
	struct seq_node nodes[BYTES_DEPTH + 3];
	unsigned count = 0;

	while (count <= BYTES_DEPTH)
		nodes[count++] = (struct seq_node){.op = SEQ_LOOP};
	nodes[count++] = (struct seq_node){.op = SEQ_END};
	nodes[count++] = (struct seq_node){.op = SEQ_WORK};
	bytes_repair(&of, &arena, nodes, count);
	cr_assert_eq(depth_of(&of.seq), (unsigned)BYTES_DEPTH);
	cr_assert_eq(of.seq.size, BYTES_DEPTH + 1U);
}

Test(bytes, every_mutation_finds_a_place_and_leaves_a_legal_case)
{
	enum { MUTATED = STRINGS / 3 * 4 }; /* the rarest needs a rule with handles */
	struct arena scratch = {0};
	unsigned changed[MUTATION_COUNT] = {0};
	struct bytes_case of, other;
	uint64_t random = 5;

	for (unsigned i = 0; i < MUTATED; i++) {
		enum mutation mutation = (enum mutation)(i % MUTATION_COUNT);
		uint8_t bytes[200], before[BYTES_SIZE], after[BYTES_SIZE];
		size_t size = draw(&random) % sizeof bytes, sizes[2];

		for (size_t j = 0; j < size; j++)
			bytes[j] = (uint8_t)(draw(&random) >> 32);
		bytes_decode(&of, &scratch, &rules, bytes, size);
		sizes[0] = bytes_encode(before, &rules, &of);
		mutate_by(&of, &scratch, &rules, mutation, draw(&random));
		expect_legal(&of, &scratch);
		sizes[1] = bytes_encode(after, &rules, &of);
		changed[mutation] += sizes[0] != sizes[1] || memcmp(before, after, sizes[0]);
		bytes_decode(&other, &scratch, &rules, bytes, size / 2);
		mutate_splice(&of, &scratch, &other, draw(&random));
		expect_legal(&of, &scratch);
		arena_reset(&scratch);
	}
	for (unsigned mutation = 0; mutation < MUTATION_COUNT; mutation++)
		cr_expect_gt(changed[mutation], 100U, "mutation %u changed %u", mutation, changed[mutation]);
	arena_free(&scratch);
}

Test(bytes, mutation_is_a_function_of_its_seed)
{
	struct bytes_case one, two, three;
	static const uint8_t bytes[] = {3, 0, 0, 0, 0, 3, 1, 1, 0, 7, 0, 10, 0, 1, 0};
	unsigned same = 0;

	for (uint64_t seed = 0; seed < 1000; seed++) {
		bytes_decode(&one, &arena, &rules, bytes, sizeof bytes);
		bytes_decode(&two, &arena, &rules, bytes, sizeof bytes);
		bytes_decode(&three, &arena, &rules, bytes, sizeof bytes);
		mutate(&one, &arena, &rules, seed);
		mutate(&two, &arena, &rules, seed);
		mutate(&three, &arena, &rules, seed + 1);
		cr_assert(bytes_same(&one, &two));
		same += bytes_same(&one, &three);
	}
	cr_assert_lt(same, 200U);
}
