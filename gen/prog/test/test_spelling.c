/* Shapes: how each choice is spelled in C, and that each keeps what happens. */
#include "shape_fixture.h"

TestSuite(spelling, .fini = end);

#define TRY_QUEUE "KeTryToAcquireSpinLockAtDpcLevel(&Extension->QueueLock)"
#define ACQUIRE "KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);\n"
#define RELEASE "KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);\n"
#define IF_STATUS "if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {\n"
#define IF_QUEUE "if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {\n"
#define UNLESS_QUEUE "if (READ_REGISTER_ULONG(Extension->QueueRegister) == 0) {\n"
#define IF_ERROR "if (READ_REGISTER_ULONG(Extension->ErrorRegister) != 0) {\n"
#define WHILE_FIFO "while (READ_REGISTER_ULONG(Extension->FifoRegister) != 0) {\n"
#define UNLESS_STATUS "if (READ_REGISTER_ULONG(Extension->StatusRegister) == 0) {\n"
#define WHILE_QUEUE "while (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {\n"
#define BUG_CHECK "KeBugCheckEx(MANUALLY_INITIATED_CRASH, 0, 0, 0, 0)"
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
	{PLACE_COMPUTED, NULL, NULL, NULL, "acq b; rel b",
     "\tKeAcquireSpinLock(&Extension->LockTable[LOCK_BASE + 2], &StateIrql);\n"
     "\tKeReleaseSpinLock(&Extension->LockTable[2 + LOCK_BASE], StateIrql);\n",
     "&Extension->StateLock"},
	{PLACE_COMPUTED, NULL, NULL, "helper=both argument=index", "acq a; rel a",
     "\tReleaseLock(Extension, 1 + LOCK_BASE, QueueIrql);\n", RELEASE},
	{PLACE_COMPUTED, NULL, NULL, "alias=chosen-pointer", "acq a; rel a", "\tKSPIN_LOCK LockTable[8];\n",
     "SpareQueueLock"},
	{PLACE_ACCESSOR, NULL, NULL, NULL, "acq b; rel b",
     "static PKSPIN_LOCK\nLockAt(PDEVICE_EXTENSION Extension, ULONG Index)\n{\n"
     "\treturn &Extension->LockTable[Index];\n}\n",
     "&Extension->StateLock"},
	{PLACE_ACCESSOR, "WdfSpinlockRelease", NULL, NULL, "acq a; rel a",
     "\tWdfSpinLockAcquire(LockAt(Context, 0));\n", "Context->QueueLock"},
	{PLACE_ACCESSOR, NULL, NULL, "helper=release call=macro", "acq b; rel b",
     "#define LockAt(Extension, Index) (&(Extension)->LockTable[Index])\n\n#define ReleaseLock(",
     "&Extension->StateLock"},
	{PLACE_ACCESSOR, "WdfSpinlockRelease", NULL, "helper=release call=macro argument=extension",
     "acq a; rel a",
     "#define LockAt(Context, Index) ((Context)->LockTable[Index])\n\n#define ReleaseQueue(Context) \\\n",
     "WdfSpinLockRelease((Context)->QueueLock)"},
	{PLACE_ACCESSOR, NULL, NULL, "helper=both call=inline", "acq b; rel b",
     "static inline PKSPIN_LOCK\nLockAt(PDEVICE_EXTENSION Extension, ULONG Index)\n",
     "&Extension->StateLock"},
	{PLACE_ACCESSOR, NULL, NULL, "helper=release argument=extension", "acq b; rel b",
     "_Releases_lock_(Extension->LockTable[1])\n_IRQL_requires_(DISPATCH_LEVEL)\nstatic VOID\n",
     "_Releases_lock_(Extension->StateLock)"},
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
	{PLACE_LOCAL, NULL, NULL, NULL, "acq a; rel a",
     "typedef struct _TRANSFER {\n\tLONG volatile PiecesLeft;\n\tKSPIN_LOCK QueueLock;\n} TRANSFER;\n",
     ACQUIRE},
	{PLACE_LOCAL, NULL, NULL, NULL, "acq a; rel a",
     "\tTransfer.PiecesLeft = 1;\n\tKeInitializeSpinLock(&Transfer.QueueLock);\n"
     "\tKeAcquireSpinLock(&Transfer.QueueLock, &QueueIrql);\n",
     ACQUIRE},
	{PLACE_LOCAL, "QueuedSpinLockRelease", NULL, "helper=both", "loop { acq b; rel b }",
     "\tKeInitializeSpinLock(&Transfer.StateLock);\n\t" WHILE_QUEUE
     "\t\tAcquireLock(&Transfer.StateLock, &SecondHandle);\n",
     "&Extension->StateLock"},
	{PLACE_LOCAL, NULL, NULL, "alias=chosen-pointer", "acq a; rel a",
     "\tQueuePointer = Request.Mapped ? &Transfer.SpareQueueLock : &Transfer.QueueLock;\n"
     "\tKeInitializeSpinLock(&Transfer.QueueLock);\n\tKeInitializeSpinLock(&Transfer.SpareQueueLock);\n",
     "&Extension->QueueLock"},
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
	{ALIAS_MOVING, NULL, NULL, NULL, "acq a; acq b; rel b; rel a",
     "\tLockPointer = &Extension->QueueLock;\n\tKeAcquireSpinLock(LockPointer, &QueueIrql);\n"
     "\tLockPointer = &Extension->StateLock;\n\tKeAcquireSpinLock(LockPointer, &StateIrql);\n",
     ACQUIRE},
	{ALIAS_MOVING, NULL, NULL, NULL, "acq a; rel a", "\tPKSPIN_LOCK LockPointer;\n", ACQUIRE},
	{ALIAS_MOVING, NULL, NULL, "branch=ternary", "acq a; if ? { rel a } else { rel a }",
     "\tLockPointer = &Extension->QueueLock;\n\t(READ_REGISTER_ULONG(Extension->StatusRegister) != 0)\n"
     "\t\t? (VOID)(KeReleaseSpinLock(LockPointer, QueueIrql))\n",
     ACQUIRE},
	{ALIAS_MOVING, NULL, NULL, "helper=conditional branch=else-if", "if ? { acq a } else { if ? { acq a } }",
     "\tLockPointer = &Extension->QueueLock;\n\tif (TakeLock(Extension, LockPointer, &QueueIrql)) {\n",
     "TakeLock(Extension, &Extension->QueueLock"},
	{ALIAS_MOVING, NULL, NULL, "helper=guard", "acq a; acq b; work; rel b; rel a",
     "\t\tKeReleaseSpinLock(LockPointer, StateIrql);\n\t\tLockPointer = &Extension->QueueLock;\n\t}\n",
     "WITH_LOCK(&Extension->QueueLock, QueueIrql)"},
	{ALIAS_MOVING, NULL, NULL, "helper=guard", "acq a; work; rel a",
     "\tLockPointer = &Extension->QueueLock;\n\tWITH_LOCK(LockPointer, QueueIrql) {\n\t\t" WORK "\t}\n",
     "WITH_LOCK(&Extension->QueueLock, QueueIrql)"},
	{ALIAS_MOVED, NULL, NULL, NULL, "acq a; rel a",
     "static VOID\nSelectLock(PKSPIN_LOCK *Pointer, PKSPIN_LOCK Lock)\n{\n\t*Pointer = Lock;\n}\n", ACQUIRE},
	{ALIAS_MOVED, NULL, NULL, "place=parameter", "acq a; rel a",
     "\tSelectLock(&LockPointer, QueueLock);\n\tKeAcquireSpinLock(LockPointer, &QueueIrql);\n",
     "\tKeAcquireSpinLock(QueueLock"},
	{ALIAS_MOVING_INDEX, NULL, NULL, "place=array", "acq b; rel b",
     "\tLockIndex = 1;\n\tKeAcquireSpinLock(&Extension->LockTable[LockIndex], &StateIrql);\n",
     "LockTable[1],"},
	{ALIAS_MOVING_INDEX, "WdfSpinlockRelease", NULL, "place=array-index helper=both argument=index",
     "acq a; rel a", "\tLockIndex = QueueIndex;\n\tAcquireLock(Context, LockIndex);\n",
     "AcquireLock(Context, QueueIndex)"},
	{ALIAS_ELEMENT, NULL, NULL, "place=array", "acq b; rel b",
     "\tKeAcquireSpinLock(&Locks[1], &StateIrql);\n"
     "\tKeReleaseSpinLock(&Extension->LockTable[1], StateIrql);\n",
     "KeAcquireSpinLock(&Extension->LockTable[1]"},
	{ALIAS_ELEMENT, "WdfSpinlockRelease", NULL, "place=array-accessor", "acq a; acq b; rel b; rel a",
     "\tWDFSPINLOCK *Locks = Context->LockTable;\n", "WdfSpinLockAcquire(LockAt("},
	{ALIAS_KEPT, NULL, NULL, NULL, "acq a; rel a",
     "typedef struct _LOCK_SET {\n\tPKSPIN_LOCK QueuePointer;\n} LOCK_SET;\n", RELEASE},
	{ALIAS_KEPT, NULL, NULL, "place=parameter", "acq a; rel a",
     "\tLOCK_SET Set;\n\n\tSet.QueuePointer = QueueLock;\n", "\tKeReleaseSpinLock(QueueLock, QueueIrql);\n"},
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
	{HELPER_DIRECTION, NULL, NULL, NULL, "acq a; rel a",
     "\tif (Acquire) {\n\t\tKeAcquireSpinLock(Lock, OldIrql);\n\t} else {\n\t\tKeReleaseSpinLock(Lock, "
     "*OldIrql);\n\t}\n",
     ACQUIRE},
	{HELPER_DIRECTION, NULL, NULL, NULL, "acq a; rel a",
     "\tChangeLock(&Extension->QueueLock, &QueueIrql, TRUE);\n"
     "\tChangeLock(&Extension->QueueLock, &QueueIrql, FALSE);\n",
     RELEASE},
	{HELPER_DIRECTION, "QueuedSpinLockRelease", NULL, "argument=extension", "acq b/a; rel a",
     "\tChangeState(Extension, &LockHandle, FALSE);\n", "\tKeReleaseInStackQueuedSpinLock(&LockHandle);\n"},
	{HELPER_DIRECTION, NULL, NULL, "call=macro", "acq a:KeAcquireSpinLockRaiseToDpc; rel a",
     "#define ChangeLock(Lock, OldIrql, Acquire) \\\n\t((Acquire) \\\n"
     "\t  ? (VOID)(*(OldIrql) = KeAcquireSpinLockRaiseToDpc((Lock))) \\\n"
     "\t  : (VOID)(KeReleaseSpinLock((Lock), *(OldIrql))))\n",
     "\tQueueIrql = KeAcquireSpinLockRaiseToDpc("},
	{HELPER_DIRECTION_ENUM, "CancelSpinlockRelease", NULL, NULL, "acq a; rel a",
     "\tif (Change == LockAcquire) {\n\t\tIoAcquireCancelSpinLock(OldIrql);\n\t} else {\n",
     "\tIoAcquireCancelSpinLock(&OldIrql);\n"},
	{HELPER_DIRECTION_ENUM, NULL, NULL, "call=nested", "acq a; rel a",
     "\tSwitchLock(&Extension->QueueLock, &QueueIrql, LockRelease);\n", RELEASE},
	{HELPER_BALANCED, NULL, NULL, NULL, "acq a; acq a; work; rel a; rel a",
     "RunWithLock(PDEVICE_EXTENSION Extension, PKSPIN_LOCK Lock)\n{\n\tKIRQL QueueIrql = PASSIVE_LEVEL;\n\n"
     "\tKeAcquireSpinLock(Lock, &QueueIrql);\n\t" WORK "\tKeReleaseSpinLock(Lock, QueueIrql);\n}\n",
     "\tKeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);\n"
     "\tKeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);\n"},
	{HELPER_BALANCED, NULL, NULL, NULL, "acq a; acq a; work; rel a; rel a",
     "\t" ACQUIRE "\tRunWithLock(Extension, &Extension->QueueLock);\n\t" RELEASE, "\t" RELEASE "\t" RELEASE},
	{HELPER_BALANCED, NULL, NULL, "argument=extension loop=retry",
     "acq b; if p { work }; loop { work }; rel b",
     "\tBOOLEAN Again = FALSE;\n\tKIRQL StateIrql = PASSIVE_LEVEL;\n\n"
     "\tKeAcquireSpinLock(&Extension->StateLock, &StateIrql);\n",
     "StateLock, &StateIrql);\n\tif (Request.Urgent"},
	{HELPER_BALANCED, "QueuedSpinLockRelease", NULL, "argument=extension", "acq a; rel a",
     "RunWithQueue(PDEVICE_EXTENSION Extension)\n{\n\tKLOCK_QUEUE_HANDLE LockHandle;\n\n"
     "\tRtlZeroMemory(&LockHandle, sizeof LockHandle);\n"
     "\tKeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &LockHandle);\n",
     "LockHandle;\n\n\tIoCsqInsertIrp("},
	{HELPER_BALANCED, NULL, "dpc", "result=tested-later", "acq a; try b { rel b }; rel a",
     "{\n\tBOOLEAN Acquired;\n\n\tKeAcquireSpinLockAtDpcLevel(Lock);\n",
     "DeferredContext;\n\tBOOLEAN Acquired;\n"},
	{HELPER_RETAKEN, NULL, NULL, NULL, "acq a; rel a; work; acq a; rel a",
     "\tKeReleaseSpinLock(Lock, *OldIrql);\n\t" WORK "\tKeAcquireSpinLock(Lock, OldIrql);\n",
     "\t" WORK "\t" ACQUIRE},
	{HELPER_RETAKEN, "CancelSpinlockRelease", "cancel", "call=macro", "rel a; work; acq a; rel a",
     "#define RunWithoutCancel(Extension, OldIrql) \\\n\t(IoReleaseCancelSpinLock(*(OldIrql)), \\\n",
     "\tIoAcquireCancelSpinLock(&OldIrql);\n"},
	{HELPER_RETAKEN, "QueuedSpinLockRelease", NULL, "call=nested", "acq a/a; rel a; acq a/b; rel b",
     "\tCallWithoutLock(Extension, &Extension->QueueLock, &LockHandle, &SecondHandle);\n",
     "\tKeReleaseInStackQueuedSpinLock(&LockHandle);\n"},
	{HELPER_ACCESSOR, NULL, NULL, NULL, "if !p { acq a }", "\tif (!GetUrgent(&Request)) {\n",
     "\tif (!Request.Urgent) {\n"},
	{HELPER_ACCESSOR, NULL, NULL, NULL, "p = 0; if p { rel a }",
     "SetUrgent(PREQUEST_CONTEXT Request, BOOLEAN Value)\n{\n\tRequest->Urgent = Value;\n}\n",
     "\tUrgent = FALSE;\n"},
	{HELPER_ACCESSOR, NULL, NULL, "call=nested", "p = 0; if p { rel a }", "\tStoreUrgent(&Request, FALSE);\n",
     "\tUrgent = FALSE;\n"},
	{HELPER_ASSERTS, NULL, NULL, NULL, "acq a; work; rel a",
     "AssertLock(PKSPIN_LOCK Lock)\n{\n\tUNREFERENCED_PARAMETER(Lock);\n"
     "\tNT_ASSERT(KeGetCurrentIrql() == DISPATCH_LEVEL);\n}\n",
     "\t" ACQUIRE "\t" WORK},
	{HELPER_ASSERTS, NULL, NULL, "call=macro", "acq a; work; rel a",
     "#define AssertLock(Lock) \\\n\t((VOID)(Lock), \\\n"
     "\t NT_ASSERT(KeGetCurrentIrql() == DISPATCH_LEVEL))\n",
     "\t" ACQUIRE "\t" WORK},
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
	{HELPER_GUARD_LEFT, NULL, NULL, NULL, "acq a; if ? { return }; rel a",
     "\tWITH_LOCK(&Extension->QueueLock, QueueIrql) {\n\t\t" IF_STATUS "\t\t\tbreak;\n\t\t}\n\t}\n", ACQUIRE},
	{HELPER_GUARD_LEFT, NULL, NULL, NULL, "loop { acq a; if ? { rel a; continue }; work; rel a }",
     "\t\tWITH_LOCK(&Extension->QueueLock, QueueIrql) {\n\t\t\t" IF_STATUS
     "\t\t\t\tcontinue;\n\t\t\t}\n\t\t\t" WORK "\t\t}\n\t}\n",
     ACQUIRE},
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
	{EXIT_ONCE_CONTINUE, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\t\tcontinue;\n\t\t}\n\t\t" RELEASE "\t} while (0);\n", "\t\treturn"},
	{EXIT_UNREACHABLE, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\treturn STATUS_PENDING;\n\t\t" RELEASE, "\t\treturn STATUS_PENDING;\n\t}\n"},
	{EXIT_UNREACHABLE, NULL, NULL, NULL, "if ? { return }; acq a", "\t\treturn STATUS_PENDING;\n\t\t" WORK,
     "\t\treturn STATUS_PENDING;\n\t}\n"},
	{EXIT_HIDDEN, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\t" RELEASE "\t\tLEAVE_ROUTINE();\n\t}\n", "\t\treturn STATUS_PENDING;\n"},
	{EXIT_HIDDEN, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "#define LEAVE_ROUTINE() return STATUS_PENDING\n", "\t\treturn STATUS_PENDING;\n"},
	{EXIT_HIDDEN, NULL, "dpc", NULL, "acq a; if ? { return }; rel a", "#define LEAVE_ROUTINE() return\n",
     "\t\treturn;\n"},
	{EXIT_HIDDEN_GOTO, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "\t\tBAIL_OUT(Exit);\n\t}\n\t" RELEASE "\treturn STATUS_PENDING;\nExit:\n\t" RELEASE, "\t\t" RELEASE},
	{EXIT_HIDDEN_GOTO, NULL, NULL, NULL, "acq a; if ? { rel a; return }; rel a",
     "#define BAIL_OUT(label) goto label\n", "\t\t" RELEASE},
	{EXIT_RETURN_IF, NULL, NULL, NULL, "acq a; if ? { return }; rel a",
     "\tRETURN_IF(READ_REGISTER_ULONG(Extension->StatusRegister) != 0);\n\t" RELEASE, IF_STATUS},
	{EXIT_RETURN_IF, NULL, NULL, NULL, "acq a; if ? { return }; rel a",
     "#define RETURN_IF(condition) \\\n\tdo { \\\n\t\tif (condition) { \\\n\t\t\treturn STATUS_PENDING; \\\n"
     "\t\t} \\\n\t} while (0)\n",
     IF_STATUS},
	{EXIT_FINALLY, NULL, NULL, NULL, "acq a; if ? { rel a; return }; work; rel a",
     "\t__try {\n\t\t" IF_STATUS "\t\t\t__leave;\n\t\t}\n\t\t" WORK "\t} __finally {\n\t\t" RELEASE
     "\t}\n\treturn STATUS_PENDING;\n}\n",
     "\t\treturn"},
	{EXIT_FINALLY, NULL, NULL, NULL, "acq a; if ? { return }; if ? { rel a; rel a; return }; rel a",
     "\t\treturn STATUS_PENDING;\n\t}\n\t__try {\n\t\t" IF_STATUS "\t\t\t" RELEASE "\t\t\t__leave;\n",
     "\t\t" RELEASE "\t\treturn STATUS_PENDING;\n"},
	{EXIT_FINALLY, NULL, NULL, NULL,
     "acq a; if ? { rel a; return }; acq b; if ? { rel b; rel a; return }; rel b; rel a",
     "\tKeAcquireSpinLock(&Extension->StateLock, &StateIrql);\n\t__try {\n",
     "\tKeAcquireSpinLock(&Extension->StateLock, &StateIrql);\n\t" IF_STATUS},
	{EXIT_FINALLY, NULL, "dpc", NULL,
     "acq a; acq b; if ? { rel b; rel a; return }; if ? { rel a; return }; rel b; rel a",
     "\tKeAcquireSpinLockAtDpcLevel(&Extension->StateLock);\n\t__try {\n\t\t" IF_STATUS, "\t\treturn;\n"},
	{EXIT_FINALLY, NULL, NULL, "helper=both",
     "acq a; if ? { rel a; return }; loop { if ? { rel a; return } }; rel a",
     "\t} __finally {\n\t\tReleaseLock(&Extension->QueueLock, QueueIrql);\n\t}\n", "\t\treturn"},
	{EXIT_CLEANUP, NULL, NULL, NULL, "if ? { return }; acq a; if ? { rel a; return }; work; rel a",
     "\t" ACQUIRE
     "\tSCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = {&Extension->QueueLock, &QueueIrql};\n\t" IF_STATUS
     "\t\treturn STATUS_PENDING;\n\t}\n\t" WORK "\treturn STATUS_PENDING;\n}\n",
     RELEASE},
	{EXIT_CLEANUP, NULL, NULL, NULL, "acq a; if ? { rel a; return }; if ? { rel a; return }; work; rel a",
     "\t\t" RELEASE "\t\treturn STATUS_PENDING;\n\t}\n\tSCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = "
     "{&Extension->QueueLock, &QueueIrql};\n\t" IF_STATUS "\t\treturn STATUS_PENDING;\n\t}\n\t" WORK,
     "\t" RELEASE "\treturn"},
	{EXIT_CLEANUP, NULL, NULL, NULL, "acq a; work; rel a",
     "typedef struct _LOCK_SCOPE {\n\tPKSPIN_LOCK Lock;\n\tPKIRQL OldIrql;\n} LOCK_SCOPE, *PLOCK_SCOPE;\n\n"
     "_Releases_lock_(*Scope->Lock)\n_At_(*Scope->OldIrql, _IRQL_restores_)\n_IRQL_requires_(DISPATCH_LEVEL)\n"
     "static VOID\nReleaseAtExit(PLOCK_SCOPE Scope)\n{\n\tKeReleaseSpinLock(Scope->Lock, *Scope->OldIrql);\n}\n",
     RELEASE},
	{EXIT_CLEANUP, "QueuedSpinLockRelease", NULL, NULL, "acq a; if ? { return }; rel a",
     "\treturn STATUS_PENDING;\n\t}\n\tSCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = {&LockHandle};\n",
     "\tKeReleaseInStackQueuedSpinLock(&LockHandle);\n"},
	{EXIT_CLEANUP, NULL, NULL, NULL, "acq a; if ? { stop }; work; rel a",
     "\t\t" BUG_CHECK ";\n\t}\n\tSCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = "
     "{&Extension->QueueLock, &QueueIrql};\n\t" WORK "\treturn",
     RELEASE},
	{EXIT_CLEANUP, NULL, NULL, "helper=both argument=extension",
     "if ? { return }; acq a; acq b; if ? { rel b; rel a; return }; rel b; rel a",
     "\tReleaseQueue(Scope->Extension, *Scope->OldIrql);\n", "\tReleaseQueue(Extension, QueueIrql);\n"},
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
	{BRANCH_DEFAULT, NULL, NULL, NULL, "if ? { acq a } else { work }",
     "\tswitch (READ_REGISTER_ULONG(Extension->StatusRegister)) {\n\tdefault:\n\t\t" ACQUIRE
     "\t\tbreak;\n\tcase 0:\n\t\t" WORK "\t\tbreak;\n\t}\n",
     IF_STATUS},
	{BRANCH_DEFAULT, NULL, NULL, "flag=enum", "if p { acq a }",
     "\tdefault:\n\t\tbreak;\n\tcase OptionOn:\n\t\t" ACQUIRE "\t\tbreak;\n",
     "\tif (Request.Urgent == OptionOn) {\n"},
	{BRANCH_CAST, NULL, NULL, NULL, "if ? { acq a }",
     "\tif ((BOOLEAN)(READ_REGISTER_ULONG(Extension->StatusRegister) != 0)) {\n", IF_STATUS},
	{BRANCH_CAST, NULL, NULL, NULL, "if !p { acq a }", "\tif (!(BOOLEAN)Request.Urgent) {\n",
     "\tif (!Request.Urgent) {\n"},
	{BRANCH_CAST, NULL, NULL, "helper=fallible", "if ? { acq a; rel a }",
     "\tif ((BOOLEAN)NT_SUCCESS(TakeLock(", "\tif (NT_SUCCESS(TakeLock("},
	{BRANCH_ENUMERATOR, NULL, NULL, NULL, "if ? { acq a }",
     "\tif (READ_REGISTER_ULONG(Extension->StatusRegister) != SignalClear) {\n", IF_STATUS},
	{BRANCH_ENUMERATOR, NULL, NULL, "flag=bit", "if !p { acq a }",
     "\tif ((Request.Flags & REQUEST_URGENT) == SignalClear) {\n",
     "\tif ((Request.Flags & REQUEST_URGENT) == 0) {\n"},
	{BRANCH_ENUMERATOR, NULL, NULL, "flag=respelled", "if p { acq a }; if p { rel a }",
     "\tif ((Request.UrgentCount >= 1) != SignalClear) {\n", "\tif (Request.UrgentCount >= 1) {\n"},
	{BRANCH_NONZERO, NULL, NULL, NULL, "if !p { acq a }", "\tif (Request.Urgent == 0) {\n",
     "\tif (!Request.Urgent) {\n"},
	{BRANCH_NONZERO, NULL, NULL, NULL, "if ? { acq a }",
     "\tif (0 != READ_REGISTER_ULONG(Extension->StatusRegister)) {\n", IF_STATUS},
	{BRANCH_NONZERO, NULL, NULL, "flag=bit", "if !p { acq a }",
     "\tif (0 == (Request.Flags & REQUEST_URGENT)) {\n", "\tif ((Request.Flags & REQUEST_URGENT) == 0) {\n"},
	{BRANCH_NONZERO, NULL, NULL, "helper=conditional", "if ? { acq a; rel a }",
     "\tif (TakeLock(Extension, &Extension->QueueLock, &QueueIrql) != 0) {\n",
     "\tif (TakeLock(Extension, &Extension->QueueLock, &QueueIrql)) {\n"},
	{BRANCH_NONZERO, NULL, NULL, "flag=enum", "if p { acq a }",
     "\tif ((Request.Urgent == OptionOn) != 0) {\n", "\tif (Request.Urgent == OptionOn) {\n"},
	{BRANCH_GENERIC, NULL, NULL, NULL, "if ? { acq a }; if !p { work }",
     "\tif (IS_SET(READ_REGISTER_ULONG(Extension->StatusRegister))) {\n", IF_STATUS},
	{BRANCH_GENERIC, NULL, NULL, "flag=bit", "if !p { acq a }",
     "\tif (!IS_SET((Request.Flags & REQUEST_URGENT))) {\n",
     "\tif ((Request.Flags & REQUEST_URGENT) == 0) {\n"},
	{BRANCH_GENERIC, NULL, NULL, NULL, "if p { acq a }",
     "#define IS_SET(value) _Generic((value), BOOLEAN: (value), default: (value) != 0)\n",
     "\tif (Request.Urgent) {\n"},
	{BRANCH_COMPUTED, NULL, NULL, NULL, "if p { acq a } else { rel a }; work",
     "\tgoto *(Request.Urgent\n\t\t? &&Taken\n\t\t: &&Otherwise);\nTaken:\n\t" ACQUIRE
     "\tgoto Join;\nOtherwise:\n\t" RELEASE "Join:\n",
     "\tif (Request.Urgent) {\n"},
	{BRANCH_ASM, NULL, NULL, NULL, "if ? { acq a }; work",
     "\tASM_BRANCH(READ_REGISTER_ULONG(Extension->StatusRegister) == 0, Otherwise);\n\t" ACQUIRE
     "Otherwise:\n",
     IF_STATUS},
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
	{LOOP_WHILE_TRUE, NULL, NULL, NULL, "loop { work }",
     "\twhile (TRUE) {\n\t\t" UNLESS_QUEUE "\t\t\tbreak;\n\t\t}\n\t\t" WORK "\t}\n", WHILE_QUEUE},
	{LOOP_WHILE_TRUE, NULL, NULL, NULL, "forever { work }",
     "\twhile (TRUE) {\n\t\tYieldProcessor();\n\t\t" WORK "\t}\n", "\tfor (;;) {\n"},
	{LOOP_DO_TRUE, NULL, NULL, NULL, "loop { work }",
     "\tdo {\n\t\t" UNLESS_QUEUE "\t\t\tbreak;\n\t\t}\n\t\t" WORK "\t} while (TRUE);\n", WHILE_QUEUE},
	{LOOP_DO_TRUE, NULL, NULL, NULL, "forever { work }",
     "\tdo {\n\t\tYieldProcessor();\n\t\t" WORK "\t} while (TRUE);\n", "\tfor (;;) {\n"},
	{LOOP_GOTO, NULL, NULL, NULL, "forever { if ? { break }; if ? { continue }; work }; acq a",
     "Again:\n\tYieldProcessor();\n\t" IF_STATUS "\t\tgoto Done;\n\t}\n\t" IF_STATUS
     "\t\tgoto Again;\n\t}\n\t" WORK "\tgoto Again;\nDone:\n\t" ACQUIRE,
     "\tfor (;;) {\n"},
	{LOOP_ONCE, NULL, NULL, NULL, "loop { if ? { continue }; work }",
     "\t" WHILE_QUEUE "\t\tdo {\n\t\t\t" IF_STATUS "\t\t\t\tcontinue;\n\t\t\t}\n\t\t\t" WORK
     "\t\t} while (0);\n\t}\n",
     WHILE_QUEUE "\t\t" IF_STATUS},
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
	{FLAG_COUNTER, NULL, NULL, NULL, "p = 1; if p { acq a }", "\tULONG UrgentCount = 0;\n",
     "\tBOOLEAN Urgent;\n"},
	{FLAG_COUNTER, NULL, NULL, NULL, "if p { acq a }", "\tUrgentCount = Request.Urgent ? 1 : 0;\n",
     "\tif (Request.Urgent) {\n"},
	{FLAG_COUNTER, NULL, NULL, NULL, "p = 0; if ? { acq a; p = 1 }; if !p { rel a }", "\t\tUrgentCount++;\n",
     "\tUrgent = FALSE;\n"},
	{FLAG_COUNTER, NULL, NULL, NULL, "p = 0; if ? { acq a; p = 1 }; if !p { rel a }",
     "\tif (UrgentCount == 0) {\n", "\tif (!Urgent) {\n"},
	{FLAG_COUNTER, NULL, NULL, "branch=nonzero", "if p { acq a }", "\tif (0 != UrgentCount) {\n",
     "\tif (Request.Urgent != 0) {\n"},
	{FLAG_COUNTER, NULL, NULL, "branch=cast", "if !p { acq a }", "\tif (!(BOOLEAN)(UrgentCount > 0)) {\n",
     "\tif (!(BOOLEAN)Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif (Request.UrgentCount != 0) {\n", "\tif (Request.Urgent) {\n"},
	{FLAG_RESPELLED, NULL, NULL, NULL, "if p { acq a }; if p { rel a }",
     "\tif (Request.UrgentCount >= 1) {\n", "\tif (Request.Urgent) {\n"},
	{RESULT_IN_PLACE, NULL, "dpc", NULL, "try a { rel a }", "\tif (" TRY_QUEUE ") {\n", "Acquired"},
	{RESULT_STORED, NULL, "dpc", NULL, "try a { rel a }", "\tAcquired = " TRY_QUEUE ";\n\tif (Acquired) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_STORED, NULL, NULL, "helper=fallible", "if ? { acq a; rel a }",
     "\tResult = TakeLock(Extension, &Extension->QueueLock, &QueueIrql);\n\tif (NT_SUCCESS(Result)) {\n",
     "\tif (NT_SUCCESS(TakeLock("},
	{RESULT_STORED, NULL, NULL, "helper=conditional branch=switch", "if ? { acq a; rel a }",
     "\tswitch (Acquired) {\n\tcase FALSE:\n", "\tswitch (TakeLock("},
	{RESULT_LATER, NULL, "dpc", NULL, "try a { rel a }",
     "\tAcquired = " TRY_QUEUE ";\n\t" WORK "\tif (Acquired) {\n", "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_TWICE, NULL, "dpc", NULL, "try a { rel a }",
     "\tAcquired = " TRY_QUEUE ";\n\tif (Acquired) {\n\t\t" WORK "\t}\n\tif (Acquired) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_NOT_NOT, NULL, "dpc", NULL, "try a { rel a }", "\tif (!!" TRY_QUEUE ") {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_NOT_NOT, NULL, NULL, "helper=fallible branch=inverted", "if ? { acq a; rel a } else { work }",
     "\tif (!(!!NT_SUCCESS(TakeLock(Extension, &Extension->QueueLock, &QueueIrql)))) {\n",
     "\tif (!NT_SUCCESS(TakeLock("},
	{RESULT_COMPARED, NULL, "dpc", NULL, "try a { rel a }", "\tif (" TRY_QUEUE " == TRUE) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_COMPARED, NULL, NULL, "helper=fallible", "if ? { acq a; rel a }",
     "QueueIrql) == STATUS_SUCCESS) {\n", "\tif (NT_SUCCESS("},
	{RESULT_TERNARY, NULL, "dpc", NULL, "try a { rel a }", "\tif ((" TRY_QUEUE " ? TRUE : FALSE)) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_TERNARY, NULL, NULL, "helper=conditional branch=inverted", "if ? { acq a; rel a } else { work }",
     "QueueIrql) ? FALSE : TRUE)) {\n", "\tif (!TakeLock("},
	{RESULT_ASSIGNED, NULL, "dpc", NULL, "try a { rel a }",
     "\tif ((Acquired = " TRY_QUEUE
     ") != FALSE) {\n\t\tInterlockedExchange(&Extension->LastTry, Acquired);\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_ASSIGNED, NULL, NULL, "helper=fallible branch=goto", "if ? { acq a; rel a }",
     "QueueIrql)) != STATUS_SUCCESS) {\n\t\tgoto Otherwise;\n\t}\n"
     "\tInterlockedExchange(&Extension->LastResult, Result);\n",
     "\tif (!NT_SUCCESS("},
	{RESULT_CAST, NULL, "dpc", NULL, "try a { rel a }", "\tif ((ULONG)" TRY_QUEUE " != 0) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_CAST, NULL, NULL, "helper=fallible", "if ? { acq a; rel a }", "QueueIrql) == 0) {\n",
     "\tif (NT_SUCCESS("},
	{RESULT_ENUMERATOR, NULL, "dpc", NULL, "try a { rel a }", "\tif (" TRY_QUEUE " == LockTaken) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_ENUMERATOR, NULL, NULL, "helper=fallible branch=goto", "if ? { acq a; rel a }",
     "QueueIrql) == LockDenied) {\n", "\tif (!NT_SUCCESS("},
	{RESULT_BLOCK, NULL, "dpc", "flag=counter", "p = try a; if p { rel a }",
     "\t\t\tAcquired ? 1 : 0;\n\t\t});\n", TRY_QUEUE " ? 1 : 0;\n"},
	{RESULT_BLOCK, NULL, "dpc", "flag=bit", "p = try a; if p { rel a }",
     "\t\t\tAcquired\n\t\t\t\t? Request.Flags | REQUEST_URGENT\n", TRY_QUEUE "\n\t\t? Request.Flags | "},
	{RESULT_BLOCK, NULL, "dpc", NULL, "try a { rel a }",
     "\tif (({\n\t\t\tBOOLEAN Acquired = " TRY_QUEUE ";\n\t\t\tAcquired;\n\t\t})) {\n",
     "\tif (" TRY_QUEUE ") {\n"},
	{RESULT_BLOCK, NULL, NULL, "helper=fallible", "if ? { acq a; rel a }",
     "QueueIrql);\n\t\t\tNT_SUCCESS(Result);\n\t\t})) {\n", "\tif (NT_SUCCESS("},
	{STOP_IN_PLACE, NULL, "dpc", NULL, "try a { work } else { stop }; rel a",
     "\t} else {\n\t\t" BUG_CHECK ";\n\t}\n", "StopDriver"},
	{STOP_ASSERT, NULL, "dpc", NULL, "try a { work } else { stop }; rel a",
     "\tDRIVER_REQUIRE(" TRY_QUEUE ");\n\t" WORK, "\t\t" BUG_CHECK ";\n"},
	{STOP_ASSERT, NULL, NULL, NULL, "acq a; if ? { stop } else { work }; rel a",
     "\tDRIVER_REQUIRE(READ_REGISTER_ULONG(Extension->StatusRegister) == 0);\n\t" WORK,
     "\t\t" BUG_CHECK ";\n"},
	{STOP_ASSERT, NULL, "dpc", "result=compared", "try a { work } else { stop }; rel a",
     "\tDRIVER_REQUIRE(" TRY_QUEUE " == TRUE);\n", "\t\t" BUG_CHECK ";\n"},
	{STOP_FUNCTION, NULL, NULL, NULL, "acq a; if ? { stop }; rel a", "\t\tStopDriver();\n\t}\n",
     "\t\t" BUG_CHECK ";\n"},
	{STOP_FUNCTION, NULL, NULL, NULL, "acq a; if ? { stop }; rel a",
     "static DECLSPEC_NORETURN VOID\nStopDriver(VOID)\n{\n\t" BUG_CHECK ";\n}\n", "\t\t" BUG_CHECK ";\n"},
	{STOP_UNMARKED, NULL, NULL, NULL, "acq a; if ? { stop }; rel a",
     "static VOID\nStopDriver(VOID)\n{\n\t" BUG_CHECK ";\n}\n", "\t\t" BUG_CHECK ";\n"},
	{STOP_UNMARKED, NULL, NULL, "branch=switch", "acq a; if ? { stop }; rel a",
     "\t\tStopDriver();\n\t\tbreak;\n", "\t\t" BUG_CHECK ";\n"},
	{STOP_UNMARKED, NULL, NULL, "flag=local", "acq a; if ? { p = 1 } else { stop }; if p { work }; rel a",
     "\tUrgent = Request.Urgent;\n", "\t\t" BUG_CHECK ";\n"},
	{STOP_TERNARY, NULL, "dpc", NULL, "try a { work } else { stop }; rel a",
     "\t(" TRY_QUEUE ")\n\t\t? (VOID)0\n\t\t: " BUG_CHECK ";\n\t" WORK, "\t} else {\n"},
	{STOP_TERNARY, NULL, NULL, NULL, "acq a; if p { stop }; rel a",
     "\t(!Request.Urgent)\n\t\t? (VOID)0\n\t\t: " BUG_CHECK ";\n", "\tif (Request.Urgent) {\n"},
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

