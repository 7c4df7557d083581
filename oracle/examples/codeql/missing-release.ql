/**
 * @name Spin lock not released
 * @description The routine returns on a path on which it still holds a lock.
 * @kind problem
 * @problem.severity error
 * @precision medium
 * @id cpp/lockdrill/missing-release
 * @tags correctness
 *       concurrency
 */

import locks

/** Holds if the routine may end with the lock held since `from`. A function is the node at its own end. */
predicate leaks(Routine routine, ControlFlowNode from, Lock lock) {
  heldAt(from, lock, routine) and
  (from = routine or from.getControlFlowScope() = routine)
}

from Routine routine, ControlFlowNode from, Lock lock
where leaks(routine, from, lock)
select from, "The routine $@ may return without releasing " + lock.toString() + ".", routine,
  routine.getName()
