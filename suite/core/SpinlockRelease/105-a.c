/* Pair 105, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

#define LOCK_BASE 1

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[5];
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
	KIRQL StateIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireSpinLock(&Extension->LockTable[LOCK_BASE + 1], &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->LockTable[2 + LOCK_BASE], StateIrql);
	KeAcquireSpinLock(&Extension->LockTable[LOCK_BASE + 2], &StateIrql);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeReleaseSpinLock(&Extension->LockTable[2 + LOCK_BASE], StateIrql);
	return STATUS_PENDING;
}
