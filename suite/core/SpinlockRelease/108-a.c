/* Pair 108, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _LOCK_SET {
	PKSPIN_LOCK QueuePointer;
} LOCK_SET;

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
	LOCK_SET Set;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	Set.QueuePointer = &Extension->QueueLock;
	KeStallExecutionProcessor(1);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeStallExecutionProcessor(1);
	KeReleaseSpinLock(Set.QueuePointer, QueueIrql);
	KeStallExecutionProcessor(1);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeStallExecutionProcessor(1);
	KeReleaseSpinLock(Set.QueuePointer, QueueIrql);
	return STATUS_PENDING;
}
