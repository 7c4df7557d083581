/* Flags that are set, tries without blocks, stop and forever: what reports about real checkers turn on has
 * its right verdict, and the three roads agree, in every shape and on neighbours. */
#include <criterion/criterion.h>
#include <string.h>

#include "every_rule.h"
#include "make.h"
#include "mutate.h"
#include "random.h"
#include "read.h"
#include "sanitized.h"
#include "space.h"
#include "truth.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(state, .fini = end);

/* What a row of the reports says: a sequence, and its findings as `verdict` prints them. */
struct report {
	const char *name, *text, *findings;
};

#define PASS ""

/* In role dpc of SpinlockRelease, which has a try, under its headline `alternate`. */
static const struct report reports[] = {
	{"result-tested-later", "p = try a; work; if p { work; rel a }", PASS},
	{"result-tested-twice", "p = try a; if p { work }; work; if p { rel a }", PASS},
	{"result-tested-wrongly", "p = try a; work; if !p { rel a }",
     "release-without-acquire 4 a, missing-release 0 a"},
	{"result-in-statement-expression", "try a { work; rel a }", PASS},
	{"result-ignored", "try a; work; rel a", "release-without-acquire 3 a"},
	{"stop-decides", "try a { work } else { stop }; rel a", PASS},
	{"stop-is-a-call", "try a { work } else { work }; rel a", "release-without-acquire 4 a"},
	{"pointer-moves", "acq a; work; rel b", "release-without-acquire 3 b"},
	{"pointer-moves-right", "acq a; acq b; work; rel b; rel a", PASS},
	{"callee-takes-it-itself", "acq a; acq a; work; rel a; rel a", "double-acquire 2 a"},
	{"callee-gives-up-and-retakes", "acq a; rel a; work; acq a; rel a", PASS},
	{"argument-decides", "acq a; work; rel a", PASS},
	{"held-flag", "p = 0; if ? { acq a; p = 1 }; work; if p { rel a }", PASS},
	{"held-flag-forgotten", "p = 0; if ? { acq a }; work; if p { rel a }", "missing-release 0 a"},
	{"held-flag-toggled", "p = 0; loop { if p { rel a; p = 0 } else { acq a; p = 1 } }; if p { rel a }",
     PASS},
	{"endless-left-while-held", "forever { acq a; if ? { break }; work; rel a }; rel a", PASS},
	{"endless-left-twin", "forever { acq a; if ? { break }; work; rel a }; work", "missing-release 0 a"},
	{"scope-exit", "acq a; if ? { work; rel a; return }; work; rel a", PASS},
	{"guard-left-by-break", "acq a; if ? { return }; rel a", "missing-release 0 a"},
	/* What else the words mean. */
	{"unknown-at-entry", "if p { acq a }; p = 1; if p { rel a }", "release-without-acquire 5 a"},
	{"copied", "if p { acq a }; q = p; p = ?; if q { rel a }", PASS},
	{"copied-wrongly", "if p { acq a }; q = !p; if q { rel a }",
     "release-without-acquire 5 a, missing-release 0 a"},
	{"new-unknown", "p = ?; if p { acq a }; p = ?; if p { rel a }",
     "release-without-acquire 6 a, missing-release 0 a"},
	{"kept-failure", "acq a; p = try a; if p { rel a }; rel a", PASS},
	{"result-overwritten", "p = try a; p = 0; if p { rel a }", "missing-release 0 a"},
	{"stop-while-held", "acq a; if ? { stop }; rel a", PASS},
	{"stop-behind-violation", "rel a; stop", "release-without-acquire 1 a"},
	{"endless-never-left", "acq a; forever { work }", PASS},
	{"endless-left-by-return", "forever { acq a; if ? { return }; rel a }; rel a", "missing-release 0 a"},
	{"endless-left-by-stop", "acq a; forever { if ? { stop } }", PASS},
	{"endless-runs-again", "forever { acq a; if ? { break } }; rel a", "double-acquire 2 a"},
	{"endless-empty", "acq a; forever {}; rel a; rel a", PASS},
	{"endless-continued", "forever { acq a; if ? { rel a; continue }; work; rel a }", PASS},
	{"endless-in-step", "p = 0; forever { if p { rel a; break }; acq a; p = 1 }", PASS},
	{"second-branch", "p = ?; if p { acq a } else { if ? { acq a } else { stop } }; rel a", PASS},
	{"inner-branch", "p = 1; if p { if q { acq a } }; if p { if q { rel a } }", PASS},
	{"stop-in-loop", "p = 0; loop { acq a; if ? { stop }; rel a }; if p { rel a }", PASS},
};

