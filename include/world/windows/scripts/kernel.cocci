// What scripts for kernels look for, in our words: a function that gives a lock back somewhere, so that it means to, and on
// another path returns with it; and one that asks for a lock again that it has not given back. A function that never gives
// it back does so for its caller, and is left alone. One of the two is asked for at a time. Licence: 0BSD.
virtual twice, kept

// A lock that is given back on some path.
@both depends on kept exists@
expression L, E, F;
position b;
@@
(
  KeAcquireSpinLock@b(L, E)
|
  KeAcquireSpinLockAtDpcLevel@b(L)
|
  WdfSpinLockAcquire@b(L)
|
  KeAcquireInStackQueuedSpinLock@b(E, L)
)
  ... when any
(
  KeReleaseSpinLock(L, F)
|
  KeReleaseSpinLockFromDpcLevel(L)
|
  WdfSpinLockRelease(L)
|
  KeReleaseInStackQueuedSpinLock(L)
)

@leaves depends on kept exists@
expression L, E, F;
position both.b, p;
@@
(
  KeAcquireSpinLock@b@p(L, E)
|
  KeAcquireSpinLockAtDpcLevel@b@p(L)
|
  WdfSpinLockAcquire@b@p(L)
|
  KeAcquireInStackQueuedSpinLock@b@p(E, L)
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

@both_again depends on twice exists@
expression L, E, F;
position b;
@@
(
  KeAcquireSpinLock@b(L, E)
|
  KeAcquireSpinLockAtDpcLevel@b(L)
|
  WdfSpinLockAcquire@b(L)
|
  KeAcquireInStackQueuedSpinLock@b(E, L)
)
  ... when any
(
  KeReleaseSpinLock(L, F)
|
  KeReleaseSpinLockFromDpcLevel(L)
|
  WdfSpinLockRelease(L)
|
  KeReleaseInStackQueuedSpinLock(L)
)

@takes depends on twice exists@
expression L, E, F;
position both_again.b, p;
@@
(
  KeAcquireSpinLock@b(L, F)
|
  KeAcquireSpinLockAtDpcLevel@b(L)
|
  WdfSpinLockAcquire@b(L)
|
  KeAcquireInStackQueuedSpinLock@b(F, L)
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

// The same of the cancel lock, which no argument names.
@both_cancel depends on kept exists@
expression E, F;
position b;
@@
  IoAcquireCancelSpinLock@b(E)
  ... when any
  IoReleaseCancelSpinLock(F)

@leaves_cancel depends on kept exists@
expression E, F;
position both_cancel.b, p;
@@
  IoAcquireCancelSpinLock@b@p(E)
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

@both_cancel_again depends on twice exists@
expression E, F;
position b;
@@
  IoAcquireCancelSpinLock@b(E)
  ... when any
  IoReleaseCancelSpinLock(F)

@takes_cancel depends on twice exists@
expression E, F;
position both_cancel_again.b, p;
@@
  IoAcquireCancelSpinLock@b(F)
  ... when != IoReleaseCancelSpinLock(...)
  IoAcquireCancelSpinLock@p(E)

@depends on takes_cancel@
expression E;
position takes_cancel.p;
@@
- IoAcquireCancelSpinLock@p(E)
+ LOCK_TWICE(IoAcquireCancelSpinLock(E))

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
