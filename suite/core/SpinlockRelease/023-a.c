/* Pair 023, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Requires_lock_held_(*Lock)
_IRQL_requires_(DISPATCH_LEVEL)
_IRQL_requires_same_
static VOID
RunWithoutLock(PDEVICE_EXTENSION Extension, PKSPIN_LOCK Lock, PKIRQL OldIrql)
{
	KeReleaseSpinLock(Lock, *OldIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeAcquireSpinLock(Lock, OldIrql);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	RunWithoutLock(Extension, &Extension->QueueLock, &QueueIrql);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	return STATUS_PENDING;
}
