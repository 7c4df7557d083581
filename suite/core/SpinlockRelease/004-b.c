/* Pair 004, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
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
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeStallExecutionProcessor(1);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeStallExecutionProcessor(1);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeStallExecutionProcessor(1);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	KeStallExecutionProcessor(1);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	return STATUS_PENDING;
}
