/* Pair 134, b: rule QueuedSpinLockRelease, role dispatch. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	LONG volatile Transfers;
	PULONG StatusRegister;
	IO_CSQ PendingQueue; /* of IRPs that a DPC completes */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH DispatchDeviceControl;

typedef struct _LOCK_SCOPE {
	PKLOCK_QUEUE_HANDLE Handle;
} LOCK_SCOPE, *PLOCK_SCOPE;

_Releases_lock_(*Scope->Handle)
_IRQL_restores_global_(QueuedSpinLock, Scope->Handle)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseAtExit(PLOCK_SCOPE Scope)
{
	KeReleaseInStackQueuedSpinLock(Scope->Handle);
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
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return STATUS_PENDING;
	}
	SCOPE_CLEANUP(ReleaseAtExit) LOCK_SCOPE Held = {&LockHandle};
	if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
		return STATUS_PENDING;
	}
	InterlockedIncrement(&Extension->Transfers);
	return STATUS_PENDING;
}
