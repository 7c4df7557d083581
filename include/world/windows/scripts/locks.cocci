// Locks along the paths of one function: what is wrong is put into LOCK_TWICE(), LOCK_BACK() or LOCK_KEPT(), on the line
// where it stands, so that the lines of the output tell. Two locks are one where the texts of their arguments are.
// Conditions are not looked at. One of the three is asked for at a time. Licence: 0BSD.
virtual twice, back, kept

// An acquire is reached by a path from one of the same lock without a release.
@takes depends on twice exists@
expression L, E, F;
position p;
@@
(
  KeAcquireSpinLock(L, F)
|
  KeAcquireSpinLockAtDpcLevel(L)
|
  WdfSpinLockAcquire(L)
|
  KeAcquireInStackQueuedSpinLock(F, L)
)
  ... when != KeReleaseSpinLock(L, ...)
      when != KeReleaseSpinLockFromDpcLevel(L)
      when != WdfSpinLockRelease(L)
      when != KeReleaseInStackQueuedSpinLock(L)
(
  KeAcquireSpinLock@p(L, E)
|
  KeAcquireSpinLockAtDpcLevel@p(L)
|
  WdfSpinLockAcquire@p(L)
|
  KeAcquireInStackQueuedSpinLock@p(E, L)
)

@depends on takes@
expression L, E;
position takes.p;
@@
(
- KeAcquireSpinLock@p(L, E)
+ LOCK_TWICE(KeAcquireSpinLock(L, E))
|
- KeAcquireSpinLockAtDpcLevel@p(L)
+ LOCK_TWICE(KeAcquireSpinLockAtDpcLevel(L))
|
- WdfSpinLockAcquire@p(L)
+ LOCK_TWICE(WdfSpinLockAcquire(L))
|
- KeAcquireInStackQueuedSpinLock@p(E, L)
+ LOCK_TWICE(KeAcquireInStackQueuedSpinLock(E, L))
)

// A release is reached by a path from one of the same lock without an acquire.
@gives depends on back exists@
expression L, E, F;
position p;
@@
(
  KeReleaseSpinLock(L, F)
|
  KeReleaseSpinLockFromDpcLevel(L)
|
  WdfSpinLockRelease(L)
|
  KeReleaseInStackQueuedSpinLock(L)
)
  ... when != KeAcquireSpinLock(L, ...)
      when != KeAcquireSpinLockAtDpcLevel(L)
      when != WdfSpinLockAcquire(L)
      when != KeAcquireInStackQueuedSpinLock(E, L)
      when != KeTryToAcquireSpinLockAtDpcLevel(L)
      when != KeAcquireSpinLockRaiseToDpc(L)
(
  KeReleaseSpinLock@p(L, E)
|
  KeReleaseSpinLockFromDpcLevel@p(L)
|
  WdfSpinLockRelease@p(L)
|
  KeReleaseInStackQueuedSpinLock@p(L)
)

@depends on gives@
expression L, E;
position gives.p;
@@
(
- KeReleaseSpinLock@p(L, E)
+ LOCK_BACK(KeReleaseSpinLock(L, E))
|
- KeReleaseSpinLockFromDpcLevel@p(L)
+ LOCK_BACK(KeReleaseSpinLockFromDpcLevel(L))
|
- WdfSpinLockRelease@p(L)
+ LOCK_BACK(WdfSpinLockRelease(L))
|
- KeReleaseInStackQueuedSpinLock@p(L)
+ LOCK_BACK(KeReleaseInStackQueuedSpinLock(L))
)

// A return is reached with a lock that the function took: the acquire is marked, for a return may have no line.
@leaves depends on kept exists@
expression L, E, F;
position p;
@@
(
  KeAcquireSpinLock@p(L, E)
|
  KeAcquireSpinLockAtDpcLevel@p(L)
|
  WdfSpinLockAcquire@p(L)
|
  KeAcquireInStackQueuedSpinLock@p(E, L)
)
  ... when != KeReleaseSpinLock(L, ...)
      when != KeReleaseSpinLockFromDpcLevel(L)
      when != WdfSpinLockRelease(L)
      when != KeReleaseInStackQueuedSpinLock(L)
(
  return F;
|
  return;
)

@depends on leaves@
expression L, E;
position leaves.p;
@@
(
- KeAcquireSpinLock@p(L, E)
+ LOCK_KEPT(KeAcquireSpinLock(L, E))
|
- KeAcquireSpinLockAtDpcLevel@p(L)
+ LOCK_KEPT(KeAcquireSpinLockAtDpcLevel(L))
|
- WdfSpinLockAcquire@p(L)
+ LOCK_KEPT(WdfSpinLockAcquire(L))
|
- KeAcquireInStackQueuedSpinLock@p(E, L)
+ LOCK_KEPT(KeAcquireInStackQueuedSpinLock(E, L))
)

// The same of the cancel lock, which no argument names.
@takes_cancel depends on twice exists@
expression E, F;
position p;
@@
  IoAcquireCancelSpinLock(F)
  ... when != IoReleaseCancelSpinLock(...)
  IoAcquireCancelSpinLock@p(E)

@depends on takes_cancel@
expression E;
position takes_cancel.p;
@@
- IoAcquireCancelSpinLock@p(E)
+ LOCK_TWICE(IoAcquireCancelSpinLock(E))

@gives_cancel depends on back exists@
expression E, F;
position p;
@@
  IoReleaseCancelSpinLock(F)
  ... when != IoAcquireCancelSpinLock(...)
  IoReleaseCancelSpinLock@p(E)

@depends on gives_cancel@
expression E;
position gives_cancel.p;
@@
- IoReleaseCancelSpinLock@p(E)
+ LOCK_BACK(IoReleaseCancelSpinLock(E))

@leaves_cancel depends on kept exists@
expression E, F;
position p;
@@
  IoAcquireCancelSpinLock@p(E)
  ... when != IoReleaseCancelSpinLock(...)
(
  return F;
|
  return;
)

@depends on leaves_cancel@
expression E;
position leaves_cancel.p;
@@
- IoAcquireCancelSpinLock@p(E)
+ LOCK_KEPT(IoAcquireCancelSpinLock(E))

// So that there is always an output: a file without one of these was not read.
@@
expression L, E;
@@
(
- KeReleaseSpinLock(L, E)
+ LOCK_SEEN(KeReleaseSpinLock(L, E))
|
- KeReleaseSpinLockFromDpcLevel(L)
+ LOCK_SEEN(KeReleaseSpinLockFromDpcLevel(L))
|
- WdfSpinLockRelease(L)
+ LOCK_SEEN(WdfSpinLockRelease(L))
|
- KeReleaseInStackQueuedSpinLock(L)
+ LOCK_SEEN(KeReleaseInStackQueuedSpinLock(L))
|
- IoReleaseCancelSpinLock(E)
+ LOCK_SEEN(IoReleaseCancelSpinLock(E))
)
