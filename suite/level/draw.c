/* draw: what all ways to draw share: which sequences may be halves of a pair, their shapes, and the pairs
 * kept. See draw.h and draw_memory.h.
 *
 * A twin is kept when reach says that it violates and its IRQLs can be kept legal. Edits take turns, those
 * that keep the calls in number first, so that counting calls does not tell the verdict. Shapes of a pair are
 * tried on both twins: a choice that changes nothing in one of them, or tells them apart, is not taken.
 */
#include "draw_memory.h"

#include <stdlib.h>
#include <string.h>

#include "make.h"
#include "read.h"
#include "twins.h"

/* what was taken */

static void
seen_grow(struct draw_memory *m)
{
	uint64_t *old = m->seen;
	size_t room = m->seen_room;

	m->seen_room = room ? room * 2 : 4096;
	m->seen = calloc(m->seen_room, sizeof *m->seen);
	if (!m->seen)
		die("out of memory");
	for (size_t i = 0; i < room; i++)
		if (old[i]) {
			size_t at = old[i] & (m->seen_room - 1);

			while (m->seen[at])
				at = (at + 1) & (m->seen_room - 1);
			m->seen[at] = old[i];
		}
	free(old);
}

/* False when the hash was taken before; takes it when told so. */
static bool
seen_new(struct draw_memory *m, uint64_t hash, bool take)
{
	size_t at;

	if (m->seen_count * 2 >= m->seen_room)
		seen_grow(m);
	for (at = hash & (m->seen_room - 1); m->seen[at]; at = (at + 1) & (m->seen_room - 1))
		if (m->seen[at] == hash)
			return false;
	if (take) {
		m->seen[at] = hash;
		m->seen_count++;
	}
	return true;
}

uint64_t
draw_hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < length; i++) /* FNV-1a */
		hash = (hash ^ at[i]) * 0x100000001b3U;
	return hash;
}

/* Never 0. Of a sequence in the rule and role at hand; with shapes, of a case. */
uint64_t
draw_hash(const struct draw_memory *m, const struct seq *seq, const struct shapes *shapes)
{
	uint64_t hash = draw_hash_bytes(0xcbf29ce484222325U, m->rule->name, strlen(m->rule->name));

	hash = draw_hash_bytes(hash, &m->role, sizeof m->role);
	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];
		unsigned char bytes[] = {node->op,      node->lock, node->handle, node->flag,
		                         node->negated, node->api,  node->value,  node->source};

		hash = draw_hash_bytes(hash, bytes, sizeof bytes);
	}
	if (shapes)
		hash = draw_hash_bytes(hash, shapes->choice, sizeof shapes->choice);
	return hash ? hash : 1;
}

/* which sequences may be a half of a pair */

/* Passes or violates under the headline as wanted, with all findings under every reading; no deadlock. */
bool
draw_judges_as(struct draw_memory *m, const struct seq *seq, enum outcome wanted)
{
	for (unsigned i = 0; i < m->rule->readings; i++) {
		struct verdict verdict;

		truth_reach(m->truth, m->rule, m->role, i, seq, &m->scratch, &verdict);
		if (verdict.incomplete)
			return false;
		if (i == m->rule->headline && (verdict.outcome != wanted || verdict.deadlock))
			return false;
	}
	return true;
}

static void
study(struct draw_memory *m, const struct seq *seq, struct prog_study *about)
{
	prog_study(about, &m->scratch, m->rule, m->role, seq);
}

/* Makes the program; whether a level may hold it, and each choice of shape changes something. */
static bool
make_clean(struct draw_memory *m, const struct prog_study *about, const struct shapes *shapes,
           struct prog *prog)
{
	prog_make_studied(prog, &m->scratch, about, shapes);
	return !prog->unfit && prog->effects == SHAPE_ALL;
}

static bool
is_clean(struct draw_memory *m, const struct seq *seq, const struct shapes *shapes)
{
	struct prog_study about;
	struct prog prog;

	study(m, seq, &about);
	return make_clean(m, &about, shapes, &prog);
}

/* draw_fits of twins that were studied. */
static bool
fits(struct draw_memory *m, const struct prog_study *right, const struct prog_study *wrong,
     const struct shapes *shapes)
{
	struct prog one, two;

	return make_clean(m, right, shapes, &one) && make_clean(m, wrong, shapes, &two) &&
	       twins_are_alike(&one, &two);
}

bool
draw_fits(struct draw_memory *m, const struct seq *right, const struct seq *wrong,
          const struct shapes *shapes)
{
	struct prog_study one, two;

	study(m, right, &one);
	study(m, wrong, &two);
	return fits(m, &one, &two, shapes);
}

/* Whether the sequence violates, and may do so. */
static bool
violates(struct draw_memory *m, const struct seq *seq)
{
	struct diag diag;

	return (!m->rule->has_handles || seq_check(seq, m->rule, m->role, "", "", 0, &diag)) &&
	       draw_judges_as(m, seq, OUTCOME_VIOLATION);
}

