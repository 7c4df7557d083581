/* draw: a level as a whole. See draw.h.
 *
 * How a level is drawn, step by step (draw_level is the table of contents):
 *
 *   chosen    first the pairs that a file lists one by one (draw_chosen.c); that may be all
 *   reports   then those that public reports turn on
 *   listed    for each role, families.txt, in an order of the role's own
 *   spaces    then, for each role, uniformly from the canonical spaces
 *   cells     then until each rule x kind x ladder step has its number of families, or none can be found
 *   corpus    then what fuzzing promoted
 *   cover     then shapes are chosen for pairs that are there already until no combination is missing
 * (draw_cover.c)
 */
#include <string.h>

#include "data.h"
#include "draw_memory.h"
#include "handles.h"
#include "read.h"

enum {
	LISTED_MOST = 4096,
	ROUNDS = 3,
	CLOTHE_TRIES = 6,
	SPACE_TRIES = 200000,
	DRY_TRIES = 20000,
	CELL_TRIES = 25000
};

/* Tries shapes until neither half was taken before. Every second pair is a row of the covering array, so that
 * few are left to add; the others are plainer. */
static bool
clothe(struct draw_memory *m, struct draw_pair *pair, enum ladder most)
{
	for (unsigned try = 0; try < CLOTHE_TRIES; try++) {
		bool covers = m->plan->cover && (m->plan->cover == 2 || m->draw->pairs % 2);

		pair->shapes =
			covers ? draw_row(m, pair, NULL, 0, most) : draw_shapes(m, &pair->half[0], &pair->half[1], most);
		if (draw_is_new(m, pair))
			return true;
	}
	return false;
}

/* Takes up to `twins` violating twins of one correct sequence, each by another kind of edit. Returns how
 * many. */
static unsigned
draw_twins(struct draw_memory *m, const struct seq *right)
{
	struct draw_pair pair = draw_pair_of(m, right);
	unsigned taken = 0, order[EDIT_COUNT];

	draw_order_edits(m, order);
	for (unsigned i = 0; i < EDIT_COUNT && taken < m->plan->twins; i++) {
		pair.edit = (enum edit)order[i];
		if (!draw_twin(m, right, pair.edit, &pair.half[1]) || !clothe(m, &pair, LADDER_COUNT))
			continue;
		draw_keep(m, &pair);
		taken++;
	}
	return taken;
}

static unsigned
try_family(struct draw_memory *m, const struct seq *drawn)
{
	const struct seq right = handles_own(drawn, &m->scratch, m->rule, m->role);
	unsigned taken = draw_may_pass(m, &right) ? draw_twins(m, &right) : 0;

	arena_reset(&m->scratch);
	return taken;
}

/* listed families */

/* Lines of a list, in an order drawn at random. */
static unsigned
list_lines(struct draw_memory *m, const struct data_file *file, const char *line[LISTED_MOST])
{
	unsigned count = 0;

	for (const char *at = file->bytes, *end; *at && count < LISTED_MOST; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		if (*at != '#' && end > at)
			line[count++] = at;
	}
	for (unsigned i = count; i > 1; i--) {
		unsigned other = random_below(&m->random, i);
		const char *keep = line[i - 1];

		line[i - 1] = line[other];
		line[other] = keep;
	}
	return count;
}

/* Takes pairs from a list; later rounds meet the same families with other twins and shapes. */
static bool
draw_listed(struct draw_memory *m, const char *name, unsigned most, struct diag *diag)
{
	const char *line[LISTED_MOST];
	struct data_file file;
	unsigned count, taken = 0;

	if (!data_find(m->arena, name, &file)) {
		diag_set(diag, name, 0, 0, "the list of families is missing");
		return false;
	}
	count = list_lines(m, &file, line);
	for (unsigned i = 0; i < ROUNDS * count && taken < most; i++) {
		const char *at = line[i % count];
		struct diag skipped;
		struct seq seq;

		if (seq_read(&seq, &m->scratch, m->rule, m->role, file.where, at, strcspn(at, "\n"), &skipped))
			taken += try_family(m, &seq);
		arena_reset(&m->scratch);
	}
	return true;
}

static void
draw_spaces(struct draw_memory *m, unsigned most)
{
	unsigned taken = 0, dry = 0;

	for (unsigned tries = 0; taken < most && tries < SPACE_TRIES && dry < DRY_TRIES; tries++) {
		const struct seq *seq = draw_sequence(m);
		struct seq with;
		unsigned more;

		if (seq && tries % 2 && draw_state(m, seq, &with))
			seq = &with;
		more = seq ? try_family(m, seq) : 0;

		taken += more;
		dry = more ? 0 : dry + 1;
	}
}

/* cells */

/* A correct sequence without branches: random events, and what is held is released at the end. */
static struct seq
draw_straight(struct draw_memory *m, unsigned locks)
{
	unsigned held = m->rule->role[m->role].held, size = 1 + random_below(&m->random, 6);
	struct seq seq = {.node = arena_alloc(&m->scratch, (size + RULE_LOCKS) * sizeof *seq.node)};

	while (seq.count < size || held) {
		struct seq_node node = {.op = SEQ_WORK, .number = (uint16_t)(seq.count + 1)};
		unsigned lock = random_below(&m->random, locks);
		bool ends = seq.count >= size;

		if ((ends || random_below(&m->random, 3)) && (!ends || held >> lock & 1)) {
			node.op = held >> lock & 1 ? SEQ_REL : SEQ_ACQ;
			node.lock = node.handle = (uint8_t)lock;
			held ^= 1U << lock;
		} else if (ends) {
			continue;
		}
		seq.node[seq.count++] = node;
	}
	seq.size = seq.count;
	return seq;
}

