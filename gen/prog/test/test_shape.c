/* Shapes: the table, how each choice is spelled in C, where each is refused, and that a rewriting keeps every
 * event. */
#include <criterion/criterion.h>

#include "make.h"
#include "random.h"
#include "read.h"
#include "shapes.h"
#include "space.h"
#include "text.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(shape, .fini = end);

/* One sequence in a rule and role. */
struct subject {
	const struct rule *rule;
	unsigned role;
	struct seq seq;
};

static const struct rule *
load(const char *name)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag;

	cr_assert(rule_load(rule, &arena, name, &diag), "%s", diag.message);
	return rule;
}

/* The first role where `role` is NULL, SpinlockRelease where `rule` is. */
static struct subject
parse(const char *rule, const char *role, const char *text)
{
	struct subject of = {.rule = load(rule ? rule : "SpinlockRelease")};
	struct diag diag;

	cr_assert(!role || rule_find_role(of.rule, role, &of.role), "%s", role);
	cr_assert(seq_read(&of.seq, &arena, of.rule, of.role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	return of;
}

/* "helper=both place=array" */
static struct shapes
parse_shapes(const char *assignments)
{
	struct shapes shapes = shapes_default();
	char *one = arena_string(&arena, assignments ? assignments : ""), *keep = NULL;
	struct diag diag;

	for (one = strtok_r(one, " ", &keep); one; one = strtok_r(NULL, " ", &keep))
		cr_assert(shapes_set(&shapes, one, &diag), "%s", diag.message);
	return shapes;
}

static bool
applies(enum shape_id id, const struct subject *of, const struct shapes *shapes)
{
	return shape_applies(id, &of->seq, of->rule, of->role, shapes);
}

static unsigned char *
choice_of(struct shapes *shapes, enum shape_id id)
{
	return &shapes->choice[shape_row(id)->dimension];
}

static const char *
body_of(const struct subject *of, const struct shapes *shapes)
{
	struct buf out = {0}, helpers = {0};
	struct prog prog;
	struct diag diag;
	char *copy;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, shapes);
	cr_assert(text_body(&out, &helpers, &prog, -1, &diag), "%s", diag.message);
	buf_puts(&out, buf_string(&helpers));
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	buf_free(&helpers);
	return copy;
}

/* the table */

Test(shape, every_default_applies_to_the_empty_sequence)
{
	struct shapes shapes = shapes_default();
	struct subject of = parse(NULL, NULL, "");

	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		cr_assert_eq(shape_row((enum shape_id)shapes.choice[d])->dimension, d);
		cr_assert(applies((enum shape_id)shapes.choice[d], &of, &shapes));
	}
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		bool usual = id == *choice_of(&shapes, (enum shape_id)id);

		/* These need nothing to stand beside. */
		if (!usual && id != NOISE_OUTER && id != NOISE_INITIALISE)
			cr_assert_not(applies((enum shape_id)id, &of, &shapes), "%s", shape_row((enum shape_id)id)->name);
	}
}

Test(shape, a_choice_is_set_by_its_name_and_unknown_ones_are_refused_with_what_exists)
{
	struct shapes shapes = shapes_default();
	struct diag diag;

	cr_assert(shapes_set(&shapes, "exit=goto-cleanup", &diag));
	cr_assert_eq(shapes.choice[SHAPE_EXIT], EXIT_GOTO);
	cr_assert_not(shapes_set(&shapes, "exit=teleport", &diag));
	cr_assert(strstr(diag.message, "single-exit"), "%s", diag.message);
	cr_assert_not(shapes_set(&shapes, "color=red", &diag));
	cr_assert(strstr(diag.message, "alias"), "%s", diag.message);
}

/* spelling */

#define ACQUIRE "KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);\n"
#define RELEASE "KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);\n"
#define IF_STATUS "if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {\n"
#define IF_QUEUE "if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {\n"
#define UNLESS_QUEUE "if (READ_REGISTER_ULONG(Extension->QueueRegister) == 0) {\n"
#define IF_ERROR "if (READ_REGISTER_ULONG(Extension->ErrorRegister) != 0) {\n"
#define WHILE_FIFO "while (READ_REGISTER_ULONG(Extension->FifoRegister) != 0) {\n"
#define UNLESS_STATUS "if (READ_REGISTER_ULONG(Extension->StatusRegister) == 0) {\n"
#define WHILE_QUEUE "while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {\n"
#define WORK "InterlockedIncrement(&Extension->Transfers);\n"

/* The text under a choice holds one line and lacks another. Under its dimension's default it is the other way
 * round, where `swaps`: so neither string is one that every text holds. */
struct spelling {
	enum shape_id id;
	const char *rule, *role; /* NULL: SpinlockRelease, its first role */
	const char *with;        /* further shapes */
	const char *sequence;
	const char *holds, *lacks;
};

