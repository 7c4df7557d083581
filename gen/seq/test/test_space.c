/* Spaces of canonical sequences: counts by two ways, order, and rank against unrank. */
#include <criterion/criterion.h>
#include <string.h>

#include "read.h"
#include "space.h"

static struct arena arena;
static struct rule rule;

static unsigned
use(const char *name, const char *role)
{
	struct diag diag;
	unsigned index = 0;

	cr_assert(rule_load(&rule, &arena, name, &diag), "%s: %s", name, diag.message);
	if (role)
		cr_assert(rule_find_role(&rule, role, &index), "%s has no role %s", name, role);
	return index;
}

/* -1, 0 or 1 in the order of the space: node by node, op, lock, flag, negated. */
static int
compare(const struct seq *one, const struct seq *two)
{
	for (uint32_t i = 0; i < one->count && i < two->count; i++) {
		const struct seq_node *a = &one->node[i], *b = &two->node[i];
		const int by[4][2] = {
			{a->op, b->op}, {a->lock, b->lock}, {a->flag, b->flag}, {a->negated, b->negated}};

		for (unsigned k = 0; k < 4; k++)
			if (by[k][0] != by[k][1])
				return by[k][0] < by[k][1] ? -1 : 1;
	}
	return (one->count > two->count) - (one->count < two->count);
}

static void
keep(struct seq *copy, struct seq_node *node, const struct seq *seq)
{
	memcpy(node, seq->node, seq->count * sizeof *node);
	*copy = *seq;
	copy->node = node;
}

/* Whether the block from *at on is canonical; leaves *at at its ELSE or END, or at the end. */
static bool
canonical_block(const struct seq *seq, uint32_t *at, unsigned *locks, unsigned *flags, unsigned loops,
                unsigned *number)
{
	uint32_t first = *at;
	bool ended = false;

	for (; *at < seq->count; ++*at) {
		const struct seq_node *node = &seq->node[*at];
		bool opens = node->op == SEQ_TRY || node->op == SEQ_IF || node->op == SEQ_LOOP;
		unsigned own = *number + 1;

		if (node->op == SEQ_ELSE || node->op == SEQ_END)
			break;
		if (ended || node->number != ++*number || node->api || node->handle != node->lock)
			return false;
		if (node->op <= SEQ_TRY && node->lock > *locks)
			return false;
		if (node->op <= SEQ_TRY && node->lock == *locks)
			++*locks;
		if (node->flag > *flags + 1 || (node->flag == *flags + 1 && node->negated))
			return false;
		if (node->flag == *flags + 1)
			++*flags;
		if ((node->op == SEQ_BREAK || node->op == SEQ_CONTINUE) && !loops)
			return false;
		ended = node->op == SEQ_BREAK || node->op == SEQ_CONTINUE || node->op == SEQ_RETURN;
		for (bool more = opens; more;) {
			++*at;
			if (!canonical_block(seq, at, locks, flags, loops + (node->op == SEQ_LOOP), number) ||
			    *at == seq->count || seq->node[*at].number != own)
				return false;
			more = seq->node[*at].op == SEQ_ELSE;
			if (more && node->op == SEQ_LOOP)
				return false;
		}
	}
	return !first || *at > first;
}

static bool
canonical(const struct seq *seq)
{
	uint32_t at = 0;
	unsigned locks = 0, flags = 0, number = 0;

	return canonical_block(seq, &at, &locks, &flags, 0, &number) && at == seq->count && number == seq->size;
}

/* Walks through a space: count, order, form, and the index of every sequence. */
static void
walk_through(unsigned role, unsigned size, unsigned locks)
{
	struct space space;
	struct seq last = {0};
	struct seq_node node[3 * SPACE_MAX_SIZE];
	uint64_t count = 0, index;

	cr_assert(space_init(&space, &rule, role, SPACE_PLAIN, size, locks));
	for (bool go = space_first(&space); go; go = space_next(&space)) {
		cr_assert(canonical(&space.seq), "size %u, sequence %llu", size, (unsigned long long)count);
		cr_assert(!count || compare(&last, &space.seq) < 0, "size %u, sequence %llu", size,
		          (unsigned long long)count);
		cr_assert(space_rank(&space, &space.seq, &index) && index == count);
		keep(&last, node, &space.seq);
		count++;
	}
	cr_expect(!space_next(&space));
	cr_expect(count == space_count(&space), "size %u: %llu, not %llu", size, (unsigned long long)count,
	          (unsigned long long)space_count(&space));
	space_free(&space);
}

Test(space, every_sequence_is_canonical_and_larger_than_the_last_and_their_number_is_the_recurrence)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	for (unsigned role = 0; role <= dpc; role += dpc) {
		for (unsigned size = 0; size <= 6; size++)
			walk_through(role, size, 1);
		for (unsigned size = 0; size <= 5; size++)
			walk_through(role, size, 2);
		walk_through(role, 4, 3);
		walk_through(role, 3, 0);
	}
	use("CancelSpinlockRelease", NULL);
	walk_through(0, 4, 3);
}

static uint64_t
count_of(unsigned role, unsigned size, unsigned locks)
{
	struct space space;
	uint64_t count;

	cr_assert(space_init(&space, &rule, role, SPACE_PLAIN, size, locks));
	count = space_count(&space);
	space_free(&space);
	return count;
}

