/* witness: what is told of a case reads back, replays in every shape, and leads nowhere else; definitions say
 * the case that they are of; expressions have no effect. */
#include <criterion/criterion.h>
#include <string.h>

#include "evidence.h"
#include "make.h"
#include "reach.h"
#include "read.h"
#include "replay.h"
#include "task.h"
#include "witness.h"

static struct arena arena;
static struct walk walk;

static void
end(void)
{
	walk_free(&walk);
	arena_free(&arena);
}

TestSuite(witness, .fini = end, .timeout = 120);

/* A case with its task, judged by reach. */
struct made {
	struct suite_case of;
	struct task task;
};

static struct made
make(const char *rule_name, const char *role, const char *sequence, const struct shapes *shapes)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct made made = {.of = {.rule = rule, .shapes = *shapes}};
	struct suite_case *of = &made.of;
	struct reach reach;
	struct diag diag;

	cr_assert(rule_load(rule, &arena, rule_name, &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, role, &of->role));
	cr_assert(seq_read(&of->seq, &arena, rule, of->role, "test", sequence, strlen(sequence), &diag), "%s",
	          diag.message);
	case_identify(of, &arena);
	reach_init(&reach, rule, of->role, rule->headline);
	reach_judge(&reach, &of->seq, seq_cap(&of->seq, rule, of->role), &arena, &of->verdict[rule->headline]);
	reach_free(&reach);
	cr_assert(task_make(&made.task, &arena, of, "000000001.c", &diag), "%s", diag.message);
	return made;
}

static struct witness
tell(struct made *made, enum task_property property)
{
	struct witness witness;

	if (task_holds(&made->of, property))
		evidence_correctness(&witness, &arena, &made->of, &made->task, TASK_LP64);
	else
		evidence_violation(&witness, &arena, &made->of, &made->task, property, TASK_LP64, &walk);
	return witness;
}

/* Prints the witness and reads it back. */
static struct witness
read_back(const struct witness *witness)
{
	struct buf text = {0}, again = {0};
	struct witness read;
	struct diag diag;

	witness_print(&text, witness);
	cr_assert(witness_read(&read, &arena, "test", text.data, text.len, &diag), "%s\n%s", diag.message,
	          text.data);
	witness_print(&again, &read);
	cr_expect_str_eq(again.data, text.data);
	buf_free(&text);
	buf_free(&again);
	return read;
}

static const struct {
	const char *rule, *role, *sequence;
} rows[] = {
	{"SpinlockRelease", "dpc", "acq a; if ? { return }; rel a"},
	{"SpinlockRelease", "dpc", "acq a; if ? { rel a; return }; rel a"},
	{"SpinlockRelease", "dpc", "p = 0; loop { p = try a; if p { work } }; if p { rel a }"},
	{"SpinlockRelease", "dpc", "if p { acq a }; loop { if ? { continue }; work }; if p { rel a }"},
	{"SpinlockRelease", "dispatch",
     "loop { acq a; if ? { rel a; break }; if p { acq b; rel b }; rel a }; rel b"},
	{"CancelSpinlockRelease", "cancel", "if p { work } else { rel a }"},
	{"WdfSpinlockRelease", "evt-timer", "acq a; acq a; p = ?; if p { rel a }; rel a"},
	{"QueuedSpinLockRelease", "dispatch", "p = ?; q = !p; acq a; if q { rel a }; if p { rel a }"},
};

