#include <ntddk.h>

_Releases_lock_(*Lock)
_IRQL_requires_(DISPATCH_LEVEL)
VOID
ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql);

_Releases_lock_(*Lock)
_IRQL_requires_(DISPATCH_LEVEL)
VOID
ReleaseLock(PKSPIN_LOCK Lock, _IRQL_restores_ KIRQL OldIrql)
{
	KeReleaseSpinLock(Lock, OldIrql);
}
