/* Pair 106, b: rule WdfSpinlockRelease, role evt-io-device-control. */
#include <ntddk.h>
#include <wdf.h>

#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK LockTable[3];
	LONG volatile Transfers;
	LONG volatile Requests;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)

EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;

static WDFSPINLOCK
LockAt(PDEVICE_CONTEXT Context, ULONG Index)
{
	return Context->LockTable[Index];
}

_Function_class_(EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL)
_Use_decl_annotations_
VOID
EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength,
	size_t InputBufferLength, ULONG IoControlCode)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfIoQueueGetDevice(Queue));

	UNREFERENCED_PARAMETER(OutputBufferLength);
	UNREFERENCED_PARAMETER(InputBufferLength);
	if (IoControlCode != IOCTL_START) {
		WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
		return;
	}
	InterlockedIncrement(&Context->Requests);
	WdfRequestComplete(Request, STATUS_SUCCESS);
	WdfSpinLockAcquire(LockAt(Context, 0));
	WdfSpinLockAcquire(LockAt(Context, 1));
	InterlockedIncrement(&Context->Transfers);
	WdfSpinLockRelease(LockAt(Context, 1));
	WdfSpinLockRelease(LockAt(Context, 0));
}
