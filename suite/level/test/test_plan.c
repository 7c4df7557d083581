/* plan: what the checked-in plan of standard lists is what is drawn, and a plan that is broken, or
 * another's, is noticed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "data.h"
#include "draw_memory.h"
#include "level.h"
#include "tree.h"

static struct arena arena;
static struct level level;

static void
begin(void)
{
	struct diag diag;

	cr_assert(level_open(&level, "standard", NULL, (struct shard){0, 1}, &diag), "%s", diag.message);
}

static void
end(void)
{
	level_free(&level);
	arena_free(&arena);
}

TestSuite(plan, .init = begin, .fini = end);

static struct data_file
the_plan(void)
{
	struct data_file file;

	cr_assert(data_find(&arena, "levels/standard.plan", &file));
	return file;
}

static void
check_seq(const struct seq *one, const struct seq *two)
{
	cr_assert(one->count == two->count && one->size == two->size);
	for (uint32_t i = 0; i < one->count; i++) {
		struct seq_node a = one->node[i], b = two->node[i];

		a.offset = b.offset = 0; /* in the text: a drawn one has none */
		cr_assert_arr_eq(&a, &b, sizeof a);
	}
}

static void
check_pair(const struct draw_pair *one, const struct draw_pair *two)
{
	cr_assert(one->rule == two->rule && one->role == two->role && one->edit == two->edit &&
	          one->family == two->family);
	cr_assert_arr_eq(one->shapes.choice, two->shapes.choice, sizeof one->shapes.choice);
	check_seq(&one->half[0], &two->half[0]);
	check_seq(&one->half[1], &two->half[1]);
}

/* Where this fails, `make core` makes the plan anew. */
Test(plan, of_standard_is_what_is_drawn)
{
	struct data_file file = the_plan();
	struct draw drawn = {0}, planned = {0};
	struct buf text = {0};
	struct diag diag;
	bool counts;

	cr_assert(draw_level(&drawn, &level.plan, level.rule, level.rules, &level.truth, &arena, &diag));
	draw_plan_print(&text, &drawn, &level.plan);
	cr_assert_eq(text.len, file.length);
	cr_assert_arr_eq(text.data, file.bytes, text.len);
	draw_begin(&planned, level.rule, level.rules, &level.truth, &arena);
	cr_assert(draw_planned(&planned, &level.plan, &counts, &diag), "%s", diag.message);
	cr_assert(counts, "the plan is of other data: make core");
	cr_assert_eq(planned.pairs, drawn.pairs);
	for (unsigned i = 0; i < drawn.pairs; i++)
		check_pair(&planned.pair[i], &drawn.pair[i]);
	buf_free(&text);
	draw_free(&drawn);
	draw_free(&planned);
}

/* The first line of the true plan, where `text` begins with "HEAD", and what is behind that. */
static bool
parse(const char *text, struct draw *draw, bool *counts, struct diag *diag)
{
	struct data_file file = the_plan();
	struct buf bytes = {0};
	bool ok;

	if (!strncmp(text, "HEAD", 4)) {
		buf_add(&bytes, file.bytes, strcspn(file.bytes, "\n"));
		text += 4;
	}
	buf_puts(&bytes, text);
	file = (struct data_file){.name = "p", .where = "p", .bytes = buf_string(&bytes), .length = bytes.len};
	draw_begin(draw, level.rule, level.rules, &level.truth, &arena);
	ok = draw_plan_parse(draw, &level.plan, &file, counts, diag);
	buf_free(&bytes);
	return ok;
}

#define ROW "SpinlockRelease\tdispatch\tdrop-release\t-\tacq a; rel a\tacq a\n"

Test(plan, that_is_broken_is_refused_with_its_place)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *message;
	} rows[] = {
		{"", 1, "expected 'drawn from'"},
		{"drawn from 12\n", 1, "expected 'drawn from'"},
		{"drawn from 0123456789abcdef0123456789abcdeg\n", 1, "expected 'drawn from'"},
		{ROW, 1, "expected 'drawn from'"},
		{"HEAD\nSpinlockRelease\n", 2, "6 fields"},
		{"HEAD\n" ROW "SpinlockRelease\tdispatch\tdrop-release\t-\tacq a; rel a\n", 3, "6 fields"},
		{"HEAD\n# why\n\nSpinlockRelease\tisr\tdrop-release\t-\tacq a; rel a\tacq a\n", 4, "no role 'isr'"},
		{"HEAD\nSpinlockRelease\tdispatch\tdrop\t-\tacq a; rel a\tacq a\n", 2, "no edit 'drop'"},
		{"HEAD\nSpinlockRelease\tdispatch\tdrop-release\tplace=x\tacq a; rel a\tacq a\n", 2, ""},
		{"HEAD\nSpinlockRelease\tdispatch\tdrop-release\t-\tacq a; rel a\tfrob a\n", 2, ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draw draw;
		struct diag diag = {.message = ""};
		bool counts;

		cr_assert_not(parse(rows[i].text, &draw, &counts, &diag), "row %zu", i);
		cr_expect_str_eq(diag.file, "p");
		cr_expect_eq(diag.line, rows[i].line, "row %zu: %u: %s", i, diag.line, diag.message);
		cr_expect(strstr(diag.message, rows[i].message), "row %zu: %s", i, diag.message);
		draw_free(&draw);
	}
}

Test(plan, of_other_data_does_not_count)
{
	struct draw draw;
	struct diag diag;
	bool counts;

	cr_assert(parse("drawn from 0123456789abcdef0123456789abcdef\nnonsense\n", &draw, &counts, &diag));
	cr_assert(!counts && !draw.planned && !draw.pairs);
	draw_free(&draw);
	cr_assert(parse("HEAD\n" ROW, &draw, &counts, &diag));
	cr_assert(counts && draw.planned && draw.pairs == 1 && draw.pair[0].place == 2);
	draw_free(&draw);
}

Test(plan, with_a_pair_that_is_none_is_refused_when_it_is_judged)
{
	char directory[] = "/tmp/lockdrill-test-XXXXXX";
	struct data_file file = the_plan();
	struct buf text = {0}, path = {0}, dispute = {0};
	struct level bad;
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	buf_printf(&path, "%s/levels", directory);
	cr_assert_eq(mkdir(path.data, 0700), 0);
	buf_puts(&path, "/standard.plan");
	buf_add(&text, file.bytes, strcspn(file.bytes, "\n"));
	buf_puts(&text, "\n" ROW "SpinlockRelease\tdispatch\tdrop-release\t-\tacq a\tacq a; rel a\n");
	cr_assert(tree_write(path.data, text.data, text.len));
	cr_assert(data_add_directory(directory));
	cr_assert_not(level_make(&bad, "standard", NULL, (struct shard){0, 1}, &dispute, &diag));
	cr_assert(strstr(diag.file, "standard.plan"), "%s", diag.file);
	cr_assert_eq(diag.line, 3, "%u: %s", diag.line, diag.message);
	level_free(&bad);
	cr_expect(tree_remove(directory));
	buf_free(&text);
	buf_free(&path);
}
