/* Sequences as text: round trips, refusals with their places, and what can be read off a sequence.
 *
 * Most tests are tables; a row that fails is named by its text.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "live.h"
#include "read.h"
#include "seq.h"
#include "space.h"

static struct arena arena;
static struct rule rule;
static char loaded[64];

/* Loads a rule into `rule`; the role by name. */
static unsigned
use(const char *name, const char *role)
{
	struct diag diag;
	unsigned index = 0;

	if (strcmp(name, loaded)) {
		cr_assert(rule_load(&rule, &arena, name, &diag), "%s: %s", name, diag.message);
		snprintf(loaded, sizeof loaded, "%s", name);
	}
	if (role)
		cr_assert(rule_find_role(&rule, role, &index), "%s has no role %s", name, role);
	return index;
}

static bool
parse(struct seq *seq, unsigned role, const char *text, struct diag *diag)
{
	return seq_read(seq, &arena, &rule, role, "test", text, strlen(text), diag);
}

static bool
same(const struct seq *one, const struct seq *two)
{
	if (one->count != two->count || one->size != two->size)
		return false;
	for (uint32_t i = 0; i < one->count; i++) {
		struct seq_node a = one->node[i], b = two->node[i];

		a.offset = b.offset = 0;
		if (memcmp(&a, &b, sizeof a))
			return false;
	}
	return true;
}

/* Prints and reads back every sequence of a space. */
static void
round_trip(unsigned role, enum space_alphabet alphabet, unsigned size, unsigned locks)
{
	struct space space;
	struct buf out = {0};
	struct arena own = {0};

	cr_assert(space_init(&space, &rule, role, alphabet, size, locks));
	for (bool go = space_first(&space); go; go = space_next(&space)) {
		struct seq back;
		struct diag diag;

		buf_clear(&out);
		seq_print(&out, &space.seq, &rule);
		cr_assert(seq_read(&back, &own, &rule, role, "test", buf_string(&out), out.len, &diag), "%s: %s",
		          buf_string(&out), diag.message);
		cr_assert(same(&space.seq, &back), "%s", buf_string(&out));
		arena_reset(&own);
	}
	arena_free(&own);
	buf_free(&out);
	space_free(&space);
}

Test(seq, enumerated_sequences_are_read_back_as_they_were_printed)
{
	const char *const name[] = {"CancelSpinlockRelease", "SpinlockRelease", "QueuedSpinLockRelease",
	                            "WdfSpinlockRelease", "SpinLockRelease"};

	for (size_t n = 0; n < sizeof name / sizeof *name; n++) {
		use(name[n], NULL);
		for (unsigned role = 0; role < rule.roles; role++) {
			for (unsigned size = 0; size <= 4; size++)
				round_trip(role, SPACE_PLAIN, size, size < 4 ? RULE_LOCKS : 2);
			for (unsigned size = 0; size <= 3; size++)
				round_trip(role, SPACE_STATE, size, size < 3 ? RULE_LOCKS : 1);
		}
	}
}

