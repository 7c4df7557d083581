/* Pair 090, a: rule SpinLockRelease, role hw-start-io. */
#include <ntddk.h>
#include <storport.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
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

	InterlockedIncrement(&Extension->Requests);
	Srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, Extension, Srb);
	KeAcquireSpinLock(&Extension->QueueLock, &QueueIrql);
	InterlockedIncrement(&Extension->Transfers);
	return TRUE;
}
