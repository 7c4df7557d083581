/* level: plans, what smoke and standard hold, and that a shard of full is the same however it is made. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "edit.h"
#include "level.h"
#include "make.h"
#include "text.h"
#include "tree.h"

static struct arena arena;
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static const char *
path_of(const char *name)
{
	struct buf path = {0};
	const char *copy;

	buf_printf(&path, "%s/%s", directory, name);
	copy = arena_string(&arena, path.data);
	buf_free(&path);
	return copy;
}

static void
put_plan(const char *name, const char *text)
{
	struct buf path = {0};

	buf_printf(&path, "levels/%s.yaml", name);
	cr_assert(tree_write(path_of(path.data), text, strlen(text)), "%s", name);
	buf_free(&path);
}

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(mkdir(path_of("levels"), 0700), 0);
	cr_assert(data_add_directory(directory));
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
	arena_free(&arena);
}

TestSuite(level, .init = begin, .fini = end);

/* plans */

Test(level, a_bad_plan_is_refused_with_its_place)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *message;
	} rows[] = {
		{"level: bad\nsummary: s\n", 1, 1, "'pairs' is missing"},
		{"level: bad\npairs: 3\n", 1, 1, "'summary' is missing"},
		{"summary: s\npairs: 3\n", 1, 1, "'level' is missing"},
		{"level: bad\nsummary: s\npairs: many\n", 3, 8, "whole number from 1 to 100000"},
		{"level: bad\nsummary: s\npairs: 0\n", 3, 8, "whole number"},
		{"level: bad\nsummary: s\npairs: 3.5\n", 3, 8, "whole number"},
		{"level: bad\nsummary: s\npairs: [3]\n", 3, 8, "'pairs'"},
		{"level: bad\nsummary: s\npairs: 3\ntwins: 99\n", 4, 8, "whole number"},
		{"level: bad\nsummary: s\npairs: 3\ncell: -1\n", 4, 7, "whole number"},
		{"level: bad\nsummary: s\ndeal: 0\n", 3, 7, "whole number"},
		{"level: bad\nsummary: s\npairs: 3\ncover: maybe\n", 4, 8, "whole number"},
		{"level: bad\nsummary: s\npairs: 3\n# why not\ncolor: red\n", 5, 1, "unknown key 'color'"},
		{"level: bad\nsummary: s\npairs: 3\npairs: 4\n", 4, 1, "pairs"},
		{"level: bad\nsummary: [\n", 3, 1, ""},
		{"level: other\nsummary: s\npairs: 3\n", 1, 8, "this is level 'other'"},
		{"- level\n", 1, 1, ""},
		{"", 1, 0, ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct level_plan plan;
		struct diag diag = {.file = ""};

		put_plan("bad", rows[i].text);
		cr_assert_not(level_plan_load(&plan, &arena, "bad", &diag), "row %zu", i);
		cr_expect(strstr(diag.file, "levels/bad.yaml"), "row %zu: %s", i, diag.file);
		cr_expect(diag.line == rows[i].line && (!rows[i].column || diag.column == rows[i].column),
		          "row %zu: %u:%u: %s", i, diag.line, diag.column, diag.message);
		cr_expect(strstr(diag.message, rows[i].message), "row %zu: %s", i, diag.message);
	}
}

Test(level, a_plan_of_ones_own_is_read_and_what_it_leaves_out_has_its_default)
{
	struct level_plan plan;
	struct diag diag;

	put_plan("mine",
	         "level: mine\nsummary: a few\npairs: 2\ntwins: 3\nlisted: 1\ncell: 4\ncover: 3\ncorpus: true\n");
	cr_assert(level_plan_load(&plan, &arena, "mine", &diag), "%s", diag.message);
	cr_assert(plan.pairs == 2 && plan.twins == 3 && plan.listed == 1 && plan.cell == 4 && !plan.deal);
	cr_assert(plan.cover == 3 && plan.corpus);
	cr_assert_str_eq(plan.name, "mine");
	cr_assert_str_eq(plan.summary, "a few");
	put_plan("mine", "level: mine\nsummary: a few\ndeal: 9\n");
	cr_assert(level_plan_load(&plan, &arena, "mine", &diag), "%s", diag.message);
	cr_assert(plan.deal == 9 && plan.twins == 1 && !plan.pairs && !plan.listed && !plan.cell);
	cr_assert_not(plan.cover || plan.corpus);
}