Test(seq, texts_are_printed_in_the_canonical_layout)
{
	static const struct {
		const char *rule, *role, *text, *printed;
	} row[] = {
		{"SpinlockRelease", NULL, "", ""},
		{"SpinlockRelease", NULL, " ;;\n;", ""},
		{"SpinlockRelease", NULL, "acq a; if p { rel a; return } else { work }; rel a",
	     "acq a; if p { rel a; return } else { work }; rel a"},
		{"SpinlockRelease", NULL, "acq a if p{rel a return}else{work}rel a",
	     "acq a; if p { rel a; return } else { work }; rel a"},
		{"SpinlockRelease", NULL, "acq a\r\nif ! q {\r\n\trel a\r\n}\r\nelse {\r\n}\r\n",
	     "acq a; if !q { rel a } else {}"},
		{"SpinlockRelease", NULL,
	     "\xef\xbb\xbf"
	     "acq b; rel b",
	     "acq b; rel b"},
		{"SpinlockRelease", NULL, "loop {}", "loop {}"},
		{"SpinlockRelease", NULL, "if w {} else {}; work", "if w {} else {}; work"},
		{"SpinlockRelease", NULL, "loop { if ? { break } else { continue }; work; return; work }",
	     "loop { if ? { break } else { continue }; work; return; work }"},
		{"SpinlockRelease", NULL, "acq a : KeAcquireSpinLockRaiseToDpc rel a:KeReleaseSpinLock",
	     "acq a:KeAcquireSpinLockRaiseToDpc; rel a:KeReleaseSpinLock"},
		{"SpinlockRelease", "dpc", "try c { loop { rel c; break } } else { try a {} }",
	     "try c { loop { rel c; break } } else { try a {} }"},
		{"SpinlockRelease", "dpc", "try a:KeTryToAcquireSpinLockAtDpcLevel { rel a }",
	     "try a:KeTryToAcquireSpinLockAtDpcLevel { rel a }"},
		{"QueuedSpinLockRelease", NULL, "acq a / b; rel b", "acq a/b; rel b"},
		{"QueuedSpinLockRelease", NULL, "acq a/b; rel a/b", "acq a/b; rel a/b"},
		{"QueuedSpinLockRelease", NULL, "acq c/c; rel c/c", "acq c; rel c"},
		{"QueuedSpinLockRelease", NULL, "acq a/b:KeAcquireInStackQueuedSpinLock; rel b",
	     "acq a/b:KeAcquireInStackQueuedSpinLock; rel b"},
		{"SpinlockRelease", NULL, "p=0 q=1;r=?w=!v t=u", "p = 0; q = 1; r = ?; w = !v; t = u"},
		{"SpinlockRelease", NULL, "p = ! p", "p = !p"},
		{"SpinlockRelease", NULL, "forever{acq a stop}", "forever { acq a; stop }"},
		{"SpinlockRelease", NULL, "forever {} work stop stop", "forever {}; work; stop; stop"},
		{"SpinlockRelease", NULL, "forever { loop { break }; if ? { break } else { continue } }",
	     "forever { loop { break }; if ? { break } else { continue } }"},
		{"SpinlockRelease", "dpc", "try a try b;p=try c", "try a; try b; p = try c"},
		{"SpinlockRelease", "dpc", "w = try a:KeTryToAcquireSpinLockAtDpcLevel rel a",
	     "w = try a:KeTryToAcquireSpinLockAtDpcLevel; rel a"},
		{"SpinlockRelease", "dpc", "try a {} else { try b }", "try a {} else { try b }"},
		{"CancelSpinlockRelease", "cancel", "rel a", "rel a"},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		unsigned role = use(row[i].rule, row[i].role);
		struct seq seq, back;
		struct diag diag;
		struct buf out = {0};

		cr_assert(parse(&seq, role, row[i].text, &diag), "%s: %u:%u: %s", row[i].text, diag.line, diag.column,
		          diag.message);
		seq_print(&out, &seq, &rule);
		cr_expect_str_eq(buf_string(&out), row[i].printed);
		cr_assert(parse(&back, role, buf_string(&out), &diag), "%s", buf_string(&out));
		cr_expect(same(&seq, &back), "%s", row[i].text);
		buf_free(&out);
	}
}

/* A text that is refused: place, and a part of the message. */
struct refusal {
	const char *rule, *role, *text;
	unsigned line, column;
	const char *message;
};

static void
refuse(const struct refusal *row, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned role = use(row[i].rule, row[i].role);
		struct seq seq;
		struct diag diag = {0};

		cr_assert(!parse(&seq, role, row[i].text, &diag), "not refused: %s", row[i].text);
		cr_expect(diag.line == row[i].line && diag.column == row[i].column, "%s: refused at %u:%u, not %u:%u",
		          row[i].text, diag.line, diag.column, row[i].line, row[i].column);
		cr_expect(strstr(diag.message, row[i].message), "%s: %s", row[i].text, diag.message);
		cr_expect(strstr(diag.message, "expected"), "%s: %s", row[i].text, diag.message);
	}
}

#define REFUSE(row) refuse(row, sizeof row / sizeof *row)

