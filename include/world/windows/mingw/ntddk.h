/* What cases need of ntddk.h and the mingw-w64 DDK has elsewhere, or not at all. Licence: 0BSD. */
#ifndef LOCKDRILL_MINGW_NTDDK_H
#define LOCKDRILL_MINGW_NTDDK_H

#include_next <ntddk.h>
#include <csq.h>

#ifndef _IRQL_saves_global_
#define _IRQL_saves_global_(kind, where)
#define _IRQL_restores_global_(kind, where)
#endif

#ifndef _Dispatch_type_
#define _Dispatch_type_(type)
#endif

#define SCOPE_CLEANUP(function) __attribute__((unused, cleanup(function)))

/* For a target without structured exception handling: one such block a function. */
#ifndef _MSC_VER
#define __try do
#define __leave goto TryLeft
#define __finally \
	while (0);    \
	TryLeft:
#endif

#ifndef ASM_BRANCH
#define ASM_BRANCH(condition, label) __asm__ goto("" : : "r"(condition) : : label)
#endif

/* The role types of a cancel-safe queue's callbacks, of which csq.h has the pointers. */
typedef VOID NTAPI IO_CSQ_INSERT_IRP(PIO_CSQ Csq, PIRP Irp);
typedef VOID NTAPI IO_CSQ_REMOVE_IRP(PIO_CSQ Csq, PIRP Irp);
typedef PIRP NTAPI IO_CSQ_PEEK_NEXT_IRP(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext);
typedef VOID NTAPI IO_CSQ_ACQUIRE_LOCK(PIO_CSQ Csq, PKIRQL Irql);
typedef VOID NTAPI IO_CSQ_RELEASE_LOCK(PIO_CSQ Csq, KIRQL Irql);
typedef VOID NTAPI IO_CSQ_COMPLETE_CANCELED_IRP(PIO_CSQ Csq, PIRP Irp);

/* A spin lock of readers and writers, as drivers have it since Windows Vista. */
typedef LONG EX_SPIN_LOCK, *PEX_SPIN_LOCK;
KIRQL NTAPI ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock);
VOID NTAPI ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql);

#ifndef MANUALLY_INITIATED_CRASH
#define MANUALLY_INITIATED_CRASH 0xE2
#endif

#ifndef POOL_FLAG_NON_PAGED
#define POOL_FLAG_NON_PAGED 0x40ULL
PVOID NTAPI ExAllocatePool2(ULONG64 Flags, SIZE_T NumberOfBytes, ULONG Tag);
#endif

#endif
