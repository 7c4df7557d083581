/* Spaces of canonical sequences: counts by two ways, order, and rank against unrank. */
#include <criterion/criterion.h>
#include <string.h>

#include "buf.h"
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

/* Tries of what is the rule's own stand behind all others. */
static int
place_of(const struct seq_node *node)
{
	bool tries = node->op == SEQ_TRY || node->op == SEQ_TAKE;

	return node->op + (tries && node->event ? SEQ_OPS : 0);
}

/* -1, 0 or 1 in the order of the space: node by node, op, lock, flag, value, source, negated, event. */
static int
compare(const struct seq *one, const struct seq *two)
{
	for (uint32_t i = 0; i < one->count && i < two->count; i++) {
		const struct seq_node *a = &one->node[i], *b = &two->node[i];
		const int by[7][2] = {{place_of(a), place_of(b)}, {a->lock, b->lock},     {a->flag, b->flag},
		                      {a->value, b->value},       {a->source, b->source}, {a->negated, b->negated},
		                      {a->event, b->event}};

		for (unsigned k = 0; k < 7; k++)
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

/* Whether a flag is named in turn, and counts it. */
static bool
flag_in_turn(unsigned flag, bool negated, unsigned *flags)
{
	bool fresh = flag == *flags + 1;

	*flags += fresh;
	return flag <= *flags && !(fresh && negated);
}

/* Whether all locks of its type with earlier letters have been named. */
static bool
lock_in_turn(unsigned lock, unsigned named)
{
	for (unsigned l = 0; l < lock; l++)
		if (rule.type_of[l] == rule.type_of[lock] && !(named >> l & 1))
			return false;
	return true;
}

/* Whether a node has only what its operation has. */
static bool
operands_fit(const struct seq_node *node)
{
	bool keeps = node->op == SEQ_IF || node->op == SEQ_TAKE || node->op == SEQ_SET;
	bool copies = node->op == SEQ_SET && node->value == SEQ_VALUE_FLAG;
	bool own = node->op == SEQ_EVENT || node->op == SEQ_OCCUR;

	if (node->event && (node->op == SEQ_TRY || node->op == SEQ_TAKE)) {
		if (node->event > rule.events || !rule.event[node->event - 1].try_word)
			return false;
	} else if (own ? node->event >= rule.events ||
	                     rule.event[node->event].names_lock != (node->op == SEQ_EVENT)
	               : node->event != 0) {
		return false;
	}

	if (copies && node->source == node->flag && !node->negated)
		return false; /* which sets nothing */

	if (!copies && (node->source || (node->negated && node->op != SEQ_IF)))
		return false;
	if ((copies && !node->source) || (node->op == SEQ_SET && !node->flag) ||
	    (node->op != SEQ_SET && node->value))
		return false;
	return (keeps || !node->flag) && (!node->negated || node->flag) && node->handle == node->lock &&
	       !node->api;
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
		bool opens =
			node->op == SEQ_TRY || node->op == SEQ_IF || node->op == SEQ_LOOP || node->op == SEQ_FOREVER;
		bool names = node->op <= SEQ_TRY || node->op == SEQ_TAKE || node->op == SEQ_EVENT;
		bool repeats = node->op == SEQ_LOOP || node->op == SEQ_FOREVER;
		unsigned own = *number + 1;

		if (node->op == SEQ_ELSE || node->op == SEQ_END)
			break;
		if (ended || node->number != ++*number || !operands_fit(node))
			return false;
		if (names && !lock_in_turn(node->lock, *locks))
			return false;
		if (names)
			*locks |= 1U << node->lock;
		if (!flag_in_turn(node->flag, node->op == SEQ_IF && node->negated, flags) ||
		    !flag_in_turn(node->source, node->negated, flags))
			return false;
		if ((node->op == SEQ_BREAK || node->op == SEQ_CONTINUE) && !loops)
			return false;
		ended = node->op == SEQ_BREAK || node->op == SEQ_CONTINUE || node->op == SEQ_RETURN ||
		        node->op == SEQ_STOP;
		for (bool more = opens; more;) {
			++*at;
			if (!canonical_block(seq, at, locks, flags, loops + repeats, number) || *at == seq->count ||
			    seq->node[*at].number != own)
				return false;
			more = seq->node[*at].op == SEQ_ELSE;
			if (more && repeats)
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

/* A rule with three events of its own, two of which name a lock. */
static unsigned
use_events(void)
{
	static const struct rule_event event[] = {{.word = "acqs", .names_lock = true, .try_word = "trys"},
	                                          {.word = "block"},
	                                          {.word = "touch", .names_lock = true}};
	unsigned dpc = use("SpinlockRelease", "dpc");

	rule.events = sizeof event / sizeof *event;
	memcpy(rule.event, event, sizeof event);
	return dpc;
}

/* Walks through a space: count, order, form, and the index of every sequence. */
static void
walk_through(unsigned role, enum space_alphabet alphabet, unsigned size, unsigned locks)
{
	struct space space;
	struct seq last = {0};
	struct seq_node node[3 * SPACE_MAX_SIZE];
	uint64_t count = 0, index;

	cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
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
			walk_through(role, SPACE_PLAIN, size, 1);
		for (unsigned size = 0; size <= 5; size++)
			walk_through(role, SPACE_PLAIN, size, 2);
		walk_through(role, SPACE_PLAIN, 4, 3);
		walk_through(role, SPACE_PLAIN, 3, 0);
	}
	use("CancelSpinlockRelease", NULL);
	walk_through(0, SPACE_PLAIN, 4, 3);
}

Test(space, so_it_is_with_all_statements)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	for (unsigned role = 0; role <= dpc; role += dpc) {
		for (unsigned size = 0; size <= 4; size++)
			walk_through(role, SPACE_STATE, size, 1);
		for (unsigned size = 0; size <= 3; size++)
			walk_through(role, SPACE_STATE, size, 3);
		walk_through(role, SPACE_STATE, 3, 0);
	}
	use("CancelSpinlockRelease", NULL);
	walk_through(0, SPACE_STATE, 3, 3);
}

/* Counted alone, which is soon done. */
static void
count_through(unsigned role, unsigned size, unsigned locks)
{
	struct space space;
	uint64_t count = 0;

	cr_assert(space_init(&space, &rule, role, SPACE_STATE, size, locks));
	for (bool go = space_first(&space); go; go = space_next(&space))
		count++;
	cr_expect(count == space_count(&space), "size %u: %llu, not %llu", size, (unsigned long long)count,
	          (unsigned long long)space_count(&space));
	space_free(&space);
}

Test(space, there_are_as_many_of_size_5_as_the_recurrence_says)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	count_through(0, 5, 1);
	count_through(dpc, 5, 1);
}

static uint64_t
count_of(unsigned role, enum space_alphabet alphabet, unsigned size, unsigned locks)
{
	struct space space;
	uint64_t count;

	cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
	count = space_count(&space);
	space_free(&space);
	return count;
}

Test(space, so_it_is_with_events_of_the_rule_s_own)
{
	unsigned dpc = use_events();

	for (unsigned size = 0; size <= 4; size++)
		walk_through(dpc, SPACE_STATE, size, 1);
	walk_through(dpc, SPACE_STATE, 3, 3);
	cr_expect(count_of(dpc, SPACE_PLAIN, 4, 2) == 9740); /* which has none of them */
	count_through(dpc, 4, 2);
	count_through(dpc, 5, 1);
}

/* The rule of tests with two lock types: spin locks a and b, and c, which can be shared. `letters`: these of
 * the first type, and of the other. */
static void
use_types(const char *first, const char *second)
{
	struct buf file = {0}, text = {0};
	const char *at, *next;
	struct diag diag;

	cr_assert(buf_read_file(&file, "suite/truth/test/two_types.yaml", 1 << 18), "tests run from the top");
	at = buf_string(&file);
	next = strstr(at, "[a, b]");
	buf_add(&text, at, (size_t)(next - at));
	buf_puts(&text, first);
	at = next + 6;
	next = strstr(at, "[c]");
	buf_add(&text, at, (size_t)(next - at));
	buf_puts(&text, second);
	buf_puts(&text, next + 3);
	cr_assert(rule_parse(&rule, &arena, "types", arena_copy(&arena, text.data, text.len), text.len, &diag),
	          "%s", diag.message);
	buf_free(&file);
	buf_free(&text);
}

Test(space, locks_of_one_type_are_named_in_turn_and_those_of_two_stand_apart)
{
	static const char *const letters[][2] = {
		{"[a, b]", "[c]"}, {"[a, c]", "[b]"}, {"[b]", "[a, c]"}, {"[c]", "[b, a]"}, {"[a]", "[b]"}};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		use_types(letters[i][0], letters[i][1]);
		for (unsigned role = 0; role < 2; role++)
			for (unsigned locks = 0; locks <= 3; locks++) {
				walk_through(role, SPACE_PLAIN, 4, locks);
				walk_through(role, SPACE_STATE, i ? 2 : 3, locks);
			}
	}
	use_types("[a, b]", "[c]");
	count_through(0, 4, 2);
	/* By hand: 2 * 8 sequences that begin with acq a or rel a, 2 * 6 with acq c or rel c, 6 with work, 8 in a
	 * loop, 2 * 6 under a condition, 8 under a try of a; with one lock 2 * 4, 2 * 4, 6, 8, 2 * 6 and 4. */
	cr_expect(count_of(0, SPACE_PLAIN, 1, 3) == 6);
	cr_expect(count_of(0, SPACE_PLAIN, 2, 3) == 62);
	cr_expect(count_of(0, SPACE_PLAIN, 2, 1) == 46);
	cr_expect(count_of(0, SPACE_PLAIN, 3, 2) < count_of(0, SPACE_PLAIN, 3, 3));
}

