/* Pair 039, b: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	LONG volatile Transfers;
	PULONG QueueRegister;
	LONG volatile Ticks;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

_When_(return != 0, _Acquires_lock_(Lock))
_When_(return != 0, _IRQL_raises_(DISPATCH_LEVEL))
_IRQL_requires_max_(DISPATCH_LEVEL)
static BOOLEAN
TakeLock(PDEVICE_CONTEXT Context, WDFSPINLOCK Lock)
{
	if (READ_REGISTER_ULONG(Context->QueueRegister) != 0) {
		WdfSpinLockAcquire(Lock);
		return TRUE;
	}
	return FALSE;
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));

	InterlockedIncrement(&Context->Ticks);
	if ((ULONG)TakeLock(Context, Context->QueueLock) != 0) {
		InterlockedIncrement(&Context->Transfers);
		WdfSpinLockRelease(Context->QueueLock);
		WdfSpinLockRelease(Context->QueueLock);
	}
}
