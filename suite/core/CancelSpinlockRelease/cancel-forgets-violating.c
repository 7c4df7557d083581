/* cancel-forgets, violating: rule CancelSpinlockRelease, role cancel.
 * A cancel routine is entered with the cancel spin lock held, and has to release a lock that it never
 * acquired.
 * Sequence: work
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

	Extension->CancelledIrp = Irp;
	Extension->Transfers += 1;
}