Test(space, a_lock_has_the_events_that_its_type_has_calls_for)
{
	static const char *const text[] = {"acq a",  "acq c",  "rel a",     "rel c",  "return",
	                                   "work",   "try a",  "p = try a", "stop",   "p = 0",
	                                   "p = 1",  "p = ?",  "p = !p",    "p = q",  "touch a",
	                                   "acqs c", "rels c", "block",     "trys c", "p = trys c"};
	struct space space;
	struct buf out = {0};
	size_t i = 0;

	use_types("[a, b]", "[c]");
	cr_assert(space_init(&space, &rule, 0, SPACE_STATE, 1, 3));
	for (bool go = space_first(&space); go; go = space_next(&space)) {
		buf_clear(&out);
		seq_print(&out, &space.seq, &rule);
		cr_assert(i < sizeof text / sizeof *text, "%s", buf_string(&out));
		cr_expect_str_eq(buf_string(&out), text[i++]);
	}
	cr_expect_eq(i, sizeof text / sizeof *text);
	space_free(&space);
	buf_free(&out);
}

Test(space, the_known_counts_are_met)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	cr_expect(count_of(dpc, SPACE_PLAIN, 5, 1) == 80018);
	cr_expect(count_of(dpc, SPACE_PLAIN, 6, 1) == 1421942);
	cr_expect(count_of(dpc, SPACE_PLAIN, 4, 2) == 9740);
	cr_expect(count_of(0, SPACE_PLAIN, 5, 1) == 48002);
	cr_expect(count_of(0, SPACE_PLAIN, 4, 2) == 5082);
	cr_expect(count_of(0, SPACE_PLAIN, 0, 1) == 1);
	cr_expect(count_of(0, SPACE_PLAIN, 1, 1) == 4);
	cr_expect(count_of(dpc, SPACE_STATE, 1, 1) == 12);
	cr_expect(count_of(0, SPACE_STATE, 2, 1) == 177);
	cr_expect(count_of(dpc, SPACE_STATE, 4, 2) == 708416);
}

