/**
 * The lock calls of the five rules, which lock each is about, and on which paths of a function a lock is held or
 * free. Control flow of one function: conditions are not followed, and what helpers do is not seen.
 */

import cpp
import semmle.code.cpp.valuenumbering.HashCons

/** A function that acquires the lock that its argument `lock` names; -1: the cancel spin lock, which none names. */
private predicate acquires(string name, int lock) {
  name =
    [
      "KeAcquireSpinLock", "KeAcquireSpinLockRaiseToDpc", "KeAcquireSpinLockAtDpcLevel",
      "KeTryToAcquireSpinLockAtDpcLevel", "WdfSpinLockAcquire"
    ] and
  lock = 0
  or
  name = "KeAcquireInStackQueuedSpinLock" and lock = 1
  or
  name = "IoAcquireCancelSpinLock" and lock = -1
}

/** A function that releases it. A queued spin lock is named by its queue handle, here and where it is acquired. */
private predicate releases(string name, int lock) {
  name =
    [
      "KeReleaseSpinLock", "KeReleaseSpinLockFromDpcLevel", "WdfSpinLockRelease",
      "KeReleaseInStackQueuedSpinLock"
    ] and
  lock = 0
  or
  name = "IoReleaseCancelSpinLock" and lock = -1
}

/** A call that acquires or releases a lock. */
class LockCall extends FunctionCall {
  int lock;
  boolean takes;

  LockCall() {
    acquires(this.getTarget().getName(), lock) and takes = true
    or
    releases(this.getTarget().getName(), lock) and takes = false
  }

  predicate isAcquire() { takes = true }

  predicate isRelease() { takes = false }

  /** Holds if what is acquired may be busy, so that the result tells whether it was acquired. */
  predicate isTry() { this.getTarget().getName() = "KeTryToAcquireSpinLockAtDpcLevel" }

  Lock getLock() {
    lock = -1 and result = TCancelSpinLock()
    or
    lock >= 0 and result = TNamedLock(hashCons(this.getArgument(lock)))
  }

  /** Gets a node that follows the call when it has acquired or released. */
  ControlFlowNode getADone() {
    if this.isTry() then result = this.getATrueSuccessor() else result = this.getASuccessor()
  }
}

private newtype TLock =
  TCancelSpinLock() or
  TNamedLock(HashCons name) {
    exists(FunctionCall call, int lock |
      (acquires(call.getTarget().getName(), lock) or releases(call.getTarget().getName(), lock)) and
      name = hashCons(call.getArgument(lock))
    )
  }

/** A lock: the cancel spin lock, or what an expression of that structure names. */
class Lock extends TLock {
  string toString() {
    this = TCancelSpinLock() and result = "the cancel spin lock"
    or
    exists(HashCons name |
      this = TNamedLock(name) and result = min(Expr e | e = name.getAnExpr() | e.toString())
    )
  }
}

/**
 * A routine that the system calls: one that has a body and that nothing here calls. What a helper acquires for its
 * caller is no defect of the helper.
 */
class Routine extends Function {
  Routine() {
    exists(this.getEntryPoint()) and
    not exists(FunctionCall call | call.getTarget() = this) and
    exists(LockCall call | call.getEnclosingFunction() = this)
  }

  /** Holds if the system enters the routine with the lock held: the cancel spin lock, in a cancel routine. */
  predicate isEnteredWith(Lock lock) {
    lock = TCancelSpinLock() and
    exists(FunctionDeclarationEntry entry |
      entry = this.getADeclarationEntry() and
      entry.getTypedefType().getName() = "DRIVER_CANCEL"
    )
  }
}

/** Holds if `node` may be reached with the lock held since `from`: an acquire, or the routine where it is entered so. */
predicate heldAt(ControlFlowNode from, Lock lock, ControlFlowNode node) {
  exists(LockCall acquire |
    from = acquire and acquire.isAcquire() and lock = acquire.getLock() and node = acquire.getADone()
  )
  or
  exists(Routine routine |
    from = routine and routine.isEnteredWith(lock) and node = routine.getEntryPoint()
  )
  or
  exists(ControlFlowNode before |
    heldAt(from, lock, before) and
    not exists(LockCall call | call = before and call.getLock() = lock and not call.isTry()) and
    node = before.getASuccessor()
  )
}

/** Holds if `node` may be reached with the lock free, from the routine's entry or from behind a release. */
predicate freeAt(Routine routine, Lock lock, ControlFlowNode node) {
  exists(LockCall call | call.getEnclosingFunction() = routine and lock = call.getLock()) and
  (
    node = routine.getEntryPoint() and not routine.isEnteredWith(lock)
    or
    exists(LockCall release |
      release.getEnclosingFunction() = routine and
      release.isRelease() and
      lock = release.getLock() and
      node = release.getADone()
    )
    or
    exists(ControlFlowNode before |
      freeAt(routine, lock, before) and
      not before.(LockCall).getLock() = lock and
      node = before.getASuccessor()
    )
    or
    exists(LockCall try |
      freeAt(routine, lock, try) and
      try.isTry() and
      lock = try.getLock() and
      node = try.getAFalseSuccessor()
    )
  )
}