bool
draw_may_violate(struct draw_memory *m, const struct seq *seq)
{
	struct shapes usual = shapes_default();

	return violates(m, seq) && is_clean(m, seq, &usual);
}

unsigned
draw_events(const struct seq *seq)
{
	unsigned events = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		events += seq_has_use(seq->node[i].op);
	return events;
}

bool
draw_may_pass(struct draw_memory *m, const struct seq *seq)
{
	struct shapes usual = shapes_default();

	return draw_events(seq) && draw_judges_as(m, seq, OUTCOME_PASS) && is_clean(m, seq, &usual);
}

/* shapes */

static void
find_choices(struct draw_memory *m)
{
	for (unsigned id = SHAPE_ID_COUNT; id-- > 0;)
		m->first[shape_row((enum shape_id)id)->dimension] = id;
	m->first[SHAPE_COUNT] = SHAPE_ID_COUNT;
}

/* Draws shapes of ladder steps up to `most`; each dimension keeps its default half of the time, so that plain
 * programs are well represented. */
struct shapes
draw_shapes(struct draw_memory *m, const struct seq *right, const struct seq *wrong, enum ladder most)
{
	struct shapes shapes = shapes_default();
	struct prog_study one, two;

	study(m, right, &one);
	study(m, wrong, &two);
	for (unsigned dimension = 0; dimension < SHAPE_COUNT; dimension++) {
		unsigned char *choice = &shapes.choice[dimension], usual = *choice;
		unsigned other = 1 + random_below(&m->random, m->first[dimension + 1] - m->first[dimension] - 1);

		if (random_below(&m->random, 2))
			continue;
		*choice = (unsigned char)(usual + other);
		if (shape_row((enum shape_id) * choice)->step > most || !fits(m, &one, &two, &shapes))
			*choice = usual;
	}
	return shapes;
}

/* pairs */

struct seq
draw_copy(struct arena *arena, const struct seq *seq)
{
	struct seq copy = *seq;

	copy.node = arena_alloc(arena, (seq->count + 1U) * sizeof *copy.node);
	if (seq->count)
		memcpy(copy.node, seq->node, seq->count * sizeof *copy.node);
	return copy;
}

unsigned
draw_rule_index(const struct draw_memory *m)
{
	unsigned i = 0;

	while (m->draw->rule[i] != m->rule)
		i++;
	return i;
}

/* Calls of a cell that the pair belongs to: the kinds of the violating twin at its ladder step. Returns how
 * many families are new there; counts them when told so. */
unsigned
draw_count_cells(struct draw_memory *m, const struct seq *wrong, const struct shapes *shapes, uint64_t family,
                 bool take)
{
	enum ladder step = shape_ladder(wrong, m->rule, shapes);
	unsigned *cells[KIND_COUNT] = {NULL}, wanted = 0;
	struct verdict verdict;

	truth_reach(m->truth, m->rule, m->role, m->rule->headline, wrong, &m->scratch, &verdict);
	for (unsigned i = 0; i < verdict.count; i++)
		cells[verdict.finding[i].kind] = &m->cell[draw_rule_index(m)][verdict.finding[i].kind][step];
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		uint64_t mark[] = {family, kind, step, draw_rule_index(m)};
		uint64_t hash = draw_hash_bytes(0x9ae16a3b2f90404fU, mark, sizeof mark) | 1;

		if (!cells[kind] || !seen_new(m, hash, take))
			continue;
		wanted += *cells[kind] < m->plan->cell;
		*cells[kind] += take;
	}
	return wanted;
}

void
draw_keep(struct draw_memory *m, const struct draw_pair *pair)
{
	struct draw *draw = m->draw;

	if (draw->pairs == m->room) {
		struct draw_pair *old = draw->pair;

		m->room = m->room ? m->room * 2 : 1024;
		draw->pair = arena_alloc(m->arena, m->room * sizeof *draw->pair);
		if (old)
			memcpy(draw->pair, old, draw->pairs * sizeof *old);
	}
	draw->pair[draw->pairs] = *pair;
	for (unsigned i = 0; i < 2; i++) {
		draw->pair[draw->pairs].half[i] = draw_copy(m->arena, &pair->half[i]);
		seen_new(m, draw_hash(m, &pair->half[i], &pair->shapes), true);
	}
	draw->pairs++;
	m->made[pair->edit]++;
	draw_count_cells(m, &pair->half[1], &pair->shapes, pair->family, true);
	cover_take(&m->cover, &pair->shapes);
}

bool
draw_is_new(struct draw_memory *m, const struct draw_pair *pair)
{
	return seen_new(m, draw_hash(m, &pair->half[0], &pair->shapes), false) &&
	       seen_new(m, draw_hash(m, &pair->half[1], &pair->shapes), false);
}

/* Edits in the order in which they were used least, those that keep the calls counting half; ties as they
 * fall. */