Test(level, an_unknown_one_is_refused_with_those_that_exist)
{
	struct level level;
	struct diag diag;

	put_plan("mine", "level: mine\nsummary: s\npairs: 2\n");
	cr_assert_not(level_open(&level, "huge", NULL, (struct shard){0, 1}, &diag));
	for (const char *const *name = (const char *const[]){"huge", "smoke", "standard", "full", "mine", NULL};
	     *name; name++)
		cr_expect(strstr(diag.message, *name), "%s: %s", *name, diag.message);
	level_free(&level);
}

Test(level, the_names_go_from_small_to_large)
{
	static const char *const expected[] = {"smoke", "mine", "standard", "full"};
	const char *const *names;

	put_plan("mine", "level: mine\nsummary: s\npairs: 20\n");
	names = level_names(&arena);
	for (size_t i = 0; i < 4; i++)
		cr_assert_str_eq(names[i], expected[i]);
	cr_assert_null(names[4]);
}

/* what a level holds */

static void
make(struct level *level, const char *name, struct shard shard)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(level, name, NULL, shard, &dispute, &diag), "%s\n%s", diag.message,
	          buf_string(&dispute));
	buf_free(&dispute);
}

static enum outcome
outcome_of(const struct suite_case *of)
{
	return of->verdict[of->rule->headline].outcome;
}

static unsigned
events_of(const struct seq *seq)
{
	unsigned events = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		events += seq_has_use(seq->node[i].op);
	return events;
}

static enum edit
edit_of(const struct suite_case *of)
{
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		if (!strcmp(edit_name((enum edit)edit), of->edit))
			return (enum edit)edit;
	bug("no edit is called '%s'", of->edit);
}

/* Whether the edit, at some place, turns the correct sequence into its twin. */
static bool
is_edit(const struct suite_case *right, const struct suite_case *wrong)
{
	struct arena scratch = {0};
	bool found = false;

	for (uint32_t at = 0; at < right->seq.count && !found; at++) {
		struct buf text = {0};
		struct seq edited;

		if (!edit_make(&edited, &scratch, &right->seq, right->rule, edit_of(right), at))
			continue;
		seq_print(&text, &edited, right->rule);
		found = !strcmp(buf_string(&text), wrong->sequence);
		buf_free(&text);
	}
	arena_free(&scratch);
	return found;
}

/* Neighbours are as often of one verdict as of two: a third to two thirds, where there are enough. */
static void
check_order(const struct level *level)
{
	unsigned alike = 0, all = level->count / 2;

	for (unsigned i = 0; i + 1 < level->count; i += 2)
		alike += outcome_of(&level->cases[i]) == outcome_of(&level->cases[i + 1]);
	cr_assert(all < 50 || (3 * alike > all && 3 * alike < 2 * all), "%u of %u", alike, all);
}

