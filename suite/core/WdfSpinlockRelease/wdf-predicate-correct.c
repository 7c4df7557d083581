/* wdf-predicate, correct: rule WdfSpinlockRelease, role evt-timer.
 * Two locks, one function that says which, and a release for one of them only.
 * Sequence: if p { acq a } else { acq b }; work; if p { rel a } else { rel b }
 * Shapes: flag=predicate
 */
#include <wdf.h>

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	WDFSPINLOCK StateLock;
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

static BOOLEAN
IsUrgent(PREQUEST_CONTEXT Fields)
{
	return Fields->Urgent;
}

_Function_class_(EVT_WDF_TIMER)
_Use_decl_annotations_
VOID
EvtTimerFunc(WDFTIMER Timer)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfTimerGetParentObject(Timer));
	PREQUEST_CONTEXT Fields = (PREQUEST_CONTEXT)Context->CurrentRequest;

	Context->Ticks += 1;
	if (IsUrgent(Fields)) {
		WdfSpinLockAcquire(Context->QueueLock);
	} else {
		WdfSpinLockAcquire(Context->StateLock);
	}
	Context->Transfers += 1;
	if (IsUrgent(Fields)) {
		WdfSpinLockRelease(Context->QueueLock);
	} else {
		WdfSpinLockRelease(Context->StateLock);
	}
}
