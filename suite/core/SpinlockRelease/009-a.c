/* Pair 009, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Releases_lock_(*Lock)
_IRQL_requires_(DISPATCH_LEVEL)
static inline VOID
ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)
{
	KeReleaseSpinLock(Lock, OldIrql);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		ReleaseLock(&Extension->QueueLock, QueueIrql);
	}
	InterlockedIncrement(&Extension->Transfers);
	ReleaseLock(&Extension->QueueLock, QueueIrql);
	return STATUS_PENDING;
}