void
draw_order_edits(struct draw_memory *m, unsigned order[EDIT_COUNT])
{
	unsigned weight[EDIT_COUNT];

	random_permutation(&m->random, order, EDIT_COUNT);
	for (unsigned i = 0; i < EDIT_COUNT; i++)
		weight[i] = m->made[i] * (edit_keeps_calls((enum edit)i) ? 1 : 2);
	for (unsigned i = 1; i < EDIT_COUNT; i++) {
		unsigned edit = order[i], j = i;

		for (; j && weight[order[j - 1]] > weight[edit]; j--)
			order[j] = order[j - 1];
		order[j] = edit;
	}
}

bool
draw_are_twins(struct draw_memory *m, const struct seq *right, const struct seq *wrong)
{
	struct shapes usual = shapes_default();

	return violates(m, wrong) && draw_fits(m, right, wrong, &usual);
}

/* A violating twin by this edit, at a place drawn at random. */
bool
draw_twin(struct draw_memory *m, const struct seq *right, enum edit edit, struct seq *wrong)
{
	unsigned start = random_below(&m->random, right->count);

	for (unsigned j = 0; j < right->count; j++)
		if (edit_make(wrong, &m->scratch, right, m->rule, edit, (start + j) % right->count) &&
		    draw_are_twins(m, right, wrong))
			return true;
	return false;
}

struct draw_pair
draw_pair_of(const struct draw_memory *m, const struct seq *right)
{
	struct draw_pair pair = {.rule = m->rule, .role = m->role, .shapes = shapes_default()};

	pair.half[0] = *right;
	pair.family = draw_hash(m, right, NULL);
	return pair;
}

/* spaces */

struct role_spaces *
draw_spaces_of_role(struct draw_memory *m)
{
	struct role_spaces *spaces = m->spaces;

	while (spaces && !space_have_same(spaces->rule, spaces->role, m->rule, m->role))
		spaces = spaces->next;
	if (spaces)
		return spaces;
	spaces = calloc(1, sizeof *spaces);
	if (!spaces)
		die("out of memory");
	*spaces = (struct role_spaces){.next = m->spaces, .rule = m->rule, .role = m->role};
	for (unsigned size = DRAW_SMALLEST; size <= DEALT_LARGEST; size++) {
		if (size == DEALT_SMALLEST)
			spaces->dealt = spaces->count;
		if (size == DRAW_LARGEST + 1)
			spaces->drawn = spaces->count;
		for (unsigned locks = 1; locks <= (m->rule->locks > 1 ? 2U : 1U); locks++)
			spaces->count +=
				space_init(&spaces->space[spaces->count], m->rule, m->role, SPACE_PLAIN, size, locks);
	}
	return m->spaces = spaces;
}

/* A sequence drawn uniformly from one of the spaces, in the space's memory; NULL where too little of it are
 * lock events. */
const struct seq *
draw_sequence(struct draw_memory *m)
{
	struct role_spaces *spaces = draw_spaces_of_role(m);
	struct space *space = &spaces->space[random_below(&m->random, spaces->drawn)];

	space_unrank(space, random_next(&m->random) % space_count(space));
	return draw_events(&space->seq) * 3 >= space->seq.size ? &space->seq : NULL;
}

/* the whole level */

const struct cover *
draw_cover(const struct draw *draw)
{
	return &draw->memory->cover;
}

void
draw_begin(struct draw *draw, const struct rule *const *rules, unsigned count, struct truth *truth,
           struct arena *arena)
{
	struct draw_memory *m = calloc(1, sizeof *m);

	if (!m)
		die("out of memory");
	*draw = (struct draw){.rules = count, .rule = rules, .memory = m};
	m->draw = draw;
	m->truth = truth;
	m->arena = arena;
	find_choices(m);
	for (unsigned i = 0; i < count; i++)
		m->roles += rules[i]->roles;
	if (m->roles > DRAW_ROLES)
		die("more than %d roles in all", DRAW_ROLES);
}

/* Sets the rule and role of an index over all roles of all rules. */
void
draw_use_role(struct draw_memory *m, unsigned index)
{
	unsigned i = 0;

	for (; index >= m->draw->rule[i]->roles; i++)
		index -= m->draw->rule[i]->roles;
	m->rule = m->draw->rule[i];
	m->role = index;
}

void
draw_free(struct draw *draw)
{
	struct draw_memory *m = draw->memory;

	if (!m)
		return;
	for (struct role_spaces *spaces = m->spaces, *next; spaces; spaces = next) {
		next = spaces->next;
		for (unsigned i = 0; i < spaces->count; i++)
			space_free(&spaces->space[i]);
		free(spaces);
	}
	cover_free(&m->cover);
	arena_free(&m->family_arena);
	arena_free(&m->scratch);
	buf_free(&m->text);
	free(m->seen);
	free(m);
	draw->memory = NULL;
}
