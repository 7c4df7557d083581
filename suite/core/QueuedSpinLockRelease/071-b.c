/* Pair 071, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK LockTable[3];
	LONG volatile Transfers;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_Acquires_lock_(*Handle)
_Post_same_lock_(Extension->LockTable[Index], *Handle)
_IRQL_saves_global_(QueuedSpinLock, Handle)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
AcquireLock(PDEVICE_EXTENSION Extension, ULONG Index, PKLOCK_QUEUE_HANDLE Handle)
{
	KeAcquireInStackQueuedSpinLock(&Extension->LockTable[Index], Handle);
}

_Releases_lock_(*Handle)
_IRQL_restores_global_(QueuedSpinLock, Handle)
_IRQL_requires_(DISPATCH_LEVEL)
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
	KLOCK_QUEUE_HANDLE LockHandle;
	KLOCK_QUEUE_HANDLE SecondHandle;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	RtlZeroMemory(&SecondHandle, sizeof SecondHandle);
	AcquireLock(Extension, QueueIndex, &LockHandle);
	AcquireLock(Extension, StateIndex, &SecondHandle);
	InterlockedIncrement(&Extension->Transfers);
	ReleaseLock(&SecondHandle);
	ReleaseLock(&LockHandle);
	return STATUS_PENDING;
}
