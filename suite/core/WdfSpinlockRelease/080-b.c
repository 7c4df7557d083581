/* Pair 080, b: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile LockUses;
	LONG volatile Ticks;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

static WDFSPINLOCK
FindQueueLock(PDEVICE_CONTEXT Context)
{
	InterlockedIncrement(&Context->LockUses);
	return Context->QueueLock;
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));
	WDFSPINLOCK QueuePointer = FindQueueLock(Context);

	InterlockedIncrement(&Context->Ticks);
	WdfSpinLockAcquire(QueuePointer);
	InterlockedIncrement(&Context->Transfers);
	WdfSpinLockRelease(Context->QueueLock);
}
