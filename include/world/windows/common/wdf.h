/* Stub of the KMDF headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. Every framework object carries one context. The published header wants ntddk.h before it, which
 * cases include. The locks come from the world's locks.h. Licence: 0BSD. */
#ifndef LOCKDRILL_WDF_H
#define LOCKDRILL_WDF_H

#include "ntddk.h"

typedef struct LOCKDRILL_OBJECT {
	PVOID Context;
	WDFSPINLOCK NewLocks; /* the next lock to create with this parent */
} * WDFOBJECT;
typedef struct LOCKDRILL_OBJECT *WDFDEVICE, *WDFQUEUE, *WDFREQUEST, *WDFTIMER;
typedef unsigned long size_t;

typedef struct _WDF_OBJECT_ATTRIBUTES {
	ULONG Size;
	WDFOBJECT ParentObject;
} WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;

typedef VOID EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL(WDFQUEUE Queue, WDFREQUEST Request,
                                                size_t OutputBufferLength,
                                                size_t InputBufferLength, ULONG IoControlCode);
typedef VOID EVT_WDF_TIMER(WDFTIMER Timer);

LOCKDRILL_INLINE VOID
WDF_OBJECT_ATTRIBUTES_INIT(PWDF_OBJECT_ATTRIBUTES Attributes)
{
	Attributes->Size = (ULONG)sizeof *Attributes;
	Attributes->ParentObject = NULL;
}

LOCKDRILL_INLINE WDFDEVICE
WdfIoQueueGetDevice(WDFQUEUE Queue)
{
	return Queue;
}

LOCKDRILL_INLINE WDFOBJECT
WdfTimerGetParentObject(WDFTIMER Timer)
{
	return Timer;
}

/* A world whose bodies run brings these; at IRQL <= DISPATCH_LEVEL. */
#ifndef LOCKDRILL_QUIET_CALLS_H
VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status);
NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, WDFSPINLOCK *SpinLock);
#endif

#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, function) \
	LOCKDRILL_INLINE type *function(WDFOBJECT Handle)         \
	{                                                      \
		return (type *)Handle->Context;                    \
	}

#endif
