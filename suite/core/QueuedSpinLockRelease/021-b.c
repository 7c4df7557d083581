/* Pair 021, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef enum _LOCK_CHANGE {
	LockAcquire,
	LockRelease
} LOCK_CHANGE;

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

_When_(Change == LockAcquire, _Acquires_lock_(*Handle))
_When_(Change == LockAcquire, _Post_same_lock_(*Lock, *Handle))
_When_(Change == LockAcquire, _IRQL_saves_global_(QueuedSpinLock, Handle))
_When_(Change == LockAcquire, _IRQL_raises_(DISPATCH_LEVEL))
_When_(Change == LockRelease, _Releases_lock_(*Handle))
_When_(Change == LockRelease, _IRQL_restores_global_(QueuedSpinLock, Handle))
_When_(Change == LockAcquire, _IRQL_requires_max_(DISPATCH_LEVEL))
_When_(Change == LockRelease, _IRQL_requires_(DISPATCH_LEVEL))
static VOID
ChangeLock(PKSPIN_LOCK Lock, PKLOCK_QUEUE_HANDLE Handle, LOCK_CHANGE Change)
{
	if (Change == LockAcquire) {
		KeAcquireInStackQueuedSpinLock(Lock, Handle);
	} else {
		KeReleaseInStackQueuedSpinLock(Handle);
	}
}

_Function_class_(DRIVER_DISPATCH)
_Use_decl_annotations_
NTSTATUS
DispatchDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
	KLOCK_QUEUE_HANDLE LockHandle;

	IoCsqInsertIrp(&Extension->PendingQueue, Irp, NULL);
	RtlZeroMemory(&LockHandle, sizeof LockHandle);
	ChangeLock(&Extension->QueueLock, &LockHandle, LockAcquire);
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		ChangeLock(&Extension->QueueLock, &LockHandle, LockRelease);
		return STATUS_PENDING;
	}
	InterlockedIncrement(&Extension->Transfers);
	ChangeLock(&Extension->QueueLock, &LockHandle, LockRelease);
	return STATUS_PENDING;
}
