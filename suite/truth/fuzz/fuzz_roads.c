/* Bytes as a case: the roads to its verdict must agree.
 *
 * How to read it: the rules and the work space, loaded once; then reach, which judges every input; then what
 * it is held against, by the environment variable ROADS:
 *
 *   reach   nothing: only the sets of states, without shapes, for speed
 *   walk    the second road, input by input (the default)
 *   native  all three roads, in batches of TRUTH_BATCH inputs; what is left at the end is judged at exit
 *
 * One input in EVERY is judged under all readings, the others under the headline; which ones depends on their
 * bytes alone, so that an input kept by libFuzzer disagrees again. A disagreement prints the case as a
 * command and aborts.
 *
 * libFuzzer's own mutations are replaced by changes to the tree (gen/prog/mutate.c), and its counters are
 * joined by the semantic features of the case (suite/level/feature.c).
 *
 * With -DROADS_FAULT reach is made wrong on purpose, to see how soon that is found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "bytes.h"
#include "feature.h"
#include "make.h"
#include "mutate.h"
#include "reach.h"
#include "truth.h"
#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size,
                                 uint8_t *out, size_t room, unsigned seed);

enum {
	RULES = 16,
	EVERY = 16,              /* one in so many: all readings */
	EVERY_LARGE = 64,        /* one in so many: walked although it is large */
	LARGE = 1 << 16,         /* states that walk may meet */
	TOO_LARGE = 1 << 22,     /* never walked */
	NATIVE_EFFORT = 1 << 16, /* of native for one case: see truth.h */
};

enum against { AGAINST_NOTHING, AGAINST_WALK, AGAINST_NATIVE };

struct compiled {
	struct reach reach[RULE_READINGS];
};

struct roads {
	struct arena life; /* of the rules: until the process ends */
	struct bytes_rules rules;
	unsigned part[RULES];             /* number of a rule's first role among all */
	struct compiled *compiled[RULES]; /* by role */
	enum against against;
	struct walk walk;
	struct truth truth;
	struct arena scratch;    /* of one input */
	struct arena change[2];  /* of one mutation and the one before */
	unsigned latest;         /* which of them holds `given` */
	struct bytes_case given; /* to libFuzzer by the last mutation, as these bytes */
	uint8_t bytes[BYTES_SIZE];
	size_t size;
	struct arena batch_arena;
	struct suite_case batch[TRUTH_BATCH];
	unsigned waiting;               /* in the batch */
	unsigned long compared, beyond; /* cases that the other roads judged; that were too large for them */
};

#define EXTRA_SIZE ((FEATURE_SIZE + 7) / 8 * 8)
_Static_assert(EXTRA_SIZE <= 4096, "libFuzzer clears and reads all of them at each execution");
__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t extra[EXTRA_SIZE];

static void at_end(void);

/* ---- once ---- */

static const struct rule *
load(struct roads *roads, const char *name)
{
	struct rule *rule = arena_alloc(&roads->life, sizeof *rule);
	struct diag diag;

	if (!rule_load(rule, &roads->life, name, &diag))
		bug("%s: %s", name, diag.message);
	return rule;
}

static void
choose_road(struct roads *roads)
{
	const char *name = getenv("ROADS");

	if (!name || !strcmp(name, "walk"))
		roads->against = AGAINST_WALK;
	else if (!strcmp(name, "native"))
		roads->against = AGAINST_NATIVE;
	else if (strcmp(name, "reach"))
		die("ROADS=%s: expected reach, walk or native", name);
	if (roads->against != AGAINST_NOTHING)
		atexit(at_end);
}

static void
begin(struct roads *roads)
{
	const struct rule **rule;
	const char **name;
	size_t names = rule_list(&roads->life, &name);
	unsigned part = 0;

	if (names > RULES)
		bug("more than %d rules", RULES);
	rule = arena_alloc(&roads->life, names * sizeof(const struct rule *));
	for (unsigned i = 0; i < names; i++) {
		rule[i] = load(roads, name[i]);
		roads->part[i] = part;
		part += rule[i]->roles;
		roads->compiled[i] = arena_alloc(&roads->life, rule[i]->roles * sizeof(struct compiled));
		for (unsigned role = 0; role < rule[i]->roles; role++)
			for (unsigned r = 0; r < rule[i]->readings; r++)
				reach_init(&roads->compiled[i][role].reach[r], rule[i], role, r);
	}
	roads->rules = (struct bytes_rules){.rule = rule, .count = (unsigned)names};
	roads->truth.effort = NATIVE_EFFORT;
	choose_road(roads);
	roads->rules.plain = roads->against == AGAINST_NOTHING;
}

static struct roads *
the_roads(void)
{
	static struct roads roads;

	if (!roads.rules.count)
		begin(&roads);
	return &roads;
}

static unsigned
rule_number(const struct roads *roads, const struct rule *rule)
{
	unsigned i = 0;

	while (roads->rules.rule[i] != rule)
		i++;
	return i;
}