/* The same over one lock, within a loop: uniform drawing hardly ever meets one that repeats events. */
static struct seq
draw_looped(struct draw_memory *m)
{
	struct seq body = draw_straight(m, 1), seq = {.count = body.count + 2, .size = body.size + 1};

	seq.node = arena_alloc(&m->scratch, seq.count * sizeof *seq.node);
	seq.node[0] = (struct seq_node){.op = SEQ_LOOP, .number = 1};
	memcpy(&seq.node[1], body.node, body.count * sizeof *seq.node);
	for (unsigned i = 1; i <= body.count; i++)
		seq.node[i].number++;
	seq.node[seq.count - 1] = (struct seq_node){.op = SEQ_END, .number = 1};
	return seq;
}

/* A kind that the headline never reports, or a step of several locks where there is one, cannot be drawn. */
static bool
can_exist(const struct rule *rule, enum kind kind, enum ladder step)
{
	const struct rule_reading *headline = &rule->reading[rule->headline];

	if (step == LADDER_LOCKS && rule->locks < 2)
		return false;
	for (unsigned state = 0; state < headline->states; state++)
		for (unsigned event = 0; event < EVENT_COUNT; event++)
			if (headline->cell[state][event].violates && headline->cell[state][event].kind == kind)
				return true;
	return false;
}

static bool
wants_cell(const struct draw_memory *m, enum ladder step)
{
	for (unsigned kind = 0; kind < KIND_COUNT; kind++)
		if (can_exist(m->rule, (enum kind)kind, step) &&
		    m->cell[draw_rule_index(m)][kind][step] < m->plan->cell)
			return true;
	return false;
}

/* One try for a family at a ladder step that still wants some. */
static void
try_cell(struct draw_memory *m, const struct seq *drawn, enum ladder step)
{
	const struct seq right = handles_own(drawn, &m->scratch, m->rule, m->role);
	struct draw_pair pair = draw_pair_of(m, &right);
	unsigned order[EDIT_COUNT];

	if (!draw_may_pass(m, &right))
		return;
	draw_order_edits(m, order);
	for (unsigned i = 0; i < EDIT_COUNT; i++) {
		pair.edit = (enum edit)order[i];
		if (!draw_twin(m, &right, pair.edit, &pair.half[1]) || !clothe(m, &pair, step))
			continue;
		if (shape_ladder(&pair.half[1], m->rule, &pair.shapes) != step ||
		    !draw_count_cells(m, &pair.half[1], &pair.shapes, pair.family, false))
			continue;
		draw_keep(m, &pair);
		return;
	}
}

static void
draw_cells(struct draw_memory *m)
{
	for (unsigned step = 0; step < LADDER_COUNT; step++)
		for (unsigned tries = 0; tries < CELL_TRIES && wants_cell(m, (enum ladder)step); tries++) {
			struct seq straight;
			const struct seq *seq = &straight;

			if (step == LADDER_STRAIGHT || random_below(&m->random, 4) == 0)
				straight = draw_straight(m, m->rule->locks);
			else if (step == LADDER_LOOPS && random_below(&m->random, 2) == 0)
				straight = draw_looped(m);
			else
				seq = draw_sequence(m);
			if (seq)
				try_cell(m, seq, (enum ladder)step);
			arena_reset(&m->scratch);
		}
}

static bool
has_pairs(const struct draw *draw, const struct rule *rule)
{
	for (unsigned i = 0; i < draw->pairs; i++)
		if (draw->pair[i].rule == rule)
			return true;
	return false;
}

bool
draw_level(struct draw *draw, const struct level_plan *plan, const struct rule *const *rules, unsigned count,
           struct truth *truth, struct arena *arena, struct diag *diag)
{
	struct draw_memory *m;

	draw_begin(draw, rules, count, truth, arena);
	m = draw->memory;
	m->plan = plan;
	cover_init(&m->cover, plan->cover ? plan->cover : 3);
	if (plan->chosen && !draw_chosen(m, diag))
		return false;
	if (plan->reports && !draw_reports(m, diag))
		return false;
	if (!plan->pairs)
		return true;
	for (unsigned i = 0; i < m->roles; i++) {
		unsigned before = draw->pairs;

		draw_use_role(m, i);
		m->random.state = draw_hash(m, &(struct seq){0}, NULL);
		if (!draw_listed(m, "levels/families.txt", plan->listed, diag))
			return false;
		if (draw->pairs - before < plan->pairs)
			draw_spaces(m, plan->pairs - (draw->pairs - before));
		if (draw->pairs > before)
			draw_cells(m);
		if (m->role + 1 == m->rule->roles && !has_pairs(draw, m->rule)) {
			diag_set(diag, m->rule->name, 0, 0, "no pair of a correct case and a violating one was found");
			return false;
		}
	}
	m->random.state = plan->pairs;
	if (plan->corpus && !draw_corpus(m, diag))
		return false;
	if (plan->cover && draw->pairs) {
		draw_cover_level(m);
	}
	return true;
}
