/* Pair 064, b: rule CancelSpinlockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Acquires_lock_(_Global_cancel_spin_lock_)
_At_(*OldIrql, _IRQL_saves_)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
AcquireCancel(PKIRQL OldIrql)
{
	IoAcquireCancelSpinLock(OldIrql);
}

_Acquires_lock_(_Global_cancel_spin_lock_)
_At_(*OldIrql, _IRQL_saves_)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
EnterCancel(PKIRQL OldIrql)
{
	AcquireCancel(OldIrql);
}

_Releases_lock_(_Global_cancel_spin_lock_)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseCancel(_IRQL_restores_ KIRQL OldIrql)
{
	IoReleaseCancelSpinLock(OldIrql);
}

_Releases_lock_(_Global_cancel_spin_lock_)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
LeaveCancel(_IRQL_restores_ KIRQL OldIrql)
{
	ReleaseCancel(OldIrql);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OldIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	EnterCancel(&OldIrql);
	InterlockedIncrement(&Extension->Transfers);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		EnterCancel(&OldIrql);
		LeaveCancel(OldIrql);
	}
	return STATUS_PENDING;
}