Test(seq, what_the_grammar_lacks_is_refused_where_it_stands)
{
	static const struct refusal row[] = {
		{"SpinlockRelease", NULL, "acquire a", 1, 1,
	     "expected acq, rel, if, loop, forever, return, stop, work, a flag (p to w), ; or the end, "
	     "found `acquire`"},
		{"SpinlockRelease", NULL, "acq", 1, 4, "expected a, b or c, found the end"},
		{"SpinlockRelease", NULL, "acq; a", 1, 4, "expected a, b or c, found `;`"},
		{"SpinlockRelease", NULL, "acq a\nrel d", 2, 5, "expected a, b or c, found `d`"},
		{"SpinlockRelease", NULL, "acq a a", 1, 7, "found `a`"},
		{"SpinlockRelease", NULL, "if { work }", 1, 4, "expected ?, ! or a flag (p to w), found `{`"},
		{"SpinlockRelease", NULL, "if !? { work }", 1, 5, "expected a flag (p to w), found `?`"},
		{"SpinlockRelease", NULL, "if x { work }", 1, 4, "found `x`"},
		{"SpinlockRelease", NULL, "if o { work }", 1, 4, "found `o`"},
		{"SpinlockRelease", NULL, "if p work", 1, 6, "expected {, found `work`"},
		{"SpinlockRelease", NULL, "if p { work", 1, 12, "or }, found the end"},
		{"SpinlockRelease", NULL, "if p { work }}", 1, 14, "expected else, acq, rel"},
		{"SpinlockRelease", NULL, "if p { work }; else { work }", 1, 16, "or the end, found `else`"},
		{"SpinlockRelease", NULL, "loop { work } else { work }", 1, 15, "found `else`"},
		{"SpinlockRelease", NULL, "loop ? { work }", 1, 6, "expected {, found `?`"},
		{"SpinlockRelease", NULL, "work\r\n\r\n  }", 3, 3, "found `}`"},
		{"SpinlockRelease", NULL,
	     "\xef\xbb\xbf"
	     "aqc a",
	     1, 1, "found `aqc`"},
		{"SpinlockRelease", NULL, "work; \xc3\xa9", 1, 7, "found `\\xc3`"},
		{"SpinlockRelease", NULL, "loop { if ? { break } }; if ? { break }", 1, 33,
	     "break outside a loop: expected acq, rel, if, loop, forever, return, stop, work, a flag (p to w), ; "
	     "or }, found `break`"},
		{"SpinlockRelease", NULL, "continue", 1, 1, "continue outside a loop: expected acq"},
		{"SpinlockRelease", NULL, "work; p", 1, 8, "expected =, found the end"},
		{"SpinlockRelease", NULL, "p == 1", 1, 4, "expected 0, 1, ?, ! or a flag (p to w), found `=`"},
		{"SpinlockRelease", NULL, "p = 2", 1, 5, "expected 0, 1, ?, ! or a flag (p to w), found `2`"},
		{"SpinlockRelease", NULL, "p = 01", 1, 5, "found `01`"},
		{"SpinlockRelease", NULL, "p = !1", 1, 6, "expected a flag (p to w), found `1`"},
		{"SpinlockRelease", NULL, "p =\nq; q = !?", 2, 9, "expected a flag (p to w), found `?`"},
		{"SpinlockRelease", NULL, "a = 1", 1, 1, "or the end, found `a`"},
		{"SpinlockRelease", NULL, "x = 1", 1, 1, "a flag (p to w), ; or the end, found `x`"},
		{"SpinlockRelease", NULL, "if p = 1 { work }", 1, 6, "expected {, found `=`"},
		{"SpinlockRelease", NULL, "forever work", 1, 9, "expected {, found `work`"},
		{"SpinlockRelease", NULL, "forever { work } else { work }", 1, 18, "found `else`"},
		{"SpinlockRelease", NULL, "forever ? { work }", 1, 9, "expected {, found `?`"},
		{"SpinlockRelease", NULL, "stop {", 1, 6, "found `{`"},
		{"SpinlockRelease", NULL, "forever { stop }; break", 1, 19, "break outside a loop"},
		{"SpinlockRelease", "dpc", "p = try", 1, 8, "expected a, b or c, found the end"},
		{"SpinlockRelease", "dpc", "p = try a { work }", 1, 11, "found `{`"},
		{"SpinlockRelease", "dpc", "p = !try a", 1, 6, "expected a flag (p to w), found `try`"},
		{"SpinlockRelease", "dpc", "p = acq a", 1, 5,
	     "expected 0, 1, ?, try, ! or a flag (p to w), found `acq`"},
		{"SpinlockRelease", "dpc", "try a else { work }", 1, 7, "expected :, {, acq"},
	};

	REFUSE(row);
}

