/* edit: each kind of change gives the text expected, and none leaves an empty block or code behind a jump. */
#include <criterion/criterion.h>

#include "edit.h"
#include "read.h"
#include "space.h"

static struct arena arena;
static struct rule rule;

static void
begin(void)
{
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag), "%s", diag.message);
}

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(edit, .init = begin, .fini = end);

static void
parse(struct seq *seq, const char *text)
{
	struct diag diag;

	cr_assert(seq_read(seq, &arena, &rule, 0, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
}

static const char *
print(const struct seq *seq)
{
	struct buf out = {0};
	const char *copy;

	seq_print(&out, seq, &rule);
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	return copy;
}

/* What an edit makes of a sequence at one node; NULL: it does not fit there. Nodes count ELSE and END, too.
 */
struct row {
	enum edit edit;
	const char *from;
	unsigned at;
	const char *to;
};

static const struct row rows[] = {
	{EDIT_DROP_RELEASE, "acq a; rel a", 1, "acq a"},
	{EDIT_DROP_RELEASE, "acq a; rel a", 0, NULL},
	{EDIT_DROP_RELEASE, "acq a; if ? { rel a; return }; rel a", 2, "acq a; if ? { return }; rel a"},
	{EDIT_DROP_RELEASE, "acq a; if ? { rel a }", 2, NULL},
	{EDIT_DROP_RELEASE, "acq a; rel a", 2, NULL},
	{EDIT_DROP_RELEASE, "acq a; rel a", 99, NULL},
	{EDIT_DROP_ACQUIRE, "acq a; rel a", 0, "rel a"},
	{EDIT_DROP_ACQUIRE, "acq a; rel a", 1, NULL},
	{EDIT_DROP_ACQUIRE, "if p { work } else { acq a }", 4, NULL},
	{EDIT_ADD_RELEASE, "acq a; rel a; work", 1, "acq a; rel a; rel a; work"},
	{EDIT_ADD_RELEASE, "acq a; rel a; work", 0, NULL},
	{EDIT_ADD_ACQUIRE, "acq a; rel a", 0, "acq a; acq a; rel a"},
	{EDIT_ADD_ACQUIRE, "work", 0, NULL},
	{EDIT_SWAP, "acq a; work; rel a", 0, "work; acq a; rel a"},
	{EDIT_SWAP, "acq a; rel a", 0, "rel a; acq a"},
	{EDIT_SWAP, "acq a; rel a", 1, NULL},
	{EDIT_SWAP, "rel a; return", 0, NULL},
	{EDIT_SWAP, "acq a; if ? { work }", 0, NULL},
	{EDIT_SWAP, "if ? { acq a }; work", 1, NULL},
	{EDIT_MOVE_OUT, "loop { acq a; rel a }; work", 2, "loop { acq a }; rel a; work"},
	{EDIT_MOVE_OUT, "if ? { rel a; work } else { work }; work", 1,
     "if ? { work } else { work }; rel a; work"},
	{EDIT_MOVE_OUT, "if ? { work } else { rel a; work }", 3, "if ? { work } else { work }; rel a"},
	{EDIT_MOVE_OUT, "loop { rel a }", 1, NULL},
	{EDIT_MOVE_OUT, "acq a; rel a", 1, NULL},
	{EDIT_MOVE_OUT, "loop { rel a; if ? { work } }", 1, "loop { if ? { work } }; rel a"},
	{EDIT_MOVE_IN, "acq a; loop { work; rel a }", 0, "loop { acq a; work; rel a }"},
	{EDIT_MOVE_IN, "acq a; work; rel a", 0, NULL},
	{EDIT_MOVE_IN, "acq a", 0, NULL},
	{EDIT_WRONG_LOCK, "acq a; rel a; acq b; rel b", 1, "acq a; rel b; acq b; rel b"},
	{EDIT_WRONG_LOCK, "acq a; rel a", 1, NULL},
	{EDIT_WRONG_LOCK, "acq a; work; acq b", 1, NULL},
	{EDIT_EARLY_RETURN, "acq a; if ? { work }; rel a", 3, "acq a; if ? { work; return }; rel a"},
	{EDIT_EARLY_RETURN, "if ? { work } else { work }", 2, "if ? { work; return } else { work }"},
	{EDIT_EARLY_RETURN, "if ? { return }", 2, NULL},
	{EDIT_EARLY_RETURN, "acq a; rel a", 1, NULL},
	{EDIT_NEGATE, "if p { acq a }; if !p { rel a }", 0, "if !p { acq a }; if !p { rel a }"},
	{EDIT_NEGATE, "if p { acq a }; if !p { rel a }", 3, "if p { acq a }; if p { rel a }"},
	{EDIT_NEGATE, "if ? { acq a }", 0, NULL},
	{EDIT_NEGATE, "work", 0, NULL},
	{EDIT_OTHER_FLAG, "if p { acq a }; if q { work }", 0, "if q { acq a }; if q { work }"},
	{EDIT_OTHER_FLAG, "if p { acq a }; if p { rel a }", 0, NULL},
	{EDIT_OTHER_FLAG, "if ? { acq a }; if p { work }", 0, NULL},
	{EDIT_CONTINUE, "loop { acq a; if ? { work }; rel a }", 4,
     "loop { acq a; if ? { work; continue }; rel a }"},
	{EDIT_CONTINUE, "loop { acq a; rel a }", 3, NULL}, /* the loop's own end */
	{EDIT_CONTINUE, "acq a; if ? { work }; rel a", 3, NULL},
	{EDIT_BREAK, "loop { acq a; if ? { work } else { work }; rel a }", 4,
     "loop { acq a; if ? { work; break } else { work }; rel a }"},
	{EDIT_BREAK, "loop { work }; if ? { work }", 5, NULL},
	{EDIT_FORGET_FLAG, "if p { acq a }; if !p { rel a }", 3, "if p { acq a }; if ? { rel a }"},
	{EDIT_FORGET_FLAG, "if ? { acq a }", 0, NULL},
	{EDIT_DROP_SET, "p = 0; if ? { p = 1 }; if p { acq a }", 0, "if ? { p = 1 }; if p { acq a }"},
	{EDIT_DROP_SET, "p = 0; if ? { p = 1 }; if p { acq a }", 2, NULL},
	{EDIT_DROP_SET, "p = 0; if ? { acq a; p = 1 }; if p { rel a }", 3,
     "p = 0; if ? { acq a }; if p { rel a }"},
	{EDIT_DROP_SET, "acq a; rel a", 0, NULL},
	{EDIT_WRONG_VALUE, "p = 0; if p { acq a }", 0, "p = 1; if p { acq a }"},
	{EDIT_WRONG_VALUE, "p = 1; if p { acq a }", 0, "p = 0; if p { acq a }"},
	{EDIT_WRONG_VALUE, "p = q; if p { acq a }", 0, "p = !q; if p { acq a }"},
	{EDIT_WRONG_VALUE, "p = !q; if p { acq a }", 0, "p = q; if p { acq a }"},
	{EDIT_WRONG_VALUE, "p = !p; if p { acq a }", 0, NULL},
	{EDIT_WRONG_VALUE, "p = ?; if p { acq a }", 0, NULL},
	{EDIT_WRONG_VALUE, "if p { acq a }", 0, NULL},
	{EDIT_STOP_RETURN, "acq a; if ? { work; stop }; rel a", 3, "acq a; if ? { work; return }; rel a"},
	{EDIT_STOP_RETURN, "if ? { return }", 1, NULL},
	{EDIT_STOP_CALL, "acq a; if ? { stop }; rel a", 2, "acq a; if ? { work }; rel a"},
	{EDIT_STOP_CALL, "work", 0, NULL},
	{EDIT_DROP_BREAK, "loop { if ? { rel a; break }; work }", 3, "loop { if ? { rel a }; work }"},
	{EDIT_DROP_BREAK, "loop { if ? { break }; work }", 2, "loop { if ? { work }; work }"},
	{EDIT_DROP_BREAK, "loop { if ? { rel a } else { break } }", 4, "loop { if ? { rel a } else { work } }"},
	{EDIT_DROP_BREAK, "loop { continue }", 1, NULL},
};

static void
check_row(const struct row *row)
{
	struct seq seq, edited;
	bool made;

	parse(&seq, row->from);
	made = edit_make(&edited, &arena, &seq, &rule, row->edit, row->at);
	cr_expect_eq(made, row->to != NULL, "%s of '%s' at %u: %s", edit_name(row->edit), row->from, row->at,
	             made ? print(&edited) : "does not fit");
	if (made && row->to)
		cr_expect_str_eq(print(&edited), row->to, "%s of '%s' at %u: %s", edit_name(row->edit), row->from,
		                 row->at, print(&edited));
	cr_expect_str_eq(print(&seq), row->from);
}

Test(edit, each_gives_the_text_expected_and_leaves_its_source_alone)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
}

Test(edit, every_kind_has_a_row_that_fits_and_a_name_of_its_own)
{
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++) {
		unsigned fits = 0;

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			fits += rows[i].edit == edit && rows[i].to;
		cr_assert(fits || edit == EDIT_WRONG_HANDLE || edit == EDIT_IGNORE || edit_needs_own((enum edit)edit),
		          "%s", edit_name((enum edit)edit));
		for (unsigned other = 0; other < edit; other++)
			cr_assert_str_neq(edit_name((enum edit)edit), edit_name((enum edit)other));
	}
}

