/* wdf-or, correct: rule WdfSpinlockRelease, role evt-timer.
 * Without its acquire the release runs on a lock that is free.
 * Sequence: if ? { if ? { acq a; work; rel a } }; work
 * Shapes: branch=or
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

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));

	Context->Ticks += 1;
	if (READ_REGISTER_ULONG(Context->StatusRegister) == 0 ||
	    READ_REGISTER_ULONG(Context->StatusRegister) == 0) {
		Context->Transfers += 1;
	} else {
		WdfSpinLockAcquire(Context->QueueLock);
		Context->Transfers += 1;
		WdfSpinLockRelease(Context->QueueLock);
	}
	Context->Transfers += 1;
}
