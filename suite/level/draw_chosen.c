/* draw: pairs that a file lists one by one: rule, role, edit, shapes, correct and violating sequence,
 * separated by tabs. See draw.h; `lockdrill choose` makes such lists.
 *
 * How to read it: draw_rows goes through the lines and reads each as a pair; what becomes of a pair is its
 * caller's business. Pairs of a list that anyone may write are checked one by one (keep_pair); those of a
 * plan are judged with the level (draw_planned.c).
 */
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "draw_memory.h"
#include "read.h"

enum { FIELDS = 6 }; /* rule, role, edit, shapes, correct, violating */

static bool
row_shapes(struct shapes *shapes, const char *text, struct diag *diag)
{
	*shapes = shapes_default();
	return !strcmp(text, "-") || shapes_set_list(shapes, text, diag);
}

static bool
row_edit(enum edit *edit, const char *name, struct diag *diag)
{
	for (unsigned i = 0; i < EDIT_COUNT; i++)
		if (!strcmp(edit_name((enum edit)i), name)) {
			*edit = (enum edit)i;
			return true;
		}
	diag_set(diag, "edit", 0, 0, "there is no edit '%s'", name);
	return false;
}

/* The rule and role that a row names; *wanted is false when the level has not that rule. */
static bool
row_role(struct draw_memory *m, const char *const field[FIELDS], bool *wanted, struct diag *diag)
{
	*wanted = false;
	for (unsigned i = 0; i < m->draw->rules && !*wanted; i++) {
		m->rule = m->draw->rule[i];
		*wanted = !strcmp(m->rule->name, field[0]);
	}
	if (!*wanted || rule_find_role(m->rule, field[1], &m->role))
		return true;
	diag_set(diag, "role", 0, 0, "rule %s has no role '%s'", field[0], field[1]);
	return false;
}

/* Reads one row, which is cut in pieces; rule and role are at hand then. Its sequences stand in `arena`. */
static bool
read_row(struct draw_memory *m, char *line, const char *name, struct draw_pair *pair, bool *wanted,
         struct arena *arena, struct diag *diag)
{
	const char *field[FIELDS] = {line};
	unsigned fields = 1;

	for (char *at = line; (at = strchr(at, '\t')) && fields < FIELDS; fields++) {
		*at++ = 0;
		field[fields] = at;
	}
	if (fields < FIELDS) {
		diag_set(diag, name, 0, 0, "a row has %d fields between tabs, this one %u", FIELDS, fields);
		return false;
	}
	if (!row_role(m, field, wanted, diag))
		return false;
	if (!*wanted)
		return true;
	*pair = (struct draw_pair){.rule = m->rule, .role = m->role};
	if (!row_edit(&pair->edit, field[2], diag) || !row_shapes(&pair->shapes, field[3], diag))
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (!seq_read(&pair->half[i], arena, m->rule, m->role, name, field[4 + i], strlen(field[4 + i]),
		              diag))
			return false;
	pair->family = draw_hash(m, &pair->half[0], NULL);
	return true;
}

bool
draw_rows(struct draw_memory *m, const char *name, const char *text, size_t length, struct arena *arena,
          draw_take *take, struct diag *diag)
{
	unsigned number = 0;

	if (strlen(text) != length) {
		diag_at(diag, name, text, length, strlen(text), "a list of pairs has no NUL");
		return false;
	}
	for (const char *at = text; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
		char *line = arena_copy(&m->scratch, at, strcspn(at, "\n"));
		struct draw_pair pair;
		bool wanted = false, ok = true;

		number++;
		if (*line && *line != '#')
			ok = read_row(m, line, name, &pair, &wanted, arena, diag);
		pair.place = number;
		if (!ok || (wanted && !take(m, &pair, name, diag))) {
			snprintf(diag->file, sizeof diag->file, "%s", name);
			diag->line = number;
			return false;
		}
		arena_reset(&m->scratch);
	}
	return true;
}

/* Anyone may write a list: what its pairs say of themselves is checked. */
static bool
keep_pair(struct draw_memory *m, const struct draw_pair *pair, const char *name, struct diag *diag)
{
	if (!draw_fits(m, &pair->half[0], &pair->half[1], &pair->shapes) ||
	    !draw_judges_as(m, &pair->half[0], OUTCOME_PASS) ||
	    !draw_judges_as(m, &pair->half[1], OUTCOME_VIOLATION)) {
		diag_set(diag, name, 0, 0,
		         "this is no pair: a shape changes nothing or tells the twins apart, or the verdicts are not "
		         "opposite");
		return false;
	}
	draw_keep(m, pair);
	return true;
}

bool
draw_chosen_parse(struct draw_memory *m, const char *name, const char *text, size_t length, struct diag *diag)
{
	return draw_rows(m, name, text, length, &m->scratch, keep_pair, diag);
}

static bool
keep_report(struct draw_memory *m, const struct draw_pair *pair, const char *name, struct diag *diag)
{
	return !draw_is_new(m, pair) || keep_pair(m, pair, name, diag);
}

/* Gives the pairs of a list to `take`. The file that it is in; NULL when it is missing or broken. */
static const char *
draw_list(struct draw_memory *m, const char *name, draw_take *take, struct diag *diag)
{
	struct data_file file;

	if (!data_find(m->arena, name, &file)) {
		diag_set(diag, name, 0, 0, "the list of pairs is missing");
		return NULL;
	}
	return draw_rows(m, file.where, file.bytes, file.length, &m->scratch, take, diag) ? file.where : NULL;
}

bool
draw_chosen(struct draw_memory *m, struct diag *diag)
{
	const char *where = draw_list(m, m->plan->chosen, keep_pair, diag);

	if (where && !m->plan->pairs) /* the list is the level */
		m->draw->planned = where;
	return where != NULL;
}

bool
draw_reports(struct draw_memory *m, struct diag *diag)
{
	return draw_list(m, m->plan->reports, keep_report, diag) != NULL;
}