/* What any batch of a level must be. */
static void
check_pairs(const struct level *level)
{
	cr_assert_eq(level->count % 2, 0);
	for (unsigned i = 0; i < level->count; i++) {
		const struct suite_case *of = &level->cases[i], *twin = level_twin(level, of);

		cr_assert(i ? of->number > level->cases[i - 1].number : of->number == level->first);
		cr_assert(twin->number == of->twin && of->twin != of->number);
		cr_assert_eq(twin->twin, of->number);
		cr_assert(of->rule == twin->rule && of->role == twin->role && of->family == twin->family);
		cr_assert_eq(memcmp(&of->shapes, &twin->shapes, sizeof of->shapes), 0);
		cr_assert_str_eq(of->edit, twin->edit);
		cr_assert_neq(outcome_of(of), OUTCOME_UNDECIDED);
		cr_assert_neq(outcome_of(of), outcome_of(twin));
		cr_assert_not(of->deadlock);
		if (outcome_of(of) == OUTCOME_VIOLATION)
			continue;
		cr_assert(is_edit(of, twin), "%s: '%s' is not '%s'", of->edit, of->sequence, twin->sequence);
		cr_assert_eq(edit_keeps_calls(edit_of(of)), events_of(&of->seq) == events_of(&twin->seq));
	}
	check_order(level);
}

/* In half of the pairs counting calls does not tell the verdict. */
static void
check_edits(const struct level *level)
{
	unsigned keep = 0;

	for (unsigned i = 0; i < level->count; i++)
		keep += edit_keeps_calls(edit_of(&level->cases[i]));
	cr_expect_geq(keep * 2, level->count, "only %u of %u cases keep the calls in number", keep, level->count);
}

static int
compare_ids(const void *one, const void *two)
{
	const struct suite_case *const *a = one, *const *b = two;

	return strcmp((*a)->id, (*b)->id);
}

static void
check_ids(const struct level *level)
{
	const struct suite_case **sorted = malloc((level->count + 1) * sizeof *sorted);

	for (unsigned i = 0; i < level->count; i++)
		sorted[i] = &level->cases[i];
	qsort(sorted, level->count, sizeof *sorted, compare_ids);
	for (unsigned i = 1; i < level->count; i++)
		cr_assert_str_neq(sorted[i - 1]->id, sorted[i]->id, "a case is there twice: %s", sorted[i]->sequence);
	free(sorted);
}

/* Cells that no case can be in. */
static const struct {
	const char *rule;
	bool all_kinds, all_steps;
	enum kind kind;
	enum ladder step;
	const char *why;
} no_cells[] = {
	{"CancelSpinlockRelease", true, false, KIND_COUNT, LADDER_LOCKS, "there is one cancel lock"},
	{"SpinLockRelease", false, true, KIND_DOUBLE_ACQUIRE, LADDER_COUNT,
     "release lets a lock be acquired twice"},
	{"WdfSpinlockRelease", false, true, KIND_DOUBLE_ACQUIRE, LADDER_COUNT, "balanced counts acquires"},
};

static const char *
why_no_cell(const struct rule *rule, enum kind kind, enum ladder step)
{
	for (size_t i = 0; i < sizeof no_cells / sizeof *no_cells; i++)
		if (!strcmp(no_cells[i].rule, rule->name) && (no_cells[i].all_kinds || no_cells[i].kind == kind) &&
		    (no_cells[i].all_steps || no_cells[i].step == step))
			return no_cells[i].why;
	return kind > KIND_RELEASE_WITHOUT_ACQUIRE ? "no headline says so" : NULL;
}

static bool
has_kind(const struct suite_case *of, enum kind kind)
{
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].kind == kind)
			return true;
	return false;
}

static int
compare_numbers(const void *one, const void *two)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)two;

	return a < b ? -1 : a > b;
}

static unsigned
families_in(const struct level *level, const struct rule *rule, enum kind kind, enum ladder step)
{
	uint64_t *family = malloc((level->count + 1) * sizeof *family);
	unsigned count = 0, different = 0;

	for (unsigned i = 0; i < level->count; i++)
		if (level->cases[i].rule == rule && level->cases[i].ladder == step &&
		    has_kind(&level->cases[i], kind))
			family[count++] = level->cases[i].family;
	qsort(family, count, sizeof *family, compare_numbers);
	for (unsigned i = 0; i < count; i++)
		different += !i || family[i] != family[i - 1];
	free(family);
	return different;
}