/* Every statement of size 1 of the larger alphabet, by hand. */
Test(space, the_statements_of_the_state_alphabet_are_these)
{
	static const char *const text[] = {"acq a", "rel a", "return", "work",  "try a",  "p = try a",
	                                   "stop",  "p = 0", "p = 1",  "p = ?", "p = !p", "p = q"};
	unsigned dpc = use("SpinlockRelease", "dpc");
	struct space space;
	struct buf out = {0};
	size_t i = 0;

	cr_assert(space_init(&space, &rule, dpc, SPACE_STATE, 1, 2));
	for (bool go = space_first(&space); go; go = space_next(&space)) {
		buf_clear(&out);
		seq_print(&out, &space.seq, &rule);
		cr_assert(i < sizeof text / sizeof *text);
		cr_expect_str_eq(buf_string(&out), text[i++]);
	}
	cr_expect_eq(i, sizeof text / sizeof *text);
	space_free(&space);
	buf_free(&out);
}

Test(space, events_of_a_rule_s_own_stand_behind_all_others)
{
	static const char *const text[] = {"acqs a", "touch a", "block", "trys a", "p = trys a"};
	unsigned dpc = use_events(), before = 12;
	struct space space;
	struct buf out = {0};

	cr_assert(space_init(&space, &rule, dpc, SPACE_STATE, 1, 2));
	cr_assert(space_count(&space) == before + 5);
	for (unsigned i = 0; i < 5; i++) {
		space_unrank(&space, before + i);
		buf_clear(&out);
		seq_print(&out, &space.seq, &rule);
		cr_expect_str_eq(buf_string(&out), text[i]);
	}
	space_free(&space);
	buf_free(&out);
}

