/* Pair 020, a: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_When_(Acquire, _Acquires_lock_(*Lock))
_When_(Acquire, _At_(*OldIrql, _IRQL_saves_))
_When_(Acquire, _IRQL_raises_(DISPATCH_LEVEL))
_When_(!Acquire, _Releases_lock_(*Lock))
_When_(!Acquire, _At_(*OldIrql, _IRQL_restores_))
_When_(Acquire, _IRQL_requires_max_(DISPATCH_LEVEL))
_When_(!Acquire, _IRQL_requires_(DISPATCH_LEVEL))
static VOID
ChangeLock(PKSPIN_LOCK Lock, PKIRQL OldIrql, BOOLEAN Acquire)
{
	if (Acquire) {
		KeAcquireSpinLock(Lock, OldIrql);
	} else {
		KeReleaseSpinLock(Lock, *OldIrql);
	}
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	ChangeLock(&Extension->QueueLock, &QueueIrql, TRUE);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		ChangeLock(&Extension->QueueLock, &QueueIrql, FALSE);
		return STATUS_PENDING;
	}
	InterlockedIncrement(&Extension->Transfers);
	ChangeLock(&Extension->QueueLock, &QueueIrql, TRUE);
	ChangeLock(&Extension->QueueLock, &QueueIrql, FALSE);
	return STATUS_PENDING;
}
