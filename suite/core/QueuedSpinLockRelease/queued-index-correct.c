/* queued-index, correct: rule QueuedSpinLockRelease, role dispatch.
 * The helper takes an index, and the lock is whatever element it names: two taken, one given back.
 * Sequence: acq a; acq b; work; rel b; rel a
 * Shapes: place=array-index helper=both argument=index
 */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
	PULONG StatusRegister;
	PULONG QueueRegister;
	PIRP PendingIrp;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_DISPATCH DispatchDeviceControl;

static VOID
AcquireLock(PDEVICE_EXTENSION Extension, ULONG Index, PKLOCK_QUEUE_HANDLE Handle)
{
	KeAcquireInStackQueuedSpinLock(&Extension->LockTable[Index], Handle);
}

static VOID
ReleaseLock(PKLOCK_QUEUE_HANDLE Handle)
{
	KeReleaseInStackQueuedSpinLock(Handle);
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	ULONG QueueIndex = 0;
	ULONG StateIndex = 1;
	KLOCK_QUEUE_HANDLE QueueHandle;
	KLOCK_QUEUE_HANDLE StateHandle;

	IoMarkIrpPending(Irp);
	Extension->PendingIrp = Irp;
	RtlZeroMemory(&QueueHandle, sizeof QueueHandle);
	RtlZeroMemory(&StateHandle, sizeof StateHandle);
	AcquireLock(Extension, QueueIndex, &QueueHandle);
	AcquireLock(Extension, StateIndex, &StateHandle);
	Extension->Transfers += 1;
	ReleaseLock(&StateHandle);
	ReleaseLock(&QueueHandle);
	return STATUS_PENDING;
}
