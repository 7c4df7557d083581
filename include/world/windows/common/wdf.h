/* Stub of the KMDF headers: the names, signatures and role types that lockdrill's cases use, in our own
 * declarations. Every framework object carries one context. The published header wants ntddk.h before it, which
 * cases include. The locks come from the world's locks.h. Licence: 0BSD. */
#ifndef LOCKDRILL_WDF_H
#define LOCKDRILL_WDF_H

#include "ntddk.h"

typedef struct LOCKDRILL_OBJECT {
	PVOID Context;
} * WDFOBJECT;
typedef struct LOCKDRILL_OBJECT *WDFDEVICE, *WDFQUEUE, *WDFREQUEST, *WDFTIMER;
typedef unsigned long size_t;

typedef VOID EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL(WDFQUEUE Queue, WDFREQUEST Request,
                                                size_t OutputBufferLength,
                                                size_t InputBufferLength, ULONG IoControlCode);
typedef VOID EVT_WDF_TIMER(WDFTIMER Timer);

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

#ifndef LOCKDRILL_QUIET_CALLS_H
VOID WdfRequestComplete(WDFREQUEST Request, NTSTATUS Status); /* IRQL <= DISPATCH_LEVEL */
#endif

#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, function) \
	LOCKDRILL_INLINE type *function(WDFOBJECT Handle)         \
	{                                                      \
		return (type *)Handle->Context;                    \
	}

#endif
