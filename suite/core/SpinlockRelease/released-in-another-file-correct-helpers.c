#include <ntddk.h>

VOID
ReleaseLock(PKSPIN_LOCK Lock, KIRQL OldIrql);

VOID
ReleaseLock(PKSPIN_LOCK Lock, KIRQL OldIrql)
{
	KeReleaseSpinLock(Lock, OldIrql);
}
