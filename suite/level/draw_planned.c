/* draw: the pairs of a level as its plan lists them, so that they need not be drawn. See draw.h.
 *
 * levels/NAME.plan is what drawing the level gave: a first line "drawn from HASH", then a row a pair in the
 * order in which they were drawn, in the form of a list of chosen pairs (draw_chosen.c). HASH is that of
 * all data that drawing reads:
 *
 *   rules/ (all)   levels/NAME.yaml   the lists that it names as `chosen` and `reports`
 *   levels/families.txt   corpus/promoted.txt
 *
 * Where any of them is another now, as with rules of the user, the plan does not count, and the level is
 * drawn. That the code still draws what the plan says is a test's to show. `make core` makes the plan anew.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "data.h"
#include "draw_memory.h"
#include "hash.h"

static const char first_words[] = "drawn from ";

/* the data that drawing reads */

static void
add_source(struct buf *sources, struct arena *arena, const char *name)
{
	struct data_file file;

	if (!data_find(arena, name, &file))
		return;
	buf_printf(sources, "%s %zu\n", name, file.length);
	buf_add(sources, file.bytes, file.length);
}

static void
hash_sources(char hash[HASH_TEXT], const struct draw *draw, const struct level_plan *plan)
{
	struct buf sources = {0}, name = {0};
	struct arena arena = {0};

	for (unsigned i = 0; i < draw->rules; i++) {
		buf_clear(&name);
		buf_printf(&name, "rules/%s.yaml", draw->rule[i]->name);
		add_source(&sources, &arena, name.data);
	}
	buf_clear(&name);
	buf_printf(&name, "levels/%s.yaml", plan->name);
	add_source(&sources, &arena, name.data);
	if (plan->chosen)
		add_source(&sources, &arena, plan->chosen);
	if (plan->reports)
		add_source(&sources, &arena, plan->reports);
	add_source(&sources, &arena, "levels/families.txt");
	add_source(&sources, &arena, "corpus/promoted.txt");
	hash_bytes(sources.data, sources.len, hash);
	buf_free(&sources);
	buf_free(&name);
	arena_free(&arena);
}

/* reading */

static bool
take_pair(struct draw_memory *m, const struct draw_pair *pair, const char *name, struct diag *diag)
{
	struct draw *draw = m->draw;

	(void)name;
	(void)diag;
	*array_add(m->arena, draw->pair, draw->pairs, m->room) = *pair;
	return true;
}

/* Behind the first line, whose hash is that of the sources. */
static const char *
read_first_line(const struct data_file *file, char hash[HASH_TEXT], struct diag *diag)
{
	const char *at = file->bytes + strlen(first_words);

	if (strncmp(file->bytes, first_words, strlen(first_words)) ||
	    strspn(at, "0123456789abcdef") != HASH_TEXT - 1 || at[HASH_TEXT - 1] != '\n') {
		diag_set(diag, file->where, 1, 1, "expected 'drawn from' and a hash of %d digits", HASH_TEXT - 1);
		return NULL;
	}
	memcpy(hash, at, HASH_TEXT - 1);
	hash[HASH_TEXT - 1] = 0;
	return at + HASH_TEXT - 1; /* at the line's end, so that rows have their own numbers */
}

bool
draw_plan_rows(struct draw *draw, const struct data_file *file, const char *rows, struct diag *diag)
{
	struct draw_memory *m = draw->memory;

	return draw_rows(m, file->where, rows, file->length - (size_t)(rows - file->bytes), m->arena, take_pair,
	                 diag);
}

bool
draw_plan_parse(struct draw *draw, const struct level_plan *plan, const struct data_file *file, bool *counts,
                struct diag *diag)
{
	char now[HASH_TEXT], then[HASH_TEXT];
	const char *rows = read_first_line(file, then, diag);

	*counts = false;
	if (!rows)
		return false;
	hash_sources(now, draw, plan);
	if (strcmp(now, then))
		return true;
	*counts = true;
	draw->planned = file->where;
	return draw_plan_rows(draw, file, rows, diag);
}

bool
draw_planned(struct draw *draw, const struct level_plan *plan, bool *counts, struct diag *diag)
{
	struct buf name = {0};
	struct data_file file;
	bool found;

	*counts = false;
	buf_printf(&name, "levels/%s.plan", plan->name);
	found = data_find(draw->memory->arena, name.data, &file);
	buf_free(&name);
	return !found || draw_plan_parse(draw, plan, &file, counts, diag);
}

/* printing */

void
draw_row_print(struct buf *out, const struct draw_pair *pair)
{
	const struct rule *rule = pair->rule;

	buf_printf(out, "%s\t%s\t%s\t", rule->name, rule->role[pair->role].name, edit_name(pair->edit));
	if (!shapes_print(out, &pair->shapes, ','))
		buf_putc(out, '-');
	for (unsigned i = 0; i < 2; i++) {
		buf_putc(out, '\t');
		seq_print(out, &pair->half[i], rule);
	}
	buf_putc(out, '\n');
}

void
draw_plan_print(struct buf *out, const struct draw *draw, const struct level_plan *plan)
{
	char hash[HASH_TEXT];

	assert(draw->memory);
	hash_sources(hash, draw, plan);
	buf_printf(out,
	           "%s%s\n# Made by `make core`: the pairs of level %s in the order in which they were drawn.\n",
	           first_words, hash, plan->name);
	for (unsigned i = 0; i < draw->pairs; i++)
		draw_row_print(out, &draw->pair[i]);
}
