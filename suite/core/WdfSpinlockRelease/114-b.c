/* Pair 114, b: rule WdfSpinlockRelease, role evt-io-device-control. */
#include <ntddk.h>
#include <wdf.h>

#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_CONTEXT {
	WDFSPINLOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile Requests;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, DeviceGetContext)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST_CONTEXT, RequestGetContext)

EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;

_Function_class_(EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL)
_Use_decl_annotations_
VOID
EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputBufferLength,
	size_t InputBufferLength, ULONG IoControlCode)
{
	PDEVICE_CONTEXT Context = DeviceGetContext(WdfIoQueueGetDevice(Queue));
	REQUEST_CONTEXT Fields = *RequestGetContext(Request);
	BOOLEAN Buffered;

	UNREFERENCED_PARAMETER(OutputBufferLength);
	UNREFERENCED_PARAMETER(InputBufferLength);
	if (IoControlCode != IOCTL_START) {
		WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
		return;
	}
	InterlockedIncrement(&Context->Requests);
	WdfRequestComplete(Request, STATUS_SUCCESS);
	Buffered = !Fields.Urgent;
	if (Fields.Urgent) {
		WdfSpinLockAcquire(Context->QueueLock);
	}
	InterlockedIncrement(&Context->Transfers);
	if (!Buffered) {
		WdfSpinLockRelease(Context->QueueLock);
	}
}
