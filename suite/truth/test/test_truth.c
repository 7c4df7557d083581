/* truth: the three roads agree on small spaces and on the smoke level in every shape, and a disagreement is
 * seen. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bits.h"
#include "data.h"
#include "every_rule.h"
#include "level.h"
#include "make.h"
#include "random.h"
#include "read.h"
#include "sanitized.h"
#include "space.h"
#include "tree.h"
#include "truth.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(truth, .fini = end);

/* As options of `lockdrill show`. */
static const char *
describe(const struct suite_case *of)
{
	struct shapes usual = shapes_default();
	struct buf out = {0};
	const char *copy;

	buf_printf(&out, "--rule %s --role %s '", of->rule->name, of->rule->role[of->role].name);
	seq_print(&out, &of->seq, of->rule);
	buf_puts(&out, "'");
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (of->shapes.choice[d] != usual.choice[d])
			buf_printf(&out, " --shape %s=%s", shape_dimension_name((enum shape_dimension)d),
			           shape_row((enum shape_id)of->shapes.choice[d])->name);
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	return copy;
}

static void
judge(struct truth *truth, struct suite_case *cases, unsigned count, bool *clean)
{
	struct buf dispute = {0};
	struct diag diag;

	if (!truth_judge(truth, cases, count, clean, &arena, &dispute, &diag) && count > 1)
		for (unsigned i = 0; i < count; i++) /* which one? */
			judge(truth, &cases[i], 1, clean);
	else
		cr_assert(truth_judge(truth, cases, count, clean, &arena, &dispute, &diag), "%s\n%s\n%s",
		          diag.message, buf_string(&dispute), describe(cases));
	buf_free(&dispute);
}

static void
choose(struct shapes *shapes, enum shape_id id)
{
	shapes->choice[shape_row(id)->dimension] = (unsigned char)id;
}

/* The choice with as little beside it as it needs; false where it does not apply to the sequence. */
static bool
choose_alone(struct shapes *shapes, enum shape_id id, const struct seq *seq, const struct rule *rule,
             unsigned role)
{
	static const enum shape_id needs[][2] = {
		{0, 0},           {HELPER_BOTH, 0},     {HELPER_BOTH, PLACE_ARRAY}, {HELPER_RELEASE, 0},
		{HELPER_ACQUIRE}, {SAVED_EXTENSION, 0}, {HELPER_CONDITIONAL, 0},    {PLACE_ARRAY, 0},
	};
	struct shapes usual = shapes_default();

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		*shapes = usual;
		for (unsigned j = 0; j < 2; j++)
			if (needs[i][j])
				choose(shapes, needs[i][j]);
		if (!shape_applies(id, seq, rule, role, shapes))
			continue;
		choose(shapes, id);
		return true;
	}
	return false;
}

/* Every shape that applies to the sequence, one at a time and all together; `used` counts them. */
static unsigned
judge_all_shapes(struct truth *truth, const struct rule *rule, unsigned role, const char *text,
                 unsigned *used)
{
	struct suite_case *cases = arena_alloc(&arena, (SHAPE_ID_COUNT + 1U) * sizeof *cases);
	struct shapes together = shapes_default();
	unsigned count = 0;
	struct diag diag;
	struct seq seq;

	if (!seq_read(&seq, &arena, rule, role, "test", text, strlen(text), &diag))
		return 0;
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		struct shapes shapes;

		if (!choose_alone(&shapes, (enum shape_id)id, &seq, rule, role))
			continue;
		used[id]++;
		if (shape_applies((enum shape_id)id, &seq, rule, role, &together))
			choose(&together, (enum shape_id)id);
		cases[count++] = (struct suite_case){.rule = rule, .role = role, .seq = seq, .shapes = shapes};
	}
	cases[count++] = (struct suite_case){.rule = rule, .role = role, .seq = seq, .shapes = together};
	judge(truth, cases, count, NULL);
	for (unsigned i = 1; i < count; i++)
		for (unsigned j = 0; j < rule->readings; j++)
			cr_assert(verdict_same_statements(&cases[i].verdict[j], &cases[0].verdict[j]), "%s", text);
	return count;
}

