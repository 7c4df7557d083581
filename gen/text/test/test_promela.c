/* Models of sequences: each construct as SPIN reads it, and what no model has is refused. That SPIN comes to
 * the verdicts of the roads is ci/test_spin.sh's. */
#include <criterion/criterion.h>

#include "promela.h"
#include "read.h"

static struct arena arena;
static struct buf out;

static void
end(void)
{
	arena_free(&arena);
	buf_free(&out);
}

TestSuite(promela, .fini = end);

static bool
model(const char *rule_name, const char *role_name, const char *reading_name, const char *text,
      struct diag *diag)
{
	struct rule rule;
	unsigned role, reading;
	struct seq seq;

	cr_assert(rule_load(&rule, &arena, rule_name, diag), "%s", diag->message);
	cr_assert(rule_find_role(&rule, role_name, &role));
	cr_assert(rule_find_reading(&rule, reading_name, &reading));
	cr_assert(seq_read(&seq, &arena, &rule, role, "test", text, strlen(text), diag), "%s", diag->message);
	return promela_sequence(&out, &seq, &rule, role, reading, 7, diag);
}

/* Whether these lines follow each other; tabs do not count. */
static bool
has(const char *lines)
{
	struct buf flat = {0};
	bool found;

	for (const char *at = buf_string(&out); *at; at++)
		if (*at != '\t')
			buf_putc(&flat, *at);
	found = strstr(buf_string(&flat), lines);
	buf_free(&flat);
	return found;
}

Test(promela, constructs)
{
	static const struct {
		const char *rule, *role, *reading, *text, *lines;
	} rows[] = {
		{"SpinlockRelease", "dispatch", "alternate", "acq a; rel a", "held_a = 1;\nif\n:: a == 0 -> c_code"},
		{"SpinlockRelease", "dispatch", "alternate", "acq a; rel a",
	     ":: a == 1 -> a = 0\nfi;\nheld_a = 0;\nleave"},
		{"SpinlockRelease", "dispatch", "alternate", "rel a",
	     "printf(\"case 7: release-without-acquire at statement 1\\n\"); }; goto over\n"},
		{"SpinlockRelease", "dispatch", "alternate", "acq a",
	     "printf(\"case 7: missing-release at statement 0\\n\"); }\nfi"},
		{"SpinlockRelease", "dispatch", "alternate", "if p { work }; if !p { return }",
	     "if :: p = 0 :: p = 1 fi;\nif\n:: p == 1 ->\nskip;\n:: else ->\nskip\nfi;\nif\n:: p == 0 ->\ngoto leave;\n"},
		{"SpinlockRelease", "dispatch", "alternate", "if ? { work } else { stop }",
	     "if\n:: true ->\nskip;\n:: true ->\ngoto over;\nfi;\n"},
		{"SpinlockRelease", "dispatch", "alternate",
	     "p = ?; q = !p; r = p; s = 1; if s { work }; if r { work }",
	     "if :: p = 0 :: p = 1 fi;\nq = 1 - p;\nr = p;\ns = 1;\n"},
		{"SpinlockRelease", "dispatch", "alternate",
	     "loop { if ? { break }; if ? { continue }; forever { if ? { break }; work } }",
	     "do\n::\nif\n:: true ->\ngoto behind_1;\n:: true ->\nskip\nfi;\nif\n:: true ->\ngoto again_1;\n"},
		{"SpinlockRelease", "dispatch", "alternate", "forever { if ? { break }; work }",
	     "again_1: skip\nod;\nbehind_1: skip;\n"},
		{"SpinlockRelease", "dispatch", "alternate", "loop { work }",
	     "again_1: skip\n:: goto behind_1\nod;\n"},
		{"SpinlockRelease", "dpc", "alternate", "try a { rel a }",
	     "if\n:: !held_a ->\nif\n:: a == 0 -> a = 1\n"},
		{"SpinlockRelease", "dpc", "alternate", "p = try a; if p { rel a }",
	     "held_a = 1;\np = 1\n:: true -> p = 0\nfi;\n"},
		{"SpinlockRelease", "dispatch", "global", "acq a; rel b", ":: all == 1 -> all = 0\n"},
		{"SpinlockRelease", "dispatch", "slic7600", "acq a",
	     ":: all > 0 -> all = all + 1\nfi;\nif\n:: all >= "},
		{"SpinlockRelease", "dispatch", "matched", "acq a; rel a",
	     "if\n:: !held_a || by_a == 1 || by_a == 2 ->\n"},
		{"QueuedSpinLockRelease", "dispatch", "alternate", "acq a/b; rel b",
	     "if\n:: owner_b == 0 ->\nskip;\nc_code { static int said; if (!said++) printf(\"case 7: "
	     "release-without-acquire at statement 2\\n\"); }; goto over\n:: owner_b == 1 ->\n"},
		{"QueuedSpinLockRelease", "dispatch", "handle", "acq a/b; rel b",
	     ":: b == 1 -> b = 0\nfi;\nheld_a = 0;\nowner_b = 0\n"},
		{"CancelSpinlockRelease", "cancel", "alternate", "rel a", "bit held_a = 1;\nshort a = 1;\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diag diag;

		buf_clear(&out);
		cr_assert(model(rows[i].rule, rows[i].role, rows[i].reading, rows[i].text, &diag));
		cr_expect(has(rows[i].lines), "%s under %s: no\n%s\nin\n%s", rows[i].text, rows[i].reading,
		          rows[i].lines, out.data);
	}
}

Test(promela, the_end_starts_any)
{
	promela_end(&out, 2);
	cr_assert_str_eq(out.data, "init {\n\tif\n\t:: run case_0()\n\t:: run case_1()\n\tfi\n}\n");
}

Test(promela, a_rule_with_events_of_its_own_is_refused)
{
	const char *path = "suite/truth/test/every_event.yaml";
	struct buf text = {0};
	struct rule rule;
	struct seq seq;
	struct diag diag;

	cr_assert(buf_read_file(&text, path, 1 << 18), "tests run from the top of the project");
	cr_assert(rule_parse(&rule, &arena, path, arena_copy(&arena, text.data, text.len), text.len, &diag));
	buf_free(&text);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", "init a; acqs a", 14, &diag), "%s", diag.message);
	cr_assert_not(promela_sequence(&out, &seq, &rule, 0, rule.headline, 0, &diag));
	cr_assert(strstr(diag.message, "acquires and releases alone"), "%s", diag.message);
}