enum { REPORTS = sizeof reports / sizeof *reports };

static const struct rule *
spin(unsigned *dpc)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag;

	cr_assert(rule_load(rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, "dpc", dpc));
	return rule;
}

static bool
read_case(struct suite_case *of, const struct rule *rule, unsigned role, const char *text)
{
	struct diag diag;

	*of = (struct suite_case){.rule = rule, .role = role, .shapes = shapes_default()};
	return seq_read(&of->seq, &arena, rule, role, "test", text, strlen(text), &diag);
}

static void
judge(struct truth *truth, struct suite_case *cases, unsigned count)
{
	struct buf dispute = {0}, shapes = {0};
	struct diag diag;

	if (!truth_judge(truth, cases, count, NULL, &arena, &dispute, &diag)) {
		for (unsigned i = 0; count > 1 && i < count; i++) /* which one? */
			judge(truth, &cases[i], 1);
		shapes_print(&shapes, &cases->shapes, ' ');
		cr_assert(false, "%s\n%s\n%s, %s, %s", diag.message, buf_string(&dispute), cases->rule->name,
		          cases->sequence, buf_string(&shapes));
	}
	buf_free(&dispute);
}

static const char *
findings_of(const struct suite_case *of, struct buf *out)
{
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	buf_clear(out);
	for (unsigned i = 0; i < verdict->count; i++)
		buf_printf(out, "%s%s %u %c", i ? ", " : "", kind_name((enum kind)verdict->finding[i].kind),
		           verdict->finding[i].statement, lock_letter(verdict->finding[i].lock));
	return buf_string(out);
}

Test(state, what_reports_about_checkers_turn_on_has_its_right_verdict)
{
	struct truth truth = {0};
	struct buf out = {0};
	unsigned dpc;
	const struct rule *rule = spin(&dpc);

	for (size_t i = 0; i < REPORTS; i++) {
		struct suite_case of;

		cr_assert(read_case(&of, rule, dpc, reports[i].text), "%s", reports[i].name);
		judge(&truth, &of, 1);
		cr_expect_str_eq(findings_of(&of, &out), reports[i].findings, "%s: %s: %s", reports[i].name,
		                 reports[i].text, buf_string(&out));
	}
	buf_free(&out);
	truth_free(&truth);
}

/* The reports on pointers that move tell of a shape too. */
Test(state, a_pointer_that_moves_has_the_verdict_of_its_report)
{
	static const char *const moves[][2] = {
		{"alias=moving-pointer", ""}, {"alias=moved-pointer", ""}, {"alias=moving-index", "place=array"}};
	struct truth truth = {0};
	struct buf out = {0};
	unsigned dpc, judged = 0;
	const struct rule *rule = spin(&dpc);

	for (size_t i = 0; i < REPORTS; i++)
		for (size_t j = 0; j < sizeof moves / sizeof *moves && !strncmp(reports[i].name, "pointer-moves", 13);
		     j++) {
			struct suite_case of;
			struct diag diag;

			cr_assert(read_case(&of, rule, 0, reports[i].text), "%s", reports[i].name);
			cr_assert(shapes_set(&of.shapes, moves[j][0], &diag) &&
			          shapes_set_list(&of.shapes, moves[j][1], &diag));
			cr_assert_eq(shape_effects(&of.seq, rule, 0, &of.shapes), SHAPE_ALL);
			judge(&truth, &of, 1);
			cr_expect_str_eq(findings_of(&of, &out), reports[i].findings, "%s: %s: %s", reports[i].name,
			                 moves[j][0], buf_string(&out));
			judged++;
		}
	cr_expect_eq(judged, 6);
	buf_free(&out);
	truth_free(&truth);
}