/* Helpers in a second file, and the same in one; their verdicts are one. */
Test(truth, a_second_file_keeps_the_verdict_in_every_rule_and_role)
{
	static const char *const texts[] = {"acq a", "rel a; rel a", "acq a; acq a; rel a; rel a",
	                                    "acq a; loop { rel a; if ? { break }; acq a }; if p { rel a }"};
	struct truth_compiler compiler = {.command = "gcc -O1"};
	struct truth truth = {.compilers = 1, .compiler = &compiler};
	struct buf dispute = {0};
	const char **names;
	size_t rules = rule_list(&arena, &names);
	struct suite_case *cases = arena_alloc(&arena, 200 * sizeof *cases);
	unsigned count = 0;
	struct diag diag;

	for (size_t i = 0; i < rules; i++) {
		struct rule *rule = arena_alloc(&arena, sizeof *rule);

		cr_assert(rule_load(rule, &arena, names[i], &diag), "%s", diag.message);
		for (unsigned k = 0; k < rule->roles * 12; k++) {
			struct suite_case of = {.rule = rule, .role = k / 12, .shapes = shapes_default()};
			const char *text = texts[k % 4];

			of.shapes.choice[SHAPE_HELPER] = (unsigned char)(HELPER_RELEASE + k / 4 % 3);
			if (!seq_read(&of.seq, &arena, rule, of.role, "test", text, strlen(text), &diag) ||
			    !shape_applies(CALL_FILE, &of.seq, rule, of.role, &of.shapes))
				continue;
			cases[count++] = of;
			of.shapes.choice[SHAPE_CALL] = CALL_FILE;
			cases[count++] = of;
		}
	}
	cr_assert_gt(count, 100);
	cr_assert(truth_judge(&truth, cases, count, NULL, &arena, &dispute, &diag), "%s\n%s", diag.message,
	          buf_string(&dispute));
	for (unsigned i = 0; i < count; i += 2)
		for (unsigned r = 0; r < cases[i].rule->readings; r++)
			cr_assert(verdict_same_statements(&cases[i].verdict[r], &cases[i + 1].verdict[r]));
	truth_free(&truth);
}

Test(truth, every_shape_keeps_the_verdict_of_hand_picked_sequences)
{
	static const char *const texts[] = {
		"",
		"rel a",
		"acq a",
		"acq a; acq a; rel a; rel a",
		"acq a; if ? { return }; rel a",
		"acq a; loop { if ? { rel a; return }; if ? { break }; work }; rel a",
		"if p { acq a } else { acq b }; if !p { rel b } else { rel a }",
		"loop { acq a; if ? { continue }; rel a }",
		"acq a; acq b; if p { rel a; rel b; return }; rel b; rel a",
		"try a { rel a } else { if ? { acq a; rel a; return } }; work",
		"acq a; loop { if p { rel a; if ? { return }; acq a } else { loop { work } } }; rel a",
		"loop { loop { if ? { return }; if ? { break } }; acq a; if q { return }; rel a }",
		"if ? { acq a; work; rel a }; if ? { acq a } else { if p { if q { acq a; rel a } } }",
		"acq a; rel a; acq b; work; rel b; if ? { acq a; if ? { rel a; return }; rel a }; work",
		"acq a; loop { rel a; break }; acq a; loop { acq a; rel a }",
		"acq a; if p { rel a; loop { work }; acq a }; rel a; rel b; work; acq b",
		"acq a; if p { work } else { stop }; rel a; if ? { stop }; work",
	};
	const struct rule *rules[RULES];
	unsigned judged = 0, used[SHAPE_ID_COUNT] = {0}, count = load_rules(rules, &arena);
	struct truth truth = {0};

	for (unsigned i = 0; i < count; i++)
		for (unsigned role = 0; role < rules[i]->roles; role++)
			for (unsigned j = 0; j < sizeof texts / sizeof *texts; j++)
				judged += judge_all_shapes(&truth, rules[i], role, texts[j], used);
	cr_assert_gt(judged, 2000U, "only %u cases", judged);
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		cr_assert(used[id], "%s was never judged", shape_row((enum shape_id)id)->name);
	truth_free(&truth);
}

