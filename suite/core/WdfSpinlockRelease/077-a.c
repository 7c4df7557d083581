/* Pair 077, a: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile Ticks;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));

	InterlockedIncrement(&Context->Ticks);
	WdfSpinLockAcquire(Context->QueueLock);
	InterlockedIncrement(&Context->Transfers);
}