/* Each cell that can exist has so many families, the others none. */
static void
check_cells(const struct level *level, unsigned least)
{
	for (unsigned i = 0; i < level->rules; i++)
		for (unsigned kind = 0; kind < KIND_COUNT; kind++)
			for (unsigned step = 0; step < LADDER_COUNT; step++) {
				unsigned count = families_in(level, level->rule[i], (enum kind)kind, (enum ladder)step);
				const char *why = why_no_cell(level->rule[i], (enum kind)kind, (enum ladder)step);

				cr_expect(why ? !count : count >= least, "%s, %s, %s: %u families%s%s", level->rule[i]->name,
				          kind_name((enum kind)kind), ladder_name((enum ladder)step), count,
				          why ? ", though " : "", why ? why : "");
			}
}

/* Each rule and role, each choice of shape and each kind of edit occur; returns how many cases the rarest
 * choice has. */
static unsigned
rarest_choice(const struct level *level)
{
	unsigned cases[SHAPE_ID_COUNT] = {0}, rarest = UINT32_MAX;

	for (unsigned i = 0; i < level->count; i++)
		for (unsigned d = 0; d < SHAPE_COUNT; d++)
			cases[level->cases[i].shapes.choice[d]]++;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		rarest = cases[id] < rarest ? cases[id] : rarest;
	return rarest;
}

static void
check_roles_and_edits(const struct level *level)
{
	unsigned edits[EDIT_COUNT] = {0};

	for (unsigned i = 0; i < level->rules; i++)
		for (unsigned role = 0; role < level->rule[i]->roles; role++) {
			unsigned cases = 0;

			for (unsigned j = 0; j < level->count; j++)
				cases += level->cases[j].rule == level->rule[i] && level->cases[j].role == role;
			cr_expect(cases, "%s has no case in role %s", level->rule[i]->name,
			          level->rule[i]->role[role].name);
		}
	for (unsigned i = 0; i < level->count; i++)
		edits[edit_of(&level->cases[i])]++;
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		cr_expect(edits[edit] || edit_needs_own((enum edit)edit), "no pair is one %s apart",
		          edit_name((enum edit)edit));
}

Test(level, smoke_is_small_and_has_each_cell_once)
{
	struct level level;

	make(&level, "smoke", (struct shard){0, 1});
	cr_expect(level.count >= 150 && level.count <= 300, "%u cases", level.count);
	check_pairs(&level);
	check_ids(&level);
	check_edits(&level);
	check_cells(&level, 1);
	check_roles_and_edits(&level);
	level_free(&level);
}

/* No line of a text is wider than a page. */
static void
check_widths(const struct level *level)
{
	struct arena scratch = {0};
	struct buf out = {0};

	for (unsigned i = 0; i < level->count; i++, buf_clear(&out), arena_reset(&scratch)) {
		const struct suite_case *of = &level->cases[i];
		unsigned column = 0, widest = 0;
		struct prog prog;
		struct diag diag;

		prog_make(&prog, &scratch, of->rule, of->role, &of->seq, &of->shapes);
		cr_assert(text_body(&out, NULL, &prog, -1, &diag), "%s", diag.message);
		for (const char *at = out.data; *at; at++) {
			column = *at == '\n' ? 0 : column + (*at == '\t' ? 4 : 1);
			widest = column > widest ? column : widest;
		}
		cr_expect_leq(widest, 120, "%s has a line of %u columns", of->id, widest);
	}
	buf_free(&out);
	arena_free(&scratch);
}

Test(level, standard_has_twenty_families_in_each_cell_and_pairs_one_edit_apart)
{
	struct level level;

	make(&level, "standard", (struct shard){0, 1});
	cr_expect(level.count > 5000 && level.count <= 20000, "%u cases", level.count);
	check_pairs(&level);
	check_ids(&level);
	check_edits(&level);
	check_cells(&level, 20);
	check_roles_and_edits(&level);
	cr_expect_geq(rarest_choice(&level), 40);
	check_widths(&level);
	level_free(&level);
}