Test(truth, a_loop_may_run_zero_times_once_or_more_in_every_spelling)
{
	static const struct {
		const char *text;
		enum kind kind;
		unsigned statement;
	} rows[] = {
		{"acq a; loop { rel a; break }", KIND_MISSING_RELEASE, 0},
		{"acq a; loop { rel a; if ? { break } }; acq b; acq b", KIND_RELEASE_WITHOUT_ACQUIRE, 3},
		{"loop { acq a; break }; rel a", KIND_RELEASE_WITHOUT_ACQUIRE, 4},
		{"loop { acq a }", KIND_DOUBLE_ACQUIRE, 2},
	};
	const struct rule *rules[RULES];
	struct truth truth = {0};
	unsigned judged = 0, dpc;

	for (unsigned i = load_rules(rules, &arena); i-- > 0;)
		if (!strcmp(rules[i]->name, "SpinlockRelease"))
			rules[0] = rules[i];
	cr_assert(rule_find_role(rules[0], "dpc", &dpc)); /* which saves nothing, so that a loop may recur */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (unsigned id = LOOP_WHILE; id <= LOOP_RECURSION; id++) {
			struct suite_case of = {.rule = rules[0], .role = dpc, .shapes = shapes_default()};
			bool found = false;
			struct diag diag;

			cr_assert(
				seq_read(&of.seq, &arena, rules[0], dpc, "test", rows[i].text, strlen(rows[i].text), &diag));
			if (!shape_applies((enum shape_id)id, &of.seq, rules[0], dpc, &of.shapes))
				continue;
			choose(&of.shapes, (enum shape_id)id);
			judge(&truth, &of, 1, NULL);
			for (unsigned j = 0; j < of.verdict[0].count; j++)
				found |= of.verdict[0].finding[j].kind == rows[i].kind &&
				         of.verdict[0].finding[j].statement == rows[i].statement;
			cr_expect(found, "%s of %s", shape_row((enum shape_id)id)->name, rows[i].text);
			judged++;
		}
	cr_assert_geq(judged, 30U);
	truth_free(&truth);
}

/* random shapes */

struct drawing {
	struct random random;
	const struct rule *rules[RULES];
	unsigned count;
	struct data_file families;
};

/* A line of the families, or NULL where the rule or role has none like it. */
static bool
draw_family(struct drawing *d, struct suite_case *of)
{
	const char *line = d->families.bytes + random_below(&d->random, (unsigned)d->families.length);
	struct diag diag;

	line += strcspn(line, "\n");
	line += *line != 0;
	return *line && *line != '#' && *line != '\n' &&
	       seq_read(&of->seq, &arena, of->rule, of->role, "families", line, strcspn(line, "\n"), &diag);
}

static void
draw_sequence(struct drawing *d, struct suite_case *of)
{
	struct space space;
	unsigned size, locks; /* drawn one by one: the order of arguments is not the same everywhere */

	if (random_below(&d->random, 3) == 0 && draw_family(d, of))
		return;
	size = 1 + random_below(&d->random, 7);
	locks = 1 + random_below(&d->random, 3);
	cr_assert(space_init(&space, of->rule, of->role, SPACE_PLAIN, size, locks));
	space_unrank(&space, random_next(&d->random) % space_count(&space));
	of->seq = space.seq;
	of->seq.node = arena_alloc(&arena, (space.seq.count + 1U) * sizeof *space.seq.node);
	memcpy(of->seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
	for (uint32_t i = 0; i < of->seq.count; i++)
		if (of->seq.node[i].op == SEQ_RETURN && random_below(&d->random, 4) == 0)
			of->seq.node[i].op = SEQ_STOP; /* which the plain alphabet has not */
	space_free(&space);
}

/* Any choices; those that do not fit go back to their default, until all do. Returns how many stay. */
static unsigned
draw_shapes(struct drawing *d, struct suite_case *of)
{
	struct shapes usual = shapes_default();
	unsigned wanted = 1 + random_below(&d->random, 2 * SHAPE_COUNT), stay = 0;
	struct prog prog;

	of->shapes = usual;
	for (unsigned i = 0; i < wanted; i++)
		choose(&of->shapes, (enum shape_id)random_below(&d->random, SHAPE_ID_COUNT));
	prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	while (prog.effects != SHAPE_ALL) {
		for (unsigned i = 0; i < SHAPE_COUNT; i++)
			if (!(prog.effects >> i & 1))
				of->shapes.choice[i] = usual.choice[i];
		prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	}
	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		stay += of->shapes.choice[i] != usual.choice[i];
	return stay;
}

/* Native follows each path for itself. */
static bool
has_many_paths(const struct suite_case *of)
{
	struct prog prog;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, &of->shapes);
	return prog_has_many_paths(&prog);
}

static bool
is_undecided(const struct suite_case *of)
{
	for (unsigned i = 0; i < of->rule->readings; i++)
		if (of->verdict[i].incomplete)
			return true;
	return false;
}

