/* same-flag, violating: rule SpinlockRelease, role dispatch.
 * What was acquired under a condition is released under the same condition, not under one that looks like it.
 * Sequence: if p { acq a }; work; if q { rel a }
 */
#include <ntddk.h>

typedef struct _REQUEST_CONTEXT {
	BOOLEAN Urgent;
	BOOLEAN Buffered;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP PendingIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	PREQUEST_CONTEXT Request = (PREQUEST_CONTEXT)Irp->AssociatedIrp.SystemBuffer;
	KIRQL QueueIrql = PASSIVE_LEVEL;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	if (Request->Urgent) {
		KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	}
	Extension->Transfers += 1;
	if (Request->Buffered) {
		KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	}
	return STATUS_PENDING;
}