/* ---- telling of a disagreement ---- */

static void
print_verdict(const char *road, const struct verdict *verdict)
{
	struct buf out = {0};

	verdict_print(&out, verdict);
	fprintf(stderr, "%s: %s", road, buf_string(&out));
	buf_free(&out);
}

static void
print_command(const struct rule *rule, unsigned role, const struct seq *seq, const struct shapes *shapes)
{
	const struct shapes usual = shapes_default();
	struct buf text = {0};

	seq_print(&text, seq, rule);
	fprintf(stderr, "\nlockdrill show --rule %s --role %s", rule->name, rule->role[role].name);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (shapes->choice[d] != usual.choice[d])
			fprintf(stderr, " --shape %s=%s", shape_dimension_name((enum shape_dimension)d),
			        shape_row((enum shape_id)shapes->choice[d])->name);
	fprintf(stderr, " '%s'\n", buf_string(&text));
	buf_free(&text);
}

/* ---- reach ---- */

#ifdef ROADS_FAULT
static bool
has_loop_in_else(const struct seq *seq)
{
	bool is_else[BYTES_DEPTH + 1] = {false};
	unsigned depth = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned op = seq->node[i].op;

		if (op == SEQ_LOOP && is_else[depth])
			return true;
		if (op == SEQ_IF || op == SEQ_TRY || op == SEQ_LOOP)
			is_else[++depth] = false;
		if (op == SEQ_ELSE)
			is_else[depth] = true;
		depth -= op == SEQ_END;
	}
	return false;
}

/* Loses the last missing release where a loop stands in an else. */
static void
spoil(const struct seq *seq, struct verdict *verdict)
{
	if (!verdict->count || verdict->finding[verdict->count - 1].kind != KIND_MISSING_RELEASE)
		return;
	if (has_loop_in_else(seq)) {
		verdict->count--;
		verdict_finish(verdict, false);
	}
}
#else
static void
spoil(const struct seq *seq, struct verdict *verdict)
{
	(void)seq, (void)verdict;
}
#endif

static void
judge_by_reach(struct roads *roads, const struct bytes_case *of, unsigned reading, unsigned cap,
               struct verdict *verdict)
{
	struct compiled *compiled = roads->compiled[rule_number(roads, of->rule)];

	reach_judge(&compiled[of->role].reach[reading], &of->seq, cap, &roads->scratch, verdict);
	spoil(&of->seq, verdict);
}

/* ---- walk ---- */

/* An idea of the states that walk may meet: automata, and flags that are unknown, false or true, at each
 * statement. */
static double
effort(const struct bytes_case *of, unsigned reading, unsigned cap)
{
	const struct rule_reading *by = &of->rule->reading[reading];
	unsigned flags = seq_flags(&of->seq), locks = seq_locks(&of->seq);
	double states = of->seq.size;

	if (by->counts && by->scope == SCOPE_ALL)
		states *= 2 * cap;
	for (; flags; flags &= flags - 1)
		states *= 3;
	for (; locks; locks &= locks - 1)
		states *= by->counts && by->scope != SCOPE_ALL ? cap : 2;
	return states;
}

static bool
is_walked(const struct bytes_case *of, unsigned reading, unsigned cap, uint64_t hash)
{
	double states = effort(of, reading, cap);

	return states < LARGE || (states < TOO_LARGE && hash / EVERY % EVERY_LARGE == 0);
}

static void
compare_walk(struct roads *roads, const struct bytes_case *of, const struct prog *prog, unsigned reading,
             unsigned cap, const struct verdict *reach)
{
	struct walk_result walk;

	walk_judge(&roads->walk, prog, reading, cap, false, &roads->scratch, &walk);
	if (verdict_same_statements(reach, &walk.verdict) && verdict_same_deadlock(reach, &walk.verdict))
		return;
	print_command(of->rule, of->role, &of->seq, &of->shapes);
	fprintf(stderr, "the roads disagree under %s\n", of->rule->reading[reading].name);
	print_verdict("reach", reach);
	print_verdict("walk", &walk.verdict);
	abort();
}

/* ---- native ---- */

/* Finds the case that the roads disagree on. */
static void
settle_alone(struct roads *roads, struct suite_case *of)
{
	struct buf dispute = {0};
	struct diag diag;

	if (!truth_judge(&roads->truth, of, 1, NULL, &roads->batch_arena, &dispute, &diag)) {
		print_command(of->rule, of->role, &of->seq, &of->shapes);
		fprintf(stderr, "%s\n%s", diag.message, buf_string(&dispute));
		abort();
	}
	buf_free(&dispute);
}

