/* Pair 102, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
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
	KIRQL QueueIrql = PASSIVE_LEVEL;
	KIRQL StateIrql = PASSIVE_LEVEL;
	PKSPIN_LOCK LockPointer;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	LockPointer = &Extension->QueueLock;
	KeAcquireSpinLock(LockPointer, &QueueIrql);
	LockPointer = &Extension->StateLock;
	KeAcquireSpinLock(LockPointer, &StateIrql);
	InterlockedIncrement(&Extension->Transfers);
	LockPointer = &Extension->StateLock;
	KeReleaseSpinLock(LockPointer, StateIrql);
	LockPointer = &Extension->QueueLock;
	KeReleaseSpinLock(LockPointer, QueueIrql);
	return STATUS_PENDING;
}
