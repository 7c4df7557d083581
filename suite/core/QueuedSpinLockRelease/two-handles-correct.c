/* two-handles, correct: rule QueuedSpinLockRelease, role dispatch.
 * A second queue handle makes no second lock: this is a double acquire, though no handle is used twice.
 * Sequence: acq a; work; rel a; acq a/b; work; rel a/b
 */
#include <ntddk.h>

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
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	RtlZeroMemory(&StateHandle, sizeof StateHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &QueueHandle);
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&QueueHandle);
	KeAcquireInStackQueuedSpinLock(&Extension->QueueLock, &StateHandle);
	Extension->Transfers += 1;
	KeReleaseInStackQueuedSpinLock(&StateHandle);
	return STATUS_PENDING;
}