Test(level, the_shards_of_a_drawn_level_are_its_pairs_dealt_out)
{
	struct level whole;
	unsigned count = 0;

	make(&whole, "smoke", (struct shard){0, 1});
	for (unsigned k = 0; k < 3; k++) {
		struct level part;

		make(&part, "smoke", (struct shard){k, 3});
		cr_assert(part.count + 2 >= whole.count / 3 && part.count <= whole.count / 3 + 2);
		for (unsigned i = 0; i < part.count; i++) {
			const struct suite_case *of = &part.cases[i];

			cr_assert_str_eq(of->id, whole.cases[of->number].id);
			cr_assert_eq(level_twin(&part, of)->number, of->twin);
			cr_assert(!i || of->number > part.cases[i - 1].number);
		}
		count += part.count;
		level_free(&part);
	}
	cr_assert_eq(count, whole.count);
	level_free(&whole);
}

Test(level, canaries_are_settled)
{
	struct level level;

	make(&level, "smoke", (struct shard){0, 1});
	for (unsigned i = 0; i < level.rules; i++)
		for (unsigned guilty = 0; guilty < 2; guilty++) {
			enum outcome outcome = guilty ? OUTCOME_VIOLATION : OUTCOME_PASS;
			const struct suite_case *canary = level_canary(&level, level.rule[i], outcome);

			cr_assert_eq(canary->rule, level.rule[i]);
			cr_assert(!canary->contested);
			for (unsigned j = 0; j < canary->rule->readings; j++)
				cr_assert_eq(canary->verdict[j].outcome, outcome);
		}
	level_free(&level);
}

Test(level, canaries_of_the_built_in_rules_are_a_release_and_one_too_many)
{
	static const char *const wanted[] = {"acq a; rel a", "acq a; rel a; rel a"};
	struct level level;

	make(&level, "smoke", (struct shard){0, 1});
	for (unsigned i = 0; i < 2 * level.rules; i++)
		cr_assert_str_eq(level.canary[i].sequence, wanted[i % 2], "%s", level.canary[i].rule->name);
	cr_assert_eq(level.truth.cases, level.count, "canaries are no cases of the level");
	level_free(&level);
}

/* full */

/* Case by case, numbers aside. */
static void
check_same(const struct level *one, const struct level *two)
{
	cr_assert_eq(one->count, two->count);
	for (unsigned i = 0; i < one->count; i++) {
		const struct suite_case *a = &one->cases[i], *b = &two->cases[i];

		cr_assert_str_eq(a->id, b->id, "case %u", i);
		cr_assert_str_eq(a->text_hash, b->text_hash);
		cr_assert_str_eq(a->edit, b->edit);
		cr_assert_eq(a->twin - one->first, b->twin - two->first);
		cr_assert_eq(a->family, b->family);
		cr_assert_eq(a->contested, b->contested);
		for (unsigned j = 0; j < a->rule->readings; j++)
			cr_assert(verdict_same_lines(&a->verdict[j], &b->verdict[j]));
	}
}

/* Reads on until the batch that comes as number `turn`, from 0. */
static void
stream_to(struct level *level, struct shard shard, unsigned turn)
{
	struct buf dispute = {0};
	struct diag diag;
	bool more;

	cr_assert(level_open(level, "full", NULL, shard, &diag), "%s", diag.message);
	for (unsigned i = 0; i <= turn; i++)
		cr_assert(level_next(level, &more, &dispute, &diag) && more, "%s", diag.message);
	buf_free(&dispute);
}

Test(level, a_shard_of_full_is_the_same_made_alone_or_after_others)
{
	struct level alone, after, other;

	make(&alone, "full", (struct shard){3, 500});
	cr_assert_gt(alone.count, LEVEL_BATCH);
	check_pairs(&alone);
	stream_to(&after, (struct shard){0, 1}, 3);
	check_pairs(&after);
	cr_assert_eq(after.first, 3 * 2 * LEVEL_BATCH, "numbers do not depend on what was left out");
	check_same(&alone, &after);
	level_free(&after);
	stream_to(&after, (struct shard){1, 2}, 1);
	check_same(&alone, &after);
	make(&other, "full", (struct shard){4, 500});
	cr_assert_str_neq(other.cases[0].id, alone.cases[0].id);
	level_free(&other);
	level_free(&after);
	level_free(&alone);
}

