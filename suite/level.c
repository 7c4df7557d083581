/* Levels: pairs of a correct case and its violating twin, one edit apart. See level.h.
 *
 * How a level is made, for each role of each rule: correct sequences come from levels/families.txt and, when those are used
 * up, uniformly from the canonical space. draw_pairs tries edits on each; a pair is kept when reach says that the twin
 * violates, and both get the same shapes, drawn among those that apply to both. Then all three roads judge every case,
 * pairs with a case that is not clean or deadlocks are left out, and a fixed shuffle gives the file order, so that
 * nothing in a name tells the verdict.
 *
 * Everything is drawn from one seeded generator (splitmix64, Steele et al. 2014), so a level is the same everywhere.
 */
#include "level.h"

#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "edit.h"
#include "prog.h"
#include "space.h"

struct level_row {
	const char *name;
	unsigned pairs;        /* a role */
	unsigned twins;        /* pairs that one family gives at the most, under different shapes */
	unsigned family_pairs; /* pairs from levels/families.txt at the most */
};

static const struct level_row level_rows[] = {
	{"smoke", 10, 1, 8},
	{"standard", 330, 3, 240},
};

enum { LEVELS = sizeof level_rows / sizeof *level_rows, SMALLEST = 3, LARGEST = 7 };
enum { FAMILIES_MOST = 256, ROUNDS = 3 };

struct random {
	uint64_t state;
};

static uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static unsigned
random_below(struct random *random, unsigned limit)
{
	return (unsigned)(random_next(random) % limit);
}

/* A pair in the making. */
struct pair {
	struct suite_case half[2]; /* correct, violating */
	bool kept;
};

struct drawing {
	struct level *level;
	const struct level_row *row;
	const struct rule *rule;
	unsigned role;
	struct random random;
	struct arena scratch; /* of one sequence */
	unsigned pairs;       /* of this role so far */
	struct pair *pair;    /* all of the level */
	unsigned all, room;
	uint64_t *seen; /* hashes of (rule, role, sequence, shapes): open addressing, 0 is empty */
	size_t seen_count, seen_room;
};

const char *const *
level_names(void)
{
	static const char *const names[] = {"smoke", "standard", NULL};

	return names;
}

static const struct level_row *
find_row(const char *name)
{
	for (unsigned i = 0; i < LEVELS; i++)
		if (!strcmp(level_rows[i].name, name))
			return &level_rows[i];
	return NULL;
}

/* which sequences may be a half of a pair */

/* Passes or violates under the headline as wanted, decided under every reading, without a deadlock. */
static bool
judges_as(struct drawing *d, const struct seq *seq, enum outcome wanted)
{
	for (unsigned i = 0; i < d->rule->readings; i++) {
		struct verdict verdict;

		truth_reach(&d->level->truth, d->rule, d->role, i, seq, &d->scratch, &verdict);
		if (verdict.outcome == OUTCOME_UNDECIDED)
			return false;
		if (i == d->rule->headline && (verdict.outcome != wanted || verdict.deadlock))
			return false;
	}
	return true;
}

static bool
has_clean_program(struct drawing *d, const struct seq *seq)
{
	struct shapes usual = shapes_default();
	struct prog prog;

	prog_make(&prog, &d->scratch, d->rule, d->role, seq, &usual);
	return prog.clean;
}

static struct seq
copy_seq(struct arena *arena, const struct seq *seq)
{
	struct seq copy = *seq;

	copy.node = arena_alloc(arena, (seq->count + 1U) * sizeof *copy.node);
	memcpy(copy.node, seq->node, seq->count * sizeof *copy.node);
	return copy;
}

/* shapes */

static struct shapes
draw_shapes(struct drawing *d, const struct seq *one, const struct seq *two, bool plain)
{
	struct shapes shapes = shapes_default();

	for (unsigned dimension = 0; !plain && dimension < SHAPE_COUNT; dimension++) {
		unsigned char usable[SHAPE_ID_COUNT];
		unsigned count = 0;

		for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
			if (shape_row((enum shape_id)id)->dimension == dimension &&
			    shape_applies((enum shape_id)id, one, d->rule, d->role, &shapes) &&
			    shape_applies((enum shape_id)id, two, d->rule, d->role, &shapes))
				usable[count++] = (unsigned char)id;
		/* The default half of the time, so that plain programs are well represented. */
		if (random_below(&d->random, 2))
			shapes.choice[dimension] = usable[random_below(&d->random, count)];
	}
	return shapes;
}

