/* Metamorphic laws over the standard level: what must not change, or may only grow or shrink, when a case is
 * changed. Each is tried at a place drawn at random in every case, under every reading; and each must be
 * broken by a change that breaks it, or it would say nothing. */
#include <criterion/criterion.h>

#include "level.h"
#include "make.h"
#include "random.h"
#include "walk.h"

enum { STATEMENTS = SEQ_MAX_STATEMENTS + 2, NODES = 2 * STATEMENTS };

static struct level level;
static struct arena scratch;
static struct random place = {7};

static void
begin(void)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(&level, "standard", NULL, (struct shard){0, 1}, &dispute, &diag), "%s",
	          diag.message);
}

static void
end(void)
{
	level_free(&level);
	arena_free(&scratch);
}

TestSuite(laws, .init = begin, .fini = end);

/* A changed sequence, and the old number of each of its statements; 0 for a new one. */
struct changed {
	struct seq seq;
	struct seq_node node[NODES];
	uint16_t origin[STATEMENTS];
};

static bool
opens(unsigned op)
{
	return seq_opens(op);
}

static bool
closes(unsigned op)
{
	return op == SEQ_ELSE || op == SEQ_END;
}

static bool
jumps(unsigned op)
{
	return seq_jumps(op);
}

/* Numbers the statements anew; nodes still carry their old numbers. */
static void
renumber(struct changed *changed)
{
	uint16_t open[SEQ_MAX_DEPTH + 1], number = 0;
	unsigned depth = 0;

	changed->seq.node = changed->node;
	for (uint32_t i = 0; i < changed->seq.count; i++) {
		struct seq_node *node = &changed->node[i];

		if (closes(node->op)) {
			node->number = open[depth - 1];
			depth -= node->op == SEQ_END;
			continue;
		}
		changed->origin[++number] = node->number;
		node->number = number;
		if (opens(node->op))
			open[depth++] = number;
	}
	changed->seq.size = number;
}

static void
add(struct changed *changed, struct seq_node node)
{
	cr_assert_lt(changed->seq.count, NODES);
	changed->node[changed->seq.count++] = node;
}

/* Whether something may stand before node `at`: not behind a jump. */
static bool
is_place(const struct seq *seq, uint32_t at)
{
	return !at || !jumps(seq->node[at - 1].op);
}

/* The sequence with `count` nodes put before node `at`. */
static void
insert(struct changed *changed, const struct seq *seq, uint32_t at, const struct seq_node *nodes,
       unsigned count)
{
	changed->seq = (struct seq){0};
	for (uint32_t i = 0; i <= seq->count; i++) {
		for (unsigned j = 0; i == at && j < count; j++)
			add(changed, nodes[j]);
		if (i < seq->count)
			add(changed, seq->node[i]);
	}
	renumber(changed);
}

static void
judge(const struct suite_case *of, const struct seq *seq, unsigned reading, struct verdict *verdict)
{
	truth_reach(&level.truth, of->rule, of->role, reading, seq, &scratch, verdict);
}

static bool
has(const struct verdict *verdict, unsigned kind, unsigned statement, unsigned lock)
{
	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].kind == kind && verdict->finding[i].statement == statement &&
		    verdict->finding[i].lock == lock)
			return true;
	return false;
}

static unsigned
same_lock(unsigned lock)
{
	return lock;
}

/* a and b change places. */
static unsigned
other_lock(unsigned lock)
{
	return lock < 2 ? 1 - lock : lock;
}

/* Whether each finding of the changed sequence is one of the old verdict, by its old number and lock. */
static bool
within(const struct verdict *now, const struct changed *changed, const struct verdict *old,
       unsigned (*lock)(unsigned lock))
{
	for (unsigned i = 0; i < now->count; i++) {
		const struct finding *finding = &now->finding[i];
		unsigned statement = finding->statement ? changed->origin[finding->statement] : 0;

		if ((finding->statement && !statement) || !has(old, finding->kind, statement, lock(finding->lock)))
			return false;
	}
	return true;
}

/* The other way round. */
static bool
contains(const struct verdict *now, const struct changed *changed, const struct verdict *old,
         unsigned (*lock)(unsigned lock))
{
	for (unsigned i = 0; i < old->count; i++) {
		const struct finding *finding = &old->finding[i];
		unsigned statement = 0;

		while (finding->statement && changed->origin[++statement] != finding->statement)
			if (statement > changed->seq.size)
				return false;
		if (!has(now, finding->kind, statement, lock(finding->lock)))
			return false;
	}
	return true;
}

enum law { SAME, GROWS, SHRINKS };

/* Whether a law holds of a case, under every reading that decides both. */
static bool
holds(const struct suite_case *of, const struct changed *changed, enum law law,
      unsigned (*lock)(unsigned lock))
{
	bool ok = true;

	for (unsigned i = 0; i < of->rule->readings && ok; i++) {
		struct verdict now;

		judge(of, &changed->seq, i, &now);
		if (now.incomplete)
			continue;
		ok = (law == GROWS || within(&now, changed, &of->verdict[i], lock)) &&
		     (law == SHRINKS || contains(&now, changed, &of->verdict[i], lock));
	}
	arena_reset(&scratch);
	return ok;
}

/* Puts nodes at a place drawn at random into each case; returns of how many cases the law does not hold. */
static unsigned
break_by_insertion(const struct seq_node *nodes, unsigned count, enum law law)
{
	static struct changed changed;
	unsigned broken = 0;

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		uint32_t at = random_below(&place, of->seq.count + 1);

		while (!is_place(&of->seq, at))
			at--;
		insert(&changed, &of->seq, at, nodes, count);
		broken += !holds(of, &changed, law, same_lock);
	}
	return broken;
}

