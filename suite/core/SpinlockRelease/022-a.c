/* Pair 022, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Requires_lock_not_held_(*Lock)
_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_requires_same_
static VOID
RunWithLock(PDEVICE_EXTENSION Extension, PKSPIN_LOCK Lock)
{
	KIRQL QueueIrql = PASSIVE_LEVEL;

	KeAcquireSpinLock(Lock, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(Lock, QueueIrql);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	RunWithLock(Extension, &Extension->QueueLock);
	return STATUS_PENDING;
}
