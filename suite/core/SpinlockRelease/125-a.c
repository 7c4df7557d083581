/* Pair 125, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG QueueRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_When_(return != 0, _Acquires_lock_(*Lock))
_When_(return != 0, _At_(*OldIrql, _IRQL_saves_))
_When_(return != 0, _IRQL_raises_(DISPATCH_LEVEL))
_IRQL_requires_max_(DISPATCH_LEVEL)
static BOOLEAN
TakeLock(PDEVICE_EXTENSION Extension, PKSPIN_LOCK Lock, PKIRQL OldIrql)
{
	if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		KeAcquireSpinLock(Lock, OldIrql);
		return TRUE;
	}
	return FALSE;
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	if (TakeLock(Extension, &Extension->QueueLock, &QueueIrql) != 0) {
		InterlockedIncrement(&Extension->Transfers);
	} else {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
