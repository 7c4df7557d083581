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
		{"SpinlockRelease", "wdm", "alternate", 2, 5},
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
	{"event: acquire", "event: take", "expected one of: acquire, release, try", 21, 12},
	{"keep: kirql", "keep: *here", "aliases are not allowed", 23, 11},
	{"keep: kirql", "keep: &here kirql", "anchors and tags are not allowed", 23, 11},
	{"[lock, save-irql]", "[lock, lock]", "names one lock", 20, 5},
	{"released-by: [KeReleaseSpinLock]", "released-by: [KeAcquireSpinLock]",
     "the name of a call that releases", 25, 19},
	{"      - {state: free, on: end, go: free}\n", "", "state free has no row for 'end'", 79, 7},
	{"{state: free, on: end, go: free}", "{state: free, on: acquire, go: free}",
     "has a row for 'acquire' already", 81, 9},
	{"go: held", "go: taken", "expected one of: free, held", 79, 40},
	{"violation: double-acquire", "violation: double", "expected one of: double-acquire", 82, 47},
	{"clause: 1}", "clause: 9}", "a whole number from 1 to 4", 82, 71},
	{"{state: held, on: acquire, violation", "{state: held, on: acquire, go: held, violation",
     "a row with a violation goes nowhere", 82, 9},
	{"{state: below, on: acquire, add: 1}", "{state: below, on: acquire, add: 1, go: above}",
     "unknown key 'go'", 103, 45},
	{"{state: below, on: end, violation", "{state: below, on: end, add: 0, violation",
     "a row with a violation goes nowhere", 105, 9},
	{"bugcheck: 0xC4/0x4000B", "bugcheck: [0xC4/0x4000B]", "expected a word for 'bugcheck'", 6, 11},
	{"released-by: [KeReleaseSpinLock]", "released-by: [KeReleaseSpinLockFromDpcLevel]",
     "KeReleaseSpinLockFromDpcLevel does not keep the IRQL where KeAcquireSpinLock does", 25, 19},
	{"    keep: none", "    keep: handle", "does not keep the IRQL where", 38, 19},
	{"    headline: true\n", "", "one reading is the headline, not 0", 71, 3},
	{"scope: lock", "scope: handle", "this rule has no queue handles", 74, 12},
	{"release: KeReleaseSpinLock\n", "release: KeReleaseSpinLockFromDpcLevel\n",
     "does not release what the role's other calls take", 62, 14},
	{"summary: Acquires", "summary: [Acquires", "not YAML", 0, 0},
	{"clauses:\n", "clauses:\n  {a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: {o: {p: {q: 1",
     "nested too deep", 0, 0},
};

/* Puts events before the calls of the built-in SpinlockRelease. */
static const struct {
	const char *events, *message;
} broken_events[] = {
	{"[{word: init, effect: initialise, try: tryi}]", "only what takes a lock, or shares it, can be tried"},
	{"[{word: acqs, effect: share, try: acqs}]", "a word that means nothing yet"},
	{"[{word: acqs, effect: share, try: try}]", "a word that means nothing yet"},
	{"[{word: acqs, effect: share, try: trys}, {word: trys, effect: none}]", "a word that means nothing yet"},
	{"[{word: acq, effect: take}]", "means nothing yet"},
	{"[{word: p, effect: none}]", "means nothing yet"},
	{"[{word: init, effect: initialise}, {word: init, effect: none}]", "means nothing yet"},
	{"[{word: block, effect: none}]", "state free has no row for 'block'"},
	{"[{word: block, effect: take, names-lock: false}]", "names no lock has no effect"},
	{"[{word: block, effect: hold}]", "expected one of: take, drop, share, unshare, none"},
};

static bool
parse_text(const char *whole, const char *from, const char *to, struct rule *rule, struct diag *diag)
{
	const char *at = strstr(whole, from);
	struct buf text = {0};
	char *kept;

	cr_assert_not_null(at, "'%s' is not in the file", from);
	buf_add(&text, whole, (size_t)(at - whole));
	buf_puts(&text, to);
	buf_puts(&text, at + strlen(from));
	kept = arena_copy(&arena, text.data, text.len);
	size_t length = text.len;
	buf_free(&text);
	return rule_parse(rule, &arena, "broken.yaml", kept, length, diag);
}

static bool
parse_changed(const char *from, const char *to, struct rule *rule, struct diag *diag)
{
	struct data_file file;

	cr_assert(data_built_in("rules/SpinlockRelease.yaml", &file));
	return parse_text(file.bytes, from, to, rule, diag);
}