/* So do those on functions that take and give back or assert, on arguments that decide, and on flags that say
 * whether a lock is held. */
Test(state, callees_and_held_flags_have_the_verdicts_of_their_reports)
{
	static const char *const told[][2] = {
		{"callee-takes-it-itself", "helper=balanced"},
		{"callee-takes-it-itself", "helper=balanced,argument=extension,call=nested"},
		{"callee-gives-up-and-retakes", "helper=retaken"},
		{"callee-gives-up-and-retakes", "helper=retaken,saved=extension"},
		{"argument-decides", "helper=direction"},
		{"argument-decides", "helper=direction-enum,argument=index,place=array"},
		{"argument-decides", "helper=asserts-held,argument=index,place=array"},
		{"held-flag", "helper=asserts-held"},
		{"held-flag", "flag=local"},
		{"held-flag", "flag=bit"},
		{"held-flag", "flag=counter"},
		{"held-flag", "helper=accessor"},
		{"held-flag", "flag=memory"},
		{"held-flag", "flag=enum"},
		{"held-flag", "flag=status"},
		{"held-flag", "flag=predicate"},
		{"held-flag", "flag=arithmetic"},
	};
	struct truth truth = {0};
	struct buf out = {0};
	unsigned dpc, judged = 0;
	const struct rule *rule = spin(&dpc);

	for (size_t i = 0; i < REPORTS; i++)
		for (size_t j = 0; j < sizeof told / sizeof *told; j++) {
			struct suite_case of;
			struct diag diag;

			if (strncmp(reports[i].name, told[j][0], strlen(told[j][0])) != 0)
				continue;
			cr_assert(read_case(&of, rule, 0, reports[i].text), "%s", reports[i].name);
			cr_assert(shapes_set_list(&of.shapes, told[j][1], &diag), "%s", diag.message);
			cr_expect_eq(shape_effects(&of.seq, rule, 0, &of.shapes), SHAPE_ALL, "%s: %s", reports[i].name,
			             told[j][1]);
			judge(&truth, &of, 1);
			cr_expect_str_eq(findings_of(&of, &out), reports[i].findings, "%s: %s: %s", reports[i].name,
			                 told[j][1], buf_string(&out));
			judged++;
		}
	cr_expect_eq(judged, 7 + 3 * 10);
	buf_free(&out);
	truth_free(&truth);
}

/* A shape alone, or beside another one that it needs; false where it does not apply. */
static bool
wear(struct suite_case *of, enum shape_id id)
{
	static const enum shape_id beside[][2] = {{0, 0},
	                                          {HELPER_BOTH, 0},
	                                          {HELPER_BOTH, PLACE_ARRAY},
	                                          {SAVED_EXTENSION, 0},
	                                          {HELPER_CONDITIONAL, 0},
	                                          {PLACE_ARRAY, 0}};

	for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
		of->shapes = shapes_default();
		for (unsigned j = 0; j < 2; j++)
			if (beside[i][j])
				of->shapes.choice[shape_row(beside[i][j])->dimension] = (unsigned char)beside[i][j];
		if (!shape_applies(id, &of->seq, of->rule, of->role, &of->shapes))
			continue;
		of->shapes.choice[shape_row(id)->dimension] = (unsigned char)id;
		return true;
	}
	return false;
}