#define READ_STATUS "READ_REGISTER_ULONG(Extension->StatusRegister) != 0"

/* How statements that set a flag, stop or go round are spelled, in role dpc. */
static const struct {
	enum shape_id id;
	const char *sequence, *text;
} stateful[] = {
	{FLAG_REQUEST, "p = 0", "\tBOOLEAN Urgent;\n"},
	{FLAG_REQUEST, "if p { acq a }; p = 0", "\tUrgent = Request.Urgent;\n"},
	{FLAG_REQUEST, "if ? { p = 0 }; if p { work }", "\tUrgent = Request.Urgent;\n"},
	{FLAG_REQUEST, "p = 0", "\tUrgent = FALSE;\n"},
	{FLAG_REQUEST, "p = 1", "\tUrgent = TRUE;\n"},
	{FLAG_REQUEST, "p = ?", "\tUrgent = " READ_STATUS ";\n"},
	{FLAG_REQUEST, "p = !p", "\tUrgent = !Urgent;\n"},
	{FLAG_REQUEST, "p = q", "\tUrgent = Request.Buffered;\n"},
	{FLAG_REQUEST, "p = try a", "\tUrgent = " TRY_QUEUE ";\n"},
	{RESULT_STORED, "p = try a", "\tAcquired = " TRY_QUEUE ";\n\tUrgent = Acquired;\n"},
	{RESULT_TWICE, "p = try a", "\tif (Acquired) {\n\t\t" WORK "\t}\n\tUrgent = Acquired;\n"},
	{RESULT_NOT_NOT, "p = try a", "\tUrgent = !!" TRY_QUEUE ";\n"},
	{RESULT_CAST, "p = try a", "\tUrgent = (ULONG)" TRY_QUEUE " != 0;\n"},
	{RESULT_TERNARY, "p = try a", "\tUrgent = (" TRY_QUEUE " ? TRUE : FALSE);\n"},
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
     "\tRequest.Urgent = Request.Buffered == OptionOn\n\t\t? OptionOn\n\t\t: OptionOff;\n"},
	{FLAG_MEMORY, "p = 1; if p { acq a }", "\tRequest.UrgentCopy = TRUE;\n"},
	{FLAG_STATUS, "p = 0; if p { acq a }", "\tUrgentStatus = STATUS_DEVICE_BUSY;\n"},
	{FLAG_STATUS, "p = try a; if p { rel a }",
     "\tUrgentStatus = " TRY_QUEUE "\n\t\t? STATUS_SUCCESS\n\t\t: STATUS_DEVICE_BUSY;\n"},
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

Test(spelling, what_sets_a_flag_stops_or_goes_round_is_spelled_as_pinned)
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

static struct shapes
spelling_shapes(const struct spelling *row)
{
	struct shapes shapes = parse_shapes(row->with);

	*choice_of(&shapes, row->id) = (unsigned char)row->id;
	return shapes;
}

Test(spelling, each_choice_is_spelled_as_pinned_and_its_default_is_spelled_otherwise)
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

Test(spelling, every_choice_keeps_each_event_exactly_once)
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
