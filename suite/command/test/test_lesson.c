/* lesson: traces are judged as the first road judges their sequences, releases and nothing else are cut out,
 * and each exercise does what it says on all paths. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../truth/test/every_rule.h"
#include "level.h"
#include "lesson.h"
#include "read.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(lesson, .fini = end, .timeout = 120);

/* A step and a node for one event: 0 acquires a, 1 releases it, 2 and 3 do the same with b. */
static void
add_event(const struct rule *rule, unsigned event, struct trace_step *step, struct seq_node *node)
{
	unsigned lock = event / 2;
	bool gives = event % 2;
	unsigned call = gives ? rule_release(rule, 0, lock) : rule_acquire(rule, 0, lock);

	*step = (struct trace_step){
		gives ? STEP_RELEASE : STEP_ACQUIRE, 0, (uint8_t)lock, TRACE_NONE, 1, rule->call[call].name};
	if (rule->has_handles) {
		step->handle = (uint8_t)lock;
		step->lock = gives ? TRACE_NONE : (uint8_t)lock;
	}
	*node =
		(struct seq_node){.op = gives ? SEQ_REL : SEQ_ACQ, .lock = (uint8_t)lock, .handle = (uint8_t)lock};
}

enum { STRING_MOST = 5 };

/* Compares one string of events, in base `events`. */
static void
compare(struct truth *truth, const struct rule *rule, unsigned number, unsigned length, unsigned events)
{
	struct trace_step step[STRING_MOST];
	struct seq_node node[STRING_MOST];
	struct seq seq = {node, length, 0};
	struct suite_case of = {.rule = rule};
	const struct trace trace = {length, step, 0, TRACE_RETURNED};
	struct lesson_fault fault;
	struct verdict verdict;
	const struct finding *first;

	for (unsigned i = 0; i < length; i++, number /= events)
		add_event(rule, number % events, &step[i], &node[i]);
	cr_assert(seq_finish(&seq));
	truth_reach(truth, rule, 0, rule->headline, &seq, &arena, &verdict);
	lesson_judge(&of, &trace, &fault, NULL);
	cr_assert_eq(fault.is, verdict.count > 0 || verdict.deadlock, "%s, string %u of %u", rule->name, number,
	             length);
	if (!fault.is || fault.deadlock)
		return;
	first = &verdict.finding[0];
	cr_expect_eq((unsigned)fault.kind, first->kind);
	cr_expect_eq(fault.step, first->statement ? first->statement - 1U : length);
	cr_expect_eq(fault.lock, first->lock == LOCK_ALL ? (unsigned)LESSON_ALL : first->lock);
}

Test(lesson, event_strings_are_judged_as_the_first_road_judges_them)
{
	const struct rule *rules[RULES];
	unsigned count = load_rules(rules, &arena);
	struct truth truth = {0};

	for (unsigned i = 0; i < count; i++) {
		unsigned events = rules[i]->locks > 1 ? 4 : 2, strings = events;

		for (unsigned length = 1; length <= STRING_MOST; length++, strings *= events)
			for (unsigned number = 0; number < strings; number++)
				compare(&truth, rules[i], number, length, events);
	}
	truth_free(&truth);
}

Test(lesson, what_is_none_of_the_exercise_s_is_not_its_to_release)
{
	const struct rule *rules[RULES];
	unsigned count = load_rules(rules, &arena);

	for (unsigned i = 0; i < count; i++) {
		const char *name = rules[i]->call[rule_release(rules[i], 0, 0)].name;
		const struct trace_step step[] = {{STEP_RELEASE, 0, TRACE_OTHER_LOCK, TRACE_NONE, 3, name}};
		const struct trace trace = {1, step, 0, TRACE_RETURNED};
		const struct suite_case of = {.rule = rules[i]};
		struct lesson_fault fault;

		lesson_judge(&of, &trace, &fault, NULL);
		cr_expect(fault.is);
		cr_expect_eq(fault.kind, KIND_RELEASE_WITHOUT_ACQUIRE);
		cr_expect_eq(fault.lock, (unsigned)TRACE_OTHER_LOCK);
	}
}

