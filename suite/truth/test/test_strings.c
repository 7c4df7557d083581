/* The frozen table of event strings: all three roads give each row's verdict, in each reading of each
 * rule. */
#include <criterion/criterion.h>

#include <stdio.h>

#include "truth.h"
#include "read.h"

enum { COLUMNS = 5, LEAST_ROWS = 80 };

static struct arena arena;
static struct truth truth;

static void
end(void)
{
	truth_free(&truth);
	arena_free(&arena);
}

TestSuite(strings, .fini = end);

/* The verdict as the table spells it. */
static const char *
spell(const struct verdict *verdict)
{
	struct buf out = {0};
	const char *copy;

	buf_puts(&out, outcome_name(verdict->outcome));
	for (unsigned i = 0; i < verdict->count; i++)
		buf_printf(&out, "; %s %u %c", kind_name((enum kind)verdict->finding[i].kind),
		           verdict->finding[i].statement, lock_letter(verdict->finding[i].lock));
	copy = arena_string(&arena, out.data);
	buf_free(&out);
	return copy;
}

/* Judges a row; *cell is the index of its rule and reading in `seen`. */
static const char *
judge(char *const column[COLUMNS], const struct rule *rule, unsigned reading)
{
	struct suite_case of = {.rule = rule, .shapes = shapes_default()};
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(rule_find_role(rule, column[1], &of.role), "no role %s", column[1]);
	cr_assert(seq_read(&of.seq, &arena, rule, of.role, "row", column[3], strlen(column[3]), &diag), "%s: %s",
	          column[3], diag.message);
	cr_assert(truth_judge(&truth, &of, 1, NULL, &arena, &dispute, &diag), "%s\n%s", diag.message,
	          buf_string(&dispute));
	return spell(&of.verdict[reading]);
}

Test(strings, every_row_of_the_frozen_table_is_judged_as_it_says)
{
	struct rule *rules[8] = {0};
	unsigned seen[8] = {0}, rows = 0;
	FILE *table = fopen("suite/truth/test/strings.tsv", "r");
	const char **names;
	size_t count = rule_list(&arena, &names);
	char line[512];

	cr_assert_not_null(table, "tests run from the top of the project");
	for (size_t i = 0; i < count; i++) {
		struct diag diag;

		rules[i] = arena_alloc(&arena, sizeof *rules[i]);
		cr_assert(rule_load(rules[i], &arena, names[i], &diag));
	}
	while (fgets(line, sizeof line, table)) {
		char *column[COLUMNS] = {line};
		unsigned reading;
		size_t i = 0;

		line[strcspn(line, "\n")] = 0;
		if (line[0] == '#')
			continue;
		for (unsigned c = 1; c < COLUMNS; c++) {
			column[c] = strchr(column[c - 1], '\t');
			cr_assert_not_null(column[c], "a row has %d columns: %s", COLUMNS, line);
			*column[c]++ = 0;
		}
		while (i < count && strcmp(names[i], column[0]))
			i++;
		cr_assert(i < count && rule_find_reading(rules[i], column[2], &reading), "%s %s", column[0],
		          column[2]);
		cr_expect_str_eq(judge(column, rules[i], reading), column[4], "%s, %s, %s: %s", column[0], column[1],
		                 column[2], column[3]);
		seen[i] |= 1U << reading;
		rows++;
	}
	fclose(table);
	cr_assert_geq(rows, LEAST_ROWS);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(seen[i], (1U << rules[i]->readings) - 1, "%s: a reading has no row", names[i]);
}
