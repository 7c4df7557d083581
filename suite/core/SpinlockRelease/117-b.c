/* Pair 117, b: rule SpinlockRelease, role dpc. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile Interrupts;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

KDEFERRED_ROUTINE TransferDpc;

_Function_class_(KDEFERRED_ROUTINE)
_Use_decl_annotations_
VOID
TransferDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
	PDEVICE_EXTENSION Extension = (PDEVICE_EXTENSION)DeferredContext;

	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(SystemArgument1);
	UNREFERENCED_PARAMETER(SystemArgument2);
	InterlockedIncrement(&Extension->Interrupts);
	if (KeTryToAcquireSpinLockAtDpcLevel(&Extension->QueueLock)) {
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
	}
}
