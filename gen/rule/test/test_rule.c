/* Rules: the built-in ones load and say what the design says; broken ones are refused at their place. */
#include <criterion/criterion.h>

#include "buf.h"
#include "data.h"
#include "rule.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(rule, .fini = end);

static void
load(struct rule *rule, const char *name)
{
	struct diag diag;

	cr_assert(rule_load(rule, &arena, name, &diag), "%s:%u:%u: %s", diag.file, diag.line, diag.column,
	          diag.message);
}

Test(rule, there_are_five_built_in_rules_with_the_headline_of_the_design)
{
	static const struct {
		const char *name, *model, *headline;
		unsigned roles, readings;
	} rows[] = {
		{"CancelSpinlockRelease", "wdm", "alternate", 2, 2},
		{"QueuedSpinLockRelease", "wdm", "alternate", 2, 4},
		{"SpinLockRelease", "storport", "release", 2, 3},
		{"SpinlockRelease", "wdm", "alternate", 2, 3},
		{"WdfSpinlockRelease", "kmdf", "balanced", 2, 3},
	};
	const char **names;

	cr_assert_eq(rule_list(&arena, &names), 5);
	for (unsigned i = 0; i < 5; i++) {
		struct rule rule;

		cr_assert_str_eq(names[i], rows[i].name);
		load(&rule, names[i]);
		cr_assert(rule.built_in);
		cr_assert_str_eq(rule.model, rows[i].model);
		cr_assert_str_eq(rule.reading[rule.headline].name, rows[i].headline);
		cr_assert_eq(rule.roles, rows[i].roles);
		cr_assert_eq(rule.readings, rows[i].readings);
	}
}

Test(rule, every_violating_cell_cites_a_clause_that_exists)
{
	const char **names;
	size_t count = rule_list(&arena, &names);

	for (size_t i = 0; i < count; i++) {
		struct rule rule;

		load(&rule, names[i]);
		for (unsigned r = 0; r < rule.readings; r++)
			for (unsigned s = 0; s < rule.reading[r].states; s++)
				for (unsigned e = 0; e < EVENT_COUNT; e++) {
					const struct rule_cell *cell = &rule.reading[r].cell[s][e];

					cr_assert_eq(cell->violates, cell->clause != 0);
					cr_assert_leq(cell->clause, rule.clauses);
				}
	}
}

Test(rule, a_cancel_routine_of_the_cancel_rule_and_no_other_role_starts_held)
{
	const char **names;
	size_t count = rule_list(&arena, &names);
	unsigned held = 0;

	for (size_t i = 0; i < count; i++) {
		struct rule rule;

		load(&rule, names[i]);
		for (unsigned r = 0; r < rule.roles; r++)
			if (rule.role[r].held) {
				held++;
				cr_assert_str_eq(rule.name, "CancelSpinlockRelease");
				cr_assert_str_eq(rule.role[r].name, "cancel");
			}
	}
	cr_assert_eq(held, 1);
}

Test(rule, an_unknown_rule_is_refused_with_the_names_that_exist)
{
	struct rule rule;
	struct diag diag;

	cr_assert_not(rule_load(&rule, &arena, "Spinlockrelease", &diag));
	cr_assert(strstr(diag.message, "SpinlockRelease") && strstr(diag.message, "SpinLockRelease"));
	cr_assert_not(rule_load(&rule, &arena, "../rules/SpinlockRelease", &diag));
}

Test(rule, a_rule_answers_to_the_name_on_its_page_too)
{
	struct rule rule;

	load(&rule, "WdfSpinLockRelease");
	cr_assert_str_eq(rule.name, "WdfSpinlockRelease");
	cr_assert(rule.built_in);
	cr_assert_str_eq(rule_proper_name(&arena, "WdfSpinLockRelease"), "WdfSpinlockRelease");
	cr_assert_str_eq(rule_proper_name(&arena, "SpinLockRelease"), "SpinLockRelease");
	cr_assert_str_eq(rule_proper_name(&arena, "nothing"), "nothing");
}

/* Replaces the first `from` in the built-in SpinlockRelease; the place of an error is that of `from` plus the
 * offsets. */
