/* Annotations of helpers: of each kind of call, for each way to name a lock, and of no other function. */
#include <criterion/criterion.h>

#include "make.h"
#include "read.h"
#include "text.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(annotation, .fini = end);

/* The body of a sequence in a role under shapes. */
static const char *
body_of(const char *rule_name, const char *role_name, const char *choices, const char *text)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct shapes shapes = shapes_default();
	struct buf out = {0};
	struct prog prog;
	struct diag diag;
	struct seq seq;
	unsigned role;
	const char *copy;

	cr_assert(rule_load(rule, &arena, rule_name, &diag), "%s", diag.message);
	cr_assert(rule_find_role(rule, role_name, &role));
	cr_assert(shapes_set_list(&shapes, choices, &diag), "%s", diag.message);
	cr_assert(seq_read(&seq, &arena, rule, role, "test", text, strlen(text), &diag), "%s", diag.message);
	prog_make(&prog, &arena, rule, role, &seq, &shapes);
	cr_assert(text_body(&out, NULL, &prog, -1, &diag), "%s", diag.message);
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	return copy;
}

Test(annotation, each_helper_says_what_its_call_does)
{
	static const struct {
		const char *rule, *role, *shapes, *sequence, *holds;
	} rows[] = {
		{"SpinlockRelease", "dispatch", "helper=both", "acq a; rel a",
	     "\n\n_Acquires_lock_(*Lock)\n_At_(*OldIrql, _IRQL_saves_)\n_IRQL_raises_(DISPATCH_LEVEL)\n"
	     "_IRQL_requires_max_(DISPATCH_LEVEL)\nstatic VOID\nAcquireLock(PKSPIN_LOCK Lock, PKIRQL OldIrql)\n"},
		{"SpinlockRelease", "dispatch", "helper=both", "acq a; rel a",
	     "\n\n_Releases_lock_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\n"
	     "ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)\n"},
		{"SpinlockRelease", "dpc", "helper=both", "acq a; rel a",
	     "\n\n_Acquires_lock_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\n"
	     "AcquireLock(PKSPIN_LOCK Lock)\n"},
		{"SpinlockRelease", "dpc", "helper=conditional", "try a { rel a }",
	     "\n\n_When_(return != 0, _Acquires_lock_(*Lock))\n_IRQL_requires_(DISPATCH_LEVEL)\n"
	     "static BOOLEAN\nTakeLock(PKSPIN_LOCK Lock)\n"},
		{"SpinlockRelease", "dispatch", "helper=fallible,argument=extension,place=heap",
	     "if ? { acq a; rel a }",
	     "\n\n_When_(return == STATUS_SUCCESS, _Acquires_lock_(Extension->Block->QueueLock))\n"
	     "_When_(return == STATUS_SUCCESS, _At_(*OldIrql, _IRQL_saves_))\n"
	     "_When_(return == STATUS_SUCCESS, _IRQL_raises_(DISPATCH_LEVEL))\n"
	     "_IRQL_requires_max_(DISPATCH_LEVEL)\nstatic NTSTATUS\n"
	     "TakeQueue(PDEVICE_EXTENSION Extension, PKIRQL OldIrql)\n"},
		{"SpinlockRelease", "dispatch", "helper=direction", "acq a; rel a",
	     "\n\n_When_(Acquire, _Acquires_lock_(*Lock))\n_When_(Acquire, _At_(*OldIrql, _IRQL_saves_))\n"
	     "_When_(Acquire, _IRQL_raises_(DISPATCH_LEVEL))\n_When_(!Acquire, _Releases_lock_(*Lock))\n"
	     "_When_(!Acquire, _At_(*OldIrql, _IRQL_restores_))\n"
	     "_When_(Acquire, _IRQL_requires_max_(DISPATCH_LEVEL))\n"
	     "_When_(!Acquire, _IRQL_requires_(DISPATCH_LEVEL))\n"
	     "static VOID\nChangeLock(PKSPIN_LOCK Lock, PKIRQL OldIrql, BOOLEAN Acquire)\n"},
		{"QueuedSpinLockRelease", "dispatch", "helper=direction-enum,call=nested", "acq a; rel a",
	     "\n_When_(Change == LockRelease, _Releases_lock_(*Handle))\n"
	     "_When_(Change == LockRelease, _IRQL_restores_global_(QueuedSpinLock, Handle))\n"
	     "_When_(Change == LockAcquire, _IRQL_requires_max_(DISPATCH_LEVEL))\n"
	     "_When_(Change == LockRelease, _IRQL_requires_(DISPATCH_LEVEL))\n"
	     "static VOID\nSwitchLock("},
		{"SpinlockRelease", "dispatch", "helper=balanced,argument=extension", "acq a; work; rel a",
	     "\n\n_Requires_lock_not_held_(Extension->QueueLock)\n_IRQL_requires_max_(DISPATCH_LEVEL)\n"
	     "_IRQL_requires_same_\nstatic VOID\nRunWithQueue("},
		{"SpinlockRelease", "dpc", "helper=retaken,call=nested", "acq a; rel a; acq a; rel a",
	     "\n\n_Requires_lock_held_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\n_IRQL_requires_same_\n"
	     "static VOID\nCallWithoutLock("},
		{"QueuedSpinLockRelease", "dispatch", "helper=retaken", "acq a; rel a; acq a/b; rel b",
	     "\n\n_Requires_lock_held_(*Handle)\n"},
		{"SpinlockRelease", "dispatch", "helper=asserts-held", "acq a; rel a",
	     "\n\n_Requires_lock_held_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\n_IRQL_requires_same_\n"
	     "static VOID\nAssertLock("},
		{"CancelSpinlockRelease", "cancel", "helper=asserts-held", "rel a; acq a; rel a",
	     "\n_IRQL_requires_same_\nstatic VOID\nAssertCancel(VOID)\n"},
		{"QueuedSpinLockRelease", "dispatch", "helper=asserts-held,call=nested", "acq a; rel a",
	     "\n\n_Requires_lock_held_(*Handle)\n_IRQL_requires_(DISPATCH_LEVEL)\n_IRQL_requires_same_\n"
	     "static VOID\nVerifyLock("},
		{"SpinlockRelease", "dispatch", "helper=release,argument=index,place=array", "acq a; rel a",
	     "\n\n_Releases_lock_(Extension->LockTable[Index])\n"},
		{"SpinlockRelease", "dispatch", "helper=release,argument=extension,place=global", "acq a; rel a",
	     "\n\n_Releases_lock_(GlobalQueueLock)\n"},
		{"SpinlockRelease", "dispatch", "helper=release,call=nested", "acq a; rel a",
	     "\n\n_Releases_lock_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\nLeaveLock("},
		{"SpinlockRelease", "dispatch", "helper=release,call=after", "acq a; rel a",
	     "\n\n_Releases_lock_(*Lock)\n_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\n"
	     "ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql);\n"},
		{"SpinlockRelease", "dispatch", "helper=release,call=pointer", "acq a; rel a",
	     "}\n\nstatic VOID (*ReleaseLockRoutine)(PKSPIN_LOCK, KIRQL) = ReleaseLock;\n"},
		{"QueuedSpinLockRelease", "dispatch", "helper=both", "acq a; rel a",
	     "\n\n_Acquires_lock_(*Handle)\n_Post_same_lock_(*Lock, *Handle)\n"
	     "_IRQL_saves_global_(QueuedSpinLock, Handle)\n_IRQL_raises_(DISPATCH_LEVEL)\n"
	     "_IRQL_requires_max_(DISPATCH_LEVEL)\nstatic VOID\n"},
		{"QueuedSpinLockRelease", "dispatch", "helper=both", "acq a; rel a",
	     "\n\n_Releases_lock_(*Handle)\n_IRQL_restores_global_(QueuedSpinLock, Handle)\n"
	     "_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\n"},
		{"CancelSpinlockRelease", "dispatch", "helper=release", "acq a; rel a",
	     "\n\n_Releases_lock_(_Global_cancel_spin_lock_)\n"},
		{"WdfSpinlockRelease", "evt-timer", "helper=acquire", "acq a; rel a",
	     "\n\n_Acquires_lock_(Lock)\n_IRQL_raises_(DISPATCH_LEVEL)\n_IRQL_requires_max_(DISPATCH_LEVEL)\n"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body = body_of(rows[i].rule, rows[i].role, rows[i].shapes, rows[i].sequence);

		cr_expect_not_null(strstr(body, rows[i].holds), "row %zu: lacks\n%s\nin\n%s", i, rows[i].holds, body);
	}
}

Test(annotation, nothing_else_has_any)
{
	static const char *const rows[][2] = {
		{"helper=none", "acq a; rel a"},
		{"helper=both,call=macro", "acq a; rel a"},
		{"place=parameter", "acq a; rel a"},
		{"saved=extension,loop=recursion", "loop { acq a; rel a }"},
		{"alias=returned-pointer", "acq a; rel a"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_null(strstr(body_of("SpinlockRelease", "dispatch", rows[i][0], rows[i][1]), "_lock_("),
		               "%s", rows[i][0]);
}