/* What truth_judge compares is reach, which knows no shapes, with the two roads that do. */
Test(truth, twenty_thousand_drawn_combinations_of_shapes_keep_the_verdict_and_the_irql)
{
	enum { CASES = SANITIZED ? 5000 : 20000, BATCH = 500 };
	struct drawing d = {.random = {11}};
	struct suite_case *cases = malloc(BATCH * sizeof *cases);
	struct arena lasting = {0};
	struct truth truth = {0};
	unsigned chosen, drawn = 0, stay = 0, clean_cases = 0, violating = 0, used[SHAPE_ID_COUNT] = {0};

	cr_assert(data_find(&lasting, "levels/families.txt", &d.families));
	d.count = load_rules(d.rules, &arena);
	for (unsigned n = 0; n < CASES; n += BATCH) {
		bool clean[BATCH];

		for (unsigned i = 0; i < BATCH; i++) {
			cases[i] = (struct suite_case){.rule = d.rules[(n + i) % d.count]};
			cases[i].role = random_below(&d.random, cases[i].rule->roles);
			do {
				draw_sequence(&d, &cases[i]);
				chosen = draw_shapes(&d, &cases[i]);
				drawn++;
			} while (has_many_paths(&cases[i]));
			stay += chosen;
			for (unsigned j = 0; j < SHAPE_COUNT; j++)
				used[cases[i].shapes.choice[j]]++;
		}
		judge(&truth, cases, BATCH, clean);
		for (unsigned i = 0; i < BATCH; i++) {
			struct buf shapes = {0};
			struct prog prog;

			shapes_print(&shapes, &cases[i].shapes, ' ');
			prog_make(&prog, &arena, cases[i].rule, cases[i].role, &cases[i].seq, &cases[i].shapes);
			violating += cases[i].verdict[cases[i].rule->headline].outcome == OUTCOME_VIOLATION;
			clean_cases += clean[i];
			if (!prog.unfit && !is_undecided(&cases[i]))
				cr_assert(clean[i], "another defect in %s, %s: %s %s", cases[i].rule->name,
				          cases[i].rule->role[cases[i].role].name, cases[i].sequence, buf_string(&shapes));
			buf_free(&shapes);
		}
	}
	cr_assert_lt(drawn, CASES + CASES / 100U, "%u were drawn", drawn);
	cr_assert_gt(stay, CASES * 2U, "only %u choices had an effect", stay);
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		cr_expect_gt(used[id], CASES / 1000U, "%s: %u cases", shape_row((enum shape_id)id)->name, used[id]);
	cr_assert_gt(clean_cases, CASES / 2U);
	cr_assert(violating > CASES / 10 && violating < CASES * 9 / 10, "%u violate", violating);
	truth_free(&truth);
	arena_free(&lasting);
	free(cases);
}