Test(level, the_last_shard_of_full_ends_and_too_much_at_once_is_refused)
{
	struct buf dispute = {0};
	struct level level;
	struct diag diag;
	bool more;

	stream_to(&level, (struct shard){499, 500}, 0);
	cr_assert(level_next(&level, &more, &dispute, &diag));
	cr_assert_not(more);
	level_free(&level);
	cr_assert_not(level_make(&level, "full", NULL, (struct shard){0, 1}, &dispute, &diag));
	cr_assert(strstr(diag.message, "--shard"), "%s", diag.message);
	level_free(&level);
	buf_free(&dispute);
}

/* filters */

static const struct shard all = {0, 1};

static void
make_part(struct level *level, const char *name, const struct filter *filter, struct shard shard)
{
	struct buf dispute = {0};
	struct diag diag;

	cr_assert(level_make(level, name, filter, shard, &dispute, &diag), "%s: %s", diag.file, diag.message);
	buf_free(&dispute);
}

static const struct suite_case *
case_numbered(const struct level *level, uint32_t number)
{
	for (unsigned i = 0; i < level->count; i++)
		if (level->cases[i].number == number)
			return &level->cases[i];
	return NULL;
}

/* Each case of the part is the whole's of that number, and its twin is there. */
static void
check_part(const struct level *part, const struct level *whole)
{
	for (unsigned i = 0; i < part->count; i++) {
		const struct suite_case *of = &part->cases[i], *same = case_numbered(whole, of->number);

		cr_assert(!i || part->cases[i - 1].number < of->number);
		cr_assert(same, "case %u is not in the whole", of->number);
		cr_assert_str_eq(of->id, same->id);
		cr_assert_str_eq(of->text_hash, same->text_hash);
		cr_assert_eq(of->family, same->family);
		cr_assert_eq(of->twin, same->twin);
		cr_assert_eq(level_twin(part, of)->number, of->twin);
		for (unsigned j = 0; j < of->rule->readings; j++)
			cr_assert(verdict_same_lines(&of->verdict[j], &same->verdict[j]));
	}
}

/* Of each word one part: together they are the whole, each case once. */
static void
check_union(const char *name, struct shard shard, const struct level *whole, size_t words,
            const char *const *words_of(unsigned *count))
{
	unsigned count, cases = 0;
	const char *const *word = words_of(&count);

	for (unsigned i = 0; i < count; i++) {
		struct filter filter = {0};
		struct filter_words *to = (struct filter_words *)(void *)((char *)&filter + words);
		struct level part;

		to->count = 1;
		to->word[0] = word[i];
		make_part(&part, name, &filter, shard);
		cr_assert(part.count, "%s", word[i]);
		check_part(&part, whole);
		cases += part.count;
		level_free(&part);
	}
	cr_assert_eq(cases, whole->count);
}

static const char *const *
rule_words(unsigned *count)
{
	const char **names;

	*count = (unsigned)rule_list(&arena, &names);
	return names;
}

static const char *const *
place_words(unsigned *count)
{
	static const char *words[SHAPE_ID_COUNT];

	*count = 0;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		if (shape_row((enum shape_id)id)->dimension == SHAPE_PLACE) {
			struct buf text = {0};

			buf_printf(&text, "%s=%s", shape_dimension_name(SHAPE_PLACE), shape_row((enum shape_id)id)->name);
			words[(*count)++] = arena_string(&arena, text.data);
			buf_free(&text);
		}
	return words;
}