Test(seq, what_rule_or_role_lack_is_refused_where_it_stands)
{
	static const struct refusal row[] = {
		{"SpinlockRelease", "dispatch", "work; try a { rel a }", 1, 7,
	     "SpinlockRelease has no try in role dispatch: expected acq"},
		{"QueuedSpinLockRelease", NULL, "try a { rel a }", 1, 1, "QueuedSpinLockRelease has no try"},
		{"SpinlockRelease", "dispatch", "work; try a", 1, 7, "SpinlockRelease has no try in role dispatch"},
		{"SpinlockRelease", "dispatch", "p = try a", 1, 5,
	     "SpinlockRelease has no try in role dispatch: expected 0, 1, ?, ! or a flag (p to w), found `try`"},
		{"SpinlockRelease", "dpc", "p = try a/b", 1, 10, "SpinlockRelease has no queue handles"},
		{"CancelSpinlockRelease", NULL, "acq b", 1, 5,
	     "CancelSpinlockRelease has 1 lock: expected a, found `b`"},
		{"CancelSpinlockRelease", "cancel", "rel a; rel c", 1, 12, "expected a, found `c`"},
		{"SpinlockRelease", NULL, "acq a/b", 1, 6, "SpinlockRelease has no queue handles: expected :, acq"},
		{"SpinlockRelease", "dpc", "try a/b { work }", 1, 6, "no queue handles: expected :, {, acq"},
		{"SpinlockRelease", NULL, "acq a:KfAcquireSpinLock", 1, 7, "KeAcquireSpinLockRaiseToDpc"},
		{"SpinlockRelease", NULL, "acq a:KfAcquireSpinLock", 1, 7, "found `KfAcquireSpinLock`"},
		{"SpinlockRelease", NULL, "acq a:KeReleaseSpinLock", 1, 7, "found `KeReleaseSpinLock`"},
		{"SpinlockRelease", NULL, "rel a:KeAcquireSpinLock", 1, 7, "KeReleaseSpinLock"},
		{"SpinlockRelease", NULL, "acq a:KeTryToAcquireSpinLockAtDpcLevel", 1, 7, "found"},
		{"SpinlockRelease", NULL, "acq a:", 1, 7, "found the end"},
		{"QueuedSpinLockRelease", NULL, "acq a/d", 1, 7, "expected a, b or c, found `d`"},
	};

	REFUSE(row);
}

Test(seq, what_some_path_forbids_is_refused_at_its_statement)
{
	static const struct refusal row[] = {
		{"QueuedSpinLockRelease", NULL, "acq a/b; acq b", 1, 10,
	     "queue handle b can be in use for lock a here"},
		{"QueuedSpinLockRelease", NULL, "loop { acq a/b; if ? { rel b } };\nacq c/b", 2, 1,
	     "in use for lock a"},
		{"QueuedSpinLockRelease", NULL, "acq a; loop { if p { rel a }; acq b/a }", 1, 31,
	     "queue handle a can be in use"},
		{"QueuedSpinLockRelease", NULL, "acq a/b; rel c/b", 1, 10,
	     "queue handle b can hold lock a here: expected lock a, or handle b alone"},
		{"QueuedSpinLockRelease", NULL, "acq a/b; acq a/b; rel b; acq b; rel a/b", 1, 33, "lock b"},
		{"QueuedSpinLockRelease", NULL,
	     "\xef\xbb\xbf"
	     "if p { acq a/b } else { work }\r\nwork\r\n if ? { acq c/b }",
	     3, 9, "in use for lock a"},
		{"QueuedSpinLockRelease", NULL, "forever { acq a/b; if ? { break }; rel b }; acq c/b", 1, 45,
	     "in use for lock a"},
	};

	REFUSE(row);
}