Test(space, names_beyond_those_of_the_rule_add_nothing)
{
	use("CancelSpinlockRelease", NULL);
	cr_expect(count_of(0, SPACE_PLAIN, 5, 1) == count_of(0, SPACE_PLAIN, 5, 3));
	use("SpinlockRelease", NULL);
	cr_expect(count_of(0, SPACE_PLAIN, 5, 3) == count_of(0, SPACE_PLAIN, 5, 30));
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
rank_at_random(unsigned role, enum space_alphabet alphabet, unsigned size, unsigned locks, unsigned times)
{
	struct space space;
	uint64_t state = 88172645463325252u;

	cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
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

	rank_at_random(dpc, SPACE_PLAIN, 3, 3, 50000);
	rank_at_random(dpc, SPACE_PLAIN, 5, 1, 350000);
	rank_at_random(0, SPACE_PLAIN, 6, 1, 300000);
	rank_at_random(dpc, SPACE_PLAIN, 6, 2, 290000);
	rank_at_random(dpc, SPACE_PLAIN, 9, 3, 9000);
	rank_at_random(dpc, SPACE_PLAIN, SPACE_MAX_SIZE, 3, 1000);
}

Test(space, so_are_a_million_with_all_statements)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	rank_at_random(dpc, SPACE_STATE, 3, 3, 300000);
	rank_at_random(dpc, SPACE_STATE, 5, 1, 300000);
	rank_at_random(0, SPACE_STATE, 5, 2, 300000);
	rank_at_random(dpc, SPACE_STATE, 6, 2, 100000);
	rank_at_random(dpc, SPACE_STATE, 8, 3, 1000);
	rank_at_random(use_events(), SPACE_STATE, 5, 2, 300000);
}

Test(space, unrank_names_the_sequence_that_enumeration_meets)
{
	unsigned dpc = use("SpinlockRelease", "dpc");

	for (unsigned alphabet = SPACE_PLAIN; alphabet <= SPACE_STATE; alphabet++) {
		unsigned size = alphabet == SPACE_PLAIN ? 4 : 3;
		struct space one, two;
		uint64_t index = 0;

		cr_assert(space_init(&one, &rule, dpc, (enum space_alphabet)alphabet, size, 2));
		cr_assert(space_init(&two, &rule, dpc, (enum space_alphabet)alphabet, size, 2));
		for (bool go = space_first(&one); go; go = space_next(&one)) {
			space_unrank(&two, index++);
			cr_assert(!compare(&one.seq, &two.seq));
		}
		space_free(&one);
		space_free(&two);
	}
}

Test(space, unrank_with_refuses_sequences_with_too_few_events_alone)
{
	unsigned dpc = use("SpinlockRelease", "dpc"), refused = 0;

	for (unsigned alphabet = SPACE_PLAIN; alphabet <= SPACE_STATE; alphabet++) {
		unsigned size = alphabet == SPACE_PLAIN ? 4 : 3;
		struct space space;
		uint64_t step = alphabet == SPACE_PLAIN ? 7 : 31;

		cr_assert(space_init(&space, &rule, dpc, (enum space_alphabet)alphabet, size, 2));
		for (uint64_t index = 0; index < space_count(&space); index += step) {
			unsigned events = 0;

			space_unrank(&space, index);
			for (uint32_t i = 0; i < space.seq.count; i++)
				events += seq_has_use(space.seq.node[i].op);
			for (unsigned wanted = 0; wanted <= size; wanted++) {
				cr_assert_eq(space_unrank_with(&space, index, wanted), events >= wanted);
				refused += events < wanted;
			}
		}
		space_free(&space);
	}
	cr_assert(refused);
}

Test(space, enumeration_goes_on_from_where_unrank_stands)
{
	unsigned dpc = use("SpinlockRelease", "dpc");
	struct space space;
	uint64_t state = 88172645463325252u;

	cr_assert(space_init(&space, &rule, dpc, SPACE_STATE, 7, 2));
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
		"acq b; rel a",
		"if q { work }; work",
		"if !p { work }; work",
		"loop {}; work",
		"return; work",
		"if ? { return; work }",
		"acq a; work; work",
		"acq a",
		"if p { work } else {}",
		"acq a:KeAcquireSpinLock; rel a",
		"q = 0; work",
		"p = r; work",
		"work; p = p",
		"work; p = q; q = q",
		"p = !q; work",
		"if ? { stop; work }",
		"stop; work",
		"forever {}; work",
	};
	struct space space;
	struct seq seq;
	struct diag diag;
	uint64_t index;

	use("SpinlockRelease", NULL);
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		cr_assert(seq_read(&seq, &arena, &rule, 0, "test", text[i], strlen(text[i]), &diag), "%s: %s",
		          text[i], diag.message);
		cr_assert(space_init(&space, &rule, 0, SPACE_STATE, i == 6 || i == 7 ? 2 : seq.size, 2));
		cr_expect(!space_rank(&space, &seq, &index), "%s", text[i]);
		space_free(&space);
	}
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", "acq a; p = 0", 12, &diag));
	cr_assert(space_init(&space, &rule, 0, SPACE_PLAIN, 2, 1));
	cr_expect(!space_rank(&space, &seq, &index));
	space_free(&space);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", "acq a; rel a", 12, &diag));
	cr_assert(space_init(&space, &rule, 0, SPACE_PLAIN, 2, 1));
	cr_expect(space_rank(&space, &seq, &index));
	space_free(&space);
}
