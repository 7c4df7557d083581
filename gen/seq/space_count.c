/* How many canonical sequences there are: see space.h.
 *
 * A recurrence over lists of statements by size, inside a loop or not, and by the names used before and after
 * (Flajolet, Zimmermann, Van Cutsem 1994). Names used are a number of locks of each type and a number of
 * flags; what a statement does to them is a matrix, and what stands behind one another is their product.
 */
#include "space_tables.h"

#include "bits.h"

uint64_t
space_plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t
space_times(uint64_t a, uint64_t b)
{
	return a && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

/* out += one * two; UINT64_MAX stands for whatever does not fit. */
static void
space_product(uint64_t *out, const uint64_t *one, const uint64_t *two, unsigned names)
{
	for (unsigned i = 0; i < names; i++)
		for (unsigned j = i; j < names; j++) {
			uint64_t factor = one[i * names + j];

			if (!factor)
				continue;
			for (unsigned k = j; k < names; k++) {
				uint64_t *sum = &out[i * names + k];

				*sum = space_plus(*sum, space_times(factor, two[j * names + k]));
			}
		}
}

static void
space_sum(uint64_t *out, const uint64_t *more, unsigned names)
{
	for (unsigned i = 0; i < names * names; i++)
		out[i] = space_plus(out[i], more[i]);
}

static uint64_t *
space_matrix(const struct space_tables *tables, struct arena *arena)
{
	return arena_alloc(arena, (size_t)tables->names * tables->names * sizeof(uint64_t));
}

/* How many locks of a type a set has. */
static unsigned
space_used(const struct space_tables *tables, unsigned set, unsigned type)
{
	return bits_count(tables->set[set] & tables->type[type].letters);
}

/* The set with one more lock of the type; `sets` where there is none. */
static unsigned
space_grown(const struct space_tables *tables, unsigned set, unsigned type)
{
	for (unsigned to = 0; to < tables->sets; to++) {
		bool grows = true;

		for (unsigned t = 0; t < tables->types; t++)
			grows &= space_used(tables, to, t) == space_used(tables, set, t) + (t == type);
		if (grows)
			return to;
	}
	return tables->sets;
}

/* Adds to a matrix: of each type `ways` for each lock used, and as many for the next one. */
static void
space_choices_lock(const struct space_tables *tables, uint64_t *out, const unsigned ways[RULE_TYPES])
{
	unsigned width = tables->flags + 1, names = tables->names;

	for (unsigned u = 0; u < names; u++)
		for (unsigned t = 0; t < tables->types; t++) {
			unsigned set = u / width, grown = space_grown(tables, set, t);

			out[u * names + u] += ways[t] * space_used(tables, set, t);
			if (grown < tables->sets)
				out[u * names + grown * width + u % width] += ways[t];
		}
}

/* Adds to a matrix: `old` ways for each flag used, `always` ways without one, `fresh` for the next flag. */
static void
space_choices_flag(const struct space_tables *tables, uint64_t *out, unsigned old, unsigned always,
                   unsigned fresh)
{
	unsigned width = tables->flags + 1, names = tables->names;

	for (unsigned u = 0; u < names; u++) {
		unsigned used = u % width;

		out[u * names + u] += old * used + always;
		if (used < tables->flags)
			out[u * names + u + 1] += fresh;
	}
}

static void
space_choices_try(const struct space_tables *tables, uint64_t *out)
{
	unsigned tries[RULE_TYPES] = {0};

	for (unsigned t = 0; t < tables->types; t++)
		tries[t] = tables->type[t].tries;
	space_choices_lock(tables, out, tries);
}

/* Adds to a matrix: tries without blocks, with any lock used or the next one, and any flag, the next one or
 * none. */
static void
space_choices_take(const struct space_tables *tables, uint64_t *out)
{
	struct arena arena = {0};
	uint64_t *locks = space_matrix(tables, &arena), *flags = space_matrix(tables, &arena);

	space_choices_try(tables, locks);
	space_choices_flag(tables, flags, 1, 1, 1);
	space_product(out, locks, flags, tables->names);
	arena_free(&arena);
}

/* The same of SET. With F flags used, one of them may become one of three values, another flag used, the
 * opposite of any, or the next flag; so may the next flag, where F + 1 are used then. */
static void
space_choices_set(const struct space_tables *tables, uint64_t *out)
{
	unsigned width = tables->flags + 1, names = tables->names;

	for (unsigned u = 0; u < names; u++) {
		unsigned used = u % width, spare = tables->flags - used;

		out[u * names + u] += used * (SEQ_VALUE_FLAG + 2 * used - 1);
		if (spare > 0)
			out[u * names + u + 1] += used + SEQ_VALUE_FLAG + 2 * (used + 1) - 1;
		if (spare > 1)
			out[u * names + u + 2] += 1;
	}
}

/* Statements of size 1 that can be followed; and that cannot. */
static void
space_count_leaves(const struct space_tables *tables, bool loop, uint64_t *statement, uint64_t *last)
{
	unsigned jumps = (loop ? 3 : 1) + tables->state;
	unsigned named[RULE_TYPES] = {0};

	for (unsigned t = 0; t < tables->types; t++)
		named[t] = 2 + tables->type[t].named;
	space_choices_lock(tables, statement, named);
	space_choices_flag(tables, statement, 0, 1 + tables->unnamed, 0);
	if (tables->state)
		space_choices_set(tables, statement);
	if (tables->state)
		space_choices_take(tables, statement);
	for (unsigned u = 0; u < tables->names; u++)
		last[u * tables->names + u] = jumps;
}

/* Statements of size n, from lists below n; then lists of size n, from both. */
void
space_count_lists(struct space_tables *tables, unsigned size)
{
	struct arena arena = {0};
	unsigned names = tables->names;
	uint64_t *statement[SPACE_MAX_SIZE + 1][2], *branch[SPACE_MAX_SIZE + 1][2];
	uint64_t *opener = space_matrix(tables, &arena);

	space_choices_flag(tables, opener, 2, 1, 1);
	space_choices_try(tables, opener);
	for (unsigned n = 1; n <= size; n++)
		for (unsigned loop = 0; loop < 2; loop++) {
			uint64_t *list = tables->list[n][loop] = space_matrix(tables, &tables->arena);

			statement[n][loop] = space_matrix(tables, &arena);
			branch[n][loop] = space_matrix(tables, &arena);
			if (n == 1) {
				space_count_leaves(tables, loop, statement[n][loop], list);
			} else {
				space_product(statement[n][loop], opener, branch[n - 1][loop], names);
				space_sum(statement[n][loop], tables->list[n - 1][1], names);
				if (tables->state) /* forever */
					space_sum(statement[n][loop], tables->list[n - 1][1], names);
			}
			for (unsigned k = 1; k < n; k++)
				space_product(list, statement[k][loop], tables->list[n - k][loop], names);
			space_sum(list, statement[n][loop], names);
			space_sum(branch[n][loop], list, names);
			for (unsigned k = 1; k < n; k++)
				space_product(branch[n][loop], tables->list[k][loop], tables->list[n - k][loop], names);
		}
	arena_free(&arena);
}
