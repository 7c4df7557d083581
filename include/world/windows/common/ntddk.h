/* Stub of the WDM headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. The locks come from the world's locks.h. Licence: 0BSD. */
#ifndef LOCKDRILL_NTDDK_H
#define LOCKDRILL_NTDDK_H

#define LOCKDRILL_INLINE static inline
#define VOID void
#define FALSE 0
#define TRUE 1
#ifndef NULL
#define NULL ((void *)0)
#endif
#define _Use_decl_annotations_
#define _Dispatch_type_(type)
#define _When_(when, annotation)
#define _At_(where, annotation)
#define _Acquires_lock_(lock)
#define _Releases_lock_(lock)
#define _Post_same_lock_(one, other)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(irql)
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_saves_global_(kind, where)
#define _IRQL_restores_global_(kind, where)
#ifndef _Function_class_
#define _Function_class_(type)
#endif

typedef void *PVOID;
typedef char CHAR;
typedef unsigned char UCHAR, BOOLEAN;
typedef int LONG;
typedef unsigned int ULONG, *PULONG;
typedef unsigned long ULONG_PTR;
typedef unsigned long long ULONG64;
typedef int NTSTATUS;
typedef UCHAR KIRQL, *PKIRQL;

#define PASSIVE_LEVEL 0
#define DISPATCH_LEVEL 2
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_PENDING ((NTSTATUS)0x00000103)
#define STATUS_DEVICE_BUSY ((NTSTATUS)0x80000011)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000D)
#define STATUS_INVALID_DEVICE_REQUEST ((NTSTATUS)0xC0000010)
#define IO_NO_INCREMENT 0
#define POOL_FLAG_NON_PAGED 0x40ULL
#define FAST_FAIL_INVALID_ARG 5
#define MANUALLY_INITIATED_CRASH 0xE2
#define FILE_DEVICE_UNKNOWN 0x22
#define FILE_WRITE_ACCESS 2
#define METHOD_BUFFERED 0
#define CTL_CODE(device, function, method, access) \
	((ULONG)(((device) << 16) | ((access) << 14) | ((function) << 2) | (method)))

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink, *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _DEVICE_OBJECT {
	PVOID DeviceExtension;
} DEVICE_OBJECT, *PDEVICE_OBJECT;

typedef struct _IO_STACK_LOCATION {
	union {
		struct {
			ULONG OutputBufferLength, InputBufferLength, IoControlCode;
		} DeviceIoControl;
	} Parameters;
} IO_STACK_LOCATION, *PIO_STACK_LOCATION;

typedef struct _IRP {
	union {
		PVOID SystemBuffer;
	} AssociatedIrp;
	struct {
		NTSTATUS Status;
		ULONG_PTR Information;
	} IoStatus;
	KIRQL CancelIrql;
	union {
		struct {
			PVOID DriverContext[4]; /* the driver's, while it has the IRP */
			LIST_ENTRY ListEntry;
			PIO_STACK_LOCATION CurrentStackLocation;
		} Overlay;
	} Tail;
} IRP, *PIRP;

/* A cancel-safe queue of IRPs: each insertion, removal and cancellation takes the queue's own lock. */
typedef struct _IO_CSQ {
	PVOID ReservePointer;
} IO_CSQ, *PIO_CSQ;

typedef struct _IO_CSQ_IRP_CONTEXT {
	PIRP Irp;
} IO_CSQ_IRP_CONTEXT, *PIO_CSQ_IRP_CONTEXT;

typedef struct _KDPC {
	PVOID DeferredContext;
} KDPC, *PKDPC;

typedef NTSTATUS DRIVER_DISPATCH(PDEVICE_OBJECT DeviceObject, PIRP Irp);
typedef VOID DRIVER_CANCEL(PDEVICE_OBJECT DeviceObject, PIRP Irp);
typedef VOID KDEFERRED_ROUTINE(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1,
                               PVOID SystemArgument2);

#include "locks.h"

#if defined(__GNUC__) && !defined(__TINYC__) && !defined(__CHECKER__)
#define __fallthrough __attribute__((fallthrough))
#else
#define __fallthrough ((void)0)
#endif

/* The attribute of gcc and clang: with the variable's scope the function runs, and is given its address. */
#define SCOPE_CLEANUP(function) __attribute__((unused, cleanup(function)))

/* For compilers without structured exception handling: what leaves the block by __leave comes to what runs at its end.
 * One such block a function. */
#ifndef _MSC_VER
#define __try do
#define __leave goto TryLeft
#define __finally \
	while (0);    \
	TryLeft:
#endif

#ifndef NT_ASSERT
#define NT_ASSERT(expression) ((void)(expression))
#endif

/* A jump to the label by inline assembler, if the condition holds. Where bodies run, and for compilers without asm
 * goto, C does it. */
#if defined(__GNUC__) && !defined(LOCKDRILL_QUIET_CALLS_H)
#define ASM_BRANCH(condition, label) __asm__ goto("" : : "r"(condition) : : label)
#else
#define ASM_BRANCH(condition, label) \
	do {                             \
		if (condition)               \
			goto label;              \
	} while (0)
#endif

/* A world whose bodies run brings all of these in quiet_calls.h. */
#ifndef LOCKDRILL_QUIET_CALLS_H
/* at any IRQL */
LONG InterlockedIncrement(LONG volatile *Addend);
LONG InterlockedExchange(LONG volatile *Target, LONG Value);
LONG InterlockedExchangeAdd(LONG volatile *Addend, LONG Value);
VOID WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value);
VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry);
BOOLEAN RemoveEntryList(PLIST_ENTRY Entry);
BOOLEAN KeInsertQueueDpc(PKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2);
ULONG DbgPrint(const char *Format, ...);
VOID KeStallExecutionProcessor(ULONG MicroSeconds);
VOID YieldProcessor(VOID);
KIRQL KeGetCurrentIrql(VOID);
VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock);
__attribute__((noreturn)) VOID KeBugCheckEx(ULONG Code, ULONG_PTR One, ULONG_PTR Two, ULONG_PTR Three,
                                            ULONG_PTR Four);
__attribute__((noreturn)) VOID RtlFailFast(ULONG Code);
/* IRQL <= DISPATCH_LEVEL */
VOID IoCompleteRequest(PIRP Irp, CHAR PriorityBoost);
VOID IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context); /* marks the IRP pending */
PVOID ExAllocatePool2(ULONG64 Flags, ULONG_PTR NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Buffer, ULONG Tag);
#endif

#ifndef READ_REGISTER_ULONG
ULONG READ_REGISTER_ULONG(volatile ULONG *Register);
#endif

#ifndef RtlZeroMemory
#define RtlZeroMemory(destination, length) __builtin_memset((destination), 0, (length))
#endif

LOCKDRILL_INLINE PIO_STACK_LOCATION
IoGetCurrentIrpStackLocation(PIRP Irp)
{
	return Irp->Tail.Overlay.CurrentStackLocation;
}

#endif
