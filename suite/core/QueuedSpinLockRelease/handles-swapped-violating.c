/* handles-swapped, violating: rule QueuedSpinLockRelease, role dispatch.
 * A release names no lock, only a queue handle: with the handles swapped it gives back what was not taken.
 * Sequence: acq a; work; rel b; acq b; work; rel a
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
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
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	RtlZeroMemory(&StateHandle, sizeof StateHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&StateHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->StateLock, &StateHandle);
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&QueueHandle);
	return STATUS_PENDING;
}
