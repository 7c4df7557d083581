/* handles: each acquire gets a queue handle of its own where that can be told. */
#include <criterion/criterion.h>

#include "handles.h"
#include "read.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(handles, .fini = end);

/* The sequence with handles of its own, as text. */
static const char *
own(const char *name, const char *text)
{
	struct buf out = {0};
	struct rule rule;
	struct diag diag;
	struct seq seq, named;
	const char *copy;

	cr_assert(rule_load(&rule, &arena, name, &diag), "%s", diag.message);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	named = handles_own(&seq, &arena, &rule, 0);
	seq_print(&out, &named, &rule);
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", copy, strlen(copy), &diag), "%s: %s", copy,
	          diag.message);
	return copy;
}

Test(handles, a_release_names_the_handle_of_the_acquire_that_leads_to_it)
{
	static const char *const rows[][2] = {
		{"acq a; rel a; acq a; rel a", "acq a; rel a; acq a/b; rel b"},
		{"acq a; if ? { rel a; return }; rel a; acq a; rel a",
	     "acq a; if ? { rel a; return }; rel a; acq a/b; rel b"},
		{"acq a; rel a; loop { acq a; work; rel a }", "acq a; rel a; loop { acq a/b; work; rel b }"},
		{"acq a; rel a; acq b; acq a; rel a; rel b", "acq a; rel a; acq b; acq a/c; rel c; rel b"},
		{"acq a; rel a; acq a; rel a; acq b; rel b", "acq a; rel a; acq a/b; rel b; acq b/c; rel c"},
		{"if p { acq a }; if p { rel a }; acq a; rel a", "if p { acq a }; if p { rel a }; acq a/b; rel b"},
		{"if p { acq a; rel a } else { acq a; rel a }", "if p { acq a; rel a } else { acq a/b; rel b }"},
		{"rel a; acq a; acq a", "rel a; acq a; acq a/b"},
		{"acq a; acq a; rel a; rel a", "acq a; acq a/b; rel b; rel b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(own("QueuedSpinLockRelease", rows[i][0]), rows[i][1], "%s: %s", rows[i][0],
		                 own("QueuedSpinLockRelease", rows[i][0]));
}

Test(handles, what_needs_no_other_handles_or_cannot_have_them_stays_as_it_is)
{
	static const struct {
		const char *why, *text;
	} rows[] = {
		{"each lock is acquired once", "acq a; acq b; rel b; rel a"},
		{"two acquires meet in one release", "if ? { acq a } else { acq a }; rel a"},
		{"they meet round a loop", "acq a; loop { rel a; acq a }; rel a"},
		{"handles are named", "acq a/a; rel a; acq a/b; rel a/b; acq a; rel a"},
		{"there are three handles", "acq a; rel a; acq a; rel a; acq a; rel a; acq a; rel a"},
		{"nothing leads to the release of b", "acq a; rel a; acq a; rel a; rel b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf plain = {0};
		struct rule rule;
		struct diag diag;
		struct seq seq;

		cr_assert(rule_load(&rule, &arena, "QueuedSpinLockRelease", &diag));
		cr_assert(seq_read(&seq, &arena, &rule, 0, "test", rows[i].text, strlen(rows[i].text), &diag));
		seq_print(&plain, &seq, &rule);
		cr_expect_str_eq(own("QueuedSpinLockRelease", rows[i].text), buf_string(&plain), "%s", rows[i].why);
		buf_free(&plain);
	}
	cr_expect_str_eq(own("SpinlockRelease", "acq a; rel a; acq a; rel a"), "acq a; rel a; acq a; rel a");
}
