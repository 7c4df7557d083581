/* Dialects: the built-in one is whole, broken ones are refused at their place, and lock types come from the
 * rule. */
#include <criterion/criterion.h>

#include "data.h"
#include "dialect.h"
#include "make.h"
#include "read.h"
#include "text.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(dialect, .fini = end);

static const char *
built_in(void)
{
	struct data_file file;

	cr_assert(data_built_in("templates/windows/dialect.yaml", &file));
	return file.bytes;
}

/* The text with the first `old` replaced. */
static char *
replaced(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	struct buf out = {0};
	char *copy;

	cr_assert(at, "%s", old);
	buf_add(&out, text, (size_t)(at - text));
	buf_puts(&out, new);
	buf_puts(&out, at + strlen(old));
	copy = arena_string(&arena, out.data);
	buf_free(&out);
	return copy;
}

Test(dialect, the_built_in_one_is_found_once_and_knows_its_worlds)
{
	struct diag diag;
	const struct dialect *dialect = dialect_find("windows", &diag);

	cr_assert(dialect, "%s:%u:%u: %s", diag.file, diag.line, diag.column, diag.message);
	cr_assert_eq(dialect_find("windows", &diag), dialect);
	cr_assert_eq(dialect->worlds, 13);
	cr_assert(dialect_has_global_lock(dialect, "wdm") && !dialect_has_global_lock(dialect, "kmdf"));
}

Test(dialect, unknown_dialects_and_worlds_are_refused)
{
	struct diag diag;

	cr_assert_null(dialect_find("mars", &diag));
	cr_assert(strstr(diag.message, "there is no dialect 'mars'"));
	cr_assert_null(dialect_find("../windows", &diag));
	cr_assert_null(world_find("windows", "mars", &diag));
	cr_assert(strstr(diag.message, "known: plain, scripts, sparse"), "%s", diag.message);
}

Test(dialect, broken_files_are_refused_at_their_place)
{
	static const struct {
		const char *old, *new, *message;
	} rows[] = {
		{"dialect: windows", "dialect: linux", "this folder is dialect 'windows'"},
		{"name: plain", "name: sparse", "the world 'sparse' is there already"},
		{"ends-with: main", "ends-with: tears", "expected one of: nothing, main, harnesses"},
		{"{name: pthread,", "{name: pthread, table: true,", "only a self-contained world"},
		{"table: true\n    sequences: true", "sequences: true", "models of sequences have a reading's table"},
		{"project: true", "project: true\n    harness: true", "a project takes its headers from elsewhere"},
		{"lacks: [branch=computed-goto,", "lacks: [branch=sideways,", "branch=sideways"},
		{"[Queue, State, Pool]", "[Queue, State]", "expected 3 names"},
		{"  void: VOID\n", "", "the key 'void' is missing"},
		{"  void: VOID\n", "  void: VOID\n  valid: X\n", "unknown key 'valid'"},
		{"block: LOCK_BLOCK@{n}", "block: LOCK_BLOCK@{m}", "a slot is"},
		{"block: LOCK_BLOCK@{n}", "block: LOCK_BLOCK@n", "a slot is"},
		{"block: LOCK_BLOCK@{n}", "block: LOCK_BLOCK@{n", "a slot is"},
		{"models:\n", "modules:\n", "the key 'models' is missing"},
		{"- name: storport", "- name: wdm", "the model 'wdm' is there already"},
		{"      work-4: \"Stor", "      work-5: \"Stor", "unknown key 'work-5'"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *text = replaced(built_in(), rows[i].old, rows[i].new);
		struct dialect dialect;
		struct diag diag;

		cr_assert_not(dialect_parse(&dialect, &arena, "windows", "d.yaml", text, strlen(text), &diag), "%s",
		              rows[i].new);
		cr_expect(strstr(diag.message, rows[i].message), "%s: %s", rows[i].new, diag.message);
		cr_expect(diag.line && diag.column, "%s", rows[i].new);
	}
}

static const char *
body_with_lock_type(const char *type, enum shape_id alias, enum shape_id helper)
{
	static const char sequence[] = "acq a; rel a";
	struct shapes shapes = shapes_default();
	struct data_file file;
	struct rule rule;
	struct prog prog;
	struct seq seq;
	struct buf out = {0}, lock = {0};
	struct diag diag;
	const char *text;

	cr_assert(data_built_in("rules/SpinlockRelease.yaml", &file));
	buf_printf(&lock, "lock: %s\n", type);
	text = replaced(file.bytes, "lock: KSPIN_LOCK\n", lock.data);
	buf_free(&lock);
	cr_assert(rule_parse(&rule, &arena, "test", text, strlen(text), &diag), "%s", diag.message);
	cr_assert(seq_read(&seq, &arena, &rule, 0, "test", sequence, strlen(sequence), &diag));
	shapes.choice[SHAPE_ALIAS] = (unsigned char)alias;
	shapes.choice[SHAPE_HELPER] = (unsigned char)helper;
	prog_make(&prog, &arena, &rule, 0, &seq, &shapes);
	cr_assert(text_body(&out, NULL, &prog, -1, &diag), "%s", diag.message);
	text = arena_string(&arena, out.data);
	buf_free(&out);
	return text;
}

Test(dialect, lock_types_come_from_the_rule)
{
	static const struct {
		const char *type;
		enum shape_id alias, helper;
		const char *wanted;
	} rows[] = {
		{"KMUTEX", ALIAS_POINTER, HELPER_NONE, "\tPKMUTEX QueuePointer = &Extension->QueueLock;\n"},
		{"KMUTEX", ALIAS_INDIRECT, HELPER_NONE, "\tPKMUTEX *QueueSlot = &QueuePointer;\n"},
		{"KMUTEX", ALIAS_RETURNED, HELPER_NONE, "static PKMUTEX\nFindQueueLock("},
		{"KMUTEX", ALIAS_DIRECT, HELPER_RELEASE,
	     "ReleaseLock(PKMUTEX Lock, _IRQL_restores_ KIRQL OldIrql)\n"},
		{"KSPIN_LOCK", ALIAS_RETURNED, HELPER_NONE, "static PKSPIN_LOCK\nFindQueueLock("},
		{"MUTEX\nlock-pointer: MUTEX *", ALIAS_RETURNED, HELPER_NONE, "static MUTEX *\nFindQueueLock("},
		{"MUTEX\nlock-pointer: MUTEX *", ALIAS_POINTER, HELPER_NONE,
	     "\tMUTEX *QueuePointer = &Extension->QueueLock;\n"},
		{"WDFWAITLOCK\nlock-is-handle: true", ALIAS_POINTER, HELPER_NONE,
	     "\tWDFWAITLOCK QueuePointer = Extension->QueueLock;\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body = body_with_lock_type(rows[i].type, rows[i].alias, rows[i].helper);

		cr_expect(strstr(body, rows[i].wanted), "row %u: %s", (unsigned)i, body);
		cr_expect(!strstr(body, "KSPIN_LOCK") || !strcmp(rows[i].type, "KSPIN_LOCK"), "row %u", (unsigned)i);
	}
}
