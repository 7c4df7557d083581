/* Pair 011, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

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
	KIRQL QueueIrql = PASSIVE_LEVEL;
	PKSPIN_LOCK QueuePointer = &Extension->QueueLock;
	PKSPIN_LOCK QueueAlias = &Extension->QueueLock;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireSpinLock(QueuePointer, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeAcquireSpinLock(QueueAlias, &QueueIrql);
	KeReleaseSpinLock(QueueAlias, QueueIrql);
	return STATUS_PENDING;
}
