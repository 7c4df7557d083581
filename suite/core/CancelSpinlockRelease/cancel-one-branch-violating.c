/* cancel-one-branch, violating: rule CancelSpinlockRelease, role cancel.
 * Each branch releases for itself, and one does not.
 * Sequence: if ? { work; rel a } else { work }
 * Shapes: branch=switch
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

_Function_class_(DRIVER_CANCEL)
_Use_decl_annotations_
VOID
CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KIRQL OldIrql = Irp->CancelIrql;

	Extension->CancelledIrp = Irp;
	switch (READ_REGISTER_ULONG(Extension->StatusRegister)) {
	case 0:
		Extension->Transfers += 1;
		break;
	default:
		Extension->Transfers += 1;
		IoReleaseCancelSpinLock(OldIrql);
		break;
	}
}
