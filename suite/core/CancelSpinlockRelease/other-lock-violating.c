/* other-lock, violating: rule CancelSpinlockRelease, role dispatch.
 * The other lock is released on every way out; that does not release this one.
 * Sequence: acq a; work; if ? { return }; rel a
 * Shapes: saved=extension noise=outer-lock
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
	KIRQL OldIrql;
	KSPIN_LOCK StatisticsLock;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OuterIrql = PASSIVE_LEVEL;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	KeAcquireSpinLock(&Extension->StatisticsLock, &OuterIrql);
	IoAcquireCancelSpinLock(&Extension->OldIrql);
	InterlockedIncrement(&Extension->Transfers);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		KeReleaseSpinLock(&Extension->StatisticsLock, OuterIrql);
		return STATUS_PENDING;
	}
	IoReleaseCancelSpinLock(Extension->OldIrql);
	KeReleaseSpinLock(&Extension->StatisticsLock, OuterIrql);
	return STATUS_PENDING;
}