/* cases already taken */

static void
seen_grow(struct drawing *d)
{
	uint64_t *old = d->seen;
	size_t room = d->seen_room;

	d->seen_room = room ? room * 2 : 4096;
	d->seen = calloc(d->seen_room, sizeof *d->seen);
	if (!d->seen)
		die("out of memory");
	for (size_t i = 0; i < room; i++)
		if (old[i]) {
			size_t at = old[i] & (d->seen_room - 1);

			while (d->seen[at])
				at = (at + 1) & (d->seen_room - 1);
			d->seen[at] = old[i];
		}
	free(old);
}

static uint64_t
case_hash(const struct drawing *d, const struct seq *seq, const struct shapes *shapes)
{
	uint64_t hash = 0xcbf29ce484222325U;
	struct buf key = {0};

	buf_printf(&key, "%s/%u/", d->rule->name, d->role);
	seq_print(&key, seq, d->rule);
	buf_add(&key, (const char *)shapes->choice, sizeof shapes->choice);
	for (size_t i = 0; i < key.len; i++) /* FNV-1a */
		hash = (hash ^ (unsigned char)key.data[i]) * 0x100000001b3U;
	buf_free(&key);
	return hash ? hash : 1;
}

/* False when the case was taken before; takes it when told so. */
static bool
seen_new(struct drawing *d, uint64_t hash, bool take)
{
	size_t at;

	if (d->seen_count * 2 >= d->seen_room)
		seen_grow(d);
	for (at = hash & (d->seen_room - 1); d->seen[at]; at = (at + 1) & (d->seen_room - 1))
		if (d->seen[at] == hash)
			return false;
	if (take) {
		d->seen[at] = hash;
		d->seen_count++;
	}
	return true;
}

/* pairs */

static void
keep_pair(struct drawing *d, const struct seq *right, const struct seq *wrong, const struct shapes *shapes,
          enum edit edit, uint64_t family)
{
	const struct seq *seqs[2] = {right, wrong};
	struct pair *pair;

	if (d->all == d->room) {
		d->room = d->room ? d->room * 2 : 1024;
		d->pair = realloc(d->pair, d->room * sizeof *d->pair);
		if (!d->pair)
			die("out of memory");
	}
	pair = &d->pair[d->all++];
	memset(pair, 0, sizeof *pair);
	pair->kept = true;
	for (unsigned i = 0; i < 2; i++) {
		struct suite_case *of = &pair->half[i];

		of->rule = d->rule;
		of->role = d->role;
		of->seq = copy_seq(&d->level->arena, seqs[i]);
		of->shapes = *shapes;
		of->edit = edit_name(edit);
		of->family = family;
		seen_new(d, case_hash(d, seqs[i], shapes), true);
	}
	d->pairs++;
}

/* Tries shapes until neither half was taken before. */
static bool
clothe_pair(struct drawing *d, const struct seq *right, const struct seq *wrong, enum edit edit,
            uint64_t family)
{
	for (unsigned try = 0; try < 6; try++) {
		struct shapes shapes = draw_shapes(d, right, wrong, !try && family % 3 == 0);

		if (!seen_new(d, case_hash(d, right, &shapes), false) ||
		    !seen_new(d, case_hash(d, wrong, &shapes), false))
			continue;
		keep_pair(d, right, wrong, &shapes, edit, family);
		return true;
	}
	return false;
}

/* Takes up to `twins` violating twins of one correct sequence, each by another kind of edit where there are enough. */
static void
draw_twins(struct drawing *d, const struct seq *right, uint64_t family)
{
	unsigned taken = 0, first = random_below(&d->random, EDIT_COUNT);

	for (unsigned i = 0; i < EDIT_COUNT && taken < d->row->twins; i++) {
		enum edit edit = (enum edit)((first + i) % EDIT_COUNT);
		unsigned start = random_below(&d->random, right->count);

		for (unsigned j = 0; j < right->count; j++) {
			struct seq wrong;

			if (!edit_make(&wrong, &d->scratch, right, d->rule, edit, (start + j) % right->count))
				continue;
			if (!judges_as(d, &wrong, OUTCOME_VIOLATION) || !has_clean_program(d, &wrong))
				continue;
			taken += clothe_pair(d, right, &wrong, edit, family);
			break;
		}
	}
}

