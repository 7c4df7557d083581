/* Pair 057, b: rule CancelSpinlockRelease, role cancel. */
#include <ntddk.h>

#define REQUEST_URGENT 0x01

typedef struct _REQUEST_CONTEXT {
	ULONG Flags;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
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
	REQUEST_CONTEXT Request = *(PREQUEST_CONTEXT)Irp->Tail.Overlay.DriverContext[0];
	KIRQL OldIrql = Irp->CancelIrql;

	RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
	InsertTailList(&Extension->CancelledIrps, &Irp->Tail.Overlay.ListEntry);
	KeInsertQueueDpc(&Extension->CancelDpc, NULL, NULL);
	if ((Request.Flags & REQUEST_URGENT) != 0) {
		IoReleaseCancelSpinLock(OldIrql);
	}
	InterlockedIncrement(&Extension->Transfers);
	IoReleaseCancelSpinLock(OldIrql);
}
