/* Pair 133, b: rule SpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

typedef struct _LOCK_SCOPE {
	PKSPIN_LOCK Lock;
	PKIRQL OldIrql;
} LOCK_SCOPE, *PLOCK_SCOPE;

_Releases_lock_(*Scope->Lock)
_At_(*Scope->OldIrql, _IRQL_restores_)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseAtExit(PLOCK_SCOPE Scope)
{
	KeReleaseSpinLock(Scope->Lock, *Scope->OldIrql);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return STATUS_PENDING;
	}
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	SCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = {&Extension->QueueLock, &QueueIrql};
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
		return STATUS_PENDING;
	}
	InterlockedIncrement(&Extension->Transfers);
	return STATUS_PENDING;
}
