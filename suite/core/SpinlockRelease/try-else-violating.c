/* try-else, violating: rule SpinlockRelease, role dpc.
 * In the other branch the try has failed, and there is nothing to release.
 * Sequence: try a { work; rel a } else { work; rel a }
 * Shapes: place=heap
 */
#include <ntddk.h>

typedef struct _LOCK_BLOCK {
	KSPIN_LOCK QueueLock;
} LOCK_BLOCK, *PLOCK_BLOCK;

typedef struct _DEVICE_EXTENSION {
	PLOCK_BLOCK Block;
	PULONG StatusRegister;
	PULONG QueueRegister;
	ULONG Interrupts;
	ULONG Transfers;
	ULONG Rounds;
	NTSTATUS LastStatus;
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
	Extension->Interrupts += 1;
	if (KeTryToAcquireSpinLockAtDpcLevel(&Extension->Block->QueueLock)) {
		Extension->Transfers += 1;
		KeReleaseSpinLockFromDpcLevel(&Extension->Block->QueueLock);
	} else {
		Extension->Transfers += 1;
		KeReleaseSpinLockFromDpcLevel(&Extension->Block->QueueLock);
	}
}