Test(edit, a_forgotten_result_leaves_what_a_success_did)
{
	static const struct {
		const char *from;
		unsigned at;
		const char *to;
	} of[] = {
		{"try a { work; rel a }", 0, "try a; work; rel a"},
		{"try a { rel a } else { return }; work", 0, "try a; rel a; work"},
		{"try a { if ? { rel a; return }; rel a }; work", 0, "try a; if ? { rel a; return }; rel a; work"},
		{"loop { try a { rel a; break } }; work", 1, "loop { try a; rel a; break }; work"},
		{"loop { try a { rel a; break }; work }", 1, NULL}, /* code behind a jump */
		{"p = try a; if p { rel a }", 0, NULL},
	};
	struct diag diag;
	unsigned role;

	cr_assert(rule_find_role(&rule, "dpc", &role));
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct seq seq, edited;
		bool made;

		cr_assert(seq_read(&seq, &arena, &rule, role, "test", of[i].from, strlen(of[i].from), &diag));
		made = edit_make(&edited, &arena, &seq, &rule, EDIT_IGNORE, of[i].at);
		cr_expect_eq(made, of[i].to != NULL, "%s", of[i].from);
		if (made && of[i].to)
			cr_expect_str_eq(print(&edited), of[i].to);
	}
}

static const struct row own_rows[] = {
	{EDIT_DROP_EVENT, "init a; acq a; rel a", 0, "acq a; rel a"},
	{EDIT_DROP_EVENT, "init a; acq a; rel a", 1, NULL},
	{EDIT_DROP_EVENT, "if ? { block }", 1, NULL}, /* a block that is empty */
	{EDIT_ADD_EVENT, "acq a; touch b; rel a", 1, "acq a; touch b; touch b; rel a"},
	{EDIT_ADD_EVENT, "acq a; touch b; rel a", 0, NULL},
	{EDIT_OTHER_EVENT, "acq a; touch b", 1, "acq a; init b"},
	{EDIT_OTHER_EVENT, "block", 0, NULL}, /* no other names no lock */
	{EDIT_OTHER_EVENT, "acq a", 0, NULL},
	{EDIT_SWAP, "acq a; block", 0, "block; acq a"},
	{EDIT_SWAP, "init a; touch a", 0, "touch a; init a"},
	{EDIT_SWAP, "touch a; touch a", 0, NULL},
	{EDIT_MOVE_OUT, "if ? { work; block }; acq a", 2, "if ? { work }; block; acq a"},
	{EDIT_MOVE_IN, "touch a; if ? { work }", 0, "if ? { touch a; work }"},
	{EDIT_WRONG_LOCK, "touch a; acq b", 0, "touch b; acq b"},
	{EDIT_WRONG_LOCK, "block; acq a; acq b", 0, NULL},
};