/* The same of the rule of tests with two lock types. */
static bool
parse_types(const char *from, const char *to, struct rule *rule, struct diag *diag)
{
	struct buf text = {0};
	bool ok;

	cr_assert(buf_read_file(&text, "suite/truth/test/two_types.yaml", 1 << 18), "tests run from the top");
	ok = parse_text(buf_string(&text), from, to, rule, diag);
	buf_free(&text);
	return ok;
}

static const struct {
	const char *from, *to, *message;
	unsigned line, column;
} broken_types[] = {
	{"[a, b]", "[a, d]", "expected one of: a, b, c", 9, 19},
	{"[a, b]", "[a, c]", "the letter c is there already", 10, 16},
	{"[a, b]", "[a]", "there is no lock b: letters begin with a and leave none out", 9, 3},
	{"[a, b]", "[b]", "there is no lock a", 9, 3},
	{"[a, b]", "[]", "expected 1 to 3 members of 'letters'", 9, 15},
	{"lock: EX_SPIN_LOCK", "lock: KSPIN_LOCK", "the lock type 'KSPIN_LOCK' is there already", 10, 26},
	{"lock: EX_SPIN_LOCK", "lock: \"\"", "a lock without a type is the only one of its rule", 9, 3},
	{"initialise: Ke", "lock-is-handle: true, initialise: Ke",
     "KSPIN_LOCK: what makes a handle can be shown in a rule with one lock type", 9, 3},
	{"initialise: Ke", "initialize: Ke", "unknown key 'initialize'", 9, 41},
	{"handles: false", "locks: 3\nhandles: false", "'locks' is said by 'lock-types'", 11, 8},
	{"handles: false", "lock: X\nhandles: false", "'lock' is said by 'lock-types'", 11, 7},
	{"handles: false", "handles: true", "a rule with queue handles has one lock type", 9, 3},
	{"KeAcquireSpinLock, for: KSPIN_LOCK", "KeAcquireSpinLock",
     "the rule has several lock types: say which one KeAcquireSpinLock is 'for'", 23, 5},
	{"KeAcquireSpinLock, for: KSPIN_LOCK", "KeAcquireSpinLock, for: FAST_MUTEX",
     "expected one of: KSPIN_LOCK, EX_SPIN_LOCK", 23, 36},
	{"KeFlushQueuedDpcs, event", "KeFlushQueuedDpcs, for: KSPIN_LOCK, event",
     "KeFlushQueuedDpcs names no lock, and is 'for' none", 36, 5},
	{"released-by: [KeReleaseSpinLock]", "released-by: [ExReleaseSpinLockExclusive]",
     "ExReleaseSpinLockExclusive serves another lock type than KeAcquireSpinLock does", 23, 160},
	{"acquire: [KeAcquireSpinLockAtDpcLevel, ExAcquireSpinLockExclusiveAtDpcLevel]",
     "acquire: KeAcquireSpinLockAtDpcLevel", "no call here is for EX_SPIN_LOCK", 39, 67},
	{"release: [KeReleaseSpinLockFromDpcLevel, Ex",
     "release: [KeReleaseSpinLockFromDpcLevel, KeReleaseSpinLock, Ex",
     "there is a call for KSPIN_LOCK already", 0, 0},
	{"try: KeTry", "try: [], x: KeTry", "expected 1 to 2 members of 'try'", 39, 223},
	{"try: KeTryToAcquireSpinLockAtDpcLevel", "try: [KeAcquireSpinLock]",
     "expected the name of a call of this rule whose event is try", 39, 224},
	{"try: KeTryToAcquireSpinLockAtDpcLevel", "try: {a: b}", "whose event is try", 39, 223},
	{"  - {name: KeTestSpinLock, for: KSPIN_LOCK", "  - {name: KeTestSpinLock, for: EX_SPIN_LOCK", "", 0, 0},
};