Test(seq, what_no_path_forbids_is_accepted)
{
	static const struct {
		const char *rule, *role, *text;
	} row[] = {
		{"QueuedSpinLockRelease", NULL, "acq a/b; rel b; acq b"},
		{"QueuedSpinLockRelease", NULL, "if p { acq a/b }; if !p { acq b }; rel b"},
		{"QueuedSpinLockRelease", NULL, "acq a; acq a; rel a; rel a"},
		{"QueuedSpinLockRelease", NULL, "acq a; acq a/b; rel b; rel a"},
		{"QueuedSpinLockRelease", NULL, "rel a/b"},
		{"QueuedSpinLockRelease", NULL, "acq a/b; return; acq b"},
		{"SpinlockRelease", NULL, "rel a:KeReleaseSpinLockFromDpcLevel"},
		{"SpinlockRelease", NULL, "acq a; rel a; rel a:KeReleaseSpinLockFromDpcLevel"},
		{"SpinlockRelease", NULL, "acq a:KeAcquireSpinLockRaiseToDpc; rel a"},
		{"SpinlockRelease", NULL,
	     "if p { acq a:KeAcquireSpinLockAtDpcLevel } else { acq a };"
	     " if p { rel a:KeReleaseSpinLockFromDpcLevel } else { rel a }"},
		{"SpinlockRelease", "dpc", "acq a; try a { rel a:KeReleaseSpinLock }; rel a"},
		{"CancelSpinlockRelease", "cancel", "rel a:IoReleaseCancelSpinLock"},
		{"SpinlockRelease", NULL, "p = 1; acq a:KeAcquireSpinLockAtDpcLevel; if !p { rel a }"},
		{"SpinlockRelease", NULL, "acq a:KeAcquireSpinLockAtDpcLevel; if ? { stop; rel a }"},
		{"SpinlockRelease", NULL, "acq a:KeAcquireSpinLockAtDpcLevel; forever { work }; rel a"},
		{"SpinlockRelease", "dpc", "p = try a; if !p { rel a:KeReleaseSpinLock }"},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		unsigned role = use(row[i].rule, row[i].role);
		struct seq seq;
		struct diag diag;

		cr_expect(parse(&seq, role, row[i].text, &diag), "%s: %s", row[i].text, diag.message);
	}
}

/* `count` times one piece, then `close` times another. */
static bool
parse_many(const char *piece, unsigned count, const char *closing, unsigned close, struct diag *diag)
{
	struct buf text = {0};
	struct seq seq;
	bool parsed;

	for (unsigned i = 0; i < count; i++)
		buf_puts(&text, piece);
	for (unsigned i = 0; i < close; i++)
		buf_puts(&text, closing);
	parsed = parse(&seq, 0, buf_string(&text), diag);
	buf_free(&text);
	return parsed;
}

Test(seq, depth_and_length_end_at_their_limits)
{
	struct diag diag = {0};

	use("SpinlockRelease", NULL);
	cr_expect(parse_many("loop{", SEQ_MAX_DEPTH, "}", SEQ_MAX_DEPTH, &diag), "%s", diag.message);
	cr_expect(!parse_many("loop{", SEQ_MAX_DEPTH + 1, "}", SEQ_MAX_DEPTH + 1, &diag));
	cr_expect(diag.column == 5 * (SEQ_MAX_DEPTH + 1), "%u", diag.column);
	cr_expect(strstr(diag.message, "at most 64 levels"), "%s", diag.message);
	cr_expect(parse_many("acq a\n", SEQ_MAX_STATEMENTS, "", 0, &diag), "%s", diag.message);
	cr_expect(!parse_many("acq a\n", SEQ_MAX_STATEMENTS + 1, "", 0, &diag));
	cr_expect(diag.line == SEQ_MAX_STATEMENTS + 1 && diag.column == 1, "%u", diag.line);
	cr_expect(strstr(diag.message, "at most 1000"), "%s", diag.message);
	cr_expect(!parse_many("{", 100000, "", 0, &diag));
}

/* A sequence of operations without more, with numbers of no use. */
static struct seq
put_together(const unsigned char *ops, unsigned count)
{
	struct seq seq = {.count = count, .size = 99};

	seq.node = arena_alloc(&arena, count * sizeof *seq.node);
	for (unsigned i = 0; i < count; i++)
		seq.node[i] = (struct seq_node){.op = ops[i], .number = 99, .offset = 99};
	return seq;
}

