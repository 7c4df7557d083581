/* Stub of the WDM headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. The locks come from the world's locks.h. Licence: 0BSD. */
#ifndef LOCKDRILL_NTDDK_H
#define LOCKDRILL_NTDDK_H

/* Not every case uses every function. */
#define LOCKDRILL_INLINE static inline __attribute__((unused))
#define VOID void
#define FALSE 0
#define TRUE 1
#define _Use_decl_annotations_
#ifndef _Function_class_
#define _Function_class_(type)
#endif

typedef void *PVOID;
typedef unsigned char UCHAR, BOOLEAN;
typedef unsigned int ULONG, *PULONG;
typedef unsigned long ULONG_PTR;
typedef int NTSTATUS;
typedef UCHAR KIRQL, *PKIRQL;

#define PASSIVE_LEVEL 0
#define DISPATCH_LEVEL 2
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_PENDING ((NTSTATUS)0x00000103)
#define STATUS_DEVICE_BUSY ((NTSTATUS)0x80000011)

typedef enum _POOL_TYPE {
	NonPagedPool
} POOL_TYPE;

typedef struct _DEVICE_OBJECT {
	PVOID DeviceExtension;
} DEVICE_OBJECT, *PDEVICE_OBJECT;

typedef struct _IRP {
	union {
		PVOID SystemBuffer;
	} AssociatedIrp;
	BOOLEAN PendingReturned;
	BOOLEAN Cancel;
	KIRQL CancelIrql;
} IRP, *PIRP;

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

#ifndef NT_ASSERT
#define NT_ASSERT(expression) ((void)(expression))
#endif
/* A world that brings one of these brings all. */
#ifndef DbgPrint
ULONG DbgPrint(const char *Format, ...);
VOID KeStallExecutionProcessor(ULONG MicroSeconds);
VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock);
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, ULONG_PTR NumberOfBytes, ULONG Tag);
VOID ExFreePoolWithTag(PVOID Buffer, ULONG Tag);
__attribute__((noreturn)) VOID KeBugCheckEx(ULONG Code, ULONG_PTR One, ULONG_PTR Two, ULONG_PTR Three,
                                            ULONG_PTR Four);
#endif

#ifndef READ_REGISTER_ULONG
ULONG READ_REGISTER_ULONG(volatile ULONG *Register);
#endif

#ifndef RtlZeroMemory
#define RtlZeroMemory(destination, length) __builtin_memset((destination), 0, (length))
#endif

LOCKDRILL_INLINE VOID
IoMarkIrpPending(PIRP Irp)
{
	Irp->PendingReturned = TRUE;
}

#endif
