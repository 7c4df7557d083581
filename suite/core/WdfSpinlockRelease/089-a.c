/* Pair 089, a: rule WdfSpinlockRelease, role evt-timer. */
#include <ntddk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	LONG volatile Ready;
	PULONG StatusRegister;
	PULONG ErrorRegister;
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
	if (READ_REGISTER_ULONG(Context->StatusRegister) == 0 ||
	    READ_REGISTER_ULONG(Context->ErrorRegister) == 0) {
		InterlockedIncrement(&Context->Transfers);
	} else {
		InterlockedExchangeAdd(&Context->BytesMoved, 512);
		WdfSpinLockRelease(Context->QueueLock);
	}
	InterlockedExchange(&Context->Ready, 1);
}
