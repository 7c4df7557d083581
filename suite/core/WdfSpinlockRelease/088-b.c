/* Pair 088, b: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK LockTable[3];
	LONG volatile Transfers;
	LONG volatile Ticks;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

_Releases_lock_(Context->LockTable[Index])
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseLock(PDEVICE_CONTEXT Context, ULONG Index)
{
	WdfSpinLockRelease(Context->LockTable[Index]);
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));

	InterlockedIncrement(&Context->Ticks);
	WdfSpinLockAcquire(Context->LockTable[0]);
	WdfSpinLockAcquire(Context->LockTable[1]);
	WdfSpinLockAcquire(Context->LockTable[2]);
	InterlockedIncrement(&Context->Transfers);
	ReleaseLock(Context, 2);
	ReleaseLock(Context, 0);
}