Test(edit, events_of_a_rule_s_own_are_edited_like_others)
{
	static const struct rule_event event[] = {
		{.word = "init", .names_lock = true}, {.word = "block"}, {.word = "touch", .names_lock = true}};

	rule.events = sizeof event / sizeof *event;
	memcpy(rule.event, event, sizeof event);
	for (size_t i = 0; i < sizeof own_rows / sizeof *own_rows; i++)
		check_row(&own_rows[i]);
}

static const struct row type_rows[] = {
	{EDIT_WRONG_LOCK, "acq a; acq b; rel b", 2, "acq a; acq b; rel a"},
	{EDIT_WRONG_LOCK, "acq a; acq c; rel c", 2, NULL}, /* a's call gives back no c */
	{EDIT_WRONG_LOCK, "acq c; acq a; rel a", 2, NULL},
	{EDIT_WRONG_LOCK, "acq b; acq c; acq a", 0, "acq a; acq c; acq a"},
	{EDIT_WRONG_LOCK, "acqs c; acq b; acq a", 0, NULL},
	{EDIT_OTHER_EVENT, "touch a", 0, NULL}, /* which c alone has */
	{EDIT_OTHER_EVENT, "acqs c", 0, "rels c"},
	{EDIT_OTHER_EVENT, "rels c", 0, "acqs c"},
	{EDIT_ADD_RELEASE, "acq c; rel c", 1, "acq c; rel c; rel c"},
};

Test(edit, a_lock_becomes_one_of_its_type)
{
	struct buf text = {0};
	struct diag diag;

	cr_assert(buf_read_file(&text, "suite/truth/test/two_types.yaml", 1 << 18), "tests run from the top");
	cr_assert(rule_parse(&rule, &arena, "types", arena_copy(&arena, text.data, text.len), text.len, &diag),
	          "%s", diag.message);
	for (size_t i = 0; i < sizeof type_rows / sizeof *type_rows; i++)
		check_row(&type_rows[i]);
	buf_free(&text);
}