Test(level, the_parts_by_rule_and_by_shape_are_the_whole_level)
{
	struct level whole;

	make(&whole, "smoke", all);
	check_union("smoke", all, &whole, offsetof(struct filter, rules), rule_words);
	check_union("smoke", all, &whole, offsetof(struct filter, shapes), place_words);
	level_free(&whole);
	make(&whole, "full", (struct shard){3, 500});
	check_union("full", (struct shard){3, 500}, &whole, offsetof(struct filter, rules), rule_words);
	level_free(&whole);
}

Test(level, the_parts_of_the_planned_standard_level_have_its_numbers)
{
	struct level whole;

	make(&whole, "standard", all);
	check_union("standard", all, &whole, offsetof(struct filter, rules), rule_words);
	level_free(&whole);
}

Test(level, a_sample_is_so_many_cases_in_whole_pairs_the_same_by_one_seed)
{
	struct filter filter = {.sample = 20, .seed = 7};
	struct level whole, one, two, shard;
	unsigned cases = 0, other = 0;

	make(&whole, "smoke", all);
	make_part(&one, "smoke", &filter, all);
	cr_assert_eq(one.count, 20);
	check_part(&one, &whole);
	for (unsigned k = 0; k < 3; k++) {
		make_part(&shard, "smoke", &filter, (struct shard){k, 3});
		check_part(&shard, &one);
		cases += shard.count;
		level_free(&shard);
	}
	cr_assert_eq(cases, 20, "shards are parts of the sample");
	filter.seed = 8;
	make_part(&two, "smoke", &filter, all);
	cr_assert_eq(two.count, 20);
	for (unsigned i = 0; i < two.count; i++)
		other += !case_numbered(&one, two.cases[i].number);
	cr_assert(other, "another seed draws another sample");
	level_free(&two);
	level_free(&one);
	filter.sample = 100000;
	make_part(&one, "smoke", &filter, all);
	cr_assert_eq(one.count, whole.count, "a sample of more than all is all");
	level_free(&one);
	level_free(&whole);
}

Test(level, a_sample_of_a_dealt_level_is_the_same_streamed_and_kept)
{
	struct filter filter = {.rules = {1, {"WdfSpinlockRelease"}}, .sample = 12, .seed = 3};
	struct level whole, kept, streamed;
	struct buf dispute = {0};
	struct diag diag;
	unsigned cases = 0;
	bool more = true;

	put_plan("mine", "level: mine\nsummary: s\ndeal: 2500\n");
	make(&whole, "mine", all);
	make_part(&kept, "mine", &filter, all);
	cr_assert_eq(kept.count, 12);
	check_part(&kept, &whole);
	cr_assert(level_open(&streamed, "mine", &filter, all, &diag));
	while (more) {
		cr_assert(level_next(&streamed, &more, &dispute, &diag), "%s", diag.message);
		for (unsigned i = 0; more && i < streamed.count; i++, cases++)
			cr_assert_str_eq(streamed.cases[i].id, kept.cases[cases].id);
	}
	cr_assert_eq(cases, 12);
	level_free(&streamed);
	level_free(&kept);
	level_free(&whole);
}

static void
check_found(const struct level_found *found, unsigned count, const struct suite_case *of)
{
	const struct suite_case *one = &found->twins[found->half], *twin = &found->twins[!found->half];

	cr_assert_eq(count, 1);
	cr_assert_str_eq(one->id, of->id);
	cr_assert_eq(one->number, of->number);
	cr_assert_eq(one->twin, of->twin);
	cr_assert_eq(twin->number, of->twin);
	cr_assert_eq(found->half == 1, of->verdict[of->rule->headline].outcome == OUTCOME_VIOLATION);
}

