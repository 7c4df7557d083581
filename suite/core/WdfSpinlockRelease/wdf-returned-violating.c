/* wdf-returned, violating: rule WdfSpinlockRelease, role evt-timer.
 * The acquire goes through a lock that a function returned, and both releases name that same lock.
 * Sequence: acq a; work; rel a; rel a
 * Shapes: alias=returned-pointer
 */
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PVOID CurrentRequest;
	ULONG Ticks;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_TIMER EvtTimerFunc;

static WDFSPINLOCK
FindQueueLock(PDEVICE_CONTEXT Context)
{
	Context->Transfers += 1;
	return Context->QueueLock;
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));
	WDFSPINLOCK QueuePointer = FindQueueLock(Context);

	Context->Ticks += 1;
	WdfSpinLockAcquire(QueuePointer);
	Context->Transfers += 1;
	WdfSpinLockRelease(Context->QueueLock);
	WdfSpinLockRelease(Context->QueueLock);
}