Test(truth, what_native_cannot_follow_is_known_before_it_is_drawn)
{
	static const char *const texts[] = {"loop { try a { acq b }; rel a; loop { try a { acq c } } }",
	                                    "loop { try a { acq b }; rel a }; loop { try a { acq b } }"};
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag;

	cr_assert(rule_load(rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
	for (unsigned i = 0; i < 4; i++) {
		struct suite_case of = {.rule = rule, .shapes = shapes_default()};
		const char *text = texts[i % 2];

		cr_assert(rule_find_role(rule, "dpc", &of.role));
		cr_assert(seq_read(&of.seq, &arena, rule, of.role, "test", text, strlen(text), &diag));
		choose(&of.shapes, i < 2 ? LOOP_RETRY : LOOP_WHILE);
		cr_expect_eq(has_many_paths(&of), i == 0, "%s", describe(&of));
	}
}

Test(truth, the_roads_agree_on_every_sequence_up_to_size_3_with_two_locks)
{
	const char **names;
	size_t count = rule_list(&arena, &names);
	struct truth truth = {0};
	struct buf dispute = {0};

	for (size_t i = 0; i < count; i++) {
		struct rule *rule = arena_alloc(&arena, sizeof *rule);
		struct diag diag;

		cr_assert(rule_load(rule, &arena, names[i], &diag), "%s", diag.message);
		for (unsigned role = 0; role < rule->roles; role++)
			for (unsigned size = 0; size <= 3; size++) {
				struct space space;

				cr_assert(space_init(&space, rule, role, SPACE_PLAIN, size, 2));
				unsigned room = (unsigned)space_count(&space), n = 0;
				struct suite_case *cases = arena_alloc(&arena, (room + 1U) * sizeof *cases);

				for (bool more = space_first(&space); more; more = space_next(&space), n++) {
					cases[n] = (struct suite_case){
						.rule = rule, .role = role, .shapes = shapes_default(), .seq = space.seq};
					cases[n].seq.node = arena_alloc(&arena, (space.seq.count + 1U) * sizeof *space.seq.node);
					memcpy(cases[n].seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
				}
				cr_assert_eq(n, room);
				cr_assert(truth_judge(&truth, cases, n, NULL, &arena, &dispute, &diag), "%s\n%s",
				          diag.message, buf_string(&dispute));
				space_free(&space);
			}
	}
	truth_free(&truth);
}

Test(truth, smoke_is_all_pairs_of_opposite_verdict_and_is_the_same_each_time)
{
	struct buf dispute = {0};
	struct level one, two;
	struct diag diag;

	cr_assert(level_make(&one, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	cr_assert(level_make(&two, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag));
	cr_assert(one.count >= 150 && one.count <= 300, "%u cases", one.count);
	cr_assert_eq(one.count, two.count);
	for (unsigned i = 0; i < one.count; i++) {
		const struct suite_case *of = &one.cases[i], *twin = &one.cases[of->twin];

		cr_assert_eq(of->number, i);
		cr_assert_eq(twin->twin, i);
		cr_assert_eq(of->rule, twin->rule);
		cr_assert_eq(of->role, twin->role);
		cr_assert_eq(memcmp(&of->shapes, &twin->shapes, sizeof of->shapes), 0);
		cr_assert_neq(of->verdict[of->rule->headline].outcome, twin->verdict[of->rule->headline].outcome);
		cr_assert_not(of->deadlock);
		cr_assert_str_eq(of->id, two.cases[i].id);
		cr_assert_str_eq(of->text_hash, two.cases[i].text_hash);
	}
	level_free(&one);
	level_free(&two);
}

Test(truth, further_compilers_run_every_case_that_libtcc_runs)
{
	struct truth_compiler compilers[] = {{.command = "gcc -O0"}, {.command = "gcc -O2"}};
	struct buf dispute = {0};
	struct level level;
	struct diag diag;
	bool more = true;

	cr_assert(level_open(&level, "smoke", NULL, (struct shard){0, 1}, &diag), "%s", diag.message);
	level.truth.compilers = 2;
	level.truth.compiler = compilers;
	while (more)
		cr_assert(level_next(&level, &more, &dispute, &diag), "%s: %s\n%s", diag.file, diag.message,
		          buf_string(&dispute));
	for (unsigned i = 0; i < 2; i++) {
		cr_assert_eq(compilers[i].cases, level.truth.cases);
		cr_assert_eq(compilers[i].paths, level.truth.paths);
	}
	level_free(&level);
}

/* One that forgets a release in the first routine that has one; `dispute` says what it made of it. */
Test(truth, a_compiler_that_drops_a_call_is_seen)
{
	static const char script[] =
		"#!/bin/sh\nsed -i '0,/^\tKeReleaseSpinLock(/s//\t(void)(/' pack.c\nexec gcc \"$@\"\n";
	char directory[] = "/tmp/lockdrill-test-XXXXXX";
	struct truth_compiler wrong[2] = {{.command = "gcc"}};
	struct truth truth = {.compilers = 2, .compiler = wrong};
	struct suite_case of = {.shapes = shapes_default()};
	static const char text[] = "acq a; rel a";
	struct buf dispute = {0}, path = {0};
	struct rule rule;
	struct diag diag;

	cr_assert_not_null(mkdtemp(directory));
	buf_printf(&path, "%s/wrong", directory);
	wrong[1].command = path.data;
	cr_assert(tree_write(path.data, script, sizeof script - 1) && !chmod(path.data, 0700));
	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
	of.rule = &rule;
	cr_assert(seq_read(&of.seq, &arena, &rule, 0, "test", text, sizeof text - 1, &diag), "%s", diag.message);
	cr_assert_not(truth_judge(&truth, &of, 1, NULL, &arena, &dispute, &diag));
	cr_assert(strstr(diag.message, "the roads disagree"), "%s", diag.message);
	cr_assert(strstr(dispute.data, "walk: pass"), "%s", dispute.data);
	cr_assert(strstr(dispute.data, "/wrong: violation\n    missing-release"), "%s", dispute.data);
	cr_assert(wrong[0].cases == 1 && wrong[1].cases == 0);
	truth_free(&truth);
	cr_assert(tree_remove(directory));
	buf_free(&path);
	buf_free(&dispute);
}