Test(rule, locks_of_several_types_are_told_apart)
{
	struct rule rule;
	struct diag diag;
	unsigned dispatch;

	cr_assert(parse_types("model: wdm", "model: wdm", &rule, &diag), "%u:%u: %s", diag.line, diag.column,
	          diag.message);
	cr_assert(rule_find_role(&rule, "dispatch", &dispatch));
	cr_expect_eq(rule.types, 2U);
	cr_expect_eq(rule.locks, 3U);
	cr_expect_str_eq(rule_lock_type(&rule, 1)->name, "KSPIN_LOCK");
	cr_expect_str_eq(rule_lock_type(&rule, 2)->name, "EX_SPIN_LOCK");
	cr_expect_str_eq(rule.call[rule_acquire(&rule, dispatch, 1)].name, "KeAcquireSpinLock");
	cr_expect_str_eq(rule.call[rule_acquire(&rule, dispatch, 2)].name, "ExAcquireSpinLockExclusive");
	cr_expect_str_eq(rule.call[rule_release(&rule, 0, 2)].name, "ExReleaseSpinLockExclusiveFromDpcLevel");
	cr_expect_eq(rule.role[0].try_call[1], RULE_CALLS + 0U);
	cr_expect_eq(rule.role[dispatch].try_call[0], RULE_CALLS + 0U);
	cr_expect(rule.role[0].allows_try && !rule.role[dispatch].allows_try);
	cr_expect_eq(rule.event[0].call[0], RULE_CALLS + 0U, "a spin lock is not shared");
	for (unsigned i = 0; i < sizeof broken_types / sizeof *broken_types; i++) {
		bool fits = !broken_types[i].message[0];

		cr_expect_eq(parse_types(broken_types[i].from, broken_types[i].to, &rule, &diag), fits, "%s: %s",
		             broken_types[i].to, fits ? diag.message : "");
		if (fits)
			continue;
		cr_expect(strstr(diag.message, broken_types[i].message), "'%s' gives: %s", broken_types[i].to,
		          diag.message);
		cr_expect(!broken_types[i].line ||
		              (diag.line == broken_types[i].line && diag.column == broken_types[i].column),
		          "'%s' is placed at %u:%u", broken_types[i].to, diag.line, diag.column);
	}
}

/* The list may have one type: the short form in other words. */
Test(rule, a_list_of_one_lock_type_is_the_short_form)
{
	struct rule one, other;
	struct diag diag;

	cr_assert(parse_changed("lock: KSPIN_LOCK\ninitialise: KeInitializeSpinLock\nlocks: 3\n",
	                        "lock-types: [{letters: [b, a, c], lock: KSPIN_LOCK, initialise: "
	                        "KeInitializeSpinLock}]\n",
	                        &one, &diag),
	          "%s", diag.message);
	cr_assert(parse_changed("model: wdm", "model: wdm", &other, &diag));
	cr_expect_eq(one.types, other.types);
	cr_expect_eq(one.locks, other.locks);
	cr_expect_eq(one.type[0].letters, other.type[0].letters);
	cr_expect_str_eq(one.type[0].initialise, other.type[0].initialise);
	cr_expect_arr_eq(one.role[1].acquire, other.role[1].acquire, sizeof one.role[1].acquire);
	cr_expect(parse_changed("event: acquire", "for: KSPIN_LOCK\n    event: acquire", &one, &diag), "%s",
	          diag.message);
	cr_expect_not(parse_changed("lock: KSPIN_LOCK\ninitialise: KeInitializeSpinLock\nlocks: 3\n",
	                            "lock-types: [{letters: [a, b], lock: \"\"}]\n", &one, &diag));
	cr_expect(strstr(diag.message, "names one lock") || strstr(diag.message, "names no lock"), "%s",
	          diag.message);
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

Test(rule, events_that_would_go_through_a_queue_handle_are_refused)
{
	static const struct {
		const char *rule, *event, *message;
		unsigned column;
	} row[] = {
		{"rules/QueuedSpinLockRelease.yaml", "{word: acqs, effect: share}",
	     "by acquire and release alone: expected none, initialise or destroy", 31},
		{"rules/QueuedSpinLockRelease.yaml", "{word: grab, effect: take, try: trys}",
	     "by acquire and release alone", 31},
		{"rules/QueuedSpinLockRelease.yaml", "{word: init, effect: initialise}",
	     "state free has no row for 'init'", 7},
		{"rules/CancelSpinlockRelease.yaml", "{word: touch, effect: none}",
	     "calls of a rule without a lock type name no lock: expected names-lock: false", 17},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct buf to = {0};
		struct data_file file;
		struct rule rule;
		struct diag diag;

		cr_assert(data_built_in(row[i].rule, &file));
		buf_printf(&to, "\nevents: [%s]\nroles:\n", row[i].event);
		cr_expect_not(parse_text(file.bytes, "\nroles:\n", buf_string(&to), &rule, &diag));
		cr_expect(strstr(diag.message, row[i].message), "%s: %s", row[i].event, diag.message);
		cr_expect(!row[i].column || diag.column == row[i].column, "%s: column %u", row[i].event, diag.column);
		buf_free(&to);
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

Test(rule, broken_events_are_refused)
{
	for (unsigned i = 0; i < sizeof broken_events / sizeof *broken_events; i++) {
		struct buf to = {0};
		struct rule rule;
		struct diag diag;

		buf_printf(&to, "\nevents: %s\ncalls:\n", broken_events[i].events);
		cr_assert_not(parse_changed("\ncalls:\n", buf_string(&to), &rule, &diag), "%s",
		              broken_events[i].events);
		cr_expect(strstr(diag.message, broken_events[i].message), "%s: %s", broken_events[i].events,
		          diag.message);
		buf_free(&to);
	}
}
