/* Pair 092, b: rule SpinLockRelease, role hw-start-io. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	PULONG StatusRegister;
	LONG volatile Requests;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_STARTIO HwStorStartIo;

_Acquires_lock_(*Lock)
_At_(*OldIrql, _IRQL_saves_)
_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID
AcquireLock(PKSPIN_LOCK Lock, PKIRQL OldIrql)
{
	KeAcquireSpinLock(Lock, OldIrql);
}

static VOID (*AcquireLockRoutine)(PKSPIN_LOCK, PKIRQL) = AcquireLock;

_Releases_lock_(*Lock)
_IRQL_requires_(DISPATCH_LEVEL)
static VOID
ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)
{
	KeReleaseSpinLock(Lock, OldIrql);
}

static VOID (*ReleaseLockRoutine)(PKSPIN_LOCK, KIRQL) = ReleaseLock;

_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
	AcquireLockRoutine(&Extension->QueueLock, &QueueIrql);
	if (StorPortReadRegisterUlong(Extension, Extension->StatusRegister) != 0) {
		ReleaseLockRoutine(&Extension->QueueLock, QueueIrql);
		return TRUE;
	}
	ReleaseLockRoutine(&Extension->QueueLock, QueueIrql);
	return TRUE;
}