static unsigned
events_of(const struct seq *seq)
{
	unsigned events = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		events += seq->node[i].op == SEQ_ACQ || seq->node[i].op == SEQ_REL || seq->node[i].op == SEQ_TRY;
	return events;
}

/* A correct sequence with lock events in it becomes a family. */
static void
try_family(struct drawing *d, const struct seq *right)
{
	if (events_of(right) && judges_as(d, right, OUTCOME_PASS) && has_clean_program(d, right)) {
		struct shapes usual = shapes_default();

		draw_twins(d, right, case_hash(d, right, &usual));
	}
	arena_reset(&d->scratch);
}

/* Lines of levels/families.txt, in an order of the role's own. */
static unsigned
list_families(struct drawing *d, const struct data_file *file, const char *line[FAMILIES_MOST])
{
	unsigned count = 0;

	for (const char *at = file->bytes, *end; *at && count < FAMILIES_MOST; at = *end ? end + 1 : end) {
		end = at + strcspn(at, "\n");
		if (*at != '#' && end > at)
			line[count++] = at;
	}
	for (unsigned i = count; i > 1; i--) {
		unsigned other = random_below(&d->random, i);
		const char *keep = line[i - 1];

		line[i - 1] = line[other];
		line[other] = keep;
	}
	return count;
}

static bool
draw_listed(struct drawing *d, struct diag *diag)
{
	const char *line[FAMILIES_MOST];
	struct data_file file;
	unsigned count;

	if (!data_find(&d->level->arena, "levels/families.txt", &file)) {
		diag_set(diag, "levels/families.txt", 0, 0, "the list of families is missing");
		return false;
	}
	count = list_families(d, &file, line);
	/* Later rounds meet the same families with other twins and shapes. */
	for (unsigned i = 0; i < ROUNDS * count && d->pairs < d->row->family_pairs; i++) {
		const char *at = line[i % count];
		struct seq seq;

		if (seq_parse(&seq, &d->scratch, d->rule, d->role, file.where, at, strcspn(at, "\n"), diag))
			try_family(d, &seq);
		arena_reset(&d->scratch);
	}
	return true;
}

static void
draw_spaces(struct drawing *d)
{
	struct space spaces[2 * (LARGEST + 1)];
	unsigned count = 0;

	for (unsigned size = SMALLEST; size <= LARGEST; size++)
		for (unsigned locks = 1; locks <= (d->rule->locks > 1 ? 2U : 1U); locks++)
			count += space_init(&spaces[count], d->rule, d->role, size, locks);
	for (unsigned tries = 0; d->pairs < d->row->pairs && tries < 2000000; tries++) {
		struct space *space = &spaces[random_below(&d->random, count)];

		space_unrank(space, random_next(&d->random) % space_count(space));
		if (events_of(&space->seq) * 3 >= space->seq.size)
			try_family(d, &space->seq);
	}
	for (unsigned i = 0; i < count; i++)
		space_free(&spaces[i]);
}

/* from pairs to cases */

static bool
judge_pairs(struct drawing *d, struct buf *dispute, struct diag *diag)
{
	struct level *level = d->level;
	struct suite_case *cases = arena_alloc(&level->arena, (d->all * 2U + 1U) * sizeof *cases);
	bool *clean = arena_alloc(&level->arena, d->all * 2U + 1U);
	unsigned count = 0;

	for (unsigned i = 0; i < d->all; i++) {
		cases[2 * i] = d->pair[i].half[0];
		cases[2 * i + 1] = d->pair[i].half[1];
	}
	if (!truth_judge(&level->truth, cases, d->all * 2, clean, &level->arena, dispute, diag))
		return false;
	for (unsigned i = 0; i < d->all; i++) {
		const struct suite_case *right = &cases[2 * i], *wrong = right + 1;

		if (!clean[2 * i] || !clean[2 * i + 1] || right->deadlock || wrong->deadlock)
			continue;
		if (right->verdict[right->rule->headline].outcome != OUTCOME_PASS ||
		    wrong->verdict[wrong->rule->headline].outcome != OUTCOME_VIOLATION)
			bug("pair %u is none", i);
		cases[count++] = *right;
		cases[count++] = *wrong;
	}
	level->cases = cases;
	level->count = count;
	return true;
}

static int
compare_families(const void *one, const void *two)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)two;

	return a < b ? -1 : a > b;
}

