/* corpus: lines are read, refused with their number, and come back; the roads agree on the cases that are
 * kept. */
#include <criterion/criterion.h>

#include "corpus.h"
#include "truth.h"

enum { RULES = 8 };

static struct arena arena;
static const struct rule *rule[RULES];
static struct bytes_rules rules;

static void
begin(void)
{
	const char **names;
	size_t count = rule_list(&arena, &names);

	cr_assert_leq(count, (size_t)RULES);
	for (size_t i = 0; i < count; i++) {
		struct rule *loaded = arena_alloc(&arena, sizeof *loaded);
		struct diag diag;

		cr_assert(rule_load(loaded, &arena, names[i], &diag), "%s", diag.message);
		rule[i] = loaded;
	}
	rules = (struct bytes_rules){.rule = rule, .count = (unsigned)count};
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(corpus, .init = begin, .fini = end);

static bool
parse(struct corpus *corpus, const char *text, struct diag *diag)
{
	return corpus_parse(corpus, &arena, &rules, "test", text, strlen(text), diag);
}

static const char lines[] = "SpinlockRelease\tdispatch\t\n"
							"SpinlockRelease\tdispatch\tacq a; rel a\n"
							"SpinlockRelease\tdpc\ttry b { rel b } else { return }\n"
							"QueuedSpinLockRelease\tcancel\tacq a/b; rel a/b\n";

Test(corpus, lines_come_back)
{
	struct corpus corpus;
	struct buf out = {0};
	struct diag diag;

	cr_assert(parse(&corpus, lines, &diag), "%s", diag.message);
	cr_assert_eq(corpus.count, 4U);
	for (unsigned i = 0; i < corpus.count; i++)
		corpus_print(&out, &corpus.of[i]);
	cr_assert_str_eq(buf_string(&out), lines);
	buf_free(&out);
}

Test(corpus, comments_empty_lines_and_a_last_line_without_newline_are_read)
{
	struct corpus corpus;
	struct diag diag;

	cr_assert(parse(&corpus, "", &diag));
	cr_assert_eq(corpus.count, 0U);
	cr_assert(parse(&corpus, "# none\n\nSpinlockRelease\tdpc\tacq a", &diag), "%s", diag.message);
	cr_assert_eq(corpus.count, 1U);
	cr_assert_eq(corpus.of[0].role, 1U);
	cr_assert_eq(corpus.of[0].seq.size, 1U);
}

static const struct {
	const char *text;
	unsigned line;
	const char *message;
} refused[] = {
	{"SpinlockRelease", 1, "expected rule, role and sequence"},
	{"\nSpinlockRelease\tdpc", 2, "expected rule, role and sequence"},
	{"SpinlockRelease\tdpc\twork\t\twork", 1, "at most 4 fields"},
	{"Spin\tdpc\twork", 1, "no rule Spin"},
	{"SpinlockRelease\tdpd\twork", 1, "no role dpd"},
	{"#\n#\nSpinlockRelease\tdpc\tacq d", 3, "expected a, b or c"},
	{"SpinlockRelease\tdpc\tacq a\tdimension", 1, "there is no such"},
	{"SpinlockRelease\tdpc\tacq a\tdimension=choice,dimension=choice", 1, "there is no such"},
};

Test(corpus, what_is_no_case_is_refused_with_its_line)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct corpus corpus;
		struct diag diag;

		cr_expect_not(parse(&corpus, refused[i].text, &diag), "%s", refused[i].text);
		cr_expect_eq(diag.line, refused[i].line, "%s: line %u", refused[i].text, diag.line);
		cr_expect(strstr(diag.message, refused[i].message), "%s: %s", refused[i].text, diag.message);
	}
}

/* A line of a sequence with everything that a shape may need. */
static const char rich[] = "acq a; loop { if p { rel a; return }; if ? { work } }; if p { work }; rel a";

Test(corpus, every_shape_comes_back_and_is_refused_where_it_does_not_apply)
{
	struct buf text = {0}, out = {0};
	const struct shapes usual = shapes_default();
	unsigned shaped = 0, not_apply = 0;

	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		const struct shape_row *row = shape_row((enum shape_id)id);
		struct corpus corpus;
		struct diag diag;

		if (usual.choice[row->dimension] == id)
			continue;
		buf_clear(&text);
		buf_clear(&out);
		buf_printf(&text, "SpinlockRelease\tdispatch\t%s\t%s=%s\n", rich,
		           shape_dimension_name(row->dimension), row->name);
		if (parse(&corpus, buf_string(&text), &diag)) {
			corpus_print(&out, &corpus.of[0]);
			cr_expect_str_eq(buf_string(&out), buf_string(&text));
			shaped++;
		}
		buf_clear(&text);
		buf_printf(&text, "SpinlockRelease\tdispatch\twork\t%s=%s\n", shape_dimension_name(row->dimension),
		           row->name);
		if (!parse(&corpus, buf_string(&text), &diag)) {
			cr_expect(strstr(diag.message, "does not apply"), "%s", diag.message);
			not_apply++;
		}
	}
	cr_assert(shaped && not_apply);
	buf_free(&text);
	buf_free(&out);
}

Test(corpus, the_roads_agree_on_every_case_kept)
{
	struct buf text = {0}, dispute = {0}, line = {0};
	struct suite_case *cases;
	struct truth truth = {0};
	struct corpus corpus;
	struct diag diag;

	cr_assert(buf_read_file(&text, "suite/corpus/promoted.txt", 1 << 20));
	cr_assert(parse(&corpus, buf_string(&text), &diag), "line %u: %s", diag.line, diag.message);
	cr_assert_gt(corpus.count, 0U);
	cases = arena_alloc(&arena, corpus.count * sizeof *cases);
	for (unsigned i = 0; i < corpus.count; i++) {
		const struct bytes_case *of = &corpus.of[i];

		cases[i] =
			(struct suite_case){.rule = of->rule, .role = of->role, .seq = of->seq, .shapes = of->shapes};
		buf_clear(&line);
		corpus_print(&line, of);
		cr_assert(strstr(text.data, buf_string(&line)), "not as it is printed: %s", buf_string(&line));
	}
	cr_assert(truth_judge(&truth, cases, corpus.count, NULL, &arena, &dispute, &diag), "%s\n%s", diag.message,
	          buf_string(&dispute));
	cr_assert_eq(truth.cases, corpus.count);
	truth_free(&truth);
	buf_free(&text);
	buf_free(&line);
	buf_free(&dispute);
}