static const struct {
	const char *from, *to, *message;
	unsigned line, column;
} broken[] = {
	{"model: wdm", "modle: wdm", "the key 'model' is missing", 1, 1},
	{"bugcheck: 0xC4", "bugchekc: 0xC4", "unknown key 'bugchekc'", 6, 1},
	{"model: wdm", "name: wdm", "the key 'name' is there already", 3, 1},
	{"locks: 3", "locks: 4", "a whole number from 1 to 3", 9, 8},
	{"locks: 3", "locks: x", "a whole number from 1 to 3", 9, 8},
	{"handles: false", "handles: no", "expected one of: false, true", 10, 10},
	{"event: acquire", "event: take", "expected one of: acquire, release, try", 20, 12},
	{"keep: kirql", "keep: *here", "aliases are not allowed", 22, 11},
	{"keep: kirql", "keep: &here kirql", "anchors and tags are not allowed", 22, 11},
	{"[lock, save-irql]", "[lock, lock]", "names one lock", 19, 5},
	{"released-by: [KeReleaseSpinLock]", "released-by: [KeAcquireSpinLock]",
     "the name of a call that releases", 24, 19},
	{"      - {state: free, on: end, go: free}\n", "", "state free has no row for 'end'", 78, 7},
	{"{state: free, on: end, go: free}", "{state: free, on: acquire, go: free}",
     "has a row for 'acquire' already", 80, 9},
	{"go: held", "go: taken", "expected one of: free, held", 78, 40},
	{"violation: double-acquire", "violation: double", "expected one of: double-acquire", 81, 47},
	{"clause: 1}", "clause: 9}", "a whole number from 1 to 3", 81, 71},
	{"{state: held, on: acquire, violation", "{state: held, on: acquire, go: held, violation",
     "a row with a violation goes nowhere", 81, 9},
	{"{state: below, on: acquire, add: 1}", "{state: below, on: acquire, add: 1, go: above}",
     "unknown key 'go'", 102, 45},
	{"{state: below, on: end, violation", "{state: below, on: end, add: 0, violation",
     "a row with a violation goes nowhere", 104, 9},
	{"bugcheck: 0xC4/0x4000B", "bugcheck: [0xC4/0x4000B]", "expected a word for 'bugcheck'", 6, 11},
	{"released-by: [KeReleaseSpinLock]", "released-by: [KeReleaseSpinLockFromDpcLevel]",
     "KeReleaseSpinLockFromDpcLevel does not keep the IRQL where KeAcquireSpinLock does", 24, 19},
	{"    keep: none", "    keep: handle", "does not keep the IRQL where", 37, 19},
	{"    headline: true\n", "", "one reading is the headline, not 0", 70, 3},
	{"scope: lock", "scope: handle", "this rule has no queue handles", 73, 12},
	{"release: KeReleaseSpinLock\n", "release: KeReleaseSpinLockFromDpcLevel\n",
     "does not release what the role's other calls take", 61, 14},
	{"summary: Acquires", "summary: [Acquires", "not YAML", 0, 0},
	{"clauses:\n", "clauses:\n  {a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: {o: {p: {q: 1",
     "nested too deep", 0, 0},
};

static bool
parse_changed(const char *from, const char *to, struct rule *rule, struct diag *diag)
{
	struct buf text = {0};
	struct data_file file;
	const char *at;
	char *kept;

	cr_assert(data_built_in("rules/SpinlockRelease.yaml", &file));
	at = strstr(file.bytes, from);
	cr_assert_not_null(at, "'%s' is not in the file", from);
	buf_add(&text, file.bytes, (size_t)(at - file.bytes));
	buf_puts(&text, to);
	buf_puts(&text, at + strlen(from));
	kept = arena_copy(&arena, text.data, text.len);
	size_t length = text.len;
	buf_free(&text);
	return rule_parse(rule, &arena, "broken.yaml", kept, length, diag);
}

Test(rule, broken_rules_are_refused_at_their_line_and_column)
{
	for (unsigned i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct rule rule;
		struct diag diag;

		cr_assert_not(parse_changed(broken[i].from, broken[i].to, &rule, &diag), "%s", broken[i].to);
		cr_expect(strstr(diag.message, broken[i].message), "'%s' gives: %s", broken[i].to, diag.message);
		cr_expect(!broken[i].line || (diag.line == broken[i].line && diag.column == broken[i].column),
		          "'%s' is placed at %u:%u", broken[i].to, diag.line, diag.column);
		cr_expect(diag.line, "every error of a file has a line");
	}
}

Test(rule, a_queue_handle_that_is_held_at_entry_is_refused)
{
	struct data_file file;
	struct buf text = {0};
	struct rule rule;
	struct diag diag;
	const char *at;

	cr_assert(data_find(&arena, "rules/QueuedSpinLockRelease.yaml", &file));
	at = strstr(file.bytes, "    irql: PASSIVE_LEVEL\n");
	cr_assert_not_null(at);
	buf_add(&text, file.bytes, (size_t)(at - file.bytes));
	buf_printf(&text, "    held: [a]\n%s", at);
	cr_assert_not(rule_parse(&rule, &arena, "x", text.data, text.len, &diag));
	cr_assert(strstr(diag.message, "not held at entry") && diag.line == 35 && diag.column == 12, "%u:%u: %s",
	          diag.line, diag.column, diag.message);
	buf_free(&text);
}

Test(rule, a_changed_rule_that_is_whole_loads_and_is_not_built_in)
{
	struct rule rule;
	struct diag diag;

	cr_assert(parse_changed("double-acquire, clause: 1", "missing-release, clause: 1", &rule, &diag), "%s",
	          diag.message);
	cr_assert_not(rule.built_in);
	cr_assert_eq(rule.reading[0].cell[1][EVENT_ACQUIRE].kind, KIND_MISSING_RELEASE);
}

Test(rule, what_is_no_rule_at_all_is_refused)
{
	static const char *const texts[] = {
		"", "# nothing\n", "[a, b]\n", "just words\n", "a: 1\n---\nb: 2\n", "\xff\xfe\x00", "\t\tx"};
	struct buf large = {0};
	struct rule rule;
	struct diag diag;

	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_not(rule_parse(&rule, &arena, "x", texts[i], strlen(texts[i]), &diag));
	while (large.len <= 256 * 1024)
		buf_puts(&large, "[[[[[[[[[[[[[[[[");
	cr_assert_not(rule_parse(&rule, &arena, "x", large.data, large.len, &diag));
	cr_assert(strstr(diag.message, "larger than"));
	cr_assert_not(rule_parse(&rule, &arena, "x", large.data, 200 * 1024, &diag));
	buf_free(&large);
}