Test(edit, a_wrong_handle_is_one_that_the_sequence_names_anyway)
{
	struct seq seq, edited;
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "QueuedSpinLockRelease", &diag));
	parse(&seq, "acq a; rel a; acq b; rel b");
	cr_assert(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_HANDLE, 1));
	cr_assert_str_eq(print(&edited), "acq a; rel b; acq b; rel b");
	cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_HANDLE, 2), "an acquire");
	parse(&seq, "acq a; rel a");
	cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_HANDLE, 1), "there is no other");
	cr_assert(rule_load(&rule, &arena, "SpinlockRelease", &diag));
	parse(&seq, "acq a; rel a; acq b; rel b");
	cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_HANDLE, 1), "a rule without handles");
}

Test(edit, a_queue_handle_stays_with_one_acquire)
{
	struct seq seq, edited;
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "QueuedSpinLockRelease", &diag));
	parse(&seq, "acq a; rel a; acq b; rel b");
	cr_assert(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_LOCK, 0));
	cr_assert_str_eq(print(&edited), "acq b/a; rel a; acq b; rel b");
	cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_LOCK, 1), "a release names no lock");
	cr_assert(edit_make(&edited, &arena, &seq, &rule, EDIT_ADD_ACQUIRE, 0));
	cr_assert_str_eq(print(&edited), "acq a; acq a/c; rel a; acq b; rel b");
	parse(&seq, "acq a; acq b; acq c; rel c; rel b; rel a");
	cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_ADD_ACQUIRE, 0), "no handle is left");
}

Test(edit, the_cancel_lock_has_no_other)
{
	struct seq seq, edited;
	struct diag diag;

	cr_assert(rule_load(&rule, &arena, "CancelSpinlockRelease", &diag));
	parse(&seq, "acq a; rel a");
	for (unsigned at = 0; at < seq.count; at++)
		cr_assert_not(edit_make(&edited, &arena, &seq, &rule, EDIT_WRONG_LOCK, at));
}

/* Whether a block is empty, or something stands behind a jump in the same block. */
static bool
is_malformed(const struct seq *seq)
{
	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned op = seq->node[i].op, next = i + 1 < seq->count ? seq->node[i + 1].op : SEQ_END;
		bool opens = seq_opens(op) || op == SEQ_ELSE;
		bool jumps = seq_jumps(op);
		bool closes = next == SEQ_END || next == SEQ_ELSE;

		if ((opens && closes) || (jumps && !closes))
			return true;
	}
	return false;
}

/* All edits at all places of one sequence; returns how many fit. */
static unsigned
edit_everywhere(const struct seq *seq, unsigned role, struct arena *scratch)
{
	struct buf before = {0}, after = {0};
	unsigned made = 0;

	seq_print(&before, seq, &rule);
	for (unsigned edit = 0; edit < EDIT_COUNT; edit++)
		for (unsigned at = 0; at < seq->count; at++) {
			struct seq edited, again;
			struct diag diag;

			if (!edit_make(&edited, scratch, seq, &rule, (enum edit)edit, at))
				continue;
			made++;
			buf_clear(&after);
			seq_print(&after, &edited, &rule);
			cr_assert_not(is_malformed(&edited), "%s of '%s' at %u: '%s'", edit_name((enum edit)edit),
			              buf_string(&before), at, buf_string(&after));
			cr_assert(seq_read(&again, scratch, &rule, role, "test", buf_string(&after), after.len, &diag),
			          "%s of '%s': '%s': %s", edit_name((enum edit)edit), buf_string(&before),
			          buf_string(&after), diag.message);
			cr_assert(again.count == edited.count && again.size == edited.size);
			for (uint32_t i = 0; i < again.count; i++)
				cr_assert_eq(again.node[i].number, edited.node[i].number);
			cr_assert_str_neq(buf_string(&before), buf_string(&after), "%s at %u changes nothing",
			                  edit_name((enum edit)edit), at);
		}
	buf_free(&before);
	buf_free(&after);
	arena_reset(scratch);
	return made;
}

Test(edit, none_leaves_an_empty_block_or_code_behind_a_jump_up_to_size_4)
{
	struct arena scratch = {0};
	unsigned made = 0;

	for (unsigned role = 0; role < rule.roles; role++)
		for (unsigned size = 0; size <= 4; size++) {
			struct space space;

			cr_assert(space_init(&space, &rule, role, SPACE_PLAIN, size, size < 4 ? 2 : 1));
			for (bool more = space_first(&space); more; more = space_next(&space))
				made += edit_everywhere(&space.seq, role, &scratch);
			space_free(&space);
			cr_assert(space_init(&space, &rule, role, SPACE_STATE, size < 4 ? size : 3, 1));
			for (bool more = space_first(&space); more; more = space_next(&space))
				made += edit_everywhere(&space.seq, role, &scratch);
			space_free(&space);
		}
	arena_free(&scratch);
	cr_assert_gt(made, 10000U, "only %u edits", made);
}