/* exercises */

static unsigned
count_calls(const char *text, const char *name)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, name)); at += strlen(name))
		count += at[strlen(name)] == '(';
	return count;
}

struct judged {
	const struct suite_case *of;
	unsigned paths, wrong;
};

static void
judge(void *to, const struct trace *trace, const char *choices)
{
	struct judged *judged = to;
	struct lesson_fault fault;

	(void)choices;
	cr_expect_neq(trace->end, TRACE_TOO_LONG, "%s", judged->of->id);
	lesson_judge(judged->of, trace, &fault, NULL);
	judged->paths++;
	judged->wrong += fault.is;
}

static struct judged
judge_text(const struct suite_case *of, const struct lesson_text *text, const char *body)
{
	struct judged judged = {.of = of};
	struct buf whole = {0};
	struct diag diag;

	lesson_text_compile(&whole, text, body);
	cr_assert(trace_explore(whole.data, judge, &judged, &diag), "%s: %s", of->id, diag.message);
	buf_free(&whole);
	return judged;
}

/* Where each path releases at most what is put back, none is left that keeps the rule with a lock taken. */
Test(lesson, of_each_case_of_the_smoke_level_the_paths_say_what_its_label_says)
{
	struct buf dispute = {0};
	struct level level;
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		bool passes = of->verdict[of->rule->headline].outcome == OUTCOME_PASS;
		struct lesson_text text;
		struct judged judged;

		cr_assert(lesson_text_make(&text, of, &diag), "%s", diag.message);
		judged = judge_text(of, &text, text.body.data);
		cr_expect_eq(judged.wrong == 0, passes, "%s: %u of %u paths", of->id, judged.wrong, judged.paths);
		lesson_text_free(&text);
	}
	level_free(&level);
}

Test(lesson, of_each_correct_case_of_the_smoke_level_the_releases_are_cut_out)
{
	struct buf dispute = {0};
	struct level level;
	struct diag diag;
	unsigned exercises = 0;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		struct lesson_text text;
		struct buf body = {0};

		if (of->verdict[of->rule->headline].outcome != OUTCOME_PASS)
			continue;
		cr_assert(lesson_text_make(&text, of, &diag) && lesson_cut(&body, of, &diag), "%s", diag.message);
		exercises += lesson_is_exercise(of, &diag);
		cr_expect_eq(judge_text(of, &text, body.data).wrong > 0, lesson_is_exercise(of, &diag), "%s", of->id);
		for (unsigned call = 0; call < of->rule->calls; call++)
			if (rule_takes(&of->rule->call[call]))
				cr_expect_eq(count_calls(body.data, of->rule->call[call].name),
				             count_calls(text.body.data, of->rule->call[call].name), "%s", of->id);
		lesson_text_free(&text);
		buf_free(&body);
	}
	cr_expect_geq(exercises, level.count / 2 * 9 / 10);
	level_free(&level);
}

Test(lesson, a_head_names_its_exercise)
{
	static const char id[] = "0123456789abcdef0123456789abcdef";
	char found[HASH_TEXT], level[64];
	struct buf text = {0};

	buf_printf(&text, "/* Exercise %s of level smoke\n */", id);
	cr_assert(lesson_read_head(text.data, found, level));
	cr_expect_str_eq(found, id);
	cr_expect_str_eq(level, "smoke");
	buf_clear(&text);
	buf_printf(&text, "\n\n// Exercise %s\nint x;", id);
	cr_assert(lesson_read_head(text.data, found, level));
	cr_expect_str_eq(level, "");
	cr_expect_not(lesson_read_head("/* Exercise 0123 of level smoke */", found, level));
	cr_expect_not(lesson_read_head("/* Exercise of level smoke */", found, level));
	cr_expect_not(lesson_read_head("", found, level));
	buf_free(&text);
}
