/* Pair 042, a: rule SpinlockRelease, role dpc. */
#include <ntddk.h>

typedef struct _DEVICE_EXTENSION {
	KSPIN_LOCK QueueLock;
	LONG volatile Transfers;
	LONG volatile BytesMoved;
	LONG volatile Interrupts;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

#define DRIVER_REQUIRE(condition) \
	((condition) ? (VOID)0 : KeBugCheckEx(MANUALLY_INITIATED_CRASH, 0, 0, 0, 0))

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
	DRIVER_REQUIRE(KeTryToAcquireSpinLockAtDpcLevel(&Extension->QueueLock));
	InterlockedIncrement(&Extension->Transfers);
	InterlockedExchangeAdd(&Extension->BytesMoved, 512);
	KeReleaseSpinLockFromDpcLevel(&Extension->QueueLock);
}
