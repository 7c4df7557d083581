/* canary: what the search finds for rules of a user, and what it refuses. */
#include <criterion/criterion.h>

#include "canary.h"
#include "data.h"

static struct arena arena;
static struct truth truth;
static const struct canary_wish any;

static void
end(void)
{
	truth_free(&truth);
	arena_free(&arena);
}

TestSuite(canary, .fini = end);

/* The spin lock rule whose free state answers a release, and whose held state the end, as told. */
static const struct rule *
spin_rule(const char *acquire, const char *release, const char *end_held)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct data_file file;
	struct buf out = {0};
	struct diag diag = {0};
	const char *readings;
	char *text;

	cr_assert(data_built_in("rules/SpinlockRelease.yaml", &file));
	readings = strstr(file.bytes, "readings:\n");
	cr_assert(readings);
	buf_add(&out, file.bytes, (size_t)(readings - file.bytes));
	buf_printf(&out,
	           "readings:\n  - name: only\n    summary: one\n    headline: true\n    scope: lock\n"
	           "    states: [free, held]\n    initial: free\n    initial-held: held\n    table:\n"
	           "      - {state: free, on: acquire, go: held}\n      - {state: free, on: release, %s}\n"
	           "      - {state: free, on: end, go: free}\n      - {state: held, on: acquire, %s}\n"
	           "      - {state: held, on: release, go: free}\n      - {state: held, on: end, %s}\n",
	           release, acquire, end_held);
	text = arena_copy(&arena, out.data, out.len);
	cr_assert(rule_parse(rule, &arena, "only.yaml", text, out.len, &diag), "%s", diag.message);
	buf_free(&out);
	return rule;
}

static const char *
print(const struct suite_case *of)
{
	struct buf out = {0};
	const char *copy;

	seq_print(&out, &of->seq, of->rule);
	copy = arena_copy(&arena, buf_string(&out), out.len);
	buf_free(&out);
	return copy;
}

Test(canary, a_rule_that_allows_a_release_without_acquire_has_others)
{
	const struct rule *rule = spin_rule("violation: double-acquire, clause: 1", "go: free",
	                                    "violation: missing-release, clause: 3");
	struct suite_case canary[2];
	struct diag diag;

	cr_assert(canary_can_violate(rule, &diag));
	cr_assert(canary_find(canary, &truth, rule, &any, &arena, &diag), "%s", diag.message);
	cr_assert_str_eq(print(&canary[0]), "acq a; rel a");
	cr_assert_str_eq(print(&canary[1]), "acq a; rel a; acq a");
}

Test(canary, a_headline_that_never_violates_is_refused)
{
	const struct rule *rule = spin_rule("go: held", "go: free", "go: held");
	struct suite_case canary[2];
	struct diag diag;

	cr_assert_not(canary_can_violate(rule, &diag));
	cr_assert(strstr(diag.message, "'only' never violates"), "%s", diag.message);
	cr_assert_not(canary_find(canary, &truth, rule, &any, &arena, &diag));
	cr_assert(strstr(diag.message, "violates under all"), "%s", diag.message);
	cr_assert(!canary[0].rule && !canary[1].rule);
}

Test(canary, a_wish_for_kinds_is_met_by_these_kinds_alone_in_the_reading_that_is_wished)
{
	static const struct {
		const char *rule, *reading;
		enum kind kind;
		const char *expected; /* NULL: there is none */
	} rows[] = {
		{"SpinlockRelease", "alternate", KIND_DOUBLE_ACQUIRE, "acq a; acq a; rel a"},
		{"SpinlockRelease", "alternate", KIND_MISSING_RELEASE, "acq a; rel a; acq a"},
		{"SpinlockRelease", "alternate", KIND_RELEASE_WITHOUT_ACQUIRE, "acq a; rel a; rel a"},
		{"CancelSpinlockRelease", "alternate", KIND_MISSING_RELEASE, "acq a; rel a; acq a"},
		{"WdfSpinlockRelease", "balanced", KIND_DOUBLE_ACQUIRE, NULL},
		{"WdfSpinlockRelease", "alternate", KIND_DOUBLE_ACQUIRE, "acq a; acq a; rel a"},
		{"SpinLockRelease", "release", KIND_DOUBLE_ACQUIRE, NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rule *rule = arena_alloc(&arena, sizeof *rule); /* the truth knows rules by their address */
		struct canary_wish wish = {.kinds = 1U << rows[i].kind};
		struct suite_case canary[2];
		struct diag diag;
		bool found;

		cr_assert(rule_load(rule, &arena, rows[i].rule, &diag), "%s", diag.message);
		cr_assert(rule_find_reading(rule, rows[i].reading, &wish.reading));
		found = canary_find(canary, &truth, rule, &wish, &arena, &diag);
		cr_assert_eq(found, rows[i].expected != NULL, "row %zu", i);
		if (!found) {
			cr_expect(strstr(diag.message, "by the adapter's `kinds` alone"), "%s", diag.message);
			continue;
		}
		cr_expect_str_eq(print(&canary[0]), "acq a; rel a");
		cr_expect_str_eq(print(&canary[1]), rows[i].expected, "row %zu: %s", i, print(&canary[1]));
	}
}
