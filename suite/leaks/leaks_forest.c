/* The leak audit's shallow learner that sees features together: a random forest (Breiman 2001) of TREES trees
 * over questions "does the text have this feature at least t times".
 *
 *   entries ──> columns: a bit a document ──> per tree: documents drawn with replacement, fully grown
 *
 * At each node as many columns are drawn as the square root of all, and the one that leaves the least Gini
 * impurity splits it, down to pure nodes. Nothing is kept of a tree: the documents of the other half go down
 * while it grows, and a leaf adds its share of violations to the votes of those that come to it. A document
 * is guilty where the mean of the votes is above one half. Columns are chosen without the verdicts: those
 * that hold for at least RAREST documents, and fail for as many. Measures are no questions; their bins are.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "leaks.h"
#include "random.h"

enum {
	TREES = 100,
	DEPTH = 64,         /* as good as fully grown */
	THRESHOLD_MOST = 8, /* of a feature: at least 1, ... */
	RAREST = 10,        /* documents */
	PATIENCE = 10,      /* times as many columns are drawn at most, until one splits */
	BITS = 64,
};

struct forest {
	uint64_t *bits; /* a column a row: bit i is document i's; owned */
	uint32_t columns, words;
	const struct level *level;
	struct random random;
	double *votes; /* by document; owned */
};

/* The documents at a node, by number: correct and violating ones to learn from, and those that are tried. */
struct node {
	uint32_t *document[3], count[3];
};

enum { CORRECT, VIOLATING, TRIED };

/* ---- columns ---- */

static uint32_t
thresholds_of(const struct features *features, const struct entry *entry)
{
	if (features->feature[entry->feature].measure)
		return 0;
	return entry->count < THRESHOLD_MOST ? entry->count : THRESHOLD_MOST;
}

/* column[feature * THRESHOLD_MOST + t - 1]: the number of documents, then the number of the column plus one,
 * or 0 where it is none. */
static uint32_t
number_columns(const struct level *level, const struct features *features, uint32_t *column)
{
	uint32_t columns = 0;

	for (uint32_t i = 0; i < level->count; i++)
		for (uint32_t e = 0; e < level->document[i].entries; e++) {
			const struct entry *entry = &level->document[i].entry[e];

			for (uint32_t t = 0; t < thresholds_of(features, entry); t++)
				column[entry->feature * THRESHOLD_MOST + t]++;
		}
	for (uint32_t c = 0; c < features->used * THRESHOLD_MOST; c++)
		column[c] = column[c] >= RAREST && column[c] + RAREST <= level->count ? ++columns : 0;
	return columns;
}

static void
fill_columns(struct forest *forest, const struct features *features, const uint32_t *column)
{
	const struct level *level = forest->level;

	for (uint32_t i = 0; i < level->count; i++)
		for (uint32_t e = 0; e < level->document[i].entries; e++) {
			const struct entry *entry = &level->document[i].entry[e];

			for (uint32_t t = 0; t < thresholds_of(features, entry); t++) {
				uint32_t number = column[entry->feature * THRESHOLD_MOST + t];

				if (number)
					forest->bits[(size_t)(number - 1) * forest->words + i / BITS] |= UINT64_C(1) << i % BITS;
			}
		}
}

static void
forest_init(struct forest *forest, const struct level *level, const struct features *features)
{
	uint32_t *column = leaks_allocate((size_t)features->used * THRESHOLD_MOST, sizeof *column);

	*forest = (struct forest){.level = level, .random = {LEAKS_SEED}, .words = level->count / BITS + 1};
	forest->columns = number_columns(level, features, column);
	forest->bits = leaks_allocate((size_t)forest->columns * forest->words, sizeof *forest->bits);
	forest->votes = leaks_allocate(level->count, sizeof *forest->votes);
	fill_columns(forest, features, column);
	free(column);
}

/* ---- a tree ---- */

static bool
has(const uint64_t *bits, uint32_t document)
{
	return bits[document / BITS] >> document % BITS & 1;
}

static uint32_t
count_having(const uint64_t *bits, const uint32_t *document, uint32_t count)
{
	uint32_t having = 0;

	for (uint32_t i = 0; i < count; i++)
		having += has(bits, document[i]);
	return having;
}

/* Squares of the counts by their sum: the larger over both sides, the purer they are. */
static double
purity(double correct, double violating)
{
	return (correct * correct + violating * violating) / (correct + violating);
}