Test(seq, nodes_put_together_get_the_numbers_that_a_text_has)
{
	static const unsigned char ops[] = {SEQ_IF,  SEQ_ACQ,   SEQ_RETURN, SEQ_ELSE, SEQ_FOREVER,
	                                    SEQ_REL, SEQ_BREAK, SEQ_END,    SEQ_END,  SEQ_WORK};
	static const unsigned numbers[] = {1, 2, 3, 1, 4, 5, 6, 4, 1, 7};
	struct seq seq = put_together(ops, sizeof ops);

	cr_assert(seq_finish(&seq));
	cr_expect_eq(seq.size, 7);
	for (unsigned i = 0; i < sizeof ops; i++) {
		cr_expect_eq(seq.node[i].number, numbers[i], "node %u: %u", i, seq.node[i].number);
		cr_expect_eq(seq.node[i].offset, 0);
	}
	seq = put_together(ops, 0);
	cr_expect(seq_finish(&seq) && !seq.size);
}

Test(seq, nodes_that_no_case_may_have_are_refused)
{
	static const struct {
		unsigned count;
		unsigned char ops[5];
	} rows[] = {
		{2, {SEQ_LOOP, SEQ_END}},
		{4, {SEQ_IF, SEQ_ELSE, SEQ_WORK, SEQ_END}},
		{4, {SEQ_IF, SEQ_WORK, SEQ_ELSE, SEQ_END}},
		{2, {SEQ_RETURN, SEQ_WORK}},
		{5, {SEQ_LOOP, SEQ_BREAK, SEQ_IF, SEQ_END, SEQ_END}},
	};
	unsigned char deep[2 * SEQ_MAX_DEPTH + 3];
	struct seq seq;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		seq = put_together(rows[i].ops, rows[i].count);
		cr_expect_not(seq_finish(&seq), "row %u", (unsigned)i);
	}
	memset(deep, SEQ_LOOP, SEQ_MAX_DEPTH + 1);
	deep[SEQ_MAX_DEPTH + 1] = SEQ_WORK;
	memset(deep + SEQ_MAX_DEPTH + 2, SEQ_END, SEQ_MAX_DEPTH + 1);
	seq = put_together(deep, sizeof deep);
	cr_expect_not(seq_finish(&seq), "one too deep");
	seq = put_together(deep + 1, sizeof deep - 2);
	cr_expect(seq_finish(&seq));
}

Test(seq, texts_cut_anywhere_are_refused_or_read_without_harm)
{
	const char *text = "\xef\xbb\xbf"
					   "acq a/b:KeAcquireInStackQueuedSpinLock;\r\n"
					   "if !p { loop { rel b; break } } else { return }; rel a/b";
	unsigned role = use("QueuedSpinLockRelease", NULL);
	size_t length = strlen(text);

	for (size_t end = 0; end <= length; end++)
		for (unsigned byte = 0; byte < 256; byte += 5) {
			struct arena own = {0};
			char *copy = arena_copy(&own, text, length);
			struct seq seq;
			struct diag diag = {0};

			if (end < length)
				copy[end] = (char)byte;
			if (!seq_read(&seq, &own, &rule, role, "test", copy, length, &diag))
				cr_expect(diag.line && diag.column && diag.message[0]);
			if (!seq_read(&seq, &own, &rule, role, "test", copy, end, &diag))
				cr_expect(diag.line && diag.column && diag.message[0]);
			arena_free(&own);
		}
}

Test(seq, numbers_offsets_and_blocks_follow_the_text)
{
	const char *text = "acq b; if q { rel b } else { work }; loop { work }";
	unsigned role = use("SpinlockRelease", NULL);
	static const struct {
		uint8_t op;
		uint16_t number;
		uint32_t offset;
	} node[] = {{SEQ_ACQ, 1, 0},  {SEQ_IF, 2, 7},    {SEQ_REL, 3, 14},  {SEQ_ELSE, 2, 22}, {SEQ_WORK, 4, 29},
	            {SEQ_END, 2, 35}, {SEQ_LOOP, 5, 37}, {SEQ_WORK, 6, 44}, {SEQ_END, 5, 50}};
	struct seq seq;
	struct diag diag;

	cr_assert(parse(&seq, role, text, &diag));
	cr_assert(seq.count == 9 && seq.size == 6);
	for (size_t i = 0; i < 9; i++)
		cr_expect(seq.node[i].op == node[i].op && seq.node[i].number == node[i].number &&
		              seq.node[i].offset == node[i].offset,
		          "node %zu at %u", i, seq.node[i].offset);
	cr_expect(seq_block_end(&seq, 2) == 3);
	cr_expect(seq_block_end(&seq, 4) == 5);
	cr_expect(seq_block_end(&seq, 7) == 8);
	cr_expect(seq_flags(&seq) == 2);
	cr_expect(seq_locks(&seq) == 2);
}