static const struct spelling spellings[] = {
	{PLACE_EXTENSION, NULL, NULL, NULL, "acq a; rel a", "\tKSPIN_LOCK QueueLock;\n", "LOCK_BLOCK"},
	{PLACE_EXTENSION, NULL, NULL, NULL, "acq a; rel a", "\t" ACQUIRE, "LockTable"},
	{PLACE_NESTED, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(&Extension->Locks.QueueLock, &QueueIrql);\n", ACQUIRE},
	{PLACE_ARRAY, NULL, NULL, NULL, "acq b; rel b",
     "\tKeReleaseSpinLock(&Extension->LockTable[1], StateIrql);\n", "&Extension->StateLock"},
	{PLACE_ARRAY, "WdfSpinlockRelease", NULL, NULL, "acq a; rel a", "->LockTable[0]);\n", "->QueueLock"},
	{PLACE_INDEX, NULL, NULL, NULL, "acq a; rel a", "\tULONG QueueIndex = 0;\n", ACQUIRE},
	{PLACE_INDEX, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(&Extension->LockTable[QueueIndex], &QueueIrql);\n", ACQUIRE},
	{PLACE_GLOBAL, NULL, NULL, NULL, "acq a; rel a",
     "extern KSPIN_LOCK GlobalQueueLock;\nKSPIN_LOCK GlobalQueueLock;\n", ACQUIRE},
	{PLACE_STATIC, NULL, NULL, NULL, "acq a; rel a", "static KSPIN_LOCK GlobalQueueLock;\n", ACQUIRE},
	{PLACE_STATIC, NULL, NULL, NULL, "acq a; rel a", "\tKeAcquireSpinLock(&GlobalQueueLock, &QueueIrql);\n",
     "\tKSPIN_LOCK QueueLock;\n"},
	{PLACE_HEAP, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(&Extension->Block->QueueLock, &QueueIrql);\n", ACQUIRE},
	{PLACE_PARAMETER, NULL, NULL, NULL, "acq a; rel a",
     "\tProcessRequest(Extension, &Extension->QueueLock);\n", ACQUIRE},
	{PLACE_PARAMETER, NULL, NULL, NULL, "acq a; rel a", "\tKeAcquireSpinLock(QueueLock, &QueueIrql);\n",
     ACQUIRE},
	{PLACE_PARAMETER, "QueuedSpinLockRelease", NULL, NULL, "if p { acq a; rel a }",
     "ProcessRequest(PDEVICE_EXTENSION Extension, PREQUEST_CONTEXT Request, PKSPIN_LOCK QueueLock)\n",
     "(&Extension->QueueLock, &LockHandle);\n"},
	{ALIAS_DIRECT, NULL, NULL, NULL, "acq a; rel a", "\t" ACQUIRE "\t" RELEASE, "QueuePointer"},
	{ALIAS_POINTER, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(QueuePointer, &QueueIrql);\n\t" RELEASE, ACQUIRE},
	{ALIAS_POINTER, NULL, NULL, "place=nested", "acq a; rel a",
     "\tPKSPIN_LOCK QueuePointer = &Extension->Locks.QueueLock;\n",
     "\tKeAcquireSpinLock(&Extension->Locks.QueueLock, &QueueIrql);\n"},
	{ALIAS_TWO, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(QueuePointer, &QueueIrql);\n\tKeReleaseSpinLock(QueueAlias, QueueIrql);\n",
     RELEASE},
	{ALIAS_INDIRECT, NULL, NULL, NULL, "acq a; rel a",
     "\tPKSPIN_LOCK *QueueSlot = &QueuePointer;\n\n\tIoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);\n",
     ACQUIRE},
	{ALIAS_INDIRECT, NULL, NULL, NULL, "acq a; rel a", "\tKeAcquireSpinLock(*QueueSlot, &QueueIrql);\n",
     ACQUIRE},
	{ALIAS_CHOSEN, NULL, NULL, NULL, "acq a; rel a",
     "QueuePointer = Request.Mapped ? &Extension->SpareQueueLock : &Extension->QueueLock;\n", ACQUIRE},
	{ALIAS_CHOSEN, NULL, NULL, NULL, "acq a; rel a", "\tKeReleaseSpinLock(QueuePointer, QueueIrql);\n",
     RELEASE},
	{ALIAS_RETURNED, NULL, NULL, NULL, "acq a; rel a",
     "static PKSPIN_LOCK\nFindQueueLock(PDEVICE_EXTENSION Extension)\n{\n\tInterlockedIncrement(&Extension->LockUses);\n"
     "\treturn &Extension->QueueLock;\n}\n",
     ACQUIRE},
	{ALIAS_RETURNED, NULL, NULL, NULL, "acq a; rel a",
     "\tPKSPIN_LOCK QueuePointer = FindQueueLock(Extension);\n", ACQUIRE},
	{SAVED_OWN, NULL, NULL, NULL, "acq a; rel a; acq b; rel b", "\tKIRQL StateIrql = PASSIVE_LEVEL;\n",
     "OldIrql"},
	{SAVED_SHARED, NULL, NULL, NULL, "acq a; rel a; acq b; rel b",
     "\tKeReleaseSpinLock(&Extension->StateLock, OldIrql);\n", "StateIrql"},
	{SAVED_SHARED, "SpinLockRelease", NULL, NULL, "acq a; rel a; acq b; rel b", "StateLock, &OldIrql);\n",
     "StateLock, &StateIrql);\n"},
	{SAVED_EXTENSION, NULL, NULL, NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(&Extension->QueueLock, &Extension->QueueIrql);\n", ACQUIRE},
	{SAVED_EXTENSION, NULL, NULL, NULL, "acq a; rel a", "\tKIRQL QueueIrql;\n",
     "\tKIRQL QueueIrql = PASSIVE_LEVEL;\n"},
	{SAVED_EXTENSION, "CancelSpinlockRelease", "cancel", NULL, "rel a",
     "\tExtension->OldIrql = Irp->CancelIrql;\n\tIoReleaseCancelSpinLock(Extension->OldIrql);\n",
     "KIRQL OldIrql = "},
	{HELPER_NONE, NULL, NULL, NULL, "acq a; rel a", "\t" ACQUIRE, "AcquireLock"},
	{HELPER_RELEASE, NULL, NULL, NULL, "acq a; rel a",
     "\t" ACQUIRE "\tReleaseLock(&Extension->QueueLock, QueueIrql);\n", RELEASE},
	{HELPER_ACQUIRE, NULL, NULL, NULL, "acq a; rel a",
     "\tAcquireLock(&Extension->QueueLock, &QueueIrql);\n\t" RELEASE, ACQUIRE},
	{HELPER_BOTH, NULL, NULL, NULL, "acq a; rel a",
     "\tAcquireLock(&Extension->QueueLock, &QueueIrql);\n\tReleaseLock(&Extension->QueueLock, QueueIrql);\n",
     RELEASE},
	{HELPER_BOTH, NULL, NULL, NULL, "acq a; rel a",
     "static VOID\nAcquireLock(PKSPIN_LOCK Lock, PKIRQL OldIrql)\n{\n"
     "\tKeAcquireSpinLock(Lock, OldIrql);\n}\n",
     ACQUIRE},
	{HELPER_BOTH, "CancelSpinlockRelease", NULL, NULL, "acq a; rel a", "\tReleaseCancel(OldIrql);\n",
     "\tIoAcquireCancelSpinLock(&OldIrql);\n"},
	{HELPER_CONDITIONAL, NULL, NULL, NULL, "if ? { acq a; rel a }",
     "\tif (TakeLock(Extension, &Extension->QueueLock, &QueueIrql)) {\n\t\t" RELEASE, ACQUIRE},
	{HELPER_CONDITIONAL, NULL, "dpc", NULL, "try a { rel a }",
     "\tif (KeTryToAcquireSpinLockAtDpcLevel(Lock)) {\n\t\treturn TRUE;\n\t}\n\treturn FALSE;\n",
     "\tif (KeTryToAcquireSpinLockAtDpcLevel(&"},
	{HELPER_FALLIBLE, NULL, NULL, NULL, "if ? { acq a; rel a }",
     "\tif (NT_SUCCESS(TakeLock(Extension, &Extension->QueueLock, &QueueIrql))) {\n", ACQUIRE},
	{HELPER_FALLIBLE, NULL, NULL, NULL, "if ? { acq a; rel a }",
     "\t\tKeAcquireSpinLock(Lock, OldIrql);\n\t\treturn STATUS_SUCCESS;\n\t}\n\treturn STATUS_DEVICE_BUSY;\n",
     ACQUIRE},
	{HELPER_GUARD, NULL, NULL, "alias=local-pointer", "acq a:KeAcquireSpinLockRaiseToDpc; work; rel a",
     "#define WITH_LOCK(lock, held, irql) \\\n"
     "\tfor (ULONG Once = ((irql) = KeAcquireSpinLockRaiseToDpc((lock)), 1); Once != 0; \\\n"
     "\t     Once = (KeReleaseSpinLock((held), (irql)), 0))\n",
     "\tQueueIrql = KeAcquireSpinLockRaiseToDpc(QueuePointer);\n"},
	{HELPER_GUARD, "QueuedSpinLockRelease", NULL, NULL, "acq a; work; rel a; acq b; work; rel b",
     "#define WITH_LOCK(lock, handle) \\\n"
     "\tfor (ULONG Once = (KeAcquireInStackQueuedSpinLock((lock), &(handle)), 1); Once != 0; \\\n"
     "\t     Once = (KeReleaseInStackQueuedSpinLock(&(handle)), 0))\n\n",
     "\tKeAcquireInStackQueuedSpinLock("},
	{HELPER_GUARD, NULL, NULL, NULL, "acq a; work; rel a",
     "\tWITH_LOCK(&Extension->QueueLock, QueueIrql) {\n\t\t" WORK "\t}\n", ACQUIRE},
	{ARGUMENT_BY_LOCK, NULL, NULL, "helper=both", "acq a; rel a",
     "\tReleaseLock(&Extension->QueueLock, QueueIrql);\n", "ReleaseQueue"},
	{ARGUMENT_BY_EXTENSION, NULL, NULL, "helper=both", "acq a; rel a",
     "\tReleaseQueue(Extension, QueueIrql);\n", "ReleaseLock("},
	{ARGUMENT_BY_EXTENSION, NULL, NULL, "helper=release", "acq a; rel a",
     "ReleaseQueue(PDEVICE_EXTENSION Extension, _IRQL_restores_ KIRQL OldIrql)\n{\n\tInterlockedIncrement(&Extension->LockUses);\n"
     "\tKeReleaseSpinLock(&Extension->QueueLock, OldIrql);\n}\n",
     "ReleaseLock("},
	{ARGUMENT_BY_INDEX, NULL, NULL, "helper=both place=array", "acq b; rel b",
     "\tReleaseLock(Extension, 1, StateIrql);\n", "\tReleaseLock(&Extension->LockTable[1], StateIrql);\n"},
	{ARGUMENT_BY_INDEX, NULL, NULL, "helper=both place=array-index", "acq b; rel b",
     "\tReleaseLock(Extension, StateIndex, StateIrql);\n",
     "\tReleaseLock(&Extension->LockTable[StateIndex], StateIrql);\n"},
	{ARGUMENT_BY_INDEX, NULL, NULL, "helper=release place=array", "acq a; rel a",
     "\tKeReleaseSpinLock(&Extension->LockTable[Index], OldIrql);\n",
     "\tKeReleaseSpinLock(Lock, OldIrql);\n"},
	{CALL_STATIC, NULL, NULL, "helper=release", "acq a; rel a", "static VOID\nReleaseLock(", "static inline"},
	{CALL_INLINE, NULL, NULL, "helper=release", "acq a; rel a", "static inline VOID\nReleaseLock(",
     "static VOID\nReleaseLock("},
	{CALL_AFTER, NULL, NULL, "helper=release", "acq a; rel a",
     "static VOID\nReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql);\n\n",
     "OldIrql);\n}\n\n_Function_class_"},
	{CALL_AFTER, NULL, NULL, "helper=release", "acq a; rel a",
     "\treturn STATUS_PENDING;\n}\n\n_Releases_lock_(*Lock)\n", "OldIrql);\n}\n\n_Function_class_"},
	{CALL_NESTED, NULL, NULL, "helper=release", "acq a; rel a",
     "LeaveLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)\n{\n\tReleaseLock(Lock, OldIrql);\n}\n",
     "\tReleaseLock(&Extension->QueueLock, QueueIrql);\n"},
	{CALL_MACRO, NULL, NULL, "helper=release", "acq a; rel a",
     "#define ReleaseLock(Lock, OldIrql) \\\n\t(KeReleaseSpinLock((Lock), (OldIrql)))\n",
     "static VOID\nReleaseLock("},
	{CALL_MACRO, NULL, NULL, "helper=release argument=extension", "acq a; rel a",
     "#define ReleaseQueue(Extension, OldIrql) \\\n"
     "\t(InterlockedIncrement(&(Extension)->LockUses), \\\n\t KeReleaseSpinLock(&(Extension)->QueueLock, (OldIrql)))\n",
     "static VOID\nReleaseQueue("},
	{CALL_POINTER, NULL, NULL, "helper=release", "acq a; rel a",
     "static VOID (*ReleaseLockRoutine)(PKSPIN_LOCK, KIRQL) = ReleaseLock;\n",
     "\tReleaseLock(&Extension->QueueLock, QueueIrql);\n"},
	{CALL_POINTER, NULL, NULL, "helper=release", "acq a; rel a",
     "\tReleaseLockRoutine(&Extension->QueueLock, QueueIrql);\n",
     "\tReleaseLock(&Extension->QueueLock, QueueIrql);\n"},
	{CALL_FILE, NULL, NULL, "helper=release", "acq a; rel a",
     "VOID\nReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql);\n", "static VOID\nReleaseLock"},
	{EXIT_RETURN, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\t" RELEASE "\t\treturn STATUS_PENDING;\n", "goto"},
	{EXIT_GOTO, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\tgoto Exit;\n\t}\n\t" RELEASE "\treturn STATUS_PENDING;\nExit:\n\t" RELEASE
     "\treturn STATUS_PENDING;\n}\n",
     "\t\t" RELEASE},
	{EXIT_LADDER, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\tgoto Release;\n\t}\nRelease:\n\t" RELEASE "\treturn STATUS_PENDING;\n}\n", "\t\t" RELEASE},
	{EXIT_LADDER, NULL, NULL, NULL,
     "acq a; if ? { rel a; return }; acq b; if ? { rel b; rel a; return }; rel b; rel a",
     "Release2:\n\tKeReleaseSpinLock(&Extension->StateLock, StateIrql);\nRelease:\n\t" RELEASE,
     "\t\t" RELEASE},
	{EXIT_STATUS, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\tStatus = STATUS_DEVICE_BUSY;\n\t}\n\tif (NT_SUCCESS(Status)) {\n\t\t" RELEASE
     "\t}\n\tInterlockedExchange(&Extension->LastStatus, Status);\n\treturn STATUS_PENDING;\n}\n",
     "\t\treturn"},
	{EXIT_ONCE, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\t\tbreak;\n\t\t}\n\t\t" RELEASE "\t} while (0);\n", "\t\treturn"},
	{EXIT_UNREACHABLE, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\treturn STATUS_PENDING;\n\t\t" RELEASE, "\t\treturn STATUS_PENDING;\n\t}\n"},
	{EXIT_UNREACHABLE, NULL, NULL, NULL, "if ? { return }; acq a", "\t\treturn STATUS_PENDING;\n\t\t" WORK,
     "\t\treturn STATUS_PENDING;\n\t}\n"},
	{BRANCH_IF, NULL, NULL, NULL, "if ? { acq a } else { work }; work",
     "\t" IF_STATUS "\t\t" ACQUIRE "\t} else {\n\t\t" WORK "\t}\n", "switch"},
	{BRANCH_INVERTED, NULL, NULL, NULL, "if ? { acq a } else { work }",
     "\t" UNLESS_STATUS "\t\t" WORK "\t} else {\n\t\t" ACQUIRE, IF_STATUS},
	{BRANCH_INVERTED, NULL, NULL, NULL, "if p { acq a } else { work }", "\tif (!Request.Urgent) {\n\t\t" WORK,
     "\tif (Request.Urgent) {\n"},
	{BRANCH_CHAIN, NULL, NULL, NULL, "if ? { acq a } else { if ? { work } else { work } }",
     "\t} else " IF_ERROR, "\t} else {\n\t\tif"},
	{BRANCH_SWITCH, NULL, NULL, NULL, "if ? { acq a } else { work }",
     "\tswitch (READ_REGISTER_ULONG(Extension->StatusRegister)) {\n\tcase 0:\n\t\t" WORK
     "\t\tbreak;\n\tdefault:\n\t\t" ACQUIRE "\t\tbreak;\n\t}\n",
     IF_STATUS},
	{BRANCH_SWITCH, NULL, NULL, NULL, "if p { acq a }; if !p { work }",
     "\tcase FALSE:\n\t\tbreak;\n\tdefault:\n\t\t" ACQUIRE, "\tif (Request.Urgent) {\n"},
	{BRANCH_SWITCH, NULL, NULL, "flag=bit", "if p { acq a }",
     "\tswitch (Request.Flags & REQUEST_URGENT) {\n\tcase 0:\n\t\tbreak;\n\tdefault:\n\t\t" ACQUIRE,
     "\tif ((Request.Flags & REQUEST_URGENT) != 0) {\n"},
	{BRANCH_FALL, NULL, NULL, NULL, "if ? { acq a }; work",
     "\tswitch (READ_REGISTER_ULONG(Extension->StatusRegister)) {\n\tdefault:\n\t\t" ACQUIRE
     "\t\t__fallthrough;\n\tcase 0:\n\t\t" WORK "\t\tbreak;\n\t}\n",
     IF_STATUS},
	{BRANCH_TERNARY, NULL, NULL, NULL, "if p { acq a } else { rel a }",
     "\t(Request.Urgent)\n\t\t? (VOID)(KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql))\n\t\t: "
     "(VOID)(KeReleaseSpinLock(&Extension->QueueLock, QueueIrql));\n",
     "\tif (Request.Urgent) {\n"},
	{BRANCH_TERNARY, NULL, NULL, "helper=both", "if p { acq a }",
     "\t(Request.Urgent)\n\t\t? AcquireLock(&Extension->QueueLock, &QueueIrql)\n\t\t: (VOID)0;\n",
     "\tif (Request.Urgent) {\n"},
	{BRANCH_AND, NULL, NULL, NULL, "if p { if !q { acq a } }",
     "\tif (Request.Urgent &&\n\t    !Request.Buffered) {\n\t\t" ACQUIRE, "\tif (Request.Urgent) {\n"},
	{BRANCH_OR, NULL, NULL, NULL, "if p { if !q { acq a } }",
     "\tif (!Request.Urgent ||\n\t    Request.Buffered) {\n\t\t" WORK "\t} else {\n\t\t" ACQUIRE,
     "\tif (Request.Urgent) {\n"},
	{BRANCH_GOTO, NULL, NULL, NULL, "if ? { acq a }; work",
     "\t" UNLESS_STATUS "\t\tgoto Otherwise;\n\t}\n\t" ACQUIRE "Otherwise:\n\t" WORK, IF_STATUS},
	{BRANCH_GOTO, NULL, NULL, NULL, "if ? { acq a } else { rel a }",
     "\t" ACQUIRE "\tgoto Join;\nOtherwise:\n\t" RELEASE "Join:;\n", IF_STATUS},
	{LOOP_WHILE, NULL, NULL, NULL, "loop { work }", "\t" WHILE_QUEUE "\t\t" WORK "\t}\n", "for ("},
	{LOOP_FOR, NULL, NULL, NULL, "loop { work }",
     "\tfor (; READ_REGISTER_ULONG(Extension->QueueRegister) != 0;\n"
     "\t     InterlockedIncrement(&Extension->Rounds)) {\n",
     WHILE_QUEUE},
	{LOOP_DO, NULL, NULL, NULL, "loop { work }",
     "\tif (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {\n\t\tdo {\n\t\t\t" WORK
     "\t\t} while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0);\n\t}\n",
     WHILE_QUEUE},
	{LOOP_GOTO, NULL, NULL, NULL, "loop { work; if ? { break } }", "Again:\n\t" IF_QUEUE "\t\t" WORK,
     WHILE_QUEUE},
	{LOOP_GOTO, NULL, NULL, NULL, "loop { work; if ? { break } }",
     "\t\t\tgoto Done;\n\t\t}\n\t\tgoto Again;\n\t}\nDone:;\n", "\t\t\tbreak;\n"},
	{LOOP_BREAK, NULL, NULL, NULL, "loop { work }",
     "\tfor (;;) {\n\t\t" UNLESS_QUEUE "\t\t\tbreak;\n\t\t}\n\t\t" WORK "\t}\n", WHILE_QUEUE},
	{LOOP_CONTINUE, NULL, NULL, NULL, "loop { work }",
     "\tfor (;;) {\n\t\t" IF_QUEUE "\t\t\t" WORK "\t\t\tcontinue;\n\t\t}\n\t\tbreak;\n\t}\n", WHILE_QUEUE},
	{LOOP_NESTED, NULL, NULL, NULL, "loop { work }", "\t" WHILE_QUEUE "\t\t" WHILE_FIFO "\t\t\t" WORK,
     WHILE_QUEUE "\t\t" WORK},
	{LOOP_RETRY, NULL, NULL, NULL, "loop { work }",
     "\t" IF_QUEUE "\t\tdo {\n\t\t\tAgain = FALSE;\n\t\t\t" WORK "\t\t\t" IF_QUEUE
     "\t\t\t\tAgain = TRUE;\n\t\t\t}\n\t\t} while (Again);\n\t}\n",
     WHILE_QUEUE},
	{LOOP_RECURSION, NULL, NULL, "saved=extension", "loop { acq a; rel a }",
     "\t\tServeNext(Extension);\n\t}\n}\n", WHILE_QUEUE},
	{LOOP_RECURSION, "WdfSpinlockRelease", NULL, NULL, "loop { if p { break }; acq a; rel a }",
     "\t\tif (Fields->Urgent) {\n\t\t\treturn;\n\t\t}\n", "\t\t\tbreak;\n"},
	{FLAG_REQUEST, NULL, NULL, NULL, "if !p { acq a }", "\tif (!Request.Urgent) {\n", "if (!Urgent)"},
	{FLAG_LOCAL, NULL, NULL, NULL, "if p { acq a }", "\tUrgent = Request.Urgent;\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_LOCAL, NULL, NULL, NULL, "if p { acq a }", "\tif (Urgent) {\n", "\tif (Request.Urgent) {\n"},
	{FLAG_BIT, NULL, NULL, NULL, "if !q { acq a }", "\tif ((Request.Flags & REQUEST_BUFFERED) == 0) {\n",
     "\tif (!Request.Buffered) {\n"},
	{FLAG_BIT, NULL, NULL, NULL, "if !q { acq a }", "#define REQUEST_BUFFERED 0x02\n",
     "\tBOOLEAN Buffered;\n"},
	{FLAG_ENUM, NULL, NULL, NULL, "if !p { acq a }", "\tif (Request.Urgent != OptionOn) {\n",
     "\tif (!Request.Urgent) {\n"},
	{FLAG_MEMORY, NULL, NULL, NULL, "if p { acq a }", "\tRequest.UrgentCopy = Request.Urgent;\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_MEMORY, NULL, NULL, NULL, "if p { acq a }", "\tif (Request.UrgentCopy) {\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_STATUS, NULL, NULL, NULL, "if !p { acq a }", "\tif (!NT_SUCCESS(UrgentStatus)) {\n",
     "\tif (!Request.Urgent) {\n"},
	{FLAG_ARITHMETIC, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif ((Request.UrgentCount & 1) != 0) {\n", "\tif (Request.Urgent) {\n"},
	{FLAG_ARITHMETIC, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif ((Request.UrgentCount * Request.UrgentCount) % 2 != 0) {\n", "\tif (Request.Urgent) {\n"},
	{FLAG_PREDICATE, NULL, NULL, NULL, "if !p { acq a }", "\tif (!IsUrgent(&Request)) {\n",
     "\tif (!Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if !p { acq a }; if !p { rel a }",
     "\tif (Request.UrgentCount == 0) {\n", "\tif (!Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if !p { acq a }; if !p { rel a }",
     "\tif (Request.UrgentCount < 1) {\n", "\tif (!Request.Urgent) {\n"},
	{FLAG_BIT, NULL, NULL, NULL, "if p { acq a }", "\tif ((Request.Flags & REQUEST_URGENT) != 0) {\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_ENUM, NULL, NULL, NULL, "if p { acq a }", "\tif (Request.Urgent == OptionOn) {\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_STATUS, NULL, NULL, NULL, "if p { acq a }",
     "\tUrgentStatus = Request.Urgent ? STATUS_SUCCESS : STATUS_DEVICE_BUSY;\n", "\tif (Request.Urgent) {\n"},
	{FLAG_STATUS, NULL, NULL, NULL, "if p { acq a }", "\tif (NT_SUCCESS(UrgentStatus)) {\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_PREDICATE, NULL, NULL, NULL, "if p { acq a }", "\tif (IsUrgent(&Request)) {\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_ARITHMETIC, NULL, NULL, NULL, "if !p { acq a }; if !p { rel a }",
     "\tif ((Request.UrgentCount & 1) == 0) {\n", "\tif (!Request.Urgent) {\n"},
	{FLAG_ARITHMETIC, NULL, NULL, NULL, "if !p { acq a }; if !p { rel a }",
     "\tif ((Request.UrgentCount * Request.UrgentCount) % 2 == 0) {\n", "\tif (!Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif (Request.UrgentCount != 0) {\n", "\tif (Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif (Request.UrgentCount >= 1) {\n", "\tif (Request.Urgent) {\n"},
	{NOISE_NONE, NULL, NULL, NULL, "acq a; rel a", "\t" ACQUIRE "\t" RELEASE, "KeStallExecutionProcessor"},
	{NOISE_CALL, NULL, NULL, NULL, "acq a; rel a", "\tKeStallExecutionProcessor(1);\n\t" RELEASE,
     ACQUIRE "\t" RELEASE},
	{NOISE_ALLOCATE, NULL, NULL, NULL, "acq a; rel a",
     "\tif (Scratch != NULL) {\n\t\tExFreePoolWithTag(Scratch, 0x6B636F6C);\n"
     "\t}\n\t" RELEASE,
     ACQUIRE "\t" RELEASE},
	{NOISE_INITIALISE, NULL, NULL, NULL, "acq a; rel a", "\tKeInitializeSpinLock(&FreshLock);\n\t" ACQUIRE,
     ", Irp, NULL);\n\t" ACQUIRE},
	{NOISE_LOG, NULL, NULL, NULL, "acq a; rel a",
     "\tDbgPrint(\"%s: line %d\\n\", __func__, __LINE__);\n\t" RELEASE, ACQUIRE "\t" RELEASE},
	{NOISE_ASSERT, NULL, NULL, NULL, "acq a; rel a",
     "\tNT_ASSERT(Extension->StatusRegister != NULL);\n\t" RELEASE, ACQUIRE "\t" RELEASE},
	{NOISE_DEAD, NULL, NULL, NULL, "acq a; rel a", "\tif (ReleaseEarly) {\n\t\t" RELEASE "\t}\n\t" ACQUIRE,
     ", Irp, NULL);\n\t" ACQUIRE},
	{NOISE_STOP, NULL, NULL, NULL, "acq a; rel a",
     "\t" ACQUIRE "\t" IF_ERROR "\t\tKeBugCheckEx(MANUALLY_INITIATED_CRASH, 0, 0, 0, 0);\n\t}\n\t" RELEASE,
     ACQUIRE "\t" RELEASE},
	{NOISE_OUTER, NULL, NULL, NULL, "acq a; rel a", "\tIoAcquireCancelSpinLock(&OuterIrql);\n\t" ACQUIRE,
     RELEASE "\treturn STATUS_PENDING;\n"},
	{NOISE_OUTER, NULL, NULL, NULL, "if ? { return }; acq a; rel a",
     "\t\tIoReleaseCancelSpinLock(OuterIrql);\n\t\treturn STATUS_PENDING;\n",
     "{\n\t\treturn STATUS_PENDING;\n"},
	{NOISE_OUTER, "CancelSpinlockRelease", "dispatch", NULL, "acq a; rel a",
     "\tKeAcquireSpinLock(&Extension->StatisticsLock, &OuterIrql);\n\tIoAcquireCancelSpinLock(&OldIrql);\n",
     ", Irp, NULL);\n\tIoAcquireCancelSpinLock(&OldIrql);\n"},
};

enum { SPELLINGS = sizeof spellings / sizeof *spellings };

#define TRY_QUEUE "KeTryToAcquireSpinLockAtDpcLevel(&Extension->QueueLock)"
#define READ_STATUS "READ_REGISTER_ULONG(Extension->StatusRegister) != 0"

/* How statements that set a flag, stop or go round are spelled, in role dpc. */
static const struct {
	enum shape_id id;
	const char *sequence, *text;
} stateful[] = {
	{FLAG_REQUEST, "p = 0", "\tBOOLEAN Urgent;\n"},
	{FLAG_REQUEST, "if p { acq a }; p = 0", "\tUrgent = Request.Urgent;\n"},
	{FLAG_REQUEST, "if ? { p = 0 }", "\tUrgent = Request.Urgent;\n"},
	{FLAG_REQUEST, "p = 0", "\tUrgent = FALSE;\n"},
	{FLAG_REQUEST, "p = 1", "\tUrgent = TRUE;\n"},
	{FLAG_REQUEST, "p = ?", "\tUrgent = " READ_STATUS ";\n"},
	{FLAG_REQUEST, "p = !p", "\tUrgent = !Urgent;\n"},
	{FLAG_REQUEST, "p = q", "\tUrgent = Request.Buffered;\n"},
	{FLAG_REQUEST, "p = try a", "\tUrgent = " TRY_QUEUE ";\n"},
	{FLAG_REQUEST, "try a", "\t(VOID)" TRY_QUEUE ";\n"},
	{FLAG_REQUEST, "p = q; if q { acq a }; if p { rel a }", "\tif (Request.Buffered) {\n"},
	{FLAG_REQUEST, "p = q; if q { acq a }; if p { rel a }", "\tif (Urgent) {\n"},
	{FLAG_LOCAL, "p = q; if p { acq a }", "\tUrgent = Buffered;\n"},
	{FLAG_BIT, "p = 0; if p { acq a }", "\tRequest.Flags &= ~(ULONG)REQUEST_URGENT;\n"},
	{FLAG_BIT, "p = 1; if p { acq a }", "\tRequest.Flags |= REQUEST_URGENT;\n"},
	{FLAG_BIT, "p = try a; if p { rel a }",
     "\tRequest.Flags = " TRY_QUEUE "\n\t\t? Request.Flags | REQUEST_URGENT\n"
     "\t\t: Request.Flags & ~(ULONG)REQUEST_URGENT;\n"},
	{FLAG_BIT, "p = !q; if p { rel a }", "\tRequest.Flags = (Request.Flags & REQUEST_BUFFERED) == 0\n\t\t? "},
	{FLAG_ENUM, "p = 1; if p { acq a }", "\tRequest.Urgent = OptionOn;\n"},
	{FLAG_ENUM, "p = q; if p { acq a }",
     "\tRequest.Urgent = Request.Buffered == OptionOn ? OptionOn : OptionOff;\n"},
	{FLAG_MEMORY, "p = 1; if p { acq a }", "\tRequest.UrgentCopy = TRUE;\n"},
	{FLAG_STATUS, "p = 0; if p { acq a }", "\tUrgentStatus = STATUS_DEVICE_BUSY;\n"},
	{FLAG_STATUS, "p = try a; if p { rel a }",
     "\tUrgentStatus = " TRY_QUEUE " ? STATUS_SUCCESS : STATUS_DEVICE_BUSY;\n"},
	{FLAG_ARITHMETIC, "p = 1; if p { acq a }", "\tRequest.UrgentCount = 1;\n"},
	{FLAG_RESPELLED, "p = ?; if p { acq a }; if p { rel a }",
     "\tRequest.UrgentCount = " READ_STATUS " ? 1 : 0;\n"},
	{FLAG_PREDICATE, "p = !q; if p { acq a }", "\tRequest.Urgent = !IsBuffered(&Request);\n"},
	{FLAG_REQUEST, "if ? { stop }", "\t\tKeBugCheckEx(MANUALLY_INITIATED_CRASH, 0, 0, 0, 0);\n"},
	{FLAG_REQUEST, "forever { if ? { break } }", "\tfor (;;) {\n\t\tYieldProcessor();\n\t\tif ("},
	{ALIAS_POINTER, "p = try a; if p { rel a }",
     "\tUrgent = KeTryToAcquireSpinLockAtDpcLevel(QueuePointer);\n"},
	{PLACE_PARAMETER, "p = !p; acq a; rel a", "\tUrgent = Request->Urgent;\n"},
};

Test(shape, what_sets_a_flag_stops_or_goes_round_is_spelled_as_pinned)
{
	for (size_t i = 0; i < sizeof stateful / sizeof *stateful; i++) {
		struct subject of = parse("SpinlockRelease", "dpc", stateful[i].sequence);
		struct shapes shapes = shapes_default();
		const char *text;

		*choice_of(&shapes, stateful[i].id) = (unsigned char)stateful[i].id;
		text = body_of(&of, &shapes);
		cr_expect(strstr(text, stateful[i].text), "%s has no %s in\n%s", stateful[i].sequence,
		          stateful[i].text, text);
	}
}

/* Shapes that could not keep the verdict say that they do not apply. */
Test(shape, what_cannot_go_round_a_new_statement_does_not_apply)
{
	static const struct {
		enum shape_id id;
		const char *with, *sequence;
		bool applies;
	} rows[] = {
		{EXIT_STATUS, "", "acq a; forever { if ? { rel a; return } }", false},
		{EXIT_STATUS, "", "acq a; loop { if ? { rel a; return } }; rel a", true},
		{EXIT_STATUS, "", "acq a; if ? { rel a; return }; forever { rel a; break }", true},
		{EXIT_ONCE, "", "acq a; forever { if ? { rel a; return } }", false},
		{LOOP_GOTO, "", "forever { acq a; if ? { break }; rel a }; rel a", false},
		{LOOP_RECURSION, "", "loop { acq a; rel a }", true},
		{LOOP_RECURSION, "", "loop { acq a; rel a; p = 1 }", false},
		{LOOP_RECURSION, "", "loop { p = ? }", false},
		{LOOP_RECURSION, "", "loop { try a }", false},
		{LOOP_RECURSION, "", "p = 0; loop { if p { acq a; rel a } }", false},
		{LOOP_RECURSION, "flag=predicate", "p = 0; loop { if p { acq a; rel a } }", true},
		{LOOP_NESTED, "", "loop { forever { break } }", true},
		{HELPER_CONDITIONAL, "", "p = try a; if p { rel a }", false},
		{HELPER_BOTH, "", "try a", false},
		{HELPER_GUARD, "", "acq a; if ? { stop }; rel a", true},
		{HELPER_GUARD, "", "acq a; stop; rel a", false},
		{FLAG_BIT, "", "p = 0", false},
		{BRANCH_FALL, "", "if ? { stop }; work", false},
		{BRANCH_FALL, "", "if ? { forever { work } }; work", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct subject of = parse("SpinlockRelease", "dpc", rows[i].sequence);
		struct shapes shapes = parse_shapes(rows[i].with);

		cr_expect_eq(shape_applies(rows[i].id, &of.seq, of.rule, of.role, &shapes), rows[i].applies,
		             "%s of '%s'", shape_row(rows[i].id)->name, rows[i].sequence);
	}
}

static struct shapes
spelling_shapes(const struct spelling *row)
{
	struct shapes shapes = parse_shapes(row->with);

	*choice_of(&shapes, row->id) = (unsigned char)row->id;
	return shapes;
}

Test(shape, each_choice_is_spelled_as_pinned_and_its_default_is_spelled_otherwise)
{
	unsigned rows_of[SHAPE_ID_COUNT] = {0};
	struct shapes usual = shapes_default();

	for (size_t i = 0; i < SPELLINGS; i++) {
		const struct spelling *row = &spellings[i];
		struct subject of = parse(row->rule, row->role, row->sequence);
		struct shapes shapes = spelling_shapes(row);
		const char *name = shape_row(row->id)->name, *text = body_of(&of, &shapes);

		rows_of[row->id]++;
		cr_expect(applies(row->id, &of, &shapes), "row %zu: %s does not apply to %s", i, name, row->sequence);
		cr_expect(strstr(text, row->holds), "row %zu: %s lacks\n%s\nin\n%s", i, name, row->holds, text);
		cr_expect_not(strstr(text, row->lacks), "row %zu: %s holds\n%s\nin\n%s", i, name, row->lacks, text);
		if (row->id == *choice_of(&usual, row->id))
			continue;
		*choice_of(&shapes, row->id) = *choice_of(&usual, row->id);
		text = body_of(&of, &shapes);
		cr_expect(strstr(text, row->lacks), "row %zu: without %s lacks\n%s\nin\n%s", i, name, row->lacks,
		          text);
		cr_expect_not(strstr(text, row->holds), "row %zu: without %s holds\n%s\nin\n%s", i, name, row->holds,
		              text);
	}
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++)
		cr_expect(rows_of[id], "%s has no row", shape_row((enum shape_id)id)->name);
}

/* where a choice is refused */

struct refusal {
	enum shape_id id;
	const char *why;
	const char *rule, *role, *with; /* as in a spelling; of both sequences */
	const char *refused, *taken;    /* NULL: refused in every sequence tried */
};

#define QUEUED "QueuedSpinLockRelease"
#define CANCEL "CancelSpinlockRelease"

static const struct refusal refusals[] = {
	{BRANCH_SWITCH, "the break would bind to the switch", NULL, NULL, NULL, "loop { if ? { break } }",
     "if ? { loop { break } }"},
	{BRANCH_SWITCH, "the return is a break of the do-once", NULL, NULL, "exit=do-once",
     "if ? { return }; work", "if ? { return }; work; if ? { work }"},
	{BRANCH_FALL, "the break would bind to the switch", NULL, NULL, NULL,
     "loop { if ? { work }; if ? { break }; work; }", "loop { if ? { work }; if ? { continue }; work }"},
	{BRANCH_FALL, "nothing follows to fall into", NULL, NULL, NULL, "if ? { acq a }", "if ? { acq a }; work"},
	{BRANCH_FALL, "what jumps does not fall", NULL, NULL, NULL, "if ? { return }; work",
     "if ? { work }; work"},
	{BRANCH_INVERTED, "there is no else to exchange with", NULL, NULL, NULL, "if ? { acq a }",
     "if ? { acq a } else { work }"},
	{BRANCH_CHAIN, "the else holds more than an if", NULL, NULL, NULL,
     "if ? { work } else { if ? { work }; work }", "if ? { work } else { if ? { work } }"},
	{BRANCH_TERNARY, "only a call is an expression", NULL, NULL, NULL, "if ? { acq a; work }",
     "if ? { acq a }"},
	{BRANCH_TERNARY, "both must be calls", NULL, NULL, NULL, "if ? { acq a } else { work }",
     "if ? { acq a } else { rel a }"},
	{BRANCH_AND, "the outer block holds more than an if", NULL, NULL, NULL, "if ? { if ? { work }; work }",
     "if ? { if ? { work } }"},
	{BRANCH_OR, "an else would run for either", NULL, NULL, NULL, "if ? { if ? { work } } else { work }",
     "if ? { if ? { work } }"},
	{BRANCH_AND, "compilers warn of p && !p", NULL, NULL, NULL, "if p { if !p { work } }",
     "if p { if !q { work } }"},
	{LOOP_RETRY, "a continue would skip the question whether to go on", NULL, NULL, NULL,
     "loop { if ? { continue }; work }", "loop { if ? { break }; work }"},
	{LOOP_NESTED, "a break would leave one loop of two", NULL, NULL, NULL, "loop { if ? { break }; work }",
     "loop { if ? { continue }; work }"},
	{LOOP_BREAK, "a guarded test has no negation that is one", NULL, NULL, "exit=single-exit",
     "loop { if ? { return } }", "loop { work }; if ? { return }; work"},
	{LOOP_RECURSION, "a local KIRQL is out of sight", NULL, NULL, NULL, "loop { acq a; rel a }", NULL},
	{LOOP_RECURSION, "a local queue handle is out of sight", QUEUED, NULL, NULL, "loop { acq a; rel a }",
     "loop { work }"},
	{LOOP_RECURSION, "a return would leave the loop's function", NULL, NULL, "saved=extension",
     "acq a; loop { rel a; return }; rel a", "acq a; loop { rel a; break }; rel a"},
	{LOOP_RECURSION, "a local pointer is out of sight", NULL, NULL, "saved=extension alias=local-pointer",
     "loop { acq a; rel a }", NULL},
	{LOOP_RECURSION, "a local flag is out of sight", NULL, NULL, "saved=extension flag=local",
     "acq a; loop { if p { work } }", "acq a; if p { loop { work } }"},
	{ALIAS_CHOSEN, "a helper that finds the lock by itself finds the one", NULL, NULL,
     "helper=both argument=extension", "acq a; rel a", NULL},
	{ALIAS_CHOSEN, "an index names one lock", NULL, NULL, "helper=release argument=index place=array",
     "acq a; rel a", NULL},
	{ALIAS_TWO, "nothing is released", NULL, NULL, NULL, "acq a", "acq a; rel a"},
	{ALIAS_POINTER, "nothing is acquired", NULL, NULL, NULL, "rel a", "acq a"},
	{ALIAS_POINTER, "the cancel lock has no address", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{HELPER_GUARD, "the break of an outer loop would leave the guard's own", NULL, NULL, NULL,
     "loop { acq a; if ? { break }; rel a }", "acq a; loop { if ? { break } }; rel a"},
	{HELPER_GUARD, "the continue of an outer loop would repeat the guard's own", NULL, NULL, NULL,
     "loop { acq a; if ? { continue }; rel a }", "acq a; loop { if ? { continue }; work }; rel a"},
	{HELPER_GUARD, "a return that becomes a break would leave the guard's own", NULL, NULL, "exit=do-once",
     "if ? { return }; acq a; if ? { return }; rel a", "if ? { return }; acq a; if ? { work }; rel a"},
	{HELPER_GUARD, "there is nothing to guard", NULL, NULL, NULL, "acq a; rel a", "acq a; work; rel a"},
	{HELPER_GUARD, "the release is of another lock", NULL, NULL, NULL, "acq a; work; rel b",
     "acq b; work; rel b"},
	{HELPER_GUARD, "the release is of another handle", QUEUED, NULL, NULL, "acq a/b; work; rel a",
     "acq a/b; work; rel a/b"},
	{HELPER_CONDITIONAL, "a flag is not the helper's to test", NULL, NULL, NULL, "if p { acq a }",
     "if ? { acq a }"},
	{HELPER_FALLIBLE, "the acquire does not come first", NULL, NULL, NULL, "if ? { work; acq a }",
     "if ? { acq a; work }"},
	{CALL_MACRO, "a macro that is an expression has no branches", NULL, NULL, "helper=conditional",
     "if ? { acq a; rel a }", NULL},
	{CALL_MACRO, "a macro that is an expression has no branches", NULL, NULL, "helper=fallible",
     "if ? { acq a; rel a }", NULL},
	{CALL_INLINE, "a guard is no function", NULL, NULL, "helper=guard", "acq a; work; rel a", NULL},
	{ARGUMENT_BY_INDEX, "there is no array", NULL, NULL, "helper=both", "acq a; rel a", NULL},
	{ARGUMENT_BY_INDEX, "the cancel lock stands in no array", CANCEL, NULL, "helper=both place=array",
     "acq a; rel a", NULL},
	{SAVED_SHARED, "one KIRQL cannot keep two levels", NULL, NULL, NULL, "acq a; acq b; rel b; rel a",
     "acq a; rel a; acq b; rel b"},
	{SAVED_SHARED, "one lock shares with none", NULL, NULL, NULL, "acq a; rel a",
     "acq a; rel a; acq b; rel b"},
	{SAVED_EXTENSION, "nothing is saved", NULL, "dpc", NULL, "acq a; rel a", NULL},
	{SAVED_EXTENSION, "a queue handle stands on the stack", "QueuedSpinLockRelease", NULL, NULL,
     "acq a; rel a", NULL},
	{SAVED_EXTENSION, "holders of either lock would write to one field", NULL, NULL, "alias=chosen-pointer",
     "acq a; rel a", NULL},
	{SAVED_EXTENSION, "what is read behind the release is another holder's", NULL, NULL, NULL,
     "acq a; acq b; rel a; rel b", "acq a; acq b; rel b; rel a"},
	{EXIT_ONCE, "the break would leave the loop only", NULL, NULL, NULL, "loop { if ? { return } }",
     "loop { work }; if ? { return }; work"},
	{EXIT_LADDER, "the clean-ups differ", NULL, NULL, NULL, "acq a; if ? { return }; rel a",
     "acq a; if ? { rel a; return }; rel a"},
	{EXIT_STATUS, "nothing is left early", NULL, NULL, NULL, "acq a; rel a; return",
     "acq a; if ? { return }; rel a"},
	{FLAG_RESPELLED, "it is tested once", NULL, NULL, NULL, "if p { work }", "if p { work }; if p { work }"},
	{FLAG_LOCAL, "there is no flag", NULL, NULL, NULL, "if ? { work }", "if p { work }"},
	{NOISE_OUTER, "its release would lower the IRQL of a routine that starts with a lock", CANCEL, "cancel",
     NULL, "work; rel a", NULL},
	{NOISE_OUTER, "its release would lower the IRQL while a lock is held", NULL, NULL, NULL,
     "acq a; if ? { return }; rel a", "acq a; if ? { rel a; return }; rel a"},
	{NOISE_OUTER, "storport has no lock of another rule", "SpinLockRelease", NULL, NULL, "acq a; rel a",
     NULL},
	{NOISE_DEAD, "there is no release to copy", NULL, NULL, NULL, "acq a", "acq a; rel a"},
	{NOISE_STOP, "nothing is acquired", NULL, NULL, NULL, "rel a", "acq a"},
	{PLACE_GLOBAL, "the cancel lock lives elsewhere", CANCEL, NULL, NULL, "acq a; rel a", NULL},
	{PLACE_PARAMETER, "there is no lock to pass", NULL, NULL, NULL, "work", "acq a"},
};

Test(shape, each_choice_is_refused_where_it_does_not_fit_and_taken_beside)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *row = &refusals[i];
		struct shapes shapes = parse_shapes(row->with);
		struct subject of = parse(row->rule, row->role, row->refused);

		cr_expect_not(applies(row->id, &of, &shapes), "row %zu: %s: %s, yet %s applies to %s", i, row->why,
		              row->with ? row->with : "", shape_row(row->id)->name, row->refused);
		if (!row->taken)
			continue;
		of = parse(row->rule, row->role, row->taken);
		cr_expect(applies(row->id, &of, &shapes), "row %zu: %s does not apply to %s", i,
		          shape_row(row->id)->name, row->taken);
	}
}

/* The same sequences as above, or near ones, without the shape, rule or role that they were refused for. */
Test(shape, a_refusal_that_comes_from_another_shape_goes_with_it)
{
	static const struct {
		enum shape_id id;
		const char *rule, *role, *with, *sequence;
	} rows[] = {
		{LOOP_RECURSION, NULL, NULL, "saved=extension", "loop { acq a; rel a }"},
		{LOOP_RECURSION, NULL, NULL, "saved=extension flag=local", "if p { loop { acq a; rel a } }"},
		{LOOP_RECURSION, NULL, "dpc", NULL, "loop { acq a; rel a }"},
		{LOOP_RECURSION, "WdfSpinlockRelease", NULL, NULL, "loop { acq a; rel a }"},
		{ALIAS_CHOSEN, NULL, NULL, "helper=both", "acq a; rel a"},
		{ALIAS_POINTER, NULL, NULL, "helper=both", "acq a; rel a"},
		{CALL_INLINE, NULL, NULL, "helper=conditional", "if ? { acq a; rel a }"},
		{CALL_MACRO, NULL, NULL, "helper=both", "if ? { acq a; rel a }"},
		{ARGUMENT_BY_INDEX, NULL, NULL, "helper=both place=array", "acq a; rel a"},
		{HELPER_GUARD, NULL, NULL, NULL, "if ? { return }; acq a; if ? { return }; rel a"},
		{NOISE_OUTER, CANCEL, "dispatch", NULL, "work; acq a; rel a"},
		{NOISE_OUTER, NULL, "dpc", NULL, "acq a"},
		{BRANCH_SWITCH, NULL, NULL, NULL, "if ? { return }; work"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shapes shapes = parse_shapes(rows[i].with);
		struct subject of = parse(rows[i].rule, rows[i].role, rows[i].sequence);

		cr_expect(applies(rows[i].id, &of, &shapes), "row %zu: %s does not apply to %s with %s", i,
		          shape_row(rows[i].id)->name, rows[i].sequence, rows[i].with ? rows[i].with : "defaults");
	}
}

/* what rewritings keep */

/* Counts in `seen` how often the trees carry each statement: as their own, as the event in a helper, or in
 * shared clean-up. */
static void
mark(const struct prog_node *node, unsigned *seen)
{
	for (; node; node = node->next) {
		if (node->shared)
			for (unsigned exit = 0; exit <= 250; exit++)
				seen[node->shared[exit]]++;
		else
			seen[node->statement]++;
		if (node->event != node->statement)
			seen[node->event]++;
		mark(node->body, seen);
		mark(node->other, seen);
	}
}

/* Events and work stay what they are and are copied by nothing; what jumps or decides may be spelled by
 * several nodes, and returns may share one. */
static void
check_kept(const struct subject *of, const struct shapes *shapes, const char *name)
{
	unsigned *seen = arena_alloc(&arena, (of->seq.size + 1) * sizeof *seen);
	struct prog prog;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, shapes);
	for (unsigned i = 0; i < prog.functions; i++)
		mark(prog.function[i].body, seen);
	for (uint32_t i = 0; i < of->seq.count; i++) {
		const struct seq_node *node = &of->seq.node[i];
		bool happens =
			seq_has_use(node->op) || node->op == SEQ_WORK || node->op == SEQ_STOP || node->op == SEQ_SET;

		if (happens)
			cr_assert_eq(seen[node->number], 1, "%s: statement %u is there %u times", name, node->number,
			             seen[node->number]);
		if (node->op == SEQ_IF || node->op == SEQ_LOOP)
			cr_assert(seen[node->number], "%s: statement %u is lost", name, node->number);
	}
}

Test(shape, every_choice_keeps_each_event_exactly_once)
{
	static const char *const texts[] = {
		("acq a; loop { if p { rel a; return } else { work }; if ? { break }; if ? { continue } };"
	     " if !p { work }"),
		"acq a; acq b; if ? { if ? { rel b; rel a; return }; work }; if ? { rel a; return }; rel b; rel a",
		("loop { loop { acq a; work; rel a; if ? { continue } };"
	     " if ? { acq a; rel a } else { acq b; rel b } }"),
	};

	for (size_t i = 0; i < SPELLINGS; i++) {
		struct subject of = parse(spellings[i].rule, spellings[i].role, spellings[i].sequence);
		struct shapes shapes = spelling_shapes(&spellings[i]);

		check_kept(&of, &shapes, shape_row(spellings[i].id)->name);
		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
			of = parse(NULL, NULL, texts[j]);
			check_kept(&of, &shapes, shape_row(spellings[i].id)->name);
		}
	}
}

/* One draw of a sequence of up to so many statements and of shapes, whether or not they fit. */
static bool
draw_subject(struct random *random, const struct rule *const *rules, unsigned count, struct subject *of,
             struct shapes *shapes)
{
	struct space space;

	of->rule = rules[random_below(random, count)];
	of->role = random_below(random, of->rule->roles);
	if (!space_init(&space, of->rule, of->role, SPACE_PLAIN, 1 + random_below(random, 9), 2))
		return false;
	space_unrank(&space, random_next(random) % space_count(&space));
	of->seq = space.seq;
	of->seq.node = arena_alloc(&arena, (space.seq.count + 1) * sizeof *space.seq.node);
	memcpy(of->seq.node, space.seq.node, space.seq.count * sizeof *space.seq.node);
	space_free(&space);
	for (unsigned i = 0; i < SHAPE_COUNT * 4; i++) {
		enum shape_id id = (enum shape_id)random_below(random, SHAPE_ID_COUNT);

		*choice_of(shapes, id) = (unsigned char)id;
	}
	return true;
}

/* Operations of the sequence by number of the statement. */
static const unsigned char *
operations(const struct seq *seq)
{
	unsigned char *op = arena_alloc(&arena, seq->size + 1);

	for (uint32_t i = seq->count; i-- > 0;)
		op[seq->node[i].number] = seq->node[i].op;
	return op;
}

/* `around` is what a break here would leave, `again` what a continue would repeat; NULL for none. Returns how
 * many of the sequence's breaks and continues were found. */
static unsigned
check_jumps(const struct prog_node *node, const unsigned char *op, const struct prog_node *around,
            const struct prog_node *again)
{
	unsigned found = 0;

	for (; node; node = node->next) {
		bool loop = prog_is_loop(node), holds = loop || node->op == PROG_ONCE || node->op == PROG_GUARD;

		if (node->op == PROG_BREAK) {
			bool once = op[node->statement] == SEQ_RETURN;

			cr_assert(around && (once ? around->op == PROG_ONCE : prog_is_loop(around)),
			          "statement %u leaves operation %d", node->statement, around ? around->op : -1);
			found += op[node->statement] == SEQ_BREAK;
		}
		if (node->op == PROG_CONTINUE) {
			cr_assert(again && prog_is_loop(again) && again->op != PROG_REPEAT,
			          "statement %u repeats operation %d", node->statement, again ? again->op : -1);
			found += op[node->statement] == SEQ_CONTINUE;
		}
		found += check_jumps(node->body, op, holds || node->op == PROG_SWITCH ? node : around,
		                     holds ? node : again);
		if (node->op != PROG_GUARD)
			found += check_jumps(node->other, op, node->op == PROG_SWITCH ? node : around, again);
	}
	return found;
}

Test(shape, a_break_or_continue_never_lands_in_a_switch_a_do_once_or_a_guard)
{
	enum { CASES = 5000 };
	static const char *const names[] = {"SpinlockRelease", QUEUED, "WdfSpinlockRelease"};
	const struct rule *rules[3];
	struct random random = {5};
	unsigned found = 0;

	for (unsigned i = 0; i < CASES; i++) {
		struct shapes shapes = shapes_default();
		struct subject of;
		struct prog prog;

		if (i % 100 == 0) {
			arena_reset(&arena);
			for (unsigned j = 0; j < 3; j++)
				rules[j] = load(names[j]);
		}
		if (!draw_subject(&random, rules, 3, &of, &shapes))
			continue;
		prog_make(&prog, &arena, of.rule, of.role, &of.seq, &shapes);
		for (unsigned j = 0; j < prog.functions; j++)
			found += check_jumps(prog.function[j].body, operations(&of.seq), NULL, NULL);
		check_kept(&of, &shapes, "drawn");
	}
	cr_assert_gt(found, CASES / 20, "only %u jumps were looked at", found);
}

/* the ladder */

Test(shape, the_ladder_names_the_hardest_step_that_is_needed)
{
	static const struct {
		const char *text;
		enum ladder step;
	} rows[] = {
		{"acq a; rel a", LADDER_STRAIGHT},
		{"acq a; if ? { rel a; return }; rel a", LADDER_BRANCHES},
		{"loop { if p { acq a; rel a } }", LADDER_LOOPS},
		{"acq a; loop { acq b; rel b }; rel a", LADDER_LOCKS},
		{"if p { acq a }; if p { rel a }", LADDER_CONDITIONS},
	};
	struct shapes shapes = shapes_default();
	struct subject of;

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		of = parse(NULL, NULL, rows[i].text);
		cr_assert_eq(shape_ladder(&of.seq, of.rule, &shapes), rows[i].step, "%s", rows[i].text);
	}
	of = parse(NULL, NULL, "acq a; rel a");
	for (unsigned id = 0; id < SHAPE_ID_COUNT; id++) {
		shapes = shapes_default();
		*choice_of(&shapes, (enum shape_id)id) = (unsigned char)id;
		cr_assert_eq(shape_ladder(&of.seq, of.rule, &shapes), shape_row((enum shape_id)id)->step);
	}
}