/* In each shape that changes the program, alone. */
Test(witness, what_is_told_of_a_case_replays_in_every_shape)
{
	unsigned told = 0, violations = 0;

	for (unsigned row = 0; row < sizeof rows / sizeof *rows; row++)
		for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
			struct shapes shapes = shapes_default();
			struct made made = make(rows[row].rule, rows[row].role, rows[row].sequence, &shapes);
			struct witness witness;
			struct replay replay;
			struct diag diag = {.message = ""};

			shapes.choice[shape_row((enum shape_id)id)->dimension] = (unsigned char)id;
			if (!shape_applies((enum shape_id)id, &made.of.seq, made.of.rule, made.of.role, &shapes) && id) {
				task_free(&made.task);
				continue;
			}
			task_free(&made.task);
			made = make(rows[row].rule, rows[row].role, rows[row].sequence, &shapes);
			for (unsigned i = PROPERTY_UNREACH; i <= PROPERTY_LOCKS; i++) {
				witness = tell(&made, (enum task_property)i);
				if (!witness.count)
					continue;
				witness = read_back(&witness);
				cr_expect(replay_witness(&replay, &arena, &witness, &made.task, "test", &diag), "%s, %s: %s",
				          rows[row].sequence, shape_row((enum shape_id)id)->name, diag.message);
				told++;
				violations += witness.violation;
			}
			task_free(&made.task);
		}
	cr_expect(told > 300 && violations > 150, "%u told, %u of them violations", told, violations);
}

static void
refuses(struct made *made, const struct witness *witness, const char *why)
{
	struct witness read = read_back(witness);
	struct diag diag = {.message = "nothing was wrong"};
	struct replay replay;
	bool ok = replay_witness(&replay, &arena, &read, &made->task, "test", &diag);

	cr_expect(!ok && strstr(diag.message, why), "%s: %s", why, diag.message);
}

Test(witness, a_path_that_leads_elsewhere_is_refused)
{
	struct shapes shapes = shapes_default();
	struct made made =
		make("SpinlockRelease", "dpc", "acq a; if ? { return }; if ? { work }; rel a", &shapes);
	struct witness witness = tell(&made, PROPERTY_LOCKS), other;

	cr_assert_eq(witness.count, 2);
	other = witness;
	witness.waypoint[0].value = 0;
	refuses(&made, &other, "does not come here: it asks for an unknown");
	witness.waypoint[0].value = 1;
	witness.waypoint[0].relation = RELATION_UNEQUAL;
	refuses(&made, &other, "does not come here: it asks for an unknown");
	witness.waypoint[0].relation = RELATION_EQUAL;
	witness.waypoint[1].place.line--;
	refuses(&made, &other, "the first violation on the path is on line");
	witness.waypoint[1].place.line++;
	other.specification = task_property_text(PROPERTY_UNREACH);
	refuses(&made, &other, "the first violation on the path is on line");
	other = witness;
	other.waypoint++;
	other.count--;
	refuses(&made, &other, "it asks for an unknown");
	task_free(&made.task);
}

Test(witness, an_invariant_that_fails_or_says_nothing_is_refused)
{
	struct shapes shapes = shapes_default();
	struct made made = make("SpinlockRelease", "dpc", "loop { acq a; rel a }", &shapes);
	struct witness witness = tell(&made, PROPERTY_UNREACH);
	const char *lock = "Extension->QueueLock.State";
	char value[100];

	cr_assert_eq(witness.count, 3);
	cr_expect(witness.invariant[0].loop && !witness.invariant[1].loop);
	cr_expect_str_eq(witness.invariant[0].value, "(Extension->QueueLock.State == 0)");
	cr_expect_str_eq(witness.invariant[2].value, "(Extension->QueueLock.State == 1)");
	for (unsigned i = 0; i < 3; i++) {
		const char *kept = witness.invariant[i].value;

		witness.invariant[i].value = "1";
		refuses(&made, &witness, "holds whatever the locks are");
		snprintf(value, sizeof value, "%s == 0 || %s == 1", lock, lock);
		witness.invariant[i].value = value;
		refuses(&made, &witness, "holds whatever the locks are");
		snprintf(value, sizeof value, "%s == %d", lock, i < 2);
		refuses(&made, &witness, "does not hold on every path");
		witness.invariant[i].value = "Nobody.State == 0";
		refuses(&made, &witness, "no expression where it stands");
		witness.invariant[i].value = "((struct_that_is_none)->State == 0)";
		refuses(&made, &witness, "no expression where it stands");
		witness.invariant[i].value = kept;
	}
	witness.invariant[1].loop = true;
	refuses(&made, &witness, "no loop begins there");
	task_free(&made.task);
}

