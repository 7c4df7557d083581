/* cancel-releases-twice, correct: rule CancelSpinlockRelease, role cancel.
 * The helper released first thing, and nothing at its second call says that the lock is free already.
 * Sequence: rel a; if ? { work }; work
 * Shapes: helper=release argument=extension
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP CancelledIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_CANCEL CancelRequest;

static VOID
ReleaseCancel(PDEVICE_EXTENSION Extension, KIRQL OldIrql)
{
	Extension->Transfers += 1;
	IoReleaseCancelSpinLock(OldIrql);
}

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OldIrql = Irp->CancelIrql;

	Extension->CancelledIrp = Irp;
	ReleaseCancel(Extension, OldIrql);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		Extension->Transfers += 1;
	}
	Extension->Transfers += 1;
}