static void
count_families(struct level *level)
{
	uint64_t *family = arena_alloc(&level->arena, (level->count + 1U) * sizeof *family);

	for (unsigned i = 0; i < level->count; i++)
		family[i] = level->cases[i].family;
	if (level->count)
		qsort(family, level->count, sizeof *family, compare_families);
	for (unsigned i = 0; i < level->count; i++)
		level->families += !i || family[i] != family[i - 1];
}

/* Fisher and Yates; a twin keeps the number of its other half. */
static void
shuffle(struct drawing *d)
{
	struct level *level = d->level;
	struct suite_case *shuffled = arena_alloc(&level->arena, (level->count + 1U) * sizeof *shuffled);
	uint32_t *place = arena_alloc(&level->arena, (level->count + 1U) * sizeof *place);

	for (unsigned i = 0; i < level->count; i++)
		place[i] = i;
	for (unsigned i = level->count; i > 1; i--) {
		unsigned other = random_below(&d->random, i);
		uint32_t keep = place[i - 1];

		place[i - 1] = place[other];
		place[other] = keep;
	}
	for (unsigned i = 0; i < level->count; i++) {
		struct suite_case *of = &shuffled[place[i]];

		*of = level->cases[i];
		of->number = place[i];
		of->twin = place[i ^ 1U];
	}
	level->cases = shuffled;
}

/* A second release, in a role that starts with nothing held: every reading of every rule reports it, and so does every
 * checker that has the rule at all. */
static bool
make_canaries(struct level *level, struct buf *dispute, struct diag *diag)
{
	static const char text[] = "acq a; rel a; rel a";

	level->canary = arena_alloc(&level->arena, (level->rules + 1U) * sizeof *level->canary);
	for (unsigned i = 0; i < level->rules; i++) {
		struct suite_case *canary = &level->canary[i];

		canary->rule = level->rule[i];
		canary->shapes = shapes_default();
		canary->number = canary->twin = UINT32_MAX;
		canary->edit = "";
		if (!seq_parse(&canary->seq, &level->arena, canary->rule, canary->role, "<canary>", text,
		               sizeof text - 1, diag))
			return false;
	}
	return truth_judge(&level->truth, level->canary, level->rules, NULL, &level->arena, dispute, diag);
}

static bool
load_rules(struct level *level, const char *const *rules, unsigned count, struct diag *diag)
{
	const char **all;
	size_t known = rule_list(&level->arena, &all);
	unsigned wanted = count ? count : (unsigned)known;

	level->rule = arena_alloc(&level->arena, (wanted + 1U) * sizeof *level->rule);
	for (unsigned i = 0; i < wanted; i++) {
		struct rule *rule = arena_alloc(&level->arena, sizeof *rule);

		if (!rule_load(rule, &level->arena, count ? rules[i] : all[i], diag))
			return false;
		level->rule[level->rules++] = rule;
	}
	return true;
}

bool
level_make(struct level *level, const char *name, const char *const *rules, unsigned count,
           struct buf *dispute, struct diag *diag)
{
	struct drawing d = {.level = level, .row = find_row(name)};
	bool ok;

	*level = (struct level){.name = name};
	if (!d.row) {
		diag_set(diag, "--level", 0, 0, "there is no level '%s'; known: smoke, standard", name);
		return false;
	}
	ok = load_rules(level, rules, count, diag);
	for (unsigned i = 0; ok && i < level->rules; i++)
		for (unsigned role = 0; ok && role < level->rule[i]->roles; role++) {
			d.rule = level->rule[i];
			d.role = role;
			d.pairs = 0;
			d.random.state = case_hash(&d, &(struct seq){0}, &(struct shapes){{0}});
			ok = draw_listed(&d, diag);
			if (ok)
				draw_spaces(&d);
		}
	ok = ok && judge_pairs(&d, dispute, diag);
	if (ok) {
		d.random.state = 1;
		count_families(level);
		shuffle(&d);
		ok = make_canaries(level, dispute, diag);
	}
	free(d.pair);
	free(d.seen);
	arena_free(&d.scratch);
	return ok;
}

const struct suite_case *
level_canary(const struct level *level, const struct rule *rule)
{
	for (unsigned i = 0; i < level->rules; i++)
		if (level->rule[i] == rule)
			return &level->canary[i];
	bug("no canary for %s", rule->name);
}

void
level_free(struct level *level)
{
	truth_free(&level->truth);
	arena_free(&level->arena);
}
