/* Pair 086, a: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
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
	for (;;) {
		if (READ_REGISTER_ULONG(Context->QueueRegister) != 0) {
			WdfSpinLockAcquire(Context->QueueLock);
			if (READ_REGISTER_ULONG(Context->StatusRegister) != 0) {
				return;
			}
			WdfSpinLockRelease(Context->QueueLock);
			continue;
		}
		break;
	}
}
