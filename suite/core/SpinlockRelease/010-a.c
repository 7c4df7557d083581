/* Pair 010, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _LOCK_BLOCK {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
} LOCK_BLOCK, *PLOCK_BLOCK;

typedef struct _DEVICE_EXTENSION {
	LOCK_BLOCK Locks;
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

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireSpinLock(&Extension->Locks.QueueLock, &QueueIrql);
	KeAcquireSpinLock(&Extension->Locks.StateLock, &StateIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->Locks.StateLock, StateIrql);
	KeReleaseSpinLock(&Extension->Locks.StateLock, StateIrql);
	return STATUS_PENDING;
}