/* The column that splits the node best of those that are drawn; NULL where none does. */
static const uint64_t *
best_split(struct forest *forest, const struct node *node)
{
	uint32_t tries = (uint32_t)sqrt(forest->columns), all = node->count[CORRECT] + node->count[VIOLATING];
	const uint64_t *best = NULL;
	double most = 0;

	for (uint32_t i = 0; i < tries || (!best && i < PATIENCE * tries); i++) {
		uint32_t number = random_below(&forest->random, forest->columns);
		const uint64_t *bits = &forest->bits[(size_t)number * forest->words];
		uint32_t correct = count_having(bits, node->document[CORRECT], node->count[CORRECT]);
		uint32_t violating = count_having(bits, node->document[VIOLATING], node->count[VIOLATING]);
		double pure;

		if (correct + violating == 0 || correct + violating == all)
			continue;
		pure = purity(correct, violating) +
		       purity(node->count[CORRECT] - correct, node->count[VIOLATING] - violating);
		if (pure > most) {
			most = pure;
			best = bits;
		}
	}
	return best;
}

/* Moves the documents that have the column to the front; returns how many they are. */
static uint32_t
divide(const uint64_t *bits, uint32_t *document, uint32_t count)
{
	uint32_t front = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t moved = document[i];

		if (!has(bits, moved))
			continue;
		document[i] = document[front];
		document[front++] = moved;
	}
	return front;
}

static void
vote(struct forest *forest, const struct node *node)
{
	double share = (double)node->count[VIOLATING] / (node->count[CORRECT] + node->count[VIOLATING]);

	for (uint32_t i = 0; i < node->count[TRIED]; i++)
		forest->votes[node->document[TRIED][i]] += share;
}

static void
grow(struct forest *forest, struct node *node, unsigned depth)
{
	bool pure = !node->count[CORRECT] || !node->count[VIOLATING];
	const uint64_t *bits;
	struct node with, without;

	if (!node->count[TRIED])
		return;
	bits = pure || depth == DEPTH ? NULL : best_split(forest, node);
	if (!bits) {
		vote(forest, node);
		return;
	}
	for (unsigned kind = 0; kind < 3; kind++) {
		with.document[kind] = node->document[kind];
		with.count[kind] = divide(bits, node->document[kind], node->count[kind]);
		without.document[kind] = node->document[kind] + with.count[kind];
		without.count[kind] = node->count[kind] - with.count[kind];
	}
	grow(forest, &with, depth + 1);
	grow(forest, &without, depth + 1);
}

/* ---- the forest ---- */

/* Draws as many documents of the half as it has, with replacement, and puts all of the other to be tried. */
static void
draw_documents(struct forest *forest, const uint32_t *of_half, bool half, struct node *root)
{
	const struct level *level = forest->level;

	for (unsigned kind = 0; kind < 3; kind++)
		root->count[kind] = 0;
	for (uint32_t i = 0; i < level->documents[half]; i++) {
		uint32_t drawn = of_half[random_below(&forest->random, level->documents[half])];
		unsigned kind = level->document[drawn].violation ? VIOLATING : CORRECT;

		root->document[kind][root->count[kind]++] = drawn;
	}
	for (uint32_t i = 0; i < level->count; i++)
		if (level->document[i].half != half)
			root->document[TRIED][root->count[TRIED]++] = i;
}

static void
grow_half(struct forest *forest, bool half)
{
	const struct level *level = forest->level;
	uint32_t *of_half = leaks_allocate(level->count, sizeof *of_half), count = 0;
	struct node root;

	for (uint32_t i = 0; i < level->count; i++)
		if (level->document[i].half == half)
			of_half[count++] = i;
	assert(count == level->documents[half]);
	for (unsigned kind = 0; kind < 3; kind++)
		root.document[kind] = leaks_allocate(level->count, sizeof **root.document);
	for (unsigned tree = 0; tree < TREES; tree++) {
		draw_documents(forest, of_half, half, &root);
		grow(forest, &root, 0);
	}
	for (unsigned kind = 0; kind < 3; kind++)
		free(root.document[kind]);
	free(of_half);
}

void
guess_forest(const struct level *level, const struct features *features, bool *guilty)
{
	struct forest forest;

	forest_init(&forest, level, features);
	for (unsigned half = 0; half < 2; half++)
		grow_half(&forest, half);
	for (uint32_t i = 0; i < level->count; i++)
		guilty[i] = forest.votes[i] > TREES / 2.0;
	free(forest.bits);
	free(forest.votes);
}