Test(state, no_shape_changes_the_verdict_and_most_apply)
{
	const struct rule *rules[RULES];
	unsigned count = load_rules(rules, &arena), used[SHAPE_ID_COUNT] = {0}, judged = 0;
	struct truth truth = {0};

	for (unsigned r = 0; r < count; r++)
		for (unsigned role = 0; role < rules[r]->roles; role++)
			for (size_t i = 0; i < REPORTS; i++) {
				struct suite_case cases[SHAPE_ID_COUNT];
				unsigned n = 0;

				for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
					if (!read_case(&cases[n], rules[r], role, reports[i].text))
						break;
					if (id && !wear(&cases[n], (enum shape_id)id))
						continue;
					used[id]++;
					n++;
				}
				if (!n)
					continue;
				judge(&truth, cases, n);
				for (unsigned k = 1; k < n; k++)
					for (unsigned j = 0; j < rules[r]->readings; j++)
						cr_assert(verdict_same_statements(&cases[k].verdict[j], &cases[0].verdict[j]), "%s",
						          reports[i].name);
				judged += n;
			}
	for (unsigned id = 1; id < SHAPE_ID_COUNT; id++)
		cr_expect(used[id] || shape_is_default((enum shape_id)id), "%s is never used",
		          shape_row((enum shape_id)id)->name);
	cr_expect_gt(judged, 5000U);
	truth_free(&truth);
}

Test(state, neighbours_in_any_shapes_are_judged_alike)
{
	enum { CASES = SANITIZED ? 1500 : 6000, BATCH = 250 };
	const struct rule *rules[RULES];
	struct bytes_rules all = {rules, load_rules(rules, &arena), false};
	struct suite_case *cases = arena_alloc(&arena, BATCH * sizeof *cases);
	struct arena lasting = {0};
	struct truth truth = {.effort = 3000000};
	struct random random = {17};

	for (unsigned n = 0; n < CASES; n += BATCH) {
		for (unsigned i = 0; i < BATCH; i++) {
			const char *text = reports[random_below(&random, REPORTS)].text;
			const struct rule *rule = rules[random_below(&random, all.count)];
			struct bytes_case of;

			if (!read_case(&cases[i], rule, random_below(&random, rule->roles), text))
				cr_assert(read_case(&cases[i], rule, 0, "p = 0; forever { if p { stop }; p = ?; acq a }"));
			of = (struct bytes_case){rule, cases[i].role, cases[i].seq, cases[i].shapes};
			for (unsigned times = 1 + random_below(&random, 4); times; times--)
				mutate(&of, &lasting, &all, random_next(&random));
			cases[i] =
				(struct suite_case){.rule = of.rule, .role = of.role, .seq = of.seq, .shapes = of.shapes};
		}
		judge(&truth, cases, BATCH);
		arena_reset(&lasting);
	}
	cr_expect_lt(truth.beyond, CASES / 50U, "%llu beyond", (unsigned long long)truth.beyond);
	truth_free(&truth);
	arena_free(&lasting);
}

Test(state, the_roads_agree_on_every_sequence_up_to_size_2_and_3)
{
	const struct rule *rules[RULES];
	unsigned count = load_rules(rules, &arena), dpc;
	const struct rule *rule = spin(&dpc);
	struct truth truth = {0};

	for (unsigned r = 0; r <= count; r++) /* the last time size 3 */
		for (unsigned role = 0; role < (r < count ? rules[r]->roles : 1); role++) {
			const struct rule *by = r < count ? rules[r] : rule;
			unsigned in = r < count ? role : dpc, size = r < count ? 2 : 3, n = 0;
			struct suite_case *cases;
			struct space space;

			cr_assert(space_init(&space, by, in, SPACE_STATE, size, size < 3 ? 3 : 1));
			cases = arena_alloc(&arena, (space_count(&space) + 1U) * sizeof *cases);
			for (bool more = space_first(&space); more; more = space_next(&space), n++) {
				cases[n] =
					(struct suite_case){.rule = by, .role = in, .shapes = shapes_default(), .seq = space.seq};
				cases[n].seq.node = arena_alloc(&arena, (space.seq.count + 1U) * sizeof *space.seq.node);
				memcpy(cases[n].seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
			}
			judge(&truth, cases, n);
			space_free(&space);
		}
	truth_free(&truth);
}
