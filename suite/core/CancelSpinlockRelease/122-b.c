/* Pair 122, b: rule CancelSpinlockRelease, role cancel. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
	LIST_ENTRY CancelledIrps; /* guarded by the cancel spin lock */
	KDPC CancelDpc; /* completes them */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	BOOLEAN Urgent;
	KIRQL OldIrql = Irp->CancelIrql;

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
	Urgent = TRUE;
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		IoReleaseCancelSpinLock(OldIrql);
		Urgent = FALSE;
	}
	InterlockedIncrement(&Extension->Transfers);
	if (Urgent) {
		IoReleaseCancelSpinLock(OldIrql);
	}
}
