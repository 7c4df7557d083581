/* Pair 109, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _TRANSFER {
	LONG volatile PiecesLeft;
	KSPIN_LOCK QueueLock;
} TRANSFER;

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
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
	TRANSFER Transfer;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	Transfer.PiecesLeft = 1;
	KeInitializeSpinLock(&Transfer.QueueLock);
	KeAcquireSpinLock(&Transfer.QueueLock, &QueueIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return STATUS_PENDING;
	}
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Transfer.QueueLock, QueueIrql);
	return STATUS_PENDING;
}