static void
settle_batch(struct roads *roads)
{
	struct buf dispute = {0};
	struct diag diag;

	if (!truth_judge(&roads->truth, roads->batch, roads->waiting, NULL, &roads->batch_arena, &dispute,
	                 &diag)) {
		for (unsigned i = 0; i < roads->waiting; i++)
			settle_alone(roads, &roads->batch[i]);
		bug("a batch is refused and its cases are not: %s", diag.message);
	}
	roads->waiting = 0;
	arena_reset(&roads->batch_arena);
	buf_free(&dispute);
}

/* Called between inputs, too: while an input runs libFuzzer looks at every memcmp, which takes most of the
 * time. */
static void
settle_full(struct roads *roads)
{
	if (roads->waiting == TRUTH_BATCH)
		settle_batch(roads);
}

static void
add_to_batch(struct roads *roads, const struct bytes_case *of)
{
	struct suite_case *to;

	for (unsigned r = 0; r < of->rule->readings; r++)
		if (effort(of, r, seq_cap(&of->seq, of->rule, of->role)) > LARGE) {
			roads->beyond++;
			return;
		}
	settle_full(roads);
	to = &roads->batch[roads->waiting++];
	*to = (struct suite_case){.rule = of->rule, .role = of->role, .seq = of->seq, .shapes = of->shapes};
	to->seq.node = arena_alloc(&roads->batch_arena, (of->seq.count + 1U) * sizeof *to->seq.node);
	memcpy(to->seq.node, of->seq.node, of->seq.count * sizeof *to->seq.node);
}

static void
at_end(void)
{
	struct roads *roads = the_roads();

	if (roads->against == AGAINST_NATIVE) {
		settle_batch(roads);
		roads->compared = roads->truth.cases;
		roads->beyond += roads->truth.beyond;
	}
	fprintf(stderr, "%lu cases compared, %lu too large to compare\n", roads->compared, roads->beyond);
}

/* ---- what libFuzzer calls ---- */

/* The case of some bytes. Most often they are those of the last mutation, whose case is still there. */
static void
decode(const struct roads *roads, struct bytes_case *of, struct arena *arena, const uint8_t *data,
       size_t size)
{
	if (roads->given.rule && size == roads->size && !memcmp(data, roads->bytes, size))
		*of = roads->given;
	else
		bytes_decode(of, arena, &roads->rules, data, size);
}

/* Judges under one reading by reach, and by walk where that is asked for. */
static void
judge(struct roads *roads, const struct bytes_case *of, unsigned reading, uint64_t hash,
      struct verdict *verdict)
{
	unsigned cap = seq_cap(&of->seq, of->rule, of->role);
	struct prog prog;

	judge_by_reach(roads, of, reading, cap, verdict);
	if (roads->against != AGAINST_WALK)
		return;
	if (!is_walked(of, reading, cap, hash)) {
		roads->beyond++;
		return;
	}
	roads->compared++;
	prog_make(&prog, &roads->scratch, of->rule, of->role, &of->seq, &of->shapes);
	compare_walk(roads, of, &prog, reading, cap, verdict);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct roads *roads = the_roads();
	uint64_t hash = XXH3_64bits(data, size);
	struct verdict verdict;
	struct bytes_case of;

	arena_reset(&roads->scratch);
	decode(roads, &of, &roads->scratch, data, size);
	for (unsigned r = 0; hash % EVERY == 0 && r < of.rule->readings; r++)
		if (r != of.rule->headline)
			judge(roads, &of, r, hash, &verdict);
	judge(roads, &of, of.rule->headline, hash, &verdict);
	feature_case(extra, roads->part[rule_number(roads, of.rule)] + of.role, of.rule, of.role, &of.seq,
	             &of.shapes, &verdict);
	if (roads->against == AGAINST_NATIVE)
		add_to_batch(roads, &of);
	return 0;
}

/* Makes room for a mutation; the case of the one before stays. */
static struct arena *
begin_change(struct roads *roads)
{
	struct arena *arena = &roads->change[roads->latest ^= 1];

	settle_full(roads);
	arena_reset(arena);
	return arena;
}

static size_t
end_change(struct roads *roads, const struct bytes_case *of, uint8_t *out, size_t room)
{
	size_t size = bytes_encode(roads->bytes, &roads->rules, of);

	roads->given = *of;
	roads->size = size;
	if (size > room)
		size = room; /* the head of a case is a case */
	memcpy(out, roads->bytes, size);
	return size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	struct roads *roads = the_roads();
	struct arena *arena = begin_change(roads);
	struct bytes_case of;

	decode(roads, &of, arena, data, size);
	mutate(&of, arena, &roads->rules, seed);
	return end_change(roads, &of, data, room);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two, size_t two_size,
                          uint8_t *out, size_t room, unsigned seed)
{
	struct roads *roads = the_roads();
	struct arena *arena = begin_change(roads);
	struct bytes_case of, other;

	decode(roads, &of, arena, one, one_size);
	decode(roads, &other, arena, two, two_size);
	mutate_splice(&of, arena, &other, seed);
	return end_change(roads, &of, out, room);
}