Test(level, a_case_is_found_by_the_beginning_of_its_id)
{
	struct filter filter = {.cases = {.count = 1}};
	struct level_found found[2];
	struct level whole, part;
	struct buf dispute = {0};
	unsigned count = 0;
	char beginning[HASH_TEXT];
	struct diag diag;

	make(&whole, "smoke", all);
	for (unsigned length = 10; length < HASH_TEXT; length += 22) {
		snprintf(beginning, sizeof beginning, "%.*s", (int)length, whole.cases[5].id);
		filter.cases.word[0] = beginning;
		make_part(&part, "smoke", &filter, all);
		cr_assert_eq(part.count, 2);
		cr_assert(case_numbered(&part, 5));
		check_part(&part, &whole);
		level_free(&part);
	}
	cr_assert(level_open(&part, "smoke", NULL, all, &diag));
	cr_assert(level_find(&part, beginning, found, &count, 2, &dispute, &diag));
	check_found(&found[0], count, &whole.cases[5]);
	level_free(&part);
	level_free(&whole);
}

/* Whatever way a case is found, it has the number and the twin that it has in the whole level. */
Test(level, a_case_is_found_by_its_number_as_it_stands_in_the_whole_level)
{
	static const char *const names[] = {"smoke", "standard", "mine"};
	struct diag diag;

	put_plan("mine", "level: mine\nsummary: s\ndeal: 1500\n");
	for (unsigned i = 0; i < 3; i++) {
		struct level whole, part;

		make(&whole, names[i], all);
		for (unsigned at = 1; at < whole.count; at += whole.count / 3) {
			struct level_found found[1];
			struct buf dispute = {0};
			unsigned count = 0;

			cr_assert(level_open(&part, names[i], NULL, all, &diag));
			cr_assert(level_find_number(&part, whole.cases[at].number, found, &count, 1, &dispute, &diag));
			check_found(&found[0], count, &whole.cases[at]);
			count = 0;
			cr_assert(level_find_number(&part, 99999999, found, &count, 1, &dispute, &diag));
			cr_assert_eq(count, 0);
			level_free(&part);
		}
		level_free(&whole);
	}
}

Test(level, a_filter_that_nothing_fits_or_that_fits_too_much_is_refused)
{
	static const struct {
		const char *level;
		struct filter filter;
		struct shard shard;
		const char *message;
	} rows[] = {
		{"smoke", {.rules = {1, {"NoRule"}}}, {0, 1}, "SpinlockRelease"},
		{"smoke", {.roles = {1, {"norole"}}}, {0, 1}, "known: dispatch"},
		{"smoke",
	     {.rules = {1, {"SpinlockRelease"}}, .roles = {1, {"hw-timer"}}},
	     {0, 1},
	     "no rule here has a role"},
		{"smoke",
	     {.ladder = {1, {"straight"}}, .shapes = {1, {"loop=recursion"}}},
	     {0, 1},
	     "no case of the level"},
		{"smoke", {.cases = {1, {"0123456789"}}}, {0, 1}, "no case of level smoke has an id"},
		{"standard", {.cases = {1, {"0"}}}, {0, 1}, "begins the ids of"},
		{"smoke", {.sample = 2}, {1, 3}, "1/3 of level smoke"},
		{"mine", {.cases = {1, {"0123456789"}}}, {0, 1}, "no case of level mine has an id"},
		{"mine",
	     {.ladder = {1, {"straight"}}, .shapes = {1, {"loop=recursion"}}},
	     {0, 1},
	     "no case of the level"},
	};

	put_plan("mine", "level: mine\nsummary: s\ndeal: 100\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf dispute = {0};
		struct level level;
		struct diag diag = {.message = ""};
		bool more;

		cr_expect_not(level_make(&level, rows[i].level, &rows[i].filter, rows[i].shard, &dispute, &diag),
		              "row %zu", i);
		cr_expect(strstr(diag.message, rows[i].message), "row %zu: %s", i, diag.message);
		level_free(&level);
		cr_expect_not(level_open(&level, rows[i].level, &rows[i].filter, rows[i].shard, &diag) &&
		                  level_next(&level, &more, &dispute, &diag),
		              "row %zu, streamed", i);
		level_free(&level);
	}
}
