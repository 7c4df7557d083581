/* Pair 031, b: rule SpinlockRelease, role dpc. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	PULONG StatusRegister;
	LONG volatile Interrupts;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

KDEFERRED_ROUTINE TransferDpc;

_When_(return != 0, _Acquires_lock_(*Lock))
_IRQL_requires_(DISPATCH_LEVEL)
static BOOLEAN
TakeLock(PKSPIN_LOCK Lock)
{
	if (KeTryToAcquireSpinLockAtDpcLevel(Lock)) {
		return TRUE;
	}
	return FALSE;
}

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
	if (TakeLock(&Extension->QueueLock)) {
		if (READ_REGISTER_ULONG(Extension->StatusRegister) != 0) {
			return;
		}
		InterlockedIncrement(&Extension->Transfers);
		KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
	} else {
		InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	}
}
