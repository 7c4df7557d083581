/* cancel-flag, correct: rule CancelSpinlockRelease, role cancel.
 * Released early for some requests, it must be released late for the others only.
 * Sequence: if p { rel a }; work; if !p { rel a }
 * Shapes: flag=bit
 */
#include <ntddk.h>

#define REQUEST_URGENT 0x01

typedef struct _REQUEST_CONTEXT {
	ULONG Flags;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

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
	PREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Irp->AssociatedIrp.SystemBuffer;
	KIRQL OldIrql = Irp->CancelIrql;

	Extension->CancelledIrp = Irp;
	if ((Request->Flags & REQUEST_URGENT) != 0) {
		IoReleaseCancelSpinLock(OldIrql);
	}
	Extension->Transfers += 1;
	if ((Request->Flags & REQUEST_URGENT) == 0) {
		IoReleaseCancelSpinLock(OldIrql);
	}
}