Test(laws, work_anywhere_changes_nothing)
{
	static const struct seq_node work[] = {{.op = SEQ_WORK}}, release[] = {{.op = SEQ_REL}};

	cr_assert_eq(break_by_insertion(work, 1, SAME), 0);
	cr_assert_gt(break_by_insertion(release, 1, SAME), level.count / 4, "a release must change something");
}

Test(laws, a_branch_that_does_nothing_changes_nothing)
{
	static const struct seq_node branch[] = {{.op = SEQ_IF}, {.op = SEQ_WORK}, {.op = SEQ_END}};

	cr_assert_eq(break_by_insertion(branch, 3, SAME), 0);
}

/* What stands in the branch may find more, and must not hide what the path around it finds. */
Test(laws, a_branch_never_removes_a_violation_of_another_path)
{
	static const struct seq_node leave[] = {{.op = SEQ_IF}, {.op = SEQ_RETURN}, {.op = SEQ_END}};
	static const struct seq_node release[] = {{.op = SEQ_IF}, {.op = SEQ_REL}, {.op = SEQ_END}};
	static const struct seq_node loop[] = {{.op = SEQ_LOOP}, {.op = SEQ_REL}, {.op = SEQ_END}};
	static const struct seq_node bare[] = {{.op = SEQ_REL}};

	cr_assert_eq(break_by_insertion(leave, 3, GROWS), 0);
	cr_assert_eq(break_by_insertion(release, 3, GROWS), 0);
	cr_assert_eq(break_by_insertion(loop, 3, GROWS), 0);
	cr_assert_gt(break_by_insertion(bare, 1, GROWS), 0, "without its branch it must hide something");
}

static uint8_t
other_flag(uint8_t flag)
{
	return flag == 1 || flag == 2 ? (uint8_t)(3 - flag) : flag;
}

/* a and b change places, and p and q. */
static void
rename_all(struct changed *changed, const struct seq *seq, bool flags_only)
{
	changed->seq = (struct seq){0};
	for (uint32_t i = 0; i < seq->count; i++) {
		struct seq_node node = seq->node[i];

		node.flag = other_flag(node.flag);
		node.source = other_flag(node.source);
		if (!flags_only && seq_has_use(node.op)) {
			node.lock = (uint8_t)other_lock(node.lock);
			node.handle = (uint8_t)other_lock(node.handle);
		}
		add(changed, node);
	}
	renumber(changed);
}

Test(laws, renaming_changes_names_only)
{
	static struct changed changed;
	unsigned renamed = 0, told = 0;

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		bool flags_only = of->rule->locks < 2;

		rename_all(&changed, &of->seq, flags_only);
		cr_assert(holds(of, &changed, SAME, flags_only ? same_lock : other_lock), "%s: %s", of->rule->name,
		          of->sequence);
		told += !flags_only && !holds(of, &changed, SAME, same_lock);
		renamed++;
	}
	cr_assert_gt(told, renamed / 8, "names must matter where they are compared as they are");
}

/* Leaves out the paths that enter a loop, or take the else of an unknown; false where the case has neither at
 * a place that can be left out. */
static bool
leave_out(struct changed *changed, const struct seq *seq, uint32_t at)
{
	uint32_t body = seq_block_end(seq, at + 1), last = body;
	bool loop = seq->node[at].op == SEQ_LOOP;

	if (!loop && (seq->node[at].op != SEQ_IF || seq->node[at].flag || jumps(seq->node[body - 1].op)))
		return false;
	if (seq->node[body].op == SEQ_ELSE)
		last = seq_block_end(seq, body + 1);
	changed->seq = (struct seq){0};
	for (uint32_t i = 0; i < seq->count; i++)
		if (i < at || i > last || (!loop && i > at && i < body))
			add(changed, seq->node[i]);
	renumber(changed);
	return true;
}

Test(laws, fewer_paths_find_no_more)
{
	static struct changed changed;
	unsigned tried = 0, fewer = 0;

	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];

		for (uint32_t at = 0; at < of->seq.count; at++) {
			if (!opens(of->seq.node[at].op) || !leave_out(&changed, &of->seq, at))
				continue;
			cr_assert(holds(of, &changed, SHRINKS, same_lock), "%s: %s, node %u", of->rule->name,
			          of->sequence, at);
			fewer += !holds(of, &changed, SAME, same_lock);
			tried++;
		}
	}
	cr_assert_gt(tried, level.count / 2);
	cr_assert_gt(fewer, tried / 20, "some paths must be the only ones to find something");
}

/* By walk, since noise is a matter of shapes. Every eighth case. */
Test(laws, noise_of_any_kind_changes_nothing)
{
	struct walk walk = {0};
	unsigned tried = 0;

	for (unsigned i = 0; i < level.count; i += 8)
		for (unsigned noise = NOISE_NONE; noise < SHAPE_ID_COUNT; noise++) {
			const struct suite_case *of = &level.cases[i];
			struct shapes shapes = of->shapes;
			struct walk_result result;
			struct prog prog;

			shapes.choice[SHAPE_NOISE] = (unsigned char)noise;
			prog_make(&prog, &scratch, of->rule, of->role, &of->seq, &shapes);
			tried += prog.effects == SHAPE_ALL;
			for (unsigned r = 0; r < of->rule->readings; r++) {
				walk_judge(&walk, &prog, r, seq_cap(&of->seq, of->rule, of->role), false, &scratch, &result);
				cr_assert(verdict_same_statements(&result.verdict, &of->verdict[r]), "%s: %s, %s",
				          of->rule->name, of->sequence, shape_row((enum shape_id)noise)->name);
				cr_assert_null(result.defect);
			}
			arena_reset(&scratch);
		}
	cr_assert_gt(tried, level.count / 2);
	walk_free(&walk);
}
