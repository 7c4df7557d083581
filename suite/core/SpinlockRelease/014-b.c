/* Pair 014, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

#define IOCTL_START CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
	REQUEST_CONTEXT Request;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_START ||
	    Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof Request) {
		Irp->IoStatus.Status = STATUS_INVALID_PARAMETER;
		Irp->IoStatus.Information = 0;
		IoCompleteRequest(Irp, IO_NO_INCREMENT);
		return STATUS_INVALID_PARAMETER;
	}
	Request = *(PREQUEST_CONTEXT)Irp->AssociatedIrp.SystemBuffer;
	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	if (Request.Urgent) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	InterlockedIncrement(&Extension->Transfers);
	if (Request.Urgent) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