Test(seq, flags_are_those_that_are_tested_set_or_read)
{
	static const struct {
		const char *text;
		unsigned flags, set, moving, fresh;
		bool correlates;
	} row[] = {
		{"if q { work }", 2, 0, 0, 0, false},
		{"p = 0", 1, 1, 0, 1, false},
		{"p = q", 3, 1, 0, 1, false},
		{"p = !p", 1, 1, 0, 0, true},
		{"p = 0; if p { work }", 1, 1, 0, 1, true},
		{"r = try a", 4, 4, 0, 4, false},
		{"try a", 0, 0, 0, 0, false},
		{"loop { p = 0 }", 1, 1, 0, 1, false},
		{"if q { p = 0 }; p = 1; q = 1; r = 1", 7, 7, 0, 5, true},
		{"loop { p = 0 }; if p { work }", 1, 1, 1, 0, true},
		{"p = 0; loop { if p { work } }", 1, 1, 0, 1, true},
		{"forever { if ? { q = try a } }; p = q", 3, 3, 2, 3, true},
		{"forever { p = q; q = p; r = 1 }", 7, 7, 3, 5, true},
	};
	unsigned role = use("SpinlockRelease", "dpc");

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct seq seq;
		struct diag diag;

		cr_assert(parse(&seq, role, row[i].text, &diag), "%s: %s", row[i].text, diag.message);
		cr_expect_eq(seq_flags(&seq), row[i].flags, "%s", row[i].text);
		cr_expect_eq(seq_flags_set(&seq), row[i].set, "%s", row[i].text);
		cr_expect_eq(seq_flags_moving(&seq), row[i].moving, "%s", row[i].text);
		cr_expect_eq(live_look(&seq).fresh, row[i].fresh, "%s", row[i].text);
		cr_expect_eq(seq_correlates(&seq), row[i].correlates, "%s", row[i].text);
	}
}

Test(seq, a_flag_is_set_before_it_is_read_or_is_so_only_where_a_stop_does_not_return)
{
	static const struct {
		const char *text;
		unsigned fresh, sure;
	} row[] = {
		{"p = 1; if ? { stop }; if p { work }", 1, 1},
		{"if ? { p = 1 } else { stop }; if p { work }", 1, 0},
		{"if ? { p = 1; q = ? } else { q = 0; stop }; if p { if q { work } }", 3, 2},
		{"loop { if ? { p = 1; stop }; if p { work } }", 0, 0},
		{"forever { if ? { stop }; p = 1; if p { break } }", 1, 1},
		{"forever { if ? { p = 1; break }; stop }; if p { work }", 1, 1},
		{"if p { if ? { p = 0 } else { stop } }; if p { work }", 0, 0},
	};
	unsigned role = use("SpinlockRelease", "dpc");

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct seq seq;
		struct diag diag;
		struct live live;

		cr_assert(parse(&seq, role, row[i].text, &diag), "%s: %s", row[i].text, diag.message);
		live = live_look(&seq);
		cr_expect_eq(live.fresh, row[i].fresh, "%s", row[i].text);
		cr_expect_eq(live.sure, row[i].sure, "%s", row[i].text);
	}
}

Test(seq, calls_are_those_of_the_role_unless_named)
{
	unsigned role = use("SpinlockRelease", "dpc");
	struct seq seq;
	struct diag diag;

	cr_assert(parse(&seq, role, "acq a; rel a; try b {}; acq c:KeAcquireSpinLock", &diag));
	cr_expect_str_eq(seq_call(&seq.node[0], &rule, role)->name, "KeAcquireSpinLockAtDpcLevel");
	cr_expect_str_eq(seq_call(&seq.node[1], &rule, role)->name, "KeReleaseSpinLockFromDpcLevel");
	cr_expect_str_eq(seq_call(&seq.node[2], &rule, role)->name, "KeTryToAcquireSpinLockAtDpcLevel");
	cr_expect_str_eq(seq_call(&seq.node[4], &rule, role)->name, "KeAcquireSpinLock");
}

