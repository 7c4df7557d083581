/* Pair 101, b: rule SpinLockRelease, role hw-start-io. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	KSPIN_LOCK StateLock;
	LONG volatile Transfers;
	LONG volatile Requests;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

HW_STARTIO HwStorStartIo;

_Function_class_(HW_STARTIO)
_Use_decl_annotations_
BOOLEAN
HwStorStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeviceExtension;
	KIRQL QueueIrql = DISPATCH_LEVEL;
	KIRQL StateIrql = DISPATCH_LEVEL;

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	KeReleaseSpinLock(&Extension->QueueLock, QueueIrql);
	KeAcquireSpinLock(&Extension->StateLock, &StateIrql);
	InterlockedIncrement(&Extension->Transfers);
	KeReleaseSpinLock(&Extension->StateLock, StateIrql);
	return TRUE;
}