Test(witness, what_would_crash_ends_a_child_alone)
{
	struct shapes shapes = shapes_default();
	struct made made = make("SpinlockRelease", "dpc", "loop { acq a; rel a }", &shapes);
	struct witness witness = tell(&made, PROPERTY_UNREACH);

	witness.invariant[0].value = "(&Extension->QueueLock)[1] == 0";
	cr_expect(!witness_is_harmless(witness.invariant[0].value), "an address");
	witness.invariant[0].value = "Extension[100000000].QueueLock.State == 0";
	refuses(&made, &witness, "crashes");
	task_free(&made.task);
}

Test(witness, a_definition_says_its_case_and_no_other)
{
	struct shapes shapes = shapes_default();
	struct task_said said;
	struct buf text = {0};
	struct diag diag;
	char *at;

	shapes.choice[SHAPE_PLACE] = PLACE_NESTED;
	struct made made = make("SpinlockRelease", "dpc", "acq a; if ? { return }; rel a", &shapes);
	task_print(&text, &made.of, made.task.name, TASK_ILP32, NULL);
	cr_assert(task_read(&said, &arena, "test", text.data, text.len, &diag), "%s", diag.message);
	cr_expect_str_eq(said.of.id, made.of.id);
	cr_expect(said.model == TASK_ILP32 && said.asked[PROPERTY_LOCKS] && !said.holds[PROPERTY_LOCKS]);
	cr_expect(said.asked[PROPERTY_DEADLOCK] && said.holds[PROPERTY_DEADLOCK]);
	at = strstr(text.data, "nested");
	memcpy(at, "global", 6);
	cr_expect(!task_read(&said, &arena, "test", text.data, text.len, &diag));
	cr_expect(strstr(diag.message, "a case of this rule, sequence and shapes is"), "%s", diag.message);
	buf_free(&text);
	task_free(&made.task);
}

Test(witness, a_double_acquire_waits_for_itself_whether_its_reading_judges_it)
{
	struct shapes shapes = shapes_default();
	struct made judged = make("SpinlockRelease", "dpc", "acq a; acq a; rel a", &shapes);
	struct made counted = make("WdfSpinlockRelease", "evt-timer", "acq a; acq a; rel a; rel a", &shapes);

	cr_expect(!task_holds(&judged.of, PROPERTY_UNREACH) && !task_holds(&judged.of, PROPERTY_DEADLOCK));
	cr_expect(task_holds(&counted.of, PROPERTY_UNREACH) && !task_holds(&counted.of, PROPERTY_DEADLOCK));
	task_free(&judged.task);
	task_free(&counted.task);
}

Test(witness, only_expressions_without_an_effect_are_asked)
{
	static const char *const harmless[] = {"1",
	                                       "a",
	                                       "!a",
	                                       "a == 1",
	                                       "(a->b.c == 0 && !(d != 2)) || e",
	                                       "a[1].b <= 2",
	                                       "(a & 1) != 0",
	                                       "a[B + 1].c == 1"};
	static const char *const harmful[] = {"",      "f()",      "f(a)",    "a = 1", "a += 1",     "a++",
	                                      "*a",    "&a",       "a, b",    "(t)a",  "a b",        "a ? b : c",
	                                      "\"a\"", "a == 'c'", "{0}",     "a;",    "sizeof (a)", "a.",
	                                      "a ==",  "->a",      "a == -f", "a[*b]"};

	for (unsigned i = 0; i < sizeof harmless / sizeof *harmless; i++)
		cr_expect(witness_is_harmless(harmless[i]), "%s", harmless[i]);
	for (unsigned i = 0; i < sizeof harmful / sizeof *harmful; i++)
		cr_expect(!witness_is_harmless(harmful[i]), "%s", harmful[i]);
}

Test(witness, files_are_named_by_sha_256)
{
	char hash[WITNESS_HASH];

	witness_hash("abc", 3, hash);
	cr_expect_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
