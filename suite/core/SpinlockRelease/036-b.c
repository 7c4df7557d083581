/* Pair 036, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	PULONG QueueRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_When_(return == STATUS_SUCCESS, _Acquires_lock_(*Lock))
_When_(return == STATUS_SUCCESS, _At_(*OldIrql, _IRQL_saves_))
_When_(return == STATUS_SUCCESS, _IRQL_raises_(DISPATCH_LEVEL))
_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS
TakeLock(PDEVICE_EXTENSION Extension, PKSPIN_LOCK Lock, PKIRQL OldIrql)
{
	if (READ_REGISTER_ULONG(Extension->QueueRegister) != 0) {
		KeAcquireSpinLock(Lock, OldIrql);
		return STATUS_SUCCESS;
	}
	return STATUS_DEVICE_BUSY;
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	if (TakeLock(Extension, &Extension->QueueLock, &QueueIrql) == STATUS_SUCCESS) {
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	} else {
		InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	}
	return STATUS_PENDING;
}
