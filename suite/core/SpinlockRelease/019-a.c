/* Pair 019, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
	LONG volatile Transfers;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Acquires_lock_(*Lock)
_At_(*OldIrql, _IRQL_saves_)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
AcquireLock(PKSPIN_LOCK Lock, PKIRQL OldIrql);

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	AcquireLock(&Extension->LockTable[0], &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	return STATUS_PENDING;
}

_Acquires_lock_(*Lock)
_At_(*OldIrql, _IRQL_saves_)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
AcquireLock(PKSPIN_LOCK Lock, PKIRQL OldIrql)
{
	KeAcquireSpinLock(Lock, OldIrql);
}