Test(space, the_known_counts_are_met)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	cr_expect(count_of(dpc, 5, 1) == 80018);
	cr_expect(count_of(dpc, 6, 1) == 1421942);
	cr_expect(count_of(dpc, 4, 2) == 9740);
	cr_expect(count_of(0, 5, 1) == 48002);
	cr_expect(count_of(0, 4, 2) == 5082);
	cr_expect(count_of(0, 0, 1) == 1);
	cr_expect(count_of(0, 1, 1) == 4);
}

Test(space, names_beyond_those_of_the_rule_add_nothing)
{
	use("CancelSpinlockRelease", NULL);
	cr_expect(count_of(0, 5, 1) == count_of(0, 5, 3));
	use("SpinlockRelease", NULL);
	cr_expect(count_of(0, 5, 3) == count_of(0, 5, 30));
}

Test(space, sizes_out_of_range_are_refused)
{
	unsigned dpc = use("SpinlockRelease", "dpc");
	struct space space;

	for (unsigned role = 0; role <= dpc; role += dpc)
		for (unsigned locks = 0; locks <= RULE_LOCKS; locks++) {
			cr_expect(space_init(&space, &rule, role, SPACE_PLAIN, SPACE_MAX_SIZE, locks));
			space_free(&space);
		}
	cr_expect(!space_init(&space, &rule, 0, SPACE_PLAIN, SPACE_MAX_SIZE + 1, 1));
}

/* A fixed sequence of numbers (Marsaglia's xorshift). */
static uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
rank_at_random(unsigned role, unsigned size, unsigned locks, unsigned times)
{
	struct space space;
	uint64_t state = 88172645463325252u;

	cr_assert(space_init(&space, &rule, role, SPACE_PLAIN, size, locks));
	for (unsigned i = 0; i < times; i++) {
		uint64_t index = random_next(&state) % space_count(&space), back;

		space_unrank(&space, index);
		cr_assert(space_rank(&space, &space.seq, &back) && back == index, "size %u, %llu", size,
		          (unsigned long long)index);
	}
	space_free(&space);
}

Test(space, a_million_random_indices_are_the_ranks_of_their_sequences)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	rank_at_random(dpc, 3, 3, 50000);
	rank_at_random(dpc, 5, 1, 350000);
	rank_at_random(0, 6, 1, 300000);
	rank_at_random(dpc, 6, 2, 290000);
	rank_at_random(dpc, 9, 3, 9000);
	rank_at_random(dpc, SPACE_MAX_SIZE, 3, 1000);
}

Test(space, unrank_names_the_sequence_that_enumeration_meets)
{
	unsigned dpc = use("SpinlockRelease", "dpc");
	struct space one, two;
	uint64_t index = 0;

	cr_assert(space_init(&one, &rule, dpc, SPACE_PLAIN, 4, 2));
	cr_assert(space_init(&two, &rule, dpc, SPACE_PLAIN, 4, 2));
	for (bool go = space_first(&one); go; go = space_next(&one)) {
		space_unrank(&two, index++);
		cr_assert(!compare(&one.seq, &two.seq));
	}
	space_free(&one);
	space_free(&two);
}

Test(space, enumeration_goes_on_from_where_unrank_stands)
{
	unsigned dpc = use("SpinlockRelease", "dpc");
	struct space space;
	uint64_t state = 88172645463325252u;

	cr_assert(space_init(&space, &rule, dpc, SPACE_PLAIN, 9, 2));
	for (unsigned i = 0; i < 2000; i++) {
		uint64_t index = random_next(&state) % (space_count(&space) - 20), back;

		space_unrank(&space, index);
		for (unsigned k = 1; k < 20; k++) {
			cr_assert(space_next(&space));
			cr_assert(space_rank(&space, &space.seq, &back) && back == index + k);
		}
	}
	space_unrank(&space, space_count(&space) - 1);
	cr_expect(!space_next(&space));
	space_free(&space);
}

Test(space, what_is_not_canonical_has_no_rank)
{
	static const char *const text[] = {
		"acq b; rel a",          "if q { work }; work",
		"if !p { work }; work",  "loop {}; work",
		"return; work",          "if ? { return; work }",
		"acq a; work; work",     "acq a",
		"if p { work } else {}", "acq a:KeAcquireSpinLock; rel a",
	};
	struct space space;
	struct seq seq;
	struct diag diag;
	uint64_t index;

	use("SpinlockRelease", NULL);
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		cr_assert(seq_read(&seq, &arena, &rule, 0, "test", text[i], strlen(text[i]), &diag), "%s: %s",
		          text[i], diag.message);
		cr_assert(space_init(&space, &rule, 0, SPACE_PLAIN, i < 6 || i == 8 ? seq.size : 2, 2));
		cr_expect(!space_rank(&space, &seq, &index), "%s", text[i]);
		space_free(&space);
	}
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", "acq a; rel a", 12, &diag));
	cr_assert(space_init(&space, &rule, 0, SPACE_PLAIN, 2, 1));
	cr_expect(space_rank(&space, &seq, &index));
	space_free(&space);
}
