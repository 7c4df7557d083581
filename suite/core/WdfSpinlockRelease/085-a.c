/* Pair 085, a: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _TIMER_SETTINGS {
	BOOLEAN Urgent;
} TIMER_SETTINGS, *PTIMER_SETTINGS;

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	WDFSPINLOCK StateLock;
	LONG volatile Transfers;
	TIMER_SETTINGS Settings; /* set before the timer starts */
	LONG volatile Ticks;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

static BOOLEAN
IsUrgent(PTIMER_SETTINGS Settings)
{
	return Settings->Urgent;
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));
	TIMER_SETTINGS Settings = Context->Settings;

	InterlockedIncrement(&Context->Ticks);
	if (IsUrgent(&Settings)) {
		WdfSpinLockAcquire(Context->QueueLock);
	} else {
		WdfSpinLockAcquire(Context->StateLock);
	}
	InterlockedIncrement(&Context->Transfers);
	if (IsUrgent(&Settings)) {
		WdfSpinLockRelease(Context->QueueLock);
	}
}