Test(seq, a_lock_is_named_only_where_its_type_has_the_call)
{
	static const struct {
		const char *text, *message;
		unsigned column;
	} row[] = {
		{"acqs a", "lock a is of type KSPIN_LOCK, which has no such call: expected c, found `a`", 6},
		{"p = trys b", "lock b is of type KSPIN_LOCK, which has no such call: expected c, found `b`", 10},
		{"touch c", "lock c is of type EX_SPIN_LOCK, which has no such call: expected a or b, found `c`", 7},
		{"try c { work }", "lock c is of type EX_SPIN_LOCK, which has no such call: expected a or b", 5},
		{"acqs d", "expected c, found `d`", 6},
		{"rel c:KeReleaseSpinLock",
	     "KeReleaseSpinLock is for locks of type KSPIN_LOCK: expected ExReleaseSpinLockExclusive or "
	     "ExReleaseSpinLockExclusiveFromDpcLevel, found `KeReleaseSpinLock`",
	     7},
		{"acq b:ExAcquireSpinLockExclusive", "ExAcquireSpinLockExclusive is for locks of type EX_SPIN_LOCK",
	     7},
	};
	static const char *const call[] = {"KeAcquireSpinLockAtDpcLevel",
	                                   "ExAcquireSpinLockExclusiveAtDpcLevel",
	                                   "ExReleaseSpinLockExclusiveFromDpcLevel",
	                                   "ExTryAcquireSpinLockSharedAtDpcLevel",
	                                   "KeFlushQueuedDpcs",
	                                   "ExReleaseSpinLockExclusive"};
	struct buf text = {0};
	struct diag diag;
	struct seq seq;

	cr_assert(buf_read_file(&text, "suite/truth/test/two_types.yaml", 1 << 18), "tests run from the top");
	cr_assert(rule_parse(&rule, &arena, "types", arena_copy(&arena, text.data, text.len), text.len, &diag),
	          "%s", diag.message);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		cr_expect_not(parse(&seq, 0, row[i].text, &diag), "%s", row[i].text);
		cr_expect(strstr(diag.message, row[i].message), "%s: %s", row[i].text, diag.message);
		cr_expect_eq(diag.column, row[i].column, "%s: column %u", row[i].text, diag.column);
	}
	cr_assert(parse(&seq, 0, "acq a; acq c; rel c; trys c; block; rel c:ExReleaseSpinLockExclusive", &diag),
	          "%s", diag.message);
	for (uint32_t i = 0; i < seq.count; i++)
		cr_expect_str_eq(seq_call(&seq.node[i], &rule, 0)->name, call[i]);
	buf_free(&text);
	loaded[0] = 0;
}

Test(seq, caps_count_the_acquires_and_the_releases)
{
	struct seq seq;
	struct diag diag;
	unsigned role = use("SpinlockRelease", "dpc");

	cr_assert(parse(&seq, role, "", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 1);
	cr_assert(parse(&seq, role, "acq a; try a { acq a }; rel a", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 4);
	cr_assert(parse(&seq, role, "acq a; try b { acq c }; rel a", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 4);
	cr_assert(parse(&seq, role, "loop { rel a; rel b }", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 3);
	cr_assert(parse(&seq, role, "acq a; p = 0; loop { acq a; if p { rel a }; q = 1 }; acq a", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 4);
	cr_assert(parse(&seq, role,
	                "acq a; loop { acq a; forever { try a; p = !q; break }; if p { rel a } }; acq a", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 7);
	cr_assert(parse(&seq, role, "loop { p = ?; q = try a; if p { p = q }; rel a; rel a }", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 9);
	role = use("CancelSpinlockRelease", "cancel");
	cr_assert(parse(&seq, role, "acq a", &diag));
	cr_expect(seq_cap(&seq, &rule, role) == 3);
}
